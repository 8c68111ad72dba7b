//! The thread that runs every stream: takes frames out of the rings, tells the streams, passes on what they say, and decides who
//! falls behind when there is too much to do.
//!
//! Promises: sleeps while no stream is open; no final is dropped: where it would be, its stream falls behind and its audio waits on
//! the disk; those who came first stay live.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use asr::{DecodeKind, Hypothesis, In, Out, Policy, StreamId};
use kernel::InteractionId;
use tokio::sync::mpsc;

use super::listened::{Kept, Listened, Outlet};
use super::tap::{Count, Ring};
use super::workers::Desk;

/// How often the rings are emptied: a frame's length.
const ROUND: Duration = Duration::from_millis(20);
/// What ended and is not in the record yet is remembered this long; then the next start looks after it.
const UNRECORDED: Duration = Duration::from_secs(600);

/// What the ears are told.
pub(super) enum Command {
    Open { stream: StreamId, language: Option<String>, ring: Arc<Ring>, outlet: Outlet, kept: Option<Kept> },
    Inherit { stream: StreamId, language: Option<String>, outlet: Outlet, kept: Kept, from_ms: u64 },
    Pause { stream: StreamId, at_ms: u64 },
    Language { stream: StreamId, language: Option<String> },
    Close { stream: StreamId },
    Decoded { stream: StreamId, id: u64, result: Option<Hypothesis> },
    Recorded { stream: StreamId, until_ms: u64 },
    Abandon { conversation: InteractionId },
    Stop,
}

pub(super) struct Ears {
    inbox: Receiver<Command>,
    desk: Arc<Desk>,
    count: Arc<Count>,
    policy: Policy,
    open: BTreeMap<StreamId, Listened>,
    /// Streams that are over, whose last words are not in the record yet.
    ended: BTreeMap<StreamId, (Kept, Instant)>,
    /// Who looks after what an interaction left behind.
    left: Option<mpsc::Sender<InteractionId>>,
}

impl Ears {
    pub(super) fn new(
        inbox: Receiver<Command>,
        desk: Arc<Desk>,
        count: Arc<Count>,
        policy: Policy,
        left: Option<mpsc::Sender<InteractionId>>,
    ) -> Self {
        Self { inbox, desk, count, policy, open: BTreeMap::new(), ended: BTreeMap::new(), left }
    }

    pub(super) fn listen(mut self) {
        let mut next_round = Instant::now();
        loop {
            let command = if self.open.is_empty() {
                self.count.report_behind(std::iter::empty());
                self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                self.inbox.recv_timeout(next_round.saturating_duration_since(Instant::now()))
            };
            match command {
                Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => return self.stop(),
                Ok(command) => self.obey(command),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            if now >= next_round {
                next_round = now + ROUND;
                self.round(now);
            }
        }
    }

    fn round(&mut self, now: Instant) {
        let ids: Vec<StreamId> = self.open.keys().copied().collect();
        for id in ids {
            self.drain(id);
        }
        if let Some(youngest) = self.desk.overdue() {
            self.fall_behind(youngest);
        }
        self.ended.retain(|_, (_, since)| now.saturating_duration_since(*since) < UNRECORDED);
        let behind = self.open.values().filter(|one| one.is_behind());
        self.count.report_behind(behind.map(Listened::waiting_ms));
    }

    /// What has no text yet stays on the disk for the next process.
    fn stop(mut self) {
        self.open.values_mut().for_each(Listened::flush);
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open { stream, language, ring, outlet, kept } => {
                let crowded = kept.is_some() && self.open.values().any(Listened::is_crowded_out);
                let mut listened = Listened::new(self.policy.clone(), ring, outlet, kept);
                if crowded {
                    listened.fall_behind();
                }
                self.open.insert(stream, listened);
                self.tell(stream, In::Language(language));
            }
            Command::Inherit { stream, language, outlet, kept, from_ms } => {
                let ring = Arc::new(Ring::of(1));
                let mut listened = Listened::new(self.policy.clone(), ring, outlet, Some(kept));
                listened.inherit(from_ms);
                self.open.insert(stream, listened);
                self.tell(stream, In::Language(language));
            }
            Command::Pause { stream, at_ms } => {
                self.drain(stream);
                // One that is behind finds the gap in what it reads.
                if self.open.get(&stream).is_some_and(|one| !one.is_behind()) {
                    self.tell(stream, In::Paused { at_ms });
                }
            }
            Command::Language { stream, language } => self.tell(stream, In::Language(language)),
            Command::Close { stream } => {
                self.drain(stream);
                self.with(stream, Listened::close);
            }
            Command::Decoded { stream, id, result } => {
                if let Some(listened) = self.open.get_mut(&stream) {
                    listened.answered(id);
                }
                self.tell(stream, In::Decoded { id, result });
            }
            Command::Recorded { stream, until_ms } => self.recorded(stream, until_ms),
            Command::Abandon { conversation } => self.abandon(conversation),
            Command::Stop => {}
        }
    }

    /// Takes what lies in a stream's ring.
    fn drain(&mut self, id: StreamId) {
        let desk = Arc::clone(&self.desk);
        self.with(id, |listened, out| {
            let lost = listened.ring.lost.swap(0, Ordering::Relaxed);
            if lost > 0 {
                desk.figures.frames_lost(lost);
            }
            listened.deliver_backlog();
            // No more than the ring held at the beginning: others wait as well.
            for _ in 0..listened.ring.frames.len() {
                let Some(frame) = listened.ring.frames.pop() else { break };
                listened.hear(frame, out);
            }
            listened.catch_up(out);
            listened.release();
        });
    }

    fn tell(&mut self, id: StreamId, input: In<'_>) {
        self.with(id, |listened, out| listened.stream.handle(input, out));
    }

    /// Does something with a stream and carries out what it says.
    fn with(&mut self, id: StreamId, work: impl FnOnce(&mut Listened, &mut Vec<Out>)) {
        let Some(listened) = self.open.get_mut(&id) else { return };
        let mut effects = Vec::new();
        work(listened, &mut effects);
        let mut refused = Vec::new();
        for effect in effects {
            match effect {
                Out::Decode(mut decode) => {
                    if listened.is_behind() {
                        decode.kind = DecodeKind::CatchUp;
                    }
                    refused.extend(self.desk.push(id, decode));
                }
                out => {
                    if let Some(delay) = listened.delay_of(&out) {
                        self.desk.figures.settled(delay);
                    }
                    listened.deliver(out);
                }
            }
        }
        if listened.is_over() {
            self.end(id);
        }
        for job in refused {
            if job.kind == DecodeKind::Final && self.fall_behind(job.stream) {
                continue;
            }
            match job.kind {
                DecodeKind::Interim => self.desk.figures.interim_dropped(),
                DecodeKind::Final | DecodeKind::CatchUp => self.desk.figures.final_failed(),
            }
            self.tell(job.stream, In::Decoded { id: job.work.id, result: None });
        }
    }

    /// Whether the stream waits from now on; one without a journal cannot.
    fn fall_behind(&mut self, id: StreamId) -> bool {
        let Some(listened) = self.open.get_mut(&id) else {
            // It is gone, and nobody waits for it.
            self.desk.withdraw(id);
            return true;
        };
        let behind = listened.fall_behind();
        if behind {
            self.desk.withdraw(id);
        }
        behind
    }

    fn recorded(&mut self, id: StreamId, until_ms: u64) {
        if let Some(kept) = self.open.get_mut(&id).and_then(|one| one.kept.as_mut()) {
            kept.recorded(until_ms);
        } else if let Some((mut kept, since)) = self.ended.remove(&id) {
            kept.recorded(until_ms);
            self.keep_or_remove(id, kept, since);
        }
    }

    fn keep_or_remove(&mut self, id: StreamId, kept: Kept, since: Instant) {
        if kept.inherited {
            // Its owner forgets it when all is in the record.
        } else if kept.is_recorded() {
            kept.journal.remove();
        } else {
            self.ended.insert(id, (kept, since));
        }
    }

    /// The interaction is over: what it has not been told waits on the disk for whoever looks after that.
    fn abandon(&mut self, conversation: InteractionId) {
        let of_it = |one: &Listened| one.kept.as_ref().is_some_and(|kept| kept.conversation == conversation);
        let ids: Vec<StreamId> = self.open.iter().filter(|(_, one)| of_it(one)).map(|(id, _)| *id).collect();
        for id in &ids {
            if let Some(mut listened) = self.open.remove(id) {
                listened.flush();
                self.desk.withdraw(*id);
                self.desk.close(*id);
                self.count.leave();
            }
        }
        if !ids.is_empty() {
            self.leave(conversation);
        }
    }

    fn end(&mut self, id: StreamId) {
        let Some(mut listened) = self.open.remove(&id) else { return };
        listened.flush();
        self.desk.close(id);
        self.count.leave();
        let done = listened.done;
        match listened.kept {
            Some(kept) if done => self.keep_or_remove(id, kept, Instant::now()),
            // Without its receiver it ended early: what it had not said stays on the disk.
            Some(kept) if !kept.inherited => self.leave(kept.conversation),
            _ => {}
        }
    }

    /// Something of a conversation waits on the disk, and nobody is there who would take it.
    fn leave(&self, conversation: InteractionId) {
        if let Some(left) = &self.left
            && left.try_send(conversation).is_err()
        {
            tracing::error!(%conversation, "a conversation's last words wait for the next start");
        }
    }
}
