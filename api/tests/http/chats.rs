//! The customer's side of a chat.

use std::time::Duration;

use api::{ApiConfig, Rate};
use axum::http::Method;
use desk::{EntryKind, Speaker};
use serde_json::{Value, json};

use crate::world::{World, entry};

async fn open(world: &World, visitor: &str) -> (String, String) {
    let wish = json!({"visitor": visitor, "name": "Jo", "lang": "zh"});
    let chat = world.post("", "/widget/chats", wish).await.is(201);
    let text = |key: &str| chat[key].as_str().expect("text").to_owned();
    (text("conversation"), text("token"))
}

#[tokio::test]
async fn a_customer_opens_writes_reads_and_leaves() {
    let world = World::new().await;
    let (id, token) = open(&world, "visitor-0123456789").await;
    let at = |end: &str| format!("/widget/chats/{id}{end}");
    let hello = json!({"text": "你好", "dedupe": "a"});
    for _ in 0..2 {
        assert_eq!(world.post(&token, &at("/messages"), hello.clone()).await.is(201)["seq"], 1);
    }
    let conversation = id.parse().expect("an id");
    world
        .happens(vec![
            entry(conversation, Speaker::Agent, Some("bob".into()), EntryKind::Note, "rude", None),
            entry(conversation, Speaker::System, None, EntryKind::Event, "queued", None),
            entry(conversation, Speaker::Agent, Some("bob".into()), EntryKind::Message, "hi", None),
        ])
        .await;
    let answer = world.get(&token, &at("/lines")).await;
    for hidden in ["rude", "queued", "bob"] {
        assert!(!answer.text.contains(hidden), "{hidden}");
    }
    let lines = answer.is(200);
    assert_eq!(lines["state"], "flow");
    let shown: Vec<_> = lines["items"].as_array().expect("lines").iter().collect();
    assert_eq!(shown.len(), 2);
    assert_eq!((&shown[0]["speaker"], &shown[0]["text"]), (&json!("customer"), &json!("你好")));
    assert_eq!((&shown[1]["speaker"], &shown[1]["seq"]), (&json!("agent"), &json!(4)));
    let first = world.get(&token, &at("/lines?limit=1")).await.is(200);
    assert_eq!(first["next"], 1);
    let rest = world.get(&token, &at("/lines?limit=1&after=1")).await.is(200);
    assert_eq!((&rest["items"][0]["seq"], &rest["next"]), (&json!(4), &Value::Null));

    world.post(&token, &at("/typing"), json!({"on": true})).await.is(204);
    assert!(world.told().contains(&format!("typing in {id} true")));
    world.ask(&token, Method::DELETE, &at(""), Value::Null).await.is(204);
    assert_eq!(world.get(&token, &at("/lines")).await.is(200)["state"], "ended");
}

#[tokio::test]
async fn the_bubble_works_on_other_peoples_sites() {
    let world = World::new().await;
    let asked = world.ask("", Method::OPTIONS, "/widget/chats/0-1/messages", Value::Null).await;
    assert_eq!(asked.headers["access-control-allow-origin"], "*");
    let allowed = asked.headers["access-control-allow-headers"].to_str().expect("ascii").to_owned();
    assert!(allowed.contains("authorization") && allowed.contains("content-type"), "{allowed}");
    asked.is(204);
    let refused = world.get("", "/widget/chats/0-1/lines").await;
    assert_eq!(refused.headers["access-control-allow-origin"], "*", "the page may read why");
    let staff = world.get("alice", "/conversations").await;
    assert!(!staff.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_token_opens_its_one_chat() {
    let world = World::new().await;
    let (mine, _) = open(&world, "visitor-0123456789").await;
    let (_, theirs) = open(&world, "visitor-9876543210").await;
    let path = format!("/widget/chats/{mine}/lines");
    world.get(&theirs, &path).await.fails(401, "unauthorized");
    world.get("admin", &path).await.fails(401, "unauthorized");
    world.get("", &path).await.fails(401, "unauthorized");
}

#[tokio::test]
async fn a_visitor_is_somebody_whom_nobody_can_guess() {
    let world = World::new().await;
    for visitor in ["short", "0123456789abcde\n", &"x".repeat(65), "0123456789 abcdef"] {
        let answer = world.post("", "/widget/chats", json!({"visitor": visitor, "lang": "en"})).await;
        assert_eq!(answer.fails(400, "bad_request")["field"], "visitor");
    }
    let name = json!({"visitor": "0123456789abcdef", "lang": "en", "name": "n".repeat(81)});
    assert_eq!(world.post("", "/widget/chats", name).await.fails(400, "bad_request")["field"], "name");
}

#[tokio::test]
async fn who_posts_too_fast_is_slowed_down_alone() {
    let two = Rate { burst: 2, refill: Duration::from_secs(1) };
    let config =
        ApiConfig { chat_posts: two, chats_opened: Rate { burst: 3, ..two }, ..ApiConfig::default() };
    let world = World::with(config, 64).await;
    let (fast, token) = open(&world, "visitor-0123456789").await;
    let (calm, other) = open(&world, "visitor-9876543210").await;
    let line = |n: i32| json!({"text": "x", "dedupe": n.to_string()});
    let path = format!("/widget/chats/{fast}/messages");
    world.post(&token, &path, line(1)).await.is(201);
    world.post(&token, &path, line(2)).await.is(201);
    world.post(&token, &path, line(3)).await.fails(429, "throttled");
    world.post(&other, &format!("/widget/chats/{calm}/messages"), line(1)).await.is(201);
    open(&world, "visitor-4444444444").await;
    let more = json!({"visitor": "visitor-5555555555", "lang": "en"});
    world.post("", "/widget/chats", more).await.fails(429, "throttled");
}

#[tokio::test]
async fn a_customer_calls_from_a_page_and_the_token_opens_that_call_alone() {
    let world = World::new().await;
    let wish = json!({"visitor": "visitor-0123456789", "lang": "en", "video": true});
    let call = world.post("", "/widget/calls", wish.clone()).await.is(201);
    let (id, token) =
        (call["conversation"].as_str().expect("an id"), call["token"].as_str().expect("a token"));
    assert_eq!(call["ice_servers"], json!([]));
    assert!(world.told().contains(&"call of chat:visitor-0123456789, video true".to_owned()));
    let media = format!("/widget/calls/{id}/media");
    let offer = json!({"sdp": "v=0\r\nm=audio"});
    assert_eq!(world.post(token, &media, offer.clone()).await.is(200)["sdp"], "v=0 answer");
    world.post(token, &media, json!({"sdp": "hello"})).await.fails(400, "bad_sdp");
    world.post("", &media, offer.clone()).await.fails(401, "unauthorized");
    let other = world.post("", "/widget/calls", wish).await.is(201);
    let other = format!("/widget/calls/{}/media", other["conversation"].as_str().expect("an id"));
    world.post(token, &other, offer).await.fails(401, "unauthorized");
    assert_eq!(world.get(token, &format!("/widget/chats/{id}/lines")).await.is(200)["state"], "flow");
    world.ask(token, Method::DELETE, &format!("/widget/chats/{id}"), Value::Null).await.is(204);
}

#[tokio::test]
async fn what_is_no_visitor_calls_nobody() {
    let world = World::new().await;
    for (wish, field) in [
        (json!({"visitor": "short", "lang": "en"}), "visitor"),
        (json!({"visitor": "visitor-0123456789", "lang": "en", "name": "x".repeat(81)}), "name"),
    ] {
        assert_eq!(world.post("", "/widget/calls", wish).await.fails(400, "bad_request")["field"], field);
    }
}
