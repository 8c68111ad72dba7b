//! A conversation: one customer, any channel, one timeline of entries.

use kernel::{AgentName, Fault, InteractionId, QueueName};
use serde::{Deserialize, Serialize};

use crate::WallMillis;

/// The road a customer came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Channel {
    /// A phone call.
    Voice,
    /// A web call with video.
    Video,
    /// The chat widget.
    Chat,
    /// A company's own app.
    App,
    /// Mail.
    Mail,
    /// A WeChat official account.
    Wechat,
    /// A service that posts signed messages to us, and takes ours: SMS and others.
    Webhook,
}

impl Channel {
    /// Every one.
    pub const ALL: [Channel; 7] = [
        Channel::Voice,
        Channel::Video,
        Channel::Chat,
        Channel::App,
        Channel::Mail,
        Channel::Wechat,
        Channel::Webhook,
    ];

    /// Whether people hear each other on it.
    #[must_use]
    pub const fn is_spoken(self) -> bool {
        matches!(self, Channel::Voice | Channel::Video)
    }

    /// Whether the customer stays with it while they wait. A letter's writer wants an answer, not a place in a line.
    #[must_use]
    pub const fn is_waited_on(self) -> bool {
        matches!(self, Channel::Voice | Channel::Video | Channel::Chat | Channel::App)
    }
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConversationState {
    /// In the flow (menu, prompts).
    Flow,
    /// In a queue.
    Waiting,
    /// Being offered to an agent.
    Ringing,
    /// With an agent.
    Talking,
    /// Over; the agent is writing it up.
    Wrapup,
    /// Closed.
    Ended,
}

/// Who said it. Taken from the leg, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The customer.
    Customer,
    /// An agent.
    Agent,
    /// Voxdesk.
    System,
}

/// What kind of entry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// Recognised speech (final).
    Speech,
    /// A typed message.
    Message,
    /// A keypad digit.
    Digit,
    /// Something that happened (`text` is a stable code, e.g. `queued`, `no_audio:customer`; `detail` has the rest).
    Event,
    /// A note that only staff read.
    Note,
}

/// An entry about to be recorded; the store gives it `seq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEntry {
    /// Wall time at which it happened (for speech: when it began).
    pub at: WallMillis,
    /// The leg it came from, if any.
    pub leg: Option<u16>,
    /// Who.
    pub speaker: Speaker,
    /// The agent's name when `speaker` is an agent.
    pub author: Option<AgentName>,
    /// What kind.
    pub kind: EntryKind,
    /// The words, digit or event code.
    pub text: String,
    /// Structured particulars of an event (offer reason, cause …), JSON object text.
    pub detail: Option<String>,
    /// Start, in milliseconds since the conversation began (speech only).
    pub start_ms: Option<u64>,
    /// End, likewise.
    pub end_ms: Option<u64>,
    /// Chosen by the sender so that a repeated send is recorded once (messages).
    pub dedupe: Option<String>,
}

/// A recorded entry, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Position in the conversation, from 1, without gaps.
    pub seq: i64,
    /// What was recorded.
    #[serde(flatten)]
    pub entry: NewEntry,
    /// Always true in the record; interim text (false) only ever travels on the live socket.
    #[serde(rename = "final")]
    pub is_final: bool,
}

/// Interim text of one leg: replaceable, never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextPreview {
    /// The conversation.
    pub conversation: InteractionId,
    /// The leg that speaks.
    pub leg: u16,
    /// Who.
    pub speaker: Speaker,
    /// Text that will not change any more within this utterance.
    pub stable: String,
    /// Text that may still change.
    pub tentative: String,
    /// Start of the utterance, in milliseconds since the conversation began.
    pub start_ms: u64,
}

/// One device that took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Number within the conversation (0 is the customer).
    pub n: u16,
    /// Whose it is.
    pub speaker: Speaker,
    /// The agent, when an agent's.
    pub agent: Option<AgentName>,
    /// `phone`, `browser` or `text`.
    pub device: String,
    /// Codec in use, e.g. `PCMU/8000`; empty for text or before media.
    pub codec: String,
    /// When it was created.
    pub started_at: WallMillis,
    /// When it was answered.
    pub answered_at: Option<WallMillis>,
    /// When it ended.
    pub ended_at: Option<WallMillis>,
    /// Whose fault the ending was.
    pub fault: Option<Fault>,
    /// Stable reason code of the ending, e.g. `hangup`, `no_answer`, `restart`.
    pub reason: Option<String>,
}

/// A conversation, as the API shows it (`entries` are fetched beside it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id: that of the interaction.
    pub id: InteractionId,
    /// The road.
    pub channel: Channel,
    /// Where it stands.
    pub state: ConversationState,
    /// The customer, by id of the person.
    pub person: Option<i64>,
    /// What the customer dialled or the page they wrote from.
    pub called: String,
    /// The number or address they came from, as shown to staff.
    pub caller: String,
    /// Language code in use.
    pub lang: String,
    /// The queue it is in or was last in.
    pub queue: Option<QueueName>,
    /// When it first entered that queue, which is what its place in the queue rests on.
    pub queued_at: Option<WallMillis>,
    /// The agent it is with or was last with.
    pub agent: Option<AgentName>,
    /// Beginning.
    pub started_at: WallMillis,
    /// End.
    pub ended_at: Option<WallMillis>,
    /// Why it ended: stable reason code, e.g. `hangup`, `restart`.
    pub reason: Option<String>,
    /// The ticket it belongs to.
    pub ticket_id: Option<i64>,
    /// The devices that took part.
    pub legs: Vec<Leg>,
}
