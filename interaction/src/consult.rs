//! Asking somebody aside, conferences, and the attended handing over.
//!
//! Promises: whoever is asked is rung by the same offers as for any call; the router knows at every moment who is busy;
//! however a consultation ends, the customer is with somebody or hears music. Leaves to others: who hears whom (`room`).

use desk::{ConversationState, Speaker};
use ivr::Tone;
use kernel::{AgentName, Context, Effects, Fault, Pii};
use routing::Target;

use crate::Interaction;
use crate::handing::TransferTo;
use crate::interaction::{Asked, Consult, Device, Guest, Line, Stage, Talk, Timer, Waiting};
use crate::io::{AgentOrder, DialTo, LegOut, MediaOut, Out, Refused};
use crate::record::Note;
use crate::room::play_music;

/// People in one call besides customer and agent.
const GUESTS: usize = 8;

impl Interaction {
    /// Whether the router looks for somebody to be asked (and not for somebody to take the customer).
    pub(crate) fn is_asking(&self) -> bool {
        matches!(&self.stage, Stage::Talking(Talk { consult: Some(_), .. }))
    }

    pub(crate) fn consult(
        &mut self,
        cx: &mut Context<'_>,
        to: TransferTo,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let (leg, by) = self.may_hand_over()?;
        let Stage::Talking(talk) = &self.stage else { return Err(Refused::WrongState) };
        if talk.consult.is_some() || talk.guests.len() >= GUESTS || self.is_in_it(&to) {
            return Err(Refused::WrongState);
        }
        let (kind, who) = named(&to);
        let detail = serde_json::json!({ "by": by, "to": who, "kind": kind }).to_string();
        self.note(cx.now, Note::of("consulting").leg(leg).detail(detail), out);
        let stage = match to {
            TransferTo::Agent(agent) => self.ask_router(cx, Target::Agent(agent), out),
            TransferTo::Queue(queue) => self.ask_router(cx, Target::Queue(queue), out),
            TransferTo::Number(number) => {
                let leg = self.add_leg(cx.now, Speaker::Agent, None, "phone", out);
                out.emit(Out::Leg(leg, LegOut::Dial(DialTo::Entered(Pii::new(number)))));
                Asked::Dialing(leg)
            }
        };
        if let Stage::Talking(talk) = &mut self.stage {
            talk.line = Line::Open;
            talk.consult = Some(Consult { who, stage });
        }
        self.arrange(out);
        self.show_call(out);
        Ok(())
    }

    fn ask_router(&self, cx: &Context<'_>, target: Target, out: &mut impl Effects<Out>) -> Asked {
        let waiting = Waiting::new(target, cx.now);
        out.emit(Out::Route(routing::In::Enqueued {
            work: self.id,
            target: waiting.target.clone(),
            medium: self.medium(),
            priority: waiting.priority,
            since: waiting.since,
            wishes: Box::default(),
        }));
        Asked::Ringing(waiting)
    }

    /// The one asked took the offer.
    pub(crate) fn asked_accepted(
        &mut self,
        cx: &mut Context<'_>,
        agent: Option<AgentName>,
        leg: u16,
        device: Device,
        out: &mut impl Effects<Out>,
    ) {
        if let Some(agent) = &agent {
            out.emit(Out::Route(routing::In::Accepted { work: self.id, agent: agent.clone() }));
            self.note(
                cx.now,
                Note::of("accepted").leg(leg).detail(Self::detail("agent", agent.as_str())),
                out,
            );
        }
        // In a queue that rings all, the others were not as fast.
        let others = match &mut self.stage {
            Stage::Talking(Talk {
                consult: Some(Consult { stage: Asked::Ringing(waiting), .. }), ..
            }) => core::mem::take(&mut waiting.offers),
            _ => Vec::new(),
        };
        for other in others {
            self.stop_ringing(cx.now, &other, Some(routing::OfferEnd::Withdrawn), out);
        }
        let up = device == Device::Phone;
        if !up {
            self.timers.set(Timer::Guest, cx.now + self.settings.timings.connect);
        }
        if let Stage::Talking(Talk { consult: Some(consult), .. }) = &mut self.stage {
            let who = agent.as_ref().map_or_else(|| consult.who.clone(), |agent| agent.as_str().to_owned());
            consult.stage = Asked::Aside(Guest { agent, who, leg, device, up });
        }
        if up {
            self.tape_leg(leg, out);
        }
        self.arrange(out);
        self.show_call(out);
    }

    /// A dialled number that is asked answered.
    pub(crate) fn asked_answered(&mut self, cx: &mut Context<'_>, leg: u16, out: &mut impl Effects<Out>) {
        if matches!(&self.stage, Stage::Talking(Talk { consult: Some(Consult { stage: Asked::Dialing(asked), .. }), .. }) if *asked == leg)
        {
            self.asked_accepted(cx, None, leg, Device::Phone, out);
        }
    }

    /// The one asked cannot be had.
    pub(crate) fn asked_failed(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        self.cancel_consult(cx, why, out);
        self.arrange(out);
        self.show_call(out);
    }

    /// A guest's or watcher's page is connected.
    pub(crate) fn guest_or_watcher_up(&mut self, leg: u16, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &mut self.stage else { return };
        if let Some(guest) = talk.guest_mut(leg) {
            guest.up = true;
            self.timers.clear(Timer::Guest);
            self.tape_leg(leg, out);
        } else if !self.watcher_up(leg, out) {
            return;
        }
        self.arrange(out);
        self.show_call(out);
    }

    /// Their page is gone: a guest leaves the call, a watcher watches no more.
    pub(crate) fn guest_or_watcher_lost(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        out: &mut impl Effects<Out>,
    ) {
        if !self.watcher_lost(cx, leg, out) {
            self.guest_left(cx, leg, "page_lost", out);
        }
    }

    pub(crate) fn guest_brought_nothing(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &self.stage else { return };
        let silent = talk.everybody_else().find(|guest| !guest.up).map(|guest| guest.leg);
        if let Some(leg) = silent {
            self.guest_left(cx, leg, "no_media", out);
        }
    }

    /// Somebody who was asked or took part is gone (or never came).
    pub(crate) fn guest_left(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        reason: &str,
        out: &mut impl Effects<Out>,
    ) {
        let Stage::Talking(talk) = &mut self.stage else { return };
        let asked = talk.asked().is_some_and(|guest| guest.leg == leg)
            || matches!(&talk.consult, Some(Consult { stage: Asked::Dialing(asked), .. }) if *asked == leg);
        if asked {
            return self.asked_failed(cx, reason, out);
        }
        let Some(at) = talk.guests.iter().position(|guest| guest.leg == leg) else { return };
        let guest = talk.guests.remove(at);
        self.part_with(cx, guest, reason, out);
        self.arrange(out);
        self.show_call(out);
    }

    pub(crate) fn swap(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) -> Result<(), Refused> {
        let Stage::Talking(talk) = &mut self.stage else { return Err(Refused::WrongState) };
        let consult = talk.consult.as_mut().ok_or(Refused::WrongState)?;
        let (stage, code) = match &consult.stage {
            Asked::Aside(guest) => (Asked::Waiting(guest.clone()), "back_with_customer"),
            Asked::Waiting(guest) => (Asked::Aside(guest.clone()), "aside_again"),
            Asked::Ringing(_) | Asked::Dialing(_) => return Err(Refused::WrongState),
        };
        consult.stage = stage;
        let leg = talk.leg;
        self.note(cx.now, Note::of(code).leg(leg), out);
        self.arrange(out);
        self.show_call(out);
        Ok(())
    }

    pub(crate) fn join(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) -> Result<(), Refused> {
        let Stage::Talking(talk) = &mut self.stage else { return Err(Refused::WrongState) };
        let guest = talk.asked().cloned().ok_or(Refused::WrongState)?;
        talk.consult = None;
        let (leg, who, asked) = (talk.leg, guest.who.clone(), guest.leg);
        talk.guests.push(guest);
        out.emit(Out::Media(asked, MediaOut::StopPlay));
        self.note(cx.now, Note::of("joined").leg(leg).detail(Self::detail("who", &who)), out);
        self.arrange(out);
        self.show_call(out);
        Ok(())
    }

    pub(crate) fn complete(
        &mut self,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let Stage::Talking(talk) = &self.stage else { return Err(Refused::WrongState) };
        if talk.everybody_else().next().is_none() {
            return Err(Refused::WrongState);
        }
        self.hand_over(cx, "transferred", out);
        Ok(())
    }

    pub(crate) fn cancel(
        &mut self,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        if !self.is_asking() {
            return Err(Refused::WrongState);
        }
        self.cancel_consult(cx, "cancelled", out);
        self.arrange(out);
        self.show_call(out);
        Ok(())
    }

    /// Ends a consultation; who hears whom is arranged by the caller.
    pub(crate) fn cancel_consult(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &mut self.stage else { return };
        let Some(consult) = talk.consult.take() else { return };
        let leg = talk.leg;
        self.timers.clear(Timer::Guest);
        let detail = serde_json::json!({ "who": consult.who, "why": why }).to_string();
        match consult.stage {
            Asked::Ringing(waiting) => {
                for offer in waiting.offers {
                    self.stop_ringing(cx.now, &offer, Some(routing::OfferEnd::Withdrawn), out);
                }
                out.emit(Out::Route(routing::In::Withdrawn { work: self.id }));
            }
            Asked::Dialing(asked) => {
                out.emit(Out::Leg(asked, LegOut::Hangup));
                self.leg_ended(asked, Fault::None, why, cx.now, out);
            }
            Asked::Aside(guest) | Asked::Waiting(guest) => self.part_with(cx, guest, why, out),
        }
        out.emit(Out::Media(leg, MediaOut::StopPlay));
        self.note(cx.now, Note::of("consult_over").leg(leg).detail(detail), out);
    }

    /// Ends the part of everybody besides customer and agent.
    pub(crate) fn dismiss_guests(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &mut self.stage else { return };
        for guest in core::mem::take(&mut talk.guests) {
            self.part_with(cx, guest, why, out);
        }
    }

    fn part_with(&mut self, cx: &mut Context<'_>, guest: Guest, why: &str, out: &mut impl Effects<Out>) {
        self.deafen(guest.leg, out);
        if self.legs.is_open(guest.leg) {
            out.emit(Out::Leg(guest.leg, LegOut::Hangup));
            self.leg_ended(guest.leg, Fault::None, why, cx.now, out);
        }
        if let Some(agent) = &guest.agent {
            self.show_gone(agent, out);
            out.emit(Out::Route(routing::In::Released { work: self.id, agent: agent.clone() }));
        }
        self.note(cx.now, Note::of("left").leg(guest.leg).detail(Self::detail("who", &guest.who)), out);
    }

    /// The agent leaves the customer to somebody who is in the call or asked. `false`: there is nobody.
    pub(crate) fn hand_over(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) -> bool {
        let Stage::Talking(talk) = &mut self.stage else { return false };
        let heir = match talk.asked().filter(|guest| guest.up).cloned() {
            Some(guest) => {
                talk.consult = None;
                guest
            }
            None if talk.guests.iter().any(|guest| guest.up) => {
                let at = talk.guests.iter().position(|guest| guest.up).unwrap_or(0);
                talk.guests.remove(at)
            }
            None => return false,
        };
        let guests = core::mem::take(&mut talk.guests);
        let (waited, since) = (talk.waited.clone(), talk.since);
        let by = talk.agent.clone();
        // Who watches goes on watching.
        let watchers = core::mem::take(&mut self.watchers);
        self.leave_talk(cx, Fault::None, why, out);
        self.watchers = watchers;
        let detail = serde_json::json!({
            "by": by, "to": heir.who, "kind": if heir.agent.is_some() { "agent" } else { "number" }, "how": "attended",
        });
        self.note(cx.now, Note::of("transferred").leg(heir.leg).detail(detail.to_string()), out);
        self.moved(ConversationState::Talking, None, None, heir.agent.clone(), out);
        if let Some(agent) = &heir.agent {
            self.ticket_for(Some(agent.clone()), cx.now, out);
        }
        out.emit(Out::Media(heir.leg, MediaOut::StopPlay));
        self.stage = Stage::Talking(Talk {
            waited,
            since,
            guests,
            ..Talk::with(heir.agent, heir.leg, heir.device, Line::Open)
        });
        self.connected(cx, out);
        true
    }

    /// The leg of an agent who is a guest.
    pub(crate) fn guest_leg(&self, agent: &AgentName) -> Option<u16> {
        let Stage::Talking(talk) = &self.stage else { return None };
        talk.everybody_else().find(|guest| guest.agent.as_ref() == Some(agent)).map(|guest| guest.leg)
    }

    /// A guest mutes themselves or leaves.
    pub(crate) fn on_guest(
        &mut self,
        cx: &mut Context<'_>,
        agent: &AgentName,
        order: &AgentOrder,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let leg = self.guest_leg(agent).ok_or(Refused::NotYours)?;
        match order {
            AgentOrder::Hangup => self.guest_left(cx, leg, "hangup", out),
            AgentOrder::Mute(on) => out.emit(Out::Media(leg, MediaOut::Mute(*on))),
            _ => return Err(Refused::NotYours),
        }
        Ok(())
    }

    /// Whether this agent's page may bring media: as holder, guest or watcher, in the browser.
    pub(crate) fn has_a_seat(&self, agent: &AgentName) -> bool {
        let Stage::Talking(talk) = &self.stage else { return false };
        let guest = talk
            .everybody_else()
            .any(|guest| guest.agent.as_ref() == Some(agent) && guest.device == Device::Browser);
        guest || self.watchers.contains_key(agent)
    }

    fn is_in_it(&self, to: &TransferTo) -> bool {
        let (TransferTo::Agent(wanted), Stage::Talking(talk)) = (to, &self.stage) else { return false };
        talk.agent.as_ref() == Some(wanted)
            || talk.everybody_else().any(|guest| guest.agent.as_ref() == Some(wanted))
    }

    /// The agent's leg and name, when a spoken call of theirs stands so that it can be handed on.
    pub(crate) fn may_hand_over(&self) -> Result<(u16, AgentName), Refused> {
        if !self.is_spoken() {
            return Err(Refused::NotACall);
        }
        match &self.stage {
            Stage::Talking(talk) if matches!(talk.line, Line::Open | Line::Held) => {
                Ok((talk.leg, talk.agent.clone().ok_or(Refused::NotYours)?))
            }
            _ => Err(Refused::WrongState),
        }
    }

    /// The customer hears music.
    pub(crate) fn comfort_customer(&self, out: &mut impl Effects<Out>) {
        if self.is_spoken() {
            play_music(crate::flow::CUSTOMER, Tone::Music, out);
        }
    }
}

/// A destination as records and pages name it: its kind and its name.
pub(crate) fn named(to: &TransferTo) -> (&'static str, String) {
    match to {
        TransferTo::Agent(agent) => ("agent", agent.as_str().to_owned()),
        TransferTo::Queue(queue) => ("queue", queue.as_str().to_owned()),
        TransferTo::Number(number) => ("number", number.clone()),
    }
}
