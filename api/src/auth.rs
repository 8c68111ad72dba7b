//! Who is asking. The one place where requests of staff and programs are authorised.
//!
//! Promises: a route of staff cannot be reached without an `Identity` (the guard is a layer, not a habit of handlers);
//! a change authorised by the cookie alone must prove that it comes from our pages; tokens are looked up by their hash.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use desk::api_keys::Scope;
use kernel::AgentName;
use store::{Credential, UserRole};

use crate::error::{Answer, ApiError};
use crate::password::token_hash;
use crate::quota::{self, Quota};
use crate::scopes::{self, Need};
use crate::state::{ApiConfig, App, Shared};

/// The cookie of a signed-in page.
pub(crate) const COOKIE: &str = "voxdesk_session";
/// The header by which our pages show that a change is theirs; another site cannot set it without our leave.
const OURS: &str = "x-voxdesk";
/// Longest token looked at; ours have 43 characters.
const TOKEN_BYTES: usize = 256;
/// The last use of a key is written down when the one before is this old, in milliseconds.
const USED_MS: i64 = 60_000;
/// Subjects that are no users begin with one of these.
const NOT_USERS: [&str; 2] = ["key:", "chat:"];

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// A user's name, or `key:NAME`.
    pub subject: String,
    /// What they may do.
    pub role: UserRole,
    /// Under which the store keeps the credential.
    pub token_hash: String,
    /// What a key that an administrator made may do; `None`: a person, or a key of the configuration.
    pub scopes: Option<Vec<Scope>>,
}

impl Identity {
    fn new(credential: Credential) -> Option<Self> {
        let Credential { token_hash, subject, role, .. } = credential;
        (!subject.starts_with("chat:")).then_some(Self { subject, role, token_hash, scopes: None })
    }

    /// Their name as an agent.
    pub fn agent(&self) -> AgentName {
        AgentName::new(self.subject.as_str())
    }

    /// Whether this is a program with an API key.
    pub fn is_key(&self) -> bool {
        self.subject.starts_with("key:")
    }

    /// Refuses a key whose scopes do not reach this far.
    pub fn allowed(&self, need: Option<Need>) -> Answer<()> {
        let Some(scopes) = &self.scopes else { return Ok(()) };
        match need {
            Some(Need::AnyKey) => Ok(()),
            Some(Need::Scope(scope)) if scopes.contains(&scope) => Ok(()),
            Some(Need::Scope(scope)) => {
                let message = format!("this API key lacks the scope `{}`", scope.name());
                Err(ApiError::new(StatusCode::FORBIDDEN, "scope_missing", message).at(scope.name()))
            }
            Some(Need::People) | None => Err(ApiError::forbidden("no API key with scopes does this")),
        }
    }

    /// Whether they watch over others.
    pub fn supervises(&self) -> bool {
        self.role >= UserRole::Supervisor
    }

    /// The agent to act as: oneself, or, for administrators, the one asked for.
    pub fn acting_as(&self, wanted: Option<String>) -> Answer<AgentName> {
        match wanted {
            None => Ok(self.agent()),
            Some(name) if name == self.subject => Ok(self.agent()),
            Some(name) if self.role == UserRole::Admin => Ok(AgentName::new(name)),
            Some(_) => Err(ApiError::forbidden("only an administrator acts as another agent").at("agent")),
        }
    }
}

/// Whether this can be the name of a user (and not of a key or chat).
pub(crate) fn can_be_user(name: &str) -> bool {
    !name.is_empty() && name.len() <= 200 && !NOT_USERS.iter().any(|prefix| name.starts_with(prefix))
}

/// The layer in front of every route of staff.
pub(crate) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Answer<Response> {
    let identity = match presented(request.headers())? {
        Presented::Bearer(token) => lookup(&app, &token).await?,
        Presented::Cookie(token) => {
            let identity = lookup(&app, &token).await?;
            if changes_something(request.method())
                && !request.headers().contains_key(OURS)
                && !from_our_pages(request.headers(), &app.config)
            {
                let message = "a change authorised by the cookie must carry the header `X-Voxdesk: 1`";
                return Err(ApiError::new(StatusCode::FORBIDDEN, "csrf", message));
            }
            identity
        }
        Presented::Nothing => return Err(ApiError::unauthorized()),
    };
    let route = request.extensions().get::<MatchedPath>();
    let need = route.and_then(|route| scopes::need(request.method(), route.as_str()));
    identity.allowed(need)?;
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let quota = quota::take(&app, &identity, path);
    let mut response = match &quota {
        Some(Quota { again: Some(seconds), .. }) => ApiError::throttled(*seconds).into_response(),
        _ => {
            request.extensions_mut().insert(identity);
            next.run(request).await
        }
    };
    if let Some(quota) = quota {
        quota.tell(response.headers_mut());
    }
    Ok(response)
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The credential a request shows.
#[derive(Debug)]
pub(crate) enum Presented {
    /// By header.
    Bearer(String),
    /// By the browser.
    Cookie(String),
    /// None.
    Nothing,
}

/// Reads the credential; the header wins over the cookie.
pub(crate) fn presented(headers: &HeaderMap) -> Answer<Presented> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        return match value.to_str().ok().and_then(bearer) {
            Some(token) => Ok(Presented::Bearer(token.to_owned())),
            None => Err(ApiError::unauthorized().at("Authorization")),
        };
    }
    Ok(cookie(headers).map_or(Presented::Nothing, |token| Presented::Cookie(token.to_owned())))
}

/// RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, value)| *name == COOKIE && !value.is_empty()).map(|(_, value)| value)
}

/// Whose token this is; 401 when nobody's.
pub(crate) async fn lookup(app: &Shared, token: &str) -> Answer<Identity> {
    if token.len() > TOKEN_BYTES {
        return Err(ApiError::unauthorized());
    }
    lookup_hash(app, &token_hash(token)).await
}

/// The same by hash: also how a live socket finds out that its sign-in is void.
pub(crate) async fn lookup_hash(app: &Shared, hash: &str) -> Answer<Identity> {
    let now = app.clock.wall();
    if let Some(credential) = app.store.credential(hash, now).await? {
        return Identity::new(credential).ok_or_else(ApiError::unauthorized);
    }
    let found = app.store.api_key(hash).await?.filter(|found| found.key.is_good(now));
    let found = found.ok_or_else(ApiError::unauthorized)?;
    if found.used_at.is_none_or(|used| now.saturating_sub(used) >= USED_MS) {
        app.store.api_key_used(&found.id, now).await?;
    }
    Ok(Identity {
        subject: format!("key:{}", found.key.name),
        // Its scopes say how far it reaches; within them it is asked nothing more.
        role: UserRole::Admin,
        token_hash: hash.to_owned(),
        scopes: Some(found.key.scopes),
    })
}

/// Whether the browser says that the request comes from a page of ours (`Origin`, RFC 6454 section 7).
pub(crate) fn from_our_pages(headers: &HeaderMap, config: &ApiConfig) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    let at = origin.split_once("://").map(|(_, at)| at);
    let here = match (at, text(header::HOST)) {
        (Some(at), Some(host)) => at.eq_ignore_ascii_case(host),
        _ => false,
    };
    here || config.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
}

impl<S: Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        // Absent only on a route that was mounted outside of the guard: refuse, as if nobody had signed in.
        parts.extensions.get::<Self>().cloned().ok_or_else(ApiError::unauthorized)
    }
}

/// Whoever asks, where only supervisors and administrators may.
pub(crate) struct Supervisor(pub Identity);

impl<S: Send + Sync> FromRequestParts<S> for Supervisor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let identity = Identity::from_request_parts(parts, state).await?;
        if identity.supervises() {
            return Ok(Self(identity));
        }
        Err(ApiError::forbidden("only supervisors and administrators work on flows"))
    }
}

/// Whoever asks, where only administrators may.
pub(crate) struct Administrator(pub Identity);

impl<S: Send + Sync> FromRequestParts<S> for Administrator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let identity = Identity::from_request_parts(parts, state).await?;
        if identity.role == UserRole::Admin {
            return Ok(Self(identity));
        }
        Err(ApiError::forbidden("only administrators do this"))
    }
}

/// Where a request comes from, for throttles only.
pub(crate) struct PeerAddress(pub String);

impl FromRequestParts<App> for PeerAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(peer_address(&parts.headers, &parts.extensions, &app.config)))
    }
}

fn peer_address(headers: &HeaderMap, extensions: &Extensions, config: &ApiConfig) -> String {
    if config.behind_proxy {
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
        let last = forwarded.and_then(|line| line.to_str().ok()).and_then(|line| line.rsplit(',').next());
        if let Some(address) = last.and_then(|text| text.trim().parse::<std::net::IpAddr>().ok()) {
            return address.to_string();
        }
    }
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or_else(|| "unknown".to_owned(), |ConnectInfo(peer)| peer.ip().to_string())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let headers = headers(&[("cookie", "a=b; voxdesk_session=tok=en"), ("cookie", "c=d")]);
        assert!(matches!(presented(&headers), Ok(Presented::Cookie(token)) if token == "tok=en"));
    }

    #[test]
    fn a_broken_authorization_header_is_not_overlooked_in_favour_of_the_cookie() {
        let headers = headers(&[("authorization", "Basic eDp5"), ("cookie", "voxdesk_session=t")]);
        assert!(presented(&headers).is_err());
    }

    #[test]
    fn only_our_host_and_the_configured_origins_are_ours() {
        let config = ApiConfig { origins: vec!["http://localhost:5173".into()], ..ApiConfig::default() };
        let ours =
            |origin| from_our_pages(&headers(&[("host", "desk.example:8080"), ("origin", origin)]), &config);
        assert!(ours("http://desk.example:8080"));
        assert!(ours("http://localhost:5173"));
        assert!(!ours("http://desk.example"));
        assert!(!ours("https://evil.example"));
        assert!(!ours("null"));
        assert!(!from_our_pages(&headers(&[("host", "desk.example")]), &config));
    }

    #[test]
    fn the_forwarded_address_counts_only_behind_our_proxy() {
        let forwarded = headers(&[("x-forwarded-for", "6.6.6.6, 192.0.2.1")]);
        let address = |behind_proxy| {
            let config = ApiConfig { behind_proxy, ..ApiConfig::default() };
            peer_address(&forwarded, &Extensions::new(), &config)
        };
        assert_eq!(address(true), "192.0.2.1");
        assert_eq!(address(false), "unknown");
    }

    #[test]
    fn only_administrators_act_as_somebody_else() {
        let identity =
            |role| Identity { subject: "sue".into(), role, token_hash: String::new(), scopes: None };
        assert_eq!(identity(UserRole::Agent).acting_as(None).expect("oneself"), AgentName::from("sue"));
        assert!(identity(UserRole::Agent).acting_as(Some("sue".into())).is_ok());
        assert!(identity(UserRole::Supervisor).acting_as(Some("bob".into())).is_err());
        assert_eq!(
            identity(UserRole::Admin).acting_as(Some("bob".into())).expect("may"),
            AgentName::from("bob")
        );
    }
}
