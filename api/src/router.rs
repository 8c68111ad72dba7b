//! All routes and the layers around them.

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};
use kernel::limits::JSON_BYTES;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::guard;
use crate::error::ApiError;
use crate::idempotency::once;
use crate::live::{staff, visitor};
use crate::openapi::{self, Frame};
use crate::routes::{
    api_keys, app, asr, bans, callbacks, calls, conversations, customers, event_hooks, files, floor, flows,
    hooks, ice, imports, knowledge, ladder, lines, macros, mentions, observed, outbound, probes, recordings,
    reports, search, sessions, settings, story, tickets, what_if, widget,
};
use crate::state::{ApiState, App, Shared};
use crate::{pages, shell};

/// The whole HTTP face. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that throttles know
/// one caller from another.
pub fn router(state: ApiState) -> Router {
    let (staff, mut document) = staff_routes().split_for_parts();
    let (open, more) = open_routes().split_for_parts();
    let (customers, yet_more) = customer_routes().split_for_parts();
    document.merge(more);
    document.merge(yet_more);
    let app = Shared::new(state, openapi::text(&document));
    let api = staff
        .route_layer(from_fn_with_state(app.clone(), once))
        .route_layer(from_fn_with_state(app.clone(), guard))
        .merge(open)
        // The fallback first: set on the whole, it would stand outside the layer, and preflights with it.
        .merge(
            customers
                .method_not_allowed_fallback(method_not_allowed)
                .layer(from_fn(shell::open_to_other_sites)),
        )
        .route("/api/openapi.json", routing::get(document_route))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(shell::never_cached));
    api.route("/hooks/{name}", routing::get(hooks::hook).post(hooks::hook))
        .route("/healthz", routing::get(probes::healthz))
        .route("/readyz", routing::get(probes::readyz))
        .fallback(elsewhere)
        .layer(DefaultBodyLimit::max(JSON_BYTES))
        .layer(from_fn(shell::panics_end_one_request))
        .layer(CompressionLayer::new())
        .layer(from_fn(shell::secured))
        .with_state(app)
}

/// The OpenAPI document, as `/api/openapi.json` serves it.
#[must_use]
pub fn openapi_json() -> String {
    let (_, mut document) = staff_routes().split_for_parts();
    document.merge(open_routes().into_openapi());
    document.merge(customer_routes().into_openapi());
    openapi::text(&document)
}

/// Routes behind the guard. A new resource: its file in `routes/`, its lines here.
fn staff_routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Frame::openapi())
        .routes(routes!(api_keys::list, api_keys::make))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(asr::transcription))
        .routes(routes!(bans::list, bans::put))
        .routes(routes!(bans::lift))
        .routes(routes!(observed::audio))
        .routes(routes!(observed::open))
        .routes(routes!(outbound::place))
        .routes(routes!(outbound::trunks))
        .routes(routes!(callbacks::change))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::one))
        .routes(routes!(conversations::transcript))
        .routes(routes!(conversations::command))
        .routes(routes!(conversations::media))
        .routes(routes!(conversations::watch))
        .routes(routes!(conversations::write))
        .routes(routes!(conversations::send_again))
        .routes(routes!(customers::changes))
        .routes(routes!(customers::list))
        .routes(routes!(customers::merge))
        .routes(routes!(customers::one, customers::change))
        .routes(routes!(customers::setup))
        .routes(routes!(customers::split))
        .routes(routes!(event_hooks::list, event_hooks::make))
        .routes(routes!(event_hooks::change, event_hooks::remove))
        .routes(routes!(event_hooks::deliveries))
        .routes(routes!(event_hooks::new_secret))
        .routes(routes!(event_hooks::replay))
        .routes(routes!(event_hooks::test))
        .routes(routes!(lines::correct))
        .routes(routes!(lines::history))
        .routes(routes!(files::file))
        .merge(files::uploads())
        .routes(routes!(ladder::capture))
        .routes(routes!(ladder::messages))
        .routes(routes!(recordings::recording))
        .routes(routes!(floor::agents))
        .routes(routes!(floor::alerts))
        .routes(routes!(floor::holding))
        .routes(routes!(floor::queues))
        .routes(routes!(floor::ready))
        .merge(flows::routes())
        .routes(routes!(ice::servers))
        .merge(imports::files())
        .routes(routes!(floor::reset))
        .routes(routes!(story::story))
        .routes(routes!(sessions::who_am_i, sessions::change, sessions::sign_out))
        .routes(routes!(knowledge::gaps))
        .routes(routes!(knowledge::import))
        .routes(routes!(knowledge::list))
        .routes(routes!(knowledge::one, knowledge::save))
        .routes(routes!(knowledge::search))
        .routes(routes!(knowledge::suggest))
        .routes(routes!(knowledge::vote))
        .routes(routes!(macros::apply))
        .routes(routes!(mentions::list))
        .routes(routes!(mentions::seen))
        .routes(routes!(reports::csv))
        .routes(routes!(reports::knowledge))
        .routes(routes!(reports::list))
        .routes(routes!(reports::one))
        .routes(routes!(reports::rows))
        .routes(routes!(search::search))
        .routes(routes!(settings::audit))
        .routes(routes!(settings::one, settings::change))
        .routes(routes!(tickets::list, tickets::open))
        .routes(routes!(tickets::merge))
        .routes(routes!(tickets::note))
        .routes(routes!(tickets::relate))
        .routes(routes!(tickets::one, tickets::change))
        .routes(routes!(what_if::what_if))
}

/// Routes that authorise by themselves: signing in, and the socket, which may do so in its first message.
fn open_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(sessions::sign_in)).routes(routes!(staff::events))
}

/// Routes of customers, authorised by the token of their chat.
fn customer_routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(app::lines, app::write))
        .routes(routes!(app::session))
        .routes(routes!(calls::media))
        .routes(routes!(calls::open))
        .routes(routes!(visitor::events))
        .routes(routes!(files::of_chat))
        .routes(routes!(files::upload_to_chat))
        .routes(routes!(widget::leave))
        .routes(routes!(widget::lines))
        .routes(routes!(widget::open))
        .routes(routes!(widget::typing))
        .routes(routes!(widget::write))
}

async fn document_route(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], app.openapi.clone()).into_response()
}

async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    let message = format!("{} does not know the method {method}", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
}

/// What no route knows: a page, or nothing.
async fn elsewhere(method: Method, uri: Uri, headers: axum::http::HeaderMap) -> Response {
    let path = uri.path();
    // Programs ask for these; a page for people would look to them like an answer.
    if path == "/api" || path.starts_with("/api/") || path == "/metrics" {
        return ApiError::not_found("route; /api/openapi.json lists them").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return method_not_allowed(method, uri).await.into_response();
    }
    pages::serve(pages::embedded, path, &headers)
}
