//! The rows of a transaction that may be written together: events, entries and legs, many to a statement, since each statement
//! costs a round trip to the database or to SQLite's thread.
//!
//! Promises: numbers of events and entries without gaps; nothing is believed of the database that another writer may have
//! changed. Leaves to others: the transaction (`writer`), what a row means (`conversations`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::InteractionId;

use crate::session::{Dialect, Session, Value};
use crate::{Event, StoreError};

/// How many conversations are remembered between transactions: those in progress at a big center, some 100 bytes each.
const REMEMBERED: usize = 10_000;

/// What waits to be written, and what is known of conversations that were written to.
#[derive(Default)]
pub struct Ledger {
    last: i64,
    /// The last entry of each conversation that is known to exist.
    known: BTreeMap<InteractionId, i64>,
    events: Vec<Vec<Value>>,
    entries: Vec<Vec<Value>>,
    /// By conversation and number: of a leg that changed twice, the later state is written.
    legs: BTreeMap<(InteractionId, u16), Vec<Value>>,
}

impl Ledger {
    /// Begins a transaction: goes on after the last event of the database. Did somebody else write meanwhile, what was known is forgotten.
    pub async fn begin<D: Dialect>(&mut self, session: &mut Session<'_, D>) -> Result<(), StoreError> {
        let last = last(session).await?;
        if last != self.last || self.known.len() > REMEMBERED {
            self.known.clear();
        }
        self.last = last;
        Ok(())
    }

    /// The transaction, or a part of it, was rolled back.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The number of the next event.
    pub const fn next(&self) -> i64 {
        self.last + 1
    }

    /// Adds the next event.
    pub fn add_event(&mut self, event: &Event, json: String) {
        self.last = event.seq;
        self.events.push(vec![
            event.seq.into(),
            event.at.into(),
            Value::Text(event.conversation.map(|id| id.to_string())),
            event.ticket.into(),
            event.entry_seq.into(),
            Value::Text(Some(json)),
        ]);
    }

    /// A conversation that was made in this transaction.
    pub fn opened(&mut self, id: InteractionId) {
        self.known.insert(id, 0);
    }

    /// Refuses a conversation that does not exist; the number of its last entry.
    pub async fn must_know<D: Dialect>(
        &mut self,
        session: &mut Session<'_, D>,
        id: InteractionId,
    ) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT (SELECT COALESCE(MAX(e.seq), 0) FROM entries e WHERE e.conversation = c.id) \
            FROM conversations c WHERE c.id = $1";
        if let Some(last) = self.known.get(&id) {
            return Ok(*last);
        }
        let row = session.row(SQL, vec![id.to_string().as_str().into()]).await?;
        let last = row.ok_or(StoreError::NotFound("conversation"))?.int(0)?;
        self.known.insert(id, last);
        Ok(last)
    }

    /// Adds an entry, `row` being its columns after the position; its position in the conversation, from 1.
    pub async fn add_entry<D: Dialect>(
        &mut self,
        session: &mut Session<'_, D>,
        id: InteractionId,
        row: Vec<Value>,
    ) -> Result<i64, StoreError> {
        let seq = self.must_know(session, id).await? + 1;
        self.known.insert(id, seq);
        let place = [id.to_string().as_str().into(), seq.into()];
        self.entries.push(place.into_iter().chain(row).collect());
        Ok(seq)
    }

    /// Puts a leg, `row` being its columns after the number.
    pub fn put_leg(&mut self, id: InteractionId, n: u16, row: Vec<Value>) {
        let place = [id.to_string().as_str().into(), i64::from(n).into()];
        self.legs.insert((id, n), place.into_iter().chain(row).collect());
    }

    /// Writes what waits.
    pub async fn flush<D: Dialect>(&mut self, session: &mut Session<'_, D>) -> Result<(), StoreError> {
        ENTRIES.write(session, core::mem::take(&mut self.entries)).await?;
        LEGS.write(session, core::mem::take(&mut self.legs).into_values().collect()).await?;
        EVENTS.write(session, core::mem::take(&mut self.events)).await
    }
}

/// The number of the last event.
pub async fn last<D: Dialect>(session: &mut Session<'_, D>) -> Result<i64, StoreError> {
    let row = session.row("SELECT COALESCE(MAX(seq), 0) FROM events", vec![]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

static EVENTS: LazyLock<Insert> = LazyLock::new(|| {
    Insert::new("INSERT INTO events (seq, at, conversation, ticket, entry_seq, change)", 6, "")
});
static ENTRIES: LazyLock<Insert> = LazyLock::new(|| {
    let head = "INSERT INTO entries \
        (conversation, seq, event, at, leg, speaker, author, kind, text, detail, start_ms, end_ms, dedupe)";
    Insert::new(head, 13, "")
});
static LEGS: LazyLock<Insert> = LazyLock::new(|| {
    let head = "INSERT INTO legs \
        (conversation, n, speaker, agent, device, codec, started_at, answered_at, ended_at, fault, reason)";
    let tail = "ON CONFLICT (conversation, n) DO UPDATE SET speaker = excluded.speaker, agent = excluded.agent, \
        device = excluded.device, codec = excluded.codec, started_at = excluded.started_at, \
        answered_at = excluded.answered_at, ended_at = excluded.ended_at, fault = excluded.fault, \
        reason = excluded.reason";
    Insert::new(head, 11, tail)
});

/// Statements that insert rows of one table, by how many at once, the largest first. Few, so that each stays prepared.
struct Insert([(usize, String); 4]);

impl Insert {
    fn new(head: &str, columns: usize, tail: &str) -> Self {
        Self([64, 16, 4, 1].map(|rows| {
            let row = |n: usize| {
                let row: Vec<String> =
                    (1..=columns).map(|column| format!("${}", n * columns + column)).collect();
                format!("({})", row.join(", "))
            };
            let values: Vec<String> = (0..rows).map(row).collect();
            (rows, format!("{head} VALUES {} {tail}", values.join(", ")))
        }))
    }

    async fn write<D: Dialect>(
        &'static self,
        session: &mut Session<'_, D>,
        mut rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        while let Some((count, sql)) = self.0.iter().find(|(count, _)| *count <= rows.len()) {
            let args = rows.drain(..*count).flatten().collect();
            session.exec(sql, args).await?;
        }
        Ok(())
    }
}
