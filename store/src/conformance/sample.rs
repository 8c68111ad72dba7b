//! Changes as the cases need them.

use desk::{Change, Channel, ConversationState, EntryKind, Leg, NewEntry, Speaker, TicketMove, TicketState};
use kernel::{AgentName, Fault, InteractionId};

use crate::{Event, Store, StoreError};

/// The time at which samples are committed.
pub const AT: i64 = 1_700_000_000_000;

/// The `n`th conversation's id.
pub fn id(n: u64) -> InteractionId {
    InteractionId { node: 1, serial: (AT as u64) << 16 | n }
}

/// Conversation `n` begins, `n` milliseconds after [`AT`].
pub fn opened(n: u64, address: &str) -> Change {
    Change::ConversationOpened {
        id: id(n),
        channel: Channel::Voice,
        address: address.into(),
        name: None,
        called: "1000".into(),
        lang: "en".into(),
        at: AT + n as i64,
    }
}

/// It moves to `state`, with queue and agent if named.
pub fn moved(n: u64, state: ConversationState, queue: Option<&str>, agent: Option<&str>) -> Change {
    Change::ConversationMoved {
        id: id(n),
        state,
        queue: queue.map(Into::into),
        queued_at: queue.map(|_| AT + 5),
        agent: agent.map(Into::into),
        lang: None,
    }
}

/// It ends.
pub fn ended(n: u64, at: i64, reason: &str) -> Change {
    Change::ConversationEnded { id: id(n), at, fault: Fault::Caller, reason: reason.into() }
}

/// The customer says something in it.
pub fn said(n: u64, text: &str, dedupe: Option<&str>) -> Change {
    let entry = NewEntry {
        at: AT + 100,
        leg: Some(0),
        speaker: Speaker::Customer,
        author: None,
        kind: EntryKind::Message,
        text: text.into(),
        detail: Some("{\"a\":1}".into()),
        start_ms: Some(10),
        end_ms: Some(u64::from(u32::MAX)),
        dedupe: dedupe.map(Into::into),
    };
    Change::EntryAdded { id: id(n), entry }
}

/// An agent's leg.
pub fn leg(n: u16, agent: &str) -> Leg {
    Leg {
        n,
        speaker: Speaker::Agent,
        agent: Some(AgentName::from(agent)),
        device: "browser".into(),
        codec: "opus/48000".into(),
        started_at: AT + 6,
        answered_at: None,
        ended_at: None,
        fault: None,
        reason: None,
    }
}

/// Conversation `n` gets its ticket.
pub fn ticket_for(n: u64, assignee: Option<&str>) -> Change {
    Change::TicketFor {
        id: id(n),
        subject: format!("Call {n}"),
        assignee: assignee.map(Into::into),
        at: AT + 50 + n as i64,
    }
}

/// Somebody moves a ticket.
pub fn step(ticket: i64, from: TicketState, to: TicketState) -> Change {
    Change::TicketMoved { ticket, step: TicketMove { from, to }, by: "alice".into(), at: AT + 1000 }
}

/// Appends; the events.
pub async fn append(store: &dyn Store, changes: Vec<Change>) -> Vec<Event> {
    store.append(AT, changes).await.expect("these changes are in order")
}

/// Appends what must be refused; the refusal.
pub async fn refused(store: &dyn Store, changes: Vec<Change>) -> StoreError {
    let before = store.last_event().await.expect("the last event can be read");
    let error = store.append(AT, changes).await.expect_err("these changes must be refused");
    assert_eq!(store.last_event().await.expect("still readable"), before, "a refused append leaves no event");
    error
}
