//! Clocks of a ticket: how long until the first answer and until it is solved, in business hours.
//!
//! Promises: pure; a clock that waits for the customer (pending confirmation) stands still; a reopened ticket goes on with
//! the time it had spent. Leaves to others: when to look (`gateway` scans), keeping (`store`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::hours::{BadHours, Hours, HoursText};
use crate::{Priority, TicketState, WallMillis};

/// Milliseconds in a minute, the unit of settings.
const MINUTE: i64 = 60_000;

/// What was promised, as people write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaText {
    /// Business hours; without them: day and night.
    #[serde(default)]
    pub hours: Option<HoursText>,
    /// Promises by priority; a priority without a line has no clock.
    #[serde(default)]
    pub targets: BTreeMap<Priority, TargetText>,
}

/// What was promised for one priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetText {
    /// Minutes to the first answer.
    #[serde(default)]
    pub first_answer_minutes: Option<u32>,
    /// Minutes to the solution.
    #[serde(default)]
    pub resolution_minutes: Option<u32>,
}

/// What was promised.
#[derive(Clone, Debug, Default)]
pub struct SlaPolicy {
    hours: Hours,
    targets: BTreeMap<Priority, TargetText>,
}

impl SlaPolicy {
    /// Reads promises as people write them.
    ///
    /// # Errors
    /// The first field that cannot be used.
    pub fn parse(text: &SlaText) -> Result<Self, BadHours> {
        let hours = text.hours.as_ref().map(Hours::parse).transpose()?.unwrap_or_default();
        Ok(Self { hours, targets: text.targets.clone() })
    }

    fn target(&self, clock: ClockName, priority: Priority) -> Option<i64> {
        let targets = self.targets.get(&priority)?;
        let minutes = match clock {
            ClockName::FirstAnswer => targets.first_answer_minutes,
            ClockName::Resolution => targets.resolution_minutes,
        }?;
        Some(i64::from(minutes) * MINUTE)
    }
}

/// Which clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockName {
    /// Until an agent first answers.
    FirstAnswer,
    /// Until it is solved.
    Resolution,
}

/// One clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clock {
    /// Business milliseconds spent up to the last stop.
    pub spent: i64,
    /// Running since; `None`: it stands.
    pub since: Option<WallMillis>,
    /// The promise was kept or broken at this moment: the clock is done.
    pub met: Option<WallMillis>,
    /// When time is or was up; `None` while it stands, and without a promise.
    pub due: Option<WallMillis>,
    /// The promise in business milliseconds.
    pub target: Option<i64>,
    /// When somebody was told that time is up.
    pub escalated: Option<WallMillis>,
}

impl Clock {
    fn start(&mut self, at: WallMillis) {
        if self.met.is_none() && self.since.is_none() {
            self.since = Some(at);
        }
    }

    fn stop(&mut self, at: WallMillis, policy: &SlaPolicy) {
        if let Some(since) = self.since.take() {
            self.spent = self.spent.saturating_add(policy.hours.between(since, at));
        }
    }

    fn finish(&mut self, at: WallMillis, policy: &SlaPolicy) {
        self.stop(at, policy);
        self.met.get_or_insert(at);
    }

    fn aim(&mut self, target: Option<i64>, policy: &SlaPolicy) {
        self.target = target;
        self.due = match (target, self.since) {
            (Some(target), Some(since)) => policy.hours.after(since, target.saturating_sub(self.spent)),
            _ => None,
        };
    }

    /// Whether more was spent than was promised, as far as the last stop says.
    #[must_use]
    pub fn is_broken(&self, now: WallMillis) -> bool {
        self.target.is_some_and(|target| self.spent > target) || self.due.is_some_and(|due| due <= now)
    }
}

/// Both clocks of a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketClocks {
    /// Until an agent first answers.
    pub first_answer: Clock,
    /// Until it is solved.
    pub resolution: Clock,
}

impl TicketClocks {
    /// Both begin.
    #[must_use]
    pub fn opened(at: WallMillis) -> Self {
        let clock = Clock { since: Some(at), ..Clock::default() };
        Self { first_answer: clock.clone(), resolution: clock }
    }

    /// An agent answered the customer.
    pub fn answered(&mut self, at: WallMillis, policy: &SlaPolicy) {
        self.first_answer.finish(at, policy);
    }

    /// The ticket came to `state`.
    pub fn moved(&mut self, state: TicketState, at: WallMillis, policy: &SlaPolicy) {
        match state {
            TicketState::New | TicketState::InProgress => self.resolution.start(at),
            // A solution is an answer, whether or not words went before it.
            TicketState::PendingConfirmation => {
                self.answered(at, policy);
                self.resolution.stop(at, policy);
            }
            TicketState::Done => {
                self.answered(at, policy);
                self.resolution.finish(at, policy);
            }
            TicketState::Reopened => {
                self.resolution.met = None;
                self.resolution.escalated = None;
                self.resolution.start(at);
            }
        }
    }

    /// Works out when time is up, by what was promised for `priority`.
    pub fn aim(&mut self, priority: Priority, policy: &SlaPolicy) {
        self.first_answer.aim(policy.target(ClockName::FirstAnswer, priority), policy);
        self.resolution.aim(policy.target(ClockName::Resolution, priority), policy);
    }

    /// The next moment at which somebody must be told, if nothing happens.
    #[must_use]
    pub fn next_due(&self) -> Option<WallMillis> {
        let untold = |clock: &Clock| clock.due.filter(|_| clock.escalated.is_none());
        untold(&self.first_answer).into_iter().chain(untold(&self.resolution)).min()
    }

    /// The earliest moment at which time is or was up on a running clock.
    #[must_use]
    pub fn earliest_due(&self) -> Option<WallMillis> {
        self.first_answer.due.into_iter().chain(self.resolution.due).min()
    }

    /// Clocks whose time is up at `now` and of which nobody was told.
    #[must_use]
    pub fn overdue(&self, now: WallMillis) -> Vec<(ClockName, WallMillis)> {
        let both = [(ClockName::FirstAnswer, &self.first_answer), (ClockName::Resolution, &self.resolution)];
        let late = |clock: &Clock| clock.due.filter(|due| clock.escalated.is_none() && *due <= now);
        both.into_iter().filter_map(|(name, clock)| late(clock).map(|due| (name, due))).collect()
    }

    /// Somebody was told; false when they had been told before.
    pub fn escalate(&mut self, clock: ClockName, at: WallMillis) -> bool {
        let clock = match clock {
            ClockName::FirstAnswer => &mut self.first_answer,
            ClockName::Resolution => &mut self.resolution,
        };
        let first = clock.escalated.is_none();
        clock.escalated.get_or_insert(at);
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::OpenText;

    const HOUR: i64 = 60 * MINUTE;
    /// Monday 23 November 2026, 09:00 in Berlin.
    const MONDAY_9: i64 = 1_795_420_800_000;

    fn policy() -> SlaPolicy {
        let days = ["mon", "tue", "wed", "thu", "fri"];
        let open =
            days.map(|day| OpenText { day: day.into(), from: "09:00".into(), to: "17:00".into() }).into();
        let target =
            |first, all| TargetText { first_answer_minutes: Some(first), resolution_minutes: Some(all) };
        let text = SlaText {
            hours: Some(HoursText { zone: "Europe/Berlin".into(), open, closed: vec![] }),
            targets: [(Priority::Normal, target(60, 480)), (Priority::Urgent, target(15, 120))].into(),
        };
        SlaPolicy::parse(&text).expect("good")
    }

    fn opened(at: i64) -> TicketClocks {
        let mut clocks = TicketClocks::opened(at);
        clocks.aim(Priority::Normal, &policy());
        clocks
    }

    fn moved(clocks: &mut TicketClocks, state: TicketState, at: i64) {
        clocks.moved(state, at, &policy());
        clocks.aim(Priority::Normal, &policy());
    }

    #[test]
    fn due_times_lie_in_business_hours() {
        let clocks = opened(MONDAY_9 + 7 * HOUR + 30 * MINUTE);
        assert_eq!(
            clocks.first_answer.due,
            Some(MONDAY_9 + 24 * HOUR + 30 * MINUTE),
            "half an hour is tomorrow's"
        );
        assert_eq!(clocks.resolution.due, Some(MONDAY_9 + 24 * HOUR + 7 * HOUR + 30 * MINUTE));
    }

    #[test]
    fn the_clock_stands_while_the_customer_has_to_confirm() {
        let mut clocks = opened(MONDAY_9);
        moved(&mut clocks, TicketState::InProgress, MONDAY_9 + HOUR);
        moved(&mut clocks, TicketState::PendingConfirmation, MONDAY_9 + 2 * HOUR);
        assert_eq!((clocks.resolution.due, clocks.resolution.spent), (None, 2 * HOUR));
        assert!(clocks.overdue(i64::MAX).is_empty(), "waiting for the customer is nobody's delay");
        moved(&mut clocks, TicketState::InProgress, MONDAY_9 + 24 * HOUR);
        assert_eq!(clocks.resolution.due, Some(MONDAY_9 + 24 * HOUR + 6 * HOUR));
    }

    #[test]
    fn a_reopened_ticket_goes_on_with_the_time_it_had_spent() {
        let mut clocks = opened(MONDAY_9);
        moved(&mut clocks, TicketState::PendingConfirmation, MONDAY_9 + 3 * HOUR);
        moved(&mut clocks, TicketState::Done, MONDAY_9 + 4 * HOUR);
        assert_eq!(clocks.resolution.met, Some(MONDAY_9 + 4 * HOUR));
        moved(&mut clocks, TicketState::Reopened, MONDAY_9 + 48 * HOUR);
        assert_eq!(clocks.resolution.spent, 3 * HOUR);
        assert_eq!(clocks.resolution.due, Some(MONDAY_9 + 48 * HOUR + 5 * HOUR));
        assert_eq!(clocks.first_answer.met, Some(MONDAY_9 + 3 * HOUR), "the first answer stays the first");
        assert_eq!(clocks.first_answer.due, None);
    }

    #[test]
    fn each_clock_is_told_once_and_again_after_reopening() {
        let mut clocks = opened(MONDAY_9);
        assert_eq!(clocks.overdue(MONDAY_9 + HOUR - 1), []);
        assert_eq!(clocks.overdue(MONDAY_9 + HOUR), [(ClockName::FirstAnswer, MONDAY_9 + HOUR)]);
        assert!(clocks.escalate(ClockName::FirstAnswer, MONDAY_9 + HOUR));
        assert!(!clocks.escalate(ClockName::FirstAnswer, MONDAY_9 + 2 * HOUR));
        assert_eq!(clocks.next_due(), Some(MONDAY_9 + 8 * HOUR));
        assert_eq!(clocks.overdue(MONDAY_9 + 30 * HOUR).len(), 1);
        assert!(clocks.escalate(ClockName::Resolution, MONDAY_9 + 30 * HOUR));
        moved(&mut clocks, TicketState::Done, MONDAY_9 + 31 * HOUR);
        moved(&mut clocks, TicketState::Reopened, MONDAY_9 + 32 * HOUR);
        assert_eq!(clocks.overdue(MONDAY_9 + 32 * HOUR).len(), 1, "late already when it was reopened");
    }

    #[test]
    fn another_priority_moves_the_due_time_and_no_promise_takes_it_away() {
        let mut clocks = opened(MONDAY_9);
        clocks.aim(Priority::Urgent, &policy());
        assert_eq!(clocks.first_answer.due, Some(MONDAY_9 + 15 * MINUTE));
        clocks.aim(Priority::Low, &policy());
        assert_eq!(clocks.next_due(), None);
        assert!(clocks.resolution.since.is_some(), "time is still counted, should a promise come");
    }
}
