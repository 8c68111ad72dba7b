//! Pictures on their way from one page to others, packet by packet as they come: beside the tick, never in it.
//!
//! Promises: a page is shown one other at a time; nothing waits in a queue here (what cannot be shown is left out and
//! counted); a page that lacks a whole picture gets one asked for; a page sends no more than gets through to those who
//! see it. Leaves to others: who sees whom (`interaction`), numbers and codecs (`webrtc`, `media::video`).

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use media::Slot;

use super::wire::{Attached, Leg, Road, Wire};
use crate::limits::{VIDEO_VIEWERS, VIDEO_WAKE};
use crate::webrtc::Session;

/// Whom a leg's page is shown, and to whom it is shown.
#[derive(Debug, Default)]
pub(super) struct Sight {
    sees: Option<Slot>,
    seen_by: Vec<Slot>,
}

impl Wire {
    /// The page of `viewer` is shown the page of `whom` from now on.
    pub(super) fn see(&mut self, viewer: Slot, whom: Option<Slot>) {
        let Some(leg) = self.leg_mut(viewer) else { return };
        let former = std::mem::replace(&mut leg.sight.sees, whom);
        if former == whom {
            return;
        }
        if let Some(former) = former.and_then(|former| self.leg_mut(former)) {
            former.sight.seen_by.retain(|other| *other != viewer);
        }
        if let Some(seen) = whom.and_then(|whom| self.leg_mut(whom))
            && seen.sight.seen_by.len() < VIDEO_VIEWERS
        {
            seen.sight.seen_by.push(viewer);
        }
        if let Some(session) = self.session_mut(viewer) {
            session.look_elsewhere();
        }
    }

    /// A leg is gone: nobody sees it, and it sees nobody.
    pub(super) fn out_of_sight(&mut self, slot: Slot) {
        self.see(slot, None);
        let viewers = self.leg_mut(slot).map(|leg| std::mem::take(&mut leg.sight.seen_by));
        for viewer in viewers.into_iter().flatten() {
            self.see(viewer, None);
        }
    }

    /// Asks a page for a whole picture.
    pub(super) fn ask_picture(&mut self, of: Slot) {
        self.drive(of, Session::ask_picture);
        self.settle_pictures();
    }

    /// Passes the pictures that a page sent just now on to those who see it.
    pub(super) fn pass_pictures(&mut self, from: Slot) {
        if !self.outbox.pictures.is_empty() {
            let mut pictures = std::mem::take(&mut self.outbox.pictures);
            let mut viewers = std::mem::take(&mut self.viewers);
            viewers.clear();
            viewers.extend(self.leg(from).into_iter().flat_map(|leg| leg.sight.seen_by.iter().copied()));
            for picture in pictures.drain(..) {
                for viewer in &viewers {
                    self.drive(*viewer, |session, now, outbox| session.show(now, &picture, outbox));
                }
            }
            (self.outbox.pictures, self.viewers) = (pictures, viewers);
            let (passed, held) = std::mem::take(&mut self.outbox.shown);
            self.gauges.pictures.fetch_add(passed, Relaxed);
            self.gauges.pictures_held.fetch_add(held, Relaxed);
        }
        self.settle_pictures();
    }

    /// How long the thread may sleep: connections with pictures want the time more often than once a tick.
    pub(super) fn patience(&self) -> Option<Duration> {
        (!self.with_video.is_empty()).then_some(VIDEO_WAKE)
    }

    /// Lets time pass for connections with pictures.
    pub(super) fn hurry(&mut self) {
        for at in 0..self.with_video.len() {
            let Some(slot) = self.with_video.get(at).copied() else { return };
            self.elapsed(slot);
        }
        self.settle_pictures();
    }

    /// Asks for what pages want, and tells what gets through.
    fn settle_pictures(&mut self) {
        while let Some(viewer) = self.wanting.pop() {
            if let Some(whom) = self.leg(viewer).and_then(|leg| leg.sight.sees) {
                self.drive(whom, Session::ask_picture);
            }
        }
        while let Some(viewer) = self.estimated.pop() {
            let Some(whom) = self.leg(viewer).and_then(|leg| leg.sight.sees) else { continue };
            let least = self.leg(whom).into_iter().flat_map(|leg| &leg.sight.seen_by);
            let least = least.filter_map(|viewer| self.session(*viewer)?.estimate()).min();
            if let Some(bits) = least {
                self.drive(whom, |session, now, outbox| session.limit(now, bits, outbox));
            }
        }
    }

    fn session(&self, slot: Slot) -> Option<&Session> {
        match &self.leg(slot)?.road {
            Road::Browser(Some(attached)) => Some(&attached.session),
            Road::Browser(None) | Road::Phone(..) => None,
        }
    }

    fn session_mut(&mut self, slot: Slot) -> Option<&mut Session> {
        let Some(Leg { road: Road::Browser(Some(attached)), .. }) = self.leg_mut(slot) else { return None };
        let Attached { session, .. } = attached.as_mut();
        Some(session)
    }
}
