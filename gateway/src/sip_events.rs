//! News from SIP on its way to its owners: calls to admission, dialogs to their legs, registrations to the router.
//!
//! Promises: news of a dialog reaches its leg in order. Leaves to others: what it means.

use std::sync::Arc;

use kernel::AgentName;
use signaling::{DialogId, EndCause, Referral};
use tokio::sync::mpsc;

use crate::admission::Admission;
use crate::interaction_task::Msg;
use crate::net::SipEvent;
use crate::router_task::RouterMsg;
use crate::shared::Shared;

/// News of one leg's dialog.
#[derive(Clone, Debug, PartialEq)]
pub enum LegNews {
    /// It rings, or sends early media: their answer then.
    Progress(Option<Vec<u8>>),
    /// The dialled party answered.
    Answered(Option<Vec<u8>>),
    /// Our 200 was acknowledged; their answer when ours carried the offer.
    Confirmed(Option<Vec<u8>>),
    /// A new offer; `None` asks for ours.
    Reoffered(Option<Vec<u8>>),
    /// Our own offer was answered.
    Reanswered(Option<Vec<u8>>),
    /// Our own offer was refused.
    ReofferFailed,
    /// It asks for a transfer.
    Referred(Referral),
    /// A key by INFO.
    Digit(char),
    /// Over.
    Ended(EndCause),
}

/// Passes news on until SIP ends.
pub async fn run(mut events: mpsc::Receiver<SipEvent>, shared: Arc<Shared>, admission: Arc<Admission>) {
    while let Some(event) = events.recv().await {
        match event {
            SipEvent::Invited(call) => admission.admit_call(call).await,
            SipEvent::Progress { dialog, sdp, .. } => tell(&shared, dialog, LegNews::Progress(sdp)).await,
            SipEvent::Banned(ban) => shared.bans.banned(ban),
            SipEvent::Trunk { name, state } => shared.trunks.stands(name, state),
            SipEvent::Answered { dialog, sdp, .. } => tell(&shared, dialog, LegNews::Answered(sdp)).await,
            SipEvent::Confirmed { dialog, sdp } => tell(&shared, dialog, LegNews::Confirmed(sdp)).await,
            SipEvent::Reoffered { dialog, sdp } => tell(&shared, dialog, LegNews::Reoffered(sdp)).await,
            SipEvent::Reanswered { dialog, sdp } => tell(&shared, dialog, LegNews::Reanswered(sdp)).await,
            SipEvent::ReofferFailed { dialog } => tell(&shared, dialog, LegNews::ReofferFailed).await,
            SipEvent::Referred { dialog, refer } => tell(&shared, dialog, LegNews::Referred(refer)).await,
            SipEvent::Digit { dialog, digit } => tell(&shared, dialog, LegNews::Digit(digit)).await,
            SipEvent::Ended { dialog, cause } => {
                tell(&shared, dialog, LegNews::Ended(cause)).await;
                shared.registry.remove_dialog(dialog);
            }
            SipEvent::Registered(binding) => {
                shared.registry.phone_registered(&binding.user, binding.path);
                phone(&shared, &binding.user, true).await;
            }
            SipEvent::Unregistered { user } => {
                shared.registry.phone_gone(&user);
                phone(&shared, &user, false).await;
            }
        }
    }
}

async fn tell(shared: &Shared, dialog: DialogId, news: LegNews) {
    if let Some(leg) = shared.registry.dialog(dialog) {
        // An interaction that is over has hung up its dialogs already.
        let _gone = leg.inbox.send(Msg::Sip(leg.leg, news)).await;
    }
}

async fn phone(shared: &Shared, extension: &str, there: bool) {
    let mut agents = shared.config.agents();
    if let Some(agent) = agents.find(|agent| agent.extension.as_deref() == Some(extension)) {
        shared.router.tell(RouterMsg::Phone(AgentName::new(&agent.name), there)).await;
    }
}
