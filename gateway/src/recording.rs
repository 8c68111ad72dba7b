//! Recordings of calls: from the media tick through a ring to a thread that mixes, encodes, seals and syncs.
//!
//! Promises: nothing in the tick waits or allocates; both sides stay apart (customer left, staff right) and on one clock; what
//! was said is on the disk within a second, so that a crash loses no more; a pause is silence. Files are encrypted. Leaves to
//! others: when to record and whom (`interaction`, flows), who may hear it (`api`).
//!
//! Whoever records (a talk, a voicemail) opens a [`Tape`], puts [`Tape::track`]s on the legs, and drops or ends it.

mod key;
mod mixer;
mod ogg_opus;
mod ogg_page;
mod ring;
pub(crate) mod sealed;
mod shelf;
mod silencer;
mod thread;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;

use anyhow::{Context as _, Result};
use kernel::InteractionId;

use crate::clock::Clock;
use crate::limits::{RECORDING_JOBS, RECORDING_THREADS};
use crate::media_loop::TapSink;

pub use key::RecordingKey;
pub use ring::Track;
pub use shelf::{Played, Shelf};

use ring::Ring;
use thread::{Job, Order};

/// How a recording is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Opus in Ogg (RFC 7845): a tenth of the space, and every browser plays it.
    #[default]
    Opus,
    /// 16-bit samples, 16 kHz.
    Wav,
}

/// Whose side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The customer.
    Left,
    /// Everybody else.
    Right,
}

/// The recorder of this process.
#[derive(Debug)]
pub struct Recordings {
    clock: Clock,
    shelf: Shelf,
    threads: Vec<(SyncSender<Order>, JoinHandle<()>)>,
}

impl Recordings {
    /// Starts the threads; recordings lie in `dir`, sealed with `key`.
    ///
    /// # Errors
    /// When the directory cannot be made or the system refuses threads.
    pub fn start(dir: PathBuf, key: RecordingKey, clock: Clock) -> Result<Self> {
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let mut threads = Vec::new();
        for n in 0..RECORDING_THREADS {
            let (to, orders) = std::sync::mpsc::sync_channel(RECORDING_JOBS);
            let thread = std::thread::Builder::new()
                .name(format!("recording-{n}"))
                .spawn(move || thread::run(&orders, clock))
                .context("cannot start a recording thread")?;
            threads.push((to, thread));
        }
        Ok(Self { clock, shelf: Shelf::new(dir, key), threads })
    }

    /// Where recordings are found again.
    #[must_use]
    pub const fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Begins a recording of a conversation; `failed` is called, once, when the disk refuses.
    ///
    /// # Errors
    /// When its file cannot be made.
    pub fn begin(
        &self,
        conversation: InteractionId,
        began: desk::WallMillis,
        format: Format,
        failed: impl FnOnce() + Send + 'static,
    ) -> Result<Tape> {
        let file = self.shelf.create(conversation, began, format)?;
        let ring = Arc::new(Ring::default());
        let job = Job::new(file, format, Arc::clone(&ring), self.clock.now(), Box::new(failed))?;
        let at = usize::try_from(conversation.serial).unwrap_or(0) % self.threads.len().max(1);
        let (orders, _) = self.threads.get(at).context("no recording thread")?;
        // A full queue means a disk that stands still: better no recording than a call that waits for it.
        let sent = orders.try_send(Order::Begin(Box::new(job)));
        sent.ok().context("the recording threads do not keep up")?;
        Ok(Tape { ring })
    }

    /// Ends the threads after what waits is written. Blocks.
    pub fn stop(self) {
        for (orders, thread) in self.threads {
            drop(orders);
            if thread.join().is_err() {
                tracing::error!("a recording thread panicked");
            }
        }
    }
}

/// A recording that runs. Dropping it ends it.
#[derive(Debug)]
#[must_use = "dropping it ends the recording"]
pub struct Tape {
    ring: Arc<Ring>,
}

impl Tape {
    /// For one leg: what it says is on the tape from now on.
    #[must_use]
    pub fn track(&self, side: Side) -> Box<dyn TapSink> {
        Box::new(Track::new(Arc::clone(&self.ring), side))
    }

    /// Silence from now on, until `resume`. What was said before stays.
    pub fn pause(&self) {
        self.ring.paused.store(true, Ordering::Release);
    }

    /// Sound again.
    pub fn resume(&self) {
        self.ring.paused.store(false, Ordering::Release);
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.ring.ended.store(true, Ordering::Release);
    }
}
