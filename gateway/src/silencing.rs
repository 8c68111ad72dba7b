//! What was hidden in a transcript is not heard in the recording either: its moments are silent, once the call is over.
//!
//! Promises: both sides are silent there, a little before and after (word times are good to 0.2 s); the sound that was there is
//! gone from the disk. Until that is done, nobody hears the recording (`api`). Leaves to others: what is hidden (`asr::redact`).

use std::time::Duration;

use anyhow::{Context as _, Result};
use desk::Entry;
use kernel::InteractionId;
use serde_json::Value;

use crate::shared::Shared;

/// Word times may be wrong by this much, and a bit of a digit tells it.
const MARGIN_MS: u64 = 400;
/// Entries read at once.
const PAGE: u32 = 1_000;
/// The recording thread closes its file within this.
const CLOSING: Duration = Duration::from_secs(3);

/// Silences what is to be silent; `false`: nothing was.
///
/// # Errors
/// When the record or the recording cannot be read or written.
pub async fn silence(shared: &Shared, id: InteractionId) -> Result<bool> {
    // What was hidden last may still be on its way into the record.
    shared.recorder.commit(Vec::new()).await?;
    let conversation = match shared.store.conversation(id).await {
        // It ended before it began: nothing was said.
        Err(store::StoreError::NotFound(_)) => return Ok(false),
        found => found?,
    };
    let mut entries = Vec::new();
    loop {
        let after = entries.last().map_or(0, |entry: &Entry| entry.seq);
        let page = shared.store.entries(id, after, PAGE).await?;
        let last = u32::try_from(page.len()).is_ok_and(|read| read < PAGE);
        entries.extend(page);
        if last {
            break;
        }
    }
    let moments = moments(&entries);
    if moments.is_empty() {
        return Ok(false);
    }
    let (shelf, began) = (shared.recordings.shelf().clone(), conversation.started_at);
    let deadline = tokio::time::Instant::now() + CLOSING;
    loop {
        let looked = shelf.clone();
        let played = tokio::task::spawn_blocking(move || looked.open(id, began)).await??;
        match played {
            None => return Ok(false),
            // A crash may have cut it short: then it never gets an end.
            Some(played) if played.is_complete() || tokio::time::Instant::now() >= deadline => break,
            Some(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    let silenced = tokio::task::spawn_blocking(move || shelf.silence(id, began, moments)).await?;
    silenced.context("cannot silence a recording")?;
    tracing::info!(conversation = %id, "what was hidden is silent in the recording");
    Ok(true)
}

/// Moments on the recording's own clock.
fn moments(entries: &[Entry]) -> Vec<(u64, u64)> {
    let detail = |entry: &Entry| -> Option<Value> {
        entry.entry.detail.as_deref().and_then(|text| serde_json::from_str(text).ok())
    };
    let began = entries.iter().filter(|entry| entry.entry.text == "recording_began");
    let Some(began) = began.filter_map(|entry| detail(entry)?.get("start_ms")?.as_u64()).min() else {
        return Vec::new();
    };
    let hidden = entries.iter().filter_map(detail).flat_map(|detail| {
        let list = detail.get("hidden").and_then(Value::as_array).cloned().unwrap_or_default();
        list.into_iter()
            .filter_map(|one| Some((one.get("start_ms")?.as_u64()?, one.get("end_ms")?.as_u64()?)))
    });
    hidden
        .filter(|(_, end)| *end + MARGIN_MS > began)
        .map(|(start, end)| {
            (start.saturating_sub(began + MARGIN_MS), (end + MARGIN_MS).saturating_sub(began))
        })
        .collect()
}
