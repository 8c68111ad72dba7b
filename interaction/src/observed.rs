//! A call that another system carries and lets us hear: each side comes in on a leg of its own, and nothing goes out.
//!
//! Promises: never routed, offered or bridged; transcribed, recorded and kept by the rules of any call; the agent who talks there
//! holds it here from the first moment, so that they read along and nobody else is sent to them; a side that passes to somebody
//! else becomes a new leg, so that no word is another's. Leaves to others: how the sound comes (`gateway`).

use desk::{ConversationState, Speaker};
use kernel::{AgentName, Context, Effects, Fault, Pii, Time};

use crate::Interaction;
use crate::interaction::{Stage, Timer};
use crate::io::{
    AgentOrder, CallShow, CallState, LegOut, Opening, Out, Part, RecordingPolicy, Refused, Settings, Show,
};
use crate::record::{Note, opened};

/// How such a leg stands in the record.
pub(crate) const OBSERVED: &str = "observed";

/// Somebody in a call that another system carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Customer or staff.
    pub speaker: Speaker,
    /// Which of our agents it is, if it is one.
    pub agent: Option<AgentName>,
    /// Number or name, as the other system has it.
    pub who: Pii<String>,
}

/// A call that another system carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// How it reaches us, for the record.
    pub source: &'static str,
    /// Who is in it; leg by leg.
    pub parties: Vec<Party>,
    /// The customer agreed to be recorded and written down.
    pub agreed: bool,
}

/// By what somebody hears and speaks in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallDevice {
    /// Their page.
    Browser,
    /// A phone of ours.
    Phone,
    /// Another system carries the call.
    Elsewhere,
}

/// Who is in it now.
#[derive(Clone, Debug)]
pub(crate) struct Elsewhere {
    /// Whose it is, if it is one of ours.
    pub agent: Option<AgentName>,
    /// The first sound may come since.
    pub since: Option<Time>,
}

impl Interaction {
    /// Another system tells of a call: the record opens, and sound may come.
    pub fn observe(
        opening: &Opening,
        observed: Observed,
        settings: std::sync::Arc<Settings>,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Self {
        let mut this = Self::blank(opening, opening.wall, settings, cx.now);
        this.agreed_to_recording(observed.agreed);
        out.emit(Out::Record(opened(opening)));
        let mut legs = Vec::new();
        for party in &observed.parties {
            let leg = this.add_leg(cx.now, party.speaker, party.agent.clone(), OBSERVED, out);
            legs.push(serde_json::json!({ "leg": leg, "who": party.who.reveal() }));
        }
        this.note_data(cx, &opening.data, out);
        let detail = serde_json::json!({ "source": observed.source, "parties": legs }).to_string();
        this.note(cx.now, Note::of("observed").detail(detail), out);
        let agent = observed.parties.into_iter().find_map(|party| party.agent);
        this.stage = Stage::Elsewhere(Elsewhere { agent: None, since: None });
        this.is_held_by(agent, cx.now, out);
        this.timers.set(Timer::Connect, cx.now + this.settings.timings.connect);
        this
    }

    /// The agent holds it: here as there.
    fn is_held_by(&mut self, agent: Option<AgentName>, now: Time, out: &mut impl Effects<Out>) {
        self.moved(ConversationState::Talking, None, None, agent.clone(), out);
        self.ticket_for(agent.clone(), now, out);
        if let Stage::Elsewhere(call) = &mut self.stage {
            call.agent.clone_from(&agent);
        }
        if let Some(agent) = agent {
            let (work, medium) = (self.id, self.medium());
            out.emit(Out::Route(routing::In::Holding { work, agent, medium, queue: None }));
        }
        self.show_elsewhere(CallState::Talking, out);
    }

    /// Whoever held it does no more.
    pub(crate) fn leave_elsewhere(&mut self, out: &mut impl Effects<Out>) {
        self.show_elsewhere(CallState::Ended, out);
        if let Stage::Elsewhere(call) = &mut self.stage
            && let Some(agent) = call.agent.take()
        {
            out.emit(Out::Route(routing::In::Released { work: self.id, agent }));
        }
    }

    /// The sound of a leg comes from now on.
    pub(crate) fn observed_began(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        codec: String,
        out: &mut impl Effects<Out>,
    ) {
        self.leg_answered(leg, codec, cx.now, out);
        self.timers.clear(Timer::Connect);
        let Stage::Elsewhere(call) = &mut self.stage else { return };
        if call.since.is_none() {
            call.since = Some(cx.now);
            let agent = call.agent.as_ref().map_or_else(String::new, ToString::to_string);
            self.note(cx.now, Note::of("connected").leg(leg).detail(Self::detail("agent", &agent)), out);
            self.tape_observed(cx, out);
        } else {
            self.tape_leg(leg, out);
        }
        self.listen(leg, out);
        self.show_elsewhere(CallState::Talking, out);
    }

    fn tape_observed(&mut self, cx: &Context<'_>, out: &mut impl Effects<Out>) {
        let wished = match self.policy() {
            RecordingPolicy::Always => true,
            RecordingPolicy::Consent => self.has_agreed(),
            RecordingPolicy::Never | RecordingPolicy::Asked => false,
        };
        if wished {
            self.begin_tape(cx, out);
            self.tape_all(out);
        }
    }

    /// Everybody who is heard is on the recording.
    pub(crate) fn tape_all(&self, out: &mut impl Effects<Out>) {
        for leg in self.legs.open() {
            self.tape_leg(leg, out);
        }
    }

    /// Whoever may be heard is: after a pause.
    pub(crate) fn listen_elsewhere(&mut self, out: &mut impl Effects<Out>) {
        for leg in self.legs.open() {
            let sounds = self.legs.get(leg).is_some_and(|leg| leg.record.answered_at.is_some() && !leg.held);
            if sounds {
                self.listen(leg, out);
            }
        }
    }

    /// A leg is held there, or goes on.
    pub(crate) fn observed_held(
        &mut self,
        cx: &Context<'_>,
        leg: u16,
        held: bool,
        out: &mut impl Effects<Out>,
    ) {
        let Some(state) = self.legs.get_mut(leg).filter(|state| state.held != held) else { return };
        state.held = held;
        self.note(cx.now, Note::of(if held { "device_held" } else { "device_resumed" }).leg(leg), out);
        if held { self.deafen(leg, out) } else { self.listen(leg, out) }
    }

    /// A leg is over there; the call is when none is left.
    pub(crate) fn observed_ended(
        &mut self,
        cx: &mut Context<'_>,
        fault: Fault,
        reason: &str,
        out: &mut impl Effects<Out>,
    ) {
        if self
            .legs
            .open()
            .iter()
            .all(|leg| self.legs.get(*leg).is_none_or(|leg| leg.record.answered_at.is_none()))
        {
            self.finish(cx, fault, reason, out);
        }
    }

    /// Nothing came.
    pub(crate) fn observed_nothing(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        self.finish(cx, Fault::Peer, "no_media", out);
    }

    /// Somebody else is at the other end of a leg: what they say is on a leg of theirs.
    pub(crate) fn passed_on(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        party: Party,
        out: &mut impl Effects<Out>,
    ) {
        let Stage::Elsewhere(call) = &self.stage else { return };
        let Some(before) = self.legs.get(leg).filter(|leg| leg.record.ended_at.is_none()) else { return };
        let (had, answered) = (before.record.agent.clone(), before.record.answered_at.is_some());
        let (codec, held) = (before.record.codec.clone(), before.held);
        let theirs = had.is_some() && call.agent == had;
        self.deafen(leg, out);
        self.leg_ended(leg, Fault::None, "transferred", cx.now, out);
        let next = self.add_leg(cx.now, party.speaker, party.agent.clone(), OBSERVED, out);
        out.emit(Out::Leg(next, LegOut::GoesOn(leg)));
        let detail = serde_json::json!({ "who": party.who.reveal(), "leg": next }).to_string();
        self.note(cx.now, Note::of("passed_on").leg(next).detail(detail), out);
        if (theirs || call_is_nobodys(&self.stage)) && party.agent != had {
            self.leave_elsewhere(out);
            self.is_held_by(party.agent, cx.now, out);
        }
        if answered {
            self.leg_answered(next, codec, cx.now, out);
            self.tape_leg(next, out);
            if let Some(state) = self.legs.get_mut(next) {
                state.held = held;
            }
            if !held {
                self.listen(next, out);
            }
        }
    }

    /// What an agent may order in a call that is carried elsewhere.
    pub(crate) fn on_elsewhere_order(
        &mut self,
        cx: &mut Context<'_>,
        agent: &AgentName,
        order: AgentOrder,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let Stage::Elsewhere(call) = &self.stage else { return Err(Refused::WrongState) };
        if call.agent.as_ref() != Some(agent) {
            return Err(Refused::NotYours);
        }
        match order {
            AgentOrder::Record(what) => self.record_on_order(cx, what, out),
            AgentOrder::Transcribe(what) => self.transcribe_on_order(cx, what, out),
            AgentOrder::Language(lang) => self.talk_in(lang, out),
            // Nothing of ours goes out there.
            _ => Err(Refused::WrongState),
        }
    }

    /// Shows it to its agent.
    pub(crate) fn show_elsewhere(&self, state: CallState, out: &mut impl Effects<Out>) {
        let Stage::Elsewhere(call) = &self.stage else { return };
        let Some(agent) = call.agent.clone() else { return };
        out.emit(Out::Show(Show::Call(CallShow {
            agent,
            state,
            device: CallDevice::Elsewhere,
            muted: false,
            silent: (false, false),
            since: call.since,
            part: Part::Holder,
            others: Vec::new(),
            recording: self.taping.state(),
            transcription: self.transcription(),
            may_record: self.may_record(),
            watched_by: Vec::new(),
        })));
    }
}

fn call_is_nobodys(stage: &Stage) -> bool {
    matches!(stage, Stage::Elsewhere(call) if call.agent.is_none())
}
