//! The Via header (RFC 3261 section 20.42, RFC 3581).

use std::net::SocketAddr;

use super::{grammar, uri};
use crate::io::Transport;

/// One Via element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Via<'a> {
    pub(crate) transport: &'a [u8],
    pub(crate) host: &'a [u8],
    pub(crate) port: Option<u16>,
    pub(crate) params: &'a [u8],
}

/// What a branch of RFC 3261 begins with; others are of RFC 2543 and say nothing.
pub(crate) const COOKIE: &[u8] = b"z9hG4bK";

impl<'a> Via<'a> {
    /// Reads one element; `None` when it is malformed.
    pub(crate) fn parse(element: &'a [u8]) -> Option<Self> {
        let (name, rest) = part(element)?;
        let (version, rest) = part(rest)?;
        if !name.eq_ignore_ascii_case(b"SIP") || version != b"2.0" {
            return None;
        }
        let rest = rest.trim_ascii();
        let end = rest.iter().position(|b| matches!(b, b' ' | b'\t'))?;
        let (transport, rest) = rest.split_at(end);
        let end = rest.iter().position(|b| *b == b';').unwrap_or(rest.len());
        let (place, params) = rest.split_at(end);
        let (host, port) = uri::host_port(place.trim_ascii())?;
        let via = Self { transport, host, port, params };
        (grammar::is_token(transport) && !via.has_empty_param()).then_some(via)
    }

    fn has_empty_param(&self) -> bool {
        let Some(text) = self.params.strip_prefix(b";") else { return false };
        text.split(|b| *b == b';').any(|p| p.trim_ascii().is_empty())
    }

    /// The branch, when it is one of RFC 3261.
    pub(crate) fn branch(&self) -> Option<&'a [u8]> {
        self.param("branch")
            .flatten()
            .filter(|b| b.len() > COOKIE.len() && b[..COOKIE.len()].eq_ignore_ascii_case(COOKIE))
    }

    fn param(&self, name: &str) -> Option<Option<&'a [u8]>> {
        grammar::param(self.params, name)
    }

    /// Where the response goes over datagrams: to the source, at its port if `rport` asks so, else at the port of
    /// sent-by (RFC 3261 section 18.2.2, RFC 3581 section 4).
    pub(crate) fn answer_to(&self, source: SocketAddr) -> SocketAddr {
        match self.param("rport") {
            Some(_) => source,
            None => SocketAddr::new(source.ip(), self.port.filter(|p| *p != 0).unwrap_or(5060)),
        }
    }

    /// Writes it as a response carries it: with `received` and `rport` of the packet, whatever it claimed itself.
    pub(crate) fn write_seen_from(&self, source: SocketAddr, transport: Transport, to: &mut Vec<u8>) {
        to.extend_from_slice(b"SIP/2.0/");
        to.extend_from_slice(self.transport);
        to.push(b' ');
        to.extend_from_slice(self.host);
        if let Some(port) = self.port {
            to.extend_from_slice(format!(":{port}").as_bytes());
        }
        let mut asked = false;
        for (name, value) in grammar::params(self.params) {
            if name.eq_ignore_ascii_case(b"rport") {
                asked = true;
                continue;
            }
            if name.eq_ignore_ascii_case(b"received") {
                continue;
            }
            to.push(b';');
            to.extend_from_slice(name);
            if let Some(value) = value {
                to.push(b'=');
                to.extend_from_slice(value);
            }
        }
        if asked || transport.is_stream() || uri::ip(self.host) != Some(source.ip()) {
            to.extend_from_slice(format!(";received={}", source.ip()).as_bytes());
        }
        if asked {
            to.extend_from_slice(format!(";rport={}", source.port()).as_bytes());
        }
    }
}

/// `name / rest` with space around the slash.
fn part(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let slash = text.iter().position(|b| *b == b'/')?;
    Some((text[..slash].trim_ascii(), &text[slash + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_is_allowed_where_the_grammar_has_it() {
        let via = Via::parse(b"SIP  / 2.0  / TCP     spindle.example.com   ; branch  =   z9hG4bK9ikj8")
            .expect("RFC 4475 3.1.1.1");
        assert_eq!(
            (via.transport, via.host, via.branch()),
            (&b"TCP"[..], &b"spindle.example.com"[..], Some(&b"z9hG4bK9ikj8"[..]))
        );
        let via =
            Via::parse(b"SIP/2.0/UDP [2001:db8::9:1] : 7 ;received=[2001:db8::9:255];branch=z9hG4bKas3-111")
                .expect("RFC 5118 4.5");
        assert_eq!((via.host, via.port), (&b"[2001:db8::9:1]"[..], Some(7)));
    }

    #[test]
    fn rport_and_received_tell_what_was_seen() {
        let source = "192.0.2.9:4000".parse().expect("address");
        let mut out = Vec::new();
        let via =
            Via::parse(b"SIP/2.0/UDP 10.1.1.1:5066;rport;received=9.9.9.9;branch=z9hG4bKa").expect("good");
        via.write_seen_from(source, Transport::Udp, &mut out);
        assert_eq!(
            grammar::shown(&out),
            "SIP/2.0/UDP 10.1.1.1:5066;branch=z9hG4bKa;received=192.0.2.9;rport=4000"
        );
        assert_eq!(via.answer_to(source), source);
        let via = Via::parse(b"SIP/2.0/UDP 10.1.1.1:5066;branch=z9hG4bKa").expect("good");
        assert_eq!(via.answer_to(source), "192.0.2.9:5066".parse().expect("address"));
    }

    #[test]
    fn malformed_vias_are_refused() {
        for bad in [
            &b"SIP/2.0/UDP 192.0.2.15;;"[..],
            b"",
            b";",
            b"SIP/2.0 h",
            b"HTTP/2.0/UDP h",
            b"SIP/2.0/UDP h:99999",
        ] {
            assert!(Via::parse(bad).is_none(), "{}", grammar::shown(bad));
        }
    }
}
