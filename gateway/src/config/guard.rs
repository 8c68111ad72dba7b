//! `[sip.guard]`: what one source may do before it is slowed down and banned.

use std::time::Duration;

use serde::Deserialize;
use signaling::guard::Rules;
use toml::Spanned;

use super::compile::Compiler;
use super::raw::Text;

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Raw {
    pub enabled: Option<bool>,
    /// Addresses and blocks that are never limited nor banned.
    pub allow: Option<Vec<Text>>,
    pub failures: Option<Spanned<u32>>,
    /// Seconds.
    pub within_s: Option<Spanned<f64>>,
    /// Seconds.
    pub ban_s: Option<Spanned<f64>>,
    /// Seconds.
    pub longest_ban_s: Option<Spanned<f64>>,
    /// 0: no limit.
    pub messages_per_second: Option<u32>,
    /// 0: no limit.
    pub calls_per_second: Option<u32>,
    /// 0: no limit.
    pub calls_at_once: Option<u32>,
}

/// Calls of one source at once, where there is a limit.
pub(super) fn calls_at_once(raw: &Raw) -> Option<u32> {
    raw.calls_at_once.filter(|most| *most > 0 && raw.enabled != Some(false))
}

/// The rules; `None`: nobody is watched.
pub(super) fn compile(work: &mut Compiler<'_>, raw: Raw) -> Option<Rules> {
    let usual = Rules::default();
    let failures = raw.failures.as_ref().map_or(usual.failures, |n| *n.get_ref());
    if let Some(n) = raw.failures.as_ref().filter(|_| !(1..=100_000).contains(&failures)) {
        work.wrong(n.span(), format!("{failures} failures"), "1 to 100000");
    }
    let ban = positive(work, raw.ban_s.as_ref(), usual.ban);
    let longest_ban = positive(work, raw.longest_ban_s.as_ref(), usual.longest_ban.max(ban));
    if let Some(longest) = raw.longest_ban_s.as_ref().filter(|_| longest_ban < ban) {
        let found = format!("a longest ban of {} seconds", longest.get_ref());
        work.wrong(longest.span(), found, "at least ban_s");
    }
    let rules = Rules {
        allow: match raw.allow {
            None => usual.allow,
            Some(list) => list.iter().filter_map(|text| work.network(text)).collect(),
        },
        failures,
        within: positive(work, raw.within_s.as_ref(), usual.within),
        ban,
        longest_ban,
        messages_per_second: raw.messages_per_second.unwrap_or(usual.messages_per_second),
        calls_per_second: raw.calls_per_second.unwrap_or(usual.calls_per_second),
    };
    (raw.enabled != Some(false)).then_some(rules)
}

fn positive(work: &mut Compiler<'_>, value: Option<&Spanned<f64>>, default: Duration) -> Duration {
    let seconds = work.seconds(value, default);
    if let Some(value) = value.filter(|_| seconds.is_zero()) {
        work.wrong(value.span(), "no time at all", "more than 0 seconds");
        return default;
    }
    seconds
}
