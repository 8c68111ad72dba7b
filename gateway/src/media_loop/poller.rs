//! The thin layer over Linux that a shard's thread needs: epoll, an absolute 20 ms timer, a wake-up, a priority.
//!
//! Promises: the only place in the media driver with unsafe code; descriptors are owned and closed by drop.
//! Leaves to others: what a token means (`shard`).

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::Arc;
use std::time::Duration;

/// Token of the 20 ms timer.
pub(super) const TICK: u64 = u64::MAX;
/// Token of the wake-up.
pub(super) const WAKE: u64 = u64::MAX - 1;

/// Waits for sockets, the tick and wake-ups.
pub(super) struct Poller {
    epoll: OwnedFd,
    timer: File,
    wake: Wake,
    ready: Vec<libc::epoll_event>,
}

/// Interrupts a `Poller::wait` from another thread.
#[derive(Clone, Debug)]
pub(super) struct Wake(Arc<File>);

impl Wake {
    /// Makes the present or next `wait` return.
    pub(super) fn wake(&self) {
        // The only failure is a full counter, which wakes as well.
        let _full = (&*self.0).write(&1_u64.to_ne_bytes());
    }
}

fn owned(fd: libc::c_int) -> io::Result<OwnedFd> {
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    #[expect(unsafe_code, reason = "takes ownership of a descriptor that the kernel just made")]
    // SAFETY: `fd` is open (checked above), was returned by the call just made, and nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

impl Poller {
    /// A poller whose timer fires every `period`, at multiples of it from now on: it never drifts.
    pub(super) fn new(period: Duration, batch: usize) -> io::Result<Self> {
        #[expect(unsafe_code, reason = "epoll, timerfd and eventfd have no safe wrapper in std")]
        // SAFETY: these calls take no pointers.
        let (epoll, timer, wake) = unsafe {
            (
                libc::epoll_create1(libc::EPOLL_CLOEXEC),
                libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_NONBLOCK | libc::TFD_CLOEXEC),
                libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC),
            )
        };
        let (epoll, timer, wake) = (owned(epoll)?, owned(timer)?, owned(wake)?);
        let every = libc::timespec {
            tv_sec: libc::time_t::try_from(period.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: libc::c_long::from(period.subsec_nanos() as i32),
        };
        let spec = libc::itimerspec { it_interval: every, it_value: every };
        #[expect(unsafe_code, reason = "arms the timer")]
        // SAFETY: `spec` outlives the call and the old value is not asked for.
        let armed =
            unsafe { libc::timerfd_settime(timer.as_raw_fd(), 0, &raw const spec, std::ptr::null_mut()) };
        if armed < 0 {
            return Err(io::Error::last_os_error());
        }
        let blank = libc::epoll_event { events: 0, u64: 0 };
        let poller = Self {
            epoll,
            timer: File::from(timer),
            wake: Wake(Arc::new(File::from(wake))),
            ready: vec![blank; batch],
        };
        poller.add(poller.timer.as_raw_fd(), TICK)?;
        poller.add(poller.wake.0.as_raw_fd(), WAKE)?;
        Ok(poller)
    }

    /// A handle that interrupts `wait`.
    pub(super) fn waker(&self) -> Wake {
        self.wake.clone()
    }

    /// Reports `token` while `fd` can be read. Closing the descriptor removes it.
    pub(super) fn add(&self, fd: RawFd, token: u64) -> io::Result<()> {
        let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: token };
        #[expect(unsafe_code, reason = "epoll has no safe wrapper in std")]
        // SAFETY: `event` outlives the call; a closed or foreign `fd` gives an error, not undefined behaviour.
        let added =
            unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), libc::EPOLL_CTL_ADD, fd, &raw mut event) };
        if added < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Waits until something is ready, or for so long, and lists the tokens in `tokens`.
    pub(super) fn wait(&mut self, tokens: &mut Vec<u64>, patience: Option<Duration>) -> io::Result<()> {
        tokens.clear();
        let patience = patience.map_or(-1, |span| libc::c_int::try_from(span.as_millis()).unwrap_or(-1));
        let room = libc::c_int::try_from(self.ready.len()).unwrap_or(libc::c_int::MAX);
        #[expect(unsafe_code, reason = "epoll has no safe wrapper in std")]
        // SAFETY: the buffer has `room` initialised elements and outlives the call.
        let n = unsafe { libc::epoll_wait(self.epoll.as_raw_fd(), self.ready.as_mut_ptr(), room, patience) };
        if n < 0 {
            let error = io::Error::last_os_error();
            return if error.kind() == io::ErrorKind::Interrupted { Ok(()) } else { Err(error) };
        }
        let n = usize::try_from(n).unwrap_or(0);
        tokens.extend(self.ready.iter().take(n).map(|event| event.u64));
        Ok(())
    }

    /// How many periods ended since the last call.
    pub(super) fn ticks(&self) -> u64 {
        let mut count = [0; 8];
        match (&self.timer).read(&mut count) {
            Ok(8) => u64::from_ne_bytes(count),
            _ => 0,
        }
    }

    /// Forgets wake-ups that were heard.
    pub(super) fn woken(&self) {
        let mut count = [0; 8];
        let _none = (&*self.wake.0).read(&mut count);
    }
}

/// Asks the system to run this thread before others: real-time if allowed, else a higher priority. Best effort.
pub(super) fn raise_priority() {
    #[expect(unsafe_code, reason = "scheduling has no safe wrapper in std")]
    // SAFETY: `param` outlives the call; 0 means the calling thread in both calls; failures change nothing.
    unsafe {
        let mut param: libc::sched_param = std::mem::zeroed();
        param.sched_priority = 1;
        if libc::sched_setscheduler(0, libc::SCHED_RR, &raw const param) != 0 {
            let _refused = libc::setpriority(libc::PRIO_PROCESS, 0, -10);
        }
    }
}

/// Asks for as many open files as the system lets us have: two sockets a phone. Best effort.
pub(super) fn raise_file_limit() {
    #[expect(unsafe_code, reason = "resource limits have no safe wrapper in std")]
    // SAFETY: `limit` outlives both calls; failures change nothing.
    unsafe {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 && limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max;
            let _refused = libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wake_up_from_another_thread_ends_the_wait_and_ticks_are_counted() {
        let mut poller = Poller::new(Duration::from_millis(1), 8).expect("a poller");
        let waker = poller.waker();
        std::thread::spawn(move || waker.wake());
        let (mut tokens, mut woken, mut ticks) = (Vec::new(), false, 0);
        while !woken || ticks < 3 {
            poller.wait(&mut tokens, None).expect("wait");
            for token in &tokens {
                match *token {
                    TICK => ticks += poller.ticks(),
                    WAKE => {
                        poller.woken();
                        woken = true;
                    }
                    other => panic!("unknown token {other}"),
                }
            }
        }
    }
}
