//! The receiving half of a leg: whose packets count, what they say, and 20 ms of it each tick.
//!
//! Promises: hostile bytes are refused and counted; time never slips: each tick has its 20 ms, spoken, filled or silent.
//! Leaves to others: who hears it (`engine`), what is sent (`mouth`).

mod conceal;
mod hearing;
mod jitter;
mod latch;
mod reception;
mod transit;

use std::net::SocketAddr;
use std::time::Duration;

use kernel::Time;

pub(crate) use hearing::{Hearing, Kind, Wants};
pub(crate) use reception::Report;

use crate::dtmf::detector::Detector;
use crate::dtmf::events::KeyEvents;
use crate::io::{Codec, Direction, Event, LegSetup, LegStats, PayloadType};
use crate::rtp::Packet;
use jitter::{Jitter, Pushed};
use latch::Latch;
use reception::{Arrival, Reception};

/// No packet for this long on a watched leg is reported.
const MISSING_AFTER: Duration = Duration::from_secs(3);

/// What a packet is, wherever it came from.
#[derive(Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) marker: bool,
    pub(crate) pt: PayloadType,
    pub(crate) seq: u16,
    pub(crate) timestamp: u32,
    pub(crate) payload: &'a [u8],
}

/// What a packet was.
#[derive(Clone, Copy)]
pub(crate) enum Taken<'a> {
    /// Audio of this codec; its duration in units of the codec's RTP clock; whether it begins another stream.
    Audio(Codec, Arrived<'a>, u32, bool),
    /// Part of a key.
    Key,
    /// Nothing for anybody else.
    Nothing,
}

/// Whether the line is alive.
#[derive(Debug)]
struct Watch {
    on: bool,
    began: bool,
    missing: bool,
    quiet_since: Time,
}

/// The receiving half of a leg.
pub(crate) struct Ear {
    receive: Vec<(Codec, PayloadType)>,
    dtmf: Vec<(PayloadType, u32)>,
    listens: bool,
    latch: Latch,
    ssrc: Option<u32>,
    renewed: bool,
    reception: Reception,
    jitter: Jitter,
    keys: KeyEvents,
    detector: Option<Box<Detector>>,
    hearing: Hearing,
    watch: Watch,
    received: u64,
    refused: u64,
    late: u64,
    /// What the leg says is passed on to nobody.
    pub(crate) muted: bool,
    /// What the leg says is handed over.
    pub(crate) tapped: bool,
    /// Who needs what of it.
    pub(crate) wants: Wants,
}

fn listens(direction: Direction) -> bool {
    matches!(direction, Direction::SendRecv | Direction::RecvOnly)
}

impl Ear {
    pub(crate) fn new(now: Time, setup: &LegSetup) -> Self {
        let mut ear = Self {
            receive: Vec::new(),
            dtmf: Vec::new(),
            listens: false,
            latch: Latch::new(now, setup.remote),
            ssrc: None,
            renewed: false,
            reception: Reception::default(),
            jitter: Jitter::new(),
            keys: KeyEvents::default(),
            detector: None,
            hearing: Hearing::new(),
            watch: Watch { on: false, began: false, missing: false, quiet_since: now },
            received: 0,
            refused: 0,
            late: 0,
            muted: false,
            tapped: false,
            wants: Wants::default(),
        };
        ear.configure(now, setup);
        ear
    }

    /// A re-offer.
    pub(crate) fn change(&mut self, now: Time, setup: &LegSetup) {
        self.latch.change(now, setup.remote);
        // A browser that comes back begins a stream that nothing but this order announces.
        self.renewed = setup.remote.is_none();
        self.configure(now, setup);
    }

    fn configure(&mut self, now: Time, setup: &LegSetup) {
        self.receive.clone_from(&setup.receive);
        self.dtmf.clone_from(&setup.dtmf);
        for (codec, _) in &setup.receive {
            self.hearing.prepare(*codec);
        }
        if setup.dtmf.is_empty() {
            self.detector.get_or_insert_with(|| Box::new(Detector::new()));
        } else {
            self.detector = None;
        }
        let listened = self.listens;
        self.listens = listens(setup.direction);
        if self.listens != listened {
            self.watch.missing = false;
            self.watch.quiet_since = now;
            self.jitter.clear();
        }
    }

    /// Turns the watch for a dead line on or off.
    pub(crate) fn set_watch(&mut self, now: Time, on: bool) {
        self.watch.on = on;
        self.watch.missing = false;
        self.watch.quiet_since = now;
    }

    /// A datagram.
    pub(crate) fn rtp<'a>(
        &mut self,
        now: Time,
        from: SocketAddr,
        bytes: &'a [u8],
        report: &mut impl FnMut(Event),
    ) -> Taken<'a> {
        let known = Packet::parse(bytes).filter(|packet| self.knows(packet.pt));
        let ours = |packet: &Packet<'_>| {
            self.latch.is_rtp() && self.latch.accepts(now, from, packet.ssrc, packet.seq)
        };
        let Some(packet) = known.filter(ours) else {
            self.refused += 1;
            return Taken::Nothing;
        };
        if self.ssrc.replace(packet.ssrc) != Some(packet.ssrc) {
            self.reception.renew();
        }
        let Packet { marker, pt, seq, timestamp, payload, .. } = packet;
        self.take(now, Arrived { marker, pt, seq, timestamp, payload }, report)
    }

    /// A frame of a leg without RTP of its own.
    pub(crate) fn frame<'a>(
        &mut self,
        now: Time,
        arrived: Arrived<'a>,
        report: &mut impl FnMut(Event),
    ) -> Taken<'a> {
        if !self.knows(arrived.pt) {
            self.refused += 1;
            return Taken::Nothing;
        }
        if std::mem::take(&mut self.renewed) {
            self.reception.renew();
        }
        self.take(now, arrived, report)
    }

    fn knows(&self, pt: PayloadType) -> bool {
        self.receive.iter().any(|(_, known)| *known == pt) || self.dtmf.iter().any(|(known, _)| *known == pt)
    }

    fn take<'a>(&mut self, now: Time, arrived: Arrived<'a>, report: &mut impl FnMut(Event)) -> Taken<'a> {
        let codec = self.receive.iter().find(|(_, pt)| *pt == arrived.pt).map(|(codec, _)| *codec);
        let duration = match codec {
            Some(codec) => match (codec.info().duration)(arrived.payload) {
                Some(duration) => duration,
                None => {
                    self.refused += 1;
                    return Taken::Nothing;
                }
            },
            None => 0,
        };
        let arrival = self.reception.arrive(arrived.seq);
        match arrival {
            Arrival::Good => {}
            Arrival::Restarted => {
                self.jitter.clear();
                self.keys.reset();
            }
            Arrival::Stray => return Taken::Nothing,
        }
        self.received += 1;
        self.alive(now, report);
        match codec {
            Some(codec) => self.reception.measure(now, arrived.timestamp, codec.clock()),
            None => {
                if let Some(key) = self.keys.receive(now, arrived.marker, arrived.timestamp, arrived.payload)
                {
                    report(Event::Digit(key));
                }
            }
        }
        let taken = match codec {
            _ if !self.listens => Taken::Nothing,
            Some(codec) => Taken::Audio(codec, arrived, duration, arrival == Arrival::Restarted),
            None => Taken::Key,
        };
        if self.listens {
            // An event only holds its place among the sequence numbers.
            let (codec, payload) =
                codec.map_or((self.hearing.codec(), &[][..]), |codec| (codec, arrived.payload));
            let pushed = self.jitter.push(now, arrived.seq, arrived.timestamp, codec, duration, payload);
            if pushed == Pushed::Late && duration > 0 {
                self.late += 1;
            }
        }
        taken
    }

    fn alive(&mut self, now: Time, report: &mut impl FnMut(Event)) {
        self.watch.quiet_since = now;
        if !std::mem::replace(&mut self.watch.began, true) {
            report(Event::AudioBegan);
        }
        if std::mem::take(&mut self.watch.missing) {
            report(Event::AudioBack);
        }
    }

    /// 20 ms more: afterwards `heard` holds them.
    pub(crate) fn tick(&mut self, now: Time, report: &mut impl FnMut(Event)) {
        let watch = &mut self.watch;
        if watch.on && self.listens && !watch.missing && now.since(watch.quiet_since) >= MISSING_AFTER {
            watch.missing = true;
            report(Event::AudioMissing);
        }
        let concealed = self.hearing.concealed();
        self.hearing.hear(now, &mut self.jitter, self.wants, self.keys.is_pressed(now));
        // What concealment made up is no evidence for or against a key: a press survives every second packet lost.
        if let Some(detector) = &mut self.detector
            && self.hearing.concealed() == concealed
            && let Some(key) = detector.process(self.hearing.narrow())
        {
            report(Event::Digit(key));
        }
    }

    /// What the present tick holds.
    pub(crate) fn heard(&self) -> &Hearing {
        &self.hearing
    }

    /// The payload of the present tick as it came, if it is 20 ms of this codec and nothing had to be done to it.
    pub(crate) fn coded(&self, codec: Codec) -> Option<&[u8]> {
        self.hearing.coded(codec).map(|entry| self.jitter.payload(entry))
    }

    /// Whether in-band keys are looked for.
    pub(crate) fn detects(&self) -> bool {
        self.detector.is_some()
    }

    /// Where the leg's packets go.
    pub(crate) fn to(&self) -> Option<SocketAddr> {
        self.latch.to()
    }

    /// Whether RTCP from there is believed.
    pub(crate) fn knows_address(&self, from: SocketAddr) -> bool {
        self.latch.knows(from)
    }

    /// The stream's source and the next reception report on it.
    pub(crate) fn report(&mut self) -> Option<(u32, Report)> {
        Some((self.ssrc?, self.reception.report()?))
    }

    /// A datagram that was refused before it came here.
    pub(crate) fn refuse(&mut self) {
        self.refused += 1;
    }

    /// The counters of this half.
    pub(crate) fn stats(&self) -> LegStats {
        LegStats {
            received: self.received,
            lost: self.reception.lost(),
            late: self.late,
            concealed: self.hearing.concealed(),
            sent: 0,
            jitter_ms: self.reception.jitter_ms(),
            buffer_ms: self.jitter.depth_ms(),
            refused: self.refused,
            rtt_ms: 0.0,
            mos: 0.0,
        }
    }
}
