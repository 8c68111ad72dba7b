//! `kill -9` at any moment: whatever was acknowledged is in the record, and the record has no gaps.
//!
//! The test runs its own binary again as the process to be ended; that one appends from many tasks and prints a line after
//! each acknowledgement. It could pass falsely if the child were done before it is ended: it never ends by itself.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use desk::{Change, Channel, EntryKind, NewEntry, Speaker};
use kernel::InteractionId;

use crate::cluster::Cluster;
use crate::scratch::Scratch;

const URL: &str = "VOXDESK_TEST_CRASH_URL";
const TASKS: u64 = 8;
/// Acknowledgements after which the process is ended.
const ENOUGH: usize = 300;

fn id(serial: u64) -> InteractionId {
    InteractionId { node: 1, serial }
}

fn opened(serial: u64) -> Change {
    Change::ConversationOpened {
        id: id(serial),
        channel: Channel::Voice,
        address: format!("tel:+4930{serial}"),
        name: None,
        called: "1000".into(),
        lang: "en".into(),
        at: 1,
    }
}

fn said(serial: u64, text: String) -> Change {
    let entry = NewEntry {
        at: 2,
        leg: Some(0),
        speaker: Speaker::Customer,
        author: None,
        kind: EntryKind::Speech,
        text,
        detail: None,
        start_ms: Some(0),
        end_ms: Some(1),
        dedupe: None,
    };
    Change::EntryAdded { id: id(serial), entry }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the crash tests start and end; it runs for ever"]
async fn the_process_to_be_ended() {
    let url = std::env::var(URL).expect("started by a crash test");
    let store = store::open(&url).await.expect("opens");
    let mut tasks = tokio::task::JoinSet::new();
    for serial in 1..=TASKS {
        let store = store.clone();
        tasks.spawn(async move {
            store.append(1, vec![opened(serial)]).await.expect("recorded");
            for n in 1.. {
                let events =
                    store.append(1, vec![said(serial, format!("words {n}"))]).await.expect("recorded");
                let (seq, entry) = (events[0].seq, events[0].entry_seq.expect("an entry"));
                writeln!(std::io::stdout().lock(), "\nack {serial} {n} {entry} {seq}")
                    .expect("somebody listens");
            }
        });
    }
    tasks.join_all().await;
}

async fn nothing_acknowledged_is_lost(url: &str) {
    let mut child = Command::new(std::env::current_exe().expect("we are running"))
        .args(["--ignored", "--exact", "crash::the_process_to_be_ended", "--nocapture"])
        .env(URL, url)
        .stdout(Stdio::piped())
        .spawn()
        .expect("our own binary starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut acknowledged: BTreeMap<i64, (u64, u64, i64)> = BTreeMap::new();
    let mut read = |until: usize| {
        while acknowledged.len() < until {
            let Some(Ok(line)) = lines.next() else { return acknowledged.len() };
            let Some(line) = line.strip_prefix("ack ") else { continue };
            let words: Vec<i64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
            if let [serial, n, entry, seq] = words[..] {
                acknowledged.insert(seq, (serial as u64, n as u64, entry));
            }
        }
        acknowledged.len()
    };
    assert_eq!(read(ENOUGH), ENOUGH, "the process got far enough before it ended");
    child.kill().expect("SIGKILL");
    child.wait().expect("it is gone");
    read(usize::MAX);

    let store = store::open(url).await.expect("opens after the crash");
    let last = store.last_event().await.expect("readable");
    let events = store.events_after(0, 10_000).await.expect("readable");
    assert_eq!(events.len().min(10_000) as i64, last.min(10_000), "numbers have no gaps");
    // What was confirmed is found too: the index is written with the words.
    for (serial, n, entry_seq) in acknowledged.values().step_by(101).copied() {
        let words = desk::search::question(&format!("words {n}"));
        let filter = store::SearchFilter { words, limit: 200, ..store::SearchFilter::default() };
        let found = store.search(filter).await.expect("a page").items;
        let place = (Some(id(serial)), Some(entry_seq));
        assert!(found.iter().any(|hit| (hit.conversation, hit.entry_seq) == place), "words {n} of {serial}");
    }
    for (seq, (serial, n, entry_seq)) in acknowledged {
        let entries = store.entries(id(serial), entry_seq - 1, 1).await.expect("readable");
        assert_eq!(entries[0].entry.text, format!("words {n}"), "event {seq} was acknowledged");
        assert_eq!(store.events_after(seq - 1, 1).await.expect("readable")[0].entry_seq, Some(entry_seq));
    }
    store.append(2, vec![opened(TASKS + 1)]).await.expect("and the record goes on");
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    let scratch = Scratch::new();
    nothing_acknowledged_is_lost(&scratch.sqlite()).await;
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_on_postgres() {
    let cluster = Cluster::start();
    nothing_acknowledged_is_lost(&cluster.database().await).await;
}
