//! Samples: read, trimmed, brought to one rate and one loudness.
//!
//! Prompts come from different voices and people; a caller should not have to turn the volume.

use crate::Speech;

/// Rate of every prompt that we make, in samples per second.
pub(crate) const RATE: u32 = 16_000;
/// Loudest root mean square: −20 dBFS, for even sounds. Speech has peaks, and the next line keeps it near −25 dBFS, which
/// is about the nominal level of telephone speech (ITU-T P.56: −26 dBov).
const LOUDNESS: f32 = 0.1;
/// Highest peak: −6 dBFS leaves room for codecs and mixing.
const PEAK: f32 = 0.5;
/// What is this much quieter than the peak is silence: −46 dB.
const SILENCE: f32 = 0.005;
/// Kept before the first and after the last sound, in milliseconds: soft consonants begin below the threshold.
const KEEP_MS: (usize, usize) = (20, 80);
/// Zero crossings on each side of the resampling filter: 80 dB of image rejection with a Blackman window.
const CROSSINGS: f32 = 24.0;

/// Reads 16-bit mono PCM. The sizes in the header are not believed: a program that writes to a pipe cannot know them.
pub(crate) fn read_wav(bytes: &[u8]) -> Option<Speech> {
    let u16_at = |chunk: &[u8], at: usize| Some(u16::from_le_bytes(chunk.get(at..at + 2)?.try_into().ok()?));
    let u32_at = |chunk: &[u8], at: usize| Some(u32::from_le_bytes(chunk.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut rest = bytes.get(12..)?;
    let mut rate = 0;
    loop {
        let size = usize::try_from(u32_at(rest, 4)?).ok()?;
        let body = rest.get(8..)?;
        match rest.get(..4)? {
            b"fmt " => {
                if (u16_at(body, 0)?, u16_at(body, 2)?, u16_at(body, 14)?) != (1, 1, 16) {
                    return None;
                }
                rate = u32_at(body, 4)?;
            }
            b"data" => {
                let data = body.get(..size).unwrap_or(body);
                let samples: Vec<i16> =
                    data.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
                return (!samples.is_empty() && (4_000..=192_000).contains(&rate))
                    .then_some(Speech { rate, samples });
            }
            _ => {}
        }
        rest = body.get(size.checked_add(size & 1)?..)?;
    }
}

/// A recording of somebody's as a prompt: without silence around it, at our rate, of the usual loudness.
#[must_use]
pub fn evened(speech: Speech) -> Speech {
    Speech { rate: RATE, samples: finish(speech) }
}

/// Takes silence off both ends.
pub(crate) fn trim(speech: &mut Speech) {
    let peak = speech.samples.iter().map(|s| s.unsigned_abs()).max().unwrap_or_default();
    let threshold = (f32::from(peak) * SILENCE) as u16;
    let is_loud = |s: &i16| s.unsigned_abs() > threshold;
    let Some(first) = speech.samples.iter().position(is_loud) else {
        speech.samples.clear();
        return;
    };
    let last = speech.samples.iter().rposition(is_loud).unwrap_or(first);
    let samples = |ms: usize| speech.rate as usize * ms / 1000;
    let end = (last + samples(KEEP_MS.1)).min(speech.samples.len() - 1);
    let begin = first.saturating_sub(samples(KEEP_MS.0));
    speech.samples.truncate(end + 1);
    speech.samples.drain(..begin);
}

/// The finished prompt: trimmed, at [`RATE`], of the usual loudness. Empty when the speech is silence.
pub(crate) fn finish(mut speech: Speech) -> Vec<i16> {
    trim(&mut speech);
    let samples: Vec<f32> = speech.samples.iter().map(|s| f32::from(*s) / 32768.0).collect();
    let mut samples = resample(&samples, speech.rate, RATE);
    let energy: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
    let loudness = (energy / samples.len().max(1) as f64).sqrt() as f32;
    let peak = samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
    if peak <= f32::EPSILON {
        return Vec::new();
    }
    let gain = (LOUDNESS / loudness).min(PEAK / peak);
    samples.iter_mut().for_each(|s| *s *= gain);
    samples.iter().map(|s| (s * 32767.0).round() as i16).collect()
}

/// Windowed-sinc resampling with one filter for each place between samples that occurs.
fn resample(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    if from == to {
        return samples.to_vec();
    }
    // The filter ends below half of the lower rate, so that nothing folds back.
    let cutoff = 0.95 * (to as f32 / from as f32).min(1.0);
    let reach = CROSSINGS / cutoff;
    let side = reach.ceil() as usize;
    let common = gcd(from, to);
    let (over, under) = (u64::from(from / common), u64::from(to / common));
    let filter = |place: u64| -> Vec<f32> {
        let centre = side as f32 + place as f32 / under as f32;
        let tap = |i: usize| {
            let t = i as f32 - centre;
            if t.abs() > reach { 0.0 } else { cutoff * sinc(t * cutoff) * blackman(t / reach) }
        };
        (0..2 * side + 2).map(tap).collect()
    };
    let filters: Vec<Vec<f32>> = (0..under).map(filter).collect();
    let one = |n: u64| {
        let whole = (n * over / under) as usize;
        let filter = filters.get((n * over % under) as usize).map_or(&[][..], Vec::as_slice);
        // Before the first sample there is silence: the taps that reach there are skipped.
        let skipped = side.saturating_sub(whole);
        let heard = samples.get((whole + skipped).saturating_sub(side)..).unwrap_or_default();
        filter.iter().skip(skipped).zip(heard).map(|(tap, sample)| tap * sample).sum()
    };
    (0..samples.len() as u64 * under / over).map(one).collect()
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn sinc(t: f32) -> f32 {
    let x = std::f32::consts::PI * t;
    if x.abs() < 1e-6 { 1.0 } else { x.sin() / x }
}

/// Blackman's window over −1 to 1.
fn blackman(t: f32) -> f32 {
    let x = std::f32::consts::PI * t;
    0.42 + 0.5 * x.cos() + 0.08 * (2.0 * x).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32, rate: u32, seconds: f32, level: f32) -> Vec<i16> {
        let count = (rate as f32 * seconds) as usize;
        let angle = |n: usize| std::f32::consts::TAU * hertz * n as f32 / rate as f32;
        (0..count).map(|n| (angle(n).sin() * level * 32767.0) as i16).collect()
    }

    /// Loudness of one frequency, full scale 1.
    fn level_at(samples: &[i16], hertz: f32, rate: u32) -> f32 {
        let (mut re, mut im) = (0.0_f64, 0.0_f64);
        for (n, s) in samples.iter().enumerate() {
            let angle = f64::from(std::f32::consts::TAU * hertz) * n as f64 / f64::from(rate);
            re += f64::from(*s) * angle.cos();
            im += f64::from(*s) * angle.sin();
        }
        (re.hypot(im) * 2.0 / samples.len() as f64 / 32767.0) as f32
    }

    #[test]
    fn resampling_keeps_tones_and_takes_out_what_does_not_fit() {
        for (hertz, least, most) in
            [(440.0, 0.2, 0.3), (3000.0, 0.2, 0.3), (6500.0, 0.2, 0.3), (9000.0, 0.0, 0.0005)]
        {
            let samples: Vec<f32> =
                tone(hertz, 22_050, 0.5, 0.25).iter().map(|s| f32::from(*s) / 32768.0).collect();
            let out: Vec<i16> =
                resample(&samples, 22_050, RATE).iter().map(|s| (s * 32767.0) as i16).collect();
            // The ends ring; the middle counts. A tone above 8 kHz would come back as 16000 − f.
            let heard =
                level_at(&out[1000..7000], if hertz > 8000.0 { 16_000.0 - hertz } else { hertz }, RATE);
            assert!((least..=most).contains(&heard), "{hertz}: {heard}");
        }
    }

    #[test]
    fn prompts_have_one_loudness_and_no_silence_around_them() {
        for level in [0.01, 0.3, 0.9] {
            let mut samples = vec![0; 22_050];
            samples.extend(tone(500.0, 22_050, 1.0, level));
            samples.extend(vec![0; 44_100]);
            let out = finish(Speech { rate: 22_050, samples });
            let seconds = out.len() as f32 / RATE as f32;
            assert!((1.05..1.15).contains(&seconds), "{seconds}");
            let energy: f32 = out.iter().map(|s| (f32::from(*s) / 32768.0).powi(2)).sum();
            let loudness = 20.0 * (energy / out.len() as f32).sqrt().log10();
            assert!((-20.5..-19.5).contains(&loudness), "{loudness}");
            assert!(out.iter().all(|s| s.unsigned_abs() <= 16_500));
        }
        assert_eq!(finish(Speech { rate: 22_050, samples: vec![0; 1000] }), Vec::<i16>::new());
    }

    #[test]
    fn wav_headers_are_not_believed() {
        let mut wav = b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav.extend(22_050_u32.to_le_bytes());
        wav.extend(44_100_u32.to_le_bytes());
        wav.extend(b"\x02\0\x10\0data\0\xf0\xff\x7f\x01\x02\x03\x04");
        assert_eq!(read_wav(&wav), Some(Speech { rate: 22_050, samples: vec![0x0201, 0x0403] }));
        for cut in 0..wav.len() - 2 {
            let _ = read_wav(&wav[..cut]);
        }
        assert_eq!(read_wav(&wav[..44]), None);
        assert_eq!(read_wav(b""), None);
        wav[22] = 2;
        assert_eq!(read_wav(&wav), None, "stereo");
    }
}
