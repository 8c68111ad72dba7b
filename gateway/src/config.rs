//! Configuration: TOML text → `Raw` (unknown fields refused) → `Config` (valid by construction).
//!
//! Promises: a mistake is told as `FILE:LINE:COLUMN: what was found; what would be right`, all mistakes at once; flows named
//! here are read and checked with it. Leaves to others: secrets (`credentials`), voices (`prompts`).

mod compile;
mod files;
mod raw;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ivr::{Flow, Problem};
use kernel::Lang;
use signaling::{Algorithm, Network};
use store::UserRole;

pub use compile::rtp_range;
pub use files::Files;

pub use crate::media_loop::RtpRange;

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Addresses for SIP over UDP and TCP.
    pub sip: Vec<SocketAddr>,
    /// Address of pages and API.
    pub http: SocketAddr,
    /// Address and ports of RTP.
    pub rtp: RtpRange,
    /// Number of this node, part of every id.
    pub node: u16,
    /// Digest realm.
    pub realm: String,
    /// Networks of peers (trunks, proxies) whose word on who calls is believed.
    pub trusted: Vec<Network>,
    /// Calls beyond which new ones get 503.
    pub max_calls: usize,
    /// Database URL; `None`: SQLite in the data directory.
    pub store: Option<String>,
    /// Name of the file for generated passwords, in the data directory.
    pub credentials: String,
    /// Transcription.
    pub speech: Speech,
    /// Queues.
    pub queues: Vec<routing::QueueSetup>,
    /// People who sign in.
    pub users: Vec<UserConfig>,
    /// API keys.
    pub keys: Vec<KeyConfig>,
    /// What can be dialled.
    pub numbers: BTreeMap<String, Number>,
    /// The number that web chats enter by.
    pub chat: Option<String>,
    /// Flows by file name.
    pub flows: BTreeMap<String, Arc<Flow>>,
    /// How long things may take.
    pub timings: interaction::Timings,
}

/// Transcription settings.
#[derive(Clone, Debug)]
pub struct Speech {
    /// Off: no model is loaded and nothing is transcribed.
    pub enabled: bool,
    /// Model name.
    pub model: String,
    /// Decoding threads; `None`: one per core, at most two less than half a dozen.
    pub threads: Option<usize>,
    /// Models with a URL of their own.
    pub models: Vec<ModelConfig>,
}

/// A model that is downloaded directly.
#[derive(Clone, Debug)]
pub struct ModelConfig {
    /// Name to use.
    pub name: String,
    /// Where from.
    pub url: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
}

/// A person who signs in.
#[derive(Clone, Debug)]
pub struct UserConfig {
    /// Sign-in name.
    pub name: String,
    /// What they may do.
    pub role: UserRole,
    /// Password; generated when absent.
    pub password: Option<String>,
    /// User of their SIP phone.
    pub extension: Option<String>,
    /// Its password; generated when absent.
    pub sip_password: Option<String>,
    /// Digest algorithms that the phone is offered, in order.
    pub algorithms: Vec<Algorithm>,
    /// A phone that is always there, dialled without registration (`sip:…`).
    pub contact: Option<String>,
    /// Skills with levels.
    pub skills: BTreeMap<String, u8>,
    /// Chats at once.
    pub chats: u8,
}

/// An API key, generated at first start.
#[derive(Clone, Debug)]
pub struct KeyConfig {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: UserRole,
}

/// Something that can be dialled.
#[derive(Clone, Debug)]
pub struct Number {
    /// File name of its flow.
    pub flow: String,
    /// Step to begin with.
    pub entry: String,
    /// Language to begin with.
    pub lang: Lang,
}

/// The values that flags may set; they win over the file.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--sip`.
    pub sip: Vec<SocketAddr>,
    /// `--http`.
    pub http: Option<SocketAddr>,
    /// `--rtp`.
    pub rtp: Option<RtpRange>,
}

impl Config {
    /// Reads a configuration and the flows it names.
    ///
    /// # Errors
    /// Every mistake found, in the order of the file.
    pub fn read(files: &Files, flags: &Flags) -> Result<Config, Vec<Problem>> {
        let mut config = compile::compile(files)?;
        if !flags.sip.is_empty() {
            config.sip.clone_from(&flags.sip);
        }
        config.http = flags.http.unwrap_or(config.http);
        config.rtp = flags.rtp.unwrap_or(config.rtp);
        Ok(config)
    }

    /// The router's part.
    #[must_use]
    pub fn routing(&self) -> routing::Setup {
        routing::Setup { agents: self.agents().map(UserConfig::agent).collect(), queues: self.queues.clone() }
    }

    /// Users who take work.
    pub fn agents(&self) -> impl Iterator<Item = &UserConfig> {
        self.users.iter().filter(|user| user.role == UserRole::Agent)
    }
}

impl UserConfig {
    fn agent(&self) -> routing::AgentSetup {
        routing::AgentSetup {
            name: self.name.as_str().into(),
            skills: self.skills.clone(),
            chats: self.chats,
            always_ready: self.contact.is_some(),
        }
    }
}

/// Ring time of a queue that names none.
pub(crate) const RING: Duration = Duration::from_secs(20);
/// Wrap-up of a queue that names none.
pub(crate) const WRAPUP: Duration = Duration::from_secs(30);
