//! `/ice-servers`: what a page needs to reach us from behind a strict firewall.
//!
//! Promises: credentials are made for each asker and end by themselves; the shared secret never leaves. Leaves to
//! others: the TURN server (coturn and others know the scheme as "TURN REST API" or `use-auth-secret`).

use aws_lc_rs::hmac;
use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Secret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Identity;
use crate::error::ErrorBody;
use crate::state::{App, Shared};

/// TURN servers that share a secret with us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// `stun:…`, `turn:…`, `turns:…` (RFC 7064, RFC 7065).
    pub urls: Vec<String>,
    /// Shared with the servers.
    pub secret: Secret<String>,
    /// Seconds that credentials last; a call that is under way may outlast them.
    pub lifetime: u32,
}

/// The servers for `RTCPeerConnection`.
#[derive(Serialize, ToSchema)]
pub(crate) struct IceServers {
    /// As its configuration takes them.
    items: Vec<IceServer>,
    /// Seconds that they may be used to begin a call.
    lifetime: u32,
}

/// One kind of server.
#[derive(Serialize, ToSchema)]
pub(crate) struct IceServer {
    /// Where.
    urls: Vec<String>,
    /// When it ends (seconds since 1970) and a name without meaning.
    username: String,
    /// The password to it.
    credential: String,
}

/// STUN and TURN servers with credentials for this page; empty when none are configured.
#[utoipa::path(get, path = "/api/v1/ice-servers", tag = "floor", operation_id = "ice_servers",
    responses((status = 200, body = IceServers), (status = 401, body = ErrorBody)))]
pub(crate) async fn servers(State(app): State<App>, _: Identity) -> Json<IceServers> {
    let lifetime = app.config.turn.as_ref().map_or(0, |turn| turn.lifetime);
    Json(IceServers { items: servers_for(&app), lifetime })
}

/// The servers, with credentials made for whoever asks now.
pub(crate) fn servers_for(app: &Shared) -> Vec<IceServer> {
    let Some(turn) = &app.config.turn else { return Vec::new() };
    let now = u64::try_from(app.clock.wall() / 1000).unwrap_or(0);
    let (username, credential) = credential(turn, now, rand::random());
    vec![IceServer { urls: turn.urls.clone(), username, credential }]
}

/// User name and password that the server can check by itself (RFC 8489 section 9.2 with a password of this making).
fn credential(turn: &Turn, now: u64, name: u32) -> (String, String) {
    let username = format!("{}:{name:08x}", now + u64::from(turn.lifetime));
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, turn.secret.reveal().as_bytes());
    let password = STANDARD.encode(hmac::sign(&key, username.as_bytes()));
    (username, password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_what_turn_servers_compute_from_the_secret() {
        let turn = Turn { urls: Vec::new(), secret: "north".to_owned().into(), lifetime: 600 };
        let (username, password) = credential(&turn, 1_700_000_000, 0xab);
        assert_eq!(username, "1700000600:000000ab");
        // printf 1700000600:000000ab | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(password, "YX+4/egoxnxzXV93TYdf5vdlvHM=");
    }
}
