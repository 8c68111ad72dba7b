//! One queue: who waits, in what order, and what is known of its work.
//!
//! Promises: an earlier arrival goes first; a point of priority counts as some waiting more; work that rings keeps its place.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{InteractionId, Time};

use crate::ranks::Ranks;
use crate::{QueueSetup, QueueStatus};

/// A place in line.
///
/// Priority is waiting: a point is worth `QueueSetup::point`, a tier what the configuration says. So the order of two customers
/// never changes while they wait, whoever has priority goes first among those who came at about the same time, and nobody is
/// overtaken for ever. The interaction's id decides between equals, so that the order is the same on every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Nanoseconds of the arrival, less what priority is worth.
    pub rank: i64,
    pub id: InteractionId,
    /// Number in the list of works.
    pub at: u32,
}

impl Place {
    pub fn rank_of(since: Time, priority: i32, point: Duration, tier: Duration) -> i64 {
        let nanos = |span: Duration| i64::try_from(span.as_nanos()).unwrap_or(i64::MAX);
        let since = i64::try_from(since.as_nanos()).unwrap_or(i64::MAX);
        let points = i64::from(priority).saturating_mul(nanos(point));
        since.saturating_sub(points).saturating_sub(nanos(tier))
    }
}

/// A mean that follows: the plain mean at first, later each new value counts a fiftieth.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mean {
    pub value: f64,
    pub count: u32,
}

impl Mean {
    pub fn add(&mut self, value: f64) {
        self.count = self.count.saturating_add(1);
        self.value += (value - self.value) / f64::from(self.count.min(50));
    }
}

/// What a queue's work has been like.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stats {
    /// Seconds that an agent was taken by one piece of work, ringing and wrap-up included.
    pub handling: Mean,
    /// Customers who gave up, and seconds waited by all who left, the older counting less.
    pub gave_up: f64,
    pub waited: f64,
}

impl Stats {
    /// Somebody left the line.
    pub fn left(&mut self, waited: Duration, gave_up: f64) {
        const FADE: f64 = 0.99;
        self.gave_up = self.gave_up * FADE + gave_up;
        self.waited = self.waited * FADE + waited.as_secs_f64();
    }

    /// Giving up per second of waiting.
    pub fn impatience(&self) -> f64 {
        if self.waited > 1.0 { self.gave_up / self.waited } else { 0.0 }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Queue {
    pub setup: QueueSetup,
    /// Whether the configuration (still) has it.
    pub listed: bool,
    pub open: bool,
    /// Its classes; the first asks for no further skills.
    pub classes: Vec<usize>,
    /// All who wait or ring.
    pub line: Ranks<Place>,
    /// Those who came since places were last told.
    pub entered: Vec<u32>,
    /// Who was chosen last.
    pub last: Option<usize>,
    pub stats: Stats,
    /// How much of the other queues' work its agents do, and when that was counted.
    pub overlap: (Option<Time>, BTreeMap<usize, f64>),
    /// Whether the picture may have changed.
    pub changed: bool,
    /// The picture as last shown.
    pub shown: QueueStatus,
}

impl Queue {
    pub fn new(setup: QueueSetup, listed: bool) -> Self {
        let shown = QueueStatus {
            name: setup.name.clone(),
            waiting: Vec::new(),
            length: 0,
            ready_agents: 0,
            staffed_agents: 0,
            estimate: None,
            open: true,
        };
        Self {
            setup,
            listed,
            open: true,
            classes: Vec::new(),
            line: Ranks::new(),
            entered: Vec::new(),
            last: None,
            stats: Stats::default(),
            overlap: (None, BTreeMap::new()),
            changed: false,
            shown,
        }
    }
}
