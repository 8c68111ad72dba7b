//! Where the record and the live news meet: which number is next.

/// What to do with a numbered piece of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the next: send it.
    Next,
    /// Sent before: drop it.
    Known,
    /// Some between are missing (they were published out of order, or lost): read the record up to here.
    Gap,
}

/// The last number sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seam(i64);

impl Seam {
    pub const fn after(seq: i64) -> Self {
        Self(seq)
    }

    pub const fn last(self) -> i64 {
        self.0
    }

    pub const fn judge(self, seq: i64) -> Verdict {
        match seq - self.0 {
            1 => Verdict::Next,
            ..=0 => Verdict::Known,
            _ => Verdict::Gap,
        }
    }

    pub fn sent(&mut self, seq: i64) {
        self.0 = self.0.max(seq);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn news_out_of_order_are_filled_from_the_record_and_not_repeated() {
        let mut seam = Seam::after(3);
        assert_eq!(seam.judge(4), Verdict::Next);
        seam.sent(4);
        assert_eq!(seam.judge(6), Verdict::Gap);
        seam.sent(5);
        seam.sent(6);
        assert_eq!(seam.judge(5), Verdict::Known);
        assert_eq!(seam.judge(7), Verdict::Next);
    }

    proptest! {
        /// Whatever is lost, doubled or swapped on the way: with a record to fill from, 1..=n arrives once each, in order.
        #[test]
        fn any_delivery_gives_every_number_once_in_order(news in proptest::collection::vec(1i64..40, 0..120)) {
            let mut seam = Seam::after(0);
            let mut sent = Vec::new();
            for seq in news {
                match seam.judge(seq) {
                    Verdict::Known => {}
                    Verdict::Next | Verdict::Gap => for seq in seam.last() + 1..=seq {
                        sent.push(seq);
                        seam.sent(seq);
                    },
                }
            }
            let expected: Vec<i64> = (1..=seam.last()).collect();
            prop_assert_eq!(sent, expected);
        }
    }
}
