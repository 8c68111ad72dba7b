//! 8 ↔ 16 kHz while a call runs: a half-band filter with 40 taps that are not zero (Kaiser window).
//!
//! Promises: 2.5 ms delay or less, flat to 3.4 kHz, images and aliases of telephone speech below −60 dB; no allocation.
//! Leaves to others: other rates, which only files have (`files`).

use crate::codecs::{NARROW, WIDE};

/// Taps of the branch that interpolates; the other branch of a half-band filter is a pure delay.
const TAPS: usize = 40;
/// Half of them: the filter is symmetric.
const HALF: usize = TAPS / 2;
/// Samples of the past that a frame needs.
const PAST: usize = TAPS - 1;
/// Kaiser's β for about 70 dB of stop band.
const BETA: f64 = 6.8;

/// The interpolating branch (first half), gain one.
#[derive(Clone, Debug)]
struct Taps([f32; HALF]);

impl Taps {
    fn new() -> Self {
        let mut taps = [0f64; HALF];
        for (n, tap) in taps.iter_mut().enumerate() {
            // Distance from the centre in samples at 16 kHz: odd numbers, the even ones are zeros of a half-band filter.
            let x = (2 * (HALF - n) - 1) as f64;
            let sinc = (std::f64::consts::FRAC_PI_2 * x).sin() / (std::f64::consts::FRAC_PI_2 * x);
            *tap = sinc * kaiser(x / TAPS as f64);
        }
        let sum: f64 = 2.0 * taps.iter().sum::<f64>();
        Self(taps.map(|tap| (tap / sum) as f32))
    }
}

/// The Kaiser window at `x` in −1..1.
fn kaiser(x: f64) -> f64 {
    bessel_i0(BETA * (1.0 - x * x).max(0.0).sqrt()) / bessel_i0(BETA)
}

fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / (2.0 * f64::from(k))).powi(2);
        sum += term;
    }
    sum
}

/// `acc[n] = Σ taps · (input[n + k] + input[n + TAPS − 1 − k])`.
fn convolve(taps: &Taps, input: &[f32; NARROW + PAST]) -> [f32; NARROW] {
    let mut acc = [0f32; NARROW];
    for (k, tap) in taps.0.iter().enumerate() {
        let early = &input[k..k + NARROW];
        let late = &input[PAST - k..PAST - k + NARROW];
        for ((sum, a), b) in acc.iter_mut().zip(early).zip(late) {
            *sum += tap * (a + b);
        }
    }
    acc
}

fn to_i16(x: f32) -> i16 {
    // `as` saturates.
    x.round_ties_even() as i16
}

/// From 8 to 16 kHz, 20 ms at a time.
#[derive(Clone, Debug)]
pub(crate) struct Upsampler {
    taps: Taps,
    input: [f32; NARROW + PAST],
}

impl Upsampler {
    pub(crate) fn new() -> Self {
        Self { taps: Taps::new(), input: [0.0; NARROW + PAST] }
    }

    /// Forgets the past.
    pub(crate) fn reset(&mut self) {
        self.input = [0.0; NARROW + PAST];
    }

    pub(crate) fn process(&mut self, narrow: &[i16; NARROW], wide: &mut [i16; WIDE]) {
        self.input.copy_within(NARROW.., 0);
        for (slot, sample) in self.input[PAST..].iter_mut().zip(narrow) {
            *slot = f32::from(*sample);
        }
        let between = convolve(&self.taps, &self.input);
        for (n, pair) in wide.chunks_exact_mut(2).enumerate() {
            pair[0] = self.input[n + HALF - 1] as i16;
            pair[1] = to_i16(between[n]);
        }
    }
}

/// From 16 to 8 kHz, 20 ms at a time.
#[derive(Clone, Debug)]
pub(crate) struct Downsampler {
    taps: Taps,
    // The odd samples go through the filter, the even ones through the delay.
    odd: [f32; NARROW + PAST],
    even: [f32; NARROW + HALF - 1],
}

impl Downsampler {
    pub(crate) fn new() -> Self {
        Self { taps: Taps::new(), odd: [0.0; NARROW + PAST], even: [0.0; NARROW + HALF - 1] }
    }

    /// Forgets the past.
    pub(crate) fn reset(&mut self) {
        self.odd = [0.0; NARROW + PAST];
        self.even = [0.0; NARROW + HALF - 1];
    }

    pub(crate) fn process(&mut self, wide: &[i16; WIDE], narrow: &mut [i16; NARROW]) {
        self.odd.copy_within(NARROW.., 0);
        self.even.copy_within(NARROW.., 0);
        for (n, pair) in wide.chunks_exact(2).enumerate() {
            self.even[HALF - 1 + n] = f32::from(pair[0]);
            self.odd[PAST + n] = f32::from(pair[1]);
        }
        let filtered = convolve(&self.taps, &self.odd);
        for (n, sample) in narrow.iter_mut().enumerate() {
            *sample = to_i16(0.5 * (self.even[n] + filtered[n]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: f64, f: f64, n: usize) -> Vec<i16> {
        (0..n).map(|k| (10_000.0 * (std::f64::consts::TAU * f * k as f64 / rate).sin()) as i16).collect()
    }

    /// Level of `f` in decibels against a sine of 10 000, over whole periods of 10 Hz.
    fn level(samples: &[i16], rate: f64, f: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (k, s) in samples.iter().enumerate() {
            let angle = std::f64::consts::TAU * f * k as f64 / rate;
            re += f64::from(*s) * angle.cos();
            im += f64::from(*s) * angle.sin();
        }
        20.0 * (2.0 * (re * re + im * im).sqrt() / samples.len() as f64 / 10_000.0).max(1e-9).log10()
    }

    fn up(samples: &[i16]) -> Vec<i16> {
        let mut resampler = Upsampler::new();
        let mut out = Vec::new();
        for chunk in samples.as_chunks::<NARROW>().0 {
            let mut wide = [0; WIDE];
            resampler.process(chunk, &mut wide);
            out.extend(wide);
        }
        out
    }

    fn down(samples: &[i16]) -> Vec<i16> {
        let mut resampler = Downsampler::new();
        let mut out = Vec::new();
        for chunk in samples.as_chunks::<WIDE>().0 {
            let mut narrow = [0; NARROW];
            resampler.process(chunk, &mut narrow);
            out.extend(narrow);
        }
        out
    }

    #[test]
    fn telephone_band_passes_flat_and_its_image_is_gone() {
        for f in [200.0, 1000.0, 2000.0, 3000.0, 3400.0] {
            let wide = up(&tone(8000.0, f, 8000));
            let wide = &wide[1600..];
            assert!(level(wide, 16_000.0, f).abs() < 1.0, "{f} Hz: {}", level(wide, 16_000.0, f));
            let image = level(wide, 16_000.0, 8000.0 - f);
            assert!(image < -55.0, "image of {f} Hz: {image}");
        }
    }

    #[test]
    fn what_a_phone_cannot_carry_does_not_fold_back() {
        for f in [200.0, 1000.0, 3000.0, 3400.0] {
            let narrow = down(&tone(16_000.0, f, 16_000));
            let passed = level(&narrow[800..], 8000.0, f);
            assert!(passed.abs() < 1.0, "{f} Hz: {passed}");
        }
        for f in [4600.0, 5000.0, 6000.0, 7500.0] {
            let narrow = down(&tone(16_000.0, f, 16_000));
            let alias = level(&narrow[800..], 8000.0, 8000.0 - f);
            assert!(alias < -55.0, "alias of {f} Hz: {alias}");
        }
    }

    #[test]
    fn delay_there_and_back_is_five_milliseconds_at_most() {
        let mut pulse = vec![0i16; 1600];
        pulse[400] = 20_000;
        let back = down(&up(&pulse));
        let at = back.iter().enumerate().max_by_key(|(_, s)| s.unsigned_abs()).map(|(n, _)| n);
        let delay = at.expect("not empty") - 400;
        assert!(delay <= 40, "{delay} samples of 8 kHz");
    }
}
