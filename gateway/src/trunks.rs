//! Trunks of the running process: how they stand, what goes through them, what a day's calls cost.
//!
//! Promises: a call counts on its trunk until its guard drops, and on no other road; what a day's calls cost is on disk within
//! seconds, so that a restart does not begin a new day. Leaves to others: the choice and the limits (`signaling::carriers`).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::{TollNow, TrunkBoard, TrunkNow};
use kernel::Rng;
use serde::{Deserialize, Serialize};
use signaling::TrunkState;
use signaling::carriers::{Barred, Carriers, Counted, Load, Use, Way};
use store::Store;

use crate::clock::Clock;
use crate::config::{Config, PLAIN_TRUNK, TrunkConfig};
use crate::shared::Shared;
use crate::stop::Stop;

/// Where the record keeps what a day's calls cost.
const KEPT: &str = "tolls";
/// How often it is kept, while it changes.
const KEEP_EVERY: Duration = Duration::from_secs(5);

/// The trunks.
pub struct Trunks {
    carriers: Mutex<(Carriers, Rng)>,
    states: Mutex<BTreeMap<String, TrunkState>>,
    clock: Clock,
}

/// A call on a trunk; it is counted until this drops.
#[must_use]
pub struct OnTrunk {
    trunks: Arc<Trunks>,
    call: Counted,
}

impl Drop for OnTrunk {
    fn drop(&mut self) {
        let now = self.trunks.clock.now();
        self.trunks.lock().0.end(now, self.call);
    }
}

impl OnTrunk {
    /// From now on it costs.
    pub fn answered(&self) {
        let now = self.trunks.clock.now();
        self.trunks.lock().0.answered(now, self.call);
    }
}

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Day {
    day: u64,
    used: BTreeMap<String, [u64; 3]>,
}

impl Trunks {
    /// With what the record knows of today.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub async fn open(config: &Config, store: &dyn Store, clock: Clock) -> anyhow::Result<Arc<Self>> {
        let plan = config.outbound.as_ref().map(|way| way.plan.clone()).unwrap_or_default();
        let mut all: Vec<_> = config.trunks.iter().map(|trunk| trunk.carrier.clone()).collect();
        if config.outbound.as_ref().is_some_and(|way| way.uri.is_some()) {
            all.push(signaling::carriers::Carrier {
                name: PLAIN_TRUNK.to_owned(),
                priority: u16::MAX,
                weight: 1,
                takes: Vec::new(),
                rewrite: Vec::new(),
                max_calls: None,
                per_second: None,
            });
        }
        let mut carriers = Carriers::new(plan, all);
        if let Some(text) = store.setting(KEPT).await? {
            match serde_json::from_str::<Day>(&text) {
                Ok(kept) => {
                    let used = kept.used.into_iter();
                    let used = used.map(|(k, [calls, seconds, spend])| (k, Use { calls, seconds, spend }));
                    carriers.restore(kept.day, used);
                }
                Err(error) => {
                    tracing::error!(%error, "what today's calls cost cannot be read; the day begins anew")
                }
            }
        }
        let rng = Rng::seeded(rand::random());
        Ok(Arc::new(Self { carriers: Mutex::new((carriers, rng)), states: Mutex::default(), clock }))
    }

    /// The ways by which a caller's number leaves, in the order to try them.
    ///
    /// # Errors
    /// Why it does not.
    pub fn ways(&self, caller: &str, number: &str) -> Result<Vec<Way>, Barred> {
        let now = self.clock.now();
        let (carriers, rng) = &mut *self.lock();
        let ways = carriers.ways(now, rng, caller, number);
        if let Err(barred) = &ways {
            metrics::counter!("calls_barred_total", "why" => barred.code()).increment(1);
        }
        ways
    }

    /// Counts a call of ours.
    pub fn begin(self: &Arc<Self>, trunk: &str, caller: &str, number: &str) -> OnTrunk {
        let call = self.lock().0.begin(self.clock.now(), trunk, caller, number);
        OnTrunk { trunks: Arc::clone(self), call }
    }

    /// Counts a call that comes in; `None`: the trunk carries as many as it may.
    pub fn admit(self: &Arc<Self>, trunk: &str) -> Option<OnTrunk> {
        let call = self.lock().0.admit(self.clock.now(), trunk)?;
        Some(OnTrunk { trunks: Arc::clone(self), call })
    }

    /// A trunk stands otherwise.
    pub fn stands(&self, name: String, state: TrunkState) {
        match &state {
            TrunkState::Up { registered, .. } => {
                tracing::info!(trunk = %name, ?registered, "the trunk is up")
            }
            TrunkState::Down { status, retry } => {
                tracing::warn!(trunk = %name, ?status, ?retry, "the trunk is down");
            }
        }
        self.lock().0.stands(&name, matches!(state, TrunkState::Up { .. }));
        self.states.lock().unwrap_or_else(PoisonError::into_inner).insert(name, state);
    }

    /// How a trunk stands, if it ever said, and how it is used.
    pub fn state(&self, name: &str) -> (Option<TrunkState>, Load) {
        let state = self.states.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        (state, self.lock().0.load(name))
    }

    /// Where a trunk was reached last.
    pub fn remote(&self, trunk: &TrunkConfig) -> Option<IpAddr> {
        match self.state(&trunk.sip.name).0 {
            Some(TrunkState::Up { remote, .. }) => Some(remote.ip()),
            Some(TrunkState::Down { .. }) | None => None,
        }
    }

    /// What was used today, by destination.
    pub fn used(&self) -> (u64, BTreeMap<String, Use>) {
        let now = self.clock.now();
        let mut locked = self.lock();
        let (day, used) = locked.0.used(now);
        (day, used.clone())
    }

    /// Keeps what calls cost until the process ends, and then once more.
    pub async fn keep(self: Arc<Self>, store: Arc<dyn Store>, mut stop: Stop) {
        let mut last = String::new();
        let mut again = true;
        while again {
            tokio::select! {
                () = tokio::time::sleep(KEEP_EVERY) => {}
                () = stop.stopped() => again = false,
            }
            let (day, used) = self.used();
            if used.is_empty() {
                continue;
            }
            let used = used.into_iter().map(|(k, u)| (k, [u.calls, u.seconds, u.spend])).collect();
            let Ok(text) = serde_json::to_string(&Day { day, used }) else { continue };
            if text != last {
                match store.put_setting(KEPT, &text).await {
                    Ok(()) => last = text,
                    Err(error) => tracing::error!(%error, "what today's calls cost could not be kept"),
                }
            }
        }
    }

    /// Held for lookups only, never over an await. A poisoned lock still holds numbers that count.
    fn lock(&self) -> MutexGuard<'_, (Carriers, Rng)> {
        self.carriers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The trunks as administrators see them.
pub fn board(shared: &Shared) -> TrunkBoard {
    let plan = shared.config.outbound.as_ref().map(|way| &way.plan);
    let used = shared.trunks.used().1.into_iter().map(|(begins, used)| TollNow {
        begins,
        calls: used.calls,
        minutes: in_units(used.seconds, 60.0),
        spend: in_units(used.spend, 1e6),
    });
    TrunkBoard {
        trunks: shared.config.trunks.iter().map(|trunk| now(shared, trunk)).collect(),
        used: used.collect(),
        minutes_per_day: plan.and_then(|plan| plan.daily_seconds).map(|seconds| seconds / 60),
        spend_per_day: plan.and_then(|plan| plan.daily_spend).map(|spend| in_units(spend, 1e6)),
    }
}

fn now(shared: &Shared, trunk: &TrunkConfig) -> TrunkNow {
    let (state, load) = shared.trunks.state(&trunk.sip.name);
    let (word, remote, status, retry_s) = match state {
        None => ("unknown", None, None, None),
        Some(TrunkState::Up { remote, registered: Some(_) }) => ("registered", Some(remote), None, None),
        Some(TrunkState::Up { remote, registered: None }) => ("up", Some(remote), None, None),
        Some(TrunkState::Down { status, retry }) => ("down", None, status, Some(retry.as_secs())),
    };
    TrunkNow {
        name: trunk.sip.name.clone(),
        uri: trunk.sip.uri.clone(),
        state: word.to_owned(),
        remote: remote.map(|remote| remote.to_string()),
        status,
        retry_s,
        calls: load.calls,
        max_calls: trunk.carrier.max_calls,
        priority: trunk.carrier.priority,
        weight: trunk.carrier.weight,
    }
}

/// To two places.
#[expect(clippy::cast_precision_loss, reason = "for people")]
fn in_units(amount: u64, unit: f64) -> f64 {
    (amount as f64 / unit * 100.0).round() / 100.0
}
