//! G.711 µ-law (RFC 3551 section 4.5.14): a byte a sample, no state, no concealment of its own.

use super::companding::{ULAW_TO_LINEAR, to_ulaw};
use super::{Band, CodecInfo, Decode, Encode, LONGEST_MS, NARROW};
use crate::io::Codec;

/// The codec.
pub(super) const CODEC: CodecInfo = CodecInfo {
    codec: Codec::Pcmu,
    name: "PCMU",
    clock: 8000,
    rate: 8000,
    channels: 1,
    payload_type: Some(0),
    fmtp: None,
    duration: |payload| {
        let samples = u32::try_from(payload.len()).ok()?;
        (1..=8 * LONGEST_MS).contains(&samples).then_some(samples)
    },
    encoder: || Box::new(Table),
    decoder: || Box::new(Table),
    silence: || vec![0xFF; NARROW],
};

struct Table;

impl Encode for Table {
    fn encode(&mut self, samples: &[i16], _band: Band, out: &mut [u8]) -> usize {
        for (byte, sample) in out.iter_mut().zip(samples) {
            *byte = to_ulaw(*sample);
        }
        samples.len().min(out.len())
    }
}

impl Decode for Table {
    fn decode(&mut self, payload: &[u8], out: &mut [i16]) -> usize {
        for (sample, byte) in out.iter_mut().zip(payload) {
            *sample = ULAW_TO_LINEAR[usize::from(*byte)];
        }
        payload.len().min(out.len())
    }
}
