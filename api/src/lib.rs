//! The HTTP face: REST under `/api/v1`, the live socket, OpenAPI, and the web pages inside the binary.
//!
//! Promises: every route is authorised in one place; every body is limited; every error names the field and what would be right.
//! Leaves to others: what commands mean (`Floor`, implemented by `gateway`), the record (`store`).

mod floor;

pub use floor::{
    AgentCommand, CallView, ChatOpening, DeskGuard, Floor, Live, OfferView, Posted, Refusal, WidgetLine,
};
