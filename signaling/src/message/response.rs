//! A response whose parts we need are right. Others are dropped: a response is never answered.

use super::address::Address;
use super::grammar;
use super::header::Name;
use super::parse::Message;
use super::request::{Method, read_cseq};
use super::via::Via;

/// A response in its parts.
#[derive(Clone, Debug)]
pub(crate) struct Response<'m> {
    pub(crate) message: &'m Message<'m>,
    pub(crate) status: u16,
    pub(crate) branch: &'m [u8],
    pub(crate) method: Method,
    pub(crate) to_text: &'m [u8],
    pub(crate) to: Address<'m>,
}

impl<'m> Response<'m> {
    /// Reads it; `None` when something is missing or malformed.
    pub(crate) fn read(message: &'m Message<'m>) -> Option<Self> {
        if message.problem.is_some() {
            return None;
        }
        let mut words = message.start.splitn(3, |b| *b == b' ');
        let (version, status) = (words.next()?, words.next()?);
        if !version.eq_ignore_ascii_case(b"SIP/2.0") || status.len() != 3 {
            return None;
        }
        let status = u16::try_from(grammar::number(status)?).ok().filter(|s| (100..700).contains(s))?;
        let via = Via::parse(message.list(Name::Via).next()?)?;
        let to_text = message.first(Name::To)?;
        let (_, method) = read_cseq(message.first(Name::CSeq)?)?;
        message.first(Name::From).and_then(Address::parse)?;
        message.first(Name::CallId)?;
        Some(Self {
            message,
            status,
            branch: via.branch()?,
            method: Method::of(method),
            to_text,
            to: Address::parse(to_text)?,
        })
    }
}
