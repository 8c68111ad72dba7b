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

use super::Router;
use crate::agent::Member;
use crate::queue::Place;

/// Pieces of work that must have been seen.
const SEEN: u32 = 8;
/// Steps of the line below which the figure is chance: the time until k independent events varies by one part in √k.
const STEPS: f64 = 6.0;
/// How long the count of shared agents is good.
const COUNTED: Duration = Duration::from_secs(15);
/// Members looked at for it.
const SAMPLE: usize = 256;

impl Router {
    /// How much longer work at this place waits, when that can be said with some right.
    pub(super) fn estimate(&self, at: usize, place: &Place) -> Option<Duration> {
        let queue = &self.queues[at];
        let agents = f64::from(self.classes[queue.classes[0]].working());
        let handling = queue.stats.handling;
        if handling.count < SEEN || agents < 1.0 {
            return None;
        }
        let mut ahead = f64::from(queue.line.before(place)) + 1.0;
        for (other, share) in &queue.overlap.1 {
            let other = &self.queues[*other];
            let longer = if other.stats.handling.count == 0 {
                1.0
            } else {
                other.stats.handling.value / handling.value.max(0.001)
            };
            ahead += f64::from(other.line.before(place)) * share * longer;
        }
        if ahead < STEPS {
            return None;
        }
        let (rate, patience) = (agents / handling.value.max(0.001), queue.stats.impatience());
        let seconds = if patience * ahead > rate * 0.01 {
            ((rate + patience * ahead) / rate).ln() / patience
        } else {
            ahead / rate
        };
        Some(Duration::from_secs_f64(seconds.clamp(0.0, 86_400.0)))
    }

    /// Counts anew how much of the other queues' work this queue's agents do, unless that was just done.
    pub(super) fn count_overlap(&mut self, at: usize) {
        let now = self.now;
        if self.queues[at].overlap.0.is_some_and(|then| now.since(then) < COUNTED) {
            return;
        }
        let mut shared: BTreeMap<usize, u32> = BTreeMap::new();
        let (mut seen, class) = (0_u32, &self.classes[self.queues[at].classes[0]]);
        let working = class.files.iter().filter(|file| crate::class::works(file.code));
        for standing in working.flat_map(|file| &file.agents).take(SAMPLE) {
            seen += 1;
            for Member { class, .. } in &self.agents[standing.agent as usize].classes {
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
        let overlap = shared.into_iter().map(part).collect();
        self.queues[at].overlap = (Some(now), overlap);
    }
}
