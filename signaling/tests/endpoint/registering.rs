//! Phones that register.

use std::time::Duration;

use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};
use signaling::{Connection, In, Out, Path, Setup, Transport};

use crate::wire::{Ours, PEER, address, all, header, setup, udp};

/// One REGISTER of a phone.
pub struct Register<'a> {
    pub user: &'a str,
    pub call_id: &'a str,
    pub cseq: u32,
    pub contact: &'a str,
    pub more: String,
}

impl Register<'_> {
    pub fn text(&self) -> String {
        let Self { user, call_id, cseq, contact, more } = self;
        let contact = if contact.is_empty() { String::new() } else { format!("Contact: {contact}\r\n") };
        format!(
            "REGISTER sip:voxdesk SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK{call_id}{cseq}\r\nMax-Forwards: 70\r\n\
             From: <sip:{user}@voxdesk>;tag=r\r\nTo: <sip:{user}@voxdesk>\r\nCall-ID: {call_id}\r\nCSeq: {cseq} REGISTER\r\n\
             {contact}{more}Content-Length: 0\r\n\r\n"
        )
    }
}

fn param<'t>(challenge: &'t str, name: &str) -> &'t str {
    let at = challenge.find(&format!("{name}=")).expect("a parameter") + name.len() + 1;
    challenge[at..].split([',', ' ']).next().unwrap_or_default().trim_matches('"')
}

fn hash(algorithm: &str, text: &str) -> String {
    match algorithm {
        "MD5" => hex::encode(Md5::digest(text)),
        "SHA-512-256" => hex::encode(Sha512_256::digest(text)),
        _ => hex::encode(Sha256::digest(text)),
    }
}

/// The Authorization that answers a challenge.
fn proof(challenge: &str, user: &str, password: &str, nc: u32) -> String {
    proof_of("REGISTER", challenge, user, password, nc)
}

/// The Authorization that answers the 401 to a request of this method.
pub fn authorized(refusal: &str, method: &str, user: &str, password: &str) -> String {
    proof_of(method, header(refusal, "WWW-Authenticate").unwrap_or_default(), user, password, 1)
}

fn proof_of(method: &str, challenge: &str, user: &str, password: &str, nc: u32) -> String {
    let (algorithm, nonce) = (param(challenge, "algorithm"), param(challenge, "nonce"));
    let one = hash(algorithm, &format!("{user}:voxdesk:{password}"));
    let two = hash(algorithm, &format!("{method}:sip:voxdesk"));
    let response = hash(algorithm, &format!("{one}:{nonce}:{nc:08x}:cn:auth:{two}"));
    format!(
        "Authorization: Digest username=\"{user}\", realm=\"voxdesk\", nonce=\"{nonce}\", uri=\"sip:voxdesk\", \
         response=\"{response}\", algorithm={algorithm}, cnonce=\"cn\", qop=auth, nc={nc:08x}\r\n"
    )
}

/// A challenge for a user.
fn challenge(ours: &mut Ours, user: &str) -> Vec<String> {
    let call_id = format!("ask{}", ours.now.as_millis());
    let ask = Register { user, call_id: &call_id, cseq: 1, contact: "", more: String::new() };
    let text = ours.hear(&ask.text()).last();
    assert!(text.starts_with("SIP/2.0 401 "), "{text}");
    ours.now = ours.now + Duration::from_millis(1);
    all(&text, "WWW-Authenticate").into_iter().map(str::to_owned).collect()
}

/// Sends a REGISTER with a right password.
fn send(ours: &mut Ours, path: Path, mut register: Register<'_>) -> crate::wire::Outs {
    let challenge = challenge(ours, register.user).remove(0);
    register.more.push_str(&proof(&challenge, register.user, "secret", 1));
    let text = register.text();
    match path.transport {
        Transport::Udp => ours.feed(In::Datagram { path, bytes: text.as_bytes() }),
        Transport::Ws | Transport::Wss => ours.feed(In::Framed { path, bytes: text.as_bytes() }),
        Transport::Tcp | Transport::Tls => ours.feed(In::Stream { path, bytes: text.as_bytes() }),
    }
}

/// Registers a phone of bob.
pub fn register(ours: &mut Ours, remote: &str, contact: &str) {
    let call_id = remote.replace(['.', ':'], "");
    let outs = send(
        ours,
        udp(remote),
        Register { user: "bob", call_id: &call_id, cseq: 1, contact, more: String::new() },
    );
    assert!(
        matches!(outs.news().as_slice(), [Out::Registered(binding)] if binding.path == udp(remote)),
        "{outs:?}"
    );
}

fn bob<'a>(cseq: u32, contact: &'a str, more: &str) -> Register<'a> {
    Register { user: "bob", call_id: "bob", cseq, contact, more: more.into() }
}

#[test]
fn each_account_is_offered_its_own_algorithms_in_order() {
    let mut ours = Ours::new();
    let algorithms = |challenges: Vec<String>| -> Vec<String> {
        challenges.iter().map(|c| param(c, "algorithm").to_owned()).collect()
    };
    assert_eq!(algorithms(challenge(&mut ours, "alice")), ["SHA-256", "MD5"]);
    assert_eq!(algorithms(challenge(&mut ours, "bob")), ["MD5"]);
    assert_eq!(
        algorithms(challenge(&mut ours, "nobody")),
        ["SHA-256", "MD5"],
        "a stranger looks like the first"
    );
}

#[test]
fn a_right_password_registers_with_either_algorithm_and_a_wrong_one_does_not() {
    for n in 0..2 {
        let mut ours = Ours::new();
        let challenge = challenge(&mut ours, "alice").remove(n);
        let mut attempt = Register {
            user: "alice",
            call_id: "a",
            cseq: 1,
            contact: "<sip:alice@10.0.0.1>",
            more: String::new(),
        };
        attempt.more = proof(&challenge, "alice", "wrong", 1);
        let text = ours.hear(&attempt.text()).only();
        assert!(text.starts_with("SIP/2.0 401 ") && !text.contains("stale"));
        (attempt.cseq, attempt.more) = (2, proof(&challenge, "alice", "secret", 1));
        let outs = ours.hear(&attempt.text());
        let text = outs.only();
        assert!(text.starts_with("SIP/2.0 200 "), "{text}");
        assert_eq!(header(&text, "Contact"), Some("<sip:alice@10.0.0.1>;expires=3600"));
        assert!(ours.endpoint.is_registered("alice"));
        assert_eq!(ours.endpoint.bindings("alice")[0].path, udp(PEER));
    }
}

#[test]
fn the_longest_digest_is_understood() {
    let mut ours = Ours::new();
    let challenge = challenge(&mut ours, "carol").remove(0);
    assert_eq!(param(&challenge, "algorithm"), "SHA-512-256");
    let contact = "<sip:carol@10.0.0.1>";
    let mut attempt = Register { user: "carol", call_id: "c", cseq: 1, contact, more: String::new() };
    attempt.more = proof(&challenge, "carol", "secret", 1).replace("SHA-512-256", "SHA-256");
    assert_eq!(ours.hear(&attempt.text()).statuses(), [401], "not under another name");
    (attempt.cseq, attempt.more) = (2, proof(&challenge, "carol", "secret", 1));
    assert_eq!(ours.hear(&attempt.text()).statuses(), [200]);
}

#[test]
fn a_nonce_and_count_are_good_once_and_a_nonce_ages() {
    let mut ours = Ours::new();
    let challenge = challenge(&mut ours, "bob").remove(0);
    let mut status = |cseq: u32, nc: u32, wait: u64| {
        ours.wait(Duration::from_secs(wait));
        let text = ours
            .hear(&bob(cseq, "<sip:bob@10.0.0.1>", &proof(&challenge, "bob", "secret", nc)).text())
            .only();
        (text[8..11].to_owned(), text.contains("stale=true"))
    };
    assert_eq!(status(1, 1, 0), ("200".into(), false));
    assert_eq!(status(2, 1, 0), ("401".into(), true), "replayed");
    assert_eq!(status(3, 2, 0), ("200".into(), false));
    assert_eq!(status(4, 3, 300), ("401".into(), true), "too old");
}

#[test]
fn a_stranger_and_a_wrong_password_look_the_same() {
    let mut ours = Ours::new();
    let known = challenge(&mut ours, "alice").remove(0);
    let unknown = challenge(&mut ours, "nobody").remove(0);
    let answer = |ours: &mut Ours, user: &str, challenge: &str| {
        let more = proof(challenge, user, "guess", 1);
        let text = ours.hear(&Register { user, call_id: user, cseq: 9, contact: "", more }.text()).only();
        let lines =
            text.lines().filter(|l| !["Via", "To", "From", "Call-ID"].iter().any(|n| l.starts_with(n)));
        lines.map(|l| l.split("nonce").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(answer(&mut ours, "alice", &known), answer(&mut ours, "nobody", &unknown));
}

#[test]
fn several_phones_share_a_user_and_leave_one_by_one_or_all_at_once() {
    let mut ours = Ours::new();
    register(&mut ours, "192.0.2.31:5060", "<sip:bob@10.0.0.1>");
    register(&mut ours, "192.0.2.32:5060", "<sip:bob@10.0.0.2>");
    let query = send(&mut ours, udp(PEER), Register { call_id: "query", ..bob(1, "", "") });
    assert_eq!(all(&query.only(), "Contact").len(), 2);
    assert!(query.news().is_empty());
    let outs = send(&mut ours, udp("192.0.2.31:5060"), bob(2, "<sip:bob@10.0.0.1>;expires=0", ""));
    assert_eq!(all(&outs.only(), "Contact").len(), 1);
    assert!(outs.news().is_empty());
    let outs = send(&mut ours, udp(PEER), bob(3, "*", "Expires: 60\r\n"));
    assert_eq!(outs.statuses(), [400], "only Expires: 0 goes with a star");
    let outs = send(&mut ours, udp(PEER), bob(4, "*", "Expires: 0\r\n"));
    assert!(outs.statuses() == [200] && all(&outs.only(), "Contact").is_empty());
    assert!(matches!(outs.news().as_slice(), [Out::Unregistered { user }] if user == "bob"));
    assert_eq!(ours.endpoint.next_timeout().map(|t| t > ours.now), Some(true), "only transactions are left");
    ours.settle();
}

#[test]
fn registrations_are_refreshed_cut_refused_and_expire() {
    let mut ours = Ours::new();
    let outs = send(&mut ours, udp(PEER), bob(1, "<sip:bob@10.0.0.1>;expires=59", ""));
    assert_eq!(
        (outs.statuses(), header(&outs.only(), "Min-Expires").map(str::to_owned)),
        (vec![423], Some("60".into()))
    );
    let outs = send(&mut ours, udp(PEER), bob(2, "<sip:bob@10.0.0.1>", "Expires: 99999\r\n"));
    assert!(outs.only().contains(";expires=3600"));
    let outs = send(&mut ours, udp(PEER), bob(3, "<sip:bob@10.0.0.1>", "Expires: 100\r\n"));
    assert_eq!(all(&outs.only(), "Contact"), ["<sip:bob@10.0.0.1>;expires=100"]);
    let outs = send(&mut ours, udp(PEER), bob(3, "<sip:bob@10.0.0.1>", "Expires: 100\r\n"));
    assert!(outs.statuses().is_empty() || outs.statuses() == [200], "a retransmission");
    let late = Register { cseq: 2, ..bob(2, "<sip:bob@10.0.0.1>", "Expires: 500\r\nX-Late: 1\r\n") };
    let text = late.text().replace("branch=z9hG4bK", "branch=z9hG4bKlate");
    assert!(text.contains("late"));
    let outs = ours.wait(Duration::from_secs(101));
    assert!(matches!(outs.news().as_slice(), [Out::Unregistered { .. }]), "{:?}", outs.news());
    assert!(!ours.endpoint.is_registered("bob"));
    ours.settle();
}

#[test]
fn a_register_that_overtook_a_newer_one_changes_nothing() {
    let mut ours = Ours::new();
    send(&mut ours, udp(PEER), bob(7, "<sip:bob@10.0.0.1>", "Expires: 100\r\n"));
    let outs = send(&mut ours, udp(PEER), bob(6, "<sip:bob@10.0.0.1>", "Expires: 0\r\n"));
    assert_eq!((outs.statuses(), outs.news().len()), (vec![500], 0));
    assert!(ours.endpoint.is_registered("bob"));
}

#[test]
fn a_phone_that_moved_replaces_itself() {
    let mut ours = Ours::new();
    let instance = ";+sip.instance=\"<urn:uuid:1>\"";
    send(&mut ours, udp("192.0.2.31:1"), bob(1, &format!("<sip:bob@10.0.0.1:1>{instance}"), ""));
    send(&mut ours, udp("192.0.2.31:2"), bob(2, &format!("<sip:bob@10.0.0.1:2>{instance}"), ""));
    let bindings = ours.endpoint.bindings("bob");
    assert_eq!((bindings.len(), bindings[0].path.remote), (1, address("192.0.2.31:2")));
}

#[test]
fn the_phones_behind_a_stream_are_gone_with_it() {
    let mut ours = Ours::new();
    let path = Path { transport: Transport::Tcp, connection: Some(Connection(3)), ..udp(PEER) };
    let outs = send(&mut ours, path, bob(1, "<sip:bob@10.0.0.1;transport=tcp>", ""));
    assert!(matches!(outs.news().as_slice(), [Out::Registered(b)] if b.path == path));
    let outs = ours.feed(In::StreamClosed(Connection(3)));
    assert!(matches!(outs.news().as_slice(), [Out::Unregistered { .. }]));
}

#[test]
fn an_account_that_is_removed_loses_its_phones() {
    let mut ours = Ours::new();
    register(&mut ours, "192.0.2.31:5060", "<sip:bob@10.0.0.1>");
    let outs = ours.feed(In::Configured(Setup { accounts: Vec::new(), ..setup() }));
    assert!(matches!(outs.news().as_slice(), [Out::Unregistered { user }] if user == "bob"));
}
