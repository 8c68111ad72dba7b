//! Writing up.

use routing::{AgentState, In};

use crate::stage::{Stage, offer, offers};

fn talked() -> Stage {
    let mut floor = Stage::usual();
    floor.readies("bob", false);
    floor.calls(1, "support");
    floor.accepts(1, "alice");
    floor.releases(1, "alice");
    floor
}

#[test]
fn wrap_up_has_the_limit_of_the_queue_that_served() {
    let mut floor = talked();
    assert_eq!(floor.agent("alice").state, AgentState::Wrapup);
    assert_eq!(floor.agent("alice").wrapup_until, Some(floor.now + std::time::Duration::from_secs(30)));
    floor.calls(2, "sales");
    assert!(offers(&floor.passes(29)).is_empty());
    assert_eq!(offers(&floor.passes(1)), offer(2, "alice"));
}

#[test]
fn wrap_up_ends_early_when_the_agent_says_so() {
    let mut floor = talked();
    floor.calls(2, "support");
    let out = floor.tell(In::WrappedUp { agent: "alice".into() });
    assert_eq!(offers(&out), offer(2, "alice"));
    assert!(floor.tell(In::WrappedUp { agent: "alice".into() }).is_empty());
}

#[test]
fn chats_have_no_wrap_up() {
    let mut floor = Stage::usual();
    floor.chats(1, "support");
    floor.accepts(1, "alice");
    floor.releases(1, "alice");
    assert_eq!(floor.agent("alice").state, AgentState::Ready);
}

#[test]
fn a_dialled_agent_rings_even_while_writing_up() {
    let mut floor = talked();
    assert_eq!(offers(&floor.dials(2, "alice")), offer(2, "alice"));
    floor.accepts(2, "alice");
    floor.releases(2, "alice");
    assert_eq!(floor.agent("alice").state, AgentState::Wrapup, "the time for the first call goes on");
}
