//! The rules of a queue, one behaviour each: rings, tiers, sticky agents, capacity, overflow, strategies, callbacks.

use std::collections::BTreeMap;
use std::time::Duration;

use routing::{
    Capacity, In, Interrupts, Medium, OfferEnd, Out, Overflow, OverflowWhen, QueueSetup, Ring, SkillWish,
    Sticky, Wishes,
};

use crate::stage::{Stage, agent, ends, offer, offers, over, queue, reason, setup, work};

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Everybody named is at their page and ready.
fn open(setup: routing::Setup) -> Stage {
    let names: Vec<_> = setup.agents.iter().map(|agent| agent.name.clone()).collect();
    let mut floor = Stage::of(setup);
    for name in names {
        floor.comes(name.as_str());
        floor.readies(name.as_str(), true);
    }
    floor
}

fn asks(level: u8) -> Vec<SkillWish> {
    vec![SkillWish { skill: "q".into(), at_least: level }]
}

#[test]
fn a_ring_widens_who_is_asked_and_costs_nobody_the_place() {
    let rings = vec![Ring { after: secs(30), skills: asks(2), groups: vec![] }];
    let asked = QueueSetup { skills: asks(5), rings, ..queue("q") };
    let mut floor = open(setup(vec![agent("carl", &[("q", 3)])], vec![asked]));
    assert!(offers(&floor.calls(1, "q")).is_empty());
    floor.passes(10);
    floor.calls(2, "q");
    assert!(offers(&floor.passes(19)).is_empty());
    let out = floor.passes(1);
    assert_eq!(offers(&out), offer(1, "carl"), "at 30 s, and not the one who came later");
    assert_eq!(reason(&out).ring, 1);
    let waited = reason(&out).waited;
    assert_eq!(waited.iter().map(|span| span.to.since(span.from)).sum::<Duration>(), secs(30));
}

#[test]
fn a_tier_goes_first_for_a_while_and_starves_nobody() {
    let mut setup = setup(vec![agent("a", &[("q", 1)])], vec![queue("q")]);
    setup.tiers = BTreeMap::from([("gold".into(), secs(60))]);
    let mut floor = Stage::of(setup);
    let gold = || Wishes { tier: Some("gold".into()), ..Wishes::default() };
    floor.calls(1, "q");
    floor.passes(59);
    floor.wishes(2, "q", gold());
    floor.passes(2);
    floor.wishes(3, "q", gold());
    floor.comes("a");
    assert_eq!(offers(&floor.readies("a", true)), offer(2, "a"), "gold, 59 s later");
    floor.accepts(2, "a");
    floor.releases(2, "a");
    let out = floor.tell(In::WrappedUp { agent: "a".into() });
    assert_eq!(offers(&out), offer(1, "a"), "gold, 61 s later, does not go first");
}

#[test]
fn sticky_work_waits_for_its_agent_while_they_are_there_and_no_longer_than_it_says() {
    let mut floor = open(setup(vec![agent("a", &[("q", 9)]), agent("b", &[("q", 1)])], vec![queue("q")]));
    floor.dials(9, "b");
    floor.accepts(9, "b");
    let sticky = |seconds| {
        let sticky = Some(Sticky { agent: "b".into(), patience: secs(seconds) });
        Wishes { sticky, ..Wishes::default() }
    };
    assert!(offers(&floor.wishes(1, "q", sticky(20))).is_empty(), "a is free, but b knows them");
    assert!(offers(&floor.passes(19)).is_empty());
    assert_eq!(offers(&floor.passes(1)), offer(1, "a"));
    floor.declines(1, "a");
    floor.withdraws(1);
    floor.passes(5);
    floor.wishes(2, "q", sticky(60));
    let out = floor.releases(9, "b");
    assert_eq!(offers(&out), offer(2, "b"));
    assert_eq!(reason(&out).strategy, "sticky");
    floor.accepts(2, "b");
    assert!(offers(&floor.wishes(3, "q", sticky(60))).is_empty());
    assert_eq!(offers(&floor.reach("b", false, false)), offer(3, "a"), "b went away");
}

#[test]
fn capacity_and_interruptions_hold_for_every_channel() {
    let mut one = agent("a", &[("q", 1)]);
    one.capacity = Capacity::default().with(Medium::Mail, 2).with(Medium::Chat, 1);
    let mut floor = open(setup(vec![one], vec![queue("q")]));
    let mut come = |n, medium| offers(&floor.enqueue(n, "q", medium, 0));
    assert_eq!(come(1, Medium::Mail), offer(1, "a"));
    floor.accepts(1, "a");
    let mut come = |n, medium| offers(&floor.enqueue(n, "q", medium, 0));
    assert_eq!(come(2, Medium::Mail), offer(2, "a"), "two letters");
    floor.accepts(2, "a");
    let mut come = |n, medium| offers(&floor.enqueue(n, "q", medium, 0));
    assert!(come(3, Medium::Mail).is_empty(), "and no third");
    assert_eq!(come(4, Medium::Wechat), offer(4, "a"), "writing comes on top of letters");
    floor.accepts(4, "a");
    let mut come = |n, medium| offers(&floor.enqueue(n, "q", medium, 0));
    assert_eq!(come(5, Medium::Video), offer(5, "a"), "a call on top of all");
    floor.accepts(5, "a");
    let mut come = |n, medium| offers(&floor.enqueue(n, "q", medium, 0));
    assert!(
        come(6, Medium::Voice).is_empty() && come(7, Medium::Chat).is_empty(),
        "nothing on top of a call"
    );
    // Where nothing may interrupt anything, a chat waits for the letters.
    let mut strict = setup(vec![agent("a", &[("q", 1)])], vec![queue("q")]);
    strict.interrupts = Interrupts::NOTHING;
    let mut floor = open(strict);
    floor.enqueue(1, "q", Medium::Mail, 0);
    floor.accepts(1, "a");
    assert!(offers(&floor.chats(2, "q")).is_empty());
    assert_eq!(offers(&floor.releases(1, "a")), offer(2, "a"));
}

#[test]
fn overflow_moves_work_on_with_its_place_and_back_to_the_flow() {
    let rule = |when, to: Option<&str>| Overflow { when, to: to.map(Into::into) };
    let p = QueueSetup { overflow: vec![rule(OverflowWhen::Waited(secs(20)), Some("q"))], ..queue("p") };
    let q = QueueSetup { max_wait: Some(secs(60)), ..queue("q") };
    let full = QueueSetup { overflow: vec![rule(OverflowWhen::Length(1), None)], ..queue("full") };
    let mut floor = Stage::of(setup(vec![agent("a", &[("q", 1)])], vec![p, q, full]));
    floor.calls(1, "p");
    floor.passes(10);
    floor.calls(2, "q");
    let out = floor.passes(10);
    assert!(out.iter().any(
        |order| matches!(order, Out::Moved { queue, why, .. } if queue.as_str() == "q" && why == "waited")
    ));
    let line: Vec<_> = floor.queue("q").waiting.iter().map(|waiting| waiting.work).collect();
    assert_eq!(line, [work(1), work(2)], "by the first arrival");
    let gone = |out: &[Out]| {
        let why = |order: &Out| match order {
            Out::Unavailable { work, why } => Some((work.serial, why.clone())),
            _ => None,
        };
        out.iter().filter_map(why).collect::<Vec<_>>()
    };
    assert_eq!(gone(&floor.passes(40)), [(1, "max_wait".to_owned())]);
    floor.calls(3, "full");
    assert_eq!(gone(&floor.calls(4, "full")), [(4, "length".to_owned())]);
}

#[test]
fn ring_all_rings_all_and_the_first_to_answer_has_it() {
    let all = QueueSetup { strategy: "ring_all".into(), ..queue("q") };
    let agents = ["a", "b", "c"].map(|name| agent(name, &[("q", 1)]));
    let mut floor = open(setup(agents.to_vec(), vec![all]));
    assert_eq!(offers(&floor.calls(1, "q")).len(), 3);
    assert_eq!(ends(&floor.declines(1, "a")), over(1, "a", OfferEnd::Declined));
    assert_eq!(ends(&floor.accepts(1, "c")), over(1, "b", OfferEnd::Withdrawn));
    assert_eq!(offers(&floor.calls(2, "q")), offer(2, "b"));
}

#[test]
fn weighted_agents_get_their_shares() {
    let shares = QueueSetup { strategy: "weighted".into(), wrapup: Duration::ZERO, ..queue("q") };
    let mut agents = ["a", "b"].map(|name| agent(name, &[("q", 1)]));
    agents[1].weight = 3;
    let mut floor = open(setup(agents.to_vec(), vec![shares]));
    let mut taken = BTreeMap::new();
    for n in 1..=400 {
        let (_, name) = offers(&floor.calls(n, "q")).remove(0);
        floor.accepts(n, &name);
        floor.releases(n, &name);
        *taken.entry(name).or_insert(0) += 1;
    }
    assert_eq!(taken, BTreeMap::from([("a".into(), 100), ("b".into(), 300)]));
}

#[test]
fn a_callback_that_is_put_off_keeps_its_place() {
    let mut floor = open(setup(vec![agent("a", &[("q", 1)])], vec![queue("q")]));
    let later = Some(floor.now + secs(60));
    let wishes = Wishes { not_before: later, callback: true, ..Wishes::default() };
    assert!(offers(&floor.wishes(1, "q", wishes)).is_empty());
    floor.dials(9, "a");
    floor.accepts(9, "a");
    floor.passes(30);
    floor.calls(2, "q");
    assert!(floor.queue("q").waiting[0].callback);
    floor.passes(30);
    assert_eq!(offers(&floor.releases(9, "a")), offer(1, "a"), "it came first");
}

#[test]
fn who_was_set_aside_is_told_and_a_supervisor_takes_them_back() {
    let twice = QueueSetup { misses: 2, ..queue("q") };
    let mut floor = open(setup(vec![agent("a", &[("q", 1)])], vec![twice]));
    floor.calls(1, "q");
    floor.passes(crate::stage::RING);
    assert!(floor.agent("a").ready, "once is no habit");
    floor.passes(10 + crate::stage::RING);
    let status = floor.agent("a");
    assert_eq!((status.ready, status.pause.as_deref()), (false, Some("set_aside")));
    assert_eq!(status.hindrance.as_deref(), Some("set_aside"));
    floor.passes(20);
    let out = floor.tell(In::Reset { agent: "a".into(), live: vec![] });
    assert_eq!(offers(&out), offer(1, "a"));
}

#[test]
fn with_the_last_agent_goes_the_work_that_asked_for_more_too() {
    let to = |to: &str| Overflow { when: OverflowWhen::NoAgent, to: Some(to.into()) };
    let alone = QueueSetup { overflow: vec![to("p")], ..queue("q") };
    let mut floor = open(setup(vec![agent("a", &[("q", 5)])], vec![alone, queue("p")]));
    let chinese = vec![SkillWish { skill: "zh".into(), at_least: 1 }];
    floor.wishes(1, "q", Wishes { skills: chinese, ..Wishes::default() });
    let out = floor.reach("a", false, false);
    assert!(
        out.iter().any(
            |one| matches!(one, Out::Moved { queue, why, .. } if queue.as_str() == "p" && why == "no_agent")
        ),
        "{out:?}"
    );
}

#[test]
fn work_that_was_put_off_waits_for_an_agent_whom_a_reload_brought_meanwhile() {
    let mut floor = open(setup(vec![agent("a", &[("q", 5)])], vec![queue("q")]));
    let sticky = Some(Sticky { agent: "b".into(), patience: secs(60) });
    let not_before = Some(floor.now + secs(20));
    floor.wishes(1, "q", Wishes { sticky, not_before, ..Wishes::default() });
    floor.tell(In::Configured(setup(
        vec![agent("a", &[("q", 5)]), agent("b", &[("q", 1)])],
        vec![queue("q")],
    )));
    floor.comes("b");
    floor.readies("b", true);
    assert_eq!(offers(&floor.passes(20)), offer(1, "b"), "though a is better");
}

#[test]
fn among_equal_scores_the_longest_idle_is_asked() {
    let valued = QueueSetup { strategy: "by_value".into(), ..queue("q") };
    let mut floor = Stage::of(setup(vec![agent("a", &[("q", 5)]), agent("b", &[("q", 5)])], vec![valued]));
    for name in ["b", "a"] {
        floor.comes(name);
        floor.readies(name, true);
        floor.passes(5);
    }
    let scores = BTreeMap::from([("a".into(), 1), ("b".into(), 1)]);
    assert_eq!(offers(&floor.wishes(1, "q", Wishes { scores, ..Wishes::default() })), offer(1, "b"));
}

#[test]
fn whoever_a_supervisor_resets_may_have_again_what_they_seemed_to_hold() {
    let one = routing::AgentSetup {
        capacity: Capacity::default().with(Medium::Voice, 2),
        ..agent("a", &[("q", 5)])
    };
    let mut floor = open(setup(vec![one], vec![queue("q")]));
    floor.calls(1, "q");
    floor.accepts(1, "a");
    assert!(offers(&floor.calls(1, "q")).is_empty(), "they have it, as far as anybody knows");
    assert_eq!(offers(&floor.tell(In::Reset { agent: "a".into(), live: vec![] })), offer(1, "a"));
}
