//! Customers who are called back: each wish becomes an interaction of its own that waits in the queue.
//!
//! Promises: one wish for a number and a queue at a time; it is in the record before it waits, so that a restart takes it up
//! again in its place. Leaves to others: the waiting and the call (`interaction`), whose turn it is (`routing`).

use std::sync::Arc;

use desk::Channel;
use interaction::{Arrives, Begin, CallbackWish, Opening};
use kernel::Lang;
use tokio::sync::mpsc;

use crate::admission::Admission;
use crate::interaction_task::{self, Beginning};
use crate::shared::Shared;
use crate::stop::Stop;

/// A wish, and what the call was in which it was made.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What is wished.
    pub wish: CallbackWish,
    /// What was dialled: the number whose flow and language hold.
    pub called: String,
    /// Language.
    pub lang: Lang,
}

/// Takes wishes until told to stop: what it shares holds the other end of its inbox, so that this never closes by itself.
pub async fn run(
    mut wishes: mpsc::Receiver<Wish>,
    shared: Arc<Shared>,
    admission: Arc<Admission>,
    mut stop: Stop,
) {
    loop {
        let wish = tokio::select! {
            wish = wishes.recv() => wish,
            () = stop.stopped() => None,
        };
        let Some(wish) = wish else { return };
        begin(&shared, &admission, wish);
    }
}

/// The name by which one wish for a number and a queue is known.
#[must_use]
pub fn key(wish: &CallbackWish) -> String {
    format!("callback:{}:{}", wish.queue, wish.number.reveal())
}

fn begin(shared: &Arc<Shared>, admission: &Admission, wish: Wish) {
    let Wish { wish, called, lang } = wish;
    let open = shared.registry.chat(&key(&wish));
    if open.is_some_and(|id| shared.registry.find(id).is_some()) {
        tracing::info!("a callback was asked for again; the first one keeps its place");
        return;
    }
    let Some((number, served)) = shared.flows.find(&called, shared.clock.wall_millis()) else {
        tracing::error!("a callback was lost: its number leads into no flow any more");
        return;
    };
    let opening = Opening {
        id: admission.mint(),
        channel: Channel::Voice,
        arrives: Arrives::AtOnce,
        address: format!("tel:{}", wish.number.reveal()),
        caller: wish.number.reveal().clone(),
        name: None,
        called,
        entry: number.entry.clone(),
        lang,
        wall: shared.clock.wall_millis(),
        data: Vec::new(),
        placed_by: None,
        tier: None,
    };
    let beginning = Beginning::Callback(Box::new(opening), wish, Begin::New);
    interaction_task::spawn(Arc::clone(shared), served, beginning, admission.count());
}
