//! What SRTP must know of a packet's shape, and the arithmetic of packet indices.

/// Bytes of an RTP header with its sources and extension; `None` when the packet is shorter or of another version.
pub(super) fn rtp_header(packet: &[u8]) -> Option<usize> {
    let first = *packet.first()?;
    if first >> 6 != 2 {
        return None;
    }
    let mut header = 12 + 4 * usize::from(first & 0x0f);
    if first & 0x10 != 0 {
        let words = u16::from_be_bytes([*packet.get(header + 2)?, *packet.get(header + 3)?]);
        header += 4 + 4 * usize::from(words);
    }
    (packet.len() >= header).then_some(header)
}

pub(super) fn sequence(packet: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes([*packet.get(2)?, *packet.get(3)?]))
}

pub(super) fn word(packet: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(packet.get(at..at + 4)?.try_into().ok()?))
}

/// The index with this sequence number that is nearest to one seen before (RFC 3711 section 3.3.1 and appendix A).
/// `None` beyond 2^48 packets, or before the first.
pub(super) fn nearest(seen: u64, seq: u16) -> Option<u64> {
    let (rollovers, low) = (seen >> 16, i32::from(seen as u16));
    let ahead = i32::from(seq) - low;
    let rollovers = if ahead < -0x8000 {
        rollovers + 1
    } else if ahead > 0x8000 {
        rollovers.checked_sub(1)?
    } else {
        rollovers
    };
    let index = (rollovers << 16) | u64::from(seq);
    (index < 1 << 48).then_some(index)
}
