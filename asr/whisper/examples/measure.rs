//! Measures the recogniser and the live policy on wav files; `scripts/asr_measure.py` scores what it prints.
//!
//! `measure MODEL MODE LIST` where LIST has lines `id<TAB>wav<TAB>seconds<TAB>language` (8 or 16 kHz mono, 16 bit) and
//! MODE is `clip` (one decoding of the whole clip), `finals` (the stream, finals only: what `voxdesk transcribe` does)
//! or `live` (the stream with interims on a virtual clock: one worker, whose decodings take the time they really took).
//! Prints one JSON object a clip.

use std::collections::VecDeque;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use asr::{Decode, DecodeKind, Hypothesis, In, Out, Policy, Recognizer, Stream, Window};
use asr_whisper::{Options, WhisperModel, WhisperRecognizer};
use serde_json::json;

/// Silence after each clip, as on a line where the other side listens.
const AFTER_MS: usize = 2_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, mode, list] = arguments.as_slice() else {
        eprintln!("measure MODEL clip|finals|live LIST");
        std::process::exit(2);
    };
    let model = WhisperModel::load(Path::new(model), Options::default()).expect("a model");
    let mut recognizer = model.recognizer().expect("a state");
    let list = std::fs::read_to_string(list).expect("a list");
    for line in list.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, wav, _, language, ..] = fields.as_slice() else { continue };
        if *id == "id" {
            continue;
        }
        let samples = read(wav);
        let language = (*language != "auto").then(|| (*language).to_owned());
        let begun = (Instant::now(), cpu_seconds());
        let mut report = match mode.as_str() {
            "clip" => clip(&mut recognizer, &samples, language),
            "finals" => stream(&mut recognizer, &samples, language, Policy::finals_only()),
            _ => stream(&mut recognizer, &samples, language, policy()),
        };
        report["id"] = json!(id);
        report["dur"] = json!(samples.len() as f64 / 16_000.0);
        report["wall"] = json!(begun.0.elapsed().as_secs_f64());
        report["cpu"] = json!(cpu_seconds() - begun.1);
        writeln!(std::io::stdout(), "{report}").expect("stdout");
    }
}

/// The live policy; `HANGOVER`, `WINDOW`, `PAUSE` and `PERIOD` (milliseconds) change it.
fn policy() -> Policy {
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse().ok());
    let mut policy = Policy::default();
    policy.hangover_ms = number("HANGOVER").unwrap_or(policy.hangover_ms);
    policy.window_ms = number("WINDOW").unwrap_or(policy.window_ms);
    if let asr::Interims::Every { period_ms, pause_ms, .. } = &mut policy.interims {
        *period_ms = number("PERIOD").unwrap_or(*period_ms);
        *pause_ms = number("PAUSE").unwrap_or(*pause_ms);
    }
    policy
}

fn clip(recognizer: &mut WhisperRecognizer, samples: &[i16], language: Option<String>) -> serde_json::Value {
    let samples = samples.iter().map(|&s| f32::from(s) / 32_768.0).collect();
    match recognizer.decode(&Window { samples, language }, DecodeKind::Final) {
        Ok(heard) => json!({"text": heard.text, "no_speech": heard.no_speech, "lang": heard.language}),
        Err(error) => json!({"text": "", "error": error.to_string()}),
    }
}

/// One leg and one worker on a virtual clock of milliseconds.
#[derive(Default)]
struct World {
    queue: VecDeque<(u64, Decode)>,
    busy: Option<(f64, Decode, Option<Hypothesis>)>,
    finals: Vec<asr::Heard>,
    partials: usize,
    retracted: usize,
    decodes: usize,
    decode_ms: f64,
    delays: Vec<f64>,
    stable: String,
    done: bool,
}

fn stream(
    recognizer: &mut WhisperRecognizer,
    samples: &[i16],
    language: Option<String>,
    policy: Policy,
) -> serde_json::Value {
    let mut stream = Stream::new(policy);
    let mut world = World::default();
    let mut out = Vec::new();
    stream.handle(In::Language(language), &mut out);
    let quiet = [0_i16; 320];
    let mut now = 0_u64;
    let silence = std::iter::repeat_n(&quiet[..], AFTER_MS / 20);
    for frame in samples.chunks_exact(320).chain(silence) {
        now += 20;
        world.work(now as f64, recognizer, &mut stream, &mut out);
        stream.handle(In::Audio { end_ms: now, samples: frame }, &mut out);
        world.take(now as f64, &mut out);
    }
    stream.handle(In::Closed, &mut out);
    world.take(now as f64, &mut out);
    while !world.done {
        now += 20;
        world.work(now as f64, recognizer, &mut stream, &mut out);
        world.take(now as f64, &mut out);
    }
    let text: Vec<&str> = world.finals.iter().map(|f| f.text.as_str()).collect();
    json!({"text": text.join(" "), "segments": world.finals, "partials": world.partials, "decodes": world.decodes,
        "decode_ms": world.decode_ms, "delays": world.delays, "retracted": world.retracted})
}

impl World {
    fn take(&mut self, now: f64, out: &mut Vec<Out>) {
        for effect in out.drain(..) {
            match effect {
                Out::Decode(decode) => self.queue.push_back((now as u64, decode)),
                Out::Partial { stable, .. } => {
                    self.partials += 1;
                    self.stable = stable;
                }
                Out::Final(heard) => {
                    let plain = |text: &str| {
                        text.chars()
                            .filter(|c| c.is_alphanumeric())
                            .flat_map(char::to_lowercase)
                            .collect::<String>()
                    };
                    if !plain(&heard.text).starts_with(&plain(&self.stable)) {
                        self.retracted += 1;
                    }
                    self.stable.clear();
                    self.delays.push(now - heard.end_ms as f64);
                    self.finals.push(heard);
                }
                Out::Nothing { .. } => self.stable.clear(),
                Out::Done => self.done = true,
                Out::Behind { .. } | Out::CaughtUp { .. } => {}
            }
        }
    }

    fn work(
        &mut self,
        now: f64,
        recognizer: &mut WhisperRecognizer,
        stream: &mut Stream,
        out: &mut Vec<Out>,
    ) {
        loop {
            if let Some((ready, _, _)) = &self.busy
                && *ready > now
            {
                return;
            }
            let mut free = now;
            if let Some((ready, decode, result)) = self.busy.take() {
                free = ready;
                stream.handle(In::Decoded { id: decode.id, result }, out);
                self.take(ready, out);
            }
            let Some((asked, decode)) = self.queue.pop_front() else { return };
            let begun = Instant::now();
            let result = recognizer.decode(&decode.window, decode.kind).ok();
            let took = begun.elapsed().as_secs_f64() * 1_000.0;
            self.decodes += 1;
            self.decode_ms += took;
            self.busy = Some((free.max(asked as f64).min(now) + took, decode, result));
        }
    }
}

fn read(path: &str) -> Vec<i16> {
    let mut wav = hound::WavReader::open(path).expect(path);
    let samples: Vec<i16> = wav.samples::<i16>().map(|s| s.expect("a sample")).collect();
    match wav.spec().sample_rate {
        16_000 => samples,
        8_000 => doubled(&samples),
        rate => panic!("{path}: {rate} Hz; 8000 or 16000 would be right"),
    }
}

/// To twice the rate by a windowed sinc of 32 taps a side.
fn doubled(samples: &[i16]) -> Vec<i16> {
    const SIDE: isize = 32;
    let tap = |k: isize| {
        let x = k as f64 - 0.5;
        let window = 0.5 + 0.5 * (std::f64::consts::PI * x / (SIDE as f64)).cos();
        (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) * window
    };
    let taps: Vec<f64> = (1 - SIDE..=SIDE).map(tap).collect();
    let mut out = Vec::with_capacity(samples.len() * 2);
    for at in 0..samples.len() as isize {
        out.push(samples[at as usize]);
        let sum: f64 = (1 - SIDE..=SIDE)
            .zip(&taps)
            .filter_map(|(k, tap)| samples.get(usize::try_from(at + k).ok()?).map(|s| f64::from(*s) * tap))
            .sum();
        out.push(sum.clamp(-32_768.0, 32_767.0) as i16);
    }
    out
}

/// Processor time of this process, in seconds, from the kernel's table (ticks of 10 ms).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|f| f.parse::<f64>().ok()).sum();
    ticks / 100.0
}
