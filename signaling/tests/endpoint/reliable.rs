//! Provisional responses that are acknowledged (RFC 3262), and UPDATE before the answer (RFC 3311).

use std::time::Duration;

use kernel::Fault;
use signaling::{Command, DialTarget, DialogId, In, Out, Parting};

use crate::wire::{Caller, Ours, SDP, header, reply, tag, udp};

const CALLEE: &str = "192.0.2.20:7000";

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A call that wants reliable responses; early media was sent. Tells the 183.
fn early(ours: &mut Ours, headers: &str) -> (Caller, DialogId, String) {
    let mut caller = Caller::new("early");
    caller.extra = headers.into();
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    let progress = ours.order(Command::Progress { dialog, sdp: Some(SDP.into()) }).only();
    caller.to_tag = tag(&progress, "To");
    caller.extra.clear();
    (caller, dialog, progress)
}

fn prack(caller: &mut Caller, progress: &str, offset: u32, body: Option<&str>) -> String {
    let rseq: u32 = header(progress, "RSeq").and_then(|n| n.parse().ok()).expect("RSeq");
    let invite = header(progress, "CSeq").and_then(|c| c.split(' ').next()).expect("CSeq").to_owned();
    caller.extra = format!("RAck: {} {invite} INVITE\r\n", rseq + offset);
    let text = caller.request("PRACK", body.map(|body| ("application/sdp", body)));
    caller.extra.clear();
    text
}

#[test]
fn early_media_is_repeated_until_its_prack_and_the_answer_waits_for_it() {
    let mut ours = Ours::new();
    let (mut caller, dialog, progress) = early(&mut ours, "Require: 100rel\r\n");
    assert!(progress.starts_with("SIP/2.0 183 ") && progress.ends_with(SDP));
    assert_eq!(header(&progress, "Require"), Some("100rel"));
    let again = ours.wait(Duration::from_millis(3600));
    assert_eq!(again.statuses(), [183, 183, 183], "after 0.5, 1.5 and 3.5 s");
    assert_eq!(again.last(), progress);
    assert_eq!(ours.hear(&prack(&mut caller, &progress, 77, None)).statuses(), [481]);
    assert!(ours.order(Command::Accept { dialog, sdp: SDP.into() }).0.is_empty(), "not before the PRACK");
    let acknowledge = prack(&mut caller, &progress, 0, None);
    let outs = ours.hear(&acknowledge);
    assert_eq!(outs.statuses(), [200, 200], "to the PRACK and to the INVITE");
    let ok = outs.last();
    assert!(
        header(&ok, "CSeq").is_some_and(|c| c.ends_with("INVITE"))
            && ok.ends_with("Content-Length: 0\r\n\r\n")
    );
    assert_eq!(ours.hear(&acknowledge).statuses(), [200], "a PRACK that comes again gets its answer again");
    let late = prack(&mut caller, &progress, 0, None);
    assert_eq!(ours.hear(&late).statuses(), [481], "it was acknowledged");
    let ack = caller.repeat("ACK", 90, 11, None);
    assert!(matches!(ours.hear(&ack).news().as_slice(), [Out::Confirmed { .. }]));
    ours.hear(&caller.request("BYE", None));
    ours.settle();
}

#[test]
fn who_does_not_ask_gets_no_reliable_responses_and_who_only_can_gets_them_with_sdp() {
    let mut ours = Ours::new();
    let (_, _, progress) = early(&mut ours, "");
    assert_eq!((header(&progress, "RSeq"), header(&progress, "Require")), (None, None));
    assert!(ours.wait(secs(5)).0.is_empty());
    let mut ours = Ours::new();
    let mut caller = Caller::new("able");
    caller.extra = "Supported: timer, 100rel\r\n".into();
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    let ringing = ours.order(Command::Progress { dialog, sdp: None }).only();
    assert_eq!(header(&ringing, "RSeq"), None);
    assert!(
        header(&ours.order(Command::Progress { dialog, sdp: Some(SDP.into()) }).only(), "RSeq").is_some()
    );
}

#[test]
fn a_second_response_waits_for_the_prack_of_the_first() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("two");
    caller.extra = "Require: 100rel\r\n".into();
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    let ringing = ours.order(Command::Progress { dialog, sdp: None }).only();
    assert!(ringing.starts_with("SIP/2.0 180 "));
    caller.to_tag = tag(&ringing, "To");
    assert!(ours.order(Command::Progress { dialog, sdp: Some(SDP.into()) }).0.is_empty());
    let outs = ours.hear(&prack(&mut caller, &ringing, 0, None));
    assert_eq!(outs.statuses(), [200, 183]);
    let rseq = |text: &str| header(text, "RSeq").and_then(|n| n.parse::<u32>().ok()).expect("RSeq");
    assert_eq!(rseq(&outs.last()), rseq(&ringing) + 1);
    let lost = ours.order(Command::Accept { dialog, sdp: SDP.into() });
    assert!(lost.0.is_empty());
    let outs = ours.hear(&caller.request("BYE", None));
    assert_eq!(outs.statuses(), [200, 487]);
    ours.settle();
}

#[test]
fn a_ringing_without_sdp_does_not_hold_the_answer_up() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("quick");
    caller.extra = "Require: 100rel\r\n".into();
    let dialog = ours.hear(&caller.invite()).invited().dialog;
    let ringing = ours.order(Command::Progress { dialog, sdp: None }).only();
    caller.to_tag = tag(&ringing, "To");
    let ok = ours.order(Command::Accept { dialog, sdp: SDP.into() }).only();
    assert!(ok.starts_with("SIP/2.0 200 ") && ok.ends_with(SDP));
    assert_eq!(ours.wait(secs(1)).statuses(), [200], "the 180 is not repeated any more");
    assert_eq!(
        ours.hear(&prack(&mut caller, &ringing, 0, None)).statuses(),
        [200],
        "its PRACK is still known"
    );
    ours.hear(&caller.repeat("ACK", 90, 11, None));
    ours.hear(&caller.request("BYE", None));
    ours.settle();
}

#[test]
fn without_a_prack_the_call_is_refused_after_32_seconds() {
    let mut ours = Ours::new();
    early(&mut ours, "Require: 100rel\r\n");
    let outs = ours.wait(secs(33));
    assert_eq!(outs.statuses().last(), Some(&504));
    assert_eq!((outs.ended().fault, outs.ended().reason), (Fault::Peer, "no_prack"));
    ours.settle();
}

#[test]
fn a_late_offer_cannot_be_early_and_comes_with_the_answer() {
    let mut ours = Ours::new();
    let mut caller = Caller::new("late");
    caller.extra = "Require: 100rel\r\n".into();
    let dialog = ours.hear(&caller.request("INVITE", None)).invited().dialog;
    assert!(ours.order(Command::Progress { dialog, sdp: None }).0.is_empty(), "100 must do");
    assert!(ours.order(Command::Accept { dialog, sdp: SDP.into() }).only().ends_with(SDP));
}

#[test]
fn a_cancel_ends_the_repetitions() {
    let mut ours = Ours::new();
    let (caller, ..) = early(&mut ours, "Require: 100rel\r\n");
    let mut cancel = caller.repeat("CANCEL", 1, caller.cseq, None);
    cancel = cancel.replace("Contact:", "Reason: Q.850;cause=16;text=\"bored\"\r\nContact:");
    let outs = ours.hear(&cancel);
    assert_eq!(outs.statuses(), [200, 487]);
    assert_eq!(outs.ended().told.map(|t| t.into_inner()).as_deref(), Some("Q.850;cause=16;text=\"bored\""));
    assert!(ours.wait(secs(10)).statuses().iter().all(|status| *status == 487));
}

#[test]
fn an_update_before_the_answer_changes_what_was_agreed_early() {
    let mut ours = Ours::new();
    let (mut caller, dialog, progress) = early(&mut ours, "Require: 100rel\r\n");
    let update = caller.request("UPDATE", Some(("application/sdp", SDP)));
    let refusal = ours.hear(&update);
    assert_eq!(refusal.statuses(), [500], "our answer is not acknowledged yet (RFC 3311 section 5.2)");
    assert!(header(&refusal.only(), "Retry-After").is_some());
    let plain = ours.hear(&caller.request("UPDATE", None));
    assert_eq!((plain.statuses(), plain.news().len()), (vec![200], 0));
    ours.hear(&prack(&mut caller, &progress, 0, None));
    let outs = ours.hear(&caller.request("UPDATE", Some(("application/sdp", SDP))));
    assert!(matches!(outs.news().as_slice(), [Out::Reoffered { sdp: Some(_), .. }]));
    let second = ours.hear(&caller.request("UPDATE", Some(("application/sdp", SDP))));
    assert_eq!(second.statuses(), [500], "one at a time");
    assert!(ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() }).only().ends_with(SDP));
    let ok = ours.order(Command::Accept { dialog, sdp: SDP.into() }).only();
    assert!(!ok.ends_with(SDP), "what was said is not said again");
    ours.hear(&caller.repeat("ACK", 90, 11, None));
    ours.hear(&caller.request("BYE", None));
    ours.settle();
}

#[test]
fn a_prack_may_bring_a_new_offer() {
    let mut ours = Ours::new();
    let (mut caller, dialog, progress) = early(&mut ours, "Require: 100rel\r\n");
    let outs = ours.hear(&prack(&mut caller, &progress, 0, Some(SDP)));
    assert!(outs.sent().is_empty() && matches!(outs.news().as_slice(), [Out::Reoffered { .. }]));
    let ok = ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() }).only();
    assert!(header(&ok, "CSeq").is_some_and(|c| c.ends_with("PRACK")) && ok.ends_with(SDP));
    ours.hear(&caller.request("BYE", None));
    ours.settle();
}

fn dial(ours: &mut Ours) -> (DialogId, String) {
    let dialog = DialogId::outgoing(1);
    let outs = ours.order(Command::Dial {
        dialog,
        target: DialTarget::Uri(format!("sip:bob@{CALLEE}")),
        from_user: kernel::Pii::new("c".into()),
        from_name: None,
        sdp: SDP.into(),
        headers: Vec::new(),
    });
    (dialog, outs.only())
}

fn reliable(rseq: u32) -> String {
    format!("Contact: <sip:bob@{CALLEE}>\r\nRequire: 100rel\r\nRSeq: {rseq}\r\n")
}

#[test]
fn we_acknowledge_the_provisional_responses_of_those_we_call() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial(&mut ours);
    let progress = reply(&invite, 183, "t", &reliable(700), Some(SDP));
    let outs = ours.hear_from(CALLEE, &progress);
    let prack = outs.only();
    assert!(prack.starts_with("PRACK sip:bob@192.0.2.20:7000 "));
    assert_eq!((header(&prack, "RAck"), header(&prack, "CSeq")), (Some("700 1 INVITE"), Some("2 PRACK")));
    assert!(matches!(outs.news().as_slice(), [Out::Progress { status: 183, sdp: Some(_), .. }]));
    assert!(ours.hear_from(CALLEE, &progress).0.is_empty(), "it came again");
    assert!(
        ours.hear_from(CALLEE, &reply(&invite, 180, "t", &reliable(702), None)).0.is_empty(),
        "out of order"
    );
    ours.hear_from(CALLEE, &reply(&prack, 200, "", "", None));
    let next = ours.hear_from(CALLEE, &reply(&invite, 180, "t", &reliable(701), None));
    assert_eq!(header(&next.only(), "RAck"), Some("701 1 INVITE"));
    ours.hear_from(CALLEE, &reply(&next.only(), 200, "", "", None));
    let outs =
        ours.hear_from(CALLEE, &reply(&invite, 200, "t", &format!("Contact: <sip:bob@{CALLEE}>\r\n"), None));
    assert_eq!(header(&outs.only(), "CSeq"), Some("1 ACK"));
    assert!(
        matches!(outs.news().as_slice(), [Out::Answered { sdp: Some(sdp), .. }] if sdp == SDP.as_bytes())
    );
    let bye = ours.order(Command::Hangup { dialog, why: Parting::Plain }).only();
    assert_eq!(header(&bye, "CSeq"), Some("4 BYE"), "PRACKs were counted");
    ours.settle();
}

#[test]
fn a_prack_is_repeated_until_it_is_answered() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial(&mut ours);
    ours.hear_from(CALLEE, &reply(&invite, 183, "t", &reliable(1), None));
    assert_eq!(ours.wait(secs(2)).lines().len(), 2, "after 0.5 and 1.5 s");
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.hear_from(CALLEE, &reply(&invite, 487, "t", "", None));
    ours.settle();
}

#[test]
fn several_early_dialogs_are_told_apart_and_the_stray_answer_is_ended() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial(&mut ours);
    for (tag, rseq) in [("one", 5), ("two", 9)] {
        let prack = ours.hear_from(CALLEE, &reply(&invite, 183, tag, &reliable(rseq), Some(SDP))).only();
        assert!(header(&prack, "To").is_some_and(|to| to.ends_with(&format!(";tag={tag}"))));
        assert_eq!(header(&prack, "RAck"), Some(&*format!("{rseq} 1 INVITE")));
        ours.hear_from(CALLEE, &reply(&prack, 200, "", "", None));
    }
    let contact = format!("Contact: <sip:bob@{CALLEE}>\r\n");
    let outs = ours.hear_from(CALLEE, &reply(&invite, 200, "two", &contact, None));
    assert!(matches!(outs.news().as_slice(), [Out::Answered { sdp: Some(_), .. }]));
    let outs = ours.hear_from(CALLEE, &reply(&invite, 200, "one", &contact, Some(SDP)));
    let lines = outs.lines();
    assert!(
        lines[0].starts_with("ACK ") && lines[1].starts_with("BYE ") && outs.news().is_empty(),
        "{lines:?}"
    );
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
}

#[test]
fn more_forks_than_a_call_can_have_are_not_remembered() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial(&mut ours);
    let mut pracks = 0;
    for n in 0..1000 {
        pracks +=
            ours.hear_from(CALLEE, &reply(&invite, 183, &format!("t{n}"), &reliable(1), None)).sent().len();
    }
    assert_eq!(pracks, 8);
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.hear_from(CALLEE, &reply(&invite, 487, "t", "", None));
    ours.settle();
}

#[test]
fn the_callee_may_change_the_session_before_it_answers() {
    let mut ours = Ours::new();
    let (dialog, invite) = dial(&mut ours);
    let update = |cseq: u32, body: &str| {
        let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        format!(
            "UPDATE sip:127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {CALLEE};branch=z9hG4bKu{cseq}\r\nMax-Forwards: 70\r\n\
             From: {};tag=t\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {cseq} UPDATE\r\nContact: <sip:bob@{CALLEE}>\r\n{kind}\
             Content-Length: {}\r\n\r\n{body}",
            header(&invite, "To").unwrap_or_default(),
            header(&invite, "From").unwrap_or_default(),
            header(&invite, "Call-ID").unwrap_or_default(),
            body.len()
        )
    };
    assert_eq!(ours.hear_from(CALLEE, &update(1, SDP)).statuses(), [481], "there is no such dialog yet");
    ours.hear_from(CALLEE, &reply(&invite, 180, "t", &reliable(3), None));
    assert_eq!(ours.hear_from(CALLEE, &update(2, "")).statuses(), [200]);
    assert_eq!(ours.hear_from(CALLEE, &update(3, SDP)).statuses(), [491], "our offer is not answered");
    ours.hear_from(CALLEE, &reply(&invite, 183, "t", &reliable(4), Some(SDP)));
    let outs = ours.hear_from(CALLEE, &update(4, SDP));
    assert!(matches!(outs.news().as_slice(), [Out::Reoffered { dialog: d, sdp: Some(_) }] if *d == dialog));
    assert_eq!(ours.hear_from(CALLEE, &update(5, SDP)).statuses(), [500], "one at a time");
    assert_eq!(ours.hear_from(CALLEE, &update(3, "")).statuses(), [491], "the same transaction");
    assert!(ours.order(Command::AcceptReoffer { dialog, sdp: SDP.into() }).only().ends_with(SDP));
    let contact = format!("Contact: <sip:bob@{CALLEE}>\r\n");
    let outs = ours.hear_from(CALLEE, &reply(&invite, 200, "t", &contact, None));
    assert!(
        matches!(outs.news().as_slice(), [Out::Answered { sdp: None, .. }]),
        "what was agreed last holds"
    );
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
}

#[test]
fn a_call_that_fails_answers_the_update_that_waits_in_it() {
    let mut ours = Ours::new();
    let (mut caller, dialog, progress) = early(&mut ours, "Require: 100rel\r\n");
    ours.hear(&prack(&mut caller, &progress, 0, None));
    ours.hear(&caller.request("UPDATE", Some(("application/sdp", SDP))));
    let outs = ours.order(Command::Hangup { dialog, why: Parting::Plain });
    assert_eq!(outs.statuses(), [487, 480]);
    ours.hear(&caller.repeat("ACK", 1, 11, None));
    ours.settle();
    let bytes = b"PRACK sip:a SIP/2.0\r\n\r\n";
    assert!(ours.feed(In::Datagram { path: udp(CALLEE), bytes }).0.is_empty());
}
