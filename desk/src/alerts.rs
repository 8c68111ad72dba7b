//! Alerts: what of the floor is out of the bounds that people set.
//!
//! Promises: pure; the same floor and bounds give the same alerts, in the order of queues and bounds. Leaves to others: what the
//! floor is (`api`), telling people (pages, and a webhook in `gateway`).

use serde::{Deserialize, Serialize};

/// Most bounds of an installation.
const RULES: usize = 200;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// How many wait; too many.
    Waiting,
    /// The longest wait in seconds; too long.
    LongestWait,
    /// The service level of today in percent; too low.
    ServiceLevel,
    /// Agents who could take work now; too few, while the queue is open.
    ReadyAgents,
}

impl What {
    /// As the API spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::LongestWait => "longest_wait",
            Self::ServiceLevel => "service_level",
            Self::ReadyAgents => "ready_agents",
        }
    }
}

/// A bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Of what.
    pub what: What,
    /// Of which queue; absent: of each.
    #[serde(default)]
    pub queue: Option<String>,
    /// More (of waits) or less (of level and agents) than this is out of bounds.
    pub limit: u32,
}

/// Whom to tell besides the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Where to POST; its host must be among `[http] hosts` of the configuration.
    pub url: String,
    /// The name of the secret, of `[secrets]`, that signs it.
    pub secret: String,
}

/// The setting `alerts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The bounds.
    pub rules: Vec<Rule>,
    /// Whose today the service level is of, e.g. `Europe/Berlin`.
    #[serde(default = "utc")]
    pub zone: String,
    /// Whom to tell besides the pages.
    #[serde(default)]
    pub webhook: Option<Webhook>,
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Default for Rules {
    /// Until somebody says otherwise: a line of more than five, or more than a minute.
    fn default() -> Self {
        let rule = |what, limit| Rule { what, queue: None, limit };
        Self { rules: vec![rule(What::Waiting, 5), rule(What::LongestWait, 60)], zone: utc(), webhook: None }
    }
}

impl Rules {
    /// What cannot be used: the field and what would be right.
    #[must_use]
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        if self.rules.len() > RULES {
            return Some(("rules", "expected 200 at most"));
        }
        if jiff::tz::TimeZone::get(&self.zone).is_err() {
            return Some(("zone", "expected a time zone like Europe/Berlin"));
        }
        let webhook = self.webhook.as_ref()?;
        origin_and_path(&webhook.url)
            .is_none()
            .then_some(("webhook.url", "expected https://HOST/PATH, or http:// of a server of yours"))
    }
}

/// `https://host:port` and the rest of a URL.
#[must_use]
pub fn origin_and_path(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(good) || !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    Some((format!("{scheme}://{}", host.to_ascii_lowercase()), format!("/{path}")))
}

/// A queue as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueNow {
    /// Which.
    pub name: String,
    /// How many wait.
    pub waiting: u32,
    /// The longest wait, in seconds.
    pub longest_s: u64,
    /// The service level of today, in percent, if anybody was to be answered.
    pub service_level: Option<f64>,
    /// Agents who could take work now.
    pub ready: u32,
    /// Whether it is open.
    pub open: bool,
}

/// Something is out of bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// In which queue.
    pub queue: String,
    /// What.
    pub what: What,
    /// What it is now.
    pub value: i64,
    /// The bound.
    pub limit: u32,
}

/// What is out of bounds now.
#[must_use]
pub fn alerts(rules: &Rules, queues: &[QueueNow]) -> Vec<Alert> {
    let mut found: Vec<Alert> = Vec::new();
    for queue in queues {
        for rule in
            rules.rules.iter().filter(|rule| rule.queue.as_ref().is_none_or(|name| *name == queue.name))
        {
            let limit = i64::from(rule.limit);
            let (value, out) = match rule.what {
                What::Waiting => (i64::from(queue.waiting), i64::from(queue.waiting) > limit),
                What::LongestWait => {
                    let longest = i64::try_from(queue.longest_s).unwrap_or(i64::MAX);
                    (longest, longest > limit)
                }
                What::ServiceLevel => {
                    let Some(level) = queue.service_level else { continue };
                    (level.round() as i64, level < f64::from(rule.limit))
                }
                What::ReadyAgents => (i64::from(queue.ready), queue.open && i64::from(queue.ready) < limit),
            };
            let told = found.iter().any(|alert| alert.queue == queue.name && alert.what == rule.what);
            if out && !told {
                found.push(Alert { queue: queue.name.clone(), what: rule.what, value, limit: rule.limit });
            }
        }
    }
    found
}

/// What began and what is over between two looks. A value that changes while it is out of bounds is no news.
#[must_use]
pub fn news(before: &[Alert], now: &[Alert]) -> (Vec<Alert>, Vec<Alert>) {
    let missing = |from: &[Alert], of: &[Alert]| {
        let known = |alert: &Alert| of.iter().any(|one| one.queue == alert.queue && one.what == alert.what);
        from.iter().filter(|alert| !known(alert)).cloned().collect::<Vec<_>>()
    };
    (missing(now, before), missing(before, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(name: &str, waiting: u32, longest_s: u64) -> QueueNow {
        QueueNow { name: name.into(), waiting, longest_s, service_level: None, ready: 0, open: true }
    }

    #[test]
    fn what_is_beyond_its_bound_is_told_once_and_again_when_it_came_back() {
        let rules = Rules::default();
        let calm = alerts(&rules, &[queue("sales", 5, 60)]);
        assert!(calm.is_empty(), "on the bound is within");
        let one = alerts(&rules, &[queue("sales", 6, 60), queue("support", 0, 0)]);
        assert_eq!(one, [Alert { queue: "sales".into(), what: What::Waiting, value: 6, limit: 5 }]);
        let more = alerts(&rules, &[queue("sales", 9, 61)]);
        let (began, over) = news(&one, &more);
        assert_eq!((began.len(), over.len()), (1, 0), "{began:?}");
        assert_eq!(began[0].what, What::LongestWait);
        assert_eq!(news(&more, &calm).1.len(), 2);
    }

    #[test]
    fn bounds_below_hold_for_level_and_agents() {
        let rule = |what, limit, queue: Option<&str>| Rule { what, queue: queue.map(Into::into), limit };
        let rules = Rules {
            rules: vec![rule(What::ServiceLevel, 80, None), rule(What::ReadyAgents, 1, Some("support"))],
            ..Rules::default()
        };
        let low = QueueNow { service_level: Some(79.9), ready: 0, ..queue("sales", 0, 0) };
        assert_eq!(alerts(&rules, core::slice::from_ref(&low)).len(), 1);
        assert!(alerts(&rules, &[QueueNow { service_level: None, ..low }]).is_empty());
        let nobody = queue("support", 0, 0);
        assert_eq!(alerts(&rules, core::slice::from_ref(&nobody)).len(), 1);
        assert!(alerts(&rules, &[QueueNow { open: false, ..nobody }]).is_empty());
    }

    #[test]
    fn a_webhook_names_a_server_and_a_path() {
        assert_eq!(
            origin_and_path("https://Ops.example.com:8443/a?b=1"),
            Some(("https://ops.example.com:8443".into(), "/a?b=1".into()))
        );
        assert_eq!(origin_and_path("http://localhost"), Some(("http://localhost".into(), "/".into())));
        for bad in ["ftp://x/", "x", "https:///a", "https://user@host/", "https://h/ a"] {
            assert_eq!(origin_and_path(bad), None, "{bad}");
        }
    }
}
