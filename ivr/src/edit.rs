//! Changes to the text of a flow, as an editor makes them.
//!
//! Promises: what an edit does not name stays as it is written: comments, order, spacing, and parts of the file that no
//! editor knows. With a removed step goes the comment right above it; one that an empty line sets apart stays. A value that
//! is replaced keeps the comment behind it. Leaves to others: whether the result is a good flow ([`Sketch`](crate::Sketch)).

mod path;

use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, Item, Key, Table, TableLike, Value};

use crate::compile;
use crate::io::Known;
use crate::sketch::Sketch;
use crate::written::Written;

/// One change. Steps, entries and prompts are named as in the file; a path leads to a value in a step, as
/// [`Leads::path`](crate::Leads) gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// Says something about the flow as a whole (`name`, `description`); without a value: no longer.
    About {
        /// What.
        field: String,
        /// To what.
        value: Option<Written>,
    },
    /// A new step at the end.
    AddStep {
        /// Its name.
        name: String,
        /// As after `kind =`.
        kind: String,
    },
    /// Takes a step out, and with it every way that leads there.
    RemoveStep {
        /// Its name.
        name: String,
    },
    /// Gives a step another name, also where ways lead to it.
    RenameStep {
        /// Its name.
        name: String,
        /// The new one.
        to: String,
    },
    /// Sets a value in a step; without a value: takes it out.
    Set {
        /// The step.
        step: String,
        /// Where in it.
        path: Vec<String>,
        /// To what.
        value: Option<Written>,
    },
    /// Sets an entry; without a value: takes it out.
    SetEntry {
        /// Its name.
        name: String,
        /// A step's name, or a table.
        value: Option<Written>,
    },
    /// Sets a field of a prompt (which is made when it is not there); without a value: takes it out.
    SetPrompt {
        /// Its name.
        name: String,
        /// `en`, `file_en`, …
        field: String,
        /// To what.
        value: Option<Written>,
    },
    /// Takes a prompt out.
    RemovePrompt {
        /// Its name.
        name: String,
    },
}

/// Why an edit was not made; none of its list was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text has to be TOML first.
    #[error("the text is not TOML: {0}")]
    NotToml(String),
    /// What is to be changed is not there.
    #[error("there is no {what} `{name}`")]
    Missing {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// What is to be made is there already.
    #[error("there is a {what} `{name}` already")]
    Taken {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The place cannot hold the value.
    #[error("nothing can be written at `{0}`")]
    NoPlace(String),
}

/// Makes changes, in order.
///
/// # Errors
/// At the first one that cannot be made.
pub fn edit(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut text = text.to_owned();
    for edit in edits {
        let document = text.parse::<DocumentMut>();
        let mut document = document.map_err(|error| EditError::NotToml(error.message().to_owned()))?;
        make(&mut document, &text, edit)?;
        text = document.to_string();
    }
    Ok(text)
}

fn make(document: &mut DocumentMut, text: &str, edit: &Edit) -> Result<(), EditError> {
    match edit {
        Edit::About { field, value } => {
            path::set(section(document, "flow")?, std::slice::from_ref(field), value.as_ref())
        }
        Edit::AddStep { name, kind } => {
            let steps = section(document, "steps")?;
            if steps.contains_key(name) {
                return Err(EditError::Taken { what: "step", name: name.clone() });
            }
            let mut step = Table::new();
            step.insert("kind", Item::Value(kind.as_str().into()));
            steps.insert(name, Item::Table(step));
            Ok(())
        }
        Edit::RemoveStep { name } => remove_step(document, text, name),
        Edit::RenameStep { name, to } => rename_step(document, text, name, to),
        Edit::Set { step, path, value } => {
            let steps = section(document, "steps")?;
            let missing = || EditError::Missing { what: "step", name: step.clone() };
            let table = steps.get_mut(step).and_then(Item::as_table_like_mut).ok_or_else(missing)?;
            path::set(table, path, value.as_ref())
        }
        Edit::SetEntry { name, value } => {
            path::set(section(document, "entries")?, std::slice::from_ref(name), value.as_ref())
        }
        Edit::SetPrompt { name, field, value } => set_prompt(document, name, field, value.as_ref()),
        Edit::RemovePrompt { name } => remove_table(document, "prompts", "prompt", name),
    }
}

/// A part of the file, made when it is not there.
fn section<'d>(
    document: &'d mut DocumentMut,
    name: &'static str,
) -> Result<&'d mut dyn TableLike, EditError> {
    let root = document.as_table_mut();
    if !root.contains_key(name) {
        let mut table = Table::new();
        // `[steps]` alone says nothing: its steps have headers of their own.
        table.set_implicit(matches!(name, "steps" | "prompts"));
        root.insert(name, Item::Table(table));
    }
    let table = root.get_mut(name).and_then(Item::as_table_like_mut);
    table.ok_or_else(|| EditError::NoPlace(name.to_owned()))
}

/// Ways to a step: the step they begin at and where in it they are written.
fn ways_to(text: &str, to: &str) -> Vec<(String, Vec<String>)> {
    let sketch = Sketch::of("", text, &Known::anything());
    let mut ways = Vec::new();
    for step in sketch.steps {
        let here = step.ways.into_iter().filter(|way| way.to == to);
        ways.extend(here.map(|way| (step.name.clone(), way.path)));
    }
    // From the last of a list to the first, so that taking one out moves none of the others.
    ways.reverse();
    ways
}

/// Entries that lead to a step.
fn entries_to(document: &DocumentMut, to: &str) -> Vec<String> {
    let Some(entries) = document.get("entries").and_then(Item::as_table_like) else { return Vec::new() };
    let leads =
        |item: &Item| item.as_str() == Some(to) || item.get("step").and_then(Item::as_str) == Some(to);
    entries.iter().filter(|(_, item)| leads(item)).map(|(name, _)| name.to_owned()).collect()
}

fn remove_step(document: &mut DocumentMut, text: &str, name: &str) -> Result<(), EditError> {
    for (step, path) in ways_to(text, name) {
        if let Some(table) = section(document, "steps")?.get_mut(&step).and_then(Item::as_table_like_mut) {
            path::set(table, &path, None)?;
        }
    }
    for entry in entries_to(document, name) {
        section(document, "entries")?.remove(&entry);
    }
    remove_table(document, "steps", "step", name)
}

/// Takes a table out; a comment above it that an empty line sets apart belongs to what follows.
fn remove_table(
    document: &mut DocumentMut,
    part: &'static str,
    what: &'static str,
    name: &str,
) -> Result<(), EditError> {
    let removed = section(document, part)?.remove(name);
    let removed = removed.ok_or_else(|| EditError::Missing { what, name: name.to_owned() })?;
    let Item::Table(removed) = removed else { return Ok(()) };
    let above = removed.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
    let Some((apart, _)) = above.rsplit_once("\n\n").filter(|(apart, _)| apart.contains('#')) else {
        return Ok(());
    };
    let apart = format!("{apart}\n\n");
    let position = removed.position().unwrap_or(isize::MAX);
    match next_table(document.as_table_mut(), position) {
        Some(next) => {
            let below = next.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
            let joined = format!("{apart}{}", below.trim_start_matches('\n'));
            next.decor_mut().set_prefix(joined);
        }
        None => {
            let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
            document.set_trailing(format!("{apart}{trailing}"));
        }
    }
    Ok(())
}

/// The table whose header comes first after a position.
fn next_table(table: &mut Table, after: isize) -> Option<&mut Table> {
    fn all<'t>(table: &'t mut Table, found: &mut Vec<&'t mut Table>) {
        for (_, item) in table.iter_mut() {
            if let Item::Table(inner) = item {
                if inner.is_implicit() || inner.is_dotted() {
                    all(inner, found);
                } else {
                    found.push(inner);
                }
            }
        }
    }
    let mut found = Vec::new();
    all(table, &mut found);
    found
        .into_iter()
        .filter(|one| one.position().is_some_and(|at| at > after))
        .min_by_key(|one| one.position())
}

fn rename_step(document: &mut DocumentMut, text: &str, name: &str, to: &str) -> Result<(), EditError> {
    let new = Written::Text(to.to_owned());
    for (step, path) in ways_to(text, name) {
        if let Some(table) = section(document, "steps")?.get_mut(&step).and_then(Item::as_table_like_mut) {
            path::set(table, &path, Some(&new))?;
        }
    }
    for entry in entries_to(document, name) {
        let entries = section(document, "entries")?;
        match entries.get_mut(&entry) {
            Some(item) if item.is_str() => path::set(entries, &[entry], Some(&new))?,
            Some(item) => {
                if let Some(table) = item.as_table_like_mut() {
                    path::set(table, &["step".to_owned()], Some(&new))?;
                }
            }
            None => {}
        }
    }
    let steps = document.get_mut("steps");
    let missing = || EditError::Missing { what: "step", name: name.to_owned() };
    match steps {
        Some(item) if item.as_table_like().is_some_and(|steps| steps.contains_key(to)) => {
            Err(EditError::Taken { what: "step", name: to.to_owned() })
        }
        Some(Item::Table(steps)) => {
            let (key, item) = steps.remove_entry(name).ok_or_else(missing)?;
            steps.insert_formatted(&Key::new(to).with_leaf_decor(key.leaf_decor().clone()), item);
            Ok(())
        }
        Some(Item::Value(Value::InlineTable(steps))) => {
            let (key, value) = steps.remove_entry(name).ok_or_else(missing)?;
            steps.insert_formatted(&Key::new(to).with_leaf_decor(key.leaf_decor().clone()), value);
            Ok(())
        }
        _ => Err(missing()),
    }
}

fn set_prompt(
    document: &mut DocumentMut,
    name: &str,
    field: &str,
    value: Option<&Written>,
) -> Result<(), EditError> {
    let prompts = section(document, "prompts")?;
    if !prompts.contains_key(name) {
        prompts.insert(name, Item::Table(Table::new()));
    }
    let prompt = prompts.get_mut(name).and_then(Item::as_table_like_mut);
    let prompt = prompt.ok_or_else(|| EditError::NoPlace(name.to_owned()))?;
    path::set(prompt, &[field.to_owned()], value)
}

/// Whether a text is at least TOML: what an editor can work on.
#[must_use]
pub fn is_editable(text: &str) -> bool {
    compile::survey("", text, &Known::anything()).document.is_some()
}

#[cfg(test)]
mod tests;
