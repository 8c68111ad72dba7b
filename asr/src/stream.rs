//! One leg's speech: opens an utterance at a voice, asks for interim text, ends it at a pause, settles its text.
//!
//! Promises: bounded memory (one window of audio, a pre-roll, 64 settling utterances); at most one interim outstanding;
//! finals in the order of speech, one per utterance; a late answer still belongs to its utterance.
//! Leaves to others: decoding and its order (`Schedule`), clocks (time comes with the audio).
//!
//! The pause trick: a short silence asks for interim text at once. If the silence lasts, that answer covers the whole
//! utterance and becomes its final, which is then there when the utterance ends and cost no second decoding.

mod settling;
mod utterance;

use std::collections::VecDeque;
use std::sync::Arc;

use kernel::Effects;

use crate::policy::Interims;
use crate::voice::Voice;
use crate::{Decode, DecodeKind, Hypothesis, In, Out, Policy, Window};
use settling::{Answer, Settling, tail_of, words_of};
use utterance::{PER_MS, Utterance};

/// Utterances that may wait for their text; more means that answers do not come, and the oldest is given up.
const MOST_SETTLING: usize = 64;
/// Missing audio up to this long is silence; more is as if the leg had been away.
const GAP_MS: u64 = 500;
/// A frame may be stamped this much late or early.
const JITTER_MS: u64 = 60;
/// Samples in 20 ms.
const FRAME: usize = 320;

/// The stream machine.
pub struct Stream {
    policy: Policy,
    language: Option<String>,
    voice: Voice,
    clock_ms: Option<u64>,
    pre_roll: VecDeque<i16>,
    open: Option<Utterance>,
    interim: Option<Asked>,
    settling: VecDeque<Settling>,
    tail: Vec<String>,
    next_decode: u64,
    next_utterance: u64,
    life: Life,
}

/// An interim under way.
struct Asked {
    id: u64,
    utterance: u64,
    voice_ms: u64,
    pause: bool,
    window: Arc<[f32]>,
}

#[derive(PartialEq, Eq)]
enum Life {
    Listening,
    Closing,
    Done,
}

/// Whether there is time to wait for an interim under way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Haste {
    Wait,
    Now,
}

impl Stream {
    /// A stream that has heard nothing.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            language: None,
            voice: Voice::new(),
            clock_ms: None,
            pre_roll: VecDeque::new(),
            open: None,
            interim: None,
            settling: VecDeque::new(),
            tail: Vec::new(),
            next_decode: 0,
            next_utterance: 0,
            life: Life::Listening,
        }
    }

    /// A stream in the place of this one, which has heard nothing: what was open is to be heard again. Answers to what this one
    /// asked mean nothing to it.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            language: self.language.clone(),
            next_decode: self.next_decode,
            next_utterance: self.next_utterance,
            ..Self::new(self.policy.clone())
        }
    }

    /// Whether interim text is asked for from now on.
    pub fn set_interims(&mut self, interims: Interims) {
        self.policy.interims = interims;
    }

    /// Where the audio begins whose text is not there yet; `None`: everything said has its text.
    #[must_use]
    pub fn unsettled_from(&self) -> Option<u64> {
        let open = self.open.iter().map(|open| open.window_start_ms);
        self.settling.iter().map(|one| one.window_start_ms).chain(open).min()
    }

    /// Tells the stream what happened.
    pub fn handle(&mut self, input: In<'_>, out: &mut impl Effects<Out>) {
        match input {
            In::Audio { end_ms, samples } if self.life == Life::Listening => self.audio(end_ms, samples, out),
            In::Audio { .. } => {}
            In::Paused { at_ms } => self.pause(at_ms, out),
            In::Language(language) => self.language = language,
            In::Decoded { id, result } => self.decoded(id, result, out),
            In::Closed => {
                self.flush(out);
                if self.life == Life::Listening {
                    self.life = Life::Closing;
                }
            }
        }
        self.settle(out);
    }

    fn audio(&mut self, end_ms: u64, samples: &[i16], out: &mut impl Effects<Out>) {
        let length_ms = samples.len() as u64 / PER_MS;
        let mut begin_ms = end_ms.saturating_sub(length_ms);
        if let Some(clock_ms) = self.clock_ms {
            let missing_ms = begin_ms.saturating_sub(clock_ms);
            if clock_ms.saturating_sub(begin_ms) > GAP_MS {
                // An old frame, or a clock that went back.
                return;
            }
            if missing_ms > GAP_MS {
                self.pause(clock_ms, out);
            } else {
                // Frames follow each other; the clock of a tick that was late by a little tells nothing.
                if missing_ms > JITTER_MS {
                    self.silence(clock_ms, missing_ms, out);
                }
                begin_ms = self.clock_ms.unwrap_or(clock_ms);
            }
        }
        self.clock_ms = Some(begin_ms + length_ms);
        for (i, frame) in samples.chunks(FRAME).enumerate() {
            let end_ms = begin_ms + ((i * FRAME + frame.len()) as u64) / PER_MS;
            self.frame(end_ms, frame, out);
        }
    }

    fn silence(&mut self, from_ms: u64, missing: u64, out: &mut impl Effects<Out>) {
        const QUIET: [i16; FRAME] = [0; FRAME];
        for frame in 1..=missing / 20 {
            self.clock_ms = Some(from_ms + frame * 20);
            self.frame(from_ms + frame * 20, &QUIET, out);
        }
    }

    fn frame(&mut self, end_ms: u64, samples: &[i16], out: &mut impl Effects<Out>) {
        let verdict = self.voice.frame(samples, &self.policy);
        match &mut self.open {
            None => {
                self.pre_roll.extend(samples);
                let excess = self.pre_roll.len().saturating_sub((self.policy.pre_roll_ms * PER_MS) as usize);
                self.pre_roll.drain(..excess);
                if verdict.onset {
                    let start_ms = end_ms.saturating_sub(self.policy.onset_ms);
                    self.begin(end_ms, start_ms);
                }
            }
            Some(open) => {
                open.push(samples);
                if verdict.voiced {
                    open.voice_ms = end_ms;
                    open.voiced_ms += samples.len() as u64 / PER_MS;
                }
                self.go_on(end_ms, out);
            }
        }
        self.lose_patience(end_ms, out);
    }

    fn begin(&mut self, end_ms: u64, start_ms: u64) {
        self.next_utterance += 1;
        let samples: Vec<i16> = self.pre_roll.drain(..).collect();
        self.open = Some(Utterance::new(self.next_utterance, samples, end_ms, start_ms, false));
    }

    /// The utterance is open: end it, cut it, ask for interim text, or let it be.
    fn go_on(&mut self, end_ms: u64, out: &mut impl Effects<Out>) {
        let Some(open) = &self.open else { return };
        let silent_ms = end_ms.saturating_sub(open.voice_ms);
        let hangover_ms = self.policy.hangover_at(open.length_ms());
        if silent_ms >= hangover_ms {
            self.end(Haste::Wait, out);
        } else if open.length_ms() >= self.policy.window_ms {
            self.cut(end_ms, out);
        } else if let Some(pause) = self.interim_due(open, end_ms, silent_ms, hangover_ms) {
            self.ask(end_ms, pause, out);
        }
    }

    /// Whether interim text is due, and if so whether because of a pause.
    fn interim_due(&self, open: &Utterance, end_ms: u64, silent_ms: u64, hangover_ms: u64) -> Option<bool> {
        let Interims::Every { period_ms, growth, pause_ms, .. } = self.policy.interims else { return None };
        if self.interim.is_some()
            || open.voice_ms <= open.asked_voice_ms
            || open.voiced_ms < self.policy.least_voice_ms
        {
            return None;
        }
        if silent_ms >= pause_ms.min(hangover_ms / 2) {
            return Some(true);
        }
        let period_ms = (period_ms + open.length_ms() / growth.max(1)) << open.silent.min(3);
        (end_ms.saturating_sub(open.asked_ms) >= period_ms).then_some(false)
    }

    fn ask(&mut self, end_ms: u64, pause: bool, out: &mut impl Effects<Out>) {
        let id = self.decode_id();
        let Some(open) = &mut self.open else { return };
        let window = open.window(end_ms.min(open.voice_ms + self.policy.tail_ms));
        open.asked_ms = end_ms;
        open.asked_voice_ms = open.voice_ms;
        self.interim = Some(Asked {
            id,
            utterance: open.serial,
            voice_ms: open.voice_ms,
            pause,
            window: Arc::clone(&window),
        });
        self.order(id, DecodeKind::Interim, window, out);
    }

    /// The window is full: what is before the quietest place is settled, what is after it stays open.
    fn cut(&mut self, end_ms: u64, out: &mut impl Effects<Out>) {
        let Some(open) = self.open.take() else { return };
        let (cut_ms, quiet) = open.quietest(&self.policy);
        let overlap_ms = if quiet { 0 } else { self.policy.overlap_ms };
        let rest = open.after(cut_ms.saturating_sub(overlap_ms)).to_vec();
        let id = self.decode_id();
        let window = open.window(cut_ms + overlap_ms);
        self.order(id, DecodeKind::Final, window, out);
        self.next_utterance += 1;
        let mut next = Utterance::new(self.next_utterance, rest, end_ms, cut_ms, !quiet);
        next.voice_ms = open.voice_ms.max(cut_ms);
        next.asked_ms = end_ms;
        next.silent = open.silent;
        self.wait_for(open, cut_ms, Answer::Final { id, pause: None });
        self.open = Some(next);
    }

    /// The utterance is over.
    fn end(&mut self, haste: Haste, out: &mut impl Effects<Out>) {
        let Some(mut open) = self.open.take() else { return };
        let until_ms = open.voice_ms + self.policy.tail_ms;
        self.pre_roll.extend(open.after(until_ms));
        let clock_ms = self.clock_ms.unwrap_or(open.voice_ms);
        let voice_ms = open.voice_ms;
        let answer = match (open.pause.take(), &self.interim, self.policy.interims) {
            _ if open.voiced_ms < self.policy.least_voice_ms => Answer::Here(None),
            (Some((at_ms, hypothesis)), _, _) if at_ms == voice_ms => Answer::Here(Some(hypothesis)),
            (_, Some(asked), Interims::Every { grace_ms, .. })
                if haste == Haste::Wait
                    && asked.pause
                    && asked.utterance == open.serial
                    && asked.voice_ms == voice_ms =>
            {
                Answer::Pause {
                    id: asked.id,
                    window: Arc::clone(&asked.window),
                    until_ms: clock_ms + grace_ms,
                }
            }
            _ => {
                let id = self.decode_id();
                self.order(id, DecodeKind::Final, open.window(until_ms), out);
                Answer::Final { id, pause: None }
            }
        };
        self.wait_for(open, voice_ms, answer);
    }

    fn wait_for(&mut self, open: Utterance, end_ms: u64, answer: Answer) {
        self.settling.push_back(Settling {
            start_ms: open.start_ms,
            end_ms: end_ms.max(open.start_ms),
            window_start_ms: open.window_start_ms,
            seam: open.seam,
            shown: open.agreement.last_words(),
            answer,
        });
        if self.settling.len() > MOST_SETTLING
            && let Some(oldest) = self.settling.iter_mut().find(|s| !matches!(s.answer, Answer::Here(_)))
        {
            oldest.answer = Answer::Here(None);
        }
    }

    fn pause(&mut self, at_ms: u64, out: &mut impl Effects<Out>) {
        self.flush(out);
        self.clock_ms = self.clock_ms.max(Some(at_ms));
    }

    /// What is open becomes final, at once.
    fn flush(&mut self, out: &mut impl Effects<Out>) {
        self.end(Haste::Now, out);
        self.lose_patience(u64::MAX, out);
        self.pre_roll.clear();
        self.voice.reset();
    }

    /// Asks for finals where the interim of the pause takes too long.
    fn lose_patience(&mut self, now_ms: u64, out: &mut impl Effects<Out>) {
        for at in 0..self.settling.len() {
            let Answer::Pause { id: pause, window, until_ms } = &self.settling[at].answer else { continue };
            if now_ms >= *until_ms {
                let (pause, window) = (*pause, Arc::clone(window));
                self.final_for(at, Some(pause), window, out);
            }
        }
    }

    fn final_for(&mut self, at: usize, pause: Option<u64>, window: Arc<[f32]>, out: &mut impl Effects<Out>) {
        let id = self.decode_id();
        self.order(id, DecodeKind::Final, window, out);
        if let Some(settling) = self.settling.get_mut(at) {
            settling.answer = Answer::Final { id, pause };
        }
    }

    fn decoded(&mut self, id: u64, result: Option<Hypothesis>, out: &mut impl Effects<Out>) {
        let asked = self.interim.take_if(|asked| asked.id == id);
        let waiting = self.settling.iter().position(|s| s.awaits(id));
        match (waiting, result) {
            (Some(at), result) => self.answered(at, id, result, out),
            (None, Some(hypothesis)) => {
                if let Some(asked) = asked {
                    self.show(&asked, hypothesis, out);
                }
            }
            (None, None) => {}
        }
    }

    fn answered(&mut self, at: usize, id: u64, result: Option<Hypothesis>, out: &mut impl Effects<Out>) {
        let Some(settling) = self.settling.get_mut(at) else { return };
        match (&settling.answer, result) {
            (_, Some(hypothesis)) => settling.answer = Answer::Here(Some(hypothesis)),
            (Answer::Pause { window, .. }, None) => {
                let window = Arc::clone(window);
                self.final_for(at, None, window, out);
            }
            (Answer::Final { id: asked, .. }, None) if *asked == id => settling.answer = Answer::Here(None),
            (_, None) => {}
        }
    }

    /// Interim text of the open utterance.
    fn show(&mut self, asked: &Asked, hypothesis: Hypothesis, out: &mut impl Effects<Out>) {
        let Some(open) = self.open.as_mut().filter(|open| open.serial == asked.utterance) else { return };
        let speech = hypothesis.no_speech <= self.policy.no_speech && !hypothesis.text.is_empty();
        open.silent = if speech { 0 } else { open.silent.saturating_add(1) };
        if speech {
            let mut words = words_of(&hypothesis, open.length_ms());
            crate::words::collapse(&mut words);
            let shown = open.agreement.hear(&words);
            if shown != open.shown {
                out.emit(Out::Partial {
                    stable: shown.stable.clone(),
                    tentative: shown.tentative.clone(),
                    start_ms: open.start_ms,
                });
                open.shown = shown;
            }
        }
        if asked.pause {
            open.pause = Some((asked.voice_ms, hypothesis));
        }
    }

    /// Hands over what is settled, in order.
    fn settle(&mut self, out: &mut impl Effects<Out>) {
        while let Some(first) = self.settling.pop_front_if(|s| matches!(s.answer, Answer::Here(_))) {
            let (start_ms, end_ms) = (first.start_ms, first.end_ms);
            match first.heard(self.policy.no_speech, &self.tail) {
                Some(heard) => {
                    self.tail = tail_of(&heard.words);
                    out.emit(Out::Final(heard));
                }
                None => {
                    self.tail.clear();
                    out.emit(Out::Nothing { start_ms, end_ms });
                }
            }
        }
        if self.life == Life::Closing && self.settling.is_empty() {
            self.life = Life::Done;
            out.emit(Out::Done);
        }
    }

    fn decode_id(&mut self) -> u64 {
        self.next_decode += 1;
        self.next_decode
    }

    fn order(&self, id: u64, kind: DecodeKind, samples: Arc<[f32]>, out: &mut impl Effects<Out>) {
        let window = Window { samples, language: self.language.clone() };
        out.emit(Out::Decode(Decode { id, kind, window }));
    }
}
