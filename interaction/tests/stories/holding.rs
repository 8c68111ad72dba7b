//! Hold, mute, keys and lines without sound: what is ordered, shown and recorded.

use interaction::{CallShow, CallState, Show};

use super::*;

impl World {
    /// How the call was last shown to an agent.
    fn shown(out: &[Out]) -> CallShow {
        let last = out.iter().rev().find_map(|out| match out {
            Out::Show(Show::Call(call)) => Some(call.clone()),
            _ => None,
        });
        last.expect("the call is shown")
    }

    fn listens(out: &[Out], leg: u16) -> bool {
        out.contains(&Out::Media(leg, MediaOut::Listen(Lang::En)))
    }

    fn deafens(out: &[Out], leg: u16) -> bool {
        out.contains(&Out::Media(leg, MediaOut::Deafen))
    }

    /// Digits that were ordered to be sent, with the leg that gets them.
    fn digits_sent(out: &[Out]) -> Vec<(u16, &str)> {
        let sent = out.iter().filter_map(|out| match out {
            Out::Media(leg, MediaOut::SendDigits(digits)) => Some((*leg, digits.as_str())),
            _ => None,
        });
        sent.collect()
    }
}

#[test]
fn who_is_on_hold_hears_music_and_nobody_is_decoded_until_the_agent_is_back() {
    let mut world = World::talking();
    world.take();
    world.orders("alice", AgentOrder::Hold).expect("held");
    let out = world.take();
    assert!(World::hears_music(&out, 0));
    assert!(out.contains(&Out::Unbridge(0)) && out.contains(&Out::Unbridge(1)));
    assert!(World::deafens(&out, 0) && World::deafens(&out, 1), "neither the music nor the agent's office");
    assert_eq!(World::codes(&out), ["held"]);
    assert_eq!(World::shown(&out).state, CallState::Held);
    assert_eq!(world.orders("alice", AgentOrder::Hold), Err(Refused::WrongState), "held already");
    world.take();
    world.orders("alice", AgentOrder::Resume).expect("back");
    let out = world.take();
    assert!(out.contains(&Out::Media(0, MediaOut::StopPlay)));
    assert_eq!(World::last_bridge_with(&out, 0), Some(vec![0, 1]));
    assert!(World::listens(&out, 0) && World::listens(&out, 1));
    assert_eq!(World::codes(&out), ["resumed"]);
    assert_eq!(World::shown(&out).state, CallState::Talking);
    assert_eq!(world.orders("alice", AgentOrder::Resume), Err(Refused::WrongState), "nobody is on hold");
}

#[test]
fn a_muted_agent_is_not_passed_on_and_their_page_shows_it() {
    let mut world = World::talking();
    for on in [true, false] {
        world.take();
        world.orders("alice", AgentOrder::Mute(on)).expect("as asked");
        let out = world.take();
        assert!(out.contains(&Out::Media(1, MediaOut::Mute(on))));
        assert_eq!(World::shown(&out).muted, on);
        assert!(!World::hears_music(&out, 0), "a muted agent is no hold");
    }
}

#[test]
fn keys_of_the_page_and_of_the_agents_phone_reach_the_customers_side() {
    let mut world = World::talking();
    world.take();
    world.orders("alice", AgentOrder::Digits("12#".to_owned())).expect("sent");
    assert_eq!(World::digits_sent(&world.take()), [(0, "12#")]);
    world.leg(0, LegIn::Digit('5'));
    assert!(World::digits_sent(&world.take()).is_empty(), "a page hears them in the sound");
    let mut world = World::on_the_phone();
    world.take();
    world.leg(1, LegIn::Digit('7')).leg(0, LegIn::Digit('8'));
    assert_eq!(World::digits_sent(&world.take()), [(0, "7"), (1, "8")]);
}

#[test]
fn in_a_chat_there_is_nothing_to_hold_mute_or_dial() {
    let mut world = World::arrives(Channel::Chat, "chat");
    world.offered("alice", true, false);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    for order in [AgentOrder::Hold, AgentOrder::Mute(true), AgentOrder::Digits("1".to_owned())] {
        assert_eq!(world.orders("alice", order.clone()), Err(Refused::NotACall), "{order:?}");
    }
    assert!(!world.take().iter().any(|out| matches!(out, Out::Media(..))));
}

#[test]
fn an_agents_phone_that_holds_gives_the_customer_music() {
    let mut world = World::on_the_phone();
    world.take();
    world.leg(1, LegIn::Held(true));
    let out = world.take();
    assert!(World::hears_music(&out, 0));
    assert!(World::deafens(&out, 0) && World::deafens(&out, 1));
    assert_eq!(World::codes(&out), ["device_held", "held"]);
    world.leg(1, LegIn::Held(false));
    let out = world.take();
    assert_eq!(World::last_bridge_with(&out, 0), Some(vec![0, 1]));
    assert!(World::listens(&out, 0) && World::listens(&out, 1));
    assert_eq!(World::codes(&out), ["device_resumed", "resumed"]);
}

/// Their phone may play music of its own into the call.
#[test]
fn a_customer_who_holds_is_not_decoded_whatever_the_agent_does_meanwhile() {
    let mut world = World::talking();
    world.take();
    world.leg(0, LegIn::Held(true));
    let out = world.take();
    assert!(World::deafens(&out, 0) && !World::deafens(&out, 1), "the agent is still heard");
    assert!(!World::hears_music(&out, 0));
    assert_eq!(World::codes(&out), ["device_held"]);
    world.orders("alice", AgentOrder::Hold).expect("held");
    world.orders("alice", AgentOrder::Resume).expect("back");
    let out = world.take();
    assert!(World::listens(&out, 1) && !World::listens(&out, 0), "the customer is still away");
    world.orders("alice", AgentOrder::Hold).expect("held");
    world.leg(0, LegIn::Held(false));
    assert!(!World::listens(&world.take(), 0), "back, but with music in the ear");
    world.orders("alice", AgentOrder::Resume).expect("back");
    assert!(World::listens(&world.take(), 0));
    world.leg(0, LegIn::Held(true)).leg(0, LegIn::Held(false));
    assert!(World::listens(&world.take(), 0), "and heard at once when nobody holds");
}

#[test]
fn a_line_without_sound_is_recorded_with_its_side_and_shown_until_sound_is_back() {
    let mut world = World::talking();
    world.take();
    for (leg, news, code, silent) in [
        (0, LegIn::AudioMissing, "no_audio:customer", (true, false)),
        (1, LegIn::AudioMissing, "no_audio:agent", (true, true)),
        (0, LegIn::AudioBack, "audio_back:customer", (false, true)),
        (1, LegIn::AudioBack, "audio_back:agent", (false, false)),
    ] {
        world.leg(leg, news);
        let out = world.take();
        assert_eq!(World::codes(&out), [code]);
        let noted = out.iter().any(|out| {
            matches!(out, Out::Record(Change::EntryAdded { entry, .. }) if entry.text == code && entry.leg == Some(leg))
        });
        assert!(noted, "{code}: with its leg");
        assert_eq!(World::shown(&out).silent, silent, "{code}");
    }
}
