//! A phone's leg: its SIP dialog, its SDP, its media.
//!
//! Promises: one SDP answer per offer, the same again when asked again; media opens before the phone is told where to send.
//! Leaves to others: SIP itself (`signaling`), sockets (`media_loop`).

use std::net::IpAddr;

use interaction::{DialTo, In, LegIn};
use kernel::{Fault, Pii};
use media::{Order, Slot};
use signaling::sdp::{self, Capabilities, MediaDescription, Origin, SessionDescription, SrtpKeys, SrtpUse};
use signaling::{Command, DialTarget, DialogId, Parting};

use super::InteractionTask;
use super::legs::{Device, LegDriver};
use super::phone_media::{self, Agreed, Manner, PhoneMedia};
use crate::codecs;
use crate::media_loop::LostReason;
use crate::registry::LegHandle;
use crate::sip_events::LegNews;

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
    answered: bool,
    held: bool,
    /// An offer of ours, made in a dialog that stood, is not answered.
    moving: bool,
}

impl Phone {
    pub(super) fn incoming(phone: IncomingPhone, srtp: SrtpUse) -> Self {
        let mut new = Self::new(phone.dialog, phone.towards, codecs::all(), srtp);
        (new.offer, new.offer_text) = (phone.offer, phone.text);
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
        }
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

    pub(super) async fn dial(&mut self, n: u16, target: DialTo) {
        let Some((target, towards, ours, manner)) = self.resolve(target) else {
            return self.leg_failed(n, Fault::Peer, "unreachable");
        };
        let dialog = self.shared.next_dialog();
        self.legs.insert(
            n,
            LegDriver::new(Device::Phone(Box::new(Phone::new(
                dialog,
                towards,
                ours,
                self.shared.config.srtp,
            )))),
        );
        let handle = LegHandle { inbox: self.own_inbox.clone(), leg: n };
        self.shared.registry.add_dialog(dialog, handle);
        let sdp = match self.first_offer(n, manner).await {
            Ok(sdp) => sdp,
            Err(Failure::Media(fault)) => return self.leg_failed(n, fault, "no_media"),
            Err(Failure::Sdp(reason)) => {
                tracing::error!(%reason, "no offer could be made for a browser's phone");
                return self.leg_failed(n, Fault::Ours, "no_media");
            }
        };
        let (user, name) = self.views.caller();
        self.shared
            .order_sip(Command::Dial {
                dialog,
                target,
                from_user: Pii::new(user),
                from_name: name.map(Pii::new),
                sdp,
                headers: Vec::new(),
            })
            .await;
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

    /// Where a target is, and what it is offered.
    fn resolve(&self, target: DialTo) -> Option<(DialTarget, IpAddr, Capabilities, Manner)> {
        match target {
            DialTo::Uri(uri, names) => {
                let towards = signaling::uri_address(&uri)?.ip();
                Some((DialTarget::Uri(uri), towards, codecs::only(&names), Manner::Rtp))
            }
            DialTo::Entered(number) if number.reveal().starts_with("sip:") => {
                let towards = signaling::uri_address(number.reveal())?.ip();
                Some((DialTarget::Uri(number.reveal().clone()), towards, codecs::all(), Manner::Rtp))
            }
            DialTo::Number(number) | DialTo::Entered(number) => self.resolve_number(number.reveal()),
            DialTo::Agent(agent) => {
                let user = self.shared.config.agents().find(|user| user.name == agent.as_str())?;
                if let Some(contact) = &user.contact {
                    let towards = signaling::uri_address(contact)?.ip();
                    return Some((DialTarget::Uri(contact.clone()), towards, codecs::all(), Manner::Rtp));
                }
                let extension = user.extension.clone()?;
                let path = self.shared.registry.phone(&extension)?;
                let manner = if path.transport.is_web() { Manner::Web } else { Manner::Rtp };
                Some((DialTarget::Account(extension), path.remote.ip(), codecs::all(), manner))
            }
        }
    }

    /// A number is that of a phone of this house, or goes through the trunk when the configuration allows it.
    fn resolve_number(&self, number: &str) -> Option<(DialTarget, IpAddr, Capabilities, Manner)> {
        let config = &self.shared.config;
        if config.users.iter().any(|user| user.extension.as_deref() == Some(number)) {
            let path = self.shared.registry.phone(number)?;
            let manner = if path.transport.is_web() { Manner::Web } else { Manner::Rtp };
            return Some((DialTarget::Account(number.to_owned()), path.remote.ip(), codecs::all(), manner));
        }
        let outbound = config.outbound.as_ref()?;
        let uri = outbound.address(number)?;
        let towards = signaling::uri_address(&uri)?.ip();
        Some((DialTarget::Uri(uri), towards, codecs::all(), Manner::Rtp))
    }

    pub(super) async fn on_sip(&mut self, n: u16, news: LegNews) {
        match news {
            LegNews::Progress => self.feed(In::Leg(n, LegIn::Ringing)).await,
            LegNews::Digit(digit) => self.feed(In::Leg(n, LegIn::Digit(digit))).await,
            // What was agreed before the answer holds (RFC 3311).
            LegNews::Answered(None) if self.phone(n).is_some_and(|phone| phone.opened) => {
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
                if let Some(phone) = self.phone_mut(n) {
                    phone.answered = true;
                }
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
            Device::Browser(_) => None,
        }
    }

    pub(super) fn phone_mut(&mut self, n: u16) -> Option<&mut Phone> {
        match &mut self.legs.get_mut(&n)?.device {
            Device::Phone(phone) => Some(phone),
            Device::Browser(_) => None,
        }
    }
}
