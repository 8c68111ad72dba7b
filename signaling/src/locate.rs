//! From the name in a SIP URI to the places where its server may be, in the order to try them (RFC 3263, RFC 2782).
//!
//! Promises: transport, port and server are chosen as the RFC says, the dice of SRV weights are the caller's; every name is
//! asked once; the number of questions and of places is bounded. Leaves to others: asking (the driver), trying (`endpoint`).

use std::net::{IpAddr, SocketAddr};

use kernel::Rng;

use crate::dialog::session::Hop;
use crate::io::{Question, Record, RecordKind, Transport};
use crate::message::grammar;
use crate::message::uri::{Scheme, Uri};

/// Names that are asked for addresses in one search; a zone that lists more is broken or hostile.
const TARGETS: usize = 16;
/// Places that are tried, at most.
const HOPS: usize = 16;
/// Services that NAPTR may offer, at most.
const SERVICES: usize = 8;

/// What is being looked for.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    host: String,
    /// What we can use, by preference of ours.
    able: Vec<Transport>,
    families: Families,
    stage: Stage,
    /// Questions whose answer is missing.
    open: Vec<Question>,
    /// Answers of this stage.
    known: Vec<(Question, Vec<Record>)>,
}

/// Which addresses we can reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Families {
    pub(crate) v4: bool,
    pub(crate) v6: bool,
}

#[derive(Clone, Debug)]
enum Stage {
    /// Which transports the domain offers (section 4.1).
    Services { secure: bool },
    /// Where their servers are (section 4.2), in order of preference.
    Servers(Vec<(Transport, String)>),
    /// Their addresses, in order of preference.
    Addresses(Vec<Server>),
}

/// A server by name.
#[derive(Clone, Debug)]
struct Server {
    transport: Transport,
    host: String,
    port: u16,
}

/// How a search stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Ask these, and tell what they answer.
    Ask(Vec<Question>),
    /// These places, in this order; none: nobody can be reached.
    Places(Vec<Hop>),
}

impl Search {
    /// Begins a search for the server of a URI. `None`: nothing of ours reaches it.
    pub(crate) fn begin(uri: &Uri<'_>, able: &[Transport], families: Families) -> Option<(Self, Found)> {
        let named = grammar::param(uri.params, "transport").flatten().is_some();
        let secure = uri.scheme == Scheme::Sips;
        let able: Vec<_> =
            able.iter().copied().filter(|t| !t.is_web() && (!secure || t.is_secure())).collect();
        let asked = uri.transport()?;
        let host = grammar::shown(uri.host);
        let mut search = Self {
            host,
            able,
            families,
            stage: Stage::Services { secure },
            open: Vec::new(),
            known: Vec::new(),
        };
        if let Some(remote) = uri.address() {
            let hop = Hop { transport: asked, remote };
            return Some((search, Found::Places(vec![hop])));
        }
        let found = match (uri.port, named) {
            // A port says that no service record is meant (section 4.2).
            (Some(port), _) => {
                let server = Server { transport: asked, host: search.host.clone(), port };
                search.addresses(vec![server])
            }
            (None, true) => {
                let name = service_name(asked, &search.host);
                search.servers(vec![(asked, name)])
            }
            (None, false) => {
                let question = Question { kind: RecordKind::Naptr, name: search.host.clone() };
                search.ask(vec![question])
            }
        };
        Some((search, found))
    }

    /// What a question was answered; nothing: there is no such record, or nobody knows.
    pub(crate) fn told(&mut self, rng: &mut Rng, question: &Question, records: Vec<Record>) -> Found {
        let Some(at) = self.open.iter().position(|open| open == question) else {
            return Found::Ask(Vec::new());
        };
        self.known.push((self.open.swap_remove(at), records));
        if !self.open.is_empty() {
            return Found::Ask(Vec::new());
        }
        match std::mem::replace(&mut self.stage, Stage::Addresses(Vec::new())) {
            Stage::Services { secure } => self.services_known(secure),
            Stage::Servers(services) => self.servers_known(rng, &services),
            Stage::Addresses(servers) => Found::Places(self.places(&servers)),
        }
    }

    fn ask(&mut self, questions: Vec<Question>) -> Found {
        self.known.clear();
        self.open.clone_from(&questions);
        Found::Ask(questions)
    }

    fn services_known(&mut self, secure: bool) -> Found {
        let mut offered: Vec<_> = self.known.iter().flat_map(|(_, records)| records).collect();
        offered.sort_by_key(|record| match record {
            Record::Naptr { order, preference, .. } => (*order, *preference),
            Record::Srv { .. } | Record::Address(_) => (u16::MAX, u16::MAX),
        });
        let offered = offered.into_iter().filter_map(|record| match record {
            Record::Naptr { flags, service, replacement, .. } if flags.eq_ignore_ascii_case("s") => {
                let transport = service_transport(service)?;
                let fits = self.able.contains(&transport) && (!secure || transport.is_secure());
                (fits && !replacement.is_empty()).then(|| (transport, replacement.clone()))
            }
            Record::Naptr { .. } | Record::Srv { .. } | Record::Address(_) => None,
        });
        let mut services: Vec<_> = offered.take(SERVICES).collect();
        if services.is_empty() {
            // Without NAPTR every service that we could use is asked for (section 4.1).
            services = self.able.iter().map(|t| (*t, service_name(*t, &self.host))).collect();
        }
        self.servers(services)
    }

    fn servers(&mut self, services: Vec<(Transport, String)>) -> Found {
        let questions: Vec<_> =
            services.iter().map(|(_, name)| Question { kind: RecordKind::Srv, name: name.clone() }).collect();
        if questions.is_empty() {
            return Found::Places(Vec::new());
        }
        self.stage = Stage::Servers(services);
        self.ask(questions)
    }

    fn servers_known(&mut self, rng: &mut Rng, services: &[(Transport, String)]) -> Found {
        let mut servers = Vec::new();
        for (transport, name) in services {
            let records = self.known.iter().filter(|(question, _)| question.name == *name);
            let records: Vec<_> = records.flat_map(|(_, records)| records.iter().cloned()).collect();
            servers.extend(in_order(rng, records).map(|(host, port)| Server {
                transport: *transport,
                host,
                port,
            }));
        }
        if servers.is_empty() {
            // The domain is a host (section 4.2, last paragraph): what was asked for, else what everybody speaks.
            let usual = match services {
                [(only, _)] => Some(*only),
                _ => [Transport::Udp, Transport::Tcp, Transport::Tls]
                    .into_iter()
                    .find(|t| self.able.contains(t)),
            };
            let host = self.host.clone();
            servers.extend(usual.map(|transport| Server { transport, host, port: default_port(transport) }));
        }
        self.addresses(servers)
    }

    fn addresses(&mut self, mut servers: Vec<Server>) -> Found {
        servers.truncate(TARGETS);
        let mut questions: Vec<Question> = Vec::new();
        for server in &servers {
            let kinds = [(RecordKind::A, self.families.v4), (RecordKind::Aaaa, self.families.v6)];
            for (kind, _) in kinds.into_iter().filter(|(_, able)| *able) {
                let question = Question { kind, name: server.host.clone() };
                if !questions.contains(&question) {
                    questions.push(question);
                }
            }
        }
        if questions.is_empty() {
            return Found::Places(Vec::new());
        }
        self.stage = Stage::Addresses(servers);
        self.ask(questions)
    }

    fn places(&self, servers: &[Server]) -> Vec<Hop> {
        let mut places = Vec::new();
        for server in servers {
            let known = self.known.iter().filter(|(question, _)| question.name == server.host);
            for record in known.flat_map(|(_, records)| records) {
                let Record::Address(ip) = record else { continue };
                let hop = Hop { transport: server.transport, remote: SocketAddr::new(*ip, server.port) };
                if places.len() < HOPS && !places.contains(&hop) && self.reaches(*ip) {
                    places.push(hop);
                }
            }
        }
        places
    }

    const fn reaches(&self, ip: IpAddr) -> bool {
        match ip {
            IpAddr::V4(_) => self.families.v4,
            IpAddr::V6(_) => self.families.v6,
        }
    }
}

const fn default_port(transport: Transport) -> u16 {
    if transport.is_secure() { 5061 } else { 5060 }
}

fn service_name(transport: Transport, host: &str) -> String {
    let service = match transport {
        Transport::Udp => "_sip._udp",
        Transport::Tcp | Transport::Ws => "_sip._tcp",
        Transport::Tls | Transport::Wss => "_sips._tcp",
    };
    format!("{service}.{host}")
}

fn service_transport(service: &str) -> Option<Transport> {
    let is = |name: &str| service.eq_ignore_ascii_case(name);
    match () {
        () if is("SIP+D2U") => Some(Transport::Udp),
        () if is("SIP+D2T") => Some(Transport::Tcp),
        () if is("SIPS+D2T") => Some(Transport::Tls),
        () => None,
    }
}

/// Servers by priority, and among equals by chance weighted as they ask (RFC 2782).
fn in_order(rng: &mut Rng, records: Vec<Record>) -> impl Iterator<Item = (String, u16)> {
    let mut left: Vec<_> = records
        .into_iter()
        .filter_map(|record| match record {
            // A target of "." says that there is no such service.
            Record::Srv { priority, weight, port, target } if !target.is_empty() && target != "." => {
                Some((priority, weight, target, port))
            }
            Record::Srv { .. } | Record::Naptr { .. } | Record::Address(_) => None,
        })
        .collect();
    // Those without weight come first in the sum, so that they are taken only by its zero.
    left.sort_by_key(|(priority, weight, ..)| (*priority, *weight));
    let mut ordered = Vec::with_capacity(left.len());
    while let Some(priority) = left.first().map(|(priority, ..)| *priority) {
        let end = left.iter().position(|(other, ..)| *other != priority).unwrap_or(left.len());
        let sum: u64 = left.iter().take(end).map(|(_, weight, ..)| u64::from(*weight)).sum();
        let drawn = rng.below(sum + 1);
        let mut running = 0;
        let at = left.iter().take(end).position(|(_, weight, ..)| {
            running += u64::from(*weight);
            running >= drawn
        });
        let (_, _, target, port) = left.remove(at.unwrap_or(0));
        ordered.push((target, port));
    }
    ordered.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Transport] = &[Transport::Udp, Transport::Tcp, Transport::Tls];
    const V4: Families = Families { v4: true, v6: false };

    fn naptr(order: u16, service: &str, replacement: &str) -> Record {
        let (service, replacement) = (service.into(), replacement.into());
        Record::Naptr { order, preference: 1, flags: "s".into(), service, replacement }
    }

    fn srv(priority: u16, weight: u16, target: &str, port: u16) -> Record {
        Record::Srv { priority, weight, port, target: target.into() }
    }

    fn a(text: &str) -> Record {
        Record::Address(text.parse().expect("an address"))
    }

    /// Everything that was asked, and where it ends, in a world where these records exist.
    fn search(uri: &str, able: &[Transport], zone: &[(&str, Record)]) -> (Vec<String>, Vec<String>) {
        let uri = Uri::parse(uri.as_bytes()).expect("a URI");
        let mut rng = Rng::seeded(7);
        let (mut search, mut found) = Search::begin(&uri, able, V4).expect("reachable");
        let mut asked = Vec::new();
        let mut open: Vec<Question> = Vec::new();
        loop {
            match found {
                Found::Places(hops) => {
                    let places = hops.iter().map(|h| format!("{}:{}", h.transport.name(), h.remote));
                    return (asked, places.collect());
                }
                Found::Ask(questions) => open.extend(questions),
            }
            let question = open.pop().expect("something is still open");
            asked.push(format!("{:?} {}", question.kind, question.name));
            let fits = |record: &Record| match (question.kind, record) {
                (RecordKind::Naptr, Record::Naptr { .. }) | (RecordKind::Srv, Record::Srv { .. }) => true,
                (RecordKind::A, Record::Address(ip)) => ip.is_ipv4(),
                _ => false,
            };
            let records = zone.iter().filter(|(name, r)| *name == question.name && fits(r));
            found = search.told(&mut rng, &question, records.map(|(_, r)| r.clone()).collect());
        }
    }

    #[test]
    fn naptr_chooses_the_transport_and_srv_the_servers() {
        let zone = [
            ("example.com", naptr(10, "SIP+D2T", "_sip._tcp.example.com")),
            ("example.com", naptr(20, "SIP+D2U", "_sip._udp.example.com")),
            ("example.com", naptr(5, "SIP+D2S", "_sip._sctp.example.com")),
            ("_sip._tcp.example.com", srv(20, 0, "b.example.com", 5070)),
            ("_sip._tcp.example.com", srv(10, 0, "a.example.com", 5060)),
            ("_sip._udp.example.com", srv(1, 0, "a.example.com", 5080)),
            ("a.example.com", a("192.0.2.1")),
            ("b.example.com", a("192.0.2.2")),
        ];
        let (_, places) = search("sip:x@example.com", ALL, &zone);
        assert_eq!(places, ["TCP:192.0.2.1:5060", "TCP:192.0.2.2:5070", "UDP:192.0.2.1:5080"]);
        let (_, places) = search("sip:x@example.com", &[Transport::Udp], &zone);
        assert_eq!(places, ["UDP:192.0.2.1:5080"]);
        assert!(
            search("sips:x@example.com", ALL, &zone).1.is_empty(),
            "nothing secure is offered or at the host"
        );
    }

    #[test]
    fn without_naptr_every_service_is_asked_and_without_any_the_host_itself() {
        let zone =
            [("_sip._udp.example.com", srv(1, 1, "u.example.com", 5066)), ("u.example.com", a("192.0.2.3"))];
        assert_eq!(search("sip:example.com", ALL, &zone).1, ["UDP:192.0.2.3:5066"]);
        let host = [("example.com", a("192.0.2.4")), ("example.com", a("192.0.2.5"))];
        assert_eq!(search("sip:example.com", ALL, &host).1, ["UDP:192.0.2.4:5060", "UDP:192.0.2.5:5060"]);
        assert_eq!(
            search("sip:example.com;transport=tcp", ALL, &host).1,
            ["TCP:192.0.2.4:5060", "TCP:192.0.2.5:5060"]
        );
        assert_eq!(search("sips:example.com", ALL, &host).1, ["TLS:192.0.2.4:5061", "TLS:192.0.2.5:5061"]);
        assert!(search("sip:example.com", ALL, &[]).1.is_empty());
    }

    #[test]
    fn a_port_means_the_host_and_a_number_means_itself() {
        let zone =
            [("_sip._udp.example.com", srv(1, 1, "u.example.com", 5066)), ("example.com", a("192.0.2.4"))];
        let (asked, places) = search("sip:example.com:5090", ALL, &zone);
        assert_eq!(
            (asked, places),
            (vec!["A example.com".to_owned()], vec!["UDP:192.0.2.4:5090".to_owned()])
        );
        assert_eq!(search("sip:192.0.2.9", ALL, &[]), (vec![], vec!["UDP:192.0.2.9:5060".to_owned()]));
    }

    #[test]
    fn weights_share_calls_as_they_ask() {
        let zone = vec![srv(1, 75, "a", 1), srv(1, 25, "b", 2), srv(0, 0, "first", 3), srv(2, 0, "last", 4)];
        let mut rng = Rng::seeded(3);
        let mut first = 0;
        for _ in 0..4000 {
            let order: Vec<_> = in_order(&mut rng, zone.clone()).map(|(host, _)| host).collect();
            assert_eq!((order[0].as_str(), order[3].as_str()), ("first", "last"));
            first += usize::from(order[1] == "a");
        }
        assert!(
            (2850..3150).contains(&first),
            "{first} of 4000 went to the one with three quarters of the weight"
        );
    }

    #[test]
    fn a_zone_that_lists_thousands_costs_no_more_than_a_few() {
        let mut zone = Vec::new();
        for n in 0..1000 {
            zone.push(("_sip._udp.example.com", srv(n, 0, "h.example.com", 5060)));
            zone.push(("h.example.com", a(&format!("192.0.{}.{}", n / 250, n % 250 + 1))));
        }
        let (asked, places) = search("sip:example.com;transport=udp", ALL, &zone);
        assert_eq!((asked.len(), places.len()), (2, HOPS));
    }
}
