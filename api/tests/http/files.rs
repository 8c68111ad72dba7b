//! Files that agents send: uploaded for one conversation, named by a message, fetched by its customer.

use axum::body::Body;
use axum::http::{Method, Request};
use desk::{Change, Channel};
use serde_json::{Value, json};

use crate::world::{Answer, World, id, opened, with_agent};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Conversation `n` by a channel, with alice.
async fn on(world: &World, n: u64, by: Channel) {
    let Change::ConversationOpened { id, address, name, called, lang, at, .. } = opened(n, "chat:x") else {
        unreachable!()
    };
    let begun = Change::ConversationOpened { id, channel: by, address, name, called, lang, at };
    world.happens(vec![begun, with_agent(n, "alice")]).await;
}

async fn upload(world: &World, who: &str, path: &str, bytes: &[u8]) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/api/v1{path}"))
        .header("authorization", format!("Bearer {}", world.token(who)))
        .header("content-type", "application/octet-stream")
        .body(Body::from(bytes.to_vec()))
        .expect("a request");
    world.send(request).await
}

#[tokio::test]
async fn what_was_uploaded_for_a_conversation_goes_with_a_message_of_it_and_of_no_other() {
    let world = World::new().await;
    on(&world, 1, Channel::Chat).await;
    on(&world, 2, Channel::Mail).await;
    let path = |n: u64| format!("/conversations/{}/files?name=%E5%8F%91%E7%A5%A8%20p.png", id(n));
    let file = upload(&world, "alice", &path(1), PNG).await.is(201);
    assert_eq!((&file["name"], &file["size"]), (&json!("发票 p.png"), &json!(8)));
    let message =
        |text: &str| json!({"text": text, "files": [{"name": "p.png", "url": file["url"]}], "dedupe": "m1"});
    let to = |n: u64| format!("/conversations/{}/messages", id(n));
    let error = world.post("alice", &to(2), message("")).await.fails(400, "bad_request");
    assert_eq!(error["field"], "files", "of another conversation");
    world.post("alice", &to(1), message("")).await.is(201);
    let shown = world.get("alice", &format!("/conversations/{}", id(1))).await.is(200);
    assert_eq!(shown["entries"][0]["detail"]["files"][0]["url"], file["url"]);
    assert_eq!(shown["writing"]["files"], json!(true));
    let url = file["url"].as_str().and_then(|url| url.strip_prefix("/api/v1")).expect("a path");
    let request = Request::get(format!("/api/v1{url}"))
        .header("authorization", format!("Bearer {}", world.token("bob")));
    let raw =
        tower::ServiceExt::oneshot(world.router.clone(), request.body(Body::empty()).expect("a request"))
            .await;
    let raw = raw.expect("an answer");
    assert_eq!(
        (raw.status().as_u16(), &raw.headers()["content-type"]),
        (200, &"image/png".parse().expect("a type"))
    );
    assert_eq!(raw.headers()["content-disposition"], "attachment");
    let missing = json!({"text": "x", "files": [{"name": "a", "url": "/api/v1/files/00000000000000000000000000000000/0"}]});
    world.post("alice", &to(1), missing).await.fails(400, "bad_request");
    let note = json!({"text": "x", "note": true, "files": [{"name": "a", "url": file["url"]}]});
    world.post("alice", &to(1), note).await.fails(400, "bad_request");
}

#[tokio::test]
async fn unfit_files_and_channels_without_files_are_refused_with_what_would_be_right() {
    let world = World::new().await;
    on(&world, 1, Channel::Chat).await;
    on(&world, 3, Channel::Wechat).await;
    on(&world, 4, Channel::Voice).await;
    let path = |n: u64, name: &str| format!("/conversations/{}/files?name={name}", id(n));
    upload(&world, "alice", &path(1, "setup.exe"), b"MZ").await.fails(400, "is_program");
    upload(&world, "alice", &path(1, "a.txt"), b"").await.fails(400, "empty_file");
    upload(&world, "alice", &path(1, ""), b"x").await.fails(400, "bad_request");
    let large = vec![0; desk::files::FILE_BYTES + 1];
    upload(&world, "alice", &path(1, "a.bin"), &large).await.fails(413, "too_large");
    upload(&world, "alice", &path(1, "a.bin"), &large[1..]).await.is(201);
    upload(&world, "bob", &path(1, "a.txt"), b"x").await.fails(403, "not_yours");
    for n in [3, 4] {
        upload(&world, "alice", &path(n, "a.txt"), b"x").await.fails(400, "no_files");
    }
    upload(&world, "alice", &path(9, "a.txt"), b"x").await.fails(404, "not_found");
}

#[tokio::test]
async fn a_customer_fetches_the_files_of_their_own_chat_alone() {
    let world = World::new().await;
    let chat = |visitor: &str| json!({"visitor": visitor, "lang": "en"});
    let mine = world.post("", "/widget/chats", chat("visitor-of-files-1")).await.is(201);
    let other = world.post("", "/widget/chats", chat("visitor-of-files-2")).await.is(201);
    let mine_id = mine["conversation"].as_str().expect("an id").to_owned();
    let key = desk::files::key(mine_id.parse().expect("an id"), 7);
    let detail = desk::files::Particulars {
        files: vec![desk::files::SentFile { name: "p.txt".into(), url: desk::files::url(&key, 0), size: 1 }],
        subject: None,
    };
    api::Reception::keep(&*world.reception, &key, b"<".to_vec()).await.expect("kept");
    let conversation = mine_id.parse().expect("an id");
    let mut said = crate::world::says(1, "");
    if let Change::EntryAdded { id, entry } = &mut said {
        *id = conversation;
        entry.speaker = desk::Speaker::Agent;
        entry.kind = desk::EntryKind::Message;
        entry.detail = detail.written();
    }
    world.happens(vec![said]).await;
    let token = |chat: &Value| chat["token"].as_str().expect("a token").to_owned();
    let lines = world.get(&token(&mine), &format!("/widget/chats/{mine_id}/lines")).await.is(200);
    assert_eq!(lines["items"][0]["files"], json!([{"name": "p.txt", "file": format!("{key}/0"), "size": 1}]));
    let at = |chat: &Value| {
        format!("/widget/chats/{}/files/{key}/0", chat["conversation"].as_str().expect("an id"))
    };
    let got = world.get(&token(&mine), &at(&mine)).await;
    assert_eq!((got.status.as_u16(), got.text.as_str()), (200, "<"));
    assert_eq!(got.headers["content-type"], "application/octet-stream");
    world.get(&token(&other), &at(&mine)).await.fails(401, "unauthorized");
    world.get(&token(&other), &at(&other)).await.fails(404, "not_found");
    world.get("", &at(&mine)).await.fails(401, "unauthorized");
}

#[tokio::test]
async fn a_customer_sends_files_of_their_own_chat_and_puts_no_end_of_them_on_our_disk() {
    let world = World::new().await;
    let opening = |visitor: &str| json!({"visitor": visitor, "lang": "zh"});
    let mine = world.post("", "/widget/chats", opening("visitor-0123456789")).await.is(201);
    let other = world.post("", "/widget/chats", opening("visitor-9876543210")).await.is(201);
    let of = |chat: &Value, name: &str| chat[name].as_str().expect("a text").to_owned();
    let (chat, token) = (of(&mine, "conversation"), of(&mine, "token"));
    let to = |chat: &str, what: &str| format!("/widget/chats/{chat}/{what}");
    let files = to(&chat, "files?name=%E5%8F%91%E7%A5%A8.png");

    upload(&world, &of(&other, "token"), &files, PNG).await.fails(401, "unauthorized");
    let file = upload(&world, &token, &files, PNG).await.is(201);
    let message = |dedupe: &str| json!({"text": "", "files": [{"name": "发票.png", "url": file["url"]}], "dedupe": dedupe});
    let first = world.post(&token, &to(&chat, "messages"), message("f1")).await.is(201);
    let again = world.post(&token, &to(&chat, "messages"), message("f1")).await.is(201);
    assert_eq!(first["seq"], again["seq"], "sent twice, recorded once");
    let shown = world.get("alice", &format!("/conversations/{chat}")).await.is(200);
    assert_eq!(shown["entries"][0]["speaker"], "customer");
    assert_eq!(shown["entries"][0]["detail"]["files"][0]["name"], "发票.png");
    assert!(world.get(&token, &to(&chat, "lines")).await.is(200).to_string().contains("发票.png"));

    let foreign =
        world.post(&of(&other, "token"), &to(&of(&other, "conversation"), "messages"), message("f2")).await;
    assert_eq!(foreign.fails(400, "bad_request")["field"], "files", "of another chat");
    world
        .post(&token, &to(&chat, "messages"), json!({"text": " ", "dedupe": "f3"}))
        .await
        .fails(400, "bad_request");
    upload(&world, &token, &to(&chat, "files?name=a.exe"), PNG).await.fails(400, "is_program");
    upload(&world, &token, &to(&chat, "files?name=a.txt"), b"").await.fails(400, "empty_file");
    upload(&world, &token, &files, &vec![0; (10 << 20) + 1]).await.fails(413, "too_large");
    for _ in 0..6 {
        upload(&world, &token, &files, PNG).await.is(201);
    }
    upload(&world, &token, &files, PNG).await.fails(429, "throttled");
    world.ask(&token, Method::DELETE, &format!("/widget/chats/{chat}"), Value::Null).await.is(204);
    upload(&world, &token, &files, PNG).await.fails(410, "gone");
}
