//! The record: one `Store` trait, SQLite and PostgreSQL behind it, one conformance suite for both.
//!
//! Promises: a batch of changes is one transaction, on disk when `append` returns; events are numbered without gaps in the
//! order of commits; a message with a `dedupe` already recorded is not recorded twice.
//! Leaves to others: what the changes mean (`desk`), showing them (`api`).

mod backends;
mod codes;
pub mod conformance;
mod interface;
mod read;
mod record;
mod session;
mod sql_store;
mod writer;

pub use backends::{BACKENDS, Backend, open};
pub use interface::{
    Arrived, Audited, ConversationFilter, Credential, CustomerFilter, CustomerMerge, Event, FlowPassage,
    FlowStay, FoundKey, Gap, Happened, Kept, Mention, OpenVoicemail, Page, ReportFilter, ReportGroup,
    ReportQuery, ReportSums, SearchFilter, SearchHit, Store, StoreError, TicketFilter, User, UserRole,
};
