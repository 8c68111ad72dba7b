//! Customers in a flow: where they are now, and how they went through it on a day.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use store::{FlowPassage, FlowStay};
use utoipa::ToSchema;

use super::file;
use crate::auth::Supervisor;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::Segments;
use crate::state::App;

/// Customers at each step now.
#[derive(Serialize, ToSchema)]
pub(crate) struct FlowHere {
    /// Step to how many; steps without anybody are left out.
    steps: BTreeMap<String, usize>,
}

/// Where customers are now.
#[utoipa::path(get, path = "/api/v1/flows/{flow}/here", tag = "flows", operation_id = "flow_here",
    params(("flow" = String, Path)),
    responses((status = 200, body = FlowHere), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(crate) async fn here(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
) -> Answer<Json<FlowHere>> {
    file(&app, &name).await?;
    Ok(Json(FlowHere { steps: app.studio.here(&name) }))
}

/// A way that customers took.
#[derive(Serialize, ToSchema)]
pub(crate) struct FlowWayTaken {
    /// The step they came from; null: they came in here.
    from: Option<String>,
    /// The step they came to.
    to: String,
    /// How often.
    count: i64,
}

/// What became of customers whose last step this was.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct FlowLastStep {
    /// The step.
    step: String,
    /// They left here before anybody helped them.
    gave_up: i64,
    /// They were connected with an agent from here.
    helped: i64,
    /// The flow, or whoever was dialled, was done with them here.
    finished: i64,
    /// They are still on the line.
    going_on: i64,
}

/// A day's customers in a flow.
#[derive(Serialize, ToSchema)]
pub(crate) struct FlowDay {
    /// Ways between steps.
    ways: Vec<FlowWayTaken>,
    /// Last steps.
    ends: Vec<FlowLastStep>,
}

/// How the customers who came on a day (UTC) went through the flow, whatever its version was.
#[utoipa::path(get, path = "/api/v1/flows/{flow}/days/{day}", tag = "flows", operation_id = "flow_day",
    params(("flow" = String, Path), ("day" = String, Path, description = "YYYY-MM-DD")),
    responses((status = 200, body = FlowDay), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn day(
    State(app): State<App>,
    _: Supervisor,
    Segments((name, day)): Segments<(String, String)>,
) -> Answer<Json<FlowDay>> {
    file(&app, &name).await?;
    let wrong = || ApiError::field("day", "a day is written YYYY-MM-DD");
    let day: NaiveDate = day.parse().map_err(|_| wrong())?;
    let midnight = |day: NaiveDate| Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis());
    let from = midnight(day).ok_or_else(wrong)?;
    let until = day.checked_add_days(Days::new(1)).and_then(midnight).ok_or_else(wrong)?;
    let ways = ways(app.store.flow_passages(from, until).await?, &name);
    let ends = ends(app.store.flow_stays(from, until).await?, &name);
    Ok(Json(FlowDay { ways, ends }))
}

/// A step as the record writes it.
#[derive(Deserialize)]
struct StepDetail {
    step: String,
    flow: Option<String>,
}

/// The step, if it is one of this flow.
fn step_of(detail: &str, flow: &str) -> Option<String> {
    let detail: StepDetail = serde_json::from_str(detail).ok()?;
    (detail.flow.as_deref() == Some(flow)).then_some(detail.step)
}

fn ways(passages: Vec<FlowPassage>, flow: &str) -> Vec<FlowWayTaken> {
    let mut counts: BTreeMap<(Option<String>, String), i64> = BTreeMap::new();
    for passage in passages {
        if let Some(to) = step_of(&passage.step, flow) {
            let from = passage.before.and_then(|before| step_of(&before, flow));
            *counts.entry((from, to)).or_default() += passage.count;
        }
    }
    counts.into_iter().map(|((from, to), count)| FlowWayTaken { from, to, count }).collect()
}

fn ends(stays: Vec<FlowStay>, flow: &str) -> Vec<FlowLastStep> {
    let mut all: BTreeMap<String, FlowLastStep> = BTreeMap::new();
    for stay in stays {
        let Some(step) = step_of(&stay.step, flow) else { continue };
        let end = all.entry(step.clone()).or_default();
        end.step = step;
        match (stay.talked, stay.reason.as_deref()) {
            (true, _) => end.helped += stay.count,
            (false, None) => end.going_on += stay.count,
            (false, Some("flow_finished" | "refused" | "dialled_party_left")) => end.finished += stay.count,
            (false, Some(_)) => end.gave_up += stay.count,
        }
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(step: &str, version: i64) -> String {
        format!("{{\"flow\":\"main\",\"step\":\"{step}\",\"version\":{version}}}")
    }

    #[test]
    fn ways_of_all_versions_of_a_flow_are_added_up_and_other_flows_left_out() {
        let passage = |before: Option<String>, step: String| FlowPassage { before, step, count: 2 };
        let ways = ways(
            vec![
                passage(None, detail("a", 1)),
                passage(Some(detail("a", 1)), detail("b", 1)),
                passage(Some(detail("a", 2)), detail("b", 2)),
                passage(None, "{\"step\":\"old record\"}".to_owned()),
                passage(None, "no JSON".to_owned()),
            ],
            "main",
        );
        let shown: Vec<_> =
            ways.iter().map(|way| (way.from.as_deref(), way.to.as_str(), way.count)).collect();
        assert_eq!(shown, [(None, "a", 2), (Some("a"), "b", 4)]);
    }

    #[test]
    fn leaving_before_anybody_helped_is_giving_up() {
        let stay = |reason: Option<&str>, talked| FlowStay {
            step: detail("queue", 1),
            reason: reason.map(str::to_owned),
            talked,
            count: 1,
        };
        let ends = ends(
            vec![
                stay(Some("hangup"), false),
                stay(Some("no_input"), false),
                stay(Some("hangup"), true),
                stay(Some("flow_finished"), false),
                stay(None, false),
            ],
            "main",
        );
        let end = ends.first().expect("one step");
        assert_eq!((end.gave_up, end.helped, end.finished, end.going_on), (2, 1, 1, 1));
    }
}
