//! Where recordings lie: `DIR/YYYY-MM-DD/CONVERSATION.sealed`, and how they are read and thrown away.
//!
//! Promises: a recording is found by the conversation's id and beginning alone; after the days of retention its file is gone.

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use chrono::DateTime;
use desk::WallMillis;
use kernel::InteractionId;

use super::sealed::{Opener, Sealer};
use super::silencer::Silencer;
use super::{Format, RecordingKey};

/// All recordings.
#[derive(Clone, Debug)]
pub struct Shelf {
    dir: PathBuf,
    key: RecordingKey,
}

impl Shelf {
    pub(super) const fn new(dir: PathBuf, key: RecordingKey) -> Self {
        Self { dir, key }
    }

    fn path(&self, id: InteractionId, began: WallMillis) -> PathBuf {
        let day = DateTime::from_timestamp_millis(began).unwrap_or_default().format("%Y-%m-%d").to_string();
        self.dir.join(day).join(format!("{id}.sealed"))
    }

    pub(super) fn create(&self, id: InteractionId, began: WallMillis, format: Format) -> Result<Sealer> {
        let path = self.path(id, began);
        let dir = path.parent().unwrap_or(&self.dir);
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let file = File::create_new(&path).with_context(|| format!("cannot make {}", path.display()))?;
        // The name is on the disk before the first word is.
        File::open(dir)?.sync_all()?;
        Sealer::create(file, &self.key, format)
    }

    /// Opens the recording of a conversation that began then; `None`: there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(&self, id: InteractionId, began: WallMillis) -> Result<Option<Played>> {
        let path = self.path(id, began);
        match File::open(&path) {
            Ok(file) => {
                let sealed = Opener::open(file, &self.key)
                    .with_context(|| format!("cannot open {}", path.display()))?;
                Ok(Some(Played::new(sealed)))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot open {}", path.display())),
        }
    }

    /// Writes a recording anew with silence in these moments, milliseconds from its beginning; the old one is gone then. Blocks.
    ///
    /// # Errors
    /// When it cannot be read or written; the old one stays.
    pub fn silence(&self, id: InteractionId, began: WallMillis, moments: Vec<(u64, u64)>) -> Result<()> {
        let path = self.path(id, began);
        let Some(mut played) = self.open(id, began)? else { return Ok(()) };
        let format = played.sealed.format;
        let mut silencer = Silencer::new(format, moments)?;
        let new = path.with_extension("silencing");
        let mut sealer = Sealer::silenced(File::create(&new)?, &self.key, format)?;
        let mut at = 0;
        loop {
            let chunk = played.sealed.read(at)?;
            if chunk.is_empty() {
                break;
            }
            at += chunk.len() as u64;
            sealer.hand_over(&silencer.chunk(&chunk)?, false)?;
        }
        // An empty chunk is the end; a recording that a crash cut short is whole from now on.
        sealer.write(&[], true)?;
        std::fs::rename(&new, &path)?;
        if let Some(dir) = path.parent() {
            File::open(dir)?.sync_all()?;
        }
        Ok(())
    }

    /// Removes what has not been written to for `keep`. Returns how many. Blocks.
    ///
    /// # Errors
    /// When the directory cannot be read; single files that resist are logged and tried again next time.
    pub fn sweep(&self, keep: Duration) -> Result<usize> {
        let Some(limit) = SystemTime::now().checked_sub(keep) else { return Ok(0) };
        let mut removed = 0;
        for day in std::fs::read_dir(&self.dir)? {
            let day = day?.path();
            if !day.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(&day)? {
                let file = file?;
                let old = file.metadata().and_then(|meta| meta.modified()).is_ok_and(|at| at < limit);
                let ours = file.path().extension().is_some_and(|name| name == "sealed");
                if old && ours {
                    match std::fs::remove_file(file.path()) {
                        Ok(()) => removed += 1,
                        Err(error) => {
                            tracing::error!(%error, file = %file.path().display(), "an old recording stays")
                        }
                    }
                }
            }
            // Only an empty day goes.
            let _not_empty = std::fs::remove_dir(&day);
        }
        Ok(removed)
    }
}

/// A recording as it is played: the bytes of an Ogg or WAV file, from anywhere.
#[derive(Debug)]
pub struct Played {
    sealed: Opener,
    head: Vec<u8>,
}

impl Played {
    fn new(sealed: Opener) -> Self {
        let head = match sealed.format {
            Format::Opus => Vec::new(),
            // Sizes are known only now: the file was written while the call went on.
            Format::Wav => wav_head(sealed.length),
        };
        Self { sealed, head }
    }

    /// Media type.
    #[must_use]
    pub const fn content_type(&self) -> &'static str {
        match self.sealed.format {
            Format::Opus => "audio/ogg",
            Format::Wav => "audio/wav",
        }
    }

    /// Bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.head.len() as u64 + self.sealed.length
    }

    /// Whether its end was written (else the call goes on, or a crash cut it short).
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.sealed.complete
    }

    /// Whether what was hidden in the transcript is silent in it.
    #[must_use]
    pub const fn is_silenced(&self) -> bool {
        self.sealed.silenced
    }

    /// Some bytes from `at`; empty at the end. Blocks.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn read(&mut self, at: u64) -> Result<Vec<u8>> {
        let head = self.head.len() as u64;
        if at < head {
            let from = usize::try_from(at).unwrap_or(0);
            return Ok(self.head.get(from..).unwrap_or_default().to_vec());
        }
        self.sealed.read(at - head)
    }
}

/// A WAV head: 16-bit stereo at 16 kHz.
fn wav_head(data: u64) -> Vec<u8> {
    let data = u32::try_from(data).unwrap_or(u32::MAX - 36);
    let mut head = b"RIFF".to_vec();
    head.extend((data + 36).to_le_bytes());
    head.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    head.extend(16_000u32.to_le_bytes());
    head.extend(64_000u32.to_le_bytes());
    head.extend(b"\x04\0\x10\0data");
    head.extend(data.to_le_bytes());
    head
}
