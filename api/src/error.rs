//! The one shape of an error: `{"error": {"code", "message", "field"?}}`.
//!
//! Promises: stable codes; ours are logged once, here, and their particulars stay inside.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::TicketRefusal;
use desk::customer::CustomerRefusal;
use kernel::Fault;
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

use crate::Refusal;
use crate::view::EntryView;
use crate::view::flow::ProblemView;

/// Seconds after which a refused caller may try again, when nothing better is known.
const RETRY_SECONDS: u64 = 5;

/// An answer that says what was wrong.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: ErrorDetail,
    retry_seconds: Option<u64>,
}

/// What was wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorDetail {
    /// Stable code.
    pub code: &'static str,
    /// For people who write programs.
    pub message: String,
    /// The part of the request at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For `invalid_flow`: all that is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub problems: Vec<ProblemView>,
    /// For `stale`, of a line: what it says now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub line: Option<Box<EntryView>>,
}

/// Every error of the API.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorBody {
    /// What was wrong.
    pub error: ErrorDetail,
}

pub(crate) type Answer<T> = Result<T, ApiError>;

impl ApiError {
    /// An error with a stable code.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let body =
            ErrorDetail { code, message: message.into(), field: None, problems: Vec::new(), line: None };
        Self { status, body, retry_seconds: None }
    }

    /// A field or parameter that cannot be used: says which and what would be right.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message).at(field)
    }

    /// No usable credential.
    pub fn unauthorized() -> Self {
        let message = "sign in, or send `Authorization: Bearer` with an API key or session token";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// The role does not allow it.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// No such thing.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("no such {what}"))
    }

    /// Too many, too fast.
    pub fn throttled(seconds: u64) -> Self {
        let seconds = seconds.max(1);
        let message = format!("too many attempts; try again in {seconds} s");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", message).retry(seconds)
    }

    /// We have no room now.
    pub fn full(message: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "full", message).retry(RETRY_SECONDS)
    }

    /// A defect of ours: logged here, told without particulars.
    pub fn ours(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "api: request failed by a fault of ours");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something failed on our side; it was logged",
        )
    }

    /// Names the part of the request at fault.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.body.field = Some(field.into());
        self
    }

    /// Adds all that is wrong with a flow.
    pub fn because(mut self, problems: Vec<ProblemView>) -> Self {
        self.body.problems = problems;
        self
    }

    /// Adds what a line says now.
    pub fn now(mut self, line: EntryView) -> Self {
        self.body.line = Some(Box::new(line));
        self
    }

    /// When to come back.
    pub fn retry(mut self, seconds: u64) -> Self {
        self.retry_seconds = Some(seconds);
        self
    }

    /// What sockets send instead of a response.
    pub fn into_detail(self) -> ErrorDetail {
        self.body
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(ErrorBody { error: self.body })).into_response();
        if let Some(seconds) = self.retry_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.code {
            "not_found" => StatusCode::NOT_FOUND,
            "not_yours" => StatusCode::FORBIDDEN,
            "wrong_state" => StatusCode::CONFLICT,
            "bad_target" => StatusCode::UNPROCESSABLE_ENTITY,
            "bad_sdp" | "bad_address" => StatusCode::BAD_REQUEST,
            "gone" => StatusCode::GONE,
            "full" | "draining" => StatusCode::SERVICE_UNAVAILABLE,
            _ => status_of(refusal.fault),
        };
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            return Self::ours(&refusal);
        }
        let error = Self::new(status, refusal.code, refusal.message);
        match (status, refusal.code) {
            (StatusCode::SERVICE_UNAVAILABLE, _) => error.retry(RETRY_SECONDS),
            (_, "bad_sdp") => error.at("sdp"),
            (_, "bad_address") => error.at("address"),
            _ => error,
        }
    }
}

/// The HTTP side of the one table of faults.
fn status_of(fault: Fault) -> StatusCode {
    match fault {
        Fault::None | Fault::Caller => StatusCode::CONFLICT,
        Fault::Peer => StatusCode::BAD_REQUEST,
        Fault::Upstream | Fault::Capacity => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Ours => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::not_found(what),
            StoreError::Refused(refusal) => {
                let code = match refusal {
                    TicketRefusal::NoSuchWay { .. } => "no_such_way",
                    TicketRefusal::Stale { .. } => "stale",
                    TicketRefusal::Merged { .. } => "merged",
                    TicketRefusal::Itself => "itself",
                    TicketRefusal::OtherCustomer => "other_customer",
                };
                Self::new(StatusCode::CONFLICT, code, refusal.to_string()).at("state")
            }
            StoreError::CustomerRefused(refusal) => customer_refused(&refusal),
            StoreError::FlowRefused(refusal) => Self::new(StatusCode::CONFLICT, "stale", refusal.to_string()),
            stale @ StoreError::Stale { .. } => {
                Self::new(StatusCode::CONFLICT, "stale", stale.to_string()).at("revision")
            }
            StoreError::Bad(what) => Self::new(StatusCode::BAD_REQUEST, "bad_request", what),
            other => Self::ours(&other),
        }
    }
}

fn customer_refused(refusal: &CustomerRefusal) -> ApiError {
    let (status, code, field) = match refusal {
        CustomerRefusal::Stale { .. } => (StatusCode::CONFLICT, "customer_stale", "revision"),
        CustomerRefusal::Merged { .. } => (StatusCode::CONFLICT, "customer_merged", "id"),
        CustomerRefusal::Itself => (StatusCode::CONFLICT, "customer_itself", "other"),
        CustomerRefusal::AddressTaken { .. } => (StatusCode::CONFLICT, "address_taken", "add"),
        CustomerRefusal::BadAddress => (StatusCode::BAD_REQUEST, "no_address", "add"),
        CustomerRefusal::TooMany { what, .. } => (StatusCode::BAD_REQUEST, "customer_full", *what),
    };
    ApiError::new(status, code, refusal.to_string()).at(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_becomes_the_status_of_its_code_and_else_of_its_fault() {
        let status = |fault, code| {
            ApiError::from(Refusal { fault, code, message: "m".into() }).into_response().status().as_u16()
        };
        assert_eq!(status(Fault::Caller, "not_found"), 404);
        assert_eq!(status(Fault::Caller, "not_yours"), 403);
        assert_eq!(status(Fault::Caller, "wrong_state"), 409);
        assert_eq!(status(Fault::Peer, "bad_sdp"), 400);
        assert_eq!(status(Fault::Caller, "gone"), 410);
        assert_eq!(status(Fault::Capacity, "draining"), 503);
        assert_eq!(status(Fault::Caller, "novel"), 409);
        assert_eq!(status(Fault::Ours, "novel"), 500);
    }

    #[test]
    fn who_is_refused_for_want_of_room_is_told_when_to_come_back() {
        let refusal = Refusal { fault: Fault::Capacity, code: "full", message: "full".into() };
        assert!(ApiError::from(refusal).into_response().headers().contains_key(header::RETRY_AFTER));
        let response = ApiError::throttled(7).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
    }

    #[tokio::test]
    async fn a_database_error_keeps_its_particulars_inside() {
        let response = ApiError::from(StoreError::Database("secret.db locked".into())).into_response();
        let body = axum::body::to_bytes(response.into_body(), 4096).await.expect("a short body");
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
    }
}
