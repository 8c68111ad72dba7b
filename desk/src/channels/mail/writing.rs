//! Writing a letter (RFC 5322, RFC 2047): plain text in UTF-8, in the thread it belongs to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kernel::Pii;
use serde::Deserialize;

use super::super::{Account, Outbound, Unsendable};
use super::{bare_subject, own_id, token};

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
/// # Errors
/// When the customer's address is none.
pub fn posting(account: &Account, out: &Outbound) -> Result<Posting, Unsendable> {
    let to = out.address.reveal().strip_prefix("mailto:").filter(|to| to.contains('@'));
    let to = to.ok_or_else(|| Unsendable("no_address".into()))?.to_owned();
    let from = account.setting("address").to_owned();
    let state: State = serde_json::from_str(out.state.reveal()).unwrap_or_default();
    let message_id = own_id(account, out.conversation, out.seq);
    let subject = match bare_subject(account, &state.subject) {
        bare if bare.is_empty() => token(account, out.conversation),
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
    lines.push("Content-Type: text/plain; charset=utf-8".into());
    lines.push("Content-Transfer-Encoding: base64".into());
    let text = out.text.reveal().replace("\r\n", "\n").replace('\n', "\r\n");
    let body = STANDARD.encode(text.as_bytes());
    let letter = format!("{}\r\n\r\n{}\r\n", lines.join("\r\n"), wrapped(&body));
    Ok(Posting { from, to: to.into(), message_id, bytes: letter.into_bytes().into() })
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
