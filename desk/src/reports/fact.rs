//! What one conversation counts as.
//!
//! Promises: worked out from what the record says of it and nothing else, so it can be worked out anew at any time and comes
//! to the same.

use kernel::AgentName;
use serde_json::Value;

use super::Targets;
use crate::{Channel, TicketState, WallMillis};

/// Upper bounds of the bands that waits are counted in, in milliseconds; the last band has none.
pub const WAITS: [i64; 7] = [5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000];
/// Of five: from here on they are content.
const CONTENT: i64 = 4;

/// What the record says of it as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The road.
    pub channel: Channel,
    /// The queue it is in or was last in.
    pub queue: Option<String>,
    /// The agent it is with or was last with.
    pub agent: Option<AgentName>,
    /// Began.
    pub started_at: WallMillis,
    /// Ended.
    pub ended_at: Option<WallMillis>,
    /// Why it ended.
    pub reason: Option<String>,
}

/// An event of its timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: WallMillis,
    /// Stable code.
    pub code: String,
    /// JSON object text.
    pub detail: Option<String>,
}

/// What was said in it, as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speech {
    /// Utterances.
    pub utterances: i64,
    /// How long after their end their text was recorded, together.
    pub delay_ms: i64,
    /// How many of them more than three seconds after.
    pub late: i64,
    /// Utterances of which the recogniser said how sure it was.
    pub rated: i64,
    /// How sure, in hundredths, together.
    pub confidence: i64,
    /// Utterances that somebody corrected.
    pub corrected: i64,
}

/// Its ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketView {
    /// Where it stands.
    pub state: TicketState,
    /// When it was solved, if it is.
    pub solved_at: Option<WallMillis>,
    /// Whether it ever came back.
    pub came_back: bool,
    /// Conversations that belong to it.
    pub conversations: i64,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It goes on.
    Open,
    /// It ended without a person being asked for.
    Alone,
    /// A person talked or wrote with them.
    Answered,
    /// They left while they waited.
    Abandoned,
    /// The flow did something else with them while they waited, or we failed.
    Elsewhere,
}

/// What one conversation counts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Began.
    pub started_at: WallMillis,
    /// The queue it was in first; else the one it is in.
    pub queue: Option<String>,
    /// The agent it is or was last with.
    pub agent: Option<AgentName>,
    /// The flow it began in.
    pub flow: Option<String>,
    /// That flow's version.
    pub version: i64,
    outcome: Outcome,
    queued: bool,
    offers: i64,
    wait_ms: i64,
    target_ms: i64,
    response_ms: Option<i64>,
    handle_ms: Option<i64>,
    resolved_ms: Option<i64>,
    confirmed: bool,
    first_contact: bool,
    score: Option<i64>,
    speech: Speech,
}

/// A column of the table: its name, and what a conversation adds to it.
pub type Column = (&'static str, fn(&Fact) -> i64);

/// The numbers of a conversation, by name: columns of the record. The order is the migrations'.
pub const COLUMNS: &[Column] = &[
    ("conversations", |_| 1),
    ("alone", |fact| is(fact.outcome == Outcome::Alone)),
    ("queued", |fact| is(fact.queued)),
    ("offered", |fact| is(fact.offers > 0)),
    ("answered", |fact| is(fact.answered())),
    ("abandoned", |fact| is(fact.abandoned())),
    ("elsewhere", |fact| is(fact.queued && fact.outcome == Outcome::Elsewhere)),
    ("in_target", |fact| is(fact.answered() && fact.wait_ms <= fact.target_ms)),
    ("late_answer", |fact| is(fact.answered() && fact.wait_ms > fact.target_ms)),
    ("late_abandon", |fact| is(fact.abandoned() && fact.wait_ms > fact.target_ms)),
    ("wait_answered_ms", |fact| if fact.answered() { fact.wait_ms } else { 0 }),
    ("wait_abandoned_ms", |fact| if fact.abandoned() { fact.wait_ms } else { 0 }),
    ("abandoned_w0", |fact| fact.abandoned_in(0)),
    ("abandoned_w1", |fact| fact.abandoned_in(1)),
    ("abandoned_w2", |fact| fact.abandoned_in(2)),
    ("abandoned_w3", |fact| fact.abandoned_in(3)),
    ("abandoned_w4", |fact| fact.abandoned_in(4)),
    ("abandoned_w5", |fact| fact.abandoned_in(5)),
    ("abandoned_w6", |fact| fact.abandoned_in(6)),
    ("abandoned_w7", |fact| fact.abandoned_in(7)),
    ("responded", |fact| is(fact.response_ms.is_some())),
    ("response_ms", |fact| fact.response_ms.unwrap_or(0)),
    ("handled", |fact| is(fact.handle_ms.is_some())),
    ("handle_ms", |fact| fact.handle_ms.unwrap_or(0)),
    ("talked", |fact| is(fact.outcome == Outcome::Answered)),
    ("resolved", |fact| is(fact.resolved_ms.is_some())),
    ("resolved_ms", |fact| fact.resolved_ms.unwrap_or(0)),
    ("confirmed", |fact| is(fact.confirmed)),
    ("first_contact", |fact| is(fact.first_contact)),
    ("rated", |fact| is(fact.score.is_some())),
    ("rating_sum", |fact| fact.score.unwrap_or(0)),
    ("content", |fact| is(fact.score.is_some_and(|score| score >= CONTENT))),
    ("rated_1", |fact| is(fact.score == Some(1))),
    ("rated_2", |fact| is(fact.score == Some(2))),
    ("rated_3", |fact| is(fact.score == Some(3))),
    ("rated_4", |fact| is(fact.score == Some(4))),
    ("rated_5", |fact| is(fact.score == Some(5))),
    ("transcribed", |fact| is(fact.speech.utterances > 0)),
    ("utterances", |fact| fact.speech.utterances),
    ("delay_ms", |fact| fact.speech.delay_ms),
    ("late", |fact| fact.speech.late),
    ("rated_utterances", |fact| fact.speech.rated),
    ("confidence", |fact| fact.speech.confidence),
    ("corrected", |fact| fact.speech.corrected),
];

const fn is(yes: bool) -> i64 {
    if yes { 1 } else { 0 }
}

impl Fact {
    /// Works it out. `happened`: its events in order; `written_at`: when an agent first wrote in it.
    #[must_use]
    pub fn of(
        conversation: &Outline,
        happened: &[Happening],
        written_at: Option<WallMillis>,
        speech: Speech,
        ticket: Option<&TicketView>,
        targets: &Targets,
    ) -> Self {
        let course = Course::of(happened);
        let queue = course.queue.clone().or_else(|| conversation.queue.clone());
        let outcome = course.outcome(conversation);
        let ended = conversation.ended_at;
        let wait_ms = course.queued_at.map_or(0, |since| {
            let until = course.connected_at.or(course.left_at).or(ended).unwrap_or(since);
            (until - since).max(0)
        });
        let target = queue.as_deref().map_or(targets.usual, |queue| targets.of(queue));
        let asked_at = course.queued_at.unwrap_or(conversation.started_at);
        let answer = if conversation.channel.is_spoken() { course.connected_at } else { written_at };
        let solved = ticket.and_then(|ticket| ticket.solved_at);
        Self {
            started_at: conversation.started_at,
            agent: conversation.agent.clone().filter(|_| course.connected_at.is_some()),
            flow: course.flow.clone(),
            version: course.version,
            queued: course.queued_at.is_some(),
            offers: course.offers,
            target_ms: i64::from(target.seconds) * 1_000,
            response_ms: answer.map(|at| (at - asked_at).max(0)),
            handle_ms: course.connected_at.zip(ended).map(|(since, until)| (until - since).max(0)),
            resolved_ms: solved.map(|at| (at - conversation.started_at).max(0)),
            confirmed: ticket.is_some_and(|ticket| ticket.state == TicketState::Done),
            first_contact: ticket.is_some_and(|ticket| {
                ticket.solved_at.is_some() && ticket.conversations == 1 && !ticket.came_back
            }),
            score: course.score,
            queue,
            outcome,
            wait_ms,
            speech,
        }
    }

    /// Its numbers, in the order of [`COLUMNS`].
    #[must_use]
    pub fn numbers(&self) -> Vec<i64> {
        COLUMNS.iter().map(|(_, number)| number(self)).collect()
    }

    fn answered(&self) -> bool {
        self.queued && self.outcome == Outcome::Answered
    }

    fn abandoned(&self) -> bool {
        self.outcome == Outcome::Abandoned
    }

    fn abandoned_in(&self, band: usize) -> i64 {
        is(self.abandoned() && WAITS.iter().filter(|bound| self.wait_ms >= **bound).count() == band)
    }
}

/// The way of a conversation through its events.
#[derive(Default)]
struct Course {
    flow: Option<String>,
    version: i64,
    queue: Option<String>,
    queued_at: Option<WallMillis>,
    connected_at: Option<WallMillis>,
    /// The flow went on without an answer.
    left_at: Option<WallMillis>,
    offers: i64,
    score: Option<i64>,
    /// They do not hold the line.
    callback: bool,
}

impl Course {
    fn of(happened: &[Happening]) -> Self {
        let mut course = Self::default();
        for one in happened {
            let detail: Value =
                one.detail.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
            course.take(one, &detail);
        }
        if course.callback {
            (course.queued_at, course.left_at) = (None, None);
        }
        course
    }

    fn take(&mut self, one: &Happening, detail: &Value) {
        let text = |name: &str| detail.get(name).and_then(Value::as_str).map(str::to_owned);
        let waits = self.queued_at.is_some() && self.connected_at.is_none() && self.left_at.is_none();
        match one.code.as_str() {
            "step" => {
                if self.flow.is_none() {
                    self.flow = text("flow");
                    self.version = detail.get("version").and_then(Value::as_i64).unwrap_or(0);
                }
                if waits {
                    self.left_at = Some(one.at);
                }
            }
            "queued" if self.connected_at.is_none() => {
                self.queued_at.get_or_insert(one.at);
                self.left_at = None;
                if self.queue.is_none() {
                    self.queue = text("queue");
                }
            }
            "unavailable" if waits => self.left_at = Some(one.at),
            "offered" => self.offers += 1,
            "connected" => {
                self.connected_at.get_or_insert(one.at);
            }
            "calling_back" | "callback_failed" => self.callback = true,
            "survey" => {
                let number = |name: &str| text(name).and_then(|text| text.parse::<i64>().ok());
                if let (Some(score), Some(scale @ 2..)) = (number("score"), number("scale")) {
                    // From 1 to 5, whatever the scale: the ends are the ends.
                    let five = (2 * (score - 1) * 4 + (scale - 1)) / (2 * (scale - 1)) + 1;
                    self.score = Some(five.clamp(1, 5));
                }
            }
            _ => {}
        }
    }

    fn outcome(&self, conversation: &Outline) -> Outcome {
        let failed = matches!(conversation.reason.as_deref(), Some("restart" | "shutdown" | "panic"));
        match (self.connected_at, conversation.ended_at, self.queued_at) {
            (Some(_), _, _) => Outcome::Answered,
            (None, None, _) => Outcome::Open,
            (None, Some(_), None) if self.callback => Outcome::Elsewhere,
            (None, Some(_), None) => Outcome::Alone,
            (None, Some(_), Some(_)) if self.left_at.is_some() || failed => Outcome::Elsewhere,
            (None, Some(_), Some(_)) => Outcome::Abandoned,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(ended_at: Option<i64>) -> Outline {
        Outline {
            channel: Channel::Voice,
            queue: None,
            agent: Some("alice".into()),
            started_at: 0,
            ended_at,
            reason: Some("hangup".into()),
        }
    }

    fn number(events: &[(i64, &str, &str)], ended: Option<i64>, name: &str) -> i64 {
        let event = |(at, code, detail): &(i64, &str, &str)| Happening {
            at: *at,
            code: (*code).into(),
            detail: Some((*detail).into()),
        };
        let happened: Vec<_> = events.iter().map(event).collect();
        let fact =
            Fact::of(&conversation(ended), &happened, None, Speech::default(), None, &Targets::default());
        COLUMNS.iter().find(|(column, _)| *column == name).map_or(-1, |(_, number)| number(&fact))
    }

    const STEP: (i64, &str, &str) = (1, "step", r#"{"flow":"main","step":"menu","version":3}"#);
    const QUEUED: (i64, &str, &str) = (1_000, "queued", r#"{"queue":"support"}"#);

    #[test]
    fn who_hangs_up_while_waiting_abandoned_after_that_wait() {
        let events = [STEP, QUEUED, (2_000, "offered", "{}"), (9_000, "offer_over", "{}")];
        assert_eq!(number(&events, Some(25_000), "abandoned"), 1);
        assert_eq!(number(&events, Some(25_000), "wait_abandoned_ms"), 24_000);
        assert_eq!(number(&events, Some(25_000), "abandoned_w3"), 1, "from 20 to 30 seconds");
        assert_eq!(number(&events, Some(25_000), "late_abandon"), 1);
        assert_eq!(number(&events, None, "abandoned"), 0, "it is not over");
        assert_eq!(number(&events, Some(25_000), "answered"), 0);
    }

    #[test]
    fn who_is_led_on_by_the_flow_or_never_asked_for_a_person_did_not_abandon() {
        let on = [STEP, QUEUED, (60_000, "step", "{}")];
        assert_eq!(number(&on, Some(90_000), "abandoned"), 0);
        assert_eq!(number(&on, Some(90_000), "elsewhere"), 1);
        assert_eq!(number(&[STEP], Some(90_000), "alone"), 1);
        let back = [STEP, QUEUED, (60_000, "step", "{}"), (70_000, "queued", "{}")];
        assert_eq!(
            number(&back, Some(90_000), "wait_abandoned_ms"),
            89_000,
            "back in a queue they waited all along"
        );
    }

    #[test]
    fn an_answer_counts_from_the_queue_to_the_connection_and_its_handling_to_the_end() {
        let events =
            [STEP, QUEUED, (6_000, "accepted", "{}"), (11_000, "connected", "{}"), (50_000, "step", "{}")];
        for (name, right) in [
            ("answered", 1),
            ("in_target", 1),
            ("wait_answered_ms", 10_000),
            ("response_ms", 10_000),
            ("handle_ms", 49_000),
            ("talked", 1),
        ] {
            assert_eq!(number(&events, Some(60_000), name), right, "{name}");
        }
        assert_eq!(number(&events, None, "handled"), 0, "not over yet");
    }

    #[test]
    fn scores_of_any_scale_are_of_five() {
        let rated = |score: &str, scale: &str| {
            let detail = format!(r#"{{"name":"csat","score":"{score}","scale":"{scale}"}}"#);
            number(&[STEP, (5, "survey", &detail)], Some(9), "rating_sum")
        };
        assert_eq!([rated("1", "5"), rated("5", "5"), rated("4", "5")], [1, 5, 4]);
        assert_eq!([rated("1", "9"), rated("9", "9"), rated("5", "9"), rated("2", "2")], [1, 5, 3, 5]);
        assert_eq!(rated("x", "5"), 0);
    }
}
