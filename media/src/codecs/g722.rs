//! G.722 at 64 kbit/s (RFC 3551 section 4.5.2): 16 kHz audio whose RTP clock runs at 8 kHz for historical reasons.

use audio_codec::g722::{G722Decoder, G722Encoder};
use audio_codec::{Decoder as _, Encoder as _};

use super::{Band, CodecInfo, Decode, Encode, LONGEST_MS, NARROW, WIDE};
use crate::io::Codec;

/// The codec.
pub(super) const CODEC: CodecInfo = CodecInfo {
    codec: Codec::G722,
    name: "G722",
    clock: 8000,
    rate: 16_000,
    channels: 1,
    payload_type: Some(9),
    fmtp: None,
    duration: |payload| {
        let units = u32::try_from(payload.len()).ok()?;
        (1..=8 * LONGEST_MS).contains(&units).then_some(units)
    },
    encoder: || Box::new(Coder(G722Encoder::new())),
    decoder: || Box::new(Decoder(G722Decoder::new())),
    silence: || {
        // Once the predictor has settled on nothing, its output is the same for ever.
        let mut encoder = Coder(G722Encoder::new());
        let mut payload = vec![0; NARROW];
        for _ in 0..10 {
            encoder.encode(&[0; WIDE], Band::Narrow, &mut payload);
        }
        payload
    },
};

struct Coder(G722Encoder);

impl Encode for Coder {
    fn encode(&mut self, samples: &[i16], _band: Band, out: &mut [u8]) -> usize {
        self.0.encode_into(samples, out).unwrap_or(0)
    }
}

struct Decoder(G722Decoder);

impl Decode for Decoder {
    fn decode(&mut self, payload: &[u8], out: &mut [i16]) -> usize {
        self.0.decode_into(payload, out).unwrap_or(0)
    }
}
