//! PostgreSQL: for several nodes, or where a database is already looked after.
//!
//! Writers take one advisory lock per transaction, so that events are numbered in the order of commits and a reader
//! never sees a gap that fills later.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::{Decode, Postgres, Row as _, SqlStr, TypeInfo, ValueRef};

use super::Backend;
use crate::session::{Dialect, FullText, Row, Value, database, without_credentials};
use crate::sql_store::SqlStore;
use crate::{Store, StoreError, record};

/// The backend.
pub const BACKEND: Backend = Backend {
    schemes: &["postgres://", "postgresql://"],
    example: "postgres://USER:PASSWORD@HOST/NAME",
    open: |url| Box::pin(async move { open(&url).await }),
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections for reading.
const READERS: u32 = 8;
/// How long to wait for a connection before saying that there is none.
const PATIENCE: Duration = Duration::from_secs(10);

async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    let place = without_credentials(url);
    let at = |what: &'static str| {
        let place = place.clone();
        move |error: sqlx::Error| database(&place, what, &error)
    };
    let options = PgConnectOptions::from_str(url).map_err(at("reading the URL"))?.application_name("voxdesk");
    let pool = |connections| PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
    // The writer has a connection of its own, so that no crowd of readers can keep it waiting.
    let writer = pool(1).connect_with(options.clone()).await.map_err(at("connecting"))?;
    MIGRATIONS.run(&writer).await.map_err(|error| at("bringing the tables up to date")(error.into()))?;
    let readers = pool(READERS).connect_with(options).await.map_err(at("connecting"))?;
    record::catch_up(&writer, &place).await?;
    Ok(Arc::new(SqlStore::<Postgres>::new(writer, readers, place)?))
}

impl Dialect for Postgres {
    const BEGIN: &'static str = "BEGIN";
    /// Any constant will do, as long as every writer of this database takes the same: "voxdesk" in ASCII.
    const LOCK: Option<&'static str> = Some("SELECT pg_advisory_xact_lock(33336610122986347)");
    const FULL_TEXT: FullText = FullText::TsVector;

    async fn exec(conn: &mut Self::Connection, sql: SqlStr, args: Vec<Value>) -> Result<u64, sqlx::Error> {
        Ok(bound(sql, args).execute(conn).await?.rows_affected())
    }

    async fn rows(
        conn: &mut Self::Connection,
        sql: SqlStr,
        args: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        bound(sql, args).fetch_all(conn).await?.iter().map(cells).collect()
    }
}

fn bound(
    sql: SqlStr,
    args: Vec<Value>,
) -> sqlx::query::Query<'static, Postgres, <Postgres as sqlx::Database>::Arguments> {
    args.into_iter().fold(sqlx::query(sql), |query, arg| match arg {
        Value::Int(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
    })
}

fn cells(row: &PgRow) -> Result<Row, sqlx::Error> {
    let cell = |at: usize| {
        let raw = row.try_get_raw(at)?;
        let kind = raw.type_info().into_owned();
        let value = match kind.name() {
            _ if raw.is_null() => Value::Int(None),
            "INT8" => Value::Int(Some(<i64 as Decode<Postgres>>::decode(raw).map_err(sqlx::Error::Decode)?)),
            _ => Value::Text(Some(<String as Decode<Postgres>>::decode(raw).map_err(sqlx::Error::Decode)?)),
        };
        Ok(value)
    };
    (0..row.len()).map(cell).collect::<Result<_, sqlx::Error>>().map(Row)
}
