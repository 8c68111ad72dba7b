//! Media shards on real sockets of loopback, ports chosen by the system, paced by real time.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use gateway::clock::Clock;
use gateway::media_loop::{
    LegEvent, LegEvents, MediaConfig, MediaError, MediaHandle, PhoneLeg, RtpRange, TapSink,
};
use kernel::{InteractionId, LegId};
use media::srtp::{Keys, MasterKey, Protection, Suite};
use media::{Codec, Direction, Event, LegSetup, Order, TapFrame};
use tokio::sync::mpsc;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PATIENCE: Duration = Duration::from_secs(5);

fn config() -> MediaConfig {
    MediaConfig {
        rtp: vec![RtpRange { ip: LOOPBACK, first: 0, last: 0 }],
        webrtc: vec![SocketAddr::new(LOOPBACK, 0)],
        shards: 2,
    }
}

fn leg(n: u16) -> LegId {
    LegId { interaction: InteractionId { node: 1, serial: 7 }, n }
}

fn setup(remote: SocketAddr) -> LegSetup {
    LegSetup {
        send: (Codec::Pcmu, 0),
        receive: vec![(Codec::Pcmu, 0)],
        dtmf: vec![(101, 8000)],
        direction: Direction::SendRecv,
        remote: Some(remote),
        rtcp_mux: false,
    }
}

/// A phone that talks RTP: a loud square wave in µ-law, 20 ms a packet.
struct Phone {
    socket: UdpSocket,
    to: SocketAddr,
    sequence: u16,
}

impl Phone {
    fn new() -> Self {
        let socket = UdpSocket::bind((LOOPBACK, 0)).expect("a phone");
        socket.set_nonblocking(true).expect("nonblocking");
        Self { socket, to: SocketAddr::new(LOOPBACK, 9), sequence: 1 }
    }

    fn at(&self) -> SocketAddr {
        self.socket.local_addr().expect("bound")
    }

    fn packet(&mut self, pt: u8, payload: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x80, pt];
        packet.extend_from_slice(&self.sequence.to_be_bytes());
        packet.extend_from_slice(&(u32::from(self.sequence) * 160).to_be_bytes());
        packet.extend_from_slice(&0x1234_5678_u32.to_be_bytes());
        packet.extend_from_slice(payload);
        self.sequence += 1;
        packet
    }

    fn talks(&mut self) {
        let wave: Vec<u8> = (0..160).map(|n| if n / 8 % 2 == 0 { 0x10 } else { 0x90 }).collect();
        let packet = self.packet(0, &wave);
        self.socket.send_to(&packet, self.to).expect("sent");
    }

    /// Packets that came: sequence number, whether loud, source port.
    fn hears(&self) -> Vec<(u16, bool, u16)> {
        let mut heard = Vec::new();
        let mut buffer = [0; 2048];
        while let Ok((n, from)) = self.socket.recv_from(&mut buffer) {
            let packet = &buffer[..n];
            let loud = packet[12..].iter().any(|byte| byte & 0x7f < 0x40);
            heard.push((u16::from_be_bytes([packet[2], packet[3]]), loud, from.port()));
        }
        heard
    }
}

async fn open(media: &MediaHandle, phone: &mut Phone, n: u16, events: LegEvents) -> PhoneLeg {
    let shard = media.pick_shard();
    let phone_leg = media.open_phone(shard, leg(n), LOOPBACK, events).await.expect("a leg");
    phone.to = phone_leg.local();
    let open = Order::Open { leg: phone_leg.slot(), setup: setup(phone.at()) };
    media.order(shard, open).await.expect("running");
    phone_leg
}

async fn pace(mut each: impl FnMut(), ticks: u32) {
    let began = Instant::now();
    for n in 1..=ticks {
        each();
        tokio::time::sleep_until((began + n * gateway::media_loop::TICK).into()).await;
    }
}

#[tokio::test]
async fn a_phone_hears_its_own_voice_from_the_port_it_talks_to() {
    let media = MediaHandle::start(&config(), Clock::start(), 1).expect("shards");
    let (events, mut inbox) = mpsc::channel(64);
    let mut phone = Phone::new();
    let phone_leg = open(&media, &mut phone, 0, events).await;
    let echo = Order::Echo { leg: phone_leg.slot(), on: true };
    media.order(phone_leg.shard(), echo).await.expect("running");
    let mut heard = Vec::new();
    pace(
        || {
            phone.talks();
            heard.extend(phone.hears());
        },
        50,
    )
    .await;
    assert!((40..=60).contains(&heard.len()), "one packet a tick, not {}", heard.len());
    assert!(heard.windows(2).all(|pair| pair[1].0 == pair[0].0.wrapping_add(1)), "in sequence");
    assert!(heard.iter().all(|(_, _, port)| *port == phone.to.port()), "symmetric");
    let loud = heard.iter().filter(|(_, loud, _)| *loud).count();
    assert!(loud > 25, "only {loud} of {} packets carry the voice", heard.len());
    let (id, event) = tokio::time::timeout(PATIENCE, inbox.recv()).await.expect("in time").expect("an event");
    assert_eq!((id, event), (leg(0), LegEvent::Media(Event::AudioBegan)));
    let stats = media.stats(phone_leg.shard(), phone_leg.slot()).await.expect("running").expect("open");
    assert!(stats.received >= 40 && stats.sent >= 40, "{stats:?}");
    media.stop().await;
}

struct Counting(std::sync::Arc<std::sync::atomic::AtomicU32>);

impl TapSink for Counting {
    fn frame(&mut self, frame: TapFrame<'_>) {
        if frame.live && frame.samples.iter().any(|sample| sample.unsigned_abs() > 1000) {
            self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

#[tokio::test]
async fn two_phones_hear_each_other_and_a_tap_hears_one_of_them() {
    let media =
        MediaHandle::start(&MediaConfig { shards: 1, ..config() }, Clock::start(), 1).expect("shards");
    let (events, _inbox) = mpsc::channel(64);
    let (mut talker, mut listener) = (Phone::new(), Phone::new());
    let one = open(&media, &mut talker, 0, events.clone()).await;
    let two = open(&media, &mut listener, 1, events).await;
    let bridge = Order::Bridge { legs: vec![one.slot(), two.slot()] };
    media.order(one.shard(), bridge).await.expect("running");
    let count = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let sink = Box::new(Counting(count.clone()));
    media.tap(one.shard(), one.slot(), Some(sink)).await.expect("running");
    let (mut heard, mut own) = (Vec::new(), Vec::new());
    pace(
        || {
            talker.talks();
            heard.extend(listener.hears());
            own.extend(talker.hears());
        },
        50,
    )
    .await;
    let loud = |packets: &[(u16, bool, u16)]| packets.iter().filter(|(_, loud, _)| *loud).count();
    assert!(loud(&heard) > 25, "the listener heard {}", loud(&heard));
    assert_eq!(loud(&own), 0, "nobody hears himself");
    assert!(count.load(std::sync::atomic::Ordering::Relaxed) > 25, "the tap");
    media.stop().await;
}

#[tokio::test]
async fn a_dropped_leg_falls_silent_and_its_ports_rest() {
    let range = free_range();
    let media =
        MediaHandle::start(&MediaConfig { rtp: vec![range], shards: 1, ..config() }, Clock::start(), 1)
            .expect("shards");
    let (events, _inbox) = mpsc::channel(64);
    let mut phone = Phone::new();
    let phone_leg = open(&media, &mut phone, 0, events.clone()).await;
    assert_eq!(phone_leg.local().port(), range.first);
    drop(phone_leg);
    while media.health()[0].legs > 0 {
        tokio::task::yield_now().await;
    }
    // The only pair rests.
    let shard = media.pick_shard();
    let refused = media.open_phone(shard, leg(1), LOOPBACK, events).await;
    assert!(matches!(refused, Err(MediaError::Sockets(_))), "{refused:?}");
    // The slot is free a moment before the socket is closed.
    let closed = async {
        while UdpSocket::bind((LOOPBACK, range.first)).is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed).await.expect("closed");
    media.stop().await;
    let gone = media.order(shard, Order::Bridge { legs: Vec::new() }).await;
    assert!(matches!(gone, Err(MediaError::Stopped)), "{gone:?}");
}

/// Two free ports, the first even.
fn free_range() -> RtpRange {
    (0..1000)
        .find_map(|_| {
            let any = UdpSocket::bind((LOOPBACK, 0)).ok()?;
            let first = any.local_addr().ok()?.port();
            (first % 2 == 0 && UdpSocket::bind((LOOPBACK, first + 1)).is_ok()).then_some(RtpRange {
                ip: LOOPBACK,
                first,
                last: first + 1,
            })
        })
        .expect("two free ports")
}

#[tokio::test]
async fn shards_share_the_load_and_end_with_their_last_handle() {
    let media = MediaHandle::start(&config(), Clock::start(), 1).expect("shards");
    let (events, _inbox) = mpsc::channel(64);
    let mut legs = Vec::new();
    for n in 0..4 {
        let shard = media.pick_shard();
        legs.push(media.open_phone(shard, leg(n), LOOPBACK, events.clone()).await.expect("a leg"));
    }
    let on_first = legs.iter().filter(|leg| leg.shard() == legs[0].shard()).count();
    assert_eq!(on_first, 2);
    let ports: std::collections::BTreeSet<_> = legs.iter().map(PhoneLeg::local).collect();
    assert_eq!(ports.len(), 4);
    media.stop().await;
}

#[tokio::test]
async fn a_protected_phone_hears_itself_and_nobody_without_the_keys_is_heard() {
    let media = MediaHandle::start(&config(), Clock::start(), 1).expect("shards");
    let (events, _inbox) = mpsc::channel(64);
    let mut phone = Phone::new();
    let phone_leg = open(&media, &mut phone, 0, events).await;
    let key =
        |byte: u8| MasterKey { suite: Suite::AesCm128Sha80, bytes: vec![byte; 30].into(), mki: Vec::new() };
    let keys = Keys { ours: key(1), theirs: key(2) };
    media.secure(phone_leg.shard(), phone_leg.slot(), Some(keys)).await.expect("running");
    let echo = Order::Echo { leg: phone_leg.slot(), on: true };
    media.order(phone_leg.shard(), echo).await.expect("running");
    let mut theirs = Protection::new(Keys { ours: key(2), theirs: key(1) }).expect("keys");
    let (mut loud, mut quiet, mut refused) = (0, 0, 0);
    let mut plain = Vec::new();
    pace(
        || {
            let silence = phone.packet(0, &[0xff; 160]);
            let mut room = [0; 256];
            let length = theirs.sender().rtp(&silence, &mut room).expect("room");
            phone.socket.send_to(&room[..length], phone.to).expect("sent");
            // The same address, the same numbers, no keys: loud, and never heard.
            let wave: Vec<u8> = (0..160).map(|n| if n / 8 % 2 == 0 { 0x10 } else { 0x90 }).collect();
            plain.clear();
            plain.extend_from_slice(&silence[..12]);
            plain.extend_from_slice(&wave);
            phone.socket.send_to(&plain, phone.to).expect("sent");
            let mut buffer = [0; 2048];
            while let Ok((n, _)) = phone.socket.recv_from(&mut buffer) {
                match theirs.open_rtp(&mut buffer[..n]) {
                    Some(n) if buffer[12..n].iter().any(|byte| byte & 0x7f < 0x40) => loud += 1,
                    Some(_) => quiet += 1,
                    None => refused += 1,
                }
            }
        },
        50,
    )
    .await;
    assert!(quiet >= 40, "{quiet} packets came under the key");
    assert_eq!((loud, refused), (0, 0), "loud, and not under the key");
    let forged: u64 = media.health().iter().map(|shard| shard.forged).sum();
    assert!((45..=50).contains(&forged), "{forged} packets without the key were counted");
    media.stop().await;
}
