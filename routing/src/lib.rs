//! The router: agents, queues, offers. One engine for calls, chats, mail and tasks.
//!
//! Promises: pure; an agent never holds two offers nor more than their capacity; waiting work is in exactly one queue, ordered by
//! when it first arrived (and what its priority is worth); agent state is derived from what they hold; every offer and every
//! stretch of waiting carries its reason. Each decision costs at most the logarithm of the waiting and of the agents.
//! Leaves to others: legs and media (`interaction`), persistence (`store`).

mod agent;
mod class;
pub mod erlang;
mod flags;
mod history;
mod io;
mod medium;
mod picture;
mod queue;
mod queued;
mod ranks;
mod reason;
mod router;
mod setup;
pub mod simulation;
mod strategies;
pub mod what_if;
pub mod words;
mod work;

pub use io::{In, OfferEnd, Out, Sticky, Target, Wants, Wishes};
pub use medium::{Capacity, Interrupts, Medium};
pub use picture::{AgentState, AgentStatus, HeldWork, QueueStatus, WaitingWork};
pub use queued::{QUEUED, Queued};
pub use reason::{OfferReason, Span, Waiting};
pub use router::Router;
pub use setup::{AgentSetup, MOST_RINGS, Overflow, OverflowWhen, QueueSetup, Ring, Setup, SkillWish};
pub use strategies::{Candidate, DEFAULT_STRATEGY, Order, STRATEGIES, Strategy, strategy_names};
