//! Passwords and keys that the configuration leaves open: made once, kept in one file that only the owner may read.
//!
//! Promises: what was made at the first start stays; the file is replaced atomically with mode 0600; nothing here is logged.
//! Leaves to others: hashing and the record of users (`setup`).

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::config::Config;

/// The file, and what scripts read from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The first API key.
    #[serde(default)]
    pub api_key: String,
    /// Every API key by name.
    #[serde(default)]
    pub api_keys: BTreeMap<String, String>,
    /// People with the passwords that were made for them.
    #[serde(default)]
    pub users: Vec<UserCredentials>,
    /// What a caller of each number hears.
    #[serde(default)]
    pub numbers: BTreeMap<String, Heard>,
}

/// A person's passwords.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCredentials {
    /// Sign-in name.
    pub name: String,
    /// Password.
    pub password: String,
    /// `agent`, `supervisor` or `admin`.
    pub role: store::UserRole,
    /// User of the SIP phone.
    pub extension: Option<String>,
    /// Its password.
    pub sip_password: Option<String>,
    /// The Argon2 hash made for `password`: as long as the record holds the same one, nothing is computed at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

impl std::fmt::Debug for UserCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserCredentials").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Recordings that a caller hears, as absolute paths.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// At the beginning.
    pub plays: Option<PathBuf>,
    /// After a key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub after: BTreeMap<String, PathBuf>,
}

impl Credentials {
    /// Reads the file, or begins an empty one.
    ///
    /// # Errors
    /// When the file is there and cannot be read or is not what it should be.
    pub fn load(path: &Path) -> Result<Credentials> {
        match fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                anyhow::anyhow!(
                    "{}:{}:{}: not the JSON of a credentials file; repair it, or remove it to have new passwords made",
                    path.display(),
                    error.line(),
                    error.column()
                )
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Credentials::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Makes what the configuration needs and is not there yet; forgets people who are no longer configured.
    pub fn complete(&mut self, config: &Config) {
        let known = std::mem::take(&mut self.users);
        for user in &config.users {
            let old = known.iter().find(|old| old.name == user.name);
            let password =
                user.password.clone().or_else(|| old.map(|old| old.password.clone())).unwrap_or_else(secret);
            let sip_password = user.extension.as_ref().map(|_| {
                let kept = old.and_then(|old| old.sip_password.clone());
                user.sip_password.clone().or(kept).unwrap_or_else(secret)
            });
            let hash = old.filter(|old| old.password == password).and_then(|old| old.hash.clone());
            self.users.push(UserCredentials {
                name: user.name.clone(),
                password,
                role: user.role,
                extension: user.extension.clone(),
                sip_password,
                hash,
            });
        }
        for key in &config.keys {
            self.api_keys.entry(key.name.clone()).or_insert_with(|| format!("vd_{}", secret()));
        }
        self.api_keys.retain(|name, _| config.keys.iter().any(|key| key.name == *name));
        let first = config.keys.first().and_then(|key| self.api_keys.get(&key.name));
        self.api_key = first.cloned().unwrap_or_default();
    }

    /// Writes the file atomically, readable by the owner only.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        let part = path.with_extension("part");
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)
            .with_context(|| format!("cannot write {}", part.display()))?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&part, path).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// 22 characters, 128 bits of the system's chance.
fn secret() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .encode(rand::random::<[u8; 16]>())
        .replace(['-', '_'], "x")
}
