//! Sources that are banned from SIP: told to the log, kept in the record, listed, lifted and made by hand.
//!
//! Promises: what somebody does by hand is recorded, with who did it, before it is confirmed; a restart forgets no ban. The
//! log never has an address. Leaves to others: who is banned (`signaling::guard`).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use api::{BanNow, BanOrder, Refusal};
use desk::Change;
use kernel::{AgentName, Fault, Time};
use serde::{Deserialize, Serialize};
use signaling::guard::{Ban, Reason, Source};
use store::Store;
use tokio::sync::mpsc;

use crate::clock::{Clock, time_of_wall, wall_of};
use crate::floor::refusal;
use crate::limits;
use crate::shared::Shared;
use crate::stop::Stop;

/// What the keys of bans in the record begin with; the address follows.
const PREFIX: &str = "sip_ban:";

/// Takes new bans.
pub struct Bans(mpsc::Sender<Ban>);

/// A ban as the record has it.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    reason: String,
    proven: bool,
    failures: u32,
    /// Milliseconds since 1970, as `until`.
    since: i64,
    until: i64,
    times: u32,
}

impl Bans {
    /// With the way to whoever keeps them.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Ban>) {
        let (to, from) = mpsc::channel(limits::SIP_BANS);
        (Self(to), from)
    }

    /// The guard banned a source.
    pub fn banned(&self, ban: Ban) {
        let reason = ban.reason.code();
        metrics::counter!("sip_bans_total", "reason" => reason).increment(1);
        let seconds = ban.until.since(ban.since).as_secs();
        tracing::warn!(
            reason,
            failures = ban.failures,
            proven = ban.proven,
            times = ban.times,
            seconds,
            "a source is banned from SIP"
        );
        // What is made by hand was recorded before.
        if ban.reason != Reason::ByHand && self.0.try_send(ban).is_err() {
            metrics::counter!("sip_bans_not_kept_total").increment(1);
        }
    }
}

fn key(source: Source) -> String {
    format!("{PREFIX}{source}")
}

fn text(ban: &Ban) -> String {
    let Ban { reason, proven, failures, since, until, times, .. } = ban;
    let kept = Kept {
        reason: reason.code().to_owned(),
        proven: *proven,
        failures: *failures,
        since: wall_of(*since),
        until: wall_of(*until),
        times: *times,
    };
    serde_json::to_string(&kept).unwrap_or_default()
}

fn read(key: &str, text: &str) -> Option<Ban> {
    let source = key.strip_prefix(PREFIX)?.parse().ok()?;
    let Kept { reason, proven, failures, since, until, times } = serde_json::from_str(text).ok()?;
    let (since, until) = (time_of_wall(since), time_of_wall(until));
    let reason = Reason::coded(&reason)?;
    Some(Ban { source, reason, proven, failures, since, until, times, turned_away: 0 })
}

/// The bans from before; those that nobody needs any more are taken out of the record.
///
/// # Errors
/// When the record cannot be read.
pub async fn kept(store: &dyn Store, clock: Clock) -> anyhow::Result<Vec<Ban>> {
    let now = clock.now();
    let mut bans = Vec::new();
    for (key, text) in store.settings_of(PREFIX).await? {
        match read(&key, &text).filter(|ban| ban.forgotten_at() > now) {
            Some(ban) => bans.push(ban),
            None => store.drop_setting(&key).await?,
        }
    }
    Ok(bans)
}

/// Puts new bans into the record until the process ends.
pub async fn keep(mut bans: mpsc::Receiver<Ban>, store: Arc<dyn Store>, clock: Clock, mut stop: Stop) {
    let mut sweep = tokio::time::interval(limits::SIP_BANS_SWEEP);
    loop {
        let ban = tokio::select! {
            ban = bans.recv() => ban,
            () = stop.stopped() => return,
            _ = sweep.tick() => {
                if let Err(error) = kept(&*store, clock).await {
                    tracing::error!(%error, "bans that are over could not be taken out of the record");
                }
                continue;
            }
        };
        let Some(ban) = ban else { return };
        if let Err(error) = store.put_setting(&key(ban.source), &text(&ban)).await {
            metrics::counter!("sip_bans_not_kept_total").increment(1);
            tracing::error!(%error, "a ban could not be kept");
        }
    }
}

/// The bans that hold, the newest first.
pub async fn holding(shared: &Shared) -> Vec<BanNow> {
    // Without an endpoint the process is ending.
    let mut bans = shared.sip.bans().await.unwrap_or_default();
    bans.sort_by_key(|ban| (std::cmp::Reverse(ban.since), ban.source));
    bans.iter().map(now).collect()
}

fn now(ban: &Ban) -> BanNow {
    BanNow {
        address: ban.source.to_string(),
        reason: ban.reason.code(),
        proven: ban.proven,
        failures: ban.failures,
        turned_away: ban.turned_away,
        times: ban.times,
        since: wall_of(ban.since),
        until: wall_of(ban.until),
    }
}

/// Bans a source by hand.
///
/// # Errors
/// When it is no address, or one that is never banned; when it cannot be recorded.
pub async fn put(shared: &Shared, order: BanOrder) -> Result<BanNow, Refusal> {
    let source = source(&order.address)?;
    if shared.config.guard.is_none() {
        return Err(refusal(Fault::Caller, "guard_off", "[sip.guard] is switched off"));
    }
    if is_exempt(shared, source.address()) {
        let why = "the address is a carrier's, trusted or allowed in [sip]";
        return Err(refusal(Fault::Caller, "never_banned", why));
    }
    let since = shared.clock.now();
    let until = since + Duration::from_secs(order.seconds);
    let reason = Reason::ByHand;
    let ban = Ban { source, reason, proven: true, failures: 0, since, until, times: 1, turned_away: 0 };
    record(shared, source, Some(text(&ban)), &order.by, since).await?;
    shared.sip.ban(ban.clone()).await.map_err(|_| stopping())?;
    Ok(now(&ban))
}

/// Lifts the ban of a source.
///
/// # Errors
/// When there is none; when it cannot be recorded.
pub async fn lift(shared: &Shared, address: &str, by: &AgentName) -> Result<(), Refusal> {
    let source = source(address)?;
    let bans = shared.sip.bans().await.map_err(|_| stopping())?;
    if bans.iter().all(|ban| ban.source != source) {
        return Err(refusal(Fault::Caller, "not_found", "this address is not banned"));
    }
    record(shared, source, None, by, shared.clock.now()).await?;
    shared.sip.lift(source).await.map_err(|_| stopping())
}

/// Who did it goes into the audit trail with the ban itself.
async fn record(
    shared: &Shared,
    source: Source,
    value: Option<String>,
    by: &AgentName,
    at: Time,
) -> Result<(), Refusal> {
    let change =
        Change::SettingChanged { key: key(source), value, by: by.as_str().to_owned(), at: wall_of(at) };
    match shared.recorder.commit(vec![change]).await {
        Ok(_) => Ok(()),
        Err(_) => Err(refusal(Fault::Ours, "not_recorded", "the record could not be written")),
    }
}

fn source(address: &str) -> Result<Source, Refusal> {
    address.parse().map_err(|_| {
        refusal(Fault::Peer, "bad_address", "an IPv4 address, an IPv6 address or its /64 is needed")
    })
}

/// Whether the guard leaves an address alone, as the endpoint decides it.
pub fn is_exempt(shared: &Shared, ip: IpAddr) -> bool {
    let config = &shared.config;
    let allowed = config.guard.iter().flat_map(|rules| &rules.allow);
    let networks = config.trunks.iter().flat_map(|trunk| &trunk.sip.networks);
    allowed.chain(&config.trusted).chain(networks).any(|network| network.contains(ip))
        || config.trunks.iter().any(|trunk| shared.trunks.remote(trunk) == Some(ip))
}

fn stopping() -> Refusal {
    refusal(Fault::Capacity, "draining", "the process is ending")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ban_comes_back_from_the_record_as_it_was() {
        for (address, reason) in [("203.0.113.7", Reason::Passwords), ("2001:db8::/64", Reason::ByHand)] {
            let ban = Ban {
                source: address.parse().expect("a source"),
                reason,
                proven: true,
                failures: 21,
                since: Time::from_millis(1_800_000_000_123),
                until: Time::from_millis(1_800_000_300_123),
                times: 3,
                turned_away: 0,
            };
            assert_eq!(read(&key(ban.source), &text(&ban)), Some(ban));
        }
        assert_eq!(read("sip_ban:nobody", "{}"), None);
    }
}
