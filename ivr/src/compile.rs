//! From the text of a flow file to a `Flow`, or to all that is wrong with it.
//!
//! Promises: any text gets an answer, never a panic; every problem is found in one go (unless the text is not TOML at
//! all); what compiles cannot strand a customer.

mod graph;
mod names;
mod params;
mod prompts;
mod steps;
mod values;

pub(crate) use params::{TONES, shape};
pub(crate) use steps::Way;

use std::collections::{BTreeMap, BTreeSet};

use kernel::limits;
use toml_edit::{Document, Item, Key, TableLike};

use crate::flow::{Entry, Flow};
use crate::io::{Known, Problem};
use crate::source::Source;

/// Longest name of anything in a flow, in characters.
const NAME_CHARS: usize = 64;

pub(crate) fn compile(file: &str, text: &str, known: &Known) -> Result<Flow, Vec<Problem>> {
    let survey = survey(file, text, known);
    if survey.problems.is_empty() {
        return Ok(survey.flow);
    }
    Err(survey.problems.into_iter().map(|(_, problem)| problem).collect())
}

/// All that is to be known of a text, good or bad.
#[derive(Default)]
pub(crate) struct Survey<'t> {
    /// What stands in it, with places; `None`: it is not TOML, or too long.
    pub(crate) document: Option<Document<&'t str>>,
    /// Whole only when there is no problem.
    pub(crate) flow: Flow,
    /// The ways out of each step.
    pub(crate) ways: BTreeMap<String, Vec<Way>>,
    /// With their offsets in bytes, in the order of the file.
    pub(crate) problems: Vec<(usize, Problem)>,
}

/// Reads a text as far as it goes.
pub(crate) fn survey<'t>(file: &str, text: &'t str, known: &Known) -> Survey<'t> {
    let mut source = Source::new(file, text);
    if text.len() > limits::FILE_BYTES {
        let found = format!("a file of {} bytes", text.len());
        source.problem(0, found, format!("at most {} bytes; split the flow", limits::FILE_BYTES));
        return Survey { problems: source.into_problems(), ..Survey::default() };
    }
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            source.problem(at, error.message(), "TOML, with every name given once");
            return Survey { problems: source.into_problems(), ..Survey::default() };
        }
    };
    let (flow, ways) = read(&mut source, document.as_table(), known);
    Survey { document: Some(document), flow, ways, problems: source.into_problems() }
}

fn read(source: &mut Source<'_>, root: &dyn TableLike, known: &Known) -> (Flow, BTreeMap<String, Vec<Way>>) {
    const PARTS: [&str; 5] = ["flow", "entries", "prompts", "steps", "variables"];
    for field in fields(root, 0) {
        if !PARTS.contains(&field.name) {
            let names = PARTS.into_iter().collect();
            let right = source.one_of("the parts of a flow file", field.name, &names);
            source.problem(field.at, format!("an unknown part `{}`", field.name), right);
        }
    }
    let name = read_name(source, root);
    let steps_table = section_or_problem(source, root, "steps");
    let table = section(source, root, "variables");
    let names = names::read(source, table, steps_table);
    let table = section(source, root, "prompts");
    let mut prompts = prompts::read(source, table);
    prompts::check(source, table, &prompts, &names, known);
    let named: BTreeSet<&str> = prompts.keys().map(|(name, _)| name.as_str()).collect();
    let reads = prompts::reads(&prompts);
    let world = steps::World { known, prompts: &named, reads: &reads, names: &names };
    let mut steps = steps::read(source, steps_table, &world);
    for ((name, _), spoken) in &steps.made {
        if let Some(instead) = &spoken.instead {
            let at = steps.places.get(name.trim_start_matches(':')).copied().unwrap_or_default();
            prompts::check_instead(source, Some(instead), at, &prompts);
        }
    }
    let table = section_or_problem(source, root, "entries");
    let entries = read_entries(source, table, &steps.places);
    // Those that are written; the check adds and takes away some of its own for parts that are called.
    let ways = steps.ways.clone();
    graph::check(source, &entries, &mut steps, &names);
    prompts.append(&mut steps.made);
    let entries = entries.into_iter().map(|(name, (entry, _))| (name, entry)).collect();
    let names::Names { types, start, hidden, .. } = names;
    (Flow { name, entries, prompts, steps: steps.nodes, variables: start, types, hidden }, ways)
}

fn read_name(source: &mut Source<'_>, root: &dyn TableLike) -> String {
    const RIGHT: &str = "a part `[flow]` with `name = \"…\"`";
    let Some(table) = section(source, root, "flow") else {
        if !root.contains_key("flow") {
            source.problem(0, "no part `[flow]`", RIGHT);
        }
        return String::new();
    };
    for field in fields(table.table, table.at) {
        match (field.name, field.item.as_str()) {
            ("name" | "description", Some(_)) => {}
            ("name" | "description", None) => source.problem(
                field.value_at,
                format!("{} for `{}`", kind_of(field.item), field.name),
                "a text",
            ),
            _ => source.problem(
                field.at,
                format!("an unknown name `{}` in `[flow]`", field.name),
                "`name` and `description`",
            ),
        }
    }
    if !table.table.contains_key("name") {
        source.problem(table.at, "a flow without a name", RIGHT);
    }
    table.table.get("name").and_then(Item::as_str).unwrap_or_default().to_owned()
}

/// Entries by name, with the offset of what they lead to.
type Entries = BTreeMap<String, (Entry, usize)>;

fn read_entries(
    source: &mut Source<'_>,
    table: Option<Section<'_>>,
    steps: &BTreeMap<String, usize>,
) -> Entries {
    let mut entries = Entries::new();
    let Some(table) = table else { return entries };
    let names: BTreeSet<&str> = steps.keys().map(String::as_str).collect();
    for field in fields(table.table, table.at) {
        check_name(source, &field, "an entry");
        if let Some((entry, at)) = read_entry(source, &field) {
            let step = find(source, &entry.step, at, "step", &names);
            if steps.contains_key(field.name) && step.as_deref() != Some(field.name) {
                let found = format!(
                    "an entry `{}` that leads elsewhere than to the step `{}`",
                    field.name, field.name
                );
                source.problem(field.at, found, "another name for one of the two");
            }
            if let Some(step) = step {
                entries.insert(field.name.to_owned(), (Entry { step, ..entry }, at));
            }
        }
    }
    if table.table.is_empty() {
        source.problem(
            table.at,
            "no entries",
            "`NUMBER = \"STEP\"` for every number that leads into the flow",
        );
    }
    entries
}

fn read_entry(source: &mut Source<'_>, field: &Field<'_>) -> Option<(Entry, usize)> {
    const RIGHT: &str = "`NUMBER = \"STEP\"` or `NAME = { step = \"STEP\", text = true }`";
    if let Some(step) = field.item.as_str() {
        return Some((Entry { step: step.to_owned(), text: false }, field.value_at));
    }
    let Some(table) = field.item.as_table_like() else {
        source.problem(field.value_at, format!("{} for an entry", kind_of(field.item)), RIGHT);
        return None;
    };
    let mut step = None;
    let mut text = false;
    for part in fields(table, field.value_at) {
        match (part.name, part.item.as_str(), part.item.as_bool()) {
            ("step", Some(name), _) => step = Some((name.to_owned(), part.value_at)),
            ("text", _, Some(flag)) => text = flag,
            ("step" | "text", ..) => {
                source.problem(part.value_at, format!("{} for `{}`", kind_of(part.item), part.name), RIGHT)
            }
            _ => source.problem(part.at, format!("an unknown name `{}` in an entry", part.name), RIGHT),
        }
    }
    if step.is_none() && !table.contains_key("step") {
        source.problem(field.at, format!("an entry `{}` that leads nowhere", field.name), RIGHT);
    }
    step.map(|(step, at)| (Entry { step, text }, at))
}

/// A named thing in a table: where its name and its value stand.
#[derive(Clone, Copy)]
struct Field<'a> {
    name: &'a str,
    item: &'a Item,
    at: usize,
    value_at: usize,
}

/// The fields of a table; `at` is where the table stands.
fn fields(table: &dyn TableLike, at: usize) -> Vec<Field<'_>> {
    table
        .iter()
        .map(|(name, item)| {
            let at = table.key(name).and_then(Key::span).map_or(at, |span| span.start);
            let value_at = match item {
                // A table's own place is its header; its name is what people look for.
                Item::Value(value) => value.span().map_or(at, |span| span.start),
                _ => at,
            };
            Field { name, item, at, value_at }
        })
        .collect()
}

/// One of the parts of the file.
#[derive(Clone, Copy)]
struct Section<'a> {
    table: &'a dyn TableLike,
    at: usize,
}

fn section<'a>(source: &mut Source<'_>, root: &'a dyn TableLike, name: &str) -> Option<Section<'a>> {
    let item = root.get(name)?;
    let at = root.key(name).and_then(Key::span).map_or(0, |span| span.start);
    let table = item.as_table_like();
    if table.is_none() {
        source.problem(at, format!("{} called `{name}`", kind_of(item)), format!("a part `[{name}]`"));
    }
    Some(Section { table: table?, at })
}

fn section_or_problem<'a>(
    source: &mut Source<'_>,
    root: &'a dyn TableLike,
    name: &str,
) -> Option<Section<'a>> {
    if !root.contains_key(name) {
        source.problem(0, format!("no part `[{name}]`"), format!("a flow needs its `{name}`"));
    }
    section(source, root, name)
}

/// What a thing is, with its article.
fn kind_of(item: &Item) -> String {
    kind_called(item.type_name())
}

fn kind_called(name: &str) -> String {
    let name = match name {
        "string" => "text",
        "array" => "list",
        "inline table" => "table",
        "array of tables" => "list of tables",
        other => other,
    };
    let article = if name.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {name}")
}

fn check_name(source: &mut Source<'_>, field: &Field<'_>, what: &str) {
    let is_good = !field.name.is_empty()
        && field.name.chars().count() <= NAME_CHARS
        && !field.name.starts_with(':')
        && !field.name.chars().any(|c| c.is_control() || c.is_whitespace() || c == '`');
    if !is_good {
        source.problem(
            field.at,
            format!("`{}` as the name of {what}", field.name),
            format!("up to {NAME_CHARS} characters without spaces"),
        );
    }
}

/// A name that must be one of `names`. An unknown one is a problem; where it is clear what was meant, that is taken, so
/// that one slip does not cause more problems elsewhere.
fn find(
    source: &mut Source<'_>,
    name: &str,
    at: usize,
    what: &str,
    names: &BTreeSet<&str>,
) -> Option<String> {
    if names.contains(name) {
        return Some(name.to_owned());
    }
    let right = source.one_of(&format!("{what}s"), name, names);
    let meant = source.meant(name, names.iter().copied()).map(str::to_owned);
    source.problem(at, format!("an unknown {what} `{name}`"), right);
    meant
}

#[cfg(test)]
mod tests;
