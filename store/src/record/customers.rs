//! Customers changed, merged and split by staff. The rules are the desk's (`desk::customer`); here is where the rows are.
//!
//! Promises: every change is in the audit trail under `customer.NUMBER`, with what was before; a merge writes down which
//! conversations, tickets and addresses came along, and its split gives exactly those back that are still there; a merge or split
//! that was recorded before is the event of the first.

use std::collections::BTreeSet;

use desk::WallMillis;
use desk::customer::{self, Customer, CustomerEdit, CustomerRefusal, Profile};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::settings::write_down;
use crate::StoreError;
use crate::read::customers::{json, merge as merge_of, one};
use crate::session::{Dialect, Session, Value};

/// Who changed something, and when.
type Author<'a> = (&'a str, WallMillis);

/// Changes what is named, for who saw `revision`.
pub async fn edit<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    (person, revision): (i64, i64),
    edit: &CustomerEdit,
    (by, at): Author<'_>,
) -> Result<(), StoreError> {
    let before = one(session, person).await?;
    let mut after = before.clone();
    after.edit(revision, edit, by, at)?;
    for address in before.addresses.difference(&after.addresses) {
        const REMOVE: &str = "DELETE FROM person_addresses WHERE address = $1 AND person = $2";
        session.exec(REMOVE, vec![address.as_str().into(), person.into()]).await?;
    }
    for address in after.addresses.difference(&before.addresses) {
        take_address(session, person, address).await?;
    }
    keep(session, &before, &after).await?;
    let (was, is) = customer::difference(&before, &after);
    audit(session, event, person, (was, is), (by, at)).await
}

/// An address belongs to one customer; who took it from nobody may have it.
async fn take_address<D: Dialect>(
    session: &mut Session<'_, D>,
    person: i64,
    address: &str,
) -> Result<(), StoreError> {
    const OWNER: &str = "SELECT person FROM person_addresses WHERE address = $1";
    const ADD: &str = "INSERT INTO person_addresses (address, person) VALUES ($1, $2)";
    if let Some(row) = session.row(OWNER, vec![address.into()]).await? {
        return Err(CustomerRefusal::AddressTaken { owner: row.int(0)? }.into());
    }
    session.exec(ADD, vec![address.into(), person.into()]).await.map(drop)
}

/// Lets one customer live on in another, for who saw both; the event that recorded just this before, if any.
pub async fn merge<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    (kept, gone): (i64, i64),
    (kept_seen, gone_seen): (i64, i64),
    (by, at): Author<'_>,
) -> Result<Option<i64>, StoreError> {
    if kept == gone {
        return Err(CustomerRefusal::Itself.into());
    }
    let (before, other) = (one(session, kept).await?, one(session, gone).await?);
    if other.merged_into == Some(kept) {
        const OPEN: &str =
            "SELECT event FROM person_merges WHERE kept = $1 AND gone = $2 AND split_event IS NULL";
        let row = session.row(OPEN, vec![kept.into(), gone.into()]).await?;
        return row.map(|row| row.int(0)).transpose();
    }
    before.seen_at(kept_seen)?;
    other.seen_at(gone_seen)?;
    let profile = customer::merged(&before, &other);
    let after = Customer { profile, revision: before.revision + 1, ..before.clone() };
    const MERGE: &str = "INSERT INTO person_merges (event, kept, gone, at, author, before, after) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let args = vec![
        event.into(),
        kept.into(),
        gone.into(),
        at.into(),
        by.into(),
        text(&before.profile)?,
        text(&after.profile)?,
    ];
    session.exec(MERGE, args).await?;
    bring(session, event, gone, kept).await?;
    const GONE: &str = "UPDATE persons SET merged_into = $1, revision = revision + 1 WHERE id = $2";
    session.exec(GONE, vec![kept.into(), gone.into()]).await?;
    keep(session, &before, &after).await?;
    let (was, mut is) = customer::difference(&before, &after);
    is.insert("merged".to_owned(), gone.into());
    audit(session, event, kept, (was, is), (by, at)).await?;
    Ok(None)
}

/// Everything of `from` becomes `to`'s, and is written down as brought by this merge.
async fn bring<D: Dialect>(
    session: &mut Session<'_, D>,
    merge: i64,
    from: i64,
    to: i64,
) -> Result<(), StoreError> {
    const NOTE: [&str; 3] = [
        "INSERT INTO person_moves (merge, kind, what) SELECT $1, 'conversation', id FROM conversations WHERE person = $2",
        "INSERT INTO person_moves (merge, kind, what) SELECT $1, 'ticket', CAST(id AS TEXT) FROM tickets WHERE person = $2",
        "INSERT INTO person_moves (merge, kind, what) SELECT $1, 'address', address FROM person_addresses WHERE person = $2",
    ];
    const MOVE: [&str; 3] = [
        "UPDATE conversations SET person = $1 WHERE person = $2",
        "UPDATE tickets SET person = $1 WHERE person = $2",
        "UPDATE person_addresses SET person = $1 WHERE person = $2",
    ];
    for sql in NOTE {
        session.exec(sql, vec![merge.into(), from.into()]).await?;
    }
    for sql in MOVE {
        session.exec(sql, vec![to.into(), from.into()]).await?;
    }
    Ok(())
}

/// Takes a merge back, for who saw the kept one; the event that recorded just this before, if any.
pub async fn split<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    (merge, kept, gone): (i64, i64, i64),
    revision: i64,
    (by, at): Author<'_>,
) -> Result<Option<i64>, StoreError> {
    const STATE: &str = "SELECT before, after, split_event FROM person_merges WHERE event = $1";
    let known = merge_of(session, merge).await?;
    if (known.kept, known.gone) != (kept, gone) {
        return Err(StoreError::Bad(format!("merge {merge} is not of customers {kept} and {gone}")));
    }
    let row = session.row(STATE, vec![merge.into()]).await?;
    let row = row.ok_or(StoreError::NotFound("merge of customers"))?;
    if let Some(first) = row.maybe_int(2)? {
        return Ok(Some(first));
    }
    let before = one(session, kept).await?;
    before.seen_at(revision)?;
    let profile = customer::split(&before.profile, &json(&row.text(0)?)?, &json(&row.text(1)?)?);
    let after = Customer { profile, revision: before.revision + 1, ..before.clone() };
    give_back(session, merge, kept, gone).await?;
    const GONE: &str = "UPDATE persons SET merged_into = NULL, revision = revision + 1 WHERE id = $1";
    session.exec(GONE, vec![gone.into()]).await?;
    const SPLIT: &str =
        "UPDATE person_merges SET split_event = $1, split_at = $2, split_by = $3 WHERE event = $4";
    session.exec(SPLIT, vec![event.into(), at.into(), by.into(), merge.into()]).await?;
    keep(session, &before, &after).await?;
    let (was, mut is) = customer::difference(&before, &after);
    is.insert("split".to_owned(), gone.into());
    audit(session, event, kept, (was, is), (by, at)).await?;
    Ok(None)
}

/// What a merge brought goes back, as far as it is still there.
async fn give_back<D: Dialect>(
    session: &mut Session<'_, D>,
    merge: i64,
    from: i64,
    to: i64,
) -> Result<(), StoreError> {
    const BACK: [&str; 3] = [
        "UPDATE conversations SET person = $1 WHERE person = $2 AND id IN \
            (SELECT what FROM person_moves WHERE merge = $3 AND kind = 'conversation')",
        "UPDATE tickets SET person = $1 WHERE person = $2 AND CAST(id AS TEXT) IN \
            (SELECT what FROM person_moves WHERE merge = $3 AND kind = 'ticket')",
        "UPDATE person_addresses SET person = $1 WHERE person = $2 AND address IN \
            (SELECT what FROM person_moves WHERE merge = $3 AND kind = 'address')",
    ];
    for sql in BACK {
        session.exec(sql, vec![to.into(), from.into(), merge.into()]).await?;
    }
    Ok(())
}

/// Writes down what is known of a customer; addresses are where they are.
async fn keep<D: Dialect>(
    session: &mut Session<'_, D>,
    before: &Customer,
    after: &Customer,
) -> Result<(), StoreError> {
    const PUT: &str = "UPDATE persons SET name = $1, tier = $2, fields = $3, note = $4, consent = $5, revision = $6 WHERE id = $7";
    let Profile { name, tier, tags, fields, note, consent } = &after.profile;
    let args = vec![
        name.as_str().into(),
        tier.as_deref().into(),
        text(fields)?,
        note.as_str().into(),
        text(consent)?,
        after.revision.into(),
        after.id.into(),
    ];
    session.exec(PUT, args).await?;
    retag(session, after.id, &before.profile.tags, tags).await
}

async fn retag<D: Dialect>(
    session: &mut Session<'_, D>,
    person: i64,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> Result<(), StoreError> {
    const REMOVE: &str = "DELETE FROM person_tags WHERE tag = $1 AND person = $2";
    const ADD: &str = "INSERT INTO person_tags (tag, person) VALUES ($1, $2)";
    for (sql, tags) in [(REMOVE, before.difference(after)), (ADD, after.difference(before))] {
        for tag in tags {
            session.exec(sql, vec![tag.as_str().into(), person.into()]).await?;
        }
    }
    Ok(())
}

async fn audit<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    person: i64,
    (was, is): (Map<String, Json>, Map<String, Json>),
    author: Author<'_>,
) -> Result<(), StoreError> {
    let (was, is) = (Json::Object(was).to_string(), Json::Object(is).to_string());
    write_down(session, event, &format!("customer.{person}"), Some(&was), Some(&is), author).await
}

fn text<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    let text = serde_json::to_string(value)
        .map_err(|error| StoreError::Bad(format!("a value that cannot be written down: {error}")))?;
    Ok(text.as_str().into())
}
