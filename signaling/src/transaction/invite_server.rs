//! The INVITE server transaction (RFC 3261 section 17.2.1 with RFC 6026): timers G, H, I, L.
//!
//! Promises: a retransmitted INVITE never reaches the user; a refusal is repeated until its ACK comes.
//! Leaves to others: the 2xx and its repetition, which belong to the dialog.

use kernel::{Effects, Time};

use super::backoff::Backoff;
use super::{GIVE_UP, Step, T4};
use crate::io::Transport;

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InviteServer {
    /// No final response yet; the last provisional answers a retransmission.
    Proceeding { reply: Vec<u8> },
    /// Refused; waits for the ACK.
    Completed { reply: Vec<u8>, resend: Option<Backoff>, until: Time },
    /// Refused and acknowledged; soaks up late ACKs (timer I).
    Confirmed { until: Time },
    /// Accepted; soaks up late INVITEs (timer L).
    Accepted { until: Time },
    /// Over.
    Terminated,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The INVITE came again.
    Again,
    /// A provisional response is to be sent.
    Progress(Vec<u8>),
    /// A 3xx–6xx is to be sent.
    Refuse(Vec<u8>),
    /// A 2xx is to be sent.
    Accept(Vec<u8>),
    /// Its ACK came.
    Acknowledged,
    /// Time has passed.
    Elapsed,
}

impl InviteServer {
    /// A new one, with the response that is sent at once.
    pub(crate) fn begin(trying: Vec<u8>, out: &mut dyn Effects<Step>) -> Self {
        out.emit(Step::Send(trying.clone()));
        Self::Proceeding { reply: trying }
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
            (state @ Self::Proceeding { .. }, Event::Again) => {
                if let Self::Proceeding { reply } = &state {
                    out.emit(Step::Send(reply.clone()));
                }
                state
            }
            (Self::Proceeding { .. }, Event::Progress(reply)) => {
                out.emit(Step::Send(reply.clone()));
                Self::Proceeding { reply }
            }
            (Self::Proceeding { .. }, Event::Refuse(reply)) => {
                out.emit(Step::Send(reply.clone()));
                let resend = (transport == Transport::Udp).then(|| Backoff::to_t2(now));
                Self::Completed { reply, resend, until: now + GIVE_UP }
            }
            (Self::Proceeding { .. }, Event::Accept(reply)) => {
                out.emit(Step::Send(reply));
                Self::Accepted { until: now + GIVE_UP }
            }
            (Self::Completed { reply, resend, until }, Event::Again) => {
                out.emit(Step::Send(reply.clone()));
                Self::Completed { reply, resend, until }
            }
            (Self::Completed { .. }, Event::Acknowledged) => match transport {
                Transport::Udp => Self::Confirmed { until: now + T4 },
                Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => Self::Terminated,
            },
            (Self::Completed { reply, resend, until }, Event::Elapsed) => {
                complete(now, reply, resend, until, out)
            }
            (Self::Confirmed { until } | Self::Accepted { until }, Event::Elapsed) if until <= now => {
                Self::Terminated
            }
            (state, _) => state,
        }
    }

    /// When `Elapsed` is due.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        match self {
            Self::Proceeding { .. } | Self::Terminated => None,
            Self::Completed { resend, until, .. } => Some(resend.map_or(*until, |r| r.at.min(*until))),
            Self::Confirmed { until } | Self::Accepted { until } => Some(*until),
        }
    }
}

/// Timers H and G.
fn complete(
    now: Time,
    reply: Vec<u8>,
    resend: Option<Backoff>,
    until: Time,
    out: &mut dyn Effects<Step>,
) -> InviteServer {
    if until <= now {
        return InviteServer::Terminated;
    }
    let resend = resend.map(|timer| match timer.at <= now {
        true => {
            out.emit(Step::Send(reply.clone()));
            timer.after(now)
        }
        false => timer,
    });
    InviteServer::Completed { reply, resend, until }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(state: InviteServer, now: u64, event: Event) -> (InviteServer, usize) {
        let mut steps = Vec::new();
        let next = state.handle(Time::from_millis(now), Transport::Udp, event, &mut steps);
        (next, steps.len())
    }

    #[test]
    fn a_refusal_is_repeated_until_its_ack_and_no_longer() {
        let (mut state, sent) = run(InviteServer::Proceeding { reply: vec![1] }, 0, Event::Refuse(vec![4]));
        assert_eq!(sent, 1);
        for at in [500, 1500, 3500, 7500, 11500] {
            assert_eq!(state.next_timeout(), Some(Time::from_millis(at)));
            let (next, sent) = run(state, at, Event::Elapsed);
            assert_eq!(sent, 1);
            state = next;
        }
        let (state, _) = run(state, 12_000, Event::Acknowledged);
        assert_eq!(run(state.clone(), 12_500, Event::Again).1, 0);
        assert_eq!(run(state, 17_000, Event::Elapsed), (InviteServer::Terminated, 0));
    }

    #[test]
    fn an_accepted_invite_is_not_answered_twice_by_the_transaction() {
        let (state, sent) = run(InviteServer::Proceeding { reply: vec![1] }, 0, Event::Accept(vec![2]));
        assert_eq!(sent, 1);
        assert_eq!(run(state.clone(), 100, Event::Again).1, 0);
        assert_eq!(run(state, 32_000, Event::Elapsed).0, InviteServer::Terminated);
    }
}
