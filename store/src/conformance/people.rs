//! People, users, credentials, settings.

use std::sync::Arc;

use desk::Change;

use super::sample::{AT, append, id, opened};
use crate::{Credential, Store, StoreError, User, UserRole};

fn named(n: u64, address: &str, name: &str) -> Change {
    match opened(n, address) {
        Change::ConversationOpened { id, channel, address, called, lang, at, .. } => {
            Change::ConversationOpened { id, channel, address, name: Some(name.into()), called, lang, at }
        }
        other => other,
    }
}

pub async fn a_person_is_one_whichever_way_the_number_is_written(store: Arc<dyn Store>) {
    append(
        &*store,
        vec![
            opened(1, "tel:+49 30 1234567"),
            named(2, "sip:+49301234567@trunk.example.com:5060", "Anna 安娜"),
            named(3, "tel:0049301234567", "Somebody else"),
        ],
    )
    .await;
    let mut people = Vec::new();
    for n in 1..=3 {
        people.push(store.conversation(id(n)).await.expect("opened").person.expect("everybody is somebody"));
    }
    assert!(people.iter().all(|person| *person == people[0]));
    let person = store.person(people[0]).await.expect("they exist");
    assert_eq!(person.addresses, ["tel:+49301234567"]);
    assert_eq!(person.name, "Anna 安娜", "the first name given replaces the number, later ones do not");
    assert_eq!(person.created_at, AT + 1);
    for spelled in ["0049 30 1234567", "sip:+49301234567@elsewhere.example"] {
        assert_eq!(
            store.person_at(spelled).await.expect("reads").map(|person| person.id),
            Some(person.id),
            "{spelled}"
        );
    }
    assert_eq!(store.person_at("tel:+49309").await.expect("reads"), None);
    assert_eq!(store.person_at("anonymous").await.expect("reads"), None);
    assert!(matches!(store.person(999).await, Err(StoreError::NotFound("person"))));
}

pub async fn withheld_numbers_are_different_people(store: Arc<dyn Store>) {
    append(
        &*store,
        vec![opened(1, "sip:anonymous@anonymous.invalid"), opened(2, "sip:anonymous@anonymous.invalid")],
    )
    .await;
    let one = store.conversation(id(1)).await.expect("opened");
    let two = store.conversation(id(2)).await.expect("opened");
    assert_ne!(one.person, two.person);
    assert_eq!(one.caller, "anonymous");
    let person = store.person(one.person.expect("somebody")).await.expect("they exist");
    assert!(person.addresses.is_empty());
}

pub async fn users_credentials_and_settings_are_kept(store: Arc<dyn Store>) {
    let user = User { name: "alice".into(), role: UserRole::Agent, password_hash: "$argon2id$…".into() };
    store.put_user(user.clone()).await.expect("a user is added");
    assert_eq!(store.user("alice").await.expect("readable"), Some(user.clone()));
    let promoted = User { role: UserRole::Admin, ..user };
    store.put_user(promoted.clone()).await.expect("a user is replaced");
    assert_eq!(store.user("alice").await.expect("readable"), Some(promoted));
    assert_eq!(store.user("mallory").await.expect("readable"), None);

    let key = Credential {
        token_hash: "aa".into(),
        subject: "key:ci".into(),
        role: UserRole::Admin,
        expires_at: None,
    };
    let login = Credential {
        token_hash: "bb".into(),
        subject: "alice".into(),
        role: UserRole::Agent,
        expires_at: Some(AT),
    };
    for credential in [&key, &login] {
        store.put_credential(credential.clone()).await.expect("a credential is added");
    }
    assert_eq!(
        store.credential("aa", i64::MAX).await.expect("readable"),
        Some(key),
        "a key without an end stays"
    );
    assert_eq!(store.credential("bb", AT - 1).await.expect("readable"), Some(login));
    assert_eq!(store.credential("bb", AT).await.expect("readable"), None, "an expired one is none");
    store.drop_credential("aa").await.expect("sign out");
    store.drop_credential("aa").await.expect("signing out twice is no error");
    assert_eq!(store.credential("aa", AT).await.expect("readable"), None);

    assert_eq!(store.setting("ready:alice").await.expect("readable"), None);
    for value in ["true", "false"] {
        store.put_setting("ready:alice", value).await.expect("a setting is kept");
        assert_eq!(store.setting("ready:alice").await.expect("readable").as_deref(), Some(value));
    }
    for key in ["sip_ban:192.0.2.9", "sip_ban:192.0.2.10", "sipXban:1", "sip_ba"] {
        store.put_setting(key, key).await.expect("a setting is kept");
    }
    let of = |found: Vec<(String, String)>| found.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    let found = store.settings_of("sip_ban:").await.expect("readable");
    assert!(found.iter().all(|(key, value)| key == value));
    assert_eq!(of(found), ["sip_ban:192.0.2.10", "sip_ban:192.0.2.9"]);
    for _ in 0..2 {
        store.drop_setting("sip_ban:192.0.2.10").await.expect("taking away twice is no error");
    }
    assert_eq!(of(store.settings_of("sip_ban:").await.expect("readable")), ["sip_ban:192.0.2.9"]);
    assert_eq!(store.last_event().await.expect("readable"), 0, "none of these is an event of the record");
}
