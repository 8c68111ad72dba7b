//! Event hooks: who may have them, where they may lead, what is shown of them. Telling is tested with real receivers (tests/e2e).

use api::ApiConfig;
use axum::http::Method;
use desk::event_hooks::{EventKind, HookStep, Outcome};
use serde_json::{Value, json};

use crate::world::{NOON, World};

async fn world() -> World {
    let config = ApiConfig { outside_hosts: vec!["crm.example:8443".to_owned()], ..ApiConfig::default() };
    World::with(config, 64).await
}

fn wish() -> Value {
    json!({"url": "https://crm.example:8443/voxdesk", "kinds": ["ticket_done", "ticket_opened", "ticket_done"]})
}

#[tokio::test]
async fn an_administrator_makes_changes_and_removes_a_hook_and_sees_its_secret_once() {
    let world = world().await;
    let made = world.ask("admin", Method::POST, "/event-hooks", wish()).await.is(201);
    let id = made["hook"]["id"].as_str().expect("a name").to_owned();
    assert!(made["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
    assert_eq!(made["hook"]["kinds"], json!(["ticket_done", "ticket_opened"]));
    let list = world.get("admin", "/event-hooks").await.is(200);
    assert_eq!((&list["items"][0]["state"], &list["items"][0]["behind"]), (&json!("active"), &json!(0)));
    assert!(!list.to_string().contains("whsec_"), "the secret is shown once");
    let one = format!("/event-hooks/{id}");
    let stopped = world.ask("admin", Method::PATCH, &one, json!({"running": false})).await.is(200);
    assert_eq!(stopped["state"], "stopped");
    let again = world.ask("admin", Method::POST, &format!("{one}/secret"), Value::Null).await.is(200);
    assert_ne!(again["secret"], made["secret"]);
    assert_eq!(again["hook"]["state"], "stopped", "a new secret starts nothing");
    let trail = world.get("admin", &format!("/audit?key=event_hook%20{id}")).await.is(200);
    assert_eq!(trail["items"].as_array().map(Vec::len), Some(3));
    assert!(!trail.to_string().contains("whsec_"), "nor is it in the audit trail");
    world.ask("admin", Method::DELETE, &one, Value::Null).await.is(204);
    world.ask("admin", Method::DELETE, &one, Value::Null).await.fails(404, "not_found");
}

#[tokio::test]
async fn hooks_lead_to_configured_servers_and_are_for_administrators() {
    let world = world().await;
    for who in ["alice", "sue"] {
        world.ask(who, Method::POST, "/event-hooks", wish()).await.fails(403, "forbidden");
        world.get(who, "/event-hooks").await.fails(403, "forbidden");
    }
    for (url, code) in [
        ("http://169.254.169.254/latest", "host_not_allowed"),
        ("https://crm.example/", "host_not_allowed"),
        ("https://crm.example:8443@evil.example/", "bad_request"),
        ("file:///etc/passwd", "bad_request"),
        ("", "bad_request"),
    ] {
        let body = json!({"url": url, "kinds": ["ticket_done"]});
        world.ask("admin", Method::POST, "/event-hooks", body).await.fails(400, code);
    }
    let none = json!({"url": "https://crm.example:8443/", "kinds": []});
    world.ask("admin", Method::POST, "/event-hooks", none).await.fails(400, "bad_request");
}

#[tokio::test]
async fn an_event_is_sent_again_if_it_is_of_the_hooks_kinds() {
    let world = world().await;
    let made = world.ask("admin", Method::POST, "/event-hooks", wish()).await.is(201);
    let id = made["hook"]["id"].as_str().expect("a name").to_owned();
    world.ask("admin", Method::POST, "/tickets", json!({"subject": "A ticket"})).await.is(201);
    let sequence = world.floor.store.last_event().await.expect("readable");
    let replay = format!("/event-hooks/{id}/replay");
    let one = |sequence: i64| json!({"what": "event", "sequence": sequence});
    world.ask("admin", Method::POST, &replay, one(sequence)).await.is(202);
    world.ask("admin", Method::POST, &replay, one(sequence - 1)).await.fails(404, "not_found");
    world.ask("admin", Method::POST, &replay, one(-5)).await.fails(404, "not_found");
    world.ask("admin", Method::POST, &format!("/event-hooks/{id}/test"), Value::Null).await.is(202);
    let asked = world.floor.store.hook_asked(&id).await.expect("readable");
    assert_eq!(asked, [0, sequence]);
    let outcome = Outcome { status: Some(200), took_ms: 4, ..Outcome::default() };
    let step = HookStep::Answered { sequence, outcome };
    world.floor.store.hook_step(&id, step, NOON).await.expect("taken");
    let seen = world.get("admin", &format!("/event-hooks/{id}/deliveries?limit=1")).await.is(200);
    let first = &seen["items"][0];
    assert_eq!(
        (&first["state"], &first["status"], &first["kind"]),
        (&json!("sent"), &json!(200), &json!("ticket_opened"))
    );
    assert_eq!(first["id"], json!(format!("{id}.{sequence}")));
    let rest = world.get("admin", &format!("/event-hooks/{id}/deliveries?before={sequence}")).await.is(200);
    assert_eq!((&rest["items"][0]["kind"], &rest["items"][0]["state"]), (&Value::Null, &json!("waiting")));
    let after = json!({"what": "after", "sequence": 0});
    world.ask("admin", Method::POST, &replay, after).await.is(202);
    assert_eq!(world.get("admin", "/event-hooks").await.is(200)["items"][0]["sequence"], json!(0));
    let beyond = json!({"what": "after", "sequence": 1_000_000});
    world.ask("admin", Method::POST, &replay, beyond).await.fails(400, "bad_request");
}

#[tokio::test]
async fn a_receiver_is_told_what_the_live_socket_says() {
    let world = world().await;
    world.ask("admin", Method::POST, "/tickets", json!({"subject": "A ticket"})).await.is(201);
    let last = world.floor.store.last_event().await.expect("readable");
    let event = world.floor.store.events_after(last - 1, 1).await.expect("readable").remove(0);
    let kind = EventKind::of(&event.change).expect("a kind");
    let body: Value = serde_json::from_str(&api::event_body("h.1", "h", kind, event)).expect("JSON");
    assert_eq!(
        (&body["id"], &body["kind"], &body["seq"]),
        (&json!("h.1"), &json!("ticket_opened"), &json!(last))
    );
    assert_eq!(body["change"]["what"], "ticket_opened");
}
