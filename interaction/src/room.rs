//! Who hears whom: the one place where the state of a talk becomes bridges, music and ears.
//!
//! Promises: repeating it changes nothing; nobody is left without a sound: the customer hears somebody or music, an agent who
//! asks hears the ringing. Leaves to others: what led here (`talk`, `consult`, `watching`).

use ivr::{Clip, Tone};
use kernel::{AgentName, Effects};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Asked, Device, Line, Stage, Talk};
use crate::io::{CallShow, CallState, MediaOut, OtherShow, OtherState, Out, Part, Show, Watch};
use crate::observed::CallDevice;

/// Token of hold music and of the ringing an agent hears: no flow uses it, and neither ends by itself.
pub(crate) const HOLD_MUSIC: u64 = u64::MAX;

impl Interaction {
    /// Orders who hears whom.
    pub(crate) fn arrange(&mut self, out: &mut impl Effects<Out>) {
        if matches!(self.stage, Stage::Elsewhere(_)) {
            return self.listen_elsewhere(out);
        }
        let Stage::Talking(talk) = &self.stage else { return };
        let (agent, open) = (talk.leg, talk.line == Line::Open);
        let guests: Vec<u16> = talk.guests.iter().filter(|guest| guest.up).map(|guest| guest.leg).collect();
        let consult = talk.consult.as_ref().map(|consult| match &consult.stage {
            Asked::Ringing(_) | Asked::Dialing(_) => (None, true),
            Asked::Aside(guest) => (Some((guest.leg, guest.up)), true),
            Asked::Waiting(guest) => (Some((guest.leg, guest.up)), false),
        });
        let with_customer = open && !consult.is_some_and(|(_, aside)| aside);
        let mut room: Vec<u16> = if with_customer { vec![agent] } else { Vec::new() };
        room.extend(guests);
        if !room.is_empty() {
            room.extend(self.speaking_watchers());
        }
        self.place_customer(&room, out);
        if !with_customer {
            self.deafen(agent, out);
            out.emit(Out::Unbridge(agent));
        }
        if open && let Some((asked, aside)) = consult {
            self.place_asked(agent, asked, aside, out);
        }
        self.place_watchers(out);
        self.arrange_sight(out);
    }

    fn place_customer(&mut self, room: &[u16], out: &mut impl Effects<Out>) {
        if room.is_empty() {
            self.deafen(CUSTOMER, out);
            out.emit(Out::Unbridge(CUSTOMER));
            return play_music(CUSTOMER, Tone::Music, out);
        }
        out.emit(Out::Media(CUSTOMER, MediaOut::StopPlay));
        let mut all = vec![CUSTOMER];
        all.extend_from_slice(room);
        out.emit(Out::Bridge(all));
        let staffed = matches!(&self.stage, Stage::Talking(talk) if talk.agent.is_some());
        if staffed {
            self.listen(CUSTOMER, out);
            for leg in room {
                self.listen(*leg, out);
            }
        }
    }

    /// The agent and the one asked: together aside, or apart with music for the one who waits.
    fn place_asked(
        &mut self,
        agent: u16,
        asked: Option<(u16, bool)>,
        aside: bool,
        out: &mut impl Effects<Out>,
    ) {
        match asked {
            Some((guest, true)) if aside => {
                out.emit(Out::Media(agent, MediaOut::StopPlay));
                out.emit(Out::Media(guest, MediaOut::StopPlay));
                out.emit(Out::Bridge(vec![agent, guest]));
            }
            Some((guest, true)) => {
                out.emit(Out::Unbridge(guest));
                play_music(guest, Tone::Music, out);
            }
            _ if aside => play_music(agent, Tone::Ringback, out),
            _ => {}
        }
    }

    /// Shows the call to everybody who has a part in it.
    pub(crate) fn show_call(&self, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &self.stage else {
            return self.show_elsewhere(CallState::Talking, out);
        };
        if !self.is_spoken() {
            return;
        }
        let state = match talk.line {
            Line::Connecting => CallState::Connecting,
            Line::Open => CallState::Talking,
            Line::Held => CallState::Held,
            Line::Parked => CallState::Parked,
        };
        if let Some(agent) = &talk.agent {
            out.emit(Out::Show(Show::Call(self.show(talk, agent.clone(), state))));
        }
        for guest in talk.everybody_else() {
            let Some(agent) = guest.agent.clone() else { continue };
            let state = if guest.up { CallState::Talking } else { CallState::Connecting };
            let mut seen = self.show(talk, agent, state);
            (seen.part, seen.device, seen.muted) = (Part::Guest, device_of(guest.device), false);
            seen.may_record = false;
            out.emit(Out::Show(Show::Call(seen)));
        }
        for (name, watcher) in &self.watchers {
            let state = if watcher.up { CallState::Talking } else { CallState::Connecting };
            let mut seen = self.show(talk, name.clone(), state);
            (seen.part, seen.device, seen.muted) = (Part::Watcher(watcher.how), CallDevice::Browser, false);
            seen.may_record = false;
            out.emit(Out::Show(Show::Call(seen)));
        }
    }

    pub(crate) fn show(&self, talk: &Talk, agent: AgentName, state: CallState) -> CallShow {
        let shown = self.settings.watching_is_shown;
        let seen = |how: Watch| shown || how == Watch::Barge;
        CallShow {
            agent,
            state,
            device: device_of(talk.device),
            muted: talk.muted,
            silent: talk.silent,
            since: talk.since,
            part: Part::Holder,
            others: others(talk),
            recording: self.taping.state(),
            may_record: self.may_record(),
            transcription: self.transcription(),
            watched_by: self
                .watchers
                .iter()
                .filter(|(_, w)| seen(w.how))
                .map(|(name, _)| name.clone())
                .collect(),
        }
    }

    /// Somebody has left the call; their page forgets it.
    pub(crate) fn show_gone(&self, agent: &AgentName, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &self.stage else { return };
        out.emit(Out::Show(Show::Call(self.show(talk, agent.clone(), CallState::Ended))));
    }
}

/// A device as pages name it.
const fn device_of(device: Device) -> CallDevice {
    match device {
        Device::Phone => CallDevice::Phone,
        Device::Browser | Device::Text => CallDevice::Browser,
    }
}

fn others(talk: &Talk) -> Vec<OtherShow> {
    let joined =
        talk.guests.iter().map(|guest| OtherShow { who: guest.who.clone(), state: OtherState::Joined });
    let asked = talk.consult.iter().map(|consult| {
        let (who, state) = match &consult.stage {
            Asked::Ringing(_) | Asked::Dialing(_) => (&consult.who, OtherState::Ringing),
            Asked::Aside(guest) => (&guest.who, OtherState::Aside),
            Asked::Waiting(guest) => (&guest.who, OtherState::Waiting),
        };
        OtherShow { who: who.clone(), state }
    });
    joined.chain(asked).collect()
}

/// A leg hears a tone without end until something else is ordered.
pub(crate) fn play_music(leg: u16, tone: Tone, out: &mut impl Effects<Out>) {
    let clips = vec![Clip::Tone(tone)];
    out.emit(Out::Media(leg, MediaOut::Play { clips, forever: true, token: HOLD_MUSIC }));
}
