//! Flow files: taken or refused, never a panic; every problem names a place in the file.
#![no_main]

use ivr::{Flow, Known};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(problems) = Flow::parse("any.toml", text, &Known::anything()) {
        assert!(!problems.is_empty(), "refused without a reason");
        let lines = text.split('\n').count();
        assert!(problems.iter().all(|problem| problem.line <= lines), "{problems:?}");
    }
});
