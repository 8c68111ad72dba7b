//! `/customers`: who contacts us, what staff know of them, and two records of one person made one.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use desk::Change;
use desk::crm::CrmUrl;
use desk::customer::fields::{self, Field};
use desk::customer::{ConsentEdit, ConsentTo, CustomerEdit, TAGS};
use serde::Deserialize;
use store::CustomerFilter;
use utoipa::{IntoParams, ToSchema};

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Params, Segments, page_size, parse, text_within};
use crate::state::{App, Shared};
use crate::view::{
    ConsentStateName, ConversationView, CustomerChangeView, CustomerDetail, CustomerView, FieldView,
    ListView, MergeView, SetupView,
};

/// Longest name, tag, note and searched text, in characters.
const NAME_CHARS: usize = 200;
const TAG_CHARS: usize = 60;
const NOTE_CHARS: usize = 5_000;
const WORDS_CHARS: usize = 200;
/// Longest way in which consent was given, in characters.
const HOW_CHARS: usize = 200;
/// The setting that has the fields.
const FIELDS_KEY: &str = "customer_fields";

/// Whether a value of the setting can be used.
pub(crate) fn check_fields(json: &[u8]) -> Answer<()> {
    let all: Vec<Field> = parse(json)?;
    match fields::fault(&all) {
        None => Ok(()),
        Some((at, right)) => Err(ApiError::field(format!("value{at}"), format!("expected {right}"))),
    }
}

async fn known_fields(app: &Shared) -> Answer<Vec<Field>> {
    let text = app.store.setting(FIELDS_KEY).await?;
    text.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(|error| ApiError::ours(&error)))
}

/// The address of a conversation's customer in another system.
pub(crate) fn elsewhere(url: &CrmUrl, conversation: &ConversationView, identity: &Identity) -> String {
    let person = conversation.person.as_ref();
    let address = |scheme: &str| {
        let rest = |one: &String| one.strip_prefix(scheme)?.strip_prefix(':').map(str::to_owned);
        person.and_then(|person| person.addresses.iter().find_map(rest))
    };
    url.filled(|name| match name {
        "number" => match conversation.channel.is_spoken() && conversation.caller != "anonymous" {
            true => Some(conversation.caller.clone()),
            false => address("tel"),
        },
        "mail" => address("mailto"),
        "user" => address("user"),
        "name" => person.map(|person| person.name.clone()),
        "tier" => person.and_then(|person| person.tier.clone()),
        "customer" => person.map(|person| person.id.to_string()),
        "conversation" => Some(conversation.id.clone()),
        "called" => Some(conversation.called.clone()),
        "queue" => conversation.queue.clone(),
        "lang" => Some(conversation.lang.clone()),
        "channel" => serde_json::to_value(conversation.channel).ok()?.as_str().map(str::to_owned),
        "agent" => Some(identity.subject.clone()),
        _ => None,
    })
}

/// The `{id}` of a customer in the path.
fn number(text: &str) -> Answer<i64> {
    text.parse().map_err(|_| ApiError::field("id", "a customer's number is a whole number from 1"))
}

async fn detail(app: &Shared, id: i64) -> Answer<Json<CustomerDetail>> {
    let customer = CustomerView::from(app.store.customer(id).await?);
    let merges = app.store.customer_merges(id).await?.into_iter().map(MergeView::from).collect();
    Ok(Json(CustomerDetail { customer, merges }))
}

/// Which customers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only whose name, number, other address or tag has this in it.
    words: Option<String>,
    /// Only with this tag.
    tag: Option<String>,
    /// Only of this tier.
    tier: Option<String>,
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
}

/// Customers, newest first, without those who live on in another.
#[utoipa::path(get, path = "/api/v1/customers", tag = "customers", operation_id = "customers", params(Wanted),
    responses((status = 200, body = ListView<CustomerView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Identity,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<ListView<CustomerView>>> {
    if wanted.words.as_ref().is_some_and(|words| words.chars().count() > WORDS_CHARS) {
        return Err(ApiError::field("words", format!("at most {WORDS_CHARS} characters")));
    }
    let filter = CustomerFilter {
        words: wanted.words,
        tag: wanted.tag,
        tier: wanted.tier,
        after: wanted.after,
        limit: page_size(wanted.limit)?,
    };
    let page = app.store.customers(filter).await?;
    Ok(Json(ListView { items: page.items.into_iter().map(CustomerView::from).collect(), next: page.next }))
}

/// What can be said of customers here: tiers, fields, tags in use.
#[utoipa::path(get, path = "/api/v1/customer-setup", tag = "customers", operation_id = "customer_setup",
    responses((status = 200, body = SetupView), (status = 401, body = ErrorBody)))]
pub(crate) async fn setup(State(app): State<App>, _: Identity) -> Answer<Json<SetupView>> {
    let mut tiers: Vec<_> = app.floor.setup().tiers.into_iter().collect();
    tiers.sort_by(|(one, worth), (other, less)| less.cmp(worth).then_with(|| one.cmp(other)));
    Ok(Json(SetupView {
        tiers: tiers.into_iter().map(|(tier, _)| tier).collect(),
        fields: known_fields(&app).await?.into_iter().map(FieldView::from).collect(),
        tags: app.store.customer_tags().await?,
        crm: app.config.crm.is_some(),
    }))
}

/// A customer.
#[utoipa::path(get, path = "/api/v1/customers/{id}", tag = "customers", operation_id = "customer",
    params(("id" = i64, Path)),
    responses((status = 200, body = CustomerDetail), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn one(
    State(app): State<App>,
    _: Identity,
    Segments(id): Segments<String>,
) -> Answer<Json<CustomerDetail>> {
    detail(&app, number(&id)?).await
}

/// Which changes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedChanges {
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
}

/// Who changed what of a customer, when, and what it was before; newest first.
#[utoipa::path(get, path = "/api/v1/customers/{id}/changes", tag = "customers", operation_id = "customer_changes",
    params(("id" = i64, Path), WantedChanges),
    responses((status = 200, body = ListView<CustomerChangeView>), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn changes(
    State(app): State<App>,
    _: Identity,
    Segments(id): Segments<String>,
    Params(wanted): Params<WantedChanges>,
) -> Answer<Json<ListView<CustomerChangeView>>> {
    let id = app.store.customer(number(&id)?).await?.id;
    let rows = app.store.audit(Some(&format!("customer.{id}")), page_size(wanted.limit)?).await?;
    Ok(Json(ListView { items: rows.into_iter().map(CustomerChangeView::from).collect(), next: None }))
}

/// What a customer said to something.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentWord {
    /// What they said.
    #[schema(value_type = ConsentStateName)]
    state: desk::customer::ConsentState,
    /// How they said it: on the phone, a signed form.
    #[serde(default)]
    how: String,
}

/// What to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerEditing {
    /// The revision that was seen; refused with `customer_stale` when somebody changed them since.
    revision: i64,
    /// What they are called.
    name: Option<String>,
    /// Their tier; empty takes it away.
    tier: Option<String>,
    /// All their tags.
    tags: Option<Vec<String>>,
    /// These fields; an empty value takes one away.
    #[serde(default)]
    fields: BTreeMap<String, String>,
    /// What else to know.
    note: Option<String>,
    /// What they allow.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, ConsentWord>)]
    consent: BTreeMap<ConsentTo, ConsentWord>,
    /// Addresses that are theirs from now on: a number, a mail address, or `kind:…`.
    #[serde(default)]
    add: Vec<String>,
    /// Addresses that are no longer theirs.
    #[serde(default)]
    remove: Vec<String>,
}

impl CustomerEditing {
    fn edit(self, tiers: impl Fn(&str) -> bool, known: &[Field]) -> Answer<CustomerEdit> {
        if let Some(tier) = self.tier.as_deref().filter(|tier| !tier.is_empty() && !tiers(tier)) {
            return Err(ApiError::field("tier", format!("{tier:?} is none of [tiers] of the configuration")));
        }
        for (key, value) in self.fields.iter().filter(|(_, value)| !value.is_empty()) {
            let field = known.iter().find(|field| field.key == *key);
            let at = format!("fields.{key}");
            let field =
                field.ok_or_else(|| ApiError::field(&at, "no field of the setting customer_fields"))?;
            if let Some(right) = field.fault(value) {
                return Err(ApiError::field(&at, format!("expected {right}")));
            }
        }
        let tags = self.tags.map(tags_of).transpose()?;
        let mut consent = BTreeMap::new();
        for (to, ConsentWord { state, how }) in self.consent {
            consent.insert(to, ConsentEdit { state, how: short("consent", &how, HOW_CHARS)? });
        }
        Ok(CustomerEdit {
            name: self.name.map(|name| text_within("name", &name, NAME_CHARS)).transpose()?,
            tier: self.tier,
            tags,
            fields: self.fields,
            note: self.note.map(|note| short("note", &note, NOTE_CHARS)).transpose()?,
            consent,
            add: self.add.into_iter().collect(),
            remove: self.remove.into_iter().collect(),
        })
    }
}

fn tags_of(tags: Vec<String>) -> Answer<BTreeSet<String>> {
    if tags.len() > TAGS {
        return Err(ApiError::field("tags", format!("at most {TAGS} tags")));
    }
    tags.iter().map(|tag| text_within("tags", tag, TAG_CHARS)).collect()
}

/// Text that may be empty.
fn short(field: &'static str, text: &str, most: usize) -> Answer<String> {
    if text.trim().is_empty() { Ok(String::new()) } else { text_within(field, text, most) }
}

/// Change what is known of a customer.
#[utoipa::path(patch, path = "/api/v1/customers/{id}", tag = "customers", operation_id = "change_customer",
    params(("id" = i64, Path)), request_body = CustomerEditing,
    responses((status = 200, body = CustomerDetail), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn change(
    State(app): State<App>,
    identity: Identity,
    Segments(id): Segments<String>,
    Body(change): Body<CustomerEditing>,
) -> Answer<Json<CustomerDetail>> {
    let person = number(&id)?;
    let revision = change.revision;
    let tiers = app.floor.setup().tiers;
    let edit = change.edit(|tier| tiers.contains_key(tier), &known_fields(&app).await?)?;
    if edit.is_empty() {
        return Err(ApiError::new(axum::http::StatusCode::BAD_REQUEST, "bad_request", "nothing to change"));
    }
    let (by, at) = (identity.subject, app.clock.wall());
    app.floor.record(vec![Change::CustomerEdited { person, revision, edit, by, at }]).await?;
    detail(&app, person).await
}

/// Whom to merge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeOrder {
    /// Who lives on in this one from now on.
    other: i64,
    /// The revision of this customer that was seen.
    revision: i64,
    /// The revision of the other.
    other_revision: i64,
}

/// Let another customer live on in this one, with all conversations, tickets and addresses. The same again changes nothing.
#[utoipa::path(post, path = "/api/v1/customers/{id}/merges", tag = "customers", operation_id = "merge_customers",
    params(("id" = i64, Path)), request_body = MergeOrder,
    responses((status = 200, body = CustomerDetail), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn merge(
    State(app): State<App>,
    identity: Identity,
    Segments(id): Segments<String>,
    Body(order): Body<MergeOrder>,
) -> Answer<Json<CustomerDetail>> {
    let kept = number(&id)?;
    let revisions = (order.revision, order.other_revision);
    let (by, at) = (identity.subject, app.clock.wall());
    app.floor.record(vec![Change::CustomersMerged { kept, gone: order.other, revisions, by, at }]).await?;
    detail(&app, kept).await
}

/// Which merge to take back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SplitOrder {
    /// The merge.
    merge: i64,
    /// The revision of this customer that was seen.
    revision: i64,
}

/// Take a merge back: what came along goes back, what happened since stays here. The same again changes nothing.
#[utoipa::path(post, path = "/api/v1/customers/{id}/splits", tag = "customers", operation_id = "split_customers",
    params(("id" = i64, Path)), request_body = SplitOrder,
    responses((status = 200, body = CustomerDetail), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn split(
    State(app): State<App>,
    identity: Identity,
    Segments(id): Segments<String>,
    Body(SplitOrder { merge, revision }): Body<SplitOrder>,
) -> Answer<Json<CustomerDetail>> {
    let kept = number(&id)?;
    let known = app.store.customer_merge(merge).await?;
    if known.kept != kept {
        return Err(ApiError::field("merge", format!("merge {merge} was not into customer {kept}")));
    }
    let (by, at) = (identity.subject, app.clock.wall());
    let split = Change::CustomersSplit { merge, kept, gone: known.gone, revision, by, at };
    app.floor.record(vec![split]).await?;
    detail(&app, kept).await
}
