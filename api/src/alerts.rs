//! What of the floor is out of bounds, from the running floor and today's figures.
//!
//! Leaves to others: the bounds (`desk::alerts`), who is told.

use desk::alerts::{Alert, QueueNow, Rules, alerts};
use desk::reports::{Made, Period, Report, today};

use store::{ReportFilter, ReportGroup, ReportQuery, Store, StoreError};

use crate::{Clock, Floor};

/// The setting under which bounds are kept.
pub(crate) const KEY: &str = "alerts";

/// The bounds as they are set.
///
/// # Errors
/// What the store said.
pub async fn alert_rules(store: &dyn Store) -> Result<Rules, StoreError> {
    let text = store.setting(KEY).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// What is out of bounds now.
///
/// # Errors
/// What the store said.
pub async fn alerts_now(
    store: &dyn Store,
    floor: &dyn Floor,
    clock: &dyn Clock,
    rules: &Rules,
) -> Result<Vec<Alert>, StoreError> {
    let levels = levels(store, clock.wall(), rules).await?;
    let now = clock.wall();
    let queues: Vec<QueueNow> = floor
        .queues()
        .await
        .into_iter()
        .map(|queue| {
            let first = queue.waiting.iter().map(|work| clock.wall_of(work.since)).min();
            let name = queue.name.as_str().to_owned();
            QueueNow {
                waiting: queue.length,
                longest_s: first.map_or(0, |since| u64::try_from((now - since) / 1_000).unwrap_or(0)),
                service_level: levels.iter().find(|(queue, _)| *queue == name).map(|(_, level)| *level),
                ready: queue.ready_agents,
                open: queue.open,
                name,
            }
        })
        .collect();
    Ok(alerts(rules, &queues))
}

/// The service level of today, by queue.
async fn levels(store: &dyn Store, now: i64, rules: &Rules) -> Result<Vec<(String, f64)>, StoreError> {
    let Some((report, made)) = service_level() else { return Ok(Vec::new()) };
    let day = today(now, &rules.zone);
    let Ok(period) = Period::of_days(&day, &day, &rules.zone) else { return Ok(Vec::new()) };
    let (from, until) = period.quarters();
    let columns = made.columns();
    let which = ReportFilter { from, until, ..ReportFilter::default() };
    let query =
        ReportQuery { source: report.source, columns: columns.clone(), group: ReportGroup::Queue, which };
    let rows = store.report(query).await?.into_iter();
    let level = |row: store::ReportSums| {
        let column = |name: &str| {
            let at = columns.iter().position(|column| *column == name);
            at.and_then(|at| row.sums.get(at)).copied().unwrap_or(0)
        };
        made.of(column).map(|level| (row.key.clone(), level))
    };
    Ok(rows.filter_map(level).collect())
}

fn service_level() -> Option<(&'static Report, Made)> {
    let report = Report::named("service")?;
    Some((report, report.figure("service_level")?.made))
}
