//! The messages of the live sockets.

use desk::{Speaker, TextPreview};
use routing::OfferEnd;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{ApiError, ErrorDetail};
use crate::routes::sessions::UserView;
use crate::view::{
    AgentView, CallOut, ChatStateName, EventView, LineView, OfferEndName, OfferOut, QueueView, SpeakerName,
    Stamp,
};
use crate::{Clock, Live};

/// What the server sends to staff.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = LiveMessage)]
pub(crate) enum LiveMessage {
    /// First of all. `last`: number of the last event in the record; `after`: events follow from here.
    Hello { last: i64, after: i64, user: UserView, at: Stamp },
    /// Replace all of it; clear previews and typing.
    Snapshot { agents: Vec<AgentView>, queues: Vec<QueueView>, offers: Vec<OfferOut>, calls: Vec<CallOut> },
    /// A committed event.
    Event(EventView),
    /// Interim text; both texts empty: remove it.
    Preview {
        conversation: String,
        leg: u16,
        #[schema(value_type = SpeakerName)]
        speaker: Speaker,
        stable: String,
        tentative: String,
        start_ms: u64,
    },
    /// An agent's picture.
    Agent { agent: AgentView },
    /// A queue's picture.
    Queue { queue: QueueView },
    /// An offer rings.
    Offer { offer: OfferOut },
    /// An offer is over; `end` null: accepted.
    OfferOver {
        conversation: String,
        agent: String,
        #[schema(value_type = Option<OfferEndName>)]
        end: Option<OfferEnd>,
    },
    /// A call changed.
    Call { call: CallOut },
    /// A customer's page was asked to bring its media anew.
    BringMedia { conversation: String },
    /// Somebody types in a chat.
    Typing {
        conversation: String,
        #[schema(value_type = SpeakerName)]
        speaker: Speaker,
        on: bool,
    },
    /// The connection lives.
    Tick { at: Stamp },
    /// Something was wrong.
    Error { error: ErrorDetail },
}

impl LiveMessage {
    /// The message that carries a piece of news.
    pub fn of(news: Live, clock: &dyn Clock) -> Self {
        match news {
            Live::Event(event) => Self::Event(event.into()),
            Live::Preview(preview) => Self::preview(preview),
            Live::Agent(agent) => Self::Agent { agent: AgentView::new(agent, clock) },
            Live::Queue(queue) => Self::Queue { queue: QueueView::new(queue, clock) },
            Live::Offer(offer) => Self::Offer { offer: offer.into() },
            Live::OfferOver { conversation, agent, end } => Self::OfferOver {
                conversation: conversation.to_string(),
                agent: agent.as_str().to_owned(),
                end,
            },
            Live::Call(call) => Self::Call { call: call.into() },
            Live::BringMedia { conversation } => Self::BringMedia { conversation: conversation.to_string() },
            Live::Typing { conversation, speaker, on } => {
                Self::Typing { conversation: conversation.to_string(), speaker, on }
            }
        }
    }

    fn preview(preview: TextPreview) -> Self {
        Self::Preview {
            conversation: preview.conversation.to_string(),
            leg: preview.leg,
            speaker: preview.speaker,
            stable: preview.stable,
            tentative: preview.tentative,
            start_ms: preview.start_ms,
        }
    }
}

impl From<ApiError> for LiveMessage {
    fn from(error: ApiError) -> Self {
        Self::Error { error: error.into_detail() }
    }
}

/// What staff's pages and programs may send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum LiveRequest {
    /// Who is asking; only as the first message, where the request did not say it.
    Auth { token: String },
    /// This page is a desk: its agent is there while it lives.
    Desk,
}

/// What the server sends to the customer's page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ChatMessage {
    /// First of all.
    Hello { state: ChatStateName, at: Stamp },
    /// A line of the chat.
    Line(LineView),
    /// The agent types, or stopped.
    Typing { on: bool },
    /// Of a call: bring its media anew, another codec is used from now on.
    BringMedia,
    /// Where the chat stands.
    State { state: ChatStateName },
    /// The connection lives.
    Tick { at: Stamp },
    /// Something was wrong.
    Error { error: ErrorDetail },
}

impl From<ApiError> for ChatMessage {
    fn from(error: ApiError) -> Self {
        Self::Error { error: error.into_detail() }
    }
}

/// What the customer's page may send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ChatRequest {
    /// The chat's token; the first message.
    Auth { token: String },
    /// The customer types, or stopped.
    Typing { on: bool },
}
