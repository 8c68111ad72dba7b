//! What a step can do for the customer who is at it.
//!
//! Promises: differences between speaking and writing are settled here, once: to someone who writes, prompts are
//! messages that end at once, and there is nothing to ring, answer or stop.

mod asking;
mod variables;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use kernel::{Effects, Lang, Pii, Secret, Time};
use serde::{Deserialize, Serialize};

use crate::address::Template;
use crate::datum::Datum;
use crate::flow::Flow;
use crate::io::{Clip, Out, Shield, Tone};
use crate::verbs::Verb;

pub use asking::Asking;
pub use variables::Escape;
pub(crate) use variables::{BUILT_IN, escaped};

/// Deepest nesting of parts of a flow that call each other.
const CALLS: usize = 16;

/// What the customer hears because the flow said so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Sound {
    /// Nothing.
    #[default]
    Silence,
    /// Something that ends by itself.
    Once(u64),
    /// Something that does not.
    Forever,
}

/// What the customer is in the present step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Alone with the flow: a sound or a time leads on.
    #[default]
    Alone,
    /// Here until they leave.
    Staying,
    /// Waiting for somebody: in a queue, or while a phone rings.
    Waiting,
    /// With somebody.
    Connected,
    /// Out of the flow.
    Gone,
}

/// A step's memory; forgotten when the customer moves on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Memory {
    pub(crate) stage: Stage,
    pub(crate) sound: Sound,
    pub(crate) until: Option<Time>,
    /// How often nothing came.
    pub(crate) silences: u8,
    /// How often something unusable came.
    pub(crate) misses: u8,
    /// How far the step is, for steps that do several things.
    pub(crate) phase: u8,
    /// Keys typed so far. Never written down.
    #[serde(skip)]
    pub(crate) typed: Secret<String>,
    pub(crate) listening: bool,
    pub(crate) shield: Shield,
    pub(crate) recording: bool,
    /// The question that is open elsewhere.
    pub(crate) awaited: Option<u64>,
    /// Their place in line, and the minutes that it is likely to take.
    pub(crate) place: Option<(u32, Option<u32>)>,
    /// What an outside application wants done next, and how often it was asked.
    pub(crate) verbs: VecDeque<Verb>,
    pub(crate) exchanges: u8,
}

/// Everything about one customer in a flow, but the flow.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(crate) step: String,
    pub(crate) lang: Lang,
    pub(crate) text: bool,
    pub(crate) caller: Pii<String>,
    pub(crate) called: Pii<String>,
    pub(crate) answered: bool,
    /// The last token given out.
    pub(crate) token: u64,
    pub(crate) memory: Memory,
    pub(crate) variables: BTreeMap<String, Datum>,
    /// What was entered in secret. Never written down.
    #[serde(skip)]
    pub(crate) hidden: BTreeMap<String, Secret<String>>,
    /// Where to go on after the parts of the flow that were called.
    pub(crate) calls: Vec<String>,
}

impl Progress {
    /// Ears, shields and recordings of the present step are over.
    pub(crate) fn withdraw(&mut self, out: &mut dyn Effects<Out>) {
        if std::mem::take(&mut self.memory.recording) {
            out.emit(Out::StopRecording);
        }
        if std::mem::take(&mut self.memory.listening) {
            out.emit(Out::Deafen);
        }
        if std::mem::take(&mut self.memory.shield) != Shield::Open {
            out.emit(Out::Shield(Shield::Open));
        }
    }
}

/// The customer, the time, and the way to give orders.
pub struct Scene<'a> {
    pub(crate) flow: &'a Flow,
    pub(crate) progress: &'a mut Progress,
    pub(crate) now: Time,
    pub(crate) out: &'a mut dyn Effects<Out>,
}

impl Scene<'_> {
    /// The time.
    #[must_use]
    pub const fn now(&self) -> Time {
        self.now
    }

    /// Whether they write instead of speak.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.progress.text
    }

    /// Whether the call was answered (always true for those who write).
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.progress.answered || self.progress.text
    }

    /// Whether prompts are being said now.
    #[must_use]
    pub fn is_saying(&self) -> bool {
        matches!(self.progress.memory.sound, Sound::Once(_))
    }

    /// Answers if that has not been done: every step that needs sound does it itself.
    pub fn answer(&mut self) {
        if !self.is_answered() {
            self.progress.answered = true;
            self.out.emit(Out::Answer);
        }
    }

    /// Tells an unanswered caller that it rings.
    pub fn ring(&mut self) {
        if !self.is_answered() {
            self.out.emit(Out::Ring);
        }
    }

    /// Lets an unanswered caller hear what is said.
    pub fn early_media(&mut self) {
        if !self.is_answered() {
            self.out.emit(Out::EarlyMedia);
        }
    }

    /// Says prompts once. True: their end is yet to come (`Node::played`). False: nothing to wait for.
    pub fn say<'p>(&mut self, prompts: impl IntoIterator<Item = &'p String>) -> bool {
        let clips = self.clips(prompts);
        if clips.is_empty() {
            return false;
        }
        self.play_once(clips)
    }

    fn play_once(&mut self, clips: Vec<Clip>) -> bool {
        let token = self.play(clips, false);
        if self.progress.text {
            return false;
        }
        self.progress.memory.sound = Sound::Once(token);
        true
    }

    /// Plays a tone once. True: its end is yet to come. False (in writing): nothing to wait for.
    pub fn sound(&mut self, tone: Tone) -> bool {
        if self.progress.text {
            return false;
        }
        let token = self.play(vec![Clip::Tone(tone)], false);
        self.progress.memory.sound = Sound::Once(token);
        true
    }

    /// Plays prompts and then a tone (either may be missing) again and again. Nothing in writing.
    pub fn repeat<'p>(&mut self, prompts: impl IntoIterator<Item = &'p String>, tone: Option<Tone>) {
        let mut clips = self.clips(prompts);
        clips.extend(tone.map(Clip::Tone));
        if self.progress.text || clips.is_empty() {
            return;
        }
        self.play(clips, true);
        self.progress.memory.sound = Sound::Forever;
    }

    fn play(&mut self, clips: Vec<Clip>, forever: bool) -> u64 {
        self.progress.token += 1;
        let token = self.progress.token;
        self.out.emit(Out::Play { clips, forever, token });
        token
    }

    /// Stops what plays, if anything does.
    pub fn stop(&mut self) {
        if self.progress.memory.sound != Sound::Silence {
            self.progress.memory.sound = Sound::Silence;
            self.out.emit(Out::StopPlay);
        }
    }

    /// `Node::elapsed` follows after this time; replaces an earlier wait.
    pub fn wait(&mut self, span: Duration) {
        self.progress.memory.until = Some(self.now + span);
    }

    /// No `Node::elapsed` any more.
    pub fn stop_waiting(&mut self) {
        self.progress.memory.until = None;
    }

    /// The customer stays at this step until they leave.
    pub fn stay(&mut self) {
        self.progress.memory.stage = Stage::Staying;
    }

    /// Orders something that ends with an agent (or another party) or with `Node::failed`.
    pub fn wait_for_somebody(&mut self, order: Out) {
        self.progress.memory.stage = Stage::Waiting;
        self.out.emit(order);
    }

    /// Their place in line and the likely minutes, as far as they are known.
    #[must_use]
    pub fn place(&self) -> Option<(u32, Option<u32>)> {
        self.progress.memory.place
    }

    /// How far the step is, for steps that do several things.
    #[must_use]
    pub fn phase(&self) -> u8 {
        self.progress.memory.phase
    }

    /// The step is that far.
    pub fn set_phase(&mut self, phase: u8) {
        self.progress.memory.phase = phase;
    }

    /// Listens to what they say until they leave the step: `Node::speaking` and `Node::said` follow.
    pub fn listen(&mut self) {
        if !self.progress.text && !self.progress.memory.listening {
            self.progress.memory.listening = true;
            self.out.emit(Out::Listen);
        }
    }

    /// Keeps what comes out of everything that is written down, until they leave the step.
    pub fn shield(&mut self, shield: Shield) {
        if !self.progress.text && self.progress.memory.shield != shield {
            self.progress.memory.shield = shield;
            self.out.emit(Out::Shield(shield));
        }
    }

    /// Records them until they leave the step; `Node::quiet` follows after this much silence.
    pub fn record(&mut self, silence: Duration) {
        if !self.progress.memory.recording {
            self.progress.memory.recording = true;
            self.out.emit(Out::Record { silence });
        }
    }

    /// Everything that the present step began is over.
    pub(crate) fn rest(&mut self) {
        self.stop();
        self.progress.withdraw(self.out);
    }

    /// A question to somebody else; its answer comes with this token.
    pub(crate) fn question(&mut self) -> u64 {
        self.progress.token += 1;
        self.progress.memory.awaited = Some(self.progress.token);
        self.progress.token
    }

    /// Whether this is the answer that is waited for; it comes once.
    pub(crate) fn awaits(&mut self, token: u64) -> bool {
        let mine = self.progress.memory.awaited == Some(token);
        if mine {
            self.progress.memory.awaited = None;
        }
        mine
    }

    /// Comes back to this step with the next `return`. False: too deep.
    pub(crate) fn call(&mut self, back: &str) -> bool {
        let room = self.progress.calls.len() < CALLS;
        if room {
            self.progress.calls.push(back.to_owned());
        }
        room
    }

    /// Orders something else.
    pub fn order(&mut self, order: Out) {
        self.out.emit(order);
    }

    /// Speaks this language from now on.
    pub fn speak(&mut self, lang: Lang) {
        self.progress.lang = lang;
        self.out.emit(Out::Language(lang));
    }

    /// Counts one more time without an answer; says how many there were at this step.
    pub fn count_silence(&mut self) -> u8 {
        self.progress.memory.silences = self.progress.memory.silences.saturating_add(1);
        self.progress.memory.silences
    }

    /// Counts one more unusable answer; says how many there were at this step.
    pub fn count_miss(&mut self) -> u8 {
        self.progress.memory.misses = self.progress.memory.misses.saturating_add(1);
        self.progress.memory.misses
    }

    /// The address of a template for this customer.
    #[must_use]
    pub fn address(&self, template: &Template) -> String {
        template.render(self.progress.caller.reveal(), self.progress.called.reveal())
    }
}
