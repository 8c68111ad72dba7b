//! Writing offers and answers.

use std::fmt::Write;
use std::net::SocketAddr;

use super::{Capabilities, Codec, Direction, Local, Origin, SrtpKey, SrtpUse, srtp};

/// Payload types that we give to what has none of its own (RFC 3551 section 6: 96 to 127).
const OPUS: u8 = 96;
const EVENTS: u8 = 101;
const WIDE_EVENTS: u8 = 102;
const SPARE: u8 = 103;

/// The lines above the first media section.
pub(super) fn session(local: SocketAddr, origin: Origin, time: &str) -> String {
    let family = if local.is_ipv4() { "IP4" } else { "IP6" };
    let (Origin { session_id, version }, ip) = (origin, local.ip());
    let time = if time.is_empty() { "0 0" } else { time };
    format!("v=0\r\no=- {session_id} {version} IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt={time}\r\n")
}

/// An audio section of ours.
pub(super) struct Audio<'a> {
    pub(super) port: u16,
    pub(super) protocol: &'a str,
    pub(super) codecs: &'a [(Codec, u8)],
    pub(super) events: &'a [(u8, u32)],
    pub(super) direction: Direction,
    pub(super) rtcp_mux: bool,
    /// Keys with their tags.
    pub(super) keys: &'a [(u32, SrtpKey)],
}

impl Audio<'_> {
    pub(super) fn write(&self, to: &mut String) {
        // Writing to a String cannot fail.
        let _ = write!(to, "m=audio {} {}", self.port, self.protocol);
        for pt in self.codecs.iter().map(|(_, pt)| pt).chain(self.events.iter().map(|(pt, _)| pt)) {
            let _ = write!(to, " {pt}");
        }
        to.push_str("\r\n");
        for (codec, pt) in self.codecs {
            let channels = if codec.channels > 1 { format!("/{}", codec.channels) } else { String::new() };
            let _ = write!(to, "a=rtpmap:{pt} {}/{}{channels}\r\n", codec.name, codec.clock);
            if *codec == Codec::OPUS {
                let _ = write!(to, "a=fmtp:{pt} useinbandfec=1\r\n");
            }
        }
        for (pt, clock) in self.events {
            let _ = write!(to, "a=rtpmap:{pt} telephone-event/{clock}\r\na=fmtp:{pt} 0-15\r\n");
        }
        let _ = write!(to, "a=ptime:20\r\na={}\r\n", self.direction.attribute());
        if self.rtcp_mux {
            to.push_str("a=rtcp-mux\r\n");
        }
        for (tag, key) in self.keys {
            srtp::write(to, *tag, key);
        }
    }
}

/// An offer of everything that we have.
#[must_use]
pub fn make_offer(ours: &Capabilities, local: &Local) -> Vec<u8> {
    let codecs = numbered(ours);
    let mut text = session(local.address, local.origin, "");
    let keys = if offers_keys(local) { local.keys.offered() } else { Vec::new() };
    let audio = Audio {
        port: local.address.port(),
        // With keys in a plain offer, a phone that knows nothing of them answers all the same.
        protocol: if keys.is_empty() || local.srtp == SrtpUse::Offer { "RTP/AVP" } else { "RTP/SAVP" },
        keys: &keys,
        codecs: &codecs,
        events: &events(ours),
        direction: Direction::SendRecv,
        rtcp_mux: false,
    };
    audio.write(&mut text);
    text.into_bytes()
}

/// Whether an offer of ours has keys: by the rule, or because the call is protected already.
pub(super) fn offers_keys(local: &Local) -> bool {
    local.srtp != SrtpUse::Accept || local.keys.current.is_some()
}

/// Our codecs with the payload types of our offers.
pub(super) fn numbered(ours: &Capabilities) -> Vec<(Codec, u8)> {
    let mut spare = SPARE;
    let number = |codec: &Codec| {
        let pt = fixed(codec).unwrap_or_else(|| {
            if *codec == Codec::OPUS {
                return OPUS;
            }
            spare = spare.saturating_add(1);
            spare - 1
        });
        (*codec, pt)
    };
    ours.codecs.iter().map(number).filter(|(_, pt)| *pt < 128).collect()
}

/// The telephone-event clocks of our offers: one for each clock that a codec of ours has.
pub(super) fn events(ours: &Capabilities) -> Vec<(u8, u32)> {
    let has = |clock| ours.codecs.iter().any(|c| c.clock == clock);
    [(EVENTS, 8_000), (WIDE_EVENTS, 48_000)].into_iter().filter(|(_, clock)| has(*clock)).collect()
}

/// The payload type that RFC 3551 gives to a codec.
fn fixed(codec: &Codec) -> Option<u8> {
    [(Codec::PCMU, 0), (Codec::PCMA, 8), (Codec::G722, 9)]
        .into_iter()
        .find(|(c, _)| c == codec)
        .map(|(_, pt)| pt)
}

/// The codec that a payload type has without an rtpmap.
pub(super) fn assigned(pt: u8) -> Option<Codec> {
    match pt {
        0 => Some(Codec::PCMU),
        8 => Some(Codec::PCMA),
        9 => Some(Codec::G722),
        _ => None,
    }
}
