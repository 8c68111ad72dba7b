//! Asking and asking again: what every step that wants an answer does when none, or none that is usable, comes.

use std::time::Duration;

use super::Scene;
use crate::given::Given;
use crate::io::FlowEnd;
use crate::node::{Next, Retry};

/// Someone who writes is given at least this long: they may be doing something else.
const TEXT_PATIENCE: Duration = Duration::from_secs(300);
/// Someone who began to speak is given this long to finish and to be understood.
const SPEECH_PATIENCE: Duration = Duration::from_secs(20);

/// How a step asks.
#[derive(Clone, Debug)]
pub struct Asking {
    /// What is asked.
    pub prompts: Vec<String>,
    /// Whether an answer stops the question.
    pub barge_in: bool,
    /// Whether spoken answers count.
    pub speech: bool,
    /// When nothing comes.
    pub no_input: Retry,
    /// When nothing usable comes.
    pub no_match: Retry,
}

impl Asking {
    /// Takes `prompts`, `barge_in`, `no_input` and `no_match` out.
    pub fn take(given: &mut Given) -> Self {
        Self {
            prompts: given.prompts("prompts"),
            barge_in: given.flag("barge_in").unwrap_or(true),
            speech: false,
            no_input: given.retry("no_input").unwrap_or_default(),
            no_match: given.retry("no_match").unwrap_or_default(),
        }
    }

    /// Asks for the first time.
    pub fn begin<'p>(&'p self, scene: &mut Scene<'_>, first: impl IntoIterator<Item = &'p String>) -> Next {
        scene.answer();
        if self.speech {
            scene.listen();
        }
        self.ask(scene, first)
    }

    fn ask<'p>(&'p self, scene: &mut Scene<'_>, first: impl IntoIterator<Item = &'p String>) -> Next {
        scene.stop_waiting();
        if scene.say(first.into_iter().chain(&self.prompts)) { Next::Stay } else { self.asked(scene) }
    }

    /// The question was asked: the time for an answer begins.
    pub fn asked(&self, scene: &mut Scene<'_>) -> Next {
        let patience = self.no_input.timeout;
        scene.wait(if scene.is_text() { patience.max(TEXT_PATIENCE) } else { patience });
        Next::Stay
    }

    /// A key came: stops the question. False: it does not count yet.
    pub fn hush(&self, scene: &mut Scene<'_>) -> bool {
        let counts = self.barge_in || !scene.is_saying();
        if counts {
            scene.stop();
        }
        counts
    }

    /// They began to speak.
    pub fn speaking(&self, scene: &mut Scene<'_>) -> Next {
        if self.speech && self.hush(scene) {
            scene.wait(SPEECH_PATIENCE);
        }
        Next::Stay
    }

    /// Nothing came.
    pub fn silence(&self, scene: &mut Scene<'_>) -> Next {
        let count = scene.count_silence();
        self.again(scene, &self.no_input, count)
    }

    /// Nothing usable came.
    pub fn miss(&self, scene: &mut Scene<'_>) -> Next {
        let count = scene.count_miss();
        scene.stop();
        self.again(scene, &self.no_match, count)
    }

    /// Asks again, or gives up.
    fn again(&self, scene: &mut Scene<'_>, retry: &Retry, count: u8) -> Next {
        scene.forget_typed();
        if count > retry.times {
            return Next::go_or_end(retry.then.as_ref(), FlowEnd::GaveUp);
        }
        self.ask(scene, &retry.prompt)
    }
}

impl Scene<'_> {
    /// Keys typed at this step so far.
    pub(crate) fn typed(&self) -> &str {
        self.progress.memory.typed.reveal()
    }

    /// One more.
    pub(crate) fn type_key(&mut self, key: char) {
        let mut typed = std::mem::take(&mut self.progress.memory.typed).into_inner();
        typed.push(key);
        self.progress.memory.typed = typed.into();
    }

    /// From the beginning.
    pub(crate) fn forget_typed(&mut self) {
        self.progress.memory.typed = String::new().into();
    }
}
