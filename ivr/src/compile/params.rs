//! A parameter's text becomes its value, by what the parameter takes.

use std::collections::BTreeSet;
use std::time::Duration;

use kernel::{AgentName, Lang, QueueName};
use toml_edit::{Item, TableLike, Value as Toml};

use super::prompts::Prompts;
use super::steps::{Way, World};
use super::{Field, fields, find, kind_called, kind_of, values};
use crate::address::Template;
use crate::io::Tone;
use crate::node::{By, Param, Retry, Takes, Value};
use crate::source::Source;

/// Codec names as they are written in SDP.
const CODECS: [&str; 4] = ["PCMU", "PCMA", "G722", "opus"];
/// Built-in sounds by name.
pub(crate) const TONES: [(&str, Tone); 3] =
    [("ringback", Tone::Ringback), ("music", Tone::Music), ("busy", Tone::Busy)];
/// What a phone can send (RFC 4733 section 3.2, without the A to D that phones do not have).
const KEYS: &str = "0123456789*#";
/// Most repetitions of a question.
const TIMES: i64 = 10;
/// Longest wait for a key, in seconds.
const TIMEOUT: u32 = 600;

/// What is needed to read parameters, and the ways that they open.
pub(super) struct Reader<'a, 's> {
    pub(super) source: &'a mut Source<'s>,
    pub(super) world: &'a World<'a>,
    pub(super) steps: &'a BTreeSet<&'a str>,
    /// The step's name.
    pub(super) step: &'a str,
    /// The parameter that is being read.
    pub(super) param: &'static str,
    pub(super) ways: Vec<Way>,
    /// Variables that the step reads, with their places.
    pub(super) read: Vec<(String, usize)>,
    /// Variables that are set when it goes on to `next`.
    pub(super) writes: Vec<String>,
    /// Prompts of its own.
    pub(super) made: Prompts,
}

/// How a parameter is written, for messages and documentation.
pub(crate) fn shape(takes: Takes) -> String {
    match takes {
        Takes::Agent => "an agent's name".to_owned(),
        Takes::Answers => "values and their words, such as `{ yes = [\"yes\", \"是\"] }`".to_owned(),
        Takes::Assign => "variables and expressions, such as `{ tries = \"tries + 1\" }`".to_owned(),
        Takes::Choice(choices) => format!("one of {}", choices.join(", ")),
        Takes::Codecs => format!("a list of codecs, of {}", CODECS.join(", ")),
        Takes::Dates => {
            "a list of dates: \"2026-12-25\", \"12-25\" (every year), \"12-24 09:00-12:00\" (open then)"
                .to_owned()
        }
        Takes::Days => {
            "days and hours, such as `{ mon-fri = [\"09:00-12:00\", \"13:00-18:00\"] }`".to_owned()
        }
        Takes::Expr(kind) => format!("an expression that gives a {}", kind.name()),
        Takes::Fields => "names and texts, such as `{ number = \"{caller.number}\" }`".to_owned(),
        Takes::Flag => "`true` or `false`".to_owned(),
        Takes::Into { hidden: false } => "a variable's name".to_owned(),
        Takes::Into { hidden: true } => "the name of a variable that is never shown".to_owned(),
        Takes::Keys => "keys and their steps, such as `{ 1 = \"STEP\", \"*\" = \"STEP\" }`".to_owned(),
        Takes::Lang => "`\"en\"` or `\"zh\"`".to_owned(),
        Takes::Number { min, max } => format!("a whole number from {min} to {max}"),
        Takes::Paths => {
            "variables and places in the answer, such as `{ name = \"$.customer.name\" }`".to_owned()
        }
        Takes::Prompts => "a prompt's name or a list of them".to_owned(),
        Takes::Queue => "a queue's name".to_owned(),
        Takes::Retry { silence: true } => {
            "`{ timeout = SECONDS, times = N, prompt = \"PROMPT\", then = \"STEP\" }`".to_owned()
        }
        Takes::Retry { silence: false } => "`{ times = N, prompt = \"PROMPT\", then = \"STEP\" }`".to_owned(),
        Takes::Seconds { min, max } => format!("seconds, from {min} to {max}"),
        Takes::Said => "`{ en = \"…\", zh = \"…\", instead = \"PROMPT\" }`".to_owned(),
        Takes::Secret => "the name of a secret of the configuration".to_owned(),
        Takes::Skills => "skills and least levels, such as `{ german = 3 }`".to_owned(),
        Takes::SipUri => "an address such as \"sip:{called}@192.0.2.7:5060\"".to_owned(),
        Takes::Status => "a SIP status from 400 to 699".to_owned(),
        Takes::Step(_) => "a step's name".to_owned(),
        Takes::Steps => "a list of steps".to_owned(),
        Takes::Text => "a short text".to_owned(),
        Takes::Tone => "`\"ringback\"`, `\"music\"`, `\"busy\"` or `\"beep\"`".to_owned(),
        Takes::Url => "`http://` or `https://` with a server that the configuration allows".to_owned(),
        Takes::Words => "keys and their words, such as `{ 1 = [\"sales\"] }`".to_owned(),
        Takes::Zone => "a time zone, such as \"Europe/Berlin\"".to_owned(),
    }
}

/// The value, or `None` after noting what is wrong.
pub(super) fn read(reader: &mut Reader<'_, '_>, param: &Param, field: &Field<'_>) -> Option<Value> {
    reader.param = param.name;
    let known = reader.world.known;
    let text = field.item.as_str().map(|text| (text, field.value_at));
    match (param.takes, field.item.as_table_like(), text) {
        (Takes::Keys, Some(table), _) => keys(reader, table, field),
        (Takes::Words, Some(table), _) => words(reader, table, field),
        (Takes::Retry { silence }, Some(table), _) => retry(reader, table, field, silence),
        (Takes::Prompts, None, _) => prompts(reader, field).map(Value::Prompts),
        (Takes::Codecs, None, _) if field.item.is_array() => codecs(reader, field),
        (Takes::Step(by), _, Some((name, at))) => step(reader, name, at, by).map(Value::Step),
        (Takes::Agent, _, Some((name, _))) if known.anything => Some(Value::Agent(AgentName::new(name))),
        (Takes::Queue, _, Some((name, _))) if known.anything => Some(Value::Queue(QueueName::new(name))),
        (Takes::Agent, _, Some((name, at))) => {
            let names = known.agents.iter().map(AgentName::as_str).collect();
            find(reader.source, name, at, "agent", &names).map(|name| Value::Agent(AgentName::new(name)))
        }
        (Takes::Queue, _, Some((name, at))) => {
            let names = known.queues.iter().map(QueueName::as_str).collect();
            find(reader.source, name, at, "queue", &names).map(|name| Value::Queue(QueueName::new(name)))
        }
        (Takes::SipUri, _, Some((text, at))) => match Template::parse(text) {
            Ok(template) => Some(Value::SipUri(template)),
            Err((found, right)) => {
                reader.source.problem(at, found, right);
                None
            }
        },
        (
            Takes::Answers
            | Takes::Assign
            | Takes::Choice(_)
            | Takes::Dates
            | Takes::Days
            | Takes::Expr(_)
            | Takes::Fields
            | Takes::Into { .. }
            | Takes::Paths
            | Takes::Said
            | Takes::Secret
            | Takes::Skills
            | Takes::Steps
            | Takes::Text
            | Takes::Url
            | Takes::Zone,
            ..,
        ) => values::read(reader, param.takes, field),
        _ => {
            let value = plain(param.takes, field.item);
            if value.is_none() {
                let found = format!("{} for `{}`", shown(field.item), field.name);
                reader.source.problem(field.value_at, found, shape(param.takes));
            }
            value
        }
    }
}

/// A value that refers to nothing else; `None` when it is not what the parameter takes.
fn plain(takes: Takes, item: &Item) -> Option<Value> {
    match takes {
        Takes::Flag => item.as_bool().map(Value::Flag),
        Takes::Lang => item.as_str().and_then(Lang::from_code).map(Value::Lang),
        Takes::Number { min, max } => {
            item.as_integer().filter(|n| (min..=max).contains(n)).map(Value::Number)
        }
        Takes::Seconds { min, max } => seconds(item, min, max).map(Value::Seconds),
        Takes::Status => {
            let status = item.as_integer().filter(|n| (400..=699).contains(n));
            status.and_then(|n| u16::try_from(n).ok()).map(Value::Status)
        }
        Takes::Tone => tone(item).map(Value::Tone),
        // These were of the wrong shape.
        Takes::Agent | Takes::Codecs | Takes::Keys | Takes::Prompts | Takes::Queue | Takes::Retry { .. } => {
            None
        }
        Takes::SipUri | Takes::Step(_) | Takes::Words => None,
        // These are read in `values`.
        Takes::Answers | Takes::Assign | Takes::Choice(_) | Takes::Dates | Takes::Days | Takes::Expr(_) => {
            None
        }
        Takes::Fields | Takes::Into { .. } | Takes::Paths | Takes::Said | Takes::Secret | Takes::Steps => {
            None
        }
        Takes::Skills | Takes::Text | Takes::Url | Takes::Zone => None,
    }
}

/// A wrong value as found: short ones in full, others by what they are.
pub(super) fn shown(item: &Item) -> String {
    match item {
        Item::Value(Toml::String(text)) => format!("\"{}\"", text.value()),
        Item::Value(Toml::Integer(number)) => number.value().to_string(),
        Item::Value(Toml::Float(number)) => number.value().to_string(),
        Item::Value(Toml::Boolean(flag)) => flag.value().to_string(),
        other => kind_of(other),
    }
}

fn seconds(item: &Item, min: u32, max: u32) -> Option<Duration> {
    let seconds = item.as_float().or_else(|| item.as_integer().map(|n| n as f64))?;
    (f64::from(min)..=f64::from(max)).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}

fn tone(item: &Item) -> Option<Tone> {
    let name = item.as_str()?;
    TONES.iter().find(|(n, _)| *n == name).map(|(_, tone)| *tone)
}

pub(super) fn step(reader: &mut Reader<'_, '_>, name: &str, at: usize, by: By) -> Option<String> {
    let to = find(reader.source, name, at, "step", reader.steps)?;
    let sets = reader.param == "next";
    reader.ways.push(Way { to: to.clone(), by, at, sets });
    Some(to)
}

/// The texts of a list (or of one text), with their places.
pub(super) fn texts(
    reader: &mut Reader<'_, '_>,
    field: &Field<'_>,
    right: &str,
) -> Option<Vec<(String, usize)>> {
    let list = match field.item {
        Item::Value(Toml::String(text)) => return Some(vec![(text.value().clone(), field.value_at)]),
        Item::Value(Toml::Array(list)) if !list.is_empty() => list,
        other => {
            let found = if other.is_array() { "an empty list".to_owned() } else { shown(other) };
            reader.source.problem(field.value_at, format!("{found} for `{}`", field.name), right);
            return None;
        }
    };
    let mut found = Vec::new();
    for value in list {
        let at = value.span().map_or(field.value_at, |span| span.start);
        match value.as_str() {
            Some(text) => found.push((text.to_owned(), at)),
            None => reader.source.problem(
                at,
                format!("{} in a list of names", kind_called(value.type_name())),
                right,
            ),
        }
    }
    (found.len() == list.len()).then_some(found)
}

fn prompts(reader: &mut Reader<'_, '_>, field: &Field<'_>) -> Option<Vec<String>> {
    let names = texts(reader, field, &shape(Takes::Prompts))?;
    let found: Vec<String> = names
        .iter()
        .filter_map(|(name, at)| find(reader.source, name, *at, "prompt", reader.world.prompts))
        .collect();
    for (name, at) in &names {
        reader.reads_prompt(name, *at);
    }
    (found.len() == names.len()).then_some(found)
}

impl Reader<'_, '_> {
    /// A prompt reads the variables in it.
    fn reads_prompt(&mut self, name: &str, at: usize) {
        let read = self.world.reads.get(name);
        self.read.extend(read.into_iter().flatten().map(|variable| (variable.clone(), at)));
    }
}

fn codecs(reader: &mut Reader<'_, '_>, field: &Field<'_>) -> Option<Value> {
    let right = shape(Takes::Codecs);
    let mut codecs: Vec<String> = Vec::new();
    for (name, at) in texts(reader, field, &right)? {
        match CODECS.into_iter().find(|codec| codec.eq_ignore_ascii_case(&name)) {
            Some(codec) if codecs.iter().any(|c| c == codec) => {
                reader.source.problem(at, format!("`{name}` twice"), "each codec once");
            }
            Some(codec) => codecs.push(codec.to_owned()),
            None => reader.source.problem(at, format!("an unknown codec `{name}`"), right.as_str()),
        }
    }
    (!codecs.is_empty()).then_some(Value::Codecs(codecs))
}

/// The key that a name stands for, or a problem.
fn key(reader: &mut Reader<'_, '_>, field: &Field<'_>) -> Option<char> {
    let mut letters = field.name.chars();
    match (letters.next(), letters.next()) {
        (Some(key), None) if KEYS.contains(key) => Some(key),
        _ => {
            let right = "a key of a phone: 0 to 9, \"*\" or \"#\"";
            reader.source.problem(field.at, format!("`{}` is not a key", field.name), right);
            None
        }
    }
}

fn keys(reader: &mut Reader<'_, '_>, table: &dyn TableLike, field: &Field<'_>) -> Option<Value> {
    let all = fields(table, field.at);
    let mut found = Vec::new();
    for part in &all {
        let key = key(reader, part);
        let step = match part.item.as_str() {
            Some(name) => step(reader, name, part.value_at, By::People),
            None => {
                reader.source.problem(
                    part.value_at,
                    format!("{} for the key `{}`", shown(part.item), part.name),
                    "a step's name",
                );
                None
            }
        };
        found.extend(key.zip(step));
    }
    if all.is_empty() {
        reader.source.problem(field.at, format!("no keys in `{}`", field.name), shape(Takes::Keys));
    }
    (!all.is_empty() && found.len() == all.len()).then_some(Value::Keys(found))
}

fn words(reader: &mut Reader<'_, '_>, table: &dyn TableLike, field: &Field<'_>) -> Option<Value> {
    let all = fields(table, field.at);
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut good = true;
    for part in &all {
        let key = key(reader, part);
        let words = texts(reader, part, "a word or a list of words");
        for (word, at) in words.iter().flatten() {
            if word.trim().is_empty() {
                reader.source.problem(*at, "an empty word", "a word that means the key");
                good = false;
            } else if !seen.insert(word.trim().to_lowercase()) {
                reader.source.problem(*at, format!("the word `{word}` twice"), "each word once");
                good = false;
            }
        }
        found.extend(key.zip(words.map(|words| words.into_iter().map(|(word, _)| word).collect())));
    }
    (good && found.len() == all.len()).then_some(Value::Words(found))
}

fn retry(
    reader: &mut Reader<'_, '_>,
    table: &dyn TableLike,
    field: &Field<'_>,
    silence: bool,
) -> Option<Value> {
    let mut retry = Retry::default();
    let mut good = true;
    for part in fields(table, field.value_at) {
        let read = match part.name {
            "timeout" if silence => seconds(part.item, 1, TIMEOUT)
                .map(|span| retry.timeout = span)
                .ok_or_else(|| shape(Takes::Seconds { min: 1, max: TIMEOUT })),
            "times" => {
                let times = part
                    .item
                    .as_integer()
                    .filter(|n| (0..=TIMES).contains(n))
                    .and_then(|n| u8::try_from(n).ok());
                times
                    .map(|times| retry.times = times)
                    .ok_or_else(|| shape(Takes::Number { min: 0, max: TIMES }))
            }
            "prompt" => match part.item.as_str() {
                Some(name) => {
                    retry.prompt = find(reader.source, name, part.value_at, "prompt", reader.world.prompts);
                    good &= retry.prompt.is_some();
                    reader.reads_prompt(name, part.value_at);
                    Ok(())
                }
                None => Err("a prompt's name".to_owned()),
            },
            "then" => match part.item.as_str() {
                Some(name) => {
                    // After silence it happens by itself; a wrong key is something that the customer did.
                    let by = if silence { By::Itself } else { By::People };
                    retry.then = step(reader, name, part.value_at, by);
                    good &= retry.then.is_some();
                    Ok(())
                }
                None => Err("a step's name".to_owned()),
            },
            _ => {
                let found = format!("an unknown name `{}` in `{}`", part.name, field.name);
                reader.source.problem(part.at, found, shape(Takes::Retry { silence }));
                good = false;
                continue;
            }
        };
        if let Err(right) = read {
            good = false;
            reader.source.problem(part.value_at, format!("{} for `{}`", shown(part.item), part.name), right);
        }
    }
    good.then_some(Value::Retry(retry))
}
