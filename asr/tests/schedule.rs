//! Properties of the queue in front of the recognisers, over many seeded histories.

use std::collections::BTreeMap;
use std::time::Duration;

use asr::{DecodeKind, Job, Schedule, ScheduleLimits, StreamId};
use kernel::{Rng, Time};

fn job(stream: u64, kind: DecodeKind, asked: u64, work: u64) -> Job<u64> {
    Job { stream: StreamId(stream), kind, asked: Time::from_millis(asked), work }
}

fn at(ms: u64) -> Time {
    Time::from_millis(ms)
}

#[test]
fn finals_go_before_interims_and_the_oldest_first() {
    let mut schedule = Schedule::new(ScheduleLimits::default());
    assert!(schedule.push(job(1, DecodeKind::Interim, 0, 1)).is_empty());
    assert!(schedule.push(job(2, DecodeKind::Final, 20, 2)).is_empty());
    assert!(schedule.push(job(3, DecodeKind::Final, 10, 3)).is_empty());
    let order: Vec<u64> = std::iter::from_fn(|| schedule.pop(at(30)).0).map(|job| job.work).collect();
    assert_eq!(order, [3, 2, 1]);
}

#[test]
fn the_stream_whose_text_is_oldest_is_served_first() {
    let mut schedule = Schedule::new(ScheduleLimits::default());
    for stream in [1, 2] {
        assert!(schedule.push(job(stream, DecodeKind::Interim, 0, stream)).is_empty());
        assert!(schedule.pop(at(stream * 10)).0.is_some());
    }
    assert!(schedule.push(job(2, DecodeKind::Interim, 30, 20)).is_empty());
    assert!(schedule.push(job(1, DecodeKind::Interim, 40, 10)).is_empty());
    assert_eq!(schedule.pop(at(50)).0.map(|job| job.work), Some(10));
}

#[test]
fn a_final_takes_the_place_of_its_streams_interim() {
    let mut schedule = Schedule::new(ScheduleLimits::default());
    assert!(schedule.push(job(1, DecodeKind::Interim, 0, 1)).is_empty());
    let dropped = schedule.push(job(1, DecodeKind::Final, 5, 2));
    assert_eq!(dropped.iter().map(|job| job.work).collect::<Vec<_>>(), [1]);
    assert_eq!(schedule.waiting(), (1, 0));
}

#[test]
fn an_interim_that_waited_too_long_is_dropped_and_a_final_never() {
    let mut schedule = Schedule::new(ScheduleLimits::default());
    assert!(schedule.push(job(1, DecodeKind::Interim, 0, 1)).is_empty());
    assert!(schedule.push(job(2, DecodeKind::Final, 0, 2)).is_empty());
    let (job, dropped) = schedule.pop(at(600_000));
    assert_eq!((job.map(|job| job.work), dropped.len()), (Some(2), 1));
}

/// Every job that goes in comes out once: done or dropped; bounds hold; no interim is done while a final waits.
#[test]
fn nothing_is_lost_or_done_twice_in_any_history() {
    for seed in 0..500 {
        let mut rng = Rng::seeded(seed);
        let limits = ScheduleLimits {
            finals: 8,
            interims: 5,
            interim_age: Duration::from_millis(400),
            ..ScheduleLimits::default()
        };
        let mut schedule = Schedule::new(limits);
        let mut inside: BTreeMap<u64, DecodeKind> = BTreeMap::new();
        let mut now = 0;
        for work in 0..300 {
            now += rng.below(100);
            if rng.below(3) > 0 {
                let kind = if rng.below(4) == 0 { DecodeKind::Final } else { DecodeKind::Interim };
                inside.insert(work, kind);
                for dropped in schedule.push(job(rng.below(9), kind, now, work)) {
                    assert!(inside.remove(&dropped.work).is_some(), "seed {seed}");
                    let full = dropped.kind == DecodeKind::Interim || schedule.waiting().0 == 8;
                    assert!(full, "seed {seed}: a final was refused while there was room");
                }
            } else {
                let finals = schedule.waiting().0;
                let (done, dropped) = schedule.pop(at(now));
                assert!(dropped.iter().all(|job| job.kind == DecodeKind::Interim), "seed {seed}");
                for gone in done.iter().chain(&dropped) {
                    assert!(inside.remove(&gone.work).is_some(), "seed {seed}");
                }
                if let Some(done) = done {
                    assert!(finals == 0 || done.kind == DecodeKind::Final, "seed {seed}");
                }
            }
            if rng.below(20) == 0
                && let Some(closed) = schedule.close(StreamId(rng.below(9)))
            {
                assert!(inside.remove(&closed.work).is_some(), "seed {seed}");
            }
            let (finals, interims) = schedule.waiting();
            assert!(finals <= 8 && interims <= 5, "seed {seed}");
            assert_eq!(finals + interims, inside.len(), "seed {seed}");
        }
    }
}
