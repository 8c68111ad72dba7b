//! What requests inside a dialog are made of: tags, CSeq, route set, remote target (RFC 3261 section 12.2.1.1).

use std::net::{IpAddr, SocketAddr};

use crate::io::Path;
use crate::message::address::Address;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::parse::Message;
use crate::message::uri::Uri;
use crate::message::write::Draft;

/// The lasting facts of a dialog.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) call_id: Vec<u8>,
    /// Our From (or To) with our tag.
    pub(crate) local: Vec<u8>,
    pub(crate) local_tag: Vec<u8>,
    /// Theirs, as they wrote it.
    pub(crate) remote: Vec<u8>,
    /// Empty while nobody answered, and for clients of RFC 2543.
    pub(crate) remote_tag: Vec<u8>,
    pub(crate) local_seq: u32,
    pub(crate) remote_seq: u32,
    /// Route set in the order of travel.
    pub(crate) routes: Vec<Vec<u8>>,
    /// Where they want requests: their Contact.
    pub(crate) target: Vec<u8>,
    /// The path of their last request: works through NAT, where Contact does not.
    pub(crate) path: Path,
    /// The trunk that it goes through, which may ask us to prove who we are.
    pub(crate) trunk: Option<String>,
}

/// Routes beyond this are a loop, not a way.
const ROUTES: usize = 20;

/// Our end of one request: the Via line and the identity of the software.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ours<'a> {
    /// Whole value of Via.
    pub(crate) via: &'a str,
    pub(crate) product: &'a str,
}

impl Session {
    /// Begins a request inside the dialog. The caller has counted `cseq`.
    pub(crate) fn draft(&self, method: &str, cseq: u32, ours: Ours<'_>) -> Draft {
        let strict = self.strict();
        let mut draft = Draft::request(method, self.request_uri());
        draft.header("Via", ours.via);
        draft.header("Max-Forwards", "70");
        // A strict router takes the first place, the target the last (RFC 3261 section 12.2.1.1).
        for route in self.routes.iter().skip(usize::from(strict.is_some())) {
            draft.header("Route", route);
        }
        if strict.is_some() {
            draft.header("Route", [b"<", &*self.target, b">"].concat());
        }
        draft.header("From", &self.local);
        draft.header("To", &self.remote);
        draft.header("Call-ID", &self.call_id);
        draft.header("CSeq", format!("{cseq} {method}"));
        draft.header("User-Agent", ours.product);
        draft
    }

    /// The first route, when it is a strict router (RFC 3261 section 12.2.1.1).
    fn strict(&self) -> Option<&Vec<u8>> {
        self.routes.first().filter(|route| !is_loose(route))
    }

    fn request_uri(&self) -> &[u8] {
        self.strict().and_then(|route| Address::parse(route)).map_or(&*self.target, |a| a.uri)
    }

    /// Request-URI and Route values of a request, as `draft` writes them.
    pub(crate) fn way(&self) -> (Vec<u8>, Vec<Vec<u8>>) {
        let strict = self.strict().is_some();
        let mut routes: Vec<_> = self.routes.iter().skip(usize::from(strict)).cloned().collect();
        if strict {
            routes.push([b"<", &*self.target, b">"].concat());
        }
        (self.request_uri().to_vec(), routes)
    }

    /// The next CSeq number of ours.
    pub(crate) fn next_seq(&mut self) -> u32 {
        self.local_seq = self.local_seq.wrapping_add(1) & 0x7fff_ffff;
        self.local_seq
    }

    /// The numeric address that the first route names, if there is a route.
    pub(crate) fn first_hop(&self) -> Option<Hop> {
        let route = Address::parse(self.routes.first()?)?;
        Hop::of(&route.parsed()?)
    }

    /// The numeric address that their Contact names.
    pub(crate) fn target_hop(&self) -> Option<Hop> {
        Hop::of(&Uri::parse(&self.target)?)
    }

    /// Takes the Contact of a message as the new remote target.
    pub(crate) fn retarget(&mut self, message: &Message<'_>) {
        if let Some(target) = contact(message) {
            self.target = target;
        }
    }
}

/// A numeric next hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) transport: crate::io::Transport,
    pub(crate) remote: SocketAddr,
}

impl Hop {
    /// The hop that a URI names by number and a transport of ours.
    pub(crate) fn of(uri: &Uri<'_>) -> Option<Self> {
        Some(Self { transport: uri.transport()?, remote: uri.address()? })
    }

    /// Whether anybody may reach it: what is private is so only from within (RFC 1918, RFC 6598, RFC 4193).
    pub(crate) fn is_public(&self) -> bool {
        match self.remote.ip() {
            IpAddr::V4(ip) => {
                let [a, b, ..] = ip.octets();
                !(ip.is_private()
                    || ip.is_loopback()
                    || ip.is_link_local()
                    || ip.is_unspecified()
                    || (a == 100 && b & 0xc0 == 64))
            }
            IpAddr::V6(ip) => {
                !(ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_unique_local()
                    || ip.is_unicast_link_local())
            }
        }
    }
}

/// The URI of the first Contact.
pub(crate) fn contact(message: &Message<'_>) -> Option<Vec<u8>> {
    Some(Address::parse(message.list(Name::Contact).next()?)?.uri.to_vec())
}

/// The route set that a request's Record-Route gives its server; a client takes it reversed.
pub(crate) fn record_routes(message: &Message<'_>) -> Vec<Vec<u8>> {
    message
        .list(Name::RecordRoute)
        .take(ROUTES)
        .filter(|r| Address::parse(r).is_some())
        .map(<[u8]>::to_vec)
        .collect()
}

fn is_loose(route: &[u8]) -> bool {
    Address::parse(route)
        .and_then(|a| a.parsed())
        .is_some_and(|uri| grammar::param(uri.params, "lr").is_some())
}
