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
    pub sip: Sip,
    pub store: Store,
    pub speech: Speech,
    pub timings: Timings,
    pub credentials: Option<Text>,
    pub chat: Option<Text>,
    pub queues: Vec<Queue>,
    pub users: Vec<User>,
    pub keys: Vec<Key>,
    pub numbers: Vec<Number>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    pub sip: Option<Vec<Text>>,
    pub http: Option<Text>,
    pub rtp: Option<Text>,
    pub node: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sip {
    pub realm: Option<String>,
    pub max_calls: Option<usize>,
    /// Networks of peers whose P-Asserted-Identity is believed.
    pub trusted: Vec<Text>,
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
    pub models: Vec<Model>,
}

impl Default for Speech {
    fn default() -> Self {
        Self { enabled: true, model: None, threads: None, models: Vec::new() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub name: String,
    pub url: Text,
    pub sha256: Text,
}

/// Seconds; see `interaction::Timings`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timings {
    pub connect: Option<Spanned<f64>>,
    pub park: Option<Spanned<f64>>,
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
}
