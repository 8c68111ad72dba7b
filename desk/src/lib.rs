//! The desk: people, conversations, entries and tickets, whatever the channel.
//!
//! Promises: pure data and rules. What happened is a [`Change`]; the store appends changes and keeps
//! the pictures ([`Conversation`], [`Ticket`], [`Person`]) that people read.
//! Leaves to others: persistence (`store`), transport (`api`), routing (`routing`).

pub mod address;
pub mod alerts;
pub mod api_keys;
mod change;
pub mod channels;
mod conversation;
pub mod correction;
pub mod crm;
pub mod customer;
pub mod delivery;
mod difference;
pub mod event_hooks;
pub mod export;
pub mod files;
mod flow;
pub mod hours;
pub mod identity;
pub mod imports;
pub mod knowledge;
pub mod mention;
mod person;
mod picture;
pub mod reports;
pub mod search;
pub mod sla;
mod subject;
mod ticket;

pub use change::Change;
pub use conversation::{
    Channel, Conversation, ConversationState, Entry, EntryKind, Leg, NewEntry, Speaker, TextPreview,
};
pub use difference::{LineChange, LineFate, difference};
pub use flow::{FlowDraft, FlowOrigin, FlowRefusal, FlowVersion, NOTE_CHARS, TEST_NUMBER, is_test_number};
pub use person::Person;
pub use subject::subject;
pub use ticket::{
    Mover, Priority, Relation, RelationStep, Ticket, TicketEdit, TicketMove, TicketRefusal, TicketRelation,
    TicketState,
};

/// Wall-clock milliseconds since 1970 (UTC). Records carry wall time; cores are told it.
pub type WallMillis = i64;
