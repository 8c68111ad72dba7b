//! Writing and ordering on a conversation.

use axum::http::Method;
use serde_json::json;

use crate::world::{World, heard, id, opened, with_agent};

async fn world() -> World {
    let world = World::new().await;
    world.happens(vec![opened(1, "sip:jo@example.org"), with_agent(1, "alice")]).await;
    world.happens(vec![opened(2, "sip:jo@example.org")]).await;
    world
}

#[tokio::test]
async fn only_who_has_the_conversation_writes_to_the_customer() {
    let world = world().await;
    let hello = json!({"text": " hello ", "dedupe": "d1"});
    let posted = world.post("alice", "/conversations/0-1/messages", hello.clone()).await.is(201);
    assert_eq!(posted, json!({"seq": 1, "at": "2025-11-22T16:20:00.000Z"}));
    let again = world.post("alice", "/conversations/0-1/messages", hello.clone()).await.is(201);
    assert_eq!(again["seq"], 1, "the same dedupe is recorded once");
    world.post("bob", "/conversations/0-1/messages", hello.clone()).await.fails(403, "not_yours");
    world.post("alice", "/conversations/0-9/messages", hello).await.fails(404, "not_found");
    let entries = world.get("bob", "/conversations/0-1").await.is(200)["entries"].clone();
    assert_eq!(entries.as_array().map(Vec::len), Some(1));
    assert_eq!((&entries[0]["text"], &entries[0]["author"]), (&json!("hello"), &json!("alice")));
}

#[tokio::test]
async fn an_administrators_key_writes_as_the_agent_who_has_it() {
    let world = world().await;
    let path = "/conversations/0-1/messages";
    world.post("key", path, json!({"text": "from a program"})).await.is(201);
    world.post("key", path, json!({"text": "as alice", "agent": "alice"})).await.is(201);
    world.post("key", path, json!({"text": "as bob", "agent": "bob"})).await.fails(403, "not_yours");
    let nobody = world.post("key", "/conversations/0-2/messages", json!({"text": "x"})).await;
    nobody.fails(409, "wrong_state");
    let posing = world.post("bob", path, json!({"text": "as alice", "agent": "alice"})).await;
    posing.fails(403, "forbidden");
}

#[tokio::test]
async fn any_staff_may_add_a_note_to_any_conversation() {
    let world = world().await;
    let note = json!({"text": "calls about his bill", "note": true});
    world.post("bob", "/conversations/0-2/messages", note.clone()).await.is(201);
    let entry = world.get("alice", "/conversations/0-2").await.is(200)["entries"][0].clone();
    assert_eq!((&entry["kind"], &entry["author"]), (&json!("note"), &json!("bob")));
    world.post("bob", "/conversations/0-9/messages", note).await.fails(404, "not_found");
}

#[tokio::test]
async fn who_is_called_by_name_in_a_note_finds_it_without_its_words() {
    let world = world().await;
    let note = json!({"text": "@alice @bob @nobody he waits for your call", "note": true});
    let posted = world.post("bob", "/conversations/0-2/messages", note).await.is(201);
    let entry = world.get("bob", "/conversations/0-2").await.is(200)["entries"][0].clone();
    assert_eq!(entry["detail"], json!({"mentions": ["alice", "bob"]}), "nobody is nobody");

    let found = world.get("alice", "/mentions").await.is(200);
    assert_eq!((&found["unseen"], found["items"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    let one = found["items"][0].clone();
    assert_eq!(
        (&one["conversation"], &one["seq"], &one["by"], &one["seen"]),
        (&json!("0-2"), &posted["seq"], &json!("bob"), &json!(false))
    );
    assert!(!found.to_string().contains("waits"), "the words stand in the conversation alone");
    assert_eq!(world.get("bob", "/mentions").await.is(200)["items"], json!([]), "who wrote it knows");

    world.ask("alice", Method::PUT, "/mentions/seen", json!({"until": one["id"]})).await.is(204);
    let found = world.get("alice", "/mentions").await.is(200);
    assert_eq!((&found["unseen"], &found["items"][0]["seen"]), (&json!(0), &json!(true)));
    world.get("alice", "/mentions?limit=0").await.fails(400, "bad_request");
    world.get("alice", "/mentions?after=x").await.fails(400, "bad_request");
}

#[tokio::test]
async fn orders_reach_the_floor_and_its_refusals_come_back() {
    let world = world().await;
    let path = "/conversations/0-1/commands";
    world.post("alice", path, json!({"command": "mute", "on": true})).await.is(204);
    world.post("alice", path, json!({"command": "digits", "digits": "12#"})).await.is(204);
    world.post("key", &format!("{path}?agent=alice"), json!({"command": "hangup"})).await.is(204);
    assert_eq!(world.told(), ["alice Mute { on: true }", "alice Digits { digits: \"12#\" }", "alice Hangup"]);
    world.post("bob", path, json!({"command": "hangup"})).await.fails(403, "not_yours");
    world
        .post("bob", &format!("{path}?agent=alice"), json!({"command": "hangup"}))
        .await
        .fails(403, "forbidden");
    let wrong = world.post("alice", path, json!({"command": "digits", "digits": "12a"})).await;
    assert_eq!(wrong.fails(400, "bad_request")["field"], "digits");
    let unknown = world.post("alice", path, json!({"command": "explode"})).await.fails(400, "bad_request");
    assert!(unknown["message"].as_str().expect("text").contains("`hangup`"), "{unknown}");
}

#[tokio::test]
async fn media_is_an_offer_for_an_answer() {
    let world = world().await;
    let media = |sdp: &'static str| world.post("alice", "/conversations/0-1/media", json!({ "sdp": sdp }));
    assert_eq!(media("v=0\r\nm=audio 9\r\n").await.is(200), json!({"sdp": "v=0 answer"}));
    assert_eq!(media("v=0\r\n").await.fails(400, "bad_sdp")["field"], "sdp");
    assert_eq!(media("hello").await.fails(400, "bad_sdp")["field"], "sdp");
}

#[tokio::test]
async fn a_transcript_is_handed_out_as_a_file_in_the_format_asked_for() {
    let world = world().await;
    world.happens(vec![crate::world::says(1, "Hello <there>")]).await;
    let path = "/conversations/0-1/transcript?format=";
    let vtt = world.get("bob", &format!("{path}vtt")).await;
    assert_eq!(vtt.headers["content-type"], "text/vtt; charset=utf-8");
    assert!(vtt.text.starts_with("WEBVTT\n\n") && vtt.text.contains("Hello &lt;there&gt;"), "{}", vtt.text);
    assert!(world.get("bob", &format!("{path}text")).await.text.ends_with(": Hello <there>\n"));
    assert_eq!(world.get("bob", &format!("{path}vcon")).await.json()["dialog"][0]["body"], "Hello <there>");
    world.get("bob", &format!("{path}docx")).await.fails(400, "bad_request");
    world.get("bob", "/conversations/0-9/transcript?format=srt").await.fails(404, "not_found");
}

#[tokio::test]
async fn a_callback_is_moved_or_withdrawn_by_the_staff() {
    let world = World::new().await;
    let path = format!("/conversations/{}/callback", id(1));
    world.post("alice", &path, json!({"do": "withdraw"})).await.is(204);
    let later = json!({"do": "move", "queue": "support", "not_before": "2025-11-22T18:00:00Z"});
    world.post("alice", &path, later).await.is(204);
    assert_eq!(world.told(), ["callback withdrawn", "callback to support, not before 1763834400000"]);
    world.post("alice", &path, json!({"do": "move", "queue": "nowhere"})).await.fails(400, "bad_request");
    world.post("alice", &path, json!({"do": "move", "not_before": "soon"})).await.fails(400, "bad_request");
    world.post("nobody", &path, json!({"do": "withdraw"})).await.fails(401, "unauthorized");
}

#[tokio::test]
async fn a_line_is_corrected_by_who_took_part_and_what_it_said_is_kept() {
    let world = world().await;
    world.happens(vec![heard(1, "My older", 1_000), crate::world::says(1, "a message")]).await;
    let (line, fix) =
        ("/conversations/0-1/entries/1", |text: &str, n: i64| json!({"text": text, "revision": n}));
    let before = world.get("bob", "/conversations/0-1").await.is(200)["entries"][0].clone();
    assert_eq!((&before["confidence"], &before["corrected"]), (&json!(0.62), &json!(null)));
    assert_eq!(before["detail"], json!({"words": [["My", 1000, 1200, 0.9], ["older", 1200, 2000, 0.3]]}));

    world.patch("bob", line, fix("x", 0)).await.fails(403, "forbidden");
    world.patch("nobody", line, fix("x", 0)).await.fails(401, "unauthorized");
    let now = world.patch("alice", line, fix("  My\n order ", 0)).await.is(200);
    assert_eq!((&now["text"], &now["confidence"]), (&json!("My order"), &json!(null)));
    assert_eq!(
        now["corrected"],
        json!({"revision": 1, "by": "alice", "at": "2025-11-22T16:20:00.000Z", "original": "My older"})
    );
    assert_eq!(now["detail"]["words"], json!([["My", 1000, 1200, 0.9], ["order", 1200, 2000]]));
    let again = world.patch("alice", line, fix("My order", 0)).await.is(200);
    assert_eq!(again, now, "the same again is the same");
    let stale = world.patch("sue", line, fix("My odour", 0)).await.fails(409, "stale");
    assert_eq!((&stale["field"], &stale["line"]["text"]), (&json!("revision"), &json!("My order")));
    assert_eq!(stale["line"]["corrected"]["revision"], 1);
    world.patch("key", line, fix("Mine", 1)).await.is(200);
    assert_eq!(world.get("bob", "/conversations/0-1").await.is(200)["entries"][0]["text"], "Mine");

    let history = world.get("bob", &format!("{line}/history")).await.is(200)["items"].clone();
    let told: Vec<_> = history.as_array().expect("a list").iter().map(|v| (&v["text"], &v["by"])).collect();
    let by = |name: &str| json!(name);
    assert_eq!(told[0], (&json!("My older"), &json!(null)));
    assert_eq!(told[1], (&json!("My order"), &by("alice")));
    assert_eq!((told[2].0, history[2]["revision"].as_i64()), (&json!("Mine"), Some(2)));
    assert_eq!(
        world.get("bob", "/search?q=order").await.is(200)["items"],
        json!([]),
        "it no longer says that"
    );
    let text = world.get("bob", "/conversations/0-1/transcript?format=text").await.text;
    assert!(text.contains(": Mine\n") && !text.contains("order"), "{text}");
    let whole = world.get("bob", "/conversations/0-1/transcript?format=json").await.json();
    assert_eq!(whole["lines"][1]["corrected"]["original"], "My older", "{whole}");
}

#[tokio::test]
async fn only_lines_are_corrected_and_what_must_not_be_read_is_hidden_first() {
    let world = world().await;
    world.happens(vec![heard(1, "My older", 1_000), crate::world::says(1, "a message")]).await;
    let fix = |text: &str| json!({"text": text, "revision": 0});
    world.patch("sue", "/conversations/0-1/entries/2", fix("x")).await.fails(409, "not_a_line");
    world.patch("sue", "/conversations/0-1/entries/7", fix("x")).await.fails(404, "not_found");
    world.patch("sue", "/conversations/0-9/entries/1", fix("x")).await.fails(404, "not_found");
    world.patch("sue", "/conversations/x/entries/1", fix("x")).await.fails(404, "not_found");
    let line = "/conversations/0-1/entries/1";
    assert_eq!(world.patch("sue", line, fix(" \n")).await.fails(400, "bad_request")["field"], "text");
    let long = "word ".repeat(500);
    assert_eq!(world.patch("sue", line, fix(&long)).await.fails(400, "bad_request")["field"], "text");
    world.patch("sue", line, json!({"text": "x"})).await.fails(400, "bad_request");
    let now = world.patch("sue", line, fix("My card is 4111 1111 1111 1111")).await.is(200);
    assert_eq!(now["text"], "My card is [card number]");
    assert_eq!(now["detail"]["hidden"][0]["kind"], "card");
    for path in [line.to_owned() + "/history", "/conversations/0-1".to_owned()] {
        assert!(!world.get("sue", &path).await.text.contains("4111"), "{path}");
    }
    let events = world.store.events_after(0, 100).await.expect("readable");
    assert!(!format!("{events:?}").contains("4111"));
}
