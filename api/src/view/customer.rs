//! Customers as staff see them.

use std::collections::BTreeMap;

use desk::customer::fields::{Field, FieldKind};
use desk::customer::{Consent, ConsentState, ConsentTo, Customer};
use serde::Serialize;
use store::{Audited, CustomerMerge};
use utoipa::ToSchema;

use super::Stamp;
use super::schema::{ConsentStateName, ConsentToName, FieldKindName};

/// A customer as lists show them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub(crate) struct CustomerView {
    /// Number.
    pub id: i64,
    /// Grows with every change by staff: who changes them says which they saw.
    pub revision: i64,
    /// What they are called.
    pub name: String,
    /// Their tier, one of `[tiers]` of the configuration.
    pub tier: Option<String>,
    /// Words that staff find them by.
    pub tags: Vec<String>,
    /// Fields of the setting `customer_fields`.
    pub fields: BTreeMap<String, String>,
    /// What else to know.
    pub note: String,
    /// What they allow, of everything they can allow.
    pub consent: Vec<ConsentView>,
    /// Addresses they are known by (`tel:…`, `mailto:…`, `user:…`).
    pub addresses: Vec<String>,
    /// First seen.
    pub created_at: Stamp,
    /// The customer they live on in.
    pub merged_into: Option<i64>,
}

/// A customer's word.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Consent)]
pub(crate) struct ConsentView {
    /// To what.
    #[schema(value_type = ConsentToName)]
    pub to: ConsentTo,
    /// What they said.
    #[schema(value_type = ConsentStateName)]
    pub state: ConsentState,
    /// When that was written down; null: never.
    pub at: Option<Stamp>,
    /// By whom.
    pub by: Option<String>,
    /// How they said it.
    pub how: Option<String>,
}

impl ConsentView {
    fn of(to: ConsentTo, word: Option<&Consent>) -> Self {
        Self {
            to,
            state: word.map_or(ConsentState::Unknown, |word| word.state),
            at: word.map(|word| Stamp(word.at)),
            by: word.map(|word| word.by.clone()),
            how: word.map(|word| word.how.clone()),
        }
    }
}

impl From<Customer> for CustomerView {
    fn from(customer: Customer) -> Self {
        let consent = &customer.profile.consent;
        Self {
            consent: ConsentTo::ALL.iter().map(|to| ConsentView::of(*to, consent.get(to))).collect(),
            id: customer.id,
            revision: customer.revision,
            name: customer.profile.name,
            tier: customer.profile.tier,
            tags: customer.profile.tags.into_iter().collect(),
            fields: customer.profile.fields,
            note: customer.profile.note,
            addresses: customer.addresses.into_iter().collect(),
            created_at: Stamp(customer.created_at),
            merged_into: customer.merged_into,
        }
    }
}

/// A customer with the merges they took part in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomerDetail {
    /// The customer.
    #[serde(flatten)]
    pub customer: CustomerView,
    /// Merges, newest first.
    pub merges: Vec<MergeView>,
}

/// A merge of two customers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerMerge)]
pub(crate) struct MergeView {
    /// What it is named by.
    pub merge: i64,
    /// Who stayed.
    pub kept: i64,
    /// Who lives, or lived, on in them.
    pub gone: i64,
    /// The name of the latter.
    pub gone_name: String,
    /// When.
    pub at: Stamp,
    /// Who merged them.
    pub by: String,
    /// How many conversations came along.
    pub conversations: i64,
    /// How many tickets did.
    pub tickets: i64,
    /// When it was taken back.
    pub split_at: Option<Stamp>,
    /// By whom.
    pub split_by: Option<String>,
}

impl From<CustomerMerge> for MergeView {
    fn from(merge: CustomerMerge) -> Self {
        let (split_at, split_by) = merge.split.unzip();
        Self {
            merge: merge.event,
            kept: merge.kept,
            gone: merge.gone,
            gone_name: merge.gone_name,
            at: Stamp(merge.at),
            by: merge.by,
            conversations: merge.brought.0,
            tickets: merge.brought.1,
            split_at: split_at.map(Stamp),
            split_by,
        }
    }
}

/// A change of what is known of a customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerChange)]
pub(crate) struct CustomerChangeView {
    /// The event that recorded it.
    pub event: i64,
    /// When.
    pub at: Stamp,
    /// Who changed it.
    pub by: String,
    /// What differs, as it was.
    #[schema(value_type = Object)]
    pub before: serde_json::Value,
    /// And as it is since; `merged` and `split` name the other customer.
    #[schema(value_type = Object)]
    pub after: serde_json::Value,
}

impl From<Audited> for CustomerChangeView {
    fn from(row: Audited) -> Self {
        let json = |text: Option<String>| {
            text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(serde_json::Value::Null)
        };
        Self {
            event: row.event,
            at: Stamp(row.at),
            by: row.by,
            before: json(row.before),
            after: json(row.after),
        }
    }
}

/// A field of customers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerField)]
pub(crate) struct FieldView {
    /// Its name for programs.
    pub key: String,
    /// Its name in English.
    pub en: String,
    /// Its name in Chinese.
    pub zh: String,
    /// What may stand in it.
    #[schema(value_type = FieldKindName)]
    pub kind: FieldKind,
    /// Of a choice: what can be chosen.
    pub choices: Vec<String>,
}

impl From<Field> for FieldView {
    fn from(Field { key, en, zh, kind, choices }: Field) -> Self {
        Self { key, en, zh, kind, choices }
    }
}

/// What can be said of customers here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerSetup)]
pub(crate) struct SetupView {
    /// Tiers of the configuration, whoever goes first first.
    pub tiers: Vec<String>,
    /// Fields of the company's own.
    pub fields: Vec<FieldView>,
    /// Tags in use, the most frequent first.
    pub tags: Vec<String>,
    /// Whether customers have an address in another system.
    pub crm: bool,
}
