//! Customers and tickets out of files.

use axum::body::Body;
use axum::http::Request;

use crate::world::{Answer, World};

async fn import(world: &World, who: &str, path: &str, file: &str) -> Answer {
    let request = Request::post(format!("/api/v1/imports/{path}"))
        .header("authorization", format!("Bearer {}", world.token(who)))
        .header("content-type", "application/octet-stream");
    world.send(request.body(Body::from(file.to_owned())).expect("a request")).await
}

const CUSTOMERS: &str = "id,name,phone,email\n1,Jo,+49301234567,\n2,Li,,nonsense\n3,Al,,al@example.com\n";

#[tokio::test]
async fn a_dry_run_changes_nothing_and_the_same_file_again_changes_nothing() {
    let world = World::new().await;
    let before = world.store.last_event().await.expect("readable");
    let dry = import(&world, "admin", "customers?format=csv&dry_run=true", CUSTOMERS).await.is(200);
    assert_eq!((&dry["new"], &dry["there"], &dry["bad"]), (&2.into(), &0.into(), &1.into()), "{dry}");
    assert_eq!(dry["faults"][0]["row"], 3);
    assert_eq!(
        (&dry["faults"][0]["field"], &dry["faults"][0]["found"]),
        (&"email".into(), &"nonsense".into())
    );
    assert_eq!(world.store.last_event().await.expect("readable"), before);
    let first = import(&world, "admin", "customers?format=csv", CUSTOMERS).await.is(200);
    assert_eq!(first["new"], 2);
    let jo = world.store.person_at("tel:+49301234567").await.expect("readable").expect("there");
    assert_eq!(jo.name, "Jo");
    let after = world.store.last_event().await.expect("readable");
    let again = import(&world, "admin", "customers?format=csv", CUSTOMERS).await.is(200);
    assert_eq!((&again["new"], &again["there"], &again["bad"]), (&0.into(), &2.into(), &1.into()), "{again}");
    assert_eq!(world.store.last_event().await.expect("readable"), after);
}

#[tokio::test]
async fn tickets_of_zammad_come_with_their_state_and_customer() {
    let world = World::new().await;
    let file = r#"[{"id":1,"title":"Welcome!","state":"closed","priority":"3 high","group":"Users","customer":"nicole@example.org"}]"#;
    import(&world, "admin", "tickets?format=json&source=zammad", file).await.is(200);
    let ticket = &world.get("admin", "/tickets").await.is(200)["items"][0];
    assert_eq!(
        (&ticket["subject"], &ticket["state"], &ticket["priority"]),
        (&"Welcome!".into(), &"done".into(), &"high".into())
    );
    assert!(ticket["person"].is_object(), "{ticket}");
    import(&world, "sue", "tickets?format=json", "[]").await.fails(403, "forbidden");
    import(&world, "admin", "stamps?format=json", "[]").await.fails(400, "bad_request");
    let broken = import(&world, "admin", "tickets?format=json", "[").await.is(200);
    assert_eq!((&broken["bad"], &broken["faults"][0]["row"]), (&1.into(), &0.into()), "{broken}");
}
