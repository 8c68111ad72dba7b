//! Bridges of three legs and more: each hears the sum of the others. (Two legs hear each other without any sum.)
//!
//! Promises: nobody hears themselves; loud sums bend instead of clipping; mixed at 8 kHz where nobody could hear more.

use crate::codecs::{Band, NARROW, WIDE};
use crate::ear::{Ear, Kind};
use crate::mouth::Feed;

/// Level up to which a sum is left as it is.
const KNEE: i32 = 24_000;
/// What may lie between the knee and full scale.
const ROOM: i32 = 32_767 - KNEE;

#[derive(Debug)]
struct Bridge {
    members: Vec<u32>,
    wide: bool,
    speakers: usize,
    sum: Box<[i32; WIDE]>,
}

/// All bridges of an engine.
#[derive(Debug, Default)]
pub(super) struct Bridges(Vec<Option<Bridge>>);

/// Bends what is above the knee so that it stays below full scale.
fn saturate(x: i32) -> i16 {
    let over = x.abs() - KNEE;
    if over <= 0 {
        return x as i16;
    }
    let bent = KNEE + (i64::from(over) * i64::from(ROOM) / i64::from(over + ROOM)) as i32;
    (bent * x.signum()) as i16
}

/// What a leg adds to the sum: nothing when it is muted or silent.
fn voice(ear: &Ear, wide: bool) -> Option<&[i16]> {
    let heard = ear.heard();
    let says = !ear.muted && heard.kind() != Kind::Nothing && heard.has_samples();
    says.then(|| if wide { &heard.wide()[..] } else { &heard.narrow()[..] })
}

/// The sum of what some legs say, for one hearer alone.
pub(super) fn sum_of<'a, 'b>(
    ears: impl Iterator<Item = &'b Ear>,
    narrow: bool,
    out: &'a mut [i16; WIDE],
) -> Feed<'a> {
    let mut sum = [0i32; WIDE];
    let mut speakers = 0;
    for samples in ears.filter_map(|ear| voice(ear, !narrow)) {
        speakers += 1;
        for (sum, sample) in sum.iter_mut().zip(samples) {
            *sum += i32::from(*sample);
        }
    }
    if speakers == 0 {
        return Feed::Silence;
    }
    for (sample, sum) in out.iter_mut().zip(sum) {
        *sample = saturate(sum);
    }
    match out.first_chunk::<NARROW>() {
        Some(first) if narrow => Feed::Narrow(first),
        _ => Feed::Wide(out, Band::Wide),
    }
}

impl Bridges {
    /// A new bridge.
    pub(super) fn add(&mut self, members: Vec<u32>) -> usize {
        let bridge = Some(Bridge { members, wide: false, speakers: 0, sum: Box::new([0; WIDE]) });
        if let Some(index) = self.0.iter().position(Option::is_none) {
            self.0[index] = bridge;
            index
        } else {
            self.0.push(bridge);
            self.0.len() - 1
        }
    }

    /// A leg leaves; the last one ends the bridge.
    pub(super) fn remove(&mut self, index: usize, member: u32) {
        let Some(slot) = self.0.get_mut(index) else { return };
        if let Some(bridge) = slot {
            bridge.members.retain(|other| *other != member);
            if bridge.members.is_empty() {
                *slot = None;
            }
        }
    }

    fn get(&self, index: usize) -> Option<&Bridge> {
        self.0.get(index).and_then(Option::as_ref)
    }

    pub(super) fn members(&self, index: usize) -> &[u32] {
        self.get(index).map_or(&[], |bridge| &bridge.members)
    }

    /// The other one of a bridge of two.
    pub(super) fn partner(&self, index: usize, leg: u32) -> Option<u32> {
        match self.members(index) {
            [one, other] => Some(if *one == leg { *other } else { *one }),
            _ => None,
        }
    }

    pub(super) fn is_wide(&self, index: usize) -> bool {
        self.get(index).is_some_and(|bridge| bridge.wide)
    }

    /// Mixes at 8 kHz when every member hears through a telephone codec.
    pub(super) fn choose_rate(&mut self, index: usize, hears_narrow: impl Fn(u32) -> bool) {
        if let Some(Some(bridge)) = self.0.get_mut(index) {
            bridge.wide = !bridge.members.iter().all(|member| hears_narrow(*member));
        }
    }

    /// Adds up what all members say.
    pub(super) fn mix(&mut self, ears: &[Option<Box<Ear>>]) {
        for bridge in self.0.iter_mut().flatten().filter(|bridge| bridge.members.len() > 2) {
            bridge.speakers = 0;
            for member in &bridge.members {
                let ear = ears.get(*member as usize).and_then(Option::as_deref);
                let Some(samples) = ear.and_then(|ear| voice(ear, bridge.wide)) else { continue };
                if bridge.speakers == 0 {
                    bridge.sum.fill(0);
                }
                bridge.speakers += 1;
                for (sum, sample) in bridge.sum.iter_mut().zip(samples) {
                    *sum += i32::from(*sample);
                }
            }
        }
    }

    /// The sum without what the hearer says.
    pub(super) fn hears<'a>(&self, index: usize, own: Option<&Ear>, out: &'a mut [i16; WIDE]) -> Feed<'a> {
        let Some(bridge) = self.get(index) else { return Feed::Silence };
        let own = own.and_then(|ear| voice(ear, bridge.wide));
        if bridge.speakers == usize::from(own.is_some()) {
            return Feed::Silence;
        }
        let n = if bridge.wide { WIDE } else { NARROW };
        for (k, (sample, sum)) in out.iter_mut().zip(bridge.sum.iter()).take(n).enumerate() {
            let own = own.and_then(|own| own.get(k)).copied().unwrap_or(0);
            *sample = saturate(sum - i32::from(own));
        }
        match out.first_chunk::<NARROW>() {
            Some(narrow) if !bridge.wide => Feed::Narrow(narrow),
            _ => Feed::Wide(out, Band::Wide),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saturation_is_straight_below_the_knee_and_never_folds() {
        assert_eq!(saturate(12_345), 12_345);
        let mut last = i16::MIN;
        for x in (-200_000..=200_000).step_by(500) {
            let y = saturate(x);
            assert!(y >= last, "at {x}");
            last = y;
        }
        assert_eq!(saturate(-50_000), -saturate(50_000));
    }
}
