//! The languages that people read and hear.

use serde::{Deserialize, Serialize};

/// A language of prompts, pages and speech. Whatever a person reads or hears exists in each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Mandarin, written in simplified characters (简体中文).
    Zh,
}

impl Lang {
    /// Every language, in the order in which they are listed to people.
    pub const ALL: &'static [Lang] = &[Lang::En, Lang::Zh];

    /// The ISO 639-1 code, which Whisper and the pages use too.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// The language of a code, if it is one of ours.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Lang> {
        Lang::ALL.iter().copied().find(|lang| lang.code() == code)
    }
}
