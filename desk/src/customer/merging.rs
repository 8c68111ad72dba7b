//! Two records of one customer become one, and part again.
//!
//! Promises: what staff knew of either is known of the merged one, and where both say something the kept one's word stands, except
//! for consent, where the later word does; a split takes back what the merge brought, and leaves what was changed since.

use std::collections::BTreeMap;

use super::{Customer, Profile};

/// What is known of `kept` once `gone` lives on in them.
#[must_use]
pub fn merged(kept: &Customer, gone: &Customer) -> Profile {
    let nameless = kept.is_nameless() && !gone.is_nameless();
    let mut profile = kept.profile.clone();
    if nameless {
        profile.name.clone_from(&gone.profile.name);
    }
    profile.tier = profile.tier.or_else(|| gone.profile.tier.clone());
    profile.tags.extend(gone.profile.tags.iter().cloned());
    for (field, value) in &gone.profile.fields {
        profile.fields.entry(field.clone()).or_insert_with(|| value.clone());
    }
    profile.note = match (profile.note.as_str(), gone.profile.note.as_str()) {
        ("", theirs) => theirs.to_owned(),
        (ours, "") => ours.to_owned(),
        (ours, theirs) => format!("{ours}\n{theirs}"),
    };
    for (to, word) in &gone.profile.consent {
        let ours = profile.consent.entry(*to).or_insert_with(|| word.clone());
        if word.at > ours.at {
            ours.clone_from(word);
        }
    }
    profile
}

/// What is known of the kept one without what a merge brought: it made `after` of `before`, and they are `now`.
#[must_use]
pub fn split(now: &Profile, before: &Profile, after: &Profile) -> Profile {
    let brought = |tag: &&String| !after.tags.contains(*tag) || before.tags.contains(*tag);
    Profile {
        name: part(&now.name, &before.name, &after.name),
        tier: part(&now.tier, &before.tier, &after.tier),
        tags: now.tags.iter().filter(brought).cloned().collect(),
        fields: parts(&now.fields, &before.fields, &after.fields),
        note: part(&now.note, &before.note, &after.note),
        consent: parts(&now.consent, &before.consent, &after.consent),
    }
}

/// As it was, unless somebody changed it since.
fn part<T: Clone + PartialEq>(now: &T, before: &T, after: &T) -> T {
    if now == after { before.clone() } else { now.clone() }
}

fn parts<K: Clone + Ord, V: Clone + PartialEq>(
    now: &BTreeMap<K, V>,
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) -> BTreeMap<K, V> {
    let mut parts = now.clone();
    for (key, brought) in after {
        if now.get(key) != Some(brought) {
            continue;
        }
        match before.get(key) {
            Some(own) => parts.insert(key.clone(), own.clone()),
            None => parts.remove(key),
        };
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::customer::{Consent, ConsentState, ConsentTo};

    fn word(state: ConsentState, at: i64) -> BTreeMap<ConsentTo, Consent> {
        let word = Consent { state, at, by: "alice".into(), how: String::new() };
        BTreeMap::from([(ConsentTo::Recording, word)])
    }

    fn two() -> (Customer, Customer) {
        let kept = Customer {
            id: 1,
            profile: Profile {
                name: "+491".into(),
                tags: BTreeSet::from(["vip".to_owned(), "berlin".to_owned()]),
                fields: BTreeMap::from([("contract".into(), "C-1".into())]),
                note: "calls late".into(),
                consent: word(ConsentState::Given, 10),
                ..Profile::default()
            },
            addresses: BTreeSet::from(["tel:+491".to_owned()]),
            revision: 0,
            created_at: 0,
            merged_into: None,
        };
        let gone = Customer {
            id: 2,
            profile: Profile {
                name: "Ann".into(),
                tier: Some("gold".into()),
                tags: BTreeSet::from(["vip".to_owned(), "shop".to_owned()]),
                fields: BTreeMap::from([
                    ("contract".into(), "C-2".into()),
                    ("birthday".into(), "1980-01-02".into()),
                ]),
                note: "writes well".into(),
                consent: word(ConsentState::Refused, 20),
            },
            addresses: BTreeSet::from(["mailto:ann@example.com".to_owned()]),
            ..kept.clone()
        };
        (kept, gone)
    }

    #[test]
    fn what_was_known_of_either_is_known_and_the_later_consent_stands() {
        let (kept, gone) = two();
        let one = merged(&kept, &gone);
        assert_eq!((one.name.as_str(), one.tier.as_deref()), ("Ann", Some("gold")));
        assert_eq!(one.tags.iter().map(String::as_str).collect::<Vec<_>>(), ["berlin", "shop", "vip"]);
        assert_eq!((one.fields["contract"].as_str(), one.fields["birthday"].as_str()), ("C-1", "1980-01-02"));
        assert_eq!(one.note, "calls late\nwrites well");
        assert_eq!(one.consent[&ConsentTo::Recording].state, ConsentState::Refused);
        let other_way = merged(&gone, &kept);
        assert_eq!((other_way.name.as_str(), other_way.fields["contract"].as_str()), ("Ann", "C-2"));
    }

    #[test]
    fn a_split_takes_back_what_the_merge_brought_and_leaves_what_came_since() {
        let (kept, gone) = two();
        let after = merged(&kept, &gone);
        assert_eq!(split(&after, &kept.profile, &after), kept.profile, "as if it had not been");
        let mut since = after.clone();
        since.name = "Ann Lee".into();
        since.tags.insert("angry".to_owned());
        since.fields.insert("birthday".into(), "1981-01-02".into());
        let parted = split(&since, &kept.profile, &after);
        assert_eq!(parted.name, "Ann Lee");
        assert_eq!(parted.tags.iter().map(String::as_str).collect::<Vec<_>>(), ["angry", "berlin", "vip"]);
        assert_eq!(parted.fields["birthday"], "1981-01-02");
        assert_eq!((parted.tier, parted.note.as_str()), (None, "calls late"));
    }
}
