//! Writing messages.

use std::io::Write;

/// A message being written: lines first, then the body, which sets Content-Length.
pub(crate) struct Draft(Vec<u8>);

impl Draft {
    /// A request's first line.
    pub(crate) fn request(method: &str, uri: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(640);
        bytes.extend_from_slice(method.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(uri);
        bytes.extend_from_slice(b" SIP/2.0\r\n");
        Self(bytes)
    }

    /// A response's first line; `room` is a guess at what follows.
    pub(crate) fn response(status: u16, room: usize) -> Self {
        let mut bytes = Vec::with_capacity(room + 256);
        // Writing to a Vec cannot fail.
        let _ = write!(bytes, "SIP/2.0 {status} {}\r\n", super::status::phrase(status));
        Self(bytes)
    }

    /// Adds whole lines as they are.
    pub(crate) fn lines(&mut self, lines: &[u8]) {
        self.0.extend_from_slice(lines);
    }

    /// Adds a header; line breaks in the value become spaces, so that no value can add a header.
    pub(crate) fn header(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b": ");
        push_clean(&mut self.0, value.as_ref());
        self.0.extend_from_slice(b"\r\n");
    }

    /// Ends it without a body.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(b"Content-Length: 0\r\n\r\n");
        self.0
    }

    /// Ends it with a body.
    pub(crate) fn body(mut self, content_type: &str, body: &[u8]) -> Vec<u8> {
        // Writing to a Vec cannot fail.
        let _ = write!(self.0, "Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n", body.len());
        self.0.extend_from_slice(body);
        self.0
    }

    /// Ends it with an SDP body, or none.
    pub(crate) fn sdp(self, sdp: Option<&[u8]>) -> Vec<u8> {
        match sdp {
            Some(sdp) => self.body("application/sdp", sdp),
            None => self.end(),
        }
    }
}

/// Appends `value` with line breaks turned into spaces.
pub(crate) fn push_clean(to: &mut Vec<u8>, value: &[u8]) {
    if value.iter().any(|b| matches!(b, b'\r' | b'\n')) {
        to.extend(value.iter().map(|b| if matches!(b, b'\r' | b'\n') { b' ' } else { *b }));
    } else {
        to.extend_from_slice(value);
    }
}

/// A quoted string (RFC 3261 section 25.1).
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
