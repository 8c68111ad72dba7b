//! `/imports/{kind}`: customers and tickets out of another system's files. Administrators only.
//!
//! Promises: each bad row is told with its place, its field, what was found and what would be right, and spoils no other; a
//! dry run changes nothing; the same file again changes nothing. Leaves to others: reading (`desk::imports`).

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use bytes::Bytes;
use desk::Change;
use desk::imports::{BadRow, ImportFormat, ImportKind, ImportSource, ReadRow, read_rows};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::Administrator;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Params, Segments};
use crate::state::App;
use crate::view::{ImportFormatName, ImportKindName, ImportSourceName};

/// Largest file, in bytes: some 50,000 customers.
const FILE_BYTES: usize = 8 << 20;
/// Recorded by one transaction.
const AT_ONCE: usize = 500;
/// Bad rows told; the rest are counted.
const TOLD: usize = 500;

/// Routes whose bodies are files.
pub(crate) fn files() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(import)).layer(DefaultBodyLimit::max(FILE_BYTES))
}

/// How to read the file.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// Whose names the fields have; ours unless said.
    #[param(value_type = Option<ImportSourceName>)]
    source: Option<ImportSource>,
    /// How it is written.
    #[param(value_type = ImportFormatName)]
    format: ImportFormat,
    /// `true`: only say what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// A row that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BadRow)]
pub(crate) struct BadRowView {
    /// Line in the file (CSV) or place in the list (JSON), from 1; 0: the file as a whole.
    pub row: u64,
    /// The field at fault.
    pub field: String,
    /// What it holds.
    pub found: String,
    /// What would be right.
    pub right: String,
}

impl From<BadRow> for BadRowView {
    fn from(BadRow { row, field, found, right }: BadRow) -> Self {
        Self { row, field, found, right }
    }
}

/// What became of a file, or would become of it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Imported {
    /// Rows that were new.
    pub new: usize,
    /// Rows that had been imported before.
    pub there: usize,
    /// Rows that cannot be used.
    pub bad: usize,
    /// Why, the first 500.
    pub faults: Vec<BadRowView>,
    /// Whether nothing was changed because it was only asked what would happen.
    pub dry_run: bool,
}

/// Import customers or tickets; the same file again changes nothing.
#[utoipa::path(post, path = "/api/v1/imports/{kind}", tag = "imports", operation_id = "import",
    params(("kind" = ImportKindName, Path), How),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "the file, UTF-8"),
    responses((status = 200, body = Imported), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 413, body = ErrorBody)))]
pub(crate) async fn import(
    State(app): State<App>,
    Administrator(identity): Administrator,
    Segments(kind): Segments<ImportKind>,
    Params(How { source, format, dry_run }): Params<How>,
    file: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer<Json<Imported>> {
    let file = file.map_err(|_| {
        let message = format!("the file is larger than {FILE_BYTES} bytes; send it in parts");
        ApiError::new(axum::http::StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    })?;
    let text = core::str::from_utf8(&file).map_err(|error| {
        ApiError::field("body", format!("is not UTF-8 from byte {} on", error.valid_up_to()))
    })?;
    let source = source.unwrap_or(ImportSource::Voxdesk);
    let mut outcome = Imported { dry_run, ..Imported::default() };
    let mut good = Vec::new();
    for row in read_rows(kind, source, format, text) {
        match row {
            Ok(row) => good.push(row),
            Err(bad) => {
                outcome.bad += 1;
                if outcome.faults.len() < TOLD {
                    outcome.faults.push(bad.into());
                }
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    good.retain(|row| seen.insert(row.external.clone()));
    for part in good.chunks(AT_ONCE) {
        let names: Vec<String> = part.iter().map(|row| row.external.clone()).collect();
        let there = app.store.imported(source.name(), kind.name(), &names).await?;
        outcome.there += there.len();
        outcome.new += part.len().saturating_sub(there.len());
        let wanted = part.iter().filter(|row| !there.contains(&row.external));
        let change = |row: &ReadRow| Change::Imported {
            source: source.name().to_owned(),
            external: row.external.clone(),
            record: row.record.clone(),
            by: identity.subject.clone(),
            at: app.clock.wall(),
        };
        let changes: Vec<Change> = wanted.map(change).collect();
        if !dry_run && !changes.is_empty() {
            app.floor.record(changes).await?;
        }
    }
    Ok(Json(outcome))
}
