//! Where files of messages lie: a folder for each key, a file for each number in it.
//!
//! Promises: a file is on disk, readable by us alone, before anything names it; no key leads out of the shelf.

use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Keeps files as 0, 1, … in a folder.
pub async fn keep(folder: PathBuf, files: Vec<Vec<u8>>) -> io::Result<()> {
    let writing = move || {
        std::fs::create_dir_all(&folder)?;
        for (n, bytes) in files.into_iter().enumerate() {
            write(&folder.join(n.to_string()), &bytes)?;
        }
        std::fs::File::open(&folder)?.sync_all()
    };
    tokio::task::spawn_blocking(writing).await.map_err(io::Error::other)?
}

/// What is in a file; `None` when there is none.
pub async fn file(shelf: &Path, key: &str, n: u16) -> Option<Vec<u8>> {
    let is_key = key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit());
    let path = is_key.then(|| shelf.join(key).join(n.to_string()))?;
    tokio::fs::read(path).await.ok()
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
