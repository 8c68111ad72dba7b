//! SRTP and SRTCP of one leg (RFC 3711, RFC 7714) with keys that were agreed elsewhere (SDES, RFC 4568).
//!
//! Promises: nothing that fails authentication, comes twice or is older than the window gets through, and nothing of it
//! is remembered; no allocation after `new`; a rollover of the sequence number is followed. Leaves to others: how keys are
//! agreed (`signaling::sdp`), the primitives (`aws-lc-rs`).

mod cipher;
mod packet;
mod receiver;
mod window;

use kernel::Secret;

use cipher::Cipher;
pub use receiver::Receiver;

/// A protection profile, by its name in SDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suite {
    /// `AES_CM_128_HMAC_SHA1_80`.
    AesCm128Sha80,
    /// `AES_CM_128_HMAC_SHA1_32`; its SRTCP tag is of 80 bits too (RFC 4568 section 6.2.2).
    AesCm128Sha32,
    /// `AEAD_AES_128_GCM`.
    Aes128Gcm,
    /// `AEAD_AES_256_GCM`.
    Aes256Gcm,
}

impl Suite {
    /// Bytes of the master key.
    #[must_use]
    pub const fn key_bytes(self) -> usize {
        match self {
            Suite::AesCm128Sha80 | Suite::AesCm128Sha32 | Suite::Aes128Gcm => 16,
            Suite::Aes256Gcm => 32,
        }
    }

    /// Bytes of the master salt.
    #[must_use]
    pub const fn salt_bytes(self) -> usize {
        match self {
            Suite::AesCm128Sha80 | Suite::AesCm128Sha32 => 14,
            Suite::Aes128Gcm | Suite::Aes256Gcm => 12,
        }
    }

    const fn is_gcm(self) -> bool {
        matches!(self, Suite::Aes128Gcm | Suite::Aes256Gcm)
    }

    const fn rtp_tag(self) -> usize {
        match self {
            Suite::AesCm128Sha80 => 10,
            Suite::AesCm128Sha32 => 4,
            Suite::Aes128Gcm | Suite::Aes256Gcm => 16,
        }
    }

    const fn rtcp_tag(self) -> usize {
        if self.is_gcm() { 16 } else { 10 }
    }
}

/// Most that protection adds to a packet of ours: tag and SRTCP index.
pub const OVERHEAD: usize = 20;

/// Largest packet that is opened while keys change.
const LARGEST: usize = 2_048;

/// One direction's master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MasterKey {
    /// The profile.
    pub suite: Suite,
    /// Master key, then master salt.
    pub bytes: Secret<Vec<u8>>,
    /// Master key identifier that each packet carries; empty: none.
    pub mki: Vec<u8>,
}

/// Why keys cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the SRTP key has {found} bytes; {expected} are needed")]
pub struct BadKey {
    found: usize,
    expected: usize,
}

/// Protects what a leg sends: one source.
pub struct Sender {
    cipher: Cipher,
    /// Index of the last packet: rollovers, then sequence number.
    last: Option<u64>,
    /// Index of the next SRTCP packet (31 bits).
    next_report: u32,
}

impl Sender {
    /// A sender with that key.
    ///
    /// # Errors
    /// When the key has the wrong length.
    pub fn new(key: &MasterKey) -> Result<Self, BadKey> {
        Ok(Self { cipher: Cipher::new(key)?, last: None, next_report: 0 })
    }

    /// Protects an RTP packet into `out`. `None` when it is no RTP or there is no room.
    pub fn rtp(&mut self, packet: &[u8], out: &mut [u8]) -> Option<usize> {
        let header = packet::rtp_header(packet)?;
        let seq = packet::sequence(packet)?;
        let ssrc = packet::word(packet, 8)?;
        let index = match self.last {
            None => u64::from(seq),
            Some(last) => packet::nearest(last, seq)?,
        };
        self.last = Some(self.last.map_or(index, |last| last.max(index)));
        out.get_mut(..packet.len())?.copy_from_slice(packet);
        self.cipher.seal_rtp(out, packet.len(), header, ssrc, index)
    }

    /// Protects an RTCP compound into `out`. `None` when it is no RTCP or there is no room.
    pub fn rtcp(&mut self, packet: &[u8], out: &mut [u8]) -> Option<usize> {
        let ssrc = packet::word(packet, 4)?;
        let index = self.next_report;
        // 2^31 reports take longer than any call; more would repeat the key stream (RFC 3711 section 9.2).
        self.next_report = index.checked_add(1).filter(|next| *next < 1 << 31)?;
        out.get_mut(..packet.len())?.copy_from_slice(packet);
        self.cipher.seal_rtcp(out, packet.len(), ssrc, index)
    }
}

/// Both directions of a leg.
pub struct Protection {
    keys: Keys,
    sender: Sender,
    receiver: Receiver,
    /// The receiver of the former key; it counts while `changing`, since their packets are still under way.
    before: Option<Receiver>,
    /// No packet came under the new key yet.
    changing: bool,
}

/// The master keys of both directions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Of what we send.
    pub ours: MasterKey,
    /// Of what they send.
    pub theirs: MasterKey,
}

impl Protection {
    /// Begins.
    ///
    /// # Errors
    /// When a key has the wrong length.
    pub fn new(keys: Keys) -> Result<Self, BadKey> {
        let (sender, receiver) = (Sender::new(&keys.ours)?, Receiver::new(&keys.theirs)?);
        Ok(Self { keys, sender, receiver, before: None, changing: false })
    }

    /// Takes the keys of a re-offer. A key that stays goes on with its counters: beginning anew would repeat the key
    /// stream, and open the replay window.
    ///
    /// # Errors
    /// When a key has the wrong length; all stays as it was.
    pub fn change(&mut self, keys: Keys) -> Result<(), BadKey> {
        let sender = (keys.ours != self.keys.ours).then(|| Sender::new(&keys.ours)).transpose()?;
        let receiver = (keys.theirs != self.keys.theirs).then(|| Receiver::new(&keys.theirs)).transpose()?;
        if let Some(sender) = sender {
            self.sender = sender;
        }
        if let Some(receiver) = receiver {
            self.before = Some(std::mem::replace(&mut self.receiver, receiver));
            self.changing = true;
        }
        self.keys = keys;
        Ok(())
    }

    /// What protects our packets.
    pub fn sender(&mut self) -> &mut Sender {
        &mut self.sender
    }

    /// Opens an SRTP packet in place, gives the length of the plain one; `None`: not genuine, or seen before.
    pub fn open_rtp(&mut self, packet: &mut [u8]) -> Option<usize> {
        if let Some(before) = self.before.as_mut().filter(|_| self.changing) {
            // On a copy: a check that fails may spoil the packet.
            let mut copy = [0; LARGEST];
            let copy = copy.get_mut(..packet.len())?;
            copy.copy_from_slice(packet);
            if let Some(plain) = before.rtp(copy) {
                packet.get_mut(..plain.len())?.copy_from_slice(plain);
                return Some(plain.len());
            }
        }
        let length = self.receiver.rtp(packet)?.len();
        self.changing = false;
        Some(length)
    }

    /// The same for SRTCP.
    pub fn open_rtcp(&mut self, packet: &mut [u8]) -> Option<usize> {
        self.receiver.rtcp(packet).map(|plain| plain.len())
    }
}

#[cfg(test)]
mod tests;
