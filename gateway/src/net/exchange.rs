//! One connection: accepting or opening it, its TLS handshake, reading and writing until one side ends it.
//!
//! Promises: each step has its time limit; what the endpoint has no room for waits in the kernel, which slows the sender.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use rustls::pki_types::ServerName;
use signaling::{Path, Transport};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::streams::News;
use crate::limits::{
    SIP_STREAM_CHUNK, SIP_STREAM_CONNECT, SIP_STREAM_IDLE, SIP_STREAM_UNANSWERED, SIP_STREAM_WRITE,
    SIP_TLS_HANDSHAKE, SIP_WEB_PING, SIP_WEB_SILENT,
};
use crate::tls::Tls;

/// After an error of `accept` (no descriptors), so that it is not asked in a loop.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// A connection that a peer opened.
pub(super) enum Arrived {
    /// A stream; of TLS before its handshake.
    Stream(TcpStream),
    /// A WebSocket after its handshake.
    Web(Box<WebSocket>),
}

/// What a connection's task works with.
pub(super) struct Life {
    pub(super) queue: mpsc::Receiver<Vec<u8>>,
    /// Whether we ever wrote to it.
    pub(super) answered: Arc<AtomicBool>,
    pub(super) tell: mpsc::Sender<News>,
}

/// Accepts until nobody listens.
pub(super) async fn accept(listener: TcpListener, transport: Transport, tell: mpsc::Sender<News>) {
    loop {
        tokio::select! {
            () = tell.closed() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, remote)) => {
                    let Ok(local) = stream.local_addr() else { continue };
                    let path = Path { transport, local, remote, connection: None };
                    if tell.send(News::Accepted { arrived: Arrived::Stream(stream), path }).await.is_err() {
                        return;
                    }
                }
                Err(_) => sleep(ACCEPT_REST).await,
            },
        }
    }
}

/// Opens a stream, and serves it.
pub(super) async fn open(path: Path, mut life: Life, tls: Option<Tls>) {
    match path.transport {
        Transport::Tcp => {
            if let Some(stream) = connect(path.remote).await {
                exchange(stream, path, &mut life).await;
            }
        }
        Transport::Tls => {
            if let (Some(stream), Some(tls)) = (connect(path.remote).await, tls) {
                let name = ServerName::IpAddress(path.remote.ip().into());
                let shaken = TlsConnector::from(tls.client).connect(name, stream);
                match timeout(SIP_TLS_HANDSHAKE, shaken).await {
                    Ok(Ok(stream)) => exchange(stream, path, &mut life).await,
                    Ok(Err(error)) => tracing::warn!(%error, "a peer's TLS cannot be used"),
                    Err(_) => tracing::warn!("a peer did not complete the TLS handshake"),
                }
            }
        }
        // WebSockets are opened by the other side only (RFC 7118 section 5); datagrams have no connection.
        Transport::Ws | Transport::Wss | Transport::Udp => {}
    }
    closed(path, life).await;
}

async fn connect(remote: SocketAddr) -> Option<TcpStream> {
    match timeout(SIP_STREAM_CONNECT, TcpStream::connect(remote)).await {
        Ok(Ok(stream)) => {
            // Messages are whole when they are written: nothing is gained by waiting for more.
            let _best_effort = stream.set_nodelay(true);
            Some(stream)
        }
        Ok(Err(_)) | Err(_) => None,
    }
}

/// Serves a connection that a peer opened.
pub(super) async fn serve(arrived: Arrived, path: Path, mut life: Life, tls: Option<Tls>) {
    match arrived {
        Arrived::Stream(stream) => {
            let _best_effort = stream.set_nodelay(true);
            match (path.transport, tls) {
                (Transport::Tls, Some(tls)) => {
                    let shaken = TlsAcceptor::from(tls.sip).accept(stream);
                    // Scanners and plain SIP fail here all the time: a peer's fault, counted only.
                    match timeout(SIP_TLS_HANDSHAKE, shaken).await {
                        Ok(Ok(stream)) => exchange(stream, path, &mut life).await,
                        Ok(Err(_)) | Err(_) => {
                            metrics::counter!("sip_tls_handshakes_failed_total").increment(1)
                        }
                    }
                }
                _ => exchange(stream, path, &mut life).await,
            }
        }
        Arrived::Web(socket) => exchange_messages(*socket, path, &mut life).await,
    }
    closed(path, life).await;
}

async fn closed(path: Path, life: Life) {
    if let Some(connection) = path.connection {
        // Nobody listens when the process stops.
        let _stopping = life.tell.send(News::Closed(connection)).await;
    }
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, path: Path, life: &mut Life) {
    let mut buffer = vec![0; SIP_STREAM_CHUNK];
    let mut patience = Patience::new(SIP_STREAM_IDLE);
    loop {
        let end = patience.end(life);
        tokio::select! {
            read = stream.read(&mut buffer) => {
                let Ok(length @ 1..) = read else { return };
                patience.renew();
                let bytes = buffer.get(..length).unwrap_or_default().to_vec();
                if life.tell.send(News::Bytes { path, bytes }).await.is_err() {
                    // The process stops: what is queued may still be written.
                    while let Some(bytes) = life.queue.recv().await {
                        if !write(&mut stream, &bytes).await {
                            return;
                        }
                    }
                    break;
                }
            }
            bytes = life.queue.recv() => {
                let Some(bytes) = bytes else { break };
                patience.renew();
                if !write(&mut stream, &bytes).await {
                    return;
                }
            }
            () = sleep_until(end) => {
                if patience.is_over(life) {
                    return;
                }
            }
        }
    }
    let _closed = timeout(SIP_STREAM_WRITE, stream.shutdown()).await;
}

async fn write<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> bool {
    let all = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    matches!(timeout(SIP_STREAM_WRITE, all).await, Ok(Ok(())))
}

async fn exchange_messages(mut socket: WebSocket, path: Path, life: &mut Life) {
    let mut patience = Patience::new(SIP_WEB_SILENT);
    let mut ping = Instant::now() + SIP_WEB_PING;
    loop {
        let end = patience.end(life);
        tokio::select! {
            message = socket.recv() => {
                patience.renew();
                let bytes = match message {
                    Some(Ok(Message::Text(text))) => text.as_bytes().to_vec(),
                    Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                };
                if life.tell.send(News::Bytes { path, bytes }).await.is_err() {
                    while let Some(bytes) = life.queue.recv().await {
                        if !send(&mut socket, message_of(bytes)).await {
                            return;
                        }
                    }
                    break;
                }
            }
            bytes = life.queue.recv() => {
                let Some(bytes) = bytes else { break };
                if !send(&mut socket, message_of(bytes)).await {
                    return;
                }
            }
            () = sleep_until(ping) => {
                ping = Instant::now() + SIP_WEB_PING;
                if !send(&mut socket, Message::Ping(Default::default())).await {
                    return;
                }
            }
            () = sleep_until(end) => {
                if patience.is_over(life) {
                    break;
                }
            }
        }
    }
    let _closed = send(&mut socket, Message::Close(None)).await;
}

/// Text where it is text, as browsers expect (RFC 7118 section 5).
fn message_of(bytes: Vec<u8>) -> Message {
    match String::from_utf8(bytes) {
        Ok(text) => Message::Text(text.into()),
        Err(error) => Message::Binary(error.into_bytes().into()),
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(SIP_STREAM_WRITE, socket.send(message)).await, Ok(Ok(())))
}

/// How long a connection may be silent, and how long it may wait for its first answer.
struct Patience {
    unanswered: Instant,
    silence: Duration,
    idle: Instant,
}

impl Patience {
    fn new(silence: Duration) -> Self {
        let now = Instant::now();
        Self { unanswered: now + SIP_STREAM_UNANSWERED, silence, idle: now + silence }
    }

    fn renew(&mut self) {
        self.idle = Instant::now() + self.silence;
    }

    fn end(&self, life: &Life) -> Instant {
        // It may be answered while somebody waits for this.
        if life.answered.load(Ordering::Relaxed) { self.idle } else { self.unanswered.min(self.idle) }
    }

    fn is_over(&self, life: &Life) -> bool {
        Instant::now() >= self.end(life)
    }
}
