//! Tickets.

use std::sync::Arc;

use desk::sla::ClockName;
use desk::{
    Change, ConversationState, EntryKind, NewEntry, Priority, Relation, RelationStep, Speaker, TicketEdit,
    TicketRefusal, TicketRelation, TicketState,
};

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
    let stale = TicketState::ALL.iter().copied().find(|other| *other != state).expect("there are five");
    let error = refused(&*store, vec![step(1, stale, New)]).await;
    assert!(matches!(error, StoreError::Refused(TicketRefusal::Stale { actual, .. }) if actual == state));
}

pub async fn edits_change_what_they_name(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), ticket_for(1, None)]).await;
    let edit = |ticket, subject: Option<&str>, assignee: Option<&str>| Change::TicketEdited {
        ticket,
        edit: TicketEdit {
            subject: subject.map(Into::into),
            assignee: assignee.map(Into::into),
            ..TicketEdit::default()
        },
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

fn by_hand(subject: &str, priority: Option<Priority>) -> Change {
    let edit = TicketEdit { subject: Some(subject.into()), priority, ..TicketEdit::default() };
    Change::TicketOpened { person: None, edit, by: "sue".into(), at: AT }
}

pub async fn everything_about_a_ticket_reads_back(store: Arc<dyn Store>) {
    let edit = TicketEdit {
        subject: Some("退款 \"A\"".into()),
        assignee: Some("bob".into()),
        kind: Some("billing".into()),
        priority: Some(Priority::Urgent),
        team: Some("gold".into()),
        followers: Some(vec!["sue".into(), "alice".into()]),
        fields: [("order".into(), "A-1".into())].into(),
    };
    let opened = Change::TicketOpened { person: None, edit: edit.clone(), by: "sue".into(), at: AT };
    let number = append(&*store, vec![opened]).await[0].ticket.expect("the event names it");
    let ticket = store.ticket(number).await.expect("it exists");
    assert_eq!(
        (ticket.channel, ticket.kind.as_deref(), ticket.team.as_deref()),
        (None, Some("billing"), Some("gold"))
    );
    assert_eq!((ticket.priority, ticket.fields.clone()), (Priority::Urgent, edit.fields.clone()));
    assert_eq!(ticket.followers, vec!["alice".into(), "sue".into()]);
    assert_eq!(ticket.clocks.resolution.since, Some(AT));
    let nobody = Change::TicketOpened { person: Some(77), edit, by: "sue".into(), at: AT };
    assert!(matches!(refused(&*store, vec![nobody]).await, StoreError::NotFound("person")));
    let nameless =
        Change::TicketOpened { person: None, edit: TicketEdit::default(), by: "sue".into(), at: AT };
    assert!(matches!(refused(&*store, vec![nameless]).await, StoreError::Bad(_)));
}

pub async fn a_merged_ticket_gives_its_conversations_to_the_other(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), ticket_for(1, None)]).await;
    append(
        &*store,
        vec![
            step(1, New, InProgress),
            step(1, InProgress, PendingConfirmation),
            step(1, PendingConfirmation, Done),
        ],
    )
    .await;
    append(
        &*store,
        vec![opened(2, "tel:+491"), ticket_for(2, None), opened(3, "tel:+493"), ticket_for(3, None)],
    )
    .await;
    let merge = |ticket, into| Change::TicketMerged { ticket, into, by: "sue".into(), at: AT + 9000 };
    let error = refused(&*store, vec![merge(1, 3)]).await;
    assert!(matches!(error, StoreError::Refused(TicketRefusal::OtherCustomer)), "{error}");
    append(&*store, vec![merge(1, 2)]).await;
    assert_eq!(store.ticket(2).await.expect("it exists").conversations, [id(1), id(2)]);
    let gone = store.ticket(1).await.expect("it exists");
    assert_eq!((gone.merged_into, gone.state, gone.conversations.len()), (Some(2), Done, 0));
    assert_eq!(store.conversation(id(1)).await.expect("opened").ticket_id, Some(2));
    let error = refused(&*store, vec![step(1, Done, TicketState::Reopened)]).await;
    assert!(matches!(error, StoreError::Refused(TicketRefusal::Merged { into: 2 })), "{error}");
}

pub async fn relations_hold_on_both_sides(store: Arc<dyn Store>) {
    append(&*store, vec![by_hand("one", None), by_hand("two", None)]).await;
    let relate = |other, step| Change::TicketRelated {
        ticket: 1,
        other,
        relation: Relation::Blocks,
        step,
        by: "sue".into(),
        at: AT + 5,
    };
    append(&*store, vec![relate(2, RelationStep::Add), relate(2, RelationStep::Add)]).await;
    let of = async |ticket| store.ticket_relations(ticket).await.expect("readable");
    assert_eq!(of(1).await, [TicketRelation { ticket: 2, relation: Relation::Blocks }]);
    assert_eq!(of(2).await, [TicketRelation { ticket: 1, relation: Relation::BlockedBy }]);
    append(&*store, vec![relate(2, RelationStep::Remove)]).await;
    assert!(of(1).await.is_empty() && of(2).await.is_empty());
    assert!(matches!(
        refused(&*store, vec![relate(9, RelationStep::Add)]).await,
        StoreError::NotFound("ticket")
    ));
    assert!(matches!(
        refused(&*store, vec![relate(1, RelationStep::Add)]).await,
        StoreError::Refused(TicketRefusal::Itself)
    ));
}

pub async fn broken_promises_are_found_told_once_and_follow_what_was_promised(store: Arc<dyn Store>) {
    const MINUTE: i64 = 60_000;
    let promise = |minutes: u32| Change::SettingChanged {
        key: "sla".into(),
        value: Some(format!("{{\"targets\": {{\"normal\": {{\"first_answer_minutes\": {minutes}}}}}}}")),
        by: "admin".into(),
        at: AT,
    };
    append(&*store, vec![promise(30), by_hand("one", None), by_hand("low", Some(Priority::Low))]).await;
    let due =
        async |at| store.tickets_due(at).await.expect("readable").iter().map(|t| t.id).collect::<Vec<_>>();
    assert_eq!(due(AT + 30 * MINUTE - 1).await, [0_i64; 0]);
    assert_eq!(due(AT + 30 * MINUTE).await, [1]);
    append(&*store, vec![promise(10)]).await;
    assert_eq!(due(AT + 10 * MINUTE).await, [1], "open tickets follow a new promise");
    let told = Change::TicketEscalated {
        ticket: 1,
        clock: ClockName::FirstAnswer,
        due: AT + 10 * MINUTE,
        at: AT + 11 * MINUTE,
    };
    append(&*store, vec![told]).await;
    assert_eq!(due(AT + 99 * MINUTE).await, [0_i64; 0], "told once");
    let filter = crate::TicketFilter { overdue_at: Some(AT + 12 * MINUTE), limit: 9, ..Default::default() };
    let late = store.tickets(filter.clone()).await.expect("a page").items;
    assert_eq!(late.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [1], "it stays overdue");
    append(&*store, vec![step(1, New, InProgress), step(1, InProgress, PendingConfirmation)]).await;
    assert!(store.tickets(filter).await.expect("a page").items.is_empty(), "answered: overdue no more");
    let audit = store.audit(Some("sla"), 10).await.expect("readable");
    assert_eq!(audit.len(), 2);
    assert_eq!((audit[0].before.clone(), audit[1].before.clone()), (audit[1].after.clone(), None));
    assert_eq!(audit[0].by, "admin");
}

pub async fn an_agents_message_is_the_first_answer(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), ticket_for(1, None)]).await;
    let wrote = |speaker| {
        let entry = NewEntry {
            at: AT + 700,
            leg: None,
            speaker,
            author: None,
            kind: EntryKind::Message,
            text: "hello".into(),
            detail: None,
            start_ms: None,
            end_ms: None,
            dedupe: None,
        };
        Change::EntryAdded { id: id(1), entry }
    };
    append(&*store, vec![wrote(Speaker::Customer)]).await;
    assert_eq!(store.ticket(1).await.expect("it exists").clocks.first_answer.met, None);
    append(&*store, vec![wrote(Speaker::Agent)]).await;
    assert_eq!(store.ticket(1).await.expect("it exists").clocks.first_answer.met, Some(AT + 700));
}

pub async fn voicemails_wait_until_their_ticket_is_solved(store: Arc<dyn Store>) {
    let left = |n| Change::EntryAdded {
        id: id(n),
        entry: NewEntry {
            at: AT,
            leg: Some(0),
            speaker: Speaker::System,
            author: None,
            kind: EntryKind::Event,
            text: "voicemail".into(),
            detail: None,
            start_ms: None,
            end_ms: None,
            dedupe: None,
        },
    };
    append(&*store, vec![opened(1, "tel:+491"), left(1), left(1), ticket_for(1, None)]).await;
    append(&*store, vec![opened(2, "tel:+492"), moved(2, ConversationState::Waiting, Some("sales"), None)])
        .await;
    append(&*store, vec![left(2), ticket_for(2, Some("alice"))]).await;
    append(&*store, vec![opened(3, "tel:+493"), said(3, "voicemail", None), ticket_for(3, None)]).await;
    let all = store.open_voicemails().await.expect("readable");
    let shown: Vec<_> = all
        .iter()
        .map(|one| {
            (one.fresh, one.queue.as_ref().map(|q| q.as_str()), one.assignee.as_ref().map(|a| a.as_str()))
        })
        .collect();
    assert_eq!(
        shown,
        [(false, Some("sales"), Some("alice")), (true, None, None), (true, None, None)],
        "a message that reads like the event is none"
    );
    append(&*store, vec![step(1, New, InProgress), step(1, InProgress, PendingConfirmation)]).await;
    assert_eq!(store.open_voicemails().await.expect("readable").len(), 1);
}
