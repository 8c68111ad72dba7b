//! The address of a customer in another system (CRM, ERP), made from a template: `https://crm.example/?phone={number}`.
//!
//! Promises: only `http` and `https`, to the host that the template names; values are percent-encoded whatever they hold, so none of
//! them can change where the address leads. Leaves to others: what the values are (`api`), opening it (the page).

use std::fmt::Write as _;

/// Longest template, in bytes.
const TEMPLATE_BYTES: usize = 2_000;
/// Longest value, in bytes before encoding: an address stays one that browsers and servers take.
const VALUE_BYTES: usize = 500;

/// Names that a template may have, sorted.
pub const NAMES: &[&str] = &[
    "agent",
    "called",
    "channel",
    "conversation",
    "customer",
    "lang",
    "mail",
    "name",
    "number",
    "queue",
    "tier",
    "user",
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Value(&'static str),
}

/// A template that can be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmUrl(Vec<Part>);

impl CrmUrl {
    /// Reads a template.
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > TEMPLATE_BYTES {
            return Err(format!("at most {TEMPLATE_BYTES} bytes"));
        }
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or("an address that begins with https:// or http://")?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if host.is_empty() || host.contains(['{', '}', '@', '\\']) {
            return Err(
                "a host without values or passwords after the scheme, as in https://crm.example/".to_owned()
            );
        }
        if text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '`'))
        {
            return Err("an address without spaces and quotes; write %20 for a space".to_owned());
        }
        let mut parts = Vec::new();
        let mut left = text;
        while let Some((before, after)) = left.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a } for every {")?;
            let known = NAMES.iter().find(|known| **known == name);
            let known = known.ok_or_else(|| format!("{{{name}}} is none of {}", braced()))?;
            parts.extend([Part::Text(before.to_owned()), Part::Value(known)]);
            left = after;
        }
        if left.contains('}')
            || parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('}')))
        {
            return Err("a { for every }".to_owned());
        }
        parts.push(Part::Text(left.to_owned()));
        Ok(Self(parts))
    }

    /// The address, with what `value` says for each name; what is unknown is empty.
    #[must_use]
    pub fn filled(&self, value: impl Fn(&str) -> Option<String>) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Value(name) => encode(&value(name).unwrap_or_default(), &mut out),
            }
        }
        out
    }
}

fn braced() -> String {
    NAMES.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ")
}

/// Everything but the unreserved characters of RFC 3986 section 2.3.
fn encode(value: &str, out: &mut String) {
    let end = (0..=value.len().min(VALUE_BYTES)).rev().find(|at| value.is_char_boundary(*at)).unwrap_or(0);
    for byte in value.bytes().take(end) {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte => {
                // A String takes all that is written to it.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_percent_encoded_and_lead_nowhere_else() {
        let url =
            CrmUrl::parse("https://crm.example/find?phone={number}&name={name}&x={tier}#top").expect("good");
        let value = |name: &str| match name {
            "number" => Some("+4930123".to_owned()),
            "name" => Some("王 & Söhne/../@evil?a=b#c".to_owned()),
            _ => None,
        };
        assert_eq!(
            url.filled(value),
            "https://crm.example/find?phone=%2B4930123&name=%E7%8E%8B%20%26%20S%C3%B6hne%2F..%2F%40evil%3Fa%3Db%23c&x=#top"
        );
        let long = url.filled(|_| Some("é".repeat(1000)));
        assert!(long.len() < 3 * 3 * VALUE_BYTES + 100, "{}", long.len());
    }

    #[test]
    fn a_template_that_could_lead_elsewhere_is_refused_with_what_would_be_right() {
        let right = |text: &str| CrmUrl::parse(text).expect_err(text);
        assert!(right("javascript:alert(1)").contains("https://"));
        assert!(right("ftp://crm.example/").contains("https://"));
        assert!(right("https://{name}.example/").contains("host"));
        assert!(right("https:///x").contains("host"));
        assert!(right("https://user:pw@crm.example/").contains("host"));
        assert!(right("https://crm.example/?p={phone}").contains("{number}"));
        assert!(right("https://crm.example/?p={number").contains('}'));
        assert!(right("https://crm.example/?p=number}").contains('{'));
        assert!(right("https://crm.example/a b").contains("%20"));
        assert!(NAMES.is_sorted());
    }
}
