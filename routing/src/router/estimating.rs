//! How long somebody in line will still wait, from how it is now: who is ahead, who works, how long work takes, who gives up.
//!
//! The line ahead is served by `n` agents, each taken `h` seconds by one piece of work, while those who wait give up at the rate
//! `θ` each: the time until `k` are gone is the sum over i of 1 / (n/h + iθ), as in the Erlang-A model (Palm 1957). Work of other
//! queues that the same agents do and that is ahead counts as far as they do it.
//!
//! Promises: a figure is given only when it is credible: enough work was seen, somebody works, and so many are ahead that
//! chance evens out. Leaves to others: saying it (`ivr`), measuring its error (`voxdesk simulate`).

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::InteractionId;

use super::Router;
use crate::agent::Member;
use crate::queue::Place;

/// Pieces of work that must have been seen.
const SEEN: u32 = 8;
/// Steps of the line below which the figure is chance: the time until k independent events varies by one part in √k, so that
/// half of what is told for k is wrong by more than 0.67/√k. (Measured: docs/routing.md.)
const STEPS: f64 = 9.0;
/// How long the count of shared agents is good.
const COUNTED: Duration = Duration::from_secs(15);
/// Members looked at for it.
const SAMPLE: usize = 256;
/// Other queues that are looked at: a figure must not cost more the more queues there are.
const SHARED: usize = 48;
/// The head of a line, within which work of other queues is counted more closely.
const HEAD: usize = 100;
/// Behind everybody.
const LAST: Place =
    Place { rank: i64::MAX, id: InteractionId { node: u16::MAX, serial: u64::MAX }, at: u32::MAX };

/// What the waits of a queue follow from, now.
pub(super) struct Outlook {
    /// Pieces of work a second that its agents finish.
    rate: f64,
    /// Giving up per second of waiting.
    impatience: f64,
    /// Work of other queues ahead, at three places of the line: between them it is drawn straight.
    ahead: [(f64, f64); 3],
}

impl Outlook {
    /// How much longer the work at this place (1 is next) waits, when that can be said with some right.
    pub fn wait(&self, position: u32) -> Option<Duration> {
        let position = f64::from(position);
        let all = position + self.others(position);
        if all < STEPS {
            return None;
        }
        let seconds = if self.impatience * all > self.rate * 0.01 {
            ((self.rate + self.impatience * all) / self.rate).ln() / self.impatience
        } else {
            all / self.rate
        };
        Some(Duration::from_secs_f64(seconds.clamp(0.0, 86_400.0)))
    }

    fn others(&self, position: f64) -> f64 {
        let [first, middle, last] = self.ahead;
        let (from, to) = if position <= middle.0 { (first, middle) } else { (middle, last) };
        let part = if to.0 > from.0 { ((position - from.0) / (to.0 - from.0)).clamp(0.0, 1.0) } else { 0.0 };
        from.1 + (to.1 - from.1) * part
    }
}

impl Router {
    /// The outlook of a queue; `None` when nothing can be said: too little seen, or nobody works.
    pub(super) fn outlook(&self, at: usize) -> Option<Outlook> {
        let queue = &self.queues[at];
        let agents = f64::from(self.classes[queue.classes[0]].working());
        let handling = queue.stats.handling;
        if handling.count < SEEN || agents < 1.0 {
            return None;
        }
        let head = queue.line.first(HEAD);
        let knot = |place: &Place, position: usize| (position as f64, self.others_ahead(at, place));
        let first = head.first().map_or((1.0, 0.0), |place| knot(place, 1));
        let middle = head.last().map_or(first, |place| knot(place, head.len()));
        let last = knot(&LAST, queue.line.len() + 1);
        Some(Outlook {
            rate: agents / handling.value.max(0.001),
            impatience: queue.stats.impatience(),
            ahead: [first, middle, last],
        })
    }

    /// Work of other queues that is before this place, as far as this queue's agents do it.
    fn others_ahead(&self, at: usize, place: &Place) -> f64 {
        let queue = &self.queues[at];
        let ours = queue.stats.handling.value.max(0.001);
        let each = queue.overlap.1.iter().map(|(other, share)| {
            let other = &self.queues[*other];
            let seen = other.stats.handling;
            let longer = if seen.count == 0 { 1.0 } else { seen.value / ours };
            f64::from(other.line.before(place)) * share * longer
        });
        each.sum()
    }

    /// Counts anew how much of the other queues' work this queue's agents do, unless that was just done.
    pub(super) fn count_overlap(&mut self, at: usize) {
        let now = self.now;
        if self.queues[at].overlap.0.is_some_and(|then| now.since(then) < COUNTED) {
            return;
        }
        let mut shared: BTreeMap<usize, u32> = BTreeMap::new();
        let (mut seen, class) = (0_u32, &self.classes[self.queues[at].classes[0]]);
        let free = class.files.iter().flat_map(|file| &file.agents).map(|one| one.agent as usize);
        let kept = class.kept.iter().filter(|kept| crate::class::works(kept.code));
        for agent in free.chain(kept.flat_map(|kept| class.agents_of(kept))).take(SAMPLE) {
            seen += 1;
            for Member { class, .. } in &self.agents[agent].classes {
                let queue = self.classes[*class].queue;
                if queue != at && self.queues[queue].classes[0] == *class {
                    *shared.entry(queue).or_default() += 1;
                }
            }
        }
        let all = f64::from(class.working());
        let part = |(queue, count): (usize, u32)| {
            let theirs = f64::from(self.classes[self.queues[queue].classes[0]].working()).max(1.0);
            let ours = f64::from(count) * all / f64::from(seen.max(1));
            (queue, (ours / theirs).min(1.0))
        };
        let mut parts: Vec<(usize, f64)> = shared.into_iter().map(part).collect();
        let whole: f64 = parts.iter().map(|(_, part)| part).sum();
        parts.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        parts.truncate(SHARED);
        // Where many queues share a little each, those that are kept stand for the others.
        let kept: f64 = parts.iter().map(|(_, part)| part).sum();
        let scale = if kept > 0.0 { whole / kept } else { 1.0 };
        let overlap = parts.into_iter().map(|(queue, part)| (queue, part * scale)).collect();
        self.queues[at].overlap = (Some(now), overlap);
    }
}
