//! Many callers at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::sample::{append, id, opened, said, step};
use crate::{Event, Store, StoreError};

const WRITERS: u64 = 32;
const EACH: usize = 12;

async fn write(store: Arc<dyn Store>, n: u64) -> Vec<Event> {
    let mut events = append(&*store, vec![opened(n, "tel:+491234567"), said(n, "first", None)]).await;
    for _ in 1..EACH {
        events.extend(append(&*store, vec![said(n, "more", None)]).await);
    }
    events
}

pub async fn many_writers_make_one_row_of_numbers(store: Arc<dyn Store>) {
    let mut writers = JoinSet::new();
    for n in 1..=WRITERS {
        writers.spawn(write(store.clone(), n));
    }
    let mut events: Vec<Event> = writers.join_all().await.into_iter().flatten().collect();
    events.sort_by_key(|event| event.seq);
    let total = WRITERS as i64 * (EACH as i64 + 1);
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=total).collect::<Vec<_>>());
    assert_eq!(store.events_after(0, 10_000).await.expect("readable"), events);
    for n in 1..=WRITERS {
        let entries = store.entries(id(n), 0, 1000).await.expect("readable");
        assert_eq!(
            entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
            (1..=EACH as i64).collect::<Vec<_>>()
        );
    }
    let people: BTreeSet<_> =
        store.open_conversations().await.expect("readable").iter().map(|c| c.person).collect();
    assert_eq!(people.len(), 1, "all of them were the same caller");
}

pub async fn a_refused_writer_harms_no_other(store: Arc<dyn Store>) {
    use desk::TicketState::{InProgress, New};
    append(&*store, (1..=WRITERS).map(|n| opened(n, "tel:+491")).collect()).await;
    let mut writers = JoinSet::new();
    for n in 1..=WRITERS {
        let store = store.clone();
        let changes = match n % 3 {
            0 => vec![said(n, "lost", None), step(99, New, InProgress)],
            1 => vec![said(n, "lost", None), opened(n, "tel:+492")],
            _ => vec![said(n, "kept", None)],
        };
        writers.spawn(async move { (n, store.append(0, changes).await) });
    }
    for (n, outcome) in writers.join_all().await {
        let kept = store.entries(id(n), 0, 10).await.expect("readable").len();
        match n % 3 {
            0 => assert!(matches!(outcome, Err(StoreError::NotFound("ticket"))) && kept == 0),
            1 => assert!(matches!(outcome, Err(StoreError::Bad(_))) && kept == 0),
            _ => assert!(outcome.is_ok() && kept == 1),
        }
    }
    let last = store.last_event().await.expect("readable");
    let seqs: Vec<_> =
        store.events_after(0, 1000).await.expect("readable").iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=last).collect::<Vec<_>>());
}

pub async fn a_reader_never_sees_a_gap(store: Arc<dyn Store>) {
    let mut writers = JoinSet::new();
    for n in 1..=WRITERS {
        writers.spawn(write(store.clone(), n));
    }
    let mut seen = 0;
    while seen < WRITERS as i64 * (EACH as i64 + 1) {
        for event in store.events_after(seen, 7).await.expect("readable") {
            assert_eq!(event.seq, seen + 1, "a number was missing when the next could be read");
            seen = event.seq;
        }
        tokio::task::yield_now().await;
    }
    writers.join_all().await;
}
