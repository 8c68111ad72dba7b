//! The one pair of monotonic and wall time in the process; cores get `kernel::Time` and never ask a clock.
//!
//! The origin of the gateway's `Time` is the Unix epoch: the wall clock is read once, at the start, and from then on time
//! follows the monotonic clock. So every `Time` is a wall time too, it never jumps, and what was recorded before a restart
//! lies in the past of the new process.
//!
//! Promises: never goes backwards; copies agree with each other. Leaves to others: what to do when.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kernel::Time;

/// A clock that was set when the process began. Copies share the setting.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Instant,
    /// The wall time of `began`.
    origin: Time,
}

impl Clock {
    /// Takes the one reading of both clocks. Call it once and pass copies on.
    #[must_use]
    pub fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began: Instant::now(), origin: Time::ZERO + wall }
    }

    /// Now, as the cores know it.
    #[must_use]
    pub fn now(&self) -> Time {
        self.time_of(Instant::now())
    }

    /// Now, in milliseconds since the Unix epoch. Follows the monotonic clock, so it never jumps.
    #[must_use]
    pub fn wall_millis(&self) -> i64 {
        wall_of(self.now())
    }

    /// A core's time as an `Instant`, for timers of the runtime and for libraries that want one.
    #[must_use]
    pub fn instant_of(&self, at: Time) -> Instant {
        self.began + at.since(self.origin)
    }

    /// An `Instant` as a core's time.
    #[must_use]
    pub fn time_of(&self, at: Instant) -> Time {
        self.origin + at.saturating_duration_since(self.began)
    }
}

/// A core's time in milliseconds since the Unix epoch.
#[must_use]
pub fn wall_of(at: Time) -> i64 {
    i64::try_from(at.as_millis()).unwrap_or(i64::MAX)
}

/// A recorded wall time as a core's time.
#[must_use]
pub fn time_of_wall(millis: i64) -> Time {
    Time::ZERO + Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_instant_are_one_scale() {
        let clock = Clock::start();
        let at = clock.now() + Duration::from_millis(1234);
        assert_eq!(clock.time_of(clock.instant_of(at)), at);
        let copy = clock;
        assert!(copy.now() <= clock.now());
    }

    #[test]
    fn a_recorded_time_comes_back_the_same() {
        let now = Clock::start().wall_millis();
        assert_eq!(wall_of(time_of_wall(now)), now);
        assert!(now > 1_700_000_000_000, "the origin is the Unix epoch");
    }
}
