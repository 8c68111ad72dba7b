//! The tick and the packets' way never ask for memory: an allocator that counts watches fifty legs at everything they do.

#![expect(unsafe_code, reason = "a counting allocator can be written in no other way")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::net::SocketAddr;
use std::sync::Arc;

use kernel::{Rng, Time};
use media::srtp::{Keys, MasterKey, Protection, Suite};
use media::{
    Codec, Direction, Engine, Event, LegSetup, Order, PayloadType, Repeat, Sink, Slot, Source, TapFrame,
};

thread_local! {
    static COUNT: Cell<Option<u64>> = const { Cell::new(None) };
}

struct Counting;

fn count() {
    // Ignored while the thread goes down.
    let _ = COUNT.try_with(|count| count.set(count.get().map(|n| n + 1)));
}

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as the caller promised.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Counts what comes out, and keeps nothing.
#[derive(Default)]
struct Tally {
    packets: u64,
    taps: u64,
    digits: u64,
    played: u64,
}

impl Sink for Tally {
    fn rtp(&mut self, _: Slot, _: SocketAddr, _: &[u8]) {
        self.packets += 1;
    }
    fn rtcp(&mut self, _: Slot, _: SocketAddr, _: &[u8]) {}
    fn frame(&mut self, _: Slot, _: PayloadType, _: u32, _: &[u8]) {
        self.packets += 1;
    }
    fn event(&mut self, _: Slot, event: Event) {
        match event {
            Event::Digit(_) => self.digits += 1,
            Event::Played { .. } => self.played += 1,
            Event::AudioBegan | Event::AudioMissing | Event::AudioBack => {}
        }
    }
    fn tap(&mut self, _: Slot, _: TapFrame<'_>) {
        self.taps += 1;
    }
}

const CODECS: [(Codec, u8); 4] = [(Codec::Pcmu, 0), (Codec::Pcma, 8), (Codec::G722, 9), (Codec::Opus, 107)];

fn setup(n: u32) -> LegSetup {
    let (codec, pt) = CODECS[n as usize % 4];
    let framed = n % 8 == 7;
    LegSetup {
        send: (codec, pt),
        receive: CODECS.to_vec(),
        dtmf: if n.is_multiple_of(3) { Vec::new() } else { vec![(101, codec.clock())] },
        direction: Direction::SendRecv,
        remote: (!framed).then(|| SocketAddr::from(([127, 0, 0, 1], 5000 + n as u16))),
        rtcp_mux: false,
    }
}

fn open_all(engine: &mut Engine, sink: &mut Tally) {
    let prompt = |rate: u32| {
        let samples: Vec<i16> = (0..rate).map(|k| ((k * 37) % 8000) as i16).collect();
        Arc::new(Source { name: "noise".into(), rate, samples: samples.into() })
    };
    let (narrow, wide) = (prompt(8000), prompt(16_000));
    for n in 0..50u32 {
        engine.order(Time::ZERO, Order::Open { leg: Slot(n), setup: setup(n) }, sink);
        engine.order(Time::ZERO, Order::Watch { leg: Slot(n), on: true }, sink);
        engine.order(Time::ZERO, Order::Tap { leg: Slot(n), on: n % 2 == 0 }, sink);
        engine.order(Time::ZERO, Order::SendDigits { leg: Slot(n), digits: "12#".into() }, sink);
    }
    for n in (0..16).step_by(2) {
        engine.order(Time::ZERO, Order::Bridge { legs: vec![Slot(n), Slot(n + 1)] }, sink);
    }
    engine.order(Time::ZERO, Order::Bridge { legs: (16..24).map(Slot).collect() }, sink);
    engine.order(Time::ZERO, Order::Bridge { legs: vec![Slot(24), Slot(25), Slot(28)] }, sink);
    for n in 30..46 {
        let sources = vec![Arc::clone(&narrow), Arc::clone(&wide)];
        let repeat = if n % 2 == 0 { Repeat::Once } else { Repeat::Forever };
        engine.order(Time::ZERO, Order::Play { leg: Slot(n), sources, repeat, token: 1 }, sink);
    }
    // A listener, and a whisper into a bridge of two and one of eight.
    engine.order(Time::ZERO, Order::Hear { leg: Slot(26), also: vec![Slot(0), Slot(1)] }, sink);
    engine.order(Time::ZERO, Order::Hear { leg: Slot(0), also: vec![Slot(26)] }, sink);
    engine.order(Time::ZERO, Order::Hear { leg: Slot(17), also: vec![Slot(27)] }, sink);
    for n in 46..50 {
        engine.order(Time::ZERO, Order::Echo { leg: Slot(n), on: true }, sink);
    }
}

/// A packet for a leg, into a buffer on the stack: audio of its codec, or garbage, or an event.
fn packet(n: u32, tick: u32, rng: &mut Rng, opus: &[u8], out: &mut [u8; 1500]) -> usize {
    let (codec, pt) = CODECS[n as usize % 4];
    out[0] = 0x80;
    out[1] = pt;
    out[2..4].copy_from_slice(&(tick as u16).to_be_bytes());
    out[4..8].copy_from_slice(&(tick * codec.clock() / 50).to_be_bytes());
    out[8..12].copy_from_slice(&n.to_be_bytes());
    let length = if codec == Codec::Opus {
        out[12..12 + opus.len()].copy_from_slice(opus);
        opus.len()
    } else {
        out[12..172].fill(0x55 ^ tick as u8);
        160
    };
    match rng.below(40) {
        0 => {
            out[1] = 101;
            out[12..16].copy_from_slice(&[(tick % 12) as u8, 0x0A, 0, 160]);
            16
        }
        1 => {
            out[1] = 99;
            12 + rng.below(1400) as usize
        }
        _ => 12 + length,
    }
}

#[test]
fn fifty_legs_for_twenty_seconds_ask_for_no_memory() {
    let mut encoder =
        opus::Encoder::new(16_000, opus::Channels::Mono, opus::Application::Voip).expect("opus");
    let tone: Vec<i16> = (0..320).map(|k| (k * 91 % 9000) as i16).collect();
    let coded = encoder.encode_vec(&tone, 400).expect("opus");
    let mut engine = Engine::new(3);
    let mut sink = Tally::default();
    open_all(&mut engine, &mut sink);
    let mut rng = Rng::seeded(4);
    let mut bytes = [0u8; 1500];
    COUNT.with(|count| count.set(Some(0)));
    for tick in 1..=1000u32 {
        for n in 0..50u32 {
            let now = Time::from_millis(u64::from(tick) * 20 - rng.below(19));
            let length = packet(n, tick, &mut rng, &coded, &mut bytes);
            // Loss, and a leg that falls silent for good.
            if rng.below(20) == 0 || (n == 5 && tick > 500) {
                continue;
            }
            if n % 8 == 7 {
                let (seq, ts) = (tick as u16, tick * CODECS[n as usize % 4].0.clock() / 50);
                engine.frame(now, Slot(n), bytes[1] & 0x7F, seq, ts, &bytes[12..length], &mut sink);
            } else {
                let from = SocketAddr::from(([127, 0, 0, 1], 5000 + n as u16));
                engine.rtp(now, Slot(n), from, &bytes[..length], &mut sink);
                engine.rtcp(now, Slot(n), from, &bytes[..length], &mut sink);
            }
        }
        engine.tick(Time::from_millis(u64::from(tick) * 20), &mut sink);
    }
    let asked = COUNT.with(|count| count.replace(None));
    assert_eq!(asked, Some(0), "times that memory was asked for or given back");
    assert!(sink.packets > 45_000, "{} packets", sink.packets);
    assert_eq!(sink.taps, 25_000);
    assert!(sink.digits > 100 && sink.played == 8, "{} digits, {} played", sink.digits, sink.played);
}

#[test]
fn protecting_and_opening_packets_asks_for_no_memory() {
    for suite in [Suite::AesCm128Sha80, Suite::AesCm128Sha32, Suite::Aes128Gcm, Suite::Aes256Gcm] {
        let bytes = vec![7; suite.key_bytes() + suite.salt_bytes()];
        let key = MasterKey { suite, bytes: bytes.into(), mki: Vec::new() };
        let keys = Keys { ours: key.clone(), theirs: key.clone() };
        let other = MasterKey { bytes: vec![8; suite.key_bytes() + suite.salt_bytes()].into(), ..key };
        let mut leg = Protection::new(keys.clone()).expect("keys");
        // Two receivers are asked while keys change.
        leg.change(Keys { theirs: other, ..keys.clone() }).expect("keys");
        let mut peer = Protection::new(keys).expect("keys");
        let (mut plain, mut room) = ([0x55; 172], [0; 256]);
        COUNT.with(|count| count.set(Some(0)));
        let mut opened = 0;
        for seq in 0..5_000_u16 {
            plain[..2].copy_from_slice(&[0x80, 0]);
            plain[2..4].copy_from_slice(&seq.to_be_bytes());
            let length = peer.sender().rtp(&plain, &mut room).expect("room");
            opened += u32::from(leg.open_rtp(&mut room[..length]).is_some());
            // Again, and changed.
            let length = leg.sender().rtp(&plain, &mut room).expect("room");
            room[length - 1] ^= 1;
            opened += u32::from(leg.open_rtp(&mut room[..length]).is_some());
            plain[..2].copy_from_slice(&[0x81, 200]);
            let length = leg.sender().rtcp(&plain, &mut room).expect("room");
            opened += u32::from(peer.open_rtcp(&mut room[..length]).is_some());
        }
        let asked = COUNT.with(|count| count.replace(None));
        assert_eq!(asked, Some(0), "{suite:?}: times that memory was asked for or given back");
        assert_eq!(opened, 10_000, "{suite:?}: each packet and each report once");
    }
}
