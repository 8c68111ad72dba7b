//! What came later than the record itself (search, reports) takes in what was recorded before it.
//!
//! Promises: some hundred events a transaction, with how far it is in the same one: it goes on where it was, should the process
//! end meanwhile, and takes in everything once.

use sqlx::Pool;

use super::ledger::Ledger;
use super::reports::Settling;
use super::{reports, search};
use crate::session::{Dialect, Session, database};
use crate::{StoreError, read, writer};

/// Events taken in by one transaction.
const AT_ONCE: u32 = 500;

/// Somebody who takes in events.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taker {
    Search,
    Reports,
}

impl Taker {
    const fn how_far(self) -> &'static str {
        match self {
            Self::Search => "SELECT done, goal FROM search_progress",
            Self::Reports => "SELECT done, goal FROM report_progress",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Search => "UPDATE search_progress SET done = $1",
            Self::Reports => "UPDATE report_progress SET done = $1",
        }
    }
}

/// Takes in what was recorded before.
pub async fn catch_up<D: Dialect>(pool: &Pool<D>, place: &str) -> Result<(), StoreError> {
    for taker in [Taker::Search, Taker::Reports] {
        while some(pool, place, taker).await? {}
    }
    // What went on when the last process ended may not have been counted.
    let mut transaction = writer::begin(pool, place).await?;
    reports::recount_open(&mut Session::<D>::new(&mut transaction, place), &mut Ledger::default()).await?;
    transaction.commit().await.map_err(|error| database(place, "commit", &error))
}

/// Takes in some; whether there may be more.
async fn some<D: Dialect>(pool: &Pool<D>, place: &str, taker: Taker) -> Result<bool, StoreError> {
    let mut transaction = writer::begin(pool, place).await?;
    let mut session = Session::<D>::new(&mut transaction, place);
    let Some(row) = session.row(taker.how_far(), vec![]).await? else { return Ok(false) };
    let (done, goal) = (row.int(0)?, row.int(1)?);
    if done >= goal {
        return Ok(false);
    }
    let mut events = read::events_after(&mut session, done, AT_ONCE).await?;
    events.retain(|event| event.seq <= goal);
    let last = events.last().map_or(goal, |event| event.seq);
    let mut ledger = Ledger::default();
    ledger.begin(&mut session).await?;
    for event in &events {
        match taker {
            Taker::Search => search::take_in(&mut session, &mut ledger, event).await?,
            Taker::Reports => reports::touch(&mut session, &mut ledger, event).await?,
        }
    }
    ledger.flush(&mut session).await?;
    if taker == Taker::Reports {
        reports::settle(&mut session, &mut ledger, Settling::Now).await?;
    }
    session.exec(taker.done(), vec![last.into()]).await?;
    transaction.commit().await.map_err(|error| database(place, "commit", &error))?;
    Ok(true)
}
