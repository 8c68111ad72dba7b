//! How fast search and reports are with a million conversations and a million entries: `make bench-desk`.
//!
//! It makes the record by the same road as the program (`append`), two months of it, and asks what people ask.

use std::time::{Duration, Instant};

use desk::reports::{QUARTER, REPORTS, Source};
use desk::search::{SearchKind, question};
use desk::{Change, Channel, ConversationState, EntryKind, NewEntry, Speaker};
use kernel::{Fault, InteractionId, Rng};
use store::{ReportFilter, ReportGroup, ReportQuery, SearchFilter, Store};

use crate::scratch::Scratch;

/// 2026-10-01T00:00Z.
const BEGAN: i64 = 1_790_812_800_000;
const DAYS: i64 = 61;
const AT_ONCE: u64 = 40;
const QUEUES: [&str; 6] = ["sales", "support", "billing", "returns", "vip", "technical"];
/// What people talk about, the frequent first; each also has a rare companion with a number.
const ENGLISH: [&str; 24] = [
    "order",
    "parcel",
    "refund",
    "invoice",
    "delivery",
    "account",
    "password",
    "payment",
    "address",
    "charge",
    "card",
    "subscription",
    "cancel",
    "upgrade",
    "router",
    "internet",
    "signal",
    "contract",
    "tariff",
    "roaming",
    "voucher",
    "warranty",
    "battery",
    "screen",
];
const CHINESE: [&str; 16] = [
    "订单",
    "快递",
    "退款",
    "发票",
    "配送",
    "账户",
    "密码",
    "付款",
    "地址",
    "扣费",
    "银行卡",
    "会员",
    "取消",
    "升级",
    "保修",
    "优惠券",
];

fn sentence(rng: &mut Rng, n: u64) -> String {
    // The square makes the first ones frequent, as words are.
    let mut pick = |of: u64| {
        let x = rng.next_u64() % 1_000;
        (x * x * of / 1_000_000) as usize
    };
    if n.is_multiple_of(3) {
        let (one, two) = (CHINESE[pick(16)], CHINESE[pick(16)]);
        format!("你好，我想问一下{one}的问题，{two}一直没有处理，编号是{}", n % 50_000)
    } else {
        let (one, two) = (ENGLISH[pick(24)], ENGLISH[pick(24)]);
        format!(
            "hello I have a question about my {one} because the {two} is not right and the number is {}",
            n % 50_000
        )
    }
}

fn conversation(rng: &mut Rng, n: u64) -> Vec<Change> {
    let id = InteractionId { node: 1, serial: n + 1 };
    // Mostly by day, and in the order of time.
    let at = BEGAN + (n as i64) * (DAYS * 86_400_000) / 1_000_000;
    let queue = QUEUES[(rng.next_u64() % 6) as usize];
    let agent = format!("agent{}", rng.next_u64() % 80);
    let wait = (rng.next_u64() % 90_000) as i64;
    let answered = !rng.next_u64().is_multiple_of(8);
    let entry = |at: i64, speaker, kind, text: String, detail: Option<String>| {
        let spoken = kind == EntryKind::Speech;
        let entry = NewEntry {
            at,
            leg: Some(0),
            speaker,
            author: None,
            kind,
            text,
            detail,
            start_ms: spoken.then_some(1_000),
            end_ms: spoken.then_some(3_000),
            dedupe: None,
        };
        Change::EntryAdded { id, entry }
    };
    let event = |at, code: &str, detail: String| {
        entry(at, Speaker::System, EntryKind::Event, code.into(), Some(detail))
    };
    let moved = |state, queue: Option<&str>, agent: Option<&str>| Change::ConversationMoved {
        id,
        state,
        queue: queue.map(Into::into),
        queued_at: queue.map(|_| at + 2_000),
        agent: agent.map(Into::into),
        lang: None,
    };
    let mut changes = vec![
        Change::ConversationOpened {
            id,
            channel: if n.is_multiple_of(4) { Channel::Chat } else { Channel::Voice },
            address: format!("tel:+49{:09}", n / 3),
            name: None,
            called: "1000".into(),
            lang: "en".into(),
            at,
        },
        event(at + 10, "step", format!(r#"{{"flow":"main","step":"menu","version":{}}}"#, 1 + n / 250_000)),
        entry(at + 1_000, Speaker::Customer, EntryKind::Speech, sentence(rng, n), None),
        event(at + 2_000, "queued", format!(r#"{{"queue":"{queue}"}}"#)),
        moved(ConversationState::Waiting, Some(queue), None),
    ];
    let mut over = at + 2_000 + wait;
    if answered {
        changes.push(event(over, "connected", "{}".into()));
        changes.push(moved(ConversationState::Talking, None, Some(&agent)));
        over += 120_000;
        if n.is_multiple_of(5) {
            let score = 1 + rng.next_u64() % 5;
            changes.push(event(
                over - 1,
                "survey",
                format!(r#"{{"name":"csat","score":"{score}","scale":"5"}}"#),
            ));
        }
    }
    changes.push(Change::ConversationEnded { id, at: over, fault: Fault::None, reason: "hangup".into() });
    changes
}

async fn filled(store: &dyn Store, rows: u64) {
    let mut rng = Rng::seeded(7);
    let began = Instant::now();
    let mut n = 0;
    while n < rows {
        let until = (n + AT_ONCE).min(rows);
        let changes: Vec<Change> = (n..until).flat_map(|n| conversation(&mut rng, n)).collect();
        store.append(BEGAN + (n as i64) * (DAYS * 86_400_000) / 1_000_000, changes).await.expect("recorded");
        n = until;
        if n.is_multiple_of(100_000) {
            eprintln!("  {n} conversations after {} s", began.elapsed().as_secs());
        }
    }
}

/// The middle and the 95th of a hundred.
fn middle_and_95th(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at =
        |part: usize| times.get(times.len() * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1_000.0);
    (at(50), at(95))
}

async fn search_speed(store: &dyn Store) -> f64 {
    let mut rng = Rng::seeded(11);
    let mut times = Vec::new();
    let mut worst: Vec<(Duration, String)> = Vec::new();
    for n in 0..400_u64 {
        let (english, chinese) =
            (ENGLISH[(rng.next_u64() % 24) as usize], CHINESE[(rng.next_u64() % 16) as usize]);
        let number = rng.next_u64() % 50_000;
        let words = match n % 5 {
            0 => english.to_owned(),
            1 => chinese.to_owned(),
            2 => format!("{english} {}", ENGLISH[(rng.next_u64() % 24) as usize]),
            3 => format!("{number}"),
            _ => format!("{chinese}{}", CHINESE[(rng.next_u64() % 16) as usize]),
        };
        let mut filter =
            SearchFilter { words: question(&words), now: BEGAN, limit: 30, ..SearchFilter::default() };
        match n % 7 {
            1 => filter.kinds = vec![SearchKind::Speech],
            2 => filter.queue = Some("vip".into()),
            3 => filter.agent = Some(format!("agent{}", rng.next_u64() % 80).as_str().into()),
            4 => filter.person = Some(1 + (rng.next_u64() % 300_000) as i64),
            5 => {
                filter.from = Some(BEGAN + 10 * 86_400_000);
                filter.until = Some(BEGAN + 12 * 86_400_000);
            }
            6 => filter.channel = Some(Channel::Chat),
            _ => {}
        }
        let asked = Instant::now();
        let page = store.search(filter.clone()).await.expect("a page");
        times.push(asked.elapsed());
        worst.push((asked.elapsed(), format!("{words} {} hits, filter {}", page.items.len(), n % 7)));
    }
    worst.sort();
    for (time, what) in worst.iter().rev().take(5) {
        eprintln!("  slowest: {:.1} ms {what}", time.as_secs_f64() * 1_000.0);
    }
    let (middle, p95) = middle_and_95th(times);
    eprintln!("search: p50 {middle:.1} ms, p95 {p95:.1} ms");
    p95
}

async fn report_speed(store: &dyn Store) -> f64 {
    let all = ReportFilter {
        from: BEGAN / QUARTER,
        until: (BEGAN + DAYS * 86_400_000) / QUARTER,
        ..ReportFilter::default()
    };
    let mut times = Vec::new();
    for report in REPORTS {
        let groups: &[ReportGroup] = match report.source {
            Source::Conversations => {
                &[ReportGroup::Quarter, ReportGroup::Channel, ReportGroup::Queue, ReportGroup::Flow]
            }
            Source::Agents => &[ReportGroup::Quarter, ReportGroup::Agent],
        };
        for group in groups.iter().copied() {
            for filter in [all.clone(), ReportFilter { queue: Some("support".into()), ..all.clone() }] {
                for _ in 0..3 {
                    let which = filter.clone();
                    let query =
                        ReportQuery { source: report.source, columns: report.columns(), group, which };
                    let asked = Instant::now();
                    let rows = store.report(query).await.expect("sums");
                    times.push(asked.elapsed());
                    assert!(!rows.is_empty());
                }
            }
        }
    }
    let (middle, p95) = middle_and_95th(times);
    eprintln!("reports over all of it: p50 {middle:.1} ms, p95 {p95:.1} ms");
    let mut opened = Vec::new();
    for figure in REPORTS.iter().flat_map(|report| report.figures).filter(|figure| !figure.rows.is_empty()) {
        let asked = Instant::now();
        store.report_rows(all.clone(), figure.rows, None, 50).await.expect("rows");
        opened.push(asked.elapsed());
    }
    let (middle, rows95) = middle_and_95th(opened);
    eprintln!("rows of a figure: p50 {middle:.1} ms, p95 {rows95:.1} ms");
    p95
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "makes a million conversations and takes minutes: make bench-desk"]
async fn search_and_reports_are_fast_with_a_million_conversations() {
    let rows: u64 =
        std::env::var("VOXDESK_DESK_ROWS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let scratch = Scratch::new();
    let url = scratch.sqlite();
    let store = store::open(&url).await.expect("opens");
    let began = Instant::now();
    filled(&*store, rows).await;
    let took = began.elapsed().as_secs_f64();
    let events = store.last_event().await.expect("readable");
    let bytes = std::fs::metadata(url.trim_start_matches("sqlite:")).map_or(0, |file| file.len());
    eprintln!(
        "{rows} conversations and as many entries that can be searched, {events} events, {} MB, in {took:.0} s ({:.0} events a second)",
        bytes >> 20,
        events as f64 / took
    );
    let (searched, reported) = (search_speed(&*store).await, report_speed(&*store).await);
    assert!(searched < 100.0, "search: p95 {searched} ms");
    assert!(reported < 300.0, "reports: p95 {reported} ms");
}
