//! Shares: an agent of weight 3 gets three offers where one of weight 1 gets one.
//!
//! Stride scheduling (Waldspurger 1995): whoever is least far along with their share comes next, so that shares hold over any
//! stretch of time and without chance.

use super::{Order, Strategy};

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "weighted",
    help: "each by their share (`weight`), then the longest idle",
    help_zh: "按份额（weight）分配，其次是空闲最久者",
    rank: |one| (one.turn, one.idle_since.as_nanos()),
    order: Order::First,
};
