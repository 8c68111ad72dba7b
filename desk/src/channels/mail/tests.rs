//! Letters as programs write them.

use super::super::tests::{Sample, account};
use super::super::{Outbound, Said};
use super::*;
use crate::WallMillis;

fn help() -> Account {
    let settings = [("address", "help@shop.example"), ("display_name", "客服 Shop"), ("imap_password", "pw")];
    account(&CHANNEL, &settings)
}

pub fn sample(_: WallMillis) -> Sample {
    Sample { account: help(), request: super::super::Request::default(), text: "", address: "" }
}

const ID: InteractionId = InteractionId { node: 1, serial: 7 };

fn out(state: &str) -> Outbound {
    let mut out = super::super::tests::out("x", "您好！\nYour order is on its way.", 1_700_000_000_000);
    out.address = "mailto:ann@customer.example".to_owned().into();
    out.state = state.to_owned().into();
    out
}

fn news(raw: &str) -> (super::super::Inbound, Vec<File>) {
    match letter(&help(), raw.replace('\n', "\r\n").as_bytes()) {
        Letter::News(inbound, files) => (*inbound, files),
        Letter::Nothing(why) => panic!("nothing: {why}"),
    }
}

const LETTER: &str = "From: Ann Example <Ann@Customer.example>\nTo: help@shop.example\nSubject: =?utf-8?B?6K6i5Y2V?= 4711\n\
    Message-ID: <a1@customer.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
    Content-Type: text/html; charset=utf-8\n\n<p>Where is <b>it</b>?<script>alert(1)</script><img src=x onerror=alert(2)></p>\n--b\n\
    Content-Type: image/png; name=\"../../etc/p.png\"\nContent-Disposition: attachment; filename=\"../../etc/p.png\"\nContent-Transfer-Encoding: base64\n\n\
    iVBORw0KGgo=\n--b--\n";

#[test]
fn a_letter_is_its_text_its_subject_and_its_files() {
    let (inbound, files) = news(LETTER);
    assert_eq!(inbound.address.reveal(), "mailto:ann@customer.example");
    assert_eq!(inbound.name.as_ref().map(|name| name.reveal().as_str()), Some("Ann Example"));
    assert_eq!(
        (inbound.external.as_str(), inbound.peer.reveal().as_str()),
        ("a1@customer.example", "a1@customer.example")
    );
    assert!(inbound.text.reveal().starts_with("Where is it?"), "{}", inbound.text.reveal());
    assert!(!inbound.text.reveal().contains('<') && !inbound.text.reveal().contains("onerror"));
    assert_eq!(inbound.detail.reveal()["subject"], "订单 4711");
    assert_eq!((files[0].name.reveal().as_str(), files[0].bytes.reveal().len()), ("p.png", 8));
}

#[test]
fn an_answer_finds_its_conversation_by_references_or_by_the_token_and_loses_its_quotes() {
    let posted =
        posting(&help(), &out(r#"{"subject":"订单 4711","last":"a1@c","references":["a0@c","a1@c"]}"#), &[])
            .expect("an address");
    let written = String::from_utf8(posted.bytes.reveal().clone()).expect("ASCII");
    assert!(written.is_ascii() && written.lines().all(|line| line.len() <= 998));
    assert!(written.contains("In-Reply-To: <a1@c>\r\nReferences: <a0@c>\r\n <a1@c>\r\n"), "{written}");
    let back = letter(&help(), written.as_bytes());
    assert_eq!(back, Letter::Nothing("own"), "our own letter that comes back is no news");
    let answer = format!(
        "From: ann@customer.example\nMessage-ID: <a2@c>\nIn-Reply-To: <{}>\nReferences: <a1@c> <{0}>\nSubject: Re: x\n\nThank you!\n\nOn Monday, Shop wrote:\n> Your order\n> is on its way.\n",
        posted.message_id
    );
    let (inbound, _) = news(&answer);
    assert_eq!((inbound.names, inbound.text.reveal().as_str()), (Some(ID), "Thank you!"));
    assert_eq!(inbound.follows, [posted.message_id.as_str(), "a1@c"]);
    let subject = format!("Re: {} 订单", token(&help(), ID));
    let (inbound, _) =
        news(&format!("From: ann@customer.example\nMessage-ID: <a3@c>\nSubject: {subject}\n\nhi\n"));
    assert_eq!(inbound.names, Some(ID));
    let forged = format!("Re: [#{ID}-000000000000]");
    let (inbound, _) = news(&format!("From: eve@evil.example\nMessage-ID: <e@e>\nSubject: {forged}\n\nhi\n"));
    assert_eq!(inbound.names, None, "nobody else can make a token");
}

#[test]
fn files_and_another_subject_leave_as_a_customers_program_reads_them() {
    let mut out = out(r#"{"subject":"订单 4711","last":"a1@c","references":["a1@c"]}"#);
    out.detail = Some(r#"{"subject":"您的发票","files":[]}"#.to_owned().into());
    let file = |name: &str, bytes: &[u8]| File { name: name.to_owned().into(), bytes: bytes.to_vec().into() };
    let bytes: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    let files = [file("发票 \"1\".pdf", &bytes), file("p.png", b"\x89PNG\r\n\x1a\n")];
    let posted = posting(&help(), &out, &files).expect("an address");
    let written = posted.bytes.reveal();
    assert!(written.is_ascii() && written.split(|b| *b == b'\n').all(|line| line.len() <= 998));
    let read = mail_parser::MessageParser::default().parse(written.as_slice()).expect("a letter");
    let subject = read.subject().unwrap_or_default();
    assert!(subject.starts_with("您的发票 [#") && !subject.contains("Re:"), "{subject}");
    assert_eq!(read.body_text(0).as_deref().map(str::trim_end), Some("您好！\r\nYour order is on its way."));
    use mail_parser::MimeHeaders as _;
    let seen: Vec<_> = read
        .attachments()
        .map(|part| (part.attachment_name().map(str::to_owned), part.contents().to_vec()))
        .collect();
    assert_eq!(seen[0], (Some("发票 \"1\".pdf".to_owned()), bytes));
    assert_eq!((seen[1].0.as_deref(), seen[1].1.len()), (Some("p.png"), 8));
    assert!(String::from_utf8_lossy(written).contains("Content-Type: image/png\r\n"));
}

#[test]
fn who_got_a_copy_stands_with_the_letter() {
    let (inbound, _) = news(
        "From: ann@c.example\nCc: Bob <bob@c.example>, carol@c.example\nMessage-ID: <a9@c>\nSubject: s\n\nhi\n",
    );
    assert_eq!(inbound.detail.reveal()["cc"], serde_json::json!(["bob@c.example", "carol@c.example"]));
}

#[test]
fn machines_are_known() {
    let from = |more: &str| format!("From: bot@x.example\nMessage-ID: <m@x>\nSubject: s\n{more}\n\nAway.\n");
    let read = |raw: &str| letter(&help(), raw.replace('\n', "\r\n").as_bytes());
    for machine in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "List-Id: <l.x>",
        "X-Autoreply: yes",
        "Return-Path: <>",
    ] {
        assert_eq!(read(&from(machine)), Letter::Nothing("automatic"), "{machine}");
    }
    assert_eq!(read(&from("X-Loop: help@shop.example")), Letter::Nothing("own"));
    assert_eq!(read("From: help@shop.example\nMessage-ID: <m@x>\n\nx\n"), Letter::Nothing("own"));
    let away = format!(
        "{}In-Reply-To: <{}>\n\nAway.\n",
        "From: ann@c.example\nMessage-ID: <m@c>\nAuto-Submitted: auto-replied\n",
        own_id(&help(), ID, 3)
    );
    let (inbound, _) = news(&away);
    assert_eq!(
        (inbound.said, inbound.names),
        (Said::Event("mail_automatic".into()), Some(ID)),
        "noted where it belongs"
    );
    assert!(matches!(read(&from("Auto-Submitted: no")), Letter::News(..)));
}

#[test]
fn a_letter_that_comes_back_names_the_message_that_failed() {
    let report = |action: &str, id: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example\nMessage-ID: <d@mx>\nSubject: Undelivered\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\nContent-Type: text/plain\n\nSorry.\n--r\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ann@c\nAction: {action}\nStatus: 5.1.1\n--r\n\
             Content-Type: text/rfc822-headers\n\nMessage-ID: <{id}>\nSubject: x\n--r--\n"
        )
    };
    let (inbound, _) = news(&report("failed", &own_id(&help(), ID, 3)));
    assert_eq!(inbound.said, Said::Bounce(ID, 3, "bounced 5.1.1".into()));
    let read = |raw: String| letter(&help(), raw.replace('\n', "\r\n").as_bytes());
    assert_eq!(read(report("delayed", &own_id(&help(), ID, 3))), Letter::Nothing("delivery_report"));
    assert_eq!(read(report("failed", "other@x")), Letter::Nothing("delivery_report"));
}

#[test]
fn strange_letters_do_no_harm() {
    let mut rng = kernel::Rng::seeded(11);
    for _ in 0..3_000 {
        let mut raw = LETTER.replace('\n', "\r\n").into_bytes();
        for _ in 0..=rng.below(5) {
            let at = rng.below(raw.len().max(1) as u64) as usize;
            match rng.below(3) {
                0 => raw.truncate(at),
                1 => raw.insert(at.min(raw.len()), rng.below(256) as u8),
                _ => raw.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add(7)),
            }
        }
        let _whatever = letter(&help(), &raw);
    }
    assert_eq!(letter(&help(), b""), Letter::Nothing("unreadable"));
}
