//! Web servers: pages and API over HTTP and HTTPS, and SIP over WebSocket at `/sip` of both (RFC 7118).
//!
//! Promises: connections are counted, each step has its time limit, so that slow clients by the hundred cost a task each
//! and hold nobody up; while the rest starts, 503 is answered; when told to stop, requests under way are finished. Leaves to others: what is served (`api`), SIP (`net`).

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::extract::{ConnectInfo, Request, State, WebSocketUpgrade};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, routing};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use kernel::limits::SIP_MESSAGE_BYTES;
use signaling::{Path, Transport};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::limits::{
    HTTP_CONNECTIONS, HTTP_CONNECTIONS_PER_PEER, HTTP_FAREWELL, HTTP_HEAD, HTTP_HEAD_BYTES,
    HTTP_TLS_HANDSHAKE,
};
use crate::net::WebGate;
use crate::stop::Stop;
use crate::tls::Tls;

/// The subprotocol of SIP over WebSocket (RFC 7118 section 3).
const SUBPROTOCOL: &str = "sip";
/// After an error of `accept` (no descriptors), so that it is not asked in a loop.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// Running web servers.
pub struct Pages {
    /// Address of HTTP.
    pub http: SocketAddr,
    /// Address of HTTPS.
    pub https: Option<SocketAddr>,
    /// Ends after stop, when requests under way are answered.
    pub task: JoinHandle<()>,
}

/// Where a request came in.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    local: SocketAddr,
    remote: SocketAddr,
    secure: bool,
}

/// Adds SIP over WebSocket to what is served.
pub fn with_sip(app: Router, gate: WebGate) -> Router {
    app.merge(Router::new().route("/sip", routing::any(sip)).with_state(gate))
}

/// HTTP is bound, and says that we are starting until [`Opening::serve`] gives it what there is to serve.
pub struct Opening {
    http: SocketAddr,
    served: Served,
    room: Arc<Room>,
    servers: JoinSet<()>,
    stop: Stop,
}

/// What requests are given to: at first [`api::starting`], and once there is one the whole app.
#[derive(Clone)]
struct Served {
    starting: Router,
    app: Arc<OnceLock<Router>>,
}

impl Served {
    fn now(&self) -> Router {
        self.app.get().unwrap_or(&self.starting).clone()
    }
}

/// Binds HTTP, so that who asks whether we are ready is answered from the first moment on.
///
/// # Errors
/// When the address cannot be bound; names it.
pub async fn open(http: SocketAddr, stop: Stop) -> Result<Opening> {
    let listener = bind(http).await?;
    let http = listener.local_addr()?;
    let room = Arc::new(Room::default());
    let served = Served { starting: api::starting(), app: Arc::default() };
    let mut servers = JoinSet::new();
    servers.spawn(serve(listener, None, served.clone(), room.clone(), stop.clone()));
    Ok(Opening { http, served, room, servers, stop })
}

impl Opening {
    /// Serves until told to stop. HTTPS needs `tls`.
    ///
    /// # Errors
    /// When the address of HTTPS cannot be bound; names it.
    pub async fn serve(mut self, app: Router, https: Option<(SocketAddr, Tls)>) -> Result<Pages> {
        // Nobody else sets it: `self` is the only one, and is spent.
        let _first = self.served.app.set(app);
        let https = match https {
            None => None,
            Some((at, tls)) => {
                let listener = bind(at).await?;
                let at = listener.local_addr()?;
                self.servers.spawn(serve(listener, Some(tls), self.served, self.room, self.stop));
                Some(at)
            }
        };
        let mut servers = self.servers;
        let task = tokio::spawn(async move { while servers.join_next().await.is_some() {} });
        Ok(Pages { http: self.http, https, task })
    }
}

async fn bind(at: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(at).await.with_context(|| format!("cannot listen for pages on {at}"))
}

async fn serve(listener: TcpListener, tls: Option<Tls>, app: Served, room: Arc<Room>, mut stop: Stop) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, remote) = tokio::select! {
            () = stop.stopped() => break,
            Some(_ended) = connections.join_next() => continue,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(_) => {
                    sleep(ACCEPT_REST).await;
                    continue;
                }
            },
        };
        let (Some(place), Ok(local)) = (Place::take(&room, remote.ip()), stream.local_addr()) else {
            metrics::counter!("http_connections_refused_total").increment(1);
            continue;
        };
        let arrival = Arrival { local, remote, secure: tls.is_some() };
        let (app, tls, stop) = (app.clone(), tls.clone(), stop.clone());
        connections.spawn(async move {
            connection(stream, arrival, tls, app, stop).await;
            drop(place);
        });
    }
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: TcpStream, arrival: Arrival, tls: Option<Tls>, app: Served, stop: Stop) {
    let _best_effort = stream.set_nodelay(true);
    match tls {
        None => answer(stream, arrival, app, stop).await,
        Some(tls) => {
            // A scanner, or a browser that refuses our certificate: the peer's matter, counted only.
            match timeout(HTTP_TLS_HANDSHAKE, TlsAcceptor::from(tls.http).accept(stream)).await {
                Ok(Ok(stream)) => answer(stream, arrival, app, stop).await,
                Ok(Err(_)) | Err(_) => metrics::counter!("http_tls_handshakes_failed_total").increment(1),
            }
        }
    }
}

async fn answer<S>(stream: S, arrival: Arrival, app: Served, mut stop: Stop)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(arrival.remote));
        request.extensions_mut().insert(arrival);
        let app = app.now();
        async move {
            let mut answer = app.oneshot(request).await.unwrap_or_else(|never| match never {});
            if arrival.secure {
                keep_cookies_secure(answer.headers_mut());
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HTTP_HEAD)
        .max_buf_size(HTTP_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        // How it ended is the peer's matter.
        _ended = connection.as_mut() => {}
        () = stop.stopped() => {
            connection.as_mut().graceful_shutdown();
            // Half a request would be waited for as long as its head may take.
            let _ended = timeout(HTTP_FAREWELL, connection).await;
        }
    }
}

/// A session that began over TLS never travels without it.
fn keep_cookies_secure(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    for cookie in cookies {
        let marked = [cookie.as_bytes(), b"; Secure"].concat();
        headers.append(SET_COOKIE, HeaderValue::from_bytes(&marked).unwrap_or(cookie));
    }
}

/// A page's SIP: the WebSocket goes to the endpoint.
async fn sip(
    State(gate): State<WebGate>,
    Extension(arrival): Extension<Arrival>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade
        .protocols([SUBPROTOCOL])
        .max_message_size(SIP_MESSAGE_BYTES)
        .max_frame_size(SIP_MESSAGE_BYTES);
    if upgrade.selected_protocol().is_none() {
        return (StatusCode::BAD_REQUEST, "the subprotocol \"sip\" must be offered (RFC 7118)\n")
            .into_response();
    }
    let Arrival { local, remote, secure } = arrival;
    let transport = if secure { Transport::Wss } else { Transport::Ws };
    let path = Path { transport, local, remote, connection: None };
    upgrade.on_upgrade(move |socket| async move { gate.take(socket, path).await })
}

/// How many connections there are.
#[derive(Debug, Default)]
struct Room(Mutex<Taken>);

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_peer: HashMap<IpAddr, usize>,
}

/// One connection's place; dropping it makes room.
struct Place {
    room: Arc<Room>,
    peer: IpAddr,
}

impl Place {
    fn take(room: &Arc<Room>, peer: IpAddr) -> Option<Self> {
        let mut taken = room.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_peer = taken.by_peer.get(&peer).copied().unwrap_or(0);
        if of_peer >= HTTP_CONNECTIONS_PER_PEER || taken.all >= HTTP_CONNECTIONS {
            return None;
        }
        taken.all += 1;
        taken.by_peer.insert(peer, of_peer + 1);
        Some(Self { room: room.clone(), peer })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.room.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        match taken.by_peer.get_mut(&self.peer) {
            Some(1) | None => drop(taken.by_peer.remove(&self.peer)),
            Some(count) => *count -= 1,
        }
    }
}
