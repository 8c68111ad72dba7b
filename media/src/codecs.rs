//! The codecs: one file each, listed in `CODECS`.
//!
//! Promises: encoders and decoders never allocate, fail or panic while they run; what cannot be decoded counts as lost.
//! Leaves to others: SDP lines (`signaling`), concealment of codecs that have none of their own (`ear::conceal`).

mod companding;
mod g722;
mod opus;
mod pcma;
mod pcmu;

pub use companding::through_mu_law;

use crate::io::Codec;

/// Samples of 20 ms at 8 kHz.
pub(crate) const NARROW: usize = 160;
/// Samples of 20 ms at 16 kHz.
pub(crate) const WIDE: usize = 320;
/// Longest packet of audio that is taken in, in milliseconds: Opus allows no more (RFC 6716 section 2.1.4).
pub(crate) const LONGEST_MS: u32 = 120;
/// Longest packet of audio in samples, at 16 kHz.
pub(crate) const LONGEST: usize = 16 * LONGEST_MS as usize;

/// All that is known of a codec.
#[derive(Debug)]
pub struct CodecInfo {
    /// Which.
    pub codec: Codec,
    /// Its name in SDP (`a=rtpmap`).
    pub name: &'static str,
    /// RTP timestamp units per second.
    pub clock: u32,
    /// Samples per second of our coder and decoder.
    pub rate: u32,
    /// Channels as SDP names them (Opus is always written `/2`).
    pub channels: u8,
    /// The static payload type, where RFC 3551 gave one.
    pub payload_type: Option<u8>,
    /// Format parameters that we announce.
    pub fmtp: Option<&'static str>,
    /// RTP timestamp units that a payload lasts; `None` when it is not valid.
    pub(crate) duration: fn(&[u8]) -> Option<u32>,
    pub(crate) encoder: fn() -> Box<dyn Encode>,
    pub(crate) decoder: fn() -> Box<dyn Decode>,
    /// One 20 ms payload of silence, which fits behind any other.
    pub(crate) silence: fn() -> Vec<u8>,
}

/// The codecs, by name.
pub const CODECS: &[CodecInfo] = &[g722::CODEC, opus::CODEC, pcma::CODEC, pcmu::CODEC];

impl Codec {
    /// What is known of it.
    #[must_use]
    pub const fn info(self) -> &'static CodecInfo {
        match self {
            Codec::G722 => &CODECS[0],
            Codec::Opus => &CODECS[1],
            Codec::Pcma => &CODECS[2],
            Codec::Pcmu => &CODECS[3],
        }
    }

    /// RTP timestamp units per second.
    #[must_use]
    pub const fn clock(self) -> u32 {
        self.info().clock
    }

    /// Whether it carries telephone bandwidth only (8 kHz).
    #[must_use]
    pub(crate) const fn is_narrow(self) -> bool {
        self.info().rate == 8000
    }

    /// Samples of 20 ms.
    pub(crate) const fn frame(self) -> usize {
        if self.is_narrow() { NARROW } else { WIDE }
    }

    pub(crate) const fn index(self) -> usize {
        match self {
            Codec::G722 => 0,
            Codec::Opus => 1,
            Codec::Pcma => 2,
            Codec::Pcmu => 3,
        }
    }
}

/// What bandwidth the samples for an encoder really have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Band {
    /// Telephone.
    Narrow,
    /// 50 Hz to 7 kHz.
    Wide,
}

/// Turns 20 ms of samples (at the codec's rate) into a payload.
pub(crate) trait Encode: Send {
    /// Returns the length of the payload; 0 when there is none.
    fn encode(&mut self, samples: &[i16], band: Band, out: &mut [u8]) -> usize;
    /// What the far end loses, in per cent, so that redundancy can follow.
    fn expect_loss(&mut self, _percent: u8) {}
}

/// Turns payloads into samples at the codec's rate.
pub(crate) trait Decode: Send {
    /// Returns how many samples were written; 0 when the payload is not valid.
    fn decode(&mut self, payload: &[u8], out: &mut [i16]) -> usize;
    /// Fills one lost frame of 20 ms, with the help of the packet after it where there is one.
    /// `false`: the codec has no concealment of its own.
    fn conceal(&mut self, _next: Option<&[u8]>, _out: &mut [i16]) -> bool {
        false
    }
    /// Forgets the past (packets went by undecoded).
    fn reset(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goertzel power of `f` and total power of a signal.
    fn tone_to_rest(samples: &[i16], rate: f64, f: f64) -> f64 {
        let n = samples.len() as f64;
        let (mut re, mut im, mut all) = (0.0, 0.0, 0.0);
        for (k, s) in samples.iter().enumerate() {
            let x = f64::from(*s);
            let angle = std::f64::consts::TAU * f * k as f64 / rate;
            re += x * angle.cos();
            im += x * angle.sin();
            all += x * x;
        }
        let tone = 2.0 * (re * re + im * im) / n;
        10.0 * (tone / (all - tone).max(1e-9)).log10()
    }

    #[test]
    fn list_is_sorted_and_each_codec_finds_itself() {
        assert!(CODECS.windows(2).all(|pair| pair[0].name.to_lowercase() < pair[1].name.to_lowercase()));
        for info in CODECS {
            assert_eq!(info.codec.info().name, info.name);
            assert_eq!(CODECS[info.codec.index()].codec, info.codec);
        }
    }

    #[test]
    fn a_tone_passes_each_codec_above_its_noise_floor() {
        for (info, floor_db) in CODECS.iter().zip([25.0, 12.0, 33.0, 33.0]) {
            let (mut encoder, mut decoder) = ((info.encoder)(), (info.decoder)());
            let frame = info.codec.frame();
            let mut heard = Vec::new();
            let mut out = [0u8; 400];
            for n in 0..100 {
                let samples: Vec<i16> = (0..frame)
                    .map(|k| {
                        let t = (n * frame + k) as f64 / f64::from(info.rate);
                        (8000.0 * (std::f64::consts::TAU * 1000.0 * t).sin()) as i16
                    })
                    .collect();
                let length = encoder.encode(&samples, Band::Wide, &mut out);
                let payload = &out[..length];
                assert_eq!((info.duration)(payload), Some(info.clock / 50), "{}", info.name);
                let mut pcm = [0i16; LONGEST];
                let got = decoder.decode(payload, &mut pcm);
                assert_eq!(got, frame, "{}", info.name);
                heard.extend(&pcm[..got]);
            }
            // 10 ms multiples of a 1 kHz tone, well after the start.
            let tail = &heard[50 * frame..90 * frame];
            let snr = tone_to_rest(tail, f64::from(info.rate), 1000.0);
            assert!(snr > floor_db, "{}: {snr:.1} dB", info.name);
        }
    }

    #[test]
    fn silence_payloads_decode_to_silence_after_speech() {
        for info in CODECS {
            let (mut encoder, mut decoder) = ((info.encoder)(), (info.decoder)());
            let mut out = [0u8; 400];
            let mut pcm = [0i16; LONGEST];
            for n in 0..20 {
                let samples: Vec<i16> =
                    (0..info.codec.frame()).map(|k| (((n * 320 + k) * 7919) % 16000) as i16 - 8000).collect();
                let length = encoder.encode(&samples, Band::Wide, &mut out);
                decoder.decode(&out[..length], &mut pcm);
            }
            let silence = (info.silence)();
            let mut loudest = 0;
            for n in 0..10 {
                let got = decoder.decode(&silence, &mut pcm);
                assert_eq!(got, info.codec.frame(), "{}", info.name);
                if n >= 5 {
                    loudest = pcm[..got].iter().map(|s| s.unsigned_abs()).max().unwrap_or(0).max(loudest);
                }
            }
            assert!(loudest < 64, "{}: {loudest}", info.name);
        }
    }

    #[test]
    fn bytes_that_are_no_payload_never_panic() {
        for info in CODECS {
            let mut decoder = (info.decoder)();
            let mut pcm = [0i16; LONGEST];
            for n in 0..2000usize {
                let bytes: Vec<u8> = (0..(n * 37) % 1400).map(|k| ((k * n) ^ (n >> 3)) as u8).collect();
                if (info.duration)(&bytes).is_some() {
                    let got = decoder.decode(&bytes, &mut pcm);
                    assert!(got <= LONGEST);
                }
                decoder.conceal(Some(&bytes), &mut pcm[..info.codec.frame()]);
            }
        }
    }
}
