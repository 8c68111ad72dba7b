//! How the steps hang together: every step can be reached, nothing goes round by itself, and whoever writes meets no
//! step that needs a voice.

mod calls;
mod unset;

use std::collections::{BTreeMap, BTreeSet};

use super::Entries;
use super::names::Names;
use super::steps::{Steps, Way};
use crate::node::By;
use crate::source::Source;

pub(super) fn check(source: &mut Source<'_>, entries: &Entries, steps: &mut Steps, names: &Names) {
    calls::connect(source, entries, steps);
    let steps = &*steps;
    let reached = reached(entries.values().map(|(entry, _)| entry.step.as_str()), steps);
    // Without a single entry everything would be unreachable, and that is not what is wrong.
    if !entries.is_empty() {
        for (name, at) in steps.places.iter().filter(|(name, _)| !reached.contains(name.as_str())) {
            let found = format!("the step `{name}` cannot be reached");
            source.problem(*at, found, "lead to it from an entry or another step, or remove it");
        }
    }
    check_circles(source, steps);
    check_text(source, entries, steps);
    unset::check(source, entries, steps, names);
}

/// Every step that can be come to from these.
fn reached<'a>(from: impl Iterator<Item = &'a str>, steps: &'a Steps) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = from.collect();
    while let Some(step) = open.pop() {
        if reached.insert(step) {
            open.extend(steps.ways.get(step).into_iter().flatten().map(|way| way.to.as_str()));
        }
    }
    reached
}

/// Circles in which neither the customer nor an agent does anything would go round for ever.
fn check_circles(source: &mut Source<'_>, steps: &Steps) {
    let mut alone: BTreeMap<&str, Vec<&Way>> = BTreeMap::new();
    for (from, ways) in &steps.ways {
        alone.insert(from, ways.iter().filter(|way| way.by == By::Itself).collect());
    }
    loop {
        prune(&mut alone);
        // What is left leads to a circle from anywhere: walk until a step comes twice.
        let Some(first) = alone.keys().next().copied() else { return };
        let mut path: Vec<(&str, usize)> = Vec::new();
        let mut step = first;
        while !path.iter().any(|(seen, _)| *seen == step) {
            let Some(way) = alone.get(step).and_then(|ways| ways.first()) else { return };
            path.push((step, way.at));
            step = way.to.as_str();
        }
        let circle: Vec<(&str, usize)> = path.into_iter().skip_while(|(seen, _)| *seen != step).collect();
        report(source, steps, &circle);
        for (name, _) in circle {
            alone.remove(name);
        }
    }
}

/// Takes out every step from which no circle can be come to.
fn prune(alone: &mut BTreeMap<&str, Vec<&Way>>) {
    loop {
        let names: BTreeSet<&str> = alone.keys().copied().collect();
        for ways in alone.values_mut() {
            ways.retain(|way| names.contains(way.to.as_str()));
        }
        alone.retain(|_, ways| !ways.is_empty());
        if alone.len() == names.len() {
            return;
        }
    }
}

fn report(source: &mut Source<'_>, steps: &Steps, circle: &[(&str, usize)]) {
    // Told from the step that comes first in the file.
    let begin =
        circle.iter().enumerate().min_by_key(|(_, (name, _))| steps.places.get(*name)).map_or(0, |(i, _)| i);
    let turned = || circle.iter().cycle().skip(begin).take(circle.len());
    let mut names: Vec<&str> = turned().take(10).map(|(name, _)| *name).collect();
    if circle.len() > names.len() {
        names.push("…");
    }
    names.extend(turned().next().map(|(name, _)| *name));
    let at = turned().next().map_or(0, |(_, at)| *at);
    source.problem(
        at,
        format!("a circle that goes round without anybody doing anything: {}", names.join(" → ")),
        "lead on to a menu, a queue or a hangup somewhere in it",
    );
}

/// Steps that need a voice where people may write.
fn check_text(source: &mut Source<'_>, entries: &Entries, steps: &Steps) {
    let mut told = BTreeSet::new();
    for (entry, (target, _)) in entries.iter().filter(|(_, (target, _))| target.text) {
        for name in reached(std::iter::once(target.step.as_str()), steps) {
            let needs_voice = steps.nodes.get(name).is_some_and(|step| !step.node.serves_text());
            if needs_voice && told.insert(name) {
                let kind = steps.kinds.get(name).copied().unwrap_or_default();
                let found = format!(
                    "the step `{name}` ({kind}) needs a voice, and the entry `{entry}` is for those who write"
                );
                let at = steps.places.get(name).copied().unwrap_or_default();
                source.problem(at, found, "another way for those who write, or `text = false`");
            }
        }
    }
}
