//! SIP over TLS and WebSocket on real sockets of loopback: framing as on TCP, and peers that misbehave cost only themselves.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use gateway::clock::Clock;
use gateway::net::{Addresses, Sip, SipEvent, start};
use gateway::pages;
use gateway::stop::{StopSource, pair};
use gateway::tls::{Tls, TlsConfig};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use signaling::{Account, Algorithm, Command, DialTarget, DialogId, Setup};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(10);

struct World {
    sip: Sip,
    pages: pages::Pages,
    events: mpsc::Receiver<SipEvent>,
    data: PathBuf,
    _stop: StopSource,
}

impl Drop for World {
    fn drop(&mut self) {
        let _best_effort = std::fs::remove_dir_all(&self.data);
    }
}

impl World {
    async fn new() -> Self {
        let (source, stop) = pair();
        let (tell, events) = mpsc::channel(64);
        let data = std::env::temp_dir().join(format!("voxdesk-transports-{:x}", rand::random::<u64>()));
        std::fs::create_dir_all(&data).expect("a directory");
        let any: [SocketAddr; 1] = [([127, 0, 0, 1], 0).into()];
        let tls = Tls::load(&TlsConfig::default(), &data, &[any[0].ip()]).expect("a certificate");
        let setup = Setup {
            realm: "voxdesk".into(),
            product: "voxdesk".into(),
            accounts: vec![Account {
                user: "web".into(),
                password: String::from("secret").into(),
                algorithms: vec![Algorithm::Md5],
            }],
            listening: Vec::new(),
            min_expires: 60,
            max_expires: 3600,
            max_dialogs: 100,
            session_expires: 1800,
            trusted: Vec::new(),
            trunks: Vec::new(),
            guard: None,
            banned: Vec::new(),
        };
        let addresses = Addresses { udp: &any, tcp: &any, tls: &any, names: &[], ladder: None };
        let sip = start(setup, &addresses, Some(tls.clone()), Clock::start(), 1, tell, stop.clone());
        let sip = sip.await.expect("sockets");
        let app = pages::with_sip(axum::Router::new(), sip.web.clone());
        let opening = pages::open(any[0], stop).await.expect("an address");
        let pages = opening.serve(app, Some((any[0], tls))).await.expect("pages");
        Self { sip, pages, events, data, _stop: source }
    }

    /// A TLS connection to one of our addresses that trusts our certificate only.
    async fn secure(&self, to: SocketAddr) -> TlsStream<TcpStream> {
        let pem = std::fs::read(self.data.join("tls/certificate.pem")).expect("the certificate");
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&pem).expect("PEM")).expect("a root");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(to).await.expect("connected");
        let name = ServerName::IpAddress(to.ip().into());
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("a handshake")
    }

    async fn web(&self) -> WebSocketStream<TcpStream> {
        let at = self.pages.http;
        let mut request = format!("ws://{at}/sip").into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", "sip".parse().expect("a value"));
        let stream = TcpStream::connect(at).await.expect("connected");
        let (socket, answer) = client_async(request, stream).await.expect("a WebSocket");
        assert_eq!(answer.headers().get("sec-websocket-protocol").expect("a subprotocol"), "sip");
        socket
    }
}

fn request(method: &str, transport: &str, n: u32, more: &str) -> String {
    format!(
        "{method} sip:voxdesk.example SIP/2.0\r\nVia: SIP/2.0/{transport} df7jal23ls0d.invalid;branch=z9hG4bK{n};rport\r\n\
         Max-Forwards: 70\r\nFrom: <sip:web@voxdesk.example>;tag=t{n}\r\nTo: <sip:web@voxdesk.example>\r\n\
         Call-ID: call{n}\r\nCSeq: {n} {method}\r\nContact: <sip:web@df7jal23ls0d.invalid;transport=ws>\r\n{more}\
         Content-Length: 0\r\n\r\n"
    )
}

async fn read_until(stream: &mut (impl tokio::io::AsyncRead + Unpin), answers: usize) -> String {
    let (mut heard, mut buffer) = (String::new(), vec![0; 4096]);
    while heard.matches("SIP/2.0 200").count() < answers {
        let n = timeout(PATIENCE, stream.read(&mut buffer)).await.expect("an answer").expect("read");
        assert!(n > 0, "closed after {heard}");
        heard.push_str(&String::from_utf8_lossy(&buffer[..n]));
    }
    heard
}

async fn next_text(socket: &mut WebSocketStream<TcpStream>) -> Option<String> {
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("in time") {
            Some(Ok(Message::Text(text))) => return Some(text.to_string()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(other)) => panic!("not text: {other:?}"),
        }
    }
}

#[tokio::test]
async fn messages_over_tls_are_framed_however_they_are_cut() {
    let world = World::new().await;
    let mut stream = world.secure(world.sip.listening.tls[0]).await;
    for byte in request("OPTIONS", "TLS", 1, "").as_bytes() {
        // A TLS record for each byte.
        stream.write_all(&[*byte]).await.expect("written");
        stream.flush().await.expect("flushed");
    }
    let heard = read_until(&mut stream, 1).await;
    assert!(heard.contains(";transport=tls>"), "our Contact says how: {heard}");
    let both = format!("\r\n\r\n{}{}", request("OPTIONS", "TLS", 2, ""), request("OPTIONS", "TLS", 3, ""));
    stream.write_all(both.as_bytes()).await.expect("written");
    let heard = read_until(&mut stream, 2).await;
    assert!(heard.starts_with("\r\nSIP/2.0"), "a pong, then the answers: {heard}");
}

#[tokio::test]
async fn hundreds_who_never_finish_a_handshake_hold_nobody_up() {
    let world = World::new().await;
    let mut idle = Vec::new();
    for to in [world.sip.listening.tls[0], world.pages.http, world.pages.https.expect("HTTPS")] {
        for n in 0..100 {
            let mut stream = TcpStream::connect(to).await.expect("connected");
            // Half of them begin something: a TLS record, or a request line, of which the rest never comes.
            if n % 2 == 0 {
                let begun: &[u8] = if to == world.pages.http { b"GET /sip HT" } else { &[22, 3, 1, 2, 0, 1] };
                stream.write_all(begun).await.expect("written");
            }
            idle.push(stream);
        }
    }
    let mut stream = world.secure(world.sip.listening.tls[0]).await;
    stream.write_all(request("OPTIONS", "TLS", 1, "").as_bytes()).await.expect("written");
    read_until(&mut stream, 1).await;
    let mut socket = world.web().await;
    socket.send(Message::text(request("OPTIONS", "WS", 2, ""))).await.expect("sent");
    assert!(next_text(&mut socket).await.expect("an answer").starts_with("SIP/2.0 200"));
}

#[tokio::test]
async fn each_websocket_message_is_one_of_sip_and_a_double_crlf_is_a_ping() {
    let world = World::new().await;
    let mut socket = world.web().await;
    // Content-Length may be missing (RFC 7118 section 5): the message's end is known.
    let bare = request("OPTIONS", "WS", 1, "").replace("Content-Length: 0\r\n", "");
    socket.send(Message::text(bare)).await.expect("sent");
    let answer = next_text(&mut socket).await.expect("an answer");
    assert!(answer.starts_with("SIP/2.0 200") && answer.contains(";transport=ws>"), "{answer}");
    socket.send(Message::binary(request("OPTIONS", "WS", 2, "").into_bytes())).await.expect("sent");
    assert!(next_text(&mut socket).await.expect("an answer").starts_with("SIP/2.0 200"));
    socket.send(Message::text("\r\n\r\n")).await.expect("sent");
    assert_eq!(next_text(&mut socket).await.as_deref(), Some("\r\n"));
    socket.send(Message::text("nothing of SIP")).await.expect("sent");
    // In as many frames as there are bytes, some of them empty.
    let whole = request("OPTIONS", "WS", 3, "");
    let stream = socket.get_mut();
    for (n, byte) in whole.bytes().enumerate() {
        let last = n + 1 == whole.len();
        let first_byte = u8::from(n == 0) | if last { 0x80 } else { 0 };
        stream.write_all(&[first_byte, 0x81, 0, 0, 0, 0, byte]).await.expect("written");
    }
    assert!(next_text(&mut socket).await.expect("an answer").contains("CSeq: 3 OPTIONS"));
}

#[tokio::test]
async fn websockets_without_the_subprotocol_or_with_endless_messages_are_refused() {
    let world = World::new().await;
    let stream = TcpStream::connect(world.pages.http).await.expect("connected");
    let refused = client_async(format!("ws://{}/sip", world.pages.http), stream).await;
    assert!(refused.expect_err("is refused").to_string().contains("400"));
    let mut socket = world.web().await;
    // One frame that announces 2^40 bytes.
    let stream = socket.get_mut();
    stream.write_all(&[0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]).await.expect("written");
    assert_eq!(next_text(&mut socket).await, None, "closed");
    // Many frames that never end.
    let mut socket = world.web().await;
    let stream = socket.get_mut();
    let mut frame = vec![0x01, 0xfe, 0x40, 0, 0, 0, 0, 0];
    frame.resize(8 + 0x4000, b'a');
    for n in 0..8 {
        frame[0] = u8::from(n == 0);
        if stream.write_all(&frame).await.is_err() {
            break;
        }
    }
    assert_eq!(next_text(&mut socket).await, None, "closed");
    let mut socket = world.web().await;
    socket.send(Message::text(request("OPTIONS", "WS", 9, ""))).await.expect("sent");
    assert!(next_text(&mut socket).await.expect("others go on").starts_with("SIP/2.0 200"));
}

#[tokio::test]
async fn a_call_to_a_registered_page_goes_over_its_own_websocket() {
    let mut world = World::new().await;
    let mut socket = world.web().await;
    socket.send(Message::text(request("REGISTER", "WS", 1, ""))).await.expect("sent");
    let challenge = next_text(&mut socket).await.expect("a challenge");
    let nonce = challenge.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a nonce");
    let proof = digest(nonce);
    socket.send(Message::text(request("REGISTER", "WS", 2, &proof))).await.expect("sent");
    assert!(next_text(&mut socket).await.expect("an answer").starts_with("SIP/2.0 200"));
    let registered = timeout(PATIENCE, world.events.recv()).await.expect("in time").expect("an event");
    assert!(matches!(registered, SipEvent::Registered(_)), "{registered:?}");
    let dial = Command::Dial {
        dialog: DialogId::outgoing(1),
        target: DialTarget::Account("web".into()),
        from_user: String::from("100").into(),
        from_name: None,
        sdp: b"v=0\r\n".to_vec(),
        headers: Vec::new(),
    };
    world.sip.handle.command(dial.clone()).await.expect("running");
    let invite = next_text(&mut socket).await.expect("an INVITE");
    assert!(
        invite.starts_with("INVITE sip:web@df7jal23ls0d.invalid;transport=ws SIP/2.0\r\nVia: SIP/2.0/WS "),
        "{invite}"
    );
    drop(socket);
    // The page is gone: the call that waits for it fails at once, and so does the next one.
    let mut ended = 0;
    let mut again = false;
    while ended < 2 {
        match timeout(PATIENCE, world.events.recv()).await.expect("in time").expect("an event") {
            SipEvent::Ended { .. } => {
                ended += 1;
                if !again {
                    again = true;
                    let Command::Dial { target, from_user, from_name, sdp, headers, .. } = dial.clone()
                    else {
                        return;
                    };
                    let dialog = DialogId::outgoing(2);
                    let dial = Command::Dial { dialog, target, from_user, from_name, sdp, headers };
                    world.sip.handle.command(dial).await.expect("running");
                }
            }
            SipEvent::Unregistered { user } => assert_eq!(user, "web"),
            other => panic!("not an end: {other:?}"),
        }
    }
}

fn digest(nonce: &str) -> String {
    use md5::{Digest as _, Md5};
    let md5 = |text: String| hex::encode(Md5::digest(text));
    let (secret, what) = (md5("web:voxdesk:secret".into()), md5("REGISTER:sip:voxdesk.example".into()));
    let response = md5(format!("{secret}:{nonce}:00000001:c:auth:{what}"));
    format!(
        "Authorization: Digest username=\"web\", realm=\"voxdesk\", nonce=\"{nonce}\", uri=\"sip:voxdesk.example\", \
         response=\"{response}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\"\r\n"
    )
}
