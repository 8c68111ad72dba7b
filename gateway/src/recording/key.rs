//! The key that recordings are sealed with: 32 random bytes in a file of the data directory, made at first start.
//!
//! Promises: the file is readable by its owner alone; a damaged one is refused rather than replaced, because what was sealed
//! with it would be lost.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};

/// What the derived keys are for (RFC 5869 section 3.2).
const PURPOSE: &[u8] = b"voxdesk recording 1";

/// The master key.
#[derive(Clone)]
pub struct RecordingKey([u8; 32]);

impl std::fmt::Debug for RecordingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordingKey")
    }
}

impl RecordingKey {
    /// Reads the key, or makes one.
    ///
    /// # Errors
    /// When the file is damaged or cannot be written.
    pub fn load(file: &Path) -> Result<Self> {
        match std::fs::read_to_string(file) {
            Ok(text) => {
                let bytes = hex::decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
                let what = || format!("{}:1:1: not a recording key; 64 hexadecimal digits", file.display());
                Ok(Self(bytes.with_context(what)?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::make(file),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    fn make(file: &Path) -> Result<Self> {
        let key = Self(rand::random());
        let mut options = std::fs::OpenOptions::new();
        let mut made = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)
            .with_context(|| format!("cannot make {}", file.display()))?;
        made.write_all(hex::encode(key.0).as_bytes())?;
        made.sync_all()?;
        Ok(key)
    }

    /// The key of one file: each has its own, so that its counter may begin at nought.
    pub(super) fn of_file(&self, salt: &[u8; 16]) -> Result<LessSafeKey> {
        let secret = Salt::new(HKDF_SHA256, salt).extract(&self.0);
        let derived = secret.expand(&[PURPOSE], &AES_256_GCM).ok();
        let derived = derived.context("cannot derive a key")?;
        let unbound = UnboundKey::from(derived);
        ensure!(unbound.algorithm() == &AES_256_GCM, "wrong algorithm");
        Ok(LessSafeKey::new(unbound))
    }

    #[cfg(test)]
    pub(crate) fn of(byte: u8) -> Self {
        Self([byte; 32])
    }
}
