//! Recorded conversations beside a flow: what a customer does and what must follow, as a test that supervisors can read.
//!
//! ```toml
//! [[conversation]]
//! name = "Support by key"
//! entry = "1000"
//! script = [{ hears = "main_menu" }, { presses = "2" }, { ends_in_queue = "support" }]
//! ```
//! Promises: each mistake and each failure is told with its place in the file.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kernel::{Lang, Time};
use toml_edit::{Document, Item, Value as Toml};

use super::{Happened, Rehearsal};
use crate::flow::Flow;
use crate::io::{Fetched, FlowEnd, In, Problem, Start};
use crate::source::Source;

/// What can stand in a script.
const WORDS: [&str; 17] = [
    "agent",
    "answers",
    "calls_back",
    "connects",
    "dials",
    "ends",
    "ends_in_queue",
    "fails",
    "finds",
    "hears",
    "is_at",
    "notes",
    "place",
    "presses",
    "rings",
    "says",
    "waits",
];
/// A Monday at ten in London: open hours are, unless `at` says otherwise.
const AT: &str = "2026-11-23T10:00:00Z";

/// One conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// What it shows.
    pub name: String,
    at: usize,
    start: Start,
    now: Time,
    script: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    word: &'static str,
    value: String,
    at: usize,
}

/// What became of one.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// What did not go as written; `None`: all did.
    pub problem: Option<Problem>,
}

/// Reads a file of conversations and has each of them with the flow.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn conversations(file: &str, text: &str, flow: &Arc<Flow>) -> Result<Vec<Outcome>, Vec<Problem>> {
    let mut source = Source::new(file, text);
    let all = read(&mut source, text, flow);
    let problems = source.into_problems();
    if !problems.is_empty() {
        return Err(problems.into_iter().map(|(_, problem)| problem).collect());
    }
    let outcome = |one: &Conversation| {
        let mut source = Source::new(file, text);
        if let Err((at, found, right)) = one.have(flow) {
            source.problem(at, found, right);
        }
        Outcome {
            name: one.name.clone(),
            problem: source.into_problems().into_iter().map(|(_, problem)| problem).next(),
        }
    };
    Ok(all.iter().map(outcome).collect())
}

fn read(source: &mut Source<'_>, text: &str, flow: &Flow) -> Vec<Conversation> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            source.problem(error.span().map_or(0, |span| span.start), error.message(), "TOML");
            return Vec::new();
        }
    };
    let Some(list) = document.get("conversation").and_then(Item::as_array_of_tables) else {
        source.problem(0, "no conversations", "`[[conversation]]` with `name`, `entry` and `script`");
        return Vec::new();
    };
    list.iter().filter_map(|table| conversation(source, table, flow)).collect()
}

fn conversation(source: &mut Source<'_>, table: &toml_edit::Table, flow: &Flow) -> Option<Conversation> {
    let at = table.span().map_or(0, |span| span.start);
    let text = |name: &str| table.get(name).and_then(Item::as_str);
    let place = |name: &str| table.get(name).and_then(Item::span).map_or(at, |span| span.start);
    let entry = text("entry").unwrap_or_default();
    if flow.entry(entry).is_none() {
        source.problem(
            place("entry"),
            format!("the entry `{entry}`"),
            format!("one of {}", flow.entries().collect::<Vec<_>>().join(", ")),
        );
        return None;
    }
    let when: Option<Timestamp> = text("at").unwrap_or(AT).parse().ok();
    let Some(millis) = when.and_then(|at| u64::try_from(at.as_millisecond()).ok()) else {
        source.problem(place("at"), "a time that cannot be read", format!("such as \"{AT}\""));
        return None;
    };
    let start = Start {
        entry: entry.to_owned(),
        lang: text("language").and_then(Lang::from_code).unwrap_or_default(),
        text: table.get("text").and_then(Item::as_bool).unwrap_or(false),
        caller: text("caller").unwrap_or("+493012345678").to_owned(),
        called: text("called").unwrap_or(entry).to_owned(),
    };
    let Some(list) = table.get("script").and_then(Item::as_array) else {
        source.problem(
            at,
            "a conversation without a script",
            "`script = [{ hears = \"PROMPT\" }, { presses = \"1\" }, …]`",
        );
        return None;
    };
    let script = list.iter().filter_map(|value| line(source, value, at)).collect();
    Some(Conversation {
        name: text("name").unwrap_or(entry).to_owned(),
        at,
        start,
        now: Time::from_millis(millis),
        script,
    })
}

fn line(source: &mut Source<'_>, value: &Toml, at: usize) -> Option<Line> {
    let at = value.span().map_or(at, |span| span.start);
    let table = value.as_inline_table();
    let Some((word, item)) = table.filter(|table| table.len() == 1).and_then(|table| table.iter().next())
    else {
        source.problem(at, "a line of a script that is not one thing", "such as `{ presses = \"2\" }`");
        return None;
    };
    let Some(known) = WORDS.into_iter().find(|known| *known == word) else {
        let names = WORDS.into_iter().collect();
        let right = source.one_of("what can happen", word, &names);
        source.problem(at, format!("`{word}` in a script"), right);
        return None;
    };
    let value = match item {
        Toml::String(text) => text.value().clone(),
        Toml::Integer(number) => number.value().to_string(),
        Toml::Float(number) => number.value().to_string(),
        _ => {
            source.problem(at, format!("the value of `{word}`"), "a text or a number");
            return None;
        }
    };
    Some(Line { word: known, value, at })
}

/// Where, what was found, what would be right.
type Failure = (usize, String, String);

impl Conversation {
    fn have(&self, flow: &Arc<Flow>) -> Result<(), Failure> {
        let begun = Rehearsal::begin(Arc::clone(flow), self.start.clone(), self.now);
        let mut customer =
            begun.map_err(|error| (self.at, error.to_string(), "an entry of the flow".to_owned()))?;
        // What was noticed and not yet asked for.
        let mut noticed = customer.take();
        for line in &self.script {
            if !act(&mut customer, line)? {
                expect(&mut noticed, &customer, line)?;
            }
            noticed.extend(customer.take());
        }
        Ok(())
    }
}

/// Does what the line says. False: it says what must have happened.
fn act(customer: &mut Rehearsal, line: &Line) -> Result<bool, Failure> {
    let value = line.value.as_str();
    match line.word {
        "presses" => value.chars().for_each(|key| customer.presses(key)),
        "says" => customer.says(value),
        "waits" => {
            let seconds = value.parse::<f64>().ok().filter(|s| (0.0..=86_400.0).contains(s));
            let seconds = seconds.ok_or_else(|| (line.at, format!("`{value}`"), "seconds".to_owned()))?;
            customer.waits(Duration::from_secs_f64(seconds));
        }
        "connects" => customer.tell(In::Connected),
        "agent" => customer.tell(In::Parted),
        "place" => {
            let mut numbers = value.split_whitespace().map(|number| number.parse::<u32>().ok());
            let (place, minutes) = (numbers.next().flatten(), numbers.next());
            let (Some(place), None | Some(Some(_)), None) = (place, minutes, numbers.next()) else {
                let right = "the place in line and perhaps the minutes, as in \"3 5\"".to_owned();
                return Err((line.at, format!("`{value}`"), right));
            };
            customer.tell(In::Placed { place, minutes: minutes.flatten() });
        }
        "fails" => customer.tell(In::Failed(value.to_owned())),
        "answers" => {
            let status = value.parse::<u16>().ok();
            let body = if status.is_some() { String::new() } else { value.to_owned() };
            let reply = Fetched::Answer { status: status.unwrap_or(200), body: body.into() };
            if !customer.answers(reply) {
                return Err((
                    line.at,
                    "nobody was asked".to_owned(),
                    "a `lookup` or `webhook` step before this line".to_owned(),
                ));
            }
        }
        "finds" => {
            if !customer.finds(Some(value).filter(|name| !name.is_empty())) {
                return Err((
                    line.at,
                    "nobody was looked for".to_owned(),
                    "a `lookup_person` step before this line".to_owned(),
                ));
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// What the line says must have happened since the last that was found.
fn expect(noticed: &mut Vec<Happened>, customer: &Rehearsal, line: &Line) -> Result<(), Failure> {
    let wanted = line.value.as_str();
    let found = match line.word {
        "is_at" => (customer.step() == wanted).then_some(0),
        "ends_in_queue" => noticed
            .iter()
            .rposition(|one| matches!(one, Happened::Queue(queue) if queue.as_str() == wanted))
            .filter(|_| !customer.is_over()),
        word => noticed.iter().position(|one| is(one, word, wanted)),
    };
    match found {
        Some(at) => {
            if line.word != "is_at" {
                noticed.drain(..=at);
            }
            Ok(())
        }
        None => {
            let instead: Vec<String> = noticed.iter().filter_map(told).take(8).collect();
            let instead = if instead.is_empty() { "nothing".to_owned() } else { instead.join(", ") };
            Err((
                line.at,
                format!(
                    "{} \"{wanted}\" did not happen; at the step `{}`: {instead}",
                    line.word,
                    customer.step()
                ),
                "another script, or another flow".to_owned(),
            ))
        }
    }
}

fn is(one: &Happened, word: &str, wanted: &str) -> bool {
    match (word, one) {
        ("hears", Happened::Heard { name, text }) => {
            name.as_deref() == Some(wanted) || text.to_lowercase().contains(&wanted.to_lowercase())
        }
        ("rings", Happened::Agent(agent)) => agent.as_str() == wanted,
        ("dials", Happened::Dialled(to)) => to == wanted,
        ("calls_back", Happened::Callback(queue)) => queue.as_str() == wanted,
        ("notes", Happened::Noted(code, detail)) => code == wanted || detail.contains(wanted),
        ("ends", Happened::Ended(end)) => match end {
            FlowEnd::Finished => wanted == "hangup",
            FlowEnd::GaveUp => wanted == "no_input",
            FlowEnd::Refused(status) => status.to_string() == wanted,
        },
        _ => false,
    }
}

fn told(one: &Happened) -> Option<String> {
    Some(match one {
        Happened::Heard { name: Some(name), .. } => format!("hears {name}"),
        Happened::Heard { name: None, text } => format!("hears \"{text}\""),
        Happened::Queue(queue) => format!("waits in {queue}"),
        Happened::Agent(agent) => format!("rings {agent}"),
        Happened::Dialled(to) => format!("dials {to}"),
        Happened::Asked(url) => format!("asks {url}"),
        Happened::Callback(queue) => format!("calls back from {queue}"),
        Happened::Noted(code, _) => format!("notes {code}"),
        Happened::Ended(end) => format!("ends {end:?}"),
        Happened::Step(_) | Happened::Tone(_) | Happened::LookedFor | Happened::Recording(_) => return None,
        Happened::Secret(_) | Happened::Listening(_) | Happened::Language(_) | Happened::Line(_) => {
            return None;
        }
    })
}
