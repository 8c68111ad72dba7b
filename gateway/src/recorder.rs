//! The one road into the record: batches of changes in, committed events out to the live pages, then the waiting replies.
//!
//! Promises: an interaction's changes are committed in its order; nothing is shown as settled or confirmed before it is on
//! disk; when the database is away, batches wait (bounded) and are tried again, and the process says that it is not ready.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use api::{Live, Posted, Refusal};
use desk::{Change, WallMillis};
use kernel::Fault;
use store::{Event, Store, StoreError};
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::clock::Clock;
use crate::limits;

/// Answers a command once its record is on disk.
pub type ReplyTo = oneshot::Sender<Result<Option<Posted>, Refusal>>;

/// Changes that belong together.
#[derive(Debug, Default)]
pub struct Batch {
    /// In order.
    pub changes: Vec<Change>,
    /// Commands to confirm afterwards.
    pub replies: Vec<(ReplyTo, Result<(), Refusal>)>,
    /// Somebody waits for the events themselves.
    pub events: Option<oneshot::Sender<Result<Vec<Event>, StoreError>>>,
}

/// Handle of the recorder.
#[derive(Clone, Debug)]
pub struct Recorder {
    inbox: mpsc::Sender<Batch>,
    healthy: Arc<AtomicBool>,
}

impl Recorder {
    /// Starts the recorder; it ends when every handle is gone and all is written.
    #[must_use]
    pub fn start(
        store: Arc<dyn Store>,
        live: broadcast::Sender<Live>,
        clock: Clock,
    ) -> (Recorder, tokio::task::JoinHandle<()>) {
        Self::on(store, live, clock)
    }

    fn on(
        disk: impl Disk,
        live: broadcast::Sender<Live>,
        clock: Clock,
    ) -> (Recorder, tokio::task::JoinHandle<()>) {
        let (inbox, batches) = mpsc::channel(limits::RECORDER_INBOX);
        let healthy = Arc::new(AtomicBool::new(true));
        let worker = Worker { disk, live, clock, healthy: Arc::clone(&healthy) };
        let task = tokio::spawn(worker.run(batches));
        (Recorder { inbox, healthy }, task)
    }

    /// Hands over a batch; waits when the queue is full.
    pub async fn record(&self, batch: Batch) {
        if self.inbox.send(batch).await.is_err() {
            tracing::error!("the recorder is gone; a batch was not recorded");
        }
    }

    /// Records changes and waits for their events.
    ///
    /// # Errors
    /// What the store said.
    pub async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Event>, StoreError> {
        let (to, from) = oneshot::channel();
        self.record(Batch { changes, replies: Vec::new(), events: Some(to) }).await;
        from.await.unwrap_or_else(|_| Err(StoreError::Database("the recorder stopped".to_owned())))
    }

    /// Whether the last attempt to write succeeded.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }
}

/// What the recorder needs of the record.
trait Disk: Send + Sync + 'static {
    /// As `Store::append`.
    fn append(
        &self,
        at: WallMillis,
        changes: Vec<Change>,
    ) -> impl Future<Output = Result<Vec<Event>, StoreError>> + Send;
}

impl Disk for Arc<dyn Store> {
    fn append(
        &self,
        at: WallMillis,
        changes: Vec<Change>,
    ) -> impl Future<Output = Result<Vec<Event>, StoreError>> + Send {
        Store::append(&**self, at, changes)
    }
}

struct Worker<D> {
    disk: D,
    live: broadcast::Sender<Live>,
    clock: Clock,
    healthy: Arc<AtomicBool>,
}

impl<D: Disk> Worker<D> {
    async fn run(self, mut batches: mpsc::Receiver<Batch>) {
        let mut taken = Vec::with_capacity(limits::RECORDER_GROUP);
        while batches.recv_many(&mut taken, limits::RECORDER_GROUP).await > 0 {
            self.write(std::mem::take(&mut taken)).await;
        }
    }

    /// One transaction for all that waits; each on its own only when one of them is refused.
    async fn write(&self, batches: Vec<Batch>) {
        let mut changes = Vec::new();
        let mut counts = Vec::with_capacity(batches.len());
        for batch in &batches {
            counts.push(batch.changes.len());
            changes.extend(batch.changes.iter().cloned());
        }
        if changes.is_empty() {
            return batches.into_iter().for_each(|batch| self.settle(batch, Ok(Vec::new())));
        }
        match self.disk.append(self.clock.wall_millis(), changes).await {
            Ok(events) => {
                self.healthy.store(true, Ordering::Relaxed);
                let mut events = events.into_iter();
                for (batch, count) in batches.into_iter().zip(counts) {
                    let own = events.by_ref().take(count).collect();
                    self.settle(batch, Ok(own));
                }
            }
            Err(_) => {
                for batch in batches {
                    self.write_alone(batch).await;
                }
            }
        }
    }

    async fn write_alone(&self, batch: Batch) {
        let mut wait = Duration::from_millis(50);
        loop {
            match self.disk.append(self.clock.wall_millis(), batch.changes.clone()).await {
                Err(StoreError::Database(message)) => {
                    self.healthy.store(false, Ordering::Relaxed);
                    tracing::error!(%message, "the database refuses; trying again");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(Duration::from_secs(5));
                }
                result => {
                    self.healthy.store(true, Ordering::Relaxed);
                    return self.settle(batch, result);
                }
            }
        }
    }

    fn settle(&self, batch: Batch, result: Result<Vec<Event>, StoreError>) {
        let posted = result.as_ref().ok().and_then(|events| posted(events));
        if let Ok(events) = &result {
            for event in events {
                // Nobody listening is no error.
                let _listeners = self.live.send(Live::Event(event.clone()));
            }
        } else {
            tracing::error!(changes = batch.changes.len(), "changes were refused by the store");
        }
        let failed = result.is_err();
        for (reply, outcome) in batch.replies {
            let answer = match outcome {
                Ok(()) if failed => Err(not_recorded()),
                Ok(()) => Ok(posted.clone()),
                Err(refusal) => Err(refusal),
            };
            let _gone = reply.send(answer);
        }
        if let Some(waiting) = batch.events {
            let _gone = waiting.send(result);
        }
    }
}

fn posted(events: &[Event]) -> Option<Posted> {
    events.iter().rev().find_map(|event| match &event.change {
        Change::EntryAdded { entry, .. } => event.entry_seq.map(|seq| Posted { seq, at: entry.at }),
        _ => None,
    })
}

fn not_recorded() -> Refusal {
    Refusal {
        fault: Fault::Ours,
        code: "not_recorded",
        message: "the record could not be written".to_owned(),
    }
}

#[cfg(test)]
mod tests;
