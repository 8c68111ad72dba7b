//! By what a request finds its server transaction (RFC 3261 section 17.2.3).

use crate::message::request::{Method, Request};

/// The bytes that name a server transaction.
pub(crate) type Key = Box<[u8]>;

/// The key of the transaction that a request makes or belongs to. An ACK belongs to its INVITE.
pub(crate) fn of(request: &Request<'_>) -> Key {
    match request.method {
        Method::Ack => build(request, b"INVITE"),
        _ => build(request, method_name(request)),
    }
}

/// The key of the INVITE that a CANCEL is about (RFC 3261 section 9.2).
pub(crate) fn cancelled(request: &Request<'_>) -> Key {
    build(request, b"INVITE")
}

/// What two copies of one INVITE that came by different ways have in common (RFC 3261 section 8.2.2.2).
pub(crate) fn merged(request: &Request<'_>) -> Key {
    let cseq = request.cseq.to_be_bytes();
    join(&[request.call_id, request.from.tag().unwrap_or_default(), &cseq])
}

fn method_name<'m>(request: &Request<'m>) -> &'m [u8] {
    request.message.start.split(|b| *b == b' ').next().unwrap_or_default()
}

fn build(request: &Request<'_>, method: &[u8]) -> Key {
    let port = request.via.port.unwrap_or(5060).to_be_bytes();
    match request.via.branch() {
        Some(branch) => join(&[branch, request.via.host, &port, method]),
        // RFC 2543 has no branch worth the name: everything that a retransmission and an ACK keep.
        None => {
            let cseq = request.cseq.to_be_bytes();
            let from_tag = request.from.tag().unwrap_or_default();
            join(&[
                b"",
                request.uri_text,
                from_tag,
                request.call_id,
                &cseq,
                request.via.host,
                &port,
                request.via.params,
                method,
            ])
        }
    }
}

fn join(parts: &[&[u8]]) -> Key {
    let mut key = Vec::with_capacity(parts.iter().map(|p| p.len() + 1).sum());
    for part in parts {
        key.extend_from_slice(part);
        key.push(0);
    }
    key.into_boxed_slice()
}
