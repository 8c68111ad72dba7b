//! The task that sorts what went by into conversations, by Call-ID, and stores each when it is over.
//!
//! Promises: a message of no call of ours is forgotten; of a conversation no more is kept than `LADDER_BOOK`, of all no more than
//! `LADDER_BYTES`; many conversations are stored at once. Leaves to others: everything else.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::InteractionId;
use signaling::ladder::{self, Cutter};
use signaling::{Connection, DialogId};
use store::Store;
use tokio::sync::{mpsc, oneshot};

use super::book::{self, Kept, Message, pack};
use super::hep::Sender;
use super::{LOOK, News, Way};
use crate::limits::{
    LADDER_BOOK, LADDER_BYTES, LADDER_CALLS, LADDER_NEWS, LADDER_STORED_AT_ONCE, SIP_STREAMS,
};

/// How long a call may be nobody's: admission takes milliseconds.
const NOBODYS: Duration = Duration::from_secs(10);
/// How long after the end answers may still come; longer while they do.
const LINGER: Duration = Duration::from_secs(2);
/// The longest that an end takes (RFC 3261 section 17.1.2.2, timer F).
const LATEST: Duration = Duration::from_secs(34);
/// How often what is over is stored.
const STORE_EVERY: Duration = Duration::from_secs(1);
/// How often storing is tried.
const TRIES: u8 = 10;

/// What goes by under one Call-ID.
#[derive(Default)]
struct Call {
    dialog: Option<DialogId>,
    owner: Option<(InteractionId, u16)>,
    /// What went by before anybody knew whose it is.
    waiting: Vec<Message>,
    since: Option<Instant>,
}

#[derive(Default)]
struct Dialog {
    calls: Vec<Vec<u8>>,
    owner: Option<(InteractionId, u16)>,
}

/// A conversation.
#[derive(Default)]
struct Book {
    bytes: Vec<u8>,
    cut: bool,
    dialogs: Vec<DialogId>,
    /// When something went by last.
    last: Option<Instant>,
    over: Option<Instant>,
    tries: u8,
}

pub(super) struct Keeper {
    store: Arc<dyn Store>,
    collector: Option<Sender>,
    /// The way back for what storing tells; it must not keep the keeper alive.
    back: mpsc::WeakSender<News>,
    calls: HashMap<Vec<u8>, Call>,
    dialogs: HashMap<DialogId, Dialog>,
    books: HashMap<InteractionId, Book>,
    streams: HashMap<Connection, Cutter>,
    /// Bytes of all books and of what waits.
    held: usize,
    storing: bool,
    /// `None`: at once.
    swept: Option<Instant>,
    /// Who waits until everything is stored.
    finished: Option<oneshot::Sender<()>>,
}

impl Keeper {
    pub(super) fn new(
        store: Arc<dyn Store>,
        collector: Option<Sender>,
        back: mpsc::WeakSender<News>,
    ) -> Self {
        Self {
            store,
            collector,
            back,
            calls: HashMap::new(),
            dialogs: HashMap::new(),
            books: HashMap::new(),
            streams: HashMap::new(),
            held: 0,
            storing: false,
            swept: None,
            finished: None,
        }
    }

    /// Runs until every handle is gone.
    pub(super) async fn run(mut self, mut news: mpsc::Receiver<News>) {
        loop {
            let idle = self.books.is_empty() && self.calls.is_empty();
            let first = match idle {
                true => news.recv().await,
                false => match tokio::time::timeout(STORE_EVERY, news.recv()).await {
                    Ok(first) => first,
                    Err(_) => {
                        self.sweep(Instant::now());
                        continue;
                    }
                },
            };
            let Some(first) = first else { return };
            let hurry = matches!(first, News::Look(..) | News::Finish(_));
            self.take(first);
            if !hurry {
                tokio::time::sleep(LOOK).await;
            }
            for _ in 0..LADDER_NEWS {
                let Ok(more) = news.try_recv() else { break };
                self.take(more);
            }
            self.sweep(Instant::now());
        }
    }

    fn take(&mut self, news: News) {
        match news {
            News::Passed { at, way, path, bytes } => {
                let pieces = match (way, path.connection) {
                    (Way::Received, Some(connection)) if !path.transport.is_web() => {
                        self.cut(connection, &bytes)
                    }
                    _ => vec![bytes],
                };
                for bytes in pieces {
                    let (local, remote, transport) = (path.local, path.remote, path.transport);
                    self.passed(Message { at, way, transport, leg: 0, local, remote, bytes });
                }
            }
            News::Closed(connection) => drop(self.streams.remove(&connection)),
            News::Called(dialog, call_id) => self.called(dialog, call_id),
            News::Belongs(dialog, conversation, leg) => self.belongs(dialog, (conversation, leg)),
            News::Over(conversation) => {
                if let Some(book) = self.books.get_mut(&conversation) {
                    book.over = Some(Instant::now());
                }
            }
            News::Look(conversation, reply) => {
                let _gone = reply.send(self.look(conversation));
            }
            News::Stored(conversations, done) => self.stored(&conversations, done),
            News::Finish(reply) => {
                self.finished = Some(reply);
                self.swept = None;
            }
        }
    }

    fn cut(&mut self, connection: Connection, bytes: &[u8]) -> Vec<Vec<u8>> {
        if self.streams.len() > SIP_STREAMS {
            // Closings were lost in an overload: what is cut in half now is lost too.
            self.streams.clear();
        }
        self.streams.entry(connection).or_default().push(bytes)
    }

    fn passed(&mut self, mut message: Message) {
        let Some(seen) = ladder::glance(&message.bytes) else { return };
        let (call_id, invites) = (seen.call_id.to_vec(), seen.invites);
        let known = self.calls.contains_key(&call_id);
        if !known && self.collector.is_none() && !invites {
            return;
        }
        ladder::redact(&mut message.bytes);
        if let Some(collector) = &self.collector {
            collector.send(&message);
        }
        if !known {
            if !invites || self.is_full() {
                return;
            }
            self.calls.insert(call_id.clone(), Call { since: Some(Instant::now()), ..Call::default() });
        }
        let Some(call) = self.calls.get_mut(&call_id) else { return };
        match call.owner {
            Some(owner) => self.keep(owner, message),
            None if self.held + message.bytes.len() <= LADDER_BYTES => {
                self.held += message.bytes.len();
                call.waiting.push(message);
            }
            None => {}
        }
    }

    fn keep(&mut self, (conversation, leg): (InteractionId, u16), mut message: Message) {
        let Some(book) = self.books.get_mut(&conversation) else { return };
        let before = book.bytes.len();
        let room = before + message.bytes.len() + 64 <= LADDER_BOOK && self.held <= LADDER_BYTES;
        book.last = Some(Instant::now());
        if !room || book.cut {
            // Once cut, nothing more: a ladder with holes in it would mislead.
            book.cut = true;
            metrics::counter!("sip_ladder_dropped_total", "why" => "size").increment(1);
            return;
        }
        message.leg = leg;
        book::append(&mut book.bytes, &message);
        self.held += book.bytes.len() - before;
    }

    fn called(&mut self, dialog: DialogId, call_id: Vec<u8>) {
        if !self.calls.contains_key(&call_id) && self.is_full() {
            return;
        }
        let call = self.calls.entry(call_id.clone()).or_default();
        call.since.get_or_insert_with(Instant::now);
        // The first one has it: who spoofs a Call-ID gets nobody's ladder.
        if call.dialog.is_some_and(|first| first != dialog) {
            return;
        }
        call.dialog = Some(dialog);
        let known = self.dialogs.entry(dialog).or_default();
        known.calls.push(call_id.clone());
        if let Some(owner) = known.owner {
            self.assign(&call_id, owner);
        }
    }

    fn is_full(&self) -> bool {
        let full = self.calls.len() >= LADDER_CALLS;
        if full {
            metrics::counter!("sip_ladder_dropped_total", "why" => "calls").increment(1);
        }
        full
    }

    fn belongs(&mut self, dialog: DialogId, owner: (InteractionId, u16)) {
        let known = self.dialogs.entry(dialog).or_default();
        known.owner = Some(owner);
        let calls = known.calls.clone();
        self.books.entry(owner.0).or_default().dialogs.push(dialog);
        for call_id in calls {
            self.assign(&call_id, owner);
        }
    }

    fn assign(&mut self, call_id: &[u8], owner: (InteractionId, u16)) {
        let Some(call) = self.calls.get_mut(call_id) else { return };
        call.owner = Some(owner);
        for message in std::mem::take(&mut call.waiting) {
            self.held = self.held.saturating_sub(message.bytes.len());
            self.keep(owner, message);
        }
    }

    fn look(&self, conversation: InteractionId) -> Option<Kept> {
        let book = self.books.get(&conversation)?;
        Some(Kept { messages: book::read(&book.bytes)?, cut: book.cut })
    }

    /// Forgets what is nobody's, and stores what is over.
    fn sweep(&mut self, now: Instant) {
        if self.swept.is_some_and(|swept| now.duration_since(swept) < STORE_EVERY) {
            return;
        }
        self.swept = Some(now);
        let (mut held, dialogs) = (self.held, &mut self.dialogs);
        self.calls.retain(|_, call| {
            let old = call.since.is_none_or(|since| now.duration_since(since) > NOBODYS);
            let gone = old && call.owner.is_none();
            if gone {
                held = held.saturating_sub(call.waiting.iter().map(|one| one.bytes.len()).sum());
                call.dialog.map(|dialog| dialogs.remove(&dialog));
            }
            !gone
        });
        self.held = held;
        self.store_due(now);
    }

    fn store_due(&mut self, now: Instant) {
        if self.storing {
            return;
        }
        let everything = self.finished.is_some();
        let due = |book: &Book| {
            let quiet = |at: Option<Instant>| at.is_none_or(|at| now.duration_since(at) >= LINGER);
            let late = |over| now.duration_since(over) >= LATEST;
            everything || book.over.is_some_and(|over| late(over) || quiet(Some(over)) && quiet(book.last))
        };
        let books = self.books.iter().filter(|(_, book)| due(book));
        let due: Vec<InteractionId> = books.map(|(id, _)| *id).take(LADDER_STORED_AT_ONCE).collect();
        let mut packed = Vec::new();
        for id in due {
            match self.books.get(&id) {
                // It stays until it is stored, for who looks meanwhile.
                Some(book) if !book.bytes.is_empty() => packed.push((id, pack(&book.bytes, book.cut))),
                Some(_) | None => self.forget(id),
            }
        }
        if !packed.is_empty() {
            self.storing = true;
            return self.put(packed);
        }
        if let Some(finished) = self.finished.take_if(|_| self.books.is_empty()) {
            let _gone = finished.send(());
        }
    }

    fn put(&self, packed: Vec<(InteractionId, String)>) {
        let (store, back) = (Arc::clone(&self.store), self.back.clone());
        tokio::spawn(async move {
            let ids = packed.iter().map(|(id, _)| *id).collect();
            let done = store.put_sip_ladders(packed).await;
            if let Err(error) = &done {
                tracing::error!(%error, "ladders of calls are not stored");
            }
            if let Some(back) = back.upgrade() {
                let _gone = back.send(News::Stored(ids, done.is_ok())).await;
            }
        });
    }

    fn stored(&mut self, conversations: &[InteractionId], done: bool) {
        self.storing = false;
        for id in conversations {
            let tries = self.books.get_mut(id).map_or(TRIES, |book| {
                book.tries += 1;
                book.tries
            });
            if done || tries >= TRIES {
                if !done {
                    metrics::counter!("sip_ladder_dropped_total", "why" => "store").increment(1);
                }
                self.forget(*id);
            }
        }
        if self.finished.is_some() {
            self.swept = None;
        }
    }

    fn forget(&mut self, conversation: InteractionId) {
        let Some(book) = self.books.remove(&conversation) else { return };
        self.held = self.held.saturating_sub(book.bytes.len());
        for dialog in book.dialogs {
            let theirs = |known: &Dialog| known.owner.is_some_and(|(owner, _)| owner == conversation);
            if self.dialogs.get(&dialog).is_some_and(theirs)
                && let Some(known) = self.dialogs.remove(&dialog)
            {
                for call_id in known.calls {
                    self.calls.remove(&call_id);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
