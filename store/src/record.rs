//! Recording: one change becomes one numbered event, and the pictures follow, all in the writer's transaction.
//!
//! Promises: numbers without gaps, as only one writer at a time is inside; nothing is half recorded, since the caller rolls
//! back on error; a repeated message yields the event of the first.

mod catch_up;
mod channels;
mod conversations;
mod corrections;
mod customers;
mod flows;
mod hooks;
mod imports;
mod knowledge;
mod ladders;
mod ledger;
mod mentions;
mod people;
mod pictures;
mod reports;
mod search;
mod settings;
mod tickets;

use desk::{Change, WallMillis};
use kernel::InteractionId;

use crate::session::{Dialect, Session};
use crate::{Event, StoreError, read};

pub use catch_up::catch_up;
pub use flows::put_draft as put_flow_draft;
pub use hooks::step as hook_step;
pub use ladders::put as put_ladders;
pub use ledger::{Ledger, last};
pub use reports::{Settling, agent_state, agents_gone, settle};
pub use search::id_from;

/// What the event points to.
#[derive(Default)]
struct Marks {
    conversation: Option<InteractionId>,
    ticket: Option<i64>,
    entry_seq: Option<i64>,
}

/// What became of a change.
enum Recorded {
    /// The pictures changed; the event is to be written.
    Now(Marks),
    /// It was recorded before, as this event.
    Before(i64),
}

/// Records `changes` as the next events of the ledger.
pub async fn append<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    at: WallMillis,
    changes: &[Change],
) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::with_capacity(changes.len());
    for change in changes {
        let (change, json) = storable(change)?;
        let seq = ledger.next();
        match apply(session, ledger, &change).await? {
            Recorded::Before(first) => {
                ledger.flush(session).await?;
                events.push(read::event(session, first).await?);
            }
            Recorded::Now(marks) => {
                let Marks { conversation, ticket, entry_seq } = marks;
                let event = Event { seq, at, conversation, ticket, entry_seq, change };
                ledger.add_event(&event, json);
                search::take_in(session, ledger, &event).await?;
                reports::touch(session, ledger, &event).await?;
                events.push(event);
            }
        }
    }
    Ok(events)
}

async fn apply<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    change: &Change,
) -> Result<Recorded, StoreError> {
    if !needs_the_ledger_alone(change) {
        ledger.flush_conversations(session).await?;
    }
    let marks = match change {
        Change::ConversationOpened { id, .. } => {
            conversations::open(session, ledger, change).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::ConversationMoved { id, .. } => {
            conversations::advance(session, ledger, change).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::ConversationEnded { id, at, fault, reason } => {
            conversations::end(session, ledger, *id, *at, *fault, reason).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::LegChanged { id, leg } => {
            conversations::put_leg(session, ledger, *id, leg).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::EntryAdded { id, entry } => {
            if let Some(first) = conversations::repeated(session, ledger, *id, entry).await? {
                return Ok(Recorded::Before(first));
            }
            let entry_seq = conversations::add_entry(session, ledger, *id, entry).await?;
            if entry.speaker == desk::Speaker::Agent && entry.kind == desk::EntryKind::Message {
                tickets::answered(session, *id, entry.at).await?;
            }
            channels::send(session, *id, entry_seq, entry).await?;
            mentions::keep(session, ledger, *id, entry_seq, entry).await?;
            Marks { conversation: Some(*id), ticket: None, entry_seq: Some(entry_seq) }
        }
        Change::EntryCorrected { id, seq, correction } => {
            if let Some(first) = corrections::correct(session, ledger, *id, *seq, correction).await? {
                return Ok(Recorded::Before(first));
            }
            Marks { conversation: Some(*id), ticket: None, entry_seq: Some(*seq) }
        }
        Change::ThreadOpened { id, thread } => {
            channels::open_thread(session, ledger, *id, thread).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::MessageArrived { id, arrival } => {
            if let Some(first) = channels::arrive(session, ledger, *id, arrival).await? {
                return Ok(Recorded::Before(first));
            }
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::DeliveryMoved { id, seq, step, at } => {
            channels::step(session, *id, *seq, step, *at).await?;
            Marks { conversation: Some(*id), ticket: None, entry_seq: Some(*seq) }
        }
        Change::TicketFor { id, subject, assignee, at } => {
            let ticket = tickets::find_or_make(session, *id, subject, assignee.as_ref(), *at).await?;
            Marks { conversation: Some(*id), ticket: Some(ticket), entry_seq: None }
        }
        Change::TicketMoved { ticket, step, at, .. } => {
            tickets::step(session, *ticket, *step, *at).await?;
            Marks { ticket: Some(*ticket), ..Marks::default() }
        }
        Change::TicketEdited { ticket, edit, at, .. } => {
            tickets::edit(session, *ticket, edit, *at).await?;
            Marks { ticket: Some(*ticket), ..Marks::default() }
        }
        Change::FlowPublished(version) => {
            flows::publish(session, version).await?;
            Marks::default()
        }
        Change::TicketOpened { person, edit, at, .. } => {
            let ticket = tickets::open(session, *person, edit, *at).await?;
            Marks { ticket: Some(ticket), ..Marks::default() }
        }
        Change::TicketMerged { ticket, into, at, .. } => {
            tickets::merge(session, *ticket, *into, *at).await?;
            Marks { ticket: Some(*ticket), ..Marks::default() }
        }
        Change::TicketRelated { ticket, other, relation, step, at, .. } => {
            tickets::relate(session, *ticket, *other, *relation, *step, *at).await?;
            Marks { ticket: Some(*ticket), ..Marks::default() }
        }
        Change::TicketEscalated { ticket, clock, at, .. } => {
            tickets::escalate(session, *ticket, *clock, *at).await?;
            Marks { ticket: Some(*ticket), ..Marks::default() }
        }
        Change::HookChanged { hook, draft, by, at } => {
            hooks::change(session, ledger.next(), hook, draft.as_ref(), (by, *at)).await?;
            Marks::default()
        }
        Change::Imported { source, external, record, at, .. } => {
            match imports::take(session, ledger, (source, external), record, *at).await? {
                imports::Taken::Before(first) => return Ok(Recorded::Before(first)),
                imports::Taken::Customer => Marks::default(),
                imports::Taken::Ticket(ticket) => Marks { ticket: Some(ticket), ..Marks::default() },
            }
        }
        Change::ArticleSaved { key, draft, by, at } => {
            if let Some(first) = knowledge::same(session, key, draft).await? {
                return Ok(Recorded::Before(first));
            }
            knowledge::save(session, ledger.next(), key, draft, by, *at).await?;
            Marks::default()
        }
        Change::KnowledgeVoted { vote, by, at } => {
            knowledge::vote(session, ledger.next(), vote, by, *at).await?;
            Marks::default()
        }
        Change::KnowledgeMissed { id, question, words, at } => {
            ledger.must_know(session, *id).await?;
            knowledge::miss(session, *id, question, words, *at).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::CustomerEdited { person, revision, edit, by, at } => {
            ledger.forget_people();
            ledger.flush(session).await?;
            customers::edit(session, ledger.next(), (*person, *revision), edit, (by, *at)).await?;
            Marks::default()
        }
        Change::CustomersMerged { kept, gone, revisions, by, at } => {
            ledger.forget_people();
            ledger.flush(session).await?;
            let merged =
                customers::merge(session, ledger.next(), (*kept, *gone), *revisions, (by, *at)).await?;
            if let Some(first) = merged {
                return Ok(Recorded::Before(first));
            }
            Marks::default()
        }
        Change::CustomersSplit { merge, kept, gone, revision, by, at } => {
            ledger.forget_people();
            ledger.flush(session).await?;
            let which = (*merge, *kept, *gone);
            if let Some(first) = customers::split(session, ledger.next(), which, *revision, (by, *at)).await?
            {
                return Ok(Recorded::Before(first));
            }
            Marks::default()
        }
        Change::SettingChanged { key, value, by, at } => {
            settings::change(session, ledger.next(), key, value.as_deref(), by, *at).await?;
            Marks::default()
        }
        Change::Exported { id, what, by, at } => {
            ledger.must_know(session, *id).await?;
            settings::exported(session, ledger.next(), what, *id, by, *at).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
    };
    Ok(Recorded::Now(marks))
}

/// Whether what a change does names no conversation in a statement of its own.
fn needs_the_ledger_alone(change: &Change) -> bool {
    match change {
        Change::ConversationOpened { .. }
        | Change::ConversationMoved { .. }
        | Change::ConversationEnded { .. }
        | Change::LegChanged { .. } => true,
        Change::EntryAdded { entry, .. } => entry.kind != desk::EntryKind::Message,
        _ => false,
    }
}

/// The change as it will be read back, and its JSON. NUL characters, which no database of ours can hold as text, become U+FFFD.
fn storable(change: &Change) -> Result<(Change, String), StoreError> {
    let unfit =
        |error: serde_json::Error| StoreError::Bad(format!("a change that cannot be written down: {error}"));
    let json = serde_json::to_string(change).map_err(unfit)?;
    if !json.contains("\\u0000") {
        return Ok((change.clone(), json));
    }
    let mut value: serde_json::Value = serde_json::from_str(&json).map_err(unfit)?;
    without_nul(&mut value);
    let json = value.to_string();
    Ok((serde_json::from_value(value).map_err(unfit)?, json))
}

fn without_nul(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = text.replace('\0', "\u{FFFD}"),
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_nul),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(without_nul),
        _ => {}
    }
}
