//! Who is registered where (RFC 3261 section 10, RFC 3327), behind digest authentication.
//!
//! Promises: a stranger cannot learn which users exist; a binding ends by itself; memory is bounded.
//! Leaves to others: sending (`endpoint`).

mod bindings;
pub(crate) mod digest;
mod nonce;

use std::collections::BTreeMap;

use kernel::{Rng, Time};

use crate::guard::{Origin, Source};
use crate::io::{Account, Algorithm, Binding, Connection, Path, Setup};
use crate::message::address::Address;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::request::Request;
pub(crate) use bindings::Flow;
use bindings::{Bindings, Change};
use digest::Credentials;
use nonce::{Freshness, Nonces};

/// Registration time where the phone names none (RFC 3261 section 10.2.1.1), in seconds.
const DEFAULT_EXPIRES: u32 = 3600;

/// The registrar.
#[derive(Debug)]
pub(crate) struct Registrar {
    realm: String,
    accounts: BTreeMap<String, Account>,
    /// What strangers are offered: the same as the first account.
    algorithms: Vec<Algorithm>,
    min_expires: u32,
    max_expires: u32,
    nonces: Nonces,
    bindings: Bindings,
}

/// What becomes of a REGISTER.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, Vec<u8>)>,
    /// New and refreshed.
    pub(crate) registered: Vec<Binding>,
    /// The user, when the last binding went.
    pub(crate) unregistered: Option<String>,
    pub(crate) conduct: Conduct,
}

/// What a request with or without a proof says of its sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Conduct {
    /// Nothing: the proof is right, and its nonce used up.
    #[default]
    Nothing,
    /// It proved an account.
    Proved(Origin),
    /// It proved nothing yet.
    Asked,
    /// Its proof is wrong.
    Wrong(Origin),
}

/// Whether a request proves who sent it.
enum Proof {
    Good(Origin),
    /// Nothing: a new challenge.
    Missing,
    /// Nothing right: a new challenge.
    Wrong(Origin),
    /// Right, but with a nonce that is used up: a new challenge that says so.
    Stale,
}

impl Proof {
    /// What a challenge says besides; `None`: there is nothing to challenge.
    fn stale(&self) -> Option<&'static str> {
        match self {
            Self::Good(_) => None,
            Self::Missing | Self::Wrong(_) => Some(""),
            Self::Stale => Some(", stale=true"),
        }
    }

    fn conduct(&self) -> Conduct {
        match self {
            Self::Good(origin) => Conduct::Proved(*origin),
            Self::Missing => Conduct::Asked,
            Self::Wrong(origin) => Conduct::Wrong(*origin),
            Self::Stale => Conduct::Nothing,
        }
    }
}

impl Registrar {
    /// Nobody is registered.
    pub(crate) fn new(setup: &Setup) -> Self {
        let mut registrar = Self {
            realm: String::new(),
            accounts: BTreeMap::new(),
            algorithms: Vec::new(),
            min_expires: 0,
            max_expires: 0,
            nonces: Nonces::default(),
            bindings: Bindings::default(),
        };
        let _nobody = registrar.configured(setup);
        registrar
    }

    /// Takes new settings; returns users who lost their registration with their account.
    pub(crate) fn configured(&mut self, setup: &Setup) -> Vec<String> {
        self.realm.clone_from(&setup.realm);
        self.min_expires = setup.min_expires;
        self.max_expires = setup.max_expires.max(1);
        self.algorithms = setup
            .accounts
            .first()
            .map_or_else(|| vec![Algorithm::Sha256, Algorithm::Md5], |a| a.algorithms.clone());
        self.accounts = setup.accounts.iter().map(|a| (a.user.clone(), a.clone())).collect();
        let accounts = &self.accounts;
        self.bindings.retain(|user| accounts.contains_key(user))
    }

    /// Serves one REGISTER.
    pub(crate) fn register(
        &mut self,
        now: Time,
        rng: &mut Rng,
        request: &Request<'_>,
        path: Path,
    ) -> Outcome {
        let user = request.to.parsed().map(|uri| uri.user_shown()).unwrap_or_default();
        let proof = self.prove(now, rng, request, path, (&user, b"REGISTER"));
        let conduct = proof.conduct();
        let outcome = match proof.stale() {
            None => self.change(now, request, path, &user),
            Some(stale) => self.challenge(now, rng, path, &user, stale),
        };
        Outcome { conduct, ..outcome }
    }

    /// Whether another request proves the account of `user`; else how to challenge it.
    pub(crate) fn admit(
        &mut self,
        now: Time,
        rng: &mut Rng,
        request: &Request<'_>,
        path: Path,
        (user, method): (&str, &[u8]),
    ) -> Result<Conduct, Outcome> {
        let proof = self.prove(now, rng, request, path, (user, method));
        let conduct = proof.conduct();
        let Some(stale) = proof.stale() else { return Ok(conduct) };
        Err(Outcome { conduct, ..self.challenge(now, rng, path, user, stale) })
    }

    fn prove(
        &mut self,
        now: Time,
        rng: &mut Rng,
        request: &Request<'_>,
        path: Path,
        (user, method): (&str, &[u8]),
    ) -> Proof {
        let mut all = request.message.all(Name::Authorization).filter_map(Credentials::read);
        let Some(given) = all.find(|c| c.realm == self.realm.as_bytes()) else { return Proof::Missing };
        let account = self.accounts.get(user);
        // The work is the same for a user that nobody has.
        let nobody = Account {
            user: user.to_owned(),
            password: String::from("\u{0}").into(),
            algorithms: self.algorithms.clone(),
        };
        let right =
            given.matches(account.unwrap_or(&nobody), method, request.message.body) && account.is_some();
        let fresh = self.nonces.check(now, rng, &given.nonce, given.count, right);
        let here = path.transport.is_stream()
            || self.nonces.was_given_to(rng, &given.nonce, Source::of(path.remote.ip()));
        let origin = if here { Origin::Proven } else { Origin::Claimed };
        match (right, fresh) {
            (true, Freshness::Fresh) => Proof::Good(origin),
            (true, Freshness::Used | Freshness::Old) => Proof::Stale,
            (true, Freshness::Forged) | (false, _) => Proof::Wrong(origin),
        }
    }

    fn challenge(&mut self, now: Time, rng: &mut Rng, path: Path, user: &str, stale: &str) -> Outcome {
        let source = Source::of(path.remote.ip());
        let algorithms = self.accounts.get(user).map_or(&self.algorithms, |a| &a.algorithms);
        let nonces = &mut self.nonces;
        let realm = self.realm.replace(['"', '\\'], "");
        let headers = algorithms.iter().map(|algorithm| {
            let nonce = nonces.issue(now, rng, source);
            let name = digest::name(*algorithm);
            let value =
                format!("Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm={name}, qop=\"auth\"{stale}");
            ("WWW-Authenticate", value.into_bytes())
        });
        Outcome { status: 401, headers: headers.collect(), ..Outcome::default() }
    }

    /// Does what a proven REGISTER asks (RFC 3261 section 10.3, steps 6 to 8).
    fn change(&mut self, now: Time, request: &Request<'_>, path: Path, user: &str) -> Outcome {
        let change = match self.read_change(request, path) {
            Ok(change) => change,
            Err(423) => {
                let headers = vec![("Min-Expires", self.min_expires.to_string().into_bytes())];
                return Outcome { status: 423, headers, ..Outcome::default() };
            }
            Err(status) => return Outcome { status, ..Outcome::default() },
        };
        let was_registered = self.bindings.is_registered(user);
        let Some(registered) = self.bindings.change(now, user, change) else {
            return Outcome {
                status: 500,
                headers: vec![("Retry-After", b"5".to_vec())],
                ..Outcome::default()
            };
        };
        let mut headers: Vec<_> = self.bindings.contacts(now, user).map(|c| ("Contact", c)).collect();
        headers.extend(request.message.all(Name::Path).map(|p| ("Path", p.to_vec())));
        headers.push(("Supported", b"path".to_vec()));
        let gone = was_registered && !self.bindings.is_registered(user);
        let unregistered = gone.then(|| user.to_owned());
        Outcome { status: 200, headers, registered, unregistered, ..Outcome::default() }
    }

    fn read_change(&self, request: &Request<'_>, path: Path) -> Result<Change, u16> {
        let message = request.message;
        let default = message.first(Name::Expires).map(lenient_seconds);
        let contacts: Vec<&[u8]> = message.list(Name::Contact).collect();
        if contacts.contains(&&b"*"[..]) {
            return if contacts.len() == 1 && default == Some(0) {
                Ok(Change::all(request))
            } else {
                Err(400)
            };
        }
        let mut change = Change::none(request, path);
        for element in contacts {
            let contact = Address::parse(element).ok_or(400u16)?;
            let asked = contact.param("expires").map(lenient_seconds).or(default).unwrap_or(DEFAULT_EXPIRES);
            if asked > 0 && asked < self.min_expires {
                return Err(423);
            }
            change.add(&contact, asked.min(self.max_expires));
        }
        Ok(change)
    }

    /// Whether anybody has this account.
    pub(crate) fn has_account(&self, user: &str) -> bool {
        self.accounts.contains_key(user)
    }

    /// Bindings of a user, for the owner.
    pub(crate) fn bindings(&self, user: &str) -> Vec<Binding> {
        self.bindings.of(user)
    }

    /// Where the phones of a user are.
    pub(crate) fn flows(&self, user: &str) -> impl Iterator<Item = Flow<'_>> {
        self.bindings.flows(user)
    }

    /// Whether a user has any.
    pub(crate) fn is_registered(&self, user: &str) -> bool {
        self.bindings.is_registered(user)
    }

    /// When the next binding expires.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        self.bindings.next_timeout()
    }

    /// Ends what has expired; returns users who have no binding left.
    pub(crate) fn elapsed(&mut self, now: Time) -> Vec<String> {
        self.bindings.elapsed(now)
    }

    /// Ends the bindings behind a stream; returns users who have none left.
    pub(crate) fn flow_lost(&mut self, connection: Connection) -> Vec<String> {
        self.bindings.flow_lost(connection)
    }
}

/// Seconds; what is no number or too large counts as the default (RFC 3261 section 20.19).
fn lenient_seconds(text: &[u8]) -> u32 {
    grammar::number(text).and_then(|n| u32::try_from(n).ok()).unwrap_or(DEFAULT_EXPIRES)
}
