//! A ticket as people see it, and what each change does to it.
//!
//! Promises: every rule about a ticket is here; the store loads one, lets it change itself, and keeps the outcome.

use std::collections::BTreeMap;

use kernel::{AgentName, InteractionId, QueueName};
use serde::{Deserialize, Serialize};

use super::{Mover, Priority, TicketMove, TicketRefusal, TicketState};
use crate::sla::{ClockName, SlaPolicy, TicketClocks};
use crate::{Channel, WallMillis};

/// Most followers of a ticket.
const FOLLOWERS: usize = 50;
/// Most custom fields of a ticket.
const FIELDS: usize = 50;

/// A ticket, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Number, from 1.
    pub id: i64,
    /// One line about it.
    pub subject: String,
    /// Where it stands.
    pub state: TicketState,
    /// The customer.
    pub person: Option<i64>,
    /// The road of the conversation that opened it; `None` when a person or a program opened it.
    pub channel: Option<Channel>,
    /// The queue it came through.
    pub queue: Option<QueueName>,
    /// Who is on it.
    pub assignee: Option<AgentName>,
    /// What kind of matter it is (the installation's own word), if said.
    pub kind: Option<String>,
    /// How much it presses.
    pub priority: Priority,
    /// The team it belongs to, if said.
    pub team: Option<String>,
    /// Staff who are told of every change.
    pub followers: Vec<AgentName>,
    /// Custom fields.
    pub fields: BTreeMap<String, String>,
    /// Its clocks.
    pub clocks: TicketClocks,
    /// The ticket it lives on in.
    pub merged_into: Option<i64>,
    /// Opened.
    pub created_at: WallMillis,
    /// Last change.
    pub updated_at: WallMillis,
    /// Conversations that belong to it, oldest first; of very many the newest 200.
    pub conversations: Vec<InteractionId>,
}

/// What is edited; absent: as before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketEdit {
    /// New subject.
    pub subject: Option<String>,
    /// New assignee.
    pub assignee: Option<AgentName>,
    /// New kind; empty takes it away.
    pub kind: Option<String>,
    /// New priority.
    pub priority: Option<Priority>,
    /// New team; empty takes it away.
    pub team: Option<String>,
    /// Everybody who follows it from now on.
    pub followers: Option<Vec<AgentName>>,
    /// Custom fields to set; an empty value takes the field away.
    pub fields: BTreeMap<String, String>,
}

/// How a ticket is related to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Something in common.
    Related,
    /// The other is a part of this one.
    Parent,
    /// This one is a part of the other.
    Child,
    /// This one has to be solved first.
    Blocks,
    /// The other has to be solved first.
    BlockedBy,
}

impl Relation {
    /// The same, seen from the other ticket.
    #[must_use]
    pub const fn reverse(self) -> Self {
        match self {
            Self::Related => Self::Related,
            Self::Parent => Self::Child,
            Self::Child => Self::Parent,
            Self::Blocks => Self::BlockedBy,
            Self::BlockedBy => Self::Blocks,
        }
    }
}

/// Whether a relation comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationStep {
    /// It holds from now on.
    Add,
    /// No longer.
    Remove,
}

/// A ticket that this one is related to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TicketRelation {
    /// The other.
    pub ticket: i64,
    /// How.
    pub relation: Relation,
}

impl TicketEdit {
    /// Whether nothing is edited.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Ticket {
    /// A ticket that begins now, with its clocks running.
    #[must_use]
    pub fn opened(subject: String, person: Option<i64>, channel: Option<Channel>, at: WallMillis) -> Self {
        Self {
            id: 0,
            subject,
            state: TicketState::New,
            person,
            channel,
            queue: None,
            assignee: None,
            kind: None,
            priority: Priority::default(),
            team: None,
            followers: Vec::new(),
            fields: BTreeMap::new(),
            clocks: TicketClocks::opened(at),
            merged_into: None,
            created_at: at,
            updated_at: at,
            conversations: Vec::new(),
        }
    }

    /// The moves that are open to `who`: an agent moves what is theirs, what they follow, and what nobody has.
    #[must_use]
    pub fn ways_for(&self, who: &Mover) -> &'static [TicketState] {
        let allowed = match who {
            Mover::Supervisor => true,
            Mover::Agent(name) => {
                self.assignee.as_ref().is_none_or(|assignee| assignee == name)
                    || self.followers.contains(name)
            }
        };
        if allowed && self.merged_into.is_none() { self.state.ways() } else { &[] }
    }

    /// Moves it.
    ///
    /// # Errors
    /// `Merged`, `Stale` or `NoSuchWay`; nothing changed then.
    pub fn step(
        &mut self,
        step: TicketMove,
        at: WallMillis,
        policy: &SlaPolicy,
    ) -> Result<(), TicketRefusal> {
        self.is_alive()?;
        self.state.check(step)?;
        self.come_to(step.to, at, policy);
        Ok(())
    }

    /// An agent is with the customer about it: they are on it if nobody was, and the customer has an answer.
    pub fn taken_up(&mut self, agent: &AgentName, at: WallMillis, policy: &SlaPolicy) {
        self.assignee.get_or_insert_with(|| agent.clone());
        if matches!(self.state, TicketState::New | TicketState::Reopened) {
            self.come_to(TicketState::InProgress, at, policy);
        }
        self.answered(at, policy);
    }

    /// An agent answered the customer in one of its conversations.
    pub fn answered(&mut self, at: WallMillis, policy: &SlaPolicy) {
        self.clocks.answered(at, policy);
        self.touch(at, policy);
    }

    /// Edits what is given.
    ///
    /// # Errors
    /// `Merged`; nothing changed then.
    pub fn edit(
        &mut self,
        edit: &TicketEdit,
        at: WallMillis,
        policy: &SlaPolicy,
    ) -> Result<(), TicketRefusal> {
        self.is_alive()?;
        if let Some(subject) = &edit.subject {
            self.subject.clone_from(subject);
        }
        if edit.assignee.is_some() {
            self.assignee.clone_from(&edit.assignee);
        }
        set_or_clear(&mut self.kind, edit.kind.as_ref());
        set_or_clear(&mut self.team, edit.team.as_ref());
        self.priority = edit.priority.unwrap_or(self.priority);
        if let Some(followers) = &edit.followers {
            self.followers.clone_from(followers);
            self.followers.sort_unstable();
            self.followers.dedup();
            self.followers.truncate(FOLLOWERS);
        }
        for (name, value) in &edit.fields {
            if value.is_empty() {
                self.fields.remove(name);
            } else if self.fields.len() < FIELDS || self.fields.contains_key(name) {
                self.fields.insert(name.clone(), value.clone());
            }
        }
        self.touch(at, policy);
        Ok(())
    }

    /// It lives on in `into`, which takes over its followers, and what fields `into` does not have.
    ///
    /// # Errors
    /// `Itself`, `Merged` or `OtherCustomer`; nothing changed then.
    pub fn merge_into(
        &mut self,
        into: &mut Ticket,
        at: WallMillis,
        policy: &SlaPolicy,
    ) -> Result<(), TicketRefusal> {
        if self.id == into.id {
            return Err(TicketRefusal::Itself);
        }
        self.is_alive()?;
        into.is_alive()?;
        if let (Some(one), Some(other)) = (self.person, into.person)
            && one != other
        {
            return Err(TicketRefusal::OtherCustomer);
        }
        into.person = into.person.or(self.person);
        let followers: Vec<AgentName> =
            into.followers.iter().chain(&self.followers).chain(&self.assignee).cloned().collect();
        into.followers = followers;
        into.followers.retain(|name| into.assignee.as_ref() != Some(name));
        into.followers.sort_unstable();
        into.followers.dedup();
        into.followers.truncate(FOLLOWERS);
        for (name, value) in &self.fields {
            if into.fields.len() < FIELDS {
                into.fields.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        into.priority = into.priority.max(self.priority);
        self.merged_into = Some(into.id);
        self.come_to(TicketState::Done, at, policy);
        into.touch(at, policy);
        Ok(())
    }

    /// Somebody was told that `clock` is up; false when they had been told.
    pub fn escalate(&mut self, clock: ClockName, at: WallMillis) -> bool {
        self.clocks.escalate(clock, at)
    }

    /// Works its due times out anew, after what was promised changed.
    pub fn aim(&mut self, policy: &SlaPolicy) {
        self.clocks.aim(self.priority, policy);
    }

    fn come_to(&mut self, state: TicketState, at: WallMillis, policy: &SlaPolicy) {
        self.state = state;
        self.clocks.moved(state, at, policy);
        self.touch(at, policy);
    }

    fn touch(&mut self, at: WallMillis, policy: &SlaPolicy) {
        self.updated_at = at;
        self.aim(policy);
    }

    fn is_alive(&self) -> Result<(), TicketRefusal> {
        self.merged_into.map_or(Ok(()), |into| Err(TicketRefusal::Merged { into }))
    }
}

fn set_or_clear(known: &mut Option<String>, told: Option<&String>) {
    if let Some(told) = told {
        *known = (!told.is_empty()).then(|| told.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TicketState::{Done, InProgress, New, PendingConfirmation, Reopened};

    fn ticket(id: i64, person: i64) -> Ticket {
        Ticket { id, ..Ticket::opened("Bill".into(), Some(person), None, 1000) }
    }

    fn step(ticket: &mut Ticket, to: TicketState) -> Result<(), TicketRefusal> {
        ticket.step(TicketMove { from: ticket.state, to }, 2000, &SlaPolicy::default())
    }

    #[test]
    fn an_agent_moves_their_own_and_nobodys_tickets_and_those_they_follow() {
        let mut one = ticket(1, 7);
        let (alice, bob) = (Mover::Agent("alice".into()), Mover::Agent("bob".into()));
        assert_eq!(one.ways_for(&alice), [InProgress], "nobody has it");
        one.taken_up(&"alice".into(), 1500, &SlaPolicy::default());
        assert_eq!(one.state, InProgress);
        assert_eq!(one.ways_for(&alice), [PendingConfirmation, New]);
        assert!(one.ways_for(&bob).is_empty());
        assert_eq!(one.ways_for(&Mover::Supervisor), [PendingConfirmation, New]);
        let edit = TicketEdit { followers: Some(vec!["bob".into(), "bob".into()]), ..TicketEdit::default() };
        one.edit(&edit, 1600, &SlaPolicy::default()).expect("alive");
        assert_eq!(one.followers.len(), 1);
        assert_eq!(one.ways_for(&bob), [PendingConfirmation, New]);
    }

    #[test]
    fn a_closed_ticket_comes_back_as_reopened_and_is_in_progress_once_somebody_is_on_it() {
        let mut one = ticket(1, 7);
        for to in [InProgress, PendingConfirmation, Done, Reopened] {
            step(&mut one, to).expect("a way");
        }
        assert_eq!(step(&mut one, Done), Err(TicketRefusal::NoSuchWay { from: Reopened, to: Done }));
        one.taken_up(&"bob".into(), 3000, &SlaPolicy::default());
        assert_eq!((one.state, one.assignee.clone()), (InProgress, Some("bob".into())));
    }

    #[test]
    fn a_merged_ticket_lives_on_in_the_other_and_is_changed_no_more() {
        let policy = SlaPolicy::default();
        let (mut one, mut other) = (ticket(1, 7), ticket(2, 7));
        one.taken_up(&"alice".into(), 1500, &policy);
        let edit = TicketEdit {
            priority: Some(Priority::High),
            fields: [("order".into(), "A1".into()), ("size".into(), "L".into())].into(),
            ..TicketEdit::default()
        };
        one.edit(&edit, 1500, &policy).expect("alive");
        other.fields.insert("order".into(), "B2".into());
        one.merge_into(&mut other, 2000, &policy).expect("one customer");
        assert_eq!((one.merged_into, one.state), (Some(2), Done));
        assert_eq!(other.fields, [("order".into(), "B2".into()), ("size".into(), "L".into())].into());
        assert_eq!((other.priority, other.followers.clone()), (Priority::High, vec!["alice".into()]));
        let refused = Err(TicketRefusal::Merged { into: 2 });
        assert_eq!(step(&mut one, Reopened), refused);
        assert_eq!(one.edit(&edit, 3000, &policy), refused);
        assert!(one.ways_for(&Mover::Supervisor).is_empty());
        assert_eq!(other.merge_into(&mut one, 3000, &policy), refused);
    }

    #[test]
    fn tickets_of_two_customers_and_a_ticket_and_itself_are_not_merged() {
        let policy = SlaPolicy::default();
        let (mut one, mut other) = (ticket(1, 7), ticket(2, 8));
        assert_eq!(one.merge_into(&mut other, 1, &policy), Err(TicketRefusal::OtherCustomer));
        let mut same = one.clone();
        assert_eq!(one.merge_into(&mut same, 1, &policy), Err(TicketRefusal::Itself));
        other.person = None;
        one.merge_into(&mut other, 1, &policy).expect("nobody's ticket takes any customer");
        assert_eq!(other.person, Some(7));
    }

    #[test]
    fn an_empty_word_takes_a_field_away_and_what_is_not_named_stays() {
        let mut one = ticket(1, 7);
        let policy = SlaPolicy::default();
        let set =
            TicketEdit { kind: Some("billing".into()), team: Some("gold".into()), ..TicketEdit::default() };
        one.edit(&set, 1500, &policy).expect("alive");
        one.edit(&TicketEdit { team: Some(String::new()), ..TicketEdit::default() }, 1600, &policy)
            .expect("alive");
        assert_eq!((one.kind.as_deref(), one.team.as_deref()), (Some("billing"), None));
        assert!(TicketEdit::default().is_empty() && !set.is_empty());
    }
}
