//! `Interaction`: the machine, its state, and the one door (`handle`) through which news comes in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use desk::{Change, Channel, ConversationState, Speaker, WallMillis};
use kernel::{AgentName, Context, Effects, InteractionId, Lang, QueueName, Time, Timers};
use routing::{Medium, Target};

use crate::io::{In, Opening, Out, Refused, Reply, Restored, Settings};
use crate::legs::Legs;

/// Where an interaction stands. What the customer hears meanwhile is the flow's business.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// In the flow.
    Flow,
    /// In a queue, or ringing one agent directly.
    Waiting(Waiting),
    /// A number is being dialled.
    Dialing {
        /// The dialled leg.
        leg: u16,
    },
    /// With somebody.
    Talking(Talk),
    /// The customer is gone; open speech is still being decoded.
    Closing,
    /// Nothing is left.
    Over,
}

/// Waiting for an agent.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    /// Whom for.
    pub target: Target,
    /// Higher goes first.
    pub priority: i32,
    /// Since when: the place in the queue, kept through every return.
    pub since: Time,
    /// The offer that rings.
    pub offer: Option<Offer>,
}

/// An offer that rings.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// Who.
    pub agent: AgentName,
    /// Their phone's leg, if it is being rung.
    pub phone: Option<u16>,
    /// Their page rings.
    pub desk: bool,
}

/// With an agent or a dialled party.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    /// The agent; `None` for a dialled number.
    pub agent: Option<AgentName>,
    /// Their leg.
    pub leg: u16,
    /// How they hear and speak.
    pub device: Device,
    /// The line between them.
    pub line: Line,
    /// The agent is muted.
    pub muted: bool,
    /// Connected since; `None` while connecting.
    pub since: Option<Time>,
    /// What was waited for, to go back to when the page does not return.
    pub waited: Option<Waiting>,
    /// Sides without audio: customer, other.
    pub silent: (bool, bool),
}

/// What an agent uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Device {
    /// A SIP phone.
    Phone,
    /// The desk page, by WebRTC.
    Browser,
    /// The desk page, by typing.
    Text,
}

/// The line between customer and agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// The page has accepted and has yet to bring its media.
    Connecting,
    /// They hear each other.
    Open,
    /// The agent put the customer on hold.
    Held,
    /// The page is gone; the customer hears music.
    Parked,
}

/// Deadlines of an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// The accepted page brings no media.
    Connect,
    /// The lost page does not come back.
    Park,
    /// The page's socket is gone for longer than a hiccup.
    Grace,
    /// A dialled number does not answer.
    Ring,
    /// Speech that is still being decoded.
    Closing,
    /// A phone that transferred its call has not hung up.
    Depart,
}

/// One customer interaction.
#[derive(Debug)]
pub struct Interaction {
    pub(crate) id: InteractionId,
    pub(crate) channel: Channel,
    pub(crate) caller: String,
    pub(crate) settings: Arc<Settings>,
    pub(crate) lang: Lang,
    pub(crate) began: Time,
    /// Wall time of `began` on our clock, so that `wall(t) = wall_began + (t - began)`.
    pub(crate) wall_began: WallMillis,
    /// Wall time of the conversation's beginning (earlier than `wall_began` after a restart).
    pub(crate) started_at: WallMillis,
    pub(crate) run: Option<ivr::Run>,
    pub(crate) stage: Stage,
    pub(crate) legs: Legs,
    pub(crate) timers: Timers<Timer>,
    /// A phone that transferred its call and is about to hang up.
    pub(crate) departing: Option<u16>,
    /// Last interim text per leg: shown again only when changed.
    pub(crate) previews: BTreeMap<u16, (String, String)>,
}

impl Interaction {
    /// A customer arrives: the record opens and the flow begins.
    ///
    /// # Errors
    /// When the flow has no such entry; nothing was recorded then.
    pub fn begin(
        opening: &Opening,
        settings: Arc<Settings>,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Result<Self, ivr::UnknownEntry> {
        let mut steps = Vec::new();
        let text = !opening.channel.is_spoken();
        let start = ivr::Start {
            entry: opening.entry.clone(),
            lang: opening.lang,
            text,
            caller: opening.caller.clone(),
            called: opening.called.clone(),
        };
        let run = ivr::Run::start(Arc::clone(&settings.flow), start, cx, &mut steps)?;
        let mut this = Self::blank(opening, opening.wall, settings, cx.now);
        out.emit(Out::Record(Change::ConversationOpened {
            id: opening.id,
            channel: opening.channel,
            address: opening.address.clone(),
            name: opening.name.clone(),
            called: opening.called.clone(),
            lang: opening.lang.code().to_owned(),
            at: opening.wall,
        }));
        this.add_leg(cx.now, Speaker::Customer, None, if text { "text" } else { "phone" }, out);
        this.note_data(cx, &opening.data, out);
        this.run = Some(run);
        this.follow_flow(cx, steps, out);
        Ok(this)
    }

    /// A written conversation goes on after a restart: with its agent, or in its old place in the queue.
    pub fn restore(
        restored: Restored,
        settings: Arc<Settings>,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Self {
        let mut this = Self::blank(&restored.opening, restored.started_at, settings, cx.now);
        this.legs = Legs::resumed(restored.last_leg);
        let waiting = restored.queue.clone().map(|queue| Waiting {
            target: Target::Queue(queue),
            priority: 0,
            since: restored.queued_at,
            offer: None,
        });
        if let Some(agent) = restored.agent {
            out.emit(Out::Route(routing::In::Holding {
                work: this.id,
                agent: agent.clone(),
                medium: this.medium(),
                queue: restored.queue,
            }));
            this.stage = Stage::Talking(Talk {
                agent: Some(agent),
                leg: 1,
                device: Device::Text,
                line: Line::Open,
                muted: false,
                since: Some(cx.now),
                waited: waiting,
                silent: (false, false),
            });
        } else if let Some(waiting) = waiting {
            this.wait(waiting, out);
        } else {
            this.restart_flow(&restored.opening, cx, out);
        }
        this
    }

    fn blank(opening: &Opening, started_at: WallMillis, settings: Arc<Settings>, now: Time) -> Self {
        Self {
            id: opening.id,
            channel: opening.channel,
            caller: opening.caller.clone(),
            settings,
            lang: opening.lang,
            began: now,
            wall_began: opening.wall,
            started_at,
            run: None,
            stage: Stage::Flow,
            legs: Legs::default(),
            timers: Timers::default(),
            departing: None,
            previews: BTreeMap::new(),
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> InteractionId {
        self.id
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    /// When it must be told `In::Elapsed` at the latest.
    #[must_use]
    pub fn next_timeout(&self) -> Option<Time> {
        let flow = self.run.as_ref().and_then(ivr::Run::next_timeout);
        [flow, self.timers.next_timeout()].into_iter().flatten().min()
    }

    /// The one door.
    #[must_use]
    pub fn handle(mut self, cx: &mut Context<'_>, input: In, out: &mut impl Effects<Out>) -> Self {
        match input {
            In::Leg(leg, news) => self.on_leg(cx, leg, news, out),
            In::Router(news) => self.on_router(cx, news, out),
            In::Agent { agent, order, reply } => {
                let result = self.on_agent(cx, &agent, order, out);
                out.emit(Out::Reply(reply, result));
            }
            In::Desk { agent, there } => self.on_desk(cx, &agent, there, out),
            In::AgentWrote { agent, text, note, dedupe, reply } => {
                let result = self.on_agent_wrote(cx, agent, text, note, dedupe, out);
                out.emit(Out::Reply(reply, result));
            }
            In::CustomerWrote { text, dedupe, reply } => self.on_customer_wrote(cx, text, dedupe, reply, out),
            In::CustomerLeft { reply } => self.on_customer_left(cx, reply, out),
            In::Yielded => self.on_yielded(cx, out),
            In::Shutdown => self.shut_down(cx, out),
            In::Elapsed => self.on_elapsed(cx, out),
        }
        self
    }

    fn on_customer_left(&mut self, cx: &mut Context<'_>, reply: Reply, out: &mut impl Effects<Out>) {
        let result = if self.is_live() {
            self.finish(cx, kernel::Fault::None, "customer_left", out);
            Ok(())
        } else {
            Err(Refused::Over)
        };
        out.emit(Out::Reply(reply, result));
    }

    fn on_elapsed(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        while let Some(timer) = self.timers.pop_due(cx.now) {
            match timer {
                Timer::Connect => self.page_brought_nothing(cx, out),
                Timer::Park => self.page_did_not_return(cx, out),
                Timer::Grace => self.park(cx, out),
                Timer::Ring => self.dial_failed(cx, "no_answer", out),
                Timer::Closing => self.close_the_record(out),
                Timer::Depart => self.send_off(cx, out),
            }
        }
        if self.run.as_ref().and_then(ivr::Run::next_timeout).is_some_and(|at| at <= cx.now) {
            self.tell_flow(cx, ivr::In::Elapsed, out);
        }
    }

    /// Whether the customer is still there.
    pub(crate) const fn is_live(&self) -> bool {
        !matches!(self.stage, Stage::Closing | Stage::Over)
    }

    pub(crate) const fn medium(&self) -> Medium {
        if self.channel.is_spoken() { Medium::Call } else { Medium::Chat }
    }

    pub(crate) const fn is_spoken(&self) -> bool {
        self.channel.is_spoken()
    }

    /// Enters (or re-enters) the router, keeping the place that `since` gives.
    pub(crate) fn wait(&mut self, waiting: Waiting, out: &mut impl Effects<Out>) {
        let queue = match &waiting.target {
            Target::Queue(queue) => Some(queue.clone()),
            Target::Agent(_) => None,
        };
        self.moved(ConversationState::Waiting, queue.clone(), queue.map(|_| waiting.since), None, out);
        out.emit(Out::Route(routing::In::Enqueued {
            work: self.id,
            target: waiting.target.clone(),
            medium: self.medium(),
            priority: waiting.priority,
            since: waiting.since,
        }));
        self.stage = Stage::Waiting(waiting);
    }

    pub(crate) fn queue(&self) -> Option<QueueName> {
        let waiting = match &self.stage {
            Stage::Waiting(waiting) => Some(waiting),
            Stage::Talking(talk) => talk.waited.as_ref(),
            _ => None,
        };
        waiting.and_then(|waiting| match &waiting.target {
            Target::Queue(queue) => Some(queue.clone()),
            Target::Agent(_) => None,
        })
    }

    /// Wall time of a moment on our clock.
    pub(crate) fn wall(&self, at: Time) -> WallMillis {
        let since = at.since(self.began);
        let before = self.began.since(at);
        self.wall_began + millis(since) - millis(before)
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
