//! The task that owns the router: one inbox, its timers, and the delivery of its orders.
//!
//! Promises: the router's orders reach the interactions in order; pictures go to the live pages; whether an agent wants work
//! survives a restart. Leaves to others: the decisions (`routing`).

use std::collections::BTreeMap;
use std::sync::Arc;

use api::Live;
use interaction::RouterIn;
use kernel::{AgentName, Context, Rng};
use routing::{AgentStatus, QueueStatus, Router};
use store::Store;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::clock::Clock;
use crate::limits;
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
    /// The agent wants work, or a pause.
    Ready(AgentName, bool, oneshot::Sender<bool>),
    /// Pictures of all agents.
    Agents(oneshot::Sender<Vec<AgentStatus>>),
    /// Pictures of all queues.
    Queues(oneshot::Sender<Vec<QueueStatus>>),
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

    /// Pictures of all agents.
    pub async fn agents(&self) -> Vec<AgentStatus> {
        let (to, from) = oneshot::channel();
        self.tell(RouterMsg::Agents(to)).await;
        from.await.unwrap_or_default()
    }

    /// Pictures of all queues.
    pub async fn queues(&self) -> Vec<QueueStatus> {
        let (to, from) = oneshot::channel();
        self.tell(RouterMsg::Queues(to)).await;
        from.await.unwrap_or_default()
    }

    /// The agent wants work, or a pause; `false` when there is no such agent.
    pub async fn ready(&self, agent: AgentName, ready: bool) -> bool {
        let (to, from) = oneshot::channel();
        self.tell(RouterMsg::Ready(agent, ready, to)).await;
        from.await.unwrap_or(false)
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
    store: Arc<dyn Store>,
    clock: Clock,
    rng: Rng,
}

impl RouterTask {
    /// Starts the task. Agents who wanted work before a restart want it again.
    pub async fn start(
        setup: routing::Setup,
        registry: Arc<Registry>,
        live: broadcast::Sender<Live>,
        store: Arc<dyn Store>,
        clock: Clock,
    ) -> RouterHandle {
        let (to, inbox) = mpsc::channel(limits::ROUTER_INBOX);
        let agents: Vec<(AgentName, bool)> =
            setup.agents.iter().map(|agent| (agent.name.clone(), agent.always_ready)).collect();
        let router = Router::new(setup);
        let rng = Rng::seeded(rand::random());
        let mut task = RouterTask { router, reach: BTreeMap::new(), registry, live, store, clock, rng };
        for (agent, always) in agents {
            if always {
                task.reach.insert(agent.clone(), Reach { desk: false, phone: true });
            }
            if task.store.setting(&ready_key(&agent)).await.ok().flatten().as_deref() == Some("true") {
                task.feed(routing::In::Ready { agent, ready: true });
            }
        }
        tokio::spawn(task.run(inbox));
        RouterHandle(to)
    }

    async fn run(mut self, mut inbox: mpsc::Receiver<RouterMsg>) {
        loop {
            let due = self.router.next_timeout().map(|at| self.clock.instant_of(at));
            tokio::select! {
                message = inbox.recv() => match message {
                    None => return,
                    Some(message) => self.on_message(message).await,
                },
                () = sleep_until(due) => self.feed(routing::In::Elapsed),
            }
        }
    }

    async fn on_message(&mut self, message: RouterMsg) {
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
            RouterMsg::Ready(agent, ready, reply) => {
                let known = self.router.agent(&agent).is_some();
                if known {
                    let value = if ready { "true" } else { "false" };
                    if let Err(error) = self.store.put_setting(&ready_key(&agent), value).await {
                        tracing::error!(%error, "readiness was not kept");
                    }
                    self.feed(routing::In::Ready { agent, ready });
                }
                let _gone = reply.send(known);
            }
            RouterMsg::Agents(reply) => drop(reply.send(self.router.agents().collect())),
            RouterMsg::Queues(reply) => drop(reply.send(self.router.queues().collect())),
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

    fn feed(&mut self, input: routing::In) {
        let mut out = Vec::new();
        let mut cx = Context { now: self.clock.now(), rng: &mut self.rng };
        self.router.handle(&mut cx, input, &mut out);
        for order in out {
            self.carry_out(order);
        }
    }

    fn carry_out(&self, order: routing::Out) {
        match order {
            routing::Out::Offer { work, agent, until, why } => {
                let Reach { desk, phone } = self.reach.get(&agent).copied().unwrap_or_default();
                let offered = RouterIn::Offered { agent, until, why, desk, phone };
                self.registry.tell(work, interaction::In::Router(offered));
            }
            routing::Out::OfferOver { work, agent, end } => {
                self.registry.tell(work, interaction::In::Router(RouterIn::OfferOver { agent, end }));
            }
            routing::Out::Unavailable { work, why, .. } => {
                self.registry.tell(work, interaction::In::Router(RouterIn::Unavailable { why }));
            }
            routing::Out::Position { .. } => {}
            routing::Out::AgentChanged(status) => self.show(Live::Agent(status)),
            routing::Out::QueueChanged(status) => self.show(Live::Queue(status)),
        }
    }

    fn show(&self, news: Live) {
        // Nobody listening is no error.
        let _listeners = self.live.send(news);
    }
}

/// Sleeps until a moment, or for ever.
pub async fn sleep_until(at: Option<std::time::Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

fn ready_key(agent: &AgentName) -> String {
    format!("ready:{agent}")
}
