//! Mentions in notes: who finds them, and what was seen.

use std::sync::Arc;

use desk::{Change, EntryKind, NewEntry, Speaker, mention};
use kernel::AgentName;

use super::sample::{AT, append, id, opened};
use crate::{Mention, Store, StoreError};

fn note(n: u64, by: &str, text: &str, names: &[&str], dedupe: Option<&str>) -> Change {
    let names: Vec<AgentName> = names.iter().map(|name| AgentName::from(*name)).collect();
    let entry = NewEntry {
        at: AT + 100,
        leg: None,
        speaker: Speaker::Agent,
        author: Some(by.into()),
        kind: EntryKind::Note,
        text: text.into(),
        detail: mention::particulars(&names),
        start_ms: None,
        end_ms: None,
        dedupe: dedupe.map(Into::into),
    };
    Change::EntryAdded { id: id(n), entry }
}

async fn of(store: &dyn Store, agent: &str) -> Vec<Mention> {
    store.mentions(&agent.into(), None, 50).await.expect("readable").items
}

pub async fn who_is_called_in_a_note_finds_it_and_nobody_else(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), opened(2, "tel:+492")]).await;
    let first =
        append(&*store, vec![note(1, "alice", "@bob @王芳 look", &["bob", "王芳"], Some("n1"))]).await;
    append(&*store, vec![note(1, "alice", "@bob @王芳 look", &["bob", "王芳"], Some("n1"))]).await;
    append(&*store, vec![note(2, "bob", "@alice @bob yes", &["alice", "bob"], None)]).await;
    append(&*store, vec![note(2, "bob", "said @carol, who is not meant", &[], None)]).await;

    let found = of(&*store, "bob").await;
    let expected = Mention {
        event: first[0].seq,
        conversation: id(1),
        seq: 1,
        at: AT + 100,
        by: "alice".into(),
        seen: false,
    };
    assert_eq!(found, [expected], "once, although it was sent twice; and nobody is told of themselves");
    assert_eq!(of(&*store, "王芳").await.len(), 1);
    assert_eq!(of(&*store, "alice").await[0].conversation, id(2));
    assert!(of(&*store, "carol").await.is_empty());
    let entry = store.entries(id(1), 0, 1).await.expect("readable").remove(0).entry;
    assert_eq!(
        mention::of(entry.detail.as_deref()),
        ["bob".into(), "王芳".into()],
        "the note has them as data"
    );
}

pub async fn what_was_seen_stays_seen_and_pages_do_not_shift(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491")]).await;
    for n in 0..5 {
        append(&*store, vec![note(1, "alice", &format!("@bob {n}"), &["bob"], None)]).await;
    }
    let bob = AgentName::from("bob");
    let unseen = async || store.mentions_unseen(&bob).await.expect("readable");
    let first = store.mentions(&bob, None, 2).await.expect("a page");
    let seqs = |page: &crate::Page<Mention>| page.items.iter().map(|one| one.seq).collect::<Vec<_>>();
    assert_eq!((seqs(&first), unseen().await), (vec![5, 4], 5));
    append(&*store, vec![note(1, "alice", "@bob 5", &["bob"], None)]).await;
    let second = store.mentions(&bob, first.next.clone(), 2).await.expect("a page");
    assert_eq!(seqs(&second), [3, 2]);

    store.mentions_seen(&bob, first.items[1].event, AT + 900).await.expect("kept");
    assert_eq!(unseen().await, 2, "what came after is still new");
    let seen: Vec<bool> = of(&*store, "bob").await.iter().map(|one| one.seen).collect();
    assert_eq!(seen, [false, false, true, true, true, true]);
    store.mentions_seen(&"carol".into(), i64::MAX, AT + 901).await.expect("nothing to see is no fault");
    assert_eq!(unseen().await, 2);
    let error = store.mentions(&bob, Some("x".into()), 2).await.expect_err("no cursor of ours");
    assert!(matches!(error, StoreError::Bad(_)), "{error}");
}
