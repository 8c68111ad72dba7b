//! How changes make pictures: what a conversation and its ticket look like after a change.
//!
//! Promises: total; an ended conversation stays ended, its first ending stands; absent values keep what was known.
//! The store keeps its pictures by the same rules in SQL, and its conformance suite compares the two.

use crate::{Change, Conversation, ConversationState};

impl Conversation {
    /// The picture after `change`; changes of other conversations leave it alone.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::ConversationMoved { id, state, queue, queued_at, agent, lang }
                if *id == self.id && self.ended_at.is_none() =>
            {
                self.state = *state;
                keep_or(&mut self.queue, queue);
                keep_or(&mut self.queued_at, queued_at);
                keep_or(&mut self.agent, agent);
                if let Some(lang) = lang {
                    self.lang.clone_from(lang);
                }
            }
            Change::ConversationEnded { id, at, reason, .. } if *id == self.id && self.ended_at.is_none() => {
                self.state = ConversationState::Ended;
                self.ended_at = Some(*at);
                self.reason = Some(reason.clone());
            }
            Change::LegChanged { id, leg } if *id == self.id => {
                match self.legs.iter_mut().find(|known| known.n == leg.n) {
                    Some(known) => known.clone_from(leg),
                    None => self.legs.push(leg.clone()),
                }
                self.legs.sort_by_key(|leg| leg.n);
            }
            _ => {}
        }
    }
}

fn keep_or<T: Clone>(known: &mut Option<T>, told: &Option<T>) {
    if told.is_some() {
        known.clone_from(told);
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Fault, InteractionId};

    use super::*;
    use crate::Channel;

    const ID: InteractionId = InteractionId { node: 1, serial: 7 };

    fn picture() -> Conversation {
        Conversation {
            id: ID,
            channel: Channel::Voice,
            state: ConversationState::Flow,
            person: Some(1),
            called: "1000".into(),
            caller: "+4930".into(),
            lang: "en".into(),
            queue: None,
            queued_at: None,
            agent: None,
            started_at: 10,
            ended_at: None,
            reason: None,
            ticket_id: None,
            legs: Vec::new(),
        }
    }

    fn moved(state: ConversationState, queue: Option<&str>) -> Change {
        Change::ConversationMoved {
            id: ID,
            state,
            queue: queue.map(Into::into),
            queued_at: queue.map(|_| 20),
            agent: None,
            lang: None,
        }
    }

    #[test]
    fn what_a_move_does_not_name_is_kept() {
        let mut seen = picture();
        seen.apply(&moved(ConversationState::Waiting, Some("sales")));
        seen.apply(&moved(ConversationState::Talking, None));
        assert_eq!(seen.queue, Some("sales".into()));
        assert_eq!(seen.queued_at, Some(20));
        assert_eq!(seen.state, ConversationState::Talking);
    }

    #[test]
    fn the_first_ending_stands() {
        let mut seen = picture();
        for (at, reason) in [(30, "hangup"), (40, "restart")] {
            seen.apply(&Change::ConversationEnded { id: ID, at, fault: Fault::None, reason: reason.into() });
        }
        seen.apply(&moved(ConversationState::Talking, None));
        assert_eq!((seen.ended_at, seen.reason.as_deref()), (Some(30), Some("hangup")));
        assert_eq!(seen.state, ConversationState::Ended);
    }

    #[test]
    fn changes_of_others_leave_it_alone() {
        let mut seen = picture();
        let other = InteractionId { node: 1, serial: 8 };
        seen.apply(&Change::ConversationEnded { id: other, at: 1, fault: Fault::None, reason: "x".into() });
        assert_eq!(seen, picture());
    }
}
