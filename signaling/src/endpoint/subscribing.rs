//! SUBSCRIBE and NOTIFY, as the notifier (RFC 6665): whoever may watch an extension is told how it stands.
//!
//! Promises: only accounts that prove themselves and trusted peers subscribe, each so many times; every subscription
//! is told its state at once, every change, and its end; one whose phone is gone ends. Leaves to others: when a NOTIFY
//! is due and what it says (`events`), what extensions do (the owner, by `Command::Publish`).

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::time::Duration;

use kernel::Time;

use super::agenda::Due;
use super::incoming::callee_session;
use super::transactions::{Departure, For};
use super::{Endpoint, Turn, sending};
use crate::dialog::session::{self, Ours, Session};
use crate::events::subscription::{Event, Step, Subscription};
use crate::events::{self, Extension, Package, Telling, Watchers};
use crate::io::Path;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::reply::{HEAD_BYTES, ReplyHead};
use crate::message::request::Request;
use crate::registrar::Outcome;

/// Subscriptions of one account, or of one trusted address: a panel of lamps has some hundred.
const PER_WATCHER: usize = 256;
/// Subscriptions of all.
const ALL: usize = 50_000;
/// How long a subscription lasts where none is asked for (RFC 4235 section 3.4), in seconds.
const DEFAULT_EXPIRES: u32 = 3600;

/// A phone that watches an extension.
#[derive(Debug)]
struct Watch {
    session: Session,
    package: &'static Package,
    /// Tells it from others of the same package (`Event: dialog;id=7`).
    id: Option<Vec<u8>>,
    /// Whose subscription it is, for counting.
    watcher: String,
    extension: String,
    /// The URI that was subscribed to.
    entity: String,
    machine: Subscription,
    /// Number of the next document.
    version: u32,
    /// What was told last.
    told: Extension,
    at: Option<Time>,
}

/// Everything that is watched, and by whom.
#[derive(Debug, Default)]
pub(super) struct Watches {
    extensions: BTreeMap<String, Extension>,
    all: BTreeMap<u64, Watch>,
    by_extension: BTreeMap<String, BTreeSet<u64>>,
    by_watcher: BTreeMap<String, BTreeSet<u64>>,
}

impl Watches {
    /// Whether nobody watches.
    pub(super) fn is_quiet(&self) -> bool {
        self.all.is_empty()
    }

    fn add(&mut self, number: u64, watch: Watch) {
        self.by_extension.entry(watch.extension.clone()).or_default().insert(number);
        self.by_watcher.entry(watch.watcher.clone()).or_default().insert(number);
        self.all.insert(number, watch);
    }

    fn remove(&mut self, number: u64) -> Option<Watch> {
        let watch = self.all.remove(&number)?;
        for (index, key) in
            [(&mut self.by_extension, &watch.extension), (&mut self.by_watcher, &watch.watcher)]
        {
            if let Some(numbers) = index.get_mut(key) {
                numbers.remove(&number);
                if numbers.is_empty() {
                    index.remove(key);
                }
            }
        }
        Some(watch)
    }

    fn is_full(&self, watcher: &str) -> bool {
        self.all.len() >= ALL || self.by_watcher.get(watcher).is_some_and(|all| all.len() >= PER_WATCHER)
    }

    fn of(&self, extension: &str) -> Vec<u64> {
        self.by_extension.get(extension).into_iter().flatten().copied().collect()
    }
}

impl Endpoint {
    /// SUBSCRIBE outside of a dialog.
    pub(super) fn subscribed(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        if self.draining {
            return self.refuse_load(turn, path, request);
        }
        let Some((package, id)) = events::named(request) else {
            return self.refuse_event(turn, path, request);
        };
        if !accepts(request, package) {
            return self.refuse_with(turn, path, request, 406);
        }
        let Some(watcher) = self.watcher(turn, path, request) else { return };
        let extension = request.uri.user_shown();
        // Only who may ask learns which extensions there are.
        if !self.registrar.has_account(&extension) {
            return self.refuse_with(turn, path, request, 404);
        }
        let oneself = watcher == extension || !self.registrar.has_account(&watcher);
        if package.watchers == Watchers::Oneself && !oneself {
            return self.refuse_with(turn, path, request, 403);
        }
        let Some(expires) = self.interval(turn, path, request) else { return };
        if self.watches.is_full(&watcher) {
            return self.refuse_load(turn, path, request);
        }
        let Some(target) = session::contact(request.message) else {
            return self.refuse_with(turn, path, request, 400);
        };
        let number = self.fresh();
        let tag = sending::tag(number, turn.rng);
        let Some(reply) = ReplyHead::of(request.message, path, &tag) else { return };
        if reply.size() > HEAD_BYTES {
            return self.refuse_with(turn, path, request, 513);
        }
        let watch = Watch {
            session: callee_session(request, path, tag, target),
            package,
            id: id.map(<[u8]>::to_vec),
            watcher,
            extension,
            entity: entity(request),
            machine: Subscription::new(turn.now),
            version: 0,
            told: Extension::default(),
            at: None,
        };
        self.watches.add(number, watch);
        self.grant(turn, path, request, &reply, expires);
        self.watch_event(turn, number, Event::Subscribed { until: turn.now + expires });
    }

    /// SUBSCRIBE inside a dialog: a refresh, or the end (RFC 6665 section 4.2.1.3).
    pub(super) fn resubscribed(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        let Some((package, id)) = events::named(request) else {
            return self.refuse_event(turn, path, request);
        };
        let Some(number) = self.watch_of(request, package, id) else {
            return self.refuse_with(turn, path, request, 481);
        };
        if self.watches.all.get(&number).is_some_and(|watch| request.cseq < watch.session.remote_seq) {
            return self.refuse_order(turn, path, request);
        }
        let Some(watcher) = self.watcher(turn, path, request) else { return };
        if self.watches.all.get(&number).is_none_or(|watch| watch.watcher != watcher) {
            return self.refuse_with(turn, path, request, 403);
        }
        let Some(expires) = self.interval(turn, path, request) else { return };
        let Some(reply) = ReplyHead::of(request.message, path, "") else { return };
        if let Some(watch) = self.watches.all.get_mut(&number) {
            watch.session.remote_seq = request.cseq;
            watch.session.path = path;
            watch.session.retarget(request.message);
        }
        self.grant(turn, path, request, &reply, expires);
        self.watch_event(turn, number, Event::Subscribed { until: turn.now + expires });
    }

    /// 200 with how long it lasts.
    fn grant(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        request: &Request<'_>,
        reply: &ReplyHead,
        expires: Duration,
    ) {
        let mut draft = reply.dialog_draft(200, &self.setup.product, &Self::contact(&path));
        draft.header("Expires", expires.as_secs().to_string());
        self.answer(turn, request, reply, draft.end());
    }

    /// Who subscribes: an account that proves itself, or a trusted address. `None`: it was refused already.
    fn watcher(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) -> Option<String> {
        let source = path.remote.ip();
        if self.setup.trusted.iter().any(|network| network.contains(source)) {
            return Some(format!("@{source}"));
        }
        let user = request.from.parsed().map(|uri| uri.user_shown()).unwrap_or_default();
        match self.registrar.admit(turn.now, turn.rng, request, path, (&user, b"SUBSCRIBE")) {
            Ok(conduct) => {
                self.behaved(turn, path, conduct);
                Some(user)
            }
            Err(Outcome { headers, conduct, .. }) => {
                self.behaved(turn, path, conduct);
                self.refuse_saying(turn, path, request, 401, |draft| {
                    headers.iter().for_each(|(name, value)| draft.header(name, value));
                });
                None
            }
        }
    }

    /// How long it is to last; 423 when that is too brief (RFC 6665 section 4.2.1.1). `None`: it was refused already.
    fn interval(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) -> Option<Duration> {
        let asked = request.message.first(Name::Expires).and_then(grammar::number);
        let asked = asked.map_or(DEFAULT_EXPIRES, |n| u32::try_from(n).unwrap_or(u32::MAX));
        let (least, most) = (self.setup.min_expires, self.setup.max_expires);
        if asked > 0 && asked < least {
            self.refuse_saying(turn, path, request, 423, |draft| {
                draft.header("Min-Expires", least.to_string());
            });
            return None;
        }
        Some(Duration::from_secs(asked.min(most).into()))
    }

    /// 489 with what would be right.
    fn refuse_event(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        self.refuse_saying(turn, path, request, 489, |draft| {
            draft.header("Allow-Events", events::allowed());
        });
    }

    /// The subscription that a request names.
    fn watch_of(&self, request: &Request<'_>, package: &Package, id: Option<&[u8]>) -> Option<u64> {
        let tag = request.to.tag()?;
        let number = sending::number_in_tag(tag)?;
        let watch = self.watches.all.get(&number)?;
        let session = &watch.session;
        let same = session.local_tag == tag
            && session.call_id == request.call_id
            && session.remote_tag == request.from.tag().unwrap_or_default()
            && watch.package.name == package.name
            && watch.id.as_deref() == id;
        same.then_some(number)
    }

    /// The owner says how an extension stands.
    pub(super) fn publish(&mut self, turn: &mut Turn<'_>, user: String, now: Extension) {
        if !self.registrar.has_account(&user) {
            return;
        }
        let numbers = self.watches.of(&user);
        let before = self.watches.extensions.insert(user, now.clone()).unwrap_or_default();
        for number in numbers {
            let Some(watch) = self.watches.all.get(&number) else { continue };
            if (watch.package.differs)(&before, &now) {
                self.watch_event(turn, number, Event::Changed);
            }
        }
    }

    /// Accounts changed: who is gone is watched no more, and watches no more.
    pub(super) fn watches_configured(&mut self, turn: &mut Turn<'_>) {
        let Self { watches, registrar, .. } = self;
        watches.extensions.retain(|user, _| registrar.has_account(user));
        let gone = |watch: &Watch| {
            !registrar.has_account(&watch.extension)
                || !watch.watcher.starts_with('@') && !registrar.has_account(&watch.watcher)
        };
        let gone: Vec<u64> =
            watches.all.iter().filter(|(_, watch)| gone(watch)).map(|(number, _)| *number).collect();
        for number in gone {
            self.watch_event(turn, number, Event::Gone);
        }
    }

    /// Time for a subscription.
    pub(super) fn watch_elapsed(&mut self, turn: &mut Turn<'_>, number: u64) {
        if let Some(watch) = self.watches.all.get_mut(&number) {
            watch.at = None;
        }
        self.watch_event(turn, number, Event::Elapsed);
    }

    /// A NOTIFY was answered, or nobody did.
    pub(super) fn notify_answered(&mut self, turn: &mut Turn<'_>, number: u64, status: Option<u16>) {
        self.watch_event(turn, number, Event::Answered(status));
    }

    fn watch_event(&mut self, turn: &mut Turn<'_>, number: u64, event: Event) {
        let Some(watch) = self.watches.all.get_mut(&number) else { return };
        let step = watch.machine.handle(turn.now, event);
        match step {
            Step::Rest => {}
            Step::Tell(left) => {
                let state = format!("active;expires={}", left.as_secs());
                self.notify(turn, number, &state, For::Watch(number));
            }
            Step::Last(reason) => {
                // Nobody waits for the answer to the last word.
                self.notify(turn, number, &format!("terminated;reason={reason}"), For::Nobody);
                return self.forget_watch(number);
            }
            Step::Over => return self.forget_watch(number),
        }
        if let Some(watch) = self.watches.all.get_mut(&number) {
            let at = watch.machine.next_timeout();
            self.agenda.set(Due::Watch(number), &mut watch.at, at);
        }
    }

    fn forget_watch(&mut self, number: u64) {
        if let Some(watch) = self.watches.remove(number) {
            self.agenda.clear(Due::Watch(number), watch.at);
        }
    }

    fn notify(&mut self, turn: &mut Turn<'_>, number: u64, state: &str, whom: For) {
        let transaction = self.fresh();
        let branch = sending::branch(transaction, turn.rng);
        let Watches { all, extensions, .. } = &mut self.watches;
        let Some(watch) = all.get_mut(&number) else { return };
        let now = extensions.get(&watch.extension).cloned().unwrap_or_default();
        let before = mem::replace(&mut watch.told, now);
        let telling =
            Telling { entity: &watch.entity, version: watch.version, before: &before, now: &watch.told };
        let document = (watch.package.render)(&telling);
        watch.version = watch.version.wrapping_add(1);
        let cseq = watch.session.next_seq();
        let Some(watch) = self.watches.all.get(&number) else { return };
        let path = self.destination(&watch.session);
        let via = Self::via(&path, &branch);
        let mut draft = watch.session.draft("NOTIFY", cseq, Ours { via: &via, product: &self.setup.product });
        draft.header("Contact", Self::contact(&path));
        let event = [watch.package.name.as_bytes(), b";id="].concat();
        match &watch.id {
            Some(id) => draft.header("Event", [&*event, id].concat()),
            None => draft.header("Event", watch.package.name),
        }
        draft.header("Subscription-State", state);
        let request = draft.body(watch.package.content, document.as_bytes());
        self.begin_client_for(turn, Departure { number: transaction, branch, path }, request, whom);
    }
}

/// Whether the phone takes the documents of a package; without Accept it does (RFC 6665 section 3.1.3).
fn accepts(request: &Request<'_>, package: &Package) -> bool {
    let mut wanted = request.message.list(Name::Accept).peekable();
    if wanted.peek().is_none() {
        return true;
    }
    wanted.any(|range| {
        let kind = range.split(|b| *b == b';').next().unwrap_or(range).trim_ascii();
        [package.content, "*/*", "application/*"]
            .iter()
            .any(|good| kind.eq_ignore_ascii_case(good.as_bytes()))
    })
}

/// The URI that is subscribed to, without parameters.
fn entity(request: &Request<'_>) -> String {
    let end =
        request.uri_text.iter().position(|b| matches!(b, b';' | b'?')).unwrap_or(request.uri_text.len());
    grammar::shown(request.uri_text.get(..end).unwrap_or_default())
}
