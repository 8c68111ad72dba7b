//! A response to an INVITE that is repeated until the caller confirms it, over any transport: a 200 until its ACK
//! (RFC 3261 section 13.3.1.4), a reliable provisional one until its PRACK (RFC 3262 section 3).

use kernel::{Effects, Time};

use crate::io::Path;
use crate::transaction::backoff::Backoff;
use crate::transaction::{GIVE_UP, Step};

/// The response and its clock.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    bytes: Vec<u8>,
    /// Where it goes.
    pub(crate) path: Path,
    /// The number that the confirmation must carry: CSeq in an ACK, RSeq in a PRACK.
    pub(crate) number: u32,
    resend: Backoff,
    until: Time,
}

impl Guard {
    /// Guards a 200 that was just sent.
    pub(crate) fn begin(now: Time, bytes: Vec<u8>, path: Path, number: u32) -> Self {
        Self { bytes, path, number, resend: Backoff::to_t2(now), until: now + GIVE_UP }
    }

    /// Guards a reliable provisional response: no ceiling between repetitions.
    pub(crate) fn doubling(now: Time, bytes: Vec<u8>, path: Path, number: u32) -> Self {
        Self { bytes, path, number, resend: Backoff::doubling(now), until: now + GIVE_UP }
    }

    /// What time brings: the response again, or the end of patience.
    pub(crate) fn elapsed(&mut self, now: Time, out: &mut dyn Effects<Step>) {
        if self.until <= now {
            out.emit(Step::TimedOut);
        } else if self.resend.at <= now {
            out.emit(Step::Send(self.bytes.clone()));
            self.resend = self.resend.after(now);
        }
    }

    /// When `elapsed` is due.
    pub(crate) fn next_timeout(&self) -> Time {
        self.resend.at.min(self.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Transport;

    #[test]
    fn the_200_comes_at_growing_intervals_for_32_seconds() {
        let any = "127.0.0.1:1".parse().expect("address");
        let path = Path { transport: Transport::Tcp, local: any, remote: any, connection: None };
        let mut guard = Guard::begin(Time::ZERO, vec![2], path, 1);
        let (mut steps, mut times) = (Vec::new(), Vec::new());
        while steps.last() != Some(&Step::TimedOut) {
            let at = guard.next_timeout();
            times.push(at.as_millis());
            guard.elapsed(at, &mut steps);
        }
        assert_eq!(times, [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500, 32000]);
    }
}
