//! The screen between recognisers (and keyboards) and everybody who reads: holds digits back until they are known to be harmless.
//!
//! People read a card number in groups with pauses; each group is an utterance of its own and looks harmless. So an utterance
//! that ends in digits waits for the leg's next one, or for a silence, and is judged together with it. Meanwhile its text
//! is shown with its digits masked.
//!
//! Promises: what is cleared comes in each leg's order; bounded memory; a silent leg's text is cleared after `HOLD_MS` (and
//! as much longer as its text came late). A subject ("security code") said by one side is known for the other. While a leg's
//! text is behind, what it asked for is not known: then every number of three digits or more is hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::numbers::{is_between, only_digits, runs};
use super::tokens::tokens;
use super::{Context, Kind, Look, RedactPolicy, Source, Span, card, find, replaced, unheard};
use crate::{Heard, Word};

/// Silence after which digits are what they are.
const HOLD_MS: u64 = 5_000;
/// Longest that text which comes late is held besides.
const MOST_LATE_MS: u64 = 120_000;
/// Utterances held per leg; more are judged as they are.
const MOST_HELD: usize = 24;
/// How long cleared digits count as the beginning of what follows.
const MEMORY_MS: u64 = 60_000;
/// Digits that a text may end in without waiting ("press one").
const FREE_DIGITS: usize = 2;
/// Longest card number: a longer run waits for nothing.
const LONGEST: usize = 19;
/// Keys of one burst that are recorded at once: menus need no more.
const FREE_KEYS: usize = 3;
/// What stands for a digit that is held back or hidden.
const MASK: &str = "•";

/// What was hidden in an utterance, on the conversation's clock: the recording is silent there too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// What it is.
    pub kind: Kind,
    /// Begin, milliseconds.
    pub start_ms: u64,
    /// End, milliseconds.
    pub end_ms: u64,
}

/// What may be shown and kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Cleared {
    /// An utterance, redacted.
    Speech {
        /// Whose.
        leg: u16,
        /// Its text and words.
        heard: Heard,
        /// What was hidden.
        hidden: Vec<Hidden>,
    },
    /// A key.
    Key {
        /// Whose.
        leg: u16,
        /// When, milliseconds.
        at_ms: u64,
        /// The key, or a mask.
        text: String,
    },
}

/// The screen of one conversation.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    policy: RedactPolicy,
    context: Context,
    legs: BTreeMap<u16, Leg>,
    behind: BTreeSet<u16>,
}

#[derive(Clone, Debug, Default)]
struct Leg {
    /// Digits at the end of what was cleared last, and when.
    memory: (String, u64),
    held: Vec<Heard>,
    keys: Vec<(u64, char)>,
    keys_cleared: usize,
    keys_until: Option<u64>,
    until: Option<u64>,
}

impl Screen {
    /// A screen that hides what the policy says.
    #[must_use]
    pub fn new(policy: RedactPolicy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// An utterance is settled. One without text was voice in which nothing was recognised: it may be a part of a number.
    pub fn heard(&mut self, now_ms: u64, leg: u16, heard: Heard, out: &mut Vec<Cleared>) {
        let late_ms = now_ms.saturating_sub(heard.end_ms).min(MOST_LATE_MS);
        if heard.text.is_empty() && !unheard::is_doubtful(&heard) {
            return;
        }
        let state = self.legs.entry(leg).or_default();
        state.held.push(heard);
        if state.held.len() < MOST_HELD && self.must_wait(leg, now_ms) {
            self.wait(leg, now_ms + HOLD_MS + late_ms);
        } else {
            self.clear(leg, now_ms, out);
        }
    }

    /// A leg's text is behind from now on, or no longer.
    pub fn behind(&mut self, leg: u16, behind: bool) {
        if behind {
            self.behind.insert(leg);
        } else {
            self.behind.remove(&leg);
        }
    }

    /// What was cleared by an earlier screen of this conversation: it may name what is talked about.
    pub fn recall(&mut self, text: &str, at_ms: u64) {
        self.context.hear(text, at_ms);
    }

    /// Interim text as it may be shown: what is held, then this, with all digits masked that may yet belong to something.
    pub fn interim(&mut self, now_ms: u64, leg: u16, stable: &str, tentative: &str) -> (String, String) {
        if self.policy.kinds.is_empty() {
            return (stable.to_owned(), tentative.to_owned());
        }
        let state = self.legs.entry(leg).or_default();
        let said = !stable.is_empty() || !tentative.is_empty();
        if said && !state.held.is_empty() {
            state.until = state.until.map(|until| until.max(now_ms + HOLD_MS));
        }
        let held = state.held_text();
        let next = if stable.is_empty() { tentative } else { stable };
        let glue = if held.is_empty() || next.is_empty() || next.starts_with(' ') { "" } else { " " };
        let text = format!("{held}{glue}{stable}{tentative}");
        let border = text.len() - tentative.len();
        let spans = self.masks(&text, now_ms);
        (masked(&text, 0..border, &spans), masked(&text, border..text.len(), &spans))
    }

    /// A typed message, redacted at once: it is confirmed to its sender when it is recorded.
    pub fn typed(&mut self, now_ms: u64, leg: u16, text: &str) -> (String, Vec<Kind>) {
        let state = self.legs.entry(leg).or_default();
        let before = state.remembered(now_ms);
        let joined = format!("{before}{text}");
        let spans = find(&joined, Source::Typed, &self.policy, &self.context, now_ms);
        let own = within(&spans, before.len()..joined.len());
        self.learn(text, now_ms, &own);
        let state = self.legs.entry(leg).or_default();
        state.memory = if own.is_empty() { (tail_digits(&joined), now_ms) } else { Default::default() };
        (replaced(text, &own), own.iter().map(|span| span.kind).collect())
    }

    /// A key was pressed.
    pub fn key(&mut self, now_ms: u64, leg: u16, key: char, out: &mut Vec<Cleared>) {
        let delicate = self.context.is_delicate(now_ms);
        let on = !self.policy.kinds.is_empty();
        let state = self.legs.entry(leg).or_default();
        if state.keys.last().is_some_and(|(at, _)| now_ms.saturating_sub(*at) >= HOLD_MS) {
            state.end_keys(leg, delicate, out);
        }
        state.keys.push((now_ms, key));
        if on && (delicate || state.keys.len() > FREE_KEYS) && state.keys.len() < 64 {
            state.keys_until = Some(now_ms + HOLD_MS);
        } else {
            state.clear_keys(leg, false, out);
        }
    }

    /// A leg ended, or its stream: nothing follows.
    pub fn closed(&mut self, now_ms: u64, leg: u16, out: &mut Vec<Cleared>) {
        let delicate = self.context.is_delicate(now_ms);
        if let Some(state) = self.legs.get_mut(&leg) {
            state.end_keys(leg, delicate, out);
        }
        self.clear(leg, now_ms, out);
    }

    /// Everything ends.
    pub fn close_all(&mut self, now_ms: u64, out: &mut Vec<Cleared>) {
        let legs: Vec<u16> = self.legs.keys().copied().collect();
        legs.into_iter().for_each(|leg| self.closed(now_ms, leg, out));
    }

    /// When `elapsed` is due, on the conversation's clock.
    #[must_use]
    pub fn next_timeout(&self) -> Option<u64> {
        self.legs.values().flat_map(|leg| [leg.until, leg.keys_until]).flatten().min()
    }

    /// Time has passed.
    pub fn elapsed(&mut self, now_ms: u64, out: &mut Vec<Cleared>) {
        let delicate = self.context.is_delicate(now_ms);
        let due = |at: Option<u64>| at.is_some_and(|at| at <= now_ms);
        for (leg, state) in &mut self.legs {
            if due(state.keys_until) {
                state.end_keys(*leg, delicate, out);
            }
        }
        let legs: Vec<u16> = self.legs.iter().filter(|(_, leg)| due(leg.until)).map(|(n, _)| *n).collect();
        legs.into_iter().for_each(|leg| self.clear(leg, now_ms, out));
    }

    /// Whether a leg's text is held back.
    #[must_use]
    pub fn is_holding(&self, leg: u16) -> bool {
        self.legs.get(&leg).is_some_and(|state| !state.held.is_empty())
    }

    fn wait(&mut self, leg: u16, until_ms: u64) {
        if let Some(state) = self.legs.get_mut(&leg) {
            state.until = Some(until_ms);
        }
    }

    /// Whether what a leg said last ends in digits that may belong to what it says next.
    fn must_wait(&self, leg: u16, now_ms: u64) -> bool {
        let Some(state) = self.legs.get(&leg).filter(|_| !self.policy.kinds.is_empty()) else { return false };
        if unheard::ends_in_doubt(&state.held) {
            return true;
        }
        let text = state.joined(now_ms);
        let words = tokens(&text);
        let all = runs(&words);
        let Some(run) = all.last() else { return false };
        if words[run.last() + 1..].iter().any(|word| !is_between(&word.plain)) {
            return false;
        }
        let length = run.digits.len();
        if length > LONGEST || card::number(&run.digits).is_some_and(|at| length - at >= 15) {
            return false;
        }
        let spans = find(&text, Source::Spoken, &self.policy, &self.context, now_ms);
        let end = run.bytes(&words, 0, length).end;
        let known = spans.iter().find(|span| span.range.end == end).map(|span| span.kind);
        let complete = match known {
            Some(Kind::Cvv) => length >= 3,
            Some(Kind::Pin) => length >= 4,
            Some(Kind::Card) => length >= 16,
            Some(Kind::NationalId | Kind::Phone | Kind::Email | Kind::Account) => false,
            None => false,
        };
        let only_digits = run.first() == 0 || state.held.last().is_some_and(|heard| is_digits(&heard.text));
        !complete
            && (length > FREE_DIGITS || only_digits || self.context.is_delicate(now_ms) || known.is_some())
    }

    /// Judges and hands out what a leg has held back.
    fn clear(&mut self, leg: u16, now_ms: u64, out: &mut Vec<Cleared>) {
        let Some(state) = self.legs.get_mut(&leg) else { return };
        state.until = None;
        let text = state.joined(now_ms);
        let mut at = state.remembered(now_ms).len();
        let held = std::mem::take(&mut state.held);
        if held.is_empty() {
            return;
        }
        let mut spans = find(&text, Source::Spoken, &self.policy, &self.context, now_ms);
        self.hide_numbers(&text, &mut spans);
        let unheard = self.unheard(&held, now_ms);
        let mut told = false;
        for (heard, unheard) in held.into_iter().zip(unheard) {
            let mut own = within(&spans, at..at + heard.text.len());
            at += heard.text.len() + 1;
            if let Some(span) = unheard {
                span.join(&mut own);
            }
            self.learn(&heard.text, heard.end_ms, &own);
            told = own.last().is_some_and(|span| span.range.end + 2 >= heard.text.trim_end().len());
            if heard.text.is_empty() && own.is_empty() {
                continue;
            }
            let (heard, hidden) = redacted(heard, &own);
            out.push(Cleared::Speech { leg, heard, hidden });
        }
        if let Some(state) = self.legs.get_mut(&leg) {
            state.memory = if told { Default::default() } else { (tail_digits(&text), now_ms) };
        }
    }

    /// What is hidden of each utterance because its neighbours may be digits that were not recognised; nothing, where the talk
    /// is of another number.
    fn unheard(&self, held: &[Heard], now_ms: u64) -> Vec<Option<Span>> {
        let text = held.iter().map(|heard| heard.text.as_str()).collect::<Vec<_>>().join("\n");
        let words = tokens(&text);
        let look = Look {
            text: &text,
            tokens: &words,
            runs: &[],
            source: Source::Spoken,
            context: &self.context,
            now_ms,
        };
        let subject = self.context.subject(&look, words.len());
        let harmless = subject.is_some_and(|kind| kind != Some(Kind::Card));
        if harmless || !self.policy.kinds.contains(&Kind::Card) {
            return vec![None; held.len()];
        }
        unheard::hide(held)
    }

    /// What another leg asked for is not known yet: no number is harmless.
    fn hide_numbers(&self, text: &str, spans: &mut Vec<Span>) {
        if self.behind.is_empty() || self.policy.kinds.is_empty() {
            return;
        }
        let words = tokens(text);
        for run in runs(&words).iter().filter(|run| run.digits.len() > FREE_DIGITS) {
            let range = run.bytes(&words, 0, run.digits.len());
            if spans.iter().all(|span| span.range.end <= range.start || range.end <= span.range.start) {
                spans.push(Span { range, kind: Kind::Pin });
            }
        }
        spans.sort_by_key(|span| span.range.start);
    }

    fn learn(&mut self, text: &str, at_ms: u64, spans: &[Span]) {
        self.context.hear(text, at_ms);
        if spans.iter().any(|span| span.kind == Kind::Card) {
            self.context.card_said(at_ms);
        }
        if spans.iter().any(|span| matches!(span.kind, Kind::Cvv | Kind::Pin)) {
            self.context.answered();
        }
    }

    /// What of an interim text is masked: what is known, every number of two digits, and a digit near its end.
    fn masks(&self, text: &str, now_ms: u64) -> Vec<Span> {
        let mut spans = find(text, Source::Spoken, &self.policy, &self.context, now_ms);
        let words = tokens(text);
        for run in runs(&words) {
            let after = words[run.last() + 1..].iter().filter(|word| !is_between(&word.plain)).count();
            let range = run.bytes(&words, 0, run.digits.len());
            let free =
                spans.iter().all(|span| span.range.end <= range.start || range.end <= span.range.start);
            // The last word may become another, a digit as well.
            if free && (after <= 1 || run.digits.len() > 1) {
                spans.push(Span { range, kind: Kind::Pin });
            }
        }
        spans.sort_by_key(|span| span.range.start);
        spans
    }
}

impl Leg {
    fn held_text(&self) -> String {
        self.held.iter().map(|heard| heard.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// What was cleared last, as far as it may go on.
    fn remembered(&self, now_ms: u64) -> String {
        let (digits, at) = &self.memory;
        let fresh = !digits.is_empty() && now_ms.saturating_sub(*at) <= MEMORY_MS;
        if fresh { format!("{digits}\n") } else { String::new() }
    }

    fn joined(&self, now_ms: u64) -> String {
        self.remembered(now_ms) + &self.held_text()
    }

    fn clear_keys(&mut self, leg: u16, delicate: bool, out: &mut Vec<Cleared>) {
        let digits: String = self.keys.iter().map(|(_, key)| *key).filter(char::is_ascii_digit).collect();
        let hide = delicate || digits.len() >= 13 || card::number(&digits).is_some();
        for (at_ms, key) in self.keys.iter().skip(self.keys_cleared) {
            let text = if hide { MASK.to_owned() } else { key.to_string() };
            out.push(Cleared::Key { leg, at_ms: *at_ms, text });
        }
        self.keys_cleared = self.keys.len();
    }

    /// The burst is over.
    fn end_keys(&mut self, leg: u16, delicate: bool, out: &mut Vec<Cleared>) {
        self.clear_keys(leg, delicate, out);
        self.keys.clear();
        self.keys_cleared = 0;
        self.keys_until = None;
    }
}

fn is_digits(text: &str) -> bool {
    let words = tokens(text);
    only_digits(&words, &runs(&words))
}

/// The digits that a text ends in.
fn tail_digits(text: &str) -> String {
    let words = tokens(text);
    let last = runs(&words).pop().filter(|run| words[run.last() + 1..].iter().all(|w| is_between(&w.plain)));
    last.map(|run| run.digits).filter(|digits| digits.len() <= LONGEST).unwrap_or_default()
}

/// The spans of a part of a text, counted from its begin.
fn within(spans: &[Span], part: Range<usize>) -> Vec<Span> {
    spans
        .iter()
        .filter(|span| span.range.start < part.end && part.start < span.range.end)
        .map(|span| Span {
            range: span.range.start.max(part.start) - part.start..span.range.end.min(part.end) - part.start,
            kind: span.kind,
        })
        .collect()
}

fn masked(text: &str, part: Range<usize>, spans: &[Span]) -> String {
    let mut out = String::new();
    let mut at = part.start;
    for span in within(spans, part.clone()) {
        out.push_str(text.get(at..part.start + span.range.start).unwrap_or(""));
        out.push_str(&MASK.repeat(3));
        at = part.start + span.range.end;
    }
    out.push_str(text.get(at..part.end).unwrap_or(""));
    out.replace('\n', " ")
}

/// An utterance without what its spans hold: text, words, and when it was said.
fn redacted(mut heard: Heard, spans: &[Span]) -> (Heard, Vec<Hidden>) {
    let mut hidden: Vec<Hidden> =
        spans.iter().map(|span| Hidden { kind: span.kind, start_ms: u64::MAX, end_ms: 0 }).collect();
    let mut from = 0;
    for word in &mut heard.words {
        let place = heard.text.get(from..).and_then(|rest| rest.find(&word.text)).map(|at| at + from);
        let range = place.map(|at| at..at + word.text.len());
        from = range.as_ref().map_or(from, |range| range.end);
        hide(word, range, spans, &mut hidden);
    }
    for one in &mut hidden {
        if one.end_ms == 0 {
            (one.start_ms, one.end_ms) = (heard.start_ms, heard.end_ms);
        }
    }
    heard.text = replaced(&heard.text, spans);
    (heard, hidden)
}

/// A word whose place is not known is hidden when anything is.
fn hide(word: &mut Word, range: Option<Range<usize>>, spans: &[Span], hidden: &mut [Hidden]) {
    let hit = spans.iter().position(|span| match &range {
        Some(range) => span.range.start < range.end && range.start < span.range.end,
        None => true,
    });
    if let Some(one) = hit.and_then(|at| hidden.get_mut(at)) {
        one.start_ms = one.start_ms.min(word.start_ms);
        one.end_ms = one.end_ms.max(word.end_ms);
        word.text = MASK.repeat(3);
        word.confidence = None;
    }
}
