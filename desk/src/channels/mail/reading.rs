//! Reading a letter.

use kernel::Pii;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::super::{Account, Inbound, NAME_BYTES, Said, words};
use super::{bare_subject, named, own};

/// References kept of an exchange: enough for every program to sort it.
const REFERENCES: usize = 12;
/// Addresses kept of those who got a copy.
const COPIES: usize = 20;
/// Files kept of one letter.
const FILES: usize = 50;

/// What a letter is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// News of a customer, with the files that came with it.
    News(Box<Inbound>, Vec<File>),
    /// Nothing for us (stable code): our own, a list's, a machine's that answers nothing of ours.
    Nothing(&'static str),
}

/// A file that came with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As its sender called it, without folders.
    pub name: Pii<String>,
    /// What is in it.
    pub bytes: Pii<Vec<u8>>,
}

/// Reads a letter.
#[must_use]
pub fn letter(account: &Account, raw: &[u8]) -> Letter {
    let Some(message) = MessageParser::default().parse(raw) else { return Letter::Nothing("unreadable") };
    let external = match message.message_id() {
        Some(id) if !id.is_empty() && id.len() <= NAME_BYTES => id.to_owned(),
        _ => format!("sha256:{}", hex::encode(Sha256::digest(raw))),
    };
    if own(account, &external).is_some() || header(&message, "X-Loop").contains(account.setting("address")) {
        return Letter::Nothing("own");
    }
    if let Some(inbound) = returned(account, &message, &external) {
        return inbound.map_or(Letter::Nothing("delivery_report"), |inbound| {
            Letter::News(Box::new(inbound), Vec::new())
        });
    }
    let Some((name, address)) = sender(&message) else { return Letter::Nothing("no_sender") };
    if address.eq_ignore_ascii_case(account.setting("address")) {
        return Letter::Nothing("own");
    }
    let follows = references(&message);
    let mine = follows.iter().find_map(|id| own(account, id)).map(|(id, _)| id);
    let subject = message.subject().unwrap_or_default();
    let names = mine.or_else(|| named(account, subject));
    let is_automatic = is_automatic(&message);
    if is_automatic && names.is_none() {
        return Letter::Nothing("automatic");
    }
    let bare = bare_subject(account, subject);
    let mut chain: Vec<&String> = follows.iter().rev().collect();
    chain.push(&external);
    let chain = chain.split_off(chain.len().saturating_sub(REFERENCES));
    let state = json!({ "subject": bare, "last": external, "references": chain }).to_string();
    let mut detail = Map::new();
    if !bare.is_empty() {
        detail.insert("subject".into(), bare.clone().into());
    }
    let copies = copies(&message);
    if !copies.is_empty() {
        detail.insert("cc".into(), copies.into());
    }
    let inbound = Inbound {
        // Who writes two letters about two things has two conversations: an exchange is known by its first letter.
        peer: follows.last().unwrap_or(&external).clone().into(),
        address: format!("mailto:{address}").into(),
        name: name.map(Into::into),
        text: text(&message, &bare).into(),
        detail: detail.into(),
        state: (!is_automatic).then(|| state.into()),
        follows,
        names,
        said: if is_automatic { Said::Event("mail_automatic".into()) } else { Said::Message },
        external,
    };
    let files = if is_automatic { Vec::new() } else { files(&message) };
    Letter::News(Box::new(inbound), files)
}

fn header(message: &Message<'_>, name: &'static str) -> String {
    message.header_raw(name).unwrap_or_default().trim().to_owned()
}

fn sender(message: &Message<'_>) -> Option<(Option<String>, String)> {
    let first = |address: Option<&Address<'_>>| {
        let address = address?.first()?;
        let mailbox = address.address()?.trim().to_lowercase();
        let fits = mailbox.len() <= NAME_BYTES
            && mailbox.contains('@')
            && !mailbox.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
        fits.then(|| {
            let name = address
                .name()
                .map(|name| name.chars().filter(|c| !c.is_control()).take(80).collect::<String>());
            (name.filter(|name| !name.trim().is_empty()), mailbox)
        })
    };
    first(message.reply_to()).or_else(|| first(message.from()))
}

/// Who else got it.
fn copies(message: &Message<'_>) -> Vec<String> {
    let all = message.cc().into_iter().flat_map(Address::iter);
    let plain = all.filter_map(|address| {
        let mailbox = address.address()?.trim();
        let fits = mailbox.len() <= NAME_BYTES
            && mailbox.contains('@')
            && !mailbox.contains(|c: char| c.is_whitespace() || c.is_control());
        fits.then(|| mailbox.to_owned())
    });
    plain.take(COPIES).collect()
}

/// What it answers, the nearest first.
fn references(message: &Message<'_>) -> Vec<String> {
    let list = |value: &HeaderValue<'_>| -> Vec<String> {
        let ids: Vec<String> = match value {
            HeaderValue::Text(id) => vec![id.to_string()],
            HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        ids.into_iter().filter(|id| id.len() <= NAME_BYTES).collect()
    };
    let mut all: Vec<String> = Vec::new();
    let nearest = list(message.in_reply_to()).into_iter().rev();
    for id in nearest.chain(list(message.references()).into_iter().rev()) {
        if !all.contains(&id) && all.len() < 100 {
            all.push(id);
        }
    }
    all
}

/// RFC 3834, and what programs did before it.
fn is_automatic(message: &Message<'_>) -> bool {
    let submitted = header(message, "Auto-Submitted").to_lowercase();
    let precedence = header(message, "Precedence").to_lowercase();
    (!submitted.is_empty() && !submitted.starts_with("no"))
        || ["bulk", "junk", "list", "auto_reply"].contains(&precedence.as_str())
        || ["List-Id", "X-Autoreply", "X-Autorespond", "X-Auto-Response-From"]
            .iter()
            .any(|name| message.header_raw(*name).is_some())
        || header(message, "Return-Path") == "<>"
}

/// A report on a letter's delivery (RFC 3464): `Some(None)` when it is about nothing of ours, or says that all is well.
fn returned(account: &Account, message: &Message<'_>, external: &str) -> Option<Option<Inbound>> {
    let is_report = message.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("report"))
            && kind.attribute("report-type").is_none_or(|kind| kind.eq_ignore_ascii_case("delivery-status"))
    });
    let from_daemon = sender(message).is_some_and(|(_, address)| {
        let user = address.split('@').next().unwrap_or_default().to_owned();
        ["mailer-daemon", "postmaster"].contains(&user.as_str())
    });
    if !is_report && !from_daemon {
        return None;
    }
    let mut about = references(message).iter().find_map(|id| own(account, id));
    let mut status = String::new();
    let mut has_failed = !is_report;
    for part in &message.parts {
        let text = match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.to_string(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                String::from_utf8_lossy(bytes).into_owned()
            }
            PartType::Message(inner) => {
                about = about.or_else(|| inner.message_id().and_then(|id| own(account, id)));
                continue;
            }
            PartType::Multipart(_) => continue,
        };
        for line in text.lines().take(500) {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "action" => has_failed |= value.eq_ignore_ascii_case("failed"),
                "status" if status.is_empty() => {
                    status = value.chars().filter(|c| c.is_ascii_digit() || *c == '.').take(12).collect();
                }
                "message-id" => about = about.or_else(|| own(account, value.trim_matches(['<', '>', ' ']))),
                _ => {}
            }
        }
    }
    let inbound = about.filter(|_| has_failed).map(|(id, seq)| Inbound {
        external: external.to_owned(),
        peer: String::new().into(),
        address: String::new().into(),
        name: None,
        text: String::new().into(),
        detail: Map::new().into(),
        state: None,
        follows: Vec::new(),
        names: Some(id),
        said: Said::Bounce(
            id,
            seq,
            if status.is_empty() { "bounced".into() } else { format!("bounced {status}") },
        ),
    });
    Some(inbound)
}

/// The words of a letter without what it quotes; the subject where there are none.
fn text(message: &Message<'_>, subject: &str) -> String {
    let body = message.body_text(0).unwrap_or_default();
    match without_quotes(&body) {
        own if own.is_empty() && !body.trim().is_empty() => words(&body),
        own if own.is_empty() && subject.is_empty() => "[空白 empty]".to_owned(),
        own if own.is_empty() => words(subject),
        own => words(&own),
    }
}

/// Cuts what is quoted at the end: lines with `>`, and what programs put above.
fn without_quotes(body: &str) -> String {
    let lines: Vec<&str> = body.lines().collect();
    let original = lines.iter().position(|line| {
        let line = line.trim().trim_matches(['-', '_', ' ']);
        ["Original Message", "Forwarded message", "Ursprüngliche Nachricht", "原始邮件", "转发的邮件"]
            .contains(&line)
    });
    let mut end = original.unwrap_or(lines.len());
    let is_quoted = |line: &&str| line.trim_start().starts_with('>');
    let quoted = lines.iter().take(end).rev().take_while(|line| line.trim().is_empty() || is_quoted(line));
    let count = quoted.clone().count();
    if quoted.clone().any(is_quoted) {
        end -= count;
        // "On Monday Ann wrote:", perhaps on two lines.
        let ends_a_sentence = |line: &str| line.trim_end().ends_with([':', '：']);
        if end > 0 && lines.get(end - 1).is_some_and(|line| ends_a_sentence(line)) {
            end -= 1;
            if end > 0 && lines.get(end - 1).is_some_and(|line| line.trim_start().starts_with("On ")) {
                end -= 1;
            }
        }
    }
    lines.get(..end).unwrap_or_default().join("\n").trim().to_owned()
}

fn files(message: &Message<'_>) -> Vec<File> {
    let attachments = message.attachments().take(FILES).enumerate();
    attachments
        .map(|(n, part)| {
            let given = part.attachment_name().unwrap_or_default();
            let plain = given.rsplit(['/', '\\']).next().unwrap_or_default();
            let plain: String = plain.chars().filter(|c| !c.is_control()).take(120).collect();
            let name = match plain.trim_matches(['.', ' ']) {
                "" => format!("{}", n + 1),
                name => name.to_owned(),
            };
            let bytes = match &part.body {
                PartType::Message(inner) => inner.raw_message().to_vec(),
                _ => part.contents().to_vec(),
            };
            File { name: name.into(), bytes: bytes.into() }
        })
        .collect()
}

/// What the record says of the files of a letter, once they are kept.
pub fn named_files(files: &[(String, String, usize)]) -> Value {
    files.iter().map(|(name, url, size)| json!({ "name": name, "url": url, "size": size })).collect()
}
