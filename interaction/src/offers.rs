//! Offers: ringing an agent's page and phone, and what follows from each answer.

use desk::{Change, ConversationState, Speaker};
use kernel::{AgentName, Context, Effects, Time};
use routing::{OfferEnd, OfferReason};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Device, Line, Offer, Stage, Talk, Timer};
use crate::io::{DialTo, LegOut, MediaOut, Out, Refused, RouterIn, Show};
use crate::record::{Note, reason_json};

impl Interaction {
    pub(crate) fn on_router(&mut self, cx: &mut Context<'_>, news: RouterIn, out: &mut impl Effects<Out>) {
        match news {
            RouterIn::Offered { agent, until, why, desk, phone } => {
                self.ring(cx, Ringing { agent, until, why, desk, phone }, out)
            }
            RouterIn::OfferOver { agent, end } => self.offer_over(cx, &agent, end, out),
            RouterIn::Unavailable { why } => {
                if matches!(self.stage, Stage::Waiting(_)) {
                    self.stage = Stage::Flow;
                    self.note(cx.now, Note::of("unavailable").detail(Self::detail("why", &why)), out);
                    self.tell_flow(cx, ivr::In::Failed(why), out);
                }
            }
        }
    }

    fn ring(&mut self, cx: &mut Context<'_>, ringing: Ringing, out: &mut impl Effects<Out>) {
        let Ringing { agent, until, why, desk, phone } = ringing;
        if !matches!(&self.stage, Stage::Waiting(waiting) if waiting.offer.is_none()) {
            // The customer left, or somebody else has it: the router hears of that by another road.
            out.emit(Out::Route(routing::In::Declined { work: self.id, agent }));
            return;
        }
        let rings_phone = phone && self.is_spoken();
        let leg =
            rings_phone.then(|| self.add_leg(cx.now, Speaker::Agent, Some(agent.clone()), "phone", out));
        self.note(cx.now, Note::of("offered").detail(reason_json(&agent, &why)), out);
        self.moved(ConversationState::Ringing, None, None, Some(agent.clone()), out);
        if let Some(leg) = leg {
            out.emit(Out::Leg(leg, LegOut::Dial(DialTo::Agent(agent.clone()))));
        }
        if desk {
            out.emit(Out::Show(Show::Offer { agent: agent.clone(), until, queue: self.queue(), why }));
        }
        if let Stage::Waiting(waiting) = &mut self.stage {
            waiting.offer = Some(Offer { agent, phone: leg, desk });
        }
    }

    fn take_offer(&mut self, agent: &AgentName) -> Option<Offer> {
        match &mut self.stage {
            Stage::Waiting(waiting) if waiting.offer.as_ref().is_some_and(|offer| offer.agent == *agent) => {
                waiting.offer.take()
            }
            _ => None,
        }
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
        let (direct, queue) = match &self.stage {
            Stage::Waiting(waiting) => (matches!(waiting.target, routing::Target::Agent(_)), self.queue()),
            _ => return,
        };
        if direct {
            self.stage = Stage::Flow;
            out.emit(Out::Route(routing::In::Withdrawn { work: self.id }));
            let why = if end == OfferEnd::Declined { "refused" } else { "no_answer" };
            self.tell_flow(cx, ivr::In::Failed(why.to_owned()), out);
        } else {
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
        let (device, line) =
            if self.is_spoken() { (Device::Browser, Line::Connecting) } else { (Device::Text, Line::Open) };
        let name = if device == Device::Browser { "browser" } else { "text" };
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
        if !matches!(&self.stage, Stage::Waiting(w) if w.offer.as_ref().is_some_and(|o| o.agent == *agent)) {
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
        let agent = match &self.stage {
            Stage::Waiting(waiting) => waiting
                .offer
                .as_ref()
                .filter(|offer| offer.phone == Some(leg))
                .map(|offer| offer.agent.clone()),
            _ => None,
        };
        let Some((agent, offer)) =
            agent.and_then(|agent| self.take_offer(&agent).map(|offer| (agent, offer)))
        else {
            out.emit(Out::Leg(leg, LegOut::Hangup));
            return;
        };
        if offer.desk {
            out.emit(Out::Show(Show::OfferOver { agent: agent.clone(), end: None }));
        }
        self.agent_has_it(cx, Taken { agent, leg, device: Device::Phone, line: Line::Open }, out);
        self.connected(cx, out);
    }

    /// The agent's phone refused or cannot be had: with a page the offer rings on there, else it is declined.
    pub(crate) fn phone_failed(&mut self, agent: &AgentName, out: &mut impl Effects<Out>) {
        let Stage::Waiting(waiting) = &mut self.stage else { return };
        let Some(offer) = waiting.offer.as_mut() else { return };
        offer.phone = None;
        if !offer.desk {
            out.emit(Out::Route(routing::In::Declined { work: self.id, agent: agent.clone() }));
        }
    }

    fn agent_has_it(&mut self, cx: &mut Context<'_>, taken: Taken, out: &mut impl Effects<Out>) {
        let Taken { agent, leg, device, line } = taken;
        let waited = match core::mem::replace(&mut self.stage, Stage::Flow) {
            Stage::Waiting(waiting) => Some(waiting),
            _ => None,
        };
        out.emit(Out::Route(routing::In::Accepted { work: self.id, agent: agent.clone() }));
        self.note(cx.now, Note::of("accepted").leg(leg).detail(Self::detail("agent", agent.as_str())), out);
        self.moved(ConversationState::Talking, None, None, Some(agent.clone()), out);
        out.emit(Out::Record(Change::TicketFor {
            id: self.id,
            subject: self.subject(),
            assignee: Some(agent.clone()),
            at: self.wall(cx.now),
        }));
        self.stage = Stage::Talking(Talk {
            agent: Some(agent),
            leg,
            device,
            line,
            muted: false,
            since: None,
            waited,
            silent: (false, false),
        });
        self.show_call(out);
    }

    pub(crate) fn subject(&self) -> String {
        desk::subject(self.channel, &self.caller, self.queue().as_ref(), self.lang)
    }

    /// They hear (or read) each other from now on.
    pub(crate) fn connected(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        let spoken = self.is_spoken();
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
            out.emit(Out::Media(CUSTOMER, MediaOut::StopPlay));
            out.emit(Out::Bridge(vec![CUSTOMER, leg]));
            out.emit(Out::Media(CUSTOMER, MediaOut::Watch(true)));
            out.emit(Out::Media(leg, MediaOut::Watch(true)));
            if agent.is_some() {
                self.listen(CUSTOMER, out);
                self.listen(leg, out);
            }
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
