//! The trait that storage backends implement.

use async_trait::async_trait;
use desk::correction::Replaced;
use desk::customer::{Customer, CustomerRefusal};
use desk::delivery::{Delivery, Thread};
use desk::event_hooks::{EventDelivery, EventHook, HookStep};
use desk::knowledge::{Article, Vote};
use desk::reports::Stretch;
use desk::search::SearchKind;
use desk::{
    Change, Channel, Conversation, Entry, FlowDraft, FlowRefusal, FlowVersion, Person, Speaker, Ticket,
    TicketRefusal, TicketRelation, TicketState, WallMillis,
};
use kernel::{AgentName, InteractionId, QueueName, Secret};
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
    /// Only those that began before this moment.
    pub before: Option<WallMillis>,
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

/// Which customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Only whose name, address or tag has this in it.
    pub words: Option<String>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Only of this tier.
    pub tier: Option<String>,
    /// Continue after.
    pub after: Option<String>,
    /// At most (1 to 200).
    pub limit: u32,
}

/// A merge of two customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerMerge {
    /// Its event, by which it is named.
    pub event: i64,
    /// Who stayed.
    pub kept: i64,
    /// Who lives, or lived, on in them.
    pub gone: i64,
    /// The name of the latter.
    pub gone_name: String,
    /// When.
    pub at: WallMillis,
    /// Who merged them.
    pub by: String,
    /// How many conversations and tickets came along.
    pub brought: (i64, i64),
    /// When and by whom it was taken back.
    pub split: Option<(WallMillis, String)>,
}

/// A voicemail whose ticket is not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenVoicemail {
    /// Nobody is on it yet.
    pub fresh: bool,
    /// The queue that its caller came through.
    pub queue: Option<QueueName>,
    /// Who is on it.
    pub assignee: Option<AgentName>,
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

/// An event of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// Of which.
    pub conversation: InteractionId,
    /// When.
    pub at: WallMillis,
    /// Its particulars (JSON text).
    pub detail: Option<String>,
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

/// Where somebody was called by name. What the note says stands in the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The event that recorded the note.
    pub event: i64,
    /// The conversation.
    pub conversation: InteractionId,
    /// The note in it.
    pub seq: i64,
    /// When.
    pub at: WallMillis,
    /// By whom.
    pub by: AgentName,
    /// Whether they have seen that they were.
    pub seen: bool,
}

/// What is searched for, and who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchFilter {
    /// Words, as `desk::search::question` cuts them; all of them must be there.
    pub words: Vec<String>,
    /// Of these kinds; empty: of all.
    pub kinds: Vec<SearchKind>,
    /// Only on this road.
    pub channel: Option<Channel>,
    /// Only of conversations and tickets that are, or were last, in this queue.
    pub queue: Option<QueueName>,
    /// Only of conversations and tickets of this agent, and what they wrote.
    pub agent: Option<AgentName>,
    /// Only of this person.
    pub person: Option<i64>,
    /// Not before.
    pub from: Option<WallMillis>,
    /// Only before.
    pub until: Option<WallMillis>,
    /// Now: what has expired is not found.
    pub now: WallMillis,
    /// Whether the reader may see what is for supervisors.
    pub supervises: bool,
    /// Continue after.
    pub after: Option<String>,
    /// At most (1 to 200).
    pub limit: u32,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKind,
    /// When it was said, written or last changed.
    pub at: WallMillis,
    /// The conversation, of entries.
    pub conversation: Option<InteractionId>,
    /// The entry's position there.
    pub entry_seq: Option<i64>,
    /// The ticket, of tickets.
    pub ticket: Option<i64>,
    /// The article's key, of articles.
    pub article: Option<String>,
    /// The article's title.
    pub title: Option<String>,
    /// The whole text.
    pub text: String,
    /// Who said it.
    pub speaker: Option<Speaker>,
    /// The agent who said or wrote it.
    pub author: Option<AgentName>,
    /// The road.
    pub channel: Option<Channel>,
    /// The queue.
    pub queue: Option<QueueName>,
    /// The agent it is or was last with.
    pub agent: Option<AgentName>,
    /// The number or address they came from.
    pub caller: Option<String>,
    /// The customer's name.
    pub person: Option<String>,
    /// The customer.
    pub person_id: Option<i64>,
}

/// Which numbers of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportQuery {
    /// What they are of.
    pub source: desk::reports::Source,
    /// The columns to add up: names of `desk::reports::COLUMNS` or `AGENT_COLUMNS`.
    pub columns: Vec<&'static str>,
    /// How they are grouped.
    pub group: ReportGroup,
    /// Which conversations.
    pub which: ReportFilter,
}

/// By what numbers are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportGroup {
    /// By quarter of an hour: days and hours of any zone are made of them.
    Quarter,
    /// By channel.
    Channel,
    /// By queue.
    Queue,
    /// By flow and version: `main 3`.
    Flow,
    /// By agent.
    Agent,
}

/// Which conversations are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// From this quarter of an hour on (`desk::reports::quarter_of`).
    pub from: i64,
    /// Until before this one.
    pub until: i64,
    /// Only in these quarters.
    pub quarters: Option<Vec<i64>>,
    /// Only on this road.
    pub channel: Option<String>,
    /// Only of this queue; empty: of none.
    pub queue: Option<String>,
    /// Only that began in this flow; empty: in none.
    pub flow: Option<String>,
    /// Only in this version of it.
    pub version: Option<i64>,
    /// Only that this agent was the last to have.
    pub agent: Option<String>,
}

/// Sums of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSums {
    /// The group: a quarter's number, a name, or `FLOW VERSION`.
    pub key: String,
    /// In the order of the query's columns.
    pub sums: Vec<i64>,
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

/// The key that a token belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundKey {
    /// Its number.
    pub id: String,
    /// What it may do.
    pub key: desk::api_keys::ApiKey,
    /// When it was used last, as far as that was written down.
    pub used_at: Option<WallMillis>,
}

/// What is kept under an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Of which request: a hash.
    pub request: String,
    /// Status and body; `None`: it is being worked on, or the process ended meanwhile.
    pub answer: Option<(i64, String)>,
    /// Since when.
    pub at: WallMillis,
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
    /// A customer was not changed, merged or split.
    #[error(transparent)]
    CustomerRefused(#[from] CustomerRefusal),
    /// A draft was not saved, or a version not published.
    #[error(transparent)]
    FlowRefused(#[from] FlowRefusal),
    /// A line says something else by now: it was corrected meanwhile.
    #[error("the line was corrected meanwhile; it is at revision {revision}")]
    Stale {
        /// Where it is.
        revision: i64,
    },
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

    /// What a line said before each of its corrections, oldest first; none of a line that was never corrected.
    async fn corrections(&self, id: InteractionId, seq: i64) -> Result<Vec<Replaced>, StoreError>;

    /// A person.
    async fn person(&self, id: i64) -> Result<Person, StoreError>;

    /// The person of an address, whichever way it is spelled; `None` when nobody is known by it.
    async fn person_at(&self, address: &str) -> Result<Option<Person>, StoreError>;

    /// What staff know of a customer.
    async fn customer(&self, id: i64) -> Result<Customer, StoreError>;

    /// Customers, newest first, without those who live on in another.
    async fn customers(&self, filter: CustomerFilter) -> Result<Page<Customer>, StoreError>;

    /// Merges that this customer took part in, newest first (200 at most).
    async fn customer_merges(&self, id: i64) -> Result<Vec<CustomerMerge>, StoreError>;

    /// A merge by its event.
    async fn customer_merge(&self, event: i64) -> Result<CustomerMerge, StoreError>;

    /// The tags in use, the most frequent first (200 at most).
    async fn customer_tags(&self) -> Result<Vec<String>, StoreError>;

    /// The tier of whoever has this address, whichever way it is spelled.
    async fn tier_at(&self, address: &str) -> Result<Option<String>, StoreError>;

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

    /// Events of one kind in conversations that began within a period, in each in order.
    async fn happened(
        &self,
        code: &str,
        from: WallMillis,
        until: WallMillis,
    ) -> Result<Vec<Happened>, StoreError>;

    /// What a ticket is related to.
    async fn ticket_relations(&self, id: i64) -> Result<Vec<TicketRelation>, StoreError>;

    /// Voicemails whose tickets are open: neither done nor waiting for the customer's word.
    async fn open_voicemails(&self) -> Result<Vec<OpenVoicemail>, StoreError>;

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

    /// What was said, written, noted, asked or explained with these words, newest first. A page may be short although there
    /// is a `next`: one call looks at so many documents only.
    async fn search(&self, filter: SearchFilter) -> Result<Page<SearchHit>, StoreError>;

    /// Sums of a report's columns, by group.
    async fn report(&self, query: ReportQuery) -> Result<Vec<ReportSums>, StoreError>;

    /// The conversations whose `column` counts, newest first: what a figure is made of.
    async fn report_rows(
        &self,
        which: ReportFilter,
        column: &'static str,
        after: Option<String>,
        limit: u32,
    ) -> Result<Page<Conversation>, StoreError>;

    /// What agents did in a period: who, and the stretch; one that goes on ends `until`.
    async fn agent_stretches(
        &self,
        from: WallMillis,
        until: WallMillis,
        open_only: bool,
    ) -> Result<Vec<(AgentName, Stretch)>, StoreError>;

    /// Thumbs given in a period.
    async fn votes_between(&self, from: WallMillis, until: WallMillis) -> Result<Vec<Vote>, StoreError>;

    /// An agent does something else from `at` on.
    async fn agent_state(
        &self,
        agent: AgentName,
        state: String,
        pause: Option<String>,
        at: WallMillis,
    ) -> Result<(), StoreError>;

    /// A process begins: whatever agents were doing when the one before ended is over.
    async fn agents_gone(&self, now: WallMillis) -> Result<(), StoreError>;

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

    /// Every event hook, the oldest first.
    async fn event_hooks(&self) -> Result<Vec<EventHook>, StoreError>;

    /// What a hook's requests are signed with.
    async fn hook_secret(&self, hook: &str) -> Result<Option<Secret<String>>, StoreError>;

    /// Sets it, also before the hook is there.
    async fn put_hook_secret(&self, hook: &str, secret: &Secret<String>) -> Result<(), StoreError>;

    /// Something became of a hook. `NotFound` when it is not where the step begins.
    async fn hook_step(&self, hook: &str, step: HookStep, at: WallMillis) -> Result<(), StoreError>;

    /// Events and trials that somebody asked to be sent once more, in order.
    async fn hook_asked(&self, hook: &str) -> Result<Vec<i64>, StoreError>;

    /// How the telling of a hook went before event `before` (`None`: lately), newest first, at most `limit` (1 to 200).
    async fn hook_deliveries(
        &self,
        hook: &str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<EventDelivery>, StoreError>;

    /// Where somebody was called by name in notes, newest first.
    async fn mentions(
        &self,
        agent: &AgentName,
        after: Option<String>,
        limit: u32,
    ) -> Result<Page<Mention>, StoreError>;

    /// How many of these they have not seen.
    async fn mentions_unseen(&self, agent: &AgentName) -> Result<i64, StoreError>;

    /// They have seen all up to event `until`; what was seen before stays as it was.
    async fn mentions_seen(&self, agent: &AgentName, until: i64, at: WallMillis) -> Result<(), StoreError>;

    /// Keeps the ladders of conversations (SIP messages, as whoever made them packed them), each in place of the one before; of a
    /// conversation that there is not, nothing.
    async fn put_sip_ladders(&self, ladders: Vec<(InteractionId, String)>) -> Result<(), StoreError>;

    /// The ladder of a conversation, if it has one.
    async fn sip_ladder(&self, id: InteractionId) -> Result<Option<String>, StoreError>;

    /// Adds a user or replaces role and hash.
    async fn put_user(&self, user: User) -> Result<(), StoreError>;

    /// A user by name.
    async fn user(&self, name: &str) -> Result<Option<User>, StoreError>;

    /// Adds a credential.
    async fn put_credential(&self, credential: Credential) -> Result<(), StoreError>;

    /// A credential by hash, if not expired at `now`.
    async fn credential(&self, token_hash: &str, now: WallMillis) -> Result<Option<Credential>, StoreError>;

    /// Keeps the hash of an API key's token, before the key itself is recorded (the setting `api_key.ID`).
    async fn put_api_key(&self, token_hash: &str, key: &str) -> Result<(), StoreError>;

    /// The key of a token, expired or not; `None`: nobody's, or revoked.
    async fn api_key(&self, token_hash: &str) -> Result<Option<FoundKey>, StoreError>;

    /// A key was used.
    async fn api_key_used(&self, key: &str, at: WallMillis) -> Result<(), StoreError>;

    /// When each key was used last, where it was.
    async fn api_key_uses(&self) -> Result<Vec<(String, WallMillis)>, StoreError>;

    /// Forgets a key's token.
    async fn drop_api_key(&self, key: &str) -> Result<(), StoreError>;

    /// What is kept under an idempotency key of `subject`.
    async fn kept(&self, subject: &str, key: &str) -> Result<Option<Kept>, StoreError>;

    /// Begins to work on a request under a key; `false`: somebody has begun already. What was kept before `stale` is forgotten.
    async fn begin_kept(
        &self,
        (subject, key): (&str, &str),
        request: &str,
        at: WallMillis,
        stale: WallMillis,
    ) -> Result<bool, StoreError>;

    /// Keeps its answer; `None`: it was none to keep, and may be tried again.
    async fn end_kept(
        &self,
        subject: &str,
        key: &str,
        answer: Option<(i64, String)>,
    ) -> Result<(), StoreError>;

    /// Which of these records of another system were imported before (`kind`: `desk::imports::ImportKind::name`).
    async fn imported(
        &self,
        source: &str,
        kind: &str,
        externals: &[String],
    ) -> Result<Vec<String>, StoreError>;

    /// Removes a credential (sign out).
    async fn drop_credential(&self, token_hash: &str) -> Result<(), StoreError>;

    /// A small setting kept by the process (e.g. whether an agent is ready), `None` when never set.
    async fn setting(&self, key: &str) -> Result<Option<String>, StoreError>;

    /// Sets it.
    async fn put_setting(&self, key: &str, value: &str) -> Result<(), StoreError>;

    /// Every such setting whose key begins with `prefix`, by key.
    async fn settings_of(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError>;

    /// Takes it away.
    async fn drop_setting(&self, key: &str) -> Result<(), StoreError>;

    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
