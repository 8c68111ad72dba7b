//! SIP as pure state machines, and SDP.
//!
//! Promises: no sockets, no clock; every byte is hostile (limits from `kernel::limits`); nothing panics; what cannot
//! be served gets the right status, never silence; feeding the same inputs gives byte-equal outputs.
//! Leaves to others: sockets and framing of reads (`gateway::net`), media (`media`), meaning of a call (`interaction`).

pub mod carriers;
mod dialog;
mod endpoint;
mod events;
pub mod guard;
mod io;
pub mod ladder;
mod locate;
mod login;
mod message;
mod network;
mod registrar;
pub mod sdp;
mod transaction;

pub use endpoint::Endpoint;
pub use events::{Availability, CallDirection, CallStanding, Extension, ExtensionCall, Mailbox};
pub use io::{
    Account, Algorithm, Binding, Command, Connection, DialTarget, DialogId, EndCause, In, Incoming, Login,
    Network, Out, Parting, Path, Question, Record, RecordKind, Referral, Registration, Setup, Transport,
    Trunk, TrunkState,
};
pub use message::uri::{uri_address, uri_host};
