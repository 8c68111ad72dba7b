//! Which indices were seen: a replay window (RFC 3711 section 3.3.2).

/// How many indices behind the highest are remembered. The RFC asks for 64.
const SIZE: u64 = 128;

/// The highest index seen and those before it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    highest: Option<u64>,
    /// Bit n: the index n below the highest was seen.
    seen: u128,
}

impl Window {
    pub(super) fn highest(&self) -> Option<u64> {
        self.highest
    }

    /// Whether an index is new. Ask before the costly check, note after it.
    pub(super) fn is_new(&self, index: u64) -> bool {
        match self.highest {
            None => true,
            Some(highest) if index > highest => true,
            Some(highest) => highest - index < SIZE && (self.seen >> (highest - index)) & 1 == 0,
        }
    }

    /// Notes an index that was authenticated.
    pub(super) fn note(&mut self, index: u64) {
        match self.highest {
            Some(highest) if index <= highest => {
                if let Some(bit) = u32::try_from(highest - index).ok().and_then(|n| 1_u128.checked_shl(n)) {
                    self.seen |= bit;
                }
            }
            highest => {
                let ahead = highest.map_or(SIZE, |highest| index - highest);
                self.seen = u32::try_from(ahead).ok().and_then(|n| self.seen.checked_shl(n)).unwrap_or(0) | 1;
                self.highest = Some(index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_new_once_and_only_within_the_window() {
        let mut window = Window::default();
        for index in [1000, 1001, 1003] {
            assert!(window.is_new(index));
            window.note(index);
            assert!(!window.is_new(index));
        }
        assert!(window.is_new(1002) && window.is_new(1003 - 127) && !window.is_new(1003 - 128));
        window.note(1002);
        assert!(!window.is_new(1002));
        window.note(1 << 40);
        assert!(!window.is_new(1003) && window.is_new((1 << 40) - 1));
    }
}
