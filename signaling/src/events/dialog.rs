//! `dialog` (RFC 4235): the calls of an extension, for busy lamp fields.
//!
//! Promises: every document is the full state; a call that ended since the last one is told once as `terminated`. Who
//! the other side is, is not told: a lamp needs no number of a customer.

use std::fmt::Write;

use super::{CallDirection, CallStanding, Extension, ExtensionCall, Package, Telling, Watchers, xml};

pub(crate) const PACKAGE: Package = Package {
    name: "dialog",
    content: "application/dialog-info+xml",
    watchers: Watchers::House,
    differs: |before, now| before.calls != now.calls,
    render,
};

fn render(telling: &Telling<'_>) -> String {
    let entity = xml(telling.entity);
    let mut text = String::with_capacity(512);
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "<?xml version=\"1.0\"?>\r\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{}\" state=\"full\" entity=\"{entity}\">\r\n",
        telling.version
    );
    for call in &telling.now.calls {
        dialog(&mut text, &entity, call, state(call.standing));
    }
    for over in ended(telling.before, telling.now) {
        dialog(&mut text, &entity, over, "terminated");
    }
    text.push_str("</dialog-info>\r\n");
    text
}

/// Calls that were told before and are no more.
fn ended<'a>(before: &'a Extension, now: &'a Extension) -> impl Iterator<Item = &'a ExtensionCall> {
    before.calls.iter().filter(|call| now.calls.iter().all(|other| other.id != call.id))
}

fn dialog(text: &mut String, entity: &str, call: &ExtensionCall, state: &str) {
    let direction = match call.direction {
        CallDirection::Initiator => "initiator",
        CallDirection::Recipient => "recipient",
    };
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "<dialog id=\"{}\" direction=\"{direction}\">\r\n<state>{state}</state>\r\n<local><identity>{entity}</identity><target uri=\"{entity}\"/></local>\r\n</dialog>\r\n",
        xml(&call.id)
    );
}

const fn state(standing: CallStanding) -> &'static str {
    match standing {
        CallStanding::Trying => "trying",
        CallStanding::Early => "early",
        CallStanding::Confirmed => "confirmed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: &str, standing: CallStanding) -> ExtensionCall {
        ExtensionCall { id: id.into(), direction: CallDirection::Recipient, standing }
    }

    #[test]
    fn a_call_that_is_over_is_told_once_as_terminated() {
        let none = Extension::default();
        let one = Extension { calls: vec![call("a", CallStanding::Confirmed)], ..Extension::default() };
        let told =
            |version, before, now| render(&Telling { entity: "sip:1101@example.com", version, before, now });
        let first = told(0, &none, &one);
        assert!(first.contains("version=\"0\" state=\"full\" entity=\"sip:1101@example.com\""), "{first}");
        assert!(first.contains("<dialog id=\"a\" direction=\"recipient\">\r\n<state>confirmed</state>"));
        let second = told(1, &one, &none);
        assert!(second.contains("<state>terminated</state>") && !second.contains("confirmed"), "{second}");
        assert!(!told(2, &none, &none).contains("<dialog "));
    }
}
