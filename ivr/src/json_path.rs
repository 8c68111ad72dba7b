//! Where in a JSON text a value is: `$.customer.orders[0].id` (a part of RFC 9535: names and indices).

use serde_json::Value;

use crate::datum::{Datum, Number};
use crate::expr::Wrong;

/// Most steps of a path.
const STEPS: usize = 32;

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
}

/// A path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

impl JsonPath {
    /// Reads a path; the `$.` before it may be left out.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(source: &str) -> Result<Self, Wrong> {
        let wrong = || {
            Wrong::new(
                format!("`{source}` as the place of a value"),
                "names and indices, such as `$.customer.orders[0].id`",
            )
        };
        let mut steps = Vec::new();
        let rest = source.strip_prefix('$').map(|rest| rest.strip_prefix('.').unwrap_or(rest));
        let mut rest = rest.unwrap_or(source);
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let (index, after) = inside.split_once(']').ok_or_else(wrong)?;
                let quoted = index.strip_prefix(['"', '\'']).and_then(|name| name.strip_suffix(['"', '\'']));
                steps.push(match quoted {
                    Some(name) => Step::Name(name.to_owned()),
                    None => Step::Index(index.parse().map_err(|_| wrong())?),
                });
                rest = after.strip_prefix('.').unwrap_or(after);
            } else {
                let (name, _) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
                if name.is_empty() || name.contains(['*', '?', '(', ' ']) {
                    return Err(wrong());
                }
                steps.push(Step::Name(name.to_owned()));
                let after = rest.get(name.len()..).unwrap_or_default();
                rest = match after.strip_prefix('.') {
                    Some("") => return Err(wrong()),
                    Some(after) => after,
                    None => after,
                };
            }
            if steps.len() > STEPS {
                return Err(wrong());
            }
        }
        Ok(Self(steps))
    }

    /// The value there; `None` when there is none, or a list or object.
    #[must_use]
    pub fn find(&self, json: &Value) -> Option<Datum> {
        let mut at = json;
        for step in &self.0 {
            at = match step {
                Step::Name(name) => at.get(name)?,
                Step::Index(index) => at.get(index)?,
            };
        }
        datum(at)
    }
}

/// A plain value as a datum.
pub(crate) fn datum(value: &Value) -> Option<Datum> {
    match value {
        Value::String(text) => Some(Datum::text(text)),
        Value::Bool(flag) => Some(Datum::Flag(*flag)),
        // What is too large or too fine for a number stays readable.
        Value::Number(number) => {
            let text = number.to_string();
            Some(Number::parse(&text).map_or(Datum::Text(text), Datum::Number))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_name_and_index() {
        let json = serde_json::json!({"a": {"b c": [1, {"d": "x"}], "n": 12.5, "t": true, "z": null}});
        for (path, value) in [
            ("$.a['b c'][1].d", Some(Datum::text("x"))),
            ("a.n", Number::parse("12.5").map(Datum::Number)),
            ("a.t", Some(Datum::Flag(true))),
            ("a.z", None),
            ("a", None),
            ("a.b.c.d", None),
            ("a['b c'][7]", None),
        ] {
            assert_eq!(JsonPath::parse(path).expect(path).find(&json), value, "{path}");
        }
        for bad in ["a..b", "a[", "a[x]", "a.", "a.*", "a[-1]"] {
            assert!(JsonPath::parse(bad).is_err(), "{bad}");
        }
    }
}
