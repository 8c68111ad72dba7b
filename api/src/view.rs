//! The shapes that leave the program: what a conversation, ticket, agent, event looks like in JSON.
//!
//! Promises: times are RFC 3339 in UTC with milliseconds; nothing internal (dedupe keys, snapshots) gets out.
//! Leaves to others: where the data comes from (`routes`, `live`).

mod conversation;
mod customer;
mod event;
mod floor;
pub(crate) mod flow;
mod schema;
mod stamp;
mod ticket;
pub(crate) mod trial;

pub(crate) use conversation::{
    ConversationDetail, ConversationView, CorrectedView, DeliveryView, EntryView, LegView, LineVersionView,
    PersonView, WritingView,
};
pub(crate) use customer::{
    CustomerChangeView, CustomerDetail, CustomerView, FieldView, MergeView, SetupView,
};
pub(crate) use event::EventView;
pub(crate) use floor::{AgentView, CallOut, HoldingView, OfferOut, QueueView};
pub(crate) use schema::{
    ChannelName, ChatStateName, ConsentStateName, DeliveryStateName, EventKindName, HookStateName,
    ImportFormatName, ImportKindName, ImportSourceName, LangCode, OfferEndName, PriorityName, RelationName,
    ReportByName, ReportUnitName, RoleName, ScopeName, SearchKindName, SpeakerName, TicketStateName,
};
pub(crate) use stamp::Stamp;
pub(crate) use ticket::{RelationView, TicketDetail, TicketView};

use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListView<T> {
    /// Rows.
    pub items: Vec<T>,
    /// Ask on with `after=` this; null at the end.
    pub next: Option<String>,
}

/// A message was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Posted)]
pub(crate) struct PostedView {
    /// Its position in the conversation.
    pub seq: i64,
    /// When.
    pub at: Stamp,
}

impl From<crate::Posted> for PostedView {
    fn from(posted: crate::Posted) -> Self {
        Self { seq: posted.seq, at: Stamp(posted.at) }
    }
}

/// One line of a chat as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Line)]
pub(crate) struct LineView {
    /// Position in the conversation.
    pub seq: i64,
    /// When.
    pub at: Stamp,
    /// Who.
    #[schema(value_type = SpeakerName)]
    pub speaker: desk::Speaker,
    /// The message; may be empty where there are files.
    pub text: String,
    /// What came with it.
    pub files: Vec<LineFileView>,
}

/// A file of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LineFile)]
pub(crate) struct LineFileView {
    /// Its name.
    pub name: String,
    /// Fetch it at `/api/v1/widget/chats/{id}/files/` and this, with the token of the chat.
    pub file: String,
    /// Bytes.
    pub size: u64,
}

impl LineFileView {
    fn of(file: &desk::files::SentFile) -> Option<Self> {
        let (key, n) = file.place()?;
        Some(Self { name: file.name.clone(), file: format!("{key}/{n}"), size: file.size })
    }
}

impl LineView {
    /// The line of an entry, if customers may see it: messages only, never notes or events.
    pub fn of(entry: &desk::Entry) -> Option<Self> {
        match entry.entry.kind {
            desk::EntryKind::Message => Some(Self {
                seq: entry.seq,
                at: Stamp(entry.entry.at),
                speaker: entry.entry.speaker,
                text: entry.entry.text.clone(),
                files: desk::files::Particulars::read(entry.entry.detail.as_deref())
                    .files
                    .iter()
                    .filter_map(LineFileView::of)
                    .collect(),
            }),
            desk::EntryKind::Speech
            | desk::EntryKind::Digit
            | desk::EntryKind::Event
            | desk::EntryKind::Note => None,
        }
    }
}
