//! `[prompts.NAME]`: a text in every language, or a recording of it.

use std::collections::BTreeMap;

use kernel::{Lang, limits};
use toml_edit::TableLike;

use super::names::{Names, Place};
use super::{Section, check_name, fields, kind_of};
use crate::flow::Spoken;
use crate::io::Known;
use crate::source::Source;
use crate::wording::Wording;

pub(super) type Prompts = BTreeMap<(String, Lang), Spoken>;

pub(super) fn read(source: &mut Source<'_>, section: Option<Section<'_>>) -> Prompts {
    let mut prompts = Prompts::new();
    let Some(section) = section else { return prompts };
    for field in fields(section.table, section.at) {
        check_name(source, &field, "a prompt");
        let Some(table) = field.item.as_table_like() else {
            let found = format!("{} for the prompt `{}`", kind_of(field.item), field.name);
            source.problem(
                field.value_at,
                found,
                format!("`[prompts.{}]` with `en = \"…\"` and `zh = \"…\"`", field.name),
            );
            continue;
        };
        check_names(source, table, field.at);
        for lang in Lang::ALL {
            let spoken = read_one(source, table, field.name, field.at, *lang);
            // A prompt that has a problem still counts as there, so that those who use it are not wrong too.
            prompts.insert((field.name.to_owned(), *lang), spoken);
        }
    }
    prompts
}

pub(super) fn check_names(source: &mut Source<'_>, table: &dyn TableLike, at: usize) {
    let known = |name: &str| {
        name == "instead"
            || Lang::from_code(name).is_some()
            || name.strip_prefix("file_").is_some_and(|code| Lang::from_code(code).is_some())
    };
    for field in fields(table, at).iter().filter(|field| !known(field.name)) {
        let names = ["en", "zh", "file_en", "file_zh", "instead"].into_iter().collect();
        let right = source.one_of("what a prompt has", field.name, &names);
        source.problem(field.at, format!("an unknown name `{}` in a prompt", field.name), right);
    }
}

pub(super) fn read_one(
    source: &mut Source<'_>,
    table: &dyn TableLike,
    name: &str,
    at: usize,
    lang: Lang,
) -> Spoken {
    let code = lang.code();
    let file_name = format!("file_{code}");
    let mut spoken = Spoken::default();
    let all = fields(table, at);
    let field = |wanted: &str| all.iter().find(|field| field.name == wanted);
    match field(code).map(|field| (field, field.item.as_str())) {
        None => source.problem(
            at,
            format!("the prompt `{name}` has no text in `{code}`"),
            format!("add `{code} = \"…\"`"),
        ),
        Some((field, None)) => {
            source.problem(field.value_at, format!("{} for `{code}`", kind_of(field.item)), "a text")
        }
        Some((field, Some(text))) if text.trim().is_empty() => {
            source.problem(field.value_at, format!("an empty text for `{code}`"), "what is said");
        }
        Some((field, Some(text))) if text.chars().count() > limits::MESSAGE_CHARS => {
            source.problem(
                field.value_at,
                "a text that is too long",
                format!("at most {} characters", limits::MESSAGE_CHARS),
            );
        }
        Some((field, Some(text))) => match Wording::parse(text) {
            Ok(wording) => {
                text.clone_into(&mut spoken.text);
                spoken.wording = Some(wording).filter(|wording| !wording.is_fixed());
            }
            Err(wrong) => source.problem(field.value_at, wrong.found, wrong.right),
        },
    }
    spoken.instead = field("instead").and_then(|field| field.item.as_str()).map(str::to_owned);
    match field(&file_name).map(|field| (field, field.item.as_str())) {
        None => {}
        Some((_, Some(file))) if is_inside(file) => spoken.file = Some(file.to_owned()),
        Some((field, found)) => {
            let found = found.map_or_else(|| kind_of(field.item), |file| format!("`{file}`"));
            source.problem(
                field.value_at,
                format!("{found} for `{file_name}`"),
                "a file beside the flow or in a folder there, such as \"recordings/menu.wav\"",
            );
        }
    }
    spoken
}

/// What prompts with variables refer to: variables that can be shown, and prompts that are said instead.
pub(super) fn check(
    source: &mut Source<'_>,
    section: Option<Section<'_>>,
    prompts: &Prompts,
    names: &Names,
    known: &Known,
) {
    let Some(section) = section else { return };
    for field in fields(section.table, section.at) {
        let Some(table) = field.item.as_table_like() else { continue };
        for part in fields(table, field.at) {
            if let Some(lang) = Lang::from_code(part.name) {
                let spoken = prompts.get(&(field.name.to_owned(), lang));
                let wording = spoken.and_then(|spoken| spoken.wording.as_ref());
                for expr in wording.iter().flat_map(|wording| wording.exprs()) {
                    names.check(source, known, (expr, part.value_at), Place::Open);
                }
            }
            if part.name == "instead" {
                check_instead(source, part.item.as_str(), part.value_at, prompts);
            }
        }
    }
}

/// What is said instead must be the same for everybody.
pub(super) fn check_instead(source: &mut Source<'_>, name: Option<&str>, at: usize, prompts: &Prompts) {
    let fixed =
        |name: &str| prompts.get(&(name.to_owned(), Lang::En)).is_some_and(|spoken| spoken.wording.is_none());
    if !name.is_some_and(fixed) {
        let found = name
            .map_or_else(|| "`instead` without a name".to_owned(), |name| format!("`instead = \"{name}\"`"));
        source.problem(at, found, "the name of a prompt without variables");
    }
}

/// Variables in each prompt.
pub(super) fn reads(prompts: &Prompts) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((name, _), spoken) in prompts {
        let mut found = Vec::new();
        spoken.wording.iter().flat_map(|wording| wording.exprs()).for_each(|expr| expr.names(&mut found));
        all.entry(name.clone()).or_default().extend(found.into_iter().map(str::to_owned));
    }
    all
}

/// Whether a path stays in the flow's folder.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
