//! The Whisper recogniser: inference by whisper.cpp, and the models it needs.
//!
//! Promises: no text from silence, tones or music; no endless repetition; a broken model file is an error, not a crash;
//! no transcript in any log. Leaves to others: when to decode what (`asr`), threads (`gateway`).

mod bias;
mod greedy;
pub mod models;
mod recognizer;
mod spelling;
mod vocabulary;

pub use recognizer::{LoadError, Options, WhisperModel, WhisperRecognizer};
