//! `/settings` and `/audit`: what people change while the program runs, checked before it is kept.
//!
//! A new setting: its check and one line in `SETTINGS`.

use axum::Json;
use axum::extract::State;
use desk::Change;
use desk::alerts::Rules;
use desk::reports::Targets;
use desk::sla::{SlaPolicy, SlaText};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::UserRole;
use utoipa::{IntoParams, ToSchema};

use super::{customers, macros};
use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Params, Segments, page_size, parse};
use crate::state::App;
use crate::view::{ListView, Stamp};

/// A setting that people change.
struct Setting {
    name: &'static str,
    /// The least role that changes it.
    role: UserRole,
    /// Whether a value can be used.
    check: fn(&[u8]) -> Answer<()>,
}

/// Every setting, sorted.
const SETTINGS: &[Setting] = &[
    Setting { name: "alerts", role: UserRole::Supervisor, check: check_alerts },
    Setting { name: "customer_fields", role: UserRole::Admin, check: customers::check_fields },
    Setting { name: "macros", role: UserRole::Supervisor, check: macros::check },
    Setting { name: "sla", role: UserRole::Admin, check: check_sla },
    Setting { name: "targets", role: UserRole::Admin, check: check_targets },
];

fn check_alerts(json: &[u8]) -> Answer<()> {
    let rules: Rules = parse(json)?;
    match rules.fault() {
        None => Ok(()),
        Some((field, right)) => Err(ApiError::field(format!("value.{field}"), right)),
    }
}

fn check_targets(json: &[u8]) -> Answer<()> {
    let targets: Targets = parse(json)?;
    match targets.fault() {
        None => Ok(()),
        Some((field, right)) => Err(ApiError::field(format!("value.{field}"), right)),
    }
}

fn check_sla(json: &[u8]) -> Answer<()> {
    let text: SlaText = parse(json)?;
    let refused = |error: desk::hours::BadHours| {
        ApiError::field(
            format!("value.hours.{}", error.field),
            format!("{:?} is no {}", error.found, error.right),
        )
    };
    SlaPolicy::parse(&text).map(drop).map_err(refused)
}

fn named(name: &str) -> Answer<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name).ok_or_else(|| ApiError::not_found("setting"))
}

/// A setting.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Setting)]
pub(crate) struct SettingView {
    /// Its value; null: not set.
    #[schema(value_type = Object)]
    pub value: Value,
}

/// A setting as it is.
#[utoipa::path(get, path = "/api/v1/settings/{name}", tag = "settings", operation_id = "setting",
    params(("name" = String, Path, description = "`alerts`, `customer_fields`, `macros`, `sla` or `targets`")),
    responses((status = 200, body = SettingView), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn one(
    State(app): State<App>,
    _: Identity,
    Segments(name): Segments<String>,
) -> Answer<Json<SettingView>> {
    let setting = named(&name)?;
    let text = app.store.setting(setting.name).await?;
    let value =
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| ApiError::ours(&error))?;
    Ok(Json(SettingView { value: value.unwrap_or(Value::Null) }))
}

/// Change a setting; null takes it away.
#[utoipa::path(put, path = "/api/v1/settings/{name}", tag = "settings", operation_id = "change_setting",
    params(("name" = String, Path, description = "`alerts`, `customer_fields`, `macros`, `sla` or `targets`")), request_body = SettingView,
    responses((status = 200, body = SettingView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn change(
    State(app): State<App>,
    identity: Identity,
    Segments(name): Segments<String>,
    Body(SettingView { value }): Body<SettingView>,
) -> Answer<Json<SettingView>> {
    let setting = named(&name)?;
    if identity.role < setting.role {
        return Err(ApiError::forbidden("your role does not change this setting"));
    }
    let text = if value.is_null() { None } else { Some(value.to_string()) };
    if let Some(text) = &text {
        (setting.check)(text.as_bytes())?;
    }
    let change = Change::SettingChanged {
        key: setting.name.to_owned(),
        value: text,
        by: identity.subject,
        at: app.clock.wall(),
    };
    app.floor.record(vec![change]).await?;
    Ok(Json(SettingView { value }))
}

/// Which changes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only of this setting.
    key: Option<String>,
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
}

/// A change of a setting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Audited)]
pub(crate) struct AuditedView {
    /// When.
    pub at: Stamp,
    /// Who.
    pub by: String,
    /// Which setting.
    pub key: String,
    /// What it was, as JSON; null: not set.
    pub before: Option<String>,
    /// What it is since.
    pub after: Option<String>,
}

/// Who changed which setting when, and what it was before; newest first. Administrators only.
#[utoipa::path(get, path = "/api/v1/audit", tag = "settings", operation_id = "audit", params(Wanted),
    responses((status = 200, body = ListView<AuditedView>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn audit(
    State(app): State<App>,
    identity: Identity,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<ListView<AuditedView>>> {
    if identity.role < UserRole::Admin {
        return Err(ApiError::forbidden("only administrators read the audit trail"));
    }
    let rows = app.store.audit(wanted.key.as_deref(), page_size(wanted.limit)?).await?;
    let shown = |row: store::Audited| AuditedView {
        at: Stamp(row.at),
        by: row.by,
        key: row.key,
        before: row.before,
        after: row.after,
    };
    Ok(Json(ListView { items: rows.into_iter().map(shown).collect(), next: None }))
}
