//! Bad input is told what it is, and harms nobody.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::world::{Answer, World, opened, with_agent};

const PATH: &str = "/api/v1/conversations/0-1/messages";

async fn world() -> World {
    let world = World::new().await;
    world.happens(vec![opened(1, "sip:jo@example.org"), with_agent(1, "alice")]).await;
    world
}

async fn raw(world: &World, kind: &str, body: impl Into<Body>) -> Answer {
    let token = format!("Bearer {}", world.tokens["alice"]);
    let request = Request::post(PATH).header("authorization", token).header("content-type", kind);
    world.send(request.body(body.into()).expect("a request")).await
}

#[tokio::test]
async fn what_is_no_json_is_told_where() {
    let world = world().await;
    let error = raw(&world, "application/json", "{\"text\": \"a\",\n nope}").await.fails(400, "bad_json");
    assert!(error["message"].as_str().expect("text").contains("line 2 column"), "{error}");
    raw(&world, "application/json", "").await.fails(400, "bad_json");
    raw(&world, "application/json", "\u{feff}{}").await.fails(400, "bad_json");
    raw(&world, "application/json", vec![b'{', 0xff, 0xfe]).await.fails(400, "bad_json");
    let deep = "[".repeat(100_000);
    raw(&world, "application/json", format!("{{\"text\": {deep}")).await.fails(400, "bad_request");
    raw(&world, "application/json; charset=utf-8", "{\"text\": \"fine\"}").await.is(201);
}

#[tokio::test]
async fn a_wrong_field_is_named_with_what_would_be_right() {
    let world = world().await;
    let sent = |body| world.post("alice", "/conversations/0-1/messages", body);
    assert_eq!(sent(json!({"text": 7})).await.fails(400, "bad_request")["field"], "text");
    let unknown = sent(json!({"txt": "x"})).await.fails(400, "bad_request");
    assert!(unknown["message"].as_str().expect("text").contains("expected one of `text`"), "{unknown}");
    assert_eq!(sent(json!({"text": "  "})).await.fails(400, "bad_request")["field"], "text");
    assert_eq!(sent(json!({"text": "x".repeat(10_001)})).await.fails(400, "bad_request")["field"], "text");
    let dedupe = sent(json!({"text": "x", "dedupe": "d".repeat(101)})).await;
    assert_eq!(dedupe.fails(400, "bad_request")["field"], "dedupe");
    sent(json!({"text": "喂".repeat(10_000)})).await.is(201);
}

#[tokio::test]
async fn too_much_and_the_wrong_kind_are_refused() {
    let world = world().await;
    let much = format!("{{\"text\": \"{}\"}}", "x".repeat(300 << 10));
    raw(&world, "application/json", much).await.fails(413, "too_large");
    raw(&world, "text/plain", "{}").await.fails(415, "unsupported_media_type");
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let world = world().await;
    let field = async |path: &str| world.get("alice", path).await.fails(400, "bad_request")["field"].clone();
    assert_eq!(field("/conversations?limit=0").await, "limit");
    assert_eq!(field("/conversations?limit=201").await, "limit");
    assert_eq!(field("/conversations?limit=many").await, "limit");
    assert_eq!(field("/conversations?open=perhaps").await, "open");
    for (limit, right) in [
        ("many", "must be a whole number, 1 to 200"),
        ("-1", "must be a whole number, 1 to 200"),
        ("", "must be a whole number, 1 to 200"),
        ("99999999999", "must be 1 to 200"),
        ("201", "is 201; must be 1 to 200"),
    ] {
        let said = world.get("alice", &format!("/tickets?limit={limit}")).await.fails(400, "bad_request");
        assert_eq!((&said["field"], &said["message"]), (&json!("limit"), &json!(right)), "{limit}");
    }
    let said = world.get("alice", "/conversations?person=jo").await.fails(400, "bad_request");
    assert_eq!(said["message"], "must be a whole number");
    assert_eq!(field("/conversations/zebra").await, "id");
    world.get("alice", "/conversations?colour=red").await.fails(400, "bad_request");
    world.get("alice", "/conversations?after=nonsense").await.fails(400, "bad_request");
    world.get("alice", "/conversations/0-77").await.fails(404, "not_found");
}
