//! A flow as read: names, prompts, and steps that are known to fit together.

use std::collections::BTreeMap;

use kernel::Lang;

use crate::compile;
use crate::io::{Known, Problem, PromptText};
use crate::node::Node;

/// A compiled flow. Immutable; shared by everyone who is in it. The default one is empty.
#[derive(Debug, Default)]
pub struct Flow {
    pub(crate) name: String,
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(crate) prompts: BTreeMap<(String, Lang), Spoken>,
    pub(crate) steps: BTreeMap<String, Step>,
}

/// Where a number (or page) leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) step: String,
    /// Whether those who come here may write instead of speak.
    pub(crate) text: bool,
}

/// A prompt in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) text: String,
    pub(crate) file: Option<String>,
}

/// A step.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) node: Box<dyn Node>,
}

impl Flow {
    /// Reads and checks a flow. `file` is only a name, for the problems.
    ///
    /// # Errors
    /// Every problem there is, in the order of the file.
    pub fn parse(file: &str, text: &str, known: &Known) -> Result<Flow, Vec<Problem>> {
        compile::compile(file, text, known)
    }

    /// What the flow is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every text that needs a voice.
    pub fn prompts(&self) -> impl Iterator<Item = PromptText> {
        self.prompts.iter().map(|((name, lang), spoken)| PromptText {
            name: name.clone(),
            lang: *lang,
            text: spoken.text.clone(),
            file: spoken.file.clone(),
        })
    }

    /// Names under which customers come in.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Whether an entry is meant for those who write, too.
    #[must_use]
    pub fn serves_text(&self, entry: &str) -> bool {
        self.entries.get(entry).is_some_and(|entry| entry.text)
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&str> {
        self.entries.get(name).map(|entry| entry.step.as_str())
    }

    pub(crate) fn step(&self, name: &str) -> Option<&Step> {
        self.steps.get(name)
    }
}
