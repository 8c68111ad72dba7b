//! Looks for tickets whose time is up, and records that somebody must be told.
//!
//! Promises: each broken promise is recorded once (the record refuses to count it twice); a database that is away is asked
//! again at the next look. Leaves to others: when time is up (`desk::sla`), showing it (pages, by the event).

use std::sync::Arc;

use desk::Change;
use store::{Store, StoreError};

use crate::clock::Clock;
use crate::limits::ESCALATION_EVERY;
use crate::recorder::Recorder;
use crate::stop::Stop;

/// Looks until told to stop.
pub async fn run(store: Arc<dyn Store>, recorder: Recorder, clock: Clock, mut stop: Stop) {
    loop {
        if let Err(error) = look(&*store, &recorder, clock.wall_millis()).await {
            tracing::error!(%error, "overdue tickets could not be looked for");
        }
        tokio::select! {
            () = tokio::time::sleep(ESCALATION_EVERY) => {}
            () = stop.stopped() => return,
        }
    }
}

async fn look(store: &dyn Store, recorder: &Recorder, now: i64) -> Result<(), StoreError> {
    let due = store.tickets_due(now).await?;
    let late = due.iter().flat_map(|ticket| {
        let escalated =
            move |(clock, due)| Change::TicketEscalated { ticket: ticket.id, clock, due, at: now };
        ticket.clocks.overdue(now).into_iter().map(escalated)
    });
    let changes: Vec<Change> = late.collect();
    if changes.is_empty() {
        return Ok(());
    }
    tracing::info!(promises = changes.len(), "tickets are overdue");
    recorder.commit(changes).await.map(drop)
}
