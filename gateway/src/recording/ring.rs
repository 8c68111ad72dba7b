//! From the media tick to the recording thread: a bounded ring of frames.
//!
//! Promises: the tick's side copies into a slot made beforehand, nothing else; what finds no room is counted, and becomes
//! silence of the same length.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_queue::ArrayQueue;
use kernel::Time;
use media::TapFrame;

use super::Side;
use crate::limits::RECORDING_FRAMES;
use crate::media_loop::TapSink;

/// Samples of 20 ms at 16 kHz.
pub(super) const FRAME: usize = 320;

/// 20 ms of one leg.
#[derive(Debug)]
pub(super) struct Frame {
    pub at: Time,
    pub side: Side,
    pub samples: [i16; FRAME],
}

/// Frames on their way.
#[derive(Debug)]
pub(super) struct Ring {
    pub frames: ArrayQueue<Frame>,
    pub lost: AtomicU64,
    pub paused: AtomicBool,
    pub ended: AtomicBool,
}

impl Default for Ring {
    fn default() -> Self {
        Self {
            frames: ArrayQueue::new(RECORDING_FRAMES),
            lost: AtomicU64::new(0),
            paused: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        }
    }
}

/// A leg's end of the ring.
#[derive(Debug)]
pub struct Track {
    ring: Arc<Ring>,
    side: Side,
}

impl Track {
    pub(super) fn new(ring: Arc<Ring>, side: Side) -> Self {
        Self { ring, side }
    }
}

impl TapSink for Track {
    fn frame(&mut self, frame: TapFrame<'_>) {
        if self.ring.paused.load(Ordering::Acquire) || self.ring.ended.load(Ordering::Acquire) {
            return;
        }
        let frame = Frame { at: frame.at, side: self.side, samples: *frame.samples };
        if self.ring.frames.push(frame).is_err() {
            self.ring.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}
