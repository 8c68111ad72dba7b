//! The voices of prompts, as configured: espeak-ng, a program, a service.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use ivr_voice::{ByLanguage, Program, Synthesizer};
use kernel::Lang;
use tokio::runtime::Handle;

use crate::config::VoiceConfig;
use crate::http_voice::HttpVoice;

/// One voice for all languages, each with its own.
///
/// # Errors
/// When a service cannot be asked at all.
pub fn configured(voices: &BTreeMap<Lang, VoiceConfig>, runtime: &Handle) -> Result<Arc<dyn Synthesizer>> {
    let mut own: BTreeMap<Lang, Arc<dyn Synthesizer>> = BTreeMap::new();
    for (lang, config) in voices {
        let voice: Arc<dyn Synthesizer> = match config {
            VoiceConfig::Program(command) => {
                let (program, arguments) = command.split_first().context("a voice without a program")?;
                Arc::new(Program::new(program, arguments.to_vec()))
            }
            VoiceConfig::Service(service) => {
                Arc::new(HttpVoice::new(service.clone(), runtime.clone()).context("a voice's service")?)
            }
        };
        own.insert(*lang, voice);
    }
    Ok(Arc::new(ByLanguage::new(own)))
}
