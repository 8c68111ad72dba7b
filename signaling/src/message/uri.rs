//! SIP, SIPS and tel URIs (RFC 3261 section 19.1, RFC 3966).

use std::net::{IpAddr, SocketAddr};

use super::grammar;
use crate::io::Transport;

/// How a URI begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Sip,
    Sips,
    Tel,
    /// Well-formed, but none of ours: 416.
    Other,
}

/// A URI in its parts, all as spelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uri<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) user: Option<&'a [u8]>,
    pub(crate) host: &'a [u8],
    pub(crate) port: Option<u16>,
    pub(crate) params: &'a [u8],
}

impl<'a> Uri<'a> {
    /// Reads one; `None` when it is not a URI.
    pub(crate) fn parse(text: &'a [u8]) -> Option<Self> {
        if text.iter().any(|b| *b <= b' ' || matches!(b, 0x7f | b'<' | b'>' | b'"')) {
            return None;
        }
        let colon = text.iter().position(|b| *b == b':')?;
        let (scheme, rest) = (&text[..colon], &text[colon + 1..]);
        let scheme = match scheme {
            s if s.eq_ignore_ascii_case(b"sip") => Scheme::Sip,
            s if s.eq_ignore_ascii_case(b"sips") => Scheme::Sips,
            s if s.eq_ignore_ascii_case(b"tel") => Scheme::Tel,
            [first, more @ ..]
                if first.is_ascii_alphabetic()
                    && more.iter().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)) =>
            {
                Scheme::Other
            }
            _ => return None,
        };
        match scheme {
            Scheme::Sip | Scheme::Sips => Self::parse_sip(scheme, rest),
            Scheme::Tel => {
                let (number, params) = cut(rest, b';');
                (!number.is_empty()).then_some(Self {
                    scheme,
                    user: Some(number),
                    host: &[],
                    port: None,
                    params,
                })
            }
            Scheme::Other => Some(Self { scheme, user: None, host: &[], port: None, params: &[] }),
        }
    }

    fn parse_sip(scheme: Scheme, rest: &'a [u8]) -> Option<Self> {
        // The user part may hold `;` and `?`, the rest may not hold `@`: the last `@` ends it.
        let (user, rest) = match rest.iter().rposition(|b| *b == b'@') {
            Some(at) => (Some(cut(&rest[..at], b':').0), &rest[at + 1..]),
            None => (None, rest),
        };
        if user.is_some_and(<[u8]>::is_empty) {
            return None;
        }
        let (rest, _headers) = cut(rest, b'?');
        let (place, params) = cut(rest, b';');
        let (host, port) = host_port(place)?;
        Some(Self { scheme, user, host, port, params })
    }

    /// User part without escapes, for people and for comparisons.
    pub(crate) fn user_shown(&self) -> String {
        self.user.map(|user| grammar::shown(&grammar::unescape(user))).unwrap_or_default()
    }

    /// The address in it, when it is numeric.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        let default = if self.transport() == Some(Transport::Tls) { 5061 } else { 5060 };
        Some(SocketAddr::new(ip(self.host)?, self.port.unwrap_or(default)))
    }

    /// The transport that it asks for: UDP unless told otherwise; `None` when it is none of ours.
    pub(crate) fn transport(&self) -> Option<Transport> {
        match grammar::param(self.params, "transport").flatten() {
            // `transport=tcp` there means the stream inside TLS (RFC 3261 section 26.2.2).
            None | Some(b"tcp") if self.scheme == Scheme::Sips => Some(Transport::Tls),
            None => Some(Transport::Udp),
            Some(t) if t.eq_ignore_ascii_case(b"udp") => Some(Transport::Udp),
            Some(t) if t.eq_ignore_ascii_case(b"tcp") => Some(Transport::Tcp),
            Some(t) if t.eq_ignore_ascii_case(b"tls") => Some(Transport::Tls),
            Some(_) => None,
        }
    }

    /// Whether two URIs name the same contact (the parts of RFC 3261 section 19.1.4 that phones vary).
    pub(crate) fn same_contact(&self, other: &Uri<'_>) -> bool {
        let transport =
            |uri: &Uri<'_>| grammar::param(uri.params, "transport").flatten().map(<[u8]>::to_ascii_lowercase);
        self.scheme == other.scheme
            && self.user.map(grammar::unescape) == other.user.map(grammar::unescape)
            && self.host.eq_ignore_ascii_case(other.host)
            && self.port == other.port
            && transport(self) == transport(other)
    }
}

/// The address in a SIP URI whose host is numeric, with the default port where it names none.
#[must_use]
pub fn uri_address(uri: &str) -> Option<SocketAddr> {
    let uri = Uri::parse(uri.as_bytes())?;
    if matches!(uri.scheme, Scheme::Sip | Scheme::Sips) { uri.address() } else { None }
}

/// The host in a SIP URI, as spelled; `None` when it is none.
#[must_use]
pub fn uri_host(uri: &str) -> Option<String> {
    let uri = Uri::parse(uri.as_bytes())?;
    matches!(uri.scheme, Scheme::Sip | Scheme::Sips).then(|| grammar::shown(uri.host))
}

/// Splits at the first `at`; the second part keeps it.
fn cut(text: &[u8], at: u8) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|b| *b == at).unwrap_or(text.len()))
}

/// Host and port; the host keeps the brackets of an IPv6 reference.
pub(crate) fn host_port(text: &[u8]) -> Option<(&[u8], Option<u16>)> {
    let end = match text.first()? {
        b'[' => text.iter().position(|b| *b == b']')? + 1,
        _ => text.iter().position(|b| *b == b':').unwrap_or(text.len()),
    };
    let (host, rest) = text.split_at(end);
    let host = host.trim_ascii();
    let good = match host {
        [b'[', ..] => ip(host).is_some(),
        _ => !host.is_empty() && host.iter().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(b)),
    };
    let port = match rest.trim_ascii() {
        [] => None,
        [b':', digits @ ..] => Some(u16::try_from(grammar::number(digits.trim_ascii())?).ok()?),
        _ => return None,
    };
    good.then_some((host, port))
}

/// The address that a host spells, if it is numeric.
pub(crate) fn ip(host: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(host).ok()?;
    match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.parse().ok().map(IpAddr::V6),
        None => text.parse().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_may_hold_semicolons_and_escapes() {
        let uri = Uri::parse(b"sip:user;par=u%40example.net@example.com").expect("RFC 4475 3.1.1.9");
        assert_eq!(uri.user_shown(), "user;par=u@example.net");
        assert_eq!(uri.host, b"example.com");
        let odd = b"sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
        assert_eq!(
            Uri::parse(odd).expect("RFC 4475 3.1.1.2").user_shown(),
            "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
        );
    }

    #[test]
    fn addresses_are_read_from_numeric_hosts() {
        let uri = Uri::parse(b"sip:u@[2001:db8::9]:5070;transport=TCP;lr").expect("good");
        assert_eq!(uri.address(), "[2001:db8::9]:5070".parse().ok());
        assert_eq!(uri.transport(), Some(Transport::Tcp));
        let secure = Uri::parse(b"sips:u@192.0.2.1").expect("good");
        assert_eq!(
            (secure.transport(), secure.address()),
            (Some(Transport::Tls), "192.0.2.1:5061".parse().ok())
        );
        let web = Uri::parse(b"sip:k2d@df7jal23ls0d.invalid;transport=ws").expect("good");
        assert_eq!((web.transport(), web.address()), (None, None), "a WebSocket is never opened by us");
        assert_eq!(Uri::parse(b"sip:u@127.0.0.1").and_then(|u| u.address()), "127.0.0.1:5060".parse().ok());
        assert_eq!(Uri::parse(b"sip:u@example.com").and_then(|u| u.address()), None);
    }

    #[test]
    fn what_is_no_uri_is_refused() {
        for bad in [
            &b"<sip:user@example.com>"[..],
            b"sip:",
            b"sip:@h",
            b"sip:2001:db8::10",
            b"sip:[2001:db8:::1]",
            b"sip:u@h:99999",
            b"nothing",
            b"1x:y",
        ] {
            assert!(Uri::parse(bad).is_none(), "{}", grammar::shown(bad));
        }
        assert_eq!(Uri::parse(b"nobodyKnowsThisScheme:totallyopaque").map(|u| u.scheme), Some(Scheme::Other));
        assert_eq!(Uri::parse(b"soap.beep://192.0.2.103:3002").map(|u| u.scheme), Some(Scheme::Other));
    }
}
