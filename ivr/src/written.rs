//! A value as it is written in a flow, for editors: what JSON and TOML have in common.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml_edit::{Array, InlineTable, Item, Value};

/// Deepest nesting that is read or written: real flows have three levels.
const DEPTH: usize = 16;

/// A value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Written {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Another number.
    Real(f64),
    /// A text; dates and times too, as they are written.
    Text(String),
    /// A list.
    List(Vec<Written>),
    /// Names and their values.
    Table(BTreeMap<String, Written>),
}

impl Written {
    /// What stands in the file.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        read_item(item, DEPTH)
    }

    /// As it will be written, on one line; `None` when it is nested beyond all sense.
    pub(crate) fn value(&self) -> Option<Value> {
        write(self, DEPTH)
    }
}

fn read_item(item: &Item, depth: usize) -> Option<Written> {
    let depth = depth.checked_sub(1)?;
    match item {
        Item::None => None,
        Item::Value(value) => read(value, depth),
        Item::Table(table) => Some(Written::Table(
            table
                .iter()
                .filter_map(|(name, item)| Some((name.to_owned(), read_item(item, depth)?)))
                .collect(),
        )),
        Item::ArrayOfTables(tables) => Some(Written::List(
            tables.iter().filter_map(|table| read_item(&Item::Table(table.clone()), depth)).collect(),
        )),
    }
}

fn read(value: &Value, depth: usize) -> Option<Written> {
    let depth = depth.checked_sub(1)?;
    Some(match value {
        Value::Boolean(flag) => Written::Flag(*flag.value()),
        Value::Integer(number) => Written::Whole(*number.value()),
        // JSON knows no infinities: shown as written.
        Value::Float(number) if number.value().is_finite() => Written::Real(*number.value()),
        Value::Float(number) => Written::Text(number.value().to_string()),
        Value::String(text) => Written::Text(text.value().clone()),
        Value::Datetime(at) => Written::Text(at.value().to_string()),
        Value::Array(list) => Written::List(list.iter().filter_map(|value| read(value, depth)).collect()),
        Value::InlineTable(table) => Written::Table(
            table.iter().filter_map(|(name, value)| Some((name.to_owned(), read(value, depth)?))).collect(),
        ),
    })
}

fn write(written: &Written, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    Some(match written {
        Written::Flag(flag) => (*flag).into(),
        Written::Whole(number) => (*number).into(),
        Written::Real(number) => (*number).into(),
        Written::Text(text) => text.as_str().into(),
        Written::List(list) => {
            let values = list.iter().map(|one| write(one, depth)).collect::<Option<Vec<_>>>()?;
            Value::Array(values.into_iter().collect::<Array>())
        }
        Written::Table(table) => {
            let mut inline = InlineTable::new();
            for (name, one) in table {
                inline.insert(name, write(one, depth)?);
            }
            Value::InlineTable(inline)
        }
    })
}
