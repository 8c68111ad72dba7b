//! Signing in and out.

use std::sync::atomic::Ordering;
use std::time::Duration;

use api::{ApiConfig, Rate};
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, World};

async fn sign_in(world: &World, name: &str, password: &str) -> Answer {
    world.post("", "/session", json!({"name": name, "password": password})).await
}

async fn with_cookie(world: &World, method: Method, cookie: &str, extra: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri("/api/v1/session").header("host", "desk.example");
    request = request.header("cookie", format!("theme=dark; voxdesk_session={cookie}"));
    for (name, value) in extra {
        request = request.header(*name, *value);
    }
    world.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn signing_in_gives_a_token_and_a_cookie_that_work_until_signing_out() {
    let world = World::new().await;
    let answer = sign_in(&world, "alice", PASSWORD).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("ascii").to_owned();
    let body = answer.is(200);
    assert_eq!(body["user"], json!({"name": "alice", "role": "agent", "lang": null, "agent": true}));
    let token = body["token"].as_str().expect("a token").to_owned();
    assert!(cookie.starts_with(&format!("voxdesk_session={token}; Path=/; Max-Age=43200")), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");

    assert_eq!(world.get(&token, "/session").await.is(200)["name"], "alice");
    assert_eq!(with_cookie(&world, Method::GET, &token, &[]).await.is(200)["name"], "alice");

    let answer = with_cookie(&world, Method::DELETE, &token, &[("x-voxdesk", "1")]).await;
    let cleared = answer.headers[header::SET_COOKIE].to_str().expect("ascii").to_owned();
    assert!(cleared.contains("Max-Age=0"), "{cleared}");
    answer.is(204);
    world.get(&token, "/session").await.fails(401, "unauthorized");
}

#[tokio::test]
async fn another_site_cannot_use_the_cookie_for_a_change() {
    let world = World::new().await;
    let token = world.tokens["alice"].clone();
    let delete = |extra: &'static [(&str, &str)]| with_cookie(&world, Method::DELETE, &token, extra);
    delete(&[]).await.fails(403, "csrf");
    delete(&[("origin", "https://evil.example")]).await.fails(403, "csrf");
    delete(&[("origin", "http://desk.example")]).await.is(204);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let world = World::new().await;
    let wrong = sign_in(&world, "alice", "wrong").await.fails(401, "bad_credentials");
    let unknown = sign_in(&world, "nobody", PASSWORD).await.fails(401, "bad_credentials");
    let key = sign_in(&world, "key:demo", PASSWORD).await.fails(401, "bad_credentials");
    assert_eq!(wrong, unknown);
    assert_eq!(wrong, key);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_signing_in_often_is_not() {
    let sign_ins = Rate { burst: 3, refill: Duration::from_secs(10) };
    let world = World::with(ApiConfig { sign_in: sign_ins, ..ApiConfig::default() }, 8).await;
    for _ in 0..5 {
        sign_in(&world, "alice", PASSWORD).await.is(200);
    }
    for _ in 0..3 {
        sign_in(&world, "alice", "guess").await.fails(401, "bad_credentials");
    }
    let answer = sign_in(&world, "alice", PASSWORD).await;
    assert_eq!(answer.headers[header::RETRY_AFTER], "10");
    answer.fails(429, "throttled");
    sign_in(&world, "bob", PASSWORD).await.is(200);
    world.clock.0.fetch_add(10_000, Ordering::SeqCst);
    sign_in(&world, "alice", PASSWORD).await.is(200);
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let world = World::new().await;
    let body = sign_in(&world, "alice", PASSWORD).await.is(200);
    let token = body["token"].as_str().expect("a token");
    world.clock.0.fetch_add(12 * 3_600_000 - 1, Ordering::SeqCst);
    world.get(token, "/session").await.is(200);
    world.clock.0.fetch_add(2, Ordering::SeqCst);
    world.get(token, "/session").await.fails(401, "unauthorized");
}

#[tokio::test]
async fn the_language_of_the_pages_is_kept() {
    let world = World::new().await;
    let change = |lang| world.ask("alice", Method::PATCH, "/session", json!({ "lang": lang }));
    assert_eq!(change("zh").await.is(200)["lang"], "zh");
    assert_eq!(world.get("alice", "/session").await.is(200)["lang"], "zh");
    assert_eq!(world.get("bob", "/session").await.is(200)["lang"], Value::Null);
    let wrong = change("fr").await.fails(400, "bad_request");
    assert_eq!(wrong["field"], "lang");
    assert!(wrong["message"].as_str().expect("text").contains("`en` or `zh`"), "{wrong}");
}

#[tokio::test]
async fn an_api_key_says_who_it_is_and_cannot_sign_itself_out() {
    let world = World::new().await;
    let me = world.get("key", "/session").await.is(200);
    assert_eq!(me, json!({"name": "key:demo", "role": "admin", "lang": null, "agent": false}));
    world.ask("key", Method::DELETE, "/session", Value::Null).await.fails(403, "forbidden");
    world.get("key", "/session").await.is(200);
}
