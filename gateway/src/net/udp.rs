//! SIP datagrams: read in bursts into a bounded queue, sent from the socket that the path names.
//!
//! Promises: a burst is taken out of the kernel before any of it is handled; when the queue is full the newest is
//! dropped and counted; paths name concrete addresses. Leaves to others: what is in them.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsRawFd;
use std::task::{Context, Poll};
use std::time::Duration;

use metrics::Counter;
use signaling::{Path, Transport};
use tokio::net::UdpSocket;
use tokio::time::Instant;

use super::{refused, route};
use crate::limits::{SIP_DATAGRAMS, SIP_READ_BATCH, SIP_ROUTES};

/// The largest datagram there is.
const LARGEST: usize = 65_535;
/// Buffers kept for reuse are not larger than this: most messages are.
const KEPT: usize = 4_096;

/// The UDP side of the endpoint.
pub(super) struct Datagrams {
    sockets: Vec<(SocketAddr, UdpSocket)>,
    queue: VecDeque<(Path, Vec<u8>)>,
    spare: Vec<Vec<u8>>,
    scratch: Vec<u8>,
    routes: Routes,
    dropped: Counter,
    lost_by_kernel: Counter,
    unsent: Counter,
    /// Drops that each socket told of before.
    kernel_drops: Vec<u32>,
    /// Requests went out not long ago: errors that come back are looked for until then.
    watched_until: Instant,
    look_at: Instant,
}

/// How long after a request its ICMP error is looked for. It comes at once or never.
const ERRORS_COME: Duration = Duration::from_secs(1);
/// How often.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Errors taken in one look.
const ERRORS: usize = 32;

impl Datagrams {
    pub(super) fn new(sockets: Vec<UdpSocket>) -> io::Result<Self> {
        let sockets: Vec<_> = sockets
            .into_iter()
            .map(|socket| Ok((socket.local_addr()?, socket)))
            .collect::<io::Result<_>>()?;
        Ok(Self {
            kernel_drops: vec![0; sockets.len()],
            watched_until: Instant::now(),
            look_at: Instant::now(),
            sockets,
            queue: VecDeque::with_capacity(SIP_DATAGRAMS),
            spare: Vec::new(),
            scratch: vec![0; LARGEST],
            routes: Routes::default(),
            dropped: metrics::counter!("sip_datagrams_dropped_total", "why" => "queue"),
            lost_by_kernel: metrics::counter!("sip_datagrams_dropped_total", "why" => "kernel"),
            unsent: metrics::counter!("sip_datagrams_dropped_total", "why" => "send"),
        })
    }

    /// Takes what the sockets have, up to a batch each, from those whom `admits` lets in. Says whether there may be more.
    pub(super) fn read(&mut self, mut admits: impl FnMut(IpAddr) -> bool) -> bool {
        let mut more = false;
        let Self { sockets, queue, spare, scratch, routes, dropped, .. } = self;
        for (bound, socket) in sockets {
            for n in 0..SIP_READ_BATCH {
                let (length, remote) = match socket.try_recv_from(scratch) {
                    Ok(read) => read,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    // An ICMP error of some datagram of ours; `unreachable` tells of which.
                    Err(_) => continue,
                };
                more |= n + 1 == SIP_READ_BATCH;
                if !admits(remote.ip()) {
                    continue;
                }
                if queue.len() >= SIP_DATAGRAMS {
                    dropped.increment(1);
                    continue;
                }
                let local = routes.local(*bound, remote);
                let mut bytes = spare.pop().unwrap_or_default();
                bytes.extend_from_slice(scratch.get(..length).unwrap_or_default());
                queue.push_back((Path { transport: Transport::Udp, local, remote, connection: None }, bytes));
            }
        }
        more
    }

    /// The oldest datagram. Give its buffer back with `recycle`.
    pub(super) fn take(&mut self) -> Option<(Path, Vec<u8>)> {
        self.queue.pop_front()
    }

    pub(super) fn recycle(&mut self, mut bytes: Vec<u8>) {
        if bytes.capacity() <= KEPT && self.spare.len() < SIP_DATAGRAMS {
            bytes.clear();
            self.spare.push(bytes);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Ready when a socket has something to read.
    pub(super) fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<()> {
        // Every socket is polled, so that each of them wakes the task.
        let ready = self.sockets.iter().filter(|(_, socket)| socket.poll_recv_ready(cx).is_ready()).count();
        if ready > 0 { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Sends, or drops: the sender of a request retransmits (RFC 3261 section 17).
    pub(super) fn send(&mut self, path: &Path, bytes: &[u8]) {
        let sent = match self.socket_for(path) {
            // The first failure may be the ICMP error of another datagram.
            Some(socket) => {
                socket.try_send_to(bytes, path.remote).is_ok()
                    || socket.try_send_to(bytes, path.remote).is_ok()
            }
            None => false,
        };
        if sent && !bytes.starts_with(b"SIP/") {
            self.watched_until = Instant::now() + ERRORS_COME;
        }
        if !sent {
            self.unsent.increment(1);
        }
    }

    /// When errors are to be looked for at the latest.
    pub(super) fn look_again(&self) -> Option<Instant> {
        (self.watched_until > Instant::now()).then_some(self.look_at)
    }

    /// Where datagrams of ours found nobody, as the system was told by ICMP.
    pub(super) fn unreachable(&mut self) -> Vec<SocketAddr> {
        let now = Instant::now();
        if self.watched_until <= now || self.look_at > now {
            return Vec::new();
        }
        self.look_at = now + LOOK_EVERY;
        let errors = self.sockets.iter().flat_map(|(_, socket)| {
            std::iter::from_fn(move || refused::next(socket.as_raw_fd())).take(ERRORS).flatten()
        });
        errors.collect()
    }

    fn socket_for(&self, path: &Path) -> Option<&UdpSocket> {
        let fits = |bound: &SocketAddr| {
            bound.ip().is_unspecified()
                && bound.port() == path.local.port()
                && bound.is_ipv4() == path.remote.is_ipv4()
        };
        let exact = self.sockets.iter().find(|(bound, _)| *bound == path.local);
        let wild = || self.sockets.iter().find(|(bound, _)| fits(bound));
        let family = || self.sockets.iter().find(|(bound, _)| bound.is_ipv4() == path.remote.is_ipv4());
        exact.or_else(wild).or_else(family).map(|(_, socket)| socket)
    }

    /// Counts what the kernel dropped since the last call, because its buffer was full.
    pub(super) fn count_kernel_drops(&mut self) {
        for ((_, socket), before) in self.sockets.iter().zip(&mut self.kernel_drops) {
            if let Some(drops) = kernel_drops(socket) {
                self.lost_by_kernel.increment(u64::from(drops.wrapping_sub(*before)));
                *before = drops;
            }
        }
    }
}

/// How many datagrams a socket dropped since it was made.
fn kernel_drops(socket: &UdpSocket) -> Option<u32> {
    /// `SK_MEMINFO_DROPS` of linux/sock_diag.h.
    const DROPS: usize = 8;
    let mut info = [0_u32; DROPS + 1];
    let mut size = libc::socklen_t::try_from(size_of_val(&info)).ok()?;
    #[expect(unsafe_code, reason = "the only way to learn what the kernel dropped")]
    // SAFETY: `info` has `size` bytes and outlives the call, which writes at most that many.
    let got = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_MEMINFO,
            info.as_mut_ptr().cast(),
            &raw mut size,
        )
    };
    (got == 0).then(|| info.get(DROPS).copied()).flatten()
}

/// Our address towards each peer, for sockets that are bound to all of them.
#[derive(Default)]
struct Routes(HashMap<IpAddr, IpAddr>);

impl Routes {
    fn local(&mut self, bound: SocketAddr, remote: SocketAddr) -> SocketAddr {
        if !bound.ip().is_unspecified() {
            return bound;
        }
        if self.0.len() >= SIP_ROUTES {
            self.0.clear();
        }
        // Without a route the answer will not leave either; the bound address is as good as any.
        let ip =
            self.0.entry(remote.ip()).or_insert_with(|| route::towards(remote.ip()).unwrap_or(bound.ip()));
        SocketAddr::new(*ip, bound.port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_drops_the_newest_and_paths_are_concrete() {
        let socket = UdpSocket::bind("0.0.0.0:0").await.expect("a socket");
        let port = socket.local_addr().expect("bound").port();
        let mut datagrams = Datagrams::new(vec![socket]).expect("datagrams");
        let phone = std::net::UdpSocket::bind("127.0.0.1:0").expect("a phone");
        let to = SocketAddr::from(([127, 0, 0, 1], port));
        // Filled by hand up to one place, so that the test does not depend on the kernel's buffer.
        let path = Path { transport: Transport::Udp, local: to, remote: to, connection: None };
        for _ in 1..SIP_DATAGRAMS {
            datagrams.queue.push_back((path, Vec::new()));
        }
        phone.send_to(b"first", to).expect("sent");
        phone.send_to(b"second", to).expect("sent");
        std::future::poll_fn(|cx| datagrams.poll_readable(cx)).await;
        while datagrams.read(|_| true) {}
        assert_eq!(datagrams.queue.len(), SIP_DATAGRAMS);
        let (path, bytes) = datagrams.queue.pop_back().expect("the last");
        assert_eq!((path.local, bytes.as_slice()), (to, b"first".as_slice()));
        datagrams.count_kernel_drops();
    }
}
