//! `voxdesk transcribe`: a recording through the recogniser of live calls, as fast as it goes.
//!
//! Promises: the cuts, the gate and the decoding are those of a call (`asr::Stream` with the same numbers, only without
//! interims); time is the recording's, so a run gives the same text whatever the machine's load.

use std::collections::VecDeque;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use asr::{Decode, Heard, In, Out, Policy, Recognizer, Stream};
use asr_whisper::{Options, WhisperModel};
use clap::Args;
use serde_json::json;

use crate::command_line::say;
use crate::models_command::find_known;

/// Samples in 20 ms at 16 kHz.
const FRAME: usize = 320;
/// Largest recording that is read: four hours of stereo at 48 kHz and 16 bit.
const MOST_BYTES: u64 = 4 * 3600 * 48_000 * 4;

/// Arguments of `voxdesk transcribe`.
#[derive(Clone, Debug, Args)]
pub struct TranscribeArgs {
    /// The recording: wav, mp3, ogg, flac or m4a.
    file: PathBuf,
    /// Speech model.
    #[arg(long, value_name = "NAME", default_value = "base")]
    model: String,
    /// Where speech models are kept [default: voxdesk/models in the user's cache].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Language: en or zh; without it the model chooses for each utterance.
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<String>,
}

fn language(code: &str) -> Result<String, String> {
    let known = kernel::Lang::from_code(code);
    known.map(|lang| lang.code().to_owned()).ok_or_else(|| "en or zh would be right".to_owned())
}

/// Runs `voxdesk transcribe FILE`.
///
/// # Errors
/// When the recording or the model cannot be used.
pub fn run(args: TranscribeArgs) -> Result<ExitCode> {
    let samples = read(&args.file)?;
    let model = WhisperModel::load(&find_known(&args.model, args.models.as_deref())?, Options::default())?;
    let mut recognizer = model.recognizer()?;
    let begun = Instant::now();
    let heard = transcribe(&samples, args.language.clone(), &mut recognizer)?;
    let report = Report { heard, length: length_of(&samples), took: begun.elapsed() };
    say(&if args.json { report.json(&args) } else { report.text(&args) });
    Ok(ExitCode::SUCCESS)
}

/// All finals of a recording of 16 kHz.
///
/// # Errors
/// When the recogniser fails twice on a window.
pub fn transcribe(
    samples: &[i16],
    language: Option<String>,
    recognizer: &mut dyn Recognizer,
) -> Result<Vec<Heard>> {
    let mut leg = Leg { stream: Stream::new(Policy::finals_only()), heard: Vec::new() };
    leg.tell(In::Language(language), recognizer)?;
    let mut end_ms = 0;
    for frame in samples.chunks(FRAME) {
        let mut whole = [0; FRAME];
        whole[..frame.len()].copy_from_slice(frame);
        end_ms += 20;
        leg.tell(In::Audio { end_ms, samples: &whole }, recognizer)?;
    }
    leg.tell(In::Closed, recognizer)?;
    Ok(leg.heard)
}

struct Leg {
    stream: Stream,
    heard: Vec<Heard>,
}

impl Leg {
    /// Tells the stream, and decodes at once what it asks for.
    fn tell(&mut self, input: In<'_>, recognizer: &mut dyn Recognizer) -> Result<()> {
        let mut orders = self.handle(input);
        while let Some(Decode { id, kind, window }) = orders.pop_front() {
            let result = recognizer.decode(&window, kind).or_else(|_| recognizer.decode(&window, kind))?;
            orders.extend(self.handle(In::Decoded { id, result: Some(result) }));
        }
        Ok(())
    }

    fn handle(&mut self, input: In<'_>) -> VecDeque<Decode> {
        let mut out = Vec::new();
        self.stream.handle(input, &mut out);
        let mut orders = VecDeque::new();
        for effect in out {
            match effect {
                Out::Decode(decode) => orders.push_back(decode),
                Out::Final(heard) => self.heard.push(heard),
                Out::Partial { .. } | Out::Nothing { .. } | Out::Done => {}
            }
        }
        orders
    }
}

fn length_of(samples: &[i16]) -> Duration {
    Duration::from_secs_f64(samples.len() as f64 / f64::from(asr::SAMPLE_RATE))
}

/// The recording as 16 kHz mono.
fn read(file: &Path) -> Result<Vec<i16>> {
    let shown = file.display();
    let size = std::fs::metadata(file).with_context(|| format!("{shown}: cannot be read"))?.len();
    if size > MOST_BYTES {
        bail!("{shown}: {size} bytes; a recording of at most {MOST_BYTES} would be right");
    }
    let bytes = std::fs::read(file).with_context(|| format!("{shown}: cannot be read"))?;
    media::files::samples(&shown.to_string(), bytes, asr::SAMPLE_RATE)
        .with_context(|| format!("{shown}: not a recording that can be read"))
}

struct Report {
    heard: Vec<Heard>,
    length: Duration,
    took: Duration,
}

impl Report {
    /// Seconds of work for a second of audio.
    fn real_time_factor(&self) -> f64 {
        self.took.as_secs_f64() / self.length.as_secs_f64().max(0.001)
    }

    fn text(&self, args: &TranscribeArgs) -> String {
        let mut text = String::new();
        for heard in &self.heard {
            // Writing to a string cannot fail.
            let _written =
                writeln!(text, "[{} - {}] {}", clock(heard.start_ms), clock(heard.end_ms), heard.text);
        }
        let (length, took, factor) =
            (self.length.as_secs_f64(), self.took.as_secs_f64(), self.real_time_factor());
        let _written = write!(
            text,
            "{}: {length:.2} s of audio in {took:.2} s (real-time factor {factor:.3}), model {}",
            args.file.display(),
            args.model
        );
        text
    }

    fn json(&self, args: &TranscribeArgs) -> String {
        let text: Vec<&str> = self.heard.iter().map(|heard| heard.text.as_str()).collect();
        json!({
            "file": args.file.display().to_string(),
            "model": args.model,
            "text": text.join(" "),
            "segments": self.heard,
            "audio_seconds": self.length.as_secs_f64(),
            "seconds": self.took.as_secs_f64(),
            "real_time_factor": self.real_time_factor(),
        })
        .to_string()
    }
}

fn clock(ms: u64) -> String {
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}
