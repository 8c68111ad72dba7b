//! SIP over TCP: accepting, opening, reading, writing and closing of streams.
//!
//! Promises: every stream is one task with a bounded write queue; a peer that does not read, never gets an answer
//! (slow-loris), falls silent or opens too many loses its streams, nobody else's. Leaves to others: framing.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use metrics::Counter;
use signaling::{Connection, Path, Transport};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::limits::{
    SIP_STREAM_CHUNK, SIP_STREAM_CHUNKS, SIP_STREAM_CONNECT, SIP_STREAM_IDLE, SIP_STREAM_UNANSWERED,
    SIP_STREAM_WRITE, SIP_STREAM_WRITES, SIP_STREAMS, SIP_STREAMS_PER_PEER,
};

/// After an error of `accept` (no descriptors), so that it is not asked in a loop.
const ACCEPT_REST: Duration = Duration::from_millis(100);
/// How long streams may finish writing when the process stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// What streams tell the endpoint's task.
pub(super) enum News {
    Accepted { stream: TcpStream, remote: SocketAddr },
    Bytes { path: Path, bytes: Vec<u8> },
    Closed(Connection),
}

/// The TCP side of the endpoint.
pub(super) struct Streams {
    open: HashMap<Connection, Stream>,
    /// Streams that we opened, to be shared by what goes to the same place.
    opened: HashMap<SocketAddr, Connection>,
    per_peer: HashMap<IpAddr, usize>,
    tasks: JoinSet<()>,
    tell: mpsc::Sender<News>,
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

impl Streams {
    /// Starts accepting.
    pub(super) fn new(listeners: Vec<TcpListener>) -> (Self, mpsc::Receiver<News>) {
        let (tell, news) = mpsc::channel(SIP_STREAM_CHUNKS);
        let mut tasks = JoinSet::new();
        for listener in listeners {
            tasks.spawn(accept(listener, tell.clone()));
        }
        let streams = Self {
            open: HashMap::new(),
            opened: HashMap::new(),
            per_peer: HashMap::new(),
            tasks,
            tell,
            next: 0,
            refused: metrics::counter!("sip_streams_refused_total"),
            slow: metrics::counter!("sip_streams_slow_total"),
        };
        (streams, news)
    }

    /// Takes a stream in, unless there are too many.
    pub(super) fn accepted(&mut self, stream: TcpStream, remote: SocketAddr) {
        let of_peer = self.per_peer.get(&remote.ip()).copied().unwrap_or(0);
        let Ok(local) = stream.local_addr() else { return };
        if self.open.len() >= SIP_STREAMS || of_peer >= SIP_STREAMS_PER_PEER {
            self.refused.increment(1);
            return;
        }
        let path = Path { transport: Transport::Tcp, local, remote, connection: None };
        self.spawn(path, false, |path, life| serve(stream, path, life));
    }

    /// Writes to the stream of a path, opening one when it names none.
    pub(super) fn send(&mut self, path: &Path, bytes: Vec<u8>) -> Sent {
        let shared = || self.opened.get(&path.remote).copied();
        let Some(connection) = path.connection.or_else(shared) else {
            let opening = self.spawn(*path, true, open);
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
        let remote = stream.path.remote;
        if self.opened.get(&remote) == Some(&connection) {
            self.opened.remove(&remote);
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
            self.opened.insert(path.remote, connection);
        }
        path
    }
}

/// What a stream's task works with.
struct Life {
    queue: mpsc::Receiver<Vec<u8>>,
    answered: Arc<AtomicBool>,
    tell: mpsc::Sender<News>,
}

async fn accept(listener: TcpListener, tell: mpsc::Sender<News>) {
    loop {
        tokio::select! {
            () = tell.closed() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, remote)) => {
                    if tell.send(News::Accepted { stream, remote }).await.is_err() {
                        return;
                    }
                }
                Err(_) => sleep(ACCEPT_REST).await,
            },
        }
    }
}

async fn open(path: Path, life: Life) {
    let tell = life.tell.clone();
    match timeout(SIP_STREAM_CONNECT, TcpStream::connect(path.remote)).await {
        Ok(Ok(stream)) => serve(stream, path, life).await,
        Ok(Err(_)) | Err(_) => {
            if let Some(connection) = path.connection {
                // Nobody listens when the process stops.
                let _stopping = tell.send(News::Closed(connection)).await;
            }
        }
    }
}

/// Reads and writes until one side ends it.
async fn serve(stream: TcpStream, path: Path, mut life: Life) {
    // Messages are whole when they are written: nothing is gained by waiting for more.
    let _best_effort = stream.set_nodelay(true);
    exchange(stream, path, &mut life).await;
    if let Some(connection) = path.connection {
        let _stopping = life.tell.send(News::Closed(connection)).await;
    }
}

async fn exchange(mut stream: TcpStream, path: Path, life: &mut Life) {
    let mut buffer = vec![0; SIP_STREAM_CHUNK];
    let unanswered = Instant::now() + SIP_STREAM_UNANSWERED;
    let mut idle = Instant::now() + SIP_STREAM_IDLE;
    loop {
        let deadline = if life.answered.load(Ordering::Relaxed) { idle } else { unanswered };
        tokio::select! {
            read = stream.read(&mut buffer) => {
                let Ok(length @ 1..) = read else { return };
                idle = Instant::now() + SIP_STREAM_IDLE;
                let bytes = buffer.get(..length).unwrap_or_default().to_vec();
                if life.tell.send(News::Bytes { path, bytes }).await.is_err() {
                    // The process stops: what is queued may still be written.
                    while let Some(bytes) = life.queue.recv().await {
                        if !write(&mut stream, &bytes).await {
                            return;
                        }
                    }
                    return;
                }
            }
            bytes = life.queue.recv() => {
                let Some(bytes) = bytes else {
                    let _closed = stream.shutdown().await;
                    return;
                };
                idle = Instant::now() + SIP_STREAM_IDLE;
                if !write(&mut stream, &bytes).await {
                    return;
                }
            }
            () = sleep_until(deadline) => {
                // It may have been answered meanwhile.
                let deadline = if life.answered.load(Ordering::Relaxed) { idle } else { unanswered };
                if Instant::now() >= deadline {
                    return;
                }
            }
        }
    }
}

async fn write(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    matches!(timeout(SIP_STREAM_WRITE, stream.write_all(bytes)).await, Ok(Ok(())))
}
