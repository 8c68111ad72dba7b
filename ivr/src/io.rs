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

use std::fmt;
use std::time::Duration;

use kernel::{AgentName, Lang, QueueName};
use serde::{Deserialize, Serialize};

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
    /// Time has passed.
    Elapsed,
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
    /// Wait in a queue. The interaction plays hold music or `Play`s that the flow orders; `In::Connected` follows when an agent takes it.
    Enqueue {
        /// Which.
        queue: QueueName,
        /// Higher goes first.
        priority: i32,
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
    /// The customer chose a language.
    Language(Lang),
    /// The customer is at this step now (for the record and live counts). A wait that an earlier step ordered (`Enqueue`,
    /// `RingAgent`, `Dial`) and that has not ended in `Connected` or `Failed` is over with it: withdraw it.
    At(String),
    /// End it.
    End(FlowEnd),
}
