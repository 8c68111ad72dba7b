//! Calls that another system carries: heard and shown, never routed, and nothing goes out there.

use std::time::Duration;

use desk::{Change, Channel, Speaker};
use interaction::{
    AgentOrder, CallDevice, CallState, In, Interaction, LegIn, LegOut, MediaOut, Observed, Out, Party,
    Recording, RecordingPolicy, RecordingRules, Refused, Settings, Show, Side, Tape, Watch,
};
use kernel::{AgentName, Context, Fault};

use crate::{FLOW, World, heard};

fn party(speaker: Speaker, agent: Option<&str>, who: &str) -> Party {
    Party { speaker, agent: agent.map(AgentName::new), who: who.to_owned().into() }
}

fn observed(agent: Option<&str>, policy: RecordingPolicy, agreed: bool) -> World {
    let settings = World::settings(FLOW);
    let recording =
        RecordingRules { numbers: [("1000".to_owned(), policy)].into_iter().collect(), ..Default::default() };
    let settings = std::sync::Arc::new(Settings {
        flow: settings.flow.clone(),
        name: settings.name.clone(),
        version: 1,
        texts: settings.texts.clone(),
        timings: settings.timings,
        redact: settings.redact.clone(),
        recording,
        watching_is_shown: true,
    });
    let mut world = World::empty(&settings);
    let opening = World::opening(Channel::Voice, "1000");
    let mut cx = Context { now: world.now, rng: &mut world.rng };
    let parties = vec![party(Speaker::Customer, None, "+4930123"), party(Speaker::Agent, agent, "1101")];
    let call = Observed { source: "test", parties, agreed };
    world.core = Some(Interaction::observe(&opening, call, settings, &mut cx, &mut world.out));
    world
}

fn came() -> LegIn {
    LegIn::Answered { codec: "slin/8000".to_owned() }
}

fn gone() -> LegIn {
    LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() }
}

fn shown(out: &[Out]) -> Vec<(&str, CallState)> {
    let calls = out.iter().filter_map(|o| match o {
        Out::Show(Show::Call(call)) => {
            assert_eq!(call.device, CallDevice::Elsewhere);
            Some((call.agent.as_str(), call.state))
        }
        _ => None,
    });
    calls.collect()
}

fn goes_out(out: &[Out]) -> bool {
    out.iter().any(|o| {
        matches!(
            o,
            Out::Bridge(_)
                | Out::Media(_, MediaOut::Play { .. } | MediaOut::SendDigits(_) | MediaOut::Hear(_))
                | Out::Route(routing::In::Enqueued { .. })
                | Out::Leg(_, LegOut::Ring | LegOut::Dial(_) | LegOut::Browser(_))
        )
    })
}

fn words(out: &[Out]) -> Vec<(Speaker, Option<&str>, &str)> {
    let said = out.iter().filter_map(|o| match o {
        Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == desk::EntryKind::Speech => {
            Some((entry.speaker, entry.author.as_ref().map(AgentName::as_str), entry.text.as_str()))
        }
        _ => None,
    });
    said.collect()
}

#[test]
fn both_sides_are_written_down_by_name_and_nothing_goes_out() {
    let mut world = observed(Some("alice"), RecordingPolicy::Never, false);
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::TicketFor { assignee: Some(_), .. }))));
    assert!(
        out.iter().any(
            |o| matches!(o, Out::Route(routing::In::Holding { agent, .. }) if agent.as_str() == "alice")
        )
    );
    assert!(shown(&out).contains(&("alice", CallState::Talking)) && !goes_out(&out));
    world.leg(0, came()).leg(1, came());
    let out = world.take();
    let listens = |leg| out.iter().any(|o| matches!(o, Out::Media(n, MediaOut::Listen(_)) if *n == leg));
    assert!(listens(0) && listens(1) && !goes_out(&out));
    world.leg(0, heard("my router is broken")).leg(1, heard("did you restart it"));
    assert_eq!(
        words(&world.take()),
        [
            (Speaker::Customer, None, "my router is broken"),
            (Speaker::Agent, Some("alice"), "did you restart it")
        ]
    );
    world.leg(1, gone());
    assert!(!World::codes(&world.take()).iter().any(|code| code == "ended"), "the customer is still there");
    world.leg(0, gone());
    let out = world.take();
    assert!(shown(&out).contains(&("alice", CallState::Ended)));
    assert!(out.iter().any(|o| matches!(o, Out::Route(routing::In::Released { .. }))));
    assert!(
        out.iter().any(
            |o| matches!(o, Out::Record(Change::ConversationEnded { reason, .. }) if reason == "hangup")
        )
    );
}

#[test]
fn a_call_whose_sound_never_comes_is_over() {
    let mut world = observed(None, RecordingPolicy::Never, false);
    assert!(world.take().iter().any(|o| matches!(o, Out::Record(Change::TicketFor { assignee: None, .. }))));
    world.after(Duration::from_secs(21));
    let out = world.take();
    assert!(
        out.iter().any(
            |o| matches!(o, Out::Record(Change::ConversationEnded { reason, .. }) if reason == "no_media")
        )
    );
    assert!(out.contains(&Out::Finished) && shown(&out).is_empty());
}

#[test]
fn an_agent_cannot_order_what_only_the_other_system_can() {
    let mut world = observed(Some("alice"), RecordingPolicy::Never, false);
    world.leg(0, came()).leg(1, came()).take();
    for order in [
        AgentOrder::Hold,
        AgentOrder::Hangup,
        AgentOrder::Mute(true),
        AgentOrder::Attach,
        AgentOrder::Park,
        AgentOrder::Digits("1".to_owned()),
        AgentOrder::Record(Recording::On),
    ] {
        assert_eq!(world.orders("alice", order.clone()), Err(Refused::WrongState), "{order:?}");
    }
    assert_eq!(world.orders("bob", AgentOrder::Hold), Err(Refused::NotYours));
    let watch = In::Watch {
        supervisor: AgentName::new("sue"),
        how: Some(Watch::Barge),
        reply: interaction::Reply(9),
    };
    world.hears(watch);
    assert!(!goes_out(&world.take()));
    assert_eq!(world.orders("alice", AgentOrder::Language(kernel::Lang::Zh)), Ok(()));
    let heard_anew = |o: &&Out| matches!(o, Out::Media(_, MediaOut::Listen(kernel::Lang::Zh)));
    assert_eq!(world.take().iter().filter(heard_anew).count(), 2);
}

#[test]
fn it_is_recorded_by_the_policy_of_its_number_and_a_pause_is_a_pause_for_words_too() {
    let mut world = observed(Some("alice"), RecordingPolicy::Always, false);
    world.leg(0, came()).leg(1, came());
    let out = world.take();
    assert!(out.contains(&Out::Tape(Tape::Begin)) && out.contains(&Out::Tape(Tape::Take(0, Side::Customer))));
    assert!(out.contains(&Out::Tape(Tape::Take(1, Side::Staff))));
    assert_eq!(world.orders("alice", AgentOrder::Record(Recording::Paused)), Ok(()));
    let out = world.take();
    assert!(out.contains(&Out::Media(0, MediaOut::Deafen)) && out.contains(&Out::Media(1, MediaOut::Deafen)));
    assert_eq!(world.orders("alice", AgentOrder::Record(Recording::On)), Ok(()));
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Media(0, MediaOut::Listen(_)))) && !goes_out(&out));

    for (agreed, written) in [(false, false), (true, true)] {
        let mut world = observed(Some("alice"), RecordingPolicy::Consent, agreed);
        world.leg(0, came());
        let out = world.take();
        assert_eq!(out.iter().any(|o| matches!(o, Out::Media(0, MediaOut::Listen(_)))), written);
        assert_eq!(out.contains(&Out::Tape(Tape::Begin)), written);
    }
}

#[test]
fn a_side_that_passes_to_somebody_else_is_a_leg_of_theirs_and_the_call_is_at_their_desk() {
    let mut world = observed(Some("alice"), RecordingPolicy::Never, false);
    world.leg(0, came()).leg(1, came()).take();
    world.hears(In::PassedOn { leg: 1, party: party(Speaker::Agent, Some("bob"), "1102") });
    let out = world.take();
    assert!(out.contains(&Out::Leg(2, LegOut::GoesOn(1))));
    assert!(out.iter().any(|o| matches!(o, Out::Media(2, MediaOut::Listen(_)))));
    let shown = shown(&out);
    assert!(shown.contains(&("alice", CallState::Ended)) && shown.contains(&("bob", CallState::Talking)));
    // What alice said last gets its text after she has left.
    world.leg(1, heard("I put you through")).leg(2, heard("bob speaking"));
    assert_eq!(
        words(&world.take()),
        [(Speaker::Agent, Some("alice"), "I put you through"), (Speaker::Agent, Some("bob"), "bob speaking")]
    );
    world.leg(2, LegIn::Held(true));
    assert!(world.take().contains(&Out::Media(2, MediaOut::Deafen)));
    world.leg(2, LegIn::Held(false));
    assert!(world.take().iter().any(|o| matches!(o, Out::Media(2, MediaOut::Listen(_)))));
    world.leg(2, gone()).leg(0, gone());
    let out = world.take();
    assert!(
        out.iter()
            .any(|o| matches!(o, Out::Route(routing::In::Released { agent, .. }) if agent.as_str() == "bob"))
    );
}

#[test]
fn when_the_process_stops_its_sources_are_ended_and_the_record_is_closed() {
    let mut world = observed(Some("alice"), RecordingPolicy::Never, false);
    world.leg(0, came()).take();
    world.hears(In::Shutdown);
    let out = world.take();
    assert!(out.contains(&Out::Leg(0, LegOut::Hangup)) && out.contains(&Out::Leg(1, LegOut::Hangup)));
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::ConversationEnded { .. }))));
    assert!(out.contains(&Out::Finished));
}
