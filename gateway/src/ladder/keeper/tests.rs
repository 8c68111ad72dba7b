use std::net::SocketAddr;

use desk::{Change, Channel};
use kernel::Secret;
use signaling::{Path, Transport};
use tokio::net::UdpSocket;

use super::super::hep::Collector;
use super::super::{Ladder, pcap, unpack};
use super::*;
use crate::clock::Clock;

const CALL: InteractionId = InteractionId { node: 1, serial: 7 };

fn path(transport: Transport, connection: Option<u64>) -> Path {
    Path {
        transport,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([203, 0, 113, 7], 40_000)),
        connection: connection.map(Connection),
    }
}

fn message(start: &str, call_id: &str, more: &str) -> Vec<u8> {
    let head = "Via: SIP/2.0/UDP 203.0.113.7;branch=z9hG4bK1\r\nFrom: <sip:erika@a>;tag=1\r\n";
    format!("{start}\r\n{head}Call-ID: {call_id}\r\nCSeq: 1 INVITE\r\n{more}Content-Length: 0\r\n\r\n")
        .into_bytes()
}

async fn record() -> Arc<dyn Store> {
    let store = store::open("sqlite::memory:").await.expect("a store");
    let opened = Change::ConversationOpened {
        id: CALL,
        channel: Channel::Voice,
        address: "tel:+491".into(),
        name: None,
        called: "1000".into(),
        lang: "en".into(),
        at: 1,
    };
    store.append(1, vec![opened]).await.expect("recorded");
    store
}

fn starts(kept: &Kept) -> Vec<String> {
    let all = kept.messages.iter();
    all.map(|one| String::from_utf8_lossy(&one.bytes).lines().next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_call_has_the_messages_of_its_legs_and_of_nobody_else() {
    let store = record().await;
    let ladder = Ladder::start(Arc::clone(&store), Clock::start(), None);
    let (phone, carrier) = (DialogId::incoming(1), DialogId::outgoing(1));
    let proof = "Proxy-Authorization: Digest username=\"a\", response=\"5ecret\"\r\n";
    let (udp, tcp) = (path(Transport::Udp, None), path(Transport::Tcp, Some(3)));
    ladder.received(udp, &message("INVITE sip:1000@a SIP/2.0", "in", proof));
    ladder.dialled(phone, b"in".to_vec());
    ladder.sent(udp, message("SIP/2.0 100 Trying", "in", ""));
    // Known before the INVITE of a call of ours goes out.
    ladder.belongs(carrier, CALL, 2);
    ladder.belongs(phone, CALL, 0);
    ladder.dialled(carrier, b"out".to_vec());
    ladder.sent(tcp, message("INVITE sip:2@b SIP/2.0", "out", ""));
    // Cut in two by the stream.
    let answer = message("SIP/2.0 200 OK", "out", "");
    let (head, tail) = answer.split_at(30);
    ladder.received(tcp, head);
    ladder.received(udp, &message("REGISTER sip:a SIP/2.0", "elsewhere", ""));
    ladder.received(udp, &message("INVITE sip:1001@a SIP/2.0", "refused", ""));
    ladder.received(tcp, tail);
    ladder.received(udp, b"\r\n\r\n");
    let expected =
        ["INVITE sip:1000@a SIP/2.0", "SIP/2.0 100 Trying", "INVITE sip:2@b SIP/2.0", "SIP/2.0 200 OK"];
    let living = ladder.look(CALL).await.expect("while it lives");
    assert_eq!(starts(&living), expected);
    assert_eq!(living.messages.iter().map(|one| one.leg).collect::<Vec<_>>(), [0, 0, 2, 2]);
    ladder.over(CALL).await;
    ladder.received(udp, &message("BYE sip:1000@a SIP/2.0", "in", ""));
    ladder.finish().await;
    let packed = store.sip_ladder(CALL).await.expect("readable").expect("stored");
    let stored = unpack(&packed).expect("ours");
    assert_eq!(starts(&stored)[4..], ["BYE sip:1000@a SIP/2.0"]);
    assert_eq!((stored.messages.len(), stored.cut), (5, false));
    assert!(!String::from_utf8_lossy(&pcap(&stored.messages)).contains("5ecret"));
    assert_eq!(ladder.look(CALL).await, None, "what is stored is not held any more");
}

#[tokio::test]
async fn a_call_without_end_is_cut_and_says_so() {
    let store = record().await;
    let ladder = Ladder::start(Arc::clone(&store), Clock::start(), None);
    let phone = DialogId::incoming(1);
    ladder.belongs(phone, CALL, 0);
    ladder.dialled(phone, b"in".to_vec());
    let long = format!("X-Long: {}\r\n", "y".repeat(8_000));
    for _ in 0..60 {
        ladder.received(path(Transport::Udp, None), &message("INVITE sip:1000@a SIP/2.0", "in", &long));
    }
    let kept = ladder.look(CALL).await.expect("kept");
    assert!(kept.cut && (20..40).contains(&kept.messages.len()), "{}", kept.messages.len());
}

/// The chunks of a HEP 3 packet, read by their own lengths.
fn chunks(packet: &[u8]) -> Vec<(u16, Vec<u8>)> {
    assert_eq!(packet.get(..4), Some(&b"HEP3"[..]));
    let word = |at: usize| u16::from_be_bytes([packet[at], packet[at + 1]]);
    assert_eq!(usize::from(word(4)), packet.len());
    let (mut at, mut chunks) = (6, Vec::new());
    while at < packet.len() {
        let length = usize::from(word(at + 4));
        assert_eq!(word(at), 0, "the vendor of what everybody knows");
        chunks.push((word(at + 2), packet[at + 6..at + length].to_vec()));
        at += length;
    }
    chunks
}

#[tokio::test]
async fn a_collector_gets_every_message_without_proofs() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a collector");
    let to = socket.local_addr().expect("bound").to_string();
    let collector = Collector { to, capture_id: 77, password: Some(Secret::new("open".to_owned())) };
    let ladder = Ladder::start(record().await, Clock::start(), Some(collector));
    let proof = "Authorization: Digest username=\"a\", response=\"5ecret\"\r\n";
    ladder.received(path(Transport::Udp, None), &message("REGISTER sip:a SIP/2.0", "any", proof));
    ladder.sent(path(Transport::Udp, None), message("SIP/2.0 200 OK", "any", ""));
    for (start, ends) in [
        ("REGISTER", ([203, 0, 113, 7], [192, 0, 2, 1])),
        ("SIP/2.0 200", ([192, 0, 2, 1], [203, 0, 113, 7])),
    ] {
        let mut packet = vec![0; 65_536];
        let got = tokio::time::timeout(Duration::from_secs(10), socket.recv(&mut packet)).await;
        packet.truncate(got.expect("in time").expect("received"));
        let chunks = chunks(&packet);
        let of = |kind| chunks.iter().find(|(k, _)| *k == kind).map(|(_, value)| value.as_slice());
        assert_eq!((of(1), of(2), of(11)), (Some(&[2][..]), Some(&[17][..]), Some(&[1][..])));
        assert_eq!((of(3), of(4)), (Some(&ends.0[..]), Some(&ends.1[..])));
        assert_eq!((of(12), of(14)), (Some(&[0, 0, 0, 77][..]), Some(&b"open"[..])));
        let text = String::from_utf8_lossy(of(15).expect("a payload")).into_owned();
        assert!(text.starts_with(start) && !text.contains("5ecret"), "{text}");
    }
}
