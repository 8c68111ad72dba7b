//! Knowledge: written by supervisors, found while customers talk, taught by thumbs.

use axum::http::Method;
use desk::{Change, EntryKind, NewEntry, Speaker};
use serde_json::{Value, json};

use crate::world::{NOON, World, id, opened};

const REFUND: &str = "# Refunds\n\nA refund reaches the card within five working days.";

async fn world() -> World {
    let world = World::new().await;
    world.happens(vec![opened(1, "sip:jo@example.org")]).await;
    save(&world, "refund", "Refunds", REFUND, "staff").await;
    save(&world, "zh", "退款", "退款在五个工作日内退回原支付账户。", "staff").await;
    save(&world, "goodwill", "Goodwill", "Goodwill vouchers up to fifty euros.", "supervisors").await;
    world
}

async fn save(world: &World, key: &str, title: &str, body: &str, audience: &str) {
    let version = json!({"title": title, "body": body, "lang": "en", "audience": audience});
    world.ask("sue", Method::PUT, &format!("/knowledge/articles/{key}"), version).await.is(200);
}

async fn says(world: &World, text: &str) {
    let entry = NewEntry {
        at: NOON,
        leg: Some(0),
        speaker: Speaker::Customer,
        author: None,
        kind: EntryKind::Speech,
        text: text.into(),
        detail: None,
        start_ms: Some(0),
        end_ms: Some(1),
        dedupe: None,
    };
    world.happens(vec![Change::EntryAdded { id: id(1), entry }]).await;
}

async fn suggested(world: &World, being_said: &str) -> Value {
    world.post("alice", "/conversations/0-1/suggestions", json!({"being_said": being_said})).await.is(200)
}

#[tokio::test]
async fn the_agent_sees_what_answers_while_the_customer_still_speaks_and_after() {
    let world = world().await;
    assert_eq!(suggested(&world, "").await["items"], json!([]));
    let live = suggested(&world, "when will my refund be on the card").await;
    assert_eq!(live["items"][0]["key"], "refund");
    assert!(live["items"][0]["words"].as_array().expect("words").contains(&json!("refund")));
    says(&world, "你好，我的退款什么时候到账户").await;
    let settled = suggested(&world, "").await;
    assert_eq!(settled["items"][0]["key"], "zh", "{settled}");
    world.post("alice", "/conversations/0-99/suggestions", json!({})).await.fails(404, "not_found");
}

#[tokio::test]
async fn what_an_agent_may_not_read_is_nowhere_shown_to_them() {
    let world = world().await;
    let keys = async |who| {
        let list = world.get(who, "/knowledge/articles").await.is(200);
        list["items"].as_array().expect("rows").iter().map(|one| one["key"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(keys("alice").await, [json!("refund"), json!("zh")]);
    assert_eq!(keys("sue").await.len(), 3);
    assert_eq!(
        world.get("alice", "/knowledge/search?q=goodwill%20vouchers").await.is(200)["items"],
        json!([])
    );
    assert_eq!(
        world.get("sue", "/knowledge/search?q=goodwill%20vouchers").await.is(200)["items"][0]["key"],
        "goodwill"
    );
    world.get("alice", "/knowledge/articles/goodwill").await.fails(404, "not_found");
    world.get("sue", "/knowledge/articles/goodwill").await.is(200);
    let version = json!({"title": "x", "body": "y", "lang": "en"});
    world.ask("alice", Method::PUT, "/knowledge/articles/x", version).await.fails(403, "forbidden");
}

#[tokio::test]
async fn a_question_without_an_answer_is_a_gap_once_per_conversation() {
    let world = world().await;
    says(&world, "hello").await;
    suggested(&world, "").await;
    says(&world, "do you repair telescopes").await;
    for _ in 0..2 {
        assert_eq!(suggested(&world, "").await["items"], json!([]));
    }
    let gaps = world.get("alice", "/knowledge/gaps").await.is(200);
    assert_eq!(gaps["items"].as_array().map(Vec::len), Some(1), "{gaps}");
    assert_eq!(
        (&gaps["items"][0]["question"], &gaps["items"][0]["times"]),
        (&json!("do you repair telescopes"), &json!(1))
    );
}

#[tokio::test]
async fn a_thumb_teaches_at_once() {
    let world = world().await;
    let question = "plastic money back";
    assert_eq!(suggested(&world, question).await["items"], json!([]));
    let thumb = |key: &str| json!({"key": key, "question": question, "useful": true});
    world.post("alice", "/knowledge/votes", thumb("refund")).await.is(204);
    assert_eq!(suggested(&world, question).await["items"][0]["key"], "refund");
    world.post("alice", "/knowledge/votes", thumb("nothing")).await.fails(404, "not_found");
}

#[tokio::test]
async fn an_import_tells_each_bad_row_changes_nothing_when_tried_and_can_be_repeated() {
    let world = world().await;
    let file = |dry_run| {
        let text = "key,title,body,lang\nship,Shipping,Parcels arrive in three days,en\nbad,,x,en\n";
        json!({"format": "csv", "name": "a.csv", "text": text, "lang": "en", "dry_run": dry_run})
    };
    let tried = world.post("sue", "/knowledge/import", file(true)).await.is(200);
    assert_eq!((&tried["items"][0]["key"], &tried["items"][1]["line"]), (&json!("ship"), &json!(3)));
    world.get("sue", "/knowledge/articles/ship").await.fails(404, "not_found");
    for _ in 0..2 {
        world.post("sue", "/knowledge/import", file(false)).await.is(200);
    }
    let versions = world.get("sue", "/knowledge/articles/ship").await.is(200);
    assert_eq!(versions["items"].as_array().map(Vec::len), Some(1));
    world.post("alice", "/knowledge/import", file(true)).await.fails(403, "forbidden");
}
