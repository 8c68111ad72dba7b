//! Committed events, as the live socket carries them.

use desk::delivery::{DeliveryState, DeliveryStep};
use desk::sla::ClockName;
use desk::{Change, Channel, ConversationState, Entry, EntryKind, FlowVersion, TicketState};
use kernel::{AgentName, Fault, QueueName};
use serde::Serialize;
use store::Event;
use utoipa::ToSchema;

use super::conversation::Told;
use super::schema::{
    ChannelName, ConversationStateName, DeliveryStateName, FaultName, SlaClockName, TicketStateName,
};
use super::{CorrectedView, EntryView, LegView, Stamp};

/// A numbered event of the record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventView {
    /// Position in the whole record, from 1, without gaps.
    pub seq: i64,
    /// Committed at.
    pub at: Stamp,
    /// The conversation it concerns.
    pub conversation: Option<String>,
    /// The ticket it concerns.
    pub ticket: Option<i64>,
    /// What happened.
    pub change: ChangeView,
}

/// What happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
#[schema(as = Change)]
pub(crate) enum ChangeView {
    /// A conversation began.
    ConversationOpened {
        #[schema(value_type = ChannelName)]
        channel: Channel,
        address: String,
        name: Option<String>,
        called: String,
        lang: String,
        at: Stamp,
    },
    /// It moved on; null: as before.
    ConversationMoved {
        #[schema(value_type = ConversationStateName)]
        state: ConversationState,
        queue: Option<String>,
        queued_at: Option<Stamp>,
        agent: Option<String>,
        lang: Option<String>,
    },
    /// It ended.
    ConversationEnded {
        at: Stamp,
        #[schema(value_type = FaultName)]
        fault: Fault,
        reason: String,
    },
    /// A leg appeared or changed.
    LegChanged { leg: LegView },
    /// Something was said, typed, pressed, noted, or happened.
    EntryAdded { entry: EntryView },
    /// Somebody corrected a line: what it says now.
    EntryCorrected {
        /// The line.
        seq: i64,
        text: String,
        corrected: Option<CorrectedView>,
        /// As in an entry.
        #[schema(value_type = Option<Object>)]
        detail: Option<serde_json::Value>,
    },
    /// The conversation's customer is answered by this channel.
    ThreadOpened { channel: String },
    /// The entry that follows came by this channel.
    MessageArrived { channel: String, at: Stamp },
    /// A message of the conversation went on its way, or did not.
    DeliveryMoved {
        /// The entry.
        seq: i64,
        #[schema(value_type = DeliveryStateName)]
        state: DeliveryState,
        /// Why it waits or was given up.
        why: Option<String>,
        at: Stamp,
    },
    /// The event's conversation now belongs to its ticket.
    TicketFor { subject: String, assignee: Option<String>, at: Stamp },
    /// Somebody moved the ticket.
    TicketMoved {
        #[schema(value_type = TicketStateName)]
        from: TicketState,
        #[schema(value_type = TicketStateName)]
        to: TicketState,
        by: String,
        at: Stamp,
    },
    /// Somebody edited the ticket; null: as before.
    TicketEdited { subject: Option<String>, assignee: Option<String>, by: String, at: Stamp },
    /// A version of a flow went into service.
    FlowPublished { flow: String, version: i64, author: String, note: String, at: Stamp },
    /// Somebody, or a program, opened a ticket without a conversation.
    TicketOpened { subject: String, by: String, at: Stamp },
    /// The ticket lives on in another.
    TicketMerged { into: i64, by: String, at: Stamp },
    /// A relation to another ticket came or went.
    TicketRelated { other: i64, by: String, at: Stamp },
    /// A promise about the ticket was not kept in time.
    TicketEscalated {
        #[schema(value_type = SlaClockName)]
        clock: ClockName,
        due: Stamp,
        at: Stamp,
    },
    /// Staff changed what is known of a customer.
    CustomerEdited { person: i64, by: String, at: Stamp },
    /// A customer lives on in another: their conversations and tickets are the other's.
    CustomersMerged { kept: i64, gone: i64, by: String, at: Stamp },
    /// That was taken back: what had come along went back.
    CustomersSplit { kept: i64, gone: i64, by: String, at: Stamp },
    /// An event hook was made, changed or removed.
    HookChanged { hook: String, by: String, at: Stamp },
    /// A record of another system came in by a file.
    Imported { source: String, external: String, by: String, at: Stamp },
    /// A setting changed.
    SettingChanged { key: String, by: String, at: Stamp },
    /// Somebody took a file with personal data of the conversation away.
    Exported { file: String, by: String, at: Stamp },
    /// An article was saved.
    ArticleSaved { key: String, by: String, at: Stamp },
    /// A passage was judged.
    KnowledgeVoted { key: String, useful: bool, by: String, at: Stamp },
    /// A customer asked what no article answers.
    KnowledgeMissed { question: String, at: Stamp },
}

fn agent(name: Option<AgentName>) -> Option<String> {
    name.map(|name| name.as_str().to_owned())
}

fn queue(name: Option<QueueName>) -> Option<String> {
    name.map(|name| name.as_str().to_owned())
}

impl ChangeView {
    /// `entry_seq` is the position that the store gave the entry, for `EntryAdded`.
    fn new(change: Change, entry_seq: i64) -> Self {
        match change {
            Change::ConversationOpened { channel, address, name, called, lang, at, .. } => {
                Self::ConversationOpened { channel, address, name, called, lang, at: Stamp(at) }
            }
            Change::ConversationMoved { state, queue: q, queued_at, agent: a, lang, .. } => {
                Self::ConversationMoved {
                    state,
                    queue: queue(q),
                    queued_at: queued_at.map(Stamp),
                    agent: agent(a),
                    lang,
                }
            }
            Change::ConversationEnded { at, fault, reason, .. } => {
                Self::ConversationEnded { at: Stamp(at), fault, reason }
            }
            Change::LegChanged { leg, .. } => Self::LegChanged { leg: leg.into() },
            Change::EntryAdded { entry, .. } => {
                Self::EntryAdded { entry: Entry { seq: entry_seq, entry, is_final: true }.into() }
            }
            Change::EntryCorrected { seq, correction, .. } => {
                let Told { corrected, detail, .. } = Told::of(EntryKind::Speech, Some(correction.detail));
                Self::EntryCorrected { seq, text: correction.text, corrected, detail }
            }
            Change::ThreadOpened { thread, .. } => Self::ThreadOpened { channel: thread.channel },
            Change::MessageArrived { arrival, .. } => {
                Self::MessageArrived { channel: arrival.channel, at: Stamp(arrival.at) }
            }
            Change::DeliveryMoved { seq, step, at, .. } => {
                let (state, why) = match step {
                    DeliveryStep::Sent { .. } => (DeliveryState::Sent, None),
                    DeliveryStep::Postponed { why, .. } => (DeliveryState::Waiting, Some(why)),
                    DeliveryStep::Failed { why } => (DeliveryState::Failed, Some(why)),
                    DeliveryStep::Again { .. } => (DeliveryState::Waiting, None),
                };
                Self::DeliveryMoved { seq, state, why, at: Stamp(at) }
            }
            Change::TicketFor { subject, assignee, at, .. } => {
                Self::TicketFor { subject, assignee: agent(assignee), at: Stamp(at) }
            }
            Change::TicketMoved { step, by, at, .. } => {
                Self::TicketMoved { from: step.from, to: step.to, by, at: Stamp(at) }
            }
            Change::TicketEdited { edit, by, at, .. } => Self::TicketEdited {
                subject: edit.subject,
                assignee: agent(edit.assignee),
                by,
                at: Stamp(at),
            },
            Change::TicketOpened { edit, by, at, .. } => {
                Self::TicketOpened { subject: edit.subject.unwrap_or_default(), by, at: Stamp(at) }
            }
            Change::FlowPublished(FlowVersion { flow, version, author, note, at, .. }) => {
                Self::FlowPublished { flow, version, author, note, at: Stamp(at) }
            }
            Change::TicketMerged { into, by, at, .. } => Self::TicketMerged { into, by, at: Stamp(at) },
            Change::TicketRelated { other, by, at, .. } => Self::TicketRelated { other, by, at: Stamp(at) },
            Change::TicketEscalated { clock, due, at, .. } => {
                Self::TicketEscalated { clock, due: Stamp(due), at: Stamp(at) }
            }
            Change::CustomerEdited { person, by, at, .. } => {
                Self::CustomerEdited { person, by, at: Stamp(at) }
            }
            Change::CustomersMerged { kept, gone, by, at, .. } => {
                Self::CustomersMerged { kept, gone, by, at: Stamp(at) }
            }
            Change::CustomersSplit { kept, gone, by, at, .. } => {
                Self::CustomersSplit { kept, gone, by, at: Stamp(at) }
            }
            Change::SettingChanged { key, by, at, .. } => Self::SettingChanged { key, by, at: Stamp(at) },
            Change::Imported { source, external, by, at, .. } => {
                Self::Imported { source, external, by, at: Stamp(at) }
            }
            Change::HookChanged { hook, by, at, .. } => Self::HookChanged { hook, by, at: Stamp(at) },
            Change::Exported { what, by, at, .. } => Self::Exported { file: what, by, at: Stamp(at) },
            Change::ArticleSaved { key, by, at, .. } => Self::ArticleSaved { key, by, at: Stamp(at) },
            Change::KnowledgeVoted { vote, by, at } => {
                Self::KnowledgeVoted { key: vote.key, useful: vote.useful, by, at: Stamp(at) }
            }
            Change::KnowledgeMissed { question, at, .. } => Self::KnowledgeMissed { question, at: Stamp(at) },
        }
    }
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        Self {
            seq: event.seq,
            at: Stamp(event.at),
            conversation: event.conversation.map(|id| id.to_string()),
            ticket: event.ticket,
            change: ChangeView::new(event.change, event.entry_seq.unwrap_or_default()),
        }
    }
}
