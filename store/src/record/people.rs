//! Who it is: a person is found by the one spelling of their address, or made.

use desk::{WallMillis, address};

use super::ledger::Ledger;
use crate::StoreError;
use crate::session::{Dialect, Session};

/// The person of `address`. Withheld addresses make a new person each time: two of them are not one customer.
pub async fn find_or_make<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    address: &str,
    name: Option<&str>,
    at: WallMillis,
) -> Result<i64, StoreError> {
    let identity = address::identity(address);
    let placeholder = address::placeholder_name(address);
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    if let Some(person) = identity.as_deref().and_then(|identity| ledger.person(identity, name)) {
        return Ok(person);
    }
    if let Some(identity) = &identity
        && let Some(row) = session
            .row("SELECT person FROM person_addresses WHERE address = $1", vec![identity.as_str().into()])
            .await?
    {
        let person = row.int(0)?;
        ledger.met(identity, name, person);
        if let Some(name) = name {
            const SQL: &str = "UPDATE persons SET name = $1 WHERE id = $2 AND name = $3";
            session.exec(SQL, vec![name.into(), person.into(), placeholder.as_str().into()]).await?;
        }
        return Ok(person);
    }
    const PERSON: &str = "INSERT INTO persons (name, created_at) VALUES ($1, $2) RETURNING id";
    let row = session.row(PERSON, vec![name.unwrap_or(&placeholder).into(), at.into()]).await?;
    let person = row.ok_or(StoreError::NotFound("person"))?.int(0)?;
    if let Some(identity) = identity {
        const ADDRESS: &str = "INSERT INTO person_addresses (address, person) VALUES ($1, $2)";
        session.exec(ADDRESS, vec![identity.as_str().into(), person.into()]).await?;
        ledger.met(&identity, name, person);
    }
    Ok(person)
}
