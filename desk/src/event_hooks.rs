//! Event hooks: other programs that are told what happens. Which event is of which kind, and what follows from a try.
//!
//! Promises: pure; each change of the record is of one kind at most; the spans between tries are those of channels
//! (`delivery`); who cannot be told fifteen times in a row (some five hours) is left alone until a person looks.
//! Leaves to others: asking (`gateway`), keeping (`store`). The order of events is the record's: a hook is a position in it.

use serde::{Deserialize, Serialize};

use crate::delivery::{DeliveryState, span_after};
use crate::{Change, ConversationState, EntryKind, TicketState, WallMillis};

/// Failures in a row after which a hook is parked.
pub const MOST_FAILURES: i64 = 15;
/// The position by which a trial is kept: no event has it.
pub const TRIAL: i64 = 0;
/// Characters of an answer that are kept.
pub const ANSWER_CHARS: usize = 200;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// An article was saved.
    ArticleSaved,
    /// A conversation is with an agent from now on.
    ConversationAssigned,
    /// It ended.
    ConversationEnded,
    /// It moved on, but not to an agent.
    ConversationMoved,
    /// It began.
    ConversationOpened,
    /// Staff changed what is known of a customer.
    CustomerEdited,
    /// A customer lives on in another.
    CustomersMerged,
    /// That was taken back.
    CustomersSplit,
    /// A message to a customer went on its way, or did not.
    DeliveryMoved,
    /// Somebody put right what was recognised.
    EntryCorrected,
    /// Something happened in a conversation, or a key was pressed.
    EntryEvent,
    /// Somebody wrote.
    EntryMessage,
    /// Staff noted something.
    EntryNote,
    /// Somebody said something: the final text.
    EntrySpeech,
    /// A version of a flow went into service.
    FlowPublished,
    /// A customer asked what no article answers.
    KnowledgeMissed,
    /// A customer answered a survey.
    SurveyAnswered,
    /// A ticket is done.
    TicketDone,
    /// It was edited.
    TicketEdited,
    /// A promise about it was not kept in time.
    TicketEscalated,
    /// A conversation got its ticket: a new one, or the one that was open.
    TicketFor,
    /// A ticket lives on in another.
    TicketMerged,
    /// It moved to another state, but is not done.
    TicketMoved,
    /// It was opened without a conversation.
    TicketOpened,
    /// A relation of two tickets came or went.
    TicketRelated,
}

impl EventKind {
    /// All, sorted.
    pub const ALL: &[Self] = &[
        Self::ArticleSaved,
        Self::ConversationAssigned,
        Self::ConversationEnded,
        Self::ConversationMoved,
        Self::ConversationOpened,
        Self::CustomerEdited,
        Self::CustomersMerged,
        Self::CustomersSplit,
        Self::DeliveryMoved,
        Self::EntryCorrected,
        Self::EntryEvent,
        Self::EntryMessage,
        Self::EntryNote,
        Self::EntrySpeech,
        Self::FlowPublished,
        Self::KnowledgeMissed,
        Self::SurveyAnswered,
        Self::TicketDone,
        Self::TicketEdited,
        Self::TicketEscalated,
        Self::TicketFor,
        Self::TicketMerged,
        Self::TicketMoved,
        Self::TicketOpened,
        Self::TicketRelated,
    ];

    /// Of which kind a change is; `None`: nobody outside is told of it (legs, settings).
    #[must_use]
    pub fn of(change: &Change) -> Option<Self> {
        Some(match change {
            Change::ArticleSaved { .. } => Self::ArticleSaved,
            Change::ConversationMoved { state: ConversationState::Talking, agent: Some(_), .. } => {
                Self::ConversationAssigned
            }
            Change::ConversationMoved { .. } => Self::ConversationMoved,
            Change::ConversationEnded { .. } => Self::ConversationEnded,
            Change::ConversationOpened { .. } => Self::ConversationOpened,
            Change::CustomerEdited { .. } => Self::CustomerEdited,
            Change::CustomersMerged { .. } => Self::CustomersMerged,
            Change::CustomersSplit { .. } => Self::CustomersSplit,
            Change::DeliveryMoved { .. } => Self::DeliveryMoved,
            Change::EntryAdded { entry, .. } => match entry.kind {
                EntryKind::Event if entry.text == "survey" => Self::SurveyAnswered,
                EntryKind::Event | EntryKind::Digit => Self::EntryEvent,
                EntryKind::Message => Self::EntryMessage,
                EntryKind::Note => Self::EntryNote,
                EntryKind::Speech => Self::EntrySpeech,
            },
            Change::EntryCorrected { .. } => Self::EntryCorrected,
            Change::FlowPublished(_) => Self::FlowPublished,
            Change::KnowledgeMissed { .. } => Self::KnowledgeMissed,
            Change::TicketMoved { step, .. } if step.to == TicketState::Done => Self::TicketDone,
            Change::TicketMoved { .. } => Self::TicketMoved,
            Change::TicketEdited { .. } => Self::TicketEdited,
            Change::TicketEscalated { .. } => Self::TicketEscalated,
            Change::TicketFor { .. } => Self::TicketFor,
            Change::TicketMerged { .. } => Self::TicketMerged,
            Change::TicketOpened { .. } => Self::TicketOpened,
            Change::TicketRelated { .. } => Self::TicketRelated,
            Change::LegChanged { .. }
            | Change::ThreadOpened { .. }
            | Change::MessageArrived { .. }
            | Change::SettingChanged { .. }
            | Change::HookChanged { .. }
            | Change::Exported { .. }
            | Change::Imported { .. }
            | Change::KnowledgeVoted { .. } => return None,
        })
    }
}

/// Whether a hook is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HookState {
    /// It is.
    Active,
    /// A person stopped it.
    Stopped,
    /// It could not be told too often: a person must look.
    Parked,
}

/// What people decide of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookDraft {
    /// Where to POST.
    pub url: String,
    /// Of what.
    pub kinds: Vec<EventKind>,
    /// Active or stopped.
    pub state: HookState,
}

/// A program that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventHook {
    /// Its name.
    pub id: String,
    /// What people decided.
    pub draft: HookDraft,
    /// Where it stands.
    pub place: Place,
    /// Failures in a row.
    pub failures: i64,
    /// Not before.
    pub due_at: WallMillis,
    /// Why it failed last.
    pub why: Option<String>,
    /// Since when there is it.
    pub created_at: WallMillis,
    /// Who made it.
    pub created_by: String,
    /// Whether somebody asked for something to be sent again.
    pub asked: bool,
}

/// Where a hook stands. A step from elsewhere is not taken: it was changed or sent back meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The event that changed it last.
    pub revision: i64,
    /// Every event up to this one is dealt with.
    pub sequence: i64,
}

/// A delivery as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDelivery {
    /// The event; `TRIAL`: none.
    pub sequence: i64,
    /// Its kind; `None`: a trial.
    pub kind: Option<EventKind>,
    /// Whether it arrived.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: i64,
    /// What came of the last try.
    pub outcome: Outcome,
    /// When that was.
    pub at: WallMillis,
}

/// What came of a try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Status of the answer, if one came.
    pub status: Option<i64>,
    /// Why it failed, as a stable code; `None`: it did not.
    pub why: Option<String>,
    /// How the answer began.
    pub answer: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// What happens to a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookStep {
    /// Nothing up to this event concerned it.
    Passed {
        /// From where.
        from: Place,
        /// The last that was looked at.
        sequence: i64,
    },
    /// It was told of an event.
    Told {
        /// From where.
        from: Place,
        /// Of which.
        sequence: i64,
        /// Of which kind.
        kind: EventKind,
        /// How it went.
        outcome: Outcome,
    },
    /// It was not.
    NotTold {
        /// From where.
        from: Place,
        /// Of which.
        sequence: i64,
        /// Of which kind.
        kind: EventKind,
        /// How it went.
        outcome: Outcome,
        /// When it is tried again; `None`: it is parked.
        due_at: Option<WallMillis>,
    },
    /// Somebody wants an event (or a trial) sent once more, whatever else is on its way.
    Asked {
        /// Which.
        sequence: i64,
        /// Of which kind; `None`: a trial.
        kind: Option<EventKind>,
    },
    /// That was sent, and is not tried again.
    Answered {
        /// Which.
        sequence: i64,
        /// How it went.
        outcome: Outcome,
    },
    /// Somebody wants everything after this event once more.
    Rewound {
        /// This one.
        sequence: i64,
    },
    /// What was told before is forgotten.
    Swept {
        /// Before.
        before: WallMillis,
    },
}

impl EventHook {
    /// The name by which the receiver knows a second try from a second event.
    #[must_use]
    pub fn delivery_id(&self, sequence: i64) -> String {
        format!("{}.{sequence}", self.id)
    }

    /// Whether there is something to do, given the last event.
    #[must_use]
    pub fn is_due(&self, now: WallMillis, last_event: i64) -> bool {
        let behind = self.place.sequence < last_event;
        self.asked || (self.draft.state == HookState::Active && behind && self.due_at <= now)
    }

    /// What follows from a try. `before` failures came in a row until then.
    #[must_use]
    pub fn tried(
        &self,
        from: Place,
        sequence: i64,
        kind: EventKind,
        outcome: Outcome,
        before: i64,
        now: WallMillis,
    ) -> HookStep {
        if outcome.why.is_none() {
            return HookStep::Told { from, sequence, kind, outcome };
        }
        let gone = outcome.status == Some(410);
        let parked = gone || before + 1 >= MOST_FAILURES;
        let due_at = (!parked).then(|| now.saturating_add(span_after(before)));
        HookStep::NotTold { from, sequence, kind, outcome, due_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook() -> EventHook {
        EventHook {
            id: "h".into(),
            draft: HookDraft {
                url: "https://crm.example/in".into(),
                kinds: vec![EventKind::TicketDone],
                state: HookState::Active,
            },
            place: Place { revision: 3, sequence: 7 },
            failures: 0,
            due_at: 0,
            why: None,
            created_at: 0,
            created_by: "root".into(),
            asked: false,
        }
    }

    fn tried(status: i64, before: i64) -> HookStep {
        let why = (status != 200).then(|| format!("http_{status}"));
        let outcome = Outcome { status: Some(status), why, ..Outcome::default() };
        hook().tried(hook().place, 8, EventKind::TicketDone, outcome, before, 1_000)
    }

    fn due(step: HookStep) -> Option<WallMillis> {
        match step {
            HookStep::NotTold { due_at, .. } => due_at,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_cannot_be_told_is_tried_ever_more_rarely_and_then_parked() {
        assert!(matches!(tried(200, 14), HookStep::Told { sequence: 8, .. }));
        assert_eq!(due(tried(503, 0)), Some(3_000));
        assert_eq!(due(tried(503, 1)), Some(5_000));
        assert_eq!(due(tried(404, 12)), Some(3_601_000));
        assert_eq!(due(tried(503, 14)), None);
        assert_eq!(due(tried(410, 0)), None, "gone for good");
    }

    #[test]
    fn there_is_something_to_do_when_it_is_behind_and_its_time_has_come() {
        assert!(hook().is_due(0, 8) && !hook().is_due(0, 7));
        assert!(!EventHook { due_at: 5, ..hook() }.is_due(4, 8));
        let mut parked = hook();
        parked.draft.state = HookState::Parked;
        assert!(!parked.is_due(0, 8));
        assert!(EventHook { asked: true, ..parked }.is_due(0, 7), "a trial is sent even so");
    }

    #[test]
    fn every_kind_is_listed_once_and_in_order() {
        assert!(EventKind::ALL.is_sorted_by(|one, other| one < other));
        let done = Change::TicketMoved {
            ticket: 1,
            step: crate::TicketMove { from: TicketState::InProgress, to: TicketState::Done },
            by: "a".into(),
            at: 0,
        };
        assert_eq!(EventKind::of(&done), Some(EventKind::TicketDone));
    }
}
