//! Flows: a version is added and stays as it is; a draft is replaced by whoever has seen it.

use desk::{FlowDraft, FlowRefusal, FlowVersion};

use crate::StoreError;
use crate::codes::code;
use crate::session::{Dialect, Session};

/// Adds a version, which must follow the newest one, and uses the draft up.
pub async fn publish<D: Dialect>(
    session: &mut Session<'_, D>,
    version: &FlowVersion,
) -> Result<(), StoreError> {
    const NEWEST: &str = "SELECT COALESCE(MAX(version), 0) FROM flow_versions WHERE flow = $1";
    let flow = version.flow.as_str();
    let actual = session.row(NEWEST, vec![flow.into()]).await?.map_or(Ok(0), |row| row.int(0))?;
    let seen = version.version - 1;
    if actual != seen {
        return Err(FlowRefusal::StaleVersion { flow: flow.to_owned(), seen, actual }.into());
    }
    const ADD: &str = "INSERT INTO flow_versions (flow, version, origin, restores, source, layout, author, at, note) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let args = vec![
        flow.into(),
        version.version.into(),
        code(&version.origin),
        version.restores.into(),
        version.source.as_str().into(),
        version.layout.as_str().into(),
        version.author.as_str().into(),
        version.at.into(),
        version.note.as_str().into(),
    ];
    session.exec(ADD, args).await?;
    if version.origin == desk::FlowOrigin::Draft {
        session.exec("DELETE FROM flow_drafts WHERE flow = $1", vec![flow.into()]).await?;
    }
    Ok(())
}

/// Keeps a draft whose revision follows the one that is there.
pub async fn put_draft<D: Dialect>(
    session: &mut Session<'_, D>,
    draft: &FlowDraft,
) -> Result<(), StoreError> {
    const ACTUAL: &str = "SELECT revision FROM flow_drafts WHERE flow = $1";
    let flow = draft.flow.as_str();
    let actual = session.row(ACTUAL, vec![flow.into()]).await?.map_or(Ok(0), |row| row.int(0))?;
    let seen = draft.revision - 1;
    if actual != seen {
        return Err(FlowRefusal::StaleDraft { flow: flow.to_owned(), seen, actual }.into());
    }
    const PUT: &str = "INSERT INTO flow_drafts (flow, revision, base, source, layout, author, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (flow) DO UPDATE SET revision = excluded.revision, \
        base = excluded.base, source = excluded.source, layout = excluded.layout, author = excluded.author, at = excluded.at";
    let args = vec![
        flow.into(),
        draft.revision.into(),
        draft.base.into(),
        draft.source.as_str().into(),
        draft.layout.as_str().into(),
        draft.author.as_str().into(),
        draft.at.into(),
    ];
    session.exec(PUT, args).await.map(drop)
}
