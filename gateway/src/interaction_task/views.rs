//! Pictures of offers and calls as agents' pages show them.

use std::collections::BTreeMap;

use api::{CallView, Live, OfferView, OtherView, QualityView};
use desk::Channel;
use interaction::{
    CallDevice, CallShow, CallState, Opening, OtherShow, OtherState, Part, Recording, Show, Watch,
};
use kernel::{AgentName, InteractionId};

use crate::clock::wall_of;

/// What was shown last, for pages that connect later.
pub(super) struct Views {
    channel: Channel,
    caller: String,
    user: String,
    name: Option<String>,
    offers: Vec<OfferView>,
    /// By whom: the holder, guests, supervisors.
    calls: BTreeMap<AgentName, CallView>,
    quality: Vec<QualityView>,
    /// By whom: how often their page was asked to bring its media anew.
    attach: BTreeMap<AgentName, u32>,
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
            calls: BTreeMap::new(),
            quality: Vec::new(),
            attach: BTreeMap::new(),
        }
    }

    /// User part and name of the customer, for phones that are dialled on their behalf.
    pub(super) fn caller(&self) -> (String, Option<String>) {
        (self.user.clone(), self.name.clone())
    }

    pub(super) fn holding(&self) -> (Vec<OfferView>, Vec<CallView>) {
        (self.offers.clone(), self.calls.values().cloned().collect())
    }

    /// Whether it is talked, not written.
    pub(super) fn is_spoken(&self) -> bool {
        self.channel.is_spoken()
    }

    /// Whether pictures belong to this conversation.
    pub(super) fn has_pictures(&self) -> bool {
        self.channel == Channel::Video
    }

    /// The agent's page is to bring its media anew; the call to show.
    pub(super) fn attach_again(&mut self, agent: &AgentName) -> Option<CallView> {
        let times = self.attach.entry(agent.clone()).or_default();
        *times = times.saturating_add(1);
        let call = self.calls.get_mut(agent)?;
        call.attach = *times;
        Some(call.clone())
    }

    /// Whether anybody is shown a call.
    pub(super) fn has_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    /// How the legs are heard now; the calls to show anew, if anything changed.
    pub(super) fn heard(&mut self, quality: Vec<QualityView>) -> Vec<CallView> {
        if self.quality == quality {
            return Vec::new();
        }
        self.quality = quality;
        for call in self.calls.values_mut() {
            call.quality.clone_from(&self.quality);
        }
        self.calls.values().cloned().collect()
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
                let agent = call.agent.clone();
                let call = CallView {
                    quality: self.quality.clone(),
                    video: self.has_pictures(),
                    attach: self.attach.get(&agent).copied().unwrap_or(0),
                    ..view(conversation, call)
                };
                if call.state == "ended" {
                    self.calls.remove(&agent);
                } else {
                    self.calls.insert(agent, call.clone());
                }
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
        device: device(call.device).to_owned(),
        muted: call.muted,
        silent,
        since: call.since.map(wall_of),
        part: part(call.part).to_owned(),
        others: call.others.into_iter().map(other).collect(),
        recording: call.recording.map(on_or_paused),
        may_record: call.may_record,
        transcription: call.transcription.map(on_or_paused),
        watched_by: call.watched_by.iter().map(|name| name.as_str().to_owned()).collect(),
        quality: Vec::new(),
        video: false,
        attach: 0,
    }
}

const fn device(device: CallDevice) -> &'static str {
    match device {
        CallDevice::Browser => "browser",
        CallDevice::Phone => "phone",
        CallDevice::Elsewhere => "elsewhere",
    }
}

fn on_or_paused(state: Recording) -> String {
    match state {
        Recording::On => "on".to_owned(),
        Recording::Paused => "paused".to_owned(),
    }
}

const fn part(part: Part) -> &'static str {
    match part {
        Part::Holder => "holder",
        Part::Guest => "guest",
        Part::Watcher(Watch::Listen) => "listen",
        Part::Watcher(Watch::Whisper) => "whisper",
        Part::Watcher(Watch::Barge) => "barge",
    }
}

fn other(other: OtherShow) -> OtherView {
    let state = match other.state {
        OtherState::Ringing => "ringing",
        OtherState::Aside => "aside",
        OtherState::Waiting => "waiting",
        OtherState::Joined => "joined",
    };
    OtherView { who: other.who, state: state.to_owned() }
}
