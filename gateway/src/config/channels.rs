//! `[[channels]]`: each kind of channel says itself what it needs (`desk::channels::CHANNELS`).

use std::collections::BTreeMap;

use desk::channels::{Account, CHANNELS, Form, Kind, Need, Setting};
use kernel::{Lang, Secret};
use toml::Spanned;

use super::compile::Compiler;
use super::raw::Text;
use super::{Number, outside};

/// Longest name of a channel: it stands in addresses.
const NAME_BYTES: usize = 40;
/// What every channel has.
const USUAL: [&str; 4] = ["name", "kind", "entry", "lang"];

/// Makes the channels; every mistake is named with its place.
pub(super) fn compile(
    work: &mut Compiler<'_>,
    raw: Vec<Spanned<BTreeMap<Text, Text>>>,
    numbers: &BTreeMap<String, Number>,
) -> BTreeMap<String, Account> {
    let mut channels = BTreeMap::new();
    for table in raw {
        let span = table.span();
        let fields = table.into_inner();
        let Some(account) = channel(work, &fields, span.clone(), numbers) else { continue };
        if channels.contains_key(&account.name) {
            work.wrong(span, format!("a second channel \"{}\"", account.name), "another name");
        }
        channels.insert(account.name.clone(), account);
    }
    channels
}

fn channel(
    work: &mut Compiler<'_>,
    fields: &BTreeMap<Text, Text>,
    span: std::ops::Range<usize>,
    numbers: &BTreeMap<String, Number>,
) -> Option<Account> {
    let get = |name: &str| fields.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value);
    for needed in ["name", "kind", "entry"] {
        if get(needed).is_none() {
            work.wrong(span.clone(), format!("a channel without `{needed}`"), "`name`, `kind` and `entry`");
        }
    }
    let (name, kind, entry) = (get("name")?, kind(work, get("kind")?)?, get("entry")?);
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(1..=NAME_BYTES).contains(&name.get_ref().len()) || !name.get_ref().bytes().all(plain) {
        let right = "1 to 40 of a-z, 0-9 and -: it stands in the address /hooks/NAME";
        work.wrong(name.span(), format!("the name \"{}\"", name.get_ref()), right);
    }
    let entry = work.known_number(entry, numbers)?;
    let lang = match get("lang") {
        None => numbers.get(&entry).map_or_else(Lang::default, |number| number.lang),
        text => work.lang(text),
    };
    let settings = settings(work, fields, span, kind);
    Some(Account { name: name.get_ref().clone(), kind, entry, lang, settings })
}

fn kind(work: &mut Compiler<'_>, text: &Text) -> Option<&'static Kind> {
    let kind = desk::channels::kind(text.get_ref());
    if kind.is_none() {
        let known = CHANNELS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
        work.wrong(
            text.span(),
            format!("a channel of the kind \"{}\"", text.get_ref()),
            format!("one of {known}"),
        );
    }
    kind
}

fn settings(
    work: &mut Compiler<'_>,
    fields: &BTreeMap<Text, Text>,
    span: std::ops::Range<usize>,
    kind: &Kind,
) -> BTreeMap<String, Secret<String>> {
    let mut found = BTreeMap::new();
    for (key, text) in fields {
        let name = key.get_ref();
        if USUAL.contains(&name.as_str()) {
            continue;
        }
        let Some(setting) = kind.settings.iter().find(|setting| setting.name == name) else {
            let known = kind.settings.iter().map(|setting| setting.name).collect::<Vec<_>>().join(", ");
            work.wrong(
                key.span(),
                format!("`{name}` in a channel of the kind {}", kind.name),
                format!("one of {known}"),
            );
            continue;
        };
        if let Some(value) = value(work, setting, text) {
            found.insert(name.clone(), value);
        }
    }
    for setting in kind.settings.iter().filter(|setting| setting.need == Need::Needed) {
        if !fields.keys().any(|key| key.get_ref() == setting.name) {
            let found = format!("a channel of the kind {} without `{}`", kind.name, setting.name);
            work.wrong(span.clone(), found, form(setting.form));
        }
    }
    found
}

fn value(work: &mut Compiler<'_>, setting: &Setting, text: &Text) -> Option<Secret<String>> {
    if setting.form == Form::Secret || setting.form == Form::AesKey {
        let secret = outside::secret(work, setting.name, text)?;
        if setting.form == Form::AesKey && !is_aes_key(secret.reveal()) {
            work.wrong(text.span(), "an EncodingAESKey of another form", form(setting.form));
            return None;
        }
        return Some(secret);
    }
    let value = text.get_ref();
    let fits = match setting.form {
        Form::Url => value.starts_with("https://") || value.starts_with("http://"),
        Form::Place => value
            .rsplit_once(':')
            .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)),
        Form::Address => value.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && !host.is_empty()
                && !value.contains(|c: char| c.is_whitespace() || "<>,;".contains(c))
        }),
        Form::Word(words) => words.contains(&value.as_str()),
        Form::Text | Form::Secret | Form::AesKey => !value.is_empty(),
    };
    if !fits {
        work.wrong(text.span(), format!("`{}` = \"{value}\"", setting.name), form(setting.form));
        return None;
    }
    Some(value.clone().into())
}

fn is_aes_key(key: &str) -> bool {
    key.len() == 43 && key.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn form(form: Form) -> String {
    match form {
        Form::Text => "a text".to_owned(),
        Form::Secret => "a text, or \"env:NAME\" with that variable set".to_owned(),
        Form::Url => "an address that begins with https:// (or http:// within the house)".to_owned(),
        Form::Place => "HOST:PORT, as in mail.example.com:993".to_owned(),
        Form::Address => "a mail address, as in help@example.com".to_owned(),
        Form::Word(words) => format!("one of {}", words.join(", ")),
        Form::AesKey => "the 43 letters and digits of the EncodingAESKey, or \"env:NAME\"".to_owned(),
    }
}
