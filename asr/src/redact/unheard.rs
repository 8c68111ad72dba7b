//! Groups of a number that were spoken but not recognised.
//!
//! Recognisers often hear nothing, or one short wrong word, in a group of one repeated digit ("four four four four"). What is
//! left of a card number then looks like an order number, while the recording still says all of it. So what was said right
//! before and after the doubtful words of somebody who reads digits is hidden as if the digits had been heard.
//!
//! Promises: pure; an utterance is doubted for its length and the recogniser's own confidence, not for its words.

use super::numbers::{Run, only_digits, runs};
use super::tokens::{Token, tokens};
use super::{Kind, Span};
use crate::Heard;

/// A spoken digit takes about so long, with its share of the pauses in its group.
const DIGIT_MS: u64 = 450;
/// Nobody needs longer for one, at the pace of a group.
const SLOW_DIGIT_MS: u64 = 900;
/// Voice without words, shorter than this, is a breath or a cough.
const LEAST_MS: u64 = 600;
/// Words that took longer than this, though they are few.
const FEW_LEAST_MS: u64 = 1_300;
/// Longest group of digits.
const MOST_MS: u64 = 10_000;
/// So few words, and no surer than this, may be digits that were misheard.
const FEW: usize = 2;
const UNSURE: f32 = 0.5;
/// Digits that must have been recognised beside the doubt, in one utterance …
const LEAST_KNOWN: usize = 3;
/// … and digits, recognised or guessed by the time they took, from which it may be (the rest of) a card number.
const LEAST_DIGITS: u64 = 8;
/// Doubtful utterances in a row that belong to one number; more are a noisy room.
const MOST_IN_A_ROW: usize = 3;

/// What an utterance is to a number that is read in groups.
enum Group {
    /// Nothing but digits, so many.
    Digits(usize),
    /// Probably digits that were not recognised: about so many. What was recognised of it, if anything, counts as well.
    Doubt { about: u64, known: usize },
    /// Talk; it may end in digits, or begin with some.
    Talk { begins: Option<Span>, ends: Option<Span> },
}

/// Whether what an utterance says may be digits that were not recognised.
pub(super) fn is_doubtful(heard: &Heard) -> bool {
    matches!(group(heard), Group::Doubt { about: 1.., .. })
}

/// Whether a leg's last utterances are doubtful, but not so many that it is just noise.
pub(super) fn ends_in_doubt(held: &[Heard]) -> bool {
    let doubts = held.iter().rev().take_while(|heard| is_doubtful(heard)).count();
    (1..=MOST_IN_A_ROW).contains(&doubts)
}

/// For each of a leg's utterances, which follow each other, what of it is hidden because of its neighbours.
pub(super) fn hide(held: &[Heard]) -> Vec<Option<Span>> {
    let groups: Vec<Group> = held.iter().map(group).collect();
    let mut hidden: Vec<Option<Span>> = vec![None; held.len()];
    let mut at = 0;
    while at < groups.len() {
        let chain = chain(&groups, at);
        if is_number(&groups[chain.clone()]) {
            for one in chain.clone() {
                let whole = || Some(Span { range: 0..held[one].text.trim_end().len(), kind: Kind::Card });
                hidden[one] = match &groups[one] {
                    Group::Talk { ends, .. } if one == chain.start => ends.clone(),
                    Group::Talk { begins, .. } => begins.clone(),
                    Group::Digits(_) | Group::Doubt { .. } => whole(),
                };
            }
        }
        at = chain.end.max(at + 1);
        // Talk that ends one number may begin the next.
        if at < groups.len() && chain.len() > 1 && matches!(groups[at - 1], Group::Talk { .. }) {
            at -= 1;
        }
    }
    hidden
}

/// The utterances from `begin` on that may be groups of one number.
fn chain(groups: &[Group], begin: usize) -> std::ops::Range<usize> {
    let mut end = begin;
    for (at, group) in groups.iter().enumerate().skip(begin) {
        match group {
            Group::Digits(_) | Group::Doubt { .. } => end = at + 1,
            Group::Talk { ends: Some(_), .. } if at == begin => end = at + 1,
            Group::Talk { begins: Some(_), .. } if at > begin => return begin..at + 1,
            Group::Talk { .. } => break,
        }
    }
    begin..end
}

fn is_number(chain: &[Group]) -> bool {
    let (mut all, mut best, mut doubt, mut row) = (0, 0, false, 0);
    for group in chain {
        let (count, known) = match group {
            Group::Digits(known) => (*known as u64, *known),
            Group::Doubt { about, known } => (*about, *known),
            Group::Talk { .. } => (LEAST_KNOWN as u64, LEAST_KNOWN),
        };
        let doubted = matches!(group, Group::Doubt { about: 1.., .. });
        row = if doubted { row + 1 } else { 0 };
        if row > MOST_IN_A_ROW {
            return false;
        }
        doubt |= doubted;
        all += count;
        best = best.max(known);
    }
    doubt && best >= LEAST_KNOWN && all >= LEAST_DIGITS
}

fn group(heard: &Heard) -> Group {
    let length_ms = heard.end_ms.saturating_sub(heard.start_ms);
    let doubt = |known: usize| Group::Doubt { about: (length_ms / DIGIT_MS).max(known as u64), known };
    let words = tokens(&heard.text);
    let all = runs(&words);
    if words.is_empty() {
        let voice = (LEAST_MS..=MOST_MS).contains(&length_ms);
        return Group::Doubt { about: if voice { length_ms / DIGIT_MS } else { 0 }, known: 0 };
    }
    if only_digits(&words, &all) {
        let known: usize = all.iter().map(|run| run.digits.len()).sum();
        let slow = SLOW_DIGIT_MS * (known as u64 + 1) < length_ms && length_ms <= MOST_MS;
        return if slow { doubt(known) } else { Group::Digits(known) };
    }
    let unsure = heard.confidence().is_some_and(|sure| sure < UNSURE);
    if unsure && words.len() <= FEW && (FEW_LEAST_MS..=MOST_MS).contains(&length_ms) {
        return doubt(0);
    }
    let enough = |run: &&Run| run.digits.len() >= LEAST_KNOWN;
    let begins = all.first().filter(enough).filter(|run| run.first() == 0);
    let ends = all.last().filter(enough).filter(|run| run.last() + 1 == words.len());
    Group::Talk { begins: begins.map(|run| span(run, &words)), ends: ends.map(|run| span(run, &words)) }
}

fn span(run: &Run, words: &[Token]) -> Span {
    Span { range: run.bytes(words, 0, run.digits.len()), kind: Kind::Card }
}
