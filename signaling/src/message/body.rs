//! Finding the session description in a body (RFC 3261 section 7.4, RFC 5621).

use super::grammar;
use super::header::Name;
use super::parse::Message;

/// A body that we cannot use: 415.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsupported;

/// The SDP that a message carries, alone or as a part of multipart.
pub(crate) fn session<'m>(message: &'m Message<'m>) -> Result<Option<&'m [u8]>, Unsupported> {
    if message.body.is_empty() {
        return Ok(None);
    }
    if message.first(Name::ContentEncoding).is_some_and(|e| !e.eq_ignore_ascii_case(b"identity")) {
        return Err(Unsupported);
    }
    let kind = message.first(Name::ContentType).ok_or(Unsupported)?;
    if is(kind, "application/sdp") {
        return Ok(Some(message.body));
    }
    if media_type(kind).get(..10).is_some_and(|t| t.eq_ignore_ascii_case(b"multipart/")) {
        let boundary = grammar::param(kind, "boundary").flatten().map(grammar::unquote).ok_or(Unsupported)?;
        return part(message.body, &boundary).map(Some).ok_or(Unsupported);
    }
    Err(Unsupported)
}

/// Whether a Content-Type names this type, whatever its parameters.
pub(crate) fn is(kind: &[u8], name: &str) -> bool {
    media_type(kind).eq_ignore_ascii_case(name.as_bytes())
}

fn media_type(kind: &[u8]) -> &[u8] {
    kind.split(|b| *b == b';').next().unwrap_or(kind).trim_ascii()
}

/// The first part that is SDP.
fn part<'b>(body: &'b [u8], boundary: &[u8]) -> Option<&'b [u8]> {
    let delimiter = [b"--", boundary].concat();
    let mut rest = body;
    loop {
        let begin = find(rest, &delimiter)? + delimiter.len();
        rest = rest.get(begin..)?;
        let end = find(rest, &delimiter)?;
        let part = &rest[..end];
        let head = find(part, b"\r\n\r\n")?;
        let is_sdp = part[..head].split(|b| *b == b'\n').any(|line| {
            let colon = line.iter().position(|b| *b == b':').unwrap_or(0);
            Name::of(line[..colon].trim_ascii()) == Name::ContentType
                && is(line[colon..].get(1..).unwrap_or_default().trim_ascii(), "application/sdp")
        });
        if is_sdp {
            let content = &part[head + 4..];
            return Some(content.strip_suffix(b"\r\n").unwrap_or(content));
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|w| w == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sdp_is_found_inside_multipart() {
        let text = b"INVITE a SIP/2.0\r\nc: multipart/mixed;boundary=\"xx\"\r\n\r\n--xx\r\nContent-Type: text/plain\r\n\r\nhello\r\n--xx\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--xx--\r\n";
        let message = Message::split(text).expect("splits");
        assert_eq!(session(&message), Ok(Some(&b"v=0\r\n"[..])));
    }

    #[test]
    fn other_types_are_unsupported() {
        for text in [
            &b"I a SIP/2.0\r\nc: text/weird\r\n\r\nx"[..],
            b"I a SIP/2.0\r\n\r\nx",
            b"I a SIP/2.0\r\nc: multipart/mixed\r\n\r\nx",
            b"I a SIP/2.0\r\nc: application/sdp\r\ne: gzip\r\n\r\nx",
        ] {
            assert_eq!(session(&Message::split(text).expect("splits")), Err(Unsupported));
        }
    }
}
