//! Calls that another system carries: who may bring them, and what is said of a wrong announcement.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn only_keys_of_those_who_supervise_bring_calls_of_another_system() {
    let world = World::new().await;
    let call = json!({"legs": [{"speaker": "customer", "number": "+4930123"}, {"speaker": "agent", "agent": "alice"}]});
    // Also an administrator's session: a page of another site must not bring sound by a cookie.
    for who in ["alice", "sue", "admin"] {
        world.post(who, "/observed", call.clone()).await.fails(403, "forbidden");
    }
    // This floor takes none.
    world.post("key", "/observed", call).await.fails(404, "not_found");
}

#[tokio::test]
async fn a_wrong_announcement_is_told_what_would_be_right() {
    let world = World::new().await;
    let sent = |body: Value| world.post("key", "/observed", body);
    let field = |error: Value| error["field"].as_str().unwrap_or_default().to_owned();
    assert_eq!(field(sent(json!({"legs": []})).await.fails(400, "bad_request")), "legs");
    let staff = json!({"legs": [{"speaker": "agent"}]});
    assert_eq!(field(sent(staff).await.fails(400, "bad_request")), "legs");
    let many = json!({"legs": vec![json!({"speaker": "customer"}); 9]});
    assert_eq!(field(sent(many).await.fails(400, "bad_request")), "legs");
    let long = json!({"legs": [{"speaker": "customer", "name": "x".repeat(201)}]});
    assert_eq!(field(sent(long).await.fails(400, "bad_request")), "legs[0].name");
    let system = json!({"legs": [{"speaker": "system"}]});
    assert_eq!(field(sent(system).await.fails(400, "bad_request")), "legs[0].speaker");
    let lang = json!({"legs": [{"speaker": "customer"}], "lang": "xx"});
    sent(lang).await.fails(400, "bad_request");
}
