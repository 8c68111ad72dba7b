//! Pictures and places: what changed since they were last shown.

use std::time::Duration;

use kernel::{Context, Effects};

use super::Router;
use super::estimating::Outlook;
use crate::{Out, QueueStatus, WaitingWork};

/// How many at the head of a line are told whenever their place changes. Those behind are told on entering, and again when
/// they come this near: telling ten thousand callers of every step would be a storm.
const NEAR: usize = 100;
/// How many of those who wait a queue's picture shows.
const SHOWN: usize = 200;
/// Agents and queues of one showing: a millisecond of work, for which decisions wait. The others come with the next one.
const AGENTS_AT_ONCE: usize = 32;
const QUEUES_AT_ONCE: usize = 4;

impl Router {
    /// Tells what changed of pictures and places since it was last asked. Decides nothing: it may be called as seldom as one
    /// likes, and is, under load. Whether there is more: what is shown at once is bounded.
    pub fn show(&mut self, cx: &Context<'_>, out: &mut impl Effects<Out>) -> bool {
        self.now = self.now.max(cx.now);
        // From where the last showing ended, so that nobody is left out for ever.
        let (from, first) = (self.show_from, self.changed_agents.range(self.show_from..));
        let around = first.chain(self.changed_agents.range(..from));
        let agents: Vec<usize> = around.take(AGENTS_AT_ONCE).copied().collect();
        self.show_from = agents.last().map_or(0, |last| last + 1);
        for at in agents {
            self.changed_agents.remove(&at);
            let status = self.agents[at].status(self.now, &self.rules);
            if status != self.agents[at].shown {
                self.agents[at].shown = status.clone();
                out.emit(Out::AgentChanged(status));
            }
        }
        let some = self.changed_queues.len().min(QUEUES_AT_ONCE);
        let mut changed: Vec<usize> = self.changed_queues.drain(..some).collect();
        changed.sort_unstable();
        for at in changed {
            self.queues[at].changed = false;
            self.count_overlap(at);
            let outlook = self.outlook(at);
            self.tell_places(at, outlook.as_ref(), out);
            let picture = self.picture(at, outlook.as_ref());
            if picture != self.queues[at].shown {
                self.queues[at].shown = picture.clone();
                out.emit(Out::QueueChanged(picture));
            }
        }
        !(self.changed_agents.is_empty() && self.changed_queues.is_empty())
    }

    /// Makes the pictures without telling anybody: the first ones, which are asked for.
    pub(super) fn settle_pictures(&mut self) {
        for at in std::mem::take(&mut self.changed_agents) {
            self.agents[at].shown = self.agents[at].status(self.now, &self.rules);
        }
        for at in std::mem::take(&mut self.changed_queues) {
            self.queues[at].changed = false;
            self.queues[at].shown = self.picture(at, self.outlook(at).as_ref());
        }
    }

    /// A queue's picture now.
    pub(super) fn picture(&self, at: usize, outlook: Option<&Outlook>) -> QueueStatus {
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
        QueueStatus {
            name: queue.setup.name.clone(),
            waiting: waiting.collect(),
            length: u32::try_from(queue.line.len()).unwrap_or(u32::MAX),
            ready_agents: class.counts[crate::reason::Code::Free as usize],
            staffed_agents: class.staffed(),
            estimate: outlook
                .and_then(|outlook| outlook.wait(u32::try_from(queue.line.len() + 1).unwrap_or(u32::MAX)))
                .map(|span| Duration::from_secs(minutes(span) * 60)),
            open: queue.open,
        }
    }

    fn tell_places(&mut self, at: usize, outlook: Option<&Outlook>, out: &mut impl Effects<Out>) {
        let near = self.queues[at].line.first(NEAR);
        for (position, place) in (1..).zip(near) {
            self.tell_place(place.at, position, outlook, out);
        }
        for number in std::mem::take(&mut self.queues[at].entered) {
            let work = self.works.get(number).filter(|work| work.queue == at && work.told.is_none());
            if let Some(place) = work.map(|work| work.place) {
                let position = self.queues[at].line.before(&place) + 1;
                self.tell_place(number, position, outlook, out);
            }
        }
    }

    fn tell_place(
        &mut self,
        number: u32,
        position: u32,
        outlook: Option<&Outlook>,
        out: &mut impl Effects<Out>,
    ) {
        let Some(at) = self.works.get(number).map(|work| work.queue) else { return };
        let wait = outlook.and_then(|outlook| outlook.wait(position));
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
