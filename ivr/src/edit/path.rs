//! Values deep in a table: set, replaced and taken out, with all that stands around them kept.

use toml_edit::{Item, TableLike, Value};

use super::EditError;
use crate::written::Written;

/// Sets what `path` leads to; `None` takes it out, and tables that are empty then with it.
pub(super) fn set(
    table: &mut dyn TableLike,
    path: &[String],
    value: Option<&Written>,
) -> Result<(), EditError> {
    let no_place = || EditError::NoPlace(path.join("."));
    let Some((name, rest)) = path.split_first() else { return Err(no_place()) };
    match (rest.is_empty(), value) {
        (true, None) => drop(table.remove(name)),
        (true, Some(value)) => match table.get_mut(name) {
            Some(item) => replace(item, value).ok_or_else(no_place)?,
            None => drop(table.insert(name, Item::Value(value.value().ok_or_else(no_place)?))),
        },
        (false, None) => {
            let Some(item) = table.get_mut(name) else { return Ok(()) };
            within(item, rest, None)?;
            if is_empty(item) {
                table.remove(name);
            }
        }
        (false, Some(value)) => {
            if !table.contains_key(name) {
                table.insert(name, Item::Value(Value::InlineTable(toml_edit::InlineTable::new())));
            }
            within(table.get_mut(name).ok_or_else(no_place)?, rest, Some(value))?;
        }
    }
    Ok(())
}

fn is_empty(item: &Item) -> bool {
    match item {
        Item::Value(Value::Array(list)) => list.is_empty(),
        other => other.as_table_like().is_some_and(TableLike::is_empty),
    }
}

fn within(item: &mut Item, path: &[String], value: Option<&Written>) -> Result<(), EditError> {
    match item {
        Item::Value(inner) => within_value(inner, path, value),
        Item::Table(table) => set(table, path, value),
        Item::ArrayOfTables(tables) => {
            let no_place = || EditError::NoPlace(path.join("."));
            let (at, rest) = path.split_first().ok_or_else(no_place)?;
            let at: usize = at.parse().map_err(|_| no_place())?;
            if at >= tables.len() {
                return Err(no_place());
            }
            match (rest.is_empty(), value) {
                (true, None) => drop(tables.remove(at)),
                (true, Some(_)) => return Err(no_place()),
                (false, _) => set(tables.get_mut(at).ok_or_else(no_place)?, rest, value)?,
            }
            Ok(())
        }
        Item::None => Err(EditError::NoPlace(path.join("."))),
    }
}

fn within_value(item: &mut Value, path: &[String], value: Option<&Written>) -> Result<(), EditError> {
    let no_place = || EditError::NoPlace(path.join("."));
    match item {
        Value::InlineTable(table) => set(table, path, value),
        Value::Array(list) => {
            let (at, rest) = path.split_first().ok_or_else(no_place)?;
            let at: usize = at.parse().map_err(|_| no_place())?;
            let end = list.len();
            match (list.get_mut(at), rest.is_empty(), value) {
                (Some(_), true, None) => drop(list.remove(at)),
                (Some(old), true, Some(new)) => replace_value(old, new).ok_or_else(no_place)?,
                (Some(inner), false, _) => within_value(inner, rest, value)?,
                (None, true, Some(new)) if at == end => list.push(new.value().ok_or_else(no_place)?),
                (None, ..) => return Err(no_place()),
            }
            Ok(())
        }
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            Err(no_place())
        }
    }
}

/// Puts another value in the place of one. A table keeps what both have, with the comments there.
fn replace(item: &mut Item, new: &Written) -> Option<()> {
    if let (Written::Table(new), Some(table)) = (new, item.as_table_like_mut()) {
        return merge(table, new);
    }
    match item {
        Item::Value(old) => replace_value(old, new),
        other => {
            *other = Item::Value(new.value()?);
            Some(())
        }
    }
}

fn merge(table: &mut dyn TableLike, new: &std::collections::BTreeMap<String, Written>) -> Option<()> {
    let gone: Vec<String> =
        table.iter().map(|(name, _)| name.to_owned()).filter(|name| !new.contains_key(name)).collect();
    for name in gone {
        table.remove(&name);
    }
    for (name, value) in new {
        match table.get_mut(name) {
            Some(item) => replace(item, value)?,
            None => drop(table.insert(name, Item::Value(value.value()?))),
        }
    }
    Some(())
}

fn replace_value(old: &mut Value, new: &Written) -> Option<()> {
    // What is the same already keeps its spelling (quotes, underscores in numbers, a list over several lines).
    if Written::of(&Item::Value(old.clone())).as_ref() == Some(new) {
        return Some(());
    }
    if let (Written::Table(new), Value::InlineTable(table)) = (new, &mut *old) {
        return merge(table, new);
    }
    let decor = old.decor().clone();
    *old = new.value()?;
    *old.decor_mut() = decor;
    Some(())
}
