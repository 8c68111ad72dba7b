//! Phones that watch an extension: SUBSCRIBE and NOTIFY (RFC 6665, 4235, 3842, 3856).

use std::time::Duration;

use signaling::{
    Availability, CallDirection, CallStanding, Command, Extension, ExtensionCall, In, Mailbox, Setup,
};

use crate::registering::authorized;
use crate::wire::{Caller, Ours, Outs, all, header, reply, setup, tag};

/// Whom everybody believes: no digest is asked.
const TRUSTED: &str = "192.0.2.50:5060";

/// A phone of an account that watches somebody.
struct Phone {
    user: &'static str,
    whom: &'static str,
    call_id: &'static str,
    event: &'static str,
    more: String,
    to_tag: String,
    cseq: u32,
}

impl Phone {
    fn new(user: &'static str, whom: &'static str, event: &'static str) -> Self {
        Self { user, whom, call_id: "watch", event, more: String::new(), to_tag: String::new(), cseq: 0 }
    }

    fn text(&mut self, expires: &str, proof: &str) -> String {
        self.cseq += 1;
        let Self { user, whom, call_id, event, more, to_tag, cseq } = self;
        let to_tag = if to_tag.is_empty() { String::new() } else { format!(";tag={to_tag}") };
        let event = if event.is_empty() { String::new() } else { format!("Event: {event}\r\n") };
        let expires = if expires.is_empty() { String::new() } else { format!("Expires: {expires}\r\n") };
        format!(
            "SUBSCRIBE sip:{whom}@voxdesk SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK{call_id}{cseq}\r\nMax-Forwards: 70\r\n\
             From: <sip:{user}@voxdesk>;tag=w\r\nTo: <sip:{whom}@voxdesk>{to_tag}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} SUBSCRIBE\r\n\
             Contact: <sip:{user}@10.0.0.1:5062>\r\n{event}{expires}{more}{proof}Content-Length: 0\r\n\r\n"
        )
    }

    /// Asks without proof, and with one.
    fn subscribes(&mut self, ours: &mut Ours, expires: &str) -> Outs {
        let refused = ours.hear(&self.text(expires, "")).last();
        assert!(refused.starts_with("SIP/2.0 401 "), "{refused}");
        let proof = authorized(&refused, "SUBSCRIBE", self.user, "secret");
        let outs = ours.hear(&self.text(expires, &proof));
        if let Some((_, granted)) = outs.sent().first()
            && self.to_tag.is_empty()
        {
            self.to_tag = tag(granted, "To");
        }
        outs
    }
}

fn ringing(standing: CallStanding) -> Extension {
    let call = ExtensionCall { id: "c1".into(), direction: CallDirection::Recipient, standing };
    Extension { calls: vec![call], ..Extension::default() }
}

fn publish(ours: &mut Ours, user: &str, extension: Extension) -> Outs {
    ours.order(Command::Publish { user: user.into(), extension })
}

/// The phone says 200 to a NOTIFY.
fn takes(ours: &mut Ours, notify: &str) -> Outs {
    ours.hear(&reply(notify, 200, "", "", None))
}

fn body(text: &str) -> &str {
    text.split("\r\n\r\n").nth(1).unwrap_or_default()
}

#[test]
fn a_lamp_shows_ringing_talking_and_the_end() {
    let mut ours = Ours::new();
    let mut lamp = Phone::new("alice", "bob", "dialog");
    let begun = lamp.subscribes(&mut ours, "600");
    let sent = begun.sent();
    assert_eq!(begun.lines()[0], "SIP/2.0 200 OK");
    assert_eq!(header(&sent[0].1, "Expires"), Some("600"));
    let first = &sent[1].1;
    assert!(first.starts_with("NOTIFY sip:alice@10.0.0.1:5062 SIP/2.0\r\n"), "{first}");
    assert_eq!(header(first, "Subscription-State"), Some("active;expires=600"));
    assert_eq!(header(first, "Event"), Some("dialog"));
    assert_eq!(header(first, "Content-Type"), Some("application/dialog-info+xml"));
    assert_eq!((tag(first, "From"), tag(first, "To")), (lamp.to_tag.clone(), "w".to_owned()));
    assert!(body(first).contains("version=\"0\" state=\"full\" entity=\"sip:bob@voxdesk\""), "{first}");
    assert!(!body(first).contains("<dialog "));
    takes(&mut ours, first);
    let mut last = String::new();
    for (version, standing, word) in [
        (1, Some(CallStanding::Early), "early"),
        (2, Some(CallStanding::Confirmed), "confirmed"),
        (3, None, "terminated"),
    ] {
        let extension = standing.map(ringing).unwrap_or_default();
        last = publish(&mut ours, "bob", extension).only();
        assert!(body(&last).contains(&format!("version=\"{version}\"")), "{last}");
        assert!(
            body(&last)
                .contains(&format!("<dialog id=\"c1\" direction=\"recipient\">\r\n<state>{word}</state>")),
            "{last}"
        );
        takes(&mut ours, &last);
    }
    assert_eq!(header(&last, "CSeq"), Some("4 NOTIFY"));
    assert!(publish(&mut ours, "bob", Extension::default()).sent().is_empty(), "nothing changed");
    let outs = ours.settle_after(Duration::from_secs(600));
    assert!(
        outs.sent()
            .iter()
            .any(|(_, text)| { header(text, "Subscription-State") == Some("terminated;reason=timeout") })
    );
}

#[test]
fn only_who_proves_an_account_or_is_trusted_watches() {
    let mut ours = Ours::new();
    let mut stranger = Phone::new("mallory", "bob", "dialog");
    let refused = ours.hear(&stranger.text("600", "")).last();
    assert!(refused.starts_with("SIP/2.0 401 "), "{refused}");
    let proof = authorized(&refused, "SUBSCRIBE", "mallory", "guess");
    assert_eq!(ours.hear(&stranger.text("600", &proof)).statuses(), [401]);
    // A proof of another method is none.
    let mut lamp = Phone::new("alice", "bob", "dialog");
    let refused = ours.hear(&lamp.text("600", "")).last();
    let proof = authorized(&refused, "INVITE", "alice", "secret");
    assert_eq!(ours.hear(&lamp.text("600", &proof)).statuses(), [401]);
    let mut proxy = Phone { call_id: "proxy", ..Phone::new("proxy", "bob", "message-summary") };
    let outs = ours.hear_from(TRUSTED, &proxy.text("0", ""));
    assert_eq!(outs.statuses(), [200]);
    ours.settle();
}

#[test]
fn what_cannot_be_watched_is_told_why() {
    let mut ours = Ours::new();
    let mut ask = |event, expires: &str, more: &str| {
        let mut phone = Phone { more: more.into(), ..Phone::new("proxy", "bob", event) };
        phone.call_id = Box::leak(format!("w{event}{expires}{}", more.len()).into_boxed_str());
        ours.hear_from(TRUSTED, &phone.text(expires, "")).sent()[0].1.clone()
    };
    for event in ["conference", "", "Dialog", "dialog.winfo"] {
        let refused = ask(event, "600", "");
        assert!(refused.starts_with("SIP/2.0 489 Bad Event"), "{refused}");
        assert_eq!(header(&refused, "Allow-Events"), Some("dialog, message-summary, presence"));
    }
    let brief = ask("dialog", "30", "");
    assert!(brief.starts_with("SIP/2.0 423 ") && header(&brief, "Min-Expires") == Some("60"), "{brief}");
    assert!(ask("dialog", "600", "Accept: application/cpim-pidf+xml\r\n").starts_with("SIP/2.0 406 "));
    let granted = ask("dialog;id=7", "999999999999", "Accept: application/dialog-info+xml;q=1\r\n");
    assert!(granted.starts_with("SIP/2.0 200 ") && header(&granted, "Expires") == Some("3600"), "{granted}");
    let mut nobody = Phone::new("proxy", "nobody", "dialog");
    assert_eq!(ours.hear_from(TRUSTED, &nobody.text("600", "")).statuses(), [404]);
    let mut other = Phone { call_id: "mail", ..Phone::new("alice", "bob", "message-summary") };
    assert_eq!(other.subscribes(&mut ours, "600").statuses(), [403], "another's messages");
}

#[test]
fn a_refresh_prolongs_and_zero_ends() {
    let mut ours = Ours::new();
    let mut lamp = Phone::new("alice", "bob", "dialog;id=7");
    let begun = lamp.subscribes(&mut ours, "60").last();
    assert_eq!(header(&begun, "Event"), Some("dialog;id=7"));
    takes(&mut ours, &begun);
    ours.wait(Duration::from_secs(50));
    let again = lamp.subscribes(&mut ours, "120").last();
    assert_eq!(header(&again, "Subscription-State"), Some("active;expires=120"));
    takes(&mut ours, &again);
    assert!(ours.wait(Duration::from_secs(100)).sent().is_empty());
    let outs = lamp.subscribes(&mut ours, "0");
    assert_eq!(header(&outs.last(), "Subscription-State"), Some("terminated;reason=timeout"));
    assert_eq!(lamp.subscribes_unknown(&mut ours), [481]);
    ours.settle();
}

impl Phone {
    /// A refresh of what is over.
    fn subscribes_unknown(&mut self, ours: &mut Ours) -> Vec<u16> {
        ours.hear(&self.text("60", "")).statuses()
    }
}

#[test]
fn a_phone_that_asks_once_is_told_once() {
    let mut ours = Ours::new();
    publish(&mut ours, "bob", ringing(CallStanding::Confirmed));
    let outs = Phone::new("alice", "bob", "dialog").subscribes(&mut ours, "0");
    assert_eq!(outs.lines()[0], "SIP/2.0 200 OK");
    let only = outs.last();
    assert_eq!(header(&only, "Subscription-State"), Some("terminated;reason=timeout"));
    assert!(body(&only).contains("<state>confirmed</state>"));
    ours.settle();
}

#[test]
fn a_phone_that_knows_nothing_of_it_or_is_gone_is_told_no_more() {
    for answer in [Some(481), None] {
        let mut ours = Ours::new();
        let notify = Phone::new("alice", "bob", "dialog").subscribes(&mut ours, "3600").last();
        match answer {
            Some(status) => drop(ours.hear(&reply(&notify, status, "", "", None))),
            None => drop(ours.wait(Duration::from_secs(33))),
        }
        assert!(publish(&mut ours, "bob", ringing(CallStanding::Early)).sent().is_empty(), "{answer:?}");
        ours.settle();
    }
}

#[test]
fn many_changes_are_told_together() {
    let mut ours = Ours::new();
    let first = Phone::new("alice", "bob", "dialog").subscribes(&mut ours, "600").last();
    takes(&mut ours, &first);
    let mut told = 0;
    for n in 0..150 {
        let standing = if n % 2 == 0 { CallStanding::Early } else { CallStanding::Confirmed };
        for (_, text) in publish(&mut ours, "bob", ringing(standing)).sent() {
            told += 1;
            takes(&mut ours, &text);
        }
        for (_, text) in ours.wait(Duration::from_millis(10)).sent() {
            told += 1;
            takes(&mut ours, &text);
        }
    }
    assert!((4..=7).contains(&told), "{told} NOTIFYs in a second and a half");
    let last = ours.wait(Duration::from_secs(2)).last();
    assert!(body(&last).contains("confirmed"), "the last state is told: {last}");
}

#[test]
fn an_account_that_goes_takes_its_subscriptions_with_it() {
    let mut ours = Ours::new();
    let notify = Phone::new("alice", "bob", "dialog").subscribes(&mut ours, "600").last();
    takes(&mut ours, &notify);
    let Setup { accounts, .. } = setup();
    let left = accounts.into_iter().filter(|account| account.user != "bob").collect();
    let last = ours.feed(In::Configured(Setup { accounts: left, ..setup() })).only();
    assert_eq!(header(&last, "Subscription-State"), Some("terminated;reason=noresource"));
    ours.settle();
}

#[test]
fn one_account_has_so_many_subscriptions() {
    let mut ours = Ours::new();
    let mut statuses = Vec::new();
    for n in 0..300 {
        let call_id = Box::leak(format!("many{n}").into_boxed_str());
        let mut phone = Phone { call_id, ..Phone::new("proxy", "bob", "dialog") };
        statuses.extend(ours.hear_from(TRUSTED, &phone.text("600", "")).statuses());
    }
    assert_eq!((statuses[255], statuses[256], statuses[299]), (200, 503, 503));
    let mut other = Phone { call_id: "other", ..Phone::new("alice", "bob", "dialog") };
    assert_eq!(other.subscribes(&mut ours, "600").statuses(), [200], "others are served");
}

#[test]
fn a_phone_learns_of_its_messages_and_of_who_is_ready() {
    let mut ours = Ours::new();
    let mut mail = Phone { call_id: "mail", ..Phone::new("bob", "bob", "message-summary") };
    let mut buddy = Phone { call_id: "buddy", ..Phone::new("alice", "bob", "presence") };
    let first = mail.subscribes(&mut ours, "600").last();
    assert!(body(&first).contains("Messages-Waiting: no\r\n"), "{first}");
    takes(&mut ours, &first);
    let first = buddy.subscribes(&mut ours, "600").last();
    assert!(body(&first).contains("<basic>closed</basic>"), "{first}");
    takes(&mut ours, &first);
    let mailbox = Mailbox { fresh: 2, old: 1 };
    let with_mail = Extension { mail: mailbox, ..Extension::default() };
    let told = publish(&mut ours, "bob", with_mail.clone()).only();
    assert!(
        body(&told).contains("Messages-Waiting: yes\r\n") && body(&told).contains("Voice-Message: 2/1\r\n")
    );
    takes(&mut ours, &told);
    let ready = Extension { availability: Availability::Ready, ..with_mail };
    let told = publish(&mut ours, "bob", ready).only();
    assert!(body(&told).contains("<basic>open</basic>") && body(&told).contains("就绪"), "{told}");
}

#[test]
fn what_we_can_is_told_to_who_asks() {
    let mut ours = Ours::new();
    let told = ours.hear(&Caller::new("o").request("OPTIONS", None)).only();
    assert_eq!(header(&told, "Allow-Events"), Some("dialog, message-summary, presence"));
    assert!(all(&told, "Allow").concat().contains("SUBSCRIBE, NOTIFY"));
    // Nobody subscribed for us.
    assert_eq!(ours.hear(&Caller::new("n").request("NOTIFY", None)).statuses(), [481]);
}
