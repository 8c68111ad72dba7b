//! Requests inside a dialog: ACK, BYE, INFO, and to whom the others go (RFC 3261 section 12.2.2).

use kernel::Fault;

use super::incoming::told;
use super::{Endpoint, Turn, sending};
use crate::dialog::{Offer, Reoffer, State};
use crate::io::{EndCause, Out, Path};
use crate::message::header::Name;
use crate::message::reply::ReplyHead;
use crate::message::request::{Method, Request};
use crate::message::{body, grammar};

impl Endpoint {
    /// The dialog that a request names by Call-ID and both tags.
    fn dialog_of(&self, request: &Request<'_>) -> Option<u64> {
        let tag = request.to.tag()?;
        let theirs = request.from.tag().unwrap_or_default();
        self.dialog_named(request.call_id, tag, theirs)
    }

    /// The dialog with these names; one that nobody answered yet when a provisional response of theirs made it.
    pub(super) fn dialog_named(&self, call_id: &[u8], ours: &[u8], theirs: &[u8]) -> Option<u64> {
        let number = sending::number_in_tag(ours)?;
        let dialog = self.dialogs.get(&number)?;
        let session = &dialog.session;
        let known = match &dialog.state {
            State::Calling { calling, .. } => calling.early.iter().any(|e| e.session.remote_tag == theirs),
            _ => session.remote_tag == theirs,
        };
        (known && session.local_tag == ours && session.call_id == call_id).then_some(number)
    }

    /// A request with a To tag.
    pub(super) fn serve_within(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        // A subscription is a dialog of its own (RFC 6665 section 4.5).
        if request.method == Method::Subscribe {
            return self.resubscribed(turn, path, request);
        }
        let Some(number) = self.dialog_of(request) else {
            return self.refuse_with(turn, path, request, 481);
        };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        if matches!(dialog.state, State::Calling { .. }) {
            return match request.method {
                Method::Update => self.update_early(turn, path, request, number),
                _ => self.refuse_with(turn, path, request, 481),
            };
        }
        if request.cseq < dialog.session.remote_seq {
            return self.refuse_order(turn, path, request);
        }
        dialog.session.remote_seq = request.cseq;
        dialog.session.path = path;
        if let Some(unknown) = super::serving::unsupported(request) {
            return self
                .refuse_saying(turn, path, request, 420, |draft| draft.header("Unsupported", unknown));
        }
        match request.method {
            Method::Bye => self.bye(turn, path, request, number),
            Method::Info => self.info(turn, path, request, number),
            Method::Invite => self.reinvited(turn, path, request, number),
            Method::Update => self.updated(turn, path, request, number),
            Method::Prack => self.pracked(turn, path, request, number),
            Method::Refer => self.referred(turn, path, request, number),
            Method::Options => self.capabilities(turn, path, request),
            Method::Notify => self.refuse_with(turn, path, request, 481),
            Method::Ack
            | Method::Cancel
            | Method::Register
            | Method::Subscribe
            | Method::Foreign
            | Method::Unknown => {}
        }
    }

    /// ACK to a 200 of ours. Others are nobody's, and never answered.
    pub(super) fn acknowledged(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        let Some(number) = self.dialog_of(request) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let (guard, offer, leaving, first) = match (&dialog.state, &dialog.reoffer) {
            (State::Accepted { guard, offer, leaving }, _) => (guard, *offer, *leaving, true),
            (State::Confirmed, Reoffer::Guarded { guard, offer }) => (guard, *offer, None, false),
            _ => return,
        };
        if guard.number != request.cseq {
            return;
        }
        dialog.session.path = path;
        if first {
            dialog.state = State::Confirmed;
        } else {
            dialog.reoffer = Reoffer::None;
        }
        let owner = dialog.owner;
        self.reschedule(number);
        if let Some(why) = leaving {
            return self.leave(turn, number, why);
        }
        let sdp = match offer {
            Offer::Ours => body::session(request.message).ok().flatten().map(<[u8]>::to_vec),
            Offer::Theirs => None,
        };
        // Of a re-INVITE the owner needs to know only an answer to its own offer.
        if first || sdp.is_some() {
            self.tell(turn, owner, Out::Confirmed { dialog: owner, sdp });
        }
    }

    fn bye(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>, number: u64) {
        let Some(reply) = ReplyHead::of(request.message, path, "") else { return };
        let bytes = reply.draft(200, &self.setup.product).end();
        self.answer(turn, request, &reply, bytes);
        self.drop_pending(turn, number);
        if let Some(dialog) = self.forget(number) {
            let cause = EndCause { told: told(request.message), ..EndCause::of(Fault::None, None, "hangup") };
            self.end(turn, dialog.owner, cause);
        }
    }

    /// A digit by INFO (the types that phones send; RFC 6086 legacy usage).
    fn info(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>, number: u64) {
        let content = request.message.body;
        let kind = request.message.first(Name::ContentType).unwrap_or_default();
        let digit = match kind {
            _ if content.is_empty() => None,
            kind if body::is(kind, "application/dtmf-relay") => Some(relayed(content)),
            kind if body::is(kind, "application/dtmf") => Some(digit(content)),
            _ => return self.refuse_body(turn, path, request),
        };
        let status = if digit == Some(None) { 400 } else { 200 };
        let Some(reply) = ReplyHead::of(request.message, path, "") else { return };
        let bytes = reply.draft(status, &self.setup.product).end();
        self.answer(turn, request, &reply, bytes);
        if let (Some(Some(digit)), Some(dialog)) = (digit, self.dialogs.get(&number)) {
            let owner = dialog.owner;
            self.tell(turn, owner, Out::Digit { dialog: owner, digit });
        }
    }
}

/// `Signal=5` on a line of its own.
fn relayed(content: &[u8]) -> Option<char> {
    content.split(|b| matches!(b, b'\r' | b'\n')).find_map(|line| {
        let equals = line.iter().position(|b| *b == b'=')?;
        line[..equals].trim_ascii().eq_ignore_ascii_case(b"Signal").then(|| digit(&line[equals + 1..]))?
    })
}

/// A digit as phones spell it: itself, or the event number of RFC 4733 for `*` and `#`.
fn digit(text: &[u8]) -> Option<char> {
    match text.trim_ascii() {
        [d @ (b'0'..=b'9' | b'*' | b'#')] => Some(char::from(*d)),
        [d @ (b'A'..=b'D' | b'a'..=b'd')] => Some(char::from(d.to_ascii_uppercase())),
        number => match grammar::number(number)? {
            10 => Some('*'),
            11 => Some('#'),
            12 => Some('A'),
            13 => Some('B'),
            14 => Some('C'),
            15 => Some('D'),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_understood_as_phones_spell_them() {
        assert_eq!(relayed(b"Signal=2\r\nDuration=160\r\n"), Some('2'));
        assert_eq!(relayed(b"Duration=160\r\nsignal = 11"), Some('#'));
        assert_eq!(digit(b"c\r\n"), Some('C'));
        assert_eq!(digit(b"22"), None);
        assert_eq!(relayed(b"Duration=160"), None);
    }
}
