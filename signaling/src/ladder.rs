//! SIP messages as people look at them later: which call one belongs to, what must never be kept of it, and what is hidden
//! from those who may not see whom it concerns.
//!
//! Promises: no bytes panic; `redact` keeps the length, so what is redacted still reads as the same message; what is not known
//! to be harmless is masked. Leaves to others: keeping messages, and who may see what.

mod mask;
mod redact;

use std::net::IpAddr;

pub use redact::redact;

use crate::message::frame::{Frame, Framed};
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::parse::Message;
use crate::message::status::phrase;

/// How much of a message is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All that is kept.
    Whole,
    /// Nothing that tells whom it concerns. Our own address stays as it is.
    Masked {
        /// Our own address.
        ours: IpAddr,
    },
}

/// A message as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The method, or the status with its phrase.
    pub title: String,
    /// CSeq.
    pub cseq: String,
    /// Call-ID.
    pub call_id: String,
}

/// What a message must be known by to be kept with its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance<'a> {
    /// Call-ID.
    pub call_id: &'a [u8],
    /// Whether it is an INVITE: what a call begins with.
    pub invites: bool,
}

/// Looks at a message without reading all of it; `None` when it is none, or of no call.
#[must_use]
pub fn glance(bytes: &[u8]) -> Option<Glance<'_>> {
    let mut lines = bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    let start = lines.by_ref().find(|line| !line.is_empty())?;
    let call_id = lines.take_while(|line| !line.is_empty()).find_map(|line| {
        // Most lines are told apart by their first letter.
        if !matches!(line.first(), Some(b'C' | b'c' | b'i' | b'I')) {
            return None;
        }
        let (name, value) = line.split_at(line.iter().position(|b| *b == b':')?);
        let name = name.trim_ascii_end();
        let named = name.eq_ignore_ascii_case(b"Call-ID") || name.eq_ignore_ascii_case(b"i");
        named.then(|| value.get(1..).unwrap_or_default().trim_ascii())
    })?;
    let sip = start.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"SIP/"))
        || start.windows(5).any(|word| word.eq_ignore_ascii_case(b" SIP/"));
    (sip && !call_id.is_empty()).then_some(Glance { call_id, invites: start.starts_with(b"INVITE ") })
}

/// A message in a list.
#[must_use]
pub fn summary(bytes: &[u8], sight: Sight) -> Summary {
    let Some(message) = Message::split(bytes) else {
        return Summary { title: "?".to_owned(), cseq: String::new(), call_id: String::new() };
    };
    let value = |name| grammar::shown(message.first(name).unwrap_or_default());
    let call_id = value(Name::CallId);
    Summary {
        title: title(&message, sight),
        cseq: mask::hide(sight, &value(Name::CSeq), mask::addresses),
        call_id: mask::hide(sight, &call_id, mask::addresses),
    }
}

fn title(message: &Message<'_>, sight: Sight) -> String {
    let mut words = message.start.splitn(3, |b| *b == b' ');
    let first = words.next().unwrap_or_default();
    if !message.is_response() {
        return if grammar::is_token(first) { grammar::shown(first) } else { "?".to_owned() };
    }
    let status = words.next().and_then(grammar::number).and_then(|n| u16::try_from(n).ok()).unwrap_or(0);
    match (sight, words.next()) {
        (Sight::Whole, Some(said)) if !said.is_empty() => format!("{status} {}", grammar::shown(said)),
        // What a phrase says may be about somebody; ours says the same in general.
        _ => format!("{status} {}", phrase(status)),
    }
}

/// A message as text. What is not UTF-8 is replaced.
#[must_use]
pub fn shown(bytes: &[u8], sight: Sight) -> String {
    match sight {
        Sight::Whole => String::from_utf8_lossy(bytes).into_owned(),
        Sight::Masked { ours } => mask::message(bytes, ours),
    }
}

/// An address, as far as it may be seen.
#[must_use]
pub fn address(ip: IpAddr, sight: Sight) -> String {
    match sight {
        Sight::Masked { ours } if ours != ip => mask::ip(ip),
        Sight::Whole | Sight::Masked { .. } => ip.to_string(),
    }
}

/// Cuts what came over a stream into messages.
#[derive(Debug, Default)]
pub struct Cutter(Frame);

impl Cutter {
    /// Takes what arrived; gives the messages that are whole now. What cannot be SIP is thrown away.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.0.push(bytes);
        let mut whole = Vec::new();
        loop {
            match self.0.next() {
                Framed::Message(message) => whole.push(message),
                Framed::Ping => {}
                Framed::Wait => return whole,
                Framed::Lost(_) => {
                    self.0 = Frame::default();
                    return whole;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
