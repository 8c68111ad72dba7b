//! Known answers of RFC 3711 and RFC 7714, the rollover, and hostile packets.

use kernel::Rng;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits.chunks(2).map(|pair| std::str::from_utf8(pair).expect("ASCII"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

fn master(suite: Suite, bytes: &[u8]) -> MasterKey {
    let bytes = bytes[..suite.key_bytes() + suite.salt_bytes()].to_vec();
    MasterKey { suite, bytes: bytes.into(), mki: Vec::new() }
}

const SUITES: [Suite; 4] = [Suite::AesCm128Sha80, Suite::AesCm128Sha32, Suite::Aes128Gcm, Suite::Aes256Gcm];

fn pair(suite: Suite) -> (Sender, Receiver) {
    let key = master(suite, &(0..46).collect::<Vec<u8>>());
    (Sender::new(&key).expect("a key"), Receiver::new(&key).expect("a key"))
}

fn packet(seq: u16, ssrc: u32) -> Vec<u8> {
    let mut packet = vec![0x80, 0];
    packet.extend_from_slice(&seq.to_be_bytes());
    packet.extend_from_slice(&[0, 0, 1, 0]);
    packet.extend_from_slice(&ssrc.to_be_bytes());
    packet.extend_from_slice(&[0xd5; 160]);
    packet
}

fn sealed(sender: &mut Sender, packet: &[u8]) -> Vec<u8> {
    let mut out = [0; 2048];
    let length = sender.rtp(packet, &mut out).expect("room");
    out[..length].to_vec()
}

/// The packet of libsrtp's self test, whose keys are those of RFC 3711 appendix B.3: derivation, counter mode and tag at once.
#[test]
fn counter_mode_gives_the_known_answers() {
    let key = hex("E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6");
    let key = master(Suite::AesCm128Sha80, &key);
    let plain = [hex("800f1234decafbadcafebabe"), vec![0xab; 16]].concat();
    let mut sender = Sender::new(&key).expect("a key");
    assert_eq!(
        sealed(&mut sender, &plain),
        hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb")
    );
    let report = [hex("81c8000bcafebabe"), vec![0xab; 16]].concat();
    sender.next_report = 1;
    let mut out = [0; 128];
    let length = sender.rtcp(&report, &mut out).expect("room");
    assert_eq!(
        out[..length],
        hex("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798")
    );
}

/// RFC 7714 sections 16 and 17, which give session keys.
#[test]
fn gcm_gives_the_known_answers() {
    let salt = hex("51756964 2070726f 2071756f");
    let plain = hex(
        "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573",
    );
    let wide: Vec<u8> = (0..32).collect();
    let answers = [
        (
            Suite::Aes128Gcm,
            "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf \
             8833899d 7f27beb1 6a9152cf 765ee439 0cce",
        ),
        (
            Suite::Aes256Gcm,
            "8040f17b 8041f8d3 5501a0b2 32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 \
             b87b7aa3 db36dfff d6b0f9bb 7878d7a7 6c13",
        ),
    ];
    for (suite, answer) in answers {
        let cipher = || Cipher::of_session(suite, &wide[..suite.key_bytes()], &salt);
        let mut sender = Sender { cipher: cipher(), last: None, next_report: 0 };
        let mut protected = sealed(&mut sender, &plain);
        assert_eq!(protected, hex(answer), "{suite:?}");
        assert_eq!(Receiver::of(cipher()).rtp(&mut protected), Some(&plain[..]));
    }
    let report = hex(
        "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef",
    );
    let cipher = || Cipher::of_session(Suite::Aes128Gcm, &wide[..16], &salt);
    let mut sender = Sender { cipher: cipher(), last: None, next_report: 0x5d4 };
    let mut out = [0; 128];
    let length = sender.rtcp(&report, &mut out).expect("room");
    assert_eq!(
        out[..length],
        hex(
            "81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded \
             0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4"
        )
    );
    assert_eq!(Receiver::of(cipher()).rtcp(&mut out[..length]), Some(&report[..]));
}

#[test]
fn a_call_of_more_than_65536_packets_is_heard_to_its_end_over_loss_and_reordering() {
    for suite in SUITES {
        let (mut sender, mut receiver) = pair(suite);
        let mut held: Option<Vec<u8>> = None;
        let mut seq = 60_000_u16;
        for n in 0..140_000_u32 {
            let plain = packet(seq, 7);
            let mut protected = sealed(&mut sender, &plain);
            seq = seq.wrapping_add(1);
            if n.is_multiple_of(1000) {
                // Lost.
                continue;
            }
            // Around each rollover the packets change places.
            if seq.is_multiple_of(4096) {
                held = Some(protected);
                continue;
            }
            assert_eq!(receiver.rtp(&mut protected), Some(&plain[..]), "{suite:?} packet {n}");
            if let Some(mut late) = held.take() {
                assert!(receiver.rtp(&mut late).is_some(), "{suite:?} late packet before {n}");
            }
        }
    }
}

#[test]
fn replayed_changed_and_foreign_packets_are_refused_and_leave_no_trace() {
    for suite in SUITES {
        let (mut sender, mut receiver) = pair(suite);
        let plain = packet(10, 7);
        let protected = sealed(&mut sender, &plain);
        let mut rng = Rng::seeded(3);
        for _ in 0..2_000 {
            let mut changed = protected.clone();
            let at = rng.next_u32() as usize % changed.len();
            changed[at] ^= 1 << (rng.next_u32() % 8);
            assert_eq!(receiver.rtp(&mut changed), None, "{suite:?} changed at {at}");
        }
        for length in 0..protected.len() {
            assert_eq!(receiver.rtp(&mut protected[..length].to_vec()), None);
            let _any = receiver.rtcp(&mut protected[..length].to_vec());
        }
        assert_eq!(receiver.rtp(&mut plain.clone()), None, "{suite:?} in the clear");
        // A stranger's sequence number far ahead must not move the window.
        assert_eq!(receiver.rtp(&mut packet(40_000, 7)), None);
        assert_eq!(receiver.rtp(&mut protected.clone()), Some(&plain[..]));
        assert_eq!(receiver.rtp(&mut protected.clone()), None, "{suite:?} a second time");
    }
}

#[test]
fn reports_are_opened_once() {
    for suite in SUITES {
        let (mut sender, mut receiver) = pair(suite);
        let report = [hex("80c90001 00000007"), vec![3; 24]].concat();
        for _ in 0..3 {
            let mut out = [0; 128];
            let length = sender.rtcp(&report, &mut out).expect("room");
            assert!(length <= report.len() + OVERHEAD);
            let mut again = out;
            assert_eq!(receiver.rtcp(&mut out[..length]), Some(&report[..]));
            assert_eq!(receiver.rtcp(&mut again[..length]), None);
        }
    }
}

#[test]
fn a_key_identifier_is_expected_where_it_was_agreed() {
    for suite in SUITES {
        let key = master(suite, &[5; 46]);
        let mut sender = Sender::new(&key).expect("a key");
        let mut receiver = Receiver::new(&MasterKey { mki: vec![0, 1], ..key }).expect("a key");
        let plain = packet(1, 7);
        let bare = sealed(&mut sender, &plain);
        assert_eq!(receiver.rtp(&mut bare.clone()), None);
        let tag = if suite.is_gcm() { 0 } else { suite.rtp_tag() };
        let (front, back) = bare.split_at(bare.len() - tag);
        let mut marked = [front, &[0, 1], back].concat();
        assert_eq!(receiver.rtp(&mut marked), Some(&plain[..]), "{suite:?}");
    }
}

#[test]
fn keys_of_the_wrong_length_are_told() {
    let key = MasterKey { suite: Suite::Aes256Gcm, bytes: vec![0; 30].into(), mki: Vec::new() };
    assert_eq!(
        Sender::new(&key).err().map(|error| error.to_string()).as_deref(),
        Some("the SRTP key has 30 bytes; 44 are needed")
    );
}

#[test]
fn a_new_key_is_taken_up_without_a_gap_and_an_unchanged_one_goes_on() {
    let suite = Suite::AesCm128Sha80;
    let (one, two) = (master(suite, &[1; 46]), master(suite, &[2; 46]));
    let keys = Keys { ours: one.clone(), theirs: one.clone() };
    let mut ours = Protection::new(keys.clone()).expect("keys");
    let (mut peer, mut renewed) = (Sender::new(&one).expect("a key"), Sender::new(&two).expect("a key"));
    let mut first = sealed(&mut peer, &packet(1, 7));
    assert!(ours.open_rtp(&mut first.clone()).is_some());
    ours.change(keys.clone()).expect("keys");
    assert!(ours.open_rtp(&mut first).is_none(), "the same key keeps its window");
    ours.change(Keys { theirs: two, ..keys }).expect("keys");
    let late = sealed(&mut peer, &packet(2, 7));
    assert_eq!(ours.open_rtp(&mut late.clone()), Some(172), "under way when the key changed");
    assert!(ours.open_rtp(&mut sealed(&mut renewed, &packet(3, 7))).is_some());
    assert!(ours.open_rtp(&mut sealed(&mut peer, &packet(4, 7))).is_none(), "the former key is over");
}
