//! Session keys of one direction, and the two families of transforms: AES counter mode with HMAC-SHA1 (RFC 3711) and
//! AES-GCM (RFC 7714).

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;

use super::{BadKey, MasterKey, Suite, packet};

/// Set in the SRTCP index of an encrypted packet.
pub(super) const ENCRYPTED: u32 = 1 << 31;

/// Session keys.
pub(super) struct Cipher {
    suite: Suite,
    rtp: Half,
    rtcp: Half,
    /// What packets to us must carry. We send none.
    pub(super) mki: Vec<u8>,
}

/// The keys of RTP, or of RTCP.
struct Half {
    transform: Transform,
    salt: [u8; 14],
}

#[expect(
    clippy::large_enum_variant,
    reason = "two for each leg; a pointer would be followed for each packet"
)]
enum Transform {
    Counter { key: EncryptingKey, auth: hmac::Key },
    Gcm(LessSafeKey),
}

impl Cipher {
    pub(super) fn new(master: &MasterKey) -> Result<Self, BadKey> {
        let (suite, bytes) = (master.suite, master.bytes.reveal());
        let (key_bytes, expected) = (suite.key_bytes(), suite.key_bytes() + suite.salt_bytes());
        let bad = BadKey { found: bytes.len(), expected };
        let (Some(key), Some(given)) = (bytes.get(..key_bytes), bytes.get(key_bytes..expected)) else {
            return Err(bad);
        };
        if bytes.len() != expected {
            return Err(bad);
        }
        let mut salt = [0; 14];
        for (to, from) in salt.iter_mut().zip(given) {
            *to = *from;
        }
        let half = |first| Half::derive(suite, key, &salt, first).ok_or(bad);
        Ok(Self { suite, rtp: half(0)?, rtcp: half(3)?, mki: master.mki.clone() })
    }

    /// Encrypts `out[..length]`, adds the tag, gives the new length.
    pub(super) fn seal_rtp(
        &self,
        out: &mut [u8],
        length: usize,
        header: usize,
        ssrc: u32,
        index: u64,
    ) -> Option<usize> {
        let tag = self.suite.rtp_tag();
        let whole = out.get_mut(..length + tag)?;
        let (packet, room) = whole.split_at_mut(length);
        let (head, payload) = packet.split_at_mut(header);
        match &self.rtp.transform {
            Transform::Counter { key, auth } => {
                apply(key, self.rtp.counter(ssrc, index), payload)?;
                room.copy_from_slice(sign(auth, packet, (index >> 16) as u32).as_ref().get(..tag)?);
            }
            Transform::Gcm(key) => {
                let nonce = self.rtp.nonce(ssrc, index);
                let sealed = key.seal_in_place_separate_tag(nonce, Aad::from(&*head), payload).ok()?;
                room.copy_from_slice(sealed.as_ref());
            }
        }
        Some(length + tag)
    }

    /// Checks and decrypts in place, gives the length of the plain packet.
    pub(super) fn open_rtp(&self, packet: &mut [u8], header: usize, ssrc: u32, index: u64) -> Option<usize> {
        let (tag, mki) = (self.suite.rtp_tag(), self.mki.len());
        let length = packet.len().checked_sub(tag + mki).filter(|length| *length >= header)?;
        match &self.rtp.transform {
            Transform::Counter { key, auth } => {
                let (plain, rest) = packet.split_at_mut(length);
                let (given, tag_given) = rest.split_at(mki);
                let right = sign(auth, plain, (index >> 16) as u32);
                verify_slices_are_equal(right.as_ref().get(..tag)?, tag_given).ok()?;
                (given == self.mki).then_some(())?;
                apply(key, self.rtp.counter(ssrc, index), plain.get_mut(header..)?)?;
            }
            Transform::Gcm(key) => {
                let (sealed, given) = packet.split_at_mut(length + tag);
                (given == self.mki).then_some(())?;
                let (head, sealed) = sealed.split_at_mut(header);
                key.open_in_place(self.rtp.nonce(ssrc, index), Aad::from(&*head), sealed).ok()?;
            }
        }
        Some(length)
    }

    pub(super) fn seal_rtcp(&self, out: &mut [u8], length: usize, ssrc: u32, index: u32) -> Option<usize> {
        let tag = self.suite.rtcp_tag();
        let whole = out.get_mut(..length + 4 + tag)?;
        let word = (index | ENCRYPTED).to_be_bytes();
        match &self.rtcp.transform {
            Transform::Counter { key, auth } => {
                apply(key, self.rtcp.counter(ssrc, u64::from(index)), whole.get_mut(8..length)?)?;
                whole.get_mut(length..length + 4)?.copy_from_slice(&word);
                let (signed, room) = whole.split_at_mut(length + 4);
                room.copy_from_slice(hmac::sign(auth, signed).as_ref().get(..tag)?);
            }
            Transform::Gcm(key) => {
                let aad = report_aad(whole, word)?;
                let nonce = self.rtcp.report_nonce(ssrc, index);
                let sealed =
                    key.seal_in_place_separate_tag(nonce, Aad::from(aad), whole.get_mut(8..length)?).ok()?;
                let (_, room) = whole.split_at_mut(length);
                let (tag_room, word_room) = room.split_at_mut(tag);
                tag_room.copy_from_slice(sealed.as_ref());
                word_room.copy_from_slice(&word);
            }
        }
        Some(length + 4 + tag)
    }

    /// The index word of an SRTCP packet, not believed yet.
    pub(super) fn report_word(&self, packet: &[u8]) -> Option<u32> {
        let behind = self.mki.len() + if self.suite.is_gcm() { 0 } else { self.suite.rtcp_tag() };
        packet::word(packet, packet.len().checked_sub(behind + 4)?)
    }

    /// Checks and decrypts in place, gives the length of the plain packet.
    pub(super) fn open_rtcp(&self, packet: &mut [u8], ssrc: u32, word: u32) -> Option<usize> {
        let (tag, mki, index) = (self.suite.rtcp_tag(), self.mki.len(), word & !ENCRYPTED);
        let length = packet.len().checked_sub(tag + mki + 4).filter(|length| *length >= 8)?;
        let encrypted = word & ENCRYPTED != 0;
        match &self.rtcp.transform {
            Transform::Counter { key, auth } => {
                let (signed, rest) = packet.split_at_mut(length + 4);
                let (given, tag_given) = rest.split_at(mki);
                let right = hmac::sign(auth, signed);
                verify_slices_are_equal(right.as_ref().get(..tag)?, tag_given).ok()?;
                (given == self.mki).then_some(())?;
                if encrypted {
                    apply(key, self.rtcp.counter(ssrc, u64::from(index)), signed.get_mut(8..length)?)?;
                }
            }
            Transform::Gcm(key) => {
                // Reports in the clear have another layout (RFC 7714 section 9.3), which nobody asked for.
                let given = packet.get(length + tag + 4..)?;
                (encrypted && given == self.mki).then_some(())?;
                let aad = report_aad(packet, word.to_be_bytes())?;
                let sealed = packet.get_mut(8..length + tag)?;
                key.open_in_place(self.rtcp.report_nonce(ssrc, index), Aad::from(aad), sealed).ok()?;
            }
        }
        Some(length)
    }
}

impl Half {
    /// Session keys by the AES counter mode function, with labels from `first` on (RFC 3711 section 4.3.2).
    fn derive(suite: Suite, master: &[u8], salt: &[u8; 14], first: u8) -> Option<Self> {
        let prf = counter_key(master)?;
        let stream = |label: u8, to: &mut [u8]| {
            let mut iv = [0; 16];
            for (to, from) in iv.iter_mut().zip(salt) {
                *to = *from;
            }
            // The label stands above the 48 bits of index / rate, which are 0: keys are derived once.
            iv[7] ^= label;
            apply(&prf, iv, to)
        };
        let (mut key, mut auth, mut session_salt) = ([0; 32], [0; 20], [0; 14]);
        let key = key.get_mut(..suite.key_bytes())?;
        stream(first, key)?;
        stream(first + 1, &mut auth)?;
        stream(first + 2, session_salt.get_mut(..suite.salt_bytes())?)?;
        Self::with(suite, key, &auth, session_salt)
    }

    fn with(suite: Suite, key: &[u8], auth: &[u8; 20], salt: [u8; 14]) -> Option<Self> {
        let gcm = |algorithm| UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new).map(Transform::Gcm);
        let transform = match suite {
            Suite::AesCm128Sha80 | Suite::AesCm128Sha32 => Transform::Counter {
                key: counter_key(key)?,
                auth: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, auth),
            },
            Suite::Aes128Gcm => gcm(&AES_128_GCM)?,
            Suite::Aes256Gcm => gcm(&AES_256_GCM)?,
        };
        Some(Self { transform, salt })
    }

    /// RFC 3711 section 4.1.1.
    fn counter(&self, ssrc: u32, index: u64) -> [u8; 16] {
        let mut iv = [0; 16];
        for (to, from) in iv.iter_mut().zip(&self.salt) {
            *to = *from;
        }
        xor(&mut iv[4..8], &ssrc.to_be_bytes());
        xor(&mut iv[8..14], &index.to_be_bytes()[2..]);
        iv
    }

    /// RFC 7714 section 8.1.
    fn nonce(&self, ssrc: u32, index: u64) -> Nonce {
        let mut iv = self.gcm_salt();
        xor(&mut iv[2..6], &ssrc.to_be_bytes());
        xor(&mut iv[6..12], &index.to_be_bytes()[2..]);
        Nonce::assume_unique_for_key(iv)
    }

    /// RFC 7714 section 9.1.
    fn report_nonce(&self, ssrc: u32, index: u32) -> Nonce {
        let mut iv = self.gcm_salt();
        xor(&mut iv[2..6], &ssrc.to_be_bytes());
        xor(&mut iv[8..12], &index.to_be_bytes());
        Nonce::assume_unique_for_key(iv)
    }

    fn gcm_salt(&self) -> [u8; 12] {
        let mut iv = [0; 12];
        for (to, from) in iv.iter_mut().zip(&self.salt) {
            *to = *from;
        }
        iv
    }
}

fn counter_key(key: &[u8]) -> Option<EncryptingKey> {
    let algorithm = if key.len() == 32 { &AES_256 } else { &AES_128 };
    EncryptingKey::ctr(UnboundCipherKey::new(algorithm, key).ok()?).ok()
}

/// Adds the key stream; the same undoes it.
fn apply(key: &EncryptingKey, iv: [u8; 16], to: &mut [u8]) -> Option<()> {
    key.less_safe_encrypt(to, EncryptionContext::Iv128(FixedLength::from(iv))).ok().map(drop)
}

/// The tag of an SRTP packet covers the rollover counter, which is not sent.
fn sign(auth: &hmac::Key, packet: &[u8], rollovers: u32) -> hmac::Tag {
    let mut context = hmac::Context::with_key(auth);
    context.update(packet);
    context.update(&rollovers.to_be_bytes());
    context.sign()
}

/// Header and index word of an SRTCP packet (RFC 7714 section 9.2).
fn report_aad(packet: &[u8], word: [u8; 4]) -> Option<[u8; 12]> {
    let mut aad = [0; 12];
    aad.get_mut(..8)?.copy_from_slice(packet.get(..8)?);
    aad.get_mut(8..)?.copy_from_slice(&word);
    Some(aad)
}

fn xor(to: &mut [u8], with: &[u8]) {
    for (to, with) in to.iter_mut().zip(with) {
        *to ^= with;
    }
}

#[cfg(test)]
impl Cipher {
    /// With session keys instead of a master key, as the RFC 7714 gives them.
    pub(super) fn of_session(suite: Suite, key: &[u8], salt: &[u8]) -> Self {
        let mut wide = [0; 14];
        for (to, from) in wide.iter_mut().zip(salt) {
            *to = *from;
        }
        let half = || Half::with(suite, key, &[0; 20], wide).expect("keys");
        Self { suite, rtp: half(), rtcp: half(), mki: Vec::new() }
    }
}
