//! Calls that an interaction places: to phones of this house, to addresses, and through trunks.
//!
//! Promises: what may not be dialled is not; a trunk that cannot carry the call gives way to the next; a call counts on its
//! trunk as long as its leg lives. Leaves to others: SIP (`signaling`), limits and choice of trunks (`trunks`).

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};

use interaction::DialTo;
use kernel::{Fault, Pii};
use signaling::carriers::Way;
use signaling::sdp::Capabilities;
use signaling::{CallDirection, CallStanding, Command, DialTarget, EndCause};
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::InteractionTask;
use super::legs::{Device, LegDriver};
use super::phone::{Failure, Phone};
use super::phone_media::Manner;
use crate::codecs;
use crate::config::{PLAIN_TRUNK, TrunkConfig};
use crate::extensions::extension_of;
use crate::limits::SIP_NAME_ANSWER;
use crate::registry::LegHandle;
use crate::trunks::OnTrunk;

/// Somewhere far away (RFC 5737): the way there shows the address that the world sees, where a trunk was never reached yet.
const FAR_AWAY: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// Where a call goes, and what it is made of.
struct Route {
    target: DialTarget,
    towards: IpAddr,
    ours: Capabilities,
    manner: Manner,
    /// The number that calls, where the trunk wants its own.
    from: Option<String>,
    headers: Vec<(String, String)>,
    trunk: Option<OnTrunk>,
    rest: VecDeque<Way>,
}

impl Route {
    fn to(target: DialTarget, towards: IpAddr, ours: Capabilities, manner: Manner) -> Self {
        let (headers, rest) = (Vec::new(), VecDeque::new());
        Self { target, towards, ours, manner, from: None, headers, trunk: None, rest }
    }
}

/// A number on its way through trunks.
pub(super) struct Outgoing {
    /// As it was dialled.
    number: Pii<String>,
    /// The ways that are left.
    rest: VecDeque<Way>,
    /// Counts the call.
    trunk: Option<OnTrunk>,
}

impl Outgoing {
    /// From now on it costs, and goes no other way.
    pub(super) fn answered(&mut self) {
        self.rest.clear();
        if let Some(trunk) = &self.trunk {
            trunk.answered();
        }
    }
}

impl InteractionTask {
    pub(super) async fn dial(&mut self, n: u16, target: DialTo) {
        let number = match &target {
            DialTo::Number(number) | DialTo::Entered(number) => number.clone(),
            DialTo::Agent(_) | DialTo::Uri(..) => Pii::new(String::new()),
        };
        let extension = self.extension_dialled(&target);
        match self.route(target).await {
            Ok(route) => {
                let mut phone =
                    Phone::dialled(self.shared.next_dialog(), route.towards, self.shared.config.srtp);
                phone.lamp = extension.map(|extension| {
                    let (direction, standing) = (CallDirection::Recipient, CallStanding::Trying);
                    self.shared.extensions.begin(&extension, self.id, direction, standing)
                });
                self.legs.insert(n, LegDriver::new(Device::Phone(Box::new(phone))));
                self.set_out(n, number, route).await;
            }
            Err((fault, why)) => self.leg_failed(n, fault, why),
        }
    }

    /// The extension whose phone a target is.
    fn extension_dialled(&self, target: &DialTo) -> Option<String> {
        let config = &self.shared.config;
        match target {
            DialTo::Agent(agent) => extension_of(config, agent).map(str::to_owned),
            DialTo::Number(number) | DialTo::Entered(number) => {
                let mut users = config.users.iter();
                users.find_map(|user| user.extension.clone().filter(|one| one == number.reveal()))
            }
            DialTo::Uri(..) => None,
        }
    }

    /// Offers and calls.
    async fn set_out(&mut self, n: u16, number: Pii<String>, route: Route) {
        let Route { target, ours, manner, from, headers, trunk, rest, .. } = route;
        let Some(phone) = self.phone_mut(n) else { return };
        phone.ours = ours;
        phone.outgoing = trunk.is_some().then_some(Outgoing { number, rest, trunk });
        let dialog = phone.dialog();
        let handle = LegHandle { inbox: self.own_inbox.clone(), leg: n };
        self.shared.registry.add_dialog(dialog, handle);
        self.shared.ladder.belongs(dialog, self.id, n);
        let sdp = match self.first_offer(n, manner).await {
            Ok(sdp) => sdp,
            Err(Failure::Media(fault)) => return self.leg_failed(n, fault, "no_media"),
            Err(Failure::Sdp(reason)) => {
                tracing::error!(%reason, "no offer could be made for a browser's phone");
                return self.leg_failed(n, Fault::Ours, "no_media");
            }
        };
        let (user, name) = self.calls_as(n, from);
        let order = Command::Dial {
            dialog,
            target,
            from_user: Pii::new(user),
            from_name: name.map(Pii::new),
            sdp,
            headers,
        };
        self.shared.order_sip(order).await;
    }

    /// Who calls: the customer whose call is sent on; to a customer, the number of ours.
    fn calls_as(&self, n: u16, own: Option<String>) -> (String, Option<String>) {
        match (own, n) {
            (Some(own), _) => (own, None),
            (None, 0) => (self.called.clone(), None),
            (None, _) => self.views.caller(),
        }
    }

    /// A call of ours ended before anybody answered: whether it goes on by another trunk.
    pub(super) async fn dial_elsewhere(&mut self, n: u16, cause: &EndCause) -> bool {
        let trunk_failed =
            cause.reason == "unreachable" && !matches!(cause.status, Some(404 | 410 | 484 | 604));
        let dialog = self.shared.next_dialog();
        let Some(phone) = self.phone_mut(n).filter(|phone| trunk_failed && !phone.answered) else {
            return false;
        };
        let Some(outgoing) = &mut phone.outgoing else { return false };
        let mut rest = std::mem::take(&mut outgoing.rest);
        let number = outgoing.number.clone();
        outgoing.trunk = None;
        let Some(way) = rest.pop_front() else { return false };
        phone.renamed(dialog);
        tracing::info!(leg = %self.leg_id(n), trunk = %way.trunk, "a trunk failed; the next one is tried");
        match self.through(&number, way, rest).await {
            Some(route) => {
                self.set_out(n, number, route).await;
                true
            }
            None => false,
        }
    }

    /// Where a target is, and what it is offered.
    async fn route(&self, target: DialTo) -> Result<Route, (Fault, &'static str)> {
        let unreachable = (Fault::Peer, "unreachable");
        match target {
            DialTo::Uri(uri, names) => {
                let towards = towards(&uri).await;
                Ok(Route::to(DialTarget::Uri(uri), towards, codecs::only(&names), Manner::Rtp))
            }
            DialTo::Entered(uri) if uri.reveal().starts_with("sip:") || uri.reveal().starts_with("sips:") => {
                let way = self.shared.config.outbound.as_ref();
                if !way.is_some_and(|way| way.allows_address(uri.reveal())) {
                    metrics::counter!("calls_barred_total", "why" => "host").increment(1);
                    return Err((Fault::Caller, "not_allowed"));
                }
                let uri = uri.into_inner();
                let towards = towards(&uri).await;
                Ok(Route::to(DialTarget::Uri(uri), towards, codecs::all(), Manner::Rtp))
            }
            DialTo::Number(number) | DialTo::Entered(number) => self.route_number(&number).await,
            DialTo::Agent(agent) => {
                let mut agents = self.shared.config.agents();
                let user = agents.find(|user| user.name == agent.as_str()).ok_or(unreachable)?;
                if let Some(contact) = &user.contact {
                    let towards = towards(contact).await;
                    let target = DialTarget::Uri(contact.clone());
                    return Ok(Route::to(target, towards, codecs::all(), Manner::Rtp));
                }
                let extension = user.extension.clone().ok_or(unreachable)?;
                self.phone_of_the_house(extension).ok_or(unreachable)
            }
        }
    }

    fn phone_of_the_house(&self, extension: String) -> Option<Route> {
        let path = self.shared.registry.phone(&extension)?;
        let manner = if path.transport.is_web() { Manner::Web } else { Manner::Rtp };
        Some(Route::to(DialTarget::Account(extension), path.remote.ip(), codecs::all(), manner))
    }

    /// A number is that of a phone of this house, or leaves by a trunk when the configuration allows it.
    async fn route_number(&self, number: &Pii<String>) -> Result<Route, (Fault, &'static str)> {
        let config = &self.shared.config;
        if config.users.iter().any(|user| user.extension.as_deref() == Some(number.reveal())) {
            return self.phone_of_the_house(number.reveal().clone()).ok_or((Fault::Peer, "unreachable"));
        }
        if config.outbound.is_none() {
            return Err((Fault::Peer, "unreachable"));
        }
        let ways = self.shared.trunks.ways(&self.placed_by, number.reveal());
        let ways = ways.map_err(|barred| (Fault::Caller, barred.code()))?;
        let mut rest: VecDeque<Way> = ways.into();
        let way = rest.pop_front().ok_or((Fault::Peer, "unreachable"))?;
        self.through(number, way, rest).await.ok_or((Fault::Peer, "unreachable"))
    }

    /// A call by one trunk; it counts there from here on.
    async fn through(&self, dialled: &Pii<String>, way: Way, rest: VecDeque<Way>) -> Option<Route> {
        let config = &self.shared.config;
        let trunk = Some(self.shared.trunks.begin(&way.trunk, &self.placed_by, dialled.reveal()));
        if way.trunk == PLAIN_TRUNK {
            let template = config.outbound.as_ref()?.uri.as_ref()?;
            let uri = template.render("", way.number.reveal());
            let towards = towards(&uri).await;
            let route = Route::to(DialTarget::Uri(uri), towards, codecs::all(), Manner::Rtp);
            return Some(Route { trunk, rest, ..route });
        }
        let settings = config.trunks.iter().find(|trunk| trunk.sip.name == way.trunk)?;
        let towards = self.towards_trunk(settings).await;
        let from = settings.from.clone();
        let caller = from.clone().unwrap_or_else(|| self.called.clone());
        let ours = codecs::only(&settings.codecs);
        let target = DialTarget::Trunk { name: way.trunk, number: way.number };
        let route = Route::to(target, towards, ours, Manner::Rtp);
        Some(Route { from, headers: settings.headers_from(&caller), trunk, rest, ..route })
    }

    async fn towards_trunk(&self, trunk: &TrunkConfig) -> IpAddr {
        match self.shared.trunks.remote(trunk) {
            Some(ip) => ip,
            None => towards(&trunk.sip.uri).await,
        }
    }
}

/// An address on the way to a URI's server, so that our own on that way is known. Which server it will be SIP decides.
async fn towards(uri: &str) -> IpAddr {
    if let Some(address) = signaling::uri_address(uri) {
        return address.ip();
    }
    let Some(host) = signaling::uri_host(uri) else { return FAR_AWAY };
    let found = timeout(SIP_NAME_ANSWER, lookup_host((host, 0))).await;
    let first = found.ok().and_then(Result::ok).and_then(|mut all| all.next());
    first.map_or(FAR_AWAY, |address| address.ip())
}
