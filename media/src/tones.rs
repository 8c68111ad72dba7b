//! Sounds that need no file: ringing, a beep, and music for those who wait (a small melody of our own).
//!
//! Promises: loops without a seam; nothing in it resembles speech or a telephone key. Not for the tick: make once, keep.

use std::f64::consts::TAU;

use kernel::Lang;

use crate::io::Source;

/// Level of call progress tones: −16 dBm0 each.
const TONE: f64 = 3600.0;
/// Seconds of a beat of the music.
const BEAT: f64 = 0.75;
/// Seconds over which a plucked note fades.
const FADE: f64 = 0.9;
/// Seconds until a note is inaudible.
const RING: f64 = 4.5;

fn render(name: &str, rate: u32, seconds: f64, at: impl Fn(f64) -> f64) -> Source {
    let n = (f64::from(rate) * seconds).round() as usize;
    let samples = (0..n).map(|k| at(k as f64 / f64::from(rate)) as i16).collect();
    Source { name: name.to_owned(), rate, samples }
}

/// Rises and falls within 10 ms, so that nothing clicks.
fn edge(t: f64, from: f64, to: f64) -> f64 {
    ((t - from) / 0.01).min((to - t) / 0.01).clamp(0.0, 1.0)
}

/// What a caller hears while the other side rings, as in the countries of the language; one period, to be repeated.
/// `rate`: 8000 or 16 000.
#[must_use]
pub fn ringback(rate: u32, lang: Lang) -> Source {
    match lang {
        Lang::En => render("ringback-en", rate, 6.0, |t| {
            edge(t, 0.0, 2.0) * TONE * ((TAU * 440.0 * t).sin() + (TAU * 480.0 * t).sin())
        }),
        Lang::Zh => {
            render("ringback-zh", rate, 5.0, |t| edge(t, 0.0, 1.0) * 1.5 * TONE * (TAU * 450.0 * t).sin())
        }
    }
}

/// What a caller hears when the other side is busy, as in the countries of the language; one period, to be repeated.
/// `rate`: 8000 or 16 000.
#[must_use]
pub fn busy(rate: u32, lang: Lang) -> Source {
    match lang {
        Lang::En => render("busy-en", rate, 1.0, |t| {
            edge(t, 0.0, 0.5) * TONE * ((TAU * 480.0 * t).sin() + (TAU * 620.0 * t).sin())
        }),
        Lang::Zh => {
            render("busy-zh", rate, 0.7, |t| edge(t, 0.0, 0.35) * 1.5 * TONE * (TAU * 450.0 * t).sin())
        }
    }
}

/// A short beep. `rate`: 8000 or 16 000.
#[must_use]
pub fn beep(rate: u32) -> Source {
    render("beep", rate, 0.2, |t| edge(t, 0.0, 0.2) * TONE * 1.5 * (TAU * 1000.0 * t).sin())
}

/// Silence. `rate`: 8000 or 16 000.
#[must_use]
pub fn silence(rate: u32, millis: u32) -> Source {
    render("silence", rate, f64::from(millis) / 1000.0, |_| 0.0)
}

/// Notes by half-tones from A at 220 Hz: a slow walk over broken chords, 32 beats.
const MELODY: [[i32; 4]; 8] = [
    [3, 7, 10, 15],
    [0, 3, 7, 12],
    [-4, 0, 3, 8],
    [-2, 2, 5, 10],
    [3, 10, 15, 19],
    [0, 7, 12, 15],
    [-4, 3, 8, 12],
    [-2, 5, 10, 14],
];

/// Music on hold: 24 s, to be repeated without a seam. `rate`: 8000 or 16 000.
#[must_use]
pub fn hold_music(rate: u32) -> Source {
    let beats = MELODY.len() * 4;
    let length = (f64::from(rate) * BEAT * beats as f64) as usize;
    let mut sum = vec![0f64; length];
    for (bar, chord) in MELODY.iter().enumerate() {
        for (beat, note) in chord.iter().enumerate() {
            let start = (f64::from(rate) * BEAT * (bar * 4 + beat) as f64) as usize;
            pluck(&mut sum, rate, start, f64::from(*note), 1500.0);
        }
        // The bass holds the bar together.
        let start = (f64::from(rate) * BEAT * (bar * 4) as f64) as usize;
        pluck(&mut sum, rate, start, f64::from(chord[0] - 12), 1800.0);
    }
    let samples = sum.iter().map(|x| *x as i16).collect();
    Source { name: "hold-music".to_owned(), rate, samples }
}

/// Adds a note that fades; what rings beyond the end rings on at the beginning.
fn pluck(sum: &mut [f64], rate: u32, start: usize, half_tones: f64, level: f64) {
    let f = 220.0 * (half_tones / 12.0).exp2();
    for k in 0..(f64::from(rate) * RING) as usize {
        let t = k as f64 / f64::from(rate);
        let fade = (-t / FADE).exp() * (t / 0.015).min(1.0) * ((RING - t) / 0.5).min(1.0);
        let wave = (TAU * f * t).sin() + 0.35 * (TAU * 2.0 * f * t).sin() + 0.1 * (TAU * 3.0 * f * t).sin();
        let at = (start + k) % sum.len();
        sum[at] += level * fade * wave;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn music_neither_clips_nor_pauses_nor_jumps_at_its_seam() {
        let music = hold_music(8000);
        assert_eq!(music.samples.len(), 24 * 8000);
        let peak = music.samples.iter().map(|s| s.unsigned_abs()).max().expect("music");
        assert!((4000..24_000).contains(&peak), "{peak}");
        for second in music.samples.chunks(8000) {
            let power: f64 = second.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / 8000.0;
            assert!(power.sqrt() > 400.0, "a hole in the music");
        }
        let steepest = music.samples.windows(2).map(|w| (w[1] - w[0]).abs()).max().expect("music");
        let seam = (music.samples[0] - music.samples[music.samples.len() - 1]).abs();
        assert!(seam <= steepest);
    }

    #[test]
    fn music_and_tones_press_no_keys() {
        let mut detector = crate::dtmf::detector::Detector::new();
        for source in [hold_music(8000), ringback(8000, Lang::En), ringback(8000, Lang::Zh), beep(8000)] {
            for frame in source.samples.as_chunks::<160>().0 {
                assert_eq!(detector.process(frame), None, "{}", source.name);
            }
        }
    }
}
