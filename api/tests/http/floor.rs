//! Agents and queues.

use api::{ApiConfig, Turn};
use axum::http::Method;
use kernel::Time;
use routing::{AgentState, AgentStatus};
use serde_json::json;

use crate::world::{World, agent};

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
