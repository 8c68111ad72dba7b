//! Reading: rows become the desk's pictures; lists come in pages.

mod beside;
mod channels;
mod conversations;
pub mod customers;
pub mod flows;
mod hooks;
mod knowledge;
mod ladders;
mod lists;
mod mentions;
mod reports;
mod search;
mod tickets;

use desk::correction::Replaced;
use desk::{Entry, NewEntry, Person};
use kernel::InteractionId;

use crate::codes::decode;
use crate::session::{Dialect, Row, Session, Value};
use crate::{Credential, Event, StoreError, User};

pub use beside::{api_key, api_key_uses, imported, kept};
pub use channels::{arrived, deliveries, due, latest_thread, thread};
pub use conversations::{conversation, conversations, happened, open_conversations};
pub use hooks::{event_hooks, hook_asked, hook_deliveries, hook_draft, hook_secret};
pub use knowledge::{article, articles_after, audit, gaps, votes_after};
pub use ladders::ladder;
pub use mentions::{mentions, unseen};
pub use reports::{agent_stretches, report, report_rows, votes_between};
pub use search::search;
pub use tickets::{SLA_KEY, open_voicemails, overdue, relations, sla_policy, ticket, ticket_row, tickets};

/// Most events or entries that one call hands out: a reader that wants more asks again.
const MOST: u32 = 10_000;

const EVENT: &str = "SELECT seq, at, conversation, ticket, entry_seq, change FROM events WHERE seq = $1";
const EVENTS: &str = "SELECT seq, at, conversation, ticket, entry_seq, change FROM events WHERE seq > $1 ORDER BY seq LIMIT $2";

/// An event by number.
pub async fn event<D: Dialect>(session: &mut Session<'_, D>, seq: i64) -> Result<Event, StoreError> {
    let row = session.row(EVENT, vec![seq.into()]).await?;
    event_of(&row.ok_or(StoreError::NotFound("event"))?)
}

/// Events after `seq`.
pub async fn events_after<D: Dialect>(
    session: &mut Session<'_, D>,
    seq: i64,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let rows = session.rows(EVENTS, vec![seq.into(), i64::from(limit.min(MOST)).into()]).await?;
    rows.iter().map(event_of).collect()
}

fn event_of(row: &Row) -> Result<Event, StoreError> {
    let change = row.text(5)?;
    let unreadable =
        |error| StoreError::Database(format!("event {:?} cannot be read: {error}", row.0.first()));
    Ok(Event {
        seq: row.int(0)?,
        at: row.int(1)?,
        conversation: row.maybe_text(2)?.as_deref().map(id_of).transpose()?,
        ticket: row.maybe_int(3)?,
        entry_seq: row.maybe_int(4)?,
        change: serde_json::from_str(&change).map_err(unreadable)?,
    })
}

/// Entries of a conversation after position `after`.
pub async fn entries<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
    after: i64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    const SQL: &str = "SELECT seq, at, leg, speaker, author, kind, text, detail, start_ms, end_ms, dedupe \
        FROM entries WHERE conversation = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let args = vec![id.to_string().as_str().into(), after.into(), i64::from(limit.min(MOST)).into()];
    session.rows(SQL, args).await?.iter().map(entry_of).collect()
}

/// What a line said before each of its corrections, oldest first.
pub async fn corrections<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
    seq: i64,
) -> Result<Vec<Replaced>, StoreError> {
    const SQL: &str = "SELECT revision, before_text, before_detail, author, at FROM corrections \
        WHERE conversation = $1 AND seq = $2 ORDER BY revision";
    let rows = session.rows(SQL, vec![id.to_string().as_str().into(), seq.into()]).await?;
    let replaced = |row: &Row| {
        Ok(Replaced {
            revision: row.int(0)?,
            text: row.text(1)?,
            detail: row.maybe_text(2)?,
            by: row.text(3)?,
            at: row.int(4)?,
        })
    };
    rows.iter().map(replaced).collect()
}

fn entry_of(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        seq: row.int(0)?,
        entry: NewEntry {
            at: row.int(1)?,
            leg: row.maybe_int(2)?.and_then(|n| u16::try_from(n).ok()),
            speaker: decode(&row.text(3)?)?,
            author: row.maybe_text(4)?.map(kernel::AgentName::new),
            kind: decode(&row.text(5)?)?,
            text: row.text(6)?,
            detail: row.maybe_text(7)?,
            start_ms: row.maybe_int(8)?.and_then(|ms| u64::try_from(ms).ok()),
            end_ms: row.maybe_int(9)?.and_then(|ms| u64::try_from(ms).ok()),
            dedupe: row.maybe_text(10)?,
        },
        is_final: true,
    })
}

/// The person of an address.
pub async fn person_at<D: Dialect>(
    session: &mut Session<'_, D>,
    address: &str,
) -> Result<Option<Person>, StoreError> {
    const SQL: &str = "SELECT person FROM person_addresses WHERE address = $1";
    let Some(identity) = desk::address::identity(address) else { return Ok(None) };
    match session.row(SQL, vec![identity.as_str().into()]).await? {
        Some(row) => person(session, row.int(0)?).await.map(Some),
        None => Ok(None),
    }
}

/// A person.
pub async fn person<D: Dialect>(session: &mut Session<'_, D>, id: i64) -> Result<Person, StoreError> {
    const PERSON: &str = "SELECT name, created_at, tier FROM persons WHERE id = $1";
    const ADDRESSES: &str = "SELECT address FROM person_addresses WHERE person = $1 ORDER BY address";
    let row = session.row(PERSON, vec![id.into()]).await?.ok_or(StoreError::NotFound("person"))?;
    let addresses = session.rows(ADDRESSES, vec![id.into()]).await?;
    Ok(Person {
        id,
        name: row.text(0)?,
        addresses: addresses.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?,
        created_at: row.int(1)?,
        tier: row.maybe_text(2)?,
    })
}

/// A user by name.
pub async fn user<D: Dialect>(session: &mut Session<'_, D>, name: &str) -> Result<Option<User>, StoreError> {
    const SQL: &str = "SELECT name, role, password_hash FROM users WHERE name = $1";
    let Some(row) = session.row(SQL, vec![name.into()]).await? else { return Ok(None) };
    Ok(Some(User { name: row.text(0)?, role: decode(&row.text(1)?)?, password_hash: row.text(2)? }))
}

/// A credential by hash, if not expired at `now`.
pub async fn credential<D: Dialect>(
    session: &mut Session<'_, D>,
    token_hash: &str,
    now: i64,
) -> Result<Option<Credential>, StoreError> {
    const SQL: &str = "SELECT token_hash, subject, role, expires_at FROM credentials \
        WHERE token_hash = $1 AND (expires_at IS NULL OR expires_at > $2)";
    let Some(row) = session.row(SQL, vec![token_hash.into(), now.into()]).await? else { return Ok(None) };
    Ok(Some(Credential {
        token_hash: row.text(0)?,
        subject: row.text(1)?,
        role: decode(&row.text(2)?)?,
        expires_at: row.maybe_int(3)?,
    }))
}

/// A setting.
pub async fn setting<D: Dialect>(
    session: &mut Session<'_, D>,
    key: &str,
) -> Result<Option<String>, StoreError> {
    let row = session.row("SELECT value FROM settings WHERE key = $1", vec![key.into()]).await?;
    row.map(|row| row.text(0)).transpose()
}

/// Settings whose key begins with `prefix`, by key.
pub async fn settings_of<D: Dialect>(
    session: &mut Session<'_, D>,
    prefix: &str,
) -> Result<Vec<(String, String)>, StoreError> {
    // Not LIKE: `_` and `%` in a prefix mean themselves.
    const SQL: &str = "SELECT key, value FROM settings WHERE substr(key, 1, length($1)) = $1 ORDER BY key";
    let rows = session.rows(SQL, vec![prefix.into()]).await?;
    rows.into_iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// The id of a conversation.
pub fn id_of(text: &str) -> Result<InteractionId, StoreError> {
    text.parse().map_err(|error| StoreError::Database(format!("the record holds {text:?}: {error}")))
}

/// Conditions put together from constant pieces; each `?` becomes the next parameter.
#[derive(Default)]
struct Conditions {
    sql: String,
    args: Vec<Value>,
}

impl Conditions {
    /// The clause that gives at most `rows`, as one more parameter, so that every page size is the same statement.
    fn limit(&mut self, rows: usize) -> String {
        self.args.push(i64::try_from(rows).unwrap_or(i64::MAX).into());
        format!(" LIMIT ${}", self.args.len())
    }

    fn and(&mut self, condition: &'static str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        let mut values = values.into_iter();
        for piece in condition.split_inclusive('?') {
            match piece.strip_suffix('?') {
                Some(before) => {
                    self.args.extend(values.next());
                    self.sql.push_str(before);
                    self.sql.push('$');
                    self.sql.push_str(&self.args.len().to_string());
                }
                None => self.sql.push_str(piece),
            }
        }
    }
}
