//! Bytes of every kind through `handle`: nothing panics, nothing is kept for ever.

use std::time::Duration;

use proptest::prelude::*;
use signaling::sdp::{Capabilities, Codec, Origin, SessionDescription, accept_answer, negotiate};
use signaling::{Command, Connection, In, Out, Parting, Path, Transport};

use crate::torture::messages;
use crate::wire::{Ours, PEER, SDP, address, udp};

fn corpus() -> Vec<Vec<u8>> {
    ["captured", "rfc4475", "rfc5118"].iter().flat_map(|folder| messages(folder).into_values()).collect()
}

/// One change of a message.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    DropLine(prop::sample::Index),
    DoubleLine(prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let piece = prop_oneof![
        Just(b"\r\n".to_vec()),
        Just(b"\r\n ".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"<".to_vec()),
        Just(b">".to_vec()),
        Just(b";,=".to_vec()),
        Just(b"\0".to_vec()),
        Just("é".as_bytes().to_vec()),
        Just(b"99999999999999999999".to_vec()),
        Just(b"[::1]:%zz".to_vec()),
        prop::collection::vec(any::<u8>(), 0..8),
    ];
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, b)| Mutation::Flip(at, b)),
        (at(), 0..200usize).prop_map(|(at, n)| Mutation::Cut(at, n)),
        (at(), 0..200usize).prop_map(|(at, n)| Mutation::Repeat(at, n)),
        (at(), piece).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        at().prop_map(Mutation::DropLine),
        at().prop_map(Mutation::DoubleLine),
    ]
}

fn mutate(mut bytes: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    for mutation in mutations {
        if bytes.is_empty() {
            break;
        }
        match mutation {
            Mutation::Flip(at, b) => {
                let at = at.index(bytes.len());
                bytes[at] ^= b;
            }
            Mutation::Cut(at, n) => {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + n).min(bytes.len()));
            }
            Mutation::Repeat(at, n) => {
                let at = at.index(bytes.len());
                let piece = bytes[at..(at + n).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            Mutation::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece.iter().copied());
            }
            Mutation::DropLine(at) | Mutation::DoubleLine(at) => {
                let mut lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
                let at = at.index(lines.len());
                match mutation {
                    Mutation::DropLine(_) => {
                        lines.remove(at);
                    }
                    _ => lines.insert(at, lines[at]),
                }
                bytes = lines.concat();
            }
        }
    }
    bytes
}

/// Serves what comes as an owner would, so that the states behind the first message are reached too.
fn serve(ours: &mut Ours, outs: Vec<Out>) {
    for out in outs {
        let more = match out {
            Out::Invited(incoming) => {
                let dialog = incoming.dialog;
                let sdp = incoming.sdp.unwrap_or_default();
                read(&sdp);
                ours.order(Command::Progress { dialog, sdp: None });
                ours.order(Command::Accept { dialog, sdp: SDP.into() })
            }
            Out::Reoffered { dialog, .. } => ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() }),
            _ => continue,
        };
        assert!(more.news().iter().all(|out| !matches!(out, Out::Invited(_))));
    }
}

fn read(sdp: &[u8]) {
    let ours = Capabilities { codecs: vec![Codec::OPUS, Codec::PCMU] };
    let origin = Origin { session_id: 1, version: 1 };
    if let Ok(session) = SessionDescription::parse(sdp) {
        if let Ok(agreed) = negotiate(&session, &ours, address(PEER), origin) {
            let answer = SessionDescription::parse(&agreed.answer).expect("our answers can be read");
            assert_eq!(answer.media.len(), session.media.len(), "a line for every line");
        }
        let _any = accept_answer(&ours, &session);
    }
}

/// After any input: calls that stand are hung up, and nothing is left.
fn finish(mut ours: Ours) {
    for n in 0..50 {
        ours.order(Command::Hangup { dialog: signaling::DialogId::incoming(n), why: Parting::Plain });
    }
    ours.wait(Duration::from_secs(200));
    assert!(ours.endpoint.is_idle());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let mut ours = Ours::new();
        let outs = ours.feed(In::Datagram { path: udp(PEER), bytes: &bytes });
        serve(&mut ours, outs.0);
        read(&bytes);
        finish(ours);
    }

    #[test]
    fn mutated_messages_do_no_harm(
        picks in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(mutation(), 0..5)), 1..6),
        portion in 1..700usize,
    ) {
        let corpus = corpus();
        let stream = Path { transport: Transport::Tcp, connection: Some(Connection(1)), ..udp(PEER) };
        let mut ours = Ours::new();
        for (pick, mutations) in picks {
            let bytes = mutate(pick.get(&corpus).clone(), &mutations);
            let outs = ours.feed(In::Datagram { path: udp(PEER), bytes: &bytes });
            serve(&mut ours, outs.0);
            for portion in bytes.chunks(portion) {
                let outs = ours.feed(In::Stream { path: stream, bytes: portion });
                serve(&mut ours, outs.0);
            }
            if let Some(body) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
                read(bytes[body..].trim_ascii_start());
            }
        }
        ours.feed(In::StreamClosed(Connection(1)));
        finish(ours);
    }
}
