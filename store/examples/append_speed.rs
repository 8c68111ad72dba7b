//! How many appends a second a database takes, and how long a caller waits: `append_speed URL CALLERS APPENDS`.
//!
//! Each caller is a call: it opens a conversation and then appends one entry after the other, waiting for each.

use std::io::Write;
use std::time::{Duration, Instant};

use desk::{Change, Channel, EntryKind, NewEntry, Speaker};
use kernel::InteractionId;

fn opened(id: InteractionId) -> Change {
    let address = format!("tel:+49{}", id.serial);
    Change::ConversationOpened {
        id,
        channel: Channel::Voice,
        address,
        name: None,
        called: "1000".into(),
        lang: "en".into(),
        at: 1,
    }
}

fn said(id: InteractionId, n: usize) -> Change {
    let entry = NewEntry {
        at: 1,
        leg: Some(0),
        speaker: Speaker::Customer,
        author: None,
        kind: EntryKind::Speech,
        text: format!("a sentence of some ordinary length, number {n}"),
        detail: None,
        start_ms: Some(0),
        end_ms: Some(1),
        dedupe: None,
    };
    Change::EntryAdded { id, entry }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().unwrap_or_else(|| "sqlite::memory:".into());
    let callers: u64 = args.next().map_or(Ok(64), |text| text.parse())?;
    let appends: usize = args.next().map_or(Ok(100), |text| text.parse())?;
    let store = store::open(&url).await?;
    let first = store.last_event().await? as u64 + 1;
    let begun = Instant::now();
    let mut calls = tokio::task::JoinSet::new();
    for n in 0..callers {
        let store = store.clone();
        calls.spawn(async move {
            let id = InteractionId { node: 1, serial: first * 1000 + n };
            let mut waits = Vec::with_capacity(appends);
            store.append(1, vec![opened(id)]).await?;
            for n in 0..appends {
                let asked = Instant::now();
                store.append(1, vec![said(id, n)]).await?;
                waits.push(asked.elapsed());
            }
            Ok::<_, store::StoreError>(waits)
        });
    }
    let mut waits: Vec<Duration> = Vec::new();
    while let Some(call) = calls.join_next().await {
        waits.extend(call??);
    }
    let took = begun.elapsed();
    waits.sort();
    let at = |part: usize| waits.get(waits.len() * part / 100).copied().unwrap_or_default();
    let rate = waits.len() as f64 / took.as_secs_f64();
    writeln!(
        std::io::stdout().lock(),
        "{callers} callers, {} appends: {rate:.0} a second, wait p50 {:?}, p99 {:?}",
        waits.len(),
        at(50),
        at(99)
    )?;
    Ok(())
}
