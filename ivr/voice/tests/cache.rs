//! What is kept, what is made anew, and what is said when it cannot be made.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ivr::PromptText;
use ivr_voice::{Speech, Synthesizer, VoiceError, Voices};
use kernel::Lang;

/// A folder of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Hums, and counts how often it was asked.
struct Hum {
    pitch: u32,
    asked: Arc<AtomicUsize>,
}

impl Synthesizer for Hum {
    fn voice(&self, lang: Lang) -> String {
        format!("hum {} {}", self.pitch, lang.code())
    }

    fn speak(&self, text: &str, _lang: Lang) -> Result<Speech, VoiceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if text == "fail" {
            return Err(VoiceError::Synthesis { program: "hum".into(), why: "hoarse".into() });
        }
        let period = 8000 / self.pitch as usize;
        let sample = |n: usize| if n % period < period / 2 { 3000 } else { -3000 };
        Ok(Speech { rate: 8000, samples: (0..text.len() * 800).map(sample).collect() })
    }
}

fn hum(pitch: u32, recordings: &Folder) -> (Voices, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    (Voices::new(Arc::new(Hum { pitch, asked: asked.clone() }), &recordings.0), asked)
}

fn prompt(name: &str, text: &str) -> PromptText {
    PromptText { name: name.into(), lang: Lang::En, text: text.into(), file: None }
}

#[test]
fn a_text_is_spoken_once_and_again_only_when_it_or_the_voice_changes() {
    let folder = Folder::new("once");
    let (voices, asked) = hum(200, &folder);
    let first =
        voices.prepare([prompt("a", "one"), prompt("b", "two")].into_iter(), &folder.0).expect("spoken");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let again =
        voices.prepare([prompt("a", "one"), prompt("c", "two")].into_iter(), &folder.0).expect("kept");
    assert_eq!(asked.load(Ordering::SeqCst), 2, "the same text under another name is the same recording");
    let key = |name: &str| (name.to_owned(), Lang::En);
    assert_eq!(first[&key("b")], again[&key("c")]);
    assert!(first[&key("a")].is_absolute());
    let changed = voices.prepare([prompt("a", "another")].into_iter(), &folder.0).expect("spoken");
    assert_ne!(changed[&key("a")], first[&key("a")]);
    let (other, asked) = hum(300, &folder);
    other.prepare([prompt("a", "one")].into_iter(), &folder.0).expect("spoken");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn prompts_are_16_khz_mono_and_a_cut_one_is_made_anew() {
    let folder = Folder::new("cut");
    let (voices, asked) = hum(200, &folder);
    let all = || [prompt("a", "some text")].into_iter();
    let path = voices.prepare(all(), &folder.0).expect("spoken").into_values().next().expect("one");
    let wav = hound::WavReader::open(&path).expect("a wav");
    assert_eq!((wav.spec().sample_rate, wav.spec().channels, wav.spec().bits_per_sample), (16_000, 1, 16));
    let seconds = f64::from(wav.duration()) / 16_000.0;
    assert!((0.85..1.0).contains(&seconds), "{seconds}");
    let bytes = fs::read(&path).expect("bytes");
    for cut in [0, 20, 44, bytes.len() / 2] {
        fs::write(&path, &bytes[..cut]).expect("cut");
        let before = asked.load(Ordering::SeqCst);
        voices.prepare(all(), &folder.0).expect("spoken anew");
        assert_eq!(asked.load(Ordering::SeqCst), before + 1, "{cut}");
        assert_eq!(fs::read(&path).expect("bytes"), bytes);
    }
    assert_eq!(folder.files().len(), 1, "nothing is left beside it");
}

#[test]
fn a_recording_is_used_instead_of_the_voice_and_must_be_there() {
    let folder = Folder::new("recording");
    let (voices, asked) = hum(200, &folder);
    fs::write(folder.0.join("menu.wav"), b"whatever it is").expect("a recording");
    let recorded =
        |file: &str| [PromptText { file: Some(file.into()), ..prompt("menu", "text") }].into_iter();
    let paths = voices.prepare(recorded("menu.wav"), &folder.0).expect("there");
    assert_eq!(paths.into_values().next(), Some(folder.0.join("menu.wav")));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let error = voices.prepare(recorded("gone.wav"), &folder.0).expect_err("not there").to_string();
    assert!(error.contains("gone.wav") && error.contains("`menu`") && error.contains("file_en"), "{error}");
}

#[test]
fn what_cannot_be_spoken_is_an_error_and_leaves_nothing_behind() {
    let folder = Folder::new("fails");
    let (voices, _) = hum(200, &folder);
    let error = voices.prepare([prompt("a", "fail")].into_iter(), &folder.0).expect_err("hoarse");
    assert!(error.to_string().contains("hoarse"), "{error}");
    let error = voices.prepare([prompt("dots", "…")].into_iter(), &folder.0).expect_err("silent");
    assert!(error.to_string().contains("`dots`"), "{error}");
    assert_eq!(folder.files(), Vec::<String>::new());
    let (voices, _) = hum(200, &folder);
    fs::write(folder.0.join("file"), b"").expect("a file");
    let error =
        voices.prepare([prompt("a", "x")].into_iter(), &folder.0.join("file")).expect_err("no folder");
    assert!(matches!(error, VoiceError::Folder { .. }), "{error}");
}
