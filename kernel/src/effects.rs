//! The core contract: what a core may know (`Context`) and how it answers (`Effects`).

use crate::{Rng, Time};

/// All that a core may know of the outside: the time and a source of chance.
pub struct Context<'a> {
    /// Now.
    pub now: Time,
    /// Chance, seeded by the driver.
    pub rng: &'a mut Rng,
}

/// Where a core puts its orders. They are carried out by the owner after `handle` returns, in order.
pub trait Effects<E> {
    /// Adds one order.
    fn emit(&mut self, effect: E);
}

impl<E> Effects<E> for Vec<E> {
    fn emit(&mut self, effect: E) {
        self.push(effect);
    }
}
