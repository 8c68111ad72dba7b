//! Whose fault an ending was. One class and one stable reason code on every ended leg, job and request.

use serde::{Deserialize, Serialize};

/// Who is to blame, so that one table can map to SIP status, HTTP status, log level and metric label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// Nobody: the normal end.
    None,
    /// The customer (left, pressed nonsense).
    Caller,
    /// The other device or server (bad message, no answer).
    Peer,
    /// A service we depend on.
    Upstream,
    /// We are full.
    Capacity,
    /// A defect of ours.
    Ours,
}
