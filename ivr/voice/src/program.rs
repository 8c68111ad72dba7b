//! Any program that takes a text and gives a wav file: neural voices such as Piper come as such.

use std::io::ErrorKind;
use std::process::{Command, Stdio};

use kernel::Lang;

use crate::espeak::exchange;
use crate::sound;
use crate::{Speech, Synthesizer, VoiceError};

/// A program with its arguments: the text comes to its standard input, a wav file (16 bit, mono) leaves its standard output.
#[derive(Clone, Debug)]
pub struct Program {
    command: String,
    arguments: Vec<String>,
}

impl Program {
    /// This program.
    #[must_use]
    pub fn new(command: impl Into<String>, arguments: Vec<String>) -> Self {
        Self { command: command.into(), arguments }
    }

    fn failed(&self, why: impl Into<String>) -> VoiceError {
        VoiceError::Synthesis { program: self.command.clone(), why: why.into() }
    }
}

impl Synthesizer for Program {
    fn voice(&self, _lang: Lang) -> String {
        format!("{} {:?}", self.command, self.arguments)
    }

    fn speak(&self, text: &str, _lang: Lang) -> Result<Speech, VoiceError> {
        let child = Command::new(&self.command)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                self.failed("it is not installed; `[voice]` of the configuration names it")
            }
            _ => self.failed(error.to_string()),
        })?;
        // One text is one line: programs of this kind speak line by line.
        let line = format!("{}\n", text.split_whitespace().collect::<Vec<_>>().join(" "));
        let talk = exchange(&mut child, &line);
        if talk.is_none() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| self.failed(error.to_string()))?;
        let (wav, complaint) = talk.ok_or_else(|| self.failed("no answer within a minute"))?;
        if !status.success() {
            let complaint: String = complaint.trim().chars().take(200).collect();
            return Err(self.failed(format!("{status}: {complaint}")));
        }
        let mut speech = sound::read_wav(&wav).ok_or_else(|| self.failed("no 16-bit mono wav"))?;
        sound::trim(&mut speech);
        Ok(speech)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_speaks_and_one_that_does_not_is_named() {
        let program = Program::new("espeak-ng", vec!["--stdin".into(), "--stdout".into()]);
        let speech = program.speak("Good morning, and welcome.", Lang::En).expect("it speaks");
        assert!(speech.samples.len() > speech.rate as usize / 2, "{}", speech.samples.len());
        for (command, why) in [("/nowhere/piper", "not installed"), ("false", "exit"), ("true", "wav")] {
            let error = Program::new(command, Vec::new()).speak("x", Lang::En).expect_err("it cannot");
            let error = error.to_string();
            assert!(error.contains(command) && error.contains(why), "{error}");
        }
    }
}
