//! `voxdesk transcribe`: recordings, and folders of them, through the recogniser of live calls, as fast as it goes.
//!
//! Promises: the cuts, the gate and the decoding are those of a call (`asr::Stream` with the same numbers, only without
//! interims); time is the recording's, so a run gives the same text whatever the machine's load.

use std::collections::VecDeque;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use asr::{Decode, Heard, In, Out, Policy, Recognizer, Stream};
use asr_whisper::{Options, WhisperModel};
use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::command_line::{say, say_error};
use crate::models_command::find_known;

/// Samples in 20 ms at 16 kHz.
const FRAME: usize = 320;
/// Largest recording that is read: four hours of stereo at 48 kHz and 16 bit.
const MOST_BYTES: u64 = 4 * 3600 * 48_000 * 4;

/// Endings of recordings, as they are looked for in folders.
const ENDINGS: &[&str] = &["wav", "mp3", "ogg", "opus", "flac", "m4a"];
/// Recordings that are taken at once.
const MOST_FILES: usize = 100_000;
/// Between two words about how far it is.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Arguments of `voxdesk transcribe`.
#[derive(Clone, Debug, Args)]
pub struct TranscribeArgs {
    /// Recordings (wav, mp3, ogg, opus, flac, m4a), and folders with such. In a stereo recording each channel is a speaker.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
    /// Speech model.
    #[arg(long, value_name = "NAME", default_value = "base")]
    model: String,
    /// Where speech models are kept [default: voxdesk/models in the user's cache].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Print JSON, one object a recording.
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

/// Runs `voxdesk transcribe`.
///
/// # Errors
/// When the model, or a recording that was named, cannot be used. One that was found in a folder and cannot is told, and the others
/// go on.
pub fn run(args: TranscribeArgs) -> Result<ExitCode> {
    let files = found(&args.files)?;
    let model = WhisperModel::load(&find_known(&args.model, args.models.as_deref())?, Options::default())?;
    let mut recognizer = model.recognizer()?;
    let mut failed = 0;
    for (n, file) in files.iter().enumerate() {
        let progress = Progress { n: n + 1, of: files.len(), file, told: Instant::now() };
        match one(&args, file, progress, &mut recognizer) {
            Ok(report) => say(&if args.json { report.json(&args) } else { report.text(&args) }),
            Err(error) if files.len() == 1 => return Err(error),
            Err(error) => {
                failed += 1;
                say_error(&format!("{error:#}"));
            }
        }
    }
    Ok(if failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The recordings that were named, and those in folders, sorted.
fn found(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in named {
        if path.is_dir() {
            let before = files.len();
            look_in(path, &mut files)?;
            files[before..].sort_unstable();
        } else {
            files.push(path.clone());
        }
    }
    if files.is_empty() {
        bail!("no recordings there; files ending in {} would be right", ENDINGS.join(", "));
    }
    Ok(files)
}

fn look_in(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let shown = folder.display();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{shown}: cannot be read"))? {
        let entry = entry.with_context(|| format!("{shown}: cannot be read"))?;
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        if entry.file_type()?.is_dir() {
            look_in(&path, files)?;
        } else if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            bail!("{shown}: more than {MOST_FILES} recordings; fewer at once would be right");
        }
    }
    Ok(())
}

fn one(
    args: &TranscribeArgs,
    file: &Path,
    mut progress: Progress<'_>,
    recognizer: &mut dyn Recognizer,
) -> Result<Report> {
    let sides = read(file)?;
    let begun = Instant::now();
    let speakers = sides.len();
    let mut heard = Vec::new();
    for (n, samples) in sides.iter().enumerate() {
        let share = |done: f64| (n as f64 + done) / speakers as f64;
        let said =
            transcribe(samples, args.language.clone(), recognizer, &mut |done| progress.tell(share(done)))?;
        heard.extend(said.into_iter().map(|said| Spoken { speaker: n + 1, said }));
    }
    heard.sort_by_key(|one| (one.said.start_ms, one.speaker));
    let length = sides.iter().map(|side| length_of(side)).max().unwrap_or_default();
    Ok(Report { file: file.display().to_string(), heard, speakers, length, took: begun.elapsed() })
}

/// How far it is, on standard error, for whoever waits.
struct Progress<'a> {
    n: usize,
    of: usize,
    file: &'a Path,
    told: Instant,
}

impl Progress<'_> {
    fn tell(&mut self, share: f64) {
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            say_error(&format!("{} of {}: {}: {:.0} %", self.n, self.of, self.file.display(), share * 100.0));
        }
    }
}

/// All finals of a recording of 16 kHz.
///
/// # Errors
/// When the recogniser fails twice on a window.
pub fn transcribe(
    samples: &[i16],
    language: Option<String>,
    recognizer: &mut dyn Recognizer,
    progress: &mut dyn FnMut(f64),
) -> Result<Vec<Heard>> {
    let mut leg = Leg { stream: Stream::new(Policy::finals_only()), heard: Vec::new() };
    leg.tell(In::Language(language), recognizer)?;
    let mut end_ms = 0;
    for frame in samples.chunks(FRAME) {
        let mut whole = [0; FRAME];
        whole[..frame.len()].copy_from_slice(frame);
        end_ms += 20;
        progress(end_ms as f64 * 16.0 / samples.len().max(1) as f64);
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
                Out::Partial { .. }
                | Out::Nothing { .. }
                | Out::Behind { .. }
                | Out::CaughtUp { .. }
                | Out::Done => {}
            }
        }
        orders
    }
}

fn length_of(samples: &[i16]) -> Duration {
    Duration::from_secs_f64(samples.len() as f64 / f64::from(asr::SAMPLE_RATE))
}

/// The recording at 16 kHz, each speaker on their own.
fn read(file: &Path) -> Result<Vec<Vec<i16>>> {
    let shown = file.display();
    let unreadable = |error: std::io::Error| {
        let endings = ENDINGS.join(", ");
        anyhow!(
            "{shown}: {error}; a recording that can be read ({endings}), or a folder with such, would be right"
        )
    };
    let size = std::fs::metadata(file).map_err(unreadable)?.len();
    if size > MOST_BYTES {
        bail!("{shown}: {size} bytes; a recording of at most {MOST_BYTES} would be right");
    }
    let bytes = std::fs::read(file).map_err(unreadable)?;
    // Its errors name the file.
    Ok(media::files::sides(&shown.to_string(), bytes, asr::SAMPLE_RATE)?)
}

/// An utterance and whose it is.
#[derive(Serialize)]
struct Spoken {
    speaker: usize,
    #[serde(flatten)]
    said: Heard,
}

struct Report {
    file: String,
    heard: Vec<Spoken>,
    speakers: usize,
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
        for Spoken { speaker, said } in &self.heard {
            let who = if self.speakers > 1 { format!("{speaker}: ") } else { String::new() };
            // Writing to a string cannot fail.
            let _written =
                writeln!(text, "[{} - {}] {who}{}", clock(said.start_ms), clock(said.end_ms), said.text);
        }
        if self.heard.is_empty() {
            text.push_str("no speech was found\n");
        }
        let (length, took, factor) =
            (self.length.as_secs_f64(), self.took.as_secs_f64(), self.real_time_factor());
        let _written = write!(
            text,
            "{}: {length:.2} s of audio in {took:.2} s (real-time factor {factor:.3}), model {}",
            self.file, args.model
        );
        text
    }

    fn json(&self, args: &TranscribeArgs) -> String {
        let text: Vec<&str> = self.heard.iter().map(|one| one.said.text.as_str()).collect();
        json!({
            "file": self.file,
            "model": args.model,
            "text": text.join(" "),
            "speakers": self.speakers,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> TranscribeArgs {
        TranscribeArgs {
            files: Vec::new(),
            model: "base".to_owned(),
            models: None,
            json: false,
            language: None,
        }
    }

    fn report(speakers: usize, heard: Vec<Spoken>) -> Report {
        let (length, took) = (Duration::from_secs(10), Duration::from_secs(2));
        Report { file: "call.wav".to_owned(), heard, speakers, length, took }
    }

    fn spoken(speaker: usize, start_ms: u64, text: &str) -> Spoken {
        let said = Heard {
            text: text.to_owned(),
            start_ms,
            end_ms: start_ms + 1_500,
            words: Vec::new(),
            language: "en".to_owned(),
        };
        Spoken { speaker, said }
    }

    #[test]
    fn text_has_its_times_its_speaker_and_how_fast_it_went() {
        let said = vec![spoken(1, 61_250, "Hello."), spoken(2, 3_600_000, "Yes?")];
        assert_eq!(
            report(2, said).text(&args()),
            "[00:01:01.250 - 00:01:02.750] 1: Hello.\n[01:00:00.000 - 01:00:01.500] 2: Yes?\n\
             call.wav: 10.00 s of audio in 2.00 s (real-time factor 0.200), model base"
        );
        let alone = report(1, vec![spoken(1, 0, "Hello.")]).text(&args());
        assert!(alone.starts_with("[00:00:00.000 - 00:00:01.500] Hello.\n"), "{alone}");
    }

    #[test]
    fn a_recording_without_speech_says_so() {
        let text = report(1, Vec::new()).text(&args());
        assert!(text.starts_with("no speech was found\ncall.wav: "), "{text}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named_once_with_what_would_be_right() {
        let shown = |file: &Path| format!("{:#}", read(file).expect_err("no recording"));
        let missing = shown(Path::new("/nowhere/call.wav"));
        assert_eq!(missing.matches("/nowhere/call.wav").count(), 1, "{missing}");
        assert!(missing.contains("would be right"), "{missing}");
        let broken = std::env::temp_dir().join(format!("voxdesk-text-{:x}.wav", rand::random::<u64>()));
        std::fs::write(&broken, "Dear caller, please hold the line.").expect("written");
        let said = shown(&broken);
        let _best_effort = std::fs::remove_file(&broken);
        assert_eq!(said.matches(&broken.display().to_string()).count(), 1, "{said}");
        assert!(said.contains("this is text") && said.contains("would be right"), "{said}");
    }
}
