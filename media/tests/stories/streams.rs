//! Streams as networks treat them: lost, late, doubled, moved, paused, with clocks that drift.

use std::time::Duration;

use kernel::{Rng, Time};
use media::{Codec, Direction, Event, Order, Repeat};

use crate::world::{Phone, Sent, World, address, number, play, setup};

const ALL: [Codec; 4] = [Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus];

fn assert_continuous(sent: &[Sent], clock: u32) {
    for pair in sent.windows(2) {
        assert_eq!(pair[1].ssrc, pair[0].ssrc, "one source");
        assert_eq!(pair[1].seq.wrapping_sub(pair[0].seq), 1, "no hole in the numbers");
        assert_eq!(pair[1].timestamp.wrapping_sub(pair[0].timestamp), clock / 50, "one clock");
        // A packet that is passed on as it comes lies between two ticks.
        let apart = pair[1].at.since(pair[0].at).as_millis();
        assert!((5..=35).contains(&apart), "{apart} ms apart");
    }
}

#[test]
fn one_source_one_sequence_one_clock_from_menu_to_queue_to_agent() {
    for codec in ALL {
        let mut world = World::new();
        let leg = world.phone(1, codec, Some(500.0));
        let agent = world.phone(2, Codec::Opus, Some(900.0));
        world.order(play(leg, 8000, 400.0, 700, Repeat::Once, 1));
        world.run_ms(1000);
        world.order(play(leg, 16_000, 400.0, 330, Repeat::Forever, 2));
        world.run_ms(1000);
        world.order(Order::StopPlay { leg });
        world.order(Order::Bridge { legs: vec![leg, agent] });
        world.run_ms(1000);
        world.order(Order::Change { leg, setup: setup(codec, Some(address(7))) });
        world.run_ms(1000);
        world.order(Order::Unbridge { leg });
        world.run_ms(200);
        assert_eq!(world.sent(leg).len(), 210);
        assert_continuous(world.sent(leg), codec.clock());
    }
}

#[test]
fn another_codec_keeps_source_and_numbers_and_time_goes_on() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcmu, None);
    world.run_ms(400);
    world.order(Order::Change { leg, setup: setup(Codec::Opus, Some(address(1))) });
    world.run_ms(400);
    let sent = world.sent(leg);
    assert_continuous(&sent[..20], 8000);
    assert_continuous(&sent[20..], 48_000);
    assert_eq!(sent[20].seq.wrapping_sub(sent[19].seq), 1);
    assert_eq!(sent[20].timestamp.wrapping_sub(sent[19].timestamp), 160);
    assert!(sent[20].marker);
}

#[test]
fn hold_stops_and_resume_restores_both_directions() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcma, Some(600.0));
    let other = world.phone(2, Codec::Pcma, Some(900.0));
    world.order(Order::Watch { leg, on: true });
    world.order(Order::Bridge { legs: vec![leg, other] });
    world.run_ms(500);
    let mut held = setup(Codec::Pcma, Some(address(1)));
    held.direction = Direction::Inactive;
    world.order(Order::Change { leg, setup: held });
    world.phones.get_mut(&1).expect("phone").says = None;
    world.forget();
    world.run_ms(5000);
    assert!(world.sent(leg).is_empty());
    assert!(world.events(leg).is_empty(), "a held leg is not missing");
    assert!(world.hears(other).after_ms(300).rms() < 30.0);
    world.order(Order::Change { leg, setup: setup(Codec::Pcma, Some(address(1))) });
    world.phones.get_mut(&1).expect("phone").says = Some(600.0);
    world.forget();
    world.run_ms(1000);
    assert!(world.sent(leg)[0].marker);
    assert!(world.hears(leg).after_ms(200).tone(900.0) > 7000.0);
    assert!(world.hears(other).after_ms(200).tone(600.0) > 7000.0);
}

#[test]
fn a_dead_line_is_reported_once_and_so_is_its_return() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcmu, Some(0.0));
    world.order(Order::Watch { leg, on: true });
    world.run_ms(1000);
    world.phones.get_mut(&1).expect("phone").says = None;
    world.run_ms(2900);
    assert_eq!(world.events(leg), [Event::AudioBegan]);
    world.run_ms(5000);
    assert_eq!(world.events(leg), [Event::AudioBegan, Event::AudioMissing]);
    world.phones.get_mut(&1).expect("phone").says = Some(0.0);
    world.run_ms(1000);
    assert_eq!(world.events(leg), [Event::AudioBegan, Event::AudioMissing, Event::AudioBack]);
}

#[test]
fn speech_survives_fifteen_per_cent_of_random_loss() {
    for codec in ALL {
        for tapped in [false, true] {
            let mut world = World::new();
            let leg = world.phone(1, codec, Some(500.0));
            let other = world.phone(2, Codec::Pcmu, Some(0.0));
            world.order(Order::Bridge { legs: vec![leg, other] });
            world.order(Order::Tap { leg, on: tapped });
            world.loss = 150;
            world.run_ms(10_000);
            let stats = world.engine.stats(leg).expect("open");
            assert!((40..120).contains(&stats.lost), "{codec:?}: {} lost", stats.lost);
            assert!(stats.concealed + 12 >= stats.lost, "{codec:?}: {stats:?}");
            assert!(stats.concealed <= stats.lost + 40, "{codec:?}: {stats:?}");
            assert!(stats.buffer_ms <= 200);
            let heard = world.hears(other).after_ms(500);
            assert!(heard.tone(500.0) > 5500.0, "{codec:?}: {}", heard.tone(500.0));
            // In one codec what came is passed on, holes and all; else there is a packet each tick.
            let sent = world.sent(other).len() as u64;
            let wanted = if codec == Codec::Pcmu { 500 - stats.lost } else { 500 };
            assert!(sent.abs_diff(wanted) <= 6, "{codec:?}: {sent} packets, not {wanted}");
        }
    }
}

/// Delivers a phone's packets with delays of its own; returns the world after it.
fn deliver(
    codec: Codec,
    seconds: u64,
    mut delay_us: impl FnMut(u64, &mut Rng) -> Vec<u64>,
    ppm: i64,
) -> World {
    let mut world = World::new();
    let leg = world.phone(1, codec, None);
    let other = world.phone(2, Codec::Pcmu, None);
    world.order(Order::Bridge { legs: vec![leg, other] });
    world.phones.get_mut(&1).expect("phone").says = Some(500.0);
    let mut rng = Rng::seeded(9);
    let mut waiting: Vec<(u64, u64, Vec<u8>)> = Vec::new();
    let (mut spoken, mut n) = (0u64, 0u64);
    let period = (20_000_000 + 20 * ppm) as u64;
    for tick in 1..=seconds * 50 {
        let now = tick * 20_000_000;
        while spoken <= now {
            let bytes = world.phones.get_mut(&1).expect("phone").packet();
            for delay in delay_us(n, &mut rng) {
                waiting.push((spoken + delay * 1000, n, bytes.clone()));
            }
            n += 1;
            spoken += period;
        }
        waiting.sort_by_key(|(at, n, _)| (*at, *n));
        let due = waiting.partition_point(|(at, ..)| *at <= now);
        for (at, _, bytes) in waiting.drain(..due) {
            world.engine.rtp(Time::from_nanos(at), leg, address(1), &bytes, &mut world.out);
        }
        world.out.now = Time::from_nanos(now);
        world.engine.tick(world.out.now, &mut world.out);
        if seconds > 100 {
            let keep = world.sent(other).len().saturating_sub(500);
            world.out.rtp.get_mut(&other).expect("sent").drain(..keep);
            world.out.rtp.get_mut(&leg).expect("sent").clear();
        }
    }
    world
}

#[test]
fn reordered_and_doubled_packets_are_heard_in_order_and_once() {
    // Every third packet is 25 ms late, every fifth comes twice.
    let world = deliver(
        Codec::Pcma,
        10,
        |n, _| {
            let delay = if n % 3 == 0 { 30_000 } else { 5000 };
            if n % 5 == 0 { vec![delay, delay + 1000] } else { vec![delay] }
        },
        0,
    );
    let stats = world.engine.stats(media::Slot(1)).expect("open");
    assert_eq!(stats.lost, 0);
    assert!(stats.concealed <= 4 && stats.late <= 4, "{stats:?}");
    let heard = world.hears(media::Slot(2)).after_ms(1000);
    assert!(heard.tone(500.0) > 7500.0, "{}", heard.tone(500.0));
}

#[test]
fn the_buffer_follows_the_jitter_up_and_down_within_its_bounds() {
    for (jitter, least, most) in [(1u64, 0, 45), (60_000, 20, 130), (150_000, 60, 200), (400_000, 60, 265)] {
        let world = deliver(Codec::Pcmu, 60, |_, rng| vec![1000 + rng.below(jitter)], 0);
        let stats = world.engine.stats(media::Slot(1)).expect("open");
        assert!((least..=most).contains(&stats.buffer_ms), "{jitter}: {stats:?}");
        if jitter <= 60_000 {
            let part = (stats.late + stats.concealed) as f64 / stats.received as f64;
            assert!(part < 0.02, "{jitter}: {stats:?}");
        }
    }
}

#[test]
fn an_hour_of_drifting_clocks_leaves_the_buffer_small_and_the_voice_whole() {
    for (codec, ppm, seconds) in
        [(Codec::Pcmu, -100, 3600), (Codec::Pcmu, 100, 3600), (Codec::Opus, 100, 600)]
    {
        let world = deliver(codec, seconds, |_, rng| vec![2000 + rng.below(4000)], ppm);
        let stats = world.engine.stats(media::Slot(1)).expect("open");
        assert!(stats.buffer_ms <= 60, "{ppm}: {stats:?}");
        // 100 ppm of an hour are 360 ms: 18 frames too many or too few.
        assert!(stats.late + stats.concealed <= 40, "{ppm}: {stats:?}");
        assert!(world.hears(media::Slot(2)).tone(500.0) > 7000.0, "{ppm}");
    }
}

#[test]
fn a_stall_of_seconds_does_not_become_delay() {
    let world = deliver(
        Codec::Pcmu,
        20,
        |n, _| vec![if (200..300).contains(&n) { (300 - n) * 20_000 + 1000 } else { 1000 }],
        0,
    );
    let stats = world.engine.stats(media::Slot(1)).expect("open");
    assert!(stats.buffer_ms <= 80, "{stats:?}");
    assert!(world.hears(media::Slot(2)).after_ms(15_000).tone(500.0) > 7500.0);
}

#[test]
fn packets_of_other_lengths_are_played_in_frames_of_20_ms() {
    for (codec, millis) in [(Codec::Pcmu, 10), (Codec::Pcma, 30), (Codec::Pcmu, 60), (Codec::G722, 40)] {
        let mut world = World::new();
        let leg = world.phone(1, codec, None);
        let other = world.phone(2, codec, None);
        world.order(Order::Bridge { legs: vec![leg, other] });
        let samples = crate::world::rate(codec) / 1000 * millis;
        let units = codec.clock() / 1000 * millis;
        let (mut phase, mut sent) = (0u32, 0u64);
        for tick in 1..=100u64 {
            while sent * u64::from(millis) <= tick * 20 {
                let phone = world.phones.get_mut(&1).expect("phone");
                let rate = f64::from(crate::world::rate(codec));
                let tone: Vec<i16> = (0..samples)
                    .map(|k| {
                        let angle = std::f64::consts::TAU * 500.0 * f64::from(phase + k) / rate;
                        (8000.0 * angle.sin()) as i16
                    })
                    .collect();
                phase += samples;
                let payload = phone.encode(&tone);
                let bytes = phone.wrap(number(codec), false, phone.timestamp, &payload);
                phone.timestamp = phone.timestamp.wrapping_add(units);
                sent += 1;
                world.engine.rtp(world.out.now, leg, address(1), &bytes, &mut world.out);
            }
            world.tick();
        }
        let heard = world.hears(other).after_ms(400);
        assert!((heard.tone(500.0) - 8000.0).abs() < 500.0, "{codec:?} {millis} ms: {}", heard.tone(500.0));
        let stats = world.engine.stats(leg).expect("open");
        assert!(stats.concealed <= 6, "{codec:?} {millis} ms: {stats:?}");
    }
}

#[test]
fn packets_go_where_packets_come_from_and_strangers_are_refused() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcmu, Some(500.0));
    world.order(Order::Open { leg, setup: setup(Codec::Pcmu, Some(address(99))) });
    world.run_ms(200);
    assert_eq!(world.sent(leg).last().expect("sent").to, address(1));
    let before = world.engine.stats(leg).expect("open").refused;
    for n in 0..50u16 {
        let mut bytes = vec![0x80, 0];
        bytes.extend(n.to_be_bytes());
        bytes.extend([0; 8]);
        bytes.extend([0xFF; 160]);
        world.engine.rtp(world.out.now, leg, address(66), &bytes, &mut world.out);
        world.tick();
    }
    let stats = world.engine.stats(leg).expect("open");
    assert_eq!(stats.refused - before, 50);
    assert!(world.sent(leg).iter().skip(1).all(|sent| sent.to == address(1)));
    let odd = world.phones.get_mut(&1).expect("phone").wrap(77, false, 0, &[1, 2, 3]);
    world.engine.rtp(world.out.now, leg, address(1), &odd, &mut world.out);
    assert_eq!(world.engine.stats(leg).expect("open").refused - before, 51, "unknown payload type");
}

#[test]
fn a_stream_that_begins_anew_is_played_at_once() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcmu, Some(500.0));
    let other = world.phone(2, Codec::Pcmu, None);
    world.order(Order::Bridge { legs: vec![leg, other] });
    world.run_ms(1000);
    let phone = world.phones.get_mut(&1).expect("phone");
    phone.ssrc = 0xABCD;
    phone.seq = 3;
    phone.timestamp = 77;
    phone.says = Some(900.0);
    world.forget();
    world.run_ms(500);
    let heard = world.hears(other).after_ms(100);
    assert!(heard.tone(900.0) > 6500.0, "{}", heard.tone(900.0));
}

#[test]
fn a_browser_that_comes_back_after_a_change_is_heard() {
    let mut world = World::new();
    let browser = world.browser(1, Some(900.0));
    let phone = world.phone(2, Codec::Pcma, None);
    world.order(Order::Bridge { legs: vec![browser, phone] });
    world.run_ms(1000);
    world.phones.get_mut(&1).expect("browser").says = None;
    world.run_ms(2000);
    world.order(Order::Change { leg: browser, setup: setup(Codec::Opus, None) });
    let page = world.phones.get_mut(&1).expect("browser");
    page.seq = 17;
    page.timestamp = 5;
    page.says = Some(600.0);
    world.forget();
    world.run_ms(1000);
    assert!(world.hears(phone).after_ms(200).tone(600.0) > 7000.0);
    assert!(world.out.frames[&browser].len() == 50);
}

#[test]
fn reports_go_out_and_round_trips_come_back() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcmu, Some(0.0));
    world.run_ms(20_000);
    let reports = world.out.rtcp[&leg].clone();
    assert!((3..=8).contains(&reports.len()), "{} in 20 s", reports.len());
    let to = address(1);
    assert!(reports.iter().all(|(at, _)| at.port() == to.port() + 1 && at.ip() == to.ip()));
    let (_, sr) = reports.last().expect("some").clone();
    // An independent reader agrees with what we wrote.
    let mut buffer = bytes_of(&sr);
    let packets = rtc_rtcp::packet::unmarshal(&mut buffer).expect("RTCP");
    let sender = packets[0].as_any().downcast_ref::<rtc_rtcp::sender_report::SenderReport>().expect("SR");
    assert_eq!(sender.ssrc, world.sent(leg)[0].ssrc);
    assert!(sender.packet_count > 700 && sender.octet_count == sender.packet_count * 160);
    assert_eq!(sender.reports[0].ssrc, 0x1001);
    assert_eq!(sender.reports[0].total_lost, 0);
    // The phone answers 80 ms later, having held the report for 30 ms.
    let mut answer = vec![0x81, 201, 0, 7, 0, 0, 0x10, 1];
    answer.extend(sender.ssrc.to_be_bytes());
    answer.extend([0; 12]);
    answer.extend(((sender.ntp_time >> 16) as u32).to_be_bytes());
    answer.extend((65_536u32 * 30 / 1000).to_be_bytes());
    let sent_at =
        Duration::from_nanos(((u128::from(sender.ntp_time - (1 << 32)) * 1_000_000_000) >> 32) as u64);
    let now = Time::ZERO + sent_at + Duration::from_millis(80);
    world.engine.rtcp(now, leg, std::net::SocketAddr::new(to.ip(), to.port() + 1), &answer, &mut world.out);
    let rtt = world.engine.stats(leg).expect("open").rtt_ms;
    assert!((rtt - 50.0).abs() < 1.0, "{rtt}");
}

fn bytes_of(packet: &[u8]) -> bytes::Bytes {
    bytes::Bytes::copy_from_slice(packet)
}

/// The attack on RTP ports that take anybody's packets ("rtpbleed"): somebody who found the port by trying sends to it.
#[test]
fn what_a_stranger_injects_is_neither_heard_nor_counted_and_earns_him_nothing() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcmu, Some(500.0));
    let other = world.phone(2, Codec::Pcmu, Some(700.0));
    world.order(Order::Bridge { legs: vec![leg, other] });
    world.run_ms(500);
    let mut stranger = Phone::new(66, Codec::Pcmu);
    stranger.says = Some(1500.0);
    let received = |world: &World| world.engine.stats(leg).expect("open").received;
    // While the phone talks, then while it is muted for longer than any latch would wait; each time also with the
    // phone's own source number, which an eavesdropper might know.
    for (says, own_number) in [(Some(500.0), false), (Some(500.0), true), (None, false), (None, true)] {
        world.phones.get_mut(&1).expect("phone").says = says;
        let before = received(&world);
        world.forget();
        for _ in 0..250 {
            if own_number {
                stranger.ssrc = world.phones[&1].ssrc;
                stranger.seq = world.phones[&1].seq.wrapping_add(20_000);
            }
            let bytes = stranger.packet();
            world.engine.rtp(world.out.now, leg, stranger.address, &bytes, &mut world.out);
            world.tick();
        }
        let heard = world.hears(other).after_ms(300);
        assert!(heard.tone(1500.0) < 100.0, "{says:?} {own_number}: {}", heard.tone(1500.0));
        assert!(says.is_none() || heard.tone(500.0) > 6500.0, "the phone is heard on: {}", heard.tone(500.0));
        let came = received(&world) - before;
        assert!(
            came <= if says.is_some() { 251 } else { 1 },
            "{says:?} {own_number}: {came} packets counted"
        );
        assert!(world.sent(leg).iter().all(|sent| sent.to == address(1)), "nothing is sent to a stranger");
    }
    world.phones.get_mut(&1).expect("phone").says = Some(500.0);
    world.forget();
    world.run_ms(500);
    assert!(world.hears(other).after_ms(200).tone(500.0) > 6500.0, "the phone unmutes");
}
