//! Live transcription as a pure policy: voice activity, utterance cuts, interim and final text, scheduling.
//!
//! Promises: bounded memory per stream; no text from silence, tones or music; a stable word does not change while its
//! utterance is open; one final per utterance, with times. Leaves to others: inference (`Recognizer` implementations),
//! threads (`gateway`).

mod agreement;
mod io;
pub mod itn;
mod policy;
pub mod redact;
mod schedule;
mod stream;
mod voice;
pub mod wer;
mod words;

pub use io::{
    Decode, DecodeKind, Heard, Hypothesis, In, Out, Piece, Recognizer, RecognizerError, SAMPLE_RATE,
    StreamId, Window, Word,
};
pub use policy::{Interims, Policy};
pub use schedule::{Job, Schedule, ScheduleLimits};
pub use stream::Stream;
