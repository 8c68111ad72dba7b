//! AudioSocket, the protocol by which Asterisk gives a channel's sound away over TCP: frames of a kind, a length and a payload.
//!
//! Promises: pure; whatever bytes come, at most one frame is kept. Leaves to others: sockets (`listener`).
//! Reference: <https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/>.

use super::SeatName;
use crate::limits::AUDIOSOCKET_FRAME;

/// Kind and length.
const HEAD: usize = 3;
/// What we say when a call is over.
pub const HANGUP: [u8; HEAD] = [0, 0, 0];

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The call is over.
    Hangup,
    /// Whose sound follows.
    Name(SeatName),
    /// A key.
    Digit(char),
    /// Sound: 16 bits, mono.
    Sound {
        /// Samples per second.
        rate: u32,
        /// They.
        samples: Vec<i16>,
    },
    /// The other side failed, with this code.
    Failed(Option<u8>),
    /// A kind that we do not know: passed over, for newer ones may come.
    Unknown(u8),
}

/// Why a stream is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Longer than any frame of sound.
    #[error("a frame of {0} bytes; {AUDIOSOCKET_FRAME} are the most")]
    TooLong(usize),
    /// A UUID has 16 bytes.
    #[error("a UUID of {0} bytes; it has 16")]
    NoName(usize),
    /// Samples have two bytes.
    #[error("sound of {0} bytes; it comes in pairs")]
    HalfSample(usize),
    /// A key is one character.
    #[error("a key that is none of 0-9, *, #, A-D")]
    NoKey,
}

/// A stream that is cut into frames.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
}

impl Frames {
    /// More bytes came; take every frame that is whole now.
    ///
    /// # Errors
    /// When this is no AudioSocket; nothing after it can be understood.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), Wrong> {
        self.bytes.extend_from_slice(bytes);
        let mut done = 0;
        let result = loop {
            let rest = self.bytes.get(done..).unwrap_or_default();
            let Some((&[kind, high, low], rest)) = rest.split_first_chunk::<HEAD>() else { break Ok(()) };
            let length = usize::from(u16::from_be_bytes([high, low]));
            if length > AUDIOSOCKET_FRAME {
                break Err(Wrong::TooLong(length));
            }
            let Some(payload) = rest.get(..length) else { break Ok(()) };
            match frame(kind, payload) {
                Ok(frame) => out.push(frame),
                Err(wrong) => break Err(wrong),
            }
            done += HEAD + length;
        };
        self.bytes.drain(..done);
        result
    }
}

fn frame(kind: u8, payload: &[u8]) -> Result<Frame, Wrong> {
    Ok(match kind {
        0x00 => Frame::Hangup,
        0x01 => Frame::Name(payload.try_into().map_err(|_| Wrong::NoName(payload.len()))?),
        0x03 => match payload {
            [key @ (b'0'..=b'9' | b'*' | b'#' | b'A'..=b'D')] => Frame::Digit(char::from(*key)),
            _ => return Err(Wrong::NoKey),
        },
        0xFF => Frame::Failed(payload.first().copied()),
        kind => match rate(kind) {
            Some(rate) => {
                let (pairs, rest) = payload.as_chunks::<2>();
                if !rest.is_empty() {
                    return Err(Wrong::HalfSample(payload.len()));
                }
                Frame::Sound { rate, samples: pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect() }
            }
            None => Frame::Unknown(kind),
        },
    })
}

/// Signed linear sound by its kind; the first is all that older ones have.
const fn rate(kind: u8) -> Option<u32> {
    Some(match kind {
        0x10 => 8_000,
        0x11 => 12_000,
        0x12 => 16_000,
        0x13 => 24_000,
        0x14 => 32_000,
        0x15 => 44_100,
        0x16 => 48_000,
        0x17 => 96_000,
        0x18 => 192_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> (Vec<Frame>, Result<(), Wrong>) {
        let (mut frames, mut out) = (Frames::default(), Vec::new());
        for piece in pieces {
            let result = frames.push(piece, &mut out);
            if result.is_err() {
                return (out, result);
            }
        }
        (out, Ok(()))
    }

    #[test]
    fn a_call_as_asterisk_sends_it() {
        let mut wire = vec![0x01, 0, 16];
        wire.extend([7; 16]);
        wire.extend([0x10, 0, 4, 0x01, 0x00, 0xFF, 0x7F]);
        wire.extend([0x03, 0, 1, b'5', 0x16, 0, 2, 0x00, 0x80, 0x42, 0, 1, 9, 0x00, 0, 0]);
        let expected = vec![
            Frame::Name([7; 16]),
            Frame::Sound { rate: 8_000, samples: vec![1, 32_767] },
            Frame::Digit('5'),
            Frame::Sound { rate: 48_000, samples: vec![-32_768] },
            Frame::Unknown(0x42),
            Frame::Hangup,
        ];
        assert_eq!(read(&[&wire]), (expected.clone(), Ok(())));
        let bytes: Vec<&[u8]> = wire.chunks(1).collect();
        assert_eq!(read(&bytes), (expected, Ok(())), "byte by byte it is the same");
    }

    #[test]
    fn what_is_no_audiosocket_is_told_apart_at_once() {
        assert_eq!(read(&[b"GET / HTTP/1.1\r\n"]).1, Err(Wrong::TooLong(0x4554)));
        assert_eq!(read(&[&[1, 0, 2, 1, 2]]).1, Err(Wrong::NoName(2)));
        assert_eq!(read(&[&[0x10, 0, 3, 1, 2, 3]]).1, Err(Wrong::HalfSample(3)));
        assert_eq!(read(&[&[3, 0, 1, b'x']]).1, Err(Wrong::NoKey));
        assert_eq!(read(&[&[0xFF, 0, 0]]).0, vec![Frame::Failed(None)]);
    }

    /// However the wire cuts it, and whatever it is: the same frames, the same mistake, and no more kept than one frame.
    #[test]
    fn any_bytes_are_read_alike_however_they_are_cut() {
        for seed in 0..2_000 {
            let mut rng = kernel::Rng::seeded(seed);
            let mut below = |bound| u8::try_from(rng.below(bound)).unwrap_or(0);
            let bytes: Vec<u8> = (0..400)
                .map(|_| match below(3) {
                    0 => below(4),
                    1 => 0x10 + below(10),
                    _ => below(256),
                })
                .collect();
            let cut = usize::from(1 + below(40));
            let pieces: Vec<&[u8]> = bytes.chunks(cut).collect();
            assert_eq!(read(&pieces), read(&[&bytes]), "seed {seed}");
            let (mut frames, mut out) = (Frames::default(), Vec::new());
            for piece in pieces {
                if frames.push(piece, &mut out).is_err() {
                    break;
                }
                assert!(frames.bytes.len() < HEAD + AUDIOSOCKET_FRAME, "seed {seed}");
            }
        }
    }
}
