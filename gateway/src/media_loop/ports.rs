//! Pairs of UDP ports for phones: even for RTP, the next for RTCP (RFC 3550 section 11).
//!
//! Promises: a pair that was released rests before it is given out again; a pair that another process holds is
//! passed over. Leaves to others: which address a phone is told.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::Time;

use crate::clock::Clock;
use crate::limits::{MEDIA_PORT_REST, MEDIA_PORT_TRIES};

/// Where phones send their audio: an address and the ports on it. `first` 0 lets the system choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RtpRange {
    /// The address to bind; unspecified binds all of its family.
    pub ip: IpAddr,
    /// First port.
    pub first: u16,
    /// Last port, inclusive.
    pub last: u16,
}

/// The pairs of one range.
#[derive(Debug)]
pub(super) struct Ports {
    pub(super) ip: IpAddr,
    clock: Clock,
    /// `None`: the system chooses.
    pool: Option<Mutex<Pool>>,
}

#[derive(Debug, Default)]
struct Pool {
    free: VecDeque<u16>,
    resting: VecDeque<(Time, u16)>,
}

impl Pool {
    fn take(&mut self, now: Time) -> Option<u16> {
        while let Some((until, port)) = self.resting.front().copied() {
            if until > now {
                break;
            }
            self.resting.pop_front();
            self.free.push_back(port);
        }
        self.free.pop_front()
    }
}

/// A pair in use. Dropping it lets the pair rest.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) rtp: UdpSocket,
    pub(super) rtcp: UdpSocket,
    /// Released after the sockets above are closed: fields drop in order.
    _lease: Lease,
}

#[derive(Debug)]
struct Lease {
    ports: Arc<Ports>,
    port: u16,
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(pool) = &self.ports.pool else { return };
        let until = self.ports.clock.now() + MEDIA_PORT_REST;
        pool.lock().unwrap_or_else(PoisonError::into_inner).resting.push_back((until, self.port));
    }
}

impl Ports {
    pub(super) fn new(range: RtpRange, clock: Clock) -> Arc<Self> {
        let even = range.first.saturating_add(range.first % 2);
        let pool = (range.first != 0).then(|| {
            let free = (even..range.last).step_by(2).collect();
            Mutex::new(Pool { free, resting: VecDeque::new() })
        });
        Arc::new(Self { ip: range.ip, clock, pool })
    }

    /// Binds a pair.
    pub(super) fn bind(self: &Arc<Self>) -> io::Result<Pair> {
        for _ in 0..MEDIA_PORT_TRIES {
            let (port, rtp) = match &self.pool {
                None => {
                    let rtp = udp(SocketAddr::new(self.ip, 0))?;
                    (rtp.local_addr()?.port(), Ok(rtp))
                }
                Some(pool) => {
                    let port = pool.lock().unwrap_or_else(PoisonError::into_inner).take(self.clock.now());
                    let port = port
                        .ok_or_else(|| io::Error::new(io::ErrorKind::QuotaExceeded, "no RTP port is free"))?;
                    (port, udp(SocketAddr::new(self.ip, port)))
                }
            };
            // From here on the pair goes back to rest if it cannot be had.
            let lease = Lease { ports: self.clone(), port };
            match (rtp, port.checked_add(1).map(|next| udp(SocketAddr::new(self.ip, next)))) {
                (Ok(rtp), Some(Ok(rtcp))) if port % 2 == 0 => return Ok(Pair { rtp, rtcp, _lease: lease }),
                (Err(error), _) | (_, Some(Err(error))) if error.kind() != io::ErrorKind::AddrInUse => {
                    return Err(error);
                }
                _ => {}
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, "the RTP ports are held by other programs"))
    }
}

fn udp(at: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(at)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn system_chosen_pairs_are_even_and_next() {
        let range = RtpRange { ip: Ipv4Addr::LOCALHOST.into(), first: 0, last: 0 };
        let pair = Ports::new(range, Clock::start()).bind().expect("a pair");
        let (rtp, rtcp) = (pair.rtp.local_addr().expect("bound"), pair.rtcp.local_addr().expect("bound"));
        assert_eq!((rtp.port() % 2, rtp.port() + 1), (0, rtcp.port()));
    }

    #[test]
    fn a_released_port_rests_before_it_is_used_again() {
        let mut pool = Pool::default();
        pool.free.push_back(40_000);
        let now = Time::from_millis(10_000);
        assert_eq!(pool.take(now), Some(40_000));
        pool.resting.push_back((now + MEDIA_PORT_REST, 40_000));
        assert_eq!(pool.take(now), None);
        assert_eq!(pool.take(now + MEDIA_PORT_REST), Some(40_000));
    }

    #[test]
    fn a_pair_held_by_another_program_is_passed_over() {
        // The range is found by taking three free pairs in a row and giving the last two back.
        let ip = IpAddr::from(Ipv4Addr::LOCALHOST);
        let (held, first) = (0..1000)
            .find_map(|_| {
                let any = UdpSocket::bind((ip, 0)).ok()?;
                let first = any.local_addr().ok()?.port();
                let free = first.is_multiple_of(2) && first < 65_000;
                let others = free.then(|| (first + 1..first + 4).map(|port| UdpSocket::bind((ip, port))));
                others?.all(|socket| socket.is_ok()).then_some((any, first))
            })
            .expect("four free ports in a row");
        let ports = Ports::new(RtpRange { ip, first, last: first + 3 }, Clock::start());
        let pair = ports.bind().expect("the second pair");
        assert_eq!(pair.rtp.local_addr().expect("bound").port(), first + 2);
        assert!(ports.bind().is_err(), "both pairs are taken or resting");
        drop(held);
    }
}
