//! The signature of requests between us and the company's own servers: HMAC-SHA256 (RFC 2104) over `SECONDS.BODY`.
//!
//! Promises: compared in constant time; a request from outside the window is refused, so that an old one cannot be sent again.

use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::Pii;
use sha2::Sha256;

use super::{HttpRequest, Refused, Request, WINDOW_MS};
use crate::WallMillis;

/// The header that carries it.
pub const SIGNATURE_HEADER: &str = "X-Voxdesk-Signature";

/// `t=SECONDS,v1=HEX`.
#[must_use]
pub fn signature(secret: &str, now: WallMillis, body: &[u8]) -> String {
    let seconds = now / 1000;
    // A key of any length will do (RFC 2104 section 2): this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    format!("t={seconds},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// A signed request with the name by which a repeat is known.
#[must_use]
pub fn signed_post(secret: &str, url: &str, id: &str, body: String, now: WallMillis) -> HttpRequest {
    let signature = signature(secret, now, body.as_bytes());
    HttpRequest {
        url: url.to_owned().into(),
        headers: vec![(SIGNATURE_HEADER, signature.into()), ("Idempotency-Key", id.to_owned().into())],
        body: Pii::new(body),
    }
}

/// Whether `request` was signed with `secret` just now.
pub(super) fn check(request: &Request, secret: &str, now: WallMillis) -> Result<(), Refused> {
    let refused = |code, message: &str| Err(Refused::new(401, code, message));
    let header = request.headers.get("x-voxdesk-signature").map_or("", String::as_str);
    let part = |key: &str| header.split(',').find_map(|part| part.trim().strip_prefix(key));
    let (Some(seconds), Some(given)) = (part("t="), part("v1=")) else {
        return refused("no_signature", "send `X-Voxdesk-Signature: t=SECONDS,v1=HEX`");
    };
    let (Ok(time), Ok(given)) = (seconds.parse::<i64>(), hex::decode(given)) else {
        return refused("bad_signature", "the signature must read t=SECONDS,v1=HEX");
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return refused("bad_signature", "no secret is configured");
    };
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(request.body.reveal());
    if mac.verify_slice(&given).is_err() {
        return refused("bad_signature", "the signature does not fit the body and the configured secret");
    }
    if time.saturating_mul(1000).saturating_sub(now).abs() > WINDOW_MS {
        return refused("stale", "the signature's time is more than five minutes from ours");
    }
    Ok(())
}
