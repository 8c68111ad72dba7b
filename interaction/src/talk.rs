//! While somebody talks with the customer: news of legs, the agent's orders, pages that go away and come back.

use desk::ConversationState;
use kernel::{AgentName, Context, Effects, Fault};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Device, Line, Stage, Talk, Timer};
use crate::io::{AgentOrder, LegIn, LegOut, MediaOut, Out, Refused};
use crate::record::Note;
use crate::room::{HOLD_MUSIC, play_music};

impl Interaction {
    pub(crate) fn on_leg(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        news: LegIn,
        out: &mut impl Effects<Out>,
    ) {
        match news {
            LegIn::Heard(heard) => self.on_heard(cx, leg, heard, out),
            LegIn::Recorded { name, ms } => self.on_recorded(cx, &name, ms, out),
            LegIn::Ended { fault, reason } => self.on_leg_ended(cx, leg, fault, &reason, out),
            _ if !self.is_live() || !self.legs.is_open(leg) => {}
            LegIn::Told(text) => self.on_told(cx, leg, &text, out),
            LegIn::Referred(to) => self.on_referred(cx, leg, to, out),
            LegIn::HandedOver { agent, how } => self.on_handed_over(cx, leg, agent, how, out),
            LegIn::Ringing => self.on_ringing(leg, out),
            LegIn::EarlyMedia => self.on_early_media(leg, out),
            LegIn::Answered { codec } if matches!(self.stage, Stage::Elsewhere(_)) => {
                self.observed_began(cx, leg, codec, out);
            }
            LegIn::Answered { codec } => self.on_answered(cx, leg, codec, out),
            LegIn::Digit(digit) => self.on_digit(cx, leg, digit, out),
            LegIn::Played { token } if leg == CUSTOMER && token != HOLD_MUSIC => {
                self.tell_flow(cx, ivr::In::Played { token }, out);
            }
            LegIn::Played { .. } => {}
            LegIn::Quiet => self.tell_flow(cx, ivr::In::Quiet, out),
            LegIn::AudioMissing => self.on_silence(cx, leg, true, out),
            LegIn::AudioBack => self.on_silence(cx, leg, false, out),
            LegIn::Held(held) if matches!(self.stage, Stage::Elsewhere(_)) => {
                self.observed_held(cx, leg, held, out);
            }
            LegIn::Held(held) => self.on_held(cx, leg, held, out),
            LegIn::BrowserUp => self.on_browser_up(cx, leg, out),
            LegIn::BrowserLost if leg == CUSTOMER => self.customer_is_away(cx, out),
            LegIn::BrowserLost => {
                if matches!(&self.stage, Stage::Talking(talk) if talk.leg == leg) {
                    self.park(cx, out);
                } else {
                    self.guest_or_watcher_lost(cx, leg, out);
                }
            }
        }
    }

    fn on_ringing(&mut self, leg: u16, out: &mut impl Effects<Out>) {
        if matches!(self.stage, Stage::Dialing { leg: dialled, .. } if dialled == leg) {
            out.emit(Out::Leg(CUSTOMER, LegOut::Ring));
        }
    }

    fn on_answered(&mut self, cx: &mut Context<'_>, leg: u16, codec: String, out: &mut impl Effects<Out>) {
        self.leg_answered(leg, codec, cx.now, out);
        if leg == CUSTOMER && self.is_calling_back() {
            return self.customer_was_reached(cx, out);
        }
        match &self.stage {
            Stage::Dialing { leg: dialled, .. } if *dialled == leg => {
                self.timers.clear(Timer::Ring);
                self.moved(ConversationState::Talking, None, None, None, out);
                self.stage = Stage::Talking(Talk::with(None, leg, Device::Phone, Line::Open));
                self.connected(cx, out);
            }
            _ if self.rung_at(leg).is_some() => {
                self.phone_answered(cx, leg, out);
            }
            // A phone that was handed over.
            Stage::Talking(talk)
                if talk.leg == leg && talk.device == Device::Phone && talk.line == Line::Connecting =>
            {
                self.connected(cx, out);
            }
            Stage::Talking(_) => self.asked_answered(cx, leg, out),
            _ => {}
        }
    }

    fn on_leg_ended(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        fault: Fault,
        reason: &str,
        out: &mut impl Effects<Out>,
    ) {
        if !self.leg_ended(leg, fault, reason, cx.now, out) || !self.is_live() {
            return;
        }
        if matches!(self.stage, Stage::Elsewhere(_)) {
            return self.observed_ended(cx, fault, reason, out);
        }
        if leg == CUSTOMER {
            self.note_failed_callback(cx, reason, out);
            return self.finish(cx, fault, reason, out);
        }
        match &self.stage {
            Stage::Dialing { leg: dialled, .. } if *dialled == leg => self.dial_failed(cx, reason, out),
            Stage::Talking(talk) if talk.leg == leg => self.parted(cx, out),
            _ => match self.rung_at(leg) {
                Some(agent) => self.phone_failed(&agent, out),
                None => self.guest_left(cx, leg, reason, out),
            },
        }
    }

    pub(crate) fn dial_failed(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        let Stage::Dialing { leg, .. } = self.stage else { return };
        if self.legs.is_open(leg) {
            out.emit(Out::Leg(leg, LegOut::Hangup));
            self.leg_ended(leg, Fault::Peer, why, cx.now, out);
        }
        self.timers.clear(Timer::Ring);
        if self.not_taken(cx, why, out) {
            return;
        }
        self.stage = Stage::Flow;
        self.tell_flow(cx, ivr::In::Failed(why.to_owned()), out);
    }

    fn on_digit(&mut self, cx: &mut Context<'_>, leg: u16, digit: char, out: &mut impl Effects<Out>) {
        if leg != CUSTOMER || !self.guard.hides_keys(cx.now) {
            self.key_pressed(cx.now, leg, digit, out);
        }
        match &self.stage {
            Stage::Talking(talk) if talk.line == Line::Open && talk.device == Device::Phone => {
                let other = if leg == CUSTOMER { talk.leg } else { CUSTOMER };
                out.emit(Out::Media(other, MediaOut::SendDigits(digit.to_string())));
            }
            Stage::Talking(_) => {}
            _ if leg == CUSTOMER => self.tell_flow(cx, ivr::In::Digit(digit), out),
            _ => {}
        }
    }

    fn on_silence(&mut self, cx: &mut Context<'_>, leg: u16, silent: bool, out: &mut impl Effects<Out>) {
        let side = if leg == CUSTOMER { "customer" } else { "agent" };
        let code = format!("{}:{side}", if silent { "no_audio" } else { "audio_back" });
        self.note(cx.now, Note::of(&code).leg(leg), out);
        if let Stage::Talking(talk) = &mut self.stage {
            if leg == CUSTOMER {
                talk.silent.0 = silent;
            } else {
                talk.silent.1 = silent;
            }
        }
        self.show_call(out);
    }

    /// A device holds or resumes by re-INVITE: an agent's phone holds the customer; a customer who holds is not decoded.
    fn on_held(&mut self, cx: &mut Context<'_>, leg: u16, held: bool, out: &mut impl Effects<Out>) {
        self.note(cx.now, Note::of(if held { "device_held" } else { "device_resumed" }).leg(leg), out);
        if let Some(state) = self.legs.get_mut(leg).filter(|_| leg == CUSTOMER) {
            state.held = held;
        }
        match &self.stage {
            Stage::Talking(talk) if talk.leg == leg => {
                let _ = if held { self.hold(cx, out) } else { self.resume(cx, out) };
            }
            Stage::Talking(_) if leg != CUSTOMER => {}
            Stage::Talking(_) if held => self.deafen(CUSTOMER, out),
            // Whether they are heard now is for the talk to say: the agent may hold them.
            Stage::Talking(talk) if talk.line != Line::Connecting => self.arrange(out),
            _ => {}
        }
    }

    fn on_browser_up(&mut self, cx: &mut Context<'_>, leg: u16, out: &mut impl Effects<Out>) {
        if leg == CUSTOMER {
            return self.customer_is_here(cx, out);
        }
        let Stage::Talking(talk) = &self.stage else { return };
        if talk.leg != leg {
            return self.guest_or_watcher_up(leg, out);
        }
        match talk.line {
            Line::Connecting => self.connected(cx, out),
            Line::Parked => {
                self.note(cx.now, Note::of("returned").leg(leg), out);
                self.connected(cx, out);
            }
            // A held call stays held when the page is reloaded.
            Line::Held | Line::Open => {
                self.timers.clear(Timer::Grace);
                self.refresh_sight(leg, out);
                self.show_call(out);
            }
        }
    }

    pub(crate) fn on_agent(
        &mut self,
        cx: &mut Context<'_>,
        agent: &AgentName,
        order: AgentOrder,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        if matches!(self.stage, Stage::Elsewhere(_)) {
            return self.on_elsewhere_order(cx, agent, order, out);
        }
        match order {
            AgentOrder::Accept => return self.accept_in_browser(cx, agent, out),
            AgentOrder::Decline => return self.decline(agent, out),
            AgentOrder::PickUp => return self.pick_up(cx, agent, out),
            AgentOrder::Attach if self.has_a_seat(agent) => return Ok(()),
            AgentOrder::Hangup | AgentOrder::Mute(_) if self.guest_leg(agent).is_some() => {
                return self.on_guest(cx, agent, &order, out);
            }
            _ => {}
        }
        let talk = self.talk_of(agent)?;
        match order {
            AgentOrder::Transfer(to) => self.transfer(cx, to, out),
            AgentOrder::Consult(to) => self.consult(cx, to, out),
            AgentOrder::Swap => self.swap(cx, out),
            AgentOrder::Join => self.join(cx, out),
            AgentOrder::Complete => self.complete(cx, out),
            AgentOrder::Cancel => self.cancel(cx, out),
            AgentOrder::Park => self.park_customer(cx, out),
            AgentOrder::Record(what) => self.record_on_order(cx, what, out),
            AgentOrder::Transcribe(what) => self.transcribe_on_order(cx, what, out),
            AgentOrder::Language(lang) => self.talk_in(lang, out),
            AgentOrder::Hold => self.hold(cx, out),
            AgentOrder::Resume => self.resume(cx, out),
            AgentOrder::Mute(on) => self.mute(on, out),
            AgentOrder::Digits(digits) => {
                if !self.is_spoken() {
                    return Err(Refused::NotACall);
                }
                out.emit(Out::Media(CUSTOMER, MediaOut::SendDigits(digits)));
                Ok(())
            }
            AgentOrder::Attach if talk.device == Device::Browser => Ok(()),
            AgentOrder::Attach => Err(Refused::WrongState),
            AgentOrder::Hangup => {
                self.agent_hangs_up(cx, out);
                Ok(())
            }
            AgentOrder::Accept | AgentOrder::Decline | AgentOrder::PickUp => Ok(()),
        }
    }

    pub(crate) fn talk_of(&self, agent: &AgentName) -> Result<&Talk, Refused> {
        match &self.stage {
            Stage::Talking(talk) if talk.agent.as_ref() == Some(agent) => Ok(talk),
            Stage::Closing | Stage::Over => Err(Refused::Over),
            _ => Err(Refused::NotYours),
        }
    }

    fn hold(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) -> Result<(), Refused> {
        if !self.is_spoken() {
            return Err(Refused::NotACall);
        }
        let Stage::Talking(talk) = &mut self.stage else { return Err(Refused::WrongState) };
        if talk.line != Line::Open || talk.consult.is_some() {
            return Err(Refused::WrongState);
        }
        talk.line = Line::Held;
        let leg = talk.leg;
        self.arrange(out);
        self.note(cx.now, Note::of("held").leg(leg), out);
        self.show_call(out);
        Ok(())
    }

    fn resume(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) -> Result<(), Refused> {
        let leg = match &self.stage {
            Stage::Talking(talk) if talk.line == Line::Held => talk.leg,
            _ => return Err(Refused::WrongState),
        };
        self.note(cx.now, Note::of("resumed").leg(leg), out);
        self.connected(cx, out);
        Ok(())
    }

    fn mute(&mut self, on: bool, out: &mut impl Effects<Out>) -> Result<(), Refused> {
        if !self.is_spoken() {
            return Err(Refused::NotACall);
        }
        if let Stage::Talking(talk) = &mut self.stage {
            talk.muted = on;
            out.emit(Out::Media(talk.leg, MediaOut::Mute(on)));
        }
        self.show_call(out);
        Ok(())
    }

    /// The agent's last page went away, or one is there again.
    pub(crate) fn on_desk(
        &mut self,
        cx: &mut Context<'_>,
        agent: &AgentName,
        there: bool,
        out: &mut impl Effects<Out>,
    ) {
        let Ok(talk) = self.talk_of(agent) else { return };
        if talk.device != Device::Browser {
            return;
        }
        let line = talk.line;
        if there {
            self.timers.clear(Timer::Grace);
            self.show_call(out);
        } else if matches!(line, Line::Open | Line::Held) {
            self.timers.set(Timer::Grace, cx.now + self.settings.timings.grace);
        }
    }

    /// The page is gone: the customer hears music until it is back.
    pub(crate) fn park(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if self.is_calling_back() {
            return self.agent_lost_while_calling(cx, out);
        }
        self.cancel_consult(cx, "page_lost", out);
        let Stage::Talking(talk) = &mut self.stage else { return };
        if !matches!(talk.line, Line::Open | Line::Held) {
            return;
        }
        talk.line = Line::Parked;
        let leg = talk.leg;
        out.emit(Out::Media(leg, MediaOut::Watch(false)));
        self.timers.clear(Timer::Grace);
        self.timers.set(Timer::Park, cx.now + self.settings.timings.park);
        self.arrange(out);
        self.note(cx.now, Note::of("parked").leg(leg), out);
        self.show_call(out);
    }

    pub(crate) fn page_brought_nothing(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if matches!(&self.stage, Stage::Talking(talk) if talk.line == Line::Connecting) {
            self.back_to_the_queue(cx, "no_media", out);
        }
    }

    pub(crate) fn page_did_not_return(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if matches!(&self.stage, Stage::Talking(talk) if talk.line == Line::Parked) {
            self.back_to_the_queue(cx, "page_lost", out);
        }
    }

    /// The agent cannot be had any more: the customer waits again, in the place that the first arrival gave.
    pub(crate) fn back_to_the_queue(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        if self.hand_over(cx, why, out) {
            return;
        }
        let Some(talk) = self.leave_talk(cx, Fault::Peer, why, out) else { return };
        self.note(cx.now, Note::of("agent_lost").leg(talk.leg).detail(Self::detail("why", why)), out);
        match talk.waited {
            Some(waiting) => {
                self.wait(waiting, out);
                if self.is_spoken() {
                    play_music(CUSTOMER, ivr::Tone::Music, out);
                }
            }
            // Without a flow (a call of ours) nobody else decides.
            None if self.run.is_none() => self.finish(cx, Fault::Peer, why, out),
            None => self.tell_flow(cx, ivr::In::Parted, out),
        }
    }
}
