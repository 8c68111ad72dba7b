//! Blind transfer: the agent hands the customer over and is free; the customer hears music until somebody takes them.
//!
//! Promises: conversation, ticket and transcript go on; who handed over, to whom and when is recorded; a customer whom nobody
//! takes goes back to the queue they came from, in their old place. Leaves to others: consultations (`consult`).

use desk::{ConversationState, Speaker};
use kernel::{AgentName, Context, Effects, Fault, Pii, QueueName};
use routing::Target;

use crate::Interaction;
use crate::consult::named;
use crate::interaction::{Handed, Stage, Timer, Waiting};
use crate::io::{DialTo, LegOut, Out, Refused};
use crate::record::Note;

/// Where a call goes on: the target of a transfer or a consultation, whoever asks for it (a page, the API, a phone's REFER).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferTo {
    /// Another agent.
    Agent(AgentName),
    /// Whoever this queue's rules pick.
    Queue(QueueName),
    /// A number or SIP URI that the driver dials.
    Number(String),
}

impl Interaction {
    pub(crate) fn transfer(
        &mut self,
        cx: &mut Context<'_>,
        to: TransferTo,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let (leg, by) = self.may_hand_over()?;
        if matches!(&to, TransferTo::Agent(agent) if *agent == by) {
            return Err(Refused::WrongState);
        }
        let (kind, who) = named(&to);
        let Some(talk) = self.leave_talk(cx, Fault::None, "transferred", out) else {
            return Err(Refused::WrongState);
        };
        let detail = serde_json::json!({ "by": by, "to": who, "kind": kind, "how": "blind" }).to_string();
        self.note(cx.now, Note::of("transferred").leg(leg).detail(detail), out);
        let handed = Handed { by, back: talk.waited.map(Box::new), parked: false };
        self.comfort_customer(out);
        match to {
            TransferTo::Agent(agent) => self.wait_handed(cx, Target::Agent(agent), handed, out),
            TransferTo::Queue(queue) => self.wait_handed(cx, Target::Queue(queue), handed, out),
            TransferTo::Number(number) => {
                let leg = self.add_leg(cx.now, Speaker::Agent, None, "phone", out);
                self.timers.set(Timer::Ring, cx.now + self.settings.timings.transfer);
                self.stage = Stage::Dialing { leg, handed: Some(handed) };
                self.moved(ConversationState::Ringing, None, None, None, out);
                out.emit(Out::Leg(leg, LegOut::Dial(DialTo::Entered(Pii::new(number)))));
            }
        }
        Ok(())
    }

    pub(crate) fn wait_handed(
        &mut self,
        cx: &Context<'_>,
        target: Target,
        handed: Handed,
        out: &mut impl Effects<Out>,
    ) {
        let priority = handed.back.as_ref().map_or(0, |back| back.priority);
        let wishes = routing::Wishes { tier: self.tier.clone(), ..routing::Wishes::default() };
        self.wait(Waiting { priority, wishes, handed: Some(handed), ..Waiting::new(target, cx.now) }, out);
    }

    /// Nobody took a customer who was handed over: back to where they were. `false`: nobody had handed them over.
    pub(crate) fn not_taken(&mut self, cx: &mut Context<'_>, why: &str, out: &mut impl Effects<Out>) -> bool {
        let handed = match &mut self.stage {
            Stage::Waiting(Waiting { handed, .. }) | Stage::Dialing { handed, .. } => handed.take(),
            _ => None,
        };
        let Some(handed) = handed else { return false };
        let detail = serde_json::json!({ "by": handed.by, "why": why }).to_string();
        self.note(cx.now, Note::of("transfer_failed").detail(detail), out);
        if handed.parked {
            self.place(cx, handed, out);
            return true;
        }
        match handed.back {
            Some(back) => self.wait(Waiting { offers: Vec::new(), ..*back }, out),
            // No queue sent them: the flow goes on as if the agent had hung up.
            None => {
                self.stage = Stage::Flow;
                self.tell_flow(cx, ivr::In::Parted, out);
            }
        }
        true
    }
}
