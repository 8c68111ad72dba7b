//! Customers: edited, found, merged and split.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use desk::Change;
use desk::customer::{ConsentEdit, ConsentState, ConsentTo, CustomerEdit, CustomerRefusal};

use super::sample::{AT, append, id, opened, refused, ticket_for};
use crate::{ConversationFilter, CustomerFilter, Store, StoreError, TicketFilter};

fn edited(person: i64, revision: i64, edit: CustomerEdit) -> Change {
    Change::CustomerEdited { person, revision, edit, by: "alice".into(), at: AT + 9 }
}

fn merged(kept: i64, gone: i64, revisions: (i64, i64)) -> Change {
    Change::CustomersMerged { kept, gone, revisions, by: "alice".into(), at: AT + 10 }
}

fn split(merge: i64, kept: i64, gone: i64, revision: i64) -> Change {
    Change::CustomersSplit { merge, kept, gone, revision, by: "bob".into(), at: AT + 11 }
}

async fn person_of(store: &dyn Store, n: u64) -> i64 {
    store.conversation(id(n)).await.expect("opened").person.expect("everybody is somebody")
}

async fn revision(store: &dyn Store, person: i64) -> i64 {
    store.customer(person).await.expect("they exist").revision
}

/// The conversations and tickets of a person, oldest first.
async fn theirs(store: &dyn Store, person: i64) -> (Vec<u64>, Vec<i64>) {
    let filter = ConversationFilter { person: Some(person), limit: 200, ..Default::default() };
    let conversations = store.conversations(filter).await.expect("a page").items;
    let filter = TicketFilter { person: Some(person), limit: 200, ..Default::default() };
    let tickets = store.tickets(filter).await.expect("a page").items;
    let n = |serial: u64| serial & 0xffff;
    (
        conversations.iter().rev().map(|one| n(one.id.serial)).collect(),
        tickets.iter().rev().map(|one| one.id).collect(),
    )
}

pub async fn what_staff_know_reads_back_and_every_change_is_in_the_audit_trail(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+49 30 1234567")]).await;
    let person = person_of(&*store, 1).await;
    let fresh = store.customer(person).await.expect("they exist");
    assert_eq!((fresh.revision, fresh.profile.name.as_str()), (0, "+49301234567"));
    let edit = CustomerEdit {
        name: Some("王芳".into()),
        tier: Some("gold".into()),
        tags: Some(BTreeSet::from(["vip".into(), "北京".into()])),
        fields: BTreeMap::from([("contract".into(), "C-7".into())]),
        note: Some("speaks 中文 and English".into()),
        consent: BTreeMap::from([(
            ConsentTo::Marketing,
            ConsentEdit { state: ConsentState::Refused, how: "on the phone".into() },
        )]),
        add: BTreeSet::from(["Wang@Example.com".into()]),
        ..CustomerEdit::default()
    };
    append(&*store, vec![edited(person, 0, edit.clone())]).await;
    let mut expected = fresh;
    expected.edit(0, &edit, "alice", AT + 9).expect("the desk allows it");
    assert_eq!(store.customer(person).await.expect("readable"), expected);
    let by_mail = store.person_at("mailto:wang@example.com").await.expect("readable").expect("known by it");
    assert_eq!((by_mail.id, by_mail.tier.as_deref()), (person, Some("gold")));
    assert_eq!(store.tier_at("tel:0049301234567").await.expect("readable").as_deref(), Some("gold"));
    assert_eq!(store.tier_at("tel:+4999").await.expect("readable"), None);
    assert_eq!(store.customer_tags().await.expect("readable").len(), 2);

    let stale = refused(&*store, vec![edited(person, 0, edit)]).await;
    assert!(matches!(stale, StoreError::CustomerRefused(CustomerRefusal::Stale { revision: 1, .. })));
    let off = CustomerEdit {
        remove: BTreeSet::from(["wang@example.com".into()]),
        tags: Some(BTreeSet::new()),
        ..CustomerEdit::default()
    };
    append(&*store, vec![edited(person, 1, off)]).await;
    assert_eq!(store.person_at("mailto:wang@example.com").await.expect("readable"), None);
    let trail = store.audit(Some(&format!("customer.{person}")), 10).await.expect("readable");
    assert_eq!(trail.len(), 2);
    assert_eq!((trail[1].by.as_str(), trail[1].at), ("alice", AT + 9));
    let before = trail[1].before.clone().expect("what was before");
    assert!(before.contains("+49301234567") && !before.contains("gold"), "{before}");
    let after = trail[0].after.clone().expect("what is since");
    assert!(after.contains("addresses") && after.contains("tags") && !after.contains("note"), "{after}");
    assert!(matches!(store.customer(99).await, Err(StoreError::NotFound("customer"))));
}

pub async fn an_address_belongs_to_one_customer(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491111111"), opened(2, "tel:+492222222")]).await;
    let (one, two) = (person_of(&*store, 1).await, person_of(&*store, 2).await);
    let add =
        |address: &str| CustomerEdit { add: BTreeSet::from([address.into()]), ..CustomerEdit::default() };
    let taken = refused(&*store, vec![edited(one, 0, add("+49 222 2222"))]).await;
    assert!(
        matches!(taken, StoreError::CustomerRefused(CustomerRefusal::AddressTaken { owner }) if owner == two)
    );
    append(&*store, vec![edited(one, 0, add("+493333333"))]).await;
    append(&*store, vec![opened(3, "sip:+493333333@trunk.example")]).await;
    assert_eq!(
        person_of(&*store, 3).await,
        one,
        "who calls from a number that staff wrote down is recognised"
    );
    let bad = refused(&*store, vec![edited(one, 1, add("nobody"))]).await;
    assert!(matches!(bad, StoreError::CustomerRefused(CustomerRefusal::BadAddress)));
}

pub async fn customers_are_found_by_name_number_tag_and_tier(store: Arc<dyn Store>) {
    let calls = (1..=5).map(|n| opened(n, &format!("tel:+49301000{n}"))).collect();
    append(&*store, calls).await;
    let name = |name: &str, tier: &str, tag: &str| CustomerEdit {
        name: Some(name.into()),
        tier: Some(tier.into()),
        tags: Some(BTreeSet::from([tag.into()])),
        ..CustomerEdit::default()
    };
    append(
        &*store,
        vec![
            edited(1, 0, name("Anna Schmidt", "gold", "berlin")),
            edited(2, 0, name("王小芳", "gold", "上海")),
            edited(3, 0, name("100%_sure", "", "Berlin East")),
        ],
    )
    .await;
    let found = async |filter: CustomerFilter| {
        let page = store.customers(CustomerFilter { limit: 10, ..filter }).await.expect("a page");
        page.items.iter().map(|one| one.id).collect::<Vec<_>>()
    };
    let words = |words: &str| CustomerFilter { words: Some(words.into()), ..Default::default() };
    assert_eq!(found(CustomerFilter::default()).await, [5, 4, 3, 2, 1]);
    assert_eq!(found(words("schmi")).await, [1]);
    assert_eq!(found(words("小芳")).await, [2]);
    assert_eq!(found(words("上海")).await, [2]);
    assert_eq!(found(words("BERLIN")).await, [3, 1]);
    assert_eq!(found(words("+49 (30) 1000-4")).await, [4]);
    assert_eq!(found(words("10005")).await, [5]);
    assert_eq!(found(words("0%_s")).await, [3], "signs of patterns mean themselves");
    assert_eq!(found(words("nobody")).await, Vec::<i64>::new());
    assert_eq!(found(CustomerFilter { tier: Some("gold".into()), ..Default::default() }).await, [2, 1]);
    assert_eq!(found(CustomerFilter { tag: Some("berlin".into()), ..Default::default() }).await, [1]);
    let first = store.customers(CustomerFilter { limit: 2, ..Default::default() }).await.expect("a page");
    let rest = CustomerFilter { after: first.next, limit: 10, ..Default::default() };
    let rest = store.customers(rest).await.expect("a page");
    assert_eq!(rest.items.iter().map(|one| one.id).collect::<Vec<_>>(), [3, 2, 1]);
}

pub async fn a_merge_brings_everything_and_its_split_gives_exactly_that_back(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491111111"), ticket_for(1, None)]).await;
    append(&*store, vec![opened(2, "mailto:ann@example.com"), ticket_for(2, None)]).await;
    let (kept, gone) = (person_of(&*store, 1).await, person_of(&*store, 2).await);
    let name = CustomerEdit { name: Some("Ann".into()), tier: Some("gold".into()), ..Default::default() };
    append(&*store, vec![edited(gone, 0, name)]).await;
    let (kept_before, gone_before) =
        (store.customer(kept).await.expect("there"), store.customer(gone).await.expect("there"));

    let event = append(&*store, vec![merged(kept, gone, (0, 1))]).await.remove(0);
    let again = append(&*store, vec![merged(kept, gone, (0, 1))]).await.remove(0);
    assert_eq!((again.seq, &again.change), (event.seq, &event.change), "a repeated merge is the first one");
    assert_eq!(theirs(&*store, kept).await, (vec![1, 2], vec![1, 2]));
    assert_eq!(theirs(&*store, gone).await, (vec![], vec![]));
    let one = store.customer(kept).await.expect("there");
    assert_eq!((one.profile.name.as_str(), one.profile.tier.as_deref()), ("Ann", Some("gold")));
    assert_eq!(one.addresses.len(), 2);
    assert_eq!(store.customer(gone).await.expect("there").merged_into, Some(kept));
    let list = store.customers(CustomerFilter { limit: 10, ..Default::default() }).await.expect("a page");
    assert_eq!(list.items.iter().map(|one| one.id).collect::<Vec<_>>(), [kept]);
    let merges = store.customer_merges(gone).await.expect("readable");
    assert_eq!((merges[0].event, merges[0].kept, merges[0].brought), (event.seq, kept, (1, 1)));

    append(&*store, vec![opened(3, "mailto:ann@example.com"), opened(4, "tel:+491111111")]).await;
    append(&*store, vec![ticket_for(3, None)]).await;
    assert_eq!(person_of(&*store, 3).await, kept, "later letters are the kept one's");
    let seen = revision(&*store, kept).await;
    let parted = append(&*store, vec![split(event.seq, kept, gone, seen)]).await.remove(0);
    let again = append(&*store, vec![split(event.seq, kept, gone, seen)]).await.remove(0);
    assert_eq!(again.seq, parted.seq, "a repeated split is the first one");
    assert_eq!(theirs(&*store, kept).await.0, [1, 3, 4], "what came later stays with the kept one");
    assert_eq!(theirs(&*store, gone).await, (vec![2], vec![2]));
    let (kept_now, gone_now) =
        (store.customer(kept).await.expect("there"), store.customer(gone).await.expect("there"));
    assert_eq!((kept_now.profile, kept_now.addresses), (kept_before.profile, kept_before.addresses));
    assert_eq!((gone_now.profile, gone_now.addresses), (gone_before.profile, gone_before.addresses));
    assert_eq!(gone_now.merged_into, None);
    append(&*store, vec![opened(5, "mailto:ann@example.com")]).await;
    assert_eq!(person_of(&*store, 5).await, gone, "their address is theirs again");
    let merges = store.customer_merges(kept).await.expect("readable");
    assert_eq!(merges[0].split, Some((AT + 11, "bob".to_owned())));
    let trail = store.audit(Some(&format!("customer.{kept}")), 10).await.expect("readable");
    assert_eq!(trail.iter().map(|row| row.by.as_str()).collect::<Vec<_>>(), ["bob", "alice"]);
    let anew = (revision(&*store, kept).await, revision(&*store, gone).await);
    let event = append(&*store, vec![merged(kept, gone, anew)]).await.remove(0);
    assert!(event.seq > parted.seq, "they may be merged again");
}

pub async fn merges_of_merges_part_in_the_order_of_their_making(store: Arc<dyn Store>) {
    append(&*store, (1..=3).map(|n| opened(n, &format!("user:{n}"))).collect()).await;
    let first = append(&*store, vec![merged(1, 2, (0, 0))]).await.remove(0).seq;
    let second = append(&*store, vec![merged(3, 1, (0, 1))]).await.remove(0).seq;
    assert_eq!(theirs(&*store, 3).await.0, [1, 2, 3]);
    let early = refused(&*store, vec![split(first, 1, 2, 2)]).await;
    assert!(matches!(early, StoreError::CustomerRefused(CustomerRefusal::Merged { customer: 1, into: 3 })));
    let wrong = refused(&*store, vec![split(second, 1, 2, 2)]).await;
    assert!(matches!(wrong, StoreError::Bad(_)));
    append(&*store, vec![split(second, 3, 1, revision(&*store, 3).await)]).await;
    assert_eq!((theirs(&*store, 3).await.0, theirs(&*store, 1).await.0), (vec![3], vec![1, 2]));
    append(&*store, vec![split(first, 1, 2, revision(&*store, 1).await)]).await;
    assert_eq!((theirs(&*store, 1).await.0, theirs(&*store, 2).await.0), (vec![1], vec![2]));
}

pub async fn nobody_merges_what_somebody_changed_meanwhile(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "user:1"), opened(2, "user:2")]).await;
    let note = |note: &str| CustomerEdit { note: Some(note.into()), ..CustomerEdit::default() };
    append(&*store, vec![edited(2, 0, note("edited meanwhile"))]).await;
    let stale = refused(&*store, vec![merged(1, 2, (0, 0))]).await;
    let meant = CustomerRefusal::Stale { customer: 2, revision: 1 };
    assert!(matches!(stale, StoreError::CustomerRefused(refusal) if refusal == meant));
    let itself = refused(&*store, vec![merged(1, 1, (0, 0))]).await;
    assert!(matches!(itself, StoreError::CustomerRefused(CustomerRefusal::Itself)));
    let event = append(&*store, vec![merged(1, 2, (0, 1))]).await.remove(0).seq;
    let late = refused(&*store, vec![edited(2, 1, note("too late"))]).await;
    assert!(matches!(late, StoreError::CustomerRefused(CustomerRefusal::Merged { customer: 2, into: 1 })));
    let back = refused(&*store, vec![merged(2, 1, (2, 1))]).await;
    assert!(matches!(back, StoreError::CustomerRefused(CustomerRefusal::Merged { .. })));
    append(&*store, vec![edited(1, 1, note("edited before the split"))]).await;
    let stale = refused(&*store, vec![split(event, 1, 2, 1)]).await;
    assert!(matches!(
        stale,
        StoreError::CustomerRefused(CustomerRefusal::Stale { customer: 1, revision: 2 })
    ));
}
