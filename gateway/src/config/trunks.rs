//! Trunks and the way out: carriers, what may be dialled through them, and how much.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::Secret;
use serde::Deserialize;
use signaling::carriers::{Carrier, DialPlan, HomeCountry, Rate, Rewrite};
use signaling::{Login, Network, Registration};
use toml::Spanned;

use super::Outbound;
use super::compile::Compiler;
use super::outside;
use super::raw::Text;

/// How long registrations last unless told otherwise.
const EXPIRES: u32 = 600;
/// How often a trunk is asked whether it lives, unless told otherwise.
const PROBE: f64 = 30.0;
/// Name of the trunk that `[outbound] uri` stands for.
pub const PLAIN: &str = "outbound";
/// Header values may name the number that calls.
const FROM: &str = "{from}";

/// `[[trunks]]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTrunk {
    pub name: Text,
    pub uri: Text,
    pub user: Option<Text>,
    pub password: Option<Text>,
    #[serde(default)]
    pub register: bool,
    pub expires: Option<Spanned<u32>>,
    /// Seconds; 0: never.
    pub probe: Option<Spanned<f64>>,
    #[serde(default)]
    pub networks: Vec<Text>,
    pub priority: Option<u16>,
    pub weight: Option<u16>,
    #[serde(default)]
    pub allow: Vec<Text>,
    #[serde(default)]
    pub codecs: Vec<Text>,
    pub from: Option<Text>,
    #[serde(default)]
    pub headers: BTreeMap<Text, Text>,
    #[serde(default)]
    pub rewrite: Vec<RawRewrite>,
    #[serde(default)]
    pub rewrite_called: Vec<RawRewrite>,
    #[serde(default)]
    pub rewrite_caller: Vec<RawRewrite>,
    /// Where its calls go when what they dial is no number of ours.
    pub number: Option<Text>,
    pub max_calls: Option<u32>,
    pub calls_per_second: Option<u32>,
}

/// A rule of rewriting as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRewrite {
    pub begins: String,
    pub becomes: String,
}

/// `[outbound]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawOutbound {
    pub uri: Option<Text>,
    pub allow: Vec<Text>,
    #[serde(default)]
    pub forbid: Vec<Text>,
    #[serde(default)]
    pub emergency: Vec<Text>,
    /// Hosts whose `sip:` addresses people may enter.
    #[serde(default)]
    pub hosts: Vec<Text>,
    /// The number of ours that calls are placed for.
    pub number: Option<Text>,
    pub home: Option<RawHome>,
    pub calls_per_caller: Option<u32>,
    pub calls_per_minute_per_caller: Option<u32>,
    pub minutes_per_day: Option<u64>,
    pub spend_per_day: Option<Spanned<f64>>,
    #[serde(default)]
    pub rates: Vec<RawRate>,
}

/// How numbers are dialled here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawHome {
    pub country: Text,
    #[serde(default)]
    pub international: String,
    #[serde(default)]
    pub national: String,
}

/// What a destination costs, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRate {
    pub begins: Text,
    /// Of the currency.
    pub per_minute: Option<Spanned<f64>>,
    pub minutes_per_day: Option<u64>,
}

/// A trunk.
#[derive(Clone, Debug)]
pub struct TrunkConfig {
    /// As SIP has it.
    pub sip: signaling::Trunk,
    /// As calls choose it.
    pub carrier: Carrier,
    /// Codecs by name; none: all.
    pub codecs: Vec<String>,
    /// The number that our calls come from; `None`: what the caller is.
    pub from: Option<String>,
    /// Headers of our calls; `{from}` is the number that calls.
    pub headers: Vec<(String, String)>,
    /// How it writes the numbers that its callers dial, to be read as ours.
    pub called: Vec<Rewrite>,
    /// How it writes who calls.
    pub caller: Vec<Rewrite>,
    /// Where its calls go when what they dial is no number of ours.
    pub number: Option<String>,
}

impl TrunkConfig {
    /// The headers of a call from this number.
    #[must_use]
    pub fn headers_from(&self, from: &str) -> Vec<(String, String)> {
        self.headers.iter().map(|(name, value)| (name.clone(), value.replace(FROM, from))).collect()
    }
}

/// Makes trunks and the way out.
pub(super) fn compile(
    work: &mut Compiler<'_>,
    raw: Vec<RawTrunk>,
    way: Option<&RawOutbound>,
) -> (Vec<TrunkConfig>, Option<Outbound>) {
    let mut names = BTreeSet::new();
    let mut trunks = Vec::new();
    for raw in raw {
        let name = raw.name.get_ref();
        if name.is_empty() || name == PLAIN || !names.insert(name.clone()) {
            let found = format!("the trunk \"{name}\" again, without a name, or with one that is taken");
            work.wrong(raw.name.span(), found, "a name of its own");
            continue;
        }
        trunks.extend(trunk(work, raw));
    }
    let outbound = way.and_then(|way| outbound(work, way, !trunks.is_empty()));
    (trunks, outbound)
}

fn trunk(work: &mut Compiler<'_>, raw: RawTrunk) -> Option<TrunkConfig> {
    let uri = raw.uri.get_ref().clone();
    let good = ["sip:", "sips:"].iter().any(|scheme| uri.starts_with(scheme)) && !uri.contains('@');
    if !good || uri.contains(char::is_whitespace) {
        work.wrong(
            raw.uri.span(),
            format!("the trunk's address \"{uri}\""),
            "sip:HOST, sip:HOST:PORT;transport=tcp or sips:HOST",
        );
        return None;
    }
    let password = raw.password.as_ref().and_then(|text| {
        let value = outside::value(text.get_ref());
        if value.is_none() {
            let right = "a text, or \"env:NAME\" with that variable set";
            work.wrong(text.span(), "a password that is empty or not in the environment", right);
        }
        value
    });
    let login = match (&raw.user, password) {
        (Some(user), Some(password)) => {
            Some(Login { user: user.get_ref().clone(), password: Secret::new(password) })
        }
        (Some(_), None) | (None, None) => None,
        (None, Some(_)) => {
            work.wrong(raw.name.span(), "a password without `user`", "both user and password");
            None
        }
    };
    let register = raw.register.then(|| {
        let Some(user) = &raw.user else {
            work.wrong(raw.name.span(), "a registration without `user`", "the user that the carrier gave");
            return None;
        };
        let expires = raw.expires.as_ref().map_or(EXPIRES, |seconds| *seconds.get_ref());
        if let Some(seconds) = raw.expires.as_ref().filter(|_| !(30..=86_400).contains(&expires)) {
            work.wrong(seconds.span(), format!("{expires} seconds"), "30 to 86400");
        }
        Some(Registration { user: user.get_ref().clone(), expires })
    });
    let networks: Vec<Network> = raw.networks.iter().filter_map(|text| work.network(text)).collect();
    let probe = work.seconds(raw.probe.as_ref(), Duration::from_secs_f64(PROBE));
    for name in raw.codecs.iter().filter(|name| !crate::codecs::is_known(name.get_ref())) {
        let found = format!("the codec \"{}\"", name.get_ref());
        work.wrong(name.span(), found, "opus, G722, PCMU or PCMA");
    }
    let takes = raw.allow.iter().filter_map(|text| beginning(work, text)).collect();
    let name = raw.name.get_ref().clone();
    Some(TrunkConfig {
        sip: signaling::Trunk {
            name: name.clone(),
            uri,
            login,
            register: register.flatten(),
            probe: (!probe.is_zero()).then_some(probe),
            networks,
        },
        carrier: Carrier {
            name,
            priority: raw.priority.unwrap_or(1),
            weight: raw.weight.unwrap_or(1),
            takes,
            rewrite: rules(raw.rewrite),
            max_calls: raw.max_calls,
            per_second: raw.calls_per_second,
        },
        codecs: raw.codecs.into_iter().map(Spanned::into_inner).collect(),
        from: raw.from.map(Spanned::into_inner),
        headers: headers(work, raw.headers),
        called: rules(raw.rewrite_called),
        caller: rules(raw.rewrite_caller),
        number: raw.number.map(Spanned::into_inner),
    })
}

fn headers(work: &mut Compiler<'_>, raw: BTreeMap<Text, Text>) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, value) in raw {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b);
        let good = !name.get_ref().is_empty() && name.get_ref().bytes().all(token);
        if !good || value.get_ref().contains(['\r', '\n']) {
            let found = format!("the header \"{}\"", name.get_ref());
            work.wrong(name.span(), found, "a name of letters, digits and - with a value of one line");
            continue;
        }
        headers.push((name.into_inner(), value.into_inner()));
    }
    headers
}

fn rules(raw: Vec<RawRewrite>) -> Vec<Rewrite> {
    raw.into_iter().map(|RawRewrite { begins, becomes }| Rewrite { begins, becomes }).collect()
}

fn beginning(work: &mut Compiler<'_>, text: &Text) -> Option<String> {
    let prefix = text.get_ref();
    if prefix.is_empty() || !prefix.bytes().all(|b| b.is_ascii_digit() || b == b'+') {
        let found = format!("\"{prefix}\" as the beginning of numbers");
        work.wrong(text.span(), found, "digits, perhaps after a +");
        return None;
    }
    Some(prefix.clone())
}

fn outbound(work: &mut Compiler<'_>, raw: &RawOutbound, trunks: bool) -> Option<Outbound> {
    let mut all =
        |list: &[Text]| -> Vec<String> { list.iter().filter_map(|text| beginning(work, text)).collect() };
    let (allow, forbid, emergency) = (all(&raw.allow), all(&raw.forbid), all(&raw.emergency));
    let home = raw.home.as_ref().and_then(|home| {
        let code = home.country.get_ref();
        if code.is_empty() || code.len() > 3 || !code.bytes().all(|b| b.is_ascii_digit()) {
            work.wrong(
                home.country.span(),
                format!("the country code \"{code}\""),
                "1 to 3 digits, as in \"49\"",
            );
            return None;
        }
        let (international, national) = (home.international.clone(), home.national.clone());
        Some(HomeCountry { code: code.clone(), international, national })
    });
    let rates = raw.rates.iter().filter_map(|rate| {
        let begins = beginning(work, &rate.begins)?;
        let per_minute = millionths(work, rate.per_minute.as_ref()).unwrap_or(0);
        Some(Rate { begins, per_minute, daily_seconds: rate.minutes_per_day.map(|minutes| minutes * 60) })
    });
    let rates = rates.collect();
    let plan = DialPlan {
        allow,
        forbid,
        emergency,
        home,
        caller_calls: raw.calls_per_caller,
        caller_per_minute: raw.calls_per_minute_per_caller,
        daily_seconds: raw.minutes_per_day.map(|minutes| minutes.saturating_mul(60)),
        daily_spend: millionths(work, raw.spend_per_day.as_ref()),
        rates,
    };
    let uri = match &raw.uri {
        None => None,
        Some(uri) => match ivr::Template::parse(uri.get_ref()) {
            Ok(template) => Some(template),
            Err((found, right)) => {
                work.wrong(uri.span(), found, right);
                None
            }
        },
    };
    if let Some(text) = raw.uri.as_ref().filter(|_| raw.allow.is_empty()) {
        work.wrong(
            text.span(),
            "a trunk through which nothing may be dialled",
            "`allow` with the beginnings of numbers, such as [\"+49\"]",
        );
    }
    if let Some(text) = raw.allow.first().filter(|_| raw.uri.is_none() && !trunks) {
        work.wrong(text.span(), "numbers that may be dialled, and no way out", "[[trunks]], or `uri`");
    }
    let hosts = raw.hosts.iter().map(|host| host.get_ref().to_ascii_lowercase()).collect();
    let number = raw.number.clone().map(Spanned::into_inner);
    Some(Outbound { uri, hosts, number, plan })
}

fn millionths(work: &mut Compiler<'_>, value: Option<&Spanned<f64>>) -> Option<u64> {
    let value = value?;
    let amount = *value.get_ref();
    if !(0.0..=1e9).contains(&amount) {
        work.wrong(value.span(), format!("{amount}"), "0 to 1000000000");
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1e15")]
    Some((amount * 1e6).round() as u64)
}
