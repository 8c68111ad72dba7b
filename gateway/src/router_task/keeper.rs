//! What of the router's affairs outlives the process: whether agents want work, what they did when, and why work waited that
//! nobody took.
//!
//! Promises: in order; the router does not wait for the disk. Leaves to others: everything else.

use std::sync::Arc;

use desk::{Change, EntryKind, NewEntry, Speaker};
use kernel::{AgentName, InteractionId};
use routing::{AgentSetup, Span, Wants};
use store::Store;
use tokio::sync::{mpsc, oneshot};

use crate::clock::wall_of;
use crate::limits;
use crate::recorder::{Batch, Recorder};

/// What is to be kept.
pub(super) enum Keep {
    /// Whether an agent wants work; answered when it is on disk.
    Wish(AgentName, String, Option<oneshot::Sender<bool>>),
    /// What an agent does from then on, and the reason of a break.
    State(AgentName, &'static str, Option<String>, i64),
    /// Why work waited that left.
    Waited(InteractionId, i64, Vec<Span>),
}

/// Handle of the keeper.
#[derive(Clone)]
pub(super) struct Keeper(mpsc::Sender<Keep>);

impl Keeper {
    pub fn start(store: Arc<dyn Store>, recorder: Recorder) -> Self {
        let (to, mut inbox) = mpsc::channel(limits::ROUTER_KEEPS);
        tokio::spawn(async move {
            while let Some(keep) = inbox.recv().await {
                carry_out(keep, &*store, &recorder).await;
            }
        });
        Self(to)
    }

    pub async fn keep(&self, keep: Keep) {
        if self.0.send(keep).await.is_err() {
            tracing::error!("the keeper of the router is gone");
        }
    }
}

async fn carry_out(keep: Keep, store: &dyn Store, recorder: &Recorder) {
    match keep {
        Keep::Wish(agent, wish, reply) => {
            if let Err(error) = store.put_setting(&key(&agent), &wish).await {
                tracing::error!(%error, "whether an agent wants work was not kept");
            }
            if let Some(reply) = reply {
                // Whoever asked went away.
                let _gone = reply.send(true);
            }
        }
        Keep::State(agent, state, pause, at) => {
            if let Err(error) = store.agent_state(agent, state.to_owned(), pause, at).await {
                tracing::error!(%error, "what an agent does was not kept");
            }
        }
        Keep::Waited(id, at, spans) => {
            let changes = vec![Change::EntryAdded { id, entry: waited(at, &spans) }];
            recorder.record(Batch { changes, ..Batch::default() }).await;
        }
    }
}

fn waited(at: i64, spans: &[Span]) -> NewEntry {
    NewEntry {
        at,
        leg: None,
        speaker: Speaker::System,
        author: None,
        kind: EntryKind::Event,
        text: "waited".to_owned(),
        detail: Some(serde_json::json!({ "waited": spans }).to_string()),
        start_ms: None,
        end_ms: None,
        dedupe: None,
    }
}

fn key(agent: &AgentName) -> String {
    format!("ready:{agent}")
}

/// How a wish is kept: `true`, `false`, `set_aside`, or `break:` with the reason.
pub(super) fn kept_form(status: &routing::AgentStatus) -> String {
    match (&status.pause, status.ready) {
        (Some(reason), _) if reason == "set_aside" => "set_aside".to_owned(),
        (Some(reason), _) => format!("break:{reason}"),
        (None, true) => "true".to_owned(),
        (None, false) => "false".to_owned(),
    }
}

/// A state as the record and the API spell it.
pub(super) const fn state_name(state: routing::AgentState) -> &'static str {
    match state {
        routing::AgentState::Offline => "offline",
        routing::AgentState::NotReady => "not_ready",
        routing::AgentState::Ready => "ready",
        routing::AgentState::Ringing => "ringing",
        routing::AgentState::Talking => "talking",
        routing::AgentState::Wrapup => "wrapup",
    }
}

/// What an agent wanted before a restart.
pub(super) async fn wish_before(store: &dyn Store, agent: &AgentSetup) -> Option<(String, routing::In)> {
    let kept = store.setting(&key(&agent.name)).await.ok().flatten()?;
    let agent = agent.name.clone();
    let input = match kept.as_str() {
        "true" => routing::In::Ready { agent, wants: Wants::Work },
        "set_aside" => routing::In::WasSetAside { agent },
        other => {
            let reason = other.strip_prefix("break:").unwrap_or_default().to_owned();
            routing::In::Ready { agent, wants: Wants::Break(reason) }
        }
    };
    Some((kept, input))
}

/// Wall time now, for an entry.
pub(super) fn wall(at: kernel::Time) -> i64 {
    wall_of(at)
}
