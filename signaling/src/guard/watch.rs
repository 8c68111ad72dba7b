//! The sources that are being watched: a table of fixed size in sets of a few, found by a hash that nobody outside can
//! work out. Whoever is new takes the place of the most harmless of its set that was seen longest ago.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use kernel::{Context, Time};

use super::{Offence, Origin, Source};

/// Sets; with `WAYS` places each: 16,384 sources in about 2 MB.
const SETS: usize = 2048;
/// Places of a set.
const WAYS: usize = 8;

/// One source.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    source: Source,
    /// Up to when the bucket of everything is spent.
    pub(super) all: Time,
    /// The same of what the source did for certain.
    pub(super) proven: Time,
    /// Up to when its rate of messages is spent.
    pub(super) messages: Time,
    /// The same of calls.
    pub(super) calls: Time,
    seen: Time,
    /// What the bucket was filled with since it was empty, by offence: how often, and in milliseconds of leaking.
    filled: [(u32, u32); Offence::ALL.len()],
}

impl Watched {
    fn new(source: Source, now: Time) -> Self {
        let zero = Time::ZERO;
        let filled = [(0, 0); Offence::ALL.len()];
        Self { source, all: zero, proven: zero, messages: zero, calls: zero, seen: now, filled }
    }

    /// Notes an offence before it fills the bucket.
    pub(super) fn count(&mut self, now: Time, offence: Offence, cost: Duration) {
        if self.all <= now {
            self.filled = [(0, 0); Offence::ALL.len()];
        }
        let cost = u32::try_from(cost.as_millis()).unwrap_or(u32::MAX);
        for ((times, filled), _) in
            self.filled.iter_mut().zip(Offence::ALL).filter(|(_, one)| *one == offence)
        {
            (*times, *filled) = (times.saturating_add(1), filled.saturating_add(cost));
        }
    }

    /// What the bucket is filled with most, and how often it was done.
    pub(super) fn worst(&self) -> (Offence, u32) {
        let all = self.filled.iter().zip(Offence::ALL);
        all.max_by_key(|((_, filled), offence)| (*filled, std::cmp::Reverse(*offence)))
            .map_or((Offence::Flood, 0), |((times, _), offence)| (offence, *times))
    }

    /// Who has the least of this gives way.
    fn weight(&self, now: Time) -> (bool, bool, Time) {
        (self.proven > now, self.all > now, self.seen)
    }
}

/// The table; made when the first source comes.
#[derive(Debug, Default)]
pub(super) struct Watch {
    places: Vec<Option<Watched>>,
    key: u64,
}

impl Watch {
    /// What is known of a source, now seen. `None`: its set is full of proven offenders, and this one is not even proven.
    pub(super) fn of(
        &mut self,
        cx: &mut Context<'_>,
        source: Source,
        origin: Origin,
    ) -> Option<&mut Watched> {
        if self.places.is_empty() {
            self.places = vec![None; SETS * WAYS];
            self.key = cx.rng.next_u64();
        }
        let now = cx.now;
        let set = self.set(source)?;
        if let Some(n) = set.iter().position(|place| place.as_ref().is_some_and(|one| one.source == source)) {
            let one = set.get_mut(n)?.as_mut()?;
            one.seen = now;
            return Some(one);
        }
        let weights = set.iter().map(|place| place.as_ref().map(|one| one.weight(now)));
        let (chosen, least) = weights.enumerate().min_by_key(|(_, weight)| *weight)?;
        if origin == Origin::Claimed && least.is_some_and(|(guilty, ..)| guilty) {
            return None;
        }
        let place = set.get_mut(chosen)?;
        *place = Some(Watched::new(source, now));
        place.as_mut()
    }

    /// Forgets what speaks against a source.
    pub(super) fn forget(&mut self, source: Source) {
        for place in self.set(source).into_iter().flatten() {
            if place.as_ref().is_some_and(|one| one.source == source) {
                *place = None;
            }
        }
    }

    fn set(&mut self, source: Source) -> Option<&mut [Option<Watched>]> {
        let mut hash = DefaultHasher::new();
        self.key.hash(&mut hash);
        source.bytes().hash(&mut hash);
        let set = usize::try_from(hash.finish() >> 32).unwrap_or(0) % SETS;
        self.places.get_mut(set * WAYS..(set + 1) * WAYS)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.places.iter().flatten().count()
    }
}
