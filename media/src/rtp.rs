//! RTP headers (RFC 3550 section 5.1): parsed without copies, built without allocation.
//!
//! Promises: any bytes are safe to parse; what is not RTP version 2 is `None`.
//! Leaves to others: who may send (`ear::latch`), order (`ear::jitter`), meaning of payload types.

/// The longest packet we build or accept, in bytes: an Ethernet frame.
pub(crate) const PACKET_BYTES: usize = 1500;
/// Length of a header without contributing sources or extension.
pub(crate) const HEADER_BYTES: usize = 12;

/// A parsed packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet<'a> {
    /// Set on the first packet of a talk spurt or of a DTMF event.
    pub(crate) marker: bool,
    /// Payload type.
    pub(crate) pt: u8,
    /// Sequence number.
    pub(crate) seq: u16,
    /// Timestamp, in units of the payload's clock.
    pub(crate) timestamp: u32,
    /// Synchronization source.
    pub(crate) ssrc: u32,
    /// What it carries, without padding.
    pub(crate) payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads a packet; `None` when it is not RTP.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (fixed, mut rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
        let [first, second, s1, s0, t3, t2, t1, t0, c3, c2, c1, c0] = *fixed;
        if first >> 6 != 2 {
            return None;
        }
        rest = rest.get(usize::from(first & 0x0F) * 4..)?;
        if first & 0x10 != 0 {
            // RFC 3550 section 5.3.1: profile, then length in 32-bit words.
            let ([_, _, high, low], after) = rest.split_first_chunk::<4>()?;
            rest = after.get(usize::from(u16::from_be_bytes([*high, *low])) * 4..)?;
        }
        if first & 0x20 != 0 {
            let padding = usize::from(*rest.last()?);
            if padding == 0 {
                return None;
            }
            rest = rest.get(..rest.len().checked_sub(padding)?)?;
        }
        Some(Self {
            marker: second & 0x80 != 0,
            pt: second & 0x7F,
            seq: u16::from_be_bytes([s1, s0]),
            timestamp: u32::from_be_bytes([t3, t2, t1, t0]),
            ssrc: u32::from_be_bytes([c3, c2, c1, c0]),
            payload: rest,
        })
    }

    /// Writes the header before a payload that is already in place at `HEADER_BYTES`.
    pub(crate) fn write_header(
        out: &mut [u8; PACKET_BYTES],
        marker: bool,
        pt: u8,
        seq: u16,
        timestamp: u32,
        ssrc: u32,
    ) {
        out[0] = 0x80;
        out[1] = (u8::from(marker) << 7) | (pt & 0x7F);
        out[2..4].copy_from_slice(&seq.to_be_bytes());
        out[4..8].copy_from_slice(&timestamp.to_be_bytes());
        out[8..12].copy_from_slice(&ssrc.to_be_bytes());
    }
}

/// The full number nearest to `last` whose low 16 bits are `seq`.
pub(crate) fn extend_seq(last: i64, seq: u16) -> i64 {
    last + i64::from(seq.wrapping_sub(last as u16) as i16)
}

/// The full number nearest to `last` whose low 32 bits are `timestamp`.
pub(crate) fn extend_timestamp(last: i64, timestamp: u32) -> i64 {
    last + i64::from(timestamp.wrapping_sub(last as u32) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_with_sources_extension_and_padding_is_understood() {
        let mut bytes = vec![0xB2, 0x80 | 8, 0x12, 0x34, 0, 0, 0, 7, 0, 0, 0, 9];
        bytes.extend([1, 1, 1, 1, 2, 2, 2, 2]); // two contributing sources
        bytes.extend([0xBE, 0xDE, 0, 1, 5, 5, 5, 5]); // extension of one word
        bytes.extend([10, 11, 12, 0, 2]); // payload, two of padding
        let packet = Packet::parse(&bytes).expect("valid");
        assert_eq!(packet.payload, [10, 11, 12]);
        assert_eq!((packet.marker, packet.pt, packet.seq), (true, 8, 0x1234));
        assert_eq!((packet.timestamp, packet.ssrc), (7, 9));
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        let plain = [0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
        assert!(Packet::parse(&plain).is_some());
        assert!(Packet::parse(&plain[..11]).is_none());
        let with = |first: u8, tail: &[u8]| {
            let mut bytes = plain.to_vec();
            bytes[0] = first;
            bytes.extend(tail);
            bytes
        };
        assert!(Packet::parse(&with(0x40, &[])).is_none(), "version 1");
        assert!(Packet::parse(&with(0x81, &[1, 2])).is_none(), "short list of sources");
        assert!(Packet::parse(&with(0x90, &[0, 0, 0, 2, 1, 1, 1, 1])).is_none(), "short extension");
        assert!(Packet::parse(&with(0xA0, &[1, 5])).is_none(), "more padding than packet");
        assert!(Packet::parse(&with(0xA0, &[1, 0])).is_none(), "padding of zero");
    }

    #[test]
    fn numbers_extend_over_the_wrap_in_both_directions() {
        assert_eq!(extend_seq(65_535, 2), 65_538);
        assert_eq!(extend_seq(65_538, 65_534), 65_534);
        assert_eq!(extend_timestamp(0xFFFF_FFF0, 5), 0x1_0000_0005);
        assert_eq!(extend_timestamp(0x1_0000_0005, 0xFFFF_FFF0), 0xFFFF_FFF0);
    }
}
