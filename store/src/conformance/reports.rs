//! Reports: a made-up month, whose figures are reckoned a second time from what was planned, not from what was recorded.

use std::collections::BTreeMap;
use std::sync::Arc;

use desk::reports::{AGENT_COLUMNS, QUARTER, REPORTS, Source};
use desk::{
    Change, Channel, ConversationState, EntryKind, NewEntry, Speaker, TicketMove, TicketState, WallMillis,
};
use kernel::{AgentName, Fault, InteractionId};

use crate::{ReportFilter, ReportGroup, ReportQuery, Store};

/// 2026-10-01T00:00Z; the month has the night in which European summer ends.
const BEGAN: WallMillis = 1_790_812_800_000;
const DAY: WallMillis = 86_400_000;
const HOW_MANY: u64 = 120;

/// What happens to one customer.
#[derive(Clone, Debug)]
struct Plan {
    n: u64,
    start: WallMillis,
    channel: Channel,
    queue: Option<&'static str>,
    version: i64,
    fate: Fate,
    /// In the queue, in milliseconds.
    wait: i64,
    /// With the agent.
    talk: i64,
    agent: &'static str,
    score: Option<i64>,
    solved: Solved,
    utterances: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Alone,
    Answered,
    Abandoned,
    Voicemail,
    StillWaiting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Solved {
    No,
    Pending,
    Confirmed,
    CameBack,
}

/// The month, the same every time.
fn month() -> Vec<Plan> {
    // A plain generator: a test of sums needs variety, not chance.
    let mut state = 42_u64;
    let mut draw = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (1..=HOW_MANY)
        .map(|n| {
            let channel = [Channel::Voice, Channel::Chat, Channel::Voice][draw(3) as usize];
            let fate = [
                Fate::Alone,
                Fate::Answered,
                Fate::Answered,
                Fate::Abandoned,
                Fate::Voicemail,
                Fate::StillWaiting,
            ][draw(6) as usize];
            Plan {
                n,
                start: BEGAN + draw(31) as i64 * DAY + draw(86_400) as i64 * 1_000,
                channel,
                queue: (fate != Fate::Alone).then(|| ["sales", "support"][draw(2) as usize]),
                version: 1 + draw(2) as i64,
                fate,
                wait: 500 + draw(400_000) as i64,
                talk: 10_000 + draw(600_000) as i64,
                agent: ["alice", "bob"][draw(2) as usize],
                score: (fate == Fate::Answered && draw(2) == 0).then(|| 1 + draw(5) as i64),
                solved: [Solved::No, Solved::Pending, Solved::Confirmed, Solved::CameBack][draw(4) as usize],
                utterances: if channel == Channel::Voice { draw(4) as i64 } else { 0 },
            }
        })
        .collect()
}

fn id(n: u64) -> InteractionId {
    InteractionId { node: 2, serial: n }
}

fn entry(
    n: u64,
    at: WallMillis,
    speaker: Speaker,
    kind: EntryKind,
    text: &str,
    detail: Option<String>,
) -> NewEntry {
    NewEntry {
        at,
        leg: None,
        speaker,
        author: (speaker == Speaker::Agent).then(|| AgentName::from("alice")),
        kind,
        text: text.into(),
        detail,
        start_ms: None,
        end_ms: None,
        dedupe: Some(format!("{n} {at} {text}")),
    }
}

/// Records what the plan says, each change at its time.
async fn happens(store: &dyn Store, plan: &Plan) {
    let id = id(plan.n);
    let mut ticket = None;
    let mut at_its_time = async |at: WallMillis, change: Change| {
        let events = store.append(at, vec![change]).await.expect("recorded");
        ticket = events.first().and_then(|event| event.ticket).or(ticket);
        ticket
    };
    let event = |at, code: &str, detail: String| Change::EntryAdded {
        id,
        entry: entry(plan.n, at, Speaker::System, EntryKind::Event, code, Some(detail)),
    };
    let moved = |state, queue: Option<&str>, queued_at, agent: Option<&str>| Change::ConversationMoved {
        id,
        state,
        queue: queue.map(Into::into),
        queued_at,
        agent: agent.map(Into::into),
        lang: None,
    };
    let queued = plan.start + 2_000;
    let connected = queued + plan.wait;
    let opened = Change::ConversationOpened {
        id,
        channel: plan.channel,
        address: format!("tel:+49{:07}", plan.n),
        name: None,
        called: "1000".into(),
        lang: "en".into(),
        at: plan.start,
    };
    at_its_time(plan.start, opened).await;
    let step = format!(r#"{{"flow":"main","step":"menu","version":{}}}"#, plan.version);
    at_its_time(plan.start + 100, event(plan.start + 100, "step", step)).await;
    for n in 0..plan.utterances {
        let end = 1_000 * (n as u64 + 1);
        let said = entry(plan.n, plan.start + n, Speaker::Customer, EntryKind::Speech, "well", None);
        let said = NewEntry { start_ms: Some(end - 500), end_ms: Some(end), ..said };
        // The text comes 1, 2, 3 … seconds and a half after the words.
        let late = plan.start + end as i64 + 1_000 * n + 500;
        at_its_time(late, Change::EntryAdded { id, entry: said }).await;
    }
    if let Some(queue) = plan.queue {
        at_its_time(queued, event(queued, "queued", format!(r#"{{"queue":"{queue}"}}"#))).await;
        at_its_time(queued, moved(ConversationState::Waiting, Some(queue), Some(queued), None)).await;
    }
    let ended = match plan.fate {
        Fate::StillWaiting => return,
        Fate::Alone => plan.start + 30_000,
        Fate::Abandoned => connected,
        Fate::Voicemail => {
            at_its_time(connected, event(connected, "step", r#"{"flow":"main","step":"voicemail"}"#.into()))
                .await;
            connected + 20_000
        }
        Fate::Answered => {
            at_its_time(connected - 400, event(connected - 400, "offered", "{}".into())).await;
            at_its_time(connected, event(connected, "connected", "{}".into())).await;
            at_its_time(connected, moved(ConversationState::Talking, None, None, Some(plan.agent))).await;
            if plan.channel == Channel::Chat {
                let wrote =
                    entry(plan.n, connected + 3_000, Speaker::Agent, EntryKind::Message, "hello", None);
                at_its_time(connected + 3_000, Change::EntryAdded { id, entry: wrote }).await;
            }
            let subject = format!("case {}", plan.n);
            let agent = Some(plan.agent.into());
            at_its_time(connected, Change::TicketFor { id, subject, assignee: agent, at: connected }).await;
            let end = connected + plan.talk;
            if let Some(score) = plan.score {
                let detail = format!(r#"{{"name":"csat","score":"{score}","scale":"5"}}"#);
                at_its_time(end - 5, event(end - 5, "survey", detail)).await;
            }
            end
        }
    };
    let over = Change::ConversationEnded { id, at: ended, fault: Fault::None, reason: "hangup".into() };
    let ticket = at_its_time(ended, over).await;
    if let (Some(ticket), Fate::Answered) = (ticket, plan.fate) {
        use TicketState::{Done, InProgress, PendingConfirmation};
        let ways: &[TicketState] = match plan.solved {
            Solved::No => &[],
            Solved::Pending => &[PendingConfirmation],
            Solved::Confirmed => &[PendingConfirmation, Done],
            Solved::CameBack => &[PendingConfirmation, InProgress, PendingConfirmation],
        };
        let (mut from, mut at) = (InProgress, ended);
        for to in ways.iter().copied() {
            at += DAY;
            at_its_time(
                at,
                Change::TicketMoved { ticket, step: TicketMove { from, to }, by: "alice".into(), at },
            )
            .await;
            from = to;
        }
    }
}

/// The same from the plan, by hand.
fn reckoned(plan: &Plan) -> BTreeMap<&'static str, i64> {
    let mut sums = BTreeMap::new();
    let mut put = |name: &'static str, value: i64| {
        sums.insert(name, value);
    };
    put("conversations", 1);
    put("alone", i64::from(plan.fate == Fate::Alone));
    put("queued", i64::from(plan.queue.is_some()));
    put("elsewhere", i64::from(plan.fate == Fate::Voicemail));
    if plan.utterances > 0 && plan.fate != Fate::StillWaiting {
        put("transcribed", 1);
        put("utterances", plan.utterances);
        put("delay_ms", (0..plan.utterances).map(|n| n * 1_000 + 500).sum());
        put("late", (0..plan.utterances).filter(|n| n * 1_000 + 500 > 3_000).count() as i64);
    }
    if plan.fate == Fate::Abandoned {
        put("abandoned", 1);
        put("wait_abandoned_ms", plan.wait);
        put("late_abandon", i64::from(plan.wait > 20_000));
        let band = [
            "abandoned_w0",
            "abandoned_w1",
            "abandoned_w2",
            "abandoned_w3",
            "abandoned_w4",
            "abandoned_w5",
            "abandoned_w6",
            "abandoned_w7",
        ][[5, 10, 20, 30, 60, 120, 300].iter().filter(|bound| plan.wait >= **bound * 1_000).count()];
        put(band, 1);
    }
    if plan.fate == Fate::Answered {
        for name in ["answered", "offered", "talked", "responded", "handled"] {
            put(name, 1);
        }
        put("wait_answered_ms", plan.wait);
        put("in_target", i64::from(plan.wait <= 20_000));
        put("late_answer", i64::from(plan.wait > 20_000));
        put("response_ms", plan.wait + if plan.channel == Channel::Chat { 3_000 } else { 0 });
        put("handle_ms", plan.talk);
        if let Some(score) = plan.score {
            put("rated", 1);
            put("rating_sum", score);
            put("content", i64::from(score >= 4));
            put(["rated_1", "rated_2", "rated_3", "rated_4", "rated_5"][score as usize - 1], 1);
        }
        if plan.solved != Solved::No {
            let days = if plan.solved == Solved::CameBack { 3 } else { 1 };
            put("resolved", 1);
            put("resolved_ms", 2_000 + plan.wait + plan.talk + days * DAY);
            put("confirmed", i64::from(plan.solved == Solved::Confirmed));
            put("first_contact", i64::from(plan.solved != Solved::CameBack));
        }
    }
    sums
}

fn all() -> ReportFilter {
    ReportFilter { from: BEGAN / QUARTER, until: (BEGAN + 31 * DAY) / QUARTER, ..ReportFilter::default() }
}

fn by_hand(plans: &[Plan], column: &str, wanted: impl Fn(&Plan) -> bool) -> i64 {
    plans
        .iter()
        .filter(|plan| wanted(plan))
        .map(|plan| reckoned(plan).get(column).copied().unwrap_or(0))
        .sum()
}

/// Every report, by every group, comes to what was reckoned by hand; and each sum opens to as many rows.
///
/// # Panics
/// When it does not.
pub async fn check(store: &dyn Store) {
    let plans = month();
    for report in REPORTS.iter().filter(|report| report.source == Source::Conversations) {
        for group in [ReportGroup::Quarter, ReportGroup::Channel, ReportGroup::Queue, ReportGroup::Flow] {
            let columns = report.columns();
            let query = ReportQuery { source: report.source, columns: columns.clone(), group, which: all() };
            let rows = store.report(query).await.expect("sums");
            let key = |plan: &Plan| match group {
                ReportGroup::Quarter => (plan.start / QUARTER).to_string(),
                ReportGroup::Channel => {
                    if plan.channel == Channel::Chat { "chat" } else { "voice" }.to_owned()
                }
                ReportGroup::Queue => plan.queue.unwrap_or_default().to_owned(),
                ReportGroup::Flow => format!("main {}", plan.version),
                ReportGroup::Agent => plan.agent.to_owned(),
            };
            for row in &rows {
                for (column, sum) in columns.iter().zip(&row.sums) {
                    let right = by_hand(&plans, column, |plan| key(plan) == row.key);
                    assert_eq!(*sum, right, "{} {group:?} {} {column}", report.name, row.key);
                }
            }
            let total = rows.iter().map(|row| row.sums[0]).sum::<i64>();
            assert_eq!(total, by_hand(&plans, columns[0], |_| true), "{} {group:?}", report.name);
        }
        for figure in report.figures {
            let mut counted = Vec::new();
            let mut after = None;
            loop {
                let page = store.report_rows(all(), figure.rows, after, 50).await.expect("rows");
                counted.extend(page.items.into_iter().map(|one| one.id.serial));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let mut right: Vec<&Plan> = plans
                .iter()
                .filter(|plan| reckoned(plan).get(figure.rows).copied().unwrap_or(0) != 0)
                .collect();
            right.sort_by_key(|plan| core::cmp::Reverse((plan.start, id(plan.n).to_string())));
            assert_eq!(
                counted,
                right.iter().map(|plan| plan.n).collect::<Vec<_>>(),
                "{} {}",
                report.name,
                figure.name
            );
        }
    }
    let query = ReportQuery {
        source: Source::Agents,
        columns: AGENT_COLUMNS[..4].to_vec(),
        group: ReportGroup::Agent,
        which: all(),
    };
    for row in store.report(query).await.expect("sums") {
        let theirs =
            |column| by_hand(&plans, column, |plan| plan.fate == Fate::Answered && plan.agent == row.key);
        assert_eq!(row.sums, ["handled", "handle_ms", "rated", "rating_sum"].map(theirs), "{}", row.key);
    }
    let narrow = ReportFilter {
        queue: Some("sales".into()),
        channel: Some("voice".into()),
        version: Some(2),
        ..all()
    };
    let page = store.report_rows(narrow, "abandoned", None, 200).await.expect("rows");
    let right = by_hand(&plans, "abandoned", |plan| {
        plan.queue == Some("sales") && plan.channel == Channel::Voice && plan.version == 2
    });
    assert_eq!(page.items.len() as i64, right);
}

/// Records the made-up month.
pub async fn record_month(store: &dyn Store) {
    for plan in month() {
        happens(store, &plan).await;
    }
}

pub async fn the_figures_of_a_month_are_those_reckoned_by_hand(store: Arc<dyn Store>) {
    record_month(&*store).await;
    check(&*store).await;
    assert!(store.report_rows(all(), "nothing", None, 5).await.is_err());
}

pub async fn who_tries_out_a_flow_is_in_no_report(store: Arc<dyn Store>) {
    let opened = |n: u64, called: &str| Change::ConversationOpened {
        id: id(n),
        channel: Channel::Voice,
        address: "tel:+491".into(),
        name: None,
        called: called.into(),
        lang: "en".into(),
        at: BEGAN,
    };
    let test = format!("test-{:032x}", 0x00C0_FFEE_u64);
    let over = |n: u64| Change::ConversationEnded {
        id: id(n),
        at: BEGAN + 5_000,
        fault: Fault::None,
        reason: "hangup".into(),
    };
    let day = vec![opened(1, "1000"), opened(2, &test), opened(3, "test-line"), over(1), over(2), over(3)];
    store.append(BEGAN, day).await.expect("recorded");
    let query = ReportQuery {
        source: Source::Conversations,
        columns: vec!["conversations"],
        group: ReportGroup::Flow,
        which: all(),
    };
    let sums = store.report(query).await.expect("sums");
    assert_eq!(sums.iter().map(|row| row.sums[0]).sum::<i64>(), 2, "a line named so is a line");
}

pub async fn a_second_contact_is_no_solution_at_the_first(store: Arc<dyn Store>) {
    let opened = |n: u64| Change::ConversationOpened {
        id: id(n),
        channel: Channel::Voice,
        address: "tel:+491".into(),
        name: None,
        called: "1000".into(),
        lang: "en".into(),
        at: BEGAN,
    };
    let joins = |n: u64| Change::TicketFor {
        id: id(n),
        subject: "x".into(),
        assignee: Some("alice".into()),
        at: BEGAN,
    };
    let to = |from, to| Change::TicketMoved {
        ticket: 1,
        step: TicketMove { from, to },
        by: "a".into(),
        at: BEGAN,
    };
    let first = async || {
        let query = ReportQuery {
            source: Source::Conversations,
            columns: vec!["first_contact", "resolved"],
            group: ReportGroup::Flow,
            which: all(),
        };
        store.report(query).await.expect("sums").pop().map(|row| (row.sums[0], row.sums[1]))
    };
    let step = to(TicketState::InProgress, TicketState::PendingConfirmation);
    store.append(BEGAN, vec![opened(1), joins(1), step]).await.expect("recorded");
    assert_eq!(first().await, Some((1, 1)));
    store.append(BEGAN, vec![opened(2), joins(2)]).await.expect("recorded");
    assert_eq!(first().await, Some((0, 2)), "they called again about it");
}

pub async fn the_time_of_agents_is_kept_and_ends_with_the_process(store: Arc<dyn Store>) {
    let state = async |name: &str, at: WallMillis| {
        store.agent_state("alice".into(), name.into(), None, BEGAN + at).await.expect("kept");
    };
    state("ready", 0).await;
    state("ready", 5_000).await;
    state("talking", QUARTER - 1_000).await;
    state("wrapup", QUARTER + 2_000).await;
    let sums = async |group| {
        let columns = vec!["ready_ms", "talking_ms", "wrapup_ms"];
        let query = ReportQuery { source: Source::Agents, columns, group, which: all() };
        store.report(query).await.expect("sums").into_iter().map(|row| row.sums).collect::<Vec<_>>()
    };
    assert_eq!(sums(ReportGroup::Quarter).await, [vec![QUARTER - 1_000, 1_000, 0], vec![0, 2_000, 0]]);
    let open = store.agent_stretches(BEGAN, BEGAN + QUARTER + 9_000, true).await.expect("stretches");
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].1.state.as_str(), open[0].1.until - open[0].1.from), ("wrapup", 7_000));
    // The process dies; its last event was three seconds into the wrap-up.
    let address = "tel:+491".to_owned();
    let opened = Change::ConversationOpened {
        id: id(1),
        channel: Channel::Voice,
        address,
        name: None,
        called: "1".into(),
        lang: "en".into(),
        at: BEGAN,
    };
    store.append(BEGAN + QUARTER + 5_000, vec![opened]).await.expect("recorded");
    store.agents_gone(BEGAN + 10 * QUARTER).await.expect("closed");
    assert_eq!(sums(ReportGroup::Agent).await, [vec![QUARTER - 1_000, 3_000, 3_000]]);
    let all = store.agent_stretches(BEGAN, BEGAN + DAY, false).await.expect("stretches");
    let seen: Vec<&str> = all.iter().map(|(_, stretch)| stretch.state.as_str()).collect();
    assert_eq!(seen, ["ready", "talking", "wrapup", "offline"]);
}
