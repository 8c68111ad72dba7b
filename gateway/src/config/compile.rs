//! `Raw` → `Config`: every cross-reference resolved, every mistake named with its place.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use ivr::{Flow, Known, Problem};
use kernel::Lang;
use signaling::sdp::SrtpUse;
use signaling::{Algorithm, Network};
use store::UserRole;
use toml::Spanned;

use super::channels;
use super::guard;
use super::hep;
use super::observe;
use super::outside;
use super::raw::{self, Raw, Text};
use super::web;
use super::{
    Config, Files, FlowFile, KeyConfig, ModelConfig, Number, RtpRange, Speech, TlsConfig, UserConfig,
};
use super::{recording, trunks};
use crate::speech_model::AUTO;

/// How long TURN credentials last unless told otherwise: a shift, with overtime.
const TURN_SECONDS: u32 = 12 * 3600;

/// Longest time that a setting in seconds may name: a day.
const MOST_SECONDS: f64 = 86_400.0;

/// Compiles the main file and the flows that it names.
pub fn compile(files: &Files) -> Result<Config, Vec<Problem>> {
    let file = files.main();
    let text =
        files.main_text().map_err(|error| vec![whole(&file, &error, "a readable TOML file under 1 MiB")])?;
    let raw: Raw = toml::from_str(&text).map_err(|error| vec![syntax(&file, &text, &error)])?;
    let mut work = Compiler { file: &file, text: &text, problems: Vec::new(), lost: BTreeSet::new() };
    let config = work.config(raw, files);
    let mut problems = work.problems;
    problems.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

/// Reads `--rtp` and `listen.rtp`: `ADDR:FIRST-LAST`.
pub fn rtp_range(text: &str) -> Option<RtpRange> {
    let (address, last) = text.rsplit_once('-')?;
    let address: SocketAddr = address.parse().ok()?;
    let last: u16 = last.parse().ok()?;
    // A leg needs an even port and the next one.
    (address.port() > 0 && u32::from(last) > u32::from(address.port())).then_some(RtpRange {
        ip: address.ip(),
        first: address.port(),
        last,
    })
}

fn whole(file: &str, found: &str, right: &str) -> Problem {
    Problem { file: file.to_owned(), line: 1, column: 1, found: found.to_owned(), right: right.to_owned() }
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> Problem {
    let (line, column) = place(text, error.span().map_or(0, |span| span.start));
    let message = error.message().replace('\n', " ");
    let (found, right) = match message.split_once(", expected ") {
        Some((found, right)) => (found.to_owned(), format!("expected {right}")),
        None => (message, "docs/config.md lists every field and its form".to_owned()),
    };
    Problem { file: file.to_owned(), line, column, found, right }
}

fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

pub(super) struct Compiler<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
    /// Numbers that are written down and came to nothing; why is told where they are.
    lost: BTreeSet<String>,
}

impl Compiler<'_> {
    pub(super) fn wrong(&mut self, span: Range<usize>, found: impl Into<String>, right: impl Into<String>) {
        let (line, column) = place(self.text, span.start);
        let file = self.file.to_owned();
        self.problems.push(Problem { file, line, column, found: found.into(), right: right.into() });
    }

    fn config(&mut self, raw: Raw, files: &Files) -> Config {
        let http = outside::http(self, &raw.http, raw.secrets);
        let voices = outside::voices(self, raw.voice, &http.secrets);
        let (trunks, outbound) = trunks::compile(self, raw.trunks, raw.outbound.as_ref());
        let own = |name: &Text, own: &Option<Text>| (name.get_ref().clone(), own.clone());
        let of_queues = raw.queues.iter().map(|queue| own(&queue.name, &queue.recording)).collect();
        let of_numbers = raw.numbers.iter().map(|number| own(&number.number, &number.recording)).collect();
        let recording = recording::compile(self, raw.recording, of_queues, of_numbers);
        let queue_hours = self.hours(&raw.queues);
        let queues = self.queues(raw.queues);
        let users = self.users(raw.users);
        let known = Known {
            queues: queues.iter().map(|queue| queue.name.clone()).collect(),
            agents: users
                .iter()
                .filter(|user| user.role == UserRole::Agent)
                .map(|user| user.name.as_str().into())
                .collect(),
            skills: super::skills(&users),
            hosts: http.hosts.clone(),
            secrets: http.secrets.keys().cloned().collect(),
            ..Known::default()
        };
        let (numbers, flows) = self.numbers(&raw.numbers, &known, files);
        let chat = raw.chat.and_then(|chat| self.known_number(&chat, &numbers));
        let (web_calls, video_codecs) = web::compile(self, raw.web_calls, &numbers);
        let observe = observe::compile(self, raw.observe, &numbers);
        let channels = channels::compile(self, raw.channels, &numbers);
        let identity = raw.identity.and_then(|text| outside::secret(self, "identity", &text));
        let default = SocketAddr::from(([0, 0, 0, 0], 5060));
        let calls_per_source = guard::calls_at_once(&raw.sip.guard);
        let guard = guard::compile(self, raw.sip.guard);
        let sip = raw
            .listen
            .sip
            .unwrap_or_default()
            .iter()
            .filter_map(|text| self.address(text))
            .collect::<Vec<_>>();
        Config {
            sip: if sip.is_empty() { vec![default] } else { sip },
            http: raw
                .listen
                .http
                .and_then(|text| self.address(&text))
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            sips: raw.listen.sips.unwrap_or_default().iter().filter_map(|text| self.address(text)).collect(),
            https: raw.listen.https.and_then(|text| self.address(&text)),
            tls: self.tls(raw.tls, files),
            turn: raw.turn.and_then(|turn| self.turn(&turn)),
            rtp: raw.listen.rtp.and_then(|text| self.rtp(&text)).unwrap_or(RtpRange {
                ip: default.ip(),
                first: 20_000,
                last: 29_999,
            }),
            node: raw.listen.node.unwrap_or(1),
            trusted: raw.sip.trusted.iter().filter_map(|text| self.network(text)).collect(),
            guard,
            calls_per_source,
            realm: raw.sip.realm.unwrap_or_else(|| "voxdesk".to_owned()),
            srtp: raw.sip.srtp.map(|text| self.srtp(&text)).unwrap_or_default(),
            max_calls: raw.sip.max_calls.unwrap_or(2_000),
            store: raw.store.url.and_then(|text| self.store_url(&text)),
            credentials: raw
                .credentials
                .and_then(|text| self.file_name(&text))
                .unwrap_or_else(|| "credentials.json".to_owned()),
            speech: self.speech(raw.speech),
            tiers: self.tiers(raw.tiers),
            interrupts: self.interrupts(raw.interrupts),
            queues,
            queue_hours,
            voices,
            users,
            keys: raw.keys.into_iter().filter_map(|key| self.key(&key)).collect(),
            numbers,
            chat,
            web_calls,
            observe,
            video_codecs,
            flows,
            outbound,
            trunks,
            hep: raw.sip.hep.and_then(|raw| hep::compile(self, &raw)),
            resolvers: raw.sip.resolvers.iter().filter_map(|text| self.address(text)).collect(),
            http_requests: http,
            timings: self.timings(&raw.timings),
            redact: self.redact(raw.privacy),
            recording,
            channels,
            identity,
            crm: raw.desk.crm_url.and_then(|text| self.crm_url(&text)),
        }
    }

    fn crm_url(&mut self, text: &Text) -> Option<desk::crm::CrmUrl> {
        let url = desk::crm::CrmUrl::parse(text.get_ref());
        url.map_err(|right| self.wrong(text.span(), format!("crm_url = \"{}\"", text.get_ref()), right)).ok()
    }

    pub(super) fn address(&mut self, text: &Text) -> Option<SocketAddr> {
        let parsed = text.get_ref().parse().ok();
        if parsed.is_none() {
            self.wrong(
                text.span(),
                format!("the address \"{}\"", text.get_ref()),
                "an IP address and a port, as in 127.0.0.1:5060 or [::1]:5060",
            );
        }
        parsed
    }

    pub(super) fn network(&mut self, text: &Text) -> Option<Network> {
        let parsed = text.get_ref().parse().ok();
        if parsed.is_none() {
            self.wrong(
                text.span(),
                format!("the network \"{}\"", text.get_ref()),
                "an IP address or a block, as in 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32",
            );
        }
        parsed
    }

    fn turn(&mut self, raw: &raw::Turn) -> Option<api::Turn> {
        let known = |url: &str| ["stun:", "turn:", "turns:"].iter().any(|scheme| url.starts_with(scheme));
        for url in raw.urls.iter().filter(|url| !known(url.get_ref())) {
            self.wrong(
                url.span(),
                format!("the URL \"{}\"", url.get_ref()),
                "stun:HOST:PORT, turn:HOST:PORT?transport=udp or turns:HOST:PORT?transport=tcp",
            );
        }
        if raw.secret.get_ref().is_empty() {
            self.wrong(raw.secret.span(), "an empty secret", "the static-auth-secret of the TURN server");
        }
        let lifetime = raw.lifetime.as_ref().map_or(TURN_SECONDS, |seconds| *seconds.get_ref());
        if let Some(seconds) = raw.lifetime.as_ref().filter(|_| !(60..=604_800).contains(&lifetime)) {
            self.wrong(seconds.span(), format!("{lifetime} seconds"), "60 to 604800");
        }
        Some(api::Turn {
            urls: raw.urls.iter().map(|url| url.get_ref().clone()).collect(),
            secret: raw.secret.get_ref().clone().into(),
            lifetime,
        })
    }

    fn srtp(&mut self, text: &Text) -> SrtpUse {
        match text.get_ref().as_str() {
            "accept" => SrtpUse::Accept,
            "offer" => SrtpUse::Offer,
            "require" => SrtpUse::Require,
            other => {
                self.wrong(
                    text.span(),
                    format!("srtp = \"{other}\""),
                    "\"accept\", \"offer\" or \"require\"",
                );
                SrtpUse::Accept
            }
        }
    }

    fn tls(&mut self, raw: raw::Tls, files: &Files) -> TlsConfig {
        let path = |text: &Text| files.path_of(text.get_ref());
        let pair = match (&raw.certificate, &raw.key) {
            (Some(certificate), Some(key)) => Some((path(certificate), path(key))),
            (None, None) => None,
            (Some(alone), None) | (None, Some(alone)) => {
                self.wrong(
                    alone.span(),
                    "a certificate without its key, or a key without its certificate",
                    "both certificate = \"FILE\" and key = \"FILE\", PEM",
                );
                None
            }
        };
        for file in raw.certificate.iter().chain(&raw.key).chain(&raw.trust) {
            if !path(file).is_file() {
                self.wrong(
                    file.span(),
                    format!("the file \"{}\", which is not there", file.get_ref()),
                    "a PEM file, relative to this one",
                );
            }
        }
        TlsConfig {
            files: pair,
            names: raw.names.into_iter().map(Spanned::into_inner).collect(),
            trust: raw.trust.iter().map(path).collect(),
        }
    }

    fn rtp(&mut self, text: &Text) -> Option<RtpRange> {
        let range = rtp_range(text.get_ref());
        if range.is_none() {
            self.wrong(
                text.span(),
                format!("the range \"{}\"", text.get_ref()),
                "an address and two ports, the first lower, as in 0.0.0.0:20000-29999",
            );
        }
        range
    }

    fn store_url(&mut self, text: &Text) -> Option<String> {
        let url = text.get_ref();
        if ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Some(url.clone());
        }
        // The URL may hold a password: it is not repeated.
        self.wrong(
            text.span(),
            "a database URL of an unknown kind",
            "sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE",
        );
        None
    }

    fn file_name(&mut self, text: &Text) -> Option<String> {
        let name = text.get_ref();
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            self.wrong(
                text.span(),
                format!("the name \"{name}\""),
                "a plain file name; it lies in the data directory",
            );
            return None;
        }
        Some(name.clone())
    }

    pub(super) fn seconds(&mut self, value: Option<&Spanned<f64>>, default: Duration) -> Duration {
        let Some(value) = value else { return default };
        let seconds = *value.get_ref();
        if !(0.0..=MOST_SECONDS).contains(&seconds) {
            self.wrong(value.span(), format!("{seconds} seconds"), "0 to 86400");
            return default;
        }
        Duration::from_secs_f64(seconds)
    }

    fn timings(&mut self, raw: &raw::Timings) -> interaction::Timings {
        let default = interaction::Timings::default();
        interaction::Timings {
            connect: self.seconds(raw.connect.as_ref(), default.connect),
            park: self.seconds(raw.park.as_ref(), default.park),
            ..default
        }
    }

    fn redact(&mut self, raw: raw::Privacy) -> asr::redact::RedactPolicy {
        use asr::redact::{Kind, RedactPolicy};
        let Some(names) = raw.redact else { return RedactPolicy::default() };
        let mut kinds = BTreeSet::new();
        for name in names {
            match Kind::from_name(name.get_ref()) {
                Some(kind) => drop(kinds.insert(kind)),
                None => {
                    let known = Kind::ALL.map(Kind::name).join(", ");
                    self.wrong(name.span(), format!("\"{}\"", name.get_ref()), format!("one of {known}"));
                }
            }
        }
        RedactPolicy { kinds }
    }

    fn speech(&mut self, raw: raw::Speech) -> Speech {
        let threads = raw.threads.and_then(|threads| {
            let n = *threads.get_ref();
            if !(1..=64).contains(&n) {
                self.wrong(threads.span(), format!("{n} threads"), "1 to 64");
                return None;
            }
            Some(n)
        });
        let models: Vec<ModelConfig> =
            raw.models.into_iter().filter_map(|model| self.model(&model)).collect();
        if let Some(model) = &raw.model {
            self.known_model(model, &models);
        }
        let model = raw.model.map_or_else(|| AUTO.to_owned(), Spanned::into_inner);
        let mut vocabulary = Vec::new();
        for name in raw.vocabulary {
            let length = name.get_ref().trim().chars().count();
            if !(2..=60).contains(&length) || vocabulary.len() >= 500 {
                self.wrong(
                    name.span(),
                    format!("the name \"{}\"", name.get_ref()),
                    "at most 500 names of 2 to 60 characters",
                );
                continue;
            }
            vocabulary.push(name.into_inner().trim().to_owned());
        }
        Speech { enabled: raw.enabled, model, threads, vocabulary, models }
    }

    fn known_model(&mut self, name: &Text, own: &[ModelConfig]) {
        let shipped: Vec<String> =
            asr_whisper::models::known().iter().map(|model| model.name.to_string()).collect();
        let mut names = own.iter().map(|model| &model.name).chain(&shipped);
        if name.get_ref() == AUTO || names.any(|known| known == name.get_ref()) {
            return;
        }
        let known = shipped.join(", ");
        self.wrong(
            name.span(),
            format!("the speech model \"{}\"", name.get_ref()),
            format!("{AUTO}, {known}, or the name of one under [[speech.models]]"),
        );
    }

    fn model(&mut self, raw: &raw::Model) -> Option<ModelConfig> {
        let sha = raw.sha256.get_ref();
        if sha.len() != 64 || !sha.bytes().all(|b| b.is_ascii_hexdigit()) {
            self.wrong(raw.sha256.span(), "not a SHA-256", "64 hexadecimal digits");
            return None;
        }
        let url = raw.url.get_ref();
        if !url.starts_with("https://") && !url.starts_with("http://") && !url.starts_with("file://") {
            self.wrong(raw.url.span(), format!("the URL \"{url}\""), "https://…, http://… or file://…");
            return None;
        }
        Some(ModelConfig { name: raw.name.clone(), url: url.clone(), sha256: sha.to_ascii_lowercase() })
    }

    fn users(&mut self, raw: Vec<raw::User>) -> Vec<UserConfig> {
        let (mut names, mut extensions) = (BTreeSet::new(), BTreeSet::new());
        let mut users = Vec::new();
        for user in raw {
            let name = user.name.get_ref().clone();
            if name.is_empty() || !names.insert(name.clone()) {
                self.wrong(
                    user.name.span(),
                    format!("the user \"{name}\" again or without a name"),
                    "a name of its own",
                );
                continue;
            }
            if let Some(extension) = &user.extension
                && !extensions.insert(extension.get_ref().clone())
            {
                self.wrong(
                    extension.span(),
                    format!("the extension {} again", extension.get_ref()),
                    "one extension per user",
                );
            }
            users.push(self.user(name, user));
        }
        users
    }

    fn user(&mut self, name: String, raw: raw::User) -> UserConfig {
        let algorithms = match raw.algorithms {
            None => vec![Algorithm::Sha256, Algorithm::Md5],
            Some(list) => list.iter().filter_map(|text| self.algorithm(text)).collect(),
        };
        let contact = raw.contact.map(|contact| {
            if !["sip:", "sips:"].iter().any(|scheme| contact.get_ref().starts_with(scheme)) {
                self.wrong(
                    contact.span(),
                    format!("the contact \"{}\"", contact.get_ref()),
                    "sip:USER@ADDRESS:PORT",
                );
            }
            contact.into_inner()
        });
        let skills = raw.skills.into_iter().map(|(skill, level)| (skill, self.level(&level))).collect();
        let capacity = self.capacity(raw.chats.as_ref(), raw.capacity);
        let weight = self.weight(raw.weight.as_ref());
        UserConfig {
            name,
            role: self.role(&raw.role).unwrap_or(UserRole::Agent),
            password: raw.password,
            extension: raw.extension.map(Spanned::into_inner),
            sip_password: raw.sip_password,
            algorithms,
            contact,
            skills,
            groups: raw.groups.into_iter().collect(),
            capacity,
            weight,
        }
    }

    fn algorithm(&mut self, text: &Text) -> Option<Algorithm> {
        match text.get_ref().as_str() {
            "MD5" => Some(Algorithm::Md5),
            "SHA-256" => Some(Algorithm::Sha256),
            "SHA-512-256" => Some(Algorithm::Sha512Trunc256),
            other => {
                self.wrong(
                    text.span(),
                    format!("the digest algorithm \"{other}\""),
                    "\"MD5\", \"SHA-256\" or \"SHA-512-256\"",
                );
                None
            }
        }
    }

    fn role(&mut self, text: &Text) -> Option<UserRole> {
        match text.get_ref().as_str() {
            "agent" => Some(UserRole::Agent),
            "supervisor" => Some(UserRole::Supervisor),
            "admin" => Some(UserRole::Admin),
            other => {
                self.wrong(
                    text.span(),
                    format!("the role \"{other}\""),
                    "\"agent\", \"supervisor\" or \"admin\"",
                );
                None
            }
        }
    }

    fn key(&mut self, raw: &raw::Key) -> Option<KeyConfig> {
        let role = self.role(&raw.role)?;
        Some(KeyConfig { name: raw.name.get_ref().clone(), role })
    }

    fn numbers(
        &mut self,
        raw: &[raw::Number],
        known: &Known,
        files: &Files,
    ) -> (BTreeMap<String, Number>, BTreeMap<String, FlowFile>) {
        let mut flows = BTreeMap::new();
        let mut broken = BTreeSet::new();
        let mut numbers = BTreeMap::new();
        for number in raw {
            let name = number.flow.get_ref();
            if !flows.contains_key(name) && !broken.contains(name) {
                match self.flow(&number.flow, known, files) {
                    Some(flow) => drop(flows.insert(name.clone(), flow)),
                    None => drop(broken.insert(name.clone())),
                }
            }
            let Some(file) = flows.get(name) else {
                self.lost.insert(number.number.get_ref().clone());
                continue;
            };
            let entry = number.entry.as_ref().unwrap_or(&number.number);
            if !file.flow.entries().any(|step| step == entry.get_ref()) {
                self.wrong(
                    entry.span(),
                    format!("the entry \"{}\", which {name} does not have", entry.get_ref()),
                    "the name of one of its [entries]",
                );
                self.lost.insert(number.number.get_ref().clone());
                continue;
            }
            let lang = self.lang(number.lang.as_ref());
            let made = Number { flow: flow_name(name), entry: entry.get_ref().clone(), lang };
            if numbers.insert(number.number.get_ref().clone(), made).is_some() {
                self.wrong(
                    number.number.span(),
                    format!("the number {} again", number.number.get_ref()),
                    "each number once",
                );
            }
        }
        (numbers, self.named(raw, flows))
    }

    /// Flows by name. Two files of one name would be one flow with two texts.
    fn named(
        &mut self,
        raw: &[raw::Number],
        files: BTreeMap<String, FlowFile>,
    ) -> BTreeMap<String, FlowFile> {
        let mut flows: BTreeMap<String, FlowFile> = BTreeMap::new();
        for (path, file) in files {
            let name = flow_name(&path);
            if let Some(other) = flows.get(&name)
                && let Some(number) = raw.iter().find(|number| *number.flow.get_ref() == path)
            {
                let found = format!("a second flow file called {name}, besides {}", other.file);
                self.wrong(number.flow.span(), found, "files whose names differ, whatever their folders");
                continue;
            }
            flows.insert(name, file);
        }
        flows
    }

    pub(super) fn lang(&mut self, text: Option<&Text>) -> Lang {
        let Some(text) = text else { return Lang::En };
        Lang::from_code(text.get_ref()).unwrap_or_else(|| {
            self.wrong(text.span(), format!("the language \"{}\"", text.get_ref()), "\"en\" or \"zh\"");
            Lang::En
        })
    }

    fn flow(&mut self, name: &Text, known: &Known, files: &Files) -> Option<FlowFile> {
        match files.other(name.get_ref()) {
            Err(error) => {
                self.wrong(
                    name.span(),
                    format!("the flow file \"{}\": {error}", name.get_ref()),
                    "a readable file, relative to this one",
                );
                None
            }
            Ok((file, text)) => match Flow::parse(&file, &text, known) {
                Ok(flow) => {
                    let folder = files.folder_of(name.get_ref());
                    Some(FlowFile { file, folder, text, flow: Arc::new(flow) })
                }
                Err(problems) => {
                    self.problems.extend(problems);
                    None
                }
            },
        }
    }

    pub(super) fn known_number(&mut self, text: &Text, numbers: &BTreeMap<String, Number>) -> Option<String> {
        if self.lost.contains(text.get_ref()) {
            return None;
        }
        if !numbers.contains_key(text.get_ref()) {
            self.wrong(
                text.span(),
                format!("the number \"{}\"", text.get_ref()),
                "one of the [[numbers]] of this file",
            );
            return None;
        }
        Some(text.get_ref().clone())
    }
}

/// A flow is called like its file, without folder and ending.
fn flow_name(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".toml").unwrap_or(file).to_owned()
}
