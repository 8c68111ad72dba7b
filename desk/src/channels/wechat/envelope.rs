//! The envelope of safe mode: AES-256-CBC over 16 random bytes, the length, the message and the account's id, filled up
//! to a multiple of 32 bytes (PKCS#7 with that block size, RFC 2315 section 10.3).

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _, block_padding::NoPadding};

/// Bytes to whose multiple a message is filled up.
const FILL: usize = 32;

/// What is in an envelope; `None` when the key or the account is another.
pub fn open(aes_key: &str, app_id: &str, sealed: &str) -> Option<Vec<u8>> {
    let key = key(aes_key)?;
    let sealed = STANDARD.decode(sealed.trim()).ok()?;
    let decryptor = cbc::Decryptor::<Aes256>::new_from_slices(&key, key.get(..16)?).ok()?;
    let plain = decryptor.decrypt_padded_vec::<NoPadding>(&sealed).ok()?;
    let fill = usize::from(*plain.last()?);
    let body = plain.get(..plain.len().checked_sub(fill)?).filter(|_| (1..=FILL).contains(&fill))?;
    let (length, rest) = body.get(16..)?.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (message, id) = rest.split_at_checked(length)?;
    (id == app_id.as_bytes()).then(|| message.to_vec())
}

/// The 43 characters are base64 without its last sign, whose left-over bits need not be zero.
pub fn key(aes_key: &str) -> Option<[u8; 32]> {
    let lenient =
        GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));
    lenient.decode(format!("{aes_key}=")).ok()?.try_into().ok()
}

#[cfg(test)]
pub fn seal(aes_key: &str, app_id: &str, message: &str) -> String {
    use cbc::cipher::BlockModeEncrypt as _;
    let key = key(aes_key).expect("a key");
    let mut plain = b"0123456789abcdef".to_vec();
    plain.extend(u32::try_from(message.len()).expect("short").to_be_bytes());
    plain.extend(message.as_bytes());
    plain.extend(app_id.as_bytes());
    let fill = FILL - plain.len() % FILL;
    plain.extend(std::iter::repeat_n(fill as u8, fill));
    let encryptor = cbc::Encryptor::<Aes256>::new_from_slices(&key, &key[..16]).expect("sizes");
    STANDARD.encode(encryptor.encrypt_padded_vec::<NoPadding>(&plain))
}
