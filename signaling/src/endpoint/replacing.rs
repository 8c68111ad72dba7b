//! Calls that take the place of another (RFC 3891): which dialog of ours is meant, and who may.

use super::{Endpoint, Turn};
use crate::dialog::State;
use crate::io::{DialogId, Path};
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::request::Request;
use crate::registrar::Outcome;

/// What Replaces names.
pub(super) struct Replaces<'a> {
    call_id: &'a [u8],
    /// Tag of the one who receives the INVITE: ours.
    to_tag: &'a [u8],
    from_tag: &'a [u8],
    early_only: bool,
}

impl<'a> Replaces<'a> {
    /// Reads the value of the header (section 6.1).
    pub(super) fn parse(value: &'a [u8]) -> Option<Self> {
        let end = value.iter().position(|b| *b == b';')?;
        let (call_id, params) = value.split_at(end);
        let param = |name| grammar::param(params, name).flatten();
        let early_only = grammar::param(params, "early-only").is_some();
        let call_id = call_id.trim_ascii();
        (!call_id.is_empty()).then_some(())?;
        Some(Self { call_id, to_tag: param("to-tag")?, from_tag: param("from-tag")?, early_only })
    }
}

impl Endpoint {
    /// The dialog that an INVITE wants to replace. `None`: it was refused already.
    pub(super) fn replaced(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        request: &Request<'_>,
    ) -> Option<Option<DialogId>> {
        let mut all = request.message.all(Name::Replaces);
        let Some(value) = all.next() else { return Some(None) };
        let Some(replaces) = Replaces::parse(value).filter(|_| all.next().is_none()) else {
            self.refuse_with(turn, path, request, 400);
            return None;
        };
        // Whoever takes a call over proves an account first (section 5); strangers learn nothing of our dialogs.
        let user = request.from.parsed().map(|uri| uri.user_shown()).unwrap_or_default();
        match self.registrar.admit(turn.now, turn.rng, request, path, (&user, b"INVITE")) {
            Ok(conduct) => self.behaved(turn, path, conduct),
            Err(Outcome { headers, conduct, .. }) => {
                self.behaved(turn, path, conduct);
                self.refuse_saying(turn, path, request, 401, |draft| {
                    headers.iter().for_each(|(name, value)| draft.header(name, value));
                });
                return None;
            }
        }
        let found = self.find_replaced(&replaces);
        if found.is_some() && replaces.early_only {
            // It is answered (section 3).
            self.refuse_with(turn, path, request, 486);
            return None;
        }
        if found.is_none() {
            self.refuse_with(turn, path, request, 481);
        }
        found.map(Some)
    }

    /// The dialog that stands under these names. Some phones name the tags from their own side.
    pub(super) fn find_replaced(&self, replaces: &Replaces<'_>) -> Option<DialogId> {
        let Replaces { call_id, to_tag, from_tag, .. } = replaces;
        let number = self
            .dialog_named(call_id, to_tag, from_tag)
            .or_else(|| self.dialog_named(call_id, from_tag, to_tag))?;
        let dialog = self.dialogs.get(&number).filter(|d| matches!(d.state, State::Confirmed))?;
        Some(dialog.owner)
    }
}
