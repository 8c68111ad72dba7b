//! Calls that we place: an agent's side first, or the customer's.
//!
//! Promises: the agent who calls is busy with it from the first moment; they hear it ring, or what the other side sends before
//! it answers; record, transcript, recording and ticket are those of any call. Leaves to others: whether the number may be
//! dialled and by which way (`gateway`), what a customer called first meets (`flow`).

use std::sync::Arc;
use std::time::Duration;

use desk::{ConversationState, Speaker};
use kernel::{AgentName, Context, Effects, Pii};

use crate::Interaction;
use crate::callback::Stage as Calling;
use crate::flow::CUSTOMER;
use crate::interaction::{Device, Line, Stage, Talk, Timer};
use crate::io::{DialTo, LegOut, MediaOut, Opening, Out, Settings};
use crate::record::{Note, opened};

/// How long the agent's own phone may ring, and the customer's.
const RING: Duration = Duration::from_secs(45);

/// What an agent calls with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentDevice {
    /// Their page.
    Page,
    /// Their phone.
    Phone,
}

/// Who is called first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// This agent, with that device; the customer when the agent is on the line.
    Agent(AgentName, AgentDevice),
    /// The customer, who meets the flow of the number when they answer.
    Customer,
}

impl Interaction {
    /// A call of ours begins.
    pub fn call_out(
        opening: &Opening,
        number: Pii<String>,
        first: First,
        settings: Arc<Settings>,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Self {
        let mut this = Self::blank(opening, opening.wall, settings, cx.now);
        this.outgoing = true;
        out.emit(Out::Record(opened(opening)));
        this.add_leg(cx.now, Speaker::Customer, None, "phone", out);
        match first {
            First::Agent(agent, device) => {
                this.callback = Some(Calling::Waiting(number));
                this.note(cx.now, Note::of("call_placed").detail(Self::detail("agent", agent.as_str())), out);
                this.agent_first(cx, agent, device, out);
            }
            First::Customer => {
                let by = opening.placed_by.as_ref().map_or("", AgentName::as_str);
                this.note(cx.now, Note::of("call_placed").detail(Self::detail("by", by)), out);
                this.callback = Some(Calling::CallingFirst(Box::new(opening.clone())));
                this.moved(ConversationState::Ringing, None, None, None, out);
                this.timers.set(Timer::Ring, cx.now + RING);
                out.emit(Out::Leg(CUSTOMER, LegOut::Dial(DialTo::Number(number))));
            }
        }
        this
    }

    fn agent_first(
        &mut self,
        cx: &mut Context<'_>,
        agent: AgentName,
        device: AgentDevice,
        out: &mut impl Effects<Out>,
    ) {
        let (device, name, patience) = match device {
            AgentDevice::Page => (Device::Browser, "browser", self.settings.timings.connect),
            AgentDevice::Phone => (Device::Phone, "phone", RING),
        };
        let leg = self.add_leg(cx.now, Speaker::Agent, Some(agent.clone()), name, out);
        out.emit(Out::Route(routing::In::Holding {
            work: self.id,
            agent: agent.clone(),
            medium: self.medium(),
            queue: None,
        }));
        self.moved(ConversationState::Talking, None, None, Some(agent.clone()), out);
        self.ticket_for(Some(agent.clone()), cx.now, out);
        self.stage = Stage::Talking(Talk::with(Some(agent.clone()), leg, device, Line::Connecting));
        out.emit(Out::Leg(
            leg,
            match device {
                Device::Phone => LegOut::Dial(DialTo::Agent(agent)),
                Device::Browser | Device::Text => LegOut::Browser(agent),
            },
        ));
        self.timers.set(Timer::Connect, cx.now + patience);
        self.show_call(out);
    }

    /// The customer whom we called first has answered: the flow begins as if they had called.
    pub(crate) fn called_customer_answered(
        &mut self,
        cx: &mut Context<'_>,
        opening: &Opening,
        out: &mut impl Effects<Out>,
    ) {
        self.callback = None;
        self.timers.clear(Timer::Ring);
        self.moved(ConversationState::Flow, None, None, None, out);
        self.restart_flow(opening, cx, out);
    }

    /// What is dialled sends what is to be heard before it answers: whoever called hears that and no tone of ours.
    pub(crate) fn on_early_media(&self, leg: u16, out: &mut impl Effects<Out>) {
        match &self.stage {
            Stage::Talking(talk) if leg == CUSTOMER && self.is_calling_back() => {
                out.emit(Out::Media(talk.leg, MediaOut::StopPlay));
                out.emit(Out::Bridge(vec![CUSTOMER, talk.leg]));
            }
            Stage::Dialing { leg: dialled, .. } if *dialled == leg => {
                out.emit(Out::Leg(CUSTOMER, LegOut::Ring));
            }
            _ => {}
        }
    }
}
