//! Corrections of a transcript's lines: the entry says what stands there now, `corrections` keeps all that stood there before.

use desk::correction::{Correction, Particulars};
use desk::{EntryKind, WallMillis};
use kernel::InteractionId;

use super::ledger::Ledger;
use crate::StoreError;
use crate::codes::decode;
use crate::session::{Dialect, Session};

/// Corrects a line, recorded by the next event; the event that recorded just this before, if any.
pub async fn correct<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    id: InteractionId,
    seq: i64,
    correction: &Correction,
) -> Result<Option<i64>, StoreError> {
    const NOW: &str = "SELECT kind, text, detail FROM entries WHERE conversation = $1 AND seq = $2";
    const SAME: &str = "SELECT event FROM corrections WHERE conversation = $1 AND seq = $2 AND revision = $3";
    const KEEP: &str = "INSERT INTO corrections \
        (conversation, seq, revision, event, at, author, before_text, before_detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    const PUT: &str = "UPDATE entries SET text = $1, detail = $2 WHERE conversation = $3 AND seq = $4";
    ledger.must_know(session, id).await?;
    // The line may be in this transaction.
    ledger.flush(session).await?;
    let id = id.to_string();
    let id = id.as_str();
    let now = session.row(NOW, vec![id.into(), seq.into()]).await?;
    let now = now.ok_or(StoreError::NotFound("line of this conversation"))?;
    let (kind, text, detail) = (decode::<EntryKind>(&now.text(0)?)?, now.text(1)?, now.maybe_text(2)?);
    if kind != EntryKind::Speech {
        return Err(StoreError::Bad(format!(
            "entry {seq} of conversation {id} is no line of the transcript"
        )));
    }
    let revision = Particulars::of(detail.as_deref()).revision();
    if revision == correction.revision && text == correction.text {
        let row = session.row(SAME, vec![id.into(), seq.into(), revision.into()]).await?;
        return row.map(|row| row.int(0)).transpose();
    }
    if revision + 1 != correction.revision {
        return Err(StoreError::Stale { revision });
    }
    let at: WallMillis = correction.at;
    let kept = vec![
        id.into(),
        seq.into(),
        correction.revision.into(),
        ledger.next().into(),
        at.into(),
        correction.by.as_str().into(),
        text.as_str().into(),
        detail.as_deref().into(),
    ];
    session.exec(KEEP, kept).await?;
    let put = vec![correction.text.as_str().into(), correction.detail.as_str().into(), id.into(), seq.into()];
    session.exec(PUT, put).await?;
    Ok(None)
}
