//! Provisional responses of ours that are repeated until the caller acknowledges them (RFC 3262 section 3).
//!
//! Promises: one at a time; what may not overtake it waits here. Leaves to others: sending (`endpoint`).

use kernel::{Rng, Time};

use super::guard::Guard;
use crate::io::Path;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::request::{Request, lists};

/// What a caller that knows PRACK is owed.
#[derive(Clone, Debug)]
pub(crate) struct Reliable {
    /// It requires this of every provisional response; else only those with SDP are worth it.
    required: bool,
    /// CSeq number of the INVITE.
    cseq: u32,
    /// RSeq of the last one.
    last: u32,
    /// Sent, and not acknowledged.
    pub(crate) unacked: Option<Unacked>,
    /// What was ordered meanwhile.
    pub(crate) waiting: Option<Waiting>,
    /// Our answer was given and acknowledged: the first exchange is complete before the call is answered.
    pub(crate) settled: bool,
}

/// One that is not acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Unacked {
    pub(crate) guard: Guard,
    /// It carries our answer.
    pub(crate) described: bool,
}

/// What must not overtake it.
#[derive(Clone, Debug)]
pub(crate) enum Waiting {
    /// Another provisional response (section 3: not before the first is acknowledged).
    Progress(Option<Vec<u8>>),
    /// The 200, when our answer is still unacknowledged (section 5).
    Accept(Vec<u8>),
}

impl Reliable {
    /// What the caller wants, if it knows the extension at all.
    pub(crate) fn of(request: &Request<'_>, rng: &mut Rng) -> Option<Box<Self>> {
        let required = lists(request.message, Name::Require, "100rel");
        (required || lists(request.message, Name::Supported, "100rel")).then(|| {
            // Section 3: between 1 and 2^31 - 1; the lower half leaves room to count.
            let last = u32::try_from(rng.below(1 << 30)).unwrap_or(0);
            Box::new(Self {
                required,
                cseq: request.cseq,
                last,
                unacked: None,
                waiting: None,
                settled: false,
            })
        })
    }

    /// Whether a response goes out this way.
    pub(crate) const fn wants(&self, described: bool) -> bool {
        self.required || described
    }

    /// Counts the next one.
    pub(crate) fn next_seq(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    /// One was sent.
    pub(crate) fn sent(&mut self, now: Time, bytes: Vec<u8>, path: Path, described: bool) {
        self.unacked = Some(Unacked { guard: Guard::doubling(now, bytes, path, self.last), described });
    }

    /// Whether an answer of ours waits for its PRACK, so that the 200 must not be sent.
    pub(crate) fn holds_the_answer(&self) -> bool {
        self.unacked.as_ref().is_some_and(|unacked| unacked.described)
    }

    /// Whether a PRACK is about the one that waits for it.
    pub(crate) fn is_about(&self, request: &Request<'_>) -> bool {
        let waits = self.unacked.as_ref().map(|unacked| unacked.guard.number);
        rack(request).is_some_and(|(rseq, cseq)| waits == Some(rseq) && cseq == self.cseq)
    }

    /// The PRACK came.
    pub(crate) fn acknowledged(&mut self) -> Option<Waiting> {
        if let Some(unacked) = self.unacked.take() {
            self.settled |= unacked.described;
        }
        self.waiting.take()
    }
}

/// The numbers in RAck: RSeq and CSeq of an INVITE (section 7.2).
fn rack(request: &Request<'_>) -> Option<(u32, u32)> {
    let value = request.message.first(Name::RAck)?;
    let mut words = value.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty());
    let (rseq, cseq, method) = (words.next()?, words.next()?, words.next()?);
    let number = |text| u32::try_from(grammar::number(text)?).ok();
    (method == b"INVITE" && words.next().is_none()).then_some((number(rseq)?, number(cseq)?))
}
