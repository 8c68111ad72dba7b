//! Answering offers, and understanding answers to ours (RFC 3264 sections 6 and 7).

use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

use thiserror::Error;

use super::parse::number;
use super::write::{self, Audio};
use super::{
    Address, Capabilities, Codec, Direction, Local, Media, MediaDescription, Negotiated, SessionDescription,
    Srtp, SrtpUse, srtp,
};

/// Why two sides cannot agree.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NegotiateError {
    /// Only video, or nothing.
    #[error("there is no audio in the SDP; an m=audio line with a port is needed")]
    NoAudio,
    /// Audio, but in no codec of ours.
    #[error("no common codec: offered are {offered}")]
    NoCommonCodec {
        /// Their codecs.
        offered: String,
    },
    /// Audio by a protocol that we do not serve there.
    #[error("media protocol {protocol} is not supported here; RTP/AVP and RTP/SAVP are")]
    Unsupported {
        /// Theirs.
        protocol: String,
    },
    /// `RTP/SAVP` without a key that we can use.
    #[error(
        "no usable a=crypto line; AES_CM_128_HMAC_SHA1_80, _32, AEAD_AES_128_GCM or AEAD_AES_256_GCM with an inline key is needed"
    )]
    NoCommonCrypto,
    /// Plain, where we insist on protection.
    #[error("calls are protected here: RTP/SAVP with a=crypto is needed")]
    NotSecure,
    /// No `c=` for the audio, or a host name in it.
    #[error("the audio has no numeric address: a c= line with an IP address is needed")]
    NoAddress,
    /// An answer that refuses our audio.
    #[error("the audio was refused")]
    Refused,
}

impl NegotiateError {
    /// The SIP status that says so (RFC 3261 section 21.4.26).
    #[must_use]
    pub const fn status(&self) -> u16 {
        488
    }
}

/// Answers an offer: the first audio that we can serve is accepted, everything else refused, in the offer's order.
pub fn negotiate(
    offer: &SessionDescription,
    ours: &Capabilities,
    local: &Local,
) -> Result<Negotiated, NegotiateError> {
    let (chosen, media, tag) = choose(offer, ours, local)?;
    let mut answer = write::session(local.address, local.origin, &offer.time);
    for (i, section) in offer.media.iter().enumerate() {
        if i == chosen {
            let key = media.srtp.as_ref().map(|srtp| (tag, srtp.ours.clone()));
            let audio = Audio {
                port: local.address.port(),
                protocol: &section.protocol,
                keys: key.as_slice(),
                codecs: &media.receive,
                events: &media.dtmf,
                direction: media.direction,
                rtcp_mux: media.rtcp_mux,
            };
            audio.write(&mut answer);
        } else {
            // Writing to a String cannot fail.
            let _ =
                write!(answer, "m={} 0 {} {}\r\n", section.kind, section.protocol, section.formats.join(" "));
        }
    }
    Ok(Negotiated { answer: answer.into_bytes(), media })
}

/// The first audio section that can be served, or why the most promising cannot.
fn choose(
    offer: &SessionDescription,
    ours: &Capabilities,
    local: &Local,
) -> Result<(usize, MediaDescription, u32), NegotiateError> {
    let mut why = NegotiateError::NoAudio;
    for (i, section) in offer.media.iter().enumerate().filter(|(_, m)| m.kind == "audio" && m.port != 0) {
        match describe(offer, section, ours).and_then(|media| protect(section, media, local)) {
            Ok((media, tag)) => return Ok((i, media, tag)),
            Err(error) if why == NegotiateError::NoAudio => why = error,
            Err(_) => {}
        }
    }
    Err(why)
}

/// Adds the keys of a section that is offered to us, with the tag of the line that was taken.
fn protect(
    section: &Media,
    mut media: MediaDescription,
    local: &Local,
) -> Result<(MediaDescription, u32), NegotiateError> {
    let usable = srtp::first_usable(section)
        .and_then(|(tag, theirs)| Some((tag, Srtp { ours: local.keys.key(theirs.suite)?, theirs })));
    match usable {
        Some((tag, keys)) => {
            media.srtp = Some(keys);
            Ok((media, tag))
        }
        None if is_secure(section) => Err(NegotiateError::NoCommonCrypto),
        None if local.srtp == SrtpUse::Require => Err(NegotiateError::NotSecure),
        None => Ok((media, 0)),
    }
}

fn is_secure(section: &Media) -> bool {
    matches!(section.protocol.as_str(), "RTP/SAVP" | "RTP/SAVPF")
}

fn describe(
    session: &SessionDescription,
    section: &Media,
    ours: &Capabilities,
) -> Result<MediaDescription, NegotiateError> {
    if !matches!(section.protocol.as_str(), "RTP/AVP" | "RTP/AVPF" | "RTP/SAVP" | "RTP/SAVPF") {
        return Err(NegotiateError::Unsupported { protocol: section.protocol.chars().take(40).collect() });
    }
    let Some(Address::Ip(ip)) = session.address_of(section) else { return Err(NegotiateError::NoAddress) };
    let formats = Formats::of(section);
    let receive = formats.common(ours);
    let send = *receive.first().ok_or_else(|| NegotiateError::NoCommonCodec { offered: formats.names() })?;
    let mut dtmf = formats.events();
    dtmf.sort_by_key(|(_, clock)| *clock != send.0.clock);
    Ok(MediaDescription {
        remote: SocketAddr::new(*ip, section.port),
        rtcp_mux: section.has("rtcp-mux"),
        send,
        receive,
        dtmf,
        direction: ours_of(session.direction_of(section), *ip),
        srtp: None,
    })
}

/// Their direction seen from us. An address of zeros is the old way to hold (RFC 3264 section 8.4).
fn ours_of(theirs: Direction, ip: IpAddr) -> Direction {
    match theirs.reversed() {
        direction if !ip.is_unspecified() => direction,
        Direction::SendRecv | Direction::RecvOnly => Direction::RecvOnly,
        Direction::SendOnly | Direction::Inactive => Direction::Inactive,
    }
}

/// Understands the answer to an offer made by `make_offer` with the same capabilities and the same `local`.
pub fn accept_answer(
    ours: &Capabilities,
    answer: &SessionDescription,
    local: &Local,
) -> Result<MediaDescription, NegotiateError> {
    let section = answer.media.first().filter(|m| m.kind == "audio").ok_or(NegotiateError::NoAudio)?;
    if section.port == 0 {
        return Err(NegotiateError::Refused);
    }
    let mut media = describe(answer, section, ours)?;
    media.srtp = answered_keys(section, local)?;
    // What we receive bears our numbers; some bear theirs in both directions.
    let offered = write::numbered(ours);
    let mut receive: Vec<(Codec, u8)> =
        offered.into_iter().filter(|(codec, _)| media.receive.iter().any(|(c, _)| c == codec)).collect();
    for (codec, pt) in &media.receive {
        if receive.iter().all(|(_, known)| known != pt) {
            receive.push((*codec, *pt));
        }
    }
    receive.sort_by_key(|(codec, _)| *codec != media.send.0);
    media.receive = receive;
    Ok(media)
}

/// The keys of an answer: theirs, and ours of the line whose tag they took (RFC 4568 section 5.1.3).
fn answered_keys(section: &Media, local: &Local) -> Result<Option<Srtp>, NegotiateError> {
    let offered = if write::offers_keys(local) { local.keys.offered() } else { Vec::new() };
    let pair = srtp::first_usable(section).and_then(|(tag, theirs)| {
        let (_, ours) = offered.into_iter().find(|(ours, key)| *ours == tag && key.suite == theirs.suite)?;
        Some(Srtp { ours, theirs })
    });
    match pair {
        Some(keys) => Ok(Some(keys)),
        None if is_secure(section) => Err(NegotiateError::NoCommonCrypto),
        None if local.srtp == SrtpUse::Require => Err(NegotiateError::NotSecure),
        None => Ok(None),
    }
}

/// The formats of one section with their meanings.
struct Formats<'a> {
    list: Vec<Format<'a>>,
}

struct Format<'a> {
    pt: u8,
    name: &'a str,
    clock: u32,
    channels: u8,
}

impl<'a> Formats<'a> {
    fn of(section: &'a Media) -> Self {
        let maps: Vec<Format<'a>> = section.values("rtpmap").filter_map(Format::mapped).collect();
        let meaning = |pt: u8| match maps.iter().find(|m| m.pt == pt) {
            Some(map) => Some(Format { pt, name: map.name, clock: map.clock, channels: map.channels }),
            None => {
                let codec = write::assigned(pt)?;
                Some(Format { pt, name: codec.name, clock: codec.clock, channels: codec.channels })
            }
        };
        let numbers =
            section.formats.iter().filter_map(|f| number::<u8>(f.as_bytes())).filter(|pt| *pt < 128);
        Self { list: numbers.filter_map(meaning).collect() }
    }

    /// Those that we have, in their order, each codec once.
    fn common(&self, ours: &Capabilities) -> Vec<(Codec, u8)> {
        let mut common: Vec<(Codec, u8)> = Vec::new();
        for format in &self.list {
            if let Some(codec) = ours.codecs.iter().find(|c| format.is(c))
                && common.iter().all(|(known, pt)| known != codec && *pt != format.pt)
            {
                common.push((*codec, format.pt));
            }
        }
        common
    }

    /// telephone-event, each clock once (RFC 4733).
    fn events(&self) -> Vec<(u8, u32)> {
        let mut events: Vec<(u8, u32)> = Vec::new();
        for format in self.list.iter().filter(|f| f.name.eq_ignore_ascii_case("telephone-event")) {
            if matches!(format.clock, 8_000 | 48_000)
                && events.iter().all(|(_, clock)| *clock != format.clock)
            {
                events.push((format.pt, format.clock));
            }
        }
        events
    }

    fn names(&self) -> String {
        let names: Vec<String> = self
            .list
            .iter()
            .take(8)
            .map(|f| format!("{}/{}", f.name.chars().take(20).collect::<String>(), f.clock))
            .collect();
        if names.is_empty() { "none by name".into() } else { names.join(", ") }
    }
}

impl<'a> Format<'a> {
    /// `111 opus/48000/2`.
    fn mapped(value: &'a str) -> Option<Self> {
        let (pt, encoding) = value.split_once(' ')?;
        let mut parts = encoding.trim().split('/');
        let (name, clock) = (parts.next()?, parts.next()?);
        let channels = match parts.next() {
            Some(channels) => number(channels.as_bytes())?,
            None => 1,
        };
        Some(Self { pt: number(pt.as_bytes())?, name, clock: number(clock.trim().as_bytes())?, channels })
    }

    fn is(&self, codec: &Codec) -> bool {
        // Some leave out opus's channels, which say nothing (RFC 7587 section 7).
        let channels = self.channels == codec.channels || *codec == Codec::OPUS;
        self.name.eq_ignore_ascii_case(codec.name) && self.clock == codec.clock && channels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::{Origin, SrtpKeys, SrtpSuite, make_offer};

    fn all() -> Capabilities {
        Capabilities { codecs: vec![Codec::OPUS, Codec::G722, Codec::PCMU, Codec::PCMA] }
    }

    fn local() -> Local {
        Local::plain(at(), ORIGIN)
    }

    fn secured(srtp: SrtpUse) -> Local {
        let fresh: Vec<u8> = (0..super::super::SRTP_CHANCE).map(|n| n as u8).collect();
        Local { srtp, keys: SrtpKeys { current: None, fresh: fresh.into() }, ..local() }
    }

    fn at() -> SocketAddr {
        "127.0.0.1:20000".parse().expect("address")
    }

    const ORIGIN: Origin = Origin { session_id: 7, version: 1 };

    fn parse(text: &str) -> SessionDescription {
        SessionDescription::parse(text.as_bytes()).expect("parses")
    }

    fn answer(offer: &str) -> Result<Negotiated, NegotiateError> {
        negotiate(&parse(offer), &all(), &local())
    }

    const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

    #[test]
    fn the_offerers_first_codec_wins_and_both_event_clocks_are_answered() {
        let offer = format!(
            "{HEAD}m=audio 21000 RTP/AVP 96 97 98 0 8 18 99 100 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:97 speex/16000\r\n\
             a=rtpmap:98 speex/8000\r\na=rtpmap:99 telephone-event/48000\r\na=rtpmap:100 telephone-event/16000\r\n\
             a=rtpmap:101 telephone-event/8000\r\n"
        );
        let agreed = answer(&offer).expect("agrees");
        assert_eq!(agreed.media.send, (Codec::OPUS, 96));
        assert_eq!(agreed.media.receive, [(Codec::OPUS, 96), (Codec::PCMU, 0), (Codec::PCMA, 8)]);
        assert_eq!(agreed.media.dtmf, [(99, 48_000), (101, 8_000)]);
        let expected = "v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
            m=audio 20000 RTP/AVP 96 0 8 99 101\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n\
            a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:99 telephone-event/48000\r\na=fmtp:99 0-15\r\n\
            a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";
        assert_eq!(String::from_utf8_lossy(&agreed.answer), expected);
    }

    #[test]
    fn every_other_line_is_refused_in_its_place() {
        let offer = format!(
            "{HEAD}m=video 3000 RTP/AVP 31\r\nm=audio 3100 RTP/SAVP 0\r\nm=audio 3200 RTP/AVP 8\r\nm=application 9 DTLS/SCTP 5000\r\n"
        );
        let text = String::from_utf8(answer(&offer).expect("agrees").answer).expect("text");
        let lines: Vec<_> = text.lines().filter(|l| l.starts_with("m=")).collect();
        assert_eq!(
            lines,
            [
                "m=video 0 RTP/AVP 31",
                "m=audio 0 RTP/SAVP 0",
                "m=audio 20000 RTP/AVP 8",
                "m=application 0 DTLS/SCTP 5000"
            ]
        );
    }

    #[test]
    fn what_cannot_be_served_says_why() {
        let none = answer(&format!("{HEAD}m=audio 3000 RTP/AVP 96\r\na=rtpmap:96 FOO/8000\r\n"));
        assert_eq!(none, Err(NegotiateError::NoCommonCodec { offered: "FOO/8000".into() }));
        assert_eq!(answer(&format!("{HEAD}m=video 3000 RTP/AVP 31\r\n")), Err(NegotiateError::NoAudio));
        assert_eq!(answer("v=0\r\n"), Err(NegotiateError::NoAudio));
        let secure =
            answer(&format!("{HEAD}m=audio 3000 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n"));
        assert_eq!(secure, Err(NegotiateError::Unsupported { protocol: "UDP/TLS/RTP/SAVPF".into() }));
        assert_eq!(answer("v=0\r\nm=audio 3000 RTP/AVP 0\r\n"), Err(NegotiateError::NoAddress));
        assert_eq!(
            answer("v=0\r\nc=IN IP4 pc.example.com\r\nm=audio 3 RTP/AVP 0\r\n"),
            Err(NegotiateError::NoAddress)
        );
    }

    #[test]
    fn hold_is_answered_with_the_other_half() {
        for (theirs, ours) in [
            ("sendonly", Direction::RecvOnly),
            ("recvonly", Direction::SendOnly),
            ("inactive", Direction::Inactive),
            ("sendrecv", Direction::SendRecv),
        ] {
            let agreed = answer(&format!("{HEAD}m=audio 3000 RTP/AVP 0\r\na={theirs}\r\n")).expect("agrees");
            assert_eq!(agreed.media.direction, ours);
            assert!(String::from_utf8_lossy(&agreed.answer).contains(ours.attribute()));
            let session = answer(&format!("{HEAD}a={theirs}\r\nm=audio 3000 RTP/AVP 0\r\n")).expect("agrees");
            assert_eq!(session.media.direction, ours);
        }
        let old = answer(&format!(
            "{}m=audio 3000 RTP/AVP 0\r\n",
            HEAD.replace("c=IN IP4 192.0.2.1", "c=IN IP4 0.0.0.0")
        ));
        assert_eq!(old.expect("agrees").media.direction, Direction::RecvOnly);
    }

    #[test]
    fn an_answer_to_our_offer_is_understood_even_with_other_numbers() {
        let offer = make_offer(&all(), &local());
        let own =
            negotiate(&SessionDescription::parse(&offer).expect("ours"), &all(), &local()).expect("agrees");
        assert_eq!(
            own.media.receive,
            [(Codec::OPUS, 96), (Codec::G722, 9), (Codec::PCMU, 0), (Codec::PCMA, 8)]
        );
        assert_eq!(own.media.dtmf, [(102, 48_000), (101, 8_000)]);
        let answer = format!(
            "{HEAD}m=audio 4000 RTP/AVP 107 97\r\na=rtpmap:107 OPUS/48000/2\r\na=rtpmap:97 telephone-event/8000\r\n"
        );
        let media = accept_answer(&all(), &parse(&answer), &local()).expect("agrees");
        assert_eq!(media.send, (Codec::OPUS, 107));
        assert_eq!(media.receive, [(Codec::OPUS, 96), (Codec::OPUS, 107)]);
        assert_eq!(media.dtmf, [(97, 8_000)]);
        assert_eq!(media.remote, "192.0.2.1:4000".parse().expect("address"));
        let refused = parse(&format!("{HEAD}m=audio 0 RTP/AVP 0\r\n"));
        assert_eq!(accept_answer(&all(), &refused, &local()), Err(NegotiateError::Refused));
    }

    const INLINE: &str = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";

    fn offer(protocol: &str, lines: &str) -> String {
        format!("{HEAD}m=audio 3000 {protocol} 0\r\n{lines}")
    }

    #[test]
    fn the_first_crypto_line_that_we_can_obey_is_answered_under_its_tag() {
        let lines = format!(
            "a=crypto:1 F8_128_HMAC_SHA1_80 inline:{INLINE}\r\na=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:{INLINE}\r\n\
             a=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}\r\n"
        );
        for protocol in ["RTP/SAVP", "RTP/SAVPF", "RTP/AVP"] {
            let agreed = negotiate(&parse(&offer(protocol, &lines)), &all(), &secured(SrtpUse::Accept));
            let agreed = agreed.expect("agrees");
            let text = String::from_utf8_lossy(&agreed.answer);
            assert!(text.contains(&format!("m=audio {} {protocol} 0\r\n", at().port())), "{text}");
            assert!(text.contains("a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:Hh8gISIj"), "{text}");
            assert_eq!(text.matches("a=crypto").count(), 1);
            let keys = agreed.media.srtp.expect("protected");
            assert_eq!(
                (keys.ours.suite, keys.theirs.suite),
                (SrtpSuite::AesCm128Sha32, SrtpSuite::AesCm128Sha32)
            );
            assert_ne!(keys.ours.bytes, keys.theirs.bytes);
            assert!(!format!("{keys:?}").contains("30, 31"), "keys are never shown: {keys:?}");
        }
    }

    #[test]
    fn a_protected_offer_without_a_usable_key_is_refused_and_so_is_a_plain_one_where_protection_is_required()
    {
        let bad = format!("a=crypto:1 F8_128_HMAC_SHA1_80 inline:{INLINE}\r\n");
        for lines in ["", &bad] {
            let refused = negotiate(&parse(&offer("RTP/SAVP", lines)), &all(), &secured(SrtpUse::Accept));
            assert_eq!(refused, Err(NegotiateError::NoCommonCrypto));
            let plain = negotiate(&parse(&offer("RTP/AVP", lines)), &all(), &secured(SrtpUse::Accept));
            assert_eq!(plain.expect("agrees").media.srtp, None);
            let strict = negotiate(&parse(&offer("RTP/AVP", lines)), &all(), &secured(SrtpUse::Require));
            assert_eq!(strict, Err(NegotiateError::NotSecure));
        }
    }

    #[test]
    fn two_of_us_agree_on_the_same_keys_crosswise_and_a_reoffer_keeps_them() {
        for (rule, protocol) in [(SrtpUse::Offer, "RTP/AVP"), (SrtpUse::Require, "RTP/SAVP")] {
            let mut caller = secured(rule);
            let mut callee = secured(SrtpUse::Accept);
            callee.keys.fresh = vec![9; super::super::SRTP_CHANCE].into();
            let offer = make_offer(&all(), &caller);
            assert!(String::from_utf8_lossy(&offer).contains(&format!(" {protocol} ")));
            let read = |bytes: &[u8]| SessionDescription::parse(bytes).expect("ours");
            let agreed = negotiate(&read(&offer), &all(), &callee).expect("agrees");
            let theirs = agreed.media.srtp.expect("protected");
            let ours = accept_answer(&all(), &read(&agreed.answer), &caller).expect("agrees").srtp;
            let ours = ours.expect("protected");
            assert_eq!((&ours.ours, &ours.theirs), (&theirs.theirs, &theirs.ours));
            caller.keys = SrtpKeys { current: Some(ours.ours.clone()), fresh: vec![77; 132].into() };
            callee.keys = SrtpKeys { current: Some(theirs.ours.clone()), fresh: vec![78; 132].into() };
            let again = negotiate(&read(&make_offer(&all(), &callee)), &all(), &caller).expect("agrees");
            assert_eq!(again.media.srtp, Some(ours), "nothing new is made for a hold");
        }
    }

    #[test]
    fn an_answer_with_keys_that_nobody_offered_is_no_agreement() {
        let line = format!("a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:{INLINE}\r\n");
        let answer = parse(&offer("RTP/SAVP", &line));
        assert_eq!(
            accept_answer(&all(), &answer, &secured(SrtpUse::Require)),
            Err(NegotiateError::NoCommonCrypto)
        );
        let plain = parse(&offer("RTP/AVP", ""));
        assert_eq!(accept_answer(&all(), &plain, &secured(SrtpUse::Require)), Err(NegotiateError::NotSecure));
        assert_eq!(accept_answer(&all(), &plain, &secured(SrtpUse::Offer)).expect("agrees").srtp, None);
    }

    #[test]
    fn offers_of_browsers_are_told_apart() {
        let browser = offer("UDP/TLS/RTP/SAVPF", "a=ice-ufrag:x\r\na=fingerprint:sha-256 AB\r\n");
        assert!(parse(&browser).is_webrtc());
        assert!(parse(&browser.replace("UDP/TLS/RTP", "RTP")).is_webrtc(), "as older ones say it");
        assert!(!parse(&offer("RTP/SAVPF", &format!("a=crypto:1 X inline:{INLINE}\r\n"))).is_webrtc());
        assert!(!parse(&offer("RTP/AVP", "")).is_webrtc());
    }

    #[test]
    fn ipv6_addresses_are_written_as_such() {
        let offer = make_offer(&all(), &Local::plain("[::1]:4000".parse().expect("address"), ORIGIN));
        assert!(String::from_utf8_lossy(&offer).contains("c=IN IP6 ::1\r\n"));
    }
}
