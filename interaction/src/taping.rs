//! Recording a talk: when it begins by the policy, who is on it, pause and end; and what the record says of it. Likewise whether
//! its words are written down.
//!
//! Promises: nothing is recorded against the policy or before the customer agreed where it asks for that; a pause is true
//! silence; one recording per conversation, on which time goes on. Leaves to others: sound and disk (`gateway`).

use desk::Speaker;
use kernel::{Context, Effects, Time};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::Stage;
use crate::io::{Out, Quality, Recording, RecordingPolicy, Refused, Side, Tape};
use crate::record::Note;

/// The recording of a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taping {
    state: Option<Recording>,
    /// It ended or failed: it does not begin again.
    over: bool,
    /// The customer agreed to be recorded.
    agreed: bool,
    /// The agent paused the transcript on its own.
    words_paused: bool,
    /// Since when, for the positions in it.
    began: Time,
}

impl Taping {
    pub(crate) const fn state(&self) -> Option<Recording> {
        self.state
    }
}

impl Interaction {
    /// The customer agreed in the flow, or did not.
    pub fn agreed_to_recording(&mut self, agreed: bool) {
        self.taping.agreed = agreed;
    }

    pub(crate) const fn has_agreed(&self) -> bool {
        self.taping.agreed
    }

    pub(crate) fn policy(&self) -> RecordingPolicy {
        let rules = &self.settings.recording;
        let queue = self.queue().and_then(|queue| rules.queues.get(&queue).copied());
        queue.or_else(|| rules.numbers.get(&self.called).copied()).unwrap_or_default()
    }

    /// Whether the agent may begin, pause and go on.
    pub(crate) fn may_record(&self) -> bool {
        let allowed = match self.policy() {
            RecordingPolicy::Never => false,
            RecordingPolicy::Consent => self.taping.agreed,
            RecordingPolicy::Asked | RecordingPolicy::Always => true,
        };
        (allowed || self.taping.state.is_some()) && !self.taping.over
    }

    /// Whether the policy asks for an agreement that the customer did not give: nothing is recorded or written down then.
    fn is_refused(&self) -> bool {
        self.policy() == RecordingPolicy::Consent && !self.taping.agreed
    }

    /// Whether a talk's words may be written down now: what gates and pauses the recording gates and pauses these as well, and
    /// they have a pause of their own.
    pub(crate) fn may_be_written_down(&self) -> bool {
        !self.is_refused() && !self.taping.words_paused && self.taping.state != Some(Recording::Paused)
    }

    /// What the agent ordered for the transcript; `None`: there is none.
    pub(crate) fn transcription(&self) -> Option<Recording> {
        let ordered = if self.taping.words_paused { Recording::Paused } else { Recording::On };
        (self.is_spoken() && !self.is_refused()).then_some(ordered)
    }

    pub(crate) fn transcribe_on_order(
        &mut self,
        cx: &Context<'_>,
        what: Recording,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        if !self.is_spoken() {
            return Err(Refused::NotACall);
        }
        if self.transcription().is_none_or(|now| now == what) {
            return Err(Refused::WrongState);
        }
        self.taping.words_paused = what == Recording::Paused;
        match what {
            Recording::Paused => {
                for leg in self.legs.open() {
                    self.deafen(leg, out);
                }
                self.note(cx.now, Note::of("transcription_paused"), out);
            }
            Recording::On => {
                self.note(cx.now, Note::of("transcription_resumed"), out);
                self.arrange(out);
            }
        }
        self.show_call(out);
        Ok(())
    }

    /// A talk is connected: recorded from now on, if the policy says so.
    pub(crate) fn tape_talk(&mut self, cx: &Context<'_>, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &self.stage else { return };
        if talk.agent.is_none() && self.taping.state.is_none() {
            return;
        }
        let leg = talk.leg;
        let wished = match self.policy() {
            RecordingPolicy::Always => true,
            RecordingPolicy::Consent => self.taping.agreed,
            RecordingPolicy::Never | RecordingPolicy::Asked => false,
        };
        if wished && self.taping.state.is_none() && !self.taping.over {
            self.begin_tape(cx, out);
        }
        self.tape_leg(leg, out);
    }

    pub(crate) fn begin_tape(&mut self, cx: &Context<'_>, out: &mut impl Effects<Out>) {
        self.taping.state = Some(Recording::On);
        self.taping.began = cx.now;
        let start = self.wall(cx.now).saturating_sub(self.started_at);
        out.emit(Out::Tape(Tape::Begin));
        out.emit(Out::Tape(Tape::Take(CUSTOMER, Side::Customer)));
        let detail = serde_json::json!({ "start_ms": start }).to_string();
        self.note(cx.now, Note::of("recording_began").detail(detail), out);
    }

    /// Somebody else is on the recording from now on, if there is one.
    pub(crate) fn tape_leg(&self, leg: u16, out: &mut impl Effects<Out>) {
        if self.taping.state.is_some() && leg != CUSTOMER {
            let side = match self.speaker_of(leg) {
                Speaker::Customer => Side::Customer,
                Speaker::Agent | Speaker::System => Side::Staff,
            };
            out.emit(Out::Tape(Tape::Take(leg, side)));
        }
    }

    pub(crate) fn record_on_order(
        &mut self,
        cx: &mut Context<'_>,
        what: Recording,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        if !self.is_spoken() {
            return Err(Refused::NotACall);
        }
        if !self.may_record() || self.taping.state == Some(what) {
            return Err(Refused::WrongState);
        }
        match (self.taping.state, what) {
            (None, Recording::Paused) => return Err(Refused::WrongState),
            (None, Recording::On) => {
                self.begin_tape(cx, out);
                match &self.stage {
                    Stage::Talking(talk) => {
                        let others = talk.everybody_else().filter(|guest| guest.up).map(|guest| guest.leg);
                        for leg in others.chain([talk.leg]) {
                            self.tape_leg(leg, out);
                        }
                    }
                    _ => self.tape_all(out),
                }
            }
            (Some(_), Recording::Paused) => {
                out.emit(Out::Tape(Tape::Pause));
                for leg in self.legs.open() {
                    self.deafen(leg, out);
                }
                self.note(cx.now, Note::of("recording_paused"), out);
            }
            (Some(_), Recording::On) => {
                out.emit(Out::Tape(Tape::Resume));
                self.note(cx.now, Note::of("recording_resumed"), out);
            }
        }
        let resumed = self.taping.state == Some(Recording::Paused);
        self.taping.state = Some(what);
        if resumed {
            // Whoever talks is heard again.
            self.arrange(out);
        }
        self.show_call(out);
        Ok(())
    }

    /// The conversation ends, and the recording with it.
    pub(crate) fn end_tape(&mut self, now: Time, out: &mut impl Effects<Out>) {
        if self.taping.state.take().is_some() {
            self.taping.over = true;
            out.emit(Out::Tape(Tape::End));
            let lasted = u64::try_from(now.since(self.taping.began).as_millis()).unwrap_or(u64::MAX);
            let detail = serde_json::json!({ "duration_ms": lasted }).to_string();
            self.note(now, Note::of("recording_ended").detail(detail), out);
        }
    }

    /// The disk refused: what was written stays, and the agent sees that nothing more is recorded.
    pub(crate) fn recording_failed(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        if self.taping.state.take().is_some() {
            self.taping.over = true;
            self.note(cx.now, Note::of("recording_failed"), out);
            self.show_call(out);
        }
    }

    /// How a leg was heard, for the record.
    pub(crate) fn on_quality(
        &self,
        cx: &mut Context<'_>,
        leg: u16,
        quality: Quality,
        out: &mut impl Effects<Out>,
    ) {
        let tenth = |x: f32| (f64::from(x) * 10.0).round() / 10.0;
        let detail = serde_json::json!({
            "mos": (f64::from(quality.mos) * 100.0).round() / 100.0,
            "lost_percent": tenth(quality.lost),
            "jitter_ms": tenth(quality.jitter_ms),
            "rtt_ms": tenth(quality.rtt_ms),
        });
        self.note(cx.now, Note::of("quality").leg(leg).detail(detail.to_string()), out);
    }
}
