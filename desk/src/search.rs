//! Search over what was said, written and noted, over tickets and articles, in both languages: how a text becomes words, how
//! a question does, and what of a hit is shown.
//!
//! Promises: pure; a text and a question are cut alike, so what is written the same is found; a snippet is a piece of the text
//! itself. Leaves to others: keeping the index and looking in it (`store`), who may see what (`api`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::EntryKind;
use crate::knowledge::Words;

/// Words of a question that are looked for.
const QUESTION_WORDS: usize = 24;
/// Words of one text that are kept: far more than a message may have.
const TEXT_WORDS: usize = 20_000;
/// Characters of a snippet before its first hit.
const BEFORE: usize = 40;

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SearchKind {
    /// A transcript's final text.
    Speech,
    /// What was typed to or by the customer, or sent by the flow.
    Message,
    /// A note of the staff.
    Note,
    /// A ticket's subject and fields.
    Ticket,
    /// An article of the knowledge base.
    Article,
}

impl SearchKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Speech, Self::Message, Self::Note, Self::Ticket, Self::Article];

    /// As the API and the record spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Message => "message",
            Self::Note => "note",
            Self::Ticket => "ticket",
            Self::Article => "article",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// As what an entry is searched; keys pressed and events are not.
    #[must_use]
    pub const fn of_entry(kind: EntryKind) -> Option<Self> {
        match kind {
            EntryKind::Speech => Some(Self::Speech),
            EntryKind::Message => Some(Self::Message),
            EntryKind::Note => Some(Self::Note),
            EntryKind::Digit | EntryKind::Event => None,
        }
    }
}

/// The words by which a text is found, each once.
#[must_use]
pub fn words_of(text: &str) -> BTreeSet<String> {
    Words::shared().places(text).into_iter().take(TEXT_WORDS).map(|(_, word)| word).collect()
}

/// The words that a question asks for, each once, in its order.
#[must_use]
pub fn question(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let words = Words::shared().places(text).into_iter().map(|(_, word)| word);
    words.filter(|word| seen.insert(word.clone())).take(QUESTION_WORDS).collect()
}

/// A piece of a snippet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The text.
    pub text: String,
    /// Whether it is what was asked for.
    pub hit: bool,
}

/// `most` characters of `text` around the first of `words`, with every one of them marked.
#[must_use]
pub fn snippet(text: &str, words: &[String], most: usize) -> Vec<Part> {
    let mut hits: Vec<_> =
        Words::shared().places(text).into_iter().filter(|(_, word)| words.contains(word)).collect();
    hits.sort_by_key(|(at, _)| (at.start, core::cmp::Reverse(at.end)));
    let first = hits.first().map_or(0, |(at, _)| at.start);
    let from =
        text.get(..first).map_or(0, |head| head.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at));
    let window = text.get(from..).unwrap_or_default();
    let until = from + window.char_indices().nth(most).map_or(window.len(), |(at, _)| at);
    let mut parts = Vec::new();
    let mut add = |text: Option<&str>, hit| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            parts.push(Part { text: text.to_owned(), hit });
        }
    };
    let mut at = from;
    if from > 0 {
        add(Some("…"), false);
    }
    for (place, _) in hits {
        if place.start < at || place.end > until {
            continue;
        }
        add(text.get(at..place.start), false);
        add(text.get(place.clone()), true);
        at = place.end;
    }
    add(text.get(at..until), false);
    if until < text.len() {
        add(Some("…"), false);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, asked: &str, most: usize) -> String {
        let parts = snippet(text, &question(asked), most);
        parts
            .iter()
            .map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() })
            .collect()
    }

    #[test]
    fn what_was_asked_for_is_marked_in_both_languages() {
        assert_eq!(
            shown("Where are my refunds? A refund!", "refund", 80),
            "Where are my [refunds]? A [refund]!"
        );
        assert_eq!(shown("我想申请退款，谢谢", "退款", 80), "我想申请[退款]，谢谢");
    }

    #[test]
    fn a_long_text_is_shown_around_its_first_hit() {
        let text = format!("{} refund {}", "word ".repeat(100), "more ".repeat(100));
        let shown = shown(&text, "refund", 120);
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("[refund]"), "{shown}");
        assert!(shown.chars().count() < 130, "{shown}");
    }

    #[test]
    fn a_text_is_found_by_every_word_of_a_question_that_it_holds() {
        let words = words_of("Order A-1234 was charged twice; 请帮我查一下订单和退款");
        for asked in
            ["charging", "ORDER", "1234", "退款", "订单", "the charge".split(' ').next_back().unwrap_or("")]
        {
            assert!(question(asked).iter().all(|word| words.contains(word)), "{asked} {words:?}");
        }
        assert!(!question("nothing").iter().all(|word| words.contains(word)));
        assert!(question(" ,.! ").is_empty());
    }
}
