//! Words that every core shares: time, chance, effects, identities, faults, private values, limits.
//!
//! Promises: no I/O, no clock, no globals. A type lives here only when two cores need it.

mod effects;
mod fault;
pub mod hours;
mod ids;
mod lang;
pub mod limits;
mod pii;
mod rng;
mod time;
mod timers;

pub use effects::{Context, Effects};
pub use fault::Fault;
pub use ids::{AgentName, InteractionId, LegId, QueueName};
pub use lang::Lang;
pub use pii::{Pii, Secret};
pub use rng::Rng;
pub use time::Time;
pub use timers::Timers;
