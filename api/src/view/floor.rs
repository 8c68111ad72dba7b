//! Agents, queues, offers and calls: the running floor.

use std::collections::BTreeMap;

use desk::Channel;
use kernel::Time;
use routing::{AgentState, AgentStatus, Medium, OfferReason, QueueStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::Stamp;
use super::schema::{AgentStateName, ChannelName, MediumName};
use crate::{CallView, Clock, OfferView, OtherView, QualityView};

/// An agent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Agent)]
pub(crate) struct AgentView {
    /// Sign-in name.
    pub name: String,
    /// Doing what.
    #[schema(value_type = AgentStateName)]
    pub state: AgentState,
    /// Whether they want work.
    pub ready: bool,
    /// Live desk page.
    pub desk: bool,
    /// Registered phone.
    pub phone: bool,
    /// The call they hold.
    pub call: Option<String>,
    /// The chats they hold.
    pub chats: Vec<String>,
    /// The offer that rings.
    pub offer: Option<String>,
    /// Skills with levels.
    pub skills: BTreeMap<String, u8>,
    /// In this state since; null when it was never another since the program began.
    pub since: Option<Stamp>,
    /// Wrap-up ends then at the latest.
    pub wrapup_until: Option<Stamp>,
    /// The reason of their break as they gave it; `set_aside`: they missed offers.
    pub pause: Option<String>,
    /// What keeps queued calls from them now, a stable code as in `PassedOver`.
    pub hindrance: Option<String>,
    /// No queued work until then: they have just missed or refused some.
    pub pause_until: Option<Stamp>,
}

impl AgentView {
    /// The picture in wall time.
    pub fn new(agent: AgentStatus, clock: &dyn Clock) -> Self {
        Self {
            name: agent.name.as_str().to_owned(),
            state: agent.state,
            ready: agent.ready,
            desk: agent.desk,
            phone: agent.phone,
            call: agent.call.map(|id| id.to_string()),
            chats: agent.chats.iter().map(ToString::to_string).collect(),
            offer: agent.offer.map(|id| id.to_string()),
            skills: agent.skills,
            since: Some(agent.since).filter(|at| *at > Time::ZERO).map(|at| Stamp(clock.wall_of(at))),
            wrapup_until: agent.wrapup_until.map(|at| Stamp(clock.wall_of(at))),
            pause: agent.pause,
            hindrance: agent.hindrance,
            pause_until: agent.pause_until.map(|at| Stamp(clock.wall_of(at))),
        }
    }
}

/// One waiting piece of work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Waiting {
    /// Which conversation.
    pub conversation: String,
    /// Kind of attention.
    #[schema(value_type = MediumName)]
    pub medium: Medium,
    /// Waiting since.
    pub since: Stamp,
    /// Being offered to.
    pub offered_to: Option<String>,
    /// Nobody is on the line: they are called back.
    pub callback: bool,
}

/// A queue.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Queue)]
pub(crate) struct QueueView {
    /// Name.
    pub name: String,
    /// Who waits, first in line first.
    pub waiting: Vec<Waiting>,
    /// Agents who could take its work now.
    pub ready_agents: u32,
    /// Agents who have the skill and are signed in.
    pub staffed_agents: u32,
    /// How many wait; `waiting` shows the first 200.
    pub length: u32,
    /// Minutes that somebody who came now would wait; absent when that cannot be said with some right.
    pub estimate_minutes: Option<u64>,
    /// Whether it is open.
    pub open: bool,
}

impl QueueView {
    /// The picture in wall time.
    pub fn new(queue: QueueStatus, clock: &dyn Clock) -> Self {
        let waiting = queue.waiting.into_iter().map(|work| Waiting {
            conversation: work.work.to_string(),
            medium: work.medium,
            since: Stamp(clock.wall_of(work.since)),
            offered_to: work.offered_to.map(|agent| agent.as_str().to_owned()),
            callback: work.callback,
        });
        Self {
            name: queue.name.as_str().to_owned(),
            waiting: waiting.collect(),
            ready_agents: queue.ready_agents,
            staffed_agents: queue.staffed_agents,
            length: queue.length,
            estimate_minutes: queue.estimate.map(|span| span.as_secs() / 60),
            open: queue.open,
        }
    }
}

/// An agent who was not chosen, though able.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RunnerUp {
    /// Who.
    pub agent: String,
    /// Their level in the skill that decided.
    pub level: u8,
    /// How long they had been idle.
    pub idle_ms: u64,
}

/// An agent who could not be chosen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PassedOver {
    /// Who.
    pub agent: String,
    /// Stable code: `not_ready`, `busy`, `no_skill`, `wrapup`, `offered`, `just_missed`, `set_aside`, `offline`.
    pub why: String,
}

/// Why this agent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OfferReason)]
pub(crate) struct OfferReasonView {
    /// Strategy that chose.
    pub strategy: String,
    /// Their level in the skill that decided.
    pub level: u8,
    /// How long they had been idle.
    pub idle_ms: u64,
    /// How long the work had waited.
    pub waited_ms: u64,
    /// How many agents could have taken it.
    pub candidates: u32,
    /// The runners-up, best first.
    pub others: Vec<RunnerUp>,
    /// Who could not, and why.
    pub passed_over: Vec<PassedOver>,
}

impl From<OfferReason> for OfferReasonView {
    fn from(why: OfferReason) -> Self {
        let others = why.others.into_iter().map(|(agent, level, idle_ms)| RunnerUp {
            agent: agent.as_str().to_owned(),
            level,
            idle_ms,
        });
        let passed_over = why
            .passed_over
            .into_iter()
            .map(|(agent, why)| PassedOver { agent: agent.as_str().to_owned(), why: why.into_owned() });
        Self {
            strategy: why.strategy.into_owned(),
            level: why.level,
            idle_ms: why.idle_ms,
            waited_ms: why.waited_ms,
            candidates: why.candidates,
            others: others.collect(),
            passed_over: passed_over.collect(),
        }
    }
}

/// An offer that rings.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Offer)]
pub(crate) struct OfferOut {
    /// Which conversation.
    pub conversation: String,
    /// To whom.
    pub agent: String,
    /// The road.
    #[schema(value_type = ChannelName)]
    pub channel: Channel,
    /// Caller as shown to staff.
    pub caller: String,
    /// Their name, if known.
    pub name: Option<String>,
    /// The queue it comes from.
    pub queue: Option<String>,
    /// Why this agent.
    pub why: Option<OfferReasonView>,
    /// Rings until.
    pub until: Stamp,
}

impl From<OfferView> for OfferOut {
    fn from(offer: OfferView) -> Self {
        Self {
            conversation: offer.conversation.to_string(),
            agent: offer.agent.as_str().to_owned(),
            channel: offer.channel,
            caller: offer.caller,
            name: offer.name,
            queue: offer.queue.map(|queue| queue.as_str().to_owned()),
            why: offer.why.map(OfferReasonView::from),
            until: Stamp(offer.until),
        }
    }
}

/// A call as its agent's page shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub(crate) struct CallOut {
    /// Which conversation.
    pub conversation: String,
    /// Whose.
    pub agent: String,
    /// `connecting`, `talking`, `held`, `parked`, `ended`.
    pub state: String,
    /// `browser` or `phone`.
    pub device: String,
    /// Whether the agent is muted.
    pub muted: bool,
    /// A side without audio for 3 s: `customer` or `agent`.
    pub silent: Option<String>,
    /// When they were connected.
    pub since: Option<Stamp>,
    /// What this person is in the call: `holder`, `guest`, `listen`, `whisper`, `barge`.
    pub part: String,
    /// Who else is in it.
    pub others: Vec<OtherView>,
    /// `on` or `paused` while it is recorded.
    pub recording: Option<String>,
    /// Whether this person may record, pause and go on.
    pub may_record: bool,
    /// `on` or `paused`: what the agent ordered for the transcript; null where the customer did not agree.
    pub transcription: Option<String>,
    /// Supervisors who listen or speak.
    pub watched_by: Vec<String>,
    /// How each leg is heard.
    pub quality: Vec<QualityView>,
    /// Whether pictures belong to it.
    pub video: bool,
    /// Grows when the page is to bring its media anew.
    pub attach: u32,
}

impl From<CallView> for CallOut {
    fn from(call: CallView) -> Self {
        Self {
            conversation: call.conversation.to_string(),
            agent: call.agent.as_str().to_owned(),
            state: call.state,
            device: call.device,
            muted: call.muted,
            silent: call.silent,
            since: call.since.map(Stamp),
            part: call.part,
            others: call.others,
            recording: call.recording,
            may_record: call.may_record,
            transcription: call.transcription,
            watched_by: call.watched_by,
            quality: call.quality,
            video: call.video,
            attach: call.attach,
        }
    }
}

/// What an agent has in hand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Holding)]
pub(crate) struct HoldingView {
    /// Offers that ring.
    pub offers: Vec<OfferOut>,
    /// Calls they hold.
    pub calls: Vec<CallOut>,
}

impl From<(Vec<OfferView>, Vec<CallView>)> for HoldingView {
    fn from((offers, calls): (Vec<OfferView>, Vec<CallView>)) -> Self {
        Self {
            offers: offers.into_iter().map(OfferOut::from).collect(),
            calls: calls.into_iter().map(CallOut::from).collect(),
        }
    }
}
