//! Threads, arrivals, the outbox.

use std::sync::Arc;

use desk::delivery::{Arrival, DeliveryState, DeliveryStep, Sends, Thread};
use desk::{Change, EntryKind, Speaker};

use super::sample::{AT, append, ended, id, opened, refused, said};
use crate::{Store, StoreError};

fn thread(sends: Sends) -> Thread {
    Thread {
        channel: "sms".into(),
        peer: "+491".into(),
        address: "tel:+491".into(),
        sends,
        state: "{}".into(),
        heard_at: AT,
    }
}

fn by(n: u64, speaker: Speaker, text: &str) -> Change {
    let Change::EntryAdded { id, mut entry } = said(n, text, None) else { unreachable!() };
    entry.speaker = speaker;
    Change::EntryAdded { id, entry }
}

fn arrived(n: u64, external: &str) -> Change {
    let arrival = Arrival {
        channel: "sms".into(),
        external: external.into(),
        digest: "d".into(),
        state: Some("{\"subject\":\"x\"}".into()),
        at: AT + 500,
    };
    Change::MessageArrived { id: id(n), arrival }
}

fn step(n: u64, seq: i64, step: DeliveryStep) -> Change {
    Change::DeliveryMoved { id: id(n), seq, step, at: AT + 900 }
}

pub async fn a_message_by_a_channel_goes_to_the_outbox_with_its_entry(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), by(1, Speaker::Agent, "before")]).await;
    let open = |n, sends| Change::ThreadOpened { id: id(n), thread: thread(sends) };
    append(
        &*store,
        vec![open(1, Sends::Everything), by(1, Speaker::System, "hello"), by(1, Speaker::Customer, "hi")],
    )
    .await;
    append(&*store, vec![by(1, Speaker::Agent, "yes")]).await;
    let note = match by(1, Speaker::Agent, "a note") {
        Change::EntryAdded { id, mut entry } => {
            entry.kind = EntryKind::Note;
            Change::EntryAdded { id, entry }
        }
        other => other,
    };
    append(&*store, vec![note]).await;
    let out = store.deliveries(id(1)).await.expect("readable");
    let seen: Vec<_> = out.iter().map(|one| (one.seq, one.channel.as_str(), one.state)).collect();
    assert_eq!(seen, [(2, "sms", DeliveryState::Waiting), (4, "sms", DeliveryState::Waiting)]);
    append(&*store, vec![opened(2, "mailto:a@b.c"), open(2, Sends::People), by(2, Speaker::System, "auto")])
        .await;
    append(&*store, vec![by(2, Speaker::Agent, "by hand")]).await;
    assert_eq!(store.deliveries(id(2)).await.expect("readable").len(), 1, "the flow does not write letters");
    append(&*store, vec![opened(3, "user:7"), open(3, Sends::Nothing), by(3, Speaker::Agent, "read it")])
        .await;
    assert_eq!(store.deliveries(id(3)).await.expect("readable"), []);
    assert_eq!(store.thread(id(1)).await.expect("readable"), Some(thread(Sends::Everything)));
    assert_eq!(store.thread(id(9)).await.expect("readable"), None);
    assert_eq!(store.latest_thread("sms", "+491").await.expect("readable"), Some(id(3)));
    assert_eq!(store.latest_thread("sms", "+492").await.expect("readable"), None);
    let error =
        refused(&*store, vec![Change::ThreadOpened { id: id(9), thread: thread(Sends::Everything) }]).await;
    assert!(matches!(error, StoreError::NotFound("conversation")), "{error}");
    let wrong = vec![by(1, Speaker::Agent, "lost"), ended(9, AT, "x")];
    refused(&*store, wrong).await;
    assert_eq!(store.deliveries(id(1)).await.expect("readable").len(), 2, "refused with its entry");
}

pub async fn what_came_under_a_name_is_taken_once_in_any_conversation(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), opened(2, "tel:+491")]).await;
    append(&*store, vec![Change::ThreadOpened { id: id(1), thread: thread(Sends::Everything) }]).await;
    let first = append(&*store, vec![arrived(1, "m1"), said(1, "hello", Some("m1"))]).await;
    let again = append(&*store, vec![arrived(1, "m1"), said(1, "hello", Some("m1"))]).await;
    assert_eq!(first, again);
    let elsewhere = append(&*store, vec![arrived(2, "m1")]).await;
    assert_eq!(elsewhere[0], first[0]);
    let known = store.arrived("sms", "m1").await.expect("readable").expect("it came");
    assert_eq!((known.conversation, known.seq, known.at), (id(1), 1, AT + 500));
    assert_eq!(store.arrived("sms", "M1").await.expect("readable"), None, "names are told apart exactly");
    assert_eq!(store.arrived("mail", "m1").await.expect("readable"), None);
    let thread = store.thread(id(1)).await.expect("readable").expect("there");
    assert_eq!((thread.heard_at, thread.state.as_str()), (AT + 500, "{\"subject\":\"x\"}"));
}

pub async fn nothing_overtakes_and_what_failed_may_be_tried_again(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), opened(2, "tel:+492")]).await;
    for n in [1, 2] {
        append(&*store, vec![Change::ThreadOpened { id: id(n), thread: thread(Sends::Everything) }]).await;
    }
    let answers = ["a", "b"].map(|text| by(1, Speaker::Agent, text));
    append(&*store, answers.into_iter().chain([by(2, Speaker::Agent, "c")]).collect()).await;
    let due = async |now| {
        let due = store.outbox_due(now, 10).await.expect("readable");
        let mut due: Vec<_> = due.iter().map(|one| (one.conversation, one.seq)).collect();
        due.sort_unstable();
        due
    };
    assert_eq!(due(AT).await, [], "not yet");
    assert_eq!(due(AT + 100).await, [(id(1), 1), (id(2), 1)]);
    let later = DeliveryStep::Postponed { why: "http_503".into(), due_at: AT + 5_000 };
    append(&*store, vec![step(1, 1, later)]).await;
    assert_eq!(due(AT + 100).await, [(id(2), 1)], "the second waits for the first");
    append(&*store, vec![step(1, 1, DeliveryStep::Failed { why: "http_422".into() })]).await;
    assert_eq!(due(AT + 100).await, [(id(1), 2), (id(2), 1)], "one that is given up holds up nothing");
    let failed = store.deliveries(id(1)).await.expect("readable").remove(0);
    assert_eq!(
        (failed.state, failed.tries, failed.why.as_deref()),
        (DeliveryState::Failed, 2, Some("http_422"))
    );
    append(&*store, vec![step(1, 1, DeliveryStep::Again { by: "alice".into() })]).await;
    assert_eq!(due(AT + 900).await, [(id(1), 1), (id(2), 1)]);
    let sent = DeliveryStep::Sent { external: Some("x".into()) };
    append(&*store, vec![step(1, 1, sent.clone()), step(1, 2, sent.clone()), step(2, 1, sent)]).await;
    assert_eq!(due(AT + 900).await, []);
    let again = vec![step(1, 1, DeliveryStep::Again { by: "alice".into() })];
    assert!(matches!(refused(&*store, again).await, StoreError::NotFound(_)), "what was sent stays sent");
}
