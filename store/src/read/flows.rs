//! Versions and drafts of flows, and how customers went through them.

use desk::{FlowDraft, FlowVersion, WallMillis};

use super::Conditions;
use super::lists::page_size;
use crate::codes::decode;
use crate::session::{Dialect, Row, Session};
use crate::{FlowPassage, FlowStay, StoreError};

const VERSION: &str = "v.flow, v.version, v.origin, v.restores, v.source, v.layout, v.author, v.at, v.note";
const DRAFT: &str = "flow, revision, base, source, layout, author, at";

/// The newest version of every flow, by name.
pub async fn in_service<D: Dialect>(session: &mut Session<'_, D>) -> Result<Vec<FlowVersion>, StoreError> {
    let newest = "SELECT flow, MAX(version) AS version FROM flow_versions GROUP BY flow";
    let sql = format!(
        "SELECT {VERSION} FROM flow_versions v JOIN ({newest}) n ON n.flow = v.flow AND n.version = v.version \
         ORDER BY v.flow"
    );
    session.rows_of(sql, vec![]).await?.iter().map(version_of).collect()
}

/// Versions of a flow before `before` (or the newest ones), newest first.
pub async fn history<D: Dialect>(
    session: &mut Session<'_, D>,
    flow: &str,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<FlowVersion>, StoreError> {
    let size = page_size(limit)?;
    let mut which = Conditions::default();
    which.and("v.flow = ?", [flow.into()]);
    if let Some(before) = before {
        which.and("v.version < ?", [before.into()]);
    }
    let limit = which.limit(size);
    let Conditions { sql, args } = which;
    let sql = format!("SELECT {VERSION} FROM flow_versions v{sql} ORDER BY v.version DESC{limit}");
    session.rows_of(sql, args).await?.iter().map(version_of).collect()
}

/// One version.
pub async fn version<D: Dialect>(
    session: &mut Session<'_, D>,
    flow: &str,
    version: i64,
) -> Result<FlowVersion, StoreError> {
    let sql = format!("SELECT {VERSION} FROM flow_versions v WHERE v.flow = $1 AND v.version = $2");
    let rows = session.rows_of(sql, vec![flow.into(), version.into()]).await?;
    rows.first().map_or(Err(StoreError::NotFound("version of the flow")), version_of)
}

/// Every draft, by name.
pub async fn drafts<D: Dialect>(session: &mut Session<'_, D>) -> Result<Vec<FlowDraft>, StoreError> {
    let sql = format!("SELECT {DRAFT} FROM flow_drafts ORDER BY flow");
    session.rows_of(sql, vec![]).await?.iter().map(draft_of).collect()
}

/// The draft of a flow, if there is one.
pub async fn draft<D: Dialect>(
    session: &mut Session<'_, D>,
    flow: &str,
) -> Result<Option<FlowDraft>, StoreError> {
    let sql = format!("SELECT {DRAFT} FROM flow_drafts WHERE flow = $1");
    session.rows_of(sql, vec![flow.into()]).await?.first().map(draft_of).transpose()
}

/// Every way that customers of these conversations went from step to step, with how often.
pub async fn passages<D: Dialect>(
    session: &mut Session<'_, D>,
    from: WallMillis,
    until: WallMillis,
) -> Result<Vec<FlowPassage>, StoreError> {
    const SQL: &str = "SELECT s.before, s.step, COUNT(*) FROM ( \
        SELECT e.detail AS step, LAG(e.detail) OVER (PARTITION BY e.conversation ORDER BY e.seq) AS before \
        FROM conversations c JOIN entries e ON e.conversation = c.id \
        WHERE c.started_at >= $1 AND c.started_at < $2 AND e.kind = 'event' AND e.text = 'step') s \
        WHERE s.step IS NOT NULL GROUP BY s.before, s.step ORDER BY s.step, s.before";
    let rows = session.rows(SQL, vec![from.into(), until.into()]).await?;
    let one =
        |row: &Row| Ok(FlowPassage { before: row.maybe_text(0)?, step: row.text(1)?, count: row.int(2)? });
    rows.iter().map(one).collect()
}

/// The last step of each of these conversations and how it ended there, with how many did.
pub async fn stays<D: Dialect>(
    session: &mut Session<'_, D>,
    from: WallMillis,
    until: WallMillis,
) -> Result<Vec<FlowStay>, StoreError> {
    const SQL: &str = "SELECT s.step, s.reason, s.talked, COUNT(*) FROM ( \
        SELECT e.detail AS step, c.reason AS reason, CAST(CASE WHEN c.agent IS NULL THEN 0 ELSE 1 END AS BIGINT) AS talked, \
        ROW_NUMBER() OVER (PARTITION BY e.conversation ORDER BY e.seq DESC) AS age \
        FROM conversations c JOIN entries e ON e.conversation = c.id \
        WHERE c.started_at >= $1 AND c.started_at < $2 AND e.kind = 'event' AND e.text = 'step') s \
        WHERE s.age = 1 AND s.step IS NOT NULL GROUP BY s.step, s.reason, s.talked ORDER BY s.step, s.reason";
    let rows = session.rows(SQL, vec![from.into(), until.into()]).await?;
    let one = |row: &Row| {
        Ok(FlowStay {
            step: row.text(0)?,
            reason: row.maybe_text(1)?,
            talked: row.int(2)? != 0,
            count: row.int(3)?,
        })
    };
    rows.iter().map(one).collect()
}

fn version_of(row: &Row) -> Result<FlowVersion, StoreError> {
    Ok(FlowVersion {
        flow: row.text(0)?,
        version: row.int(1)?,
        origin: decode(&row.text(2)?)?,
        restores: row.maybe_int(3)?,
        source: row.text(4)?,
        layout: row.text(5)?,
        author: row.text(6)?,
        at: row.int(7)?,
        note: row.text(8)?,
    })
}

fn draft_of(row: &Row) -> Result<FlowDraft, StoreError> {
    Ok(FlowDraft {
        flow: row.text(0)?,
        revision: row.int(1)?,
        base: row.int(2)?,
        source: row.text(3)?,
        layout: row.text(4)?,
        author: row.text(5)?,
        at: row.int(6)?,
    })
}
