//! What a flow run is told and orders, and what validation reports.
//!
//! The rest of the crate has this shape; `interaction` and `gateway` rely on it:
//! ```text
//! impl Flow {                                                      // compiled, immutable, shared as Arc<Flow>
//!     pub fn parse(file: &str, text: &str, known: &Known) -> Result<Flow, Vec<Problem>>;
//!     pub fn prompts(&self) -> impl Iterator<Item = PromptText>;   // every text that needs a voice
//!     pub fn entries(&self) -> impl Iterator<Item = &str>;         // names under which customers come in
//!     pub fn heard_first(&self, entry: &str, lang: Lang) -> Heard;                   // prompts with their languages
//!     pub fn heard_after(&self, entry: &str, key: char, lang: Lang) -> Heard;        // and after a key
//!     pub fn first_prompts(&self, entry: &str) -> Vec<String>;                       // the same, names only
//!     pub fn prompts_after(&self, entry: &str, digit: char) -> Vec<String>;
//! }
//! impl Run {                                                       // one customer in one flow; Clone + Serialize
//!     pub fn start(flow: Arc<Flow>, start: Start, cx: &mut Context<'_>, out: &mut impl Effects<Out>) -> Result<Run, UnknownEntry>;
//!     pub fn handle(self, cx: &mut Context<'_>, input: In, out: &mut impl Effects<Out>) -> Run;
//!     pub fn next_timeout(&self) -> Option<Time>;
//!     pub fn step(&self) -> &str;                                  // where the customer is
//!     pub fn attach(self, flow: Arc<Flow>) -> Result<Run, UnknownEntry>;             // after reading one back
//! }
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use kernel::{AgentName, Lang, Pii, QueueName, Secret};
use serde::{Deserialize, Serialize};

use crate::wording::Piece;

/// Something audible (or, in a chat, sendable), by the name that the flow gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Clip {
    /// A prompt of the flow in a language.
    Prompt {
        /// Its name in the flow.
        name: String,
        /// Spoken in.
        lang: Lang,
    },
    /// A tone or music that every installation has.
    Tone(Tone),
    /// A text that is different for everybody: spoken when it is needed.
    Spoken(Spoken),
}

/// A filled-in text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Spoken {
    /// Spoken in.
    pub lang: Lang,
    /// In this order.
    pub pieces: Vec<Piece>,
    /// The same for those who read.
    pub written: Pii<String>,
    /// The fixed prompt that is said when this cannot be spoken in time.
    pub instead: Option<String>,
}

/// Built-in sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Ringing heard by the caller.
    Ringback,
    /// Music on hold.
    Music,
    /// Busy.
    Busy,
    /// A short beep: speak now.
    Beep,
}

/// A text that must be given a voice (or a file to be read) before the flow can serve.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PromptText {
    /// Name in the flow.
    pub name: String,
    /// Language.
    pub lang: Lang,
    /// The text, for synthesis and for chats.
    pub text: String,
    /// A recording to use instead of synthesis, relative to the flow file.
    pub file: Option<String>,
}

/// Names that exist outside the flow, against which it is validated.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Queues.
    pub queues: Vec<QueueName>,
    /// Agents.
    pub agents: Vec<AgentName>,
    /// Skills that some agent has.
    pub skills: Vec<String>,
    /// Servers that steps may ask, as `host` or `host:port`.
    pub hosts: Vec<String>,
    /// Names of secrets that requests may carry.
    pub secrets: Vec<String>,
    /// Take every name as existing: for a flow that is checked on its own.
    pub anything: bool,
}

impl Known {
    /// Every name exists.
    #[must_use]
    pub fn anything() -> Self {
        Self { anything: true, ..Self::default() }
    }
}

/// A mistake in a flow (or configuration), as a person needs it: `FILE:LINE:COLUMN: found; right`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File as named on the command line or in the configuration.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What was found.
    pub found: String,
    /// What would be right.
    pub right: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}; {}", self.file, self.line, self.column, self.found, self.right)
    }
}

/// How a customer enters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Step to begin with.
    pub entry: String,
    /// Language to begin with.
    pub lang: Lang,
    /// Whether they write instead of speak.
    pub text: bool,
    /// User part of the caller's address (for `{caller}` in dial targets).
    pub caller: String,
    /// What they dialled (for `{called}`).
    pub called: String,
}

/// Which codecs a dialled leg is offered; empty means all that we speak.
pub type Codecs = Vec<String>;

/// What happened to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum In {
    /// The clips of the last `Play` with this token ended by themselves.
    Played {
        /// As ordered.
        token: u64,
    },
    /// A key.
    Digit(char),
    /// A message (chat).
    Text(String),
    /// An agent (or dialled party) is connected: the flow sleeps until they part.
    Connected,
    /// What was dialled or rung directly cannot be had; stable code (`busy`, `no_answer`, `unreachable`, `refused`).
    Failed(String),
    /// The other side is gone and the customer is still there.
    Parted,
    /// The customer began to speak (after `Out::Listen`).
    Speaking,
    /// What the customer said, settled.
    Said(String),
    /// The recording has been silent for as long as was ordered.
    Quiet,
    /// An answer to `Out::Fetch` with this token.
    Fetched {
        /// As ordered.
        token: u64,
        /// What came.
        reply: Fetched,
    },
    /// An answer to `Out::FindPerson` with this token.
    Person {
        /// As ordered.
        token: u64,
        /// Who it is; `None`: nobody we know.
        person: Option<Acquaintance>,
    },
    /// Their place in line.
    Placed {
        /// 1 is next.
        place: u32,
        /// How many minutes it is likely to take; only when that can be said with some right.
        minutes: Option<u32>,
    },
    /// Time has passed.
    Elapsed,
}

/// What a customer in a queue needs besides what the queue asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wants {
    /// Skills an agent must have, with the least level.
    pub skills: BTreeMap<String, u8>,
    /// Their tier, as the configuration knows it.
    pub tier: Option<String>,
    /// The agent who should have them, and for how long they wait for them alone.
    pub agent: Option<(AgentName, Duration)>,
    /// Points of agents, for a queue that goes by them.
    pub scores: BTreeMap<AgentName, i64>,
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fetched {
    /// It answered.
    Answer {
        /// HTTP status.
        status: u16,
        /// At most 64 KiB.
        body: Pii<String>,
    },
    /// It did not; stable code (`timeout`, `unreachable`, `too_large`, `full`, `refused`).
    Failed(String),
}

/// A person whom we know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acquaintance {
    /// Their name.
    pub name: Pii<String>,
    /// The agent who served them last.
    pub agent: Option<AgentName>,
    /// Their tier.
    pub tier: Option<String>,
}

/// Something to ask a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// `http://` or `https://`, host and port: one that the configuration allows.
    pub origin: String,
    /// Path and query.
    pub path: Vec<Bit>,
    /// Names and values.
    pub headers: Vec<(String, Vec<Bit>)>,
    /// JSON to POST; `None`: GET.
    pub body: Option<Vec<Bit>>,
    /// For one attempt.
    pub timeout: Duration,
    /// How often it is tried again after it failed.
    pub retries: u8,
    /// Name of the secret with which the body is signed.
    pub sign: Option<String>,
}

impl Request {
    /// Where it goes, for people who try a flow: what is secret is left out.
    pub(crate) fn shown(&self) -> String {
        let bits = self.path.iter().map(|bit| match bit {
            Bit::Text(text) => text.reveal().as_str(),
            Bit::Secret(_) | Bit::Hidden(_) => "…",
        });
        std::iter::once(self.origin.as_str()).chain(bits).collect()
    }
}

/// A bit of a request: joined by the one who sends it, so that nothing else ever holds secrets in the clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bit {
    /// As it is.
    Text(Pii<String>),
    /// The secret of this name in the configuration.
    Secret(String),
    /// What the customer entered in secret. Never written down.
    Hidden(#[serde(skip)] Secret<String>),
}

/// What is kept from recordings, transcripts and the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shield {
    /// Nothing.
    #[default]
    Open,
    /// The keys.
    Keys,
    /// The keys and the sound.
    All,
}

/// Why the flow ends the interaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FlowEnd {
    /// It said all it had to.
    Finished,
    /// Refuse before answering, with this SIP status. In writing: 488, the flow came to a step that needs a voice.
    Refused(u16),
    /// The customer gave no usable input often enough.
    GaveUp,
}

/// What the flow wants done. The interaction translates this to media, routing and signalling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Out {
    /// Tell the caller it rings (180). Nothing on text.
    Ring,
    /// Open early media (183): `Play` is audible before the answer.
    EarlyMedia,
    /// Answer.
    Answer,
    /// Play (voice) or send as messages (text; prompts only).
    Play {
        /// In this order, gapless.
        clips: Vec<Clip>,
        /// Again and again.
        forever: bool,
        /// Echoed in `In::Played`.
        token: u64,
    },
    /// Stop playing (barge-in).
    StopPlay,
    /// The caller hears themselves until the end.
    Echo,
    /// Transcribe what the caller says from now on.
    Transcribe,
    /// Transcribe until `Deafen`, and tell the flow (`In::Speaking`, `In::Said`).
    Listen,
    /// No longer.
    Deafen,
    /// Keep keys (and sound) out of everything that is written down.
    Shield(Shield),
    /// Record the caller, as a message for us; `In::Quiet` after this much silence.
    Record {
        /// This much.
        silence: Duration,
    },
    /// The recording is complete. (It is kept as well when the caller hangs up.)
    StopRecording,
    /// Ask a server; `In::Fetched` follows.
    Fetch {
        /// Echoed.
        token: u64,
        /// What.
        request: Request,
    },
    /// Who has this number; `In::Person` follows.
    FindPerson {
        /// Echoed.
        token: u64,
        /// Number or address.
        number: Pii<String>,
    },
    /// Call the customer back, in the place that they have in this queue.
    RequestCallback {
        /// Whom to dial.
        number: Pii<String>,
        /// Which queue.
        queue: QueueName,
        /// Higher goes first.
        priority: i32,
    },
    /// Into the record: a stable code and particulars.
    Note {
        /// Code.
        code: String,
        /// Particulars by name.
        detail: BTreeMap<String, String>,
    },
    /// Wait in a queue. The interaction plays hold music or `Play`s that the flow orders; `In::Connected` follows when an agent takes it.
    Enqueue {
        /// Which.
        queue: QueueName,
        /// Higher goes first.
        priority: i32,
        /// What else this customer needs.
        wants: Box<Wants>,
    },
    /// Ring one agent directly.
    RingAgent {
        /// Who.
        agent: AgentName,
        /// How long.
        ring: Duration,
    },
    /// Dial a SIP URI and connect; the caller hears ringback (180) until then, and the answer comes when they answer.
    Dial {
        /// `sip:…` with an address.
        uri: String,
        /// Offered codecs.
        codecs: Codecs,
        /// How long.
        ring: Duration,
    },
    /// Dial a number, as a phone of this house or through the trunk, and connect, like `Dial`.
    DialNumber {
        /// Digits, perhaps after a `+`.
        number: Pii<String>,
        /// How long.
        ring: Duration,
    },
    /// The customer chose a language.
    Language(Lang),
    /// The customer is at this step now (for the record and live counts). A wait that an earlier step ordered (`Enqueue`,
    /// `RingAgent`, `Dial`) and that has not ended in `Connected` or `Failed` is over with it: withdraw it.
    At(String),
    /// End it.
    End(FlowEnd),
}
