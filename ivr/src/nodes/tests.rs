//! Every kind's example is a flow that works.

use std::sync::Arc;

use kernel::{AgentName, Context, Lang, QueueName, Rng, Time};

use super::NODES;
use crate::{Flow, Known, Media, Out, Run, Start};

/// What the examples lean on.
fn frame(first: &str, example: &str) -> String {
    let mut text = "[flow]\nname = \"example\"\n".to_owned();
    if !example.contains("[entries]") {
        text.push_str(&format!("[entries]\nhere = \"{first}\"\n"));
    }
    for prompt in ["hello", "goodbye", "choices", "again", "wrong", "wait"] {
        text.push_str(&format!("[prompts.{prompt}]\nen = \"{prompt}\"\nzh = \"好\"\n"));
    }
    text + example
}

fn known() -> Known {
    Known {
        queues: ["sales", "support"].map(QueueName::from).into(),
        agents: ["alice", "bob"].map(AgentName::from).into(),
        hosts: vec!["crm.example.com".to_owned()],
        secrets: vec!["crm".to_owned()],
        ..Known::default()
    }
}

fn first_step(example: &str) -> &str {
    example
        .strip_prefix("[steps.")
        .and_then(|rest| rest.split(']').next())
        .expect("an example begins with a step")
}

#[test]
fn kinds_and_their_parameters_are_sorted_by_name_and_described() {
    assert!(NODES.is_sorted_by(|a, b| a.name < b.name));
    for kind in NODES {
        assert!(kind.params.is_sorted_by(|a, b| a.name < b.name), "{}", kind.name);
        let helps = kind.params.iter().map(|param| param.help).chain([kind.title, kind.help]);
        for help in helps {
            assert!(!help.en.is_empty() && !help.zh.is_ascii(), "{}: {}", kind.name, help.en);
        }
    }
}

#[test]
fn every_example_compiles_is_of_its_kind_and_can_be_entered() {
    for kind in NODES {
        let first = first_step(kind.example);
        let text = frame(first, kind.example);
        assert!(
            kind.example.contains(&format!("[steps.{first}]\nkind = \"{}\"\n", kind.name)),
            "{}",
            kind.name
        );
        let flow = Flow::parse("example", &text, &known()).map_err(|p| p[0].to_string()).expect(kind.name);
        let mut rng = Rng::seeded(1);
        let mut out: Vec<Out> = Vec::new();
        let start = Start {
            entry: "here".into(),
            lang: Lang::En,
            text: false,
            caller: "+4930123".into(),
            called: "d".into(),
        };
        let cx = &mut Context { now: Time::ZERO, rng: &mut rng };
        let run = Run::start(Arc::new(flow), start, cx, &mut out).expect("the entry is there");
        assert!(out.contains(&Out::At(first.to_owned())), "{}", kind.name);
        assert!(out.len() > 1, "{} does something", kind.name);
        assert!(!run.is_over(), "{} is not over at once", kind.name);
    }
}

#[test]
fn a_kind_for_calls_only_says_so_of_its_steps() {
    for kind in NODES {
        let flow = Flow::parse("example", &frame(first_step(kind.example), kind.example), &known())
            .expect(kind.name);
        let step = flow.step(first_step(kind.example)).expect("compiled");
        assert_eq!(step.node.serves_text(), kind.media == Media::VoiceAndText, "{}", kind.name);
    }
}
