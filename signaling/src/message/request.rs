//! A request whose mandatory headers are right (RFC 3261 section 8.1.1), or the status that says what is wrong.

use super::address::Address;
use super::grammar;
use super::header::Name;
use super::parse::Message;
use super::uri::Uri;
use super::via::Via;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Register,
    Info,
    Prack,
    Refer,
    Subscribe,
    Notify,
    Update,
    /// Of a published extension that we do not serve: 405.
    Foreign,
    /// Of nobody we know: 501.
    Unknown,
}

impl Method {
    /// Methods are case-sensitive (RFC 3261 section 7.1).
    pub(crate) fn of(name: &[u8]) -> Self {
        match name {
            b"INVITE" => Method::Invite,
            b"ACK" => Method::Ack,
            b"BYE" => Method::Bye,
            b"CANCEL" => Method::Cancel,
            b"OPTIONS" => Method::Options,
            b"REGISTER" => Method::Register,
            b"INFO" => Method::Info,
            b"PRACK" => Method::Prack,
            b"REFER" => Method::Refer,
            b"UPDATE" => Method::Update,
            b"SUBSCRIBE" => Method::Subscribe,
            b"NOTIFY" => Method::Notify,
            b"MESSAGE" | b"PUBLISH" => Method::Foreign,
            _ => Method::Unknown,
        }
    }
}

/// The methods that we serve, for Allow.
pub(crate) const ALLOW: &str =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, REGISTER, SUBSCRIBE, NOTIFY";

/// A request in its parts.
#[derive(Clone, Debug)]
pub(crate) struct Request<'m> {
    pub(crate) message: &'m Message<'m>,
    pub(crate) method: Method,
    pub(crate) uri_text: &'m [u8],
    pub(crate) uri: Uri<'m>,
    pub(crate) via: Via<'m>,
    pub(crate) from: Address<'m>,
    pub(crate) to: Address<'m>,
    pub(crate) call_id: &'m [u8],
    pub(crate) cseq: u32,
    pub(crate) max_forwards: u8,
}

/// Why a request is refused before anybody looks at what it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) why: &'static str,
}

const fn bad(why: &'static str) -> Refusal {
    Refusal { status: 400, why }
}

impl<'m> Request<'m> {
    /// Reads the mandatory parts.
    pub(crate) fn read(message: &'m Message<'m>) -> Result<Self, Refusal> {
        let mut words = message.start.split(|b| *b == b' ');
        let (Some(name), Some(uri_text), Some(version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(bad("the first line is not METHOD URI SIP/2.0"));
        };
        if !version.eq_ignore_ascii_case(b"SIP/2.0") {
            let other = version.get(..4).is_some_and(|v| v.eq_ignore_ascii_case(b"SIP/"));
            return Err(if other {
                Refusal { status: 505, why: "only SIP/2.0 is spoken here" }
            } else {
                bad("no SIP version in the first line")
            });
        }
        if !grammar::is_token(name) {
            return Err(bad("method is not a token"));
        }
        if let Some(problem) = message.problem {
            return Err(bad(problem));
        }
        let via =
            message.list(Name::Via).next().and_then(Via::parse).ok_or(bad("Via is missing or malformed"))?;
        if message.list(Name::Via).any(|v| Via::parse(v).is_none()) {
            return Err(bad("Via is malformed"));
        }
        let from = Address::parse(only(message, Name::From, "From is missing or doubled")?)
            .ok_or(bad("From is malformed"))?;
        let to = Address::parse(only(message, Name::To, "To is missing or doubled")?)
            .ok_or(bad("To is malformed"))?;
        let call_id = only(message, Name::CallId, "Call-ID is missing or doubled")?;
        let (cseq, cseq_method) = read_cseq(only(message, Name::CSeq, "CSeq is missing or doubled")?)
            .ok_or(bad("CSeq is malformed"))?;
        if cseq_method != name {
            return Err(bad("CSeq names another method"));
        }
        if call_id.is_empty() || call_id.iter().any(u8::is_ascii_whitespace) {
            return Err(bad("Call-ID is malformed"));
        }
        let uri = Uri::parse(uri_text).ok_or(bad("Request-URI is malformed"))?;
        let max_forwards = read_max_forwards(message)?;
        Ok(Self {
            message,
            method: Method::of(name),
            uri_text,
            uri,
            via,
            from,
            to,
            call_id,
            cseq,
            max_forwards,
        })
    }
}

fn only<'m>(message: &'m Message<'m>, name: Name, why: &'static str) -> Result<&'m [u8], Refusal> {
    let mut all = message.all(name);
    match (all.next(), all.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(bad(why)),
    }
}

/// Number (below 2^31) and method.
pub(crate) fn read_cseq(value: &[u8]) -> Option<(u32, &[u8])> {
    let end = value.iter().position(u8::is_ascii_whitespace)?;
    let n = u32::try_from(grammar::number(&value[..end])?).ok().filter(|n| *n < 1 << 31)?;
    Some((n, value[end..].trim_ascii()))
}

/// Whether a message lists an option tag (or method) under a name.
pub(crate) fn lists(message: &Message<'_>, name: Name, tag: &str) -> bool {
    message.list(name).any(|t| t.eq_ignore_ascii_case(tag.as_bytes()))
}

/// 70 where there is none: old clients leave it out (RFC 3261 section 16.3).
fn read_max_forwards(message: &Message<'_>) -> Result<u8, Refusal> {
    let mut all = message.all(Name::MaxForwards);
    match (all.next(), all.next()) {
        (None, _) => Ok(70),
        (Some(value), None) => grammar::number(value)
            .and_then(|n| u8::try_from(n).ok())
            .ok_or(bad("Max-Forwards is not a number below 256")),
        _ => Err(bad("Max-Forwards is doubled")),
    }
}
