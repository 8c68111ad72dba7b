//! Who a customer is, by the word of the company's own site or app: a JSON Web Token signed with a shared secret
//! (RFC 7519, HS256 alone).
//!
//! Promises: no other algorithm is taken whatever the token asks for (`none` first of all); a token without an end, or with
//! one more than a day off, is refused. Leaves to others: where the secret comes from.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;

use crate::WallMillis;

/// Longest token looked at, in bytes.
const TOKEN_BYTES: usize = 4096;
/// Longest name of a customer, in bytes.
const SUBJECT_BYTES: usize = 200;
/// How far clocks may be apart, in seconds.
const LEEWAY: i64 = 60;
/// Longest life of a token, in seconds: one that is stolen must not serve for ever.
const LONGEST: i64 = 86_400;

/// Who the host says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// The host's own name for the customer.
    pub subject: String,
    /// What people call them.
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    name: Option<String>,
    exp: i64,
    nbf: Option<i64>,
}

/// Whom `token` names, if `secret` signed it and `now` lies within it; what is wrong otherwise.
///
/// # Errors
/// For the people who make the token.
pub fn identified(token: &str, secret: &str, now: WallMillis) -> Result<Identified, &'static str> {
    if token.len() > TOKEN_BYTES {
        return Err("the token is longer than 4096 bytes");
    }
    let (signed, signature) = token.rsplit_once('.').ok_or("not a token of three parts with dots between")?;
    let (header, claims) = signed.split_once('.').ok_or("not a token of three parts with dots between")?;
    let header: Header = part(header).ok_or("the token's header cannot be read")?;
    if header.alg != "HS256" {
        return Err("the token must be signed with HS256");
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "the signature is not base64url")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| "no secret is configured")?;
    mac.update(signed.as_bytes());
    mac.verify_slice(&signature).map_err(|_| "the signature is not by the configured secret")?;
    let claims: Claims = part(claims).ok_or("`sub` (text) and `exp` (seconds since 1970) are needed")?;
    let seconds = now / 1000;
    if claims.exp.saturating_add(LEEWAY) <= seconds {
        return Err("the token has expired");
    }
    if claims.exp.saturating_sub(seconds) > LONGEST + LEEWAY {
        return Err("the token lasts longer than a day");
    }
    if claims.nbf.is_some_and(|from| from.saturating_sub(LEEWAY) > seconds) {
        return Err("the token is not valid yet");
    }
    let subject = claims.sub.trim();
    if subject.is_empty() || subject.len() > SUBJECT_BYTES || subject.chars().any(char::is_control) {
        return Err("`sub` must be 1 to 200 bytes without control characters");
    }
    Ok(Identified { subject: subject.to_owned(), name: claims.name.filter(|name| !name.trim().is_empty()) })
}

fn part<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: WallMillis = 1_700_000_000_000;

    fn token(header: &str, claims: &str, secret: &str) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
        mac.update(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    const HS: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
    const GOOD: &str = r#"{"sub":"c-17","name":"Ann","exp":1700000600}"#;

    #[test]
    fn a_token_of_the_host_names_its_customer() {
        let who = identified(&token(HS, GOOD, "s"), "s", NOW).expect("good");
        assert_eq!(who, Identified { subject: "c-17".into(), name: Some("Ann".into()) });
    }

    #[test]
    fn the_example_of_rfc_7515_is_verified() {
        // RFC 7515 appendix A.1: the key is base64url there; its claims have no `sub`, so only the signature is passed.
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let wrong = identified(token, "s", NOW);
        assert_eq!(wrong, Err("the signature is not by the configured secret"));
    }

    #[test]
    fn other_keys_algorithms_and_times_are_refused() {
        let refused = |token: String| identified(&token, "s", NOW).expect_err("refused");
        assert!(refused(token(HS, GOOD, "other")).contains("not by the configured"));
        let none =
            format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(GOOD));
        assert!(refused(none).contains("HS256"));
        assert!(refused(token(r#"{"alg":"HS512"}"#, GOOD, "s")).contains("HS256"));
        assert!(refused(token(HS, r#"{"sub":"a","exp":1699999000}"#, "s")).contains("expired"));
        assert!(refused(token(HS, r#"{"sub":"a","exp":1800000000}"#, "s")).contains("a day"));
        assert!(refused(token(HS, r#"{"sub":"a"}"#, "s")).contains("exp"));
        assert!(refused(token(HS, r#"{"sub":" ","exp":1700000600}"#, "s")).contains("sub"));
        let later = r#"{"sub":"a","exp":1700000600,"nbf":1700000500}"#;
        assert!(refused(token(HS, later, "s")).contains("not valid yet"));
        for strange in ["", ".", "..", "a.b.c", &"x".repeat(5000), "é.ü.ß"] {
            assert!(identified(strange, "s", NOW).is_err(), "{strange}");
        }
    }
}
