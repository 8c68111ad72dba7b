//! What a voice is: a new one implements this trait, and `Voices` does the rest.

use kernel::Lang;

use crate::VoiceError;

/// Speech as a synthesizer gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speech {
    /// Samples per second.
    pub rate: u32,
    /// Mono.
    pub samples: Vec<i16>,
}

/// A program, model or service that speaks.
pub trait Synthesizer: Send + Sync {
    /// What identifies the voice of a language: recordings are made anew when it changes.
    fn voice(&self, lang: Lang) -> String;

    /// Speaks a text. Blocks.
    ///
    /// # Errors
    /// When it cannot; the error says what to do about it.
    fn speak(&self, text: &str, lang: Lang) -> Result<Speech, VoiceError>;
}
