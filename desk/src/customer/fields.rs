//! Fields of the company's own that customers have: what they are called, and what may stand in them.
//!
//! Promises: a value that passes reads the same for everybody (dates as `2026-05-01`, numbers with a point). Leaves to others:
//! where the definitions are kept (the setting `customer_fields`).

use serde::{Deserialize, Serialize};

/// Most fields, and choices of one.
const FIELDS: usize = 50;
const CHOICES: usize = 100;
/// Longest key, name and value, in characters.
const KEY_CHARS: usize = 40;
const NAME_CHARS: usize = 60;
const VALUE_CHARS: usize = 500;

/// What may stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Anything.
    Text,
    /// A number, as in `12` or `-0.5`.
    Number,
    /// A day, as in `2026-05-01`.
    Date,
    /// One of its choices.
    Choice,
    /// `yes` or `no`.
    YesNo,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name for programs: `contract_no`.
    pub key: String,
    /// Its name for people, in English.
    pub en: String,
    /// Its name for people, in Chinese.
    pub zh: String,
    /// What may stand in it.
    pub kind: FieldKind,
    /// Of a choice: what can be chosen.
    #[serde(default)]
    pub choices: Vec<String>,
}

impl Field {
    /// What would be right instead of `value`; `None`: it can stand here.
    #[must_use]
    pub fn fault(&self, value: &str) -> Option<String> {
        if value.chars().count() > VALUE_CHARS {
            return Some(format!("at most {VALUE_CHARS} characters"));
        }
        match self.kind {
            FieldKind::Text => None,
            FieldKind::Number => (!is_number(value)).then(|| "a number, as in 12 or -0.5".to_owned()),
            FieldKind::Date => {
                let day = value.parse::<jiff::civil::Date>().ok().map(|day| day.to_string());
                (day.as_deref() != Some(value)).then(|| "a day, as in 2026-05-01".to_owned())
            }
            FieldKind::Choice => (!self.choices.iter().any(|choice| choice == value))
                .then(|| format!("one of {}", self.choices.join(", "))),
            FieldKind::YesNo => (!matches!(value, "yes" | "no")).then(|| "yes or no".to_owned()),
        }
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(part)
}

/// What is wrong with definitions: where, and what would be right.
#[must_use]
pub fn fault(fields: &[Field]) -> Option<(String, String)> {
    if fields.len() > FIELDS {
        return Some((String::new(), format!("at most {FIELDS} fields")));
    }
    for (n, field) in fields.iter().enumerate() {
        let wrong = |part: &str, right: String| Some((format!("[{n}].{part}"), right));
        let letters = field.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !letters || !field.key.starts_with(|c: char| c.is_ascii_lowercase()) || field.key.len() > KEY_CHARS
        {
            return wrong("key", format!("1 to {KEY_CHARS} of a-z, 0-9 and _, a letter first"));
        }
        if fields.iter().take(n).any(|other| other.key == field.key) {
            return wrong("key", "a key of its own".to_owned());
        }
        for (part, name) in [("en", &field.en), ("zh", &field.zh)] {
            if name.trim().is_empty() || name.chars().count() > NAME_CHARS {
                return wrong(part, format!("a name of 1 to {NAME_CHARS} characters"));
            }
        }
        let usable = |choice: &String| !choice.trim().is_empty() && choice.chars().count() <= VALUE_CHARS;
        let some = !field.choices.is_empty() && field.choices.len() <= CHOICES;
        if field.kind == FieldKind::Choice && !(some && field.choices.iter().all(usable)) {
            return wrong("choices", format!("1 to {CHOICES} choices, none of them empty"));
        }
        if field.kind != FieldKind::Choice && !field.choices.is_empty() {
            return wrong("choices", "none: only a choice has them".to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, choices: &[&str]) -> Field {
        let choices = choices.iter().map(|&choice| choice.to_owned()).collect();
        Field { key: "f".into(), en: "F".into(), zh: "字段".into(), kind, choices }
    }

    #[test]
    fn a_value_is_what_its_field_says() {
        let right = [
            (FieldKind::Text, "甲"),
            (FieldKind::Number, "-0.5"),
            (FieldKind::Number, "12"),
            (FieldKind::Date, "2026-02-28"),
            (FieldKind::Choice, "south"),
            (FieldKind::YesNo, "no"),
        ];
        for (kind, value) in right {
            assert_eq!(field(kind, &["north", "south"]).fault(value), None, "{value}");
        }
        let wrong = [
            (FieldKind::Number, "1,5"),
            (FieldKind::Number, ""),
            (FieldKind::Number, "1e5"),
            (FieldKind::Date, "2026-02-30"),
            (FieldKind::Date, "1.5.2026"),
            (FieldKind::Choice, "east"),
            (FieldKind::YesNo, "true"),
        ];
        for (kind, value) in wrong {
            assert!(field(kind, &["north", "south"]).fault(value).is_some(), "{value}");
        }
        assert!(field(FieldKind::Text, &[]).fault(&"x".repeat(501)).is_some());
    }

    #[test]
    fn definitions_that_cannot_be_used_are_told_where() {
        let good = field(FieldKind::Text, &[]);
        assert_eq!(fault(std::slice::from_ref(&good)), None);
        let at = |fields: &[Field]| fault(fields).map(|(at, _)| at);
        assert_eq!(at(&[good.clone(), good.clone()]).as_deref(), Some("[1].key"));
        assert_eq!(at(&[Field { key: "1x".into(), ..good.clone() }]).as_deref(), Some("[0].key"));
        assert_eq!(at(&[Field { zh: " ".into(), ..good.clone() }]).as_deref(), Some("[0].zh"));
        assert_eq!(at(&[field(FieldKind::Choice, &[])]).as_deref(), Some("[0].choices"));
        assert_eq!(at(&[field(FieldKind::Text, &["a"])]).as_deref(), Some("[0].choices"));
    }
}
