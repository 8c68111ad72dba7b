//! The numbers of the reports, kept in the transaction of what they count.
//!
//! Promises: whoever reads a report finds each conversation counted as `desk::reports::Fact` says of what the record holds, and
//! the sums by quarter of an hour are the sums of those numbers; what is rolled back was never counted. What ended is counted in
//! the transaction that ends it. What goes on changes with every step, and counting costs more than the step: it is counted
//! within a second, before a report is read, and anew when the record is opened, since what waited died with the process.
//! What was recorded before there were reports is counted once, when the record is opened. Leaves to others: what counts
//! (`desk::reports`), when a second is over (`writer`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use desk::correction::Particulars;
use desk::reports::{
    AGENT_COLUMNS, COLUMNS, Fact, Happening, Outline, Speech, Stretch, Targets, TicketView, quarter_of,
};
use desk::{Change, EntryKind, Speaker, TicketState, WallMillis, is_test_number};
use kernel::{AgentName, InteractionId};

use super::ledger::{Insert, Ledger};
use crate::codes::{code, decode};
use crate::session::{Dialect, Row, Session, Value};
use crate::{Event, StoreError};

/// The setting under which the promises about waiting are kept.
const TARGETS: &str = "targets";
/// Columns of an agent's quarters that come from conversations: the first of `AGENT_COLUMNS`.
const FROM_CONVERSATIONS: usize = 4;
/// Conversations that are read by one statement.
const AT_ONCE: usize = 16;
/// The first step of a flow is among so many entries.
const EARLY: i64 = 5;

/// Conversations and tickets whose numbers may have changed.
#[derive(Default)]
pub struct Touched {
    conversations: BTreeSet<InteractionId>,
    /// Conversations that go on: there is time to count them.
    open: BTreeSet<InteractionId>,
    /// All of their conversations.
    tickets: BTreeSet<i64>,
    /// Tickets that got one more conversation.
    joined: BTreeSet<i64>,
}

/// When conversations that go on are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// With the others.
    Now,
    /// By a later transaction.
    Later,
}

/// Notes what an event touches.
pub async fn touch<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    event: &Event,
) -> Result<(), StoreError> {
    match &event.change {
        Change::ConversationOpened { id, .. } | Change::ConversationMoved { id, .. } => {
            ledger.touched().open.insert(*id);
        }
        Change::ConversationEnded { id, .. } => {
            ledger.touched().conversations.insert(*id);
            ledger.over(*id);
        }
        // Words that were still being decoded when it ended; what people correct afterwards.
        Change::EntryAdded { id, .. } | Change::EntryCorrected { id, .. }
            if ledger.is_over(session, *id).await? =>
        {
            ledger.touched().conversations.insert(*id);
        }
        // The step it begins with; the first answer of a chat.
        Change::EntryAdded { id, entry }
            if (entry.kind == EntryKind::Event
                && entry.text == "step"
                && event.entry_seq.is_some_and(|seq| seq <= EARLY))
                || (entry.kind == EntryKind::Message && entry.speaker == Speaker::Agent) =>
        {
            ledger.touched().open.insert(*id);
        }
        Change::TicketFor { id, .. } => {
            ledger.touched().conversations.insert(*id);
            ledger.touched().joined.extend(event.ticket);
        }
        Change::TicketMoved { ticket, step, at, .. } => {
            moved(session, *ticket, step.from, step.to, *at).await?;
            ledger.touched().tickets.insert(*ticket);
        }
        Change::TicketMerged { into, .. } => {
            ledger.touched().tickets.insert(*into);
        }
        Change::EntryAdded { .. }
        | Change::EntryCorrected { .. }
        | Change::LegChanged { .. }
        | Change::ThreadOpened { .. }
        | Change::MessageArrived { .. }
        | Change::DeliveryMoved { .. }
        | Change::TicketOpened { .. }
        | Change::TicketEdited { .. }
        | Change::TicketRelated { .. }
        | Change::TicketEscalated { .. }
        | Change::FlowPublished(_)
        | Change::ArticleSaved { .. }
        | Change::SettingChanged { .. }
        | Change::HookChanged { .. }
        | Change::Exported { .. }
        | Change::Imported { .. }
        | Change::KnowledgeVoted { .. }
        | Change::CustomerEdited { .. }
        | Change::CustomersMerged { .. }
        | Change::CustomersSplit { .. }
        | Change::KnowledgeMissed { .. } => {}
    }
    Ok(())
}

async fn moved<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    from: TicketState,
    to: TicketState,
    at: WallMillis,
) -> Result<(), StoreError> {
    const PUT: &str = "INSERT INTO report_tickets (ticket, solved_at, came_back) VALUES ($1, $2, $3) \
        ON CONFLICT (ticket) DO UPDATE SET \
        solved_at = CASE WHEN excluded.solved_at IS NULL THEN NULL ELSE COALESCE(report_tickets.solved_at, excluded.solved_at) END, \
        came_back = CASE WHEN excluded.came_back <> 0 THEN 1 ELSE report_tickets.came_back END";
    let is_solved = |state| matches!(state, TicketState::PendingConfirmation | TicketState::Done);
    let came_back = is_solved(from) && !is_solved(to);
    let args = vec![ticket.into(), is_solved(to).then_some(at).into(), i64::from(came_back).into()];
    session.exec(PUT, args).await.map(drop)
}

/// Sums that are to be added, by their key.
#[derive(Default)]
struct Sums {
    quarters: BTreeMap<(i64, String, String, String, i64), Vec<i64>>,
    agents: BTreeMap<(i64, String), Vec<i64>>,
}

/// Counts anew what was touched. Everything that the ledger holds must be flushed.
pub async fn settle<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    open: Settling,
) -> Result<(), StoreError> {
    const MEMBERS: &str = "SELECT id FROM conversations WHERE ticket = $1";
    // Of a ticket that is joined only the first conversation's numbers can change: it is no longer the only one.
    const FIRST: &str = "SELECT id FROM conversations WHERE ticket = $1 LIMIT 3";
    let Touched { mut conversations, open: going_on, tickets, joined } = core::mem::take(ledger.touched());
    ledger.put_off(going_on);
    if open == Settling::Now {
        conversations.extend(ledger.waiting());
    }
    for (sql, tickets) in [(MEMBERS, tickets), (FIRST, joined)] {
        for ticket in tickets {
            let rows = session.rows(sql, vec![ticket.into()]).await?;
            if sql == FIRST && rows.len() > 2 {
                continue;
            }
            for row in rows {
                conversations.insert(crate::read::id_of(&row.text(0)?)?);
            }
        }
    }
    let mut sums = Sums::default();
    let mut facts = Vec::with_capacity(conversations.len());
    let conversations: Vec<InteractionId> = conversations.into_iter().collect();
    for some in conversations.chunks(AT_ONCE) {
        for seen in seen(session, some).await? {
            facts.push(count(session, seen, &mut sums).await?);
        }
    }
    PUT_FACTS.write(session, facts).await?;
    conversations.into_iter().for_each(|id| ledger.counted(id));
    add(session, sums).await
}

/// Counts the conversations that have not ended, for a record that is opened.
pub async fn recount_open<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
) -> Result<(), StoreError> {
    const OPEN: &str = "SELECT id FROM conversations WHERE ended_at IS NULL";
    for row in session.rows(OPEN, vec![]).await? {
        ledger.touched().open.insert(crate::read::id_of(&row.text(0)?)?);
    }
    settle(session, ledger, Settling::Now).await
}

/// A conversation as it is counted.
struct Counted {
    quarter: i64,
    channel: String,
    queue: String,
    flow: String,
    version: i64,
    agent: String,
    numbers: Vec<i64>,
}

/// Counts one: its row among the facts.
async fn count<D: Dialect>(
    session: &mut Session<'_, D>,
    seen: Seen,
    sums: &mut Sums,
) -> Result<Vec<Value>, StoreError> {
    let Seen { id, head, happened } = seen;
    let Head { outline, ticket, written_at, spoken, targets, before } = head;
    // While it goes on, more comes with every sentence: it is counted at the end.
    let speech = match outline.ended_at {
        Some(_) if spoken => {
            let speech = said(session, &id, outline.started_at).await?;
            rated(session, &id, speech).await?
        }
        Some(_) | None => Speech::default(),
    };
    let ticket = match ticket {
        Some(ticket) => self::ticket(session, ticket).await?,
        None => None,
    };
    let fact = Fact::of(&outline, &happened, written_at, speech, ticket.as_ref(), &targets);
    let channel = match code(&outline.channel) {
        Value::Text(Some(channel)) => channel,
        _ => String::new(),
    };
    let now = Counted {
        quarter: quarter_of(fact.started_at),
        channel,
        queue: fact.queue.clone().unwrap_or_default(),
        flow: fact.flow.clone().unwrap_or_default(),
        version: fact.version,
        agent: fact.agent.as_ref().map(|agent| agent.as_str().to_owned()).unwrap_or_default(),
        numbers: fact.numbers(),
    };
    if let Some(before) = &before {
        sums.take(before, -1);
    }
    sums.take(&now, 1);
    let Counted { quarter, channel, queue, flow, version, agent, numbers } = now;
    let mut row: Vec<Value> = vec![
        id.as_str().into(),
        fact.started_at.into(),
        quarter.into(),
        channel.as_str().into(),
        queue.as_str().into(),
        flow.as_str().into(),
        version.into(),
        agent.as_str().into(),
    ];
    row.extend(numbers.into_iter().map(Value::from));
    Ok(row)
}

impl Sums {
    fn take(&mut self, one: &Counted, times: i64) {
        let key = (one.quarter, one.channel.clone(), one.queue.clone(), one.flow.clone(), one.version);
        let sums = self.quarters.entry(key).or_insert_with(|| vec![0; COLUMNS.len()]);
        sums.iter_mut().zip(&one.numbers).for_each(|(sum, number)| *sum += times * number);
        if one.agent.is_empty() {
            return;
        }
        let sums = self
            .agents
            .entry((one.quarter, one.agent.clone()))
            .or_insert_with(|| vec![0; AGENT_COLUMNS.len()]);
        for (sum, name) in sums.iter_mut().zip(AGENT_COLUMNS).take(FROM_CONVERSATIONS) {
            let at = COLUMNS.iter().position(|(column, _)| column == name);
            *sum += times * at.and_then(|at| one.numbers.get(at)).copied().unwrap_or(0);
        }
    }
}

async fn add<D: Dialect>(session: &mut Session<'_, D>, sums: Sums) -> Result<(), StoreError> {
    let changed = |sums: &Vec<i64>| sums.iter().any(|sum| *sum != 0);
    for ((quarter, channel, queue, flow, version), sums) in sums.quarters {
        if changed(&sums) {
            let mut row: Vec<Value> = vec![
                quarter.into(),
                channel.as_str().into(),
                queue.as_str().into(),
                flow.as_str().into(),
                version.into(),
            ];
            row.extend(sums.into_iter().map(Value::from));
            session.exec(&ADD_QUARTER, row).await?;
        }
    }
    for ((quarter, agent), sums) in sums.agents {
        if changed(&sums) {
            add_agent(session, quarter, &agent, sums).await?;
        }
    }
    Ok(())
}

async fn add_agent<D: Dialect>(
    session: &mut Session<'_, D>,
    quarter: i64,
    agent: &str,
    sums: Vec<i64>,
) -> Result<(), StoreError> {
    let mut row: Vec<Value> = vec![quarter.into(), agent.into()];
    row.extend(sums.into_iter().map(Value::from));
    session.exec(&ADD_AGENT, row).await.map(drop)
}

/// An agent does something else from `at` on (`pause`: the reason of a break); nothing is kept when it is the same.
pub async fn agent_state<D: Dialect>(
    session: &mut Session<'_, D>,
    agent: &AgentName,
    state: &str,
    pause: Option<&str>,
    at: WallMillis,
) -> Result<(), StoreError> {
    const OPEN: &str = "SELECT since, state, pause FROM agent_states WHERE agent = $1 AND until IS NULL";
    const CLOSE: &str = "UPDATE agent_states SET until = $1 WHERE agent = $2 AND until IS NULL";
    const BEGIN: &str = "INSERT INTO agent_states (agent, since, until, state, pause) VALUES ($1, $2, NULL, $3, $4) \
        ON CONFLICT (agent, since) DO UPDATE SET until = NULL, state = excluded.state, pause = excluded.pause";
    let mut at = at;
    if let Some(row) = session.row(OPEN, vec![agent.as_str().into()]).await? {
        let (since, before) = (row.int(0)?, row.text(1)?);
        if before == state && row.maybe_text(2)?.as_deref() == pause {
            return Ok(());
        }
        at = at.max(since);
        session.exec(CLOSE, vec![at.into(), agent.as_str().into()]).await?;
        let stretch = Stretch { state: before, from: since, until: at };
        if let Some(at) =
            stretch.column().and_then(|name| AGENT_COLUMNS.iter().position(|column| *column == name))
        {
            for (quarter, spent) in stretch.quarters().collect::<Vec<_>>() {
                let mut sums = vec![0; AGENT_COLUMNS.len()];
                sums.iter_mut().skip(at).take(1).for_each(|sum| *sum = spent);
                add_agent(session, quarter, agent.as_str(), sums).await?;
            }
        }
    }
    let args = vec![agent.as_str().into(), at.into(), state.into(), pause.into()];
    session.exec(BEGIN, args).await.map(drop)
}

/// The process begins: whatever agents were doing when the last one ended, they did until its last event.
pub async fn agents_gone<D: Dialect>(
    session: &mut Session<'_, D>,
    now: WallMillis,
) -> Result<(), StoreError> {
    const OPEN: &str = "SELECT agent FROM agent_states WHERE until IS NULL AND state <> 'offline'";
    const LAST: &str = "SELECT at FROM events ORDER BY seq DESC LIMIT 1";
    let last = session.row(LAST, vec![]).await?.map_or(Ok(now), |row| row.int(0))?;
    for row in session.rows(OPEN, vec![]).await? {
        agent_state(session, &AgentName::new(row.text(0)?), "offline", None, last.min(now)).await?;
    }
    Ok(())
}

/// What the record holds of a conversation besides its timeline.
struct Head {
    outline: Outline,
    ticket: Option<i64>,
    /// When an agent first wrote.
    written_at: Option<WallMillis>,
    /// Whether anything was recognised.
    spoken: bool,
    /// The promises when it began: what is promised later does not change what was kept before.
    targets: Targets,
    /// As it was counted last.
    before: Option<Counted>,
}

/// What is read of a conversation to count it.
struct Seen {
    id: String,
    head: Head,
    happened: Vec<Happening>,
}

/// Reads some conversations, at most `AT_ONCE`, that are to be counted: whoever tried out a flow was no customer.
async fn seen<D: Dialect>(
    session: &mut Session<'_, D>,
    some: &[InteractionId],
) -> Result<Vec<Seen>, StoreError> {
    let Some(last) = some.last() else { return Ok(Vec::new()) };
    // Two statements, for one and for many, stay prepared: a place that is left over names the last one again.
    let (count, heads, happenings) = match some.len() {
        1 => (1, &HEADS.0, &HAPPENINGS.0),
        _ => (AT_ONCE, &HEADS.1, &HAPPENINGS.1),
    };
    let names = || {
        some.iter().chain(core::iter::repeat(last)).take(count).map(|id| Value::from(id.to_string().as_str()))
    };
    let rows = session.rows(heads, core::iter::once(TARGETS.into()).chain(names()).collect()).await?;
    let mut all = BTreeMap::new();
    for row in rows {
        if let Some(head) = head(&row)? {
            all.insert(row.text(0)?, (head, Vec::new()));
        }
    }
    for row in session.rows(happenings, names().collect()).await? {
        if let Some((_, happened)) = all.get_mut(&row.text(0)?) {
            happened.push(Happening { at: row.int(1)?, code: row.text(2)?, detail: row.maybe_text(3)? });
        }
    }
    Ok(all.into_iter().map(|(id, (head, happened))| Seen { id, head, happened }).collect())
}

/// A row of `HEADS`.
fn head(row: &Row) -> Result<Option<Head>, StoreError> {
    /// Columns before those of what was counted.
    const OWN: usize = 12;
    if is_test_number(&row.text(11)?) {
        return Ok(None);
    }
    let targets = row.maybe_text(10)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let outline = Outline {
        channel: decode(&row.text(1)?)?,
        queue: row.maybe_text(2)?,
        agent: row.maybe_text(3)?.map(AgentName::new),
        started_at: row.int(4)?,
        ended_at: row.maybe_int(5)?,
        reason: row.maybe_text(6)?,
    };
    let before = match row.maybe_int(OWN)? {
        None => None,
        Some(quarter) => Some(Counted {
            quarter,
            channel: row.text(OWN + 1)?,
            queue: row.text(OWN + 2)?,
            flow: row.text(OWN + 3)?,
            version: row.int(OWN + 4)?,
            agent: row.text(OWN + 5)?,
            numbers: (0..COLUMNS.len()).map(|at| row.int(OWN + 6 + at)).collect::<Result<_, _>>()?,
        }),
    };
    Ok(Some(Head {
        outline,
        ticket: row.maybe_int(7)?,
        written_at: row.maybe_int(8)?,
        spoken: row.int(9)? > 0,
        targets,
        before,
    }))
}

/// What was recognised.
async fn said<D: Dialect>(
    session: &mut Session<'_, D>,
    id: &str,
    began: WallMillis,
) -> Result<Speech, StoreError> {
    const SQL: &str = "SELECT COUNT(*), CAST(SUM(s.delay) AS BIGINT), \
        CAST(SUM(CASE WHEN s.delay > 3000 THEN 1 ELSE 0 END) AS BIGINT) FROM ( \
        SELECT CASE WHEN v.at > $2 + e.end_ms THEN v.at - $2 - e.end_ms ELSE 0 END AS delay \
        FROM entries e JOIN events v ON v.seq = e.event WHERE e.conversation = $1 AND e.kind = 'speech') s";
    let Some(row) = session.row(SQL, vec![id.into(), began.into()]).await? else {
        return Ok(Speech::default());
    };
    Ok(Speech {
        utterances: row.maybe_int(0)?.unwrap_or(0),
        delay_ms: row.maybe_int(1)?.unwrap_or(0),
        late: row.maybe_int(2)?.unwrap_or(0),
        ..Speech::default()
    })
}

/// How sure the recogniser was of it, and what people corrected.
async fn rated<D: Dialect>(
    session: &mut Session<'_, D>,
    id: &str,
    speech: Speech,
) -> Result<Speech, StoreError> {
    const SQL: &str =
        "SELECT detail FROM entries WHERE conversation = $1 AND kind = 'speech' AND detail IS NOT NULL";
    let mut speech = speech;
    for row in session.rows(SQL, vec![id.into()]).await? {
        let told = Particulars::of(row.maybe_text(0)?.as_deref());
        speech.corrected += i64::from(told.revision() > 0);
        if let Some(sure) = told.recognised() {
            speech.rated += 1;
            speech.confidence += i64::from(sure);
        }
    }
    Ok(speech)
}

async fn ticket<D: Dialect>(
    session: &mut Session<'_, D>,
    number: i64,
) -> Result<Option<TicketView>, StoreError> {
    const SQL: &str = "SELECT t.state, r.solved_at, r.came_back, (SELECT COUNT(*) FROM conversations c WHERE c.ticket = t.id) \
        FROM tickets t LEFT JOIN report_tickets r ON r.ticket = t.id WHERE t.id = $1";
    let Some(row) = session.row(SQL, vec![number.into()]).await? else { return Ok(None) };
    Ok(Some(TicketView {
        state: decode(&row.text(0)?)?,
        solved_at: row.maybe_int(1)?,
        came_back: row.maybe_int(2)?.unwrap_or(0) != 0,
        conversations: row.int(3)?,
    }))
}

fn columns() -> Vec<&'static str> {
    COLUMNS.iter().map(|(name, _)| *name).collect()
}

/// Statements about one conversation and about `AT_ONCE` of them.
type OneOrMany = LazyLock<(String, String)>;

static HEADS: OneOrMany = LazyLock::new(|| {
    let counted: Vec<String> = columns().iter().map(|name| format!("f.{name}")).collect();
    let of = |count| {
        format!(
            "SELECT c.id, c.channel, c.queue, c.agent, c.started_at, c.ended_at, c.reason, c.ticket, \
            (SELECT MIN(e.at) FROM entries e WHERE e.conversation = c.id AND e.kind = 'message' AND e.speaker = 'agent'), \
            (SELECT COUNT(*) FROM entries e WHERE e.conversation = c.id AND e.kind = 'speech'), \
            (SELECT a.after FROM audit a WHERE a.key = $1 AND a.at <= c.started_at ORDER BY a.event DESC LIMIT 1), c.called, \
            f.quarter, f.channel, f.queue, f.flow, f.version, f.agent, {} \
            FROM conversations c LEFT JOIN report_facts f ON f.conversation = c.id WHERE c.id IN ({})",
            counted.join(", "),
            places(2, count)
        )
    };
    (of(1), of(AT_ONCE))
});
static HAPPENINGS: OneOrMany = LazyLock::new(|| {
    let of = |count| {
        format!(
            "SELECT conversation, at, text, detail FROM entries WHERE conversation IN ({}) AND kind = 'event' AND text IN \
            ('step', 'queued', 'unavailable', 'offered', 'connected', 'calling_back', 'callback_failed', 'survey') \
            ORDER BY conversation, seq",
            places(1, count)
        )
    };
    (of(1), of(AT_ONCE))
});
static PUT_FACTS: LazyLock<Insert> = LazyLock::new(|| {
    let key = ["started_at", "quarter", "channel", "queue", "flow", "version", "agent"];
    let columns = [&key[..], columns().as_slice()].concat();
    let set: Vec<String> = columns.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let head = format!("INSERT INTO report_facts (conversation, {})", columns.join(", "));
    let tail = format!("ON CONFLICT (conversation) DO UPDATE SET {}", set.join(", "));
    Insert::new(&head, columns.len() + 1, &tail)
});
static ADD_QUARTER: LazyLock<String> = LazyLock::new(|| {
    adding("report_quarters", &["quarter", "channel", "queue", "flow", "version"], &columns())
});
static ADD_AGENT: LazyLock<String> =
    LazyLock::new(|| adding("report_agents", &["quarter", "agent"], AGENT_COLUMNS));

fn adding(table: &str, key: &[&str], columns: &[&str]) -> String {
    let set: Vec<String> =
        columns.iter().map(|name| format!("{name} = {table}.{name} + excluded.{name}")).collect();
    let all = [key, columns].concat();
    format!(
        "INSERT INTO {table} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}",
        all.join(", "),
        places(1, all.len()),
        key.join(", "),
        set.join(", ")
    )
}

/// `$first, …`, so many.
fn places(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    places.join(", ")
}
