//! Numbers below a bound, each there or not: put in, taken out and found in order, each in the logarithm to the base of 64.
//!
//! A bitmap with a bitmap of its words above it, and so on up to a single word. It is for sets whose order is known before and
//! whose members come and go all the time, where a search tree would be rebuilt by every change of what somebody does.

/// A set of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Flags {
    /// The numbers, and above them which words are not zero.
    levels: Vec<Vec<u64>>,
}

impl Flags {
    /// Nothing yet, with room for the numbers below `bound`.
    pub fn with_room(bound: usize) -> Self {
        let (mut levels, mut words) = (Vec::new(), bound.div_ceil(64).max(1));
        loop {
            levels.push(vec![0; words]);
            if words == 1 {
                return Self { levels };
            }
            words = words.div_ceil(64);
        }
    }

    /// Puts a number in that there is room for.
    pub fn insert(&mut self, number: u32) {
        let mut at = number as usize;
        for level in &mut self.levels {
            let Some(word) = level.get_mut(at / 64) else { return };
            let was = *word;
            *word |= 1 << (at % 64);
            if was != 0 {
                return;
            }
            at /= 64;
        }
    }

    /// Takes a number out.
    pub fn remove(&mut self, number: u32) {
        let mut at = number as usize;
        for level in &mut self.levels {
            let Some(word) = level.get_mut(at / 64) else { return };
            *word &= !(1 << (at % 64));
            if *word != 0 {
                return;
            }
            at /= 64;
        }
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let next = self.at_least(from)?;
            from = next + 1;
            Some(next as u32)
        })
    }

    /// The first that is not below `from`.
    fn at_least(&self, from: usize) -> Option<usize> {
        let mut at = from;
        for (height, level) in self.levels.iter().enumerate() {
            let word = level.get(at / 64)? & (u64::MAX << (at % 64));
            if word != 0 {
                at = at / 64 * 64 + word.trailing_zeros() as usize;
                let below = self.levels.iter().take(height).rev();
                return Some(below.fold(at, |at, level| at * 64 + level[at].trailing_zeros() as usize));
            }
            at = at / 64 + 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_come_in_order_whatever_went_in_and_out() {
        for bound in [1_u64, 63, 64, 65, 4_096, 300_000] {
            let mut rng = kernel::Rng::seeded(bound);
            let (mut flags, mut plain) = (Flags::with_room(bound as usize), BTreeSet::new());
            for _ in 0..2_000 {
                let number = rng.below(bound) as u32;
                if plain.remove(&number) {
                    flags.remove(number);
                } else {
                    plain.insert(number);
                    flags.insert(number);
                }
            }
            assert!(flags.iter().eq(plain.iter().copied()), "below {bound}");
        }
    }
}
