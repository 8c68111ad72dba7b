//! Calls that we place.

use std::time::Duration;

use kernel::{Fault, Pii};
use signaling::{Command, DialTarget, DialogId, In, Out, Parting, Transport};

use crate::registering::register;
use crate::wire::{Ours, PEER, SDP, address, all, header, reply};

const CALLEE: &str = "192.0.2.20:7000";

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn dial(ours: &mut Ours, n: u64, target: DialTarget) -> (DialogId, crate::wire::Outs) {
    let dialog = DialogId::outgoing(n);
    let outs = ours.order(Command::Dial {
        dialog,
        target,
        from_user: Pii::new("c 1".into()),
        from_name: Some(Pii::new("C \"One\"".into())),
        sdp: SDP.into(),
        headers: vec![("X-Call".into(), "7".into()), ("Via".into(), "evil".into())],
    });
    (dialog, outs)
}

fn dial_uri(ours: &mut Ours) -> (DialogId, String) {
    let (dialog, outs) = dial(ours, 1, DialTarget::Uri(format!("sip:bob@{CALLEE}")));
    let (path, invite) = outs.sent().remove(0);
    assert_eq!(path.remote, address(CALLEE));
    (dialog, invite)
}

fn contact(at: &str) -> String {
    format!("Contact: <sip:bob@{at}>\r\n")
}

#[test]
fn a_call_is_placed_answered_acknowledged_and_ended() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial_uri(&mut ours);
    assert!(invite.starts_with("INVITE sip:bob@192.0.2.20:7000 SIP/2.0\r\n") && invite.ends_with(SDP));
    assert!(
        header(&invite, "From")
            .is_some_and(|f| f.starts_with("\"C \\\"One\\\"\" <sip:c%201@127.0.0.1>;tag="))
    );
    assert_eq!((header(&invite, "X-Call"), all(&invite, "Via").len()), (Some("7"), 1));
    assert!(ours.hear_from(CALLEE, &reply(&invite, 100, "", "", None)).0.is_empty());
    let outs = ours.hear_from(CALLEE, &reply(&invite, 183, "t", "", Some(SDP)));
    assert!(matches!(outs.news().as_slice(), [Out::Progress { status: 183, sdp: Some(_), .. }]));
    let ok = reply(&invite, 200, "t", &contact(CALLEE), Some(SDP));
    let outs = ours.hear_from(CALLEE, &ok);
    let ack = outs.only();
    assert!(ack.starts_with("ACK sip:bob@192.0.2.20:7000 "));
    assert_eq!(header(&ack, "CSeq"), Some("1 ACK"));
    assert!(
        matches!(outs.news().as_slice(), [Out::Answered { sdp: Some(_), by, .. }] if by == "sip:bob@192.0.2.20:7000")
    );
    assert_eq!(ours.hear_from(CALLEE, &ok).only(), ack, "a repeated 200 gets its ACK again");
    let outs = ours.order(Command::Hangup { dialog, why: Parting::Plain });
    assert_eq!(header(&outs.only(), "CSeq"), Some("2 BYE"));
    assert_eq!((outs.ended().fault, outs.ended().reason), (Fault::None, "hangup"));
    let bye = outs.only();
    assert!(ours.hear_from(CALLEE, &reply(&bye, 200, "", "", None)).0.is_empty());
    assert_eq!(ours.hear_from(CALLEE, &ok).only(), ack, "even after the call");
    ours.settle();
}

#[test]
fn refusals_are_acknowledged_and_told_by_their_meaning() {
    for (status, reason) in [
        (486, "busy"),
        (600, "busy"),
        (603, "refused"),
        (403, "refused"),
        (401, "refused"),
        (302, "refused"),
        (480, "no_answer"),
        (408, "no_answer"),
        (404, "unreachable"),
        (503, "unreachable"),
    ] {
        let mut ours = Ours::new();
        let (_, invite) = dial_uri(&mut ours);
        let refusal = reply(&invite, status, "t", "", None);
        let outs = ours.hear_from(CALLEE, &refusal);
        let ack = outs.only();
        assert!(ack.starts_with("ACK sip:bob@192.0.2.20:7000 "));
        assert_eq!(header(&ack, "Via"), header(&invite, "Via"), "the ACK is of the same transaction");
        assert_eq!(
            (outs.ended().status, outs.ended().reason, outs.ended().fault),
            (Some(status), reason, Fault::Peer)
        );
        assert_eq!(ours.hear_from(CALLEE, &refusal).only(), ack);
        ours.settle();
    }
}

#[test]
fn nobody_there_is_unreachable_after_32_seconds() {
    let mut ours = Ours::new();
    dial_uri(&mut ours);
    let outs = ours.wait(secs(32));
    assert_eq!(outs.sent().len(), 6);
    assert_eq!((outs.ended().status, outs.ended().reason), (None, "unreachable"));
    ours.settle();
}

#[test]
fn what_cannot_be_dialled_ends_at_once() {
    for target in [
        "sip:bob@example.com;transport=ws",
        "sip:bob@192.0.2.1;transport=sctp",
        "nonsense",
        "sip:bob@[2001:db8::1]",
    ] {
        let mut ours = Ours::new();
        let (_, outs) = dial(&mut ours, 1, DialTarget::Uri(target.into()));
        assert!(outs.sent().is_empty() && outs.ended().reason == "unreachable", "{target}");
        ours.settle();
    }
    let mut ours = Ours::new();
    let (_, outs) = dial(&mut ours, 1, DialTarget::Account("alice".into()));
    assert_eq!((outs.ended().status, outs.ended().reason), (Some(480), "unreachable"));
}

#[test]
fn a_cancel_waits_for_the_first_sign_of_life() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial_uri(&mut ours);
    let outs = ours.order(Command::Hangup { dialog, why: Parting::Plain });
    assert!(outs.sent().is_empty());
    assert_eq!(outs.ended().reason, "cancelled");
    let cancel = ours.hear_from(CALLEE, &reply(&invite, 180, "t", "", None)).only();
    assert!(cancel.starts_with("CANCEL sip:bob@192.0.2.20:7000 "));
    assert_eq!(header(&cancel, "Via"), header(&invite, "Via"));
    assert_eq!((header(&cancel, "CSeq"), header(&cancel, "To")), (Some("1 CANCEL"), header(&invite, "To")));
    assert!(ours.hear_from(CALLEE, &reply(&invite, 180, "t", "", None)).0.is_empty(), "one CANCEL is enough");
    assert!(ours.hear_from(CALLEE, &reply(&cancel, 200, "t", "", None)).0.is_empty());
    assert!(ours.wait(secs(5)).sent().is_empty(), "the CANCEL is not repeated once it is answered");
    let outs = ours.hear_from(CALLEE, &reply(&invite, 487, "t", "", None));
    assert!(outs.only().starts_with("ACK ") && outs.news().is_empty());
    ours.settle();
}

#[test]
fn an_answer_that_crosses_the_cancel_is_acknowledged_and_ended() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial_uri(&mut ours);
    ours.hear_from(CALLEE, &reply(&invite, 180, "t", "", None));
    assert!(ours.order(Command::Hangup { dialog, why: Parting::Plain }).only().starts_with("CANCEL "));
    let outs = ours.hear_from(CALLEE, &reply(&invite, 200, "t", &contact(CALLEE), Some(SDP)));
    let lines = outs.lines();
    assert!(lines[0].starts_with("ACK ") && lines[1].starts_with("BYE ") && outs.news().is_empty());
    ours.settle();
}

#[test]
fn a_second_fork_that_answers_is_ended_without_hurting_the_first() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial_uri(&mut ours);
    ours.hear_from(CALLEE, &reply(&invite, 200, "one", &contact(CALLEE), Some(SDP)));
    let second = reply(&invite, 200, "two", &contact("192.0.2.21:7001"), Some(SDP));
    let outs = ours.hear_from(CALLEE, &second);
    let lines = outs.lines();
    assert_eq!(lines, ["ACK sip:bob@192.0.2.21:7001 SIP/2.0", "BYE sip:bob@192.0.2.21:7001 SIP/2.0"]);
    assert!(outs.news().is_empty());
    assert!(ours.hear_from(CALLEE, &second).only().starts_with("ACK "));
    assert!(
        ours.order(Command::Hangup { dialog, why: Parting::Plain })
            .only()
            .starts_with("BYE sip:bob@192.0.2.20:7000 ")
    );
    ours.settle();
}

#[test]
fn all_phones_of_an_account_ring_and_the_first_to_answer_wins() {
    let mut ours = Ours::new();
    register(&mut ours, "192.0.2.31:5060", "<sip:bob@10.0.0.1:5060>");
    register(&mut ours, "192.0.2.32:5060", "<sip:bob@10.0.0.2:5060?Route=%3Csip:evil%3E>");
    register(&mut ours, "192.0.2.33:5060", "<sip:bob@10.0.0.3:5060>");
    let (dialog, outs) = dial(&mut ours, 1, DialTarget::Account("bob".into()));
    let sent = outs.sent();
    let remotes: Vec<_> = sent.iter().map(|(path, _)| path.remote.to_string()).collect();
    assert_eq!(remotes, ["192.0.2.31:5060", "192.0.2.32:5060", "192.0.2.33:5060"]);
    assert!(sent[1].1.starts_with("INVITE sip:bob@10.0.0.2:5060 SIP/2.0"));
    let told = outs.0.iter().filter_map(|out| match out {
        Out::Dialled { dialog: whose, call_id } if *whose == dialog => std::str::from_utf8(call_id).ok(),
        _ => None,
    });
    let called: Vec<_> = sent.iter().filter_map(|(_, invite)| header(invite, "Call-ID")).collect();
    assert_eq!(told.collect::<Vec<_>>(), called, "each Call-ID is told with its dialog");
    ours.hear_from("192.0.2.31:5060", &reply(&sent[0].1, 180, "a", "", None));
    let busy = ours.hear_from("192.0.2.32:5060", &reply(&sent[1].1, 486, "b", "", None));
    assert!(busy.news().is_empty(), "others still ring");
    let outs = ours.hear_from(
        "192.0.2.33:5060",
        &reply(&sent[2].1, 200, "c", "Contact: <sip:bob@10.0.0.3>\r\n", Some(SDP)),
    );
    let cancel = outs.sent().into_iter().map(|(_, text)| text).find(|text| text.starts_with("CANCEL "));
    let cancel = cancel.expect("the others stop ringing");
    assert!(cancel.starts_with("CANCEL sip:bob@10.0.0.1:5060 "));
    assert_eq!(header(&cancel, "Reason"), Some("SIP;cause=200;text=\"Call completed elsewhere\""));
    assert!(matches!(outs.news().as_slice(), [Out::Answered { by, .. }] if by == "sip:bob@10.0.0.3:5060"));
    let ack = outs.sent().into_iter().find(|(_, text)| text.starts_with("ACK ")).expect("an ACK").0;
    assert_eq!(ack.remote, address("192.0.2.33:5060"), "the Contact is private");
    ours.hear_from("192.0.2.31:5060", &reply(&sent[0].1, 487, "a", "", None));
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
}

#[test]
fn when_all_phones_refuse_the_most_telling_refusal_is_told() {
    let mut ours = Ours::new();
    register(&mut ours, "192.0.2.31:5060", "<sip:bob@10.0.0.1>");
    register(&mut ours, "192.0.2.32:5060", "<sip:bob@10.0.0.2>");
    let (_, outs) = dial(&mut ours, 1, DialTarget::Account("bob".into()));
    let sent = outs.sent();
    ours.hear_from("192.0.2.31:5060", &reply(&sent[0].1, 486, "a", "", None));
    let outs = ours.hear_from("192.0.2.32:5060", &reply(&sent[1].1, 480, "b", "", None));
    assert_eq!((outs.ended().status, outs.ended().reason), (Some(486), "busy"));
    let (_, outs) = dial(&mut ours, 2, DialTarget::Account("bob".into()));
    let sent = outs.sent();
    ours.hear_from("192.0.2.32:5060", &reply(&sent[1].1, 180, "b", "", None));
    let outs = ours.hear_from("192.0.2.31:5060", &reply(&sent[0].1, 603, "a", "", None));
    assert!(outs.lines().iter().any(|line| line.starts_with("CANCEL ")), "one declines for all");
    assert_eq!(outs.ended().reason, "refused");
    ours.settle();
}

#[test]
fn their_bye_and_their_reinvite_find_the_call_that_we_placed() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial_uri(&mut ours);
    ours.hear_from(CALLEE, &reply(&invite, 200, "t", &contact(CALLEE), Some(SDP)));
    let request = |method: &str, cseq: u32| {
        format!(
            "{method} sip:127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {CALLEE};branch=z9hG4bKp{cseq}\r\nMax-Forwards: 70\r\n\
             From: {};tag=t\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {cseq} {method}\r\nContact: <sip:bob@{CALLEE}>\r\n\
             Content-Length: 0\r\n\r\n",
            header(&invite, "To").unwrap_or_default(),
            header(&invite, "From").unwrap_or_default(),
            header(&invite, "Call-ID").unwrap_or_default(),
        )
    };
    let outs = ours.hear_from(CALLEE, &request("INVITE", 1));
    assert!(matches!(outs.news().as_slice(), [Out::Reoffered { sdp: None, .. }]));
    ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() });
    let outs = ours.hear_from(CALLEE, &request("BYE", 2));
    assert_eq!(outs.statuses(), [200]);
    assert_eq!(outs.ended().reason, "hangup");
    ours.settle();
}

#[test]
fn a_stream_that_cannot_be_opened_fails_the_call_at_once() {
    let mut ours = Ours::new();
    let (_, outs) = dial(&mut ours, 1, DialTarget::Uri(format!("sip:bob@{CALLEE};transport=tcp")));
    let (path, invite) = outs.sent().remove(0);
    assert_eq!((path.transport, path.connection), (Transport::Tcp, None));
    assert!(invite.contains("Via: SIP/2.0/TCP ") && invite.contains(";transport=tcp>"));
    let connection = signaling::Connection(5);
    ours.feed(In::StreamOpened(signaling::Path { connection: Some(connection), ..path }));
    let outs = ours.feed(In::StreamClosed(connection));
    assert_eq!((outs.ended().status, outs.ended().reason), (None, "unreachable"));
    ours.settle();
}

#[test]
fn nothing_of_a_stranger_answers_for_the_callee() {
    let mut ours = Ours::new();
    let (_, invite) = dial_uri(&mut ours);
    let forged = reply(&invite, 200, "t", "", Some(SDP)).replace("branch=z9hG4bK", "branch=z9hG4bK1");
    assert!(ours.hear_from(PEER, &forged).0.is_empty());
    assert!(ours.hear_from(PEER, "SIP/2.0 200 OK\r\nVia: x\r\n\r\n").0.is_empty());
}

#[test]
fn an_endpoint_that_listens_on_all_addresses_tells_the_one_that_works() {
    let all = vec![(Transport::Udp, address("0.0.0.0:5060"))];
    let mut ours = Ours::with(signaling::Setup { listening: all, ..crate::wire::setup() });
    let (_, outs) = dial(&mut ours, 1, DialTarget::Uri("sip:bob@127.0.0.9:7000".into()));
    assert!(outs.only().contains("Contact: <sip:127.0.0.9:5060>"));
    let local = address("203.0.113.5:5060");
    ours.feed(In::Datagram { path: signaling::Path { local, ..crate::wire::udp(PEER) }, bytes: b"\r\n" });
    let (_, outs) = dial(&mut ours, 2, DialTarget::Uri(format!("sip:bob@{CALLEE}")));
    assert!(outs.only().contains("Via: SIP/2.0/UDP 203.0.113.5:5060;"));
}
