//! Calls that another system carries, and whose sound comes to us: AudioSocket, a web socket of PCM, SIPREC.
//!
//! A call is announced (`Admission::observe`): its conversation begins, and every side has a place (`Seat`) under a name that
//! nobody guesses. Whoever brings a side's sound takes its place, and has a `Source`.
//! Promises: a place is taken once; a source that ends ends its side; an interaction that ends ends its sources.
//! Leaves to others: what a side is and when it is over (`interaction`), wires (`audiosocket`, `api`).

pub mod audiosocket;
mod listener;
mod source;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::InteractionId;
use tokio::sync::watch;

use crate::media_loop::TapSink;

pub use listener::listen;
pub use source::Source;

/// The name of a place: a UUID.
pub type SeatName = [u8; 16];

/// Who takes what a side says.
#[derive(Default)]
struct Sinks {
    ears: Option<Box<dyn TapSink>>,
    tape: Option<Box<dyn TapSink>>,
}

/// One side as its interaction has it. Dropping it ends its source.
pub struct Feed {
    sinks: Arc<Mutex<Sinks>>,
    _here: watch::Sender<()>,
}

impl Feed {
    /// A side, and its place.
    #[must_use]
    pub fn new() -> (Self, Place) {
        let (here, over) = watch::channel(());
        let sinks = Arc::new(Mutex::new(Sinks::default()));
        (Self { sinks: Arc::clone(&sinks), _here: here }, Place { sinks, over })
    }

    /// Who transcribes it from now on.
    pub fn hear(&self, sink: Option<Box<dyn TapSink>>) {
        lock(&self.sinks).ears = sink;
    }

    /// Who records it from now on.
    pub fn record(&self, sink: Option<Box<dyn TapSink>>) {
        lock(&self.sinks).tape = sink;
    }
}

/// Where a source sits down.
pub struct Place {
    sinks: Arc<Mutex<Sinks>>,
    over: watch::Receiver<()>,
}

/// A place that nobody has taken.
struct Seat {
    conversation: InteractionId,
    side: u16,
    place: Place,
}

/// Places that wait for their source.
#[derive(Default)]
pub struct Seats(Mutex<BTreeMap<SeatName, Seat>>);

impl Seats {
    /// A place waits from now on; those whose call is over are forgotten.
    pub fn add(&self, name: SeatName, conversation: InteractionId, side: u16, place: Place) {
        let mut seats = lock(&self.0);
        seats.retain(|_, seat| seat.place.over.has_changed().is_ok());
        seats.insert(name, Seat { conversation, side, place });
    }

    /// Takes a place by its name.
    pub fn take(&self, name: &SeatName) -> Option<(InteractionId, u16, Place)> {
        let seat = lock(&self.0).remove(name)?;
        Some((seat.conversation, seat.side, seat.place))
    }

    /// Takes a place by its call and side.
    pub fn take_side(&self, conversation: InteractionId, side: u16) -> Option<Place> {
        let mut seats = lock(&self.0);
        let found = seats.iter().find(|(_, seat)| seat.conversation == conversation && seat.side == side);
        let name = *found?.0;
        seats.remove(&name).map(|seat| seat.place)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic while holding the lock leaves whole values: they are set and taken in single steps.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A name that nobody guesses (RFC 9562 section 5.4).
#[must_use]
pub fn new_name() -> SeatName {
    let mut name: SeatName = rand::random();
    name[6] = (name[6] & 0x0F) | 0x40;
    name[8] = (name[8] & 0x3F) | 0x80;
    name
}

/// A name as people and programs write it.
#[must_use]
pub fn written(name: &SeatName) -> String {
    let text = hex::encode(name);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| text.get(part).unwrap_or_default());
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_as_a_uuid() {
        let name =
            [0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x42, 0xd3, 0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40, 0x00];
        assert_eq!(written(&name), "123e4567-e89b-42d3-a456-426614174000");
        assert!(written(&new_name()).chars().nth(14) == Some('4'));
    }

    #[test]
    fn a_place_is_taken_once_and_forgotten_with_its_call() {
        let seats = Seats::default();
        let call = InteractionId { node: 1, serial: 1 };
        let (feed, place) = Feed::new();
        seats.add([1; 16], call, 0, place);
        let (gone, place) = Feed::new();
        drop(gone);
        seats.add([2; 16], call, 1, place);
        assert!(seats.take(&[1; 16]).is_some() && seats.take(&[1; 16]).is_none());
        let (other, place) = Feed::new();
        seats.add([3; 16], call, 2, place);
        assert!(seats.take(&[2; 16]).is_none(), "its call is over");
        assert!(seats.take_side(call, 2).is_some() && seats.take_side(call, 2).is_none());
        drop((feed, other));
    }
}
