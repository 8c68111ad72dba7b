//! What a former process left open: calls are closed in the record with the reason, chats are taken up again.

use std::sync::Arc;

use anyhow::Result;
use desk::{Change, Conversation, ConversationState, EntryKind, Person};
use interaction::{
    Arrives, Begin, CALLBACK_DEVICE, CallbackWish, Opening, QUEUED, Queued, Restored, read_queued,
};
use kernel::{Fault, InteractionId, Lang};

use crate::admission::Admission;
use crate::clock::time_of_wall;
use crate::interaction_task::{self, Beginning};
use crate::shared::Shared;

/// Settles everything that is open in the record.
pub async fn settle(shared: &Arc<Shared>, admission: &Admission) -> Result<()> {
    let open = shared.store.open_conversations().await?;
    if open.is_empty() {
        return Ok(());
    }
    tracing::info!(open = open.len(), "conversations were open when the process ended");
    for conversation in open {
        match conversation.channel {
            _ if is_callback(&conversation) => wake_callback(shared, admission, conversation).await?,
            channel if !channel.is_spoken() => wake(shared, admission, conversation).await?,
            _ => close(shared, &conversation).await?,
        }
    }
    Ok(())
}

/// Somebody who waits to be called back: nothing of it was lost with the process but the agent, if there was one.
fn is_callback(conversation: &Conversation) -> bool {
    conversation.channel.is_spoken()
        && conversation
            .legs
            .first()
            .is_some_and(|leg| leg.device == CALLBACK_DEVICE && leg.answered_at.is_none())
}

async fn wake_callback(
    shared: &Arc<Shared>,
    admission: &Admission,
    conversation: Conversation,
) -> Result<()> {
    let board = shared.flows.board();
    let (Some((number, served)), Some(queue)) =
        (board.find(&conversation.called), conversation.queue.clone())
    else {
        return close(shared, &conversation).await;
    };
    let dialled = conversation.caller.clone();
    let person = person_of(shared, &conversation).await?;
    let name = person.and_then(|person| name_of(person, &conversation));
    let opening = Opening {
        id: conversation.id,
        channel: conversation.channel,
        arrives: Arrives::AtOnce,
        address: format!("tel:{dialled}"),
        caller: dialled.clone(),
        name,
        called: conversation.called.clone(),
        entry: number.entry.clone(),
        lang: Lang::from_code(&conversation.lang).unwrap_or_default(),
        wall: shared.clock.wall_millis(),
        data: Vec::new(),
        placed_by: None,
        tier: None,
    };
    let arrived_at = time_of_wall(conversation.queued_at.unwrap_or(conversation.started_at));
    let Queued { priority, wishes, .. } = queued(shared, conversation.id).await?;
    let wish = CallbackWish { number: dialled.into(), queue, priority, wishes, arrived_at };
    let beginning = Beginning::Callback(Box::new(opening), wish, Begin::Again);
    interaction_task::spawn(Arc::clone(shared), Arc::clone(served), beginning, admission.count());
    Ok(())
}

async fn person_of(shared: &Shared, conversation: &Conversation) -> Result<Option<Person>> {
    match conversation.person {
        Some(person) => Ok(Some(shared.store.person(person).await?)),
        None => Ok(None),
    }
}

/// What the person is called, if more is known than where they wrote or called from.
fn name_of(person: Person, conversation: &Conversation) -> Option<String> {
    Some(person.name).filter(|name| *name != conversation.caller)
}

/// Entries read at once.
const PAGE: u32 = 500;

/// How a conversation waits, as it was written down when it entered its queue last.
async fn queued(shared: &Shared, id: InteractionId) -> Result<Queued> {
    let (mut last, mut after) = (Queued::default(), 0);
    loop {
        let page = shared.store.entries(id, after, PAGE).await?;
        let entries =
            page.iter().filter(|entry| entry.entry.kind == EntryKind::Event && entry.entry.text == QUEUED);
        if let Some(detail) = entries.filter_map(|entry| entry.entry.detail.as_deref()).next_back() {
            last = read_queued(detail);
        }
        match page.last() {
            Some(entry) if page.len() == PAGE as usize => after = entry.seq,
            _ => return Ok(last),
        }
    }
}

/// A call cannot survive its process: its legs and itself end now, because of the restart.
async fn close(shared: &Shared, conversation: &Conversation) -> Result<()> {
    let at = shared.clock.wall_millis();
    let mut changes = Vec::new();
    for leg in conversation.legs.iter().filter(|leg| leg.ended_at.is_none()) {
        let mut leg = leg.clone();
        leg.ended_at = Some(at);
        leg.fault = Some(Fault::Ours);
        leg.reason = Some("restart".to_owned());
        changes.push(Change::LegChanged { id: conversation.id, leg });
    }
    changes.push(Change::ConversationEnded {
        id: conversation.id,
        at,
        fault: Fault::Ours,
        reason: "restart".to_owned(),
    });
    shared.recorder.commit(changes).await?;
    Ok(())
}

async fn wake(shared: &Arc<Shared>, admission: &Admission, conversation: Conversation) -> Result<()> {
    let board = shared.flows.board();
    let found = board.find(&conversation.called);
    let thread = shared.store.thread(conversation.id).await?;
    let person = person_of(shared, &conversation).await?;
    let address = match (&thread, &person) {
        (Some(thread), _) => Some(thread.address.clone()),
        (None, Some(person)) => {
            let mut addresses = person.addresses.iter();
            addresses.find(|address| desk::address::shown(address) == conversation.caller).cloned()
        }
        (None, None) => None,
    };
    let (Some((number, served)), Some(address)) = (found, address) else {
        return close(shared, &conversation).await;
    };
    let with_agent = conversation.state == ConversationState::Talking;
    let name = person.and_then(|person| name_of(person, &conversation));
    let opening = Opening {
        id: conversation.id,
        channel: conversation.channel,
        arrives: Arrives::AtOnce,
        caller: address.strip_prefix("chat:").unwrap_or(&address).to_owned(),
        address,
        name,
        called: conversation.called.clone(),
        entry: number.entry.clone(),
        lang: Lang::from_code(&conversation.lang).unwrap_or_default(),
        wall: shared.clock.wall_millis(),
        data: Vec::new(),
        placed_by: None,
        tier: None,
    };
    let restored = Restored {
        opening,
        started_at: conversation.started_at,
        queued_at: time_of_wall(conversation.queued_at.unwrap_or(conversation.started_at)),
        queued: queued(shared, conversation.id).await?,
        queue: conversation.queue,
        agent: conversation.agent.filter(|_| with_agent),
        last_leg: conversation.legs.iter().map(|leg| leg.n).max().unwrap_or(0),
    };
    interaction_task::spawn(
        Arc::clone(shared),
        Arc::clone(served),
        Beginning::Restored(Box::new(restored), thread),
        admission.count(),
    );
    Ok(())
}
