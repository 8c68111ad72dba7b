//! Configured people, keys and phones: into the record (hashed) and into SIP.

use anyhow::Result;
use kernel::Secret;
use signaling::{Account, Setup};
use store::{Credential, Store, User};

use crate::config::Config;
use crate::credentials::Credentials;

/// Registrations shorter than this are refused (423): a phone behind NAT refreshes at least every minute.
const MIN_EXPIRES: u32 = 60;
/// Registrations are cut to an hour.
const MAX_EXPIRES: u32 = 3600;
/// The session interval that RFC 4028 section 4 recommends: a dead call is noticed within half an hour.
const SESSION_EXPIRES: u32 = 1800;

/// Brings users and keys into the record. A hash costs a tenth of a second, so it is made once per password and kept beside
/// it: a start with hundreds of users computes none.
pub async fn put(store: &dyn Store, config: &Config, credentials: &mut Credentials) -> Result<()> {
    for person in &mut credentials.users {
        let known = store.user(&person.name).await?;
        let same = known.as_ref().is_some_and(|user| {
            user.role == person.role && person.hash.as_ref() == Some(&user.password_hash)
        });
        if !same {
            let password_hash = match person.hash.take() {
                Some(made) => made,
                None => hashed(person.password.clone()).await?,
            };
            person.hash = Some(password_hash.clone());
            store.put_user(User { name: person.name.clone(), role: person.role, password_hash }).await?;
        }
    }
    for key in &config.keys {
        if let Some(token) = credentials.api_keys.get(&key.name) {
            let subject = format!("key:{}", key.name);
            let token_hash = api::token_hash(token);
            store
                .put_credential(Credential { token_hash, subject, role: key.role, expires_at: None })
                .await?;
        }
    }
    Ok(())
}

async fn hashed(password: String) -> Result<String> {
    Ok(tokio::task::spawn_blocking(move || api::hash_password(&password)).await?)
}

/// What SIP is told.
pub fn sip_setup(config: &Config, credentials: &Credentials) -> Setup {
    let accounts = config.users.iter().filter_map(|user| {
        let extension = user.extension.clone()?;
        let made = credentials.users.iter().find(|made| made.name == user.name)?;
        let password = Secret::new(made.sip_password.clone()?);
        Some(Account { user: extension, password, algorithms: user.algorithms.clone() })
    });
    Setup {
        realm: config.realm.clone(),
        product: concat!("Voxdesk/", env!("CARGO_PKG_VERSION")).to_owned(),
        accounts: accounts.collect(),
        listening: Vec::new(),
        min_expires: MIN_EXPIRES,
        max_expires: MAX_EXPIRES,
        max_dialogs: config.max_calls.saturating_mul(2),
        session_expires: SESSION_EXPIRES,
        trusted: config.trusted.clone(),
        trunks: config.trunks.iter().map(|trunk| trunk.sip.clone()).collect(),
        guard: config.guard.clone(),
        banned: Vec::new(),
    }
}
