//! Flows: what a customer is led through before (and after) a person takes over.
//!
//! Promises: a flow is checked completely when it is read; the interpreter is pure and is fed what happened; a flow never
//! strands a caller. Leaves to others: playing and listening (`media`), queueing (`routing`), speech synthesis (`ivr/voice`).
//!
//! [`Flow::parse`] reads a file, [`Run`] leads one customer through it. Every kind of step is one file in `nodes/` and one
//! line in [`NODES`]; the language is described in docs/flows.md, which [`reference()`] writes. Editors see a flow as a
//! [`Sketch`] and change it by [`Edit`]s of its text.

mod address;
mod compile;
mod datum;
mod edit;
mod expr;
mod flow;
mod given;
mod import;
mod io;
mod json_path;
mod node;
mod nodes;
mod preview;
mod reference;
mod rehearsal;
mod run;
mod scene;
mod schema;
mod sketch;
mod source;
mod trial;
mod verbs;
mod wording;
mod words;
mod written;

pub use address::Template;
pub use datum::{Datum, Number, Type};
pub use edit::{Edit, EditError, edit, is_editable};
pub use expr::Expr;
pub use flow::Flow;
pub use given::Given;
pub use import::{Imported, import};
pub use io::{
    Acquaintance, Bit, Clip, Codecs, Fetched, FlowEnd, In, Known, Out, Problem, PromptText, Request, Shield,
    Spoken, Start, Tone, Wants,
};
pub use json_path::JsonPath;
pub use node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Retry, Takes, Url, Value};
pub use nodes::NODES;
pub use preview::Heard;
pub use reference::reference;
pub use rehearsal::{Conversation, Happened, Outcome, Rehearsal, conversations};
pub use run::{Run, UnknownEntry};
pub use scene::{Asking, Escape, Scene};
pub use schema::{KindSchema, ParamSchema, schema};
pub use sketch::{Fields, Leads, Sketch, SketchPart, Whose, Wrong};
pub use trial::{Moment, Move, Trial, What, try_out};
pub use wording::{Form, Part, Piece, Wording, plain};
pub use written::Written;
