//! The router: agents, queues, offers. One engine for calls and chats.
//!
//! Promises: pure; an agent never holds two exclusive offers; waiting work is in exactly one queue, ordered by
//! when it first entered; agent state is derived from what they hold; every offer carries its reason.
//! Leaves to others: legs and media (`interaction`), persistence (`store`).

mod agent;
mod io;
mod queue;
mod router;
mod strategies;

pub use io::{
    AgentSetup, AgentState, AgentStatus, In, Medium, OfferEnd, OfferReason, Out, QueueSetup, QueueStatus,
    Setup, SkillWish, Target, WaitingWork,
};
pub use router::Router;
pub use strategies::{Candidate, DEFAULT_STRATEGY, STRATEGIES, Strategy, strategy_names};
