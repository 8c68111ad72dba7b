use std::net::{IpAddr, Ipv4Addr};

use super::*;

const OURS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const MASKED: Sight = Sight::Masked { ours: OURS };

const INVITE: &str = "INVITE sip:+4930555001@192.0.2.1:5060;user=phone SIP/2.0\r\n\
    Via: SIP/2.0/UDP 203.0.113.77:5080;branch=z9hG4bKabc.1;rport\r\n\
    From: \"Erika, Mustermann <x>\" <sip:erika.mustermann@carrier.example;tgrp=berlin>;tag=a1;phone=+4917612345678\r\n\
    To: Herr Meier <sip:+4930555001@192.0.2.1>\r\n\
    m: <sip:erika@203.0.113.77:5080;transport=udp;+sip.instance=\"<urn:uuid:secret-device>\">\r\n\
    P-Asserted-Identity: <tel:+4917612345678>, \"Erika\" <sip:+4917612345678@carrier.example>\r\n\
    Remote-Party-ID: \"Erika\" <sip:erika@carrier.example>;party=calling;screen=yes\r\n\
    Referred-By: <sip:meier@example.com?Subject=erika>\r\n\
    User-to-User: 6572696b61;encoding=hex\r\n\
    X-Customer: erika-4711\r\n\
    Subject: the bill of Erika\r\n\
    Call-ID: 7f3a@203.0.113.77\r\n\
    CSeq: 7 INVITE\r\n\
    Proxy-Authorization: Digest username=\"erika\", realm=\"voxdesk\", nonce=\"n1\", uri=\"sip:+4930555001@192.0.2.1\",\r\n\
    \x20response=\"0123456789abcdef0123456789abcdef\", algorithm=MD5\r\n\
    Content-Type: application/sdp\r\n\
    Content-Length: 260\r\n\
    \r\n\
    v=0\r\no=erika 1 1 IN IP4 203.0.113.77\r\ns=Call of Erika\r\ne=erika@example.com\r\nc=IN IP4 203.0.113.77\r\nt=0 0\r\n\
    m=audio 4000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:V2VsbERvbmVZb3VGb3VuZEl0|2^31|1:1\r\n\
    a=candidate:1 1 UDP 1 2001:db8:77::5 4000 typ host\r\n";

fn redacted(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    redact(&mut bytes);
    assert_eq!(bytes.len(), text.len());
    String::from_utf8(bytes).expect("ASCII stays ASCII")
}

#[test]
fn who_may_not_see_it_learns_nothing_of_whom_a_call_concerns() {
    let text = shown(redacted(INVITE).as_bytes(), MASKED);
    let low = text.to_lowercase();
    for secret in [
        "erika",
        "mustermann",
        "meier",
        "4917612345678",
        "4930555001",
        "4711",
        "203.0.113.77",
        "113.77",
        "bill",
        "6572696b61",
        "secret-device",
        "77::5",
        "berlin",
    ] {
        assert!(!low.contains(secret), "{secret} in {text}");
    }
    for kept in [
        "INVITE sip:***@192.0.2.1:5060;user=phone SIP/2.0",
        "Via: SIP/2.0/UDP 203.0.x.x:5080;branch=z9hG4bKabc.1;rport",
        "From: \"***\" <sip:***@carrier.example;***>;tag=a1;***",
        "To: \"***\" <sip:***@192.0.2.1>",
        "m: <sip:***@203.0.x.x:5080;transport=udp;***>",
        "P-Asserted-Identity: <tel:***>, \"***\" <sip:***@carrier.example>",
        "Remote-Party-ID: \"***\" <sip:***@carrier.example>;party=calling;screen=yes",
        "Referred-By: <sip:***@example.com?***>",
        "Call-ID: 7f3a@203.0.x.x",
        "CSeq: 7 INVITE",
        "Proxy-Authorization: Digest ***",
        "X-Customer: ***",
        "c=IN IP4 203.0.x.x",
        "m=audio 4000 RTP/SAVP 0",
        "a=candidate:1 1 UDP 1 2001:db8:x 4000 typ host",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[test]
fn proofs_keys_and_pressed_digits_are_kept_from_everybody() {
    let text = shown(redacted(INVITE).as_bytes(), Sight::Whole);
    assert!(!text.contains("0123456789abcdef") && !text.contains("V2VsbERvbmVZb3VGb3VuZEl0"), "{text}");
    for kept in [
        "username=\"erika\"",
        "nonce=\"n1\"",
        "response=\"xxxx",
        "algorithm=MD5",
        "erika.mustermann@carrier.example",
        "inline:xxxx",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    // However it is written: case, spaces, line breaks, other schemes.
    for (written, secret) in [
        (
            "REGISTER sip:a SIP/2.0\r\nAUTHORIZATION : digest username=\"a,b\", RESPONSE = \"5ecret\"\r\n\r\n",
            "5ecret",
        ),
        ("REGISTER sip:a SIP/2.0\r\nAuthorization: Digest\r\n response=5ecret\r\n\r\n", "5ecret"),
        ("REGISTER sip:a SIP/2.0\r\nAuthorization:Basic YWxpY2U6NWVjcmV0\r\n\r\n", "YWxpY2U6NWVjcmV0"),
        ("REGISTER sip:a SIP/2.0\r\nProxy-Authorization: Bearer 5ecret\r\n\r\n", "5ecret"),
        (
            "REGISTER sip:a SIP/2.0\nX: a\rAuthorization: Digest username=\"open, response=\"5ecret\"\n\n",
            "5ecret",
        ),
        ("SIP/2.0 200 OK\r\nAuthentication-Info: qop=auth, rspauth=\"5ecret\"\r\n\r\n", "5ecret"),
        ("SIP/2.0 200 OK\r\n\r\nA=CRYPTO:1 AES_CM_128_HMAC_SHA1_80 INLINE:5ecret\r\n", "5ecret"),
        ("SIP/2.0 200 OK\r\n\r\nv=0\r\nk=clear:5ecret\r\na=ice-pwd:5ecret", "5ecret"),
        (
            "INFO sip:a SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal= 7\r\nDuration=160\r\n",
            "7",
        ),
        ("INFO sip:a SIP/2.0\r\nc: application/dtmf\r\n\r\n7", "7"),
    ] {
        let text = redacted(written);
        assert!(!text.contains(secret), "{text}");
    }
    let info =
        "INFO sip:7 SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=7\r\nDuration=160\r\n";
    assert_eq!(redacted(info), info.replace("Signal=7", "Signal=x"));
}

#[test]
fn a_message_is_known_by_its_call_id_in_both_forms() {
    let seen = glance(INVITE.as_bytes()).expect("an INVITE");
    assert_eq!((seen.call_id, seen.invites), (&b"7f3a@203.0.113.77"[..], true));
    let reply = b"SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\ni : short\r\n\r\nCall-ID: body";
    assert_eq!(glance(reply), Some(Glance { call_id: b"short", invites: false }));
    for none in [
        &b""[..],
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nCall-ID: a\r\n\r\n",
        b"BYE sip:a SIP/2.0\r\n\r\nCall-ID: a",
    ] {
        assert_eq!(glance(none), None);
    }
    assert_eq!(summary(INVITE.as_bytes(), Sight::Whole).title, "INVITE");
    let busy = b"SIP/2.0 486 Erika talks\r\nCSeq: 2 INVITE\r\nCall-ID: a@203.0.113.9\r\n\r\n";
    assert_eq!(summary(busy, Sight::Whole).title, "486 Erika talks");
    let masked = summary(busy, MASKED);
    assert_eq!(
        (&*masked.title, &*masked.cseq, &*masked.call_id),
        ("486 Busy Here", "2 INVITE", "a@203.0.x.x")
    );
}

#[test]
fn a_stream_is_cut_into_its_messages_and_garbage_is_thrown_away() {
    let one = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n";
    let mut cutter = Cutter::default();
    let (head, tail) = one.as_bytes().split_at(9);
    assert!(cutter.push(head).is_empty());
    assert_eq!(cutter.push(&[tail, b"\r\n\r\n", one.as_bytes()].concat()).len(), 2);
    assert!(cutter.push(b"\x16\x03\x01").is_empty());
    assert_eq!(cutter.push(one.as_bytes()), [one.as_bytes()]);
}

/// Every message of the torture tests, whole, cut off and with bytes turned over: nothing panics, and a proof that is planted in it
/// is never seen. Passes falsely if the folder were empty, which is checked.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its data")]
fn hostile_messages_neither_panic_nor_give_away() {
    let mut messages =
        vec![INVITE.as_bytes().to_vec(), (0..=255).collect(), vec![b'"'; 300], b"a=crypto".to_vec()];
    for folder in ["rfc4475", "rfc5118"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
        for entry in std::fs::read_dir(path).expect("the torture messages") {
            messages.push(std::fs::read(entry.expect("an entry").path()).expect("a file"));
        }
    }
    assert!(messages.len() > 40, "{}", messages.len());
    for message in messages {
        for cut in (0..message.len()).step_by(7) {
            let mut bytes = message.get(..cut).unwrap_or_default().to_vec();
            if let Some(byte) = bytes.get_mut(cut / 2) {
                *byte ^= 0x5a;
            }
            look_at(&bytes);
        }
        let planted = [message.as_slice(), b"\nAuthorization: Digest a=b, response=5ecret\n"].concat();
        look_at(&planted);
    }
}

fn look_at(bytes: &[u8]) {
    let mut kept = bytes.to_vec();
    redact(&mut kept);
    assert!(!kept.windows(7).any(|w| w == b"=5ecret"));
    let _seen = (glance(&kept), summary(&kept, MASKED), summary(&kept, Sight::Whole));
    let _text = (shown(&kept, MASKED), shown(&kept, Sight::Whole), Cutter::default().push(&kept));
}
