//! The bindings themselves: contacts by user, each with its path and its end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::Time;

use crate::io::{Binding, Connection, Path};
use crate::message::address::Address;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::request::Request;
use crate::message::uri::Uri;

/// Phones of one user at a time; the one that was registered longest ago makes room.
const PER_USER: usize = 16;

/// All bindings.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    by_user: BTreeMap<String, Vec<Bound>>,
    expiries: BTreeSet<(Time, String)>,
    by_stream: BTreeMap<Connection, BTreeSet<String>>,
}

/// One phone.
#[derive(Clone, Debug)]
struct Bound {
    contact: Vec<u8>,
    /// `+sip.instance`, by which a phone is the same behind a new address (RFC 5626).
    instance: Option<Vec<u8>>,
    routes: Vec<Vec<u8>>,
    path: Path,
    until: Time,
    call_id: Vec<u8>,
    cseq: u32,
}

/// Where a phone is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow<'a> {
    pub(crate) contact: &'a [u8],
    /// Path headers of its REGISTER (RFC 3327).
    pub(crate) routes: &'a [Vec<u8>],
    pub(crate) path: Path,
}

/// What one REGISTER asks.
#[derive(Debug)]
pub(super) struct Change {
    call_id: Vec<u8>,
    cseq: u32,
    what: What,
}

#[derive(Debug)]
enum What {
    /// `Contact: *`.
    RemoveAll,
    /// These, each for so many seconds; 0 removes.
    Set { contacts: Vec<(Vec<u8>, Option<Vec<u8>>, u32)>, routes: Vec<Vec<u8>>, path: Path },
}

impl Change {
    /// Removes every binding.
    pub(super) fn all(request: &Request<'_>) -> Self {
        Self { call_id: request.call_id.to_vec(), cseq: request.cseq, what: What::RemoveAll }
    }

    /// Changes nothing yet.
    pub(super) fn none(request: &Request<'_>, path: Path) -> Self {
        let routes = request
            .message
            .list(Name::Path)
            .filter(|r| Address::parse(r).is_some())
            .map(<[u8]>::to_vec)
            .collect();
        Self {
            call_id: request.call_id.to_vec(),
            cseq: request.cseq,
            what: What::Set { contacts: Vec::new(), routes, path },
        }
    }

    /// Adds a contact.
    pub(super) fn add(&mut self, contact: &Address<'_>, seconds: u32) {
        if let What::Set { contacts, .. } = &mut self.what {
            contacts.push((
                contact.uri.to_vec(),
                contact.param("+sip.instance").map(<[u8]>::to_vec),
                seconds,
            ));
        }
    }
}

impl Bindings {
    /// Does it, all or nothing. `None` when it is older than what is known (RFC 3261 section 10.3 step 7).
    pub(super) fn change(&mut self, now: Time, user: &str, change: Change) -> Option<Vec<Binding>> {
        let mut bound = self.by_user.get(user).cloned().unwrap_or_default();
        let outdated = |b: &Bound| b.call_id == change.call_id && b.cseq >= change.cseq;
        let mut registered = Vec::new();
        match change.what {
            What::RemoveAll => {
                if bound.iter().any(outdated) {
                    return None;
                }
                bound.clear();
            }
            What::Set { contacts, routes, path } => {
                for (contact, instance, seconds) in contacts {
                    if let Some(old) = bound.iter().position(|b| b.is(&contact, instance.as_deref())) {
                        if outdated(&bound[old]) {
                            return None;
                        }
                        bound.remove(old);
                    }
                    if seconds == 0 {
                        continue;
                    }
                    if bound.len() >= PER_USER {
                        bound.remove(0);
                    }
                    registered.push(Binding {
                        user: user.to_owned(),
                        contact: grammar::shown(&contact),
                        path,
                    });
                    let until = now + Duration::from_secs(seconds.into());
                    let (call_id, cseq, routes) = (change.call_id.clone(), change.cseq, routes.clone());
                    bound.push(Bound { contact, instance, routes, path, until, call_id, cseq });
                }
            }
        }
        self.put(user, bound);
        Some(registered)
    }

    /// Replaces the bindings of a user, indexes included.
    fn put(&mut self, user: &str, bound: Vec<Bound>) {
        for old in self.by_user.remove(user).unwrap_or_default() {
            self.expiries.remove(&(old.until, user.to_owned()));
            if let Some(connection) = old.path.connection
                && let Some(users) = self.by_stream.get_mut(&connection)
            {
                users.remove(user);
                if users.is_empty() {
                    self.by_stream.remove(&connection);
                }
            }
        }
        for new in &bound {
            self.expiries.insert((new.until, user.to_owned()));
            if let Some(connection) = new.path.connection {
                self.by_stream.entry(connection).or_default().insert(user.to_owned());
            }
        }
        if !bound.is_empty() {
            self.by_user.insert(user.to_owned(), bound);
        }
    }

    /// Keeps some bindings of a user; tells whether the user lost the last.
    fn keep(&mut self, user: &str, keep: impl FnMut(&Bound) -> bool) -> bool {
        let Some(bound) = self.by_user.get(user) else { return false };
        let mut bound = bound.clone();
        bound.retain(keep);
        let gone = bound.is_empty();
        self.put(user, bound);
        gone
    }

    /// Ends what has expired; returns users who have none left.
    pub(super) fn elapsed(&mut self, now: Time) -> Vec<String> {
        let mut gone = Vec::new();
        while let Some((_, user)) = self.expiries.first().filter(|(at, _)| *at <= now).cloned() {
            if self.keep(&user, |b| b.until > now) {
                gone.push(user);
            }
        }
        gone
    }

    /// Ends what came by a stream; returns users who have none left.
    pub(super) fn flow_lost(&mut self, connection: Connection) -> Vec<String> {
        let users = self.by_stream.get(&connection).cloned().unwrap_or_default();
        users.into_iter().filter(|user| self.keep(user, |b| b.path.connection != Some(connection))).collect()
    }

    /// Keeps some users; returns those who lost their bindings.
    pub(super) fn retain(&mut self, keep: impl Fn(&str) -> bool) -> Vec<String> {
        let gone: Vec<String> = self.by_user.keys().filter(|user| !keep(user)).cloned().collect();
        for user in &gone {
            self.put(user, Vec::new());
        }
        gone
    }

    /// The Contact values of a 200.
    pub(super) fn contacts(&self, now: Time, user: &str) -> impl Iterator<Item = Vec<u8>> {
        self.by_user.get(user).into_iter().flatten().map(move |bound| {
            let left = bound.until.since(now).as_secs();
            let mut value = [b"<", &*bound.contact, b">"].concat();
            if let Some(instance) = &bound.instance {
                value.extend_from_slice(b";+sip.instance=");
                value.extend_from_slice(instance);
            }
            value.extend_from_slice(format!(";expires={left}").as_bytes());
            value
        })
    }

    /// The bindings of a user.
    pub(super) fn of(&self, user: &str) -> Vec<Binding> {
        let bound = self.by_user.get(user).into_iter().flatten();
        bound
            .map(|b| Binding { user: user.to_owned(), contact: grammar::shown(&b.contact), path: b.path })
            .collect()
    }

    /// Where the phones of a user are.
    pub(super) fn flows(&self, user: &str) -> impl Iterator<Item = Flow<'_>> {
        let bound = self.by_user.get(user).into_iter().flatten();
        bound.map(|b| Flow { contact: &b.contact, routes: &b.routes, path: b.path })
    }

    /// Whether a user has any.
    pub(super) fn is_registered(&self, user: &str) -> bool {
        self.by_user.contains_key(user)
    }

    /// When the next one expires.
    pub(super) fn next_timeout(&self) -> Option<Time> {
        self.expiries.first().map(|(at, _)| *at)
    }
}

impl Bound {
    /// Whether it is the phone that registers again.
    fn is(&self, contact: &[u8], instance: Option<&[u8]>) -> bool {
        if let (Some(mine), Some(given)) = (self.instance.as_deref(), instance) {
            return mine == given;
        }
        match (Uri::parse(&self.contact), Uri::parse(contact)) {
            (Some(mine), Some(given)) => mine.same_contact(&given),
            _ => self.contact == contact,
        }
    }
}
