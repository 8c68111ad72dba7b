//! What a stream is told and answers, and the trait of recognisers.
//!
//! The stream machine (`stream.rs`) has this shape; `gateway::asr_pool` and `voxdesk transcribe` rely on it:
//! ```text
//! impl Stream {
//!     pub fn new(policy: Policy) -> Self;                       // Policy: Default; hangover, interim period, max window …
//!     pub fn handle(&mut self, input: In<'_>, out: &mut impl Effects<Out>);
//! }
//! ```

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Samples per second of all audio here.
pub const SAMPLE_RATE: u32 = 16_000;

/// A stream (one leg of one conversation), numbered by the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

/// What kind of decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DecodeKind {
    /// The utterance is over: its text will be kept. Goes first.
    Final,
    /// The utterance goes on: its text will be replaced. May be skipped under load.
    Interim,
    /// The utterance was over long ago and its audio waited on the disk: its text will be kept. Whoever speaks now goes first.
    CatchUp,
}

/// Audio to be recognised: one utterance or its beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Mono, 16 kHz, -1 to 1.
    pub samples: Arc<[f32]>,
    /// ISO 639-1 code of the language that is expected; another is taken where it is far likelier. `None`: whichever is likelier.
    pub language: Option<String>,
}

/// One word (Chinese: one token) with times in milliseconds from the beginning of the window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// As written, without spaces around it.
    pub text: String,
    /// Begin.
    pub start_ms: u64,
    /// End.
    pub end_ms: u64,
    /// How sure the recogniser is of it, 0 to 1: the probability that it gave to the word after what stands before it.
    /// `None`: nobody said (another recogniser, what is masked).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
}

/// A piece of a text that a recogniser chose as one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Its characters, spaces not counted.
    pub chars: usize,
    /// The probability that the recogniser gave to it after what stands before it, 0 to 1; 1 for a sign that nobody speaks.
    pub probability: f32,
}

/// What a recogniser heard in a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hypothesis {
    /// The text as it should be shown, trimmed; empty when nothing was said.
    pub text: String,
    /// Its words.
    pub words: Vec<Word>,
    /// How sure it was, piece by piece; together they are the text without its spaces. Empty: it does not say.
    pub pieces: Vec<Piece>,
    /// Probability that there is no speech, 0 to 1.
    pub no_speech: f32,
    /// Language detected or used.
    pub language: String,
}

/// Why a window could not be recognised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecognizerError {
    /// The model failed.
    #[error("recogniser failed: {0}")]
    Failed(String),
}

/// Turns a window into words. One per thread; blocking.
pub trait Recognizer: Send {
    /// Recognises one window. `kind` allows cheaper work for interims.
    ///
    /// # Errors
    /// When the model fails; the window may be tried again once.
    fn decode(&mut self, window: &Window, kind: DecodeKind) -> Result<Hypothesis, RecognizerError>;
}

/// What happened to a stream. Times are milliseconds on the conversation's clock.
#[derive(Clone, Debug)]
pub enum In<'a> {
    /// 20 ms of audio (320 samples) that ended at `end_ms`.
    Audio {
        /// End of this frame.
        end_ms: u64,
        /// Samples.
        samples: &'a [i16],
    },
    /// The leg is held, parked or gone from the talk: what is open becomes final; no audio follows until it is back.
    Paused {
        /// When.
        at_ms: u64,
    },
    /// The language changed.
    Language(Option<String>),
    /// A decoding came back (or was dropped under load: `None`; interims only).
    Decoded {
        /// As requested.
        id: u64,
        /// What was heard.
        result: Option<Hypothesis>,
    },
    /// The leg ended: what is open becomes final.
    Closed,
}

/// A request to decode.
#[derive(Clone, Debug, PartialEq)]
pub struct Decode {
    /// Echoed in `In::Decoded`; grows within a stream.
    pub id: u64,
    /// What kind.
    pub kind: DecodeKind,
    /// What.
    pub window: Window,
}

/// Recognised speech.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// The text.
    pub text: String,
    /// Begin of the utterance on the conversation's clock, milliseconds.
    pub start_ms: u64,
    /// End.
    pub end_ms: u64,
    /// Words with times on the conversation's clock.
    pub words: Vec<Word>,
    /// Language.
    pub language: String,
}

impl Heard {
    /// Voice in which nothing was recognised.
    #[must_use]
    pub fn nothing(start_ms: u64, end_ms: u64) -> Self {
        Self { text: String::new(), start_ms, end_ms, words: Vec::new(), language: String::new() }
    }

    /// How sure the recogniser is of it, 0 to 1: the mean of its words' [`Word::confidence`].
    #[must_use]
    pub fn confidence(&self) -> Option<f32> {
        let (count, sum) = self
            .words
            .iter()
            .filter_map(|word| word.confidence)
            .fold((0_u16, 0.0_f32), |(count, sum), sure| (count.saturating_add(1), sum + sure));
        (count > 0).then(|| sum / f32::from(count))
    }
}

/// What a stream wants and says.
#[derive(Clone, Debug, PartialEq)]
pub enum Out {
    /// Decode this.
    Decode(Decode),
    /// Interim text of the open utterance.
    Partial {
        /// Will not change within this utterance.
        stable: String,
        /// May change; begins with a space where one belongs between the two.
        tentative: String,
        /// Begin of the utterance, milliseconds on the conversation's clock.
        start_ms: u64,
    },
    /// An utterance is settled.
    Final(Heard),
    /// Nothing was recognised in an utterance: remove its interim text.
    Nothing {
        /// Its begin.
        start_ms: u64,
        /// End of its voice.
        end_ms: u64,
    },
    /// The recogniser does not keep up with this leg: what it says from here on waits on the disk. Told by the driver.
    Behind {
        /// From here on, milliseconds on the conversation's clock.
        from_ms: u64,
    },
    /// All that waited has its text; the leg is live again, or over. Told by the driver.
    CaughtUp {
        /// Up to here.
        until_ms: u64,
    },
    /// All that was open is settled after `Closed`.
    Done,
}
