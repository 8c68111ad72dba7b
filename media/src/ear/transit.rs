//! How long packets were under way in the last seconds: what the jitter buffer sets its delay by.
//!
//! Promises: constant memory; a single straggler does not count, the second one does.

use kernel::Time;

/// Buckets of one second.
const BUCKETS: usize = 8;
/// Packets below which nothing is concluded.
const ENOUGH: u32 = 100;

/// The packets of one second.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    second: u64,
    slowest: i64,
    second_slowest: i64,
    fastest: i64,
    count: u32,
}

const EMPTY: Bucket =
    Bucket { second: 0, slowest: i64::MIN, second_slowest: i64::MIN, fastest: i64::MAX, count: 0 };

/// Times under way against the sender's clock, in microseconds; only differences mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// The second slowest.
    pub(super) slow: i64,
    /// The fastest.
    pub(super) fast: i64,
}

/// The last eight seconds.
#[derive(Clone, Debug)]
pub(super) struct Window {
    buckets: [Bucket; BUCKETS],
    first: Option<u64>,
    last: u64,
}

impl Default for Window {
    fn default() -> Self {
        Self { buckets: [EMPTY; BUCKETS], first: None, last: 0 }
    }
}

impl Window {
    /// One packet.
    pub(super) fn add(&mut self, now: Time, transit: i64) {
        let second = now.as_millis() / 1000;
        self.first.get_or_insert(second);
        self.last = second;
        let bucket = &mut self.buckets[(second % BUCKETS as u64) as usize];
        if bucket.second != second || bucket.count == 0 {
            *bucket = Bucket { second, ..EMPTY };
        }
        bucket.count += 1;
        bucket.fastest = bucket.fastest.min(transit);
        if transit > bucket.slowest {
            bucket.second_slowest = bucket.slowest;
            bucket.slowest = transit;
        } else if transit > bucket.second_slowest {
            bucket.second_slowest = transit;
        }
    }

    fn live(&self) -> impl Iterator<Item = &Bucket> {
        let oldest = self.last.saturating_sub(BUCKETS as u64 - 1);
        self.buckets.iter().filter(move |bucket| bucket.count > 0 && bucket.second >= oldest)
    }

    /// The second slowest and the fastest packet; `None` without two packets.
    pub(super) fn bounds(&self) -> Option<Bounds> {
        let (mut slowest, mut slow, mut fast) = (i64::MIN, i64::MIN, i64::MAX);
        for bucket in self.live() {
            for transit in [bucket.slowest, bucket.second_slowest] {
                if transit > slowest {
                    slow = slowest;
                    slowest = transit;
                } else if transit > slow {
                    slow = transit;
                }
            }
            fast = fast.min(bucket.fastest);
        }
        (slow != i64::MIN).then_some(Bounds { slow, fast })
    }

    /// Whether it holds enough (two seconds) to conclude that nothing slower will come.
    pub(super) fn is_full(&self) -> bool {
        self.first.is_some_and(|first| self.last >= first + 2)
            && self.live().map(|bucket| bucket.count).sum::<u32>() >= ENOUGH
    }

    /// Slow minus fast, once enough is known.
    pub(super) fn spread(&self) -> Option<i64> {
        self.is_full().then(|| self.bounds()).flatten().map(|bounds| bounds.slow - bounds.fast)
    }
}
