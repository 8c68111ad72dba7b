//! What a flow wants from elsewhere: servers, the record, voices, calls to be made later.
//!
//! Promises: nothing here makes the interaction wait; what comes back comes as news. Leaves to others: what it means.

use std::sync::Arc;
use std::time::Duration;

use interaction::{CallbackWish, In, LegIn};
use ivr::{Acquaintance, Clip};
use kernel::{AgentName, Pii};
use media::{Order, Repeat, Source};
use store::{ConversationFilter, Store};

use super::legs::LegDriver;
use super::{Beginning, InteractionTask, Msg};
use crate::callbacks::Wish;
use crate::errands::RECORD_PATIENCE;

/// Conversations of a person that are looked at for who served them last.
const LOOKED_BACK: u32 = 20;
/// How long a call waits for its customer's tier: the record answers within a few milliseconds, and a ring is never late for it.
const TIER_PATIENCE: Duration = Duration::from_millis(300);

/// The agent who served this person last; `None` also when the record does not say in time.
async fn last_agent(store: &dyn Store, person: i64) -> Option<AgentName> {
    let filter = ConversationFilter { person: Some(person), limit: LOOKED_BACK, ..Default::default() };
    let page = tokio::time::timeout(RECORD_PATIENCE, store.conversations(filter)).await.ok()?.ok()?;
    page.items.into_iter().find_map(|conversation| conversation.agent)
}

impl InteractionTask {
    pub(super) fn fetch(&self, token: u64, request: ivr::Request) {
        let (errands, inbox) = (self.shared.errands.clone(), self.own_inbox.clone());
        tokio::spawn(async move {
            let reply = errands.fetch(request).await;
            // Over meanwhile: nobody waits for it.
            let _gone = inbox.send(Msg::Core(In::Fetched { token, reply })).await;
        });
    }

    /// Finds the tier of the customer before anything is decided. Where the configuration has no tiers, nobody is asked.
    pub(super) async fn recognise(&self, beginning: &mut Beginning) {
        if self.shared.config.tiers.is_empty() {
            return;
        }
        let opening = beginning.opening_mut();
        match tokio::time::timeout(TIER_PATIENCE, self.shared.store.tier_at(&opening.address)).await {
            Ok(Ok(tier)) => opening.tier = tier,
            Ok(Err(error)) => tracing::error!(%error, "a customer's tier could not be looked up"),
            Err(_) => tracing::warn!(conversation = %self.id, "a customer's tier was not found in time"),
        }
    }

    /// Somebody is known whom we met before this conversation.
    pub(super) fn find_person(&self, token: u64, number: Pii<String>) {
        let (store, inbox, began) = (Arc::clone(&self.shared.store), self.own_inbox.clone(), self.started_at);
        tokio::spawn(async move {
            let found = tokio::time::timeout(RECORD_PATIENCE, store.person_at(number.reveal())).await;
            let person = match found {
                Ok(Ok(person)) => person.filter(|person| person.created_at < began),
                Ok(Err(error)) => {
                    tracing::error!(%error, "a person could not be looked up");
                    None
                }
                Err(_) => None,
            };
            let person = match person {
                Some(person) => {
                    let agent = last_agent(&*store, person.id).await;
                    Some(Acquaintance { name: person.name.into(), agent, tier: person.tier })
                }
                None => None,
            };
            let _gone = inbox.send(Msg::Core(In::Person { token, person })).await;
        });
    }

    pub(super) fn request_callback(&self, wish: CallbackWish) {
        let (called, lang) = (self.called.clone(), self.lang);
        if self.shared.callbacks.try_send(Wish { wish, called, lang }).is_err() {
            metrics::counter!("callbacks_lost_total").increment(1);
            tracing::error!(conversation = %self.id, "a callback was not taken up: too many at once");
        }
    }

    /// Has texts spoken; what is to be heard follows as `Msg::Voiced`.
    pub(super) fn voice(&mut self, leg: u16, clips: Vec<Clip>, forever: bool, token: u64) {
        self.voicing = Some((leg, token));
        let (speaking, served) = (Arc::clone(&self.shared.speaking), Arc::clone(&self.served));
        let inbox = self.own_inbox.clone();
        tokio::spawn(async move {
            let sources = speaking.sources(&clips, &served.sounds).await;
            let _gone = inbox.send(Msg::Voiced(leg, token, forever, sources)).await;
        });
    }

    /// A text was spoken: it is heard unless something else was ordered meanwhile.
    pub(super) async fn play_voiced(
        &mut self,
        leg: u16,
        token: u64,
        forever: bool,
        sources: Vec<Arc<Source>>,
    ) {
        if self.voicing != Some((leg, token)) {
            return;
        }
        self.voicing = None;
        match self.legs.get(&leg).and_then(LegDriver::slot) {
            Some(slot) if !sources.is_empty() => {
                let repeat = if forever { Repeat::Forever } else { Repeat::Once };
                self.media(Order::Play { leg: slot, sources, repeat, token }).await;
            }
            // Nothing could be said: the flow goes on.
            Some(_) if !forever => self.feed(In::Leg(leg, LegIn::Played { token })).await,
            _ => {}
        }
    }
}
