//! How each leg is heard: asked every few seconds for the pages, and once at its end for the record.

use api::{Live, QualityView};
use interaction::{In, Quality};
use media::LegStats;

use super::InteractionTask;
use super::legs::LegDriver;

impl InteractionTask {
    pub(super) async fn look_at_quality(&mut self) {
        let mut heard = Vec::new();
        for n in self.legs.keys().copied().collect::<Vec<_>>() {
            let Some(stats) = self.stats(n).await else { continue };
            heard.push(QualityView {
                leg: n,
                side: if n == 0 { "customer" } else { "agent" }.to_owned(),
                mos: tenth(stats.mos),
                lost_percent: tenth(media::lost_percent(&stats)),
                jitter_ms: stats.jitter_ms.round(),
                rtt_ms: (stats.rtt_ms > 0.0).then(|| stats.rtt_ms.round()),
            });
        }
        for call in self.views.heard(heard) {
            // Nobody listening is no error.
            let _listeners = self.shared.live.send(Live::Call(call));
        }
    }

    /// The leg ends: what it was like goes to the record.
    pub(super) async fn keep_quality(&mut self, n: u16) {
        if let Some(stats) = self.stats(n).await {
            let quality = Quality {
                mos: stats.mos,
                lost: media::lost_percent(&stats),
                jitter_ms: stats.jitter_ms,
                rtt_ms: stats.rtt_ms,
            };
            self.news.push_back(In::Quality { leg: n, quality });
        }
    }

    /// Counters of a leg on which something came.
    async fn stats(&self, n: u16) -> Option<LegStats> {
        let slot = self.legs.get(&n).and_then(LegDriver::slot)?;
        let stats = self.shared.media.stats(self.shard, slot).await.ok().flatten()?;
        (stats.received > 0).then_some(stats)
    }
}

fn tenth(x: f32) -> f32 {
    (x * 10.0).round() / 10.0
}
