//! Corrections of a transcript's lines: what is kept, found, refused, counted.

use std::sync::Arc;

use desk::correction::correction;
use desk::reports::Source;
use desk::search::question;
use desk::{Change, Entry, EntryKind, NewEntry, Speaker};

use super::sample::{AT, append, ended, id, opened, refused, said};
use crate::{ReportFilter, ReportGroup, ReportQuery, SearchFilter, Store, StoreError};

fn line(n: u64, text: &str, sure: &str) -> Change {
    let words = r#"[["My",100,200,0.9],["older",200,500,0.2]]"#;
    let entry = NewEntry {
        at: AT + 100,
        leg: Some(0),
        speaker: Speaker::Customer,
        author: None,
        kind: EntryKind::Speech,
        text: text.into(),
        detail: Some(format!(r#"{{"language":"en","confidence":{sure},"words":{words}}}"#)),
        start_ms: Some(100),
        end_ms: Some(500),
        dedupe: None,
    };
    Change::EntryAdded { id: id(n), entry }
}

fn corrected(line: &Entry, text: &str, by: &str, at: i64) -> Change {
    let correction = correction(&line.entry, text, &[], (by, AT + at));
    Change::EntryCorrected { id: id(1), seq: line.seq, correction }
}

async fn now(store: &dyn Store, seq: i64) -> Entry {
    store.entries(id(1), seq - 1, 1).await.expect("readable").remove(0)
}

async fn found(store: &dyn Store, words: &str) -> Vec<(Option<i64>, String)> {
    let filter = SearchFilter { words: question(words), now: AT, limit: 50, ..SearchFilter::default() };
    let hits = store.search(filter).await.expect("a page").items;
    hits.into_iter().map(|hit| (hit.entry_seq, hit.text)).collect()
}

pub async fn a_corrected_line_says_the_new_and_keeps_the_old(store: Arc<dyn Store>) {
    let lines = vec![opened(1, "tel:+491"), line(1, "My older", "0.55"), line(1, "thank you", "0.9")];
    append(&*store, lines).await;
    let first = now(&*store, 1).await;
    let events = append(&*store, vec![corrected(&first, "My order", "alice", 1_000)]).await;
    assert_eq!((events[0].conversation, events[0].entry_seq), (Some(id(1)), Some(1)));
    let second = now(&*store, 1).await;
    assert_eq!(
        (second.entry.text.as_str(), second.entry.at, second.entry.end_ms),
        ("My order", AT + 100, Some(500))
    );
    assert_eq!(now(&*store, 2).await.entry.text, "thank you");
    append(&*store, vec![corrected(&second, "My orders", "bob", 2_000)]).await;

    let kept = store.corrections(id(1), 1).await.expect("readable");
    let told: Vec<_> =
        kept.iter().map(|was| (was.revision, was.text.as_str(), was.by.as_str(), was.at)).collect();
    assert_eq!(told, [(1, "My older", "alice", AT + 1_000), (2, "My order", "bob", AT + 2_000)]);
    assert_eq!(kept[0].detail, first.entry.detail, "with its words");
    assert!(store.corrections(id(1), 2).await.expect("readable").is_empty());

    assert!(found(&*store, "older").await.is_empty(), "what it no longer says does not find it");
    assert_eq!(found(&*store, "my order").await, [(Some(1), "My orders".to_owned())]);
    assert_eq!(found(&*store, "thank").await.len(), 1);
    let last = store.events_after(0, 100).await.expect("readable").pop().expect("an event");
    assert!(
        matches!(last.change, Change::EntryCorrected { seq: 1, ref correction, .. } if correction.revision == 2)
    );
}

pub async fn nobody_corrects_what_they_have_not_seen(store: Arc<dyn Store>) {
    let lines = vec![opened(1, "tel:+491"), line(1, "My older", "0.55"), said(1, "a message", None)];
    append(&*store, lines).await;
    let seen = now(&*store, 1).await;
    let events = append(&*store, vec![corrected(&seen, "My order", "alice", 1_000)]).await;
    let again = append(&*store, vec![corrected(&seen, "My order", "alice", 1_500)]).await;
    assert_eq!(again, events, "the same again is the same");
    let error = refused(&*store, vec![corrected(&seen, "My odour", "bob", 2_000)]).await;
    assert!(matches!(error, StoreError::Stale { revision: 1 }), "{error}");
    assert_eq!(store.corrections(id(1), 1).await.expect("readable").len(), 1);
    let message = now(&*store, 2).await;
    let error = refused(&*store, vec![corrected(&message, "x", "bob", 1)]).await;
    assert!(matches!(error, StoreError::Bad(_)), "{error}");
    let error = refused(&*store, vec![corrected(&Entry { seq: 9, ..seen }, "x", "bob", 1)]).await;
    assert!(matches!(error, StoreError::NotFound(_)), "{error}");
    assert!(found(&*store, "odour").await.is_empty());
}

/// As `desk::reports` defines it: the confidence of what was recognised, whatever it was corrected to.
pub async fn confidence_and_corrections_are_counted(store: Arc<dyn Store>) {
    let lines = vec![opened(1, "tel:+491"), line(1, "My older", "0.55"), line(1, "thank you", "0.9")];
    append(&*store, lines).await;
    append(&*store, vec![ended(1, AT + 60_000, "hangup")]).await;
    let figures = async || {
        let query = ReportQuery {
            source: Source::Conversations,
            columns: vec!["rated_utterances", "confidence", "corrected"],
            group: ReportGroup::Channel,
            which: ReportFilter { from: 0, until: i64::MAX, ..ReportFilter::default() },
        };
        store.report(query).await.expect("sums").remove(0).sums
    };
    assert_eq!(figures().await, [2, 145, 0]);
    let seen = now(&*store, 1).await;
    append(&*store, vec![corrected(&seen, "My order", "alice", 70_000)]).await;
    assert_eq!(figures().await, [2, 145, 1], "also after the end");
}
