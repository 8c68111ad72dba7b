//! The engine: orders and packets in, 20 ms for every leg at each tick.
//!
//! Promises: what the contract in `io` says; `tick`, `rtp`, `rtcp` and `frame` do not allocate or panic.
//! Leaves to others: the halves of a leg (`ear`, `mouth`), mixing (`engine::bridge`).

mod bridge;

use std::net::SocketAddr;

use kernel::{Rng, Time};

use crate::codecs::{Band, CODECS, NARROW, WIDE};
use crate::ear::{Arrived, Ear, Kind, Taken, Wants};
use crate::io::{Codec, Event, LegSetup, LegStats, Order, PayloadType, Sink, Slot, TapFrame};
use crate::mouth::{Feed, Mouth};
use crate::opinion::mean_opinion;
use crate::prompts::{Play, Prompts};
use crate::reports::Reports;
use crate::rtcp::REPORT_BYTES;
use bridge::Bridges;

/// Slots above this are not opened: a table of a million legs is a mistake of the driver.
const SLOTS: u32 = 1 << 20;

/// Legs, bridges and prompts of one media thread.
pub struct Engine {
    rng: Rng,
    ears: Vec<Option<Box<Ear>>>,
    mouths: Vec<Option<Box<Mouth>>>,
    open: Vec<u32>,
    bridges: Bridges,
    /// Legs that hear others beside their bridge.
    hearers: Vec<u32>,
    prompts: Prompts,
    silences: Vec<Vec<u8>>,
}

impl Engine {
    /// An engine without legs. The seed gives sources, sequence numbers and names.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            rng: Rng::seeded(seed),
            ears: Vec::new(),
            mouths: Vec::new(),
            open: Vec::new(),
            bridges: Bridges::default(),
            hearers: Vec::new(),
            prompts: Prompts::default(),
            silences: CODECS.iter().map(|info| (info.silence)()).collect(),
        }
    }

    /// Carries out an order. Orders for legs that are not open are ignored.
    pub fn order(&mut self, now: Time, order: Order, sink: &mut impl Sink) {
        match order {
            Order::Open { leg, setup } => self.open(now, leg, &setup),
            Order::Change { leg, setup } => self.change(now, leg, &setup),
            Order::Close { leg } => self.close(now, leg, sink),
            Order::Play { leg, sources, repeat, token } => {
                if let Some(mouth) = mouth(&mut self.mouths, leg) {
                    let play = Play::new(&mut self.prompts, sources, repeat, token, mouth.codec);
                    if let Some(before) = mouth.play.replace(play) {
                        before.stop(&mut self.prompts);
                    }
                }
            }
            Order::StopPlay { leg } => {
                if let Some(play) = mouth(&mut self.mouths, leg).and_then(|mouth| mouth.play.take()) {
                    play.stop(&mut self.prompts);
                }
            }
            Order::Echo { leg, on } => {
                if let Some(mouth) = mouth(&mut self.mouths, leg) {
                    mouth.echo = on;
                }
                self.refresh(leg);
            }
            Order::Bridge { legs } => self.bridge(&legs),
            Order::Unbridge { leg } => self.leave(leg),
            Order::Hear { leg, also } => self.hear(leg, &also),
            Order::Mute { leg, on } => {
                if let Some(ear) = ear(&mut self.ears, leg) {
                    ear.muted = on;
                }
            }
            Order::Tap { leg, on } => {
                if let Some(ear) = ear(&mut self.ears, leg) {
                    ear.tapped = on;
                }
                self.refresh(leg);
            }
            Order::SendDigits { leg, digits } => {
                if let Some(mouth) = mouth(&mut self.mouths, leg) {
                    mouth.keys.add(&digits);
                }
            }
            Order::Watch { leg, on } => {
                if let Some(ear) = ear(&mut self.ears, leg) {
                    ear.set_watch(now, on);
                }
            }
        }
    }

    fn open(&mut self, now: Time, leg: Slot, setup: &LegSetup) {
        if leg.0 >= SLOTS {
            return;
        }
        self.forget(leg);
        let index = leg.0 as usize;
        if self.ears.len() <= index {
            self.ears.resize_with(index + 1, || None);
            self.mouths.resize_with(index + 1, || None);
        }
        let reports = Reports::new(now, setup.rtcp_mux, &mut self.rng);
        self.ears[index] = Some(Box::new(Ear::new(now, setup)));
        self.mouths[index] = Some(Box::new(Mouth::new(setup, reports, &mut self.rng)));
        if let Err(place) = self.open.binary_search(&leg.0) {
            self.open.insert(place, leg.0);
        }
        self.refresh(leg);
    }

    fn change(&mut self, now: Time, leg: Slot, setup: &LegSetup) {
        let (Some(ear), Some(mouth)) = (ear(&mut self.ears, leg), mouth(&mut self.mouths, leg)) else {
            return;
        };
        ear.change(now, setup);
        mouth.change(setup);
        mouth.reports.change(setup.rtcp_mux);
        let (codec, bridge) = (mouth.codec, mouth.bridge);
        if let Some(play) = &mut mouth.play {
            play.turn_to(&mut self.prompts, codec);
        }
        self.refresh(leg);
        self.refresh_bridge(bridge);
        self.refresh_heard(leg);
    }

    fn close(&mut self, now: Time, leg: Slot, sink: &mut impl Sink) {
        if let (Some(ear), Some(mouth)) = (ear(&mut self.ears, leg), mouth(&mut self.mouths, leg)) {
            report(now, leg, ear, mouth, true, sink);
        }
        self.forget(leg);
    }

    fn forget(&mut self, leg: Slot) {
        self.leave(leg);
        self.hear(leg, &[]);
        // Whoever gets this slot next must not be heard by those who heard this leg.
        for hearer in &self.hearers {
            if let Some(mouth) = mouth(&mut self.mouths, Slot(*hearer)) {
                mouth.also.retain(|heard| *heard != leg.0);
            }
        }
        let index = leg.0 as usize;
        if let Some(play) = mouth(&mut self.mouths, leg).and_then(|mouth| mouth.play.take()) {
            play.stop(&mut self.prompts);
        }
        if let (Some(ear), Some(mouth)) = (self.ears.get_mut(index), self.mouths.get_mut(index)) {
            *ear = None;
            *mouth = None;
        }
        if let Ok(place) = self.open.binary_search(&leg.0) {
            self.open.remove(place);
        }
    }

    fn bridge(&mut self, legs: &[Slot]) {
        let mut members: Vec<u32> =
            legs.iter().filter(|leg| mouth(&mut self.mouths, **leg).is_some()).map(|leg| leg.0).collect();
        members.sort_unstable();
        members.dedup();
        for member in &members {
            self.leave(Slot(*member));
        }
        if members.is_empty() {
            return;
        }
        let index = self.bridges.add(members.clone());
        for member in &members {
            if let Some(mouth) = mouth(&mut self.mouths, Slot(*member)) {
                mouth.bridge = Some(index);
            }
        }
        self.refresh_bridge(Some(index));
    }

    fn leave(&mut self, leg: Slot) {
        let Some(index) = mouth(&mut self.mouths, leg).and_then(|mouth| mouth.bridge.take()) else { return };
        self.bridges.remove(index, leg.0);
        self.refresh(leg);
        self.refresh_bridge(Some(index));
    }

    fn hear(&mut self, leg: Slot, also: &[Slot]) {
        let mut heard: Vec<u32> = also.iter().filter(|other| **other != leg).map(|other| other.0).collect();
        heard.sort_unstable();
        heard.dedup();
        let Some(own) = mouth(&mut self.mouths, leg) else { return };
        let before = std::mem::replace(&mut own.also, heard);
        match (self.hearers.iter().position(|hearer| *hearer == leg.0), own.also.is_empty()) {
            (None, false) => self.hearers.push(leg.0),
            (Some(at), true) => drop(self.hearers.swap_remove(at)),
            _ => {}
        }
        for heard in before {
            self.refresh(Slot(heard));
        }
        self.refresh_heard(leg);
    }

    /// Works out anew what is needed of those whom a leg hears.
    fn refresh_heard(&mut self, leg: Slot) {
        let Some(own) = mouth(&mut self.mouths, leg) else { return };
        let (also, bridge) = (own.also.clone(), own.bridge);
        for heard in also {
            self.refresh(Slot(heard));
        }
        self.refresh_bridge(bridge);
    }

    fn refresh_bridge(&mut self, bridge: Option<usize>) {
        let Some(index) = bridge else { return };
        let mouths = &self.mouths;
        self.bridges.choose_rate(index, |member| {
            mouths.get(member as usize).and_then(Option::as_ref).is_none_or(|m| m.codec.is_narrow())
        });
        for n in 0..self.bridges.members(index).len() {
            let member = self.bridges.members(index)[n];
            self.refresh(Slot(member));
        }
    }

    /// Works out anew what is needed of what a leg says.
    fn refresh(&mut self, leg: Slot) {
        let Some(own) = self.mouths.get(leg.0 as usize).and_then(Option::as_ref) else { return };
        let Some(ear) = self.ears.get_mut(leg.0 as usize).and_then(Option::as_mut) else { return };
        let mut wants = Wants::rates_of(ear.detects(), ear.tapped);
        if own.echo {
            wants.relay(own.codec);
        }
        if let Some(index) = own.bridge {
            if let Some(partner) = self.bridges.partner(index, leg.0) {
                if let Some(partner) = self.mouths.get(partner as usize).and_then(Option::as_ref) {
                    wants.relay(partner.codec);
                }
            } else if self.bridges.members(index).len() > 2 {
                let wide = self.bridges.is_wide(index);
                wants.wide |= wide;
                wants.narrow |= !wide;
            }
        }
        for hearer in self.hearers.iter().filter(|hearer| **hearer != leg.0) {
            let Some(hears) = self.mouths.get(*hearer as usize).and_then(Option::as_ref) else { continue };
            if hears.also.contains(&leg.0) || (hears.bridge.is_some() && hears.bridge == own.bridge) {
                wants.narrow |= hears.codec.is_narrow();
                wants.wide |= !hears.codec.is_narrow();
            }
        }
        ear.wants = wants;
    }

    /// An RTP datagram that arrived on the leg's socket.
    pub fn rtp(&mut self, now: Time, leg: Slot, from: SocketAddr, bytes: &[u8], sink: &mut impl Sink) {
        if let Some(ear) = ear(&mut self.ears, leg) {
            let taken = ear.rtp(now, from, bytes, &mut |event| sink.event(leg, event));
            self.pass_on(leg, taken, sink);
        }
    }

    /// Passes on what came, if the two of a bridge share its codec: it waits for no tick and no jitter buffer of ours.
    fn pass_on(&mut self, leg: Slot, taken: Taken<'_>, sink: &mut impl Sink) {
        if self.ears.get(leg.0 as usize).and_then(Option::as_ref).is_none_or(|ear| ear.muted) {
            return;
        }
        let bridge = mouth(&mut self.mouths, leg).and_then(|own| own.bridge);
        let Some(partner) = bridge.and_then(|index| self.bridges.partner(index, leg.0)).map(Slot) else {
            return;
        };
        let to = self.ears.get(partner.0 as usize).and_then(Option::as_deref).and_then(Ear::to);
        let Some(mouth) = mouth(&mut self.mouths, partner) else { return };
        match taken {
            Taken::Audio(codec, arrived, duration, renewed) if mouth.may_pass(codec) => {
                mouth.pass((partner, to), &arrived, (duration, renewed), sink);
            }
            Taken::Key => mouth.keep_back(),
            Taken::Audio(..) | Taken::Nothing => {}
        }
    }

    /// An RTCP datagram.
    pub fn rtcp(&mut self, now: Time, leg: Slot, from: SocketAddr, bytes: &[u8], _sink: &mut impl Sink) {
        let (Some(ear), Some(mouth)) = (ear(&mut self.ears, leg), mouth(&mut self.mouths, leg)) else {
            return;
        };
        let ssrc = mouth.ssrc();
        let learned =
            ear.knows_address(from).then(|| mouth.reports.receive(now, from, bytes, ssrc)).flatten();
        match learned {
            Some(Some(percent)) => mouth.expect_loss(percent),
            Some(None) => {}
            None => ear.refuse(),
        }
    }

    /// A frame that arrived for a leg without RTP of its own (WebRTC).
    #[expect(clippy::too_many_arguments, reason = "the contract: a frame's parts as str0m hands them over")]
    pub fn frame(
        &mut self,
        now: Time,
        leg: Slot,
        pt: PayloadType,
        seq: u16,
        timestamp: u32,
        payload: &[u8],
        sink: &mut impl Sink,
    ) {
        if let Some(ear) = ear(&mut self.ears, leg) {
            let arrived = Arrived { marker: false, pt, seq, timestamp, payload };
            let taken = ear.frame(now, arrived, &mut |event| sink.event(leg, event));
            self.pass_on(leg, taken, sink);
        }
    }

    /// 20 ms for every leg. The driver calls it every 20 ms, and as often as it missed it.
    pub fn tick(&mut self, now: Time, sink: &mut impl Sink) {
        for index in &self.open {
            let leg = Slot(*index);
            let Some(ear) = ear(&mut self.ears, leg) else { continue };
            ear.tick(now, &mut |event| sink.event(leg, event));
            if ear.tapped {
                tap(now, leg, ear, sink);
            }
        }
        self.bridges.mix(&self.ears);
        for index in &self.open {
            let leg = Slot(*index);
            let Some(mouth) = mouth(&mut self.mouths, leg) else { continue };
            say(leg, mouth, &self.ears, &self.bridges, &mut self.prompts, &self.silences, sink);
            if mouth.reports.is_due(now, &mut self.rng)
                && let Some(ear) = ear(&mut self.ears, leg)
            {
                report(now, leg, ear, mouth, false, sink);
            }
        }
    }

    /// The counters of a leg.
    #[must_use]
    pub fn stats(&self, leg: Slot) -> Option<LegStats> {
        let ear = self.ears.get(leg.0 as usize)?.as_ref()?;
        let mouth = self.mouths.get(leg.0 as usize)?.as_ref()?;
        let stats = LegStats { sent: mouth.sent(), rtt_ms: mouth.reports.rtt_ms(), ..ear.stats() };
        Some(LegStats { mos: mean_opinion(mouth.codec, &stats).unwrap_or(0.0), ..stats })
    }
}

fn ear(ears: &mut [Option<Box<Ear>>], leg: Slot) -> Option<&mut Ear> {
    ears.get_mut(leg.0 as usize)?.as_deref_mut()
}

fn mouth(mouths: &mut [Option<Box<Mouth>>], leg: Slot) -> Option<&mut Mouth> {
    mouths.get_mut(leg.0 as usize)?.as_deref_mut()
}

/// Hands over what a leg says. Muted, it says nothing to anybody.
fn tap(now: Time, leg: Slot, ear: &Ear, sink: &mut impl Sink) {
    let heard = ear.heard();
    let live = heard.kind() == Kind::Live && !ear.muted;
    let samples = if live { heard.wide() } else { &[0; WIDE] };
    sink.tap(leg, TapFrame { at: now, samples, live });
}

/// What one leg says, as another with this codec is to hear it.
fn from_ear(ear: &Ear, codec: Codec) -> Feed<'_> {
    let heard = ear.heard();
    if ear.muted || heard.kind() == Kind::Nothing {
        Feed::Silence
    } else if let Some(payload) = ear.coded(codec) {
        Feed::Coded(payload)
    } else if !heard.has_samples() {
        Feed::Lost
    } else if codec.is_narrow() {
        Feed::Narrow(heard.narrow())
    } else {
        Feed::Wide(heard.wide(), if heard.is_narrow() { Band::Narrow } else { Band::Wide })
    }
}

/// Chooses what a leg hears (prompt before echo before bridge) and sends it.
fn say(
    leg: Slot,
    mouth: &mut Mouth,
    ears: &[Option<Box<Ear>>],
    bridges: &Bridges,
    prompts: &mut Prompts,
    silences: &[Vec<u8>],
    sink: &mut impl Sink,
) {
    let partner = mouth.bridge.and_then(|index| bridges.partner(index, leg.0));
    if partner.is_none() || !mouth.hears_its_bridge() {
        mouth.stop_passing();
    } else if mouth.rests() {
        return;
    }
    let own = |index: u32| ears.get(index as usize).and_then(Option::as_deref);
    let to = own(leg.0).and_then(Ear::to);
    let silence = silences.get(mouth.codec.index()).map_or(&[][..], Vec::as_slice);
    let mut coded = [0u8; NARROW];
    let mut wide = [0i16; WIDE];
    let codec = mouth.codec;
    let mut played = None;
    let feed = if let Some(play) = mouth.play.as_mut().filter(|play| !play.is_over()) {
        if codec.is_narrow() {
            coded.copy_from_slice(silence.get(..NARROW).unwrap_or(&[0; NARROW]));
            played = play.coded(prompts, &mut coded);
            Feed::Coded(&coded)
        } else {
            let (band, token) = play.wide(prompts, &mut wide);
            played = token;
            Feed::Wide(&wide, band)
        }
    } else if mouth.echo {
        own(leg.0).map_or(Feed::Silence, |ear| from_ear(ear, codec))
    } else if !mouth.also.is_empty() {
        let bridged = mouth.bridge.map_or(&[][..], |index| bridges.members(index));
        let others = bridged.iter().filter(|other| **other != leg.0).chain(&mouth.also);
        bridge::sum_of(others.filter_map(|other| own(*other)), codec.is_narrow(), &mut wide)
    } else if let Some(partner) = partner {
        own(partner).map_or(Feed::Silence, |ear| from_ear(ear, codec))
    } else if let Some(index) = mouth.bridge.filter(|index| bridges.members(*index).len() > 2) {
        bridges.hears(index, own(leg.0), &mut wide)
    } else {
        Feed::Silence
    };
    mouth.speak(leg, to, feed, silence, sink);
    if let Some(token) = played {
        sink.event(leg, Event::Played { token });
    }
}

/// Sends a report, and BYE when the leg ends.
fn report(now: Time, leg: Slot, ear: &mut Ear, mouth: &Mouth, bye: bool, sink: &mut impl Sink) {
    let mut out = [0; REPORT_BYTES];
    if let Some((to, length)) = mouth.reports.write(now, mouth.ssrc(), mouth.sender(), ear, bye, &mut out) {
        sink.rtcp(leg, to, &out[..length]);
    }
}
