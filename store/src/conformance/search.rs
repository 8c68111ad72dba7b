//! Search: both languages, filters, pages, who may see what, and that it follows the record.

use std::sync::Arc;

use desk::knowledge::{ArticleDraft, Audience};
use desk::search::{SearchKind, question};
use desk::{Change, Channel, ConversationState, EntryKind, NewEntry, Speaker, TicketEdit};

use super::sample::{AT, append, id, moved, opened, refused, said, ticket_for};
use crate::{SearchFilter, SearchHit, Store};

fn for_words(words: &str) -> SearchFilter {
    SearchFilter { words: question(words), now: AT, limit: 50, ..SearchFilter::default() }
}

async fn found(store: &dyn Store, filter: SearchFilter) -> Vec<SearchHit> {
    store.search(filter).await.expect("a page").items
}

/// Which entries, as conversation and position.
async fn entries(store: &dyn Store, filter: SearchFilter) -> Vec<(u64, i64)> {
    let place = |hit: SearchHit| {
        (hit.conversation.expect("an entry").serial & 0xFFFF, hit.entry_seq.expect("an entry"))
    };
    found(store, filter).await.into_iter().map(place).collect()
}

fn entry(n: u64, at: i64, kind: EntryKind, author: Option<&str>, text: &str) -> Change {
    let speaker = if author.is_some() { Speaker::Agent } else { Speaker::Customer };
    let entry = NewEntry {
        at: AT + at,
        leg: None,
        speaker,
        author: author.map(Into::into),
        kind,
        text: text.into(),
        detail: None,
        start_ms: None,
        end_ms: None,
        dedupe: None,
    };
    Change::EntryAdded { id: id(n), entry }
}

pub async fn what_was_said_in_both_languages_is_found_newest_first(store: Arc<dyn Store>) {
    append(
        &*store,
        vec![
            opened(1, "tel:+491"),
            opened(2, "tel:+492"),
            entry(1, 10, EntryKind::Speech, None, "I would like a Refund for order A-17."),
            entry(2, 20, EntryKind::Speech, None, "我想申请退款，订单还没有到"),
            entry(1, 30, EntryKind::Message, Some("alice"), "Your refunds take five days; 退款五天到账"),
            entry(1, 15, EntryKind::Digit, None, "7"),
            entry(1, 40, EntryKind::Event, None, "refund"),
        ],
    )
    .await;
    assert_eq!(entries(&*store, for_words("refund")).await, [(1, 2), (1, 1)], "forms of a word meet");
    assert_eq!(entries(&*store, for_words("REFUND order")).await, [(1, 1)], "all words must be there");
    assert_eq!(entries(&*store, for_words("退款")).await, [(1, 2), (2, 1)]);
    assert_eq!(entries(&*store, for_words("申请退款")).await, [(2, 1)]);
    assert_eq!(entries(&*store, for_words("a 17")).await, [(1, 1)]);
    assert!(found(&*store, for_words("7")).await.is_empty(), "keys are not searched");
    assert!(found(&*store, for_words("nothing of it")).await.is_empty());
    let hit = found(&*store, for_words("five")).await.pop().expect("found");
    assert_eq!(
        (hit.author, hit.speaker, hit.channel),
        (Some("alice".into()), Some(Speaker::Agent), Some(Channel::Voice))
    );
    assert_eq!(hit.text, "Your refunds take five days; 退款五天到账");
    // Pages: what comes meanwhile shifts nothing.
    let one = |after| SearchFilter { limit: 1, after, ..for_words("退款") };
    let first = store.search(one(None)).await.expect("a page");
    append(&*store, vec![entry(2, 50, EntryKind::Note, Some("bob"), "退款了")]).await;
    let second = store.search(one(first.next)).await.expect("a page");
    assert_eq!(second.items[0].conversation, Some(id(2)));
    assert_eq!(second.items[0].entry_seq, Some(1));
}

pub async fn filters_of_a_search_choose(store: Arc<dyn Store>) {
    append(
        &*store,
        vec![
            opened(1, "tel:+491"),
            opened(2, "tel:+492"),
            opened(3, "tel:+491"),
            moved(1, ConversationState::Talking, Some("sales"), Some("alice")),
            moved(2, ConversationState::Talking, Some("support"), Some("bob")),
            entry(1, 10, EntryKind::Speech, None, "parcel"),
            entry(2, 20, EntryKind::Message, None, "parcel"),
            entry(3, 30, EntryKind::Note, Some("bob"), "parcel"),
        ],
    )
    .await;
    let all = || for_words("parcel");
    assert_eq!(
        entries(&*store, SearchFilter { kinds: vec![SearchKind::Speech, SearchKind::Note], ..all() }).await,
        [(3, 1), (1, 1)]
    );
    assert_eq!(entries(&*store, SearchFilter { queue: Some("sales".into()), ..all() }).await, [(1, 1)]);
    assert_eq!(
        entries(&*store, SearchFilter { agent: Some("bob".into()), ..all() }).await,
        [(3, 1), (2, 1)],
        "theirs, and what they wrote"
    );
    assert_eq!(entries(&*store, SearchFilter { channel: Some(Channel::Voice), ..all() }).await.len(), 3);
    assert!(found(&*store, SearchFilter { channel: Some(Channel::Chat), ..all() }).await.is_empty());
    let person = store.conversation(id(1)).await.expect("opened").person;
    assert_eq!(entries(&*store, SearchFilter { person, ..all() }).await, [(3, 1), (1, 1)]);
    assert!(found(&*store, SearchFilter { person: Some(999), ..all() }).await.is_empty());
    assert_eq!(entries(&*store, SearchFilter { from: Some(AT + 20), ..all() }).await, [(3, 1), (2, 1)]);
    assert_eq!(entries(&*store, SearchFilter { until: Some(AT + 20), ..all() }).await, [(1, 1)]);
    // Many that do not pass before one that does.
    let many = (0..600).map(|n| entry(2, 1_000 + n, EntryKind::Message, None, "parcel again")).collect();
    append(&*store, many).await;
    assert_eq!(
        entries(&*store, SearchFilter { queue: Some("sales".into()), limit: 1, ..all() }).await,
        [(1, 1)]
    );
}

pub async fn tickets_and_articles_are_found_as_they_now_are(store: Arc<dyn Store>) {
    let article = |key: &str, body: &str, audience, expires_at| {
        let draft = ArticleDraft {
            title: "Tariffs 资费".into(),
            body: body.into(),
            lang: "en".into(),
            audience,
            review_at: None,
            expires_at,
        };
        Change::ArticleSaved { key: key.into(), draft, by: "sue".into(), at: AT }
    };
    append(
        &*store,
        vec![
            opened(1, "tel:+491"),
            ticket_for(1, None),
            article("open", "roaming costs", Audience::Staff, None),
            article("secret", "roaming margins", Audience::Supervisors, None),
            article("old", "roaming before", Audience::Staff, Some(AT)),
        ],
    )
    .await;
    let keys = async |filter: SearchFilter| {
        let hits = found(&*store, filter).await.into_iter();
        let mut keys: Vec<_> = hits.filter_map(|hit| hit.article).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(for_words("roaming")).await, ["open"]);
    assert_eq!(keys(SearchFilter { supervises: true, ..for_words("资费") }).await, ["open", "secret"]);
    append(&*store, vec![article("open", "domestic costs", Audience::Staff, None)]).await;
    assert!(keys(for_words("roaming")).await.is_empty(), "an article is found as it now is");
    assert_eq!(found(&*store, for_words("domestic")).await[0].title.as_deref(), Some("Tariffs 资费"));

    let tickets = async |words: &str| {
        let hits = found(&*store, for_words(words)).await.into_iter();
        hits.filter_map(|hit| hit.ticket).collect::<Vec<_>>()
    };
    assert_eq!(tickets("call 1").await, [1]);
    let edit = TicketEdit {
        subject: Some("Antenna broken".into()),
        fields: [("serial".into(), "X99".into())].into(),
        ..TicketEdit::default()
    };
    append(&*store, vec![Change::TicketEdited { ticket: 1, edit, by: "alice".into(), at: AT }]).await;
    assert!(tickets("call 1").await.is_empty());
    assert_eq!(tickets("antenna x99").await, [1]);
    let theirs = SearchFilter { person: Some(1), ..for_words("antenna") };
    assert_eq!(found(&*store, theirs).await.len(), 1);
}

pub async fn what_was_not_recorded_is_not_found(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), said(1, "unique words", Some("d"))]).await;
    // Refused as a whole: the second change names a conversation that is not there.
    refused(&*store, vec![said(1, "vanished words", None), said(9, "x", None)]).await;
    append(&*store, vec![said(1, "unique words", Some("d"))]).await;
    assert_eq!(
        found(&*store, for_words("words")).await.len(),
        1,
        "neither what was refused nor a repetition"
    );
    for strange in ["\"", "' OR 1=1 --", "=speech", "a AND", "*", "(", "\0", "ﬀİ ह", "NEAR(a b)"] {
        found(&*store, SearchFilter { limit: 5, ..for_words(strange) }).await;
    }
    let bad = SearchFilter { after: Some("x".into()), ..for_words("words") };
    assert!(store.search(bad).await.is_err(), "a cursor of another list");
}
