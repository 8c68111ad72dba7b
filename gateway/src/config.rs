//! Configuration: TOML text → `Raw` (unknown fields refused) → `Config` (valid by construction).
//!
//! Promises: a mistake is told as `FILE:LINE:COLUMN: what was found; what would be right`, all mistakes at once; flows named
//! here are read and checked with it. Leaves to others: secrets (`credentials`), voices (`prompts`).

mod channels;
mod compile;
mod files;
mod guard;
mod hep;
mod observe;
mod outside;
mod raw;
mod recording;
mod routing;
mod trunks;
mod web;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ivr::{Flow, Known, Problem};
use kernel::hours::Calendar;
use kernel::{Lang, QueueName};
use media::video::VideoCodec;
use signaling::sdp::SrtpUse;
use signaling::{Algorithm, Network};
use store::UserRole;

pub use compile::rtp_range;
pub use files::Files;
pub use observe::{AudioSocket, Observe};
pub use recording::Recording;
pub use trunks::{PLAIN as PLAIN_TRUNK, TrunkConfig};

pub use crate::media_loop::RtpRange;
pub use crate::tls::TlsConfig;

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Addresses for SIP over UDP and TCP.
    pub sip: Vec<SocketAddr>,
    /// Addresses for SIP over TLS.
    pub sips: Vec<SocketAddr>,
    /// Address of pages and API.
    pub http: SocketAddr,
    /// Address of the same over TLS.
    pub https: Option<SocketAddr>,
    /// The certificate of both, and whom to trust.
    pub tls: TlsConfig,
    /// TURN servers for agents' pages.
    pub turn: Option<api::Turn>,
    /// Address and ports of RTP.
    pub rtp: RtpRange,
    /// Number of this node, part of every id.
    pub node: u16,
    /// Digest realm.
    pub realm: String,
    /// Networks of peers (trunks, proxies) whose word on who calls is believed.
    pub trusted: Vec<Network>,
    /// Against scanners and floods; `None`: off.
    pub guard: Option<signaling::guard::Rules>,
    /// Calls that one source may have at once; `None`: no limit.
    pub calls_per_source: Option<u32>,
    /// Whether phones' audio is protected.
    pub srtp: SrtpUse,
    /// Calls beyond which new ones get 503.
    pub max_calls: usize,
    /// Database URL; `None`: SQLite in the data directory.
    pub store: Option<String>,
    /// Name of the file for generated passwords, in the data directory.
    pub credentials: String,
    /// Transcription.
    pub speech: Speech,
    /// Who collects a copy of every SIP message.
    pub hep: Option<crate::ladder::hep::Collector>,
    /// Queues.
    pub queues: Vec<::routing::QueueSetup>,
    /// When queues are open; those that are not in it always are.
    pub queue_hours: BTreeMap<QueueName, Calendar>,
    /// Customer tiers, and how much earlier than they came such customers count as come.
    pub tiers: BTreeMap<String, Duration>,
    /// What may come on top of what.
    pub interrupts: ::routing::Interrupts,
    /// People who sign in.
    pub users: Vec<UserConfig>,
    /// API keys.
    pub keys: Vec<KeyConfig>,
    /// What can be dialled.
    pub numbers: BTreeMap<String, Number>,
    /// The number that web chats enter by.
    pub chat: Option<String>,
    /// The number that calls from web pages enter by.
    pub web_calls: Option<String>,
    /// Calls that another system carries; `None`: none are taken.
    pub observe: Option<Observe>,
    /// Codecs of pictures, the preferred one first.
    pub video_codecs: Vec<VideoCodec>,
    /// Flow files by the names of their flows: the file's name without folder and ending.
    pub flows: BTreeMap<String, FlowFile>,
    /// What may be dialled outside, and how.
    pub outbound: Option<Outbound>,
    /// Voices of prompts; the others are espeak-ng's.
    pub voices: BTreeMap<Lang, VoiceConfig>,
    /// Carriers.
    pub trunks: Vec<TrunkConfig>,
    /// Name servers for carriers' names; none: the system's.
    pub resolvers: Vec<SocketAddr>,
    /// Servers that flows may ask, and secrets.
    pub http_requests: crate::errands::HttpConfig,
    /// How long things may take.
    pub timings: interaction::Timings,
    /// What is neither shown nor kept of what is said and typed.
    pub redact: asr::redact::RedactPolicy,
    /// Recording of calls.
    pub recording: Recording,
    /// Channels, by name.
    pub channels: BTreeMap<String, desk::channels::Account>,
    /// The secret with which the company's own site signs who its visitors are.
    pub identity: Option<kernel::Secret<String>>,
    /// The address of a customer in another system.
    pub crm: Option<desk::crm::CrmUrl>,
}

/// Whose voice the prompts of a language have.
#[derive(Clone, Debug)]
pub enum VoiceConfig {
    /// A program with its arguments.
    Program(Vec<String>),
    /// A service.
    Service(crate::http_voice::HttpVoiceConfig),
}

/// The way out of the house.
#[derive(Clone, Debug)]
pub struct Outbound {
    /// Where numbers go that no trunk takes: `{called}` stands for the number.
    pub uri: Option<ivr::Template>,
    /// Hosts whose `sip:` addresses people may enter, in lower case.
    pub hosts: Vec<String>,
    /// The number of ours that calls are placed for; `None`: the first.
    pub number: Option<String>,
    /// What may be dialled.
    pub plan: signaling::carriers::DialPlan,
}

impl Outbound {
    /// Whether a person may enter this `sip:` address.
    #[must_use]
    pub fn allows_address(&self, uri: &str) -> bool {
        signaling::uri_host(uri).is_some_and(|host| self.hosts.contains(&host.to_ascii_lowercase()))
    }
}

/// Transcription settings.
#[derive(Clone, Debug)]
pub struct Speech {
    /// Off: no model is loaded and nothing is transcribed.
    pub enabled: bool,
    /// Model name; `auto`: the best of those that are here that this machine carries live.
    pub model: String,
    /// Decoding threads; `None`: one per core, at most two less than half a dozen.
    pub threads: Option<usize>,
    /// Names of the company and its products, which are heard sooner than what sounds like them.
    pub vocabulary: Vec<String>,
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
    /// Groups they belong to.
    pub groups: BTreeSet<String>,
    /// How much at once.
    pub capacity: ::routing::Capacity,
    /// Share of the work under the strategy `weighted`.
    pub weight: u8,
}

/// An API key, generated at first start.
#[derive(Clone, Debug)]
pub struct KeyConfig {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: UserRole,
}

/// A flow as its file has it.
#[derive(Clone, Debug)]
pub struct FlowFile {
    /// The file, as problems name it.
    pub file: String,
    /// The folder that its recordings are relative to.
    pub folder: PathBuf,
    /// What is written in it.
    pub text: String,
    /// The same, read.
    pub flow: Arc<Flow>,
}

/// Something that can be dialled.
#[derive(Clone, Debug)]
pub struct Number {
    /// Name of its flow.
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
    /// `--sips`.
    pub sips: Vec<SocketAddr>,
    /// `--http`.
    pub http: Option<SocketAddr>,
    /// `--https`.
    pub https: Option<SocketAddr>,
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
        if !flags.sips.is_empty() {
            config.sips.clone_from(&flags.sips);
        }
        config.https = flags.https.or(config.https);
        config.http = flags.http.unwrap_or(config.http);
        config.rtp = flags.rtp.unwrap_or(config.rtp);
        Ok(config)
    }

    /// The router's part.
    #[must_use]
    pub fn routing(&self) -> ::routing::Setup {
        ::routing::Setup {
            agents: self.agents().map(UserConfig::agent).collect(),
            queues: self.queues.clone(),
            interrupts: self.interrupts,
            tiers: self.tiers.clone(),
        }
    }

    /// The names that flows may use.
    #[must_use]
    pub fn known(&self) -> Known {
        Known {
            queues: self.queues.iter().map(|queue| queue.name.clone()).collect(),
            agents: self.agents().map(|user| user.name.as_str().into()).collect(),
            skills: skills(&self.users),
            hosts: self.http_requests.hosts.clone(),
            secrets: self.http_requests.secrets.keys().cloned().collect(),
            anything: false,
        }
    }

    /// Users who take work.
    pub fn agents(&self) -> impl Iterator<Item = &UserConfig> {
        self.users.iter().filter(|user| user.role == UserRole::Agent)
    }
}

/// Skills that some agent has.
fn skills(users: &[UserConfig]) -> Vec<String> {
    let agents = users.iter().filter(|user| user.role == UserRole::Agent);
    let all: std::collections::BTreeSet<&String> = agents.flat_map(|user| user.skills.keys()).collect();
    all.into_iter().cloned().collect()
}

impl UserConfig {
    fn agent(&self) -> ::routing::AgentSetup {
        ::routing::AgentSetup {
            name: self.name.as_str().into(),
            skills: self.skills.clone(),
            groups: self.groups.clone(),
            capacity: self.capacity,
            weight: self.weight,
            always_ready: self.contact.is_some(),
        }
    }
}

/// Ring time of a queue that names none.
pub(crate) const RING: Duration = Duration::from_secs(20);
/// Wrap-up of a queue that names none.
pub(crate) const WRAPUP: Duration = Duration::from_secs(30);
