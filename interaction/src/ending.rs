//! The one teardown: whoever leaves first, everything ends through here and is recorded with its reason.

use desk::{Change, ConversationState};
use kernel::{Context, Effects, Fault};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Stage, Talk, Timer};
use crate::io::{CallState, LegOut, Out, Show};

impl Interaction {
    /// The agent (or dialled party) is gone and the customer still there: the flow decides.
    pub(crate) fn parted(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if self.hand_over(cx, "hangup", out) {
            return;
        }
        self.leave_talk(cx, Fault::None, "hangup", out);
        if self.run.is_none() {
            // Without a flow (somebody was called back) nobody else decides.
            return self.finish(cx, Fault::None, "agent_hangup", out);
        }
        self.tell_flow(cx, ivr::In::Parted, out);
    }

    /// Who hangs up with somebody else in the call leaves the customer to them.
    pub(crate) fn agent_hangs_up(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if self.hand_over(cx, "hangup", out) {
            return;
        }
        if self.run.as_ref().is_some_and(ivr::Run::goes_on_after_parting) {
            self.parted(cx, out);
            if self.is_live() {
                self.moved(ConversationState::Flow, None, None, None, out);
            }
            return;
        }
        self.finish(cx, Fault::None, "agent_hangup", out);
    }

    /// Ends everything: legs, offers, queueing, flow.
    pub(crate) fn finish(
        &mut self,
        cx: &mut Context<'_>,
        fault: Fault,
        reason: &str,
        out: &mut impl Effects<Out>,
    ) {
        if !self.is_live() {
            return;
        }
        match &self.stage {
            Stage::Waiting(_) => {
                self.keep_unread(cx.now, out);
                self.leave_queue(cx, out);
            }
            Stage::Flow if self.gave_up.is_some() => self.keep_unread(cx.now, out),
            Stage::Talking(_) => drop(self.leave_talk(cx, Fault::None, reason, out)),
            Stage::Elsewhere(_) => self.leave_elsewhere(out),
            _ => {}
        }
        self.run = None;
        self.stage = Stage::Closing;
        self.end_tape(cx.now, out);
        // Keys and words that no recogniser still works on: nothing follows them.
        self.clear_silent(cx.now, out);
        for leg in self.legs.open() {
            if self.is_spoken() {
                out.emit(Out::Leg(leg, LegOut::Hangup));
            }
            let fault = if leg == CUSTOMER { fault } else { Fault::None };
            self.leg_ended(leg, fault, reason, cx.now, out);
        }
        out.emit(Out::Record(Change::ConversationEnded {
            id: self.id,
            at: self.wall(cx.now),
            fault,
            reason: reason.to_owned(),
        }));
        for timer in [
            Timer::Connect,
            Timer::Park,
            Timer::Grace,
            Timer::Ring,
            Timer::Guest,
            Timer::Place,
            Timer::Depart,
            Timer::Away,
        ] {
            self.timers.clear(timer);
        }
        if self.is_anything_open() {
            self.timers.set(Timer::Closing, cx.now + self.settings.timings.closing);
        } else {
            self.close_the_record(out);
        }
    }

    /// Who wrote, waited and was answered by nobody left us something to do.
    fn keep_unread(&mut self, now: kernel::Time, out: &mut impl Effects<Out>) {
        if core::mem::take(&mut self.unread) && !self.is_spoken() {
            self.ticket_for(None, now, out);
        }
    }

    pub(crate) fn leave_queue(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        let offers = match &mut self.stage {
            Stage::Waiting(waiting) => core::mem::take(&mut waiting.offers),
            _ => Vec::new(),
        };
        for offer in offers {
            self.stop_ringing(cx.now, &offer, Some(routing::OfferEnd::Withdrawn), out);
        }
        out.emit(Out::Route(routing::In::Withdrawn { work: self.id }));
    }

    /// The one end of a talk, whoever caused it. Returns what it was; the interaction stands in the flow then.
    pub(crate) fn leave_talk(
        &mut self,
        cx: &mut Context<'_>,
        fault: Fault,
        reason: &str,
        out: &mut impl Effects<Out>,
    ) -> Option<Talk> {
        self.cancel_consult(cx, reason, out);
        self.dismiss_guests(cx, reason, out);
        self.dismiss_watchers(cx, reason, out);
        let talk = match core::mem::replace(&mut self.stage, Stage::Flow) {
            Stage::Talking(talk) => talk,
            other => {
                self.stage = other;
                return None;
            }
        };
        self.deafen(CUSTOMER, out);
        self.deafen(talk.leg, out);
        if self.is_spoken() {
            out.emit(Out::Unbridge(CUSTOMER));
            self.arrange_sight(out);
            // One that asked for a transfer hangs up when it has heard how that went.
            if self.departing == Some(talk.leg) {
                out.emit(Out::Unbridge(talk.leg));
            } else if self.legs.is_open(talk.leg) {
                out.emit(Out::Leg(talk.leg, LegOut::Hangup));
            }
        }
        if self.departing != Some(talk.leg) {
            self.leg_ended(talk.leg, fault, reason, cx.now, out);
        }
        if let Some(agent) = &talk.agent {
            if self.is_spoken() {
                out.emit(Out::Show(Show::Call(self.show(&talk, agent.clone(), CallState::Ended))));
            }
            out.emit(Out::Route(routing::In::Released { work: self.id, agent: agent.clone() }));
        }
        Some(talk)
    }

    /// Words or a recording are still on their way into the record.
    pub(crate) fn is_anything_open(&self) -> bool {
        self.legs.any_stream_open() || self.recording
    }

    /// The process stops.
    pub(crate) fn shut_down(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if self.is_spoken() && !self.is_to_be_called() {
            self.finish(cx, Fault::Ours, "shutdown", out);
            self.clear_all(cx.now, out);
            self.close_the_record(out);
        } else if self.is_live() {
            // Written conversations sleep in the record and wake with the next process.
            self.stage = Stage::Over;
            out.emit(Out::Finished);
        }
    }

    pub(crate) fn close_the_record(&mut self, out: &mut impl Effects<Out>) {
        if matches!(self.stage, Stage::Closing) {
            self.stage = Stage::Over;
            self.timers.clear(Timer::Closing);
            out.emit(Out::Finished);
        }
    }
}
