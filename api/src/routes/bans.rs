//! `/sip/bans`: sources that are banned from SIP, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::UserRole;
use utoipa::ToSchema;

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Segments};
use crate::state::App;
use crate::view::{ListView, Stamp};
use crate::{BanNow, BanOrder};

/// A ban by hand lasts this long unless said, in seconds: a day.
const SECONDS: u64 = 86_400;
/// What may be said, in seconds: a minute to a year.
const MAY_BE: std::ops::RangeInclusive<u64> = 60..=31_536_000;

/// A source that is banned from SIP.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ban)]
pub(crate) struct BanView {
    /// An IPv4 address, or the /64 of an IPv6 address.
    pub address: String,
    /// `passwords`, `users` (looks for names), `numbers`, `malformed`, `probes`, `flood` or `by_hand`.
    pub reason: &'static str,
    /// Whether the source itself did it for certain: then its connections are refused too, not its datagrams alone.
    pub proven: bool,
    /// What led to it.
    pub failures: u32,
    /// Messages and connections turned away since.
    pub turned_away: u64,
    /// The how manieth ban of this source; each is twice as long as the one before.
    pub times: u32,
    /// When it began.
    pub since: Stamp,
    /// When it ends.
    pub until: Stamp,
}

impl From<BanNow> for BanView {
    fn from(ban: BanNow) -> Self {
        let BanNow { address, reason, proven, failures, turned_away, times, since, until } = ban;
        let (since, until) = (Stamp(since), Stamp(until));
        Self { address, reason, proven, failures, turned_away, times, since, until }
    }
}

/// A ban by hand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBan {
    /// An IPv4 address, an IPv6 address or its /64.
    address: String,
    /// 60 to 31536000 (a year); a day unless said.
    #[serde(default)]
    seconds: Option<u64>,
}

fn administrates(identity: &Identity) -> Answer<()> {
    match identity.role {
        UserRole::Admin => Ok(()),
        UserRole::Agent | UserRole::Supervisor => Err(ApiError::forbidden("bans: only for administrators")),
    }
}

/// Sources that are banned from SIP now, the newest first. Administrators only.
#[utoipa::path(get, path = "/api/v1/sip/bans", tag = "settings", operation_id = "bans",
    responses((status = 200, body = ListView<BanView>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn list(State(app): State<App>, identity: Identity) -> Answer<Json<ListView<BanView>>> {
    administrates(&identity)?;
    let bans = app.floor.bans().await;
    Ok(Json(ListView { items: bans.into_iter().map(BanView::from).collect(), next: None }))
}

/// Ban a source from SIP. Carriers and networks that the configuration trusts or allows cannot be banned. Administrators only.
#[utoipa::path(post, path = "/api/v1/sip/bans", tag = "settings", operation_id = "ban", request_body = NewBan,
    responses((status = 201, body = BanView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn put(
    State(app): State<App>,
    identity: Identity,
    Body(NewBan { address, seconds }): Body<NewBan>,
) -> Answer<(StatusCode, Json<BanView>)> {
    administrates(&identity)?;
    let seconds = seconds.unwrap_or(SECONDS);
    if !MAY_BE.contains(&seconds) {
        return Err(ApiError::field("seconds", "is not between 60 and 31536000"));
    }
    let ban = app.floor.ban(BanOrder { address, seconds, by: identity.agent() }).await?;
    Ok((StatusCode::CREATED, Json(ban.into())))
}

/// Lift a ban: the address is served again, and what spoke against it is forgotten. Administrators only.
#[utoipa::path(delete, path = "/api/v1/sip/bans/{address}", tag = "settings", operation_id = "lift_ban",
    params(("address" = String, Path, description = "as the list has it; a slash in it is written `%2F`")),
    responses((status = 204), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn lift(
    State(app): State<App>,
    identity: Identity,
    Segments(address): Segments<String>,
) -> Answer<StatusCode> {
    administrates(&identity)?;
    app.floor.lift_ban(&address, &identity.agent()).await?;
    Ok(StatusCode::NO_CONTENT)
}
