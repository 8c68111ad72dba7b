//! What an interaction writes into the record, in one place so that codes and times are uniform.

use desk::{Change, ConversationState, EntryKind, NewEntry, Speaker};
use kernel::{AgentName, Effects, QueueName, Time};

use crate::Interaction;
use crate::io::{Opening, Out};

/// The record of a conversation begins with it.
pub(crate) fn opened(opening: &Opening) -> Change {
    Change::ConversationOpened {
        id: opening.id,
        channel: opening.channel,
        address: opening.address.clone(),
        name: opening.name.clone(),
        called: opening.called.clone(),
        lang: opening.lang.code().to_owned(),
        at: opening.wall,
    }
}

/// An event's code and particulars.
pub(crate) struct Note<'a> {
    /// Stable code.
    pub code: &'a str,
    /// JSON object text.
    pub detail: Option<String>,
    /// The leg it concerns.
    pub leg: Option<u16>,
}

impl<'a> Note<'a> {
    pub(crate) const fn of(code: &'a str) -> Self {
        Self { code, detail: None, leg: None }
    }

    pub(crate) const fn leg(mut self, leg: u16) -> Self {
        self.leg = Some(leg);
        self
    }

    pub(crate) fn detail(mut self, detail: String) -> Self {
        self.detail = Some(detail);
        self
    }
}

impl Interaction {
    pub(crate) fn note(&self, now: Time, note: Note<'_>, out: &mut impl Effects<Out>) {
        let entry = self.entry(now, Speaker::System, EntryKind::Event, note.code.to_owned());
        self.add_entry(NewEntry { leg: note.leg, detail: note.detail, ..entry }, out);
    }

    /// An entry that concerns no leg yet; the caller adds what its kind has besides.
    pub(crate) fn entry(&self, now: Time, speaker: Speaker, kind: EntryKind, text: String) -> NewEntry {
        NewEntry {
            at: self.wall(now),
            leg: None,
            speaker,
            author: None,
            kind,
            text,
            detail: None,
            start_ms: None,
            end_ms: None,
            dedupe: None,
        }
    }

    /// The same from a leg: its speaker is known, never guessed.
    pub(crate) fn entry_of(&self, now: Time, leg: u16, kind: EntryKind, text: String) -> NewEntry {
        let entry = self.entry(now, self.speaker_of(leg), kind, text);
        NewEntry { leg: Some(leg), author: self.author_of(leg), ..entry }
    }

    pub(crate) fn add_entry(&self, entry: NewEntry, out: &mut impl Effects<Out>) {
        out.emit(Out::Record(Change::EntryAdded { id: self.id, entry }));
    }

    pub(crate) fn moved(
        &self,
        state: ConversationState,
        queue: Option<QueueName>,
        queued_at: Option<Time>,
        agent: Option<AgentName>,
        out: &mut impl Effects<Out>,
    ) {
        out.emit(Out::Record(Change::ConversationMoved {
            id: self.id,
            state,
            queue,
            queued_at: queued_at.map(|at| self.wall(at)),
            agent,
            lang: None,
        }));
    }

    /// Where in which flow the customer is, as JSON object text: what is counted must be told apart by flow and version.
    pub(crate) fn step_detail(&self, step: &str) -> String {
        let settings = &self.settings;
        serde_json::json!({ "flow": settings.name, "step": step, "version": settings.version }).to_string()
    }

    /// JSON object text with one string field.
    pub(crate) fn detail(key: &str, value: &str) -> String {
        serde_json::json!({ key: value }).to_string()
    }
}

/// Why an agent was chosen, as JSON text: `{"agent":…,"why":{…}}`.
pub(crate) fn reason_json(agent: &AgentName, why: &routing::OfferReason) -> String {
    serde_json::json!({ "agent": agent, "why": why }).to_string()
}
