//! Parking places: an agent puts the customer down, any agent picks them up.
//!
//! Promises: the parked customer hears music and is never forgotten: unclaimed, they return to the queue they came from (or to
//! whoever parked them). Picking up rings the agent like any offer, so that the router knows.

use desk::ConversationState;
use kernel::{AgentName, Context, Effects, Fault};
use routing::Target;

use crate::Interaction;
use crate::interaction::{Handed, Stage, Timer};
use crate::io::{Out, Refused};
use crate::record::Note;

impl Interaction {
    pub(crate) fn park_customer(
        &mut self,
        cx: &mut Context<'_>,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let (_, by) = self.may_hand_over()?;
        let Some(talk) = self.leave_talk(cx, Fault::None, "parked", out) else {
            return Err(Refused::WrongState);
        };
        let detail = Self::detail("by", by.as_str());
        self.note(cx.now, Note::of("placed").leg(talk.leg).detail(detail), out);
        self.comfort_customer(out);
        self.place(cx, Handed { by, back: talk.waited.map(Box::new), parked: true }, out);
        Ok(())
    }

    /// In the parking place from now on.
    pub(crate) fn place(&mut self, cx: &Context<'_>, handed: Handed, out: &mut impl Effects<Out>) {
        self.moved(ConversationState::Waiting, None, None, None, out);
        self.timers.set(Timer::Place, cx.now + self.settings.timings.place);
        self.stage = Stage::Parked(handed);
    }

    pub(crate) fn pick_up(
        &mut self,
        cx: &mut Context<'_>,
        agent: &AgentName,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let Stage::Parked(handed) = &self.stage else {
            return Err(if self.is_live() { Refused::WrongState } else { Refused::Over });
        };
        let handed = handed.clone();
        self.timers.clear(Timer::Place);
        self.note(cx.now, Note::of("picking_up").detail(Self::detail("agent", agent.as_str())), out);
        self.wait_handed(cx, Target::Agent(agent.clone()), handed, out);
        Ok(())
    }

    pub(crate) fn nobody_picked_up(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        let Stage::Parked(handed) = &self.stage else { return };
        let mut handed = handed.clone();
        handed.parked = false;
        self.note(cx.now, Note::of("not_picked_up"), out);
        match handed.back.take() {
            Some(back) => self.wait(*back, out),
            None => {
                let by = handed.by.clone();
                self.wait_handed(cx, Target::Agent(by), handed, out);
            }
        }
    }
}
