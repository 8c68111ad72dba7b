//! The ways out of a dialog that are ours: hanging up, and giving up on an ACK (RFC 3261 section 15).

use kernel::Fault;

use super::transactions::Departure;
use super::{Endpoint, Owner, Turn, sending};
use crate::dialog::session::{Ours, Session};
use crate::dialog::{Reoffer, State};
use crate::io::{DialogId, EndCause};
use crate::transaction::Step;

impl Endpoint {
    /// The owner wants no more of it, whatever its state.
    pub(super) fn hang_up(&mut self, turn: &mut Turn<'_>, owner: DialogId) {
        let number = match self.owners.get(&owner) {
            Some(Owner::One(number)) => *number,
            Some(Owner::Dialling(_)) => return self.stop_dialling(turn, owner),
            None => return,
        };
        let cause = |status| EndCause { fault: Fault::None, status, reason: "hangup" };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        match &mut dialog.state {
            State::Ringing { .. } => self.refuse_ringing(turn, owner, 480, None, "", cause(Some(480))),
            // Not before the ACK; until then it goes on without its owner.
            State::Accepted { leaving, .. } => {
                *leaving = true;
                self.end(turn, owner, cause(None));
            }
            State::Confirmed { .. } => {
                self.leave(turn, number);
                self.end(turn, owner, cause(None));
            }
            State::Calling { .. } => {}
        }
    }

    /// Sends BYE and forgets the dialog; the BYE's transaction goes on by itself.
    pub(super) fn leave(&mut self, turn: &mut Turn<'_>, number: u64) {
        self.drop_pending(turn, number);
        if let Some(mut dialog) = self.forget(number) {
            self.send_bye(turn, &mut dialog.session);
        }
    }

    /// A BYE that is nobody's business any more.
    pub(super) fn send_bye(&mut self, turn: &mut Turn<'_>, session: &mut Session) {
        let path = self.destination(session);
        let transaction = self.fresh();
        let branch = sending::branch(transaction, turn.rng);
        let via = Self::via(&path, &branch);
        let cseq = session.next_seq();
        let bye = session.draft("BYE", cseq, Ours { via: &via, product: &self.setup.product }).end();
        self.begin_client(turn, Departure { number: transaction, branch, path }, bye);
    }

    /// Time for a dialog: its 200 again, or the end of patience.
    pub(super) fn dialog_elapsed(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        dialog.at = None;
        let (State::Accepted { guard, .. } | State::Confirmed { reoffer: Reoffer::Guarded { guard, .. } }) =
            &mut dialog.state
        else {
            return;
        };
        let mut steps: Vec<Step> = Vec::new();
        guard.elapsed(turn.now, &mut steps);
        let (path, owner) = (guard.path, dialog.owner);
        self.reschedule(number);
        for step in steps {
            match step {
                Step::Send(bytes) => self.send(turn, path, bytes),
                Step::TimedOut => {
                    self.leave(turn, number);
                    self.end(turn, owner, EndCause { fault: Fault::Peer, status: None, reason: "no_ack" });
                }
                Step::Deliver => {}
            }
        }
    }
}
