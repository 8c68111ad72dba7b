//! The messages of one conversation as bytes: appended while it lives, pressed together when it is stored.
//!
//! Promises: what was packed unpacks the same; text that was not packed here is `None`, never a panic, and takes bounded memory.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use signaling::Transport;

use super::{TRANSPORTS, Way};
use crate::limits::LADDER_BOOK;

/// The form of what follows.
const VERSION: u8 = 1;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Microseconds since 1970.
    pub at: u64,
    /// Which way.
    pub way: Way,
    /// By what.
    pub transport: Transport,
    /// Which leg of the conversation.
    pub leg: u16,
    /// Our address.
    pub local: SocketAddr,
    /// Theirs.
    pub remote: SocketAddr,
    /// The message, redacted.
    pub bytes: Vec<u8>,
}

/// What is known of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// In the order in which they went by.
    pub messages: Vec<Message>,
    /// Whether more went by than was kept.
    pub cut: bool,
}

/// Appends a message to a book.
pub fn append(book: &mut Vec<u8>, message: &Message) {
    let transport = TRANSPORTS.iter().position(|one| *one == message.transport).unwrap_or(0);
    let flags = u8::try_from(transport).unwrap_or(0) << 1 | u8::from(message.way == Way::Sent);
    book.extend_from_slice(&message.at.to_le_bytes());
    book.push(flags);
    book.extend_from_slice(&message.leg.to_le_bytes());
    for address in [message.local, message.remote] {
        match address.ip() {
            IpAddr::V4(ip) => {
                book.push(4);
                book.extend_from_slice(&ip.octets());
            }
            IpAddr::V6(ip) => {
                book.push(6);
                book.extend_from_slice(&ip.octets());
            }
        }
        book.extend_from_slice(&address.port().to_le_bytes());
    }
    let length = u32::try_from(message.bytes.len()).unwrap_or(0);
    book.extend_from_slice(&length.to_le_bytes());
    book.extend_from_slice(&message.bytes);
}

/// The messages of a book.
pub fn read(mut book: &[u8]) -> Option<Vec<Message>> {
    let mut messages = Vec::new();
    while !book.is_empty() {
        let at = u64::from_le_bytes(take(&mut book)?);
        let [flags] = take(&mut book)?;
        let leg = u16::from_le_bytes(take(&mut book)?);
        let (local, remote) = (address(&mut book)?, address(&mut book)?);
        let length = usize::try_from(u32::from_le_bytes(take(&mut book)?)).ok()?;
        let (bytes, rest) = book.split_at_checked(length)?;
        book = rest;
        let way = if flags & 1 == 1 { Way::Sent } else { Way::Received };
        let transport = *TRANSPORTS.get(usize::from(flags >> 1))?;
        messages.push(Message { at, way, transport, leg, local, remote, bytes: bytes.to_vec() });
    }
    Some(messages)
}

/// A book as text for the record.
#[must_use]
pub fn pack(book: &[u8], cut: bool) -> String {
    let mut pressed = vec![VERSION, u8::from(cut)];
    let mut press = DeflateEncoder::new(&mut pressed, Compression::fast());
    // Writing to memory cannot fail.
    let _written = press.write_all(book).and_then(|()| press.finish().map(drop));
    STANDARD.encode(pressed)
}

/// What `pack` made; `None`: something else did.
#[must_use]
pub fn unpack(text: &str) -> Option<Kept> {
    let pressed = STANDARD.decode(text).ok()?;
    let (&[VERSION, cut], pressed) = pressed.split_first_chunk()? else { return None };
    let mut book = Vec::new();
    let most = u64::try_from(LADDER_BOOK).ok()?;
    DeflateDecoder::new(pressed).take(most).read_to_end(&mut book).ok()?;
    Some(Kept { messages: read(&book)?, cut: cut == 1 })
}

fn take<const N: usize>(book: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = book.split_first_chunk()?;
    *book = rest;
    Some(*first)
}

fn address(book: &mut &[u8]) -> Option<SocketAddr> {
    let ip = match take(book)? {
        [4] => IpAddr::from(take::<4>(book)?),
        [6] => IpAddr::from(take::<16>(book)?),
        [_] => return None,
    };
    Some(SocketAddr::new(ip, u16::from_le_bytes(take(book)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(n: u8) -> Message {
        Message {
            at: 1_764_500_000_000_000 + u64::from(n),
            way: if n.is_multiple_of(2) { Way::Received } else { Way::Sent },
            transport: TRANSPORTS[usize::from(n) % TRANSPORTS.len()],
            leg: n.into(),
            local: SocketAddr::from(([192, 0, 2, 1], 5060)),
            remote: SocketAddr::from(([0x2001, 0xdb8, 0, 0, 0, 0, 0, n.into()], 5061)),
            bytes: vec![n; usize::from(n)],
        }
    }

    #[test]
    fn what_was_packed_unpacks_the_same_and_anything_else_is_nothing() {
        let messages: Vec<_> = (0..60).map(message).collect();
        let mut book = Vec::new();
        messages.iter().for_each(|one| append(&mut book, one));
        let text = pack(&book, true);
        assert_eq!(unpack(&text), Some(Kept { messages, cut: true }));
        assert_eq!(unpack(&pack(&[], false)), Some(Kept::default()));
        for end in 0..book.len() {
            let _no_panic = read(&book[..end]);
            let _no_panic = unpack(text.get(..end).unwrap_or_default());
        }
        assert_eq!(unpack("AQ=="), None);
        assert_eq!(unpack("not base64"), None);
        // A bomb of zeros takes no more than a book may.
        assert!(
            unpack(&pack(&vec![0; 64 << 20], false)).is_none_or(|kept| kept.messages.len() < LADDER_BOOK)
        );
    }
}
