//! Calling back: a place in a queue without a caller, and the call that is made when its turn comes.
//!
//! Promises: the place is that of the first arrival; the customer is dialled when an agent is on the line, so there are never
//! more calls than free agents; whoever does not answer is called once and the attempt is recorded; when the agent is lost
//! before the customer answers, the place is kept. Leaves to others: whose turn it is (`routing`), dialling (`gateway`).

use std::sync::Arc;
use std::time::Duration;

use desk::Speaker;
use ivr::Tone;
use kernel::{Context, Effects, Fault, Pii};
use routing::Target;

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{self, Timer, Waiting};
use crate::io::{CallbackChange, CallbackWish, DialTo, LegOut, MediaOut, Opening, Out, Refused, Settings};
use crate::record::{Note, opened};
use crate::room::play_music;

/// How long the customer's phone may ring.
const RING: Duration = Duration::from_secs(45);
/// How a customer's leg that is not dialled yet stands in the record.
pub const DEVICE: &str = "callback";

/// How far a callback is.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// In the queue.
    Waiting(Pii<String>),
    /// The customer's phone rings.
    Calling(Pii<String>),
    /// They are called before anybody else; then the flow begins.
    CallingFirst(Box<Opening>),
    /// They talk, or talked.
    Reached,
}

/// Whether a callback is new or from before a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// The record begins with it.
    New,
    /// It stands in the record already.
    Again,
}

impl Interaction {
    /// Somebody waits in a queue to be called back.
    pub fn call_back(
        opening: &Opening,
        wish: CallbackWish,
        begin: Begin,
        settings: Arc<Settings>,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Self {
        let mut this = Self::blank(opening, opening.wall, settings, cx.now);
        this.callback = Some(Stage::Waiting(wish.number));
        if begin == Begin::New {
            out.emit(Out::Record(opened(opening)));
        }
        this.add_leg(cx.now, Speaker::Customer, None, DEVICE, out);
        let wishes = routing::Wishes { callback: true, ..wish.wishes };
        let waiting = Waiting::new(Target::Queue(wish.queue), wish.arrived_at);
        this.enter_queue(cx, Waiting { priority: wish.priority, wishes, ..waiting }, out);
        this
    }

    /// The customer of this call wants to be called back.
    pub(crate) fn request_callback(
        &mut self,
        cx: &mut Context<'_>,
        mut wish: CallbackWish,
        out: &mut impl Effects<Out>,
    ) {
        let waited = self.gave_up.take().filter(|waited| waited.target == Target::Queue(wish.queue.clone()));
        if let Some(waited) = waited {
            wish.arrived_at = waited.since;
            wish.priority = wish.priority.max(waited.priority);
            wish.wishes = waited.wishes;
        }
        let detail =
            serde_json::json!({ "queue": wish.queue, "arrived_at": self.wall(wish.arrived_at) }).to_string();
        self.note(cx.now, Note::of("callback_requested").detail(detail), out);
        out.emit(Out::RequestCallback(wish));
    }

    /// The staff withdraws a callback that waits, or moves it.
    pub(crate) fn change_callback(
        &mut self,
        cx: &mut Context<'_>,
        change: CallbackChange,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        if !self.is_live() {
            return Err(Refused::Over);
        }
        let interaction::Stage::Waiting(waiting) = &mut self.stage else { return Err(Refused::WrongState) };
        if !matches!(self.callback, Some(Stage::Waiting(_))) {
            return Err(Refused::WrongState);
        }
        let (queue, not_before) = match change {
            CallbackChange::Withdraw => {
                self.finish(cx, Fault::None, "callback_withdrawn", out);
                return Ok(());
            }
            CallbackChange::Move { queue, not_before } => (queue, not_before),
        };
        let mut moved = waiting.clone();
        for offer in core::mem::take(&mut moved.offers) {
            self.stop_ringing(cx.now, &offer, Some(routing::OfferEnd::Withdrawn), out);
        }
        moved.target = queue.map_or(moved.target, Target::Queue);
        moved.wishes.not_before = not_before;
        self.enter_queue(cx, moved, out);
        Ok(())
    }

    /// Whether the customer is yet to be dialled.
    pub(crate) const fn is_to_be_called(&self) -> bool {
        matches!(self.callback, Some(Stage::Waiting(_)))
    }

    /// Whether the customer's phone rings.
    pub(crate) const fn is_calling_back(&self) -> bool {
        matches!(self.callback, Some(Stage::Calling(_) | Stage::CallingFirst(_)))
    }

    /// The agent is on the line: now the customer is dialled, and the agent hears it ring.
    pub(crate) fn call_customer(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        let Some(Stage::Waiting(number)) = self.callback.take() else { return };
        self.callback = Some(Stage::Calling(number.clone()));
        self.timers.clear(Timer::Connect);
        self.timers.set(Timer::Ring, cx.now + RING);
        let code = if self.outgoing { "calling_out" } else { "calling_back" };
        self.note(cx.now, Note::of(code).leg(CUSTOMER), out);
        out.emit(Out::Leg(CUSTOMER, LegOut::Dial(DialTo::Number(number))));
        if let interaction::Stage::Talking(talk) = &self.stage {
            play_music(talk.leg, Tone::Ringback, out);
        }
        self.show_call(out);
    }

    pub(crate) fn customer_was_reached(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if let Some(Stage::CallingFirst(opening)) = self.callback.replace(Stage::Reached) {
            return self.called_customer_answered(cx, &opening, out);
        }
        self.timers.clear(Timer::Ring);
        if let interaction::Stage::Talking(talk) = &self.stage {
            out.emit(Out::Media(talk.leg, MediaOut::StopPlay));
        }
        self.connected(cx, out);
    }

    /// The customer does not answer.
    pub(crate) fn callback_failed(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        self.note_failed_callback(cx, why, out);
        self.finish(cx, Fault::Caller, why, out);
    }

    pub(crate) fn note_failed_callback(
        &mut self,
        cx: &mut Context<'_>,
        why: &str,
        out: &mut impl Effects<Out>,
    ) {
        if self.is_calling_back() {
            self.callback = Some(Stage::Reached);
            let code = if self.outgoing { "call_failed" } else { "callback_failed" };
            self.note(cx.now, Note::of(code).detail(Self::detail("why", why)), out);
        }
    }

    /// The agent's page is gone while the customer's phone rings: that stops, and the place is kept.
    pub(crate) fn agent_lost_while_calling(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        let Some(Stage::Calling(number)) = self.callback.take() else { return };
        self.callback = Some(Stage::Waiting(number));
        self.timers.clear(Timer::Ring);
        self.timers.clear(Timer::Grace);
        out.emit(Out::Leg(CUSTOMER, LegOut::Hangup));
        self.leg_again(CUSTOMER, out);
        self.back_to_the_queue(cx, "page_lost", out);
    }
}
