//! Transfers that a phone asks for: REFER inside a call, and how it goes (RFC 3515, 3891, 3892, 4488).
//!
//! Promises: one transfer at a time in a dialog; each gets one answer and, unless the phone wants none, a last NOTIFY.
//! Leaves to others: whom the other side is connected with (the owner).

use kernel::Pii;

use super::replacing::Replaces;
use super::transactions::Departure;
use super::{Endpoint, Turn, sending};
use crate::dialog::session::Ours;
use crate::dialog::{Refer, State};
use crate::io::{DialogId, Out, Path, Referral};
use crate::message::address::Address;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::reply::{HEAD_BYTES, ReplyHead};
use crate::message::request::Request;
use crate::message::status::phrase;
use crate::message::uri::Scheme;
use crate::transaction::non_invite_server;

impl Endpoint {
    /// REFER in a dialog.
    pub(super) fn referred(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>, number: u64) {
        let Some(dialog) = self.dialogs.get(&number) else { return };
        let owner = dialog.owner;
        if !matches!(dialog.state, State::Confirmed) || !self.owners.contains_key(&owner) {
            return self.refuse_with(turn, path, request, 403);
        }
        if dialog.refer.is_some() {
            return self.refuse_with(turn, path, request, 491);
        }
        let refer = match self.referral(request) {
            Ok(refer) => refer,
            Err(status) => return self.refuse_with(turn, path, request, status),
        };
        let Some(reply) = ReplyHead::of(request.message, path, "").filter(|r| r.size() <= HEAD_BYTES) else {
            return self.refuse_with(turn, path, request, 513);
        };
        let transaction = self.begin_server(request, &reply, Some(number));
        let quiet = request.message.first(Name::ReferSub).is_some_and(|v| v.eq_ignore_ascii_case(b"false"));
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        // Only the first may go without a name (RFC 3515 section 2.4.6).
        let id = dialog.referred_before.then_some(request.cseq);
        dialog.referred_before = true;
        dialog.refer = Some(Box::new(Refer { pending: Some((transaction, reply)), id, quiet }));
        self.tell(turn, owner, Out::Referred { dialog: owner, refer });
    }

    /// What a REFER asks, or the status that says why we cannot.
    fn referral(&self, request: &Request<'_>) -> Result<Referral, u16> {
        let mut all = request.message.list(Name::ReferTo);
        let (Some(to), None) = (all.next(), all.next()) else { return Err(400) };
        let to = Address::parse(to).ok_or(400u16)?;
        let uri = to.parsed().filter(|uri| uri.scheme != Scheme::Other).ok_or(416u16)?;
        let method = grammar::param(uri.params, "method").flatten().unwrap_or(b"INVITE");
        if !method.eq_ignore_ascii_case(b"INVITE") {
            return Err(501);
        }
        let replaces = match header_of(to.uri, "Replaces") {
            Some(value) => Some(self.named_by(&value)?),
            None => None,
        };
        let by = request.message.first(Name::ReferredBy).and_then(Address::parse);
        Ok(Referral {
            to: Pii::new(uri.user_shown()),
            replaces,
            by: by.map(|by| Pii::new(grammar::shown(by.uri))),
        })
    }

    fn named_by(&self, value: &[u8]) -> Result<DialogId, u16> {
        let replaces = Replaces::parse(value).ok_or(400u16)?;
        self.find_replaced(&replaces).ok_or(481)
    }

    /// The owner answers: 202, or a refusal.
    pub(super) fn answer_refer(&mut self, turn: &mut Turn<'_>, owner: DialogId, status: u16) {
        let Some(number) = self.only(owner) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let Some(refer) = &mut dialog.refer else { return };
        let Some((transaction, reply)) = refer.pending.take() else { return };
        let status = if status == 202 { 202 } else { status.clamp(400, 699) };
        let mut draft = reply.dialog_draft(status, &self.setup.product, &Self::contact(&dialog.session.path));
        if refer.quiet {
            draft.header("Refer-Sub", "false");
        }
        if status != 202 {
            dialog.refer = None;
        }
        self.other_server(turn, transaction, non_invite_server::Event::Answer(draft.end()));
        // The subscription begins with its state (RFC 3515 section 2.4.4).
        self.notify_refer(turn, owner, 100);
    }

    /// How the transfer goes.
    pub(super) fn notify_refer(&mut self, turn: &mut Turn<'_>, owner: DialogId, status: u16) {
        let Some(number) = self.only(owner) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let Some(refer) = dialog.refer.as_ref().filter(|refer| refer.pending.is_none()) else { return };
        let status = status.clamp(100, 699);
        let (quiet, id, over) = (refer.quiet, refer.id, status >= 200);
        if over {
            dialog.refer = None;
        }
        if !quiet {
            self.send_notify(turn, number, id, status);
        }
    }

    fn send_notify(&mut self, turn: &mut Turn<'_>, number: u64, id: Option<u32>, status: u16) {
        let transaction = self.fresh();
        let branch = sending::branch(transaction, turn.rng);
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let cseq = dialog.session.next_seq();
        let Some(dialog) = self.dialogs.get(&number) else { return };
        let path = self.destination(&dialog.session);
        let via = Self::via(&path, &branch);
        let mut draft =
            dialog.session.draft("NOTIFY", cseq, Ours { via: &via, product: &self.setup.product });
        draft.header("Contact", Self::contact(&path));
        draft.header("Event", id.map_or_else(|| "refer".to_owned(), |id| format!("refer;id={id}")));
        let state = if status >= 200 { "terminated;reason=noresource" } else { "active;expires=60" };
        draft.header("Subscription-State", state);
        let fragment = format!("SIP/2.0 {status} {}\r\n", phrase(status));
        let request = draft.body("message/sipfrag;version=2.0", fragment.as_bytes());
        self.begin_client(turn, Departure { number: transaction, branch, path }, request);
    }

    /// The dialog ends: a REFER that nobody has answered is answered.
    pub(super) fn drop_refer(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(refer) = self.dialogs.get_mut(&number).and_then(|dialog| dialog.refer.take()) else {
            return;
        };
        if let Some((transaction, reply)) = refer.pending {
            let bytes = reply.draft(481, &self.setup.product).end();
            self.other_server(turn, transaction, non_invite_server::Event::Answer(bytes));
        }
    }
}

/// A header that a URI carries (`?Replaces=…`), without escapes.
fn header_of(uri: &[u8], name: &str) -> Option<Vec<u8>> {
    let from = uri.iter().rposition(|b| *b == b'@').unwrap_or(0);
    let at = uri[from..].iter().position(|b| *b == b'?')? + from;
    let mut pairs = uri[at..].get(1..)?.split(|b| *b == b'&');
    pairs.find_map(|pair| {
        let equals = pair.iter().position(|b| *b == b'=')?;
        let (key, value) = (&pair[..equals], pair[equals..].get(1..)?);
        key.eq_ignore_ascii_case(name.as_bytes()).then(|| grammar::unescape(value).into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_a_uri_are_read_without_their_escapes() {
        let uri = b"sip:1102@127.0.0.1:5060;transport=udp?X=1&replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2";
        assert_eq!(header_of(uri, "Replaces").as_deref(), Some(&b"a@b;to-tag=1;from-tag=2"[..]));
        for none in [&b"sip:a@b"[..], b"sip:a@b?", b"sip:a?Replaces=x@b", b"sip:a@b?Replaces"] {
            assert_eq!(header_of(none, "Replaces"), None);
        }
    }
}
