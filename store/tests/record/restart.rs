//! A store that is closed and opened again, and two processes on one database.

use desk::{Change, Channel};
use kernel::InteractionId;

use crate::cluster::Cluster;
use crate::scratch::Scratch;

fn opened(serial: u64) -> Change {
    Change::ConversationOpened {
        id: InteractionId { node: 1, serial },
        channel: Channel::Chat,
        address: "chat:visitor".into(),
        name: Some("访客".into()),
        called: "chat".into(),
        lang: "zh".into(),
        at: 5,
    }
}

async fn survives(url: &str) {
    let first = store::open(url).await.expect("opens");
    let before = first.append(1, vec![opened(1)]).await.expect("recorded");
    first.put_setting("ready:alice", "true").await.expect("kept");
    drop(first);
    let second = store::open(url).await.expect("opens again, tables as they are");
    assert_eq!(second.events_after(0, 10).await.expect("readable"), before);
    assert_eq!(second.setting("ready:alice").await.expect("readable").as_deref(), Some("true"));
    // A second process on the same database takes its turn with the numbers.
    let third = store::open(url).await.expect("opens beside");
    for n in 0..20 {
        let (store, serial) = if n % 2 == 0 { (&second, 10 + n) } else { (&third, 10 + n) };
        let events = store.append(1, vec![opened(serial)]).await.expect("recorded");
        assert_eq!(events[0].seq, n as i64 + 2);
    }
}

#[tokio::test]
async fn sqlite_survives_a_restart() {
    let scratch = Scratch::new();
    survives(&scratch.sqlite()).await;
}

#[tokio::test]
async fn what_goes_on_when_a_process_dies_is_counted_by_the_next_and_by_both_once() {
    let scratch = Scratch::new();
    let url = scratch.sqlite();
    let calls = async |store: &dyn store::Store| {
        let which = store::ReportFilter { from: 0, until: i64::MAX, ..store::ReportFilter::default() };
        let (source, group) = (desk::reports::Source::Conversations, store::ReportGroup::Channel);
        let query = store::ReportQuery { source, columns: vec!["conversations"], group, which };
        store.report(query).await.expect("sums").first().map(|row| row.sums[0])
    };
    let first = store::open(&url).await.expect("opens");
    first.append(1, vec![opened(1)]).await.expect("recorded");
    // The first had no time to count it.
    let second = store::open(&url).await.expect("opens beside");
    assert_eq!(calls(&*second).await, Some(1));
    assert_eq!(calls(&*first).await, Some(1));
    second.append(1, vec![opened(2)]).await.expect("recorded");
    drop(second);
    drop(first);
    let third = store::open(&url).await.expect("opens after both");
    assert_eq!(calls(&*third).await, Some(2));
}

#[tokio::test]
async fn postgres_survives_a_restart() {
    let cluster = Cluster::start();
    survives(&cluster.database().await).await;
}

#[tokio::test]
async fn the_record_goes_on_after_the_database_server_crashed() {
    let cluster = Cluster::start();
    let store = store::open(&cluster.database().await).await.expect("opens");
    store.append(1, vec![opened(1)]).await.expect("recorded");
    cluster.crashes_and_restarts();
    assert_eq!(store.append(1, vec![opened(2)]).await.expect("recorded on a new connection")[0].seq, 2);
    assert_eq!(store.events_after(0, 10).await.expect("readable").len(), 2);
}

#[tokio::test]
async fn a_new_sqlite_file_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let url = scratch.sqlite();
    let store = store::open(&url).await.expect("opens");
    store.append(1, vec![opened(1)]).await.expect("recorded");
    for file in std::fs::read_dir(scratch.path()).expect("our folder").map(|file| file.expect("readable")) {
        let mode = file.metadata().expect("readable").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
}

/// Sums and rows are thrown away and worked out anew from the record.
const FORGET: &str = "DELETE FROM report_facts; DELETE FROM report_quarters; DELETE FROM report_agents; \
    DELETE FROM report_tickets; UPDATE report_progress SET done = 0, goal = (SELECT MAX(seq) FROM events);";

#[tokio::test]
async fn reports_worked_out_anew_from_the_record_are_the_same() {
    use sqlx::Connection;
    let scratch = Scratch::new();
    let url = scratch.sqlite();
    let store = store::open(&url).await.expect("opens");
    store::conformance::reports::record_month(&*store).await;
    store::conformance::reports::check(&*store).await;
    drop(store);
    let mut conn = sqlx::SqliteConnection::connect(&url).await.expect("the file is there");
    sqlx::raw_sql(FORGET).execute(&mut conn).await.expect("forgotten");
    conn.close().await.expect("an orderly goodbye");
    let store = store::open(&url).await.expect("opens, and counts");
    store::conformance::reports::check(&*store).await;
}
