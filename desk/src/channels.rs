//! Channels: the roads by which customers write to us from elsewhere, and by which they are answered.
//!
//! A channel is one file here and one line in [`CHANNELS`]. It gets from that: a web hook at `/hooks/NAME`, its settings in
//! the configuration, the flow, the queue, the agent's inbox, the outbox with its repeats, and the conformance tests below.
//! Promises: pure — a channel reads requests and makes requests and sends nothing; what is signed is checked before it is
//! read. Leaves to others: sending, time, files (the gateway), once and in order (`store`).

mod app;
mod mail;
mod sign;
mod webhook;
mod wechat;

use std::collections::BTreeMap;

use kernel::{InteractionId, Lang, Pii, Secret};

use crate::files::{Particulars, SentFile};
use crate::{Channel, Speaker, WallMillis};

pub use mail::{File as LetterFile, Letter, Posting, letter, named_files, posting};
pub use sign::{SIGNATURE_HEADER, signature, signed_post};

/// Every kind of channel that is configured by `[[channels]]`, sorted by name.
pub const CHANNELS: &[Kind] = &[app::CHANNEL, mail::CHANNEL, webhook::CHANNEL, wechat::CHANNEL];

/// Largest body that a web hook takes, in bytes: texts and links; files are fetched.
pub const BODY_BYTES: usize = 256 << 10;
/// Longest name that the other side may give a message or a person, in bytes.
const NAME_BYTES: usize = 200;
/// How far a signature's time may lie from ours: clocks that are apart, and queues at the sender.
const WINDOW_MS: i64 = 300_000;

/// A kind of channel.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What the configuration calls it.
    pub name: &'static str,
    /// What the record calls it.
    pub channel: Channel,
    /// What can be done on it.
    pub abilities: Abilities,
    /// What its configuration has.
    pub settings: &'static [Setting],
    /// How it is travelled.
    pub road: Road,
    /// Something to try it with.
    #[cfg(test)]
    sample: fn(WallMillis) -> tests::Sample,
}

/// What can be done on a channel; the agent's page goes by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Messages have a subject.
    pub subject: bool,
    /// Agents may send files.
    pub files: bool,
    /// Longest message, in characters.
    pub longest: usize,
    /// What the flow says is sent to the customer.
    pub flow_speaks: bool,
    /// The customer's typing is seen, and they see the agent's.
    pub typing: bool,
}

/// A setting of a kind of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What it must look like.
    pub form: Form,
    /// Whether it must be there.
    pub need: Need,
}

/// What a setting must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any text.
    Text,
    /// A password or key, or `env:NAME`.
    Secret,
    /// `https://…` (or `http://…` within the house).
    Url,
    /// `HOST:PORT`.
    Place,
    /// A mail address.
    Address,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The 43 characters of an EncodingAESKey.
    AesKey,
}

/// Whether a setting must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Must.
    Needed,
    /// May.
    Optional,
}

/// How a channel is travelled.
#[derive(Clone, Copy, Debug)]
pub enum Road {
    /// Requests come to `/hooks/NAME`, and requests go out.
    Http(Http),
    /// Letters are fetched and posted.
    Letters,
}

/// A channel of requests.
#[derive(Clone, Copy, Debug)]
pub struct Http {
    /// Reads what the other side posted.
    pub parse: fn(&Account, &Request, WallMillis) -> Result<Parsed, Refused>,
    /// Makes the request that sends a message, or one that must come before.
    pub render: fn(&Account, &Outbound, &Keep, WallMillis) -> Result<HttpRequest, Unsendable>,
    /// Reads what the other side answered to that.
    pub answered: fn(&Account, &Outbound, &Asked<'_>, &mut Keep, WallMillis) -> Fate,
}

/// A configured channel.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// The number by which its customers enter the house.
    pub entry: String,
    /// The language to begin with.
    pub lang: Lang,
    /// By name.
    pub settings: BTreeMap<String, Secret<String>>,
}

impl Account {
    /// A setting; empty when it is not there.
    #[must_use]
    pub fn setting(&self, name: &str) -> &str {
        self.settings.get(name).map_or("", |value| value.reveal().as_str())
    }

    /// A setting that is there.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.setting(name)).filter(|value| !value.is_empty())
    }
}

/// The kind of a name.
#[must_use]
pub fn kind(name: &str) -> Option<&'static Kind> {
    CHANNELS.iter().find(|kind| kind.name == name)
}

/// What can be done on the road that a conversation came by; `None` where nothing is written.
#[must_use]
pub fn abilities(channel: Channel) -> Option<Abilities> {
    match channel {
        Channel::Voice | Channel::Video => None,
        Channel::Chat => Some(Abilities {
            subject: false,
            files: true,
            longest: kernel::limits::MESSAGE_CHARS,
            flow_speaks: true,
            typing: true,
        }),
        other => CHANNELS.iter().find(|kind| kind.channel == other).map(|kind| kind.abilities),
    }
}

/// A request to a web hook.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// The query's parameters.
    pub query: BTreeMap<String, String>,
    /// Headers, in small letters.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Pii<Vec<u8>>,
}

/// What a request said.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Content type and text of the answer, given once all is recorded.
    pub answer: (&'static str, String),
    /// In order.
    pub inbound: Vec<Inbound>,
}

/// A request that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl Refused {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }
}

/// What kind of news came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The customer wrote; a conversation begins if none is open.
    Message,
    /// Something happened that an open conversation notes (stable code).
    Event(String),
    /// A message of ours was not taken after all: which entry, and why.
    Bounce(InteractionId, i64, String),
}

/// News of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// What the other side calls it: the same one is taken once.
    pub external: String,
    /// Who, as the channel spells it.
    pub peer: Pii<String>,
    /// Who, as an address of a person.
    pub address: Pii<String>,
    /// What they call themselves.
    pub name: Option<Pii<String>>,
    /// What they wrote.
    pub text: Pii<String>,
    /// Particulars (JSON object).
    pub detail: Pii<serde_json::Map<String, serde_json::Value>>,
    /// What the channel keeps of the exchange from now on (JSON object text).
    pub state: Option<Pii<String>>,
    /// What this answers, the nearest first, as the other side calls it.
    pub follows: Vec<String>,
    /// The conversation that it names.
    pub names: Option<InteractionId>,
    /// What kind.
    pub said: Said,
}

/// A message to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// The same for every try.
    pub id: String,
    /// The conversation.
    pub conversation: InteractionId,
    /// The entry there.
    pub seq: i64,
    /// To whom, as the channel spells it.
    pub peer: Pii<String>,
    /// The same as an address.
    pub address: Pii<String>,
    /// What the channel keeps of the exchange.
    pub state: Pii<String>,
    /// When the customer was last heard of.
    pub heard_at: WallMillis,
    /// The words.
    pub text: Pii<String>,
    /// Particulars of the entry (JSON object text).
    pub detail: Option<Pii<String>>,
    /// Whose words.
    pub speaker: Speaker,
    /// When they were written.
    pub at: WallMillis,
}

impl Outbound {
    /// What comes with it.
    #[must_use]
    pub fn files(&self) -> Vec<SentFile> {
        self.particulars().files
    }

    fn particulars(&self) -> Particulars {
        Particulars::read(self.detail.as_ref().map(|detail| detail.reveal().as_str()))
    }
}

/// What a channel remembers while the process runs (access tokens).
pub type Keep = BTreeMap<String, Secret<String>>;

/// A request to the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Whole; it may hold a token.
    pub url: Secret<String>,
    /// Besides `Content-Type: application/json`.
    pub headers: Vec<(&'static str, Secret<String>)>,
    /// Posted.
    pub body: Pii<String>,
}

/// What the other side answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// Status.
    pub status: u16,
    /// How long it asked us to wait, in milliseconds.
    pub retry_after: Option<i64>,
    /// The body.
    pub body: Pii<String>,
}

/// What was asked and answered. Several messages of one channel are under way at once: what `Keep` says now may be the
/// work of another one.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The request.
    pub request: &'a HttpRequest,
    /// Its answer.
    pub answer: &'a HttpAnswer,
}

/// A message that cannot be sent, whatever is tried: why, as a stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsendable(pub String);

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The message is there, under this name.
    Sent(Option<String>),
    /// What had to come before is done: render again.
    Again,
    /// Not now (why, and the least span in milliseconds that was asked for).
    Later(String, Option<i64>),
    /// Not at all.
    Never(String),
}

/// The usual reading of an HTTP status: taken, not now, or not at all.
fn by_status(answer: &HttpAnswer) -> Fate {
    match answer.status {
        200..=299 => {
            let body: Option<serde_json::Value> = serde_json::from_str(answer.body.reveal()).ok();
            let id = body.as_ref().and_then(|body| body.get("id")).and_then(serde_json::Value::as_str);
            Fate::Sent(id.filter(|id| id.len() <= NAME_BYTES).map(ToOwned::to_owned))
        }
        408 | 425 | 429 | 500..=599 => Fate::Later(format!("http_{}", answer.status), answer.retry_after),
        other => Fate::Never(format!("http_{other}")),
    }
}

/// A name given by the other side, within bounds.
fn name(field: &str, text: &str) -> Result<String, Refused> {
    let text = text.trim();
    if text.is_empty() || text.len() > NAME_BYTES || text.chars().any(char::is_control) {
        let message = format!("`{field}` must be 1 to {NAME_BYTES} bytes without control characters");
        return Err(Refused::new(400, "bad_request", message));
    }
    Ok(text.to_owned())
}

/// What a customer wrote, within bounds; longer text is cut rather than lost.
fn words(text: &str) -> String {
    let text = text.replace('\0', "\u{FFFD}");
    let text = text.trim();
    match text.char_indices().nth(kernel::limits::MESSAGE_CHARS - 1) {
        Some((cut, _)) if text.len() > cut => {
            let whole = text.chars().count() <= kernel::limits::MESSAGE_CHARS;
            if whole { text.to_owned() } else { format!("{}…", text.get(..cut).unwrap_or(text)) }
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
