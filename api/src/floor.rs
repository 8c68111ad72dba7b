//! `Floor`: what the API may ask of the running contact center. The gateway implements it.

use async_trait::async_trait;
use desk::files::SentFile;
use desk::{TextPreview, WallMillis};
use kernel::{AgentName, Fault, InteractionId, QueueName};
use routing::{AgentStatus, OfferEnd, OfferReason, QueueStatus, Waiting, Wants};
use serde::{Deserialize, Serialize};
use store::Event;
use tokio::sync::broadcast;

use crate::ladder::LadderView;
use crate::observed::{ObservedBegun, ObservedCall, SoundIn};

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Whose fault; maps to the HTTP status (Caller 409 or 404 by `code`, Capacity 503, Ours 500 …).
    pub fault: Fault,
    /// Stable code: `not_found`, `not_yours`, `wrong_state`, `bad_sdp`, `full`, `draining`, `gone`.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

/// What an agent orders on a conversation they hold or are offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
#[schema(as = Command)]
pub enum AgentCommand {
    /// Take the offer, here in the browser (for calls, `Floor::attach` follows; for chats that is all).
    Accept,
    /// Refuse the offer.
    Decline,
    /// The caller hears music.
    Hold,
    /// Back.
    Resume,
    /// The caller does not hear me (`true`) or does again.
    Mute {
        /// On or off.
        on: bool,
    },
    /// Send digits to the caller's side.
    Digits {
        /// `0`–`9`, `*`, `#`.
        digits: String,
    },
    /// End it. With somebody else in the call: leave the caller to them.
    Hangup,
    /// Hand the caller over and leave.
    Transfer {
        /// To whom.
        to: TransferTarget,
    },
    /// Ask somebody aside; the caller hears music.
    Consult {
        /// Whom.
        to: TransferTarget,
    },
    /// From the one asked to the caller, and back.
    Swap,
    /// Bring the one asked into the talk.
    Join,
    /// Leave the caller to the one asked.
    Complete,
    /// Part from the one asked, or stop ringing them.
    Cancel,
    /// Put the caller into a parking place.
    Park,
    /// Take a caller out of a parking place: your devices ring.
    PickUp,
    /// Record (`true`: begin, or go on), or pause.
    Record {
        /// On or off.
        on: bool,
    },
    /// Write down what is said (`true`), or pause that; recorded or not.
    Transcribe {
        /// On or off.
        on: bool,
    },
    /// The language that is talked, for the transcript.
    Language {
        /// `en` or `zh`.
        lang: String,
    },
    /// Done writing up.
    WrapUpDone,
    /// I am typing (`true`) or stopped.
    Typing {
        /// On or off.
        on: bool,
    },
}

/// Where a call goes on: `{"agent": "bob"}`, `{"queue": "sales"}` or `{"number": "+49…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferTarget {
    /// Another agent, by name.
    Agent(String),
    /// A queue, by name.
    Queue(String),
    /// A number or SIP URI.
    Number(String),
}

/// How a supervisor takes part in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WatchMode {
    /// Hears everybody; nobody hears them.
    Listen,
    /// The agent hears them, the caller does not.
    Whisper,
    /// Talks with everybody.
    Barge,
    /// No more.
    Off,
}

/// A message was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Its position in the conversation.
    pub seq: i64,
    /// When.
    pub at: WallMillis,
}

/// A customer opens a chat from a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatOpening {
    /// Stable visitor identity, e.g. `chat:9f2c…` (random per browser).
    pub address: String,
    /// Name they gave.
    pub name: Option<String>,
    /// Language code of the page.
    pub lang: String,
    /// Name of the configured entry (number) that chats use, e.g. `chat`.
    pub called: String,
}

/// A customer calls from a web page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallOpening {
    /// Stable visitor identity, as for chats.
    pub address: String,
    /// Name they gave.
    pub name: Option<String>,
    /// Language code of the page.
    pub lang: String,
    /// Whether pictures belong to it.
    pub video: bool,
}

/// An offer as the agent's page rings it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferView {
    /// Which conversation.
    pub conversation: InteractionId,
    /// To whom.
    pub agent: AgentName,
    /// `voice`, `chat`, …
    pub channel: desk::Channel,
    /// Caller as shown to staff.
    pub caller: String,
    /// Their name, if known.
    pub name: Option<String>,
    /// The queue it comes from.
    pub queue: Option<QueueName>,
    /// Why this agent.
    pub why: Option<OfferReason>,
    /// Rings until.
    pub until: WallMillis,
}

/// A call as its agent's page shows it; sent at every change and when the page connects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallView {
    /// Which.
    pub conversation: InteractionId,
    /// Whose.
    pub agent: AgentName,
    /// `connecting` (waiting for the page's offer), `talking`, `held`, `parked` (page lost), `ended`.
    pub state: String,
    /// `browser`, `phone`, or `elsewhere`: another system carries the call.
    pub device: String,
    /// Whether the agent is muted.
    pub muted: bool,
    /// A side without audio for 3 s: `customer` or `agent`.
    pub silent: Option<String>,
    /// When they were connected.
    pub since: Option<WallMillis>,
    /// What this person is in the call: `holder`, `guest`, `listen`, `whisper`, `barge`.
    pub part: String,
    /// Who else is in it.
    pub others: Vec<OtherView>,
    /// `on` or `paused` while it is recorded.
    pub recording: Option<String>,
    /// Whether this person may record, pause and go on.
    pub may_record: bool,
    /// `on` or `paused`: what the agent ordered for the transcript; nothing where the customer did not agree.
    pub transcription: Option<String>,
    /// Supervisors who listen or speak.
    pub watched_by: Vec<String>,
    /// How each leg is heard.
    pub quality: Vec<QualityView>,
    /// Whether pictures belong to it.
    pub video: bool,
    /// Grows when the page is to bring its media anew.
    pub attach: u32,
}

/// Somebody else in a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = CallOther)]
pub struct OtherView {
    /// An agent's or queue's name, or the number.
    pub who: String,
    /// `ringing`, `aside` (with the agent, the caller hears music), `waiting` (hears music) or `joined`.
    pub state: String,
}

/// How a leg is heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = CallQuality)]
pub struct QualityView {
    /// Which leg.
    pub leg: u16,
    /// Whose: `customer` or `agent`.
    pub side: String,
    /// Mean opinion score, 1 to 4.5 (ITU-T G.107).
    pub mos: f32,
    /// Packets that did not come in time, in per cent.
    pub lost_percent: f32,
    /// Jitter, in milliseconds.
    pub jitter_ms: f32,
    /// Round trip, in milliseconds; null until the device told.
    pub rtt_ms: Option<f32>,
}

/// What live sockets carry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Live {
    /// A committed event (numbered; the only kind that can be resumed).
    Event(Event),
    /// Interim text. `stable` and `tentative` empty: remove it.
    Preview(TextPreview),
    /// An agent's picture.
    Agent(AgentStatus),
    /// A queue's picture.
    Queue(QueueStatus),
    /// An offer rings.
    Offer(OfferView),
    /// An offer is over.
    OfferOver {
        /// Which.
        conversation: InteractionId,
        /// To whom.
        agent: AgentName,
        /// Why; `None`: accepted.
        end: Option<OfferEnd>,
    },
    /// A call changed.
    Call(CallView),
    /// The customer's page is to bring its media anew: another codec is used from now on.
    BringMedia {
        /// Which.
        conversation: InteractionId,
    },
    /// Somebody types in a chat.
    Typing {
        /// Which.
        conversation: InteractionId,
        /// Who.
        speaker: desk::Speaker,
        /// On or off.
        on: bool,
    },
}

/// One line of a chat as the customer's page sees it (no notes, no staff data).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetLine {
    /// Position in the conversation.
    pub seq: i64,
    /// When.
    pub at: WallMillis,
    /// `customer`, `agent` or `system`.
    pub speaker: desk::Speaker,
    /// The message.
    pub text: String,
}

/// A recording, as a file that can be read from anywhere. Its methods block.
pub trait RecordingFile: Send {
    /// Media type.
    fn content_type(&self) -> &'static str;
    /// Bytes so far.
    fn length(&self) -> u64;
    /// Whether it is whole (else the call goes on, or a crash cut it short).
    fn is_complete(&self) -> bool;
    /// Whether what is hidden in the transcript is silent in it.
    fn is_silenced(&self) -> bool {
        false
    }
    /// Some bytes from `at`; empty at the end.
    ///
    /// # Errors
    /// When it is damaged.
    fn read(&mut self, at: u64) -> std::io::Result<Vec<u8>>;
}

/// How transcription keeps up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Transcription {
    /// The speech model in use.
    pub model: String,
    /// Whether it was chosen by a measurement (`model = "auto"`).
    pub measured: bool,
    /// Decoding threads.
    pub threads: u32,
    /// Legs that are transcribed now.
    pub streams: u32,
    /// Those of them whose text comes later: their audio waits on the disk.
    pub behind: u32,
    /// Seconds of audio that wait for text, of all of those.
    pub backlog_seconds: f64,
    /// Utterances that wait to be decoded.
    pub waiting_finals: u32,
    /// Interim texts that wait to be decoded.
    pub waiting_interims: u32,
    /// Milliseconds from the end of speech to its text, of those who are live; null: nothing was said in the last five minutes.
    pub final_delay_ms: Option<DelayView>,
    /// Milliseconds from asking for interim text to having it.
    pub interim_delay_ms: Option<DelayView>,
    /// Seconds of work for a second of audio that was decoded.
    pub real_time_factor: Option<f64>,
    /// Share of the last minute in which the decoding threads worked, 0 to 1.
    pub busy: f64,
    /// Interim texts given up since the start.
    pub interims_dropped: u64,
    /// Utterances without text since the start, because the recogniser failed.
    pub finals_failed: u64,
    /// Frames of 20 ms that were lost since the start.
    pub frames_lost: u64,
}

/// A delay: its middle and its tail, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Delay)]
pub struct DelayView {
    /// Half are below it.
    pub p50: u64,
    /// 95 of 100 are below it.
    pub p95: u64,
    /// 99 of 100 are below it.
    pub p99: u64,
}

/// A call to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallOrder {
    /// Who wants it: an agent, or whoever holds the key.
    pub by: AgentName,
    /// Whom to call.
    pub to: kernel::Pii<String>,
    /// The number of ours that it is placed for; `None`: the usual one.
    pub number: Option<String>,
    /// The agent who talks, and is called first; `None`: the customer is, and meets the flow of the number.
    pub agent: Option<AgentName>,
}

/// Carriers, and what today's calls cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrunkBoard {
    /// Every trunk of the configuration.
    pub trunks: Vec<TrunkNow>,
    /// What was used today (UTC), by beginning of numbers; empty: those without a rate.
    pub used: Vec<TollNow>,
    /// Minutes that a day may see; `None`: no limit.
    pub minutes_per_day: Option<u64>,
    /// What a day may cost; `None`: no limit.
    pub spend_per_day: Option<f64>,
}

/// A trunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Trunk)]
pub struct TrunkNow {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub uri: String,
    /// `registered`, `up`, `down` or `unknown` (never asked).
    pub state: String,
    /// The address where it was reached.
    pub remote: Option<String>,
    /// What it said when it refused.
    pub status: Option<u16>,
    /// Seconds until it is tried again (from when it went down).
    pub retry_s: Option<u64>,
    /// Calls now.
    pub calls: u32,
    /// Calls that it may carry; null: no limit.
    pub max_calls: Option<u32>,
    /// Lower is taken first.
    pub priority: u16,
    /// Share among those of one priority.
    pub weight: u16,
}

/// What a destination cost today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Toll)]
pub struct TollNow {
    /// Beginning of its numbers; empty: those without a rate.
    pub begins: String,
    /// Calls that were answered.
    pub calls: u64,
    /// Minutes of talk.
    pub minutes: f64,
    /// In the currency of the rates.
    pub spend: f64,
}

/// A source that is banned from SIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanNow {
    /// An IPv4 address, or the /64 of an IPv6 address.
    pub address: String,
    /// `passwords`, `users`, `numbers`, `malformed`, `probes`, `flood` or `by_hand`.
    pub reason: &'static str,
    /// Whether the source itself did it for certain: then its connections are refused too.
    pub proven: bool,
    /// What led to it.
    pub failures: u32,
    /// Messages and connections turned away since.
    pub turned_away: u64,
    /// The how manieth ban of this source.
    pub times: u32,
    /// When it began.
    pub since: WallMillis,
    /// When it ends.
    pub until: WallMillis,
}

/// Somebody bans a source from SIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanOrder {
    /// An IPv4 address, an IPv6 address or its /64.
    pub address: String,
    /// For how long.
    pub seconds: u64,
    /// Who.
    pub by: AgentName,
}

/// What is to become of a callback that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackOrder {
    /// The customer is not called.
    Withdraw,
    /// Its place stays.
    Move {
        /// To this queue; `None`: where it is.
        queue: Option<QueueName>,
        /// Not to be dialled before.
        not_before: Option<WallMillis>,
    },
}

fn unobserved() -> Refusal {
    let message = "calls of other systems are not configured".to_owned();
    Refusal { fault: Fault::Caller, code: "not_found", message }
}

/// Held by a live desk socket: while one exists, the agent has a desk. Dropping it says the page went away.
pub trait DeskGuard: Send + Sync {}

/// What an agent writes to a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentMessage {
    /// The words; empty where files say it all.
    pub text: String,
    /// Files and subject.
    pub particulars: desk::files::Particulars,
}

/// The running contact center.
#[async_trait]
pub trait Floor: Send + Sync {
    /// Whether calls can be taken (models loaded, not draining).
    fn is_ready(&self) -> bool;

    /// Live news. A receiver that lags must resume from the record.
    fn live(&self) -> broadcast::Receiver<Live>;

    /// A desk page of this agent is there (its socket is live and answers pings).
    fn desk(&self, agent: AgentName) -> Box<dyn DeskGuard>;

    /// Agents, queues and rules as configured.
    fn setup(&self) -> routing::Setup;

    /// Every agent.
    async fn agents(&self) -> Vec<AgentStatus>;

    /// Every queue.
    async fn queues(&self) -> Vec<QueueStatus>;

    /// Offers that ring for this agent and calls they hold, for a page that connects.
    async fn holding(&self, agent: &AgentName) -> (Vec<OfferView>, Vec<CallView>);

    /// The agent wants work, or a pause.
    async fn ready(&self, agent: &AgentName, wants: Wants) -> Result<(), Refusal>;

    /// Takes an agent out of whatever keeps them: wrap-up, pause, being set aside, work that is over.
    async fn reset(&self, agent: &AgentName) -> Result<(), Refusal>;

    /// Why a conversation that waits in a queue still waits; `None` when it does not wait.
    async fn waiting(&self, conversation: InteractionId) -> Option<Waiting>;

    /// An agent's order.
    async fn command(
        &self,
        agent: &AgentName,
        conversation: InteractionId,
        command: AgentCommand,
    ) -> Result<(), Refusal>;

    /// Calls a customer; the conversation begins at once. The caller of this has checked that they may.
    async fn call(&self, call: CallOrder) -> Result<InteractionId, Refusal>;

    /// Another system carries a call. The caller of this has checked that they may say so.
    async fn observe(&self, _call: ObservedCall) -> Result<ObservedBegun, Refusal> {
        Err(unobserved())
    }
    /// The sound of these sides of such a call comes, at this rate: one after the other.
    async fn hear(
        &self,
        _conversation: InteractionId,
        _sides: &[u16],
        _rate: u32,
    ) -> Result<Vec<Box<dyn SoundIn>>, Refusal> {
        Err(unobserved())
    }
    /// Carriers, and what today's calls cost.
    async fn trunks(&self) -> TrunkBoard;

    /// The bans from SIP that hold, the newest first.
    async fn bans(&self) -> Vec<BanNow>;

    /// Bans a source; recorded when this returns.
    async fn ban(&self, order: BanOrder) -> Result<BanNow, Refusal>;

    /// Lifts a ban; recorded when this returns.
    async fn lift_ban(&self, address: &str, by: &AgentName) -> Result<(), Refusal>;

    /// The agent's browser brings its media: first connection and every later one (reload). SDP offer in, SDP answer out.
    async fn attach(
        &self,
        agent: &AgentName,
        conversation: InteractionId,
        offer: String,
    ) -> Result<String, Refusal>;

    /// A supervisor takes part in a call, or no more. The caller of this has checked that they may.
    async fn watch(
        &self,
        who: &AgentName,
        conversation: InteractionId,
        mode: WatchMode,
    ) -> Result<(), Refusal>;

    /// How transcription keeps up; `None`: calls are not transcribed.
    fn transcription(&self) -> Option<Transcription> {
        None
    }

    /// Somebody of the staff withdraws a callback that waits, or moves it.
    async fn change_callback(
        &self,
        conversation: InteractionId,
        change: CallbackOrder,
    ) -> Result<(), Refusal>;

    /// The recording of a conversation that began then; `None`: there is none. Blocks for a moment (a file is opened).
    fn recording(
        &self,
        conversation: InteractionId,
        began: WallMillis,
    ) -> Result<Option<Box<dyn RecordingFile>>, Refusal>;

    /// The SIP messages of a conversation, with what concerns persons if `whole`; `None`: it has none.
    async fn sip_ladder(
        &self,
        _conversation: InteractionId,
        _whole: bool,
    ) -> Result<Option<LadderView>, Refusal> {
        Ok(None)
    }

    /// The same as a capture file, whole. The caller of this has checked that they may.
    async fn sip_capture(&self, _conversation: InteractionId) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(None)
    }

    /// What is hidden in the transcript becomes silent in the recording, if it is not yet; the conversation must be over.
    async fn silence(&self, _conversation: InteractionId) -> Result<(), Refusal> {
        Ok(())
    }

    /// An agent writes to the customer. Recorded when this returns.
    async fn agent_writes(
        &self,
        agent: &AgentName,
        conversation: InteractionId,
        message: AgentMessage,
        dedupe: Option<String>,
    ) -> Result<Posted, Refusal>;

    /// A customer opens a chat (or continues the open one of that address).
    async fn open_chat(&self, opening: ChatOpening) -> Result<InteractionId, Refusal>;

    /// A customer calls from a web page. It stands in the record when this returns, and enters the flow when the page's
    /// media is connected.
    async fn open_call(&self, opening: CallOpening) -> Result<InteractionId, Refusal>;

    /// The customer's page brings its media: first connection and every later one. SDP offer in, SDP answer out.
    async fn customer_attaches(&self, conversation: InteractionId, offer: String) -> Result<String, Refusal>;

    /// The customer writes, or sends files. Recorded when this returns; the same `dedupe` is recorded once.
    async fn customer_writes(
        &self,
        conversation: InteractionId,
        text: String,
        files: Vec<SentFile>,
        dedupe: Option<String>,
    ) -> Result<Posted, Refusal>;

    /// The customer types, or stopped.
    fn customer_typing(&self, conversation: InteractionId, on: bool);

    /// The customer closes the chat.
    async fn customer_leaves(&self, conversation: InteractionId) -> Result<(), Refusal>;

    /// What somebody typed into a line of a transcript, without what must not be read, and which kinds that was. `near`: what
    /// was said before and after it, in any order.
    fn hide(&self, line: &desk::Entry, text: &str, near: &[desk::Entry]) -> (String, Vec<&'static str>);

    /// Changes to the record that come from people (ticket moves, edits): appended and published like all others.
    async fn record(&self, changes: Vec<desk::Change>) -> Result<Vec<Event>, store::StoreError>;
}
