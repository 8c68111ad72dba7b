//! The shipped flow, spoken by the shipped voice, is long enough where callers and tests listen for it.

use std::fs;
use std::path::PathBuf;

use ivr::{Flow, Known};
use ivr_voice::Voices;
use kernel::{AgentName, Lang, QueueName};

#[test]
fn every_prompt_of_the_shipped_flow_is_spoken_in_both_languages() {
    let known = Known {
        queues: ["sales", "support"].map(QueueName::from).into(),
        agents: ["alice", "bob"].map(AgentName::from).into(),
        ..Known::default()
    };
    let flow =
        Flow::parse("main.toml", include_str!("../../../flows/main.toml"), &known).expect("a good flow");
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("main-flow-{}", std::process::id()));
    let paths = Voices::espeak(".").prepare(flow.prompts(), &dir).expect("espeak-ng speaks");
    assert_eq!(paths.len(), flow.prompts().count());
    let mut too_short = Vec::new();
    for ((name, lang), path) in &paths {
        let wav = hound::WavReader::open(path).expect("a wav");
        let seconds = f64::from(wav.duration()) / 16_000.0;
        // Somebody listens for any three seconds of these, before and after a key that comes two seconds after the answer.
        let least = match name.as_str() {
            "main_menu" | "endless" => 6.0,
            "sales_queue" | "support_queue" | "operator_queue" => 5.0,
            "goodbye" | "before_the_answer" | "after_the_answer" => 4.0,
            _ => 1.0,
        };
        if seconds < least {
            too_short.push(format!("{name} {}: {seconds:.1} s of {least}", lang.code()));
        }
    }
    fs::remove_dir_all(&dir).expect("the folder");
    assert_eq!(too_short, Vec::<String>::new());
    assert!(paths.contains_key(&("main_menu".to_owned(), Lang::Zh)));
}
