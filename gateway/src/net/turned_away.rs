//! Counters of what the guard turned away. The guard counts by itself; here the counts become metrics once a second, so that
//! a flood costs no metric per packet.

use metrics::Counter;
use signaling::guard::TurnedAway;

/// What was counted, and how much of it is told.
pub(super) struct Counted {
    told: TurnedAway,
    banned: Counter,
    too_fast: Counter,
    calls: Counter,
}

impl Counted {
    pub(super) fn new() -> Self {
        Self {
            told: TurnedAway::default(),
            banned: metrics::counter!("sip_turned_away_total", "why" => "banned"),
            too_fast: metrics::counter!("sip_turned_away_total", "why" => "too_fast"),
            calls: metrics::counter!("sip_turned_away_total", "why" => "calls"),
        }
    }

    pub(super) fn count(&mut self, now: TurnedAway) {
        self.banned.increment(now.banned.saturating_sub(self.told.banned));
        self.too_fast.increment(now.too_fast.saturating_sub(self.told.too_fast));
        self.calls.increment(now.calls.saturating_sub(self.told.calls));
        self.told = now;
    }
}
