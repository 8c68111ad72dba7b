//! How well the pool keeps up: delays, cost, what was dropped. For the administrators' page; metrics have the same.
//!
//! Promises: bounded memory; a lock that is held for microseconds, never on a media thread.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use asr::DecodeKind;

/// Measurements that are remembered, of each kind.
const KEPT: usize = 1_024;
/// Older ones do not count.
const FRESH: Duration = Duration::from_secs(300);
/// Over this long it is said how busy the decoding threads are.
const BUSY_OVER: Duration = Duration::from_secs(60);

/// The middle and the tail of a delay, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delay {
    /// Half are below it.
    pub p50: u64,
    /// 95 of 100 are below it.
    pub p95: u64,
    /// 99 of 100 are below it.
    pub p99: u64,
}

/// The figures of the last minutes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Performance {
    /// From the end of speech to its final text, of those who are live; `None`: nothing was said.
    pub final_delay: Option<Delay>,
    /// From asking for interim text to having it.
    pub interim_delay: Option<Delay>,
    /// Seconds of work for a second of audio that was decoded.
    pub real_time_factor: Option<f64>,
    /// Share of the last minute in which decoding threads worked, 0 to 1.
    pub busy: f64,
    /// Since the process began: interims that were given up, finals that failed, frames that were lost.
    pub interims_dropped: u64,
    /// Finals without text.
    pub finals_failed: u64,
    /// 20 ms each.
    pub frames_lost: u64,
}

#[derive(Default)]
struct State {
    finals: VecDeque<(Instant, u64)>,
    interims: VecDeque<(Instant, u64)>,
    /// When it was done, the audio in it, how long it took.
    decodes: VecDeque<(Instant, Duration, Duration)>,
    interims_dropped: u64,
    finals_failed: u64,
    frames_lost: u64,
}

/// Where the threads of the pool put what they see.
#[derive(Default)]
pub(super) struct Figures(Mutex<State>);

impl Figures {
    /// A final's text is there so long after its speech ended.
    pub(super) fn settled(&self, delay: Duration) {
        keep(&mut self.lock().finals, (Instant::now(), millis(delay)));
        metrics::histogram!("asr_final_delay_seconds").record(delay.as_secs_f64());
    }

    /// A window was decoded; `waited` counts from when it was asked for.
    pub(super) fn decoded(&self, kind: DecodeKind, audio: Duration, took: Duration, waited: Duration) {
        let now = Instant::now();
        let mut state = self.lock();
        keep(&mut state.decodes, (now, audio, took));
        if kind == DecodeKind::Interim {
            keep(&mut state.interims, (now, millis(waited)));
        }
    }

    pub(super) fn interim_dropped(&self) {
        self.lock().interims_dropped += 1;
        metrics::counter!("asr_interims_dropped_total").increment(1);
    }

    pub(super) fn final_failed(&self) {
        self.lock().finals_failed += 1;
        metrics::counter!("asr_finals_refused_total").increment(1);
    }

    pub(super) fn frames_lost(&self, count: u64) {
        self.lock().frames_lost += count;
        metrics::counter!("asr_frames_lost_total").increment(count);
    }

    /// What they amount to, with so many decoding threads.
    pub(super) fn now(&self, threads: usize) -> Performance {
        let now = Instant::now();
        let fresh = |at: &Instant| now.saturating_duration_since(*at) < FRESH;
        let state = self.lock();
        let delays = |kept: &VecDeque<(Instant, u64)>| {
            quantiles(kept.iter().filter(|(at, _)| fresh(at)).map(|(_, ms)| *ms).collect())
        };
        let recent = state.decodes.iter().filter(|(at, ..)| fresh(at));
        let (audio, took) = recent
            .fold((0.0, 0.0), |(audio, took), (_, a, t)| (audio + a.as_secs_f64(), took + t.as_secs_f64()));
        let last = state.decodes.iter().filter(|(at, ..)| now.saturating_duration_since(*at) < BUSY_OVER);
        let worked: f64 = last.map(|(_, _, took)| took.as_secs_f64()).sum();
        Performance {
            final_delay: delays(&state.finals),
            interim_delay: delays(&state.interims),
            real_time_factor: (audio > 0.0).then(|| took / audio),
            busy: (worked / (BUSY_OVER.as_secs_f64() * threads.max(1) as f64)).min(1.0),
            interims_dropped: state.interims_dropped,
            finals_failed: state.finals_failed,
            frames_lost: state.frames_lost,
        }
    }

    /// A panic elsewhere leaves counts whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep<T>(kept: &mut VecDeque<T>, one: T) {
    if kept.len() == KEPT {
        kept.pop_front();
    }
    kept.push_back(one);
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

fn quantiles(mut delays: Vec<u64>) -> Option<Delay> {
    delays.sort_unstable();
    let at = |percent: usize| delays.get((delays.len().checked_sub(1)? * percent).div_ceil(100)).copied();
    Some(Delay { p50: at(50)?, p95: at(95)?, p99: at(99)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_tell_the_middle_and_the_tail() {
        let figures = Figures::default();
        assert_eq!(figures.now(2), Performance::default());
        (1..=100).for_each(|ms| figures.settled(Duration::from_millis(ms)));
        let second = Duration::from_secs(1);
        figures.decoded(DecodeKind::Final, second * 4, second, second);
        figures.decoded(DecodeKind::Interim, second * 4, second, Duration::from_millis(250));
        figures.interim_dropped();
        let now = figures.now(2);
        assert_eq!(now.final_delay, Some(Delay { p50: 51, p95: 96, p99: 100 }));
        assert_eq!(now.interim_delay, Some(Delay { p50: 250, p95: 250, p99: 250 }));
        assert_eq!(now.real_time_factor, Some(0.25));
        assert!((now.busy - 2.0 / 120.0).abs() < 1e-9 && now.interims_dropped == 1);
    }
}
