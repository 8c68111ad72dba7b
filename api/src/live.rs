//! The live sockets: staff pages and programs (`staff`), the customer's chat (`visitor`).
//!
//! Promises: committed events arrive in order, none missing, none twice, also across lag and reconnection; memory per
//! socket is bounded (the broadcast channel is its queue, and who lags resumes from the record); a dead peer is noticed.

mod seam;
mod socket;
pub(crate) mod staff;
pub(crate) mod visitor;
pub(crate) mod wire;
