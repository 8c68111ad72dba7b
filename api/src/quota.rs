//! How many requests one API key or session may make, told with every answer.
//!
//! Promises: live media never waits for it, nor what an agent does in a call. Leaves to others: who is asking (`auth`).

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::auth::Identity;
use crate::state::Shared;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");

/// Never counted: a call must not break off because its agent's page, or a program, asked too often before.
const LIVE: &[&str] = &[
    "/api/v1/agents/{name}/holding",
    "/api/v1/conversations/{id}/commands",
    "/api/v1/conversations/{id}/media",
    "/api/v1/conversations/{id}/watch",
    "/api/v1/ice-servers",
    "/api/v1/observed/{id}/audio",
];

/// Where somebody stands.
#[derive(Debug)]
pub(crate) struct Quota {
    /// At once at most.
    limit: u32,
    /// Left now.
    left: u32,
    /// In how many seconds there is one again, where none was left.
    pub again: Option<u64>,
}

/// Counts a request; `None`: it is not counted.
pub(crate) fn take(app: &Shared, identity: &Identity, path: &str) -> Option<Quota> {
    let requests = app.requests.as_ref().filter(|_| !LIVE.contains(&path))?;
    let limit = app.config.requests.map_or(0, |rate| rate.burst);
    Some(match requests.take_counted(&identity.token_hash, app.clock.wall()) {
        Ok(left) => Quota { limit, left, again: None },
        Err(seconds) => Quota { limit, left: 0, again: Some(seconds.max(1)) },
    })
}

impl Quota {
    /// Says so in the headers.
    pub fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.left));
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::*;

    #[test]
    fn what_is_never_counted_are_routes_that_there_are() {
        for path in LIVE {
            let there =
                [Method::GET, Method::POST].iter().any(|method| crate::scopes::need(method, path).is_some());
            assert!(there, "{path}");
        }
    }
}
