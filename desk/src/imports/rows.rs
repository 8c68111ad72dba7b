//! Rows of a file: CSV columns and JSON objects behind one face.

use serde_json::{Map, Value};

use super::{BadRow, ImportFormat};

/// Longest text of a fault shown.
const FOUND_CHARS: usize = 80;
/// Where lists stand in what other systems give.
const LISTS: &[&str] = &["items", "payload", "data", "contacts", "conversations", "users", "tickets"];

/// One row: fields by name.
pub struct Row {
    /// Line in the file, or place in the list, from 1.
    pub at: u64,
    fields: Map<String, Value>,
}

/// Reads a file into rows.
pub fn of(format: ImportFormat, text: &str) -> Vec<Result<Row, BadRow>> {
    let text = text.trim_start_matches('\u{feff}');
    match format {
        ImportFormat::Csv => csv(text),
        ImportFormat::Json => json(text),
    }
}

fn csv(text: &str) -> Vec<Result<Row, BadRow>> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.iter().map(|name| name.trim().to_owned()).collect::<Vec<_>>(),
        Err(error) => return vec![Err(broken(1, &error.to_string()))],
    };
    let row_of = |row: csv::StringRecord| {
        let at = row.position().map_or(0, csv::Position::line);
        let cells = row.iter().map(|cell| Value::from(cell.trim()));
        Row { at, fields: headers.iter().cloned().zip(cells).collect() }
    };
    let bad = |error: csv::Error| broken(error.position().map_or(0, csv::Position::line), &error.to_string());
    reader.records().map(|row| row.map(row_of).map_err(bad)).collect()
}

fn broken(row: u64, found: &str) -> BadRow {
    BadRow {
        row,
        field: String::new(),
        found: found.to_owned(),
        right: "a row with as many cells as there are columns".to_owned(),
    }
}

fn json(text: &str) -> Vec<Result<Row, BadRow>> {
    let fault = |found: String, right: &str| {
        vec![Err(BadRow { row: 0, field: String::new(), found, right: right.to_owned() })]
    };
    let whole: Value = match serde_json::from_str(text) {
        Ok(whole) => whole,
        Err(error) => return fault(error.to_string(), "JSON"),
    };
    let Some(list) = list_in(&whole) else {
        return fault(
            "no list".to_owned(),
            "a list of objects, alone or under items, payload, data, users or tickets",
        );
    };
    let row_of = |(n, one): (usize, &Value)| {
        let at = u64::try_from(n).unwrap_or(u64::MAX).saturating_add(1);
        match one {
            Value::Object(fields) => Ok(Row { at, fields: fields.clone() }),
            other => Err(BadRow {
                row: at,
                field: String::new(),
                found: cut(&other.to_string()),
                right: "an object".to_owned(),
            }),
        }
    };
    list.iter().enumerate().map(row_of).collect()
}

/// The list itself, or the first one under a name that lists have; `data.payload`, too.
fn list_in(value: &Value) -> Option<&Vec<Value>> {
    match value {
        Value::Array(list) => Some(list),
        Value::Object(fields) => LISTS.iter().find_map(|name| fields.get(*name).and_then(list_in)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(FOUND_CHARS).collect()
}

impl Row {
    /// The text under a name, dots leading inwards; empty is none.
    fn text(&self, path: &str) -> Option<String> {
        let mut steps = path.split('.');
        let mut value = self.fields.get(steps.next()?)?;
        for step in steps {
            value = match step.parse::<usize>() {
                Ok(n) => value.get(n)?,
                Err(_) => value.get(step)?,
            };
        }
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// This row, wrong at this field.
    pub fn bad(&self, field: &str, right: &str) -> BadRow {
        let found = self.text(field).map_or_else(|| "nothing".to_owned(), |text| cut(&text));
        BadRow { row: self.at, field: field.to_owned(), found, right: right.to_owned() }
    }

    /// One line of text, if there is one.
    pub fn line(&self, field: &str, most: usize) -> Result<Option<String>, BadRow> {
        match self.text(field) {
            Some(text) if text.chars().count() > most || text.chars().any(char::is_control) => {
                Err(self.bad(field, &format!("one line of at most {most} characters")))
            }
            text => Ok(text),
        }
    }

    /// One line of text that must be there.
    pub fn needed(&self, field: &str, most: usize) -> Result<String, BadRow> {
        self.line(field, most)?.ok_or_else(|| self.bad(field, &format!("1 to {most} characters")))
    }

    /// The beginning of a text of any length, on one line.
    pub fn shortened(&self, field: &str, most: usize) -> Option<String> {
        let text = self.text(field)?;
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(line.chars().take(most).collect())
    }

    /// What a field says, if anything.
    pub fn one<T>(
        &self,
        field: &str,
        read: impl Fn(&str) -> Option<T>,
        right: &str,
    ) -> Result<Option<T>, BadRow> {
        let read = |text: String| read(&text).ok_or_else(|| self.bad(field, right));
        self.text(field).map(read).transpose()
    }

    /// Each of several, separated by semicolons.
    pub fn each(
        &self,
        field: &str,
        mut read: impl FnMut(&str) -> Option<()>,
        right: &str,
    ) -> Result<(), BadRow> {
        let text = self.text(field).unwrap_or_default();
        for one in text.split(';').map(str::trim).filter(|one| !one.is_empty()) {
            read(one).ok_or_else(|| self.bad(field, right))?;
        }
        Ok(())
    }
}
