//! The recording threads: drain the rings, mix, encode, seal, sync.
//!
//! Promises: what was said reaches the disk within a second while the disk keeps up; a recording whose disk refuses ends with
//! one word to its owner, the others go on.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::Result;
use kernel::Time;

use super::Format;
use super::mixer::{Mixer, Stereo};
use super::ogg_opus::OggOpus;
use super::ring::Ring;
use super::sealed::Sealer;
use crate::clock::Clock;

/// How often the rings are looked at.
const ROUND: Duration = Duration::from_millis(100);
/// Sound may lie unwritten this long: with a round, a page and the disk's own time a crash loses less than a second.
const UNWRITTEN: Duration = Duration::from_millis(300);
/// When nothing came for this long, it is silence and not a late frame.
const QUIET: Duration = Duration::from_millis(300);

/// Orders to a thread; its end is the dropping of the channel.
pub(super) enum Order {
    Begin(Box<Job>),
}

enum Codec {
    Opus(Box<OggOpus>),
    Wav(Vec<u8>),
}

impl Codec {
    fn push(&mut self, stereo: &Stereo) -> Result<()> {
        match self {
            Codec::Opus(ogg) => ogg.push(stereo),
            Codec::Wav(bytes) => {
                bytes.extend(stereo.iter().flat_map(|sample| sample.to_le_bytes()));
                Ok(())
            }
        }
    }

    fn take(&mut self) -> Vec<u8> {
        match self {
            Codec::Opus(ogg) => ogg.take(),
            Codec::Wav(bytes) => std::mem::take(bytes),
        }
    }
}

/// One recording.
pub(super) struct Job {
    sealer: Sealer,
    codec: Codec,
    mixer: Mixer,
    ring: Arc<Ring>,
    written: Time,
    failed: Option<Box<dyn FnOnce() + Send>>,
}

impl Job {
    pub(super) fn new(
        sealer: Sealer,
        format: Format,
        ring: Arc<Ring>,
        now: Time,
        failed: Box<dyn FnOnce() + Send>,
    ) -> Result<Self> {
        let codec = match format {
            Format::Opus => Codec::Opus(Box::new(OggOpus::new(rand::random())?)),
            Format::Wav => Codec::Wav(Vec::new()),
        };
        Ok(Self { sealer, codec, mixer: Mixer::new(now), ring, written: now, failed: Some(failed) })
    }

    /// Whether it goes on.
    fn round(&mut self, now: Time, stopping: bool) -> bool {
        // Read before the ring: what was said before the end is on the tape.
        let over = stopping || self.ring.ended.load(Ordering::Acquire);
        match self.work(now, over) {
            Ok(()) => !over,
            Err(error) => {
                tracing::error!(%error, "a recording ends: it cannot be written");
                metrics::counter!("recordings_failed_total").increment(1);
                if let Some(failed) = self.failed.take() {
                    failed();
                }
                self.ring.ended.store(true, Ordering::Release);
                false
            }
        }
    }

    fn work(&mut self, now: Time, over: bool) -> Result<()> {
        let Self { mixer, codec, ring, .. } = self;
        let mut result = Ok(());
        let mut encode = |stereo: &Stereo| {
            if result.is_ok() {
                result = codec.push(stereo);
            }
        };
        while let Some(frame) = ring.frames.pop() {
            mixer.push(frame.at, frame.side, &frame.samples, &mut encode);
        }
        mixer.silent_until(now - QUIET, &mut encode);
        if over {
            mixer.close(&mut encode);
        }
        result?;
        if over && let Codec::Opus(ogg) = &mut self.codec {
            ogg.finish();
        }
        if over || now.since(self.written) >= UNWRITTEN {
            self.written = now;
            let bytes = self.codec.take();
            if over || !bytes.is_empty() {
                self.sealer.write(&bytes, over)?;
            }
        }
        let lost = self.ring.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            metrics::counter!("recording_frames_lost_total").increment(lost);
        }
        Ok(())
    }
}

/// Runs until the orders end and every recording is closed.
pub(super) fn run(orders: &Receiver<Order>, clock: Clock) {
    let mut jobs: Vec<Box<Job>> = Vec::new();
    let mut next = clock.now() + ROUND;
    loop {
        let now = clock.now();
        let stopping = match orders.recv_timeout(next.since(now)) {
            Ok(Order::Begin(job)) => {
                jobs.push(job);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => true,
        };
        let now = clock.now();
        next = now + ROUND;
        jobs.retain_mut(|job| job.round(now, stopping));
        metrics::gauge!("recordings").set(jobs.len() as f64);
        if stopping {
            return;
        }
    }
}
