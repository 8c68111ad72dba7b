//! Which scope each route asks of an API key: the whole list, in one place.
//!
//! Promises: a route that stands not here is closed to keys with scopes (people and keys of the configuration are not
//! concerned: their role decides); the document names the scope of each operation. A new route: its line here.

use axum::http::Method;
use desk::api_keys::Scope;

/// What a route asks of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Any key that is good.
    AnyKey,
    /// This scope.
    Scope(Scope),
    /// Keys of the configuration and people only: a key must not make keys that may more than itself.
    People,
}

use Need::{AnyKey, People};

const fn scope(scope: Scope) -> Need {
    Need::Scope(scope)
}

const CONVERSATIONS_READ: Need = scope(Scope::ConversationsRead);
const CONVERSATIONS_WRITE: Need = scope(Scope::ConversationsWrite);
const CUSTOMERS_READ: Need = scope(Scope::CustomersRead);
const CUSTOMERS_WRITE: Need = scope(Scope::CustomersWrite);
const EVENTS_READ: Need = scope(Scope::EventsRead);
const FLOOR_READ: Need = scope(Scope::FloorRead);
const FLOOR_WRITE: Need = scope(Scope::FloorWrite);
const FLOWS_READ: Need = scope(Scope::FlowsRead);
const FLOWS_WRITE: Need = scope(Scope::FlowsWrite);
const IMPORTS_WRITE: Need = scope(Scope::ImportsWrite);
const KNOWLEDGE_READ: Need = scope(Scope::KnowledgeRead);
const KNOWLEDGE_WRITE: Need = scope(Scope::KnowledgeWrite);
const RECORDINGS_READ: Need = scope(Scope::RecordingsRead);
const REPORTS_READ: Need = scope(Scope::ReportsRead);
const SETTINGS_READ: Need = scope(Scope::SettingsRead);
const SETTINGS_WRITE: Need = scope(Scope::SettingsWrite);
const TICKETS_READ: Need = scope(Scope::TicketsRead);
const TICKETS_WRITE: Need = scope(Scope::TicketsWrite);

/// Method, path below `/api/v1`, need; sorted by path.
#[rustfmt::skip]
const ROUTES: &[(&str, &str, Need)] = &[
    ("GET", "/agents", FLOOR_READ),
    ("GET", "/agents/{name}/holding", FLOOR_READ),
    ("PUT", "/agents/{name}/ready", FLOOR_WRITE),
    ("POST", "/agents/{name}/reset", FLOOR_WRITE),
    ("GET", "/alerts", FLOOR_READ),
    ("GET", "/api-keys", People),
    ("POST", "/api-keys", People),
    ("DELETE", "/api-keys/{id}", People),
    ("GET", "/asr", FLOOR_READ),
    ("GET", "/audit", SETTINGS_READ),
    ("POST", "/calls", CONVERSATIONS_WRITE),
    ("GET", "/conversations", CONVERSATIONS_READ),
    ("GET", "/conversations/{id}", CONVERSATIONS_READ),
    ("POST", "/conversations/{id}/callback", CONVERSATIONS_WRITE),
    ("POST", "/conversations/{id}/commands", CONVERSATIONS_WRITE),
    ("PATCH", "/conversations/{id}/entries/{seq}", CONVERSATIONS_WRITE),
    ("GET", "/conversations/{id}/entries/{seq}/history", CONVERSATIONS_READ),
    ("POST", "/conversations/{id}/files", CONVERSATIONS_WRITE),
    ("POST", "/conversations/{id}/media", CONVERSATIONS_WRITE),
    ("POST", "/conversations/{id}/messages", CONVERSATIONS_WRITE),
    ("POST", "/conversations/{id}/messages/{seq}/send-again", CONVERSATIONS_WRITE),
    ("GET", "/conversations/{id}/recording", RECORDINGS_READ),
    ("GET", "/conversations/{id}/routing", CONVERSATIONS_READ),
    ("GET", "/conversations/{id}/sip", CONVERSATIONS_READ),
    ("GET", "/conversations/{id}/sip.pcap", CONVERSATIONS_READ),
    ("POST", "/conversations/{id}/suggestions", KNOWLEDGE_READ),
    ("GET", "/conversations/{id}/transcript", CONVERSATIONS_READ),
    // Who watches may speak in it.
    ("POST", "/conversations/{id}/watch", CONVERSATIONS_WRITE),
    ("GET", "/customer-setup", CUSTOMERS_READ),
    ("GET", "/customers", CUSTOMERS_READ),
    ("GET", "/customers/{id}", CUSTOMERS_READ),
    ("PATCH", "/customers/{id}", CUSTOMERS_WRITE),
    ("GET", "/customers/{id}/changes", CUSTOMERS_READ),
    ("POST", "/customers/{id}/merges", CUSTOMERS_WRITE),
    ("POST", "/customers/{id}/splits", CUSTOMERS_WRITE),
    ("GET", "/event-hooks", SETTINGS_READ),
    ("POST", "/event-hooks", SETTINGS_WRITE),
    ("DELETE", "/event-hooks/{id}", SETTINGS_WRITE),
    ("PATCH", "/event-hooks/{id}", SETTINGS_WRITE),
    ("GET", "/event-hooks/{id}/deliveries", SETTINGS_READ),
    ("POST", "/event-hooks/{id}/replay", SETTINGS_WRITE),
    ("POST", "/event-hooks/{id}/secret", SETTINGS_WRITE),
    ("POST", "/event-hooks/{id}/test", SETTINGS_WRITE),
    ("GET", "/events", EVENTS_READ),
    ("GET", "/files/{key}/{n}", CONVERSATIONS_READ),
    ("GET", "/flow-kinds", FLOWS_READ),
    ("GET", "/flows", FLOWS_READ),
    ("POST", "/flows", FLOWS_WRITE),
    ("GET", "/flows/{flow}", FLOWS_READ),
    ("GET", "/flows/{flow}/days/{day}", FLOWS_READ),
    ("POST", "/flows/{flow}/difference", FLOWS_READ),
    ("DELETE", "/flows/{flow}/draft", FLOWS_WRITE),
    ("PUT", "/flows/{flow}/draft", FLOWS_WRITE),
    ("POST", "/flows/{flow}/edits", FLOWS_READ),
    ("GET", "/flows/{flow}/here", FLOWS_READ),
    ("GET", "/flows/{flow}/prompts/{prompt}/{lang}", FLOWS_READ),
    ("POST", "/flows/{flow}/publish", FLOWS_WRITE),
    ("POST", "/flows/{flow}/restore", FLOWS_WRITE),
    ("POST", "/flows/{flow}/simulations", FLOWS_READ),
    ("POST", "/flows/{flow}/sketch", FLOWS_READ),
    ("POST", "/flows/{flow}/test-calls", FLOWS_WRITE),
    ("GET", "/flows/{flow}/test-calls/{number}", FLOWS_READ),
    ("GET", "/flows/{flow}/versions", FLOWS_READ),
    ("GET", "/flows/{flow}/versions/{version}", FLOWS_READ),
    ("GET", "/ice-servers", CONVERSATIONS_WRITE),
    ("POST", "/imports/{kind}", IMPORTS_WRITE),
    ("GET", "/knowledge/articles", KNOWLEDGE_READ),
    ("GET", "/knowledge/articles/{name}", KNOWLEDGE_READ),
    ("PUT", "/knowledge/articles/{name}", KNOWLEDGE_WRITE),
    ("GET", "/knowledge/gaps", KNOWLEDGE_READ),
    ("POST", "/knowledge/import", KNOWLEDGE_WRITE),
    ("GET", "/knowledge/search", KNOWLEDGE_READ),
    ("GET", "/knowledge/use", REPORTS_READ),
    ("POST", "/knowledge/votes", KNOWLEDGE_WRITE),
    ("POST", "/observed", CONVERSATIONS_WRITE),
    ("GET", "/mentions", CONVERSATIONS_READ),
    ("PUT", "/mentions/seen", CONVERSATIONS_WRITE),
    ("GET", "/observed/{id}/audio", CONVERSATIONS_WRITE),
    ("GET", "/queues", FLOOR_READ),
    ("POST", "/recordings", FLOWS_WRITE),
    ("GET", "/recordings/{file}", FLOWS_READ),
    ("GET", "/reports", REPORTS_READ),
    ("GET", "/reports/{name}", REPORTS_READ),
    ("GET", "/reports/{name}/csv", REPORTS_READ),
    ("GET", "/reports/{name}/rows", REPORTS_READ),
    ("GET", "/search", CONVERSATIONS_READ),
    ("DELETE", "/session", People),
    ("GET", "/session", AnyKey),
    ("PATCH", "/session", AnyKey),
    ("GET", "/settings/{name}", SETTINGS_READ),
    ("PUT", "/settings/{name}", SETTINGS_WRITE),
    ("GET", "/sip/bans", SETTINGS_READ),
    ("POST", "/sip/bans", SETTINGS_WRITE),
    ("DELETE", "/sip/bans/{address}", SETTINGS_WRITE),
    ("GET", "/tickets", TICKETS_READ),
    ("POST", "/tickets", TICKETS_WRITE),
    ("GET", "/tickets/{id}", TICKETS_READ),
    ("PATCH", "/tickets/{id}", TICKETS_WRITE),
    ("POST", "/tickets/{id}/macros", TICKETS_WRITE),
    ("POST", "/tickets/{id}/merge", TICKETS_WRITE),
    ("POST", "/tickets/{id}/notes", TICKETS_WRITE),
    ("POST", "/tickets/{id}/relations", TICKETS_WRITE),
    ("GET", "/trunks", FLOOR_READ),
    ("POST", "/voice", FLOWS_READ),
    ("POST", "/what-if", REPORTS_READ),
];

/// What a route asks, `path` as it was mounted; `None`: nobody wrote it down.
pub(crate) fn need(method: &Method, path: &str) -> Option<Need> {
    let below = path.strip_prefix("/api/v1")?;
    // What answers HEAD is the route of GET.
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    ROUTES.iter().find(|(verb, route, _)| *verb == method && *route == below).map(|(_, _, need)| *need)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    /// `METHOD PATH` of every operation that the guard, or the socket itself, authorises as staff's.
    fn operations() -> BTreeSet<String> {
        let document: Value = serde_json::from_str(&crate::openapi_json()).expect("JSON");
        let mut found = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().expect("paths") {
            for (method, operation) in operations.as_object().expect("operations") {
                let ways = operation["security"].as_array().cloned().unwrap_or_default();
                let others =
                    |way: &Value| way == &json!({}) || way["chat"].is_array() || way["customer"].is_array();
                if !ways.iter().any(others) {
                    found.insert(format!("{} {path}", method.to_uppercase()));
                }
            }
        }
        found
    }

    #[test]
    fn no_route_is_without_a_scope_and_no_scope_without_its_route() {
        let listed: BTreeSet<String> =
            ROUTES.iter().map(|(method, path, _)| format!("{method} /api/v1{path}")).collect();
        assert_eq!(listed.len(), ROUTES.len(), "a route stands twice in ROUTES");
        let there = operations();
        let missing: Vec<_> = there.difference(&listed).collect();
        let gone: Vec<_> = listed.difference(&there).collect();
        assert!(missing.is_empty(), "without a line in ROUTES: {missing:?}");
        assert!(gone.is_empty(), "in ROUTES, but no route: {gone:?}");
    }

    #[test]
    fn what_nobody_wrote_down_is_closed() {
        assert_eq!(need(&Method::GET, "/api/v1/nowhere"), None);
        assert_eq!(need(&Method::DELETE, "/api/v1/tickets"), None);
        assert_eq!(need(&Method::HEAD, "/api/v1/tickets"), Some(TICKETS_READ));
    }
}
