//! STUN as browsers send it, read by the ICE that WebRTC sessions use: no panic, whatever the length fields say.
#![no_main]

use is::stun::StunMessage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(message) = StunMessage::parse(data) {
        let _reads = (
            message.is_binding_request(),
            message.is_successful_binding_response(),
            message.split_username(),
        );
    }
});
