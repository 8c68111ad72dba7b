//! A flow as read: names, prompts, and steps that are known to fit together.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Lang;

use crate::compile;
use crate::datum::Datum;
use crate::expr::Types;
use crate::io::{Known, Problem, PromptText};
use crate::node::Node;
use crate::wording::{SPELLED, Wording};

/// A compiled flow. Immutable; shared by everyone who is in it. The default one is empty.
#[derive(Debug, Default)]
pub struct Flow {
    pub(crate) name: String,
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(crate) prompts: BTreeMap<(String, Lang), Spoken>,
    pub(crate) steps: BTreeMap<String, Step>,
    /// What variables hold at the beginning.
    pub(crate) variables: BTreeMap<String, Datum>,
    /// What each variable can hold.
    pub(crate) types: Types,
    /// Variables that are never shown.
    pub(crate) hidden: BTreeSet<String>,
}

/// Where a number (or page) leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) step: String,
    /// Whether those who come here may write instead of speak.
    pub(crate) text: bool,
}

/// A prompt in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) text: String,
    pub(crate) file: Option<String>,
    /// The text, when it is different for everybody.
    pub(crate) wording: Option<Wording>,
    /// The prompt that is said when that cannot be spoken in time.
    pub(crate) instead: Option<String>,
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

    /// Every text that needs a voice before anybody comes: those that are the same for everybody, and the digits where some
    /// are spelled. Texts have their pauses in them (see [`crate::plain`]).
    pub fn prompts(&self) -> impl Iterator<Item = PromptText> {
        let fixed = self.prompts.iter().filter(|(_, spoken)| spoken.wording.is_none());
        let fixed = fixed.map(|((name, lang), spoken)| PromptText {
            name: name.clone(),
            lang: *lang,
            text: spoken.text.clone(),
            file: spoken.file.clone(),
        });
        fixed.chain(self.spelled())
    }

    fn spelled(&self) -> impl Iterator<Item = PromptText> {
        let spells = self.prompts.values().any(|spoken| spoken.wording.as_ref().is_some_and(Wording::spells));
        let all = SPELLED.iter().filter(move |_| spells);
        all.flat_map(|(c, en, zh)| {
            let prompt = |lang, text: &str| PromptText {
                name: format!(":{c}"),
                lang,
                text: text.to_owned(),
                file: None,
            };
            [prompt(Lang::En, en), prompt(Lang::Zh, zh)]
        })
    }

    /// The text of a prompt that is different for everybody, and what is said when it cannot be spoken.
    pub(crate) fn wording(&self, name: &str, lang: Lang) -> Option<(&Wording, Option<&String>)> {
        let spoken = self.prompts.get(&(name.to_owned(), lang))?;
        Some((spoken.wording.as_ref()?, spoken.instead.as_ref()))
    }

    /// Names under which customers come in.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// How many steps there are.
    #[must_use]
    pub fn step_count(&self) -> usize {
        self.steps.len()
    }

    /// Whether an entry is meant for those who write, too.
    #[must_use]
    pub fn serves_text(&self, entry: &str) -> bool {
        self.entries.get(entry).is_some_and(|entry| entry.text)
    }

    pub(crate) fn has_prompt(&self, name: &str) -> bool {
        self.prompts.contains_key(&(name.to_owned(), Lang::En))
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&str> {
        self.entries.get(name).map(|entry| entry.step.as_str())
    }

    pub(crate) fn step(&self, name: &str) -> Option<&Step> {
        self.steps.get(name)
    }
}
