use super::*;

fn carrier(name: &str, priority: u16, weight: u16) -> Carrier {
    Carrier {
        name: name.into(),
        priority,
        weight,
        takes: Vec::new(),
        rewrite: Vec::new(),
        max_calls: None,
        per_second: None,
    }
}

fn plan() -> DialPlan {
    DialPlan {
        allow: vec!["+".into()],
        forbid: vec!["+49900".into(), "+88".into()],
        emergency: vec!["112".into()],
        home: Some(HomeCountry { code: "49".into(), international: "00".into(), national: "0".into() }),
        ..DialPlan::default()
    }
}

fn at(seconds: u64) -> Time {
    Time::from_millis(seconds * 1000)
}

fn names(ways: &[Way]) -> Vec<&str> {
    ways.iter().map(|way| way.trunk.as_str()).collect()
}

#[test]
fn numbers_are_made_international_and_then_as_the_trunk_wants_them() {
    let home = plan().home.expect("a home");
    for (dialled, number) in [
        ("0171 123-45", "+4917112345"),
        ("0033 1 23", "+33123"),
        ("+86 10 8888", "+86108888"),
        ("1001", "1001"),
        ("alice", "alice"),
    ] {
        assert_eq!(home.international(dialled), number, "{dialled}");
    }
    let rewrite = vec![
        Rewrite { begins: "+49".into(), becomes: "0".into() },
        Rewrite { begins: "+".into(), becomes: "00".into() },
    ];
    let mut carriers = Carriers::new(plan(), vec![Carrier { rewrite, ..carrier("a", 1, 1) }]);
    let mut rng = Rng::seeded(1);
    let mut number = |dialled: &str| {
        carriers.ways(at(0), &mut rng, "alice", dialled).expect("a way")[0].number.reveal().clone()
    };
    assert_eq!((number("0171123"), number("0086123")), ("0171123".to_owned(), "0086123".to_owned()));
    assert_eq!(number("112"), "112");
}

#[test]
fn what_is_forbidden_is_refused_and_emergencies_never_are() {
    let mut busy = plan();
    busy.caller_calls = Some(0);
    busy.daily_seconds = Some(0);
    let full = Carrier { max_calls: Some(0), takes: vec!["+1".into()], ..carrier("a", 1, 1) };
    let mut carriers = Carriers::new(busy, vec![full]);
    let mut rng = Rng::seeded(1);
    assert_eq!(carriers.ways(at(0), &mut rng, "a", "0900123"), Err(Barred::Forbidden));
    assert_eq!(carriers.ways(at(0), &mut rng, "a", "12345"), Err(Barred::NotAllowed));
    assert_eq!(carriers.ways(at(0), &mut rng, "a", "0171123"), Err(Barred::CallerFull));
    assert_eq!(names(&carriers.ways(at(0), &mut rng, "a", "112").expect("always")), ["a"]);
    let mut carriers =
        Carriers::new(plan(), vec![Carrier { takes: vec!["+1".into()], ..carrier("a", 1, 1) }]);
    assert_eq!(carriers.ways(at(0), &mut rng, "a", "0171123"), Err(Barred::NoTrunk));
}

#[test]
fn trunks_are_taken_by_priority_then_by_weight_and_those_that_are_down_last() {
    let all = vec![carrier("far", 2, 1), carrier("big", 1, 3), carrier("small", 1, 1)];
    let mut carriers = Carriers::new(plan(), all);
    let mut rng = Rng::seeded(5);
    let mut big = 0;
    for _ in 0..4000 {
        let ways = carriers.ways(at(0), &mut rng, "a", "+4917").expect("ways");
        assert_eq!(names(&ways)[2], "far");
        big += usize::from(names(&ways)[0] == "big");
    }
    assert!((2850..3150).contains(&big), "{big}");
    carriers.stands("big", false);
    carriers.stands("small", false);
    assert_eq!(names(&carriers.ways(at(0), &mut rng, "a", "+4917").expect("ways"))[0], "far");
    carriers.stands("small", true);
    assert_eq!(names(&carriers.ways(at(0), &mut rng, "a", "+4917").expect("ways"))[0], "small");
}

#[test]
fn a_trunk_that_is_full_or_asked_too_fast_is_passed_over() {
    let all = vec![
        Carrier { max_calls: Some(1), ..carrier("one", 1, 1) },
        Carrier { per_second: Some(2), ..carrier("slow", 2, 1) },
    ];
    let mut carriers = Carriers::new(plan(), all);
    let mut rng = Rng::seeded(1);
    let first = carriers.begin(at(0), "one", "a", "+4917");
    assert_eq!(names(&carriers.ways(at(0), &mut rng, "a", "+4917").expect("a way")), ["slow"]);
    assert!(carriers.admit(at(0), "one").is_none(), "calls that come in count as well");
    carriers.begin(at(0), "slow", "a", "+4917");
    assert!(carriers.admit(at(0), "slow").is_some());
    assert_eq!(carriers.ways(at(0), &mut rng, "a", "+4917"), Err(Barred::TrunksFull));
    assert_eq!(names(&carriers.ways(at(1), &mut rng, "a", "+4917").expect("a way")), ["slow"]);
    carriers.end(at(1), first);
    assert_eq!(names(&carriers.ways(at(1), &mut rng, "a", "+4917").expect("a way")), ["one", "slow"]);
}

#[test]
fn a_caller_has_so_many_calls_and_so_many_tries_a_minute() {
    let limited = DialPlan { caller_calls: Some(1), caller_per_minute: Some(2), ..plan() };
    let mut carriers = Carriers::new(limited, vec![carrier("a", 1, 1)]);
    let mut rng = Rng::seeded(1);
    let mut dial =
        |carriers: &mut Carriers, now, who| carriers.ways(at(now), &mut rng, who, "+4917").map(drop);
    assert_eq!((dial(&mut carriers, 0, "bob"), dial(&mut carriers, 0, "bob")), (Ok(()), Ok(())));
    assert_eq!(dial(&mut carriers, 59, "bob"), Err(Barred::CallerFast));
    assert_eq!(dial(&mut carriers, 59, "ann"), Ok(()));
    assert_eq!(dial(&mut carriers, 60, "bob"), Ok(()));
    let call = carriers.begin(at(60), "a", "ann", "+4917");
    assert_eq!(dial(&mut carriers, 61, "ann"), Err(Barred::CallerFull));
    carriers.end(at(62), call);
    assert_eq!(dial(&mut carriers, 62, "ann"), Ok(()));
}

#[test]
fn what_a_day_may_cost_is_counted_while_people_talk_and_begins_anew_the_next_day() {
    let rate =
        |begins: &str, per_minute, daily_seconds| Rate { begins: begins.into(), per_minute, daily_seconds };
    let guarded = DialPlan {
        daily_spend: Some(10_000_000),
        rates: vec![rate("+", 60_000, None), rate("+1", 600_000, Some(600))],
        ..plan()
    };
    let mut carriers = Carriers::new(guarded, vec![carrier("a", 1, 1)]);
    let mut rng = Rng::seeded(1);
    let mut dial =
        |carriers: &mut Carriers, now, number| carriers.ways(at(now), &mut rng, "x", number).map(drop);
    let ringing = carriers.begin(at(0), "a", "x", "+12");
    let call = carriers.begin(at(0), "a", "x", "+12");
    carriers.answered(at(10), call);
    assert_eq!(dial(&mut carriers, 100, "+12"), Ok(()));
    assert_eq!(carriers.used(at(100)).1.get("+1"), Some(&Use { calls: 1, seconds: 90, spend: 900_000 }));
    assert_eq!(dial(&mut carriers, 610, "+13"), Err(Barred::DestinationSpent), "while they still talk");
    assert_eq!(dial(&mut carriers, 610, "+33"), Ok(()));
    carriers.end(at(700), ringing);
    carriers.end(at(1010), call);
    assert_eq!(dial(&mut carriers, 2000, "+33"), Err(Barred::DaySpent), "ten of ten are gone");
    let (day, used) = carriers.used(at(2000));
    let kept: Vec<_> = used.iter().map(|(k, v)| (k.clone(), *v)).collect();
    let mut after = Carriers::new(carriers.plan.clone(), vec![carrier("a", 1, 1)]);
    after.restore(day, kept);
    assert_eq!(dial(&mut after, 2000, "+33"), Err(Barred::DaySpent), "a restart forgets nothing");
    assert_eq!(dial(&mut after, 86_400, "+33"), Ok(()));
}
