//! What the media targets share: two bridged legs of different codecs, and a sink that checks what is sent.

use std::net::SocketAddr;
use std::time::Duration;

use kernel::Time;
use media::{Codec, Direction, Engine, Event, LegSetup, Order, PayloadType, Sink, Slot, TapFrame};

struct Checked;

impl Sink for Checked {
    fn rtp(&mut self, _leg: Slot, _to: SocketAddr, bytes: &[u8]) {
        assert!(bytes.len() >= 12 && bytes[0] >> 6 == 2, "every packet sent is RTP");
    }
    fn rtcp(&mut self, _leg: Slot, _to: SocketAddr, bytes: &[u8]) {
        assert!(bytes.len() >= 8 && bytes.len().is_multiple_of(4), "every report sent is RTCP");
    }
    fn frame(&mut self, _leg: Slot, _pt: PayloadType, _timestamp: u32, _payload: &[u8]) {}
    fn event(&mut self, _leg: Slot, _event: Event) {}
    fn tap(&mut self, _leg: Slot, _frame: TapFrame<'_>) {}
}

/// Which of the engine's doors the bytes come by.
#[derive(Clone, Copy)]
pub enum Door {
    Rtp,
    Rtcp,
}

/// Packets, each led by its length, through a door of an engine that ticks between them.
pub fn packets(data: &[u8], door: Door) {
    let peer: SocketAddr = "192.0.2.9:4000".parse().expect("an address");
    let mut engine = Engine::new(1);
    let mut now = Time::ZERO;
    for (leg, codec, number) in [(0, Codec::Pcmu, 0), (1, Codec::Opus, 111)] {
        let setup = LegSetup {
            send: (codec, number),
            receive: vec![(codec, number), (Codec::G722, 9)],
            dtmf: vec![(101, 8000)],
            direction: Direction::SendRecv,
            remote: Some(peer),
            rtcp_mux: leg == 1,
        };
        engine.order(now, Order::Open { leg: Slot(leg), setup }, &mut Checked);
        engine.order(now, Order::Tap { leg: Slot(leg), on: true }, &mut Checked);
    }
    engine.order(now, Order::Bridge { legs: vec![Slot(0), Slot(1)] }, &mut Checked);
    let mut rest = data;
    for turn in 0..64 {
        let Some((length, after)) = rest.split_first() else { break };
        let (bytes, after) = after.split_at(usize::from(*length).min(after.len()));
        rest = after;
        let leg = Slot(turn % 2);
        match door {
            Door::Rtp => engine.rtp(now, leg, peer, bytes, &mut Checked),
            Door::Rtcp => engine.rtcp(now, leg, peer, bytes, &mut Checked),
        }
        now = now + Duration::from_millis(20);
        engine.tick(now, &mut Checked);
    }
}
