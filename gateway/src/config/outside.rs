//! What flows may reach outside: servers, and secrets for them.

use std::collections::BTreeMap;

use kernel::Secret;

use super::compile::Compiler;
use super::raw::{self, Text};
use crate::errands::HttpConfig;

/// Secrets are the file's, or the environment's (`env:NAME`): a file that many read needs none in it.
const ENVIRONMENT: &str = "env:";

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
    HttpConfig { hosts, secrets: found }
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
