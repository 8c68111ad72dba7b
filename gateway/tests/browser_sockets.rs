//! A page on a real socket of loopback: ICE, DTLS and SRTP against a media shard. The page is `str0m` as well, so this
//! proves our driving of it, not its conformance: that is for a real browser (`examples/browser_echo`), and for the one
//! message of a real browser that is kept here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use gateway::clock::Clock;
use gateway::media_loop::{BrowserLeg, LegEvent, LostReason, MediaConfig, MediaHandle, RtpRange, TICK};
use gateway::webrtc::WebrtcError;
use kernel::{InteractionId, LegId};
use media::Event as Heard;
use media::video::VideoCodec;
use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::sync::mpsc;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// 20 ms of silence in Opus (CELT, full band).
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// The ClientHello of a real browser, whose key share for the time after quantum computers makes it too long for one record.
const HELLO: [&[u8]; 2] = [
    include_bytes!("data/chromium156_client_hello_1.dtls"),
    include_bytes!("data/chromium156_client_hello_2.dtls"),
];

/// The first byte tells DTLS from STUN and SRTP (RFC 7983 section 7).
fn is_dtls(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|first| (20..64).contains(first))
}

fn serve() -> (MediaHandle, LegId) {
    let config = MediaConfig {
        rtp: vec![RtpRange { ip: LOOPBACK, first: 0, last: 0 }],
        webrtc: vec![SocketAddr::new(LOOPBACK, 0)],
        shards: 1,
    };
    let media = MediaHandle::start(&config, Clock::start(), 1).expect("shards");
    (media, LegId { interaction: InteractionId { node: 1, serial: 1 }, n: 1 })
}

/// A browser's page.
struct Page {
    rtc: Rtc,
    socket: UdpSocket,
    mid: Mid,
    connected: bool,
    sent: u64,
    /// Sequence numbers that came.
    heard: Vec<u64>,
    due: Instant,
    video: Mid,
    /// It shows pictures, of which this many packets were sent.
    films: Option<u64>,
    /// It was asked for a whole picture this often.
    asked: usize,
    /// Pictures that came: sequence number, RTP time, payload.
    seen: Vec<(u64, u32, Vec<u8>)>,
    /// Bytes of each packet of its pictures.
    size: usize,
    /// The way to it takes so many bytes a second of large datagrams; the room there is now, and since when.
    narrow: Option<(f64, f64, Instant)>,
}

/// The first packet of a whole picture in VP8 (RFC 7741), and of another one.
const WHOLE: [u8; 4] = [0x10, 0x50, 0x01, 0x00];
const PART: [u8; 4] = [0x10, 0x51, 0x01, 0x00];

impl Page {
    async fn attached(leg: &BrowserLeg) -> Self {
        Self::attached_with(leg, None).await
    }

    async fn attached_with(leg: &BrowserLeg, codec: Option<VideoCodec>) -> Self {
        let socket = UdpSocket::bind((LOOPBACK, 0)).expect("a socket");
        let now = Instant::now();
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_vp9(true)
            .build(now);
        let local = socket.local_addr().expect("bound");
        rtc.add_local_candidate(Candidate::host(local, Protocol::Udp).expect("a candidate"));
        let mut change = rtc.sdp_api();
        let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let video = change.add_media(MediaKind::Video, Direction::SendRecv, None, None, None);
        let (offer, pending) = change.apply().expect("an offer");
        let answer = leg.attach(&offer.to_sdp_string(), codec).await.expect("an answer");
        let answer = SdpAnswer::from_sdp_string(&answer).expect("SDP");
        rtc.sdp_api().accept_answer(pending, answer).expect("accepted");
        Self {
            rtc,
            socket,
            mid,
            connected: false,
            sent: 0,
            heard: Vec::new(),
            due: now,
            video,
            films: None,
            asked: 0,
            seen: Vec::new(),
            size: WHOLE.len(),
            narrow: None,
        }
    }

    /// Talks and listens until `done`, for `patience` at the most.
    fn talk(&mut self, patience: Duration, done: impl Fn(&Self) -> bool) {
        let (end, mut next) = (Instant::now() + patience, Instant::now());
        let mut buffer = [0; 2000];
        while !done(self) && Instant::now() < end {
            self.drain();
            let wait =
                self.due.min(next).saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.socket.set_read_timeout(Some(wait)).expect("a timeout");
            let came = self.socket.recv_from(&mut buffer);
            let now = Instant::now();
            if let Ok((n, from)) = came
                && self.gets_through(n)
            {
                let to = self.socket.local_addr().expect("bound");
                let receive = Receive::new(Protocol::Udp, from, to, &buffer[..n]).expect("a known datagram");
                self.rtc.handle_input(Input::Receive(now, receive)).expect("received");
                self.drain();
            }
            if now >= next && self.connected {
                next = now.max(next + TICK);
                self.say();
                self.film();
            }
            self.rtc.handle_input(Input::Timeout(now)).expect("time");
        }
    }

    /// Finds its way by itself and then says the real browser's hello in place of its own. What is answered: the types of
    /// the first record and of the message in it.
    fn says_hello(&mut self, patience: Duration) -> Option<(u8, u8)> {
        let end = Instant::now() + patience;
        let mut buffer = [0; 2000];
        while Instant::now() < end {
            self.drain_saying_hello();
            let wait = self.due.saturating_duration_since(Instant::now());
            let wait = wait.clamp(Duration::from_millis(1), Duration::from_millis(50));
            self.socket.set_read_timeout(Some(wait)).expect("a timeout");
            if let Ok((n, from)) = self.socket.recv_from(&mut buffer) {
                let came = &buffer[..n];
                if is_dtls(came) {
                    return Some((came[0], came[13]));
                }
                let to = self.socket.local_addr().expect("bound");
                let receive = Receive::new(Protocol::Udp, from, to, came).expect("a known datagram");
                self.rtc.handle_input(Input::Receive(Instant::now(), receive)).expect("received");
            }
            self.rtc.handle_input(Input::Timeout(Instant::now())).expect("time");
        }
        None
    }

    fn drain_saying_hello(&mut self) {
        loop {
            match self.rtc.poll_output().expect("alive") {
                Output::Timeout(due) => {
                    self.due = due;
                    return;
                }
                Output::Transmit(send) => {
                    let own: &[u8] = &send.contents;
                    let datagrams = if is_dtls(own) { HELLO.to_vec() } else { vec![own] };
                    for datagram in datagrams {
                        self.socket.send_to(datagram, send.destination).expect("sent");
                    }
                }
                Output::Event(_) => {}
            }
        }
    }

    /// One packet of a picture: a whole one when it was asked for.
    fn film(&mut self) {
        let Some(sent) = self.films else { return };
        let mut payload = if self.asked > 0 { WHOLE.to_vec() } else { PART.to_vec() };
        payload.resize(self.size, 0);
        self.asked = 0;
        let pt =
            self.rtc.codec_config().find(|p| p.spec().codec == str0m::format::Codec::Vp8).expect("VP8").pt();
        let time = u32::try_from(sent * 1_800).expect("a short test");
        let video = self.video;
        let mut direct = self.rtc.direct_api();
        let stream = direct.stream_tx_by_mid(video, None).expect("a stream");
        let packet = RtpWrite::new(pt, sent.into(), time, Instant::now(), payload.as_slice());
        stream.write_rtp(packet.marker(true).nackable(true));
        self.films = Some(sent + 1);
        self.drain();
    }

    /// What is large waits for nothing on a narrow way: it is lost.
    fn gets_through(&mut self, bytes: usize) -> bool {
        let Some((rate, room, since)) = &mut self.narrow else { return true };
        if bytes < 300 {
            return true;
        }
        let now = Instant::now();
        *room = (*room + *rate * now.duration_since(*since).as_secs_f64()).min(*rate / 4.0);
        *since = now;
        let fits = *room >= bytes as f64;
        if fits {
            *room -= bytes as f64;
        }
        fits
    }

    fn say(&mut self) {
        let mid = self.mid;
        let mut direct = self.rtc.direct_api();
        let stream = direct.stream_tx_by_mid(mid, None).expect("a stream");
        let time = u32::try_from(self.sent * 960).expect("a short test");
        stream.write_rtp(RtpWrite::new(
            Pt::from(111),
            self.sent.into(),
            time,
            Instant::now(),
            SILENCE.as_slice(),
        ));
        self.sent += 1;
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().expect("alive") {
                Output::Timeout(due) => {
                    self.due = due;
                    return;
                }
                Output::Transmit(send) => {
                    self.socket.send_to(&send.contents, send.destination).expect("sent");
                }
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::RtpPacket(packet)) => {
                    let codec = self.rtc.codec_config().find(|p| p.pt() == packet.header.payload_type);
                    if codec.is_some_and(|params| params.spec().codec.is_video()) {
                        self.seen.push((*packet.seq_no, packet.header.timestamp, packet.payload.to_vec()));
                    } else {
                        self.heard.push(*packet.seq_no);
                    }
                }
                Output::Event(Event::KeyframeRequest(_)) => self.asked += 1,
                Output::Event(_) => {}
            }
        }
    }
}

#[tokio::test]
async fn a_page_connects_talks_and_hears_and_a_second_page_takes_the_leg_over() {
    let (media, id) = serve();
    let (events, mut inbox) = mpsc::channel(64);
    let shard = media.pick_shard();
    let leg = media.open_browser(shard, id, events).await.expect("a leg");
    for round in 0..2 {
        let mut page = Page::attached(&leg).await;
        page.talk(Duration::from_secs(10), |page| page.heard.len() >= 25);
        assert!(page.heard.len() >= 25, "round {round}: heard {} packets", page.heard.len());
        assert!(page.heard.windows(2).all(|pair| pair[1] == pair[0] + 1), "in sequence");
        assert_eq!(inbox.recv().await, Some((id, LegEvent::BrowserUp)));
        if round == 0 {
            assert_eq!(inbox.recv().await, Some((id, LegEvent::Media(Heard::AudioBegan))));
        }
    }
    let stats = media.stats(shard, leg.slot()).await.expect("running").expect("open");
    assert!(stats.received >= 20, "{stats:?}");
    // The page of the second round is gone without a word.
    let lost = async {
        while let Some((_, event)) = inbox.recv().await {
            if let LegEvent::BrowserLost(reason) = event {
                return Some(reason);
            }
        }
        None
    };
    let lost = tokio::time::timeout(Duration::from_secs(10), lost).await.expect("noticed");
    assert_eq!(lost, Some(LostReason::Silent));
    media.stop().await;
}

/// Could pass falsely if an alert were an answer: the types say that it is none.
#[tokio::test]
async fn a_hello_in_two_fragments_as_a_real_browser_sends_it_is_answered() {
    const HANDSHAKE: u8 = 22;
    const SERVER_HELLO: u8 = 2;
    const HELLO_VERIFY_REQUEST: u8 = 3;
    let (media, id) = serve();
    let (events, _inbox) = mpsc::channel(64);
    let leg = media.open_browser(media.pick_shard(), id, events).await.expect("a leg");
    let mut page = Page::attached(&leg).await;
    let answer = page.says_hello(Duration::from_secs(10));
    assert!(
        matches!(answer, Some((HANDSHAKE, SERVER_HELLO | HELLO_VERIFY_REQUEST))),
        "content type and message type: {answer:?}"
    );
    media.stop().await;
}

#[tokio::test]
async fn a_page_that_says_goodbye_is_lost_at_once() {
    let (media, id) = serve();
    let (events, mut inbox) = mpsc::channel(64);
    let leg = media.open_browser(media.pick_shard(), id, events).await.expect("a leg");
    let mut page = Page::attached(&leg).await;
    page.talk(Duration::from_secs(10), |page| page.connected);
    page.rtc.close().expect("closed");
    page.drain();
    while let Some((_, event)) = inbox.recv().await {
        if let LegEvent::BrowserLost(reason) = event {
            assert_eq!(reason, LostReason::Closed);
            break;
        }
    }
    media.stop().await;
}

#[tokio::test]
async fn an_offer_that_cannot_be_served_says_why_and_leaves_the_page_before_it() {
    let (media, id) = serve();
    let (events, _inbox) = mpsc::channel(64);
    let leg = media.open_browser(media.pick_shard(), id, events).await.expect("a leg");
    let mut page = Page::attached(&leg).await;
    page.talk(Duration::from_secs(10), |page| page.heard.len() >= 5);
    assert_eq!(leg.attach("nonsense", None).await, Err(WebrtcError::NotSdp));
    let no_keys = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
                   a=rtpmap:111 opus/48000/2\r\n";
    assert!(matches!(leg.attach(no_keys, None).await, Err(WebrtcError::Refused(_))));
    let before = page.heard.len();
    page.talk(Duration::from_secs(5), |page| page.heard.len() >= before + 10);
    assert!(page.heard.len() >= before + 10, "the page goes on");
    media.stop().await;
}

#[tokio::test]
async fn datagrams_of_strangers_are_counted_and_change_nothing() {
    let (media, id) = serve();
    let (events, _inbox) = mpsc::channel(64);
    let leg = media.open_browser(media.pick_shard(), id, events).await.expect("a leg");
    let mut page = Page::attached(&leg).await;
    page.talk(Duration::from_secs(10), |page| page.heard.len() >= 5);
    let target = page_target(&page);
    let stranger = UdpSocket::bind((LOOPBACK, 0)).expect("a socket");
    let mut check = vec![0, 1, 0, 12, 0x21, 0x12, 0xa4, 0x42];
    check.extend_from_slice(&[7; 12]);
    check.extend_from_slice(&[0, 6, 0, 8]);
    check.extend_from_slice(b"aaaa:bbb");
    for bytes in [check.as_slice(), &[0x80; 40], &[22; 60], &[0; 3], &[]] {
        stranger.send_to(bytes, target).expect("sent");
    }
    let before = page.heard.len();
    page.talk(Duration::from_secs(5), |page| page.heard.len() >= before + 10);
    assert!(page.heard.len() >= before + 10, "the page goes on");
    assert!(media.health()[0].strangers >= 4, "{:?}", media.health());
    media.stop().await;
}

/// Where the page sends to: its shard's socket.
fn page_target(page: &Page) -> SocketAddr {
    let mut buffer = [0; 2000];
    page.socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
    page.socket.recv_from(&mut buffer).expect("audio from the shard").1
}

/// A leg with a page that is connected, on a shard.
async fn leg_of(media: &MediaHandle, n: u16) -> BrowserLeg {
    let (events, mut inbox) = mpsc::channel(256);
    tokio::spawn(async move { while inbox.recv().await.is_some() {} });
    let id = LegId { interaction: InteractionId { node: 1, serial: 1 }, n };
    media.open_browser(media.pick_shard(), id, events).await.expect("a leg")
}

/// All pages live on until `done`.
fn together(pages: &mut [Page], patience: Duration, done: impl Fn(&[Page]) -> bool) {
    let end = Instant::now() + patience;
    while !done(pages) && Instant::now() < end {
        for page in pages.iter_mut() {
            page.talk(Duration::from_millis(30), |_| false);
        }
    }
}

#[tokio::test]
async fn a_page_is_shown_another_from_a_whole_picture_on_and_goes_on_when_another_is_shown() {
    let (media, _) = serve();
    let shard = media.pick_shard();
    let (customer, alice, bob) = (leg_of(&media, 0).await, leg_of(&media, 1).await, leg_of(&media, 2).await);
    let mut pages = Vec::new();
    for leg in [&customer, &alice, &bob] {
        pages.push(Page::attached_with(leg, Some(VideoCodec::Vp8)).await);
    }
    together(&mut pages, Duration::from_secs(10), |all| all.iter().all(|page| page.connected));
    (pages[1].films, pages[2].films) = (Some(1_000), Some(50));

    media.see(shard, customer.slot(), Some(alice.slot())).await.expect("running");
    media.ask_picture(shard, alice.slot()).await.expect("running");
    together(&mut pages, Duration::from_secs(10), |all| all[0].seen.len() >= 10);
    assert!(pages[0].seen.len() >= 10, "{} packets, {:?}", pages[0].seen.len(), media.health());
    assert_eq!(pages[0].seen[0].2, WHOLE, "it begins with a whole picture");
    assert!(pages[1].seen.is_empty() && pages[2].seen.is_empty(), "nobody sees the customer yet");

    // Handed over: bob is seen, from a whole picture of his on, in the same stream.
    let turned = pages[0].seen.len();
    media.see(shard, customer.slot(), Some(bob.slot())).await.expect("running");
    media.ask_picture(shard, bob.slot()).await.expect("running");
    together(&mut pages, Duration::from_secs(10), |all| {
        all[0].seen.iter().skip(turned).filter(|(_, _, payload)| *payload == PART).count() >= 10
            && all[0].seen.iter().skip(turned).any(|(_, _, payload)| *payload == WHOLE)
    });
    let seen = &pages[0].seen;
    assert!(seen.iter().skip(turned).any(|(_, _, payload)| *payload == WHOLE), "bob's picture begins whole");
    assert!(seen.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "without a gap in the numbers");
    assert!(seen.windows(2).all(|pair| pair[1].1 > pair[0].1), "and without a jump back in time");

    media.see(shard, customer.slot(), None).await.expect("running");
    together(&mut pages, Duration::from_millis(500), |_| false);
    let before = pages[0].seen.len();
    together(&mut pages, Duration::from_secs(1), |_| false);
    assert_eq!(pages[0].seen.len(), before, "nobody is shown any more");
    let health = media.health()[0];
    assert!(health.pictures >= before as u64 && health.pictures_held > 0, "{health:?}");
    media.stop().await;
}

#[tokio::test]
async fn where_the_way_to_a_page_is_narrow_pictures_stop_and_sound_goes_on() {
    let (media, _) = serve();
    let shard = media.pick_shard();
    let (customer, alice) = (leg_of(&media, 0).await, leg_of(&media, 1).await);
    let mut pages = Vec::new();
    for leg in [&customer, &alice] {
        pages.push(Page::attached_with(leg, Some(VideoCodec::Vp8)).await);
    }
    together(&mut pages, Duration::from_secs(10), |all| all.iter().all(|page| page.connected));
    (pages[0].films, pages[0].size) = (Some(0), 1_000);
    media.see(shard, alice.slot(), Some(customer.slot())).await.expect("running");
    together(&mut pages, Duration::from_secs(10), |all| all[1].seen.len() >= 20);
    assert!(pages[1].seen.len() >= 20, "a wide way takes everything: {:?}", media.health());

    pages[1].narrow = Some((3_000.0, 0.0, Instant::now()));
    together(&mut pages, Duration::from_secs(40), |_| media.health()[0].video_stops > 0);
    assert_eq!(media.health()[0].video_stops, 1, "{:?}", media.health());
    let (heard, seen) = (pages[1].heard.len(), pages[1].seen.len());
    together(&mut pages, Duration::from_secs(1), |_| false);
    assert!(pages[1].heard.len() >= heard + 15, "sound goes on: {} packets", pages[1].heard.len() - heard);
    assert!(pages[1].seen.len() <= seen + 1, "and pictures do not: {}", pages[1].seen.len() - seen);
    media.stop().await;
}

#[tokio::test]
async fn a_page_without_the_codec_hears_and_is_shown_nothing() {
    let (media, _) = serve();
    let leg = leg_of(&media, 0).await;
    let mut page = Page::attached_with(&leg, Some(VideoCodec::Av1)).await;
    page.talk(Duration::from_secs(10), |page| page.heard.len() >= 10);
    assert!(page.heard.len() >= 10, "sound goes on without pictures");
    media.stop().await;
}
