//! How a trial of a flow went.

use ivr::{Moment, Trial};
use serde::Serialize;
use utoipa::ToSchema;

/// How a trial went.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowTrial)]
pub(crate) struct TrialView {
    /// What happened, in order: `at` in milliseconds, `what` it was (`step`, `said`, `stopped`, `moved`, `ordered`, `ended`) with
    /// its particulars.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub moments: Vec<Moment>,
    /// Where the customer is.
    pub step: String,
    /// The time now, in milliseconds from the beginning.
    pub now: u64,
    /// When something happens by itself, if it does.
    pub next: Option<u64>,
    /// They wait for somebody.
    pub waiting: bool,
    /// What the flow wants to know from elsewhere: `server`, `person`.
    pub asked: Option<String>,
    /// They are with somebody.
    pub connected: bool,
    /// The flow is over.
    pub over: bool,
}

impl From<Trial> for TrialView {
    fn from(trial: Trial) -> Self {
        let Trial { moments, step, now, next, waiting, asked, connected, over } = trial;
        let asked = asked.map(str::to_owned);
        Self { moments, step, now, next, waiting, asked, connected, over }
    }
}
