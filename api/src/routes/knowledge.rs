//! `/knowledge`: articles, search, what agents think of them, what customers asked in vain.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::knowledge::{Article, ArticleDraft, Audience, Format, Found, Reader, Vote};
use desk::{Change, Conversation, EntryKind, Speaker};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, ConversationId, Params, Segments, page_size, text_within};
use crate::state::{App, Shared};
use crate::view::{ListView, Stamp};

/// Longest title and key, in characters.
const TITLE_CHARS: usize = 200;
/// Longest body, in characters.
const BODY_CHARS: usize = 100_000;
/// Longest question, in characters.
const QUESTION_CHARS: usize = 2_000;
/// Passages beside a conversation.
const SUGGESTED: usize = 3;
/// Passages of a search.
const SEARCHED: usize = 20;
/// Articles in a list: an installation has hundreds; search finds the rest.
const LISTED: usize = 1_000;
/// What the customer said last, in entries: older talk is another matter.
const RECENT_ENTRIES: usize = 4;
/// Entries looked through for them.
const LOOKED_THROUGH: u32 = 200;
/// Words from which something that found nothing is a gap, and no "hello".
const GAP_WORDS: usize = 2;
/// Articles of one import.
const IMPORTED: usize = 2_000;

/// Who may read an article.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Audience)]
pub(crate) enum AudienceName {
    Staff,
    Supervisors,
}

impl From<Audience> for AudienceName {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Staff => Self::Staff,
            Audience::Supervisors => Self::Supervisors,
        }
    }
}

impl From<AudienceName> for Audience {
    fn from(audience: AudienceName) -> Self {
        match audience {
            AudienceName::Staff => Self::Staff,
            AudienceName::Supervisors => Self::Supervisors,
        }
    }
}

/// An article.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Article)]
pub(crate) struct ArticleView {
    /// Its name for ever.
    pub key: String,
    /// Counts what was saved, from 1.
    pub version: i64,
    /// One line.
    pub title: String,
    /// Markdown; empty in lists.
    pub body: String,
    /// `en` or `zh`.
    pub lang: String,
    /// Who may read it.
    pub audience: AudienceName,
    /// To be looked at again.
    pub review_at: Option<Stamp>,
    /// Not shown from then on.
    pub expires_at: Option<Stamp>,
    /// Who saved this version.
    pub by: String,
    /// When.
    pub at: Stamp,
}

impl From<Article> for ArticleView {
    fn from(article: Article) -> Self {
        let Article { key, version, draft, by, at } = article;
        Self {
            key,
            version,
            title: draft.title,
            body: draft.body,
            lang: draft.lang,
            audience: draft.audience.into(),
            review_at: draft.review_at.map(Stamp),
            expires_at: draft.expires_at.map(Stamp),
            by,
            at: Stamp(at),
        }
    }
}

/// A passage that may answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passage)]
pub(crate) struct PassageView {
    /// Its article.
    pub key: String,
    /// The article's title.
    pub title: String,
    /// The heading above it.
    pub heading: Option<String>,
    /// The passage.
    pub text: String,
    /// How well it fits, comparable within one answer.
    pub score: f32,
    /// Words of the question that it was found by, the weightiest first.
    pub words: Vec<String>,
    /// Thumbs up less thumbs down for such questions.
    pub taught: i32,
}

impl From<Found> for PassageView {
    fn from(found: Found) -> Self {
        let Found { key, title, heading, text, score, words, taught } = found;
        Self { key, title, heading, text, score, words, taught }
    }
}

fn reader(app: &Shared, identity: &Identity) -> Reader {
    let audience = if identity.supervises() { Audience::Supervisors } else { Audience::Staff };
    Reader { audience, now: app.clock.wall() }
}

fn authors_only(identity: &Identity) -> Answer<()> {
    if identity.supervises() {
        return Ok(());
    }
    Err(ApiError::forbidden("only supervisors and administrators write articles"))
}

/// Every article that one may read, without its body.
#[utoipa::path(get, path = "/api/v1/knowledge/articles", tag = "knowledge", operation_id = "articles",
    responses((status = 200, body = ListView<ArticleView>), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(State(app): State<App>, identity: Identity) -> Answer<Json<ListView<ArticleView>>> {
    let reader = reader(&app, &identity);
    let look = move |index: &desk::knowledge::Index| {
        let seen = index.articles().filter(|article| article.draft.audience <= reader.audience);
        let bare = |article: &Article| {
            let draft = ArticleDraft { body: String::new(), ..article.draft.clone() };
            Article { draft, ..article.clone() }
        };
        seen.take(LISTED).map(bare).collect::<Vec<_>>()
    };
    let found = app.library.with(&*app.store, look).await?;
    Ok(Json(ListView { items: found.into_iter().map(ArticleView::from).collect(), next: None }))
}

/// An article in all its versions, the newest first.
#[utoipa::path(get, path = "/api/v1/knowledge/articles/{name}", tag = "knowledge", operation_id = "article",
    params(("name" = String, Path, description = "its key")),
    responses((status = 200, body = ListView<ArticleView>), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn one(
    State(app): State<App>,
    identity: Identity,
    Segments(key): Segments<String>,
) -> Answer<Json<ListView<ArticleView>>> {
    let versions = app.store.article(&key).await?;
    let audience = reader(&app, &identity).audience;
    // Whoever may not read the newest version learns nothing from the older ones, not even that it is there.
    if versions.first().is_none_or(|newest| newest.draft.audience > audience) {
        return Err(ApiError::not_found("article"));
    }
    let seen = versions.into_iter().filter(|version| version.draft.audience <= audience);
    Ok(Json(ListView { items: seen.map(ArticleView::from).collect(), next: None }))
}

/// What an author writes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVersion {
    /// One line, 1 to 200 characters.
    title: String,
    /// Markdown, 1 to 100 000 characters.
    body: String,
    /// `en` or `zh`.
    lang: String,
    /// Who may read it; staff unless said.
    audience: Option<AudienceName>,
    /// RFC 3339: somebody should look at it again.
    review_at: Option<String>,
    /// RFC 3339: not shown from then on.
    expires_at: Option<String>,
}

/// Save an article: its first version or the next one.
#[utoipa::path(put, path = "/api/v1/knowledge/articles/{name}", tag = "knowledge", operation_id = "save_article",
    params(("name" = String, Path, description = "its key: 1 to 200 characters that stay the same for ever")), request_body = NewVersion,
    responses((status = 200, body = ListView<ArticleView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn save(
    State(app): State<App>,
    identity: Identity,
    Segments(key): Segments<String>,
    Body(new): Body<NewVersion>,
) -> Answer<Json<ListView<ArticleView>>> {
    authors_only(&identity)?;
    let key = text_within("name", &key, TITLE_CHARS)?;
    if !matches!(new.lang.as_str(), "en" | "zh") {
        return Err(ApiError::field("lang", "must be en or zh"));
    }
    let draft = ArticleDraft {
        title: text_within("title", &new.title, TITLE_CHARS)?,
        body: text_within("body", &new.body, BODY_CHARS)?,
        lang: new.lang,
        audience: new.audience.map(Audience::from).unwrap_or_default(),
        review_at: moment("review_at", new.review_at)?,
        expires_at: moment("expires_at", new.expires_at)?,
    };
    let change =
        Change::ArticleSaved { key: key.clone(), draft, by: identity.subject.clone(), at: app.clock.wall() };
    app.floor.record(vec![change]).await?;
    one(State(app), identity, Segments(key)).await
}

fn moment(field: &'static str, text: Option<String>) -> Answer<Option<i64>> {
    let read = |text: String| {
        chrono::DateTime::parse_from_rfc3339(&text)
            .map(|at| at.timestamp_millis())
            .map_err(|_| ApiError::field(field, "must be RFC 3339, such as 2026-12-24T00:00:00Z"))
    };
    text.map(read).transpose()
}

/// Kind of a file.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ImportFormat)]
pub(crate) enum FormatName {
    Markdown,
    Html,
    Csv,
}

/// A file to take articles from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportFile {
    /// What kind.
    format: FormatName,
    /// Its name; for Markdown and HTML the key of the article.
    name: String,
    /// What is in it.
    text: String,
    /// Language of articles that name none: `en` or `zh`.
    lang: String,
    /// Only say what would happen.
    #[serde(default)]
    #[schema(required = false)]
    dry_run: bool,
}

/// What became of one row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportRow {
    /// The article.
    pub key: Option<String>,
    /// Line in the file, for what could not be read.
    pub line: Option<u64>,
    /// Why it was not taken.
    pub reason: Option<String>,
}

/// Import articles; the same file again changes nothing.
#[utoipa::path(post, path = "/api/v1/knowledge/import", tag = "knowledge", operation_id = "import_articles", request_body = ImportFile,
    responses((status = 200, body = ListView<ImportRow>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn import(
    State(app): State<App>,
    identity: Identity,
    Body(file): Body<ImportFile>,
) -> Answer<Json<ListView<ImportRow>>> {
    authors_only(&identity)?;
    let format = match file.format {
        FormatName::Markdown => Format::Markdown,
        FormatName::Html => Format::Html,
        FormatName::Csv => Format::Csv,
    };
    let read = desk::knowledge::read(format, &file.name, &file.text, &file.lang);
    if read.len() > IMPORTED {
        return Err(ApiError::field(
            "text",
            format!("has {} rows; at most {IMPORTED} at a time", read.len()),
        ));
    }
    let (at, by) = (app.clock.wall(), identity.subject.clone());
    let (mut rows, mut changes) = (Vec::new(), Vec::new());
    for one in read {
        rows.push(match one {
            Ok(good) => {
                let row = ImportRow { key: Some(good.key.clone()), line: None, reason: None };
                changes.push(Change::ArticleSaved { key: good.key, draft: good.draft, by: by.clone(), at });
                row
            }
            Err(bad) => ImportRow { key: None, line: Some(bad.line), reason: Some(bad.reason) },
        });
    }
    if !file.dry_run && !changes.is_empty() {
        app.floor.record(changes).await?;
    }
    Ok(Json(ListView { items: rows, next: None }))
}

/// What is searched.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Question {
    /// A question or words, 1 to 2000 characters.
    q: String,
}

/// Passages that answer, the best first.
#[utoipa::path(get, path = "/api/v1/knowledge/search", tag = "knowledge", operation_id = "search_knowledge", params(Question),
    responses((status = 200, body = ListView<PassageView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn search(
    State(app): State<App>,
    identity: Identity,
    Params(Question { q }): Params<Question>,
) -> Answer<Json<ListView<PassageView>>> {
    let question = text_within("q", &q, QUESTION_CHARS)?;
    let (found, _) = app.library.find(&*app.store, question, reader(&app, &identity), SEARCHED).await?;
    Ok(Json(ListView { items: found.into_iter().map(PassageView::from).collect(), next: None }))
}

/// What the customer is saying just now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeingSaid {
    /// Interim text that the record does not have yet.
    #[serde(default)]
    #[schema(required = false)]
    being_said: String,
}

/// Passages for a conversation as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Suggestions {
    /// The best three, the best first.
    pub items: Vec<PassageView>,
    /// What was looked up.
    pub question: String,
}

/// The best three passages for what the customer said last.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/suggestions", tag = "knowledge", operation_id = "suggestions",
    params(("id" = String, Path)), request_body = BeingSaid,
    responses((status = 200, body = Suggestions), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn suggest(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    Body(BeingSaid { being_said }): Body<BeingSaid>,
) -> Answer<Json<Suggestions>> {
    let conversation = app.store.conversation(id).await?;
    let mut said = said_last(&app, &conversation).await?;
    let settled = said.clone();
    let being_said: String = being_said.trim().chars().take(QUESTION_CHARS).collect();
    if !being_said.is_empty() {
        said.push(being_said.clone());
    }
    let question = tail(&said.join(" "), QUESTION_CHARS);
    if question.is_empty() {
        return Ok(Json(Suggestions { items: Vec::new(), question }));
    }
    let (found, words) =
        app.library.find(&*app.store, question.clone(), reader(&app, &identity), SUGGESTED).await?;
    if found.is_empty() && being_said.is_empty() && words.len() >= GAP_WORDS {
        note_gap(&app, &identity, &conversation, settled).await?;
    }
    Ok(Json(Suggestions { items: found.into_iter().map(PassageView::from).collect(), question }))
}

/// The last thing that the customer said is a gap if it finds nothing by itself either.
async fn note_gap(
    app: &Shared,
    identity: &Identity,
    conversation: &Conversation,
    said: Vec<String>,
) -> Answer<()> {
    let Some(question) = said.last().cloned() else { return Ok(()) };
    let supervisor = Reader { audience: Audience::Supervisors, ..reader(app, identity) };
    let (found, words) = app.library.find(&*app.store, question.clone(), supervisor, 1).await?;
    if !found.is_empty() || words.len() < GAP_WORDS {
        return Ok(());
    }
    let change = Change::KnowledgeMissed { id: conversation.id, question, words, at: app.clock.wall() };
    app.floor.record(vec![change]).await?;
    Ok(())
}

async fn said_last(app: &Shared, conversation: &Conversation) -> Answer<Vec<String>> {
    let mut said = Vec::new();
    let mut after = 0;
    loop {
        let page = app.store.entries(conversation.id, after, LOOKED_THROUGH).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        let words = page.into_iter().filter(|entry| {
            entry.entry.speaker == Speaker::Customer
                && matches!(entry.entry.kind, EntryKind::Speech | EntryKind::Message)
        });
        said.extend(words.map(|entry| entry.entry.text));
        let old = said.len().saturating_sub(RECENT_ENTRIES);
        said.drain(..old);
    }
    Ok(said)
}

/// The last `most` characters.
fn tail(text: &str, most: usize) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(most)).collect::<String>().trim().to_owned()
}

/// A thumb.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Thumb {
    /// The article that the passage is from.
    key: String,
    /// The question that it was shown for.
    question: String,
    /// Up or down.
    useful: bool,
}

/// Say whether a passage answered.
#[utoipa::path(post, path = "/api/v1/knowledge/votes", tag = "knowledge", operation_id = "vote", request_body = Thumb,
    responses((status = 204), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn vote(
    State(app): State<App>,
    identity: Identity,
    Body(thumb): Body<Thumb>,
) -> Answer<StatusCode> {
    let question = text_within("question", &thumb.question, QUESTION_CHARS)?;
    let mut words = app.library.with(&*app.store, move |index| index.words(&question)).await?;
    // The question may be what is being said just now, which was not redacted: its numbers are not kept.
    words.retain(|word| !word.chars().any(char::is_numeric));
    if words.is_empty() {
        return Err(ApiError::field("question", "has no word that could be learned from"));
    }
    let vote = Vote { key: thumb.key, words, useful: thumb.useful };
    let change = Change::KnowledgeVoted { vote, by: identity.subject, at: app.clock.wall() };
    app.floor.record(vec![change]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A question that found nothing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Gap)]
pub(crate) struct GapView {
    /// As it was last asked.
    pub question: String,
    /// Where it was last asked.
    pub conversation: String,
    /// In how many conversations.
    pub times: i64,
    /// When last.
    pub last_at: Stamp,
}

/// How many.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowMany {
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
}

/// What customers asked in vain, the most frequent first.
#[utoipa::path(get, path = "/api/v1/knowledge/gaps", tag = "knowledge", operation_id = "knowledge_gaps", params(HowMany),
    responses((status = 200, body = ListView<GapView>), (status = 401, body = ErrorBody)))]
pub(crate) async fn gaps(
    State(app): State<App>,
    _: Identity,
    Params(HowMany { limit }): Params<HowMany>,
) -> Answer<Json<ListView<GapView>>> {
    let gaps = app.store.knowledge_gaps(page_size(limit)?).await?;
    let shown = |gap: store::Gap| GapView {
        question: gap.question,
        conversation: gap.conversation.to_string(),
        times: gap.times,
        last_at: Stamp(gap.last_at),
    };
    Ok(Json(ListView { items: gaps.into_iter().map(shown).collect(), next: None }))
}
