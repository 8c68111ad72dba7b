//! Customers and tickets out of another system's files.
//!
//! Promises: total; a row that cannot be used is told with its place, its field, what was found and what would be right, and
//! spoils no other; the same row read again is the same record (`source` and `external`).
//! Leaves to others: size limits (`api`), which record was imported already (`store`), articles (`knowledge`).

mod rows;

use serde::{Deserialize, Serialize};

use crate::{Priority, TicketEdit, TicketState, address};
use rows::Row;

/// Longest name and subject, in characters.
const LINE_CHARS: usize = 200;
/// Longest id of another system, in characters.
const ID_CHARS: usize = 100;
/// Longest kind and team, in characters.
const WORD_CHARS: usize = 60;
/// Addresses of one customer at most.
const ADDRESSES: usize = 20;

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportKind {
    /// People.
    Customers,
    /// Matters.
    Tickets,
}

/// Whose names the fields have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportSource {
    /// Our own: `id`, `name`, `phone`, `email`; `id`, `subject`, `customer`, `state`, `priority`, `kind`, `team`.
    Voxdesk,
    /// Contacts and conversations, as Chatwoot's API and its contact export give them.
    Chatwoot,
    /// Users and tickets, as Zammad's API gives them (tickets with `expand=true`).
    Zammad,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportFormat {
    /// Columns with names, separated by commas.
    Csv,
    /// A list of objects, alone or under `items`, `payload`, `data`, `users` or `tickets`.
    Json,
}

impl ImportKind {
    /// As the record spells what one of these is.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customers => "customer",
            Self::Tickets => "ticket",
        }
    }
}

impl ImportSource {
    /// As the record spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Voxdesk => "voxdesk",
            Self::Chatwoot => "chatwoot",
            Self::Zammad => "zammad",
        }
    }
}

/// A record of another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Foreign {
    /// A person: found by any of the addresses, or made.
    Customer {
        /// Name; of a person who is there already, kept only when they had none.
        name: Option<String>,
        /// Addresses, one spelling each.
        addresses: Vec<String>,
    },
    /// A ticket.
    Ticket {
        /// Address of the customer, who is made when nobody is known by it.
        customer: Option<String>,
        /// What it is about and how it stands.
        edit: TicketEdit,
        /// Where it stands.
        state: TicketState,
    },
}

impl Foreign {
    /// What it is: `ImportKind::name`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Customer { .. } => ImportKind::Customers.name(),
            Self::Ticket { .. } => ImportKind::Tickets.name(),
        }
    }
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRow {
    /// Line in the file (CSV) or place in the list (JSON), from 1.
    pub row: u64,
    /// Its id in the other system.
    pub external: String,
    /// What it says.
    pub record: Foreign,
}

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Line in the file (CSV) or place in the list (JSON), from 1.
    pub row: u64,
    /// The field at fault.
    pub field: String,
    /// What it holds.
    pub found: String,
    /// What would be right.
    pub right: String,
}

/// Reads a file.
#[must_use]
pub fn read_rows(
    kind: ImportKind,
    source: ImportSource,
    format: ImportFormat,
    text: &str,
) -> Vec<Result<ReadRow, BadRow>> {
    rows::of(format, text).into_iter().map(|row| row.and_then(|row| record(kind, source, &row))).collect()
}

fn record(kind: ImportKind, source: ImportSource, row: &Row) -> Result<ReadRow, BadRow> {
    let external = row.needed("id", ID_CHARS)?;
    let record = match kind {
        ImportKind::Customers => customer(source, row)?,
        ImportKind::Tickets => ticket(source, row)?,
    };
    Ok(ReadRow { row: row.at, external, record })
}

fn customer(source: ImportSource, row: &Row) -> Result<Foreign, BadRow> {
    let (name, phones, mails): (_, &[&str], &[&str]) = match source {
        ImportSource::Voxdesk => (row.line("name", LINE_CHARS)?, &["phone"], &["email"]),
        ImportSource::Chatwoot => (row.line("name", LINE_CHARS)?, &["phone_number"], &["email"]),
        ImportSource::Zammad => (full_name(row)?, &["phone", "mobile"], &["email"]),
    };
    let mut addresses = Vec::new();
    for field in phones {
        row.each(field, |text| phone(text).map(|one| addresses.push(one)), PHONE)?;
    }
    for field in mails {
        row.each(field, |text| mail(text).map(|one| addresses.push(one)), MAIL)?;
    }
    addresses.dedup();
    match addresses.len() {
        0 => Err(row.bad(
            phones.first().copied().unwrap_or("phone"),
            "a phone number or a mail address: a customer is recognised by it",
        )),
        1..=ADDRESSES => Ok(Foreign::Customer { name, addresses }),
        _ => Err(row.bad(phones.first().copied().unwrap_or("phone"), "20 addresses at most")),
    }
}

const PHONE: &str = "an international number such as +49 30 1234567";
const MAIL: &str = "a mail address such as jo@example.com";

fn full_name(row: &Row) -> Result<Option<String>, BadRow> {
    let parts = [row.line("firstname", LINE_CHARS)?, row.line("lastname", LINE_CHARS)?];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Ok(Some(name).filter(|name| !name.is_empty()))
}

fn phone(text: &str) -> Option<String> {
    address::identity(&format!("tel:{text}"))
        .filter(|found| found.chars().filter(char::is_ascii_digit).count() >= 3)
}

fn mail(text: &str) -> Option<String> {
    let (user, host) = text.split_once('@')?;
    let good =
        !user.is_empty() && host.contains('.') && !host.contains('@') && !text.contains(char::is_whitespace);
    if good { address::identity(&format!("mailto:{text}")) } else { None }
}

fn ticket(source: ImportSource, row: &Row) -> Result<Foreign, BadRow> {
    let (subject, customer, team, state, kind) = match source {
        ImportSource::Voxdesk => ("subject", "customer", "team", "state", "kind"),
        ImportSource::Chatwoot => ("meta.subject", "meta.sender", "meta.team.name", "status", "kind"),
        ImportSource::Zammad => ("title", "customer", "group", "state", "type"),
    };
    let customer = match source {
        ImportSource::Chatwoot => sender(row)?,
        ImportSource::Voxdesk | ImportSource::Zammad => row.one(
            customer,
            |text| mail(text).or_else(|| phone(text)),
            "a mail address or an international number",
        )?,
    };
    let subject = match source {
        ImportSource::Chatwoot => chatwoot_subject(row)?,
        ImportSource::Voxdesk | ImportSource::Zammad => row.needed(subject, LINE_CHARS)?,
    };
    let state = row.one(state, |text| state_of(source, text), states(source))?.unwrap_or(TicketState::New);
    let priority = row.one("priority", |text| priority_of(source, text), PRIORITIES)?;
    let edit = TicketEdit {
        subject: Some(subject),
        priority,
        team: row.line(team, WORD_CHARS)?,
        kind: row.line(kind, WORD_CHARS)?,
        ..TicketEdit::default()
    };
    Ok(Foreign::Ticket { customer, edit, state })
}

/// A conversation of Chatwoot has no subject: its first message is one.
fn chatwoot_subject(row: &Row) -> Result<String, BadRow> {
    let first = row.line("additional_attributes.mail_subject", LINE_CHARS)?;
    let first = match first {
        Some(subject) => Some(subject),
        None => row.shortened("messages.0.content", LINE_CHARS),
    };
    first.ok_or_else(|| {
        row.bad("messages", "a first message with content, or additional_attributes.mail_subject")
    })
}

fn sender(row: &Row) -> Result<Option<String>, BadRow> {
    match row.one("meta.sender.email", mail, MAIL)? {
        Some(found) => Ok(Some(found)),
        None => row.one("meta.sender.phone_number", phone, PHONE),
    }
}

fn state_of(source: ImportSource, text: &str) -> Option<TicketState> {
    Some(match (source, text) {
        (ImportSource::Voxdesk, "new") | (ImportSource::Zammad, "new") => TicketState::New,
        (ImportSource::Voxdesk, "in_progress")
        | (ImportSource::Zammad, "open" | "pending reminder")
        | (ImportSource::Chatwoot, "open" | "snoozed") => TicketState::InProgress,
        (ImportSource::Voxdesk, "pending_confirmation") | (ImportSource::Zammad, "pending close") => {
            TicketState::PendingConfirmation
        }
        (ImportSource::Voxdesk, "done")
        | (ImportSource::Zammad, "closed" | "merged")
        | (ImportSource::Chatwoot, "resolved") => TicketState::Done,
        (ImportSource::Chatwoot, "pending") => TicketState::New,
        (ImportSource::Voxdesk | ImportSource::Chatwoot | ImportSource::Zammad, _) => return None,
    })
}

const fn states(source: ImportSource) -> &'static str {
    match source {
        ImportSource::Voxdesk => "new, in_progress, pending_confirmation or done",
        ImportSource::Chatwoot => "open, pending, snoozed or resolved",
        ImportSource::Zammad => {
            "new, open, pending reminder, pending close, closed or merged (export with expand=true)"
        }
    }
}

const PRIORITIES: &str = "low, normal, high or urgent (Zammad: 1 low, 2 normal, 3 high)";

fn priority_of(source: ImportSource, text: &str) -> Option<Priority> {
    let word = if source == ImportSource::Zammad {
        text.trim_start_matches(|c: char| c.is_ascii_digit()).trim()
    } else {
        text
    };
    Some(match word {
        "low" => Priority::Low,
        "normal" | "medium" => Priority::Normal,
        "high" => Priority::High,
        "urgent" => Priority::Urgent,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        kind: ImportKind,
        source: ImportSource,
        format: ImportFormat,
        text: &str,
    ) -> Vec<Result<ReadRow, BadRow>> {
        read_rows(kind, source, format, text)
    }

    fn told(bad: &Result<ReadRow, BadRow>) -> (u64, &str, &str) {
        let bad = bad.as_ref().expect_err("is wrong");
        (bad.row, &bad.field, &bad.found)
    }

    #[test]
    fn a_bad_row_is_told_with_its_line_and_spoils_no_other() {
        let csv = "id,name,phone,email\n1,Jo,+49 30 1234567,jo@example.com; JO2@Example.com\n2,Li,,not-a-mail\n,Al,+4930,\n4,Bo,,\n5,A,1\n";
        let all = read(ImportKind::Customers, ImportSource::Voxdesk, ImportFormat::Csv, csv);
        let jo = all[0].as_ref().expect("good");
        assert_eq!((jo.row, jo.external.as_str()), (2, "1"));
        let addresses = ["tel:+49301234567", "mailto:jo@example.com", "mailto:jo2@example.com"];
        assert_eq!(
            jo.record,
            Foreign::Customer { name: Some("Jo".into()), addresses: addresses.map(Into::into).into() }
        );
        assert_eq!(told(&all[1]), (3, "email", "not-a-mail"));
        assert_eq!(told(&all[2]), (4, "id", "nothing"));
        assert_eq!(told(&all[3]), (5, "phone", "nothing"));
        assert_eq!(told(&all[4]).0, 6);
    }

    #[test]
    fn contacts_and_conversations_of_chatwoot_are_read() {
        let contacts = r#"{"meta":{"count":1},"payload":[{"id":7,"name":"Jane","email":"jane@example.com","phone_number":"+12125551234"}]}"#;
        let all = read(ImportKind::Customers, ImportSource::Chatwoot, ImportFormat::Json, contacts);
        assert_eq!(all[0].as_ref().expect("good").external, "7");
        let conversations = r#"{"data":{"payload":[
            {"id":3,"status":"resolved","priority":"high","meta":{"sender":{"email":"jane@example.com"},"team":{"name":"billing"}},
             "messages":[{"content":"Where is\nmy invoice?"}]},
            {"id":4,"status":"asleep","meta":{"sender":{}},"messages":[{"content":"x"}]}]}}"#;
        let all = read(ImportKind::Tickets, ImportSource::Chatwoot, ImportFormat::Json, conversations);
        let Foreign::Ticket { customer, edit, state } = &all[0].as_ref().expect("good").record else {
            panic!("a ticket is read as a ticket");
        };
        assert_eq!((customer.as_deref(), *state), (Some("mailto:jane@example.com"), TicketState::Done));
        assert_eq!(
            (edit.subject.as_deref(), edit.team.as_deref()),
            (Some("Where is my invoice?"), Some("billing"))
        );
        assert_eq!(edit.priority, Some(Priority::High));
        assert_eq!(told(&all[1]), (2, "status", "asleep"));
    }

    #[test]
    fn users_and_tickets_of_zammad_are_read() {
        let users = r#"[{"id":2,"firstname":"Nicole","lastname":"Braun","email":"nicole@example.org","phone":"","mobile":"+49 171 1234567"}]"#;
        let all = read(ImportKind::Customers, ImportSource::Zammad, ImportFormat::Json, users);
        let Foreign::Customer { name, addresses } = &all[0].as_ref().expect("good").record else {
            panic!("a user is read as a customer");
        };
        assert_eq!((name.as_deref(), addresses.len()), (Some("Nicole Braun"), 2));
        let tickets = r#"[{"id":1,"number":"22001","title":"Welcome!","state":"pending reminder","priority":"3 high","group":"Users","customer":"nicole@example.org","type":null},
            {"id":2,"title":"Compact","state_id":1}]"#;
        let all = read(ImportKind::Tickets, ImportSource::Zammad, ImportFormat::Json, tickets);
        let Foreign::Ticket { edit, state, .. } = &all[0].as_ref().expect("good").record else {
            panic!("a ticket is read as a ticket");
        };
        assert_eq!((edit.priority, *state), (Some(Priority::High), TicketState::InProgress));
    }

    #[test]
    fn hostile_files_are_faults_and_no_panics() {
        for text in ["", "[", "{}", "7", "[7]", "[{\"id\":{}}]", "\u{feff}", "a\n\"", "id\n\u{0}"] {
            for kind in [ImportKind::Customers, ImportKind::Tickets] {
                for source in [ImportSource::Voxdesk, ImportSource::Chatwoot, ImportSource::Zammad] {
                    for format in [ImportFormat::Csv, ImportFormat::Json] {
                        assert!(read(kind, source, format, text).iter().all(Result::is_err), "{text:?}");
                    }
                }
            }
        }
    }
}
