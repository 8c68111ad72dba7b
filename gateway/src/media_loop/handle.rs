//! The way to the media shards for the rest of the process.
//!
//! Promises: a leg lives as long as its `PhoneLeg` or `BrowserLeg`; dropping it frees slot, ports and page. A full
//! inbox makes the sender wait. Leaves to others: everything on the shard's thread (`shard`).

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use anyhow::Context as _;
use kernel::{Fault, LegId};
use media::srtp::Keys;
use media::video::VideoCodec;
use media::{LegStats, Order, Slot};
use tokio::sync::{mpsc, oneshot};

use super::TICK;
use super::health::ShardHealth;
use super::leg::TapSink;
use super::poller::{Poller, Wake, raise_file_limit};
use super::ports::{Ports, RtpRange};
use super::reports::LegEvents;
use super::shard::{Command, Shard, Shared};
use crate::clock::Clock;
use crate::limits::{MEDIA_COMMANDS, MEDIA_LEGS, MEDIA_READY, MEDIA_SOCKET_BUFFER};
use crate::net::route;
use crate::webrtc::{Identity, Offering, Reoffer, Session, WebrtcError};

/// Where media is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    /// For phones: a range for each address family in use, the preferred one first. Not empty.
    pub rtp: Vec<RtpRange>,
    /// For browsers: addresses that a page can reach, each a host candidate (RFC 8445). Unspecified addresses stand
    /// for every address of the machine. Port 0: the system chooses; else shard n uses the port plus n.
    pub webrtc: Vec<SocketAddr>,
    /// Threads. One serves some hundred transcoded calls.
    pub shards: usize,
}

/// A media shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShardId(usize);

/// Why media could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// All slots of the shard are taken.
    #[error("media shard is full")]
    Full,
    /// No sockets.
    #[error("no sockets for the leg: {0}")]
    Sockets(#[from] std::io::Error),
    /// The shard has ended.
    #[error("media shard is stopped")]
    Stopped,
}

impl MediaError {
    /// Whose fault it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Full | Self::Sockets(_) => Fault::Capacity,
            Self::Stopped => Fault::Ours,
        }
    }
}

/// The media of this process. Copies share the shards; when the last one and every leg are gone, the threads end.
#[derive(Clone, Debug)]
pub struct MediaHandle(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    identity: Identity,
    ports: Vec<Arc<Ports>>,
    shards: Vec<Link>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// The way to one shard.
#[derive(Debug)]
struct Link {
    inbox: mpsc::Sender<Command>,
    wake: Wake,
    shared: Arc<Shared>,
    /// Addresses of its browser sockets.
    candidates: Vec<SocketAddr>,
}

impl MediaHandle {
    /// Binds the browser sockets and starts the threads.
    ///
    /// # Errors
    /// When an address cannot be bound or the system refuses threads or descriptors.
    pub fn start(config: &MediaConfig, clock: Clock, seed: u64) -> anyhow::Result<Self> {
        anyhow::ensure!(!config.rtp.is_empty() && config.shards > 0, "media needs an RTP range and a shard");
        raise_file_limit();
        let identity = Identity::generate()?;
        let ports = config.rtp.iter().map(|range| Ports::new(*range, clock)).collect();
        let mut shards = Vec::new();
        let mut threads = Vec::new();
        for n in 0..config.shards {
            let sockets = shared_sockets(&config.webrtc, n)?;
            let candidates = sockets.iter().map(|(address, _)| *address).collect();
            let began = clock.now();
            let poller = Poller::new(TICK, MEDIA_READY).context("cannot make a poller")?;
            let wake = poller.waker();
            let (inbox, orders) = mpsc::channel(MEDIA_COMMANDS);
            let shared = Arc::new(Shared::default());
            let slots = (0..u32::try_from(MEDIA_LEGS)?).rev().map(Slot).collect();
            *shared.free.lock().unwrap_or_else(PoisonError::into_inner) = slots;
            let shard = Shard::new(
                clock,
                seed.wrapping_add(n as u64),
                sockets,
                (poller, began),
                orders,
                shared.clone(),
            )?;
            let thread = std::thread::Builder::new().name(format!("media-{n}")).spawn(move || shard.run());
            threads.push(thread.context("cannot start a media thread")?);
            shards.push(Link { inbox, wake, shared, candidates });
        }
        let threads = Mutex::new(threads);
        Ok(Self(Arc::new(Inner { clock, identity, ports, shards, threads })))
    }

    /// The shard with the fewest legs, for a new interaction.
    #[must_use]
    pub fn pick_shard(&self) -> ShardId {
        let free = |link: &Link| link.shared.free.lock().unwrap_or_else(PoisonError::into_inner).len();
        let picked = self.0.shards.iter().enumerate().max_by_key(|(at, link)| (free(link), usize::MAX - at));
        ShardId(picked.map_or(0, |(at, _)| at))
    }

    /// Makes sockets and a slot for a phone. `towards` is where the phone (or its proxy) is: it picks the address
    /// family, and the concrete address when all are bound.
    ///
    /// # Errors
    /// When slots, ports or descriptors are used up.
    pub async fn open_phone(
        &self,
        shard: ShardId,
        leg: LegId,
        towards: IpAddr,
        events: LegEvents,
    ) -> Result<PhoneLeg, MediaError> {
        let ports = self.0.ports.iter().find(|ports| ports.ip.is_ipv4() == towards.is_ipv4());
        let ports = ports.or(self.0.ports.first()).ok_or(MediaError::Stopped)?;
        let pair = ports.bind()?;
        let mut local = pair.rtp.local_addr()?;
        if local.ip().is_unspecified() {
            local.set_ip(route::towards(towards)?);
        }
        let hold = self.hold(shard)?;
        let slot = hold.slot;
        self.send(shard, Command::Phone { slot, leg, events, pair }).await?;
        Ok(PhoneLeg { hold: hold.opened(), local })
    }

    /// Makes a slot for a browser. The leg plays, bridges and records at once; a page attaches when it comes.
    ///
    /// # Errors
    /// When slots are used up.
    pub async fn open_browser(
        &self,
        shard: ShardId,
        leg: LegId,
        events: LegEvents,
    ) -> Result<BrowserLeg, MediaError> {
        let hold = self.hold(shard)?;
        let slot = hold.slot;
        self.send(shard, Command::Browser { slot, leg, events }).await?;
        Ok(BrowserLeg { hold: hold.opened() })
    }

    /// Orders the engine of a shard; waits while its inbox is full. Orders of one sender are obeyed in their order.
    ///
    /// # Errors
    /// When the shard has ended.
    pub async fn order(&self, shard: ShardId, order: Order) -> Result<(), MediaError> {
        self.send(shard, Command::Order(order)).await
    }

    /// Protects a phone's leg with these keys from now on; `None`: not at all.
    ///
    /// # Errors
    /// When the shard has ended.
    pub async fn secure(&self, shard: ShardId, slot: Slot, keys: Option<Keys>) -> Result<(), MediaError> {
        self.send(shard, Command::Secure { slot, keys: keys.map(Box::new) }).await
    }

    /// Hands what a leg says to `sink` from now on; `None` ends it. Orders the tap as well.
    ///
    /// # Errors
    /// When the shard has ended.
    pub async fn tap(
        &self,
        shard: ShardId,
        slot: Slot,
        sink: Option<Box<dyn TapSink>>,
    ) -> Result<(), MediaError> {
        self.send(shard, Command::Tap { slot, sink }).await
    }

    /// Puts what a leg says on a recording from now on, beside its tap; `None` takes it off.
    ///
    /// # Errors
    /// When the shard has ended.
    pub async fn record(
        &self,
        shard: ShardId,
        slot: Slot,
        track: Option<Box<dyn TapSink>>,
    ) -> Result<(), MediaError> {
        self.send(shard, Command::Record { slot, track }).await
    }

    /// The page of `viewer` is shown the page of `whom` from now on; `None`: nobody.
    ///
    /// # Errors
    /// When the shard has ended.
    pub async fn see(&self, shard: ShardId, viewer: Slot, whom: Option<Slot>) -> Result<(), MediaError> {
        self.send(shard, Command::See { viewer, whom }).await
    }

    /// Asks a leg's page for a whole picture.
    ///
    /// # Errors
    /// When the shard has ended.
    pub async fn ask_picture(&self, shard: ShardId, of: Slot) -> Result<(), MediaError> {
        self.send(shard, Command::WholePicture { of }).await
    }

    /// A leg's counters; `None` when it is closed.
    ///
    /// # Errors
    /// When the shard has ended.
    pub async fn stats(&self, shard: ShardId, slot: Slot) -> Result<Option<LegStats>, MediaError> {
        let (reply, answer) = oneshot::channel();
        self.send(shard, Command::Stats { slot, reply }).await?;
        answer.await.map_err(|_| MediaError::Stopped)
    }

    /// How each shard does.
    #[must_use]
    pub fn health(&self) -> Vec<ShardHealth> {
        self.0.shards.iter().map(|link| link.shared.gauges.read()).collect()
    }

    /// Ends the threads; legs fall silent. Returns when they have ended.
    pub async fn stop(&self) {
        self.0.tell_stop();
        let threads = std::mem::take(&mut *self.0.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let joined =
            tokio::task::spawn_blocking(|| threads.into_iter().map(JoinHandle::join).all(|end| end.is_ok()));
        if !joined.await.unwrap_or(false) {
            tracing::error!("a media thread panicked");
        }
    }

    fn hold(&self, shard: ShardId) -> Result<Hold, MediaError> {
        let link = self.0.shards.get(shard.0).ok_or(MediaError::Stopped)?;
        let slot = link.shared.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let slot = slot.ok_or(MediaError::Full)?;
        Ok(Hold { inner: self.0.clone(), shard, slot, opened: false })
    }

    async fn send(&self, shard: ShardId, command: Command) -> Result<(), MediaError> {
        let link = self.0.shards.get(shard.0).ok_or(MediaError::Stopped)?;
        link.inbox.send(command).await.map_err(|_| MediaError::Stopped)?;
        link.wake.wake();
        Ok(())
    }
}

impl Inner {
    fn tell_stop(&self) {
        for link in &self.shards {
            link.shared.stop.store(true, Ordering::Release);
            link.wake.wake();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.tell_stop();
    }
}

/// A slot of a shard, given back on drop.
#[derive(Debug)]
struct Hold {
    inner: Arc<Inner>,
    shard: ShardId,
    slot: Slot,
    /// Whether the shard knows of it (or will, by an order on its way).
    opened: bool,
}

impl Hold {
    fn opened(mut self) -> Self {
        self.opened = true;
        self
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let Some(link) = self.inner.shards.get(self.shard.0) else { return };
        if self.opened {
            link.shared.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(self.slot);
            link.shared.any_dropped.store(true, Ordering::Release);
            link.wake.wake();
        } else {
            link.shared.free.lock().unwrap_or_else(PoisonError::into_inner).push(self.slot);
        }
    }
}

/// A phone's leg. `Order::Open` begins it once SDP is agreed; dropping this ends it.
#[derive(Debug)]
#[must_use = "dropping it closes the leg"]
pub struct PhoneLeg {
    hold: Hold,
    local: SocketAddr,
}

impl PhoneLeg {
    /// Its place in the engine of its shard.
    #[must_use]
    pub const fn slot(&self) -> Slot {
        self.hold.slot
    }

    /// Its shard.
    #[must_use]
    pub const fn shard(&self) -> ShardId {
        self.hold.shard
    }

    /// Where it receives RTP, for SDP; RTCP is received on the next port, and on this one.
    #[must_use]
    pub const fn local(&self) -> SocketAddr {
        self.local
    }
}

/// A browser's leg. It is open already; dropping this ends it.
#[derive(Debug)]
#[must_use = "dropping it closes the leg"]
pub struct BrowserLeg {
    hold: Hold,
}

impl BrowserLeg {
    /// Its place in the engine of its shard.
    #[must_use]
    pub const fn slot(&self) -> Slot {
        self.hold.slot
    }

    /// Its shard.
    #[must_use]
    pub const fn shard(&self) -> ShardId {
        self.hold.shard
    }

    /// Answers a page's offer, with pictures in `video` if it offers that. A page that was attached before (a reload) is
    /// dropped; the leg and what it hears and sees go on.
    ///
    /// # Errors
    /// When the offer cannot be served; the page attached before stays.
    pub async fn attach(&self, offer: &str, video: Option<VideoCodec>) -> Result<String, WebrtcError> {
        let inner = self.hold.inner.clone();
        let link = inner.shards.get(self.hold.shard.0).ok_or(WebrtcError::Gone)?;
        let now = inner.clock.instant_of(inner.clock.now());
        let mut accepted = Session::accept(&inner.identity, offer, video, &link.candidates, now)?;
        let answer = std::mem::take(&mut accepted.answer);
        self.send(Command::Attach { slot: self.hold.slot, accepted: Box::new(accepted) }).await?;
        Ok(answer)
    }

    /// Answers another offer of the page that is attached: the connection goes on (hold, resume, a new network).
    ///
    /// # Errors
    /// When the offer cannot be served, or no page is attached.
    pub async fn reoffer(&self, offer: &str) -> Result<String, WebrtcError> {
        let offer = Box::new(Reoffer::read(offer)?);
        let (reply, answer) = oneshot::channel();
        self.send(Command::Reoffer { slot: self.hold.slot, offer, reply }).await?;
        answer.await.map_err(|_| WebrtcError::Gone)?
    }

    /// Makes an offer to a page; `take_answer` completes it.
    ///
    /// # Errors
    /// When the WebRTC library refuses.
    pub fn offer(&self) -> Result<(WebOffer, String), WebrtcError> {
        let inner = &self.hold.inner;
        let link = inner.shards.get(self.hold.shard.0).ok_or(WebrtcError::Gone)?;
        let now = inner.clock.instant_of(inner.clock.now());
        let (offering, text) = Offering::new(&inner.identity, &link.candidates, now)?;
        Ok((WebOffer(Box::new(offering)), text))
    }

    /// Takes a page's answer to our offer.
    ///
    /// # Errors
    /// When the answer cannot be used.
    pub async fn take_answer(&self, offer: WebOffer, answer: &str) -> Result<(), WebrtcError> {
        let now = self.hold.inner.clock.instant_of(self.hold.inner.clock.now());
        let accepted = Box::new(offer.0.accept(answer, now)?);
        self.send(Command::Attach { slot: self.hold.slot, accepted }).await
    }

    async fn send(&self, command: Command) -> Result<(), WebrtcError> {
        let link = self.hold.inner.shards.get(self.hold.shard.0).ok_or(WebrtcError::Gone)?;
        link.inbox.send(command).await.map_err(|_| WebrtcError::Gone)?;
        link.wake.wake();
        Ok(())
    }
}

/// An offer of ours to a page that is not answered yet.
#[must_use = "it waits for its answer"]
pub struct WebOffer(Box<Offering>);

impl std::fmt::Debug for WebOffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebOffer")
    }
}

/// One socket for each address that a page may reach, on behalf of shard `n`.
fn shared_sockets(webrtc: &[SocketAddr], n: usize) -> anyhow::Result<Vec<(SocketAddr, UdpSocket)>> {
    let mut sockets = Vec::new();
    for address in webrtc {
        let port = match address.port() {
            0 => 0,
            port => port.checked_add(u16::try_from(n)?).context("no WebRTC port for each shard")?,
        };
        for ip in route::concrete(address.ip())? {
            let at = SocketAddr::new(ip, port);
            let socket = bind_shared(at).with_context(|| format!("cannot bind {at} for browsers"))?;
            sockets.push((socket.local_addr()?, socket));
        }
    }
    Ok(sockets)
}

fn bind_shared(at: SocketAddr) -> std::io::Result<UdpSocket> {
    let socket = socket2::Socket::new(socket2::Domain::for_address(at), socket2::Type::DGRAM, None)?;
    // Best effort: the system caps both.
    let _capped = socket.set_recv_buffer_size(MEDIA_SOCKET_BUFFER);
    let _capped = socket.set_send_buffer_size(MEDIA_SOCKET_BUFFER);
    socket.set_nonblocking(true)?;
    socket.bind(&at.into())?;
    Ok(socket.into())
}
