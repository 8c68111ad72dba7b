//! From bytes to a `SessionDescription`.
//!
//! What we need is checked; what we do not need may be missing or odd. Lines may end in CRLF or LF (RFC 8866 section 5).

use kernel::limits;
use thiserror::Error;

use super::{Address, Attribute, Media, SessionDescription};

/// Why a description cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("SDP line {line}: found {found}; expected {expected}")]
pub struct SdpError {
    /// Counted from 1.
    pub line: usize,
    /// What stands there, shortened.
    pub found: String,
    /// What would be right.
    pub expected: &'static str,
}

impl SdpError {
    /// The SIP status that says so (RFC 3261 section 21.4.1).
    pub const STATUS: u16 = 400;

    fn at(line: usize, found: &[u8], expected: &'static str) -> Self {
        let text: String = String::from_utf8_lossy(found).chars().take(60).collect();
        Self { line, found: format!("`{}`", text.escape_debug()), expected }
    }
}

pub(super) fn parse(bytes: &[u8]) -> Result<SessionDescription, SdpError> {
    let mut session = SessionDescription {
        origin: String::new(),
        time: String::new(),
        address: None,
        attributes: Vec::new(),
        media: Vec::new(),
    };
    let mut lines = 0;
    for (i, raw) in bytes.split(|b| *b == b'\n').enumerate() {
        let text = raw.strip_suffix(b"\r").unwrap_or(raw);
        if text.is_empty() {
            continue;
        }
        lines += 1;
        if lines > limits::SDP_LINES {
            return Err(SdpError::at(i + 1, text, "no more lines than a call can have"));
        }
        let [kind, b'=', value @ ..] = text else {
            return Err(SdpError::at(i + 1, text, "a letter, `=` and a value"));
        };
        if lines == 1 && (*kind != b'v' || value.trim_ascii() != b"0") {
            return Err(SdpError::at(i + 1, text, "`v=0` on the first line"));
        }
        session.line(i + 1, *kind, value)?;
    }
    if lines == 0 {
        return Err(SdpError { line: 1, found: "nothing".into(), expected: "`v=0` on the first line" });
    }
    Ok(session)
}

impl SessionDescription {
    fn line(&mut self, n: usize, kind: u8, value: &[u8]) -> Result<(), SdpError> {
        match kind {
            b'm' => {
                if self.media.len() >= limits::SDP_MEDIA {
                    return Err(SdpError::at(n, value, "no more media than a call can have"));
                }
                self.media.push(media(n, value)?);
            }
            b'c' => {
                let address = address(n, value)?;
                match self.media.last_mut() {
                    // Several are allowed for multicast only; the first is ours.
                    Some(media) => media.address.get_or_insert(address),
                    None => self.address.get_or_insert(address),
                };
            }
            b'a' => {
                let attribute = attribute(value);
                match self.media.last_mut() {
                    Some(media) => media.attributes.push(attribute),
                    None => self.attributes.push(attribute),
                }
            }
            b'o' if self.media.is_empty() => self.origin = text(value),
            b't' if self.time.is_empty() => self.time = text(value),
            _ => {}
        }
        Ok(())
    }
}

/// `audio 49170 RTP/AVP 0 8`.
fn media(n: usize, value: &[u8]) -> Result<Media, SdpError> {
    const EXPECTED: &str = "`m=audio PORT RTP/AVP` and payload types";
    let mut words = words_of(value);
    let (Some(kind), Some(port), Some(protocol)) = (words.next(), words.next(), words.next()) else {
        return Err(SdpError::at(n, value, EXPECTED));
    };
    let port = port.split(|b| *b == b'/').next().unwrap_or(port);
    let port = number(port).ok_or_else(|| SdpError::at(n, port, "a port below 65536"))?;
    let formats: Vec<String> = words.take(limits::SDP_FORMATS + 1).map(text).collect();
    if formats.is_empty() || formats.len() > limits::SDP_FORMATS {
        return Err(SdpError::at(n, value, EXPECTED));
    }
    Ok(Media {
        kind: text(kind),
        port,
        protocol: text(protocol),
        formats,
        address: None,
        attributes: Vec::new(),
    })
}

/// `IN IP4 192.0.2.1/127`.
fn address(n: usize, value: &[u8]) -> Result<Address, SdpError> {
    let mut words = words_of(value);
    let (Some(b"IN"), Some(b"IP4" | b"IP6"), Some(place)) = (words.next(), words.next(), words.next()) else {
        return Err(SdpError::at(n, value, "`c=IN IP4` or `c=IN IP6` and an address"));
    };
    let place = text(place.split(|b| *b == b'/').next().unwrap_or(place));
    Ok(place.parse().map_or(Address::Name(place), Address::Ip))
}

fn attribute(value: &[u8]) -> Attribute {
    match value.iter().position(|b| *b == b':') {
        Some(colon) => Attribute { name: text(&value[..colon]), value: Some(text(&value[colon + 1..])) },
        None => Attribute { name: text(value), value: None },
    }
}

/// The words of a line. A stray CR or tab parts them too: kept inside a word, it would part it in what we write.
fn words_of(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// A number that fits, of digits only.
pub(super) fn number<N: std::str::FromStr>(text: &[u8]) -> Option<N> {
    std::str::from_utf8(text).ok().filter(|t| t.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

/// Text of a value; a stray CR must not become a line break in what we write.
fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value.trim_ascii()).replace('\r', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text.as_bytes()).expect_err("is wrong").to_string()
    }

    #[test]
    fn errors_name_the_line_what_was_found_and_what_would_be_right() {
        assert_eq!(
            error("v=0\r\nm=audio\r\n"),
            "SDP line 2: found `audio`; expected `m=audio PORT RTP/AVP` and payload types"
        );
        assert_eq!(
            error("v=0\r\nm=audio 70000 RTP/AVP 0\r\n"),
            "SDP line 2: found `70000`; expected a port below 65536"
        );
        assert_eq!(error("v=1\r\n"), "SDP line 1: found `v=1`; expected `v=0` on the first line");
        assert_eq!(error(""), "SDP line 1: found nothing; expected `v=0` on the first line");
        assert_eq!(error("v=0\nhello\n"), "SDP line 2: found `hello`; expected a letter, `=` and a value");
        assert!(error("v=0\r\nc=IN IP9 x\r\n").starts_with("SDP line 2: found `IN IP9 x`"));
    }

    #[test]
    fn a_stray_carriage_return_never_parts_a_word_of_an_answer() {
        // Found by mutation: kept as `vi deo`, the refused section of our answer had a word for a port.
        assert!(error("v=0\r\nm=vi\rdeo 5000 RTP/AVP 31\r\n").contains("a port below 65536"));
    }

    #[test]
    fn sections_keep_what_stands_in_them() {
        let text = "v=0\no=- 1 2 IN IP4 h\nc=IN IP4 192.0.2.1\nt=0 0\na=group:BUNDLE 0\nm=audio 9/2 UDP/TLS/RTP/SAVPF 111\n\
                    c=IN IP6 ::1\na=fingerprint:sha-256 AA:BB\na=rtcp-mux\n";
        let session = parse(text.as_bytes()).expect("parses");
        assert_eq!(session.address, Some(Address::Ip("192.0.2.1".parse().expect("ip"))));
        let media = &session.media[0];
        assert_eq!(session.address_of(media), Some(&Address::Ip("::1".parse().expect("ip"))));
        assert_eq!(media.values("fingerprint").collect::<Vec<_>>(), ["sha-256 AA:BB"]);
        assert!(media.has("rtcp-mux") && media.port == 9);
    }

    #[test]
    fn limits_hold() {
        let many = format!("v=0\r\n{}", "m=audio 1 RTP/AVP 0\r\n".repeat(limits::SDP_MEDIA + 1));
        assert!(error(&many).contains("no more media"));
        let long = format!("v=0\r\n{}", "a=x\r\n".repeat(limits::SDP_LINES));
        assert!(error(&long).contains("no more lines"));
        let formats = format!("v=0\r\nm=audio 1 RTP/AVP{}\r\n", " 0".repeat(limits::SDP_FORMATS + 1));
        assert!(error(&formats).contains("payload types"));
    }
}
