//! A conversation's words as files: text, JSON, SubRip, WebVTT and vCon.
//!
//! Promises: pure; lines in the order in which they were said, whoever was recognised first; what was redacted stays so; a
//! corrected line says what it was corrected to.
//! Leaves to others: which entries, names of people, content types (`api`).

mod captions;
mod json;
mod vcon;

use crate::correction::{LineWord, Mark, Particulars};
use crate::{Conversation, Entry, EntryKind, Speaker};

/// What a transcript may be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One line per utterance or message, with time and speaker.
    Text,
    /// Every line with speaker, times, confidence and words.
    Json,
    /// SubRip.
    Srt,
    /// WebVTT (W3C), with the words' times where they are known.
    Vtt,
    /// vCon (draft-ietf-vcon-vcon-core), the IETF's container of conversations.
    Vcon,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 5] = [Format::Text, Format::Json, Format::Srt, Format::Vtt, Format::Vcon];

    /// Its name in queries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Srt => "srt",
            Format::Vtt => "vtt",
            Format::Vcon => "vcon",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Text => "text/plain; charset=utf-8",
            Format::Json => "application/json",
            Format::Srt => "application/x-subrip; charset=utf-8",
            Format::Vtt => "text/vtt; charset=utf-8",
            Format::Vcon => "application/vcon+json",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Writes a conversation. Notes are for staff and stay out.
#[must_use]
pub fn export(conversation: &Conversation, entries: &[Entry], format: Format) -> String {
    let lines = lines(conversation, entries);
    match format {
        Format::Text => captions::text(&lines),
        Format::Json => json::json(conversation, &lines),
        Format::Srt => captions::srt(&lines),
        Format::Vtt => captions::vtt(&lines),
        Format::Vcon => vcon::vcon(conversation, &lines),
    }
}

/// Something that was said or written.
pub(crate) struct Line {
    pub speaker: Speaker,
    /// The agent's name, else whose it is.
    pub name: String,
    pub at: crate::WallMillis,
    pub start_ms: u64,
    pub end_ms: u64,
    pub spoken: bool,
    pub text: String,
    /// How sure the recogniser was, 0 to 1.
    pub confidence: Option<f64>,
    pub words: Vec<LineWord>,
    /// A person wrote it.
    pub corrected: Option<Mark>,
}

/// A message is shown this long.
const READING_MS: u64 = 3_000;

fn lines(conversation: &Conversation, entries: &[Entry]) -> Vec<Line> {
    let mut lines: Vec<Line> = entries
        .iter()
        .filter(|entry| matches!(entry.entry.kind, EntryKind::Speech | EntryKind::Message))
        .map(|entry| line(conversation, entry))
        .collect();
    lines.sort_by_key(|line| line.start_ms);
    lines
}

fn line(conversation: &Conversation, Entry { entry, .. }: &Entry) -> Line {
    let since = u64::try_from(entry.at.saturating_sub(conversation.started_at)).unwrap_or(0);
    let start_ms = entry.start_ms.unwrap_or(since);
    let end_ms = entry.end_ms.unwrap_or(start_ms + READING_MS).max(start_ms + 1);
    let told = match entry.kind {
        EntryKind::Speech => Particulars::of(entry.detail.as_deref()),
        EntryKind::Message | EntryKind::Digit | EntryKind::Event | EntryKind::Note => Particulars::default(),
    };
    let name = match (&entry.author, entry.speaker) {
        (Some(author), _) => author.as_str().to_owned(),
        (None, Speaker::Customer) => "customer".to_owned(),
        (None, Speaker::Agent) => "agent".to_owned(),
        (None, Speaker::System) => "system".to_owned(),
    };
    Line {
        speaker: entry.speaker,
        name,
        at: entry.at,
        start_ms,
        end_ms,
        spoken: entry.kind == EntryKind::Speech,
        text: entry.text.split_whitespace().collect::<Vec<_>>().join(" "),
        confidence: told.confidence,
        words: told.words(),
        corrected: told.corrected,
    }
}

#[cfg(test)]
mod tests;
