//! What a variable can hold: text, an exact number, or a flag.
//!
//! Promises: bounded and total; numbers are exact to six places (money does not round), and what does not fit saturates.

use std::fmt;

use kernel::Lang;
use serde::{Deserialize, Serialize};

/// Longest text in a variable, in characters; more is cut.
pub const TEXT_CHARS: usize = 1000;
/// Parts of a whole.
const MICRO: i64 = 1_000_000;

/// What a variable can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// Any text.
    Text,
    /// A number with up to six decimal places.
    Number,
    /// True or false.
    Flag,
}

impl Type {
    /// As people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Number => "number",
            Type::Flag => "flag",
        }
    }

    /// What a variable of this type holds before anything was put there.
    #[must_use]
    pub fn empty(self) -> Datum {
        match self {
            Type::Text => Datum::Text(String::new()),
            Type::Number => Datum::Number(Number::default()),
            Type::Flag => Datum::Flag(false),
        }
    }
}

/// An exact number: millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Number(i64);

impl Number {
    /// A whole number.
    #[must_use]
    pub const fn whole(n: i64) -> Self {
        Self(n.saturating_mul(MICRO))
    }

    /// Reads `-12.5`; places after the sixth are dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let good = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !good(whole) || !good(places) || (digits.contains('.') && places.is_empty()) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let padded: String = places.chars().chain("000000".chars()).take(6).collect();
        let value = whole.checked_mul(MICRO)?.checked_add(padded.parse().ok()?)?;
        Some(Self(if negative { -value } else { value }))
    }

    /// Sum.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Difference.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let product = i128::from(self.0) * i128::from(other.0) / i128::from(MICRO);
        Self(i64::try_from(product).unwrap_or(if product < 0 { i64::MIN } else { i64::MAX }))
    }

    /// The whole part as a count; nothing below zero.
    #[must_use]
    pub fn count(self) -> usize {
        usize::try_from(self.0 / MICRO).unwrap_or(0)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, places) =
            (self.0.unsigned_abs() / MICRO.unsigned_abs(), self.0.unsigned_abs() % MICRO.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        if places == 0 {
            return write!(f, "{sign}{whole}");
        }
        let text = format!("{places:06}");
        write!(f, "{sign}{whole}.{}", text.trim_end_matches('0'))
    }
}

/// What is in a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Datum {
    /// Text.
    Text(String),
    /// A number.
    Number(Number),
    /// A flag.
    Flag(bool),
}

impl Datum {
    /// Text, cut to what a variable may hold.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Datum::Text(text.chars().filter(|c| !c.is_control()).take(TEXT_CHARS).collect())
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Type {
        match self {
            Datum::Text(_) => Type::Text,
            Datum::Number(_) => Type::Number,
            Datum::Flag(_) => Type::Flag,
        }
    }

    /// As another type; `None` when it cannot be one.
    #[must_use]
    pub fn to(&self, kind: Type) -> Option<Datum> {
        match (self, kind) {
            (Datum::Text(_), Type::Text)
            | (Datum::Number(_), Type::Number)
            | (Datum::Flag(_), Type::Flag) => Some(self.clone()),
            (Datum::Number(number), Type::Text) => Some(Datum::Text(number.to_string())),
            (Datum::Flag(flag), Type::Text) => Some(Datum::Text(flag.to_string())),
            (Datum::Text(text), Type::Number) => Number::parse(text).map(Datum::Number),
            (Datum::Text(text), Type::Flag) => match text.as_str() {
                "true" | "yes" | "1" => Some(Datum::Flag(true)),
                "false" | "no" | "0" | "" => Some(Datum::Flag(false)),
                _ => None,
            },
            (Datum::Number(_), Type::Flag) | (Datum::Flag(_), Type::Number) => None,
        }
    }

    /// As people read and hear it.
    #[must_use]
    pub fn shown(&self, lang: Lang) -> String {
        match (self, lang) {
            (Datum::Text(text), _) => text.clone(),
            (Datum::Number(number), _) => number.to_string(),
            (Datum::Flag(true), Lang::En) => "yes".to_owned(),
            (Datum::Flag(false), Lang::En) => "no".to_owned(),
            (Datum::Flag(true), Lang::Zh) => "是".to_owned(),
            (Datum::Flag(false), Lang::Zh) => "否".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_and_never_overflow() {
        let number = |text: &str| Number::parse(text).expect("a number");
        assert_eq!(number("0.1").plus(number("0.2")), number("0.3"));
        assert_eq!(number("-12.50").to_string(), "-12.5");
        assert_eq!(number("1.1").times(number("3")).to_string(), "3.3");
        assert_eq!(number("9000000000000").times(number("9000000000000")).plus(number("1")).0, i64::MAX);
        assert_eq!(number("7.9").count(), 7);
        assert_eq!(number("-3").count(), 0);
        for bad in ["", "-", "1.", ".5", "1e3", "１", "9999999999999999999", "1 2"] {
            assert_eq!(Number::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn data_become_other_types_only_where_that_means_something() {
        assert_eq!(Datum::text("12.5").to(Type::Number).map(|d| d.shown(Lang::En)), Some("12.5".to_owned()));
        assert_eq!(Datum::text("twelve").to(Type::Number), None);
        assert_eq!(Datum::Flag(true).shown(Lang::Zh), "是");
        assert_eq!(Datum::text("a\u{0}b\n"), Datum::Text("ab".to_owned()));
    }
}
