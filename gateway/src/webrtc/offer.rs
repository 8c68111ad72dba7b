//! Cutting a browser's offer to the one audio section we serve, and growing the answer back to its shape.
//!
//! Promises: whatever else is offered (video, data, a second audio) is refused in its place with port 0, as
//! RFC 3264 section 6 asks, and never reaches the WebRTC library. Leaves to others: what the audio section says.

use kernel::limits::{SDP_LINES, SDP_MEDIA};

use super::WebrtcError;
use crate::limits::BROWSER_OFFER;

/// An offer with everything but its first audio section set aside.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The session part and the audio section, without candidates: an ICE-lite agent learns them from the checks.
    pub(super) audio: String,
    /// `a=mid` of the audio section.
    pub(super) mid: String,
    /// Sections in the order of the offer; `None` is the audio section.
    sections: Vec<Option<Refused>>,
}

/// A section that we refuse.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    /// `video`, `application`, …
    kind: String,
    /// Protocol and formats, as offered (RFC 3264 wants them repeated).
    rest: String,
    mid: Option<String>,
}

/// Cuts an offer.
pub(super) fn cut(offer: &str) -> Result<Cut, WebrtcError> {
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
    let chosen = sections.iter().position(|lines| is_audio(lines)).ok_or(WebrtcError::NoAudio)?;
    let chosen_lines = sections.get(chosen).ok_or(WebrtcError::NoAudio)?;
    let mid = attribute(chosen_lines, "mid:").ok_or(WebrtcError::NotSdp)?.to_owned();

    let mut audio = String::with_capacity(offer.len());
    for line in head.iter().filter(|line| !line.starts_with("a=group:")) {
        push(&mut audio, line);
    }
    push(&mut audio, &format!("a=group:BUNDLE {mid}"));
    for line in chosen_lines.iter().filter(|line| !is_candidate(line) && **line != "a=bundle-only") {
        match line.strip_prefix("m=audio 0 ") {
            Some(rest) => push(&mut audio, &format!("m=audio 9 {rest}")),
            None => push(&mut audio, line),
        }
    }
    let sections =
        sections.iter().enumerate().map(|(at, lines)| (at != chosen).then(|| refuse(lines))).collect();
    Ok(Cut { audio, mid, sections })
}

impl Cut {
    /// Puts the refused sections back around the audio section of an answer.
    pub(super) fn grow(&self, answer: &str) -> String {
        let (head, sections) = split(answer);
        let mut whole = String::with_capacity(answer.len() + 128 * self.sections.len());
        for line in &head {
            push(&mut whole, line);
        }
        for section in &self.sections {
            match section {
                None => sections.first().into_iter().flatten().for_each(|line| push(&mut whole, line)),
                Some(refused) => {
                    push(&mut whole, &format!("m={} 0 {}", refused.kind, refused.rest));
                    push(&mut whole, "c=IN IP4 0.0.0.0");
                    push(&mut whole, "a=inactive");
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

/// An audio section that is really offered: port 0 means refused, unless it shares a port (RFC 9143 section 6).
fn is_audio(lines: &[&str]) -> bool {
    let Some(rest) = lines.first().and_then(|line| line.strip_prefix("m=audio ")) else { return false };
    !rest.starts_with("0 ") || lines.contains(&"a=bundle-only")
}

fn is_candidate(line: &str) -> bool {
    line.starts_with("a=candidate:") || line.starts_with("a=end-of-candidates")
}

fn attribute<'a>(lines: &[&'a str], name: &str) -> Option<&'a str> {
    lines.iter().find_map(|line| line.strip_prefix("a=")?.strip_prefix(name)).map(str::trim)
}

fn refuse(lines: &[&str]) -> Refused {
    let line = lines.first().and_then(|line| line.strip_prefix("m=")).unwrap_or_default();
    let (kind, after) = line.split_once(' ').unwrap_or((line, ""));
    let (_port, rest) = after.split_once(' ').unwrap_or((after, ""));
    Refused { kind: kind.to_owned(), rest: rest.to_owned(), mid: attribute(lines, "mid:").map(str::to_owned) }
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
        let cut = cut(OFFER).expect("an offer");
        assert_eq!(cut.mid, "1");
        assert!(cut.audio.contains("a=group:BUNDLE 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n"));
        assert!(!cut.audio.contains("video") && !cut.audio.contains("candidate"));
    }

    #[test]
    fn what_is_not_served_is_refused_in_its_place() {
        let cut = cut(OFFER).expect("an offer");
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
        assert_eq!(cut("hello"), Err(WebrtcError::NotSdp));
        assert_eq!(cut("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n"), Err(WebrtcError::NoAudio));
        assert_eq!(cut("v=0\r\nm=audio 0 RTP/AVP 0\r\na=mid:0\r\n"), Err(WebrtcError::NoAudio));
        assert_eq!(cut(&format!("v=0{}", " ".repeat(BROWSER_OFFER))), Err(WebrtcError::TooLarge));
    }
}
