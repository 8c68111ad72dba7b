//! `/conversations/{id}/sip`: the SIP messages of a call, and the same as a capture file.
//!
//! Promises: whom a call concerns is shown to administrators alone; who takes a file away stands in the audit trail before the first
//! byte of it leaves.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use desk::Change;
use store::UserRole;

use crate::LadderView;
use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::ConversationId;
use crate::state::App;

/// The SIP messages of a conversation. Administrators see them whole; from everybody else is hidden whom they concern.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/sip", tag = "conversations", operation_id = "sip_ladder",
    params(("id" = String, Path)),
    responses((status = 200, body = LadderView), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn messages(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
) -> Answer<Json<LadderView>> {
    app.store.conversation(id).await?;
    let whole = may_see_all(&identity);
    let none = || LadderView { masked: !whole, ..LadderView::default() };
    Ok(Json(app.floor.sip_ladder(id, whole).await?.unwrap_or_else(none)))
}

/// The SIP messages of a conversation as a capture file for Wireshark. Administrators only; noted in the audit trail.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/sip.pcap", tag = "conversations", operation_id = "sip_capture",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/vnd.tcpdump.pcap", body = Vec<u8>), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn capture(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
) -> Answer<impl IntoResponse> {
    if !may_see_all(&identity) {
        return Err(ApiError::forbidden("only administrators export SIP messages"));
    }
    app.store.conversation(id).await?;
    let file = app.floor.sip_capture(id).await?;
    let file = file.ok_or_else(|| ApiError::not_found("SIP messages of this conversation"))?;
    let (what, at) = ("sip.pcap".to_owned(), app.clock.wall());
    app.floor.record(vec![Change::Exported { id, what, by: identity.subject, at }]).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.tcpdump.pcap".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.pcap\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, file))
}

fn may_see_all(identity: &Identity) -> bool {
    identity.role >= UserRole::Admin
}
