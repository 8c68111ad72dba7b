//! The index of the search, written in the transaction of what it finds.
//!
//! Promises: what is recorded can be found when `append` returns, and what is rolled back never; exactly the recorded text is
//! cut into words, so what was hidden before recording is in no index. Leaves to others: cutting (`desk::search`), looking (`read`).

use desk::knowledge::Audience;
use desk::search::{SearchKind, words_of};
use desk::{Change, WallMillis};
use kernel::InteractionId;

use super::ledger::Ledger;
use crate::session::{Dialect, Session, Value};
use crate::{Event, StoreError, read};

/// Bits of a document's id below the milliseconds.
const EVENT_BITS: u32 = 20;

/// The smallest id of documents of that moment.
pub fn id_from(at: WallMillis) -> i64 {
    at.saturating_mul(1 << EVENT_BITS)
}

fn id_of(at: WallMillis, event: i64) -> i64 {
    id_from(at).saturating_add(event % (1 << EVENT_BITS))
}

/// A document about to be put.
#[derive(Default)]
struct Doc<'a> {
    conversation: Option<String>,
    entry_seq: Option<i64>,
    ticket: Option<i64>,
    article: Option<&'a str>,
    audience: Option<&'a str>,
    expires_at: Option<WallMillis>,
}

fn put(
    ledger: &mut Ledger,
    event: &Event,
    at: WallMillis,
    kind: SearchKind,
    text: &str,
    tags: &[String],
    doc: Doc<'_>,
) {
    let mut words: Vec<String> = words_of(text).into_iter().collect();
    words.push(format!("={}", kind.name()));
    words.extend(tags.iter().filter(|tag| !tag.is_empty()).map(|tag| format!("={tag}")));
    let row = vec![
        event.seq.into(),
        kind.name().into(),
        doc.conversation.as_deref().into(),
        doc.entry_seq.into(),
        doc.ticket.into(),
        doc.article.into(),
        doc.audience.into(),
        doc.expires_at.into(),
    ];
    ledger.put_doc(id_of(at, event.seq), row, words.join(" "));
}

/// Takes in what an event added to, or changed in, what can be found.
pub async fn take_in<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    event: &Event,
) -> Result<(), StoreError> {
    match &event.change {
        Change::EntryAdded { id, entry } => {
            let Some(kind) = SearchKind::of_entry(entry.kind) else { return Ok(()) };
            let tags = [ledger.channel_of(session, *id).await?, id.to_string()];
            let doc =
                Doc { conversation: Some(id.to_string()), entry_seq: event.entry_seq, ..Doc::default() };
            put(ledger, event, entry.at, kind, &entry.text, &tags, doc);
            Ok(())
        }
        Change::EntryCorrected { id, seq, correction } => {
            put_corrected(session, ledger, event, *id, *seq, &correction.text).await
        }
        Change::TicketFor { .. } => match event.ticket {
            Some(ticket) if !is_known(session, ledger, ticket).await? => {
                put_ticket(session, ledger, event, ticket).await
            }
            _ => Ok(()),
        },
        Change::TicketOpened { .. } | Change::TicketEdited { .. } | Change::Imported { .. } => {
            match event.ticket {
                Some(ticket) => put_ticket(session, ledger, event, ticket).await,
                None => Ok(()),
            }
        }
        Change::TicketMerged { into, .. } => put_ticket(session, ledger, event, *into).await,
        Change::ArticleSaved { key, draft, at, .. } => {
            ledger.flush(session).await?;
            session.exec("DELETE FROM search_docs WHERE article = $1", vec![key.as_str().into()]).await?;
            let audience = match draft.audience {
                Audience::Staff => "staff",
                Audience::Supervisors => "supervisors",
            };
            let doc = Doc {
                article: Some(key),
                audience: Some(audience),
                expires_at: draft.expires_at,
                ..Doc::default()
            };
            let text = format!("{}\n{}", draft.title, draft.body);
            put(ledger, event, *at, SearchKind::Article, &text, &[], doc);
            Ok(())
        }
        Change::ConversationOpened { .. }
        | Change::ConversationMoved { .. }
        | Change::ConversationEnded { .. }
        | Change::LegChanged { .. }
        | Change::ThreadOpened { .. }
        | Change::MessageArrived { .. }
        | Change::DeliveryMoved { .. }
        | Change::TicketMoved { .. }
        | Change::FlowPublished(_)
        | Change::TicketRelated { .. }
        | Change::TicketEscalated { .. }
        | Change::SettingChanged { .. }
        | Change::HookChanged { .. }
        | Change::Exported { .. }
        | Change::KnowledgeVoted { .. }
        | Change::CustomerEdited { .. }
        | Change::CustomersMerged { .. }
        | Change::CustomersSplit { .. }
        | Change::KnowledgeMissed { .. } => Ok(()),
    }
}

/// A line that was corrected is found by what it says now, at the time at which it was said.
async fn put_corrected<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    event: &Event,
    id: InteractionId,
    seq: i64,
    text: &str,
) -> Result<(), StoreError> {
    const GONE: &str = "DELETE FROM search_docs WHERE conversation = $1 AND entry_seq = $2";
    const SAID_AT: &str = "SELECT at FROM entries WHERE conversation = $1 AND seq = $2";
    ledger.flush(session).await?;
    let place = vec![id.to_string().as_str().into(), seq.into()];
    session.exec(GONE, place.clone()).await?;
    let Some(row) = session.row(SAID_AT, place).await? else { return Ok(()) };
    let tags = [ledger.channel_of(session, id).await?, id.to_string()];
    let doc = Doc { conversation: Some(id.to_string()), entry_seq: Some(seq), ..Doc::default() };
    put(ledger, event, row.int(0)?, SearchKind::Speech, text, &tags, doc);
    Ok(())
}

async fn is_known<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    ticket: i64,
) -> Result<bool, StoreError> {
    ledger.flush(session).await?;
    let row = session.row("SELECT id FROM search_docs WHERE ticket = $1", vec![ticket.into()]).await?;
    Ok(row.is_some())
}

/// A ticket is one document: as it now is.
async fn put_ticket<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    event: &Event,
    number: i64,
) -> Result<(), StoreError> {
    ledger.flush(session).await?;
    session.exec("DELETE FROM search_docs WHERE ticket = $1", vec![number.into()]).await?;
    let ticket = read::ticket_row(session, number).await?;
    let channel = match crate::codes::maybe_code(ticket.channel.as_ref()) {
        Value::Text(Some(channel)) => channel,
        _ => String::new(),
    };
    let text = ticket.fields.values().fold(ticket.subject.clone(), |text, value| format!("{text}\n{value}"));
    let doc = Doc { ticket: Some(number), ..Doc::default() };
    put(ledger, event, event.at, SearchKind::Ticket, &text, &[channel, format!("ticket{number}")], doc);
    Ok(())
}
