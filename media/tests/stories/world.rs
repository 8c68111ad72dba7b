//! A virtual world for the engine: phones that send tones and keep what they hear, a clock that only moves when told.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use kernel::{Rng, Time};
use media::{
    Codec, Direction, Engine, Event, LegSetup, Order, PayloadType, Repeat, Sink, Slot, Source, TapFrame,
};

/// A packet that the engine sent, as any RTP peer reads it.
#[derive(Clone, Debug)]
pub struct Sent {
    pub at: Time,
    pub to: SocketAddr,
    pub marker: bool,
    pub pt: u8,
    pub seq: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: Vec<u8>,
}

/// Everything that came out.
#[derive(Default)]
pub struct Out {
    pub now: Time,
    pub rtp: BTreeMap<Slot, Vec<Sent>>,
    pub rtcp: BTreeMap<Slot, Vec<(SocketAddr, Vec<u8>)>>,
    pub frames: BTreeMap<Slot, Vec<(u8, u32, Vec<u8>)>>,
    pub events: BTreeMap<Slot, Vec<Event>>,
    pub taps: BTreeMap<Slot, Vec<(bool, Vec<i16>)>>,
}

impl Sink for Out {
    fn rtp(&mut self, leg: Slot, to: SocketAddr, bytes: &[u8]) {
        assert_eq!(bytes[0], 0x80, "plain header");
        let sent = Sent {
            at: self.now,
            to,
            marker: bytes[1] & 0x80 != 0,
            pt: bytes[1] & 0x7F,
            seq: u16::from_be_bytes([bytes[2], bytes[3]]),
            timestamp: u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
            ssrc: u32::from_be_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]),
            payload: bytes[12..].to_vec(),
        };
        self.rtp.entry(leg).or_default().push(sent);
    }

    fn rtcp(&mut self, leg: Slot, to: SocketAddr, bytes: &[u8]) {
        self.rtcp.entry(leg).or_default().push((to, bytes.to_vec()));
    }

    fn frame(&mut self, leg: Slot, pt: PayloadType, timestamp: u32, payload: &[u8]) {
        self.frames.entry(leg).or_default().push((pt, timestamp, payload.to_vec()));
    }

    fn event(&mut self, leg: Slot, event: Event) {
        self.events.entry(leg).or_default().push(event);
    }

    fn tap(&mut self, leg: Slot, frame: TapFrame<'_>) {
        self.taps.entry(leg).or_default().push((frame.live, frame.samples.to_vec()));
    }
}

/// A phone's encoder: independent of the engine's where that costs little.
enum Coder {
    Ulaw,
    Alaw,
    G722(Box<audio_codec::g722::G722Encoder>),
    Opus(opus::Encoder),
}

/// A phone on a leg.
pub struct Phone {
    pub leg: Slot,
    pub codec: Codec,
    pub address: SocketAddr,
    coder: Coder,
    pub pt: u8,
    pub ssrc: u32,
    pub seq: u16,
    pub timestamp: u32,
    /// Hertz of what it says; 0 for silence, `None` for no packets at all.
    pub says: Option<f64>,
    phase: f64,
    framed: bool,
}

/// The number that a phone uses for a codec.
pub fn number(codec: Codec) -> u8 {
    match codec {
        Codec::Pcmu => 0,
        Codec::Pcma => 8,
        Codec::G722 => 9,
        Codec::Opus => 107,
    }
}

/// Samples per second of a codec's audio.
pub fn rate(codec: Codec) -> u32 {
    if matches!(codec, Codec::Pcmu | Codec::Pcma) { 8000 } else { 16_000 }
}

pub fn address(n: u32) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, n as u8], 4000 + 2 * n as u16))
}

/// A usual setup of a phone with one codec and telephone events.
pub fn setup(codec: Codec, remote: Option<SocketAddr>) -> LegSetup {
    LegSetup {
        send: (codec, number(codec)),
        receive: vec![(codec, number(codec))],
        dtmf: vec![(101, codec.clock())],
        direction: Direction::SendRecv,
        remote,
        rtcp_mux: false,
    }
}

impl Phone {
    pub fn new(n: u32, codec: Codec) -> Self {
        let coder = match codec {
            Codec::Pcmu => Coder::Ulaw,
            Codec::Pcma => Coder::Alaw,
            Codec::G722 => Coder::G722(Box::default()),
            Codec::Opus => Coder::Opus(
                opus::Encoder::new(16_000, opus::Channels::Mono, opus::Application::Voip).expect("opus"),
            ),
        };
        Self {
            leg: Slot(n),
            codec,
            address: address(n),
            coder,
            pt: number(codec),
            ssrc: 0x1000 + n,
            seq: 65_000,
            timestamp: 0xFFFF_0000,
            says: Some(0.0),
            phase: 0.0,
            framed: false,
        }
    }

    /// 20 ms of what it says.
    fn payload(&mut self) -> Vec<u8> {
        let rate = rate(self.codec);
        let f = self.says.unwrap_or(0.0);
        let samples: Vec<i16> = (0..rate / 50)
            .map(|_| {
                self.phase += std::f64::consts::TAU * f / f64::from(rate);
                (8000.0 * self.phase.sin()) as i16
            })
            .collect();
        self.encode(&samples)
    }

    pub fn encode(&mut self, samples: &[i16]) -> Vec<u8> {
        match &mut self.coder {
            Coder::Ulaw => code(&mut audio_codec::pcmu::PcmuEncoder::new(), samples),
            Coder::Alaw => code(&mut audio_codec::pcma::PcmaEncoder::new(), samples),
            Coder::G722(coder) => code(&mut **coder, samples),
            Coder::Opus(coder) => coder.encode_vec(samples, 400).expect("opus"),
        }
    }

    /// The next packet, and its number and timestamp go on.
    pub fn packet(&mut self) -> Vec<u8> {
        let payload = self.payload();
        let bytes = self.wrap(self.pt, false, self.timestamp, &payload);
        self.timestamp = self.timestamp.wrapping_add(self.codec.clock() / 50);
        bytes
    }

    /// Any payload with the next sequence number.
    pub fn wrap(&mut self, pt: u8, marker: bool, timestamp: u32, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x80, pt | u8::from(marker) << 7];
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(timestamp.to_be_bytes());
        bytes.extend(self.ssrc.to_be_bytes());
        bytes.extend(payload);
        self.seq = self.seq.wrapping_add(1);
        bytes
    }
}

/// Payload of samples by the audio-codec crate, which shares no code with the engine's G.711.
fn code(coder: &mut dyn audio_codec::Encoder, samples: &[i16]) -> Vec<u8> {
    let mut out = vec![0; samples.len()];
    let n = coder.encode_into(samples, &mut out).expect("room enough");
    out.truncate(n);
    out
}

/// Samples of a payload by the audio-codec crate.
fn uncode(decoder: &mut dyn audio_codec::Decoder, payload: &[u8]) -> Vec<i16> {
    let mut out = vec![0; 2 * payload.len()];
    let n = decoder.decode_into(payload, &mut out).expect("room enough");
    out.truncate(n);
    out
}

/// The engine, its phones and the clock.
pub struct World {
    pub engine: Engine,
    pub out: Out,
    pub phones: BTreeMap<u32, Phone>,
    pub rng: Rng,
    /// Part of the phones' packets that get lost, in per mille.
    pub loss: u64,
}

impl World {
    pub fn new() -> Self {
        Self {
            engine: Engine::new(1),
            out: Out::default(),
            phones: BTreeMap::new(),
            rng: Rng::seeded(7),
            loss: 0,
        }
    }

    pub fn order(&mut self, order: Order) {
        self.engine.order(self.out.now, order, &mut self.out);
    }

    /// Opens a leg with a phone on it that says a tone.
    pub fn phone(&mut self, n: u32, codec: Codec, says: Option<f64>) -> Slot {
        let mut phone = Phone::new(n, codec);
        phone.says = says;
        let setup = setup(codec, Some(phone.address));
        self.order(Order::Open { leg: phone.leg, setup });
        let leg = phone.leg;
        self.phones.insert(n, phone);
        leg
    }

    /// Opens a leg whose packets go as frames (a browser).
    pub fn browser(&mut self, n: u32, says: Option<f64>) -> Slot {
        let leg = self.phone(n, Codec::Opus, says);
        self.order(Order::Open { leg, setup: setup(Codec::Opus, None) });
        self.phones.get_mut(&n).expect("just put in").framed = true;
        leg
    }

    /// One tick: every phone sends its packet 5 ms before it.
    pub fn tick(&mut self) {
        let tick = self.out.now + Duration::from_millis(20);
        self.out.now = self.out.now + Duration::from_millis(15);
        for phone in self.phones.values_mut().filter(|phone| phone.says.is_some()) {
            let bytes = phone.packet();
            if self.rng.below(1000) < self.loss {
                continue;
            }
            let now = self.out.now;
            if phone.framed {
                let (seq, ts) = (phone.seq.wrapping_sub(1), phone.timestamp.wrapping_sub(960));
                self.engine.frame(now, phone.leg, phone.pt, seq, ts, &bytes[12..], &mut self.out);
            } else {
                self.engine.rtp(now, phone.leg, phone.address, &bytes, &mut self.out);
            }
        }
        self.out.now = tick;
        self.engine.tick(tick, &mut self.out);
    }

    pub fn run_ms(&mut self, millis: u64) {
        for _ in 0..millis / 20 {
            self.tick();
        }
    }

    /// Forgets what came out.
    pub fn forget(&mut self) {
        self.out.rtp.clear();
        self.out.frames.clear();
        self.out.taps.clear();
        self.out.events.clear();
    }

    pub fn sent(&self, leg: Slot) -> &[Sent] {
        self.out.rtp.get(&leg).map_or(&[], Vec::as_slice)
    }

    pub fn events(&self, leg: Slot) -> &[Event] {
        self.out.events.get(&leg).map_or(&[], Vec::as_slice)
    }

    pub fn digits(&self, leg: Slot) -> String {
        let digit = |event: &Event| match event {
            Event::Digit(key) => Some(*key),
            _ => None,
        };
        self.events(leg).iter().filter_map(digit).collect()
    }

    /// What a leg was sent, as sound.
    pub fn hears(&self, leg: Slot) -> Heard {
        let codec = self.phones[&leg.0].codec;
        let coded: Vec<&[u8]> = match self.out.frames.get(&leg) {
            Some(frames) => frames.iter().filter(|f| f.0 == number(codec)).map(|f| &f.2[..]).collect(),
            None => self.sent(leg).iter().filter(|s| s.pt == number(codec)).map(|s| &s.payload[..]).collect(),
        };
        Heard { samples: decode(codec, &coded), rate: f64::from(rate(codec)) }
    }
}

/// Decodes payloads with decoders of the tests' own.
pub fn decode(codec: Codec, payloads: &[&[u8]]) -> Vec<i16> {
    match codec {
        Codec::Pcmu => {
            payloads.iter().flat_map(|p| uncode(&mut audio_codec::pcmu::PcmuDecoder::new(), p)).collect()
        }
        Codec::Pcma => {
            payloads.iter().flat_map(|p| uncode(&mut audio_codec::pcma::PcmaDecoder::new(), p)).collect()
        }
        Codec::G722 => {
            let mut decoder = audio_codec::g722::G722Decoder::new();
            payloads.iter().flat_map(|p| uncode(&mut decoder, p)).collect()
        }
        Codec::Opus => {
            let mut decoder = opus::Decoder::new(16_000, opus::Channels::Mono).expect("opus");
            let mut samples = Vec::new();
            for payload in payloads {
                let mut pcm = [0; 1920];
                let n = decoder.decode(payload, &mut pcm, false).expect("a valid packet");
                samples.extend(&pcm[..n]);
            }
            samples
        }
    }
}

/// Sound that was heard.
pub struct Heard {
    pub samples: Vec<i16>,
    pub rate: f64,
}

impl Heard {
    /// Without the first part.
    pub fn after_ms(&self, millis: usize) -> Heard {
        let from = (self.rate as usize * millis / 1000).min(self.samples.len());
        Heard { samples: self.samples[from..].to_vec(), rate: self.rate }
    }

    /// Amplitude of a tone in it, looked for in pieces of 100 ms so that jumps of phase do not matter.
    pub fn tone(&self, f: f64) -> f64 {
        let piece = self.rate as usize / 10;
        let pieces: Vec<f64> = self
            .samples
            .chunks_exact(piece)
            .map(|chunk| {
                let (mut re, mut im) = (0.0, 0.0);
                for (k, s) in chunk.iter().enumerate() {
                    // Hann window: what is 30 Hz away is gone.
                    let window = 1.0 - (std::f64::consts::TAU * k as f64 / piece as f64).cos();
                    let angle = std::f64::consts::TAU * f * k as f64 / self.rate;
                    re += window * f64::from(*s) * angle.cos();
                    im += window * f64::from(*s) * angle.sin();
                }
                2.0 * (re * re + im * im).sqrt() / piece as f64
            })
            .collect();
        pieces.iter().sum::<f64>() / pieces.len().max(1) as f64
    }

    /// Root of the mean square.
    pub fn rms(&self) -> f64 {
        let sum: f64 = self.samples.iter().map(|s| f64::from(*s).powi(2)).sum();
        (sum / self.samples.len().max(1) as f64).sqrt()
    }
}

/// A tone as a prompt.
pub fn prompt(name: &str, rate: u32, f: f64, millis: u32) -> std::sync::Arc<Source> {
    let samples = (0..rate * millis / 1000)
        .map(|k| (8000.0 * (std::f64::consts::TAU * f * f64::from(k) / f64::from(rate)).sin()) as i16)
        .collect();
    std::sync::Arc::new(Source { name: name.into(), rate, samples })
}

/// Plays a tone to a leg.
pub fn play(leg: Slot, rate: u32, f: f64, millis: u32, repeat: Repeat, token: u64) -> Order {
    Order::Play { leg, sources: vec![prompt("tone", rate, f, millis)], repeat, token }
}
