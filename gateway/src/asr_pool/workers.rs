//! The decoding threads and the desk where work waits for them.
//!
//! Promises: a recogniser that fails or panics costs one window; a worker yields the core to media threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::SyncSender;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use asr::{Decode, DecodeKind, Hypothesis, Job, Recognizer, Schedule, ScheduleLimits, StreamId, Window};
use kernel::Time;

use super::ears::Command;
use super::figures::Figures;

/// Where work waits.
pub(super) struct Desk {
    pub(super) figures: Figures,
    began: Instant,
    state: Mutex<State>,
    arrived: Condvar,
}

struct State {
    schedule: Schedule<Decode>,
    stopped: bool,
}

/// What a worker decodes next, and the interims that were given up for it.
type Taken = (Option<Job<Decode>>, Vec<Job<Decode>>);

impl Desk {
    pub(super) fn new(limits: ScheduleLimits) -> Self {
        let state = State { schedule: Schedule::new(limits), stopped: false };
        Self {
            figures: Figures::default(),
            began: Instant::now(),
            state: Mutex::new(state),
            arrived: Condvar::new(),
        }
    }

    /// Adds work; what is dropped for it.
    pub(super) fn push(&self, stream: StreamId, decode: Decode) -> Vec<Job<Decode>> {
        let job = Job { stream, kind: decode.kind, asked: self.now(), work: decode };
        let mut state = self.lock();
        let dropped = state.schedule.push(job);
        report(&state.schedule);
        drop(state);
        self.arrived.notify_one();
        dropped
    }

    /// The stream that is to fall behind, because finals wait for too long.
    pub(super) fn overdue(&self) -> Option<StreamId> {
        self.lock().schedule.overdue(self.now())
    }

    /// Takes back what waits for a stream.
    pub(super) fn withdraw(&self, stream: StreamId) {
        self.lock().schedule.withdraw(stream);
    }

    /// Forgets a stream that ended.
    pub(super) fn close(&self, stream: StreamId) {
        // Nobody waits for what is dropped here: the stream is done.
        drop(self.lock().schedule.close(stream));
    }

    pub(super) fn waiting(&self) -> (usize, usize) {
        self.lock().schedule.waiting()
    }

    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.arrived.notify_all();
    }

    /// The next work, waiting for it; `None` when all is to end. Interims that grew too old come along.
    fn next(&self) -> Option<Taken> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            let (job, dropped) = state.schedule.pop(self.now());
            if job.is_some() || !dropped.is_empty() {
                report(&state.schedule);
                return Some((job, dropped));
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn now(&self) -> Time {
        Time::ZERO + self.began.elapsed()
    }

    /// A panic elsewhere leaves the queue whole: it is changed by single calls only.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn report(schedule: &Schedule<Decode>) {
    let (finals, interims) = schedule.waiting();
    metrics::gauge!("asr_waiting", "kind" => "final").set(finals as f64);
    metrics::gauge!("asr_waiting", "kind" => "interim").set(interims as f64);
    metrics::gauge!("asr_waiting", "kind" => "catch_up").set(schedule.catching_up() as f64);
}

/// The life of a worker.
pub(super) fn work(
    mut recognizer: Box<dyn Recognizer>,
    desk: &Desk,
    results: &SyncSender<Command>,
    ready: SyncSender<()>,
) {
    yield_to_media();
    // The first decoding touches every page of the model: do it before anyone waits for it.
    let quiet = Window { samples: vec![0.0; 16_000].into(), language: None };
    drop(attempt(recognizer.as_mut(), &quiet, DecodeKind::Interim));
    // The pool may have given up meanwhile.
    let _gone = ready.send(());
    drop(ready);
    while let Some((job, dropped)) = desk.next() {
        for job in dropped {
            desk.figures.interim_dropped();
            answer(results, &job, None);
        }
        let Some(job) = job else { continue };
        let begun = Instant::now();
        let mut heard = attempt(recognizer.as_mut(), &job.work.window, job.kind);
        if heard.is_none() && job.kind != DecodeKind::Interim {
            heard = attempt(recognizer.as_mut(), &job.work.window, job.kind);
        }
        let took = begun.elapsed();
        metrics::histogram!("asr_decode_seconds", "kind" => kind_name(job.kind)).record(took.as_secs_f64());
        let audio = Duration::from_millis(job.work.window.samples.len() as u64 / 16);
        desk.figures.decoded(job.kind, audio, took, desk.now().since(job.asked));
        if heard.is_none() && job.kind != DecodeKind::Interim {
            desk.figures.final_failed();
        }
        answer(results, &job, heard);
    }
}

fn attempt(recognizer: &mut dyn Recognizer, window: &Window, kind: DecodeKind) -> Option<Hypothesis> {
    match catch_unwind(AssertUnwindSafe(|| recognizer.decode(window, kind))) {
        Ok(Ok(heard)) => Some(heard),
        Ok(Err(error)) => {
            metrics::counter!("asr_decodes_failed_total").increment(1);
            tracing::error!(%error, "a window could not be recognised");
            None
        }
        Err(_) => {
            metrics::counter!("asr_decodes_failed_total").increment(1);
            tracing::error!("the recogniser panicked; the window is given up");
            None
        }
    }
}

fn answer(results: &SyncSender<Command>, job: &Job<Decode>, result: Option<Hypothesis>) {
    // The ears may have ended already.
    let _ended = results.send(Command::Decoded { stream: job.stream, id: job.work.id, result });
}

fn kind_name(kind: DecodeKind) -> &'static str {
    match kind {
        DecodeKind::Final => "final",
        DecodeKind::Interim => "interim",
        DecodeKind::CatchUp => "catch_up",
    }
}

/// Decoding takes whole cores for tenths of a second; the 20 ms tick of the media threads must not wait for it.
#[expect(unsafe_code, reason = "the niceness of a single thread can be set through libc only")]
fn yield_to_media() {
    const NICE: libc::c_int = 5;
    // SAFETY: plain numbers; on Linux `who` 0 with PRIO_PROCESS means the calling thread (setpriority(2)).
    let failed = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, NICE) } != 0;
    if failed {
        tracing::debug!("decoding threads keep their priority");
    }
}
