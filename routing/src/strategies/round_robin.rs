//! In turn by name: the next after whoever was chosen last, and from the beginning again.

use super::{Order, Strategy};

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "round_robin",
    help: "each in turn, by name",
    help_zh: "按姓名轮流",
    rank: |_| (0, 0),
    order: Order::InTurn,
};
