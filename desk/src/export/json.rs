//! JSON: every line with all that is known of it.
//!
//! `{"conversation", "channel", "language", "started_at", "lines": [{"speaker", "name", "kind", "at", "start_ms", "end_ms", "text",
//! "confidence", "words": [{"text", "start_ms", "end_ms", "confidence"}], "corrected": {"revision", "by", "at", "original"}}]}`;
//! times in milliseconds since the conversation began, confidence 0 to 1, null where nobody said.

use serde_json::{Value, json};

use super::{Line, vcon::stamp};
use crate::Conversation;
use crate::correction::{LineWord, Mark};

pub(super) fn json(conversation: &Conversation, lines: &[Line]) -> String {
    let whole = json!({
        "conversation": conversation.id.to_string(),
        "channel": conversation.channel,
        "language": conversation.lang,
        "started_at": stamp(conversation.started_at),
        "lines": lines.iter().map(line).collect::<Vec<_>>(),
    });
    whole.to_string()
}

fn line(line: &Line) -> Value {
    let mut whole = said(line);
    whole["speaker"] = json!(line.speaker);
    whole["name"] = json!(line.name);
    whole["kind"] = json!(if line.spoken { "speech" } else { "message" });
    whole["at"] = json!(stamp(line.at));
    whole
}

/// What was said when, and how sure that is.
pub(super) fn said(line: &Line) -> Value {
    json!({
        "start_ms": line.start_ms,
        "end_ms": line.end_ms,
        "text": line.text,
        "confidence": line.confidence,
        "words": line.words.iter().map(word).collect::<Vec<_>>(),
        "corrected": line.corrected.as_ref().map(mark),
    })
}

fn word(word: &LineWord) -> Value {
    json!({
        "text": word.text,
        "start_ms": word.start_ms,
        "end_ms": word.end_ms,
        "confidence": word.confidence,
    })
}

fn mark(mark: &Mark) -> Value {
    json!({ "revision": mark.revision, "by": mark.by, "at": stamp(mark.at), "original": mark.original })
}
