//! SIP over connections (TCP, TLS, WebSocket): which are open, and who may open more.
//!
//! Promises: every connection is one task with a bounded write queue; a peer that does not read, never gets an answer
//! (slow-loris), falls silent or opens too many loses its connections, nobody else's. Leaves to others: framing
//! (`signaling`), reading and writing (`exchange`).

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use metrics::Counter;
use signaling::{Connection, Path, Question, Record, Transport};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

use super::exchange::{self, Arrived, Life};
use crate::limits::{SIP_STREAM_CHUNKS, SIP_STREAM_WRITES, SIP_STREAMS, SIP_STREAMS_PER_PEER};
use crate::tls::Tls;

/// How long streams may finish writing when the process stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// What connections tell the endpoint's task.
pub(super) enum News {
    /// A peer opened one; the path does not name it yet.
    Accepted {
        arrived: Arrived,
        path: Path,
    },
    /// Bytes of a stream as they came, or one message of a WebSocket.
    Bytes {
        path: Path,
        bytes: Vec<u8>,
    },
    Closed(Connection),
    /// What the name system answered.
    Named {
        search: u64,
        question: Question,
        records: Vec<Record>,
    },
}

/// Where streams go that nothing else tells apart.
type Place = (Transport, SocketAddr);

/// The connections of the endpoint.
pub(super) struct Streams {
    open: HashMap<Connection, Stream>,
    /// Streams that we opened, to be shared by what goes to the same place.
    opened: HashMap<Place, Connection>,
    per_peer: HashMap<IpAddr, usize>,
    tasks: JoinSet<()>,
    tell: mpsc::Sender<News>,
    tls: Option<Tls>,
    next: u64,
    refused: Counter,
    slow: Counter,
}

struct Stream {
    path: Path,
    writes: mpsc::Sender<Vec<u8>>,
    answered: Arc<AtomicBool>,
    task: AbortHandle,
}

/// What became of bytes to be sent.
pub(super) enum Sent {
    /// On their way.
    Queued,
    /// On their way, by a stream that is opened now.
    Opening(Path),
    /// The stream was given up.
    Gone(Connection),
}

/// Lets WebSockets in that a web server took.
#[derive(Clone, Debug)]
pub struct WebGate(mpsc::Sender<News>);

impl WebGate {
    /// Hands a WebSocket to the endpoint; its path's `connection` is given there. Waits while the endpoint is behind.
    pub async fn take(&self, socket: axum::extract::ws::WebSocket, path: Path) {
        // When the endpoint has stopped the socket closes by being dropped.
        let _stopped = self.0.send(News::Accepted { arrived: Arrived::Web(Box::new(socket)), path }).await;
    }
}

impl Streams {
    /// Starts accepting.
    pub(super) fn new(
        tcp: Vec<TcpListener>,
        secure: Vec<TcpListener>,
        tls: Option<Tls>,
    ) -> (Self, mpsc::Receiver<News>) {
        let (tell, news) = mpsc::channel(SIP_STREAM_CHUNKS);
        let mut tasks = JoinSet::new();
        let tcp = tcp.into_iter().map(|listener| (listener, Transport::Tcp));
        for (listener, transport) in tcp.chain(secure.into_iter().map(|l| (l, Transport::Tls))) {
            tasks.spawn(exchange::accept(listener, transport, tell.clone()));
        }
        let streams = Self {
            open: HashMap::new(),
            opened: HashMap::new(),
            per_peer: HashMap::new(),
            tasks,
            tell,
            tls,
            next: 0,
            refused: metrics::counter!("sip_streams_refused_total"),
            slow: metrics::counter!("sip_streams_slow_total"),
        };
        (streams, news)
    }

    /// The way for news.
    pub(super) fn teller(&self) -> mpsc::Sender<News> {
        self.tell.clone()
    }

    /// The gate for WebSockets.
    pub(super) fn gate(&self) -> WebGate {
        WebGate(self.tell.clone())
    }

    /// Takes a connection in, unless there are too many.
    pub(super) fn accepted(&mut self, arrived: Arrived, path: Path) {
        let of_peer = self.per_peer.get(&path.remote.ip()).copied().unwrap_or(0);
        if self.open.len() >= SIP_STREAMS || of_peer >= SIP_STREAMS_PER_PEER {
            self.refused.increment(1);
            return;
        }
        let tls = self.tls.clone();
        self.spawn(path, false, |path, life| exchange::serve(arrived, path, life, tls));
    }

    /// Writes to the stream of a path, opening one when it names none.
    pub(super) fn send(&mut self, path: &Path, bytes: Vec<u8>) -> Sent {
        let shared = || self.opened.get(&(path.transport, path.remote)).copied();
        let Some(connection) = path.connection.or_else(shared) else {
            let tls = self.tls.clone();
            let opening = self.spawn(*path, true, |path, life| exchange::open(path, life, tls));
            return match self.write(opening.connection.unwrap_or(Connection(0)), bytes) {
                Sent::Queued => Sent::Opening(opening),
                failed => failed,
            };
        };
        self.write(connection, bytes)
    }

    fn write(&mut self, connection: Connection, bytes: Vec<u8>) -> Sent {
        let Some(stream) = self.open.get(&connection) else { return Sent::Gone(connection) };
        stream.answered.store(true, Ordering::Relaxed);
        match stream.writes.try_send(bytes) {
            Ok(()) => Sent::Queued,
            Err(error) => {
                if matches!(error, TrySendError::Full(_)) {
                    self.slow.increment(1);
                }
                stream.task.abort();
                self.forget(connection);
                Sent::Gone(connection)
            }
        }
    }

    /// Closes a stream when what was written to it is sent.
    pub(super) fn close(&mut self, connection: Connection) {
        self.forget(connection);
    }

    /// A stream's task told that it ended. Says whether the endpoint has to know.
    pub(super) fn closed(&mut self, connection: Connection) -> bool {
        while self.tasks.try_join_next().is_some() {}
        self.forget(connection)
    }

    /// Whether bytes of this stream are still wanted.
    pub(super) fn is_open(&self, connection: Option<Connection>) -> bool {
        connection.is_some_and(|connection| self.open.contains_key(&connection))
    }

    /// Lets every stream finish writing, for a moment.
    pub(super) async fn finish(mut self, news: mpsc::Receiver<News>) {
        // Readers and accepters end when nobody listens, writers when nobody writes.
        drop(news);
        self.open.clear();
        let finished = timeout(FAREWELL, async { while self.tasks.join_next().await.is_some() {} }).await;
        if finished.is_err() {
            self.tasks.shutdown().await;
        }
    }

    fn forget(&mut self, connection: Connection) -> bool {
        let Some(stream) = self.open.remove(&connection) else { return false };
        let Path { transport, remote, .. } = stream.path;
        if self.opened.get(&(transport, remote)) == Some(&connection) {
            self.opened.remove(&(transport, remote));
        }
        if let Some(count) = self.per_peer.get_mut(&remote.ip()) {
            *count -= 1;
            if *count == 0 {
                self.per_peer.remove(&remote.ip());
            }
        }
        true
    }

    fn spawn<F, T>(&mut self, path: Path, ours: bool, work: F) -> Path
    where
        F: FnOnce(Path, Life) -> T,
        T: Future<Output = ()> + Send + 'static,
    {
        self.next += 1;
        let connection = Connection(self.next);
        let path = Path { connection: Some(connection), ..path };
        let (writes, queue) = mpsc::channel(SIP_STREAM_WRITES);
        let answered = Arc::new(AtomicBool::new(ours));
        let life = Life { queue, answered: answered.clone(), tell: self.tell.clone() };
        let task = self.tasks.spawn(work(path, life));
        self.open.insert(connection, Stream { path, writes, answered, task });
        *self.per_peer.entry(path.remote.ip()).or_default() += 1;
        if ours {
            self.opened.insert((path.transport, path.remote), connection);
        }
        path
    }
}
