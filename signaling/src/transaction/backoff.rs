//! When to send again: T1, 2*T1, 4*T1 … up to a ceiling.

use std::time::Duration;

use kernel::Time;

use super::{T1, T2};

/// The next retransmission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    pub(crate) at: Time,
    interval: Duration,
    ceiling: Duration,
}

impl Backoff {
    /// Up to T2: non-INVITE requests and responses to INVITE.
    pub(crate) fn to_t2(now: Time) -> Self {
        Self { at: now + T1, interval: T1, ceiling: T2 }
    }

    /// Doubling without a ceiling: INVITE (timer A).
    pub(crate) fn doubling(now: Time) -> Self {
        Self { at: now + T1, interval: T1, ceiling: Duration::MAX }
    }

    /// The one after this.
    pub(crate) fn after(self, now: Time) -> Self {
        let interval = self.interval.saturating_mul(2).min(self.ceiling);
        Self { at: now + interval, interval, ceiling: self.ceiling }
    }

    /// From now on at the ceiling (non-INVITE after a provisional response).
    pub(crate) fn slow(self, now: Time) -> Self {
        Self { at: now + self.ceiling, interval: self.ceiling, ceiling: self.ceiling }
    }
}
