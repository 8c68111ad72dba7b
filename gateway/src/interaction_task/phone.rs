//! A phone's leg: its SIP dialog, its SDP, its media.
//!
//! Promises: one SDP answer per offer, the same again when asked again; media opens before the phone is told where to send.
//! Leaves to others: SIP itself (`signaling`), sockets (`media_loop`).

use std::net::IpAddr;

use interaction::{In, LegIn};
use kernel::Fault;
use media::{Order, Slot};
use signaling::sdp::{self, Capabilities, MediaDescription, Origin, SessionDescription, SrtpKeys, SrtpUse};
use signaling::{CallStanding, Command, DialogId, Parting};

use super::InteractionTask;
use super::dialling::Outgoing;
use super::legs::Device;
use super::phone_media::{self, Agreed, PhoneMedia};
use crate::codecs;
use crate::extensions::OnCall;
use crate::media_loop::LostReason;
use crate::sip_events::LegNews;
use crate::sources::CameBy;

/// Status of a refused offer (RFC 3261 section 21.4.26).
const NOT_ACCEPTABLE_HERE: u16 = 488;

/// A phone that calls us.
pub struct IncomingPhone {
    /// Its dialog.
    pub dialog: DialogId,
    /// Where it (or its proxy) is.
    pub towards: IpAddr,
    /// Its offer; `None` asks for ours.
    pub offer: Option<SessionDescription>,
    /// The same as it came.
    pub text: Option<Vec<u8>>,
    /// Counts it on the trunk or the source that it came by.
    pub came_by: Option<CameBy>,
    /// The extension whose phone it is, for those who watch that.
    pub lamp: Option<OnCall>,
}

/// A phone.
pub(super) struct Phone {
    pub(super) dialog: DialogId,
    towards: IpAddr,
    /// Their offer that is not answered yet.
    pub(super) offer: Option<SessionDescription>,
    /// The same as it came.
    pub(super) offer_text: Option<Vec<u8>>,
    pub(super) ours: Capabilities,
    pub(super) origin: Origin,
    pub(super) srtp: SrtpUse,
    pub(super) keys: SrtpKeys,
    pub(super) media: Option<PhoneMedia>,
    /// The engine knows the leg.
    pub(super) opened: bool,
    /// What we answered or offered last, to be repeated in the 200 after a 183.
    pub(super) sdp: Option<Vec<u8>>,
    pub(super) answered: bool,
    held: bool,
    /// An offer of ours, made in a dialog that stood, is not answered.
    moving: bool,
    /// A call of ours through trunks.
    pub(super) outgoing: Option<Outgoing>,
    /// Counts a call that came in, on its trunk or its source.
    _came_by: Option<CameBy>,
    /// The extension whose phone it is, for those who watch that.
    pub(super) lamp: Option<OnCall>,
}

impl Phone {
    pub(super) fn incoming(phone: IncomingPhone, srtp: SrtpUse) -> Self {
        let mut new = Self::new(phone.dialog, phone.towards, codecs::all(), srtp);
        (new.offer, new.offer_text, new._came_by) = (phone.offer, phone.text, phone.came_by);
        new.lamp = phone.lamp;
        new
    }

    fn new(dialog: DialogId, towards: IpAddr, ours: Capabilities, srtp: SrtpUse) -> Self {
        let origin = Origin { session_id: u64::from(rand::random::<u32>()), version: 1 };
        Self {
            dialog,
            towards,
            offer: None,
            offer_text: None,
            ours,
            origin,
            srtp,
            keys: phone_media::keys(None),
            media: None,
            opened: false,
            sdp: None,
            answered: false,
            held: false,
            moving: false,
            outgoing: None,
            _came_by: None,
            lamp: None,
        }
    }

    /// A phone that we call.
    pub(super) fn dialled(dialog: DialogId, towards: IpAddr, srtp: SrtpUse) -> Self {
        Self::new(dialog, towards, codecs::all(), srtp)
    }

    /// The call goes on in another dialog.
    pub(super) fn renamed(&mut self, dialog: DialogId) {
        self.dialog = dialog;
        self.origin = self.origin.next();
    }

    pub(super) const fn dialog(&self) -> DialogId {
        self.dialog
    }

    /// The phone as it comes to another interaction: on the line, with no media there yet.
    pub(super) fn handed_over(self) -> Self {
        Self {
            origin: self.origin.next(),
            offer: None,
            media: None,
            opened: false,
            sdp: None,
            held: false,
            moving: true,
            ..self
        }
    }

    /// Whoever watches its extension sees it so from now on.
    fn shines(&self, standing: CallStanding) {
        if let Some(lamp) = &self.lamp {
            lamp.stands(standing);
        }
    }

    pub(super) fn slot(&self) -> Option<Slot> {
        self.media.as_ref().filter(|_| self.opened).map(PhoneMedia::slot)
    }
}

/// Why media could not be agreed.
pub(super) enum Failure {
    /// Their SDP.
    Sdp(String),
    /// Our sockets.
    Media(Fault),
}

impl Failure {
    /// The leg went away meanwhile.
    pub(super) const fn gone() -> Self {
        Self::Media(Fault::Ours)
    }
}

impl InteractionTask {
    pub(super) async fn ring(&mut self, n: u16) {
        if let Some(phone) = self.phone(n).filter(|phone| !phone.answered && phone.sdp.is_none()) {
            let dialog = phone.dialog;
            phone.shines(CallStanding::Early);
            self.shared.order_sip(Command::Progress { dialog, sdp: None }).await;
        }
    }

    pub(super) async fn early_media(&mut self, n: u16) {
        if self.phone(n).is_none_or(|phone| phone.answered || phone.sdp.is_some() || phone.offer.is_none()) {
            // Without an offer there is nothing to answer early: the caller hears their own ringback.
            return self.ring(n).await;
        }
        match self.agree(n).await {
            Ok((dialog, sdp, _)) => self.shared.order_sip(Command::Progress { dialog, sdp: Some(sdp) }).await,
            Err(failure) => self.cannot_serve(n, failure).await,
        }
    }

    pub(super) async fn answer(&mut self, n: u16) {
        if self.phone(n).is_none_or(|phone| phone.answered) {
            return;
        }
        match self.agree(n).await {
            Ok((dialog, sdp, codec)) => {
                if let Some(phone) = self.phone_mut(n) {
                    phone.answered = true;
                    phone.shines(CallStanding::Confirmed);
                }
                self.shared.order_sip(Command::Accept { dialog, sdp }).await;
                self.news.push_back(In::Leg(n, LegIn::Answered { codec }));
            }
            Err(failure) => self.cannot_serve(n, failure).await,
        }
    }

    /// Opens media and makes our answer (or offer); the one of an early answer is repeated.
    async fn agree(&mut self, n: u16) -> Result<Agreed, Failure> {
        if let Some(offer) = self.phone(n).and_then(Phone::web_offer) {
            return self.agree_web(n, &offer).await;
        }
        self.open_media(n).await?;
        let Some(phone) = self.phone(n) else { return Err(Failure::gone()) };
        let (dialog, local) = (phone.dialog, phone.local().ok_or_else(Failure::gone)?);
        if let Some(sdp) = &phone.sdp {
            return Ok((dialog, sdp.clone(), String::new()));
        }
        let (sdp, setup, codec, keys) = match &phone.offer {
            Some(offer) => {
                let agreed =
                    sdp::negotiate(offer, &phone.ours, &local).map_err(|e| Failure::Sdp(e.to_string()))?;
                let (setup, codec) = (codecs::leg_setup(&agreed.media), codecs::name(&agreed.media));
                (agreed.answer, setup, codec, agreed.media.srtp)
            }
            // A late offer: what they choose comes with the ACK; until then the leg is silent.
            None => (sdp::make_offer(&phone.ours, &local), codecs::silent(), String::new(), None),
        };
        self.begin_rtp(n, setup, keys.as_ref()).await;
        if let Some(phone) = self.phone_mut(n) {
            phone.sdp = Some(sdp.clone());
        }
        Ok((dialog, sdp, codec))
    }

    pub(super) async fn open_media(&mut self, n: u16) -> Result<(), Failure> {
        let Some(phone) = self.phone(n) else { return Err(Failure::Media(Fault::Ours)) };
        if phone.media.is_some() {
            return Ok(());
        }
        let (towards, events) = (phone.towards, self.to_media_events.clone());
        let leg = self.shared.media.open_phone(self.shard, self.leg_id(n), towards, events).await;
        let leg = leg.map_err(|error| {
            tracing::error!(%error, "no media for a phone");
            Failure::Media(error.fault())
        })?;
        if let Some(phone) = self.phone_mut(n) {
            phone.media = Some(PhoneMedia::Rtp(leg));
        }
        Ok(())
    }

    async fn cannot_serve(&mut self, n: u16, failure: Failure) {
        let (status, fault, reason) = match failure {
            Failure::Sdp(reason) => (NOT_ACCEPTABLE_HERE, Fault::Peer, reason),
            Failure::Media(fault) => (503, fault, "no media".to_owned()),
        };
        if let Some(phone) = self.phone(n) {
            self.shared.refuse(phone.dialog, status, None, &reason).await;
        }
        self.leg_failed(n, fault, if fault == Fault::Peer { "bad_sdp" } else { "no_media" });
    }

    pub(super) async fn refuse(&mut self, n: u16, status: u16) {
        if let Some(phone) = self.phone(n) {
            self.shared.refuse(phone.dialog, status, None, "").await;
        }
    }

    pub(super) async fn hang_up_phone(&self, phone: &Phone, why: Parting) {
        self.shared.order_sip(Command::Hangup { dialog: phone.dialog, why }).await;
    }

    /// Asks a phone that is on the line already to talk with a leg of ours.
    pub(super) async fn move_here(&mut self, n: u16) {
        if let Err(Failure::Media(fault)) = self.open_media(n).await {
            self.hang_up(n, Parting::Plain).await;
            return self.leg_failed(n, fault, "no_media");
        }
        let Some(phone) = self.phone_mut(n) else { return };
        let Some(local) = phone.local() else { return };
        let sdp = sdp::make_offer(&phone.ours, &local);
        phone.sdp = Some(sdp.clone());
        let dialog = phone.dialog;
        self.shared.order_sip(Command::Reoffer { dialog, sdp }).await;
    }

    async fn on_reanswered(&mut self, n: u16, sdp: Option<Vec<u8>>) {
        match self.phone_mut(n) {
            Some(phone) if phone.moving => {
                phone.moving = false;
                self.on_answer(n, sdp, false).await;
            }
            // The answer to a sign of life repeats what was agreed.
            Some(_) | None => {}
        }
    }

    async fn on_reoffer_failed(&mut self, n: u16) {
        if self.phone(n).is_some_and(|phone| phone.moving) {
            self.hang_up(n, Parting::Plain).await;
            self.leg_failed(n, Fault::Peer, "not_moved");
            self.settle().await;
        }
    }

    pub(super) async fn on_sip(&mut self, n: u16, news: LegNews) {
        match news {
            LegNews::Progress(sdp) => self.on_progress(n, sdp).await,
            LegNews::Digit(digit) => self.feed(In::Leg(n, LegIn::Digit(digit))).await,
            // What was agreed before the answer holds (RFC 3311).
            LegNews::Answered(None) if self.phone(n).is_some_and(|phone| phone.opened) => {
                self.note_answered(n);
                self.feed(In::Leg(n, LegIn::Answered { codec: String::new() })).await;
            }
            LegNews::Answered(sdp) => self.on_answer(n, sdp, true).await,
            // The ACK without SDP completes an answer that was ours.
            LegNews::Confirmed(None) => {}
            LegNews::Confirmed(sdp) => self.on_answer(n, sdp, false).await,
            LegNews::Reoffered(sdp) => self.on_reoffer(n, sdp).await,
            LegNews::Reanswered(sdp) => self.on_reanswered(n, sdp).await,
            LegNews::ReofferFailed => self.on_reoffer_failed(n).await,
            LegNews::Referred(refer) => self.on_referred(n, refer).await,
            LegNews::Ended(cause) if self.dial_elsewhere(n, &cause).await => self.settle().await,
            LegNews::Ended(cause) => {
                self.keep_quality(n).await;
                if let Some(told) = cause.told {
                    self.feed(In::Leg(n, LegIn::Told(told.into_inner()))).await;
                }
                if let Some(leg) = self.legs.remove(&n)
                    && let Some(slot) = leg.slot()
                {
                    self.end_listening(slot, leg.ears).await;
                }
                self.feed(In::Leg(n, LegIn::Ended { fault: cause.fault, reason: cause.reason.to_owned() }))
                    .await;
            }
        }
    }

    fn note_answered(&mut self, n: u16) {
        if let Some(phone) = self.phone_mut(n) {
            phone.answered = true;
            phone.shines(CallStanding::Confirmed);
            if let Some(outgoing) = &mut phone.outgoing {
                outgoing.answered();
            }
        }
    }

    /// It rings, or sends what is heard before the answer (an announcement of the carrier, their ringback).
    async fn on_progress(&mut self, n: u16, sdp: Option<Vec<u8>>) {
        if let Some(phone) = self.phone(n) {
            phone.shines(CallStanding::Early);
        }
        let early = match sdp {
            Some(sdp) => self.take_answer(n, &sdp).await.is_ok(),
            None => false,
        };
        self.feed(In::Leg(n, if early { LegIn::EarlyMedia } else { LegIn::Ringing })).await;
    }

    /// Their answer to our offer: with their 200 (we dialled), or with the ACK (they offered late).
    async fn on_answer(&mut self, n: u16, sdp: Option<Vec<u8>>, dialled: bool) {
        let Some(phone) = self.phone(n) else { return };
        let dialog = phone.dialog;
        let taken = match &sdp {
            Some(sdp) => self.take_answer(n, sdp).await,
            None => Err("no SDP in the answer".to_owned()),
        };
        match taken {
            Ok(codec) => {
                self.note_answered(n);
                self.feed(In::Leg(n, LegIn::Answered { codec })).await;
            }
            Err(reason) => {
                tracing::debug!(leg = %self.leg_id(n), %reason, "an answer cannot be used");
                self.shared.order_sip(Command::Hangup { dialog, why: Parting::Plain }).await;
                self.leg_failed(n, Fault::Peer, if dialled { "bad_sdp" } else { "no_codec" });
                self.settle().await;
            }
        }
    }

    /// Opens the leg with what was agreed, or changes it.
    pub(super) async fn use_media(&mut self, n: u16, media: &MediaDescription) {
        let setup = codecs::leg_setup(media);
        let Some(phone) = self.phone(n) else { return };
        let Some(slot) = phone.media.as_ref().map(PhoneMedia::slot) else { return };
        if !phone.opened {
            return self.begin_rtp(n, setup, media.srtp.as_ref()).await;
        }
        self.secure(n, media.srtp.as_ref()).await;
        self.media(Order::Change { leg: slot, setup }).await;
    }

    /// A new offer in mid-call: hold, resume, another codec, address or key (RFC 3264 section 8).
    async fn on_reoffer(&mut self, n: u16, sdp: Option<Vec<u8>>) {
        let Some(phone) = self.phone_mut(n) else { return };
        let dialog = phone.dialog;
        phone.origin = phone.origin.next();
        let Some(sdp) = sdp else {
            let order = match phone.local() {
                Some(local) => {
                    let sdp = sdp::make_offer(&phone.ours, &local);
                    Command::AcceptReoffer { dialog, sdp }
                }
                // Browsers always bring their own.
                None => Command::RefuseReoffer { dialog, status: NOT_ACCEPTABLE_HERE },
            };
            return self.shared.order_sip(order).await;
        };
        match self.answer_reoffer(n, &sdp).await {
            Ok((sdp, direction)) => {
                self.shared.order_sip(Command::AcceptReoffer { dialog, sdp }).await;
                self.tell_hold(n, direction).await;
            }
            Err(reason) => {
                tracing::debug!(leg = %self.leg_id(n), %reason, "an offer in mid-call cannot be served");
                self.shared.order_sip(Command::RefuseReoffer { dialog, status: NOT_ACCEPTABLE_HERE }).await;
            }
        }
    }

    /// The browser behind a phone's leg is gone: so is the call.
    pub(super) async fn on_browser_lost(&mut self, n: u16, reason: LostReason) {
        let Some(phone) = self.phone(n) else { return };
        self.hang_up_phone(phone, Parting::Plain).await;
        self.leg_failed(n, reason.fault(), reason.code());
        self.settle().await;
    }

    async fn tell_hold(&mut self, n: u16, direction: sdp::Direction) {
        let held = direction != sdp::Direction::SendRecv;
        let Some(phone) = self.phone_mut(n) else { return };
        if phone.held != held {
            phone.held = held;
            self.feed(In::Leg(n, LegIn::Held(held))).await;
        }
    }

    pub(super) fn phone(&self, n: u16) -> Option<&Phone> {
        match &self.legs.get(&n)?.device {
            Device::Phone(phone) => Some(phone),
            Device::Browser(_) | Device::Feed(_) => None,
        }
    }

    pub(super) fn phone_mut(&mut self, n: u16) -> Option<&mut Phone> {
        match &mut self.legs.get_mut(&n)?.device {
            Device::Phone(phone) => Some(phone),
            Device::Browser(_) | Device::Feed(_) => None,
        }
    }
}
