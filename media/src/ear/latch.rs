//! Whose packets a leg takes, and where its own go (symmetric RTP, RFC 4961): sends to the negotiated address until the
//! first valid packet shows a better one, then keeps to that source.
//!
//! Promises: a stranger cannot take over a stream, neither while it flows nor in its pauses; a peer that moved (a new
//! NAT binding, a transfer) is followed, because it goes on with its own numbers or was announced by SDP.

use std::net::SocketAddr;
use std::time::Duration;

use kernel::Time;

/// For this long after a re-offer that names another address, another source may take over.
const OPEN_FOR: Duration = Duration::from_secs(2);
/// After this much silence a stream may go on from another address (a NAT forgot its binding).
const MOVED_AFTER: Duration = Duration::from_millis(200);
/// Packets per second that a stream may have gone on by while it moved: 10 ms each, and as much again.
const PACE: u128 = 200;

/// The addresses of a leg.
#[derive(Debug)]
pub(super) struct Latch {
    negotiated: Option<SocketAddr>,
    source: Option<SocketAddr>,
    to: Option<SocketAddr>,
    /// Source number and sequence number of the last packet taken.
    stream: Option<(u32, u16)>,
    last: Time,
    open_until: Time,
}

fn usable(address: &SocketAddr) -> bool {
    address.port() != 0 && !address.ip().is_unspecified() && !address.ip().is_multicast()
}

impl Latch {
    pub(super) fn new(now: Time, negotiated: Option<SocketAddr>) -> Self {
        let to = negotiated.filter(usable);
        Self { negotiated, source: None, to, stream: None, last: now, open_until: now }
    }

    /// A re-offer: another address is believed until packets contradict it, and for a moment another source may take
    /// over. One that names the same address (hold, resume) opens nothing.
    pub(super) fn change(&mut self, now: Time, negotiated: Option<SocketAddr>) {
        if negotiated != self.negotiated {
            self.negotiated = negotiated;
            self.to = negotiated.filter(usable).or(self.to);
            self.open_until = now + OPEN_FOR;
        }
    }

    /// Whether a valid packet from there belongs to the leg.
    pub(super) fn accepts(&mut self, now: Time, from: SocketAddr, ssrc: u32, seq: u16) -> bool {
        let known = self.source == Some(from);
        let free = self.source.is_none()
            || self.negotiated == Some(from)
            || now < self.open_until
            || self.goes_on(now, ssrc, seq);
        if !known && !free {
            return false;
        }
        if !known {
            self.source = Some(from);
            self.to = Some(from);
            self.open_until = now;
        } else if now >= self.open_until {
            self.to = Some(from);
        }
        self.last = now;
        self.stream = Some((ssrc, seq));
        true
    }

    /// Whether a packet from elsewhere continues the stream that fell silent: only who sent it knows its numbers.
    fn goes_on(&self, now: Time, ssrc: u32, seq: u16) -> bool {
        let silent = now.since(self.last);
        let Some((known, last)) = self.stream else { return false };
        let room = silent.as_millis() * PACE / 1000;
        silent >= MOVED_AFTER
            && known == ssrc
            && (1..=room.min(0x7fff)).contains(&u128::from(seq.wrapping_sub(last)))
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

    const PEER: u32 = 0x1234_5678;
    const STRANGER: u32 = 0x0bad_cafe;

    fn at(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn ms(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    #[test]
    fn first_packet_shows_the_way_and_strangers_are_refused_in_pauses_too() {
        let (inside, outside, stranger) =
            (at("10.0.0.5:4000"), at("198.51.100.7:61000"), at("203.0.113.9:5"));
        let mut latch = Latch::new(ms(0), Some(inside));
        assert_eq!(latch.to(), Some(inside));
        assert!(latch.accepts(ms(10), outside, PEER, 1));
        assert_eq!(latch.to(), Some(outside));
        assert!(!latch.accepts(ms(20), stranger, STRANGER, 2));
        assert!(
            !latch.accepts(ms(20), stranger, PEER, 2),
            "a guessed source number does not help while it flows"
        );
        assert!(latch.accepts(ms(30), outside, PEER, 2));
        for later in [300, 2_100, 60_000] {
            assert!(!latch.accepts(ms(later), stranger, STRANGER, 3), "muted for {later} ms");
            assert!(
                !latch.accepts(ms(later), stranger, PEER, 40_000),
                "nor a sequence number out of nowhere"
            );
        }
        assert_eq!(latch.to(), Some(outside));
    }

    #[test]
    fn a_stream_that_goes_on_from_another_address_after_a_pause_has_moved() {
        let (before, after) = (at("198.51.100.7:61000"), at("198.51.100.7:61009"));
        let mut latch = Latch::new(ms(0), Some(at("10.0.0.5:4000")));
        assert!(latch.accepts(ms(0), before, PEER, 65_530));
        assert!(!latch.accepts(ms(100), after, PEER, 65_534), "it may still be both");
        assert!(latch.accepts(ms(300), after, PEER, 8));
        assert_eq!(latch.to(), Some(after));
        assert!(!latch.accepts(ms(320), before, STRANGER, 9));
    }

    #[test]
    fn the_negotiated_address_wins_over_an_early_stranger() {
        let (peer, stranger) = (at("192.0.2.1:4000"), at("203.0.113.9:5"));
        let mut latch = Latch::new(ms(0), Some(peer));
        assert!(latch.accepts(ms(1), stranger, STRANGER, 1));
        assert!(latch.accepts(ms(2), peer, PEER, 1));
        assert_eq!(latch.to(), Some(peer));
        assert!(!latch.accepts(ms(3), stranger, STRANGER, 2));
    }

    #[test]
    fn after_a_reoffer_the_new_source_is_taken_and_late_packets_of_the_old_do_not_win() {
        let (old, new, moved) = (at("192.0.2.1:4000"), at("10.1.1.1:7000"), at("192.0.2.77:9000"));
        let mut latch = Latch::new(ms(0), Some(old));
        assert!(latch.accepts(ms(10), old, PEER, 1));
        latch.change(ms(100), Some(new));
        assert_eq!(latch.to(), Some(new));
        assert!(latch.accepts(ms(110), old, PEER, 2), "still under way");
        assert_eq!(latch.to(), Some(new));
        assert!(latch.accepts(ms(120), moved, 7, 500));
        assert_eq!(latch.to(), Some(moved));
        assert!(!latch.accepts(ms(130), old, PEER, 3));
    }

    #[test]
    fn hold_and_resume_with_the_same_address_open_nothing_to_strangers() {
        let (peer, stranger) = (at("192.0.2.1:4000"), at("203.0.113.9:5"));
        let mut latch = Latch::new(ms(0), Some(peer));
        assert!(latch.accepts(ms(10), peer, PEER, 1));
        latch.change(ms(5_000), Some(peer));
        assert!(!latch.accepts(ms(5_010), stranger, STRANGER, 1));
    }

    #[test]
    fn a_peer_that_only_renamed_itself_behind_nat_is_heard_and_answered() {
        let (private, public) = (at("10.0.0.5:4000"), at("198.51.100.7:61000"));
        let mut latch = Latch::new(ms(0), Some(private));
        assert!(latch.accepts(ms(10), public, PEER, 1));
        latch.change(ms(100), Some(at("10.0.0.5:4002")));
        assert!(latch.accepts(ms(120), public, PEER, 2));
        assert!(latch.accepts(ms(2200), public, PEER, 100));
        assert_eq!(latch.to(), Some(public));
    }

    #[test]
    fn nothing_is_sent_to_nowhere() {
        assert_eq!(Latch::new(ms(0), Some(at("0.0.0.0:4000"))).to(), None);
        assert_eq!(Latch::new(ms(0), Some(at("192.0.2.1:0"))).to(), None);
    }
}
