//! A phone's media: RTP on ports of its own (plain, or with keys from its SDP), or a browser's connection whose
//! description travels in SIP (JsSIP, SIP.js).
//!
//! Promises: what is agreed is in force before the phone is told; keys of a leg are made once and kept while their suite
//! stays. Leaves to others: when to agree (`phone`), sockets and ciphers (`media_loop`).

use media::srtp::{Keys, MasterKey, Suite};
use media::{Order, Slot};
use signaling::DialogId;
use signaling::sdp::{self, Local, SRTP_CHANCE, SessionDescription, Srtp, SrtpKey, SrtpKeys, SrtpSuite};

use super::InteractionTask;
use super::phone::{Failure, Phone};
use crate::codecs;
use crate::media_loop::{BrowserLeg, PhoneLeg, WebOffer};

/// The codecs of a connection whose description travels in SIP, in the order in which they are chosen.
const WEB_CODECS: [&str; 3] = ["opus/48000", "PCMU/8000", "PCMA/8000"];

/// What an agreement is: the dialog, our description, and the codec for the record.
pub(super) type Agreed = (DialogId, Vec<u8>, String);

/// How a phone's audio travels.
pub(super) enum PhoneMedia {
    /// Over RTP ports.
    Rtp(PhoneLeg),
    /// As a browser's; with our offer while it is not answered.
    Web(BrowserLeg, Option<WebOffer>),
}

impl PhoneMedia {
    pub(super) fn slot(&self) -> Slot {
        match self {
            Self::Rtp(leg) => leg.slot(),
            Self::Web(leg, _) => leg.slot(),
        }
    }
}

/// Keys for a phone that has none yet, or whose present one is `current`.
pub(super) fn keys(current: Option<SrtpKey>) -> SrtpKeys {
    let fresh: Vec<u8> = std::iter::repeat_with(rand::random).take(SRTP_CHANCE).collect();
    SrtpKeys { current, fresh: fresh.into() }
}

impl Phone {
    /// Our end of its session, once it has RTP ports.
    pub(super) fn local(&self) -> Option<Local> {
        let Some(PhoneMedia::Rtp(leg)) = &self.media else { return None };
        Some(Local { address: leg.local(), origin: self.origin, srtp: self.srtp, keys: self.keys.clone() })
    }

    /// Its description, if it is that of a browser.
    pub(super) fn web_offer(&self) -> Option<String> {
        let text = self.offer.as_ref().filter(|offer| offer.is_webrtc()).and(self.offer_text.as_ref())?;
        Some(String::from_utf8_lossy(text).into_owned())
    }
}

impl InteractionTask {
    /// Puts the keys of an agreement in force; `None`: it is plain.
    pub(super) async fn secure(&mut self, n: u16, agreed: Option<&Srtp>) {
        let Some(phone) = self.phone_mut(n) else { return };
        let Some(PhoneMedia::Rtp(leg)) = &phone.media else { return };
        let slot = leg.slot();
        if let Some(agreed) = agreed.filter(|agreed| phone.keys.current.as_ref() != Some(&agreed.ours)) {
            phone.keys = keys(Some(agreed.ours.clone()));
        }
        let keys = agreed.map(|agreed| Keys { ours: master(&agreed.ours), theirs: master(&agreed.theirs) });
        if let Err(error) = self.shared.media.secure(self.shard, slot, keys).await {
            tracing::error!(%error, "a leg's keys could not be ordered");
        }
    }

    /// Answers a browser's offer; the answer of an early one is repeated.
    pub(super) async fn agree_web(&mut self, n: u16, offer: &str) -> Result<Agreed, Failure> {
        self.open_web(n).await?;
        let Some(phone) = self.phone_mut(n) else { return Err(Failure::gone()) };
        if let Some(sdp) = &phone.sdp {
            return Ok((phone.dialog, sdp.clone(), web_codec(&String::from_utf8_lossy(sdp))));
        }
        let Some(PhoneMedia::Web(leg, _)) = &phone.media else { return Err(Failure::gone()) };
        let answer = leg.attach(offer, None).await.map_err(|error| Failure::Sdp(error.to_string()))?;
        let codec = web_codec(&answer);
        let sdp = answer.into_bytes();
        phone.sdp = Some(sdp.clone());
        phone.opened = true;
        Ok((phone.dialog, sdp, codec))
    }

    pub(super) async fn open_web(&mut self, n: u16) -> Result<(), Failure> {
        if self.phone(n).is_none_or(|phone| phone.media.is_some()) {
            return Ok(());
        }
        let events = self.to_media_events.clone();
        let leg = self.shared.media.open_browser(self.shard, self.leg_id(n), events).await;
        let leg = leg.map_err(|error| {
            tracing::error!(%error, "no media for a browser's phone");
            Failure::Media(error.fault())
        })?;
        if let Some(phone) = self.phone_mut(n) {
            phone.media = Some(PhoneMedia::Web(leg, None));
        }
        Ok(())
    }

    /// Our offer to a phone that we dial.
    pub(super) async fn first_offer(&mut self, n: u16, manner: Manner) -> Result<Vec<u8>, Failure> {
        match manner {
            Manner::Rtp => self.open_media(n).await?,
            Manner::Web => self.open_web(n).await?,
        }
        let Some(phone) = self.phone_mut(n) else { return Err(Failure::gone()) };
        let sdp = match &mut phone.media {
            Some(PhoneMedia::Web(leg, waiting)) => {
                let (offer, text) = leg.offer().map_err(|error| Failure::Sdp(error.to_string()))?;
                *waiting = Some(offer);
                text.into_bytes()
            }
            Some(PhoneMedia::Rtp(_)) | None => {
                let local = phone.local().ok_or_else(Failure::gone)?;
                sdp::make_offer(&phone.ours, &local)
            }
        };
        phone.sdp = Some(sdp.clone());
        Ok(sdp)
    }

    /// Takes the answer to our offer; gives the codec in use.
    pub(super) async fn take_answer(&mut self, n: u16, sdp: &[u8]) -> Result<String, String> {
        let Some(phone) = self.phone_mut(n) else { return Err("the leg is gone".to_owned()) };
        if let Some(PhoneMedia::Web(leg, waiting)) = &mut phone.media {
            // An answer that comes again changes nothing.
            if let Some(offer) = waiting.take() {
                let text = String::from_utf8_lossy(sdp);
                leg.take_answer(offer, &text).await.map_err(|error| error.to_string())?;
            }
            phone.opened = true;
            return Ok(web_codec(&String::from_utf8_lossy(sdp)));
        }
        let local = phone.local().ok_or_else(|| "the leg is gone".to_owned())?;
        let answer = SessionDescription::parse(sdp).map_err(|error| error.to_string())?;
        let agreed = sdp::accept_answer(&phone.ours, &answer, &local).map_err(|error| error.to_string())?;
        self.use_media(n, &agreed).await;
        Ok(codecs::name(&agreed))
    }

    /// Answers an offer in mid-call; says with which direction the call goes on.
    pub(super) async fn answer_reoffer(
        &mut self,
        n: u16,
        sdp: &[u8],
    ) -> Result<(Vec<u8>, sdp::Direction), String> {
        let offer = SessionDescription::parse(sdp).map_err(|error| error.to_string())?;
        let Some(phone) = self.phone(n) else { return Err("the leg is gone".to_owned()) };
        if let Some(PhoneMedia::Web(leg, _)) = &phone.media {
            let answer =
                leg.reoffer(&String::from_utf8_lossy(sdp)).await.map_err(|error| error.to_string())?;
            let audio = offer.media.iter().find(|media| media.kind == "audio" && media.port != 0);
            let direction =
                audio.map_or(sdp::Direction::Inactive, |audio| offer.direction_of(audio).reversed());
            return Ok((answer.into_bytes(), direction));
        }
        let local = phone.local().ok_or_else(|| "the leg is gone".to_owned())?;
        let agreed = sdp::negotiate(&offer, &phone.ours, &local).map_err(|error| error.to_string())?;
        self.use_media(n, &agreed.media).await;
        Ok((agreed.answer, agreed.media.direction))
    }

    /// Opens a leg whose agreement is known.
    pub(super) async fn begin_rtp(&mut self, n: u16, setup: media::LegSetup, keys: Option<&Srtp>) {
        self.secure(n, keys).await;
        if let Some(phone) = self.phone_mut(n)
            && let Some(leg) = phone.media.as_ref().map(PhoneMedia::slot)
        {
            phone.opened = true;
            self.media(Order::Open { leg, setup }).await;
        }
    }
}

/// The codec that an answer agrees on, for the record; an answer that names none of them has the fixed payload type of G.711.
fn web_codec(answer: &str) -> String {
    let answer = answer.to_ascii_lowercase();
    let named = WEB_CODECS.iter().find(|codec| answer.contains(&codec.to_ascii_lowercase()));
    named.copied().unwrap_or("PCMU/8000").to_owned()
}

/// What a phone that we dial is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// RTP.
    Rtp,
    /// WebRTC: it registered over a WebSocket.
    Web,
}

fn master(key: &SrtpKey) -> MasterKey {
    let suite = match key.suite {
        SrtpSuite::AesCm128Sha80 => Suite::AesCm128Sha80,
        SrtpSuite::AesCm128Sha32 => Suite::AesCm128Sha32,
        SrtpSuite::Aes128Gcm => Suite::Aes128Gcm,
        SrtpSuite::Aes256Gcm => Suite::Aes256Gcm,
    };
    MasterKey { suite, bytes: key.bytes.clone(), mki: key.mki.clone() }
}
