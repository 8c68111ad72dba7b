//! Reports: what one conversation counts as, which figures are made of that, and which reports show them.
//!
//! Promises: pure; every figure is a sum, or a ratio of two sums, of numbers that each conversation has, so a figure and the
//! rows it opens to cannot disagree. A conversation counts at the time it began. A report is one file and one line.
//! Leaves to others: keeping the numbers and adding them up (`store`), showing them (`api`, `web`).

mod abandonment;
mod agents;
mod calendar;
mod fact;
mod funnel;
mod handling;
mod resolution;
mod response;
mod satisfaction;
mod service;
mod targets;
mod transcripts;
mod volume;

use crate::WallMillis;

pub use calendar::{Period, QUARTER, quarter_of, quarters_of, today};
pub use fact::{COLUMNS, Fact, Happening, Outline, Speech, TicketView, WAITS};
pub use targets::{Target, Targets};

/// Columns of an agent's quarters: the first four come from conversations, the others are milliseconds in a state.
pub const AGENT_COLUMNS: &[&str] = &[
    "handled",
    "handle_ms",
    "rated",
    "rating_sum",
    "ready_ms",
    "ringing_ms",
    "talking_ms",
    "wrapup_ms",
    "break_ms",
];

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Both {
    /// English.
    pub en: &'static str,
    /// 简体中文.
    pub zh: &'static str,
}

/// What kind of number a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// So many.
    Count,
    /// Milliseconds.
    Millis,
    /// Of a hundred.
    Percent,
    /// A mean of scores from 1 to 5.
    Score,
}

/// How a figure is made of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// The sum of a column.
    Sum(&'static str),
    /// The sum of one column by that of another.
    Mean(&'static str, &'static str),
    /// The sum of some columns by that of others, of a hundred.
    Share(&'static [&'static str], &'static [&'static str]),
}

/// A figure of a report.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its name in the API.
    pub name: &'static str,
    /// What kind of number.
    pub unit: Unit,
    /// How it is made.
    pub made: Made,
    /// The column whose conversations it opens to.
    pub rows: &'static str,
    /// What it is called.
    pub title: Both,
    /// What it means.
    pub definition: Both,
}

/// What a report's numbers are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Conversations.
    Conversations,
    /// Agents and their time.
    Agents,
}

/// How a report's rows are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// A row a day.
    Day,
    /// A row an hour of the day.
    Hour,
    /// A row a channel.
    Channel,
    /// A row a queue.
    Queue,
    /// A row a version of a flow.
    Flow,
    /// A row an agent.
    Agent,
}

impl By {
    /// Every way.
    pub const ALL: &'static [Self] =
        &[Self::Day, Self::Hour, Self::Channel, Self::Queue, Self::Flow, Self::Agent];

    /// As the API spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Channel => "channel",
            Self::Queue => "queue",
            Self::Flow => "flow",
            Self::Agent => "agent",
        }
    }

    /// The way of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|by| by.name() == name)
    }
}

/// A report.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// Its name in the API.
    pub name: &'static str,
    /// What it is called.
    pub title: Both,
    /// What its numbers are of.
    pub source: Source,
    /// How its rows may be made, the usual way first.
    pub by: &'static [By],
    /// Its figures.
    pub figures: &'static [Figure],
}

/// Every report, sorted by name.
pub const REPORTS: &[Report] = &[
    abandonment::REPORT,
    agents::REPORT,
    funnel::REPORT,
    handling::REPORT,
    resolution::REPORT,
    response::REPORT,
    satisfaction::REPORT,
    service::REPORT,
    transcripts::REPORT,
    volume::REPORT,
];

impl Report {
    /// The report of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        REPORTS.iter().find(|report| report.name == name)
    }

    /// A figure of it.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<&'static Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    /// The columns that its figures are made of, each once, sorted.
    #[must_use]
    pub fn columns(&self) -> Vec<&'static str> {
        let mut columns: Vec<&'static str> =
            self.figures.iter().flat_map(|figure| figure.made.columns()).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

impl Made {
    /// The columns it is made of.
    #[must_use]
    pub fn columns(&self) -> Vec<&'static str> {
        match self {
            Made::Sum(column) => vec![column],
            Made::Mean(sum, count) => vec![sum, count],
            Made::Share(parts, of) => parts.iter().chain(*of).copied().collect(),
        }
    }

    /// The figure, `column` giving the sums. `None`: there is nothing to divide by.
    pub fn of(&self, column: impl Fn(&str) -> i64) -> Option<f64> {
        let by = |part: i64, whole: i64| (whole != 0).then(|| part as f64 / whole as f64);
        match self {
            Made::Sum(name) => Some(column(name) as f64),
            Made::Mean(sum, count) => by(column(sum), column(count)),
            Made::Share(parts, of) => {
                let sum = |names: &[&str]| names.iter().map(|name| column(name)).sum();
                by(sum(parts), sum(of)).map(|share| share * 100.0)
            }
        }
    }
}

/// How long an agent was in which state: a stretch of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Which: `ready`, `ringing`, `talking`, `wrapup`, `not_ready`, `offline`.
    pub state: String,
    /// From.
    pub from: WallMillis,
    /// Until.
    pub until: WallMillis,
}

impl Stretch {
    /// The column that its time counts in; offline counts nowhere.
    #[must_use]
    pub fn column(&self) -> Option<&'static str> {
        match self.state.as_str() {
            "ready" => Some("ready_ms"),
            "ringing" => Some("ringing_ms"),
            "talking" => Some("talking_ms"),
            "wrapup" => Some("wrapup_ms"),
            "not_ready" => Some("break_ms"),
            _ => None,
        }
    }

    /// Its time in each quarter of an hour that it touches.
    pub fn quarters(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let first = quarter_of(self.from);
        let last = quarter_of(self.until.max(self.from));
        (first..=last).filter_map(|quarter| {
            let (begin, end) = (quarter * QUARTER, (quarter + 1) * QUARTER);
            let spent = self.until.min(end) - self.from.max(begin);
            (spent > 0).then_some((quarter, spent))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_report_is_made_of_columns_that_exist_and_says_what_it_shows_in_both_languages() {
        let names: Vec<&str> = REPORTS.iter().map(|report| report.name).collect();
        assert!(names.is_sorted(), "{names:?}");
        for report in REPORTS {
            let known: Vec<&str> = match report.source {
                Source::Conversations => COLUMNS.iter().map(|(name, _)| *name).collect(),
                Source::Agents => AGENT_COLUMNS.to_vec(),
            };
            assert!(report.columns().iter().all(|column| known.contains(column)), "{}", report.name);
            assert!(!report.by.is_empty() && !report.figures.is_empty());
            for figure in report.figures {
                let rows = COLUMNS.iter().any(|(name, _)| *name == figure.rows) || figure.rows.is_empty();
                assert!(rows, "{} {} opens to {}", report.name, figure.name, figure.rows);
                for both in [figure.title, figure.definition, report.title] {
                    assert!(both.en.is_ascii() && !both.zh.is_ascii(), "{} {}", report.name, both.en);
                }
            }
        }
    }

    #[test]
    fn a_stretch_is_spent_in_the_quarters_it_touches() {
        let stretch = Stretch { state: "talking".into(), from: QUARTER - 10, until: 2 * QUARTER + 5 };
        assert_eq!(stretch.quarters().collect::<Vec<_>>(), [(0, 10), (1, QUARTER), (2, 5)]);
        let none = Stretch { state: "talking".into(), from: 50, until: 50 };
        assert_eq!(none.quarters().count(), 0);
    }
}
