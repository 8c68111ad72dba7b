//! Places in line, and lines of ten thousand.

use std::collections::BTreeMap;

use kernel::Time;
use routing::{In, Medium, Out, Target};

use crate::stage::{Stage, agent, numbered, offers, queue, told, work};

#[test]
fn callers_are_told_their_place_when_it_changes() {
    let mut floor = Stage::bare();
    assert_eq!(told(&floor.calls(1, "support")), BTreeMap::from([(1, (1, 1))]));
    assert_eq!(told(&floor.calls(2, "support")), BTreeMap::from([(2, (2, 2))]));
    assert_eq!(
        told(&floor.enqueue(3, "support", Medium::Voice, 9)),
        BTreeMap::from([(1, (2, 3)), (2, (3, 3)), (3, (1, 3))])
    );
    assert_eq!(told(&floor.withdraws(3)), BTreeMap::from([(1, (1, 2)), (2, (2, 2))]));
    assert!(told(&floor.comes("alice")).is_empty());
}

#[test]
fn a_line_of_ten_thousand_is_served_in_order_and_told_without_a_storm() {
    const LINE: u64 = 10_000;
    let agents = (0..500).map(|n| agent(numbered(n).as_str(), &[("q", 1 + (n % 10) as u8)])).collect();
    let mut floor = Stage::new(agents, vec![queue("q")]);
    for n in 1..=LINE {
        let since = Time::from_millis(n);
        let target = Target::Queue("q".into());
        let out = floor.tell(In::Enqueued {
            work: work(n),
            target,
            medium: Medium::Voice,
            priority: 0,
            since,
            wishes: Box::default(),
        });
        assert_eq!(told(&out).get(&n), Some(&(n as u32, n as u32)));
        assert!(out.len() <= 3);
    }
    assert_eq!(floor.queue("q").waiting.len(), 200, "a picture shows the first 200");
    let mut next = 1;
    for n in 0..500 {
        let name = numbered(n);
        floor.comes(name.as_str());
        let out = floor.readies(name.as_str(), true);
        assert_eq!(offers(&out), [(next, name.to_string())]);
        let out = floor.accepts(next, name.as_str());
        assert!(told(&out).len() <= 100 && out.len() < 110);
        next += 1;
    }
    while next <= LINE {
        for n in 0..500 {
            let name = numbered(n);
            let held = floor.agent(name.as_str()).call.expect("everybody is busy").serial;
            floor.releases(held, name.as_str());
            let out = floor.tell(In::WrappedUp { agent: name.clone() });
            if next <= LINE {
                assert_eq!(offers(&out), [(next, name.to_string())], "in the order of entry");
                floor.accepts(next, name.as_str());
                next += 1;
            }
        }
    }
    assert!(floor.queue("q").waiting.is_empty());
}

#[test]
fn a_place_far_back_is_told_on_entering_and_again_when_near() {
    let mut floor = Stage::bare();
    let mut last = BTreeMap::new();
    for n in 1..=150 {
        last.extend(told(&floor.calls(n, "support")));
    }
    assert_eq!(last.get(&150), Some(&(150, 150)));
    let mut later = BTreeMap::new();
    for n in 1..=50 {
        later.extend(told(&floor.withdraws(n)));
    }
    assert_eq!(later.get(&150), Some(&(100, 100)));
    let pictures = floor.tell(In::Elapsed);
    assert!(!pictures.iter().any(|order| matches!(order, Out::QueueChanged(_))));
}

#[test]
fn a_showing_is_bounded_and_in_the_end_everything_was_shown() {
    let names: Vec<String> = (0..200).map(|n| format!("q{n:03}")).collect();
    let agents = (0..1_500).map(|n| agent(numbered(n).as_str(), &[(&names[n % 200], 5)])).collect();
    let mut floor = Stage::new(agents, names.iter().map(|name| queue(name)).collect());
    let mut rng = kernel::Rng::seeded(1);
    let mut cx = kernel::Context { now: floor.now, rng: &mut rng };
    let mut out = Vec::new();
    for n in 0..1_500 {
        let reachable = In::Reachable { agent: numbered(n).as_str().into(), desk: true, phone: false };
        floor.router.handle(&mut cx, reachable, &mut out);
    }
    for (n, name) in names.iter().enumerate() {
        let (target, medium) = (Target::Queue(name.as_str().into()), Medium::Voice);
        let (work, since, wishes) = (work(n as u64), cx.now, Box::default());
        floor.router.handle(
            &mut cx,
            In::Enqueued { work, target, medium, priority: 0, since, wishes },
            &mut out,
        );
    }
    out.clear();
    let (mut agents, mut queues, mut showings) = (0, 0, 0);
    loop {
        let more = floor.router.show(&cx, &mut out);
        let count = |is: fn(&Out) -> bool| out.iter().filter(|one| is(one)).count();
        let (some, others) =
            (count(|o| matches!(o, Out::AgentChanged(_))), count(|o| matches!(o, Out::QueueChanged(_))));
        assert!(some <= 32 && others <= 4, "{some} {others}");
        (agents, queues, showings) = (agents + some, queues + others, showings + 1);
        out.clear();
        if !more {
            break;
        }
    }
    assert_eq!((agents, queues, showings), (1_500, 200, 50));
}
