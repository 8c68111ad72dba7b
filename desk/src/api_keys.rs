//! API keys that administrators make: what each may do, and until when.
//!
//! Promises: a key does what its scopes name and nothing else; an unreadable or expired key does nothing.
//! Leaves to others: tokens and their hashes (`api`, `store`), which route asks for which scope (`api`).

use serde::{Deserialize, Serialize};

use crate::WallMillis;

/// Keys are settings whose names begin with this: the audit trail comes with it.
pub const PREFIX: &str = "api_key.";
/// Most keys at once: each is looked at by a person.
pub const MOST: usize = 200;

/// Something that a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// Read conversations, transcripts, files of chats, and search.
    #[serde(rename = "conversations:read")]
    ConversationsRead,
    /// Write to customers, command calls, place calls, correct lines, announce calls of other systems.
    #[serde(rename = "conversations:write")]
    ConversationsWrite,
    /// Read customers and what is known of them.
    #[serde(rename = "customers:read")]
    CustomersRead,
    /// Edit, merge and split customers.
    #[serde(rename = "customers:write")]
    CustomersWrite,
    /// Follow the live socket: everything that happens.
    #[serde(rename = "events:read")]
    EventsRead,
    /// See agents, queues, trunks and alerts.
    #[serde(rename = "floor:read")]
    FloorRead,
    /// Set agents ready or not.
    #[serde(rename = "floor:write")]
    FloorWrite,
    /// Read flows and their versions, try them out.
    #[serde(rename = "flows:read")]
    FlowsRead,
    /// Change and publish flows.
    #[serde(rename = "flows:write")]
    FlowsWrite,
    /// Import customers, tickets, conversations and articles.
    #[serde(rename = "imports:write")]
    ImportsWrite,
    /// Read articles and ask for passages.
    #[serde(rename = "knowledge:read")]
    KnowledgeRead,
    /// Write articles, give thumbs.
    #[serde(rename = "knowledge:write")]
    KnowledgeWrite,
    /// Listen to recordings.
    #[serde(rename = "recordings:read")]
    RecordingsRead,
    /// Read reports and what-ifs.
    #[serde(rename = "reports:read")]
    ReportsRead,
    /// Read settings, event hooks, bans and the audit trail.
    #[serde(rename = "settings:read")]
    SettingsRead,
    /// Change settings, event hooks and bans.
    #[serde(rename = "settings:write")]
    SettingsWrite,
    /// Read tickets.
    #[serde(rename = "tickets:read")]
    TicketsRead,
    /// Open, move, edit, merge and relate tickets.
    #[serde(rename = "tickets:write")]
    TicketsWrite,
}

impl Scope {
    /// All, sorted.
    pub const ALL: &[Self] = &[
        Self::ConversationsRead,
        Self::ConversationsWrite,
        Self::CustomersRead,
        Self::CustomersWrite,
        Self::EventsRead,
        Self::FloorRead,
        Self::FloorWrite,
        Self::FlowsRead,
        Self::FlowsWrite,
        Self::ImportsWrite,
        Self::KnowledgeRead,
        Self::KnowledgeWrite,
        Self::RecordingsRead,
        Self::ReportsRead,
        Self::SettingsRead,
        Self::SettingsWrite,
        Self::TicketsRead,
        Self::TicketsWrite,
    ];

    /// As keys, documents and errors spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConversationsRead => "conversations:read",
            Self::ConversationsWrite => "conversations:write",
            Self::EventsRead => "events:read",
            Self::FloorRead => "floor:read",
            Self::CustomersRead => "customers:read",
            Self::CustomersWrite => "customers:write",
            Self::FloorWrite => "floor:write",
            Self::FlowsRead => "flows:read",
            Self::FlowsWrite => "flows:write",
            Self::ImportsWrite => "imports:write",
            Self::KnowledgeRead => "knowledge:read",
            Self::KnowledgeWrite => "knowledge:write",
            Self::RecordingsRead => "recordings:read",
            Self::ReportsRead => "reports:read",
            Self::SettingsRead => "settings:read",
            Self::SettingsWrite => "settings:write",
            Self::TicketsRead => "tickets:read",
            Self::TicketsWrite => "tickets:write",
        }
    }
}

/// A key as it is kept. Its token is nowhere; the token's hash stands elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// What it is called: the record names `key:NAME` as who did something.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Until when; `None`: until it is revoked.
    pub expires_at: Option<WallMillis>,
    /// Since when.
    pub created_at: WallMillis,
    /// Who made it.
    pub created_by: String,
}

impl ApiKey {
    /// Whether it does anything at `now`.
    #[must_use]
    pub fn is_good(&self, now: WallMillis) -> bool {
        self.expires_at.is_none_or(|until| now < until)
    }

    /// Whether it may do this.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_is_spelled_one_way_and_listed_in_order() {
        for scope in Scope::ALL {
            let json = serde_json::to_value(scope).expect("JSON");
            assert_eq!(json, scope.name());
        }
        assert!(Scope::ALL.is_sorted_by_key(|scope| scope.name()));
    }

    #[test]
    fn a_key_ends_at_its_moment_and_does_only_what_it_names() {
        let key = ApiKey {
            name: "crm".into(),
            scopes: vec![Scope::TicketsRead],
            expires_at: Some(10),
            created_at: 0,
            created_by: "admin".into(),
        };
        assert!(key.is_good(9) && !key.is_good(10));
        assert!(key.may(Scope::TicketsRead) && !key.may(Scope::TicketsWrite));
        assert!(ApiKey { expires_at: None, ..key }.is_good(i64::MAX));
    }
}
