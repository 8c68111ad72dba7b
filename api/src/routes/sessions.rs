//! `/session`: sign in, who am I, sign out.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use store::{Credential, UserRole};
use utoipa::ToSchema;

use crate::auth::{COOKIE, Identity, PeerAddress, can_be_user};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::password::{PASSWORD_BYTES, new_token};
use crate::request::Body;
use crate::state::{App, Shared};
use crate::view::{LangCode, RoleName};

/// A sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Sign-in name.
    name: String,
    /// Password.
    password: String,
}

/// A wish of a user about their pages.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionChange {
    /// Language of the pages.
    #[schema(value_type = LangCode)]
    lang: kernel::Lang,
}

/// Who is asking.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    /// Sign-in name, or `key:NAME` for an API key.
    pub name: String,
    /// What they may do.
    #[schema(value_type = RoleName)]
    pub role: UserRole,
    /// Language of their pages; null when never chosen.
    #[schema(value_type = Option<LangCode>)]
    pub lang: Option<kernel::Lang>,
    /// Whether they are on the floor (take work).
    pub agent: bool,
}

impl UserView {
    /// The picture of who is asking.
    pub async fn of(app: &Shared, identity: &Identity) -> Answer<Self> {
        let lang = app.store.setting(&lang_setting(&identity.subject)).await?;
        let me = identity.agent();
        Ok(Self {
            name: identity.subject.clone(),
            role: identity.role,
            lang: lang.and_then(|code| kernel::Lang::from_code(&code)),
            agent: !identity.is_key() && app.floor.agents().await.iter().any(|agent| agent.name == me),
        })
    }
}

fn lang_setting(subject: &str) -> String {
    format!("lang:{subject}")
}

/// A session.
#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    /// For `Authorization: Bearer`; the same is in the cookie.
    token: String,
    /// Who signed in.
    user: UserView,
}

/// Sign in.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", operation_id = "sign_in", security(()),
    request_body = SignIn,
    responses((status = 200, body = Session), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    PeerAddress(peer): PeerAddress,
    Body(SignIn { name, password }): Body<SignIn>,
) -> Answer<Response> {
    let user = check(&app, &peer, &name, password).await?;
    let (token, token_hash) = new_token();
    let lasts = i64::try_from(app.config.session.as_millis()).unwrap_or(i64::MAX);
    let credential = Credential {
        token_hash: token_hash.clone(),
        subject: user.name.clone(),
        role: user.role,
        expires_at: Some(app.clock.wall().saturating_add(lasts)),
    };
    app.store.put_credential(credential).await?;
    let identity = Identity { subject: user.name, role: user.role, token_hash, scopes: None };
    let user = UserView::of(&app, &identity).await?;
    let cookie = cookie(&app, &token, app.config.session.as_secs())?;
    Ok(([(header::SET_COOKIE, cookie)], Json(Session { token, user })).into_response())
}

/// The user of a right name and password. Wrong name and wrong password cannot be told apart, by answer or by time.
async fn check(app: &Shared, peer: &str, name: &str, password: String) -> Answer<store::User> {
    let now = app.clock.wall();
    let both = format!("{peer} {}", name.chars().take(200).collect::<String>());
    app.sign_ins_by_address.take(peer, now).map_err(ApiError::throttled)?;
    app.sign_ins.take(&both, now).map_err(ApiError::throttled)?;
    if password.len() > PASSWORD_BYTES {
        return Err(ApiError::field("password", format!("is longer than {PASSWORD_BYTES} bytes")));
    }
    let user = if can_be_user(name) { app.store.user(name).await? } else { None };
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = app.passwords.verify(password, hash).await?;
    match user {
        Some(user) if right => {
            app.sign_ins.give_back(&both);
            app.sign_ins_by_address.give_back(peer);
            Ok(user)
        }
        _ => {
            let message = "name or password is wrong";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, "bad_credentials", message))
        }
    }
}

fn cookie(app: &Shared, token: &str, seconds: u64) -> Answer<HeaderValue> {
    let secure = if app.config.secure_cookie { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).map_err(|error| ApiError::ours(&error))
}

/// Who am I.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", operation_id = "who_am_i",
    responses((status = 200, body = UserView), (status = 401, body = ErrorBody)))]
pub(crate) async fn who_am_i(State(app): State<App>, identity: Identity) -> Answer<Json<UserView>> {
    UserView::of(&app, &identity).await.map(Json)
}

/// Choose the language of my pages.
#[utoipa::path(patch, path = "/api/v1/session", tag = "session", operation_id = "change_session",
    request_body = SessionChange,
    responses((status = 200, body = UserView), (status = 401, body = ErrorBody)))]
pub(crate) async fn change(
    State(app): State<App>,
    identity: Identity,
    Body(SessionChange { lang }): Body<SessionChange>,
) -> Answer<Json<UserView>> {
    app.store.put_setting(&lang_setting(&identity.subject), lang.code()).await?;
    UserView::of(&app, &identity).await.map(Json)
}

/// Sign out: the token is void. An API key cannot sign itself out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", operation_id = "sign_out",
    responses((status = 204), (status = 401, body = ErrorBody)))]
pub(crate) async fn sign_out(State(app): State<App>, identity: Identity) -> Answer<(StatusCode, HeaderMap)> {
    if identity.is_key() {
        return Err(ApiError::forbidden("an API key is not a session"));
    }
    app.store.drop_credential(&identity.token_hash).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::SET_COOKIE, cookie(&app, "", 0)?);
    Ok((StatusCode::NO_CONTENT, headers))
}
