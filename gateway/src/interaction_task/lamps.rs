//! What pages show of a call, for phones that watch the agents' extensions: an agent who talks at their page is busy too.

use std::collections::BTreeMap;

use interaction::{CallDevice, CallState, Show};
use kernel::AgentName;
use signaling::{CallDirection, CallStanding};

use super::InteractionTask;
use crate::extensions::{OnCall, extension_of};

/// Calls at pages, by whose.
pub(super) type Lamps = BTreeMap<AgentName, OnCall>;

impl InteractionTask {
    /// What is shown to pages is also how their agents' extensions stand.
    pub(super) fn shine(&mut self, show: &Show) {
        if !self.views.is_spoken() {
            return;
        }
        match show {
            Show::Offer { agent, .. } => self.lamp(agent, CallStanding::Early),
            Show::OfferOver { agent, end: Some(_) } => drop(self.lamps.remove(agent)),
            // Accepted: the call follows.
            Show::OfferOver { end: None, .. } | Show::Preview(_) => {}
            Show::Call(call) => match call.state {
                CallState::Ended => drop(self.lamps.remove(&call.agent)),
                // Their phone rings: its leg says so.
                CallState::Connecting if call.device == CallDevice::Phone => {}
                CallState::Connecting | CallState::Talking | CallState::Held | CallState::Parked => {
                    self.lamp(&call.agent, CallStanding::Confirmed);
                }
            },
        }
    }

    fn lamp(&mut self, agent: &AgentName, standing: CallStanding) {
        if let Some(lamp) = self.lamps.get(agent) {
            return lamp.stands(standing);
        }
        let Some(extension) = extension_of(&self.shared.config, agent) else { return };
        let direction = if self.placed_by == agent.as_str() {
            CallDirection::Initiator
        } else {
            CallDirection::Recipient
        };
        let lamp = self.shared.extensions.begin(extension, self.id, direction, standing);
        self.lamps.insert(agent.clone(), lamp);
    }
}
