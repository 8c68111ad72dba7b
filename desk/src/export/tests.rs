use kernel::InteractionId;
use serde_json::Value;

use super::*;
use crate::{Channel, ConversationState, NewEntry};

fn conversation() -> Conversation {
    Conversation {
        id: InteractionId { node: 1, serial: 7 },
        channel: Channel::Voice,
        state: ConversationState::Ended,
        person: Some(1),
        called: "1000".into(),
        caller: "+4930".into(),
        lang: "en".into(),
        queue: None,
        queued_at: None,
        agent: None,
        started_at: 1_700_000_000_000,
        ended_at: Some(1_700_000_060_000),
        reason: None,
        ticket_id: None,
        legs: Vec::new(),
    }
}

fn entry(
    seq: i64,
    speaker: Speaker,
    kind: EntryKind,
    start_ms: u64,
    text: &str,
    detail: Option<&str>,
) -> Entry {
    Entry {
        seq,
        entry: NewEntry {
            at: 1_700_000_000_000 + start_ms as i64,
            leg: Some(0),
            speaker,
            author: (speaker == Speaker::Agent).then(|| "alice".into()),
            kind,
            text: text.into(),
            detail: detail.map(Into::into),
            start_ms: (kind == EntryKind::Speech).then_some(start_ms),
            end_ms: (kind == EntryKind::Speech).then_some(start_ms + 1_500),
            dedupe: None,
        },
        is_final: true,
    }
}

fn entries() -> Vec<Entry> {
    let words = r#"{"language":"en","words":[["My",2000,2200],["card:",2200,2600],["•••",2600,3400]]}"#;
    vec![
        // Recorded later than it was said.
        entry(1, Speaker::Customer, EntryKind::Speech, 2_000, "My card: [card number] <ok> -->", Some(words)),
        entry(2, Speaker::Agent, EntryKind::Speech, 500, "Hello & welcome", None),
        entry(3, Speaker::Agent, EntryKind::Note, 900, "difficult", None),
        entry(4, Speaker::Customer, EntryKind::Message, 61_000, "谢谢\n\n1", None),
    ]
}

fn written(format: Format) -> String {
    export(&conversation(), &entries(), format)
}

#[test]
fn text_has_the_order_of_speech_and_no_notes() {
    let text = "[00:00:00.500] alice: Hello & welcome\n[00:00:02.000] customer: My card: [card number] <ok> -->\n[00:01:01.000] customer: 谢谢 1\n";
    assert_eq!(written(Format::Text), text);
}

#[test]
fn captions_cannot_be_broken_by_what_was_said() {
    let srt = written(Format::Srt);
    assert!(srt.starts_with("1\n00:00:00,500 --> 00:00:02,000\nalice: Hello & welcome\n\n2\n"), "{srt}");
    assert_eq!(srt.matches("-->").count(), 3);
    let vtt = written(Format::Vtt);
    assert!(
        vtt.starts_with("WEBVTT\n\n00:00:00.500 --> 00:00:02.000\n<v alice>Hello &amp; welcome\n\n"),
        "{vtt}"
    );
    // A masked word is not in the text; the others have their times.
    assert!(vtt.contains("<v customer>My <00:00:02.200>card: [card number] &lt;ok&gt; --&gt;\n"), "{vtt}");
    assert_eq!(vtt.matches("-->").count(), 3);
}

#[test]
fn words_have_their_times_in_web_vtt() {
    let detail = r#"{"words":[["你好",0,400],["世界",400,900]]}"#;
    let vtt = export(
        &conversation(),
        &[entry(1, Speaker::Customer, EntryKind::Speech, 0, "你好，世界。", Some(detail))],
        Format::Vtt,
    );
    assert!(vtt.contains("<v customer>你好，<00:00:00.400>世界。\n"), "{vtt}");
}

#[test]
fn a_vcon_names_its_parties_and_times() {
    let vcon: Value = serde_json::from_str(&written(Format::Vcon)).expect("JSON");
    assert_eq!(vcon["created_at"], "2023-11-14T22:14:20.000Z");
    assert_eq!(vcon["parties"][1]["name"], "alice");
    assert_eq!(vcon["dialog"][0]["originator"], 1);
    assert_eq!(vcon["dialog"][1]["start"], "2023-11-14T22:13:22.000Z");
    assert_eq!(vcon["analysis"][0]["body"].as_array().map(Vec::len), Some(2));
    assert!(!vcon.to_string().contains("difficult"));
}

#[test]
fn a_detail_that_is_no_json_does_no_harm() {
    let all = [entry(1, Speaker::Customer, EntryKind::Speech, 0, "x", Some("{"))];
    for format in Format::ALL {
        assert!(export(&conversation(), &all, format).contains('x'));
    }
}

#[test]
fn json_and_vcon_say_speaker_times_confidence_words_and_what_was_corrected() {
    let detail = r#"{"confidence":0.71,"words":[["My",500,700,0.9],["older",700,1100,0.35]]}"#;
    let said = entry(1, Speaker::Customer, EntryKind::Speech, 500, "My older", Some(detail));
    let fixed = crate::correction::correction(&said.entry, "My order", &[], ("alice", 1_700_000_100_000));
    let mut line = said.clone();
    (line.entry.text, line.entry.detail) = (fixed.text, Some(fixed.detail));
    let whole: Value = serde_json::from_str(&export(&conversation(), &[said], Format::Json)).expect("JSON");
    let first = &whole["lines"][0];
    assert_eq!(
        (first["speaker"].as_str(), first["start_ms"].as_u64(), first["end_ms"].as_u64()),
        (Some("customer"), Some(500), Some(2_000))
    );
    assert_eq!(
        (first["confidence"].as_f64(), first["words"][1]["confidence"].as_f64()),
        (Some(0.71), Some(0.35))
    );
    assert_eq!((whole["conversation"].as_str(), &first["corrected"]), (Some("1-7"), &Value::Null));
    let whole: Value =
        serde_json::from_str(&export(&conversation(), std::slice::from_ref(&line), Format::Json))
            .expect("JSON");
    let now = &whole["lines"][0];
    assert_eq!(
        (now["text"].as_str(), now["corrected"]["original"].as_str()),
        (Some("My order"), Some("My older"))
    );
    assert_eq!(now["corrected"]["at"], "2023-11-14T22:15:00.000Z");
    assert_eq!((&now["confidence"], now["words"][1]["start_ms"].as_u64()), (&Value::Null, Some(700)));
    let vcon: Value = serde_json::from_str(&export(&conversation(), &[line], Format::Vcon)).expect("JSON");
    assert_eq!(vcon["dialog"][0]["body"], "My order");
    assert_eq!(vcon["analysis"][0]["body"][0]["words"][0]["confidence"].as_f64(), Some(0.9));
    assert_eq!(vcon["analysis"][0]["body"][0]["corrected"]["by"], "alice");
}
