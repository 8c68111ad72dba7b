//! The recording of this interaction: its tape, and which legs are on it.

use interaction::{In, Side, Tape};

use super::legs::Device;
use super::{InteractionTask, Msg};
use crate::recording;

/// The tape, once it runs.
#[derive(Default)]
pub(super) struct Taping {
    tape: Option<recording::Tape>,
    begun: bool,
}

impl Taping {
    /// Whether there ever was a recording.
    pub(super) const fn begun(&self) -> bool {
        self.begun
    }
}

impl InteractionTask {
    pub(super) async fn tape(&mut self, order: Tape) {
        match order {
            Tape::Begin => self.begin_tape(),
            Tape::Take(leg, side) => self.take_on_tape(leg, side).await,
            Tape::Pause => {
                if let Some(tape) = &self.taping.tape {
                    tape.pause();
                }
            }
            Tape::Resume => {
                if let Some(tape) = &self.taping.tape {
                    tape.resume();
                }
            }
            Tape::End => drop(self.taping.tape.take()),
        }
    }

    fn begin_tape(&mut self) {
        self.taping.begun = true;
        let format = self.shared.config.recording.format;
        let (inbox, id) = (self.own_inbox.clone(), self.id);
        let failed = move || {
            // On the recording thread, which may wait.
            if inbox.blocking_send(Msg::Core(In::RecordingFailed)).is_err() {
                tracing::debug!(conversation = %id, "a recording failed after its call");
            }
        };
        match self.shared.recordings.begin(self.id, self.started_at, format, failed) {
            Ok(tape) => self.taping.tape = Some(tape),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), conversation = %self.id, "a call is not recorded");
                self.news.push_back(In::RecordingFailed);
            }
        }
    }

    async fn take_on_tape(&mut self, leg: u16, side: Side) {
        let side = match side {
            Side::Customer => recording::Side::Left,
            Side::Staff => recording::Side::Right,
        };
        let Some(driver) = self.legs.get(&leg) else { return };
        let Some(track) = self.taping.tape.as_ref().map(|tape| tape.track(side)) else { return };
        if let Device::Feed(feed) = &driver.device {
            return feed.record(Some(track));
        }
        let Some(slot) = driver.slot() else { return };
        if let Err(error) = self.shared.media.record(self.shard, slot, Some(track)).await {
            tracing::error!(%error, "a leg cannot be recorded");
        }
    }
}
