//! Opus (RFC 6716, RFC 7587), mono for speech: decoded and encoded at 16 kHz, which is all that a phone or Whisper can use.
//! Narrow-band sources are coded as narrow band: a quarter cheaper, and nothing is lost.

use ::opus::{Application, Bandwidth, Bitrate, Channels, Decoder, Encoder, packet};

use super::{Band, CodecInfo, Decode, Encode, LONGEST_MS, WIDE};
use crate::io::Codec;

/// Bits per second: transparent for wide-band speech, with room for forward error correction.
const BITRATE: i32 = 24_000;
/// Encoder effort, 0 to 10: above 5 costs twice as much for what a phone call cannot show.
const COMPLEXITY: i32 = 5;
/// Least loss to prepare for, in per cent; below it libopus adds no redundancy at all.
const LEAST_LOSS: u8 = 5;

/// The codec.
pub(super) const CODEC: CodecInfo = CodecInfo {
    codec: Codec::Opus,
    name: "opus",
    clock: 48_000,
    rate: 16_000,
    channels: 2,
    payload_type: None,
    fmtp: Some("minptime=10;useinbandfec=1"),
    duration: |payload| {
        if payload.is_empty() {
            return None; // libopus would read it as a lost packet
        }
        let samples = u32::try_from(packet::get_nb_samples(payload, 48_000).ok()?).ok()?;
        (1..=48 * LONGEST_MS).contains(&samples).then_some(samples)
    },
    encoder: || Box::new(Coder::new()),
    decoder: || Box::new(Unpacker(Decoder::new(16_000, Channels::Mono).ok())),
    silence: || {
        // The frame that codes silence from a settled state; decoders take it behind anything.
        let mut coder = Coder::new();
        let mut payload = vec![0; 400];
        let mut length = 0;
        for _ in 0..50 {
            length = coder.encode(&[0; WIDE], Band::Wide, &mut payload);
        }
        payload.truncate(length);
        payload
    },
};

struct Coder {
    // `None` only when memory ran out at the start; the leg then sends nothing.
    encoder: Option<Encoder>,
    band: Band,
    loss: u8,
}

impl Coder {
    fn new() -> Self {
        let encoder = Encoder::new(16_000, Channels::Mono, Application::Voip).ok().map(|mut encoder| {
            // None of these can fail for the values given; a refusal would only leave the default.
            let _ = encoder.set_bitrate(Bitrate::Bits(BITRATE));
            let _ = encoder.set_complexity(COMPLEXITY);
            let _ = encoder.set_inband_fec(true);
            let _ = encoder.set_packet_loss_perc(i32::from(LEAST_LOSS));
            encoder
        });
        Self { encoder, band: Band::Wide, loss: LEAST_LOSS }
    }
}

impl Encode for Coder {
    fn encode(&mut self, samples: &[i16], band: Band, out: &mut [u8]) -> usize {
        let Some(encoder) = &mut self.encoder else { return 0 };
        if band != self.band {
            self.band = band;
            let widest = match band {
                Band::Narrow => Bandwidth::Narrowband,
                Band::Wide => Bandwidth::Wideband,
            };
            let _ = encoder.set_max_bandwidth(widest);
        }
        encoder.encode(samples, out).unwrap_or(0)
    }

    fn expect_loss(&mut self, percent: u8) {
        let percent = percent.clamp(LEAST_LOSS, 30);
        if percent != self.loss {
            self.loss = percent;
            if let Some(encoder) = &mut self.encoder {
                let _ = encoder.set_packet_loss_perc(i32::from(percent));
            }
        }
    }
}

struct Unpacker(Option<Decoder>);

impl Decode for Unpacker {
    fn decode(&mut self, payload: &[u8], out: &mut [i16]) -> usize {
        if payload.is_empty() {
            return 0;
        }
        self.0.as_mut().and_then(|decoder| decoder.decode(payload, out, false).ok()).unwrap_or(0)
    }

    fn conceal(&mut self, next: Option<&[u8]>, out: &mut [i16]) -> bool {
        let Some(decoder) = &mut self.0 else { return false };
        if let Some(next) = next.filter(|next| !next.is_empty())
            && decoder.decode(next, out, true).is_ok()
        {
            return true;
        }
        decoder.decode(&[], out, false).is_ok()
    }

    fn reset(&mut self) {
        if let Some(decoder) = &mut self.0 {
            let _ = decoder.reset_state();
        }
    }
}
