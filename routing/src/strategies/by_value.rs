//! The value that a lookup gave each agent for this customer (a CRM's account team, a prediction); without one, the best skill.

use super::{Order, Strategy, by_level};

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "by_value",
    help: "the highest score that a lookup of the flow gave, then the best in the skill",
    help_zh: "按流程查询所得的分数从高到低，其次是技能等级最高者",
    rank: |one| (by_level(one), one.idle_since.as_nanos()),
    order: Order::Scored,
};
