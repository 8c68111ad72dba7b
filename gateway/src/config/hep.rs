//! `[sip.hep]`: a collector of SIP messages (Homer and others).

use serde::Deserialize;
use toml::Spanned;

use super::compile::Compiler;
use super::outside;
use super::raw::Text;
use crate::ladder::hep::Collector;

/// As written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    /// `host:port`.
    pub to: Text,
    pub capture_id: Option<Spanned<i64>>,
    pub password: Option<Text>,
}

/// What it knows us by when nothing is said: as other capture agents.
const CAPTURE_ID: u32 = 2001;
/// The longest password.
const PASSWORD: usize = 255;

pub(super) fn compile(compiler: &mut Compiler<'_>, raw: &Raw) -> Option<Collector> {
    let to = raw.to.get_ref();
    if !is_place(to) {
        compiler.wrong(
            raw.to.span(),
            format!("the collector \"{to}\""),
            "host:port, as in homer.example.com:9060 or [2001:db8::7]:9060",
        );
        return None;
    }
    let capture_id = match &raw.capture_id {
        None => CAPTURE_ID,
        Some(id) => u32::try_from(*id.get_ref()).ok().filter(|id| *id > 0).unwrap_or_else(|| {
            compiler.wrong(id.span(), format!("capture_id = {}", id.get_ref()), "1 to 4294967295");
            CAPTURE_ID
        }),
    };
    let password = raw.password.as_ref().and_then(|text| outside::secret(compiler, "password", text));
    if let Some(text) = raw.password.as_ref().filter(|text| text.get_ref().len() > PASSWORD) {
        compiler.wrong(text.span(), "a password that is too long", format!("{PASSWORD} letters at most"));
    }
    Some(Collector { to: to.clone(), capture_id, password })
}

fn is_place(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match bare {
        Some(ip) => ip.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        }
    };
    host && port.parse::<u16>().is_ok_and(|port| port > 0)
}
