//! What flows may reach outside: servers, and secrets for them.

use std::collections::BTreeMap;
use std::ops::Range;

use kernel::{Lang, Secret};
use toml::Spanned;

use super::VoiceConfig;
use super::compile::Compiler;
use super::raw::{self, Text};
use crate::errands::HttpConfig;
use crate::http_voice::HttpVoiceConfig;

/// Secrets are the file's, or the environment's (`env:NAME`): a file that many read needs none in it.
const ENVIRONMENT: &str = "env:";

/// Requests a minute of one API key or session, unless the configuration says otherwise: a busy page makes some dozens, a program that polls without a pause thousands.
const REQUESTS_PER_MINUTE: u32 = 6_000;
/// More would be no limit.
const MOST_REQUESTS: u32 = 60_000;

pub(super) fn http(
    compiler: &mut Compiler<'_>,
    raw: &raw::Http,
    secrets: BTreeMap<String, Text>,
) -> HttpConfig {
    let mut hosts = Vec::new();
    for host in &raw.hosts {
        let name = host.get_ref().to_ascii_lowercase();
        let good =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
        if good {
            hosts.push(name);
        } else {
            compiler.wrong(
                host.span(),
                format!("the server \"{}\"", host.get_ref()),
                "a host, or host:port, without http://",
            );
        }
    }
    let mut found = BTreeMap::new();
    for (name, text) in secrets {
        if let Some(value) = secret(compiler, &name, &text) {
            found.insert(name, value);
        }
    }
    let requests = raw.requests_per_minute.as_ref().map_or(REQUESTS_PER_MINUTE, |wanted| *wanted.get_ref());
    if let Some(wanted) = raw.requests_per_minute.as_ref().filter(|_| requests > MOST_REQUESTS) {
        compiler.wrong(wanted.span(), format!("{requests}"), format!("0 (no limit) to {MOST_REQUESTS}"));
    }
    HttpConfig { hosts, secrets: found, requests_per_minute: Some(requests).filter(|requests| *requests > 0) }
}

/// The secret that is written, or named by `env:NAME`.
pub(super) fn secret(compiler: &mut Compiler<'_>, name: &str, text: &Text) -> Option<Secret<String>> {
    let value = value(text.get_ref());
    if value.is_none() {
        compiler.wrong(
            text.span(),
            format!("the secret `{name}`, which is empty or not in the environment"),
            "a text, or \"env:NAME\" with that variable set",
        );
    }
    value.map(Secret::new)
}

/// A secret as written, or from the environment; `None` when it is empty or not there.
pub(super) fn value(text: &str) -> Option<String> {
    let value = match text.strip_prefix(ENVIRONMENT) {
        Some(name) => std::env::var(name).ok()?,
        None => text.to_owned(),
    };
    Some(value).filter(|value| !value.is_empty())
}

/// Voices by language.
pub(super) fn voices(
    compiler: &mut Compiler<'_>,
    raw: BTreeMap<Text, raw::Voice>,
    secrets: &BTreeMap<String, Secret<String>>,
) -> BTreeMap<Lang, VoiceConfig> {
    let mut voices = BTreeMap::new();
    for (code, raw) in raw {
        let Some(lang) = Lang::from_code(code.get_ref()) else {
            compiler.wrong(code.span(), format!("the language \"{}\"", code.get_ref()), "`en` or `zh`");
            continue;
        };
        match (raw.program, raw.url) {
            (Some(program), None) if !program.is_empty() => {
                let all = program.into_iter().map(Spanned::into_inner).collect();
                voices.insert(lang, VoiceConfig::Program(all));
            }
            (None, Some(url)) => {
                let good = ["http://", "https://"].iter().any(|scheme| url.get_ref().starts_with(scheme));
                if !good {
                    compiler.wrong(url.span(), format!("\"{}\"", url.get_ref()), "http:// or https://");
                }
                let body =
                    raw.body.as_ref().map_or(r#"{"text":"{text}","lang":"{lang}"}"#, |body| body.get_ref());
                if !body.contains("{text}") {
                    let span = raw.body.as_ref().map_or(url.span(), Spanned::span);
                    compiler.wrong(span, "a body without the text", "`{text}` in it");
                }
                let mut with_secrets = |text: &str, at: Range<usize>| {
                    filled(text, secrets).unwrap_or_else(|name| {
                        compiler.wrong(at, format!("the secret `{name}`"), "one of `[secrets]`");
                        Secret::new(String::new())
                    })
                };
                let headers = raw
                    .headers
                    .iter()
                    .map(|(name, value)| (name.clone(), with_secrets(value.get_ref(), value.span())));
                let headers = headers.collect();
                let span = raw.body.as_ref().map_or(url.span(), Spanned::span);
                let config = HttpVoiceConfig {
                    body: with_secrets(body, span),
                    written: body.to_owned(),
                    headers,
                    url: url.into_inner(),
                };
                voices.insert(lang, VoiceConfig::Service(config));
            }
            _ => compiler.wrong(code.span(), "a voice without one of the two", "`program` or `url`"),
        }
    }
    voices
}

/// A text with `{secret.NAME}` filled in; the error is the name of one that there is not.
fn filled(text: &str, secrets: &BTreeMap<String, Secret<String>>) -> Result<Secret<String>, String> {
    let (mut whole, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{secret.") {
        let Some((name, behind)) = after.split_once('}') else { break };
        let secret = secrets.get(name).ok_or_else(|| name.to_owned())?;
        whole.push_str(before);
        whole.push_str(secret.reveal());
        rest = behind;
    }
    whole.push_str(rest);
    Ok(Secret::new(whole))
}
