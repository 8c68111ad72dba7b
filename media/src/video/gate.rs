//! `Gate`: when the way to a page becomes too narrow, pictures stop before sound suffers; when it is wide again, they go on.
//!
//! Promises: no flutter: each turn needs the estimate to stay beyond its mark for a while. Leaves to others: estimating.

use std::time::Duration;

use kernel::Time;

/// Below this many bits a second a picture is of no use and takes from the sound (Opus wants up to 40,000).
const TOO_NARROW: u64 = 80_000;
/// From this many on it is worth trying again.
const WIDE_AGAIN: u64 = 200_000;
/// For how long the estimate must stay there.
const STEADY: Duration = Duration::from_secs(2);

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Pictures stop; sound goes on.
    Stop,
    /// Pictures may go on, with a whole one.
    Go,
}

/// Whether pictures go to a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gate {
    closed: bool,
    /// Since when the estimate speaks for a turn.
    since: Option<Time>,
}

impl Gate {
    /// Whether pictures pass.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.closed
    }

    /// So many bits a second get through to the page, as is believed now.
    pub fn estimate(&mut self, now: Time, bits: u64) -> Option<Turn> {
        let speaks_for_turn = if self.closed { bits >= WIDE_AGAIN } else { bits < TOO_NARROW };
        if !speaks_for_turn {
            self.since = None;
            return None;
        }
        let since = *self.since.get_or_insert(now);
        if now.since(since) < STEADY {
            return None;
        }
        self.since = None;
        self.closed = !self.closed;
        Some(if self.closed { Turn::Stop } else { Turn::Go })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stop_when_the_way_stays_too_narrow_and_go_on_when_it_is_wide_again() {
        let mut gate = Gate::default();
        let at = Time::from_millis;
        assert_eq!(gate.estimate(at(0), 60_000), None);
        assert_eq!(gate.estimate(at(1_000), 300_000), None, "a dip is no turn");
        assert_eq!(gate.estimate(at(2_000), 60_000), None);
        assert_eq!(gate.estimate(at(3_900), 50_000), None);
        assert_eq!(gate.estimate(at(4_000), 50_000), Some(Turn::Stop));
        assert!(!gate.is_open());
        assert_eq!(gate.estimate(at(5_000), 150_000), None, "between the marks nothing changes");
        assert_eq!(gate.estimate(at(6_000), 250_000), None);
        assert_eq!(gate.estimate(at(8_000), 250_000), Some(Turn::Go));
        assert!(gate.is_open());
    }
}
