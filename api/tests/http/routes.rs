//! What holds for every route there is, taken from the document that lists them.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::World;

fn document() -> Value {
    serde_json::from_str(&api::openapi_json()).expect("the document is JSON")
}

#[test]
fn the_committed_document_is_the_one_that_the_handlers_make() {
    let committed = include_str!("../../openapi.json");
    let committed: Value = serde_json::from_str(committed).expect("the committed document is JSON");
    let hint = "run: cargo run -p api --release --example openapi > api/openapi.json";
    assert!(committed == document(), "api/openapi.json is not current; {hint}");
}

#[tokio::test]
async fn the_document_is_served() {
    let world = World::new().await;
    let request = axum::http::Request::get("/api/openapi.json").body(axum::body::Body::empty());
    let served = world.send(request.expect("a request")).await.is(200);
    assert!(served == document());
}

#[tokio::test]
async fn no_route_but_the_open_ones_answers_a_stranger() {
    let world = World::new().await;
    let document = document();
    let mut open = Vec::new();
    let mut refused = 0;
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            // A requirement without schemes (`{}`) is satisfied by anybody.
            let strangers =
                operation["security"].as_array().is_some_and(|s| s.iter().any(|s| s == &json!({})));
            if strangers {
                open.push(format!("{method} {path}"));
                continue;
            }
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let path = path.strip_prefix("/api/v1").expect("below /api/v1");
            let path = path.replace("{id}", if path.contains("tickets") { "1" } else { "0-1" });
            let path = path
                .replace("{name}", "alice")
                .replace("{address}", "192.0.2.9")
                .replace("{seq}", "1")
                .replace("{key}", "k")
                .replace("{n}", "1");
            // A body that every extractor takes as JSON; whoever is refused for it came too far.
            let body = match operation["operationId"].as_str() {
                Some("app_write") => json!({"text": "x"}),
                Some("chat_write") => json!({"text": "x", "dedupe": "x"}),
                Some("chat_typing") => json!({"on": true}),
                Some("attach_call") => json!({"sdp": "v=0"}),
                _ if operation["requestBody"].is_object() => json!({}),
                _ => Value::Null,
            };
            for who in ["", "not-a-token"] {
                let answer = world.ask(who, method.clone(), &path, body.clone()).await;
                answer.fails(401, "unauthorized");
            }
            refused += 1;
        }
    }
    let expected = [
        "post /api/v1/session",
        "post /api/v1/widget/calls",
        "post /api/v1/widget/chats",
        "get /api/v1/widget/chats/{id}/events",
    ];
    assert_eq!(open, expected, "a new open route must be meant");
    assert!(refused >= 20, "{refused}");
}

#[tokio::test]
async fn a_customers_token_opens_nothing_of_the_staff() {
    let world = World::new().await;
    let wish = json!({"visitor": "0123456789abcdef", "lang": "en"});
    let chat = world.post("", "/widget/chats", wish).await.is(201);
    let token = chat["token"].as_str().expect("a token");
    world.get(token, "/conversations").await.fails(401, "unauthorized");
    world.get(token, "/session").await.fails(401, "unauthorized");
}

#[tokio::test]
async fn unknown_routes_and_methods_are_told_in_json() {
    let world = World::new().await;
    world.get("alice", "/nonsense").await.fails(404, "not_found");
    world.get("", "/nonsense").await.fails(404, "not_found");
    world.ask("alice", Method::PUT, "/tickets/1", Value::Null).await.fails(405, "method_not_allowed");
    let answer = world.get("alice", "/session").await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}

/// Programs make function names of them: generated clients do not build when two are the same.
#[test]
fn every_operation_has_an_id_of_its_own() {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let operations =
        paths.values().filter_map(serde_json::Value::as_object).flat_map(serde_json::Map::values);
    let mut seen = std::collections::BTreeSet::new();
    for id in operations.filter_map(|operation| operation["operationId"].as_str()) {
        assert!(seen.insert(id), "two operations are called {id}");
    }
    assert!(seen.len() > 20);
}
