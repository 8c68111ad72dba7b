//! The certificate and the cryptography that every browser connection of this process shares.
//!
//! Promises: made once, so that a connection costs no key generation. Leaves to others: TLS of the web pages.

use std::sync::Arc;

use str0m::config::{CryptoProvider, DtlsCert};

/// Our DTLS certificate (self-signed; its fingerprint is in each answer, RFC 8122) and the crypto behind it.
#[derive(Clone)]
pub struct Identity {
    pub(super) crypto: Arc<CryptoProvider>,
    pub(super) certificate: DtlsCert,
}

impl Identity {
    /// Makes the key and the certificate.
    ///
    /// # Errors
    /// When the crypto library cannot make a certificate.
    pub fn generate() -> anyhow::Result<Self> {
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let certificate = crypto
            .dtls_provider
            .generate_certificate()
            .ok_or_else(|| anyhow::anyhow!("no DTLS certificate could be generated"))?;
        Ok(Self { crypto, certificate })
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}
