//! The thread that runs every stream: takes frames out of the rings, tells the streams, passes on what they say.
//!
//! Promises: sleeps while no stream is open; a slow receiver costs its own partials only.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use asr::{DecodeKind, Hypothesis, In, Out, Policy, Stream, StreamId};

use super::tap::{Count, Ring};
use super::workers::Desk;

/// How often the rings are emptied: a frame's length.
const ROUND: Duration = Duration::from_millis(20);
/// Settled text that waits for a slow receiver. Full: the stream is closed, `asr_receivers_slow_total`.
const BACKLOG: usize = 512;

/// What the ears are told.
pub(super) enum Command {
    Open { stream: StreamId, language: Option<String>, ring: Arc<Ring>, outlet: Outlet },
    Pause { stream: StreamId, at_ms: u64 },
    Language { stream: StreamId, language: Option<String> },
    Close { stream: StreamId },
    Decoded { stream: StreamId, id: u64, result: Option<Hypothesis> },
    Stop,
}

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

pub(super) struct Ears {
    inbox: Receiver<Command>,
    desk: Arc<Desk>,
    count: Arc<Count>,
    policy: Policy,
    open: BTreeMap<StreamId, Listened>,
}

/// One stream and its surroundings.
struct Listened {
    stream: Stream,
    ring: Arc<Ring>,
    outlet: Outlet,
    backlog: VecDeque<Out>,
    /// When the last frame was taken, and where the conversation's clock stood then.
    heard: Option<(Instant, u64)>,
    done: bool,
    gone: bool,
}

impl Ears {
    pub(super) fn new(inbox: Receiver<Command>, desk: Arc<Desk>, count: Arc<Count>, policy: Policy) -> Self {
        Self { inbox, desk, count, policy, open: BTreeMap::new() }
    }

    pub(super) fn listen(mut self) {
        let mut next_round = Instant::now();
        loop {
            let command = if self.open.is_empty() {
                self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                self.inbox.recv_timeout(next_round.saturating_duration_since(Instant::now()))
            };
            match command {
                Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(command) => self.obey(command),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            if now >= next_round {
                next_round = now + ROUND;
                let ids: Vec<StreamId> = self.open.keys().copied().collect();
                for id in ids {
                    self.drain(id);
                }
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open { stream, language, ring, outlet } => self.begin(stream, language, ring, outlet),
            Command::Pause { stream, at_ms } => {
                self.drain(stream);
                self.tell(stream, In::Paused { at_ms });
            }
            Command::Language { stream, language } => self.tell(stream, In::Language(language)),
            Command::Close { stream } => {
                self.drain(stream);
                self.tell(stream, In::Closed);
            }
            Command::Decoded { stream, id, result } => self.tell(stream, In::Decoded { id, result }),
            Command::Stop => {}
        }
    }

    fn begin(&mut self, id: StreamId, language: Option<String>, ring: Arc<Ring>, outlet: Outlet) {
        let stream = Stream::new(self.policy.clone());
        let listened = Listened {
            stream,
            ring,
            outlet,
            backlog: VecDeque::new(),
            heard: None,
            done: false,
            gone: false,
        };
        self.open.insert(id, listened);
        self.tell(id, In::Language(language));
    }

    /// Takes what lies in a stream's ring.
    fn drain(&mut self, id: StreamId) {
        let Some(listened) = self.open.get_mut(&id) else { return };
        let lost = listened.ring.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            metrics::counter!("asr_frames_lost_total").increment(lost);
        }
        listened.deliver_backlog();
        let mut out = Vec::new();
        // No more than the ring held at the beginning: others wait as well.
        for _ in 0..listened.ring.frames.len() {
            let Some(frame) = listened.ring.frames.pop() else { break };
            listened.heard = Some((Instant::now(), frame.end_ms));
            listened.stream.handle(In::Audio { end_ms: frame.end_ms, samples: &frame.samples }, &mut out);
        }
        self.carry_out(id, out);
    }

    fn tell(&mut self, id: StreamId, input: In<'_>) {
        let Some(listened) = self.open.get_mut(&id) else { return };
        let mut out = Vec::new();
        listened.stream.handle(input, &mut out);
        self.carry_out(id, out);
    }

    fn carry_out(&mut self, id: StreamId, effects: Vec<Out>) {
        let mut refused = Vec::new();
        let Some(listened) = self.open.get_mut(&id) else { return };
        for effect in effects {
            match effect {
                Out::Decode(decode) => refused.extend(self.desk.push(id, decode)),
                out => {
                    listened.done |= out == Out::Done;
                    listened.report(&out);
                    listened.deliver(out);
                }
            }
        }
        // Text that a slow receiver has not taken yet keeps a finished stream alive.
        if listened.gone || (listened.done && listened.backlog.is_empty()) {
            self.end(id);
        }
        for job in refused {
            let name = match job.kind {
                DecodeKind::Interim => "asr_interims_dropped_total",
                DecodeKind::Final => "asr_finals_refused_total",
            };
            metrics::counter!(name).increment(1);
            self.tell(job.stream, In::Decoded { id: job.work.id, result: None });
        }
    }

    fn end(&mut self, id: StreamId) {
        if self.open.remove(&id).is_some() {
            self.desk.close(id);
            self.count.leave();
        }
    }
}

impl Listened {
    fn deliver(&mut self, out: Out) {
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

    fn deliver_backlog(&mut self) {
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

    /// From the end of speech to its settled text.
    fn report(&self, out: &Out) {
        if let (Out::Final(heard), Some((at, clock_ms))) = (out, self.heard) {
            let spoken = Duration::from_millis(clock_ms.saturating_sub(heard.end_ms));
            metrics::histogram!("asr_final_delay_seconds").record((spoken + at.elapsed()).as_secs_f64());
        }
    }
}
