//! ICMP errors of datagrams: which of those we sent found nobody (RFC 3261 section 18.4).
//!
//! Promises: asks the system only for what it keeps; what it does not tell is left to timers. Leaves to others: what follows.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd as _, RawFd};

/// Lets the system keep errors with the address that they are about.
pub(super) fn watch(socket: &socket2::Socket, v6: bool) {
    let (level, option) =
        if v6 { (libc::SOL_IPV6, libc::IPV6_RECVERR) } else { (libc::SOL_IP, libc::IP_RECVERR) };
    let on: libc::c_int = 1;
    let Ok(size) = libc::socklen_t::try_from(size_of_val(&on)) else { return };
    #[expect(unsafe_code, reason = "socket2 does not know this option")]
    // SAFETY: `on` has `size` bytes and outlives the call. Where it fails errors are not told, and timers do their work.
    let _best_effort =
        unsafe { libc::setsockopt(socket.as_raw_fd(), level, option, (&raw const on).cast(), size) };
}

/// Takes the next error out of a socket's queue: `Some(None)` is one that names nobody.
#[expect(unsafe_code, reason = "the error queue is read by recvmsg only")]
pub(super) fn next(socket: RawFd) -> Option<Option<SocketAddr>> {
    let mut control = [0_u64; 64];
    let mut byte = [0_u8; 1];
    // SAFETY: zeroes are a valid `sockaddr_storage` and `msghdr`; all buffers that `message` names live through the call,
    // with the sizes that it says; the address is read as the structure that its family names, which fits the storage.
    unsafe {
        let mut name: libc::sockaddr_storage = std::mem::zeroed();
        let mut part = libc::iovec { iov_base: byte.as_mut_ptr().cast(), iov_len: byte.len() };
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_name = (&raw mut name).cast();
        message.msg_namelen = libc::socklen_t::try_from(size_of_val(&name)).ok()?;
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = size_of_val(&control) as _;
        if libc::recvmsg(socket, &raw mut message, libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT) < 0 {
            return None;
        }
        Some(match libc::c_int::from(name.ss_family) {
            libc::AF_INET => {
                let v4 = (&raw const name).cast::<libc::sockaddr_in>().read_unaligned();
                let ip = Ipv4Addr::from(u32::from_be(v4.sin_addr.s_addr));
                Some(SocketAddr::from((ip, u16::from_be(v4.sin_port))))
            }
            libc::AF_INET6 => {
                let v6 = (&raw const name).cast::<libc::sockaddr_in6>().read_unaligned();
                let ip = Ipv6Addr::from(v6.sin6_addr.s6_addr);
                Some(SocketAddr::from((ip, u16::from_be(v6.sin6_port))))
            }
            _ => None,
        })
    }
}
