//! The pool's threads with scripted recognisers. Nothing here waits for the clock: audio is pushed at once, and text is
//! awaited on its channel.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use asr::{DecodeKind, Hypothesis, Out, Policy, Recognizer, RecognizerError, Window};
use tokio::sync::mpsc;

use super::AsrPool;
use super::tap::SAMPLES;

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
    (AsrPool::start_with(recognizers, Policy::finals_only()).expect("threads"), windows)
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
    let handle = pool.open(Some("en".to_owned()), 7_u16, to).expect("a stream");
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
    let handle = pool.open(None, 1_u16, to).expect("a stream");
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
            let handle = pool.open(None, tag, to).expect("a stream");
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
    let handle = pool.open(None, 2_u16, to).expect("a stream");
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
    let handle = pool.open(None, 3_u16, to).expect("a stream");
    drop(pool);
    talk(|end_ms, samples| handle.push_audio(end_ms, samples));
    handle.pause(1_000);
    drop(handle);
}
