//! Where messages go, and what they say of where we are.

use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

use kernel::Rng;

use super::{Endpoint, Turn};
use crate::dialog::session::{Hop, Session};
use crate::io::{Out, Path, Transport};

impl Endpoint {
    /// Sends bytes; on a stream transport over the stream that is there.
    pub(super) fn send(&self, turn: &mut Turn<'_>, path: Path, bytes: Vec<u8>) {
        turn.out.emit(Out::Send { path: self.streams.resolve(path), bytes });
    }

    /// The path from one of our listening addresses to a numeric hop.
    pub(super) fn path_to(&self, hop: Hop) -> Option<Path> {
        let fits = |local: &SocketAddr| local.is_ipv4() == hop.remote.is_ipv4();
        let near = |local: &SocketAddr| {
            local.ip().is_unspecified() || local.ip().is_loopback() == hop.remote.ip().is_loopback()
        };
        let locals =
            || self.setup.listening.iter().filter(|(t, a)| *t == hop.transport && fits(a)).map(|(_, a)| *a);
        let local = self.concrete(locals().find(near).or_else(|| locals().next())?, hop.remote.ip());
        Some(self.streams.resolve(Path {
            transport: hop.transport,
            local,
            remote: hop.remote,
            connection: None,
        }))
    }

    /// Notes by which address of ours a peer reached us.
    pub(super) fn saw(&mut self, path: &Path) {
        match path.local.ip() {
            ip if ip.is_unspecified() || ip.is_loopback() => {}
            ip @ IpAddr::V4(_) => self.seen.v4 = Some(ip),
            ip @ IpAddr::V6(_) => self.seen.v6 = Some(ip),
        }
    }

    /// Where we listen on all addresses: the one that this peer can use, as far as we know.
    fn concrete(&self, local: SocketAddr, remote: IpAddr) -> SocketAddr {
        let seen = if remote.is_ipv4() { self.seen.v4 } else { self.seen.v6 };
        let ip = match local.ip() {
            ip if !ip.is_unspecified() => ip,
            _ if remote.is_loopback() => remote,
            ip => seen.unwrap_or(ip),
        };
        SocketAddr::new(ip, local.port())
    }

    /// Where a request inside a dialog goes: the first route if there is one, else where the peer's last request came
    /// from; over a stream that is gone, where its Contact says.
    pub(super) fn destination(&self, session: &Session) -> Path {
        if let Some(hop) = session.first_hop() {
            if hop.remote == session.path.remote && hop.transport == session.path.transport {
                return self.streams.resolve(session.path);
            }
            if let Some(path) = self.path_to(hop) {
                return path;
            }
        }
        let path = self.streams.resolve(session.path);
        if path.transport.is_stream() && path.connection.is_none() {
            return session.target_hop().and_then(|hop| self.path_to(hop)).unwrap_or(path);
        }
        path
    }

    /// Host and port for the URIs of ours, without the default port.
    pub(super) fn host(path: &Path) -> String {
        let address = path.local;
        match (address.ip(), address.port()) {
            (IpAddr::V4(ip), 5060) => ip.to_string(),
            (IpAddr::V6(ip), 5060) => format!("[{ip}]"),
            _ => address.to_string(),
        }
    }

    /// Our Contact on a path.
    pub(super) fn contact(path: &Path) -> String {
        let address = path.local;
        match path.transport {
            Transport::Udp => format!("<sip:{address}>"),
            Transport::Tcp => format!("<sip:{address};transport=tcp>"),
            Transport::Tls => format!("<sip:{address};transport=tls>"),
            // Secure or not, its parameter is the same (RFC 7118 section 5.2).
            Transport::Ws | Transport::Wss => format!("<sip:{address};transport=ws>"),
        }
    }

    /// Our Via on a path.
    pub(super) fn via(path: &Path, branch: &str) -> String {
        let address = path.local;
        let mut via = String::with_capacity(96);
        let name = path.transport.name();
        // Writing to a String cannot fail.
        let _ = write!(via, "SIP/2.0/{name} {address};rport;branch={branch}");
        via
    }
}

/// A branch that tells its transaction's number, so that a response finds it without a search.
pub(super) fn branch(number: u64, rng: &mut Rng) -> String {
    format!("z9hG4bK{number:x}.{}", rng.token(10))
}

/// A tag that tells its dialog's number.
pub(super) fn tag(number: u64, rng: &mut Rng) -> String {
    format!("{number:x}-{}", rng.token(8))
}

/// The number in a branch of ours.
pub(super) fn number_in_branch(branch: &[u8]) -> Option<u64> {
    number(branch.get(7..)?, b'.')
}

/// The number in a tag of ours.
pub(super) fn number_in_tag(tag: &[u8]) -> Option<u64> {
    number(tag, b'-')
}

fn number(text: &[u8], end: u8) -> Option<u64> {
    let digits = &text[..text.iter().position(|b| *b == end)?];
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_in_branches_and_tags() {
        let mut rng = Rng::seeded(1);
        assert_eq!(number_in_branch(branch(0x1f, &mut rng).as_bytes()), Some(0x1f));
        assert_eq!(number_in_tag(tag(u64::MAX, &mut rng).as_bytes()), Some(u64::MAX));
        for foreign in [&b"z9hG4bK"[..], b"", b"z9hG4bKzz.1", b"-"] {
            assert_eq!(number_in_branch(foreign), None);
            assert_eq!(number_in_tag(foreign), None);
        }
    }
}
