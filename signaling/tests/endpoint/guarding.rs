//! Scanners, guessers and floods at the endpoint, and those who are to notice nothing of them.

use std::time::Duration;

use kernel::{Context, Rng};
use signaling::guard::{Ban, Reason, Rules};
use signaling::{Connection, In, Out, Path, Setup, Transport, Trunk};

use crate::registering::{Register, authorized};
use crate::wire::{Caller, Ours, Outs, PEER, address, setup, udp};

const SCANNER: &str = "203.0.113.66:5090";

fn guarded() -> Ours {
    Ours::with(Setup { guard: Some(Rules::default()), ..setup() })
}

/// One datagram as the driver handles it; `None`: it was dropped unseen.
fn datagram(ours: &mut Ours, remote: &str, text: &str) -> Option<Outs> {
    let cx = &mut Context { now: ours.now, rng: &mut Rng::seeded(5) };
    let admitted = ours.endpoint.admits(cx, Transport::Udp, address(remote).ip());
    admitted.then(|| ours.hear_from(remote, text))
}

fn bans(outs: &Outs) -> Vec<Ban> {
    let banned = outs.0.iter().filter_map(|out| match out {
        Out::Banned(ban) => Some(ban.clone()),
        _ => None,
    });
    banned.collect()
}

/// A REGISTER that proves nothing yet.
fn first<'a>(user: &'a str, call_id: &'a str) -> Register<'a> {
    Register { user, call_id, cseq: 1, contact: "<sip:x@10.0.0.1>", more: String::new() }
}

/// A try to register. `answers`: with a password, after the challenge.
fn registers(ours: &mut Ours, remote: &str, user: &str, n: u32, answers: Option<&str>) -> Option<Outs> {
    let call_id = format!("{}x{n}", remote.replace([':', '.'], "-"));
    let mut register = first(user, &call_id);
    let outs = datagram(ours, remote, &register.text())?;
    let Some(password) = answers.filter(|_| outs.statuses() == [401]) else { return Some(outs) };
    register.more = authorized(&outs.last(), "REGISTER", user, password);
    register.cseq = 2;
    datagram(ours, remote, &register.text())
}

#[test]
fn who_guesses_passwords_is_banned_and_a_phone_beside_them_is_served() {
    let mut ours = guarded();
    let mut banned = Vec::new();
    for n in 0..60 {
        ours.now = ours.now + Duration::from_millis(100);
        match registers(&mut ours, SCANNER, "alice", n, Some("guess")) {
            Some(outs) => banned.extend(bans(&outs)),
            None => break,
        }
        let outs = registers(&mut ours, "192.0.2.20:5060", "alice", n, Some("secret")).expect("looked at");
        assert_eq!(outs.statuses(), [200], "try {n}");
    }
    let [ban] = banned.as_slice() else { panic!("one ban: {banned:?}") };
    assert_eq!(
        (ban.source.to_string(), ban.reason, ban.proven),
        ("203.0.113.66".into(), Reason::Passwords, true)
    );
    assert_eq!(ours.endpoint.bans(ours.now).len(), 1);
    ours.feed(In::Lift(ban.source));
    let outs = registers(&mut ours, SCANNER, "alice", 99, Some("secret")).expect("looked at again");
    assert_eq!(outs.statuses(), [200]);
}

#[test]
fn unknown_users_cost_the_guesser_the_same_and_look_the_same() {
    let took = |user: &str| {
        let mut ours = guarded();
        let mut answers = Vec::new();
        for n in 0..60 {
            let Some(outs) = registers(&mut ours, SCANNER, user, n, Some("guess")) else { break };
            answers.push(outs.statuses());
        }
        answers
    };
    let (known, unknown) = (took("alice"), took("nobody"));
    assert!((15..25).contains(&known.len()), "{}", known.len());
    assert_eq!(known, unknown);
}

#[test]
fn a_wrong_answer_with_another_ones_nonce_proves_nothing_against_its_sender() {
    let mut ours = guarded();
    let victim = "192.0.2.20:5060";
    for n in 0..50 {
        let call_id = format!("forged{n}");
        let mut register = first("alice", &call_id);
        // The forger asks in its own name once in a while, and answers in the victim's.
        let Some(outs) = datagram(&mut ours, SCANNER, &register.text()) else { break };
        register.more = authorized(&outs.last(), "REGISTER", "alice", "guess");
        register.cseq = 2;
        let Some(outs) = datagram(&mut ours, victim, &register.text()) else { break };
        assert!(bans(&outs).is_empty(), "after {n}");
    }
    assert!(ours.endpoint.bans(ours.now).is_empty());
}

#[test]
fn nonces_that_are_old_cost_nothing() {
    let mut ours = guarded();
    for n in 0..200 {
        let call_id = format!("old{n}");
        let mut register = first("alice", &call_id);
        let outs = datagram(&mut ours, PEER, &register.text()).expect("served");
        register.more = authorized(&outs.last(), "REGISTER", "alice", "secret");
        register.cseq = 2;
        assert_eq!(datagram(&mut ours, PEER, &register.text()).expect("served").statuses(), [200]);
        ours.now = ours.now + Duration::from_secs(301);
        register.cseq = 3;
        let stale = datagram(&mut ours, PEER, &register.text()).expect("served").last();
        assert!(stale.contains("stale=true"), "{stale}");
    }
    assert!(ours.endpoint.bans(ours.now).is_empty());
}

#[test]
fn who_looks_for_names_and_numbers_or_talks_nonsense_is_banned_for_a_while() {
    let mut names = guarded();
    let mut told = Vec::new();
    for n in 0..300 {
        let Some(outs) = registers(&mut names, SCANNER, &format!("{}", 100 + n), n, None) else { break };
        told.extend(bans(&outs));
        names.now = names.now + Duration::from_millis(150);
    }
    assert_eq!(told.iter().map(|ban| (ban.reason, ban.proven)).collect::<Vec<_>>(), [(Reason::Users, false)]);

    let mut numbers = guarded();
    let mut told = Vec::new();
    for n in 0..300 {
        let mut caller = Caller::new(&format!("dial{n}"));
        let Some(outs) = datagram(&mut numbers, SCANNER, &caller.invite()) else { break };
        let Some(Out::Invited(call)) = outs.news().into_iter().find(|out| matches!(out, Out::Invited(_)))
        else {
            panic!("a call is expected: {outs:?}")
        };
        let refused = numbers.order(signaling::Command::Refuse {
            dialog: call.dialog,
            status: 404,
            retry_after: None,
            reason: "no such number".into(),
        });
        told.extend(bans(&refused));
        numbers.now = numbers.now + Duration::from_millis(150);
    }
    assert_eq!(told.iter().map(|ban| ban.reason).collect::<Vec<_>>(), [Reason::Numbers]);

    let mut nonsense = guarded();
    let mut told = Vec::new();
    for _ in 0..300 {
        let Some(outs) = datagram(&mut nonsense, SCANNER, "GET / HTTP/1.1\r\nHost: x\r\n\r\n") else { break };
        told.extend(bans(&outs));
        nonsense.now = nonsense.now + Duration::from_millis(150);
    }
    assert_eq!(told.iter().map(|ban| ban.reason).collect::<Vec<_>>(), [Reason::Malformed]);
}

#[test]
fn keep_alives_of_every_kind_cost_nothing() {
    let mut ours = guarded();
    let stun = "\u{0}\u{1}\u{0}\u{0}!\u{12}";
    for _ in 0..500 {
        ours.now = ours.now + Duration::from_secs(1);
        for text in ["\r\n\r\n", "", "\0\0\0\0", "jaK", "\0"] {
            assert!(datagram(&mut ours, PEER, text).is_some_and(|outs| outs.0.is_empty()), "{text:?}");
        }
        let mut bytes = stun.as_bytes().to_vec();
        bytes.extend([0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        assert!(ours.feed(In::Datagram { path: udp(PEER), bytes: &bytes }).0.is_empty());
    }
    assert!(ours.endpoint.bans(ours.now).is_empty());
}

#[test]
fn carriers_and_allowed_networks_are_neither_banned_nor_slowed_down() {
    let trunk = Trunk {
        name: "carrier".into(),
        uri: "sip:198.51.100.1".into(),
        login: None,
        register: None,
        probe: None,
        networks: vec!["198.51.100.0/28".parse().expect("a network")],
    };
    let rules = Rules { allow: vec!["10.0.0.0/8".parse().expect("a network")], ..Rules::default() };
    let mut ours = Ours::with(Setup { guard: Some(rules), trunks: vec![trunk], ..setup() });
    for remote in ["198.51.100.5:5060", "10.1.2.3:5060", "192.0.2.50:5060"] {
        for n in 0..2000 {
            assert!(datagram(&mut ours, remote, "nonsense\r\n\r\n").is_some(), "{remote} {n}");
        }
    }
    assert!(ours.endpoint.bans(ours.now).is_empty());
    assert_eq!(ours.endpoint.turned_away(), Default::default());
}

#[test]
fn a_banned_source_loses_its_connections_and_datagrams_in_its_name_do_not_cost_it_any() {
    let mut ours = guarded();
    let stream =
        |n, remote: &str| Path { transport: Transport::Tcp, connection: Some(Connection(n)), ..udp(remote) };
    let (bad, other) = (stream(1, SCANNER), stream(2, "192.0.2.77:5060"));
    ours.feed(In::Stream { path: other, bytes: b"\r\n\r\n" });
    // Somebody sends nonsense in the name of the scanner's address: only datagrams are banned.
    ours.feed(In::Stream { path: bad, bytes: b"\r\n\r\n" });
    let mut closed = Vec::new();
    while ours.endpoint.bans(ours.now).is_empty() {
        ours.now = ours.now + Duration::from_millis(150);
        let outs = datagram(&mut ours, SCANNER, "nonsense\r\n\r\n").expect("looked at");
        closed.extend(outs.0.into_iter().filter(|out| matches!(out, Out::Close(_))));
    }
    assert_eq!(ours.endpoint.bans(ours.now).len(), 1);
    assert!(closed.is_empty(), "{closed:?}");
    let cx = &mut Context { now: ours.now, rng: &mut Rng::seeded(5) };
    assert!(ours.endpoint.admits(cx, Transport::Tcp, address(SCANNER).ip()), "a connection is taken");
    // What it sends itself is another matter.
    let mut banned = Vec::new();
    for _ in 0..100 {
        let outs = ours
            .feed(In::Stream { path: bad, bytes: b"INVITE nonsense SIP/2.0\r\nContent-Length: 0\r\n\r\n" });
        closed.extend(outs.0.iter().filter(|out| matches!(out, Out::Close(_))).cloned());
        banned.extend(bans(&outs));
        if !banned.is_empty() {
            break;
        }
    }
    assert!(banned.iter().all(|ban| ban.proven) && banned.len() == 1, "{banned:?}");
    assert!(matches!(closed.as_slice(), [Out::Close(Connection(1))]), "{closed:?}");
    let cx = &mut Context { now: ours.now, rng: &mut Rng::seeded(5) };
    assert!(!ours.endpoint.admits(cx, Transport::Tcp, address(SCANNER).ip()));
    assert!(ours.endpoint.admits(cx, Transport::Tcp, other.remote.ip()));
}

#[test]
fn a_ban_that_nobody_s_message_follows_is_told_at_once() {
    let mut ours = guarded();
    let mut caller = Caller::new("ask");
    let text = caller.request("OPTIONS", None);
    while datagram(&mut ours, SCANNER, &text).is_some() || ours.endpoint.bans(ours.now).is_empty() {}
    let told = ours.wait(Duration::from_millis(1));
    assert_eq!(bans(&told).iter().map(|ban| ban.reason).collect::<Vec<_>>(), [Reason::Flood]);
}

#[test]
fn calls_beyond_the_rate_of_their_source_get_503_with_retry_after_and_others_get_through() {
    let rules = Rules { calls_per_second: 2, ..Rules::default() };
    let mut ours = Ours::with(Setup { guard: Some(rules), ..setup() });
    let mut statuses = Vec::new();
    for n in 0..6 {
        let outs =
            datagram(&mut ours, SCANNER, &Caller::new(&format!("fast{n}")).invite()).expect("looked at");
        statuses.extend(outs.statuses());
        if outs.statuses() == [503] {
            assert!(outs.last().contains("Retry-After: "), "{}", outs.last());
        }
    }
    assert_eq!(statuses, [100, 100, 100, 100, 503, 503]);
    let other = datagram(&mut ours, PEER, &Caller::new("calm").invite()).expect("looked at");
    assert_eq!(other.statuses(), [100]);
}
