//! Text, SubRip and WebVTT.

use std::fmt::Write as _;

use super::Line;

pub(super) fn text(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        // Writing to a string cannot fail.
        let _written = writeln!(out, "[{}] {}: {}", clock(line.start_ms, '.'), line.name, line.text);
    }
    out
}

pub(super) fn srt(lines: &[Line]) -> String {
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        let (start, end) = (clock(line.start_ms, ','), clock(line.end_ms, ','));
        // An arrow in a cue's text would be read as another cue.
        let text = line.text.replace("-->", "→");
        let _written = writeln!(out, "{}\n{start} --> {end}\n{}: {text}\n", n + 1, line.name);
    }
    out
}

/// W3C WebVTT sections 4.1 and 4.2.2: `<v NAME>` for the speaker, `<00:00:01.000>` before a word.
pub(super) fn vtt(lines: &[Line]) -> String {
    let mut out = String::from("WEBVTT\n\n");
    for line in lines {
        let (start, end) = (clock(line.start_ms, '.'), clock(line.end_ms, '.'));
        let name: String = line.name.chars().filter(|c| !c.is_control()).collect();
        let _written = writeln!(out, "{start} --> {end}\n<v {}>{}\n", escaped(&name), timed(line));
    }
    out
}

/// What stands among the words for something hidden; the text names it otherwise.
const MASK: char = '•';

/// The text with times before its words, where the words are those of the text.
fn timed(line: &Line) -> String {
    let mut out = String::new();
    let mut rest = line.text.as_str();
    let mut last_ms = line.start_ms;
    for word in line.words.iter().filter(|word| !word.text.chars().all(|c| c == MASK)) {
        let (word, at_ms) = (&word.text, word.start_ms);
        let Some(at) = rest.find(word.as_str()) else { return escaped(&line.text) };
        out.push_str(&escaped(rest.get(..at).unwrap_or("")));
        // A time stamp must lie after the one before it and inside its cue.
        if at_ms > last_ms && at_ms < line.end_ms {
            let _written = write!(out, "<{}>", clock(at_ms, '.'));
            last_ms = at_ms;
        }
        out.push_str(&escaped(word));
        rest = rest.get(at + word.len()..).unwrap_or("");
    }
    out + &escaped(rest)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn clock(ms: u64, point: char) -> String {
    let (h, m, s) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{h:02}:{m:02}:{s:02}{point}{:03}", ms % 1_000)
}
