//! Session timers (RFC 4028), and our own requests that refresh or change a session.

use std::time::Duration;

use kernel::Fault;
use signaling::{Command, DialTarget, DialogId, Out, Parting};

use crate::wire::{Caller, Ours, Outs, SDP, header, reply, tag};

const CALLEE: &str = "192.0.2.20:7000";

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Calls with these headers and is answered; tells the 200.
fn established(ours: &mut Ours, headers: &str) -> (Caller, DialogId, String) {
    let mut caller = Caller::new("timed");
    caller.extra = headers.into();
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    let ok = ours.order(Command::Accept { dialog, sdp: SDP.into() }).only();
    caller.to_tag = tag(&ok, "To");
    caller.extra.clear();
    ours.hear(&caller.request("ACK", None));
    (caller, dialog, ok)
}

/// Calls somebody who answers with these headers.
fn answered(ours: &mut Ours, headers: &str) -> (DialogId, String) {
    let dialog = DialogId::outgoing(1);
    let outs = ours.order(Command::Dial {
        dialog,
        target: DialTarget::Uri(format!("sip:bob@{CALLEE}")),
        from_user: kernel::Pii::new("c".into()),
        from_name: None,
        sdp: SDP.into(),
        headers: Vec::new(),
    });
    let invite = outs.only();
    let contact = format!("Contact: <sip:bob@{CALLEE}>\r\n{headers}");
    ours.hear_from(CALLEE, &reply(&invite, 200, "t", &contact, Some(SDP)));
    (dialog, invite)
}

/// The first request of this method that was sent.
fn sent(outs: &Outs, method: &str) -> String {
    let all = outs.sent().into_iter().map(|(_, text)| text);
    all.into_iter()
        .find(|text| text.starts_with(method))
        .unwrap_or_else(|| panic!("no {method}: {:?}", outs.lines()))
}

#[test]
fn an_interval_that_is_too_small_is_refused_with_the_least_that_is_not() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("small");
    caller.extra = "Supported: timer\r\nSession-Expires: 30;refresher=uac\r\n".into();
    let refusal = ours.hear(&caller.invite());
    assert_eq!((refusal.statuses(), header(&refusal.only(), "Min-SE")), (vec![422], Some("90")));
    let (mut caller, ..) = established(&mut ours, "Supported: timer\r\nx: 90\r\n");
    for method in ["UPDATE", "INVITE"] {
        caller.extra = "Supported: timer\r\nSession-Expires: 89\r\n".into();
        let refusal = ours.hear(&caller.request(method, None));
        assert_eq!(
            (refusal.statuses(), header(&refusal.only(), "Min-SE")),
            (vec![422], Some("90")),
            "{method}"
        );
    }
}

#[test]
fn a_caller_that_refreshes_keeps_the_call_and_one_that_stops_loses_it() {
    let mut ours = Ours::new();
    let ask = "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n";
    let (mut caller, dialog, ok) = established(&mut ours, ask);
    assert_eq!(
        (header(&ok, "Session-Expires"), header(&ok, "Require")),
        (Some("90;refresher=uac"), Some("timer"))
    );
    caller.extra = ask.into();
    for _ in 0..3 {
        assert!(ours.wait(secs(45)).news().is_empty());
        let refreshed = ours.hear(&caller.request("UPDATE", None)).only();
        assert_eq!(header(&refreshed, "Session-Expires"), Some("90;refresher=uac"));
    }
    assert!(ours.wait(secs(45)).news().is_empty());
    ours.hear(&caller.invite());
    let refreshed = ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() }).only();
    assert_eq!(header(&refreshed, "Session-Expires"), Some("90;refresher=uac"));
    ours.hear(&caller.request("ACK", None));
    assert!(ours.wait(secs(59)).news().is_empty());
    let outs = ours.wait(secs(2));
    let bye = sent(&outs, "BYE");
    assert_eq!(header(&bye, "Reason"), Some("SIP;cause=408;text=\"Session expired\""));
    assert_eq!((outs.ended().fault, outs.ended().reason), (Fault::Peer, "session_expired"));
    ours.settle();
}

#[test]
fn we_refresh_by_update_where_it_is_allowed_and_by_reinvite_elsewhere() {
    for (allow, method) in
        [("Allow: INVITE, UPDATE\r\n", "UPDATE"), ("Allow: INVITE\r\n", "INVITE"), ("", "INVITE")]
    {
        let mut ours = Ours::new();
        let ask = format!("Supported: timer\r\nSession-Expires: 90;refresher=uas\r\n{allow}");
        let (_, dialog, ok) = established(&mut ours, &ask);
        assert_eq!(
            (header(&ok, "Session-Expires"), header(&ok, "Require")),
            (Some("90;refresher=uas"), None)
        );
        for _ in 0..3 {
            let refresh = sent(&ours.wait(secs(46)), method);
            assert_eq!(header(&refresh, "Session-Expires"), Some("90;refresher=uac"));
            let body = if method == "INVITE" { SDP } else { "" };
            assert!(refresh.ends_with(body), "our description is unchanged");
            let said = "Session-Expires: 90;refresher=uac\r\nRequire: timer\r\n";
            let outs = ours.hear(&reply(&refresh, 200, "", said, None));
            assert_eq!(
                outs.lines().iter().filter(|l| l.starts_with("ACK ")).count(),
                usize::from(method == "INVITE")
            );
            assert!(outs.news().is_empty());
        }
        ours.order(Command::Hangup { dialog, why: Parting::Plain });
        ours.settle();
    }
}

#[test]
fn a_refresh_that_nobody_answers_or_that_finds_no_call_ends_it() {
    for (answer, status) in [(None, None), (Some(481), Some(481)), (Some(408), Some(408))] {
        let mut ours = Ours::new();
        let ask = "Supported: timer\r\nSession-Expires: 90;refresher=uas\r\nAllow: UPDATE\r\n";
        established(&mut ours, ask);
        let refresh = sent(&ours.wait(secs(46)), "UPDATE");
        let outs = match answer {
            Some(status) => ours.hear(&reply(&refresh, status, "", "", None)),
            None => ours.wait(secs(40)),
        };
        assert!(sent(&outs, "BYE").contains("Reason: SIP;cause=408"));
        assert_eq!((outs.ended().reason, outs.ended().status), ("session_expired", status));
        ours.settle();
    }
}

#[test]
fn a_refused_refresh_is_tried_again_and_an_unknown_update_becomes_a_reinvite() {
    let mut ours = Ours::new();
    let ask = "Supported: timer\r\nSession-Expires: 90;refresher=uas\r\nAllow: UPDATE\r\n";
    let (_, dialog, _) = established(&mut ours, ask);
    let update = sent(&ours.wait(secs(46)), "UPDATE");
    let outs = ours.hear(&reply(&update, 501, "", "", None));
    let invite = sent(&outs, "INVITE");
    let outs = ours.hear(&reply(&invite, 488, "", "", None));
    assert!(outs.only().starts_with("ACK ") && outs.news().is_empty());
    let again = sent(&ours.wait(secs(13)), "INVITE");
    let outs = ours.hear(&reply(&again, 422, "", "Min-SE: 300\r\n", None));
    let longer = sent(&outs, "INVITE");
    assert_eq!(
        (header(&longer, "Session-Expires"), header(&longer, "Min-SE")),
        (Some("300;refresher=uac"), Some("300"))
    );
    ours.hear(&reply(&longer, 200, "", "", Some(SDP)));
    assert!(ours.wait(secs(149)).sent().is_empty());
    assert!(sent(&ours.wait(secs(2)), "INVITE").contains("Session-Expires: 300;refresher=uac"));
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
}

#[test]
fn calls_of_ours_ask_for_a_timer_and_take_what_they_are_granted() {
    let mut ours = Ours::new();
    let (_, invite) = answered(&mut ours, "Session-Expires: 120;refresher=uas\r\nRequire: timer\r\n");
    assert_eq!(header(&invite, "Session-Expires"), Some("1800"));
    assert!(header(&invite, "Supported").is_some_and(|s| s.contains("timer") && s.contains("100rel")));
    let outs = ours.wait(secs(89));
    assert_eq!(outs.ended().reason, "session_expired", "theirs was the work: 120 s less 32");
    ours.settle();
    let mut ours = Ours::new();
    let (dialog, _) = answered(&mut ours, "Session-Expires: 120;refresher=uac\r\nAllow: UPDATE\r\n");
    assert!(sent(&ours.wait(secs(61)), "UPDATE").contains("Session-Expires: 120;refresher=uac"));
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
    let mut ours = Ours::new();
    let (dialog, _) = answered(&mut ours, "");
    assert!(ours.wait(secs(9000)).0.is_empty(), "who knows no timers is left in peace");
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
}

#[test]
fn a_callee_that_wants_longer_sessions_is_called_again_with_them() {
    let mut ours = Ours::with(signaling::Setup { session_expires: 90, ..crate::wire::setup() });
    let dialog = DialogId::outgoing(1);
    let invite = ours
        .order(Command::Dial {
            dialog,
            target: DialTarget::Uri(format!("sip:bob@{CALLEE}")),
            from_user: kernel::Pii::new("c".into()),
            from_name: None,
            sdp: SDP.into(),
            headers: vec![("X-Call".into(), "7".into())],
        })
        .only();
    let outs = ours.hear_from(CALLEE, &reply(&invite, 422, "t", "Min-SE: 600\r\n", None));
    let again = sent(&outs, "INVITE");
    assert!(outs.lines()[0].starts_with("ACK ") && outs.news().is_empty());
    assert_eq!(header(&again, "Call-ID"), header(&invite, "Call-ID"));
    assert_eq!((header(&again, "CSeq"), header(&again, "X-Call")), (Some("2 INVITE"), Some("7")));
    assert_eq!((header(&again, "Session-Expires"), header(&again, "Min-SE")), (Some("600"), Some("600")));
    let refusal = ours.hear_from(CALLEE, &reply(&again, 422, "t", "Min-SE: 600\r\n", None));
    assert_eq!(refusal.ended().status, Some(422), "not for ever");
    ours.settle();
}

#[test]
fn our_own_change_is_acknowledged_and_its_answer_told() {
    let mut ours = Ours::new();
    let (_, dialog, _) = established(&mut ours, "");
    let other = SDP.replace("4002", "5002");
    let invite = ours.order(Command::Reoffer { dialog, sdp: other.clone().into() }).only();
    assert!(invite.starts_with("INVITE sip:ann@10.0.0.7:5066 SIP/2.0") && invite.ends_with(&other));
    assert!(ours.hear(&reply(&invite, 100, "", "", None)).0.is_empty());
    let ok = reply(&invite, 200, "", "Contact: <sip:ann@10.0.0.8:5066>\r\n", Some(SDP));
    let outs = ours.hear(&ok);
    let ack = outs.only();
    assert_eq!((header(&ack, "CSeq"), header(&invite, "CSeq")), (Some("1 ACK"), Some("1 INVITE")));
    assert!(
        matches!(outs.news().as_slice(), [Out::Reanswered { sdp: Some(sdp), .. }] if sdp == SDP.as_bytes())
    );
    assert_eq!(ours.hear(&ok).only(), ack, "a repeated 200 gets its ACK again");
    let refused = ours.order(Command::Reoffer { dialog, sdp: SDP.into() }).only();
    let outs = ours.hear(&reply(&refused, 488, "", "", None));
    assert!(matches!(outs.news().as_slice(), [Out::ReofferFailed { status: Some(488), .. }]));
    let bye = ours.order(Command::Hangup { dialog, why: Parting::Replaced }).only();
    assert!(bye.starts_with("BYE sip:ann@10.0.0.8:5066 "), "the Contact of the 200 counts");
    assert_eq!(header(&bye, "Reason"), Some("SIP;cause=200;text=\"Replaced\""));
    ours.settle();
}

#[test]
fn two_changes_that_meet_are_refused_and_ours_comes_again_after_a_pause_by_chance() {
    let mut pauses = std::collections::BTreeSet::new();
    for n in 0..20 {
        let mut ours = Ours::new();
        let (mut caller, dialog, _) = established(&mut ours, "");
        // The generator is the same each time: one more draw for each round.
        for _ in 0..n {
            ours.hear(&Caller::new("x").request("OPTIONS", None));
        }
        let invite = ours.order(Command::Reoffer { dialog, sdp: SDP.into() }).only();
        assert_eq!(ours.hear(&caller.invite()).statuses(), [491], "a re-INVITE of theirs");
        let update = caller.request("UPDATE", Some(("application/sdp", SDP)));
        assert_eq!(ours.hear(&update).statuses(), [491], "an UPDATE of theirs");
        assert_eq!(ours.hear(&caller.request("UPDATE", None)).statuses(), [200], "which offers nothing");
        ours.hear(&reply(&invite, 491, "", "", None));
        let mut pause = 0;
        let again = loop {
            let outs = ours.wait(Duration::from_millis(10));
            if outs.lines().iter().any(|l| l.starts_with("INVITE ")) {
                break sent(&outs, "INVITE");
            }
            pause += 10;
            assert!(pause <= 2000, "they made the Call-ID: 0 to 2 s");
        };
        pauses.insert(pause);
        assert_eq!(header(&again, "CSeq"), Some("2 INVITE"));
        ours.hear(&reply(&again, 200, "", "", Some(SDP)));
        ours.order(Command::Hangup { dialog, why: Parting::Plain });
        ours.settle();
    }
    assert!(pauses.len() > 5, "by chance: {pauses:?}");
    let mut ours = Ours::new();
    let (dialog, _) = answered(&mut ours, "");
    let invite = ours.order(Command::Reoffer { dialog, sdp: SDP.into() }).only();
    ours.hear_from(CALLEE, &reply(&invite, 491, "", "", None));
    assert!(ours.wait(Duration::from_millis(2099)).0.is_empty(), "we made the Call-ID: 2.1 to 4 s");
    assert!(ours.wait(Duration::from_millis(1902)).lines().iter().any(|l| l.starts_with("INVITE ")));
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
}

#[test]
fn a_change_of_ours_waits_for_one_of_theirs_and_is_given_up_after_many_refusals() {
    let mut ours = Ours::new();
    let (mut caller, dialog, _) = established(&mut ours, "");
    ours.hear(&caller.invite());
    assert!(ours.order(Command::Reoffer { dialog, sdp: SDP.into() }).0.is_empty());
    ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() });
    ours.hear(&caller.request("ACK", None));
    let mut outs = ours.wait(secs(2));
    for _ in 0..30 {
        let Some(invite) = outs.sent().into_iter().map(|(_, t)| t).find(|t| t.starts_with("INVITE ")) else {
            break;
        };
        outs = ours.hear(&reply(&invite, 500, "", "Retry-After: 1 (soon)\r\n", None));
        if matches!(outs.news().as_slice(), [Out::ReofferFailed { status: Some(500), .. }]) {
            ours.order(Command::Hangup { dialog, why: Parting::Plain });
            ours.settle();
            return;
        }
        outs = ours.wait(secs(5));
    }
    panic!("it never ends");
}

#[test]
fn hanging_up_takes_a_change_of_ours_back() {
    for provisional in [None, Some("before"), Some("after")] {
        let mut ours = Ours::new();
        let (_, dialog, _) = established(&mut ours, "");
        let invite = ours.order(Command::Reoffer { dialog, sdp: SDP.into() }).only();
        let trying = reply(&invite, 100, "", "", None);
        if provisional == Some("before") {
            ours.hear(&trying);
        }
        let mut lines = ours.order(Command::Hangup { dialog, why: Parting::Plain }).lines();
        if provisional == Some("after") {
            lines.extend(ours.hear(&trying).lines());
        }
        let cancelled = lines.iter().any(|l| l.starts_with("CANCEL "));
        assert_eq!(cancelled, provisional.is_some(), "{lines:?}");
        // It is answered nevertheless.
        let outs = ours.hear(&reply(&invite, 200, "", "", Some(SDP)));
        assert!(outs.only().starts_with("ACK ") && outs.news().is_empty());
        ours.settle();
    }
}
