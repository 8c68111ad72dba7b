//! Bytes that mean harm: whatever arrives, the engine goes on and other legs are served.

use kernel::Rng;
use media::{Codec, Order};
use proptest::prelude::*;

use crate::world::{World, address, setup};

fn codec(n: u8) -> Codec {
    [Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus][usize::from(n % 4)]
}

fn world(one: u8) -> World {
    let mut world = World::new();
    let leg = world.phone(1, codec(one), None);
    let other = world.phone(2, Codec::Pcmu, None);
    world.order(Order::Open {
        leg,
        setup: media::LegSetup {
            receive: vec![(Codec::Pcmu, 0), (Codec::Pcma, 8), (Codec::G722, 9), (Codec::Opus, 107)],
            ..setup(codec(one), Some(address(1)))
        },
    });
    world.order(Order::Tap { leg, on: true });
    world.order(Order::Bridge { legs: vec![leg, other] });
    world
}

fn payload_type() -> impl Strategy<Value = u8> {
    prop_oneof![Just(0u8), Just(8), Just(9), Just(107), Just(101), any::<u8>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_datagrams_are_survived(
        one in any::<u8>(),
        datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..60),
    ) {
        let mut world = world(one);
        for bytes in &datagrams {
            world.engine.rtp(world.out.now, media::Slot(1), address(1), bytes, &mut world.out);
            world.engine.rtcp(world.out.now, media::Slot(1), address(1), bytes, &mut world.out);
            world.tick();
        }
    }

    #[test]
    fn any_packets_in_any_order_keep_the_buffer_bounded(
        one in any::<u8>(),
        packets in prop::collection::vec(
            (payload_type(), any::<bool>(), -300i32..300, any::<u8>(), 0usize..1400, any::<u32>(), 0u8..4),
            0..150,
        ),
    ) {
        let mut world = world(one);
        for (n, (pt, framed, near, far, length, seed, times)) in packets.iter().enumerate() {
            // Mostly near what is expected, sometimes anywhere.
            let wild = *far > 240;
            let seq = if wild { *seed as u16 } else { (1000 + n as i32 + near / 30) as u16 };
            let ts = if wild { *seed } else { (160 * n as i32 + near * 8) as u32 };
            let mut rng = Rng::seeded(u64::from(*seed));
            let payload: Vec<u8> = (0..*length).map(|_| rng.next_u32() as u8).collect();
            for _ in 0..*times {
                if *framed {
                    world.engine.frame(world.out.now, media::Slot(1), *pt, seq, ts, &payload, &mut world.out);
                } else {
                    let mut bytes = vec![0x80, *pt];
                    bytes.extend(seq.to_be_bytes());
                    bytes.extend(ts.to_be_bytes());
                    bytes.extend([0, 0, 0, 1 + u8::from(*far > 250)]);
                    bytes.extend(&payload);
                    world.engine.rtp(world.out.now, media::Slot(1), address(1), &bytes, &mut world.out);
                }
            }
            world.tick();
            let stats = world.engine.stats(media::Slot(1)).expect("open");
            prop_assert!(stats.buffer_ms <= 400, "{stats:?}");
        }
        let sent = world.sent(media::Slot(2));
        let received = world.engine.stats(media::Slot(1)).expect("open").received as usize;
        prop_assert!(sent.len() <= packets.len() + received, "{} of {received}", sent.len());
        for pair in sent.windows(2) {
            prop_assert_eq!(pair[0].ssrc, pair[1].ssrc);
            prop_assert_ne!(pair[0].seq, pair[1].seq, "a number twice");
        }
    }
}

#[test]
fn a_flood_in_the_codec_of_the_other_side_does_not_become_one_for_them() {
    let mut world = world(0);
    let (leg, other) = (media::Slot(1), media::Slot(2));
    for tick in 0..100u16 {
        for n in 0..100 {
            let mut bytes = vec![0x80, 0];
            bytes.extend((tick * 100 + n).to_be_bytes());
            bytes.extend((u32::from(tick) * 16_000 + u32::from(n) * 160).to_be_bytes());
            bytes.extend([0, 0, 0, 1]);
            bytes.extend([0x55; 160]);
            world.engine.rtp(world.out.now, leg, address(1), &bytes, &mut world.out);
        }
        world.tick();
    }
    assert!(world.sent(other).len() < 600, "{} packets in 2 s", world.sent(other).len());
}
