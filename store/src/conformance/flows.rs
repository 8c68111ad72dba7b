//! Flows: versions, drafts, and the ways of customers through them.

use std::sync::Arc;

use desk::{Change, EntryKind, FlowDraft, FlowOrigin, FlowRefusal, FlowVersion, NewEntry, Speaker};

use super::sample::{AT, append, ended, id, moved, opened, refused, said};
use crate::{Store, StoreError};

fn version(flow: &str, version: i64, source: &str) -> FlowVersion {
    FlowVersion {
        flow: flow.into(),
        version,
        origin: FlowOrigin::Draft,
        restores: None,
        source: source.into(),
        layout: "{}".into(),
        author: "sue".into(),
        at: AT + version,
        note: "节日 menu".into(),
    }
}

fn draft(flow: &str, revision: i64, source: &str) -> FlowDraft {
    FlowDraft {
        flow: flow.into(),
        revision,
        base: 1,
        source: source.into(),
        layout: "{\"a\":[1,2]}".into(),
        author: "ann".into(),
        at: AT,
    }
}

pub async fn versions_are_numbered_and_stay_as_they_were_published(store: Arc<dyn Store>) {
    let first =
        FlowVersion { origin: FlowOrigin::File, author: "configuration".into(), ..version("main", 1, "one") };
    let back = FlowVersion { origin: FlowOrigin::Restored, restores: Some(1), ..version("main", 3, "one") };
    for published in [&first, &version("main", 2, "# 注释\ntwo"), &back, &version("other", 1, "x")] {
        let event = append(&*store, vec![Change::FlowPublished(published.clone())]).await.remove(0);
        assert_eq!(event.change, Change::FlowPublished(published.clone()));
    }
    assert_eq!(store.flow_version("main", 1).await.expect("it was published"), first);
    assert_eq!(store.flow_version("main", 3).await.expect("it was published"), back);
    assert!(matches!(store.flow_version("main", 4).await, Err(StoreError::NotFound(_))));
    let history = store.flow_history("main", None, 2).await.expect("readable");
    assert_eq!(history.iter().map(|v| v.version).collect::<Vec<_>>(), [3, 2], "newest first");
    let rest = store.flow_history("main", Some(2), 2).await.expect("readable");
    assert_eq!(rest, [first]);
    let serving = store.flows_in_service().await.expect("readable");
    let names: Vec<_> = serving.iter().map(|v| (v.flow.as_str(), v.version)).collect();
    assert_eq!(names, [("main", 3), ("other", 1)]);
}

pub async fn of_two_who_publish_at_once_one_is_refused(store: Arc<dyn Store>) {
    append(&*store, vec![Change::FlowPublished(version("main", 1, "one"))]).await;
    let error = refused(&*store, vec![Change::FlowPublished(version("main", 1, "also one"))]).await;
    let stale = FlowRefusal::StaleVersion { flow: "main".into(), seen: 0, actual: 1 };
    assert!(matches!(&error, StoreError::FlowRefused(why) if *why == stale), "{error}");
    refused(&*store, vec![Change::FlowPublished(version("main", 3, "a gap"))]).await;
    assert_eq!(store.flow_version("main", 1).await.expect("published").source, "one");
}

pub async fn a_draft_is_replaced_only_by_who_has_seen_it_and_used_up_by_publishing(store: Arc<dyn Store>) {
    assert_eq!(store.flow_draft("main").await.expect("readable"), None);
    store.put_flow_draft(draft("main", 1, "a")).await.expect("the first");
    store.put_flow_draft(draft("main", 2, "b")).await.expect("the second, by who saw the first");
    let error = store.put_flow_draft(draft("main", 2, "c")).await.expect_err("somebody else was quicker");
    let stale = FlowRefusal::StaleDraft { flow: "main".into(), seen: 1, actual: 2 };
    assert!(matches!(&error, StoreError::FlowRefused(why) if *why == stale), "{error}");
    assert_eq!(store.flow_draft("main").await.expect("readable"), Some(draft("main", 2, "b")));
    store.put_flow_draft(draft("other", 1, "x")).await.expect("another flow has its own");
    assert_eq!(store.flow_drafts().await.expect("readable").len(), 2);

    let file = FlowVersion { origin: FlowOrigin::File, ..version("main", 1, "one") };
    append(&*store, vec![Change::FlowPublished(file)]).await;
    assert!(store.flow_draft("main").await.expect("readable").is_some(), "a new file leaves people's work");
    append(&*store, vec![Change::FlowPublished(version("main", 2, "b"))]).await;
    assert_eq!(store.flow_draft("main").await.expect("readable"), None);
    store.drop_flow_draft("other").await.expect("thrown away");
    store.drop_flow_draft("other").await.expect("twice is no error");
    assert!(store.flow_drafts().await.expect("readable").is_empty());
}

fn step(n: u64, step: &str) -> Change {
    let entry = NewEntry {
        at: AT,
        leg: None,
        speaker: Speaker::System,
        author: None,
        kind: EntryKind::Event,
        text: "step".into(),
        detail: Some(step.into()),
        start_ms: None,
        end_ms: None,
        dedupe: None,
    };
    Change::EntryAdded { id: id(n), entry }
}

pub async fn the_ways_of_customers_through_the_steps_are_counted(store: Arc<dyn Store>) {
    append(
        &*store,
        vec![
            opened(1, "tel:+491"),
            step(1, "menu"),
            said(1, "step", None),
            step(1, "queue"),
            moved(1, desk::ConversationState::Talking, Some("sales"), Some("bob")),
            ended(1, AT + 900, "hangup"),
            opened(2, "tel:+492"),
            step(2, "menu"),
            step(2, "queue"),
            ended(2, AT + 900, "hangup"),
            opened(3, "tel:+493"),
            step(3, "menu"),
            opened(4, "tel:+494"),
            step(4, "menu"),
        ],
    )
    .await;
    let passages = store.flow_passages(AT, AT + 4).await.expect("readable");
    let shown: Vec<_> = passages.iter().map(|p| (p.before.as_deref(), p.step.as_str(), p.count)).collect();
    assert!(shown.contains(&(None, "menu", 3)) && shown.contains(&(Some("menu"), "queue", 2)), "{shown:?}");
    assert_eq!(shown.len(), 2, "the fourth came later, and words are no steps: {shown:?}");
    let stays = store.flow_stays(AT, AT + 4).await.expect("readable");
    let shown: Vec<_> =
        stays.iter().map(|s| (s.step.as_str(), s.reason.as_deref(), s.talked, s.count)).collect();
    assert_eq!(shown.len(), 3, "{shown:?}");
    for expected in
        [("menu", None, false, 1), ("queue", Some("hangup"), false, 1), ("queue", Some("hangup"), true, 1)]
    {
        assert!(shown.contains(&expected), "{expected:?} in {shown:?}");
    }
}

pub async fn events_of_a_kind_are_found_by_when_their_conversations_began(store: Arc<dyn Store>) {
    let changes = vec![
        opened(1, "tel:+491"),
        step(1, "one"),
        said(1, "step", None),
        opened(4, "tel:+494"),
        step(4, "four"),
        step(1, "two"),
    ];
    append(&*store, changes).await;
    let found = store.happened("step", AT, AT + 4).await.expect("readable");
    let shown: Vec<_> = found.iter().map(|one| (one.conversation, one.at, one.detail.as_deref())).collect();
    assert_eq!(
        shown,
        [(id(1), AT, Some("one")), (id(1), AT, Some("two"))],
        "of the first, and words are no events"
    );
}
