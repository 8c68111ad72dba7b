//! Who owns what: handles of live interactions by id, and of SIP dialogs by their owner.
//!
//! Promises: handles are signals, not state; a message reaches its interaction, or the interaction is over. Leaves to others: everything else.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::InteractionId;
use signaling::{DialogId, Path};
use tokio::sync::mpsc;

use crate::interaction_task::Msg;
use crate::limits;

/// One leg of one interaction, reachable.
#[derive(Clone, Debug)]
pub struct LegHandle {
    /// Inbox of the interaction.
    pub inbox: mpsc::Sender<Msg>,
    /// Number of the leg.
    pub leg: u16,
}

/// Handles of what lives.
#[derive(Debug, Default)]
pub struct Registry {
    interactions: Mutex<BTreeMap<InteractionId, mpsc::Sender<Msg>>>,
    dialogs: Mutex<BTreeMap<DialogId, LegHandle>>,
    phones: Mutex<BTreeMap<String, Path>>,
    chats: Mutex<BTreeMap<String, InteractionId>>,
    /// News that found an inbox full, in order; there only while a task hands it over.
    backlogs: Mutex<BTreeMap<InteractionId, VecDeque<Msg>>>,
}

impl Registry {
    /// An interaction lives.
    pub fn add(&self, id: InteractionId, inbox: mpsc::Sender<Msg>) {
        lock(&self.interactions).insert(id, inbox);
    }

    /// It is over.
    pub fn remove(&self, id: InteractionId) {
        lock(&self.interactions).remove(&id);
    }

    /// Its inbox, while it lives.
    pub fn find(&self, id: InteractionId) -> Option<mpsc::Sender<Msg>> {
        lock(&self.interactions).get(&id).cloned()
    }

    /// How many live.
    pub fn count(&self) -> usize {
        lock(&self.interactions).len()
    }

    /// Every inbox.
    pub fn all(&self) -> Vec<mpsc::Sender<Msg>> {
        lock(&self.interactions).values().cloned().collect()
    }

    /// A dialog belongs to this leg.
    pub fn add_dialog(&self, dialog: DialogId, leg: LegHandle) {
        lock(&self.dialogs).insert(dialog, leg);
    }

    /// A dialog is over.
    pub fn remove_dialog(&self, dialog: DialogId) {
        lock(&self.dialogs).remove(&dialog);
    }

    /// Whose dialog it is.
    pub fn dialog(&self, dialog: DialogId) -> Option<LegHandle> {
        lock(&self.dialogs).get(&dialog).cloned()
    }

    /// The open chat of a visitor.
    pub fn add_chat(&self, address: &str, id: InteractionId) {
        lock(&self.chats).insert(address.to_owned(), id);
    }

    /// It is over.
    pub fn remove_chat(&self, address: &str, id: InteractionId) {
        let mut chats = lock(&self.chats);
        if chats.get(address) == Some(&id) {
            chats.remove(address);
        }
    }

    /// The open chat of a visitor.
    pub fn chat(&self, address: &str) -> Option<InteractionId> {
        lock(&self.chats).get(address).copied()
    }

    /// How many chats live.
    pub fn chats(&self) -> usize {
        lock(&self.chats).len()
    }

    /// A phone registered from there.
    pub fn phone_registered(&self, user: &str, path: Path) {
        lock(&self.phones).insert(user.to_owned(), path);
    }

    /// The last binding of a phone is gone.
    pub fn phone_gone(&self, user: &str) {
        lock(&self.phones).remove(user);
    }

    /// Where a phone registered from.
    pub fn phone(&self, user: &str) -> Option<Path> {
        lock(&self.phones).get(user).copied()
    }

    /// Tells an interaction without waiting here, in the order of telling: what finds its inbox full waits in line, and a
    /// task hands it over as room comes.
    pub fn tell(self: &Arc<Self>, id: InteractionId, news: interaction::In) {
        let mut backlogs = lock(&self.backlogs);
        let message = Msg::Core(news);
        if let Some(backlog) = backlogs.get_mut(&id) {
            if backlog.len() < limits::INTERACTION_BACKLOG {
                backlog.push_back(message);
            } else {
                metrics::counter!("interaction_news_lost_total").increment(1);
                tracing::error!(conversation = %id, "an interaction takes in nothing; news for it was lost");
            }
            return;
        }
        let Some(inbox) = self.find(id) else { return };
        match inbox.try_send(message) {
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
            Err(mpsc::error::TrySendError::Full(message)) => {
                metrics::counter!("interaction_inbox_full_total").increment(1);
                backlogs.insert(id, VecDeque::from([message]));
                tokio::spawn(Arc::clone(self).hand_over(id, inbox));
            }
        }
    }

    /// Hands a backlog over until it is empty or nobody is there any more.
    async fn hand_over(self: Arc<Self>, id: InteractionId, inbox: mpsc::Sender<Msg>) {
        loop {
            let Ok(room) = inbox.reserve().await else {
                // The interaction ended meanwhile: there is nobody to tell.
                lock(&self.backlogs).remove(&id);
                return;
            };
            let mut backlogs = lock(&self.backlogs);
            let Some(message) = backlogs.get_mut(&id).and_then(VecDeque::pop_front) else {
                backlogs.remove(&id);
                return;
            };
            room.send(message);
            if backlogs.get(&id).is_some_and(VecDeque::is_empty) {
                // Whoever tells next finds no backlog and the inbox behind what was just sent.
                backlogs.remove(&id);
                return;
            }
        }
    }
}

/// Puts a message that stands for itself (a handing over of phones) in an inbox; when that is full, a task waits for room.
pub fn deliver(inbox: mpsc::Sender<Msg>, message: Msg) {
    if let Err(mpsc::error::TrySendError::Full(message)) = inbox.try_send(message) {
        metrics::counter!("interaction_inbox_full_total").increment(1);
        tokio::spawn(async move {
            // The interaction ended meanwhile: there is nobody to tell.
            let _gone = inbox.send(message).await;
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while holding the lock leaves a whole map: inserts and removes are single calls.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use interaction::LegIn;

    use super::*;

    const NEWS: u16 = 500;

    fn digit(n: u16) -> interaction::In {
        interaction::In::Leg(n, LegIn::BrowserUp)
    }

    #[tokio::test]
    async fn news_for_a_full_inbox_arrives_in_order() {
        let registry = Arc::new(Registry::default());
        let id = InteractionId { node: 1, serial: 1 };
        let (inbox, mut news) = mpsc::channel(4);
        registry.add(id, inbox);
        let mut heard = Vec::new();
        let mut hear = |message| {
            let Msg::Core(interaction::In::Leg(n, _)) = message else { panic!("something else") };
            heard.push(n);
        };
        for n in 0..NEWS {
            registry.tell(id, digit(n));
            if n % 7 == 0 {
                tokio::task::yield_now().await;
            }
            // Read now and then, so that the inbox is sometimes full and sometimes not.
            if n % 3 == 0 {
                news.try_recv().into_iter().for_each(&mut hear);
            }
        }
        while let Ok(Some(message)) = tokio::time::timeout(Duration::from_millis(200), news.recv()).await {
            hear(message);
        }
        assert_eq!(heard, (0..NEWS).collect::<Vec<_>>());
        tokio::task::yield_now().await;
        assert!(lock(&registry.backlogs).is_empty());
    }
}
