//! Writing a letter (RFC 5322, RFC 2047): plain text in UTF-8, in the thread it belongs to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kernel::Pii;
use serde::Deserialize;

use super::super::{Account, Outbound, Unsendable};
use super::{File, bare_subject, own_id, token};
use crate::files::picture;

/// A letter in its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: Pii<String>,
    /// Its name.
    pub message_id: String,
    /// The letter.
    pub bytes: Pii<Vec<u8>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct State {
    subject: String,
    last: String,
    references: Vec<String>,
}

/// Writes the letter of a message.
///
/// `files` are what is in the files that it names.
///
/// # Errors
/// When the customer's address is none.
pub fn posting(account: &Account, out: &Outbound, files: &[File]) -> Result<Posting, Unsendable> {
    let to = out.address.reveal().strip_prefix("mailto:").filter(|to| to.contains('@'));
    let to = to.ok_or_else(|| Unsendable("no_address".into()))?.to_owned();
    let from = account.setting("address").to_owned();
    let state: State = serde_json::from_str(out.state.reveal()).unwrap_or_default();
    let message_id = own_id(account, out.conversation, out.seq);
    let own = out.particulars().subject.map(|subject| bare_subject(account, &subject));
    let subject = match own.unwrap_or_else(|| bare_subject(account, &state.subject)) {
        bare if bare.is_empty() => token(account, out.conversation),
        // A letter about something else answers nothing.
        bare if bare != bare_subject(account, &state.subject) => {
            format!("{bare} {}", token(account, out.conversation))
        }
        bare => format!("Re: {bare} {}", token(account, out.conversation)),
    };
    let mut lines = vec![
        format!("From: {}", mailbox(account.setting("display_name"), &from)),
        format!("To: <{to}>"),
        format!("Subject: {}", encoded(&subject)),
        format!("Date: {}", date(out.at)),
        format!("Message-ID: <{message_id}>"),
    ];
    if !state.last.is_empty() {
        lines.push(format!("In-Reply-To: <{}>", plain(&state.last)));
    }
    if !state.references.is_empty() {
        let all: Vec<String> = state.references.iter().map(|id| format!("<{}>", plain(id))).collect();
        lines.push(format!("References: {}", all.join("\r\n ")));
    }
    lines.push(format!("X-Loop: {from}"));
    lines.push("MIME-Version: 1.0".into());
    let text = out.text.reveal().replace("\r\n", "\n").replace('\n', "\r\n");
    let words = part("text/plain; charset=utf-8", "", text.as_bytes());
    let letter = if files.is_empty() {
        format!("{}\r\n{words}", lines.join("\r\n"))
    } else {
        // Base64 has no underscore: this line stands in no part.
        let boundary = format!("_voxdesk_{}_{}_", out.conversation, out.seq);
        lines.push(format!("Content-Type: multipart/mixed; boundary=\"{boundary}\""));
        let mut letter = format!("{}\r\n\r\n--{boundary}\r\n{words}", lines.join("\r\n"));
        for file in files {
            letter.push_str(&format!("--{boundary}\r\n{}", attached(file)));
        }
        letter.push_str(&format!("--{boundary}--\r\n"));
        letter
    };
    Ok(Posting { from, to: to.into(), message_id, bytes: letter.into_bytes().into() })
}

/// A part with its header (RFC 2045).
fn part(kind: &str, more: &str, bytes: &[u8]) -> String {
    let body = wrapped(&STANDARD.encode(bytes));
    format!("Content-Type: {kind}\r\n{more}Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n")
}

/// A file as a part; its name by RFC 2231.
fn attached(file: &File) -> String {
    let kind = picture(file.bytes.reveal()).unwrap_or("application/octet-stream");
    let name: String = file.name.reveal().bytes().map(spelled).collect();
    let more = format!("Content-Disposition: attachment;\r\n filename*=utf-8''{name}\r\n");
    part(kind, &more, file.bytes.reveal())
}

/// A byte of an extended parameter (RFC 5987 section 3.2.1).
fn spelled(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// What must not break out of its header.
fn plain(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_graphic() && !"<>".contains(*c)).collect()
}

fn mailbox(name: &str, address: &str) -> String {
    if name.is_empty() { format!("<{address}>") } else { format!("{} <{address}>", encoded(name)) }
}

/// A header's text as encoded words (RFC 2047 section 2: 75 characters each at most), where it is not plain ASCII.
fn encoded(text: &str) -> String {
    let is_plain =
        text.len() < 60 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b" -_.:#[]!?/+".contains(&b));
    if is_plain {
        return text.to_owned();
    }
    let mut out: Vec<String> = Vec::new();
    let mut piece = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if piece.len() + c.len_utf8() > 42 {
            out.push(std::mem::take(&mut piece));
        }
        piece.push(c);
    }
    out.push(piece);
    let words: Vec<String> =
        out.iter().map(|piece| format!("=?utf-8?B?{}?=", STANDARD.encode(piece))).collect();
    words.join("\r\n ")
}

fn wrapped(base64: &str) -> String {
    let lines = base64.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned());
    lines.collect::<Vec<_>>().join("\r\n")
}

fn date(at: i64) -> String {
    let stamp = Timestamp::from_millisecond(at).unwrap_or_default();
    stamp.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
