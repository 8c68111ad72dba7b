//! The router: agents, queues, offers. One engine for calls and chats.
//!
//! Promises: pure; an agent never holds two exclusive offers; waiting work is in exactly one queue, ordered by
//! when it first entered; agent state is derived from what they hold; every offer carries its reason.
//! Leaves to others: legs and media (`interaction`), persistence (`store`).

mod io;

pub use io::{
    AgentSetup, AgentState, AgentStatus, In, Medium, OfferEnd, OfferReason, Out, QueueSetup, QueueStatus,
    Setup, SkillWish, Target, WaitingWork,
};
