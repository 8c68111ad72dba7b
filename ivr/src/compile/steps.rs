//! `[steps.NAME]`: kinds and their parameters become nodes.

use std::collections::{BTreeMap, BTreeSet};

use kernel::limits;
use toml_edit::TableLike;

use super::names::Names;
use super::params::{self, Reader};
use super::prompts::Prompts;
use super::{Field, Section, check_name, fields, kind_of};
use crate::flow::Step;
use crate::given::Given;
use crate::io::Known;
use crate::node::{By, Kind, Takes};
use crate::nodes::NODES;
use crate::source::Source;

/// What the steps may refer to besides each other.
pub(super) struct World<'a> {
    pub(super) known: &'a Known,
    pub(super) prompts: &'a BTreeSet<&'a str>,
    /// Variables in each prompt.
    pub(super) reads: &'a BTreeMap<String, Vec<String>>,
    pub(super) names: &'a Names,
}

/// A way from one step to another.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) to: String,
    pub(crate) by: By,
    /// Where it is written.
    pub(crate) at: usize,
    /// Whether what the step puts into variables is there then.
    pub(crate) sets: bool,
}

/// A part of the flow is called.
pub(super) struct Call {
    pub(super) caller: String,
    /// Where the caller goes on.
    pub(super) next: String,
    /// The steps that come back.
    pub(super) returns: Vec<String>,
}

/// All steps.
#[derive(Default)]
pub(super) struct Steps {
    /// Where each stands in the file, good or not.
    pub(super) places: BTreeMap<String, usize>,
    /// Ways out of each.
    pub(super) ways: BTreeMap<String, Vec<Way>>,
    /// Variables that each reads, with places, and those that are set when it goes on to `next`.
    pub(super) reads: BTreeMap<String, Vec<(String, usize)>>,
    pub(super) writes: BTreeMap<String, Vec<String>>,
    /// Parts of the flow that are called.
    pub(super) calls: Vec<Call>,
    /// Prompts of their own.
    pub(super) made: Prompts,
    /// Kinds, for messages.
    pub(super) kinds: BTreeMap<String, &'static str>,
    /// The good ones.
    pub(super) nodes: BTreeMap<String, Step>,
}

pub(super) fn read(source: &mut Source<'_>, section: Option<Section<'_>>, world: &World<'_>) -> Steps {
    let mut steps = Steps::default();
    let Some(section) = section else { return steps };
    let all = fields(section.table, section.at);
    if all.len() > limits::FLOW_STEPS {
        let found = format!("a flow of {} steps", all.len());
        source.problem(section.at, found, format!("at most {} steps", limits::FLOW_STEPS));
        return steps;
    }
    steps.places = all.iter().map(|field| (field.name.to_owned(), field.at)).collect();
    let names = all.iter().map(|field| field.name).collect();
    for field in &all {
        check_name(source, field, "a step");
        let Some(table) = field.item.as_table_like() else {
            let found = format!("{} for the step `{}`", kind_of(field.item), field.name);
            source.problem(field.value_at, found, format!("`[steps.{}]` with `kind = \"…\"`", field.name));
            continue;
        };
        let Some(kind) = kind_of_step(source, field, table) else { continue };
        steps.kinds.insert(field.name.to_owned(), kind.name);
        let mut reader = Reader {
            source,
            world,
            steps: &names,
            step: field.name,
            param: "",
            ways: Vec::new(),
            read: Vec::new(),
            writes: Vec::new(),
            made: Prompts::new(),
        };
        if let Some(step) = read_step(&mut reader, field, table, kind) {
            steps.nodes.insert(field.name.to_owned(), step);
        }
        steps.ways.insert(field.name.to_owned(), reader.ways);
        steps.reads.insert(field.name.to_owned(), reader.read);
        steps.writes.insert(field.name.to_owned(), reader.writes);
        steps.made.append(&mut reader.made);
    }
    steps
}

fn kind_of_step(source: &mut Source<'_>, field: &Field<'_>, table: &dyn TableLike) -> Option<&'static Kind> {
    let names: BTreeSet<&str> = NODES.iter().map(|kind| kind.name).collect();
    let Some(part) = fields(table, field.at).into_iter().find(|part| part.name == "kind") else {
        let right = source.one_of("add `kind = \"…\"`", "", &names);
        source.problem(field.at, format!("the step `{}` has no kind", field.name), right);
        return None;
    };
    let Some(name) = part.item.as_str() else {
        let right = source.one_of("kinds of steps", "", &names);
        source.problem(part.value_at, format!("{} for `kind`", kind_of(part.item)), right);
        return None;
    };
    let kind = NODES.iter().find(|kind| kind.name == name);
    if kind.is_none() {
        let right = source.one_of("kinds of steps", name, &names);
        source.problem(part.value_at, format!("an unknown kind of step `{name}`"), right);
    }
    kind
}

fn read_step(
    reader: &mut Reader<'_, '_>,
    field: &Field<'_>,
    table: &dyn TableLike,
    kind: &Kind,
) -> Option<Step> {
    let mut given = Given::default();
    let mut good = true;
    let parts = fields(table, field.at);
    for part in parts.iter().filter(|part| part.name != "kind") {
        match kind.params.iter().find(|param| param.name == part.name) {
            Some(param) => match params::read(reader, param, part) {
                Some(value) => given.put(param.name, value),
                None => good = false,
            },
            None => {
                good = false;
                let names = kind.params.iter().map(|param| param.name).collect();
                let right = reader.source.one_of(&format!("what `{}` takes", kind.name), part.name, &names);
                reader.source.problem(part.at, format!("an unknown parameter `{}`", part.name), right);
            }
        }
    }
    for param in kind.params.iter().filter(|param| param.required && !table.contains_key(param.name)) {
        good = false;
        let found = match param.takes {
            Takes::Step(_) => format!("the step `{}` is a dead end: nothing comes after it", field.name),
            _ => format!("the step `{}` ({}) has no `{}`", field.name, kind.name, param.name),
        };
        reader.source.problem(
            field.at,
            found,
            format!("add `{}`: {}", param.name, params::shape(param.takes)),
        );
    }
    if !good {
        return None;
    }
    match (kind.make)(&mut given) {
        Ok(node) => Some(Step { node }),
        Err(complaint) => {
            let part = parts.iter().find(|part| Some(part.name) == complaint.param);
            reader.source.problem(
                part.map_or(field.at, |part| part.at),
                format!("the step `{}`: {}", field.name, complaint.found),
                complaint.right,
            );
            None
        }
    }
}
