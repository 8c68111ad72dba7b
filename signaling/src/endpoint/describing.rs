//! What the owner is told of a call: who calls, as far as that may be known (RFC 3323, 3325), and what they send along.

use std::net::IpAddr;

use kernel::Pii;

use super::Endpoint;
use crate::io::{DialogId, Incoming, Path, Trunk};
use crate::message::address::Address;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::request::Request;
use crate::message::uri::{Scheme, Uri};

/// Headers of the caller that are passed on, at most.
const EXTRA: usize = 32;

/// Bytes of them, names included, at most: a record is no place for documents.
const EXTRA_BYTES: usize = 4 * 1024;

/// Privacy values that ask to hide who calls (RFC 3323 section 4.2, RFC 3325 section 9.3).
const HIDING: &[&str] = &["id", "user", "header"];

impl Endpoint {
    /// What the owner is told of a call.
    pub(super) fn describe(
        &self,
        request: &Request<'_>,
        path: Path,
        dialog: DialogId,
        sdp: Option<&[u8]>,
    ) -> Incoming {
        let hidden = wants_to_hide(request);
        let identity = (!hidden).then(|| self.identity(request, path.remote.ip()));
        let uri = identity.as_ref().and_then(Address::parsed);
        let trunk = self.lines.at(path.remote.ip());
        Incoming {
            dialog,
            path,
            called: called(request, trunk),
            caller: Pii::new(identity.as_ref().map(|i| address(i, uri.as_ref())).unwrap_or_default()),
            caller_user: Pii::new(uri.map(|uri| uri.user_shown()).unwrap_or_default()),
            caller_name: identity.as_ref().and_then(Address::display_shown).map(Pii::new),
            call_id: grammar::shown(request.call_id),
            sdp: sdp.map(<[u8]>::to_vec),
            hidden,
            replaces: None,
            extra: extra(request),
            trunk: trunk.map(|trunk| trunk.name.clone()),
        }
    }

    /// Who calls: what a trusted peer asserts (RFC 3325 section 5), else what the caller claims.
    fn identity<'m>(&self, request: &Request<'m>, source: IpAddr) -> Address<'m> {
        let asserted = || {
            let mut all = request.message.list(Name::AssertedIdentity).filter_map(Address::parse);
            all.find(|a| a.parsed().is_some_and(|u| u.scheme != Scheme::Other))
        };
        let trusted = self.setup.trusted.iter().any(|network| network.contains(source))
            || self.lines.at(source).is_some();
        trusted.then(asserted).flatten().unwrap_or(request.from)
    }
}

/// The number dialled. A trunk that calls the Contact we registered names the number in To.
fn called(request: &Request<'_>, trunk: Option<&Trunk>) -> String {
    let called = request.uri.user_shown();
    let registered = trunk.and_then(|trunk| trunk.register.as_ref()).map(|register| register.user.as_str());
    if registered != Some(called.as_str()) {
        return called;
    }
    let meant = request.to.parsed().map(|uri| uri.user_shown()).filter(|user| !user.is_empty());
    meant.unwrap_or(called)
}

fn wants_to_hide(request: &Request<'_>) -> bool {
    let values =
        request.message.all(Name::Privacy).flat_map(|value| value.split(|b| matches!(b, b';' | b',')));
    let mut values = values.map(<[u8]>::trim_ascii);
    values.any(|value| HIDING.iter().any(|hiding| value.eq_ignore_ascii_case(hiding.as_bytes())))
}

/// Scheme and user@host.
fn address(identity: &Address<'_>, uri: Option<&Uri<'_>>) -> String {
    let Some(uri) = uri.filter(|uri| uri.scheme != Scheme::Other) else {
        return grammar::shown(identity.uri);
    };
    let scheme = match uri.scheme {
        Scheme::Tel => "tel",
        Scheme::Sips => "sips",
        Scheme::Sip | Scheme::Other => "sip",
    };
    let user = grammar::shown(uri.user.unwrap_or_default());
    let host = grammar::shown(uri.host);
    let at = if user.is_empty() || host.is_empty() { "" } else { "@" };
    format!("{scheme}:{user}{at}{host}")
}

/// Headers that are data of the owner, as many as there is room for.
fn extra(request: &Request<'_>) -> Vec<(String, Pii<String>)> {
    let mut room = EXTRA_BYTES;
    let headers = request.message.headers.iter().filter(|h| h.name == Name::Extra).take(EXTRA);
    let fitting = headers.filter(|h| {
        let left = room.checked_sub(h.raw_name.len() + h.value.len());
        room = left.unwrap_or(room);
        left.is_some()
    });
    fitting.map(|h| (grammar::shown(h.raw_name), Pii::new(grammar::shown(&h.value)))).collect()
}
