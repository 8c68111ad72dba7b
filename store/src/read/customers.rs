//! Customers as staff know them: one, lists, who was merged with whom.

use std::collections::{BTreeMap, BTreeSet};

use desk::address;
use desk::customer::{Customer, Profile};
use serde::de::DeserializeOwned;

use super::Conditions;
use super::lists::{bad_cursor, page, page_size};
use crate::session::{Dialect, Row, Session, Value};
use crate::{CustomerFilter, CustomerMerge, Page, StoreError};

const COLUMNS: &str =
    "p.id, p.name, p.tier, p.fields, p.note, p.consent, p.revision, p.created_at, p.merged_into";
const MERGES: &str = "SELECT m.event, m.kept, m.gone, p.name, m.at, m.author, \
    (SELECT COUNT(*) FROM person_moves v WHERE v.merge = m.event AND v.kind = 'conversation'), \
    (SELECT COUNT(*) FROM person_moves v WHERE v.merge = m.event AND v.kind = 'ticket'), m.split_at, m.split_by \
    FROM person_merges m JOIN persons p ON p.id = m.gone WHERE ";
/// Merges and tags that one call hands out.
const MOST: i64 = 200;
/// Digits from which a number is looked for: fewer are in every second one.
const DIGITS: usize = 3;

/// A customer.
pub async fn one<D: Dialect>(session: &mut Session<'_, D>, id: i64) -> Result<Customer, StoreError> {
    let mut which = Conditions::default();
    which.and("p.id = ?", [id.into()]);
    fetch(session, which, 1).await?.pop().ok_or(StoreError::NotFound("customer"))
}

/// A page, newest first.
pub async fn list<D: Dialect>(
    session: &mut Session<'_, D>,
    filter: &CustomerFilter,
) -> Result<Page<Customer>, StoreError> {
    let size = page_size(filter.limit)?;
    let mut which = Conditions::default();
    which.and("p.merged_into IS NULL", []);
    if let Some(tier) = &filter.tier {
        which.and("p.tier = ?", [tier.as_str().into()]);
    }
    if let Some(tag) = &filter.tag {
        let has = "EXISTS (SELECT 1 FROM person_tags g WHERE g.person = p.id AND g.tag = ?)";
        which.and(has, [tag.as_str().into()]);
    }
    if let Some(words) = filter.words.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        which.and(
            "(lower(p.name) LIKE ? ESCAPE '!' \
             OR EXISTS (SELECT 1 FROM person_tags g WHERE g.person = p.id AND lower(g.tag) LIKE ? ESCAPE '!') \
             OR EXISTS (SELECT 1 FROM person_addresses a WHERE a.person = p.id \
                AND (lower(a.address) LIKE ? ESCAPE '!' OR a.address LIKE ? ESCAPE '!')))",
            patterns(words),
        );
    }
    if let Some(after) = &filter.after {
        let after: i64 = after.parse().map_err(|_| bad_cursor())?;
        which.and("p.id < ?", [after.into()]);
    }
    let found = fetch(session, which, size + 1).await?;
    Ok(page(found, size, |last| last.id.to_string()))
}

/// What is looked for in names, tags, addresses, and in numbers however they are written.
fn patterns(words: &str) -> [Value; 4] {
    let words = words.to_lowercase();
    let within = |text: &str| {
        let text = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        Value::from(format!("%{text}%").as_str())
    };
    let number = match address::identity(&words) {
        Some(number) if number.starts_with("tel:") => number.trim_start_matches("tel:").to_owned(),
        _ => String::new(),
    };
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    // What no address has in it, where no number is looked for.
    let number = if digits >= DIGITS { within(&number) } else { Value::from("") };
    [within(&words), within(&words), within(&words), number]
}

async fn fetch<D: Dialect>(
    session: &mut Session<'_, D>,
    mut which: Conditions,
    limit: usize,
) -> Result<Vec<Customer>, StoreError> {
    let limit = which.limit(limit);
    let Conditions { sql: which, args } = which;
    let chosen = format!("persons p{which} ORDER BY p.id DESC{limit}");
    let rows = session.rows_of(format!("SELECT {COLUMNS} FROM {chosen}"), args.clone()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let of = |table: &str, column: &str| {
        format!(
            "SELECT o.person, o.{column} FROM {table} o JOIN (SELECT p.id FROM {chosen}) c ON c.id = o.person"
        )
    };
    let mut addresses = texts(&session.rows_of(of("person_addresses", "address"), args.clone()).await?)?;
    let mut tags = texts(&session.rows_of(of("person_tags", "tag"), args).await?)?;
    rows.iter()
        .map(|row| {
            let id = row.int(0)?;
            customer_of(row, addresses.remove(&id).unwrap_or_default(), tags.remove(&id).unwrap_or_default())
        })
        .collect()
}

fn texts(rows: &[Row]) -> Result<BTreeMap<i64, BTreeSet<String>>, StoreError> {
    let mut texts: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        texts.entry(row.int(0)?).or_default().insert(row.text(1)?);
    }
    Ok(texts)
}

fn customer_of(
    row: &Row,
    addresses: BTreeSet<String>,
    tags: BTreeSet<String>,
) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: row.int(0)?,
        profile: Profile {
            name: row.text(1)?,
            tier: row.maybe_text(2)?,
            tags,
            fields: json(&row.text(3)?)?,
            note: row.text(4)?,
            consent: json(&row.text(5)?)?,
        },
        addresses,
        revision: row.int(6)?,
        created_at: row.int(7)?,
        merged_into: row.maybe_int(8)?,
    })
}

/// What the record has as JSON.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Database(format!("a customer that cannot be read: {error}")))
}

/// Merges that a customer took part in, newest first.
pub async fn merges<D: Dialect>(
    session: &mut Session<'_, D>,
    id: i64,
) -> Result<Vec<CustomerMerge>, StoreError> {
    let sql = format!("{MERGES} m.kept = $1 OR m.gone = $1 ORDER BY m.event DESC LIMIT {MOST}");
    session.rows_of(sql, vec![id.into()]).await?.iter().map(merge_of).collect()
}

/// A merge.
pub async fn merge<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
) -> Result<CustomerMerge, StoreError> {
    let rows = session.rows_of(format!("{MERGES} m.event = $1"), vec![event.into()]).await?;
    rows.first().map_or(Err(StoreError::NotFound("merge of customers")), merge_of)
}

fn merge_of(row: &Row) -> Result<CustomerMerge, StoreError> {
    Ok(CustomerMerge {
        event: row.int(0)?,
        kept: row.int(1)?,
        gone: row.int(2)?,
        gone_name: row.text(3)?,
        at: row.int(4)?,
        by: row.text(5)?,
        brought: (row.int(6)?, row.int(7)?),
        split: row.maybe_int(8)?.zip(row.maybe_text(9)?),
    })
}

/// The tags in use, the most frequent first.
pub async fn tags<D: Dialect>(session: &mut Session<'_, D>) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT tag FROM person_tags GROUP BY tag ORDER BY COUNT(*) DESC, tag LIMIT $1";
    session.rows(SQL, vec![MOST.into()]).await?.iter().map(|row| row.text(0)).collect()
}

/// The tier of whoever has an address.
pub async fn tier_at<D: Dialect>(
    session: &mut Session<'_, D>,
    address: &str,
) -> Result<Option<String>, StoreError> {
    const SQL: &str =
        "SELECT p.tier FROM person_addresses a JOIN persons p ON p.id = a.person WHERE a.address = $1";
    let Some(identity) = address::identity(address) else { return Ok(None) };
    let row = session.row(SQL, vec![identity.as_str().into()]).await?;
    row.map_or(Ok(None), |row| row.maybe_text(0))
}
