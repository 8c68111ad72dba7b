//! Everybody who could take it is rung; the first to answer has it.

use super::{Order, Strategy, by_level};

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "ring_all",
    help: "up to ten at once, the best and longest idle; the first to answer has it",
    help_zh: "同时振铃，最多十人，先接者得",
    rank: |one| (by_level(one), one.idle_since.as_nanos()),
    order: Order::All,
};
