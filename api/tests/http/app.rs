//! A company's own app, web hooks, and what agents see of messages that leave by a channel.

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use desk::delivery::DeliveryStep;
use desk::{Change, EntryKind, Speaker};
use serde_json::{Value, json};

use crate::reception::CONVERSATION;
use crate::world::{Answer, NOON, World, entry};

fn token(secret: &str, subject: &str) -> String {
    let claims = json!({ "sub": subject, "name": "Ann", "exp": NOON / 1000 + 600 }).to_string();
    let signed =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#), URL_SAFE_NO_PAD.encode(claims));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    let tag = aws_lc_rs::hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

async fn write(world: &World, token: &str, key: &str, text: &str) -> Answer {
    let request = Request::post("/api/v1/app/shop/messages")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(json!({ "text": text }).to_string()));
    world.send(request.expect("a request")).await
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_another_message_under_its_key_is_refused() {
    let world = World::new().await;
    let ann = token("s", "c-1");
    let first = write(&world, &ann, "k1", "where is my order?").await.is(201);
    let again = write(&world, &ann, "k1", "where is my order?").await.is(201);
    assert_eq!(first, again);
    write(&world, &ann, "k1", "something else").await.fails(409, "key_reused");
    write(&world, &ann, " ", "x").await.fails(400, "bad_request");
    let other = write(&world, &token("s", "c-2"), "k1", "mine").await.is(201);
    assert_ne!(first["seq"], other["seq"], "keys of two customers have nothing to do with each other");
    let lines = world.get(&ann, "/app/shop/messages").await.is(200);
    assert_eq!(lines["items"][0]["text"], "where is my order?");
    assert_eq!(lines["conversation"], first["conversation"]);
    let session = world.post(&ann, "/app/shop/session", Value::Null).await.is(201);
    let chat = session["token"].as_str().expect("a token");
    world.get(chat, &format!("/widget/chats/{CONVERSATION}/lines")).await.is(200);
}

#[tokio::test]
async fn only_who_is_signed_for_writes() {
    let world = World::new().await;
    for bad in [token("other", "c-1"), "x.y.z".into(), world.token("alice").to_owned()] {
        write(&world, &bad, "k", "x").await.fails(401, "unauthorized");
    }
    world.get(&token("s", "c-1"), "/app/nobody/messages").await.fails(401, "unauthorized");
    let wish = |identity: &str| json!({"visitor": "0123456789abcdef", "lang": "en", "identity": identity});
    world.post("", "/widget/chats", wish(&token("s", "c-9"))).await.is(201);
    assert!(world.told().contains(&"chat of user:c-9".to_owned()), "{:?}", world.told());
    world.post("", "/widget/chats", wish(&token("t", "c-9"))).await.fails(401, "unauthorized");
}

#[tokio::test]
async fn a_hook_answers_for_its_channel_and_bodies_are_limited() {
    let world = World::new().await;
    let post = |path: &str, size: usize| Request::post(path.to_owned()).body(Body::from(vec![b'x'; size]));
    let answer = world.send(post("/hooks/sms?a=b", 10).expect("a request")).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "POST 10 bytes"));
    world.send(post("/hooks/fax", 10).expect("a request")).await.fails(404, "not_found");
    world.send(post("/hooks/sms", 300_000).expect("a request")).await.fails(413, "too_large");
}

#[tokio::test]
async fn agents_see_where_a_message_stands_and_send_it_again() {
    let world = World::new().await;
    write(&world, &token("s", "c-1"), "k", "hello").await.is(201);
    let agent = || Some("alice".into());
    world
        .happens(vec![
            entry(CONVERSATION, Speaker::Agent, agent(), EntryKind::Message, "hi", None),
            Change::DeliveryMoved {
                id: CONVERSATION,
                seq: 2,
                step: DeliveryStep::Failed { why: "http_422".into() },
                at: NOON,
            },
        ])
        .await;
    let path = format!("/conversations/{CONVERSATION}");
    let seen = world.get("alice", &path).await.is(200);
    assert_eq!(seen["writing"]["longest"], 10_000);
    assert_eq!(seen["deliveries"], json!([{"seq": 2, "state": "failed", "tries": 1, "why": "http_422"}]));
    world.post("alice", &format!("{path}/messages/2/send-again"), Value::Null).await.is(204);
    let seen = world.get("alice", &path).await.is(200);
    assert_eq!(seen["deliveries"][0]["state"], "waiting");
    world.post("alice", &format!("{path}/messages/1/send-again"), Value::Null).await.fails(404, "not_found");
}

#[tokio::test]
async fn a_file_is_kept_by_the_browser_and_never_opened() {
    let world = World::new().await;
    let answer = world.get("alice", "/files/k/1").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "<script>"));
    assert_eq!(answer.headers["content-type"], "application/octet-stream");
    assert_eq!(answer.headers["content-disposition"], "attachment");
    world.get("alice", "/files/k/2").await.fails(404, "not_found");
    world.get("", "/files/k/1").await.fails(401, "unauthorized");
}
