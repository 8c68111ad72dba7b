//! Customers who call from a web page, with pictures and without.

use super::*;

impl World {
    /// A customer's page calls 1003 and is connected.
    fn visits(channel: Channel) -> Self {
        let mut world = World::knocks(channel);
        world.leg(0, LegIn::Answered { codec: "opus/48000".to_owned() }).leg(0, LegIn::BrowserUp);
        world
    }

    /// The same, not connected yet.
    fn knocks(channel: Channel) -> Self {
        let settings = World::settings(FLOW);
        let opening = Opening { arrives: Arrives::ByPage, ..World::opening(channel, "1003") };
        let mut world = World::empty(&settings);
        let mut cx = Context { now: world.now, rng: &mut world.rng };
        let core = Interaction::begin(&opening, settings, &mut cx, &mut world.out).expect("the entry exists");
        world.core = Some(core);
        world
    }

    /// A video call that talks with alice's page, leg 1.
    fn seen() -> Self {
        let mut world = World::visits(Channel::Video);
        world.offered("alice", true, false);
        world.orders("alice", AgentOrder::Accept).expect("accepted");
        world.leg(1, LegIn::BrowserUp);
        world
    }

    /// What was ordered about pictures since the last look.
    fn sights(&mut self) -> Vec<(u16, MediaOut)> {
        let of_pictures = |order: &MediaOut| matches!(order, MediaOut::See(_) | MediaOut::WholePicture);
        let orders = self.take().into_iter().filter_map(|out| match out {
            Out::Media(leg, order) if of_pictures(&order) => Some((leg, order)),
            _ => None,
        });
        orders.collect()
    }
}

fn shown(viewer: u16, whom: u16) -> [(u16, MediaOut); 2] {
    [(viewer, MediaOut::See(Some(whom))), (whom, MediaOut::WholePicture)]
}

fn nothing(viewer: u16) -> (u16, MediaOut) {
    (viewer, MediaOut::See(None))
}

#[test]
fn the_flow_begins_when_the_customers_page_is_connected() {
    let mut world = World::knocks(Channel::Video);
    let out = world.take();
    assert!(
        out.iter()
            .any(|o| matches!(o, Out::Record(Change::ConversationOpened { channel: Channel::Video, .. })))
    );
    assert!(!out.iter().any(|o| matches!(o, Out::Media(..) | Out::Route(_))), "nothing is played to nobody");
    world.leg(0, LegIn::BrowserUp);
    assert!(since_of(&world.take()).is_some(), "now it is in the queue");
    assert_eq!(world.core.as_ref().and_then(Interaction::step), Some("support"));
}

#[test]
fn a_page_that_never_connects_ends_the_call_with_its_reason() {
    let mut world = World::knocks(Channel::Voice);
    world.leg(0, LegIn::BrowserLost);
    world.after(Timings::default().connect);
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::ConversationEnded { fault: Fault::Caller, reason, .. }) if reason == "no_media")));
    assert_eq!(out.last(), Some(&Out::Finished));
}

#[test]
fn customer_and_agent_see_each_other_from_the_first_moment() {
    let mut world = World::seen();
    let out = world.take();
    assert!(out.contains(&Out::Bridge(vec![0, 1])), "and hear each other");
    let work = InteractionId { node: 1, serial: 7 };
    assert!(out.iter().any(|o| matches!(o, Out::Route(routing::In::Enqueued { work: w, medium: routing::Medium::Video, .. }) if *w == work)));
    let mut world = World::seen();
    assert_eq!(world.sights(), [shown(0, 1), shown(1, 0)].concat());
    world.orders("alice", AgentOrder::Mute(true)).expect("muted");
    assert_eq!(world.sights(), [], "what stays is not ordered again");
}

#[test]
fn a_call_without_pictures_shows_nobody_to_anybody() {
    let mut world = World::visits(Channel::Voice);
    world.offered("alice", true, false);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    world.leg(1, LegIn::BrowserUp);
    assert_eq!(world.sights(), []);
}

#[test]
fn an_agent_on_a_phone_hears_the_customer_and_nobody_is_shown() {
    let mut world = World::visits(Channel::Video);
    world.offered("alice", false, true);
    world.leg(1, LegIn::Answered { codec: "PCMA/8000".to_owned() });
    let out = world.take();
    assert!(out.contains(&Out::Bridge(vec![0, 1])));
    assert!(!out.iter().any(|o| matches!(o, Out::Media(_, MediaOut::See(_)))));
}

#[test]
fn who_is_on_hold_sees_nobody_and_is_not_seen() {
    let mut world = World::seen();
    world.take();
    world.orders("alice", AgentOrder::Hold).expect("held");
    assert_eq!(world.sights(), [nothing(0), nothing(1)]);
    world.orders("alice", AgentOrder::Resume).expect("back");
    assert_eq!(world.sights(), [shown(0, 1), shown(1, 0)].concat());
}

#[test]
fn after_a_transfer_the_next_agent_and_the_customer_see_each_other_with_whole_pictures() {
    let mut world = World::seen();
    world.take();
    world.orders("alice", AgentOrder::Transfer(TransferTo::Agent("bob".into()))).expect("handed over");
    assert_eq!(world.sights(), [nothing(0), nothing(1)], "alice is gone, bob is not there yet");
    world.offered("bob", true, false);
    world.orders("bob", AgentOrder::Accept).expect("accepted");
    world.leg(2, LegIn::BrowserUp);
    assert_eq!(world.sights(), [shown(0, 2), shown(2, 0)].concat());
}

#[test]
fn a_page_that_is_reloaded_is_shown_the_customer_again_at_once() {
    let mut world = World::seen();
    world.take();
    world.leg(1, LegIn::BrowserLost);
    assert_eq!(world.sights(), [nothing(0), nothing(1)], "nobody is there to be seen");
    world.leg(1, LegIn::BrowserUp);
    assert_eq!(world.sights(), [shown(0, 1), shown(1, 0)].concat());
    // So fast that nobody noticed that it was gone.
    world.leg(1, LegIn::BrowserUp);
    assert_eq!(world.sights(), [(0, MediaOut::WholePicture)]);
}

#[test]
fn whoever_is_asked_aside_sees_the_agent_and_in_a_conference_the_customer() {
    let mut world = World::seen();
    world.orders("alice", AgentOrder::Consult(TransferTo::Agent("bob".into()))).expect("consulting");
    world.offered("bob", true, false);
    world.take();
    world.orders("bob", AgentOrder::Accept).expect("accepted");
    world.leg(2, LegIn::BrowserUp);
    assert_eq!(world.sights(), [shown(1, 2), shown(2, 1)].concat(), "the customer sees nobody meanwhile");
    world.orders("alice", AgentOrder::Join).expect("joined");
    assert_eq!(world.sights(), [shown(0, 1), shown(1, 0), shown(2, 0)].concat());
    world.orders("alice", AgentOrder::Hangup).expect("left");
    let last = world.sights();
    assert!(last.ends_with(&[shown(0, 2), shown(2, 0)].concat()), "bob has the customer: {last:?}");
}

#[test]
fn a_supervisor_sees_the_customer_and_is_seen_by_nobody() {
    for how in [Watch::Listen, Watch::Whisper, Watch::Barge] {
        let mut world = World::seen();
        world.take();
        world.hears(In::Watch { supervisor: "sue".into(), how: Some(how), reply: Reply(90) });
        assert_eq!(world.sights(), [], "not before her page is there");
        world.leg(2, LegIn::BrowserUp);
        assert_eq!(world.sights(), shown(2, 0), "{how:?}");
    }
}

#[test]
fn a_customer_who_reloads_finds_the_call_and_one_who_stays_away_is_missed_for_a_moment_only() {
    let mut world = World::seen();
    world.take();
    world.leg(0, LegIn::BrowserLost);
    let out = world.take();
    assert_eq!(World::codes(&out), ["customer_away"]);
    assert!(
        out.iter().any(|o| matches!(o, Out::Show(interaction::Show::Call(call)) if call.silent.0)),
        "the agent sees it"
    );
    world.leg(0, LegIn::BrowserUp);
    let out = world.take();
    assert_eq!(World::codes(&out), ["customer_back"]);
    assert!(out.contains(&Out::Media(1, MediaOut::WholePicture)), "and sees alice again");
    world.leg(0, LegIn::BrowserLost);
    world.after(Timings::default().away);
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::ConversationEnded { fault: Fault::Caller, reason, .. }) if reason == "customer_lost")));
    assert!(out.iter().any(|o| matches!(o, Out::Route(routing::In::Released { .. }))), "alice is free");
}

#[test]
fn random_news_of_pages_never_leaves_a_customer_without_an_end() {
    for seed in 0..1_000 {
        let mut rng = Rng::seeded(seed);
        let mut world = World::knocks(Channel::Video);
        for _ in 0..40 {
            if world.core.as_ref().is_some_and(Interaction::is_over) {
                break;
            }
            let leg = rng.below(4) as u16;
            match rng.below(9) {
                0 | 1 => _ = world.leg(leg, LegIn::BrowserUp),
                2 => _ = world.leg(leg, LegIn::BrowserLost),
                3 => _ = world.offered(["alice", "bob"][rng.below(2) as usize], true, false),
                4 => _ = world.orders(["alice", "bob"][rng.below(2) as usize], AgentOrder::Accept),
                5 => _ = world.orders("alice", AgentOrder::Consult(TransferTo::Agent("bob".into()))),
                6 => {
                    _ = world.orders(
                        "alice",
                        [AgentOrder::Hold, AgentOrder::Resume, AgentOrder::Join, AgentOrder::Complete]
                            [rng.below(4) as usize]
                            .clone(),
                    )
                }
                7 => _ = world.leg(leg.max(1), hangup()),
                _ => _ = world.after(Duration::from_secs(rng.below(15))),
            }
        }
        world.hears(In::CustomerLeft { reply: Reply(99) });
        world.after(Timings::default().closing);
        assert!(world.core.as_ref().is_some_and(Interaction::is_over), "seed {seed}");
        assert_eq!(
            world.core.as_ref().and_then(Interaction::next_timeout),
            None,
            "seed {seed}: no timer is left"
        );
    }
}
