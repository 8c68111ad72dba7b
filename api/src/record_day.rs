//! A day of the record as customers of the simulation: who came to which queue when, and how long agents had them.
//!
//! Promises: as it was, as far as the record tells; what it cannot tell (how long somebody would have waited, how long somebody who was
//! never answered would have talked) is drawn or taken from a guess. Leaves to others: the simulation (`routing`).

use std::time::Duration;

use desk::{Conversation, Speaker};
use routing::simulation::Customer;
use routing::{Medium, Wishes};
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

/// The customers of the day that begins at `begin`; the first comes at once.
///
/// # Errors
/// When the record cannot be read.
pub async fn customers_of_day(
    store: &dyn Store,
    begin: i64,
    guess: Guess,
) -> Result<Vec<Customer>, StoreError> {
    let mut rng = kernel::Rng::seeded(guess.seed);
    let mut patience = || {
        let chance = (rng.below(1 << 32) as f64 + 0.5) / (1_u64 << 32) as f64;
        if guess.patience > 0.0 { -guess.patience * chance.ln() } else { ENDLESS }
    };
    let all = conversations_of_day(store, begin).await?;
    let queued = all.iter().filter_map(|one| Some((one, one.queued_at?, one.queue.clone()?)));
    let mut customers: Vec<_> = queued
        .map(|(one, at, queue)| Customer {
            at: Duration::from_millis(u64::try_from(at - begin).unwrap_or(0)),
            queue,
            medium: if one.channel.is_spoken() { Medium::Voice } else { Medium::Chat },
            priority: 0,
            wishes: Wishes::default(),
            handling: Duration::from_secs_f64(talked(one).unwrap_or(guess.handling)),
            patience: Duration::from_secs_f64(patience().min(ENDLESS)),
        })
        .collect();
    customers.sort_by_key(|one| one.at);
    if let Some(first) = customers.first().map(|first| first.at) {
        customers.iter_mut().for_each(|one| one.at -= first);
    }
    Ok(customers)
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
