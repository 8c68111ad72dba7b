//! Looks up the people of one answer, each once.

use std::collections::BTreeMap;

use desk::{Conversation, Ticket};
use store::{Store, StoreError};

use crate::error::Answer;
use crate::view::{ConversationView, PersonView, TicketView};

/// The people seen so far in one answer.
pub(crate) struct People<'a> {
    store: &'a dyn Store,
    seen: BTreeMap<i64, Option<PersonView>>,
}

impl<'a> People<'a> {
    pub fn new(store: &'a dyn Store) -> Self {
        Self { store, seen: BTreeMap::new() }
    }

    async fn of(&mut self, id: Option<i64>) -> Answer<Option<PersonView>> {
        let Some(id) = id else { return Ok(None) };
        if let Some(person) = self.seen.get(&id) {
            return Ok(person.clone());
        }
        let person = match self.store.person(id).await {
            Ok(person) => Some(PersonView::from(person)),
            Err(StoreError::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        self.seen.insert(id, person.clone());
        Ok(person)
    }

    /// A conversation with its person.
    pub async fn conversation(&mut self, conversation: Conversation) -> Answer<ConversationView> {
        let person = self.of(conversation.person).await?;
        Ok(ConversationView::new(conversation, person))
    }

    /// A ticket with its person.
    pub async fn ticket(&mut self, ticket: Ticket) -> Answer<TicketView> {
        let person = self.of(ticket.person).await?;
        Ok(TicketView::new(ticket, person))
    }
}
