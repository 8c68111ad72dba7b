//! What a class of work looked like, second by second, while somebody waited in it.
//!
//! Promises: one sample a second at most, only while somebody waits, never more than `MOST`: older ones become coarser.

use std::borrow::Cow;

use kernel::Time;

use crate::Medium;
use crate::reason::{Code, Span};

/// Samples kept per class.
const MOST: usize = 192;
/// Changes nearer to each other than this are one sample: an explanation speaks of seconds.
const NEAR: u128 = 1_000;

#[derive(Clone, Copy, Debug)]
struct Sample {
    at: Time,
    counts: [u32; Code::COUNT],
    free_for: [u32; Medium::ALL.len()],
}

impl Sample {
    /// Agents by code, as they count for `medium`: whoever is free for other work only is busy.
    fn agents(&self, medium: Medium) -> [u32; Code::COUNT] {
        let mut counts = self.counts;
        let free = self.free_for[medium as usize];
        counts[Code::Busy as usize] += counts[Code::Free as usize].saturating_sub(free);
        counts[Code::Free as usize] = free;
        counts
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct History(Vec<Sample>);

impl History {
    /// The class looks like this from now on.
    pub fn note(&mut self, at: Time, counts: [u32; Code::COUNT], free_for: [u32; Medium::ALL.len()]) {
        let sample = Sample { at, counts, free_for };
        match self.0.last_mut() {
            Some(last) if at.since(last.at).as_millis() < NEAR => *last = Sample { at: last.at, ..sample },
            _ => self.0.push(sample),
        }
        if self.0.len() > MOST {
            let mut nth = 0;
            let half = MOST / 2;
            self.0.retain(|_| {
                nth += 1;
                nth > half || nth % 2 == 1
            });
        }
    }

    /// Nobody waits any more.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds the stretches of `[from, to]` to `spans`, joined with their neighbours where the reasons are the same.
    pub fn explain(
        &self,
        from: Time,
        to: Time,
        medium: Medium,
        state: &'static str,
        ring: u8,
        spans: &mut Vec<Span>,
    ) {
        // The last sample before `from` still held then.
        let first = self.0.partition_point(|sample| sample.at <= from).saturating_sub(1);
        let mut samples = self.0[first..].iter().peekable();
        while let Some(sample) = samples.next() {
            let begin = sample.at.max(from);
            let end = samples.peek().map_or(to, |next| next.at.min(to));
            if begin > to {
                return;
            }
            if end > begin || spans.is_empty() {
                add(spans, begin, end.max(begin), state, ring, &sample.agents(medium));
            }
        }
    }
}

/// Stretches kept per explanation.
pub(crate) const SPANS: usize = 24;

fn add(
    spans: &mut Vec<Span>,
    from: Time,
    to: Time,
    state: &'static str,
    ring: u8,
    counts: &[u32; Code::COUNT],
) {
    let same = |last: &Span| {
        last.state == state
            && last.ring == ring
            && Code::ALL.iter().all(|code| {
                let there = last.agents.iter().any(|(name, _)| name == code.name());
                there == (counts[*code as usize] > 0)
            })
    };
    if let Some(last) = spans.last_mut().filter(|last| same(last)) {
        last.to = to;
        for (name, most) in &mut last.agents {
            let code = Code::ALL.into_iter().find(|code| code.name() == name);
            *most = (*most).max(code.map_or(0, |code| counts[code as usize]));
        }
        return;
    }
    let agents = Code::ALL.into_iter().filter(|code| counts[*code as usize] > 0);
    let agents = agents.map(|code| (Cow::Borrowed(code.name()), counts[code as usize])).collect();
    spans.push(Span { from, to, state: Cow::Borrowed(state), ring, agents });
    if spans.len() > SPANS {
        shorten(spans);
    }
}

/// Two neighbours become one, those that are the shortest together: what lasted stays visible.
fn shorten(spans: &mut Vec<Span>) {
    let length = |pair: &[Span]| pair[1].to.since(pair[0].from);
    let pairs = spans.windows(2).enumerate().filter(|(_, pair)| pair[0].state == pair[1].state);
    let Some((at, _)) = pairs.min_by_key(|(_, pair)| length(pair)) else {
        spans.remove(0);
        return;
    };
    let next = spans.remove(at + 1);
    let one = &mut spans[at];
    (one.to, one.ring) = (next.to, next.ring);
    for (name, most) in next.agents {
        match one.agents.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = (*known).max(most),
            None => one.agents.push((name, most)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(busy: u32, wrapup: u32) -> [u32; Code::COUNT] {
        let mut counts = [0; Code::COUNT];
        (counts[Code::Busy as usize], counts[Code::Wrapup as usize]) = (busy, wrapup);
        counts
    }

    #[test]
    fn stretches_with_the_same_reasons_are_one() {
        let mut history = History::default();
        for (second, (busy, wrapup)) in [(3, 0), (2, 0), (2, 1), (3, 0)].into_iter().enumerate() {
            history.note(Time::from_millis(second as u64 * 2_000), counts(busy, wrapup), [0; 6]);
        }
        let mut spans = Vec::new();
        let end = Time::from_millis(9_000);
        history.explain(Time::from_millis(500), end, Medium::Voice, "in_line", 0, &mut spans);
        let told: Vec<_> = spans
            .iter()
            .map(|span| {
                let agents: Vec<_> = span.agents.iter().map(|(code, n)| format!("{code} {n}")).collect();
                (span.from.as_millis(), span.to.as_millis(), agents.join(", "))
            })
            .collect();
        assert_eq!(
            told,
            [
                (500, 4_000, "busy 3".to_owned()),
                (4_000, 6_000, "busy 2, wrapup 1".to_owned()),
                (6_000, 9_000, "busy 3".to_owned()),
            ]
        );
    }

    #[test]
    fn a_long_and_restless_wait_stays_bounded() {
        let mut history = History::default();
        for second in 0..10_000_u64 {
            history.note(Time::from_millis(second * 1_000), counts(second as u32 % 2, 1), [0; 6]);
        }
        assert!(history.0.len() <= MOST);
        let mut spans = Vec::new();
        history.explain(Time::ZERO, Time::from_millis(10_000_000), Medium::Voice, "in_line", 0, &mut spans);
        assert!(spans.len() <= SPANS);
        assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from), "without gaps");
        assert_eq!(spans.last().map(|span| span.to.as_millis()), Some(10_000_000));
    }
}
