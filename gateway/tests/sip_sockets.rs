//! The SIP endpoint on real sockets of loopback, ports chosen by the system.

use std::net::SocketAddr;
use std::time::Duration;

use gateway::clock::Clock;
use gateway::net::{Addresses, Sip, SipEvent, start};
use gateway::stop::{StopSource, pair};
use signaling::{Command, Setup};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(5);

fn setup(max_dialogs: usize) -> Setup {
    Setup {
        realm: "voxdesk".into(),
        product: "voxdesk".into(),
        accounts: Vec::new(),
        listening: Vec::new(),
        min_expires: 60,
        max_expires: 3600,
        max_dialogs,
        session_expires: 1800,
        trusted: Vec::new(),
        trunks: Vec::new(),
        guard: None,
        banned: Vec::new(),
    }
}

/// An endpoint on these addresses; its owner has room for so many events.
async fn open(
    setup: Setup,
    addresses: &Addresses<'_>,
    room: usize,
) -> (Sip, mpsc::Receiver<SipEvent>, StopSource) {
    let (source, stop) = pair();
    let (events, inbox) = mpsc::channel(room);
    let sip = start(setup, addresses, None, Clock::start(), 1, events, stop).await.expect("sockets");
    (sip, inbox, source)
}

fn any() -> [SocketAddr; 1] {
    [([127, 0, 0, 1], 0).into()]
}

async fn serve(max_dialogs: usize) -> (Sip, mpsc::Receiver<SipEvent>, StopSource) {
    open(setup(max_dialogs), &Addresses { udp: &any(), tcp: &any(), ..Addresses::default() }, 16).await
}

fn request(method: &str, transport: &str, from: SocketAddr, to: SocketAddr, n: u32) -> String {
    format!(
        "{method} sip:1000@{to} SIP/2.0\r\nVia: SIP/2.0/{transport} {from};branch=z9hG4bK{n};rport\r\n\
         Max-Forwards: 70\r\nFrom: <sip:caller@{from}>;tag=t{n}\r\nTo: <sip:1000@{to}>\r\nCall-ID: call{n}@{from}\r\n\
         CSeq: {n} {method}\r\nContact: <sip:caller@{from}>\r\nContent-Length: 0\r\n\r\n"
    )
}

struct Phone {
    socket: UdpSocket,
    to: SocketAddr,
}

impl Phone {
    async fn new(to: SocketAddr) -> Self {
        let socket = UdpSocket::bind(SocketAddr::new(to.ip(), 0)).await.expect("a phone");
        Self { socket, to }
    }

    async fn asks(&self, method: &str, n: u32) {
        let from = self.socket.local_addr().expect("bound");
        let text = request(method, "UDP", from, self.to, n);
        self.socket.send_to(text.as_bytes(), self.to).await.expect("sent");
    }

    /// The next message that begins with `start`.
    async fn hears(&self, start: &str) -> String {
        let mut buffer = vec![0; 65_535];
        loop {
            let (n, _) = timeout(PATIENCE, self.socket.recv_from(&mut buffer))
                .await
                .expect("an answer")
                .expect("read");
            let text = String::from_utf8_lossy(&buffer[..n]).into_owned();
            if text.starts_with(start) {
                return text;
            }
        }
    }
}

#[tokio::test]
async fn options_is_answered_over_udp_on_every_address() {
    let udp: Vec<SocketAddr> =
        vec![([127, 0, 0, 1], 0).into(), ([0, 0, 0, 0], 0).into(), "[::1]:0".parse().expect("v6")];
    let (sip, _inbox, source) = open(setup(10), &Addresses { udp: &udp, ..Addresses::default() }, 16).await;
    for at in &sip.listening.udp {
        let mut at = *at;
        if at.ip().is_unspecified() {
            at.set_ip([127, 0, 0, 1].into());
        }
        let phone = Phone::new(at).await;
        phone.asks("OPTIONS", 1).await;
        phone.hears("SIP/2.0 200").await;
    }
    source.stop();
    timeout(PATIENCE, sip.task).await.expect("ends").expect("no panic");
    // The sockets are closed: the same address can be had again.
    UdpSocket::bind(sip.listening.udp[0]).await.expect("free again");
}

#[tokio::test]
async fn messages_over_tcp_are_framed_however_they_are_cut() {
    let (sip, _inbox, _stop) = serve(10).await;
    let to = sip.listening.tcp[0];
    let mut stream = TcpStream::connect(to).await.expect("connected");
    let from = stream.local_addr().expect("bound");
    let (first, second) = (request("OPTIONS", "TCP", from, to, 1), request("OPTIONS", "TCP", from, to, 2));
    let third = request("OPTIONS", "TCP", from, to, 3);
    let (head, tail) = first.split_at(37);
    stream.write_all(head.as_bytes()).await.expect("written");
    stream.flush().await.expect("flushed");
    tokio::task::yield_now().await;
    stream.write_all(format!("{tail}{second}{third}").as_bytes()).await.expect("written");
    let mut heard = String::new();
    let mut buffer = vec![0; 4096];
    while heard.matches("SIP/2.0 200").count() < 3 {
        let n = timeout(PATIENCE, stream.read(&mut buffer)).await.expect("an answer").expect("read");
        assert!(n > 0, "closed after {heard}");
        heard.push_str(&String::from_utf8_lossy(&buffer[..n]));
    }
    for call in ["call1@", "call2@", "call3@"] {
        assert!(heard.contains(call), "{call} is answered");
    }
}

#[tokio::test]
async fn a_stream_that_is_not_sip_is_closed_and_others_go_on() {
    let (sip, _inbox, _stop) = serve(10).await;
    let mut bad = TcpStream::connect(sip.listening.tcp[0]).await.expect("connected");
    let junk = vec![b'x'; 200_000];
    // The other side may close before all of it is written.
    let _closed_early = bad.write_all(&junk).await;
    let mut rest = Vec::new();
    let _reset = timeout(PATIENCE, bad.read_to_end(&mut rest)).await.expect("closed by the endpoint");
    let phone = Phone::new(sip.listening.udp[0]).await;
    phone.asks("OPTIONS", 1).await;
    phone.hears("SIP/2.0 200").await;
}

#[tokio::test]
async fn too_many_calls_get_503_with_retry_after_and_the_first_goes_on() {
    let (sip, mut inbox, _stop) = serve(1).await;
    let phone = Phone::new(sip.listening.udp[0]).await;
    phone.asks("INVITE", 1).await;
    let invited = timeout(PATIENCE, inbox.recv()).await.expect("in time").expect("an event");
    let SipEvent::Invited(incoming) = invited else { panic!("not a call: {invited:?}") };
    assert_eq!(incoming.called, "1000");
    phone.asks("INVITE", 2).await;
    let refused = phone.hears("SIP/2.0 503").await;
    assert!(refused.contains("Retry-After:"), "{refused}");
    sip.handle.command(Command::Progress { dialog: incoming.dialog, sdp: None }).await.expect("running");
    phone.hears("SIP/2.0 180").await;
}

#[tokio::test]
async fn a_draining_process_refuses_new_calls() {
    let (sip, _inbox, _stop) = serve(10).await;
    sip.handle.drain(true).await.expect("running");
    let phone = Phone::new(sip.listening.udp[0]).await;
    phone.asks("INVITE", 1).await;
    phone.hears("SIP/2.0 503").await;
}

#[tokio::test]
async fn an_owner_who_does_not_listen_blocks_neither_commands_nor_answers() {
    let (sip, mut inbox, source) =
        open(setup(100), &Addresses { udp: &any(), ..Addresses::default() }, 1).await;
    let phone = Phone::new(sip.listening.udp[0]).await;
    for n in 1..=5 {
        phone.asks("INVITE", n).await;
    }
    phone.asks("OPTIONS", 9).await;
    phone.hears("SIP/2.0 200").await;
    for _ in 1..=5 {
        let event = timeout(PATIENCE, inbox.recv()).await.expect("in time").expect("an event");
        let SipEvent::Invited(incoming) = event else { panic!("not a call: {event:?}") };
        let refuse = Command::Refuse {
            dialog: incoming.dialog,
            status: 486,
            retry_after: None,
            reason: "busy".into(),
        };
        sip.handle.command(refuse).await.expect("running");
        phone.hears("SIP/2.0 486").await;
    }
    drop(source);
    timeout(PATIENCE, sip.task).await.expect("ends").expect("no panic");
}

#[tokio::test]
async fn a_call_is_dialled_over_a_stream_that_is_opened_for_it() {
    let (sip, mut inbox, _stop) = serve(10).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a phone");
    let at = listener.local_addr().expect("bound");
    let dialog = signaling::DialogId::outgoing(1);
    let dial = |uri: String, dialog| Command::Dial {
        dialog,
        target: signaling::DialTarget::Uri(uri),
        from_user: "1000".to_owned().into(),
        from_name: None,
        sdp: b"v=0\r\n".to_vec(),
        headers: Vec::new(),
    };
    sip.handle.command(dial(format!("sip:bob@{at};transport=tcp"), dialog)).await.expect("running");
    let (mut stream, _) = timeout(PATIENCE, listener.accept()).await.expect("in time").expect("a stream");
    let mut buffer = vec![0; 4096];
    let n = timeout(PATIENCE, stream.read(&mut buffer)).await.expect("in time").expect("read");
    let text = String::from_utf8_lossy(&buffer[..n]).into_owned();
    assert!(text.starts_with("INVITE sip:bob@"), "{text}");
    drop(stream);
    drop(listener);
    // A stream that cannot be opened ends the dialog long before timer B.
    let dialog = signaling::DialogId::outgoing(2);
    sip.handle.command(dial(format!("sip:bob@{at};transport=tcp"), dialog)).await.expect("running");
    loop {
        let event = timeout(PATIENCE, inbox.recv()).await.expect("in time").expect("an event");
        if matches!(event, SipEvent::Ended { dialog: ended, .. } if ended == dialog) {
            break;
        }
    }
}

#[tokio::test]
async fn a_scanner_is_banned_from_every_transport_while_a_phone_is_served_and_may_be_forgiven() {
    let rules = signaling::guard::Rules { allow: Vec::new(), ..Default::default() };
    let (sip, mut inbox, _source) = open(
        Setup { guard: Some(rules), ..setup(10) },
        &Addresses { udp: &any(), tcp: &any(), ..Addresses::default() },
        16,
    )
    .await;
    let (udp, tcp) = (sip.listening.udp[0], sip.listening.tcp[0]);
    let connects = || async {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 2], 0).into()).expect("another address of loopback");
        socket.connect(tcp).await.expect("the system accepts")
    };
    // Whether a connection is closed without an answer.
    let shut = |mut stream: TcpStream| async move {
        let mut rest = Vec::new();
        let _reset = timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("closed");
        rest.is_empty()
    };
    let mut scanner = connects().await;
    for _ in 0..40 {
        let _closed = scanner.write_all(b"INVITE nonsense SIP/2.0\r\nContent-Length: 0\r\n\r\n").await;
    }
    let banned = timeout(PATIENCE, inbox.recv()).await.expect("in time").expect("an event");
    let SipEvent::Banned(ban) = banned else { panic!("not a ban: {banned:?}") };
    assert_eq!((ban.source.to_string().as_str(), ban.proven), ("127.0.0.2", true));
    let _closed = shut(scanner).await;
    assert!(shut(connects().await).await, "a new connection is closed before anything is read");
    let bad = Phone { socket: UdpSocket::bind("127.0.0.2:0").await.expect("a socket"), to: udp };
    let good = Phone::new(udp).await;
    bad.asks("OPTIONS", 1).await;
    good.asks("OPTIONS", 2).await;
    good.hears("SIP/2.0 200").await;
    let mut nothing = [0; 1];
    assert!(bad.socket.try_recv(&mut nothing).is_err(), "what was sent first is not answered");
    let bans = sip.handle.bans().await.expect("running");
    assert_eq!(bans.len(), 1);
    assert!(bans[0].turned_away >= 2, "{}", bans[0].turned_away);
    sip.handle.lift(ban.source).await.expect("running");
    bad.asks("OPTIONS", 3).await;
    bad.hears("SIP/2.0 200").await;
    assert!(sip.handle.bans().await.expect("running").is_empty());
}
