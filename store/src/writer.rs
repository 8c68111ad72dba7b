//! The one writer: it merges what waits into one transaction, so that many callers share one sync to disk.
//!
//! Promises: replies come after the commit; a refused member of a batch leaves no trace and harms no other; a caller who
//! gives up waiting does not undo what the writer began. Full inbox: senders wait. Work that comes alone is written at once;
//! while work comes in a stream, a transaction waits a moment for what comes next.

use std::time::{Duration, Instant};

use desk::event_hooks::HookStep;
use desk::{Change, FlowDraft, WallMillis};
use kernel::{AgentName, InteractionId};
use sqlx::{Pool, Transaction};
use tokio::sync::{mpsc, oneshot};

use crate::record::{Ledger, Settling};
use crate::session::{Dialect, Session, Value, database};
use crate::{Event, StoreError, record};

/// How many writes may wait: a second's worth at 200 calls a second with five writes each.
const INBOX: usize = 1024;
/// How many writes one transaction takes: keeps the wait of the first under some tens of milliseconds.
const BATCH: usize = 128;
/// How long a transaction waits for more while work comes in a stream. A call writes some ten times within its first half second, and
/// a transaction costs several times what a row in it does: at 50 calls a second this halves the store's share of a call.
const GATHER: Duration = Duration::from_millis(5);
/// Work that comes within this time of the transaction before is a stream; work that comes later is written at once.
const STREAM: Duration = Duration::from_millis(20);
/// How long what goes on may wait to be counted for the reports: calls that end within it are counted once.
const COUNT: Duration = Duration::from_secs(1);

type Reply = Result<Vec<Event>, StoreError>;

/// Something to write.
pub enum Work {
    /// Changes of the record.
    Changes {
        /// Committed at.
        at: WallMillis,
        /// What happened.
        changes: Vec<Change>,
    },
    /// A draft of a flow.
    Draft(FlowDraft),
    /// What an agent does from then on.
    AgentState {
        /// Who.
        agent: AgentName,
        /// What.
        state: String,
        /// The reason of a break.
        pause: Option<String>,
        /// Since.
        at: WallMillis,
    },
    /// A process begins: nobody does anything yet.
    AgentsGone(WallMillis),
    /// A report is about to be read: everything is counted first.
    Count,
    /// What became of an event hook.
    Hook {
        /// Which.
        hook: String,
        /// What.
        step: HookStep,
        /// When.
        at: WallMillis,
    },
    /// SIP messages of conversations.
    Ladders(Vec<(InteractionId, String)>),
    /// A statement beside the record (users, credentials, settings).
    Statement {
        /// The statement.
        sql: &'static str,
        /// Its parameters.
        args: Vec<Value>,
    },
}

struct Job {
    work: Work,
    reply: oneshot::Sender<Reply>,
}

/// Hands work to the writer.
pub struct Writer {
    inbox: mpsc::Sender<Job>,
    place: String,
}

impl Writer {
    /// Starts the writer of a database. It ends when this handle is gone and its inbox is empty.
    ///
    /// # Errors
    /// `Database` when the system grants no thread.
    pub fn start<D: Dialect>(pool: Pool<D>, place: String) -> Result<Self, StoreError> {
        let (inbox, jobs) = mpsc::channel(INBOX);
        // On a thread of its own: each statement waits for the database, and waking a worker of the runtime for its answer costs
        // more than the statement.
        let (runtime, at) = (tokio::runtime::Handle::current(), place.clone());
        let writing = move || runtime.block_on(run(pool, at, jobs));
        if let Err(error) = std::thread::Builder::new().name("store-writer".to_owned()).spawn(writing) {
            return Err(StoreError::Database(format!("{place}: no thread for the writer: {error}")));
        }
        Ok(Self { inbox, place })
    }

    /// Writes; returns when it is committed.
    pub async fn write(&self, work: Work) -> Reply {
        let (reply, answer) = oneshot::channel();
        let gone = || StoreError::Database(format!("{}: the writer has stopped", self.place));
        self.inbox.send(Job { work, reply }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

async fn run<D: Dialect>(pool: Pool<D>, place: String, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut ledger = Ledger::default();
    let mut committed: Option<Instant> = None;
    // Since when something waits to be counted.
    let mut uncounted: Option<Instant> = None;
    while take(&mut jobs, &mut batch, uncounted).await {
        if !batch.is_empty() && committed.is_some_and(|at| at.elapsed() < STREAM) {
            gather(&mut jobs, &mut batch).await;
        }
        let due = uncounted.is_some_and(|since| since.elapsed() >= COUNT);
        let asked = batch.iter().any(|job| matches!(job.work, Work::Count));
        let open = if due || asked { Settling::Now } else { Settling::Later };
        commit(&pool, &place, &mut ledger, &mut batch, open).await;
        batch.clear();
        let now = Instant::now();
        committed = Some(now);
        uncounted = match ledger.waiting().next() {
            None => None,
            // What could not be counted is tried again, not in a loop.
            Some(_) if due || asked => Some(now),
            Some(_) => uncounted.or(Some(now)),
        };
    }
    if uncounted.is_some() {
        commit(&pool, &place, &mut ledger, &mut batch, Settling::Now).await;
    }
    pool.close().await;
}

/// Waits for work, or until it is time to count; false when there is never any more.
async fn take(jobs: &mut mpsc::Receiver<Job>, batch: &mut Vec<Job>, uncounted: Option<Instant>) -> bool {
    match uncounted {
        None => jobs.recv_many(batch, BATCH).await > 0,
        Some(since) => {
            let rest = COUNT.saturating_sub(since.elapsed());
            tokio::time::timeout(rest, jobs.recv_many(batch, BATCH)).await.map_or(true, |taken| taken > 0)
        }
    }
}

/// Takes what comes within `GATHER`, up to a full batch.
async fn gather(jobs: &mut mpsc::Receiver<Job>, batch: &mut Vec<Job>) {
    let until = tokio::time::Instant::now() + GATHER;
    while batch.len() < BATCH {
        let room = BATCH - batch.len();
        match tokio::time::timeout_at(until, jobs.recv_many(batch, room)).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
    }
}

/// Commits a batch: first all at once; should a member fail, again with a savepoint around each.
async fn commit<D: Dialect>(
    pool: &Pool<D>,
    place: &str,
    ledger: &mut Ledger,
    batch: &mut Vec<Job>,
    open: Settling,
) {
    let works: Vec<&Work> = batch.iter().map(|job| &job.work).collect();
    let nothing_to_do =
        works.iter().all(|work| matches!(work, Work::Count)) && ledger.waiting().next().is_none();
    if nothing_to_do {
        for job in batch.drain(..) {
            drop(job.reply.send(Ok(Vec::new())));
        }
        return;
    }
    let outcome = match together(pool, place, ledger, &works, open).await {
        Ok(all) => Ok(all.into_iter().map(Ok).collect()),
        Err(error) => {
            ledger.forget();
            match works.len() {
                1 => Ok(vec![Err(error)]),
                _ => apart(pool, place, &works).await,
            }
        }
    };
    let replies: Vec<Reply> = outcome.unwrap_or_else(|error| {
        let message = error.to_string();
        works.iter().map(|_| Err(StoreError::Database(message.clone()))).collect()
    });
    for (job, reply) in batch.drain(..).zip(replies) {
        // A caller who stopped waiting has no use for the answer; the write stands.
        drop(job.reply.send(reply));
    }
}

async fn together<D: Dialect>(
    pool: &Pool<D>,
    place: &str,
    ledger: &mut Ledger,
    works: &[&Work],
    open: Settling,
) -> Result<Vec<Vec<Event>>, StoreError> {
    let mut transaction = begin(pool, place).await?;
    let mut session = Session::<D>::new(&mut transaction, place);
    ledger.begin(&mut session).await?;
    let mut replies = Vec::with_capacity(works.len());
    for work in works {
        replies.push(perform(&mut session, ledger, work).await?);
    }
    settled(&mut session, ledger, open).await?;
    transaction.commit().await.map_err(|error| database(place, "commit", &error))?;
    ledger.committed();
    Ok(replies)
}

async fn apart<D: Dialect>(pool: &Pool<D>, place: &str, works: &[&Work]) -> Result<Vec<Reply>, StoreError> {
    let mut transaction = begin(pool, place).await?;
    let mut session = Session::<D>::new(&mut transaction, place);
    let mut ledger = Ledger::default();
    ledger.begin(&mut session).await?;
    let mut replies = Vec::with_capacity(works.len());
    for work in works {
        session.exec("SAVEPOINT member", vec![]).await?;
        let mut reply = perform(&mut session, &mut ledger, work).await;
        if reply.is_ok()
            && let Err(error) = settled(&mut session, &mut ledger, Settling::Now).await
        {
            reply = Err(error);
        }
        if reply.is_err() {
            session.exec("ROLLBACK TO SAVEPOINT member", vec![]).await?;
            ledger.forget();
            ledger.begin(&mut session).await?;
        }
        session.exec("RELEASE SAVEPOINT member", vec![]).await?;
        replies.push(reply);
    }
    transaction.commit().await.map_err(|error| database(place, "commit", &error))?;
    Ok(replies)
}

async fn settled<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    open: Settling,
) -> Result<(), StoreError> {
    ledger.flush(session).await?;
    record::settle(session, ledger, open).await
}

/// Begins a transaction in which no other writer is.
pub async fn begin<D: Dialect>(pool: &Pool<D>, place: &str) -> Result<Transaction<'static, D>, StoreError> {
    let mut transaction =
        pool.begin_with(D::BEGIN).await.map_err(|error| database(place, "begin", &error))?;
    if let Some(lock) = D::LOCK {
        Session::<D>::new(&mut transaction, place).exec(lock, vec![]).await?;
    }
    Ok(transaction)
}

async fn perform<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    work: &Work,
) -> Result<Vec<Event>, StoreError> {
    if !matches!(work, Work::Changes { .. } | Work::Count) {
        ledger.flush_conversations(session).await?;
    }
    match work {
        Work::Changes { at, changes } => record::append(session, ledger, *at, changes).await,
        Work::Draft(draft) => record::put_flow_draft(session, draft).await.map(|()| Vec::new()),
        Work::AgentState { agent, state, pause, at } => {
            record::agent_state(session, agent, state, pause.as_deref(), *at).await.map(|()| Vec::new())
        }
        Work::AgentsGone(at) => record::agents_gone(session, *at).await.map(|()| Vec::new()),
        Work::Count => Ok(Vec::new()),
        Work::Hook { hook, step, at } => {
            record::hook_step(session, hook, step, *at).await.map(|()| Vec::new())
        }
        Work::Ladders(ladders) => record::put_ladders(session, ladders).await.map(|()| Vec::new()),
        Work::Statement { sql, args } => session.exec(sql, args.clone()).await.map(|_| Vec::new()),
    }
}
