//! SRTP: what is genuine comes back as it was and only once, what a stranger sends or changed is nothing; no panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use media::srtp::{Keys, MasterKey, Protection, Suite};

const SUITES: [Suite; 4] = [Suite::AesCm128Sha80, Suite::AesCm128Sha32, Suite::Aes128Gcm, Suite::Aes256Gcm];

fn key(suite: Suite, fill: u8) -> MasterKey {
    let bytes = vec![fill; suite.key_bytes() + suite.salt_bytes()];
    MasterKey { suite, bytes: bytes.into(), mki: Vec::new() }
}

fuzz_target!(|data: &[u8]| {
    let [choice, rest @ ..] = data else { return };
    let suite = SUITES[usize::from(choice & 3)];
    let (a, b) = (key(suite, 1), key(suite, 2));
    let Ok(mut ours) = Protection::new(Keys { ours: a.clone(), theirs: b.clone() }) else { return };
    let Ok(mut theirs) = Protection::new(Keys { ours: b, theirs: a }) else { return };
    let mut rest = rest;
    // Packets, each led by its length: sealed and opened again, once, and once more as it came.
    for _ in 0..32 {
        let [length, after @ ..] = rest else { break };
        let (packet, after) = after.split_at(usize::from(*length).min(after.len()));
        rest = after;
        let mut raw = packet.to_vec();
        assert!(theirs.open_rtp(&mut raw).is_none(), "a stranger's packet is not opened");
        let mut raw = packet.to_vec();
        assert!(theirs.open_rtcp(&mut raw).is_none(), "a stranger's report is not opened");
        let mut sealed = [0; 512];
        if let Some(length) = ours.sender().rtp(packet, &mut sealed) {
            let mut copy = sealed[..length].to_vec();
            if let Some(plain) = theirs.open_rtp(&mut copy) {
                assert_eq!(&copy[..plain], packet, "what was sealed is what is opened");
            }
            let mut again = sealed[..length].to_vec();
            assert!(theirs.open_rtp(&mut again).is_none(), "nothing is opened twice");
        }
        if let Some(length) = ours.sender().rtcp(packet, &mut sealed) {
            let mut copy = sealed[..length].to_vec();
            if let Some(plain) = theirs.open_rtcp(&mut copy) {
                assert_eq!(&copy[..plain], packet, "the same for reports");
            }
        }
    }
});
