//! Whose packets a leg takes, and where its own go (symmetric RTP, RFC 4961): sends to the negotiated address until the
//! first valid packet shows a better one, then keeps to that source.
//!
//! Promises: a stranger cannot take over a stream that flows; a peer that moved (NAT, transfer) is followed.

use std::net::SocketAddr;
use std::time::Duration;

use kernel::Time;

/// After this much silence, and for this long after a re-offer, another source may take over.
const OPEN_FOR: Duration = Duration::from_secs(2);

/// The addresses of a leg.
#[derive(Debug)]
pub(super) struct Latch {
    negotiated: Option<SocketAddr>,
    source: Option<SocketAddr>,
    to: Option<SocketAddr>,
    last: Time,
    open_until: Time,
}

fn usable(address: &SocketAddr) -> bool {
    address.port() != 0 && !address.ip().is_unspecified() && !address.ip().is_multicast()
}

impl Latch {
    pub(super) fn new(now: Time, negotiated: Option<SocketAddr>) -> Self {
        Self { negotiated, source: None, to: negotiated.filter(usable), last: now, open_until: now }
    }

    /// A re-offer: another source may take over at once, and another address is believed until packets contradict it.
    pub(super) fn change(&mut self, now: Time, negotiated: Option<SocketAddr>) {
        if negotiated != self.negotiated {
            self.negotiated = negotiated;
            self.to = negotiated.filter(usable).or(self.to);
        }
        self.open_until = now + OPEN_FOR;
    }

    /// Whether a valid packet from there belongs to the leg.
    pub(super) fn accepts(&mut self, now: Time, from: SocketAddr) -> bool {
        if self.source == Some(from) {
            self.last = now;
            if now >= self.open_until {
                self.to = Some(from);
            }
            return true;
        }
        let free = self.source.is_none()
            || self.negotiated == Some(from)
            || now < self.open_until
            || now.since(self.last) >= OPEN_FOR;
        if free {
            self.source = Some(from);
            self.to = Some(from);
            self.last = now;
            self.open_until = now;
        }
        free
    }

    /// Where packets go; `None` while no usable address is known.
    pub(super) fn to(&self) -> Option<SocketAddr> {
        self.to
    }

    /// Whether RTCP from there is believed.
    pub(super) fn knows(&self, from: SocketAddr) -> bool {
        [self.source, self.negotiated].iter().flatten().any(|known| known.ip() == from.ip())
    }

    /// Whether packets are expected over RTP at all.
    pub(super) fn is_rtp(&self) -> bool {
        self.negotiated.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn ms(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    #[test]
    fn first_packet_shows_the_way_and_strangers_are_refused() {
        let (inside, outside, stranger) =
            (at("10.0.0.5:4000"), at("198.51.100.7:61000"), at("203.0.113.9:5"));
        let mut latch = Latch::new(ms(0), Some(inside));
        assert_eq!(latch.to(), Some(inside));
        assert!(latch.accepts(ms(10), outside));
        assert_eq!(latch.to(), Some(outside));
        assert!(!latch.accepts(ms(20), stranger));
        assert!(latch.accepts(ms(30), outside));
        assert!(!latch.accepts(ms(2020), stranger));
        assert!(latch.accepts(ms(2030), stranger), "after two seconds without the source");
        assert_eq!(latch.to(), Some(stranger));
    }

    #[test]
    fn the_negotiated_address_wins_over_an_early_stranger() {
        let (peer, stranger) = (at("192.0.2.1:4000"), at("203.0.113.9:5"));
        let mut latch = Latch::new(ms(0), Some(peer));
        assert!(latch.accepts(ms(1), stranger));
        assert!(latch.accepts(ms(2), peer));
        assert_eq!(latch.to(), Some(peer));
        assert!(!latch.accepts(ms(3), stranger));
    }

    #[test]
    fn after_a_reoffer_the_new_source_is_taken_and_late_packets_of_the_old_do_not_win() {
        let (old, new, moved) = (at("192.0.2.1:4000"), at("10.1.1.1:7000"), at("192.0.2.77:9000"));
        let mut latch = Latch::new(ms(0), Some(old));
        assert!(latch.accepts(ms(10), old));
        latch.change(ms(100), Some(new));
        assert_eq!(latch.to(), Some(new));
        assert!(latch.accepts(ms(110), old), "still under way");
        assert_eq!(latch.to(), Some(new));
        assert!(latch.accepts(ms(120), moved));
        assert_eq!(latch.to(), Some(moved));
        assert!(!latch.accepts(ms(130), old));
    }

    #[test]
    fn a_peer_that_only_renamed_itself_behind_nat_is_heard_and_answered() {
        let (private, public) = (at("10.0.0.5:4000"), at("198.51.100.7:61000"));
        let mut latch = Latch::new(ms(0), Some(private));
        assert!(latch.accepts(ms(10), public));
        latch.change(ms(100), Some(at("10.0.0.5:4002")));
        assert!(latch.accepts(ms(120), public));
        assert!(latch.accepts(ms(2200), public));
        assert_eq!(latch.to(), Some(public));
    }

    #[test]
    fn nothing_is_sent_to_nowhere() {
        assert_eq!(Latch::new(ms(0), Some(at("0.0.0.0:4000"))).to(), None);
        assert_eq!(Latch::new(ms(0), Some(at("192.0.2.1:0"))).to(), None);
    }
}
