//! From packets to 20 ms of sound: decoding, concealment, and the rates that listeners need, each only where needed.
//!
//! Promises: no allocation in `hear`; packets of any length give frames of 20 ms; a packet that needs nothing done to it
//! is there unchanged as well.

use std::time::Duration;

use kernel::Time;

use super::conceal::{Concealer, is_quiet, join};
use super::jitter::{Entry, Jitter, Pull};
use crate::codecs::{Decode, LONGEST, NARROW, WIDE};
use crate::io::Codec;
use crate::resample::{Downsampler, Upsampler};

/// A frame is dropped from speech rather than from a pause after this long a wait for a pause.
const PATIENCE: Duration = Duration::from_secs(2);
/// Least time between two dropped frames.
const SHRINK_EVERY: Duration = Duration::from_millis(500);

/// What the listeners of a leg need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wants {
    // One bit for each codec that somebody sends it on with (by `Codec::index`).
    relays: u8,
    /// Samples at 8 kHz in any case.
    pub(crate) narrow: bool,
    /// Samples at 16 kHz in any case.
    pub(crate) wide: bool,
}

impl Wants {
    /// Samples at 8 kHz, at 16 kHz.
    pub(crate) fn rates_of(narrow: bool, wide: bool) -> Self {
        Self { relays: 0, narrow, wide }
    }

    /// Somebody sends it on with this codec.
    pub(crate) fn relay(&mut self, codec: Codec) {
        self.relays |= 1 << codec.index();
    }

    fn nothing(self) -> bool {
        self == Self::default()
    }

    /// Whether a frame of this codec can be sent on as it is to all who want it.
    fn only_as_is(self, codec: Codec) -> bool {
        self.relays == 1 << codec.index() && !self.narrow && !self.wide
    }

    /// Rates needed (8 kHz, 16 kHz) when `done` is served with the packet as it is.
    fn rates(self, done: Option<Codec>) -> (bool, bool) {
        let left = self.relays & !done.map_or(0, |codec| 1 << codec.index());
        let g711 = 1 << Codec::Pcmu.index() | 1 << Codec::Pcma.index();
        (self.narrow || left & g711 != 0, self.wide || left & !g711 != 0)
    }
}

/// Where the present 20 ms come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nobody speaks: silence.
    Nothing,
    /// Packets.
    Live,
    /// Concealment.
    Filled,
}

/// What a leg says, 20 ms at a time.
pub(crate) struct Hearing {
    codec: Codec,
    decoders: [Option<Box<dyn Decode>>; 4],
    stale: bool,
    concealer: Concealer,
    // Decoded and not yet played, at the codec's rate.
    pcm: Box<[i16; LONGEST + 2 * WIDE]>,
    len: usize,
    up: Upsampler,
    up_used: bool,
    down: Downsampler,
    down_used: bool,
    kind: Kind,
    has_samples: bool,
    coded: Option<Entry>,
    narrow: [i16; NARROW],
    wide: [i16; WIDE],
    zeroed: bool,
    concealed: u64,
    shrink_wanted: Option<Time>,
    shrunk: Time,
}

impl Hearing {
    pub(super) fn new() -> Self {
        Self {
            codec: Codec::Pcmu,
            decoders: [const { None }; 4],
            stale: false,
            concealer: Concealer::new(),
            pcm: Box::new([0; LONGEST + 2 * WIDE]),
            len: 0,
            up: Upsampler::new(),
            up_used: false,
            down: Downsampler::new(),
            down_used: false,
            kind: Kind::Nothing,
            has_samples: true,
            coded: None,
            narrow: [0; NARROW],
            wide: [0; WIDE],
            zeroed: true,
            concealed: 0,
            shrink_wanted: None,
            shrunk: Time::ZERO,
        }
    }

    /// Makes a decoder ahead of the first packet.
    pub(super) fn prepare(&mut self, codec: Codec) {
        self.decoders[codec.index()].get_or_insert_with(codec.info().decoder);
    }

    /// The codec of the last packet.
    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    pub(super) fn concealed(&self) -> u64 {
        self.concealed
    }

    /// Where the present 20 ms come from.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The codec it came with was a telephone's.
    pub(crate) fn is_narrow(&self) -> bool {
        self.codec.is_narrow()
    }

    /// False when a frame was lost that nobody decodes: whoever sends it on leaves it out, and the far end conceals.
    pub(crate) fn has_samples(&self) -> bool {
        self.has_samples
    }

    /// At 8 kHz; valid when wanted.
    pub(crate) fn narrow(&self) -> &[i16; NARROW] {
        &self.narrow
    }

    /// At 16 kHz; valid when wanted.
    pub(crate) fn wide(&self) -> &[i16; WIDE] {
        &self.wide
    }

    pub(super) fn coded(&self, codec: Codec) -> Option<&Entry> {
        self.coded.as_ref().filter(|entry| entry.codec == codec)
    }

    /// Takes the next 20 ms from the buffer.
    pub(super) fn hear(&mut self, now: Time, jitter: &mut Jitter, wants: Wants, key_down: bool) {
        self.coded = None;
        let mut kind = if self.len > 0 { self.kind } else { Kind::Live };
        let alone = self.len == 0;
        let mut decoded = true;
        let mut pulled: Option<Entry> = None;
        while self.len < self.codec.frame() {
            let ahead_us = self.len as i64 * 1_000_000 / i64::from(self.codec.info().rate);
            match jitter.pull(now, ahead_us) {
                Pull::Idle => {
                    if self.len == 0 {
                        return self.be_silent();
                    }
                    self.fill_with_silence();
                }
                Pull::Pause => {
                    kind = Kind::Filled;
                    self.fill_with_silence();
                }
                Pull::Packet(entry) => {
                    pulled = Some(entry);
                    if entry.codec != self.codec {
                        self.turn_to(entry.codec);
                    }
                    let blended = self.concealer.is_filling();
                    decoded = self.take(&entry, jitter.payload(&entry), wants);
                    if alone && !blended && self.len == self.codec.frame() {
                        self.coded = Some(entry);
                    }
                }
                Pull::Lost(next) => {
                    kind = Kind::Filled;
                    decoded = self.conceal(next.map(|entry| jitter.payload(&entry)), wants, key_down);
                }
                Pull::Missing => {
                    kind = Kind::Filled;
                    decoded = self.conceal(None, wants, key_down);
                }
            }
        }
        if self.coded.is_some() && pulled.is_some() {
            self.shrink(now, jitter, wants, decoded);
        }
        self.kind = kind;
        self.has_samples = decoded;
        self.deliver(wants);
    }

    fn be_silent(&mut self) {
        self.kind = Kind::Nothing;
        self.has_samples = true;
        if !self.zeroed {
            self.narrow.fill(0);
            self.wide.fill(0);
            self.zeroed = true;
            self.concealer.reset();
        }
        self.up_used = false;
        self.down_used = false;
    }

    fn turn_to(&mut self, codec: Codec) {
        self.codec = codec;
        self.len = 0;
        self.stale = true;
        self.concealer.reset();
        self.up_used = false;
        self.down_used = false;
    }

    /// Decodes a packet behind what is there. False: it went by undecoded.
    fn take(&mut self, entry: &Entry, payload: &[u8], wants: Wants) -> bool {
        let rate = self.codec.info().rate;
        let samples = (entry.duration * i64::from(rate) / i64::from(self.codec.clock())) as usize;
        let room = self.pcm.len() - self.len;
        let undecoded = wants.nothing()
            || (!self.codec.is_narrow()
                && wants.only_as_is(self.codec)
                && self.len == 0
                && samples == self.codec.frame());
        if undecoded {
            let n = samples.min(room);
            self.pcm[self.len..self.len + n].fill(0);
            self.len += n;
            self.stale = true;
            return false;
        }
        let end = self.len + samples.min(room).min(LONGEST);
        let got = match &mut self.decoders[self.codec.index()] {
            Some(decoder) => {
                if std::mem::take(&mut self.stale) {
                    decoder.reset();
                }
                decoder.decode(payload, &mut self.pcm[self.len..end])
            }
            None => 0,
        };
        if got == 0 {
            return self.conceal(None, wants, false);
        }
        let fresh = &mut self.pcm[self.len..self.len + got];
        if self.codec != Codec::Opus {
            self.concealer.arrived(fresh, rate);
        }
        self.len += got;
        true
    }

    /// Fills in 20 ms. False: nobody needs samples of it.
    fn conceal(&mut self, next: Option<&[u8]>, wants: Wants, key_down: bool) -> bool {
        if key_down {
            self.fill_with_silence();
            return true;
        }
        self.concealed += 1;
        let frame = self.codec.frame();
        if wants.nothing() || (!self.codec.is_narrow() && wants.only_as_is(self.codec)) {
            self.fill_with_silence();
            return false;
        }
        let out = &mut self.pcm[self.len..self.len + frame];
        let own =
            self.decoders[self.codec.index()].as_mut().is_some_and(|decoder| decoder.conceal(next, out));
        if !own {
            self.concealer.fill(out, self.codec.info().rate);
        }
        self.len += frame;
        true
    }

    fn fill_with_silence(&mut self) {
        let frame = self.codec.frame();
        self.pcm[self.len..self.len + frame].fill(0);
        self.len += frame;
        self.concealer.reset();
    }

    /// Leaves 20 ms out where the buffer holds more than it needs: in a pause, or if none comes, where it is heard least.
    fn shrink(&mut self, now: Time, jitter: &mut Jitter, wants: Wants, decoded: bool) {
        if !jitter.may_shrink() {
            self.shrink_wanted = None;
            return;
        }
        let since = *self.shrink_wanted.get_or_insert(now);
        let frame = self.codec.frame();
        let quiet = decoded && is_quiet(&self.pcm[..frame]);
        let due = quiet || now.since(since) >= PATIENCE;
        if !due || now.since(self.shrunk) < SHRINK_EVERY || !jitter.next_is_here() {
            return;
        }
        let Pull::Packet(next) = jitter.pull(now, 0) else { return };
        self.shrunk = now;
        if next.codec != self.codec {
            return;
        }
        self.take(&next, jitter.payload(&next), wants);
        let (first, second) = self.pcm.split_at_mut(frame);
        let second = &second[..(self.len - frame).min(frame)];
        if decoded && second.len() == frame {
            join(first, second);
        }
        self.coded = (quiet || !decoded).then_some(next);
        self.len = frame;
    }

    /// Moves a frame out of the store, at the rates that are wanted.
    fn deliver(&mut self, wants: Wants) {
        self.zeroed = false;
        let frame = self.codec.frame();
        let (needs_narrow, needs_wide) = wants.rates(self.coded.map(|entry| entry.codec));
        if self.codec.is_narrow() {
            self.narrow.copy_from_slice(&self.pcm[..NARROW]);
            if needs_wide {
                if !self.up_used {
                    self.up.reset();
                }
                self.up.process(&self.narrow, &mut self.wide);
            }
            self.up_used = needs_wide;
        } else {
            self.wide.copy_from_slice(&self.pcm[..WIDE]);
            if needs_narrow {
                if !self.down_used {
                    self.down.reset();
                }
                self.down.process(&self.wide, &mut self.narrow);
            }
            self.down_used = needs_narrow;
        }
        self.pcm.copy_within(frame..self.len, 0);
        self.len -= frame;
    }
}
