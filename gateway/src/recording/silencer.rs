//! Silence in the place of what must not be heard: a recording is written anew with some moments of it silent.
//!
//! Opus: packets in these moments become a packet of coded silence, pages keep their positions and get new checksums. WAV: samples
//! become nought. Promises: lengths in time, and everything outside the moments, stay as they were; works chunk by chunk.

use anyhow::{Context as _, Result, ensure};
use opus::{Application, Channels, Encoder};

use super::Format;
use super::ogg_page::checksum;

/// Header of an Ogg page without its table (RFC 3533 section 6).
const PAGE_HEAD: usize = 27;
/// A frame, in milliseconds.
const FRAME_MS: u64 = 20;
/// Bytes of a millisecond of WAV: two sides, 16 bits, 16 kHz.
const WAV_MS: u64 = 64;

/// Writes one recording anew.
pub(super) struct Silencer {
    /// Begin and end, milliseconds from the recording's beginning.
    moments: Vec<(u64, u64)>,
    format: Format,
    silence: Vec<u8>,
    /// Packets so far, the two of the head included.
    packets: u64,
    /// Bytes so far.
    bytes: u64,
}

impl Silencer {
    pub(super) fn new(format: Format, moments: Vec<(u64, u64)>) -> Result<Self> {
        let mut encoder =
            Encoder::new(16_000, Channels::Stereo, Application::Audio).context("no Opus encoder")?;
        let silence = encoder.encode_vec(&[0_i16; 640], 1275)?;
        Ok(Self { moments, format, silence, packets: 0, bytes: 0 })
    }

    /// The next chunk; it holds whole pages, as it was written.
    pub(super) fn chunk(&mut self, plain: &[u8]) -> Result<Vec<u8>> {
        match self.format {
            Format::Opus => self.pages(plain),
            Format::Wav => Ok(self.samples(plain)),
        }
    }

    fn is_silent(&self, from_ms: u64, until_ms: u64) -> bool {
        self.moments.iter().any(|(begin, end)| *begin < until_ms && from_ms < *end)
    }

    fn samples(&mut self, plain: &[u8]) -> Vec<u8> {
        let from = self.bytes;
        self.bytes += plain.len() as u64;
        let silent = |n: usize| {
            let ms = (from + n as u64) / WAV_MS;
            self.is_silent(ms, ms + 1)
        };
        plain.iter().enumerate().map(|(n, byte)| if silent(n) { 0 } else { *byte }).collect()
    }

    fn pages(&mut self, mut plain: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(plain.len());
        while !plain.is_empty() {
            let count = usize::from(*plain.get(PAGE_HEAD - 1).context("half a page")?);
            let table = plain.get(PAGE_HEAD..PAGE_HEAD + count).context("half a page")?;
            let length: usize = table.iter().map(|n| usize::from(*n)).sum();
            let end = PAGE_HEAD + count + length;
            ensure!(plain.starts_with(b"OggS\0") && plain.len() >= end, "not a page");
            let (page, rest) = plain.split_at(end);
            self.page(page, count, &mut out);
            plain = rest;
        }
        Ok(out)
    }

    fn page(&mut self, page: &[u8], count: usize, out: &mut Vec<u8>) {
        let (head, rest) = page.split_at(PAGE_HEAD);
        let (old_table, mut body) = rest.split_at(count);
        let (mut table, mut sound) = (Vec::with_capacity(count), Vec::with_capacity(body.len()));
        let mut length = 0;
        for lacing in old_table {
            length += usize::from(*lacing);
            if *lacing == 255 {
                continue;
            }
            let (packet, after) = body.split_at(length.min(body.len()));
            (body, length) = (after, 0);
            let from_ms = self.packets.saturating_sub(2) * FRAME_MS;
            let silent = self.packets >= 2 && self.is_silent(from_ms, from_ms + FRAME_MS);
            self.packets += 1;
            let packet = if silent { self.silence.as_slice() } else { packet };
            table.extend(std::iter::repeat_n(255, packet.len() / 255));
            table.push((packet.len() % 255) as u8);
            sound.extend_from_slice(packet);
        }
        let at = out.len();
        out.extend_from_slice(&head[..PAGE_HEAD - 1]);
        // A packet of silence is one segment: the table never grows.
        out.push(u8::try_from(table.len()).unwrap_or(u8::MAX));
        out.append(&mut table);
        out.append(&mut sound);
        out[at + 22..at + 26].fill(0);
        let sum = checksum(&out[at..]);
        out[at + 22..at + 26].copy_from_slice(&sum.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::super::ogg_opus::OggOpus;
    use super::super::ogg_page::packets;
    use super::*;

    #[test]
    fn moments_of_an_opus_recording_are_silent_and_the_rest_is_as_it_was() {
        let mut ogg = OggOpus::new(7).expect("encoder");
        let mut chunks = Vec::new();
        for frame in 0..150_usize {
            let tone = |n: usize| (((frame * 320 + n / 2) as f64 * 0.3).sin() * 8_000.0) as i16;
            ogg.push(&std::array::from_fn(tone)).expect("encoded");
            chunks.push(ogg.take());
        }
        ogg.finish();
        chunks.push(ogg.take());
        let mut silencer =
            Silencer::new(Format::Opus, vec![(1_000, 1_500), (2_990, 9_000)]).expect("encoder");
        let after: Vec<u8> = chunks.iter().flat_map(|chunk| silencer.chunk(chunk).expect("pages")).collect();
        // `packets` refuses a wrong checksum or number.
        let (before, after) = (packets(&chunks.concat()), packets(&after));
        assert_eq!(before.len(), after.len());
        let mut decoder = opus::Decoder::new(16_000, Channels::Stereo).expect("decoder");
        for (n, (was, is)) in before.iter().zip(&after).enumerate().skip(2) {
            let ms = (n as u64 - 2) * 20;
            let mut out = [0_i16; 640];
            decoder.decode(is, &mut out, false).expect("decoded");
            let loud = out.iter().any(|sample| sample.abs() > 2_000);
            if (1_000..1_500).contains(&ms) || ms >= 2_980 {
                assert!(was != is, "at {ms} ms");
                assert!(!(1_060..2_980).contains(&ms) || !loud, "at {ms} ms");
            } else {
                assert!(was == is && (loud || ms < 40 || (1_500..1_600).contains(&ms)), "at {ms} ms");
            }
        }
    }

    #[test]
    fn moments_of_a_wav_recording_are_nought() {
        let mut silencer = Silencer::new(Format::Wav, vec![(10, 20)]).expect("encoder");
        let out =
            [silencer.chunk(&[7; 700]).expect("samples"), silencer.chunk(&[7; 1_000]).expect("samples")]
                .concat();
        assert!(out.iter().enumerate().all(|(n, byte)| (*byte == 0) == (640..1_280).contains(&n)));
    }
}
