//! Scanners and floods: what each source address did, and whether it is served, slowed down or banned.
//!
//! A source is an IPv4 address, or the /64 of an IPv6 address. What speaks against it is counted in failures; a bucket
//! leaks, so that what is seldom is forgiven. From half of the bucket on the source is slowed down, when it is full it is
//! banned, each time twice as long as the time before.
//!
//! The sender of a datagram can be made up. So two buckets are kept: one of what the source itself must have done (it
//! came by a connection, or answered a challenge that only that address was sent), and one of everything, where what
//! anybody could have sent in its name counts a fifth. The first leads to a ban of everything; the second to one of
//! datagrams alone, which never grows, and to none at all where an account was proven not long ago.
//!
//! Promises: a lookup costs the same however many sources there are, and allocates nothing; memory is bounded; a flood from
//! made-up addresses pushes out no ban, no proven account and nobody who is guilty by proof. Leaves to others: who is
//! exempt (`endpoint`), sockets, keeping bans over a restart.

mod bans;
mod source;
mod watch;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{Context, Time};

pub use bans::{Ban, Reason};
pub use source::{NotASource, Source};

use crate::network::Network;
use bans::Bans;
use watch::Watch;

/// A source that proved an account is believed to be a customer of ours this long.
const KNOWN_FOR: Duration = Duration::from_secs(24 * 3600);
/// Sources that are remembered for it. Full: the one that proved longest ago is forgotten.
const KNOWN: usize = 8192;
/// How much more is forgiven to them: a whole office may be behind one address.
const KNOWN_FAILURES: u32 = 10;
/// How much more they may send.
const KNOWN_MESSAGES: u32 = 4;
/// Messages a second of a source that is being slowed down.
const SLOW: u32 = 10;
/// A bucket of messages or calls holds so many seconds of them.
const BURST: u32 = 2;

/// What is allowed, as the configuration has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Never limited, never banned; carriers and trusted peers are so anyhow.
    pub allow: Vec<Network>,
    /// Failures within `within` that lead to a ban.
    pub failures: u32,
    /// See `failures`.
    pub within: Duration,
    /// The first ban.
    pub ban: Duration,
    /// The longest that repeated bans grow to.
    pub longest_ban: Duration,
    /// Messages of one source; 0: no limit.
    pub messages_per_second: u32,
    /// New calls of one source, beyond which they get 503 with Retry-After; 0: no limit.
    pub calls_per_second: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            allow: ["127.0.0.0/8", "::1"].iter().filter_map(|text| text.parse().ok()).collect(),
            failures: 20,
            within: Duration::from_secs(600),
            ban: Duration::from_secs(300),
            longest_ban: Duration::from_secs(24 * 3600),
            messages_per_second: 300,
            calls_per_second: 20,
        }
    }
}

/// Whether a message can have been sent by anybody in the name of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The source is proven: a connection, or an answer to what only it was told.
    Proven,
    /// A datagram.
    Claimed,
}

/// What was turned away since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TurnedAway {
    /// Messages and connections of banned sources.
    pub banned: u64,
    /// Messages beyond the rate of their source.
    pub too_fast: u64,
    /// Calls beyond the rate of their source.
    pub calls: u64,
}

/// The guard.
#[derive(Debug)]
pub(crate) struct Guard {
    rules: Rules,
    watch: Watch,
    bans: Bans,
    /// Sources that proved an account, and when last.
    known: BTreeMap<Source, Time>,
    /// New bans that nobody was told of yet.
    fresh: Vec<Ban>,
    turned_away: TurnedAway,
}

impl Guard {
    /// Nobody is known; these are banned from before.
    pub(crate) fn new(rules: Rules, bans: &[Ban]) -> Self {
        Self {
            rules,
            watch: Watch::default(),
            bans: Bans::restored(bans),
            known: BTreeMap::new(),
            fresh: Vec::new(),
            turned_away: TurnedAway::default(),
        }
    }

    /// Takes new rules; what is known of sources stays.
    pub(crate) fn configured(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// The rules.
    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether a message (or connection) of this source is looked at.
    pub(crate) fn admits(&mut self, cx: &mut Context<'_>, source: Source, origin: Origin) -> bool {
        if self.bans.hit(cx.now, source, origin) {
            self.turned_away.banned += 1;
            return false;
        }
        let known = self.is_known(cx.now, source);
        let Self { rules, watch, .. } = self;
        let Some(watched) = watch.of(cx, source, origin) else { return true };
        let half = room(rules, known) / 2;
        let guilty = if known { watched.proven } else { watched.all.max(watched.proven) };
        let rate = match guilty.since(cx.now) > half {
            true => SLOW,
            false => rules.messages_per_second.saturating_mul(if known { KNOWN_MESSAGES } else { 1 }),
        };
        if take(&mut watched.messages, cx.now, rate) {
            return true;
        }
        self.turned_away.too_fast += 1;
        self.offended(cx, source, Offence::Flood, origin);
        false
    }

    /// Whether a new call of this source is taken; else after how long it may come again.
    pub(crate) fn admits_call(
        &mut self,
        cx: &mut Context<'_>,
        source: Source,
        origin: Origin,
    ) -> Result<(), Duration> {
        let rate = self.rules.calls_per_second;
        let Some(watched) = self.watch.of(cx, source, origin) else { return Ok(()) };
        if take(&mut watched.calls, cx.now, rate) {
            return Ok(());
        }
        self.turned_away.calls += 1;
        Err(watched.calls.since(cx.now))
    }

    /// The source proved an account: what a challenge cost it is given back, and more is forgiven from now on.
    pub(crate) fn proved(&mut self, cx: &mut Context<'_>, source: Source, origin: Origin) {
        if self.known.len() >= KNOWN && !self.known.contains_key(&source) {
            let oldest = self.known.iter().min_by_key(|(_, at)| **at).map(|(source, _)| *source);
            oldest.and_then(|source| self.known.remove(&source));
        }
        self.known.insert(source, cx.now);
        let cost = cost(&self.rules, Offence::Challenged, origin);
        if let Some(watched) = self.watch.of(cx, source, origin) {
            watched.all = watched.all - cost;
            if origin == Origin::Proven {
                watched.proven = watched.proven - cost;
            }
        }
    }

    /// The source did something that speaks against it.
    pub(crate) fn offended(
        &mut self,
        cx: &mut Context<'_>,
        source: Source,
        offence: Offence,
        origin: Origin,
    ) {
        let known = self.is_known(cx.now, source);
        let cost = cost(&self.rules, offence, origin);
        let room = room(&self.rules, known);
        let Some(watched) = self.watch.of(cx, source, origin) else { return };
        watched.count(cx.now, offence, cost);
        watched.all = watched.all.max(cx.now) + cost;
        if origin == Origin::Proven {
            watched.proven = watched.proven.max(cx.now) + cost;
        }
        let origin = if watched.proven.since(cx.now) > room {
            Origin::Proven
        } else if !known && watched.all.since(cx.now) > room {
            // Mostly its own doing is its own doing.
            if watched.proven.since(cx.now) > room / 2 { Origin::Proven } else { Origin::Claimed }
        } else {
            return;
        };
        let ban = self.bans.made(&self.rules, cx.now, source, origin, watched);
        if self.bans.put(cx.now, ban.clone()) {
            self.watch.forget(source);
            self.fresh.push(ban);
        }
    }

    /// Somebody bans a source by hand.
    pub(crate) fn ban(&mut self, now: Time, ban: Ban) {
        self.watch.forget(ban.source);
        self.bans.put(now, ban.clone());
        self.fresh.push(ban);
    }

    /// Somebody forgives a source everything.
    pub(crate) fn lift(&mut self, source: Source) {
        self.bans.lift(source);
        self.watch.forget(source);
    }

    /// The bans that hold, by source.
    pub(crate) fn bans(&self, now: Time) -> Vec<Ban> {
        self.bans.holding(now)
    }

    /// New bans, told once.
    pub(crate) fn fresh(&mut self) -> Vec<Ban> {
        std::mem::take(&mut self.fresh)
    }

    /// When there is something to tell: at once, or never.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        self.fresh.first().map(|ban| ban.since)
    }

    /// What was turned away since the start.
    pub(crate) fn turned_away(&self) -> TurnedAway {
        self.turned_away
    }

    fn is_known(&self, now: Time, source: Source) -> bool {
        self.known.get(&source).is_some_and(|at| now.since(*at) < KNOWN_FOR)
    }
}

/// What speaks against a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Offence {
    /// A proof that is wrong, of a user that exists or not.
    Password,
    /// It was asked to prove who it is; given back when it does. Who only asks for names of users never does.
    Challenged,
    /// A call to a number that nobody has.
    Number,
    /// No SIP, and no keep-alive.
    Malformed,
    /// OPTIONS outside a call: now and then it is a peer that asks whether we live.
    Probe,
    /// A message beyond its rate.
    Flood,
}

impl Offence {
    pub(crate) const ALL: [Self; 6] =
        [Self::Password, Self::Challenged, Self::Number, Self::Malformed, Self::Probe, Self::Flood];

    /// Failures that it counts for, in thousandths.
    const fn weight(self, origin: Origin) -> u32 {
        match (self, origin) {
            (Self::Password | Self::Number | Self::Malformed, Origin::Proven) => 1000,
            (Self::Password | Self::Number | Self::Malformed, Origin::Claimed) => 200,
            (Self::Challenged, _) => 100,
            (Self::Probe | Self::Flood, _) => 20,
        }
    }
}

/// How much of the bucket an offence takes: the time in which it leaks out again.
fn cost(rules: &Rules, offence: Offence, origin: Origin) -> Duration {
    rules.within / rules.failures.max(1) * offence.weight(origin) / 1000
}

/// How much the bucket holds.
fn room(rules: &Rules, known: bool) -> Duration {
    rules.within.saturating_mul(if known { KNOWN_FAILURES } else { 1 })
}

/// Takes one out of a bucket of `rate` a second (the generic cell rate algorithm); 0 has no bottom.
fn take(spent: &mut Time, now: Time, rate: u32) -> bool {
    let Some(step) = Duration::from_secs(1).checked_div(rate) else { return true };
    let after = (*spent).max(now) + step;
    if after.since(now) > Duration::from_secs(u64::from(BURST)) {
        return false;
    }
    *spent = after;
    true
}
