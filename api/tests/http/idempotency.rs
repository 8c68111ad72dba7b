//! Requests that are repeated under their key, and how many there may be.

use std::sync::atomic::Ordering;
use std::time::Duration;

use api::{ApiConfig, Rate};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::world::{Answer, NOON, World};

async fn keyed(world: &World, who: &str, path: &str, key: &str, body: &Value) -> Answer {
    let request = Request::post(format!("/api/v1{path}"))
        .header("authorization", format!("Bearer {}", world.token(who)))
        .header("content-type", "application/json")
        .header("idempotency-key", key);
    world.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

#[tokio::test]
async fn a_repeated_request_is_answered_alike_and_done_once() {
    let world = World::new().await;
    let ticket = json!({ "subject": "Lost parcel" });
    let first = keyed(&world, "key", "/tickets", "order-17", &ticket).await;
    let again = keyed(&world, "key", "/tickets", "order-17", &ticket).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(first.is(201), again.is(201));
    assert_eq!(world.get("key", "/tickets").await.is(200)["items"].as_array().expect("a list").len(), 1);
    keyed(&world, "alice", "/tickets", "order-17", &ticket).await.is(201);
    let other = json!({ "subject": "Another one" });
    keyed(&world, "key", "/tickets", "order-17", &other).await.fails(422, "key_reused");
    world.clock.0.store(NOON + 25 * 3_600_000, Ordering::SeqCst);
    keyed(&world, "key", "/tickets", "order-17", &other).await.is(201);
}

#[tokio::test]
async fn of_two_at_once_one_is_worked_on() {
    let world = World::new().await;
    let ticket = json!({ "subject": "Lost parcel" });
    let both =
        futures::future::join_all((0..8).map(|_| keyed(&world, "key", "/tickets", "k", &ticket))).await;
    assert!(both.iter().any(|answer| answer.status == 201));
    assert!(
        both.iter().all(|answer| answer.status == 201 || answer.json()["error"]["code"] == "in_progress")
    );
    assert_eq!(world.get("key", "/tickets").await.is(200)["items"].as_array().expect("a list").len(), 1);
}

#[tokio::test]
async fn what_a_killed_process_left_is_not_done_a_second_time() {
    let world = World::new().await;
    let mark = "0.left";
    assert!(world.store.begin_kept(("key:demo", "k"), mark, NOON, 0).await.expect("kept"));
    keyed(&world, "key", "/tickets", "k", &json!({ "subject": "x" })).await.fails(422, "key_reused");
    keyed(&world, "key", "/tickets", " ", &json!({ "subject": "x" })).await.fails(400, "bad_request");
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_back_and_live_media_never_waits() {
    let requests = Some(Rate { burst: 2, refill: Duration::from_secs(10) });
    let world = World::with(ApiConfig { requests, ..ApiConfig::default() }, 64).await;
    let first = world.get("alice", "/queues").await;
    assert_eq!(
        (&first.headers["ratelimit-limit"], &first.headers["ratelimit-remaining"]),
        (&"2".parse().expect("text"), &"1".parse().expect("text"))
    );
    world.get("alice", "/queues").await.is(200);
    let refused = world.get("alice", "/queues").await;
    assert_eq!(
        (&refused.headers["retry-after"], &refused.headers["ratelimit-remaining"]),
        (&"10".parse().expect("text"), &"0".parse().expect("text"))
    );
    refused.fails(429, "throttled");
    world.get("bob", "/queues").await.is(200);
    world.post("alice", "/conversations/0-9/media", json!({ "sdp": "v=0\r\nm=audio" })).await.is(200);
    world.get("alice", "/agents/alice/holding").await.is(200);
    world.clock.0.store(NOON + 10_000, Ordering::SeqCst);
    world.get("alice", "/queues").await.is(200);
}
