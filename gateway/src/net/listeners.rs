//! Binding of the SIP sockets.
//!
//! Promises: errors name the address; IPv6 sockets serve IPv6 only, so that `0.0.0.0` and `[::]` bind side by side.
//! TCP reuses addresses in TIME_WAIT; UDP does not, for there it would let a second process steal the datagrams.

use std::net::{IpAddr, SocketAddr};

use anyhow::Context as _;
use signaling::Transport;
use socket2::{Domain, Socket, Type};
use tokio::net::{TcpListener, UdpSocket};

use super::route;
use super::{Addresses, Listening};
use crate::limits::SIP_SOCKET_BUFFER;

/// Connections that wait to be accepted; the system caps it.
const BACKLOG: i32 = 1024;

/// Bound sockets.
pub(super) struct Listeners {
    pub(super) udp: Vec<UdpSocket>,
    pub(super) tcp: Vec<TcpListener>,
    pub(super) tls: Vec<TcpListener>,
}

/// Binds them all.
pub(super) fn bind(addresses: &Addresses<'_>) -> anyhow::Result<Listeners> {
    let udp = |at: &SocketAddr| datagrams(*at).with_context(|| format!("cannot listen on udp {at}"));
    let tcp = |at: &SocketAddr| streams(*at).with_context(|| format!("cannot listen on tcp {at}"));
    let tls = |at: &SocketAddr| streams(*at).with_context(|| format!("cannot listen on tls {at}"));
    Ok(Listeners {
        udp: addresses.udp.iter().map(udp).collect::<Result<_, _>>()?,
        tcp: addresses.tcp.iter().map(tcp).collect::<Result<_, _>>()?,
        tls: addresses.tls.iter().map(tls).collect::<Result<_, _>>()?,
    })
}

impl Listeners {
    pub(super) fn listening(&self) -> std::io::Result<Listening> {
        Ok(Listening {
            udp: self.udp.iter().map(UdpSocket::local_addr).collect::<Result<_, _>>()?,
            tcp: self.tcp.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?,
            tls: self.tls.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?,
        })
    }

    /// What the endpoint may call itself: concrete addresses, those that others reach before loopback.
    pub(super) fn names(&self) -> std::io::Result<Vec<(Transport, SocketAddr)>> {
        let Listening { udp, tcp, tls } = self.listening()?;
        let bound = udp.into_iter().map(|at| (Transport::Udp, at));
        let bound = bound.chain(tcp.into_iter().map(|at| (Transport::Tcp, at)));
        let bound = bound.chain(tls.into_iter().map(|at| (Transport::Tls, at)));
        let mut names = Vec::new();
        for (transport, at) in bound {
            let concrete: Vec<IpAddr> = route::concrete(at.ip())?;
            names.extend(concrete.into_iter().map(|ip| (transport, SocketAddr::new(ip, at.port()))));
        }
        Ok(names)
    }
}

fn datagrams(at: SocketAddr) -> std::io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(at), Type::DGRAM, None)?;
    if at.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // Best effort: the system caps both.
    let _capped = socket.set_recv_buffer_size(SIP_SOCKET_BUFFER);
    let _capped = socket.set_send_buffer_size(SIP_SOCKET_BUFFER);
    socket.set_nonblocking(true)?;
    socket.bind(&at.into())?;
    super::refused::watch(&socket, at.is_ipv6());
    UdpSocket::from_std(socket.into())
}

fn streams(at: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(at), Type::STREAM, None)?;
    if at.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&at.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}
