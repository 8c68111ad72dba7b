//! Keys pressed and sent, as events and as tones.

use media::{Codec, Event, Order, Slot};

use crate::world::{World, number, setup};

/// Presses a key the RFC 4733 way: five packets and three ends, 20 ms apart.
fn press(world: &mut World, n: u32, key: u8, lose: impl Fn(usize) -> bool) {
    let phone = world.phones.get_mut(&n).expect("a phone");
    phone.says = None;
    let (leg, from, start) = (phone.leg, phone.address, phone.timestamp);
    let step = phone.codec.clock() / 50;
    for packet in 0..8usize {
        let phone = world.phones.get_mut(&n).expect("a phone");
        let held = (packet as u32 + 1).min(5) * step;
        let [high, low] = (held as u16).to_be_bytes();
        let flags = if packet >= 5 { 0x8A } else { 0x0A };
        let bytes = phone.wrap(101, packet == 0, start, &[key, flags, high, low]);
        phone.timestamp = start.wrapping_add((packet as u32 + 1) * step);
        if !lose(packet) {
            world.engine.rtp(world.out.now, leg, from, &bytes, &mut world.out);
        }
        world.tick();
    }
    world.phones.get_mut(&n).expect("a phone").says = Some(0.0);
}

#[test]
fn a_press_is_one_digit_whatever_of_it_is_lost() {
    type Loss = fn(usize) -> bool;
    let losses: [Loss; 4] = [|_| false, |n| n < 3, |n| n >= 5, |n| n != 4];
    for codec in [Codec::Pcmu, Codec::Opus] {
        for lose in losses {
            let mut world = World::new();
            let leg = world.phone(1, codec, Some(0.0));
            world.run_ms(300);
            press(&mut world, 1, 5, lose);
            world.run_ms(100);
            press(&mut world, 1, 5, lose);
            world.run_ms(100);
            press(&mut world, 1, 11, lose);
            assert_eq!(world.digits(leg), "55#", "{codec:?}");
        }
    }
}

#[test]
fn the_voice_goes_on_after_a_press_and_nothing_is_concealed_for_it() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcma, Some(700.0));
    world.order(Order::Echo { leg, on: true });
    world.run_ms(500);
    press(&mut world, 1, 1, |_| false);
    world.phones.get_mut(&1).expect("a phone").says = Some(700.0);
    world.forget();
    world.run_ms(600);
    assert!(world.hears(leg).after_ms(200).tone(700.0) > 7000.0);
    let stats = world.engine.stats(leg).expect("open");
    assert_eq!((stats.lost, stats.concealed), (0, 0));
}

#[test]
fn tones_are_heard_only_where_no_events_were_negotiated() {
    for negotiated in [false, true] {
        let mut world = World::new();
        let sender = world.phone(1, Codec::Pcma, Some(0.0));
        let leg = world.phone(2, Codec::Pcma, None);
        let mut without = setup(Codec::Pcma, Some(crate::world::address(1)));
        without.dtmf.clear();
        world.order(Order::Change { leg: sender, setup: without });
        if !negotiated {
            let mut own = setup(Codec::Pcma, Some(crate::world::address(2)));
            own.dtmf.clear();
            world.order(Order::Change { leg, setup: own });
        }
        world.order(Order::SendDigits { leg: sender, digits: "12A*0#".into() });
        world.run_ms(2000);
        // What the engine sends to the first phone is what the second one says.
        let packets = world.sent(sender).to_vec();
        let from = crate::world::address(2);
        for packet in packets {
            let mut bytes = vec![0x80, number(Codec::Pcma)];
            bytes.extend(packet.seq.to_be_bytes());
            bytes.extend(packet.timestamp.to_be_bytes());
            bytes.extend([0, 0, 0, 9]);
            bytes.extend(&packet.payload);
            world.engine.rtp(world.out.now, leg, from, &bytes, &mut world.out);
            world.tick();
        }
        world.run_ms(200);
        assert_eq!(world.digits(leg), if negotiated { "" } else { "12A*0#" });
    }
}

#[test]
fn digits_are_sent_as_events_with_one_clock_and_no_hole_in_the_numbers() {
    for codec in [Codec::Pcmu, Codec::Opus] {
        let mut world = World::new();
        let leg = world.phone(1, codec, None);
        world.run_ms(100);
        world.order(Order::SendDigits { leg, digits: "9*".into() });
        world.run_ms(600);
        let sent = world.sent(leg);
        assert!(sent.windows(2).all(|pair| pair[1].seq.wrapping_sub(pair[0].seq) == 1));
        let events: Vec<_> = sent.iter().filter(|packet| packet.pt == 101).collect();
        assert_eq!(events.len(), 14, "five and two more ends, twice");
        assert_eq!(events.iter().filter(|packet| packet.marker).count(), 2);
        assert_eq!((events[0].payload[0], events[7].payload[0]), (9, 10));
        assert!(events[..7].iter().all(|packet| packet.timestamp == events[0].timestamp));
        let gap = events[7].timestamp.wrapping_sub(events[0].timestamp);
        assert_eq!(gap, codec.clock() / 5, "200 ms later");
    }
}

#[test]
fn a_browser_presses_keys_through_frames() {
    let mut world = World::new();
    let leg = world.browser(1, None);
    for (seq, held) in [(10u16, 960u16), (11, 1920), (12, 2880), (13, 2880), (14, 2880)] {
        let [high, low] = held.to_be_bytes();
        let flags = if seq >= 12 { 0x8A } else { 0x0A };
        world.engine.frame(world.out.now, leg, 101, seq, 5000, &[7, flags, high, low], &mut world.out);
        world.tick();
    }
    assert_eq!(world.events(leg), [Event::AudioBegan, Event::Digit('7')]);
    assert_eq!(leg, Slot(1));
}

#[test]
fn speech_presses_no_keys() {
    let speech = media::files::samples("speech.wav", include_bytes!("../data/speech.wav").to_vec(), 8000)
        .expect("a recording");
    assert!(speech.len() > 80_000);
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcmu, None);
    let mut without = setup(Codec::Pcmu, Some(crate::world::address(1)));
    without.dtmf.clear();
    world.order(Order::Change { leg, setup: without });
    for frame in speech.chunks_exact(160) {
        let phone = world.phones.get_mut(&1).expect("a phone");
        let payload = phone.encode(frame);
        let bytes = phone.wrap(0, false, phone.timestamp, &payload);
        phone.timestamp = phone.timestamp.wrapping_add(160);
        let from = phone.address;
        world.engine.rtp(world.out.now, leg, from, &bytes, &mut world.out);
        world.tick();
    }
    assert_eq!(world.digits(leg), "");
}
