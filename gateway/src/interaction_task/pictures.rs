//! Pictures of this interaction's pages: the one codec that all share, and carrying out who sees whom.
//!
//! Promises: a page that cannot take the codec in use makes the others bring their media anew in one that all can; where
//! pages share none, sound goes on without pictures. Leaves to others: who sees whom (`interaction`), packets
//! (`media_loop`).

use std::collections::BTreeMap;

use api::Live;
use media::video::{VideoCodec, shared};

use super::InteractionTask;
use super::legs::LegDriver;
use crate::webrtc::offered_video;

/// What pages offer, and what is used.
#[derive(Default)]
pub(super) struct Pictures {
    offered: BTreeMap<u16, Vec<VideoCodec>>,
    codec: Option<VideoCodec>,
}

impl Pictures {
    /// As the record names what a page's leg uses.
    pub(super) fn codec_of(&self, leg: u16) -> String {
        let mut name = "opus/48000".to_owned();
        if let Some(codec) =
            self.codec.filter(|codec| self.offered.get(&leg).is_some_and(|o| o.contains(codec)))
        {
            name.push_str(&format!(", {}/{}", codec.name(), media::video::CLOCK));
        }
        name
    }
}

impl InteractionTask {
    /// A page offers its media: with which codec its pictures are answered.
    pub(super) fn agree_on_pictures(&mut self, leg: u16, offer: &str) -> Option<VideoCodec> {
        if !self.views.has_pictures() {
            return None;
        }
        let Self { pictures, legs, .. } = self;
        pictures.offered.retain(|leg, _| legs.contains_key(leg));
        pictures.offered.insert(leg, offered_video(offer));
        let pages: Vec<_> = pictures.offered.values().cloned().collect();
        let former = pictures.codec;
        let agreed = shared(&self.shared.config.video_codecs, former, &pages);
        // Those who see each other already are not parted by somebody who shares nothing with them.
        let codec = agreed.or(former);
        pictures.codec = codec;
        if former.is_some() && codec != former {
            let others: Vec<u16> = pictures.offered.keys().copied().filter(|other| *other != leg).collect();
            for other in others {
                self.bring_anew(other);
            }
        }
        codec.filter(|codec| self.pictures.offered.get(&leg).is_some_and(|offered| offered.contains(codec)))
    }

    /// The page of this leg is to offer its media anew.
    fn bring_anew(&mut self, leg: u16) {
        let agent = self.legs.get(&leg).and_then(|leg| leg.agent.clone());
        let news = match agent {
            None if leg == 0 => Some(Live::BringMedia { conversation: self.id }),
            None => None,
            Some(agent) => self.views.attach_again(&agent).map(Live::Call),
        };
        if let Some(news) = news {
            // Nobody listening is no error.
            let _listeners = self.shared.live.send(news);
        }
    }

    pub(super) async fn see(&mut self, viewer: u16, whom: Option<u16>) {
        let slot = |leg: u16| self.legs.get(&leg).and_then(LegDriver::slot);
        let (Some(viewer), whom) = (slot(viewer), whom.and_then(slot)) else { return };
        if let Err(error) = self.shared.media.see(self.shard, viewer, whom).await {
            tracing::error!(%error, "a page cannot be shown another");
        }
    }

    pub(super) async fn ask_picture(&mut self, of: u16) {
        let Some(slot) = self.legs.get(&of).and_then(LegDriver::slot) else { return };
        if let Err(error) = self.shared.media.ask_picture(self.shard, slot).await {
            tracing::error!(%error, "a page cannot be asked for a picture");
        }
    }
}
