//! Pictures and places: what changed since they were last shown.

use std::time::Duration;

use kernel::{Context, Effects};

use super::Router;
use crate::queue::Place;
use crate::{Out, QueueStatus, WaitingWork};

/// How many at the head of a line are told whenever their place changes. Those behind are told on entering, and again when
/// they come this near: telling ten thousand callers of every step would be a storm.
const NEAR: usize = 100;
/// How many of those who wait a queue's picture shows.
const SHOWN: usize = 200;

impl Router {
    /// Tells what changed of pictures and places since it was last asked. Decides nothing: it may be called as seldom as one
    /// likes, and is, under load.
    pub fn show(&mut self, cx: &Context<'_>, out: &mut impl Effects<Out>) {
        self.now = self.now.max(cx.now);
        for at in std::mem::take(&mut self.changed_agents) {
            let status = self.agents[at].status(self.now, &self.rules);
            if status != self.agents[at].shown {
                self.agents[at].shown = status.clone();
                out.emit(Out::AgentChanged(status));
            }
        }
        let mut changed = std::mem::take(&mut self.changed_queues);
        changed.sort_unstable();
        for at in changed {
            self.queues[at].changed = false;
            self.count_overlap(at);
            self.tell_places(at, out);
            let picture = self.picture(at);
            if picture != self.queues[at].shown {
                self.queues[at].shown = picture.clone();
                out.emit(Out::QueueChanged(picture));
            }
        }
    }

    /// Makes the pictures without telling anybody: the first ones, which are asked for.
    pub(super) fn settle_pictures(&mut self) {
        for at in std::mem::take(&mut self.changed_agents) {
            self.agents[at].shown = self.agents[at].status(self.now, &self.rules);
        }
        for at in std::mem::take(&mut self.changed_queues) {
            self.queues[at].changed = false;
            self.queues[at].shown = self.picture(at);
        }
    }

    /// A queue's picture now.
    pub(super) fn picture(&self, at: usize) -> QueueStatus {
        let queue = &self.queues[at];
        let class = &self.classes[queue.classes[0]];
        let waiting = queue.line.first(SHOWN).into_iter().filter_map(|place| {
            let work = self.works.get(place.at)?;
            Some(WaitingWork {
                work: work.id,
                medium: work.medium,
                since: work.since,
                offered_to: work.offered.first().map(|agent| self.name_of(*agent)),
                callback: work.wishes.callback,
            })
        });
        let next =
            Place { rank: i64::MAX, id: kernel::InteractionId { node: u16::MAX, serial: u64::MAX }, at: 0 };
        QueueStatus {
            name: queue.setup.name.clone(),
            waiting: waiting.collect(),
            length: u32::try_from(queue.line.len()).unwrap_or(u32::MAX),
            ready_agents: class.counts[crate::reason::Code::Free as usize],
            staffed_agents: class.staffed(),
            estimate: self.estimate(at, &next).map(|span| Duration::from_secs(minutes(span) * 60)),
            open: queue.open,
        }
    }

    fn tell_places(&mut self, at: usize, out: &mut impl Effects<Out>) {
        let near = self.queues[at].line.first(NEAR);
        for (position, place) in (1..).zip(near) {
            self.tell_place(place.at, position, out);
        }
        for number in std::mem::take(&mut self.queues[at].entered) {
            let work = self.works.get(number).filter(|work| work.queue == at && work.told.is_none());
            if let Some(place) = work.map(|work| work.place) {
                let position = self.queues[at].line.before(&place) + 1;
                self.tell_place(number, position, out);
            }
        }
    }

    fn tell_place(&mut self, number: u32, position: u32, out: &mut impl Effects<Out>) {
        let Some((at, place)) = self.works.get(number).map(|work| (work.queue, work.place)) else { return };
        let wait = self.estimate(at, &place);
        let of = u32::try_from(self.queues[at].line.len()).unwrap_or(u32::MAX);
        let Some(work) = self.works.get_mut(number) else { return };
        let told = (position, wait.map(minutes));
        if work.told != Some(told) {
            work.told = Some(told);
            out.emit(Out::Position { work: work.id, position, of, wait });
        }
    }
}

/// Whole minutes, at least one: a picture or a caller is not told of seconds.
fn minutes(span: Duration) -> u64 {
    span.as_secs().saturating_add(30).max(60) / 60
}
