//! Sound files into prompts and back: wav, mp3, flac, ogg (Vorbis and Opus), m4a, at any rate, to mono at ours.
//!
//! Promises: any bytes are safe; an error names the file, what was found and what would be right; memory is bounded by
//! `kernel::limits::AUDIO_SECONDS`. Leaves to others: reading from disk. Not for the tick: this allocates and takes time.

mod decode;
mod rate;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use kernel::limits::AUDIO_SECONDS;
use thiserror::Error;

use crate::io::Source;
use decode::Take;
pub(crate) use rate::Changer;

/// Why a file cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FileError {
    /// Not a sound file that we know.
    #[error("{name}: this is {found}; a wav, mp3, flac, ogg or m4a file would be right")]
    Unknown {
        /// The file.
        name: String,
        /// What it looks like.
        found: String,
    },
    /// A container without sound, or with sound in a form that we cannot decode.
    #[error(
        "{name}: no sound in it can be decoded ({found}); PCM, mp3, FLAC, Vorbis, Opus or AAC-LC would be right"
    )]
    Undecodable {
        /// The file.
        name: String,
        /// What the decoder said.
        found: String,
    },
    /// It begins well and then makes no sense.
    #[error("{name}: the file is damaged ({found}); saving it anew as wav may help")]
    Damaged {
        /// The file.
        name: String,
        /// What the decoder said.
        found: String,
    },
    /// Longer than we take.
    #[error("{name}: longer than {} hours; cut it into shorter files", AUDIO_SECONDS / 3600)]
    TooLong {
        /// The file.
        name: String,
    },
    /// Nothing to hear.
    #[error("{name}: the file holds no sound; a recording of at least a few milliseconds would be right")]
    Empty {
        /// The file.
        name: String,
    },
    /// A rate that no recording has.
    #[error("{name}: {found} samples per second; 4000 to 384000 would be right")]
    Rate {
        /// The file.
        name: String,
        /// The rate.
        found: u32,
    },
}

/// Decodes a whole file to mono samples at `rate` (8000 or 16 000 for prompts; 16 000 for recognition).
///
/// # Errors
/// When the bytes are no sound file that we know, are damaged, or hold too much or nothing.
pub fn samples(name: &str, bytes: Vec<u8>, rate: u32) -> Result<Vec<i16>, FileError> {
    Ok(decoded(name, bytes, rate, Take::Mixed)?.0)
}

/// Decodes a file whose two channels are two people, each on their own; of any other file, all of it as one.
///
/// # Errors
/// As `samples`.
pub fn sides(name: &str, bytes: Vec<u8>, rate: u32) -> Result<Vec<Vec<i16>>, FileError> {
    let (first, channels) = decoded(name, bytes.clone(), rate, Take::One(0))?;
    match channels {
        1 => Ok(vec![first]),
        2 => Ok(vec![first, decoded(name, bytes, rate, Take::One(1))?.0]),
        _ => Ok(vec![decoded(name, bytes, rate, Take::Mixed)?.0]),
    }
}

fn decoded(name: &str, bytes: Vec<u8>, rate: u32, take: Take) -> Result<(Vec<i16>, usize), FileError> {
    if bytes.is_empty() {
        return Err(FileError::Empty { name: name.to_owned() });
    }
    // A decoder's panic on hostile bytes must end this file and nothing else.
    catch_unwind(AssertUnwindSafe(|| decode::decode(name, bytes, rate, take))).unwrap_or_else(|_| {
        Err(FileError::Damaged { name: name.to_owned(), found: "the decoder gave up".to_owned() })
    })
}

/// Decodes a file into something to play. `rate` is 8000 or 16 000 samples per second.
///
/// # Errors
/// As `samples`.
pub fn source(name: &str, bytes: Vec<u8>, rate: u32) -> Result<Source, FileError> {
    let samples: Arc<[i16]> = samples(name, bytes, rate)?.into();
    Ok(Source { name: name.to_owned(), rate, samples })
}

/// Changes the rate of mono samples.
#[must_use]
pub fn resample(samples: &[i16], from: u32, to: u32) -> Vec<i16> {
    let mut out = Vec::new();
    if let Some(mut changer) = rate::Changer::new(from, to) {
        let scaled: Vec<f32> = samples.iter().map(|s| f32::from(*s) / 32_768.0).collect();
        changer.push(&scaled, &mut out);
        changer.finish(&mut out);
    }
    out
}

/// Mono samples as a wav file of 16 bits.
#[must_use]
pub fn write_wav(rate: u32, samples: &[i16]) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::with_capacity(44 + 2 * samples.len()));
    let written = hound::WavWriter::new(&mut bytes, spec).and_then(|mut writer| {
        for sample in samples {
            writer.write_sample(*sample)?;
        }
        writer.finalize()
    });
    // Writing into memory fails for more than 4 GiB only, which a wav cannot hold.
    if written.is_ok() { bytes.into_inner() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(rate: u32, f: f64, seconds: f64) -> Vec<i16> {
        (0..(f64::from(rate) * seconds) as usize)
            .map(|k| (10_000.0 * (std::f64::consts::TAU * f * k as f64 / f64::from(rate)).sin()) as i16)
            .collect()
    }

    /// Amplitude of a tone over whole periods of 10 Hz.
    fn level(samples: &[i16], rate: u32, f: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (k, s) in samples.iter().enumerate() {
            let angle = std::f64::consts::TAU * f * k as f64 / f64::from(rate);
            re += f64::from(*s) * angle.cos();
            im += f64::from(*s) * angle.sin();
        }
        2.0 * (re * re + im * im).sqrt() / samples.len() as f64
    }

    #[test]
    fn a_wav_of_any_rate_comes_at_ours_with_its_length_and_level() {
        for from in [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000] {
            for to in [8000, 16_000] {
                let wav = write_wav(from, &sine(from, 1000.0, 2.0));
                let got = samples("tone.wav", wav, to).expect("a wav");
                assert!((got.len() as i64 - i64::from(2 * to)).abs() <= 2, "{from} to {to}: {}", got.len());
                let middle = &got[to as usize / 2..to as usize * 3 / 2];
                let amplitude = level(middle, to, 1000.0);
                assert!((amplitude - 10_000.0).abs() < 150.0, "{from} to {to}: {amplitude}");
            }
        }
    }

    #[test]
    fn two_people_in_one_file_come_apart() {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a wav");
        for (left, right) in sine(8000, 500.0, 1.0).into_iter().zip(sine(8000, 1500.0, 1.0)) {
            writer.write_sample(left).expect("written");
            writer.write_sample(right).expect("written");
        }
        writer.finalize().expect("written");
        let sides = sides("call.wav", bytes.into_inner(), 16_000).expect("a wav");
        assert_eq!(sides.len(), 2);
        let strong = |samples: &[i16], f: f64| level(&samples[4_000..12_000], 16_000, f) > 9_000.0;
        assert!(strong(&sides[0], 500.0) && !strong(&sides[0], 1500.0));
        assert!(strong(&sides[1], 1500.0) && !strong(&sides[1], 500.0));
        assert_eq!(
            super::sides("tone.wav", write_wav(8000, &sine(8000, 500.0, 0.5)), 8000).expect("a wav").len(),
            1
        );
    }

    #[test]
    fn what_is_above_the_band_of_a_phone_does_not_fold_into_it() {
        let got = resample(&sine(44_100, 5000.0, 1.0), 44_100, 8000);
        assert!(level(&got[1600..6400], 8000, 3000.0) < 20.0);
    }

    #[test]
    fn errors_name_the_file_and_what_was_found() {
        let error =
            |bytes: &[u8]| samples("greeting.wav", bytes.to_vec(), 8000).expect_err("no sound").to_string();
        assert!(error(b"").contains("greeting.wav: the file holds no sound"));
        assert!(error(b"Dear caller, please hold the line.").contains("this is text"));
        assert!(error(b"\x89PNG\r\n\x1a\nxxxxxxxxxxxxxxxxxxxx").contains("a PNG picture"));
        assert!(error(&[0xEE; 5000]).contains("would be right"));
        assert!(error(&write_wav(8000, &[])).contains("no sound"));
        let mut cut = write_wav(8000, &sine(8000, 500.0, 1.0));
        cut.truncate(30);
        assert!(error(&cut).contains("greeting.wav"));
    }

    #[test]
    fn a_file_that_was_cut_off_plays_as_far_as_it_goes() {
        let mut cut = write_wav(8000, &sine(8000, 500.0, 2.0));
        cut.truncate(44 + 16_000);
        let got = samples("cut.wav", cut, 8000).expect("half a wav");
        assert!((7000..=8000).contains(&got.len()), "{}", got.len());
    }

    #[test]
    fn broken_files_never_panic() {
        let wav = write_wav(16_000, &sine(16_000, 500.0, 0.1));
        let mut rng = kernel::Rng::seeded(5);
        for _ in 0..300 {
            let mut bytes = wav.clone();
            for _ in 0..1 + rng.below(6) {
                let at = rng.below(60) as usize;
                bytes[at] = rng.next_u32() as u8;
            }
            let _ = samples("fuzz.wav", bytes, 8000);
        }
    }
}
