//! When a business is open: intervals by weekday in a time zone, and holidays that have intervals of their own, or none.
//! One calendar for flows, queues and the promises of tickets.
//!
//! Promises: pure and total; the zones' rules are inside the program, so that every machine agrees on daylight saving time; a
//! day that a change of it makes shorter or longer counts by the hours that really passed; what begins before midnight and
//! ends after it belongs to the day on which it began; hours that never open give no due time instead of looping.
//! Leaves to others: how hours are written in files and settings (`ivr`, `gateway`, `desk`).

use jiff::civil::{Date, Time as Clock, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan as _};

use crate::Time;

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Days looked ahead for open time: a longer closure is a mistake, not a holiday.
const HORIZON_DAYS: usize = 3_700;
/// Days as they are written.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Hours that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadHours {
    /// What was found.
    pub found: String,
    /// What would be right.
    pub right: String,
}

impl BadHours {
    fn new(found: impl Into<String>, right: impl Into<String>) -> Self {
        Self { found: found.into(), right: right.into() }
    }
}

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

/// A week in a zone, with its holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Where.
    pub zone: TimeZone,
    /// Usually.
    pub week: Week,
    /// Else.
    pub holidays: Vec<Holiday>,
}

/// A zone of the IANA database.
///
/// # Errors
/// When there is no such zone.
pub fn zone(name: &str) -> Result<TimeZone, BadHours> {
    TimeZoneDatabase::bundled().get(name).map_err(|_| {
        BadHours::new(
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
    pub fn parse(text: &str) -> Result<Self, BadHours> {
        let read = text.split_once('-').and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
        match read {
            Some((from, to)) if from != to && from < DAY => Ok(Self { from, to }),
            _ => Err(BadHours::new(
                format!("the hours \"{text}\""),
                "such as \"09:00-12:30\"; \"22:00-02:00\" ends on the next day",
            )),
        }
    }

    /// Whether it ends on the day after the one on which it began.
    #[must_use]
    pub const fn ends_tomorrow(self) -> bool {
        self.to <= self.from
    }

    const fn has(self, minute: u16) -> bool {
        minute >= self.from && (self.ends_tomorrow() || minute < self.to)
    }
}

/// Minutes after midnight of `HH:MM`, up to `24:00`.
#[must_use]
pub fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let good = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    let total = hour.parse::<u16>().ok()?.checked_mul(60)? + minute.parse::<u16>().ok()?;
    (good(hour) && good(minute) && total <= DAY && minute < "60").then_some(total)
}

/// Intervals of a day, in order, that do not overlap.
///
/// # Errors
/// When they do.
pub fn intervals(mut list: Vec<Interval>) -> Result<Vec<Interval>, BadHours> {
    list.sort_by_key(|interval| interval.from);
    let overlap = list.windows(2).any(|pair| pair[0].ends_tomorrow() || pair[0].to > pair[1].from);
    if overlap {
        return Err(BadHours::new("hours that overlap", "intervals one after the other"));
    }
    Ok(list)
}

impl Week {
    /// Gives days their hours: `mon`, or `mon-fri`.
    ///
    /// # Errors
    /// When these are no days, or have hours already.
    pub fn open(&mut self, days: &str, hours: &[Interval]) -> Result<(), BadHours> {
        let wrong = || {
            BadHours::new(
                format!("the days \"{days}\""),
                "mon, tue, wed, thu, fri, sat, sun, or two of them as in \"mon-fri\"",
            )
        };
        let place = |name: &str| DAYS.iter().position(|known| *known == name).ok_or_else(wrong);
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (first, last) = (place(first)?, place(last)?);
        let count = (last + 7 - first) % 7;
        for n in 0..=count {
            let Some(day) = self.0.get_mut((first + n) % 7) else { return Err(wrong()) };
            if !day.is_empty() {
                return Err(BadHours::new(
                    format!("hours for \"{days}\" again"),
                    "the hours of each day once",
                ));
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
    pub fn parse(text: &str) -> Result<Self, BadHours> {
        let wrong = || {
            BadHours::new(
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

impl Calendar {
    /// Whether it is open at a moment.
    #[must_use]
    pub fn is_open(&self, now: Time) -> bool {
        let Some(at) = millis(now).and_then(|ms| Timestamp::from_millisecond(ms).ok()) else { return false };
        let local = at.to_zoned(self.zone.clone());
        let part = |n: i8| u16::try_from(n).unwrap_or(0);
        let minute = part(local.hour()) * 60 + part(local.minute());
        let today = local.date();
        let yesterday = today.checked_sub(1.day()).unwrap_or(today);
        self.on(today).iter().any(|interval| interval.has(minute))
            || self.on(yesterday).iter().any(|interval| interval.ends_tomorrow() && minute < interval.to)
    }

    /// When it opens or closes next; `None` when that is beyond ten years.
    #[must_use]
    pub fn next_change(&self, now: Time) -> Option<Time> {
        let now = millis(now)?;
        let (start, end) = self.stretches(now).find(|(_, end)| *end > now)?;
        // One that ends where the next begins is no change, but looking again then does no harm.
        u64::try_from(if start > now { start } else { end }).ok().map(Time::from_millis)
    }

    /// Open milliseconds from `from` to `to` (milliseconds of the Unix epoch); 0 when `to` is not later.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> i64 {
        self.stretches(from)
            .take_while(|(start, _)| *start < to)
            .map(|(start, end)| end.min(to).saturating_sub(start.max(from)).max(0))
            .sum()
    }

    /// When `span` open milliseconds will have passed since `from`; `None` when that is beyond ten years.
    #[must_use]
    pub fn after(&self, from: i64, span: i64) -> Option<i64> {
        if span <= 0 {
            return Some(from);
        }
        let mut left = span;
        for (start, end) in self.stretches(from) {
            let start = start.max(from);
            let room = end.saturating_sub(start).max(0);
            if room >= left {
                return Some(start + left);
            }
            left -= room;
        }
        None
    }

    fn on(&self, date: Date) -> &[Interval] {
        match self.holidays.iter().find(|holiday| holiday.is(date)) {
            Some(holiday) => &holiday.open,
            None => self.week.of(date.weekday()),
        }
    }

    /// Open stretches from the day before that of `from` on, in order and without overlap, as milliseconds of the epoch.
    fn stretches(&self, from: i64) -> impl Iterator<Item = (i64, i64)> {
        let first = Timestamp::from_millisecond(from).ok().map(|at| {
            let today = at.to_zoned(self.zone.clone()).date();
            // A night that began yesterday reaches into today.
            today.checked_sub(1.day()).unwrap_or(today)
        });
        let days = first.into_iter().flat_map(|first| first.series(1.day()).take(HORIZON_DAYS));
        let all = days.flat_map(move |date| {
            self.on(date).iter().filter_map(move |interval| {
                let end_of =
                    if interval.ends_tomorrow() || interval.to == DAY { date.tomorrow().ok()? } else { date };
                Some((self.moment(date, interval.from)?, self.moment(end_of, interval.to % DAY)?))
            })
        });
        let mut told = i64::MIN;
        all.filter_map(move |(start, end)| {
            let start = start.max(told);
            told = told.max(end);
            (end > start).then_some((start, end))
        })
    }

    /// A local time; one that a clock change skips is taken at the same distance after the change.
    fn moment(&self, date: Date, minute: u16) -> Option<i64> {
        let time = Clock::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
        let zoned = self.zone.to_ambiguous_zoned(date.to_datetime(time)).compatible().ok()?;
        Some(zoned.timestamp().as_millisecond())
    }
}

fn millis(now: Time) -> Option<i64> {
    i64::try_from(now.as_millis()).ok()
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
        let calendar = Calendar { zone: berlin, week: week(), holidays: Vec::new() };
        let open = |text: &str| calendar.is_open(at(text));
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
        let calendar = Calendar { zone: utc, week: week(), holidays: holidays.into() };
        let open = |text: &str| calendar.is_open(at(text));
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

    #[test]
    fn a_night_counts_once_and_changes_are_found() {
        let mut week = Week::default();
        let hours = |text: &str| [Interval::parse(text).expect("hours")];
        week.open("fri", &hours("22:00-02:00")).expect("a day");
        week.open("sat", &hours("01:00-03:00")).expect("a day");
        let calendar = Calendar { zone: zone("UTC").expect("a zone"), week, holidays: Vec::new() };
        let millis = |text: &str| at(text).as_millis() as i64;
        let (friday, sunday) = (millis("2026-11-27T12:00:00Z"), millis("2026-11-29T00:00:00Z"));
        assert_eq!(calendar.between(friday, sunday), 5 * 3_600_000);
        assert_eq!(calendar.between(millis("2026-11-28T00:30:00Z"), sunday), 5 * 1_800_000);
        assert_eq!(calendar.next_change(at("2026-11-27T12:00:00Z")), Some(at("2026-11-27T22:00:00Z")));
        assert_eq!(calendar.next_change(at("2026-11-28T00:30:00Z")), Some(at("2026-11-28T02:00:00Z")));
        let never =
            Calendar { zone: zone("UTC").expect("a zone"), week: Week::default(), holidays: Vec::new() };
        assert_eq!(never.next_change(at("2026-11-28T00:30:00Z")), None);
    }
}
