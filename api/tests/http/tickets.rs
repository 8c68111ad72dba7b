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

#[tokio::test]
async fn the_ways_shown_are_those_that_this_user_may_go() {
    let world = world().await;
    assert_eq!(world.get("alice", "/tickets/1").await.is(200)["ways"], json!(["in_progress"]));
    patch(&world, json!({"assignee": "bob"})).await.is(200);
    assert_eq!(world.get("alice", "/tickets/1").await.is(200)["ways"], json!([]));
    assert_eq!(world.get("sue", "/tickets/1").await.is(200)["ways"], json!(["in_progress"]));
    let step = json!({"state": {"from": "new", "to": "in_progress"}});
    patch(&world, step.clone()).await.fails(403, "not_yours");
    world.ask("bob", Method::PATCH, "/tickets/1", step).await.is(200);
}

#[tokio::test]
async fn a_ticket_is_opened_by_hand_with_kind_priority_team_and_fields() {
    let world = world().await;
    let wish = json!({"subject": "Invoice 7", "person": 1, "kind": "billing", "priority": "high", "team": "gold",
        "fields": {"order": "A-1"}});
    let made = world.post("alice", "/tickets", wish).await.is(201);
    assert_eq!((&made["id"], &made["channel"], &made["priority"]), (&json!(2), &json!(null), &json!("high")));
    assert_eq!(made["fields"], json!({"order": "A-1"}));
    let change = json!({"kind": "", "fields": {"order": "", "size": "L"}, "followers": ["sue"]});
    let edited = world.ask("alice", Method::PATCH, "/tickets/2", change).await.is(200);
    assert_eq!(
        (&edited["kind"], &edited["fields"], &edited["followers"]),
        (&json!(null), &json!({"size": "L"}), &json!(["sue"]))
    );
    let field = async |change| {
        world.ask("alice", Method::PATCH, "/tickets/2", change).await.fails(400, "bad_request")["field"]
            .clone()
    };
    assert_eq!(field(json!({"followers": ["nobody"]})).await, "followers");
    assert_eq!(field(json!({"kind": "x".repeat(61)})).await, "kind");
    assert_eq!(field(json!({"priority": "soon"})).await, "priority");
    world.post("alice", "/tickets", json!({"subject": "x", "person": 99})).await.fails(404, "not_found");
}

#[tokio::test]
async fn tickets_are_merged_and_related() {
    let world = world().await;
    world.post("alice", "/tickets", json!({"subject": "again", "person": 1})).await.is(201);
    let related =
        world.post("alice", "/tickets/2/relations", json!({"other": 1, "relation": "child"})).await.is(200);
    assert_eq!(related["relations"], json!([{"ticket": 1, "relation": "child"}]));
    assert_eq!(world.get("bob", "/tickets/1").await.is(200)["relations"][0]["relation"], "parent");
    let merged = world.post("alice", "/tickets/1/merge", json!({"into": 2})).await.is(200);
    assert_eq!((&merged["id"], &merged["conversations"]), (&json!(2), &json!(["0-1", "0-2"])));
    assert_eq!(world.get("bob", "/tickets/1").await.is(200)["merged_into"], 2);
    world.post("alice", "/tickets/1/merge", json!({"into": 2})).await.fails(409, "merged");
    world.post("alice", "/tickets/2/merge", json!({"into": 2})).await.fails(409, "itself");
    patch(&world, json!({"subject": "too late"})).await.fails(409, "merged");
}

#[tokio::test]
async fn promises_are_set_by_administrators_checked_and_kept_with_what_was_before() {
    let world = world().await;
    let sla = |minutes| {
        let hours =
            json!({"zone": "Europe/Berlin", "open": [{"day": "sat", "from": "09:00", "to": "24:00"}]});
        json!({"value": {"hours": hours, "targets": {"normal": {"first_answer_minutes": minutes}}}})
    };
    let put = async |who, body| world.ask(who, Method::PUT, "/settings/sla", body).await;
    put("sue", sla(30)).await.fails(403, "forbidden");
    let mut wrong = sla(30);
    wrong["value"]["hours"]["zone"] = json!("Mars");
    assert_eq!(put("admin", wrong).await.fails(400, "bad_request")["field"], "value.hours.zone");
    put("admin", json!({"value": {"target": 1}})).await.fails(400, "bad_request");
    put("admin", sla(30)).await.is(200);
    put("admin", sla(5)).await.is(200);
    // The sample's noon is Saturday 17:20 in Berlin.
    let ticket = world.get("alice", "/tickets/1").await.is(200);
    assert_eq!(ticket["first_answer"]["due"], "2025-11-22T16:25:00.000Z");
    assert_eq!(world.get("alice", "/tickets?overdue=true").await.is(200)["items"], json!([]));
    let audit = world.get("admin", "/audit?key=sla").await.is(200);
    assert_eq!(
        (&audit["items"][0]["before"], &audit["items"][0]["by"]),
        (&audit["items"][1]["after"], &json!("admin"))
    );
    world.get("sue", "/audit").await.fails(403, "forbidden");
    world.get("admin", "/settings/colour").await.fails(404, "not_found");
}

#[tokio::test]
async fn a_macro_changes_the_ticket_and_gives_the_reply_to_send() {
    let world = world().await;
    let macros = json!({"value": [{"name": "refund", "reply": "Dear {customer}, ticket {ticket} is settled.",
        "kind": "refund", "priority": "high", "to": "in_progress"}]});
    world.ask("alice", Method::PUT, "/settings/macros", macros.clone()).await.fails(403, "forbidden");
    world.ask("sue", Method::PUT, "/settings/macros", macros).await.is(200);
    let done = world.post("alice", "/tickets/1/macros", json!({"name": "refund"})).await.is(200);
    assert_eq!(done["reply"], "Dear Jo, ticket 1 is settled.");
    assert_eq!(
        (&done["ticket"]["kind"], &done["ticket"]["state"]),
        (&json!("refund"), &json!("in_progress"))
    );
    world.post("alice", "/tickets/1/macros", json!({"name": "none"})).await.fails(404, "not_found");
    let twice = json!({"value": [{"name": "a"}, {"name": "a"}]});
    world.ask("sue", Method::PUT, "/settings/macros", twice).await.fails(400, "bad_request");
}
