//! The ways out of a dialog that are ours: hanging up, and giving up on an ACK (RFC 3261 section 15).

use kernel::Fault;

use super::transactions::{Departure, For};
use super::{Endpoint, Owner, Turn, sending};
use crate::dialog::State;
use crate::dialog::session::{Ours, Session};
use crate::io::{DialogId, EndCause, Parting};
use crate::message::response::Response;
use crate::transaction::Step;

/// A BYE to a trunk, which may ask who says it.
#[derive(Clone, Debug)]
pub(super) struct Farewell {
    session: Session,
    why: Parting,
    proofs: u8,
}

impl Endpoint {
    /// The owner wants no more of it, whatever its state.
    pub(super) fn hang_up(&mut self, turn: &mut Turn<'_>, owner: DialogId, why: Parting) {
        let number = match self.owners.get(&owner) {
            Some(Owner::One(number)) => *number,
            Some(Owner::Dialling(_) | Owner::Locating { .. }) => return self.stop_dialling(turn, owner, why),
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
        self.say_bye(turn, session, why, 0);
    }

    /// The other side wants us to prove who we are before it lets us go.
    pub(super) fn bye_answered(&mut self, turn: &mut Turn<'_>, farewell: Farewell, response: &Response<'_>) {
        let Farewell { mut session, why, proofs } = farewell;
        if self.lines.challenged(session.trunk.as_deref(), response, proofs) {
            self.say_bye(turn, &mut session, why, proofs + 1);
        }
    }

    fn say_bye(&mut self, turn: &mut Turn<'_>, session: &mut Session, why: Parting, proofs: u8) {
        let path = self.destination(session);
        let transaction = self.fresh();
        let branch = sending::branch(transaction, turn.rng);
        let via = Self::via(&path, &branch);
        let cseq = session.next_seq();
        let mut bye = session.draft("BYE", cseq, Ours { via: &via, product: &self.setup.product });
        if let Some(reason) = why.header() {
            bye.header("Reason", reason);
        }
        if let Some((name, proof)) = self.proof(turn, session, "BYE", b"") {
            bye.header(name, proof);
        }
        let purpose = match session.trunk {
            Some(_) => For::Farewell(Box::new(Farewell { session: session.clone(), why, proofs })),
            None => For::Nobody,
        };
        self.begin_client_for(turn, Departure { number: transaction, branch, path }, bye.end(), purpose);
    }

    /// The header that proves who we are for a request of this session, where its trunk asked before.
    pub(super) fn proof(
        &mut self,
        turn: &mut Turn<'_>,
        session: &Session,
        method: &str,
        body: &[u8],
    ) -> Option<(&'static str, Vec<u8>)> {
        let trunk = session.trunk.as_deref()?;
        self.lines.prove(turn.rng, Some(trunk), method, (&session.way().0, body))
    }

    /// Time for a dialog: a response of ours again, the end of patience, or a sign of life.
    pub(super) fn dialog_elapsed(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        dialog.at = None;
        if let State::Calling { calling, .. } = &mut dialog.state
            && calling.patience.is_some_and(|until| until <= turn.now)
        {
            calling.patience = None;
            return self.out_of_patience(turn, number);
        }
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
