//! Streams: framing as a peer sees it.

use std::time::Duration;

use signaling::{Command, Connection, In, Out, Parting, Path, Transport};

use crate::wire::{Caller, Ours, PEER, SDP, tag, udp};

const STREAM: Connection = Connection(1);

fn tcp() -> Path {
    Path { transport: Transport::Tcp, connection: Some(STREAM), ..udp(PEER) }
}

fn feed(ours: &mut Ours, bytes: &[u8]) -> crate::wire::Outs {
    ours.feed(In::Stream { path: tcp(), bytes })
}

fn closes(outs: &crate::wire::Outs) -> bool {
    outs.0.iter().any(|out| matches!(out, Out::Close(STREAM)))
}

#[test]
fn messages_are_cut_wherever_the_portions_end() {
    let (one, two) =
        (Caller::new("one").request("OPTIONS", None), Caller::new("two").request("OPTIONS", None));
    let both = format!("\r\n{one}\r\n{two}");
    for size in [1, 2, 3, 7, both.len()] {
        let mut ours = Ours::new();
        let mut statuses = Vec::new();
        for portion in both.as_bytes().chunks(size) {
            statuses.extend(feed(&mut ours, portion).statuses());
        }
        assert_eq!(statuses, [200, 200], "portions of {size}");
        ours.settle();
    }
}

#[test]
fn a_ping_gets_its_pong() {
    let mut ours = Ours::new();
    assert_eq!(feed(&mut ours, b"\r\n\r\n").only(), "\r\n");
}

#[test]
fn lost_framing_is_told_where_it_can_be_and_closes_the_stream() {
    for (change, status) in [
        ("Content-Length: 0", "l: 0\r\nl: 0"),
        ("Content-Length: 0", "l: -4"),
        ("Content-Length: 0", "l: 4294967296000"),
    ]
    .into_iter()
    .zip([400, 400, 513])
    {
        let mut ours = Ours::new();
        let text = Caller::new("bad").request("OPTIONS", None).replace(change.0, change.1);
        let outs = feed(&mut ours, text.as_bytes());
        assert_eq!(outs.statuses(), [status]);
        assert!(closes(&outs));
    }
    let mut ours = Ours::new();
    let outs = feed(&mut ours, &[0x80; 4000]);
    assert!(outs.sent().is_empty() && closes(&outs));
    ours.settle();
}

#[test]
fn large_headers_are_served_or_refused_but_never_ignored() {
    for size in [20_000, 70_000] {
        let mut ours = Ours::new();
        let mut caller = Caller::new("large");
        caller.extra = format!("X-Pad: {}\r\n", "a".repeat(size));
        let outs = feed(&mut ours, caller.request("OPTIONS", None).as_bytes());
        assert!(outs.statuses() == [200] || closes(&outs));
    }
    let mut ours = Ours::new();
    let mut caller = Caller::new("vias");
    caller.extra = format!("Via: SIP/2.0/TCP {}\r\n", "a".repeat(20_000));
    assert_eq!(feed(&mut ours, caller.invite().as_bytes()).statuses(), [513], "too much to remember");
    ours.settle();
}

#[test]
fn half_a_message_does_not_hold_a_stream_for_ever() {
    let mut ours = Ours::new();
    feed(&mut ours, b"OPTIONS sip:a SIP/2.0\r\n");
    ours.wait(Duration::from_secs(20));
    feed(&mut ours, b"X");
    assert!(closes(&ours.wait(Duration::from_secs(13))));
    ours.settle();
}

#[test]
fn a_call_survives_its_stream_and_its_bye_opens_another() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("moved");
    let invite = caller.invite();
    let dialog = feed(&mut ours, invite.as_bytes()).invited().dialog;
    let ok = ours.order(Command::Accept { dialog, sdp: SDP.into() });
    assert_eq!(ours.wait(Duration::from_millis(600)).statuses(), [200], "repeated even on streams");
    caller.to_tag = tag(&ok.only(), "To");
    feed(&mut ours, caller.request("ACK", None).as_bytes());
    ours.feed(In::StreamClosed(STREAM));
    let (path, bye) = ours.order(Command::Hangup { dialog, why: Parting::Plain }).sent().remove(0);
    assert!(bye.starts_with("BYE ") && path.connection.is_none());
    ours.settle();
}
