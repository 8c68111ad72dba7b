//! Live transcription as a pure policy: voice activity, utterance cuts, interim and final text, scheduling.
//!
//! Promises: bounded memory per stream; no decoding of silence, tones or music; a word once stable does not change;
//! one final per utterance, with times. Leaves to others: inference (`Recognizer` implementations), threads (`gateway`).

mod io;

pub use io::{
    Decode, DecodeKind, Heard, Hypothesis, In, Out, Recognizer, RecognizerError, SAMPLE_RATE, StreamId,
    Window, Word,
};
