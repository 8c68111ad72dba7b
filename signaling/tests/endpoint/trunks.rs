//! Carriers: registering with them, proving who we are, finding their servers, and leaving those that are dead.

use std::time::Duration;

use kernel::{Fault, Pii};
use signaling::{
    Command, DialTarget, DialogId, In, Login, Out, Parting, Question, Record, RecordKind, Registration,
    Setup, Trunk, TrunkState,
};

use crate::wire::{Caller, Ours, Outs, SDP, address, header, reply, setup};

const CARRIER: &str = "192.0.2.80:5060";
const OTHER: &str = "192.0.2.81:5070";

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn trunk() -> Trunk {
    Trunk {
        name: "carrier".into(),
        uri: "sip:192.0.2.80".into(),
        login: Some(Login { user: "4930".into(), password: String::from("s3cret").into() }),
        register: Some(Registration { user: "4930".into(), expires: 600 }),
        probe: None,
        networks: Vec::new(),
    }
}

fn known() -> Trunk {
    Trunk { login: None, register: None, ..trunk() }
}

fn with(trunk: Trunk) -> Ours {
    Ours::with(Setup { trunks: vec![trunk], ..setup() })
}

fn challenge(more: &str) -> String {
    format!("WWW-Authenticate: Digest realm=\"carrier\", nonce=\"n1\", qop=\"auth\"{more}\r\n")
}

fn states(outs: &Outs) -> Vec<TrunkState> {
    let states = outs.0.iter().filter_map(|out| match out {
        Out::Trunk { state, .. } => Some(state.clone()),
        _ => None,
    });
    states.collect()
}

fn questions(outs: &Outs) -> Vec<(u64, Question)> {
    let asked = outs.0.iter().filter_map(|out| match out {
        Out::Ask { search, question } => Some((*search, question.clone())),
        _ => None,
    });
    asked.collect()
}

fn dial(ours: &mut Ours, n: u64, target: DialTarget) -> (DialogId, Outs) {
    let dialog = DialogId::outgoing(n);
    let outs = ours.order(Command::Dial {
        dialog,
        target,
        from_user: Pii::new("+4930123".into()),
        from_name: None,
        sdp: SDP.into(),
        headers: vec![("P-Asserted-Identity".into(), "<sip:+4930123@carrier>".into())],
    });
    (dialog, outs)
}

fn at_the_trunk(ours: &mut Ours, n: u64) -> (DialogId, Outs) {
    dial(ours, n, DialTarget::Trunk { name: "carrier".into(), number: Pii::new("+491711".into()) })
}

/// Registers, and gives the proof that it took.
fn registered(ours: &mut Ours) -> String {
    let first = ours.wait(secs(0)).only();
    let again = ours.hear_from(CARRIER, &reply(&first, 401, "r", &challenge(""), None)).only();
    ours.hear_from(
        CARRIER,
        &reply(&again, 200, "r", "Contact: <sip:4930@127.0.0.1:5060>;expires=300\r\n", None),
    );
    again
}

#[test]
fn a_trunk_is_registered_with_a_proof_and_refreshed_before_its_end() {
    let mut ours = with(trunk());
    let first = ours.wait(secs(0)).only();
    assert!(first.starts_with("REGISTER sip:192.0.2.80 SIP/2.0\r\n"), "{first}");
    assert_eq!(header(&first, "Contact"), Some("<sip:4930@127.0.0.1:5060>"));
    assert_eq!((header(&first, "Expires"), header(&first, "Authorization")), (Some("600"), None));
    let again =
        ours.hear_from(CARRIER, &reply(&first, 401, "r", &challenge(", algorithm=SHA-256"), None)).only();
    let proof = header(&again, "Authorization").expect("a proof");
    for part in
        ["username=\"4930\"", "uri=\"sip:192.0.2.80\"", "algorithm=SHA-256", "nc=00000001", "qop=auth"]
    {
        assert!(proof.contains(part), "{part} in {proof}");
    }
    assert!(!again.contains("s3cret"));
    assert_eq!((header(&first, "CSeq"), header(&again, "CSeq")), (Some("1 REGISTER"), Some("2 REGISTER")));
    assert_eq!(header(&first, "Call-ID"), header(&again, "Call-ID"));
    let contact = "Contact: <sip:other@192.0.2.7>;expires=60, <sip:4930@127.0.0.1:5060>;expires=300\r\n";
    let outs = ours.hear_from(CARRIER, &reply(&again, 200, "r", contact, None));
    assert_eq!(states(&outs), [TrunkState::Up { remote: address(CARRIER), registered: Some(300) }]);
    assert!(ours.wait(secs(239)).sent().is_empty(), "not before it is time");
    let refresh = ours.wait(secs(1)).sent().remove(0).1;
    assert!(
        header(&refresh, "Authorization").is_some_and(|p| p.contains("nc=00000002")),
        "the nonce is used on"
    );
}

#[test]
fn a_wrong_password_is_not_repeated_in_a_hurry() {
    let mut ours = with(trunk());
    let first = ours.wait(secs(0)).only();
    let again = ours.hear_from(CARRIER, &reply(&first, 401, "r", &challenge(""), None)).only();
    let outs = ours.hear_from(CARRIER, &reply(&again, 401, "r", &challenge(""), None));
    assert!(outs.sent().is_empty(), "the same question twice means that we do not know the answer");
    assert!(matches!(states(&outs)[..], [TrunkState::Down { status: Some(401), .. }]));
    assert!(ours.wait(secs(299)).sent().is_empty());
    assert!(!ours.wait(secs(302)).sent().is_empty(), "but it is tried again some time");
}

#[test]
fn a_stale_nonce_costs_one_more_request_and_a_longer_interval_is_accepted() {
    let mut ours = with(trunk());
    let first = ours.wait(secs(0)).only();
    let second = ours.hear_from(CARRIER, &reply(&first, 401, "r", &challenge(""), None)).only();
    let stale = challenge(", stale=true").replace("n1", "n2");
    let third = ours.hear_from(CARRIER, &reply(&second, 401, "r", &stale, None)).only();
    assert!(header(&third, "Authorization").is_some_and(|p| p.contains("nonce=\"n2\"")));
    let brief = ours.hear_from(CARRIER, &reply(&third, 423, "r", "Min-Expires: 1800\r\n", None)).only();
    assert_eq!(header(&brief, "Expires"), Some("1800"));
    let outs = ours.hear_from(CARRIER, &reply(&brief, 200, "r", "", None));
    assert!(matches!(states(&outs)[..], [TrunkState::Up { registered: Some(1800), .. }]));
}

#[test]
fn a_silent_registrar_is_asked_again_after_growing_pauses() {
    let mut ours = with(trunk());
    let mut pauses = Vec::new();
    let mut last = Duration::ZERO;
    let outs = ours.wait(secs(600));
    for state in states(&outs) {
        let TrunkState::Down { status: None, retry } = state else { panic!("{state:?}") };
        pauses.push(retry);
        last = retry;
    }
    assert!(pauses.len() > 3 && pauses[0] < secs(6) && last > secs(60), "{pauses:?}");
    assert!(outs.sent().len() < 60, "{} requests in ten minutes", outs.sent().len());
}

#[test]
fn stopping_and_taking_a_trunk_away_unregisters_it() {
    let mut ours = with(trunk());
    registered(&mut ours);
    let bye = ours.feed(In::Draining(true)).only();
    assert_eq!((bye.starts_with("REGISTER "), header(&bye, "Expires")), (true, Some("0")));
    assert!(header(&bye, "Authorization").is_some());
    ours.hear_from(CARRIER, &reply(&bye, 200, "r", "", None));
    assert!(ours.wait(secs(1000)).sent().is_empty());
    let mut ours = with(trunk());
    registered(&mut ours);
    assert_eq!(header(&ours.feed(In::Configured(setup())).only(), "Expires"), Some("0"));
    assert!(ours.feed(In::Configured(setup())).sent().is_empty());
}

#[test]
fn a_call_through_a_trunk_proves_who_we_are_from_the_first_request_to_the_last() {
    let mut ours = with(trunk());
    registered(&mut ours);
    let (dialog, outs) = at_the_trunk(&mut ours, 1);
    let invite = outs.only();
    assert!(invite.starts_with("INVITE sip:+491711@192.0.2.80 SIP/2.0\r\n"), "{invite}");
    assert!(header(&invite, "From").is_some_and(|f| f.starts_with("<sip:+4930123@192.0.2.80>;tag=")));
    assert_eq!(header(&invite, "P-Asserted-Identity"), Some("<sip:+4930123@carrier>"));
    assert!(header(&invite, "Authorization").is_some(), "what was asked before is said at once");
    let asked = "Proxy-Authenticate: Digest realm=\"calls\", nonce=\"c1\", qop=\"auth\"\r\n";
    let outs = ours.hear_from(CARRIER, &reply(&invite, 407, "t", asked, None));
    let lines = outs.lines();
    assert!(lines[0].starts_with("ACK ") && lines[1].starts_with("INVITE "), "{lines:?}");
    let again = outs.last();
    assert_eq!(header(&again, "CSeq"), Some("2 INVITE"));
    let proof = header(&again, "Proxy-Authorization").expect("a proof").to_owned();
    let ok = reply(&again, 200, "t", &format!("Contact: <sip:x@{CARRIER}>\r\n"), Some(SDP));
    let outs = ours.hear_from(CARRIER, &ok);
    assert!(matches!(outs.news().as_slice(), [Out::Answered { .. }]));
    assert_eq!(header(&outs.only(), "Proxy-Authorization"), Some(&*proof), "the ACK repeats it");
    let bye = ours.order(Command::Hangup { dialog, why: Parting::Plain }).last();
    assert!(header(&bye, "Proxy-Authorization").is_some_and(|p| p.contains("nc=00000002")));
    let asked = asked.replace("c1", "c2");
    let bye = ours.hear_from(CARRIER, &reply(&bye, 407, "", &asked, None)).only();
    assert!(bye.starts_with("BYE ") && header(&bye, "CSeq") == Some("4 BYE"));
    assert!(header(&bye, "Proxy-Authorization").is_some_and(|p| p.contains("nonce=\"c2\"")));
    ours.hear_from(CARRIER, &reply(&bye, 200, "", "", None));
}

#[test]
fn a_changed_session_is_proven_too_and_a_refusal_of_the_proof_ends_the_matter() {
    let mut ours = with(Trunk { register: None, ..trunk() });
    let (dialog, outs) = at_the_trunk(&mut ours, 1);
    let ok = reply(&outs.only(), 200, "t", &format!("Contact: <sip:x@{CARRIER}>\r\n"), Some(SDP));
    ours.hear_from(CARRIER, &ok);
    let again = ours.order(Command::Reoffer { dialog, sdp: SDP.into() }).only();
    let outs = ours.hear_from(CARRIER, &reply(&again, 401, "", &challenge(""), None));
    assert!(header(&outs.last(), "Authorization").is_some());
    let outs = ours.hear_from(CARRIER, &reply(&outs.last(), 401, "", &challenge(""), None));
    assert!(matches!(outs.news().as_slice(), [Out::ReofferFailed { status: Some(401), .. }]), "{outs:?}");
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    let (_, outs) = at_the_trunk(&mut ours, 2);
    let again = ours.hear_from(CARRIER, &reply(&outs.only(), 401, "t", &challenge(""), None)).last();
    let outs = ours.hear_from(CARRIER, &reply(&again, 401, "t", &challenge(""), None));
    assert_eq!((outs.ended().status, outs.ended().reason), (Some(401), "refused"));
    ours.settle();
}

#[test]
fn only_the_trunk_itself_is_told_a_proof() {
    let mut ours = with(trunk());
    registered(&mut ours);
    let (_, outs) = dial(&mut ours, 1, DialTarget::Uri("sip:1@192.0.2.66".into()));
    let invite = outs.only();
    assert_eq!(header(&invite, "Authorization"), None);
    let outs = ours.hear_from("192.0.2.66:5060", &reply(&invite, 401, "t", &challenge(""), None));
    assert_eq!(outs.ended().status, Some(401));
}

fn answer(ours: &mut Ours, outs: &Outs, kind: RecordKind, name: &str, records: &[Record]) -> Outs {
    let (search, question) = questions(outs)
        .into_iter()
        .find(|(_, q)| q.kind == kind && q.name == name)
        .unwrap_or_else(|| panic!("{kind:?} {name} is not asked: {outs:?}"));
    ours.feed(In::Named { search, question, records: records.to_vec() })
}

fn srv(priority: u16, target: &str, port: u16) -> Record {
    Record::Srv { priority, weight: 0, port, target: target.into() }
}

fn ip(text: &str) -> Record {
    Record::Address(text.parse().expect("an address"))
}

/// A trunk by name with two servers, and the INVITE to the first.
fn two_servers(ours: &mut Ours, n: u64) -> (DialogId, Outs) {
    let (dialog, outs) = at_the_trunk(ours, n);
    let outs = answer(ours, &outs, RecordKind::Naptr, "carrier.example", &[]);
    let udp = answer(
        ours,
        &outs,
        RecordKind::Srv,
        "_sip._udp.carrier.example",
        &[srv(1, "a.carrier.example", 5060), srv(2, "b.carrier.example", 5070)],
    );
    assert!(udp.0.is_empty(), "the other service is not known yet");
    let outs = answer(ours, &outs, RecordKind::Srv, "_sip._tcp.carrier.example", &[]);
    let first = answer(ours, &outs, RecordKind::A, "a.carrier.example", &[ip("192.0.2.80")]);
    assert!(first.0.is_empty());
    (dialog, answer(ours, &outs, RecordKind::A, "b.carrier.example", &[ip("192.0.2.81")]))
}

fn by_name() -> Ours {
    with(Trunk { uri: "sip:carrier.example".into(), ..known() })
}

#[test]
fn a_name_is_looked_up_and_a_server_that_refuses_for_the_moment_gives_way_to_the_next() {
    let mut ours = by_name();
    let (dialog, outs) = two_servers(&mut ours, 1);
    let (path, invite) = outs.sent().remove(0);
    assert_eq!(path.remote, address(CARRIER));
    assert!(invite.starts_with("INVITE sip:+491711@carrier.example SIP/2.0"), "{invite}");
    let outs = ours.hear_from(CARRIER, &reply(&invite, 503, "t", "", None));
    let (path, second) = outs.sent().pop().expect("another INVITE");
    assert!(second.starts_with("INVITE ") && path.remote == address(OTHER) && outs.news().is_empty());
    let ok = reply(&second, 200, "u", &format!("Contact: <sip:x@{OTHER}>\r\n"), Some(SDP));
    assert!(matches!(ours.hear_from(OTHER, &ok).news().as_slice(), [Out::Answered { .. }]));
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
}

#[test]
fn a_refusal_by_the_callee_is_not_carried_to_another_server() {
    let mut ours = by_name();
    let (_, outs) = two_servers(&mut ours, 1);
    let outs = ours.hear_from(CARRIER, &reply(&outs.only(), 486, "t", "", None));
    assert_eq!((outs.sent().len(), outs.ended().reason), (1, "busy"));
    ours.settle();
}

#[test]
fn a_silent_server_is_left_after_four_seconds_and_what_it_says_too_late_is_ended() {
    let mut ours = by_name();
    let (dialog, outs) = two_servers(&mut ours, 1);
    let first = outs.only();
    let outs = ours.wait(secs(4));
    let (path, second) = outs.sent().pop().expect("another INVITE");
    assert!(second.starts_with("INVITE ") && path.remote == address(OTHER));
    assert_ne!(header(&first, "Call-ID"), header(&second, "Call-ID"));
    let late = ours.hear_from(CARRIER, &reply(&first, 180, "l", "", None));
    assert!(late.lines()[0].starts_with("CANCEL ") && late.news().is_empty());
    let ok = reply(&first, 200, "l", &format!("Contact: <sip:x@{CARRIER}>\r\n"), Some(SDP));
    let lines = ours.hear_from(CARRIER, &ok).lines();
    assert!(lines[0].starts_with("ACK ") && lines[1].starts_with("BYE "), "{lines:?}");
    let ok = reply(&second, 200, "u", &format!("Contact: <sip:x@{OTHER}>\r\n"), Some(SDP));
    assert!(matches!(ours.hear_from(OTHER, &ok).news().as_slice(), [Out::Answered { .. }]));
    ours.order(Command::Hangup { dialog, why: Parting::Plain });
    ours.settle();
}

#[test]
fn a_port_that_nobody_listens_on_is_left_at_once() {
    let mut ours = by_name();
    let (_, outs) = two_servers(&mut ours, 1);
    assert_eq!(outs.sent().len(), 1);
    let outs = ours.feed(In::Unreachable(address(CARRIER)));
    assert_eq!(outs.sent()[0].0.remote, address(OTHER));
    let outs = ours.feed(In::Unreachable(address(OTHER)));
    assert_eq!((outs.ended().reason, outs.ended().fault), ("unreachable", Fault::Peer));
    assert!(ours.feed(In::Unreachable(address("192.0.2.1:1"))).0.is_empty());
    ours.settle();
}

#[test]
fn a_call_is_given_up_while_its_name_is_looked_up_and_a_name_of_nothing_is_unreachable() {
    let mut ours = by_name();
    let (dialog, outs) = at_the_trunk(&mut ours, 1);
    let asked = questions(&outs);
    assert_eq!(ours.order(Command::Hangup { dialog, why: Parting::Plain }).ended().reason, "cancelled");
    let (search, question) = asked[0].clone();
    assert!(ours.feed(In::Named { search, question, records: Vec::new() }).0.is_empty());
    ours.settle();
    let (_, outs) = dial(&mut ours, 2, DialTarget::Uri("sip:bob@nowhere.example:5060".into()));
    let outs = answer(&mut ours, &outs, RecordKind::A, "nowhere.example", &[]);
    assert_eq!(outs.ended().reason, "unreachable");
    let unknown = DialTarget::Trunk { name: "gone".into(), number: Pii::new("1".into()) };
    assert_eq!(dial(&mut ours, 3, unknown).1.ended().reason, "unreachable");
    ours.settle();
}

#[test]
fn a_trunk_that_is_probed_is_up_while_it_says_anything_and_down_when_it_falls_silent() {
    let mut ours = with(Trunk { probe: Some(secs(30)), ..known() });
    let probe = ours.wait(secs(0)).only();
    assert!(probe.starts_with("OPTIONS sip:192.0.2.80 SIP/2.0"));
    let outs = ours.hear_from(CARRIER, &reply(&probe, 404, "t", "", None));
    assert_eq!(states(&outs), [TrunkState::Up { remote: address(CARRIER), registered: None }]);
    let outs = ours.wait(secs(40));
    assert!(matches!(states(&outs)[..], [TrunkState::Down { status: None, .. }]), "{outs:?}");
    let outs = ours.wait(secs(5));
    let probe = outs.last();
    let outs = ours.hear_from(CARRIER, &reply(&probe, 200, "t", "", None));
    assert!(matches!(states(&outs)[..], [TrunkState::Up { .. }]));
    let probe = ours.wait(secs(30)).sent().remove(0).1;
    assert!(states(&ours.hear_from(CARRIER, &reply(&probe, 200, "t", "", None))).is_empty(), "nothing new");
}

#[test]
fn a_registrar_with_two_servers_is_registered_with_the_one_that_lives() {
    let mut ours = with(Trunk { uri: "sip:carrier.example;transport=udp".into(), ..trunk() });
    let outs = ours.wait(secs(0));
    let servers = [srv(1, "a.carrier.example", 5060), srv(2, "b.carrier.example", 5070)];
    let outs = answer(&mut ours, &outs, RecordKind::Srv, "_sip._udp.carrier.example", &servers);
    answer(&mut ours, &outs, RecordKind::A, "a.carrier.example", &[ip("192.0.2.80")]);
    let outs = answer(&mut ours, &outs, RecordKind::A, "b.carrier.example", &[ip("192.0.2.81")]);
    assert_eq!(outs.sent()[0].0.remote, address(CARRIER));
    let outs = ours.wait(secs(8));
    let (path, request) = outs.sent().pop().expect("another REGISTER");
    assert_eq!(path.remote, address(OTHER));
    let outs = ours.hear_from(OTHER, &reply(&request, 200, "r", "Expires: 120\r\n", None));
    assert_eq!(states(&outs), [TrunkState::Up { remote: address(OTHER), registered: Some(120) }]);
}

#[test]
fn a_call_that_comes_through_a_trunk_says_so_and_names_what_was_dialled() {
    let mut ours = with(trunk());
    registered(&mut ours);
    let mut caller = Caller::new("in");
    let text = caller.invite().replace("INVITE sip:1000@", "INVITE sip:4930@");
    let text = text.replace("To: <sip:1000@127.0.0.1>", "To: <sip:+4930555@carrier.example>");
    let call = ours.hear_from(CARRIER, &text).invited();
    assert_eq!((call.trunk.as_deref(), call.called.as_str()), (Some("carrier"), "+4930555"));
    let mut caller = Caller::new("else");
    let call = ours.hear(&caller.invite()).invited();
    assert_eq!((call.trunk, call.called.as_str()), (None, "1000"));
    let near = Trunk { networks: vec!["192.0.2.0/24".parse().expect("a network")], ..known() };
    let mut ours = with(near);
    let mut caller = Caller::new("by-address");
    assert_eq!(ours.hear(&caller.invite()).invited().trunk.as_deref(), Some("carrier"));
}
