//! Every kind of step, sorted by name. A new one is a file here and a line in `NODES`.

mod agent;
mod answer;
mod ask;
mod business_hours;
mod callback;
mod collect;
mod condition;
mod consent;
mod dial;
mod early;
mod echo;
mod hangup;
mod language;
mod lookup;
mod lookup_person;
mod menu;
mod message;
mod play;
mod queue;
mod return_back;
mod ring;
mod say;
mod secure_collect;
mod set;
mod sub_flow;
mod survey;
mod transcribe;
mod transfer;
mod usual;
mod voicemail;
mod wait;
mod webhook;

use crate::node::Kind;

/// The kinds that a flow may use.
pub const NODES: &[Kind] = &[
    agent::KIND,
    answer::KIND,
    ask::KIND,
    business_hours::KIND,
    callback::KIND,
    collect::KIND,
    condition::KIND,
    consent::KIND,
    dial::KIND,
    early::KIND,
    echo::KIND,
    hangup::KIND,
    language::KIND,
    lookup::KIND,
    lookup_person::KIND,
    menu::KIND,
    message::KIND,
    play::KIND,
    queue::KIND,
    return_back::KIND,
    ring::KIND,
    say::KIND,
    secure_collect::KIND,
    set::KIND,
    sub_flow::KIND,
    survey::KIND,
    transcribe::KIND,
    transfer::KIND,
    voicemail::KIND,
    wait::KIND,
    webhook::KIND,
];

#[cfg(test)]
mod tests;
