//! The thread of one shard: wait, read, obey, tick.
//!
//! Promises: packets that arrived before a tick are in it; orders are obeyed in the order they were sent; ticks come
//! every 20 ms on the average whatever happens between. Leaves to others: how long orders wait (`handle`).

use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::{LegId, Time};
use media::srtp::Keys;
use media::{Engine, LegSetup, LegStats, Order, Slot};
use tokio::sync::{mpsc, oneshot};

use super::TICK;
use super::health::Gauges;
use super::leg::TapSink;
use super::poller::{self, Poller, raise_priority};
use super::ports::Pair;
use super::reports::LegEvents;
use super::wire::{Leg, Road, Wire};
use crate::clock::Clock;
use crate::limits::{MEDIA_COMMAND_BATCH, MEDIA_LATE_TICKS, MEDIA_READ_BATCH};
use crate::webrtc::{Accepted, Datagram, Reoffer, WebrtcError, unconnected};

/// Token of the first shared socket; phones' tokens are below.
const SHARED: u64 = 1 << 62;
/// Datagrams read from one phone's socket per wake: it sends one in 20 ms.
const PHONE_READ_BATCH: usize = 4;
/// One tick, in nanoseconds.
const TICK_NANOS: u64 = TICK.as_millis() as u64 * 1_000_000;
/// Room for a datagram; larger ones are cut and refused as malformed.
const DATAGRAM: usize = 2048;

/// Orders to a shard.
pub(super) enum Command {
    Phone { slot: Slot, leg: LegId, events: LegEvents, pair: Pair },
    Browser { slot: Slot, leg: LegId, events: LegEvents },
    Attach { slot: Slot, accepted: Box<Accepted> },
    Reoffer { slot: Slot, offer: Box<Reoffer>, reply: oneshot::Sender<Result<String, WebrtcError>> },
    Secure { slot: Slot, keys: Option<Box<Keys>> },
    Tap { slot: Slot, sink: Option<Box<dyn TapSink>> },
    Record { slot: Slot, track: Option<Box<dyn TapSink>> },
    See { viewer: Slot, whom: Option<Slot> },
    WholePicture { of: Slot },
    Order(Order),
    Stats { slot: Slot, reply: oneshot::Sender<Option<LegStats>> },
}

/// What a shard and its handles share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) gauges: Arc<Gauges>,
    /// Slots free for new legs.
    pub(super) free: Mutex<Vec<Slot>>,
    /// Slots whose legs were dropped.
    pub(super) dropped: Mutex<Vec<Slot>>,
    /// Whether `dropped` is worth locking.
    pub(super) any_dropped: AtomicBool,
    pub(super) stop: AtomicBool,
}

pub(super) struct Shard {
    clock: Clock,
    engine: Engine,
    wire: Wire,
    poller: Poller,
    inbox: mpsc::Receiver<Command>,
    shared: Arc<Shared>,
    /// Legs dropped before the order that opens them was obeyed.
    closing: Vec<Slot>,
    ticks: u64,
    /// When the timer was armed.
    began: Time,
}

impl Shard {
    pub(super) fn new(
        clock: Clock,
        seed: u64,
        sockets: Vec<(SocketAddr, std::net::UdpSocket)>,
        (poller, began): (Poller, Time),
        inbox: mpsc::Receiver<Command>,
        shared: Arc<Shared>,
    ) -> std::io::Result<Self> {
        for (token, (_, socket)) in (SHARED..).zip(&sockets) {
            poller.add(socket.as_raw_fd(), token)?;
        }
        let wire = Wire::new(sockets, shared.gauges.clone(), clock.instant_of(clock.now()));
        let (engine, closing) = (Engine::new(seed), Vec::new());
        Ok(Self { clock, engine, wire, poller, inbox, shared, closing, ticks: 0, began })
    }

    /// Runs until told to stop.
    pub(super) fn run(mut self) {
        raise_priority();
        let mut tokens = Vec::new();
        let mut buffer = vec![0; DATAGRAM];
        while !self.shared.stop.load(Ordering::Acquire) {
            if let Err(error) = self.poller.wait(&mut tokens, self.wire.patience()) {
                tracing::error!(%error, "media shard cannot wait for sockets and ends");
                return;
            }
            let mut due = 0;
            for token in &tokens {
                match *token {
                    poller::TICK => due = self.poller.ticks(),
                    poller::WAKE => self.poller.woken(),
                    shared if shared >= SHARED => self.read_shared((shared - SHARED) as usize, &mut buffer),
                    phone => self.read_phone(phone, &mut buffer),
                }
            }
            self.obey();
            self.tick(due);
            if self.wire.patience().is_some() {
                self.wire.now = self.clock.instant_of(self.clock.now());
                self.wire.hurry();
            }
        }
    }

    /// Does what is ordered, a batch at a time so that the tick is not delayed.
    fn obey(&mut self) {
        for _ in 0..MEDIA_COMMAND_BATCH {
            match self.inbox.try_recv() {
                Ok(command) => self.command(command),
                Err(_) => {
                    self.close_dropped();
                    return;
                }
            }
        }
        // More may wait, and it woke us already.
        self.poller.waker().wake();
        self.close_dropped();
    }

    fn command(&mut self, command: Command) {
        let now = self.clock.now();
        match command {
            Command::Phone { slot, leg, events, pair } => {
                let token = u64::from(slot.0) << 1;
                let added = self
                    .poller
                    .add(pair.rtp.as_raw_fd(), token)
                    .and_then(|()| self.poller.add(pair.rtcp.as_raw_fd(), token | 1));
                if let Err(error) = added {
                    tracing::error!(%error, "media shard cannot watch a leg's sockets");
                }
                self.wire.insert(
                    slot,
                    Leg {
                        id: leg,
                        events,
                        road: Road::Phone(pair, None),
                        tap: None,
                        track: None,
                        rtcp_mux: false,
                        sight: Default::default(),
                    },
                );
            }
            Command::Browser { slot, leg, events } => {
                self.wire.insert(
                    slot,
                    Leg {
                        id: leg,
                        events,
                        road: Road::Browser(None),
                        tap: None,
                        track: None,
                        rtcp_mux: true,
                        sight: Default::default(),
                    },
                );
                self.engine.order(now, Order::Open { leg: slot, setup: unconnected() }, &mut self.wire);
            }
            Command::Attach { slot, accepted } => {
                if self.wire.leg(slot).is_some() {
                    self.wire.attach(slot, accepted.session);
                    self.engine.order(
                        now,
                        Order::Change { leg: slot, setup: accepted.setup },
                        &mut self.wire,
                    );
                }
            }
            Command::Reoffer { slot, offer, reply } => {
                self.wire.now = self.clock.instant_of(now);
                let answer = self.wire.reoffer(slot, *offer).map(|(answer, setup)| {
                    self.engine.order(now, Order::Change { leg: slot, setup }, &mut self.wire);
                    answer
                });
                // The asker may have left.
                drop(reply.send(answer));
            }
            Command::Secure { slot, keys } => self.wire.secure(slot, keys.map(|keys| *keys)),
            Command::Tap { slot, sink } => {
                if let Some(leg) = self.wire.leg_mut(slot) {
                    leg.tap = sink;
                    self.hand_over(slot);
                }
            }
            Command::Record { slot, track } => {
                if let Some(leg) = self.wire.leg_mut(slot) {
                    leg.track = track;
                    self.hand_over(slot);
                }
            }
            Command::See { viewer, whom } => self.wire.see(viewer, whom),
            Command::WholePicture { of } => {
                self.wire.now = self.clock.instant_of(now);
                self.wire.ask_picture(of);
            }
            Command::Order(order) => self.order(order),
            // The asker may have left.
            Command::Stats { slot, reply } => drop(reply.send(self.engine.stats(slot))),
        }
    }

    /// A leg's sound is handed over while anybody takes it.
    fn hand_over(&mut self, slot: Slot) {
        let on = self.wire.leg(slot).is_some_and(|leg| leg.tap.is_some() || leg.track.is_some());
        self.engine.order(self.clock.now(), Order::Tap { leg: slot, on }, &mut self.wire);
    }

    fn order(&mut self, order: Order) {
        if let Order::Open { leg, setup } | Order::Change { leg, setup } = &order {
            // An order that was sent before its leg was dropped must not open it again.
            let LegSetup { rtcp_mux, .. } = setup;
            let Some(leg) = self.wire.leg_mut(*leg) else { return };
            leg.rtcp_mux = *rtcp_mux;
        }
        self.engine.order(self.clock.now(), order, &mut self.wire);
    }

    fn close_dropped(&mut self) {
        if self.shared.any_dropped.swap(false, Ordering::AcqRel) {
            self.closing.append(&mut self.shared.dropped.lock().unwrap_or_else(PoisonError::into_inner));
        }
        let Self { closing, wire, engine, shared, clock, .. } = self;
        // What is not here yet is opened by an order that still waits.
        closing.retain(|slot| {
            if wire.leg(*slot).is_none() {
                return true;
            }
            engine.order(clock.now(), Order::Close { leg: *slot }, wire);
            wire.remove(*slot);
            shared.free.lock().unwrap_or_else(PoisonError::into_inner).push(*slot);
            false
        });
    }

    fn read_phone(&mut self, token: u64, buffer: &mut [u8]) {
        let Ok(slot) = u32::try_from(token >> 1).map(Slot) else { return };
        let now = self.clock.now();
        for _ in 0..PHONE_READ_BATCH {
            let Some(Leg { road: Road::Phone(pair, srtp), .. }) = self.wire.leg_mut(slot) else { return };
            let socket = if token & 1 == 0 { &pair.rtp } else { &pair.rtcp };
            let Ok((n, from)) = socket.recv_from(buffer) else { return };
            let Some(bytes) = buffer.get_mut(..n) else { return };
            // RFC 5761 section 4: packet types 192 to 223 are RTCP, on whichever port they come.
            let is_rtcp = matches!(bytes.get(1), Some(192..=223));
            let plain = match srtp {
                None => Some(n),
                Some(srtp) if is_rtcp => srtp.open_rtcp(bytes),
                Some(srtp) => srtp.open_rtp(bytes),
            };
            self.wire.gauges.received.fetch_add(1, Ordering::Relaxed);
            let Some(bytes) = plain.and_then(|n| buffer.get(..n)) else {
                self.wire.gauges.forged.fetch_add(1, Ordering::Relaxed);
                continue;
            };
            if is_rtcp {
                self.engine.rtcp(now, slot, from, bytes, &mut self.wire);
            } else {
                self.engine.rtp(now, slot, from, bytes, &mut self.wire);
            }
        }
    }

    fn read_shared(&mut self, at: usize, buffer: &mut [u8]) {
        self.wire.now = self.clock.instant_of(self.clock.now());
        for _ in 0..MEDIA_READ_BATCH {
            let Some((to, socket)) = self.wire.shared.get(at) else { return };
            let to = *to;
            let Ok((n, from)) = socket.recv_from(buffer) else { return };
            self.wire.gauges.received.fetch_add(1, Ordering::Relaxed);
            let Some(bytes) = buffer.get(..n) else { return };
            let Some((slot, proven)) = self.wire.whose(from, to, bytes) else {
                self.wire.gauges.strangers.fetch_add(1, Ordering::Relaxed);
                continue;
            };
            self.wire.receive(slot, &Datagram { from, to, bytes, proven });
            self.hear(slot);
            self.wire.pass_pictures(slot);
            // A burst of handshakes (half a millisecond each) must not hold up the tick; the rest is read after it.
            if self.clock.now() >= self.planned(self.ticks) {
                return;
            }
        }
    }

    /// Hands audio that a page's connection let through to the engine.
    fn hear(&mut self, slot: Slot) {
        if self.wire.outbox.frames.is_empty() {
            return;
        }
        let now = self.clock.now();
        let mut frames = std::mem::take(&mut self.wire.outbox.frames);
        for packet in frames.drain(..) {
            let (header, payload) = (&packet.header, &packet.payload);
            let (pt, seq, timestamp) = (*header.payload_type, header.sequence_number, header.timestamp);
            self.engine.frame(now, slot, pt, seq, timestamp, payload, &mut self.wire);
        }
        self.wire.outbox.frames = frames;
    }

    fn tick(&mut self, due: u64) {
        if due == 0 {
            return;
        }
        let skipped = due.saturating_sub(MEDIA_LATE_TICKS);
        if skipped > 0 {
            self.wire.gauges.skipped(skipped);
        }
        let first = self.ticks + skipped;
        self.ticks += due;
        for tick in first..self.ticks {
            let planned = self.planned(tick);
            let start = self.clock.now();
            self.wire.now = self.clock.instant_of(start);
            self.engine.tick(start, &mut self.wire);
            self.pass_time();
            self.wire.reports.retry();
            self.wire.gauges.ticked(start.since(planned), self.clock.now().since(start));
        }
    }

    /// When a tick should begin, counted from 0.
    fn planned(&self, tick: u64) -> Time {
        self.began + Duration::from_nanos((tick + 1).saturating_mul(TICK_NANOS))
    }

    fn pass_time(&mut self) {
        let mut from = 0;
        while let Some((next, slot)) = self.wire.attached(from) {
            self.wire.elapsed(slot);
            self.hear(slot);
            from = next;
        }
    }
}
