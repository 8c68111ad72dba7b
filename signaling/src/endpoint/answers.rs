//! Answers that more than one duty gives: refusals with the headers that explain them.

use std::time::Duration;

use super::{Endpoint, Turn, sending};
use crate::dialog::timer::MIN_SE;
use crate::io::Path;
use crate::message::reply::{HEAD_BYTES, ReplyHead};
use crate::message::request::{ALLOW, Method, Request};
use crate::message::write::{Draft, quoted};

/// The bodies that an INVITE may carry.
pub(super) const ACCEPT: &str = "application/sdp, application/dtmf-relay, application/dtmf";

/// After how many seconds a peer that asked too early may ask again.
pub(super) const SOON: &str = "1";

impl Endpoint {
    /// What answers a request that belongs to no dialog, with a new tag of ours.
    pub(super) fn reply_head(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        request: &Request<'_>,
    ) -> Option<ReplyHead> {
        let tag = sending::tag(self.fresh(), turn.rng);
        ReplyHead::of(request.message, path, &tag)
    }

    /// Refuses a request with a status and no more.
    pub(super) fn refuse_with(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        request: &Request<'_>,
        status: u16,
    ) {
        self.refuse_saying(turn, path, request, status, |_| {});
    }

    /// Refuses a request with a status and headers.
    pub(super) fn refuse_saying(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        request: &Request<'_>,
        status: u16,
        say: impl FnOnce(&mut Draft),
    ) {
        let Some(reply) = self.reply_head(turn, path, request) else { return };
        let mut draft = reply.draft(status, &self.setup.product);
        say(&mut draft);
        let bytes = draft.end();
        match request.method {
            // Too large to remember: answered without state.
            _ if reply.size() > HEAD_BYTES => self.send(turn, reply.path, bytes),
            Method::Invite => self.refuse_invite(turn, request, &reply, bytes),
            _ => self.answer_stranger(turn, request, &reply, bytes),
        }
    }

    /// 405 for what we know but do not serve, 501 for what nobody knows.
    pub(super) fn refuse_method(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        let status = if request.method == Method::Unknown { 501 } else { 405 };
        self.refuse_saying(turn, path, request, status, |draft| draft.header("Allow", ALLOW));
    }

    /// 415 with what would be right.
    pub(super) fn refuse_body(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        self.refuse_saying(turn, path, request, 415, |draft| {
            draft.header("Accept", ACCEPT);
            draft.header("Accept-Encoding", "identity");
        });
    }

    /// 503 while we drain or are full.
    pub(super) fn refuse_load(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        self.refuse_saying(turn, path, request, 503, |draft| draft.header("Retry-After", "5"));
    }

    /// 422 with the least that we accept (RFC 4028 section 9).
    pub(super) fn refuse_interval(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        self.refuse_saying(turn, path, request, 422, |draft| draft.header("Min-SE", MIN_SE.to_string()));
    }

    /// 500 for what comes out of order, to be tried again (RFC 3261 sections 12.2.2 and 14.2).
    pub(super) fn refuse_order(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        self.refuse_saying(turn, path, request, 500, |draft| draft.header("Retry-After", SOON));
    }

    /// The value of a Warning header (RFC 3261 section 20.43).
    pub(super) fn warning(&self, why: &str) -> String {
        let agent: String = self.setup.product.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let agent = if agent.is_empty() { "sip" } else { &agent };
        format!("399 {agent} {}", quoted(why))
    }
}

/// Whole seconds, rounded up.
pub(super) fn seconds(span: Duration) -> String {
    let whole = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    whole.to_string()
}
