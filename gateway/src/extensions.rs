//! How the extensions of the house stand, for phones that watch them (RFC 6665): the calls of their phones and pages,
//! whether their agents are ready, the messages that wait.
//!
//! Promises: a call stands as long as its guard lives, so that no lamp stays on; changes reach SIP at once, those of one
//! moment together. Leaves to others: who watches and what they are told (`signaling`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::Live;
use kernel::{AgentName, InteractionId};
use routing::{AgentStatus, QueueSetup};
use signaling::{
    Availability, CallDirection, CallStanding, Command, Extension, ExtensionCall, Mailbox, Path,
};
use store::OpenVoicemail;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast};
use tokio::time::Instant;

use crate::config::{Config, UserConfig};
use crate::limits::LAMPS_LOOK;
use crate::router_task::sleep_until;
use crate::shared::Shared;
use crate::stop::Stop;

/// What is known of all extensions.
#[derive(Debug, Default)]
pub struct Extensions {
    board: Mutex<Board>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Board {
    /// The next guard's number.
    next: u64,
    calls: BTreeMap<String, BTreeMap<u64, Call>>,
    mail: BTreeMap<String, Mailbox>,
    availability: BTreeMap<String, Availability>,
    /// Not told yet.
    fresh: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug)]
struct Call {
    conversation: InteractionId,
    direction: CallDirection,
    standing: CallStanding,
}

/// A call of an extension; its drop is the end of the call.
#[must_use]
#[derive(Debug)]
pub struct OnCall {
    extensions: Arc<Extensions>,
    extension: String,
    number: u64,
}

impl OnCall {
    /// The call is so far now.
    pub fn stands(&self, standing: CallStanding) {
        self.extensions.change(&self.extension, |board| {
            let call = board.calls.get_mut(&self.extension).and_then(|calls| calls.get_mut(&self.number));
            call.is_some_and(|call| std::mem::replace(&mut call.standing, standing) != standing)
        });
    }
}

impl Drop for OnCall {
    fn drop(&mut self) {
        self.extensions.change(&self.extension, |board| {
            let Some(calls) = board.calls.get_mut(&self.extension) else { return false };
            let was_there = calls.remove(&self.number).is_some();
            if calls.is_empty() {
                board.calls.remove(&self.extension);
            }
            was_there
        });
    }
}

impl Extensions {
    /// An extension is called, or calls.
    pub fn begin(
        self: &Arc<Self>,
        extension: &str,
        conversation: InteractionId,
        direction: CallDirection,
        standing: CallStanding,
    ) -> OnCall {
        let mut number = 0;
        self.change(extension, |board| {
            board.next += 1;
            number = board.next;
            let call = Call { conversation, direction, standing };
            board.calls.entry(extension.to_owned()).or_default().insert(number, call);
            true
        });
        OnCall { extensions: Arc::clone(self), extension: extension.to_owned(), number }
    }

    fn change(&self, extension: &str, make: impl FnOnce(&mut Board) -> bool) {
        let mut board = self.lock();
        if make(&mut board) {
            board.fresh.insert(extension.to_owned());
            self.changed.notify_one();
        }
    }

    fn is_available(&self, extension: &str, availability: Availability) {
        self.change(extension, |board| {
            board.availability.insert(extension.to_owned(), availability) != Some(availability)
        });
    }

    fn has_mail(&self, extension: &str, mail: Mailbox) {
        self.change(extension, |board| board.mail.insert(extension.to_owned(), mail) != Some(mail));
    }

    /// What changed since it was asked last.
    fn news(&self) -> Vec<(String, Extension)> {
        let mut board = self.lock();
        let fresh = std::mem::take(&mut board.fresh);
        fresh.into_iter().map(|extension| (extension.clone(), board.extension(&extension))).collect()
    }

    /// Held for lookups only, never over an await. A panic while holding it leaves whole maps.
    fn lock(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Board {
    /// Phone and page of one conversation are one call, as far as the one that is further.
    fn extension(&self, extension: &str) -> Extension {
        let mut calls: BTreeMap<InteractionId, ExtensionCall> = BTreeMap::new();
        for call in self.calls.get(extension).into_iter().flatten().map(|(_, call)| call) {
            let merged = calls.entry(call.conversation).or_insert_with(|| ExtensionCall {
                id: call.conversation.to_string(),
                direction: call.direction,
                standing: call.standing,
            });
            merged.standing = merged.standing.max(call.standing);
        }
        Extension {
            calls: calls.into_values().collect(),
            mail: self.mail.get(extension).copied().unwrap_or_default(),
            availability: self.availability.get(extension).copied().unwrap_or_default(),
        }
    }
}

/// The extension of an agent.
pub fn extension_of<'c>(config: &'c Config, agent: &AgentName) -> Option<&'c str> {
    config.agents().find(|user| user.name == agent.as_str())?.extension.as_deref()
}

/// The extension whose registered phone a call comes from, by what it says and where it is.
pub fn caller_of_the_house(shared: &Shared, user: &str, path: &Path) -> Option<String> {
    let registered = shared.registry.phone(user)?;
    let same = registered.transport == path.transport && registered.remote == path.remote;
    (same && shared.config.users.iter().any(|one| one.extension.as_deref() == Some(user)))
        .then(|| user.to_owned())
}

/// Tells SIP what changes, until the process stops.
pub async fn run(shared: Arc<Shared>, mut live: broadcast::Receiver<Live>, mut stop: Stop) {
    let extensions = Arc::clone(&shared.extensions);
    agents_stand(&shared).await;
    let mut look_at = Some(Instant::now());
    loop {
        tokio::select! {
            () = stop.stopped() => return,
            () = extensions.changed.notified() => {}
            news = live.recv() => match news {
                Ok(Live::Agent(status)) => agent_stands(&shared, &status),
                Ok(Live::Event(event)) if event.ticket.is_some() => {
                    look_at.get_or_insert_with(|| Instant::now() + LAMPS_LOOK);
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => {
                    agents_stand(&shared).await;
                    look_at.get_or_insert_with(|| Instant::now() + LAMPS_LOOK);
                }
                Err(RecvError::Closed) => return,
            },
            () = sleep_until(look_at.map(Into::into)) => {
                look_at = None;
                look_at_mail(&shared).await;
            }
        }
        for (user, extension) in extensions.news() {
            shared.order_sip(Command::Publish { user, extension }).await;
        }
    }
}

async fn agents_stand(shared: &Shared) {
    for status in shared.router.agents().await {
        agent_stands(shared, &status);
    }
}

fn agent_stands(shared: &Shared, status: &AgentStatus) {
    let availability = match (status.desk || status.phone, status.ready) {
        (false, _) => Availability::Away,
        (true, true) => Availability::Ready,
        (true, false) => Availability::NotReady,
    };
    if let Some(extension) = extension_of(&shared.config, &status.name) {
        shared.extensions.is_available(extension, availability);
    }
}

async fn look_at_mail(shared: &Shared) {
    let open = match shared.store.open_voicemails().await {
        Ok(open) => open,
        Err(error) => return tracing::error!(%error, "voicemails could not be counted"),
    };
    for user in shared.config.agents() {
        if let Some(extension) = &user.extension {
            shared.extensions.has_mail(extension, mailbox(user, &shared.config.queues, &open));
        }
    }
}

/// An agent's voicemails: theirs; and those that nobody has taken, of a queue that they serve or of none.
fn mailbox(user: &UserConfig, queues: &[QueueSetup], open: &[OpenVoicemail]) -> Mailbox {
    let serves =
        |name: &kernel::QueueName| queues.iter().any(|queue| queue.name == *name && serves(user, queue));
    let mine = |one: &&OpenVoicemail| match &one.assignee {
        Some(assignee) => assignee.as_str() == user.name,
        None => one.queue.as_ref().is_none_or(&serves),
    };
    let count = |fresh| {
        let found = open.iter().filter(mine).filter(|one| one.fresh == fresh).count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    Mailbox { fresh: count(true), old: count(false) }
}

fn serves(user: &UserConfig, queue: &QueueSetup) -> bool {
    let skilled =
        |wish: &routing::SkillWish| user.skills.get(&wish.skill).is_some_and(|level| *level >= wish.at_least);
    queue.skills.iter().all(skilled)
        && (queue.groups.is_empty() || queue.groups.iter().any(|group| user.groups.contains(group)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: InteractionId = InteractionId { node: 1, serial: 7 };

    fn stood(extensions: &Extensions) -> Vec<CallStanding> {
        let news = extensions.news();
        news.into_iter().flat_map(|(_, extension)| extension.calls).map(|call| call.standing).collect()
    }

    #[test]
    fn phone_and_page_of_one_call_are_one_and_end_with_their_guards() {
        let extensions = Arc::new(Extensions::default());
        let phone = extensions.begin("1101", CALL, CallDirection::Recipient, CallStanding::Trying);
        let page = extensions.begin("1101", CALL, CallDirection::Recipient, CallStanding::Early);
        assert_eq!(stood(&extensions), [CallStanding::Early]);
        phone.stands(CallStanding::Confirmed);
        drop(page);
        assert_eq!(stood(&extensions), [CallStanding::Confirmed]);
        phone.stands(CallStanding::Confirmed);
        assert!(extensions.news().is_empty(), "nothing changed");
        drop(phone);
        assert_eq!(extensions.news(), [("1101".to_owned(), Extension::default())]);
        assert!(extensions.lock().calls.is_empty());
    }
}
