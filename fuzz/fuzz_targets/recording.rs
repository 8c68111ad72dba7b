//! Audio files of every kind: read or refused, never a panic, never more samples than the limit.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _read_or_refused = media::files::samples("any.wav", data.to_vec(), 16_000);
});
