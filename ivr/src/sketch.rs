//! A flow as an editor draws it: its parts with all that is written in them, the ways between steps, and what is wrong with
//! which part.
//!
//! Promises: any text gets a sketch, also one with problems (one that is not TOML at all gets an empty one with the problem);
//! the problems are exactly those of [`Flow::parse`](crate::Flow::parse). Leaves to others: drawing it (`web`).

use std::collections::BTreeMap;

use serde::Serialize;
use toml_edit::{Item, Key, TableLike, Value};

use crate::compile::{self, Survey, Way};
use crate::io::Known;
use crate::node::By;
use crate::written::Written;

/// Names of a part's fields with their values.
pub type Fields = BTreeMap<String, Written>;

/// A flow, as far as it can be made out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sketch {
    /// Whether the text is TOML at all. If not, only `problems` has anything in it.
    pub readable: bool,
    /// What is written about the flow as a whole.
    pub about: Fields,
    /// Where customers come in, in the order of the file.
    pub entries: Vec<SketchPart>,
    /// What is said.
    pub prompts: Vec<SketchPart>,
    /// What happens.
    pub steps: Vec<SketchPart>,
    /// All that is wrong, in the order of the file.
    pub problems: Vec<Wrong>,
}

/// An entry, a prompt or a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SketchPart {
    /// Its name.
    pub name: String,
    /// Line of the file where it begins, from 1.
    pub line: usize,
    /// What is written in it. An entry that is only a step's name has it as `step`.
    pub fields: Fields,
    /// Ways out of it, in the order of the file (none for prompts).
    pub ways: Vec<Leads>,
}

/// A way from a part to a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leads {
    /// Where in the part it is written: names of fields and places in lists.
    pub path: Vec<String>,
    /// The step.
    pub to: String,
    /// `people` when somebody brings it about, `itself` otherwise.
    pub by: &'static str,
}

/// Which part of a flow something is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "part", content = "name", rename_all = "lowercase")]
pub enum Whose {
    /// None in particular.
    #[default]
    Flow,
    /// That entry.
    Entry(String),
    /// That prompt.
    Prompt(String),
    /// That step.
    Step(String),
}

/// A problem, with the part that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// File as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What was found.
    pub found: String,
    /// What would be right.
    pub right: String,
    /// The part.
    pub whose: Whose,
}

impl Sketch {
    /// Reads a text. `file` is only a name, for the problems.
    #[must_use]
    pub fn of(file: &str, text: &str, known: &Known) -> Self {
        let survey = compile::survey(file, text, known);
        let mut sketch = Self { readable: survey.document.is_some(), ..Self::default() };
        let mut marks = Marks::default();
        if let Some(document) = &survey.document {
            for (name, item) in document.as_table() {
                marks.put(document.as_table().key(name), || Whose::Flow);
                sketch.read_section(name, item, text, &survey, &mut marks);
            }
        }
        sketch.problems =
            survey.problems.iter().map(|(at, problem)| wrong(problem, marks.owner(*at))).collect();
        sketch
    }

    fn read_section(&mut self, name: &str, item: &Item, text: &str, survey: &Survey<'_>, marks: &mut Marks) {
        let whose: fn(String) -> Whose = match name {
            "entries" => Whose::Entry,
            "prompts" => Whose::Prompt,
            "steps" => Whose::Step,
            "flow" => {
                self.about = fields(item);
                return;
            }
            _ => return,
        };
        let Some(table) = item.as_table_like() else { return };
        let mut parts = Vec::new();
        for (part, item) in table.iter() {
            let key = table.key(part);
            let at = key.and_then(Key::span).map_or(0, |span| span.start);
            mark_all(table, part, item, &whose, part, marks);
            let ways = match name {
                "steps" => survey.ways.get(part).map(Vec::as_slice).unwrap_or_default(),
                _ => &[],
            };
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            parts.push(SketchPart {
                name: part.to_owned(),
                line,
                fields: fields(item),
                ways: leads(item, ways),
            });
        }
        // Tables come in the order of the file, whatever is nested in what.
        parts.sort_by_key(|part| part.line);
        match name {
            "entries" => self.entries = parts.into_iter().map(with_way).collect(),
            "prompts" => self.prompts = parts,
            _ => self.steps = parts,
        }
    }
}

/// An entry leads to its step, whether that exists or not: the page shows it where it does.
fn with_way(mut entry: SketchPart) -> SketchPart {
    if let Some(Written::Text(to)) = entry.fields.get("step") {
        entry.ways = vec![Leads { path: vec!["step".to_owned()], to: to.clone(), by: by(By::People) }];
    }
    entry
}

fn fields(item: &Item) -> Fields {
    match Written::of(item) {
        Some(Written::Table(fields)) => fields,
        Some(other) => Fields::from([("step".to_owned(), other)]),
        None => Fields::new(),
    }
}

const fn by(by: By) -> &'static str {
    match by {
        By::People => "people",
        By::Itself => "itself",
    }
}

fn wrong(problem: &crate::Problem, whose: Whose) -> Wrong {
    Wrong {
        file: problem.file.clone(),
        line: problem.line,
        column: problem.column,
        found: problem.found.clone(),
        right: problem.right.clone(),
        whose,
    }
}

/// Where in a part each of its ways is written: found by the place in the file.
fn leads(part: &Item, ways: &[Way]) -> Vec<Leads> {
    let mut places = Vec::new();
    collect(part, &mut Vec::new(), &mut places);
    let way = |way: &Way| {
        let path = places.iter().find(|(at, _)| *at == way.at).map(|(_, path)| path.clone())?;
        Some(Leads { path, to: way.to.clone(), by: by(way.by) })
    };
    ways.iter().filter_map(way).collect()
}

/// Every text in an item with its place.
fn collect(item: &Item, path: &mut Vec<String>, places: &mut Vec<(usize, Vec<String>)>) {
    match item {
        Item::None => {}
        Item::Value(value) => collect_value(value, path, places),
        Item::Table(table) => {
            for (name, item) in table {
                path.push(name.to_owned());
                collect(item, path, places);
                path.pop();
            }
        }
        Item::ArrayOfTables(tables) => {
            for (n, table) in tables.iter().enumerate() {
                for (name, item) in table {
                    path.extend([n.to_string(), name.to_owned()]);
                    collect(item, path, places);
                    path.truncate(path.len().saturating_sub(2));
                }
            }
        }
    }
}

fn collect_value(value: &Value, path: &mut Vec<String>, places: &mut Vec<(usize, Vec<String>)>) {
    match value {
        Value::String(_) => places.extend(value.span().map(|span| (span.start, path.clone()))),
        Value::Array(list) => {
            for (n, value) in list.iter().enumerate() {
                path.push(n.to_string());
                collect_value(value, path, places);
                path.pop();
            }
        }
        Value::InlineTable(table) => {
            for (name, value) in table {
                path.push(name.to_owned());
                collect_value(value, path, places);
                path.pop();
            }
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

/// Whose text begins where: a place belongs to the last name before it.
#[derive(Default)]
struct Marks(BTreeMap<usize, Whose>);

impl Marks {
    fn put(&mut self, key: Option<&Key>, whose: impl FnOnce() -> Whose) {
        if let Some(span) = key.and_then(Key::span) {
            self.0.entry(span.start).or_insert_with(whose);
        }
    }

    fn owner(&self, at: usize) -> Whose {
        self.0.range(..=at).next_back().map(|(_, whose)| whose.clone()).unwrap_or_default()
    }
}

fn mark_all(
    table: &dyn TableLike,
    name: &str,
    item: &Item,
    whose: &fn(String) -> Whose,
    part: &str,
    marks: &mut Marks,
) {
    marks.put(table.key(name), || whose(part.to_owned()));
    if let Some(inner) = item.as_table_like() {
        for (name, item) in inner.iter() {
            mark_all(inner, name, item, whose, part, marks);
        }
    }
    if let Item::ArrayOfTables(tables) = item {
        for inner in tables.iter() {
            for (name, item) in inner {
                mark_all(inner, name, item, whose, part, marks);
            }
        }
    }
}

#[cfg(test)]
mod tests;
