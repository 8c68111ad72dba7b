//! Keys of SRTP in SDP (`a=crypto`, RFC 4568; GCM suites of RFC 7714).
//!
//! Promises: a line that cannot be obeyed to the letter is passed over, never half obeyed; keys are never shown.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Secret;

use super::Media;
use super::parse::number;

/// Lines that are looked at in one section: phones offer under ten.
const LINES: usize = 32;
/// Longest key identifier that packets to us may carry, in bytes.
const MKI: usize = 128;

/// A protection profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SrtpSuite {
    /// `AES_CM_128_HMAC_SHA1_80`.
    AesCm128Sha80,
    /// `AES_CM_128_HMAC_SHA1_32`.
    AesCm128Sha32,
    /// `AEAD_AES_128_GCM`.
    Aes128Gcm,
    /// `AEAD_AES_256_GCM`.
    Aes256Gcm,
}

impl SrtpSuite {
    /// All, in the order in which we offer them: the one that every phone has is first, since old ones look no further.
    pub const ALL: [Self; 4] = [Self::AesCm128Sha80, Self::AesCm128Sha32, Self::Aes128Gcm, Self::Aes256Gcm];

    /// Its name in SDP.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AesCm128Sha80 => "AES_CM_128_HMAC_SHA1_80",
            Self::AesCm128Sha32 => "AES_CM_128_HMAC_SHA1_32",
            Self::Aes128Gcm => "AEAD_AES_128_GCM",
            Self::Aes256Gcm => "AEAD_AES_256_GCM",
        }
    }

    /// Bytes of master key and master salt together.
    #[must_use]
    pub const fn key_bytes(self) -> usize {
        match self {
            Self::AesCm128Sha80 | Self::AesCm128Sha32 => 30,
            Self::Aes128Gcm => 28,
            Self::Aes256Gcm => 44,
        }
    }

    /// Where its key is in `SrtpKeys::fresh`: suites never share bytes.
    fn place(self) -> std::ops::Range<usize> {
        let before: usize = Self::ALL.iter().take_while(|suite| **suite != self).map(|s| s.key_bytes()).sum();
        before..before + self.key_bytes()
    }
}

/// Bytes of chance that keys of our own are made of: enough for every suite.
pub const SRTP_CHANCE: usize = 30 + 30 + 28 + 44;

/// One direction's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SrtpKey {
    /// The profile.
    pub suite: SrtpSuite,
    /// Master key, then master salt.
    pub bytes: Secret<Vec<u8>>,
    /// What each packet carries to name the key; empty: nothing.
    pub mki: Vec<u8>,
}

/// What was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Srtp {
    /// Of what we send.
    pub ours: SrtpKey,
    /// Of what they send.
    pub theirs: SrtpKey,
}

/// Whether calls are protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SrtpUse {
    /// Where the other side offers it; our own offers are plain.
    #[default]
    Accept,
    /// The same, and our own offers carry keys that a phone may ignore (`RTP/AVP` with `a=crypto`).
    Offer,
    /// Always: plain offers are refused, our own are `RTP/SAVP`.
    Require,
}

/// Where keys of our own come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SrtpKeys {
    /// The one in use: it stays while its suite does (RFC 4568 section 7.1.4), so that its counters may go on.
    pub current: Option<SrtpKey>,
    /// Chance for new ones, `SRTP_CHANCE` bytes, not used before.
    pub fresh: Secret<Vec<u8>>,
}

impl SrtpKeys {
    /// Our key for a suite; `None` when there is not enough chance.
    pub(super) fn key(&self, suite: SrtpSuite) -> Option<SrtpKey> {
        if let Some(current) = self.current.as_ref().filter(|key| key.suite == suite) {
            return Some(current.clone());
        }
        let bytes = self.fresh.reveal().get(suite.place())?.to_vec();
        Some(SrtpKey { suite, bytes: Secret::new(bytes), mki: Vec::new() })
    }

    /// One for each suite, tagged, for an offer. In mid-call the suite in use is the only one.
    pub(super) fn offered(&self) -> Vec<(u32, SrtpKey)> {
        let suites = SrtpSuite::ALL.into_iter().filter(|suite| match &self.current {
            Some(current) => current.suite == *suite,
            None => true,
        });
        (1..).zip(suites.filter_map(|suite| self.key(suite))).collect()
    }
}

/// The first line of a section that we can obey: its tag and key.
pub(super) fn first_usable(section: &Media) -> Option<(u32, SrtpKey)> {
    section.values("crypto").take(LINES).find_map(read)
}

/// `1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^31|1:4 WSH=64`.
fn read(value: &str) -> Option<(u32, SrtpKey)> {
    let mut words = value.split_ascii_whitespace();
    let tag = number(words.next()?.as_bytes())?;
    let name = words.next()?;
    let suite = SrtpSuite::ALL.into_iter().find(|suite| suite.name().eq_ignore_ascii_case(name))?;
    let (method, key) = words.next()?.split_once(':')?;
    // Several keys for one line are told apart by identifiers, which nobody was seen to send.
    if !method.eq_ignore_ascii_case("inline") || key.contains(';') || !words.all(is_harmless) {
        return None;
    }
    let mut parts = key.split('|');
    let bytes = STANDARD.decode(parts.next()?).ok().filter(|bytes| bytes.len() == suite.key_bytes())?;
    let mut mki = Vec::new();
    for part in parts {
        match part.split_once(':') {
            Some((id, length)) => mki = identifier(id, length)?,
            // A lifetime: no call lasts as long as 2^31 reports, and renewing keys is the sender's matter.
            None => lifetime(part)?,
        }
    }
    Some((tag, SrtpKey { suite, bytes: Secret::new(bytes), mki }))
}

/// Session parameters that change nothing for us; a leading `-` allows to ignore them (RFC 4568 section 6.3).
fn is_harmless(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or(word);
    word.starts_with('-') || name.eq_ignore_ascii_case("WSH") || word.eq_ignore_ascii_case("KDR=0")
}

fn identifier(id: &str, length: &str) -> Option<Vec<u8>> {
    let (id, length) = (number::<u64>(id.as_bytes())?, number::<usize>(length.as_bytes())?);
    if !(1..=MKI).contains(&length) {
        return None;
    }
    let mut bytes = vec![0; length];
    for (to, from) in bytes.iter_mut().rev().zip(id.to_be_bytes().iter().rev()) {
        *to = *from;
    }
    (length >= 8 || id >> (8 * length) == 0).then_some(bytes)
}

fn lifetime(text: &str) -> Option<()> {
    let digits = text.strip_prefix("2^").unwrap_or(text);
    number::<u64>(digits.as_bytes()).map(drop)
}

/// Writes a line.
pub(super) fn write(to: &mut String, tag: u32, key: &SrtpKey) {
    let inline = STANDARD.encode(key.bytes.reveal());
    // Writing to a String cannot fail.
    let _ = write!(to, "a=crypto:{tag} {} inline:{inline}\r\n", key.suite.name());
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";

    #[test]
    fn lines_of_phones_are_understood() {
        let (tag, key) =
            read(&format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20|1:4 WSH=64")).expect("RFC 4568");
        assert_eq!((tag, key.suite, key.bytes.reveal().len()), (1, SrtpSuite::AesCm128Sha80, 30));
        assert_eq!(key.mki, [0, 0, 0, 1]);
        let (tag, key) =
            read(&format!("9 aes_cm_128_hmac_sha1_32 INLINE:{KEY}|2147483648 -X")).expect("odd but good");
        assert_eq!((tag, key.suite, key.mki), (9, SrtpSuite::AesCm128Sha32, vec![]));
        let long = STANDARD.encode([7; 44]);
        assert_eq!(
            read(&format!("2 AEAD_AES_256_GCM inline:{long}")).map(|(_, key)| key.suite),
            Some(SrtpSuite::Aes256Gcm)
        );
    }

    #[test]
    fn lines_that_cannot_be_obeyed_to_the_letter_are_passed_over() {
        for bad in [
            String::new(),
            "1".into(),
            format!("1 F8_128_HMAC_SHA1_80 inline:{KEY}"),
            format!("x AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            format!("1 AES_CM_128_HMAC_SHA1_80 uri:{KEY}"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY};inline:{KEY}"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY} UNENCRYPTED_SRTP"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY} KDR=3"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|1:0"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|256:1"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|1:129"),
            format!("1 AEAD_AES_128_GCM inline:{KEY}"),
            "1 AES_CM_128_HMAC_SHA1_80 inline:!!!!".into(),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }

    #[test]
    fn suites_never_share_the_chance_of_their_keys() {
        let mut all: Vec<usize> = SrtpSuite::ALL.into_iter().flat_map(SrtpSuite::place).collect();
        assert_eq!(all.len(), SRTP_CHANCE);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), SRTP_CHANCE);
    }
}
