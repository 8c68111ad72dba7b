//! `[variables]` and everything that steps put into variables: which names there are, of which type, and which are secret.
//!
//! Promises: known before any expression is read; what is never shown is refused wherever it would be.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Item, Value as Toml};

use super::{Section, fields, kind_of};
use crate::datum::{Datum, Number, Type};
use crate::expr::{self, Expr, Types};
use crate::io::Known;
use crate::node::Takes;
use crate::nodes::NODES;
use crate::scene::BUILT_IN;
use crate::source::Source;

/// Most variables of a flow: more than people keep apart, and as many as there are bits in a `u128`.
pub(super) const VARIABLES: usize = 128;
/// Parts of names that say that something is secret.
const SECRETIVE: [&str; 8] =
    ["authorization", "password", "passwd", "secret", "token", "api_key", "api-key", "apikey"];

/// Names of variables.
#[derive(Default)]
pub(super) struct Names {
    /// All of them, with the built-in ones.
    pub(super) types: Types,
    /// What they hold at the beginning.
    pub(super) start: BTreeMap<String, Datum>,
    /// Never shown.
    pub(super) hidden: BTreeSet<String>,
    /// Set by steps and not in `[variables]`: they may be read before they are set.
    pub(super) late: Vec<String>,
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where it is shown, said or written down.
    Open,
    /// In a request, where secrets may be.
    Sealed,
}

pub(super) fn read(
    source: &mut Source<'_>,
    declared: Option<Section<'_>>,
    steps: Option<Section<'_>>,
) -> Names {
    let mut names = Names::default();
    names.types.extend(BUILT_IN.iter().map(|(name, kind)| ((*name).to_owned(), *kind)));
    for field in declared.iter().flat_map(|section| fields(section.table, section.at)) {
        check_name(source, field.name, field.at);
        let Some(datum) = plain(field.item) else {
            source.problem(
                field.value_at,
                format!("{} for a variable", kind_of(field.item)),
                "a text, a number, `true` or `false`: what it holds at the beginning",
            );
            continue;
        };
        if is_secretive(field.name) && matches!(&datum, Datum::Text(text) if !text.is_empty()) {
            source.problem(
                field.value_at,
                format!("a secret in the clear: `{}`", field.name),
                "a secret of the configuration (`[secrets]`), used as `{secret.NAME}` in a request",
            );
        }
        names.types.insert(field.name.to_owned(), datum.kind());
        names.start.insert(field.name.to_owned(), datum);
    }
    collect(source, &mut names, steps);
    if names.start.len() + names.late.len() > VARIABLES {
        let at = declared.map_or(0, |section| section.at);
        source.problem(at, "too many variables", format!("at most {VARIABLES}"));
        names.late.truncate(VARIABLES);
    }
    names
}

fn plain(item: &Item) -> Option<Datum> {
    match item {
        Item::Value(Toml::String(text)) => Some(Datum::text(text.value())),
        Item::Value(Toml::Integer(number)) => Some(Datum::Number(Number::whole(*number.value()))),
        Item::Value(Toml::Float(number)) => Number::parse(&number.value().to_string()).map(Datum::Number),
        Item::Value(Toml::Boolean(flag)) => Some(Datum::Flag(*flag.value())),
        _ => None,
    }
}

/// Names as expressions can write them.
pub(super) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && letters.all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().count() <= super::NAME_CHARS
        && !["and", "or", "not", "true", "false", "contains", "starts_with"].contains(&name)
}

fn check_name(source: &mut Source<'_>, name: &str, at: usize) {
    if !is_name(name) {
        source.problem(
            at,
            format!("`{name}` as the name of a variable"),
            "letters, digits and `_`, beginning with a letter",
        );
    }
}

pub(super) fn is_secretive(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRETIVE.iter().any(|part| name.contains(part))
}

/// What steps put into variables.
fn collect(source: &mut Source<'_>, names: &mut Names, steps: Option<Section<'_>>) {
    let mut reckoned: Vec<(String, Expr)> = Vec::new();
    let mut late: Vec<(String, usize)> = Vec::new();
    for step in steps.iter().flat_map(|section| fields(section.table, section.at)) {
        let Some(table) = step.item.as_table_like() else { continue };
        let kind = table.get("kind").and_then(Item::as_str);
        let Some(kind) = NODES.iter().find(|known| Some(known.name) == kind) else { continue };
        for part in fields(table, step.at) {
            let param = kind.params.iter().find(|param| param.name == part.name);
            match param.map(|param| param.takes) {
                Some(Takes::Into { hidden }) => {
                    let Some(name) = part.item.as_str() else { continue };
                    if hidden {
                        names.hidden.insert(name.to_owned());
                    }
                    late.push((name.to_owned(), part.value_at));
                }
                Some(Takes::Assign) => {
                    for one in part.item.as_table_like().iter().flat_map(|table| fields(*table, part.at)) {
                        let expr = one.item.as_str().and_then(|text| expr::parse(text).ok());
                        let expr = expr.or_else(|| plain(one.item).map(Expr::Fixed));
                        reckoned.extend(expr.map(|expr| (one.name.to_owned(), expr)));
                        late.push((one.name.to_owned(), one.at));
                    }
                }
                Some(Takes::Paths) => {
                    let all = part.item.as_table_like();
                    late.extend(
                        all.iter()
                            .flat_map(|table| fields(*table, part.at))
                            .map(|one| (one.name.to_owned(), one.at)),
                    );
                }
                _ => {}
            }
        }
    }
    settle(names, reckoned);
    let mut told = BTreeSet::new();
    for (name, at) in late {
        if BUILT_IN.iter().any(|(known, _)| *known == name) || !is_name(&name) {
            if told.insert(name.clone()) {
                source.problem(
                    at,
                    format!("`{name}` as the name of a variable"),
                    "letters, digits and `_`, beginning with a letter",
                );
            }
            continue;
        }
        if !names.start.contains_key(&name) && !names.late.contains(&name) {
            names.late.push(name.clone());
        }
        names.types.entry(name).or_insert(Type::Text);
    }
}

/// Types of what is reckoned, until nothing more becomes known.
fn settle(names: &mut Names, mut reckoned: Vec<(String, Expr)>) {
    // Each round settles one at least, or is the last; long chains the wrong way round are rare.
    for _ in 0..VARIABLES {
        let before = reckoned.len();
        reckoned.retain(|(name, expr)| {
            if names.types.contains_key(name) {
                return false;
            }
            match expr.check(&names.types) {
                Ok(kind) => {
                    names.types.insert(name.clone(), kind);
                    false
                }
                Err(_) => true,
            }
        });
        if reckoned.len() == before {
            return;
        }
    }
}

impl Names {
    /// The type of an expression, or a problem.
    pub(super) fn check(
        &self,
        source: &mut Source<'_>,
        known: &Known,
        (expr, at): (&Expr, usize),
        place: Place,
    ) -> Option<Type> {
        let mut read = Vec::new();
        expr.names(&mut read);
        let is_bare = matches!(expr, Expr::Name(_));
        for name in read {
            let secret = name.strip_prefix("secret.");
            if secret.is_none() && !self.hidden.contains(name) {
                continue;
            }
            if place == Place::Open || !is_bare {
                source.problem(
                    at,
                    format!("`{name}` is secret and would be shown, said or written down here"),
                    "secrets stand alone, as `{NAME}`, in the `url`, `headers` or `body` of a request",
                );
                return None;
            }
            if let Some(secret) = secret
                && !known.anything
                && !known.secrets.iter().any(|name| name == secret)
            {
                let names = known.secrets.iter().map(String::as_str).collect();
                let right = source.one_of("`[secrets]` of the configuration", secret, &names);
                source.problem(at, format!("an unknown secret `{secret}`"), right);
                return None;
            }
            return Some(Type::Text);
        }
        match expr.check(&self.types) {
            Ok(kind) => Some(kind),
            Err(wrong) => {
                source.problem(at, wrong.found, wrong.right);
                None
            }
        }
    }
}
