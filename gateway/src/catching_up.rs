//! Text for what was said when nobody could write it down: what an earlier process, or an interaction that is over, left on the disk.
//!
//! Promises: each utterance is recorded once, in its place by leg and clock, redacted like any other; until then the record says
//! that a leg's text is behind. Leaves to others: hearing (`asr_pool`), what must not be kept (`asr::redact`).

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use asr::Out;
use asr::redact::{Cleared, Screen};
use desk::{Change, Conversation, Entry, EntryKind, NewEntry, Speaker};
use interaction::{SPEECH_BEHIND, SPEECH_CAUGHT_UP, speech_entry};
use kernel::InteractionId;
use store::StoreError;
use tokio::sync::mpsc;

use crate::asr_pool::{AsrPool, Journals};
use crate::shared::Shared;
use crate::silencing;
use crate::stop::Stop;

/// Entries read at once.
const PAGE: u32 = 1_000;
/// Words that wait for the record, per conversation.
const WORDS: usize = 256;

/// Marks what an earlier process left, before calls are taken. Returns which conversations it is of.
///
/// # Errors
/// When the record or the folder cannot be read.
pub async fn mark(shared: &Shared) -> Result<Vec<InteractionId>> {
    let Some(journals) = shared.asr.as_ref().and_then(AsrPool::journals) else { return Ok(Vec::new()) };
    let mut marked = Vec::new();
    for (id, legs) in journals.left_behind()? {
        let Some(known) = Known::read(shared, id).await? else {
            tracing::warn!(conversation = %id, "audio of a conversation that is not in the record is forgotten");
            legs.into_iter().for_each(|leg| journals.forget(id, leg));
            continue;
        };
        known.mark(shared, &legs).await?;
        marked.push(id);
    }
    if !marked.is_empty() {
        tracing::info!(conversations = marked.len(), "words of an earlier process are written down now");
    }
    Ok(marked)
}

/// Looks after every conversation that is named, one at a time, until the process stops.
pub async fn run(mut left: mpsc::Receiver<InteractionId>, shared: Arc<Shared>, mut stop: Stop) {
    loop {
        let id = tokio::select! {
            () = stop.stopped() => return,
            id = left.recv() => match id { Some(id) => id, None => return },
        };
        let caught_up = tokio::select! {
            () = stop.stopped() => return,
            caught_up = catch_up(&shared, id) => caught_up,
        };
        if let Err(error) = caught_up {
            tracing::error!(error = format!("{error:#}"), conversation = %id, "a conversation waits for the next start");
        }
    }
}

async fn catch_up(shared: &Shared, id: InteractionId) -> Result<()> {
    let Some(pool) = &shared.asr else { return Ok(()) };
    let Some(journals) = pool.journals() else { return Ok(()) };
    let legs = journals.legs(id)?;
    let Some(known) = Known::read(shared, id).await? else { return Ok(()) };
    known.mark(shared, &legs).await?;
    let (to, mut words) = mpsc::channel(WORDS);
    let mut open = 0_usize;
    for &leg in &legs {
        let language = Some(known.conversation.lang.clone());
        pool.inherit((id, leg), known.recorded_until(leg), language, leg, to.clone())?;
        open += 1;
    }
    drop(to);
    let mut writing = Writing::of(shared, &known, &legs);
    while open > 0 {
        let (leg, heard) = words.recv().await.context("the recogniser ended")?;
        match heard {
            Out::Final(heard) => writing.heard(leg, heard).await?,
            Out::Done => {
                writing.done(leg, journals).await?;
                open -= 1;
            }
            Out::Nothing { start_ms, end_ms } => {
                writing.heard(leg, asr::Heard::nothing(start_ms, end_ms)).await?;
            }
            Out::Partial { .. } | Out::Behind { .. } | Out::CaughtUp { .. } | Out::Decode(_) => {}
        }
    }
    // What is hidden of it is silent in the recording as well.
    silencing::silence(shared, id).await?;
    Ok(())
}

/// What the record has of a conversation.
struct Known {
    conversation: Conversation,
    entries: Vec<Entry>,
}

impl Known {
    async fn read(shared: &Shared, id: InteractionId) -> Result<Option<Self>> {
        let conversation = match shared.store.conversation(id).await {
            Ok(conversation) => conversation,
            Err(StoreError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut entries = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry: &Entry| entry.seq);
            let page = shared.store.entries(id, after, PAGE).await?;
            if page.is_empty() {
                return Ok(Some(Self { conversation, entries }));
            }
            entries.extend(page);
        }
    }

    /// Up to where a leg's text is recorded.
    fn recorded_until(&self, leg: u16) -> u64 {
        let own = self.entries.iter().map(|one| &one.entry).filter(|entry| entry.leg == Some(leg));
        own.filter(|entry| entry.kind == EntryKind::Speech)
            .filter_map(|entry| entry.end_ms)
            .max()
            .unwrap_or(0)
    }

    fn is_marked(&self, leg: u16) -> bool {
        let events = self.entries.iter().rev().map(|one| &one.entry).filter(|entry| entry.leg == Some(leg));
        let last = events
            .map(|entry| entry.text.as_str())
            .find(|text| [SPEECH_BEHIND, SPEECH_CAUGHT_UP].contains(text));
        last == Some(SPEECH_BEHIND)
    }

    async fn mark(&self, shared: &Shared, legs: &[u16]) -> Result<()> {
        let unmarked = legs.iter().filter(|leg| !self.is_marked(**leg));
        let changes: Vec<Change> = unmarked
            .map(|leg| {
                let detail = serde_json::json!({ "start_ms": self.recorded_until(*leg) }).to_string();
                self.event(shared, *leg, SPEECH_BEHIND, Some(detail))
            })
            .collect();
        if !changes.is_empty() {
            shared.recorder.commit(changes).await?;
        }
        Ok(())
    }

    fn who(&self, leg: u16) -> (Speaker, Option<kernel::AgentName>) {
        let leg = self.conversation.legs.iter().find(|one| one.n == leg);
        leg.map_or((Speaker::System, None), |leg| (leg.speaker, leg.agent.clone()))
    }

    fn event(&self, shared: &Shared, leg: u16, code: &str, detail: Option<String>) -> Change {
        let (speaker, author) = self.who(leg);
        let entry = NewEntry {
            at: shared.clock.wall_millis(),
            leg: Some(leg),
            speaker,
            author,
            kind: EntryKind::Event,
            text: code.to_owned(),
            detail,
            start_ms: None,
            end_ms: None,
            dedupe: None,
        };
        Change::EntryAdded { id: self.conversation.id, entry }
    }
}

/// Words on their way into the record.
struct Writing<'a> {
    shared: &'a Shared,
    known: &'a Known,
    screen: Screen,
    /// Where each leg is.
    clocks: BTreeMap<u16, u64>,
}

impl<'a> Writing<'a> {
    fn of(shared: &'a Shared, known: &'a Known, legs: &[u16]) -> Self {
        let mut screen = Screen::new(shared.config.redact.clone());
        for entry in
            known.entries.iter().map(|one| &one.entry).filter(|entry| entry.kind == EntryKind::Speech)
        {
            screen.recall(&entry.text, entry.end_ms.unwrap_or(0));
        }
        // What one leg asked while the other answered is heard in any order: every number is hidden.
        legs.iter().for_each(|leg| screen.behind(*leg, true));
        Self { shared, known, screen, clocks: BTreeMap::new() }
    }

    async fn heard(&mut self, leg: u16, heard: asr::Heard) -> Result<()> {
        let now_ms = heard.end_ms;
        self.clocks.insert(leg, now_ms);
        let mut cleared = Vec::new();
        self.screen.heard(now_ms, leg, heard, &mut cleared);
        self.record(cleared).await
    }

    async fn done(&mut self, leg: u16, journals: &Journals) -> Result<()> {
        let mut cleared = Vec::new();
        self.screen.closed(self.clocks.get(&leg).copied().unwrap_or(0), leg, &mut cleared);
        self.record(cleared).await?;
        let caught_up = self.known.event(self.shared, leg, SPEECH_CAUGHT_UP, None);
        self.shared.recorder.commit(vec![caught_up]).await?;
        journals.forget(self.known.conversation.id, leg);
        Ok(())
    }

    async fn record(&self, cleared: Vec<Cleared>) -> Result<()> {
        let known = self.known;
        let changes: Vec<Change> = cleared
            .into_iter()
            .filter_map(|one| match one {
                Cleared::Speech { leg, heard, hidden } => {
                    let entry =
                        speech_entry(known.conversation.started_at, leg, known.who(leg), heard, &hidden);
                    Some(Change::EntryAdded { id: known.conversation.id, entry })
                }
                // Nobody presses keys here.
                Cleared::Key { .. } => None,
            })
            .collect();
        if !changes.is_empty() {
            self.shared.recorder.commit(changes).await?;
        }
        Ok(())
    }
}
