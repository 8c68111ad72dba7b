//! When queues open and close, by their calendars.
//!
//! Promises: each change is told once, at its moment. Leaves to others: what becomes of those who wait (`routing`).

use std::collections::{BTreeMap, BTreeSet};

use kernel::hours::Calendar;
use kernel::{QueueName, Time};

/// Queues with hours.
pub(super) struct OpeningHours {
    calendars: BTreeMap<QueueName, Calendar>,
    /// Queues that were told to be closed; the router takes a queue to be open until it is told.
    closed: BTreeSet<QueueName>,
    next: Option<Time>,
}

impl OpeningHours {
    pub fn new(calendars: BTreeMap<QueueName, Calendar>) -> Self {
        let next = (!calendars.is_empty()).then_some(Time::ZERO);
        Self { calendars, closed: BTreeSet::new(), next }
    }

    /// When to look again.
    pub const fn next(&self) -> Option<Time> {
        self.next
    }

    /// Queues that opened (`true`) or closed since it was last looked.
    pub fn look(&mut self, now: Time) -> Vec<(QueueName, bool)> {
        if self.next.is_none_or(|next| next > now) {
            return Vec::new();
        }
        self.next = self.calendars.values().filter_map(|calendar| calendar.next_change(now)).min();
        let mut changed = Vec::new();
        for (queue, calendar) in &self.calendars {
            let open = calendar.is_open(now);
            let is_news = if open { self.closed.remove(queue) } else { self.closed.insert(queue.clone()) };
            if is_news {
                changed.push((queue.clone(), open));
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use kernel::hours::{Interval, Week, zone};

    use super::*;

    #[test]
    fn each_opening_and_closing_is_told_once_at_its_moment() {
        let mut week = Week::default();
        week.open("mon-sun", &[Interval::parse("09:00-17:00").expect("hours")]).expect("days");
        let calendar = Calendar { zone: zone("UTC").expect("a zone"), week, holidays: Vec::new() };
        let mut hours = OpeningHours::new(BTreeMap::from([("support".into(), calendar)]));
        let at = |hour: u64| Time::from_millis((20_000 * 24 + hour) * 3_600_000);
        let told = |open| vec![("support".into(), open)];
        assert_eq!(hours.look(at(8)), told(false));
        assert_eq!(hours.next(), Some(at(9)));
        assert_eq!(hours.look(at(8)), []);
        assert_eq!(hours.look(at(9)), told(true));
        assert_eq!(hours.next(), Some(at(17)));
        assert_eq!(hours.look(at(17)), told(false));
        let mut never = OpeningHours::new(BTreeMap::new());
        assert_eq!((never.next(), never.look(at(8))), (None, Vec::new()));
    }
}
