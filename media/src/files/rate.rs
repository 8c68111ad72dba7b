//! From any rate to ours, in pieces, so that a long recording never lies in memory at its own rate.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};

/// Input samples of a piece, about.
const PIECE: usize = 4096;

/// Changes the rate of one stream.
pub(crate) struct Changer {
    fft: Option<Fft<f32>>,
    from: u64,
    to: u64,
    pending: Vec<f32>,
    piece: Vec<f32>,
    skip: usize,
    taken: u64,
    given: u64,
}

/// A sample as 16 bits; `as` saturates.
fn to_i16(x: f32) -> i16 {
    (x * 32_768.0).round() as i16
}

impl Changer {
    /// `None` for rates that no recording has.
    pub(super) fn new(from: u32, to: u32) -> Option<Self> {
        Self::in_pieces(from, to, PIECE)
    }

    /// The same with pieces of about so many input samples: what is live does not wait for more.
    pub(crate) fn in_pieces(from: u32, to: u32, piece: usize) -> Option<Self> {
        if !(4000..=384_000).contains(&from) || !(4000..=384_000).contains(&to) {
            return None;
        }
        let fft = if from == to {
            None
        } else {
            // One sub-chunk: the default ones lose 6 dB at 3 kHz.
            let window = WindowFunction::BlackmanHarris2;
            let both = FixedSync::Both;
            Some(Fft::new_custom(from as usize, to as usize, piece, 1, 1, window, both).ok()?)
        };
        let skip = fft.as_ref().map_or(0, |fft| fft.output_delay());
        let piece = vec![0.0; fft.as_ref().map_or(0, |fft| fft.output_frames_max())];
        let (from, to) = (u64::from(from), u64::from(to));
        Some(Self { fft, from, to, pending: Vec::new(), piece, skip, taken: 0, given: 0 })
    }

    /// More samples in (−1..1); what is ready goes to `out`.
    pub(crate) fn push(&mut self, samples: &[f32], out: &mut Vec<i16>) {
        self.taken += samples.len() as u64;
        if self.fft.is_none() {
            out.extend(samples.iter().map(|x| to_i16(*x)));
            self.given = self.taken;
            return;
        }
        self.pending.extend_from_slice(samples);
        self.work(out);
    }

    fn work(&mut self, out: &mut Vec<i16>) {
        let Some(fft) = &mut self.fft else { return };
        let mut done = 0;
        loop {
            let need = fft.input_frames_next();
            let Some(input) = self.pending.get(done..done + need) else { break };
            let room = self.piece.len();
            let (Ok(input), Ok(mut output)) =
                (InterleavedSlice::new(input, 1, need), InterleavedSlice::new_mut(&mut self.piece, 1, room))
            else {
                break;
            };
            let Ok((_, produced)) = fft.process_into_buffer(&input, &mut output, None) else { break };
            done += need;
            let skip = self.skip.min(produced);
            self.skip -= skip;
            out.extend(self.piece[skip..produced].iter().map(|x| to_i16(*x)));
            self.given += (produced - skip) as u64;
        }
        self.pending.drain(..done);
    }

    /// The end: gives what is still inside.
    pub(super) fn finish(&mut self, out: &mut Vec<i16>) {
        let due = self.taken * self.to / self.from;
        let need = self.fft.as_ref().map_or(0, |fft| fft.input_frames_next());
        while self.given < due && need > 0 {
            let before = self.given;
            let short = need.saturating_sub(self.pending.len());
            self.pending.extend(std::iter::repeat_n(0.0, short));
            self.work(out);
            if self.given == before && self.skip == 0 {
                break;
            }
        }
        let surplus = self.given.saturating_sub(due);
        out.truncate(out.len().saturating_sub(surplus as usize));
    }
}
