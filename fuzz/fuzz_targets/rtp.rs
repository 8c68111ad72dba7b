//! RTP packets into a bridge of two codecs: no panic, and what is sent stays well formed.
#![no_main]

mod line;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| line::packets(data, line::Door::Rtp));
