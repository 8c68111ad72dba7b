//! Transfers that a phone asks for (RFC 3515, 3891, 3892, 4488), and calls that replace others.

use signaling::{Command, DialogId, Out, Parting, Referral};

use crate::registering::authorized;
use crate::wire::{Caller, Ours, Outs, header, reply, tag};

fn refer(caller: &mut Caller, headers: &str) -> String {
    caller.extra = headers.into();
    let text = caller.request("REFER", None);
    caller.extra.clear();
    text
}

fn referral(outs: &Outs) -> Referral {
    match outs.news().as_slice() {
        [Out::Referred { refer, .. }] => refer.clone(),
        other => panic!("a transfer is expected: {other:?}"),
    }
}

#[test]
fn a_blind_transfer_is_accepted_and_told_to_its_end() {
    let mut ours = Ours::new();
    let (mut caller, dialog) = Caller::established(&mut ours, "blind");
    let outs = ours.hear(&refer(
        &mut caller,
        "Refer-To: \"Bob\" <sip:1102@127.0.0.1;transport=udp>\r\nb: <sip:1101@127.0.0.1>;x=1\r\n",
    ));
    assert!(outs.sent().is_empty());
    let asked = referral(&outs);
    assert_eq!((asked.to.reveal().as_str(), asked.replaces), ("1102", None));
    assert_eq!(asked.by.map(|by| by.into_inner()).as_deref(), Some("sip:1101@127.0.0.1"));
    assert_eq!(ours.hear(&refer(&mut caller, "Refer-To: <sip:1@x>\r\n")).statuses(), [491], "one at a time");
    let outs = ours.order(Command::AnswerRefer { dialog, status: 202 });
    assert_eq!(outs.statuses(), [202]);
    let notify = outs.last();
    assert!(
        notify.starts_with("NOTIFY sip:ann@10.0.0.7:5066 ")
            && notify.ends_with("\r\n\r\nSIP/2.0 100 Trying\r\n")
    );
    for (name, value) in [
        ("Event", "refer"),
        ("Subscription-State", "active;expires=60"),
        ("Content-Type", "message/sipfrag;version=2.0"),
    ] {
        assert_eq!(header(&notify, name), Some(value));
    }
    ours.hear(&reply(&notify, 200, "", "", None));
    let last = ours.order(Command::NotifyRefer { dialog, status: 200 }).only();
    assert!(last.ends_with("SIP/2.0 200 OK\r\n"));
    assert_eq!(header(&last, "Subscription-State"), Some("terminated;reason=noresource"));
    ours.hear(&reply(&last, 200, "", "", None));
    assert!(ours.order(Command::NotifyRefer { dialog, status: 200 }).0.is_empty(), "that was the last word");
    ours.hear(&refer(&mut caller, "r: sip:1102@127.0.0.1\r\n"));
    let again = ours.order(Command::AnswerRefer { dialog, status: 202 }).last();
    assert_eq!(header(&again, "Event"), Some(&*format!("refer;id={}", caller.cseq)), "the second has a name");
    ours.hear(&caller.request("BYE", None));
    assert!(ours.order(Command::NotifyRefer { dialog, status: 200 }).0.is_empty(), "the call is over");
    ours.settle();
}

#[test]
fn a_phone_that_wants_no_subscription_gets_none() {
    let mut ours = Ours::new();
    let (mut caller, dialog) = Caller::established(&mut ours, "quiet");
    ours.hear(&refer(&mut caller, "Require: norefersub\r\nRefer-Sub: false\r\nRefer-To: <sip:1102@x>\r\n"));
    let accepted = ours.order(Command::AnswerRefer { dialog, status: 202 }).only();
    assert_eq!(header(&accepted, "Refer-Sub"), Some("false"));
    assert!(ours.order(Command::NotifyRefer { dialog, status: 200 }).0.is_empty());
    ours.hear(&refer(&mut caller, "Refer-To: <sip:1102@x>\r\n"));
    assert_eq!(ours.order(Command::AnswerRefer { dialog, status: 404 }).statuses(), [404], "and no NOTIFY");
    ours.hear(&refer(&mut caller, "Refer-To: <sip:1102@x>\r\n"));
    let outs = ours.hear(&caller.request("BYE", None));
    assert_eq!(outs.statuses(), [200, 481], "what waits is answered");
    ours.settle();
}

#[test]
fn what_cannot_be_a_transfer_is_refused() {
    let mut ours = Ours::new();
    let (mut caller, _) = Caller::established(&mut ours, "odd");
    for (headers, status) in [
        ("", 400),
        ("Refer-To: <sip:a@b>\r\nRefer-To: <sip:c@d>\r\n", 400),
        ("Refer-To: <\r\n", 400),
        ("Refer-To: <http://example.com>\r\n", 416),
        ("Refer-To: <sip:a@b;method=BYE>\r\n", 501),
        ("Refer-To: <sip:a@b?Replaces=nonsense>\r\n", 400),
        ("Refer-To: <sip:a@b?Replaces=no%3Bto-tag%3D1-1%3Bfrom-tag%3D2>\r\n", 481),
    ] {
        let outs = ours.hear(&refer(&mut caller, headers));
        assert_eq!((outs.statuses(), outs.news().len()), (vec![status], 0), "{headers}");
    }
    let outside = ours.hear(&refer(&mut Caller::new("outside"), "Refer-To: <sip:a@b>\r\n"));
    assert_eq!(outside.statuses(), [403]);
    ours.hear(&caller.request("BYE", None));
    ours.settle();
}

#[test]
fn an_attended_transfer_names_the_other_call() {
    let mut ours = Ours::new();
    let (mut first, _) = Caller::established(&mut ours, "first");
    let (second, other) = Caller::established(&mut ours, "second");
    for (to, from) in [(&*second.to_tag, "f1"), ("f1", &*second.to_tag)] {
        let target =
            format!("Refer-To: <sip:1102@127.0.0.1?Replaces=second%3Bto-tag%3D{to}%3Bfrom-tag%3D{from}>\r\n");
        let outs = ours.hear(&refer(&mut first, &target));
        assert_eq!(referral(&outs).replaces, Some(other));
        ours.order(Command::AnswerRefer { dialog: owner(&outs), status: 603 });
    }
}

fn owner(outs: &Outs) -> DialogId {
    match outs.news().as_slice() {
        [Out::Referred { dialog, .. }] => *dialog,
        other => panic!("a transfer is expected: {other:?}"),
    }
}

/// An INVITE of alice's phone that wants to replace a call.
fn replacing(ours: &mut Ours, replaces: &str) -> Outs {
    let mut taker = Caller::new(&format!("taker-of-{}", replaces.replace([';', '='], ".")));
    taker.extra = format!("Replaces: {replaces}\r\n");
    let ask = |taker: &mut Caller, more: &str| {
        let text = taker.invite().replace("<sip:ann@example.com>", "<sip:alice@voxdesk>");
        text.replace("Contact:", &format!("{more}Contact:"))
    };
    let challenge = ours.hear(&ask(&mut taker, ""));
    assert_eq!(challenge.statuses(), [401], "nobody takes a call over without an account");
    let credentials = authorized(&challenge.only(), "INVITE", "alice", "secret");
    let outs = ours.hear(&ask(&mut taker, &credentials));
    outs
}

#[test]
fn a_call_that_replaces_another_needs_an_account_and_names_a_call_that_stands() {
    let mut ours = Ours::new();
    let (caller, dialog) = Caller::established(&mut ours, "stands");
    let name = format!("stands;to-tag={};from-tag=f1", caller.to_tag);
    assert_eq!(replacing(&mut ours, &name).invited().replaces, Some(dialog));
    assert_eq!(replacing(&mut ours, "stands;to-tag=1-x;from-tag=f1").statuses(), [481]);
    assert_eq!(replacing(&mut ours, &format!("{name};early-only")).statuses(), [486]);
    let mut odd = Caller::new("odd");
    odd.extra = "Replaces: x\r\n".into();
    assert_eq!(ours.hear(&odd.invite()).statuses(), [400]);
    let ringing = ours.hear(&Caller::new("rings").invite()).invited().dialog;
    let progress = ours.order(Command::Progress { dialog: ringing, sdp: None }).only();
    let name = format!("rings;to-tag={};from-tag=f1", tag(&progress, "To"));
    assert_eq!(replacing(&mut ours, &name).statuses(), [481], "nobody takes a call that rings");
}

#[test]
fn a_call_that_replaces_nothing_of_ours_is_over_at_once() {
    let mut ours = Ours::new();
    let (_, dialog) = Caller::established(&mut ours, "gone");
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    assert_eq!(replacing(&mut ours, "gone;to-tag=2-x;from-tag=f1").statuses(), [481]);
    ours.settle();
}
