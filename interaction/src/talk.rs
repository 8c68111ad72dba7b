//! While somebody talks with the customer: news of legs, the agent's orders, pages that go away and come back.

use desk::{ConversationState, EntryKind};
use ivr::{Clip, Tone};
use kernel::{AgentName, Context, Effects, Fault};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Device, Line, Stage, Talk, Timer};
use crate::io::{AgentOrder, CallShow, CallState, LegIn, LegOut, MediaOut, Out, Refused, Show};
use crate::record::Note;

/// Token of hold music: no flow uses it, and music never ends by itself.
const HOLD_MUSIC: u64 = u64::MAX;

impl Interaction {
    pub(crate) fn on_leg(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        news: LegIn,
        out: &mut impl Effects<Out>,
    ) {
        match news {
            LegIn::Heard(heard) => self.on_heard(leg, heard, out),
            LegIn::Ended { fault, reason } => self.on_leg_ended(cx, leg, fault, &reason, out),
            _ if !self.is_live() || !self.legs.is_open(leg) => {}
            LegIn::Told(text) => self.on_told(cx, leg, &text, out),
            LegIn::Referred(to) => self.on_referred(cx, leg, to, out),
            LegIn::HandedOver { agent, how } => self.on_handed_over(cx, leg, agent, how, out),
            LegIn::Ringing => self.on_ringing(leg, out),
            LegIn::Answered { codec } => self.on_answered(cx, leg, codec, out),
            LegIn::Digit(digit) => self.on_digit(cx, leg, digit, out),
            LegIn::Played { token } if leg == CUSTOMER && token != HOLD_MUSIC => {
                self.tell_flow(cx, ivr::In::Played { token }, out);
            }
            LegIn::Played { .. } => {}
            LegIn::AudioMissing => self.on_silence(cx, leg, true, out),
            LegIn::AudioBack => self.on_silence(cx, leg, false, out),
            LegIn::Held(held) => self.on_held(cx, leg, held, out),
            LegIn::BrowserUp => self.on_browser_up(cx, leg, out),
            LegIn::BrowserLost => {
                if matches!(&self.stage, Stage::Talking(talk) if talk.leg == leg) {
                    self.park(cx, out);
                }
            }
        }
    }

    fn on_ringing(&mut self, leg: u16, out: &mut impl Effects<Out>) {
        if matches!(self.stage, Stage::Dialing { leg: dialled } if dialled == leg) {
            out.emit(Out::Leg(CUSTOMER, LegOut::Ring));
        }
    }

    fn on_answered(&mut self, cx: &mut Context<'_>, leg: u16, codec: String, out: &mut impl Effects<Out>) {
        self.leg_answered(leg, codec, cx.now, out);
        match &self.stage {
            Stage::Dialing { leg: dialled } if *dialled == leg => {
                self.timers.clear(Timer::Ring);
                self.moved(ConversationState::Talking, None, None, None, out);
                self.stage = Stage::Talking(Talk {
                    agent: None,
                    leg,
                    device: Device::Phone,
                    line: Line::Open,
                    muted: false,
                    since: None,
                    waited: None,
                    silent: (false, false),
                });
                self.connected(cx, out);
            }
            Stage::Waiting(waiting)
                if waiting.offer.as_ref().is_some_and(|offer| offer.phone == Some(leg)) =>
            {
                self.phone_answered(cx, leg, out);
            }
            // A phone that was handed over.
            Stage::Talking(talk)
                if talk.leg == leg && talk.device == Device::Phone && talk.line == Line::Connecting =>
            {
                self.connected(cx, out);
            }
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
        if leg == CUSTOMER {
            return self.finish(cx, fault, reason, out);
        }
        match &self.stage {
            Stage::Dialing { leg: dialled } if *dialled == leg => self.dial_failed(cx, reason, out),
            Stage::Waiting(waiting) => {
                let agent = waiting
                    .offer
                    .as_ref()
                    .filter(|offer| offer.phone == Some(leg))
                    .map(|offer| offer.agent.clone());
                if let Some(agent) = agent {
                    self.phone_failed(&agent, out);
                }
            }
            Stage::Talking(talk) if talk.leg == leg => self.parted(cx, out),
            _ => {}
        }
    }

    pub(crate) fn dial_failed(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        let Stage::Dialing { leg } = self.stage else { return };
        if self.legs.is_open(leg) {
            out.emit(Out::Leg(leg, LegOut::Hangup));
            self.leg_ended(leg, Fault::Peer, why, cx.now, out);
        }
        self.timers.clear(Timer::Ring);
        self.stage = Stage::Flow;
        self.tell_flow(cx, ivr::In::Failed(why.to_owned()), out);
    }

    fn on_digit(&mut self, cx: &mut Context<'_>, leg: u16, digit: char, out: &mut impl Effects<Out>) {
        self.add_entry(self.entry_of(cx.now, leg, EntryKind::Digit, digit.to_string()), out);
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
        match &self.stage {
            Stage::Talking(talk) if talk.leg == leg => {
                let _ = if held { self.hold(cx, out) } else { self.resume(cx, out) };
            }
            Stage::Talking(_) if held => self.deafen(CUSTOMER, out),
            Stage::Talking(_) => self.listen(CUSTOMER, out),
            _ => {}
        }
    }

    fn on_browser_up(&mut self, cx: &mut Context<'_>, leg: u16, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &self.stage else { return };
        if talk.leg != leg {
            return;
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
        match order {
            AgentOrder::Accept => return self.accept_in_browser(cx, agent, out),
            AgentOrder::Decline => return self.decline(agent, out),
            _ => {}
        }
        let talk = self.talk_of(agent)?;
        match order {
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
            AgentOrder::Accept | AgentOrder::Decline => Ok(()),
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
        if talk.line != Line::Open {
            return Err(Refused::WrongState);
        }
        talk.line = Line::Held;
        let leg = talk.leg;
        self.music_for_customer(leg, out);
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

    /// The two are parted, nobody's words are decoded, and the customer hears music.
    fn music_for_customer(&mut self, leg: u16, out: &mut impl Effects<Out>) {
        self.deafen(CUSTOMER, out);
        self.deafen(leg, out);
        out.emit(Out::Unbridge(CUSTOMER));
        out.emit(Out::Unbridge(leg));
        play_music(out);
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
        let Stage::Talking(talk) = &mut self.stage else { return };
        if !matches!(talk.line, Line::Open | Line::Held) {
            return;
        }
        talk.line = Line::Parked;
        let leg = talk.leg;
        out.emit(Out::Media(leg, MediaOut::Watch(false)));
        self.timers.clear(Timer::Grace);
        self.timers.set(Timer::Park, cx.now + self.settings.timings.park);
        self.music_for_customer(leg, out);
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
    fn back_to_the_queue(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        let Some(talk) = self.leave_talk(cx, Fault::Peer, why, out) else { return };
        self.note(cx.now, Note::of("agent_lost").leg(talk.leg).detail(Self::detail("why", why)), out);
        match talk.waited {
            Some(waiting) => {
                self.wait(waiting, out);
                if self.is_spoken() {
                    play_music(out);
                }
            }
            None => self.tell_flow(cx, ivr::In::Parted, out),
        }
    }

    pub(crate) fn show_call(&self, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &self.stage else { return };
        let Some(agent) = talk.agent.clone().filter(|_| self.is_spoken()) else { return };
        let state = match talk.line {
            Line::Connecting => CallState::Connecting,
            Line::Open => CallState::Talking,
            Line::Held => CallState::Held,
            Line::Parked => CallState::Parked,
        };
        out.emit(Out::Show(Show::Call(show(talk, agent, state))));
    }
}

/// The customer hears music until something else is ordered.
fn play_music(out: &mut impl Effects<Out>) {
    let clips = vec![Clip::Tone(Tone::Music)];
    out.emit(Out::Media(CUSTOMER, MediaOut::Play { clips, forever: true, token: HOLD_MUSIC }));
}

pub(crate) fn show(talk: &Talk, agent: AgentName, state: CallState) -> CallShow {
    CallShow {
        agent,
        state,
        phone: talk.device == Device::Phone,
        muted: talk.muted,
        silent: talk.silent,
        since: talk.since,
    }
}
