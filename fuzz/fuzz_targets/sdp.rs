//! Session descriptions: what we answer can be read, with a line for every line of theirs.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signaling::sdp::{Capabilities, Codec, Origin, SessionDescription, accept_answer, negotiate};

fuzz_target!(|data: &[u8]| {
    let Ok(session) = SessionDescription::parse(data) else { return };
    let ours = Capabilities { codecs: vec![Codec::OPUS, Codec::G722, Codec::PCMU] };
    let local = "192.0.2.1:4000".parse().expect("an address");
    if let Ok(agreed) = negotiate(&session, &ours, local, Origin { session_id: 1, version: 1 }) {
        let answer = SessionDescription::parse(&agreed.answer).expect("our answers can be read");
        assert_eq!(answer.media.len(), session.media.len(), "a line for every line");
    }
    let _any = accept_answer(&ours, &session);
});
