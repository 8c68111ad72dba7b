//! The one pair of monotonic and wall time in the process; cores get `kernel::Time` and never ask a clock.
//!
//! Promises: never goes backwards; copies agree with each other. `Time` counts from the Unix epoch, so that a state
//! saved by one process is meaningful to the next. Leaves to others: what to do when.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kernel::Time;

/// A clock that read the wall once, when the process began, and follows the monotonic clock since. Copies agree.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Instant,
    /// The wall's time at `began`.
    began_at: Time,
}

impl Clock {
    /// Takes the one reading of both clocks. Call it once and pass copies on.
    #[must_use]
    pub fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began: Instant::now(), began_at: Time::ZERO + wall }
    }

    /// Now, as the cores know it.
    #[must_use]
    pub fn now(&self) -> Time {
        self.time_of(Instant::now())
    }

    /// Now, in milliseconds since the Unix epoch. Follows the monotonic clock, so it never jumps.
    #[must_use]
    pub fn wall_millis(&self) -> u64 {
        self.wall_of(self.now())
    }

    /// A core's time in milliseconds since the Unix epoch.
    #[must_use]
    pub const fn wall_of(&self, at: Time) -> u64 {
        at.as_millis()
    }

    /// A core's time as an `Instant`, for timers of the runtime and for libraries that want one. Times before the
    /// process began become its beginning; times that no `Instant` can hold, a day later.
    #[must_use]
    pub fn instant_of(&self, at: Time) -> Instant {
        let after = at.since(self.began_at);
        self.began.checked_add(after).unwrap_or_else(|| Instant::now() + Duration::from_secs(86_400))
    }

    /// An `Instant` as a core's time; the beginning when it was before that.
    #[must_use]
    pub fn time_of(&self, at: Instant) -> Time {
        self.began_at + at.saturating_duration_since(self.began)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_instant_are_one_scale() {
        let clock = Clock::start();
        let at = clock.now() + Duration::from_millis(1234);
        assert_eq!(clock.time_of(clock.instant_of(at)), at);
        assert_eq!(clock.wall_of(at), at.as_millis());
        assert!(clock.instant_of(Time::from_nanos(u64::MAX)) > Instant::now());
        let copy = clock;
        assert!(copy.now() <= clock.now());
    }
}
