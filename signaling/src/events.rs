//! What phones may subscribe to (RFC 6665): how an extension stands, told in the words of an event package.
//!
//! Promises: a package is one file and one line in `PACKAGES`; every NOTIFY has the full state, so that one that was
//! lost is made good by the next. Leaves to others: who may subscribe and sending (`endpoint::subscribing`), when a
//! NOTIFY is due (`subscription`), what an extension does (the owner publishes it).

mod dialog;
mod message_summary;
mod presence;
pub(crate) mod subscription;

use crate::message::grammar;
use crate::message::header::Name;
use crate::message::request::Request;

/// How an extension stands, as those who watch it are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    /// The calls that it rings for, makes or has.
    pub calls: Vec<ExtensionCall>,
    /// Messages for it.
    pub mail: Mailbox,
    /// Whether its agent takes calls.
    pub availability: Availability,
}

/// A call of an extension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExtensionCall {
    /// The same as long as the call lasts; letters and digits.
    pub id: String,
    /// Who called whom.
    pub direction: CallDirection,
    /// How far it is.
    pub standing: CallStanding,
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallDirection {
    /// The extension calls.
    Initiator,
    /// It is called.
    Recipient,
}

/// How far a call is (RFC 4235 section 3.7.1); one that is over is no longer published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallStanding {
    /// Nobody rings yet.
    Trying,
    /// It rings.
    Early,
    /// It is answered.
    Confirmed,
}

/// Messages that wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// Nobody has dealt with them.
    pub fresh: u32,
    /// Somebody has begun.
    pub old: u32,
}

/// Whether an agent takes calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Availability {
    /// They are not signed in.
    #[default]
    Away,
    /// They take calls.
    Ready,
    /// They are here and take none.
    NotReady,
}

/// An event package.
#[derive(Debug)]
pub(crate) struct Package {
    /// As Event and Allow-Events have it.
    pub(crate) name: &'static str,
    /// Its documents.
    pub(crate) content: &'static str,
    /// Who may subscribe.
    pub(crate) watchers: Watchers,
    /// Whether a change is one of this package.
    pub(crate) differs: fn(&Extension, &Extension) -> bool,
    /// The document.
    pub(crate) render: fn(&Telling<'_>) -> String,
}

/// Who may subscribe to an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watchers {
    /// Every account of the house.
    House,
    /// Only the account itself, and trusted peers.
    Oneself,
}

/// What a document is made of.
#[derive(Debug)]
pub(crate) struct Telling<'a> {
    /// Whose state it is: the URI that was subscribed to.
    pub(crate) entity: &'a str,
    /// Counts the documents of one subscription.
    pub(crate) version: u32,
    /// What was told before.
    pub(crate) before: &'a Extension,
    /// What is so now.
    pub(crate) now: &'a Extension,
}

/// All of them; one file each.
pub(crate) const PACKAGES: &[&Package] = &[&dialog::PACKAGE, &message_summary::PACKAGE, &presence::PACKAGE];

/// The value of Allow-Events.
pub(crate) fn allowed() -> String {
    PACKAGES.iter().map(|package| package.name).collect::<Vec<_>>().join(", ")
}

/// The package that a request names, with the id that tells its subscription from others; `None`: none of ours.
pub(crate) fn named<'m>(request: &Request<'m>) -> Option<(&'static Package, Option<&'m [u8]>)> {
    let mut all = request.message.all(Name::Event);
    let (Some(value), None) = (all.next(), all.next()) else { return None };
    let end = value.iter().position(|b| *b == b';').unwrap_or(value.len());
    let (name, params) = value.split_at(end);
    // Names of packages are compared as they are spelled (RFC 6665 section 8.2.1).
    let package = PACKAGES.iter().find(|package| package.name.as_bytes() == name.trim_ascii())?;
    Some((package, grammar::param(params, "id").flatten()))
}

/// Text as XML takes it; what no document may hold is left out.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_sorted_and_named_once() {
        assert!(PACKAGES.is_sorted_by(|a, b| a.name < b.name));
        assert_eq!(allowed(), "dialog, message-summary, presence");
    }

    #[test]
    fn no_text_can_leave_its_place_in_a_document() {
        assert_eq!(xml("sip:\"a\"<b>&'c'\u{0}\r\n@h"), "sip:&quot;a&quot;&lt;b&gt;&amp;&apos;c&apos;@h");
    }
}
