//! `ivr.conf.xml`: menus and their entries.

use std::collections::BTreeMap;

use super::{Draft, name_of, quoted};
use crate::source::Source;

/// A tag: where it stands, its name, and its attributes.
struct Tag<'a> {
    at: usize,
    name: &'a str,
    attributes: BTreeMap<&'a str, &'a str>,
}

pub(super) fn read(source: &mut Source<'_>, text: &str) -> Draft {
    let mut draft = Draft::default();
    let mut menu: Option<(Tag<'_>, Vec<(String, String)>)> = None;
    for tag in tags(text) {
        match tag.name {
            "menu" => {
                if let Some(done) = menu.replace((tag, Vec::new())) {
                    close(&mut draft, done);
                }
            }
            "entry" => {
                if let Some((open, keys)) = &mut menu {
                    entry(source, &mut draft, open, keys, &tag);
                }
            }
            "/menu" => {
                if let Some(done) = menu.take() {
                    close(&mut draft, done);
                }
            }
            _ => {}
        }
    }
    if let Some(done) = menu {
        close(&mut draft, done);
    }
    draft
}

/// The tags of a text; comments are left out.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('<')).map(|found| at + found) {
        let rest = text.get(open..).unwrap_or_default();
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(text.len(), |end| open + end + 3);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let inside = rest.get(1..end).unwrap_or_default().trim_end_matches('/');
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        tags.push(Tag { at: open, name, attributes: pairs(attributes) });
        at = open + end + 1;
    }
    tags
}

fn pairs(text: &str) -> BTreeMap<&str, &str> {
    let mut pairs = BTreeMap::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| ['"', '\''].contains(c)) else { break };
        let Some((value, left)) = after.get(1..).and_then(|inside| inside.split_once(quote)) else { break };
        pairs.insert(name.trim(), value);
        rest = left;
    }
    pairs
}

fn entry(
    source: &mut Source<'_>,
    draft: &mut Draft,
    menu: &Tag<'_>,
    keys: &mut Vec<(String, String)>,
    tag: &Tag<'_>,
) {
    let attribute = |name: &str| tag.attributes.get(name).copied().unwrap_or_default();
    let (action, digits, param) = (attribute("action"), attribute("digits"), attribute("param"));
    let menu_name = name_of(menu.attributes.get("name").copied().unwrap_or_default());
    if digits.chars().count() != 1 || !"0123456789*#".contains(digits) {
        source.problem(
            tag.at,
            format!("the digits {digits}"),
            "a `collect` step and a `condition`: a menu has one key for each choice",
        );
        return;
    }
    let name = format!("{menu_name}_{}", digits.replace('*', "star").replace('#', "hash"));
    let step = match action {
        "menu-sub" => name_of(param),
        "menu-top" | "menu-back" => menu_name,
        "menu-exit" => {
            draft.step(&name, &[("kind", quoted("hangup"))]);
            name
        }
        "menu-play-sound" => {
            let prompt = quoted(&draft.prompt(param));
            draft.step(&name, &[("kind", quoted("play")), ("prompts", prompt), ("next", quoted(&menu_name))]);
            name
        }
        "menu-exec-app" => {
            application(source, draft, &name, param, tag.at);
            name
        }
        _ => {
            source.problem(tag.at, format!("the action {action}"), "a step that does it, by hand");
            draft.step(&name, &[("kind", quoted("hangup"))]);
            name
        }
    };
    keys.push((digits.to_owned(), step));
}

fn application(source: &mut Source<'_>, draft: &mut Draft, name: &str, param: &str, at: usize) {
    let (app, args) = param.split_once(' ').unwrap_or((param, ""));
    let first = args.split_whitespace().next().unwrap_or_default();
    match app {
        "transfer" if first.chars().all(|c| c.is_ascii_digit()) && !first.is_empty() => {
            draft.step(name, &[("kind", quoted("transfer")), ("number", quoted(&format!("'{first}'")))]);
        }
        "callcenter" | "fifo" => {
            let queue = first.split('@').next().unwrap_or_default();
            draft.step(name, &[("kind", quoted("queue")), ("queue", quoted(queue))]);
        }
        "hangup" => draft.step(name, &[("kind", quoted("hangup"))]),
        "voicemail" => {
            let prompt = quoted(&draft.prompt("vm-intro"));
            draft.step(name, &[("kind", quoted("voicemail")), ("prompts", prompt)]);
        }
        _ => {
            source.problem(
                at,
                format!("the application {param}"),
                "a step that does it, by hand (docs/flows.md)",
            );
            draft.step(name, &[("kind", quoted("hangup"))]);
        }
    }
}

fn close(draft: &mut Draft, (menu, keys): (Tag<'_>, Vec<(String, String)>)) {
    let attribute = |name: &str| menu.attributes.get(name).copied();
    let name = name_of(attribute("name").unwrap_or_default());
    draft.entries.push((name.clone(), name.clone()));
    let greeting = attribute("greet-long").or(attribute("greet-short")).unwrap_or("greeting");
    let prompt = quoted(&draft.prompt(greeting.trim_start_matches("phrase:").trim_start_matches("say:")));
    if keys.is_empty() {
        return draft.step(&name, &[("kind", quoted("hangup")), ("prompts", prompt)]);
    }
    let list: Vec<String> =
        keys.iter().map(|(key, step)| format!("{} = {}", quoted(key), quoted(step))).collect();
    let number = |name: &str| attribute(name).and_then(|text| text.parse::<u32>().ok());
    let seconds = number("timeout").map_or(5, |ms| ms / 1000).clamp(1, 600);
    let times = |name: &str| number(name).unwrap_or(3).clamp(1, 10) - 1;
    let no_match = match attribute("invalid-sound") {
        Some(sound) => {
            format!("{{ times = {}, prompt = {} }}", times("max-failures"), quoted(&draft.prompt(sound)))
        }
        None => format!("{{ times = {} }}", times("max-failures")),
    };
    draft.step(
        &name,
        &[
            ("kind", quoted("menu")),
            ("prompts", prompt),
            ("keys", format!("{{ {} }}", list.join(", "))),
            ("no_input", format!("{{ timeout = {seconds}, times = {} }}", times("max-timeouts"))),
            ("no_match", no_match),
        ],
    );
}
