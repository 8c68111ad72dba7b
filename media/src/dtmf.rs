//! Telephone keys: received and sent, as RFC 4733 events and as tones in the audio.
//!
//! Promises: one press is one digit, however often its packets are repeated or lost.
//! Leaves to others: SIP INFO (`signaling`).

pub(crate) mod detector;
pub(crate) mod events;
pub(crate) mod sender;

/// The keys, by their event number (RFC 4733 section 3.2).
const KEYS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];
/// The keys as they lie on the pad, a row for each low frequency.
const PAD: [[char; 4]; 4] =
    [['1', '2', '3', 'A'], ['4', '5', '6', 'B'], ['7', '8', '9', 'C'], ['*', '0', '#', 'D']];
/// Low frequencies in hertz, by row.
const LOW: [f32; 4] = [697.0, 770.0, 852.0, 941.0];
/// High frequencies in hertz, by column.
const HIGH: [f32; 4] = [1209.0, 1336.0, 1477.0, 1633.0];

/// The event number of a key; `None` when it is no key.
fn event_of(key: char) -> Option<u8> {
    let key = key.to_ascii_uppercase();
    KEYS.iter().position(|k| *k == key).and_then(|n| u8::try_from(n).ok())
}

/// The two frequencies of a key.
fn tones_of(key: char) -> Option<(f32, f32)> {
    let key = key.to_ascii_uppercase();
    PAD.iter().zip(LOW).find_map(|(row, low)| {
        let column = row.iter().position(|k| *k == key)?;
        Some((low, HIGH[column]))
    })
}
