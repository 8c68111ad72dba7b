//! A database that the first version made opens with everything in it, and goes on.

use std::path::Path;

use desk::{Change, Priority, TicketMove, TicketState};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::cluster::Cluster;
use crate::scratch::Scratch;

/// The tables of the first version.
const FIRST: &str = "20261122000000_record.sql";
/// What it left in them; it wrote changes without the fields that came later.
const LEFT: &str = r#"
    INSERT INTO persons (name, created_at) VALUES ('Jo', 5);
    INSERT INTO tickets (subject, state, person, channel, queue, assignee, created_at, updated_at)
        VALUES ('Where is my parcel', 'new', 1, 'chat', 'support', NULL, 6, 7);
    INSERT INTO conversations (id, channel, state, person, called, caller, lang, started_at)
        VALUES ('1-1', 'chat', 'flow', 1, 'chat', 'Jo', 'en', 5);
    INSERT INTO entries (conversation, seq, event, at, speaker, kind, text)
        VALUES ('1-1', 1, 2, 9, 'customer', 'message', 'my parcel 包裹 is late');
    INSERT INTO events (seq, at, conversation, entry_seq, change) VALUES (2, 9, '1-1', 1,
        '{"change":"entry_added","id":"1-1","entry":{"at":9,"leg":null,"speaker":"customer","author":null,"kind":"message","text":"my parcel 包裹 is late","detail":null,"start_ms":null,"end_ms":null,"dedupe":null}}');
    INSERT INTO events (seq, at, ticket, change) VALUES (1, 7, 1,
        '{"change":"ticket_edited","ticket":1,"subject":"Where is my parcel","assignee":null,"by":"sue","at":7}');
"#;

/// The migrations of the first version, in a folder of their own.
async fn first(backend: &str, scratch: &Scratch) -> Migrator {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend).join(FIRST);
    let folder = scratch.path().join(backend);
    std::fs::create_dir(&folder).expect("our folder");
    std::fs::copy(here, folder.join(FIRST)).expect("the first migration");
    Migrator::new(folder.as_path()).await.expect("one migration")
}

async fn goes_on(url: &str) {
    let store = store::open(url).await.expect("opens");
    let Change::TicketEdited { edit, .. } = &store.events_after(0, 10).await.expect("readable")[0].change
    else {
        panic!("an edit was recorded");
    };
    assert_eq!(edit.subject.as_deref(), Some("Where is my parcel"));
    let ticket = store.ticket(1).await.expect("it is still there");
    assert_eq!((ticket.state, ticket.priority, ticket.person), (TicketState::New, Priority::Normal, Some(1)));
    let step = TicketMove { from: TicketState::New, to: TicketState::InProgress };
    let moved = Change::TicketMoved { ticket: 1, step, by: "alice".into(), at: 8 };
    assert_eq!(store.append(8, vec![moved]).await.expect("recorded")[0].seq, 3);
    // What was said before there was a search is found too, and once.
    for words in ["parcel", "包裹"] {
        let words = desk::search::question(words);
        let filter = store::SearchFilter { words, limit: 10, ..store::SearchFilter::default() };
        let hits = store.search(filter).await.expect("a page").items;
        assert_eq!(hits.iter().filter(|hit| hit.entry_seq == Some(1)).count(), 1);
    }
    let ticket = store.ticket(1).await.expect("it is still there");
    assert_eq!((ticket.state, ticket.clocks.resolution.since), (TicketState::InProgress, Some(8)));
}

#[tokio::test]
async fn a_sqlite_file_of_the_first_version_opens() {
    let scratch = Scratch::new();
    let url = scratch.sqlite();
    let file = url.trim_start_matches("sqlite:");
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut conn = options.connect().await.expect("a new file");
    first("sqlite", &scratch).await.run(&mut conn).await.expect("the first tables");
    sqlx::raw_sql(LEFT).execute(&mut conn).await.expect("what was left");
    conn.close().await.expect("an orderly goodbye");
    goes_on(&url).await;
}

#[tokio::test]
async fn a_postgres_database_of_the_first_version_opens() {
    let (cluster, scratch) = (Cluster::start(), Scratch::new());
    let url = cluster.database().await;
    let mut conn = PgConnection::connect(&url).await.expect("the server is up");
    first("postgres", &scratch).await.run(&mut conn).await.expect("the first tables");
    sqlx::raw_sql(LEFT).execute(&mut conn).await.expect("what was left");
    conn.close().await.expect("an orderly goodbye");
    goes_on(&url).await;
}
