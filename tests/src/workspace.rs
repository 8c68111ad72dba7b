//! The workspace as files: which member imports which, and how long files are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Who may import whom (ARCHITECTURE.md, "Who may import whom"), by member folder.
pub const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("api", &["desk", "interaction", "ivr", "kernel", "routing", "store"]),
    ("asr", &["kernel"]),
    ("asr/whisper", &["asr", "kernel"]),
    ("desk", &["kernel"]),
    (
        "gateway",
        &[
            "api",
            "asr",
            "asr-whisper",
            "desk",
            "interaction",
            "ivr",
            "ivr-voice",
            "kernel",
            "media",
            "routing",
            "signaling",
            "store",
        ],
    ),
    ("interaction", &["asr", "desk", "ivr", "kernel", "media", "routing", "signaling"]),
    ("ivr", &["kernel"]),
    ("ivr/voice", &["ivr", "kernel"]),
    ("kernel", &[]),
    ("media", &["kernel"]),
    ("routing", &["kernel"]),
    ("signaling", &["kernel"]),
    ("store", &["desk", "ivr", "kernel", "routing"]),
    ("tests", &["asr", "desk", "interaction", "ivr", "kernel", "media", "routing", "signaling", "store"]),
];

/// Members that decide and do nothing else.
pub const CORES: &[&str] = &["asr", "desk", "interaction", "ivr", "kernel", "media", "routing", "signaling"];

/// What no core may depend on, also not through others.
pub const NOT_IN_CORES: &[&str] = &["axum", "hyper", "mio", "reqwest", "socket2", "sqlx", "tokio"];

/// Longest source file, in lines. Tests, tables and generated files are excepted by their names.
pub const LONGEST_FILE: usize = 800;

/// Longest `lib.rs`.
pub const LONGEST_LIB: usize = 80;

/// The workspace's folder.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// A member's manifest.
///
/// # Panics
/// When it is missing or no TOML: the check cannot go on.
#[must_use]
pub fn manifest(member: &str) -> toml::Table {
    let path = root().join(member).join("Cargo.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of a member's dependencies in these sections.
#[must_use]
pub fn dependencies(member: &str, sections: &[&str]) -> BTreeSet<String> {
    let manifest = manifest(member);
    let tables = sections.iter().filter_map(|section| manifest.get(*section)?.as_table());
    tables.flat_map(|table| table.keys().cloned()).collect()
}

/// Package names of all members.
#[must_use]
pub fn packages() -> BTreeMap<String, &'static str> {
    let name = |member: &str| manifest(member)["package"]["name"].as_str().map(str::to_owned);
    MAY_IMPORT.iter().filter_map(|(member, _)| Some((name(member)?, *member))).collect()
}

/// Every Rust source file below a folder of the workspace, except build output.
#[must_use]
pub fn sources(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(below) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && !["target", "node_modules", ".git"].iter().any(|skipped| name == *skipped) {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
