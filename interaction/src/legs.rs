//! The legs of an interaction as the record knows them.

use std::collections::BTreeMap;

use desk::{Change, Leg, Speaker};
use kernel::{AgentName, Effects, Fault, Time};

use crate::Interaction;
use crate::io::Out;

/// How a leg whose other end is a web page stands in the record.
pub(crate) const BROWSER: &str = "browser";

/// Every leg that ever was, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Legs {
    by_number: BTreeMap<u16, LegState>,
    next: u16,
}

/// A leg.
#[derive(Clone, Debug)]
pub(crate) struct LegState {
    /// As the record shows it.
    pub record: Leg,
    /// Its words are being decoded.
    pub listening: bool,
    /// A recogniser stream was opened for it and has not said `Done`.
    pub stream_open: bool,
    /// Its text is behind: what it says waits.
    pub behind: bool,
    /// The customer's device put us on hold: what comes from there is nobody's speech.
    pub held: bool,
}

impl Legs {
    /// Legs 0 to `last` are of a former process.
    pub(crate) fn resumed(last: u16) -> Self {
        Self { by_number: BTreeMap::new(), next: last.saturating_add(1) }
    }

    pub(crate) fn get(&self, n: u16) -> Option<&LegState> {
        self.by_number.get(&n)
    }

    pub(crate) fn get_mut(&mut self, n: u16) -> Option<&mut LegState> {
        self.by_number.get_mut(&n)
    }

    pub(crate) fn is_open(&self, n: u16) -> bool {
        self.by_number.get(&n).is_some_and(|leg| leg.record.ended_at.is_none())
    }

    pub(crate) fn open(&self) -> Vec<u16> {
        self.by_number.iter().filter(|(_, leg)| leg.record.ended_at.is_none()).map(|(n, _)| *n).collect()
    }

    /// Legs on which no recogniser works.
    pub(crate) fn silent(&self) -> Vec<u16> {
        self.by_number.iter().filter(|(_, leg)| !leg.stream_open).map(|(n, _)| *n).collect()
    }

    pub(crate) fn any_stream_open(&self) -> bool {
        self.by_number.values().any(|leg| leg.stream_open)
    }
}

impl Interaction {
    pub(crate) fn add_leg(
        &mut self,
        now: Time,
        speaker: Speaker,
        agent: Option<AgentName>,
        device: &str,
        out: &mut impl Effects<Out>,
    ) -> u16 {
        let n = self.legs.next;
        self.legs.next = n.saturating_add(1);
        let record = Leg {
            n,
            speaker,
            agent,
            device: device.to_owned(),
            codec: String::new(),
            started_at: self.wall(now),
            answered_at: None,
            ended_at: None,
            fault: None,
            reason: None,
        };
        let state = LegState { record, listening: false, stream_open: false, behind: false, held: false };
        self.legs.by_number.insert(n, state);
        self.record_leg(n, out);
        n
    }

    pub(crate) fn leg_answered(&mut self, n: u16, codec: String, now: Time, out: &mut impl Effects<Out>) {
        let at = self.wall(now);
        if let Some(leg) = self.legs.get_mut(n) {
            leg.record.answered_at.get_or_insert(at);
            leg.record.codec = codec;
            self.record_leg(n, out);
        }
    }

    /// Notes the end of a leg; `false` when it had ended before.
    pub(crate) fn leg_ended(
        &mut self,
        n: u16,
        fault: Fault,
        reason: &str,
        now: Time,
        out: &mut impl Effects<Out>,
    ) -> bool {
        let at = self.wall(now);
        let Some(leg) = self.legs.get_mut(n).filter(|leg| leg.record.ended_at.is_none()) else {
            return false;
        };
        leg.record.ended_at = Some(at);
        leg.record.fault = Some(fault);
        leg.record.reason = Some(reason.to_owned());
        leg.listening = false;
        leg.held = false;
        self.record_leg(n, out);
        true
    }

    /// A dialled leg that ended is dialled again later.
    pub(crate) fn leg_again(&mut self, n: u16, out: &mut impl Effects<Out>) {
        if let Some(leg) = self.legs.get_mut(n) {
            leg.record.ended_at = None;
            leg.record.fault = None;
            leg.record.reason = None;
            self.record_leg(n, out);
        }
    }

    pub(crate) fn speaker_of(&self, n: u16) -> Speaker {
        self.legs.get(n).map_or(Speaker::System, |leg| leg.record.speaker)
    }

    pub(crate) fn author_of(&self, n: u16) -> Option<AgentName> {
        self.legs.get(n).and_then(|leg| leg.record.agent.clone())
    }

    fn record_leg(&self, n: u16, out: &mut impl Effects<Out>) {
        if let Some(leg) = self.legs.get(n) {
            out.emit(Out::Record(Change::LegChanged { id: self.id, leg: leg.record.clone() }));
        }
    }
}
