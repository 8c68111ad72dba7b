//! What a kind of step is: its name, its parameters with their help, and how a step of it behaves.
//!
//! Promises: everything that the validation, the documentation and the interpreter need to know of a kind is in its one
//! file in `nodes/`; nothing else names it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::tz::TimeZone;
use kernel::hours::{Holiday, Week};
use kernel::{AgentName, Lang, QueueName};
use serde::Serialize;

use crate::address::Template;
use crate::datum::Type;
use crate::expr::Expr;
use crate::io::{Acquaintance, Fetched, FlowEnd, Tone};
use crate::json_path::JsonPath;
use crate::scene::Scene;
use crate::wording::Wording;

/// A text for people, in every language that they read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Help {
    /// English.
    pub en: &'static str,
    /// 简体中文.
    pub zh: &'static str,
}

/// Whom a kind of step can serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// Only those who speak and listen.
    Voice,
    /// Those who write as well.
    VoiceAndText,
}

/// One parameter of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// As written in the file.
    pub name: &'static str,
    /// What may be written.
    pub takes: Takes,
    /// Whether it must be there.
    pub required: bool,
    /// What it does, and what holds without it.
    pub help: Help,
}

/// Who brings about that the customer moves from one step to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The customer did something, or an agent did.
    People,
    /// It happens by itself: a prompt ended, time passed, somebody could not be had.
    Itself,
}

/// What may be written for a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// An agent's sign-in name.
    Agent,
    /// Values and the words that mean them.
    Answers,
    /// Variables and what is put into them.
    Assign,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of codec names.
    Codecs,
    /// Dates, with hours or without.
    Dates,
    /// Days and their hours.
    Days,
    /// An expression of a type.
    Expr(Type),
    /// Names and texts that go to a server: secrets may stand in them.
    Fields,
    /// `true` or `false`.
    Flag,
    /// A variable that is set; `hidden` ones are never shown.
    Into {
        /// Whether it is hidden.
        hidden: bool,
    },
    /// Keys and the step that each leads to.
    Keys,
    /// A language code.
    Lang,
    /// A whole number in a range.
    Number {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// Variables and the place in a JSON text from which they are taken.
    Paths,
    /// A prompt name or a list of them.
    Prompts,
    /// A queue's name.
    Queue,
    /// What to do when nothing usable comes: `{ timeout, times, prompt, then }`; only silence has a timeout.
    Retry {
        /// Whether it is about silence.
        silence: bool,
    },
    /// A span of time in seconds, in a range.
    Seconds {
        /// Least.
        min: u32,
        /// Most.
        max: u32,
    },
    /// A text in every language.
    Said,
    /// The name of a secret in the configuration.
    Secret,
    /// Skills and least levels.
    Skills,
    /// A SIP address with placeholders.
    SipUri,
    /// A SIP status that refuses a call.
    Status,
    /// Another step.
    Step(By),
    /// Several of them, for somebody else to choose from.
    Steps,
    /// A short text.
    Text,
    /// A built-in sound.
    Tone,
    /// An address of a server that the configuration allows.
    Url,
    /// Keys and the words that mean them.
    Words,
    /// A time zone.
    Zone,
}

impl Takes {
    /// Stable name, for editors.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Takes::Agent => "agent",
            Takes::Answers => "answers",
            Takes::Assign => "assign",
            Takes::Choice(_) => "choice",
            Takes::Codecs => "codecs",
            Takes::Dates => "dates",
            Takes::Days => "days",
            Takes::Expr(_) => "expr",
            Takes::Fields => "fields",
            Takes::Flag => "flag",
            Takes::Into { .. } => "into",
            Takes::Keys => "keys",
            Takes::Lang => "lang",
            Takes::Number { .. } => "number",
            Takes::Paths => "paths",
            Takes::Prompts => "prompts",
            Takes::Queue => "queue",
            Takes::Retry { .. } => "retry",
            Takes::Seconds { .. } => "seconds",
            Takes::Said => "said",
            Takes::Secret => "secret",
            Takes::Skills => "skills",
            Takes::SipUri => "sip_uri",
            Takes::Status => "status",
            Takes::Step(_) => "step",
            Takes::Steps => "steps",
            Takes::Text => "text",
            Takes::Tone => "tone",
            Takes::Url => "url",
            Takes::Words => "words",
            Takes::Zone => "zone",
        }
    }
}

/// What to do when nothing usable comes from the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How long to wait after the prompts (silence only).
    pub timeout: Duration,
    /// How often to ask again.
    pub times: u8,
    /// Said before asking again.
    pub prompt: Option<String>,
    /// Where to go when it was asked often enough; `None`: the flow ends as given up.
    pub then: Option<String>,
}

impl Default for Retry {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(5), times: 2, prompt: None, then: None }
    }
}

/// A parameter's value, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// See [`Takes::Agent`].
    Agent(AgentName),
    /// See [`Takes::Answers`].
    Answers(Vec<(String, Vec<String>)>),
    /// See [`Takes::Assign`].
    Assign(Vec<(String, Expr)>),
    /// See [`Takes::Codecs`].
    Codecs(Vec<String>),
    /// See [`Takes::Dates`].
    Dates(Vec<Holiday>),
    /// See [`Takes::Days`].
    Days(Week),
    /// See [`Takes::Expr`].
    Expr(Expr),
    /// See [`Takes::Fields`].
    Fields(Vec<(String, Wording)>),
    /// See [`Takes::Flag`].
    Flag(bool),
    /// See [`Takes::Keys`].
    Keys(Vec<(char, String)>),
    /// See [`Takes::Lang`].
    Lang(Lang),
    /// See [`Takes::Number`].
    Number(i64),
    /// See [`Takes::Paths`].
    Paths(Vec<(String, JsonPath)>),
    /// See [`Takes::Prompts`] and [`Takes::Said`].
    Prompts(Vec<String>),
    /// See [`Takes::Queue`].
    Queue(QueueName),
    /// See [`Takes::Retry`].
    Retry(Retry),
    /// See [`Takes::Seconds`].
    Seconds(Duration),
    /// See [`Takes::Skills`].
    Skills(BTreeMap<String, u8>),
    /// See [`Takes::SipUri`].
    SipUri(Template),
    /// See [`Takes::Status`].
    Status(u16),
    /// See [`Takes::Step`].
    Step(String),
    /// See [`Takes::Steps`].
    Steps(Vec<String>),
    /// See [`Takes::Choice`], [`Takes::Into`], [`Takes::Secret`] and [`Takes::Text`].
    Text(String),
    /// See [`Takes::Tone`].
    Tone(Tone),
    /// See [`Takes::Url`].
    Url(Url),
    /// See [`Takes::Words`].
    Words(Vec<(char, Vec<String>)>),
    /// See [`Takes::Zone`].
    Zone(TimeZone),
}

/// Where a server is: `http://` or `https://` with host and port, and a path that may have values in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Scheme, host and port.
    pub origin: String,
    /// The rest.
    pub path: Wording,
}

/// A mistake that only the kind itself can see.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// The parameter at fault; `None`: the step as a whole.
    pub param: Option<&'static str>,
    /// What was found.
    pub found: String,
    /// What would be right.
    pub right: String,
}

impl Complaint {
    /// The step lacks a way on.
    #[must_use]
    pub fn dead_end(right: &str) -> Self {
        Self {
            param: None,
            found: "a dead end: nothing comes after this step".to_owned(),
            right: right.to_owned(),
        }
    }

    /// A parameter that does not fit the others.
    #[must_use]
    pub fn about(param: &'static str, found: &str, right: &str) -> Self {
        Self { param: Some(param), found: found.to_owned(), right: right.to_owned() }
    }
}

/// A kind of step.
#[derive(Clone, Copy)]
pub struct Kind {
    /// As written after `kind =`.
    pub name: &'static str,
    /// What people call it.
    pub title: Help,
    /// Whom it can serve.
    pub media: Media,
    /// What it is for.
    pub help: Help,
    /// Its parameters, sorted by name.
    pub params: &'static [Param],
    /// Steps that show it; the first one is of this kind. Runs as a test.
    pub example: &'static str,
    /// Makes a step of checked parameters; the required ones are there.
    pub make: fn(&mut crate::given::Given) -> Result<Box<dyn Node>, Complaint>,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Where the customer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nowhere yet.
    Stay,
    /// To that step.
    Go(String),
    /// Back to whoever called this part of the flow.
    Return,
    /// Out of the flow.
    End(FlowEnd),
}

impl Next {
    /// To that step if there is one, else out of the flow.
    #[must_use]
    pub fn go_or_end(step: Option<&String>, end: FlowEnd) -> Self {
        step.map_or(Next::End(end), |step| Next::Go(step.clone()))
    }
}

/// A step of a flow. Only what the customer waits for is told: stale ends of prompts and timers never arrive.
pub trait Node: fmt::Debug + Send + Sync {
    /// The customer arrives.
    fn enter(&self, scene: &mut Scene<'_>) -> Next;

    /// The prompts of the last `Scene::say` ended by themselves.
    fn played(&self, scene: &mut Scene<'_>) -> Next {
        let _ = scene;
        Next::Stay
    }

    /// A key was pressed.
    fn digit(&self, scene: &mut Scene<'_>, key: char) -> Next {
        let _ = (scene, key);
        Next::Stay
    }

    /// The customer wrote.
    fn text(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        let _ = (scene, text);
        Next::Stay
    }

    /// The time of the last `Scene::wait` has passed.
    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        let _ = scene;
        Next::Stay
    }

    /// Whom the step wanted to reach cannot be had; stable code.
    fn failed(&self, scene: &mut Scene<'_>, code: &str) -> Next {
        let _ = (scene, code);
        Next::Stay
    }

    /// They began to speak (after `Scene::listen`).
    fn speaking(&self, scene: &mut Scene<'_>) -> Next {
        let _ = scene;
        Next::Stay
    }

    /// They said something.
    fn said(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        let _ = (scene, text);
        Next::Stay
    }

    /// They have been silent for a while (after `Scene::record`).
    fn quiet(&self, scene: &mut Scene<'_>) -> Next {
        let _ = scene;
        Next::Stay
    }

    /// A server answered, or did not.
    fn fetched(&self, scene: &mut Scene<'_>, reply: &Fetched) -> Next {
        let _ = (scene, reply);
        Next::Stay
    }

    /// A person was looked for.
    fn found(&self, scene: &mut Scene<'_>, person: Option<&Acquaintance>) -> Next {
        let _ = (scene, person);
        Next::Stay
    }

    /// Their place in line became known, or another (`queue.place`, `queue.wait`).
    fn placed(&self, scene: &mut Scene<'_>) -> Next {
        let _ = scene;
        Next::Stay
    }

    /// Whether the flow goes on with the customer when the other side hung up.
    fn goes_on_after_parting(&self) -> bool {
        false
    }

    /// For steps that call a part of the flow: where it begins, and where it goes on when that comes back.
    fn calls(&self) -> Option<(&str, &str)> {
        None
    }

    /// Whether this step goes back to whoever called.
    fn returns(&self) -> bool {
        false
    }

    /// The other side hung up and the customer is still there.
    fn parted(&self, scene: &mut Scene<'_>) -> Next {
        let _ = scene;
        Next::End(FlowEnd::Finished)
    }

    /// Whether this very step can serve someone who writes (its kind can; some parameters take that away).
    fn serves_text(&self) -> bool {
        true
    }
}
