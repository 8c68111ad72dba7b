//! What an outside application wants done next: a list of verbs in JSON, in the manner of jambonz's and Twilio's.
//!
//! Promises: whatever comes is read into verbs that make sense, or refused with a code; lists and texts are bounded.
//! Leaves to others: doing them (`nodes::webhook`), asking (`gateway`).

use std::time::Duration;

use kernel::Lang;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::datum::Datum;
use crate::json_path::datum;

/// Most verbs in one answer.
const VERBS: usize = 32;
/// Longest text that is said, in characters.
const SAY_CHARS: usize = 1000;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// Say a text.
    Say(String),
    /// Say a prompt of the flow.
    Play(String),
    /// Be silent.
    Pause(Duration),
    /// Take digits and ask again.
    Collect {
        /// Most of them.
        max: u8,
        /// Seconds.
        timeout: Duration,
        /// The key that ends them.
        end: Option<char>,
    },
    /// Take what they say (or write) and ask again.
    Listen {
        /// Seconds.
        timeout: Duration,
    },
    /// Put a value into a variable.
    Set(String, Datum),
    /// Speak this language.
    Language(Lang),
    /// On to a step of the flow.
    Go(String),
    /// End it.
    Hangup,
}

/// Reads `{"verbs": [...]}` or the list itself. The error is a stable code.
///
/// # Errors
/// `not_json`, `not_verbs`, `too_many` or `bad_verb`.
pub fn parse(body: &str, lang: Lang) -> Result<Vec<Verb>, &'static str> {
    let json: Value = serde_json::from_str(body).map_err(|_| "not_json")?;
    let list = json.get("verbs").unwrap_or(&json).as_array().ok_or("not_verbs")?;
    if list.len() > VERBS {
        return Err("too_many");
    }
    let mut verbs = Vec::new();
    for item in list {
        let item = item.as_object().ok_or("bad_verb")?;
        let mut found = item.iter();
        let (Some((name, value)), None) = (found.next(), found.next()) else { return Err("bad_verb") };
        verbs.extend(verb(name, value, lang).ok_or("bad_verb")?);
    }
    Ok(verbs)
}

fn verb(name: &str, value: &Value, lang: Lang) -> Option<Vec<Verb>> {
    let one = match name {
        "say" => Verb::Say(text(value, lang)?),
        "play" => Verb::Play(value.as_str()?.to_owned()),
        "pause" => Verb::Pause(seconds(value, 60)?),
        "collect" => Verb::Collect {
            max: value
                .get("max")
                .map_or(Some(20), Value::as_u64)
                .filter(|n| (1..=64).contains(n))?
                .try_into()
                .ok()?,
            timeout: value.get("timeout").map_or(Some(Duration::from_secs(5)), |v| seconds(v, 60))?,
            end: match value.get("end").map_or(Some("#"), Value::as_str)? {
                "" => None,
                end => Some(end.chars().next().filter(|c| "0123456789*#".contains(*c) && end.len() == 1)?),
            },
        },
        "listen" => Verb::Listen {
            timeout: value.get("timeout").map_or(Some(Duration::from_secs(8)), |v| seconds(v, 60))?,
        },
        "set" => {
            let all = value.as_object().filter(|all| all.len() <= VERBS)?;
            return all.iter().map(|(name, value)| Some(Verb::Set(name.clone(), datum(value)?))).collect();
        }
        "language" => Verb::Language(value.as_str().and_then(Lang::from_code)?),
        "go" => Verb::Go(value.as_str()?.to_owned()),
        "hangup" => Verb::Hangup,
        _ => return None,
    };
    Some(vec![one])
}

/// A text, or one for each language.
fn text(value: &Value, lang: Lang) -> Option<String> {
    let text = value.as_str().or_else(|| value.get(lang.code()).and_then(Value::as_str))?;
    (text.chars().count() <= SAY_CHARS).then(|| text.to_owned())
}

fn seconds(value: &Value, most: u32) -> Option<Duration> {
    let seconds = value.as_f64().filter(|seconds| (0.1..=f64::from(most)).contains(seconds))?;
    Some(Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn verbs_are_read_and_nonsense_is_refused() {
        let body = r##"{"verbs": [{"say": {"en": "Hi", "zh": "你好"}}, {"collect": {"max": 4, "timeout": 2.5}}, {"set": {"vip": true, "n": 3}}, {"go": "bye"}]}"##;
        let verbs = parse(body, Lang::Zh).expect("verbs");
        assert_eq!(verbs[0], Verb::Say("你好".to_owned()));
        assert_eq!(verbs[1], Verb::Collect { max: 4, timeout: Duration::from_millis(2500), end: Some('#') });
        assert_eq!(verbs.len(), 5);
        assert_eq!(parse(r#"[{"hangup": true}]"#, Lang::En), Ok(vec![Verb::Hangup]));
        for (bad, code) in [
            ("", "not_json"),
            ("{}", "not_verbs"),
            ("[1]", "bad_verb"),
            (r#"[{"fly": 1}]"#, "bad_verb"),
            (r#"[{"say": 1}]"#, "bad_verb"),
            (r#"[{"say": "a", "go": "b"}]"#, "bad_verb"),
            (r#"[{"pause": 1e9}]"#, "bad_verb"),
            (r#"[{"collect": {"max": 0}}]"#, "bad_verb"),
            (r#"[{"collect": {"end": "ä"}}]"#, "bad_verb"),
        ] {
            assert_eq!(parse(bad, Lang::En), Err(code), "{bad}");
        }
        let many = format!("[{}]", vec![r#"{"hangup":true}"#; 33].join(","));
        assert_eq!(parse(&many, Lang::En), Err("too_many"));
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_refused(body in "[\\[\\]{}\":,a-z0-9]{0,80}|\\PC{0,40}") {
            let _ = parse(&body, Lang::En);
        }
    }
}
