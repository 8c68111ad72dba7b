//! Business hours as settings have them: read into the calendar of `kernel::hours`, or day and night.
//!
//! Promises: a mistake is named by its field, with what would be right. Leaves to others: the calendar, who keeps the hours
//! (`store`), what the clocks are for (`sla`).

use kernel::hours::{self, Calendar, DAYS, Holiday, Interval, Week};
use serde::{Deserialize, Serialize};

use crate::WallMillis;

/// Business hours as people write them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursText {
    /// Time zone by its IANA name, e.g. `Europe/Berlin`.
    pub zone: String,
    /// When it is open; a day without a line is closed.
    pub open: Vec<OpenText>,
    /// Dates that are closed whatever the day, `YYYY-MM-DD`, or `MM-DD` for every year.
    #[serde(default)]
    pub closed: Vec<String>,
}

/// One stretch of open time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenText {
    /// `mon` to `sun`.
    pub day: String,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`, up to `24:00`.
    pub to: String,
}

/// Hours that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {found:?} is no {right}")]
pub struct BadHours {
    /// Which field.
    pub field: String,
    /// What stands there.
    pub found: String,
    /// What would be right.
    pub right: &'static str,
}

/// Business hours.
#[derive(Clone, Debug, Default)]
pub enum Hours {
    /// Day and night.
    #[default]
    Always,
    /// By a calendar.
    By(Box<Calendar>),
}

impl Hours {
    /// Reads hours as people write them.
    ///
    /// # Errors
    /// The first field that cannot be used, and what would be right.
    pub fn parse(text: &HoursText) -> Result<Hours, BadHours> {
        let bad = |field: String, found: &str, right| BadHours { field, found: found.to_owned(), right };
        let zone = hours::zone(&text.zone)
            .map_err(|_| bad("zone".into(), &text.zone, "IANA time zone such as Europe/Berlin"))?;
        let mut days: [Vec<Interval>; 7] = Default::default();
        for (n, line) in text.open.iter().enumerate() {
            let day = DAYS.iter().zip(&mut days).find(|(day, _)| **day == line.day).ok_or_else(|| {
                bad(format!("open[{n}].day"), &line.day, "day: mon, tue, wed, thu, fri, sat or sun")
            })?;
            let from = hours::minutes(&line.from)
                .ok_or_else(|| bad(format!("open[{n}].from"), &line.from, "time such as 09:00"))?;
            hours::minutes(&line.to)
                .filter(|to| *to > from)
                .ok_or_else(|| bad(format!("open[{n}].to"), &line.to, "time after `from`, up to 24:00"))?;
            let interval = Interval::parse(&format!("{}-{}", line.from, line.to));
            day.1.push(interval.map_err(|_| bad(format!("open[{n}].to"), &line.to, "time such as 17:00"))?);
        }
        let mut week = Week::default();
        for (day, open) in DAYS.into_iter().zip(days) {
            let overlap = |_| {
                let (field, right) = (format!("open ({day})"), "row of stretches one after the other");
                bad(field, "overlapping stretches", right)
            };
            let open = hours::intervals(open).map_err(overlap)?;
            week.open(day, &open).map_err(overlap)?;
        }
        let closed = text.closed.iter().enumerate().map(|(n, date)| {
            Holiday::parse(date).map_err(|_| bad(format!("closed[{n}]"), date, "date such as 2026-12-24"))
        });
        let holidays = closed.collect::<Result<_, _>>()?;
        Ok(Hours::By(Box::new(Calendar { zone, week, holidays })))
    }

    /// Open milliseconds from `from` to `to`; 0 when `to` is not later.
    #[must_use]
    pub fn between(&self, from: WallMillis, to: WallMillis) -> i64 {
        match self {
            Hours::Always => to.saturating_sub(from).max(0),
            Hours::By(calendar) => calendar.between(from, to),
        }
    }

    /// When `span` open milliseconds will have passed since `from`; `None` when that is beyond ten years.
    #[must_use]
    pub fn after(&self, from: WallMillis, span: i64) -> Option<WallMillis> {
        match self {
            Hours::Always => from.checked_add(span.max(0)),
            Hours::By(calendar) => calendar.after(from, span),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn line(day: &str, from: &str, to: &str) -> OpenText {
        OpenText { day: day.into(), from: from.into(), to: to.into() }
    }

    fn office() -> HoursText {
        let open =
            ["mon", "tue", "wed", "thu", "fri"].iter().map(|day| line(day, "09:00", "17:00")).collect();
        HoursText { zone: "Europe/Berlin".into(), open, closed: vec!["2026-12-25".into()] }
    }

    fn at(text: &str) -> WallMillis {
        text.parse::<Timestamp>().expect("a moment").as_millisecond()
    }

    #[test]
    fn nights_weekends_and_holidays_do_not_count() {
        let hours = Hours::parse(&office()).expect("good hours");
        // Friday 16:00 to Monday 10:00 in Berlin's winter: one hour on each day.
        assert_eq!(hours.between(at("2026-11-20T15:00:00Z"), at("2026-11-23T09:00:00Z")), 2 * HOUR);
        assert_eq!(hours.after(at("2026-11-20T15:00:00Z"), 2 * HOUR), Some(at("2026-11-23T09:00:00Z")));
        // Thursday 24 December 16:00, Friday is closed: the second hour is Monday's first.
        assert_eq!(hours.after(at("2026-12-24T15:00:00Z"), 2 * HOUR), Some(at("2026-12-28T09:00:00Z")));
        assert_eq!(
            hours.between(at("2026-11-23T09:00:00Z"), at("2026-11-20T15:00:00Z")),
            0,
            "backwards is nothing"
        );
    }

    #[test]
    fn the_days_of_clock_changes_count_by_the_hours_that_passed() {
        let open = DAYS.iter().map(|day| line(day, "00:00", "24:00")).collect();
        let hours =
            Hours::parse(&HoursText { zone: "Europe/Berlin".into(), open, closed: vec![] }).expect("good");
        // 29 March 2026 has 23 hours in Berlin, 25 October 2026 has 25.
        assert_eq!(hours.between(at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z")), 23 * HOUR);
        assert_eq!(hours.between(at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z")), 25 * HOUR);
        let early = HoursText {
            zone: "Europe/Berlin".into(),
            open: vec![line("sun", "01:00", "04:00")],
            closed: vec![],
        };
        let early = Hours::parse(&early).expect("good");
        assert_eq!(
            early.between(at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z")),
            2 * HOUR,
            "02:00 was skipped"
        );
        assert_eq!(
            early.between(at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")),
            4 * HOUR,
            "02:00 came twice"
        );
        // Nine to five stays nine to five on both sides of the change.
        let office = Hours::parse(&office()).expect("good");
        assert_eq!(office.after(at("2026-03-27T15:00:00Z"), 2 * HOUR), Some(at("2026-03-30T08:00:00Z")));
    }

    #[test]
    fn after_and_between_are_each_others_inverse() {
        let hours = Hours::parse(&office()).expect("good");
        for n in 0..400_i64 {
            let from = at("2026-03-20T00:00:00Z") + n * 1_234_567;
            let span = 1 + n * 997_001;
            let due = hours.after(from, span).expect("it opens");
            assert_eq!(hours.between(from, due), span, "from {from} by {span}");
        }
    }

    #[test]
    fn hours_that_never_open_are_never_due() {
        let never = HoursText { zone: "UTC".into(), open: vec![], closed: vec![] };
        assert_eq!(Hours::parse(&never).expect("allowed").after(0, 1), None);
        assert_eq!(Hours::Always.after(5, 7), Some(12));
        assert_eq!(Hours::Always.after(i64::MAX, 7), None);
        for strange in [i64::MIN, i64::MAX] {
            let hours = Hours::parse(&office()).expect("good");
            assert!(hours.between(strange, strange) == 0 && hours.after(strange, 0) == Some(strange));
            assert_eq!(hours.after(strange, 1), None);
        }
    }

    #[test]
    fn a_mistake_is_named_with_what_would_be_right() {
        let wrong = |change: fn(&mut HoursText)| {
            let mut text = office();
            change(&mut text);
            Hours::parse(&text).expect_err("wrong").field
        };
        assert_eq!(wrong(|text| text.zone = "Mars/Base".into()), "zone");
        assert_eq!(wrong(|text| text.open[1].day = "Tuesday".into()), "open[1].day");
        assert_eq!(wrong(|text| text.open[0].from = "9".into()), "open[0].from");
        assert_eq!(wrong(|text| text.open[0].to = "08:00".into()), "open[0].to");
        assert_eq!(wrong(|text| text.open.push(line("mon", "16:00", "18:00"))), "open (mon)");
        assert_eq!(wrong(|text| text.closed.push("soon".into())), "closed[1]");
    }
}
