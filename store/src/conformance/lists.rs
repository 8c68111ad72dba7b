//! Pages, filters, cursors.

use std::sync::Arc;

use desk::{ConversationState, TicketState};

use super::sample::{AT, append, ended, id, leg, moved, opened, ticket_for};
use crate::{ConversationFilter, Store, StoreError, TicketFilter};

fn some(limit: u32) -> ConversationFilter {
    ConversationFilter { limit, ..ConversationFilter::default() }
}

pub async fn lists_come_newest_first_in_pages_that_new_rows_do_not_shift(store: Arc<dyn Store>) {
    for n in 1..=7 {
        let leg = desk::Change::LegChanged { id: id(n), leg: leg(1, "alice") };
        append(&*store, vec![opened(n, &format!("tel:+49{n}")), leg, ticket_for(n, None)]).await;
    }
    let first = store.conversations(some(3)).await.expect("a page");
    assert_eq!(first.items.iter().map(|c| c.id).collect::<Vec<_>>(), [id(7), id(6), id(5)]);
    assert!(first.items.iter().all(|c| c.legs.len() == 1));
    append(&*store, vec![opened(8, "tel:+498")]).await;
    let second =
        store.conversations(ConversationFilter { after: first.next, ..some(3) }).await.expect("a page");
    assert_eq!(second.items.iter().map(|c| c.id).collect::<Vec<_>>(), [id(4), id(3), id(2)]);
    let third =
        store.conversations(ConversationFilter { after: second.next, ..some(3) }).await.expect("a page");
    assert_eq!(third.items.iter().map(|c| c.id).collect::<Vec<_>>(), [id(1)]);
    assert_eq!(third.next, None);

    let filter = TicketFilter { limit: 4, ..TicketFilter::default() };
    let first = store.tickets(filter.clone()).await.expect("a page");
    assert_eq!(first.items.iter().map(|t| t.id).collect::<Vec<_>>(), [7, 6, 5, 4]);
    assert_eq!(first.items[0].conversations, [id(7)]);
    let second = store.tickets(TicketFilter { after: first.next, ..filter }).await.expect("a page");
    assert_eq!(second.items.iter().map(|t| t.id).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(second.next, None);
}

pub async fn filters_choose(store: Arc<dyn Store>) {
    for n in 1..=4 {
        let agent = if n % 2 == 0 { "alice" } else { "bob" };
        append(
            &*store,
            vec![
                opened(n, if n < 3 { "tel:+491" } else { "tel:+493" }),
                moved(n, ConversationState::Talking, None, Some(agent)),
            ],
        )
        .await;
    }
    append(&*store, vec![ended(2, AT, "hangup"), ticket_for(1, Some("alice")), ticket_for(3, None)]).await;
    let ids = async |filter: ConversationFilter| {
        let page = store.conversations(filter).await.expect("a page");
        page.items.iter().map(|c| c.id.serial & 0xFFFF).collect::<Vec<_>>()
    };
    let person = store.conversation(id(1)).await.expect("opened").person;
    assert_eq!(ids(ConversationFilter { open: Some(true), ..some(9) }).await, [4, 3, 1]);
    assert_eq!(ids(ConversationFilter { open: Some(false), ..some(9) }).await, [2]);
    assert_eq!(ids(ConversationFilter { agent: Some("alice".into()), ..some(9) }).await, [4, 2]);
    assert_eq!(ids(ConversationFilter { person, ..some(9) }).await, [2, 1]);
    assert_eq!(ids(ConversationFilter { before: Some(AT + 3), ..some(9) }).await, [2, 1]);
    assert_eq!(
        ids(ConversationFilter { person, open: Some(true), agent: Some("bob".into()), ..some(9) }).await,
        [1]
    );

    let numbers = async |filter: TicketFilter| {
        let page = store.tickets(TicketFilter { limit: 9, ..filter }).await.expect("a page");
        page.items.iter().map(|t| t.id).collect::<Vec<_>>()
    };
    let none = TicketFilter::default;
    assert_eq!(numbers(none()).await, [2, 1]);
    assert_eq!(numbers(TicketFilter { state: Some(TicketState::InProgress), ..none() }).await, [1]);
    assert_eq!(numbers(TicketFilter { assignee: Some("alice".into()), ..none() }).await, [1]);
    assert_eq!(numbers(TicketFilter { person, ..none() }).await, [1]);
    assert_eq!(numbers(TicketFilter { person, state: Some(TicketState::Done), ..none() }).await, [0_i64; 0]);
}

pub async fn impossible_limits_and_foreign_cursors_are_refused(store: Arc<dyn Store>) {
    for limit in [0, 201, u32::MAX] {
        assert!(matches!(store.conversations(some(limit)).await, Err(StoreError::Bad(_))));
        let filter = TicketFilter { limit, ..TicketFilter::default() };
        assert!(matches!(store.tickets(filter).await, Err(StoreError::Bad(_))));
    }
    for cursor in ["", "x", "1", "1.x", "9999999999999999999999.1-1", "1.1-1' OR 1=1", "\0"] {
        let after = Some(cursor.to_owned());
        let refused = store.conversations(ConversationFilter { after: after.clone(), ..some(5) }).await;
        assert!(matches!(refused, Err(StoreError::Bad(_))), "{cursor:?}");
        if cursor != "1" {
            let refused = store.tickets(TicketFilter { after, limit: 5, ..TicketFilter::default() }).await;
            assert!(matches!(refused, Err(StoreError::Bad(_))), "{cursor:?}");
        }
    }
}
