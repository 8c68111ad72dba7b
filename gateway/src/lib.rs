//! The drivers of the process `voxdesk`: everything that touches sockets, threads, clocks and the disk.
//!
//! Promises: decides nothing a customer can notice except by failing; every queue is bounded (`limits`).
//! Leaves to others: what to do (the cores), the record (`store`), people's pages (`api`).

pub mod clock;
pub mod limits;
pub mod media_loop;
pub mod net;
pub mod stop;
pub mod webrtc;
