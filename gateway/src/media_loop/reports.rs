//! Reports on their way from a shard to the owners of its legs.
//!
//! Promises: the shard never waits; what finds its owner's inbox full waits here and is tried again each tick, in
//! order per leg; owners that are gone are forgotten. Leaves to others: what the reports mean.

use std::collections::VecDeque;

use kernel::LegId;
use metrics::Counter;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::leg::LegEvent;
use crate::limits::MEDIA_EVENTS;

/// The way to a leg's owner.
pub type LegEvents = mpsc::Sender<(LegId, LegEvent)>;

/// Reports that wait for room.
pub(super) struct Reports {
    waiting: VecDeque<(LegEvents, LegId, LegEvent)>,
    lost: Counter,
}

impl Reports {
    pub(super) fn new() -> Self {
        let lost = metrics::counter!("media_events_lost_total");
        Self { waiting: VecDeque::with_capacity(MEDIA_EVENTS), lost }
    }

    /// Sends a report, now or later.
    pub(super) fn send(&mut self, to: &LegEvents, leg: LegId, event: LegEvent) {
        if self.waiting.iter().any(|(_, waiting, _)| *waiting == leg) {
            self.keep(to.clone(), leg, event);
            return;
        }
        if let Err(TrySendError::Full((leg, event))) = to.try_send((leg, event)) {
            self.keep(to.clone(), leg, event);
        }
    }

    /// Tries what waits, once each.
    pub(super) fn retry(&mut self) {
        let mut kept = 0;
        for _ in 0..self.waiting.len() {
            let Some((to, leg, event)) = self.waiting.pop_front() else { return };
            // What failed in this round is at the back; a later report of the same leg must not overtake it.
            let behind = self.waiting.iter().rev().take(kept).any(|(_, other, _)| *other == leg);
            match to.try_reserve() {
                Ok(permit) if !behind => permit.send((leg, event)),
                Err(TrySendError::Closed(())) => {}
                Ok(_) | Err(TrySendError::Full(())) => {
                    self.waiting.push_back((to.clone(), leg, event));
                    kept += 1;
                }
            }
        }
    }

    fn keep(&mut self, to: LegEvents, leg: LegId, event: LegEvent) {
        if self.waiting.len() >= MEDIA_EVENTS {
            self.waiting.pop_front();
            self.lost.increment(1);
        }
        self.waiting.push_back((to, leg, event));
    }
}

#[cfg(test)]
mod tests {
    use kernel::InteractionId;

    use super::*;

    #[test]
    fn digits_wait_for_a_slow_owner_and_arrive_in_order() {
        let leg = LegId { interaction: InteractionId { node: 1, serial: 1 }, n: 0 };
        let (to, mut inbox) = mpsc::channel(2);
        let mut reports = Reports::new();
        let digits = ['1', '2', '3', '4', '5'];
        for digit in digits {
            reports.send(&to, leg, LegEvent::Media(media::Event::Digit(digit)));
        }
        let mut heard = Vec::new();
        while heard.len() < digits.len() {
            while let Ok((_, LegEvent::Media(media::Event::Digit(digit)))) = inbox.try_recv() {
                heard.push(digit);
            }
            reports.retry();
        }
        assert_eq!(heard, digits);
        drop(inbox);
        reports.send(&to, leg, LegEvent::BrowserUp);
        assert!(reports.waiting.is_empty(), "an owner that is gone leaves nothing behind");
    }
}
