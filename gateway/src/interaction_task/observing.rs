//! The sides of a call that another system carries: what comes from their sources, and what becomes of a side that goes on.

use interaction::{In, LegIn, Party};

use super::InteractionTask;
use super::legs::{Device, LegDriver};
use crate::observe::Feed;

impl InteractionTask {
    /// Every side has a leg, in the same order.
    pub(super) fn seat(&mut self, feeds: Vec<Feed>) {
        for (n, feed) in (0..).zip(feeds) {
            self.legs.insert(n, LegDriver::new(Device::Feed(feed)));
            self.sides.push(n);
        }
    }

    /// News of a side, which may have gone on to another leg.
    pub(super) async fn on_observed(&mut self, side: u16, news: LegIn) {
        let Some(leg) = self.sides.get(usize::from(side)).copied() else { return };
        if let LegIn::Ended { .. } = news {
            self.legs.remove(&leg);
        }
        self.feed(In::Leg(leg, news)).await;
    }

    pub(super) async fn on_passed_on(&mut self, side: u16, mut party: Party) {
        let Some(leg) = self.sides.get(usize::from(side)).copied() else { return };
        if let Some(agent) = &party.agent {
            party.agent = crate::admission::our_agent(&self.shared.config, agent.as_str());
        }
        self.feed(In::PassedOn { leg, party }).await;
    }

    /// What came in on one leg comes in on another from now on; what was being said on the first gets its text there.
    pub(super) fn go_on(&mut self, from: u16, to: u16) {
        let Some(leg) = self.legs.remove(&from) else { return };
        if let Device::Feed(feed) = &leg.device {
            feed.hear(None);
            feed.record(None);
        }
        for side in self.sides.iter_mut().filter(|side| **side == from) {
            *side = to;
        }
        // Dropping its ears closes their stream.
        self.legs.insert(to, LegDriver::new(leg.device));
    }
}
