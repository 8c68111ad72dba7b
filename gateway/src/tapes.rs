//! Recordings of what a leg says: a ring on the media thread, and one thread that writes them all.
//!
//! Promises: taping neither blocks nor allocates on the media thread; a file is there in full or not at all; how many run at
//! once and how long they may be is bounded; silence is noticed. Leaves to others: when to record (`interaction`).

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crossbeam_queue::ArrayQueue;
use interaction::{In, LegIn};
use tokio::sync::mpsc;

use crate::interaction_task::Msg;
use crate::limits;
use crate::media_loop::TapSink;

/// How often rings are emptied.
const ROUND: Duration = Duration::from_millis(100);
/// Samples in 20 ms.
const SAMPLES: usize = 320;
/// Samples a second.
const RATE: u32 = 16_000;
/// Root mean square below which a frame is silence: −43 dBov, between noise of a line and quiet speech.
const SILENCE: f64 = 230.0;

/// 20 ms.
type Frame = [i16; SAMPLES];

/// The thread that writes. Its end is the end of every handle.
#[derive(Clone, Debug)]
pub struct Tapes {
    to: SyncSender<New>,
}

/// A recording under way; dropping it completes it.
pub struct Tape {
    ring: Arc<Ring>,
}

/// The side on the media thread.
pub struct TapeTap(Arc<Ring>);

struct Ring {
    frames: ArrayQueue<Frame>,
    lost: AtomicU64,
    done: AtomicBool,
}

/// A recording that begins.
#[derive(Debug)]
struct New {
    ring: Arc<Ring>,
    name: String,
    silence: Duration,
    leg: u16,
    tell: mpsc::Sender<Msg>,
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ring")
    }
}

impl Tapes {
    /// Starts the thread; recordings lie in this folder.
    ///
    /// # Errors
    /// When the folder or the thread cannot be made.
    pub fn start(folder: PathBuf) -> std::io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let (to, inbox) = sync_channel(limits::TAPES);
        std::thread::Builder::new()
            .name("tapes".to_owned())
            .spawn(move || Writer { folder, open: Vec::new() }.run(&inbox))?;
        Ok(Self { to })
    }

    /// Begins a recording. `Quiet` and `Recorded` of this leg are told. `None`: too many run.
    #[must_use]
    pub fn begin(&self, name: String, leg: u16, silence: Duration, tell: mpsc::Sender<Msg>) -> Option<Tape> {
        let ring = Arc::new(Ring {
            frames: ArrayQueue::new(limits::TAPE_FRAMES),
            lost: AtomicU64::new(0),
            done: AtomicBool::new(false),
        });
        let new = New { ring: Arc::clone(&ring), name, silence, leg, tell };
        self.to.try_send(new).ok().map(|()| Tape { ring })
    }
}

impl Tape {
    /// The side for the media thread.
    #[must_use]
    pub fn tap(&self) -> TapeTap {
        TapeTap(Arc::clone(&self.ring))
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.ring.done.store(true, Ordering::Release);
    }
}

impl TapSink for TapeTap {
    fn frame(&mut self, frame: media::TapFrame<'_>) {
        if self.0.frames.push(*frame.samples).is_err() {
            self.0.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Two who listen to one leg.
pub struct Both(pub Box<dyn TapSink>, pub Box<dyn TapSink>);

impl TapSink for Both {
    fn frame(&mut self, frame: media::TapFrame<'_>) {
        self.0.frame(media::TapFrame { at: frame.at, samples: frame.samples, live: frame.live });
        self.1.frame(frame);
    }
}

struct Writer {
    folder: PathBuf,
    open: Vec<Open>,
}

struct Open {
    new: New,
    wav: Option<hound::WavWriter<BufWriter<File>>>,
    samples: u64,
    loud: Instant,
    told_quiet: bool,
    /// What its owner has not taken yet.
    news: Vec<LegIn>,
    over: bool,
}

impl Writer {
    fn run(mut self, inbox: &Receiver<New>) {
        loop {
            let news = if self.open.is_empty() {
                inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                inbox.recv_timeout(ROUND)
            };
            match news {
                Ok(new) => self.begin(new),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) if self.open.is_empty() => return,
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(ROUND),
            }
            let folder = &self.folder;
            self.open.iter_mut().for_each(|one| one.round(folder));
            self.open.retain(|one| !(one.over && one.news.is_empty()));
        }
    }

    fn begin(&mut self, new: New) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let wav = hound::WavWriter::create(self.folder.join(format!("{}.part", new.name)), spec);
        let wav = wav.map_err(|error| tracing::error!(%error, "a recording cannot be written")).ok();
        self.open.push(Open {
            new,
            wav,
            samples: 0,
            loud: Instant::now(),
            told_quiet: false,
            news: Vec::new(),
            over: false,
        });
    }
}

impl Open {
    fn round(&mut self, folder: &Path) {
        let done = self.new.ring.done.load(Ordering::Acquire);
        while let Some(frame) = self.new.ring.frames.pop() {
            self.write(&frame);
        }
        let lost = self.new.ring.lost.swap(0, Ordering::Relaxed);
        metrics::counter!("tape_frames_lost_total").increment(lost);
        if !self.told_quiet && self.loud.elapsed() >= self.new.silence {
            self.told_quiet = true;
            self.news.push(LegIn::Quiet);
        }
        if done && !self.over {
            self.over = true;
            let ms = self.finish(folder);
            self.news.push(LegIn::Recorded { name: self.new.name.clone(), ms });
        }
        let (tell, leg) = (&self.new.tell, self.new.leg);
        // A full inbox is tried again in the next round; a closed one belongs to nobody any more.
        self.news.retain(|news| {
            let sent = tell.try_send(Msg::Core(In::Leg(leg, news.clone())));
            matches!(sent, Err(mpsc::error::TrySendError::Full(_)))
        });
    }

    fn write(&mut self, frame: &Frame) {
        let power: f64 = frame.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / SAMPLES as f64;
        if power.sqrt() >= SILENCE {
            self.loud = Instant::now();
        }
        if self.samples >= limits::TAPE_SECONDS * u64::from(RATE) {
            return;
        }
        let written =
            self.wav.as_mut().map(|wav| frame.iter().try_for_each(|sample| wav.write_sample(*sample)));
        match written {
            Some(Ok(())) => self.samples += SAMPLES as u64,
            Some(Err(error)) => {
                tracing::error!(%error, "a recording was cut");
                self.wav = None;
            }
            None => {}
        }
    }

    /// Milliseconds that are on disk.
    fn finish(&mut self, folder: &Path) -> u64 {
        let part = folder.join(format!("{}.part", self.new.name));
        let Some(wav) = self.wav.take() else { return 0 };
        let kept = wav.finalize().map_err(std::io::Error::other).and_then(|()| {
            File::open(&part)?.sync_all()?;
            fs::rename(&part, folder.join(&self.new.name))
        });
        match kept {
            Ok(()) => self.samples * 1000 / u64::from(RATE),
            Err(error) => {
                tracing::error!(%error, "a recording could not be kept");
                0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Time;

    use super::*;

    fn say(tap: &mut TapeTap, level: i16, frames: usize) {
        for n in 0..frames {
            let samples: Frame = std::array::from_fn(|k| if (k + n) % 40 < 20 { level } else { -level });
            tap.frame(media::TapFrame { at: Time::ZERO, samples: &samples, live: true });
        }
    }

    #[tokio::test]
    async fn a_recording_is_whole_and_its_silence_and_end_are_told() {
        let folder = std::env::temp_dir().join(format!("voxdesk-tapes-{}", std::process::id()));
        let tapes = Tapes::start(folder.clone()).expect("a folder");
        let (tell, mut told) = mpsc::channel(8);
        let tape = tapes.begin("a.wav".to_owned(), 0, Duration::from_millis(300), tell).expect("room");
        let mut tap = tape.tap();
        say(&mut tap, 3000, 100);
        let quiet = told.recv().await;
        assert!(matches!(quiet, Some(Msg::Core(In::Leg(0, LegIn::Quiet)))), "{quiet:?}");
        assert!(!folder.join("a.wav").exists(), "not before it is complete");
        drop(tape);
        let Some(Msg::Core(In::Leg(0, LegIn::Recorded { name, ms }))) = told.recv().await else {
            panic!("no end")
        };
        assert_eq!((name.as_str(), ms), ("a.wav", 2000));
        let wav = hound::WavReader::open(folder.join("a.wav")).expect("a wav");
        assert_eq!(wav.duration(), 32_000);
        fs::remove_dir_all(&folder).expect("the folder");
    }
}
