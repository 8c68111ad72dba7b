//! A flow tried out: one customer of a person's invention, on a clock of their own.
//!
//! Promises: it is the real [`Run`] that leads them; the same moves give the same moments, so nothing need be kept between two
//! requests; bounded for any moves. Prompts take as long as their texts are likely to take when spoken. Leaves to others:
//! sound, queues, and whatever else a flow orders: what comes of it is the inventor's to say.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Context, Lang, Rng, Time};
use serde::{Deserialize, Serialize};

use crate::flow::Flow;
use crate::io::{Acquaintance, Clip, Fetched, FlowEnd, In, Out, Shield, Start};
use crate::run::{Run, UnknownEntry};
use crate::wording::plain;

/// Most moments that are told: what goes on longer has been understood.
const MOMENTS: usize = 2_000;
/// When trials begin, so that open hours are the same whenever they are tried: Monday, 2026-11-23 10:00 UTC.
const BEGIN: Time = Time::from_millis(1_795_428_000_000);
/// Longest wait in one move.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// A second of speech has about this many Latin letters, or this many Chinese characters.
const LETTERS: u64 = 15;
const CHARACTERS: u64 = 4;

/// What the invented customer does, or what happens to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "move", rename_all = "snake_case", deny_unknown_fields)]
pub enum Move {
    /// They press a key.
    Key {
        /// `0` to `9`, `*`, `#`.
        key: char,
    },
    /// They say or write something.
    Say {
        /// The words.
        text: String,
    },
    /// Time passes.
    Wait {
        /// This much.
        millis: u64,
    },
    /// Time passes until something happens.
    Next,
    /// Whoever they wait for answers.
    Answered,
    /// Whoever they wait for cannot be had, or the server that is asked does not answer.
    Failed {
        /// `busy`, `no_answer`, `unreachable`, `refused`, `timeout`.
        code: String,
    },
    /// The server that is asked answers.
    Replied {
        /// HTTP status.
        status: u16,
        /// What it says.
        body: String,
    },
    /// The person who is looked for is found.
    Found {
        /// Their name; none: nobody that we know.
        name: Option<String>,
    },
    /// The other side hangs up.
    Parted,
    /// Their place in the line is told.
    Placed {
        /// 1 is next.
        place: u32,
        /// The likely minutes, when they can be said with some right.
        minutes: Option<u32>,
    },
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When, in milliseconds from the beginning.
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The customer came to a step.
    Step {
        /// Its name.
        step: String,
    },
    /// Prompts or sounds are heard (or, in writing, sent).
    Said {
        /// The words; sounds by their names, in brackets.
        text: String,
        /// Again and again.
        forever: bool,
    },
    /// What was heard was cut off.
    Stopped,
    /// The customer moved.
    Moved {
        /// How.
        #[serde(flatten)]
        how: Move,
    },
    /// The flow ordered something: by the order's name, with what it is about.
    Ordered {
        /// `answer`, `ring`, `enqueue`, …
        order: String,
        /// A queue, an agent, an address.
        about: String,
    },
    /// The flow is over.
    Ended {
        /// `finished`, `gave_up`, or the SIP status of a refusal.
        why: String,
    },
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// In order.
    pub moments: Vec<Moment>,
    /// Where the customer is.
    pub step: String,
    /// The time now, in milliseconds from the beginning.
    pub now: u64,
    /// When something happens by itself, if it does.
    pub next: Option<u64>,
    /// They wait for somebody.
    pub waiting: bool,
    /// What the flow wants to know from elsewhere: `server`, `person`.
    pub asked: Option<&'static str>,
    /// They are with somebody.
    pub connected: bool,
    /// The flow is over.
    pub over: bool,
}

/// Leads an invented customer through a flow.
///
/// # Errors
/// When the flow has no such entry.
pub fn try_out(flow: &Arc<Flow>, start: Start, moves: &[Move]) -> Result<Trial, UnknownEntry> {
    let mut stage = Stage::new(flow, start)?;
    for one in moves {
        if stage.moments.len() >= MOMENTS {
            break;
        }
        stage.make(one);
    }
    let (next, step, over) = (stage.next(), stage.run.step().to_owned(), stage.run.is_over());
    Ok(Trial {
        step,
        now: since(stage.now),
        next: next.map(since),
        waiting: stage.waiting,
        asked: stage.asked.as_ref().map(Asked::name),
        connected: stage.connected,
        over,
        moments: stage.moments,
    })
}

/// Milliseconds from the beginning.
const fn since(time: Time) -> u64 {
    time.as_millis().saturating_sub(BEGIN.as_millis())
}

/// What the flow wants to know from elsewhere, with its token.
enum Asked {
    Server(u64),
    Person(u64),
}

impl Asked {
    const fn name(&self) -> &'static str {
        match self {
            Asked::Server(_) => "server",
            Asked::Person(_) => "person",
        }
    }
}

struct Stage<'f> {
    flow: &'f Arc<Flow>,
    run: Run,
    now: Time,
    rng: Rng,
    /// What plays, and when it ends.
    playing: Option<(u64, Time)>,
    /// What is asked elsewhere.
    asked: Option<Asked>,
    /// They are recorded: how much silence ends it, and when that is over.
    recorded: Option<(Duration, Time)>,
    waiting: bool,
    connected: bool,
    text: bool,
    moments: Vec<Moment>,
}

impl<'f> Stage<'f> {
    fn new(flow: &'f Arc<Flow>, start: Start) -> Result<Self, UnknownEntry> {
        let text = start.text;
        let mut rng = Rng::seeded(0);
        let mut orders = Vec::new();
        let mut cx = Context { now: BEGIN, rng: &mut rng };
        let run = Run::start(Arc::clone(flow), start, &mut cx, &mut orders)?;
        let mut stage = Self {
            flow,
            run,
            now: BEGIN,
            rng,
            playing: None,
            asked: None,
            recorded: None,
            waiting: false,
            connected: false,
            text,
            moments: Vec::new(),
        };
        stage.carry_out(orders);
        Ok(stage)
    }

    fn tell(&mut self, what: What) {
        if self.moments.len() < MOMENTS {
            self.moments.push(Moment { at: since(self.now), what });
        }
    }

    fn make(&mut self, one: &Move) {
        self.tell(What::Moved { how: one.clone() });
        match one {
            Move::Key { key } => self.feed(In::Digit(*key)),
            Move::Say { text } => self.say(text),
            Move::Wait { millis } => self.pass(Duration::from_millis(*millis).min(LONGEST_WAIT)),
            Move::Next => {
                if let Some(next) = self.next() {
                    self.pass(next.since(self.now));
                }
            }
            Move::Answered if self.waiting => {
                (self.waiting, self.connected) = (false, true);
                self.feed(In::Connected);
            }
            Move::Failed { code } if self.waiting => {
                self.waiting = false;
                self.feed(In::Failed(code.clone()));
            }
            Move::Parted if self.connected => {
                self.connected = false;
                self.feed(In::Parted);
            }
            Move::Placed { place, minutes } if self.waiting => {
                self.feed(In::Placed { place: *place, minutes: *minutes });
            }
            Move::Failed { code } => self.reply(|| Fetched::Failed(code.clone())),
            Move::Replied { status, body } => {
                self.reply(|| Fetched::Answer { status: *status, body: body.clone().into() });
            }
            Move::Found { name } => {
                if let Some(Asked::Person(token)) = self.asked {
                    self.asked = None;
                    let person =
                        name.clone().map(|name| Acquaintance { name: name.into(), agent: None, tier: None });
                    self.feed(In::Person { token, person });
                }
            }
            // Nobody to whom it could happen.
            Move::Answered | Move::Parted | Move::Placed { .. } => {}
        }
    }

    fn say(&mut self, text: &str) {
        if self.text {
            return self.feed(In::Text(text.to_owned()));
        }
        if let Some((silence, over)) = &mut self.recorded {
            *over = self.now + *silence;
        }
        // Who is not listened to is not heard.
        self.feed(In::Speaking);
        self.feed(In::Said(text.to_owned()));
    }

    fn reply(&mut self, reply: impl FnOnce() -> Fetched) {
        if let Some(Asked::Server(token)) = self.asked {
            self.asked = None;
            self.feed(In::Fetched { token, reply: reply() });
        }
    }

    /// When something happens by itself.
    fn next(&self) -> Option<Time> {
        let played = self.playing.map(|(_, ends)| ends);
        let silent = self.recorded.map(|(_, over)| over);
        [played, silent, self.run.next_timeout()].into_iter().flatten().min()
    }

    fn pass(&mut self, span: Duration) {
        let until = self.now + span;
        while let Some(due) = self.next().filter(|due| *due <= until) {
            if self.moments.len() >= MOMENTS {
                return;
            }
            self.now = self.now.max(due);
            if let Some((token, _)) = self.playing.take_if(|(_, ends)| *ends <= due) {
                self.feed(In::Played { token });
            } else if self.recorded.take_if(|(_, over)| *over <= due).is_some() {
                self.feed(In::Quiet);
            } else {
                self.feed(In::Elapsed);
            }
        }
        self.now = until;
    }

    fn feed(&mut self, input: In) {
        let mut orders = Vec::new();
        let mut cx = Context { now: self.now, rng: &mut self.rng };
        self.run = std::mem::take(&mut self.run).handle(&mut cx, input, &mut orders);
        self.carry_out(orders);
    }

    fn carry_out(&mut self, orders: Vec<Out>) {
        for order in orders {
            match order {
                Out::At(step) => {
                    self.rest();
                    self.tell(What::Step { step });
                }
                Out::Play { clips, forever, token } => self.play(&clips, forever, token),
                Out::StopPlay => {
                    self.playing = None;
                    self.tell(What::Stopped);
                }
                Out::End(end) => {
                    self.rest();
                    let why = match end {
                        FlowEnd::Finished => "finished".to_owned(),
                        FlowEnd::GaveUp => "gave_up".to_owned(),
                        FlowEnd::Refused(status) => status.to_string(),
                    };
                    self.tell(What::Ended { why });
                }
                Out::Enqueue { queue, .. } => self.wait_for("enqueue", queue.as_str()),
                Out::RingAgent { agent, .. } => self.wait_for("ring_agent", agent.as_str()),
                Out::Dial { uri, .. } => self.wait_for("dial", &uri),
                Out::DialNumber { number, .. } => self.wait_for("dial", number.reveal()),
                Out::Fetch { token, request } => {
                    self.asked = Some(Asked::Server(token));
                    self.ordered("ask", &request.shown());
                }
                Out::FindPerson { token, number } => {
                    self.asked = Some(Asked::Person(token));
                    self.ordered("find_person", number.reveal());
                }
                Out::Record { silence } => {
                    self.recorded = Some((silence, self.now + silence));
                    self.ordered("record", "");
                }
                Out::StopRecording => {
                    self.recorded = None;
                    self.ordered("stop_recording", "");
                }
                Out::RequestCallback { queue, .. } => self.ordered("callback", queue.as_str()),
                Out::Note { code, detail } => {
                    let detail = detail.iter().map(|(name, value)| format!(" {name}={value}"));
                    self.ordered("note", &std::iter::once(code.clone()).chain(detail).collect::<String>());
                }
                Out::Shield(Shield::Open) => self.ordered("shown", ""),
                Out::Shield(Shield::Keys | Shield::All) => self.ordered("hidden", ""),
                Out::Listen => self.ordered("listen", ""),
                Out::Deafen => self.ordered("deafen", ""),
                Out::Language(lang) => self.ordered("language", lang.code()),
                Out::Ring => self.ordered("ring", ""),
                Out::EarlyMedia => self.ordered("early_media", ""),
                Out::Answer => self.ordered("answer", ""),
                Out::Echo => self.ordered("echo", ""),
                Out::Transcribe => self.ordered("transcribe", ""),
            }
        }
    }

    /// What the last step waited for does not matter any more.
    fn rest(&mut self) {
        (self.waiting, self.playing, self.asked, self.recorded) = (false, None, None, None);
    }

    fn wait_for(&mut self, order: &str, about: &str) {
        self.waiting = true;
        self.ordered(order, about);
    }

    fn ordered(&mut self, order: &str, about: &str) {
        self.tell(What::Ordered { order: order.to_owned(), about: about.to_owned() });
    }

    fn play(&mut self, clips: &[Clip], forever: bool, token: u64) {
        let mut millis = 0;
        let mut words = Vec::new();
        for clip in clips {
            let (text, lasts) = self.heard(clip);
            millis += lasts;
            words.push(text);
        }
        let ends = self.now + Duration::from_millis(millis);
        self.playing = (!forever).then_some((token, ends));
        self.tell(What::Said { text: words.join(" "), forever });
    }

    /// The words of a clip, and how many milliseconds they are likely to take.
    fn heard(&self, clip: &Clip) -> (String, u64) {
        match clip {
            Clip::Prompt { name, lang } => timed(self.text(name, *lang)),
            Clip::Spoken(spoken) => timed(spoken.written.reveal().clone()),
            Clip::Tone(tone) => (format!("[{tone:?}]").to_lowercase(), 3_000),
        }
    }

    fn text(&self, name: &str, lang: Lang) -> String {
        let spoken = self.flow.prompts.get(&(name.to_owned(), lang));
        spoken.map_or_else(|| format!("[{name}]"), |spoken| plain(&spoken.text))
    }
}

/// A text, and how many milliseconds it is likely to take.
fn timed(text: String) -> (String, u64) {
    let wide = text.chars().filter(|c| !c.is_ascii()).count() as u64;
    let narrow = text.chars().filter(char::is_ascii).count() as u64;
    (text, wide * 1000 / CHARACTERS + narrow * 1000 / LETTERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Known;

    const FLOW: &str = r#"
[flow]
name = "Shop"
[entries]
1 = "menu"
[steps.menu]
kind = "menu"
prompts = "hello"
no_input = { timeout = 5, times = 0, then = "bye" }
[steps.menu.keys]
1 = "wait"
[steps.wait]
kind = "queue"
queue = "sales"
failed = "bye"
then = "bye"
[steps.bye]
kind = "hangup"
[prompts.hello]
en = "For sales, press 1."
zh = "销售请按一。"
"#;

    fn tried(text: bool, moves: &[Move]) -> Trial {
        let flow = Arc::new(Flow::parse("f", FLOW, &Known::anything()).expect("it is good"));
        let start =
            Start { entry: "1".into(), lang: Lang::En, text, caller: String::new(), called: String::new() };
        try_out(&flow, start, moves).expect("the entry is there")
    }

    fn steps(trial: &Trial) -> Vec<&str> {
        let step = |moment: &'_ Moment| match &moment.what {
            What::Step { step } => Some(step.clone()),
            _ => None,
        };
        let found: Vec<String> = trial.moments.iter().filter_map(step).collect();
        let all = ["menu", "wait", "bye"];
        found.iter().filter_map(|name| all.into_iter().find(|known| known == name)).collect()
    }

    #[test]
    fn a_key_leads_on_and_an_agent_answers_and_parts() {
        let trial = tried(false, &[Move::Key { key: '1' }]);
        assert_eq!((steps(&trial), trial.waiting), (vec!["menu", "wait"], true));
        let moves = [Move::Key { key: '1' }, Move::Answered, Move::Parted];
        let trial = tried(false, &moves);
        assert_eq!((steps(&trial), trial.over), (vec!["menu", "wait", "bye"], true));
        let moves = [Move::Key { key: '1' }, Move::Failed { code: "busy".into() }];
        assert_eq!(steps(&tried(false, &moves)), ["menu", "wait", "bye"]);
    }

    #[test]
    fn silence_leads_on_when_the_prompt_and_the_patience_are_over() {
        let heard = tried(false, &[]);
        let spoken = heard.next.expect("the prompt ends");
        assert!((1_000..2_000).contains(&spoken), "{spoken}");
        let waiting = tried(false, &[Move::Next]);
        assert_eq!(waiting.next, Some(spoken + 5_000));
        assert_eq!(steps(&tried(false, &[Move::Wait { millis: spoken + 4_999 }])), ["menu"]);
        assert_eq!(steps(&tried(false, &[Move::Wait { millis: spoken + 5_000 }])), ["menu", "bye"]);
    }

    #[test]
    fn who_writes_is_read_and_what_can_happen_to_nobody_does_not() {
        let trial = tried(true, &[Move::Parted, Move::Answered, Move::Say { text: "1".into() }]);
        assert_eq!((steps(&trial), trial.connected), (vec!["menu", "wait"], false));
    }

    #[test]
    fn a_server_answers_a_person_is_found_and_a_message_ends_with_silence() {
        let flow = r##"
[flow]
name = "f"
[entries]
1 = "who"
[steps.who]
kind = "lookup_person"
next = "ask"
unknown = "ask"
[steps.ask]
kind = "lookup"
url = "https://crm.example.com/x"
into = { n = "$.n" }
next = "tell"
failed = "message"
[steps.tell]
kind = "say"
text = { en = "It is {n}.", zh = "是{n}。" }
next = "message"
[steps.message]
kind = "voicemail"
prompts = "go"
[prompts.go]
en = "Go."
zh = "去。"
"##;
        let flow = Flow::parse("f", flow, &Known::anything());
        let flow = Arc::new(flow.unwrap_or_else(|problems| panic!("{problems:#?}")));
        let start = Start {
            entry: "1".into(),
            lang: Lang::En,
            text: false,
            caller: String::new(),
            called: String::new(),
        };
        let tried = |moves: &[Move]| try_out(&flow, start.clone(), moves).expect("the entry is there");
        let (found, answer) =
            (Move::Found { name: None }, Move::Replied { status: 200, body: r#"{"n": 7}"#.into() });
        assert_eq!(tried(&[]).asked, Some("person"));
        assert_eq!(tried(std::slice::from_ref(&answer)).asked, Some("person"), "nobody asked a server");
        assert_eq!(tried(std::slice::from_ref(&found)).asked, Some("server"));
        let told = tried(&[found.clone(), answer]);
        assert!(
            told.moments.iter().any(|m| matches!(&m.what, What::Said { text, .. } if text == "It is 7."))
        );
        let failed = tried(&[found.clone(), Move::Failed { code: "timeout".into() }]);
        assert_eq!((failed.step.as_str(), failed.asked), ("message", None));
        let spoke = [found, Move::Failed { code: "timeout".into() }]
            .into_iter()
            .chain([Move::Wait { millis: 5_000 }, Move::Say { text: "call me".into() }])
            .chain(vec![Move::Next; 4]);
        assert!(tried(&spoke.collect::<Vec<_>>()).over, "who is silent has said it all");
    }

    #[test]
    fn the_same_moves_give_the_same_moments_and_any_moves_an_end() {
        let moves = vec![Move::Wait { millis: u64::MAX }; 5_000];
        let trial = tried(false, &moves);
        assert!(trial.moments.len() <= MOMENTS);
        assert_eq!(trial, tried(false, &moves));
    }
}
