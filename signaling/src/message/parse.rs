//! Splitting a message into start line, headers and body.
//!
//! It is lenient on purpose: whatever can be split is kept, with the first `problem` noted beside it, so that even a
//! broken request can be told why it is broken (RFC 3261 section 21.4.1).

use std::borrow::Cow;

use kernel::limits;

use super::grammar;
use super::header::Name;

/// One header line, unfolded.
#[derive(Clone, Debug)]
pub(crate) struct Header<'a> {
    pub(crate) name: Name,
    pub(crate) raw_name: &'a [u8],
    pub(crate) value: Cow<'a, [u8]>,
}

/// A message in its parts.
#[derive(Clone, Debug)]
pub(crate) struct Message<'a> {
    /// First line without its CRLF.
    pub(crate) start: &'a [u8],
    pub(crate) headers: Vec<Header<'a>>,
    pub(crate) body: &'a [u8],
    /// The first thing that is wrong with it.
    pub(crate) problem: Option<&'static str>,
}

/// What the Content-Length headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Absent,
    Bytes(usize),
    /// Doubled, negative, not a number or beyond all measure.
    Wrong,
}

impl<'a> Message<'a> {
    /// Splits the first message in `bytes`; what follows a body of known length is left alone (RFC 3261 section 18.3).
    /// `None` when there is not even a first line.
    pub(crate) fn split(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        while let [b'\r', b'\n', after @ ..] = rest {
            rest = after;
        }
        let (start, after) = line(rest)?;
        if start.is_empty() {
            return None;
        }
        let mut message = Self { start, headers: Vec::with_capacity(16), body: &[], problem: None };
        if start.contains(&b'\r') {
            message.note("line break in the first line");
        }
        let after = message.split_headers(after);
        message.cut_body(after);
        Some(message)
    }

    fn split_headers(&mut self, mut rest: &'a [u8]) -> &'a [u8] {
        loop {
            // Forgiven: a datagram that ends with its last header instead of an empty line.
            if rest.is_empty() {
                return rest;
            }
            let Some((first, after)) = line(rest) else {
                self.note("no empty line after the headers");
                return &[];
            };
            if first.is_empty() {
                return after;
            }
            let mut end = first.len();
            let mut next = after;
            let mut folded = false;
            while next.first().is_some_and(|b| matches!(b, b' ' | b'\t')) {
                let Some((more, after)) = line(next) else { break };
                end = rest.len() - next.len() + more.len();
                next = after;
                folded = true;
            }
            if self.headers.len() >= limits::SIP_HEADERS {
                self.note("too many headers");
                return skip_headers(rest);
            }
            self.push(&rest[..end], folded);
            rest = next;
        }
    }

    fn push(&mut self, text: &'a [u8], folded: bool) {
        let Some(colon) = text.iter().position(|b| *b == b':') else {
            return self.note("header without a colon");
        };
        let raw_name = text[..colon].trim_ascii_end();
        if !grammar::is_token(raw_name) {
            return self.note("header name is not a token");
        }
        let value = text[colon + 1..].trim_ascii();
        let value = if folded { Cow::Owned(unfold(value)) } else { Cow::Borrowed(value) };
        if value.iter().any(|b| matches!(b, b'\r' | b'\n')) {
            return self.note("line break inside a header");
        }
        self.headers.push(Header { name: Name::of(raw_name), raw_name, value });
    }

    fn cut_body(&mut self, rest: &'a [u8]) {
        self.body = match self.length() {
            Length::Absent => rest,
            Length::Bytes(n) => match rest.get(..n) {
                Some(body) => body,
                None => {
                    self.note("Content-Length is larger than the body");
                    rest
                }
            },
            Length::Wrong => {
                self.note("Content-Length is not one number");
                &[]
            }
        };
    }

    /// What the Content-Length headers say together.
    pub(crate) fn length(&self) -> Length {
        let mut all = self.all(Name::ContentLength);
        match (all.next(), all.next()) {
            (None, _) => Length::Absent,
            (Some(value), None) => match grammar::number(value).and_then(|n| usize::try_from(n).ok()) {
                Some(n) => Length::Bytes(n),
                None => Length::Wrong,
            },
            (Some(_), Some(_)) => Length::Wrong,
        }
    }

    /// Notes the first problem.
    pub(crate) fn note(&mut self, problem: &'static str) {
        self.problem.get_or_insert(problem);
    }

    /// Values of all headers of that name, in order.
    pub(crate) fn all(&self, name: Name) -> impl Iterator<Item = &[u8]> {
        self.headers.iter().filter(move |h| h.name == name).map(|h| &*h.value)
    }

    /// Value of the first header of that name.
    pub(crate) fn first(&self, name: Name) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// All elements of all headers of that name, which are comma lists.
    pub(crate) fn list(&self, name: Name) -> impl Iterator<Item = &[u8]> {
        self.all(name).flat_map(grammar::elements).filter(|e| !e.is_empty())
    }

    /// Whether the first line is a status line.
    pub(crate) fn is_response(&self) -> bool {
        self.start.get(..4).is_some_and(|s| s.eq_ignore_ascii_case(b"SIP/"))
    }
}

/// The first line without its CRLF, and what follows.
fn line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    loop {
        let newline = from + text.get(from..)?.iter().position(|b| *b == b'\n')?;
        if newline > 0 && text[newline - 1] == b'\r' {
            return Some((&text[..newline - 1], &text[newline + 1..]));
        }
        from = newline + 1;
    }
}

fn skip_headers(text: &[u8]) -> &[u8] {
    text.windows(4).position(|w| w == b"\r\n\r\n").map_or(&[], |i| &text[i + 4..])
}

/// Line folding becomes one space (RFC 3261 section 7.3.1).
fn unfold(value: &[u8]) -> Vec<u8> {
    let mut flat = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&first, tail)) = rest.split_first() {
        match rest {
            [b'\r', b'\n', b' ' | b'\t', after @ ..] => {
                flat.truncate(flat.trim_ascii_end().len());
                flat.push(b' ');
                rest = after.trim_ascii_start();
            }
            _ => {
                flat.push(first);
                rest = tail;
            }
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_values_become_one_line() {
        let text = b"OPTIONS sip:a SIP/2.0\r\nTO :\r\n sip:v@x ;   tag    = 19n\r\nl: 0\r\n\r\n";
        let message = Message::split(text).expect("splits");
        assert_eq!(message.first(Name::To), Some(&b"sip:v@x ;   tag    = 19n"[..]));
        assert_eq!(message.problem, None);
    }

    #[test]
    fn a_body_of_known_length_ends_the_message() {
        let text = b"A b SIP/2.0\r\nContent-Length : 2\r\n\r\nxyNEXT";
        assert_eq!(Message::split(text).expect("splits").body, b"xy");
        let text = b"A b SIP/2.0\r\nX: 2\r\n\r\nxyNEXT";
        assert_eq!(Message::split(text).expect("splits").body, b"xyNEXT");
    }

    #[test]
    fn wrong_lengths_are_noted() {
        for wrong in ["-1", "x", "99999999999999999999999", "1\r\nl: 1", "5"] {
            let text = format!("A b SIP/2.0\r\nContent-Length: {wrong}\r\n\r\nab");
            assert!(Message::split(text.as_bytes()).expect("splits").problem.is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_lone_newline_cannot_smuggle_a_header() {
        let text = b"A b SIP/2.0\r\nTo: x\nVia: y\r\n\r\n";
        let message = Message::split(text).expect("splits");
        assert!(message.problem.is_some());
        assert!(message.first(Name::Via).is_none());
    }

    #[test]
    fn too_many_headers_are_a_problem_but_not_a_loss() {
        let mut text = b"A b SIP/2.0\r\n".to_vec();
        for _ in 0..1000 {
            text.extend_from_slice(b"X: y\r\n");
        }
        text.extend_from_slice(b"\r\n");
        let message = Message::split(&text).expect("splits");
        assert_eq!(message.headers.len(), limits::SIP_HEADERS);
        assert!(message.problem.is_some());
    }
}
