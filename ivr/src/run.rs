//! One customer in one flow.
//!
//! Promises: pure, state by value; a customer is never stranded: after every call there is a sound that ends, a time, a
//! wait for somebody, a step that lasts until they leave, or the end. Leaves to others: carrying out the orders.

use std::sync::Arc;

use kernel::{Context, Effects, Lang, Pii, Time, limits};
use serde::{Deserialize, Serialize};

use crate::flow::Flow;
use crate::io::{FlowEnd, In, Out, Start};
use crate::node::Next;
use crate::scene::{Memory, Progress, Scene, Sound, Stage};

/// SIP status with which a flow ends for someone who writes and comes to a step that needs a voice (488 Not Acceptable
/// Here): the record shows it as the reason.
const NEEDS_A_VOICE: u16 = 488;

/// A customer's place in a flow. Serialised without the flow; [`Run::attach`] brings the two together again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Run {
    #[serde(skip)]
    flow: Arc<Flow>,
    progress: Progress,
}

/// The flow has no such entry (or, when a run is brought back, no such step).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the flow has no entry or step `{0}`")]
pub struct UnknownEntry(pub String);

impl Run {
    /// A customer enters at an entry (or, for tests and transfers, at any step by its name).
    ///
    /// # Errors
    /// When the flow has neither.
    pub fn start(
        flow: Arc<Flow>,
        start: Start,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Result<Run, UnknownEntry> {
        let progress = begin(&flow, start, cx.now, out)?;
        Ok(Run { flow, progress })
    }

    /// Something happened.
    #[must_use]
    pub fn handle(mut self, cx: &mut Context<'_>, input: In, out: &mut impl Effects<Out>) -> Run {
        tell(&self.flow, &mut self.progress, cx.now, &input, out);
        self
    }

    /// When to say [`In::Elapsed`].
    #[must_use]
    pub fn next_timeout(&self) -> Option<Time> {
        self.progress.memory.until
    }

    /// The step where the customer is (the last one, when the flow is over).
    #[must_use]
    pub fn step(&self) -> &str {
        &self.progress.step
    }

    /// The language they chose.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.progress.lang
    }

    /// Whether the flow is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.progress.memory.stage == Stage::Gone
    }

    /// Whether the flow goes on with the customer when the one who has them hangs up.
    #[must_use]
    pub fn goes_on_after_parting(&self) -> bool {
        self.progress.memory.stage == Stage::Connected
            && self.flow.step(&self.progress.step).is_some_and(|step| step.node.goes_on_after_parting())
    }

    /// Gives a run that was read back its flow. Sounds and waits are not ordered again: the owner starts the step anew
    /// (`Run::start` at [`Run::step`]) where the media did not survive.
    ///
    /// # Errors
    /// When the flow has no such step (any more).
    pub fn attach(mut self, flow: Arc<Flow>) -> Result<Run, UnknownEntry> {
        if flow.step(&self.progress.step).is_none() {
            return Err(UnknownEntry(self.progress.step));
        }
        self.flow = flow;
        Ok(self)
    }
}

/// Puts a customer at the beginning.
pub(crate) fn begin(
    flow: &Flow,
    start: Start,
    now: Time,
    out: &mut dyn Effects<Out>,
) -> Result<Progress, UnknownEntry> {
    let Start { entry, lang, text, caller, called } = start;
    let step = match flow.entry(&entry) {
        Some(step) => step.to_owned(),
        None if flow.step(&entry).is_some() => entry,
        None => return Err(UnknownEntry(entry)),
    };
    let mut progress =
        Progress { lang, text, caller: Pii::new(caller), called: Pii::new(called), ..Progress::default() };
    follow(flow, &mut progress, now, Next::Go(step), out);
    Ok(progress)
}

/// Tells the step what happened, if it still matters, and moves the customer on.
pub(crate) fn tell(flow: &Flow, progress: &mut Progress, now: Time, input: &In, out: &mut dyn Effects<Out>) {
    let stage = progress.memory.stage;
    let Some(step) = flow.step(&progress.step) else { return };
    if stage == Stage::Gone || (stage == Stage::Connected && *input != In::Parted) {
        return;
    }
    let node = &step.node;
    let scene = &mut Scene { flow, progress, now, out };
    let next = match input {
        In::Played { token } if scene.progress.memory.sound == Sound::Once(*token) => {
            scene.progress.memory.sound = Sound::Silence;
            node.played(scene)
        }
        In::Elapsed if scene.progress.memory.until.is_some_and(|until| until <= now) => {
            scene.stop_waiting();
            node.elapsed(scene)
        }
        In::Digit(key) if scene.is_text() => node.text(scene, key.encode_utf8(&mut [0; 4])),
        In::Digit(key) => node.digit(scene, *key),
        In::Text(text) if scene.is_text() => node.text(scene, text),
        // Whoever has the customer now has them, at whatever step they were: nothing may interrupt.
        In::Connected => {
            scene.rest();
            scene.progress.answered = true;
            scene.progress.memory = Memory { stage: Stage::Connected, ..Memory::default() };
            Next::Stay
        }
        In::Failed(code) if stage == Stage::Waiting => node.failed(scene, code),
        In::Parted if stage == Stage::Connected => node.parted(scene),
        In::Speaking if scene.progress.memory.listening => node.speaking(scene),
        In::Said(text) if scene.progress.memory.listening => node.said(scene, text),
        In::Quiet if scene.progress.memory.recording => node.quiet(scene),
        In::Fetched { token, reply } if scene.awaits(*token) => node.fetched(scene, reply),
        In::Person { token, person } if scene.awaits(*token) => node.found(scene, person.as_ref()),
        In::Placed { place, minutes } if stage == Stage::Waiting => {
            scene.progress.memory.place = Some((*place, *minutes));
            node.placed(scene)
        }
        // Stale or meaningless here.
        In::Played { .. } | In::Elapsed | In::Text(_) | In::Failed(_) | In::Parted | In::Speaking => {
            Next::Stay
        }
        In::Said(_) | In::Quiet | In::Fetched { .. } | In::Person { .. } | In::Placed { .. } => Next::Stay,
    };
    follow(flow, progress, now, next, out);
}

/// Moves the customer from step to step until one keeps them.
fn follow(flow: &Flow, progress: &mut Progress, now: Time, next: Next, out: &mut dyn Effects<Out>) {
    let mut next = next;
    // A validated flow has no circle that goes round by itself; the bound is for the reader's peace.
    for _ in 0..=limits::FLOW_STEPS {
        next = match next {
            Next::Stay => return,
            Next::End(end) => return leave(progress, end, out),
            Next::Go(name) => enter(flow, progress, now, name, out),
            // Nobody called: the flow is over.
            Next::Return => match progress.calls.pop() {
                Some(name) => enter(flow, progress, now, name, out),
                None => Next::End(FlowEnd::Finished),
            },
        };
    }
    leave(progress, FlowEnd::Finished, out);
}

fn enter(flow: &Flow, progress: &mut Progress, now: Time, name: String, out: &mut dyn Effects<Out>) -> Next {
    let scene = &mut Scene { flow, progress, now, out };
    scene.rest();
    scene.progress.memory = Memory::default();
    scene.progress.step = name;
    scene.out.emit(Out::At(scene.progress.step.clone()));
    match flow.step(&scene.progress.step) {
        Some(step) if scene.is_text() && !step.node.serves_text() => {
            Next::End(FlowEnd::Refused(NEEDS_A_VOICE))
        }
        Some(step) => step.node.enter(scene),
        None => Next::End(FlowEnd::Finished),
    }
}

fn leave(progress: &mut Progress, end: FlowEnd, out: &mut dyn Effects<Out>) {
    progress.withdraw(out);
    progress.memory = Memory { stage: Stage::Gone, ..Memory::default() };
    progress.hidden.clear();
    out.emit(Out::End(end));
}
