//! Recording: which calls, in what form, for how long, sealed with which key.

use std::collections::BTreeMap;
use std::time::Duration;

use interaction::{RecordingPolicy, RecordingRules};
use serde::Deserialize;
use toml::Spanned;

use super::compile::Compiler;
use super::raw::Text;
use crate::recording::Format;

/// A day.
const DAY: Duration = Duration::from_secs(86_400);
/// Longest retention that is a wish and not a slip: a hundred years.
const MOST_DAYS: u32 = 36_500;

/// `[recording]` as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Raw {
    pub policy: Option<Text>,
    pub format: Option<Text>,
    pub key_file: Option<Text>,
    pub keep_days: Option<Spanned<u32>>,
    pub watching_is_shown: Option<bool>,
}

/// Recording as it is used.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// How it is kept.
    pub format: Format,
    /// Key file; `None`: `recording.key` in the data directory.
    pub key_file: Option<String>,
    /// Files are removed after this; `None`: never.
    pub keep: Option<Duration>,
    /// When.
    pub rules: RecordingRules,
    /// Agents see that a supervisor listens.
    pub watching_is_shown: bool,
}

/// Policies of queues and numbers that have one of their own, as written.
pub type Own = Vec<(String, Option<Text>)>;

/// Makes it: what has no policy of its own has that of `[recording]`.
pub(super) fn compile(work: &mut Compiler<'_>, raw: Raw, queues: Own, numbers: Own) -> Recording {
    let default = raw.policy.as_ref().map_or(RecordingPolicy::Never, |text| policy(work, text));
    let mut own = |own: Own| -> BTreeMap<String, RecordingPolicy> {
        own.into_iter().map(|(name, text)| (name, text.map_or(default, |text| policy(work, &text)))).collect()
    };
    // A queue without a policy of its own leaves it to the number's.
    let queues = own(queues.into_iter().filter(|(_, text)| text.is_some()).collect());
    let numbers = own(numbers);
    Recording {
        format: raw.format.map_or(Format::Opus, |text| format(work, &text)),
        key_file: raw.key_file.map(Spanned::into_inner),
        keep: raw.keep_days.and_then(|days| keep(work, &days)),
        rules: RecordingRules {
            numbers,
            queues: queues.into_iter().map(|(name, policy)| (name.as_str().into(), policy)).collect(),
        },
        watching_is_shown: raw.watching_is_shown.unwrap_or(true),
    }
}

fn policy(work: &mut Compiler<'_>, text: &Text) -> RecordingPolicy {
    match text.get_ref().as_str() {
        "never" => RecordingPolicy::Never,
        "asked" => RecordingPolicy::Asked,
        "consent" => RecordingPolicy::Consent,
        "always" => RecordingPolicy::Always,
        other => {
            let right = "\"never\", \"asked\" (by the agent), \"consent\" (of the caller) or \"always\"";
            work.wrong(text.span(), format!("the recording policy \"{other}\""), right);
            RecordingPolicy::Never
        }
    }
}

fn format(work: &mut Compiler<'_>, text: &Text) -> Format {
    match text.get_ref().as_str() {
        "opus" => Format::Opus,
        "wav" => Format::Wav,
        other => {
            work.wrong(text.span(), format!("the recording format \"{other}\""), "\"opus\" or \"wav\"");
            Format::Opus
        }
    }
}

fn keep(work: &mut Compiler<'_>, days: &Spanned<u32>) -> Option<Duration> {
    let n = *days.get_ref();
    if !(1..=MOST_DAYS).contains(&n) {
        work.wrong(days.span(), format!("{n} days"), "1 to 36500; leave it out to keep recordings for ever");
        return None;
    }
    Some(DAY * n)
}
