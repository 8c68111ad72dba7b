//! From bytes to requests and responses, and to the transaction that each belongs to.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::transactions::{For, Verdict};
use super::{Endpoint, Turn};
use crate::guard::Offence;
use crate::io::Path;
use crate::message::header::Name;
use crate::message::parse::Message;
use crate::message::reply::ReplyHead;
use crate::message::request::{Method, Refusal, Request};
use crate::message::response::Response;
use crate::transaction::{invite_server, key, non_invite_client};

impl Endpoint {
    /// One datagram. A keepalive of nothing but line breaks is not answered (RFC 5626 section 3.5.1 is for streams).
    pub(super) fn datagram(&mut self, turn: &mut Turn<'_>, path: Path, bytes: &[u8]) {
        self.message(turn, path, bytes);
    }

    /// One message of either kind of transport.
    pub(super) fn message(&mut self, turn: &mut Turn<'_>, path: Path, bytes: &[u8]) {
        let Some(message) = Message::split(bytes) else {
            if !is_keepalive(bytes) {
                self.offended(turn, path, Offence::Malformed);
            }
            return;
        };
        if message.is_response() {
            if let Some(response) = Response::read(&message) {
                self.response(turn, path, &response);
            }
            return;
        }
        match Request::read(&message) {
            Ok(request) => self.request(turn, path, &request),
            Err(refusal) => self.refuse_broken(turn, path, &message, refusal),
        }
    }

    /// Tells the sender of a broken request what is wrong with it, without state.
    pub(super) fn refuse_broken(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        message: &Message<'_>,
        refusal: Refusal,
    ) {
        self.offended(turn, path, Offence::Malformed);
        // An ACK is never answered; a line that has no version is no request of SIP.
        let is_sip = message.start.windows(4).any(|w| w.eq_ignore_ascii_case(b"SIP/"));
        if message.start.starts_with(b"ACK ") || !is_sip {
            return;
        }
        let tag = self.stateless_tag(message);
        let Some(reply) = ReplyHead::of(message, path, &tag) else { return };
        let mut draft = reply.draft(refusal.status, &self.setup.product);
        draft.header("Warning", self.warning(refusal.why));
        self.send(turn, reply.path, draft.end());
    }

    /// A tag that is the same for the same request, since nobody remembers it (RFC 3261 section 8.2.7).
    fn stateless_tag(&self, message: &Message<'_>) -> String {
        let mut hash = DefaultHasher::new();
        self.setup.realm.hash(&mut hash);
        for name in [Name::CallId, Name::From, Name::CSeq] {
            message.first(name).hash(&mut hash);
        }
        format!("s{:x}", hash.finish())
    }

    fn request(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        let known = self.server_keys.get(&key::of(request)).copied();
        match (request.method, known) {
            (Method::Ack, known) => {
                if let Some(number) = known {
                    self.invite_server(turn, number, invite_server::Event::Acknowledged);
                }
                // Also when the branch is that of an accepted INVITE: old clients keep it for the ACK to a 2xx.
                self.acknowledged(turn, path, request);
            }
            (_, Some(number)) => self.server_again(turn, number),
            (Method::Cancel, None) => self.cancel(turn, path, request),
            (_, None) => self.serve(turn, path, request),
        }
    }

    fn response(&mut self, turn: &mut Turn<'_>, path: Path, response: &Response<'_>) {
        let Some(number) = self.client_of(response.branch) else { return };
        let event = match response.status {
            ..200 => non_invite_client::Event::Provisional,
            _ => non_invite_client::Event::Final,
        };
        match (self.inviting(number), response.method) {
            (Some(_), Method::Invite) => self.invite_answered(turn, path, number, response),
            (Some((inviting, _)), Method::Cancel) => {
                if let Some(cancel) = inviting.cancel() {
                    self.other_client(turn, cancel, event);
                }
            }
            (Some(_), _) => {}
            (None, _) => {
                let whom = self.whom(number);
                if self.other_client(turn, number, event) == Verdict::Deliver {
                    match whom {
                        For::Dialog(dialog) => self.own_settled(turn, number, dialog, response),
                        For::Line(line) => self.line_answered(turn, number, line, Some(response)),
                        For::Watch(watch) => self.notify_answered(turn, watch, Some(response.status)),
                        For::Farewell(farewell) => self.bye_answered(turn, *farewell, response),
                        For::Nobody => {}
                    }
                }
            }
        }
    }
}

/// What phones send to keep their way through a NAT open: line breaks, a few bytes of anything, or STUN (RFC 5626 section 3.5.2).
fn is_keepalive(bytes: &[u8]) -> bool {
    const STUN_COOKIE: &[u8] = &[0x21, 0x12, 0xA4, 0x42];
    let blank = |byte: &u8| matches!(byte, b'\r' | b'\n' | b' ' | b'\t' | 0);
    bytes.len() <= 4 || bytes.iter().all(blank) || bytes.get(4..8) == Some(STUN_COOKIE)
}
