//! Which window is decoded next: finals before interims, the one that has waited longest first, stalest interim first; what is
//! caught up takes turns with interims.
//!
//! Promises: one interim waits per stream at most; an interim gives way to its stream's final, to a newer one and to
//! load; a final is refused only when `finals` are waiting already. Under overload the youngest stream is named, so that those
//! who came first stay live (`overdue`). Leaves to others: threads, clocks, and the audio of who falls behind.

use std::collections::BTreeMap;

use kernel::Time;

use crate::{DecodeKind, StreamId};

/// Limits of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleLimits {
    /// Finals that may wait (a final holds at most 0.8 MB of samples).
    pub finals: usize,
    /// Interims that may wait.
    pub interims: usize,
    /// An interim older than this is worth nothing: the next one is due.
    pub interim_age: std::time::Duration,
    /// A final that waits longer than this means that not everybody can be live.
    pub patience: std::time::Duration,
}

impl Default for ScheduleLimits {
    fn default() -> Self {
        Self {
            finals: 256,
            interims: 64,
            interim_age: std::time::Duration::from_millis(1_500),
            patience: std::time::Duration::from_secs(4),
        }
    }
}

/// Work that waits, with what its owner needs to do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job<T> {
    /// Whose.
    pub stream: StreamId,
    /// What kind.
    pub kind: DecodeKind,
    /// When it was asked for.
    pub asked: Time,
    /// The owner's.
    pub work: T,
}

/// The queue in front of the recognisers.
#[derive(Debug)]
pub struct Schedule<T> {
    limits: ScheduleLimits,
    serial: u64,
    finals: BTreeMap<(Time, u64), Job<T>>,
    interims: BTreeMap<StreamId, (u64, Job<T>)>,
    late: BTreeMap<(Time, u64), Job<T>>,
    /// Whose turn it is when an interim and something late both wait.
    late_next: bool,
    served: BTreeMap<StreamId, Time>,
}

impl<T> Schedule<T> {
    /// An empty queue.
    #[must_use]
    pub fn new(limits: ScheduleLimits) -> Self {
        Self {
            limits,
            serial: 0,
            finals: BTreeMap::new(),
            interims: BTreeMap::new(),
            late: BTreeMap::new(),
            late_next: false,
            served: BTreeMap::new(),
        }
    }

    /// Adds work; returns what is dropped for it (the owner answers `Decoded { result: None }` for each).
    #[must_use]
    pub fn push(&mut self, job: Job<T>) -> Vec<Job<T>> {
        self.serial += 1;
        match job.kind {
            DecodeKind::Final => self.push_final(job),
            DecodeKind::Interim => self.push_interim(job),
            // One per stream that is behind: their number is bounded where streams are opened.
            DecodeKind::CatchUp => {
                self.late.insert((job.asked, self.serial), job);
                Vec::new()
            }
        }
    }

    fn push_final(&mut self, job: Job<T>) -> Vec<Job<T>> {
        let mut dropped: Vec<Job<T>> =
            self.interims.remove(&job.stream).map(|(_, job)| job).into_iter().collect();
        if self.finals.len() >= self.limits.finals {
            dropped.push(job);
        } else {
            self.finals.insert((job.asked, self.serial), job);
        }
        dropped
    }

    fn push_interim(&mut self, job: Job<T>) -> Vec<Job<T>> {
        let mut dropped: Vec<Job<T>> = Vec::new();
        if let Some((_, older)) = self.interims.insert(job.stream, (self.serial, job)) {
            dropped.push(older);
        } else if self.interims.len() > self.limits.interims
            && let Some(freshest) = self.interims.keys().copied().max_by_key(|s| self.staleness(*s))
            && let Some((_, job)) = self.interims.remove(&freshest)
        {
            dropped.push(job);
        }
        dropped
    }

    /// The next work, and interims that grew too old meanwhile.
    #[must_use]
    pub fn pop(&mut self, now: Time) -> (Option<Job<T>>, Vec<Job<T>>) {
        let dropped = self.expire(now);
        if let Some((_, job)) = self.finals.pop_first() {
            self.served.entry(job.stream).and_modify(|at| *at = now);
            return (Some(job), dropped);
        }
        if !self.late.is_empty() && (self.late_next || self.interims.is_empty()) {
            self.late_next = false;
            return (self.late.pop_first().map(|(_, job)| job), dropped);
        }
        self.late_next = true;
        let stalest = self.interims.keys().copied().min_by_key(|s| self.staleness(*s));
        let job = stalest.and_then(|stream| self.interims.remove(&stream)).map(|(_, job)| job);
        if let Some(job) = &job {
            self.served.insert(job.stream, now);
        }
        (job, dropped)
    }

    /// The stream that is to fall behind because a final has waited for too long: the youngest of those with finals.
    #[must_use]
    pub fn overdue(&self, now: Time) -> Option<StreamId> {
        let ((asked, _), _) = self.finals.first_key_value()?;
        let late = now.since(*asked) > self.limits.patience;
        late.then(|| self.finals.values().map(|job| job.stream).max()).flatten()
    }

    /// Takes back all that waits for a stream.
    pub fn withdraw(&mut self, stream: StreamId) {
        self.finals.retain(|_, job| job.stream != stream);
        self.late.retain(|_, job| job.stream != stream);
        self.interims.remove(&stream);
    }

    /// Forgets a stream that ended; its interim is dropped, its finals stay.
    #[must_use]
    pub fn close(&mut self, stream: StreamId) -> Option<Job<T>> {
        self.served.remove(&stream);
        self.interims.remove(&stream).map(|(_, job)| job)
    }

    /// How much waits: finals and interims.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        (self.finals.len(), self.interims.len())
    }

    /// How much is being caught up.
    #[must_use]
    pub fn catching_up(&self) -> usize {
        self.late.len()
    }

    /// Order among interims: whose text is oldest, then who asked first.
    fn staleness(&self, stream: StreamId) -> (Time, u64) {
        let served = self.served.get(&stream).copied().unwrap_or(Time::ZERO);
        (served, self.interims.get(&stream).map_or(0, |(serial, _)| *serial))
    }

    fn expire(&mut self, now: Time) -> Vec<Job<T>> {
        let old: Vec<StreamId> = self
            .interims
            .iter()
            .filter(|(_, (_, job))| now.since(job.asked) > self.limits.interim_age)
            .map(|(stream, _)| *stream)
            .collect();
        old.into_iter().filter_map(|s| self.interims.remove(&s)).map(|(_, job)| job).collect()
    }
}
