//! The kinds of steps as data, for editors: what `NODES` says, in a form that serialises.
//!
//! Promises: nothing here is written by hand beside the kinds themselves; names of types are stable, new ones may come.
//! Leaves to others: drawing (`web`), checking (`compile`).

use serde::Serialize;

use crate::compile::shape;
use crate::node::{By, Help, Kind, Media, Param, Takes};
use crate::nodes::NODES;

/// A kind of step, as an editor needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindSchema {
    /// As written after `kind =`.
    pub name: &'static str,
    /// What people call it.
    pub title: Help,
    /// `voice`, `video`, `text`: whom it can serve.
    pub media: &'static [&'static str],
    /// What it is for.
    pub help: Help,
    /// Its parameters, sorted by name.
    pub params: Vec<ParamSchema>,
    /// Steps in TOML that show it; the first is of this kind.
    pub example: &'static str,
}

/// A parameter, as an editor needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParamSchema {
    /// As written.
    pub name: &'static str,
    /// Stable name of what it takes, such as `step`, `prompts`, `seconds`.
    #[serde(rename = "type")]
    pub takes: &'static str,
    /// How it is written, in words (English).
    pub shape: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it does, and what holds without it.
    pub help: Help,
    /// Least value of a number or span.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// The values that there are, when they are few.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<&'static str>,
    /// For what leads to another step: `people` when somebody brings it about, `itself` otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads: Option<&'static str>,
}

/// Every kind, in the order of `NODES`.
#[must_use]
pub fn schema() -> Vec<KindSchema> {
    NODES.iter().map(kind).collect()
}

fn kind(kind: &Kind) -> KindSchema {
    KindSchema {
        name: kind.name,
        title: kind.title,
        media: media(kind.media),
        help: kind.help,
        params: kind.params.iter().map(param).collect(),
        example: kind.example,
    }
}

/// Names of the media that a kind serves. Whoever can be heard can be seen: video is a call with a picture.
#[must_use]
pub const fn media(media: Media) -> &'static [&'static str] {
    match media {
        Media::Voice => &["voice", "video"],
        Media::VoiceAndText => &["voice", "video", "text"],
    }
}

fn param(param: &Param) -> ParamSchema {
    let (min, max) = range(param.takes);
    ParamSchema {
        name: param.name,
        takes: param.takes.name(),
        shape: shape(param.takes),
        required: param.required,
        help: param.help,
        min,
        max,
        choices: choices(param.takes),
        leads: leads(param.takes),
    }
}

fn range(takes: Takes) -> (Option<i64>, Option<i64>) {
    match takes {
        Takes::Number { min, max } => (Some(min), Some(max)),
        Takes::Seconds { min, max } => (Some(i64::from(min)), Some(i64::from(max))),
        Takes::Status => (Some(400), Some(699)),
        _ => (None, None),
    }
}

fn choices(takes: Takes) -> Vec<&'static str> {
    match takes {
        Takes::Lang => kernel::Lang::ALL.iter().map(|lang| lang.code()).collect(),
        Takes::Choice(choices) => choices.to_vec(),
        Takes::Tone => crate::compile::TONES.iter().map(|(name, _)| *name).collect(),
        _ => Vec::new(),
    }
}

fn leads(takes: Takes) -> Option<&'static str> {
    match takes {
        Takes::Step(By::Itself) | Takes::Steps | Takes::Retry { silence: true } => Some("itself"),
        Takes::Step(By::People) | Takes::Retry { silence: false } | Takes::Keys => Some("people"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_parameter_is_in_the_schema_with_its_type_and_help() {
        let all = schema();
        assert_eq!(all.len(), NODES.len());
        let json = serde_json::to_value(&all).expect("serialises");
        let menu = json.as_array().and_then(|all| all.iter().find(|kind| kind["name"] == "menu"));
        let menu = menu.expect("a menu");
        assert_eq!(menu["media"], serde_json::json!(["voice", "video", "text"]));
        let keys = menu["params"].as_array().and_then(|all| all.iter().find(|p| p["name"] == "keys"));
        let keys = keys.expect("keys");
        assert_eq!(
            (&keys["type"], &keys["leads"], &keys["required"]),
            (&"keys".into(), &"people".into(), &true.into())
        );
        assert!(keys["help"]["zh"].as_str().is_some_and(|zh| !zh.is_ascii()));
    }
}
