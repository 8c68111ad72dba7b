//! Who hears whom.

use media::{Codec, Order, Repeat};

use crate::world::{World, play};

const ALL: [Codec; 4] = [Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus];

#[test]
fn two_legs_hear_each_other_and_never_themselves_whatever_their_codecs() {
    for one in ALL {
        for other in ALL {
            let mut world = World::new();
            let a = world.phone(1, one, Some(600.0));
            let b = world.phone(2, other, Some(1500.0));
            world.order(Order::Bridge { legs: vec![a, b] });
            world.run_ms(1500);
            for (leg, theirs, own) in [(a, 1500.0, 600.0), (b, 600.0, 1500.0)] {
                let heard = world.hears(leg).after_ms(500);
                let (level, leak) = (heard.tone(theirs), heard.tone(own));
                assert!((level - 8000.0).abs() < 1200.0, "{one:?}-{other:?}: {level}");
                assert!(leak < 60.0, "{one:?}-{other:?}: hears itself at {leak}");
            }
        }
    }
}

#[test]
fn same_codec_legs_exchange_their_payloads_bit_for_bit() {
    for codec in ALL {
        let mut world = World::new();
        let a = world.phone(1, codec, Some(600.0));
        let b = world.phone(2, codec, Some(1500.0));
        let mut same = crate::world::Phone::new(1, codec);
        same.says = Some(600.0);
        world.order(Order::Bridge { legs: vec![a, b] });
        world.run_ms(1000);
        let said: Vec<Vec<u8>> = (0..50).map(|_| same.packet()[12..].to_vec()).collect();
        let got: Vec<&[u8]> = world.sent(b).iter().map(|sent| &sent.payload[..]).collect();
        let first = got.iter().position(|payload| *payload == said[0]).expect("the first packet arrives");
        assert!(first <= 3, "{codec:?}: after {first} ticks");
        for (n, payload) in got[first..].iter().enumerate() {
            assert_eq!(*payload, said[n], "{codec:?}: packet {n}");
        }
    }
}

#[test]
fn in_a_conference_each_hears_all_others_and_not_itself() {
    for codecs in [[Codec::Pcmu, Codec::Pcma, Codec::Pcmu], [Codec::Pcmu, Codec::Opus, Codec::G722]] {
        let tones = [500.0, 900.0, 1700.0];
        let mut world = World::new();
        let legs: Vec<_> = codecs
            .iter()
            .zip(tones)
            .enumerate()
            .map(|(n, (codec, f))| world.phone(n as u32, *codec, Some(f)))
            .collect();
        world.order(Order::Bridge { legs: legs.clone() });
        world.run_ms(1500);
        for (n, leg) in legs.iter().enumerate() {
            let heard = world.hears(*leg).after_ms(500);
            for (m, f) in tones.iter().enumerate() {
                let level = heard.tone(*f);
                if n == m {
                    assert!(level < 150.0, "{codecs:?}: leg {n} hears itself at {level}");
                } else {
                    assert!((level - 8000.0).abs() < 1500.0, "{codecs:?}: leg {n} hears {m} at {level}");
                }
            }
        }
        world.order(Order::Unbridge { leg: legs[2] });
        world.forget();
        world.run_ms(1000);
        assert!(world.hears(legs[0]).after_ms(300).tone(900.0) > 6500.0);
        assert!(world.hears(legs[0]).after_ms(300).tone(1700.0) < 150.0);
        assert!(world.hears(legs[2]).after_ms(300).rms() < 30.0);
    }
}

#[test]
fn a_muted_leg_is_heard_by_nobody_but_still_hears() {
    let mut world = World::new();
    let a = world.phone(1, Codec::Pcmu, Some(600.0));
    let b = world.phone(2, Codec::Opus, Some(1500.0));
    world.order(Order::Bridge { legs: vec![a, b] });
    world.order(Order::Tap { leg: a, on: true });
    world.order(Order::Mute { leg: a, on: true });
    world.run_ms(1000);
    assert!(world.hears(b).after_ms(300).rms() < 30.0);
    assert!(world.hears(a).after_ms(300).tone(1500.0) > 6500.0);
    assert!(world.out.taps[&a].iter().all(|(live, samples)| !live && samples.iter().all(|s| *s == 0)));
    world.order(Order::Mute { leg: a, on: false });
    world.forget();
    world.run_ms(1000);
    assert!(world.hears(b).after_ms(300).tone(600.0) > 6500.0);
}

#[test]
fn joining_another_bridge_leaves_the_first() {
    let mut world = World::new();
    let legs: Vec<_> = (1..=3).map(|n| world.phone(n, Codec::Pcma, Some(400.0 * f64::from(n)))).collect();
    world.order(Order::Bridge { legs: vec![legs[0], legs[1]] });
    world.run_ms(500);
    world.order(Order::Bridge { legs: vec![legs[0], legs[2]] });
    world.forget();
    world.run_ms(500);
    assert!(world.hears(legs[0]).after_ms(100).tone(1200.0) > 7000.0);
    assert!(world.hears(legs[0]).after_ms(100).tone(800.0) < 60.0);
    assert!(world.hears(legs[1]).after_ms(100).rms() < 30.0);
}

#[test]
fn a_phone_and_a_browser_talk() {
    let mut world = World::new();
    let phone = world.phone(1, Codec::Pcma, Some(600.0));
    let browser = world.browser(2, Some(1500.0));
    world.order(Order::Bridge { legs: vec![phone, browser] });
    world.run_ms(1500);
    assert!((world.hears(phone).after_ms(500).tone(1500.0) - 8000.0).abs() < 1000.0);
    assert!((world.hears(browser).after_ms(500).tone(600.0) - 8000.0).abs() < 1000.0);
    assert_eq!(world.out.frames[&browser].len(), 75);
    let stamps: Vec<u32> = world.out.frames[&browser].iter().map(|frame| frame.1).collect();
    assert!(stamps.windows(2).all(|pair| pair[1].wrapping_sub(pair[0]) == 960));
}

#[test]
fn a_tap_hears_its_own_leg_only_at_16_khz_without_slipping() {
    for codec in ALL {
        let mut world = World::new();
        let a = world.phone(1, codec, Some(600.0));
        let b = world.phone(2, Codec::Pcmu, Some(1500.0));
        world.order(Order::Tap { leg: a, on: true });
        world.order(Order::Bridge { legs: vec![a, b] });
        world.order(play(a, 8000, 2000.0, 400, Repeat::Once, 0));
        world.run_ms(1000);
        world.phones.get_mut(&1).expect("a").says = None;
        world.run_ms(1000);
        let frames = &world.out.taps[&a];
        assert_eq!(frames.len(), 100, "one each tick");
        let samples: Vec<i16> = frames[15..45].iter().flat_map(|(_, samples)| samples.clone()).collect();
        let heard = crate::world::Heard { samples, rate: 16_000.0 };
        assert!((heard.tone(600.0) - 8000.0).abs() < 900.0, "{codec:?}: {}", heard.tone(600.0));
        assert!(heard.tone(1500.0) < 60.0 && heard.tone(2000.0) < 60.0);
        assert!(frames[15..45].iter().all(|(live, _)| *live));
        assert!(frames[60..].iter().all(|(live, samples)| !live && samples.iter().all(|s| *s == 0)));
    }
}

#[test]
fn a_listener_hears_everybody_and_is_heard_by_nobody() {
    for codec in ALL {
        let mut world = World::new();
        let caller = world.phone(1, Codec::Pcmu, Some(600.0));
        let agent = world.phone(2, Codec::Opus, Some(1500.0));
        let boss = world.phone(3, codec, Some(900.0));
        world.order(Order::Bridge { legs: vec![caller, agent] });
        world.order(Order::Hear { leg: boss, also: vec![caller, agent] });
        world.run_ms(1500);
        let heard = world.hears(boss).after_ms(500);
        assert!((heard.tone(600.0) - 8000.0).abs() < 1500.0, "{codec:?}: {}", heard.tone(600.0));
        assert!((heard.tone(1500.0) - 8000.0).abs() < 1500.0, "{codec:?}: {}", heard.tone(1500.0));
        assert!(heard.tone(900.0) < 150.0, "{codec:?}: hears itself");
        for (leg, other) in [(caller, 1500.0), (agent, 600.0)] {
            let heard = world.hears(leg).after_ms(500);
            assert!(heard.tone(900.0) < 60.0, "{codec:?}: the listener is heard at {}", heard.tone(900.0));
            assert!(
                (heard.tone(other) - 8000.0).abs() < 1200.0,
                "{codec:?}: and the two hear each other as before"
            );
        }
    }
}

#[test]
fn a_whisper_reaches_the_agent_and_not_the_caller_and_ends_with_the_order() {
    let mut world = World::new();
    let caller = world.phone(1, Codec::Pcma, Some(600.0));
    let agent = world.phone(2, Codec::Pcma, Some(1500.0));
    let boss = world.phone(3, Codec::Opus, Some(900.0));
    world.order(Order::Bridge { legs: vec![caller, agent] });
    world.order(Order::Hear { leg: agent, also: vec![boss] });
    world.run_ms(1500);
    let heard = world.hears(agent).after_ms(500);
    assert!(
        heard.tone(600.0) > 6500.0 && heard.tone(900.0) > 6500.0,
        "{} {}",
        heard.tone(600.0),
        heard.tone(900.0)
    );
    assert!(heard.tone(1500.0) < 150.0, "the agent hears itself");
    assert!(world.hears(caller).after_ms(500).tone(900.0) < 60.0);
    world.order(Order::Hear { leg: agent, also: vec![] });
    world.forget();
    world.run_ms(1000);
    let heard = world.hears(agent).after_ms(300);
    assert!(heard.tone(600.0) > 6500.0 && heard.tone(900.0) < 60.0);
}

#[test]
fn whoever_gets_the_slot_of_a_leg_that_was_listened_to_is_not_listened_to() {
    let mut world = World::new();
    let caller = world.phone(1, Codec::Pcmu, Some(600.0));
    let boss = world.phone(3, Codec::Pcmu, None);
    world.order(Order::Hear { leg: boss, also: vec![caller] });
    world.run_ms(500);
    world.order(Order::Close { leg: caller });
    let stranger = world.phone(1, Codec::Pcmu, Some(1500.0));
    assert_eq!(stranger, caller);
    world.forget();
    world.run_ms(1000);
    assert!(world.hears(boss).after_ms(300).rms() < 30.0);
}

#[test]
fn in_one_codec_a_packet_goes_on_when_it_comes_with_the_numbers_of_its_leg() {
    for codec in ALL {
        let mut world = World::new();
        let a = world.phone(1, codec, Some(600.0));
        let b = world.phone(2, codec, Some(1500.0));
        world.run_ms(200);
        let before = world.sent(b).last().expect("silence so far").clone();
        world.order(Order::Bridge { legs: vec![a, b] });
        world.forget();
        world.run_ms(1000);
        let sent = world.sent(b);
        assert_eq!(sent.len(), 50, "{codec:?}");
        for (n, packet) in (1u16..).zip(sent) {
            // The phones send 5 ms before each tick: nothing waits for it.
            assert_eq!(packet.at.as_nanos() / 1_000_000 % 20, 15, "{codec:?}: packet {n}");
            assert_eq!(packet.seq, before.seq.wrapping_add(n), "{codec:?}");
            assert_eq!(packet.timestamp, before.timestamp.wrapping_add(u32::from(n) * codec.clock() / 50));
            assert_eq!(packet.ssrc, before.ssrc);
        }
    }
}

#[test]
fn what_is_passed_on_stops_for_a_muted_leg_a_prompt_and_somebody_who_listens_in() {
    let mut world = World::new();
    let a = world.phone(1, Codec::Pcma, Some(600.0));
    let b = world.phone(2, Codec::Pcma, None);
    let supervisor = world.phone(3, Codec::Pcma, Some(1500.0));
    world.order(Order::Bridge { legs: vec![a, b] });
    world.run_ms(400);
    world.order(Order::Mute { leg: a, on: true });
    world.forget();
    world.run_ms(1000);
    assert!(world.hears(b).rms() < 30.0, "nothing of a muted leg");
    assert!(world.sent(b).len() >= 46, "silence takes its place within four ticks");
    world.order(Order::Mute { leg: a, on: false });
    world.order(play(b, 8000, 900.0, 400, Repeat::Once, 1));
    world.forget();
    world.run_ms(400);
    let heard = world.hears(b);
    assert!(heard.tone(900.0) > 7000.0 && heard.tone(600.0) < 60.0, "the prompt alone");
    // A whisper is heard beside the caller, and both go through the tick again.
    world.order(Order::Hear { leg: b, also: vec![supervisor] });
    world.forget();
    world.run_ms(600);
    let heard = world.hears(b).after_ms(200);
    assert!(heard.tone(600.0) > 6500.0 && heard.tone(1500.0) > 6500.0);
    world.order(Order::Hear { leg: b, also: vec![] });
    world.forget();
    world.run_ms(600);
    let heard = world.hears(b).after_ms(200);
    assert!(heard.tone(600.0) > 7000.0 && heard.tone(1500.0) < 60.0);
}
