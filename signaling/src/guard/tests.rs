//! The guard on a virtual clock: what is forgiven, what is not, and that nobody pays for another.

use super::*;
use kernel::Rng;

struct World {
    guard: Guard,
    now: Time,
    rng: Rng,
}

const SECOND: Duration = Duration::from_secs(1);

fn source(text: &str) -> Source {
    text.parse().expect("a source")
}

impl World {
    fn new() -> Self {
        Self::with(Rules::default())
    }

    fn with(rules: Rules) -> Self {
        Self { guard: Guard::new(rules, &[]), now: Time::from_millis(1_000_000), rng: Rng::seeded(7) }
    }

    fn admits(&mut self, who: Source, origin: Origin) -> bool {
        self.guard.admits(&mut Context { now: self.now, rng: &mut self.rng }, who, origin)
    }

    fn offends(&mut self, who: Source, offence: Offence, origin: Origin) {
        self.guard.offended(&mut Context { now: self.now, rng: &mut self.rng }, who, offence, origin);
    }

    fn proves(&mut self, who: Source) {
        self.guard.proved(&mut Context { now: self.now, rng: &mut self.rng }, who, Origin::Proven);
    }

    /// Offends, `every` so long, until it is banned or did so `most` times. How many it took.
    fn until_banned(
        &mut self,
        who: Source,
        offence: Offence,
        origin: Origin,
        every: Duration,
        most: u32,
    ) -> u32 {
        for n in 1..=most {
            self.offends(who, offence, origin);
            if !self.guard.fresh.is_empty() {
                return n;
            }
            self.now = self.now + every;
        }
        u32::MAX
    }

    fn ban(&mut self) -> Ban {
        let mut fresh = self.guard.fresh();
        assert_eq!(fresh.len(), 1, "one ban is told: {fresh:?}");
        fresh.remove(0)
    }
}

const NEVER: u32 = u32::MAX;

#[test]
fn what_is_proven_bans_after_so_many_failures_and_what_is_claimed_after_five_times_as_many() {
    let who = source("203.0.113.7");
    for (offence, origin, took) in [
        (Offence::Password, Origin::Proven, 21),
        (Offence::Number, Origin::Proven, 21),
        (Offence::Password, Origin::Claimed, 101),
        (Offence::Malformed, Origin::Claimed, 101),
        (Offence::Challenged, Origin::Claimed, 201),
        (Offence::Challenged, Origin::Proven, 201),
        (Offence::Probe, Origin::Claimed, 1001),
    ] {
        let mut world = World::new();
        let every = Duration::ZERO;
        assert_eq!(world.until_banned(who, offence, origin, every, 5000), took, "{offence:?} {origin:?}");
        let ban = world.ban();
        assert_eq!((ban.source, ban.failures, ban.reason), (who, took, Reason::from(offence)));
        assert_eq!(ban.proven, origin == Origin::Proven);
        assert!(!world.admits(who, Origin::Claimed), "datagrams are dropped");
        assert_eq!(world.admits(who, Origin::Proven), !ban.proven, "connections only where it is proven");
        assert!(world.admits(source("203.0.113.8"), Origin::Claimed), "the neighbour is served");
        world.now = ban.until;
        assert!(world.admits(who, Origin::Claimed), "it is over");
    }
}

#[test]
fn what_is_seldom_is_forgiven() {
    let mut world = World::new();
    let who = source("203.0.113.7");
    // A phone with a wrong password that tries every 30 s, for a day: 20 in 600 s is exactly what leaks out.
    let every = Duration::from_secs(30);
    assert_eq!(world.until_banned(who, Offence::Password, Origin::Proven, every, 2880), NEVER);
    // A peer that asks every second whether we live.
    assert_eq!(world.until_banned(who, Offence::Probe, Origin::Claimed, SECOND, 5000), NEVER);
}

#[test]
fn who_goes_on_is_banned_twice_as_long_each_time_up_to_the_longest() {
    let mut world = World::new();
    let who = source("2001:db8:1:2::9");
    let mut lengths = Vec::new();
    for _ in 0..11 {
        assert_ne!(world.until_banned(who, Offence::Password, Origin::Proven, SECOND, 100), NEVER);
        let ban = world.ban();
        lengths.push(ban.until.since(ban.since).as_secs());
        world.now = ban.until;
    }
    assert_eq!(lengths[..5], [300, 600, 1200, 2400, 4800]);
    assert_eq!(lengths[9..], [86_400, 86_400]);
    // Two quiet days later nothing is held against it.
    world.now = world.now + Duration::from_secs(2 * 86_400);
    world.until_banned(who, Offence::Password, Origin::Proven, SECOND, 100);
    let ban = world.ban();
    assert_eq!(ban.until.since(ban.since).as_secs(), 300);
}

#[test]
fn what_a_forger_can_bring_about_does_not_grow() {
    let mut world = World::new();
    let who = source("203.0.113.7");
    for _ in 0..5 {
        world.until_banned(who, Offence::Malformed, Origin::Claimed, Duration::from_millis(10), 1000);
        let ban = world.ban();
        assert_eq!(ban.until.since(ban.since).as_secs(), 300);
        assert!(world.admits(who, Origin::Proven), "who can connect is who they say");
        world.now = ban.until;
    }
}

#[test]
fn a_source_is_slowed_down_before_it_is_banned() {
    let mut world = World::new();
    let who = source("203.0.113.7");
    for _ in 0..15 {
        world.offends(who, Offence::Password, Origin::Proven);
    }
    let served = (0..100).filter(|_| world.admits(who, Origin::Claimed)).count();
    assert_eq!(served, 20, "two seconds of ten a second");
    world.now = world.now + SECOND;
    let served = (0..100).filter(|_| world.admits(who, Origin::Claimed)).count();
    assert_eq!(served, 10);
}

#[test]
fn a_flood_is_cut_to_its_rate_and_then_banned() {
    let mut world = World::new();
    let who = source("203.0.113.7");
    let mut served = 0;
    for _ in 0..3000 {
        served += u32::from(world.admits(who, Origin::Claimed));
        world.now = world.now + Duration::from_micros(500);
    }
    assert!((600..1100).contains(&served), "{served}");
    let ban = world.ban();
    assert_eq!(ban.reason, Reason::Flood);
    assert!(world.guard.turned_away().banned > 0 && world.guard.turned_away().too_fast > 0);
}

#[test]
fn who_proved_an_account_is_forgiven_more_and_never_banned_for_what_others_may_have_sent() {
    let mut world = World::new();
    let office = source("198.51.100.4");
    world.proves(office);
    assert_eq!(
        world.until_banned(office, Offence::Malformed, Origin::Claimed, Duration::ZERO, 100_000),
        NEVER
    );
    assert!(world.admits(office, Origin::Claimed));
    let took = world.until_banned(office, Offence::Password, Origin::Proven, Duration::ZERO, 1000);
    assert_eq!(took, 201, "ten times as much");
    // A day later it is a stranger again.
    world.now = world.ban().until + KNOWN_FOR;
    assert_eq!(world.until_banned(office, Offence::Password, Origin::Proven, Duration::ZERO, 1000), 21);
}

#[test]
fn two_hundred_phones_behind_one_address_may_register_at_once() {
    let mut world = World::new();
    let office = source("198.51.100.4");
    // Power came back: all ask, then all prove.
    for _ in 0..90 {
        assert!(world.admits(office, Origin::Claimed));
        world.offends(office, Offence::Challenged, Origin::Claimed);
    }
    for _ in 0..90 {
        world.proves(office);
    }
    for _ in 0..200 {
        assert!(world.admits(office, Origin::Claimed));
        world.offends(office, Offence::Challenged, Origin::Claimed);
    }
    assert!(world.guard.fresh().is_empty());
}

#[test]
fn calls_beyond_their_rate_are_told_when_to_come_again() {
    let mut world = World::with(Rules { calls_per_second: 2, ..Rules::default() });
    let who = source("203.0.113.7");
    let call = |world: &mut World| {
        let cx = &mut Context { now: world.now, rng: &mut world.rng };
        world.guard.admits_call(cx, who, Origin::Claimed)
    };
    for _ in 0..4 {
        assert_eq!(call(&mut world), Ok(()));
    }
    let wait = call(&mut world).expect_err("too fast");
    assert!(wait > Duration::ZERO && wait <= 2 * SECOND, "{wait:?}");
    world.now = world.now + SECOND;
    assert_eq!((call(&mut world), call(&mut world)), (Ok(()), Ok(())));
    assert!(call(&mut world).is_err());
    assert_eq!(world.guard.turned_away().calls, 2);
}

#[test]
fn a_lifted_source_begins_anew_and_one_that_is_banned_by_hand_is_banned() {
    let mut world = World::new();
    let who = source("203.0.113.7");
    world.until_banned(who, Offence::Password, Origin::Proven, Duration::ZERO, 100);
    let ban = world.ban();
    world.guard.lift(who);
    assert!(world.admits(who, Origin::Claimed) && world.guard.bans(world.now).is_empty());
    assert_eq!(world.until_banned(who, Offence::Password, Origin::Proven, Duration::ZERO, 100), 21);
    assert_eq!(world.ban().times, 1, "what was before is forgotten");
    let by_hand = Ban { reason: Reason::ByHand, since: world.now, until: world.now + SECOND, ..ban };
    world.guard.ban(world.now, by_hand);
    assert_eq!(world.ban().reason, Reason::ByHand);
    assert!(!world.admits(who, Origin::Proven));
}

#[test]
fn bans_from_before_hold_and_know_how_often() {
    let mut world = World::new();
    let who = source("203.0.113.7");
    world.until_banned(who, Offence::Password, Origin::Proven, Duration::ZERO, 100);
    let ban = world.ban();
    world.guard = Guard::new(Rules::default(), std::slice::from_ref(&ban));
    assert!(!world.admits(who, Origin::Proven));
    assert_eq!(world.guard.bans(world.now).len(), 1);
    world.now = ban.until;
    world.until_banned(who, Offence::Password, Origin::Proven, Duration::ZERO, 100);
    let second = world.ban();
    assert_eq!(second.until.since(second.since).as_secs(), 600);
}

fn any(rng: &mut Rng) -> Source {
    match rng.below(3) {
        0 => Source::V6(rng.next_u64()),
        _ => Source::V4(rng.next_u32().into()),
    }
}

#[test]
fn a_flood_from_made_up_addresses_pushes_out_neither_bans_nor_who_is_guilty_or_known() {
    let mut world = World::new();
    let (banned, guilty, office) = (source("203.0.113.7"), source("203.0.113.8"), source("198.51.100.4"));
    world.until_banned(banned, Offence::Password, Origin::Proven, Duration::ZERO, 100);
    world.guard.fresh();
    for _ in 0..20 {
        world.offends(guilty, Offence::Password, Origin::Proven);
    }
    world.proves(office);
    let mut chance = Rng::seeded(11);
    for _ in 0..100_000 {
        let who = any(&mut chance);
        if world.admits(who, Origin::Claimed) {
            world.offends(who, Offence::Malformed, Origin::Claimed);
        }
    }
    assert!(!world.admits(banned, Origin::Claimed), "the ban holds");
    world.offends(guilty, Offence::Password, Origin::Proven);
    assert_eq!(world.ban().source, guilty, "its twenty failures were not forgotten");
    assert!(world.guard.is_known(world.now, office));
    assert!(world.guard.watch.len() <= 2048 * 8);
}

#[test]
fn bans_by_forgery_are_bounded_and_leave_room_for_proven_ones() {
    let mut world = World::new();
    for n in 0..6000_u64 {
        for _ in 0..101 {
            world.offends(Source::V6(n), Offence::Malformed, Origin::Claimed);
        }
    }
    assert_eq!(world.guard.bans(world.now).len(), 4096);
    for n in 0..10_000_u64 {
        for _ in 0..21 {
            world.offends(Source::V6(n << 32), Offence::Malformed, Origin::Proven);
        }
    }
    let bans = world.guard.bans(world.now);
    assert_eq!(bans.iter().filter(|ban| ban.proven).count(), 8192);
    world.guard.fresh();
    // Those that ended make room.
    world.now = world.now + Duration::from_secs(3600);
    for _ in 0..101 {
        world.offends(Source::V6(7), Offence::Malformed, Origin::Claimed);
    }
    assert!(!world.admits(Source::V6(7), Origin::Claimed));
}

/// Customers who behave, phones that register, and offenders of every kind, in any order.
#[test]
fn in_no_history_is_somebody_banned_for_what_others_did() {
    for seed in 0..100 {
        let mut world = World::new();
        let mut chance = Rng::seeded(seed);
        let innocent: Vec<Source> = (0..8).map(|_| any(&mut chance)).collect();
        let guilty: Vec<Source> = (0..8).map(|_| any(&mut chance)).collect();
        let mut banned = 0;
        for _ in 0..4000 {
            world.now = world.now + Duration::from_millis(chance.below(40));
            let pick = |chance: &mut Rng, of: &[Source]| of[usize::try_from(chance.below(8)).expect("small")];
            match chance.below(4) {
                0 => {
                    let who = pick(&mut chance, &innocent);
                    assert!(world.admits(who, Origin::Claimed), "seed {seed}: {who} is innocent");
                    // A challenge and its answer; now and then a number that is mistyped.
                    world.offends(who, Offence::Challenged, Origin::Claimed);
                    world.proves(who);
                }
                1 => {
                    let who = any(&mut chance);
                    world.offends(who, Offence::Malformed, Origin::Claimed);
                }
                _ => {
                    let who = pick(&mut chance, &guilty);
                    let origin = if chance.below(2) == 0 { Origin::Claimed } else { Origin::Proven };
                    let offence = Offence::ALL[usize::try_from(chance.below(6)).expect("small")];
                    if world.admits(who, origin) {
                        world.offends(who, offence, origin);
                    }
                }
            }
            banned += world.guard.fresh().len();
            let bans = world.guard.bans(world.now);
            assert!(bans.iter().all(|ban| guilty.contains(&ban.source)), "seed {seed}: {bans:?}");
        }
        assert!(banned >= 8, "seed {seed}: the guilty are banned, {banned}");
    }
}
