//! Stories of one customer, on a virtual clock: what is ordered, what is recorded, what is left at the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use desk::{Change, Channel, EntryKind};
use interaction::{
    AgentOrder, Destination, Handing, In, Interaction, LegIn, LegOut, MediaOut, Opening, Out, Refused, Reply,
    RouterIn, Settings, Timings,
};
use ivr::{Flow, Known};
use kernel::{AgentName, Context, Fault, InteractionId, Lang, Rng, Time};
use routing::OfferReason;

const FLOW: &str = r#"
[flow]
name = "test"

[entries]
1000 = "menu"
1003 = "support"
1004 = "dictation"
chat = { step = "support", text = true }

[prompts.menu]
en = "Press two."
zh = "请按二。"

[prompts.wait]
en = "Please wait."
zh = "请稍候。"

[steps.menu]
kind = "menu"
prompts = "menu"
no_input = { timeout = 5, times = 2, then = "support" }

[steps.menu.keys]
2 = "support"

[steps.support]
kind = "queue"
queue = "support"
prompts = "wait"

[steps.support.keys]
1 = "sales"

[steps.sales]
kind = "queue"
queue = "sales"
prompts = "wait"

[steps.dictation]
kind = "transcribe"
"#;

/// One customer and everything they caused.
struct World {
    core: Option<Interaction>,
    now: Time,
    rng: Rng,
    out: Vec<Out>,
    replies: u64,
    settings: Arc<Settings>,
}

impl World {
    fn arrives(channel: Channel, entry: &str) -> Self {
        let known = Known::anything();
        let flow = Arc::new(Flow::parse("test.toml", FLOW, &known).expect("a good flow"));
        let texts: BTreeMap<_, _> =
            flow.prompts().map(|prompt| ((prompt.name, prompt.lang), prompt.text)).collect();
        let settings = Arc::new(Settings { flow, texts, timings: Timings::default() });
        let opening = Opening {
            id: InteractionId { node: 1, serial: 7 },
            channel,
            address: "tel:+4930123".to_owned(),
            caller: "+4930123".to_owned(),
            name: None,
            called: entry.to_owned(),
            entry: entry.to_owned(),
            lang: Lang::En,
            wall: 1_000_000,
            data: vec![("X-Account".to_owned(), "7".to_owned())],
        };
        let mut world = World {
            core: None,
            now: Time::from_millis(5_000),
            rng: Rng::seeded(1),
            out: Vec::new(),
            replies: 0,
            settings: Arc::clone(&settings),
        };
        let mut cx = Context { now: world.now, rng: &mut world.rng };
        let core = Interaction::begin(&opening, settings, &mut cx, &mut world.out).expect("the entry exists");
        world.core = Some(core);
        world
    }

    fn hears(&mut self, input: In) -> &mut Self {
        let core = self.core.take().expect("alive");
        let mut cx = Context { now: self.now, rng: &mut self.rng };
        self.core = Some(core.handle(&mut cx, input, &mut self.out));
        self
    }

    fn leg(&mut self, leg: u16, news: LegIn) -> &mut Self {
        self.hears(In::Leg(leg, news))
    }

    fn after(&mut self, span: Duration) -> &mut Self {
        self.now = self.now + span;
        self.hears(In::Elapsed)
    }

    fn offered(&mut self, agent: &str, desk: bool, phone: bool) -> &mut Self {
        let why = OfferReason {
            strategy: "test".to_owned(),
            level: 5,
            idle_ms: 0,
            waited_ms: 0,
            candidates: 1,
            others: Vec::new(),
            passed_over: Vec::new(),
        };
        let until = self.now + Duration::from_secs(20);
        self.hears(In::Router(RouterIn::Offered { agent: agent.into(), until, why, desk, phone }))
    }

    fn orders(&mut self, agent: &str, order: AgentOrder) -> Result<(), Refused> {
        let reply = Reply(self.replies);
        self.replies += 1;
        self.hears(In::Agent { agent: agent.into(), order, reply });
        let answer = self.out.iter().rev().find_map(|out| match out {
            Out::Reply(to, result) if *to == reply => Some(*result),
            _ => None,
        });
        answer.expect("every command is answered")
    }

    /// What was ordered since the last look.
    fn take(&mut self) -> Vec<Out> {
        std::mem::take(&mut self.out)
    }

    fn codes(out: &[Out]) -> Vec<String> {
        let code = |out: &Out| match out {
            Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == EntryKind::Event => {
                Some(entry.text.clone())
            }
            _ => None,
        };
        out.iter().filter_map(code).collect()
    }

    /// A phone sends the customer on.
    fn refers(&mut self, leg: u16, to: &str) -> &mut Self {
        let settings = Arc::clone(&self.settings);
        let to = Destination { called: to.to_owned(), entry: to.to_owned(), settings };
        self.leg(leg, LegIn::Referred(to))
    }

    /// Another phone takes the place of this leg.
    fn hands_over(&mut self, leg: u16, agent: Option<&str>, how: Handing) -> &mut Self {
        self.leg(leg, LegIn::HandedOver { agent: agent.map(AgentName::new), how })
    }

    /// A call that talks with alice on her phone, leg 1.
    fn on_the_phone() -> Self {
        let mut world = World::arrives(Channel::Voice, "1003");
        world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() }).offered("alice", false, true);
        world.leg(1, LegIn::Answered { codec: "PCMA/8000".to_owned() });
        world
    }

    /// A call that talks with alice in the browser.
    fn talking() -> Self {
        let mut world = World::arrives(Channel::Voice, "1003");
        world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() }).offered("alice", true, false);
        world.orders("alice", AgentOrder::Accept).expect("accepted");
        world.leg(1, LegIn::BrowserUp);
        world
    }
}

fn since_of(out: &[Out]) -> Option<Time> {
    out.iter().find_map(|out| match out {
        Out::Route(routing::In::Enqueued { since, .. }) => Some(*since),
        _ => None,
    })
}

#[test]
fn a_key_leads_to_the_queue_and_hanging_up_withdraws() {
    let mut world = World::arrives(Channel::Voice, "1000");
    assert!(world.take().contains(&Out::Leg(0, LegOut::Answer)));
    world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() }).leg(0, LegIn::Digit('2'));
    let out = world.take();
    assert_eq!(since_of(&out), Some(world.now));
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == EntryKind::Digit && entry.text == "2")));
    world.leg(0, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
    let out = world.take();
    assert!(out.contains(&Out::Route(routing::In::Withdrawn { work: InteractionId { node: 1, serial: 7 } })));
    assert!(
        out.iter().any(
            |o| matches!(o, Out::Record(Change::ConversationEnded { reason, .. }) if reason == "hangup")
        )
    );
    assert_eq!(out.last(), Some(&Out::Finished), "nobody's speech is open, so nothing is waited for");
}

#[test]
fn a_key_in_the_queue_gives_the_place_up() {
    let mut world = World::arrives(Channel::Voice, "1003");
    world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() }).offered("alice", true, false);
    world.take();
    world.leg(0, LegIn::Digit('1'));
    let out = world.take();
    assert!(out.contains(&Out::Route(routing::In::Withdrawn { work: InteractionId { node: 1, serial: 7 } })));
    assert!(since_of(&out).is_some(), "and the next queue is entered");
    assert_eq!(world.orders("alice", AgentOrder::Accept), Err(Refused::NotYours), "it rings no more");
}

#[test]
fn an_offer_is_taken_only_by_the_one_it_rings() {
    let mut world = World::arrives(Channel::Voice, "1003");
    world.offered("alice", true, false);
    assert_eq!(world.orders("bob", AgentOrder::Accept), Err(Refused::NotYours));
    assert_eq!(world.orders("alice", AgentOrder::Accept), Ok(()));
    assert_eq!(world.orders("alice", AgentOrder::Accept), Err(Refused::NotYours), "it rings no more");
}

#[test]
fn an_accepted_call_is_bridged_transcribed_and_has_a_ticket() {
    let mut world = World::talking();
    let out = world.take();
    assert!(out.contains(&Out::Bridge(vec![0, 1])));
    for leg in [0, 1] {
        assert!(
            out.contains(&Out::Media(leg, MediaOut::Listen(Lang::En))),
            "leg {leg} is transcribed on its own"
        );
    }
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::TicketFor { assignee: Some(agent), .. }) if agent.as_str() == "alice")));
    let offered = out.iter().find_map(|o| match o {
        Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "offered" => entry.detail.clone(),
        _ => None,
    });
    assert!(offered.expect("the offer is recorded").contains("\"strategy\":\"test\""), "with its reason");
}

#[test]
fn a_lost_page_parks_the_caller_and_its_return_goes_on() {
    let mut world = World::talking();
    world.take();
    world.hears(In::Desk { agent: "alice".into(), there: false });
    assert!(World::codes(&world.take()).is_empty(), "a hiccup is not a loss");
    world.after(Duration::from_secs(1));
    let out = world.take();
    assert_eq!(World::codes(&out), ["parked"]);
    assert!(
        out.iter().any(|o| matches!(o, Out::Media(0, MediaOut::Play { forever: true, .. }))),
        "the caller hears music"
    );
    assert!(out.contains(&Out::Media(0, MediaOut::Deafen)), "music is not transcribed");
    assert_eq!(world.orders("alice", AgentOrder::Attach), Ok(()));
    world.leg(1, LegIn::BrowserUp);
    let out = world.take();
    assert_eq!(World::codes(&out), ["returned"]);
    assert!(out.contains(&Out::Media(0, MediaOut::StopPlay)) && out.contains(&Out::Bridge(vec![0, 1])));
}

#[test]
fn a_page_that_does_not_return_gives_the_caller_back_in_the_old_place() {
    let mut world = World::talking();
    let first = since_of(&world.take()).expect("was queued");
    world.leg(1, LegIn::BrowserLost);
    world.take();
    world.after(Timings::default().park);
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Route(routing::In::Released { .. }))));
    assert_eq!(since_of(&out), Some(first), "the place in the queue is that of the first arrival");
}

#[test]
fn the_phone_that_answers_wins_over_the_page() {
    let mut world = World::arrives(Channel::Voice, "1003");
    world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() }).offered("alice", true, true);
    world.take();
    world.leg(1, LegIn::Answered { codec: "PCMA/8000".to_owned() });
    let out = world.take();
    assert!(out.contains(&Out::Bridge(vec![0, 1])));
    assert!(out.contains(&Out::Route(routing::In::Accepted {
        work: InteractionId { node: 1, serial: 7 },
        agent: AgentName::new("alice")
    })));
}

#[test]
fn speech_that_is_still_being_decoded_is_recorded_after_the_end() {
    let mut world = World::arrives(Channel::Voice, "1004");
    world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() });
    world.leg(0, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
    assert!(!world.take().contains(&Out::Finished), "the last sentence is waited for");
    let heard = asr::Heard {
        text: "Goodbye.".to_owned(),
        start_ms: 100,
        end_ms: 900,
        words: Vec::new(),
        language: "en".to_owned(),
    };
    world.leg(0, LegIn::Heard(asr::Out::Final(heard))).leg(0, LegIn::Heard(asr::Out::Done));
    let out = world.take();
    let entry = out.iter().find_map(|o| match o {
        Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == EntryKind::Speech => {
            Some(entry.clone())
        }
        _ => None,
    });
    let entry = entry.expect("recorded");
    assert_eq!((entry.at, entry.end_ms, entry.text.as_str()), (1_000_100, Some(900), "Goodbye."));
    assert_eq!(out.last(), Some(&Out::Finished));
}

#[test]
fn in_a_chat_prompts_are_messages_and_the_same_queue_serves() {
    let mut world = World::arrives(Channel::Chat, "chat");
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == EntryKind::Message && entry.text == "Please wait.")));
    assert!(since_of(&out).is_some());
    assert!(
        !out.iter().any(|o| matches!(o, Out::Media(..) | Out::Leg(..))),
        "nothing is played or signalled"
    );
    world.offered("alice", true, true);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    world.hears(In::AgentWrote {
        agent: "alice".into(),
        text: "Hello".to_owned(),
        note: false,
        dedupe: None,
        reply: Reply(90),
    });
    let out = world.take();
    let recorded = out
        .iter()
        .position(|o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "Hello"));
    let confirmed = out.iter().position(|o| *o == Out::Reply(Reply(90), Ok(())));
    assert!(recorded.expect("recorded") < confirmed.expect("confirmed"), "recorded before it is confirmed");
    assert_eq!(world.orders("alice", AgentOrder::Hold), Err(Refused::NotACall));
}

const WORK: InteractionId = InteractionId { node: 1, serial: 7 };

#[test]
fn what_the_caller_sent_along_is_recorded() {
    let out = World::arrives(Channel::Voice, "1000").take();
    let detail = out.iter().find_map(|o| match o {
        Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "call_data" => entry.detail.clone(),
        _ => None,
    });
    assert_eq!(detail.as_deref(), Some(r#"{"headers":{"X-Account":"7"}}"#));
}

#[test]
fn a_blind_transfer_sends_the_customer_through_the_flow_and_lets_the_phone_hang_up() {
    let mut world = World::on_the_phone();
    world.take();
    world.refers(1, "1000");
    let out = world.take();
    assert_eq!(World::codes(&out).first().map(String::as_str), Some("transferred"));
    let order = |wanted: LegOut| out.iter().position(|o| *o == Out::Leg(1, wanted.clone()));
    assert!(order(LegOut::AnswerRefer(202)) < order(LegOut::NotifyRefer(200)));
    assert_eq!(order(LegOut::Hangup), None, "the phone hangs up by itself");
    assert!(out.contains(&Out::Unbridge(0)) && out.contains(&Out::Unbridge(1)));
    assert!(out.contains(&Out::Route(routing::In::Released { work: WORK, agent: AgentName::new("alice") })));
    assert!(out.iter().any(|o| matches!(o, Out::Media(0, MediaOut::Play { .. }))), "the menu plays");
    world.leg(0, LegIn::Digit('2')).offered("bob", false, true);
    world.leg(1, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
    world.leg(2, LegIn::Answered { codec: "PCMA/8000".to_owned() });
    let out = world.take();
    assert!(out.contains(&Out::Bridge(vec![0, 2])), "bob has the customer");
    assert!(
        !out.iter().any(|o| matches!(o, Out::Record(Change::ConversationEnded { .. }))),
        "it is one conversation"
    );
    assert!(out.iter().any(
        |o| matches!(o, Out::Record(Change::TicketFor { assignee: Some(a), .. }) if a.as_str() == "bob")
    ));
}

#[test]
fn a_phone_that_does_not_hang_up_after_its_transfer_is_hung_up() {
    let mut world = World::on_the_phone();
    world.refers(1, "1003").take();
    world.after(Duration::from_secs(5));
    assert!(world.take().contains(&Out::Leg(1, LegOut::Hangup)));
    world.after(Duration::from_secs(60));
    assert!(!world.take().contains(&Out::Leg(1, LegOut::Hangup)), "once");
}

#[test]
fn only_the_phone_that_talks_with_the_customer_may_transfer() {
    let mut world = World::on_the_phone();
    world.take();
    for leg in [0, 7] {
        world.refers(leg, "1003");
        let out = world.take();
        assert!(out.iter().all(|o| *o == Out::Leg(0, LegOut::AnswerRefer(403))), "{leg}: {out:?}");
    }
    world.refers(1, "nowhere");
    assert_eq!(world.take(), [Out::Leg(1, LegOut::AnswerRefer(503))], "they keep talking");
}

#[test]
fn an_attended_transfer_gives_the_call_its_ticket_and_its_words_to_the_other_agent() {
    let mut world = World::on_the_phone();
    world.take();
    world.hands_over(1, Some("bob"), Handing::Transferred);
    let out = world.take();
    assert!(out.contains(&Out::Leg(2, LegOut::Take)) && out.contains(&Out::Leg(1, LegOut::NotifyRefer(200))));
    assert!(!out.contains(&Out::Leg(1, LegOut::Hangup)));
    let released = out.iter().position(
        |o| matches!(o, Out::Route(routing::In::Released { agent, .. }) if agent.as_str() == "alice"),
    );
    let holding = out
        .iter()
        .position(|o| matches!(o, Out::Route(routing::In::Holding { agent, .. }) if agent.as_str() == "bob"));
    assert!(released.expect("alice is free") < holding.expect("bob is busy"));
    assert!(out.iter().any(
        |o| matches!(o, Out::Record(Change::TicketFor { assignee: Some(a), .. }) if a.as_str() == "bob")
    ));
    world.leg(2, LegIn::Answered { codec: "PCMA/8000".to_owned() });
    let out = world.take();
    assert!(out.contains(&Out::Bridge(vec![0, 2])));
    assert!(
        out.contains(&Out::Media(0, MediaOut::Listen(Lang::En)))
            && out.contains(&Out::Media(2, MediaOut::Listen(Lang::En)))
    );
    world.leg(2, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
    assert!(
        world
            .take()
            .iter()
            .any(|o| matches!(o, Out::Route(routing::In::Released { agent, .. }) if agent.as_str() == "bob"))
    );
}

#[test]
fn a_phone_that_takes_a_call_over_ends_the_others_leg_at_once() {
    let mut world = World::on_the_phone();
    world.take();
    world.hands_over(1, Some("bob"), Handing::Replaced);
    let out = world.take();
    assert!(out.contains(&Out::Leg(1, LegOut::TakenElsewhere)) && out.contains(&Out::Leg(2, LegOut::Take)));
    assert_eq!(World::codes(&out), ["taken_over"]);
}

#[test]
fn a_phone_that_was_handed_over_and_never_answers_gives_the_customer_back_to_the_queue() {
    let mut world = World::on_the_phone();
    let first = since_of(&world.take()).expect("was queued");
    world.hands_over(1, Some("bob"), Handing::Transferred).take();
    world.after(Timings::default().connect);
    assert_eq!(since_of(&world.take()), Some(first));
}

#[test]
fn a_call_that_gave_its_other_side_away_is_over() {
    let mut world = World::on_the_phone();
    assert_eq!(
        world.core.as_ref().and_then(Interaction::phone_of_the_other),
        Some((1, Some("alice".into())))
    );
    world.take();
    world.hears(In::Yielded);
    let out = world.take();
    assert!(out.contains(&Out::Leg(0, LegOut::Hangup)));
    assert!(out.iter().any(
        |o| matches!(o, Out::Record(Change::ConversationEnded { reason, .. }) if reason == "transferred")
    ));
}

#[test]
fn random_news_never_leaves_a_customer_without_an_end() {
    for seed in 0..2_000 {
        let mut rng = Rng::seeded(seed);
        let mut world = World::arrives(Channel::Voice, ["1000", "1003", "1004"][rng.below(3) as usize]);
        for _ in 0..60 {
            if world.core.as_ref().is_some_and(Interaction::is_over) {
                break;
            }
            let leg = rng.below(6) as u16;
            let agent = ["alice", "bob"][rng.below(2) as usize];
            match rng.below(18) {
                0 => _ = world.leg(leg, LegIn::Answered { codec: String::new() }),
                1 => _ = world.leg(leg, LegIn::Digit('2')),
                2 => _ = world.leg(leg, LegIn::BrowserUp),
                3 => _ = world.leg(leg, LegIn::BrowserLost),
                4 => _ = world.offered(agent, rng.below(2) == 0, true),
                5 => _ = world.orders(agent, AgentOrder::Accept),
                6 => _ = world.orders(agent, AgentOrder::Hold),
                7 => _ = world.orders(agent, AgentOrder::Resume),
                8 => _ = world.hears(In::Desk { agent: agent.into(), there: rng.below(2) == 0 }),
                9 => _ = world.leg(leg, LegIn::Held(rng.below(2) == 0)),
                10 => drop(
                    world.leg(leg.max(1), LegIn::Ended { fault: Fault::Peer, reason: "busy".to_owned() }),
                ),
                11 => _ = world.leg(leg, LegIn::Heard(asr::Out::Done)),
                12 => _ = world.refers(leg, "1003"),
                13 => _ = world.hands_over(leg, Some(agent), Handing::Transferred),
                14 => _ = world.hands_over(leg, None, Handing::Replaced),
                15 => _ = world.leg(leg, LegIn::Told("Q.850;cause=16".to_owned())),
                16 if rng.below(8) == 0 => _ = world.hears(In::Yielded),
                _ => _ = world.after(Duration::from_secs(rng.below(30))),
            }
        }
        world.leg(0, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
        world.after(Timings::default().closing);
        let endings =
            world.out.iter().filter(|o| matches!(o, Out::Record(Change::ConversationEnded { .. }))).count();
        assert_eq!(endings, 1, "seed {seed}: ended once in the record");
        assert_eq!(
            world.out.iter().filter(|o| **o == Out::Finished).count(),
            1,
            "seed {seed}: nothing is left"
        );
        assert!(world.core.as_ref().is_some_and(Interaction::is_over), "seed {seed}");
        assert_eq!(
            world.core.as_ref().and_then(Interaction::next_timeout),
            None,
            "seed {seed}: no timer is left"
        );
    }
}
