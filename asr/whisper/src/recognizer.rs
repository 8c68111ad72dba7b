//! Whisper as a `Recognizer`: one shared model, one state per thread, one thread per state.
//!
//! The decoding loop is ours, over whisper.cpp's mel, encoder and decoder: one encoding serves the gate against
//! non-speech, the choice of language and the text. The window is trimmed to the speech (cost grows with it), and the
//! loop rule of `greedy` ends what a trimmed window would let run on. No text reaches any log.

use std::path::Path;
use std::sync::Arc;

use asr::{DecodeKind, Hypothesis, Recognizer, RecognizerError, Window};
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState};

use crate::bias::Bias;
use crate::greedy::{best, confidence, loop_start, probability};
use crate::models::{GgmlError, inspect};
use crate::spelling::{full_width, pieces, text_of, words};
use crate::vocabulary::Vocabulary;

/// Why a model is not usable.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// No such file, or it cannot be read.
    #[error("{path}: {reason}; get it with `voxdesk models pull NAME`")]
    Missing {
        /// The file.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// Not a whisper.cpp model.
    #[error("{path}: not a usable Whisper model: {reason}")]
    Broken {
        /// The file.
        path: String,
        /// What was found.
        reason: GgmlError,
    },
    /// whisper.cpp refuses it, or memory is short.
    #[error("{path}: whisper.cpp cannot load it: {reason}")]
    Refused {
        /// The file.
        path: String,
        /// What it says.
        reason: String,
    },
}

/// What may be recognised, and how strict the gate is.
#[derive(Clone, Debug)]
pub struct Options {
    /// Languages among which a window without one is placed; the first is the default.
    pub languages: Vec<String>,
    /// Probability of no speech from which there is no text: what the model says before the text, times its doubt of
    /// the first token. 0.3 separates (docs/asr.md): speech stays below it, noise, tones and music above.
    pub no_speech: f32,
    /// Every window is as long as the model was trained on (30 s): slow, and the measure of what trimming costs.
    pub full_window: bool,
    /// Names of the company and its products: likelier where the sound allows them.
    pub vocabulary: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            languages: kernel::Lang::ALL.iter().map(|lang| lang.code().to_owned()).collect(),
            no_speech: 0.3,
            full_window: false,
            vocabulary: Vec::new(),
        }
    }
}

/// A loaded model; cheap to clone.
#[derive(Clone)]
pub struct WhisperModel {
    context: Arc<WhisperContext>,
    vocabulary: Arc<Vocabulary>,
    bias: Arc<Bias>,
    options: Options,
}

impl WhisperModel {
    /// Loads a ggml file. Blocks (half a second for `base`).
    ///
    /// # Errors
    /// When the file is missing, is no model, or does not fit into memory.
    pub fn load(path: &Path, options: Options) -> Result<Self, LoadError> {
        let shown = || path.display().to_string();
        inspect(path).map_err(|reason| match reason {
            GgmlError::Io(reason) => LoadError::Missing { path: shown(), reason },
            reason => LoadError::Broken { path: shown(), reason },
        })?;
        whisper_rs::install_logging_hooks();
        let refused =
            |e: whisper_rs::WhisperError| LoadError::Refused { path: shown(), reason: e.to_string() };
        let mut parameters = WhisperContextParameters::default();
        parameters.use_gpu(false).flash_attn(false);
        let context = WhisperContext::new_with_params(path, parameters).map_err(refused)?;
        let vocabulary = Vocabulary::of(&context, &options.languages).map_err(refused)?;
        tracing::debug!(path = %path.display(), multilingual = context.is_multilingual(), "speech model loaded");
        let bias = Arc::new(Bias::of(&context, &options.vocabulary));
        Ok(Self { context: Arc::new(context), vocabulary: Arc::new(vocabulary), bias, options })
    }

    /// A recogniser with its own state, for one thread.
    ///
    /// # Errors
    /// When memory is short.
    pub fn recognizer(&self) -> Result<WhisperRecognizer, RecognizerError> {
        let state = self.context.create_state().map_err(failed)?;
        Ok(WhisperRecognizer { model: self.clone(), state })
    }
}

/// A recogniser for one thread.
pub struct WhisperRecognizer {
    model: WhisperModel,
    state: WhisperState,
}

fn failed(error: whisper_rs::WhisperError) -> RecognizerError {
    RecognizerError::Failed(error.to_string())
}

/// Samples per position of the encoder's output (20 ms).
const PER_POSITION: usize = 320;
/// Silence after the speech that the encoder sees, in positions (1 s): less loses last words.
const MARGIN: usize = 50;
/// Windows are rounded up to this, for the matrix kernels.
const ROUND: usize = 64;
/// Longest encoder window that takes the fast path (1500 does not).
const MOST_POSITIONS: usize = 1_472;
/// The window that the model was trained on.
const FULL_POSITIONS: usize = 1_500;
/// Longest audio in a window, in samples.
const MOST_SAMPLES: usize = (MOST_POSITIONS - MARGIN) * PER_POSITION;
/// Shortest audio that is encoded: shorter is padded with silence.
const LEAST_SAMPLES: usize = 16_000 / 2;
/// Probability of no speech before the text from which the text is not looked at.
const SURELY_SILENT: f32 = 0.85;
/// Tokens allowed for a window: so many, and so many per second of audio.
const TOKENS: (usize, usize) = (16, 14);
/// Most tokens for any window; half of the model's context.
const MOST_TOKENS: usize = 220;

impl Recognizer for WhisperRecognizer {
    fn decode(&mut self, window: &Window, _kind: DecodeKind) -> Result<Hypothesis, RecognizerError> {
        if window.samples.len() > MOST_SAMPLES {
            return Err(RecognizerError::Failed(format!(
                "window of {} samples; at most {MOST_SAMPLES} are right",
                window.samples.len()
            )));
        }
        self.encode(&window.samples)?;
        let vocabulary = Arc::clone(&self.model.vocabulary);
        self.state.decode(&[vocabulary.sot], 0, 1).map_err(failed)?;
        let logits = self.state.get_logits().map_err(failed)?;
        let silent = probability(logits, vocabulary.no_speech);
        let language = vocabulary.language(window.language.as_deref(), logits);
        let nothing =
            Hypothesis { no_speech: silent, language: language.code.clone(), ..Hypothesis::default() };
        if silent > SURELY_SILENT {
            return Ok(nothing);
        }
        let at = self.prompt(&vocabulary, language)?;
        let (first, sure) = self.first(&vocabulary)?;
        let no_speech = silent * (1.0 - sure);
        if no_speech > self.model.options.no_speech || first == vocabulary.eot {
            return Ok(nothing);
        }
        let limit = (TOKENS.0 + TOKENS.1 * window.samples.len() / 16_000).min(MOST_TOKENS);
        let tokens = self.tokens(&vocabulary, (first, sure), at, limit)?;
        let text = text_of(tokens.iter().map(|&(t, _)| vocabulary.bytes(t)));
        let pieces = pieces(tokens.iter().map(|&(t, sure)| (vocabulary.bytes(t), sure)));
        let text = if language.code == "zh" { full_width(&text) } else { text };
        if !text.contains(char::is_alphanumeric) {
            return Ok(nothing);
        }
        Ok(Hypothesis { words: words(&text, &window.samples), text, pieces, no_speech, ..nothing })
    }
}

impl WhisperRecognizer {
    /// Mel and encoder over a window trimmed to the audio.
    fn encode(&mut self, samples: &[f32]) -> Result<(), RecognizerError> {
        let mut padded = Vec::new();
        let samples = if samples.len() < LEAST_SAMPLES {
            padded.extend_from_slice(samples);
            padded.resize(LEAST_SAMPLES, 0.0);
            &padded
        } else {
            samples
        };
        let positions =
            (samples.len().div_ceil(PER_POSITION) + MARGIN).next_multiple_of(ROUND).min(MOST_POSITIONS);
        let positions = if self.model.options.full_window { FULL_POSITIONS } else { positions };
        // `full` over the first 100 ms computes the mel of all samples, sets the window's length, and then finds
        // nothing to do: whisper.cpp leaves out a rest of 100 ms. There is no other safe way to set that length.
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        params.set_n_threads(1);
        params.set_duration_ms(100);
        params.set_audio_ctx(i32::try_from(positions).unwrap_or(0));
        params.set_no_context(true);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        self.state.full(params, samples).map_err(failed)?;
        self.state.encode(0, 1).map_err(failed)
    }

    /// Feeds what precedes the text; returns how many positions it took. The start token is there already.
    fn prompt(
        &mut self,
        vocabulary: &Vocabulary,
        language: &crate::vocabulary::Language,
    ) -> Result<usize, RecognizerError> {
        let mut fed = 1;
        let mut tokens = Vec::new();
        if !language.prompt.is_empty() {
            fed = 0;
            tokens.push(vocabulary.previous);
            tokens.extend_from_slice(&language.prompt);
            tokens.push(vocabulary.sot);
        }
        if let Some(token) = language.token {
            tokens.extend([token, vocabulary.transcribe]);
        }
        if !tokens.is_empty() {
            self.state.decode(&tokens, fed, 1).map_err(failed)?;
            fed += tokens.len();
        }
        // Alone, because only the first row of logits can be read.
        self.state.decode(&[vocabulary.no_timestamps], fed, 1).map_err(failed)?;
        Ok(fed + 1)
    }

    /// The first token of the text, and how sure the model is of it. Of noise it is sure of none.
    fn first(&mut self, vocabulary: &Vocabulary) -> Result<(usize, f32), RecognizerError> {
        let mut likelier = Vec::new();
        self.model.bias.after(&[], &mut likelier);
        let logits = self.state.get_logits().map_err(failed)?;
        let id = best(logits, &vocabulary.barred, true, vocabulary.blank, vocabulary.eot, &likelier);
        Ok((id, probability(logits, id)))
    }

    /// The tokens of the text, and how sure the model is of each.
    fn tokens(
        &mut self,
        vocabulary: &Vocabulary,
        (first, mut sure): (usize, f32),
        mut at: usize,
        limit: usize,
    ) -> Result<Vec<(i32, f32)>, RecognizerError> {
        let mut tokens: Vec<i32> = Vec::with_capacity(limit);
        let mut rated: Vec<f32> = Vec::with_capacity(limit);
        let mut id = first;
        let mut likelier = Vec::new();
        let bias = Arc::clone(&self.model.bias);
        while id != vocabulary.eot {
            let token = id as i32;
            tokens.push(token);
            rated.push(sure);
            if let Some(keep) = loop_start(&tokens, |t| vocabulary.is_digits(t)) {
                tokens.truncate(keep);
                break;
            }
            if tokens.len() == limit {
                break;
            }
            self.state.decode(&[token], at, 1).map_err(failed)?;
            at += 1;
            bias.after(&tokens, &mut likelier);
            let logits = self.state.get_logits().map_err(failed)?;
            id = best(logits, &vocabulary.barred, false, vocabulary.blank, vocabulary.eot, &likelier);
            sure = confidence(logits, id);
        }
        Ok(tokens.into_iter().zip(rated).collect())
    }
}
