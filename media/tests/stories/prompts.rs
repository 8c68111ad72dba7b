//! What a leg hears when nobody else is there: prompts, echo, silence.

use media::{Codec, Event, Order, Repeat, Slot};

use crate::world::{World, play, setup};

const ALL: [Codec; 4] = [Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus];

#[test]
fn a_leg_sends_silence_every_20_ms_from_the_first_tick_on() {
    for codec in ALL {
        let mut world = World::new();
        let leg = world.phone(1, codec, None);
        world.run_ms(1000);
        assert_eq!(world.sent(leg).len(), 50, "{codec:?}");
        assert!(world.hears(leg).after_ms(200).rms() < 20.0, "{codec:?}");
        assert!(world.sent(leg)[0].marker && world.sent(leg)[1..].iter().all(|sent| !sent.marker));
    }
}

#[test]
fn a_prompt_is_heard_and_its_end_reported_once() {
    for codec in ALL {
        for rate in [8000, 16_000] {
            let mut world = World::new();
            let leg = world.phone(1, codec, Some(0.0));
            world.order(play(leg, rate, 1000.0, 500, Repeat::Once, 42));
            world.run_ms(500);
            assert_eq!(world.events(leg), [Event::AudioBegan, Event::Played { token: 42 }], "{codec:?}");
            let heard = world.hears(leg).after_ms(100);
            assert!((heard.tone(1000.0) - 8000.0).abs() < 800.0, "{codec:?}: {}", heard.tone(1000.0));
            world.forget();
            world.run_ms(400);
            assert!(world.hears(leg).after_ms(200).rms() < 30.0, "{codec:?} is not silent");
            assert!(world.events(leg).is_empty());
        }
    }
}

#[test]
fn music_plays_for_ever_until_it_is_stopped() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcma, None);
    world.order(play(leg, 8000, 500.0, 330, Repeat::Forever, 1));
    world.run_ms(10_000);
    assert!((world.hears(leg).tone(500.0) - 8000.0).abs() < 800.0);
    world.order(Order::StopPlay { leg });
    world.forget();
    world.run_ms(200);
    assert!(world.hears(leg).rms() < 20.0);
    assert!(world.events(leg).is_empty(), "a stopped prompt reports nothing");
}

#[test]
fn echo_returns_what_the_leg_says() {
    for codec in ALL {
        let mut world = World::new();
        let leg = world.phone(1, codec, Some(700.0));
        world.order(Order::Echo { leg, on: true });
        world.run_ms(1000);
        let heard = world.hears(leg).after_ms(300);
        assert!((heard.tone(700.0) - 8000.0).abs() < 800.0, "{codec:?}: {}", heard.tone(700.0));
        world.order(Order::Echo { leg, on: false });
        world.forget();
        world.run_ms(300);
        assert!(world.hears(leg).after_ms(100).rms() < 30.0, "{codec:?}");
    }
}

#[test]
fn a_prompt_is_heard_instead_of_the_bridge_and_the_bridge_after_it() {
    let mut world = World::new();
    let leg = world.phone(1, Codec::Pcmu, Some(0.0));
    let other = world.phone(2, Codec::Pcmu, Some(900.0));
    world.order(Order::Bridge { legs: vec![leg, other] });
    world.order(play(leg, 8000, 400.0, 600, Repeat::Once, 5));
    world.run_ms(600);
    let heard = world.hears(leg).after_ms(100);
    assert!(heard.tone(400.0) > 7000.0 && heard.tone(900.0) < 50.0);
    world.forget();
    world.run_ms(400);
    assert!(world.hears(leg).tone(900.0) > 7000.0);
}

#[test]
fn orders_for_legs_that_are_not_there_do_nothing() {
    let mut world = World::new();
    let gone = Slot(9);
    for order in [
        Order::Close { leg: gone },
        Order::Bridge { legs: vec![gone, Slot(u32::MAX)] },
        Order::Unbridge { leg: gone },
        Order::Tap { leg: gone, on: true },
        Order::Change { leg: gone, setup: setup(Codec::Pcmu, None) },
        Order::Open { leg: Slot(u32::MAX), setup: setup(Codec::Pcmu, None) },
    ] {
        world.order(order);
    }
    world.run_ms(100);
    assert!(world.engine.stats(gone).is_none());
}
