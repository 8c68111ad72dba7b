//! One subscription as its notifier keeps it (RFC 6665 section 4.2): when a NOTIFY is due, and when it is over.
//!
//! Promises: a NOTIFY for every SUBSCRIBE at once; one for every change, but no more than `BURST` together and then one
//! per `SPAN`, and none while the one before has no answer: what came together is told together. Leaves to others:
//! who may subscribe, and the sending (`endpoint::subscribing`).

use std::time::Duration;

use kernel::Time;

/// NOTIFYs that may leave together: a call that rings, is answered and ends is seen whole.
const BURST: u32 = 5;
/// After that, one in this time (RFC 4235 section 3.9).
const SPAN: Duration = Duration::from_secs(1);

/// When a subscription ends, and what it has to say until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    until: Time,
    /// Something is to be told.
    due: bool,
    /// NOTIFYs without an answer.
    under_way: u32,
    /// When the allowance for NOTIFYs is full again.
    full_at: Time,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// It is asked for, refreshed, or ended by its watcher (`until` is now).
    Subscribed { until: Time },
    /// What is watched changed.
    Changed,
    /// A NOTIFY was answered; `None`: nobody did.
    Answered(Option<u16>),
    /// What is watched is gone.
    Gone,
    /// Time has passed.
    Elapsed,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing now.
    Rest,
    /// A NOTIFY; it goes on for so long.
    Tell(Duration),
    /// The last NOTIFY, with its reason; nothing is left then.
    Last(&'static str),
    /// It is over, and nobody is told: they do not know of it, or cannot be reached.
    Over,
}

impl Subscription {
    /// One that nobody was told of yet; `Subscribed` follows.
    pub(crate) const fn new(now: Time) -> Self {
        Self { until: now, due: false, under_way: 0, full_at: now }
    }

    /// Takes one event.
    pub(crate) fn handle(&mut self, now: Time, event: Event) -> Step {
        match event {
            Event::Gone => Step::Last("noresource"),
            Event::Subscribed { until } => {
                self.until = until;
                // Whoever asks is told at once (RFC 6665 section 4.2.1.2), whatever else is under way.
                if until <= now { Step::Last("timeout") } else { self.tell(now) }
            }
            Event::Changed => {
                self.due = true;
                self.look(now)
            }
            Event::Answered(status) if status.is_none_or(ends) => Step::Over,
            Event::Answered(_) => {
                self.under_way = self.under_way.saturating_sub(1);
                self.look(now)
            }
            Event::Elapsed => self.look(now),
        }
    }

    /// When `Elapsed` is due.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        let may = (self.due && self.under_way == 0).then(|| self.may_at());
        Some(may.map_or(self.until, |at| at.min(self.until)))
    }

    fn look(&mut self, now: Time) -> Step {
        if now >= self.until {
            return Step::Last("timeout");
        }
        if self.due && self.under_way == 0 && self.may_at() <= now { self.tell(now) } else { Step::Rest }
    }

    fn tell(&mut self, now: Time) -> Step {
        self.due = false;
        self.under_way = self.under_way.saturating_add(1);
        self.full_at = self.full_at.max(now) + SPAN;
        Step::Tell(self.until.since(now))
    }

    /// When the next change may be told.
    fn may_at(&self) -> Time {
        self.full_at - SPAN * (BURST - 1)
    }
}

/// Answers to a NOTIFY that end its subscription (RFC 6665 section 4.2.2, RFC 5057 section 5.3); after others the next is tried.
const fn ends(status: u16) -> bool {
    matches!(status, 403 | 404 | 405 | 410 | 416 | 480..=485 | 489 | 501 | 604)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    fn begun() -> Subscription {
        let mut one = Subscription::new(at(0));
        assert_eq!(
            one.handle(at(0), Event::Subscribed { until: at(60_000) }),
            Step::Tell(Duration::from_secs(60))
        );
        one
    }

    fn answered(one: &mut Subscription, ms: u64) -> Step {
        one.handle(at(ms), Event::Answered(Some(200)))
    }

    #[test]
    fn changes_while_a_notify_is_under_way_are_told_together_afterwards() {
        let mut one = begun();
        assert_eq!(one.handle(at(10), Event::Changed), Step::Rest);
        assert_eq!(one.handle(at(11), Event::Changed), Step::Rest);
        assert!(matches!(answered(&mut one, 12), Step::Tell(_)));
        assert_eq!(answered(&mut one, 13), Step::Rest);
    }

    #[test]
    fn a_few_notifies_go_at_once_and_then_one_a_second() {
        let mut one = begun();
        assert_eq!(answered(&mut one, 1), Step::Rest);
        for n in 0..4 {
            assert!(matches!(one.handle(at(2 + n), Event::Changed), Step::Tell(_)), "{n}");
            assert_eq!(answered(&mut one, 2 + n), Step::Rest);
        }
        assert_eq!(one.handle(at(10), Event::Changed), Step::Rest);
        assert_eq!(one.next_timeout(), Some(at(1000)));
        assert!(matches!(one.handle(at(1000), Event::Elapsed), Step::Tell(_)));
    }

    #[test]
    fn it_ends_by_time_by_its_watcher_and_by_its_subject() {
        assert_eq!(begun().handle(at(60_000), Event::Elapsed), Step::Last("timeout"));
        assert_eq!(begun().handle(at(5), Event::Subscribed { until: at(5) }), Step::Last("timeout"));
        assert_eq!(begun().handle(at(5), Event::Gone), Step::Last("noresource"));
    }

    #[test]
    fn whoever_knows_nothing_of_it_or_is_silent_ends_it() {
        for status in [Some(481), Some(404), Some(489), None] {
            assert_eq!(begun().handle(at(5), Event::Answered(status)), Step::Over, "{status:?}");
        }
        for status in [200, 401, 500, 503] {
            assert_eq!(begun().handle(at(5), Event::Answered(Some(status))), Step::Rest, "{status}");
        }
    }
}
