//! What an interaction is told (`In`), what it orders (`Out`), and what it is made with.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use desk::delivery::{Arrival, Thread};
use desk::{Change, Channel, TextPreview, WallMillis};
use ivr::{Clip, Flow};
use kernel::{AgentName, Fault, InteractionId, Lang, Pii, QueueName, Time};
use routing::{OfferEnd, OfferReason};

use crate::handing::TransferTo;
use crate::observed::{CallDevice, Party};
use crate::queued::Queued;

/// How long things may take. Starting values; the configuration sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timings {
    /// A page that accepted must bring its media within this.
    pub connect: Duration,
    /// A page that went away has this long to come back before the caller returns to the queue.
    pub park: Duration,
    /// A customer's page that went away has this long to come back before the call ends.
    pub away: Duration,
    /// A page may be gone this long before the caller hears music (a reload or a hiccup of the network).
    pub grace: Duration,
    /// After the end, speech still being decoded is waited for this long.
    pub closing: Duration,
    /// A number to which a customer is handed over rings this long.
    pub transfer: Duration,
    /// A customer in a parking place whom nobody picks up goes back to the queue after this.
    pub place: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            park: Duration::from_secs(60),
            away: Duration::from_secs(20),
            grace: Duration::from_millis(800),
            closing: Duration::from_secs(120),
            transfer: Duration::from_secs(45),
            place: Duration::from_secs(180),
        }
    }
}

/// What every interaction that begins now shares. A reload makes a new one; running interactions keep theirs.
#[derive(Debug)]
pub struct Settings {
    /// The flow of this entry point.
    pub flow: Arc<Flow>,
    /// What the flow is called in the record.
    pub name: String,
    /// Which version of it this is.
    pub version: i64,
    /// Texts of its prompts, for those who read.
    pub texts: BTreeMap<(String, Lang), String>,
    /// How long things may take.
    pub timings: Timings,
    /// What is neither shown nor kept.
    pub redact: asr::redact::RedactPolicy,
    /// When calls are recorded.
    pub recording: RecordingRules,
    /// Agents see that a supervisor listens.
    pub watching_is_shown: bool,
}

/// What a customer comes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrives {
    /// A phone, or what is written.
    AtOnce,
    /// A web page that has yet to bring its media.
    ByPage,
}

/// How an interaction begins.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its id.
    pub id: InteractionId,
    /// The road.
    pub channel: Channel,
    /// By what the customer comes.
    pub arrives: Arrives,
    /// The customer's address for the record (`tel:…`, `sip:…`, `chat:…`).
    pub address: String,
    /// The user part of it, for dial targets.
    pub caller: String,
    /// Name they gave, if any.
    pub name: Option<String>,
    /// What they dialled.
    pub called: String,
    /// Step of the flow to begin with.
    pub entry: String,
    /// Language to begin with.
    pub lang: Lang,
    /// Wall time of `Context::now` at the beginning.
    pub wall: WallMillis,
    /// What the caller's side sent along (`X-…`, `User-to-User`), by header; it is recorded with the conversation.
    pub data: Vec<(String, String)>,
    /// The agent who places the call, if it is one of ours.
    pub placed_by: Option<AgentName>,
    /// The tier of the customer, if they were recognised by their address: it holds wherever the flow names none.
    pub tier: Option<String>,
}

/// The message by which a conversation on a channel begins.
#[derive(Clone, Debug)]
pub struct FirstMessage {
    /// How its writer is answered.
    pub thread: Thread,
    /// Under which name it came.
    pub arrival: Arrival,
    /// What it says.
    pub text: String,
    /// Particulars (JSON object text).
    pub detail: Option<String>,
}

/// A number of ours to which a customer is sent on.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The number.
    pub called: String,
    /// Step of the flow to begin with.
    pub entry: String,
    /// Its flow; it may be another than before.
    pub settings: Arc<Settings>,
}

impl PartialEq for Destination {
    /// Flows are compared by identity: two loads of one file are two flows.
    fn eq(&self, other: &Self) -> bool {
        self.called == other.called
            && self.entry == other.entry
            && Arc::ptr_eq(&self.settings, &other.settings)
    }
}

/// How a call comes to another phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handing {
    /// The agent asked for it (attended transfer); their phone hears how it went and hangs up by itself.
    Transferred,
    /// The other phone took it (RFC 3891); the agent's is hung up.
    Replaced,
}

/// A place in a queue for somebody who is called when their turn comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackWish {
    /// Whom to dial.
    pub number: Pii<String>,
    /// Which queue.
    pub queue: QueueName,
    /// Higher goes first.
    pub priority: i32,
    /// What else they want of an agent.
    pub wishes: routing::Wishes,
    /// Since when they wait, on our clock: their place.
    pub arrived_at: Time,
}

/// What becomes of a callback that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackChange {
    /// The customer is not called.
    Withdraw,
    /// It waits elsewhere or is put off; its place, which is the moment of its arrival, stays.
    Move {
        /// To this queue; `None`: where it is.
        queue: Option<QueueName>,
        /// Not to be dialled before; `None`: as soon as its turn comes.
        not_before: Option<Time>,
    },
}

/// A written conversation taken up again after a restart.
#[derive(Clone, Debug)]
pub struct Restored {
    /// As it began (`wall` is the wall time of now).
    pub opening: Opening,
    /// When it began, wall time.
    pub started_at: WallMillis,
    /// The queue it was in or served by.
    pub queue: Option<QueueName>,
    /// How it waits there: what the record of its queueing says.
    pub queued: Queued,
    /// When it entered that queue, on our clock (may lie before the beginning of the process: then zero).
    pub queued_at: Time,
    /// The agent it is with, if one had it.
    pub agent: Option<AgentName>,
    /// Highest leg number in the record.
    pub last_leg: u16,
}

/// Names one waiting command; echoed in `Out::Reply`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reply(pub u64);

/// Why a command was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Somebody else has it, or nobody.
    #[error("this conversation is not with you")]
    NotYours,
    /// It makes no sense now.
    #[error("not possible in the present state")]
    WrongState,
    /// It is over.
    #[error("the conversation is over")]
    Over,
    /// Only for calls.
    #[error("only a call can do that")]
    NotACall,
}

/// How a leg was heard, from its packets and its RTCP.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Mean opinion score, 1 to 4.5 (ITU-T G.107).
    pub mos: f32,
    /// Share of packets that did not come in time, in per cent.
    pub lost: f32,
    /// Interarrival jitter, in milliseconds.
    pub jitter_ms: f32,
    /// Round trip, in milliseconds; 0 when the device never told.
    pub rtt_ms: f32,
}

/// When calls are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordingPolicy {
    /// Never, whoever asks.
    #[default]
    Never,
    /// When the agent orders it.
    Asked,
    /// When the customer agreed in the flow.
    Consent,
    /// Every talk with an agent.
    Always,
}

/// The policies in force: the queue's before the number's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordingRules {
    /// By number dialled.
    pub numbers: BTreeMap<String, RecordingPolicy>,
    /// By queue.
    pub queues: BTreeMap<QueueName, RecordingPolicy>,
}

/// Whose side of a stereo recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left: the customer.
    Customer,
    /// Right: everybody else.
    Staff,
}

/// What a recording is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// Begin, or go on.
    On,
    /// True silence until it goes on: a card number is being said.
    Paused,
}

/// How a supervisor takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watch {
    /// Hears everybody; nobody hears them.
    Listen,
    /// Hears everybody; the agent hears them, the customer does not.
    Whisper,
    /// Talks with everybody.
    Barge,
}

/// An agent's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentOrder {
    /// Take the offer in the browser.
    Accept,
    /// Refuse it.
    Decline,
    /// Music for the caller.
    Hold,
    /// Back.
    Resume,
    /// Do not pass on what I say.
    Mute(bool),
    /// Send digits to the caller's side.
    Digits(String),
    /// End it.
    Hangup,
    /// The page is about to bring (new) media.
    Attach,
    /// Hand the customer over and leave (blind transfer).
    Transfer(TransferTo),
    /// Ask somebody aside; the customer hears music meanwhile.
    Consult(TransferTo),
    /// Turn from the one asked to the customer, and back.
    Swap,
    /// Bring the one asked into the talk: a conference.
    Join,
    /// Hand the customer over to the one asked, and leave (attended transfer).
    Complete,
    /// Part from the one asked (or stop ringing them), and go back to the customer.
    Cancel,
    /// Put the customer into a parking place, from which any agent picks up.
    Park,
    /// Take the customer out of a parking place.
    PickUp,
    /// Record, or pause.
    Record(Recording),
    /// Write down what is said, or pause that; recorded or not.
    Transcribe(Recording),
    /// The language that is talked, for the transcript.
    Language(Lang),
}

/// News of a leg.
#[derive(Clone, Debug, PartialEq)]
pub enum LegIn {
    /// A dialled phone rings.
    Ringing,
    /// A dialled phone sends what is to be heard before it answers.
    EarlyMedia,
    /// The leg's media is agreed; codec for the record, e.g. `PCMU/8000`.
    Answered {
        /// Name and clock.
        codec: String,
    },
    /// It is over.
    Ended {
        /// Whose fault.
        fault: Fault,
        /// Stable reason code.
        reason: String,
    },
    /// A key.
    Digit(char),
    /// What played with this token ended.
    Played {
        /// As ordered.
        token: u64,
    },
    /// No packet for 3 s.
    AudioMissing,
    /// Packets again.
    AudioBack,
    /// The phone sends the other side on to a number of ours (blind transfer).
    Referred(Destination),
    /// Another phone, already on a line of its own, takes the place of this leg.
    HandedOver {
        /// Whose phone; `None`: a dialled party's.
        agent: Option<AgentName>,
        /// How it came to that.
        how: Handing,
    },
    /// What the peer said about the end that follows (SIP Reason).
    Told(String),
    /// The device put us on hold (re-INVITE with sendonly or inactive), or resumed.
    Held(bool),
    /// A browser's connection works.
    BrowserUp,
    /// A browser's connection is gone.
    BrowserLost,
    /// Words.
    Heard(asr::Out),
    /// What is being recorded has been silent for as long as was ordered.
    Quiet,
    /// A recording is complete and on disk (after `StopRecord`, or when the leg ended).
    Recorded {
        /// Name of the file.
        name: String,
        /// How long it is, in milliseconds.
        ms: u64,
    },
}

/// News from the router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouterIn {
    /// This agent is to be rung.
    Offered {
        /// Who.
        agent: AgentName,
        /// Until.
        until: Time,
        /// Why.
        why: OfferReason,
        /// They have a live desk page.
        desk: bool,
        /// They have a phone that can be dialled.
        phone: bool,
    },
    /// Stop ringing.
    OfferOver {
        /// Who.
        agent: AgentName,
        /// Why.
        end: OfferEnd,
    },
    /// Direct work cannot be taken, or the queue's rules end the waiting.
    Unavailable {
        /// Stable code.
        why: String,
    },
    /// The place in line, told as often as it changes.
    Placed {
        /// 1 is next.
        place: u32,
        /// How much longer it is likely to take; only when that can be said with some right.
        wait: Option<Duration>,
    },
    /// The queue's rules sent it to another queue, with its place.
    Moved {
        /// Which.
        queue: QueueName,
        /// Stable code.
        why: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum In {
    /// To a leg.
    Leg(u16, LegIn),
    /// In the router.
    Router(RouterIn),
    /// An agent orders.
    Agent {
        /// Who.
        agent: AgentName,
        /// What.
        order: AgentOrder,
        /// Answered with `Out::Reply`.
        reply: Reply,
    },
    /// A supervisor takes part, in another way, or no more (`None`).
    Watch {
        /// Who.
        supervisor: AgentName,
        /// How.
        how: Option<Watch>,
        /// Answered with `Out::Reply`.
        reply: Reply,
    },
    /// Somebody of the staff changes a callback that waits.
    Callback {
        /// How.
        change: CallbackChange,
        /// Answered with `Out::Reply`.
        reply: Reply,
    },
    /// In a call that another system carries, somebody else is at the other end of this leg.
    PassedOn {
        /// Which leg.
        leg: u16,
        /// Who.
        party: Party,
    },
    /// A recording cannot go on (disk full).
    RecordingFailed,
    /// How well a leg is heard; kept in the record at its end.
    Quality {
        /// Which.
        leg: u16,
        /// Measured.
        quality: Quality,
    },
    /// The last desk page of the agent went away (`false`) or one is there again (`true`).
    Desk {
        /// Who.
        agent: AgentName,
        /// Is there.
        there: bool,
    },
    /// An agent (any) writes; notes are for staff.
    AgentWrote {
        /// Who.
        agent: AgentName,
        /// What.
        text: String,
        /// Staff only.
        note: bool,
        /// Particulars (files, subject): JSON object text.
        detail: Option<String>,
        /// Sender's id of this message.
        dedupe: Option<String>,
        /// Answered with `Out::Reply`, after the record.
        reply: Reply,
    },
    /// The customer writes.
    CustomerWrote {
        /// What; may be empty where files come with it.
        text: String,
        /// Particulars (files): JSON object text.
        detail: Option<String>,
        /// Sender's id of this message.
        dedupe: Option<String>,
        /// Answered with `Out::Reply`, after the record.
        reply: Reply,
    },
    /// A message of the customer came by a channel.
    CustomerSent {
        /// Under which name.
        arrival: Box<Arrival>,
        /// What it says.
        text: String,
        /// Particulars (JSON object text).
        detail: Option<String>,
        /// Answered with `Out::Reply`, after the record.
        reply: Reply,
    },
    /// The customer closes the chat.
    CustomerLeft {
        /// Answered with `Out::Reply`.
        reply: Reply,
    },
    /// What a server answered the flow.
    Fetched {
        /// As ordered.
        token: u64,
        /// What came.
        reply: ivr::Fetched,
    },
    /// Whom the flow looked for.
    Person {
        /// As ordered.
        token: u64,
        /// Who it is.
        person: Option<ivr::Acquaintance>,
    },
    /// The other side of the customer's call was handed to another interaction: this one is over.
    Yielded,
    /// The process stops: say goodbye and end.
    Shutdown,
    /// Time has passed.
    Elapsed,
}

/// Whom a leg dials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialTo {
    /// The phone of an agent.
    Agent(AgentName),
    /// A SIP URI with these codecs (empty: all).
    Uri(String, Vec<String>),
    /// A number: a phone of this house, or through the trunk.
    Number(Pii<String>),
    /// What an agent entered: a number as above, or `sip:…` with an address.
    Entered(Pii<String>),
}

/// Orders to a leg's signalling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegOut {
    /// 180.
    Ring,
    /// 183 with media.
    EarlyMedia,
    /// Answer with media.
    Answer,
    /// Refuse before an answer.
    Refuse(u16),
    /// End it, whatever its state.
    Hangup,
    /// The same; somebody else has the call, so that the phone need not note it as missed.
    TakenElsewhere,
    /// Answer the phone's wish for a transfer: 202, or a refusal.
    AnswerRefer(u16),
    /// Tell the phone how its transfer goes.
    NotifyRefer(u16),
    /// A new leg: the phone that was handed over.
    Take,
    /// A new leg: dial.
    Dial(DialTo),
    /// A new leg: a place for the agent's browser, which will bring an offer.
    Browser(AgentName),
    /// A new leg: what comes in on that one comes in here from now on.
    GoesOn(u16),
}

/// Orders to a leg's media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaOut {
    /// Play.
    Play {
        /// In this order.
        clips: Vec<Clip>,
        /// Again and again.
        forever: bool,
        /// Echoed.
        token: u64,
    },
    /// Stop.
    StopPlay,
    /// The leg hears itself.
    Echo(bool),
    /// Its words are not passed on.
    Mute(bool),
    /// Digits to the leg.
    SendDigits(String),
    /// Notice a silent line.
    Watch(bool),
    /// The leg hears what these legs say as well, whatever bridge they are in; they do not hear it.
    Hear(Vec<u16>),
    /// The leg's page is shown what this leg shows; `None`: nobody.
    See(Option<u16>),
    /// The leg's page is to send a whole picture: somebody begins to look.
    WholePicture,
    /// Transcribe this leg in this language from now on.
    Listen(Lang),
    /// Pause transcription; what is open becomes final.
    Deafen,
    /// Record what the leg says; `LegIn::Quiet` after this much silence.
    Record {
        /// This much.
        silence: Duration,
    },
    /// The recording is complete.
    StopRecord,
}

/// Orders to the recording of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tape {
    /// It begins; time counts from here.
    Begin,
    /// This leg is on it from now on, on this side.
    Take(u16, Side),
    /// Silence until `Resume`.
    Pause,
    /// It goes on.
    Resume,
    /// It is complete.
    End,
}

/// What an agent's page shows of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    /// Waiting for the page's media.
    Connecting,
    /// Talking.
    Talking,
    /// The caller hears music by the agent's wish.
    Held,
    /// The caller hears music because the page went away.
    Parked,
    /// Over.
    Ended,
}

/// A call as its agent's page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallShow {
    /// Whose.
    pub agent: AgentName,
    /// How it stands.
    pub state: CallState,
    /// By what they hear and speak.
    pub device: CallDevice,
    /// The agent is muted.
    pub muted: bool,
    /// Sides without audio: customer, agent.
    pub silent: (bool, bool),
    /// Connected since.
    pub since: Option<Time>,
    /// What this person is in the call.
    pub part: Part,
    /// Who else is in it, and how they stand.
    pub others: Vec<OtherShow>,
    /// Being recorded; `Paused`: silence is.
    pub recording: Option<Recording>,
    /// Whether the policy lets this agent begin, pause and go on.
    pub may_record: bool,
    /// Being written down, or paused by the agent; `None`: the customer did not agree.
    pub transcription: Option<Recording>,
    /// Supervisors who listen or speak, where agents are shown them.
    pub watched_by: Vec<AgentName>,
}

/// What somebody is in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The customer is theirs.
    Holder,
    /// Asked aside, or in the conference.
    Guest,
    /// A supervisor.
    Watcher(Watch),
}

/// Somebody else in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherShow {
    /// An agent's or queue's name, or the number.
    pub who: String,
    /// How they stand.
    pub state: OtherState,
}

/// How somebody else in a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherState {
    /// Being rung.
    Ringing,
    /// Talking with the agent aside; the customer hears music.
    Aside,
    /// Hears music; the agent is with the customer.
    Waiting,
    /// In the conference.
    Joined,
}

/// What is shown to people and not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Show {
    /// Interim text (both texts empty: remove it).
    Preview(TextPreview),
    /// An offer rings.
    Offer {
        /// To whom.
        agent: AgentName,
        /// Until.
        until: Time,
        /// The queue.
        queue: Option<QueueName>,
        /// Why.
        why: OfferReason,
    },
    /// It is over; `None`: accepted.
    OfferOver {
        /// To whom.
        agent: AgentName,
        /// Why.
        end: Option<OfferEnd>,
    },
    /// A call changed.
    Call(CallShow),
}

/// What the interaction wants done, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Out {
    /// To a leg's signalling.
    Leg(u16, LegOut),
    /// To a leg's media.
    Media(u16, MediaOut),
    /// These legs hear each other.
    Bridge(Vec<u16>),
    /// This leg leaves its bridge.
    Unbridge(u16),
    /// To the recording.
    Tape(Tape),
    /// To the router.
    Route(routing::In),
    /// To the record.
    Record(Change),
    /// To the pages.
    Show(Show),
    /// An answer to a command; given after what was recorded before it is on disk.
    Reply(Reply, Result<(), Refused>),
    /// Ask a server for the flow; `In::Fetched` follows.
    Fetch {
        /// Echoed.
        token: u64,
        /// What.
        request: ivr::Request,
    },
    /// Who has this number; `In::Person` follows.
    FindPerson {
        /// Echoed.
        token: u64,
        /// Number or address.
        number: Pii<String>,
    },
    /// The customer is to be called back, in this place.
    RequestCallback(CallbackWish),
    /// Nothing is left: the owner may drop the interaction.
    Finished,
}
