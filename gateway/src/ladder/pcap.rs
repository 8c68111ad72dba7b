//! Messages as a capture file (libpcap 2.4) that Wireshark and sngrep open.
//!
//! What a message came in is gone, or was inside TLS: each is written as one UDP datagram in an Ethernet frame that is made up for it,
//! with its real addresses, ports and time. Lengths and checksums are right.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::{Message, ends};

/// The largest frame that the file announces.
const SNAPLEN: u32 = 262_144;
/// Ethernet.
const LINK: u32 = 1;
/// UDP.
const UDP: u8 = 17;
/// What fits in one datagram over IPv4.
const LARGEST: usize = 65_507;

/// The capture file.
#[must_use]
pub fn pcap(messages: &[Message]) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4, 2 | 4 << 16, 0, 0, SNAPLEN, LINK] {
        file.extend_from_slice(&u32::to_le_bytes(word));
    }
    for message in messages {
        let frame = frame(message);
        let length = u32::try_from(frame.len()).unwrap_or(0);
        let seconds = u32::try_from(message.at / 1_000_000).unwrap_or(u32::MAX);
        let micros = u32::try_from(message.at % 1_000_000).unwrap_or(0);
        for word in [seconds, micros, length, length] {
            file.extend_from_slice(&word.to_le_bytes());
        }
        file.extend_from_slice(&frame);
    }
    file
}

fn frame(message: &Message) -> Vec<u8> {
    let (from, to) = ends(message);
    let payload = message.bytes.get(..LARGEST).unwrap_or(&message.bytes);
    // Locally administered addresses: nobody's.
    let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    match (from.ip().to_canonical(), to.ip().to_canonical()) {
        (IpAddr::V4(source), IpAddr::V4(target)) => {
            let (source, target) = (source.octets(), target.octets());
            let udp = udp(&[source, target].concat(), (from, to), payload);
            let mut header = vec![0x45, 0];
            header.extend_from_slice(&short(20 + udp.len()));
            header.extend_from_slice(&[0, 0, 0x40, 0, 64, UDP, 0, 0]);
            header.extend_from_slice(&source);
            header.extend_from_slice(&target);
            let sum = checksum(&header).to_be_bytes();
            header.splice(10..12, sum);
            frame.extend_from_slice(&[0x08, 0x00]);
            frame.extend_from_slice(&header);
            frame.extend_from_slice(&udp);
        }
        (source, target) => {
            let (source, target) = (six(source).octets(), six(target).octets());
            let udp = udp(&[source, target].concat(), (from, to), payload);
            frame.extend_from_slice(&[0x86, 0xdd, 0x60, 0, 0, 0]);
            frame.extend_from_slice(&short(udp.len()));
            frame.extend_from_slice(&[UDP, 64]);
            frame.extend_from_slice(&source);
            frame.extend_from_slice(&target);
            frame.extend_from_slice(&udp);
        }
    }
    frame
}

fn six(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
}

/// Header and payload, with the checksum over the addresses too (RFC 768, RFC 8200 section 8.1).
fn udp(addresses: &[u8], (from, to): (SocketAddr, SocketAddr), payload: &[u8]) -> Vec<u8> {
    let length = short(8 + payload.len());
    let mut udp = Vec::with_capacity(8 + payload.len());
    udp.extend_from_slice(&from.port().to_be_bytes());
    udp.extend_from_slice(&to.port().to_be_bytes());
    udp.extend_from_slice(&length);
    udp.extend_from_slice(&[0, 0]);
    udp.extend_from_slice(payload);
    let pseudo = [addresses, &[0, UDP], &length, &udp].concat();
    // A sum of zero is written as its other form: zero says that there is none.
    let sum = match checksum(&pseudo) {
        0 => u16::MAX,
        sum => sum,
    };
    udp.splice(6..8, sum.to_be_bytes());
    udp
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()
}

/// RFC 1071.
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u32 = 0;
    for pair in bytes.chunks(2) {
        let word = match *pair {
            [high, low] => u16::from_be_bytes([high, low]),
            [high] => u16::from_be_bytes([high, 0]),
            _ => 0,
        };
        sum += u32::from(word);
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use signaling::Transport;

    use super::super::Way;
    use super::*;

    fn message(local: &str, remote: &str, bytes: &[u8]) -> Message {
        Message {
            at: 1_764_500_000_123_456,
            way: Way::Received,
            transport: Transport::Udp,
            leg: 0,
            local: local.parse().expect("an address"),
            remote: remote.parse().expect("an address"),
            bytes: bytes.to_vec(),
        }
    }

    /// The sums of RFC 1071 over what was written are zero, as every receiver reckons; the IPv4 header's is checked against the
    /// example of its textbooks (b861).
    #[test]
    fn lengths_and_checksums_are_those_that_a_receiver_reckons() {
        let example =
            [0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0, 0, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7];
        assert_eq!(checksum(&example), 0xb861);
        let four = pcap(&[message("192.0.2.1:5060", "203.0.113.7:40000", b"BYE sip:a SIP/2.0\r\n\r\n")]);
        assert_eq!(four.len(), 24 + 16 + 14 + 20 + 8 + 21);
        assert_eq!(&four[24..32], [1_764_500_000_u32.to_le_bytes(), 123_456_u32.to_le_bytes()].concat());
        let ip = &four[54..];
        assert_eq!((checksum(&ip[..20]), &ip[12..20]), (0, &[203, 0, 113, 7, 192, 0, 2, 1][..]));
        let pseudo = [&ip[12..20], &[0, 17], &ip[24..26], &ip[20..]].concat();
        assert_eq!((checksum(&pseudo), &ip[20..24]), (0, &[0x9c, 0x40, 0x13, 0xc4][..]));

        let six = pcap(&[message("[2001:db8::1]:5061", "[2001:db8::2]:5062", &[b'a'; 70_000])]);
        let ip = &six[54..];
        assert_eq!((ip.len(), ip[0], ip[6]), (40 + 8 + LARGEST, 0x60, 17));
        let pseudo = [&ip[8..40], &[0, 17], &ip[44..46], &ip[40..]].concat();
        assert_eq!(checksum(&pseudo), 0);
    }
}
