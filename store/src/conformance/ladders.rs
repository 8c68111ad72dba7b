//! SIP messages of calls, and who took them away.

use std::sync::Arc;

use desk::Change;

use super::sample::{AT, append, ended, id, opened, refused};
use crate::{Audited, Store};

pub async fn the_ladder_of_a_call_is_kept_beside_it(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491"), opened(2, "tel:+492")]).await;
    let events = store.last_event().await.expect("readable");
    let put = |ladders: Vec<(u64, &str)>| {
        let ladders = ladders.into_iter().map(|(n, packed)| (id(n), packed.to_owned())).collect();
        let store = Arc::clone(&store);
        async move { store.put_sip_ladders(ladders).await.expect("kept") }
    };
    // The third is of no conversation that is known: it harms the others not.
    put(vec![(1, "one"), (2, "two"), (3, "three")]).await;
    append(&*store, vec![ended(1, AT + 50, "hangup")]).await;
    put(vec![(1, "one, longer")]).await;
    let kept = |n| {
        let store = Arc::clone(&store);
        async move { store.sip_ladder(id(n)).await.expect("readable") }
    };
    assert_eq!(kept(1).await.as_deref(), Some("one, longer"));
    assert_eq!(kept(2).await.as_deref(), Some("two"));
    assert_eq!(kept(3).await, None);
    assert_eq!(store.last_event().await.expect("readable"), events + 1, "ladders are no events");
}

pub async fn who_takes_a_file_away_is_in_the_audit_trail(store: Arc<dyn Store>) {
    append(&*store, vec![opened(1, "tel:+491")]).await;
    let exported =
        |n| vec![Change::Exported { id: id(n), what: "sip.pcap".into(), by: "ada".into(), at: AT + 9 }];
    let events = append(&*store, exported(1)).await;
    assert_eq!(events[0].conversation, Some(id(1)));
    let trail = store.audit(Some("export.sip.pcap"), 10).await.expect("readable");
    let expected = Audited {
        event: events[0].seq,
        at: AT + 9,
        by: "ada".into(),
        key: "export.sip.pcap".into(),
        before: None,
        after: Some(format!("\"{}\"", id(1))),
    };
    assert_eq!(trail, [expected]);
    refused(&*store, exported(7)).await;
}
