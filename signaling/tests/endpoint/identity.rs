//! Who calls, as far as it may be known and shown (RFC 3323, 3325), and what callers send along.

use kernel::Pii;
use signaling::Incoming;

use crate::wire::{Caller, Ours, PEER};

const TRUSTED: &str = "192.0.2.50:5060";

fn call(from: &str, headers: &str) -> Incoming {
    let mut caller = Caller::new("who");
    caller.extra = headers.into();
    Ours::new().hear_from(from, &caller.invite()).invited()
}

#[test]
fn only_a_trusted_peer_is_believed_who_calls() {
    let asserted = "P-Asserted-Identity: \"Carl\" <sip:+4930123@carrier.example>\r\nP-Asserted-Identity: <tel:+4930123>\r\n";
    let incoming = call(TRUSTED, asserted);
    assert_eq!(incoming.caller_user.reveal(), "+4930123");
    assert_eq!(incoming.caller.reveal(), "sip:+4930123@carrier.example");
    assert_eq!(incoming.caller_name.map(Pii::into_inner).as_deref(), Some("Carl"));
    let incoming = call(PEER, asserted);
    assert_eq!(incoming.caller_user.reveal(), "ann", "anybody can write a header");
    let broken = call(TRUSTED, "P-Asserted-Identity: <nonsense\r\n");
    assert_eq!(broken.caller_user.reveal(), "ann");
}

#[test]
fn a_caller_that_asks_for_privacy_is_not_shown() {
    for value in ["id", "critical;ID", "user, header"] {
        let headers = format!("Privacy: {value}\r\nP-Asserted-Identity: <tel:+4930123>\r\n");
        for from in [TRUSTED, PEER] {
            let incoming = call(from, &headers);
            assert!(incoming.hidden, "{value}");
            assert_eq!((incoming.caller.reveal().as_str(), incoming.caller_user.reveal().as_str()), ("", ""));
            assert_eq!(incoming.caller_name, None);
        }
    }
    assert!(!call(TRUSTED, "Privacy: none\r\n").hidden);
}

#[test]
fn what_callers_send_along_is_bounded() {
    let headers: String = (0..100).map(|n| format!("X-N{n}: v\r\n")).collect();
    assert_eq!(call(PEER, &headers).extra.len(), 32);
    let headers = format!("X-Big: {}\r\nX-Small: 1\r\nUser-to-User: 56;encoding=hex\r\n", "a".repeat(5000));
    let names: Vec<_> = call(PEER, &headers).extra.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["X-Small", "User-to-User"]);
}
