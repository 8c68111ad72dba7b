//! The backlog: what was said and has no text yet, on the disk, so that overload and the end of the process lose none of it.
//!
//! `DIR/CONVERSATION/LEG/FROM.sealed`, sealed as recordings are; each file holds frames of 20 ms with the moment at which each
//! ended. A leg that is live writes only what is being said, and what has its text in the record is deleted; a leg that is
//! behind writes everything. Promises: a frame is with the system within a quarter of a second, on the disk when its file is
//! full; a file that a crash cut short reads up to its last whole chunk.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use kernel::InteractionId;

use super::tap::{Frame, SAMPLES};
use crate::recording::sealed::{Opener, Sealer};
use crate::recording::{Format, RecordingKey};

/// Bytes of a frame: when it ended, and its samples.
const FRAME_BYTES: usize = 8 + 2 * SAMPLES;
/// Frames that may be lost with the process (240 ms).
const UNWRITTEN: usize = 12 * FRAME_BYTES;
/// Audio in a file: what is read at once when it is caught up.
const SEGMENT_MS: u64 = 10_000;

/// Where the backlog lies.
#[derive(Clone, Debug)]
pub struct Journals {
    dir: PathBuf,
    key: RecordingKey,
}

impl Journals {
    /// In this folder, sealed with this key.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(dir: PathBuf, key: RecordingKey) -> Result<Self> {
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        Ok(Self { dir, key })
    }

    /// Conversations of which something waits, with the legs that said it.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn left_behind(&self) -> Result<Vec<(InteractionId, Vec<u16>)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let id = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
            let Some(id) = id else { continue };
            let legs = self.legs(id)?;
            if legs.is_empty() {
                // Nothing waits: the process ended while it tidied up.
                let _not_empty = fs::remove_dir(&path);
            } else {
                found.push((id, legs));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Legs of a conversation of which something waits.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn legs(&self, id: InteractionId) -> Result<Vec<u16>> {
        let mut legs = Vec::new();
        let dir = match fs::read_dir(self.dir.join(id.to_string())) {
            Ok(dir) => dir,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(legs),
            Err(error) => return Err(error.into()),
        };
        for entry in dir {
            let path = entry?.path();
            let leg = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
            let Some(leg) = leg else { continue };
            if segments(&path)?.is_empty() {
                let _not_empty = fs::remove_dir(&path);
            } else {
                legs.push(leg);
            }
        }
        legs.sort_unstable();
        Ok(legs)
    }

    /// Its text is in the record, or nobody is there any more to whom it belongs.
    pub fn forget(&self, id: InteractionId, leg: u16) {
        let dir = self.dir.join(id.to_string());
        if let Err(error) = fs::remove_dir_all(dir.join(leg.to_string()))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::error!(%error, conversation = %id, "audio whose text is recorded stays on the disk");
        }
        // Another leg may wait still.
        let _not_empty = fs::remove_dir(dir);
    }

    /// A leg's part of it.
    pub(super) fn of(&self, id: InteractionId, leg: u16) -> Result<Journal> {
        let dir = self.dir.join(id.to_string()).join(leg.to_string());
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        Ok(Journal { dir, key: self.key.clone(), segments: VecDeque::new(), next: 0, dropped: 0, open: None })
    }

    /// The same with what is there already.
    pub(super) fn inherited(&self, id: InteractionId, leg: u16) -> Result<Journal> {
        let journal = self.of(id, leg)?;
        let segments = segments(&journal.dir)?.into_iter();
        let segments = segments.map(|path| Segment { path, until_ms: u64::MAX }).collect();
        Ok(Journal { segments, ..journal })
    }
}

/// The files of a leg in the order of speech.
fn segments(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|name| name == "sealed") {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// A file that is full.
#[derive(Debug)]
struct Segment {
    path: PathBuf,
    until_ms: u64,
}

/// The file that is being written.
struct Open {
    path: PathBuf,
    sealer: Sealer,
    from_ms: u64,
    until_ms: u64,
    unwritten: Vec<u8>,
}

/// One leg's audio that has no text yet.
pub(super) struct Journal {
    dir: PathBuf,
    key: RecordingKey,
    segments: VecDeque<Segment>,
    /// The segment that is read next, counted from the first that ever was.
    next: usize,
    /// Segments that are gone.
    dropped: usize,
    open: Option<Open>,
}

impl Journal {
    /// Appends a frame.
    pub(super) fn put(&mut self, frame: &Frame) -> Result<()> {
        if self.open.as_ref().is_some_and(|open| frame.end_ms.saturating_sub(open.from_ms) > SEGMENT_MS) {
            self.roll()?;
        }
        let open = match &mut self.open {
            Some(open) => open,
            None => self.open.insert(Open::create(&self.dir, &self.key, frame.end_ms)?),
        };
        open.until_ms = frame.end_ms;
        open.unwritten.extend(frame.end_ms.to_le_bytes());
        open.unwritten.extend(frame.samples.iter().flat_map(|sample| sample.to_le_bytes()));
        if open.unwritten.len() >= UNWRITTEN {
            open.hand_over()?;
        }
        Ok(())
    }

    /// What was put is with the system.
    pub(super) fn flush(&mut self) -> Result<()> {
        self.open.as_mut().map_or(Ok(()), Open::hand_over)
    }

    /// The file is full: on the disk, and readable.
    fn roll(&mut self) -> Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let plain = std::mem::take(&mut open.unwritten);
        open.sealer.write(&plain, true)?;
        self.segments.push_back(Segment { path: open.path, until_ms: open.until_ms });
        Ok(())
    }

    /// Reads from the beginning again.
    pub(super) fn rewind(&mut self) {
        self.next = self.dropped;
    }

    /// The next frames, at most a file of them; empty when all were read.
    pub(super) fn read(&mut self) -> Result<Vec<Frame>> {
        if self.next >= self.dropped + self.segments.len() {
            self.roll()?;
        }
        let Some(segment) = self.segments.get_mut(self.next.saturating_sub(self.dropped)) else {
            return Ok(Vec::new());
        };
        self.next += 1;
        let plain = match plain(&segment.path, &self.key) {
            Ok(plain) => plain,
            Err(error) => {
                // A crash may have left a file without a whole chunk; the others are read.
                tracing::error!(error = format!("{error:#}"), "a part of the backlog cannot be read");
                Vec::new()
            }
        };
        let frames: Vec<Frame> = plain.chunks_exact(FRAME_BYTES).map(frame).collect();
        segment.until_ms = frames.last().map_or(0, |frame| frame.end_ms);
        if frames.is_empty() { self.read() } else { Ok(frames) }
    }

    /// What ended by then has its text in the record.
    pub(super) fn release(&mut self, until_ms: u64) {
        while self.segments.front().is_some_and(|first| first.until_ms <= until_ms)
            && let Some(first) = self.segments.pop_front()
        {
            self.dropped += 1;
            remove(&first.path);
        }
        if let Some(open) = self.open.take_if(|open| self.segments.is_empty() && open.until_ms <= until_ms) {
            remove(&open.path);
        }
        self.next = self.next.max(self.dropped);
    }

    /// All of it has its text.
    pub(super) fn remove(mut self) {
        self.segments.drain(..).for_each(|segment| remove(&segment.path));
        if let Some(open) = self.open.take() {
            remove(&open.path);
        }
        // The conversation's other legs may have something still.
        let _not_empty =
            fs::remove_dir(&self.dir).and_then(|()| self.dir.parent().map_or(Ok(()), fs::remove_dir));
    }
}

impl Open {
    fn create(dir: &Path, key: &RecordingKey, from_ms: u64) -> Result<Self> {
        let path = dir.join(format!("{from_ms:012}.sealed"));
        let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
        let sealer = Sealer::create(file, key, Format::Wav)?;
        Ok(Self { path, sealer, from_ms, until_ms: from_ms, unwritten: Vec::new() })
    }

    fn hand_over(&mut self) -> Result<()> {
        if !self.unwritten.is_empty() {
            self.sealer.hand_over(&self.unwritten, false)?;
            self.unwritten.clear();
        }
        Ok(())
    }
}

fn plain(path: &Path, key: &RecordingKey) -> Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut sealed = Opener::open(file, key)?;
    let mut plain = Vec::new();
    loop {
        let more = sealed.read(plain.len() as u64)?;
        if more.is_empty() {
            return Ok(plain);
        }
        plain.extend(more);
    }
}

fn frame(bytes: &[u8]) -> Frame {
    let (end, samples) = bytes.split_at(8);
    let mut frame = Frame { end_ms: 0, samples: [0; SAMPLES] };
    frame.end_ms = end.try_into().map_or(0, u64::from_le_bytes);
    for (sample, bytes) in frame.samples.iter_mut().zip(samples.chunks_exact(2)) {
        *sample = bytes.try_into().map_or(0, i16::from_le_bytes);
    }
    frame
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::error!(%error, "audio whose text is recorded stays on the disk");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(end_ms: u64) -> Frame {
        Frame { end_ms, samples: std::array::from_fn(|n| (end_ms as i16).wrapping_mul(n as i16)) }
    }

    fn all(journal: &mut Journal) -> Vec<u64> {
        let mut read = Vec::new();
        loop {
            let frames = journal.read().expect("read");
            if frames.is_empty() {
                return read;
            }
            read.extend(frames.iter().map(|frame| frame.end_ms));
            assert!(frames.iter().all(|frame| frame.samples == at(frame.end_ms).samples));
        }
    }

    #[test]
    fn what_was_put_is_read_in_order_while_more_comes_and_what_is_released_is_gone() {
        let dir = std::env::temp_dir().join(format!("voxdesk-journal-{}", std::process::id()));
        let _none = fs::remove_dir_all(&dir);
        let journals = Journals::new(dir.clone(), RecordingKey::of(3)).expect("a folder");
        let id = InteractionId { node: 1, serial: 77 };
        let mut journal = journals.of(id, 0).expect("a leg");
        let put = |journal: &mut Journal, from: u64, until: u64| {
            (from..until).step_by(20).for_each(|end_ms| journal.put(&at(end_ms)).expect("put"));
        };
        put(&mut journal, 20, 25_000);
        assert_eq!(all(&mut journal), (20..25_000).step_by(20).collect::<Vec<_>>());
        put(&mut journal, 25_000, 26_000);
        assert_eq!(all(&mut journal), (25_000..26_000).step_by(20).collect::<Vec<_>>());
        journal.release(11_000);
        journal.rewind();
        let left = all(&mut journal);
        assert!(
            left.first().is_some_and(|first| *first <= 11_000) && left.last() == Some(&25_980),
            "{left:?}"
        );
        put(&mut journal, 26_000, 27_000);
        journal.flush().expect("flushed");
        // The process ends without a word.
        drop(journal);
        assert_eq!(journals.left_behind().expect("read"), [(id, vec![0])]);
        let mut journal = journals.inherited(id, 0).expect("a leg");
        assert_eq!(all(&mut journal).last(), Some(&26_980));
        journal.remove();
        assert!(journals.left_behind().expect("read").is_empty());
        assert!(fs::read_dir(&dir).expect("a folder").next().is_none(), "nothing is left");
        fs::remove_dir_all(dir).expect("the folder");
    }
}
