//! `/reports`: figures with their meaning, the conversations behind each, and both as CSV. For those who supervise.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use desk::knowledge::Vote;
use desk::reports::{
    AGENT_COLUMNS, Both, By, Figure, Made, Period, REPORTS, Report, Source, Unit, quarters_of,
};
use kernel::Lang;
use serde::{Deserialize, Serialize};
use store::{ReportFilter, ReportGroup, ReportQuery};
use utoipa::{IntoParams, ToSchema};

use super::people::People;
use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Params, Segments, page_size};
use crate::state::{App, Shared};
use crate::view::{ConversationView, LangCode, ListView, ReportByName, ReportUnitName, Stamp};

/// Which report, of which days, of what.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The first day, e.g. `2026-11-01`.
    from: String,
    /// The last day.
    until: String,
    /// The time zone whose days and hours are meant, e.g. `Europe/Berlin`.
    zone: String,
    /// A row for each: `day`, `hour` (of the day), `channel`, `queue`, `flow` or `agent`; the report's usual way unless said.
    by: Option<String>,
    /// Only on this road.
    channel: Option<String>,
    /// Only of this queue; empty: of those in none.
    queue: Option<String>,
    /// Only that began in this flow.
    flow: Option<String>,
    /// Only in this version of it.
    version: Option<i64>,
    /// Only of this agent (report `agents`, and rows).
    agent: Option<String>,
    /// Language of titles and definitions: `en` or `zh`.
    #[param(value_type = Option<LangCode>)]
    lang: Option<String>,
    /// Rows: the figure whose conversations are wanted.
    figure: Option<String>,
    /// Rows: only of this row of the report (its `key`).
    key: Option<String>,
    /// Rows: 1 to 200; 50 unless said.
    limit: Option<u32>,
    /// Rows: `next` of the page before.
    after: Option<String>,
}

/// A figure and what it means.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportFigure)]
pub(crate) struct FigureView {
    /// Its name.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it means.
    pub definition: String,
    /// What kind of number it is: milliseconds, a hundredth, a score from 1 to 5, a count.
    #[schema(value_type = ReportUnitName)]
    pub unit: &'static str,
    /// Whether it opens to conversations.
    pub opens: bool,
}

/// A report without its numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportOutline)]
pub(crate) struct OutlineView {
    /// Its name.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// How its rows may be made, the usual way first.
    #[schema(value_type = Vec<ReportByName>)]
    pub by: Vec<&'static str>,
    /// Its figures.
    pub figures: Vec<FigureView>,
}

/// A row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportRow {
    /// What it is of: a day, an hour, a name; `FLOW VERSION` for flows.
    pub key: String,
    /// The figures, in their order; null: there is nothing to divide by.
    pub values: Vec<Option<f64>>,
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Report)]
pub(crate) struct ReportView {
    /// What it shows.
    #[serde(flatten)]
    pub outline: OutlineView,
    /// How its rows are made.
    #[schema(value_type = ReportByName)]
    pub rows_by: &'static str,
    /// It begins.
    pub from: Stamp,
    /// It ends.
    pub until: Stamp,
    /// Rows.
    pub rows: Vec<ReportRow>,
    /// The figures of all of it.
    pub total: Vec<Option<f64>>,
}

fn supervisors_only(identity: &Identity) -> Answer<()> {
    if identity.supervises() {
        Ok(())
    } else {
        Err(ApiError::forbidden("only for supervisors and administrators"))
    }
}

fn lang_of(text: Option<&str>) -> Answer<Lang> {
    match text {
        None | Some("en") => Ok(Lang::En),
        Some("zh") => Ok(Lang::Zh),
        Some(_) => Err(ApiError::field("lang", "must be en or zh")),
    }
}

fn said(both: Both, lang: Lang) -> String {
    match lang {
        Lang::En => both.en.to_owned(),
        Lang::Zh => both.zh.to_owned(),
    }
}

fn outline(report: &Report, lang: Lang) -> OutlineView {
    let figure = |figure: &Figure| FigureView {
        name: figure.name.to_owned(),
        title: said(figure.title, lang),
        definition: said(figure.definition, lang),
        unit: match figure.unit {
            Unit::Count => "count",
            Unit::Millis => "millis",
            Unit::Percent => "percent",
            Unit::Score => "score",
        },
        opens: !figure.rows.is_empty(),
    };
    OutlineView {
        name: report.name.to_owned(),
        title: said(report.title, lang),
        by: report.by.iter().map(|by| by.name()).collect(),
        figures: report.figures.iter().map(figure).collect(),
    }
}

/// In which language.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InLanguage {
    /// `en` (unless said) or `zh`.
    #[param(value_type = Option<LangCode>)]
    lang: Option<String>,
}

/// The reports there are, with what their figures mean.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports", operation_id = "reports", params(InLanguage),
    responses((status = 200, body = ListView<OutlineView>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn list(
    identity: Identity,
    Params(wanted): Params<InLanguage>,
) -> Answer<Json<ListView<OutlineView>>> {
    supervisors_only(&identity)?;
    let lang = lang_of(wanted.lang.as_deref())?;
    Ok(Json(ListView { items: REPORTS.iter().map(|report| outline(report, lang)).collect(), next: None }))
}

/// A wish that was understood.
struct Asked {
    report: &'static Report,
    by: By,
    lang: Lang,
    period: Period,
    which: ReportFilter,
}

impl Asked {
    fn of(name: &str, wanted: &Wanted) -> Answer<Self> {
        let report = Report::named(name).ok_or_else(|| ApiError::not_found("report"))?;
        let usual = report.by.first().copied().unwrap_or(By::Day);
        let by = wanted.by.as_deref().map_or(Some(usual), By::from_name).filter(|by| report.by.contains(by));
        let by = by.ok_or_else(|| {
            let known: Vec<_> = report.by.iter().map(|by| by.name()).collect();
            ApiError::field("by", format!("is no way of this report; must be one of {}", known.join(", ")))
        })?;
        let period = Period::of_days(&wanted.from, &wanted.until, &wanted.zone)
            .map_err(|(field, what)| ApiError::field(field, what))?;
        let (from, until) = period.quarters();
        let which = ReportFilter {
            from,
            until,
            quarters: None,
            channel: wanted.channel.clone().filter(|channel| !channel.is_empty()),
            queue: wanted.queue.clone(),
            flow: wanted.flow.clone(),
            version: wanted.version,
            agent: wanted.agent.clone(),
        };
        Ok(Self { report, by, lang: lang_of(wanted.lang.as_deref())?, period, which })
    }

    /// Narrowed to one of its rows.
    fn narrowed(&mut self, key: &str) {
        match self.by {
            By::Day => self.which.quarters = Some(quarters_of(&self.period, |day, _| day == key)),
            By::Hour => {
                let wanted: Option<i8> = key.parse().ok();
                self.which.quarters = Some(quarters_of(&self.period, |_, hour| Some(hour) == wanted));
            }
            By::Channel => self.which.channel = Some(key.to_owned()),
            By::Queue => self.which.queue = Some(key.to_owned()),
            By::Agent => self.which.agent = Some(key.to_owned()),
            By::Flow => {
                let (flow, version) = key.rsplit_once(' ').unwrap_or((key, "0"));
                self.which.flow = Some(flow.to_owned());
                self.which.version = Some(version.parse().unwrap_or(-1));
            }
        }
    }

    /// The sums of its columns by the keys of its rows.
    async fn sums(&self, app: &Shared) -> Answer<BTreeMap<String, BTreeMap<&'static str, i64>>> {
        let columns = self.report.columns();
        let group = match self.by {
            By::Day | By::Hour => ReportGroup::Quarter,
            By::Channel => ReportGroup::Channel,
            By::Queue => ReportGroup::Queue,
            By::Flow => ReportGroup::Flow,
            By::Agent => ReportGroup::Agent,
        };
        let query = ReportQuery {
            source: self.report.source,
            columns: columns.clone(),
            group,
            which: self.which.clone(),
        };
        let mut rows: BTreeMap<String, BTreeMap<&'static str, i64>> = BTreeMap::new();
        let mut add = |key: String, column: &'static str, sum: i64| {
            *rows.entry(key).or_default().entry(column).or_insert(0) += sum;
        };
        for group in app.store.report(query).await? {
            let key = self.key_of(group.key);
            columns.iter().zip(&group.sums).for_each(|(column, sum)| add(key.clone(), column, *sum));
        }
        if self.report.source == Source::Agents {
            // What agents are doing now is in no sum yet.
            let until = self.period.until.min(app.clock.wall());
            for (agent, stretch) in app.store.agent_stretches(self.period.from, until, true).await? {
                if self.which.agent.as_deref().is_some_and(|wanted| wanted != agent.as_str()) {
                    continue;
                }
                let column =
                    stretch.column().and_then(|name| AGENT_COLUMNS.iter().find(|known| **known == name));
                let Some(column) = column else { continue };
                for (quarter, spent) in stretch.quarters() {
                    let key = match self.by {
                        By::Agent => agent.as_str().to_owned(),
                        _ => self.key_of(quarter.to_string()),
                    };
                    add(key, column, spent);
                }
            }
        }
        Ok(rows)
    }

    /// A quarter's day or hour; other keys are what they are.
    fn key_of(&self, key: String) -> String {
        match (self.by, key.parse::<i64>()) {
            (By::Day, Ok(quarter)) => self.period.local(quarter).0,
            (By::Hour, Ok(quarter)) => format!("{:02}", self.period.local(quarter).1),
            _ => key,
        }
    }

    async fn view(&self, app: &Shared) -> Answer<ReportView> {
        let sums = self.sums(app).await?;
        let mut all: BTreeMap<&'static str, i64> = BTreeMap::new();
        sums.values().flatten().for_each(|(column, sum)| *all.entry(column).or_insert(0) += sum);
        let values = |sums: &BTreeMap<&'static str, i64>| {
            let column = |name: &str| sums.get(name).copied().unwrap_or(0);
            self.report.figures.iter().map(|figure| rounded(figure.made, column)).collect::<Vec<_>>()
        };
        Ok(ReportView {
            outline: outline(self.report, self.lang),
            rows_by: self.by.name(),
            from: Stamp(self.period.from),
            until: Stamp(self.period.until),
            rows: sums
                .iter()
                .map(|(key, sums)| ReportRow { key: key.clone(), values: values(sums) })
                .collect(),
            total: values(&all),
        })
    }
}

/// Two decimals: more would be noise.
fn rounded(made: Made, column: impl Fn(&str) -> i64) -> Option<f64> {
    made.of(column).map(|value| (value * 100.0).round() / 100.0)
}

/// A report over days of a place.
#[utoipa::path(get, path = "/api/v1/reports/{name}", tag = "reports", operation_id = "report",
    params(("name" = String, Path), Wanted),
    responses((status = 200, body = ReportView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn one(
    State(app): State<App>,
    identity: Identity,
    Segments(name): Segments<String>,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<ReportView>> {
    supervisors_only(&identity)?;
    Ok(Json(Asked::of(&name, &wanted)?.view(&app).await?))
}

/// The conversations that a figure of a report, or of one of its rows, is made of; newest first.
#[utoipa::path(get, path = "/api/v1/reports/{name}/rows", tag = "reports", operation_id = "report_rows",
    params(("name" = String, Path), Wanted),
    responses((status = 200, body = ListView<ConversationView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn rows(
    State(app): State<App>,
    identity: Identity,
    Segments(name): Segments<String>,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<ListView<ConversationView>>> {
    supervisors_only(&identity)?;
    let mut asked = Asked::of(&name, &wanted)?;
    if let Some(key) = &wanted.key {
        asked.narrowed(key);
    }
    let figure = wanted.figure.as_deref().and_then(|figure| asked.report.figure(figure));
    let figure = figure.filter(|figure| !figure.rows.is_empty()).ok_or_else(|| {
        let known: Vec<_> = asked
            .report
            .figures
            .iter()
            .filter(|figure| !figure.rows.is_empty())
            .map(|figure| figure.name)
            .collect();
        ApiError::field("figure", format!("must be one that opens to conversations: {}", known.join(", ")))
    })?;
    let page =
        app.store.report_rows(asked.which, figure.rows, wanted.after, page_size(wanted.limit)?).await?;
    let mut people = People::new(&*app.store);
    let mut items = Vec::with_capacity(page.items.len());
    for conversation in page.items {
        items.push(people.conversation(conversation).await?);
    }
    Ok(Json(ListView { items, next: page.next }))
}

/// A report as a CSV file (RFC 4180, UTF-8): a line a row and the total.
#[utoipa::path(get, path = "/api/v1/reports/{name}/csv", tag = "reports", operation_id = "report_csv",
    params(("name" = String, Path), Wanted),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn csv(
    State(app): State<App>,
    identity: Identity,
    Segments(name): Segments<String>,
    Params(wanted): Params<Wanted>,
) -> Answer<impl IntoResponse> {
    supervisors_only(&identity)?;
    let report = Asked::of(&name, &wanted)?.view(&app).await?;
    let mut file = csv_file(&report).map_err(|error| ApiError::ours(&error))?;
    // Spreadsheets take a file without the mark for one of the local code page, and Chinese becomes signs.
    file.insert(0, '\u{FEFF}');
    let name =
        format!("attachment; filename=\"{}-{}-{}.csv\"", report.outline.name, wanted.from, wanted.until);
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, file))
}

fn csv_file(report: &ReportView) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let titles = report.outline.figures.iter().map(|figure| match figure.unit {
        "millis" => format!("{} (s)", figure.title),
        "percent" => format!("{} (%)", figure.title),
        _ => figure.title.clone(),
    });
    writer.write_record(core::iter::once(report.rows_by.to_owned()).chain(titles))?;
    let total = ("=".to_owned(), &report.total);
    for (key, values) in report.rows.iter().map(|row| (row.key.clone(), &row.values)).chain([total]) {
        let cells =
            values.iter().zip(&report.outline.figures).map(|(value, figure)| match (value, figure.unit) {
                (None, _) => String::new(),
                (Some(value), "millis") => format!("{:.1}", value / 1000.0),
                (Some(value), "count") => format!("{value:.0}"),
                (Some(value), _) => format!("{value:.2}"),
            });
        let key = if key == "=" { "total".to_owned() } else { harmless(&key) };
        writer.write_record(core::iter::once(key).chain(cells))?;
    }
    Ok(String::from_utf8(writer.into_inner().map_err(|error| error.to_string())?)?)
}

/// A spreadsheet takes what begins with one of these for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}

/// How an article was judged.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArticleUse {
    /// The article.
    pub key: String,
    /// Thumbs up.
    pub useful: i64,
    /// Thumbs down.
    pub useless: i64,
}

/// Of which days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Days {
    /// The first day.
    from: String,
    /// The last day.
    until: String,
    /// The time zone whose days are meant.
    zone: String,
}

/// How knowledge served: thumbs by article, the most judged first. What found nothing is in `/knowledge/gaps`.
#[utoipa::path(get, path = "/api/v1/knowledge/use", tag = "reports", operation_id = "knowledge_use", params(Days),
    responses((status = 200, body = ListView<ArticleUse>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub(crate) async fn knowledge(
    State(app): State<App>,
    identity: Identity,
    Params(days): Params<Days>,
) -> Answer<Json<ListView<ArticleUse>>> {
    supervisors_only(&identity)?;
    let period = Period::of_days(&days.from, &days.until, &days.zone)
        .map_err(|(field, what)| ApiError::field(field, what))?;
    let mut by_key: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for Vote { key, useful, .. } in app.store.votes_between(period.from, period.until).await? {
        let counts = by_key.entry(key).or_default();
        if useful { counts.0 += 1 } else { counts.1 += 1 }
    }
    let one = |(key, (useful, useless))| ArticleUse { key, useful, useless };
    let mut items: Vec<ArticleUse> = by_key.into_iter().map(one).collect();
    items.sort_by_key(|one| (core::cmp::Reverse(one.useful + one.useless), one.key.clone()));
    Ok(Json(ListView { items, next: None }))
}
