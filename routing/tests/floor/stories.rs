//! Who is offered what, and what ends an offer.

use kernel::Time;
use routing::{AgentState, Medium, OfferEnd, Out};

use crate::stage::{Stage, agent, ends, offer, offers, over, queue, reason};

#[test]
fn the_best_in_the_skill_gets_the_call() {
    let mut floor = Stage::usual();
    assert_eq!(offers(&floor.calls(1, "support")), offer(1, "alice"));
    assert_eq!(offers(&floor.calls(2, "sales")), offer(2, "bob"));
    assert_eq!(floor.agent("alice").state, AgentState::Ringing);
    assert_eq!(floor.queue("support").waiting[0].offered_to, Some("alice".into()));
}

#[test]
fn among_equals_the_longest_idle_gets_the_call() {
    let mut floor = Stage::new(vec![agent("a", &[("q", 3)]), agent("b", &[("q", 3)])], vec![queue("q")]);
    for name in ["b", "a"] {
        floor.comes(name);
        floor.readies(name, true);
        floor.passes(1);
    }
    assert_eq!(offers(&floor.calls(1, "q")), offer(1, "b"));
    floor.accepts(1, "b");
    floor.releases(1, "b");
    floor.passes(60);
    assert_eq!(offers(&floor.calls(2, "q")), offer(2, "a"), "b finished work later");
}

#[test]
fn an_offer_says_why_this_agent() {
    let mut floor = Stage::new(
        vec![
            agent("best", &[("q", 9)]),
            agent("busy", &[("q", 9)]),
            agent("gone", &[("q", 9)]),
            agent("good", &[("q", 5)]),
            agent("other", &[("r", 9)]),
            agent("paused", &[("q", 9)]),
        ],
        vec![queue("q")],
    );
    for name in ["best", "busy", "good", "other"] {
        floor.comes(name);
        floor.readies(name, true);
    }
    floor.comes("paused");
    floor.dials(1, "busy");
    floor.accepts(1, "busy");
    floor.passes(7);
    let why = reason(&floor.calls(2, "q"));
    assert_eq!((why.strategy.as_ref(), why.level, why.candidates), ("best_skill_longest_idle", 9, 2));
    assert_eq!((why.idle_ms, why.waited_ms), (7000, 0));
    assert_eq!(why.others, [("good".into(), 5, 7000)]);
    let codes: Vec<_> = why.passed_over.iter().map(|(name, code)| (name.as_str(), code.as_ref())).collect();
    assert_eq!(
        codes,
        [("busy", "busy"), ("paused", "not_ready"), ("other", "no_skill"), ("gone", "offline")]
    );
}

#[test]
fn work_waits_until_somebody_able_is_ready() {
    let mut floor = Stage::bare();
    assert!(offers(&floor.calls(1, "support")).is_empty());
    assert!(offers(&floor.comes("bob")).is_empty(), "there, but not ready");
    floor.passes(5);
    let out = floor.readies("bob", true);
    assert_eq!(offers(&out), offer(1, "bob"));
    assert_eq!(reason(&out).waited_ms, 5000);
}

#[test]
fn an_unanswered_offer_goes_to_the_next_and_the_agent_is_not_ready() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    let out = floor.passes(crate::stage::RING);
    assert_eq!(ends(&out), over(1, "alice", OfferEnd::TimedOut));
    assert_eq!(offers(&out), offer(1, "bob"));
    assert_eq!(floor.agent("alice").state, AgentState::NotReady);
    assert!(!floor.agent("alice").ready);
}

#[test]
fn an_unanswered_phone_is_spared_for_a_while_and_tried_again() {
    let mut always = agent("a1", &[("q", 1)]);
    always.always_ready = true;
    let mut floor = Stage::new(vec![always], vec![queue("q")]);
    assert_eq!(floor.agent("a1").state, AgentState::Ready, "without sign-in");
    assert_eq!(offers(&floor.calls(1, "q")), offer(1, "a1"));
    let out = floor.passes(crate::stage::RING);
    assert_eq!(ends(&out), over(1, "a1", OfferEnd::TimedOut));
    assert!(offers(&out).is_empty() && offers(&floor.passes(9)).is_empty());
    assert_eq!(offers(&floor.passes(1)), offer(1, "a1"));
    // The same for a person who has only a phone.
    let mut floor = Stage::bare();
    floor.reach("bob", false, true);
    floor.readies("bob", true);
    floor.calls(1, "sales");
    assert!(offers(&floor.passes(crate::stage::RING)).is_empty());
    assert!(floor.agent("bob").ready, "there is no page on which they could say so again");
    assert_eq!(offers(&floor.passes(10)), offer(1, "bob"));
}

#[test]
fn refused_work_goes_to_others_first_and_comes_back_after_a_pause() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    let out = floor.declines(1, "alice");
    assert_eq!(ends(&out), over(1, "alice", OfferEnd::Declined));
    assert_eq!(offers(&out), offer(1, "bob"));
    assert_eq!(reason(&out).passed_over, [("alice".into(), "just_missed".into())]);
    assert!(floor.agent("alice").ready, "a refusal is not a pause");
    assert!(offers(&floor.declines(1, "bob")).is_empty());
    assert!(offers(&floor.passes(9)).is_empty());
    assert_eq!(offers(&floor.passes(1)), offer(1, "alice"));
}

#[test]
fn who_refused_one_call_gets_the_next_one_soon() {
    let mut floor = Stage::usual();
    floor.readies("bob", false);
    floor.calls(1, "support");
    floor.calls(2, "support");
    floor.declines(1, "alice");
    assert_eq!(offers(&floor.passes(2)), offer(2, "alice"), "the refused one waits longer");
}

#[test]
fn a_caller_leaving_the_queue_withdraws_the_offer() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    floor.readies("bob", false);
    floor.calls(2, "support");
    let out = floor.withdraws(1);
    assert_eq!(ends(&out), over(1, "alice", OfferEnd::Withdrawn));
    assert_eq!(offers(&out), offer(2, "alice"), "the agent is free for the next at once");
    assert!(floor.accepts(1, "alice").is_empty(), "too late");
    floor.withdraws(2);
    assert_eq!(floor.router.next_timeout(), None, "nothing is left behind");
    assert!(floor.queue("support").waiting.is_empty());
}

#[test]
fn an_offer_moves_on_when_the_page_goes_away() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    let out = floor.reach("alice", false, false);
    assert_eq!(ends(&out), over(1, "alice", OfferEnd::Unreachable));
    assert_eq!(offers(&out), offer(1, "bob"));
    assert!(floor.agent("alice").ready, "coming back is enough");
    floor.reach("bob", false, false);
    assert_eq!(offers(&floor.comes("alice")), offer(1, "alice"));
}

#[test]
fn work_in_hand_stays_when_the_page_goes_away() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    floor.accepts(1, "alice");
    floor.reach("alice", false, false);
    assert_eq!(floor.agent("alice").state, AgentState::Talking);
    floor.comes("alice");
    assert!(floor.agent("alice").call.is_some());
}

#[test]
fn only_the_offered_agent_can_take_the_work() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    assert!(floor.accepts(1, "bob").is_empty());
    assert!(floor.declines(1, "bob").is_empty());
    assert!(floor.accepts(2, "alice").is_empty());
    assert!(floor.accepts(1, "nobody").is_empty());
    assert!(floor.releases(1, "alice").is_empty());
    floor.accepts(1, "alice");
    assert_eq!(floor.agent("alice").call, Some(crate::stage::work(1)));
}

#[test]
fn an_answer_that_crosses_the_end_of_the_ring_counts() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    floor.passes(crate::stage::RING);
    let out = floor.accepts(1, "alice");
    assert_eq!(ends(&out), over(1, "bob", OfferEnd::Withdrawn));
    assert_eq!(floor.agent("alice").call, Some(crate::stage::work(1)));
    assert!(floor.agent("alice").ready, "they were there after all");
    assert_eq!(floor.agent("bob").state, AgentState::Ready);
}

#[test]
fn higher_priority_goes_first_then_whoever_came_first() {
    let mut floor = Stage::bare();
    floor.calls(1, "support");
    floor.passes(1);
    floor.calls(2, "sales");
    floor.passes(1);
    floor.enqueue(3, "sales", Medium::Voice, 5);
    floor.comes("bob");
    assert_eq!(offers(&floor.readies("bob", true)), offer(3, "bob"));
    for (n, next) in [(3, 1), (1, 2)] {
        floor.accepts(n, "bob");
        floor.releases(n, "bob");
        let out = floor.tell(routing::In::WrappedUp { agent: "bob".into() });
        assert_eq!(offers(&out), offer(next, "bob"), "over all queues, by time of entry");
    }
}

#[test]
fn work_that_comes_back_after_a_restart_keeps_its_place() {
    let mut floor = Stage::bare();
    floor.passes(100);
    floor.calls(1, "support");
    let early = routing::In::Enqueued {
        work: crate::stage::work(2),
        target: routing::Target::Queue("support".into()),
        medium: Medium::Voice,
        priority: 0,
        since: Time::from_millis(5),
        wishes: Box::default(),
    };
    floor.tell(early);
    floor.comes("alice");
    assert_eq!(offers(&floor.readies("alice", true)), offer(2, "alice"));
}

#[test]
fn several_chats_go_to_one_agent_and_none_to_one_who_talks() {
    let mut floor = Stage::usual();
    floor.readies("bob", false);
    for n in 1..=3 {
        assert_eq!(offers(&floor.chats(n, "support")), offer(n, "alice"));
        assert!(offers(&floor.calls(90 + n, "nowhere")).is_empty());
        floor.accepts(n, "alice");
    }
    assert!(offers(&floor.chats(4, "support")).is_empty(), "three are enough");
    assert_eq!(floor.agent("alice").state, AgentState::Ready, "free for a call");
    assert_eq!(offers(&floor.calls(5, "support")), offer(5, "alice"), "chats do not keep a call away");
    floor.accepts(5, "alice");
    assert!(offers(&floor.releases(1, "alice")).is_empty(), "a call keeps chats away");
    floor.releases(5, "alice");
    assert_eq!(offers(&floor.passes(crate::stage::WRAPUP)), offer(4, "alice"));
}

#[test]
fn a_phone_cannot_chat() {
    let mut floor = Stage::bare();
    floor.reach("alice", false, true);
    floor.readies("alice", true);
    assert!(offers(&floor.chats(1, "support")).is_empty());
    assert_eq!(offers(&floor.calls(2, "support")), offer(2, "alice"));
}

#[test]
fn a_dialled_agent_rings_ready_or_not() {
    let mut floor = Stage::bare();
    floor.reach("alice", false, true);
    assert_eq!(offers(&floor.dials(1, "alice")), offer(1, "alice"));
    let out = floor.passes(30);
    assert_eq!(ends(&out), over(1, "alice", OfferEnd::TimedOut));
    assert!(offers(&out).is_empty(), "the interaction decides what next");
    floor.dials(2, "alice");
    floor.accepts(2, "alice");
    assert_eq!(floor.agent("alice").state, AgentState::Talking);
    floor.releases(2, "alice");
    assert_eq!(floor.agent("alice").state, AgentState::NotReady, "no queue served, no wrap-up");
}

#[test]
fn a_dialled_agent_who_cannot_be_rung_is_refused_with_the_reason() {
    let why = |out: Vec<Out>| match out.as_slice() {
        [Out::Unavailable { why, .. }] => why.clone(),
        other => panic!("expected one refusal, got {other:?}"),
    };
    let mut floor = Stage::bare();
    assert_eq!(why(floor.dials(1, "alice")), "unreachable");
    assert_eq!(why(floor.dials(1, "nobody")), "unknown");
    floor.comes("alice");
    floor.dials(2, "alice");
    assert_eq!(why(floor.dials(3, "alice")), "busy", "while it rings");
    floor.accepts(2, "alice");
    assert_eq!(why(floor.dials(3, "alice")), "busy", "while they talk");
}

#[test]
fn what_an_agent_holds_after_a_restart_is_told() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    let held = |n, medium| routing::In::Holding {
        work: crate::stage::work(n),
        agent: "bob".into(),
        medium,
        queue: Some("sales".into()),
    };
    let out = floor.tell(held(1, Medium::Voice));
    assert_eq!(ends(&out), over(1, "alice", OfferEnd::Withdrawn));
    floor.tell(held(2, Medium::Chat));
    floor.tell(held(2, Medium::Chat));
    assert_eq!(floor.agent("bob").chats.len(), 1, "told twice is held once");
    floor.releases(1, "bob");
    assert_eq!(floor.agent("bob").state, AgentState::Wrapup, "of the queue that served");
}

#[test]
fn a_new_configuration_keeps_people_and_work_as_they_are() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    floor.accepts(1, "alice");
    floor.readies("bob", false);
    floor.calls(2, "support");
    let carol = agent("carol", &[("support", 1)]);
    let out = floor.tell(routing::In::Configured(crate::stage::setup(
        vec![agent("bob", &[("sales", 1)]), carol],
        vec![queue("support")],
    )));
    assert!(offers(&out).is_empty());
    assert_eq!(floor.agent("alice").state, AgentState::Talking, "gone from the file, but on the phone");
    assert!(floor.router.queues().all(|queue| queue.name.as_str() != "sales"));
    assert!(offers(&floor.readies("bob", true)).is_empty(), "the skill is gone");
    floor.comes("carol");
    assert_eq!(offers(&floor.readies("carol", true)), offer(2, "carol"));
    floor.releases(1, "alice");
    assert!(floor.router.agent(&"alice".into()).is_none());
}

#[test]
fn an_agent_who_leaves_the_configuration_while_it_rings_loses_the_offer() {
    let mut floor = Stage::usual();
    floor.calls(1, "support");
    let bob = agent("bob", &[("sales", 1), ("support", 1)]);
    let out = floor.tell(routing::In::Configured(crate::stage::setup(vec![bob], vec![queue("support")])));
    assert_eq!(ends(&out), over(1, "alice", OfferEnd::Unreachable));
    assert_eq!(offers(&out), offer(1, "bob"));
}

#[test]
fn a_queue_that_no_file_has_is_seen_and_served_by_its_name() {
    let mut floor = Stage::bare();
    floor.calls(1, "old");
    assert_eq!(floor.queue("old").waiting.len(), 1);
    let dora = agent("dora", &[("old", 1)]);
    floor.tell(routing::In::Configured(crate::stage::setup(vec![dora], vec![])));
    floor.comes("dora");
    assert_eq!(offers(&floor.readies("dora", true)), offer(1, "dora"));
    floor.accepts(1, "dora");
    assert!(floor.router.queues().all(|queue| queue.name.as_str() != "old"), "served, it disappears");
}

#[test]
fn pictures_are_shown_only_when_they_change() {
    let mut floor = Stage::usual();
    assert!(floor.readies("alice", true).is_empty());
    assert!(floor.comes("alice").is_empty());
    let out = floor.calls(1, "support");
    let count = |wanted: fn(&Out) -> bool| out.iter().filter(|order| wanted(order)).count();
    assert_eq!(count(|order| matches!(order, Out::AgentChanged(_))), 1);
    assert_eq!(count(|order| matches!(order, Out::QueueChanged(_))), 2, "sales has one ready agent less");
    let sales = floor.queue("sales");
    assert_eq!((sales.ready_agents, sales.staffed_agents), (1, 2));
}
