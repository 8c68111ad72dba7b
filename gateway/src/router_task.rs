//! The task that owns the router: one inbox, its timers, and the delivery of its orders.
//!
//! Promises: the router's orders reach the interactions in order; pictures go to the live pages, at once when there is time and
//! a quarter of a second later at most; whether an agent wants work, or was set aside, survives a restart; what agents seem to
//! hold although it is over is noticed. Leaves to others: the decisions (`routing`).

mod keeper;
mod opening_hours;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use api::Live;
use interaction::RouterIn;
use kernel::hours::Calendar;
use kernel::{AgentName, Context, InteractionId, QueueName, Rng};
use routing::{AgentStatus, QueueStatus, Router, Waiting, Wants};
use store::Store;
use tokio::sync::{broadcast, mpsc, oneshot};

use self::keeper::{Keep, Keeper};
use self::opening_hours::OpeningHours;
use crate::clock::Clock;
use crate::limits;
use crate::recorder::Recorder;
use crate::registry::Registry;

/// What the router's task is told.
#[derive(Debug)]
pub enum RouterMsg {
    /// For the router itself.
    In(routing::In),
    /// A desk page came (`true`) or the last one went.
    Desk(AgentName, bool),
    /// A phone registered (`true`) or the last binding went.
    Phone(AgentName, bool),
    /// The agent wants work, or a break; `false` when there is no such agent.
    Ready(AgentName, Wants, oneshot::Sender<bool>),
    /// A supervisor takes the agent out of whatever keeps them; `false` when there is no such agent.
    Reset(AgentName, oneshot::Sender<bool>),
    /// Pictures of all agents.
    Agents(oneshot::Sender<Vec<AgentStatus>>),
    /// Pictures of all queues.
    Queues(oneshot::Sender<Vec<QueueStatus>>),
    /// Why work that waits still waits.
    Explain(InteractionId, oneshot::Sender<Option<Waiting>>),
}

/// Handle of the router's task.
#[derive(Clone, Debug)]
pub struct RouterHandle(mpsc::Sender<RouterMsg>);

impl RouterHandle {
    /// Hands over; waits when the queue is full.
    pub async fn tell(&self, message: RouterMsg) {
        if self.0.send(message).await.is_err() {
            tracing::error!("the router is gone");
        }
    }

    async fn ask<T: Default>(&self, question: impl FnOnce(oneshot::Sender<T>) -> RouterMsg) -> T {
        let (to, from) = oneshot::channel();
        self.tell(question(to)).await;
        from.await.unwrap_or_default()
    }

    /// Pictures of all agents.
    pub async fn agents(&self) -> Vec<AgentStatus> {
        self.ask(RouterMsg::Agents).await
    }

    /// Pictures of all queues.
    pub async fn queues(&self) -> Vec<QueueStatus> {
        self.ask(RouterMsg::Queues).await
    }

    /// The agent wants work, or a break; `false` when there is no such agent.
    pub async fn ready(&self, agent: AgentName, wants: Wants) -> bool {
        self.ask(|to| RouterMsg::Ready(agent, wants, to)).await
    }

    /// Takes an agent out of whatever keeps them; `false` when there is no such agent.
    pub async fn reset(&self, agent: AgentName) -> bool {
        self.ask(|to| RouterMsg::Reset(agent, to)).await
    }

    /// Why work that waits still waits; `None` when it does not wait.
    pub async fn explain(&self, work: InteractionId) -> Option<Waiting> {
        self.ask(|to| RouterMsg::Explain(work, to)).await
    }
}

/// Whether an agent can be reached, by pages and phone.
#[derive(Clone, Copy, Debug, Default)]
struct Reach {
    desk: bool,
    phone: bool,
}

/// The task.
pub struct RouterTask {
    router: Router,
    reach: BTreeMap<AgentName, Reach>,
    registry: Arc<Registry>,
    live: broadcast::Sender<Live>,
    clock: Clock,
    rng: Rng,
    keeper: Keeper,
    /// What is kept of each agent's wish.
    kept: BTreeMap<AgentName, String>,
    /// What agents were last seen doing.
    doing: BTreeMap<AgentName, (&'static str, Option<String>)>,
    /// To be kept, in order.
    to_keep: Vec<Keep>,
    /// When pictures were last shown.
    shown: Instant,
    /// Whether something happened since.
    unshown: bool,
    hours: OpeningHours,
}

impl RouterTask {
    /// Starts the task. Agents want after a restart what they wanted before.
    pub async fn start(
        setup: routing::Setup,
        hours: BTreeMap<QueueName, Calendar>,
        registry: Arc<Registry>,
        live: broadcast::Sender<Live>,
        store: Arc<dyn Store>,
        recorder: Recorder,
        clock: Clock,
    ) -> RouterHandle {
        let (to, inbox) = mpsc::channel(limits::ROUTER_INBOX);
        let agents = setup.agents.clone();
        if let Err(error) = store.agents_gone(clock.wall_millis()).await {
            tracing::error!(%error, "what agents did before the start could not be ended");
        }
        let mut task = RouterTask {
            router: Router::new(setup),
            reach: BTreeMap::new(),
            registry,
            live,
            clock,
            rng: Rng::seeded(rand::random()),
            keeper: Keeper::start(Arc::clone(&store), recorder),
            kept: BTreeMap::new(),
            doing: BTreeMap::new(),
            to_keep: Vec::new(),
            shown: Instant::now(),
            unshown: true,
            hours: OpeningHours::new(hours),
        };
        task.open_and_close();
        for agent in agents {
            if agent.always_ready {
                task.reach.insert(agent.name.clone(), Reach { desk: false, phone: true });
            }
            if let Some((kept, input)) = keeper::wish_before(&*store, &agent).await {
                task.kept.insert(agent.name.clone(), kept);
                task.feed(input);
            }
        }
        tokio::spawn(task.run(inbox));
        RouterHandle(to)
    }

    async fn run(mut self, mut inbox: mpsc::Receiver<RouterMsg>) {
        let mut reconcile = tokio::time::interval(limits::ROUTER_RECONCILES);
        loop {
            // Pictures wait for a moment without work, but not for long.
            while self.unshown && (inbox.is_empty() || self.shown.elapsed() >= limits::ROUTER_SHOWS) {
                self.show();
            }
            for keep in std::mem::take(&mut self.to_keep) {
                self.keeper.keep(keep).await;
            }
            let due = self.router.next_timeout().into_iter().chain(self.hours.next()).min();
            let due = due.map(|at| self.clock.instant_of(at));
            tokio::select! {
                message = inbox.recv() => match message {
                    None => return,
                    Some(message) => self.on_message(message),
                },
                () = sleep_until(due) => {
                    self.open_and_close();
                    self.feed(routing::In::Elapsed);
                }
                _ = reconcile.tick() => self.reconcile(),
            }
        }
    }

    fn on_message(&mut self, message: RouterMsg) {
        match message {
            RouterMsg::In(input) => self.feed(input),
            RouterMsg::Desk(agent, there) => {
                self.reach.entry(agent.clone()).or_default().desk = there;
                self.tell_reach(&agent);
                self.tell_call_holder(&agent, there);
            }
            RouterMsg::Phone(agent, there) => {
                self.reach.entry(agent.clone()).or_default().phone = there;
                self.tell_reach(&agent);
            }
            RouterMsg::Ready(agent, wants, reply) => self.readied(agent, wants, reply),
            RouterMsg::Reset(agent, reply) => {
                let status = self.router.agent(&agent);
                if let Some(status) = &status {
                    let works = status.held.iter().map(|held| held.work).chain(status.offer);
                    let live = works.filter(|work| self.registry.find(*work).is_some()).collect();
                    self.feed(routing::In::Reset { agent, live });
                }
                // Whoever asked went away.
                let _gone = reply.send(status.is_some());
            }
            RouterMsg::Agents(reply) => drop(reply.send(self.router.agents().collect())),
            RouterMsg::Queues(reply) => drop(reply.send(self.router.queues().collect())),
            RouterMsg::Explain(work, reply) => {
                drop(reply.send(self.router.explanation(work, self.clock.now())));
            }
        }
    }

    /// Answered when it is on disk.
    fn readied(&mut self, agent: AgentName, wants: Wants, reply: oneshot::Sender<bool>) {
        self.feed(routing::In::Ready { agent: agent.clone(), wants });
        match self.router.agent(&agent) {
            Some(status) => {
                let wish = keeper::kept_form(&status);
                self.kept.insert(agent.clone(), wish.clone());
                self.to_keep.push(Keep::Wish(agent, wish, Some(reply)));
            }
            None => {
                let _gone = reply.send(false);
            }
        }
    }

    fn tell_reach(&mut self, agent: &AgentName) {
        let Reach { desk, phone } = self.reach.get(agent).copied().unwrap_or_default();
        self.feed(routing::In::Reachable { agent: agent.clone(), desk, phone });
    }

    /// A call whose page went away is parked by its interaction.
    fn tell_call_holder(&self, agent: &AgentName, there: bool) {
        if let Some(call) = self.router.agent(agent).and_then(|status| status.call) {
            self.registry.tell(call, interaction::In::Desk { agent: agent.clone(), there });
        }
    }

    /// Queues whose hours began or ended.
    fn open_and_close(&mut self) {
        for (queue, open) in self.hours.look(self.clock.now()) {
            self.feed(routing::In::Opened { queue, open });
        }
    }

    /// What agents hold and what waits belongs to an interaction that lives; else its end was lost, and is told now.
    fn reconcile(&mut self) {
        let is_over = |work: &InteractionId| self.registry.find(*work).is_none();
        let mut news = Vec::new();
        for status in self.router.agents() {
            let held = status.held.iter().map(|held| held.work).filter(&is_over);
            news.extend(held.map(|work| routing::In::Released { work, agent: status.name.clone() }));
        }
        news.extend(self.router.waiting().filter(is_over).map(|work| routing::In::Withdrawn { work }));
        for input in news {
            metrics::counter!("router_reconciled_total").increment(1);
            tracing::warn!("the router knew of work that is over; it is taken out");
            self.feed(input);
        }
    }

    fn feed(&mut self, input: routing::In) {
        let mut out = Vec::new();
        let mut cx = Context { now: self.clock.now(), rng: &mut self.rng };
        self.router.handle(&mut cx, input, &mut out);
        self.unshown = true;
        for order in out {
            self.carry_out(order);
        }
    }

    fn show(&mut self) {
        let mut out = Vec::new();
        let cx = Context { now: self.clock.now(), rng: &mut self.rng };
        self.unshown = self.router.show(&cx, &mut out);
        self.shown = Instant::now();
        for order in out {
            self.carry_out(order);
        }
    }

    fn carry_out(&mut self, order: routing::Out) {
        match order {
            routing::Out::Offer { work, agent, until, why } => {
                let Reach { desk, phone } = self.reach.get(&agent).copied().unwrap_or_default();
                self.tell(work, RouterIn::Offered { agent, until, why, desk, phone });
            }
            routing::Out::OfferOver { work, agent, end } => {
                self.tell(work, RouterIn::OfferOver { agent, end });
            }
            routing::Out::Unavailable { work, why } => self.tell(work, RouterIn::Unavailable { why }),
            routing::Out::Moved { work, queue, why } => self.tell(work, RouterIn::Moved { queue, why }),
            routing::Out::Left { work, waited } => {
                let at = keeper::wall(self.clock.now());
                self.to_keep.push(Keep::Waited(work, at, waited));
            }
            routing::Out::Position { work, position, wait, .. } => {
                self.tell(work, RouterIn::Placed { place: position, wait });
            }
            routing::Out::AgentChanged(status) => {
                self.keep_wish(&status);
                self.keep_state(&status);
                self.publish(Live::Agent(status));
            }
            routing::Out::QueueChanged(status) => self.publish(Live::Queue(status)),
        }
    }

    /// The router may have set an agent aside, or taken them back.
    fn keep_wish(&mut self, status: &AgentStatus) {
        let wish = keeper::kept_form(status);
        if self.kept.get(&status.name).is_some_and(|kept| *kept != wish) {
            self.kept.insert(status.name.clone(), wish.clone());
            self.to_keep.push(Keep::Wish(status.name.clone(), wish, None));
        }
    }

    /// What agents do when is what their reports are made of.
    fn keep_state(&mut self, status: &AgentStatus) {
        let now = (keeper::state_name(status.state), status.pause.clone());
        if self.doing.get(&status.name) != Some(&now) {
            let at = keeper::wall(status.since).min(keeper::wall(self.clock.now()));
            self.to_keep.push(Keep::State(status.name.clone(), now.0, now.1.clone(), at));
            self.doing.insert(status.name.clone(), now);
        }
    }

    fn tell(&self, work: InteractionId, news: RouterIn) {
        self.registry.tell(work, interaction::In::Router(news));
    }

    fn publish(&self, news: Live) {
        // Nobody listening is no error.
        let _listeners = self.live.send(news);
    }
}

/// Sleeps until a moment, or for ever.
pub async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
