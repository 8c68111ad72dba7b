//! Offers: ringing an agent's page and phone, and what follows from each answer.

use desk::{Change, ConversationState, Speaker};
use kernel::{AgentName, Context, Effects, QueueName, Time};
use routing::{OfferEnd, OfferReason};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Asked, Consult, Device, Line, Offer, Stage, Talk, Timer, Waiting};
use crate::io::{DialTo, LegOut, MediaOut, Out, Refused, RouterIn, Show};
use crate::legs::BROWSER;
use crate::record::{Note, reason_json};

impl Interaction {
    pub(crate) fn on_router(&mut self, cx: &mut Context<'_>, news: RouterIn, out: &mut impl Effects<Out>) {
        match news {
            RouterIn::Offered { agent, until, why, desk, phone } => {
                self.ring(cx, Ringing { agent, until, why, desk, phone }, out)
            }
            RouterIn::OfferOver { agent, end } => self.offer_over(cx, &agent, end, out),
            RouterIn::Unavailable { why } if self.is_asking() => self.asked_failed(cx, &why, out),
            RouterIn::Unavailable { why } => {
                if self.not_taken(cx, &why, out) {
                    return;
                }
                if matches!(self.stage, Stage::Waiting(_)) {
                    self.stage = Stage::Flow;
                    self.note(cx.now, Note::of("unavailable").detail(Self::detail("why", &why)), out);
                    self.tell_flow(cx, ivr::In::Failed(why), out);
                }
            }
            RouterIn::Placed { place, wait }
                if self.channel.is_waited_on() && matches!(self.stage, Stage::Waiting(_)) =>
            {
                let minutes = wait.map(crate::queued::minutes);
                self.tell_flow(cx, ivr::In::Placed { place, minutes }, out);
            }
            RouterIn::Placed { .. } => {}
            RouterIn::Moved { queue, why } => self.moved_to(cx, queue, &why, out),
        }
    }

    /// The router's rules sent it to another queue, with its place.
    fn moved_to(&mut self, cx: &mut Context<'_>, queue: QueueName, why: &str, out: &mut impl Effects<Out>) {
        let Stage::Waiting(waiting) = &mut self.stage else { return };
        waiting.target = routing::Target::Queue(queue.clone());
        let since = waiting.since;
        let detail = serde_json::json!({ "queue": queue, "why": why }).to_string();
        self.note(cx.now, Note::of("queue_moved").detail(detail), out);
        self.moved(ConversationState::Waiting, Some(queue), Some(since), None, out);
    }

    fn ring(&mut self, cx: &mut Context<'_>, ringing: Ringing, out: &mut impl Effects<Out>) {
        let Ringing { agent, until, why, desk, phone } = ringing;
        if self.waiting().is_none_or(|waiting| waiting.offer_to(&agent).is_some()) {
            // The customer left, or somebody else has it: the router hears of that by another road.
            out.emit(Out::Route(routing::In::Declined { work: self.id, agent }));
            return;
        }
        let rings_phone = phone && self.is_spoken();
        let leg =
            rings_phone.then(|| self.add_leg(cx.now, Speaker::Agent, Some(agent.clone()), "phone", out));
        self.note(cx.now, Note::of("offered").detail(reason_json(&agent, &why)), out);
        if matches!(self.stage, Stage::Waiting(_)) {
            self.moved(ConversationState::Ringing, None, None, Some(agent.clone()), out);
        }
        if let Some(leg) = leg {
            out.emit(Out::Leg(leg, LegOut::Dial(DialTo::Agent(agent.clone()))));
        }
        if desk {
            out.emit(Out::Show(Show::Offer { agent: agent.clone(), until, queue: self.queue(), why }));
        }
        if let Some(waiting) = self.waiting_mut() {
            waiting.offers.push(Offer { agent, phone: leg, desk });
        }
    }

    /// What the router looks for on our behalf: somebody for the customer, or somebody to be asked.
    fn waiting_mut(&mut self) -> Option<&mut Waiting> {
        match &mut self.stage {
            Stage::Waiting(waiting) => Some(waiting),
            Stage::Talking(Talk {
                consult: Some(Consult { stage: Asked::Ringing(waiting), .. }), ..
            }) => Some(waiting),
            _ => None,
        }
    }

    fn waiting(&self) -> Option<&Waiting> {
        match &self.stage {
            Stage::Waiting(waiting) => Some(waiting),
            Stage::Talking(Talk {
                consult: Some(Consult { stage: Asked::Ringing(waiting), .. }), ..
            }) => Some(waiting),
            _ => None,
        }
    }

    /// Whose phone rings on this leg.
    pub(crate) fn rung_at(&self, leg: u16) -> Option<AgentName> {
        let offer = self.waiting()?.offers.iter().find(|offer| offer.phone == Some(leg))?;
        Some(offer.agent.clone())
    }

    pub(crate) fn take_offer(&mut self, agent: &AgentName) -> Option<Offer> {
        let waiting = self.waiting_mut()?;
        let at = waiting.offers.iter().position(|offer| offer.agent == *agent)?;
        Some(waiting.offers.remove(at))
    }

    /// The router took the offer back: stop ringing, keep waiting.
    fn offer_over(
        &mut self,
        cx: &mut Context<'_>,
        agent: &AgentName,
        end: OfferEnd,
        out: &mut impl Effects<Out>,
    ) {
        let Some(offer) = self.take_offer(agent) else { return };
        self.stop_ringing(cx.now, &offer, Some(end), out);
        let code = match end {
            OfferEnd::TimedOut => "timed_out",
            OfferEnd::Declined => "declined",
            OfferEnd::Withdrawn => "withdrawn",
            OfferEnd::Unreachable => "unreachable",
        };
        self.note(cx.now, Note::of("offer_over").detail(Self::detail("end", code)), out);
        let (asking, queue) = (self.is_asking(), self.queue());
        let Some(waiting) = self.waiting_mut() else { return };
        let direct = matches!(waiting.target, routing::Target::Agent(_));
        let why = if end == OfferEnd::Declined { "refused" } else { "no_answer" };
        if asking {
            // A queue goes on looking; one agent who does not want to is the end of it.
            if direct {
                self.asked_failed(cx, why, out);
            }
        } else if direct {
            out.emit(Out::Route(routing::In::Withdrawn { work: self.id }));
            if self.not_taken(cx, why, out) {
                return;
            }
            self.stage = Stage::Flow;
            self.tell_flow(cx, ivr::In::Failed(why.to_owned()), out);
        } else if matches!(&self.stage, Stage::Waiting(waiting) if waiting.offers.is_empty()) {
            self.moved(ConversationState::Waiting, queue, None, None, out);
        }
    }

    /// Silences page and phone of an offer.
    pub(crate) fn stop_ringing(
        &mut self,
        now: Time,
        offer: &Offer,
        end: Option<OfferEnd>,
        out: &mut impl Effects<Out>,
    ) {
        if let Some(leg) = offer.phone.filter(|leg| self.legs.is_open(*leg)) {
            // Without an end the offer was taken, on the agent's page.
            out.emit(Out::Leg(leg, end.map_or(LegOut::TakenElsewhere, |_| LegOut::Hangup)));
            self.leg_ended(leg, kernel::Fault::None, "not_taken", now, out);
        }
        if offer.desk {
            out.emit(Out::Show(Show::OfferOver { agent: offer.agent.clone(), end }));
        }
    }

    pub(crate) fn accept_in_browser(
        &mut self,
        cx: &mut Context<'_>,
        agent: &AgentName,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let Some(offer) = self.take_offer(agent) else { return Err(self.not_offered()) };
        self.stop_ringing(cx.now, &offer, None, out);
        if self.is_asking() {
            let leg = self.add_leg(cx.now, Speaker::Agent, Some(agent.clone()), BROWSER, out);
            out.emit(Out::Leg(leg, LegOut::Browser(agent.clone())));
            self.asked_accepted(cx, Some(agent.clone()), leg, Device::Browser, out);
            return Ok(());
        }
        let (device, line) =
            if self.is_spoken() { (Device::Browser, Line::Connecting) } else { (Device::Text, Line::Open) };
        let name = if device == Device::Browser { BROWSER } else { "text" };
        let leg = self.add_leg(cx.now, Speaker::Agent, Some(agent.clone()), name, out);
        self.agent_has_it(cx, Taken { agent: agent.clone(), leg, device, line }, out);
        if device == Device::Browser {
            out.emit(Out::Leg(leg, LegOut::Browser(agent.clone())));
            self.timers.set(Timer::Connect, cx.now + self.settings.timings.connect);
        } else {
            self.connected(cx, out);
        }
        Ok(())
    }

    pub(crate) fn decline(&mut self, agent: &AgentName, out: &mut impl Effects<Out>) -> Result<(), Refused> {
        if self.waiting().is_none_or(|waiting| waiting.offer_to(agent).is_none()) {
            return Err(self.not_offered());
        }
        // The router ends the offer, with its bookkeeping, and tells us.
        out.emit(Out::Route(routing::In::Declined { work: self.id, agent: agent.clone() }));
        Ok(())
    }

    fn not_offered(&self) -> Refused {
        if self.is_live() { Refused::NotYours } else { Refused::Over }
    }

    /// The agent's phone answered.
    pub(crate) fn phone_answered(&mut self, cx: &mut Context<'_>, leg: u16, out: &mut impl Effects<Out>) {
        let agent = self.rung_at(leg);
        let Some((agent, offer)) =
            agent.and_then(|agent| self.take_offer(&agent).map(|offer| (agent, offer)))
        else {
            out.emit(Out::Leg(leg, LegOut::Hangup));
            return;
        };
        if offer.desk {
            out.emit(Out::Show(Show::OfferOver { agent: agent.clone(), end: None }));
        }
        if self.is_asking() {
            return self.asked_accepted(cx, Some(agent), leg, Device::Phone, out);
        }
        self.agent_has_it(cx, Taken { agent, leg, device: Device::Phone, line: Line::Open }, out);
        self.connected(cx, out);
    }

    /// The agent's phone refused or cannot be had: with a page the offer rings on there, else it is declined.
    pub(crate) fn phone_failed(&mut self, agent: &AgentName, out: &mut impl Effects<Out>) {
        let Some(waiting) = self.waiting_mut() else { return };
        let Some(offer) = waiting.offers.iter_mut().find(|offer| offer.agent == *agent) else { return };
        offer.phone = None;
        if !offer.desk {
            out.emit(Out::Route(routing::In::Declined { work: self.id, agent: agent.clone() }));
        }
    }

    fn agent_has_it(&mut self, cx: &mut Context<'_>, taken: Taken, out: &mut impl Effects<Out>) {
        let Taken { agent, leg, device, line } = taken;
        let waited = match core::mem::replace(&mut self.stage, Stage::Flow) {
            Stage::Waiting(mut waiting) => {
                // It rang at others too: they were not as fast.
                for other in core::mem::take(&mut waiting.offers) {
                    self.stop_ringing(cx.now, &other, Some(OfferEnd::Withdrawn), out);
                }
                Some(waiting)
            }
            _ => None,
        };
        out.emit(Out::Route(routing::In::Accepted { work: self.id, agent: agent.clone() }));
        self.note(cx.now, Note::of("accepted").leg(leg).detail(Self::detail("agent", agent.as_str())), out);
        self.moved(ConversationState::Talking, None, None, Some(agent.clone()), out);
        self.unread = false;
        self.ticket_for(Some(agent.clone()), cx.now, out);
        // Who was handed over goes back to the queue they came from, should this agent be lost.
        let waited = match waited {
            Some(Waiting { handed: Some(handed), target: routing::Target::Agent(_), .. }) => {
                handed.back.map(|back| *back)
            }
            other => other,
        };
        self.stage = Stage::Talking(Talk { waited, ..Talk::with(Some(agent), leg, device, line) });
        self.show_call(out);
    }

    /// The conversation gets its ticket, with whoever is on it.
    pub(crate) fn ticket_for(
        &self,
        assignee: Option<AgentName>,
        now: kernel::Time,
        out: &mut impl Effects<Out>,
    ) {
        let at = self.wall(now);
        out.emit(Out::Record(Change::TicketFor { id: self.id, subject: self.subject(), assignee, at }));
    }

    pub(crate) fn subject(&self) -> String {
        desk::subject(self.channel, &self.address, self.queue().as_ref(), self.lang)
    }

    /// They hear (or read) each other from now on.
    pub(crate) fn connected(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        let spoken = self.is_spoken();
        if self.is_to_be_called() {
            return self.call_customer(cx, out);
        }
        // The agent's page came back; the customer has not answered yet.
        if self.is_calling_back() {
            return;
        }
        let Stage::Talking(talk) = &mut self.stage else { return };
        let first = talk.since.is_none();
        talk.since.get_or_insert(cx.now);
        talk.line = Line::Open;
        let (leg, agent) = (talk.leg, talk.agent.clone());
        self.timers.clear(Timer::Connect);
        self.timers.clear(Timer::Park);
        self.timers.clear(Timer::Grace);
        if first {
            if spoken {
                out.emit(Out::Leg(CUSTOMER, LegOut::Answer));
            }
            let detail = agent.as_ref().map_or_else(String::new, |agent| agent.as_str().to_owned());
            self.note(cx.now, Note::of("connected").leg(leg).detail(Self::detail("agent", &detail)), out);
            self.tell_flow(cx, ivr::In::Connected, out);
        }
        if spoken {
            self.arrange(out);
            out.emit(Out::Media(CUSTOMER, MediaOut::Watch(true)));
            out.emit(Out::Media(leg, MediaOut::Watch(true)));
            self.tape_talk(cx, out);
        }
        self.show_call(out);
    }
}

struct Ringing {
    agent: AgentName,
    until: Time,
    why: OfferReason,
    desk: bool,
    phone: bool,
}

struct Taken {
    agent: AgentName,
    leg: u16,
    device: Device,
    line: Line,
}
