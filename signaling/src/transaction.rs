//! Transactions (RFC 3261 section 17, RFC 6026): one state machine a file, each a state by value.
//!
//! Promises: a transaction knows bytes and times, nothing of dialogs; what it decides leaves as `Step`s.
//! Leaves to others: which message belongs to which transaction (`endpoint`).

pub(crate) mod backoff;
pub(crate) mod invite_client;
pub(crate) mod invite_server;
pub(crate) mod key;
pub(crate) mod non_invite_client;
pub(crate) mod non_invite_server;

use std::time::Duration;

/// Round-trip estimate (RFC 3261 section 17.1.1.1).
pub(crate) const T1: Duration = Duration::from_millis(500);
/// Longest pause between retransmissions.
pub(crate) const T2: Duration = Duration::from_secs(4);
/// How long a message may live in the network.
pub(crate) const T4: Duration = Duration::from_secs(5);
/// Timers B, F, H, J, L, M: 64*T1.
pub(crate) const GIVE_UP: Duration = Duration::from_secs(32);

/// What a transaction wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send this where the transaction's messages go.
    Send(Vec<u8>),
    /// Pass the message that came to the transaction's user.
    Deliver,
    /// Nobody answered in time.
    TimedOut,
}
