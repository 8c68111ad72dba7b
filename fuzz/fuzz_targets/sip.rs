//! Datagrams, one a line of 0xFF: no panic, nothing kept for ever.
#![no_main]

mod phone;

use libfuzzer_sys::fuzz_target;
use signaling::{In, Transport};

fuzz_target!(|data: &[u8]| {
    let mut phone = phone::Phone::new();
    for bytes in data.split(|byte| *byte == 0xFF).take(8) {
        phone.feed(In::Datagram { path: phone::path(Transport::Udp), bytes });
    }
    phone.settle();
});
