//! Which trunk a number leaves by, whether it may be dialled at all, and what of it was used today.
//!
//! Promises: emergency numbers are always let out; what is forbidden, not allowed, too much at once, too fast or paid for
//! already is refused with its reason before anything is sent; a call counts from `begin` to `end`, whatever becomes of it;
//! trunks share calls by priority, then by chance as their weights ask, those that are down last. Leaves to others: calling
//! (`endpoint`), keeping what was used (the driver, by `used` and `Carriers::restore`).

mod numbers;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use kernel::{Pii, Rng, Time};

pub use numbers::{HomeCountry, Rewrite, rewrite};

/// Attempts of one caller that are remembered for the rate: more in a minute is beyond any limit.
const REMEMBERED: usize = 600;

/// A trunk as calls choose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Its name.
    pub name: String,
    /// Lower first.
    pub priority: u16,
    /// Its share among those of one priority.
    pub weight: u16,
    /// Beginnings of numbers that it takes; none: all.
    pub takes: Vec<String>,
    /// How it wants numbers written; the first rule that fits.
    pub rewrite: Vec<Rewrite>,
    /// Calls at once, both ways; `None`: no limit.
    pub max_calls: Option<u32>,
    /// New calls in any second, both ways; `None`: no limit.
    pub per_second: Option<u32>,
}

/// What may be dialled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialPlan {
    /// Beginnings of numbers that may be dialled.
    pub allow: Vec<String>,
    /// Beginnings that may not, even if a shorter one may.
    pub forbid: Vec<String>,
    /// Numbers that are always let out, as dialled.
    pub emergency: Vec<String>,
    /// How numbers are written here, to make E.164 of them.
    pub home: Option<HomeCountry>,
    /// Calls at once of one caller; `None`: no limit.
    pub caller_calls: Option<u32>,
    /// Attempts of one caller in any minute; `None`: no limit.
    pub caller_per_minute: Option<u32>,
    /// Seconds of talk in a day (UTC), of all; `None`: no limit.
    pub daily_seconds: Option<u64>,
    /// Millionths of the currency in a day, of all; `None`: no limit.
    pub daily_spend: Option<u64>,
    /// What destinations cost, and how much of each a day may see.
    pub rates: Vec<Rate>,
}

/// A destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Beginning of its numbers; the longest that fits counts.
    pub begins: String,
    /// Millionths of the currency a minute, counted by the second.
    pub per_minute: u64,
    /// Seconds of talk in a day; `None`: no limit of its own.
    pub daily_seconds: Option<u64>,
}

/// Why a number is not dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// Nothing allows it.
    #[error("this number may not be dialled")]
    NotAllowed,
    /// It is forbidden.
    #[error("this number is forbidden")]
    Forbidden,
    /// No trunk takes it.
    #[error("no trunk takes this number")]
    NoTrunk,
    /// Every trunk for it carries as many calls as it may.
    #[error("the trunks carry as many calls as they may")]
    TrunksFull,
    /// The caller has as many calls as they may.
    #[error("this caller has as many calls as they may")]
    CallerFull,
    /// The caller dials too fast.
    #[error("this caller dials too fast")]
    CallerFast,
    /// The day's minutes or money are used up.
    #[error("what may be spent on calls in a day is used up")]
    DaySpent,
    /// The destination's are.
    #[error("what may be spent on this destination in a day is used up")]
    DestinationSpent,
}

impl Barred {
    /// Stable code for records and pages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "not_allowed",
            Self::Forbidden => "forbidden",
            Self::NoTrunk => "no_trunk",
            Self::TrunksFull => "trunks_full",
            Self::CallerFull => "caller_full",
            Self::CallerFast => "caller_fast",
            Self::DaySpent => "day_spent",
            Self::DestinationSpent => "destination_spent",
        }
    }
}

/// A way out: a trunk, and the number as it wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The trunk.
    pub trunk: String,
    /// The number.
    pub number: Pii<String>,
}

/// A call that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted(u64);

/// What was used of one destination in a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Calls that were answered.
    pub calls: u64,
    /// Seconds of talk.
    pub seconds: u64,
    /// Millionths of the currency.
    pub spend: u64,
}

/// How a trunk is used now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Calls at once.
    pub calls: u32,
    /// It is known not to answer.
    pub down: bool,
}

#[derive(Debug)]
struct Live {
    trunk: String,
    caller: Option<String>,
    /// The rate that applies, by its beginning; empty: none.
    destination: String,
    answered: Option<Time>,
    /// Whole seconds of talk that are in the day's use already.
    booked: u64,
}

/// All trunks, and what is under way and used.
#[derive(Debug, Default)]
pub struct Carriers {
    plan: DialPlan,
    carriers: Vec<Carrier>,
    down: BTreeSet<String>,
    live: BTreeMap<Counted, Live>,
    begun: BTreeMap<String, VecDeque<Time>>,
    attempts: BTreeMap<String, VecDeque<Time>>,
    last: u64,
    day: u64,
    used: BTreeMap<String, Use>,
}

impl Carriers {
    /// Nothing under way.
    #[must_use]
    pub fn new(plan: DialPlan, carriers: Vec<Carrier>) -> Self {
        Self { plan, carriers, ..Self::default() }
    }

    /// Takes up what was used on a day before a restart.
    pub fn restore(&mut self, day: u64, used: impl IntoIterator<Item = (String, Use)>) {
        self.day = day;
        self.used = used.into_iter().collect();
    }

    /// What was used today by destination, with the day (since 1970, UTC). Talks that go on count up to now.
    pub fn used(&mut self, now: Time) -> (u64, &BTreeMap<String, Use>) {
        self.book(now);
        (self.day, &self.used)
    }

    /// A trunk stands otherwise.
    pub fn stands(&mut self, trunk: &str, up: bool) {
        if up {
            self.down.remove(trunk);
        } else {
            self.down.insert(trunk.to_owned());
        }
    }

    /// How a trunk is used.
    #[must_use]
    pub fn load(&self, trunk: &str) -> Load {
        let calls = self.live.values().filter(|live| live.trunk == trunk).count();
        Load { calls: u32::try_from(calls).unwrap_or(u32::MAX), down: self.down.contains(trunk) }
    }

    /// The ways by which a caller's number leaves, in the order to try them; counts as an attempt of the caller.
    ///
    /// # Errors
    /// Why it does not.
    pub fn ways(
        &mut self,
        now: Time,
        rng: &mut Rng,
        caller: &str,
        dialled: &str,
    ) -> Result<Vec<Way>, Barred> {
        let emergency = self.plan.emergency.iter().any(|number| number == dialled);
        let number = match (&self.plan.home, emergency) {
            (Some(home), false) => home.international(dialled),
            _ => dialled.to_owned(),
        };
        if !emergency {
            self.permitted(now, caller, &number)?;
        }
        let takes = |carrier: &Carrier| {
            emergency
                || carrier.takes.is_empty()
                || carrier.takes.iter().any(|t| number.starts_with(t.as_str()))
        };
        let fitting: Vec<Carrier> = self.carriers.iter().filter(|c| takes(c)).cloned().collect();
        if fitting.is_empty() {
            return Err(Barred::NoTrunk);
        }
        let room: Vec<Carrier> =
            fitting.into_iter().filter(|carrier| emergency || self.has_room(now, carrier)).collect();
        if room.is_empty() {
            return Err(Barred::TrunksFull);
        }
        let ordered = self.in_order(rng, room);
        let way = |carrier: Carrier| {
            let number = if emergency { number.clone() } else { rewrite(&carrier.rewrite, &number) };
            Way { trunk: carrier.name, number: Pii::new(number) }
        };
        Ok(ordered.into_iter().map(way).collect())
    }

    /// Counts a call of ours on a trunk, until `end`.
    pub fn begin(&mut self, now: Time, trunk: &str, caller: &str, dialled: &str) -> Counted {
        let number =
            self.plan.home.as_ref().map_or_else(|| dialled.to_owned(), |home| home.international(dialled));
        let destination = self.rate(&number).map(|rate| rate.begins.clone()).unwrap_or_default();
        self.count(now, trunk, Some(caller.to_owned()), destination)
    }

    /// Counts a call that comes in through a trunk, until `end`; `None`: it carries as many as it may.
    pub fn admit(&mut self, now: Time, trunk: &str) -> Option<Counted> {
        let carrier = self.carriers.iter().find(|carrier| carrier.name == trunk).cloned();
        if carrier.is_some_and(|carrier| !self.has_room(now, &carrier)) {
            return None;
        }
        Some(self.count(now, trunk, None, String::new()))
    }

    fn count(&mut self, now: Time, trunk: &str, caller: Option<String>, destination: String) -> Counted {
        self.last += 1;
        let counted = Counted(self.last);
        let begun = self.begun.entry(trunk.to_owned()).or_default();
        begun.push_back(now);
        while begun.len() > REMEMBERED {
            begun.pop_front();
        }
        let live = Live { trunk: trunk.to_owned(), caller, destination, answered: None, booked: 0 };
        self.live.insert(counted, live);
        counted
    }

    /// It was answered: from now on it costs.
    pub fn answered(&mut self, now: Time, call: Counted) {
        if let Some(live) = self.live.get_mut(&call).filter(|live| live.caller.is_some()) {
            live.answered.get_or_insert(now);
            let destination = live.destination.clone();
            self.turn_of_day(now);
            self.used.entry(destination).or_default().calls += 1;
        }
    }

    /// It is over.
    pub fn end(&mut self, now: Time, call: Counted) {
        self.book(now);
        self.live.remove(&call);
    }

    fn permitted(&mut self, now: Time, caller: &str, number: &str) -> Result<(), Barred> {
        let begins = |list: &[String]| list.iter().any(|prefix| number.starts_with(prefix.as_str()));
        if begins(&self.plan.forbid) {
            return Err(Barred::Forbidden);
        }
        if !begins(&self.plan.allow) {
            return Err(Barred::NotAllowed);
        }
        self.not_too_much(now, caller)?;
        self.book(now);
        let all = self.used.values().fold(Use::default(), |sum, used| Use {
            calls: sum.calls + used.calls,
            seconds: sum.seconds + used.seconds,
            spend: sum.spend + used.spend,
        });
        let spent = |limit: Option<u64>, used: u64| limit.is_some_and(|limit| used >= limit);
        if spent(self.plan.daily_seconds, all.seconds) || spent(self.plan.daily_spend, all.spend) {
            return Err(Barred::DaySpent);
        }
        let rate = self.rate(number);
        let used = rate.and_then(|rate| self.used.get(&rate.begins)).map_or(0, |used| used.seconds);
        match spent(rate.and_then(|rate| rate.daily_seconds), used) {
            true => Err(Barred::DestinationSpent),
            false => Ok(()),
        }
    }

    fn not_too_much(&mut self, now: Time, caller: &str) -> Result<(), Barred> {
        let calls = self.live.values().filter(|live| live.caller.as_deref() == Some(caller)).count();
        if self.plan.caller_calls.is_some_and(|most| calls >= most as usize) {
            return Err(Barred::CallerFull);
        }
        let Some(most) = self.plan.caller_per_minute else { return Ok(()) };
        self.attempts.retain(|_, attempts| {
            drop_before(attempts, now, Duration::from_secs(60));
            !attempts.is_empty()
        });
        let attempts = self.attempts.entry(caller.to_owned()).or_default();
        if attempts.len() >= (most as usize).min(REMEMBERED) {
            return Err(Barred::CallerFast);
        }
        attempts.push_back(now);
        Ok(())
    }

    fn has_room(&mut self, now: Time, carrier: &Carrier) -> bool {
        if carrier.max_calls.is_some_and(|most| self.load(&carrier.name).calls >= most) {
            return false;
        }
        let Some(most) = carrier.per_second else { return true };
        let begun = self.begun.entry(carrier.name.clone()).or_default();
        drop_before(begun, now, Duration::from_secs(1));
        begun.len() < most as usize
    }

    /// By priority, then by chance with the weights; what is down comes last, for want of anything better.
    fn in_order(&self, rng: &mut Rng, mut left: Vec<Carrier>) -> Vec<Carrier> {
        let place = |carrier: &Carrier| (self.down.contains(&carrier.name), carrier.priority);
        left.sort_by_key(place);
        let mut ordered = Vec::with_capacity(left.len());
        while let Some(first) = left.first().map(place) {
            let end = left.iter().position(|carrier| place(carrier) != first).unwrap_or(left.len());
            let sum: u64 = left.iter().take(end).map(|carrier| u64::from(carrier.weight.max(1))).sum();
            let mut drawn = rng.below(sum.max(1));
            let at = left.iter().take(end).position(|carrier| {
                let weight = u64::from(carrier.weight.max(1));
                let taken = drawn < weight;
                drawn = drawn.saturating_sub(weight);
                taken
            });
            ordered.push(left.remove(at.unwrap_or(0)));
        }
        ordered
    }

    fn rate(&self, number: &str) -> Option<&Rate> {
        let fitting = self.plan.rates.iter().filter(|rate| number.starts_with(rate.begins.as_str()));
        fitting.max_by_key(|rate| rate.begins.len())
    }

    fn turn_of_day(&mut self, now: Time) {
        let today = now.as_millis() / 86_400_000;
        if today != self.day {
            self.day = today;
            self.used.clear();
        }
    }

    /// Puts the talk since the last time into today's use.
    fn book(&mut self, now: Time) {
        self.turn_of_day(now);
        for live in self.live.values_mut() {
            let Some(answered) = live.answered else { continue };
            // A second that began is a second.
            let seconds = u64::try_from(now.since(answered).as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
            let more = seconds.saturating_sub(live.booked);
            live.booked = live.booked.max(seconds);
            let rate = self.plan.rates.iter().find(|rate| rate.begins == live.destination);
            let used = self.used.entry(live.destination.clone()).or_default();
            used.seconds = used.seconds.saturating_add(more);
            let cost = rate.map_or(0, |rate| rate.per_minute.saturating_mul(more) / 60);
            used.spend = used.spend.saturating_add(cost);
        }
    }
}

fn drop_before(times: &mut VecDeque<Time>, now: Time, span: Duration) {
    while times.front().is_some_and(|at| now.since(*at) >= span) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests;
