//! A flow without a phone: one customer on a virtual clock, for people who try a flow and for tests beside it.
//!
//! Promises: the flow is the real one and so is its interpreter; prompts take no time; the clock moves only when it is told to.
//! Leaves to others: the terminal (`gateway`), the page (`web`).

mod script;

use std::sync::Arc;
use std::time::Duration;

use kernel::{AgentName, Context, Lang, QueueName, Rng, Time};

pub use script::{Conversation, Outcome, conversations};

use crate::flow::Flow;
use crate::io::{Acquaintance, Clip, Fetched, FlowEnd, In, Out, Shield, Start, Tone};
use crate::run::{Run, UnknownEntry};
use crate::wording::plain;

/// Prompts that may follow each other without anybody doing anything.
const IN_A_ROW: usize = 200;

/// What the customer notices, and what others would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// They came to a step.
    Step(String),
    /// They heard (or read) a text; fixed ones have a name.
    Heard {
        /// The prompt's name.
        name: Option<String>,
        /// What it says.
        text: String,
    },
    /// They hear a tone.
    Tone(Tone),
    /// They wait in a queue.
    Queue(QueueName),
    /// An agent is rung.
    Agent(AgentName),
    /// Somebody is dialled.
    Dialled(String),
    /// A server is asked; secrets are left out.
    Asked(String),
    /// A person is looked for.
    LookedFor,
    /// They are to be called back, from this queue.
    Callback(QueueName),
    /// They are recorded, or no longer.
    Recording(bool),
    /// Their keys are secret, or no longer.
    Secret(bool),
    /// They are listened to, or no longer.
    Listening(bool),
    /// The language changed.
    Language(Lang),
    /// Something was written into the record: code and particulars.
    Noted(String, String),
    /// The call rings, is answered, has early media, is echoed or transcribed.
    Line(&'static str),
    /// The flow is over.
    Ended(FlowEnd),
}

/// One customer in a flow.
#[derive(Debug)]
pub struct Rehearsal {
    flow: Arc<Flow>,
    run: Option<Run>,
    text: bool,
    now: Time,
    rng: Rng,
    orders: Vec<Out>,
    happened: Vec<Happened>,
    sound: Option<u64>,
    question: Option<u64>,
}

impl Rehearsal {
    /// A customer comes.
    ///
    /// # Errors
    /// When the flow has no such entry.
    pub fn begin(flow: Arc<Flow>, start: Start, at: Time) -> Result<Self, UnknownEntry> {
        let text = start.text;
        let mut rng = Rng::seeded(1);
        let mut orders = Vec::new();
        let run = Run::start(Arc::clone(&flow), start, &mut Context { now: at, rng: &mut rng }, &mut orders)?;
        let mut this = Self {
            flow,
            run: Some(run),
            text,
            now: at,
            rng,
            orders,
            happened: Vec::new(),
            sound: None,
            question: None,
        };
        this.settle();
        Ok(this)
    }

    /// What happened since it was last asked.
    pub fn take(&mut self) -> Vec<Happened> {
        std::mem::take(&mut self.happened)
    }

    /// Where they are.
    #[must_use]
    pub fn step(&self) -> &str {
        self.run.as_ref().map_or("", Run::step)
    }

    /// Whether the flow is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.run.as_ref().is_none_or(Run::is_over)
    }

    /// Whether they write.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        self.text
    }

    /// How long until something happens by itself.
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        self.run.as_ref().and_then(Run::next_timeout).map(|at| at.since(self.now))
    }

    /// Something happens to them.
    pub fn tell(&mut self, input: In) {
        self.put(input);
        self.settle();
    }

    /// A key.
    pub fn presses(&mut self, key: char) {
        self.tell(In::Digit(key));
    }

    /// They say it, or write it.
    pub fn says(&mut self, text: &str) {
        if self.text {
            return self.tell(In::Text(text.to_owned()));
        }
        self.put(In::Speaking);
        self.tell(In::Said(text.to_owned()));
    }

    /// Time passes.
    pub fn waits(&mut self, span: Duration) {
        let until = self.now + span;
        // Each turn moves the clock on by what the flow asked for, or is the last.
        for _ in 0..IN_A_ROW {
            match self.run.as_ref().and_then(Run::next_timeout).filter(|at| *at <= until) {
                Some(at) => {
                    self.now = at.max(self.now);
                    self.tell(In::Elapsed);
                }
                None => break,
            }
        }
        self.now = until;
    }

    /// The server that was asked answers. False: none was.
    pub fn answers(&mut self, reply: Fetched) -> bool {
        let Some(token) = self.question.take() else { return false };
        self.tell(In::Fetched { token, reply });
        true
    }

    /// The person who was looked for was found, or not. False: none was.
    pub fn finds(&mut self, name: Option<&str>) -> bool {
        let Some(token) = self.question.take() else { return false };
        let person = name.map(|name| Acquaintance { name: name.to_owned().into(), agent: None, tier: None });
        self.tell(In::Person { token, person });
        true
    }

    fn put(&mut self, input: In) {
        let Some(run) = self.run.take() else { return };
        let mut cx = Context { now: self.now, rng: &mut self.rng };
        self.run = Some(run.handle(&mut cx, input, &mut self.orders));
        self.follow();
    }

    /// Prompts end at once, until somebody must do something.
    fn settle(&mut self) {
        self.follow();
        for _ in 0..IN_A_ROW {
            let Some(token) = self.sound.take() else { return };
            self.put(In::Played { token });
        }
    }

    fn follow(&mut self) {
        for order in std::mem::take(&mut self.orders) {
            let happened = match order {
                Out::Play { clips, forever, token } => {
                    self.sound = (!forever && !self.text).then_some(token);
                    let heard: Vec<Happened> = clips.iter().map(|clip| self.heard(clip)).collect();
                    self.happened.extend(heard);
                    continue;
                }
                Out::StopPlay => {
                    self.sound = None;
                    continue;
                }
                Out::Fetch { token, request } => {
                    self.question = Some(token);
                    Happened::Asked(request.shown())
                }
                Out::FindPerson { token, .. } => {
                    self.question = Some(token);
                    Happened::LookedFor
                }
                other => match seen(other) {
                    Some(happened) => happened,
                    None => continue,
                },
            };
            self.happened.push(happened);
        }
    }

    fn heard(&self, clip: &Clip) -> Happened {
        match clip {
            Clip::Prompt { name, lang } => {
                let text = self.flow.prompts.get(&(name.clone(), *lang)).map(|spoken| plain(&spoken.text));
                Happened::Heard { name: Some(name.clone()), text: text.unwrap_or_default() }
            }
            Clip::Spoken(spoken) => Happened::Heard { name: None, text: spoken.written.reveal().clone() },
            Clip::Tone(tone) => Happened::Tone(*tone),
        }
    }
}

fn seen(order: Out) -> Option<Happened> {
    Some(match order {
        Out::At(step) => Happened::Step(step),
        Out::Enqueue { queue, .. } => Happened::Queue(queue),
        Out::RingAgent { agent, .. } => Happened::Agent(agent),
        Out::Dial { uri, .. } => Happened::Dialled(uri),
        Out::DialNumber { number, .. } => Happened::Dialled(number.into_inner()),
        Out::RequestCallback { queue, .. } => Happened::Callback(queue),
        Out::Record { .. } => Happened::Recording(true),
        Out::StopRecording => Happened::Recording(false),
        Out::Shield(shield) => Happened::Secret(shield != Shield::Open),
        Out::Listen => Happened::Listening(true),
        Out::Deafen => Happened::Listening(false),
        Out::Language(lang) => Happened::Language(lang),
        Out::Note { code, detail } => {
            let detail: Vec<String> = detail.iter().map(|(name, value)| format!("{name}={value}")).collect();
            Happened::Noted(code, detail.join(" "))
        }
        Out::End(end) => Happened::Ended(end),
        Out::Ring => Happened::Line("rings"),
        Out::EarlyMedia => Happened::Line("early media"),
        Out::Answer => Happened::Line("answered"),
        Out::Echo => Happened::Line("echo"),
        Out::Transcribe => Happened::Line("transcribed"),
        Out::Play { .. } | Out::StopPlay | Out::Fetch { .. } | Out::FindPerson { .. } => return None,
    })
}
