//! What is talked about: "security code?" says one, "one two three" the other.
//!
//! The nearest subject before the digits counts; a subject of another kind ("order number") ends it.

use super::{Kind, Look, numbers, tokens};

/// A question is answered within this.
const FRESH_MS: u64 = 30_000;
/// A card number is followed by its date and code within this.
const AFTER_CARD_MS: u64 = 45_000;

/// Words before digits among which their subject is looked for: bounds the work on hostile text.
const NEAR: usize = 40;

/// Words that name a subject, most telling first. `None`: a number that is nobody's secret.
const SUBJECTS: &[(&[&str], Option<Kind>)] = &[
    (&["security", "code"], Some(Kind::Cvv)),
    (&["verification", "value"], Some(Kind::Cvv)),
    (&["cvv"], Some(Kind::Cvv)),
    (&["cvc"], Some(Kind::Cvv)),
    (&["cvv2"], Some(Kind::Cvv)),
    (&["c", "v", "v"], Some(Kind::Cvv)),
    (&["back", "of", "the", "card"], Some(Kind::Cvv)),
    (&["back", "of", "your", "card"], Some(Kind::Cvv)),
    (&["安", "全", "码"], Some(Kind::Cvv)),
    (&["背", "面"], Some(Kind::Cvv)),
    (&["pin"], Some(Kind::Pin)),
    (&["p", "i", "n"], Some(Kind::Pin)),
    (&["passcode"], Some(Kind::Pin)),
    (&["password"], Some(Kind::Pin)),
    (&["verification", "code"], Some(Kind::Pin)),
    (&["one", "time", "code"], Some(Kind::Pin)),
    (&["密", "码"], Some(Kind::Pin)),
    (&["验", "证", "码"], Some(Kind::Pin)),
    (&["social", "security"], Some(Kind::NationalId)),
    (&["ssn"], Some(Kind::NationalId)),
    (&["national", "insurance"], Some(Kind::NationalId)),
    (&["passport"], Some(Kind::NationalId)),
    (&["身", "份", "证"], Some(Kind::NationalId)),
    (&["phone"], Some(Kind::Phone)),
    (&["telephone"], Some(Kind::Phone)),
    (&["mobile"], Some(Kind::Phone)),
    (&["call", "me"], Some(Kind::Phone)),
    (&["电", "话"], Some(Kind::Phone)),
    (&["手", "机"], Some(Kind::Phone)),
    (&["account"], Some(Kind::Account)),
    (&["iban"], Some(Kind::Account)),
    (&["sort", "code"], Some(Kind::Account)),
    (&["routing", "number"], Some(Kind::Account)),
    (&["账", "号"], Some(Kind::Account)),
    (&["账", "户"], Some(Kind::Account)),
    (&["card"], Some(Kind::Card)),
    (&["visa"], Some(Kind::Card)),
    (&["mastercard"], Some(Kind::Card)),
    (&["amex"], Some(Kind::Card)),
    (&["american", "express"], Some(Kind::Card)),
    (&["卡"], Some(Kind::Card)),
    (&["order"], None),
    (&["invoice"], None),
    (&["ticket"], None),
    (&["tracking"], None),
    (&["reference"], None),
    (&["extension"], None),
    (&["zip"], None),
    (&["postcode"], None),
    (&["订", "单"], None),
    (&["工", "单"], None),
    (&["快", "递"], None),
    (&["发", "票"], None),
];

/// What a conversation has talked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    subject: Option<(Option<Kind>, u64)>,
    card_at: Option<u64>,
}

impl Context {
    /// Takes what was said (by anyone).
    pub fn hear(&mut self, text: &str, at_ms: u64) {
        let tokens = tokens::tokens(text);
        if let Some(subject) = subject_before(&tokens, tokens.len()) {
            self.subject = Some((subject, at_ms));
        }
    }

    /// A card number was said.
    pub fn card_said(&mut self, at_ms: u64) {
        self.card_at = Some(at_ms);
    }

    /// What was asked for has been said.
    pub(crate) fn answered(&mut self) {
        self.subject = None;
    }

    /// What the digits at word `at` are about: by what is said before them, else by what was talked about.
    pub(crate) fn about(&self, look: &Look<'_>, at: usize) -> Option<Kind> {
        self.subject(look, at).flatten()
    }

    /// The same, with `Some(None)` for a number that is nobody's secret.
    pub(crate) fn subject(&self, look: &Look<'_>, at: usize) -> Option<Option<Kind>> {
        let fresh = |when: u64| look.now_ms.saturating_sub(when) <= FRESH_MS;
        let before = self.subject.and_then(|(subject, when)| fresh(when).then_some(subject));
        subject_before(look.tokens, at).or(before)
    }

    pub(crate) fn card_was_said(&self, now_ms: u64) -> bool {
        self.card_at.is_some_and(|at| now_ms.saturating_sub(at) <= AFTER_CARD_MS)
    }

    /// Whether a subject whose digits are secret is open: then single digits are held back as well.
    pub(crate) fn is_delicate(&self, now_ms: u64) -> bool {
        self.card_was_said(now_ms)
            || self.subject.is_some_and(|(kind, at)| kind.is_some() && now_ms.saturating_sub(at) <= FRESH_MS)
    }
}

/// The last subject before word `until`.
fn subject_before(words: &[tokens::Token], until: usize) -> Option<Option<Kind>> {
    let until = until.min(words.len());
    (until.saturating_sub(NEAR)..until).rev().find_map(|begin| {
        SUBJECTS.iter().find_map(|(name, kind)| {
            let there = name
                .iter()
                .enumerate()
                .all(|(n, word)| begin + n < until && singular(&words[begin + n].plain) == *word);
            there.then_some(*kind)
        })
    })
}

fn singular(word: &str) -> &str {
    // "cards", "orders"; digits never end in s.
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 3 && !numbers::is_between(stem) => stem,
        _ => word,
    }
}
