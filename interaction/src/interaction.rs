//! `Interaction`: the machine, its state, and the one door (`handle`) through which news comes in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use desk::{Channel, ConversationState, Speaker, WallMillis};
use kernel::{AgentName, Context, Effects, InteractionId, Lang, QueueName, Time, Timers};
use routing::{Medium, Target};

use crate::io::{Arrives, FirstMessage, In, Opening, Out, Refused, Reply, Restored, Settings};
use crate::legs::Legs;
use crate::observed::Elsewhere;
use crate::record::opened;
use crate::recording::Guard;
use crate::taping::Taping;
use crate::watching::Watcher;

/// Where an interaction stands. What the customer hears meanwhile is the flow's business.
#[expect(
    clippy::large_enum_variant,
    reason = "there is one per conversation, and it is replaced a few times in a call"
)]
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
        /// Somebody handed the customer over to this number.
        handed: Option<Handed>,
    },
    /// With somebody.
    Talking(Talk),
    /// In a parking place, with music, until somebody picks up.
    Parked(Handed),
    /// Another system carries the call; we hear it.
    Elsewhere(Elsewhere),
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
    /// What else it wants of an agent.
    pub wishes: routing::Wishes,
    /// The offers that ring: one, or several in a queue that rings all.
    pub offers: Vec<Offer>,
    /// Somebody handed the customer over to here (the flow did not send them).
    pub handed: Option<Handed>,
}

/// A customer on the way from one person to another: who sent them, and where they go when nobody takes them.
#[derive(Clone, Debug)]
pub(crate) struct Handed {
    /// By whom.
    pub by: AgentName,
    /// The queue place to go back to, if there was one.
    pub back: Option<Box<Waiting>>,
    /// They were in a parking place, and go back there.
    pub parked: bool,
}

impl Waiting {
    /// Waiting for `target` since `since`, with nothing special.
    pub(crate) fn new(target: Target, since: Time) -> Self {
        Self {
            target,
            priority: 0,
            since,
            wishes: routing::Wishes::default(),
            offers: Vec::new(),
            handed: None,
        }
    }

    /// The offer to this agent.
    pub(crate) fn offer_to(&self, agent: &AgentName) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.agent == *agent)
    }
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
    /// Whom the agent asks aside.
    pub consult: Option<Consult>,
    /// Who else talks with the customer.
    pub guests: Vec<Guest>,
}

/// A consultation: somebody who is asked while the customer waits.
#[derive(Clone, Debug)]
pub(crate) struct Consult {
    /// As the agent's page calls them.
    pub who: String,
    /// How far it is.
    pub stage: Asked,
}

/// How far a consultation is.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    /// The router looks for somebody, or rings them.
    Ringing(Waiting),
    /// A number is being dialled.
    Dialing(u16),
    /// They are there; the agent talks with them.
    Aside(Guest),
    /// They are there and hear music; the agent is back with the customer.
    Waiting(Guest),
}

/// Somebody in a call besides customer and agent.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    /// The agent; `None` for a dialled number.
    pub agent: Option<AgentName>,
    /// As pages call them.
    pub who: String,
    /// Their leg.
    pub leg: u16,
    /// How they hear and speak.
    pub device: Device,
    /// Their media flows.
    pub up: bool,
}

impl Talk {
    /// A talk that begins.
    pub(crate) fn with(agent: Option<AgentName>, leg: u16, device: Device, line: Line) -> Self {
        Self {
            agent,
            leg,
            device,
            line,
            muted: false,
            since: None,
            waited: None,
            silent: (false, false),
            consult: None,
            guests: Vec::new(),
        }
    }

    /// The one asked, once they are there.
    pub(crate) fn asked(&self) -> Option<&Guest> {
        match &self.consult.as_ref()?.stage {
            Asked::Aside(guest) | Asked::Waiting(guest) => Some(guest),
            Asked::Ringing(_) | Asked::Dialing(_) => None,
        }
    }

    /// Everybody besides customer and agent who is there.
    pub(crate) fn everybody_else(&self) -> impl Iterator<Item = &Guest> {
        self.guests.iter().chain(self.asked())
    }

    pub(crate) fn guest_mut(&mut self, leg: u16) -> Option<&mut Guest> {
        let asked = match self.consult.as_mut().map(|consult| &mut consult.stage) {
            Some(Asked::Aside(guest) | Asked::Waiting(guest)) => Some(guest),
            _ => None,
        };
        self.guests.iter_mut().chain(asked).find(|guest| guest.leg == leg)
    }
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
    /// Digits that were held back have waited long enough.
    Screen,
    /// A guest's page brings no media.
    Guest,
    /// Nobody picks the parked customer up.
    Place,
    /// A phone that transferred its call has not hung up.
    Depart,
    /// The customer's page is not there.
    Away,
}

/// One customer interaction.
#[derive(Debug)]
pub struct Interaction {
    pub(crate) id: InteractionId,
    pub(crate) channel: Channel,
    /// Who the customer is, for the record: `tel:…`, `sip:…`, `chat:…`.
    pub(crate) address: String,
    pub(crate) caller: String,
    /// Their tier, if they were recognised.
    pub(crate) tier: Option<String>,
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
    /// Between what is said and everybody who reads.
    pub(crate) screen: asr::redact::Screen,
    /// The flow wants to hear what the customer says.
    pub(crate) flow_listens: bool,
    /// What is kept out of the record now.
    pub(crate) guard: Guard,
    /// A recording is not on disk yet.
    pub(crate) recording: bool,
    /// The last wait that the flow gave up: a callback keeps its place.
    pub(crate) gave_up: Option<Waiting>,
    /// The customer wrote what nobody has read yet.
    pub(crate) unread: bool,
    /// For somebody who is called back: how far that is.
    pub(crate) callback: Option<crate::callback::Stage>,
    /// We called (a callback is asked for by the customer, and is not meant).
    pub(crate) outgoing: bool,
    /// What was dialled: its recording policy.
    pub(crate) called: String,
    pub(crate) taping: Taping,
    /// Supervisors who listen or speak, by name.
    pub(crate) watchers: BTreeMap<AgentName, Watcher>,
    /// The page from which the customer calls, if they do.
    pub(crate) page: Option<crate::visiting::Page>,
    /// By viewer: whom each leg's page was told to show.
    pub(crate) sight: BTreeMap<u16, u16>,
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
        Self::begin_with(opening, None, settings, cx, out)
    }

    /// The same by a message on a channel: it is recorded before the flow says anything, and is no answer to the flow.
    ///
    /// # Errors
    /// When the flow has no such entry; nothing was recorded then.
    pub fn begin_with(
        opening: &Opening,
        first: Option<FirstMessage>,
        settings: Arc<Settings>,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Result<Self, ivr::UnknownEntry> {
        let mut steps = Vec::new();
        if opening.arrives == Arrives::ByPage {
            let mut this = Self::blank(opening, opening.wall, settings, cx.now);
            out.emit(Out::Record(opened(opening)));
            this.expect_page(opening, cx, out);
            this.note_data(cx, &opening.data, out);
            return Ok(this);
        }
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
        out.emit(Out::Record(opened(opening)));
        this.add_leg(cx.now, Speaker::Customer, None, if text { "text" } else { "phone" }, out);
        this.note_data(cx, &opening.data, out);
        if let Some(first) = first {
            this.write_first(cx, first, out);
        }
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
        let waiting = restored.queue.clone().map(|queue| {
            let (priority, wishes) = (restored.queued.priority, restored.queued.wishes.clone());
            Waiting { priority, wishes, ..Waiting::new(Target::Queue(queue), restored.queued_at) }
        });
        if let Some(agent) = restored.agent {
            out.emit(Out::Route(routing::In::Holding {
                work: this.id,
                agent: agent.clone(),
                medium: this.medium(),
                queue: restored.queue,
            }));
            this.stage = Stage::Talking(Talk {
                since: Some(cx.now),
                waited: waiting,
                ..Talk::with(Some(agent), 1, Device::Text, Line::Open)
            });
        } else if let Some(waiting) = waiting {
            // Whether they wrote is in the record alone; hardly anybody waits without.
            this.unread = true;
            this.wait(waiting, out);
        } else {
            this.restart_flow(&restored.opening, cx, out);
        }
        this
    }

    pub(crate) fn blank(
        opening: &Opening,
        started_at: WallMillis,
        settings: Arc<Settings>,
        now: Time,
    ) -> Self {
        Self {
            id: opening.id,
            channel: opening.channel,
            address: opening.address.clone(),
            caller: opening.caller.clone(),
            tier: opening.tier.clone(),
            screen: asr::redact::Screen::new(settings.redact.clone()),
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
            flow_listens: false,
            guard: Guard::default(),
            recording: false,
            gave_up: None,
            unread: false,
            callback: None,
            outgoing: false,
            called: opening.called.clone(),
            taping: Taping::default(),
            watchers: BTreeMap::new(),
            page: None,
            sight: BTreeMap::new(),
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

    /// The step of the flow where the customer is; `None` once they are with somebody, or gone.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        match &self.stage {
            Stage::Flow | Stage::Waiting(_) | Stage::Dialing { .. } => self.run.as_ref().map(ivr::Run::step),
            Stage::Talking(_) | Stage::Parked(_) | Stage::Elsewhere(_) | Stage::Closing | Stage::Over => None,
        }
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
            In::Watch { supervisor, how, reply } => {
                let result = self.on_watch(cx, supervisor, how, out);
                out.emit(Out::Reply(reply, result));
            }
            In::Callback { change, reply } => {
                let result = self.change_callback(cx, change, out);
                out.emit(Out::Reply(reply, result));
            }
            In::PassedOn { leg, party } => self.passed_on(cx, leg, party, out),
            In::RecordingFailed => self.recording_failed(cx, out),
            In::Quality { leg, quality } => self.on_quality(cx, leg, quality, out),
            In::Desk { agent, there } => self.on_desk(cx, &agent, there, out),
            In::AgentWrote { agent, text, note, detail, dedupe, reply } => {
                let result = self.on_agent_wrote(cx, agent, (text, detail), note, dedupe, out);
                out.emit(Out::Reply(reply, result));
            }
            In::CustomerWrote { text, detail, dedupe, reply } => {
                self.on_customer_wrote(cx, (text, detail), dedupe, reply, out);
            }
            In::CustomerSent { arrival, text, detail, reply } => {
                self.on_customer_sent(cx, *arrival, text, detail, reply, out);
            }
            In::CustomerLeft { reply } => self.on_customer_left(cx, reply, out),
            In::Fetched { token, reply } => self.tell_flow(cx, ivr::In::Fetched { token, reply }, out),
            In::Person { token, person } => self.tell_flow(cx, ivr::In::Person { token, person }, out),
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
                Timer::Connect if matches!(self.stage, Stage::Elsewhere(_)) => self.observed_nothing(cx, out),
                Timer::Connect => self.page_brought_nothing(cx, out),
                Timer::Park => self.page_did_not_return(cx, out),
                Timer::Grace => self.park(cx, out),
                Timer::Ring if self.is_calling_back() => self.callback_failed(cx, "no_answer", out),
                Timer::Ring => self.dial_failed(cx, "no_answer", out),
                Timer::Closing => {
                    self.clear_all(cx.now, out);
                    self.close_the_record(out);
                }
                Timer::Screen => self.screen_elapsed(cx.now, out),
                Timer::Guest => self.guest_brought_nothing(cx, out),
                Timer::Place => self.nobody_picked_up(cx, out),
                Timer::Depart => self.send_off(cx, out),
                Timer::Away => self.customer_stayed_away(cx, out),
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

    pub(crate) fn medium(&self) -> Medium {
        match self.channel {
            Channel::Video => Medium::Video,
            Channel::Mail => Medium::Mail,
            Channel::Wechat => Medium::Wechat,
            channel if channel.is_spoken() => Medium::Voice,
            _ => Medium::Chat,
        }
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
            wishes: Box::new(waiting.wishes.clone()),
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
