//! The OpenAPI document, made from the handlers and the messages of the live sockets.
//!
//! Promises: the same document for the same code, keys sorted; a field that is always sent is `required`.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Map, Value, json};
use utoipa::Modify;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::auth::COOKIE;
use crate::live::wire::{ChatMessage, ChatRequest, LiveMessage, LiveRequest};
use crate::scopes::{self, Need};
use crate::view::{ImportFormatName, ImportKindName, ImportSourceName};

/// The schema of every error.
const ERROR: &str = "#/components/schemas/Error";

/// The frame of the document; routes add themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Voxdesk",
        description = "Conversations, tickets, agents and queues. Times are RFC 3339 in UTC with milliseconds. \
            Every error is `{\"error\": {\"code\", \"message\", \"field\"?}}`. A change authorised by the cookie must \
            carry the header `X-Voxdesk: 1`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(
        LiveMessage, LiveRequest, ChatMessage, ChatRequest, ImportFormatName, ImportKindName, ImportSourceName
    )),
    modifiers(&Credentials),
    security(("bearer" = []), ("cookie" = []))
)]
pub(crate) struct Frame;

/// Says how requests are authorised.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = |about: &str| {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
            SecurityScheme::Http(scheme)
        };
        components.add_security_scheme("bearer", bearer("An API key or the token of a session."));
        components.add_security_scheme("chat", bearer("The token that opening a chat gave."));
        let signed =
            "A JSON Web Token (HS256) signed by the app's own server: `sub`, `exp`, and `name` if known.";
        components.add_security_scheme("customer", bearer(signed));
        let cookie = ApiKeyValue::with_description(COOKIE, "Set by signing in.");
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The document as text.
pub(crate) fn text(document: &utoipa::openapi::OpenApi) -> String {
    let mut value = serde_json::to_value(document).unwrap_or_default();
    let asked = schemas_of_requests(&value);
    say_what_layers_answer(&mut value);
    if let Some(schemas) = value.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in schemas {
            if !asked.contains(name) {
                require_what_is_always_sent(schema);
            }
        }
    }
    let mut text = serde_json::to_string_pretty(&sorted(value)).unwrap_or_default();
    text.push('\n');
    text
}

/// What the layers around a handler may answer instead of it, so that no handler has to repeat it.
fn say_what_layers_answer(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, operations) in paths.iter_mut() {
        let Some(operations) = operations.as_object_mut() else { continue };
        for (method, operation) in operations.iter_mut() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).ok();
            let need = method.and_then(|method| scopes::need(&method, path));
            say_scope(operation, need);
            say_statuses(operation);
        }
    }
}

/// Names the scope that a route asks of an API key: for `http` schemes the list holds what is required beyond the credential
/// (OpenAPI 3.1, "Security Requirement Object").
fn say_scope(operation: &mut Value, need: Option<Need>) {
    if let (Some(Need::Scope(scope)), Some(operation)) = (need, operation.as_object_mut()) {
        let ways = json!([{ "bearer": [scope.name()] }, { "cookie": [] }]);
        operation.insert("security".to_owned(), ways);
    }
}

fn say_statuses(operation: &mut Value) {
    let json = operation["requestBody"]["content"]["application/json"].is_object();
    let parameters = operation["parameters"].as_array().is_some_and(|all| !all.is_empty());
    // A requirement without schemes is satisfied by anybody.
    let open = operation["security"]
        .as_array()
        .is_some_and(|ways| ways.iter().any(|way| way.as_object().is_some_and(Map::is_empty)));
    let mut statuses = Vec::new();
    if json || parameters || operation["requestBody"].is_object() {
        statuses.push("400");
    }
    if json {
        statuses.extend(["413", "415"]);
    }
    if !open {
        statuses.extend(["401", "403", "429"]);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for status in statuses {
        responses.entry(status).or_insert_with(|| {
                json!({ "description": "", "content": { "application/json": { "schema": { "$ref": ERROR } } } })
            });
    }
}

/// Names of schemas that requests are made of: there an optional field may be left out.
fn schemas_of_requests(document: &Value) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = ["LiveRequest", "ChatRequest", "ErrorDetail"].map(str::to_owned).into();
    let paths = document["paths"].as_object().into_iter().flat_map(Map::values);
    for operation in paths.filter_map(Value::as_object).flat_map(Map::values) {
        collect_refs(&operation["requestBody"], &mut names);
    }
    names
}

fn collect_refs(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) =
                map.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next())
            {
                names.insert(name.to_owned());
            }
            map.values().for_each(|value| collect_refs(value, names));
        }
        Value::Array(values) => values.iter().for_each(|value| collect_refs(value, names)),
        _ => {}
    }
}

/// Our answers send `null` where there is nothing, they never leave a field out.
fn require_what_is_always_sent(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(properties) = map.get("properties").and_then(Value::as_object) {
                let all = properties.keys().cloned().map(Value::from).collect();
                map.insert("required".to_owned(), Value::Array(all));
            }
            map.values_mut().for_each(require_what_is_always_sent);
        }
        Value::Array(values) => values.iter_mut().for_each(require_what_is_always_sent),
        _ => {}
    }
}

/// Sorts keys, whatever order another crate's features give to `serde_json::Map`; and lists of required fields.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
            for (key, value) in &mut pairs {
                if let ("required", Value::Array(names)) = (key.as_str(), value) {
                    names.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
                }
            }
            Value::Object(pairs.into_iter().collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(sorted).collect()),
        other => other,
    }
}
