//! The HTTP face: REST under `/api/v1`, the live socket, OpenAPI, and the web pages inside the binary.
//!
//! Promises: every route is authorised in one place; every body is limited; every error names the field and what would be right.
//! Leaves to others: what commands mean (`Floor`, implemented by `gateway`), the record (`store`).

mod auth;
mod error;
mod floor;
mod library;
mod live;
mod openapi;
mod pages;
mod password;
mod record_day;
mod request;
mod router;
mod routes;
mod shell;
mod state;
mod story;
mod studio;
mod throttle;
mod view;

pub use floor::{
    AgentCommand, CallView, CallbackOrder, ChatOpening, DeskGuard, Floor, Live, OfferView, OtherView, Posted,
    QualityView, RecordingFile, Refusal, TransferTarget, WatchMode, WidgetLine,
};
pub use password::{hash_password, new_token, token_hash};
pub use record_day::{Guess, customers_of_day, day_begin};
pub use router::{openapi_json, router};
pub use routes::ice::Turn;
pub use state::{ApiConfig, ApiState, Clock};
pub use story::{StoryLine, story};
pub use studio::{FlowNow, Publication, Recording, Studio, TestNumber, TestWish, Unpublished};
pub use throttle::Rate;
