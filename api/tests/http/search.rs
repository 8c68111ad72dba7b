//! Search and reports, from outside.

use axum::http::Method;
use desk::{Change, ConversationState, EntryKind, NewEntry, Speaker};
use kernel::Fault;
use serde_json::{Value, json};

use crate::world::{NOON, World, id, opened};

fn entry(n: u64, at: i64, kind: EntryKind, text: &str, detail: Option<&str>) -> Change {
    let entry = NewEntry {
        at: NOON + at,
        leg: None,
        speaker: if kind == EntryKind::Event { Speaker::System } else { Speaker::Customer },
        author: None,
        kind,
        text: text.into(),
        detail: detail.map(Into::into),
        start_ms: None,
        end_ms: None,
        dedupe: None,
    };
    Change::EntryAdded { id: id(n), entry }
}

fn ended(n: u64, at: i64) -> Change {
    Change::ConversationEnded { id: id(n), at: NOON + at, fault: Fault::Caller, reason: "hangup".into() }
}

#[tokio::test]
async fn what_was_said_is_found_in_both_languages_with_its_place_and_marks() {
    let world = World::new().await;
    world
        .happens(vec![
            opened(1, "sip:jo@example.org"),
            entry(1, 5, EntryKind::Speech, "I never got my refund", None),
            entry(1, 6, EntryKind::Message, "我的退款还没有到", None),
        ])
        .await;
    let found = world.get("alice", "/search?q=refunds").await.is(200);
    let hit = &found["items"][0];
    assert_eq!(
        (&hit["conversation"], &hit["entry_seq"], &hit["kind"]),
        (&json!("0-1"), &json!(1), &json!("speech"))
    );
    assert_eq!(
        hit["parts"],
        json!([{"text": "I never got my ", "hit": false}, {"text": "refund", "hit": true}])
    );
    let found = world.get("alice", "/search?q=%E9%80%80%E6%AC%BE&kind=message").await.is(200);
    assert_eq!(found["items"][0]["parts"][1], json!({"text": "退款", "hit": true}), "{found}");
    assert_eq!(world.get("alice", "/search?q=refund&kind=note,ticket").await.is(200)["items"], json!([]));
    let tomorrow = "/search?q=refund&from=2025-11-23T00:00:00Z";
    assert_eq!(world.get("alice", tomorrow).await.is(200)["items"], json!([]));
    for (bad, field) in [
        ("q=", "q"),
        ("q=%20..", "q"),
        ("q=x&kind=shoe", "kind"),
        ("q=x&from=noon", "from"),
        ("q=x&limit=0", "limit"),
    ] {
        let error = world.get("alice", &format!("/search?{bad}")).await.is(400);
        assert_eq!(error["error"]["field"], field, "{bad}");
    }
}

#[tokio::test]
async fn an_agent_finds_no_article_that_is_for_supervisors() {
    let world = World::new().await;
    let version =
        json!({"title": "Goodwill", "body": "Vouchers up to fifty", "lang": "en", "audience": "supervisors"});
    world.ask("sue", Method::PUT, "/knowledge/articles/goodwill", version).await.is(200);
    assert_eq!(world.get("sue", "/search?q=vouchers").await.is(200)["items"][0]["article"], "goodwill");
    assert_eq!(world.get("alice", "/search?q=vouchers").await.is(200)["items"], json!([]));
}

async fn a_day(world: &World) {
    let queued = Some(r#"{"queue":"support"}"#);
    let step = Some(r#"{"flow":"main","step":"menu","version":3}"#);
    let moved = |n, queue: Option<&str>, agent: Option<&str>| Change::ConversationMoved {
        id: id(n),
        state: ConversationState::Waiting,
        queue: queue.map(Into::into),
        queued_at: None,
        agent: agent.map(Into::into),
        lang: None,
    };
    world
        .happens(vec![
            opened(1, "sip:jo@example.org"),
            entry(1, 1, EntryKind::Event, "step", step),
            entry(1, 2_000, EntryKind::Event, "queued", queued),
            moved(1, Some("support"), None),
            ended(1, 42_000),
            opened(2, "sip:bo@example.org"),
            entry(2, 1, EntryKind::Event, "step", step),
            entry(2, 2_000, EntryKind::Event, "queued", queued),
            entry(2, 7_000, EntryKind::Event, "connected", None),
            moved(2, Some("support"), Some("alice")),
            ended(2, 67_000),
        ])
        .await;
}

fn figures(report: &Value) -> Vec<(String, Value)> {
    let names =
        report["figures"].as_array().expect("figures").iter().map(|figure| figure["name"].to_string());
    names
        .map(|name| name.trim_matches('"').to_owned())
        .zip(report["total"].as_array().expect("values").clone())
        .collect()
}

#[tokio::test]
async fn a_number_of_a_report_opens_to_its_conversations() {
    let world = World::new().await;
    a_day(&world).await;
    let days = "from=2025-11-22&until=2025-11-22&zone=Europe/Berlin";
    let report = world.get("sue", &format!("/reports/abandonment?{days}&by=queue&lang=zh")).await.is(200);
    let total = figures(&report);
    assert!(
        total.contains(&("abandoned".into(), json!(1.0)))
            && total.contains(&("wait_ms".into(), json!(40_000.0))),
        "{total:?}"
    );
    assert!(total.contains(&("abandon_rate".into(), json!(50.0))), "{total:?}");
    assert_eq!((&report["rows"][0]["key"], &report["title"]), (&json!("support"), &json!("放弃")));
    let rows = world
        .get("sue", &format!("/reports/abandonment/rows?{days}&by=queue&key=support&figure=abandoned"))
        .await
        .is(200);
    assert_eq!(rows["items"].as_array().map(Vec::len), Some(1), "{rows}");
    assert_eq!(rows["items"][0]["id"], "0-1");
    // 16:20 UTC is 17:20 in Berlin, and 00:20 of the next day in Shanghai.
    let hours = world.get("sue", &format!("/reports/volume?{days}&by=hour")).await.is(200);
    assert_eq!(hours["rows"][0]["key"], "17");
    let none = world
        .get("sue", &format!("/reports/volume/rows?{days}&by=hour&key=16&figure=conversations"))
        .await
        .is(200);
    assert_eq!(none["items"], json!([]));
    let shanghai = "from=2025-11-23&until=2025-11-23&zone=Asia/Shanghai";
    let report = world.get("sue", &format!("/reports/service?{shanghai}")).await.is(200);
    assert!(figures(&report).contains(&("service_level".into(), json!(50.0))), "{report}");
    let funnel = world.get("sue", &format!("/reports/funnel?{days}")).await.is(200);
    assert_eq!((&funnel["rows"][0]["key"], &funnel["rows_by"]), (&json!("main 3"), &json!("flow")));
}

#[tokio::test]
async fn a_promise_counts_for_who_comes_after_it_and_is_checked() {
    let world = World::new().await;
    let targets = json!({"value": {"usual": {"seconds": 3, "percent": 90}}});
    world.ask("admin", Method::PUT, "/settings/targets", targets).await.is(200);
    a_day(&world).await;
    let days = "from=2025-11-22&until=2025-11-22&zone=UTC";
    let report = world.get("sue", &format!("/reports/service?{days}")).await.is(200);
    assert!(
        figures(&report).contains(&("service_level".into(), json!(0.0))),
        "answered after five seconds: {report}"
    );
    let bad = json!({"value": {"usual": {"seconds": 0, "percent": 90}}});
    let error = world.ask("admin", Method::PUT, "/settings/targets", bad).await.is(400);
    assert_eq!(error["error"]["field"], "value.usual.seconds");
    world
        .ask("alice", Method::PUT, "/settings/targets", json!({"value": null}))
        .await
        .fails(403, "forbidden");
}

#[tokio::test]
async fn reports_are_for_supervisors_and_say_what_was_wrong() {
    let world = World::new().await;
    let days = "from=2025-11-22&until=2025-11-22&zone=UTC";
    for path in
        ["/reports", "/reports/volume", "/reports/volume/rows", "/reports/volume/csv", "/knowledge/use"]
    {
        let path = if path == "/reports" { path.to_owned() } else { format!("{path}?{days}") };
        world.get("alice", &path).await.fails(403, "forbidden");
    }
    assert!(
        world.get("sue", "/reports?lang=zh").await.is(200)["items"]
            .as_array()
            .is_some_and(|all| all.len() >= 10)
    );
    world.get("sue", &format!("/reports/nothing?{days}")).await.fails(404, "not_found");
    for (bad, field) in [
        ("from=x&until=2025-11-22&zone=UTC", "from"),
        ("from=2025-11-22&until=2025-11-21&zone=UTC", "until"),
        ("from=2025-11-22&until=2025-11-22&zone=Moon", "zone"),
        ("from=2025-11-22&until=2025-11-22&zone=UTC&by=agent", "by"),
        ("from=2025-11-22&until=2025-11-22&zone=UTC&lang=fr", "lang"),
    ] {
        let error = world.get("sue", &format!("/reports/volume?{bad}")).await.is(400);
        assert_eq!(error["error"]["field"], field, "{bad}");
    }
    let error = world.get("sue", &format!("/reports/volume/rows?{days}&figure=x")).await.is(400);
    assert_eq!(error["error"]["field"], "figure");
}

#[tokio::test]
async fn a_line_beyond_its_bound_is_an_alert() {
    let world = World::new().await;
    let none = world.get("alice", "/alerts").await.is(200);
    assert_eq!(none["items"], json!([]));
    let rules = json!({"value": {"rules": [{"what": "ready_agents", "limit": 9}], "zone": "Europe/Berlin"}});
    world.ask("sue", Method::PUT, "/settings/alerts", rules).await.is(200);
    let error = world
        .ask(
            "sue",
            Method::PUT,
            "/settings/alerts",
            json!({"value": {"rules": [], "webhook": {"url": "ftp://x", "secret": "s"}}}),
        )
        .await
        .is(400);
    assert_eq!(error["error"]["field"], "value.webhook.url");
}
