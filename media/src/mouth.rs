//! The sending half of a leg: one packet each tick, with one source, sequence and clock for the life of the leg.
//!
//! Promises: SSRC, sequence numbers and timestamps never jump, whatever feeds the leg; nothing is encoded that is there
//! encoded already. Leaves to others: what to say (`engine`), where to (`ear::latch`).

mod passing;

use std::net::SocketAddr;

use kernel::Rng;

use crate::codecs::{Band, Encode, NARROW, WIDE};
use crate::dtmf::sender::{KeySender, Keying};
use crate::ear::Arrived;
use crate::io::{Codec, Direction, LegSetup, PayloadType, Sink, Slot};
use crate::prompts::Play;
use crate::reports::Reports;
use crate::resample::{Downsampler, Upsampler};
use crate::rtcp::Sent;
use crate::rtp::{HEADER_BYTES, PACKET_BYTES, Packet};
use passing::{Passing, is_after};

/// Lost frames that are left out before silence is sent instead.
const LEFT_OUT: u32 = 5;

/// What a leg is to hear in a tick.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Feed<'a> {
    /// Silence.
    Silence,
    /// A payload of the leg's codec.
    Coded(&'a [u8]),
    /// Samples at 8 kHz.
    Narrow(&'a [i16; NARROW]),
    /// Samples at 16 kHz.
    Wide(&'a [i16; WIDE], Band),
    /// A frame that was lost before it came to us: the far end conceals it best.
    Lost,
}

/// The sending half of a leg.
pub(crate) struct Mouth {
    pub(crate) codec: Codec,
    pt: PayloadType,
    event: Option<(PayloadType, u32)>,
    speaks: bool,
    framed: bool,
    ssrc: u32,
    seq: u16,
    timestamp: u32,
    marker: bool,
    packets: u64,
    octets: u64,
    encoder: Box<dyn Encode>,
    up: Upsampler,
    down: Downsampler,
    up_used: bool,
    down_used: bool,
    left_out: u32,
    /// Packets of the leg beside it go through as they come.
    passing: Option<Passing>,
    pub(crate) keys: KeySender,
    pub(crate) play: Option<Play>,
    pub(crate) echo: bool,
    pub(crate) bridge: Option<usize>,
    /// Legs heard beside the bridge.
    pub(crate) also: Vec<u32>,
    pub(crate) reports: Reports,
}

fn speaks(direction: Direction) -> bool {
    matches!(direction, Direction::SendRecv | Direction::SendOnly)
}

/// The event payload for a codec: the one with its clock (RFC 4733 section 2.1), else any.
fn event_for(setup: &LegSetup) -> Option<(PayloadType, u32)> {
    let clock = setup.send.0.clock();
    setup.dtmf.iter().find(|(_, c)| *c == clock).or(setup.dtmf.first()).copied()
}

impl Mouth {
    pub(crate) fn new(setup: &LegSetup, reports: Reports, rng: &mut Rng) -> Self {
        Self {
            codec: setup.send.0,
            pt: setup.send.1,
            event: event_for(setup),
            speaks: speaks(setup.direction),
            framed: setup.remote.is_none(),
            ssrc: rng.next_u32(),
            // Below half, so that early wraps do not trouble SRTP peers (RFC 3711 section 3.3.1).
            seq: (rng.next_u32() & 0x7FFF) as u16,
            timestamp: rng.next_u32(),
            marker: true,
            packets: 0,
            octets: 0,
            encoder: (setup.send.0.info().encoder)(),
            up: Upsampler::new(),
            down: Downsampler::new(),
            up_used: false,
            down_used: false,
            left_out: 0,
            passing: None,
            keys: KeySender::default(),
            play: None,
            echo: false,
            bridge: None,
            also: Vec::new(),
            reports,
        }
    }

    /// A re-offer.
    pub(crate) fn change(&mut self, setup: &LegSetup) {
        if setup.send.0 != self.codec {
            self.stop_passing();
            self.codec = setup.send.0;
            self.encoder = (self.codec.info().encoder)();
            self.marker = true;
        }
        self.pt = setup.send.1;
        self.event = event_for(setup);
        self.framed = setup.remote.is_none();
        let spoke = std::mem::replace(&mut self.speaks, speaks(setup.direction));
        self.marker |= !spoke;
    }

    /// Our source.
    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    pub(crate) fn sent(&self) -> u64 {
        self.packets
    }

    /// For a sender report; `None` before the first packet.
    pub(crate) fn sender(&self) -> Option<Sent> {
        (self.packets > 0).then_some(Sent {
            packets: self.packets as u32,
            octets: self.octets as u32,
            timestamp: self.timestamp,
        })
    }

    /// The far end loses this much.
    pub(crate) fn expect_loss(&mut self, percent: u8) {
        self.encoder.expect_loss(percent);
    }

    /// Whether packets of this codec may go through as they come: there is nothing else to say, and somebody to say it to.
    pub(crate) fn may_pass(&self, codec: Codec) -> bool {
        self.codec == codec && self.speaks && self.hears_its_bridge() && self.keys.is_idle()
    }

    /// Whether the leg hears its bridge, and nothing instead of it or beside it.
    pub(crate) fn hears_its_bridge(&self) -> bool {
        self.play.as_ref().is_none_or(Play::is_over) && !self.echo && self.also.is_empty()
    }

    /// Passes a packet on. `renewed`: it begins another stream.
    pub(crate) fn pass(
        &mut self,
        (leg, to): (Slot, Option<SocketAddr>),
        arrived: &Arrived<'_>,
        (duration, renewed): (u32, bool),
        sink: &mut impl Sink,
    ) {
        if !self.framed && to.is_none() {
            return;
        }
        if renewed {
            self.stop_passing();
        }
        let theirs = (arrived.seq, arrived.timestamp);
        let passing = self.passing.get_or_insert_with(|| Passing::begin(theirs, self.seq, self.timestamp));
        let ours = (self.seq, self.timestamp);
        let Some(numbers) = passing.number(theirs, ours, duration, self.codec.clock()) else { return };
        let mut packet = [0u8; PACKET_BYTES];
        let whole = HEADER_BYTES + arrived.payload.len();
        let Some(room) = packet.get_mut(HEADER_BYTES..whole) else { return };
        room.copy_from_slice(arrived.payload);
        if self.framed {
            sink.frame(leg, self.pt, numbers.timestamp, arrived.payload);
        } else if let Some(to) = to {
            let marker = self.marker || arrived.marker || numbers.jumped;
            Packet::write_header(&mut packet, marker, self.pt, numbers.seq, numbers.timestamp, self.ssrc);
            sink.rtp(leg, to, &packet[..whole]);
        }
        self.marker = false;
        self.seq = numbers.next;
        self.packets += 1;
        self.octets += arrived.payload.len() as u64;
    }

    /// A packet of the leg beside it is not passed on (a key).
    pub(crate) fn keep_back(&mut self) {
        if let Some(passing) = &mut self.passing {
            passing.skip();
        }
    }

    /// 20 ms went by while packets are passed on; false: they are not, or no longer, and the tick has to speak.
    pub(crate) fn rests(&mut self) -> bool {
        let flows = self.passing.as_mut().is_some_and(Passing::flows) && self.keys.is_idle() && self.speaks;
        if flows {
            self.timestamp = self.timestamp.wrapping_add(self.codec.clock() / 50);
        } else {
            self.stop_passing();
        }
        flows
    }

    /// From here on the tick speaks, after what was passed on.
    pub(crate) fn stop_passing(&mut self) {
        if let Some(passing) = self.passing.take()
            && is_after(passing.end, self.timestamp)
        {
            self.timestamp = passing.end;
        }
    }

    /// Says 20 ms, unless keys are being sent.
    pub(crate) fn speak(
        &mut self,
        leg: Slot,
        to: Option<SocketAddr>,
        feed: Feed<'_>,
        silence: &[u8],
        sink: &mut impl Sink,
    ) {
        let step = self.codec.clock() / 50;
        let mut packet = [0u8; PACKET_BYTES];
        let keying = self.keys.tick(self.event.map(|(_, clock)| clock));
        let wanted = self.speaks && (self.framed || to.is_some());
        if !wanted {
            self.marker = true;
        } else if let (Keying::Event { payload, age }, Some((pt, _))) = (keying, self.event) {
            packet[HEADER_BYTES..HEADER_BYTES + 4].copy_from_slice(&payload);
            let timestamp = self.timestamp.wrapping_sub(age * step);
            self.marker = age == 0;
            self.send(leg, to, pt, timestamp, &mut packet, 4, sink);
        } else {
            let mut tone = [0i16; WIDE];
            let feed = if keying == Keying::Tone {
                self.keys.tone(16_000, &mut tone);
                Feed::Wide(&tone, Band::Narrow)
            } else {
                feed
            };
            let length = self.code(feed, silence, &mut packet);
            if length > 0 {
                self.send(leg, to, self.pt, self.timestamp, &mut packet, length, sink);
            } else {
                // Left out: the hole in the numbers tells the far end to conceal.
                self.seq = self.seq.wrapping_add(1);
            }
        }
        self.timestamp = self.timestamp.wrapping_add(step);
    }

    /// Puts the payload into the packet; 0 when there is none to send.
    fn code(&mut self, feed: Feed<'_>, silence: &[u8], packet: &mut [u8; PACKET_BYTES]) -> usize {
        let out = &mut packet[HEADER_BYTES..];
        let (up_used, down_used) = (self.up_used, self.down_used);
        self.up_used = false;
        self.down_used = false;
        let coded = match feed {
            Feed::Lost if self.left_out < LEFT_OUT => {
                self.left_out += 1;
                return 0;
            }
            Feed::Silence | Feed::Lost => silence,
            Feed::Coded(payload) => payload,
            Feed::Narrow(samples) if self.codec.is_narrow() => {
                self.left_out = 0;
                return self.encoder.encode(samples, Band::Narrow, out);
            }
            Feed::Narrow(samples) => {
                self.left_out = 0;
                if !up_used {
                    self.up.reset();
                }
                self.up_used = true;
                let mut wide = [0; WIDE];
                self.up.process(samples, &mut wide);
                return self.encoder.encode(&wide, Band::Narrow, out);
            }
            Feed::Wide(samples, band) if !self.codec.is_narrow() => {
                self.left_out = 0;
                return self.encoder.encode(samples, band, out);
            }
            Feed::Wide(samples, _) => {
                self.left_out = 0;
                if !down_used {
                    self.down.reset();
                }
                self.down_used = true;
                let mut narrow = [0; NARROW];
                self.down.process(samples, &mut narrow);
                return self.encoder.encode(&narrow, Band::Narrow, out);
            }
        };
        if !matches!(feed, Feed::Lost) {
            self.left_out = 0;
        }
        let n = coded.len().min(out.len());
        out[..n].copy_from_slice(&coded[..n]);
        n
    }

    #[expect(clippy::too_many_arguments, reason = "one packet's parts, used in two places above")]
    fn send(
        &mut self,
        leg: Slot,
        to: Option<SocketAddr>,
        pt: PayloadType,
        timestamp: u32,
        packet: &mut [u8; PACKET_BYTES],
        length: usize,
        sink: &mut impl Sink,
    ) {
        let whole = HEADER_BYTES + length;
        if self.framed {
            sink.frame(leg, pt, timestamp, &packet[HEADER_BYTES..whole]);
        } else if let Some(to) = to {
            Packet::write_header(packet, self.marker, pt, self.seq, timestamp, self.ssrc);
            sink.rtp(leg, to, &packet[..whole]);
        }
        self.marker = false;
        self.seq = self.seq.wrapping_add(1);
        self.packets += 1;
        self.octets += length as u64;
    }
}
