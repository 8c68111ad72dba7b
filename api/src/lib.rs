//! The HTTP face: REST under `/api/v1`, the live socket, OpenAPI, and the web pages inside the binary.
//!
//! Promises: every route is authorised in one place; every body is limited; every error names the field and what would be right.
//! Leaves to others: what commands mean (`Floor`, implemented by `gateway`), the record (`store`).

mod alerts;
mod auth;
mod error;
mod floor;
mod idempotency;
mod ladder;
mod library;
mod live;
mod observed;
mod openapi;
mod pages;
mod password;
mod quota;
mod reception;
mod record_day;
mod request;
mod router;
mod routes;
mod scopes;
mod shell;
mod state;
mod story;
mod studio;
mod throttle;
mod view;

pub use alerts::{alert_rules, alerts_now};
pub use floor::{
    AgentCommand, AgentMessage, BanNow, BanOrder, CallOpening, CallOrder, CallView, CallbackOrder,
    ChatOpening, DelayView, DeskGuard, Floor, Live, OfferView, OtherView, Posted, QualityView, RecordingFile,
    Refusal, TollNow, Transcription, TransferTarget, TrunkBoard, TrunkNow, WatchMode, WidgetLine,
};
pub use ladder::{LadderView, SipMessageView};
pub use observed::{ObservedBegun, ObservedCall, ObservedParty, ObservedSide, SoundIn};
pub use password::{hash_password, new_token, token_hash};
pub use reception::{Reception, Taken};
pub use record_day::{Guess, RecordedDay, day_begin, recorded_day};
pub use router::{openapi_json, router};
pub use routes::event_hooks::{event_body, trial_body};
pub use routes::ice::Turn;
pub use routes::probes::starting;
pub use state::{ApiConfig, ApiState, Clock};
pub use story::{StoryLine, story};
pub use studio::{FlowNow, Publication, Recording, Studio, TestNumber, TestWish, Unpublished};
pub use throttle::Rate;
