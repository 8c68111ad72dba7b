//! Nonces that cost no memory until somebody proves a password with one (RFC 7616 section 3.3).
//!
//! A nonce tells when it was made and carries a keyed hash, so that ours are known without a table. The table holds
//! only nonces that were used rightly, with the counts (`nc`) that were seen: none counts twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{Rng, Time};
use sha2::{Digest, Sha256};

use crate::guard::Source;

/// How long a nonce is good.
const LIFETIME: Duration = Duration::from_secs(300);

/// How far behind the highest count a count may come, since datagrams overtake each other.
const WINDOW: u32 = 64;

/// Makes and knows nonces.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    key: Option<[u8; 32]>,
    used: BTreeMap<Vec<u8>, Counts>,
    expiries: BTreeSet<(Time, Vec<u8>)>,
}

/// Counts seen with one nonce.
#[derive(Debug, Default)]
struct Counts {
    highest: u32,
    /// Bit `i`: `highest - i` was seen.
    seen: u64,
}

/// What a nonce with its count is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Fresh,
    /// Ours, but this count was used.
    Used,
    /// Ours, but too old.
    Old,
    /// Not ours.
    Forged,
}

impl Nonces {
    /// A new one for this source.
    pub(super) fn issue(&mut self, now: Time, rng: &mut Rng, source: Source) -> String {
        let key = self.key(rng);
        let body = format!("{:x}.{}", now.as_millis(), rng.token(12));
        let body = format!("{body}.{}", mark(&key, body.as_bytes(), source));
        let mac = mac(&key, body.as_bytes());
        format!("{body}.{mac}")
    }

    /// Looks at the nonce of a request; a count is used up only by one who knows the password.
    pub(super) fn check(
        &mut self,
        now: Time,
        rng: &mut Rng,
        nonce: &[u8],
        count: Option<u32>,
        right: bool,
    ) -> Freshness {
        let key = self.key(rng);
        let Some(made) = made(&key, nonce) else { return Freshness::Forged };
        let until = made + LIFETIME;
        if until <= now {
            return Freshness::Old;
        }
        if !right {
            return Freshness::Fresh;
        }
        self.sweep(now);
        // Without qop there is no count: such a nonce is good once.
        let count = count.unwrap_or(1);
        if !self.used.contains_key(nonce) {
            self.expiries.insert((until, nonce.to_vec()));
        }
        match self.used.entry(nonce.to_vec()).or_default().take(count) {
            true => Freshness::Fresh,
            false => Freshness::Used,
        }
    }

    /// Whether it is one of ours that was given to this very source: who answers with it has received what was sent there.
    /// A nonce is good elsewhere too, for phones move.
    pub(super) fn was_given_to(&mut self, rng: &mut Rng, nonce: &[u8], source: Source) -> bool {
        let key = self.key(rng);
        let mut parts = nonce.rsplitn(3, |b| *b == b'.');
        let (Some(_), Some(given), Some(body)) = (parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        made(&key, nonce).is_some() && super::digest::same(mark(&key, body, source).as_bytes(), given)
    }

    fn sweep(&mut self, now: Time) {
        while self.expiries.first().is_some_and(|(until, _)| *until <= now) {
            if let Some((_, nonce)) = self.expiries.pop_first() {
                self.used.remove(&nonce);
            }
        }
    }

    fn key(&mut self, rng: &mut Rng) -> [u8; 32] {
        *self.key.get_or_insert_with(|| {
            let mut hash = Sha256::new();
            for _ in 0..4 {
                hash.update(rng.next_u64().to_be_bytes());
            }
            hash.finalize().into()
        })
    }
}

impl Counts {
    /// Uses up a count; `false` when it was used, or is too far behind to be known.
    fn take(&mut self, count: u32) -> bool {
        if count == 0 {
            return false;
        }
        if count > self.highest {
            self.seen = self.seen.checked_shl(count - self.highest).unwrap_or(0) | 1;
            self.highest = count;
            return true;
        }
        let behind = self.highest - count;
        if behind >= WINDOW || self.seen >> behind & 1 == 1 {
            return false;
        }
        self.seen |= 1 << behind;
        true
    }
}

/// When one of ours was made.
fn made(key: &[u8; 32], nonce: &[u8]) -> Option<Time> {
    let dot = nonce.iter().rposition(|b| *b == b'.')?;
    let (body, given) = (&nonce[..dot], &nonce[dot + 1..]);
    if !super::digest::same(mac(key, body).as_bytes(), given) {
        return None;
    }
    let millis = std::str::from_utf8(body).ok()?.split('.').next()?;
    u64::from_str_radix(millis, 16).ok().map(Time::from_millis)
}

/// What tells in a nonce to whom it was given.
fn mark(key: &[u8; 32], body: &[u8], source: Source) -> String {
    let mut mark = mac(key, &[&source.bytes()[..], body].concat());
    mark.truncate(8);
    mark
}

fn mac(key: &[u8; 32], body: &[u8]) -> String {
    let inner = Sha256::new().chain_update(key).chain_update([0x36; 32]).chain_update(body).finalize();
    let outer = Sha256::new().chain_update(key).chain_update([0x5c; 32]).chain_update(inner).finalize();
    hex::encode(&outer[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Source {
        "192.0.2.9".parse().expect("a source")
    }

    #[test]
    fn a_nonce_tells_to_whom_it_was_given_and_is_good_elsewhere_too() {
        let (mut nonces, mut rng) = (Nonces::default(), Rng::seeded(3));
        let nonce = nonces.issue(Time::ZERO, &mut rng, home()).into_bytes();
        let elsewhere = "192.0.2.10".parse().expect("a source");
        assert!(nonces.was_given_to(&mut rng, &nonce, home()));
        assert!(!nonces.was_given_to(&mut rng, &nonce, elsewhere));
        assert_eq!(nonces.check(Time::ZERO, &mut rng, &nonce, Some(1), true), Freshness::Fresh);
        let mut changed = nonce.clone();
        changed[0] ^= 1;
        for forged in [&changed[..], b"", b"a.b", b"0.a.b.c"] {
            assert!(!nonces.was_given_to(&mut rng, forged, home()));
        }
    }

    #[test]
    fn a_count_is_good_once_and_may_come_a_little_late() {
        let mut counts = Counts::default();
        assert!(counts.take(1) && !counts.take(1));
        assert!(counts.take(3) && counts.take(2) && !counts.take(2) && !counts.take(3));
        assert!(counts.take(200) && !counts.take(100) && counts.take(199));
        assert!(!counts.take(0));
    }

    #[test]
    fn used_nonces_are_forgotten_when_they_are_old() {
        let (mut nonces, mut rng) = (Nonces::default(), Rng::seeded(3));
        let nonce = nonces.issue(Time::ZERO, &mut rng, home()).into_bytes();
        assert_eq!(nonces.check(Time::ZERO, &mut rng, &nonce, Some(1), true), Freshness::Fresh);
        assert_eq!(nonces.check(Time::ZERO, &mut rng, &nonce, Some(1), true), Freshness::Used);
        let later = Time::ZERO + LIFETIME;
        assert_eq!(nonces.check(later, &mut rng, &nonce, Some(1), true), Freshness::Old);
        let nonce = nonces.issue(later, &mut rng, home()).into_bytes();
        assert_eq!(nonces.check(later, &mut rng, &nonce, Some(1), true), Freshness::Fresh);
        assert_eq!(nonces.used.len(), 1);
        let forged = b"0.abc.000000000000000000000000";
        assert_eq!(nonces.check(later, &mut rng, forged, None, true), Freshness::Forged);
    }
}
