//! The counter at which messages of channels come in, and the window through which answers leave (`outbox`).
//!
//! Promises: a message is recorded, once per name, before it is confirmed; of one customer on one channel one message is
//! taken after the other, in the order in which they came; nothing of a message reaches a log.
//! Leaves to others: reading and making requests (`desk::channels`), flow and queue (the interaction).

pub mod mail;
mod outbox;
mod shelf;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::{Reception, Refusal, Taken};
use async_trait::async_trait;
use desk::channels::{Account, Inbound, Refused, Request, Road, Said};
use desk::delivery::{Arrival, DeliveryStep, Sends, Thread};
use desk::identity::{Identified, identified};
use desk::{Change, EntryKind, NewEntry, Speaker};
use interaction::{FirstMessage, In};
use kernel::{Fault, InteractionId};
use sha2::{Digest as _, Sha256};
use store::StoreError;
use tokio::sync::{Mutex, oneshot};

use crate::admission::Admission;
use crate::floor::refusal;
use crate::interaction_task::Msg;
use crate::shared::Shared;

pub use outbox::Outbox;

/// Customers whose messages are taken at once; those of one customer queue up.
const TURNS: usize = 256;

/// The name under which an open conversation on a channel is found.
pub fn key(thread: &Thread) -> String {
    open_key(&thread.channel, &thread.peer)
}

fn open_key(channel: &str, peer: &str) -> String {
    format!("channel:{channel}/{peer}")
}

/// The counter.
pub struct Counter {
    shared: Arc<Shared>,
    admission: Arc<Admission>,
    turns: Vec<Mutex<()>>,
    /// Where files that came with letters lie.
    shelf: PathBuf,
}

impl Counter {
    /// A counter for the configured channels.
    #[must_use]
    pub fn new(shared: Arc<Shared>, admission: Arc<Admission>, shelf: PathBuf) -> Self {
        Self { shared, admission, turns: (0..TURNS).map(|_| Mutex::new(())).collect(), shelf }
    }

    /// Where files that came with letters lie.
    #[must_use]
    pub fn shelf(&self) -> &Path {
        &self.shelf
    }

    fn account(&self, channel: &str) -> Option<&Account> {
        self.shared.config.channels.get(channel)
    }

    /// Takes one message; returns once it is recorded (or was before).
    ///
    /// # Errors
    /// When there is no room, or the record is away: the other side sends it again.
    pub async fn take(&self, account: &Account, inbound: Inbound) -> Result<Option<Taken>, Refusal> {
        let key = open_key(&account.name, inbound.peer.reveal());
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let turn = usize::try_from(hasher.finish() % TURNS as u64).unwrap_or(0);
        let _turn = match self.turns.get(turn) {
            Some(turn) => Some(turn.lock().await),
            None => None,
        };
        if let Some(known) = self.known(account, &inbound).await? {
            return Ok(Some(known));
        }
        metrics::counter!("channel_messages_total", "kind" => account.kind.name).increment(1);
        match &inbound.said {
            Said::Message => self.message(account, &key, inbound).await.map(Some),
            Said::Event(code) => self.event(account, &key, code, &inbound).await.map(|()| None),
            Said::Bounce(id, seq, why) => self.bounce(account, *id, *seq, why, &inbound).await.map(|()| None),
        }
    }

    async fn known(&self, account: &Account, inbound: &Inbound) -> Result<Option<Taken>, Refusal> {
        let known = self.shared.store.arrived(&account.name, &inbound.external).await.map_err(away)?;
        Ok(known.map(|known| Taken {
            conversation: known.conversation,
            seq: known.seq,
            at: known.at,
            same: known.digest == digest(inbound),
        }))
    }

    async fn message(&self, account: &Account, key: &str, inbound: Inbound) -> Result<Taken, Refusal> {
        let arrival = self.arrival(account, &inbound);
        let detail = (!inbound.detail.reveal().is_empty())
            .then(|| serde_json::Value::Object(inbound.detail.reveal().clone()).to_string());
        let confirmed = match self.open_for(account, key, &inbound).await? {
            Some(id) => self.add(id, arrival.clone(), inbound.text.reveal().clone(), detail.clone()).await,
            None => Err(crate::floor::gone()),
        };
        match confirmed {
            // It ended meanwhile, or nothing was open.
            Err(gone) if gone.code == "gone" => self.begin(account, arrival, detail, &inbound).await?,
            other => other?,
        }
        let taken = self.known(account, &inbound).await?;
        taken.ok_or_else(|| refusal(Fault::Ours, "not_recorded", "the message was not recorded"))
    }

    /// The open conversation that the message belongs to: the one it names or answers, or the customer's.
    async fn open_for(
        &self,
        account: &Account,
        key: &str,
        inbound: &Inbound,
    ) -> Result<Option<InteractionId>, Refusal> {
        let lives = |id: &InteractionId| self.shared.registry.find(*id).is_some();
        if let Some(named) = inbound.names.filter(lives) {
            return Ok(Some(named));
        }
        for external in &inbound.follows {
            let known = self.shared.store.arrived(&account.name, external).await.map_err(away)?;
            if let Some(known) = known.map(|known| known.conversation).filter(lives) {
                return Ok(Some(known));
            }
        }
        Ok(self.shared.registry.chat(key).filter(lives))
    }

    async fn add(
        &self,
        id: InteractionId,
        arrival: Arrival,
        text: String,
        detail: Option<String>,
    ) -> Result<(), Refusal> {
        let inbox = self.shared.registry.find(id).ok_or_else(crate::floor::gone)?;
        let (to, from) = oneshot::channel();
        let make = move |reply| In::CustomerSent { arrival: Box::new(arrival), text, detail, reply };
        inbox
            .send(Msg::Command { make: Box::new(make), reply: to })
            .await
            .map_err(|_| crate::floor::gone())?;
        from.await.map_err(|_| crate::floor::gone())?.map(drop)
    }

    async fn begin(
        &self,
        account: &Account,
        arrival: Arrival,
        detail: Option<String>,
        inbound: &Inbound,
    ) -> Result<(), Refusal> {
        let first = FirstMessage {
            thread: self.thread(account, inbound, arrival.at),
            arrival,
            text: inbound.text.reveal().clone(),
            detail,
        };
        let name = inbound.name.as_ref().map(|name| name.reveal().clone());
        let (to, from) = oneshot::channel();
        self.admission.admit_written(account, first, name, to)?;
        from.await.map_err(|_| refusal(Fault::Ours, "internal", "the conversation did not begin"))?.map(drop)
    }

    fn thread(&self, account: &Account, inbound: &Inbound, at: i64) -> Thread {
        let sends = match account.kind.road {
            Road::Http(_) if account.kind.channel == desk::Channel::App && account.given("url").is_none() => {
                Sends::Nothing
            }
            _ if account.kind.abilities.flow_speaks => Sends::Everything,
            _ => Sends::People,
        };
        Thread {
            channel: account.name.clone(),
            peer: inbound.peer.reveal().clone(),
            address: inbound.address.reveal().clone(),
            sends,
            state: inbound.state.as_ref().map_or_else(|| "{}".to_owned(), |state| state.reveal().clone()),
            heard_at: at,
        }
    }

    fn arrival(&self, account: &Account, inbound: &Inbound) -> Arrival {
        Arrival {
            channel: account.name.clone(),
            external: inbound.external.clone(),
            digest: digest(inbound),
            state: inbound.state.as_ref().map(|state| state.reveal().clone()),
            at: self.shared.clock.wall_millis(),
        }
    }

    /// Something happened that an open conversation notes; without one it is passed over.
    async fn event(
        &self,
        account: &Account,
        key: &str,
        code: &str,
        inbound: &Inbound,
    ) -> Result<(), Refusal> {
        let Some(id) = self.open_for(account, key, inbound).await? else { return Ok(()) };
        let arrival = self.arrival(account, inbound);
        let entry = NewEntry {
            at: arrival.at,
            leg: Some(0),
            speaker: Speaker::System,
            author: None,
            kind: EntryKind::Event,
            text: code.to_owned(),
            detail: Some(serde_json::Value::Object(inbound.detail.reveal().clone()).to_string()),
            start_ms: None,
            end_ms: None,
            dedupe: Some(inbound.external.clone()),
        };
        let changes = vec![Change::MessageArrived { id, arrival }, Change::EntryAdded { id, entry }];
        self.shared.recorder.commit(changes).await.map(drop).map_err(away)
    }

    /// A message of ours came back.
    async fn bounce(
        &self,
        account: &Account,
        id: InteractionId,
        seq: i64,
        why: &str,
        inbound: &Inbound,
    ) -> Result<(), Refusal> {
        let known = self.shared.store.deliveries(id).await.map_err(away)?;
        if !known.iter().any(|delivery| delivery.seq == seq && delivery.channel == account.name) {
            return Ok(());
        }
        let arrival = self.arrival(account, inbound);
        let step = DeliveryStep::Failed { why: why.to_owned() };
        let at = arrival.at;
        let changes =
            vec![Change::MessageArrived { id, arrival }, Change::DeliveryMoved { id, seq, step, at }];
        self.shared.recorder.commit(changes).await.map(drop).map_err(away)
    }
}

#[async_trait]
impl Reception for Counter {
    async fn hook(&self, channel: &str, request: Request) -> Result<(&'static str, String), Refused> {
        let unknown = || Refused { status: 404, code: "not_found", message: "no such channel".to_owned() };
        let account = self.account(channel).ok_or_else(unknown)?;
        let Road::Http(http) = account.kind.road else { return Err(unknown()) };
        let parsed =
            (http.parse)(account, &request, self.shared.clock.wall_millis()).inspect_err(|refused| {
                metrics::counter!("channel_requests_refused_total", "why" => refused.code).increment(1);
            })?;
        for inbound in parsed.inbound {
            self.take(account, inbound).await.map_err(|refusal| Refused {
                status: 503,
                code: refusal.code,
                message: refusal.message,
            })?;
        }
        Ok(parsed.answer)
    }

    fn identify(&self, channel: Option<&str>, token: &str) -> Option<Result<Identified, &'static str>> {
        let secret = match channel {
            None => self.shared.config.identity.as_ref()?.reveal().as_str(),
            Some(channel) => {
                let account = self.account(channel)?;
                if account.kind.channel != desk::Channel::App {
                    return None;
                }
                account.given("secret")?
            }
        };
        Some(identified(token, secret, self.shared.clock.wall_millis()))
    }

    async fn app_writes(
        &self,
        channel: &str,
        who: Identified,
        text: String,
        id: String,
    ) -> Result<Taken, Refusal> {
        let account =
            self.account(channel).ok_or_else(|| refusal(Fault::Caller, "not_found", "no such channel"))?;
        let inbound = Inbound {
            // Names of one customer must not meet those of another.
            external: format!("{}/{id}", who.subject),
            address: format!("user:{}", who.subject).into(),
            peer: who.subject.into(),
            name: who.name.map(Into::into),
            text: text.into(),
            detail: serde_json::Map::new().into(),
            state: None,
            follows: Vec::new(),
            names: None,
            said: Said::Message,
        };
        let taken = self.take(account, inbound).await?;
        taken.ok_or_else(|| refusal(Fault::Ours, "not_recorded", "the message was not recorded"))
    }

    async fn file(&self, key: &str, n: u16) -> Option<Vec<u8>> {
        shelf::file(&self.shelf, key, n).await
    }

    async fn keep(&self, key: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
        let kept = shelf::keep(self.shelf.join(key), vec![bytes]).await;
        kept.map_err(|error| {
            tracing::error!(%error, "a file cannot be kept");
            refusal(Fault::Ours, "not_recorded", "the file could not be kept")
        })
    }

    fn open_with(&self, channel: &str, who: &Identified) -> Option<InteractionId> {
        let open = self.shared.registry.chat(&open_key(channel, &who.subject));
        open.filter(|id| self.shared.registry.find(*id).is_some())
    }
}

fn digest(inbound: &Inbound) -> String {
    let detail = serde_json::Value::Object(inbound.detail.reveal().clone()).to_string();
    hex::encode(Sha256::digest(format!("{}\n{detail}", inbound.text.reveal())))
}

fn away(error: StoreError) -> Refusal {
    tracing::error!(%error, "a message of a channel could not be recorded");
    refusal(Fault::Ours, "not_recorded", "the record could not be read or written")
}
