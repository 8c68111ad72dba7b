//! Keys that administrators make for programs.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{NOON, World};

/// Makes a key; its number and token.
async fn made(world: &World, name: &str, scopes: Value, days: Value) -> (String, String) {
    let wanted = json!({ "name": name, "scopes": scopes, "expires_in_days": days });
    let made = world.post("admin", "/api-keys", wanted).await.is(201);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&made["key"]["id"]), text(&made["token"]))
}

#[tokio::test]
async fn a_key_does_what_its_scopes_name_and_nothing_else() {
    let world = World::new().await;
    let (_, token) = made(&world, "crm", json!(["tickets:read", "tickets:write"]), Value::Null).await;
    let ticket = world.post(&token, "/tickets", json!({ "subject": "Broken parcel" })).await.is(201);
    assert_eq!(world.get(&token, "/tickets").await.is(200)["items"][0]["id"], ticket["id"]);
    let refused = world.get(&token, "/conversations").await.fails(403, "scope_missing");
    assert!(
        refused["message"].as_str().is_some_and(|text| text.contains("`conversations:read`")),
        "{refused}"
    );
    assert_eq!(world.get(&token, "/session").await.is(200)["name"], "key:crm", "any key may ask who it is");
    let events = world.get("admin", "/audit").await.is(200);
    assert_eq!(events["items"][0]["by"], "admin");
    assert!(
        events["items"][0]["after"].as_str().is_some_and(|text| text.contains("tickets:write")),
        "{events}"
    );
}

#[tokio::test]
async fn a_token_is_shown_once_and_its_last_use_is_seen() {
    let world = World::new().await;
    let (_, token) = made(&world, "erp", json!(["floor:read"]), json!(30)).await;
    assert!(token.starts_with("vdk_"), "known as ours where it leaks");
    let listed = world.get("admin", "/api-keys").await;
    assert!(!listed.text.contains(&token), "{}", listed.text);
    let key = &listed.is(200)["items"][0];
    assert_eq!((&key["used_at"], &key["expired"]), (&Value::Null, &json!(false)));
    world.get(&token, "/agents").await.is(200);
    let listed = world.get("admin", "/api-keys").await.is(200);
    assert!(listed["items"][0]["used_at"].is_string(), "{listed}");
}

#[tokio::test]
async fn an_expired_key_and_a_revoked_one_do_nothing() {
    let world = World::new().await;
    let (_, short) = made(&world, "short", json!(["floor:read"]), json!(1)).await;
    let (id, long) = made(&world, "long", json!(["floor:read"]), Value::Null).await;
    world.get(&short, "/agents").await.is(200);
    world.clock.0.store(NOON + 86_400_000, std::sync::atomic::Ordering::SeqCst);
    world.get(&short, "/agents").await.fails(401, "unauthorized");
    world.get(&long, "/agents").await.is(200);
    world.ask("admin", Method::DELETE, &format!("/api-keys/{id}"), Value::Null).await.is(204);
    world.get(&long, "/agents").await.fails(401, "unauthorized");
    world.ask("admin", Method::DELETE, &format!("/api-keys/{id}"), Value::Null).await.fails(404, "not_found");
}

#[tokio::test]
async fn only_administrators_make_keys_and_no_key_makes_others() {
    let world = World::new().await;
    let wanted = json!({ "name": "crm", "scopes": ["tickets:read"] });
    world.post("sue", "/api-keys", wanted.clone()).await.fails(403, "forbidden");
    world.post("key", "/api-keys", wanted.clone()).await.is(201);
    world.post("admin", "/api-keys", wanted).await.fails(409, "name_taken");
    let scopes = json!(["settings:read", "settings:write"]);
    let (_, token) = made(&world, "settings", scopes, Value::Null).await;
    world
        .post(&token, "/api-keys", json!({ "name": "more", "scopes": ["events:read"] }))
        .await
        .fails(403, "forbidden");
    for wrong in [
        json!({ "name": " ", "scopes": ["tickets:read"] }),
        json!({ "name": "x", "scopes": [] }),
        json!({ "name": "x", "scopes": ["everything"] }),
        json!({ "name": "x", "scopes": ["tickets:read"], "expires_in_days": 0 }),
    ] {
        world.post("admin", "/api-keys", wrong).await.fails(400, "bad_request");
    }
}

/// Taken from the document, so that a new route is tried, too.
#[tokio::test]
async fn every_route_refuses_a_key_that_lacks_its_scope() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(&api::openapi_json()).expect("JSON");
    let all: Vec<Value> =
        document["components"]["schemas"]["Scope"]["enum"].as_array().expect("scopes").clone();
    let mut tried = 0;
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let Some(scope) = operation["security"][0]["bearer"][0].as_str() else { continue };
            // The socket authorises by itself: its own test is below.
            if path == "/api/v1/events" {
                continue;
            }
            let others: Vec<_> = all.iter().filter(|other| **other != scope).collect();
            let (_, token) = made(&world, &format!("{method} {path}")[..], json!(others), Value::Null).await;
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let path = path.strip_prefix("/api/v1").expect("below /api/v1").replace(['{', '}'], "");
            let answer = world.ask(&token, method, &path, Value::Null).await;
            assert_eq!(answer.fails(403, "scope_missing")["field"], scope, "{path}");
            tried += 1;
        }
    }
    assert!(tried >= 80, "{tried}");
}
