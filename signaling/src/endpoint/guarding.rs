//! What the endpoint tells its guard, and whom the guard has nothing to do with: carriers, trusted peers, allowed networks.
//!
//! Promises: an exempt source is neither counted nor refused; a new ban is told once, and closes the streams of its source.

use std::net::IpAddr;
use std::time::Duration;

use kernel::{Context, Time};

use super::{Endpoint, Turn};
use crate::guard::{Ban, Offence, Origin, Source, TurnedAway};
use crate::io::{Out, Path, Setup, Transport};
use crate::registrar::Conduct;

fn origin(transport: Transport) -> Origin {
    if transport.is_stream() { Origin::Proven } else { Origin::Claimed }
}

impl Endpoint {
    /// Whether a datagram, or a new connection, from there is to be looked at. Ask before anything is done with it.
    pub fn admits(&mut self, cx: &mut Context<'_>, transport: Transport, remote: IpAddr) -> bool {
        if self.is_exempt(remote) {
            return true;
        }
        let Some(guard) = &mut self.guard else { return true };
        guard.admits(cx, Source::of(remote), origin(transport))
    }

    /// The bans that hold.
    #[must_use]
    pub fn bans(&self, now: Time) -> Vec<Ban> {
        self.guard.as_ref().map(|guard| guard.bans(now)).unwrap_or_default()
    }

    /// What was turned away since the start.
    #[must_use]
    pub fn turned_away(&self) -> TurnedAway {
        self.guard.as_ref().map(|guard| guard.turned_away()).unwrap_or_default()
    }

    /// Whether a message of a stream is to be looked at.
    pub(super) fn admits_message(&mut self, turn: &mut Turn<'_>, path: Path) -> bool {
        let cx = &mut Context { now: turn.now, rng: turn.rng };
        self.admits(cx, path.transport, path.remote.ip())
    }

    /// Whether a new call is taken; else when it may come again.
    pub(super) fn admits_call(&mut self, turn: &mut Turn<'_>, path: Path) -> Result<(), Duration> {
        if self.is_exempt(path.remote.ip()) {
            return Ok(());
        }
        let Some(guard) = &mut self.guard else { return Ok(()) };
        let cx = &mut Context { now: turn.now, rng: turn.rng };
        guard.admits_call(cx, Source::of(path.remote.ip()), origin(path.transport))
    }

    /// Something came that speaks against its source.
    pub(super) fn offended(&mut self, turn: &mut Turn<'_>, path: Path, offence: Offence) {
        self.counts(turn, path, offence, origin(path.transport));
    }

    /// What a request says of its sender by its proof, or by having none.
    pub(super) fn behaved(&mut self, turn: &mut Turn<'_>, path: Path, conduct: Conduct) {
        match conduct {
            Conduct::Nothing => {}
            Conduct::Asked => self.offended(turn, path, Offence::Challenged),
            Conduct::Wrong(origin) => self.counts(turn, path, Offence::Password, origin),
            Conduct::Proved(origin) => {
                let Some(guard) = &mut self.guard else { return };
                let cx = &mut Context { now: turn.now, rng: turn.rng };
                guard.proved(cx, Source::of(path.remote.ip()), origin);
            }
        }
    }

    fn counts(&mut self, turn: &mut Turn<'_>, path: Path, offence: Offence, origin: Origin) {
        if self.is_exempt(path.remote.ip()) {
            return;
        }
        let Some(guard) = &mut self.guard else { return };
        let cx = &mut Context { now: turn.now, rng: turn.rng };
        guard.offended(cx, Source::of(path.remote.ip()), offence, origin);
    }

    /// Whom the guard leaves alone, whatever is sent in their name.
    fn is_exempt(&self, remote: IpAddr) -> bool {
        let Some(guard) = &self.guard else { return true };
        let listed = guard.rules().allow.iter().chain(&self.setup.trusted);
        listed.into_iter().any(|network| network.contains(remote)) || self.lines.at(remote).is_some()
    }

    pub(super) fn guard_configured(&mut self, setup: &Setup) {
        match (&mut self.guard, &setup.guard) {
            (Some(guard), Some(rules)) => guard.configured(rules.clone()),
            (guard, rules) => *guard = rules.clone().map(|rules| crate::guard::Guard::new(rules, &[])),
        }
    }

    pub(super) fn ban_by_hand(&mut self, turn: &mut Turn<'_>, ban: Ban) {
        if let Some(guard) = &mut self.guard {
            guard.ban(turn.now, ban);
        }
    }

    pub(super) fn lift(&mut self, source: Source) {
        if let Some(guard) = &mut self.guard {
            guard.lift(source);
        }
    }

    /// Tells new bans; what a source did for certain costs it its streams too.
    pub(super) fn tell_bans(&mut self, turn: &mut Turn<'_>) {
        let Some(guard) = &mut self.guard else { return };
        for ban in guard.fresh() {
            let streams = if ban.proven { self.streams.from(ban.source) } else { Vec::new() };
            for connection in streams {
                self.close(turn, connection);
            }
            turn.out.emit(Out::Banned(ban));
        }
    }
}
