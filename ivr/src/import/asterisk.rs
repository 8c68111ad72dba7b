//! `extensions.conf`: contexts with a menu (`Background`, digits as extensions) and what follows each digit.

use std::collections::BTreeMap;

use super::{Draft, name_of, quoted};
use crate::source::Source;

/// One priority: where it stands, and the application with its arguments.
struct Line<'a> {
    at: usize,
    app: &'a str,
    args: &'a str,
}

/// Contexts, and in each the lines of each extension.
type Contexts<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Vec<Line<'a>>>>;

/// Applications that only make the call sound or be logged as it does here anyway.
const PLAIN: [&str; 8] = ["answer", "noop", "wait", "waitexten", "ringing", "progress", "set", "verbose"];

pub(super) fn read(source: &mut Source<'_>, text: &str) -> Draft {
    let contexts = contexts(source, text);
    let mut draft = Draft::default();
    for (context, extensions) in &contexts {
        let digits: Vec<&str> = extensions.keys().copied().filter(|name| is_key(name)).collect();
        for (extension, lines) in extensions {
            let name = step_name(context, extension);
            if is_entry(extension) {
                draft.entries.push(((*extension).to_owned(), name.clone()));
            }
            let keys = if *extension == "s" { digits.as_slice() } else { &[] };
            chain(source, &mut draft, &Place { context, name, keys, has: extensions }, lines);
        }
    }
    if draft.entries.is_empty()
        && let Some((context, _)) = contexts.iter().find(|(_, extensions)| extensions.contains_key("s"))
    {
        draft.entries.push(("main".to_owned(), step_name(context, "s")));
    }
    draft
}

/// Where lines stand.
struct Place<'a> {
    context: &'a str,
    name: String,
    /// Digits that can be dialled in this context.
    keys: &'a [&'a str],
    has: &'a BTreeMap<&'a str, Vec<Line<'a>>>,
}

fn is_key(extension: &str) -> bool {
    extension.len() == 1 && extension.chars().all(|c| "0123456789*#".contains(c))
}

/// Numbers that are dialled from outside; patterns (`_X.`) are not.
fn is_entry(extension: &str) -> bool {
    extension.len() > 1 && extension.chars().all(|c| c.is_ascii_digit() || c == '+')
}

fn step_name(context: &str, extension: &str) -> String {
    if extension == "s" {
        name_of(context)
    } else {
        format!(
            "{}_{}",
            name_of(context),
            extension.replace('*', "star").replace('#', "hash").replace('+', "00")
        )
    }
}

fn contexts<'a>(source: &mut Source<'_>, text: &'a str) -> Contexts<'a> {
    let mut all = Contexts::new();
    let (mut context, mut extension) = ("", "");
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let line = line.split(';').next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix('[') {
            context = name.split(']').next().unwrap_or_default();
            continue;
        }
        let Some((word, rest)) = line.split_once('=') else { continue };
        let rest = rest.trim_start_matches('>').trim();
        let body = match word.trim() {
            "exten" => {
                let Some((name, rest)) = rest.split_once(',') else { continue };
                extension = name.trim();
                rest
            }
            "same" => rest,
            "include" => {
                source.problem(
                    begin,
                    format!("include => {rest}"),
                    "its steps by hand, or entries that lead to them",
                );
                continue;
            }
            // Variables of the file.
            _ => continue,
        };
        if extension.starts_with('_') {
            source.problem(
                begin,
                format!("the pattern {extension}"),
                "an entry for each number, or `numbers` of the configuration",
            );
            continue;
        }
        let Some((_, call)) = body.split_once(',') else { continue };
        let (app, args) = call.trim().split_once('(').unwrap_or((call.trim(), ""));
        let args = args.strip_suffix(')').unwrap_or(args);
        all.entry(context).or_default().entry(extension).or_default().push(Line {
            at: begin,
            app: app.trim(),
            args,
        });
    }
    all
}

/// The steps of one extension, one after the other.
fn chain(source: &mut Source<'_>, draft: &mut Draft, place: &Place<'_>, lines: &[Line<'_>]) {
    let mut name = place.name.clone();
    let mut n = 1;
    let mut said: Vec<String> = Vec::new();
    for line in lines {
        let app = line.app.to_ascii_lowercase();
        let args: Vec<&str> = line.args.split(',').map(str::trim).collect();
        let first = args.first().copied().unwrap_or_default();
        if PLAIN.contains(&app.as_str()) {
            continue;
        }
        let next = |n: usize| format!("{}_then_{n}", place.name);
        match app.as_str() {
            "background" => said.push(draft.prompt(first)),
            "playback" => {
                let prompt = quoted(&draft.prompt(first));
                draft.step(
                    &name,
                    &[("kind", quoted("play")), ("prompts", prompt), ("next", quoted(&next(n)))],
                );
                (name, n) = (next(n), n + 1);
            }
            "queue" => {
                return end(draft, &name, &said, &[("kind", quoted("queue")), ("queue", quoted(first))]);
            }
            "voicemail" => {
                let prompt = quoted(&draft.prompt("vm-intro"));
                return end(draft, &name, &said, &[("kind", quoted("voicemail")), ("prompts", prompt)]);
            }
            "goto" => {
                let step = goto(place.context, &args);
                if said.is_empty() {
                    return draft.alias(&name, &step);
                }
                return draft.step(
                    &name,
                    &[("kind", quoted("play")), ("prompts", list(&said)), ("next", quoted(&step))],
                );
            }
            "dial" => {
                let number: String = first
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .take_while(|c| c.is_ascii_digit() || *c == '+')
                    .collect();
                if number.is_empty() {
                    source.problem(
                        line.at,
                        format!("Dial({})", line.args),
                        "a `transfer` to an agent, a number or a SIP address",
                    );
                    return draft.step(&name, &[("kind", quoted("hangup"))]);
                }
                return end(
                    draft,
                    &name,
                    &said,
                    &[("kind", quoted("transfer")), ("number", quoted(&format!("'{number}'")))],
                );
            }
            "hangup" => return finish(draft, place, &name, &said),
            _ => source.problem(
                line.at,
                format!("{}({})", line.app, line.args),
                "what it does, by hand: `voxdesk flow` has kinds of steps for most of it (docs/flows.md)",
            ),
        }
    }
    finish(draft, place, &name, &said);
}

/// A step that says nothing of its own, after what was said before it.
fn end(draft: &mut Draft, name: &str, said: &[String], parameters: &[(&str, String)]) {
    if said.is_empty() {
        return draft.step(name, parameters);
    }
    let after = format!("{name}_after");
    draft.step(name, &[("kind", quoted("play")), ("prompts", list(said)), ("next", quoted(&after))]);
    draft.step(&after, parameters);
}

fn list(names: &[String]) -> String {
    format!("[{}]", names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", "))
}

fn goto(context: &str, args: &[&str]) -> String {
    match args {
        [context, extension, _] => step_name(context, extension),
        [extension, _] => step_name(context, extension),
        _ => step_name(context, "s"),
    }
}

/// The end of an extension: a menu where digits can be dialled, else the end of the call.
fn finish(draft: &mut Draft, place: &Place<'_>, name: &str, said: &[String]) {
    if place.keys.is_empty() || said.is_empty() {
        let prompts = (!said.is_empty()).then(|| ("prompts", list(said)));
        let mut parameters = vec![("kind", quoted("hangup"))];
        parameters.extend(prompts);
        return draft.step(name, &parameters);
    }
    let keys: Vec<String> = place
        .keys
        .iter()
        .map(|key| format!("{} = {}", quoted(key), quoted(&step_name(place.context, key))))
        .collect();
    let mut parameters = vec![
        ("kind", quoted("menu")),
        ("prompts", list(said)),
        ("keys", format!("{{ {} }}", keys.join(", "))),
    ];
    // What Asterisk does at `t` (nothing came) and `i` (nonsense came).
    for (extension, parameter) in [("t", "no_input"), ("i", "no_match")] {
        if place.has.contains_key(extension) {
            let step = step_name(place.context, extension);
            parameters.push((parameter, format!("{{ times = 2, then = {} }}", quoted(&step))));
        }
    }
    draft.step(name, &parameters);
}
