//! What customers meet in menus, queues and ends: one behaviour a test.

use std::sync::Arc;
use std::time::Duration;

use ivr::{Clip, Flow, FlowEnd, In, Known, Out, Run, Start, Tone};
use kernel::{AgentName, Context, Lang, QueueName, Rng, Time};

const HEAD: &str = r#"
[flow]
name = "stories"
[prompts.intro]
en = "intro"
zh = "介绍"
[prompts.ask]
en = "ask"
zh = "问"
[prompts.silent]
en = "silent"
zh = "没有声音"
[prompts.wrong]
en = "wrong"
zh = "错"
[prompts.bye]
en = "bye"
zh = "再见"
[steps.bye]
kind = "hangup"
prompts = "bye"
"#;

const MENU: &str = r##"
[entries]
in = { step = "menu", text = true }
[steps.menu]
kind = "menu"
intro = "intro"
prompts = "ask"
no_input = { timeout = 4, times = 1, prompt = "silent" }
no_match = { times = 1, prompt = "wrong", then = "bye" }
[steps.menu.keys]
1 = "bye"
"#" = "shop"
[steps.menu.words]
1 = ["goodbye", "再见"]
"#" = ["shop", "buy"]
[steps.shop]
kind = "queue"
queue = "shop"
"##;

struct Customer {
    run: Run,
    now: Time,
    rng: Rng,
}

fn compile(steps: &str) -> Arc<Flow> {
    let known = Known {
        queues: vec![QueueName::from("shop")],
        agents: vec![AgentName::from("alice")],
        skills: vec!["german".to_owned()],
        ..Known::default()
    };
    let parsed = Flow::parse("story", &format!("{HEAD}{steps}"), &known);
    Arc::new(parsed.unwrap_or_else(|problems| panic!("{}", problems[0])))
}

impl Customer {
    fn enters(steps: &str, text: bool) -> (Self, Vec<Out>) {
        let start =
            Start { entry: "in".into(), lang: Lang::En, text, caller: "a b".into(), called: "in".into() };
        let mut rng = Rng::seeded(1);
        let mut out = Vec::new();
        let cx = &mut Context { now: Time::ZERO, rng: &mut rng };
        let run = Run::start(compile(steps), start, cx, &mut out).expect("the entry is there");
        (Self { run, now: Time::ZERO, rng }, out)
    }

    fn calls(steps: &str) -> (Self, Vec<Out>) {
        Self::enters(steps, false)
    }

    fn writes_to(steps: &str) -> (Self, Vec<Out>) {
        Self::enters(steps, true)
    }

    fn gets(&mut self, input: In) -> Vec<Out> {
        let mut out = Vec::new();
        let cx = &mut Context { now: self.now, rng: &mut self.rng };
        self.run = self.run.clone().handle(cx, input, &mut out);
        out
    }

    fn waits(&mut self, seconds: u64) -> Vec<Out> {
        self.now = self.now + Duration::from_secs(seconds);
        self.gets(In::Elapsed)
    }
}

fn at(step: &str) -> Out {
    Out::At(step.into())
}

fn say(names: &[&str], token: u64) -> Out {
    let clips = names.iter().map(|name| Clip::Prompt { name: (*name).into(), lang: Lang::En }).collect();
    Out::Play { clips, forever: false, token }
}

fn tone(tone: Tone, token: u64) -> Out {
    Out::Play { clips: vec![Clip::Tone(tone)], forever: true, token }
}

fn enqueue() -> Out {
    Out::Enqueue { queue: "shop".into(), priority: 0, wants: Box::default() }
}

#[test]
fn a_key_during_the_prompt_stops_it_and_counts() {
    let (mut customer, heard) = Customer::calls(MENU);
    assert_eq!(heard, [at("menu"), Out::Answer, say(&["intro", "ask"], 1)]);
    assert_eq!(customer.gets(In::Digit('#')), [Out::StopPlay, at("shop"), enqueue(), tone(Tone::Music, 2)]);
}

#[test]
fn a_key_after_the_prompt_counts_and_there_is_nothing_to_stop() {
    let (mut customer, _) = Customer::calls(MENU);
    assert_eq!(customer.gets(In::Played { token: 1 }), []);
    assert_eq!(customer.run.next_timeout(), Some(Time::from_millis(4000)));
    assert_eq!(customer.gets(In::Digit('1')), [at("bye"), say(&["bye"], 2)]);
    assert_eq!(customer.run.next_timeout(), None);
    assert_eq!(customer.gets(In::Played { token: 2 }), [Out::End(FlowEnd::Finished)]);
    assert!(customer.run.is_over());
}

#[test]
fn a_late_end_of_a_prompt_that_was_stopped_means_nothing() {
    let (mut customer, _) = Customer::calls(MENU);
    customer.gets(In::Digit('1'));
    assert_eq!(customer.gets(In::Played { token: 1 }), []);
    assert!(!customer.run.is_over());
}

#[test]
fn silence_is_asked_again_without_the_intro_and_then_the_flow_gives_up() {
    let (mut customer, _) = Customer::calls(MENU);
    customer.gets(In::Played { token: 1 });
    assert_eq!(customer.waits(3), [], "too early");
    assert_eq!(customer.waits(1), [say(&["silent", "ask"], 2)]);
    assert_eq!(customer.run.next_timeout(), None, "time does not run while prompts are said");
    customer.gets(In::Played { token: 2 });
    assert_eq!(customer.waits(4), [Out::End(FlowEnd::GaveUp)]);
    assert_eq!(customer.gets(In::Digit('1')), [], "nothing follows the end");
}

#[test]
fn a_wrong_key_is_asked_again_and_then_leads_on() {
    let (mut customer, _) = Customer::calls(MENU);
    assert_eq!(customer.gets(In::Digit('7')), [Out::StopPlay, say(&["wrong", "ask"], 2)]);
    assert_eq!(customer.gets(In::Digit('*')), [Out::StopPlay, at("bye"), say(&["bye"], 3)]);
}

#[test]
fn without_barge_in_keys_count_only_when_the_prompt_is_over() {
    let steps = MENU.replace("intro = \"intro\"", "barge_in = false");
    let (mut customer, _) = Customer::calls(&steps);
    assert_eq!(customer.gets(In::Digit('1')), []);
    customer.gets(In::Played { token: 1 });
    assert_eq!(customer.gets(In::Digit('1')), [at("bye"), say(&["bye"], 2)]);
    let flow = compile(&steps);
    assert_eq!(flow.prompts_after("in", '1'), ["bye"]);
}

#[test]
fn in_writing_a_menu_is_sent_and_answered_by_key_or_word() {
    for (message, step) in [
        ("1", "bye"),
        (" １ ", "bye"),
        ("#", "shop"),
        ("I want to buy it", "shop"),
        ("那就再见吧", "bye"),
        ("Goodbye!", "bye"),
    ] {
        let (mut customer, sent) = Customer::writes_to(MENU);
        assert_eq!(sent, [at("menu"), say(&["intro", "ask"], 1)], "nothing is answered in writing");
        assert_eq!(customer.gets(In::Played { token: 1 }), [], "the end of a message means nothing");
        assert_eq!(customer.gets(In::Text(message.into()))[0], at(step), "{message}");
    }
    let (mut customer, _) = Customer::writes_to(MENU);
    let ambiguous = In::Text("goodbye shop".into());
    assert_eq!(customer.gets(ambiguous), [say(&["wrong", "ask"], 2)]);
    let orders = customer.gets(In::Text("?".into()));
    assert_eq!(orders, [at("bye"), say(&["bye"], 3), Out::End(FlowEnd::Finished)]);
}

#[test]
fn whoever_writes_has_minutes_to_answer() {
    let (mut customer, _) = Customer::writes_to(MENU);
    assert_eq!(customer.waits(299), []);
    assert_eq!(customer.waits(1), [say(&["silent", "ask"], 2)]);
}

#[test]
fn a_step_that_needs_a_voice_ends_a_chat_with_a_reason() {
    let steps = "[entries]\nin = \"line\"\nbye = \"bye\"\n[steps.line]\nkind = \"echo\"\n";
    let (customer, orders) = Customer::writes_to(steps);
    assert_eq!(orders, [at("line"), Out::End(FlowEnd::Refused(488))]);
    assert!(customer.run.is_over());
}

const QUEUE: &str = r#"
[entries]
in = "queue"
[steps.queue]
kind = "queue"
queue = "shop"
prompts = "intro"
announce = "ask"
every = 10
keys = { 9 = "bye" }
failed = "bye"
then = "rate"
[steps.rate]
kind = "menu"
prompts = "wrong"
keys = { 1 = "bye" }
"#;

#[test]
fn waiting_begins_at_once_and_the_prompt_is_heard_in_full_before_the_music() {
    let (mut customer, heard) = Customer::calls(QUEUE);
    assert_eq!(heard, [at("queue"), Out::Answer, enqueue(), say(&["intro"], 1)]);
    assert_eq!(customer.waits(60), []);
    assert_eq!(customer.gets(In::Digit('5')), [], "other keys disturb nothing");
    assert_eq!(customer.gets(In::Played { token: 1 }), [tone(Tone::Music, 2)]);
    assert_eq!(customer.waits(10), [say(&["ask"], 3)]);
    assert_eq!(customer.gets(In::Played { token: 3 }), [tone(Tone::Music, 4)]);
    assert_eq!(customer.waits(10), [say(&["ask"], 5)], "and so on");
}

#[test]
fn a_key_leads_out_of_the_queue() {
    let (mut customer, _) = Customer::calls(QUEUE);
    assert_eq!(customer.gets(In::Digit('9')), [Out::StopPlay, at("bye"), say(&["bye"], 2)]);
}

#[test]
fn while_an_agent_has_the_customer_the_flow_sleeps_and_afterwards_it_goes_on() {
    let (mut customer, _) = Customer::calls(QUEUE);
    customer.gets(In::Played { token: 1 });
    assert_eq!(customer.gets(In::Connected), [Out::StopPlay]);
    assert_eq!(customer.run.next_timeout(), None);
    for input in
        [In::Digit('9'), In::Elapsed, In::Played { token: 2 }, In::Failed("busy".into()), In::Connected]
    {
        assert_eq!(customer.gets(input), []);
    }
    assert_eq!(customer.gets(In::Parted), [at("rate"), say(&["wrong"], 3)]);
}

#[test]
fn a_queue_that_cannot_be_entered_leads_on() {
    let (mut customer, _) = Customer::calls(QUEUE);
    assert_eq!(customer.gets(In::Failed("full".into())), [Out::StopPlay, at("bye"), say(&["bye"], 2)]);
}

#[test]
fn an_agent_taken_in_the_middle_of_a_menu_silences_it() {
    let (mut customer, _) = Customer::calls(MENU);
    assert_eq!(customer.gets(In::Connected), [Out::StopPlay]);
    assert_eq!(customer.waits(100), []);
    assert_eq!(customer.gets(In::Parted), [Out::End(FlowEnd::Finished)]);
}

#[test]
fn dialling_fills_in_the_numbers_and_refuses_the_call_with_the_reason_of_the_failure() {
    let steps = "[entries]\nin = \"dial\"\nbye = \"bye\"\n[steps.dial]\nkind = \"dial\"\nuri = \"sip:{called}@127.0.0.1:7000\"\ncodecs = [\"opus\"]\n";
    for (code, status) in [("busy", 486), ("refused", 603), ("no_answer", 480), ("unreachable", 480)] {
        let (mut customer, orders) = Customer::calls(steps);
        let ring = Duration::from_secs(60);
        let uri = "sip:in@127.0.0.1:7000".to_owned();
        assert_eq!(orders, [at("dial"), Out::Dial { uri, codecs: vec!["opus".into()], ring }]);
        assert_eq!(customer.gets(In::Failed(code.into())), [Out::End(FlowEnd::Refused(status))]);
    }
    let steps = steps.replace("{called}", "{caller}");
    let (_, orders) = Customer::calls(&steps);
    assert!(matches!(&orders[1], Out::Dial { uri, .. } if uri == "sip:a%20b@127.0.0.1:7000"));
}

#[test]
fn after_an_answer_ringing_is_heard_as_a_tone_and_failure_is_an_ordinary_end() {
    let steps = "[entries]\nin = \"up\"\nbye = \"bye\"\n[steps.up]\nkind = \"answer\"\nnext = \"agent\"\n[steps.agent]\nkind = \"agent\"\nagent = \"alice\"\nring = 7\n";
    let (mut customer, orders) = Customer::calls(steps);
    let ring = Out::RingAgent { agent: "alice".into(), ring: Duration::from_secs(7) };
    assert_eq!(orders, [at("up"), Out::Answer, at("agent"), tone(Tone::Ringback, 1), ring]);
    assert_eq!(customer.gets(In::Failed("busy".into())), [Out::End(FlowEnd::Finished)]);
}

#[test]
fn an_unanswered_call_is_refused_with_the_status_of_the_flow() {
    let steps = "[entries]\nin = \"no\"\nbye = \"bye\"\n[steps.no]\nkind = \"hangup\"\nrefuse = 603\nprompts = \"bye\"\n";
    assert_eq!(Customer::calls(steps).1, [at("no"), Out::End(FlowEnd::Refused(603))]);
    let orders = Customer::writes_to(steps).1;
    assert_eq!(orders, [at("no"), say(&["bye"], 1), Out::End(FlowEnd::Finished)]);
    let silent = "[entries]\nin = \"no\"\nbye = \"bye\"\n[steps.no]\nkind = \"hangup\"\n";
    assert_eq!(Customer::calls(silent).1, [at("no"), Out::End(FlowEnd::Refused(480))]);
}

#[test]
fn ringing_for_some_seconds_leads_on() {
    let steps = "[entries]\nin = \"ring\"\n[steps.ring]\nkind = \"ring\"\nseconds = 3\nnext = \"bye\"\n";
    let (mut customer, orders) = Customer::calls(steps);
    assert_eq!(orders, [at("ring"), Out::Ring]);
    assert_eq!(customer.waits(3), [at("bye"), Out::Answer, say(&["bye"], 1)]);
    let steps = "[entries]\nin = \"ring\"\nbye = \"bye\"\n[steps.ring]\nkind = \"ring\"\n";
    let (mut customer, orders) = Customer::calls(steps);
    assert_eq!(orders, [at("ring"), Out::Ring]);
    assert_eq!(customer.waits(600), [Out::End(FlowEnd::Refused(480))], "a caller who vanished is let go");
}

#[test]
fn a_silent_wait_answers_and_leads_on_or_lasts() {
    let steps = "[entries]\nin = \"wait\"\n[steps.wait]\nkind = \"wait\"\nseconds = 3\nnext = \"bye\"\n";
    let (mut customer, orders) = Customer::calls(steps);
    assert_eq!(orders, [at("wait"), Out::Answer]);
    assert_eq!(customer.waits(3), [at("bye"), say(&["bye"], 1)]);
    let steps = "[entries]\nin = \"wait\"\nbye = \"bye\"\n[steps.wait]\nkind = \"wait\"\n";
    let (customer, orders) = Customer::calls(steps);
    assert_eq!((orders, customer.run.next_timeout()), (vec![at("wait"), Out::Answer], None));
}

#[test]
fn a_run_can_be_written_down_and_brought_back_without_showing_who_calls() {
    let (mut customer, _) = Customer::calls(MENU);
    customer.gets(In::Played { token: 1 });
    assert!(!format!("{:?}", customer.run).contains("a b"));
    let text = serde_json::to_string(&customer.run).expect("written");
    let read: Run = serde_json::from_str(&text).expect("read");
    customer.run = read.attach(compile(MENU)).expect("the step is still there");
    assert_eq!(customer.run.next_timeout(), Some(Time::from_millis(4000)));
    assert_eq!(customer.gets(In::Digit('1')), [at("bye"), say(&["bye"], 2)]);
    let read: Run = serde_json::from_str(&text).expect("read");
    let error = read.attach(compile(QUEUE)).expect_err("another flow");
    assert_eq!(error.to_string(), "the flow has no entry or step `menu`");
}

#[test]
fn an_entry_that_does_not_exist_is_an_error() {
    let mut rng = Rng::seeded(1);
    let start = Start {
        entry: "x".into(),
        lang: Lang::En,
        text: false,
        caller: String::new(),
        called: String::new(),
    };
    let cx = &mut Context { now: Time::ZERO, rng: &mut rng };
    let mut out: Vec<Out> = Vec::new();
    assert!(Run::start(compile(MENU), start, cx, &mut out).is_err());
    assert!(out.is_empty());
}

const LINE: &str = r#"
[entries]
in = { step = "shop", text = true }
[variables]
crm_tier = "gold"
[prompts.place]
en = "You are number {queue.place}."
zh = "您排在第{queue.place}位。"
[prompts.likely]
en = "About {queue.wait}."
zh = "大约{queue.wait}。"
[steps.shop]
kind = "queue"
queue = "shop"
prompts = "ask"
announce = "silent"
place = "place"
wait = "likely"
every = 20
failed = "bye"
skills = { german = 4 }
tier = "crm_tier"
agent = "'alice'"
agent_wait = 45
scores = "'alice=10 bob=-3, nonsense carl=x'"
"#;

fn heard(out: &[Out]) -> Vec<String> {
    let clips = out.iter().filter_map(|one| match one {
        Out::Play { clips, .. } => Some(clips),
        _ => None,
    });
    let text = |clip: &Clip| match clip {
        Clip::Prompt { name, .. } => name.clone(),
        Clip::Spoken(spoken) => spoken.written.reveal().clone(),
        Clip::Tone(tone) => format!("{tone:?}").to_lowercase(),
    };
    clips.flatten().map(text).collect()
}

#[test]
fn whoever_waits_is_told_their_place_at_once_and_as_it_is_later_and_the_wait_only_when_it_is_credible() {
    let (mut customer, out) = Customer::calls(LINE);
    assert_eq!(heard(&out), ["ask"]);
    // The place is known while the prompt is heard: it follows.
    assert_eq!(heard(&customer.gets(In::Placed { place: 7, minutes: None })), Vec::<String>::new());
    assert_eq!(heard(&customer.gets(In::Played { token: 1 })), ["You are number 7."]);
    assert_eq!(heard(&customer.gets(In::Played { token: 2 })), ["music"]);
    assert_eq!(customer.gets(In::Placed { place: 4, minutes: Some(5) }), [], "told with the announcements");
    assert_eq!(heard(&customer.waits(20)), ["silent", "You are number 4.", "About 5 minutes."]);
    customer.gets(In::Played { token: 4 });
    customer.gets(In::Placed { place: 1, minutes: Some(1) });
    assert_eq!(heard(&customer.waits(20)), ["silent", "You are number 1.", "About 1 minute."]);
}

#[test]
fn a_queue_that_says_nothing_of_places_does_not_disturb_the_music() {
    let (mut customer, _) = Customer::calls(MENU);
    assert_eq!(heard(&customer.gets(In::Digit('#'))), ["music"]);
    assert_eq!(customer.gets(In::Placed { place: 2, minutes: Some(4) }), []);
}

#[test]
fn in_writing_the_place_is_sent_once() {
    let (mut customer, out) = Customer::writes_to(LINE);
    assert_eq!(heard(&out), ["ask"]);
    assert_eq!(
        heard(&customer.gets(In::Placed { place: 3, minutes: Some(2) })),
        ["You are number 3.", "About 2 minutes."]
    );
    assert_eq!(customer.gets(In::Placed { place: 2, minutes: Some(1) }), []);
}

#[test]
fn what_this_customer_needs_goes_with_them_into_the_queue() {
    let (_, out) = Customer::calls(LINE);
    let wants = out.into_iter().find_map(|one| match one {
        Out::Enqueue { wants, .. } => Some(*wants),
        _ => None,
    });
    let wants = wants.expect("they wait");
    assert_eq!(wants.skills, [("german".to_owned(), 4)].into());
    assert_eq!(wants.tier.as_deref(), Some("gold"));
    assert_eq!(wants.agent, Some(("alice".into(), Duration::from_secs(45))));
    assert_eq!(wants.scores, [("alice".into(), 10), ("bob".into(), -3)].into());
}
