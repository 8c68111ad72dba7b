//! Tells a webhook what of the floor went out of bounds, and what came back.
//!
//! Promises: each beginning and each end is told once, signed as flows' requests are (docs/flows.md), to configured servers only;
//! a server that is away is asked again until it answers or the news is old. Leaves to others: the bounds (`desk::alerts`).

use std::collections::VecDeque;
use std::sync::Arc;

use api::{Floor, alert_rules, alerts_now};
use desk::alerts::{Alert, Webhook, news, origin_and_path};
use ivr::{Bit, Fetched, Request};
use store::Store;

use crate::clock::Clock;
use crate::errands::Errands;
use crate::limits::{ALERTS_EVERY, ALERTS_OLD, ALERTS_PATIENCE, ALERTS_WAITING};
use crate::stop::Stop;

/// News on its way.
struct Told {
    webhook: Webhook,
    body: String,
    since: i64,
}

/// Looks and tells until told to stop.
pub async fn run(
    store: Arc<dyn Store>,
    floor: Arc<dyn Floor>,
    errands: Errands,
    clock: Clock,
    mut stop: Stop,
) {
    let mut before: Vec<Alert> = Vec::new();
    let mut waiting: VecDeque<Told> = VecDeque::new();
    loop {
        match look(&*store, &*floor, clock, &mut before).await {
            Ok(told) => waiting.extend(told),
            Err(error) => tracing::error!(%error, "the floor's bounds could not be looked at"),
        }
        while waiting.len() > ALERTS_WAITING {
            waiting.pop_front();
            metrics::counter!("alerts_dropped_total").increment(1);
        }
        tokio::select! {
            // A server that does not answer must not keep the process from ending.
            () = async {
                tell(&mut waiting, &errands, clock).await;
                tokio::time::sleep(ALERTS_EVERY).await;
            } => {}
            () = stop.stopped() => return,
        }
    }
}

async fn look(
    store: &dyn Store,
    floor: &dyn Floor,
    clock: Clock,
    before: &mut Vec<Alert>,
) -> Result<Vec<Told>, store::StoreError> {
    let rules = alert_rules(store).await?;
    let now = alerts_now(store, floor, &clock, &rules).await?;
    let (began, over) = news(before, &now);
    *before = now;
    let Some(webhook) = rules.webhook else { return Ok(Vec::new()) };
    let at = clock.wall_millis();
    let told = |state: &'static str| {
        let webhook = webhook.clone();
        move |alert: Alert| {
            // The same event told again has the same id.
            let id = format!("{at}-{}-{}-{state}", alert.queue, alert.what.name());
            let body = serde_json::json!({
                "type": "alert", "id": id, "at": at, "state": state, "queue": alert.queue,
                "what": alert.what.name(), "value": alert.value, "limit": alert.limit,
            });
            Told { webhook: webhook.clone(), body: body.to_string(), since: at }
        }
    };
    Ok(began.into_iter().map(told("began")).chain(over.into_iter().map(told("over"))).collect())
}

/// In order; who does not answer is asked again at the next look.
async fn tell(waiting: &mut VecDeque<Told>, errands: &Errands, clock: Clock) {
    while let Some(first) = waiting.front() {
        let old =
            clock.wall_millis() - first.since > i64::try_from(ALERTS_OLD.as_millis()).unwrap_or(i64::MAX);
        let outcome = if old { "too_old".to_owned() } else { send(first, errands).await };
        match outcome.as_str() {
            "told" => {}
            // Nothing that waiting would mend.
            "refused" | "no_secret" | "bad_url" | "too_old" => {
                metrics::counter!("alerts_dropped_total").increment(1);
                tracing::error!(why = outcome, "an alert could not be told to its webhook");
            }
            _ => return,
        }
        waiting.pop_front();
    }
}

async fn send(told: &Told, errands: &Errands) -> String {
    let Some((origin, path)) = origin_and_path(&told.webhook.url) else { return "bad_url".to_owned() };
    let request = Request {
        origin,
        path: vec![Bit::Text(path.into())],
        headers: Vec::new(),
        body: Some(vec![Bit::Text(told.body.clone().into())]),
        timeout: ALERTS_PATIENCE,
        retries: 2,
        sign: Some(told.webhook.secret.clone()),
    };
    match errands.fetch(request).await {
        Fetched::Answer { status: 200..=299, .. } => "told".to_owned(),
        Fetched::Answer { status, .. } => format!("status {status}"),
        Fetched::Failed(why) => why,
    }
}
