//! Pictures of offers and calls as agents' pages show them.

use api::{CallView, Live, OfferView};
use desk::Channel;
use interaction::{CallShow, CallState, Opening, Show};
use kernel::InteractionId;

use crate::clock::wall_of;

/// What was shown last, for pages that connect later.
pub(super) struct Views {
    channel: Channel,
    caller: String,
    user: String,
    name: Option<String>,
    offers: Vec<OfferView>,
    call: Option<CallView>,
}

impl Views {
    pub(super) fn new(opening: &Opening) -> Self {
        let caller = desk::address::shown(&opening.address);
        Self {
            channel: opening.channel,
            caller,
            user: opening.caller.clone(),
            name: opening.name.clone(),
            offers: Vec::new(),
            call: None,
        }
    }

    /// User part and name of the customer, for phones that are dialled on their behalf.
    pub(super) fn caller(&self) -> (String, Option<String>) {
        (self.user.clone(), self.name.clone())
    }

    pub(super) fn holding(&self) -> (Vec<OfferView>, Option<CallView>) {
        (self.offers.clone(), self.call.clone())
    }

    pub(super) fn show(&mut self, conversation: InteractionId, show: Show) -> Option<Live> {
        match show {
            Show::Preview(preview) => Some(Live::Preview(preview)),
            Show::Offer { agent, until, queue, why } => {
                let offer = OfferView {
                    conversation,
                    agent,
                    channel: self.channel,
                    caller: self.caller.clone(),
                    name: self.name.clone(),
                    queue,
                    why: Some(why),
                    until: wall_of(until),
                };
                self.offers.push(offer.clone());
                Some(Live::Offer(offer))
            }
            Show::OfferOver { agent, end } => {
                self.offers.retain(|offer| offer.agent != agent);
                Some(Live::OfferOver { conversation, agent, end })
            }
            Show::Call(call) => {
                let call = view(conversation, call);
                self.call = Some(call.clone()).filter(|call| call.state != "ended");
                Some(Live::Call(call))
            }
        }
    }
}

fn view(conversation: InteractionId, call: CallShow) -> CallView {
    let state = match call.state {
        CallState::Connecting => "connecting",
        CallState::Talking => "talking",
        CallState::Held => "held",
        CallState::Parked => "parked",
        CallState::Ended => "ended",
    };
    let silent = match call.silent {
        (true, _) => Some("customer".to_owned()),
        (false, true) => Some("agent".to_owned()),
        (false, false) => None,
    };
    CallView {
        conversation,
        agent: call.agent,
        state: state.to_owned(),
        device: if call.phone { "phone" } else { "browser" }.to_owned(),
        muted: call.muted,
        silent,
        since: call.since.map(wall_of),
    }
}
