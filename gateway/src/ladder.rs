//! The ladder of every call: what SIP it was made of, kept while it lives and stored when it is over.
//!
//! Promises: the endpoint never waits for it (a full queue drops the newest and counts); proofs of passwords and keys of media are
//! written over before anything is kept or sent on; memory is bounded, and what did not fit is marked. Leaves to others: what is
//! hidden from whom (`signaling::ladder`), who may see it (`api`).

mod book;
pub mod hep;
mod keeper;
mod pcap;
mod view;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::InteractionId;
use signaling::{Connection, DialogId, Path, Transport};
use store::Store;
use tokio::sync::{mpsc, oneshot};

pub use self::book::{Kept, Message, pack, unpack};
pub use self::pcap::pcap;
pub use self::view::view;
use crate::clock::Clock;
use crate::limits::{LADDER_NEWS, STOPPING};
use crate::net::SipEvent;

/// Nothing shorter is a message: keepalives.
const SHORTEST: usize = 32;

/// What the keeper is told.
enum News {
    /// Bytes went by: a whole message, or some of a stream.
    Passed { at: u64, way: Way, path: Path, bytes: Vec<u8> },
    /// A stream is closed.
    Closed(Connection),
    /// A dialog has this Call-ID.
    Called(DialogId, Vec<u8>),
    /// A dialog is this leg of this conversation, from now on.
    Belongs(DialogId, InteractionId, u16),
    /// A conversation is over.
    Over(InteractionId),
    /// Somebody looks.
    Look(InteractionId, oneshot::Sender<Option<Kept>>),
    /// What was to be stored is, or could not be.
    Stored(Vec<InteractionId>, bool),
    /// Everything is to be stored now.
    Finish(oneshot::Sender<()>),
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To us.
    Received,
    /// From us.
    Sent,
}

/// Handle of the keeper; copies are equal.
#[derive(Clone, Debug)]
pub struct Ladder {
    inbox: mpsc::Sender<News>,
    clock: Clock,
}

impl std::fmt::Debug for News {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("News")
    }
}

impl Ladder {
    /// Starts the keeper; what it stores goes to `store`, and a copy of everything to `collector`.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, clock: Clock, collector: Option<hep::Collector>) -> Self {
        let (inbox, news) = mpsc::channel(LADDER_NEWS);
        let ladder = Self { inbox, clock };
        let back = ladder.inbox.downgrade();
        tokio::spawn(keeper::Keeper::new(store, collector.map(hep::Sender::start), back).run(news));
        ladder
    }

    /// Bytes came in.
    pub fn received(&self, path: Path, bytes: &[u8]) {
        if bytes.len() >= SHORTEST || path.transport.is_stream() {
            self.passed(Way::Received, path, bytes.to_vec());
        }
    }

    /// A message went out.
    pub fn sent(&self, path: Path, bytes: Vec<u8>) {
        if bytes.len() >= SHORTEST {
            self.passed(Way::Sent, path, bytes);
        }
    }

    fn passed(&self, way: Way, path: Path, bytes: Vec<u8>) {
        let at = self.clock.now().as_nanos() / 1_000;
        self.note(News::Passed { at, way, path, bytes });
    }

    /// A stream is closed.
    pub fn closed(&self, connection: Connection) {
        self.note(News::Closed(connection));
    }

    /// A call of ours goes out.
    pub fn dialled(&self, dialog: DialogId, call_id: Vec<u8>) {
        self.note(News::Called(dialog, call_id));
    }

    /// What the endpoint reports: a call that comes in has a Call-ID.
    pub fn reported(&self, event: &SipEvent) {
        if let SipEvent::Invited(call) = event {
            self.note(News::Called(call.dialog, call.call_id.clone().into_bytes()));
        }
    }

    /// A dialog is this leg of this conversation, from now on.
    pub fn belongs(&self, dialog: DialogId, conversation: InteractionId, leg: u16) {
        self.note(News::Belongs(dialog, conversation, leg));
    }

    /// A conversation is over: its last answers still come.
    pub async fn over(&self, conversation: InteractionId) {
        // Without a keeper the process is ending.
        let _gone = self.inbox.send(News::Over(conversation)).await;
    }

    /// What is known of a conversation that is not stored yet.
    pub async fn look(&self, conversation: InteractionId) -> Option<Kept> {
        let (reply, answer) = oneshot::channel();
        self.inbox.send(News::Look(conversation, reply)).await.ok()?;
        answer.await.ok()?
    }

    /// Stores what is there, for a moment at most.
    pub async fn finish(&self) {
        let (reply, answer) = oneshot::channel();
        if self.inbox.send(News::Finish(reply)).await.is_ok() {
            let _stored = tokio::time::timeout(STOPPING, answer).await;
        }
    }

    fn note(&self, news: News) {
        if self.inbox.try_send(news).is_err() {
            metrics::counter!("sip_ladder_dropped_total", "why" => "queue").increment(1);
        }
    }
}

/// Both ends of a message, in the direction it went.
fn ends(message: &Message) -> (SocketAddr, SocketAddr) {
    match message.way {
        Way::Received => (message.remote, message.local),
        Way::Sent => (message.local, message.remote),
    }
}

/// The number by which a transport is stored.
const TRANSPORTS: [Transport; 5] =
    [Transport::Udp, Transport::Tcp, Transport::Tls, Transport::Ws, Transport::Wss];

/// How often the keeper looks at what came: while it looks nothing wakes it, which costs the endpoint less than each message would.
const LOOK: Duration = Duration::from_millis(50);
