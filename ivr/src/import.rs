//! Menus of other systems become flows, as far as they go; what could not be taken is told with its place.
//!
//! Promises: any text gets an answer; what is written is a flow that the compiler reads; nothing is dropped silently.
//! Leaves to others: the recordings themselves (they are copied by hand), and everything that is not a menu.

mod asterisk;
mod freeswitch;

use std::fmt::Write as _;

use crate::io::Problem;
use crate::source::Source;

/// A flow, and what is missing from it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The flow as TOML.
    pub flow: String,
    /// What was not taken, and what to do about it.
    pub notes: Vec<Problem>,
}

/// Reads an Asterisk `extensions.conf` or a FreeSWITCH `ivr.conf.xml`; which of them it is shows in the text.
#[must_use]
pub fn import(file: &str, text: &str) -> Imported {
    let mut source = Source::new(file, text);
    let draft = if text.trim_start().starts_with('<') {
        freeswitch::read(&mut source, text)
    } else {
        asterisk::read(&mut source, text)
    };
    let flow = draft.write(file);
    Imported { flow, notes: source.into_problems().into_iter().map(|(_, note)| note).collect() }
}

/// A flow being made.
#[derive(Default)]
struct Draft {
    /// Steps in order: name, kind and parameters as they are written.
    steps: Vec<(String, Vec<(String, String)>)>,
    /// Prompts by name.
    prompts: Vec<(String, String)>,
    entries: Vec<(String, String)>,
    /// Names that only lead to another step.
    aliases: Vec<(String, String)>,
}

/// Words of names that may be written without quotes.
fn name_of(text: &str) -> String {
    let name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let name = name.trim_matches('_');
    if name.is_empty() { "unnamed".to_owned() } else { name.chars().take(60).collect() }
}

fn quoted(text: &str) -> String {
    toml_edit::Value::from(text.chars().filter(|c| !c.is_control()).collect::<String>())
        .to_string()
        .trim()
        .to_owned()
}

impl Draft {
    /// A step; of two with one name the first stays.
    fn step(&mut self, name: &str, parameters: &[(&str, String)]) {
        if !self.steps.iter().any(|(known, _)| known == name) {
            let parameters =
                parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            self.steps.push((name.to_owned(), parameters));
        }
    }

    /// A name that only leads to another step.
    fn alias(&mut self, name: &str, step: &str) {
        self.aliases.push((name.to_owned(), step.to_owned()));
    }

    /// Names that only lead elsewhere give way to where they lead.
    fn resolve(&mut self) {
        // As many turns as there are names: longer chains go round.
        for _ in 0..self.aliases.len() {
            for (name, step) in &self.aliases {
                let (old, new) = (quoted(name), quoted(step));
                let links =
                    |name: &str| ["next", "failed", "then", "keys", "no_input", "no_match"].contains(&name);
                for (parameter, value) in self.steps.iter_mut().flat_map(|(_, parameters)| parameters) {
                    if links(parameter) {
                        *value = value.replace(&old, &new);
                    }
                }
                for (_, entry) in self.entries.iter_mut().filter(|(_, entry)| entry == name) {
                    entry.clone_from(step);
                }
            }
        }
        // Back to the menu itself: that is asking again.
        for (name, parameters) in &mut self.steps {
            let own = format!("then = {}", quoted(name));
            for (parameter, value) in parameters {
                if ["no_input", "no_match"].contains(&parameter.as_str()) && value.contains(&own) {
                    *value = "{ times = 10 }".to_owned();
                }
            }
        }
    }

    /// A prompt for a recording: its text is yet to be written.
    fn prompt(&mut self, file: &str) -> String {
        let name = name_of(file.rsplit('/').next().unwrap_or(file));
        if !self.prompts.iter().any(|(known, _)| *known == name) {
            self.prompts.push((name.clone(), file.to_owned()));
        }
        name
    }

    /// Steps that something leads to and that are not there end the call.
    fn complete(&mut self) {
        let named: Vec<String> = self
            .steps
            .iter()
            .flat_map(|(_, parameters)| parameters)
            .flat_map(|(name, value)| references(name, value))
            .chain(self.entries.iter().map(|(_, step)| step.clone()))
            .collect();
        for name in named {
            self.step(&name, &[("kind", quoted("hangup"))]);
        }
    }

    fn write(mut self, file: &str) -> String {
        self.resolve();
        self.complete();
        let mut text = format!(
            "# Imported from {}. Prompts have the names of their recordings: write what they say.\n\n[flow]\nname = {}\n\n[entries]\n",
            name_of(file),
            quoted(file.rsplit('/').next().unwrap_or(file))
        );
        for (entry, step) in &self.entries {
            let _ = writeln!(text, "{} = {}", quoted(entry), quoted(step));
        }
        for (name, recording) in &self.prompts {
            let words = recording.rsplit('/').next().unwrap_or(recording).replace(['-', '_'], " ");
            let _ = writeln!(
                text,
                "\n[prompts.{}]\nen = {}\nzh = {}",
                quoted(name),
                quoted(&words),
                quoted(&words)
            );
        }
        for (name, parameters) in &self.steps {
            let _ = writeln!(text, "\n[steps.{}]", quoted(name));
            for (name, value) in parameters {
                let _ = writeln!(text, "{name} = {value}");
            }
        }
        text
    }
}

/// The steps that a parameter names.
fn references(name: &str, value: &str) -> Vec<String> {
    let texts = |value: &str| -> Vec<String> {
        let parts: Vec<&str> = value.split('"').collect();
        parts.iter().skip(1).step_by(2).map(|text| (*text).to_owned()).collect()
    };
    match name {
        "next" | "failed" | "then" => texts(value),
        // `{ "1" = "step" }`: every second text.
        "keys" => texts(value).into_iter().skip(1).step_by(2).collect(),
        "no_input" | "no_match" => {
            value.split_once("then =").map(|(_, then)| texts(then)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
