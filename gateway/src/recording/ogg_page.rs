//! Pages of Ogg (RFC 3533), as far as one stream of short packets needs them.
//!
//! Written here: the crate for it turns on a feature of a crate that half of our tree depends on, for the sake of these sixty
//! lines. Promises: a page holds whole packets only, so that each can be read without those after it.

/// Segments that a page's table can have (RFC 3533 section 6).
const SEGMENTS: usize = 255;

/// Where a page stands in its stream; the values are those of the header type flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    First = 2,
    Within = 0,
    Last = 4,
}

/// The pages of one stream.
#[derive(Debug)]
pub(super) struct Pages {
    serial: u32,
    number: u32,
    table: Vec<u8>,
    body: Vec<u8>,
    pub done: Vec<u8>,
}

impl Pages {
    pub(super) const fn new(serial: u32) -> Self {
        Self { serial, number: 0, table: Vec::new(), body: Vec::new(), done: Vec::new() }
    }

    /// Whether a packet still fits on the open page.
    pub(super) fn fits(&self, packet: &[u8]) -> bool {
        self.table.len() + packet.len() / 255 < SEGMENTS
    }

    /// Puts a packet on the open page.
    pub(super) fn add(&mut self, packet: &[u8]) {
        self.table.extend(std::iter::repeat_n(255, packet.len() / 255));
        self.table.push((packet.len() % 255) as u8);
        self.body.extend_from_slice(packet);
    }

    /// Closes the page; `position` is that of its last sample.
    pub(super) fn close(&mut self, place: Place, position: u64) {
        let mut page = b"OggS\0".to_vec();
        page.push(place as u8);
        page.extend(position.to_le_bytes());
        page.extend(self.serial.to_le_bytes());
        page.extend(self.number.to_le_bytes());
        page.extend([0; 4]);
        page.push(u8::try_from(self.table.len()).unwrap_or(u8::MAX));
        page.append(&mut self.table);
        page.append(&mut self.body);
        let sum = checksum(&page);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        self.number += 1;
        self.done.append(&mut page);
    }
}

/// CRC-32 with the polynomial 04C11DB7, from nought, not reflected (RFC 3533 section 6).
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum: u32, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum, _| {
            if sum & 0x8000_0000 == 0 { sum << 1 } else { (sum << 1) ^ 0x04C1_1DB7 }
        })
    })
}

/// Reads what was written: the packets of all whole pages, refusing any that is damaged.
#[cfg(test)]
pub(super) fn packets(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = Vec::new();
    let mut number = 0u32;
    while bytes.len() >= 27 && bytes.len() >= 27 + usize::from(bytes[26]) {
        assert_eq!(&bytes[..5], b"OggS\0");
        assert_eq!(bytes[18..22], number.to_le_bytes(), "pages are numbered");
        let table = &bytes[27..27 + usize::from(bytes[26])];
        let length: usize = table.iter().map(|n| usize::from(*n)).sum();
        let end = 27 + table.len() + length;
        if bytes.len() < end {
            break;
        }
        let mut page = bytes[..end].to_vec();
        page[22..26].fill(0);
        assert_eq!(bytes[22..26], checksum(&page).to_le_bytes(), "page {number}");
        let mut at = 27 + table.len();
        let mut packet = Vec::new();
        for n in table {
            packet.extend_from_slice(&bytes[at..at + usize::from(*n)]);
            at += usize::from(*n);
            if *n < 255 {
                packets.push(std::mem::take(&mut packet));
            }
        }
        number += 1;
        bytes = &bytes[end..];
    }
    packets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_of_every_length_come_back_and_the_checksum_is_that_of_the_standard() {
        // The check value of CRC-32/MPEG-2's polynomial with a zero start, for "123456789".
        assert_eq!(checksum(b"123456789"), 0x89A1_897F);
        let mut pages = Pages::new(7);
        let all: Vec<Vec<u8>> = [0, 1, 254, 255, 256, 509, 510, 511, 1275].map(|n| vec![n as u8; n]).to_vec();
        for packet in &all {
            assert!(pages.fits(packet));
            pages.add(packet);
        }
        assert!(!pages.fits(&[0; 255 * 250]));
        pages.close(Place::Last, 9);
        assert_eq!(packets(&pages.done), all);
    }
}
