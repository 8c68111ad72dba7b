//! The task that owns one interaction: its inbox, its timers, and the carrying out of its orders.
//!
//! Promises: orders are carried out in their order; what must be recorded goes to the recorder in that order, and commands are
//! confirmed after it; a panic here ends this one interaction only. Leaves to others: every decision (`interaction`).

mod dialling;
mod effects;
mod errands;
mod handover;
mod lamps;
mod legs;
mod listening;
mod observing;
mod phone;
mod phone_media;
mod pictures;
mod quality;
mod taping;
mod views;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use api::{CallView, OfferView, Refusal};
use desk::delivery::Thread;
use interaction::{
    Begin, CallbackWish, First, FirstMessage, In, Interaction, LegIn, Observed, Opening, Out, Party, Reply,
    Restored,
};
use kernel::{AgentName, Context, InteractionId, LegId, Pii, Rng};
use tokio::sync::{mpsc, oneshot};

use crate::admission::Admitted;
use crate::channels::key;
use crate::flows::{AtStep, Served};
use crate::limits;
use crate::media_loop::{LegEvent, ShardId};
use crate::observe::Feed;
use crate::recorder::ReplyTo;
use crate::registry::LegHandle;
use crate::router_task::sleep_until;
use crate::shared::Shared;
use crate::sip_events::LegNews;

pub use self::handover::{Unowned, Yielded};
use self::legs::LegDriver;
pub use self::phone::IncomingPhone;

/// What the task of an interaction is told.
pub enum Msg {
    /// News for the machine.
    Core(In),
    /// A command that wants an answer.
    Command {
        /// Makes the input from the name of its reply.
        make: Box<dyn FnOnce(Reply) -> In + Send>,
        /// Answered after the record.
        reply: ReplyTo,
    },
    /// News of a SIP dialog.
    Sip(u16, LegNews),
    /// A page brings its media.
    Attach {
        /// Which agent's; `None`: the customer's.
        agent: Option<AgentName>,
        /// SDP.
        offer: String,
        /// SDP.
        reply: oneshot::Sender<Result<String, Refusal>>,
    },
    /// A text was spoken: what was to be played with this token can be.
    Voiced(u16, u64, bool, Vec<Arc<media::Source>>),
    /// A phone takes the place of this leg.
    Replace {
        /// Whose place.
        leg: u16,
        /// The phone; it rings still.
        phone: Box<Unowned<IncomingPhone>>,
        /// Whose phone it is.
        agent: Option<AgentName>,
    },
    /// Another interaction wants the other side of this leg (attended transfer).
    Yield {
        /// Whose other side.
        leg: u16,
        /// To whom.
        to: LegHandle,
    },
    /// What another interaction yielded.
    Yielded(u16, Yielded),
    /// News of a side of a call that another system carries.
    Observed(u16, LegIn),
    /// Somebody else is there from now on.
    PassedOn(u16, Party),
    /// What a page that connects must know.
    Holding(oneshot::Sender<(Vec<OfferView>, Vec<CallView>)>),
}

impl std::fmt::Debug for Msg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Msg::Core(_) => "Core",
            Msg::Command { .. } => "Command",
            Msg::Sip(..) => "Sip",
            Msg::Attach { .. } => "Attach",
            Msg::Voiced(..) => "Voiced",
            Msg::Replace { .. } => "Replace",
            Msg::Yield { .. } => "Yield",
            Msg::Yielded(..) => "Yielded",
            Msg::Observed(..) => "Observed",
            Msg::PassedOn(..) => "PassedOn",
            Msg::Holding(_) => "Holding",
        })
    }
}

/// How the task begins.
pub enum Beginning {
    /// A call; its phone is on the line.
    Call(Box<Opening>, Box<IncomingPhone>),
    /// A chat.
    Chat(Box<Opening>),
    /// A call from a web page, which has yet to bring its media.
    WebCall(Box<Opening>),
    /// A conversation on a channel, by its first message; answered once that is recorded.
    Written(Box<Opening>, Box<FirstMessage>, Option<ReplyTo>),
    /// A written conversation from before a restart, and how its customer is answered, if by a channel.
    Restored(Box<Restored>, Option<Thread>),
    /// Somebody waits to be called back.
    Callback(Box<Opening>, CallbackWish, Begin),
    /// A call of ours.
    Outgoing(Box<Opening>, Pii<String>, First),
    /// A call that another system carries; side by side.
    Observed(Box<Opening>, Observed, Vec<Feed>),
}

impl Beginning {
    /// Who waits for the record of the beginning.
    fn reply(&mut self) -> Option<ReplyTo> {
        match self {
            Beginning::Written(.., reply) => reply.take(),
            Beginning::Call(..)
            | Beginning::Chat(_)
            | Beginning::WebCall(_)
            | Beginning::Restored(..)
            | Beginning::Callback(..)
            | Beginning::Outgoing(..)
            | Beginning::Observed(..) => None,
        }
    }

    fn opening_mut(&mut self) -> &mut Opening {
        match self {
            Beginning::Call(opening, _)
            | Beginning::Chat(opening)
            | Beginning::WebCall(opening)
            | Beginning::Written(opening, ..)
            | Beginning::Callback(opening, ..)
            | Beginning::Outgoing(opening, ..)
            | Beginning::Observed(opening, ..) => opening,
            Beginning::Restored(restored, _) => &mut restored.opening,
        }
    }
}

/// The task.
pub(crate) struct InteractionTask {
    id: InteractionId,
    shared: Arc<Shared>,
    /// The version of the flow that it began with.
    served: Arc<Served>,
    /// Where it is counted.
    at_step: AtStep,
    /// The language of the beginning: a callback goes by it.
    lang: kernel::Lang,
    /// What was dialled.
    called: String,
    /// Whose calls count together: the agent who places one, else the customer.
    placed_by: String,
    /// Wall time of the beginning, from which transcript times count.
    started_at: i64,
    core: Option<Interaction>,
    rng: Rng,
    inbox: mpsc::Receiver<Msg>,
    own_inbox: mpsc::Sender<Msg>,
    media_events: mpsc::Receiver<(LegId, LegEvent)>,
    to_media_events: mpsc::Sender<(LegId, LegEvent)>,
    heard: mpsc::Receiver<(u16, asr::Out)>,
    to_heard: mpsc::Sender<(u16, asr::Out)>,
    /// Told what of each leg is in the record.
    keepers: BTreeMap<u16, crate::asr_pool::Keeper>,
    shard: ShardId,
    legs: BTreeMap<u16, LegDriver>,
    /// In a call that another system carries: on which leg each side is.
    sides: Vec<u16>,
    replies: BTreeMap<Reply, ReplyTo>,
    next_reply: u64,
    /// The name under which it may sleep while the process ends, until the customer is on the line.
    sleeps_as: Option<String>,
    /// What is being spoken for a leg: its token.
    voicing: Option<(u16, u64)>,
    /// Recordings so far, for their names.
    tapes: u32,
    /// News that carrying out an order brought.
    news: VecDeque<In>,
    views: views::Views,
    lamps: lamps::Lamps,
    taping: taping::Taping,
    pictures: pictures::Pictures,
    /// A phone that is about to become a leg.
    handed: Option<handover::Handed>,
    /// The flow of the number to which a phone sends the customer.
    next_served: Option<Arc<Served>>,
    over: bool,
    /// The guard by which admission counts this interaction; its drop is the only way it stops being counted.
    _admitted: Admitted,
}

/// Starts the task of an interaction that was admitted.
pub fn spawn(
    shared: Arc<Shared>,
    served: Arc<Served>,
    beginning: Beginning,
    admitted: Admitted,
) -> InteractionId {
    let (own_inbox, inbox) = mpsc::channel(limits::INTERACTION_INBOX);
    let (to_media_events, media_events) = mpsc::channel(limits::INTERACTION_INBOX);
    let (to_heard, heard) = mpsc::channel(limits::INTERACTION_INBOX);
    let (id, started_at, opening) = match &beginning {
        Beginning::Call(opening, _)
        | Beginning::Chat(opening)
        | Beginning::WebCall(opening)
        | Beginning::Written(opening, ..)
        | Beginning::Callback(opening, ..)
        | Beginning::Outgoing(opening, ..)
        | Beginning::Observed(opening, ..) => (opening.id, opening.wall, opening.as_ref().clone()),
        Beginning::Restored(restored, _) => {
            (restored.opening.id, restored.started_at, restored.opening.clone())
        }
    };
    shared.registry.add(id, own_inbox.clone());
    if let Beginning::Call(_, phone) = &beginning {
        let leg = LegHandle { inbox: own_inbox.clone(), leg: 0 };
        shared.registry.add_dialog(phone.dialog, leg);
        shared.ladder.belongs(phone.dialog, id, 0);
    }
    // Chats and callbacks that wait sleep in the record when the process ends; each is known by a name.
    let chat = match &beginning {
        Beginning::Callback(_, wish, _) => Some(crate::callbacks::key(wish)),
        Beginning::Written(_, first, _) => Some(key(&first.thread)),
        Beginning::Restored(_, Some(thread)) => Some(key(thread)),
        _ => (!opening.channel.is_spoken()).then(|| opening.address.clone()),
    };
    if let Some(address) = &chat {
        shared.registry.add_chat(address, id);
    }
    let task = InteractionTask {
        id,
        at_step: AtStep::new(Arc::clone(&served.here)),
        served,
        lang: opening.lang,
        called: opening.called.clone(),
        placed_by: opening.placed_by.as_ref().map_or_else(|| opening.address.clone(), ToString::to_string),
        started_at,
        core: None,
        rng: Rng::seeded(rand::random()),
        inbox,
        own_inbox,
        media_events,
        to_media_events,
        heard,
        to_heard,
        keepers: BTreeMap::new(),
        shard: shared.media.pick_shard(),
        legs: BTreeMap::new(),
        sides: Vec::new(),
        replies: BTreeMap::new(),
        next_reply: 0,
        sleeps_as: chat.clone().filter(|_| opening.channel.is_spoken()),
        voicing: None,
        tapes: 0,
        news: VecDeque::new(),
        views: views::Views::new(&opening),
        lamps: lamps::Lamps::new(),
        taping: taping::Taping::default(),
        pictures: pictures::Pictures::default(),
        handed: None,
        next_served: None,
        over: false,
        _admitted: admitted,
        shared,
    };
    let (shared, guard) = (Arc::clone(&task.shared), id);
    let running = tokio::spawn(task.run(beginning));
    tokio::spawn(async move {
        let ended = running.await;
        shared.registry.remove(guard);
        shared.ladder.over(guard).await;
        if let Some(pool) = &shared.asr {
            pool.abandon(guard);
        }
        if let Some(address) = chat {
            shared.registry.remove_chat(&address, guard);
        }
        let recorded = *ended.as_ref().unwrap_or(&true);
        if let Err(error) = ended
            && error.is_panic()
        {
            // The record must not keep a conversation open that nobody owns.
            tracing::error!(conversation = %guard, "an interaction panicked; it is closed in the record");
            shared.close_record(guard, "internal_error").await;
        }
        if recorded && let Err(error) = crate::silencing::silence(&shared, guard).await {
            tracing::error!(error = format!("{error:#}"), conversation = %guard, "a recording is not silenced yet: nobody hears it");
        }
    });
    id
}

impl InteractionTask {
    /// Until it is over; whether it was recorded.
    async fn run(mut self, beginning: Beginning) -> bool {
        self.begin(beginning).await;
        let mut look = tokio::time::interval(limits::QUALITY_EVERY);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !self.over {
            let due = self.core.as_ref().and_then(Interaction::next_timeout);
            let due = due.map(|at| self.shared.clock.instant_of(at));
            tokio::select! {
                biased;
                Some((leg, event)) = self.media_events.recv() => self.on_media(leg.n, event).await,
                message = self.inbox.recv() => match message {
                    Some(message) => self.on_message(message).await,
                    None => break,
                },
                Some((leg, heard)) = self.heard.recv() => self.feed(In::Leg(leg, LegIn::Heard(heard))).await,
                () = sleep_until(due) => self.feed(In::Elapsed).await,
                _ = look.tick(), if self.views.has_calls() => self.look_at_quality().await,
            }
        }
        self.taping.begun()
    }

    async fn begin(&mut self, mut beginning: Beginning) {
        if let Beginning::WebCall(_) = beginning {
            self.open_browser(0, None).await;
        }
        if let Beginning::Observed(_, _, feeds) = &mut beginning {
            let feeds = std::mem::take(feeds);
            self.seat(feeds);
        }
        self.recognise(&mut beginning).await;
        let mut out = Vec::new();
        let confirmed = beginning.reply().map(|reply| self.name(reply));
        let settings = Arc::clone(&self.served.settings);
        let now = self.shared.clock.now();
        let mut cx = Context { now, rng: &mut self.rng };
        let begun = match beginning {
            Beginning::Call(opening, phone) => {
                self.legs.insert(0, LegDriver::incoming(*phone, self.shared.config.srtp));
                Interaction::begin(&opening, settings, &mut cx, &mut out)
            }
            Beginning::Chat(opening) | Beginning::WebCall(opening) => {
                Interaction::begin(&opening, settings, &mut cx, &mut out)
            }
            Beginning::Callback(opening, wish, begin) => {
                Ok(Interaction::call_back(&opening, wish, begin, settings, &mut cx, &mut out))
            }
            Beginning::Outgoing(opening, number, first) => {
                Ok(Interaction::call_out(&opening, number, first, settings, &mut cx, &mut out))
            }
            Beginning::Observed(opening, observed, _) => {
                Ok(Interaction::observe(&opening, observed, settings, &mut cx, &mut out))
            }
            Beginning::Written(opening, first, _) => {
                Interaction::begin_with(&opening, Some(*first), settings, &mut cx, &mut out)
            }
            Beginning::Restored(restored, _) => {
                Ok(Interaction::restore(*restored, settings, &mut cx, &mut out))
            }
        };
        out.extend(confirmed.filter(|_| begun.is_ok()).map(|name| Out::Reply(name, Ok(()))));
        match begun {
            Ok(core) => {
                self.at_step.is(core.step());
                self.core = Some(core);
            }
            Err(error) => {
                tracing::error!(%error, "a number names a step that its flow does not have");
                self.over = true;
            }
        }
        self.carry_out(out).await;
        self.settle().await;
    }

    async fn on_message(&mut self, message: Msg) {
        match message {
            Msg::Core(input) => self.feed(input).await,
            Msg::Command { make, reply } => {
                let name = self.name(reply);
                self.feed(make(name)).await;
            }
            Msg::Sip(leg, news) => self.on_sip(leg, news).await,
            Msg::Attach { agent, offer, reply } => {
                let answer = self.attach(agent, offer).await;
                // The page went away meanwhile: it will come again with a new offer.
                let _gone = reply.send(answer);
            }
            Msg::Voiced(leg, token, forever, sources) => self.play_voiced(leg, token, forever, sources).await,
            Msg::Replace { leg, phone, agent } => self.replace(leg, *phone, agent).await,
            Msg::Yield { leg, to } => self.yield_other(leg, to).await,
            Msg::Yielded(leg, yielded) => self.on_yielded(leg, yielded).await,
            Msg::Observed(side, news) => self.on_observed(side, news).await,
            Msg::PassedOn(side, party) => self.on_passed_on(side, party).await,
            Msg::Holding(reply) => drop(reply.send(self.views.holding())),
        }
    }

    /// Keeps the way back of a command under a name that the machine echoes.
    fn name(&mut self, reply: ReplyTo) -> Reply {
        let name = Reply(self.next_reply);
        self.next_reply += 1;
        self.replies.insert(name, reply);
        name
    }

    /// Gives news to the machine and carries out what it orders, until nothing is left.
    async fn feed(&mut self, input: In) {
        self.news.push_back(input);
        self.settle().await;
    }

    /// The machine learns what carrying out its orders brought.
    async fn settle(&mut self) {
        while let Some(input) = self.news.pop_front() {
            let Some(core) = self.core.take() else { return };
            let mut out: Vec<Out> = Vec::new();
            let mut cx = Context { now: self.shared.clock.now(), rng: &mut self.rng };
            let core = core.handle(&mut cx, input, &mut out);
            self.at_step.is(core.step());
            self.core = Some(core);
            self.carry_out(out).await;
        }
    }

    fn leg_id(&self, n: u16) -> LegId {
        LegId { interaction: self.id, n }
    }
}
