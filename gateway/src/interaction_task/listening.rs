//! Transcription of one leg: its stream in the recogniser pool and its tap on the media shard.
//!
//! Promises: a leg has one stream for life, paused and resumed; what is open when the leg ends is still decoded and recorded.
//! Leaves to others: when to listen (`interaction`), decoding (`asr_pool`).

use asr::Out as Heard;
use interaction::{In, LegIn};
use kernel::Lang;
use media::Slot;

use super::InteractionTask;
use crate::asr_pool::AsrHandle;
use crate::clock::time_of_wall;

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
            match pool.open(language.clone(), n, to) {
                Ok(handle) => leg.ears = Some(Ears(handle)),
                Err(error) => {
                    tracing::error!(%error, "a leg is not transcribed");
                    self.news.push_back(In::Leg(n, LegIn::Heard(Heard::Done)));
                    return;
                }
            }
        }
        let (Some(Ears(handle)), Some(slot)) = (&leg.ears, leg.slot()) else { return };
        handle.set_language(language);
        let tap = handle.tap(time_of_wall(self.started_at));
        if let Err(error) = self.shared.media.tap(self.shard, slot, Some(Box::new(tap))).await {
            tracing::error!(%error, "a leg cannot be tapped");
        }
    }

    pub(super) async fn deafen(&mut self, n: u16) {
        let Some(leg) = self.legs.get(&n) else { return };
        let (Some(Ears(handle)), Some(slot)) = (&leg.ears, leg.slot()) else { return };
        let since = self.shared.clock.wall_millis() - self.started_at;
        handle.pause(u64::try_from(since).unwrap_or(0));
        self.untap(slot).await;
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
