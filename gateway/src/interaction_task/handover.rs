//! Transfers by phones: REFER to a number of ours or to whom the phone consults, and phones that take a call over.
//!
//! Promises: no interaction waits for another; a phone that nobody wants any more is hung up. Leaves to others: what
//! a transfer means (`interaction`), SIP (`signaling`).

use std::sync::Arc;

use interaction::{Destination, Handing, In, Interaction, LegIn};
use kernel::AgentName;
use signaling::{Command, DialogId, Parting, Referral};
use tokio::runtime::Handle;

use super::legs::{Device, LegDriver};
use super::phone::{IncomingPhone, Phone};
use super::{InteractionTask, Msg};
use crate::flows::AtStep;
use crate::registry::{LegHandle, deliver};
use crate::shared::Shared;

/// What another interaction gives for an attended transfer.
pub enum Yielded {
    /// The phone that was talked with, and whose it is.
    Phone(YieldedPhone, Option<AgentName>),
    /// Nobody had answered: the number that was dialled.
    Number(String),
}

/// A phone on the line, on its way between two interactions.
pub struct YieldedPhone(Unowned<Box<Phone>>);

/// A phone whose dialog has no owner while it waits in an inbox: nobody takes it, it is hung up.
pub struct Unowned<T> {
    phone: Option<T>,
    dialog: DialogId,
    shared: Arc<Shared>,
}

impl<T> Unowned<T> {
    /// Watches over a phone with this dialog.
    pub fn new(phone: T, dialog: DialogId, shared: Arc<Shared>) -> Self {
        Self { phone: Some(phone), dialog, shared }
    }

    fn take(mut self) -> Option<T> {
        self.phone.take()
    }
}

impl<T> Drop for Unowned<T> {
    fn drop(&mut self) {
        // Without a runtime the process is at its end, and SIP with it.
        if let (Some(_), Ok(runtime)) = (&self.phone, Handle::try_current()) {
            let (shared, dialog) = (Arc::clone(&self.shared), self.dialog);
            runtime.spawn(async move {
                shared.order_sip(Command::Hangup { dialog, why: Parting::Plain }).await;
            });
        }
    }
}

/// A phone that is about to become a leg.
pub(super) enum Handed {
    /// It is on the line already.
    OnTheLine(Box<Phone>),
    /// It calls.
    Calling(Box<IncomingPhone>),
}

impl InteractionTask {
    /// A phone asks for a transfer.
    pub(super) async fn on_referred(&mut self, n: u16, refer: Referral) {
        match refer.replaces {
            None => self.refer_to(n, refer.to.reveal()).await,
            Some(dialog) => {
                let other = self.shared.registry.dialog(dialog);
                // Only what the phone itself called us for: the other side of that is whom it consulted.
                let other = other.filter(|o| o.leg == 0 && !o.inbox.same_channel(&self.own_inbox));
                match other.filter(|_| self.is_with(n)) {
                    Some(other) => {
                        self.answer_refer(n, 202).await;
                        let to = LegHandle { inbox: self.own_inbox.clone(), leg: n };
                        deliver(other.inbox, Msg::Yield { leg: other.leg, to });
                    }
                    None => self.answer_refer(n, 403).await,
                }
            }
        }
    }

    fn is_with(&self, n: u16) -> bool {
        self.core.as_ref().is_some_and(|core| core.is_with(n))
    }

    /// To a number of ours.
    async fn refer_to(&mut self, n: u16, called: &str) {
        let board = self.shared.flows.board();
        let Some((number, served)) = board.find(called) else {
            self.answer_refer(n, 404).await;
            // Accepted before, when the number was still a consultation.
            return self.notify_refer(n, 404).await;
        };
        let (entry, settings) = (number.entry.clone(), Arc::clone(&served.settings));
        self.next_served = Some(Arc::clone(served));
        self.feed(In::Leg(n, LegIn::Referred(Destination { called: called.to_owned(), entry, settings })))
            .await;
        self.next_served = None;
    }

    pub(super) async fn answer_refer(&mut self, n: u16, status: u16) {
        if status == 202
            && let Some(served) = self.next_served.take()
        {
            self.at_step = AtStep::new(Arc::clone(&served.here));
            self.served = served;
        }
        if let Some(dialog) = self.phone(n).map(Phone::dialog) {
            self.shared.order_sip(Command::AnswerRefer { dialog, status }).await;
        }
    }

    pub(super) async fn notify_refer(&mut self, n: u16, status: u16) {
        if let Some(dialog) = self.phone(n).map(Phone::dialog) {
            self.shared.order_sip(Command::NotifyRefer { dialog, status }).await;
        }
    }

    /// Gives the phone at the other side away; this interaction is over then.
    pub(super) async fn yield_other(&mut self, leg: u16, to: LegHandle) {
        let other = self.core.as_ref().and_then(Interaction::phone_of_the_other);
        let other = other.filter(|_| leg == 0).and_then(|(n, agent)| Some((self.give(n)?, agent)));
        let yielded = match other {
            Some((driver, agent)) => {
                if let Some(slot) = driver.slot() {
                    self.end_listening(slot, driver.ears).await;
                }
                match driver.device {
                    Device::Phone(phone) => Yielded::Phone(self.unowned(*phone), agent),
                    Device::Browser(_) | Device::Feed(_) => Yielded::Number(self.called.clone()),
                }
            }
            None => Yielded::Number(self.called.clone()),
        };
        // First the end here, so that the agent is free before they have the other call.
        self.feed(In::Yielded).await;
        deliver(to.inbox, Msg::Yielded(to.leg, yielded));
    }

    fn unowned(&self, phone: Phone) -> YieldedPhone {
        let phone = Box::new(phone.handed_over());
        let dialog = phone.dialog();
        YieldedPhone(Unowned::new(phone, dialog, Arc::clone(&self.shared)))
    }

    /// Takes a phone out of the legs.
    fn give(&mut self, n: u16) -> Option<LegDriver> {
        matches!(self.legs.get(&n)?.device, Device::Phone(_)).then(|| self.legs.remove(&n)).flatten()
    }

    /// What the other interaction gave.
    pub(super) async fn on_yielded(&mut self, n: u16, yielded: Yielded) {
        match yielded {
            Yielded::Phone(YieldedPhone(phone), agent) if self.is_with(n) => {
                self.handed = phone.take().map(Handed::OnTheLine);
                self.feed(In::Leg(n, LegIn::HandedOver { agent, how: Handing::Transferred })).await;
            }
            // The customer or the agent left meanwhile.
            Yielded::Phone(..) => {}
            Yielded::Number(called) => self.refer_to(n, &called).await,
        }
    }

    /// A phone takes the place of a leg.
    pub(super) async fn replace(&mut self, n: u16, phone: Unowned<IncomingPhone>, agent: Option<AgentName>) {
        if !self.is_with(n) {
            let why = "only the phone of an agent can be replaced";
            return self.shared.refuse(phone.dialog, 403, None, why).await;
        }
        self.handed = phone.take().map(|phone| Handed::Calling(Box::new(phone)));
        self.feed(In::Leg(n, LegIn::HandedOver { agent, how: Handing::Replaced })).await;
    }

    /// The phone that was handed over becomes a leg.
    pub(super) async fn take_over(&mut self, n: u16) {
        let (driver, calls) = match self.handed.take() {
            Some(Handed::OnTheLine(phone)) => (LegDriver::new(Device::Phone(phone)), false),
            Some(Handed::Calling(phone)) => (LegDriver::incoming(*phone, self.shared.config.srtp), true),
            None => return,
        };
        self.legs.insert(n, driver);
        if let Some(dialog) = self.phone(n).map(Phone::dialog) {
            let leg = LegHandle { inbox: self.own_inbox.clone(), leg: n };
            self.shared.registry.add_dialog(dialog, leg);
            self.shared.ladder.belongs(dialog, self.id, n);
        }
        match calls {
            true => self.answer(n).await,
            false => self.move_here(n).await,
        }
    }
}
