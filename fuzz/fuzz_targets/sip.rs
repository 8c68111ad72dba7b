//! Datagrams, one a line of 0xFF: no panic, nothing kept for ever; and each as its call's ladder keeps and shows it.
#![no_main]

mod phone;

use libfuzzer_sys::fuzz_target;
use signaling::ladder::{self, Sight};
use signaling::{In, Transport};

fuzz_target!(|data: &[u8]| {
    let mut phone = phone::Phone::new();
    for bytes in data.split(|byte| *byte == 0xFF).take(8) {
        phone.feed(In::Datagram { path: phone::path(Transport::Udp), bytes });
        look_at(bytes);
    }
    phone.settle();
});

fn look_at(bytes: &[u8]) {
    let mut kept = bytes.to_vec();
    ladder::redact(&mut kept);
    assert_eq!(kept.len(), bytes.len());
    let masked = Sight::Masked { ours: [127, 0, 0, 1].into() };
    for sight in [Sight::Whole, masked] {
        let _summary = ladder::summary(&kept, sight);
        let _text = ladder::shown(&kept, sight);
    }
}
