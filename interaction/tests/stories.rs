//! Stories of one customer, on a virtual clock: what is ordered, what is recorded, what is left at the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use desk::{Change, Channel, EntryKind};
use interaction::{
    AgentOrder, Arrives, Begin, CallbackChange, CallbackWish, Destination, Handing, In, Interaction, LegIn,
    LegOut, MediaOut, Opening, Out, Recording, RecordingPolicy, RecordingRules, Refused, Reply, RouterIn,
    Settings, Tape, Timings, TransferTo, Watch,
};
use ivr::{Flow, Known};
use kernel::{AgentName, Context, Fault, InteractionId, Lang, QueueName, Rng, Time};
use routing::OfferReason;

#[path = "stories/holding.rs"]
mod holding;
#[path = "stories/observed.rs"]
mod observed;
#[path = "stories/outgoing.rs"]
mod outgoing;
#[path = "stories/video.rs"]
mod video;

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
        Self::comes(FLOW, channel, entry)
    }

    fn settings(text: &str) -> Arc<Settings> {
        Self::settings_with(text, RecordingPolicy::Never)
    }

    fn settings_with(text: &str, recording: RecordingPolicy) -> Arc<Settings> {
        let flow = Flow::parse("test.toml", text, &Known::anything());
        let flow = Arc::new(flow.unwrap_or_else(|problems| panic!("{problems:#?}")));
        let texts: BTreeMap<_, _> =
            flow.prompts().map(|prompt| ((prompt.name, prompt.lang), prompt.text)).collect();
        Arc::new(Settings {
            flow,
            name: "main".to_owned(),
            version: 1,
            texts,
            timings: Timings::default(),
            redact: asr::redact::RedactPolicy::default(),
            recording: RecordingRules {
                queues: BTreeMap::from([("support".into(), recording)]),
                ..RecordingRules::default()
            },
            watching_is_shown: true,
        })
    }

    fn opening(channel: Channel, entry: &str) -> Opening {
        Opening {
            id: InteractionId { node: 1, serial: 7 },
            channel,
            arrives: Arrives::AtOnce,
            address: "tel:+4930123".to_owned(),
            caller: "+4930123".to_owned(),
            name: None,
            called: entry.to_owned(),
            entry: entry.to_owned(),
            lang: Lang::En,
            wall: 1_000_000,
            data: vec![("X-Account".to_owned(), "7".to_owned())],
            placed_by: None,
            tier: None,
        }
    }

    fn empty(settings: &Arc<Settings>) -> Self {
        let settings = Arc::clone(settings);
        World {
            core: None,
            now: Time::from_millis(5_000),
            rng: Rng::seeded(1),
            out: Vec::new(),
            replies: 0,
            settings,
        }
    }

    fn arrives_with(channel: Channel, entry: &str, recording: RecordingPolicy) -> Self {
        Self::opened(Self::settings_with(FLOW, recording), channel, entry)
    }

    fn comes(flow: &str, channel: Channel, entry: &str) -> Self {
        Self::opened(Self::settings(flow), channel, entry)
    }

    fn opened(settings: Arc<Settings>, channel: Channel, entry: &str) -> Self {
        let opening = Self::opening(channel, entry);
        let mut world = Self::empty(&settings);
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
        let why = OfferReason { strategy: "test".into(), level: 5, candidates: 1, ..OfferReason::default() };
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
        detail: None,
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

#[test]
fn a_place_in_line_is_told_to_those_who_stay_and_not_by_letter() {
    let flow = FLOW
        .replace(
            "[prompts.wait]",
            "[prompts.where]\nen = \"Number {queue.place}.\"\nzh = \"第{queue.place}位。\"\n\n[prompts.wait]",
        )
        .replace("queue = \"support\"\n", "queue = \"support\"\nplace = \"where\"\n");
    for (channel, told) in [(Channel::Chat, true), (Channel::Mail, false), (Channel::Wechat, false)] {
        let mut world = World::comes(&flow, channel, "chat");
        world.hears(In::Router(RouterIn::Placed { place: 2, wait: None }));
        let out = world.take();
        let placed =
            |o: &Out| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "Number 2.");
        assert_eq!(out.iter().any(placed), told, "{channel:?}: {out:#?}");
    }
}

#[test]
fn who_wrote_and_left_before_anybody_answered_leaves_a_ticket() {
    let tickets = |out: &[Out]| {
        out.iter()
            .filter_map(|o| match o {
                Out::Record(Change::TicketFor { assignee, .. }) => Some(assignee.clone()),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let writes = |world: &mut World| {
        world.hears(In::CustomerWrote {
            text: "My order?".to_owned(),
            detail: None,
            dedupe: None,
            reply: Reply(70),
        });
    };
    let leaves = |world: &mut World| {
        world.hears(In::CustomerLeft { reply: Reply(71) });
        world.take()
    };
    let mut world = World::arrives(Channel::Chat, "chat");
    writes(&mut world);
    assert_eq!(tickets(&leaves(&mut world)), [None], "somebody has to answer it");
    let mut world = World::arrives(Channel::Chat, "chat");
    assert!(tickets(&leaves(&mut world)).is_empty(), "nothing was asked");
    let mut world = World::arrives(Channel::Chat, "chat");
    writes(&mut world);
    world.offered("alice", true, true);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    world.take();
    assert!(tickets(&leaves(&mut world)).is_empty(), "alice has the ticket");
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

/// A settled utterance of a second.
fn spoken(start_ms: u64, text: &str) -> LegIn {
    let (text, language) = (text.to_owned(), "en".to_owned());
    let end_ms = start_ms + 1_000;
    LegIn::Heard(asr::Out::Final(asr::Heard { text, start_ms, end_ms, words: Vec::new(), language }))
}

#[test]
fn a_card_number_read_out_in_two_breaths_reaches_neither_page_nor_record() {
    let mut world = World::arrives(Channel::Voice, "1004");
    world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() });
    let interim =
        asr::Out::Partial { stable: "it is 4929".to_owned(), tentative: " 1834".to_owned(), start_ms: 0 };
    world.leg(0, LegIn::Heard(interim)).leg(0, spoken(0, "it is 4929 1834"));
    world.after(Duration::from_secs(2)).leg(0, spoken(2_000, "4723 9413 thanks"));
    for key in "4929183447239413".chars() {
        world.leg(0, LegIn::Digit(key));
    }
    world.after(Duration::from_secs(6));
    let out = world.take();
    let recorded: Vec<&str> = out
        .iter()
        .filter_map(|o| match o {
            Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == EntryKind::Speech => {
                Some(&*entry.text)
            }
            _ => None,
        })
        .collect();
    assert_eq!(recorded, ["it is [card number]", "[card number] thanks"]);
    let keys: String = out
        .iter()
        .filter_map(|o| match o {
            Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == EntryKind::Digit => {
                Some(&*entry.text)
            }
            _ => None,
        })
        .collect();
    assert!(keys.chars().filter(char::is_ascii_digit).count() <= 3, "{keys}");
    for secret in ["4929", "1834", "4723", "9413"] {
        assert!(!format!("{out:?}").contains(secret), "{secret} is somewhere in {out:?}");
    }
}

#[test]
fn an_order_number_is_recorded_after_a_silence_or_at_the_end() {
    let mut world = World::arrives(Channel::Voice, "1004");
    world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() });
    world.leg(0, spoken(0, "order 471182"));
    assert!(!format!("{:?}", world.take()).contains("471182"));
    world.after(Duration::from_secs(7));
    assert!(format!("{:?}", world.take()).contains("order 471182"));
    world.leg(0, spoken(8_000, "and 471183"));
    world.leg(0, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
    world.leg(0, LegIn::Heard(asr::Out::Done));
    let out = world.take();
    assert!(format!("{out:?}").contains("and 471183"));
    assert_eq!(out.last(), Some(&Out::Finished));
}

#[test]
fn a_typed_card_number_is_recorded_as_its_kind() {
    let mut world = World::arrives(Channel::Chat, "chat");
    world.take();
    world.hears(In::CustomerWrote {
        text: "it is 4929183447239413".to_owned(),
        detail: None,
        dedupe: None,
        reply: Reply(9),
    });
    let out = world.take();
    assert!(out.iter().any(
        |o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "it is [card number]")
    ));
    assert!(!format!("{out:?}").contains("49291834"));
}

const STEPS: &str = r##"
[flow]
name = "steps"

[entries]
card = "card"
message = "message"
ask = "ask"
queue = "queue"
chat = { step = "chat", text = true }

[prompts.go]
en = "go"
zh = "去"

[steps.card]
kind = "secure_collect"
what = "card"
prompts = "go"
into = "card"
next = "pay"

[steps.pay]
kind = "lookup"
url = "https://crm.example.com/pay"
body = { card = "{card}" }
next = "bye"
failed = "bye"

[steps.message]
kind = "voicemail"
prompts = "go"
next = "bye"

[steps.ask]
kind = "ask"
prompts = "go"
into = "what"
next = "echo_it"
no_input = { timeout = 5, times = 0, then = "bye" }

[steps.echo_it]
kind = "say"
text = { en = "{what}", zh = "{what}" }
next = "bye"

[steps.queue]
kind = "queue"
queue = "support"
prompts = "go"
keys = { 9 = "call_me" }
then = "how"

[steps.call_me]
kind = "callback"
queue = "support"

[steps.how]
kind = "survey"
name = "csat"
prompts = "go"

[steps.chat]
kind = "say"
text = { en = "You are {caller.number}.<break time='1s'/>", zh = "x" }
next = "chat_queue"

[steps.chat_queue]
kind = "queue"
queue = "support"
then = "how"

[steps.bye]
kind = "hangup"
"##;

fn answered() -> LegIn {
    LegIn::Answered { codec: "PCMU/8000".to_owned() }
}

fn hangup() -> LegIn {
    LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() }
}

fn heard(text: &str) -> LegIn {
    let text = text.to_owned();
    LegIn::Heard(asr::Out::Final(asr::Heard {
        text,
        start_ms: 0,
        end_ms: 900,
        words: Vec::new(),
        language: "en".to_owned(),
    }))
}

/// The last prompt that was ordered for the customer ends.
fn played(world: &mut World) {
    let token = world.out.iter().rev().find_map(|out| match out {
        Out::Media(0, MediaOut::Play { token, .. }) => Some(*token),
        _ => None,
    });
    world.leg(0, LegIn::Played { token: token.expect("something plays") });
}

/// Could pass falsely if nothing were pressed: the server is asked only when the card was complete.
#[test]
fn a_card_number_is_in_no_record_no_effect_that_is_printed_and_no_state() {
    let number = "4111111111111111";
    let mut world = World::comes(STEPS, Channel::Voice, "card");
    world.leg(0, answered());
    world.leg(0, LegIn::Digit('4'));
    played(&mut world);
    for key in number.chars().skip(1) {
        world.leg(0, LegIn::Digit(key));
    }
    // One too many, and the key that people press at the end.
    world.leg(0, LegIn::Digit('#')).leg(0, LegIn::Digit('1'));
    let state = format!("{:?}", world.core);
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Fetch { .. })), "the whole number was taken");
    assert!(!out.iter().any(
        |o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == EntryKind::Digit)
    ));
    let shown = format!("{out:?}{state}");
    assert!(!shown.contains(number) && !shown.contains("411111"), "{shown}");
    assert!(World::codes(&out).contains(&"secret_input".to_owned()), "that there was one is recorded");
    assert!(
        !out.iter().any(|o| matches!(o, Out::Media(0, MediaOut::Listen(_) | MediaOut::Record { .. }))),
        "nobody listens"
    );
    let sent = out.iter().find_map(|o| match o {
        Out::Fetch { request, .. } => request.body.clone(),
        _ => None,
    });
    let hidden = sent
        .into_iter()
        .flatten()
        .any(|bit| matches!(bit, ivr::Bit::Hidden(secret) if secret.reveal() == number));
    assert!(hidden, "the server gets it");
    world.after(Duration::from_secs(2));
    world.leg(0, LegIn::Digit('5'));
    let later = world.take();
    assert!(later.iter().any(|o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.kind == EntryKind::Digit && entry.text == "5")), "keys are recorded again");
}

#[test]
fn a_message_is_recorded_transcribed_and_becomes_a_ticket_also_when_the_caller_just_hangs_up() {
    let mut world = World::comes(STEPS, Channel::Voice, "message");
    world.leg(0, answered());
    played(&mut world);
    played(&mut world);
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Media(0, MediaOut::Record { .. }))));
    assert!(out.contains(&Out::Media(0, MediaOut::Listen(Lang::En))));
    world.leg(0, hangup());
    assert!(!world.take().contains(&Out::Finished), "the file and the words are waited for");
    world.leg(0, heard("Please call me.")).leg(0, LegIn::Heard(asr::Out::Done));
    assert!(!world.take().contains(&Out::Finished), "the file is waited for");
    world.leg(0, LegIn::Recorded { name: "1-7-1.wav".to_owned(), ms: 4200 });
    let out = world.take();
    assert_eq!(World::codes(&out), ["voicemail"]);
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::TicketFor { assignee: None, .. }))));
    assert_eq!(out.last(), Some(&Out::Finished));
    // Silence is not a message.
    let mut world = World::comes(STEPS, Channel::Voice, "message");
    world.leg(0, answered());
    played(&mut world);
    played(&mut world);
    world.leg(0, LegIn::Quiet).leg(0, LegIn::Recorded { name: "x.wav".to_owned(), ms: 300 });
    assert!(!world.take().iter().any(|o| matches!(o, Out::Record(Change::TicketFor { .. }))));
}

#[test]
fn what_is_said_answers_a_question_and_speaking_stops_the_prompt() {
    let mut world = World::comes(STEPS, Channel::Voice, "ask");
    world.leg(0, answered());
    assert!(world.take().contains(&Out::Media(0, MediaOut::Listen(Lang::En))));
    let partial = asr::Out::Partial { stable: "My".to_owned(), tentative: " rou".to_owned(), start_ms: 0 };
    world.leg(0, LegIn::Heard(partial));
    assert!(world.take().contains(&Out::Media(0, MediaOut::StopPlay)));
    world.leg(0, heard("My router is broken."));
    let out = world.take();
    assert!(out.contains(&Out::Media(0, MediaOut::Deafen)), "only as long as the question");
    let said = out.iter().find_map(|o| match o {
        Out::Media(0, MediaOut::Play { clips, .. }) => clips.first().cloned(),
        _ => None,
    });
    let Some(ivr::Clip::Spoken(spoken)) = said else { panic!("{said:?}") };
    assert_eq!(spoken.written.reveal(), "My router is broken.");
}

#[test]
fn in_a_chat_texts_with_values_are_messages_without_pauses() {
    let mut world = World::comes(STEPS, Channel::Chat, "chat");
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "You are +4930123.")), "{out:?}");
}

#[test]
fn a_card_number_that_the_flow_repeats_in_a_chat_is_not_kept_either() {
    let mut world = World::comes(STEPS, Channel::Chat, "ask");
    world.hears(In::CustomerWrote {
        text: "4929183447239413".to_owned(),
        detail: None,
        dedupe: None,
        reply: Reply(70),
    });
    let out = world.take();
    let told = out.iter().filter(
        |o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "[card number]"),
    );
    assert_eq!(told.count(), 2, "theirs and ours: {out:?}");
    assert!(!format!("{out:?}").contains("49291834"));
}

#[test]
fn when_the_agent_hangs_up_the_customer_is_asked_how_it_was() {
    let mut world = World::comes(STEPS, Channel::Chat, "chat");
    world.offered("alice", true, false);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    world.take();
    world.orders("alice", AgentOrder::Hangup).expect("parted");
    let out = world.take();
    assert!(out.iter().any(|o| matches!(o, Out::Route(routing::In::Released { .. }))), "the agent is free");
    world.hears(In::CustomerWrote { text: "5!".to_owned(), detail: None, dedupe: None, reply: Reply(70) });
    let out = world.take();
    let detail = out.iter().find_map(|o| match o {
        Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "survey" => entry.detail.clone(),
        _ => None,
    });
    assert!(detail.expect("a score").contains("\"score\":\"5\""));
    assert!(world.core.as_ref().is_some_and(Interaction::is_over));
}

#[test]
fn a_callback_keeps_the_place_dials_when_an_agent_is_there_and_only_once() {
    let mut world = World::comes(STEPS, Channel::Voice, "queue");
    world.leg(0, answered());
    let since = since_of(&world.take()).expect("queued");
    world.now = world.now + Duration::from_secs(40);
    world.leg(0, LegIn::Digit('9'));
    let wish = world.take().into_iter().find_map(|o| match o {
        Out::RequestCallback(wish) => Some(wish),
        _ => None,
    });
    let wish = wish.expect("a wish");
    assert_eq!((wish.arrived_at, wish.number.reveal().as_str()), (since, "+4930123"));

    let mut world = waiting_for_a_callback(wish, Begin::New);
    let out = world.take();
    assert_eq!(since_of(&out), Some(since), "the place of the first arrival");
    world.offered("alice", false, true);
    world.leg(1, answered());
    let out = world.take();
    assert_eq!(
        out.iter().filter(|o| matches!(o, Out::Leg(0, LegOut::Dial(_)))).count(),
        1,
        "the customer is dialled now"
    );
    assert!(!out.iter().any(|o| matches!(o, Out::Bridge(_))));
    world.leg(0, answered());
    let out = world.take();
    assert!(out.contains(&Out::Bridge(vec![0, 1])));
    assert!(out.contains(&Out::Media(0, MediaOut::Listen(Lang::En))));
    world.leg(1, hangup());
    world.leg(0, LegIn::Heard(asr::Out::Done)).leg(1, LegIn::Heard(asr::Out::Done));
    assert!(world.core.as_ref().is_some_and(Interaction::is_over), "nobody is left alone on the line");
}

fn waiting_for_a_callback(wish: CallbackWish, begin: Begin) -> World {
    let (settings, opening) = (World::settings(STEPS), World::opening(Channel::Voice, "queue"));
    let mut world = World::empty(&settings);
    world.now = Time::from_millis(60_000);
    let mut cx = Context { now: world.now, rng: &mut world.rng };
    world.core = Some(Interaction::call_back(&opening, wish, begin, settings, &mut cx, &mut world.out));
    world
}

fn a_wish() -> CallbackWish {
    let (queue, arrived_at) = (QueueName::from("support"), Time::from_millis(1000));
    CallbackWish {
        number: "+4930123".to_owned().into(),
        queue,
        priority: 0,
        wishes: routing::Wishes::default(),
        arrived_at,
    }
}

#[test]
fn a_callback_that_nobody_answers_is_recorded_and_frees_the_agent() {
    let mut world = waiting_for_a_callback(a_wish(), Begin::Again);
    let out = world.take();
    assert!(
        !out.iter().any(|o| matches!(o, Out::Record(Change::ConversationOpened { .. }))),
        "it is in the record already"
    );
    world.offered("alice", false, true);
    world.leg(1, answered());
    world.after(Duration::from_secs(46));
    let out = world.take();
    assert!(World::codes(&out).contains(&"callback_failed".to_owned()));
    assert!(out.iter().any(|o| matches!(o, Out::Route(routing::In::Released { .. }))));
    assert_eq!(out.last(), Some(&Out::Finished));
}

#[test]
fn a_callback_is_moved_with_its_place_and_withdrawn_for_good() {
    let mut world = waiting_for_a_callback(a_wish(), Begin::New);
    world.take();
    world.offered("alice", true, false);
    world.take();
    let later = Time::from_millis(3_600_000);
    let change = CallbackChange::Move { queue: Some("sales".into()), not_before: Some(later) };
    world.hears(In::Callback { change, reply: Reply(1) });
    let out = world.take();
    assert!(out.contains(&Out::Reply(Reply(1), Ok(()))));
    let moved = out.iter().find_map(|one| match one {
        Out::Route(routing::In::Enqueued { target, since, wishes, .. }) => Some((target, *since, wishes)),
        _ => None,
    });
    let (target, since, wishes) = moved.expect("it waits again");
    assert_eq!(*target, routing::Target::Queue("sales".into()));
    assert_eq!((since, wishes.not_before, wishes.callback), (Time::from_millis(1000), Some(later), true));
    assert!(
        out.iter().any(|o| matches!(o, Out::Show(interaction::Show::OfferOver { .. }))),
        "it rings no more"
    );
    world.hears(In::Callback { change: CallbackChange::Withdraw, reply: Reply(2) });
    let out = world.take();
    assert!(out.contains(&Out::Reply(Reply(2), Ok(()))));
    let reason = out.iter().find_map(|one| match one {
        Out::Record(Change::ConversationEnded { reason, .. }) => Some(reason.as_str()),
        _ => None,
    });
    assert_eq!(reason, Some("callback_withdrawn"));
    world.hears(In::Callback { change: CallbackChange::Withdraw, reply: Reply(3) });
    let late = world.take().iter().any(|one| matches!(one, Out::Reply(Reply(3), Err(_))));
    assert!(late || world.core.as_ref().is_none_or(Interaction::is_over));
}

#[test]
fn a_callback_sleeps_when_the_process_ends_and_loses_its_agent_without_losing_its_place() {
    let mut world = waiting_for_a_callback(a_wish(), Begin::New);
    world.take();
    world.offered("alice", true, false);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    world.leg(1, LegIn::BrowserUp);
    assert!(world.take().iter().any(|o| matches!(o, Out::Leg(0, LegOut::Dial(_)))));
    world.leg(1, LegIn::BrowserLost);
    let out = world.take();
    assert!(out.contains(&Out::Leg(0, LegOut::Hangup)));
    assert_eq!(since_of(&out), Some(Time::from_millis(1000)), "the place is kept");
    world.hears(In::Shutdown);
    let out = world.take();
    assert!(
        !out.iter().any(|o| matches!(o, Out::Record(Change::ConversationEnded { .. }))),
        "it goes on after the restart"
    );
    assert_eq!(out.last(), Some(&Out::Finished));
}

#[test]
fn random_news_in_every_new_step_never_leaves_a_customer_without_an_end() {
    for seed in 0..2_000 {
        let mut rng = Rng::seeded(seed);
        let entry = ["card", "message", "ask", "queue"][rng.below(4) as usize];
        let mut world = if rng.below(5) == 0 {
            waiting_for_a_callback(a_wish(), Begin::New)
        } else {
            World::comes(STEPS, Channel::Voice, entry)
        };
        for _ in 0..50 {
            if world.core.as_ref().is_some_and(Interaction::is_over) {
                break;
            }
            let leg = rng.below(3) as u16;
            match rng.below(13) {
                0 => _ = world.leg(leg, answered()),
                1 | 2 => {
                    _ = world.leg(leg, LegIn::Digit(char::from(b"0123456789*#"[rng.below(12) as usize])))
                }
                3 => _ = world.leg(leg, LegIn::Quiet),
                4 => _ = world.leg(0, LegIn::Recorded { name: "x.wav".to_owned(), ms: rng.below(3000) }),
                5 => _ = world.leg(leg, heard("yes")),
                6 => _ = world.offered("alice", rng.below(2) == 0, true),
                7 => _ = world.orders("alice", AgentOrder::Accept),
                8 => _ = world.orders("alice", AgentOrder::Hangup),
                9 => {
                    _ = world.leg(
                        leg.max(1),
                        [LegIn::BrowserUp, LegIn::BrowserLost, hangup()][rng.below(3) as usize].clone(),
                    )
                }
                10 => _ = world.leg(0, LegIn::Played { token: rng.below(6) }),
                11 => {
                    _ = world.hears(In::Fetched {
                        token: rng.below(6),
                        reply: ivr::Fetched::Failed("timeout".to_owned()),
                    })
                }
                _ => _ = world.after(Duration::from_secs(rng.below(30))),
            }
        }
        world.leg(0, hangup());
        if world.core.as_ref().is_some_and(|core| !core.is_over() && core.next_timeout().is_none()) {
            // A callback that waits has no leg that could hang up: it sleeps with the process.
            world.hears(In::Shutdown);
        }
        world.after(Timings::default().closing);
        assert!(world.core.as_ref().is_some_and(Interaction::is_over), "seed {seed}");
        let count = |wanted: fn(&Out) -> bool| world.out.iter().filter(|out| wanted(out)).count();
        assert_eq!(count(|o| *o == Out::Finished), 1, "seed {seed}: nothing is left");
        assert!(count(|o| matches!(o, Out::Record(Change::ConversationEnded { .. }))) <= 1, "seed {seed}");
        assert_eq!(
            world.core.as_ref().and_then(Interaction::next_timeout),
            None,
            "seed {seed}: no timer is left"
        );
    }
}

impl World {
    /// alice talks with the customer (leg 1) and asks bob aside, who took it in his browser (leg 2).
    fn asking_bob() -> Self {
        let mut world = World::talking();
        world.orders("alice", AgentOrder::Consult(TransferTo::Agent("bob".into()))).expect("consulting");
        world.offered("bob", true, false);
        world.orders("bob", AgentOrder::Accept).expect("bob answers");
        world.leg(2, LegIn::BrowserUp);
        world
    }

    fn routed(out: &[Out]) -> Vec<&routing::In> {
        out.iter().filter_map(|out| if let Out::Route(input) = out { Some(input) } else { None }).collect()
    }

    fn last_bridge_with(out: &[Out], leg: u16) -> Option<Vec<u16>> {
        out.iter().rev().find_map(|out| match out {
            Out::Bridge(legs) if legs.contains(&leg) => Some(legs.clone()),
            _ => None,
        })
    }

    fn hears_music(out: &[Out], leg: u16) -> bool {
        out.iter()
            .any(|out| matches!(out, Out::Media(to, MediaOut::Play { forever: true, .. }) if *to == leg))
    }
}

#[test]
fn a_blind_transfer_frees_the_agent_and_the_next_one_has_the_customer_and_the_ticket() {
    let mut world = World::talking();
    world.take();
    assert_eq!(
        world.orders("bob", AgentOrder::Transfer(TransferTo::Agent("eve".into()))),
        Err(Refused::NotYours)
    );
    world.orders("alice", AgentOrder::Transfer(TransferTo::Agent("bob".into()))).expect("transferred");
    let out = world.take();
    assert!(World::hears_music(&out, 0), "the customer hears music");
    assert!(out.contains(&Out::Leg(1, LegOut::Hangup)));
    let routed = World::routed(&out);
    let released = routed
        .iter()
        .position(|r| matches!(r, routing::In::Released { agent, .. } if agent.as_str() == "alice"));
    let queued = routed.iter().position(|r| matches!(r, routing::In::Enqueued { target: routing::Target::Agent(agent), .. } if agent.as_str() == "bob"));
    assert!(released.expect("alice is free") < queued.expect("bob is wanted"));
    world.offered("bob", true, false);
    world.orders("bob", AgentOrder::Accept).expect("bob takes it");
    world.leg(2, LegIn::BrowserUp);
    let out = world.take();
    assert_eq!(World::last_bridge_with(&out, 0), Some(vec![0, 2]));
    assert!(out.iter().any(|o| matches!(o, Out::Record(Change::TicketFor { assignee: Some(agent), .. }) if agent.as_str() == "bob")));
    assert!(out.contains(&Out::Media(2, MediaOut::Listen(Lang::En))), "the transcript goes on");
}

#[test]
fn a_customer_whom_nobody_takes_over_is_back_in_the_old_place_of_the_queue() {
    let mut world = World::arrives(Channel::Voice, "1003");
    let arrived = world.now;
    world.after(Duration::from_secs(9)).offered("alice", true, false);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    world.leg(1, LegIn::BrowserUp);
    world.orders("alice", AgentOrder::Transfer(TransferTo::Agent("bob".into()))).expect("transferred");
    world.take();
    world.hears(In::Router(RouterIn::Unavailable { why: "busy".to_owned() }));
    let out = world.take();
    assert_eq!(World::codes(&out), ["transfer_failed"]);
    assert_eq!(since_of(&out), Some(arrived), "first come, first served, still");
    // The same for a number that does not answer.
    world.offered("alice", true, false);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    world.leg(2, LegIn::BrowserUp);
    world
        .orders("alice", AgentOrder::Transfer(TransferTo::Number("sip:x@192.0.2.1".into())))
        .expect("dialled");
    world.take();
    world.leg(3, LegIn::Ended { fault: Fault::Peer, reason: "busy".to_owned() });
    assert_eq!(since_of(&world.take()), Some(arrived));
}

#[test]
fn a_transfer_to_a_number_connects_the_customer_with_whoever_answers_there() {
    let mut world = World::talking();
    world
        .orders("alice", AgentOrder::Transfer(TransferTo::Number("sip:x@192.0.2.1".into())))
        .expect("dialled");
    world.take();
    world.leg(2, LegIn::Answered { codec: "PCMU/8000".to_owned() });
    assert_eq!(World::last_bridge_with(&world.take(), 0), Some(vec![0, 2]));
}

#[test]
fn whoever_is_asked_aside_talks_with_the_agent_alone_and_takes_the_customer_when_handed_over() {
    let mut world = World::asking_bob();
    let out = world.take();
    assert!(World::hears_music(&out, 0), "the customer hears music");
    assert!(World::hears_music(&out, 1), "the agent hears it ring");
    assert_eq!(World::last_bridge_with(&out, 1), Some(vec![1, 2]), "then the one asked");
    let talked = World::last_bridge_with(&out, 0);
    assert_eq!(talked, Some(vec![0, 1]), "the customer was only ever with alice");
    world.orders("alice", AgentOrder::Swap).expect("back with the customer");
    let out = world.take();
    assert_eq!(World::last_bridge_with(&out, 0), Some(vec![0, 1]));
    assert!(World::hears_music(&out, 2));
    world.orders("alice", AgentOrder::Complete).expect("handed over");
    let out = world.take();
    assert_eq!(World::last_bridge_with(&out, 0), Some(vec![0, 2]));
    assert!(World::routed(&out).contains(&&routing::In::Released { work: WORK, agent: "alice".into() }));
    assert!(
        !World::routed(&out)
            .iter()
            .any(|r| matches!(r, routing::In::Released { agent, .. } if agent.as_str() == "bob"))
    );
    assert_eq!(world.orders("alice", AgentOrder::Hold), Err(Refused::NotYours));
    assert_eq!(world.orders("bob", AgentOrder::Hold), Ok(()), "the customer is bob's");
}

#[test]
fn a_consultation_that_comes_to_nothing_gives_the_customer_back() {
    for end in ["cancelled", "busy", "left"] {
        let mut world = if end == "left" { World::asking_bob() } else { World::talking() };
        if end != "left" {
            world.orders("alice", AgentOrder::Consult(TransferTo::Agent("bob".into()))).expect("consulting");
        }
        world.take();
        match end {
            "cancelled" => world.orders("alice", AgentOrder::Cancel).expect("cancelled"),
            "busy" => drop(world.hears(In::Router(RouterIn::Unavailable { why: "busy".to_owned() }))),
            _ => world.orders("bob", AgentOrder::Hangup).expect("bob leaves"),
        }
        let out = world.take();
        assert_eq!(World::last_bridge_with(&out, 0), Some(vec![0, 1]), "{end}");
        let released = routing::In::Released { work: WORK, agent: "bob".into() };
        assert_eq!(World::routed(&out).contains(&&released), end == "left", "{end}");
        assert_eq!(world.orders("alice", AgentOrder::Hold), Ok(()), "{end}: and the call is as before");
    }
}

#[test]
fn a_conference_goes_on_when_its_founder_hangs_up_and_ends_with_the_customer() {
    let mut world = World::asking_bob();
    world.orders("alice", AgentOrder::Join).expect("all three");
    assert_eq!(World::last_bridge_with(&world.take(), 0), Some(vec![0, 1, 2]));
    world
        .orders("alice", AgentOrder::Consult(TransferTo::Number("sip:x@192.0.2.1".into())))
        .expect("a fourth");
    world.leg(3, LegIn::Answered { codec: "PCMU/8000".to_owned() });
    assert_eq!(World::last_bridge_with(&world.take(), 0), Some(vec![0, 2]), "bob keeps the customer company");
    world.orders("alice", AgentOrder::Join).expect("all four");
    assert_eq!(World::last_bridge_with(&world.take(), 0), Some(vec![0, 1, 2, 3]));
    world.orders("alice", AgentOrder::Hangup).expect("leaves");
    let out = world.take();
    assert_eq!(World::last_bridge_with(&out, 0), Some(vec![0, 2, 3]));
    world.leg(0, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
    let out = world.take();
    assert!(World::routed(&out).contains(&&routing::In::Released { work: WORK, agent: "bob".into() }));
    assert!(out.contains(&Out::Leg(3, LegOut::Hangup)), "nobody is left on the line");
}

#[test]
fn a_parked_customer_is_picked_up_by_any_agent_or_goes_back_to_the_queue() {
    let mut world = World::talking();
    world.orders("alice", AgentOrder::Park).expect("parked");
    assert!(
        World::routed(&world.take()).contains(&&routing::In::Released { work: WORK, agent: "alice".into() })
    );
    world.orders("bob", AgentOrder::PickUp).expect("bob's devices ring");
    world.hears(In::Router(RouterIn::Unavailable { why: "busy".to_owned() }));
    world.orders("eve", AgentOrder::PickUp).expect("still there");
    world.offered("eve", true, false);
    world.orders("eve", AgentOrder::Accept).expect("eve");
    world.leg(2, LegIn::BrowserUp);
    assert_eq!(World::last_bridge_with(&world.take(), 0), Some(vec![0, 2]));
    world.orders("eve", AgentOrder::Park).expect("parked again");
    world.take();
    world.after(Duration::from_secs(180));
    let out = world.take();
    assert!(World::codes(&out).contains(&"not_picked_up".to_owned()));
    assert!(since_of(&out).is_some());
}

#[test]
fn a_listening_supervisor_is_in_no_bridge_and_a_whisper_reaches_the_agent_alone() {
    let mut world = World::talking();
    let watch = |world: &mut World, how| {
        world.take();
        let reply = Reply(9_000 + world.replies);
        world.replies += 1;
        world.hears(In::Watch { supervisor: "sue".into(), how, reply });
        world.out.contains(&Out::Reply(reply, Ok(())))
    };
    assert!(watch(&mut world, Some(Watch::Listen)));
    world.leg(2, LegIn::BrowserUp);
    let out = world.take();
    assert!(out.contains(&Out::Media(2, MediaOut::Hear(vec![0, 1]))));
    assert_eq!(World::last_bridge_with(&out, 2), None);
    assert!(out.contains(&Out::Media(1, MediaOut::Hear(vec![]))));
    assert!(watch(&mut world, Some(Watch::Whisper)));
    let out = world.take();
    assert!(out.contains(&Out::Media(1, MediaOut::Hear(vec![2]))), "the agent hears the whisper");
    assert!(!out.iter().any(|o| matches!(o, Out::Media(0, MediaOut::Hear(_)))), "the customer never does");
    assert_eq!(World::last_bridge_with(&out, 2), None);
    assert!(watch(&mut world, Some(Watch::Barge)));
    assert_eq!(World::last_bridge_with(&world.take(), 0), Some(vec![0, 1, 2]));
    assert!(watch(&mut world, None));
    let out = world.take();
    assert_eq!(World::last_bridge_with(&out, 0), Some(vec![0, 1]));
    assert!(out.contains(&Out::Leg(2, LegOut::Hangup)));
    assert_eq!(World::codes(&out), ["watch_over"]);
}

#[test]
fn an_agent_says_in_which_language_the_talk_is_and_every_leg_is_heard_in_it() {
    let mut world = World::arrives_with(Channel::Voice, "1003", RecordingPolicy::Never);
    world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() }).offered("alice", true, false);
    world.orders("alice", AgentOrder::Accept).expect("accepted");
    world.leg(1, LegIn::BrowserUp);
    world.take();
    world.orders("alice", AgentOrder::Language(Lang::Zh)).expect("changed");
    let out = world.take();
    assert!(out.contains(&Out::Media(0, MediaOut::Listen(Lang::Zh))));
    assert!(out.contains(&Out::Media(1, MediaOut::Listen(Lang::Zh))));
    let recorded = out.iter().any(
        |o| matches!(o, Out::Record(Change::ConversationMoved { lang: Some(lang), .. }) if lang == "zh"),
    );
    assert!(recorded, "{out:?}");
    assert!(world.orders("bob", AgentOrder::Language(Lang::En)).is_err(), "only whose call it is");
}

#[test]
fn a_recording_follows_the_policy_and_nothing_is_recorded_or_written_down_before_consent_or_in_a_pause() {
    for (policy, agreed, begins) in [
        (RecordingPolicy::Always, false, true),
        (RecordingPolicy::Consent, false, false),
        (RecordingPolicy::Consent, true, true),
        (RecordingPolicy::Asked, true, false),
        (RecordingPolicy::Never, true, false),
    ] {
        let mut world = World::arrives_with(Channel::Voice, "1003", policy);
        if let Some(core) = &mut world.core {
            core.agreed_to_recording(agreed);
        }
        world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() }).offered("alice", true, false);
        world.orders("alice", AgentOrder::Accept).expect("accepted");
        world.leg(1, LegIn::BrowserUp);
        let out = world.take();
        assert_eq!(out.contains(&Out::Tape(Tape::Begin)), begins, "{policy:?} {agreed}");
        let hears = |out: &[Out], leg| {
            out.iter().any(|o| matches!(o, Out::Media(n, MediaOut::Listen(_)) if *n == leg))
        };
        let written = policy != RecordingPolicy::Consent || agreed;
        assert_eq!((hears(&out, 0), hears(&out, 1)), (written, written), "{policy:?} {agreed}");
        let asked = world.orders("alice", AgentOrder::Record(Recording::Paused));
        assert_eq!(asked.is_ok(), begins, "{policy:?}: only what runs is paused");
        let out = world.take();
        assert_eq!(out.contains(&Out::Media(0, MediaOut::Deafen)), begins);
        assert_eq!(out.contains(&Out::Media(1, MediaOut::Deafen)), begins);
        let asked = world.orders("alice", AgentOrder::Record(Recording::On));
        assert_eq!(asked.is_ok(), begins || policy == RecordingPolicy::Asked, "{policy:?} {agreed}");
        let out = world.take();
        assert_eq!(
            (hears(&out, 0), hears(&out, 1)),
            (begins, begins),
            "{policy:?}: heard again after a pause"
        );
        world.leg(0, LegIn::Ended { fault: Fault::None, reason: "hangup".to_owned() });
        assert_eq!(world.take().contains(&Out::Tape(Tape::End)), asked.is_ok());
    }
}

#[test]
fn an_agent_pauses_the_transcript_also_of_a_call_that_is_not_recorded_and_both_pauses_hold() {
    let hears =
        |out: &[Out], leg| out.iter().any(|o| matches!(o, Out::Media(n, MediaOut::Listen(_)) if *n == leg));
    let deaf = |out: &[Out], leg| out.contains(&Out::Media(leg, MediaOut::Deafen));
    let noted = |out: &[Out], code: &str| {
        out.iter().any(|o| matches!(o, Out::Record(Change::EntryAdded { entry, .. }) if entry.text == code))
    };
    for policy in [RecordingPolicy::Never, RecordingPolicy::Always, RecordingPolicy::Consent] {
        let mut world = World::arrives_with(Channel::Voice, "1003", policy);
        world.leg(0, LegIn::Answered { codec: "PCMU/8000".to_owned() }).offered("alice", true, false);
        world.orders("alice", AgentOrder::Accept).expect("accepted");
        world.leg(1, LegIn::BrowserUp);
        world.take();
        let (pause, on) = (AgentOrder::Transcribe(Recording::Paused), AgentOrder::Transcribe(Recording::On));
        if policy == RecordingPolicy::Consent {
            assert!(world.orders("alice", on).is_err(), "nobody agreed: no order brings a transcript");
            assert!(world.orders("alice", pause).is_err());
            continue;
        }
        world.orders("alice", pause.clone()).expect("paused");
        let out = world.take();
        assert!(deaf(&out, 0) && deaf(&out, 1) && noted(&out, "transcription_paused"), "{policy:?}");
        assert!(!out.contains(&Out::Tape(Tape::Pause)), "{policy:?}: the recording goes on");
        assert!(world.orders("alice", pause).is_err(), "once");
        if policy == RecordingPolicy::Always {
            world.orders("alice", AgentOrder::Record(Recording::Paused)).expect("paused");
            world.orders("alice", AgentOrder::Record(Recording::On)).expect("on");
            let out = world.take();
            assert!(!hears(&out, 0) && !hears(&out, 1), "the transcript has a pause of its own");
        }
        world.orders("alice", AgentOrder::Hold).expect("held");
        world.orders("alice", AgentOrder::Resume).expect("back");
        let out = world.take();
        assert!(!hears(&out, 0) && !hears(&out, 1), "{policy:?}: a hold does not end the pause");
        world.orders("alice", on).expect("on");
        let out = world.take();
        assert!(hears(&out, 0) && hears(&out, 1) && noted(&out, "transcription_resumed"), "{policy:?}");
    }
}

/// A message on a channel, as it comes.
fn arrival(external: &str) -> desk::delivery::Arrival {
    desk::delivery::Arrival {
        channel: "sms".into(),
        external: external.into(),
        digest: "d".into(),
        state: None,
        at: 1_000_000,
    }
}

#[test]
fn the_first_message_on_a_channel_is_recorded_before_the_flow_speaks_and_is_no_answer_to_it() {
    let settings = World::settings(FLOW);
    let mut world = World::empty(&settings);
    let opening = World::opening(Channel::Wechat, "1000");
    let thread = desk::delivery::Thread {
        channel: "sms".into(),
        peer: "+491".into(),
        address: "tel:+491".into(),
        sends: desk::delivery::Sends::Everything,
        state: "{}".into(),
        heard_at: 1_000_000,
    };
    let first = interaction::FirstMessage {
        thread,
        arrival: arrival("m1"),
        // A key of the menu: it must not choose anything.
        text: "2".into(),
        detail: Some("{\"files\":[]}".into()),
    };
    let mut cx = Context { now: world.now, rng: &mut world.rng };
    let core = Interaction::begin_with(&opening, Some(first), settings, &mut cx, &mut world.out);
    world.core = Some(core.expect("the entry exists"));
    let out = world.take();
    let at = |what: &dyn Fn(&Change) -> bool| {
        out.iter().position(|o| matches!(o, Out::Record(change) if what(change))).expect("recorded")
    };
    let said = |text: &'static str| move |change: &Change| matches!(change, Change::EntryAdded { entry, .. } if entry.kind == EntryKind::Message && entry.text == text);
    let order = [
        at(&|change| matches!(change, Change::ConversationOpened { .. })),
        at(&|change| matches!(change, Change::ThreadOpened { .. })),
        at(&|change| matches!(change, Change::MessageArrived { .. })),
        at(&said("2")),
        at(&said("Press two.")),
    ];
    assert!(order.is_sorted(), "{order:?}");
    assert!(since_of(&out).is_none(), "the first message is for people, not for the menu");
    let (text, detail) = ("2".to_owned(), None);
    world.hears(In::CustomerSent { arrival: Box::new(arrival("m2")), text, detail, reply: Reply(50) });
    let out = world.take();
    let recorded = out.iter().position(|o| matches!(o, Out::Record(Change::MessageArrived { .. })));
    let confirmed = out.iter().position(|o| *o == Out::Reply(Reply(50), Ok(())));
    assert!(recorded.expect("recorded") < confirmed.expect("confirmed"));
    let medium = out.iter().find_map(|o| match o {
        Out::Route(routing::In::Enqueued { medium, .. }) => Some(*medium),
        _ => None,
    });
    assert_eq!(
        medium,
        Some(routing::Medium::Wechat),
        "the second one chooses, and the router knows the road"
    );
    world.hears(In::CustomerLeft { reply: Reply(51) });
    let (text, detail) = ("late".to_owned(), None);
    world.hears(In::CustomerSent { arrival: Box::new(arrival("m3")), text, detail, reply: Reply(52) });
    assert!(
        world.take().contains(&Out::Reply(Reply(52), Err(Refused::Over))),
        "another conversation takes it"
    );
}

#[test]
fn who_was_recognised_waits_with_their_tier_unless_the_flow_names_another() {
    let tier_of = |tier: Option<&str>| {
        let settings = World::settings(FLOW);
        let mut world = World::empty(&settings);
        let opening = Opening { tier: tier.map(str::to_owned), ..World::opening(Channel::Chat, "1003") };
        let mut cx = Context { now: world.now, rng: &mut world.rng };
        let core = Interaction::begin(&opening, settings, &mut cx, &mut world.out).expect("the entry exists");
        world.core = Some(core);
        let out = world.take();
        let written = out.iter().find_map(|one| match one {
            Out::Record(Change::EntryAdded { entry, .. }) if entry.text == "queued" => entry.detail.clone(),
            _ => None,
        });
        let wishes = out.iter().find_map(|one| match one {
            Out::Route(routing::In::Enqueued { wishes, .. }) => Some(wishes.tier.clone()),
            _ => None,
        });
        (wishes.expect("it waits"), written.expect("it is in the record").contains("gold"))
    };
    assert_eq!(tier_of(Some("gold")), (Some("gold".to_owned()), true));
    assert_eq!(tier_of(None), (None, false));
}
