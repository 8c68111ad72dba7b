//! Two endpoints with a bad network between them: one dials, the other answers, whatever is lost, late or doubled.
//!
//! A failing seed is printed; `run(seed)` replays it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{Context, Pii, Rng, Time};
use signaling::{Command, DialTarget, DialogId, Endpoint, In, Out, Parting, Path, Setup, Transport};

use crate::wire::{SDP, address, header, setup};

/// Whom an event in the world concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Caller,
    Callee,
}

impl Side {
    fn address(self) -> std::net::SocketAddr {
        match self {
            Side::Caller => address("192.0.2.1:5060"),
            Side::Callee => address("192.0.2.2:5060"),
        }
    }

    fn other(self) -> Self {
        match self {
            Side::Caller => Side::Callee,
            Side::Callee => Side::Caller,
        }
    }
}

#[derive(Clone, Debug)]
enum Happening {
    Packet(Vec<u8>),
    Order(Command),
}

struct World {
    rng: Rng,
    now: Time,
    ends: BTreeMap<Side, Endpoint>,
    agenda: BTreeMap<(Time, u64), (Side, Happening)>,
    count: u64,
    loss: u64,
    seen: Seen,
}

/// What the invariants are about.
#[derive(Default)]
struct Seen {
    /// Final statuses by INVITE branch.
    finals: BTreeMap<String, BTreeSet<u16>>,
    /// BYE branches by side and Call-ID.
    byes: BTreeMap<(Side, String), BTreeSet<String>>,
    live: BTreeSet<(Side, DialogId)>,
    ended: BTreeMap<(Side, DialogId), u32>,
    invites: BTreeSet<String>,
    answered: u64,
    /// Offers that reached an owner, answers and refusals that came back, PRACKs.
    reoffered: u64,
    changed: u64,
    pracks: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::seeded(seed);
        let end = |side: Side| {
            let listening = vec![(Transport::Udp, side.address())];
            // Short sessions, so that histories contain refreshes and expiries.
            Endpoint::new(Setup { listening, session_expires: 90, ..setup() })
        };
        let loss = [0, 5, 20, 40][rng.below(4) as usize];
        let ends = [(Side::Caller, end(Side::Caller)), (Side::Callee, end(Side::Callee))].into();
        Self { rng, now: Time::ZERO, ends, agenda: BTreeMap::new(), count: 0, loss, seen: Seen::default() }
    }

    fn later(&mut self, after: Duration, side: Side, happening: Happening) {
        self.count += 1;
        self.agenda.insert((self.now + after, self.count), (side, happening));
    }

    fn feed(&mut self, side: Side, input: In<'_>) {
        let mut outs: Vec<Out> = Vec::new();
        let endpoint = self.ends.get_mut(&side).expect("both are there");
        endpoint.handle(&mut Context { now: self.now, rng: &mut self.rng }, input, &mut outs);
        for out in outs {
            self.take(side, out);
        }
    }

    fn take(&mut self, side: Side, out: Out) {
        match out {
            Out::Send { path, bytes } => {
                assert_eq!(path.remote, side.other().address());
                self.watch(side, &bytes);
                self.carry(side.other(), bytes);
            }
            Out::Close(_) => panic!("there are no streams here"),
            Out::Dialled { .. } => {}
            Out::Invited(incoming) => {
                self.seen.live.insert((side, incoming.dialog));
                self.answer(incoming.dialog);
            }
            Out::Ended { dialog, .. } => {
                assert!(self.seen.live.remove(&(side, dialog)), "an end of what does not live");
                *self.seen.ended.entry((side, dialog)).or_default() += 1;
            }
            Out::Progress { dialog, .. } | Out::Confirmed { dialog, .. } => {
                assert!(self.seen.live.contains(&(side, dialog)), "news after the end");
            }
            Out::Answered { dialog, .. } => {
                assert!(self.seen.live.contains(&(side, dialog)), "news after the end");
                self.seen.answered += 1;
                self.change(side, dialog);
            }
            Out::Reoffered { dialog, .. } => {
                assert!(self.seen.live.contains(&(side, dialog)), "news after the end");
                self.seen.reoffered += 1;
                let order = match self.rng.below(4) {
                    0 => Command::RefuseReoffer { dialog, status: 488 },
                    _ => Command::AcceptReoffer { dialog, sdp: SDP.into() },
                };
                let at = Duration::from_millis(self.rng.below(2000));
                self.later(at, side, Happening::Order(order));
            }
            Out::Reanswered { dialog, .. } | Out::ReofferFailed { dialog, .. } => {
                assert!(self.seen.live.contains(&(side, dialog)), "news after the end");
                self.seen.changed += 1;
            }
            other => panic!("unexpected: {other:?}"),
        }
    }

    /// Notes what the invariants need.
    fn watch(&mut self, side: Side, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let cseq = header(&text, "CSeq").unwrap_or_default();
        let branch = header(&text, "Via").unwrap_or_default().split("branch=").nth(1).unwrap_or_default();
        let branch = branch.split(';').next().unwrap_or_default().to_owned();
        let status = text.strip_prefix("SIP/2.0 ").map(|rest| rest[..3].parse::<u16>().expect("a status"));
        match status {
            Some(status) if status >= 200 && cseq.ends_with("INVITE") => {
                self.seen.finals.entry(branch).or_default().insert(status);
            }
            None if text.starts_with("BYE ") => {
                let call_id = header(&text, "Call-ID").unwrap_or_default().to_owned();
                self.seen.byes.entry((side, call_id)).or_default().insert(branch);
            }
            None if text.starts_with("PRACK ") => self.seen.pracks += 1,
            None if text.starts_with("INVITE ") => {
                self.seen.invites.insert(branch);
            }
            _ => {}
        }
    }

    /// The network: loses, delays, doubles.
    fn carry(&mut self, to: Side, bytes: Vec<u8>) {
        let copies = if self.rng.below(100) < 5 { 2 } else { 1 };
        for _ in 0..copies {
            if self.rng.below(100) >= self.loss {
                let delay = Duration::from_millis(5 + self.rng.below(300));
                self.later(delay, to, Happening::Packet(bytes.clone()));
            }
        }
    }

    /// What the callee's owner decides to do.
    fn answer(&mut self, dialog: DialogId) {
        let mut at = Duration::from_millis(self.rng.below(500));
        if self.rng.below(2) == 0 {
            // With SDP it is reliable: both of ours know PRACK.
            let sdp = (self.rng.below(2) == 0).then(|| SDP.into());
            self.later(at, Side::Callee, Happening::Order(Command::Progress { dialog, sdp }));
        }
        at += Duration::from_millis(self.rng.below(4000));
        let order = match self.rng.below(6) {
            0 => Command::Refuse { dialog, status: 486, retry_after: None, reason: String::new() },
            1 => Command::Hangup { dialog, why: Parting::Plain },
            _ => Command::Accept { dialog, sdp: SDP.into() },
        };
        self.later(at, Side::Callee, Happening::Order(order));
        self.change(Side::Callee, dialog);
        at += Duration::from_millis(self.rng.below(200_000));
        self.later(at, Side::Callee, Happening::Order(Command::Hangup { dialog, why: Parting::Plain }));
    }

    /// An owner changes its session now and then; the others' changes may meet it.
    fn change(&mut self, side: Side, dialog: DialogId) {
        for _ in 0..self.rng.below(3) {
            let at = Duration::from_millis(self.rng.below(30_000));
            self.later(at, side, Happening::Order(Command::Reoffer { dialog, sdp: SDP.into() }));
        }
    }

    fn dial(&mut self, n: u64) {
        let dialog = DialogId::outgoing(n);
        self.seen.live.insert((Side::Caller, dialog));
        let dial = Command::Dial {
            dialog,
            target: DialTarget::Uri(format!("sip:{n}@{}", Side::Callee.address())),
            from_user: Pii::new(format!("c{n}")),
            from_name: None,
            sdp: SDP.into(),
            headers: Vec::new(),
        };
        let at = Duration::from_millis(self.rng.below(3000));
        self.later(at, Side::Caller, Happening::Order(dial));
        let patience = [200, 3000, 300_000][self.rng.below(3) as usize];
        let at = at + Duration::from_millis(self.rng.below(patience));
        self.later(at, Side::Caller, Happening::Order(Command::Hangup { dialog, why: Parting::Plain }));
    }

    /// Goes on to whatever is due first, until nothing is.
    fn run(&mut self) {
        for _ in 0..100_000 {
            let due = self.agenda.keys().next().map(|(at, _)| *at);
            let timers = self.ends.iter().filter_map(|(side, end)| Some((end.next_timeout()?, *side)));
            let timer = timers.min();
            match (due, timer) {
                (None, None) => return,
                (Some(at), timer) if timer.is_none_or(|(timer, _)| at <= timer) => {
                    self.now = self.now.max(at);
                    let (_, (side, happening)) = self.agenda.pop_first().expect("something is due");
                    match happening {
                        Happening::Order(command) => self.feed(side, In::Command(command)),
                        Happening::Packet(bytes) => {
                            let path = Path {
                                transport: Transport::Udp,
                                local: side.address(),
                                remote: side.other().address(),
                                connection: None,
                            };
                            self.feed(side, In::Datagram { path, bytes: &bytes });
                        }
                    }
                }
                (_, Some((at, side))) => {
                    self.now = self.now.max(at);
                    self.feed(side, In::Elapsed);
                }
                (Some(_), None) => {}
            }
        }
        panic!("the world does not come to rest");
    }

    fn check(&self, calls: u64) {
        assert!(self.seen.live.is_empty(), "dialogs without an end: {:?}", self.seen.live);
        assert!(self.seen.ended.values().all(|n| *n == 1));
        assert!(self.ends.values().all(Endpoint::is_idle), "something is left");
        assert!(self.seen.finals.values().all(|statuses| statuses.len() == 1), "{:?}", self.seen.finals);
        assert!(
            self.seen.byes.values().all(|branches| branches.len() == 1),
            "one BYE a side: {:?}",
            self.seen.byes
        );
        let answered: BTreeSet<_> = self.seen.byes.keys().map(|(_, call_id)| call_id).collect();
        assert!(answered.len() as u64 >= self.seen.answered, "an answered call without a BYE");
        let incoming = self.seen.ended.keys().filter(|(side, _)| *side == Side::Callee).count() as u64;
        assert!(incoming <= calls, "one INVITE made two calls");
        if self.loss == 0 {
            assert_eq!(self.seen.invites.len(), self.seen.finals.len(), "every INVITE has a final answer");
        }
    }
}

fn run(seed: u64) -> Seen {
    let mut world = World::new(seed);
    let calls = 1 + world.rng.below(3);
    for n in 0..calls {
        world.dial(n);
    }
    world.run();
    world.check(calls);
    world.seen
}

#[test]
fn every_call_ends_once_on_both_sides_and_leaves_nothing_whatever_is_lost() {
    let (mut answered, mut reoffered, mut changed, mut pracks) = (0, 0, 0, 0);
    for seed in 0..seeds() {
        match std::panic::catch_unwind(|| run(seed)) {
            Ok(seen) => {
                answered += seen.answered;
                reoffered += seen.reoffered;
                changed += seen.changed;
                pracks += seen.pracks;
            }
            Err(why) => panic!("seed {seed}: {:?}", why.downcast_ref::<String>()),
        }
    }
    assert!(answered > 1000, "the histories must contain calls: {answered}");
    for (what, n) in [("changes asked", reoffered), ("changes answered", changed), ("PRACKs", pracks)] {
        assert!(n > 500, "the histories must contain {what}: {n}");
    }
}

/// How many histories: more with `SIP_SEEDS`.
#[expect(clippy::disallowed_methods, reason = "a test reads its setting; the core does not")]
fn seeds() -> u64 {
    std::env::var("SIP_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3000)
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let trace = |seed| {
        let mut world = World::new(seed);
        world.dial(0);
        world.run();
        format!("{:?} {:?} {:?}", world.seen.finals, world.seen.byes, world.now)
    };
    assert_eq!(trace(7), trace(7));
}
