//! SDP's words for codecs and directions, translated to the media engine's. The two cores never import each other.
//!
//! Promises: pure. Leaves to others: what SDP means (`signaling::sdp`), what codecs do (`media`).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use media::{Codec, Direction, LegSetup};
use signaling::sdp::{self, Capabilities, MediaDescription};

/// Every codec that we speak with phones, in the order in which we offer them: wide band first, G.711 for everybody.
const OFFERED: &[(sdp::Codec, Codec)] = &[
    (sdp::Codec::OPUS, Codec::Opus),
    (sdp::Codec::G722, Codec::G722),
    (sdp::Codec::PCMU, Codec::Pcmu),
    (sdp::Codec::PCMA, Codec::Pcma),
];

/// The discard port (RFC 863): nothing is sent while a leg is inactive.
const DISCARD: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 9);

/// All that we speak.
#[must_use]
pub fn all() -> Capabilities {
    Capabilities { codecs: OFFERED.iter().map(|(codec, _)| *codec).collect() }
}

/// Only the named ones, in our order; all when none of the names is known (flows are checked when they are read).
#[must_use]
pub fn only(names: &[String]) -> Capabilities {
    let named = |codec: &sdp::Codec| names.iter().any(|name| name.eq_ignore_ascii_case(codec.name));
    let codecs: Vec<_> = OFFERED.iter().map(|(codec, _)| *codec).filter(named).collect();
    if codecs.is_empty() { all() } else { Capabilities { codecs } }
}

/// Whether we speak a codec of this name.
#[must_use]
pub fn is_known(name: &str) -> bool {
    OFFERED.iter().any(|(codec, _)| name.eq_ignore_ascii_case(codec.name))
}

/// What was agreed, as the media engine wants it.
#[must_use]
pub fn leg_setup(agreed: &MediaDescription) -> LegSetup {
    LegSetup {
        send: (codec(agreed.send.0), agreed.send.1),
        receive: agreed.receive.iter().map(|(name, pt)| (codec(*name), *pt)).collect(),
        dtmf: agreed.dtmf.clone(),
        direction: match agreed.direction {
            sdp::Direction::SendRecv => Direction::SendRecv,
            sdp::Direction::SendOnly => Direction::SendOnly,
            sdp::Direction::RecvOnly => Direction::RecvOnly,
            sdp::Direction::Inactive => Direction::Inactive,
        },
        remote: Some(agreed.remote),
        rtcp_mux: agreed.rtcp_mux,
    }
}

/// A leg whose peer has yet to say what it wants (late offer): nothing is sent.
#[must_use]
pub fn silent() -> LegSetup {
    LegSetup {
        send: (Codec::Pcmu, 0),
        receive: vec![(Codec::Pcmu, 0)],
        dtmf: Vec::new(),
        direction: Direction::Inactive,
        remote: Some(DISCARD),
        rtcp_mux: false,
    }
}

/// The codec in use, for the record: `PCMU/8000`.
#[must_use]
pub fn name(agreed: &MediaDescription) -> String {
    format!("{}/{}", agreed.send.0.name, agreed.send.0.clock)
}

fn codec(name: sdp::Codec) -> Codec {
    // Negotiation chooses among what we offered.
    OFFERED.iter().find(|(offered, _)| *offered == name).map_or(Codec::Pcmu, |(_, codec)| *codec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_codec_of_the_engine_has_a_name_in_sdp() {
        for info in media::CODECS {
            assert!(
                OFFERED.iter().any(|(_, codec)| *codec == info.codec),
                "{:?} is never offered",
                info.codec
            );
        }
    }

    #[test]
    fn a_flow_that_names_codecs_offers_only_those() {
        let only = only(&["g722".to_owned(), "PCMU".to_owned()]);
        assert_eq!(only.codecs, vec![sdp::Codec::G722, sdp::Codec::PCMU]);
    }
}
