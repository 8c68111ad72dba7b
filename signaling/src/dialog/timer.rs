//! Session timers (RFC 4028): how long a session lives without a sign of life, and who gives it.
//!
//! Promises: both roles; an interval of a peer can neither keep us busy nor keep a dead session for ever.
//! Leaves to others: sending the refresh, and ending what has expired (`endpoint`).

use std::time::Duration;

use kernel::Time;

use crate::message::grammar;
use crate::message::header::Name;
use crate::message::parse::Message;
use crate::message::request::lists;

/// The shortest interval that we accept, in seconds: the least that RFC 4028 section 4 allows.
pub(crate) const MIN_SE: u32 = 90;

/// The longest that we agree to, in seconds: a call of a day without a sign of life is dead.
const LONGEST: u32 = 24 * 3600;

/// How long before its end a session is given up, at most (RFC 4028 section 10).
const MARGIN: Duration = Duration::from_secs(32);

/// Who gives the sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refresher {
    Us,
    Them,
}

/// What both sides agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// In seconds.
    pub(crate) interval: u32,
    pub(crate) refresher: Refresher,
}

/// They ask for an interval below `MIN_SE`: 422.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooSmall;

impl Terms {
    /// What we agree to when they ask (RFC 4028 section 9, table 2). `ours` is what we like best.
    pub(crate) fn asked(request: &Message<'_>, ours: u32) -> Result<Option<Self>, TooSmall> {
        let theirs = lists(request, Name::Supported, "timer") || lists(request, Name::Require, "timer");
        let least = seconds(request, Name::MinSe).map_or(MIN_SE, |(n, _)| n.clamp(MIN_SE, LONGEST));
        let Some((interval, refresher)) = seconds(request, Name::SessionExpires) else {
            // They can, and did not ask: we do the work, so that a peer that vanished is noticed.
            let interval = ours.max(least);
            return Ok((theirs && ours > 0).then_some(Self { interval, refresher: Refresher::Us }));
        };
        if interval < MIN_SE {
            return Err(TooSmall);
        }
        let refresher = match refresher {
            _ if !theirs => Refresher::Us,
            Some(r) if r.eq_ignore_ascii_case(b"uas") => Refresher::Us,
            _ => Refresher::Them,
        };
        let most = if ours > 0 { ours } else { LONGEST };
        Ok(Some(Self { interval: interval.min(most).max(least), refresher }))
    }

    /// What their 2xx to a request of ours says (RFC 4028 section 7.2).
    pub(crate) fn granted(response: &Message<'_>) -> Option<Self> {
        let (interval, refresher) = seconds(response, Name::SessionExpires)?;
        let them = refresher.is_some_and(|r| r.eq_ignore_ascii_case(b"uas"));
        let refresher = if them { Refresher::Them } else { Refresher::Us };
        Some(Self { interval: interval.clamp(MIN_SE, LONGEST), refresher })
    }

    /// The value of Session-Expires in our 2xx.
    pub(crate) fn as_server(self) -> String {
        let who = if self.refresher == Refresher::Us { "uas" } else { "uac" };
        format!("{};refresher={who}", self.interval)
    }

    /// The value of Session-Expires in a request of ours inside a dialog.
    pub(crate) fn as_client(self) -> String {
        let who = if self.refresher == Refresher::Us { "uac" } else { "uas" };
        format!("{};refresher={who}", self.interval)
    }
}

/// The smallest interval that a 422 names.
pub(crate) fn least(response: &Message<'_>) -> Option<u32> {
    seconds(response, Name::MinSe).map(|(n, _)| n).filter(|n| *n <= LONGEST)
}

/// `1800;refresher=uac`.
fn seconds<'m>(message: &'m Message<'_>, name: Name) -> Option<(u32, Option<&'m [u8]>)> {
    let value = message.first(name)?;
    let end = value.iter().position(|b| *b == b';').unwrap_or(value.len());
    let n = grammar::number(value[..end].trim_ascii())?;
    Some((u32::try_from(n).unwrap_or(u32::MAX), grammar::param(&value[end..], "refresher").flatten()))
}

/// The clock of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timer {
    pub(crate) terms: Terms,
    /// When the sign of life is to be given, or the session given up.
    pub(crate) due: Time,
    /// When it is given up.
    ends: Time,
}

impl Timer {
    /// A sign of life was given now.
    pub(crate) fn begin(now: Time, terms: Terms) -> Self {
        let interval = Duration::from_secs(u64::from(terms.interval));
        let ends = now + (interval - MARGIN.min(interval / 3));
        let due = if terms.refresher == Refresher::Us { now + interval / 2 } else { ends };
        Self { terms, due, ends }
    }

    /// Whether nobody gave it in time.
    pub(crate) fn is_over(&self, now: Time) -> bool {
        self.ends <= now
    }

    /// A refresh leaves now: nothing more is due before the end.
    pub(crate) fn tried(&mut self) {
        self.due = self.ends;
    }

    /// The refresh was refused for a reason that may pass: once more, half way to the end.
    pub(crate) fn again(&mut self, now: Time) {
        self.due = now + (self.ends.since(now) / 2).max(Duration::from_secs(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &str) -> Result<Option<Terms>, TooSmall> {
        let text = format!("INVITE sip:a SIP/2.0\r\n{headers}\r\n");
        Terms::asked(&Message::split(text.as_bytes()).expect("splits"), 1800)
    }

    const fn terms(interval: u32, refresher: Refresher) -> Result<Option<Terms>, TooSmall> {
        Ok(Some(Terms { interval, refresher }))
    }

    #[test]
    fn terms_follow_the_table_of_rfc_4028() {
        assert_eq!(asked(""), Ok(None));
        assert_eq!(asked("k: timer\r\n"), terms(1800, Refresher::Us));
        assert_eq!(asked("k: timer\r\nx: 90\r\n"), terms(90, Refresher::Them));
        assert_eq!(asked("k: timer\r\nx: 90;refresher=uas\r\n"), terms(90, Refresher::Us));
        assert_eq!(
            asked("Supported: timer\r\nSession-Expires: 7200;refresher=uac\r\n"),
            terms(1800, Refresher::Them)
        );
        assert_eq!(asked("k: timer\r\nx: 200\r\nMin-SE: 600\r\n"), terms(600, Refresher::Them));
        // A proxy asks for a client that cannot: ours is the work.
        assert_eq!(asked("x: 90;refresher=uac\r\n"), terms(90, Refresher::Us));
        assert_eq!(asked("k: timer\r\nx: 89\r\n"), Err(TooSmall));
        assert_eq!(
            asked("k: timer\r\nx: 99999999999999\r\nMin-SE: 99999999999\r\n"),
            terms(LONGEST, Refresher::Them)
        );
        assert_eq!(asked("k: timer\r\nx: soon\r\n"), terms(1800, Refresher::Us));
    }

    #[test]
    fn a_session_is_refreshed_at_half_time_and_given_up_before_its_end() {
        let ours = Timer::begin(Time::ZERO, Terms { interval: 1800, refresher: Refresher::Us });
        assert_eq!((ours.due, ours.ends), (Time::from_millis(900_000), Time::from_millis(1_768_000)));
        let theirs = Timer::begin(Time::ZERO, Terms { interval: 90, refresher: Refresher::Them });
        assert_eq!(theirs.due, Time::from_millis(60_000));
    }
}
