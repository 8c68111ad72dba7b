//! Redaction: finds what must not be kept or shown (card numbers, codes, ids …) in spoken and typed text.
//!
//! Promises: pure; a card number is found spoken digit by digit, in groups, with "double" and "triple", in English and
//! Chinese, across pauses (`Screen`), and also when the recogniser misheard a digit of it. What is found is replaced by its
//! kind's name. Leaves to others: where text goes (`interaction`), which kinds a company wants (configuration).
//!
//! A kind is one file with a `find`, and one line in `FINDERS`.

mod account;
mod card;
mod code;
mod context;
mod corrected;
mod email;
mod national_id;
mod numbers;
mod phone;
mod screen;
pub(crate) mod tokens;
mod unheard;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use context::Context;
pub use corrected::{Around, corrected};
pub use screen::{Cleared, Hidden, Screen};

use crate::words::is_wide;
use numbers::{Run, runs};
use tokens::{Token, tokens};

/// What may be redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A payment card's number.
    Card,
    /// Its security code.
    Cvv,
    /// A PIN, password or one-time code in digits.
    Pin,
    /// A national id: 18-digit Chinese id, US social security number.
    NationalId,
    /// A phone number.
    Phone,
    /// An e-mail address, written or spoken.
    Email,
    /// A bank account, IBAN included.
    Account,
}

impl Kind {
    /// All kinds, in the order in which they win over each other.
    pub const ALL: [Kind; 7] =
        [Kind::Card, Kind::NationalId, Kind::Account, Kind::Email, Kind::Phone, Kind::Cvv, Kind::Pin];

    /// Its name in settings and in the record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Card => "card",
            Kind::Cvv => "cvv",
            Kind::Pin => "pin",
            Kind::NationalId => "national_id",
            Kind::Phone => "phone",
            Kind::Email => "email",
            Kind::Account => "account",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What stands in its place.
    const fn mark(self, chinese: bool) -> &'static str {
        match (self, chinese) {
            (Kind::Card, false) => "[card number]",
            (Kind::Card, true) => "［卡号］",
            (Kind::Cvv, false) => "[security code]",
            (Kind::Cvv, true) => "［安全码］",
            (Kind::Pin, false) => "[code]",
            (Kind::Pin, true) => "［密码］",
            (Kind::NationalId, false) => "[id number]",
            (Kind::NationalId, true) => "［证件号］",
            (Kind::Phone, false) => "[phone number]",
            (Kind::Phone, true) => "［电话号码］",
            (Kind::Email, false) => "[e-mail address]",
            (Kind::Email, true) => "［电子邮箱］",
            (Kind::Account, false) => "[account number]",
            (Kind::Account, true) => "［账号］",
        }
    }
}

/// Which kinds are redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactPolicy {
    /// These.
    pub kinds: BTreeSet<Kind>,
}

impl Default for RedactPolicy {
    fn default() -> Self {
        Self { kinds: BTreeSet::from([Kind::Card, Kind::Cvv, Kind::Pin]) }
    }
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A recogniser, which may have misheard a digit.
    Spoken,
    /// A keyboard.
    Typed,
}

/// What is to be redacted in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

impl Span {
    /// Takes its place among others, in order; those that it overlaps become one with it.
    fn join(mut self, others: &mut Vec<Self>) {
        others.retain(|one| {
            let apart = !overlap(&one.range, &self.range);
            if !apart {
                self.range = self.range.start.min(one.range.start)..self.range.end.max(one.range.end);
            }
            apart
        });
        others.push(self);
        others.sort_by_key(|span| span.range.start);
    }
}

/// What a finder looks at.
pub(crate) struct Look<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub runs: &'a [Run],
    pub source: Source,
    pub context: &'a Context,
    pub now_ms: u64,
}

type Finder = fn(&Look<'_>, &mut Vec<Span>);

/// One finder per kind, in the order in which they win.
const FINDERS: &[(Kind, Finder)] = &[
    (Kind::Card, card::find),
    (Kind::NationalId, national_id::find),
    (Kind::Account, account::find),
    (Kind::Email, email::find),
    (Kind::Phone, phone::find),
    (Kind::Cvv, code::find_cvv),
    (Kind::Pin, code::find_pin),
];

/// What is to be redacted in `text`, in order and without overlaps. `context` tells what was talked about before.
#[must_use]
pub fn find(text: &str, source: Source, policy: &RedactPolicy, context: &Context, now_ms: u64) -> Vec<Span> {
    let tokens = tokens(text);
    let runs = runs(&tokens);
    let look = Look { text, tokens: &tokens, runs: &runs, source, context, now_ms };
    let mut spans: Vec<Span> = Vec::new();
    for (kind, finder) in FINDERS {
        if !policy.kinds.contains(kind) {
            continue;
        }
        let mut found = Vec::new();
        finder(&look, &mut found);
        found.retain(|span| spans.iter().all(|known| !overlap(&known.range, &span.range)));
        spans.extend(found);
    }
    spans.sort_by_key(|span| span.range.start);
    spans
}

/// A text of its own, redacted; and which kinds were in it.
#[must_use]
pub fn redact(text: &str, source: Source, policy: &RedactPolicy) -> (String, BTreeSet<Kind>) {
    let spans = find(text, source, policy, &Context::default(), 0);
    (replaced(text, &spans), spans.iter().map(|span| span.kind).collect())
}

/// The text with marks in the place of the spans.
pub(crate) fn replaced(text: &str, spans: &[Span]) -> String {
    let chinese = text.chars().any(is_wide);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        out.push_str(text.get(at..span.range.start).unwrap_or(""));
        out.push_str(span.kind.mark(chinese));
        at = span.range.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
