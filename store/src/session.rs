//! The narrow waist between our SQL and the databases: numbers and text in, numbers and text out.
//!
//! Promises: every column is a 64-bit number or text, so one statement serves SQLite and PostgreSQL alike; text never
//! carries a NUL character, which PostgreSQL cannot hold; an error names the database and the table, never a value or a
//! password. Leaves to others: connections (`backends`), what the statements mean (`record`, `read`).

use std::future::Future;

use sqlx::{AssertSqlSafe, Database, SqlSafeStr, SqlStr};

use crate::StoreError;

/// A value to bind or a cell read back. The type of an absent one matters to PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number (ids, times, counts), or none.
    Int(Option<i64>),
    /// Text, or none.
    Text(Option<String>),
}

impl Value {
    /// Whether there is nothing in it.
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::Int(None) | Self::Text(None))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.replace('\0', "\u{FFFD}")))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Text(None), Self::from)
    }
}

/// One row, cells in the order of the statement.
#[derive(Debug)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The number in column `at`, which must be there.
    pub fn int(&self, at: usize) -> Result<i64, StoreError> {
        self.maybe_int(at)?.ok_or_else(|| misread(at))
    }

    /// The number in column `at`, if any.
    pub fn maybe_int(&self, at: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(at) {
            Some(Value::Int(number)) => Ok(*number),
            Some(Value::Text(None)) => Ok(None),
            _ => Err(misread(at)),
        }
    }

    /// The text in column `at`, which must be there.
    pub fn text(&self, at: usize) -> Result<String, StoreError> {
        self.maybe_text(at)?.ok_or_else(|| misread(at))
    }

    /// The text in column `at`, if any.
    pub fn maybe_text(&self, at: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(at) {
            Some(Value::Text(text)) => Ok(text.clone()),
            Some(Value::Int(None)) => Ok(None),
            _ => Err(misread(at)),
        }
    }
}

fn misread(at: usize) -> StoreError {
    StoreError::Database(format!("column {at} of a row has another type than the record's"))
}

/// How a database finds the words of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullText {
    /// A virtual table of SQLite's FTS5.
    Fts5,
    /// A column of PostgreSQL's type, with a GIN index.
    TsVector,
}

/// What a database must be able to do for us.
pub trait Dialect: Database {
    /// How a writing transaction begins.
    const BEGIN: &'static str;
    /// What it does next, so that only one writer numbers events at a time.
    const LOCK: Option<&'static str>;
    /// How it finds words.
    const FULL_TEXT: FullText;

    /// Runs a statement; how many rows it touched.
    fn exec(
        conn: &mut Self::Connection,
        sql: SqlStr,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Runs a statement; the rows it gave.
    fn rows(
        conn: &mut Self::Connection,
        sql: SqlStr,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, sqlx::Error>> + Send;
}

/// A connection in use, with the name to blame in errors.
pub struct Session<'c, D: Dialect> {
    conn: &'c mut D::Connection,
    place: &'c str,
}

impl<'c, D: Dialect> Session<'c, D> {
    /// Uses `conn`; `place` is the database as errors name it.
    pub fn new(conn: &'c mut D::Connection, place: &'c str) -> Self {
        Self { conn, place }
    }

    /// Runs a statement; how many rows it touched.
    pub async fn exec(&mut self, sql: &'static str, args: Vec<Value>) -> Result<u64, StoreError> {
        D::exec(self.conn, sql.into_sql_str(), args).await.map_err(|error| database(self.place, sql, &error))
    }

    /// Runs a statement; the rows it gave.
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        D::rows(self.conn, sql.into_sql_str(), args).await.map_err(|error| database(self.place, sql, &error))
    }

    /// Runs a statement; its first row, if any.
    pub async fn row(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Runs a statement put together from constant pieces (never from what people wrote); the rows it gave.
    pub async fn rows_of(&mut self, sql: String, args: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let table = table_of(&sql).to_owned();
        D::rows(self.conn, AssertSqlSafe(sql).into_sql_str(), args)
            .await
            .map_err(|error| database(self.place, &table, &error))
    }
}

/// An error that names the database and the table (`at` is a statement, a table or an activity).
pub fn database(place: &str, at: &str, error: &sqlx::Error) -> StoreError {
    StoreError::Database(format!("{place}: {}: {error}", table_of(at)))
}

/// The table that a statement is about; the whole text when it is no statement.
fn table_of(sql: &str) -> &str {
    let mut words = sql.split_whitespace();
    let named = words.by_ref().find(|word| matches!(*word, "FROM" | "INTO" | "UPDATE"));
    named.and_then(|_| words.next()).unwrap_or(sql)
}

/// `url` without what must not be shown: user, password and parameters.
pub fn without_credentials(url: &str) -> String {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    match bare.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://{host}"),
            None => format!("{scheme}://{rest}"),
        },
        None => bare.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_database_and_table_and_no_password() {
        let place = without_credentials("postgres://desk:s3cr@t@db.example.com:5432/voxdesk?password=hidden");
        assert_eq!(place, "postgres://db.example.com:5432/voxdesk");
        let error = database(&place, "INSERT INTO entries (text) VALUES ($1)", &sqlx::Error::PoolTimedOut);
        let text = error.to_string();
        assert!(text.contains("db.example.com:5432/voxdesk: entries: "), "{text}");
        assert_eq!(
            without_credentials("sqlite:/var/lib/voxdesk/voxdesk.db"),
            "sqlite:/var/lib/voxdesk/voxdesk.db"
        );
    }

    #[test]
    fn text_never_carries_a_nul() {
        assert_eq!(Value::from("a\0b"), Value::Text(Some("a\u{FFFD}b".into())));
    }
}
