//! The ways out of a dialog that are ours: hanging up, and giving up on an ACK (RFC 3261 section 15).

use kernel::Fault;

use super::transactions::Departure;
use super::{Endpoint, Owner, Turn, sending};
use crate::dialog::State;
use crate::dialog::session::{Ours, Session};
use crate::io::{DialogId, EndCause, Parting};
use crate::transaction::Step;

impl Endpoint {
    /// The owner wants no more of it, whatever its state.
    pub(super) fn hang_up(&mut self, turn: &mut Turn<'_>, owner: DialogId, why: Parting) {
        let number = match self.owners.get(&owner) {
            Some(Owner::One(number)) => *number,
            Some(Owner::Dialling(_)) => return self.stop_dialling(turn, owner, why),
            None => return,
        };
        let cause = |status| EndCause::of(Fault::None, status, "hangup");
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        match &mut dialog.state {
            State::Ringing { .. } => self.refuse_ringing(turn, owner, 480, None, "", cause(Some(480))),
            // Not before the ACK; until then it goes on without its owner.
            State::Accepted { leaving, .. } => {
                *leaving = Some(why);
                self.end(turn, owner, cause(None));
            }
            State::Confirmed => {
                self.leave(turn, number, why);
                self.end(turn, owner, cause(None));
            }
            State::Calling { .. } => {}
        }
    }

    /// Sends BYE and forgets the dialog; the BYE's transaction goes on by itself.
    pub(super) fn leave(&mut self, turn: &mut Turn<'_>, number: u64, why: Parting) {
        self.drop_pending(turn, number);
        if let Some(mut dialog) = self.forget(number) {
            self.send_bye(turn, &mut dialog.session, why);
        }
    }

    /// A BYE that is nobody's business any more.
    pub(super) fn send_bye(&mut self, turn: &mut Turn<'_>, session: &mut Session, why: Parting) {
        let path = self.destination(session);
        let transaction = self.fresh();
        let branch = sending::branch(transaction, turn.rng);
        let via = Self::via(&path, &branch);
        let cseq = session.next_seq();
        let mut bye = session.draft("BYE", cseq, Ours { via: &via, product: &self.setup.product });
        if let Some(reason) = why.header() {
            bye.header("Reason", reason);
        }
        self.begin_client(turn, Departure { number: transaction, branch, path }, bye.end());
    }

    /// Time for a dialog: a response of ours again, the end of patience, or a sign of life.
    pub(super) fn dialog_elapsed(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        dialog.at = None;
        let mut steps: Vec<Step> = Vec::new();
        let path = dialog.guard_mut().map(|guard| {
            guard.elapsed(turn.now, &mut steps);
            guard.path
        });
        self.reschedule(number);
        for step in steps {
            match (step, path) {
                (Step::Send(bytes), Some(path)) => self.send(turn, path, bytes),
                (Step::TimedOut, _) => return self.not_confirmed(turn, number),
                _ => {}
            }
        }
        self.own_elapsed(turn, number);
    }

    /// Neither ACK nor PRACK came.
    fn not_confirmed(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(dialog) = self.dialogs.get(&number) else { return };
        if matches!(dialog.state, State::Ringing { .. }) {
            return self.not_pracked(turn, number);
        }
        let owner = dialog.owner;
        self.leave(turn, number, Parting::Plain);
        self.end(turn, owner, EndCause::of(Fault::Peer, None, "no_ack"));
    }
}
