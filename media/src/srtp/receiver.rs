//! The receiving side: each source has its own rollover counter and replay windows.

use super::cipher::{Cipher, ENCRYPTED};
use super::packet;
use super::window::Window;
use super::{BadKey, MasterKey};

/// Sources of one leg that are remembered: a peer changes its source now and then, the least used makes room.
const SOURCES: usize = 4;

/// Opens what a leg receives.
pub struct Receiver {
    cipher: Cipher,
    sources: [Source; SOURCES],
    /// Grows with every packet that was genuine.
    age: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Source {
    ssrc: u32,
    rtp: Window,
    rtcp: Window,
    /// When it was heard last, by `Receiver::age`; 0: never.
    heard: u64,
}

impl Receiver {
    /// A receiver with that key.
    ///
    /// # Errors
    /// When the key has the wrong length.
    pub fn new(key: &MasterKey) -> Result<Self, BadKey> {
        Ok(Self { cipher: Cipher::new(key)?, sources: [Source::default(); SOURCES], age: 0 })
    }

    /// Opens an SRTP packet in place; `None`: not genuine, or seen before.
    pub fn rtp<'p>(&mut self, packet: &'p mut [u8]) -> Option<&'p [u8]> {
        let header = packet::rtp_header(packet)?;
        let (seq, ssrc) = (packet::sequence(packet)?, packet::word(packet, 8)?);
        let mut source = self.source(ssrc);
        let index = match source.rtp.highest() {
            None => u64::from(seq),
            Some(seen) => packet::nearest(seen, seq)?,
        };
        if !source.rtp.is_new(index) {
            return None;
        }
        let length = self.cipher.open_rtp(packet, header, ssrc, index)?;
        source.rtp.note(index);
        self.remember(source);
        packet.get(..length)
    }

    /// Opens an SRTCP packet in place; `None`: not genuine, or seen before.
    pub fn rtcp<'p>(&mut self, packet: &'p mut [u8]) -> Option<&'p [u8]> {
        let (ssrc, word) = (packet::word(packet, 4)?, self.cipher.report_word(packet)?);
        let mut source = self.source(ssrc);
        let index = u64::from(word & !ENCRYPTED);
        if !source.rtcp.is_new(index) {
            return None;
        }
        let length = self.cipher.open_rtcp(packet, ssrc, word)?;
        source.rtcp.note(index);
        self.remember(source);
        packet.get(..length)
    }

    /// What is known of a source; a stranger is not remembered before a packet of it was genuine.
    fn source(&self, ssrc: u32) -> Source {
        let known = self.sources.iter().find(|source| source.heard > 0 && source.ssrc == ssrc);
        known.copied().unwrap_or(Source { ssrc, ..Source::default() })
    }

    fn remember(&mut self, source: Source) {
        self.age += 1;
        let known = self.sources.iter().position(|one| one.heard > 0 && one.ssrc == source.ssrc);
        let oldest = self.sources.iter().enumerate().min_by_key(|(_, one)| one.heard).map(|(at, _)| at);
        if let Some(place) = known.or(oldest).and_then(|at| self.sources.get_mut(at)) {
            *place = Source { heard: self.age, ..source };
        }
    }
}

#[cfg(test)]
impl Receiver {
    pub(super) fn of(cipher: Cipher) -> Self {
        Self { cipher, sources: [Source::default(); SOURCES], age: 0 }
    }
}
