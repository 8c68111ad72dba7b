//! `name-addr` and `addr-spec` with their parameters: From, To, Contact, Route, Record-Route (RFC 3261 section 20.10).

use super::grammar;
use super::uri::Uri;

/// An address as it stands in a header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address<'a> {
    /// Display name: the inside of the quotes, or the tokens.
    pub(crate) display: &'a [u8],
    /// The URI as spelled.
    pub(crate) uri: &'a [u8],
    /// Header parameters, from the first `;`.
    pub(crate) params: &'a [u8],
}

impl<'a> Address<'a> {
    /// Reads one element of a header; `None` when it is malformed.
    pub(crate) fn parse(element: &'a [u8]) -> Option<Self> {
        let text = element.trim_ascii();
        let (display, rest) = match text.first()? {
            b'"' => {
                let close = grammar::closing_quote(text)?;
                let rest = text[close + 1..].trim_ascii_start();
                rest.starts_with(b"<").then_some((&text[1..close], rest))?
            }
            _ => match text.iter().position(|b| *b == b'<') {
                Some(open) => (text[..open].trim_ascii(), &text[open..]),
                None => (&text[..0], text),
            },
        };
        if display.contains(&b';') && !text.starts_with(b"\"") {
            return None;
        }
        let (uri, params) = match rest.strip_prefix(b"<") {
            Some(inner) => {
                let close = inner.iter().position(|b| *b == b'>')?;
                (&inner[..close], inner[close + 1..].trim_ascii())
            }
            // Without brackets the parameters belong to the header (RFC 3261 section 20).
            None => {
                let end = rest.iter().position(|b| *b == b';').unwrap_or(rest.len());
                (rest[..end].trim_ascii(), rest[end..].trim_ascii())
            }
        };
        let good = (params.is_empty() || params.starts_with(b";"))
            && (!params.contains(&b',') || params.contains(&b'"'));
        let address = Self { display, uri, params };
        (good && address.parsed().is_some()).then_some(address)
    }

    /// The URI in its parts.
    pub(crate) fn parsed(&self) -> Option<Uri<'a>> {
        Uri::parse(self.uri)
    }

    /// The `tag` parameter.
    pub(crate) fn tag(&self) -> Option<&'a [u8]> {
        self.param("tag").filter(|tag| !tag.is_empty())
    }

    /// The value of a header parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&'a [u8]> {
        grammar::param(self.params, name).flatten()
    }

    /// Display name without backslashes.
    pub(crate) fn display_shown(&self) -> Option<String> {
        (!self.display.is_empty()).then(|| grammar::shown(&grammar::unbackslash(self.display)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_may_be_quoted_tokens_or_absent() {
        let a = Address::parse(br#""J Rosenberg \\\""       <sip:jdrosen@example.com> ; tag = 98asjd8"#)
            .expect("RFC 4475 3.1.1.1");
        assert_eq!(a.display_shown().as_deref(), Some("J Rosenberg \\\""));
        assert_eq!((a.uri, a.tag()), (&b"sip:jdrosen@example.com"[..], Some(&b"98asjd8"[..])));
        let a =
            Address::parse(b"token1~` token2'+_ <sip:mundane@example.com>;p=\"a,b\";tag=_t").expect("tokens");
        assert_eq!((a.display_shown().as_deref(), a.tag()), (Some("token1~` token2'+_"), Some(&b"_t"[..])));
        let a = Address::parse(b"sip:caller@example.net;tag=1").expect("bare");
        assert_eq!(
            (a.uri, a.tag(), a.display_shown()),
            (&b"sip:caller@example.net"[..], Some(&b"1"[..]), None)
        );
    }

    #[test]
    fn malformed_addresses_are_refused() {
        for bad in [
            &br#""Mr. J. User <sip:j.user@example.com>"#[..],
            b"<sip:u@h",
            b"\"Watson\" < sip:t@h >",
            b"",
            b"<sip:u@h>, <sip:v@h>",
        ] {
            assert!(Address::parse(bad).is_none(), "{}", grammar::shown(bad));
        }
    }
}
