//! Recording: one change becomes one numbered event, and the pictures follow, all in the writer's transaction.
//!
//! Promises: numbers without gaps, as only one writer at a time is inside; nothing is half recorded, since the caller rolls
//! back on error; a repeated message yields the event of the first. Events wait in a `Ledger` and are written many at a time,
//! since each statement costs a round trip to the database or to SQLite's thread.

mod conversations;
mod flows;
mod people;
mod tickets;

use std::sync::LazyLock;

use desk::{Change, WallMillis};
use kernel::InteractionId;

use crate::session::{Dialect, Session, Value};
use crate::{Event, StoreError, read};

pub use flows::put_draft as put_flow_draft;

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

/// The events of a transaction: numbered at once, written by `flush`.
pub struct Ledger {
    last: i64,
    unwritten: Vec<Vec<Value>>,
}

impl Ledger {
    /// Goes on after the last event of the database.
    pub async fn open<D: Dialect>(session: &mut Session<'_, D>) -> Result<Self, StoreError> {
        Ok(Self { last: last(session).await?, unwritten: Vec::new() })
    }

    /// The number of the last event.
    pub const fn last(&self) -> i64 {
        self.last
    }

    /// Forgets what came after `last` and is not written: its transaction was rolled back.
    pub fn rewind(&mut self, last: i64) {
        let gone = usize::try_from(self.last - last).unwrap_or(0);
        self.unwritten.truncate(self.unwritten.len().saturating_sub(gone));
        self.last = last;
    }

    fn note(&mut self, event: &Event, json: String) {
        self.last = event.seq;
        self.unwritten.push(vec![
            event.seq.into(),
            event.at.into(),
            Value::Text(event.conversation.map(|id| id.to_string())),
            event.ticket.into(),
            event.entry_seq.into(),
            Value::Text(Some(json)),
        ]);
    }

    /// Writes the events that wait.
    pub async fn flush<D: Dialect>(&mut self, session: &mut Session<'_, D>) -> Result<(), StoreError> {
        while !self.unwritten.is_empty() {
            let fits = INSERTS.iter().find(|(rows, _)| *rows <= self.unwritten.len());
            let Some((rows, sql)) = fits else { return Ok(()) };
            let args = self.unwritten.drain(..rows).flatten().collect();
            session.exec(sql, args).await?;
        }
        Ok(())
    }
}

/// Statements that insert so many events at once, the largest first. Few, so that each stays prepared.
static INSERTS: LazyLock<[(usize, String); 4]> = LazyLock::new(|| {
    [64, 16, 4, 1].map(|rows| {
        let row = |n: usize| {
            let columns: Vec<String> = (1..=6).map(|column| format!("${}", n * 6 + column)).collect();
            format!("({})", columns.join(", "))
        };
        let values: Vec<String> = (0..rows).map(row).collect();
        let sql = "INSERT INTO events (seq, at, conversation, ticket, entry_seq, change) VALUES ";
        (rows, format!("{sql}{}", values.join(", ")))
    })
});

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
        let seq = ledger.last + 1;
        match apply(session, seq, &change).await? {
            Recorded::Before(first) => {
                ledger.flush(session).await?;
                events.push(read::event(session, first).await?);
            }
            Recorded::Now(marks) => {
                let Marks { conversation, ticket, entry_seq } = marks;
                let event = Event { seq, at, conversation, ticket, entry_seq, change };
                ledger.note(&event, json);
                events.push(event);
            }
        }
    }
    Ok(events)
}

/// The number of the last event.
pub async fn last<D: Dialect>(session: &mut Session<'_, D>) -> Result<i64, StoreError> {
    let row = session.row("SELECT COALESCE(MAX(seq), 0) FROM events", vec![]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

async fn apply<D: Dialect>(
    session: &mut Session<'_, D>,
    seq: i64,
    change: &Change,
) -> Result<Recorded, StoreError> {
    let marks = match change {
        Change::ConversationOpened { id, .. } => {
            conversations::open(session, change).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::ConversationMoved { id, .. } => {
            conversations::advance(session, change).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::ConversationEnded { id, at, fault, reason } => {
            conversations::end(session, *id, *at, *fault, reason).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::LegChanged { id, leg } => {
            conversations::put_leg(session, *id, leg).await?;
            Marks { conversation: Some(*id), ..Marks::default() }
        }
        Change::EntryAdded { id, entry } => {
            if let Some(first) = conversations::repeated(session, *id, entry).await? {
                return Ok(Recorded::Before(first));
            }
            let entry_seq = conversations::add_entry(session, *id, seq, entry).await?;
            Marks { conversation: Some(*id), ticket: None, entry_seq: Some(entry_seq) }
        }
        Change::TicketFor { id, subject, assignee, at } => {
            let ticket = tickets::find_or_make(session, *id, subject, assignee.as_ref(), *at).await?;
            Marks { conversation: Some(*id), ticket: Some(ticket), entry_seq: None }
        }
        Change::TicketMoved { ticket, step, at, .. } => {
            tickets::step(session, *ticket, *step, *at).await?;
            Marks { ticket: Some(*ticket), ..Marks::default() }
        }
        Change::TicketEdited { ticket, subject, assignee, at, .. } => {
            tickets::edit(session, *ticket, subject.as_deref(), assignee.as_ref(), *at).await?;
            Marks { ticket: Some(*ticket), ..Marks::default() }
        }
        Change::FlowPublished(version) => {
            flows::publish(session, version).await?;
            Marks::default()
        }
    };
    Ok(Recorded::Now(marks))
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
