//! Why work waits, and waited.

use std::borrow::Cow;

use kernel::{InteractionId, Time};

use super::Router;
use crate::reason::{Span, Waiting};
use crate::work::Work;

impl Router {
    /// Why work that waits now still waits; `None` when it does not wait.
    #[must_use]
    pub fn explanation(&self, id: InteractionId, now: Time) -> Option<Waiting> {
        let work = self.works.get(self.works.find(id)?)?;
        let mut waited = work.spans.clone();
        self.stretch(work, now.max(self.now), &mut waited);
        let line = &self.queues[work.queue].line;
        let position = line.before(&work.place) + 1;
        Some(Waiting {
            queue: self.queues[work.queue].setup.name.clone(),
            since: work.since,
            position,
            of: u32::try_from(line.len()).unwrap_or(u32::MAX),
            waited,
            passed_over: self.passed_over(work),
            wait: self.estimate(work.queue, &work.place),
        })
    }

    /// Writes down why work waited until now.
    pub(super) fn explain(&mut self, id: InteractionId) {
        if let Some(number) = self.works.find(id) {
            self.explain_until_now(number);
        }
    }

    pub(super) fn explain_until_now(&mut self, number: u32) {
        let Some(work) = self.works.get_mut(number) else { return };
        let mut spans = std::mem::take(&mut work.spans);
        if let Some(work) = self.works.get(number) {
            self.stretch(work, self.now, &mut spans);
        }
        let now = self.now;
        if let Some(work) = self.works.get_mut(number) {
            (work.spans, work.unexplained) = (spans, now);
        }
    }

    /// Adds the stretch since the last one.
    fn stretch(&self, work: &Work, to: Time, spans: &mut Vec<Span>) {
        let from = work.unexplained;
        let stand = work.stand;
        if to <= from || stand == crate::work::Stand::Nowhere {
            return;
        }
        match stand {
            crate::work::Stand::Open(ring) => {
                self.classes[work.class].history.explain(from, to, work.medium, stand.name(), ring, spans);
            }
            _ => spans.push(Span {
                from,
                to,
                state: Cow::Borrowed(stand.name()),
                ring: work.ring,
                agents: Vec::new(),
            }),
        }
    }
}
