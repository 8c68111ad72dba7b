//! Where a configuration and the flows that it names come from: the disk, or the program itself.

use std::path::{Path, PathBuf};

/// A configuration file with the folder that its other files are relative to.
#[derive(Clone, Debug)]
pub enum Files {
    /// On disk.
    Disk(PathBuf),
    /// Shipped with the program: the main file's name and every file by name.
    Shipped(&'static str, &'static [(&'static str, &'static str)]),
}

impl Files {
    /// The demonstration.
    pub const DEMO: Files = Files::Shipped(
        "demo.toml",
        &[
            ("demo.toml", include_str!("../../demo/demo.toml")),
            ("flows/main.toml", include_str!("../../../flows/main.toml")),
        ],
    );

    /// What the program does without any file: an administrator, a page, no numbers yet.
    pub const DEFAULT: Files =
        Files::Shipped("default.toml", &[("default.toml", include_str!("../../demo/default.toml"))]);

    /// Name of the main file, for messages.
    #[must_use]
    pub fn main(&self) -> String {
        match self {
            Files::Disk(path) => path.display().to_string(),
            Files::Shipped(name, _) => (*name).to_owned(),
        }
    }

    /// Text of the main file.
    ///
    /// # Errors
    /// What the disk said.
    pub fn main_text(&self) -> Result<String, String> {
        match self {
            Files::Disk(path) => read(path),
            Files::Shipped(name, files) => shipped(files, name),
        }
    }

    /// The folder that the recordings of a flow are relative to: that of the flow's file.
    #[must_use]
    pub fn folder_of(&self, name: &str) -> PathBuf {
        match self {
            Files::Disk(main) => {
                let file = main.parent().unwrap_or(Path::new(".")).join(name);
                file.parent().map_or_else(PathBuf::new, Path::to_path_buf)
            }
            Files::Shipped(..) => PathBuf::new(),
        }
    }

    /// Where a file that the main file names is. What ships with the program names none.
    #[must_use]
    pub fn path_of(&self, name: &str) -> PathBuf {
        match self {
            Files::Disk(main) => main.parent().unwrap_or(Path::new(".")).join(name),
            Files::Shipped(..) => PathBuf::from(name),
        }
    }

    /// Name and text of a file that the main file names.
    ///
    /// # Errors
    /// What the disk said.
    pub fn other(&self, name: &str) -> Result<(String, String), String> {
        match self {
            Files::Disk(main) => {
                let path = main.parent().unwrap_or(Path::new(".")).join(name);
                Ok((path.display().to_string(), read(&path)?))
            }
            Files::Shipped(_, files) => Ok((name.to_owned(), shipped(files, name)?)),
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > kernel::limits::FILE_BYTES as u64 {
        return Err(format!("{size} bytes"));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes)
        .map_err(|error| format!("a byte that is not UTF-8 at offset {}", error.utf8_error().valid_up_to()))
}

fn shipped(files: &[(&str, &str)], name: &str) -> Result<String, String> {
    let found = files.iter().find(|(file, _)| *file == name);
    found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| "no such file in the program".to_owned())
}
