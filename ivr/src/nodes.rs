//! Every kind of step, sorted by name. A new one is a file here and a line in `NODES`.

mod agent;
mod answer;
mod dial;
mod early;
mod echo;
mod hangup;
mod language;
mod menu;
mod play;
mod queue;
mod ring;
mod transcribe;
mod wait;

use crate::node::Kind;

/// The kinds that a flow may use.
pub const NODES: &[Kind] = &[
    agent::KIND,
    answer::KIND,
    dial::KIND,
    early::KIND,
    echo::KIND,
    hangup::KIND,
    language::KIND,
    menu::KIND,
    play::KIND,
    queue::KIND,
    ring::KIND,
    transcribe::KIND,
    wait::KIND,
];

#[cfg(test)]
mod tests;
