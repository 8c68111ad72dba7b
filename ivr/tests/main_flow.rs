//! The flow that ships with the program does what its numbers promise.

use std::sync::Arc;
use std::time::Duration;

use ivr::{Clip, Flow, FlowEnd, In, Known, Out, Run, Start, Tone};
use kernel::{AgentName, Context, Lang, QueueName, Rng, Time};

fn flow() -> Arc<Flow> {
    let known = Known {
        queues: ["sales", "support"].map(QueueName::from).into(),
        agents: ["alice", "bob"].map(AgentName::from).into(),
        ..Known::default()
    };
    match Flow::parse("flows/main.toml", include_str!("../../flows/main.toml"), &known) {
        Ok(flow) => Arc::new(flow),
        Err(problems) => panic!("{}", problems.iter().map(|p| format!("{p}\n")).collect::<String>()),
    }
}

struct Caller {
    run: Option<Run>,
    now: Time,
    rng: Rng,
    heard: Vec<Out>,
}

impl Caller {
    fn dials(entry: &str) -> Self {
        Self::comes(entry, false)
    }

    fn comes(entry: &str, text: bool) -> Self {
        let mut caller = Self { run: None, now: Time::ZERO, rng: Rng::seeded(7), heard: Vec::new() };
        let start =
            Start { entry: entry.into(), lang: Lang::En, text, caller: "+4930".into(), called: entry.into() };
        let cx = &mut Context { now: caller.now, rng: &mut caller.rng };
        caller.run = Some(Run::start(flow(), start, cx, &mut caller.heard).expect("an entry of the demo"));
        caller
    }

    /// What follows from an input.
    fn then(&mut self, input: In) -> Vec<Out> {
        self.heard.clear();
        let run = self.run.take().expect("a run");
        let cx = &mut Context { now: self.now, rng: &mut self.rng };
        self.run = Some(run.handle(cx, input, &mut self.heard));
        self.heard.clone()
    }

    fn token(&self) -> u64 {
        let token = |out: &Out| match out {
            Out::Play { token, .. } => Some(*token),
            _ => None,
        };
        self.heard.iter().rev().find_map(token).expect("something plays")
    }
}

fn says(name: &str, lang: Lang) -> Vec<Clip> {
    vec![Clip::Prompt { name: name.into(), lang }]
}

fn at(step: &str) -> Out {
    Out::At(step.into())
}

#[test]
fn the_demo_has_the_numbers_that_are_promised() {
    let flow = flow();
    let entries: Vec<&str> = flow.entries().collect();
    assert_eq!(
        entries,
        [
            "1000", "1001", "1002", "1003", "1004", "1005", "1006", "1007", "1010", "1011", "1012", "1101",
            "1102", "chat"
        ]
    );
    assert!(flow.serves_text("chat") && !flow.serves_text("1000"));
}

#[test]
fn number_1000_answers_with_the_menu_and_a_key_during_the_prompt_counts_at_once() {
    let mut caller = Caller::dials("1000");
    let clips = says("main_menu", Lang::En);
    assert_eq!(caller.heard, [at("main_menu"), Out::Answer, Out::Play { clips, forever: false, token: 1 }]);
    caller.now = Time::from_millis(2000);
    let queue = QueueName::from("support");
    let clips = says("support_queue", Lang::En);
    assert_eq!(
        caller.then(In::Digit('2')),
        [
            Out::StopPlay,
            at("support"),
            Out::Enqueue { queue, priority: 0, wants: Box::default() },
            Out::Play { clips, forever: false, token: 2 }
        ]
    );
    let music = vec![Clip::Tone(Tone::Music)];
    assert_eq!(
        caller.then(In::Played { token: 2 }),
        [Out::Play { clips: music.clone(), forever: true, token: 3 }]
    );
    caller.now = caller.now + Duration::from_secs(25);
    let clips = says("support_wait", Lang::En);
    assert_eq!(caller.then(In::Elapsed), [Out::Play { clips, forever: false, token: 4 }]);
    assert_eq!(caller.then(In::Played { token: 4 }), [Out::Play { clips: music, forever: true, token: 5 }]);
    assert_eq!(caller.then(In::Connected), [Out::StopPlay]);
    assert_eq!(caller.then(In::Parted), [Out::End(FlowEnd::Finished)]);
}

#[test]
fn key_8_repeats_the_menu_in_chinese_and_everything_after_it_is_chinese() {
    let mut caller = Caller::dials("1000");
    let clips = says("main_menu", Lang::Zh);
    assert_eq!(
        caller.then(In::Digit('8')),
        [
            Out::StopPlay,
            at("in_chinese"),
            Out::Language(Lang::Zh),
            at("main_menu"),
            Out::Play { clips, forever: false, token: 2 }
        ]
    );
    let clips = says("sales_queue", Lang::Zh);
    assert_eq!(caller.then(In::Digit('1')).pop(), Some(Out::Play { clips, forever: false, token: 3 }));
}

#[test]
fn a_caller_who_presses_nothing_is_asked_twice_more_and_then_gets_an_operator() {
    let mut caller = Caller::dials("1000");
    for _ in 0..2 {
        let token = caller.token();
        assert_eq!(caller.then(In::Played { token }), []);
        caller.now = caller.now + Duration::from_secs(6);
        let mut clips = says("still_there", Lang::En);
        clips.extend(says("main_menu", Lang::En));
        assert_eq!(caller.then(In::Elapsed), [Out::Play { clips, forever: false, token: token + 1 }]);
    }
    let token = caller.token();
    caller.then(In::Played { token });
    caller.now = caller.now + Duration::from_secs(6);
    let orders = caller.then(In::Elapsed);
    let queue = QueueName::from("support");
    assert_eq!(orders[..2], [at("operator"), Out::Enqueue { queue, priority: 10, wants: Box::default() }]);
}

#[test]
fn the_lines_to_test_with_do_what_they_are_for() {
    assert_eq!(Caller::dials("1001").heard, [at("line_test"), Out::Answer, Out::Echo]);
    let clips = says("endless", Lang::En);
    assert_eq!(
        Caller::dials("1002").heard,
        [at("endless_prompt"), Out::Answer, Out::Play { clips, forever: true, token: 1 }]
    );
    assert_eq!(
        Caller::dials("1004").heard,
        [at("dictation"), Out::Answer, at("write_down"), Out::Transcribe]
    );
    let ringing = Caller::dials("1005");
    assert_eq!(ringing.heard, [at("never_answered"), Out::Ring]);
    let given_up = ringing.run.and_then(|run| run.next_timeout());
    assert_eq!(given_up, Some(Time::from_millis(600_000)), "a caller who vanished is let go");
    let mut early = Caller::dials("1006");
    let clips = says("before_the_answer", Lang::En);
    assert_eq!(
        early.heard,
        [at("before_the_answer"), Out::EarlyMedia, Out::Play { clips, forever: false, token: 1 }]
    );
    let orders = early.then(In::Played { token: 1 });
    assert_eq!(orders[..2], [at("now_answer"), Out::Answer]);
    let mut goodbye = Caller::dials("1007");
    assert_eq!(goodbye.heard[1], Out::Answer);
    assert_eq!(goodbye.then(In::Played { token: 1 }), [Out::End(FlowEnd::Finished)]);
}

#[test]
fn extensions_ring_their_agents_and_the_call_is_refused_when_they_cannot_be_had() {
    let ring = Duration::from_secs(25);
    let mut caller = Caller::dials("1101");
    assert_eq!(caller.heard, [at("to_alice"), Out::Ring, Out::RingAgent { agent: "alice".into(), ring }]);
    assert_eq!(caller.then(In::Failed("busy".into())), [Out::End(FlowEnd::Refused(486))]);
    let mut caller = Caller::dials("1102");
    assert_eq!(caller.heard[2], Out::RingAgent { agent: "bob".into(), ring });
    assert_eq!(caller.then(In::Connected), []);
    assert_eq!(caller.then(In::Parted), [Out::End(FlowEnd::Finished)]);
}

#[test]
fn a_chat_is_greeted_and_waits_for_support() {
    let chat = Caller::comes("chat", true);
    let queue = QueueName::from("support");
    let clips = says("chat_welcome", Lang::En);
    assert_eq!(
        chat.heard,
        [
            at("web_chat"),
            Out::Enqueue { queue, priority: 0, wants: Box::default() },
            Out::Play { clips, forever: false, token: 1 }
        ]
    );
    assert_eq!(chat.run.and_then(|run| run.next_timeout()), None);
}

#[test]
fn what_a_caller_hears_first_and_after_each_key_can_be_told_and_is_distinct() {
    let flow = flow();
    let first = |entry| flow.heard_first(entry, Lang::En);
    let one = |name: &str, lang| vec![(name.to_owned(), lang)];
    assert_eq!(first("1000"), one("main_menu", Lang::En));
    assert_eq!(flow.heard_first("1000", Lang::Zh), one("main_menu", Lang::Zh));
    assert_eq!(first("1001"), []);
    assert_eq!(first("1002"), one("endless", Lang::En));
    assert_eq!(first("1003"), one("support_queue", Lang::En));
    assert_eq!(first("1006"), one("before_the_answer", Lang::En));
    assert_eq!(first("1007"), one("goodbye", Lang::En));
    assert_eq!(first("nowhere"), []);
    let after = |key| flow.heard_after("1000", key, Lang::En);
    assert_eq!(after('1'), one("sales_queue", Lang::En));
    assert_eq!(after('2'), one("support_queue", Lang::En));
    assert_eq!(after('0'), one("operator_queue", Lang::En));
    assert_eq!(after('8'), one("main_menu", Lang::Zh));
    assert_eq!(flow.heard_after("1000", '9', Lang::Zh), one("main_menu", Lang::En));
    assert_eq!(after('7'), []);
    assert_eq!(flow.heard_after("1002", '1', Lang::En), []);
    assert_eq!(flow.first_prompts("1000"), ["main_menu"]);
    assert_eq!(flow.prompts_after("1000", '2'), ["support_queue"]);
}
