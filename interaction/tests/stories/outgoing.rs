//! Calls that we place: who is called first, what they hear, and what is left when it fails.

use std::time::Duration;

use desk::{Change, Channel};
use interaction::{AgentDevice, AgentOrder, DialTo, First, In, Interaction, LegIn, LegOut, MediaOut, Out};
use kernel::{AgentName, Context, Fault};

use crate::{FLOW, World, answered};

fn calls(first: First) -> World {
    let settings = World::settings(FLOW);
    let mut world = World::empty(&settings);
    let opening = World::opening(Channel::Voice, "1000");
    let mut cx = Context { now: world.now, rng: &mut world.rng };
    let number = "+4917123".to_owned().into();
    world.core = Some(Interaction::call_out(&opening, number, first, settings, &mut cx, &mut world.out));
    world
}

fn by_alice() -> World {
    calls(First::Agent(AgentName::new("alice"), AgentDevice::Page))
}

fn dials(out: &[Out]) -> bool {
    let number = "+4917123".to_owned().into();
    out.contains(&Out::Leg(0, LegOut::Dial(DialTo::Number(number))))
}

fn reason(out: &[Out]) -> Option<&str> {
    out.iter().find_map(|o| match o {
        Out::Record(Change::ConversationEnded { reason, .. }) => Some(reason.as_str()),
        _ => None,
    })
}

#[test]
fn the_agent_is_on_the_line_before_the_customer_is_dialled_and_busy_from_the_first_moment() {
    let mut world = by_alice();
    let out = world.take();
    assert!(
        out.iter().any(
            |o| matches!(o, Out::Route(routing::In::Holding { agent, .. }) if agent.as_str() == "alice")
        )
    );
    assert!(out.contains(&Out::Leg(1, LegOut::Browser(AgentName::new("alice")))) && !dials(&out));
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::TicketFor { assignee: Some(_), .. }))));
    world.leg(1, LegIn::BrowserUp);
    let out = world.take();
    assert!(dials(&out));
    assert!(
        out.iter().any(|o| matches!(o, Out::Media(1, MediaOut::Play { forever: true, .. }))),
        "she hears it ring"
    );
    world.leg(0, answered());
    let out = world.take();
    assert!(out.contains(&Out::Media(1, MediaOut::StopPlay)) && out.contains(&Out::Bridge(vec![0, 1])));
    assert!(World::codes(&out).contains(&"connected".to_owned()));
    assert_eq!(world.orders("alice", AgentOrder::Hangup), Ok(()));
    assert_eq!(reason(&world.take()), Some("agent_hangup"));
}

#[test]
fn what_the_carrier_sends_before_the_answer_is_heard_instead_of_our_tone() {
    let mut world = by_alice();
    world.leg(1, LegIn::BrowserUp).take();
    world.leg(0, LegIn::EarlyMedia);
    let out = world.take();
    assert!(out.contains(&Out::Media(1, MediaOut::StopPlay)) && out.contains(&Out::Bridge(vec![0, 1])));
    world.leg(0, LegIn::Ended { fault: Fault::Peer, reason: "busy".to_owned() });
    let out = world.take();
    assert_eq!((World::codes(&out), reason(&out)), (vec!["call_failed".to_owned()], Some("busy")));
    assert!(out.iter().any(|o| matches!(o, Out::Route(routing::In::Released { .. }))), "she is free again");
    assert_eq!(out.last(), Some(&Out::Finished));
}

#[test]
fn a_page_that_brings_nothing_ends_the_call_before_anybody_is_rung() {
    let mut world = by_alice();
    world.take();
    world.after(Duration::from_secs(21));
    let out = world.take();
    assert!(!dials(&out) && reason(&out) == Some("no_media"), "{out:?}");
    assert_eq!(out.last(), Some(&Out::Finished));
}

#[test]
fn a_page_that_is_lost_while_it_rings_stops_the_ringing() {
    let mut world = by_alice();
    world.leg(1, LegIn::BrowserUp).take();
    world.leg(1, LegIn::BrowserLost);
    let out = world.take();
    assert!(out.contains(&Out::Leg(0, LegOut::Hangup)), "{out:?}");
    assert_eq!((reason(&out), out.last()), (Some("page_lost"), Some(&Out::Finished)));
}

#[test]
fn an_agent_without_a_page_is_called_on_the_phone() {
    let mut world = calls(First::Agent(AgentName::new("alice"), AgentDevice::Phone));
    let out = world.take();
    assert!(out.contains(&Out::Leg(1, LegOut::Dial(DialTo::Agent(AgentName::new("alice"))))));
    world.leg(1, answered());
    assert!(dials(&world.take()));
    world.after(Duration::from_secs(46));
    assert_eq!(reason(&world.take()), Some("no_answer"));
}

#[test]
fn a_customer_who_is_called_first_meets_the_flow() {
    let mut world = calls(First::Customer);
    assert!(dials(&world.take()));
    world.leg(0, LegIn::Ringing).leg(0, answered());
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Media(0, MediaOut::Play { .. }))), "the menu: {out:?}");
    world.leg(0, LegIn::Digit('2'));
    assert!(world.take().iter().any(|o| matches!(o, Out::Route(routing::In::Enqueued { .. }))));
    world.leg(0, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
    assert_eq!(reason(&world.take()), Some("hangup"));
}

#[test]
fn a_process_that_stops_ends_calls_of_ours() {
    let mut world = by_alice();
    world.leg(1, LegIn::BrowserUp).take();
    world.hears(In::Shutdown);
    assert_eq!(reason(&world.take()), Some("shutdown"));
}
