//! When a business is open: intervals by weekday in a time zone, and holidays that have intervals of their own, or none.
//!
//! Promises: pure; the zone's rules are inside the program, so that every machine agrees on daylight saving time. What begins
//! before midnight and ends after it belongs to the day on which it began.

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan as _};
use kernel::Time;

use crate::expr::Wrong;

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Days as they are written.
const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// From and to, in minutes after midnight; the end is not part of it. An end that is not after the beginning is of the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    from: u16,
    to: u16,
}

/// Open hours by weekday, Monday first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week([Vec<Interval>; 7]);

/// A day that is not like others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// `None`: every year.
    year: Option<i16>,
    month: i8,
    day: i8,
    /// Open after all.
    open: Vec<Interval>,
}

/// A zone of the IANA database.
///
/// # Errors
/// When there is no such zone.
pub fn zone(name: &str) -> Result<TimeZone, Wrong> {
    TimeZoneDatabase::bundled().get(name).map_err(|_| {
        Wrong::new(
            format!("the time zone \"{name}\""),
            "a name such as \"Europe/Berlin\", \"Asia/Shanghai\" or \"UTC\"",
        )
    })
}

impl Interval {
    /// Reads `09:00-12:30`; `24:00` is the end of the day.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let minutes = |part: &str| {
            let (hour, minute) = part.trim().split_once(':')?;
            let good = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            let total = hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?;
            (good(hour) && good(minute) && total <= DAY && minute < "60").then_some(total)
        };
        let read = text.split_once('-').and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
        match read {
            Some((from, to)) if from != to && from < DAY => Ok(Self { from, to }),
            _ => Err(Wrong::new(
                format!("the hours \"{text}\""),
                "such as \"09:00-12:30\"; \"22:00-02:00\" ends on the next day",
            )),
        }
    }

    const fn ends_tomorrow(self) -> bool {
        self.to <= self.from
    }

    const fn has(self, minute: u16) -> bool {
        minute >= self.from && (self.ends_tomorrow() || minute < self.to)
    }
}

/// Intervals of a day, in order, that do not overlap.
///
/// # Errors
/// When they do.
pub fn intervals(mut list: Vec<Interval>) -> Result<Vec<Interval>, Wrong> {
    list.sort_by_key(|interval| interval.from);
    let overlap = list.windows(2).any(|pair| pair[0].ends_tomorrow() || pair[0].to > pair[1].from);
    if overlap {
        return Err(Wrong::new("hours that overlap", "intervals one after the other"));
    }
    Ok(list)
}

impl Week {
    /// Gives days their hours: `mon`, or `mon-fri`.
    ///
    /// # Errors
    /// When these are no days, or have hours already.
    pub fn open(&mut self, days: &str, hours: &[Interval]) -> Result<(), Wrong> {
        let wrong = || {
            Wrong::new(
                format!("the days \"{days}\""),
                "mon, tue, wed, thu, fri, sat, sun, or two of them as in \"mon-fri\"",
            )
        };
        let place = |name: &str| DAYS.iter().position(|(known, _)| *known == name).ok_or_else(wrong);
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (first, last) = (place(first)?, place(last)?);
        let count = (last + 7 - first) % 7;
        for n in 0..=count {
            let Some(day) = self.0.get_mut((first + n) % 7) else { return Err(wrong()) };
            if !day.is_empty() {
                return Err(Wrong::new(format!("hours for \"{days}\" again"), "the hours of each day once"));
            }
            day.extend_from_slice(hours);
        }
        Ok(())
    }

    fn of(&self, day: Weekday) -> &[Interval] {
        self.0.get(usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)).map_or(&[], Vec::as_slice)
    }
}

impl Holiday {
    /// Reads `2026-12-25`, `12-25` (every year), or `12-24 09:00-12:00`.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let wrong = || {
            Wrong::new(
                format!("the holiday \"{text}\""),
                "such as \"2026-12-25\", \"12-25\" for every year, or \"12-24 09:00-12:00\"",
            )
        };
        let mut parts = text.split_whitespace();
        let numbers: Vec<&str> = parts.next().ok_or_else(wrong)?.split('-').collect();
        let (year, month, day) = match numbers.as_slice() {
            [year, month, day] => (Some(year.parse::<i16>().map_err(|_| wrong())?), *month, *day),
            [month, day] => (None, *month, *day),
            _ => return Err(wrong()),
        };
        let (month, day) = (month.parse().map_err(|_| wrong())?, day.parse().map_err(|_| wrong())?);
        // The 29th of February is a day of some year.
        Date::new(year.unwrap_or(2024), month, day).map_err(|_| wrong())?;
        let open = intervals(parts.map(Interval::parse).collect::<Result<_, _>>()?)?;
        Ok(Self { year, month, day, open })
    }

    fn is(&self, date: Date) -> bool {
        self.year.is_none_or(|year| year == date.year())
            && self.month == date.month()
            && self.day == date.day()
    }
}

/// Whether it is open at a moment.
#[must_use]
pub fn is_open(now: Time, zone: &TimeZone, week: &Week, holidays: &[Holiday]) -> bool {
    let Ok(at) = i64::try_from(now.as_millis())
        .map_err(drop)
        .and_then(|ms| Timestamp::from_millisecond(ms).map_err(drop))
    else {
        return false;
    };
    let local = at.to_zoned(zone.clone());
    let minute = u16::try_from(local.hour()).unwrap_or(0) * 60 + u16::try_from(local.minute()).unwrap_or(0);
    let hours = |date: Date| -> &[Interval] {
        match holidays.iter().find(|holiday| holiday.is(date)) {
            Some(holiday) => &holiday.open,
            None => week.of(date.weekday()),
        }
    };
    let today = local.date();
    let yesterday = today.checked_sub(1.day()).unwrap_or(today);
    hours(today).iter().any(|interval| interval.has(minute))
        || hours(yesterday).iter().any(|interval| interval.ends_tomorrow() && minute < interval.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        let timestamp: Timestamp = text.parse().expect("a time");
        Time::from_millis(u64::try_from(timestamp.as_millisecond()).expect("after 1970"))
    }

    fn week() -> Week {
        let mut week = Week::default();
        let hours = |list: &[&str]| -> Vec<Interval> {
            list.iter().map(|text| Interval::parse(text).expect("hours")).collect()
        };
        week.open("mon-thu", &hours(&["09:00-12:00", "13:00-18:00"])).expect("days");
        week.open("fri", &hours(&["22:00-02:00"])).expect("a day");
        week.open("sun", &hours(&["00:00-24:00"])).expect("a day");
        week
    }

    #[test]
    fn hours_follow_the_zone_through_daylight_saving_time() {
        let berlin = zone("Europe/Berlin").expect("a zone");
        let open = |text: &str| is_open(at(text), &berlin, &week(), &[]);
        // 23 November 2026 is a Monday; Berlin is an hour ahead in winter and two in summer.
        assert!(!open("2026-11-23T07:59:00Z") && open("2026-11-23T08:00:00Z"));
        assert!(
            !open("2026-11-23T11:00:00Z") && open("2026-11-23T12:00:00Z") && !open("2026-11-23T17:00:00Z")
        );
        assert!(!open("2026-07-06T06:59:00Z") && open("2026-07-06T07:00:00Z"));
        // Friday night reaches into Saturday; on Saturday itself it is closed.
        assert!(
            open("2026-11-27T21:30:00Z") && open("2026-11-28T00:30:00Z") && !open("2026-11-28T01:00:00Z")
        );
        // The night in which clocks go back lasts 25 hours: Sunday is open through all of them.
        assert!(open("2026-10-24T22:00:00Z") && open("2026-10-25T01:30:00Z") && open("2026-10-25T22:59:00Z"));
    }

    #[test]
    fn holidays_replace_the_hours_of_their_day() {
        let utc = zone("UTC").expect("a zone");
        let holidays = ["12-24 10:00-11:00", "2026-11-24", "2026-11-27"]
            .map(|text| Holiday::parse(text).expect("a day"));
        let open = |text: &str| is_open(at(text), &utc, &week(), &holidays);
        assert!(!open("2026-11-24T10:00:00Z"));
        assert!(
            !open("2026-12-24T09:30:00Z") && open("2026-12-24T10:30:00Z") && open("2029-12-24T10:30:00Z")
        );
        assert!(!open("2026-11-28T01:00:00Z"), "the night before was a holiday");
    }

    #[test]
    fn hours_that_make_no_sense_are_told() {
        for bad in ["9:00-12:00", "09:00", "09:00-09:00", "09:60-10:00", "09:00-24:01", "24:00-01:00", "-"] {
            assert!(Interval::parse(bad).is_err(), "{bad}");
        }
        for bad in ["2026-02-30", "13-01", "x", "12-25 9-10", ""] {
            assert!(Holiday::parse(bad).is_err(), "{bad}");
        }
        assert!(zone("Europe/Nowhere").is_err());
        let hours = [Interval::parse("09:00-10:00").expect("hours")];
        assert!(Week::default().open("monday", &hours).is_err());
        let mut week = week();
        assert!(week.open("wed", &hours).is_err(), "wed has hours already");
        let list = |list: [&str; 2]| intervals(list.map(|text| Interval::parse(text).expect("hours")).into());
        assert!(
            list(["09:00-12:00", "11:00-13:00"]).is_err() && list(["13:00-14:00", "09:00-12:00"]).is_ok()
        );
    }
}
