//! Questions to the name system: NAPTR, SRV and addresses (RFC 3263), by the system's name servers or configured ones.
//!
//! Promises: every question is answered once, in bounded time, with nothing where there is no answer; answers are kept as
//! long as they may be. Leaves to others: what follows from them (`signaling`).

use std::net::SocketAddr;
use std::sync::Arc;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use signaling::{Question, Record, RecordKind};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::streams::News;
use crate::limits::{SIP_NAME_ANSWER, SIP_NAME_QUESTIONS};

/// Asks, and tells the endpoint's task.
pub(super) struct Names {
    resolver: Option<TokioResolver>,
    tell: mpsc::Sender<News>,
    room: Arc<Semaphore>,
}

impl Names {
    /// A resolver with these servers; none: the system's. Without any nothing has a name.
    pub(super) fn new(servers: &[SocketAddr], tell: mpsc::Sender<News>) -> Self {
        Self { resolver: resolver(servers), tell, room: Arc::new(Semaphore::new(SIP_NAME_QUESTIONS)) }
    }

    /// Asks in the background.
    pub(super) fn ask(&self, search: u64, question: Question) {
        let (resolver, tell, room) = (self.resolver.clone(), self.tell.clone(), Arc::clone(&self.room));
        tokio::spawn(async move {
            let asked = async {
                let _place = room.acquire().await.ok()?;
                answer(&resolver?, &question).await
            };
            let records = timeout(SIP_NAME_ANSWER, asked).await.ok().flatten().unwrap_or_default();
            // Nobody listens when the process stops.
            let _stopping = tell.send(News::Named { search, question, records }).await;
        });
    }
}

fn resolver(servers: &[SocketAddr]) -> Option<TokioResolver> {
    let builder = if servers.is_empty() {
        TokioResolver::builder_tokio()
            .inspect_err(
                |error| tracing::warn!(%error, "the system names no name server; trunks need addresses"),
            )
            .ok()?
    } else {
        let servers = servers.iter().map(|at| {
            let connection = |mut connection: ConnectionConfig| {
                connection.port = at.port();
                connection
            };
            let connections = vec![connection(ConnectionConfig::udp()), connection(ConnectionConfig::tcp())];
            NameServerConfig::new(at.ip(), true, connections)
        });
        let config = ResolverConfig::from_name_servers(servers.collect());
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
    };
    builder.build().inspect_err(|error| tracing::warn!(%error, "no names can be looked up")).ok()
}

async fn answer(resolver: &TokioResolver, question: &Question) -> Option<Vec<Record>> {
    let mut name = Name::from_utf8(&question.name).ok()?;
    // As it stands: no search domains.
    name.set_fqdn(true);
    let kind = match question.kind {
        RecordKind::Naptr => RecordType::NAPTR,
        RecordKind::Srv => RecordType::SRV,
        RecordKind::A => RecordType::A,
        RecordKind::Aaaa => RecordType::AAAA,
    };
    let found = resolver.lookup(name, kind).await.ok()?;
    Some(found.answers().iter().filter_map(|record| record_of(&record.data)).collect())
}

fn record_of(data: &RData) -> Option<Record> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let name = |name: &Name| name.to_utf8().trim_end_matches('.').to_owned();
    match data {
        RData::NAPTR(naptr) => Some(Record::Naptr {
            order: naptr.order,
            preference: naptr.preference,
            flags: text(&naptr.flags),
            service: text(&naptr.services),
            replacement: name(&naptr.replacement),
        }),
        RData::SRV(srv) => Some(Record::Srv {
            priority: srv.priority,
            weight: srv.weight,
            port: srv.port,
            target: name(&srv.target),
        }),
        RData::A(a) => Some(Record::Address(a.0.into())),
        RData::AAAA(aaaa) => Some(Record::Address(aaaa.0.into())),
        _ => None,
    }
}
