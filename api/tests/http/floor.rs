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
