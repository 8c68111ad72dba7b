//! Stories over the cores on a virtual clock, and checks of the workspace itself. Real phones and browsers are in `e2e/`.

pub mod workspace;
