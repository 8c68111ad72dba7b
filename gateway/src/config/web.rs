//! Calls from web pages: by which number they enter, and in which codecs their pictures may be.

use std::collections::BTreeMap;

use media::video::VideoCodec;
use serde::Deserialize;
use toml::Spanned;

use super::Number;
use super::compile::Compiler;
use super::raw::Text;

/// `[web_calls]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    /// The number by which they enter.
    pub number: Text,
    /// Codecs of pictures, the preferred one first.
    pub video: Option<Vec<Spanned<String>>>,
}

/// The number, and the codecs in their order.
pub(super) fn compile(
    mistakes: &mut Compiler<'_>,
    raw: Option<Raw>,
    numbers: &BTreeMap<String, Number>,
) -> (Option<String>, Vec<VideoCodec>) {
    let Some(raw) = raw else { return (None, VideoCodec::ALL.to_vec()) };
    let number = mistakes.known_number(&raw.number, numbers);
    let Some(names) = raw.video else { return (number, VideoCodec::ALL.to_vec()) };
    let mut codecs = Vec::new();
    for name in names {
        match VideoCodec::named(name.get_ref()) {
            Some(codec) if !codecs.contains(&codec) => codecs.push(codec),
            Some(_) => {}
            None => {
                let known = VideoCodec::ALL.map(VideoCodec::name).join(", ");
                mistakes.wrong(name.span(), format!("\"{}\"", name.get_ref()), format!("one of {known}"));
            }
        }
    }
    (number, codecs)
}
