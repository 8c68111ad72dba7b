//! The devices behind an interaction's legs: phones and browsers, and how pages attach.

use std::sync::Arc;

use api::Refusal;
use interaction::{AgentOrder, In, LegIn};
use kernel::{AgentName, Fault};
use media::Slot;
use signaling::Parting;
use signaling::sdp::SrtpUse;
use tokio::sync::oneshot;

use super::InteractionTask;
use super::listening::Ears;
use super::phone::{IncomingPhone, Phone};
use crate::floor::{gone, refusal};
use crate::media_loop::{BrowserLeg, LegEvent};
use crate::observe::Feed;
use crate::tapes::Tape;

/// A leg's device.
pub(super) struct LegDriver {
    pub device: Device,
    /// Its transcription, once it was listened to.
    pub ears: Option<Ears>,
    /// Whether it is listened to now.
    pub hears: bool,
    /// Its recording, while there is one.
    pub tape: Option<Tape>,
    /// Whose page it waits for.
    pub agent: Option<AgentName>,
}

/// What is at the other end.
pub(super) enum Device {
    Phone(Box<Phone>),
    Browser(Arc<BrowserLeg>),
    /// Another system brings its sound.
    Feed(Feed),
}

impl LegDriver {
    pub(super) fn incoming(phone: IncomingPhone, srtp: SrtpUse) -> Self {
        Self::new(Device::Phone(Box::new(Phone::incoming(phone, srtp))))
    }

    pub(super) const fn new(device: Device) -> Self {
        Self { device, ears: None, hears: false, tape: None, agent: None }
    }

    /// Its place in the media engine, once it has one.
    pub(super) fn slot(&self) -> Option<Slot> {
        match &self.device {
            Device::Phone(phone) => phone.slot(),
            Device::Browser(leg) => Some(leg.slot()),
            Device::Feed(_) => None,
        }
    }
}

impl InteractionTask {
    /// A place for a page; `agent`: whose, or the customer's.
    pub(super) async fn open_browser(&mut self, n: u16, agent: Option<AgentName>) {
        let events = self.to_media_events.clone();
        match self.shared.media.open_browser(self.shard, self.leg_id(n), events).await {
            Ok(leg) => {
                let device = Device::Browser(Arc::new(leg));
                self.legs.insert(n, LegDriver { agent, ..LegDriver::new(device) });
            }
            Err(error) => {
                tracing::error!(%error, "no media for a browser");
                self.leg_failed(n, error.fault(), "no_media");
            }
        }
    }

    /// A page brings its media. An agent's may when the machine says that the call is theirs and in the browser; the
    /// customer's may as long as the call lasts.
    pub(super) async fn attach(
        &mut self,
        agent: Option<AgentName>,
        offer: String,
    ) -> Result<String, Refusal> {
        if let Some(agent) = &agent {
            let (to, from) = oneshot::channel();
            let reply = self.name(to);
            self.feed(In::Agent { agent: agent.clone(), order: AgentOrder::Attach, reply }).await;
            from.await.map_err(|_| gone())??;
        }
        let theirs = self.legs.iter().rev().filter(|(n, leg)| match &agent {
            Some(_) => leg.agent == agent,
            None => **n == 0,
        });
        let browser = theirs.into_iter().find_map(|(n, leg)| match &leg.device {
            Device::Browser(leg) => Some((*n, Arc::clone(leg))),
            Device::Phone(_) | Device::Feed(_) => None,
        });
        let (n, browser) = browser.ok_or_else(gone)?;
        let video = self.agree_on_pictures(n, &offer);
        let answer = browser.attach(&offer, video).await;
        answer.map_err(|error| refusal(Fault::Peer, "bad_sdp", &error.to_string()))
    }

    pub(super) async fn on_media(&mut self, leg: u16, event: LegEvent) {
        let news = match event {
            LegEvent::Media(media::Event::Played { token }) => LegIn::Played { token },
            LegEvent::Media(media::Event::Digit(digit)) => LegIn::Digit(digit),
            LegEvent::Media(media::Event::AudioMissing) => LegIn::AudioMissing,
            LegEvent::Media(media::Event::AudioBack) => LegIn::AudioBack,
            LegEvent::Media(media::Event::AudioBegan) => return,
            // A phone that is a browser: SIP says when it is answered, and the end of its connection is the end of the call.
            LegEvent::BrowserUp if self.phone(leg).is_some() => return,
            LegEvent::BrowserLost(reason) if self.phone(leg).is_some() => {
                return self.on_browser_lost(leg, reason).await;
            }
            LegEvent::BrowserUp => {
                self.feed(In::Leg(leg, LegIn::Answered { codec: self.pictures.codec_of(leg) })).await;
                LegIn::BrowserUp
            }
            LegEvent::BrowserLost(reason) => {
                tracing::info!(leg = %self.leg_id(leg), reason = reason.code(), "browser lost");
                LegIn::BrowserLost
            }
        };
        self.feed(In::Leg(leg, news)).await;
    }

    /// Ends a leg's device; its transcription finishes what is open and says `Done` by itself.
    pub(super) async fn hang_up(&mut self, n: u16, why: Parting) {
        self.keep_quality(n).await;
        if let Some(leg) = self.legs.remove(&n) {
            // A customer who is called back may be dialled again: the end of this attempt is not the end of the next one.
            if let Device::Phone(phone) = &leg.device
                && !phone.answered
            {
                self.shared.registry.remove_dialog(phone.dialog);
            }
            self.part(leg, why).await;
        }
    }

    pub(super) async fn part(&mut self, leg: LegDriver, why: Parting) {
        if let Some(slot) = leg.slot() {
            self.end_listening(slot, leg.ears).await;
        }
        if let Device::Phone(phone) = leg.device {
            self.hang_up_phone(&phone, why).await;
        }
    }
}
