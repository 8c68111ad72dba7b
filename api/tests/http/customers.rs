//! Customers: edited, found, merged, split; one history over all channels; their address in another system.

use axum::http::Method;
use desk::{Change, Channel};
use kernel::InteractionId;
use serde_json::{Value, json};

use crate::world::{Answer, NOON, World, id, opened};

async fn world() -> World {
    let world = World::new().await;
    let ticket = |n: u64| Change::TicketFor { id: id(n), subject: format!("{n}"), assignee: None, at: NOON };
    world.happens(vec![opened(1, "tel:+49301234567"), ticket(1)]).await;
    world.happens(vec![written(2, "mailto:ann@example.com"), ticket(2)]).await;
    world
}

/// A letter comes.
fn written(n: u64, address: &str) -> Change {
    match opened(n, address) {
        Change::ConversationOpened { id, address, name, called, lang, at, .. } => {
            Change::ConversationOpened { id, channel: Channel::Mail, address, name, called, lang, at }
        }
        other => other,
    }
}

async fn change(world: &World, customer: i64, body: Value) -> Answer {
    world.patch("alice", &format!("/customers/{customer}"), body).await
}

async fn merge(world: &World, kept: i64, gone: i64, revisions: (i64, i64)) -> Answer {
    let body = json!({"other": gone, "revision": revisions.0, "other_revision": revisions.1});
    world.post("alice", &format!("/customers/{kept}/merges"), body).await
}

#[tokio::test]
async fn a_call_and_a_letter_of_one_customer_stand_in_one_history() {
    let world = world().await;
    // Their mail address was written down during the call: letters are theirs from then on.
    let edit = json!({"revision": 0, "add": ["Ann.Lee@Example.com"]});
    change(&world, 1, edit).await.is(200);
    world.happens(vec![written(3, "mailto:ann.lee@example.com")]).await;
    // And so is a chat for which the company's own site vouches.
    change(&world, 1, json!({"revision": 1, "add": ["user:c-17"]})).await.is(200);
    let chat = Change::ConversationOpened {
        id: InteractionId { node: 0, serial: 4 },
        channel: Channel::Chat,
        address: "user:c-17".into(),
        name: Some("Ann".into()),
        called: "1002".into(),
        lang: "zh".into(),
        at: NOON + 4,
    };
    world.happens(vec![chat]).await;
    let history = world.get("bob", "/conversations?person=1").await.is(200);
    let channels: Vec<&str> = history["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["channel"].as_str())
        .collect();
    assert_eq!(channels, ["chat", "mail", "voice"]);
    assert_eq!(
        world.get("bob", "/customers/1").await.is(200)["addresses"],
        json!(["mailto:ann.lee@example.com", "tel:+49301234567", "user:c-17"])
    );
}

#[tokio::test]
async fn what_staff_know_is_checked_kept_and_every_change_told() {
    let world = world().await;
    let fields = json!({"value": [
        {"key": "contract", "en": "Contract", "zh": "合同号", "kind": "text"},
        {"key": "birthday", "en": "Birthday", "zh": "生日", "kind": "date"}]});
    let put = |who: &'static str, body: Value| world.ask(who, Method::PUT, "/settings/customer_fields", body);
    put("alice", fields.clone()).await.fails(403, "forbidden");
    let bad = json!({"value": [{"key": "A", "en": "x", "zh": "x", "kind": "text"}]});
    assert_eq!(put("admin", bad).await.fails(400, "bad_request")["field"], "value[0].key");
    put("admin", fields).await.is(200);
    let setup = world.get("alice", "/customer-setup").await.is(200);
    assert_eq!((&setup["tiers"], &setup["crm"]), (&json!(["gold", "silver"]), &json!(false)));
    assert_eq!(setup["fields"][1]["zh"], "生日");

    let edit = json!({"revision": 0, "name": " 王芳 ", "tier": "gold", "tags": ["vip", "北京"], "note": "late",
        "fields": {"birthday": "1980-02-03"}, "consent": {"recording": {"state": "refused", "how": "on the phone"}}});
    let seen = change(&world, 1, edit.clone()).await.is(200);
    assert_eq!(
        (&seen["name"], &seen["revision"], &seen["tier"]),
        (&json!("王芳"), &json!(1), &json!("gold"))
    );
    assert_eq!(
        seen["consent"][0],
        json!({"to": "recording", "state": "refused", "at": "2025-11-22T16:20:00.000Z", "by": "alice", "how": "on the phone"})
    );
    assert_eq!(seen["consent"][2]["state"], "unknown");
    change(&world, 1, edit).await.fails(409, "customer_stale");
    let field = |answer: Answer| answer.fails(400, "bad_request")["field"].clone();
    for (body, at) in [
        (json!({"revision": 1, "tier": "platinum"}), "tier"),
        (json!({"revision": 1, "name": " "}), "name"),
        (json!({"revision": 1, "fields": {"birthday": "3.2.1980"}}), "fields.birthday"),
        (json!({"revision": 1, "fields": {"shoe_size": "43"}}), "fields.shoe_size"),
        (json!({"revision": 1, "tags": ["x".repeat(61)]}), "tags"),
    ] {
        assert_eq!(field(change(&world, 1, body).await), at);
    }
    change(&world, 1, json!({"revision": 1})).await.fails(400, "bad_request");
    change(&world, 1, json!({"revision": 1, "add": ["nobody"]})).await.fails(400, "no_address");
    change(&world, 1, json!({"revision": 1, "add": ["ann@example.com"]})).await.fails(409, "address_taken");
    change(&world, 9, json!({"revision": 0, "note": "x"})).await.fails(404, "not_found");
    world.get("alice", "/customers/x").await.fails(400, "bad_request");

    let changes = world.get("bob", "/customers/1/changes").await.is(200);
    assert_eq!(changes["items"].as_array().map(Vec::len), Some(1));
    let told = &changes["items"][0];
    assert_eq!(
        (&told["by"], &told["before"]["name"], &told["after"]["name"]),
        (&json!("alice"), &json!("Jo"), &json!("王芳"))
    );
    assert_eq!(world.get("bob", "/conversations/0-1").await.is(200)["person"]["tier"], "gold");
    let found = async |query: &str| {
        let list = world.get("bob", &format!("/customers?{query}")).await.is(200);
        list["items"].as_array().expect("a list").iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("").await, [json!(2), json!(1)]);
    for query in [
        "words=%E8%8A%B3",
        "words=0301234567",
        "words=+49%2030%20123",
        "tag=vip",
        "tier=gold",
        "words=%E5%8C%97%E4%BA%AC",
    ] {
        assert_eq!(found(query).await.contains(&json!(1)), query != "words=0301234567", "{query}");
    }
    assert_eq!(found("words=ann@example").await, [json!(2)]);
}

#[tokio::test]
async fn two_records_of_one_customer_become_one_and_part_again() {
    let world = world().await;
    world
        .post("alice", "/customers/1/merges", json!({"other": 1, "revision": 0, "other_revision": 0}))
        .await
        .fails(409, "customer_itself");
    let merged = merge(&world, 1, 2, (0, 0)).await.is(200);
    assert_eq!(merged["merges"][0]["conversations"], 1);
    assert_eq!(merge(&world, 1, 2, (0, 0)).await.is(200), merged, "the same again changes nothing");
    assert_eq!(
        world.get("bob", "/conversations/0-2").await.is(200)["person"]["id"],
        1,
        "live pages see the new person"
    );
    assert_eq!(
        world.get("bob", "/tickets?person=1").await.is(200)["items"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(world.get("bob", "/customers/2").await.is(200)["merged_into"], 1);
    change(&world, 2, json!({"revision": 1, "note": "x"})).await.fails(409, "customer_merged");
    let told = world.store.events_after(0, 100).await.expect("events");
    assert!(
        told.iter().any(|event| matches!(event.change, Change::CustomersMerged { kept: 1, gone: 2, .. }))
    );

    world.happens(vec![written(3, "mailto:ann@example.com")]).await;
    let split = json!({"merge": merged["merges"][0]["merge"], "revision": 1});
    world.post("alice", "/customers/2/splits", split.clone()).await.fails(400, "bad_request");
    world
        .post("alice", "/customers/1/splits", json!({"merge": 999, "revision": 1}))
        .await
        .fails(404, "not_found");
    let parted = world.post("sue", "/customers/1/splits", split.clone()).await.is(200);
    assert_eq!(parted["merges"][0]["split_by"], "sue");
    assert_eq!(world.post("sue", "/customers/1/splits", split).await.is(200), parted);
    assert_eq!(world.get("bob", "/conversations/0-2").await.is(200)["person"]["id"], 2);
    assert_eq!(world.get("bob", "/conversations/0-3").await.is(200)["person"]["id"], 1, "later ones stay");
}

#[tokio::test]
async fn who_rings_has_an_address_in_another_system() {
    let url =
        desk::crm::CrmUrl::parse("https://crm.example/?phone={number}&name={name}&mail={mail}&by={agent}");
    let config = api::ApiConfig { crm: Some(url.expect("good")), ..api::ApiConfig::default() };
    let world = World::with(config, 64).await;
    world.happens(vec![opened(1, "tel:+49301234567"), written(2, "mailto:a&b@example.com")]).await;
    change(&world, 1, json!({"revision": 0, "name": "王 & Co"})).await.is(200);
    assert_eq!(
        world.get("alice", "/conversations/0-1").await.is(200)["crm_url"],
        "https://crm.example/?phone=%2B49301234567&name=%E7%8E%8B%20%26%20Co&mail=&by=alice"
    );
    assert_eq!(
        world.get("bob", "/conversations/0-2").await.is(200)["crm_url"],
        "https://crm.example/?phone=&name=Jo&mail=a%26b%40example.com&by=bob"
    );
    assert_eq!(world.get("alice", "/customer-setup").await.is(200)["crm"], true);
}
