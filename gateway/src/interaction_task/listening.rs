//! Transcription of one leg: its stream in the recogniser pool and its tap on the media shard.
//!
//! Promises: a leg has one stream for life, paused and resumed; what is open when the leg ends is still decoded and recorded.
//! Leaves to others: when to listen (`interaction`), decoding (`asr_pool`).

use std::time::Duration;

use asr::Out as Heard;
use interaction::{In, LegIn};
use kernel::Lang;
use media::Slot;

use super::InteractionTask;
use super::legs::Device;
use crate::asr_pool::{AsrHandle, Keeper};
use crate::clock::time_of_wall;
use crate::media_loop::TapSink;
use crate::tapes::Both;

/// The ears of one leg.
pub(super) struct Ears(AsrHandle);

impl InteractionTask {
    pub(super) async fn listen(&mut self, n: u16, lang: Lang) {
        let Some(pool) = self.shared.asr.clone() else {
            // Configured off: say at once that nothing is open, so that nobody waits for the end of speech.
            self.news.push_back(In::Leg(n, LegIn::Heard(Heard::Done)));
            return;
        };
        let language = Some(lang.code().to_owned());
        let to = self.to_heard.clone();
        let Some(leg) = self.legs.get_mut(&n) else { return };
        if leg.ears.is_none() {
            match pool.open(Some((self.id, n)), language.clone(), n, to) {
                Ok(handle) => {
                    // What it said last is recorded when the leg may be gone.
                    self.keepers.insert(n, handle.keeper());
                    leg.ears = Some(Ears(handle));
                }
                Err(error) => {
                    tracing::error!(%error, "a leg is not transcribed");
                    self.news.push_back(In::Leg(n, LegIn::Heard(Heard::Done)));
                    return;
                }
            }
        }
        leg.hears = true;
        let Some(Ears(handle)) = &leg.ears else { return };
        handle.set_language(language);
        self.tap_anew(n).await;
    }

    /// Audio whose text is in the record need not be kept: told when the batch of these entries is committed.
    pub(super) fn keepers(&self, changes: &[desk::Change]) -> Vec<(Keeper, u64)> {
        let spoken = changes.iter().filter_map(|change| match change {
            desk::Change::EntryAdded { entry, .. } if entry.kind == desk::EntryKind::Speech => {
                Some((self.keepers.get(&entry.leg?)?.clone(), entry.end_ms?))
            }
            _ => None,
        });
        spoken.collect()
    }

    /// Gives the leg's sound to whoever wants it now: ears, a recording, both or nobody.
    async fn tap_anew(&self, n: u16) {
        let Some(leg) = self.legs.get(&n) else { return };
        let ears = leg.ears.as_ref().filter(|_| leg.hears);
        let ears =
            ears.map(|Ears(handle)| Box::new(handle.tap(time_of_wall(self.started_at))) as Box<dyn TapSink>);
        let tape = leg.tape.as_ref().map(|tape| Box::new(tape.tap()) as Box<dyn TapSink>);
        let sink = match (ears, tape) {
            (Some(ears), Some(tape)) => Some(Box::new(Both(ears, tape)) as Box<dyn TapSink>),
            (ears, tape) => ears.or(tape),
        };
        if let Device::Feed(feed) = &leg.device {
            return feed.hear(sink);
        }
        let Some(slot) = leg.slot() else { return };
        if let Err(error) = self.shared.media.tap(self.shard, slot, sink).await {
            tracing::error!(%error, "a leg cannot be tapped");
        }
    }

    /// Records a leg from now on.
    pub(super) async fn record(&mut self, n: u16, silence: Duration) {
        self.tapes += 1;
        let name = format!("{}-{}.wav", self.id, self.tapes);
        let begun = self.shared.tapes.begin(name.clone(), n, silence, self.own_inbox.clone());
        match (begun, self.legs.get_mut(&n)) {
            (Some(tape), Some(leg)) => {
                leg.tape = Some(tape);
                self.tap_anew(n).await;
            }
            _ => {
                tracing::error!(leg = %self.leg_id(n), "a leg is not recorded: too many are at once");
                self.news.push_back(In::Leg(n, LegIn::Recorded { name, ms: 0 }));
            }
        }
    }

    /// The recording is complete; its end comes as news.
    pub(super) async fn stop_recording(&mut self, n: u16) {
        if self.legs.get_mut(&n).and_then(|leg| leg.tape.take()).is_some() {
            self.tap_anew(n).await;
        }
    }

    pub(super) async fn deafen(&mut self, n: u16) {
        let since = self.shared.clock.wall_millis() - self.started_at;
        let Some(leg) = self.legs.get_mut(&n) else { return };
        leg.hears = false;
        if let Some(Ears(handle)) = &leg.ears {
            handle.pause(u64::try_from(since).unwrap_or(0));
            self.tap_anew(n).await;
        }
    }

    /// The leg ends: its stream settles what is open and says `Done`.
    pub(super) async fn end_listening(&self, slot: Slot, ears: Option<Ears>) {
        if let Some(Ears(handle)) = ears {
            self.untap(slot).await;
            handle.close();
        }
    }

    async fn untap(&self, slot: Slot) {
        if let Err(error) = self.shared.media.tap(self.shard, slot, None).await {
            tracing::debug!(%error, "no tap to end");
        }
    }
}
