//! What leaves: messages wait in the record's outbox and are sent from there, again and again until they are taken or given up.
//!
//! Promises: each message carries the same id at every try; of one conversation nothing overtakes; how a try went is
//! recorded; what was under way when the process ended is sent again. Leaves to others: what requests look like and what
//! answers mean (`desk::channels`), spans between tries (`desk::delivery`).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use desk::Change;
use desk::channels::{Account, Asked, Fate, Http, Keep, Outbound, Road, Unsendable};
use desk::delivery::{Delivery, DeliveryStep};
use kernel::InteractionId;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use crate::limits;
use crate::posts::Posts;
use crate::shared::Shared;
use crate::stop::Stop;

/// Requests that one message may need: a token that expired, a new one, the message.
const STEPS: usize = 5;

/// The worker.
pub struct Outbox {
    shared: Arc<Shared>,
    posts: Posts,
    /// Where files lie.
    shelf: PathBuf,
    /// For mail servers.
    tls: Arc<rustls::ClientConfig>,
    /// What each channel remembers.
    keeps: Mutex<BTreeMap<String, Keep>>,
}

impl Outbox {
    /// A worker; `run` makes it work.
    #[must_use]
    pub fn new(shared: Arc<Shared>, posts: Posts, shelf: PathBuf, tls: Arc<rustls::ClientConfig>) -> Self {
        Self { shared, posts, shelf, tls, keeps: Mutex::default() }
    }

    /// Sends until told to stop; what is under way then stays in the record as waiting.
    pub async fn run(self, mut stop: Stop) {
        let this = Arc::new(self);
        let mut news = this.shared.live.subscribe();
        let mut under_way = JoinSet::new();
        let mut busy: BTreeMap<InteractionId, String> = BTreeMap::new();
        loop {
            this.begin(&mut under_way, &mut busy).await;
            tokio::select! {
                () = stop.stopped() => return,
                Some(done) = under_way.join_next() => {
                    // One that panicked is tried again with the next look.
                    match done {
                        Ok(id) => drop(busy.remove(&id)),
                        Err(error) => {
                            tracing::error!(%error, "a sending panicked");
                            busy.clear();
                        }
                    }
                }
                () = tokio::time::sleep(limits::OUTBOX_LOOK) => {}
                () = something_new(&mut news) => {}
            }
        }
    }

    async fn begin(
        self: &Arc<Self>,
        under_way: &mut JoinSet<InteractionId>,
        busy: &mut BTreeMap<InteractionId, String>,
    ) {
        let now = self.shared.clock.wall_millis();
        let due = match self.shared.store.outbox_due(now, limits::OUTBOX_BATCH).await {
            Ok(due) => due,
            Err(error) => return tracing::error!(%error, "the outbox cannot be read"),
        };
        for delivery in due {
            let of_channel = busy.values().filter(|channel| **channel == delivery.channel).count();
            let full = busy.len() >= limits::OUTBOX_SENDINGS || of_channel >= limits::OUTBOX_PER_CHANNEL;
            if full || busy.contains_key(&delivery.conversation) {
                continue;
            }
            busy.insert(delivery.conversation, delivery.channel.clone());
            let this = Arc::clone(self);
            under_way.spawn(async move {
                let id = delivery.conversation;
                this.deliver(delivery).await;
                id
            });
        }
    }

    async fn deliver(&self, delivery: Delivery) {
        let step = match self.outbound(&delivery).await {
            Ok(Some(out)) => self.send(&delivery, &out).await,
            Ok(None) => DeliveryStep::Failed { why: "gone".to_owned() },
            Err(error) => return tracing::error!(%error, "a message on its way cannot be read"),
        };
        let (result, why) = match &step {
            DeliveryStep::Sent { .. } => ("sent", ""),
            DeliveryStep::Postponed { why, .. } => ("postponed", why.as_str()),
            DeliveryStep::Failed { why } => ("failed", why.as_str()),
            DeliveryStep::Again { .. } => ("again", ""),
        };
        metrics::counter!("channel_sendings_total", "result" => result).increment(1);
        tracing::debug!(conversation = %delivery.conversation, channel = %delivery.channel, result, why, "a sending");
        let at = self.shared.clock.wall_millis();
        let change = Change::DeliveryMoved { id: delivery.conversation, seq: delivery.seq, step, at };
        if let Err(error) = self.shared.recorder.commit(vec![change]).await {
            tracing::error!(%error, "how a sending went could not be recorded");
        }
    }

    async fn outbound(&self, delivery: &Delivery) -> Result<Option<Outbound>, store::StoreError> {
        let (id, store) = (delivery.conversation, &self.shared.store);
        let thread = store.thread(id).await?;
        let entry =
            store.entries(id, delivery.seq - 1, 1).await?.pop().filter(|entry| entry.seq == delivery.seq);
        let (Some(thread), Some(entry)) = (thread, entry) else { return Ok(None) };
        Ok(Some(Outbound {
            id: delivery.id(),
            conversation: id,
            seq: delivery.seq,
            peer: thread.peer.into(),
            address: thread.address.into(),
            state: thread.state.into(),
            heard_at: thread.heard_at,
            text: entry.entry.text.into(),
            detail: entry.entry.detail.map(Into::into),
            speaker: entry.entry.speaker,
            at: entry.entry.at,
        }))
    }

    async fn send(&self, delivery: &Delivery, out: &Outbound) -> DeliveryStep {
        let Some(account) = self.shared.config.channels.get(&delivery.channel) else {
            return DeliveryStep::Failed { why: "no_such_channel".to_owned() };
        };
        let fate = match account.kind.road {
            Road::Http(http) => self.by_http(account, &http, out).await,
            Road::Letters => super::mail::post(account, out, &self.shelf, &self.tls).await,
        };
        match fate {
            Fate::Sent(external) => DeliveryStep::Sent { external },
            Fate::Never(why) => DeliveryStep::Failed { why },
            Fate::Later(why, at_least) => delivery.postponed(why, self.shared.clock.wall_millis(), at_least),
            Fate::Again => delivery.postponed("again".to_owned(), self.shared.clock.wall_millis(), None),
        }
    }

    async fn by_http(&self, account: &Account, http: &Http, out: &Outbound) -> Fate {
        for _ in 0..STEPS {
            let now = self.shared.clock.wall_millis();
            let request = match self.with_keep(account, |keep| (http.render)(account, out, keep, now)) {
                Ok(request) => request,
                Err(Unsendable(why)) => return Fate::Never(why),
            };
            let answer = match self.posts.post(&request).await {
                Ok(answer) => answer,
                Err(why) => return Fate::Later(why.to_owned(), None),
            };
            let now = self.shared.clock.wall_millis();
            match self.with_keep(account, |keep| {
                (http.answered)(account, out, &Asked { request: &request, answer: &answer }, keep, now)
            }) {
                Fate::Again => {}
                fate => return fate,
            }
        }
        Fate::Again
    }

    fn with_keep<T>(&self, account: &Account, use_it: impl FnOnce(&mut Keep) -> T) -> T {
        // A panic while holding the lock leaves a whole map.
        let mut keeps = self.keeps.lock().unwrap_or_else(PoisonError::into_inner);
        let keep = keeps.entry(account.name.clone()).or_default();
        if keep.len() > limits::OUTBOX_KEPT {
            keep.clear();
        }
        use_it(keep)
    }
}

/// Waits for something that may have put a message into the outbox.
async fn something_new(news: &mut tokio::sync::broadcast::Receiver<api::Live>) {
    loop {
        match news.recv().await {
            Ok(api::Live::Event(event)) => match event.change {
                Change::EntryAdded { entry, .. }
                    if entry.kind == desk::EntryKind::Message && entry.speaker != desk::Speaker::Customer =>
                {
                    return;
                }
                Change::DeliveryMoved { step: DeliveryStep::Again { .. }, .. } => return,
                _ => {}
            },
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            // The process ends.
            Err(RecvError::Closed) => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
}
