//! Known clips through the real model: human telephone prompts are heard, what is not speech gives no text.
//!
//! Needs what `make test` puts in place: the model `base` (`voxdesk models pull base`; VOXDESK_MODELS names the folder)
//! and the Debian package asterisk-core-sounds-en-wav.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use asr::{DecodeKind, Hypothesis, Recognizer, Window};
use asr_whisper::{Options, WhisperModel, models};

const SOUNDS: &str = "/usr/share/asterisk/sounds/en_US_f_Allison";

fn model() -> &'static WhisperModel {
    static MODEL: OnceLock<WhisperModel> = OnceLock::new();
    MODEL.get_or_init(|| {
        let path = |name| std::env::var_os(name).map(PathBuf::from);
        let dir =
            path("VOXDESK_MODELS").or_else(|| models::default_dir(path("XDG_CACHE_HOME"), path("HOME")));
        let file = models::path(&dir.expect("HOME or VOXDESK_MODELS"), "base");
        assert!(
            file.is_file(),
            "{} is missing: `voxdesk models pull base` (make test does it)",
            file.display()
        );
        WhisperModel::load(&file, Options::default()).expect("the model loads")
    })
}

fn hear(samples: Vec<f32>, language: Option<&str>) -> Hypothesis {
    let mut recognizer = model().recognizer().expect("a state");
    let window = Window { samples: samples.into(), language: language.map(str::to_owned) };
    recognizer.decode(&window, DecodeKind::Final).expect("a hypothesis")
}

/// A prompt at 8 kHz through µ-law's steps, then every sample twice with the mean between.
fn prompt(name: &str) -> Vec<f32> {
    let path = Path::new(SOUNDS).join(name);
    let mut wav = hound::WavReader::open(&path).unwrap_or_else(|e| {
        panic!("{}: {e}; install asterisk-core-sounds-en-wav (make test does it)", path.display())
    });
    let narrow: Vec<f32> = wav.samples::<i16>().map(|s| mu_law(s.expect("a sample"))).collect();
    let ends = narrow.iter().skip(1).chain(narrow.last());
    narrow.iter().zip(ends).flat_map(|(a, b)| [*a, (a + b) / 2.0]).collect()
}

/// What µ-law leaves of a sample (G.711, by its formula).
fn mu_law(sample: i16) -> f32 {
    let x = f64::from(sample) / 32_768.0;
    let pressed = (x.abs() * 255.0).ln_1p() / 256_f64.ln();
    let stepped = (pressed * 127.0).round() / 127.0;
    (x.signum() * (stepped * 256_f64.ln()).exp_m1() / 255.0) as f32
}

fn plain(text: &str) -> String {
    let letters: String =
        text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tones(hz: &[f32], seconds: f32) -> Vec<f32> {
    let at = |n: usize| n as f32 / 16_000.0;
    (0..(seconds * 16_000.0) as usize)
        .map(|n| hz.iter().map(|hz| (std::f32::consts::TAU * hz * at(n)).sin()).sum::<f32>() * 0.15)
        .collect()
}

#[test]
fn human_prompts_are_heard_word_for_word_with_times_in_order() {
    for (file, said) in [
        ("vm-youhave.wav", "you have"),
        ("conf-getpin.wav", "please enter the conference pin number"),
        ("agent-loginok.wav", "agent logged in"),
    ] {
        let samples = prompt(file);
        let length_ms = samples.len() as u64 / 16;
        let heard = hear(samples, Some("en"));
        assert_eq!(plain(&heard.text), said, "{file}");
        assert_eq!(heard.language, "en");
        assert_eq!(heard.words.len(), said.split(' ').count());
        assert!(heard.words.windows(2).all(|w| w[0].end_ms <= w[1].start_ms), "{:?}", heard.words);
        assert!(heard.words.last().is_some_and(|w| w.end_ms <= length_ms + 20), "{:?}", heard.words);
    }
}

#[test]
fn the_language_is_found_when_none_is_given() {
    assert_eq!(hear(prompt("conf-getpin.wav"), None).language, "en");
}

#[test]
fn what_is_not_speech_gives_no_text() {
    let mut rng = kernel::Rng::seeded(1);
    let mut noise = |level: f32| -> Vec<f32> {
        (0..64_000).map(|_| (rng.below(20_001) as f32 / 10_000.0 - 1.0) * level).collect()
    };
    let (loud, soft) = (noise(0.1), noise(0.003));
    let key: Vec<f32> = [tones(&[697.0, 1_209.0], 0.2), vec![0.0; 3_200]].concat();
    for (name, samples) in [
        ("silence", vec![0.0; 64_000]),
        ("loud noise", loud),
        ("soft noise", soft),
        ("ringback", tones(&[440.0, 480.0], 2.0)),
        ("European ringback", tones(&[425.0], 1.0)),
        ("busy", tones(&[480.0, 620.0], 0.5)),
        ("fax", tones(&[1_100.0], 3.0)),
        ("keys", key.repeat(8)),
        ("nothing at all", Vec::new()),
    ] {
        for language in [Some("en"), Some("zh"), None] {
            let heard = hear(samples.clone(), language);
            assert_eq!((heard.text.as_str(), heard.words.len()), ("", 0), "{name}, {language:?}");
        }
    }
}

#[test]
fn a_window_that_is_too_long_is_an_error() {
    let mut recognizer = model().recognizer().expect("a state");
    let window = Window { samples: vec![0.0; 16_000 * 31].into(), language: None };
    assert!(recognizer.decode(&window, DecodeKind::Final).is_err());
}
