//! The checked parameters of one step, as a kind's `make` takes them out.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use kernel::hours::{Holiday, Week};
use kernel::{AgentName, Lang, QueueName};

use crate::address::Template;
use crate::expr::Expr;
use crate::io::Tone;
use crate::json_path::JsonPath;
use crate::node::{Retry, Url, Value};
use crate::wording::Wording;

/// Parameters by name. Absent ones answer with `None` or with the empty value.
#[derive(Clone, Debug, Default)]
pub struct Given(BTreeMap<&'static str, Value>);

macro_rules! take {
    ($(#[$doc:meta])* $name:ident, $variant:ident, $type:ty) => {
        $(#[$doc])*
        pub fn $name(&mut self, name: &'static str) -> Option<$type> {
            match self.0.remove(name) {
                Some(Value::$variant(value)) => Some(value),
                _ => None,
            }
        }
    };
}

impl Given {
    /// Adds a value.
    pub(crate) fn put(&mut self, name: &'static str, value: Value) {
        self.0.insert(name, value);
    }

    /// Whether it was written.
    #[must_use]
    pub fn has(&self, name: &'static str) -> bool {
        self.0.contains_key(name)
    }

    /// Prompt names; empty when not written.
    pub fn prompts(&mut self, name: &'static str) -> Vec<String> {
        match self.0.remove(name) {
            Some(Value::Prompts(prompts)) => prompts,
            _ => Vec::new(),
        }
    }

    /// Keys and where they lead; empty when not written.
    pub fn keys(&mut self, name: &'static str) -> Vec<(char, String)> {
        match self.0.remove(name) {
            Some(Value::Keys(keys)) => keys,
            _ => Vec::new(),
        }
    }

    /// Keys and their words; empty when not written.
    pub fn words(&mut self, name: &'static str) -> Vec<(char, Vec<String>)> {
        match self.0.remove(name) {
            Some(Value::Words(words)) => words,
            _ => Vec::new(),
        }
    }

    take!(
        /// An agent.
        agent, Agent, AgentName);
    /// Values and their words; empty when not written.
    pub fn answers(&mut self, name: &'static str) -> Vec<(String, Vec<String>)> {
        match self.0.remove(name) {
            Some(Value::Answers(answers)) => answers,
            _ => Vec::new(),
        }
    }

    /// Names and texts for a server; empty when not written.
    pub fn fields(&mut self, name: &'static str) -> Vec<(String, Wording)> {
        match self.0.remove(name) {
            Some(Value::Fields(fields)) => fields,
            _ => Vec::new(),
        }
    }

    /// Holidays; empty when not written.
    pub fn dates(&mut self, name: &'static str) -> Vec<Holiday> {
        match self.0.remove(name) {
            Some(Value::Dates(dates)) => dates,
            _ => Vec::new(),
        }
    }

    /// Variables and expressions; empty when not written.
    pub fn assign(&mut self, name: &'static str) -> Vec<(String, Expr)> {
        match self.0.remove(name) {
            Some(Value::Assign(list)) => list,
            _ => Vec::new(),
        }
    }

    /// Variables and places in a JSON text; empty when not written.
    pub fn paths(&mut self, name: &'static str) -> Vec<(String, JsonPath)> {
        match self.0.remove(name) {
            Some(Value::Paths(list)) => list,
            _ => Vec::new(),
        }
    }

    /// Steps; empty when not written.
    pub fn steps(&mut self, name: &'static str) -> Vec<String> {
        match self.0.remove(name) {
            Some(Value::Steps(list)) => list,
            _ => Vec::new(),
        }
    }

    /// Skills and least levels; empty when not written.
    pub fn skills(&mut self, name: &'static str) -> BTreeMap<String, u8> {
        match self.0.remove(name) {
            Some(Value::Skills(skills)) => skills,
            _ => BTreeMap::new(),
        }
    }

    take!(
        /// An expression.
        expr, Expr, Expr);
    take!(
        /// Open hours.
        days, Days, Week);
    take!(
        /// A word, variable, secret's name or short text.
        text, Text, String);
    take!(
        /// A server's address.
        url, Url, Url);
    take!(
        /// A time zone.
        zone, Zone, TimeZone);
    take!(
        /// Codec names.
        codecs, Codecs, Vec<String>);
    take!(
        /// Yes or no.
        flag, Flag, bool);
    take!(
        /// A language.
        lang, Lang, Lang);
    take!(
        /// A whole number.
        number, Number, i64);
    take!(
        /// A queue.
        queue, Queue, QueueName);
    take!(
        /// What to do when nothing usable comes.
        retry, Retry, Retry);
    take!(
        /// A span of time.
        seconds, Seconds, Duration);
    take!(
        /// A SIP address with placeholders.
        sip_uri, SipUri, Template);
    take!(
        /// A SIP status.
        status, Status, u16);
    take!(
        /// Another step.
        step, Step, String);
    take!(
        /// A built-in sound.
        tone, Tone, Tone);
}
