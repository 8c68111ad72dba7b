//! Looking in the index of the search: newest first, in pages, and never longer than a look may take.
//!
//! Promises: words, kinds, channel, person and time are answered by the index alone; queue, agent and who may see it are
//! looked up for each document it gives, of which one call looks at [`EXAMINED`] at most. A page may be short then, and `next`
//! says where to look on. Leaves to others: what a hit looks like (`desk::search`).

use desk::search::SearchKind;
use desk::{Channel, Speaker};
use kernel::{AgentName, QueueName};

use super::lists::{bad_cursor, page_size};
use super::{Conditions, id_of};
use crate::codes::{code, decode, maybe_decode};
use crate::record::id_from;
use crate::session::{Dialect, FullText, Row, Session, Value};
use crate::{Page, SearchFilter, SearchHit, StoreError};

/// Documents that one call looks at.
const EXAMINED: usize = 8_000;
/// Documents looked at in the first round, when not all of them will do.
const FIRST_LOOK: usize = 400;
/// Conversations of a person that are looked through, the newest.
const OF_A_PERSON: i64 = 200;

/// A page of what was found.
pub async fn search<D: Dialect>(
    session: &mut Session<'_, D>,
    filter: &SearchFilter,
) -> Result<Page<SearchHit>, StoreError> {
    let size = page_size(filter.limit)?;
    let mut until = filter.until.map_or(i64::MAX, id_from);
    if let Some(after) = &filter.after {
        until = until.min(after.parse().map_err(|_| bad_cursor())?);
    }
    let from = filter.from.map_or(i64::MIN, id_from);
    let Some(wanted) = wanted(session, filter).await? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let words = in_words_of::<D>(&wanted);
    let (mut found, mut left) = (Vec::new(), EXAMINED);
    let mut look = if filter.looks_up() { FIRST_LOOK } else { size + 1 };
    loop {
        let rows = candidates(session, filter, &words, (from, until), look).await?;
        let ended = rows.len() < look;
        left = left.saturating_sub(rows.len());
        for (id, will_do) in rows {
            if found.len() == size && will_do {
                let next = found.last().map(i64::to_string);
                return Ok(Page { items: hits(session, &found).await?, next });
            }
            until = id;
            if will_do {
                found.push(id);
            }
        }
        if ended || left == 0 {
            let next = (!ended).then(|| until.to_string());
            return Ok(Page { items: hits(session, &found).await?, next });
        }
        look = (look * 4).min(left);
    }
}

/// What documents must have: of each list at least one token. `None`: nothing can have it.
async fn wanted<D: Dialect>(
    session: &mut Session<'_, D>,
    filter: &SearchFilter,
) -> Result<Option<Vec<Vec<String>>>, StoreError> {
    let mut wanted: Vec<Vec<String>> = filter.words.iter().map(|word| vec![word.clone()]).collect();
    if !filter.kinds.is_empty() {
        wanted.push(filter.kinds.iter().map(|kind| format!("={}", kind.name())).collect());
    }
    if let Some(Value::Text(Some(channel))) = filter.channel.as_ref().map(code) {
        wanted.push(vec![format!("={channel}")]);
    }
    if let Some(person) = filter.person {
        const CONVERSATIONS: &str =
            "SELECT id FROM conversations WHERE person = $1 ORDER BY started_at DESC, id DESC LIMIT $2";
        const TICKETS: &str = "SELECT id FROM tickets WHERE person = $1 ORDER BY id DESC LIMIT $2";
        let args = vec![person.into(), OF_A_PERSON.into()];
        let mut theirs = Vec::new();
        for row in session.rows(CONVERSATIONS, args.clone()).await? {
            theirs.push(format!("={}", row.text(0)?));
        }
        for row in session.rows(TICKETS, args).await? {
            theirs.push(format!("=ticket{}", row.int(0)?));
        }
        wanted.push(theirs);
    }
    let possible = !wanted.is_empty() && wanted.iter().all(|any| !any.is_empty());
    Ok(possible.then_some(wanted))
}

/// The same as the database reads it. Tokens are letters, digits, `=` and `-` only; they are quoted all the same.
fn in_words_of<D: Dialect>(wanted: &[Vec<String>]) -> String {
    let (quote, and, or) = match D::FULL_TEXT {
        FullText::Fts5 => ('"', " AND ", " OR "),
        FullText::TsVector => ('\'', " & ", " | "),
    };
    let one = |token: &String| format!("{quote}{}{quote}", token.replace(['"', '\'', '\\', '\0'], ""));
    let any = |any: &Vec<String>| format!("({})", any.iter().map(one).collect::<Vec<_>>().join(or));
    wanted.iter().map(any).collect::<Vec<_>>().join(and)
}

/// Documents that have the words, newest first, and whether each passes what the index cannot say.
async fn candidates<D: Dialect>(
    session: &mut Session<'_, D>,
    filter: &SearchFilter,
    words: &str,
    (from, until): (i64, i64),
    most: usize,
) -> Result<Vec<(i64, bool)>, StoreError> {
    let mut which = Conditions::default();
    let matching = match D::FULL_TEXT {
        FullText::Fts5 => "search_words MATCH ?",
        FullText::TsVector => "words @@ CAST(? AS tsquery)",
    };
    which.and(matching, [words.into()]);
    which.and("rowid >= ?", [from.into()]);
    which.and("rowid < ?", [until.into()]);
    let limit = which.limit(most);
    let inner = format!("SELECT rowid AS id FROM search_words{} ORDER BY rowid DESC{limit}", which.sql);
    if !filter.looks_up() {
        let rows = session.rows_of(inner, which.args).await?;
        return rows.iter().map(|row| Ok((row.int(0)?, true))).collect();
    }
    let mut passes = Conditions { sql: String::new(), args: which.args };
    if let Some(queue) = &filter.queue {
        let queue = queue.as_str();
        passes.and("COALESCE(c.queue, t.queue) = ?", [queue.into()]);
    }
    if let Some(agent) = &filter.agent {
        let agent = agent.as_str();
        passes.and(
            "(c.agent = ? OR t.assignee = ? OR e.author = ?)",
            [agent.into(), agent.into(), agent.into()],
        );
    }
    passes.and("(d.audience IS NULL OR d.audience <> ?)", [hidden_from(filter).into()]);
    passes.and("(d.expires_at IS NULL OR d.expires_at > ?)", [filter.now.into()]);
    let passing = passes.sql.trim_start_matches(" WHERE ");
    let sql = format!(
        "SELECT m.id, CAST(CASE WHEN {passing} THEN 1 ELSE 0 END AS BIGINT) FROM ({inner}) m \
         JOIN search_docs d ON d.id = m.id LEFT JOIN conversations c ON c.id = d.conversation \
         LEFT JOIN entries e ON e.conversation = d.conversation AND e.seq = d.entry_seq \
         LEFT JOIN tickets t ON t.id = d.ticket ORDER BY m.id DESC"
    );
    let rows = session.rows_of(sql, passes.args).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.int(1)? != 0))).collect()
}

/// The audience whose documents are not shown.
const fn hidden_from(filter: &SearchFilter) -> &'static str {
    if filter.supervises { "" } else { "supervisors" }
}

async fn hits<D: Dialect>(session: &mut Session<'_, D>, ids: &[i64]) -> Result<Vec<SearchHit>, StoreError> {
    const SQL: &str = "SELECT d.kind, d.conversation, d.entry_seq, d.ticket, d.article, \
        COALESCE(e.at, a.at, t.updated_at), COALESCE(e.text, t.subject, a.draft), t.fields, e.speaker, e.author, \
        COALESCE(c.channel, t.channel), COALESCE(c.queue, t.queue), COALESCE(c.agent, t.assignee), c.caller, p.name, p.id \
        FROM search_docs d LEFT JOIN entries e ON e.conversation = d.conversation AND e.seq = d.entry_seq \
        LEFT JOIN conversations c ON c.id = d.conversation LEFT JOIN tickets t ON t.id = d.ticket \
        LEFT JOIN articles a ON a.event = d.event LEFT JOIN persons p ON p.id = COALESCE(c.person, t.person) \
        WHERE d.id = $1";
    let mut hits = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = session.row(SQL, vec![(*id).into()]).await? {
            hits.push(hit_of(&row)?);
        }
    }
    Ok(hits)
}

fn hit_of(row: &Row) -> Result<SearchHit, StoreError> {
    let kind: SearchKind = decode(&row.text(0)?)?;
    let text = row.text(6)?;
    let (title, text) = match kind {
        SearchKind::Article => {
            let draft: desk::knowledge::ArticleDraft = serde_json::from_str(&text)
                .map_err(|error| StoreError::Database(format!("an article that cannot be read: {error}")))?;
            (Some(draft.title), draft.body)
        }
        SearchKind::Ticket => {
            let fields: std::collections::BTreeMap<String, String> =
                serde_json::from_str(&row.text(7)?).unwrap_or_default();
            let text = fields.values().fold(text, |text, value| format!("{text}\n{value}"));
            (None, text)
        }
        SearchKind::Speech | SearchKind::Message | SearchKind::Note => (None, text),
    };
    Ok(SearchHit {
        kind,
        at: row.int(5)?,
        conversation: row.maybe_text(1)?.as_deref().map(id_of).transpose()?,
        entry_seq: row.maybe_int(2)?,
        ticket: row.maybe_int(3)?,
        article: row.maybe_text(4)?,
        title,
        text,
        speaker: maybe_decode::<Speaker>(row.maybe_text(8)?.as_deref())?,
        author: row.maybe_text(9)?.map(AgentName::new),
        channel: maybe_decode::<Channel>(row.maybe_text(10)?.as_deref().filter(|name| !name.is_empty()))?,
        queue: row.maybe_text(11)?.map(QueueName::new),
        agent: row.maybe_text(12)?.map(AgentName::new),
        caller: row.maybe_text(13)?,
        person: row.maybe_text(14)?,
        person_id: row.maybe_int(15)?,
    })
}

impl SearchFilter {
    /// Whether the index alone cannot say what passes.
    fn looks_up(&self) -> bool {
        let articles = self.kinds.is_empty() || self.kinds.contains(&SearchKind::Article);
        self.queue.is_some() || self.agent.is_some() || articles
    }
}
