//! What a tick costs: microseconds a leg and tick for what legs mostly do, measured without sockets.
//! `cargo run -p media --release --example tick_cost`

#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::Time;
use media::{
    Codec, Direction, Engine, Event, LegSetup, Order, PayloadType, Repeat, Sink, Slot, TapFrame, tones,
};

/// Takes what comes and counts it.
#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn rtp(&mut self, _: Slot, _: SocketAddr, bytes: &[u8]) {
        self.0 += bytes.len() as u64;
    }
    fn rtcp(&mut self, _: Slot, _: SocketAddr, _: &[u8]) {}
    fn frame(&mut self, _: Slot, _: PayloadType, _: u32, _: &[u8]) {}
    fn event(&mut self, _: Slot, _: Event) {}
    fn tap(&mut self, _: Slot, _: TapFrame<'_>) {}
}

const TICKS: u32 = 500;

fn number(codec: Codec) -> u8 {
    codec.info().payload_type.unwrap_or(107)
}

fn address(n: u32) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 2000 + 2 * n as u16))
}

/// 20 ms of voice-like sound in the form of a codec, over and over.
fn spoken(codec: Codec) -> Vec<Vec<u8>> {
    let mut engine = Engine::new(1);
    let mut kept = Kept(Vec::new());
    let setup = setup(codec, 0);
    engine.order(Time::ZERO, Order::Open { leg: Slot(0), setup }, &mut kept);
    let music = Arc::new(tones::hold_music(16_000));
    let play = Order::Play { leg: Slot(0), sources: vec![music], repeat: Repeat::Forever, token: 0 };
    engine.order(Time::ZERO, play, &mut kept);
    for tick in 1..=TICKS {
        engine.tick(Time::from_millis(u64::from(tick) * 20), &mut kept);
    }
    kept.0
}

struct Kept(Vec<Vec<u8>>);

impl Sink for Kept {
    fn rtp(&mut self, _: Slot, _: SocketAddr, bytes: &[u8]) {
        self.0.push(bytes[12..].to_vec());
    }
    fn rtcp(&mut self, _: Slot, _: SocketAddr, _: &[u8]) {}
    fn frame(&mut self, _: Slot, _: PayloadType, _: u32, _: &[u8]) {}
    fn event(&mut self, _: Slot, _: Event) {}
    fn tap(&mut self, _: Slot, _: TapFrame<'_>) {}
}

fn setup(codec: Codec, n: u32) -> LegSetup {
    LegSetup {
        send: (codec, number(codec)),
        receive: vec![(codec, number(codec))],
        dtmf: vec![(101, codec.clock())],
        direction: Direction::SendRecv,
        remote: Some(address(n)),
        rtcp_mux: false,
    }
}

/// Runs legs with these codecs that all speak; `orders` sets them to work. Returns µs a leg and tick.
fn measure(codecs: &[Codec], orders: impl Fn(&mut Engine, &mut Count)) -> f64 {
    let mut engine = Engine::new(1);
    let mut sink = Count::default();
    for (n, codec) in codecs.iter().enumerate() {
        let order = Order::Open { leg: Slot(n as u32), setup: setup(*codec, n as u32) };
        engine.order(Time::ZERO, order, &mut sink);
    }
    orders(&mut engine, &mut sink);
    let voices: Vec<(Codec, Vec<Vec<u8>>)> =
        [Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus].map(|codec| (codec, spoken(codec))).into();
    let mut spent = Duration::ZERO;
    let mut packet = vec![0u8; 1500];
    for tick in 1..=TICKS {
        let now = Time::from_millis(u64::from(tick) * 20);
        let began = Instant::now();
        for (n, codec) in codecs.iter().enumerate() {
            let Some((_, voice)) = voices.iter().find(|(of, _)| of == codec) else { continue };
            let payload = &voice[tick as usize % voice.len()];
            packet[0] = 0x80;
            packet[1] = number(*codec);
            packet[2..4].copy_from_slice(&(tick as u16).to_be_bytes());
            packet[4..8].copy_from_slice(&(tick * codec.clock() / 50).to_be_bytes());
            packet[8..12].copy_from_slice(&(n as u32 + 1).to_be_bytes());
            packet[12..12 + payload.len()].copy_from_slice(payload);
            engine.rtp(now, Slot(n as u32), address(n as u32), &packet[..12 + payload.len()], &mut sink);
        }
        engine.tick(now, &mut sink);
        spent += began.elapsed();
    }
    spent.as_secs_f64() * 1e6 / f64::from(TICKS) / codecs.len() as f64
}

fn bridges(legs: u32, size: u32) -> impl Fn(&mut Engine, &mut Count) {
    move |engine, sink| {
        for first in (0..legs).step_by(size as usize) {
            let legs = (first..first + size).map(Slot).collect();
            engine.order(Time::ZERO, Order::Bridge { legs }, sink);
        }
    }
}

fn play_to_all(legs: u32) -> impl Fn(&mut Engine, &mut Count) {
    move |engine, sink| {
        let music = Arc::new(tones::hold_music(8000));
        for n in 0..legs {
            let sources = vec![Arc::clone(&music)];
            let order = Order::Play { leg: Slot(n), sources, repeat: Repeat::Forever, token: 0 };
            engine.order(Time::ZERO, order, sink);
        }
    }
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:<44} {:>12} {:>14}", "each leg speaks, and", "us/leg/tick", "% of a core")?;
    let mut row = |name: &str, us: f64| writeln!(out, "{name:<44} {us:>12.2} {:>14.3}", us / 200.0);
    let pairs =
        |one, other| -> Vec<Codec> { (0..100).map(|n| if n % 2 == 0 { one } else { other }).collect() };
    row("hears silence, PCMU", measure(&[Codec::Pcmu; 200], |_, _| {}))?;
    for codec in [Codec::Pcmu, Codec::G722, Codec::Opus] {
        row(&format!("hears a prompt, {codec:?}"), measure(&[codec; 200], play_to_all(200)))?;
    }
    for (one, other) in [
        (Codec::Pcmu, Codec::Pcmu),
        (Codec::Pcmu, Codec::Pcma),
        (Codec::Pcmu, Codec::G722),
        (Codec::Pcmu, Codec::Opus),
        (Codec::Opus, Codec::Opus),
    ] {
        row(&format!("is bridged, {one:?} to {other:?}"), measure(&pairs(one, other), bridges(100, 2)))?;
    }
    row("is in a conference of five, PCMU", measure(&[Codec::Pcmu; 100], bridges(100, 5)))?;
    row(
        "is bridged and tapped, PCMU",
        measure(&[Codec::Pcmu; 100], |engine, sink| {
            bridges(100, 2)(engine, sink);
            for n in 0..100 {
                engine.order(Time::ZERO, Order::Tap { leg: Slot(n), on: true }, sink);
            }
        }),
    )?;
    Ok(())
}
