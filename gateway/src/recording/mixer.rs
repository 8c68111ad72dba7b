//! Puts the frames of all legs on one clock: 20 ms of stereo after 20 ms, gaps as silence.
//!
//! Promises: legs of one tick (they share its time) are summed per side; a gap is as long as it was; rounding never adds up.

use std::time::Duration;

use kernel::Time;

use super::Side;
use super::ring::FRAME;

/// 20 ms of both sides, interleaved.
pub(super) type Stereo = [i16; 2 * FRAME];

/// Frames that a tick may be late without a gap being filled, or early without being left out: the media thread makes up for
/// short stalls.
const LATE: u64 = 5;

/// A tick whose legs are still coming.
#[derive(Debug)]
struct Open {
    at: Time,
    sides: [[i32; FRAME]; 2],
}

/// See the file's head.
#[derive(Debug)]
pub(super) struct Mixer {
    began: Time,
    done: u64,
    open: Option<Box<Open>>,
    /// A tick that is left out: silence was put in its place already.
    left_out: Option<Time>,
}

impl Mixer {
    pub(super) fn new(began: Time) -> Self {
        Self { began, done: 0, open: None, left_out: None }
    }

    /// Takes 20 ms of a leg; gives what is complete.
    pub(super) fn push(
        &mut self,
        at: Time,
        side: Side,
        samples: &[i16; FRAME],
        out: &mut impl FnMut(&Stereo),
    ) {
        if self.left_out == Some(at) {
            return;
        }
        if self.open.as_ref().is_none_or(|open| open.at != at) {
            self.close(out);
            if self.done > self.position(at) + LATE {
                self.left_out = Some(at);
                return;
            }
            self.fill(at, LATE, out);
            self.open = Some(Box::new(Open { at, sides: [[0; FRAME]; 2] }));
        }
        let Some(open) = &mut self.open else { return };
        let [left, right] = &mut open.sides;
        let sums = match side {
            Side::Left => left,
            Side::Right => right,
        };
        for (sum, sample) in sums.iter_mut().zip(samples) {
            *sum += i32::from(*sample);
        }
    }

    /// Nothing came until `at`: silence.
    pub(super) fn silent_until(&mut self, at: Time, out: &mut impl FnMut(&Stereo)) {
        if self.position(at) > self.done + LATE {
            self.close(out);
            self.fill(at, 0, out);
        }
    }

    /// What is left.
    pub(super) fn close(&mut self, out: &mut impl FnMut(&Stereo)) {
        let Some(open) = self.open.take() else { return };
        let mut stereo = [0; 2 * FRAME];
        let [left, right] = &open.sides;
        for (pair, (left, right)) in stereo.chunks_exact_mut(2).zip(left.iter().zip(right)) {
            pair.copy_from_slice(&[clip(*left), clip(*right)]);
        }
        self.done += 1;
        out(&stereo);
    }

    fn position(&self, at: Time) -> u64 {
        let since = at.since(self.began) + Duration::from_millis(10);
        u64::try_from(since.as_millis() / 20).unwrap_or(u64::MAX)
    }

    fn fill(&mut self, at: Time, slack: u64, out: &mut impl FnMut(&Stereo)) {
        let position = self.position(at);
        if position <= self.done + slack {
            return;
        }
        while self.done < position {
            self.done += 1;
            out(&[0; 2 * FRAME]);
        }
    }
}

fn clip(sum: i32) -> i16 {
    sum.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    #[test]
    fn sides_stay_apart_legs_of_a_side_add_up_and_gaps_keep_their_length() {
        let mut mixer = Mixer::new(ms(1000));
        let mut frames: Vec<(i16, i16)> = Vec::new();
        let mut out = |stereo: &Stereo| frames.push((stereo[0], stereo[1]));
        // Ticks that come a little late, and two at once, as after a stall.
        for at in [1001, 1023, 1070, 1071, 1080] {
            mixer.push(ms(at), Side::Left, &[100; FRAME], &mut out);
            mixer.push(ms(at), Side::Right, &[7; FRAME], &mut out);
            mixer.push(ms(at), Side::Right, &[32_765; FRAME], &mut out);
        }
        // A pause of two seconds: no frames.
        mixer.push(ms(3100), Side::Right, &[9; FRAME], &mut out);
        mixer.close(&mut out);
        assert_eq!(frames[..5], [(100, 32_767); 5]);
        assert_eq!(frames.len(), 106, "2.1 s and the frame after");
        assert!(frames[5..105].iter().all(|frame| *frame == (0, 0)));
        assert_eq!(frames[105], (0, 9));
    }

    #[test]
    fn a_stall_that_was_filled_and_then_made_up_for_does_not_shift_what_follows() {
        let mut mixer = Mixer::new(ms(0));
        let mut frames = Vec::new();
        let mut out = |stereo: &Stereo| frames.push(stereo[0]);
        let mut now = 0;
        for _ in 0..20 {
            // A second of speech, then half a second in which nothing comes, then ten ticks at once.
            for _ in 0..50 {
                mixer.push(ms(now), Side::Left, &[1; FRAME], &mut out);
                now += 20;
            }
            now += 500;
            mixer.silent_until(ms(now - 100), &mut out);
            for k in 0..10 {
                mixer.push(
                    Time::from_millis(now) + Duration::from_micros(k),
                    Side::Left,
                    &[2; FRAME],
                    &mut out,
                );
            }
        }
        mixer.push(ms(now + 20), Side::Left, &[9; FRAME], &mut out);
        mixer.close(&mut out);
        let last = i64::try_from(frames.len()).expect("few");
        let due = i64::try_from(now / 20).expect("few");
        assert!((last - due).abs() <= 6, "frame {last} for position {due}");
    }

    #[test]
    fn silence_goes_on_while_nothing_comes_and_sound_after_it_is_in_its_place() {
        let mut mixer = Mixer::new(ms(0));
        let mut frames = Vec::new();
        let mut out = |stereo: &Stereo| frames.push(stereo[0]);
        for at in (0..2000).step_by(100) {
            mixer.silent_until(ms(at), &mut out);
        }
        mixer.push(ms(2000), Side::Left, &[5; FRAME], &mut out);
        mixer.close(&mut out);
        let first = frames.iter().position(|sample| *sample == 5);
        assert!(first.is_some_and(|at| (95..=100).contains(&at)), "{first:?}");
    }
}
