//! The non-INVITE client transaction (RFC 3261 section 17.1.2): timers E, F, K.

use kernel::{Effects, Time};

use super::backoff::Backoff;
use super::{GIVE_UP, Step, T4};
use crate::io::Transport;

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NonInviteClient {
    /// Not answered finally (timers E and F).
    Trying { request: Vec<u8>, resend: Option<Backoff>, until: Time },
    /// Answered; soaks up repeated answers (timer K).
    Completed { until: Time },
    /// Over.
    Terminated,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// 1xx.
    Provisional,
    /// A final response.
    Final,
    /// Time has passed.
    Elapsed,
}

impl NonInviteClient {
    /// A new one; the request is sent at once.
    pub(crate) fn begin(
        now: Time,
        transport: Transport,
        request: Vec<u8>,
        out: &mut dyn Effects<Step>,
    ) -> Self {
        out.emit(Step::Send(request.clone()));
        let resend = (transport == Transport::Udp).then(|| Backoff::to_t2(now));
        Self::Trying { request, resend, until: now + GIVE_UP }
    }

    /// The next state.
    pub(crate) fn handle(
        self,
        now: Time,
        transport: Transport,
        event: Event,
        out: &mut dyn Effects<Step>,
    ) -> Self {
        match (self, event) {
            (Self::Trying { request, resend, until }, Event::Provisional) => {
                Self::Trying { request, resend: resend.map(|r| r.slow(now)), until }
            }
            (Self::Trying { .. }, Event::Final) => {
                out.emit(Step::Deliver);
                match transport {
                    Transport::Udp => Self::Completed { until: now + T4 },
                    Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => Self::Terminated,
                }
            }
            (Self::Trying { request, resend, until }, Event::Elapsed) => {
                retry(now, request, resend, until, out)
            }
            (Self::Completed { until }, Event::Elapsed) if until <= now => Self::Terminated,
            (state, _) => state,
        }
    }

    /// When `Elapsed` is due.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        match self {
            Self::Trying { resend, until, .. } => Some(resend.map_or(*until, |r| r.at.min(*until))),
            Self::Completed { until } => Some(*until),
            Self::Terminated => None,
        }
    }
}

/// Timers F and E.
fn retry(
    now: Time,
    request: Vec<u8>,
    resend: Option<Backoff>,
    until: Time,
    out: &mut dyn Effects<Step>,
) -> NonInviteClient {
    if until <= now {
        out.emit(Step::TimedOut);
        return NonInviteClient::Terminated;
    }
    let resend = resend.map(|timer| match timer.at <= now {
        true => {
            out.emit(Step::Send(request.clone()));
            timer.after(now)
        }
        false => timer,
    });
    NonInviteClient::Trying { request, resend, until }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_repeated_up_to_every_four_seconds_and_given_up_after_32() {
        let mut steps = Vec::new();
        let mut state = NonInviteClient::begin(Time::ZERO, Transport::Udp, vec![1], &mut steps);
        let mut last = Time::ZERO;
        while let Some(at) = state.next_timeout() {
            last = at;
            state = state.handle(at, Transport::Udp, Event::Elapsed, &mut steps);
        }
        assert_eq!(last, Time::from_millis(32_000));
        assert_eq!(steps.iter().filter(|s| matches!(s, Step::Send(_))).count(), 11);
    }

    #[test]
    fn an_answer_stops_it() {
        let mut steps = Vec::new();
        let state = NonInviteClient::begin(Time::ZERO, Transport::Udp, vec![1], &mut steps);
        let state = state.handle(Time::ZERO, Transport::Udp, Event::Final, &mut steps);
        assert_eq!(state, NonInviteClient::Completed { until: Time::from_millis(5_000) });
    }
}
