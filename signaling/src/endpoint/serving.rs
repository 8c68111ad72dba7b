//! New requests: what every one must satisfy (RFC 3261 section 8.2), then to the duty that serves its method.

use super::answers::ACCEPT;
use super::{Endpoint, Turn};
use crate::guard::Offence;
use crate::io::Path;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::request::{ALLOW, Method, Request};
use crate::message::uri::Scheme;

/// Option tags that we understand.
pub(super) const SUPPORTED: &str = "100rel, norefersub, path, replaces, timer";

impl Endpoint {
    /// Serves a request that no transaction knows.
    pub(super) fn serve(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        if matches!(request.method, Method::Foreign | Method::Unknown) {
            return self.refuse_method(turn, path, request);
        }
        // `sips:` asks for TLS all the way, which this hop must be (RFC 3261 section 26.2.2).
        let served = match request.uri.scheme {
            Scheme::Sip | Scheme::Tel => true,
            Scheme::Sips => path.transport.is_secure(),
            Scheme::Other => false,
        };
        if !served {
            return self.refuse_with(turn, path, request, 416);
        }
        if request.to.tag().is_some() && request.method != Method::Register {
            return self.serve_within(turn, path, request);
        }
        if let Some(unknown) = unsupported(request) {
            return self
                .refuse_saying(turn, path, request, 420, |draft| draft.header("Unsupported", unknown));
        }
        if request.max_forwards == 0 {
            return self.refuse_with(turn, path, request, 483);
        }
        match request.method {
            Method::Invite => self.invited(turn, path, request),
            Method::Options => {
                self.offended(turn, path, Offence::Probe);
                self.options(turn, path, request);
            }
            Method::Register => self.register(turn, path, request),
            // Only in a call: whoever has none cannot have us call for them.
            Method::Refer => self.refuse_with(turn, path, request, 403),
            Method::Subscribe => self.subscribed(turn, path, request),
            // We subscribe to nothing (RFC 6665 section 4.1.3).
            Method::Bye | Method::Info | Method::Notify | Method::Prack | Method::Update => {
                self.refuse_with(turn, path, request, 481);
            }
            Method::Ack | Method::Cancel | Method::Foreign | Method::Unknown => {}
        }
    }

    /// Whether we take calls, and what we can do (RFC 3261 section 11.2).
    fn options(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        if self.draining {
            return self.refuse_load(turn, path, request);
        }
        self.capabilities(turn, path, request);
    }

    /// What we can do; inside a call also while we drain.
    pub(super) fn capabilities(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        let Some(reply) = self.reply_head(turn, path, request) else { return };
        let mut draft = reply.dialog_draft(200, &self.setup.product, &Self::contact(&path));
        draft.header("Allow", ALLOW);
        draft.header("Allow-Events", crate::events::allowed());
        draft.header("Accept", ACCEPT);
        draft.header("Accept-Encoding", "identity");
        draft.header("Accept-Language", "en");
        draft.header("Supported", SUPPORTED);
        self.answer_stranger(turn, request, &reply, draft.end());
    }
}

/// The option tags that a request requires and we do not know, listed.
pub(super) fn unsupported(request: &Request<'_>) -> Option<Vec<u8>> {
    let known = |tag: &&[u8]| !grammar::elements(SUPPORTED.as_bytes()).any(|s| s.eq_ignore_ascii_case(tag));
    let unknown: Vec<_> = request.message.list(Name::Require).filter(known).collect();
    (!unknown.is_empty()).then(|| unknown.join(&b", "[..]))
}
