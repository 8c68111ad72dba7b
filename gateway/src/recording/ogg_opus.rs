//! Opus in Ogg (RFC 7845): two channels, one page at least each half second.
//!
//! Promises: every page can be played without those after it; positions count from the beginning. Leaves to others: where the
//! bytes go (`sealed`).

use anyhow::{Context as _, Result};
use opus::{Application, Bitrate, Channels, Encoder};

use super::mixer::Stereo;
use super::ogg_page::{Pages, Place};

/// Samples per second that we encode.
const RATE: u32 = 16_000;
/// Positions count at 48 kHz (RFC 7845 section 4).
const STEP: u64 = 960;
/// Bits per second for both sides: transparent for two voices that seldom speak at once.
const BITRATE: i32 = 48_000;
/// Encoder effort: nobody waits for it, but a hundred calls share a core.
const COMPLEXITY: i32 = 4;
/// Frames to a page: half a second.
const PAGE: u32 = 25;
/// Most bytes of a coded frame (RFC 6716 section 3.2.1).
const LONGEST: usize = 1275;

/// See the file's head.
pub(super) struct OggOpus {
    encoder: Encoder,
    pages: Pages,
    position: u64,
    on_page: u32,
}

impl OggOpus {
    pub(super) fn new(serial: u32) -> Result<Self> {
        let mut encoder =
            Encoder::new(RATE, Channels::Stereo, Application::Audio).context("no Opus encoder")?;
        encoder.set_bitrate(Bitrate::Bits(BITRATE)).context("Opus bit rate")?;
        encoder.set_complexity(COMPLEXITY).context("Opus complexity")?;
        let skip = u16::try_from(encoder.get_lookahead().context("Opus delay")?.max(0) * 3)?;
        let mut pages = Pages::new(serial);
        // Each header has a page of its own (RFC 7845 section 3).
        pages.add(&head(skip));
        pages.close(Place::First, 0);
        pages.add(&tags());
        pages.close(Place::Within, 0);
        Ok(Self { encoder, pages, position: 0, on_page: 0 })
    }

    /// 20 ms.
    pub(super) fn push(&mut self, stereo: &Stereo) -> Result<()> {
        let coded = self.encoder.encode_vec(stereo, LONGEST)?;
        if !self.pages.fits(&coded) {
            self.close(Place::Within);
        }
        self.pages.add(&coded);
        self.position += STEP;
        self.on_page += 1;
        if self.on_page >= PAGE {
            self.close(Place::Within);
        }
        Ok(())
    }

    /// The end of the stream; its page may be empty.
    pub(super) fn finish(&mut self) {
        self.close(Place::Last);
    }

    /// Whole pages so far.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pages.done)
    }

    fn close(&mut self, place: Place) {
        self.on_page = 0;
        self.pages.close(place, self.position);
    }
}

/// The identification header (RFC 7845 section 5.1), stereo of mapping family 0.
fn head(skip: u16) -> Vec<u8> {
    let mut head = b"OpusHead\x01\x02".to_vec();
    head.extend(skip.to_le_bytes());
    head.extend(RATE.to_le_bytes());
    head.extend([0, 0, 0]);
    head
}

/// The comment header (RFC 7845 section 5.2), without comments: a recording carries no names.
fn tags() -> Vec<u8> {
    let vendor = b"voxdesk";
    let mut tags = b"OpusTags".to_vec();
    tags.extend((vendor.len() as u32).to_le_bytes());
    tags.extend(vendor);
    tags.extend(0u32.to_le_bytes());
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(n: usize, hz: f64) -> i16 {
        ((n as f64 * hz * std::f64::consts::TAU / 16_000.0).sin() * 8000.0) as i16
    }

    fn level(samples: &[i16], hz: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (n, sample) in samples.iter().enumerate() {
            let phase = n as f64 * hz * std::f64::consts::TAU / 16_000.0;
            re += f64::from(*sample) * phase.cos();
            im += f64::from(*sample) * phase.sin();
        }
        (re * re + im * im).sqrt() * 2.0 / samples.len() as f64
    }

    #[test]
    fn both_sides_come_back_apart_and_a_cut_stream_has_all_whole_pages() {
        let mut ogg = OggOpus::new(7).expect("encoder");
        let mut bytes = Vec::new();
        for frame in 0..150 {
            let mut stereo = [0; 640];
            for (n, pair) in stereo.chunks_exact_mut(2).enumerate() {
                pair.copy_from_slice(&[tone(frame * 320 + n, 440.0), tone(frame * 320 + n, 1250.0)]);
            }
            ogg.push(&stereo).expect("encoded");
            bytes.extend(ogg.take());
        }
        // No end was written, and the last page is cut: as after a crash.
        bytes.truncate(bytes.len() - 9);
        let mut decoder = opus::Decoder::new(16_000, Channels::Stereo).expect("decoder");
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for packet in super::super::ogg_page::packets(&bytes).iter().skip(2) {
            let mut out = [0; 640];
            let got = decoder.decode(packet, &mut out, false).expect("decoded");
            left.extend(out[..2 * got].iter().step_by(2));
            right.extend(out[..2 * got].iter().skip(1).step_by(2));
        }
        assert!(left.len() >= 125 * 320, "{} samples of 3 s", left.len());
        let (left, right) = (&left[3200..32_000], &right[3200..32_000]);
        assert!((level(left, 440.0) - 8000.0).abs() < 800.0 && (level(right, 1250.0) - 8000.0).abs() < 800.0);
        assert!(level(left, 1250.0) < 160.0 && level(right, 440.0) < 160.0, "34 dB apart at least");
    }
}
