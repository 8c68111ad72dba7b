//! Which of our addresses a peer sees, when all of them are bound.
//!
//! Promises: asks the system's routing table, sends nothing. Leaves to others: addresses behind NAT.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Our address on the way to `remote`.
///
/// # Errors
/// When there is no route.
pub fn towards(remote: IpAddr) -> io::Result<IpAddr> {
    let any: IpAddr =
        if remote.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let probe = UdpSocket::bind((any, 0))?;
    // Connecting a UDP socket only looks the route up. Port 9 is "discard", never reached.
    probe.connect(SocketAddr::new(remote, 9))?;
    Ok(probe.local_addr()?.ip())
}

/// The addresses that `ip` stands for: itself, or every usable one of its family when it is unspecified.
///
/// # Errors
/// When the system does not tell its addresses.
pub fn concrete(ip: IpAddr) -> io::Result<Vec<IpAddr>> {
    if !ip.is_unspecified() {
        return Ok(vec![ip]);
    }
    let mut found: Vec<IpAddr> = interfaces::addresses()?
        .into_iter()
        .filter(|address| address.is_ipv4() == ip.is_ipv4())
        .filter(|address| match address {
            IpAddr::V4(v4) => !v4.is_link_local(),
            IpAddr::V6(v6) => !v6.is_unicast_link_local(),
        })
        .collect();
    found.sort_unstable_by_key(|address| (address.is_loopback(), *address));
    found.dedup();
    Ok(found)
}

/// The one call to `getifaddrs`.
mod interfaces {
    use std::io;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    #[expect(unsafe_code, reason = "std does not list interfaces")]
    pub(super) fn addresses() -> io::Result<Vec<IpAddr>> {
        let mut list = std::ptr::null_mut();
        // SAFETY: on success `list` is a linked list that stays valid until `freeifaddrs`.
        if unsafe { libc::getifaddrs(&raw mut list) } != 0 {
            return Err(io::Error::last_os_error());
        }
        let mut found = Vec::new();
        let mut at = list;
        while !at.is_null() {
            // SAFETY: `at` is not null and a node of the list.
            let node = unsafe { &*at };
            at = node.ifa_next;
            let up = node.ifa_flags & u32::try_from(libc::IFF_UP).unwrap_or(0) != 0;
            if !up || node.ifa_addr.is_null() {
                continue;
            }
            // SAFETY: `ifa_addr` is not null; `sa_family` tells which structure it really is, and the matching one
            // is read without assuming its alignment.
            unsafe {
                match libc::c_int::from((*node.ifa_addr).sa_family) {
                    libc::AF_INET => {
                        let v4 = node.ifa_addr.cast::<libc::sockaddr_in>().read_unaligned();
                        found.push(IpAddr::V4(Ipv4Addr::from(u32::from_be(v4.sin_addr.s_addr))));
                    }
                    libc::AF_INET6 => {
                        let v6 = node.ifa_addr.cast::<libc::sockaddr_in6>().read_unaligned();
                        found.push(IpAddr::V6(Ipv6Addr::from(v6.sin6_addr.s6_addr)));
                    }
                    _ => {}
                }
            }
        }
        // SAFETY: `list` came from `getifaddrs` and is freed once.
        unsafe { libc::freeifaddrs(list) };
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_reached_from_loopback() {
        assert_eq!(towards(Ipv4Addr::LOCALHOST.into()).expect("a route"), IpAddr::from(Ipv4Addr::LOCALHOST));
        assert_eq!(
            concrete(Ipv4Addr::LOCALHOST.into()).expect("itself"),
            [IpAddr::from(Ipv4Addr::LOCALHOST)]
        );
        let all = concrete(Ipv4Addr::UNSPECIFIED.into()).expect("addresses");
        assert!(all.contains(&Ipv4Addr::LOCALHOST.into()), "{all:?}");
    }
}
