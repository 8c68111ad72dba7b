//! A small installation: users, an API key, a floor that carries out what the record can show, a clock that is told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use api::{
    AgentCommand, AgentMessage, ApiConfig, ApiState, BanNow, BanOrder, CallOpening, CallOrder, CallView,
    ChatOpening, Clock, DeskGuard, Floor, Live, OfferView, Posted, RecordingFile, Refusal, TrunkBoard,
    WatchMode, hash_password, new_token,
};
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use desk::{Change, ConversationState, EntryKind, NewEntry, Speaker, WallMillis};
use kernel::{AgentName, Fault, InteractionId, Time};
use routing::{AgentState, AgentStatus, QueueStatus, Waiting, Wants};
use serde_json::Value;
use store::{Credential, Event, Store, StoreError, User, UserRole};
use tokio::sync::{broadcast, watch};
use tower::ServiceExt;

use crate::reception::MadeUpReception;
use crate::studio::MadeUpStudio;

/// The wall time at which every test begins: 2025-11-22T16:20:00.000Z.
pub const NOON: WallMillis = 1_763_828_400_000;
/// Everybody's password.
pub const PASSWORD: &str = "correct horse";

pub struct ToldClock(pub AtomicI64);

impl Clock for ToldClock {
    fn wall(&self) -> WallMillis {
        self.0.load(Ordering::SeqCst)
    }

    fn wall_of(&self, at: Time) -> WallMillis {
        NOON + i64::try_from(at.as_millis()).expect("tests are short")
    }
}

/// What the floor was told to do, in words.
pub struct MadeUpFloor {
    pub store: Arc<dyn Store>,
    pub news: broadcast::Sender<Live>,
    pub told: Mutex<Vec<String>>,
    pub agents: Mutex<Vec<AgentStatus>>,
    pub offers: Mutex<Vec<OfferView>>,
    pub calls: Mutex<Vec<CallView>>,
    /// How many desks there are now.
    pub desks: watch::Sender<usize>,
    pub ready: AtomicBool,
}

struct Desk(watch::Sender<usize>);

impl DeskGuard for Desk {}

impl Drop for Desk {
    fn drop(&mut self) {
        self.0.send_modify(|desks| *desks -= 1);
    }
}

pub fn refusal(fault: Fault, code: &'static str) -> Refusal {
    Refusal { fault, code, message: format!("refused: {code}") }
}

impl MadeUpFloor {
    fn note(&self, what: String) {
        self.told.lock().expect("lock").push(what);
    }

    pub async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Event>, StoreError> {
        let events = self.store.append(NOON, changes).await?;
        for event in &events {
            // Nobody may be listening.
            let _ = self.news.send(Live::Event(event.clone()));
        }
        Ok(events)
    }

    async fn post(
        &self,
        id: InteractionId,
        speaker: Speaker,
        author: Option<AgentName>,
        (text, detail): (String, Option<String>),
        dedupe: Option<String>,
    ) -> Result<Posted, Refusal> {
        let kind = EntryKind::Message;
        let mut change = entry(id, speaker, author, kind, &text, dedupe);
        if let Change::EntryAdded { entry, .. } = &mut change {
            entry.detail = detail;
        }
        let events = self.commit(vec![change]).await.map_err(|_| refusal(Fault::Ours, "record"))?;
        let event = events.first().ok_or_else(|| refusal(Fault::Ours, "record"))?;
        Ok(Posted { seq: event.entry_seq.unwrap_or_default(), at: NOON })
    }
}

#[async_trait]
impl Floor for MadeUpFloor {
    fn is_ready(&self) -> bool {
        self.ready.load(Ordering::SeqCst)
    }

    async fn change_callback(&self, _: InteractionId, change: api::CallbackOrder) -> Result<(), Refusal> {
        self.note(match change {
            api::CallbackOrder::Withdraw => "callback withdrawn".to_owned(),
            api::CallbackOrder::Move { queue, not_before } => {
                let queue = queue.map_or_else(String::new, |queue| queue.as_str().to_owned());
                format!("callback to {queue}, not before {}", not_before.unwrap_or_default())
            }
        });
        Ok(())
    }

    fn setup(&self) -> routing::Setup {
        let queues = vec![routing::QueueSetup::named("support")];
        let tiers = [("silver", 30), ("gold", 60)];
        let tiers =
            tiers.map(|(tier, worth)| (tier.to_owned(), std::time::Duration::from_secs(worth))).into();
        routing::Setup {
            agents: vec![routing::AgentSetup::named("alice")],
            queues,
            tiers,
            ..Default::default()
        }
    }

    fn live(&self) -> broadcast::Receiver<Live> {
        self.news.subscribe()
    }

    fn desk(&self, agent: AgentName) -> Box<dyn DeskGuard> {
        self.note(format!("desk of {agent}"));
        self.desks.send_modify(|desks| *desks += 1);
        Box::new(Desk(self.desks.clone()))
    }

    async fn agents(&self) -> Vec<AgentStatus> {
        self.agents.lock().expect("lock").clone()
    }

    async fn queues(&self) -> Vec<QueueStatus> {
        vec![QueueStatus {
            name: "support".into(),
            waiting: vec![],
            length: 0,
            ready_agents: 1,
            staffed_agents: 2,
            estimate: None,
            open: true,
        }]
    }

    async fn call(&self, call: CallOrder) -> Result<InteractionId, Refusal> {
        let agent = call.agent.map_or_else(|| "nobody".to_owned(), |agent| agent.to_string());
        self.note(format!("{} calls {} first {agent}", call.by, call.to.reveal()));
        Ok(InteractionId { node: 1, serial: 77 })
    }

    async fn bans(&self) -> Vec<BanNow> {
        vec![made_up_ban("203.0.113.7", "passwords", 300)]
    }

    async fn ban(&self, order: BanOrder) -> Result<BanNow, Refusal> {
        let BanOrder { address, seconds, by } = order;
        if address.parse::<std::net::IpAddr>().is_err() {
            return Err(refusal(Fault::Peer, "bad_address"));
        }
        self.note(format!("{by} bans {address} for {seconds}"));
        Ok(made_up_ban(&address, "by_hand", seconds))
    }

    async fn lift_ban(&self, address: &str, by: &AgentName) -> Result<(), Refusal> {
        if address == "192.0.2.1" {
            return Err(refusal(Fault::Caller, "not_found"));
        }
        self.note(format!("{by} lifts {address}"));
        Ok(())
    }

    async fn trunks(&self) -> TrunkBoard {
        TrunkBoard { spend_per_day: Some(50.0), ..TrunkBoard::default() }
    }

    async fn holding(&self, agent: &AgentName) -> (Vec<OfferView>, Vec<CallView>) {
        let offers =
            self.offers.lock().expect("lock").iter().filter(|o| o.agent == *agent).cloned().collect();
        let calls = self.calls.lock().expect("lock").iter().filter(|c| c.agent == *agent).cloned().collect();
        (offers, calls)
    }

    async fn ready(&self, agent: &AgentName, wants: Wants) -> Result<(), Refusal> {
        self.note(format!("{agent} ready {}", wants == Wants::Work));
        Ok(())
    }

    async fn reset(&self, agent: &AgentName) -> Result<(), Refusal> {
        self.note(format!("{agent} reset"));
        Ok(())
    }

    async fn waiting(&self, _: InteractionId) -> Option<Waiting> {
        None
    }

    async fn command(
        &self,
        agent: &AgentName,
        conversation: InteractionId,
        command: AgentCommand,
    ) -> Result<(), Refusal> {
        let held = self.store.conversation(conversation).await;
        let held = held.map_err(|_| refusal(Fault::Caller, "not_found"))?;
        if held.agent.as_ref() != Some(agent) {
            return Err(refusal(Fault::Caller, "not_yours"));
        }
        self.note(format!("{agent} {command:?}"));
        Ok(())
    }

    async fn attach(&self, _: &AgentName, _: InteractionId, offer: String) -> Result<String, Refusal> {
        if offer.contains("m=") { Ok("v=0 answer".into()) } else { Err(refusal(Fault::Peer, "bad_sdp")) }
    }

    async fn watch(
        &self,
        who: &AgentName,
        conversation: InteractionId,
        mode: WatchMode,
    ) -> Result<(), Refusal> {
        self.note(format!("{who} watches {conversation}: {mode:?}"));
        Ok(())
    }

    fn recording(
        &self,
        conversation: InteractionId,
        _: desk::WallMillis,
    ) -> Result<Option<Box<dyn RecordingFile>>, Refusal> {
        Ok((conversation.serial == 1).then(|| Box::new(Tape) as Box<dyn RecordingFile>))
    }

    async fn agent_writes(
        &self,
        agent: &AgentName,
        conversation: InteractionId,
        message: AgentMessage,
        dedupe: Option<String>,
    ) -> Result<Posted, Refusal> {
        let held = self.store.conversation(conversation).await;
        let held = held.map_err(|_| refusal(Fault::Caller, "not_found"))?;
        if held.agent.as_ref() != Some(agent) {
            return Err(refusal(Fault::Caller, "not_yours"));
        }
        let AgentMessage { text, particulars } = message;
        let (speaker, author) = (Speaker::Agent, Some(agent.clone()));
        self.post(conversation, speaker, author, (text, particulars.written()), dedupe).await
    }

    async fn open_chat(&self, opening: ChatOpening) -> Result<InteractionId, Refusal> {
        let id = {
            let mut told = self.told.lock().expect("lock");
            told.push(format!("chat of {}", opening.address));
            InteractionId { node: 0, serial: 0x100 + told.len() as u64 }
        };
        let change = Change::ConversationOpened {
            id,
            channel: desk::Channel::Chat,
            address: opening.address,
            name: opening.name,
            called: opening.called,
            lang: opening.lang,
            at: NOON,
        };
        self.commit(vec![change]).await.map_err(|_| refusal(Fault::Ours, "record"))?;
        Ok(id)
    }

    async fn open_call(&self, opening: CallOpening) -> Result<InteractionId, Refusal> {
        let id = {
            let mut told = self.told.lock().expect("lock");
            told.push(format!("call of {}, video {}", opening.address, opening.video));
            InteractionId { node: 0, serial: 0x200 + told.len() as u64 }
        };
        let change = Change::ConversationOpened {
            id,
            channel: if opening.video { desk::Channel::Video } else { desk::Channel::Voice },
            address: opening.address,
            name: opening.name,
            called: "1003".into(),
            lang: opening.lang,
            at: NOON,
        };
        self.commit(vec![change]).await.map_err(|_| refusal(Fault::Ours, "record"))?;
        Ok(id)
    }

    async fn customer_attaches(&self, _: InteractionId, offer: String) -> Result<String, Refusal> {
        if offer.contains("m=") { Ok("v=0 answer".into()) } else { Err(refusal(Fault::Peer, "bad_sdp")) }
    }

    async fn customer_writes(
        &self,
        conversation: InteractionId,
        text: String,
        files: Vec<desk::files::SentFile>,
        dedupe: Option<String>,
    ) -> Result<Posted, Refusal> {
        let detail = desk::files::Particulars { files, subject: None }.written();
        self.post(conversation, Speaker::Customer, None, (text, detail), dedupe).await
    }

    fn customer_typing(&self, conversation: InteractionId, on: bool) {
        self.note(format!("typing in {conversation} {on}"));
    }

    async fn customer_leaves(&self, conversation: InteractionId) -> Result<(), Refusal> {
        let ended = Change::ConversationEnded {
            id: conversation,
            at: NOON,
            fault: Fault::Caller,
            reason: "left".into(),
        };
        self.commit(vec![ended]).await.map_err(|_| refusal(Fault::Ours, "record"))?;
        Ok(())
    }

    fn hide(&self, _: &desk::Entry, text: &str, near: &[desk::Entry]) -> (String, Vec<&'static str>) {
        self.note(format!("hides with {} near", near.len()));
        let shown = text.replace("4111 1111 1111 1111", "[card number]");
        let kinds = if shown == text { vec![] } else { vec!["card"] };
        (shown, kinds)
    }

    async fn record(&self, changes: Vec<Change>) -> Result<Vec<Event>, StoreError> {
        self.commit(changes).await
    }
}

fn made_up_ban(address: &str, reason: &'static str, seconds: u64) -> BanNow {
    BanNow {
        address: address.to_owned(),
        reason,
        proven: true,
        failures: 21,
        turned_away: 7,
        times: 1,
        since: NOON,
        until: NOON + 1000 * i64::try_from(seconds).expect("small"),
    }
}

pub fn agent(name: &str, state: AgentState) -> AgentStatus {
    AgentStatus {
        name: name.into(),
        state,
        ready: true,
        desk: true,
        phone: false,
        call: None,
        chats: vec![],
        held: vec![],
        offer: None,
        skills: BTreeMap::from([("support".to_owned(), 5)]),
        since: Time::from_millis(1_500),
        wrapup_until: None,
        pause: None,
        hindrance: None,
        pause_until: None,
    }
}

pub fn id(n: u64) -> InteractionId {
    InteractionId { node: 0, serial: n }
}

pub fn opened(n: u64, address: &str) -> Change {
    Change::ConversationOpened {
        id: id(n),
        channel: desk::Channel::Voice,
        address: address.into(),
        name: Some("Jo".into()),
        called: "1000".into(),
        lang: "en".into(),
        at: NOON + i64::try_from(n).expect("small"),
    }
}

pub fn with_agent(n: u64, agent: &str) -> Change {
    Change::ConversationMoved {
        id: id(n),
        state: ConversationState::Talking,
        queue: Some("support".into()),
        queued_at: Some(NOON + 7),
        agent: Some(agent.into()),
        lang: None,
    }
}

pub fn entry(
    id: InteractionId,
    speaker: Speaker,
    author: Option<AgentName>,
    kind: EntryKind,
    text: &str,
    dedupe: Option<String>,
) -> Change {
    let entry = NewEntry {
        at: NOON,
        leg: Some(0),
        speaker,
        author,
        kind,
        text: text.into(),
        detail: None,
        start_ms: None,
        end_ms: None,
        dedupe,
    };
    Change::EntryAdded { id, entry }
}

pub fn says(n: u64, text: &str) -> Change {
    entry(id(n), Speaker::Customer, None, EntryKind::Message, text, None)
}

/// A line of the transcript, of two words in a second.
pub fn heard(n: u64, text: &str, start_ms: u64) -> Change {
    let Change::EntryAdded { id, entry } =
        entry(id(n), Speaker::Customer, None, EntryKind::Speech, text, None)
    else {
        unreachable!("an entry is added")
    };
    let words: Vec<_> = text.split(' ').zip([(0, 200, 0.9), (200, 1_000, 0.3)]).collect();
    let words: Vec<_> = words
        .into_iter()
        .map(|(word, (from, until, sure))| serde_json::json!([word, start_ms + from, start_ms + until, sure]))
        .collect();
    let detail = serde_json::json!({ "confidence": 0.62, "words": words }).to_string();
    let entry =
        NewEntry { start_ms: Some(start_ms), end_ms: Some(start_ms + 1_000), detail: Some(detail), ..entry };
    Change::EntryAdded { id, entry }
}

pub struct World {
    pub router: Router,
    pub floor: Arc<MadeUpFloor>,
    pub reception: Arc<MadeUpReception>,
    pub store: Arc<dyn Store>,
    pub clock: Arc<ToldClock>,
    /// API keys and sessions by who they are: `alice`, `bob`, `sue`, `admin`, `key`.
    pub tokens: BTreeMap<&'static str, String>,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// Asserts an error in our shape.
    #[track_caller]
    pub fn fails(self, status: u16, code: &str) -> Value {
        let body = self.is(status);
        assert_eq!(body["error"]["code"], code, "{body}");
        assert!(body["error"]["message"].as_str().is_some_and(|m| !m.is_empty()), "{body}");
        body["error"].clone()
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(ApiConfig::default(), 64).await
    }

    /// `queue`: how many pieces of news a slow listener may be behind.
    pub async fn with(config: ApiConfig, queue: usize) -> Self {
        let store = store::open("sqlite::memory:").await.expect("a record in memory");
        let hash = hash_password(PASSWORD);
        let mut tokens = BTreeMap::new();
        let everybody = [
            ("alice", UserRole::Agent),
            ("bob", UserRole::Agent),
            ("sue", UserRole::Supervisor),
            ("admin", UserRole::Admin),
        ];
        for (name, role) in everybody {
            let user = User { name: name.into(), role, password_hash: hash.clone() };
            store.put_user(user).await.expect("kept");
            tokens.insert(name, credential(&*store, name, role).await);
        }
        tokens.insert("key", credential(&*store, "key:demo", UserRole::Admin).await);
        let floor = Arc::new(MadeUpFloor {
            store: Arc::clone(&store),
            news: broadcast::Sender::new(queue),
            told: Mutex::default(),
            agents: Mutex::new(vec![agent("alice", AgentState::Ready), agent("bob", AgentState::NotReady)]),
            offers: Mutex::default(),
            calls: Mutex::default(),
            desks: watch::Sender::new(0),
            ready: AtomicBool::new(true),
        });
        let clock = Arc::new(ToldClock(AtomicI64::new(NOON)));
        let reception = Arc::new(MadeUpReception { floor: floor.clone(), kept: Mutex::default() });
        let studio = Arc::new(MadeUpStudio { store: store.clone(), serving: Mutex::default() });
        let state = ApiState {
            store: store.clone(),
            floor: floor.clone(),
            reception: reception.clone(),
            studio,
            clock: clock.clone(),
            config,
        };
        Self { router: api::router(state), floor, reception, store, clock, tokens }
    }

    /// Records and publishes, as the running center does.
    pub async fn happens(&self, changes: Vec<Change>) -> Vec<Event> {
        self.floor.commit(changes).await.expect("recorded")
    }

    pub fn told(&self) -> Vec<String> {
        self.floor.told.lock().expect("lock").clone()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 16 << 20).await.expect("a body that ends");
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).expect("text"),
        }
    }

    /// A request with a bearer token (`""`: none) and, unless null, a JSON body.
    pub async fn ask(&self, who: &str, method: Method, path: &str, body: Value) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if !who.is_empty() {
            let token = self.tokens.get(who).map_or(who, String::as_str);
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).expect("a request")).await
    }

    /// The token of one of the staff, or of a chat: that is the token itself.
    pub fn token<'a>(&'a self, who: &'a str) -> &'a str {
        self.tokens.get(who).map_or(who, String::as_str)
    }

    pub async fn get(&self, who: &str, path: &str) -> Answer {
        self.ask(who, Method::GET, path, Value::Null).await
    }

    pub async fn patch(&self, who: &str, path: &str, body: Value) -> Answer {
        self.ask(who, Method::PATCH, path, body).await
    }

    pub async fn post(&self, who: &str, path: &str, body: Value) -> Answer {
        self.ask(who, Method::POST, path, body).await
    }
}

async fn credential(store: &dyn Store, subject: &str, role: UserRole) -> String {
    let (token, token_hash) = new_token();
    let credential = Credential { token_hash, subject: subject.into(), role, expires_at: None };
    store.put_credential(credential).await.expect("kept");
    token
}

/// A recording of 1000 bytes in chunks of 64: byte n is n modulo 97.
struct Tape;

impl RecordingFile for Tape {
    fn content_type(&self) -> &'static str {
        "audio/ogg"
    }

    fn length(&self) -> u64 {
        1000
    }

    fn is_complete(&self) -> bool {
        true
    }

    fn read(&mut self, at: u64) -> std::io::Result<Vec<u8>> {
        Ok((at..(at / 64 * 64 + 64).min(1000)).map(|n| (n % 97) as u8).collect())
    }
}
