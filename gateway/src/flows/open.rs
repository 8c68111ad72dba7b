//! At the start: which version of each flow serves.
//!
//! The file that the configuration names is version 1. What was published since serves on after a restart; a file that
//! changed since it was last taken over becomes the next version.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use desk::{Change, FlowOrigin, FlowVersion};
use ivr::Flow;
use store::Store;

use super::{Board, Flows, Here, Served, Workshop, numbers};
use crate::clock::Clock;
use crate::config::{Config, FlowFile};

/// Author of versions that come from files: a code, as pages have words for.
const CONFIGURATION: &str = "configuration";
/// Notes of such versions, codes as well: the first one, and one after the file changed.
const CONFIGURED: &str = "file_configured";
const CHANGED: &str = "file_changed";
/// Versions read at once when looking for the last one that came from the file.
const PAGE: u32 = 50;

/// Brings the record up to date with the configured files and prepares every flow.
///
/// # Errors
/// When a version in service is wrong for this configuration, or a prompt cannot have a voice.
pub async fn open(config: &Config, store: &dyn Store, data: &Path, clock: Clock) -> Result<Flows> {
    let workshop = Workshop::new(config, data);
    for (name, file) in &config.flows {
        take_over(store, clock, name, file).await?;
    }
    let mut made = BTreeMap::new();
    for version in store.flows_in_service().await? {
        let Some(file) = file_of(config, store, &version).await? else { continue };
        let name = version.flow.clone();
        let served = make(&workshop, version, file).await?;
        made.insert(name, Arc::new(served));
    }
    let flows =
        made.iter().map(|(name, served)| (name.as_str(), (served.file.as_str(), served.flow()))).collect();
    let numbers = numbers(&config.numbers, &flows, None).map_err(|wrong| told(&wrong))?;
    Ok(Flows::new(Board { numbers, served: made }, workshop))
}

/// A file that is not what was last taken over from it becomes the next version.
async fn take_over(store: &dyn Store, clock: Clock, name: &str, file: &FlowFile) -> Result<()> {
    let mut newest = 0;
    let mut before = None;
    let last = loop {
        let page = store.flow_history(name, before, PAGE).await?;
        newest = newest.max(page.first().map_or(0, |version| version.version));
        before = page.last().map(|version| version.version);
        let from_file = page.into_iter().find(|version| version.origin == FlowOrigin::File);
        if from_file.is_some() || before.is_none() {
            break from_file;
        }
    };
    if last.is_some_and(|last| last.source == file.text) {
        return Ok(());
    }
    let note = if newest == 0 { CONFIGURED } else { CHANGED };
    if newest > 0 {
        tracing::warn!(flow = name, version = newest + 1, "the flow's file changed: it is the next version");
    }
    let version = FlowVersion {
        flow: name.to_owned(),
        version: newest + 1,
        origin: FlowOrigin::File,
        restores: None,
        source: file.text.clone(),
        layout: "{}".to_owned(),
        author: CONFIGURATION.to_owned(),
        at: clock.wall_millis(),
        note: note.to_owned(),
    };
    store.append(clock.wall_millis(), vec![Change::FlowPublished(version)]).await?;
    Ok(())
}

/// What problems of a version call its file. `None`: the configuration named its file once and does not any more.
async fn file_of(config: &Config, store: &dyn Store, version: &FlowVersion) -> Result<Option<String>> {
    if let Some(file) = config.flows.get(&version.flow) {
        let is_file = file.text == version.source;
        return Ok(Some(if is_file { file.file.clone() } else { format!("{}.toml", version.flow) }));
    }
    let first = store.flow_version(&version.flow, 1).await?;
    Ok((first.origin != FlowOrigin::File).then(|| format!("{}.toml", version.flow)))
}

async fn make(workshop: &Workshop, version: FlowVersion, file: String) -> Result<Served> {
    let workshop = workshop.clone();
    let making = tokio::task::spawn_blocking(move || {
        let flow = Flow::parse(&file, &version.source, &workshop.known).map_err(|problems| {
            let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow!(
                "version {} of the flow `{}` is in service but does not fit this configuration; correct the \
                 configuration, or the flow's file (a changed file is the next version):\n{}",
                version.version,
                version.flow,
                list.join("\n")
            )
        })?;
        workshop.make(&version.flow, version.version, &file, Arc::new(flow), Arc::new(Here::default()))
    });
    making.await.context("preparing a flow")?
}

fn told(wrong: &[ivr::Wrong]) -> anyhow::Error {
    let list: Vec<String> =
        wrong.iter().map(|one| format!("{}: {}; {}", one.file, one.found, one.right)).collect();
    anyhow!("{}", list.join("\n"))
}
