//! Live transcription's driver: one thread of ears that runs every `asr::Stream`, and threads that decode.
//!
//! Promises: pushing audio neither blocks nor allocates; what was said gets its text, if not at once then later (interims give way
//! first, then the youngest streams fall behind: their audio waits on the disk, `journal`); no work and no wake-ups while no
//! stream is open.
//! Leaves to others: what to cut and when to ask (`asr::Stream`), order (`asr::Schedule`), inference (`asr_whisper`).

mod ears;
mod figures;
mod journal;
mod listened;
mod tap;
mod workers;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use asr::{Out, Policy, Recognizer, RecognizerError, ScheduleLimits};
use asr_whisper::{LoadError, Options, WhisperModel};
use tokio::sync::mpsc;

use ears::{Command, Ears};
use kernel::InteractionId;
use listened::{Delivery, Kept, Outlet};
use workers::Desk;

pub use figures::{Delay, Performance};
pub use journal::Journals;
pub use tap::{AsrHandle, AsrTap, Keeper};

/// Frames of 20 ms that wait for the ears, per stream: 2.5 s. Full: the frame is dropped, `asr_frames_lost_total`.
const FRAMES: usize = 128;
/// Commands and results that wait for the ears. Full: the sender waits (the ears only compute; under a millisecond).
const COMMANDS: usize = 4096;
/// Streams open at once. Full: opening fails.
const STREAMS: usize = 2048;

/// Why there is no transcription.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The model cannot be used.
    #[error(transparent)]
    Model(#[from] LoadError),
    /// No state for a thread.
    #[error("no memory for a decoding thread: {0}")]
    State(#[from] RecognizerError),
    /// A thread cannot be started.
    #[error("starting a thread: {0}")]
    Thread(#[from] std::io::Error),
    /// What was left behind cannot be read.
    #[error("the backlog cannot be used: {0}")]
    Backlog(String),
    /// Too many streams.
    #[error("{STREAMS} streams are open, no more are allowed")]
    Full,
    /// The pool is ending.
    #[error("transcription has ended")]
    Ended,
}

/// The pool; cheap to clone. The last clone ends the threads when it is dropped (a decoding under way is finished).
#[derive(Clone)]
pub struct AsrPool {
    inner: Arc<Inner>,
}

struct Inner {
    commands: SyncSender<Command>,
    desk: Arc<Desk>,
    streams: Arc<tap::Count>,
    journals: Option<Journals>,
    decoders: usize,
    threads: Vec<JoinHandle<()>>,
}

/// Where what has no text yet is kept, and who is told of a conversation that ended before its text was there.
#[derive(Clone, Debug)]
pub struct Backlog {
    /// On the disk.
    pub journals: Journals,
    /// By conversation.
    pub left: mpsc::Sender<InteractionId>,
}

/// What the pool carries now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Streams that are open.
    pub streams: usize,
    /// Those of them whose text comes later.
    pub behind: usize,
    /// Milliseconds of audio that wait for text, of all of those.
    pub backlog_ms: u64,
    /// Windows that wait: finals and interims.
    pub waiting: (usize, usize),
}

impl AsrPool {
    /// Loads a model and starts `threads` decoding threads (at least one) and the ears. Blocks until all are ready.
    ///
    /// # Errors
    /// When the model or a thread cannot be had.
    pub fn start(
        model: &Path,
        options: Options,
        threads: usize,
        backlog: Option<Backlog>,
    ) -> Result<Self, PoolError> {
        let model = WhisperModel::load(model, options)?;
        let recognizers = (0..threads.max(1))
            .map(|_| model.recognizer().map(|one| Box::new(one) as Box<dyn Recognizer>))
            .collect::<Result<Vec<_>, _>>()?;
        Self::start_with(recognizers, Policy::default(), ScheduleLimits::default(), backlog)
    }

    /// Starts with recognisers of the caller's, one thread each.
    ///
    /// # Errors
    /// When a thread cannot be had.
    pub fn start_with(
        recognizers: Vec<Box<dyn Recognizer>>,
        policy: Policy,
        limits: ScheduleLimits,
        backlog: Option<Backlog>,
    ) -> Result<Self, PoolError> {
        let (journals, left) = backlog.map(|Backlog { journals, left }| (journals, left)).unzip();
        let (commands, inbox) = sync_channel(COMMANDS);
        let desk = Arc::new(Desk::new(limits));
        let streams = Arc::new(tap::Count::default());
        let mut inner = Inner {
            commands: commands.clone(),
            desk: Arc::clone(&desk),
            streams: Arc::clone(&streams),
            journals,
            decoders: recognizers.len(),
            threads: Vec::new(),
        };
        let (ready, warm) = sync_channel(recognizers.len());
        for (n, recognizer) in recognizers.into_iter().enumerate() {
            let (desk, commands, ready) = (Arc::clone(&desk), commands.clone(), ready.clone());
            let work = move || workers::work(recognizer, &desk, &commands, ready);
            inner.threads.push(std::thread::Builder::new().name(format!("asr-{n}")).spawn(work)?);
        }
        drop(ready);
        let ears = Ears::new(inbox, desk, streams, policy, left);
        inner
            .threads
            .push(std::thread::Builder::new().name("asr-ears".to_owned()).spawn(move || ears.listen())?);
        // Ends when every worker has said that it is warm (or died).
        for () in warm {}
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Opens a stream. What is heard comes through `to` as `(tag, out)`: partials, finals, `Nothing`, and `Done` after
    /// the handle is closed or dropped; never `Out::Decode`. When `to` is full, partials are skipped and the rest waits.
    /// `language` is a code of ours, or `None` to let the model choose for each utterance. A stream that is `of` a conversation's
    /// leg is kept on the disk until its text is in the record (`AsrHandle::keeper`), if the pool has a backlog.
    ///
    /// # Errors
    /// When there are too many streams, or the pool is ending.
    pub fn open<T>(
        &self,
        of: Option<(InteractionId, u16)>,
        language: Option<String>,
        tag: T,
        to: mpsc::Sender<(T, Out)>,
    ) -> Result<AsrHandle, PoolError>
    where
        T: Clone + Send + 'static,
    {
        let kept = of.and_then(|(conversation, leg)| {
            let journal = self.inner.journals.as_ref()?.of(conversation, leg);
            let journal = journal.inspect_err(|error| {
                tracing::error!(error = format!("{error:#}"), "a leg's audio is not kept: the disk refuses");
            });
            Some(Kept::new(conversation, journal.ok()?, false))
        });
        if !self.inner.streams.enter(STREAMS) {
            return Err(PoolError::Full);
        }
        let stream = self.inner.streams.next_id();
        let (handle, ring) = AsrHandle::new(stream, FRAMES, self.inner.commands.clone());
        let open = Command::Open { stream, language, ring, outlet: outlet(tag, to), kept };
        self.inner.commands.send(open).map_err(|_| PoolError::Ended)?;
        Ok(handle)
    }

    /// Hears what an earlier process left of a leg, from `from_ms` on; ends with `Done`. The files are the caller's to forget.
    ///
    /// # Errors
    /// When they cannot be read, there are too many streams, or the pool is ending.
    pub fn inherit<T>(
        &self,
        (conversation, leg): (InteractionId, u16),
        from_ms: u64,
        language: Option<String>,
        tag: T,
        to: mpsc::Sender<(T, Out)>,
    ) -> Result<(), PoolError>
    where
        T: Clone + Send + 'static,
    {
        let unusable = |error: anyhow::Error| PoolError::Backlog(format!("{error:#}"));
        let journals = self.inner.journals.as_ref().ok_or(PoolError::Ended)?;
        let journal = journals.inherited(conversation, leg).map_err(unusable)?;
        if !self.inner.streams.enter(STREAMS) {
            return Err(PoolError::Full);
        }
        let stream = self.inner.streams.next_id();
        let kept = Kept::new(conversation, journal, true);
        let inherit = Command::Inherit { stream, language, outlet: outlet(tag, to), kept, from_ms };
        self.inner.commands.send(inherit).map_err(|_| PoolError::Ended)
    }

    /// The conversation's owner is gone: what it was not told yet is left to the backlog.
    pub fn abandon(&self, conversation: InteractionId) {
        // Without ears the next start looks after it.
        let _ended = self.inner.commands.send(Command::Abandon { conversation });
    }

    /// What is on the disk.
    #[must_use]
    pub fn journals(&self) -> Option<&Journals> {
        self.inner.journals.as_ref()
    }

    /// How well it keeps up, and with how many decoding threads.
    #[must_use]
    pub fn performance(&self) -> (Performance, usize) {
        (self.inner.desk.figures.now(self.inner.decoders), self.inner.decoders)
    }

    /// What it carries now.
    #[must_use]
    pub fn load(&self) -> Load {
        let (streams, behind, backlog_ms) = self.inner.streams.now();
        Load { streams, behind, backlog_ms, waiting: self.inner.desk.waiting() }
    }
}

/// The way of words to a receiver.
fn outlet<T: Clone + Send + 'static>(tag: T, to: mpsc::Sender<(T, Out)>) -> Outlet {
    Box::new(move |out| match to.try_send((tag.clone(), out)) {
        Ok(()) => Delivery::Done,
        Err(mpsc::error::TrySendError::Full((_, out))) => Delivery::Later(out),
        Err(mpsc::error::TrySendError::Closed(_)) => Delivery::Gone,
    })
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.desk.stop();
        // The ears may be gone already.
        let _gone = self.commands.send(Command::Stop);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a transcription thread had panicked");
            }
        }
    }
}

#[cfg(test)]
mod tests;
