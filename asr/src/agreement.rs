//! LocalAgreement-2: a word is stable when two hypotheses in a row agree on it and on all before it.
//!
//! Promises: stable text only grows while an utterance is open; the last word heard is always tentative.

use crate::Word;
use crate::words::{join, plain};

/// The interim text of one open utterance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agreement {
    stable: Vec<String>,
    before: Vec<String>,
}

/// Text as shown: what will stay and what may change. One after the other they are the text, so the space between is with the second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub stable: String,
    pub tentative: String,
}

impl Agreement {
    /// Takes the next hypothesis and says what to show.
    pub(crate) fn hear(&mut self, words: &[Word]) -> Shown {
        let rest = self.rest_of(words);
        let agreed = self.agreed(&words[rest..]);
        self.stable.extend(words[rest..rest + agreed].iter().map(|w| w.text.clone()));
        let tentative = &words[rest + agreed..];
        self.before = tentative.iter().map(|w| w.text.clone()).collect();
        let stable = join(self.stable.iter().map(String::as_str));
        let mut whole = self.last_words();
        let tentative = whole.split_off(stable.len());
        Shown { stable, tentative }
    }

    /// All that was shown last, for an utterance whose final never came.
    pub(crate) fn last_words(&self) -> String {
        join(self.stable.iter().chain(&self.before).map(String::as_str))
    }

    /// Where the stable text ends in a hypothesis: after as many words, or where its last word stands nearby (a number
    /// may be written as one word or as two).
    fn rest_of(&self, words: &[Word]) -> usize {
        let count = self.stable.len();
        let Some(last) = self.stable.last() else { return 0 };
        let last = plain(last);
        [0, 1, -1, 2, -2]
            .into_iter()
            .filter_map(|shift: isize| count.checked_add_signed(shift))
            .find(|&at| at >= 1 && words.get(at - 1).is_some_and(|w| plain(&w.text) == last))
            .unwrap_or(count)
            .min(words.len())
    }

    /// How many of the words after the stable ones were there in the hypothesis before, the last one not counted.
    fn agreed(&self, rest: &[Word]) -> usize {
        let same = rest
            .iter()
            .zip(&self.before)
            .take_while(|(now, before)| plain(&now.text) == plain(before))
            .count();
        same.min(rest.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(agreement: &mut Agreement, text: &str) -> (String, String) {
        let word = |text: &str| Word { text: text.to_owned(), start_ms: 0, end_ms: 0, confidence: None };
        let words: Vec<Word> = text.split_whitespace().map(word).collect();
        let shown = agreement.hear(&words);
        (shown.stable, shown.tentative)
    }

    #[test]
    fn a_word_is_stable_when_two_hypotheses_agree_on_it_and_it_is_not_the_last() {
        let mut a = Agreement::default();
        assert_eq!(hear(&mut a, "my order"), (String::new(), "my order".into()));
        assert_eq!(hear(&mut a, "my order number"), ("my order".into(), " number".into()));
        assert_eq!(hear(&mut a, "My order number is"), ("my order number".into(), " is".into()));
        assert_eq!(hear(&mut a, "my order number is"), ("my order number".into(), " is".into()));
    }

    #[test]
    fn stable_words_stay_when_a_later_hypothesis_differs() {
        let mut a = Agreement::default();
        hear(&mut a, "four twenty three please");
        hear(&mut a, "four twenty three please");
        assert_eq!(hear(&mut a, "423 please now"), ("four twenty three".into(), String::new()));
        assert_eq!(
            hear(&mut a, "for twenty three please now sir"),
            ("four twenty three".into(), " please now sir".into())
        );
        assert_eq!(a.last_words(), "four twenty three please now sir");
    }

    #[test]
    fn an_empty_hypothesis_takes_nothing_back() {
        let mut a = Agreement::default();
        hear(&mut a, "hello there sir");
        hear(&mut a, "hello there sir");
        assert_eq!(hear(&mut a, ""), ("hello there".into(), String::new()));
    }
}
