//! The databases that can keep the record: one file and one line each.

mod postgres;
mod sqlite;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::session::without_credentials;
use crate::{Store, StoreError};

type Opening = Pin<Box<dyn Future<Output = Result<Arc<dyn Store>, StoreError>> + Send>>;

/// A kind of database.
pub struct Backend {
    /// What its URLs begin with.
    pub schemes: &'static [&'static str],
    /// An example for people.
    pub example: &'static str,
    /// Connects and brings the tables up to date.
    open: fn(String) -> Opening,
}

/// Every backend, sorted by first scheme.
pub const BACKENDS: &[Backend] = &[postgres::BACKEND, sqlite::BACKEND];

/// Opens the record at `url`: `sqlite:PATH`, `sqlite::memory:` (gone when closed), or `postgres://USER:PASSWORD@HOST/NAME`.
///
/// Must be called inside a tokio runtime: the writer runs there for as long as the store lives.
///
/// # Errors
/// `Bad` when the URL is none of ours, `Database` when the database cannot be reached or brought up to date.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    let found = BACKENDS.iter().find(|backend| backend.schemes.iter().any(|scheme| url.starts_with(scheme)));
    match found {
        Some(backend) => (backend.open)(url.to_owned()).await,
        None => Err(StoreError::Bad(format!(
            "database URL {:?}; expected {}",
            without_credentials(url),
            BACKENDS.iter().map(|backend| backend.example).collect::<Vec<_>>().join(" or "),
        ))),
    }
}
