//! SIP messages as bytes: reading them without copying, and writing them.
//!
//! Promises: nothing panics on any input; every limit is one of `kernel::limits`; bytes that are not UTF-8 survive.
//! Leaves to others: what a message means (`transaction`, `dialog`, `endpoint`).

pub(crate) mod address;
pub(crate) mod body;
pub(crate) mod frame;
pub(crate) mod grammar;
pub(crate) mod header;
pub(crate) mod parse;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod status;
pub(crate) mod uri;
pub(crate) mod via;
pub(crate) mod write;
