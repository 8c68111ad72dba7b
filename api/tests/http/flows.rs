//! Flows: drawn, kept as drafts, published, compared, taken back; and for whom.

use axum::http::Method;
use desk::{Change, EntryKind, NewEntry, Speaker};
use serde_json::{Value, json};

use crate::world::{Answer, NOON, World, id, opened};

const GOOD: &str = "# Ours.\n[flow]\nname = \"Shop\"\n\n[entries]\n1500 = \"start\"\n\n[steps.start]\nkind = \"queue\" # which\nqueue = \"support\"\n";

async fn post(world: &World, who: &str, path: &str, body: Value) -> Answer {
    world.ask(who, Method::POST, path, body).await
}

async fn save(world: &World, source: &str, seen: i64) -> Answer {
    let body = json!({"source": source, "layout": {"start": [10, 20.5]}, "seen": seen});
    world.ask("sue", Method::PUT, "/flows/shop/draft", body).await
}

/// A flow `shop` whose version 1 is published.
async fn world() -> World {
    let world = World::new().await;
    post(&world, "sue", "/flows", json!({"name": "shop", "title": "Shop"})).await.is(201);
    save(&world, GOOD, 1).await.is(200);
    let body = json!({"revision": 2, "seen": 0, "note": "opening day"});
    post(&world, "sue", "/flows/shop/publish", body).await.is(200);
    world
}

#[tokio::test]
async fn agents_work_on_no_flow_and_supervisors_and_administrators_do() {
    let world = world().await;
    for (method, path) in [
        (Method::GET, "/flows"),
        (Method::GET, "/flow-kinds"),
        (Method::GET, "/flows/shop"),
        (Method::POST, "/flows/shop/publish"),
        (Method::PUT, "/flows/shop/draft"),
        (Method::POST, "/flows/shop/restore"),
        (Method::GET, "/flows/shop/versions/1"),
        (Method::GET, "/flows/shop/here"),
        (Method::POST, "/voice"),
        (Method::POST, "/recordings"),
    ] {
        let body = if method == Method::GET { Value::Null } else { json!({}) };
        world.ask("alice", method, path, body).await.fails(403, "forbidden");
    }
    for who in ["sue", "admin"] {
        let list = world.get(who, "/flows").await.is(200);
        assert_eq!(list["items"][0]["name"], "shop");
        assert_eq!(list["items"][0]["published"]["note"], "opening day");
        assert_eq!(list["items"][0]["numbers"], json!(["1500"]));
    }
}

#[tokio::test]
async fn a_new_flow_is_an_empty_draft_with_all_that_it_lacks() {
    let world = World::new().await;
    let made = post(&world, "sue", "/flows", json!({"name": "night", "title": "Nacht 夜间"})).await.is(201);
    assert_eq!((&made["published"], &made["draft"]["revision"]), (&Value::Null, &json!(1)));
    assert!(made["source"].as_str().is_some_and(|text| text.contains("夜间")));
    let problems = made["sketch"]["problems"].as_array().expect("a list");
    assert!(problems.iter().any(|problem| problem["found"].as_str().is_some_and(|f| f.contains("entries"))));
    post(&world, "sue", "/flows", json!({"name": "night"})).await.fails(409, "taken");
    for wrong in ["", "Night", "a b", "../x", "ü", &"x".repeat(41)] {
        let refused = post(&world, "sue", "/flows", json!({"name": wrong})).await.fails(400, "bad_request");
        assert_eq!(refused["field"], "name");
    }
    world.get("sue", "/flows/none").await.fails(404, "not_found");
    world.ask("sue", Method::DELETE, "/flows/night/draft", Value::Null).await.is(204);
    world.get("sue", "/flows/night").await.fails(404, "not_found");
}

#[tokio::test]
async fn a_draft_is_kept_with_places_and_whoever_did_not_see_the_last_one_is_refused() {
    let world = world().await;
    let kept = save(&world, &GOOD.replace("Shop", "Shop 2"), 0).await.is(200);
    assert_eq!((&kept["draft"]["revision"], &kept["draft"]["base"]), (&json!(1), &json!(1)));
    assert_eq!(kept["layout"], json!({"start": [10.0, 20.5]}));
    save(&world, GOOD, 0).await.fails(409, "stale");
    let read = world.get("admin", "/flows/shop").await.is(200);
    assert!(read["source"].as_str().is_some_and(|text| text.contains("Shop 2")), "the draft comes first");
    assert_eq!(read["published"]["version"], 1);
    world.ask("sue", Method::DELETE, "/flows/shop/draft", Value::Null).await.is(204);
    assert_eq!(world.get("admin", "/flows/shop").await.is(200)["source"], GOOD);
}

#[tokio::test]
async fn a_wrong_draft_is_refused_with_its_reasons_at_their_steps_and_the_old_version_serves_on() {
    let world = world().await;
    save(&world, &GOOD.replace("\"support\"", "\"nowhere\""), 0).await.is(200);
    let refused = post(&world, "sue", "/flows/shop/publish", json!({"revision": 1, "seen": 1})).await;
    let error = refused.fails(422, "invalid_flow");
    let problem = &error["problems"][0];
    assert_eq!((&problem["part"], &problem["name"]), (&json!("step"), &json!("start")));
    assert_eq!((&problem["file"], &problem["line"]), (&json!("shop.toml"), &json!(10)));
    assert!(problem["found"].as_str().is_some_and(|found| found.contains("nowhere")), "{problem}");
    assert!(problem["right"].as_str().is_some_and(|right| right.contains("support")), "{problem}");
    let flow = world.get("sue", "/flows/shop").await.is(200);
    assert_eq!((&flow["published"]["version"], &flow["draft"]["revision"]), (&json!(1), &json!(1)));
    post(&world, "sue", "/flows/shop/publish", json!({"revision": 7, "seen": 1})).await.fails(409, "stale");
}

#[tokio::test]
async fn versions_tell_who_when_and_why_and_lead_back() {
    let world = world().await;
    save(&world, &GOOD.replace("1500", "1501"), 0).await.is(200);
    let body = json!({"revision": 1, "seen": 1, "note": "new number"});
    let flow = post(&world, "admin", "/flows/shop/publish", body).await.is(200);
    assert_eq!((&flow["published"]["author"], &flow["draft"]), (&json!("admin"), &Value::Null));
    let body = json!({"version": 1, "seen": 2, "note": "too early"});
    post(&world, "sue", "/flows/shop/restore", body.clone()).await.is(200);
    post(&world, "sue", "/flows/shop/restore", body).await.fails(409, "stale");
    let all = world.get("sue", "/flows/shop/versions").await.is(200);
    let told: Vec<_> = all["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|v| (&v["version"], &v["origin"], &v["restores"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!(3), &json!("restored"), &json!(1)),
            (&json!(2), &json!("draft"), &Value::Null),
            (&json!(1), &json!("draft"), &Value::Null)
        ]
    );
    assert_eq!(world.get("sue", "/flows/shop/versions/3").await.is(200)["source"], GOOD);
    world.get("sue", "/flows/shop/versions/4").await.fails(404, "not_found");
    world.get("sue", "/flows/shop/versions/x").await.fails(400, "bad_request");
    let lines = post(&world, "sue", "/flows/shop/difference", json!({"from": 1, "to": 2})).await.is(200);
    let changed: Vec<_> =
        lines["items"].as_array().expect("a list").iter().filter(|line| line["fate"] != "same").collect();
    assert_eq!(changed.len(), 2);
    assert_eq!((&changed[1]["fate"], &changed[1]["new"]), (&json!("added"), &json!(6)));
    post(&world, "sue", "/flows/shop/difference", json!({"from": 1})).await.fails(400, "bad_request");
    let own = json!({"from": 0, "source": "a\n"});
    assert_eq!(post(&world, "sue", "/flows/shop/difference", own).await.is(200)["items"][0]["fate"], "added");
}

#[tokio::test]
async fn a_text_is_changed_by_edits_and_keeps_its_comments() {
    let world = world().await;
    let edits = json!([
        {"edit": "add_step", "name": "bye", "kind": "hangup"},
        {"edit": "set", "step": "start", "path": ["keys", "#"], "value": "bye"},
    ]);
    let edited =
        post(&world, "sue", "/flows/shop/edits", json!({"source": GOOD, "edits": edits})).await.is(200);
    let source = edited["source"].as_str().expect("a text");
    assert!(source.contains("# Ours.") && source.contains("# which") && source.contains("[steps.bye]"));
    assert_eq!(
        edited["sketch"]["steps"][0]["ways"],
        json!([{"path": ["keys", "#"], "to": "bye", "by": "people"}])
    );
    assert_eq!(edited["sketch"]["problems"], json!([]));
    let wrong = json!({"source": GOOD, "edits": [{"edit": "remove_step", "name": "x"}]});
    assert_eq!(
        post(&world, "sue", "/flows/shop/edits", wrong).await.fails(400, "bad_request")["field"],
        "edits"
    );
    let odd = json!({"source": GOOD, "edits": [{"edit": "explode"}]});
    post(&world, "sue", "/flows/shop/edits", odd).await.fails(400, "bad_request");
    let sketch = post(&world, "sue", "/flows/shop/sketch", json!({"source": "[steps"})).await.is(200);
    assert_eq!(sketch["readable"], false);
}

#[tokio::test]
async fn the_kinds_of_steps_come_from_the_language_itself() {
    let world = World::new().await;
    let kinds = world.get("sue", "/flow-kinds").await.is(200);
    assert_eq!(kinds["kinds"].as_array().map(Vec::len), Some(ivr::NODES.len()));
    assert_eq!((&kinds["queues"], &kinds["agents"]), (&json!(["support"]), &json!(["alice"])));
}

fn step(n: u64, step: &str) -> Change {
    let entry = NewEntry {
        at: NOON,
        leg: None,
        speaker: Speaker::System,
        author: None,
        kind: EntryKind::Event,
        text: "step".into(),
        detail: Some(json!({"flow": "shop", "step": step, "version": 1}).to_string()),
        start_ms: None,
        end_ms: None,
        dedupe: None,
    };
    Change::EntryAdded { id: id(n), entry }
}

#[tokio::test]
async fn a_day_shows_the_ways_that_customers_took_and_where_they_gave_up() {
    let world = world().await;
    let ended = Change::ConversationEnded {
        id: id(1),
        at: NOON,
        fault: kernel::Fault::Caller,
        reason: "hangup".into(),
    };
    world.happens(vec![opened(1, "tel:+491"), step(1, "menu"), step(1, "start"), ended]).await;
    world.happens(vec![opened(2, "tel:+492"), step(2, "menu")]).await;
    let day = world.get("sue", "/flows/shop/days/2025-11-22").await.is(200);
    assert_eq!(
        day["ways"],
        json!([{"from": null, "to": "menu", "count": 2}, {"from": "menu", "to": "start", "count": 1}])
    );
    assert_eq!(day["ends"][0]["going_on"], 1);
    assert_eq!((&day["ends"][1]["step"], &day["ends"][1]["gave_up"]), (&json!("start"), &json!(1)));
    let other = world.get("sue", "/flows/shop/days/2025-11-21").await.is(200);
    assert_eq!(other["ways"], json!([]));
    world.get("sue", "/flows/shop/days/yesterday").await.fails(400, "bad_request");
}

#[tokio::test]
async fn texts_are_heard_and_recordings_brought() {
    let world = world().await;
    let refused = post(&world, "sue", "/voice", json!({"text": " ", "lang": "en"})).await;
    assert_eq!(refused.fails(400, "bad_request")["field"], "text");
    post(&world, "sue", "/voice", json!({"text": "hi", "lang": "de"})).await.fails(400, "bad_request");
    world.get("sue", "/flows/shop/prompts/other/en").await.fails(404, "not_found");
    world.get("sue", "/flows/shop/prompts/hello/de").await.fails(400, "bad_request");
    world.get("sue", "/recordings/1.wav").await.fails(404, "not_found");
}

#[tokio::test]
async fn a_draft_is_tried_out_without_being_kept() {
    let world = world().await;
    let trial = |source: &str, entry: &str| {
        let moves = json!([{"move": "answered"}, {"move": "parted"}]);
        json!({"source": source, "entry": entry, "lang": "en", "text": false, "moves": moves})
    };
    let went = post(&world, "sue", "/flows/shop/simulations", trial(GOOD, "1500")).await.is(200);
    assert_eq!((&went["step"], &went["over"]), (&json!("start"), &json!(true)));
    let told: Vec<_> =
        went["moments"].as_array().expect("a list").iter().map(|m| m["what"].clone()).collect();
    assert_eq!(told.first(), Some(&json!("step")));
    assert_eq!(told.last(), Some(&json!("ended")));
    let refused = post(&world, "sue", "/flows/shop/simulations", trial(GOOD, "9")).await;
    assert_eq!(refused.fails(400, "bad_request")["field"], "entry");
    let broken = GOOD.replace("\"support\"", "1");
    let refused = post(&world, "sue", "/flows/shop/simulations", trial(&broken, "1500")).await;
    assert_eq!(refused.fails(422, "invalid_flow")["problems"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_draft_can_be_called_before_it_is_published_unless_it_is_wrong() {
    let world = world().await;
    let wish = |source: &str| json!({"source": source, "entry": "1500", "lang": "en"});
    let number = post(&world, "sue", "/flows/shop/test-calls", wish(GOOD)).await.is(201);
    assert!(number["until"].is_string());
    let path = format!("/flows/shop/test-calls/{}", number["number"].as_str().expect("a number"));
    assert_eq!(world.get("sue", &path).await.is(200)["here"]["start"], 1);
    world.get("sue", "/flows/shop/test-calls/nothing").await.fails(404, "not_found");
    let broken = GOOD.replace("\"support\"", "1");
    let refused = post(&world, "sue", "/flows/shop/test-calls", wish(&broken)).await;
    assert_eq!(refused.fails(422, "invalid_flow")["problems"].as_array().map(Vec::len), Some(1));
    post(&world, "alice", "/flows/shop/test-calls", wish(GOOD)).await.fails(403, "forbidden");
}
