//! A day of the record as customers of the simulation: who came to which queue when, with what priority and needs, and how long
//! agents had them.
//!
//! Promises: as it was, as far as the record tells, and how far that is is said; what it cannot tell (how long somebody would have
//! waited, how long somebody who was never answered would have talked) is drawn or taken from a guess. Whoever tried out a flow
//! is no customer. Leaves to others: the simulation (`routing`).

use std::collections::BTreeMap;
use std::time::Duration;

use desk::{Conversation, Speaker, WallMillis, is_test_number};
use kernel::{InteractionId, Time};
use routing::simulation::{Customer, START};
use routing::{Medium, QUEUED, Queued};
use store::{ConversationFilter, Store, StoreError};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// Conversations read at once.
const PAGE: u32 = 200;
/// As good as for ever, in seconds.
const ENDLESS: f64 = 1e7;

/// What the record does not tell.
#[derive(Clone, Copy, Debug)]
pub struct Guess {
    /// Seconds that a customer is talked to whom nobody answered.
    pub handling: f64,
    /// Mean patience in seconds; 0: endless.
    pub patience: f64,
    /// The chance by which patience is drawn.
    pub seed: u64,
}

/// Wall milliseconds of the beginning of a day such as `2025-11-22`, UTC.
///
/// # Errors
/// When it is none.
pub fn day_begin(text: &str) -> Result<i64, String> {
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d");
    let begin = date.ok().and_then(|date| date.and_hms_opt(0, 0, 0));
    begin
        .map(|at| at.and_utc().timestamp_millis())
        .ok_or_else(|| "expected a day as in 2025-11-22".to_owned())
}

/// A day of the record.
#[derive(Clone, Debug, Default)]
pub struct RecordedDay {
    /// Its customers, in the order in which they came; the first comes at once.
    pub customers: Vec<Customer>,
    /// How many of them asked for more than their queue does: priority, tier, skills, an agent, to be called back.
    pub special: u32,
    /// How many of them the record does not tell that of: they count as usual.
    pub unknown: u32,
    /// Test calls, which are left out.
    pub tests: u32,
}

/// The day that begins at `begin`.
///
/// # Errors
/// When the record cannot be read.
pub async fn recorded_day(
    store: &dyn Store,
    begin: WallMillis,
    guess: Guess,
) -> Result<RecordedDay, StoreError> {
    let mut rng = kernel::Rng::seeded(guess.seed);
    let mut patience = || {
        let chance = (rng.below(1 << 32) as f64 + 0.5) / (1_u64 << 32) as f64;
        if guess.patience > 0.0 { -guess.patience * chance.ln() } else { ENDLESS }
    };
    let mut waits = waits_of_day(store, begin).await?;
    let mut day = RecordedDay::default();
    for one in conversations_of_day(store, begin).await? {
        let Some((at, last)) = one.queued_at.zip(one.queue.clone()) else { continue };
        if is_test_number(&one.called) {
            day.tests += 1;
            continue;
        }
        let known = waits.remove(&one.id);
        day.unknown += u32::from(known.is_none());
        // They came to the queue that they entered first; rules may have moved them on.
        let Queued { queue, priority, mut wishes } = known.unwrap_or_default();
        day.special += u32::from(Queued { queue: None, priority, wishes: wishes.clone() }.is_special());
        wishes.not_before = wishes.not_before.map(|until| on_the_clock(until, begin));
        let drawn = patience();
        day.customers.push(Customer {
            at: Duration::from_millis(u64::try_from(at - begin).unwrap_or(0)),
            queue: queue.unwrap_or(last),
            medium: if one.channel.is_spoken() { Medium::Voice } else { Medium::Chat },
            priority,
            handling: Duration::from_secs_f64(talked(&one).unwrap_or(guess.handling)),
            // Who is called back holds no line that they could leave.
            patience: Duration::from_secs_f64(if wishes.callback { ENDLESS } else { drawn.min(ENDLESS) }),
            wishes,
        });
    }
    day.customers.sort_by_key(|one| one.at);
    if let Some(first) = day.customers.first().map(|first| first.at) {
        for one in &mut day.customers {
            one.at -= first;
            let earlier = |at: Time| Time::from_millis(at.as_millis().saturating_sub(millis(first)));
            one.wishes.not_before = one.wishes.not_before.map(earlier);
        }
    }
    Ok(day)
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// A moment of the day on the clock of the simulation. (Ours counts from the Unix epoch.)
fn on_the_clock(at: Time, begin: WallMillis) -> Time {
    START + Duration::from_millis(at.as_millis().saturating_sub(u64::try_from(begin).unwrap_or(0)))
}

/// How each conversation waited that began on the day or the one before: what it entered its first queue with, and whether it
/// became a callback.
async fn waits_of_day(
    store: &dyn Store,
    begin: WallMillis,
) -> Result<BTreeMap<InteractionId, Queued>, StoreError> {
    let mut waits: BTreeMap<InteractionId, Queued> = BTreeMap::new();
    for one in store.happened(QUEUED, begin - DAY, begin + DAY).await? {
        let detail = one.detail.as_deref().unwrap_or_default();
        let queued: Queued = serde_json::from_str(detail).unwrap_or_default();
        let callback = queued.wishes.callback;
        waits.entry(one.conversation).or_insert(queued).wishes.callback |= callback;
    }
    Ok(waits)
}

/// Ended conversations that entered a queue on the day, of those that began on it or shortly before.
async fn conversations_of_day(store: &dyn Store, begin: i64) -> Result<Vec<Conversation>, StoreError> {
    let (mut all, mut after) = (Vec::new(), None);
    let (day, open, before) = (begin..begin + DAY, Some(false), Some(begin + DAY));
    loop {
        let filter = ConversationFilter { open, before, after, limit: PAGE, ..Default::default() };
        let page = store.conversations(filter).await?;
        let older = page.items.last().is_none_or(|last| last.started_at < begin);
        all.extend(page.items.into_iter().filter(|one| one.queued_at.is_some_and(|at| day.contains(&at))));
        after = page.next;
        if older || after.is_none() {
            return Ok(all);
        }
    }
}

/// How long agents had it, in seconds; `None` when nobody took it.
fn talked(conversation: &Conversation) -> Option<f64> {
    let legs = conversation.legs.iter().filter(|leg| leg.speaker == Speaker::Agent);
    let spans = legs.filter_map(|leg| Some(leg.ended_at? - leg.answered_at?)).filter(|span| *span > 0);
    let sum: i64 = spans.sum();
    (sum > 0).then(|| sum as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_utc() {
        assert_eq!(day_begin("1970-01-01"), Ok(0));
        assert_eq!(day_begin("2025-11-22"), Ok(1_763_769_600_000));
        assert_eq!(day_begin("2024-02-29"), Ok(1_709_164_800_000));
        assert!(day_begin("22.11.2025").is_err() && day_begin("2025-13-01").is_err());
    }
}
