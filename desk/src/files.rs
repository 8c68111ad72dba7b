//! Files that agents send: how they are named, what they may be, and what the record says of them.
//!
//! Promises: pure; a file's key says to which conversation it belongs, so that nobody hands out one of another; only what is
//! really a picture is shown as one. Leaves to others: keeping (the gateway), sending (`channels`).

use kernel::InteractionId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Largest file, in bytes: what mail servers take.
pub const FILE_BYTES: usize = 10 << 20;
/// Most files of one message.
pub const FILES: usize = 10;
/// Longest name, in characters.
pub const NAME_CHARS: usize = 150;
/// Hexadecimal digits of each half of a key.
const HALF: usize = 16;
/// Where files are fetched by staff.
const PLACE: &str = "/api/v1/files/";
/// Endings of what runs where it is opened: no customer should be taught to open one from us.
const RUNS: &[&str] = &[
    "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse", "lnk", "msi", "ps1", "reg", "scr",
    "vbe", "vbs", "wsf",
];

/// A file as a message names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentFile {
    /// As its sender called it, without folders.
    pub name: String,
    /// Where staff fetch it.
    pub url: String,
    /// Bytes.
    #[serde(default)]
    pub size: u64,
}

impl SentFile {
    /// Its key and number, if it lies with us.
    #[must_use]
    pub fn place(&self) -> Option<(&str, u16)> {
        let (key, n) = self.url.strip_prefix(PLACE)?.split_once('/')?;
        Some((key, n.parse().ok()?))
    }
}

/// Where staff fetch a file.
#[must_use]
pub fn url(key: &str, n: u16) -> String {
    format!("{PLACE}{key}/{n}")
}

/// A key of a file of this conversation; `random` keeps it from being guessed.
#[must_use]
pub fn key(conversation: InteractionId, random: u64) -> String {
    let random = format!("{random:016x}");
    format!("{random}{}", mark(conversation, &random))
}

/// Whether a key is one of this conversation.
#[must_use]
pub fn belongs(key: &str, conversation: InteractionId) -> bool {
    key.len() == 2 * HALF
        && key.split_at_checked(HALF).is_some_and(|(random, given)| mark(conversation, random) == given)
}

fn mark(conversation: InteractionId, random: &str) -> String {
    let mut digits = hex::encode(Sha256::digest(format!("voxdesk file {conversation} {random}")));
    digits.truncate(HALF);
    digits
}

/// Why a file is not taken; says what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Too much in it.
    #[error("the file is larger than {} MiB", FILE_BYTES >> 20)]
    TooLarge,
    /// It runs where it is opened.
    #[error("programs are not sent to customers; send a document, a picture or an archive")]
    Runs,
    /// No name.
    #[error("the name must have 1 to {NAME_CHARS} characters")]
    Name,
}

/// The name of a file as it is kept: without folders and what cannot be seen.
///
/// # Errors
/// When such a file is not sent.
pub fn fitting(name: &str, bytes: usize) -> Result<String, Unfit> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control() && !"\"<>:|?*".contains(*c)).collect();
    let name = name.trim().trim_end_matches('.').to_owned();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match bytes {
        _ if name.is_empty() || name.chars().count() > NAME_CHARS => Err(Unfit::Name),
        _ if RUNS.contains(&ending.as_str()) => Err(Unfit::Runs),
        0 => Err(Unfit::Empty),
        n if n > FILE_BYTES => Err(Unfit::TooLarge),
        _ => Ok(name),
    }
}

/// What kind of picture this is, by what is in it.
#[must_use]
pub fn picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Particulars of a message as the record keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Particulars {
    /// What comes with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<SentFile>,
    /// What it is about, on channels that have subjects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

impl Particulars {
    /// Reads an entry's detail; what else stands there is passed over.
    #[must_use]
    pub fn read(detail: Option<&str>) -> Self {
        detail.and_then(|detail| serde_json::from_str(detail).ok()).unwrap_or_default()
    }

    /// As the record keeps them; `None` when there is nothing to keep.
    #[must_use]
    pub fn written(&self) -> Option<String> {
        if *self == Self::default() { None } else { serde_json::to_string(self).ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_conversation_that_its_key_was_made_for() {
        let (one, other) = (InteractionId { node: 1, serial: 7 }, InteractionId { node: 1, serial: 8 });
        let key = key(one, 0x1234);
        assert_eq!(key.len(), 32);
        assert!(belongs(&key, one) && !belongs(&key, other));
        let forged = format!("0000000000009999{}", &key[16..]);
        assert!(!belongs(&forged, one) && !belongs("", one) && !belongs("喂喂喂喂喂喂喂喂喂喂喂x", one));
        let file = SentFile { name: "a".into(), url: url(&key, 0), size: 1 };
        assert_eq!(file.place(), Some((key.as_str(), 0)));
        assert_eq!(SentFile { url: "https://elsewhere/x/0".into(), ..file }.place(), None);
    }

    #[test]
    fn names_lose_their_folders_and_programs_are_not_sent() {
        assert_eq!(fitting("C:\\fakepath\\合同 1.pdf", 5).as_deref(), Ok("合同 1.pdf"));
        assert_eq!(fitting("../../etc/passwd", 5).as_deref(), Ok("passwd"));
        assert_eq!(fitting("invoice.pdf.EXE", 5), Err(Unfit::Runs));
        assert_eq!(fitting("setup.exe.", 5), Err(Unfit::Runs));
        assert_eq!(fitting("a.txt", 0), Err(Unfit::Empty));
        assert_eq!(fitting("a.txt", FILE_BYTES + 1), Err(Unfit::TooLarge));
        assert_eq!(fitting("  ", 5), Err(Unfit::Name));
    }

    #[test]
    fn only_what_is_a_picture_is_one() {
        assert_eq!(picture(b"\x89PNG\r\n\x1a\nrest"), Some("image/png"));
        assert_eq!(picture(b"\xFF\xD8\xFF\xE0"), Some("image/jpeg"));
        assert_eq!(picture(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(picture(b"<svg onload=alert(1)>"), None);
    }

    #[test]
    fn particulars_are_read_again_and_other_particulars_do_no_harm() {
        let file = SentFile { name: "a.pdf".into(), url: url("k", 0), size: 3 };
        let all = Particulars { files: vec![file], subject: Some("Order".into()) };
        assert_eq!(Particulars::read(all.written().as_deref()), all);
        assert_eq!(Particulars::default().written(), None);
        assert_eq!(Particulars::read(Some(r#"{"reason":"x"}"#)), Particulars::default());
        assert_eq!(Particulars::read(Some("nonsense")), Particulars::default());
    }
}
