//! Tickets: moved, edited, noted.

use axum::http::Method;
use desk::Change;
use serde_json::json;

use crate::world::{Answer, NOON, World, id, opened};

async fn world() -> World {
    let world = World::new().await;
    for n in 1..=2 {
        let ticket = Change::TicketFor { id: id(n), subject: "Call by Jo".into(), assignee: None, at: NOON };
        world.happens(vec![opened(n, "sip:jo@example.org"), ticket]).await;
    }
    world
}

async fn patch(world: &World, body: serde_json::Value) -> Answer {
    world.ask("alice", Method::PATCH, "/tickets/1", body).await
}

#[tokio::test]
async fn a_ticket_is_shown_with_its_conversations() {
    let world = world().await;
    let list = world.get("bob", "/tickets").await.is(200);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "one open ticket per person");
    let ticket = world.get("bob", "/tickets/1").await.is(200);
    assert_eq!(ticket["conversations"], json!(["0-1", "0-2"]));
    assert_eq!(ticket["history"][1]["id"], "0-2");
    assert_eq!(ticket["person"]["name"], "Jo");
    assert_eq!(ticket["created_at"], "2025-11-22T16:20:00.000Z");
    world.get("bob", "/tickets/2").await.fails(404, "not_found");
    assert_eq!(world.get("bob", "/tickets/x").await.fails(400, "bad_request")["field"], "id");
    assert_eq!(world.get("bob", "/tickets?state=done").await.is(200)["items"], json!([]));
    world.get("bob", "/tickets?state=lost").await.fails(400, "bad_request");
}

#[tokio::test]
async fn a_ticket_moves_only_from_where_the_mover_saw_it() {
    let world = world().await;
    let step = |from, to| json!({"state": {"from": from, "to": to}});
    assert_eq!(patch(&world, step("new", "in_progress")).await.is(200)["state"], "in_progress");
    patch(&world, step("new", "in_progress")).await.fails(409, "stale");
    patch(&world, step("in_progress", "in_progress")).await.fails(409, "no_such_way");
    let wrong = patch(&world, step("new", "lost")).await.fails(400, "bad_request");
    assert_eq!(wrong["field"], "state.to");
}

#[tokio::test]
async fn a_ticket_is_edited_and_every_change_is_recorded() {
    let world = world().await;
    let edited = patch(&world, json!({"subject": "Bill of May", "assignee": "bob"})).await.is(200);
    assert_eq!((&edited["subject"], &edited["assignee"]), (&json!("Bill of May"), &json!("bob")));
    let last = world.store.events_after(0, 100).await.expect("events").pop().expect("one");
    assert!(matches!(last.change, Change::TicketEdited { by, .. } if by == "alice"));
    let field = |answer: Answer| answer.fails(400, "bad_request")["field"].clone();
    assert_eq!(field(patch(&world, json!({"assignee": "nobody"})).await), "assignee");
    assert_eq!(field(patch(&world, json!({"subject": " "})).await), "subject");
    assert_eq!(field(patch(&world, json!({"subject": "x".repeat(201)})).await), "subject");
    patch(&world, json!({})).await.fails(400, "bad_request");
    let missing = world.ask("alice", Method::PATCH, "/tickets/9", json!({"subject": "x"})).await;
    missing.fails(404, "not_found");
}

#[tokio::test]
async fn a_note_goes_to_the_latest_conversation() {
    let world = world().await;
    let note = json!({"text": "promised to call back", "dedupe": "n1"});
    for _ in 0..2 {
        let posted = world.post("alice", "/tickets/1/notes", note.clone()).await.is(201);
        assert_eq!((&posted["conversation"], &posted["seq"]), (&json!("0-2"), &json!(1)));
    }
    world.post("alice", "/tickets/9/notes", note).await.fails(404, "not_found");
}
