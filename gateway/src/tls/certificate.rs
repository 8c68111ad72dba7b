//! Certificate files: reading them, and making the self-signed pair of the first start.
//!
//! Promises: a key is never readable by others, from its first byte on; an error names the file and what would be right.

use std::fs;
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, SanType};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use sha2::{Digest as _, Sha256};

/// Years that a self-signed certificate lasts: nobody renews it.
const YEARS: i64 = 10;
/// Largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Where a certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) chain: PathBuf,
    pub(super) key: PathBuf,
}

impl Files {
    /// The pair of the data directory; made when it is not there.
    pub(super) fn self_signed(data: &Path, names: &[String], addresses: &[IpAddr]) -> Result<Self> {
        let dir = data.join("tls");
        let files = Self { chain: dir.join("certificate.pem"), key: dir.join("key.pem") };
        if files.chain.exists() && files.key.exists() {
            return Ok(files);
        }
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let (chain, key) = make(names, addresses).context("cannot make a certificate")?;
        // The key first: a certificate without its key would be kept at the next start.
        write(&files.key, "PRIVATE KEY", &key, 0o600)?;
        write(&files.chain, "CERTIFICATE", &chain, 0o644)?;
        tracing::info!(file = %files.chain.display(), "a self-signed certificate was made");
        Ok(files)
    }

    /// Reads both and sees that they belong together.
    pub(super) fn read(&self, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>> {
        let chain = chain(&self.chain)?;
        let key = PrivateKeyDer::from_pem_slice(&bytes(&self.key)?).map_err(|_| {
            anyhow::anyhow!(
                "{}: no private key in it; a PEM key without password is needed",
                self.key.display()
            )
        })?;
        let certified = CertifiedKey::from_der(chain, key, provider).with_context(|| {
            format!("{} and {} do not fit each other", self.chain.display(), self.key.display())
        })?;
        Ok(Arc::new(certified))
    }

    /// When each of them changed last.
    pub(super) fn changed(&self) -> [Option<SystemTime>; 2] {
        [&self.chain, &self.key].map(|file| fs::metadata(file).and_then(|of| of.modified()).ok())
    }
}

/// The certificates of a PEM file, in its order.
pub(super) fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes(file)?).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) | Err(_) => bail!("{}: no certificate in it; PEM certificates are needed", file.display()),
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    let size = fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
    ensure!(size <= LARGEST, "{}: {size} bytes; a PEM file is smaller", file.display());
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// SHA-256 of the certificate, `AB:CD:…`.
pub(super) fn fingerprint(key: &CertifiedKey) -> String {
    let digest = Sha256::digest(key.cert.first().map_or(&[][..], |first| first.as_ref()));
    let bytes: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join(":")
}

/// A certificate and its key, DER.
fn make(names: &[String], addresses: &[IpAddr]) -> Result<(Vec<u8>, Vec<u8>)> {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mut all = vec!["localhost".to_owned()];
    all.extend([host.trim().to_owned()].into_iter().filter(|host| !host.is_empty()));
    all.extend(names.iter().cloned());
    all.dedup();
    let mut params = CertificateParams::new(all).context("a name of [tls] names is no host name")?;
    params.subject_alt_names.extend(addresses.iter().map(|address| SanType::IpAddress(*address)));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Voxdesk");
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    let today = SystemTime::now();
    // A day back, for clients whose clock is late.
    let day = std::time::Duration::from_secs(86_400);
    params.not_before = (today - day).into();
    params.not_after = (today + day * u32::try_from(365 * YEARS)?).into();
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok((certificate.der().to_vec(), key.serialize_der()))
}

fn write(file: &Path, label: &str, der: &[u8], mode: u32) -> Result<()> {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    let part = file.with_extension("part");
    let put = || -> std::io::Result<()> {
        // What a former start left half done may have other rights.
        let _absent = fs::remove_file(&part);
        let mut open = fs::OpenOptions::new();
        let mut to = open.write(true).create_new(true).mode(mode).open(&part)?;
        to.write_all(pem.as_bytes())?;
        to.sync_all()?;
        fs::rename(&part, file)
    };
    put().with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn scratch() -> PathBuf {
        let dir = std::env::temp_dir().join(format!("voxdesk-tls-{:x}", rand::random::<u64>()));
        fs::create_dir_all(&dir).expect("a directory");
        dir
    }

    #[test]
    fn the_self_signed_certificate_is_made_once_kept_and_its_key_is_the_owners() {
        let dir = scratch();
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let made =
            Files::self_signed(&dir, &["desk.example.com".into()], &[[127, 0, 0, 1].into()]).expect("made");
        let first = fingerprint(&made.read(&provider).expect("reads back"));
        assert_eq!(first.len(), 95);
        let mode = fs::metadata(&made.key).expect("a key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = Files::self_signed(&dir, &[], &[]).expect("kept");
        assert_eq!(fingerprint(&again.read(&provider).expect("reads back")), first);
        fs::remove_dir_all(dir).expect("removed");
    }

    #[test]
    fn files_that_are_not_a_pair_are_named() {
        let (one, other) = (scratch(), scratch());
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let mine = Files::self_signed(&one, &[], &[]).expect("made");
        let theirs = Files::self_signed(&other, &[], &[]).expect("made");
        let mixed = Files { chain: mine.chain.clone(), key: theirs.key };
        let error = format!("{:#}", mixed.read(&provider).expect_err("are no pair"));
        assert!(error.contains("certificate.pem") && error.contains("do not fit"), "{error}");
        let swapped = Files { chain: mine.key.clone(), key: mine.chain.clone() };
        let error = format!("{:#}", swapped.read(&provider).expect_err("is a key"));
        assert!(error.contains("key.pem: no certificate in it"), "{error}");
        fs::remove_dir_all(one).and_then(|()| fs::remove_dir_all(other)).expect("removed");
    }
}
