//! espeak-ng, run as a program (its licence forbids linking it): robotic, but small, quick and everywhere.

mod script;

use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use kernel::Lang;

use crate::sound;
use crate::{Speech, Synthesizer, VoiceError};

/// It speaks a minute of text in a quarter of a second; a hanging program must not stop the start for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Pause where the voice changes within a prompt, in milliseconds.
const CHANGE_MS: usize = 150;

/// The program `espeak-ng`.
#[derive(Clone, Debug)]
pub struct Espeak {
    program: PathBuf,
}

impl Default for Espeak {
    fn default() -> Self {
        Self { program: PathBuf::from("espeak-ng") }
    }
}

/// Voice and words per minute.
const fn voice_of(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::En => ("en-us", "150"),
        // `cmn` of espeak-ng 1.51 looks characters up as pinyin and then reads the pinyin as English ("huan five");
        // this one reads it as Mandarin. English words in a text are given to the English voice (see `script`).
        Lang::Zh => ("cmn-latn-pinyin", "160"),
    }
}

impl Espeak {
    /// Another program than the one in the search path.
    #[must_use]
    pub fn at(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into() }
    }

    fn failed(&self, why: impl Into<String>) -> VoiceError {
        VoiceError::Synthesis { program: self.program.display().to_string(), why: why.into() }
    }

    /// Speaks text of one script.
    fn run(&self, text: &str, lang: Lang) -> Result<Speech, VoiceError> {
        let (voice, speed) = voice_of(lang);
        let child = Command::new(&self.program)
            .args(["-v", voice, "-s", speed, "-b", "1", "--stdin", "--stdout"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.map_err(|error| match error.kind() {
            ErrorKind::NotFound => VoiceError::Missing { program: self.program.display().to_string() },
            _ => self.failed(error.to_string()),
        })?;
        let talk = exchange(&mut child, text);
        if talk.is_none() {
            // It hangs; what it would have said does not matter any more.
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| self.failed(error.to_string()))?;
        let (wav, complaint) = talk.ok_or_else(|| self.failed("no answer within a minute"))?;
        if !status.success() || !complaint.trim().is_empty() && wav.is_empty() {
            let complaint: String = complaint.trim().chars().take(200).collect();
            return Err(self.failed(format!("voice {voice}: {status}: {complaint}")));
        }
        sound::read_wav(&wav).ok_or_else(|| self.failed(format!("voice {voice}: no 16-bit mono wav")))
    }
}

/// Gives the text and takes what comes back (sound, complaints), or `None` when nothing does.
pub(crate) fn exchange(child: &mut Child, text: &str) -> Option<(Vec<u8>, String)> {
    let (mut stdin, mut stdout, mut stderr) =
        (child.stdin.take()?, child.stdout.take()?, child.stderr.take()?);
    let text = text.to_owned();
    // Each pipe has its thread, so that no full pipe can stop the others. They end with the program.
    thread::spawn(move || stdin.write_all(text.as_bytes()));
    let (complaint_to, complaint) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stderr.read_to_end(&mut bytes);
        let _ = complaint_to.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    let (wav_to, wav) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stdout.read_to_end(&mut bytes);
        let _ = wav_to.send(bytes);
    });
    let wav = wav.recv_timeout(PATIENCE).ok()?;
    Some((wav, complaint.recv_timeout(PATIENCE).ok()?))
}

impl Synthesizer for Espeak {
    fn voice(&self, lang: Lang) -> String {
        let voices = [lang, other(lang)].map(voice_of);
        format!("espeak-ng {voices:?}")
    }

    fn speak(&self, text: &str, lang: Lang) -> Result<Speech, VoiceError> {
        let mut whole: Option<Speech> = None;
        for (lang, piece) in script::pieces(text, lang) {
            let mut speech = self.run(piece, lang)?;
            sound::trim(&mut speech);
            match &mut whole {
                None => whole = Some(speech),
                Some(whole) if whole.rate == speech.rate => {
                    let pause = speech.rate as usize * CHANGE_MS / 1000;
                    whole.samples.resize(whole.samples.len() + pause, 0);
                    whole.samples.append(&mut speech.samples);
                }
                Some(_) => return Err(self.failed("voices of different sample rates")),
            }
        }
        whole.ok_or_else(|| self.failed("nothing to say"))
    }
}

/// The voice that speaks foreign words.
const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::En => Lang::Zh,
        Lang::Zh => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Guards against `cmn`, which speaks English syllables; could pass falsely if espeak-ng stopped marking switches.
    #[test]
    fn the_chinese_voice_speaks_chinese() {
        let phonemes = |voice: &str| {
            let args = ["-v", voice, "-q", "-x", "欢迎致电。技术支持，请按二。"];
            let output = Command::new("espeak-ng").args(args).output().expect("espeak-ng is installed");
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let ours = phonemes(voice_of(Lang::Zh).0);
        assert!(ours.split_whitespace().count() >= 10 && !ours.contains("(en)"), "{ours}");
    }

    #[test]
    fn a_missing_program_is_named_with_what_to_install() {
        let error = Espeak::at("/nowhere/espeak-ng").speak("hello", Lang::En).expect_err("it is not there");
        assert!(
            error.to_string().contains("/nowhere/espeak-ng") && error.to_string().contains("apt"),
            "{error}"
        );
    }

    #[test]
    fn a_program_that_fails_is_quoted() {
        let error = Espeak::at("false").speak("hello", Lang::En).expect_err("it fails");
        assert!(matches!(error, VoiceError::Synthesis { .. }), "{error}");
        let error = Espeak::at("true").speak("hello", Lang::En).expect_err("it says nothing");
        assert!(error.to_string().contains("wav"), "{error}");
    }

    #[test]
    fn foreign_words_are_heard_within_a_prompt() {
        let espeak = Espeak::default();
        let zh = espeak.speak("人工服务，请按零。", Lang::Zh).expect("speaks");
        let both = espeak.speak("人工服务，请按零。For English, press 9.", Lang::Zh).expect("speaks");
        assert!(zh.samples.len() > zh.rate as usize, "{}", zh.samples.len());
        assert!(both.samples.len() > zh.samples.len() + zh.rate as usize, "{}", both.samples.len());
    }
}
