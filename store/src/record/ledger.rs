//! The rows of a transaction that may be written together: conversations, events, entries and legs, many to a statement, since
//! each statement costs a round trip to the database or to SQLite's thread.
//!
//! Promises: numbers of events and entries without gaps; nothing is believed of the database that another writer may have
//! changed. Leaves to others: the transaction (`writer`), what a row means (`conversations`).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use kernel::InteractionId;

use super::pictures::{self, Picture};
use super::reports::Touched;
use crate::session::{Dialect, FullText, Session, Value};
use crate::{Event, StoreError};

/// How many conversations are remembered between transactions: those in progress at a big center, some 100 bytes each.
const REMEMBERED: usize = 10_000;

/// What waits to be written, and what is known of conversations that were written to.
#[derive(Default)]
pub struct Ledger {
    last: i64,
    /// Conversations that are known to exist.
    known: BTreeMap<InteractionId, Known>,
    /// Who has an address, and by which name they came.
    people: BTreeMap<String, (i64, Option<String>)>,
    /// Conversations whose rows are to be written: whether they are new.
    moved: BTreeMap<InteractionId, bool>,
    events: Vec<Vec<Value>>,
    entries: Vec<Vec<Value>>,
    /// By conversation and number: of a leg that changed twice, the later state is written.
    legs: BTreeMap<(InteractionId, u16), Vec<Value>>,
    /// Documents of the search and their words, by id: the index of words is fastest when they come in order.
    docs: BTreeMap<i64, (Vec<Value>, String)>,
    /// What must be counted anew.
    touched: Touched,
    /// Conversations that go on and are to be counted by a later transaction.
    waiting: BTreeSet<InteractionId>,
    /// Of these, what this transaction counted.
    counted: Vec<InteractionId>,
}

/// What is known of a conversation.
#[derive(Clone, Debug)]
struct Known {
    /// Its last entry.
    last: i64,
    /// The road, as the record spells it.
    channel: String,
    /// Whether it has ended.
    over: bool,
    /// Its row, if it began here.
    picture: Option<Picture>,
}

impl Ledger {
    /// Begins a transaction: goes on after the last event of the database. Did somebody else write meanwhile, what was known is forgotten.
    pub async fn begin<D: Dialect>(&mut self, session: &mut Session<'_, D>) -> Result<(), StoreError> {
        let last = last(session).await?;
        let strangers = last != self.last;
        if strangers || self.known.len() > REMEMBERED {
            self.known.clear();
        }
        if strangers || self.people.len() > REMEMBERED {
            self.people.clear();
        }
        self.last = last;
        Ok(())
    }

    /// The transaction, or a part of it, was rolled back. What waits to be counted goes on waiting: counting once more does no harm.
    pub fn forget(&mut self) {
        *self = Self { waiting: core::mem::take(&mut self.waiting), ..Self::default() };
    }

    /// The transaction was committed.
    pub fn committed(&mut self) {
        for id in self.counted.drain(..) {
            self.waiting.remove(&id);
        }
    }

    /// Leaves conversations that go on to a later transaction.
    pub fn put_off(&mut self, conversations: BTreeSet<InteractionId>) {
        self.waiting.extend(conversations);
    }

    /// What was left to a later transaction.
    pub fn waiting(&self) -> impl Iterator<Item = InteractionId> {
        self.waiting.iter().copied()
    }

    /// A conversation was counted.
    pub fn counted(&mut self, id: InteractionId) {
        if self.waiting.contains(&id) {
            self.counted.push(id);
        }
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

    /// A conversation is made in this transaction; false: it is known to exist.
    pub fn opened(&mut self, id: InteractionId, channel: &str, picture: Picture) -> bool {
        if self.known.contains_key(&id) {
            return false;
        }
        let known = Known { last: 0, channel: channel.to_owned(), over: false, picture: Some(picture) };
        self.known.insert(id, known);
        self.moved.insert(id, true);
        true
    }

    /// The row of a conversation that began here, to be moved on: it is written with the others.
    pub fn picture(&mut self, id: InteractionId) -> Option<&mut Picture> {
        let picture = self.known.get_mut(&id)?.picture.as_mut()?;
        self.moved.entry(id).or_insert(false);
        Some(picture)
    }

    /// Addresses may have moved to somebody else.
    pub fn forget_people(&mut self) {
        self.people.clear();
    }

    /// Who has this address, if they are known to have come by this name before (or come without one).
    pub fn person(&self, identity: &str, name: Option<&str>) -> Option<i64> {
        let (person, known_as) = self.people.get(identity)?;
        (name.is_none() || name == known_as.as_deref()).then_some(*person)
    }

    /// Who has this address.
    pub fn met(&mut self, identity: &str, name: Option<&str>, person: i64) {
        self.people.insert(identity.to_owned(), (person, name.map(str::to_owned)));
    }

    /// Refuses a conversation that does not exist; the number of its last entry.
    pub async fn must_know<D: Dialect>(
        &mut self,
        session: &mut Session<'_, D>,
        id: InteractionId,
    ) -> Result<i64, StoreError> {
        self.known(session, id).await.map(|known| known.last)
    }

    /// The road of a conversation.
    pub async fn channel_of<D: Dialect>(
        &mut self,
        session: &mut Session<'_, D>,
        id: InteractionId,
    ) -> Result<String, StoreError> {
        self.known(session, id).await.map(|known| known.channel.clone())
    }

    /// Whether a conversation has ended.
    pub async fn is_over<D: Dialect>(
        &mut self,
        session: &mut Session<'_, D>,
        id: InteractionId,
    ) -> Result<bool, StoreError> {
        self.known(session, id).await.map(|known| known.over)
    }

    /// A conversation ended.
    pub fn over(&mut self, id: InteractionId) {
        if let Some(known) = self.known.get_mut(&id) {
            known.over = true;
        }
    }

    /// What must be counted anew.
    pub fn touched(&mut self) -> &mut Touched {
        &mut self.touched
    }

    async fn known<D: Dialect>(
        &mut self,
        session: &mut Session<'_, D>,
        id: InteractionId,
    ) -> Result<&Known, StoreError> {
        const SQL: &str = "SELECT (SELECT COALESCE(MAX(e.seq), 0) FROM entries e WHERE e.conversation = c.id), c.channel, \
            c.ended_at \
            FROM conversations c WHERE c.id = $1";
        match self.known.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let row = session.row(SQL, vec![id.to_string().as_str().into()]).await?;
                let row = row.ok_or(StoreError::NotFound("conversation"))?;
                let over = row.maybe_int(2)?.is_some();
                Ok(place.insert(Known { last: row.int(0)?, channel: row.text(1)?, over, picture: None }))
            }
        }
    }

    /// Adds an entry, `row` being its columns after the position; its position in the conversation, from 1.
    pub async fn add_entry<D: Dialect>(
        &mut self,
        session: &mut Session<'_, D>,
        id: InteractionId,
        row: Vec<Value>,
    ) -> Result<i64, StoreError> {
        let seq = self.must_know(session, id).await? + 1;
        if let Some(known) = self.known.get_mut(&id) {
            known.last = seq;
        }
        let place = [id.to_string().as_str().into(), seq.into()];
        self.entries.push(place.into_iter().chain(row).collect());
        Ok(seq)
    }

    /// Puts a leg, `row` being its columns after the number.
    pub fn put_leg(&mut self, id: InteractionId, n: u16, row: Vec<Value>) {
        let place = [id.to_string().as_str().into(), i64::from(n).into()];
        self.legs.insert((id, n), place.into_iter().chain(row).collect());
    }

    /// Puts a document of the search: its columns after the id, and its words separated by spaces.
    pub fn put_doc(&mut self, id: i64, row: Vec<Value>, words: String) {
        self.docs.insert(id, (row, words));
    }

    /// Writes the conversations that wait: whoever reads or names them in a statement needs their rows.
    pub async fn flush_conversations<D: Dialect>(
        &mut self,
        session: &mut Session<'_, D>,
    ) -> Result<(), StoreError> {
        let moved = core::mem::take(&mut self.moved);
        if moved.is_empty() {
            return Ok(());
        }
        let (mut opened, mut gone_on) = (Vec::new(), Vec::new());
        for (id, new) in &moved {
            let Some(picture) = self.known.get(id).and_then(|known| known.picture.as_ref()) else { continue };
            if *new { &mut opened } else { &mut gone_on }.push(picture);
        }
        pictures::write(session, opened, gone_on).await
    }

    /// Writes what waits.
    pub async fn flush<D: Dialect>(&mut self, session: &mut Session<'_, D>) -> Result<(), StoreError> {
        self.flush_conversations(session).await?;
        ENTRIES.write(session, core::mem::take(&mut self.entries)).await?;
        LEGS.write(session, core::mem::take(&mut self.legs).into_values().collect()).await?;
        EVENTS.write(session, core::mem::take(&mut self.events)).await?;
        let (mut docs, mut words) = (Vec::new(), Vec::new());
        for (id, (row, text)) in core::mem::take(&mut self.docs) {
            docs.push(core::iter::once(Value::from(id)).chain(row).collect());
            words.push(vec![id.into(), text.as_str().into()]);
        }
        DOCS.write(session, docs).await?;
        match D::FULL_TEXT {
            FullText::Fts5 => FTS5_WORDS.write(session, words).await.map(drop),
            FullText::TsVector => TSVECTOR_WORDS.write(session, words).await.map(drop),
        }
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

static DOCS: LazyLock<Insert> = LazyLock::new(|| {
    let head = "INSERT INTO search_docs \
        (id, event, kind, conversation, entry_seq, ticket, article, audience, expires_at)";
    Insert::new(head, 9, "")
});
static FTS5_WORDS: LazyLock<Insert> =
    LazyLock::new(|| Insert::new("INSERT INTO search_words (rowid, words)", 2, ""));
/// The words are lexemes as they are: PostgreSQL's own cutting is passed by.
static TSVECTOR_WORDS: LazyLock<Insert> = LazyLock::new(|| {
    let head = "INSERT INTO search_words (rowid, words)";
    Insert::of_cells(head, &["?", "array_to_tsvector(string_to_array(?, ' '))"], "")
});

/// Statements that insert rows of one table, by how many at once, the largest first. Few, so that each stays prepared (sqlx keeps
/// a hundred).
pub struct Insert([(usize, String); 7]);

impl Insert {
    /// `head` names the columns, `tail` says what happens on a conflict.
    pub fn new(head: &str, columns: usize, tail: &str) -> Self {
        Self::of_cells(head, &vec!["?"; columns], tail)
    }

    /// `?` in a cell stands for its parameter.
    fn of_cells(head: &str, cells: &[&str], tail: &str) -> Self {
        Self([64, 32, 16, 8, 4, 2, 1].map(|rows| {
            let row = |n: usize| {
                let cell =
                    |(at, cell): (usize, &&str)| cell.replace('?', &format!("${}", n * cells.len() + at + 1));
                let row: Vec<String> = cells.iter().enumerate().map(cell).collect();
                format!("({})", row.join(", "))
            };
            let values: Vec<String> = (0..rows).map(row).collect();
            (rows, format!("{head} VALUES {} {tail}", values.join(", ")))
        }))
    }

    /// Writes the rows; how many were touched.
    pub async fn write<D: Dialect>(
        &'static self,
        session: &mut Session<'_, D>,
        mut rows: Vec<Vec<Value>>,
    ) -> Result<u64, StoreError> {
        let mut touched = 0;
        while let Some((count, sql)) = self.0.iter().find(|(count, _)| *count <= rows.len()) {
            let args = rows.drain(..*count).flatten().collect();
            touched += session.exec(sql, args).await?;
        }
        Ok(touched)
    }
}
