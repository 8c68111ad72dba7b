//! `/api-keys`: keys that administrators make for programs. People and keys of the configuration only.
//!
//! Promises: a token is shown once, when it is made, and kept as its hash; each key is in the audit trail when it comes and
//! when it goes; a revoked key does nothing from the next request on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::api_keys::{ApiKey, MOST, PREFIX, Scope};
use desk::{Change, WallMillis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Administrator;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::password::{new_token, token_hash};
use crate::request::{Body, Segments, text_within};
use crate::state::{App, Shared};
use crate::view::{ListView, ScopeName, Stamp};

/// Longest name, in characters.
const NAME_CHARS: usize = 60;
/// Longest life, in days: ten years.
const MOST_DAYS: u32 = 3650;
const DAY_MS: i64 = 86_400_000;

/// A key for a program.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    /// Its number.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it may do.
    #[schema(value_type = Vec<ScopeName>)]
    pub scopes: Vec<Scope>,
    /// Until when; null: until it is revoked.
    pub expires_at: Option<Stamp>,
    /// Whether that is over.
    pub expired: bool,
    /// When it was used last, to the minute; null: never.
    pub used_at: Option<Stamp>,
    /// Since when there is it.
    pub created_at: Stamp,
    /// Who made it.
    pub created_by: String,
}

impl ApiKeyView {
    fn of(id: String, key: ApiKey, used_at: Option<WallMillis>, now: WallMillis) -> Self {
        Self {
            id,
            expired: !key.is_good(now),
            name: key.name,
            scopes: key.scopes,
            expires_at: key.expires_at.map(Stamp),
            used_at: used_at.map(Stamp),
            created_at: Stamp(key.created_at),
            created_by: key.created_by,
        }
    }
}

/// A key and its token. The token is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyMade {
    /// The key.
    pub key: ApiKeyView,
    /// For `Authorization: Bearer`.
    pub token: String,
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKey {
    /// What it is called, 1 to 60 characters: the record names `key:NAME` as who did something.
    name: String,
    /// What it may do; one at least.
    #[schema(value_type = Vec<ScopeName>)]
    scopes: Vec<Scope>,
    /// After how many days it ends, 1 to 3650; without it: when it is revoked.
    expires_in_days: Option<u32>,
}

/// Every key, with when it was used, the oldest first.
async fn keys(app: &Shared) -> Answer<Vec<(String, ApiKey, Option<WallMillis>)>> {
    let uses = app.store.api_key_uses().await?;
    let mut found = Vec::new();
    for (setting, value) in app.store.settings_of(PREFIX).await? {
        let id = setting.strip_prefix(PREFIX).unwrap_or(&setting).to_owned();
        let key: ApiKey = serde_json::from_str(&value).map_err(|error| ApiError::ours(&error))?;
        let used = uses.iter().find(|(used, _)| *used == id).map(|(_, at)| *at);
        found.push((id, key, used));
    }
    found.sort_by_key(|(_, key, _)| key.created_at);
    Ok(found)
}

async fn save(app: &Shared, id: &str, key: Option<&ApiKey>, by: String) -> Answer<()> {
    let value = key.map(serde_json::to_string).transpose().map_err(|error| ApiError::ours(&error))?;
    let change = Change::SettingChanged { key: format!("{PREFIX}{id}"), value, by, at: app.clock.wall() };
    app.floor.record(vec![change]).await?;
    Ok(())
}

/// Keys of programs that administrators made, the oldest first. Keys of the configuration stand there.
#[utoipa::path(get, path = "/api/v1/api-keys", tag = "api keys", operation_id = "api_keys",
    responses((status = 200, body = ListView<ApiKeyView>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn list(State(app): State<App>, _: Administrator) -> Answer<Json<ListView<ApiKeyView>>> {
    let now = app.clock.wall();
    let found = keys(&app).await?;
    let items = found.into_iter().map(|(id, key, used)| ApiKeyView::of(id, key, used, now)).collect();
    Ok(Json(ListView { items, next: None }))
}

/// Make a key for a program. The token in the answer is shown this once.
#[utoipa::path(post, path = "/api/v1/api-keys", tag = "api keys", operation_id = "make_api_key",
    request_body = NewApiKey,
    responses((status = 201, body = ApiKeyMade), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn make(
    State(app): State<App>,
    Administrator(identity): Administrator,
    Body(new): Body<NewApiKey>,
) -> Answer<(StatusCode, Json<ApiKeyMade>)> {
    let now = app.clock.wall();
    let there = keys(&app).await?;
    if there.len() >= MOST {
        let message = format!("there are {MOST} API keys already; revoke one");
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "too_many", message));
    }
    let key = checked(new, identity.subject.clone(), now)?;
    if there.iter().any(|(_, other, _)| other.name == key.name) {
        return Err(
            ApiError::new(StatusCode::CONFLICT, "name_taken", "a key of this name is there").at("name")
        );
    }
    let (token, hash) = new_token();
    let token = format!("vdk_{token}");
    let id: String = hash.chars().take(12).collect();
    // First: a key without its token could not be used, and the other way round it does nothing.
    app.store.put_api_key(&token_hash(&token), &id).await?;
    save(&app, &id, Some(&key), identity.subject).await?;
    Ok((StatusCode::CREATED, Json(ApiKeyMade { key: ApiKeyView::of(id, key, None, now), token })))
}

fn checked(new: NewApiKey, created_by: String, now: WallMillis) -> Answer<ApiKey> {
    let NewApiKey { name, mut scopes, expires_in_days } = new;
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(ApiError::field("scopes", "must name one at least"));
    }
    let expires_at = match expires_in_days {
        None => None,
        Some(days @ 1..=MOST_DAYS) => Some(now.saturating_add(DAY_MS.saturating_mul(i64::from(days)))),
        Some(days) => {
            return Err(ApiError::field("expires_in_days", format!("is {days}; must be 1 to {MOST_DAYS}")));
        }
    };
    let name = text_within("name", &name, NAME_CHARS)?;
    if name.chars().any(char::is_control) {
        return Err(ApiError::field("name", "must be one line"));
    }
    Ok(ApiKey { name, scopes, expires_at, created_at: now, created_by })
}

/// Revoke a key: its token is void from the next request on, and its live sockets end.
#[utoipa::path(delete, path = "/api/v1/api-keys/{id}", tag = "api keys", operation_id = "revoke_api_key",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn revoke(
    State(app): State<App>,
    Administrator(identity): Administrator,
    Segments(id): Segments<String>,
) -> Answer<StatusCode> {
    if !keys(&app).await?.iter().any(|(there, _, _)| *there == id) {
        return Err(ApiError::not_found("API key"));
    }
    save(&app, &id, None, identity.subject).await?;
    app.store.drop_api_key(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}
