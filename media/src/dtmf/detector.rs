//! Keys heard as tones (ITU-T Q.23, Q.24): for phones without telephone events.
//!
//! Promises: 40 ms tones with 40 ms between them are heard, 20 ms ones are not; ±1.5 % of frequency passes, ±3.5 % does
//! not; speech is not taken for keys; no allocation. How: the eight tones are correlated in blocks of 5 ms; four blocks
//! give a resolution of 50 Hz, and the turn of phase between blocks gives the exact frequency.

use super::{HIGH, LOW, PAD};
use crate::codecs::NARROW;

/// Samples of a block: 5 ms.
const BLOCK: usize = 40;
/// Blocks of a window: 20 ms.
const BLOCKS: usize = 4;
/// Windows in a row that must agree (35 ms from the first block to the last).
const AGREE: u32 = 4;
/// Windows in a row without it that end a press.
const RELEASE: u32 = 4;
/// Mean square below which nothing is looked for: two tones of −42 dBm0.
const FLOOR: f32 = 20_000.0;
/// Part of the power that the two tones must have. At 0.75 a high voice gave nine false keys in an hour, at 0.85 none in two.
const PURITY: f32 = 0.85;
/// Greatest ratio of the tones' powers, either way (10 dB).
const TWIST: f32 = 10.0;
/// Greatest deviation of a window, and of the mean over the press so far.
const WINDOW_OFF: f32 = 0.032;
const MEAN_OFF: f32 = 0.025;

#[derive(Clone, Copy, Debug, Default)]
struct Complex {
    re: f32,
    im: f32,
}

impl Complex {
    fn turn(angle: f32) -> Self {
        Self { re: angle.cos(), im: angle.sin() }
    }

    fn times(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }

    fn plus(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    /// How far `later` is turned against this, as a phasor.
    fn to(self, later: Self) -> Self {
        later.times(Self { re: self.re, im: -self.im })
    }

    fn angle(self) -> f32 {
        self.im.atan2(self.re)
    }

    fn power(self) -> f32 {
        self.re * self.re + self.im * self.im
    }
}

/// One of the eight tones.
struct Tone {
    f: f32,
    cos: [f32; BLOCK],
    sin: [f32; BLOCK],
    step: Complex,
    turn: Complex,
    blocks: [Complex; BLOCKS],
}

impl Tone {
    fn new(f: f32) -> Self {
        let angle = std::f32::consts::TAU * f / 8000.0;
        let (mut cos, mut sin) = ([0.0; BLOCK], [0.0; BLOCK]);
        for (n, (c, s)) in cos.iter_mut().zip(&mut sin).enumerate() {
            *c = (angle * n as f32).cos();
            *s = -(angle * n as f32).sin();
        }
        let step = Complex::turn(-angle * BLOCK as f32);
        Self { f, cos, sin, step, turn: Complex { re: 1.0, im: 0.0 }, blocks: [Complex::default(); BLOCKS] }
    }

    fn push(&mut self, block: &[f32; BLOCK]) {
        let (mut re, mut im) = (0.0, 0.0);
        for ((x, c), s) in block.iter().zip(&self.cos).zip(&self.sin) {
            re += x * c;
            im += x * s;
        }
        self.blocks.rotate_left(1);
        self.blocks[BLOCKS - 1] = Complex { re, im }.times(self.turn);
        self.turn = self.turn.times(self.step);
        // Rounding must not let the phasor grow or shrink over hours.
        let length = self.turn.power().sqrt();
        self.turn = Complex { re: self.turn.re / length, im: self.turn.im / length };
    }

    fn level(&self) -> f32 {
        self.blocks.iter().fold(Complex::default(), |sum, block| sum.plus(*block)).power()
    }

    /// Deviation from the nominal frequency in hertz, and the power at the true frequency.
    fn measure(&self) -> (f32, f32) {
        let [a, b, c, d] = self.blocks;
        // Over 5 ms the turn is clear up to 100 Hz; over 10 ms it is finer but clear up to 50 Hz only.
        let coarse = a.to(b).plus(b.to(c)).plus(c.to(d)).angle() / (std::f32::consts::TAU * 0.005);
        let fine = a.plus(b).to(c.plus(d)).angle() / (std::f32::consts::TAU * 0.01);
        let off = fine + 100.0 * ((coarse - fine) / 100.0).round();
        let back = -std::f32::consts::TAU * off * 0.005;
        let sum = self.blocks.iter().enumerate().fold(Complex::default(), |sum, (n, block)| {
            sum.plus(block.times(Complex::turn(back * n as f32)))
        });
        (off, sum.power())
    }
}

/// The press under way, or what may become one.
#[derive(Clone, Copy, Debug)]
struct Press {
    key: char,
    windows: u32,
    misses: u32,
    off: [f32; 2],
    told: bool,
}

/// The detector of a leg.
pub(crate) struct Detector {
    tones: [Tone; 8],
    energy: [f32; BLOCKS],
    press: Option<Press>,
}

impl Detector {
    pub(crate) fn new() -> Self {
        let f = |n: usize| if n < 4 { LOW[n] } else { HIGH[n - 4] };
        Self { tones: std::array::from_fn(|n| Tone::new(f(n))), energy: [0.0; BLOCKS], press: None }
    }

    /// 20 ms at 8 kHz. Returns a key when it has been down for long enough, once.
    pub(crate) fn process(&mut self, samples: &[i16; NARROW]) -> Option<char> {
        let mut told = None;
        for chunk in samples.as_chunks::<BLOCK>().0 {
            let block = chunk.map(f32::from);
            self.energy.rotate_left(1);
            self.energy[BLOCKS - 1] = block.iter().map(|x| x * x).sum();
            for tone in &mut self.tones {
                tone.push(&block);
            }
            let seen = self.window();
            told = self.follow(seen).or(told);
        }
        told
    }

    /// The key that the last 20 ms hold, and how far its tones are off (as a part of their frequency).
    fn window(&self) -> Option<(char, [f32; 2])> {
        let energy: f32 = self.energy.iter().sum();
        let n = (BLOCK * BLOCKS) as f32;
        if energy < FLOOR * n {
            return None;
        }
        let loudest = |tones: &[Tone]| {
            tones
                .iter()
                .enumerate()
                .max_by(|a, b| a.1.level().total_cmp(&b.1.level()))
                .map_or(0, |(index, _)| index)
        };
        let (row, column) = (loudest(&self.tones[..4]), loudest(&self.tones[4..]));
        let (low, high) = (&self.tones[row], &self.tones[4 + column]);
        let ((low_off, low_power), (high_off, high_power)) = (low.measure(), high.measure());
        let off = [low_off / low.f, high_off / high.f];
        let pure = 2.0 * (low_power + high_power) / (n * energy) > PURITY;
        let level = low_power < TWIST * high_power && high_power < TWIST * low_power;
        (pure && level && off.iter().all(|off| off.abs() < WINDOW_OFF)).then_some((PAD[row][column], off))
    }

    fn follow(&mut self, seen: Option<(char, [f32; 2])>) -> Option<char> {
        match (&mut self.press, seen) {
            (Some(press), Some((key, off))) if press.key == key => {
                press.misses = 0;
                press.windows += 1;
                press.off = [press.off[0] + off[0], press.off[1] + off[1]];
                let true_pitch = press.off.iter().all(|sum| (sum / press.windows as f32).abs() < MEAN_OFF);
                if !press.told && press.windows >= AGREE && true_pitch {
                    press.told = true;
                    return Some(key);
                }
            }
            (Some(press), None) => {
                press.misses += 1;
                // Before it was told, a press must not be interrupted at all.
                if !press.told || press.misses >= RELEASE {
                    self.press = None;
                }
            }
            (_, Some((key, off))) => {
                self.press = Some(Press { key, windows: 1, misses: 0, off, told: false })
            }
            (None, None) => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use kernel::Rng;

    use super::super::tones_of;
    use super::*;

    const ALL: &str = "123A456B789C*0#D";

    /// How a row of keys is sent.
    struct Keys {
        on_ms: usize,
        off_ms: usize,
        level: f64,
        twist_db: f64,
        off: f64,
        noise: f64,
    }

    const PLAIN: Keys = Keys { on_ms: 100, off_ms: 100, level: 8000.0, twist_db: 0.0, off: 1.0, noise: 0.0 };

    fn heard(samples: &[i16]) -> String {
        let mut detector = Detector::new();
        samples.as_chunks::<NARROW>().0.iter().filter_map(|frame| detector.process(frame)).collect()
    }

    /// The keys as sound, beginning at an odd place so that tones and blocks do not fall together.
    fn sound(keys: &Keys, shift: usize) -> Vec<i16> {
        let mut rng = Rng::seeded(3);
        let mut samples = vec![0.0; 400 + shift];
        for key in ALL.chars() {
            let (low, high) = tones_of(key).expect("a key");
            let gains = [1.0, 10f64.powf(keys.twist_db / 20.0)];
            for k in 0..keys.on_ms * 8 {
                let t = k as f64 / 8000.0;
                let wave = |f: f32| (std::f64::consts::TAU * f64::from(f) * keys.off * t).sin();
                samples.push(keys.level * (gains[0] * wave(low) + gains[1] * wave(high)));
            }
            samples.extend(vec![0.0; keys.off_ms * 8]);
        }
        samples.extend(vec![0.0; 400]);
        samples
            .iter()
            .map(|x| {
                // Twelve uniform numbers add up to nearly a normal one.
                let noise: f64 = (0..12).map(|_| rng.below(1000) as f64 / 1000.0).sum::<f64>() - 6.0;
                (x + keys.noise * noise) as i16
            })
            .collect()
    }

    #[test]
    fn all_sixteen_keys_are_heard_once_each() {
        for (on_ms, off_ms) in [(40, 40), (50, 50), (100, 100), (1000, 60)] {
            for shift in [0, 7, 13, 29] {
                let samples = sound(&Keys { on_ms, off_ms, ..PLAIN }, shift);
                assert_eq!(heard(&samples), ALL, "{on_ms} ms, {off_ms} ms apart, {shift}");
            }
        }
    }

    #[test]
    fn keys_are_heard_through_what_lines_do_to_them() {
        for keys in [
            Keys { off: 1.015, ..PLAIN },
            Keys { off: 0.985, ..PLAIN },
            Keys { twist_db: 4.0, ..PLAIN },
            Keys { twist_db: -8.0, ..PLAIN },
            Keys { level: 392.0, ..PLAIN },
            Keys { level: 5000.0, noise: 900.0, ..PLAIN },
            Keys { on_ms: 45, off_ms: 45, off: 1.01, noise: 300.0, ..PLAIN },
        ] {
            for shift in [0, 11, 33] {
                let got = heard(&sound(&keys, shift));
                assert_eq!(got, ALL, "off {} twist {} level {}", keys.off, keys.twist_db, keys.level);
            }
        }
    }

    #[test]
    fn what_is_no_key_is_not_taken_for_one() {
        for keys in [
            Keys { off: 1.035, ..PLAIN },
            Keys { off: 0.965, ..PLAIN },
            Keys { on_ms: 20, off_ms: 60, ..PLAIN },
            Keys { level: 30.0, ..PLAIN },
        ] {
            for shift in [0, 11, 33] {
                assert_eq!(heard(&sound(&keys, shift)), "", "off {} on {} ms", keys.off, keys.on_ms);
            }
        }
        let mut rng = Rng::seeded(1);
        let noise: Vec<i16> = (0..80_000).map(|_| (rng.below(20_000) as i32 - 10_000) as i16).collect();
        assert_eq!(heard(&noise), "");
        // A single tone, a ringback and a sweep through all of them.
        let tone = |f: &dyn Fn(f64) -> f64| -> Vec<i16> {
            let mut phase = 0.0;
            (0..40_000)
                .map(|k| {
                    phase += std::f64::consts::TAU * f(f64::from(k) / 8000.0) / 8000.0;
                    (12_000.0 * phase.sin()) as i16
                })
                .collect()
        };
        assert_eq!(heard(&tone(&|_| 941.0)), "");
        assert_eq!(heard(&tone(&|t| 600.0 + 240.0 * t)), "");
        let ringback: Vec<i16> =
            tone(&|_| 440.0).iter().zip(tone(&|_| 480.0)).map(|(a, b)| a / 2 + b / 2).collect();
        assert_eq!(heard(&ringback), "");
    }
}
