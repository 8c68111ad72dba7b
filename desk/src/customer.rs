//! A customer as staff know them: tier, tags, fields of the company's own, consent; how they are edited, merged and split.
//!
//! Promises: pure; who edits or merges must have seen the newest state (`revision`); a merge followed by its split is as if it had
//! not been, except for what happened in between. Leaves to others: which conversations, tickets and addresses go along (`store`),
//! whether a tier or a field exists (`api` asks the configuration and [`fields`]).

pub mod fields;
mod merging;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{WallMillis, address};

pub use merging::{merged, split};

/// Most tags, addresses and fields of one customer: what a page can show.
pub const TAGS: usize = 50;
/// See [`TAGS`].
pub const ADDRESSES: usize = 50;

/// What a customer may allow or refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentTo {
    /// That calls are recorded.
    Recording,
    /// That what they say is written down.
    Transcription,
    /// That we contact them unasked.
    Marketing,
}

/// What they said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Yes.
    Given,
    /// No.
    Refused,
    /// Nothing, or they took back what they had said.
    Unknown,
}

impl ConsentTo {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Recording, Self::Transcription, Self::Marketing];
}

impl ConsentState {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Given, Self::Refused, Self::Unknown];
}

/// A customer's word, and how we know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What they said.
    pub state: ConsentState,
    /// When that was written down.
    pub at: WallMillis,
    /// By whom.
    pub by: String,
    /// How they said it: on the phone, a signed form.
    pub how: String,
}

/// What staff know of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What they are called.
    pub name: String,
    /// Their tier, as the configuration names it.
    pub tier: Option<String>,
    /// Words that staff find them by.
    pub tags: BTreeSet<String>,
    /// Fields of the company's own.
    pub fields: BTreeMap<String, String>,
    /// What else to know.
    pub note: String,
    /// What they allow.
    pub consent: BTreeMap<ConsentTo, Consent>,
}

/// A customer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Number in the store.
    pub id: i64,
    /// What staff know.
    pub profile: Profile,
    /// Addresses they are known by, in their one spelling.
    pub addresses: BTreeSet<String>,
    /// Grows with every change: who changes says which one they saw.
    pub revision: i64,
    /// First seen.
    pub created_at: WallMillis,
    /// The customer they live on in.
    pub merged_into: Option<i64>,
}

/// A customer's word as it is written down; when and by whom comes with the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentEdit {
    /// What they said.
    pub state: ConsentState,
    /// How they said it.
    #[serde(default)]
    pub how: String,
}

/// What to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerEdit {
    /// What they are called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their tier; empty takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// All their tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeSet<String>>,
    /// These fields; an empty value takes one away.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// What else to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What they allow.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub consent: BTreeMap<ConsentTo, ConsentEdit>,
    /// Addresses that are theirs from now on.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub add: BTreeSet<String>,
    /// Addresses that are no longer theirs.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub remove: BTreeSet<String>,
}

impl CustomerEdit {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a customer was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomerRefusal {
    /// Somebody changed them meanwhile.
    #[error("customer {customer} was changed meanwhile; they are at revision {revision}")]
    Stale {
        /// Who.
        customer: i64,
        /// Where they are.
        revision: i64,
    },
    /// They live on in another one.
    #[error("customer {customer} was merged into customer {into}")]
    Merged {
        /// Who.
        customer: i64,
        /// The other.
        into: i64,
    },
    /// A customer and themselves.
    #[error("a customer cannot be merged with themselves")]
    Itself,
    /// An address belongs to one customer.
    #[error("this address belongs to customer {owner}; merge the two, or take it from them first")]
    AddressTaken {
        /// Whose it is.
        owner: i64,
    },
    /// It names nobody.
    #[error("not an address; expected a number, an e-mail address or `kind:…`")]
    BadAddress,
    /// More than a customer has.
    #[error("a customer has at most {most} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        most: usize,
    },
}

impl Customer {
    /// Whether somebody who saw `revision` may change them.
    ///
    /// # Errors
    /// `Merged` and `Stale`.
    pub fn seen_at(&self, revision: i64) -> Result<(), CustomerRefusal> {
        if let Some(into) = self.merged_into {
            return Err(CustomerRefusal::Merged { customer: self.id, into });
        }
        if revision != self.revision {
            return Err(CustomerRefusal::Stale { customer: self.id, revision: self.revision });
        }
        Ok(())
    }

    /// Changes what is named; whose the added addresses were before is the store's to say.
    ///
    /// # Errors
    /// See [`CustomerRefusal`]; nothing has changed then that would be kept.
    pub fn edit(
        &mut self,
        revision: i64,
        edit: &CustomerEdit,
        by: &str,
        at: WallMillis,
    ) -> Result<(), CustomerRefusal> {
        self.seen_at(revision)?;
        let profile = &mut self.profile;
        if let Some(name) = &edit.name {
            profile.name.clone_from(name);
        }
        if let Some(tier) = &edit.tier {
            profile.tier = Some(tier.clone()).filter(|tier| !tier.is_empty());
        }
        if let Some(tags) = &edit.tags {
            profile.tags.clone_from(tags);
        }
        for (field, value) in &edit.fields {
            match value.as_str() {
                "" => profile.fields.remove(field),
                value => profile.fields.insert(field.clone(), value.to_owned()),
            };
        }
        if let Some(note) = &edit.note {
            profile.note.clone_from(note);
        }
        for (to, ConsentEdit { state, how }) in &edit.consent {
            profile.consent.insert(*to, Consent { state: *state, at, by: by.to_owned(), how: how.clone() });
        }
        self.readdress(edit)?;
        if self.profile.tags.len() > TAGS {
            return Err(CustomerRefusal::TooMany { what: "tags", most: TAGS });
        }
        self.revision += 1;
        Ok(())
    }

    fn readdress(&mut self, edit: &CustomerEdit) -> Result<(), CustomerRefusal> {
        for one in &edit.remove {
            self.addresses.remove(&identity(one)?);
        }
        for one in &edit.add {
            self.addresses.insert(identity(one)?);
        }
        match self.addresses.len() {
            0..=ADDRESSES => Ok(()),
            _ => Err(CustomerRefusal::TooMany { what: "addresses", most: ADDRESSES }),
        }
    }

    /// Whether nobody has given them a name: they go by an address.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        let name = self.profile.name.trim();
        name.is_empty()
            || name == address::shown("")
            || self.addresses.iter().any(|one| address::placeholder_name(one) == name)
    }

    /// What of them the audit trail has.
    fn parts(&self) -> Map<String, Value> {
        let mut parts = match serde_json::to_value(&self.profile) {
            Ok(Value::Object(parts)) => parts,
            _ => Map::new(),
        };
        parts.insert("addresses".to_owned(), self.addresses.iter().cloned().collect());
        parts
    }
}

/// The spelling by which a person is found. An address as people write it: a number, a mail address, or `kind:…`.
///
/// # Errors
/// `BadAddress` when it names nobody.
pub fn identity(written: &str) -> Result<String, CustomerRefusal> {
    let written = written.trim();
    let mail = !written.contains(':') && written.contains('@');
    let address = if mail { format!("mailto:{written}") } else { written.to_owned() };
    let found = address::identity(&address).ok_or(CustomerRefusal::BadAddress)?;
    let usable = found.split_once(':').is_some_and(|(scheme, rest)| match scheme {
        "mailto" => rest.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()),
        _ => !rest.is_empty(),
    });
    usable.then_some(found).ok_or(CustomerRefusal::BadAddress)
}

/// What of a customer differs: as it was, and as it is, as JSON for the audit trail.
#[must_use]
pub fn difference(before: &Customer, after: &Customer) -> (Map<String, Value>, Map<String, Value>) {
    let (mut was, mut is) = (before.parts(), after.parts());
    let same: Vec<String> = was
        .iter()
        .filter(|(part, value)| is.get(*part) == Some(value))
        .map(|(part, _)| part.clone())
        .collect();
    for part in same {
        was.remove(&part);
        is.remove(&part);
    }
    (was, is)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer() -> Customer {
        Customer {
            id: 1,
            profile: Profile { name: "+4930123456".into(), ..Profile::default() },
            addresses: BTreeSet::from(["tel:+4930123456".to_owned()]),
            revision: 3,
            created_at: 0,
            merged_into: None,
        }
    }

    #[test]
    fn an_edit_changes_what_it_names_and_says_who_wrote_consent_down() {
        let mut one = customer();
        assert!(one.is_nameless());
        let edit = CustomerEdit {
            name: Some("王芳".into()),
            tier: Some("gold".into()),
            fields: BTreeMap::from([("contract".into(), "C-7".into()), ("gone".into(), String::new())]),
            consent: BTreeMap::from([(
                ConsentTo::Recording,
                ConsentEdit { state: ConsentState::Refused, how: "on the phone".into() },
            )]),
            add: BTreeSet::from(["Wang.Fang@Example.com".to_owned(), "0049 30 99887766".to_owned()]),
            ..CustomerEdit::default()
        };
        one.edit(3, &edit, "alice", 77).expect("in order");
        assert_eq!((one.profile.name.as_str(), one.revision, one.is_nameless()), ("王芳", 4, false));
        assert_eq!(one.profile.fields, BTreeMap::from([("contract".to_owned(), "C-7".to_owned())]));
        let recorded = &one.profile.consent[&ConsentTo::Recording];
        assert_eq!((recorded.state, recorded.at, recorded.by.as_str()), (ConsentState::Refused, 77, "alice"));
        let addresses: Vec<&str> = one.addresses.iter().map(String::as_str).collect();
        assert_eq!(addresses, ["mailto:wang.fang@example.com", "tel:+4930123456", "tel:+493099887766"]);
        let back = CustomerEdit { tier: Some(String::new()), ..CustomerEdit::default() };
        one.edit(4, &back, "alice", 78).expect("in order");
        assert_eq!(one.profile.tier, None);
    }

    #[test]
    fn who_has_not_seen_the_newest_changes_nothing() {
        let edit = CustomerEdit { note: Some("x".into()), ..CustomerEdit::default() };
        let stale = customer().edit(2, &edit, "bob", 1);
        assert_eq!(stale, Err(CustomerRefusal::Stale { customer: 1, revision: 3 }));
        let mut gone = Customer { merged_into: Some(9), ..customer() };
        assert_eq!(gone.edit(3, &edit, "bob", 1), Err(CustomerRefusal::Merged { customer: 1, into: 9 }));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in ["", "anonymous", "hello", "mailto:ann", "@", "tel:", "mailto:@x"] {
            assert_eq!(identity(wrong), Err(CustomerRefusal::BadAddress), "{wrong}");
        }
        assert_eq!(identity(" +49 (30) 12 34 56 ").as_deref(), Ok("tel:+4930123456"));
        assert_eq!(identity("user:c-17").as_deref(), Ok("user:c-17"));
        let mut one = customer();
        let add: BTreeSet<String> = (0..60).map(|n| format!("user:{n}")).collect();
        let many = one.edit(3, &CustomerEdit { add, ..CustomerEdit::default() }, "bob", 1);
        assert_eq!(many, Err(CustomerRefusal::TooMany { what: "addresses", most: ADDRESSES }));
    }

    #[test]
    fn the_audit_trail_has_what_differs() {
        let before = customer();
        let mut after = before.clone();
        let tags = Some(BTreeSet::from(["vip".to_owned()]));
        after.edit(3, &CustomerEdit { tags, ..CustomerEdit::default() }, "bob", 1).expect("in order");
        let (was, is) = difference(&before, &after);
        assert_eq!(Value::Object(was), serde_json::json!({ "tags": [] }));
        assert_eq!(Value::Object(is), serde_json::json!({ "tags": ["vip"] }));
    }
}
