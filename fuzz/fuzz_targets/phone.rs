//! What the SIP targets share: an endpoint with an owner that serves whatever comes, so that the states behind the first message are reached.

use std::net::SocketAddr;
use std::time::Duration;

use kernel::{Context, Rng, Time};
use signaling::{Account, Algorithm, Command, DialogId, Endpoint, In, Out, Parting, Path, Setup, Transport};

const SDP: &str =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4002 RTP/AVP 0\r\n";

/// The endpoint with its clock and its owner.
pub struct Phone {
    endpoint: Endpoint,
    now: Time,
    rng: Rng,
}

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// A way that a peer's bytes come by.
pub fn path(transport: Transport) -> Path {
    Path { transport, local: address("127.0.0.1:5060"), remote: address("192.0.2.9:4000"), connection: None }
}

impl Phone {
    /// With one account.
    pub fn new() -> Self {
        let setup = Setup {
            realm: "voxdesk".into(),
            product: "Voxdesk".into(),
            accounts: vec![Account {
                user: "alice".into(),
                password: String::from("secret").into(),
                algorithms: vec![Algorithm::Sha256, Algorithm::Md5],
            }],
            listening: vec![
                (Transport::Udp, address("127.0.0.1:5060")),
                (Transport::Tcp, address("127.0.0.1:5060")),
            ],
            min_expires: 60,
            max_expires: 3600,
            max_dialogs: 8,
            session_expires: 1800,
            trusted: Vec::new(),
            trunks: Vec::new(),
        };
        Self { endpoint: Endpoint::new(setup), now: Time::ZERO, rng: Rng::seeded(1) }
    }

    /// Feeds and serves what comes of it.
    pub fn feed(&mut self, input: In<'_>) {
        for out in self.handle(input) {
            match out {
                Out::Invited(incoming) => {
                    let dialog = incoming.dialog;
                    self.handle(In::Command(Command::Progress { dialog, sdp: None }));
                    self.handle(In::Command(Command::Accept { dialog, sdp: SDP.into() }));
                }
                Out::Referred { dialog, .. } => {
                    self.handle(In::Command(Command::AnswerRefer { dialog, status: 202 }));
                    self.handle(In::Command(Command::NotifyRefer { dialog, status: 200 }));
                }
                Out::Reoffered { dialog, .. } => {
                    self.handle(In::Command(Command::AcceptReoffer { dialog, sdp: SDP.into() }));
                }
                _ => {}
            }
        }
    }

    fn handle(&mut self, input: In<'_>) -> Vec<Out> {
        let mut out = Vec::new();
        self.endpoint.handle(&mut Context { now: self.now, rng: &mut self.rng }, input, &mut out);
        out
    }

    /// Hangs up what stands and lets everything end; what is left then is a leak.
    pub fn settle(mut self) {
        for n in 0..64 {
            let dialog = DialogId::incoming(n);
            self.handle(In::Command(Command::Hangup { dialog, why: Parting::Plain }));
        }
        for _ in 0..10_000 {
            let Some(due) = self.endpoint.next_timeout() else { break };
            self.now = self.now.max(due);
            self.feed(In::Elapsed);
            if self.now > Time::ZERO + Duration::from_secs(4000) {
                break;
            }
        }
        assert!(self.endpoint.is_idle(), "something is left: {:?}", self.endpoint);
    }
}
