//! Parts of a flow that are called: where a `return` leads, and that nobody comes to one without having been called.

use std::collections::BTreeSet;

use super::super::Entries;
use super::super::steps::{Call, Steps, Way};
use crate::node::By;
use crate::source::Source;

/// Adds the ways from returns to where their callers go on.
pub(super) fn connect(source: &mut Source<'_>, entries: &Entries, steps: &mut Steps) {
    let calls: Vec<(String, String, String)> = steps
        .nodes
        .iter()
        .filter_map(|(name, step)| {
            step.node.calls().map(|(to, back)| (name.clone(), to.to_owned(), back.to_owned()))
        })
        .collect();
    let mut back: Vec<(String, Way)> = Vec::new();
    let mut found = Vec::new();
    for (caller, to, next) in &calls {
        let returns = returns_of(std::iter::once(to.as_str()), steps);
        if returns.is_empty() && steps.nodes.contains_key(to) {
            let at = steps.places.get(caller).copied().unwrap_or_default();
            let what = format!("the step `{caller}` calls `{to}`, from which nothing comes back");
            source.problem(at, what, "a `return` in that part, or another kind of step that leads there");
        }
        let at = steps.places.get(caller).copied().unwrap_or_default();
        for name in &returns {
            back.push(((*name).to_owned(), Way { to: next.clone(), by: By::Itself, at, sets: false }));
        }
        let returns = returns.into_iter().map(str::to_owned).collect();
        found.push(Call { caller: caller.clone(), next: next.clone(), returns });
    }
    for name in returns_of(entries.values().map(|(entry, _)| entry.step.as_str()), steps) {
        let at = steps.places.get(name).copied().unwrap_or_default();
        let found = format!("the step `{name}` returns, and customers come to it without having been called");
        source.problem(at, found, "a `sub_flow` that calls this part, or another way on");
    }
    steps.calls = found;
    for (name, way) in back {
        steps.ways.entry(name).or_default().push(way);
    }
    // What comes after a call is reached by its returns.
    for (caller, _, next) in calls {
        if let Some(ways) = steps.ways.get_mut(&caller) {
            ways.retain(|way| way.to != next || !way.sets);
        }
    }
}

/// Returns that are come to without passing through one: a call goes on after itself.
fn returns_of<'a>(from: impl Iterator<Item = &'a str>, steps: &'a Steps) -> Vec<&'a str> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = from.collect();
    let mut returns = Vec::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        let Some(step) = steps.nodes.get(name) else { continue };
        if step.node.returns() {
            returns.push(name);
        }
        match step.node.calls() {
            Some((_, next)) => open.push(next),
            None => open.extend(steps.ways.get(name).into_iter().flatten().map(|way| way.to.as_str())),
        }
    }
    returns
}
