//! Days and hours of a place: periods as people name them, and the quarters of an hour that numbers are kept by.
//!
//! Promises: every zone's days and hours begin at a quarter of an hour of UTC, in summer and winter, so any zone can be
//! reported from the same numbers; a day of 23 or 25 hours has as many.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::WallMillis;

/// Milliseconds of a quarter of an hour.
pub const QUARTER: i64 = 15 * 60 * 1000;
/// Days of a period: a leap year and a day.
const DAYS: i32 = 367;

/// The quarter of an hour that a moment is in, counted from 1970.
#[must_use]
pub const fn quarter_of(at: WallMillis) -> i64 {
    at.div_euclid(QUARTER)
}

/// The day of a moment in a zone; UTC's when there is no such zone.
#[must_use]
pub fn today(now: WallMillis, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(now).unwrap_or_default();
    zone.to_datetime(at).date().to_string()
}

/// Days of a place, from the first to the last.
#[derive(Clone, Debug)]
pub struct Period {
    zone: TimeZone,
    /// It begins.
    pub from: WallMillis,
    /// It ended.
    pub until: WallMillis,
}

impl Period {
    /// From the beginning of day `first` until the end of day `last` (`2026-11-30`) in `zone` (`Asia/Shanghai`).
    ///
    /// # Errors
    /// The field at fault and what would be right.
    pub fn of_days(first: &str, last: &str, zone: &str) -> Result<Self, (&'static str, String)> {
        let zone = TimeZone::get(zone)
            .map_err(|_| ("zone", "is no time zone; expected a name like Europe/Berlin".to_owned()))?;
        let day = |field, text: &str| {
            text.parse::<Date>().map_err(|_| (field, "is no day; expected one like 2026-11-30".to_owned()))
        };
        let (first_day, last_day) = (day("from", first)?, day("until", last)?);
        let after = last_day.checked_add(1.day()).map_err(|_| ("until", "is out of range".to_owned()))?;
        let days = first_day.until(after).map_or(-1, |span| span.get_days());
        if !(1..=DAYS).contains(&days) {
            return Err(("until", format!("makes a period of {days} days; expected 1 to {DAYS}")));
        }
        let midnight = |field, day: Date| {
            let at = day.to_zoned(zone.clone()).map_err(|_| (field, "is out of range".to_owned()))?;
            Ok::<i64, (&'static str, String)>(at.timestamp().as_millisecond())
        };
        let (from, until) = (midnight("from", first_day)?, midnight("until", after)?);
        Ok(Self { zone, from, until })
    }

    /// The day and the hour of a quarter there.
    #[must_use]
    pub fn local(&self, quarter: i64) -> (String, i8) {
        let at = Timestamp::from_millisecond(quarter.saturating_mul(QUARTER)).unwrap_or_default();
        let local = self.zone.to_datetime(at);
        (local.date().to_string(), local.hour())
    }

    /// Its quarters, first and one after the last.
    #[must_use]
    pub const fn quarters(&self) -> (i64, i64) {
        (quarter_of(self.from), quarter_of(self.until + QUARTER - 1))
    }
}

/// The quarters of a period that lie in a day or hour.
#[must_use]
pub fn quarters_of(period: &Period, wanted: impl Fn(&str, i8) -> bool) -> Vec<i64> {
    let (first, end) = period.quarters();
    (first..end)
        .filter(|quarter| {
            let (day, hour) = period.local(*quarter);
            wanted(&day, hour)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_on_which_summer_begins_has_23_hours_and_the_one_on_which_it_ends_25() {
        let hours = |day: &str, zone: &str| {
            let period = Period::of_days(day, day, zone).expect("a day");
            (period.until - period.from) / 3_600_000
        };
        assert_eq!(hours("2026-03-29", "Europe/Berlin"), 23);
        assert_eq!(hours("2026-10-25", "Europe/Berlin"), 25);
        assert_eq!(hours("2026-10-25", "Asia/Shanghai"), 24);
        let period = Period::of_days("2026-10-25", "2026-10-25", "Europe/Berlin").expect("a day");
        assert_eq!(quarters_of(&period, |_, hour| hour == 2).len(), 8, "two o'clock comes twice");
        let half = Period::of_days("2026-06-01", "2026-06-01", "Asia/Kathmandu").expect("a day");
        assert_eq!(half.from % QUARTER, 0, "five hours and three quarters from UTC");
        assert_eq!(quarters_of(&half, |day, _| day == "2026-06-01").len(), 96);
    }

    #[test]
    fn what_is_no_period_is_told() {
        for (first, last, zone, field) in [
            ("x", "2026-01-01", "UTC", "from"),
            ("2026-01-01", "x", "UTC", "until"),
            ("2026-01-02", "2026-01-01", "UTC", "until"),
            ("2020-01-01", "2026-01-01", "UTC", "until"),
            ("2026-01-01", "2026-01-01", "Mars/Olympus", "zone"),
        ] {
            assert_eq!(Period::of_days(first, last, zone).map(drop).map_err(|(field, _)| field), Err(field));
        }
    }
}
