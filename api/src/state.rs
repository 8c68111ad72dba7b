//! What the API is built from, and what its handlers share.

use std::sync::Arc;
use std::time::Duration;

use desk::WallMillis;
use kernel::Time;
use store::Store;
use tokio::sync::Semaphore;

use crate::library::Library;
use crate::password::Passwords;
use crate::routes::ice::Turn;
use crate::throttle::{Rate, Throttle};
use crate::{Floor, Reception, Studio};

/// Wall time for the API, told by the driver.
pub trait Clock: Send + Sync {
    /// Now.
    fn wall(&self) -> WallMillis;
    /// The wall time of a moment on the process's clock.
    fn wall_of(&self, at: Time) -> WallMillis;
}

/// Settings of the API. The defaults suit an installation with a few hundred agents.
#[derive(Clone, Debug)]
pub struct ApiConfig {
    /// Origins besides our own whose pages may use the cookie, e.g. `http://localhost:5173`.
    pub origins: Vec<String>,
    /// Whether the cookie is for HTTPS only (behind TLS).
    pub secure_cookie: bool,
    /// Whether a proxy of ours in front sets `X-Forwarded-For` (its last address is the customer's).
    pub behind_proxy: bool,
    /// How long a sign-in lasts.
    pub session: Duration,
    /// How long a customer's chat token lasts.
    pub chat: Duration,
    /// The entry point that chats come in by.
    pub chat_entry: String,
    /// TURN servers for pages behind strict firewalls.
    pub turn: Option<Turn>,
    /// Servers that event hooks may name, `host` or `host:port`.
    pub outside_hosts: Vec<String>,
    /// The address of a customer in another system.
    pub crm: Option<desk::crm::CrmUrl>,
    /// Live sockets of staff and programs at once.
    pub sockets: usize,
    /// Live sockets of customers, and of whoever has not yet said who they are, at once.
    pub open_sockets: usize,
    /// How often a live socket is pinged.
    pub ping_every: Duration,
    /// A live socket that sends nothing (not even a pong) for this long is dead.
    pub pong_within: Duration,
    /// A socket that was not authorised by its request must authorise itself within this.
    pub auth_within: Duration,
    /// Requests of one API key or session; `None`: without a limit. Live media is never counted.
    pub requests: Option<Rate>,
    /// Failed sign-ins, per name and address.
    pub sign_in: Rate,
    /// Chats opened, per address.
    pub chats_opened: Rate,
    /// Posts of one chat.
    pub chat_posts: Rate,
    /// Files of one chat: what a stranger may put on our disk.
    pub chat_files: Rate,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            secure_cookie: false,
            behind_proxy: false,
            session: Duration::from_secs(12 * 3600),
            chat: Duration::from_secs(24 * 3600),
            chat_entry: "chat".to_owned(),
            turn: None,
            outside_hosts: Vec::new(),
            crm: None,
            sockets: 2048,
            open_sockets: 4096,
            ping_every: Duration::from_secs(5),
            pong_within: Duration::from_secs(15),
            auth_within: Duration::from_secs(10),
            requests: Some(Rate::per_minute(6000)),
            sign_in: Rate { burst: 8, refill: Duration::from_secs(10) },
            chats_opened: Rate { burst: 20, refill: Duration::from_secs(2) },
            chat_posts: Rate { burst: 20, refill: Duration::from_millis(500) },
            chat_files: Rate { burst: 10, refill: Duration::from_secs(30) },
        }
    }
}

/// What the API needs of the rest of the program.
#[derive(Clone)]
pub struct ApiState {
    /// The record.
    pub store: Arc<dyn Store>,
    /// The running contact center.
    pub floor: Arc<dyn Floor>,
    /// Where messages of channels come in.
    pub reception: Arc<dyn Reception>,
    /// Flows in service.
    pub studio: Arc<dyn Studio>,
    /// Wall time.
    pub clock: Arc<dyn Clock>,
    /// Settings.
    pub config: ApiConfig,
}

/// Shared by all handlers.
pub(crate) struct Shared {
    pub store: Arc<dyn Store>,
    pub floor: Arc<dyn Floor>,
    pub reception: Arc<dyn Reception>,
    pub studio: Arc<dyn Studio>,
    pub clock: Arc<dyn Clock>,
    pub config: ApiConfig,
    pub passwords: Passwords,
    pub library: Library,
    pub requests: Option<Throttle>,
    pub sign_ins: Throttle,
    pub sign_ins_by_address: Throttle,
    pub chats_opened: Throttle,
    pub chat_posts: Throttle,
    pub chat_files: Throttle,
    pub sockets: Arc<Semaphore>,
    pub open_sockets: Arc<Semaphore>,
    /// What-ifs take a processor for seconds: one at a time.
    pub what_ifs: Arc<Semaphore>,
    /// The OpenAPI document, as text.
    pub openapi: String,
}

pub(crate) type App = Arc<Shared>;

/// How much freer an address is than one name at it: an office shares one.
const NAMES_PER_ADDRESS: u32 = 5;

impl Shared {
    pub fn new(state: ApiState, openapi: String) -> App {
        let config = state.config;
        let by_address = Rate {
            burst: config.sign_in.burst.saturating_mul(NAMES_PER_ADDRESS),
            refill: config.sign_in.refill / NAMES_PER_ADDRESS,
        };
        Arc::new(Self {
            passwords: Passwords::default(),
            library: Library::default(),
            requests: config.requests.map(Throttle::new),
            sign_ins: Throttle::new(config.sign_in),
            sign_ins_by_address: Throttle::new(by_address),
            chats_opened: Throttle::new(config.chats_opened),
            chat_posts: Throttle::new(config.chat_posts),
            chat_files: Throttle::new(config.chat_files),
            sockets: Arc::new(Semaphore::new(config.sockets)),
            open_sockets: Arc::new(Semaphore::new(config.open_sockets)),
            what_ifs: Arc::new(Semaphore::new(1)),
            store: state.store,
            floor: state.floor,
            reception: state.reception,
            studio: state.studio,
            clock: state.clock,
            config,
            openapi,
        })
    }
}
