//! `voxdesk bench asr`: the live path in real time on recordings whose words are known, and what it costs.
//!
//! Promises: the pool, the policy and the recogniser are those of calls; audio comes at the speed of speech, through G.711 µ-law
//! at 8 kHz as from a telephone; delays are wall time from the end of the speech in the recording. Leaves to others: the road
//! from a phone to the pool (tests/e2e/captions.sh measures that too), other recognisers (scripts/bench_asr.py).

mod judge;
mod talk;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use asr::{DecodeKind, Interims, Out, Policy, Recognizer, ScheduleLimits, Window, wer};
use asr_whisper::{Options, WhisperModel};
use clap::{Args, Subcommand};
use serde_json::json;
use tokio::sync::mpsc;

use crate::asr_pool::AsrPool;
use crate::command_line::{say, say_error};
use crate::models_command::find_known;
use judge::{Judgement, Said};
use talk::{Clip, Talk};

/// How long the last words are waited for once everything was said.
const LAST_WORDS: Duration = Duration::from_secs(600);
/// Words on their way to the judge.
const WORDS: usize = 65_536;

/// What can be measured.
#[derive(Clone, Debug, Subcommand)]
pub enum BenchCommand {
    /// Live transcription: word errors, delays and cost, with N two-sided conversations at once.
    Asr(AsrArgs),
    /// Word errors of a table: tab-separated with a head, columns `text` (what was said) and `heard`.
    Wer {
        /// The table.
        #[arg(long, value_name = "FILE")]
        heard: PathBuf,
    },
}

/// Arguments of `voxdesk bench asr`.
#[derive(Clone, Debug, Args)]
pub struct AsrArgs {
    /// Recordings and their words: tab-separated with a head, columns `path` and `text`; paths may be relative to this file.
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Speech model.
    #[arg(long, value_name = "NAME")]
    model: String,
    /// Conversations at once; each has two sides, both are transcribed, each speaks 40 % of the time.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    calls: u32,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Where speech models are kept [default: voxdesk/models in the user's cache].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Decoding threads [default: one per core, at most eight].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Language that is expected, as a flow tells it; `auto` lets the model choose.
    #[arg(long, value_name = "CODE", default_value = "en")]
    language: String,
    /// No interim text: what utterances cost alone.
    #[arg(long)]
    finals_only: bool,
    /// Recordings as they are, not through G.711.
    #[arg(long)]
    wide: bool,
    /// No conversation: each recording is decoded at once, as fast as it goes, as a whole; `full` in the model's 30 s window,
    /// `trimmed` in ours. For comparison.
    #[arg(long, value_name = "WINDOW", value_parser = ["full", "trimmed"])]
    offline: Option<String>,
    /// Write what was heard of each recording: tab-separated, `path`, `text`, `heard`.
    #[arg(long, value_name = "FILE")]
    heard: Option<PathBuf>,
}

/// Runs `voxdesk bench …`.
///
/// # Errors
/// When recordings or the model cannot be used.
pub fn run(command: BenchCommand) -> Result<ExitCode> {
    let args = match command {
        BenchCommand::Asr(args) => args,
        BenchCommand::Wer { heard } => return score(&heard),
    };
    let clips = talk::read(&args.manifest, !args.wide)?;
    let file = find_known(&args.model, args.models.as_deref())?;
    let options = Options { full_window: args.offline.as_deref() == Some("full"), ..Options::default() };
    let model = WhisperModel::load(&file, options)?;
    let judgement = match &args.offline {
        Some(_) => offline(&args, &clips, &model)?,
        None => live(&args, &clips, &model)?,
    };
    if let Some(file) = &args.heard {
        std::fs::write(file, judgement.table(&clips))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    if args.json {
        say(&judgement.json(&args.model, args.calls).to_string());
    } else {
        say(&judgement.text(&args.model, args.calls));
    }
    Ok(ExitCode::SUCCESS)
}

/// Word errors of what somebody else heard, by the same rules.
fn score(table: &std::path::Path) -> Result<ExitCode> {
    let shown = table.display();
    let text = std::fs::read_to_string(table).with_context(|| format!("{shown}: cannot be read"))?;
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().map(|head| head.split('\t').collect()).unwrap_or_default();
    let column = |name: &str| {
        let found = head.iter().position(|one| *one == name);
        found.with_context(|| format!("{shown}:1:1: no column {name:?}; `text` and `heard` would be right"))
    };
    let (said, heard) = (column("text")?, column("heard")?);
    let mut errors = wer::Errors::default();
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let field = |n: usize| fields.get(n).copied().unwrap_or("");
        errors.add(wer::compare(field(said), field(heard)));
    }
    let percent = (errors.percent() * 100.0).round() / 100.0;
    say(&json!({ "wer_percent": percent, "words": errors.words, "inserted": errors.inserted }).to_string());
    Ok(ExitCode::SUCCESS)
}

fn language(args: &AsrArgs) -> Option<String> {
    (args.language != "auto").then(|| args.language.clone())
}

fn offline(args: &AsrArgs, clips: &[Clip], model: &WhisperModel) -> Result<Judgement> {
    let mut recognizer = model.recognizer()?;
    let mut judgement = Judgement::default();
    let quiet = Window { samples: vec![0.0; 16_000].into(), language: None };
    drop(recognizer.decode(&quiet, DecodeKind::Final)?);
    let begun = cpu_seconds();
    for (n, clip) in clips.iter().enumerate() {
        let samples = clip.samples.iter().map(|s| f32::from(*s) / 32_768.0).collect();
        let heard = recognizer.decode(&Window { samples, language: language(args) }, DecodeKind::Final)?;
        judgement.clip(n, clip, wer::compare(&clip.text, &heard.text), heard.text);
    }
    judgement.cpu_seconds = cpu_seconds() - begun;
    Ok(judgement)
}

fn live(args: &AsrArgs, clips: &[Clip], model: &WhisperModel) -> Result<Judgement> {
    let threads = args.threads.unwrap_or_else(crate::serve::default_threads).max(1);
    let recognizers = (0..threads)
        .map(|_| model.recognizer().map(|one| Box::new(one) as Box<dyn Recognizer>))
        .collect::<Result<Vec<_>, _>>()?;
    let mut policy = Policy::default();
    if args.finals_only {
        policy.interims = Interims::Never;
    }
    // Without a backlog nobody falls behind: finals wait in memory, as many as are said.
    let limits = ScheduleLimits { finals: usize::MAX, patience: LAST_WORDS, ..ScheduleLimits::default() };
    let pool = AsrPool::start_with(recognizers, policy, limits, None)?;
    let mut talks = talk::deal(clips, usize::try_from(args.calls)?);
    let (to, from) = mpsc::channel(WORDS);
    let mut handles = Vec::with_capacity(talks.len());
    for side in 0..talks.len() {
        handles.push(pool.open(None, language(args), side, to.clone())?);
    }
    drop(to);
    let ear = std::thread::Builder::new().name("judge".to_owned()).spawn(move || listen(from))?;
    let began = Instant::now();
    let cpu = cpu_seconds();
    let total = talks.iter().map(Talk::frames).max().unwrap_or(0);
    for frame in 1..=total {
        let due = began + Duration::from_millis(20) * u32::try_from(frame).unwrap_or(u32::MAX);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        for (talk, handle) in talks.iter_mut().zip(&handles) {
            if let Some(samples) = talk.next(clips) {
                handle.push_audio(frame * 20, &samples);
            }
        }
        if !args.json && frame % 500 == 0 {
            say_error(&format!("{} of {} s", frame / 50, total / 50));
        }
    }
    handles.into_iter().for_each(crate::asr_pool::AsrHandle::close);
    let said = ear.join().map_err(|_| anyhow::anyhow!("the judge died"))?;
    let Some(said) = said else { bail!("the last words did not come within {} s", LAST_WORDS.as_secs()) };
    let cpu_seconds = cpu_seconds() - cpu;
    let mut judgement = judge::judge(clips, &talks, said, began);
    judgement.cpu_seconds = cpu_seconds;
    Ok(judgement)
}

/// All that is said, with the time at which it came; `None` when somebody never ends.
fn listen(mut from: mpsc::Receiver<(usize, Out)>) -> Option<Vec<Said>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().ok()?;
    let mut said = Vec::new();
    runtime.block_on(async {
        while let Some((side, out)) = tokio::time::timeout(LAST_WORDS, from.recv()).await.ok()? {
            said.push(Said { side, out, at: Instant::now() });
        }
        Some(())
    })?;
    Some(said)
}

/// Processor time of this process, in seconds, from the kernel's table (ticks of 10 ms).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|f| f.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Middle and tails of a list of delays, as JSON.
pub(super) fn quantiles(delays: &[f64]) -> serde_json::Value {
    let mut sorted = delays.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |q: f64| {
        let n = ((sorted.len() as f64 - 1.0) * q).round().max(0.0);
        sorted.get(n as usize).map(|delay| delay.round())
    };
    json!({ "p50": at(0.5), "p95": at(0.95), "p99": at(0.99) })
}
