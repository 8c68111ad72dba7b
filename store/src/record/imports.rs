//! Records of other systems: each taken in once.
//!
//! Promises: a record that was imported is found by its source and its id there and is not taken in again, whatever became of it
//! here; a customer who is known by one of the addresses is that one.

use desk::imports::Foreign;
use desk::{TicketEdit, TicketMove, TicketState, WallMillis, address};

use super::ledger::Ledger;
use super::{people, tickets};
use crate::StoreError;
use crate::session::{Dialect, Session};

/// What became of a record.
pub enum Taken {
    /// This event had taken it in.
    Before(i64),
    /// It is a new customer, or one more address of a known one.
    Customer,
    /// It is this ticket.
    Ticket(i64),
}

/// Takes a record in; the next event is the one that says so.
pub async fn take<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    (source, external): (&str, &str),
    record: &Foreign,
    at: WallMillis,
) -> Result<Taken, StoreError> {
    const BEFORE: &str = "SELECT event FROM imported WHERE source = $1 AND kind = $2 AND external = $3";
    const KEEP: &str = "INSERT INTO imported (source, kind, external, event) VALUES ($1, $2, $3, $4)";
    let place = vec![source.into(), record.kind().into(), external.into()];
    if let Some(row) = session.row(BEFORE, place.clone()).await? {
        return Ok(Taken::Before(row.int(0)?));
    }
    let args = place.into_iter().chain([ledger.next().into()]).collect();
    session.exec(KEEP, args).await?;
    match record {
        Foreign::Customer { name, addresses } => {
            customer(session, ledger, name.as_deref(), addresses, at).await?;
            Ok(Taken::Customer)
        }
        Foreign::Ticket { customer, edit, state } => {
            let person = match customer {
                Some(address) => Some(people::find_or_make(session, ledger, address, None, at).await?),
                None => None,
            };
            ticket(session, person, edit, *state, at).await.map(Taken::Ticket)
        }
    }
}

async fn customer<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    name: Option<&str>,
    addresses: &[String],
    at: WallMillis,
) -> Result<(), StoreError> {
    const KNOWN: &str = "SELECT person FROM person_addresses WHERE address = $1";
    const ADD: &str =
        "INSERT INTO person_addresses (address, person) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING";
    let mut first = addresses.first();
    for address in addresses {
        if session.row(KNOWN, vec![address.as_str().into()]).await?.is_some() {
            first = Some(address);
            break;
        }
    }
    let first = first.ok_or_else(|| StoreError::Bad("a customer needs an address".into()))?;
    let person = people::find_or_make(session, ledger, first, name, at).await?;
    // Whose address it is already, keeps it: merging two customers is for people to decide.
    for address in addresses.iter().filter_map(|address| address::identity(address)) {
        session.exec(ADD, vec![address.as_str().into(), person.into()]).await?;
    }
    Ok(())
}

/// By the desk's own steps, so that clocks and rules are those of any ticket.
async fn ticket<D: Dialect>(
    session: &mut Session<'_, D>,
    person: Option<i64>,
    edit: &TicketEdit,
    state: TicketState,
    at: WallMillis,
) -> Result<i64, StoreError> {
    use TicketState::{Done, InProgress, New, PendingConfirmation, Reopened};
    let ticket = tickets::open(session, person, edit, at).await?;
    let way: &[TicketState] = match state {
        New => &[],
        InProgress | Reopened => &[InProgress],
        PendingConfirmation => &[InProgress, PendingConfirmation],
        Done => &[InProgress, PendingConfirmation, Done],
    };
    let mut from = New;
    for to in way.iter().copied() {
        tickets::step(session, ticket, TicketMove { from, to }, at).await?;
        from = to;
    }
    Ok(ticket)
}
