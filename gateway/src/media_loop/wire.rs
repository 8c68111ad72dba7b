//! Everything of a shard but its engine: legs, sockets, browsers, taps. It is where the engine's output goes.
//!
//! Promises: nothing here waits; a send that the system refuses is counted and forgotten (the network may lose
//! packets anyway). Leaves to others: when to tick and what to order (`shard`).

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use kernel::LegId;
use media::srtp::{Keys, OVERHEAD, Protection};
use media::{LegSetup, PayloadType, Sink, Slot, TapFrame};

use super::health::Gauges;
use super::leg::{LegEvent, LostReason, TapSink};
use super::pictures::Sight;
use super::ports::Pair;
use super::reports::{LegEvents, Reports};
use crate::limits::BROWSER_ADDRESSES;
use crate::webrtc::{Datagram, Happened, Outbox, Reoffer, Session, WebrtcError, stun_user};

/// Largest packet of ours.
const LARGEST: usize = 1_500;

/// A leg of this shard.
pub(super) struct Leg {
    pub(super) id: LegId,
    pub(super) events: LegEvents,
    pub(super) road: Road,
    pub(super) tap: Option<Box<dyn TapSink>>,
    /// The recording it is on.
    pub(super) track: Option<Box<dyn TapSink>>,
    /// RTCP shares the RTP port (RFC 5761).
    pub(super) rtcp_mux: bool,
    /// Whom it sees, and who sees it.
    pub(super) sight: Sight,
}

/// How a leg's packets travel.
pub(super) enum Road {
    /// A pair of sockets of its own, and the keys of what goes over them, if it is protected.
    Phone(Pair, Option<Box<Protection>>),
    /// A shared socket; no page may be attached at present.
    Browser(Option<Box<Attached>>),
}

/// A page's connection.
pub(super) struct Attached {
    pub(super) session: Session,
    addresses: Vec<SocketAddr>,
}

/// Legs, sockets and what the engine's output needs at hand.
pub(super) struct Wire {
    legs: Vec<Option<Leg>>,
    /// Shared sockets of the browsers, with their addresses.
    pub(super) shared: Vec<(SocketAddr, UdpSocket)>,
    by_user: HashMap<String, Slot>,
    by_address: HashMap<SocketAddr, Slot>,
    pub(super) outbox: Outbox,
    pub(super) reports: Reports,
    pub(super) gauges: Arc<Gauges>,
    /// The present moment, for the WebRTC library.
    pub(super) now: Instant,
    /// Pages with pictures.
    pub(super) with_video: Vec<Slot>,
    /// Those that need a whole picture of whom they see.
    pub(super) wanting: Vec<Slot>,
    /// Those to which more or less gets through than before.
    pub(super) estimated: Vec<Slot>,
    /// Room for a list.
    pub(super) viewers: Vec<Slot>,
}

impl Wire {
    pub(super) fn new(shared: Vec<(SocketAddr, UdpSocket)>, gauges: Arc<Gauges>, now: Instant) -> Self {
        Self {
            legs: Vec::new(),
            shared,
            by_user: HashMap::new(),
            by_address: HashMap::new(),
            outbox: Outbox::default(),
            reports: Reports::new(),
            gauges,
            now,
            with_video: Vec::new(),
            wanting: Vec::new(),
            estimated: Vec::new(),
            viewers: Vec::new(),
        }
    }

    pub(super) fn leg(&self, slot: Slot) -> Option<&Leg> {
        self.legs.get(slot.0 as usize)?.as_ref()
    }

    pub(super) fn leg_mut(&mut self, slot: Slot) -> Option<&mut Leg> {
        self.legs.get_mut(slot.0 as usize)?.as_mut()
    }

    pub(super) fn insert(&mut self, slot: Slot, leg: Leg) {
        let at = slot.0 as usize;
        if self.legs.len() <= at {
            self.legs.resize_with(at + 1, || None);
        }
        if let Some(place) = self.legs.get_mut(at) {
            *place = Some(leg);
        }
        self.gauges.legs.fetch_add(1, Relaxed);
    }

    /// Forgets a leg; its sockets close and its page hears a goodbye.
    pub(super) fn remove(&mut self, slot: Slot) {
        self.out_of_sight(slot);
        self.detach(slot);
        if self.legs.get_mut(slot.0 as usize).and_then(Option::take).is_some() {
            self.gauges.legs.fetch_sub(1, Relaxed);
        }
    }

    /// Takes the keys of a phone's leg; `None`: it is not protected. Keys that stay go on with their counters.
    pub(super) fn secure(&mut self, slot: Slot, keys: Option<Keys>) {
        let Some(Leg { road: Road::Phone(_, srtp), .. }) = self.leg_mut(slot) else { return };
        let result = match (srtp.as_mut(), keys) {
            (_, None) => {
                *srtp = None;
                Ok(())
            }
            (Some(srtp), Some(keys)) => srtp.change(keys),
            (None, Some(keys)) => Protection::new(keys).map(|new| *srtp = Some(Box::new(new))),
        };
        if let Err(error) = result {
            // Negotiation took keys of the right length only.
            tracing::error!(%error, "a leg's keys cannot be used");
        }
    }

    /// Answers another offer of the page that is attached.
    pub(super) fn reoffer(&mut self, slot: Slot, offer: Reoffer) -> Result<(String, LegSetup), WebrtcError> {
        let mut outbox = std::mem::take(&mut self.outbox);
        let mut result = Err(WebrtcError::Gone);
        let mut users = None;
        if let Some(Leg { road: Road::Browser(Some(attached)), .. }) = self.leg_mut(slot) {
            let before = attached.session.user().to_owned();
            result = offer.answer(&mut attached.session, &mut outbox);
            users = Some((before, attached.session.user().to_owned()));
        }
        self.outbox = outbox;
        if let Some((before, now)) = users.filter(|(before, now)| before != now) {
            self.by_user.remove(&before);
            self.by_user.insert(now, slot);
        }
        self.send_outbox();
        if !self.outbox.happened.is_empty() {
            self.tell(slot);
        }
        result
    }

    /// Slots with a page attached.
    pub(super) fn attached(&self, from: usize) -> Option<(usize, Slot)> {
        let at = self
            .legs
            .iter()
            .skip(from)
            .position(|leg| matches!(leg, Some(Leg { road: Road::Browser(Some(_)), .. })))?
            + from;
        Some((at + 1, Slot(u32::try_from(at).ok()?)))
    }

    /// A page connects; the one before it (same leg) is dropped.
    pub(super) fn attach(&mut self, slot: Slot, session: Session) {
        self.detach(slot);
        let user = session.user().to_owned();
        let has_video = session.has_video();
        let Some(Leg { road: Road::Browser(place), .. }) = self.leg_mut(slot) else { return };
        *place = Some(Box::new(Attached { session, addresses: Vec::new() }));
        self.by_user.insert(user, slot);
        if has_video {
            self.with_video.push(slot);
        }
    }

    /// Drops the page of a leg with a goodbye.
    fn detach(&mut self, slot: Slot) {
        let mut outbox = std::mem::take(&mut self.outbox);
        let attached = match self.leg_mut(slot) {
            Some(Leg { road: Road::Browser(attached), .. }) => attached.take(),
            _ => None,
        };
        if let Some(mut attached) = attached {
            attached.session.close(&mut outbox);
            outbox.frames.clear();
            outbox.pictures.clear();
            self.with_video.retain(|other| *other != slot);
            self.by_user.remove(attached.session.user());
            for address in attached.addresses {
                self.by_address.remove(&address);
            }
        }
        self.outbox = outbox;
        self.send_outbox();
    }

    /// Whose datagram this is, and whether it is a check that proves so. New addresses are learned only by proof.
    pub(super) fn whose(&mut self, from: SocketAddr, to: SocketAddr, bytes: &[u8]) -> Option<(Slot, bool)> {
        let now = self.now;
        if let Some(user) = stun_user(bytes) {
            let slot = *self.by_user.get(user)?;
            let Some(Leg { road: Road::Browser(Some(attached)), .. }) = self.leg_mut(slot) else {
                return None;
            };
            if !attached.session.proves(now, from, to, bytes) {
                return None;
            }
            if !attached.addresses.contains(&from) {
                if attached.addresses.len() >= BROWSER_ADDRESSES {
                    return None;
                }
                attached.addresses.push(from);
                if let Some(other) = self.by_address.insert(from, slot).filter(|other| *other != slot)
                    && let Some(Leg { road: Road::Browser(Some(attached)), .. }) = self.leg_mut(other)
                {
                    attached.addresses.retain(|address| *address != from);
                }
            }
            return Some((slot, true));
        }
        self.by_address.get(&from).map(|slot| (*slot, false))
    }

    /// Gives a datagram to a page's connection. Audio that came is left in the outbox.
    pub(super) fn receive(&mut self, slot: Slot, datagram: &Datagram<'_>) {
        self.drive(slot, |session, now, outbox| session.receive(now, datagram, outbox));
    }

    /// Lets time pass for a page's connection.
    pub(super) fn elapsed(&mut self, slot: Slot) {
        self.drive(slot, Session::elapsed);
    }

    /// Works on a connection, sends what it wants sent and passes its news on.
    pub(super) fn drive(&mut self, slot: Slot, work: impl FnOnce(&mut Session, Instant, &mut Outbox)) {
        let now = self.now;
        let mut outbox = std::mem::take(&mut self.outbox);
        if let Some(Leg { road: Road::Browser(Some(attached)), .. }) = self.leg_mut(slot) {
            work(&mut attached.session, now, &mut outbox);
        }
        if std::mem::take(&mut outbox.wants_picture) {
            self.wanting.push(slot);
        }
        self.gauges.video_stops.fetch_add(std::mem::take(&mut outbox.stopped), Relaxed);
        if std::mem::take(&mut outbox.estimated) {
            self.estimated.push(slot);
        }
        self.outbox = outbox;
        self.send_outbox();
        if !self.outbox.happened.is_empty() {
            self.tell(slot);
        }
    }

    fn tell(&mut self, slot: Slot) {
        let mut happened = std::mem::take(&mut self.outbox.happened);
        for news in happened.drain(..) {
            match news {
                Happened::Up => self.report(slot, LegEvent::BrowserUp),
                Happened::Lost(reason) => self.lose(slot, reason),
            }
        }
        self.outbox.happened = happened;
    }

    fn lose(&mut self, slot: Slot, reason: LostReason) {
        self.detach(slot);
        self.report(slot, LegEvent::BrowserLost(reason));
    }

    fn report(&mut self, slot: Slot, event: LegEvent) {
        let Self { legs, reports, .. } = self;
        if let Some(Some(leg)) = legs.get(slot.0 as usize) {
            reports.send(&leg.events, leg.id, event);
        }
    }

    fn send_outbox(&mut self) {
        let Self { outbox, shared, gauges, .. } = self;
        for (from, to, bytes) in outbox.datagrams.drain(..) {
            if let Some((_, socket)) = shared.iter().find(|(address, _)| *address == from) {
                send(socket, to, &bytes, gauges);
            }
        }
    }
}

fn send(socket: &UdpSocket, to: SocketAddr, bytes: &[u8], gauges: &Gauges) {
    loop {
        match socket.send_to(bytes, to) {
            Ok(_) => gauges.sent.fetch_add(1, Relaxed),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => gauges.unsent.fetch_add(1, Relaxed),
        };
        return;
    }
}

impl Sink for Wire {
    fn rtp(&mut self, leg: Slot, to: SocketAddr, bytes: &[u8]) {
        let Self { legs, gauges, .. } = self;
        let Some(Some(Leg { road: Road::Phone(pair, srtp), .. })) = legs.get_mut(leg.0 as usize) else {
            return;
        };
        let mut room = [0; LARGEST + OVERHEAD];
        let bytes = match srtp {
            None => Some(bytes),
            Some(srtp) => srtp.sender().rtp(bytes, &mut room).and_then(|length| room.get(..length)),
        };
        match bytes {
            Some(bytes) => send(&pair.rtp, to, bytes, gauges),
            None => drop(gauges.unsent.fetch_add(1, Relaxed)),
        }
    }

    fn rtcp(&mut self, leg: Slot, to: SocketAddr, bytes: &[u8]) {
        let Self { legs, gauges, .. } = self;
        let Some(Some(Leg { road: Road::Phone(pair, srtp), rtcp_mux, .. })) = legs.get_mut(leg.0 as usize)
        else {
            return;
        };
        let mut room = [0; LARGEST + OVERHEAD];
        let bytes = match srtp {
            None => Some(bytes),
            Some(srtp) => srtp.sender().rtcp(bytes, &mut room).and_then(|length| room.get(..length)),
        };
        match bytes {
            Some(bytes) => send(if *rtcp_mux { &pair.rtp } else { &pair.rtcp }, to, bytes, gauges),
            None => drop(gauges.unsent.fetch_add(1, Relaxed)),
        }
    }

    fn frame(&mut self, leg: Slot, pt: PayloadType, timestamp: u32, payload: &[u8]) {
        let frames = self.outbox.frames.len();
        self.drive(leg, |session, now, outbox| session.write(now, pt, timestamp, payload, outbox));
        // Nothing arrives by sending; should the library think so, it is not this leg's turn.
        self.outbox.frames.truncate(frames);
    }

    fn event(&mut self, leg: Slot, event: media::Event) {
        self.report(leg, LegEvent::Media(event));
    }

    fn tap(&mut self, leg: Slot, frame: TapFrame<'_>) {
        let Some(leg) = self.leg_mut(leg) else { return };
        for sink in [&mut leg.tap, &mut leg.track].into_iter().flatten() {
            sink.frame(frame);
        }
    }
}
