//! Bytes of every kind through `handle`: nothing panics, nothing is kept for ever.

use std::time::Duration;

use proptest::prelude::*;
use signaling::sdp::{
    Capabilities, Codec, Local, Origin, SRTP_CHANCE, SessionDescription, SrtpKeys, accept_answer, negotiate,
};
use signaling::{Command, Connection, In, Out, Parting, Path, Transport};

use crate::torture::messages;
use crate::wire::{Caller, Ours, PEER, SDP, address, header, reply, tag, udp};

fn corpus() -> Vec<Vec<u8>> {
    ["captured", "rfc4475", "rfc5118"].iter().flat_map(|folder| messages(folder).into_values()).collect()
}

/// Headers that are wrong in every way that matters to the states of a call.
const NASTY: &[&str] = &[
    "X: 1",
    "Session-Expires: 90;refresher=uac",
    "Session-Expires: 4294967296;refresher=uas",
    "k: timer\r\nx: 91\r\nMin-SE: 86400",
    "Min-SE: 99999999999999999999",
    "Min-SE: 7200",
    "RSeq: 1\r\nRequire: 100rel",
    "RSeq: 2\r\nRequire: 100rel",
    "RSeq: 4294967295\r\nRequire: 100rel",
    "RSeq: 4294967296\r\nRequire: 100rel",
    "Refer-To: <sip:1102@h>",
    "Refer-To: <sip:1102@h?Replaces=inside%3Bto-tag%3D1%3Bfrom-tag%3Df1>\r\nRefer-Sub: false",
    "Refer-To: sip:a?@b",
    "Retry-After: 0",
    "Retry-After: 9 (x);duration=1",
    "Replaces: inside;to-tag=1;from-tag=f1",
    "Reason: \"\";;;",
    "Allow: UPDATE",
    "Privacy: ;;id,,",
    "Event: dialog;id=\"a;b\"\r\nExpires: 4294967296",
    "o: presence;id\r\nAccept: ,,*/*;q=,\r\nExpires: 0",
    "Record-Route: <sip:h;lr>, <sip:9.9.9.9>",
];

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
            Out::Referred { dialog, .. } => {
                ours.order(Command::AnswerRefer { dialog, status: 202 });
                ours.order(Command::Reoffer { dialog, sdp: SDP.into() });
                ours.order(Command::NotifyRefer { dialog, status: 200 })
            }
            _ => continue,
        };
        assert!(more.news().iter().all(|out| !matches!(out, Out::Invited(_))));
    }
}

fn read(sdp: &[u8]) {
    let ours = Capabilities { codecs: vec![Codec::OPUS, Codec::PCMU] };
    let local = Local {
        keys: SrtpKeys { current: None, fresh: vec![1; SRTP_CHANCE].into() },
        ..Local::plain(address(PEER), Origin { session_id: 1, version: 1 })
    };
    if let Ok(session) = SessionDescription::parse(sdp) {
        if let Ok(agreed) = negotiate(&session, &ours, &local) {
            let answer = SessionDescription::parse(&agreed.answer).expect("our answers can be read");
            assert_eq!(answer.media.len(), session.media.len(), "a line for every line");
        }
        let _any = accept_answer(&ours, &session, &local);
    }
}

/// After any input: calls that stand are hung up, and nothing is left.
fn finish(mut ours: Ours) {
    for n in 0..500 {
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

    /// A continuation line would be part of the Via, which is the way back: it is left whole.
    #[test]
    fn a_request_that_names_the_way_back_is_answered_whatever_else_is_wrong_with_it(
        method in 0..12usize,
        described in any::<bool>(),
        mutations in prop::collection::vec(mutation(), 0..5),
    ) {
        let method = ["INVITE", "BYE", "CANCEL", "OPTIONS", "REGISTER", "INFO", "PRACK", "UPDATE", "REFER", "SUBSCRIBE", "NOTIFY", "FLURB"][method];
        let text = Caller::new("answered").request(method, described.then_some(("application/sdp", SDP)));
        let (head, rest) = text.split_at(text.find("Max-Forwards").expect("the line after the Via"));
        let rest = mutate(rest.as_bytes().to_vec(), &mutations);
        prop_assume!(!matches!(rest.first(), Some(b' ' | b'\t')));
        let outs = Ours::new().feed(In::Datagram { path: udp(PEER), bytes: &[head.as_bytes(), &rest].concat() });
        prop_assert!(!outs.statuses().is_empty(), "{outs:?}");
    }

    #[test]
    fn what_watchers_send_does_no_harm(
        steps in prop::collection::vec((any::<bool>(), 0..NASTY.len(), 0..700u64, prop::collection::vec(mutation(), 0..2)), 1..12),
    ) {
        let mut ours = Ours::new();
        let mut caller = Caller::new("watcher");
        for (beginning, nasty, wait, mutations) in steps {
            caller.extra = format!("Event: dialog\r\n{}\r\n", NASTY[nasty]);
            if beginning {
                caller.to_tag.clear();
            }
            let text = caller.request("SUBSCRIBE", None).replace("sip:1000@", "sip:bob@");
            let bytes = mutate(text.into_bytes(), &mutations);
            let outs = ours.feed(In::Datagram { path: udp("192.0.2.50:5060"), bytes: &bytes });
            if let Some((_, notify)) = outs.sent().into_iter().rfind(|(_, text)| text.starts_with("NOTIFY ")) {
                caller.to_tag = tag(&notify, "From");
                ours.feed(In::Datagram { path: udp(PEER), bytes: reply(&notify, 200, "", "", None).as_bytes() });
            }
            ours.wait(Duration::from_secs(wait));
        }
        ours.wait(Duration::from_secs(3600));
        finish(ours);
    }

    #[test]
    fn what_a_caller_does_inside_a_call_does_no_harm(
        beginning in 0..4usize,
        steps in prop::collection::vec((0..9usize, 0..NASTY.len(), any::<bool>(), 0..90u64, prop::collection::vec(mutation(), 0..2)), 1..12),
    ) {
        let mut ours = Ours::new();
        let mut caller = Caller::new("inside");
        caller.extra = ["", "Require: 100rel\r\n", "k: timer, 100rel\r\nx: 90\r\n", "x: 90;refresher=uas\r\n"][beginning].into();
        let dialog = ours.hear(&caller.invite()).invited().dialog;
        let progress = ours.order(Command::Progress { dialog, sdp: (beginning > 0).then(|| SDP.into()) });
        caller.to_tag = progress.sent().first().map(|(_, text)| tag(text, "To")).unwrap_or_default();
        if beginning != 1 {
            ours.order(Command::Accept { dialog, sdp: SDP.into() });
            let ack = caller.repeat("ACK", 9000, 11, None);
            ours.hear(&ack);
        }
        for (method, nasty, described, wait, mutations) in steps {
            let method = ["INVITE", "UPDATE", "PRACK", "REFER", "INFO", "BYE", "ACK", "CANCEL", "NOTIFY"][method];
            caller.extra = format!("{}\r\n", NASTY[nasty]);
            if let Some(rseq) = progress.sent().first().and_then(|(_, text)| header(text, "RSeq").map(str::to_owned)) {
                caller.extra.push_str(&format!("RAck: {rseq} 11 INVITE\r\n"));
            }
            let text = caller.request(method, described.then_some(("application/sdp", SDP)));
            let outs = ours.feed(In::Datagram { path: udp(PEER), bytes: &mutate(text.into_bytes(), &mutations) });
            serve(&mut ours, outs.0);
            let outs = ours.wait(Duration::from_secs(wait));
            serve(&mut ours, outs.0);
        }
        finish(ours);
    }

    #[test]
    fn what_a_callee_answers_does_no_harm(
        steps in prop::collection::vec((0..11usize, 0..NASTY.len(), 0..3usize, any::<bool>(), prop::collection::vec(mutation(), 0..2)), 1..12),
    ) {
        let mut ours = Ours::new();
        let dialog = signaling::DialogId::outgoing(1);
        let mut asked = vec![ours.order(Command::Dial {
            dialog,
            target: signaling::DialTarget::Uri(format!("sip:bob@{PEER}")),
            from_user: kernel::Pii::new("c".into()),
            from_name: None,
            sdp: SDP.into(),
            headers: Vec::new(),
        }).only()];
        for (status, nasty, fork, described, mutations) in steps {
            let status = [100, 180, 183, 183, 199, 200, 200, 422, 491, 500, 603][status];
            let more = format!("{}\r\nContact: <sip:bob@{PEER}>\r\n", NASTY[nasty]);
            let request = asked[nasty % asked.len()].clone();
            let text = reply(&request, status, ["a", "b", "c"][fork], &more, described.then_some(SDP));
            let outs = ours.feed(In::Datagram { path: udp(PEER), bytes: &mutate(text.into_bytes(), &mutations) });
            asked.extend(outs.sent().into_iter().map(|(_, text)| text).filter(|text| !text.starts_with("SIP/")));
            serve(&mut ours, outs.0);
            asked.extend(ours.order(Command::Reoffer { dialog, sdp: SDP.into() }).sent().into_iter().map(|(_, text)| text));
            ours.wait(Duration::from_secs(u64::try_from(nasty).expect("small")));
        }
        ours.order(Command::Hangup { dialog, why: Parting::Elsewhere });
        // Whoever is still asked to stop says so: an INVITE that got a provisional answer has no end of its own.
        for request in asked.iter().filter(|text| text.starts_with("INVITE ")) {
            ours.hear(&reply(request, 180, "z", "", None));
            ours.hear(&reply(request, 487, "z", "", None));
        }
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
