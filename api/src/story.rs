//! The routing of one conversation as a story: every offer, every stretch of waiting, every move, in English and Chinese.
//!
//! Promises: made from the record (and, while it waits, from the router) alone, so that it can be told years later and by a
//! terminal as well. Leaves to others: deciding (`routing`), showing (`web`, `voxdesk route explain`).

use std::time::Duration;

use desk::{Entry, EntryKind, WallMillis};
use kernel::{AgentName, Lang, Time};
use routing::{OfferReason, Span, Waiting, words};
use serde::{Deserialize, Serialize};

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoryLine {
    /// When.
    pub at: WallMillis,
    /// Stable code: `queued`, `waited`, `offered`, `offer_over`, `queue_moved`, `unavailable`, `accepted`, `waiting`.
    pub what: String,
    /// In English.
    pub en: String,
    /// 简体中文。
    pub zh: String,
}

#[derive(Deserialize)]
struct Offered {
    agent: AgentName,
    why: OfferReason,
}

#[derive(Deserialize)]
struct Waited {
    waited: Vec<Span>,
}

/// What a detail of an event may hold besides.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    queue: String,
    why: String,
    end: String,
    agent: String,
}

/// The story of a conversation's routing.
#[must_use]
pub fn story(entries: &[Entry], now: Option<&Waiting>, at: WallMillis) -> Vec<StoryLine> {
    let mut lines = Vec::new();
    for entry in entries.iter().filter(|entry| entry.entry.kind == EntryKind::Event) {
        let detail = entry.entry.detail.as_deref().unwrap_or("{}");
        lines.extend(told(&entry.entry.text, detail, entry.entry.at));
    }
    if let Some(waiting) = now {
        spans(&waiting.waited, &mut lines);
        lines.push(line(at, "waiting", |lang| words::waiting(waiting, lang)));
    }
    lines
}

fn told(code: &str, detail: &str, at: WallMillis) -> Vec<StoryLine> {
    let mut lines = Vec::new();
    match code {
        "offered" => {
            // Particulars that an older version wrote otherwise are left out rather than guessed.
            if let Ok(Offered { agent, why }) = serde_json::from_str(detail) {
                spans(&why.waited, &mut lines);
                lines.push(line(at, code, |lang| words::offer(&agent, &why, lang)));
            }
        }
        "waited" => {
            if let Ok(Waited { waited }) = serde_json::from_str(detail) {
                spans(&waited, &mut lines);
            }
        }
        "queued" | "offer_over" | "queue_moved" | "unavailable" | "accepted" => {
            let detail: Detail = serde_json::from_str(detail).unwrap_or_default();
            lines.push(line(at, code, |lang| plain(code, &detail, lang)));
        }
        _ => {}
    }
    lines
}

fn plain(code: &str, detail: &Detail, lang: Lang) -> String {
    let why = words::code(if detail.why.is_empty() { &detail.end } else { &detail.why }, lang);
    let Detail { queue, agent, .. } = detail;
    match (code, lang) {
        ("queued", Lang::En) => format!("Entered the queue {queue}."),
        ("queued", Lang::Zh) => format!("进入队列{queue}。"),
        ("queue_moved", Lang::En) => format!("Went on to the queue {queue} with its place: {why}."),
        ("queue_moved", Lang::Zh) => format!("保留位置转入队列{queue}：{why}。"),
        ("offer_over", Lang::En) => format!("The offer ended: {why}."),
        ("offer_over", Lang::Zh) => format!("派单结束：{why}。"),
        ("accepted", Lang::En) => format!("{agent} took it."),
        ("accepted", Lang::Zh) => format!("{agent}已接起。"),
        (_, Lang::En) => format!("Left the queue: {why}."),
        (_, Lang::Zh) => format!("离开队列：{why}。"),
    }
}

fn spans(waited: &[Span], lines: &mut Vec<StoryLine>) {
    for span in waited.iter().filter(|span| span.state != "ringing" || span.to > span.from) {
        lines.push(line(wall(span.from), "waited", |lang| words::span(span, lang)));
    }
}

/// The gateway's `Time` counts from the Unix epoch.
fn wall(at: Time) -> WallMillis {
    i64::try_from(at.since(Time::ZERO).min(Duration::from_secs(1 << 40)).as_millis()).unwrap_or(i64::MAX)
}

fn line(at: WallMillis, what: &str, words: impl Fn(Lang) -> String) -> StoryLine {
    StoryLine { at, what: what.to_owned(), en: words(Lang::En), zh: words(Lang::Zh) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_told_with_the_waiting_before_it() {
        let detail = serde_json::json!({ "agent": "alice", "why": {
            "strategy": "best_skill_longest_idle", "level": 5, "idle_ms": 2000, "waited_ms": 65000, "candidates": 2,
            "others": [["bob", 2, 1000]], "passed_over": [["carol", "wrapup"]],
            "waited": [{ "from": 1_000_000_000u64, "to": 66_000_000_000u64, "state": "in_line", "ring": 0, "agents": [["busy", 2]] }],
        }});
        let lines = told("offered", &detail.to_string(), 66_000);
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[0].at, lines[0].en.as_str()),
            (1_000, "65 s: waited; of those who fit at most: 2 busy")
        );
        assert!(lines[1].en.contains("alice was chosen") && lines[1].en.contains("carol (writing up)"));
        assert!(lines[1].zh.contains("alice") && lines[1].zh.contains("整理中"));
    }

    #[test]
    fn particulars_that_are_not_ours_are_left_out() {
        assert!(told("offered", "not json", 0).is_empty());
        assert!(told("waited", "{\"waited\": 7}", 0).is_empty());
        assert_eq!(told("queued", "[]", 0).len(), 1);
    }
}
