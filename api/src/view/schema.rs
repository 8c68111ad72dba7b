//! The cores' closed vocabularies, spelled for the OpenAPI document (cores know nothing of OpenAPI).
//!
//! Used only as `value_type` of fields; the test below keeps each list equal to its original.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The road a customer came by.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Channel)]
pub enum ChannelName {
    Voice,
    Video,
    Chat,
    App,
    Mail,
    Wechat,
    Webhook,
}

/// Where a message to a customer stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DeliveryState)]
pub enum DeliveryStateName {
    /// To be sent, or sent again.
    Waiting,
    /// The other side has it.
    Sent,
    /// Given up.
    Failed,
}

/// Where a conversation stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConversationState)]
pub enum ConversationStateName {
    Flow,
    Waiting,
    Ringing,
    Talking,
    Wrapup,
    Ended,
}

/// Where a chat stands, for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ChatState)]
pub enum ChatStateName {
    /// Voxdesk answers.
    Flow,
    /// In a queue.
    Waiting,
    /// With an agent.
    Talking,
    /// Over.
    Ended,
}

impl From<desk::ConversationState> for ChatStateName {
    fn from(state: desk::ConversationState) -> Self {
        use desk::ConversationState as From;
        match state {
            From::Flow => Self::Flow,
            From::Waiting | From::Ringing => Self::Waiting,
            From::Talking => Self::Talking,
            From::Wrapup | From::Ended => Self::Ended,
        }
    }
}

/// Who said it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Speaker)]
pub enum SpeakerName {
    Customer,
    Agent,
    System,
}

/// What kind of entry it is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = EntryKind)]
pub enum EntryKindName {
    Speech,
    Message,
    Digit,
    Event,
    Note,
}

/// What is searched.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SearchKind)]
pub enum SearchKindName {
    Speech,
    Message,
    Note,
    Ticket,
    Article,
}

/// What kind of number a figure of a report is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReportUnit)]
pub enum ReportUnitName {
    Count,
    Millis,
    Percent,
    Score,
}

/// How rows of a report are made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReportBy)]
pub enum ReportByName {
    Day,
    Hour,
    Channel,
    Queue,
    Flow,
    Agent,
}

/// Whose fault an ending was.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Fault)]
pub enum FaultName {
    None,
    Caller,
    Peer,
    Upstream,
    Capacity,
    Ours,
}

/// Where a ticket stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TicketState)]
pub enum TicketStateName {
    New,
    InProgress,
    PendingConfirmation,
    Done,
    Reopened,
}

/// How much a ticket presses.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Priority)]
pub enum PriorityName {
    Low,
    Normal,
    High,
    Urgent,
}

/// How a ticket is related to another.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Relation)]
pub enum RelationName {
    Related,
    Parent,
    Child,
    Blocks,
    BlockedBy,
}

/// A promise about a ticket.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClockName)]
pub enum SlaClockName {
    FirstAnswer,
    Resolution,
}

/// What an agent is doing.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AgentState)]
pub enum AgentStateName {
    Offline,
    NotReady,
    Ready,
    Ringing,
    Talking,
    Wrapup,
}

/// What kind of attention work needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Medium)]
pub enum MediumName {
    Voice,
    Video,
    Chat,
    Mail,
    Wechat,
    Task,
}

/// Why an offer is over before anybody accepted it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OfferEnd)]
pub enum OfferEndName {
    TimedOut,
    Declined,
    Withdrawn,
    Unreachable,
}

/// What a user may do.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Role)]
pub enum RoleName {
    Agent,
    Supervisor,
    Admin,
}

/// What a customer may allow or refuse.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentTo)]
pub enum ConsentToName {
    /// That calls are recorded.
    Recording,
    /// That what they say is written down.
    Transcription,
    /// That we contact them unasked.
    Marketing,
}

/// What a customer said to it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentState)]
pub enum ConsentStateName {
    Given,
    Refused,
    Unknown,
}

/// What may stand in a field of customers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FieldKind)]
pub enum FieldKindName {
    /// Anything.
    Text,
    /// A number, as in `12` or `-0.5`.
    Number,
    /// A day, as in `2026-05-01`.
    Date,
    /// One of its choices.
    Choice,
    /// `yes` or `no`.
    YesNo,
}

/// A language of the pages.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Lang)]
pub enum LangCode {
    En,
    Zh,
}

/// What an event is about.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EventKind)]
pub enum EventKindName {
    ArticleSaved,
    ConversationAssigned,
    ConversationEnded,
    ConversationMoved,
    ConversationOpened,
    CustomerEdited,
    CustomersMerged,
    CustomersSplit,
    DeliveryMoved,
    EntryCorrected,
    EntryEvent,
    EntryMessage,
    EntryNote,
    EntrySpeech,
    FlowPublished,
    KnowledgeMissed,
    SurveyAnswered,
    TicketDone,
    TicketEdited,
    TicketEscalated,
    TicketFor,
    TicketMerged,
    TicketMoved,
    TicketOpened,
    TicketRelated,
}

/// Whether an event hook is told.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = HookState)]
pub enum HookStateName {
    /// It is.
    Active,
    /// A person stopped it.
    Stopped,
    /// It could not be told too often; saving it begins anew.
    Parked,
}

/// Something that an API key may do.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Scope)]
pub enum ScopeName {
    /// Read conversations, transcripts, files of chats, and search.
    #[serde(rename = "conversations:read")]
    ConversationsRead,
    /// Write to customers, command calls, place calls, correct lines, announce calls of other systems.
    #[serde(rename = "conversations:write")]
    ConversationsWrite,
    /// Follow the live socket: everything that happens.
    #[serde(rename = "customers:read")]
    CustomersRead,
    #[serde(rename = "customers:write")]
    CustomersWrite,
    #[serde(rename = "events:read")]
    EventsRead,
    /// See agents, queues, trunks and alerts.
    #[serde(rename = "floor:read")]
    FloorRead,
    /// Set agents ready or not.
    #[serde(rename = "floor:write")]
    FloorWrite,
    /// Read flows and their versions, try them out.
    #[serde(rename = "flows:read")]
    FlowsRead,
    /// Change and publish flows.
    #[serde(rename = "flows:write")]
    FlowsWrite,
    /// Import customers, tickets, conversations and articles.
    #[serde(rename = "imports:write")]
    ImportsWrite,
    /// Read articles and ask for passages.
    #[serde(rename = "knowledge:read")]
    KnowledgeRead,
    /// Write articles, give thumbs.
    #[serde(rename = "knowledge:write")]
    KnowledgeWrite,
    /// Listen to recordings.
    #[serde(rename = "recordings:read")]
    RecordingsRead,
    /// Read reports and what-ifs.
    #[serde(rename = "reports:read")]
    ReportsRead,
    /// Read settings, event hooks, bans and the audit trail.
    #[serde(rename = "settings:read")]
    SettingsRead,
    /// Change settings, event hooks and bans.
    #[serde(rename = "settings:write")]
    SettingsWrite,
    /// Read tickets.
    #[serde(rename = "tickets:read")]
    TicketsRead,
    /// Open, move, edit, merge and relate tickets.
    #[serde(rename = "tickets:write")]
    TicketsWrite,
}

/// What rows of an import are.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ImportKind)]
pub enum ImportKindName {
    Customers,
    Tickets,
}

/// Whose names the fields of an import have.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ImportSource)]
pub enum ImportSourceName {
    Voxdesk,
    Chatwoot,
    Zammad,
}

/// How a file of an import is written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TableFormat)]
pub enum ImportFormatName {
    Csv,
    Json,
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::de::DeserializeOwned;

    use super::*;

    fn same<Core: Serialize + Debug, Name: Serialize + DeserializeOwned>(all: &[Core]) {
        for core in all {
            let text = serde_json::to_value(core).expect("a word");
            let name: Name = serde_json::from_value(text.clone())
                .unwrap_or_else(|_| panic!("{core:?} is not in the schema"));
            assert_eq!(serde_json::to_value(name).expect("a word"), text);
        }
    }

    #[test]
    fn every_word_of_the_cores_is_in_the_schema() {
        use desk::{ConversationState as S, EntryKind as K, Speaker as P, TicketState as T};
        use kernel::Fault as F;
        use routing::{AgentState as A, Medium as M, OfferEnd as O};
        use store::UserRole as R;
        same::<_, ChannelName>(&desk::Channel::ALL);
        use desk::delivery::DeliveryState as D;
        same::<_, DeliveryStateName>(&[D::Waiting, D::Sent, D::Failed]);
        same::<_, ConversationStateName>(&[S::Flow, S::Waiting, S::Ringing, S::Talking, S::Wrapup, S::Ended]);
        same::<_, SpeakerName>(&[P::Customer, P::Agent, P::System]);
        same::<_, EntryKindName>(&[K::Speech, K::Message, K::Digit, K::Event, K::Note]);
        same::<_, FaultName>(&[F::None, F::Caller, F::Peer, F::Upstream, F::Capacity, F::Ours]);
        same::<_, TicketStateName>(T::ALL);
        same::<_, PriorityName>(&[
            desk::Priority::Low,
            desk::Priority::Normal,
            desk::Priority::High,
            desk::Priority::Urgent,
        ]);
        same::<_, SlaClockName>(&[desk::sla::ClockName::FirstAnswer, desk::sla::ClockName::Resolution]);
        use desk::Relation as Re;
        same::<_, RelationName>(&[Re::Related, Re::Parent, Re::Child, Re::Blocks, Re::BlockedBy]);
        same::<_, AgentStateName>(&[A::Offline, A::NotReady, A::Ready, A::Ringing, A::Talking, A::Wrapup]);
        same::<_, MediumName>(&M::ALL);
        same::<_, OfferEndName>(&[O::TimedOut, O::Declined, O::Withdrawn, O::Unreachable]);
        same::<_, RoleName>(&[R::Agent, R::Supervisor, R::Admin]);
        same::<_, LangCode>(kernel::Lang::ALL);
        use desk::event_hooks::{EventKind, HookState as H};
        same::<_, EventKindName>(EventKind::ALL);
        use desk::customer::{ConsentState, ConsentTo, fields::FieldKind as Fk};
        same::<_, ConsentToName>(ConsentTo::ALL);
        same::<_, ConsentStateName>(ConsentState::ALL);
        same::<_, FieldKindName>(&[Fk::Text, Fk::Number, Fk::Date, Fk::Choice, Fk::YesNo]);
        use desk::imports::{ImportFormat as If, ImportKind as Ik, ImportSource as Is};
        same::<_, ImportKindName>(&[Ik::Customers, Ik::Tickets]);
        same::<_, ImportSourceName>(&[Is::Voxdesk, Is::Chatwoot, Is::Zammad]);
        same::<_, ImportFormatName>(&[If::Csv, If::Json]);
        same::<_, ScopeName>(desk::api_keys::Scope::ALL);
        same::<_, HookStateName>(&[H::Active, H::Stopped, H::Parked]);
    }
}
