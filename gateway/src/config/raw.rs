//! The file as written. Every value keeps its place, so that later mistakes can name it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A string with its place.
pub type Text = Spanned<String>;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Raw {
    pub listen: Listen,
    pub tls: Tls,
    pub turn: Option<Turn>,
    pub sip: Sip,
    pub store: Store,
    pub speech: Speech,
    pub timings: Timings,
    pub privacy: Privacy,
    pub http: Http,
    pub secrets: BTreeMap<String, Text>,
    /// Language → whose voice prompts have.
    pub voice: BTreeMap<Text, Voice>,
    pub outbound: Option<super::trunks::RawOutbound>,
    pub trunks: Vec<super::trunks::RawTrunk>,
    pub recording: super::recording::Raw,
    pub credentials: Option<Text>,
    pub chat: Option<Text>,
    pub desk: Desk,
    pub web_calls: Option<super::web::Raw>,
    pub observe: Option<super::observe::Raw>,
    pub queues: Vec<Queue>,
    /// Customer tier → seconds by which such customers count as come earlier.
    pub tiers: BTreeMap<String, Spanned<f64>>,
    /// Medium → media on top of which it may come.
    pub interrupts: BTreeMap<Text, Vec<Text>>,
    pub users: Vec<User>,
    pub keys: Vec<Key>,
    pub numbers: Vec<Number>,
    /// Channels: `name`, `kind`, `entry`, `lang`, and what the kind has.
    pub channels: Vec<Spanned<BTreeMap<Text, Text>>>,
    /// The secret with which the company's own site signs who its visitors are.
    pub identity: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    pub sip: Option<Vec<Text>>,
    pub sips: Option<Vec<Text>>,
    pub http: Option<Text>,
    pub https: Option<Text>,
    pub rtp: Option<Text>,
    pub node: Option<u16>,
}

/// TURN servers for agents' pages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    pub urls: Vec<Text>,
    pub secret: Text,
    /// Seconds.
    pub lifetime: Option<Spanned<u32>>,
}

/// Files are relative to this one.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    pub certificate: Option<Text>,
    pub key: Option<Text>,
    pub names: Vec<Text>,
    pub trust: Vec<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sip {
    pub realm: Option<String>,
    pub srtp: Option<Text>,
    pub max_calls: Option<usize>,
    /// Networks of peers whose P-Asserted-Identity is believed.
    pub trusted: Vec<Text>,
    pub guard: super::guard::Raw,
    /// Name servers for carriers' names; without them: the system's.
    pub resolvers: Vec<Text>,
    /// Who collects a copy of every SIP message.
    pub hep: Option<super::hep::Raw>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    pub url: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speech {
    pub enabled: bool,
    pub model: Option<Text>,
    pub threads: Option<Spanned<usize>>,
    /// Names of the company and its products.
    pub vocabulary: Vec<Text>,
    pub models: Vec<Model>,
}

impl Default for Speech {
    fn default() -> Self {
        Self { enabled: true, model: None, threads: None, vocabulary: Vec::new(), models: Vec::new() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub name: String,
    pub url: Text,
    pub sha256: Text,
}

/// The agents' pages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Desk {
    /// The address of a customer in another system, with `{number}` and others.
    pub crm_url: Option<Text>,
}

/// What is neither shown nor kept.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Privacy {
    /// Names of `asr::redact::Kind`.
    pub redact: Option<Vec<Text>>,
}

/// Seconds; see `interaction::Timings`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timings {
    pub connect: Option<Spanned<f64>>,
    pub park: Option<Spanned<f64>>,
}

/// What flows may ask.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    pub hosts: Vec<Text>,
    /// Of one API key or session; 0: no limit.
    pub requests_per_minute: Option<Spanned<u32>>,
}

/// A voice: a program, or a service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// With its arguments.
    pub program: Option<Vec<Text>>,
    pub url: Option<Text>,
    #[serde(default)]
    pub headers: BTreeMap<String, Text>,
    /// With `{text}` and `{lang}`.
    pub body: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub name: Text,
    /// Skill → least level; without it: the skill of the queue's name, level 1.
    pub skills: Option<BTreeMap<String, Spanned<u8>>>,
    /// Seconds.
    pub ring: Option<Spanned<f64>>,
    /// Seconds.
    pub wrapup: Option<Spanned<f64>>,
    pub strategy: Option<Text>,
    /// Policy of its own.
    pub recording: Option<Text>,
    /// Skill → least level that puts an agent first.
    #[serde(default)]
    pub prefer: BTreeMap<String, Spanned<u8>>,
    /// Groups of which an agent must be in one.
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default)]
    pub rings: Vec<Ring>,
    /// Seconds of waiting that a point of priority is worth.
    pub point: Option<Spanned<f64>>,
    pub misses: Option<Spanned<u8>>,
    /// Seconds.
    pub max_wait: Option<Spanned<f64>>,
    /// When it is open; without it: always.
    pub hours: Option<Hours>,
    #[serde(default)]
    pub overflow: Vec<Spanned<Overflow>>,
}

/// When something is open, written as in the flow step `business_hours`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub zone: Text,
    /// `mon`, or `mon-fri` → `09:00-12:00`, one or several.
    pub days: BTreeMap<Text, Intervals>,
    #[serde(default)]
    pub holidays: Vec<Text>,
}

/// One interval, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Intervals {
    One(String),
    Several(Vec<String>),
}

/// Whom a queue asks later: what differs from the ring before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// Seconds.
    pub after: Spanned<f64>,
    /// Skill → least level; 0: no longer asked for.
    #[serde(default)]
    pub skills: BTreeMap<String, Spanned<u8>>,
    /// Replaces the groups; `[]`: any.
    pub groups: Option<Vec<String>>,
}

/// One of the first four says when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Overflow {
    /// Seconds.
    pub waited: Option<Spanned<f64>>,
    pub length: Option<u32>,
    pub closed: Option<bool>,
    pub no_agent: Option<bool>,
    /// Another queue; without it the flow goes on.
    pub to: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub name: Text,
    pub role: Text,
    pub password: Option<String>,
    pub extension: Option<Text>,
    pub sip_password: Option<String>,
    pub algorithms: Option<Vec<Text>>,
    pub contact: Option<Text>,
    #[serde(default)]
    pub skills: BTreeMap<String, Spanned<u8>>,
    pub chats: Option<Spanned<u8>>,
    #[serde(default)]
    pub groups: Vec<String>,
    /// Medium → how many at once.
    #[serde(default)]
    pub capacity: BTreeMap<Text, u8>,
    pub weight: Option<Spanned<u8>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    pub name: Text,
    pub role: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    pub number: Text,
    pub flow: Text,
    /// Without it: the step named like the number.
    pub entry: Option<Text>,
    pub lang: Option<Text>,
    /// Policy of its own.
    pub recording: Option<Text>,
}
