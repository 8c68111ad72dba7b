//! The customer's variables: read by expressions and texts, written by steps.

use kernel::{Lang, Pii, Secret};

use super::Scene;
use crate::datum::{Datum, Number, Type};
use crate::expr::Expr;
use crate::io::{Bit, Clip, Spoken};
use crate::wording::{Part, Wording};

/// Names that every customer has, with their types.
pub(crate) const BUILT_IN: &[(&str, Type)] = &[
    ("called.number", Type::Text),
    ("caller.number", Type::Text),
    ("channel", Type::Text),
    ("language", Type::Text),
    ("person.agent", Type::Text),
    ("person.known", Type::Flag),
    ("person.name", Type::Text),
    ("person.tier", Type::Text),
    ("queue.place", Type::Number),
    ("queue.wait", Type::Text),
];

/// How a value is written into a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Inside a JSON string.
    Json,
    /// In a path or query (RFC 3986 section 2.1).
    Percent,
    /// In a header: as it is, without control characters.
    Header,
}

impl Scene<'_> {
    /// A variable's value; what nothing was put into is empty.
    #[must_use]
    pub fn read(&self, name: &str) -> Datum {
        let progress = &*self.progress;
        match name {
            "caller.number" => Datum::text(progress.caller.reveal()),
            "called.number" => Datum::text(progress.called.reveal()),
            "language" => Datum::text(progress.lang.code()),
            "channel" => Datum::text(if progress.text { "chat" } else { "call" }),
            "queue.place" => {
                let place = progress.memory.place.map_or(0, |(place, _)| place);
                Datum::Number(Number::whole(i64::from(place)))
            }
            "queue.wait" => {
                let minutes = progress.memory.place.and_then(|(_, minutes)| minutes);
                Datum::text(&minutes.map(|minutes| worded(minutes, progress.lang)).unwrap_or_default())
            }
            _ => progress
                .variables
                .get(name)
                .or_else(|| self.flow.variables.get(name))
                .cloned()
                .unwrap_or_else(|| {
                    let built_in = BUILT_IN.iter().find(|(known, _)| *known == name);
                    let kind = self.flow.types.get(name).copied().or(built_in.map(|(_, kind)| *kind));
                    kind.unwrap_or(Type::Text).empty()
                }),
        }
    }

    /// The value of an expression.
    #[must_use]
    pub fn value(&self, expr: &Expr) -> Datum {
        expr.value(&|name| self.read(name))
    }

    /// Puts a value into a variable, as the type that the variable has; what cannot be one leaves it empty.
    pub fn put(&mut self, name: &str, value: &Datum) {
        let kind = self.flow.types.get(name).copied().unwrap_or(value.kind());
        let value = value.to(kind).unwrap_or_else(|| kind.empty());
        self.progress.variables.insert(name.to_owned(), value);
    }

    /// Puts something into a variable that is never shown.
    pub fn hide(&mut self, name: &str, value: String) {
        self.progress.hidden.insert(name.to_owned(), Secret::new(value));
    }

    /// The clips of prompts, filled in for this customer.
    pub(super) fn clips<'p>(&self, prompts: impl IntoIterator<Item = &'p String>) -> Vec<Clip> {
        let lang = self.progress.lang;
        let clip = |name: &'p String| match self.flow.wording(name, lang) {
            None => Some(Clip::Prompt { name: name.clone(), lang }),
            Some((wording, instead)) => self.fill(wording, instead),
        };
        prompts.into_iter().filter_map(clip).collect()
    }

    fn fill(&self, wording: &Wording, instead: Option<&String>) -> Option<Clip> {
        let lang = self.progress.lang;
        let read = |name: &str| self.read(name);
        let (pieces, written) = (wording.spoken(lang, &read), wording.written(lang, &read));
        let empty = if self.progress.text { written.trim().is_empty() } else { pieces.is_empty() };
        (!empty).then(|| {
            Clip::Spoken(Spoken { lang, pieces, written: Pii::new(written), instead: instead.cloned() })
        })
    }

    /// Says a text that is not in the flow (an outside application's).
    pub(crate) fn say_text(&mut self, text: &str) -> bool {
        let wording = Wording { parts: vec![Part::Text(text.to_owned())] };
        match self.fill(&wording, None) {
            Some(clip) => self.play_once(vec![clip]),
            None => false,
        }
    }

    /// A text for a request: filled in, with secrets still sealed.
    #[must_use]
    pub fn seal(&self, wording: &Wording, escape: Escape) -> Vec<Bit> {
        let bit = |part: &Part| match part {
            Part::Text(text) => Some(Bit::Text(Pii::new(text.clone()))),
            Part::Pause(_) => None,
            Part::Value(Expr::Name(name), _) if name.starts_with("secret.") => {
                Some(Bit::Secret(name.trim_start_matches("secret.").to_owned()))
            }
            Part::Value(Expr::Name(name), _) if self.flow.hidden.contains(name) => {
                let value = self.progress.hidden.get(name).map(|hidden| hidden.reveal().clone());
                Some(Bit::Hidden(Secret::new(escaped(&value.unwrap_or_default(), escape))))
            }
            Part::Value(expr, _) => {
                let value = self.value(expr).to(Type::Text).unwrap_or_else(|| Type::Text.empty());
                let text = if let Datum::Text(text) = value { text } else { String::new() };
                Some(Bit::Text(Pii::new(escaped(&text, escape))))
            }
        };
        wording.parts.iter().filter_map(bit).collect()
    }
}

/// Minutes as they are said.
fn worded(minutes: u32, lang: Lang) -> String {
    match (lang, minutes) {
        (Lang::En, 1) => "1 minute".to_owned(),
        (Lang::En, _) => format!("{minutes} minutes"),
        (Lang::Zh, _) => format!("{minutes}分钟"),
    }
}

/// A value as it stands in a request.
pub(crate) fn escaped(value: &str, escape: Escape) -> String {
    match escape {
        Escape::Header => value.chars().filter(|c| !c.is_control()).collect(),
        Escape::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
        }
        Escape::Percent => {
            let mut out = String::new();
            for byte in value.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    out.push(char::from(byte));
                } else {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_place_in_a_request() {
        assert_eq!(escaped("a\"b\\\n", Escape::Json), "a\\\"b\\\\\\n");
        assert_eq!(escaped("a/b?c=d&e#李", Escape::Percent), "a%2Fb%3Fc%3Dd%26e%23%E6%9D%8E");
        assert_eq!(escaped("a\r\nX: y", Escape::Header), "aX: y");
    }
}
