//! Records of other systems.

use std::sync::Arc;

use desk::imports::Foreign;
use desk::{Change, TicketEdit, TicketState};

use super::sample::{AT, append, opened};
use crate::{Store, TicketFilter};

fn imported(external: &str, record: Foreign) -> Change {
    Change::Imported { source: "zammad".into(), external: external.into(), record, by: "root".into(), at: AT }
}

fn customer(name: &str, addresses: &[&str]) -> Foreign {
    Foreign::Customer {
        name: Some(name.into()),
        addresses: addresses.iter().map(|one| (*one).into()).collect(),
    }
}

pub async fn what_was_imported_is_taken_in_once(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491")]).await;
    let jo = || imported("7", customer("Jo", &["mailto:jo@example.com", "tel:+491"]));
    append(&*store, vec![jo()]).await;
    let person = store.person_at("mailto:jo@example.com").await.expect("readable").expect("known");
    assert_eq!(
        store.person_at("tel:+491").await.expect("readable").expect("known").id,
        person.id,
        "the caller"
    );
    let ticket = |external: &str, state| {
        let edit = TicketEdit { subject: Some("Parcel".into()), ..TicketEdit::default() };
        let customer = Some("mailto:jo@example.com".to_owned());
        imported(external, Foreign::Ticket { customer, edit, state })
    };
    let first = append(&*store, vec![ticket("1", TicketState::Done), ticket("2", TicketState::New)]).await;
    let again =
        append(&*store, vec![jo(), ticket("1", TicketState::New), ticket("2", TicketState::New)]).await;
    assert_eq!(again[1..], first[..], "the events of the first time");
    let number = first[0].ticket.expect("a ticket");
    let done = store.ticket(number).await.expect("there");
    assert_eq!((done.state, done.person), (TicketState::Done, Some(person.id)));
    let filter = TicketFilter { person: Some(person.id), limit: 50, ..TicketFilter::default() };
    assert_eq!(store.tickets(filter).await.expect("readable").items.len(), 2);
    let there = store.imported("zammad", "ticket", &["1".into(), "3".into()]).await.expect("readable");
    assert_eq!(there, ["1"]);
}
