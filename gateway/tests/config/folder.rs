//! A configuration on disk, for the tests that read one.

use std::path::PathBuf;

use gateway::config::{Config, Files, Flags};

/// A configuration file in a folder of its own, with two files beside it that exist.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(text: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("voxdesk-config-{:x}", rand::random::<u64>()));
        std::fs::create_dir_all(&dir).expect("a directory");
        for (name, text) in [("center.toml", text), ("desk.pem", ""), ("desk.key", "")] {
            std::fs::write(dir.join(name), text).expect("written");
        }
        Self(dir)
    }

    /// Mistakes begin with their line, then as people see them.
    pub fn read(&self, flags: &Flags) -> Result<Config, Vec<String>> {
        let file = self.0.join("center.toml");
        Config::read(&Files::Disk(file), flags).map_err(|problems| {
            problems.iter().map(|problem| format!("{}:{}", problem.line, problem)).collect()
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _best_effort = std::fs::remove_dir_all(&self.0);
    }
}
