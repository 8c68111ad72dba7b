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
/// How long the TLS handshake of a SIP stream may take.
pub const SIP_TLS_HANDSHAKE: Duration = Duration::from_secs(10);
/// How often a WebSocket that carries SIP is asked whether its page is still there (RFC 7118 section 6).
pub const SIP_WEB_PING: Duration = Duration::from_secs(25);
/// A WebSocket from which nothing came this long, not even an answer to our ping, is closed.
pub const SIP_WEB_SILENT: Duration = Duration::from_secs(80);
/// Peers whose route is remembered. Full: forgotten all at once.
pub const SIP_ROUTES: usize = 4096;

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
/// How long pictures of queues may lag behind while the router is busy.
pub const ROUTER_SHOWS: Duration = Duration::from_millis(250);
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
