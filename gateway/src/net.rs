//! SIP sockets: one task that owns `signaling::Endpoint` and carries out what it orders.
//!
//! Promises: datagrams, streams, orders and reports wait in bounded queues; under overload the newest datagram is
//! dropped and counted, never a report; a peer that is slow or silent costs its own connection only. Leaves to others:
//! every decision about SIP (`signaling`), what a call means (`interaction`).

mod endpoint_task;
mod exchange;
mod listeners;
mod names;
mod refused;
pub mod route;
mod streams;
mod turned_away;
mod udp;

pub use streams::WebGate;

use std::net::SocketAddr;

use signaling::guard::{Ban, Source};
use signaling::{Binding, Command, DialogId, EndCause, Incoming, Out, Question, Referral, Setup, TrunkState};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::ladder::Ladder;
use crate::limits::SIP_COMMANDS;
use crate::stop::Stop;
use crate::tls::Tls;

/// What the SIP endpoint reports: `signaling::Out` without what the sockets carry out themselves.
#[derive(Clone, Debug)]
pub enum SipEvent {
    /// A new call. `100 Trying` is sent already.
    Invited(Incoming),
    /// A dialled party rings or sends early media.
    Progress {
        /// Which.
        dialog: DialogId,
        /// 180, 183, …
        status: u16,
        /// Their answer for early media.
        sdp: Option<Vec<u8>>,
    },
    /// A dialled party answered.
    Answered {
        /// Which.
        dialog: DialogId,
        /// Their answer.
        sdp: Option<Vec<u8>>,
        /// The contact or account that answered.
        by: String,
    },
    /// The ACK to our 200 came.
    Confirmed {
        /// Which.
        dialog: DialogId,
        /// Their answer when our 200 carried the offer.
        sdp: Option<Vec<u8>>,
    },
    /// A re-INVITE or UPDATE came.
    Reoffered {
        /// Which.
        dialog: DialogId,
        /// Their offer; `None` asks for ours.
        sdp: Option<Vec<u8>>,
    },
    /// Our own offer was answered.
    Reanswered {
        /// Which.
        dialog: DialogId,
        /// Their answer.
        sdp: Option<Vec<u8>>,
    },
    /// Our own offer was refused.
    ReofferFailed {
        /// Which.
        dialog: DialogId,
    },
    /// A phone asks for a transfer.
    Referred {
        /// Which.
        dialog: DialogId,
        /// What it asks.
        refer: Referral,
    },
    /// A digit by INFO.
    Digit {
        /// Which.
        dialog: DialogId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digit: char,
    },
    /// It is over. The last word on this dialog.
    Ended {
        /// Which.
        dialog: DialogId,
        /// Why.
        cause: EndCause,
    },
    /// A source is banned from now on.
    Banned(Ban),
    /// A trunk stands otherwise than before.
    Trunk {
        /// Its name.
        name: String,
        /// How.
        state: TrunkState,
    },
    /// A phone registered (or refreshed).
    Registered(Binding),
    /// A user's last binding is gone.
    Unregistered {
        /// Account user.
        user: String,
    },
}

/// An order of the endpoint for its sockets.
enum Errand {
    Send { path: signaling::Path, bytes: Vec<u8> },
    Close(signaling::Connection),
    Ask { search: u64, question: Question },
    Dialled { dialog: DialogId, call_id: Vec<u8> },
}

/// Sorts what the endpoint puts out: an errand for the sockets, or a report for the owner.
#[expect(
    clippy::result_large_err,
    reason = "both sides are moved on at once; a box would cost an allocation per event"
)]
fn sort(out: Out) -> Result<Errand, SipEvent> {
    Err(match out {
        Out::Send { path, bytes } => return Ok(Errand::Send { path, bytes }),
        Out::Close(connection) => return Ok(Errand::Close(connection)),
        Out::Ask { search, question } => return Ok(Errand::Ask { search, question }),
        Out::Banned(ban) => SipEvent::Banned(ban),
        Out::Dialled { dialog, call_id } => return Ok(Errand::Dialled { dialog, call_id }),
        Out::Trunk { name, state } => SipEvent::Trunk { name, state },
        Out::Invited(incoming) => SipEvent::Invited(incoming),
        Out::Progress { dialog, status, sdp } => SipEvent::Progress { dialog, status, sdp },
        Out::Answered { dialog, sdp, by } => SipEvent::Answered { dialog, sdp, by },
        Out::Confirmed { dialog, sdp } => SipEvent::Confirmed { dialog, sdp },
        Out::Reoffered { dialog, sdp } => SipEvent::Reoffered { dialog, sdp },
        Out::Reanswered { dialog, sdp } => SipEvent::Reanswered { dialog, sdp },
        Out::ReofferFailed { dialog, .. } => SipEvent::ReofferFailed { dialog },
        Out::Referred { dialog, refer } => SipEvent::Referred { dialog, refer },
        Out::Digit { dialog, digit } => SipEvent::Digit { dialog, digit },
        Out::Ended { dialog, cause } => SipEvent::Ended { dialog, cause },
        Out::Registered(binding) => SipEvent::Registered(binding),
        Out::Unregistered { user } => SipEvent::Unregistered { user },
    })
}

/// What may be asked of the endpoint.
#[derive(Debug)]
enum Request {
    Command(Command),
    Configure(Setup),
    Drain(bool),
    /// The bans that hold.
    Bans(oneshot::Sender<Vec<Ban>>),
    Ban(Ban),
    Lift(Source),
}

/// The endpoint's task has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the SIP endpoint is stopped")]
pub struct SipStopped;

/// The way to the endpoint. Copies are equal; requests of one copy are obeyed in their order.
#[derive(Clone, Debug)]
pub struct SipHandle(mpsc::Sender<Request>);

impl SipHandle {
    /// Orders the endpoint; waits while its inbox is full.
    ///
    /// # Errors
    /// When the endpoint has ended.
    pub async fn command(&self, command: Command) -> Result<(), SipStopped> {
        self.0.send(Request::Command(command)).await.map_err(|_| SipStopped)
    }

    /// Hands the endpoint a new configuration. Its listening addresses stay as they are bound.
    ///
    /// # Errors
    /// When the endpoint has ended.
    pub async fn configure(&self, setup: Setup) -> Result<(), SipStopped> {
        self.0.send(Request::Configure(setup)).await.map_err(|_| SipStopped)
    }

    /// Begins (or ends) draining: new calls get 503.
    ///
    /// # Errors
    /// When the endpoint has ended.
    pub async fn drain(&self, on: bool) -> Result<(), SipStopped> {
        self.0.send(Request::Drain(on)).await.map_err(|_| SipStopped)
    }

    /// The bans that hold.
    ///
    /// # Errors
    /// When the endpoint has ended.
    pub async fn bans(&self) -> Result<Vec<Ban>, SipStopped> {
        let (to, from) = oneshot::channel();
        self.0.send(Request::Bans(to)).await.map_err(|_| SipStopped)?;
        from.await.map_err(|_| SipStopped)
    }

    /// Bans a source.
    ///
    /// # Errors
    /// When the endpoint has ended.
    pub async fn ban(&self, ban: Ban) -> Result<(), SipStopped> {
        self.0.send(Request::Ban(ban)).await.map_err(|_| SipStopped)
    }

    /// Lifts the ban of a source.
    ///
    /// # Errors
    /// When the endpoint has ended.
    pub async fn lift(&self, source: Source) -> Result<(), SipStopped> {
        self.0.send(Request::Lift(source)).await.map_err(|_| SipStopped)
    }
}

/// Where we really listen (port 0 resolved).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listening {
    /// UDP addresses, as asked for.
    pub udp: Vec<SocketAddr>,
    /// TCP addresses, as asked for.
    pub tcp: Vec<SocketAddr>,
    /// TLS addresses, as asked for.
    pub tls: Vec<SocketAddr>,
}

/// A running endpoint.
#[derive(Debug)]
pub struct Sip {
    /// The way to it.
    pub handle: SipHandle,
    /// Where it listens.
    pub listening: Listening,
    /// Where web servers hand WebSockets in.
    pub web: WebGate,
    /// Its task; ends after `stop`, when what was ordered before is sent.
    pub task: JoinHandle<()>,
}

/// Where to listen, and whom to ask for names.
#[derive(Clone, Debug, Default)]
pub struct Addresses<'a> {
    /// For datagrams.
    pub udp: &'a [SocketAddr],
    /// For streams.
    pub tcp: &'a [SocketAddr],
    /// For streams inside TLS.
    pub tls: &'a [SocketAddr],
    /// Name servers to ask; none: those of the system.
    pub names: &'a [SocketAddr],
    /// Who is shown every message.
    pub ladder: Option<&'a Ladder>,
}

/// Binds the sockets and starts the endpoint; TLS addresses need `tls`. `setup.listening` is filled in from what was bound.
///
/// # Errors
/// When an address cannot be bound; names it.
pub async fn start(
    setup: Setup,
    addresses: &Addresses<'_>,
    tls: Option<Tls>,
    clock: Clock,
    seed: u64,
    events: mpsc::Sender<SipEvent>,
    stop: Stop,
) -> anyhow::Result<Sip> {
    let (requests, inbox) = mpsc::channel(SIP_COMMANDS);
    let sockets = listeners::bind(addresses)?;
    let listening = sockets.listening()?;
    let driver =
        endpoint_task::Driver::new(setup, (sockets, tls), addresses.names, clock, seed, inbox, events)?;
    let driver = driver.shown_to(addresses.ladder.cloned());
    let web = driver.gate();
    let task = tokio::spawn(driver.run(stop));
    Ok(Sip { handle: SipHandle(requests), listening, web, task })
}
