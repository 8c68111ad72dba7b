//! REGISTER: from the request to the registrar and back (RFC 3261 section 10.3).

use super::{Endpoint, Turn};
use crate::io::{Out, Path};
use crate::message::request::Request;
use crate::registrar::Outcome;

impl Endpoint {
    /// A phone registers, refreshes, leaves, or asks.
    pub(super) fn register(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        let Outcome { status, headers, registered, unregistered, conduct } =
            self.registrar.register(turn.now, turn.rng, request, path);
        self.behaved(turn, path, conduct);
        self.refuse_saying(turn, path, request, status, |draft| {
            for (name, value) in &headers {
                draft.header(name, value);
            }
        });
        for binding in registered {
            turn.out.emit(Out::Registered(binding));
        }
        if let Some(user) = unregistered {
            turn.out.emit(Out::Unregistered { user });
        }
    }
}
