//! SQLite: one file, the default. Write-ahead log, one writing connection, several reading ones.
//!
//! `synchronous = FULL`: a commit is on disk when it returns, so that it survives a power cut and not only the end of the
//! process. The writer merges what waits into one transaction, which pays for the extra sync.

use std::os::unix::fs::OpenOptionsExt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Decode, Row as _, SqlStr, Sqlite, TypeInfo, ValueRef};

use super::Backend;
use crate::session::{Dialect, FullText, Row, Value, database, without_credentials};
use crate::sql_store::SqlStore;
use crate::{Store, StoreError, record};

/// The backend.
pub const BACKEND: Backend = Backend {
    schemes: &["sqlite:"],
    example: "sqlite:PATH",
    open: |url| Box::pin(async move { open(&url).await }),
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Connections for reading: pages read little and often.
const READERS: u32 = 4;
/// How long a statement waits for another process that holds the file (a backup, a shell).
const BUSY: Duration = Duration::from_secs(10);

async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    let place = without_credentials(url);
    let at = |what: &'static str| {
        let place = place.clone();
        move |error: sqlx::Error| database(&place, what, &error)
    };
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    if path.is_empty() {
        return Err(StoreError::Bad("database URL \"sqlite:\" names no file; expected sqlite:PATH".into()));
    }
    if path.contains('?') {
        return Err(StoreError::Bad(format!(
            "database URL {url:?} has parameters; expected sqlite:PATH alone"
        )));
    }
    let memory = path == ":memory:";
    if !memory {
        make_private(path).map_err(|error| at("opening")(error.into()))?;
    }
    let options = if memory {
        SqliteConnectOptions::from_str("sqlite::memory:").map_err(at("opening"))?
    } else {
        SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
    };
    let options = options.synchronous(SqliteSynchronous::Full).foreign_keys(true).busy_timeout(BUSY);
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
    };
    let writer = pool(1).connect_with(options.clone()).await.map_err(at("opening"))?;
    MIGRATIONS.run(&writer).await.map_err(|error| at("bringing the tables up to date")(error.into()))?;
    record::catch_up(&writer, &place).await?;
    // A database in memory belongs to its one connection.
    let readers = if memory {
        writer.clone()
    } else {
        pool(READERS).connect_with(options).await.map_err(at("opening"))?
    };
    Ok(Arc::new(SqlStore::<Sqlite>::new(writer, readers, place)?))
}

/// Makes the file, if it is new, readable by its owner alone: it holds what customers said. SQLite gives its log the same mode.
fn make_private(path: &str) -> std::io::Result<()> {
    std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path).map(drop)
}

impl Dialect for Sqlite {
    /// Takes the write lock at once: a transaction that begins with reading could lose it to another process.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const LOCK: Option<&'static str> = None;
    const FULL_TEXT: FullText = FullText::Fts5;

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
) -> sqlx::query::Query<'static, Sqlite, <Sqlite as sqlx::Database>::Arguments> {
    args.into_iter().fold(sqlx::query(sql), |query, arg| match arg {
        Value::Int(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
    })
}

fn cells(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    let cell = |at: usize| {
        let raw = row.try_get_raw(at)?;
        let kind = raw.type_info().into_owned();
        let value = match kind.name() {
            _ if raw.is_null() => Value::Int(None),
            "INTEGER" => Value::Int(Some(<i64 as Decode<Sqlite>>::decode(raw).map_err(sqlx::Error::Decode)?)),
            _ => Value::Text(Some(<String as Decode<Sqlite>>::decode(raw).map_err(sqlx::Error::Decode)?)),
        };
        Ok(value)
    };
    (0..row.len()).map(cell).collect::<Result<_, sqlx::Error>>().map(Row)
}
