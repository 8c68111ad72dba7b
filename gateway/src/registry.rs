//! Who owns what: handles of live interactions by id, and of SIP dialogs by their owner.
//!
//! Promises: handles are signals, not state; a message reaches its interaction, or the interaction is over. Leaves to others: everything else.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kernel::InteractionId;
use signaling::{DialogId, Path};
use tokio::sync::mpsc;

use crate::interaction_task::Msg;

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

    /// Tells an interaction without waiting here: when its inbox is full a task waits in our stead.
    pub fn tell(&self, id: InteractionId, news: interaction::In) {
        if let Some(inbox) = self.find(id) {
            deliver(inbox, Msg::Core(news));
        }
    }
}

/// Puts a message in an inbox; when that is full, a task waits for room.
pub fn deliver(inbox: mpsc::Sender<Msg>, message: Msg) {
    match inbox.try_send(message) {
        Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
        Err(mpsc::error::TrySendError::Full(message)) => {
            metrics::counter!("interaction_inbox_full_total").increment(1);
            tokio::spawn(async move {
                // The interaction ended meanwhile: there is nobody to tell.
                let _gone = inbox.send(message).await;
            });
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while holding the lock leaves a whole map: inserts and removes are single calls.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
