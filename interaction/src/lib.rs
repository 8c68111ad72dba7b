//! One customer interaction — call, video, chat alike — as one machine with one owner.
//!
//! Here, and only here, the other cores meet: the flow's wishes become media and routing orders, the router's offers become
//! ringing legs, heard words become entries. Promises: pure; every ending is recorded with its reason; a customer is never
//! left without an owner, a sound, or a place in line. Leaves to others: sockets, SDP, threads, disk (`gateway`).

mod ending;
mod flow;
mod interaction;
mod io;
mod legs;
mod offers;
mod record;
mod speech;
mod talk;
mod transfer;
mod writing;

pub use interaction::Interaction;
pub use io::{
    AgentOrder, CallShow, CallState, Destination, DialTo, Handing, In, LegIn, LegOut, MediaOut, Opening, Out,
    Refused, Reply, Restored, RouterIn, Settings, Show, Timings,
};
