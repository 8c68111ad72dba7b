//! Cutting a stream into messages (RFC 3261 section 18.3, RFC 5626 section 3.5.1).
//!
//! Promises: bytes may arrive in any portions; memory is bounded; what cannot be SIP is told at once, not awaited.

use kernel::limits;

use super::grammar;
use super::parse::{Length, Message};

/// The unread part of a stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    buffer: Vec<u8>,
    /// Up to here there is no end of headers.
    searched: usize,
    /// Empty lines since the last message or pong: two are a ping.
    blanks: u8,
}

/// What a stream holds next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Framed {
    /// One whole message.
    Message(Vec<u8>),
    /// A keepalive that wants `CRLF` back.
    Ping,
    /// More bytes are needed.
    Wait,
    /// Framing is lost: nobody knows where the next message begins. The head, if there is one, deserves this status.
    Lost(Option<(u16, Vec<u8>)>),
}

impl Frame {
    /// Takes what arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether part of a message waits for the rest.
    pub(crate) fn is_partial(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Cuts off what comes next.
    pub(crate) fn next(&mut self) -> Framed {
        let blanks = self.buffer.chunks(2).take_while(|c| *c == b"\r\n").count();
        if blanks > 0 {
            self.buffer.drain(..2 * blanks);
            let pending = usize::from(self.blanks) + blanks;
            self.blanks = u8::from(pending % 2 == 1);
            if pending >= 2 {
                return Framed::Ping;
            }
        }
        if self.buffer.is_empty() || self.buffer == b"\r" {
            return Framed::Wait;
        }
        if !self.begins_like_sip() {
            return Framed::Lost(None);
        }
        let from = self.searched.saturating_sub(3);
        let Some(end) = self.buffer[from..].windows(4).position(|w| w == b"\r\n\r\n").map(|i| from + i + 4)
        else {
            self.searched = self.buffer.len();
            return if self.buffer.len() > limits::SIP_MESSAGE_BYTES {
                Framed::Lost(None)
            } else {
                Framed::Wait
            };
        };
        self.cut(end)
    }

    fn cut(&mut self, head_end: usize) -> Framed {
        let Some(message) = Message::split(&self.buffer[..head_end]) else {
            return Framed::Lost(None);
        };
        let body = match message.length() {
            Length::Bytes(n) => n,
            // Required on streams (RFC 3261 section 18.3); forgiven where nothing announces a body.
            Length::Absent if message.first(super::header::Name::ContentType).is_none() => 0,
            Length::Absent | Length::Wrong => {
                return Framed::Lost(Some((400, self.buffer[..head_end].to_vec())));
            }
        };
        let Some(end) = head_end.checked_add(body).filter(|end| *end <= limits::SIP_MESSAGE_BYTES) else {
            return Framed::Lost(Some((513, self.buffer[..head_end].to_vec())));
        };
        if self.buffer.len() < end {
            return Framed::Wait;
        }
        self.searched = 0;
        self.blanks = 0;
        let rest = self.buffer.split_off(end);
        Framed::Message(std::mem::replace(&mut self.buffer, rest))
    }

    /// Whether the first line may still become one of SIP.
    fn begins_like_sip(&self) -> bool {
        if self.searched > 0 {
            return true;
        }
        let (line, whole) = match self.buffer.iter().position(|b| *b == b'\n') {
            Some(end) => (&self.buffer[..end], true),
            None => (&self.buffer[..], false),
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let word = line.split(|b| *b == b' ').next().unwrap_or(line);
        let named = if word.get(..4).is_some_and(|w| w.eq_ignore_ascii_case(b"SIP/")) {
            true
        } else {
            grammar::is_token(word) && word.len() <= 64
        };
        let clean = !line.iter().any(|b| *b < b' ' || *b == 0x7f);
        let is_sip = !whole || line.windows(4).any(|w| w.eq_ignore_ascii_case(b"SIP/"));
        named && clean && is_sip
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[u8] = b"OPTIONS sip:a SIP/2.0\r\nContent-Length : 2\r\n\r\nxy";

    fn all(frame: &mut Frame) -> Vec<Framed> {
        std::iter::from_fn(|| Some(frame.next()).filter(|f| *f != Framed::Wait)).take(9).collect()
    }

    #[test]
    fn byte_by_byte_and_two_at_once_give_the_same_messages() {
        let mut frame = Frame::default();
        let mut seen = Vec::new();
        for b in [ONE, ONE].concat() {
            frame.push(&[b]);
            seen.extend(all(&mut frame));
        }
        assert_eq!(seen, [Framed::Message(ONE.to_vec()), Framed::Message(ONE.to_vec())]);
        frame.push(&[ONE, ONE].concat());
        assert_eq!(all(&mut frame), seen);
        assert!(!frame.is_partial());
    }

    #[test]
    fn a_double_crlf_is_a_ping_and_a_single_one_is_nothing() {
        let mut frame = Frame::default();
        frame.push(b"\r\n");
        assert_eq!(all(&mut frame), []);
        frame.push(b"\r\n");
        assert_eq!(all(&mut frame), [Framed::Ping]);
        frame.push(&[b"\r\n\r\n\r\n", ONE].concat());
        assert_eq!(all(&mut frame), [Framed::Ping, Framed::Message(ONE.to_vec())]);
    }

    #[test]
    fn garbage_and_unknown_lengths_lose_the_framing() {
        for garbage in [&b"\x00\x01\x02"[..], b"GET / HTTP/1.1\r\n", b"hello\r\nworld", &[0x16, 3, 1, 0]] {
            let mut frame = Frame::default();
            frame.push(garbage);
            assert_eq!(frame.next(), Framed::Lost(None));
        }
        for (length, status) in [("l: 1\r\nl: 1", 400), ("l: -1", 400), ("c: a/b", 400), ("l: 70000", 513)] {
            let mut frame = Frame::default();
            let head = format!("OPTIONS sip:a SIP/2.0\r\n{length}\r\n\r\n").into_bytes();
            frame.push(&head);
            assert_eq!(frame.next(), Framed::Lost(Some((status, head))));
        }
    }

    #[test]
    fn endless_headers_lose_the_framing() {
        let mut frame = Frame::default();
        frame.push(b"OPTIONS sip:a SIP/2.0\r\nX: ");
        frame.push(&vec![b'a'; limits::SIP_MESSAGE_BYTES]);
        assert_eq!(frame.next(), Framed::Lost(None));
    }
}
