//! Nothing internal gets out, and what gets out is what the record has.

use desk::{EntryKind, Leg, Speaker};
use serde_json::json;

use crate::world::{NOON, World, entry, id, opened, says, with_agent};

#[tokio::test]
async fn a_conversation_is_shown_with_person_legs_and_entries() {
    let world = World::new().await;
    let leg = Leg {
        n: 0,
        speaker: Speaker::Customer,
        agent: None,
        device: "phone".into(),
        codec: "PCMU/8000".into(),
        started_at: NOON,
        answered_at: Some(NOON + 250),
        ended_at: None,
        fault: None,
        reason: None,
    };
    world
        .happens(vec![
            opened(1, "sip:jo@example.org"),
            desk::Change::LegChanged { id: id(1), leg },
            with_agent(1, "alice"),
            entry(id(1), Speaker::Customer, None, EntryKind::Speech, "hello", Some("secret-key".into())),
        ])
        .await;
    let answer = world.get("alice", "/conversations/0-1").await;
    assert!(!answer.text.contains("secret-key"));
    let shown = answer.is(200);
    let expected = json!({
        "id": "0-1", "channel": "voice", "state": "talking",
        "person": {"id": 1, "name": "Jo", "addresses": ["sip:jo@example.org"], "tier": null},
        "caller": shown["caller"], "called": "1000", "lang": "en",
        "queue": "support", "queued_at": "2025-11-22T16:20:00.007Z", "agent": "alice",
        "started_at": "2025-11-22T16:20:00.001Z", "ended_at": null, "reason": null, "ticket_id": null,
        "legs": [{"n": 0, "speaker": "customer", "agent": null, "device": "phone", "codec": "PCMU/8000",
            "started_at": "2025-11-22T16:20:00.000Z", "answered_at": "2025-11-22T16:20:00.250Z",
            "ended_at": null, "fault": null, "reason": null}],
        "entries": [{"seq": 1, "at": "2025-11-22T16:20:00.000Z", "leg": 0, "speaker": "customer", "author": null,
            "kind": "speech", "text": "hello", "final": true, "start_ms": null, "end_ms": null,
            "confidence": null, "corrected": null, "detail": null}],
        "entries_next": null, "deliveries": [], "crm_url": null, "writing": null,
    });
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn long_conversations_can_be_read_in_parts() {
    let world = World::new().await;
    let mut changes = vec![opened(1, "sip:jo@example.org")];
    changes.extend((1..=2_345).map(|n| says(1, &format!("line {n}"))));
    world.happens(changes).await;
    let whole = world.get("alice", "/conversations/0-1").await.is(200);
    assert_eq!(whole["entries"].as_array().expect("entries").len(), 2_345);
    assert_eq!(whole["entries_next"], json!(null));

    let part = world.get("alice", "/conversations/0-1?entries_after=1000&entries_limit=1300").await.is(200);
    let entries = part["entries"].as_array().expect("entries");
    assert_eq!((entries.len(), &entries[0]["seq"]), (1300, &json!(1001)));
    assert_eq!(part["entries_next"], json!(2300));
    let rest = world.get("alice", "/conversations/0-1?entries_after=2300").await.is(200);
    assert_eq!(rest["entries"].as_array().expect("entries").len(), 45);
    let none = world.get("alice", "/conversations/0-1?entries_limit=0").await;
    assert_eq!(none.fails(400, "bad_request")["field"], "entries_limit");
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let world = World::new().await;
    let mut changes = Vec::new();
    for n in 1..=5 {
        changes.push(opened(n, &format!("sip:caller{n}@example.org")));
    }
    changes.push(with_agent(2, "alice"));
    changes.push(desk::Change::ConversationEnded {
        id: id(3),
        at: NOON,
        fault: kernel::Fault::Caller,
        reason: "hangup".into(),
    });
    world.happens(changes).await;
    let ids = |list: &serde_json::Value| -> Vec<String> {
        let items = list["items"].as_array().expect("items");
        items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    };
    let first = world.get("key", "/conversations?limit=2").await.is(200);
    assert_eq!(ids(&first), ["0-5", "0-4"]);
    let next = first["next"].as_str().expect("more").to_owned();
    let second = world.get("key", &format!("/conversations?limit=2&after={next}")).await.is(200);
    assert_eq!(ids(&second), ["0-3", "0-2"]);
    assert_eq!(ids(&world.get("key", "/conversations?agent=alice").await.is(200)), ["0-2"]);
    assert_eq!(ids(&world.get("key", "/conversations?open=false").await.is(200)), ["0-3"]);
    assert_eq!(ids(&world.get("key", "/conversations?person=4").await.is(200)), ["0-4"]);
    assert!(first["items"][0].get("entries").is_none());
}
