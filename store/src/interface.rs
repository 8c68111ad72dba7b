//! The trait that storage backends implement.

use async_trait::async_trait;
use desk::delivery::{Delivery, Thread};
use desk::knowledge::{Article, Vote};
use desk::{
    Change, Conversation, Entry, FlowDraft, FlowRefusal, FlowVersion, Person, Ticket, TicketRefusal,
    TicketRelation, TicketState, WallMillis,
};
use kernel::{AgentName, InteractionId};
use serde::{Deserialize, Serialize};

/// A committed change with its number. Live sockets resume from `seq`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Position in the whole record, from 1, without gaps.
    pub seq: i64,
    /// Committed at.
    pub at: WallMillis,
    /// The conversation it concerns, if any.
    pub conversation: Option<InteractionId>,
    /// The ticket it concerns, if any (for `TicketFor`: the one found or made).
    pub ticket: Option<i64>,
    /// The entry's position in its conversation, for `EntryAdded`.
    pub entry_seq: Option<i64>,
    /// What happened.
    pub change: Change,
}

/// One page of a list, newest first; `next` continues it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// Rows.
    pub items: Vec<T>,
    /// Opaque cursor of the next page; `None` at the end.
    pub next: Option<String>,
}

/// Which conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Only those not ended.
    pub open: Option<bool>,
    /// Only with this agent.
    pub agent: Option<AgentName>,
    /// Only of this person.
    pub person: Option<i64>,
    /// Continue after.
    pub after: Option<String>,
    /// At most (1 to 200).
    pub limit: u32,
}

/// Which tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Only in this state.
    pub state: Option<TicketState>,
    /// Only of this assignee.
    pub assignee: Option<AgentName>,
    /// Only of this person.
    pub person: Option<i64>,
    /// Only those of which a promise is broken at this moment.
    pub overdue_at: Option<WallMillis>,
    /// Continue after.
    pub after: Option<String>,
    /// At most (1 to 200).
    pub limit: u32,
}

/// How often customers went from one step of a flow to another. Steps are given as their events' details (JSON text).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowPassage {
    /// Where they came from; `None`: they came in here.
    pub before: Option<String>,
    /// Where they came to.
    pub step: String,
    /// How often.
    pub count: i64,
}

/// How many conversations came to a step as their last one, by what became of them there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowStay {
    /// The step, as its event's detail (JSON text).
    pub step: String,
    /// Why they ended; `None`: they go on.
    pub reason: Option<String>,
    /// Whether they were with an agent.
    pub talked: bool,
    /// How many.
    pub count: i64,
}

/// What arrived by a channel under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The conversation it is in.
    pub conversation: InteractionId,
    /// The entry there.
    pub seq: i64,
    /// Of what it said.
    pub digest: String,
    /// When.
    pub at: WallMillis,
}

/// A question that found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// As it was last asked.
    pub question: String,
    /// Where it was last asked.
    pub conversation: InteractionId,
    /// In how many conversations.
    pub times: i64,
    /// When last.
    pub last_at: WallMillis,
}

/// A change of a setting: who, when, what before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// The event that recorded it.
    pub event: i64,
    /// When.
    pub at: WallMillis,
    /// Who.
    pub by: String,
    /// Which setting.
    pub key: String,
    /// What it was; `None`: it was not set.
    pub before: Option<String>,
    /// What it is since; `None`: not set.
    pub after: Option<String>,
}

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserRole {
    /// Takes work.
    Agent,
    /// Watches the floor.
    Supervisor,
    /// Everything.
    Admin,
}

/// A user who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Sign-in name.
    pub name: String,
    /// Role.
    pub role: UserRole,
    /// Argon2 hash of the password (PHC string).
    pub password_hash: String,
}

/// A bearer credential: a login session or an API key. Only its SHA-256 is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// SHA-256 of the token, hex.
    pub token_hash: String,
    /// Whose: a user, or `key:NAME` for an API key.
    pub subject: String,
    /// What it allows.
    pub role: UserRole,
    /// Until when; `None` for ever.
    pub expires_at: Option<WallMillis>,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No such row.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// A ticket was not moved.
    #[error(transparent)]
    Refused(#[from] TicketRefusal),
    /// A draft was not saved, or a version not published.
    #[error(transparent)]
    FlowRefused(#[from] FlowRefusal),
    /// The cursor or filter is unusable.
    #[error("bad request: {0}")]
    Bad(String),
    /// The database failed.
    #[error("database: {0}")]
    Database(String),
}

/// The record. Every method is one transaction.
#[async_trait]
pub trait Store: Send + Sync {
    /// Appends changes in one transaction. Returns the committed events, in order (a repeated message yields the event of the first).
    ///
    /// # Errors
    /// Nothing is recorded on error.
    async fn append(&self, at: WallMillis, changes: Vec<Change>) -> Result<Vec<Event>, StoreError>;

    /// Events after `seq`, oldest first, at most `limit`.
    async fn events_after(&self, seq: i64, limit: u32) -> Result<Vec<Event>, StoreError>;

    /// Number of the last event; 0 when there is none.
    async fn last_event(&self) -> Result<i64, StoreError>;

    /// A conversation.
    async fn conversation(&self, id: InteractionId) -> Result<Conversation, StoreError>;

    /// Conversations, newest first.
    async fn conversations(&self, filter: ConversationFilter) -> Result<Page<Conversation>, StoreError>;

    /// Every conversation that has not ended, oldest first (used once, at start).
    async fn open_conversations(&self) -> Result<Vec<Conversation>, StoreError>;

    /// Entries of a conversation after position `after`, oldest first, at most `limit`.
    async fn entries(&self, id: InteractionId, after: i64, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// A person.
    async fn person(&self, id: i64) -> Result<Person, StoreError>;

    /// The person of an address, whichever way it is spelled; `None` when nobody is known by it.
    async fn person_at(&self, address: &str) -> Result<Option<Person>, StoreError>;

    /// A ticket.
    async fn ticket(&self, id: i64) -> Result<Ticket, StoreError>;

    /// Tickets, newest first.
    async fn tickets(&self, filter: TicketFilter) -> Result<Page<Ticket>, StoreError>;

    /// The newest version of every flow, by name.
    async fn flows_in_service(&self) -> Result<Vec<FlowVersion>, StoreError>;

    /// Versions of a flow before `before` (`None`: the newest), newest first, at most `limit` (1 to 200).
    async fn flow_history(
        &self,
        flow: &str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<FlowVersion>, StoreError>;

    /// One version of a flow.
    async fn flow_version(&self, flow: &str, version: i64) -> Result<FlowVersion, StoreError>;

    /// Every draft, by name of its flow.
    async fn flow_drafts(&self) -> Result<Vec<FlowDraft>, StoreError>;

    /// The draft of a flow, if there is one.
    async fn flow_draft(&self, flow: &str) -> Result<Option<FlowDraft>, StoreError>;

    /// Keeps a draft; its revision must follow the one that is there.
    async fn put_flow_draft(&self, draft: FlowDraft) -> Result<(), StoreError>;

    /// Throws a draft away.
    async fn drop_flow_draft(&self, flow: &str) -> Result<(), StoreError>;

    /// The ways from step to step of conversations that began from `from` until before `until`.
    async fn flow_passages(
        &self,
        from: WallMillis,
        until: WallMillis,
    ) -> Result<Vec<FlowPassage>, StoreError>;

    /// The last steps of the same conversations.
    async fn flow_stays(&self, from: WallMillis, until: WallMillis) -> Result<Vec<FlowStay>, StoreError>;

    /// What a ticket is related to.
    async fn ticket_relations(&self, id: i64) -> Result<Vec<TicketRelation>, StoreError>;

    /// Tickets of which somebody must be told at `now`, the longest overdue first; without their conversations.
    async fn tickets_due(&self, now: WallMillis) -> Result<Vec<Ticket>, StoreError>;

    /// Versions of articles saved by events after `event`, oldest first, each with its event; ask on until none comes.
    async fn articles_after(&self, event: i64) -> Result<Vec<(i64, Article)>, StoreError>;

    /// Every version of an article, newest first.
    async fn article(&self, key: &str) -> Result<Vec<Article>, StoreError>;

    /// Thumbs after `event`, oldest first, each with its event; ask on until none comes.
    async fn votes_after(&self, event: i64) -> Result<Vec<(i64, Vote)>, StoreError>;

    /// Questions that found nothing, the most frequent first, at most `limit` (1 to 200).
    async fn knowledge_gaps(&self, limit: u32) -> Result<Vec<Gap>, StoreError>;

    /// Changes of settings, newest first, of one key or all, at most `limit` (1 to 200).
    async fn audit(&self, key: Option<&str>, limit: u32) -> Result<Vec<Audited>, StoreError>;

    /// What arrived by `channel` under the name `external`.
    async fn arrived(&self, channel: &str, external: &str) -> Result<Option<Arrived>, StoreError>;

    /// How the customer of a conversation is answered; `None` where they read it themselves.
    async fn thread(&self, id: InteractionId) -> Result<Option<Thread>, StoreError>;

    /// The newest conversation with `peer` on `channel`, ended or not.
    async fn latest_thread(&self, channel: &str, peer: &str) -> Result<Option<InteractionId>, StoreError>;

    /// Messages to be sent by `now`, at most one of each conversation and `limit` in all: nothing overtakes.
    async fn outbox_due(&self, now: WallMillis, limit: u32) -> Result<Vec<Delivery>, StoreError>;

    /// Where each message of a conversation that goes out by a channel stands.
    async fn deliveries(&self, id: InteractionId) -> Result<Vec<Delivery>, StoreError>;

    /// Adds a user or replaces role and hash.
    async fn put_user(&self, user: User) -> Result<(), StoreError>;

    /// A user by name.
    async fn user(&self, name: &str) -> Result<Option<User>, StoreError>;

    /// Adds a credential.
    async fn put_credential(&self, credential: Credential) -> Result<(), StoreError>;

    /// A credential by hash, if not expired at `now`.
    async fn credential(&self, token_hash: &str, now: WallMillis) -> Result<Option<Credential>, StoreError>;

    /// Removes a credential (sign out).
    async fn drop_credential(&self, token_hash: &str) -> Result<(), StoreError>;

    /// A small setting kept by the process (e.g. whether an agent is ready), `None` when never set.
    async fn setting(&self, key: &str) -> Result<Option<String>, StoreError>;

    /// Sets it.
    async fn put_setting(&self, key: &str, value: &str) -> Result<(), StoreError>;

    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
