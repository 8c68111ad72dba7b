//! Live transcription's driver: one thread of ears that runs every `asr::Stream`, and threads that decode.
//!
//! Promises: pushing audio neither blocks nor allocates; finals are not lost while the pool lives (interims give way
//! first, then audio, whose gap is counted); no work and no wake-ups while no stream is open.
//! Leaves to others: what to cut and when to ask (`asr::Stream`), order (`asr::Schedule`), inference (`asr_whisper`).

mod ears;
mod tap;
mod workers;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use asr::{Out, Policy, Recognizer, RecognizerError};
use asr_whisper::{LoadError, Options, WhisperModel};
use tokio::sync::mpsc;

use ears::{Command, Delivery, Ears, Outlet};
use workers::Desk;

pub use tap::{AsrHandle, AsrTap};

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
    threads: Vec<JoinHandle<()>>,
}

impl AsrPool {
    /// Loads a model and starts `threads` decoding threads (at least one) and the ears. Blocks until all are ready.
    ///
    /// # Errors
    /// When the model or a thread cannot be had.
    pub fn start(model: &Path, threads: usize) -> Result<Self, PoolError> {
        let model = WhisperModel::load(model, Options::default())?;
        let recognizers = (0..threads.max(1))
            .map(|_| model.recognizer().map(|one| Box::new(one) as Box<dyn Recognizer>))
            .collect::<Result<Vec<_>, _>>()?;
        Self::start_with(recognizers, Policy::default())
    }

    /// Starts with recognisers of the caller's, one thread each.
    ///
    /// # Errors
    /// When a thread cannot be had.
    pub fn start_with(recognizers: Vec<Box<dyn Recognizer>>, policy: Policy) -> Result<Self, PoolError> {
        let (commands, inbox) = sync_channel(COMMANDS);
        let desk = Arc::new(Desk::new());
        let streams = Arc::new(tap::Count::default());
        let mut inner = Inner {
            commands: commands.clone(),
            desk: Arc::clone(&desk),
            streams: Arc::clone(&streams),
            threads: Vec::new(),
        };
        let (ready, warm) = sync_channel(recognizers.len());
        for (n, recognizer) in recognizers.into_iter().enumerate() {
            let (desk, commands, ready) = (Arc::clone(&desk), commands.clone(), ready.clone());
            let work = move || workers::work(recognizer, &desk, &commands, ready);
            inner.threads.push(std::thread::Builder::new().name(format!("asr-{n}")).spawn(work)?);
        }
        drop(ready);
        let ears = Ears::new(inbox, desk, streams, policy);
        inner
            .threads
            .push(std::thread::Builder::new().name("asr-ears".to_owned()).spawn(move || ears.listen())?);
        // Ends when every worker has said that it is warm (or died).
        for () in warm {}
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Opens a stream. What is heard comes through `to` as `(tag, out)`: partials, finals, `Nothing`, and `Done` after
    /// the handle is closed or dropped; never `Out::Decode`. When `to` is full, partials are skipped and the rest waits.
    /// `language` is a code of ours, or `None` to let the model choose for each utterance.
    ///
    /// # Errors
    /// When there are too many streams, or the pool is ending.
    pub fn open<T>(
        &self,
        language: Option<String>,
        tag: T,
        to: mpsc::Sender<(T, Out)>,
    ) -> Result<AsrHandle, PoolError>
    where
        T: Clone + Send + 'static,
    {
        if !self.inner.streams.enter(STREAMS) {
            return Err(PoolError::Full);
        }
        let outlet: Outlet = Box::new(move |out| match to.try_send((tag.clone(), out)) {
            Ok(()) => Delivery::Done,
            Err(mpsc::error::TrySendError::Full((_, out))) => Delivery::Later(out),
            Err(mpsc::error::TrySendError::Closed(_)) => Delivery::Gone,
        });
        let stream = self.inner.streams.next_id();
        let (handle, ring) = AsrHandle::new(stream, FRAMES, self.inner.commands.clone());
        let open = Command::Open { stream, language, ring, outlet };
        self.inner.commands.send(open).map_err(|_| PoolError::Ended)?;
        Ok(handle)
    }

    /// Windows that wait: finals and interims.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        self.inner.desk.waiting()
    }
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
