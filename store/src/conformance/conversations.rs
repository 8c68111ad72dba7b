//! Conversations, legs, entries.

use std::sync::Arc;

use desk::{Change, Channel, Conversation, ConversationState, EntryKind};
use kernel::{Fault, Rng};

use super::sample::{AT, append, ended, id, leg, moved, opened, refused, said};
use crate::{Store, StoreError};

pub async fn a_conversation_reads_back_as_it_was_recorded(store: Arc<dyn Store>) {
    assert_eq!(store.last_event().await.expect("readable"), 0, "a fresh store is empty");
    let events = append(
        &*store,
        vec![opened(1, "tel:+49 30 1"), said(1, "你好，我的订单在哪里？", None), said(1, "second", None)],
    )
    .await;
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(events.iter().map(|event| event.entry_seq).collect::<Vec<_>>(), [None, Some(1), Some(2)]);
    assert!(events.iter().all(|event| event.at == AT && event.conversation == Some(id(1))));
    assert_eq!(
        store.events_after(0, 100).await.expect("readable"),
        events,
        "events read back as they were returned"
    );
    assert_eq!(store.events_after(1, 1).await.expect("readable"), events[1..2]);

    let seen = store.conversation(id(1)).await.expect("it was opened");
    assert_eq!(seen.channel, Channel::Voice);
    assert_eq!(seen.state, ConversationState::Flow);
    assert_eq!((seen.caller.as_str(), seen.called.as_str(), seen.lang.as_str()), ("+49301", "1000", "en"));
    assert_eq!(seen.started_at, AT + 1);

    let entries = store.entries(id(1), 0, 10).await.expect("readable");
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2]);
    assert!(entries.iter().all(|entry| entry.is_final));
    let Change::EntryAdded { entry, .. } = said(1, "你好，我的订单在哪里？", None) else {
        unreachable!()
    };
    assert_eq!(entries[0].entry, entry);
    assert_eq!(entries[0].entry.kind, EntryKind::Message);
    assert_eq!(store.entries(id(1), 1, 10).await.expect("readable"), entries[1..]);
    assert!(matches!(store.conversation(id(2)).await, Err(StoreError::NotFound("conversation"))));
    store.ping().await.expect("the database answers");
}

/// Random histories, folded by the store and by the desk's own rule, must give the same pictures.
pub async fn pictures_follow_the_rules_of_the_desk(store: Arc<dyn Store>) {
    const CONVERSATIONS: u64 = 6;
    let mut rng = Rng::seeded(0xDE5C);
    let mut expected: Vec<Conversation> = Vec::new();
    for n in 1..=CONVERSATIONS {
        append(&*store, vec![opened(n, "tel:+491234567")]).await;
        expected.push(store.conversation(id(n)).await.expect("it was opened"));
    }
    for round in 0..120 {
        let change = random_change(&mut rng, CONVERSATIONS, round);
        append(&*store, vec![change.clone()]).await;
        expected.iter_mut().for_each(|picture| picture.apply(&change));
    }
    for picture in &expected {
        assert_eq!(&store.conversation(picture.id).await.expect("it was opened"), picture);
    }
    let open = store.open_conversations().await.expect("readable");
    let still: Vec<_> = expected.into_iter().filter(|picture| picture.ended_at.is_none()).collect();
    assert_eq!(open, still, "the open ones, oldest first, with their legs");
}

fn random_change(rng: &mut Rng, conversations: u64, round: i64) -> Change {
    const STATES: [ConversationState; 4] = [
        ConversationState::Waiting,
        ConversationState::Ringing,
        ConversationState::Talking,
        ConversationState::Wrapup,
    ];
    let n = 1 + rng.below(conversations);
    match rng.below(8) {
        0 => ended(n, AT + round, if rng.below(2) == 0 { "hangup" } else { "restart" }),
        1..=3 => {
            let mut leg = leg(rng.below(3) as u16, "alice");
            if rng.below(2) == 0 {
                leg.answered_at = Some(AT + round);
                leg.ended_at = Some(AT + round);
                leg.fault = Some(Fault::Peer);
                leg.reason = Some("no_answer".into());
            }
            Change::LegChanged { id: id(n), leg }
        }
        _ => {
            let queue = [None, Some("sales"), Some("support")][rng.below(3) as usize];
            let agent = [None, Some("alice"), Some("bob")][rng.below(3) as usize];
            moved(n, STATES[rng.below(4) as usize], queue, agent)
        }
    }
}

pub async fn a_repeated_message_is_recorded_once(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "chat:a"), opened(2, "chat:b")]).await;
    let first = append(&*store, vec![said(1, "hello", Some("m1"))]).await;
    let again = append(&*store, vec![said(1, "hello", Some("m1"))]).await;
    assert_eq!(first, again, "the second send yields the event of the first");
    let both = append(&*store, vec![said(1, "x", Some("m2")), said(1, "x", Some("m2"))]).await;
    assert_eq!(both[0], both[1], "within one append too");
    let other = append(&*store, vec![said(2, "hello", Some("m1"))]).await;
    assert_ne!(other[0].seq, first[0].seq, "another conversation's message is another message");
    assert_eq!(store.entries(id(1), 0, 10).await.expect("readable").len(), 2);
    assert_eq!(
        store.last_event().await.expect("readable"),
        other[0].seq,
        "repeats leave no gap in the numbers"
    );
    assert_eq!(store.events_after(0, 100).await.expect("readable").len() as i64, other[0].seq);
}

pub async fn what_cannot_be_applied_leaves_no_trace(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491")]).await;
    for wrong in [
        said(9, "nobody", None),
        moved(9, ConversationState::Waiting, None, None),
        ended(9, AT, "hangup"),
        Change::LegChanged { id: id(9), leg: leg(1, "alice") },
        super::sample::ticket_for(9, None),
    ] {
        let error = refused(&*store, vec![said(1, "before", None), wrong]).await;
        assert!(matches!(error, StoreError::NotFound("conversation")), "{error}");
    }
    let error = refused(&*store, vec![said(1, "before", None), opened(1, "tel:+492")]).await;
    assert!(matches!(error, StoreError::Bad(_)), "a conversation is opened once: {error}");
    assert!(store.entries(id(1), 0, 10).await.expect("readable").is_empty());
    assert!(append(&*store, vec![]).await.is_empty(), "nothing to record is no error");
    assert_eq!(append(&*store, vec![said(1, "after", None)]).await[0].seq, 2, "and leaves no gap");
}

pub async fn strange_text_is_kept_and_read_back_the_same_everywhere(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "sip:'; DROP TABLE entries; --@ex\0ample.com")]).await;
    let long = "汉".repeat(10_000);
    let texts =
        ["\0", "a\0b", "'; DELETE FROM entries; --", "$1 ? :x", "😀\u{202E}\u{FFFF}", "", "\\u0000", &long];
    for text in texts {
        let event = append(&*store, vec![said(1, text, None)]).await.remove(0);
        let seq = event.entry_seq.expect("an entry has a position");
        let entry = store.entries(id(1), seq - 1, 1).await.expect("readable").remove(0);
        assert_eq!(entry.entry.text, text.replace('\0', "\u{FFFD}"));
        let stored = store.events_after(event.seq - 1, 1).await.expect("readable").remove(0);
        assert_eq!(stored, event, "the event that was returned is the one that is kept");
        let Change::EntryAdded { entry: told, .. } = event.change else { unreachable!() };
        assert_eq!(told, entry.entry, "event and entry say the same");
    }
    store.put_setting("k\0", "v\0").await.expect("settings are text too");
    assert_eq!(store.setting("k\0").await.expect("readable").as_deref(), Some("v\u{FFFD}"));
    assert_eq!(store.user("x\0' OR 1=1 --").await.expect("readable"), None);
}
