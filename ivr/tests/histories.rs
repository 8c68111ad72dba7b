//! Whatever happens to a customer, in whatever order, they are never stranded.
//!
//! Could pass falsely if the inputs never led anywhere: the last assertion counts the steps that were seen.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ivr::{Acquaintance, Fetched, Flow, FlowEnd, In, Known, Out, Run, Shield, Start};
use kernel::{AgentName, Context, Lang, QueueName, Rng, Time};

/// The customer's side of the world, as far as the orders tell.
#[derive(Default)]
struct World {
    sound: Option<(u64, bool)>,
    answered: bool,
    waiting: bool,
    connected: bool,
    staying: bool,
    ended: Option<FlowEnd>,
    listening: bool,
    recording: bool,
    shielded: bool,
    asked: Option<u64>,
    steps: BTreeSet<String>,
}

impl World {
    fn follows(&mut self, order: &Out, text: bool) {
        assert_eq!(self.ended, None, "nothing follows the end");
        match order {
            Out::Ring => self.staying = true,
            Out::EarlyMedia => assert!(!self.answered && !text),
            Out::Answer => {
                assert!(!self.answered && !text, "answered once, and only calls");
                self.answered = true;
            }
            Out::Play { forever, token, clips } => {
                assert!(!clips.is_empty());
                assert!(!(text && *forever), "a chat is not sent the same thing for ever");
                self.sound = Some((*token, *forever));
            }
            Out::StopPlay => {
                assert!(self.sound.is_some(), "only what plays is stopped");
                self.sound = None;
            }
            Out::Echo | Out::Transcribe => {
                assert!(self.answered);
                self.staying = true;
            }
            Out::Enqueue { .. } | Out::RingAgent { .. } | Out::Dial { .. } | Out::DialNumber { .. } => {
                self.waiting = true;
            }
            Out::Language(_) | Out::Note { .. } | Out::RequestCallback { .. } => {}
            Out::Listen => assert!(!text && !std::mem::replace(&mut self.listening, true)),
            Out::Deafen => {
                assert!(std::mem::replace(&mut self.listening, false), "only ears that are open are closed")
            }
            Out::Shield(shield) => {
                assert!(!text);
                self.shielded = *shield != Shield::Open;
            }
            Out::Record { .. } => assert!(self.answered && !std::mem::replace(&mut self.recording, true)),
            Out::StopRecording => assert!(std::mem::replace(&mut self.recording, false)),
            Out::Fetch { token, .. } | Out::FindPerson { token, .. } => self.asked = Some(*token),
            Out::At(step) => {
                assert!(
                    !self.listening && !self.recording && !self.shielded,
                    "nothing of the former step goes on at {step}"
                );
                self.asked = None;
                (self.waiting, self.connected, self.staying) = (false, false, false);
                self.steps.insert(step.clone());
            }
            Out::End(end) => {
                if let FlowEnd::Refused(status) = end {
                    assert!(!self.answered, "only unanswered calls are refused");
                    assert!((400..700).contains(status));
                }
                assert!(!self.listening && !self.recording && !self.shielded);
                self.ended = Some(end.clone());
            }
        }
    }

    /// Something is under way that leads on, or it is over.
    fn is_safe(&self, run: &Run, text: bool) -> bool {
        let sounding = self.sound.is_some() && !text;
        self.ended.is_some()
            || sounding
            || self.waiting
            || self.connected
            || self.staying
            || run.next_timeout().is_some()
    }
}

fn some_input(rng: &mut Rng, world: &mut World, now: &mut Time, run: &Run) -> In {
    match rng.below(18) {
        17 if world.waiting => {
            let minutes = (rng.below(2) == 0).then(|| rng.below(9) as u32);
            In::Placed { place: 1 + rng.below(4) as u32, minutes }
        }
        12 if world.listening => In::Speaking,
        13 if world.listening => {
            In::Said(["yes", "no", "phone", "不同意", "sales", ""][rng.below(6) as usize].to_owned())
        }
        14 if world.recording => In::Quiet,
        15 | 16 if world.asked.is_some() => {
            let token = world.asked.take().unwrap_or_default();
            match rng.below(6) {
                0 => In::Person {
                    token,
                    person: Some(Acquaintance {
                        name: "Ann".to_owned().into(),
                        agent: Some("alice".into()),
                        tier: Some("gold".to_owned()),
                    }),
                },
                1 => In::Person { token, person: None },
                2 => In::Fetched { token, reply: Fetched::Failed("timeout".to_owned()) },
                3 => answer(token, rng.below(600) as u16, "{}"),
                _ => answer(token, 200, ANSWERS[rng.below(ANSWERS.len() as u64) as usize]),
            }
        }
        0..=3 => In::Digit(char::from(b"0123456789*#"[rng.below(12) as usize])),
        4 | 5 => match world.sound {
            Some((token, false)) => {
                world.sound = None;
                In::Played { token }
            }
            _ => In::Played { token: rng.below(5) },
        },
        6 | 7 => {
            if let Some(until) = run.next_timeout() {
                *now = until.max(*now);
            }
            In::Elapsed
        }
        8 => In::Elapsed,
        9 if world.waiting => {
            (world.waiting, world.connected) = (false, true);
            In::Connected
        }
        10 if world.waiting => {
            world.waiting = false;
            In::Failed(["busy", "no_answer", "refused", "?"][rng.below(4) as usize].to_owned())
        }
        11 if world.connected => In::Parted,
        _ => In::Text(["2", "support", "人工", "what?", ""][rng.below(5) as usize].to_owned()),
    }
}

const ANSWERS: [&str; 7] = [
    r#"{"name": "Ann", "balance": -3.5, "verbs": []}"#,
    r#"[{"say": "hello"}, {"collect": {"max": 3}}]"#,
    r#"[{"listen": {}}]"#,
    r#"[{"pause": 2}, {"set": {"balance": 7, "nobody": 1}}, {"play": "hi"}, {"language": "zh"}, {"go": "bye"}]"#,
    r#"[{"go": "elsewhere"}]"#,
    r#"[{"hangup": true}]"#,
    "nonsense",
];

fn answer(token: u64, status: u16, body: &str) -> In {
    In::Fetched { token, reply: Fetched::Answer { status, body: body.to_owned().into() } }
}

fn history(flow: &Arc<Flow>, entry: &str, text: bool, seed: u64) -> BTreeSet<String> {
    let mut rng = Rng::seeded(seed);
    let mut now = Time::ZERO;
    let mut world = World::default();
    let caller = ["+4930123", "anonymous"][(seed % 2) as usize].to_owned();
    let mut out: Vec<Out> = Vec::new();
    let start = Start { entry: entry.into(), lang: Lang::En, text, caller, called: entry.into() };
    let mut unused = Rng::seeded(0);
    let cx = &mut Context { now, rng: &mut unused };
    let mut run = Run::start(flow.clone(), start, cx, &mut out).expect("an entry");
    for _ in 0..60 {
        out.drain(..).for_each(|order| world.follows(&order, text));
        assert!(
            world.is_safe(&run, text),
            "stranded at {} (entry {entry}, text {text}, seed {seed})",
            run.step()
        );
        assert_eq!(world.ended.is_some(), run.is_over());
        now = now + Duration::from_millis(rng.below(9000));
        let input = some_input(&mut rng, &mut world, &mut now, &run);
        if input == In::Connected {
            world.asked = None;
            // The interaction answers the caller when somebody takes them.
            world.answered = !text;
        }
        let cx = &mut Context { now, rng: &mut unused };
        run = run.handle(cx, input, &mut out);
        if rng.below(10) == 0 {
            let written = serde_json::to_string(&run).expect("written");
            run = serde_json::from_str::<Run>(&written)
                .expect("read")
                .attach(flow.clone())
                .expect("the same flow");
        }
    }
    world.steps
}

#[test]
fn no_history_strands_a_customer_and_every_step_of_the_demo_is_seen() {
    let known = Known {
        queues: ["sales", "support"].map(QueueName::from).into(),
        agents: ["alice", "bob"].map(AgentName::from).into(),
        ..Known::default()
    };
    let text = include_str!("../../flows/main.toml");
    let flow = Arc::new(Flow::parse("main.toml", text, &known).expect("a good flow"));
    let entries: Vec<String> = flow.entries().map(str::to_owned).collect();
    let mut seen = BTreeSet::new();
    for seed in 0..3_000 {
        for entry in &entries {
            seen.extend(history(&flow, entry, seed % 4 == 0, seed));
        }
    }
    assert_eq!(seen.len(), text.matches("\nkind = ").count(), "{seen:?}");
}

/// How many histories; more by `IVR_HISTORIES`.
fn seeds() -> u64 {
    option_env!("IVR_HISTORIES").and_then(|n| n.parse().ok()).unwrap_or(6_000)
}

#[test]
fn no_history_strands_a_customer_in_any_kind_of_step() {
    let text = include_str!("every_kind.toml");
    let flow = match Flow::parse("every_kind.toml", text, &Known::anything()) {
        Ok(flow) => Arc::new(flow),
        Err(problems) => panic!("{}", problems.iter().map(|p| format!("{p}\n")).collect::<String>()),
    };
    let used = |kind: &ivr::Kind| text.contains(&format!("kind = \"{}\"", kind.name));
    let unused: Vec<&str> = ivr::NODES.iter().filter(|kind| !used(kind)).map(|kind| kind.name).collect();
    assert_eq!(unused, Vec::<&str>::new(), "every kind is in it");
    let entries: Vec<String> = flow.entries().map(str::to_owned).collect();
    let mut seen = BTreeSet::new();
    for seed in 0..seeds() {
        for entry in &entries {
            seen.extend(history(&flow, entry, entry.starts_with("text") && seed % 2 == 0, seed));
        }
    }
    assert_eq!(seen.len(), text.matches("\nkind = ").count(), "{seen:?}");
}
