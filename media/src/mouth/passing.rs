//! Packets passed on as they come: two legs that hear each other alone, in one codec, need neither our jitter buffer nor our 20 ms
//! clock, since the far end has both.
//!
//! Promises: the numbers of the leg go on from what was sent before, holes and order are those of the sender, nothing is sent
//! twice, and a key that is kept back leaves no hole. Leaves to others: when packets may be passed (`engine`).

/// Ticks without a packet after which the tick speaks again: a lost packet or two must not end the run.
const IDLE: u32 = 3;
/// Packets that may go on at once (a network that stalled for a second lets go of fifty), and how many more each tick allows: Opus
/// packets of 5 ms. What comes beyond that is no conversation.
const BURST: u32 = 50;
const PACE: u32 = 4;
/// How far behind the newest a packet may come and still be worth sending.
const BEHIND: u16 = 63;

/// A run of packets that are passed on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing {
    /// Ours minus theirs.
    seq: u16,
    /// Ours minus theirs, in units of the codec's RTP clock.
    timestamp: u32,
    /// The timestamp after the last packet.
    pub(super) end: u32,
    /// Which of the numbers up to the newest were sent; bit 0 is the newest.
    sent: u64,
    idle: u32,
    /// Packets that may still go on now.
    credit: u32,
}

/// The numbers of a packet on the leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) seq: u16,
    pub(super) timestamp: u32,
    /// The number that the leg sends next.
    pub(super) next: u16,
    /// The packet's time does not follow from the one before.
    pub(super) jumped: bool,
}

impl Passing {
    /// Begins with a packet of theirs: it is to be sent as `next` at `at`.
    pub(super) fn begin((seq, timestamp): (u16, u32), next: u16, at: u32) -> Self {
        let (seq, timestamp) = (next.wrapping_sub(seq), at.wrapping_sub(timestamp));
        Self { seq, timestamp, end: at, sent: 0, idle: 0, credit: BURST }
    }

    /// What a packet of theirs is to be sent as; `None`: it was sent, or comes too late. `next` is the leg's next number, `at` its
    /// time, `duration` that of the packet, `clock` units a second.
    pub(super) fn number(
        &mut self,
        (seq, timestamp): (u16, u32),
        (next, at): (u16, u32),
        duration: u32,
        clock: u32,
    ) -> Option<Numbers> {
        self.credit = self.credit.checked_sub(1)?;
        let ours = seq.wrapping_add(self.seq);
        let ahead = ours.wrapping_sub(next);
        let next = if ahead < 1 << 15 {
            self.sent = self.sent.checked_shl(u32::from(ahead) + 1).unwrap_or(0) | 1;
            ours.wrapping_add(1)
        } else {
            let behind = next.wrapping_sub(1).wrapping_sub(ours);
            let bit =
                1u64.checked_shl(u32::from(behind)).filter(|bit| behind <= BEHIND && self.sent & bit == 0)?;
            self.sent |= bit;
            next
        };
        self.idle = 0;
        let moment = timestamp.wrapping_add(self.timestamp);
        let jumped = (moment.wrapping_sub(at) as i32).unsigned_abs() > clock;
        let moment = if jumped {
            self.timestamp = at.wrapping_sub(timestamp);
            at
        } else {
            moment
        };
        let end = moment.wrapping_add(duration);
        if jumped || is_after(end, self.end) {
            self.end = end;
        }
        Some(Numbers { seq: ours, timestamp: moment, next, jumped })
    }

    /// A packet of theirs is kept back: the ones after it close up.
    pub(super) fn skip(&mut self) {
        self.seq = self.seq.wrapping_sub(1);
    }

    /// 20 ms went by. Whether packets still come.
    pub(super) fn flows(&mut self) -> bool {
        self.credit = (self.credit + PACE).min(BURST);
        self.idle += 1;
        self.idle <= IDLE
    }
}

/// Whether a timestamp lies after another, as they wrap.
pub(super) fn is_after(one: u32, other: u32) -> bool {
    one.wrapping_sub(other) as i32 > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of packets that come in this order, beginning as 100 at 1000.
    fn passed(packets: &[u16]) -> Vec<Option<u16>> {
        let mut next = 100;
        let mut passing = Passing::begin((packets[0], 160 * u32::from(packets[0])), next, 1000);
        packets
            .iter()
            .map(|seq| {
                let numbers = passing.number((*seq, 160 * u32::from(*seq)), (next, 1000), 160, 8000)?;
                next = numbers.next;
                Some(numbers.seq)
            })
            .collect()
    }

    #[test]
    fn holes_and_order_stay_and_nothing_is_sent_twice() {
        let wanted = [Some(100), Some(101), Some(103), Some(102), None, Some(104), None];
        assert_eq!(passed(&[7, 8, 10, 9, 9, 11, 8]), wanted);
        assert_eq!(passed(&[65_535, 0, 1, 65_535]), [Some(100), Some(101), Some(102), None]);
        assert_eq!(passed(&[7, 80, 9, 18]), [Some(100), Some(173), None, Some(111)]);
    }

    #[test]
    fn a_packet_kept_back_leaves_no_hole() {
        let mut passing = Passing::begin((7, 0), 100, 1000);
        assert_eq!(passing.number((7, 0), (100, 1000), 160, 8000).map(|numbers| numbers.seq), Some(100));
        passing.skip();
        assert_eq!(passing.number((9, 320), (101, 1160), 160, 8000).map(|numbers| numbers.seq), Some(101));
    }

    #[test]
    fn a_sender_whose_clock_jumps_does_not_move_ours() {
        let mut passing = Passing::begin((7, 0), 100, 1000);
        passing.number((7, 0), (100, 1000), 160, 8000);
        let jumped = passing.number((8, 1 << 30), (101, 1160), 160, 8000).expect("sent");
        assert_eq!((jumped.timestamp, jumped.jumped), (1160, true));
        let after = passing.number((9, (1 << 30) + 160), (102, 1320), 160, 8000).expect("sent");
        assert_eq!((after.timestamp, after.jumped), (1320, false));
    }
}
