//! Tells other programs what happens: each hook walks along the events of the record and posts those it wants, in order.
//!
//! Promises: nothing is told that is not recorded, and nothing recorded is left out, also across a `kill -9`: how far a hook
//! has come is in the record, so what was under way is told again under the same id; of one hook one request at a time;
//! only configured servers are asked. Leaves to others: kinds and spans (`desk::event_hooks`), requests (`posts`).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use desk::channels::{HttpAnswer, signed_post};
use desk::event_hooks::{ANSWER_CHARS, EventHook, EventKind, HookState, HookStep, Outcome, Place, TRIAL};
use store::{Event, StoreError};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use crate::limits;
use crate::posts::Posts;
use crate::shared::Shared;
use crate::stop::Stop;

/// The one who tells.
pub struct Teller {
    shared: Arc<Shared>,
    posts: Posts,
}

impl Teller {
    /// `run` makes it work.
    #[must_use]
    pub fn new(shared: Arc<Shared>, posts: Posts) -> Self {
        Self { shared, posts }
    }

    /// Tells until told to stop.
    pub async fn run(self, mut stop: Stop) {
        let this = Arc::new(self);
        let mut news = this.shared.live.subscribe();
        let mut under_way = JoinSet::new();
        let mut busy: BTreeSet<String> = BTreeSet::new();
        let mut swept = Instant::now();
        loop {
            match this.begin(&mut under_way, &mut busy).await {
                Ok(hooks) if swept.elapsed() > limits::HOOK_SWEEP => {
                    swept = Instant::now();
                    this.sweep(&hooks).await;
                }
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "event hooks cannot be read"),
            }
            tokio::select! {
                () = stop.stopped() => return,
                Some(done) = under_way.join_next() => match done {
                    Ok(id) => drop(busy.remove(&id)),
                    // One that panicked is tried again with the next look.
                    Err(error) => {
                        tracing::error!(%error, "telling an event hook panicked");
                        busy.clear();
                    }
                },
                () = tokio::time::sleep(limits::OUTBOX_LOOK) => {}
                () = something_new(&mut news) => {}
            }
        }
    }

    async fn begin(
        self: &Arc<Self>,
        under_way: &mut JoinSet<String>,
        busy: &mut BTreeSet<String>,
    ) -> Result<Vec<EventHook>, StoreError> {
        let hooks = self.shared.store.event_hooks().await?;
        if hooks.is_empty() {
            return Ok(hooks);
        }
        let (last, now) = (self.shared.store.last_event().await?, self.shared.clock.wall_millis());
        for hook in hooks.iter().filter(|hook| hook.is_due(now, last)) {
            if !busy.insert(hook.id.clone()) {
                continue;
            }
            let (this, hook) = (Arc::clone(self), hook.clone());
            under_way.spawn(async move {
                match this.tell(&hook).await {
                    // Somebody changed it meanwhile: the next look begins from what it is now.
                    Ok(()) | Err(StoreError::NotFound(_)) => {}
                    Err(error) => tracing::error!(%error, hook = hook.id, "an event hook cannot be told"),
                }
                hook.id
            });
        }
        Ok(hooks)
    }

    async fn tell(&self, hook: &EventHook) -> Result<(), StoreError> {
        if hook.asked {
            self.again(hook).await?;
        }
        let now = self.shared.clock.wall_millis();
        if hook.draft.state != HookState::Active || hook.due_at > now {
            return Ok(());
        }
        let (mut place, mut failures) = (hook.place, hook.failures);
        loop {
            let events = self.shared.store.events_after(place.sequence, limits::HOOK_EVENTS).await?;
            let Some(last) = events.last().map(|event| event.seq) else { return Ok(()) };
            for event in events {
                let Some(kind) = EventKind::of(&event.change).filter(|kind| hook.draft.kinds.contains(kind))
                else {
                    continue;
                };
                let sequence = event.seq;
                let outcome = self.send(hook, sequence, Some((kind, event))).await?;
                let now = self.shared.clock.wall_millis();
                let step = hook.tried(place, sequence, kind, outcome, failures, now);
                let (told, parked) = match &step {
                    HookStep::NotTold { due_at, .. } => (false, due_at.is_none()),
                    _ => (true, false),
                };
                self.shared.store.hook_step(&hook.id, step, now).await?;
                if parked {
                    tracing::warn!(hook = hook.id, "an event hook is parked: it could not be told too often");
                }
                if !told {
                    return Ok(());
                }
                (place, failures) = (Place { sequence, ..place }, 0);
            }
            if place.sequence < last {
                let step = HookStep::Passed { from: place, sequence: last };
                self.shared.store.hook_step(&hook.id, step, self.shared.clock.wall_millis()).await?;
                place.sequence = last;
            }
        }
    }

    /// What somebody asked for: once, whatever comes of it.
    async fn again(&self, hook: &EventHook) -> Result<(), StoreError> {
        for sequence in self.shared.store.hook_asked(&hook.id).await? {
            let event = match sequence {
                TRIAL => None,
                _ => self.shared.store.events_after(sequence - 1, 1).await?.pop(),
            };
            let event = event.and_then(|event| Some((EventKind::of(&event.change)?, event)));
            let outcome = self.send(hook, sequence, event).await?;
            let step = HookStep::Answered { sequence, outcome };
            self.shared.store.hook_step(&hook.id, step, self.shared.clock.wall_millis()).await?;
        }
        Ok(())
    }

    async fn send(
        &self,
        hook: &EventHook,
        sequence: i64,
        event: Option<(EventKind, Event)>,
    ) -> Result<Outcome, StoreError> {
        let failed = |why: &str| Outcome { why: Some(why.to_owned()), ..Outcome::default() };
        let Some(secret) = self.shared.store.hook_secret(&hook.id).await? else {
            return Ok(failed("no_secret"));
        };
        if !self.shared.config.http_requests.allows(&hook.draft.url) {
            return Ok(failed("refused"));
        }
        let now = self.shared.clock.wall_millis();
        let (id, body) = match event {
            Some((kind, event)) => {
                let id = hook.delivery_id(sequence);
                let body = api::event_body(&id, &hook.id, kind, event);
                (id, body)
            }
            None => {
                let id = format!("{}.test-{now}", hook.id);
                let body = api::trial_body(&id, &hook.id, now);
                (id, body)
            }
        };
        let request = signed_post(secret.reveal(), &hook.draft.url, &id, body, now);
        let began = Instant::now();
        let answer = self.posts.post(&request).await;
        let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let outcome = Outcome { took_ms, ..read(answer) };
        let result = if outcome.why.is_none() { "told" } else { "failed" };
        metrics::counter!("event_hook_posts_total", "result" => result).increment(1);
        tracing::debug!(hook = hook.id, sequence, result, why = outcome.why, "an event hook was asked");
        Ok(outcome)
    }

    async fn sweep(&self, hooks: &[EventHook]) {
        let now = self.shared.clock.wall_millis();
        let keep = i64::try_from(limits::HOOK_DELIVERIES_KEPT.as_millis()).unwrap_or(i64::MAX);
        for hook in hooks {
            let step = HookStep::Swept { before: now - keep };
            if let Err(error) = self.shared.store.hook_step(&hook.id, step, now).await {
                tracing::error!(%error, "old deliveries of event hooks cannot be swept");
            }
        }
    }
}

/// Any 2xx says that the receiver has it.
fn read(answer: Result<HttpAnswer, &'static str>) -> Outcome {
    match answer {
        Ok(answer) => Outcome {
            status: Some(i64::from(answer.status)),
            why: (!(200..300).contains(&answer.status)).then(|| format!("http_{}", answer.status)),
            answer: Some(answer.body.reveal().chars().take(ANSWER_CHARS).collect()),
            took_ms: 0,
        },
        Err(why) => Outcome { why: Some(why.to_owned()), ..Outcome::default() },
    }
}

/// Waits for an event; what comes right behind it is taken in the same look.
async fn something_new(news: &mut tokio::sync::broadcast::Receiver<api::Live>) {
    loop {
        match news.recv().await {
            Ok(api::Live::Event(_)) | Err(RecvError::Lagged(_)) => break,
            Ok(_) => {}
            // The process ends.
            Err(RecvError::Closed) => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
    tokio::time::sleep(limits::HOOK_GATHER).await;
}
