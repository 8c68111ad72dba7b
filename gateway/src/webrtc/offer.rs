//! Cutting a browser's offer to what we serve, one audio and at most one video section, and growing the answer back to its
//! shape.
//!
//! Promises: whatever else is offered (data, a second audio, video nobody wants) is refused in its place with port 0, as
//! RFC 3264 section 6 asks, and never reaches the WebRTC library. Leaves to others: what the sections say.

use kernel::limits::{SDP_LINES, SDP_MEDIA};
use media::video::VideoCodec;

use super::WebrtcError;
use crate::limits::BROWSER_OFFER;

/// An offer with everything set aside but its first audio section and, where wanted, its first video section.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The session part and the kept sections, without candidates: an ICE-lite agent learns them from the checks.
    pub(super) kept: String,
    /// `a=mid` of the audio section.
    pub(super) mid: String,
    /// `a=mid` of the video section, if it is kept.
    pub(super) video: Option<String>,
    /// Sections in the order of the offer; `None` is one that is kept.
    sections: Vec<Option<Refused>>,
}

/// A section that we refuse.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    /// `video`, `application`, …
    kind: String,
    /// Protocol and formats, as offered (RFC 3264 wants them repeated).
    rest: String,
    /// `a=rtpmap` lines of the formats: not asked for, but some readers take no format without one.
    maps: Vec<String>,
    mid: Option<String>,
}

/// Whether the video section of an offer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pictures {
    Wanted,
    Refused,
}

/// Cuts an offer.
pub(super) fn cut(offer: &str, pictures: Pictures) -> Result<Cut, WebrtcError> {
    let (head, sections) = sections_of(offer)?;
    let audio = sections.iter().position(|lines| is_offered(lines, "audio")).ok_or(WebrtcError::NoAudio)?;
    let video = sections.iter().position(|lines| is_offered(lines, "video"));
    let video = video.filter(|_| pictures == Pictures::Wanted);
    let mid_of = |at: usize| {
        let mid = sections.get(at).and_then(|lines| attribute(lines, "mid:"));
        mid.map(str::to_owned).ok_or(WebrtcError::NotSdp)
    };
    let (mid, video_mid) = (mid_of(audio)?, video.map(mid_of).transpose()?);

    let is_kept = |at: usize| at == audio || Some(at) == video;
    let mut kept = String::with_capacity(offer.len());
    for line in head.iter().filter(|line| !line.starts_with("a=group:")) {
        push(&mut kept, line);
    }
    let bundle: Vec<&str> = (0..sections.len())
        .filter(|at| is_kept(*at))
        .filter_map(|at| attribute(sections.get(at)?, "mid:"))
        .collect();
    push(&mut kept, &format!("a=group:BUNDLE {}", bundle.join(" ")));
    for (_, lines) in sections.iter().enumerate().filter(|(at, _)| is_kept(*at)) {
        for line in lines.iter().filter(|line| !is_left_out(line)) {
            match line.strip_prefix("m=").and_then(|line| line.split_once(" 0 ")) {
                Some((kind @ ("audio" | "video"), rest)) => push(&mut kept, &format!("m={kind} 9 {rest}")),
                _ => push(&mut kept, line),
            }
        }
    }
    let sections = sections.iter().enumerate().map(|(at, lines)| (!is_kept(at)).then(|| refuse(lines)));
    Ok(Cut { kept, mid, video: video_mid, sections: sections.collect() })
}

/// The video codecs that a page offers and that can be passed on; none when it offers no video.
pub(crate) fn offered_video(offer: &str) -> Vec<VideoCodec> {
    let Ok((_, sections)) = sections_of(offer) else { return Vec::new() };
    let Some(lines) = sections.iter().find(|lines| is_offered(lines, "video")) else { return Vec::new() };
    let mut found = Vec::new();
    for map in lines.iter().filter_map(|line| line.strip_prefix("a=rtpmap:")) {
        let Some((pt, name)) = map.split_once(' ') else { continue };
        let Some(codec) = name.split('/').next().and_then(VideoCodec::named) else { continue };
        let format = attribute(lines, &format!("fmtp:{pt} ")).unwrap_or_default();
        let serves = match codec {
            VideoCodec::H264 => {
                format.contains("packetization-mode=1") && format.contains("profile-level-id=42e0")
            }
            VideoCodec::Vp9 => !format.contains("profile-id=") || format.contains("profile-id=0"),
            VideoCodec::Vp8 | VideoCodec::Av1 => true,
        };
        if serves && !found.contains(&codec) {
            found.push(codec);
        }
    }
    found
}

fn sections_of(offer: &str) -> Result<(Vec<&str>, Vec<Vec<&str>>), WebrtcError> {
    if offer.len() > BROWSER_OFFER || offer.lines().count() > SDP_LINES {
        return Err(WebrtcError::TooLarge);
    }
    if !offer.starts_with("v=0") {
        return Err(WebrtcError::NotSdp);
    }
    let (head, sections) = split(offer);
    if sections.len() > SDP_MEDIA {
        return Err(WebrtcError::TooLarge);
    }
    Ok((head, sections))
}

impl Cut {
    /// Puts the refused sections back around those of an answer.
    pub(super) fn grow(&self, answer: &str) -> String {
        let (head, sections) = split(answer);
        let mut answered = sections.into_iter();
        let mut whole = String::with_capacity(answer.len() + 128 * self.sections.len());
        for line in &head {
            push(&mut whole, line);
        }
        for section in &self.sections {
            match section {
                None => answered.next().into_iter().flatten().for_each(|line| push(&mut whole, line)),
                Some(refused) => {
                    push(&mut whole, &format!("m={} 0 {}", refused.kind, refused.rest));
                    push(&mut whole, "c=IN IP4 0.0.0.0");
                    push(&mut whole, "a=inactive");
                    refused.maps.iter().for_each(|map| push(&mut whole, map));
                    if let Some(mid) = &refused.mid {
                        push(&mut whole, &format!("a=mid:{mid}"));
                    }
                }
            }
        }
        whole
    }
}

/// The session lines, and the lines of each media section.
fn split(sdp: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut head = Vec::new();
    let mut sections: Vec<Vec<&str>> = Vec::new();
    for line in sdp.lines().filter(|line| !line.is_empty()) {
        if line.starts_with("m=") {
            sections.push(vec![line]);
        } else if let Some(section) = sections.last_mut() {
            section.push(line);
        } else {
            head.push(line);
        }
    }
    (head, sections)
}

/// A section that is really offered: port 0 means refused, unless it shares a port (RFC 9143 section 6).
fn is_offered(lines: &[&str], kind: &str) -> bool {
    let rest = lines.first().and_then(|line| line.strip_prefix("m="));
    let Some(rest) = rest.and_then(|line| line.strip_prefix(kind)?.strip_prefix(' ')) else { return false };
    !rest.starts_with("0 ") || lines.contains(&"a=bundle-only")
}

/// Candidates, and layers of one picture: one is taken as it comes.
fn is_left_out(line: &str) -> bool {
    const OUT: [&str; 5] = ["a=candidate:", "a=end-of-candidates", "a=bundle-only", "a=rid:", "a=simulcast:"];
    OUT.iter().any(|name| line.starts_with(name))
}

fn attribute<'a>(lines: &[&'a str], name: &str) -> Option<&'a str> {
    lines.iter().find_map(|line| line.strip_prefix("a=")?.strip_prefix(name)).map(str::trim)
}

fn refuse(lines: &[&str]) -> Refused {
    let line = lines.first().and_then(|line| line.strip_prefix("m=")).unwrap_or_default();
    let (kind, after) = line.split_once(' ').unwrap_or((line, ""));
    let (_port, rest) = after.split_once(' ').unwrap_or((after, ""));
    let maps = lines.iter().filter(|line| line.starts_with("a=rtpmap:")).map(|line| (*line).to_owned());
    let mid = attribute(lines, "mid:").map(str::to_owned);
    Refused { kind: kind.to_owned(), rest: rest.to_owned(), maps: maps.collect(), mid }
}

fn push(to: &mut String, line: &str) {
    to.push_str(line);
    to.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:0\r\na=sendrecv\r\n\
        m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=bundle-only\r\na=candidate:1 1 udp 1 192.0.2.2 4 typ host\r\na=mid:1\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n";

    #[test]
    fn only_the_audio_section_is_kept_and_without_candidates() {
        let cut = cut(OFFER, Pictures::Refused).expect("an offer");
        assert_eq!((cut.mid.as_str(), &cut.video), ("1", &None));
        assert!(cut.kept.contains("a=group:BUNDLE 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n"));
        assert!(!cut.kept.contains("video") && !cut.kept.contains("candidate"));
    }

    #[test]
    fn where_pictures_are_wanted_the_first_video_section_stays_and_in_its_place() {
        let cut = cut(OFFER, Pictures::Wanted).expect("an offer");
        assert_eq!(cut.video.as_deref(), Some("0"));
        let lines: Vec<_> =
            cut.kept.lines().filter(|line| line.starts_with("m=") || line.contains("BUNDLE")).collect();
        assert_eq!(
            lines,
            ["a=group:BUNDLE 0 1", "m=video 9 UDP/TLS/RTP/SAVPF 96 97", "m=audio 9 UDP/TLS/RTP/SAVPF 111"]
        );
        let answer = cut.grow("v=0\r\nm=video 9 X 96\r\na=mid:0\r\nm=audio 9 X 111\r\na=mid:1\r\n");
        let lines: Vec<_> = answer.lines().filter(|line| line.starts_with("m=")).collect();
        assert_eq!(
            lines,
            ["m=video 9 X 96", "m=audio 9 X 111", "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"]
        );
    }

    #[test]
    fn the_codecs_of_a_page_are_those_that_can_be_passed_on() {
        let offer = "v=0\r\nm=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\nm=video 9 X 96 97 98 99 100\r\n\
            a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=0;profile-level-id=42e01f\r\n\
            a=rtpmap:97 rtx/90000\r\na=rtpmap:98 vp8/90000\r\na=rtpmap:99 VP9/90000\r\na=fmtp:99 profile-id=2\r\n\
            a=rtpmap:100 H264/90000\r\na=fmtp:100 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n";
        assert_eq!(offered_video(offer), [VideoCodec::Vp8, VideoCodec::H264]);
        assert_eq!(offered_video("v=0\r\nm=video 0 X 96\r\na=rtpmap:96 VP8/90000\r\n"), []);
        assert_eq!(offered_video("nonsense"), []);
    }

    #[test]
    fn what_is_not_served_is_refused_in_its_place() {
        let cut = cut(OFFER, Pictures::Refused).expect("an offer");
        let answer =
            cut.grow("v=0\r\ns=-\r\na=group:BUNDLE 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n");
        let lines: Vec<_> = answer.lines().filter(|line| line.starts_with("m=")).collect();
        assert_eq!(
            lines,
            [
                "m=video 0 UDP/TLS/RTP/SAVPF 96 97",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
            ]
        );
        assert!(answer.contains("a=group:BUNDLE 1\r\n"));
    }

    #[test]
    fn offers_that_cannot_be_served_say_why() {
        assert_eq!(cut("hello", Pictures::Wanted), Err(WebrtcError::NotSdp));
        assert_eq!(
            cut("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n", Pictures::Wanted),
            Err(WebrtcError::NoAudio)
        );
        assert_eq!(
            cut("v=0\r\nm=audio 0 RTP/AVP 0\r\na=mid:0\r\n", Pictures::Wanted),
            Err(WebrtcError::NoAudio)
        );
        assert_eq!(
            cut(&format!("v=0{}", " ".repeat(BROWSER_OFFER)), Pictures::Wanted),
            Err(WebrtcError::TooLarge)
        );
    }
}
