//! `presence` (RFC 3856, RFC 3863): whether the agent of an extension takes calls.

use super::{Availability, Package, Telling, Watchers, xml};

pub(crate) const PACKAGE: Package = Package {
    name: "presence",
    content: "application/pidf+xml",
    watchers: Watchers::House,
    differs: |before, now| before.availability != now.availability,
    render,
};

fn render(telling: &Telling<'_>) -> String {
    let (basic, en, zh) = match telling.now.availability {
        Availability::Ready => ("open", "Ready", "就绪"),
        Availability::NotReady => ("closed", "Not ready", "未就绪"),
        Availability::Away => ("closed", "Signed out", "未登录"),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"{}\">\r\n<tuple id=\"desk\"><status><basic>{basic}</basic></status><note xml:lang=\"en\">{en}</note><note xml:lang=\"zh\">{zh}</note></tuple>\r\n</presence>\r\n",
        xml(telling.entity)
    )
}
