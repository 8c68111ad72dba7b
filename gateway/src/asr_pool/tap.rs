//! The media thread's side of a stream: a ring of frames, and the handle that ends it.
//!
//! Promises: `push_audio` is a copy into a slot made beforehand; no lock, no allocation, no wake-up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;

use asr::StreamId;
use crossbeam_queue::ArrayQueue;
use kernel::Time;

use super::ears::Command;
use crate::media_loop::TapSink;

/// Samples in a frame of 20 ms.
pub(super) const SAMPLES: usize = 320;

/// 20 ms of audio that ended at `end_ms` of the conversation's clock.
pub(super) struct Frame {
    pub end_ms: u64,
    pub samples: [i16; SAMPLES],
}

/// Frames on their way to the ears, and how many found no room.
pub(super) struct Ring {
    pub frames: ArrayQueue<Frame>,
    pub lost: AtomicU64,
}

/// How many streams are open and how many of them are behind, and the next number.
#[derive(Default)]
pub(super) struct Count {
    open: AtomicUsize,
    last: AtomicU64,
    behind: AtomicUsize,
    behind_ms: AtomicU64,
}

impl Count {
    /// Takes one of `most` places.
    pub(super) fn enter(&self, most: usize) -> bool {
        let taken =
            self.open.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < most).then_some(n + 1));
        if let Ok(before) = taken {
            metrics::gauge!("asr_streams").set(before as f64 + 1.0);
        }
        taken.is_ok()
    }

    /// Gives a place back.
    pub(super) fn leave(&self) {
        let before = self.open.fetch_sub(1, Ordering::AcqRel);
        metrics::gauge!("asr_streams").set(before.saturating_sub(1) as f64);
    }

    /// How long it is that each of those who are behind waits for.
    pub(super) fn report_behind(&self, waiting_ms: impl Iterator<Item = u64>) {
        let (count, sum) = waiting_ms.fold((0, 0), |(count, sum), ms| (count + 1, sum + ms));
        let (before, before_ms) =
            (self.behind.swap(count, Ordering::Relaxed), self.behind_ms.swap(sum, Ordering::Relaxed));
        if (before, before_ms) != (count, sum) {
            metrics::gauge!("asr_streams_behind").set(count as f64);
            metrics::gauge!("asr_backlog_seconds").set(sum as f64 / 1_000.0);
        }
    }

    /// Streams that are open, those of them that are behind, and the audio that waits for text.
    pub(super) fn now(&self) -> (usize, usize, u64) {
        let load = |one: &AtomicUsize| one.load(Ordering::Relaxed);
        (load(&self.open), load(&self.behind), self.behind_ms.load(Ordering::Relaxed))
    }

    pub(super) fn next_id(&self) -> StreamId {
        StreamId(self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// A stream's owner. Dropping it closes the stream: what is open becomes final, then `Out::Done` comes.
#[must_use]
pub struct AsrHandle {
    stream: StreamId,
    ring: Arc<Ring>,
    commands: SyncSender<Command>,
}

impl AsrHandle {
    pub(super) fn new(stream: StreamId, frames: usize, commands: SyncSender<Command>) -> (Self, Arc<Ring>) {
        let ring = Arc::new(Ring::of(frames));
        (Self { stream, ring: Arc::clone(&ring), commands }, ring)
    }

    /// The side that goes to the media thread; `began` is when the conversation's clock was zero.
    #[must_use]
    pub fn tap(&self, began: Time) -> AsrTap {
        AsrTap { ring: Arc::clone(&self.ring), began }
    }

    /// Hands over 20 ms that ended at `end_ms`. For callers without a tap; one thread at a time, in order.
    pub fn push_audio(&self, end_ms: u64, samples: &[i16; SAMPLES]) {
        self.ring.push(end_ms, samples);
    }

    /// The leg is held, parked or gone from the talk: what is open becomes final.
    pub fn pause(&self, at_ms: u64) {
        self.send(Command::Pause { stream: self.stream, at_ms });
    }

    /// The language changed.
    pub fn set_language(&self, language: Option<String>) {
        self.send(Command::Language { stream: self.stream, language });
    }

    /// For whoever records what was heard.
    #[must_use]
    pub fn keeper(&self) -> Keeper {
        Keeper { stream: self.stream, commands: self.commands.clone() }
    }

    /// The leg ended. The same as dropping the handle.
    pub fn close(self) {}

    fn send(&self, command: Command) {
        // Without ears there is nothing to tell: the pool has ended.
        let _ended = self.commands.send(command);
    }
}

/// Says what is in the record, so that its audio need not be kept.
#[derive(Clone)]
pub struct Keeper {
    stream: StreamId,
    commands: SyncSender<Command>,
}

impl Keeper {
    /// Everything that this leg said up to there is in the record.
    pub fn recorded(&self, until_ms: u64) {
        // Without ears nothing is kept any more; the next process finds it in the record.
        let _ended = self.commands.send(Command::Recorded { stream: self.stream, until_ms });
    }
}

impl Drop for AsrHandle {
    fn drop(&mut self) {
        self.send(Command::Close { stream: self.stream });
    }
}

impl Ring {
    pub(super) fn of(frames: usize) -> Self {
        Self { frames: ArrayQueue::new(frames), lost: AtomicU64::new(0) }
    }

    fn push(&self, end_ms: u64, samples: &[i16; SAMPLES]) {
        if self.frames.push(Frame { end_ms, samples: *samples }).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The end of a stream that the media thread holds.
pub struct AsrTap {
    ring: Arc<Ring>,
    began: Time,
}

impl TapSink for AsrTap {
    fn frame(&mut self, frame: media::TapFrame<'_>) {
        let end_ms = u64::try_from(frame.at.since(self.began).as_millis()).unwrap_or(u64::MAX);
        self.ring.push(end_ms, frame.samples);
    }
}
