//! The bans themselves: bounded, found by a lookup, remembered for a while after they end so that the next one is longer.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::Time;

use super::watch::Watched;
use super::{Offence, Origin, Rules, Source};

/// Bans of sources that are guilty by proof, or by hand. Full: the one that ends first gives way.
const PROVEN: usize = 8192;
/// Bans of datagrams that anybody may have sent. Full: there is none more until one ends; such sources stay slowed down.
const CLAIMED: usize = 4096;
/// How long a ban is remembered after its end.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);
/// How often bans that ended are looked for to make room.
const SWEEP: Duration = Duration::from_secs(1);
/// Doublings that are counted: the longest ban is reached long before.
const TIMES: u32 = 32;

/// Why a source is banned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Wrong passwords.
    Passwords,
    /// It was asked to prove who it is over and over and never did: it looks for names of users.
    Users,
    /// Calls to numbers that nobody has.
    Numbers,
    /// What is no SIP.
    Malformed,
    /// OPTIONS without end.
    Probes,
    /// More messages than are taken from one source.
    Flood,
    /// Somebody banned it.
    ByHand,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Passwords,
        Self::Users,
        Self::Numbers,
        Self::Malformed,
        Self::Probes,
        Self::Flood,
        Self::ByHand,
    ];

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Passwords => "passwords",
            Self::Users => "users",
            Self::Numbers => "numbers",
            Self::Malformed => "malformed",
            Self::Probes => "probes",
            Self::Flood => "flood",
            Self::ByHand => "by_hand",
        }
    }

    /// The reason of a code.
    #[must_use]
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

impl From<Offence> for Reason {
    fn from(offence: Offence) -> Self {
        match offence {
            Offence::Password => Self::Passwords,
            Offence::Challenged => Self::Users,
            Offence::Number => Self::Numbers,
            Offence::Malformed => Self::Malformed,
            Offence::Probe => Self::Probes,
            Offence::Flood => Self::Flood,
        }
    }
}

/// A ban.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Whose.
    pub source: Source,
    /// Why.
    pub reason: Reason,
    /// Whether it is certain that the source itself did it: then connections are refused too.
    pub proven: bool,
    /// How often the source did it before.
    pub failures: u32,
    /// When it began.
    pub since: Time,
    /// When it ends.
    pub until: Time,
    /// The how manieth of this source.
    pub times: u32,
    /// Messages and connections turned away since.
    pub turned_away: u64,
}

impl Ban {
    /// How long it is worth keeping.
    #[must_use]
    pub fn forgotten_at(&self) -> Time {
        self.until + REMEMBERED
    }
}

/// All bans.
#[derive(Debug, Default)]
pub(super) struct Bans {
    all: BTreeMap<Source, Ban>,
    /// Those of them that are not proven.
    claimed: usize,
    swept: Time,
}

impl Bans {
    /// Those from before.
    pub(super) fn restored(bans: &[Ban]) -> Self {
        let mut this = Self::default();
        for ban in bans {
            this.put(Time::ZERO, ban.clone());
        }
        this
    }

    /// Whether a message of this source is to be dropped; counts it then.
    pub(super) fn hit(&mut self, now: Time, source: Source, origin: Origin) -> bool {
        let Some(ban) = self.all.get_mut(&source) else { return false };
        let holds = ban.until > now && (ban.proven || origin == Origin::Claimed);
        ban.turned_away += u64::from(holds);
        holds
    }

    /// The ban that a source has deserved.
    pub(super) fn made(
        &self,
        rules: &Rules,
        now: Time,
        source: Source,
        origin: Origin,
        watched: &Watched,
    ) -> Ban {
        let proven = origin == Origin::Proven;
        let former = self.all.get(&source).filter(|ban| ban.forgotten_at() > now);
        let before = former.map_or(0, |ban| ban.times);
        // What a forger can bring about does not grow.
        let doubled = if proven { 1_u32.checked_shl(before).unwrap_or(u32::MAX) } else { 1 };
        let length = rules.ban.saturating_mul(doubled).min(rules.longest_ban.max(rules.ban));
        let (worst, failures) = watched.worst();
        Ban {
            source,
            reason: worst.into(),
            proven,
            failures,
            since: now,
            until: now + length,
            times: (before + u32::from(proven)).min(TIMES),
            turned_away: 0,
        }
    }

    /// Adds a ban, or puts it in the place of the former of its source. `false`: there is no room.
    pub(super) fn put(&mut self, now: Time, ban: Ban) -> bool {
        if let Some(former) = self.all.get(&ban.source) {
            // A connection that offends while datagrams are banned adds to it; the other way round nothing is gained.
            if former.proven && !ban.proven && former.until > now {
                return false;
            }
            self.lift(ban.source);
        }
        if !self.has_room(now, ban.proven) {
            return false;
        }
        self.claimed += usize::from(!ban.proven);
        self.all.insert(ban.source, ban);
        true
    }

    fn has_room(&mut self, now: Time, proven: bool) -> bool {
        let full = |this: &Self| match proven {
            true => this.all.len() - this.claimed >= PROVEN,
            false => this.claimed >= CLAIMED,
        };
        if full(self) && now.since(self.swept) >= SWEEP {
            self.swept = now;
            self.all.retain(|_, ban| ban.until > now);
            self.claimed = self.all.values().filter(|ban| !ban.proven).count();
        }
        if full(self) && proven {
            let bans = self.all.values().filter(|ban| ban.proven);
            let first =
                bans.min_by_key(|ban| (ban.reason == Reason::ByHand, ban.until)).map(|ban| ban.source);
            first.into_iter().for_each(|source| self.lift(source));
        }
        !full(self)
    }

    /// Ends a ban and forgets it.
    pub(super) fn lift(&mut self, source: Source) {
        if let Some(ban) = self.all.remove(&source) {
            self.claimed -= usize::from(!ban.proven);
        }
    }

    /// Those that hold, by source.
    pub(super) fn holding(&self, now: Time) -> Vec<Ban> {
        self.all.values().filter(|ban| ban.until > now).cloned().collect()
    }
}
