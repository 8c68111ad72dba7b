//! Agents and queues.

use std::time::Duration;

use api::{ApiConfig, Guess, Turn};
use axum::http::Method;
use desk::{Change, ConversationState, EntryKind, NewEntry, Speaker};
use kernel::Time;
use routing::{AgentState, AgentStatus};
use serde_json::json;

use crate::world::{NOON, World, agent, id};

#[tokio::test]
async fn agents_and_queues_are_shown_in_wall_time() {
    let world = World::new().await;
    let agents = world.get("alice", "/agents").await.is(200);
    assert_eq!(agents["items"][0]["name"], "alice");
    assert_eq!(agents["items"][0]["since"], "2025-11-22T16:20:01.500Z");
    assert_eq!(agents["items"][1]["state"], "not_ready");
    let unseen = AgentStatus { since: Time::ZERO, ..agent("carol", AgentState::Offline) };
    world.floor.agents.lock().expect("lock").push(unseen);
    let agents = world.get("alice", "/agents").await.is(200);
    assert_eq!(agents["items"][2]["since"], json!(null), "nobody has been offline since 1970");
    let queues = world.get("alice", "/queues").await.is(200);
    let queue = json!({"name": "support", "open": true, "length": 0, "waiting": [], "estimate_minutes": null,
        "ready_agents": 1, "staffed_agents": 2});
    assert_eq!(queues, json!({"items": [queue], "next": null}));
}

#[tokio::test]
async fn readiness_is_ones_own_unless_one_supervises() {
    let world = World::new().await;
    let ready = |who: &'static str, name: &'static str| {
        let world = &world;
        let path = format!("/agents/{name}/ready");
        async move { world.ask(who, Method::PUT, &path, json!({"ready": true})).await }
    };
    ready("alice", "me").await.is(204);
    ready("alice", "alice").await.is(204);
    ready("alice", "bob").await.fails(403, "forbidden");
    ready("sue", "bob").await.is(204);
    ready("key", "alice").await.is(204);
    assert_eq!(world.told(), ["alice ready true", "alice ready true", "bob ready true", "alice ready true"]);
    world.get("alice", "/agents/me/holding").await.is(200);
    world.get("alice", "/agents/bob/holding").await.fails(403, "forbidden");
    assert_eq!(world.get("sue", "/agents/bob/holding").await.is(200), json!({"offers": [], "calls": []}));
}

#[tokio::test]
async fn pages_get_turn_credentials_that_end_and_nobody_else_does() {
    let none = World::new().await.get("alice", "/ice-servers").await.is(200);
    assert_eq!(none, json!({"items": [], "lifetime": 0}));
    let urls = vec!["turn:turn.example.com:3478?transport=udp".to_owned()];
    let turn = Some(Turn { urls, secret: "north".to_owned().into(), lifetime: 600 });
    let world = World::with(ApiConfig { turn, ..ApiConfig::default() }, 64).await;
    world.get("nobody", "/ice-servers").await.fails(401, "unauthorized");
    let first = world.get("alice", "/ice-servers").await.is(200);
    let second = world.get("alice", "/ice-servers").await.is(200);
    assert_eq!(first["items"][0]["urls"], json!(["turn:turn.example.com:3478?transport=udp"]));
    assert_ne!(first["items"][0]["username"], second["items"][0]["username"], "each asker has its own");
    assert!(!first.to_string().contains("north"), "the shared secret never leaves");
    let (ends, _) =
        first["items"][0]["username"].as_str().and_then(|name| name.split_once(':')).expect("a time");
    let wall = 1_763_828_401;
    assert!(ends.parse::<i64>().expect("seconds") - wall < 700, "{ends}");
}

#[tokio::test]
async fn a_supervisor_asks_what_if_and_is_answered_with_formulas_beside() {
    let world = World::new().await;
    let made = json!({"hourly": 100, "spread": 1, "hours": 4, "count": 2, "seed": 1});
    let wish = json!({"staffing": {"range": [7, 9]}, "queues": ["support"], "made": made, "handling": 240, "patience": 180,
        "answer": 3, "target": 20});
    let rows = world.ask("sue", Method::POST, "/what-if", wish.clone()).await.is(200);
    let rows = rows["rows"].as_array().cloned().expect("rows");
    let level = |n: usize| rows[n]["service_level"].as_f64().expect("a part");
    assert_eq!(rows.len(), 3);
    assert!(level(0) < level(1) && level(1) < level(2), "{} {} {}", level(0), level(1), level(2));
    assert!(
        rows[2]["erlang_a"]["wait"].as_f64().expect("seconds")
            < rows[0]["erlang_a"]["wait"].as_f64().expect("seconds")
    );
    let with = |name: &str, value: serde_json::Value| {
        let mut wish = wish.clone();
        wish[name] = value;
        wish
    };
    let teams =
        json!({"teams": [{"count": 3, "skills": {"support": 5}}, {"count": 3, "skills": {"other": 5}}]});
    let answer = world.ask("sue", Method::POST, "/what-if", with("staffing", teams)).await.is(200);
    assert_eq!(answer["rows"][0]["agents"], 6);
    for (field, value) in [
        ("staffing", json!({})),
        ("staffing", json!({"range": [9, 7]})),
        ("queues", json!(["nowhere"])),
        ("strategy", json!("by_dice")),
        ("record", json!("2025-11-22")),
        ("handling", json!(-1)),
        ("made", json!({"hourly": 100_000, "spread": 1, "hours": 24, "count": 30, "seed": 1})),
    ] {
        world.ask("sue", Method::POST, "/what-if", with(field, value)).await.fails(400, "bad_request");
    }
    world.ask("alice", Method::POST, "/what-if", wish).await.fails(403, "forbidden");
}

#[tokio::test]
async fn bans_are_listed_made_and_lifted_by_administrators_only() {
    let world = World::new().await;
    for who in ["alice", "sue"] {
        world.get(who, "/sip/bans").await.fails(403, "forbidden");
        world.post(who, "/sip/bans", json!({"address": "192.0.2.9"})).await.fails(403, "forbidden");
        world.ask(who, Method::DELETE, "/sip/bans/192.0.2.9", json!(null)).await.fails(403, "forbidden");
    }
    let bans = world.get("admin", "/sip/bans").await.is(200);
    let ban = json!({"address": "203.0.113.7", "reason": "passwords", "proven": true, "failures": 21, "turned_away": 7,
        "times": 1, "since": "2025-11-22T16:20:00.000Z", "until": "2025-11-22T16:25:00.000Z"});
    assert_eq!(bans, json!({"items": [ban], "next": null}));
    let made = world.post("admin", "/sip/bans", json!({"address": "192.0.2.9"})).await.is(201);
    assert_eq!((&made["reason"], &made["until"]), (&json!("by_hand"), &json!("2025-11-23T16:20:00.000Z")));
    world.post("admin", "/sip/bans", json!({"address": "192.0.2.9", "seconds": 60})).await.is(201);
    let wrong = world.post("admin", "/sip/bans", json!({"address": "192.0.2.9", "seconds": 5})).await;
    assert_eq!(wrong.fails(400, "bad_request")["field"], "seconds");
    let wrong = world.post("admin", "/sip/bans", json!({"address": "example.com"})).await;
    assert_eq!(wrong.fails(400, "bad_address")["field"], "address");
    world.ask("admin", Method::DELETE, "/sip/bans/2001:db8::%2F64", json!(null)).await.is(204);
    world.ask("admin", Method::DELETE, "/sip/bans/192.0.2.1", json!(null)).await.fails(404, "not_found");
    let told = ["admin bans 192.0.2.9 for 86400", "admin bans 192.0.2.9 for 60", "admin lifts 2001:db8::/64"];
    assert_eq!(world.told(), told);
}

/// A caller who enters the queue `support`, `at` milliseconds after noon, and is gone two hours later; `told`: the entry's detail.
fn waited(n: u64, at: i64, called: &str, told: Option<&str>) -> Vec<Change> {
    let id = id(n);
    let at = NOON + at;
    let entry = |detail: &str| NewEntry {
        at,
        leg: None,
        speaker: Speaker::System,
        author: None,
        kind: EntryKind::Event,
        text: "queued".into(),
        detail: Some(detail.to_owned()),
        start_ms: None,
        end_ms: None,
        dedupe: None,
    };
    let opened = Change::ConversationOpened {
        id,
        channel: desk::Channel::Voice,
        address: format!("tel:+49{n}"),
        name: None,
        called: called.into(),
        lang: "en".into(),
        at,
    };
    let moved = Change::ConversationMoved {
        id,
        state: ConversationState::Waiting,
        queue: Some("support".into()),
        queued_at: Some(at),
        agent: None,
        lang: None,
    };
    let ended = Change::ConversationEnded {
        id,
        at: at + 7_200_000,
        fault: kernel::Fault::None,
        reason: "hangup".into(),
    };
    let mut changes = vec![opened];
    changes.extend(told.map(|detail| Change::EntryAdded { id, entry: entry(detail) }));
    changes.extend([moved, ended]);
    changes
}

#[tokio::test]
async fn a_day_of_the_record_is_tried_with_the_priority_and_the_needs_that_it_had() {
    const USUAL: &str = r#"{"queue":"support"}"#;
    const URGENT: &str = r#"{"queue":"support","priority":5}"#;
    const CHINESE: &str = r#"{"queue":"support","wishes":{"skills":[{"skill":"zh","at_least":3}]}}"#;
    let test = format!("test-{}", "0123456789abcdef".repeat(2));
    let world = World::new().await;
    let day = [
        waited(1, 0, "1000", Some(USUAL)),
        waited(2, 1_000, "1000", Some(USUAL)),
        waited(3, 2_000, "1000", Some(URGENT)),
        waited(4, 3_000, "1000", Some(CHINESE)),
        waited(5, 4_000, "1000", None),
        waited(6, 5_000, &test, Some(URGENT)),
        waited(7, 6_000, "test-line", Some(USUAL)),
    ];
    world.store.append(NOON, day.concat()).await.expect("recorded");
    let begin = api::day_begin("2025-11-22").expect("a day");
    let guess = Guess { handling: 60.0, patience: 0.0, seed: 1 };
    let was = api::recorded_day(&*world.store, begin, guess).await.expect("readable");
    assert_eq!((was.customers.len(), was.special, was.unknown, was.tests), (6, 2, 1, 1));
    assert_eq!(was.customers.iter().map(|one| one.priority).collect::<Vec<_>>(), [0, 0, 5, 0, 0, 0]);
    assert_eq!(was.customers[1].at, Duration::from_secs(1));

    let ask = async |skills: serde_json::Value| {
        let wish = json!({"staffing": {"teams": [{"count": 1, "skills": skills}]}, "record": "2025-11-22",
            "handling": 60, "patience": 0, "answer": 0, "target": 70});
        world.ask("sue", Method::POST, "/what-if", wish).await.is(200)
    };
    let without = ask(json!({"support": 5})).await;
    assert_eq!(without["record"], json!({"customers": 6, "special": 2, "unknown": 1, "tests": 1}));
    assert_eq!((&without["rows"][0]["came"], &without["rows"][0]["answered"]), (&json!(6), &json!(5)));
    let with = ask(json!({"support": 5, "zh": 3})).await;
    assert_eq!(with["rows"][0]["answered"], 6, "somebody speaks Chinese");
    let one_for_all = json!({"staffing": {"range": [1, 1]}, "record": "2025-11-22",
        "handling": 60, "patience": 0, "answer": 0, "target": 70});
    let all = world.ask("sue", Method::POST, "/what-if", one_for_all).await.is(200);
    assert_eq!(all["rows"][0]["answered"], 6, "who does everything does what customers ask for, too");

    // Who was urgent is second though they came third.
    let setup = routing::what_if::alike(1, &["support".into()], &["zh".to_owned()].into());
    let went = routing::simulation::simulate(&setup, &was.customers, Duration::ZERO).all();
    assert!((went.waits[1] - 58.0).abs() < 0.5, "{:?}", went.waits);
}
