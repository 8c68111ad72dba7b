//! The INVITE client transaction (RFC 3261 section 17.1.1 with RFC 6026): timers A, B, D, M.
//!
//! Promises: every refusal is acknowledged; a repeated 2xx gets its ACK again; a cancelled INVITE does not wait for ever.
//! Leaves to others: making the ACK to a 2xx (`dialog`).

use kernel::{Effects, Time};

use super::backoff::Backoff;
use super::{GIVE_UP, Step};
use crate::io::{Path, Transport};

/// The ACK to one 2xx. An INVITE that forked downstream has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acknowledgement {
    /// Tag of the one who answered.
    pub(crate) tag: Vec<u8>,
    /// Where it goes.
    pub(crate) path: Path,
    /// The whole ACK.
    pub(crate) bytes: Vec<u8>,
}

/// Forks beyond this are not remembered.
const FORKS: usize = 16;

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InviteClient {
    /// Nothing heard yet (timers A and B).
    Calling { request: Vec<u8>, resend: Option<Backoff>, until: Time },
    /// A provisional response came. After a CANCEL it gives up some time (RFC 3261 section 9.1).
    Proceeding { until: Option<Time> },
    /// Refused; repeats its ACK (timer D).
    Completed { ack: Vec<u8>, until: Time },
    /// Answered (timer M).
    Accepted { acks: Vec<Acknowledgement>, until: Time },
    /// Over.
    Terminated,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// 1xx.
    Provisional,
    /// 2xx from the one with this tag.
    Success { tag: &'a [u8] },
    /// 3xx–6xx, and the ACK to it.
    Failure { ack: Vec<u8> },
    /// The ACK to a 2xx was made and sent.
    Acknowledged(Acknowledgement),
    /// A CANCEL was sent.
    Cancelled,
    /// Time has passed.
    Elapsed,
}

impl InviteClient {
    /// A new one; the request is sent at once.
    pub(crate) fn begin(
        now: Time,
        transport: Transport,
        request: Vec<u8>,
        out: &mut dyn Effects<Step>,
    ) -> Self {
        out.emit(Step::Send(request.clone()));
        let resend = (transport == Transport::Udp).then(|| Backoff::doubling(now));
        Self::Calling { request, resend, until: now + GIVE_UP }
    }

    /// The next state.
    pub(crate) fn handle(
        self,
        now: Time,
        transport: Transport,
        event: Event<'_>,
        out: &mut dyn Effects<Step>,
    ) -> Self {
        match (self, event) {
            (Self::Calling { .. }, Event::Provisional) => {
                out.emit(Step::Deliver);
                Self::Proceeding { until: None }
            }
            (state @ Self::Proceeding { .. }, Event::Provisional) => {
                out.emit(Step::Deliver);
                state
            }
            (Self::Calling { .. } | Self::Proceeding { .. }, Event::Success { .. }) => {
                out.emit(Step::Deliver);
                Self::Accepted { acks: Vec::new(), until: now + GIVE_UP }
            }
            (Self::Calling { .. } | Self::Proceeding { .. }, Event::Failure { ack }) => {
                out.emit(Step::Send(ack.clone()));
                out.emit(Step::Deliver);
                match transport {
                    Transport::Udp => Self::Completed { ack, until: now + GIVE_UP },
                    Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => Self::Terminated,
                }
            }
            (Self::Proceeding { .. }, Event::Cancelled) => Self::Proceeding { until: Some(now + GIVE_UP) },
            (Self::Completed { ack, until }, Event::Failure { .. }) => {
                out.emit(Step::Send(ack.clone()));
                Self::Completed { ack, until }
            }
            (Self::Accepted { acks, until }, Event::Success { tag }) => {
                // A known tag is a repetition, which `repeated` answers; a new one is another fork.
                if !acks.iter().any(|a| a.tag == tag) && acks.len() < FORKS {
                    out.emit(Step::Deliver);
                }
                Self::Accepted { acks, until }
            }
            (Self::Accepted { mut acks, until }, Event::Acknowledged(ack)) => {
                acks.push(ack);
                Self::Accepted { acks, until }
            }
            (Self::Calling { request, resend, until }, Event::Elapsed) => {
                call(now, request, resend, until, out)
            }
            (Self::Proceeding { until: Some(until) }, Event::Elapsed) if until <= now => {
                out.emit(Step::TimedOut);
                Self::Terminated
            }
            (Self::Completed { until, .. } | Self::Accepted { until, .. }, Event::Elapsed)
                if until <= now =>
            {
                Self::Terminated
            }
            (state, _) => state,
        }
    }

    /// The ACK to repeat when a 2xx with this tag comes again; it has a path of its own.
    pub(crate) fn repeated(&self, tag: &[u8]) -> Option<&Acknowledgement> {
        match self {
            Self::Accepted { acks, .. } => acks.iter().find(|a| a.tag == tag),
            _ => None,
        }
    }

    /// Whether a CANCEL may be sent: after a provisional response only (RFC 3261 section 9.1).
    pub(crate) fn may_cancel(&self) -> bool {
        matches!(self, Self::Proceeding { until: None })
    }

    /// Whether nothing was heard yet.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self, Self::Calling { .. })
    }

    /// Whether nobody has answered finally yet.
    pub(crate) fn is_pending(&self) -> bool {
        matches!(self, Self::Calling { .. } | Self::Proceeding { .. })
    }

    /// When `Elapsed` is due.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        match self {
            Self::Calling { resend, until, .. } => Some(resend.map_or(*until, |r| r.at.min(*until))),
            Self::Proceeding { until } => *until,
            Self::Completed { until, .. } | Self::Accepted { until, .. } => Some(*until),
            Self::Terminated => None,
        }
    }
}

/// Timers B and A.
fn call(
    now: Time,
    request: Vec<u8>,
    resend: Option<Backoff>,
    until: Time,
    out: &mut dyn Effects<Step>,
) -> InviteClient {
    if until <= now {
        out.emit(Step::TimedOut);
        return InviteClient::Terminated;
    }
    let resend = resend.map(|timer| match timer.at <= now {
        true => {
            out.emit(Step::Send(request.clone()));
            timer.after(now)
        }
        false => timer,
    });
    InviteClient::Calling { request, resend, until }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(steps: &mut Vec<Step>) -> InviteClient {
        InviteClient::begin(Time::ZERO, Transport::Udp, vec![7], steps)
    }

    #[test]
    fn an_unanswered_invite_is_sent_seven_times_and_times_out_after_32_seconds() {
        let mut steps = Vec::new();
        let mut state = begin(&mut steps);
        while let Some(at) = state.next_timeout() {
            state = state.handle(at, Transport::Udp, Event::Elapsed, &mut steps);
        }
        assert_eq!(steps.iter().filter(|s| matches!(s, Step::Send(_))).count(), 7);
        assert_eq!(steps.last(), Some(&Step::TimedOut));
        assert_eq!(state, InviteClient::Terminated);
    }

    #[test]
    fn a_cancelled_invite_without_answer_gives_up() {
        let mut steps = Vec::new();
        let state = begin(&mut steps);
        assert!(!state.may_cancel());
        let state = state.handle(Time::ZERO, Transport::Udp, Event::Provisional, &mut steps);
        assert!(state.may_cancel() && state.next_timeout().is_none());
        let state = state.handle(Time::ZERO, Transport::Udp, Event::Cancelled, &mut steps);
        assert_eq!(state.next_timeout(), Some(Time::from_millis(32_000)));
    }

    #[test]
    fn every_refusal_that_comes_again_is_acknowledged_again() {
        let mut steps = Vec::new();
        let mut state = begin(&mut steps);
        for _ in 0..3 {
            state = state.handle(Time::ZERO, Transport::Udp, Event::Failure { ack: vec![9] }, &mut steps);
        }
        assert_eq!(steps.iter().filter(|s| **s == Step::Send(vec![9])).count(), 3);
        assert_eq!(steps.iter().filter(|s| **s == Step::Deliver).count(), 1);
    }
}
