//! Voices for prompts: texts become recordings before the flow serves anybody.
//!
//! Promises: each fixed text is spoken once and kept; a recording is there in full or not at all; what is said to one
//! caller only (`say`) is kept nowhere. Everything blocks: call it from a thread that may.
//! Leaves to others: which texts there are (`ivr`), playing them (`media`).

mod by_language;
mod espeak;
mod program;
mod sound;
mod synthesizer;
mod voices;

pub use by_language::ByLanguage;
pub use espeak::Espeak;
pub use program::Program;
pub use sound::evened;
pub use synthesizer::{Speech, Synthesizer};
pub use voices::{VoiceError, Voices, say};
