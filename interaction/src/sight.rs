//! Who sees whom: the one place where the state of a talk becomes what each page is shown.
//!
//! Promises: staff see the customer, the customer sees the one who has them, and nobody sees a supervisor; whoever is
//! shown somebody anew, or comes back, gets a whole picture at once; repeating it changes nothing. Leaves to others: who
//! hears whom (`room`), codecs and packets (`gateway`).

use std::collections::BTreeMap;

use desk::Channel;
use kernel::Effects;

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Asked, Line, Stage};
use crate::io::{MediaOut, Out};
use crate::legs::BROWSER;

impl Interaction {
    /// Orders who sees whom, as far as it changed.
    pub(crate) fn arrange_sight(&mut self, out: &mut impl Effects<Out>) {
        let wanted = self.sights();
        let former = core::mem::replace(&mut self.sight, wanted);
        for viewer in former.keys() {
            if !self.sight.contains_key(viewer) && self.legs.is_open(*viewer) {
                out.emit(Out::Media(*viewer, MediaOut::See(None)));
            }
        }
        for (viewer, whom) in &self.sight {
            if former.get(viewer) != Some(whom) {
                out.emit(Out::Media(*viewer, MediaOut::See(Some(*whom))));
                out.emit(Out::Media(*whom, MediaOut::WholePicture));
            }
        }
    }

    /// A page is there again: what it sees begins with a whole picture.
    pub(crate) fn refresh_sight(&self, viewer: u16, out: &mut impl Effects<Out>) {
        if let Some(whom) = self.sight.get(&viewer) {
            out.emit(Out::Media(*whom, MediaOut::WholePicture));
        }
    }

    /// By viewer: whom they see.
    fn sights(&self) -> BTreeMap<u16, u16> {
        let Stage::Talking(talk) = &self.stage else { return BTreeMap::new() };
        if self.channel != Channel::Video {
            return BTreeMap::new();
        }
        let open = talk.line == Line::Open;
        let asked = talk.consult.as_ref().filter(|_| open).map(|consult| match &consult.stage {
            Asked::Ringing(_) | Asked::Dialing(_) => (None, true),
            Asked::Aside(guest) => (Some(guest).filter(|guest| guest.up), true),
            Asked::Waiting(guest) => (Some(guest).filter(|guest| guest.up), false),
        });
        let aside = asked.is_some_and(|(_, aside)| aside);
        let guests = talk.guests.iter().filter(|guest| guest.up).map(|guest| guest.leg);
        // In the order in which the customer would want to see them.
        let room: Vec<u16> = Some(talk.leg).filter(|_| open && !aside).into_iter().chain(guests).collect();
        let mut sights = BTreeMap::new();
        sights.extend(room.iter().map(|staff| (*staff, CUSTOMER)));
        sights
            .extend(room.iter().copied().find(|staff| self.has_eyes(*staff)).map(|staff| (CUSTOMER, staff)));
        if let Some((Some(guest), true)) = asked {
            sights.extend([(talk.leg, guest.leg), (guest.leg, talk.leg)]);
        }
        if !room.is_empty() {
            let watchers = self.watchers.values().filter(|watcher| watcher.up);
            sights.extend(watchers.map(|watcher| (watcher.leg, CUSTOMER)));
        }
        sights.retain(|viewer, whom| self.has_eyes(*viewer) && self.has_eyes(*whom));
        sights
    }

    /// Whether pictures can go to and come from this leg.
    fn has_eyes(&self, leg: u16) -> bool {
        self.legs.get(leg).is_some_and(|leg| leg.record.device == BROWSER)
    }
}
