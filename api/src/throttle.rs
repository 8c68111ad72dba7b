//! A small bounded table of token buckets: who may try how often.
//!
//! Promises: never more than `ROWS` rows; when full, the one that was used longest ago makes room.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use desk::WallMillis;

/// Rows at most: about 100 bytes each, so under a megabyte.
const ROWS: usize = 8192;

/// So many at once, then one every `refill`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// At once.
    pub burst: u32,
    /// After that, one per this.
    pub refill: Duration,
}

impl Rate {
    /// So many a minute, half of them at once.
    #[must_use]
    pub fn per_minute(requests: u32) -> Self {
        let requests = requests.max(1);
        Self { burst: requests.div_ceil(2), refill: Duration::from_secs(60) / requests }
    }

    fn refill_ms(self) -> i64 {
        i64::try_from(self.refill.as_millis()).unwrap_or(i64::MAX).max(1)
    }
}

/// The virtual time up to which a bucket is spent (the generic cell rate algorithm: one number per row),
/// and when it was last used.
#[derive(Clone, Copy)]
struct Row {
    spent_until: WallMillis,
    used: WallMillis,
}

pub(crate) struct Throttle {
    rate: Rate,
    rows: Mutex<BTreeMap<String, Row>>,
}

impl Throttle {
    pub fn new(rate: Rate) -> Self {
        Self { rate, rows: Mutex::new(BTreeMap::new()) }
    }

    /// Takes one; `Err` says after how many seconds there is one again.
    pub fn take(&self, key: &str, now: WallMillis) -> Result<(), u64> {
        self.take_counted(key, now).map(drop)
    }

    /// The same, and how many there are after it.
    pub fn take_counted(&self, key: &str, now: WallMillis) -> Result<u32, u64> {
        let step = self.rate.refill_ms();
        let room = step.saturating_mul(i64::from(self.rate.burst.max(1)));
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        // A wall clock set back must not lock anybody out: nothing is spent further ahead than a whole burst.
        let spent = rows.get(key).map_or(now, |row| row.spent_until.clamp(now, now.saturating_add(room)));
        let after = spent.saturating_add(step);
        let over = after.saturating_sub(now).saturating_sub(room);
        if over > 0 {
            if let Some(row) = rows.get_mut(key) {
                row.spent_until = spent;
            }
            return Err(u64::try_from(over).unwrap_or(0).div_ceil(1000));
        }
        if rows.len() >= ROWS && !rows.contains_key(key) {
            make_room(&mut rows, now);
        }
        rows.insert(key.to_owned(), Row { spent_until: after, used: now });
        let left = room.saturating_sub(after.saturating_sub(now)) / step;
        Ok(u32::try_from(left).unwrap_or(0))
    }

    /// Gives one back (the attempt was a good one).
    pub fn give_back(&self, key: &str) {
        let step = self.rate.refill_ms();
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = rows.get_mut(key) {
            row.spent_until = row.spent_until.saturating_sub(step);
        }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.rows.lock().expect("no panic under this lock").len()
    }
}

/// Forgets who has a full bucket again; if nobody has, the one used longest ago.
fn make_room(rows: &mut BTreeMap<String, Row>, now: WallMillis) {
    let before = rows.len();
    rows.retain(|_, row| row.spent_until > now);
    if rows.len() == before {
        let oldest = rows.iter().min_by_key(|(_, row)| row.used).map(|(key, _)| key.clone());
        if let Some(key) = oldest {
            rows.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle() -> Throttle {
        Throttle::new(Rate { burst: 3, refill: Duration::from_secs(10) })
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_per_refill() {
        let throttle = throttle();
        for _ in 0..3 {
            assert_eq!(throttle.take("a", 0), Ok(()));
        }
        assert_eq!(throttle.take("a", 0), Err(10));
        assert_eq!(throttle.take("a", 4_000), Err(6));
        assert_eq!(throttle.take("b", 0), Ok(()), "others are not concerned");
        assert_eq!(throttle.take("a", 10_000), Ok(()));
        assert_eq!(throttle.take("a", 10_000), Err(10));
    }

    #[test]
    fn what_is_left_is_told() {
        let throttle = throttle();
        let left: Vec<_> = (0..4).map(|_| throttle.take_counted("a", 0)).collect();
        assert_eq!(left, [Ok(2), Ok(1), Ok(0), Err(10)]);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let throttle = throttle();
        for _ in 0..50 {
            assert_eq!(throttle.take("a", 0), Ok(()));
            throttle.give_back("a");
        }
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let throttle = throttle();
        for _ in 0..3 {
            throttle.take("a", 1_000_000_000).expect("within the burst");
        }
        assert_eq!(throttle.take("a", 0), Err(10), "counted as a spent burst of now");
        throttle.take("a", 10_000).expect("refilled by the new time");
    }

    #[test]
    fn the_table_never_outgrows_its_bound() {
        let throttle = throttle();
        for n in 0..ROWS + 100 {
            throttle.take(&n.to_string(), i64::try_from(n).expect("small")).expect("first of its key");
        }
        assert!(throttle.len() <= ROWS);
    }
}
