//! Calls that arrive, from INVITE to the end.

use std::time::Duration;

use kernel::Fault;
use signaling::{Command, In, Out, Parting};

use crate::wire::{Caller, Ours, PEER, SDP, address, all, header, setup, tag};

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn a_call_rings_is_answered_and_ends_with_their_bye() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("c1");
    caller.extra = "X-Account: 7\r\nUser-to-User: 00;encoding=hex\r\nSubject: no\r\n".into();
    let outs = ours.hear(&caller.invite());
    let incoming = outs.invited();
    assert_eq!(outs.statuses(), [100]);
    assert_eq!(incoming.called, "1000");
    assert_eq!(incoming.caller.reveal(), "sip:ann@example.com");
    assert_eq!((incoming.caller_user.reveal().as_str(), incoming.call_id.as_str()), ("ann", "c1"));
    assert_eq!(incoming.caller_name.map(|n| n.into_inner()).as_deref(), Some("Ann"));
    assert_eq!(incoming.sdp.as_deref(), Some(SDP.as_bytes()));
    let names: Vec<_> = incoming.extra.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["X-Account", "User-to-User"]);

    let dialog = incoming.dialog;
    let ringing = ours.order(Command::Progress { dialog, sdp: None }).only();
    assert!(ringing.starts_with("SIP/2.0 180 Ringing"));
    let early = ours.order(Command::Progress { dialog, sdp: Some(SDP.into()) }).only();
    assert!(early.starts_with("SIP/2.0 183 ") && early.ends_with(SDP));
    let ok = ours.order(Command::Accept { dialog, sdp: SDP.into() }).only();
    assert!(ok.starts_with("SIP/2.0 200 OK") && ok.ends_with(SDP));
    assert_eq!(tag(&ok, "To"), tag(&ringing, "To"));
    assert_eq!(header(&ok, "Contact"), Some("<sip:127.0.0.1:5060>"));
    assert_eq!(
        header(&ok, "Via"),
        Some("SIP/2.0/UDP 10.0.0.7:5066;branch=z9hG4bKc11;received=192.0.2.9;rport=4000")
    );

    caller.to_tag = tag(&ok, "To");
    let ack = caller.request("ACK", None);
    assert!(matches!(ours.hear(&ack).news().as_slice(), [Out::Confirmed { sdp: None, .. }]));
    assert!(ours.hear(&ack).0.is_empty(), "a second ACK is harmless");
    let bye = caller.request("BYE", None);
    let outs = ours.hear(&bye);
    assert_eq!(outs.statuses(), [200]);
    assert_eq!((outs.ended().fault, outs.ended().reason), (Fault::None, "hangup"));
    let again = ours.hear(&bye);
    assert_eq!((again.statuses(), again.news().len()), (vec![200], 0));
    let late = caller.request("BYE", None);
    assert_eq!(ours.hear(&late).statuses(), [481]);
    ours.settle();
}

#[test]
fn a_late_offer_gets_our_offer_and_the_ack_brings_the_answer() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("late");
    let incoming = ours.hear(&caller.request("INVITE", None)).invited();
    assert_eq!(incoming.sdp, None);
    let ok = ours.order(Command::Accept { dialog: incoming.dialog, sdp: SDP.into() }).only();
    caller.to_tag = tag(&ok, "To");
    let reinvite = caller.invite();
    assert_eq!(ours.hear(&reinvite).statuses(), [491], "our offer is not answered yet");
    caller.cseq -= 1;
    let outs = ours.hear(&caller.request("ACK", Some(("application/sdp", SDP))));
    assert!(
        matches!(outs.news().as_slice(), [Out::Confirmed { sdp: Some(sdp), .. }] if sdp == SDP.as_bytes())
    );
}

#[test]
fn the_200_is_repeated_until_32_seconds_and_then_the_call_is_torn_down() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("noack");
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    ours.order(Command::Accept { dialog, sdp: SDP.into() });
    let outs = ours.wait(secs(31));
    assert_eq!(outs.statuses(), vec![200; 9]);
    let outs = ours.wait(secs(2));
    assert!(
        outs.lines().iter().any(|line| line.starts_with("BYE sip:ann@10.0.0.7:5066 ")),
        "{:?}",
        outs.lines()
    );
    assert_eq!((outs.ended().fault, outs.ended().reason), (Fault::Peer, "no_ack"));
    assert!(ours.settle().news().is_empty());
}

#[test]
fn hanging_up_before_the_ack_says_bye_after_it() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("hasty");
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    let ok = ours.order(Command::Accept { dialog, sdp: SDP.into() }).only();
    let outs = ours.order(Command::Hangup { dialog, why: Parting::Plain });
    assert!(outs.sent().is_empty() && outs.ended().reason == "hangup");
    caller.to_tag = tag(&ok, "To");
    let outs = ours.hear(&caller.request("ACK", None));
    assert!(outs.only().starts_with("BYE ") && outs.news().is_empty());
    ours.settle();
}

#[test]
fn our_bye_goes_where_their_packets_come_from() {
    let mut ours = Ours::new();
    let (_, dialog) = Caller::established(&mut ours, "nat");
    let outs = ours.order(Command::Hangup { dialog, why: Parting::Plain });
    let (path, bye) = outs.sent().remove(0);
    assert_eq!(path.remote, address(PEER), "the Contact is private, the packets are not");
    assert!(bye.starts_with("BYE sip:ann@10.0.0.7:5066 SIP/2.0"));
    assert_eq!(header(&bye, "To"), Some("\"Ann\" <sip:ann@example.com>;tag=f1"));
    assert!(header(&bye, "From").is_some_and(|from| from.starts_with("<sip:1000@127.0.0.1>;tag=")));
    assert_eq!(outs.ended().reason, "hangup");
    assert!(ours.order(Command::Hangup { dialog, why: Parting::Plain }).0.is_empty());
    assert!(ours.settle().news().is_empty());
}

#[test]
fn route_sets_are_followed_loosely_and_strictly() {
    for (lr, line, target) in [
        (";lr", "BYE sip:ann@10.0.0.7:5066 SIP/2.0", "<sip:192.0.2.50:5070;lr>"),
        ("", "BYE sip:192.0.2.50:5070 SIP/2.0", "<sip:192.0.2.60>"),
    ] {
        let mut ours = Ours::new();
        let mut caller = Caller::new("routed");
        caller.extra =
            format!("Record-Route: <sip:192.0.2.50:5070{lr}>\r\nRecord-Route: <sip:192.0.2.60>\r\n");
        let dialog = ours.hear(&caller.invite()).invited().dialog;
        let ok = ours.order(Command::Accept { dialog, sdp: SDP.into() }).only();
        assert_eq!(all(&ok, "Record-Route").len(), 2);
        caller.to_tag = tag(&ok, "To");
        ours.hear(&caller.request("ACK", None));
        let outs = ours.order(Command::Hangup { dialog, why: Parting::Plain });
        let (path, bye) = outs.sent().remove(0);
        assert_eq!(path.remote, address("192.0.2.50:5070"));
        assert_eq!((bye.lines().next(), header(&bye, "Route")), (Some(line), Some(target)));
        if lr.is_empty() {
            assert_eq!(all(&bye, "Route").last(), Some(&"<sip:ann@10.0.0.7:5066>"));
        }
    }
}

#[test]
fn a_ringing_call_can_be_cancelled_and_the_487_is_repeated() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("cancel");
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    ours.order(Command::Progress { dialog, sdp: None });
    let outs = ours.hear(&caller.repeat("CANCEL", 1, caller.cseq, None));
    assert_eq!(outs.statuses(), [200, 487]);
    assert_eq!(
        (outs.ended().fault, outs.ended().status, outs.ended().reason),
        (Fault::Caller, Some(487), "cancelled")
    );
    assert_eq!(ours.wait(secs(2)).statuses(), [487, 487]);
    assert!(ours.order(Command::Accept { dialog, sdp: SDP.into() }).0.is_empty(), "too late to answer");
    caller.to_tag = tag(&outs.last(), "To");
    assert!(ours.hear(&caller.repeat("ACK", 1, caller.cseq, None)).0.is_empty());
    assert!(ours.settle().sent().is_empty());
}

#[test]
fn a_cancel_that_comes_too_late_or_for_nothing_changes_nothing() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("crossing");
    assert_eq!(ours.hear(&caller.repeat("CANCEL", 77, 1, None)).statuses(), [481]);
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    ours.order(Command::Accept { dialog, sdp: SDP.into() });
    let outs = ours.hear(&caller.repeat("CANCEL", 1, caller.cseq, None));
    assert_eq!((outs.statuses(), outs.news().len()), (vec![200], 0));
}

#[test]
fn a_retransmitted_invite_makes_no_second_call() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("again");
    let invite = caller.invite();
    let dialog = ours.hear(&invite).invited().dialog;
    assert_eq!(ours.hear(&invite).statuses(), [100]);
    ours.order(Command::Progress { dialog, sdp: None });
    assert_eq!(ours.hear(&invite).statuses(), [180]);
    // The same INVITE by another way (RFC 3261 section 8.2.2.2).
    let merged = caller.repeat("INVITE", 99, caller.cseq, Some(("application/sdp", SDP)));
    assert_eq!(ours.hear(&merged).statuses(), [482]);
}

#[test]
fn refusals_carry_what_the_owner_says() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("refused");
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    let retry_after = Some(Duration::from_millis(1500));
    let reason = "line \"one\"\r\nX-Evil: yes".to_owned();
    let outs = ours.order(Command::Refuse { dialog, status: 503, retry_after, reason });
    let text = outs.only();
    assert_eq!(header(&text, "Retry-After"), Some("2"));
    assert_eq!(header(&text, "Warning"), Some("399 Voxdesk \"line \\\"one\\\"X-Evil: yes\""));
    assert_eq!(header(&text, "X-Evil"), None);
    assert_eq!((outs.ended().fault, outs.ended().status), (Fault::Capacity, Some(503)));
}

#[test]
fn digits_by_info_are_reported_and_answered() {
    let mut ours = Ours::new();
    let (mut caller, _) = Caller::established(&mut ours, "digits");
    for (kind, body, digit) in [
        ("application/dtmf-relay", "Signal=2\r\nDuration=160\r\n", '2'),
        ("application/dtmf", "#", '#'),
        ("application/dtmf-relay", "Signal= 10\r\n", '*'),
    ] {
        let info = caller.request("INFO", Some((kind, body)));
        let outs = ours.hear(&info);
        assert_eq!(outs.statuses(), [200]);
        assert!(matches!(outs.news().as_slice(), [Out::Digit { digit: d, .. }] if *d == digit));
        assert!(ours.hear(&info).news().is_empty(), "a repeated INFO is no second digit");
    }
    let other = ours.hear(&caller.request("INFO", Some(("text/plain", "2"))));
    assert_eq!(other.statuses(), [415]);
    assert!(header(&other.only(), "Accept").is_some_and(|a| a.contains("application/dtmf-relay")));
    assert_eq!(ours.hear(&caller.request("INFO", Some(("application/dtmf", "x")))).statuses(), [400]);
    assert_eq!(ours.hear(&caller.request("INFO", None)).statuses(), [200]);
}

#[test]
fn requests_out_of_order_or_of_no_dialog_are_refused() {
    let mut ours = Ours::new();
    let (mut caller, _) = Caller::established(&mut ours, "order");
    let old = caller.repeat("INFO", 500, caller.cseq - 1, None);
    let text = ours.hear(&old).only();
    assert!(text.starts_with("SIP/2.0 500 ") && header(&text, "Retry-After").is_some());
    caller.to_tag = "bogus".into();
    for method in ["BYE", "INFO", "INVITE", "UPDATE", "OPTIONS"] {
        assert_eq!(ours.hear(&caller.request(method, None)).statuses(), [481], "{method}");
    }
    assert!(ours.hear(&caller.request("ACK", None)).0.is_empty());
}

#[test]
fn hold_and_resume_reach_the_owner_and_are_answered() {
    let mut ours = Ours::new();
    let (mut caller, dialog) = Caller::established(&mut ours, "hold");
    let outs = ours.hear(&caller.invite());
    assert_eq!(outs.statuses(), [100]);
    assert!(matches!(outs.news().as_slice(), [Out::Reoffered { sdp: Some(_), .. }]));
    let second = ours.hear(&caller.invite());
    assert_eq!(second.statuses(), [500], "one at a time (RFC 3261 section 14.2)");
    ours.hear(&caller.repeat("ACK", 4, caller.cseq, None));
    caller.cseq -= 1;
    let ok = ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() });
    assert!(ok.only().ends_with(SDP));
    assert_eq!(ours.wait(secs(1)).statuses(), [200], "guarded until its ACK");
    assert!(ours.hear(&caller.request("ACK", None)).0.is_empty());
    assert!(ours.wait(secs(9)).0.is_empty());

    caller.cseq += 1;
    ours.hear(&caller.invite());
    assert_eq!(ours.order(Command::RefuseReoffer { dialog, status: 488 }).statuses(), [488]);
    let ack = caller.request("ACK", None);
    ours.hear(&ack);
    assert!(
        ours.order(Command::Hangup { dialog, why: Parting::Plain }).only().starts_with("BYE "),
        "the call stood all the while"
    );
    ours.settle();
}

#[test]
fn a_reinvite_whose_ack_never_comes_ends_the_call() {
    let mut ours = Ours::new();
    let (mut caller, dialog) = Caller::established(&mut ours, "lostack");
    ours.hear(&caller.request("INVITE", None));
    ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() });
    assert_eq!(ours.wait(secs(40)).ended().reason, "no_ack");
    ours.settle();
}

#[test]
fn a_bye_while_a_reinvite_waits_answers_both() {
    let mut ours = Ours::new();
    let (mut caller, dialog) = Caller::established(&mut ours, "both");
    ours.hear(&caller.invite());
    let outs = ours.hear(&caller.request("BYE", None));
    assert_eq!(outs.statuses(), [200, 487]);
    assert!(ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() }).0.is_empty());
    ours.settle();
}

#[test]
fn update_refreshes_or_reoffers() {
    let mut ours = Ours::new();
    let (mut caller, dialog) = Caller::established(&mut ours, "update");
    let refresh = ours.hear(&caller.request("UPDATE", None));
    assert_eq!((refresh.statuses(), refresh.news().len()), (vec![200], 0));
    let outs = ours.hear(&caller.request("UPDATE", Some(("application/sdp", SDP))));
    assert!(outs.sent().is_empty() && matches!(outs.news().as_slice(), [Out::Reoffered { .. }]));
    assert!(ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() }).only().ends_with(SDP));
    ours.hear(&caller.request("BYE", None));
    ours.settle();
}

#[test]
fn a_bye_in_a_ringing_call_ends_it() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("early");
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    caller.to_tag = tag(&ours.order(Command::Progress { dialog, sdp: None }).only(), "To");
    let outs = ours.hear(&caller.request("BYE", None));
    assert_eq!(outs.statuses(), [200, 487]);
    assert_eq!(outs.ended().reason, "hangup");
    ours.settle();
}

#[test]
fn what_cannot_be_served_gets_the_right_status() {
    let mut ours = Ours::new();
    let mut ask = |change: &dyn Fn(String) -> String, method: &str, body: Option<(&str, &str)>| {
        let mut caller = Caller::new(&format!("odd{method}"));
        let text = change(caller.request(method, body));
        ours = Ours::new();
        ours.hear(&text).last()
    };
    let same = |text: String| text;
    let options = ask(&same, "OPTIONS", None);
    assert!(options.starts_with("SIP/2.0 200 "));
    for name in ["Allow", "Accept", "Supported"] {
        assert!(header(&options, name).is_some(), "{name}");
    }
    let text = ask(&same, "MESSAGE", None);
    assert!(text.starts_with("SIP/2.0 405 ") && header(&text, "Allow").is_some());
    let text = ask(&same, "FLURB", None);
    assert!(text.starts_with("SIP/2.0 501 ") && header(&text, "Allow").is_some());
    let require = |text: String| {
        text.replace("Max-Forwards: 70\r\n", "Max-Forwards: 70\r\nRequire: path, foo\r\nRequire: bar\r\n")
    };
    let text = ask(&require, "INVITE", Some(("application/sdp", SDP)));
    assert!(text.starts_with("SIP/2.0 420 ") && header(&text, "Unsupported") == Some("foo, bar"));
    assert!(ask(&|t| t.replace("70", "0"), "OPTIONS", None).starts_with("SIP/2.0 483 "));
    assert!(
        ask(&|t| t.replace("OPTIONS sip:", "OPTIONS sips:"), "OPTIONS", None).starts_with("SIP/2.0 416 ")
    );
    assert!(
        ask(&|t| t.replace(" SIP/2.0\r\nVia", " SIP/7.0\r\nVia"), "OPTIONS", None)
            .starts_with("SIP/2.0 505 ")
    );
    let text = ask(&|t| without(&t, "CSeq"), "INVITE", Some(("application/sdp", SDP)));
    assert!(text.starts_with("SIP/2.0 400 "), "{text}");
    assert_eq!(header(&text, "Warning"), Some("399 Voxdesk \"CSeq is missing or doubled\""));
    let named = [header(&text, "Call-ID"), header(&text, "CSeq")];
    assert_eq!(named, [Some("oddINVITE"), None], "what it had is given back, and nothing invented");
    let text = ask(&same, "INVITE", Some(("text/weird", "hello")));
    assert!(text.starts_with("SIP/2.0 415 ") && header(&text, "Accept").is_some());
    let text = ask(&|t| t.replace("To: <", "To: \"<"), "OPTIONS", None);
    assert!(text.starts_with("SIP/2.0 400 "));
    assert_eq!(header(&text, "Warning"), Some("399 Voxdesk \"To is malformed\""));
}

/// A message that lacks a header.
fn without(text: &str, name: &str) -> String {
    let begin = format!("{name}: ");
    text.split_inclusive("\r\n").filter(|line| !line.starts_with(&begin)).collect()
}

/// Only a request that says no way back (no Via) gets nothing, and an ACK, which is never answered.
#[test]
fn a_request_without_a_mandatory_header_is_told_so() {
    for name in ["From", "To", "Call-ID", "CSeq"] {
        let text = without(&Caller::new("short").invite(), name);
        assert_eq!(Ours::new().hear(&text).statuses(), [400], "{name}");
        let text = without(&Caller::new("short").request("ACK", None), name);
        assert!(Ours::new().hear(&text).0.is_empty(), "{name}: an ACK");
    }
    let text = without(&Caller::new("lost").invite(), "Via");
    assert!(Ours::new().hear(&text).0.is_empty());
}

#[test]
fn a_full_or_draining_endpoint_takes_no_new_calls_but_serves_the_old() {
    let mut ours = Ours::with(signaling::Setup { max_dialogs: 1, ..setup() });
    let (mut caller, _) = Caller::established(&mut ours, "first");
    let text = ours.hear(&Caller::new("second").invite()).only();
    assert!(text.starts_with("SIP/2.0 503 ") && header(&text, "Retry-After").is_some());
    ours.feed(In::Draining(true));
    assert_eq!(ours.hear(&Caller::new("third").request("OPTIONS", None)).statuses(), [503]);
    assert_eq!(ours.hear(&caller.request("OPTIONS", None)).statuses(), [200]);
    assert_eq!(ours.hear(&caller.request("BYE", None)).statuses(), [200]);
    assert_eq!(ours.hear(&Caller::new("fourth").invite()).statuses(), [503]);
    ours.feed(In::Draining(false));
    ours.hear(&Caller::new("fifth").invite()).invited();
}

#[test]
fn responses_without_rport_go_to_the_port_of_sent_by() {
    let mut ours = Ours::new();
    let text = Caller::new("plain").request("OPTIONS", None).replace(";rport", "");
    let (path, _) = ours.hear(&text).sent().remove(0);
    assert_eq!(path.remote, address("192.0.2.9:5066"));
}

#[test]
fn keepalives_by_datagram_are_not_answered() {
    let mut ours = Ours::new();
    for text in ["\r\n\r\n", "\r\n", "", "\0\0\0\0"] {
        assert!(ours.hear(text).0.is_empty());
    }
}

#[test]
fn bytes_that_are_not_utf_8_come_back_as_they_were() {
    let mut ours = Ours::new();
    let text = Caller::new("latin").invite();
    let at = text.find("Ann").expect("the display name");
    let mut bytes = text.into_bytes();
    bytes[at] = 0xc4;
    let outs = ours.feed(In::Datagram { path: crate::wire::udp(PEER), bytes: &bytes });
    assert_eq!(outs.invited().caller_name.map(|n| n.into_inner()).as_deref(), Some("\u{fffd}nn"));
    let Some(Out::Send { bytes, .. }) = outs.0.first() else { panic!("100 Trying") };
    assert!(bytes.windows(6).any(|w| w == b"\"\xc4nn\" "));
}

#[test]
fn what_is_shown_of_the_endpoint_names_nobody() {
    let mut ours = Ours::new();
    ours.hear(&Caller::new("private").invite());
    let shown = format!("{:?}", ours.endpoint);
    assert!(shown.contains("dialogs: 1") && !shown.contains("ann"), "{shown}");
}
