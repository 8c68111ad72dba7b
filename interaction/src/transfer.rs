//! Transfers that a phone asks for, and calls that another phone takes over.
//!
//! Promises: the conversation, its transcript and its ticket go on; the customer is never without a place to be: a
//! transfer that fails leaves them in the flow. Leaves to others: SIP (`signaling`), which phone it is (the gateway).

use std::time::Duration;

use desk::{ConversationState, Speaker};
use kernel::{AgentName, Context, Effects, Fault};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Device, Line, Stage, Talk, Timer};
use crate::io::{Destination, Handing, LegOut, Out};
use crate::record::Note;

/// The phone that transferred a call has this long to hang up by itself.
const PARTING: Duration = Duration::from_secs(5);

/// Statuses of REFER and of what follows (RFC 3515 sections 2.4.2 and 2.4.5).
const ACCEPTED: u16 = 202;
const DONE: u16 = 200;
const FORBIDDEN: u16 = 403;
const FAILED: u16 = 503;

impl Interaction {
    /// Whether this leg is the other side of the customer, connected: who may transfer.
    #[must_use]
    pub fn is_with(&self, leg: u16) -> bool {
        matches!(&self.stage, Stage::Talking(talk) if talk.leg == leg && talk.since.is_some())
    }

    /// The phone with which the customer talks, and whose it is.
    #[must_use]
    pub fn phone_of_the_other(&self) -> Option<(u16, Option<AgentName>)> {
        match &self.stage {
            Stage::Talking(talk) if talk.device == Device::Phone && talk.since.is_some() => {
                Some((talk.leg, talk.agent.clone()))
            }
            _ => None,
        }
    }

    /// A phone sends the customer on to a number.
    pub(crate) fn on_referred(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        to: Destination,
        out: &mut impl Effects<Out>,
    ) {
        if !self.is_with(leg) {
            return out.emit(Out::Leg(leg, LegOut::AnswerRefer(FORBIDDEN)));
        }
        let called = to.called.clone();
        let lang = self.lang;
        let caller = self.caller.clone();
        let start = ivr::Start { entry: to.entry, lang, text: false, caller, called: called.clone() };
        let mut steps = Vec::new();
        let Ok(run) = ivr::Run::start(to.settings.flow.clone(), start, cx, &mut steps) else {
            return out.emit(Out::Leg(leg, LegOut::AnswerRefer(FAILED)));
        };
        out.emit(Out::Leg(leg, LegOut::AnswerRefer(ACCEPTED)));
        self.note(cx.now, Note::of("transferred").leg(leg).detail(Self::detail("to", &called)), out);
        self.let_go(cx, leg, out);
        let _former = self.leave_talk(cx, Fault::None, "transferred", out);
        self.moved(ConversationState::Flow, None, None, None, out);
        self.settings = to.settings;
        self.run = Some(run);
        // The flow takes care of the customer from here on, whatever becomes of the target.
        out.emit(Out::Leg(leg, LegOut::NotifyRefer(DONE)));
        self.follow_flow(cx, steps, out);
    }

    /// Another phone takes the place of the one the customer talks with.
    pub(crate) fn on_handed_over(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        agent: Option<AgentName>,
        how: Handing,
        out: &mut impl Effects<Out>,
    ) {
        if !self.is_with(leg) {
            return;
        }
        let (code, reason) = match how {
            Handing::Transferred => ("transferred", "transferred"),
            Handing::Replaced => ("taken_over", "replaced"),
        };
        let whom = agent.as_ref().map_or("", AgentName::as_str).to_owned();
        self.note(cx.now, Note::of(code).leg(leg).detail(Self::detail("agent", &whom)), out);
        match how {
            Handing::Transferred => self.let_go(cx, leg, out),
            Handing::Replaced => out.emit(Out::Leg(leg, LegOut::TakenElsewhere)),
        }
        let Some(former) = self.leave_talk(cx, Fault::None, reason, out) else { return };
        let new = self.add_leg(cx.now, Speaker::Agent, agent.clone(), "phone", out);
        self.stage = Stage::Talking(Talk {
            // For the flow they are connected all the while.
            since: Some(cx.now),
            waited: former.waited,
            ..Talk::with(agent.clone(), new, Device::Phone, Line::Connecting)
        });
        if let Some(agent) = agent {
            self.belongs_to(cx, agent, out);
        }
        out.emit(Out::Leg(new, LegOut::Take));
        if how == Handing::Transferred {
            out.emit(Out::Leg(leg, LegOut::NotifyRefer(DONE)));
        }
        self.timers.set(Timer::Connect, cx.now + self.settings.timings.connect);
        self.show_call(out);
    }

    /// Router, record and ticket know whose it is now.
    fn belongs_to(&mut self, cx: &mut Context<'_>, agent: AgentName, out: &mut impl Effects<Out>) {
        out.emit(Out::Route(routing::In::Holding {
            work: self.id,
            agent: agent.clone(),
            medium: self.medium(),
            queue: self.queue(),
        }));
        self.moved(ConversationState::Talking, None, None, Some(agent.clone()), out);
        self.ticket_for(Some(agent), cx.now, out);
    }

    /// This phone hangs up by itself, soon. One that should have done so before is hung up.
    fn let_go(&mut self, cx: &Context<'_>, leg: u16, out: &mut impl Effects<Out>) {
        self.send_off(cx, out);
        self.departing = Some(leg);
        self.timers.set(Timer::Depart, cx.now + PARTING);
    }

    /// It did not.
    pub(crate) fn send_off(&mut self, cx: &Context<'_>, out: &mut impl Effects<Out>) {
        let Some(leg) = self.departing.take().filter(|leg| self.legs.is_open(*leg)) else { return };
        out.emit(Out::Leg(leg, LegOut::Hangup));
        self.leg_ended(leg, Fault::None, "transferred", cx.now, out);
    }

    /// What the peer said about the end that follows.
    pub(crate) fn on_told(&self, cx: &Context<'_>, leg: u16, text: &str, out: &mut impl Effects<Out>) {
        self.note(cx.now, Note::of("peer_reason").leg(leg).detail(Self::detail("reason", text)), out);
    }

    /// The customer's other side was handed to another interaction.
    pub(crate) fn on_yielded(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if self.is_live() {
            self.note(cx.now, Note::of("yielded").leg(CUSTOMER), out);
            self.finish(cx, Fault::None, "transferred", out);
        }
    }

    /// What the caller's side sent along becomes part of the record.
    pub(crate) fn note_data(&self, cx: &Context<'_>, data: &[(String, String)], out: &mut impl Effects<Out>) {
        if data.is_empty() {
            return;
        }
        let mut fields = serde_json::Map::new();
        for (name, value) in data {
            let text = match fields.get(name).and_then(serde_json::Value::as_str) {
                Some(before) => format!("{before}, {value}"),
                None => value.clone(),
            };
            fields.insert(name.clone(), text.into());
        }
        let detail = serde_json::json!({ "headers": fields }).to_string();
        self.note(cx.now, Note::of("call_data").leg(CUSTOMER).detail(detail), out);
    }
}
