//! Every queue and bound of the drivers: its size, what happens when it is full, and the counter that tells.
//!
//! Starting values; a measurement may change any of them. Limits of parsers are in `kernel::limits`.

use std::time::Duration;

// SIP sockets.

/// Datagrams read but not handled yet. Full: the newest is dropped, `sip_datagrams_dropped_total{why="queue"}`.
pub const SIP_DATAGRAMS: usize = 4096;
/// Datagrams read from one socket before the others get their turn.
pub const SIP_READ_BATCH: usize = 256;
/// Inputs handled before sockets are read again, so that a burst is taken out of the kernel first.
pub const SIP_HANDLE_BATCH: usize = 64;
/// Kernel buffer of a SIP socket, in bytes. Full: the kernel drops, `sip_datagrams_dropped_total{why="kernel"}`.
pub const SIP_SOCKET_BUFFER: usize = 8 << 20;
/// Orders waiting for the endpoint. Full: the sender waits.
pub const SIP_COMMANDS: usize = 1024;
/// Reports waiting for their owner. Full: sockets are not read until it empties, `sip_events_waiting_total`.
pub const SIP_EVENTS: usize = 4096;
/// Chunks of streams waiting for the endpoint. Full: the reading of streams waits (TCP slows the sender).
pub const SIP_STREAM_CHUNKS: usize = 1024;
/// Largest chunk taken from a stream at once, in bytes.
pub const SIP_STREAM_CHUNK: usize = 8 << 10;
/// Streams open at once. Full: a new one is closed at once, `sip_streams_refused_total`.
pub const SIP_STREAMS: usize = 8192;
/// Streams open at once from one address. Full: as above.
pub const SIP_STREAMS_PER_PEER: usize = 4096;
/// Messages waiting to be written to one stream. Full: the stream is closed, `sip_streams_slow_total`.
pub const SIP_STREAM_WRITES: usize = 256;
/// A stream that got no answer from us this long after it was opened carries no SIP (slow-loris): closed.
pub const SIP_STREAM_UNANSWERED: Duration = Duration::from_secs(32);
/// A stream without a byte in either direction this long is closed; longer than the longest registration.
pub const SIP_STREAM_IDLE: Duration = Duration::from_secs(2 * 3600);
/// One write that takes longer belongs to a dead peer: closed.
pub const SIP_STREAM_WRITE: Duration = Duration::from_secs(20);
/// How long opening a stream may take: less than timer B (RFC 3261 section 17.1.1.2), so that the failure is known first.
pub const SIP_STREAM_CONNECT: Duration = Duration::from_secs(10);
/// Questions to the name system under way at once. Full: they wait, and are given up in time.
pub const SIP_NAME_QUESTIONS: usize = 64;
/// How long a question to the name system may take: with it a caller still hears something before they give up.
pub const SIP_NAME_ANSWER: Duration = Duration::from_secs(5);
/// How long the TLS handshake of a SIP stream may take.
pub const SIP_TLS_HANDSHAKE: Duration = Duration::from_secs(10);
/// How often a WebSocket that carries SIP is asked whether its page is still there (RFC 7118 section 6).
pub const SIP_WEB_PING: Duration = Duration::from_secs(25);
/// A WebSocket from which nothing came this long, not even an answer to our ping, is closed.
pub const SIP_WEB_SILENT: Duration = Duration::from_secs(80);
/// New bans that are not in the record yet. Full: the ban holds, and a restart forgets it, `sip_bans_not_kept_total`.
pub const SIP_BANS: usize = 4096;
/// How often bans that are over are taken out of the record.
pub const SIP_BANS_SWEEP: Duration = Duration::from_secs(3600);
/// Peers whose route is remembered. Full: forgotten all at once.
pub const SIP_ROUTES: usize = 4096;

// Transcription.

/// Conversations whose words wait for somebody who writes them down. Full: the next start does.
pub const LEFT_CONVERSATIONS: usize = 4096;

// Pages.

/// Connections of pages and API open at once. Full: a new one is closed at once, `http_connections_refused_total`.
pub const HTTP_CONNECTIONS: usize = 8192;
/// The same from one address; a proxy in front makes everybody one address. Full: as above.
pub const HTTP_CONNECTIONS_PER_PEER: usize = 4096;
/// How long a TLS handshake may take.
pub const HTTP_TLS_HANDSHAKE: Duration = Duration::from_secs(10);
/// How long the head of a request may take, and how long a connection may rest between two requests.
pub const HTTP_HEAD: Duration = Duration::from_secs(30);
/// Largest head of a request, in bytes.
pub const HTTP_HEAD_BYTES: usize = 64 << 10;
/// How long a request under way may take when the process stops; less than `STOPPING`.
pub const HTTP_FAREWELL: Duration = Duration::from_secs(2);
/// How often certificate files are looked at for newer ones.
pub const CERTIFICATE_LOOK: Duration = Duration::from_secs(60);

// Media shards.

/// Orders waiting for one shard. Full: the sender waits.
pub const MEDIA_COMMANDS: usize = 256;
/// Orders handled between two looks at the sockets, so that a burst of calls does not delay the tick.
pub const MEDIA_COMMAND_BATCH: usize = 32;
/// Reports of one shard that their owners had no room for yet. Full: the oldest is lost, `media_events_lost_total`.
pub const MEDIA_EVENTS: usize = 4096;
/// Legs of one shard. Full: opening fails.
pub const MEDIA_LEGS: usize = 4096;
/// Ready sockets taken at once.
pub const MEDIA_READY: usize = 512;
/// Datagrams read from one shared browser socket per wake.
pub const MEDIA_READ_BATCH: usize = 128;
/// Kernel buffer of the shared browser socket, in bytes.
pub const MEDIA_SOCKET_BUFFER: usize = 4 << 20;
/// Ticks made up for after the thread was kept from running. More are skipped, `media_ticks_skipped_total`.
pub const MEDIA_LATE_TICKS: u64 = 10;
/// How long a released pair of ports rests, so that late packets of the old call do not reach a new one.
pub const MEDIA_PORT_REST: Duration = Duration::from_secs(5);
/// Pairs of ports tried when others hold them, before opening fails.
pub const MEDIA_PORT_TRIES: usize = 64;

// Browsers.

/// A browser that sent nothing genuine this long is lost. It checks consent every 2.5 s (RFC 7675 asks for 5 s).
pub const BROWSER_SILENCE: Duration = Duration::from_secs(6);
/// How long ICE and DTLS may take after the answer.
pub const BROWSER_CONNECT: Duration = Duration::from_secs(20);
/// Addresses that one browser may send from at once (its candidates).
pub const BROWSER_ADDRESSES: usize = 16;
/// Pages that one page is shown to at once: a conference and its supervisors. Full: whoever comes last sees nothing.
pub const VIDEO_VIEWERS: usize = 16;
/// How often a shard wakes while it has pages with pictures: their sending is measured in steps of 5 ms.
pub const VIDEO_WAKE: Duration = Duration::from_millis(5);
/// Largest offer, in bytes: one with video from a browser has about 8 kB.
pub const BROWSER_OFFER: usize = 64 << 10;

// Interactions, router, record.

/// News waiting for one interaction. Full: the sender waits (the router's news waits in a backlog, in order).
pub const INTERACTION_INBOX: usize = 128;
/// News of the router that found an inbox full. Full: it is lost, `interaction_news_lost_total`: an interaction that takes in
/// nothing of this much hangs.
pub const INTERACTION_BACKLOG: usize = 1024;
/// What the router wants kept. Full: the router waits.
pub const ROUTER_KEEPS: usize = 4096;
/// How often some of the pictures of agents and queues that changed are shown while the router is busy; all are when it is not.
pub const ROUTER_SHOWS: Duration = Duration::from_millis(15);
/// How often what agents hold is compared with what lives.
pub const ROUTER_RECONCILES: Duration = Duration::from_secs(30);
/// News waiting for the router. Full: the sender waits.
pub const ROUTER_INBOX: usize = 1024;
/// Batches waiting for the record. Full: the sender waits.
pub const RECORDER_INBOX: usize = 1024;
/// Batches committed in one transaction at most.
pub const RECORDER_GROUP: usize = 128;
/// Live news kept for pages that lag. Full: a page resumes from the record.
pub const LIVE_NEWS: usize = 4096;

// The studio.

/// Texts spoken and recordings decoded at once for people who work on flows. Full: refused, to be tried again.
pub const STUDIO_SOUNDS: usize = 2;

// Flows.

/// Requests to outside servers at once. Full: the flow goes its `failed` way.
pub const ERRANDS: usize = 64;
/// Largest answer of an outside server, in bytes.
pub const ERRAND_BYTES: usize = 64 << 10;
/// Texts that are being spoken at once: each is a process that takes a core for some 50 ms.
pub const VOICES: usize = 2;
/// Texts that are being spoken or wait for it. Full: the fixed prompt is heard, `texts_not_spoken_total`.
pub const VOICES_WAITING: usize = 16;
/// Spoken texts kept in memory: some 100 kB each.
pub const VOICES_KEPT: usize = 256;
/// Recordings that begin and are not taken up yet. Full: nothing is recorded, and the record says so.
pub const TAPES: usize = 64;
/// Frames of 20 ms between a leg and the writer: 5 s. Full: the newest is lost, `tape_frames_lost_total`.
pub const TAPE_FRAMES: usize = 250;
/// Longest recording, in seconds; the rest is not kept.
pub const TAPE_SECONDS: u64 = 900;
/// Wishes to be called back that are not taken up yet. Full: the wish is lost, and the log says so.
pub const CALLBACKS: usize = 256;

/// How long news of tickets is waited for before voicemails are counted for the lamps of phones.
pub const LAMPS_LOOK: Duration = Duration::from_secs(1);

/// How often the legs of a call are asked how they are heard.
pub const QUALITY_EVERY: Duration = Duration::from_secs(2);

// Recordings.

/// Threads that mix, encode and write recordings.
pub const RECORDING_THREADS: usize = 2;
/// Recordings waiting to begin on one thread. Full: a call is not recorded, and says so in its record.
pub const RECORDING_JOBS: usize = 256;
/// Frames of 20 ms of one recording on their way to its thread: two seconds of two legs. Full: the frame becomes silence,
/// `recording_frames_lost_total`.
pub const RECORDING_FRAMES: usize = 200;

/// How often recordings older than they are kept are looked for.
pub const RECORDING_SWEEP: Duration = Duration::from_secs(3600);

// The end of the process.

/// How long calls may go on after TERM.
pub const DRAINING: Duration = Duration::from_secs(3600);
/// How long the last steps may take.
pub const STOPPING: Duration = Duration::from_secs(5);

/// How often overdue tickets are looked for: people react in minutes.
pub const ESCALATION_EVERY: std::time::Duration = std::time::Duration::from_secs(10);

/// How long a text that is not in service can be called.
pub const TEST_NUMBER: Duration = Duration::from_secs(600);
/// Texts that are not in service and can be called. One more: the oldest gives way.
pub const TEST_NUMBERS: usize = 16;

/// How often the floor is looked at for what is out of bounds: a wait grows by seconds.
pub const ALERTS_EVERY: Duration = Duration::from_secs(5);
/// News of alerts that wait for their webhook; beyond it the oldest is dropped (`alerts_dropped_total`).
pub const ALERTS_WAITING: usize = 200;
/// News that could not be told for so long helps nobody.
pub const ALERTS_OLD: Duration = Duration::from_secs(3600);
/// How long a webhook may take to answer.
pub const ALERTS_PATIENCE: Duration = Duration::from_secs(5);

// Channels.

/// How often the outbox is looked at when nothing new was heard of: what is due again.
pub const OUTBOX_LOOK: Duration = Duration::from_millis(500);
/// Messages looked at in one go.
pub const OUTBOX_BATCH: u32 = 256;
/// Messages being sent at once. Full: the rest waits in the record.
pub const OUTBOX_SENDINGS: usize = 32;
/// The same of one channel, so that one whose other side hangs leaves room for the others.
pub const OUTBOX_PER_CHANNEL: usize = 8;
/// How long the other side may take.
pub const OUTBOX_PATIENCE: Duration = Duration::from_secs(10);
/// What one channel remembers while the process runs (tokens, closed windows). More: forgotten all at once.
pub const OUTBOX_KEPT: usize = 4096;

// Event hooks.

/// Events of the record looked at in one go for one hook.
pub const HOOK_EVENTS: u32 = 256;
/// What comes within this time of an event is looked at together with it.
pub const HOOK_GATHER: Duration = Duration::from_millis(50);
/// How often old deliveries are forgotten.
pub const HOOK_SWEEP: Duration = Duration::from_secs(600);
/// How long people can see how a delivery went. The events themselves stay.
pub const HOOK_DELIVERIES_KEPT: Duration = Duration::from_secs(3 * 86_400);

// Mail.

/// Largest letter taken, in bytes: what the big providers take. Larger: it stays in the mailbox, and the log says so.
pub const MAIL_BYTES: usize = 50 << 20;
/// Longest line of a mail server, in bytes.
pub const MAIL_LINE: usize = 256 << 10;
/// Most lines and literals of one answer.
pub const MAIL_ANSWERS: usize = 10_000;
/// How long connecting, and TLS, may take.
pub const MAIL_CONNECT: Duration = Duration::from_secs(15);
/// How long an answer may take.
pub const MAIL_ANSWER: Duration = Duration::from_secs(60);
/// How long posting one letter may take.
pub const MAIL_POSTING: Duration = Duration::from_secs(120);
/// How often a server that does not tell by itself is asked for new letters.
pub const MAIL_POLL: Duration = Duration::from_secs(20);
/// How soon a mailbox that could not be read is tried again; doubled each time.
pub const MAIL_AGAIN: Duration = Duration::from_millis(500);
/// The longest wait before that.
pub const MAIL_LONGEST_WAIT: Duration = Duration::from_secs(60);

// The ladder of calls (`ladder`).

/// News for the keeper: a second's worth at 1,500 calls a second. Full: the newest is lost, `sip_ladder_dropped_total{why="queue"}`.
pub const LADDER_NEWS: usize = 16_384;
/// Bytes of messages kept of one conversation: some 300. What comes then is not kept, and the ladder says so;
/// `sip_ladder_dropped_total{why="size"}`.
pub const LADDER_BOOK: usize = 256 << 10;
/// Bytes of messages held of all conversations that are not stored yet; beyond it as above.
pub const LADDER_BYTES: usize = 128 << 20;
/// Call-IDs known at a time; a call beyond has no ladder, `sip_ladder_dropped_total{why="calls"}`.
pub const LADDER_CALLS: usize = 16_384;
/// Conversations stored in one transaction.
pub const LADDER_STORED_AT_ONCE: usize = 64;
/// Packets that wait to be sent to the HEP collector. Full: the newest is lost, `hep_dropped_total`.
pub const HEP_PACKETS: usize = 4096;
/// How long the collector's name is taken to mean the same address, and how soon an error is tried again.
pub const HEP_NAME: Duration = Duration::from_secs(60);
// Calls that another system carries.

/// Sound may be this far ahead of time; whoever sends more waits.
pub const OBSERVED_AHEAD: Duration = Duration::from_secs(1);
/// A wire on which nothing came for this long is silent.
pub const OBSERVED_QUIET: Duration = Duration::from_millis(400);
/// How often that is looked at.
pub const OBSERVED_LOOK: Duration = Duration::from_millis(100);
/// AudioSocket connections at once. Full: a new one is closed, `audiosocket_refused_total{why="full"}`.
pub const AUDIOSOCKET_CONNECTIONS: usize = 1024;
/// Largest frame, in bytes: 20 ms at the highest rate have 7680.
pub const AUDIOSOCKET_FRAME: usize = 8 << 10;
/// Bytes read at once.
pub const AUDIOSOCKET_CHUNK: usize = 16 << 10;
/// A connection that has not said within this whose sound it brings is closed.
pub const AUDIOSOCKET_HELLO: Duration = Duration::from_secs(5);
/// A connection without a byte for this long is closed: Asterisk sends sound all the time.
pub const AUDIOSOCKET_IDLE: Duration = Duration::from_secs(60);
/// A farewell that the other side does not answer within this is not waited for.
pub const AUDIOSOCKET_FAREWELL: Duration = Duration::from_secs(1);
