//! The sound of one side on its way in: any rate, any size of pieces, as fast as it comes.
//!
//! Promises: frames of 20 ms on the conversation's clock, one after the other; who sends faster than people speak is told to wait;
//! a silent wire is silence, so that what was being said gets its text; the end of the source is the end of its side.
//! Leaves to others: the wire.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use interaction::{LegIn, Party};
use kernel::{Fault, InteractionId, Time};
use media::{LiveRate, TapFrame};
use tokio::sync::watch;

use super::{Place, Sinks, lock};
use crate::interaction_task::Msg;
use crate::limits::{OBSERVED_AHEAD, OBSERVED_QUIET};
use crate::media_loop::TICK;
use crate::shared::Shared;

/// Samples of a frame.
const FRAME: usize = 320;
/// Frames of silence put in at once: after a longer break time simply goes on.
const SILENCE: usize = 100;

/// One side's sound.
pub struct Source {
    shared: Arc<Shared>,
    conversation: InteractionId,
    side: u16,
    sinks: Arc<Mutex<Sinks>>,
    over: watch::Receiver<()>,
    rate: LiveRate,
    pending: Vec<i16>,
    /// Until when there is sound.
    at: Time,
    /// How its end is recorded.
    end: (Fault, &'static str),
}

impl Source {
    /// Sits down; `None`: no sound has this rate. `codec` is for the record.
    pub async fn begin(
        shared: Arc<Shared>,
        (conversation, side, place): (InteractionId, u16, Place),
        rate: u32,
        codec: String,
    ) -> Option<Self> {
        let at = shared.clock.now();
        let source = Self {
            rate: LiveRate::new(rate)?,
            conversation,
            side,
            sinks: place.sinks,
            over: place.over,
            pending: Vec::new(),
            at,
            end: (Fault::Peer, "source_lost"),
            shared,
        };
        source.tell(LegIn::Answered { codec }).await;
        Some(source)
    }

    /// The rate changed; `false`: no sound has it.
    pub fn set_rate(&mut self, rate: u32) -> bool {
        let Some(changed) = LiveRate::new(rate) else { return false };
        self.rate = changed;
        true
    }

    /// Sound; says how long whoever brings it is to wait.
    pub fn sound(&mut self, samples: &[i16]) -> Duration {
        self.fill();
        self.rate.push(samples, &mut self.pending);
        let pending = std::mem::take(&mut self.pending);
        let (frames, rest) = pending.as_chunks::<FRAME>();
        for frame in frames {
            self.frame(frame, true);
        }
        self.pending = rest.to_vec();
        let ahead = self.at.since(self.shared.clock.now());
        ahead.saturating_sub(OBSERVED_AHEAD)
    }

    /// Looked at now and then: where nothing came there was silence.
    pub fn fill(&mut self) {
        let now = self.shared.clock.now();
        if now.since(self.at) < OBSERVED_QUIET {
            return;
        }
        for _ in 0..SILENCE {
            if now.since(self.at) < TICK {
                break;
            }
            self.frame(&[0; FRAME], false);
        }
        if now.since(self.at) >= TICK {
            self.at = now;
        }
    }

    fn frame(&mut self, samples: &[i16; FRAME], live: bool) {
        self.at = self.at + TICK;
        let frame = TapFrame { at: self.at, samples, live };
        let mut sinks = lock(&self.sinks);
        let Sinks { ears, tape } = &mut *sinks;
        for sink in [ears, tape].into_iter().flatten() {
            sink.frame(frame);
        }
    }

    /// A key, a hold, a resume.
    pub async fn tell(&self, news: LegIn) {
        self.send(Msg::Observed(self.side, news)).await;
    }

    /// Somebody else is at the other end.
    pub async fn passed_on(&self, party: Party) {
        self.send(Msg::PassedOn(self.side, party)).await;
    }

    async fn send(&self, message: Msg) {
        if let Some(inbox) = self.shared.registry.find(self.conversation) {
            // An interaction that is over ends its sources by itself.
            let _gone = inbox.send(message).await;
        }
    }

    /// Resolves when the call is over here.
    pub async fn over(&mut self) {
        while self.over.changed().await.is_ok() {}
    }

    /// How its end will be recorded.
    pub const fn ends_as(&mut self, fault: Fault, reason: &'static str) {
        self.end = (fault, reason);
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let Some(inbox) = self.shared.registry.find(self.conversation) else { return };
        let (fault, reason) = self.end;
        let ended = LegIn::Ended { fault, reason: reason.to_owned() };
        crate::registry::deliver(inbox, Msg::Observed(self.side, ended));
    }
}
