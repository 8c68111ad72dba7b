//! Flows: what a customer is led through before (and after) a person takes over.
//!
//! Promises: a flow is checked completely when it is read; the interpreter is pure and is fed what happened; a flow never
//! strands a caller. Leaves to others: playing and listening (`media`), queueing (`routing`), speech synthesis (`ivr/voice`).

mod io;

pub use io::{Clip, Codecs, FlowEnd, In, Known, Out, Problem, PromptText, Start, Tone};
