//! Conversations as their rows will be: moved on in memory as often as a transaction likes, written together with others.
//!
//! Promises: the rules of `desk::Conversation::apply` (what ended stays as it is, what is not said stays); a conversation that
//! exists already is refused when it is written. Leaves to others: which conversations are remembered (`ledger`).

use std::sync::LazyLock;

use super::ledger::Insert;
use crate::StoreError;
use crate::session::{Dialect, Session, Value};

/// A conversation's row.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Id, channel, person, called, caller, start: they stay.
    fixed: [Value; 6],
    state: Value,
    lang: Value,
    queue: Value,
    queued_at: Value,
    agent: Value,
    ended_at: Value,
    fault: Value,
    reason: Value,
}

impl Picture {
    /// One that just began. `fixed`: id, channel, person, called, caller, start.
    pub const fn new(fixed: [Value; 6], state: Value, lang: Value) -> Self {
        Self {
            fixed,
            state,
            lang,
            queue: Value::Text(None),
            queued_at: Value::Int(None),
            agent: Value::Text(None),
            ended_at: Value::Int(None),
            fault: Value::Text(None),
            reason: Value::Text(None),
        }
    }

    /// It moves on; what is not said (`None` in the value) stays.
    pub fn advance(&mut self, state: Value, [queue, queued_at, agent, lang]: [Value; 4]) {
        if self.is_over() {
            return;
        }
        self.state = state;
        for (place, value) in [
            (&mut self.queue, queue),
            (&mut self.queued_at, queued_at),
            (&mut self.agent, agent),
            (&mut self.lang, lang),
        ] {
            if !value.is_none() {
                *place = value;
            }
        }
    }

    /// It ends; the first ending stands.
    pub fn end(&mut self, state: Value, [ended_at, fault, reason]: [Value; 3]) {
        if !self.is_over() {
            (self.state, self.ended_at, self.fault, self.reason) = (state, ended_at, fault, reason);
        }
    }

    fn is_over(&self) -> bool {
        !self.ended_at.is_none()
    }

    fn row(&self) -> Vec<Value> {
        let moving = [
            &self.state,
            &self.lang,
            &self.queue,
            &self.queued_at,
            &self.agent,
            &self.ended_at,
            &self.fault,
            &self.reason,
        ];
        self.fixed.iter().chain(moving).cloned().collect()
    }
}

const HEAD: &str = "INSERT INTO conversations (id, channel, person, called, caller, started_at, state, lang, queue, queued_at, \
    agent, ended_at, fault, reason)";
static OPENED: LazyLock<Insert> = LazyLock::new(|| Insert::new(HEAD, 14, "ON CONFLICT (id) DO NOTHING"));
static MOVED: LazyLock<Insert> = LazyLock::new(|| {
    let tail = "ON CONFLICT (id) DO UPDATE SET state = excluded.state, lang = excluded.lang, queue = excluded.queue, \
        queued_at = excluded.queued_at, agent = excluded.agent, ended_at = excluded.ended_at, fault = excluded.fault, \
        reason = excluded.reason";
    Insert::new(HEAD, 14, tail)
});

/// Writes conversations that are new, then those that moved on.
pub async fn write<D: Dialect>(
    session: &mut Session<'_, D>,
    opened: Vec<&Picture>,
    moved: Vec<&Picture>,
) -> Result<(), StoreError> {
    let rows = |pictures: &[&Picture]| pictures.iter().map(|picture| picture.row()).collect::<Vec<_>>();
    let made = OPENED.write(session, rows(&opened)).await?;
    if made != opened.len() as u64 {
        return Err(StoreError::Bad("a conversation exists already".to_owned()));
    }
    MOVED.write(session, rows(&moved)).await.map(drop)
}
