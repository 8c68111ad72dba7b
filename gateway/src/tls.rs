//! TLS of this process: the certificate that every listening address shows, and whom we trust when we dial.
//!
//! Promises: one certificate for SIP and pages; the configured one, or a self-signed one that is made at the first start
//! and kept in the data directory (key readable by the owner only); files that change are taken up without a restart.
//! Leaves to others: sockets and time limits (`net`, `pages`), DTLS of calls (`webrtc`).

mod certificate;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context, Result};
use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ServerConfig};
use rustls_platform_verifier::Verifier;

use crate::limits::CERTIFICATE_LOOK;
use crate::stop::Stop;
use certificate::Files;

/// What the configuration says of TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsConfig {
    /// Certificate chain and key, PEM. `None`: a self-signed one is made.
    pub files: Option<(PathBuf, PathBuf)>,
    /// Names that the self-signed certificate bears besides this machine's.
    pub names: Vec<String>,
    /// Authorities to trust besides the system's when we dial, PEM.
    pub trust: Vec<PathBuf>,
}

/// TLS, ready for use. Copies are equal.
#[derive(Clone, Debug)]
pub struct Tls {
    /// For SIP streams.
    pub sip: Arc<ServerConfig>,
    /// For pages: HTTP/1.1, which WebSockets need.
    pub http: Arc<ServerConfig>,
    /// For SIP streams that we open.
    pub client: Arc<ClientConfig>,
    shown: Arc<Shown>,
}

impl Tls {
    /// Loads the certificate, making it if none is configured and none was made before. `addresses` are those that a
    /// new self-signed one bears.
    ///
    /// # Errors
    /// Names the file and what is wrong with it.
    pub fn load(config: &TlsConfig, data: &Path, addresses: &[IpAddr]) -> Result<Self> {
        let files = match &config.files {
            Some((chain, key)) => Files { chain: chain.clone(), key: key.clone() },
            None => Files::self_signed(data, &config.names, addresses)?,
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let current = files.read(&provider)?;
        let shown = Arc::new(Shown { files, provider: provider.clone(), current: RwLock::new(current) });
        let server = || -> Result<ServerConfig> {
            Ok(ServerConfig::builder_with_provider(provider.clone())
                .with_safe_default_protocol_versions()?
                .with_no_client_auth()
                .with_cert_resolver(shown.clone()))
        };
        let mut http = server()?;
        http.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { sip: Arc::new(server()?), http: Arc::new(http), client: client(config)?, shown })
    }

    /// SHA-256 of the certificate shown now, as browsers and phones print it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        certificate::fingerprint(&self.shown.current())
    }

    /// Takes up newer files until told to stop.
    pub async fn watch(self, mut stop: Stop) {
        let mut seen = self.shown.files.changed();
        loop {
            tokio::select! {
                () = stop.stopped() => return,
                () = tokio::time::sleep(CERTIFICATE_LOOK) => {}
            }
            let now = self.shown.files.changed();
            if now != seen {
                seen = now;
                self.shown.renew();
            }
        }
    }
}

/// For whom we dial: trusted as the system does, and by the configured authorities.
///
/// # Errors
/// Names the file and what is wrong with it.
pub fn client(config: &TlsConfig) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = Vec::new();
    for file in &config.trust {
        roots.extend(certificate::chain(file)?);
    }
    let verifier = Verifier::new_with_extra_roots(roots, provider.clone())
        .context("cannot use the authorities of [tls] trust")?;
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(client))
}

/// The certificate that is shown at present.
#[derive(Debug)]
struct Shown {
    files: Files,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Shown {
    fn current(&self) -> Arc<CertifiedKey> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn renew(&self) {
        match self.files.read(&self.provider) {
            Ok(newer) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = newer;
                tracing::info!(certificate = %certificate::fingerprint(&self.current()), "the certificate was renewed");
            }
            // Half written perhaps: the former one goes on until both files fit.
            Err(error) => {
                tracing::error!(error = %format!("{error:#}"), "a newer certificate cannot be used");
            }
        }
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}
