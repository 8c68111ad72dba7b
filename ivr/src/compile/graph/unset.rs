//! Variables that may be read before anything was put into them.
//!
//! A variable is set at a step when every way that leads there from an entry has set it; what a step sets is there when it
//! goes on to its `next`.

use std::collections::BTreeMap;

use super::super::Entries;
use super::super::names::Names;
use super::super::steps::Steps;
use crate::source::Source;

pub(super) fn check(source: &mut Source<'_>, entries: &Entries, steps: &Steps, names: &Names) {
    let bit = |name: &str| names.late.iter().position(|late| late == name).map(|at| 1_u128 << at.min(127));
    let writes: BTreeMap<&str, u128> = steps
        .writes
        .iter()
        .map(|(name, all)| {
            (name.as_str(), all.iter().filter_map(|name| bit(name)).fold(0, |all, one| all | one))
        })
        .collect();
    let set = set_at(entries, steps, &writes);
    for (step, read) in &steps.reads {
        let Some(set) = set.get(step.as_str()) else { continue };
        let mut told: Vec<&str> = Vec::new();
        for (name, at) in read {
            let Some(bit) = bit(name).filter(|bit| set & bit == 0) else { continue };
            if bit != 0 && !told.contains(&name.as_str()) {
                told.push(name);
                let found =
                    format!("the variable `{name}` may be empty here: not every way to `{step}` sets it");
                source.problem(
                    *at,
                    found,
                    format!("`{name} = …` in `[variables]`, or a step that sets it on every way"),
                );
            }
        }
    }
}

/// What is set on every way to each step that is reached.
fn set_at<'a>(
    entries: &'a Entries,
    steps: &'a Steps,
    writes: &BTreeMap<&'a str, u128>,
) -> BTreeMap<&'a str, u128> {
    let mut set: BTreeMap<&str, u128> = entries.values().map(|(entry, _)| (entry.step.as_str(), 0)).collect();
    loop {
        let mut changed = false;
        let mut meet = |set: &mut BTreeMap<&'a str, u128>, to: &'a str, there: u128| {
            let known = set.get(to).copied();
            let met = known.map_or(there, |known| known & there);
            changed |= known != Some(met);
            set.insert(to, met);
        };
        for (step, ways) in &steps.ways {
            let Some(here) = set.get(step.as_str()).copied() else { continue };
            // Whoever comes back finds what was set before the call as well; see below.
            if steps.nodes.get(step).is_some_and(|step| step.node.returns()) {
                continue;
            }
            for way in ways {
                let there = if way.sets {
                    here | writes.get(step.as_str()).copied().unwrap_or_default()
                } else {
                    here
                };
                meet(&mut set, &way.to, there);
            }
        }
        for call in &steps.calls {
            let back =
                call.returns.iter().filter_map(|name| set.get(name.as_str()).copied()).reduce(|a, b| a & b);
            if let (Some(before), Some(back)) = (set.get(call.caller.as_str()).copied(), back) {
                meet(&mut set, &call.next, before | back);
            }
        }
        // Each set only shrinks, and by a bit at least.
        if !changed {
            return set;
        }
    }
}
