//! The non-INVITE server transaction (RFC 3261 section 17.2.2): timer J.

use kernel::{Effects, Time};

use super::{GIVE_UP, Step};
use crate::io::Transport;

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NonInviteServer {
    /// Not answered yet.
    Trying,
    /// Answered; repeats the answer when asked (timer J).
    Completed { reply: Vec<u8>, until: Time },
    /// Over.
    Terminated,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The request came again.
    Again,
    /// The final response is to be sent.
    Answer(Vec<u8>),
    /// Time has passed.
    Elapsed,
}

impl NonInviteServer {
    /// The next state.
    pub(crate) fn handle(
        self,
        now: Time,
        transport: Transport,
        event: Event,
        out: &mut dyn Effects<Step>,
    ) -> Self {
        match (self, event) {
            (Self::Trying, Event::Answer(reply)) => match transport {
                Transport::Udp => {
                    out.emit(Step::Send(reply.clone()));
                    Self::Completed { reply, until: now + GIVE_UP }
                }
                Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => {
                    out.emit(Step::Send(reply));
                    Self::Terminated
                }
            },
            (Self::Completed { reply, until }, Event::Again) => {
                out.emit(Step::Send(reply.clone()));
                Self::Completed { reply, until }
            }
            (Self::Completed { until, .. }, Event::Elapsed) if until <= now => Self::Terminated,
            (state, _) => state,
        }
    }

    /// When `Elapsed` is due.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        match self {
            Self::Completed { until, .. } => Some(*until),
            Self::Trying | Self::Terminated => None,
        }
    }
}
