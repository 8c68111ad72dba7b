//! One stream and its surroundings: its ring, its journal, its receiver, and whether it is live or behind.
//!
//! A live stream hears the ring and journals what is being said until its text is recorded. One that is behind journals
//! everything, and hears the journal from its beginning, one decoding at a time, until nothing is left; then it is live again.
//! Promises: words in the order of speech, whichever way they were heard; a slow receiver costs its own partials only.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use asr::{In, Interims, Out, Policy, Stream};
use kernel::InteractionId;

use super::journal::Journal;
use super::tap::{Frame, Ring};

/// Settled text that waits for a slow receiver. Full: the stream is closed, `asr_receivers_slow_total`.
const BACKLOG: usize = 512;
/// Frames that are remembered, for an utterance begins before it is noticed (600 ms).
const RECENT: usize = 30;
/// Frames of a journal that are heard in one round: 100 times as fast as they were said.
const HASTE: usize = 100;
/// What is said begins this long before its first word at most.
const BEFORE_MS: u64 = 500;

/// Where a stream's words go.
pub(super) type Outlet = Box<dyn FnMut(Out) -> Delivery + Send>;

/// What became of a word.
pub(super) enum Delivery {
    Done,
    /// No room; here it is again.
    Later(Out),
    /// Nobody listens any more.
    Gone,
}

/// What of a leg is kept until it is recorded.
pub(super) struct Kept {
    pub conversation: InteractionId,
    pub journal: Journal,
    /// Its owner deletes it: it is of an earlier process.
    pub inherited: bool,
    /// Begin and end of what was handed over and is not recorded yet.
    awaiting: VecDeque<(u64, u64)>,
}

impl Kept {
    pub(super) const fn new(conversation: InteractionId, journal: Journal, inherited: bool) -> Self {
        Self { conversation, journal, inherited, awaiting: VecDeque::new() }
    }

    /// Everything up to there is in the record.
    pub(super) fn recorded(&mut self, until_ms: u64) {
        self.awaiting.retain(|(_, end_ms)| *end_ms > until_ms);
    }

    pub(super) fn is_recorded(&self) -> bool {
        self.awaiting.is_empty()
    }
}

/// A stream that is behind.
struct Late {
    /// What was said before has its text.
    from_ms: Option<u64>,
    /// Read, and not heard yet.
    frames: VecDeque<Frame>,
    /// Decodings under way.
    asked: BTreeSet<u64>,
}

pub(super) struct Listened {
    pub stream: Stream,
    pub ring: Arc<Ring>,
    pub kept: Option<Kept>,
    outlet: Outlet,
    backlog: VecDeque<Out>,
    interims: Interims,
    recent: VecDeque<Frame>,
    put_ms: u64,
    late: Option<Late>,
    /// Nothing more comes from the ring.
    closing: bool,
    /// When the last frame was taken, and where the conversation's clock stood then.
    heard: Option<(Instant, u64)>,
    pub done: bool,
    pub gone: bool,
}

impl Listened {
    pub(super) fn new(policy: Policy, ring: Arc<Ring>, outlet: Outlet, kept: Option<Kept>) -> Self {
        Self {
            interims: policy.interims,
            stream: Stream::new(policy),
            ring,
            kept,
            outlet,
            backlog: VecDeque::new(),
            recent: VecDeque::with_capacity(RECENT),
            put_ms: 0,
            late: None,
            closing: false,
            heard: None,
            done: false,
            gone: false,
        }
    }

    pub(super) const fn is_behind(&self) -> bool {
        self.late.is_some()
    }

    /// Behind because there is too much to do, not because an earlier process left it.
    pub(super) fn is_crowded_out(&self) -> bool {
        self.is_behind() && self.kept.as_ref().is_some_and(|kept| !kept.inherited)
    }

    /// How much waits on the disk.
    pub(super) fn waiting_ms(&self) -> u64 {
        let (Some(late), Some((_, now_ms))) = (&self.late, self.heard) else { return 0 };
        let at = late.frames.front().map(|frame| frame.end_ms).or(late.from_ms);
        at.map_or(0, |at_ms| now_ms.saturating_sub(at_ms))
    }

    /// What lies on the disk after `from_ms` is heard, and then it is over.
    pub(super) fn inherit(&mut self, from_ms: u64) {
        self.stream.set_interims(Interims::Never);
        self.closing = true;
        self.late = Some(Late { from_ms: Some(from_ms), frames: VecDeque::new(), asked: BTreeSet::new() });
    }

    /// Falls behind: what has no text yet is heard again, later. `false`: there is no journal, it must stay live.
    pub(super) fn fall_behind(&mut self) -> bool {
        if self.late.is_some() {
            return true;
        }
        let Some(kept) = &mut self.kept else { return false };
        kept.journal.rewind();
        let from_ms = self.stream.unsettled_from().or(self.heard.map(|(_, clock_ms)| clock_ms));
        self.stream = self.stream.again();
        self.stream.set_interims(Interims::Never);
        self.late = Some(Late { from_ms, frames: VecDeque::new(), asked: BTreeSet::new() });
        metrics::counter!("asr_streams_fell_behind_total").increment(1);
        if let Some(from_ms) = from_ms {
            self.deliver(Out::Behind { from_ms });
        }
        true
    }

    /// A frame came from the ring.
    pub(super) fn hear(&mut self, frame: Frame, out: &mut Vec<Out>) {
        self.heard = Some((Instant::now(), frame.end_ms));
        if let Some(late) = &mut self.late {
            if late.from_ms.is_none() {
                let from_ms = frame.end_ms.saturating_sub(20);
                late.from_ms = Some(from_ms);
                self.deliver(Out::Behind { from_ms });
            }
            self.put(&frame);
            return;
        }
        self.stream.handle(In::Audio { end_ms: frame.end_ms, samples: &frame.samples }, out);
        if self.kept.is_none() {
            return;
        }
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(frame);
        if let Some(from_ms) = self.stream.unsettled_from() {
            let from_ms = from_ms.max(self.put_ms);
            for frame in std::mem::take(&mut self.recent) {
                if frame.end_ms > from_ms {
                    self.put(&frame);
                }
            }
        }
    }

    fn put(&mut self, frame: &Frame) {
        self.put_ms = frame.end_ms;
        self.on_disk(|journal| journal.put(frame));
    }

    /// What was said is with the system before it counts as heard.
    pub(super) fn flush(&mut self) {
        self.on_disk(Journal::flush);
    }

    fn on_disk(&mut self, work: impl FnOnce(&mut Journal) -> anyhow::Result<()>) {
        let Some(kept) = &mut self.kept else { return };
        if let Err(error) = work(&mut kept.journal) {
            metrics::counter!("asr_backlog_failed_total").increment(1);
            tracing::error!(error = format!("{error:#}"), "a leg's audio is not kept: the disk refuses");
            self.kept = None;
            self.late = None;
            self.stream.set_interims(self.interims);
        }
    }

    /// The leg ended. One that is behind goes on until all has its text.
    pub(super) fn close(&mut self, out: &mut Vec<Out>) {
        self.closing = true;
        self.flush();
        if self.late.is_none() {
            self.stream.handle(In::Closed, out);
        }
    }

    /// Hears a part of what lies on the disk, if this one is behind.
    pub(super) fn catch_up(&mut self, out: &mut Vec<Out>) {
        for _ in 0..HASTE {
            let Some(late) = self.late.as_mut().filter(|late| late.asked.is_empty()) else { return };
            let Some(frame) = late.frames.pop_front() else {
                if !self.read_on() {
                    return self.caught_up(out);
                }
                continue;
            };
            if late.from_ms.is_none_or(|from_ms| frame.end_ms <= from_ms) {
                continue;
            }
            let before = out.len();
            self.stream.handle(In::Audio { end_ms: frame.end_ms, samples: &frame.samples }, out);
            self.note_asked(out.get(before..).unwrap_or_default());
        }
    }

    /// Whether there was more on the disk.
    fn read_on(&mut self) -> bool {
        let (Some(kept), Some(late)) = (&mut self.kept, &mut self.late) else { return false };
        match kept.journal.read() {
            Ok(frames) => {
                late.frames = frames.into();
                !late.frames.is_empty()
            }
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "the backlog of a leg cannot be read");
                false
            }
        }
    }

    /// Nothing waits any more.
    fn caught_up(&mut self, out: &mut Vec<Out>) {
        let Some(late) = self.late.take() else { return };
        if self.closing {
            // The last words are still to be decoded: they are late as well.
            let before = out.len();
            self.stream.handle(In::Closed, out);
            let asks =
                out.get(before..).is_some_and(|out| out.iter().any(|one| matches!(one, Out::Decode(_))));
            if asks {
                self.late = Some(late);
                self.note_asked(&out[before..]);
                return;
            }
        }
        self.stream.set_interims(self.interims);
        let until_ms = self.heard.map_or(late.from_ms.unwrap_or(0), |(_, clock_ms)| clock_ms);
        self.deliver(Out::CaughtUp { until_ms });
    }

    fn note_asked(&mut self, out: &[Out]) {
        if let Some(late) = &mut self.late {
            late.asked.extend(out.iter().filter_map(|one| match one {
                Out::Decode(decode) => Some(decode.id),
                _ => None,
            }));
        }
    }

    /// A decoding came back.
    pub(super) fn answered(&mut self, id: u64) {
        if let Some(late) = &mut self.late {
            late.asked.remove(&id);
        }
    }

    /// What has its text in the record leaves the disk.
    pub(super) fn release(&mut self) {
        let unsettled = self.stream.unsettled_from();
        let unread = self.late.as_ref().map(|late| match late.frames.front() {
            Some(next) => next.end_ms.saturating_sub(20),
            // Read up to here, or nothing read yet.
            None => self.put_ms.min(late.from_ms.unwrap_or(0)),
        });
        let Some(kept) = self.kept.as_mut().filter(|kept| !kept.inherited) else { return };
        let awaited = kept.awaiting.front().map(|(start_ms, _)| start_ms.saturating_sub(BEFORE_MS));
        let needed = [unsettled, unread, awaited].into_iter().flatten().min().unwrap_or(u64::MAX);
        kept.journal.release(needed);
    }

    /// Hands something to the receiver, now or when it has room.
    pub(super) fn deliver(&mut self, out: Out) {
        self.done |= out == Out::Done;
        if let (Out::Final(heard), Some(kept)) = (&out, &mut self.kept) {
            kept.awaiting.push_back((heard.start_ms, heard.end_ms));
        }
        let partial = matches!(out, Out::Partial { .. });
        if partial && !self.backlog.is_empty() {
            return;
        }
        self.backlog.push_back(out);
        self.deliver_backlog();
        if partial {
            // A partial that found no room is stale by the time there is some.
            self.backlog.retain(|out| !matches!(out, Out::Partial { .. }));
        }
        if self.backlog.len() > BACKLOG {
            metrics::counter!("asr_receivers_slow_total").increment(1);
            self.gone = true;
        }
    }

    pub(super) fn deliver_backlog(&mut self) {
        while let Some(out) = self.backlog.pop_front() {
            match (self.outlet)(out) {
                Delivery::Done => {}
                Delivery::Later(out) => {
                    self.backlog.push_front(out);
                    return;
                }
                Delivery::Gone => {
                    self.gone = true;
                    self.backlog.clear();
                }
            }
        }
    }

    /// Over, and nothing of it waits for its receiver.
    pub(super) fn is_over(&self) -> bool {
        self.gone || (self.done && self.backlog.is_empty())
    }

    /// From the end of speech to its settled text, of those who are live.
    pub(super) fn delay_of(&self, out: &Out) -> Option<Duration> {
        let (Out::Final(heard), Some((at, clock_ms)), None) = (out, self.heard, &self.late) else {
            return None;
        };
        Some(Duration::from_millis(clock_ms.saturating_sub(heard.end_ms)) + at.elapsed())
    }
}
