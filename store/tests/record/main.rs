//! The record on real databases: the conformance suite on each backend, restart, and the end of a process at any moment.

mod cluster;
mod crash;
mod restart;
mod scratch;
mod speed;
mod upgrade;

use std::sync::Arc;

use store::Store;

use crate::cluster::Cluster;
use crate::scratch::Scratch;

async fn opened(url: String) -> Arc<dyn Store> {
    store::open(&url).await.expect("a fresh database opens")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_every_promise() {
    let scratch = Scratch::new();
    store::conformance::all(|| opened(scratch.sqlite())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_in_memory_keeps_every_promise() {
    store::conformance::all(|| opened("sqlite::memory:".into())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_every_promise() {
    let cluster = Cluster::start();
    store::conformance::all(async || opened(cluster.database().await).await).await;
}

#[tokio::test]
async fn an_address_of_no_database_is_refused_with_what_would_be_right() {
    let refusal = store::open("mysql://root:secret@localhost/x").await.err().expect("not ours").to_string();
    assert!(refusal.contains("mysql://localhost/x") && refusal.contains("sqlite:PATH"), "{refusal}");
    assert!(!refusal.contains("secret"), "{refusal}");
    let refusal =
        store::open("sqlite:/nowhere/at/all/voxdesk.db").await.err().expect("no such folder").to_string();
    assert!(refusal.contains("sqlite:/nowhere/at/all/voxdesk.db"), "{refusal}");
    let refusal = store::open("sqlite:x.db?mode=rwc").await.err().expect("not a path").to_string();
    assert!(refusal.contains("expected sqlite:PATH alone"), "{refusal}");
    let refusal =
        store::open("postgres://desk:secret@127.0.0.1:1/x").await.err().expect("nobody there").to_string();
    assert!(refusal.contains("postgres://127.0.0.1:1/x") && !refusal.contains("secret"), "{refusal}");
}
