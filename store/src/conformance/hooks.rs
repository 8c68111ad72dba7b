//! Event hooks.

use std::sync::Arc;

use desk::Change;
use desk::delivery::DeliveryState;
use desk::event_hooks::{EventHook, EventKind, HookDraft, HookState, HookStep, Outcome, TRIAL};
use kernel::Secret;

use super::sample::{AT, append, opened};
use crate::{Store, StoreError};

fn saved(draft: Option<HookDraft>) -> Change {
    Change::HookChanged { hook: "h1".into(), draft, by: "root".into(), at: AT }
}

fn draft(url: &str) -> HookDraft {
    HookDraft {
        url: url.into(),
        kinds: vec![EventKind::ConversationOpened, EventKind::TicketDone],
        state: HookState::Active,
    }
}

async fn hook(store: &dyn Store) -> EventHook {
    store.event_hooks().await.expect("readable").remove(0)
}

fn went(status: i64, why: Option<&str>) -> Outcome {
    Outcome { status: Some(status), why: why.map(Into::into), answer: Some("好".into()), took_ms: 12 }
}

pub async fn a_hook_begins_where_it_was_made_and_moves_only_from_where_it_is(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491")]).await;
    store.put_hook_secret("h1", &Secret::new("s".into())).await.expect("kept");
    let made = append(&*store, vec![saved(Some(draft("https://a.example/")))]).await.remove(0).seq;
    append(&*store, vec![opened(2, "tel:+492")]).await;
    let first = hook(&*store).await;
    assert_eq!((first.place.sequence, first.place.revision), (made, made), "told of nothing from before");
    assert_eq!(
        (first.created_at, first.created_by.as_str(), &first.draft),
        (AT, "root", &draft("https://a.example/"))
    );
    assert_eq!(store.hook_secret("h1").await.expect("readable").expect("kept").reveal(), "s");
    let opened = EventKind::ConversationOpened;
    let step = |from, due_at| HookStep::NotTold {
        from,
        sequence: made + 1,
        kind: opened,
        outcome: went(503, Some("http_503")),
        due_at,
    };
    store.hook_step("h1", step(first.place, Some(AT + 2_000)), AT).await.expect("taken");
    let failed = hook(&*store).await;
    assert_eq!((failed.failures, failed.due_at, failed.why.as_deref()), (1, AT + 2_000, Some("http_503")));
    store.hook_step("h1", step(first.place, None), AT + 1).await.expect("taken");
    assert_eq!(hook(&*store).await.draft.state, HookState::Parked);
    let told = |from| HookStep::Told { from, sequence: made + 1, kind: opened, outcome: went(200, None) };
    let seen = store.hook_deliveries("h1", None, 10).await.expect("readable");
    assert_eq!((seen.len(), seen[0].tries, seen[0].state), (1, 2, DeliveryState::Failed));
    // Somebody changes it meanwhile: what was under way no longer counts.
    append(&*store, vec![saved(Some(draft("https://b.example/")))]).await;
    let error = store.hook_step("h1", told(first.place), AT + 2).await.expect_err("from elsewhere");
    assert!(matches!(error, StoreError::NotFound(_)), "{error}");
    let again = hook(&*store).await;
    assert_eq!((again.failures, again.draft.state, again.place.sequence), (0, HookState::Active, made));
    store.hook_step("h1", told(again.place), AT + 3).await.expect("taken");
    let passed = HookStep::Passed { from: hook(&*store).await.place, sequence: made + 2 };
    store.hook_step("h1", passed, AT + 3).await.expect("taken");
    assert_eq!(hook(&*store).await.place.sequence, made + 2);
    let seen = store.hook_deliveries("h1", None, 10).await.expect("readable").remove(0);
    assert_eq!(
        (seen.kind, seen.tries, seen.state, &seen.outcome),
        (Some(opened), 3, DeliveryState::Sent, &went(200, None))
    );
    store.hook_step("h1", HookStep::Rewound { sequence: made }, AT + 4).await.expect("taken");
    let rewound = hook(&*store).await;
    assert_eq!(rewound.place.sequence, made);
    assert_ne!(rewound.place.revision, again.place.revision, "what was under way no longer counts");
    let trail = store.audit(Some("event_hook h1"), 10).await.expect("readable");
    assert_eq!(trail.len(), 2);
    assert!(trail[0].before.as_deref().is_some_and(|text| text.contains("a.example")), "{trail:?}");
    append(&*store, vec![saved(None)]).await;
    assert_eq!(store.event_hooks().await.expect("readable"), []);
    assert_eq!(store.hook_deliveries("h1", None, 10).await.expect("readable"), []);
    assert!(store.hook_secret("h1").await.expect("readable").is_none());
}

pub async fn what_somebody_asks_for_again_is_kept_until_it_was_sent(store: Arc<dyn Store>) {
    append(&*store, vec![saved(Some(draft("https://a.example/")))]).await;
    let ask = |sequence, kind| store.hook_step("h1", HookStep::Asked { sequence, kind }, AT);
    ask(TRIAL, None).await.expect("taken");
    ask(1, Some(EventKind::TicketDone)).await.expect("taken");
    assert!(hook(&*store).await.asked);
    assert_eq!(store.hook_asked("h1").await.expect("readable"), [TRIAL, 1]);
    for sequence in [TRIAL, 1] {
        let answered = HookStep::Answered { sequence, outcome: went(204, None) };
        store.hook_step("h1", answered, AT + 5).await.expect("taken");
    }
    assert!(!hook(&*store).await.asked);
    let seen = store.hook_deliveries("h1", None, 10).await.expect("readable");
    assert_eq!(
        seen.iter().map(|one| (one.sequence, one.kind)).collect::<Vec<_>>(),
        [(1, Some(EventKind::TicketDone)), (TRIAL, None)]
    );
    assert_eq!(store.hook_deliveries("h1", Some(1), 10).await.expect("readable").len(), 1);
    let missing = store.hook_step("h2", HookStep::Asked { sequence: 1, kind: None }, AT).await;
    assert!(matches!(missing, Err(StoreError::NotFound(_))), "no such hook");
    store.hook_step("h1", HookStep::Swept { before: AT + 6 }, AT + 6).await.expect("taken");
    assert_eq!(store.hook_deliveries("h1", None, 10).await.expect("readable"), []);
}
