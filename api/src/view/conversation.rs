//! Conversations, legs, entries and people.

use desk::correction::{Mark, Particulars, Replaced};
use desk::delivery::{Delivery, DeliveryState, Thread};
use desk::{Channel, Conversation, ConversationState, Entry, EntryKind, Leg, Person, Speaker};
use kernel::Fault;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Stamp;
use super::schema::{
    ChannelName, ConversationStateName, DeliveryStateName, EntryKindName, FaultName, SpeakerName,
};

/// A customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonView {
    /// Number.
    pub id: i64,
    /// Name to show.
    pub name: String,
    /// Addresses they are known by (`tel:…`, `sip:…`, `chat:…`).
    pub addresses: Vec<String>,
    /// Their tier.
    pub tier: Option<String>,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        Self { id: person.id, name: person.name, addresses: person.addresses, tier: person.tier }
    }
}

/// One device that took part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Leg)]
pub(crate) struct LegView {
    /// Number within the conversation (0 is the customer).
    pub n: u16,
    /// Whose it is.
    #[schema(value_type = SpeakerName)]
    pub speaker: Speaker,
    /// The agent, when an agent's.
    pub agent: Option<String>,
    /// `phone`, `browser` or `text`.
    pub device: String,
    /// Codec in use, e.g. `PCMU/8000`; empty for text or before media.
    pub codec: String,
    /// When it was created.
    pub started_at: Stamp,
    /// When it was answered.
    pub answered_at: Option<Stamp>,
    /// When it ended.
    pub ended_at: Option<Stamp>,
    /// Whose fault the ending was.
    #[schema(value_type = Option<FaultName>)]
    pub fault: Option<Fault>,
    /// Stable reason code of the ending.
    pub reason: Option<String>,
}

impl From<Leg> for LegView {
    fn from(leg: Leg) -> Self {
        Self {
            n: leg.n,
            speaker: leg.speaker,
            agent: leg.agent.map(|agent| agent.as_str().to_owned()),
            device: leg.device,
            codec: leg.codec,
            started_at: Stamp(leg.started_at),
            answered_at: leg.answered_at.map(Stamp),
            ended_at: leg.ended_at.map(Stamp),
            fault: leg.fault,
            reason: leg.reason,
        }
    }
}

/// Something said, typed, pressed, noted, or that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub(crate) struct EntryView {
    /// Position in the conversation, from 1, without gaps.
    pub seq: i64,
    /// When (for speech: when it began).
    pub at: Stamp,
    /// The leg it came from.
    pub leg: Option<u16>,
    /// Who.
    #[schema(value_type = SpeakerName)]
    pub speaker: Speaker,
    /// The agent's name, when an agent.
    pub author: Option<String>,
    /// What kind.
    #[schema(value_type = EntryKindName)]
    pub kind: EntryKind,
    /// The words, digit or event code.
    pub text: String,
    /// Always true in the record.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Start, in milliseconds since the conversation began (speech only).
    pub start_ms: Option<u64>,
    /// End, likewise.
    pub end_ms: Option<u64>,
    /// How sure the recogniser was of the line, 0 to 1 (the mean of its words' probabilities); null where it did not say, and
    /// of what a person wrote.
    pub confidence: Option<f64>,
    /// The line was corrected; null: it says what was recognised.
    pub corrected: Option<CorrectedView>,
    /// Particulars; of speech, `words` among them: `[text, start_ms, end_ms, confidence]`, the last not of every word.
    #[schema(value_type = Option<Object>)]
    pub detail: Option<Value>,
}

/// That a line was corrected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Corrected)]
pub(crate) struct CorrectedView {
    /// How often; who corrects it next says this number.
    pub revision: i64,
    /// By whom last.
    pub by: String,
    /// When.
    pub at: Stamp,
    /// What was recognised.
    pub original: String,
}

impl From<Mark> for CorrectedView {
    fn from(Mark { revision, by, at, original, .. }: Mark) -> Self {
        Self { revision, by, at: Stamp(at), original }
    }
}

/// What a line said once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LineVersion)]
pub(crate) struct LineVersionView {
    /// 0: as recognised.
    pub revision: i64,
    /// What it said.
    pub text: String,
    /// Who made it say so; null: the recogniser.
    pub by: Option<String>,
    /// When; of what was recognised, when it was said.
    pub at: Stamp,
    /// How sure the recogniser was, 0 to 1.
    pub confidence: Option<f64>,
}

impl LineVersionView {
    /// All of a line, oldest first: what stood there before each correction, and what stands there now.
    pub fn all(line: &Entry, replaced: Vec<Replaced>) -> Vec<Self> {
        let mut versions = Vec::with_capacity(replaced.len() + 1);
        let (mut by, mut at) = (None, line.entry.at);
        for was in replaced {
            let confidence = Particulars::of(was.detail.as_deref()).confidence;
            versions.push(Self { revision: was.revision - 1, text: was.text, by, at: Stamp(at), confidence });
            (by, at) = (Some(was.by), was.at);
        }
        let now = Particulars::of(line.entry.detail.as_deref());
        versions.push(Self {
            revision: now.revision(),
            text: line.entry.text.clone(),
            by,
            at: Stamp(at),
            confidence: now.confidence,
        });
        versions
    }
}

impl From<Entry> for EntryView {
    fn from(Entry { seq, entry, is_final }: Entry) -> Self {
        let told = Told::of(entry.kind, entry.detail);
        Self {
            seq,
            at: Stamp(entry.at),
            leg: entry.leg,
            speaker: entry.speaker,
            author: entry.author.map(|author| author.as_str().to_owned()),
            kind: entry.kind,
            text: entry.text,
            is_final,
            start_ms: entry.start_ms,
            end_ms: entry.end_ms,
            confidence: told.confidence,
            corrected: told.corrected,
            detail: told.detail,
        }
    }
}

/// An entry's detail as the API tells it.
pub(crate) struct Told {
    pub confidence: Option<f64>,
    pub corrected: Option<CorrectedView>,
    pub detail: Option<Value>,
}

impl Told {
    /// Of speech, what every reader needs stands on its own.
    pub fn of(kind: EntryKind, detail: Option<String>) -> Self {
        if kind != EntryKind::Speech {
            return Self { confidence: None, corrected: None, detail: detail.map(object) };
        }
        let Particulars { confidence, corrected, others } = Particulars::of(detail.as_deref());
        Self {
            confidence,
            corrected: corrected.map(CorrectedView::from),
            detail: (!others.is_empty()).then_some(Value::Object(others)),
        }
    }
}

/// Detail is an object by contract; anything else in an old record is shown under `text` rather than lost.
fn object(text: String) -> Value {
    match serde_json::from_str(&text) {
        Ok(value @ Value::Object(_)) => value,
        _ => serde_json::json!({ "text": text }),
    }
}

/// A conversation as lists show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Conversation)]
pub(crate) struct ConversationView {
    /// Its id, e.g. `0-19aab3c4d5e0001`.
    pub id: String,
    /// The road.
    #[schema(value_type = ChannelName)]
    pub channel: Channel,
    /// Where it stands.
    #[schema(value_type = ConversationStateName)]
    pub state: ConversationState,
    /// The customer.
    pub person: Option<PersonView>,
    /// The number or address they came from.
    pub caller: String,
    /// What they dialled.
    pub called: String,
    /// Language code in use.
    pub lang: String,
    /// The queue it is in or was last in.
    pub queue: Option<String>,
    /// When it first entered that queue.
    pub queued_at: Option<Stamp>,
    /// The agent it is with or was last with.
    pub agent: Option<String>,
    /// Beginning.
    pub started_at: Stamp,
    /// End.
    pub ended_at: Option<Stamp>,
    /// Why it ended: stable reason code.
    pub reason: Option<String>,
    /// The ticket it belongs to.
    pub ticket_id: Option<i64>,
    /// The devices that took part.
    pub legs: Vec<LegView>,
}

impl ConversationView {
    /// The picture with the person beside it.
    pub fn new(conversation: Conversation, person: Option<PersonView>) -> Self {
        Self {
            id: conversation.id.to_string(),
            channel: conversation.channel,
            state: conversation.state,
            person,
            caller: conversation.caller,
            called: conversation.called,
            lang: conversation.lang,
            queue: conversation.queue.map(|queue| queue.as_str().to_owned()),
            queued_at: conversation.queued_at.map(Stamp),
            agent: conversation.agent.map(|agent| agent.as_str().to_owned()),
            started_at: Stamp(conversation.started_at),
            ended_at: conversation.ended_at.map(Stamp),
            reason: conversation.reason,
            ticket_id: conversation.ticket_id,
            legs: conversation.legs.into_iter().map(LegView::from).collect(),
        }
    }
}

/// A conversation with its entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConversationDetail {
    /// The conversation.
    #[serde(flatten)]
    pub conversation: ConversationView,
    /// Its entries, oldest first.
    pub entries: Vec<EntryView>,
    /// Ask on with `entries_after=` this; null when these are all.
    pub entries_next: Option<i64>,
    /// What can be written on its channel; null where nothing is written.
    pub writing: Option<WritingView>,
    /// Where its messages that go out by a channel stand.
    pub deliveries: Vec<DeliveryView>,
    /// The customer's address in another system; null where the configuration has no `crm_url`.
    pub crm_url: Option<String>,
}

/// What can be written on a channel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Writing)]
pub(crate) struct WritingView {
    /// The channel's name in the configuration; null for the web chat.
    pub channel: Option<String>,
    /// Messages have a subject: this one, unless told otherwise.
    pub subject: Option<String>,
    /// Files may be sent.
    pub files: bool,
    /// Longest message, in characters.
    pub longest: u32,
    /// Typing is shown to the customer.
    pub typing: bool,
}

impl WritingView {
    /// What the road of a conversation allows; nothing on the phone.
    pub fn of(channel: Channel, thread: Option<&Thread>) -> Option<Self> {
        let abilities = desk::channels::abilities(channel)?;
        let state = thread.and_then(|thread| serde_json::from_str::<Value>(&thread.state).ok());
        let subject = state.as_ref().and_then(|state| state.get("subject")?.as_str().map(str::to_owned));
        Some(Self {
            channel: thread.map(|thread| thread.channel.clone()),
            subject: abilities.subject.then(|| subject.unwrap_or_default()),
            files: abilities.files,
            longest: u32::try_from(abilities.longest).unwrap_or(u32::MAX),
            typing: abilities.typing,
        })
    }
}

/// Where a message to a customer stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryView {
    /// The entry.
    pub seq: i64,
    /// Where it stands.
    #[schema(value_type = DeliveryStateName)]
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: i64,
    /// Why it waits or was given up: a stable code.
    pub why: Option<String>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let Delivery { seq, state, tries, why, .. } = delivery;
        Self { seq, state, tries, why }
    }
}
