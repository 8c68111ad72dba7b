//! Header names: the ones we act upon, with their compact forms (RFC 3261 section 7.3.3).

/// A header that the engine acts upon, or any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Accept,
    Allow,
    AssertedIdentity,
    Authorization,
    CallId,
    Contact,
    ContentEncoding,
    ContentLength,
    ContentType,
    CSeq,
    /// `P-Charging-…`, `P-Access-Network-Info`: for trusted peers to pass on (RFC 7315).
    Charging,
    Date,
    Event,
    Expires,
    From,
    Identity,
    MaxForwards,
    MinSe,
    Path,
    Privacy,
    ProxyAuthenticate,
    RAck,
    RSeq,
    Reason,
    RecordRoute,
    ReferSub,
    ReferTo,
    ReferredBy,
    Replaces,
    Require,
    RetryAfter,
    SessionExpires,
    Supported,
    Timestamp,
    To,
    Via,
    WwwAuthenticate,
    MinExpires,
    /// `X-…` and `User-to-User`: passed to the owner as they came.
    Extra,
    Other,
}

impl Name {
    /// The name that `raw` spells, in any case and in compact form.
    pub(crate) fn of(raw: &[u8]) -> Self {
        let is = |name: &str| raw.eq_ignore_ascii_case(name.as_bytes());
        match raw.len() {
            1 => match raw[0].to_ascii_lowercase() {
                b'c' => Name::ContentType,
                b'e' => Name::ContentEncoding,
                b'b' => Name::ReferredBy,
                b'f' => Name::From,
                b'i' => Name::CallId,
                b'l' => Name::ContentLength,
                b'k' => Name::Supported,
                b'm' => Name::Contact,
                b'o' => Name::Event,
                b'r' => Name::ReferTo,
                b't' => Name::To,
                b'v' => Name::Via,
                b'x' => Name::SessionExpires,
                b'y' => Name::Identity,
                _ => Name::Other,
            },
            2 if is("To") => Name::To,
            3 if is("Via") => Name::Via,
            4 if is("From") => Name::From,
            4 if is("CSeq") => Name::CSeq,
            4 if is("Date") => Name::Date,
            4 if is("Path") => Name::Path,
            4 if is("RAck") => Name::RAck,
            4 if is("RSeq") => Name::RSeq,
            5 if is("Allow") => Name::Allow,
            5 if is("Event") => Name::Event,
            6 if is("Accept") => Name::Accept,
            6 if is("Reason") => Name::Reason,
            6 if is("Min-SE") => Name::MinSe,
            7 if is("Call-ID") => Name::CallId,
            7 if is("Contact") => Name::Contact,
            7 if is("Require") => Name::Require,
            7 if is("Expires") => Name::Expires,
            7 if is("Privacy") => Name::Privacy,
            8 if is("Identity") => Name::Identity,
            8 if is("Refer-To") => Name::ReferTo,
            8 if is("Replaces") => Name::Replaces,
            9 if is("Supported") => Name::Supported,
            9 if is("Refer-Sub") => Name::ReferSub,
            9 if is("Timestamp") => Name::Timestamp,
            11 if is("Min-Expires") => Name::MinExpires,
            11 if is("Retry-After") => Name::RetryAfter,
            11 if is("Referred-By") => Name::ReferredBy,
            12 if is("Max-Forwards") => Name::MaxForwards,
            12 if is("Content-Type") => Name::ContentType,
            12 if is("Record-Route") => Name::RecordRoute,
            12 if is("User-to-User") => Name::Extra,
            13 if is("Authorization") => Name::Authorization,
            14 if is("Content-Length") => Name::ContentLength,
            15 if is("Session-Expires") => Name::SessionExpires,
            16 if is("WWW-Authenticate") => Name::WwwAuthenticate,
            18 if is("Proxy-Authenticate") => Name::ProxyAuthenticate,
            16 if is("Content-Encoding") => Name::ContentEncoding,
            17 if is("P-Charging-Vector") => Name::Charging,
            21 if is("P-Access-Network-Info") => Name::Charging,
            29 if is("P-Charging-Function-Addresses") => Name::Charging,
            19 if is("P-Asserted-Identity") => Name::AssertedIdentity,
            _ if raw.len() > 2 && raw[..2].eq_ignore_ascii_case(b"X-") => Name::Extra,
            _ => Name::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_in_any_case_and_compact_form() {
        assert_eq!(Name::of(b"TO"), Name::To);
        assert_eq!(Name::of(b"v"), Name::Via);
        assert_eq!(Name::of(b"CALL-id"), Name::CallId);
        assert_eq!(Name::of(b"x-account"), Name::Extra);
        assert_eq!((Name::of(b"X"), Name::of(b"k")), (Name::SessionExpires, Name::Supported));
        assert_eq!((Name::of(b"b"), Name::of(b"r")), (Name::ReferredBy, Name::ReferTo));
        assert_eq!(Name::of(b"NewFangledHeader"), Name::Other);
    }
}
