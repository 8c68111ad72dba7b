//! What can happen to the record. The store appends changes in one transaction and updates its pictures.

use kernel::{AgentName, Fault, InteractionId, QueueName};
use serde::{Deserialize, Serialize};

use crate::correction::Correction;
use crate::customer::CustomerEdit;
use crate::delivery::{Arrival, DeliveryStep, Thread};
use crate::event_hooks::HookDraft;
use crate::imports::Foreign;
use crate::knowledge::{ArticleDraft, Vote};
use crate::sla::ClockName;
use crate::{
    Channel, ConversationState, FlowVersion, Leg, NewEntry, Relation, RelationStep, TicketEdit, TicketMove,
    WallMillis,
};

/// One fact to be recorded, with everything the pictures need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A conversation began. The person is found (or made) by `address`.
    ConversationOpened {
        /// Its id.
        id: InteractionId,
        /// The road.
        channel: Channel,
        /// The customer's address, e.g. `tel:+4930…`, `sip:…`, `chat:…`.
        address: String,
        /// Name to show if the person is new and gave one.
        name: Option<String>,
        /// What was dialled.
        called: String,
        /// Language code.
        lang: String,
        /// When.
        at: WallMillis,
    },
    /// It moved on. `queue` and `agent` are set when known and kept when `None`.
    ConversationMoved {
        /// Which.
        id: InteractionId,
        /// To.
        state: ConversationState,
        /// The queue it is in.
        queue: Option<QueueName>,
        /// When it entered that queue.
        queued_at: Option<WallMillis>,
        /// The agent it is with.
        agent: Option<AgentName>,
        /// Language in use, when it changed.
        lang: Option<String>,
    },
    /// It ended.
    ConversationEnded {
        /// Which.
        id: InteractionId,
        /// When.
        at: WallMillis,
        /// Whose fault.
        fault: Fault,
        /// Stable reason code.
        reason: String,
    },
    /// A leg appeared or changed (the whole leg is given; `n` identifies it).
    LegChanged {
        /// Which conversation.
        id: InteractionId,
        /// The leg as it now is.
        leg: Leg,
    },
    /// Something was said, typed, pressed, or happened.
    EntryAdded {
        /// Which conversation.
        id: InteractionId,
        /// What.
        entry: NewEntry,
    },
    /// Somebody corrected what a line of the transcript says.
    EntryCorrected {
        /// Which conversation.
        id: InteractionId,
        /// The line.
        seq: i64,
        /// What it says from now on.
        #[serde(flatten)]
        correction: Correction,
    },
    /// The conversation is with somebody who is answered by a channel: its messages to them go to the outbox from here on.
    ThreadOpened {
        /// Which conversation.
        id: InteractionId,
        /// How they are answered.
        thread: Thread,
    },
    /// A message came by a channel; its entry follows.
    MessageArrived {
        /// Which conversation.
        id: InteractionId,
        /// Under which name.
        arrival: Arrival,
    },
    /// A message to a customer went on its way, or did not.
    DeliveryMoved {
        /// Which conversation.
        id: InteractionId,
        /// The entry there.
        seq: i64,
        /// What happened.
        #[serde(flatten)]
        step: DeliveryStep,
        /// When.
        at: WallMillis,
    },
    /// The conversation gets a ticket: the person's open one if there is one, else a new one.
    TicketFor {
        /// Which conversation.
        id: InteractionId,
        /// One line for a new ticket.
        subject: String,
        /// Who is on it: a new ticket is in progress from then on.
        assignee: Option<AgentName>,
        /// When.
        at: WallMillis,
    },
    /// Somebody moved a ticket.
    TicketMoved {
        /// Number.
        ticket: i64,
        /// From and to.
        step: TicketMove,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// Somebody edited a ticket.
    TicketEdited {
        /// Number.
        ticket: i64,
        /// What.
        #[serde(flatten)]
        edit: TicketEdit,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// A version of a flow went into service; its draft, if there was one, is used up.
    FlowPublished(FlowVersion),
    /// Somebody, or a program, opened a ticket without a conversation.
    TicketOpened {
        /// The customer.
        person: Option<i64>,
        /// What it begins with; the subject must be among it.
        #[serde(flatten)]
        edit: TicketEdit,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// A ticket lives on in another.
    TicketMerged {
        /// Number.
        ticket: i64,
        /// The other.
        into: i64,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// A relation of two tickets came or went.
    TicketRelated {
        /// Number.
        ticket: i64,
        /// The other.
        other: i64,
        /// How.
        relation: Relation,
        /// Comes or goes.
        step: RelationStep,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// A promise about a ticket was not kept in time.
    TicketEscalated {
        /// Number.
        ticket: i64,
        /// Which promise.
        clock: ClockName,
        /// When it should have been kept.
        due: WallMillis,
        /// When.
        at: WallMillis,
    },
    /// Somebody changed a setting in the browser or by the API.
    SettingChanged {
        /// Which.
        key: String,
        /// What it is from now on (JSON); `None`: gone.
        value: Option<String>,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// Somebody made, changed or removed an event hook. Its secret stands elsewhere.
    HookChanged {
        /// Which.
        hook: String,
        /// What it is from now on; `None`: gone.
        draft: Option<HookDraft>,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// Somebody took a file with personal data of a conversation away.
    Exported {
        /// Which conversation.
        id: InteractionId,
        /// What it holds: `sip.pcap`.
        what: String,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// Somebody changed what is known of a customer.
    CustomerEdited {
        /// Who.
        person: i64,
        /// The revision that the editor saw.
        revision: i64,
        /// What.
        #[serde(flatten)]
        edit: CustomerEdit,
        /// Who changed it.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// One customer lives on in another, with all that happened.
    CustomersMerged {
        /// Who stays.
        kept: i64,
        /// Who lives on in them.
        gone: i64,
        /// The revisions that were seen, of `kept` and `gone`.
        revisions: (i64, i64),
        /// Who merged them.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// A merge is taken back.
    CustomersSplit {
        /// The event of the merge.
        merge: i64,
        /// Who had stayed.
        kept: i64,
        /// Who is somebody of their own again.
        gone: i64,
        /// The revision of `kept` that was seen.
        revision: i64,
        /// Who split them.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// A record of another system came in by a file.
    Imported {
        /// Which system.
        source: String,
        /// Its id there.
        external: String,
        /// What it says.
        record: Foreign,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// An author saved an article.
    ArticleSaved {
        /// Its name.
        key: String,
        /// What it says from now on.
        draft: ArticleDraft,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// An agent said whether a passage answered.
    KnowledgeVoted {
        /// On what, and how.
        vote: Vote,
        /// Who.
        by: String,
        /// When.
        at: WallMillis,
    },
    /// A customer asked what no article answers.
    KnowledgeMissed {
        /// In which conversation.
        id: InteractionId,
        /// What they said.
        question: String,
        /// Its words, sorted: the same ones are the same gap.
        words: Vec<String>,
        /// When.
        at: WallMillis,
    },
}
