//! Passwords and tokens.
//!
//! Promises: Argon2 runs beside the async threads, a few at a time; a name that does not exist costs as much
//! time as one that does; tokens are 256 random bits of which only the SHA-256 is ever stored.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::error::{Answer, ApiError};

/// Verifications at once: each takes 19 MiB and some 20 ms of one core.
const AT_ONCE: usize = 2;
/// Who waits longer than this for their turn is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest password that is looked at.
pub(crate) const PASSWORD_BYTES: usize = 1024;

/// The Argon2 hash (PHC string) of a password. Slow on purpose: not for async threads.
#[must_use]
pub fn hash_password(password: &str) -> String {
    password_auth::generate_hash(password)
}

/// A new bearer token and the hash under which the store keeps it.
///
/// # Panics
/// When the system has no randomness: nothing safe could follow.
#[must_use]
pub fn new_token() -> (String, String) {
    let mut bytes = [0u8; 32];
    OsRng.try_fill_bytes(&mut bytes).expect("the system's random source answers");
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let hash = token_hash(&token);
    (token, hash)
}

/// The hash under which the store keeps a bearer token: SHA-256, hex.
#[must_use]
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The same for a customer's chat token. Another domain, so that it can never be looked up as a staff credential.
pub(crate) fn chat_token_hash(token: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"voxdesk chat token\0");
    hash.update(token.as_bytes());
    hex::encode(hash.finalize())
}

/// Checks passwords, a few at a time.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// Hash of nobody's password, for names that do not exist.
    nobody: Arc<OnceLock<String>>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), nobody: Arc::default() }
    }
}

impl Passwords {
    /// Whether the password belongs to the hash; `None` (no such user) takes as long and is false.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Answer<bool> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned())
            .await
            .map_err(|_| ApiError::full("many people sign in at this moment"))?
            .map_err(|error| ApiError::ours(&error))?;
        let nobody = Arc::clone(&self.nobody);
        let verdict = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| nobody.get_or_init(|| hash_password(&new_token().0)).clone());
            password_auth::verify_password(password, &hash).is_ok() && known
        });
        verdict.await.map_err(|error| ApiError::ours(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_real_user_is_right() {
        let passwords = Passwords::default();
        let hash = hash_password("correct horse");
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.expect("a verdict"));
        assert!(!passwords.verify("wrong horse".into(), Some(hash)).await.expect("a verdict"));
        assert!(!passwords.verify("correct horse".into(), None).await.expect("a verdict"));
        assert!(!passwords.verify("x".into(), Some("not a hash".into())).await.expect("a verdict"));
    }

    #[test]
    fn tokens_differ_and_are_kept_by_their_sha_256() {
        let (one, one_hash) = new_token();
        let (two, two_hash) = new_token();
        assert_ne!(one, two);
        assert_ne!(one_hash, two_hash);
        assert_eq!(one.len(), 43);
        assert_eq!(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_ne!(chat_token_hash("abc"), token_hash("abc"));
    }
}
