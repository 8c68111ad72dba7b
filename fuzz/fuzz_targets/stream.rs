//! A stream, cut where the first bytes say: no panic, framing never runs away, nothing kept after the close.
#![no_main]

mod phone;

use libfuzzer_sys::fuzz_target;
use signaling::{Connection, In, Path, Transport};

fuzz_target!(|data: &[u8]| {
    let Some((cuts, mut rest)) = data.split_at_checked(4) else { return };
    let mut phone = phone::Phone::new();
    let path = Path { connection: Some(Connection(1)), ..phone::path(Transport::Tcp) };
    for cut in cuts {
        let (bytes, after) = rest.split_at(usize::from(*cut).min(rest.len()));
        phone.feed(In::Stream { path, bytes });
        rest = after;
    }
    phone.feed(In::Stream { path, bytes: rest });
    phone.feed(In::StreamClosed(Connection(1)));
    phone.settle();
});
