//! A copy of every SIP message to a collector (Homer and others), by HEP version 3 over UDP.
//!
//! Promises: packets wait in a bounded queue for a task of their own, and are lost and counted beyond it; a collector that is away
//! costs nobody anything. What is never kept is never sent either.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use kernel::Secret;
use signaling::Transport;
use tokio::net::{UdpSocket, lookup_host};
use tokio::sync::mpsc;

use super::{Message, ends};
use crate::limits::{HEP_NAME, HEP_PACKETS};

/// The largest payload: what one datagram carries, less the chunks around it.
const LARGEST: usize = 65_000;
/// SIP, as a payload.
const SIP: u8 = 1;

/// Who collects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// `host:port`.
    pub to: String,
    /// By which it knows us.
    pub capture_id: u32,
    /// What it asks for.
    pub password: Option<Secret<String>>,
}

/// The way to the task that sends.
pub(super) struct Sender {
    collector: Collector,
    packets: mpsc::Sender<Vec<u8>>,
}

impl Sender {
    /// Starts the task; it ends with this handle.
    pub(super) fn start(collector: Collector) -> Self {
        let (packets, queue) = mpsc::channel(HEP_PACKETS);
        tokio::spawn(deliver(collector.to.clone(), queue));
        Self { collector, packets }
    }

    pub(super) fn send(&self, message: &Message) {
        if self.packets.try_send(encode(&self.collector, message)).is_err() {
            metrics::counter!("hep_dropped_total", "why" => "queue").increment(1);
        }
    }
}

async fn deliver(to: String, mut queue: mpsc::Receiver<Vec<u8>>) {
    let mut socket: Option<UdpSocket> = None;
    let mut looked: Option<Instant> = None;
    while let Some(packet) = queue.recv().await {
        if looked.is_none_or(|at| at.elapsed() >= HEP_NAME) {
            looked = Some(Instant::now());
            match connect(&to).await {
                Ok(connected) => socket = Some(connected),
                Err(error) => tracing::warn!(%error, "the HEP collector cannot be reached"),
            }
        }
        let sent = match &socket {
            // The first failure may be the ICMP error of the packet before.
            Some(socket) => socket.send(&packet).await.is_ok() || socket.send(&packet).await.is_ok(),
            None => false,
        };
        if !sent {
            metrics::counter!("hep_dropped_total", "why" => "send").increment(1);
        }
    }
}

async fn connect(to: &str) -> std::io::Result<UdpSocket> {
    let address = lookup_host(to).await?.next().ok_or(std::io::ErrorKind::NotFound)?;
    let any: IpAddr = if address.is_ipv4() { [0, 0, 0, 0].into() } else { [0_u16; 8].into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).await?;
    socket.connect(address).await?;
    Ok(socket)
}

/// One packet: `HEP3`, its length, and chunks of vendor 0, each with its kind and length.
#[must_use]
pub fn encode(collector: &Collector, message: &Message) -> Vec<u8> {
    let (from, to) = ends(message);
    let mut packet = b"HEP3\0\0".to_vec();
    match (from.ip().to_canonical(), to.ip().to_canonical()) {
        (IpAddr::V4(source), IpAddr::V4(target)) => {
            chunk(&mut packet, 0x01, &[2]);
            chunk(&mut packet, 0x03, &source.octets());
            chunk(&mut packet, 0x04, &target.octets());
        }
        (source, target) => {
            let six = |ip| match ip {
                IpAddr::V4(ip) => std::net::Ipv4Addr::to_ipv6_mapped(&ip).octets(),
                IpAddr::V6(ip) => ip.octets(),
            };
            chunk(&mut packet, 0x01, &[10]);
            chunk(&mut packet, 0x05, &six(source));
            chunk(&mut packet, 0x06, &six(target));
        }
    }
    // The protocol below: 17 is UDP, 6 TCP, whatever is inside.
    chunk(&mut packet, 0x02, &[if message.transport == Transport::Udp { 17 } else { 6 }]);
    chunk(&mut packet, 0x07, &from.port().to_be_bytes());
    chunk(&mut packet, 0x08, &to.port().to_be_bytes());
    let seconds = u32::try_from(message.at / 1_000_000).unwrap_or(u32::MAX);
    let micros = u32::try_from(message.at % 1_000_000).unwrap_or(0);
    chunk(&mut packet, 0x09, &seconds.to_be_bytes());
    chunk(&mut packet, 0x0a, &micros.to_be_bytes());
    chunk(&mut packet, 0x0b, &[SIP]);
    chunk(&mut packet, 0x0c, &collector.capture_id.to_be_bytes());
    if let Some(password) = &collector.password {
        chunk(&mut packet, 0x0e, password.reveal().as_bytes());
    }
    chunk(&mut packet, 0x0f, message.bytes.get(..LARGEST).unwrap_or(&message.bytes));
    let length = u16::try_from(packet.len()).unwrap_or(u16::MAX);
    packet.splice(4..6, length.to_be_bytes());
    packet
}

fn chunk(packet: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(6 + value.len()).unwrap_or(u16::MAX);
    packet.extend_from_slice(&[0, 0]);
    packet.extend_from_slice(&kind.to_be_bytes());
    packet.extend_from_slice(&length.to_be_bytes());
    packet.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::super::Way;
    use super::*;

    /// Byte for byte as the format is published: HEP3, total length, then vendor, kind and length before every value.
    #[test]
    fn a_packet_is_as_the_format_says() {
        let collector =
            Collector { to: String::new(), capture_id: 2001, password: Some(Secret::new("myHep".into())) };
        let message = Message {
            at: 1_311_287_786_030_000,
            way: Way::Sent,
            transport: Transport::Udp,
            leg: 0,
            local: "212.202.0.1:12010".parse().expect("an address"),
            remote: "82.116.0.211:5060".parse().expect("an address"),
            bytes: b"INVITE sip:bob".to_vec(),
        };
        let expected = hex::decode(concat!(
            "48455033",
            "007c",
            "000000010007",
            "02",
            "00000003000a",
            "d4ca0001",
            "00000004000a",
            "527400d3",
            "000000020007",
            "11",
            "000000070008",
            "2eea",
            "000000080008",
            "13c4",
            "00000009000a",
            "4e28a9ea",
            "0000000a000a",
            "00007530",
            "0000000b0007",
            "01",
            "0000000c000a",
            "000007d1",
            "0000000e000b",
            "6d79486570",
            "0000000f0014",
            "494e56495445207369703a626f62",
        ));
        assert_eq!(encode(&collector, &message), expected.expect("hex"));
        let six = Message {
            transport: Transport::Tls,
            way: Way::Received,
            local: "[2001:db8::1]:5061".parse().expect("an address"),
            remote: "[2001:db8::2]:40000".parse().expect("an address"),
            bytes: vec![b'a'; 70_000],
            ..message
        };
        let packet = encode(&Collector { password: None, ..collector }, &six);
        assert_eq!(packet.get(6..13), Some(&[0, 0, 0, 1, 0, 7, 10][..]));
        assert_eq!(packet.get(17..21), Some(&[0, 22, 0x20, 1][..]));
        assert_eq!(usize::from(u16::from_be_bytes([packet[4], packet[5]])), packet.len());
    }
}
