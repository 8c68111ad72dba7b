//! Tickets.

use std::sync::Arc;

use desk::{Change, ConversationState, TicketRefusal, TicketState};

use super::sample::{AT, append, id, moved, opened, refused, said, step, ticket_for};
use crate::{Store, StoreError};
use TicketState::{Done, InProgress, New, PendingConfirmation};

pub async fn a_second_contact_joins_the_open_ticket(store: Arc<dyn Store>) {
    append(
        &*store,
        vec![opened(1, "tel:+491111111"), moved(1, ConversationState::Talking, Some("sales"), None)],
    )
    .await;
    let made = append(&*store, vec![ticket_for(1, Some("alice"))]).await.remove(0);
    let number = made.ticket.expect("the event names the ticket");
    assert_eq!(made.conversation, Some(id(1)));

    append(&*store, vec![opened(2, "tel:+491111111")]).await;
    assert_eq!(append(&*store, vec![ticket_for(2, Some("bob"))]).await[0].ticket, Some(number));
    assert_eq!(
        append(&*store, vec![ticket_for(1, None)]).await[0].ticket,
        Some(number),
        "asked twice, one ticket"
    );
    let ticket = store.ticket(number).await.expect("it exists");
    assert_eq!(ticket.conversations, [id(1), id(2)], "oldest first");
    assert_eq!((ticket.subject.as_str(), ticket.state), ("Call 1", InProgress), "somebody is on it");
    assert_eq!(ticket.assignee, Some("alice".into()), "whoever is on it stays on it");
    assert_eq!(ticket.queue, Some("sales".into()));
    assert_eq!((ticket.created_at, ticket.person.is_some()), (AT + 51, true));
    assert_eq!(store.conversation(id(2)).await.expect("opened").ticket_id, Some(number));

    append(&*store, vec![opened(3, "tel:+492222222"), ticket_for(3, None)]).await;
    let other = store.conversation(id(3)).await.expect("opened").ticket_id;
    assert_ne!(other, Some(number), "another person has another ticket");

    append(&*store, vec![opened(5, "tel:+493333333"), ticket_for(5, None)]).await;
    let waiting = store.conversation(id(5)).await.expect("opened").ticket_id.expect("it has a ticket");
    assert_eq!(store.ticket(waiting).await.expect("it exists").state, New, "nobody is on it");
    append(&*store, vec![ticket_for(5, Some("bob"))]).await;
    assert_eq!(store.ticket(waiting).await.expect("it exists").state, InProgress, "bob took it up");

    let close = [(InProgress, PendingConfirmation), (PendingConfirmation, Done)];
    append(&*store, close.iter().map(|(from, to)| step(number, *from, *to)).collect()).await;
    append(&*store, vec![opened(4, "tel:+491111111"), ticket_for(4, None)]).await;
    let next = store.conversation(id(4)).await.expect("opened").ticket_id;
    assert!(next.is_some() && next != Some(number), "a closed ticket is not joined");
    assert!(matches!(store.ticket(999).await, Err(StoreError::NotFound("ticket"))));
}

pub async fn a_ticket_names_its_newest_conversations(store: Arc<dyn Store>) {
    let all = (1..=203).flat_map(|n| [opened(n, "tel:+491111111"), ticket_for(n, None)]).collect();
    append(&*store, all).await;
    append(&*store, vec![opened(300, "tel:+492"), ticket_for(300, None)]).await;
    let ticket = store.ticket(1).await.expect("it exists");
    assert_eq!(ticket.conversations, (4..=203).map(id).collect::<Vec<_>>());
    let filter = crate::TicketFilter { limit: 5, ..crate::TicketFilter::default() };
    let page = store.tickets(filter).await.expect("a page");
    assert_eq!(page.items.iter().map(|ticket| ticket.conversations.len()).collect::<Vec<_>>(), [1, 200]);
}

pub async fn a_ticket_moves_by_the_rules_of_the_desk(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), ticket_for(1, None)]).await;
    for from in TicketState::ALL {
        for to in TicketState::ALL {
            let actual = store.ticket(1).await.expect("it exists").state;
            let verdict = actual.check(desk::TicketMove { from: *from, to: *to });
            match verdict {
                Ok(()) => {
                    let event = append(&*store, vec![step(1, *from, *to)]).await.remove(0);
                    assert_eq!(event.ticket, Some(1));
                    assert_eq!(store.ticket(1).await.expect("it exists").state, *to);
                }
                Err(refusal) => {
                    let error = refused(&*store, vec![said(1, "with it", None), step(1, *from, *to)]).await;
                    assert!(matches!(error, StoreError::Refused(why) if why == refusal), "{error}");
                }
            }
        }
    }
    assert!(store.entries(id(1), 0, 10).await.expect("readable").is_empty(), "refused batches leave nothing");
    let error = refused(&*store, vec![step(77, New, InProgress)]).await;
    assert!(matches!(error, StoreError::NotFound("ticket")));
    let state = store.ticket(1).await.expect("it exists").state;
    let stale = TicketState::ALL.iter().copied().find(|other| *other != state).expect("there are four");
    let error = refused(&*store, vec![step(1, stale, New)]).await;
    assert!(matches!(error, StoreError::Refused(TicketRefusal::Stale { actual, .. }) if actual == state));
}

pub async fn edits_change_what_they_name(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), ticket_for(1, None)]).await;
    let edit = |ticket, subject: Option<&str>, assignee: Option<&str>| Change::TicketEdited {
        ticket,
        subject: subject.map(Into::into),
        assignee: assignee.map(Into::into),
        by: "sue".into(),
        at: AT + 2000,
    };
    append(&*store, vec![edit(1, Some("退款"), None)]).await;
    append(&*store, vec![edit(1, None, Some("bob"))]).await;
    let ticket = store.ticket(1).await.expect("it exists");
    assert_eq!((ticket.subject.as_str(), ticket.assignee), ("退款", Some("bob".into())));
    assert_eq!(ticket.updated_at, AT + 2000);
    assert!(matches!(refused(&*store, vec![edit(5, None, None)]).await, StoreError::NotFound("ticket")));
}
