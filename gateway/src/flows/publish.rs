//! A new version goes into service: checked, given its voices, recorded, and only then served.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Publication, Refusal, TestNumber, TestWish, Unpublished};
use desk::{Change, FlowVersion};
use ivr::{Flow, Known, Sketch};
use kernel::Fault;
use store::StoreError;

use super::{Board, Here, Served, numbers};
use crate::config::Number;
use crate::floor::refusal;
use crate::shared::Shared;

/// Publishes a version. Every failure leaves what was in service.
pub(super) async fn publish(shared: &Shared, wish: Publication) -> Result<FlowVersion, Unpublished> {
    let flows = &shared.flows;
    let _one_at_a_time = flows.publishing.lock().await;
    let board = flows.board();
    let old = board.served.get(&wish.flow);
    let file = old.map_or_else(|| format!("{}.toml", wish.flow), |old| old.file.clone());
    let flow = check(&file, wish.source.clone(), flows.workshop.known.clone()).await?;
    let mut all: BTreeMap<&str, (&str, &Flow)> =
        board.served.iter().map(|(name, one)| (name.as_str(), (one.file.as_str(), one.flow()))).collect();
    all.insert(&wish.flow, (&file, &flow));
    let numbers = numbers(&flows.workshop.configured, &all, Some(&wish.flow))
        .map_err(|wrong| Unpublished::Wrong(placed(wrong, &file, &wish.source)))?;
    let here = old.map_or_else(|| Arc::new(Here::default()), |old| Arc::clone(&old.here));
    let names = (wish.flow.clone(), wish.flow.clone(), wish.follows + 1);
    let served = voiced(shared, names, &file, flow, here).await?;
    let version = record(shared, wish).await?;
    let mut served_now = board.served.clone();
    served_now.insert(version.flow.clone(), Arc::new(served));
    flows.replace(Board { numbers, served: served_now });
    tracing::info!(flow = %version.flow, version = version.version, "a version of a flow went into service");
    Ok(version)
}

/// Makes a text callable under a number of its own, for a while.
pub(super) async fn test_number(shared: &Shared, wish: TestWish) -> Result<TestNumber, Unpublished> {
    let flows = &shared.flows;
    let file = format!("{}.toml", wish.flow);
    let flow = check(&file, wish.source, flows.workshop.known.clone()).await?;
    if !flow.entries().any(|entry| entry == wish.entry) {
        let message = format!("the flow has no entry `{}`", wish.entry);
        return Err(Unpublished::Refused(refusal(Fault::Caller, "not_found", &message)));
    }
    // The name sets its callers apart in the record: they are no traffic of the flow.
    let name = format!("{}{TESTED}", wish.flow);
    let served = voiced(shared, (wish.flow, name, 0), &file, flow, Arc::new(Here::default())).await?;
    let leads = Number { flow: served.name().to_owned(), entry: wish.entry, lang: wish.lang };
    let (number, until) = flows.tests.add(leads, Arc::new(served), shared.clock.wall_millis());
    Ok(TestNumber { number, until })
}

/// What the name of a flow has behind it while a text of it is tested.
const TESTED: &str = " (test)";

async fn check(file: &str, source: String, known: Known) -> Result<Arc<Flow>, Unpublished> {
    let file = file.to_owned();
    let checked = tokio::task::spawn_blocking(move || {
        // The sketch is for the places of what is wrong; it is made by the same compiler.
        Flow::parse(&file, &source, &known).map_err(|_| Sketch::of(&file, &source, &known).problems)
    });
    match checked.await {
        Ok(Ok(flow)) => Ok(Arc::new(flow)),
        Ok(Err(problems)) => Err(Unpublished::Wrong(problems)),
        Err(error) => Err(failed(&error)),
    }
}

/// Problems that were found outside of the file get the places of the parts that they are about.
fn placed(wrong: Vec<ivr::Wrong>, file: &str, source: &str) -> Vec<ivr::Wrong> {
    let sketch = Sketch::of(file, source, &Known::anything());
    let place = |mut one: ivr::Wrong| {
        if let ivr::Whose::Entry(name) = &one.whose
            && let Some(entry) = sketch.entries.iter().find(|entry| entry.name == *name)
        {
            one.line = entry.line;
        }
        one
    };
    wrong.into_iter().map(place).collect()
}

async fn voiced(
    shared: &Shared,
    (folder, name, version): (String, String, i64),
    file: &str,
    flow: Arc<Flow>,
    here: Arc<Here>,
) -> Result<Served, Unpublished> {
    let workshop = shared.flows.workshop.clone();
    let file = file.to_owned();
    let making =
        tokio::task::spawn_blocking(move || workshop.make(&folder, &name, version, &file, flow, here));
    match making.await {
        Ok(Ok(served)) => Ok(served),
        // Which prompt and what to do about it: for whoever publishes.
        Ok(Err(error)) => {
            Err(Unpublished::Refused(refusal(Fault::Caller, "no_voice", &format!("{error:#}"))))
        }
        Err(error) => Err(failed(&error)),
    }
}

async fn record(shared: &Shared, wish: Publication) -> Result<FlowVersion, Unpublished> {
    let version = FlowVersion {
        flow: wish.flow,
        version: wish.follows + 1,
        origin: wish.origin,
        restores: wish.restores,
        source: wish.source,
        layout: wish.layout,
        author: wish.author,
        at: shared.clock.wall_millis(),
        note: wish.note,
    };
    match shared.recorder.commit(vec![Change::FlowPublished(version.clone())]).await {
        Ok(_) => Ok(version),
        Err(StoreError::FlowRefused(stale)) => {
            Err(Unpublished::Refused(refusal(Fault::Caller, "stale", &stale.to_string())))
        }
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &dyn std::fmt::Display) -> Unpublished {
    tracing::error!(%error, "a version of a flow could not be published");
    let message = "the version could not be put into service; the log says why".to_owned();
    Unpublished::Refused(Refusal { fault: Fault::Ours, code: "internal", message })
}
