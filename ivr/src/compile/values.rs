//! Parameters that hold expressions, places of values, hours, and addresses of servers.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Lang;
use kernel::hours::{self, Holiday, Interval, Week};
use toml_edit::{Item, TableLike, Value as Toml};

use super::names::{Place, is_name, is_secretive};
use super::params::{Reader, shape, shown, step, texts};
use super::{Field, fields, kind_of, prompts};
use crate::datum::Type;
use crate::expr::{self, Expr, Wrong};
use crate::json_path::JsonPath;
use crate::node::{By, Takes, Url, Value};
use crate::wording::{Part, Wording};

/// Longest short text, in characters.
const TEXT_CHARS: usize = 200;
/// Most fields of a request.
const FIELDS: usize = 40;

impl Reader<'_, '_> {
    pub(super) fn wrong(&mut self, at: usize, wrong: Wrong) {
        self.source.problem(at, wrong.found, wrong.right);
    }

    /// Notes what an expression reads.
    fn reads(&mut self, expr: &Expr, at: usize) {
        let mut names = Vec::new();
        expr.names(&mut names);
        self.read.extend(names.into_iter().map(|name| (name.to_owned(), at)));
    }

    fn expr(&mut self, source: &str, at: usize, place: Place) -> Option<(Expr, Type)> {
        let expr = expr::parse(source).map_err(|wrong| self.wrong(at, wrong)).ok()?;
        let kind = self.world.names.check(self.source, self.world.known, (&expr, at), place)?;
        Some((expr, kind))
    }

    fn wording(&mut self, text: &str, at: usize, place: Place) -> Option<Wording> {
        let wording = Wording::parse(text).map_err(|wrong| self.wrong(at, wrong)).ok()?;
        for expr in wording.exprs() {
            self.world.names.check(self.source, self.world.known, (expr, at), place)?;
            self.reads(expr, at);
        }
        Some(wording)
    }
}

/// The value of one of the kinds that are read here; the item is of the right shape or a problem is noted.
pub(super) fn read(reader: &mut Reader<'_, '_>, takes: Takes, field: &Field<'_>) -> Option<Value> {
    let text = field.item.as_str();
    let table = field.item.as_table_like();
    match (takes, text, table) {
        (Takes::Expr(wanted), ..) => condition(reader, field, wanted).map(Value::Expr),
        (Takes::Choice(choices), Some(text), _) if choices.contains(&text) => {
            Some(Value::Text(text.to_owned()))
        }
        (Takes::Text, Some(text), _) if (1..=TEXT_CHARS).contains(&text.trim().chars().count()) => {
            Some(Value::Text(text.trim().to_owned()))
        }
        (Takes::Secret, Some(name), _) => secret(reader, name, field.value_at),
        (Takes::Into { .. }, Some(name), _) if is_name(name) => {
            reader.writes.push(name.to_owned());
            Some(Value::Text(name.to_owned()))
        }
        // An unusable name was told when names were collected.
        (Takes::Into { .. }, Some(_), _) => None,
        (Takes::Zone, Some(name), _) => {
            hours::zone(name).map(Value::Zone).map_err(|bad| reader.wrong(field.value_at, bad.into())).ok()
        }
        (Takes::Url, Some(text), _) => url(reader, text, field.value_at).map(Value::Url),
        (Takes::Assign, _, Some(table)) => assign(reader, table, field),
        (Takes::Paths, _, Some(table)) => paths(reader, table, field),
        (Takes::Fields, _, Some(table)) => texts_for_a_server(reader, table, field),
        (Takes::Answers, _, Some(table)) => answers(reader, table, field),
        (Takes::Skills, _, Some(table)) => skills(reader, table, field),
        (Takes::Days, _, Some(table)) => days(reader, table, field),
        (Takes::Said, _, Some(table)) => said(reader, table, field),
        (Takes::Dates, _, None) => dates(reader, field),
        (Takes::Steps, _, None) => steps(reader, field),
        _ => {
            let found = format!("{} for `{}`", shown(field.item), field.name);
            reader.source.problem(field.value_at, found, shape(takes));
            None
        }
    }
}

fn condition(reader: &mut Reader<'_, '_>, field: &Field<'_>, wanted: Type) -> Option<Expr> {
    let Some(text) = field.item.as_str() else {
        let found = format!("{} for `{}`", shown(field.item), field.name);
        reader.source.problem(field.value_at, found, shape(Takes::Expr(wanted)));
        return None;
    };
    let (expr, kind) = reader.expr(text, field.value_at, Place::Open)?;
    reader.reads(&expr, field.value_at);
    if kind != wanted {
        reader.source.problem(
            field.value_at,
            format!("a {} for `{}`", kind.name(), field.name),
            shape(Takes::Expr(wanted)),
        );
        return None;
    }
    Some(expr)
}

fn secret(reader: &mut Reader<'_, '_>, name: &str, at: usize) -> Option<Value> {
    let bare = Expr::Name(format!("secret.{name}"));
    reader.world.names.check(reader.source, reader.world.known, (&bare, at), Place::Sealed)?;
    Some(Value::Text(name.to_owned()))
}

fn assign(reader: &mut Reader<'_, '_>, table: &dyn TableLike, field: &Field<'_>) -> Option<Value> {
    let all = fields(table, field.at);
    let mut list = Vec::new();
    let mut set: BTreeSet<&str> = BTreeSet::new();
    for part in &all {
        let source = match part.item {
            Item::Value(Toml::String(text)) => text.value().clone(),
            Item::Value(Toml::Integer(number)) => number.value().to_string(),
            Item::Value(Toml::Float(number)) => number.value().to_string(),
            Item::Value(Toml::Boolean(flag)) => flag.value().to_string(),
            other => {
                reader.source.problem(
                    part.value_at,
                    format!("{} for `{}`", kind_of(other), part.name),
                    "an expression, such as \"tries + 1\" or \"'gold'\"",
                );
                continue;
            }
        };
        let Some((expr, kind)) = reader.expr(&source, part.value_at, Place::Open) else { continue };
        let mut names = Vec::new();
        expr.names(&mut names);
        let fresh =
            names.into_iter().filter(|name| !set.contains(name)).map(|name| (name.to_owned(), part.value_at));
        reader.read.extend(fresh);
        let holds = reader.world.names.types.get(part.name).copied();
        if holds.is_some_and(|holds| holds != kind) {
            let holds = holds.map_or("", Type::name);
            reader.source.problem(
                part.value_at,
                format!("a {} for the variable `{}`", kind.name(), part.name),
                format!("a {holds}; number(…) and text(…) change one"),
            );
            continue;
        }
        if reader.world.names.hidden.contains(part.name) {
            reader.source.problem(
                part.at,
                format!("`{}` is secret and would be written in the clear", part.name),
                "another name",
            );
            continue;
        }
        set.insert(part.name);
        reader.writes.push(part.name.to_owned());
        list.push((part.name.to_owned(), expr));
    }
    some(reader, field, list, all.len()).map(Value::Assign)
}

/// The list if it is whole; an empty one is a problem.
fn some<T>(reader: &mut Reader<'_, '_>, field: &Field<'_>, list: Vec<T>, of: usize) -> Option<Vec<T>> {
    if of == 0 {
        reader.source.problem(field.at, format!("nothing in `{}`", field.name), "at least one");
    }
    (of > 0 && list.len() == of).then_some(list)
}

fn paths(reader: &mut Reader<'_, '_>, table: &dyn TableLike, field: &Field<'_>) -> Option<Value> {
    let all = fields(table, field.at);
    let mut list = Vec::new();
    for part in &all {
        let path = match part.item.as_str() {
            Some(text) => JsonPath::parse(text),
            None => Err(Wrong::new(
                format!("{} for `{}`", kind_of(part.item), part.name),
                "the place of a value, such as \"$.customer.name\"",
            )),
        };
        match path {
            Ok(path) => {
                reader.writes.push(part.name.to_owned());
                list.push((part.name.to_owned(), path));
            }
            Err(wrong) => reader.wrong(part.value_at, wrong),
        }
    }
    some(reader, field, list, all.len()).map(Value::Paths)
}

fn texts_for_a_server(
    reader: &mut Reader<'_, '_>,
    table: &dyn TableLike,
    field: &Field<'_>,
) -> Option<Value> {
    let all = fields(table, field.at);
    let mut list = Vec::new();
    for part in all.iter().take(FIELDS + 1) {
        let is_header = field.name == "headers";
        let good_name = part.name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if is_header && !good_name {
            reader.source.problem(
                part.at,
                format!("`{}` as the name of a header", part.name),
                "letters, digits, `-` and `_`",
            );
            continue;
        }
        let Some(text) = part.item.as_str() else {
            reader.source.problem(
                part.value_at,
                format!("{} for `{}`", kind_of(part.item), part.name),
                "a text, such as \"{caller.number}\"",
            );
            continue;
        };
        let Some(wording) = reader.wording(text, part.value_at, Place::Sealed) else { continue };
        if is_clear_secret(part.name, &wording) {
            clear_secret(reader, part.name, part.value_at);
            continue;
        }
        list.push((part.name.to_owned(), wording));
    }
    if all.len() > FIELDS {
        reader.source.problem(
            field.at,
            format!("{} fields in `{}`", all.len(), field.name),
            format!("at most {FIELDS}"),
        );
    }
    some(reader, field, list, all.len()).map(Value::Fields)
}

/// Whether something is written out that its name says is secret.
fn is_clear_secret(name: &str, wording: &Wording) -> bool {
    let written = wording
        .parts
        .iter()
        .any(|part| matches!(part, Part::Text(text) if text.chars().any(char::is_alphanumeric)));
    is_secretive(name) && written && wording.is_fixed()
}

fn clear_secret(reader: &mut Reader<'_, '_>, name: &str, at: usize) {
    reader.source.problem(
        at,
        format!("a secret in the clear: `{name}`"),
        "`{secret.NAME}`, with the secret in `[secrets]` of the configuration",
    );
}

fn url(reader: &mut Reader<'_, '_>, text: &str, at: usize) -> Option<Url> {
    const RIGHT: &str = "such as \"https://crm.example.com/people?number={caller.number}\"";
    let Some((scheme, rest)) =
        text.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme))
    else {
        reader.source.problem(at, "an address that does not begin with http:// or https://", RIGHT);
        return None;
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if host.contains('@') {
        clear_secret(reader, "a password in an address", at);
        return None;
    }
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    let is_host = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-[]:".contains(&b))
    };
    if !is_host(name) {
        reader.source.problem(
            at,
            format!("`{host}` as a server"),
            "a name or address and perhaps a port; it cannot have values in it",
        );
        return None;
    }
    let host = host.to_ascii_lowercase();
    let known = reader.world.known;
    if !known.anything && !known.hosts.contains(&host) {
        let names = known.hosts.iter().map(String::as_str).collect();
        let right = reader.source.one_of("`hosts` in `[http]` of the configuration allow", &host, &names);
        reader.source.problem(at, format!("the server `{host}`, which is not allowed"), right);
        return None;
    }
    let path = path.split('#').next().unwrap_or_default();
    let path = reader.wording(if path.is_empty() { "/" } else { path }, at, Place::Sealed)?;
    let clear = path.parts.iter().any(|part| match part {
        Part::Text(text) => text
            .split(['?', '&'])
            .filter_map(|pair| pair.split_once('='))
            .any(|(name, value)| is_secretive(name) && !value.is_empty()),
        Part::Pause(_) | Part::Value(..) => false,
    });
    if clear {
        clear_secret(reader, "a value in an address", at);
        return None;
    }
    Some(Url { origin: format!("{scheme}://{host}"), path })
}

fn answers(reader: &mut Reader<'_, '_>, table: &dyn TableLike, field: &Field<'_>) -> Option<Value> {
    let all = fields(table, field.at);
    let mut list = Vec::new();
    let mut seen = BTreeSet::new();
    for part in &all {
        let Some(words) = texts(reader, part, "a word or a list of words") else { continue };
        let mut good = true;
        for (word, at) in &words {
            if word.trim().is_empty() || !seen.insert(word.trim().to_lowercase()) {
                reader.source.problem(*at, format!("the word `{word}` twice or empty"), "each word once");
                good = false;
            }
        }
        if good {
            list.push((part.name.to_owned(), words.into_iter().map(|(word, _)| word).collect()));
        }
    }
    some(reader, field, list, all.len()).map(Value::Answers)
}

fn skills(reader: &mut Reader<'_, '_>, table: &dyn TableLike, field: &Field<'_>) -> Option<Value> {
    let all = fields(table, field.at);
    let known = reader.world.known;
    let mut skills = BTreeMap::new();
    for part in &all {
        let level = part.item.as_integer().and_then(|level| u8::try_from(level).ok());
        let Some(level) = level.filter(|level| (1..=10).contains(level)) else {
            let found = format!("{} for the skill `{}`", shown(part.item), part.name);
            reader.source.problem(part.value_at, found, "a level from 1 to 10");
            continue;
        };
        if !known.anything && !known.skills.iter().any(|skill| skill == part.name) {
            let names = known.skills.iter().map(String::as_str).collect();
            let right = reader.source.one_of("agents have", part.name, &names);
            reader.source.problem(part.at, format!("the skill `{}`, which nobody has", part.name), right);
            continue;
        }
        skills.insert(part.name.to_owned(), level);
    }
    let skills = some(reader, field, skills.into_iter().collect(), all.len())?;
    Some(Value::Skills(skills.into_iter().collect()))
}

fn days(reader: &mut Reader<'_, '_>, table: &dyn TableLike, field: &Field<'_>) -> Option<Value> {
    let all = fields(table, field.at);
    let mut week = Week::default();
    let mut good = !all.is_empty();
    for part in &all {
        // A day may be closed all day.
        if part.item.as_array().is_some_and(toml_edit::Array::is_empty) {
            continue;
        }
        let Some(list) = texts(reader, part, "hours such as [\"09:00-12:00\", \"13:00-18:00\"]") else {
            good = false;
            continue;
        };
        let hours = list.iter().map(|(text, _)| Interval::parse(text)).collect::<Result<Vec<_>, _>>();
        let opened = hours.and_then(hours::intervals).and_then(|hours| week.open(part.name, &hours));
        if let Err(bad) = opened {
            reader.wrong(part.value_at, bad.into());
            good = false;
        }
    }
    if all.is_empty() {
        reader.source.problem(field.at, format!("nothing in `{}`", field.name), shape(Takes::Days));
    }
    good.then_some(Value::Days(week))
}

fn dates(reader: &mut Reader<'_, '_>, field: &Field<'_>) -> Option<Value> {
    let list = texts(reader, field, &shape(Takes::Dates))?;
    let mut dates = Vec::new();
    for (text, at) in &list {
        match Holiday::parse(text) {
            Ok(date) => dates.push(date),
            Err(bad) => reader.wrong(*at, bad.into()),
        }
    }
    (dates.len() == list.len()).then_some(Value::Dates(dates))
}

fn steps(reader: &mut Reader<'_, '_>, field: &Field<'_>) -> Option<Value> {
    let names = texts(reader, field, &shape(Takes::Steps))?;
    let found: Vec<String> =
        names.iter().filter_map(|(name, at)| step(reader, name, *at, By::Itself)).collect();
    (found.len() == names.len()).then_some(Value::Steps(found))
}

/// A prompt of the step's own.
fn said(reader: &mut Reader<'_, '_>, table: &dyn TableLike, field: &Field<'_>) -> Option<Value> {
    let name = format!(":{}", reader.step);
    prompts::check_names(reader.source, table, field.at);
    let mut good = true;
    for lang in Lang::ALL {
        let spoken = prompts::read_one(reader.source, table, &name, field.at, *lang);
        good &= !spoken.text.is_empty();
        reader.made.insert((name.clone(), *lang), spoken);
    }
    let made: Vec<(Wording, usize)> = reader
        .made
        .iter()
        .filter(|((made, _), _)| *made == name)
        .filter_map(|(_, spoken)| Some((spoken.wording.clone()?, field.at)))
        .collect();
    for (wording, at) in made {
        for expr in wording.exprs() {
            good &= reader
                .world
                .names
                .check(reader.source, reader.world.known, (expr, at), Place::Open)
                .is_some();
            reader.reads(expr, at);
        }
    }
    good.then(|| Value::Prompts(vec![name]))
}
