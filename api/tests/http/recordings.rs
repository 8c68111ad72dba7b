//! Hearing recordings, and taking part in calls as a supervisor.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::world::{World, id, opened, with_agent};

async fn world() -> World {
    let world = World::new().await;
    let leg = desk::Leg {
        n: 1,
        speaker: desk::Speaker::Agent,
        agent: Some("alice".into()),
        device: "browser".to_owned(),
        codec: String::new(),
        started_at: 0,
        answered_at: None,
        ended_at: None,
        fault: None,
        reason: None,
    };
    let took_part = desk::Change::LegChanged { id: id(1), leg };
    world.happens(vec![opened(1, "sip:jo@example.org"), with_agent(1, "bob"), took_part]).await;
    world.happens(vec![opened(2, "sip:jo@example.org")]).await;
    world
}

#[tokio::test]
async fn those_who_took_part_and_those_who_supervise_hear_a_recording() {
    let world = world().await;
    let path = "/conversations/0-1/recording";
    for (who, status) in [("alice", 200), ("sue", 200), ("key", 200), ("bob", 403)] {
        let answer = world.get(who, path).await;
        assert_eq!(answer.status.as_u16(), status, "{who}");
    }
    world.get("sue", "/conversations/0-2/recording").await.fails(404, "not_found");
    world.get("sue", "/conversations/0-9/recording").await.fails(404, "not_found");
}

#[tokio::test]
async fn a_range_is_exactly_that_part_over_chunk_borders_too() {
    let world = world().await;
    for (range, first, last) in
        [("bytes=0-0", 0, 0), ("bytes=60-130", 60, 130), ("bytes=990-", 990, 999), ("bytes=-3", 997, 999)]
    {
        let request = Request::get("/api/v1/conversations/0-1/recording")
            .header("authorization", format!("Bearer {}", world.token("sue")))
            .header("range", range);
        let answer = world.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status.as_u16(), 206, "{range}");
        assert_eq!(answer.headers["content-range"], format!("bytes {first}-{last}/1000"), "{range}");
        let expected: Vec<u8> = (first..=last).map(|n: u64| (n % 97) as u8).collect();
        assert_eq!(answer.text.as_bytes(), expected, "{range}");
    }
    let request = Request::get("/api/v1/conversations/0-1/recording")
        .header("authorization", format!("Bearer {}", world.token("sue")))
        .header("range", "bytes=1000-");
    world.send(request.body(Body::empty()).expect("a request")).await.fails(416, "bad_range");
}

#[tokio::test]
async fn only_supervisors_take_part_in_calls_of_others() {
    let world = world().await;
    let path = "/conversations/0-1/watch";
    world.post("alice", path, json!({"mode": "listen"})).await.fails(403, "forbidden");
    world.post("sue", path, json!({"mode": "shout"})).await.fails(400, "bad_request");
    world.post("sue", path, json!({"mode": "listen"})).await.is(204);
    assert_eq!(world.told(), ["sue watches 0-1: Listen"]);
}
