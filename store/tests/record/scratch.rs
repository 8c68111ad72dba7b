//! A folder that goes away with the test.

use std::path::PathBuf;

/// The folder.
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new one.
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("voxdesk-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&path).expect("the temporary folder takes a new one");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &PathBuf {
        &self.0
    }

    /// The URL of a new SQLite file in it.
    pub fn sqlite(&self) -> String {
        format!("sqlite:{}/{}.db", self.0.display(), uuid::Uuid::new_v4().simple())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
