//! The pool's threads with scripted recognisers. Nothing here waits for the clock: audio is pushed at once, and text is
//! awaited on its channel.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use asr::{DecodeKind, Hypothesis, Out, Policy, Recognizer, RecognizerError, ScheduleLimits, Window};
use kernel::InteractionId;
use tokio::sync::mpsc;

use super::tap::SAMPLES;
use super::{AsrPool, Backlog, Journals};

/// Answers as told; each window's length in samples goes to `seen`.
struct Scripted {
    answer: fn(usize) -> Result<Hypothesis, RecognizerError>,
    seen: Sender<usize>,
}

impl Recognizer for Scripted {
    fn decode(&mut self, window: &Window, _: DecodeKind) -> Result<Hypothesis, RecognizerError> {
        // The first second of silence warms up.
        if window.samples.iter().all(|sample| *sample == 0.0) {
            return Ok(Hypothesis::default());
        }
        self.seen.send(window.samples.len()).expect("a test that listens");
        (self.answer)(window.samples.len())
    }
}

fn says_hello(_: usize) -> Result<Hypothesis, RecognizerError> {
    Ok(Hypothesis { text: "hello there".to_owned(), language: "en".to_owned(), ..Hypothesis::default() })
}

fn panics(_: usize) -> Result<Hypothesis, RecognizerError> {
    panic!("a scripted panic")
}

fn fails(_: usize) -> Result<Hypothesis, RecognizerError> {
    Err(RecognizerError::Failed("as scripted".to_owned()))
}

fn pool(answer: fn(usize) -> Result<Hypothesis, RecognizerError>) -> (AsrPool, Receiver<usize>) {
    let (seen, windows) = channel();
    let recognizers: Vec<Box<dyn Recognizer>> =
        (0..2).map(|_| Box::new(Scripted { answer, seen: seen.clone() }) as Box<dyn Recognizer>).collect();
    (
        AsrPool::start_with(recognizers, Policy::finals_only(), ScheduleLimits::default(), None)
            .expect("threads"),
        windows,
    )
}

/// A second of a saw, which the detector takes for voice.
fn talk(push: impl Fn(u64, &[i16; SAMPLES])) {
    let mut phase = 0.0_f64;
    for frame in 1..=50 {
        let samples = std::array::from_fn(|_| {
            phase = (phase + 150.0 / 16_000.0).fract();
            ((phase * 2.0 - 1.0) * 8_000.0) as i16
        });
        push(frame * 20, &samples);
    }
}

fn next(from: &mut mpsc::Receiver<(u16, Out)>) -> Option<(u16, Out)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime
        .block_on(async { tokio::time::timeout(Duration::from_secs(20), from.recv()).await })
        .expect("text in time")
}

#[test]
fn what_was_said_is_final_when_the_handle_goes_and_then_the_stream_is_done() {
    let (pool, windows) = pool(says_hello);
    let (to, mut from) = mpsc::channel(8);
    let handle = pool.open(None, Some("en".to_owned()), 7_u16, to).expect("a stream");
    talk(|end_ms, samples| handle.push_audio(end_ms, samples));
    handle.close();
    let Some((7, Out::Final(heard))) = next(&mut from) else { panic!("no final") };
    assert_eq!(heard.text, "hello there");
    assert_eq!(next(&mut from), Some((7, Out::Done)));
    assert_eq!(next(&mut from), None, "the channel is let go");
    assert_eq!(windows.try_iter().count(), 1);
}

#[test]
fn a_pause_settles_what_is_open() {
    let (pool, _windows) = pool(says_hello);
    let (to, mut from) = mpsc::channel(8);
    let handle = pool.open(None, None, 1_u16, to).expect("a stream");
    talk(|end_ms, samples| handle.push_audio(end_ms, samples));
    handle.pause(1_000);
    assert!(matches!(next(&mut from), Some((1, Out::Final(_)))));
}

#[test]
fn a_recogniser_that_fails_or_panics_costs_its_window_only() {
    for answer in [fails, panics] {
        let (pool, windows) = pool(answer);
        for tag in 0..3_u16 {
            let (to, mut from) = mpsc::channel(8);
            let handle = pool.open(None, None, tag, to).expect("a stream");
            talk(|end_ms, samples| handle.push_audio(end_ms, samples));
            drop(handle);
            assert!(matches!(next(&mut from), Some((_, Out::Nothing { .. }))));
            assert_eq!(next(&mut from), Some((tag, Out::Done)));
        }
        assert_eq!(windows.try_iter().count(), 6, "a final is tried twice");
    }
}

#[test]
fn a_receiver_with_little_room_still_gets_finals_and_the_end() {
    let (pool, _windows) = pool(says_hello);
    let (to, mut from) = mpsc::channel(1);
    let handle = pool.open(None, None, 2_u16, to).expect("a stream");
    talk(|end_ms, samples| handle.push_audio(end_ms, samples));
    handle.close();
    assert!(matches!(next(&mut from), Some((2, Out::Final(_)))));
    assert_eq!(next(&mut from), Some((2, Out::Done)));
}

#[test]
fn audio_beyond_the_ring_is_dropped_and_counted_not_waited_for() {
    let (commands, _inbox) = std::sync::mpsc::sync_channel(1);
    let (handle, ring) = super::AsrHandle::new(asr::StreamId(1), 10, commands);
    talk(|end_ms, samples| handle.push_audio(end_ms, samples));
    assert_eq!(ring.frames.len(), 10);
    assert_eq!(ring.lost.load(std::sync::atomic::Ordering::Relaxed), 40);
}

#[test]
fn the_pool_ends_with_streams_open_and_their_handles_do_no_harm() {
    let (pool, _windows) = pool(says_hello);
    let (to, _from) = mpsc::channel(8);
    let handle = pool.open(None, None, 3_u16, to).expect("a stream");
    drop(pool);
    talk(|end_ms, samples| handle.push_audio(end_ms, samples));
    handle.pause(1_000);
    drop(handle);
}

/// Names an utterance by its loudness; waits for a permit before each answer.
struct Slow {
    permits: Arc<(std::sync::Mutex<usize>, std::sync::Condvar)>,
}

impl Slow {
    fn pool(backlog: Backlog, patience: Duration) -> (AsrPool, impl Fn(usize)) {
        let permits = Arc::new((std::sync::Mutex::new(0), std::sync::Condvar::new()));
        let limits = ScheduleLimits { patience, ..ScheduleLimits::default() };
        let slow: Vec<Box<dyn Recognizer>> = vec![Box::new(Slow { permits: Arc::clone(&permits) })];
        let pool = AsrPool::start_with(slow, Policy::finals_only(), limits, Some(backlog)).expect("threads");
        let give = move |more| {
            *permits.0.lock().expect("whole") += more;
            permits.1.notify_all();
        };
        (pool, give)
    }
}

impl Recognizer for Slow {
    fn decode(&mut self, window: &Window, _: DecodeKind) -> Result<Hypothesis, RecognizerError> {
        let loudest = window.samples.iter().copied().fold(0.0, f32::max);
        if loudest == 0.0 {
            return Ok(Hypothesis::default());
        }
        let mut free = self.permits.0.lock().expect("whole");
        while *free == 0 {
            // A test that failed gives no more of them.
            let (again, over) = self.permits.1.wait_timeout(free, Duration::from_secs(30)).expect("whole");
            free = again;
            if over.timed_out() {
                return Err(RecognizerError::Failed("no permit".to_owned()));
            }
        }
        *free -= 1;
        let text = format!("said {}", (loudest * 32.768).round() - 4.0);
        Ok(Hypothesis { text, language: "en".to_owned(), ..Hypothesis::default() })
    }
}

/// Utterances of a second, each louder than the one before by 1000, with a second of silence after each.
fn talk_in_turns(handle: &super::AsrHandle, turns: std::ops::Range<u64>) {
    let mut phase = 0.0_f64;
    for turn in turns {
        for frame in 1..=100 {
            let loud = if frame <= 50 { (turn + 5) as f64 * 1_000.0 } else { 0.0 };
            let samples = std::array::from_fn(|_| {
                phase = (phase + 150.0 / 16_000.0).fract();
                ((phase * 2.0 - 1.0) * loud) as i16
            });
            handle.push_audio(turn * 2_000 + frame * 20, &samples);
            if frame % 50 == 0 {
                // The ring holds 2.5 s.
                std::thread::sleep(Duration::from_millis(60));
            }
        }
    }
}

fn backlog(name: &str) -> (Backlog, mpsc::Receiver<InteractionId>, std::path::PathBuf) {
    let dir = std::env::temp_dir().join(format!("voxdesk-backlog-{name}-{}", std::process::id()));
    let _none = std::fs::remove_dir_all(&dir);
    let (left, told) = mpsc::channel(8);
    let journals = Journals::new(dir.clone(), crate::recording::RecordingKey::of(9)).expect("a folder");
    (Backlog { journals, left }, told, dir)
}

fn of(serial: u64) -> InteractionId {
    InteractionId { node: 1, serial }
}

/// Everything until `Done`; what was said, and whether it was behind in between.
fn all(from: &mut mpsc::Receiver<(u16, Out)>, keeper: Option<&super::Keeper>) -> (Vec<String>, bool) {
    let (mut texts, mut behind) = (Vec::new(), false);
    loop {
        match next(from) {
            Some((_, Out::Final(heard))) => {
                if let Some(keeper) = keeper {
                    keeper.recorded(heard.end_ms);
                }
                texts.push(heard.text);
            }
            Some((_, Out::Behind { .. })) => behind = true,
            Some((_, Out::Done)) | None => return (texts, behind),
            Some(_) => {}
        }
    }
}

fn is_empty(dir: &std::path::Path) -> bool {
    // Files go when the ears have heard that all is recorded.
    (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        std::fs::read_dir(dir).expect("a folder").next().is_none()
    })
}

#[test]
fn under_overload_the_youngest_falls_behind_and_every_word_of_all_comes_in_order() {
    let (backlog, _told, dir) = backlog("overload");
    let (pool, give) = Slow::pool(backlog, Duration::from_millis(300));
    let mut open = Vec::new();
    for leg in 0..3_u16 {
        let (to, from) = mpsc::channel(64);
        let handle = pool.open(Some((of(5), leg)), None, leg, to).expect("a stream");
        open.push((handle, from));
    }
    for turn in 0..4 {
        open.iter().for_each(|(handle, _)| talk_in_turns(handle, turn..turn + 1));
    }
    std::thread::sleep(Duration::from_millis(600));
    assert!(pool.load().behind > 0 && pool.load().backlog_ms > 0, "{:?}", pool.load());
    // A newcomer waits as well while others do.
    let (to, mut newcomer) = mpsc::channel(64);
    let late = pool.open(Some((of(6), 0)), None, 9_u16, to).expect("a stream");
    talk_in_turns(&late, 0..1);
    assert_eq!(next(&mut newcomer), Some((9, Out::Behind { from_ms: 0 })));
    give(1_000);
    let keeper = late.keeper();
    drop(late);
    assert_eq!(all(&mut newcomer, Some(&keeper)).0, ["said 1"]);
    let mut behind = Vec::new();
    for (leg, (handle, mut from)) in open.into_iter().enumerate() {
        let keeper = handle.keeper();
        drop(handle);
        let (texts, was_behind) = all(&mut from, Some(&keeper));
        assert_eq!(texts, ["said 1", "said 2", "said 3", "said 4"], "leg {leg}");
        behind.push(was_behind);
    }
    assert!(behind[2], "the youngest: {behind:?}");
    assert!(is_empty(&dir), "what is recorded leaves the disk");
    assert_eq!(pool.load(), super::Load::default());
    drop(pool);
    std::fs::remove_dir_all(dir).expect("the folder");
}

#[test]
fn what_a_process_leaves_is_heard_by_the_next_one_from_where_the_record_ends() {
    let (first, _told, dir) = backlog("killed");
    let (pool, give) = Slow::pool(first.clone(), Duration::from_secs(60));
    let (to, mut from) = mpsc::channel(64);
    let handle = pool.open(Some((of(7), 3)), None, 3_u16, to).expect("a stream");
    give(1);
    talk_in_turns(&handle, 0..3);
    let Some((3, Out::Final(heard))) = next(&mut from) else { panic!("no first") };
    assert_eq!(heard.text, "said 1");
    handle.keeper().recorded(heard.end_ms);
    std::thread::sleep(Duration::from_millis(300));
    give(1_000);
    drop(pool);
    assert_eq!(first.journals.left_behind().expect("read"), [(of(7), vec![3])]);
    let (pool, give) = Slow::pool(first.clone(), Duration::from_secs(60));
    give(1_000);
    let (to, mut from) = mpsc::channel(64);
    pool.inherit((of(7), 3), heard.end_ms, None, 3, to).expect("it is there");
    assert_eq!(all(&mut from, None).0, ["said 2", "said 3"]);
    first.journals.forget(of(7), 3);
    assert!(is_empty(&dir));
    drop((handle, pool));
    std::fs::remove_dir_all(dir).expect("the folder");
}

#[test]
fn an_interaction_that_is_over_leaves_what_it_was_not_told() {
    let (first, mut told, dir) = backlog("left");
    let (pool, give) = Slow::pool(first.clone(), Duration::from_secs(60));
    let (to, from) = mpsc::channel(64);
    let handle = pool.open(Some((of(8), 0)), None, 0_u16, to).expect("a stream");
    talk_in_turns(&handle, 0..2);
    drop((handle, from));
    pool.abandon(of(8));
    assert_eq!(told.blocking_recv(), Some(of(8)));
    give(1_000);
    let (to, mut from) = mpsc::channel(64);
    pool.inherit((of(8), 0), 0, None, 0_u16, to).expect("it is there");
    assert_eq!(all(&mut from, None).0, ["said 1", "said 2"]);
    drop(pool);
    std::fs::remove_dir_all(dir).expect("the folder");
}
