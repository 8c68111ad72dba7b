//! A voice of its own for each language.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::Lang;

use crate::{Espeak, Speech, Synthesizer, VoiceError};

/// Voices by language; the others speak with espeak-ng, which is always there.
pub struct ByLanguage {
    own: BTreeMap<Lang, Arc<dyn Synthesizer>>,
    usual: Espeak,
}

impl ByLanguage {
    /// With these voices.
    #[must_use]
    pub fn new(own: BTreeMap<Lang, Arc<dyn Synthesizer>>) -> Self {
        Self { own, usual: Espeak::default() }
    }

    fn of(&self, lang: Lang) -> &dyn Synthesizer {
        self.own.get(&lang).map_or(&self.usual, |own| &**own)
    }
}

impl Synthesizer for ByLanguage {
    fn voice(&self, lang: Lang) -> String {
        self.of(lang).voice(lang)
    }

    fn speak(&self, text: &str, lang: Lang) -> Result<Speech, VoiceError> {
        self.of(lang).speak(text, lang)
    }
}
