//! The flow's wishes become media, signalling and routing orders.

use std::time::Duration;

use desk::{Change, ConversationState, EntryKind, Speaker};
use ivr::{Clip, FlowEnd};
use kernel::{Context, Effects, Fault, Lang};
use routing::Target;

use crate::Interaction;
use crate::interaction::{Stage, Timer, Waiting};
use crate::io::{CallbackWish, DialTo, LegOut, MediaOut, Opening, Out};
use crate::queued::{self, Queued};
use crate::record::Note;

/// The customer's leg.
pub(crate) const CUSTOMER: u16 = 0;

impl Interaction {
    pub(crate) fn tell_flow(&mut self, cx: &mut Context<'_>, news: ivr::In, out: &mut impl Effects<Out>) {
        let Some(run) = self.run.take() else { return };
        let mut steps = Vec::new();
        self.run = Some(run.handle(cx, news, &mut steps));
        self.follow_flow(cx, steps, out);
    }

    /// After a restart a conversation that was in the flow begins it anew.
    pub(crate) fn restart_flow(
        &mut self,
        opening: &Opening,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) {
        let start = ivr::Start {
            entry: opening.entry.clone(),
            lang: opening.lang,
            text: !self.is_spoken(),
            caller: opening.caller.clone(),
            called: opening.called.clone(),
        };
        let mut steps = Vec::new();
        match ivr::Run::start(self.settings.flow.clone(), start, cx, &mut steps) {
            Ok(run) => {
                self.run = Some(run);
                self.follow_flow(cx, steps, out);
            }
            Err(_) => self.finish(cx, Fault::Ours, "flow_changed", out),
        }
    }

    pub(crate) fn follow_flow(
        &mut self,
        cx: &mut Context<'_>,
        steps: Vec<ivr::Out>,
        out: &mut impl Effects<Out>,
    ) {
        for step in steps {
            if !self.is_live() {
                return;
            }
            self.follow(cx, step, out);
        }
    }

    fn follow(&mut self, cx: &mut Context<'_>, step: ivr::Out, out: &mut impl Effects<Out>) {
        match step {
            ivr::Out::Ring => self.order_customer(LegOut::Ring, out),
            ivr::Out::EarlyMedia => self.order_customer(LegOut::EarlyMedia, out),
            ivr::Out::Answer => self.order_customer(LegOut::Answer, out),
            ivr::Out::Play { clips, forever, token } if self.is_spoken() => {
                out.emit(Out::Media(CUSTOMER, MediaOut::Play { clips, forever, token }));
            }
            ivr::Out::Play { clips, forever, token } => {
                self.send_prompts(cx, &clips, out);
                if !forever {
                    self.tell_flow(cx, ivr::In::Played { token }, out);
                }
            }
            ivr::Out::StopPlay => self.order_customer_media(MediaOut::StopPlay, out),
            ivr::Out::Echo => self.order_customer_media(MediaOut::Echo(true), out),
            ivr::Out::Transcribe => self.listen(CUSTOMER, out),
            ivr::Out::Enqueue { queue, priority, wants } => {
                let wishes = queued::wishes(*wants);
                let waiting = Waiting::new(Target::Queue(queue), cx.now);
                self.enter_queue(cx, Waiting { priority, wishes, ..waiting }, out);
            }
            ivr::Out::RingAgent { agent, .. } => {
                self.note(cx.now, Note::of("ringing").detail(Self::detail("agent", agent.as_str())), out);
                let since = cx.now;
                self.wait(Waiting::new(Target::Agent(agent), since), out);
            }
            ivr::Out::Dial { uri, codecs, ring } => {
                self.dial_for_the_flow(cx, DialTo::Uri(uri, codecs), ring, out);
            }
            ivr::Out::DialNumber { number, ring } => {
                self.dial_for_the_flow(cx, DialTo::Number(number), ring, out)
            }
            ivr::Out::Listen => {
                self.flow_listens = true;
                self.listen(CUSTOMER, out);
            }
            ivr::Out::Deafen => {
                self.flow_listens = false;
                self.deafen(CUSTOMER, out);
            }
            ivr::Out::Shield(shield) => self.shield(cx, shield, out),
            ivr::Out::Record { silence } => self.record_customer(silence, out),
            ivr::Out::StopRecording => self.order_customer_media(MediaOut::StopRecord, out),
            ivr::Out::Fetch { token, request } => out.emit(Out::Fetch { token, request }),
            ivr::Out::FindPerson { token, number } => out.emit(Out::FindPerson { token, number }),
            ivr::Out::RequestCallback { number, queue, priority } => {
                let (wishes, arrived_at) = (routing::Wishes::default(), cx.now);
                self.request_callback(cx, CallbackWish { number, queue, priority, wishes, arrived_at }, out);
            }
            ivr::Out::Note { code, detail } => {
                let detail = serde_json::json!(detail).to_string();
                self.note(cx.now, Note::of(&code).detail(detail), out);
            }
            ivr::Out::Language(lang) => self.change_language(lang, ConversationState::Flow, out),
            ivr::Out::At(step) => {
                self.leave_what_was_waited_for(cx, out);
                let detail = self.step_detail(&step);
                self.note(cx.now, Note::of("step").detail(detail), out);
            }
            ivr::Out::End(end) => self.flow_ended(cx, end, out),
        }
    }

    /// Waits in a queue, and the record says how.
    pub(crate) fn enter_queue(
        &mut self,
        cx: &mut Context<'_>,
        mut waiting: Waiting,
        out: &mut impl Effects<Out>,
    ) {
        waiting.wishes.tier = waiting.wishes.tier.or_else(|| self.tier.clone());
        let queue = match &waiting.target {
            Target::Queue(queue) => Some(queue.clone()),
            Target::Agent(_) => None,
        };
        let entry = Queued { queue, priority: waiting.priority, wishes: waiting.wishes.clone() };
        self.note(cx.now, Note::of(queued::QUEUED).detail(queued::written(&entry)), out);
        self.wait(waiting, out);
    }

    fn dial_for_the_flow(
        &mut self,
        cx: &mut Context<'_>,
        to: DialTo,
        ring: Duration,
        out: &mut impl Effects<Out>,
    ) {
        let leg = self.add_leg(cx.now, Speaker::Agent, None, "phone", out);
        self.timers.set(Timer::Ring, cx.now + ring);
        self.stage = Stage::Dialing { leg, handed: None };
        self.moved(ConversationState::Ringing, None, None, None, out);
        out.emit(Out::Leg(leg, LegOut::Dial(to)));
    }

    /// The flow went on to another step: a place in a queue or a dialled number of the former one is given up.
    fn leave_what_was_waited_for(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        match self.stage {
            Stage::Waiting(ref waiting) => {
                self.gave_up = Some(waiting.clone());
                self.leave_queue(cx, out);
            }
            Stage::Dialing { leg, .. } => {
                self.timers.clear(Timer::Ring);
                out.emit(Out::Leg(leg, LegOut::Hangup));
                self.leg_ended(leg, Fault::None, "left", cx.now, out);
            }
            Stage::Flow
            | Stage::Talking(_)
            | Stage::Parked(_)
            | Stage::Elsewhere(_)
            | Stage::Closing
            | Stage::Over => return,
        }
        self.stage = Stage::Flow;
    }

    fn order_customer(&mut self, order: LegOut, out: &mut impl Effects<Out>) {
        if self.is_spoken() {
            out.emit(Out::Leg(CUSTOMER, order));
        }
    }

    pub(crate) fn order_customer_media(&mut self, order: MediaOut, out: &mut impl Effects<Out>) {
        if self.is_spoken() {
            out.emit(Out::Media(CUSTOMER, order));
        }
    }

    pub(crate) fn change_language(
        &mut self,
        lang: Lang,
        state: ConversationState,
        out: &mut impl Effects<Out>,
    ) {
        self.lang = lang;
        out.emit(Out::Record(Change::ConversationMoved {
            id: self.id,
            state,
            queue: None,
            queued_at: None,
            agent: None,
            lang: Some(lang.code().to_owned()),
        }));
    }

    fn flow_ended(&mut self, cx: &mut Context<'_>, end: FlowEnd, out: &mut impl Effects<Out>) {
        match end {
            FlowEnd::Finished => self.finish(cx, Fault::None, "flow_finished", out),
            FlowEnd::GaveUp => self.finish(cx, Fault::Caller, "no_input", out),
            FlowEnd::Refused(status) => {
                self.order_customer(LegOut::Refuse(status), out);
                self.finish(cx, Fault::None, "refused", out);
            }
        }
    }

    /// In writing, prompts are messages.
    fn send_prompts(&mut self, cx: &mut Context<'_>, clips: &[Clip], out: &mut impl Effects<Out>) {
        for clip in clips {
            match clip {
                Clip::Prompt { name, lang } => {
                    let Some(text) = self.settings.texts.get(&(name.clone(), *lang)) else { continue };
                    let entry = self.entry(cx.now, Speaker::System, EntryKind::Message, text.clone());
                    self.add_entry(entry, out);
                }
                // It may repeat what the customer wrote, of which not all may be kept.
                Clip::Spoken(spoken) => self.write_for_the_flow(cx, spoken.written.reveal().clone(), out),
                Clip::Tone(_) => {}
            }
        }
    }
}
