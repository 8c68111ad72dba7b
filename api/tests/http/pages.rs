//! Probes and pages.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Request;

use crate::world::{Answer, World};

async fn plain(world: &World, path: &str) -> Answer {
    world.send(Request::get(path).body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn readiness_is_the_floors_and_life_is_the_processs() {
    let world = World::new().await;
    assert_eq!(plain(&world, "/readyz").await.is(200)["status"], "ready");
    world.floor.ready.store(false, Ordering::SeqCst);
    assert_eq!(plain(&world, "/readyz").await.is(503)["status"], "starting");
    assert_eq!(plain(&world, "/healthz").await.is(200)["status"], "ok");
}

#[tokio::test]
async fn pages_come_with_headers_that_keep_strangers_out() {
    let world = World::new().await;
    for path in ["/", "/tickets/12", "/sign-in"] {
        let page = plain(&world, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(page.headers["cache-control"], "no-cache");
        let policy = page.headers["content-security-policy"].to_str().expect("ascii");
        assert!(policy.contains("script-src 'self';"), "{policy}");
    }
    plain(&world, "/missing.js").await.fails(404, "not_found");
    plain(&world, "/api").await.fails(404, "not_found");
    plain(&world, "/metrics").await.fails(404, "not_found");
}

#[tokio::test]
async fn text_travels_compressed_to_who_can_read_it() {
    let world = World::new().await;
    let request = Request::get("/api/openapi.json").header("accept-encoding", "gzip").body(Body::empty());
    let response = tower::ServiceExt::oneshot(world.router.clone(), request.expect("a request")).await;
    assert_eq!(response.expect("an answer").headers()["content-encoding"], "gzip");
}
