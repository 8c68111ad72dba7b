//! The task that owns the SIP endpoint: takes in what happened, in batches, and carries out what is ordered.
//!
//! Promises: one thread of control, no lock; requests are always taken, so that an owner who waits for room here
//! never waits for ever; while reports wait for their owner nothing new is read from the network, except to drop it.

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::ops::ControlFlow;
use std::time::Duration;

use kernel::{Context, Rng};
use metrics::Counter;
use signaling::{Connection, Endpoint, In, Out, Path, Setup, Transport};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{Instant, sleep_until};

use super::listeners::Listeners;
use super::names::Names;
use super::streams::{News, Sent, Streams, WebGate};
use super::turned_away::Counted;
use super::udp::Datagrams;
use super::{Errand, Request, SipEvent, sort};
use crate::clock::Clock;
use crate::ladder::Ladder;
use crate::limits::{SIP_EVENTS, SIP_HANDLE_BATCH};
use crate::stop::Stop;
use crate::tls::Tls;

/// How often the kernel's own drops are counted.
const COUNT_DROPS: Duration = Duration::from_secs(1);
/// How long carriers may take to agree that we go.
const LEAVE: Duration = Duration::from_secs(1);

pub(super) struct Driver {
    endpoint: Endpoint,
    rng: Rng,
    clock: Clock,
    names: Vec<(Transport, std::net::SocketAddr)>,
    datagrams: Datagrams,
    streams: Streams,
    lookups: Names,
    news: mpsc::Receiver<News>,
    inbox: mpsc::Receiver<Request>,
    events: mpsc::Sender<SipEvent>,
    /// Reports that found no room.
    waiting: VecDeque<SipEvent>,
    waits: Counter,
    turned_away: Counted,
    outs: Vec<Out>,
    /// Streams that were given up while the endpoint was busy.
    gone: Vec<Connection>,
    /// Who is shown every message.
    ladder: Option<Ladder>,
}

/// Returns when stop is said, if anybody listens.
async fn told(stop: Option<&mut Stop>) {
    match stop {
        Some(stop) => stop.stopped().await,
        None => pending().await,
    }
}

/// What ended a wait.
enum Woken {
    Stop,
    Request(Option<Request>),
    News(News),
    Other,
}

impl Driver {
    pub(super) fn new(
        mut setup: Setup,
        (sockets, tls): (Listeners, Option<Tls>),
        servers: &[std::net::SocketAddr],
        clock: Clock,
        seed: u64,
        inbox: mpsc::Receiver<Request>,
        events: mpsc::Sender<SipEvent>,
    ) -> anyhow::Result<Self> {
        let names = sockets.names()?;
        setup.listening.clone_from(&names);
        let (streams, news) = Streams::new(sockets.tcp, sockets.tls, tls);
        let lookups = Names::new(servers, streams.teller());
        Ok(Self {
            endpoint: Endpoint::new(setup),
            rng: Rng::seeded(seed),
            clock,
            names,
            datagrams: Datagrams::new(sockets.udp)?,
            streams,
            lookups,
            news,
            inbox,
            events,
            waiting: VecDeque::new(),
            waits: metrics::counter!("sip_events_waiting_total"),
            turned_away: Counted::new(),
            outs: Vec::new(),
            gone: Vec::new(),
            ladder: None,
        })
    }

    /// Shows every message to the ladder.
    pub(super) fn shown_to(self, ladder: Option<Ladder>) -> Self {
        Self { ladder, ..self }
    }

    /// Where web servers hand WebSockets in.
    pub(super) fn gate(&self) -> WebGate {
        self.streams.gate()
    }

    /// Runs until told to stop, or until every handle is gone.
    pub(super) async fn run(mut self, mut stop: Stop) {
        let mut drops = Instant::now() + COUNT_DROPS;
        loop {
            let more = self.work();
            if Instant::now() >= drops {
                drops = Instant::now() + COUNT_DROPS;
                self.datagrams.count_kernel_drops();
                self.turned_away.count(self.endpoint.turned_away());
            }
            if more && !stop.is_stopped() {
                tokio::task::yield_now().await;
                continue;
            }
            let woken = self.wait(Some(&mut stop), drops).await;
            if self.heed(woken).is_break() {
                break;
            }
        }
        while let Ok(request) = self.inbox.try_recv() {
            self.request(request);
        }
        self.take_leave().await;
        self.streams.finish(self.news).await;
    }

    /// Carriers challenge the request that ends a registration too: it is worth one answer.
    async fn take_leave(&mut self) {
        let until = Instant::now() + LEAVE;
        while self.endpoint.is_leaving() && Instant::now() < until {
            if self.work() {
                tokio::task::yield_now().await;
                continue;
            }
            let woken = self.wait(None, until).await;
            if self.heed(woken).is_break() {
                break;
            }
        }
    }

    fn heed(&mut self, woken: Woken) -> ControlFlow<()> {
        match woken {
            Woken::Stop | Woken::Request(None) => return ControlFlow::Break(()),
            Woken::Request(Some(request)) => self.request(request),
            Woken::News(news) => self.news(news),
            Woken::Other => {}
        }
        ControlFlow::Continue(())
    }

    /// One round over everything that has something. Says whether there is more.
    fn work(&mut self) -> bool {
        self.flush();
        let Self { datagrams, endpoint, rng, clock, .. } = self;
        let now = clock.now();
        // Before the queue: what is dropped unseen takes nobody's place in it.
        let mut more =
            datagrams.read(|remote| endpoint.admits(&mut Context { now, rng }, Transport::Udp, remote));
        for remote in self.datagrams.unreachable() {
            self.tell(In::Unreachable(remote));
        }
        for _ in 0..SIP_HANDLE_BATCH {
            let Ok(request) = self.inbox.try_recv() else { break };
            self.request(request);
            more = true;
        }
        for _ in 0..SIP_HANDLE_BATCH {
            if self.is_clogged() {
                break;
            }
            let Some((path, bytes)) = self.datagrams.take() else { break };
            self.show(|ladder| ladder.received(path, &bytes));
            self.tell(In::Datagram { path, bytes: &bytes });
            self.datagrams.recycle(bytes);
        }
        for _ in 0..SIP_HANDLE_BATCH {
            if self.is_clogged() {
                break;
            }
            let Ok(news) = self.news.try_recv() else { break };
            self.news(news);
            more = true;
        }
        if self.endpoint.next_timeout().is_some_and(|due| due <= self.clock.now()) {
            self.tell(In::Elapsed);
        }
        self.flush();
        more || !self.datagrams.is_empty() && !self.is_clogged()
    }

    async fn wait(&mut self, stop: Option<&mut Stop>, latest: Instant) -> Woken {
        let clogged = self.is_clogged();
        let due = self.endpoint.next_timeout().map(|due| Instant::from_std(self.clock.instant_of(due)));
        let until = due.map_or(latest, |due| due.min(latest));
        let until = self.datagrams.look_again().map_or(until, |at| until.min(at));
        let Self { datagrams, news, inbox, events, waiting, .. } = self;
        tokio::select! {
            biased;
            () = told(stop) => Woken::Stop,
            room = events.reserve(), if !waiting.is_empty() => {
                if let (Ok(room), Some(event)) = (room, waiting.pop_front()) {
                    room.send(event);
                }
                Woken::Other
            }
            request = inbox.recv() => Woken::Request(request),
            Some(news) = news.recv(), if !clogged => Woken::News(news),
            () = poll_fn(|cx| datagrams.poll_readable(cx)), if !clogged => Woken::Other,
            () = sleep_until(until) => Woken::Other,
        }
    }

    fn request(&mut self, request: Request) {
        match request {
            Request::Command(command) => self.tell(In::Command(command)),
            Request::Configure(mut setup) => {
                setup.listening.clone_from(&self.names);
                self.tell(In::Configured(setup));
            }
            Request::Drain(on) => self.tell(In::Draining(on)),
            // Who asked may be gone.
            Request::Bans(reply) => drop(reply.send(self.endpoint.bans(self.clock.now()))),
            Request::Ban(ban) => self.tell(In::Ban(ban)),
            Request::Lift(source) => self.tell(In::Lift(source)),
        }
    }

    fn news(&mut self, news: News) {
        match news {
            News::Accepted { arrived, path } => {
                let cx = &mut Context { now: self.clock.now(), rng: &mut self.rng };
                if self.endpoint.admits(cx, path.transport, path.remote.ip()) {
                    self.streams.accepted(arrived, path);
                }
            }
            News::Named { search, question, records } => self.tell(In::Named { search, question, records }),
            News::Bytes { path, bytes } => {
                if !self.streams.is_open(path.connection) {
                    return;
                }
                let bytes = &bytes;
                self.show(|ladder| ladder.received(path, bytes));
                self.tell(if path.transport.is_web() {
                    In::Framed { path, bytes }
                } else {
                    In::Stream { path, bytes }
                });
            }
            News::Closed(connection) => {
                self.show(|ladder| ladder.closed(connection));
                if self.streams.closed(connection) {
                    self.tell(In::StreamClosed(connection));
                }
            }
        }
    }

    /// Tells the endpoint one thing and carries out what it orders.
    fn tell(&mut self, input: In<'_>) {
        self.hand_in(input);
        // Carrying orders out may close or open streams, which the endpoint hears next.
        while let Some(connection) = self.gone.pop() {
            self.hand_in(In::StreamClosed(connection));
        }
    }

    fn hand_in(&mut self, input: In<'_>) {
        let now = self.clock.now();
        let mut outs = std::mem::take(&mut self.outs);
        self.endpoint.handle(&mut Context { now, rng: &mut self.rng }, input, &mut outs);
        let mut opened = Vec::new();
        for out in outs.drain(..) {
            match sort(out) {
                Ok(Errand::Send { path, bytes }) => opened.extend(self.send(path, bytes)),
                Ok(Errand::Dialled { dialog, call_id }) => {
                    self.show(|ladder| ladder.dialled(dialog, call_id))
                }
                Ok(Errand::Close(connection)) => self.streams.close(connection),
                Ok(Errand::Ask { search, question }) => self.lookups.ask(search, question),
                Err(event) => {
                    self.show(|ladder| ladder.reported(&event));
                    self.report(event);
                }
            }
        }
        self.outs = outs;
        for path in opened {
            self.hand_in(In::StreamOpened(path));
        }
    }

    /// Sends; the path of a stream that had to be opened for it is returned.
    fn send(&mut self, path: Path, bytes: Vec<u8>) -> Option<Path> {
        match path.transport {
            Transport::Udp => {
                self.datagrams.send(&path, &bytes);
                self.show(|ladder| ladder.sent(path, bytes));
            }
            Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => {
                self.show(|ladder| ladder.sent(path, bytes.clone()));
                match self.streams.send(&path, bytes) {
                    Sent::Queued => {}
                    Sent::Opening(path) => return Some(path),
                    Sent::Gone(connection) => self.gone.push(connection),
                }
            }
        }
        None
    }

    fn show(&self, what: impl FnOnce(&Ladder)) {
        if let Some(ladder) = &self.ladder {
            what(ladder);
        }
    }

    fn report(&mut self, event: SipEvent) {
        if self.waiting.is_empty() {
            match self.events.try_send(event) {
                // Without a listener the process is ending.
                Ok(()) | Err(TrySendError::Closed(_)) => {}
                Err(TrySendError::Full(event)) => {
                    self.waits.increment(1);
                    self.waiting.push_back(event);
                }
            }
        } else {
            self.waiting.push_back(event);
        }
    }

    fn flush(&mut self) {
        while let Some(event) = self.waiting.pop_front() {
            if let Err(TrySendError::Full(event)) = self.events.try_send(event) {
                self.waiting.push_front(event);
                return;
            }
        }
    }

    /// Whether the owner of the calls is so far behind that no new ones should be taken in.
    fn is_clogged(&self) -> bool {
        self.waiting.len() >= SIP_EVENTS
    }
}
