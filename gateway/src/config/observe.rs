//! Calls that another system carries: whose rules hold for them, and from where their sound may come.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde::Deserialize;
use signaling::Network;

use super::Number;
use super::compile::Compiler;
use super::raw::Text;

/// `[observe]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    /// The number whose language and recording policy hold.
    pub number: Text,
    pub audiosocket: Option<RawAudioSocket>,
}

/// `[observe.audiosocket]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawAudioSocket {
    pub listen: Text,
    /// Networks that may connect.
    pub from: Vec<Text>,
}

/// Calls that another system carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observe {
    /// The number whose language and recording policy hold.
    pub number: String,
    /// Where Asterisk brings sound.
    pub audiosocket: Option<AudioSocket>,
}

/// A listener for AudioSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioSocket {
    /// Address and port.
    pub listen: SocketAddr,
    /// Networks that may connect.
    pub from: Vec<Network>,
}

pub(super) fn compile(
    mistakes: &mut Compiler<'_>,
    raw: Option<Raw>,
    numbers: &BTreeMap<String, Number>,
) -> Option<Observe> {
    let raw = raw?;
    let number = mistakes.known_number(&raw.number, numbers);
    let audiosocket = raw.audiosocket.and_then(|raw| {
        let from = raw.from.iter().filter_map(|text| mistakes.network(text)).collect();
        Some(AudioSocket { listen: mistakes.address(&raw.listen)?, from })
    });
    Some(Observe { number: number?, audiosocket })
}
