//! The live sockets: complete, in order, to whom it concerns.

use std::time::Duration;

use api::{ApiConfig, CallView, Live, OfferView};
use desk::{ConversationState, EntryKind, Speaker, TextPreview};
use routing::AgentState;
use serde_json::{Value, json};
use store::Event;

use crate::socket::{Page, serve};
use crate::world::{NOON, World, agent, entry, id, opened, says, with_agent};

/// A socket that beats fast, for tests about hearts.
fn lively() -> ApiConfig {
    ApiConfig {
        ping_every: Duration::from_millis(10),
        pong_within: Duration::from_millis(300),
        ..ApiConfig::default()
    }
}

/// Reads events until number `last`, and asserts that every number from `first` on came once and in order.
async fn reads(page: &mut Page, first: i64, last: i64) {
    for expected in first..=last {
        let event = page.next_of("event").await;
        assert_eq!(event["seq"], expected);
    }
}

#[tokio::test]
async fn a_socket_says_hello_shows_the_floor_and_resumes() {
    let world = World::new().await;
    world.happens(vec![opened(1, "sip:jo@example.org"), says(1, "one"), says(1, "two")]).await;
    let at = serve(&world).await;
    let mut page = Page::of(&world, at, "alice", "/events?after=1").await;
    let hello = page.next().await;
    assert_eq!((&hello["type"], &hello["last"], &hello["after"]), (&json!("hello"), &json!(3), &json!(1)));
    assert_eq!(hello["user"]["name"], "alice");
    let snapshot = page.next().await;
    assert_eq!((&snapshot["type"], &snapshot["agents"][1]["name"]), (&json!("snapshot"), &json!("bob")));
    let event = page.next().await;
    let expected = json!({
        "type": "event", "seq": 2, "at": "2025-11-22T16:20:00.000Z", "conversation": "0-1", "ticket": null,
        "change": {"what": "entry_added", "entry": {
            "seq": 1, "at": "2025-11-22T16:20:00.000Z", "leg": 0, "speaker": "customer", "author": null,
            "kind": "message", "text": "one", "final": true, "start_ms": null, "end_ms": null,
            "confidence": null, "corrected": null, "detail": null}},
    });
    assert_eq!(event, expected);
    assert_eq!(page.next().await["seq"], 3);
    world.happens(vec![says(1, "three")]).await;
    assert_eq!(page.next().await["change"]["entry"]["text"], "three");

    let mut present = Page::of(&world, at, "alice", "/events").await;
    assert_eq!(present.next().await["after"], 4);
    let mut future = Page::of(&world, at, "alice", "/events?after=99").await;
    assert_eq!(future.next().await["after"], 4, "a number that never was is the present");
    let token = format!("Bearer {}", world.token("alice"));
    let past = Page::open(at, "/events?after=-1", &[("authorization", &token)]).await;
    assert_eq!(past.err(), Some(400), "events are numbered from 1");
    assert_eq!(world.get("alice", "/events?after=-1").await.fails(400, "bad_request")["field"], "after");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_while_things_happen_misses_nothing_and_sees_nothing_twice() {
    const LAST: i64 = 400;
    let world = World::with(ApiConfig::default(), 16).await;
    let mut before = vec![opened(1, "sip:jo@example.org")];
    // A number that never was is the present, so what the readers ask for is there when they come.
    before.extend((2..=5).map(|n| says(1, &n.to_string())));
    world.happens(before).await;
    let at = serve(&world).await;
    let writer = async {
        for n in 6..=LAST {
            world.happens(vec![says(1, &n.to_string())]).await;
        }
    };
    let readers = (0..6).map(|after| {
        let world = &world;
        async move {
            let mut page = Page::of(world, at, "sue", &format!("/events?after={after}")).await;
            reads(&mut page, after + 1, LAST).await;
        }
    });
    futures::join!(writer, futures::future::join_all(readers));
}

#[tokio::test]
async fn who_lags_behind_resumes_from_the_record() {
    let world = World::with(ApiConfig::default(), 4).await;
    let at = serve(&world).await;
    let mut page = Page::of(&world, at, "alice", "/events").await;
    page.next_of("snapshot").await;
    let mut changes = vec![opened(1, "sip:jo@example.org")];
    changes.extend((0..2_000).map(|n| says(1, &n.to_string())));
    // One batch: all of it is published before the socket's task runs again.
    world.happens(changes).await;
    assert_eq!(page.next().await["type"], "snapshot", "the floor is shown anew");
    reads(&mut page, 1, 2_001).await;
}

#[tokio::test]
async fn news_published_out_of_order_arrive_in_order() {
    let world = World::new().await;
    let at = serve(&world).await;
    let mut page = Page::of(&world, at, "alice", "/events").await;
    page.next_of("snapshot").await;
    let changes = vec![opened(1, "sip:jo@example.org"), says(1, "a"), says(1, "b")];
    let events = world.store.append(NOON, changes).await.expect("recorded");
    for event in [&events[2], &events[0], &events[1]] {
        world.floor.news.send(Live::Event(Event::clone(event))).expect("somebody listens");
    }
    world.happens(vec![says(1, "c")]).await;
    for seq in 1..=4 {
        assert_eq!(page.next().await["seq"], seq);
    }
}

fn offer(to: &str) -> OfferView {
    OfferView {
        conversation: id(1),
        agent: to.into(),
        channel: desk::Channel::Voice,
        caller: "sip:jo@example.org".into(),
        name: None,
        queue: Some("support".into()),
        why: None,
        until: NOON + 20_000,
    }
}

fn call(of: &str) -> CallView {
    CallView {
        part: "holder".to_owned(),
        others: Vec::new(),
        recording: None,
        may_record: false,
        transcription: Some("on".to_owned()),
        watched_by: Vec::new(),
        quality: Vec::new(),
        video: false,
        attach: 0,
        conversation: id(1),
        agent: of.into(),
        state: "talking".into(),
        device: "browser".into(),
        muted: false,
        silent: None,
        since: Some(NOON),
    }
}

fn preview() -> Live {
    Live::Preview(TextPreview {
        conversation: id(1),
        leg: 0,
        speaker: Speaker::Customer,
        stable: "my bill".into(),
        tentative: " is".into(),
        start_ms: 1200,
    })
}

/// Types of the messages until the next event.
async fn kinds(page: &mut Page) -> Vec<String> {
    let mut kinds = Vec::new();
    loop {
        let kind = page.next().await["type"].as_str().expect("a type").to_owned();
        if kind == "event" {
            return kinds;
        }
        kinds.push(kind);
    }
}

#[tokio::test]
async fn offers_calls_and_previews_go_to_their_agent_and_who_supervises() {
    let world = World::new().await;
    *world.floor.offers.lock().expect("lock") = vec![offer("alice")];
    let at = serve(&world).await;
    let mut pages = Vec::new();
    for (who, offers) in [("alice", 1), ("bob", 0), ("sue", 1), ("key", 1)] {
        let mut page = Page::of(&world, at, who, "/events").await;
        let snapshot = page.next_of("snapshot").await;
        assert_eq!(snapshot["offers"].as_array().map(Vec::len), Some(offers), "{who}");
        pages.push(page);
    }
    let mut holding = agent("alice", AgentState::Talking);
    holding.call = Some(id(1));
    let end = Live::OfferOver { conversation: id(1), agent: "alice".into(), end: None };
    let typing = Live::Typing { conversation: id(1), speaker: Speaker::Customer, on: true };
    // Before alice holds it, the preview is not hers to see.
    let news = [preview(), Live::Offer(offer("alice")), end, Live::Agent(holding), Live::Call(call("alice"))];
    for news in news.into_iter().chain([preview(), typing]) {
        world.floor.news.send(news).expect("somebody listens");
    }
    world.happens(vec![opened(1, "sip:jo@example.org")]).await;
    let all = ["preview", "offer", "offer_over", "agent", "call", "preview", "typing"];
    assert_eq!(kinds(&mut pages[0]).await, all[1..]);
    assert_eq!(kinds(&mut pages[1]).await, ["agent"]);
    assert_eq!(kinds(&mut pages[2]).await, all);
    assert_eq!(kinds(&mut pages[3]).await, all);
}

#[tokio::test]
async fn a_page_may_say_in_its_first_message_who_it_is() {
    let world = World::new().await;
    let at = serve(&world).await;
    let mut page = Page::open(at, "/events", &[]).await.expect("may introduce itself");
    page.say(json!({"type": "auth", "token": world.tokens["bob"]})).await;
    assert_eq!(page.next().await["user"]["name"], "bob");

    for wrong in [json!({"type": "auth", "token": "x"}), json!({"type": "desk"}), json!({"type": "nonsense"})]
    {
        let mut page = Page::open(at, "/events", &[]).await.expect("may introduce itself");
        page.say(wrong).await;
        assert_eq!(page.next().await["type"], "error");
        assert_eq!(page.ends().await, 1008);
    }
    let denied = Page::open(at, "/events", &[("authorization", "Bearer x")]).await;
    assert_eq!(denied.expect_err("refused"), 401);
}

#[tokio::test]
async fn the_cookie_speaks_for_our_pages_only() {
    let world = World::new().await;
    let at = serve(&world).await;
    let cookie = format!("voxdesk_session={}", world.tokens["alice"]);
    let ours = format!("http://{at}");
    let mut page =
        Page::open(at, "/events", &[("cookie", &cookie), ("origin", &ours)]).await.expect("let in");
    assert_eq!(page.next().await["type"], "hello");
    let foreign = [("cookie", cookie.as_str()), ("origin", "http://evil.example")];
    let mut page = Page::open(at, "/events", &foreign).await.expect("may introduce itself");
    page.say(json!({"type": "desk"})).await;
    assert_eq!(page.next().await["error"]["code"], "unauthorized");
}

#[tokio::test]
async fn who_does_not_introduce_himself_is_shown_out() {
    let config = ApiConfig { auth_within: Duration::from_millis(20), ..ApiConfig::default() };
    let world = World::with(config, 8).await;
    let at = serve(&world).await;
    let mut page = Page::open(at, "/events", &[]).await.expect("may introduce itself");
    assert_eq!(page.ends().await, 1008);
}

#[tokio::test]
async fn a_desk_is_there_while_its_page_answers() {
    let world = World::with(lively(), 64).await;
    let at = serve(&world).await;
    let mut desks = world.floor.desks.subscribe();
    let mut page = Page::of(&world, at, "alice", "/events").await;
    page.say(json!({"type": "desk"})).await;
    page.say(json!({"type": "desk"})).await;
    desks.wait_for(|desks| *desks == 1).await.expect("a desk");
    for _ in 0..60 {
        // Reading answers the pings: twice the patience passes and the desk is still there.
        while page.heard().await.expect("open")["type"] != "tick" {}
    }
    assert_eq!(*world.floor.desks.borrow(), 1);
    // Now the page reads nothing, so it answers no ping; its connection stays open.
    let gone = desks.wait_for(|desks| *desks == 0);
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("noticed").expect("a floor");

    let mut supervisor = Page::of(&world, at, "sue", "/events").await;
    supervisor.say(json!({"type": "desk"})).await;
    supervisor.say(json!({"type": "nonsense"})).await;
    assert_eq!(supervisor.next_of("error").await["error"]["field"], "type");
    assert_eq!(world.told(), ["desk of alice"], "who takes no work has no desk");
}

#[tokio::test]
async fn a_socket_ends_with_its_sign_in() {
    let patient = ApiConfig { pong_within: Duration::from_secs(15), ..lively() };
    let world = World::with(patient, 64).await;
    let at = serve(&world).await;
    let mut page = Page::of(&world, at, "alice", "/events").await;
    page.next_of("snapshot").await;
    world.ask("alice", axum::http::Method::DELETE, "/session", Value::Null).await.is(204);
    assert_eq!(page.next_of("error").await["error"]["code"], "unauthorized");
    assert_eq!(page.ends().await, 1008);
}

#[tokio::test]
async fn there_are_only_so_many_sockets() {
    let world = World::with(ApiConfig { sockets: 1, ..ApiConfig::default() }, 8).await;
    let at = serve(&world).await;
    let _page = Page::of(&world, at, "alice", "/events").await;
    let token = format!("Bearer {}", world.tokens["bob"]);
    let second = Page::open(at, "/events", &[("authorization", &token)]).await;
    assert_eq!(second.expect_err("full"), 503);
}

async fn chat(world: &World, visitor: &str) -> (String, String) {
    let body = world.post("", "/widget/chats", json!({"visitor": visitor, "lang": "en"})).await.is(201);
    let text = |key: &str| body[key].as_str().expect("text").to_owned();
    (text("conversation"), text("token"))
}

#[tokio::test]
async fn a_customer_sees_their_chat_live_and_nothing_else() {
    let world = World::with(ApiConfig::default(), 4).await;
    let (mine, token) = chat(&world, "visitor-0123456789").await;
    let (other, _) = chat(&world, "visitor-9876543210").await;
    let (me, them): (kernel::InteractionId, kernel::InteractionId) =
        (mine.parse().expect("an id"), other.parse().expect("an id"));
    let line = |id, speaker, text: &str| entry(id, speaker, None, EntryKind::Message, text, None);
    world.happens(vec![line(me, Speaker::System, "welcome"), line(me, Speaker::Customer, "hello")]).await;

    let at = serve(&world).await;
    let path = format!("/widget/chats/{mine}/events?after=1");
    let mut page = Page::open(at, &path, &[]).await.expect("may introduce itself");
    page.say(json!({"type": "auth", "token": token})).await;
    assert_eq!(page.next().await["state"], "flow");
    assert_eq!(page.next().await["text"], "hello");

    let note = entry(me, Speaker::Agent, Some("bob".into()), EntryKind::Note, "rude", None);
    let mut batch = vec![note, with_agent(me.serial, "bob"), line(them, Speaker::Agent, "for somebody else")];
    batch.extend((0..20).map(|n| line(me, Speaker::Agent, &n.to_string())));
    // More than the queue holds: some of it is taken from the record.
    world.happens(batch).await;
    let mut texts = Vec::new();
    let mut states = Vec::new();
    while texts.len() < 20 || states.is_empty() {
        let message = page.next().await;
        match message["type"].as_str() {
            Some("line") => texts.push(message["text"].as_str().expect("text").to_owned()),
            Some("state") => states.push(message["state"].clone()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(texts, (0..20).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(states, ["talking"]);

    let typing = |speaker| Live::Typing { conversation: me, speaker, on: true };
    world.floor.news.send(typing(Speaker::Customer)).expect("somebody listens");
    world.floor.news.send(typing(Speaker::Agent)).expect("somebody listens");
    assert_eq!(page.next().await, json!({"type": "typing", "on": true}));
    world.happens(vec![line(me, Speaker::System, "goodbye")]).await;
    let ended = desk::Change::ConversationEnded {
        id: me,
        at: NOON,
        fault: kernel::Fault::None,
        reason: "done".into(),
    };
    world.happens(vec![ended]).await;
    assert_eq!(page.next().await["text"], "goodbye");
    assert_eq!(page.next().await, json!({"type": "state", "state": "ended"}));
    assert_eq!(page.ends().await, 1000);

    let mut stranger = Page::open(at, &format!("/widget/chats/{other}/events"), &[]).await.expect("may try");
    stranger.say(json!({"type": "auth", "token": token})).await;
    assert_eq!(stranger.next().await["error"]["code"], "unauthorized");
    assert_eq!(stranger.ends().await, 1008);
    assert_eq!(ConversationState::Ended, world.store.conversation(me).await.expect("kept").state);
}
